import { createDeal, type Deal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { money } from 'dealwright/money';
import {
  averageDealSize,
  b2bPipeline,
  definePipeline,
  hubspotPipeline,
  type Pipeline,
  pipelineCoverage,
  pipelineTotals,
  salesCycle,
  salesVelocity,
  segmentDeals,
  summarizeStages,
  type WinRateByCount,
  type WinRateByValue,
  winRate,
} from 'dealwright/pipelines';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { freezeDeep } from './support.js';

type Part = Partial<Deal> & { readonly id: string };

function deal(part: Part): Deal {
  return freezeDeep(
    createDeal<Record<string, unknown>>({ pipelineId: 'b2b', stageId: part.status === 'won' ? 'closed-won' : part.status === 'lost' ? 'closed-lost' : 'demo', ...part }),
  );
}

const deals = [
  deal({ id: 'w1', status: 'won', amount: money(100, 'USD'), createdOn: '2026-01-01', closedOn: '2026-01-11', ownerId: 'zoe' }),
  deal({ id: 'w2', status: 'won', amount: money(200, 'USD'), createdOn: '2026-01-01', closedOn: '2026-04-01', ownerId: 'adam' }),
  deal({ id: 'l1', status: 'lost', amount: money(300, 'USD'), createdOn: '2026-02-01', closedOn: '2026-02-03', ownerId: 'zoe' }),
  deal({ id: 'o1', amount: money(50, 'USD'), expectedCloseOn: '2026-05-01' }),
  deal({ id: 'x1', status: 'deleted', amount: money(999, 'USD') }),
];
const rates = {
  rates: [
    { from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' },
    { from: 'EUR', to: 'USD', rate: '1.2', on: '2026-03-01' },
  ],
};

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return isDomainError(error) ? error.issues.map(({ code, path }) => `${code} ${path.join('.')}`).join(', ') : `not a DomainError: ${String(error)}`;
  }
  return 'nothing thrown';
}

