import {
  b2bPipeline,
  definePipeline,
  findStage,
  hubspotPipeline,
  type Pipeline,
  type Stage,
  type StageIdOf,
  salesforcePipeline,
  stageForecastCategory,
  stageOutcome,
  stageProbability,
  validatePipeline,
} from 'dealwright/pipelines';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { freezeDeep } from './support.js';

const open = { id: 'a', label: 'A' };

function codes(value: unknown): readonly string[] {
  return validatePipeline(value).map((issue) => `${issue.code} ${issue.path.join('.')}`);
}

describe('definePipeline', () => {
  it('returns the definition itself', () => {
    const definition = freezeDeep({ id: 'p', stages: [open] });
    expect(definePipeline(definition)).toBe(definition);
  });

  it('throws one error with every issue', () => {
    const bad = {
      id: 'p',
      stages: [
        { id: 'a', label: '', probability: 40 },
        { id: 'a', label: 'B', kind: 'Won' },
      ],
      extra: 1,
    };
    expect(() => definePipeline(bad as never)).toThrow(
      expect.objectContaining({
        name: 'InvalidPipelineError',
        message: expect.stringContaining('5 problems in pipeline "p"'),
        issues: expect.arrayContaining([expect.objectContaining({ code: 'duplicate_id', path: ['stages', 1, 'id'] })]),
      }),
    );
  });

  it('infers literal ids and refuses misspelt keys', () => {
    const pipeline = definePipeline({
      id: 'p',
      stages: [
        { id: 'one', label: '1' },
        { id: 'two', label: '2', kind: 'won' },
      ],
    });
    expectTypeOf(pipeline).toEqualTypeOf<Pipeline<'p', 'one' | 'two'>>();
    expectTypeOf<StageIdOf<typeof pipeline>>().toEqualTypeOf<'one' | 'two'>();
    expectTypeOf<StageIdOf<Pipeline>>().toEqualTypeOf<string>();
    expectTypeOf(findStage(pipeline, 'one')).toEqualTypeOf<Stage<'one' | 'two'> | undefined>();
    // @ts-expect-error a stage that the pipeline does not have
    expect(findStage(pipeline, 'three')).toBeUndefined();
    // @ts-expect-error a misspelt key of a stage
    expect(() => definePipeline({ id: 'p', stages: [{ id: 'one', label: '1', probabilty: 0.1 }] })).toThrow('did you mean "probability"?');
    // @ts-expect-error a misspelt key of the pipeline
    expect(() => definePipeline({ id: 'p', stagess: [], stages: [{ id: 'one', label: '1' }] })).toThrow('did you mean "stages"?');
    // @ts-expect-error a requirement of two kinds
    expect(() => definePipeline({ id: 'p', stages: [{ ...open, exitCriteria: [{ id: 'c', label: 'C', require: { confirmed: false } }] }] })).toThrow();
  });

  it('takes the ids of a typed pipeline as text when it was parsed from JSON', () => {
    const parsed: Pipeline = JSON.parse(JSON.stringify(b2bPipeline)) as Pipeline;
    expect(definePipeline(parsed)).toEqual(b2bPipeline);
  });
});

