import { isDomainError } from 'dealwright/errors';
import * as pipelines from 'dealwright/pipelines';
import { b2bPipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything, spoilt } from '../support/hostile-values.js';
import { dealWithHistoryArbitrary, edited, rateTable } from './arbitraries.js';

type AnyFunction = (...values: unknown[]) => unknown;

const history = { pipeline: b2bPipeline, asOf: '2026-03-01', minimumDeals: 1 };
const scope = { pipeline: b2bPipeline, currency: 'USD', rates: rateTable };
const at =
  (call: AnyFunction): AnyFunction =>
  (deals, options) =>
    call(deals, (options as { readonly asOf?: unknown } | null | undefined)?.asOf ?? '2026-03-01', withoutCut(options));

function withoutCut(options: unknown): unknown {
  return typeof options === 'object' && options !== null && !Array.isArray(options) ? Object.fromEntries(Object.entries(options).filter(([key]) => key !== 'asOf')) : options;
}

const finish =
  (tally: AnyFunction): AnyFunction =>
  (deals, options) => {
    const made = tally(options) as pipelines.MergeableTally<unknown, unknown>;
    return made.finish(made.merge(made.addAll(made.empty(), deals as readonly unknown[]), made.empty()));
  };

const calls: Readonly<Record<string, readonly [AnyFunction, object]>> = {
  closed: [pipelines.stageConversion as AnyFunction, { ...history, method: 'closed', period: '2026', level: 0.9 }],
  cohort: [pipelines.stageConversion as AnyFunction, { ...history, method: 'cohort', horizonDays: 40 }],
  incidence: [finish(pipelines.stageConversionTally as AnyFunction), { ...history, method: 'incidence', observedFrom: '2025-04-01', interval: 'plain' }],
  stageDurations: [pipelines.stageDurations as AnyFunction, { ...history, quantiles: [0.5], horizonDays: 90, observedFrom: '2025-04-01' }],
  stallThresholds: [pipelines.stallThresholds as AnyFunction, { ...history, quantile: 0.5, basis: 'left' }],
  dealLifetimes: [pipelines.dealLifetimes as AnyFunction, { ...history, from: 'stage-entry', stageId: 'demo' }],
  firstContact: [finish(pipelines.dealLifetimesTally as AnyFunction), { ...history, from: 'first-contact' }],
  stageTransitions: [pipelines.stageTransitions as AnyFunction, history],
  semiMarkovModel: [pipelines.semiMarkovModel as AnyFunction, { ...history, horizonDays: 60 }],
  segmentConversion: [pipelines.segmentConversion as AnyFunction, { ...history, method: 'closed', by: 'ownerId', stageId: 'demo' }],
  pipelineSlippage: [pipelines.pipelineSlippage as AnyFunction, { ...scope, period: '2025-Q4', from: '2025-10-01', to: '2026-01-01' }],
  createAndClose: [pipelines.createAndClose as AnyFunction, { currency: 'USD', rates: rateTable, period: '2025' }],
  pipelineHygiene: [at(pipelines.pipelineHygiene as AnyFunction), { ...scope, asOf: '2026-01-01', quietDays: 10, pushes: 1, rules: ['overdue', 'stalled', 'old'] }],
  prioritizeDeals: [at(pipelines.prioritizeDeals as AnyFunction), { ...scope, asOf: '2026-01-01', weights: { value: 2 }, horizonDays: 30 }],
  summarizeFunnel: [finish(pipelines.funnelTally as AnyFunction), { steps: ['a', 'b'], asOf: '2026-01-01' }],
};

const buyers = [{ id: 'x', steps: [{ step: 'a', at: '2025-01-01' }] }];
const dealLike = fc.oneof({ arbitrary: dealWithHistoryArbitrary, weight: 2 }, { arbitrary: edited(dealWithHistoryArbitrary), weight: 3 }, { arbitrary: anything, weight: 1 });

function expectFigures(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  if (typeof value === 'object' && value !== null) for (const entry of Object.values(value)) expectFigures(entry);
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    return undefined;
  }
}

describe('any input gives a result or a DomainError', () => {
  it.each(Object.entries(calls))('%s: deals', (name, [call, options]) => {
    fc.assert(
      fc.property(fc.oneof({ arbitrary: fc.array(dealLike, { maxLength: 6 }), weight: 6 }, anything), (deals) => {
        const result = attempt(() => call(name === 'summarizeFunnel' ? [...buyers, ...(Array.isArray(deals) ? (deals as unknown[]) : [])] : deals, options));
        if (result === undefined) return;
        expectFigures(result);
        expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });

  it.each(Object.entries(calls))('%s: options', (name, [call, options]) => {
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { maxLength: 3 }), fc.oneof({ arbitrary: spoilt(options), weight: 6 }, anything), (deals, wrong) => {
        expectFigures(attempt(() => call(name === 'summarizeFunnel' ? buyers : deals, wrong)));
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });

  it('stored states and models', () => {
    const tally = pipelines.stageDurationsTally(history);
    const state = {
      formatVersion: 1,
      kind: 'stage-durations',
      settings: tally.empty().settings,
      rows: [{ key: ['b2b', 'demo', 'won', '-'], count: { undated: 1 }, days: { stay: { days: [1, 2], count: [1, 1] } }, value: {} }],
      setAside: 0,
    };
    const model = { formatVersion: 1, pipelineId: 'b2b', asOf: '2026-01-01', horizonDays: 2, stages: [{ stageId: 'demo', n: 3, moves: [{ to: 'won', kind: 'won', days: [1], probability: [0.5] }], won: [0, 0.5, 0.5], lost: [0, 0, 0] }], issues: [] }; // biome-ignore format: a table
    expect(tally.finish(state as never).stages[3]?.completed.n).toBe(2);
    fc.assert(
      fc.property(spoilt(state), spoilt(model), spoilt({ stageId: 'demo', daysInStage: 0, withinDays: 2 }), (wrong, otherModel, query) => {
        expectFigures(attempt(() => tally.finish(wrong as never)));
        expectFigures(attempt(() => tally.merge(tally.empty(), wrong as never)));
        expectFigures(attempt(() => pipelines.semiMarkovProbability(otherModel as never, { stageId: 'demo', withinDays: 1 })));
        expectFigures(attempt(() => pipelines.semiMarkovProbability(model as never, query as never)));
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
});