describe('winRate', () => {
  it('is won over won and lost, by count, with the Wilson interval', () => {
    const rate = winRate(deals);
    expect(rate).toMatchObject({ by: 'count', value: 2 / 3, numerator: 2, denominator: 3, n: 3, issues: [] });
    expect(rate.interval).toMatchObject({ method: 'wilson', level: 0.95, estimate: 2 / 3 });
    expect(winRate(deals, { level: 0.8 }).interval?.level).toBe(0.8);
    expect(rate).not.toHaveProperty('reason');
  });

  it('is null with a reason where nothing closed', () => {
    expect(winRate([])).toEqual({ by: 'count', value: null, numerator: 0, denominator: 0, n: 0, interval: null, reason: 'no-closed-deals', issues: [] });
    expect(winRate([], { by: 'value', currency: 'USD' })).toMatchObject({ value: null, reason: 'no-closed-deals', numerator: money(0, 'USD') });
    expect(winRate([deal({ id: 'w', status: 'won', amount: money(0, 'USD') })], { by: 'value', currency: 'USD' })).toMatchObject({ value: null, reason: 'no-value' });
  });

  it('weighs by value, and leaves out what has none', () => {
    const list = [
      ...deals,
      deal({ id: 'w3', status: 'won' }),
      deal({ id: 'w4', status: 'won', amount: money(10, 'EUR'), closedOn: '2026-02-01' }),
      deal({ id: 'w5', status: 'won', amount: money(10, 'GBP'), closedOn: '2026-02-01' }),
    ];
    const rate = winRate(list, { by: 'value', currency: 'USD', rates });
    expect(rate).toMatchObject({ numerator: money(311, 'USD'), denominator: money(611, 'USD'), n: 4, interval: null });
    expect(rate.value).toBe(311 / 611);
    expect(rate.issues.map(({ code, path }) => [code, path])).toEqual([
      ['missing_amount', [5, 'amount']],
      ['missing_rate', [7, 'amount', 'currency']],
    ]);
    // Open deals are never looked at.
    expect(winRate([deal({ id: 'o' })], { by: 'value', currency: 'USD' }).issues).toEqual([]);
  });

  it('counts by closing date in a half-open period', () => {
    expect(winRate(deals, { period: '2026-Q1' })).toMatchObject({ numerator: 1, denominator: 2 });
    expect(winRate(deals, { period: { start: '2026-01-11', endExclusive: '2026-04-01' } })).toMatchObject({ numerator: 1, denominator: 2 });
    expect(winRate(deals, { period: 'FY2026-Q1', calendar: { kind: 'months', startMonth: 4, yearName: 'start' } })).toMatchObject({ numerator: 1, denominator: 1 });
    expect(winRate([deal({ id: 'w', status: 'won' })], { period: '2026' }).issues).toMatchObject([{ code: 'missing_date', path: [0, 'closedOn'] }]);
  });

  it('refuses wrong calls', () => {
    expect(codeOf(() => winRate(deals, { level: 95 }))).toBe('invalid_probability options.level');
    expect(codeOf(() => winRate([], { level: 95 }))).toBe('invalid_probability options.level');
    expect(codeOf(() => winRate(deals, { by: 'value' } as never))).toBe('missing_key currency');
    expect(codeOf(() => winRate({} as never, { perod: '2026' } as never))).toBe('unknown_key perod, invalid_type deals');
  });

  it('sets aside rows that are no deals', () => {
    const rate = winRate([null, 'x', { status: 'Won' }, ...deals] as never);
    expect(rate.value).toBe(2 / 3);
    expect(rate.issues.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(['invalid_type 0', 'invalid_type 1', 'invalid_value 2.status']);
  });

  it('has types by reading', () => {
    expectTypeOf(winRate(deals)).toEqualTypeOf<WinRateByCount>();
    expectTypeOf(winRate(deals, { by: 'value', currency: 'EUR' })).toEqualTypeOf<WinRateByValue<'EUR'>>();
    // @ts-expect-error by value needs a currency
    expect(() => winRate(deals, { by: 'value' })).toThrow();
  });
});

describe('salesCycle', () => {
  it('is mean and median of whole days', () => {
    expect(salesCycle(deals)).toEqual({
      outcome: 'won',
      meanDays: 50,
      medianDays: 50,
      numerator: 100,
      denominator: 2,
      n: 2,
      excluded: { withoutDates: 0, negative: 0 },
      issues: [],
    });
    expect(salesCycle(deals, { outcome: 'closed' })).toMatchObject({ meanDays: 34, medianDays: 10, n: 3 });
    expect(salesCycle(deals, { period: '2026-Q2' })).toMatchObject({ meanDays: 90, n: 1 });
  });

  it('excludes what it cannot measure, with the cause', () => {
    const list = [
      deal({ id: 'a', status: 'won', createdOn: '2026-02-02', closedOn: '2026-02-01' }),
      deal({ id: 'b', status: 'won', closedOn: '2026-02-01' }),
      deal({ id: 'c', status: 'won', createdOn: '2026-02-01' }),
      deal({ id: 'd', status: 'won', createdOn: '2026-02-01', closedOn: '2026-02-01' }),
      { ...deal({ id: 'e', status: 'won', createdOn: '2026-02-01' }), closedOn: '2026-02-30' },
    ];
    const cycle = salesCycle(list);
    expect(cycle).toMatchObject({ meanDays: 0, medianDays: 0, n: 1, excluded: { withoutDates: 3, negative: 1 } });
    expect(cycle.issues.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'negative_cycle 0.closedOn',
      'missing_date 1.createdOn',
      'missing_date 2.closedOn',
      'invalid_date 4.closedOn',
    ]);
    expect(salesCycle([])).toMatchObject({ meanDays: null, medianDays: null, reason: 'no-measured-cycles' });
  });
});

