import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { money } from 'dealwright/money';
import {
  b2bPipeline,
  dealLifetimes,
  type MergeableState,
  pipelineHygiene,
  pipelineSlippage,
  prioritizeDeals,
  semiMarkovModel,
  semiMarkovProbability,
  stageConversion,
  stageConversionTally,
  stageDurations,
  stallThresholds,
} from 'dealwright/pipelines';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { freezeDeep } from './support.js';

const day = (offset: number): string => new Date(Date.UTC(2026, 0, 1 + offset)).toISOString().slice(0, 10);

/** A deal that goes through stages, each with the day it is entered, and then closes. */
function journey(id: string, stages: readonly (readonly [string, number])[], end?: 'won' | 'lost', on = 0): Deal {
  const history: DealEvent[] = stages.map(([stageId, at], place) =>
    place === 0
      ? { type: 'created', at: day(at), stageId, amount: null, ownerId: null, expectedCloseOn: null }
      : { type: 'stage-changed', at: day(at), from: stages[place - 1]?.[0] ?? '', to: stageId },
  );
  const last = stages[stages.length - 1]?.[0] ?? '';
  if (end !== undefined) history.push({ type: end, at: day(on), from: last, to: `closed-${end}` });
  return freezeDeep(
    createDeal({
      id,
      pipelineId: 'b2b',
      stageId: end === undefined ? last : `closed-${end}`,
      status: end ?? 'open',
      createdOn: day(stages[0]?.[1] ?? 0),
      closedOn: end === undefined ? null : day(on),
      history,
    }),
  );
}

const call = { pipeline: b2bPipeline, minimumDeals: 1 } as const;

function codesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map(({ code }) => code);
    throw error;
  }
  return [];
}