describe('validatePipeline', () => {
  it.each([
    ['not an object', 12, ['invalid_type ']],
    ['absent keys', {}, ['missing_key id', 'missing_key stages']],
    ['no stages', { id: 'p', stages: [] }, ['empty stages']],
    ['an unknown version', { id: 'p', formatVersion: 2, stages: [open] }, ['unsupported_format_version formatVersion']],
    ['no open stage', { id: 'p', stages: [{ ...open, kind: 'won' }] }, ['invalid_pipeline stages']],
    ['a won stage that is not certain', { id: 'p', stages: [open, { id: 'b', label: 'B', kind: 'won', probability: 0.9 }] }, ['invalid_pipeline stages.1.probability']],
    ['a lost stage with a chance', { id: 'p', stages: [open, { id: 'b', label: 'B', kind: 'lost', probability: 0.1 }] }, ['invalid_pipeline stages.1.probability']],
    ['a reserved id', { id: '__proto__', stages: [open] }, ['reserved_key id']],
    [
      'a category that is not listed',
      { id: 'p', forecastCategories: ['pipeline'], stages: [{ ...open, forecastCategory: 'sure' }] },
      ['unknown_reference stages.0.forecastCategory'],
    ],
    ['omitted among the categories', { id: 'p', forecastCategories: ['omitted'], stages: [open] }, ['invalid_pipeline forecastCategories.0']],
    ['a repeated category', { id: 'p', forecastCategories: ['x', 'x'], stages: [open] }, ['duplicate_id forecastCategories.1']],
    ['an unknown field', { id: 'p', stages: [{ ...open, requiredFields: ['amonut'] }] }, ['unknown_reference stages.0.requiredFields.0']],
    ['a repeated field', { id: 'p', stages: [{ ...open, requiredFields: ['amount', 'amount'] }] }, ['duplicate_id stages.0.requiredFields.1']],
    ['a field of the prototype', { id: 'p', stages: [{ ...open, requiredFields: ['custom.__proto__'] }] }, ['unknown_reference stages.0.requiredFields.0']],
    ['days below zero', { id: 'p', stages: [{ ...open, maximumDays: -1, rottenDays: Number.NaN }] }, ['out_of_range stages.0.maximumDays', 'not_finite stages.0.rottenDays']],
    [
      'a criterion without anything',
      { id: 'p', stages: [{ ...open, exitCriteria: [{}] }] },
      ['missing_key stages.0.exitCriteria.0.id', 'missing_key stages.0.exitCriteria.0.label', 'missing_key stages.0.exitCriteria.0.require'],
    ],
    [
      'a requirement of two kinds',
      { id: 'p', stages: [{ ...open, exitCriteria: [{ id: 'c', label: 'C', require: { field: 'amount', confirmed: true } }] }] },
      ['invalid_value stages.0.exitCriteria.0.require'],
    ],
    [
      'a role that is none',
      { id: 'p', stages: [{ ...open, exitCriteria: [{ id: 'c', label: 'C', require: { stakeholder: 'champoin' } }] }] },
      ['invalid_value stages.0.exitCriteria.0.require.stakeholder'],
    ],
    [
      'half an activity',
      { id: 'p', stages: [{ ...open, exitCriteria: [{ id: 'c', label: 'C', require: { activity: 'call', atLeast: 0.5 } }] }] },
      ['not_an_integer stages.0.exitCriteria.0.require.atLeast'],
    ],
    ['too many stages', { id: 'p', stages: Array.from({ length: 1001 }, () => open) }, ['too_long stages']],
  ])('finds %s', (_, value, expected) => {
    expect(codes(freezeDeep(value))).toEqual(expected);
  });

  it('suggests custom for a field of your own', () => {
    expect(validatePipeline({ id: 'p', stages: [{ ...open, requiredFields: ['region'] }] })[0]?.hint).toBe('a field of your own is written "custom.region"');
  });

  it('accepts everything optional at once', () => {
    const everything: Pipeline = {
      id: 'p',
      label: 'P',
      formatVersion: 1,
      forecastCategories: ['pipeline', 'sure'],
      stages: [
        {
          id: 'a',
          label: 'A',
          kind: 'open',
          probability: null,
          forecastCategory: 'omitted',
          maximumDays: 10,
          rottenDays: 5.5,
          requiredFields: ['custom.region', 'recurring.arr'],
          exitCriteria: [
            { id: 'c1', label: '1', require: { activity: 'call', atLeast: 2 }, severity: 'warn' },
            { id: 'c2', label: '2', require: { stakeholder: 'champion' }, severity: 'block' },
            { id: 'c3', label: '3', require: { confirmed: true } },
            { id: 'c4', label: '4', require: { field: 'custom.a.b' } },
          ],
        },
      ],
    };
    expect(validatePipeline(everything)).toEqual([]);
  });
});

describe('stages', () => {
  it('knows outcome, probability and category', () => {
    expect(stageOutcome(open)).toBe('open');
    expect(stageProbability(open)).toBeNull();
    expect(stageProbability({ ...open, kind: 'lost' })).toBe(0);
    expect(stageProbability({ ...open, kind: 'won', probability: null })).toBe(1);
    expect(stageForecastCategory({ ...open, kind: 'won' })).toBe('closed');
    expect(stageForecastCategory({ ...open, kind: 'lost', forecastCategory: 'closed' })).toBe('closed');
  });
});

describe('default pipelines', () => {
  it.each([b2bPipeline, salesforcePipeline, hubspotPipeline])('$id is valid, rises, and ends in one won and one lost stage', (pipeline: Pipeline) => {
    expect(validatePipeline(pipeline)).toEqual([]);
    const probabilities = pipeline.stages.filter((stage) => stageOutcome(stage) === 'open').map((stage) => stageProbability(stage) ?? Number.NaN);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => a - b));
    expect(pipeline.stages.slice(-2).map(stageOutcome)).toEqual(['won', 'lost']);
    expect(JSON.parse(JSON.stringify(pipeline))).toEqual(pipeline);
  });

  it('follow the process of the guide and the defaults of the CRMs', () => {
    expect(b2bPipeline.stages.map((stage) => stage.id)).toEqual(['prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing', 'closed-won', 'closed-lost']);
    expect(salesforcePipeline.stages.map((stage) => [stage.id, stageProbability(stage)])).toEqual([
      ['Prospecting', 0.1],
      ['Qualification', 0.1],
      ['Needs Analysis', 0.2],
      ['Value Proposition', 0.5],
      ['Id. Decision Makers', 0.6],
      ['Perception Analysis', 0.7],
      ['Proposal/Price Quote', 0.75],
      ['Negotiation/Review', 0.9],
      ['Closed Won', 1],
      ['Closed Lost', 0],
    ]);
    expect(hubspotPipeline.stages.map((stage) => stageProbability(stage))).toEqual([0.2, 0.4, 0.6, 0.8, 0.9, 1, 0]);
    expectTypeOf<StageIdOf<typeof b2bPipeline>>().toEqualTypeOf<
      'prospecting' | 'qualification' | 'discovery' | 'demo' | 'negotiation-and-closing' | 'closed-won' | 'closed-lost'
    >();
  });
});