describe('averageDealSize', () => {
  it('is the mean, with the median and the sum', () => {
    expect(averageDealSize(deals, { currency: 'USD' })).toEqual({
      outcome: 'won',
      value: money(150, 'USD'),
      median: money(150, 'USD'),
      numerator: money(300, 'USD'),
      denominator: 2,
      n: 2,
      worthNothing: 0,
      issues: [],
    });
    expect(averageDealSize(deals, { currency: 'USD', outcome: 'open' }).value).toEqual(money(50, 'USD'));
    expect(averageDealSize(deals, { currency: 'USD', outcome: 'lost' }).value).toEqual(money(300, 'USD'));
    expect(averageDealSize([deals[0] as Deal, deals[1] as Deal, deals[1] as Deal], { currency: 'USD', rounding: { scale: 0, mode: 'up' } }).value).toEqual(money(167, 'USD'));
  });

  it('has no value without deals, and flags those worth nothing', () => {
    expect(averageDealSize([], { currency: 'USD' })).toMatchObject({ value: null, median: null, reason: 'no-valued-deals' });
    expect(averageDealSize([deal({ id: 'w', status: 'won', amount: money(0, 'USD') })], { currency: 'USD' })).toMatchObject({ value: money(0, 'USD'), worthNothing: 1 });
    expect(averageDealSize([deal({ id: 'w', status: 'won', amount: money(1, 'EUR'), closedOn: '2026-02-01' })], { currency: 'USD' }).issues).toMatchObject([
      { code: 'currency_mismatch', hint: 'pass rates' },
    ]);
  });

  it('converts at the rate of the closing day, of an open deal at that of the day it is expected to close on', () => {
    const euro = (part: Part) => deal({ amount: money(10, 'EUR'), ...part });
    expect(averageDealSize([euro({ id: 'w', status: 'won', closedOn: '2026-02-28' })], { currency: 'USD', rates }).value).toEqual(money(11, 'USD'));
    expect(averageDealSize([euro({ id: 'w', status: 'won', closedOn: '2026-03-01' })], { currency: 'USD', rates }).value).toEqual(money(12, 'USD'));
    expect(averageDealSize([euro({ id: 'o', expectedCloseOn: '2026-07-01' })], { currency: 'USD', rates, outcome: 'open' }).value).toEqual(money(12, 'USD'));
    expect(averageDealSize([euro({ id: 'o' })], { currency: 'USD', rates, outcome: 'open' }).issues).toMatchObject([{ code: 'missing_date', path: [0, 'amount'] }]);
  });
});

describe('salesVelocity', () => {
  it('is deals × win rate × average / cycle, in the reading asked for', () => {
    // closed: 3 × 2/3 × 150 / 50 = 6; open: 1 × 2/3 × 150 / 50 = 2
    expect(salesVelocity(deals, { reading: 'closed', currency: 'USD' })).toEqual({
      reading: 'closed',
      value: money(6, 'USD'),
      parts: { deals: 3, winRate: 2 / 3, averageDealSize: money(150, 'USD'), cycleDays: 50 },
      n: 3,
      issues: [],
    });
    expect(salesVelocity(deals, { reading: 'open', currency: 'USD' }).value).toEqual(money(2, 'USD'));
  });

  it('agrees with the textbook example', () => {
    // 120 opportunities × 42,000 × 24 % / 78 days = 15,507.69
    const list = [
      ...Array.from({ length: 120 }, (_, index) => deal({ id: `o${index}` })),
      ...Array.from({ length: 24 }, (_, index) => deal({ id: `w${index}`, status: 'won', amount: money(42_000, 'USD'), createdOn: '2026-01-01', closedOn: '2026-03-20' })),
      ...Array.from({ length: 76 }, (_, index) => deal({ id: `l${index}`, status: 'lost' })),
    ];
    expect(salesVelocity(list, { reading: 'open', currency: 'USD' }).value).toEqual(money('15507.69', 'USD'));
  });

  it('is null with a reason where a factor is missing', () => {
    const reasonOf = (...list: Deal[]) => salesVelocity(list, { reading: 'closed', currency: 'USD' }).reason;
    expect(reasonOf()).toBe('no-closed-deals');
    expect(reasonOf(deal({ id: 'l', status: 'lost' }))).toBe('no-won-value');
    expect(reasonOf(deal({ id: 'w', status: 'won', amount: money(1, 'USD') }))).toBe('no-measured-cycles');
    expect(reasonOf(deal({ id: 'w', status: 'won', amount: money(1, 'USD'), createdOn: '2026-01-01', closedOn: '2026-01-01' }))).toBe('zero-cycle');
    expect(codeOf(() => salesVelocity([], { currency: 'USD' } as never))).toBe('invalid_type reading');
  });
});

