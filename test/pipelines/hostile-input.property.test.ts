import { isDomainError } from 'dealwright/errors';
import * as pipelines from 'dealwright/pipelines';
import { b2bPipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything as hostile } from '../support/hostile-values.js';
import { dealArbitrary, dealWithHistoryArbitrary, edited, pipelineArbitrary, rateTable } from './arbitraries.js';

const anything: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: hostile, weight: 5 },
  {
    arbitrary: fc.constantFrom<unknown>(
      'won',
      'b2b',
      '2026-02-14T25:00:00Z',
      Array.from({ length: 50_000 }, () => 0),
    ),
    weight: 1,
  },
);

/** A real deal or pipeline, with one place of it replaced. */
function spoilt(arbitrary: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  return fc.tuple(arbitrary, fc.nat(), anything).map(([value, at, odd]) => {
    const entries = Object.entries(value);
    const index = at % (entries.length + 1);
    return Object.fromEntries([...entries.map(([key, entry], place) => [key, place === index ? odd : entry]), ...(index === entries.length ? [['extra', odd]] : [])]) as unknown;
  });
}

const dealLike = fc.oneof(dealArbitrary, spoilt(dealArbitrary), anything);
const dealsLike = fc.oneof(fc.array(dealLike, { maxLength: 5 }), anything);
const pipelineLike = fc.oneof(fc.constant(b2bPipeline), pipelineArbitrary, spoilt(pipelineArbitrary), anything);
const optionsLike = fc.oneof(
  fc.record(
    {
      pipeline: pipelineLike,
      currency: fc.oneof(fc.constant('USD'), anything),
      rates: fc.oneof(fc.constant({ rates: [{ from: 'EUR', to: 'USD', rate: '1.1' }] }), anything),
      period: fc.oneof(fc.constant('2026-Q1'), anything),
      calendar: anything,
      by: fc.oneof(fc.constantFrom('count', 'value'), anything),
      reading: fc.oneof(fc.constantFrom('open', 'closed'), anything),
      outcome: fc.oneof(fc.constantFrom('won', 'closed', 'open'), anything),
      level: anything,
      rounding: anything,
      at: fc.oneof(fc.constant('2027-02-14'), anything),
      asOf: fc.oneof(fc.constant('2026-02-14'), anything),
      from: fc.oneof(fc.constant('2026-01-01'), anything),
      to: fc.oneof(fc.constant('2026-04-01'), anything),
      mode: fc.oneof(fc.constantFrom('path', 'endpoint'), anything),
      ownerIds: anything,
      timeZone: fc.oneof(fc.constant('UTC'), anything),
      confirmed: anything,
      override: anything,
      guards: fc.constant([]),
      toStageId: anything,
      assumeUnchanged: anything,
      lossReason: anything,
    },
    { requiredKeys: [] },
  ),
  anything,
);

type AnyFunction = (...values: unknown[]) => unknown;
const calls: Readonly<Record<string, readonly [AnyFunction, readonly string[]]>> = {
  winRate: [pipelines.winRate as AnyFunction, ['by', 'currency', 'rates', 'period', 'calendar', 'level']],
  salesCycle: [pipelines.salesCycle as AnyFunction, ['outcome', 'period', 'calendar']],
  averageDealSize: [pipelines.averageDealSize as AnyFunction, ['currency', 'rates', 'outcome', 'period', 'rounding']],
  salesVelocity: [pipelines.salesVelocity as AnyFunction, ['reading', 'currency', 'rates', 'period', 'rounding']],
  summarizeStages: [pipelines.summarizeStages as AnyFunction, ['pipeline', 'currency', 'rates', 'asOf', 'timeZone', 'assumeUnchanged']],
  snapshotPipeline: [
    ((deals: never, options: { readonly at?: unknown } | null | undefined) => pipelines.snapshotPipeline(deals, options?.at as never, withoutAt(options) as never)) as AnyFunction,
    ['at', 'pipeline', 'currency', 'rates', 'period', 'ownerIds', 'timeZone', 'assumeUnchanged'],
  ],
  pipelineWaterfall: [pipelines.pipelineWaterfall as AnyFunction, ['from', 'to', 'mode', 'pipeline', 'currency', 'rates', 'period', 'ownerIds', 'timeZone', 'assumeUnchanged']],
  segmentDeals: [((deals: never, options: { readonly by?: unknown } | null | undefined) => pipelines.segmentDeals(deals, options?.by as never)) as AnyFunction, ['by']],
};

/** The options of a call whose `at` is an argument of its own. */
function withoutAt(options: unknown): unknown {
  return typeof options === 'object' && options !== null && !Array.isArray(options) ? Object.fromEntries(Object.entries(options).filter(([key]) => key !== 'at')) : options;
}

function pick(value: unknown, keys: readonly string[]): unknown {
  // Half of the time without keys that do not belong, so that the checks behind them are reached.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))) : value;
}

function expectDomainErrorOrResult(call: () => unknown): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    return;
  }
  expectFigures(result);
}

function expectFigures(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  if (typeof value === 'object' && value !== null) for (const entry of Object.values(value)) expectFigures(entry);
}