describe('conversion', () => {
  // One skips from prospecting to the demo; one goes back.
  const skipper = journey('a', [['prospecting', 0], ['demo', 10]], 'won', 20); // biome-ignore format: a table
  const plain = journey('b', [['prospecting', 0], ['qualification', 5]], 'lost', 30); // biome-ignore format: a table
  const back = journey('c', [['qualification', 0], ['prospecting', 4], ['discovery', 9]]); // biome-ignore format: a table
  const deals = [skipper, plain, back];

  it('knows that a stage that was skipped was passed through, but not entered', () => {
    const rate = (entered: 'literal' | 'passed-through') => stageConversion(deals, { ...call, method: 'closed', asOf: day(60), entered }).stages[1];
    expect(rate('literal')).toMatchObject({ numerator: 0, denominator: 1, pending: 1, value: 0 });
    expect(rate('passed-through')).toMatchObject({ numerator: 1, denominator: 2, pending: 1, value: 0.5 });
  });

  it('counts the first entry only, and a step back as no failure', () => {
    const { stages } = stageConversion(deals, { ...call, method: 'closed', target: 'forward', asOf: day(60), entered: 'literal' });
    expect(stages[1]).toMatchObject({ numerator: 1, denominator: 2 });
  });

  it('takes a cohort only where it is old enough, whatever became of it', () => {
    const cohort = (horizonDays: number, asOf: string) => stageConversion(deals, { ...call, method: 'cohort', horizonDays, asOf }).stages[0];
    expect(cohort(25, day(26))).toMatchObject({ numerator: 1, denominator: 3, value: 1 / 3, pending: 0 });
    expect(cohort(25, day(24))).toMatchObject({ denominator: 0, value: null, reason: 'no-deals', pending: 3 });
  });

  it('says that there is not enough history instead of a figure', () => {
    const { stages } = stageConversion(deals, { pipeline: b2bPipeline, method: 'closed', asOf: day(60) });
    expect(stages[0]).toMatchObject({ value: null, reason: 'insufficient-history', numerator: 1, denominator: 2 });
    expect(stages[4]).toMatchObject({ value: null, reason: 'insufficient-history' });
    expect(stageDurations(deals, { pipeline: b2bPipeline, asOf: day(60) }).stages[0]).toMatchObject({ median: null, reason: 'insufficient-history' });
  });

  it('takes open deals into account where it says so', () => {
    const open = Array.from({ length: 8 }, (_, at) => journey(`o${at}`, [['demo', 0]])); // biome-ignore format: a table
    const closed = [journey('w', [['demo', 0]], 'won', 10), journey('l', [['demo', 0]], 'lost', 20)]; // biome-ignore format: a table
    const all = [...open, ...closed];
    expect(stageConversion(all, { ...call, method: 'closed', asOf: day(40) }).stages[3]?.value).toBe(0.5);
    const stage = stageConversion(all, { ...call, method: 'incidence', asOf: day(40) }).stages[3];
    expect(stage?.value).toBeCloseTo(0.1, 12);
    expect(stage?.open).toBeCloseTo(0.8, 12);
  });

  it('corrects for closings that were not recorded', () => {
    // Observed from day 50 on: whoever closed before is missing, the others count from there.
    const late = [journey('x', [['demo', 0]], 'won', 60), journey('y', [['demo', 40]], 'lost', 70), journey('z', [['demo', 0]], 'won', 20)]; // biome-ignore format: a table
    const stage = stageConversion(late, { ...call, method: 'incidence', asOf: day(100), observedFrom: day(50) }).stages[3];
    // At 30 days only y is at risk (entered at 10); at 60 only x (entered at 50).
    expect(stage).toMatchObject({ n: 2, value: 0, open: 0 });
    expect(dealLifetimes(late, { ...call, asOf: day(100), observedFrom: day(60) })).toMatchObject({ n: 2, undated: 1 });
  });

  it('takes an event at the cut as not having happened', () => {
    expect(stageConversion([skipper], { ...call, method: 'closed', asOf: day(20) }).stages[0]).toMatchObject({ denominator: 0, pending: 1 });
    expect(stageConversion([skipper], { ...call, method: 'closed', asOf: day(21) }).stages[0]).toMatchObject({ denominator: 1 });
  });

  it('sets aside what cannot be told, with its place', () => {
    const bare = createDeal({ id: 'bare', pipelineId: 'b2b', stageId: 'demo', createdOn: day(0) });
    const table = stageConversion([skipper, bare, { id: 'nonsense' } as never], { ...call, method: 'closed', asOf: day(60) });
    expect(table.setAside).toBe(2);
    expect(table.issues.map(({ path }) => path[0])).toContain(1);
    expect(table.stages[0]?.numerator).toBe(1);
  });

  it('refuses a call that does not name its method, or mixes two', () => {
    expect(codesOf(() => stageConversion([], { pipeline: b2bPipeline, asOf: day(1) } as never))).toEqual(['missing_key']);
    expect(codesOf(() => stageConversion([], { ...call, method: 'closed', asOf: day(1), horizonDays: 30 } as never))).toEqual(['unknown_key']);
    expect(codesOf(() => stageConversion([], { ...call, method: 'cohort', asOf: day(1) } as never))).toEqual(['missing_key']);
    expect(codesOf(() => stageConversion([], { ...call, method: 'closed', asOf: day(1), level: 95 }))).toEqual(['fraction_out_of_range']);
    // @ts-expect-error a horizon is no option of the closed rate
    expect(() => stageConversion([], { ...call, method: 'closed', asOf: day(1), horizonDays: 3 })).toThrow();
    // @ts-expect-error the method must be named
    expect(() => stageConversion([], { ...call, asOf: day(1) })).toThrow();
  });

  it('merges only what was counted alike, and reads stored states in full', () => {
    const tally = stageConversionTally({ ...call, method: 'closed', asOf: day(60) });
    const other = stageConversionTally({ ...call, method: 'closed', asOf: day(61) });
    const state = tally.addAll(tally.empty(), deals);
    expectTypeOf(state).toEqualTypeOf<MergeableState>();
    expect(codesOf(() => other.merge(other.empty(), state))).toEqual(['invalid_value']);
    expect(codesOf(() => tally.finish({ ...state, formatVersion: 2 as 1 }))).toEqual(['unsupported_format_version']);
    expect(codesOf(() => tally.finish({ ...state, rows: [{ key: ['b2b', 'demo'], count: { success: 0.5 }, days: {}, value: {} }] }))).toEqual(['not_an_integer']);
    expect(codesOf(() => tally.finish({ ...state, rows: [...state.rows, ...state.rows] })).every((code) => code === 'duplicate_id')).toBe(true);
  });
});