describe('pipelineCoverage', () => {
  const usd = (amount: number) => money(amount, 'USD');

  it('gives both readings and the gap', () => {
    expect(pipelineCoverage(freezeDeep({ open: usd(300), quota: usd(200), won: usd(50) }))).toEqual({
      total: { value: 1.5, numerator: usd(300), denominator: usd(200) },
      toGo: { value: 2, numerator: usd(300), denominator: usd(150) },
      gap: usd(150),
    });
  });

  it('is null with a reason where it does not exist', () => {
    expect(pipelineCoverage({ open: usd(1), quota: usd(0), won: usd(0) })).toMatchObject({
      total: { value: null, reason: 'quota-not-positive' },
      toGo: { value: null, reason: 'quota-not-positive' },
      gap: usd(0),
    });
    expect(pipelineCoverage({ open: usd(1), quota: usd(10), won: usd(12) })).toMatchObject({
      total: { value: 0.1 },
      toGo: { value: null, reason: 'quota-met', denominator: usd(-2) },
      gap: usd(0),
    });
    expect(pipelineCoverage({ open: usd(1), quota: usd(10) })).toMatchObject({ toGo: { value: null, reason: 'won-not-given', denominator: null }, gap: null });
    expect(codeOf(() => pipelineCoverage({ open: usd(1), quota: money(1, 'EUR') as never, won: money(1, 'GBP') as never }))).toBe(
      'currency_mismatch quota.currency, currency_mismatch won.currency',
    );
    expect(codeOf(() => pipelineCoverage(null as never))).toBe('invalid_type , invalid_type open, invalid_type quota');
  });
});