describe('any input', () => {
  const settings = { seed: 20260101, numRuns: 400 };

  it.each(Object.entries(calls))('%s gives a result or a DomainError', (name, [call, keys]) => {
    fc.assert(
      fc.property(dealsLike, optionsLike, (deals, options) => {
        expectDomainErrorOrResult(() => {
          const result = call(deals, pick(options, keys));
          // What segmentDeals hands on is the input itself.
          return name === 'segmentDeals' ? null : result;
        });
      }),
      settings,
    );
  });

  it('moveDeal, reopenDeal and listUnmetCriteria give a result or a DomainError', () => {
    fc.assert(
      fc.property(dealLike, fc.oneof(fc.constantFrom('demo', 'closed-won', 'closed-lost'), anything), optionsLike, (deal, to, options) => {
        const attempts: readonly (() => unknown)[] = [
          () => (pipelines.moveDeal as AnyFunction)(deal, to, pick(options, ['pipeline', 'at', 'timeZone', 'confirmed', 'override', 'guards', 'lossReason'])),
          () => (pipelines.reopenDeal as AnyFunction)(deal, pick(options, ['pipeline', 'at', 'toStageId'])),
          () => (pipelines.listUnmetCriteria as AnyFunction)(deal, pick(options, ['pipeline', 'at', 'timeZone', 'confirmed'])),
        ];
        for (const attempt of attempts) {
          try {
            attempt();
          } catch (error) {
            if (!isDomainError(error)) throw error;
          }
        }
      }),
      settings,
    );
  });

  it('a deal that was tampered with never stops the others, and is set aside with its place or counted as it reads', () => {
    const scope = { pipeline: b2bPipeline, currency: 'USD', rates: rateTable } as const;
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { maxLength: 3 }), fc.array(edited(dealWithHistoryArbitrary), { minLength: 1, maxLength: 3 }), (sound, tampered) => {
        const deals = [...sound, ...tampered] as typeof sound;
        const results = [
          pipelines.summarizeStages(deals, { ...scope, asOf: '2026-01-01' }),
          pipelines.summarizeStages(deals, scope),
          pipelines.snapshotPipeline(deals, '2026-01-01', scope),
          pipelines.pipelineWaterfall(deals, { ...scope, from: '2025-06-01', to: '2026-06-01', mode: 'path', period: '2025', ownerIds: ['zoe', 'adam'] }),
          pipelines.pipelineWaterfall(deals, { ...scope, from: '2025-06-01', to: '2026-06-01' }),
          pipelines.winRate(deals, { by: 'value', currency: 'USD', rates: rateTable, period: '2026' }),
          pipelines.salesCycle(deals),
          pipelines.salesVelocity(deals, { reading: 'closed', currency: 'USD', rates: rateTable }),
        ];
        for (const result of results) {
          expectFigures(result);
          expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
          for (const { path } of result.issues) if (path.length > 0) expect(path[0]).toBeLessThan(deals.length);
        }
        for (const deal of deals) {
          for (const attempt of [
            () => pipelines.moveDeal(deal, 'closed-won', { pipeline: b2bPipeline, at: '2028-01-01', override: { reason: 'r', approvedBy: 'a' } }),
            () => pipelines.reopenDeal(deal, { pipeline: b2bPipeline, at: '2028-01-01' }),
            () => pipelines.listUnmetCriteria(deal, { pipeline: b2bPipeline, at: '2028-01-01' }),
          ]) {
            try {
              attempt();
            } catch (error) {
              if (!isDomainError(error)) throw error;
            }
          }
        }
      }),
      { ...settings, numRuns: 1_000 },
    );
  });

  it('definitions, coverage and totals give a result or a DomainError', () => {
    fc.assert(
      fc.property(pipelineLike, anything, optionsLike, (pipeline, value, options) => {
        const found = pipelines.validatePipeline(pipeline);
        expect(Array.isArray(found)).toBe(true);
        expectDomainErrorOrResult(() => {
          pipelines.definePipeline(pipeline as never);
          return null;
        });
        expectDomainErrorOrResult(() => pipelines.pipelineCoverage({ open: value, quota: value, won: value } as never));
        expectDomainErrorOrResult(() => pipelines.pipelineCoverage(value as never));
        expectDomainErrorOrResult(() => pipelines.pipelineTotals.empty(value as never));
        expectDomainErrorOrResult(() => pipelines.pipelineTotals.merge(value as never, pipelines.pipelineTotals.empty({ currency: 'USD' })));
        expectDomainErrorOrResult(() => pipelines.pipelineTotals.finish(pipelines.pipelineTotals.empty({ currency: 'USD' }), pick(options, ['level', 'rounding']) as never));
        expectDomainErrorOrResult(() =>
          pipelines.pipelineTotals.addAll(pipelines.pipelineTotals.empty({ currency: 'USD' }), value as never, pick(options, ['rates', 'period', 'calendar']) as never),
        );
        for (const attempt of [() => pipelines.findStage(b2bPipeline, value as never), () => pipelines.segmentDeals([], value as never)]) {
          try {
            attempt();
          } catch (error) {
            if (!isDomainError(error)) throw error;
          }
        }
      }),
      settings,
    );
  });

  it('leaves the prototype alone', () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('is fast on long texts and long lists', () => {
    const long = 'x'.repeat(10_000_000);
    const started = performance.now();
    expect(pipelines.validatePipeline({ id: long, stages: [{ id: long, label: long, requiredFields: [long] }] }).map(({ code }) => code)).toEqual([
      'too_long',
      'too_long',
      'too_long',
      'too_long',
    ]);
    expect(pipelines.validatePipeline({ id: 'p', stages: Array.from({ length: 1_000_000 }, () => null) }).map(({ code }) => code)).toEqual(['too_long']);
    expect(() => pipelines.winRate(long as never)).toThrow('a list of deals');
    expect(() => pipelines.segmentDeals([], `custom.${'a.'.repeat(1_000_000)}`)).toThrow();
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