describe('durations', () => {
  const deals = [10, 20, 30, 40].map((days) => journey(`d${days}`, [['discovery', 0], ['demo', days]])); // biome-ignore format: a table

  it('gives all five kinds of limits, nested by level', () => {
    for (const interval of ['log', 'log-log', 'plain', 'logit', 'arcsine'] as const) {
      const [narrow, wide] = [0.5, 0.95].map((level) => stageDurations(deals, { ...call, asOf: day(90), interval, level }).stages[2]?.curve);
      expect(narrow?.interval).toBe(interval);
      expect(wide?.lower[1] ?? 0).toBeLessThan(narrow?.lower[1] ?? 0);
    }
  });

  it('learns when a deal is slow, and says when it cannot', () => {
    expect(stallThresholds(deals, { ...call, asOf: day(90), quantile: 0.5 })[2]).toMatchObject({ days: 20, n: 4, basis: 'advanced' });
    expect(stallThresholds(deals, { pipeline: b2bPipeline, asOf: day(90) })[2]).toMatchObject({ days: null, reason: 'insufficient-history' });
    // Three deals that are still there after 60 days say that leaving takes longer.
    const slow = [...deals, ...[1, 2, 3].map((at) => journey(`s${at}`, [['discovery', 30]]))]; // biome-ignore format: a table
    expect(stallThresholds(slow, { ...call, asOf: day(90), basis: 'left', quantile: 0.75 })[2]).toMatchObject({ days: null, reason: 'not-reached' });
  });

  it('a semi-Markov model is the Aalen–Johansen estimate where there is one stage, and the convolution where there are two', () => {
    const two = [
      journey('a', [['discovery', 0], ['demo', 2]], 'won', 5),
      journey('b', [['discovery', 0], ['demo', 4]], 'lost', 5),
    ]; // biome-ignore format: a table
    const model = semiMarkovModel(two, { ...call, asOf: day(90), horizonDays: 20 });
    // discovery 2 or 4 days, then demo 1 (lost) or 3 (won) days, independent.
    expect(model.stages[2]?.won.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 0.25, 0.25, 0.5, 0.5]);
    expect(semiMarkovProbability(JSON.parse(JSON.stringify(model)) as typeof model, { stageId: 'demo', daysInStage: 1, withinDays: 2 })).toMatchObject({
      won: 1,
      lost: 0,
      open: 0,
    });
    expect(semiMarkovProbability(model, { stageId: 'demo', daysInStage: 9, withinDays: 2 })).toMatchObject({ won: null, reason: 'nobody-so-long' });
    expect(codesOf(() => semiMarkovProbability(model, { stageId: 'dmo', withinDays: 2 }))).toEqual(['unknown_stage']);
  });
});