describe('summarizeStages', () => {
  const pipeline = definePipeline({
    id: 'b2b',
    stages: [
      { id: 'one', label: 'One', probability: 0.1 },
      { id: 'demo', label: 'Demo' },
      { id: 'closed-won', label: 'Won', kind: 'won' },
      { id: 'closed-lost', label: 'Lost', kind: 'lost' },
    ],
  });

  it('counts, values and weighs stage by stage', () => {
    const list = [
      ...deals,
      deal({ id: 'o2', stageId: 'one', amount: money('0.25', 'USD') }),
      deal({ id: 'o3', stageId: 'one', amount: money('0.25', 'USD') }),
      deal({ id: 'o4', stageId: 'one', probability: 1 / 3, amount: money('3', 'USD') }),
    ];
    const table = summarizeStages(list, { pipeline, currency: 'USD' });
    expect(table).toMatchObject({ currency: 'USD', asOf: null });
    // 0.025 rounds to 0.03 per deal, so the column is 0.03 + 0.03 + 1.00, not 1.05.
    expect(table.stages[0]).toEqual({
      pipelineId: 'b2b',
      stageId: 'one',
      label: 'One',
      outcome: 'open',
      probability: 0.1,
      count: 3,
      value: money('3.50', 'USD'),
      weighted: money('1.06', 'USD'),
      valued: 3,
      withoutAmount: 0,
      withoutRate: 0,
      withoutProbability: 0,
      shareOfCount: 0.75,
      shareOfValue: 3.5 / 53.5,
      meanAgeDays: null,
      meanDaysInStage: null,
    });
    expect(table.stages[1]).toMatchObject({ stageId: 'demo', count: 1, probability: null, withoutProbability: 1, weighted: money(0, 'USD') });
    expect(table.stages[2]).toMatchObject({ stageId: 'closed-won', count: 2, value: money(300, 'USD'), weighted: money(300, 'USD'), shareOfCount: 2 / 3, shareOfValue: 0.5 });
    expect(table.stages[3]).toMatchObject({ stageId: 'closed-lost', count: 1, value: money(300, 'USD'), weighted: money(0, 'USD') });
    expect(table.totals).toEqual({
      open: { count: 4, value: money('53.50', 'USD'), weighted: money('1.06', 'USD') },
      won: { count: 2, value: money(300, 'USD'), weighted: money(300, 'USD') },
      lost: { count: 1, value: money(300, 'USD'), weighted: money(0, 'USD') },
    });
    expect(table.issues.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(['unknown_probability 3.probability']);
  });

  it('has every stage also without deals', () => {
    const table = summarizeStages([], { pipeline: b2bPipeline, currency: 'JPY' });
    expect(table.stages.length).toBe(7);
    expect(table.stages[0]).toMatchObject({ count: 0, value: money(0, 'JPY'), shareOfCount: null, shareOfValue: null });
  });

  it('sets aside unknown pipelines and stages, and a status that contradicts the stage', () => {
    const list = [deal({ id: 'a', pipelineId: 'b2c' }), deal({ id: 'b', stageId: 'dem' }), deal({ id: 'c', status: 'won', stageId: 'demo' }), 12] as never;
    const { issues, totals } = summarizeStages(list, { pipeline, currency: 'USD' });
    expect(issues.map(({ code, path, hint }) => [code, path.join('.'), hint])).toEqual([
      ['unknown_pipeline', '0.pipelineId', 'did you mean "b2b"?'],
      ['unknown_stage', '1.stageId', 'did you mean "demo"?'],
      ['inconsistent_status', '2.status', undefined],
      ['invalid_type', '3', undefined],
    ]);
    expect(totals.open.count + totals.won.count).toBe(0);
  });

  it('holds several pipelines side by side', () => {
    const list = [deal({ id: 'a', stageId: 'one' }), deal({ id: 'b', pipelineId: 'default', stageId: 'contractsent' })];
    const table = summarizeStages(list, { pipeline: [pipeline as Pipeline, hubspotPipeline as Pipeline], currency: 'USD' });
    expect(table.stages.filter(({ count }) => count > 0).map(({ pipelineId, stageId, shareOfCount }) => [pipelineId, stageId, shareOfCount])).toEqual([
      ['b2b', 'one', 0.5],
      ['default', 'contractsent', 0.5],
    ]);
  });

  it('shows the pipeline as it was, with ages, from histories', () => {
    const list = [
      deal({
        id: 'a',
        status: 'won',
        createdOn: '2026-01-05',
        closedOn: '2026-03-10',
        amount: money(900, 'USD'),
        history: [
          { type: 'created', at: '2026-01-05', stageId: 'one', amount: money(1200, 'USD') },
          { type: 'stage-changed', at: '2026-02-01', from: 'one', to: 'demo' },
          { type: 'amount-changed', at: '2026-02-20', from: money(1200, 'USD'), to: money(900, 'USD') },
          { type: 'won', at: '2026-03-10', from: 'demo', to: 'closed-won' },
        ],
      }),
      deal({ id: 'b', createdOn: '2026-02-20', stageId: 'one' }),
      deal({ id: 'c', createdOn: '2026-02-05', stageId: 'one', amount: money(10, 'USD') }),
    ];
    const before = summarizeStages(list, { pipeline, currency: 'USD', asOf: '2026-02-11' });
    expect(before.stages[1]).toMatchObject({ stageId: 'demo', count: 1, value: money(1200, 'USD'), meanAgeDays: 37, meanDaysInStage: 10 });
    // c existed, but nothing tells its stage; b did not exist yet.
    expect(before.issues.map(({ code, path, received }) => [code, path.join('.'), received])).toEqual([
      ['unknown_probability', '0.probability', undefined],
      ['missing_date', '2.history', '"no-history"'],
    ]);
    const assumed = summarizeStages(list, { pipeline, currency: 'USD', asOf: '2026-02-11', assumeUnchanged: ['stageId', 'amount'] });
    expect(assumed.stages[0]).toMatchObject({ stageId: 'one', count: 1, value: money(10, 'USD'), meanAgeDays: 6, meanDaysInStage: null });
    const after = summarizeStages(list, { pipeline, currency: 'USD', asOf: '2026-03-11' });
    expect(after.stages[2]).toMatchObject({ stageId: 'closed-won', count: 1, value: money(900, 'USD'), meanAgeDays: 64, meanDaysInStage: null });
    expect(summarizeStages(list, { pipeline, currency: 'USD', asOf: '2026-03-10T00:00:00Z', timeZone: 'UTC' }).stages[1]).toMatchObject({
      stageId: 'demo',
      count: 1,
      meanDaysInStage: 37,
    });
  });

  it('refuses wrong calls with every problem', () => {
    expect(codeOf(() => summarizeStages(deals, { pipeline: { id: 'x' }, currency: 'usd', asOf: 'yesterday', rates: { rates: [{}] } } as never))).toContain(
      'missing_key pipeline.stages, invalid_currency currency',
    );
    expect(codeOf(() => summarizeStages(deals, { pipeline, currency: 'USD', asOf: '2026-01-01', timeZone: 'Nowhere/Land' }))).toBe('invalid_time_zone timeZone');
    expect(codeOf(() => summarizeStages(deals, { pipeline, currency: 'USD', assumeUnchanged: ['stageId'] }))).toBe('missing_key asOf');
    expect(codeOf(() => summarizeStages(deals, { pipeline, currency: 'USD', asOf: '2026-01-01', assumeUnchanged: ['stage'] as never }))).toBe('invalid_value assumeUnchanged.0');
    expect(codeOf(() => summarizeStages(deals, { pipeline: [], currency: 'USD' }))).toBe('empty pipeline');
  });
});

describe('segmentDeals', () => {
  it('puts every deal into exactly one segment, in the order of keys', () => {
    const segments = segmentDeals(deals, 'ownerId');
    expect(segments.map(({ key, deals: members }) => [key, members.map(({ id }) => id)])).toEqual([
      ['adam', ['w2']],
      ['zoe', ['w1', 'l1']],
      [null, ['o1', 'x1']],
    ]);
    expect(segments[1]?.deals[0]).toBe(deals[0]);
  });

  it('takes fields of your own, numbers, booleans and functions', () => {
    const list = [deal({ id: 'a', custom: { size: 10, key: true } }), deal({ id: 'b', custom: { size: 2 } }), deal({ id: 'c', custom: {} })];
    expect(segmentDeals(list, 'custom.size').map(({ key }) => key)).toEqual(['10', '2', null]);
    expect(segmentDeals(list, 'custom.key').map(({ key }) => key)).toEqual(['true', null]);
    expect(segmentDeals(list, ({ id }) => (id === 'c' ? undefined : 'rest')).map(({ key, deals: members }) => [key, members.length])).toEqual([
      ['rest', 2],
      [null, 1],
    ]);
    expect(segmentDeals([null, 5] as never, 'ownerId')).toEqual([{ key: null, deals: [null, 5] }]);
    expect(codeOf(() => segmentDeals(list, 'owner'))).toBe('unknown_reference by');
    expect(codeOf(() => segmentDeals(list, 'custom.__proto__'))).toBe('unknown_reference by');
  });
});

describe('pipelineTotals', () => {
  const empty = pipelineTotals.empty({ currency: 'USD' });

  it('gives the figures of the single functions', () => {
    const totals = pipelineTotals.finish(pipelineTotals.addAll(empty, deals));
    const { issues: _, ...rate } = winRate(deals);
    expect(totals.winRate).toEqual(rate);
    expect(totals).toMatchObject({
      currency: 'USD',
      open: { deals: 1, value: money(50, 'USD'), valued: 1 },
      won: { deals: 2, value: money(300, 'USD'), valued: 2 },
      excluded: { deleted: 1, withoutAmount: 0, withoutRate: 0, withoutDates: 0, negativeCycles: 0, setAside: 0 },
      winRateByValue: { value: 0.5 },
      averageDealSize: money(150, 'USD'),
      meanCycleDays: { won: 50, closed: 34 },
      velocity: { closed: { value: money(6, 'USD') }, open: { value: money(2, 'USD') } },
    });
    expect(pipelineTotals.finish(empty)).toMatchObject({ averageDealSize: null, winRate: { value: null, reason: 'no-closed-deals' }, meanCycleDays: { won: null, closed: null } });
  });

  it('refuses states that are none, and another currency', () => {
    const state = pipelineTotals.addAll(empty, deals);
    expect(codeOf(() => pipelineTotals.merge(state, pipelineTotals.empty({ currency: 'EUR' })))).toBe('currency_mismatch b.currency');
    expect(codeOf(() => pipelineTotals.finish({ ...state, formatVersion: 2 } as never))).toBe('unsupported_format_version state.formatVersion');
    expect(codeOf(() => pipelineTotals.finish({ ...state, won: { ...state.won, deals: -1, value: '1e5' } }))).toBe('out_of_range state.won.deals, invalid_decimal state.won.value');
    expect(codeOf(() => pipelineTotals.add({} as never, deals[0] as Deal))).toContain('unsupported_format_version');
    expect(codeOf(() => pipelineTotals.empty({ currency: 'Dollar' }))).toBe('invalid_currency currency');
  });
});