describe('slippage, hygiene and priorities', () => {
  function due(id: string, amount: number, changes: readonly (readonly [string, string])[], end?: 'won' | 'lost'): Deal {
    const value = money(amount, 'USD');
    let date = '2026-02-15';
    const history: DealEvent[] = [{ type: 'created', at: '2025-12-01', stageId: 'demo', amount: value, expectedCloseOn: date, ownerId: 'zoe' }];
    for (const [at, to] of changes) {
      history.push({ type: 'close-date-changed', at, from: date, to });
      date = to;
    }
    if (end !== undefined) history.push({ type: end, at: '2026-03-01', from: 'demo', to: `closed-${end}` });
    return freezeDeep(
      createDeal({
        id,
        pipelineId: 'b2b',
        stageId: end === undefined ? 'demo' : `closed-${end}`,
        status: end ?? 'open',
        amount: value,
        createdOn: '2025-12-01',
        closedOn: end === undefined ? null : '2026-03-01',
        expectedCloseOn: date,
        ownerId: 'zoe',
        history,
      }),
    );
  }
  const deals = [due('won', 100, [], 'won'), due('slipped', 300, [['2026-02-10', '2026-03-20'], ['2026-03-15', '2026-05-01']]), due('overdue', 50, []), due('lost', 50, [], 'lost')]; // biome-ignore format: a table
  const scope = { pipeline: b2bPipeline, currency: 'USD' } as const;

  it('says what became of everything that was due', () => {
    const slippage = pipelineSlippage(deals, { ...scope, period: '2026-Q1' });
    expect(slippage.deals.map(({ dealId, outcome, daysSlipped }) => [dealId, outcome, daysSlipped])).toEqual([
      ['lost', 'lost', null],
      ['overdue', 'overdue', null],
      ['slipped', 'slipped', 75],
      ['won', 'won', null],
    ]);
    expect([slippage.slipRate, slippage.slipRateByValue.value]).toEqual([{ value: 0.25, numerator: 1, denominator: 4 }, 0.6]);
    expect(pipelineSlippage(deals, { ...scope, period: '2026-Q1', to: '2026-03-01' }).outcomes.find(({ outcome }) => outcome === 'pending')?.deals).toBe(1);
    expect(pipelineSlippage(deals, { ...scope, period: '2027' }).slipRate.reason).toBe('nothing-due');
    expect(codesOf(() => pipelineSlippage(deals, scope as never))).toEqual(['missing_key']);
  });

  it('reports rules by deal, from what was known at the cut', () => {
    const report = pipelineHygiene(deals, '2026-04-01', { ...scope, pushes: 2, medianDaysToWin: 60, thresholds: [] });
    const rulesOf = (id: string) => report.deals.find(({ dealId }) => dealId === id)?.findings.map(({ rule }) => rule);
    expect(report.deals.map(({ dealId }) => dealId)).toEqual(['overdue', 'slipped']);
    expect(rulesOf('slipped')).toEqual(['no-next-step', 'quiet', 'rotten', 'pushed', 'old']);
    expect(rulesOf('overdue')).toEqual(['overdue', 'no-next-step', 'quiet', 'rotten', 'old']);
    expect(report.rules.find(({ rule }) => rule === 'overdue')).toEqual({ rule: 'overdue', deals: 1, value: { amount: '50.00', currency: 'USD' } });
    expect(pipelineHygiene(deals, '2026-02-01', { ...scope, rules: ['pushed'], pushes: 1 }).deals.every(({ findings }) => findings.length === 0)).toBe(true);
  });

  it('explains every point of a score', () => {
    const { deals: ranked, weights } = prioritizeDeals(deals, '2026-04-01', { ...scope, weights: { value: 1 } });
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    for (const { score, reasons } of ranked) expect(reasons.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 9);
    expect(ranked.map(({ dealId }) => dealId)).toEqual(['slipped', 'overdue']);
    expect(codesOf(() => prioritizeDeals([], '2026-04-01', { ...scope, weights: { value: 0, leverage: 0, urgency: 0, risk: 0 } }))).toEqual(['invalid_weights']);
    // @ts-expect-error no such factor
    expect(codesOf(() => prioritizeDeals([], '2026-04-01', { ...scope, weights: { charm: 1 } }))).toEqual(['unknown_key']);
  });
});
