import { createDeal, type Deal, type DealInit } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { cumulateCategories, type ForecastPipelineOptions, forecastPipeline, type PipelineForecast, probabilityAtLeast, quantileOf } from 'dealwright/forecasting';
import { money } from 'dealwright/money';
import { type B2bStageId, b2bPipeline, definePipeline, salesforcePipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';

const run = { seed: 20260101, numRuns: 120 };
const call = { pipeline: b2bPipeline, period: '2026-Q3', asOf: '2026-08-15', currency: 'USD' } as const;

function deal(id: string, stageId: B2bStageId, amount: number | string | null, more: Partial<DealInit> = {}): Deal {
  return createDeal({
    id,
    pipelineId: 'b2b',
    stageId,
    amount: amount === null ? null : money(amount, 'USD'),
    createdOn: '2026-05-01',
    ...(stageId === 'closed-won'
      ? { status: 'won', closedOn: '2026-07-20' }
      : stageId === 'closed-lost'
        ? { status: 'lost', closedOn: '2026-07-20' }
        : { expectedCloseOn: '2026-09-15' }),
    ...more,
  });
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

function codes(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map((issue) => `${issue.code} ${issue.path.join('.')}`);
    throw error;
  }
  return [];
}

const three = frozen([deal('a', 'demo', 40_000), deal('b', 'negotiation-and-closing', 25_000), deal('c', 'closed-won', 10_000)]);

describe('the figures', () => {
  const forecast = forecastPipeline(three, { ...call, quota: 50_000 });

  it('closed, weighted, unweighted, expected', () => {
    expectTypeOf(forecast).toEqualTypeOf<PipelineForecast<'USD'>>();
    expect(forecast).toMatchObject({ currency: 'USD', quota: 50_000, closedWon: 10_000, weighted: 44_000, unweighted: 65_000, expected: 54_000 });
    expect(forecast.period).toEqual({ start: '2026-07-01', endExclusive: '2026-10-01', label: '2026-Q3' });
    expect(forecast.counts).toEqual({ closedWon: 1, open: 2, overdue: 0, omitted: 0, setAside: 0 });
    expect(forecast.issues).toEqual([]);
  });

  it('the distribution is that of the total, closed deals included', () => {
    // 10,000 + {0, 25,000 at 0.8, 40,000 at 0.6}
    expect(forecast.method).toBe('enumeration');
    expect(forecast.distribution).toMatchObject({ mean: 54_000, minimum: 10_000, maximum: 75_000, p10: 35_000, p50: 50_000, p90: 75_000 });
    expect(forecast.distribution.probabilityOfQuota).toBeCloseTo(0.6, 12);
    expect(forecast.distribution.expectedShortfall).toBeCloseTo(0.08 * 40_000 + 0.32 * 15_000, 8);
    expect(quantileOf(forecast.distribution, 0.25)).toBe(35_000);
    expect(probabilityAtLeast(forecast.distribution, 75_000)).toBeCloseTo(0.48, 12);
    expect(forecast.distribution.quantiles.map(({ level }) => level)).toEqual([0.1, 0.5, 0.9]);
    expect(forecastPipeline(three, { ...call, levels: [0.95, 0.05] }).distribution.quantiles).toEqual([
      { level: 0.05, value: 10_000 },
      { level: 0.95, value: 75_000 },
    ]);
  });

  it('each deal says what it adds', () => {
    expect(forecast.contributions.map(({ dealId, probability, source, expected, category }) => [dealId, probability, source, expected, category])).toEqual([
      ['a', 0.6, 'stage', 24_000, 'best-case'],
      ['b', 0.8, 'stage', 20_000, 'commit'],
    ]);
    // Without a the total reaches 35,000 at most; without b it is 50,000 when a is won.
    expect(forecast.contributions[0]?.toProbabilityOfQuota).toBeCloseTo(0.6, 12);
    expect(forecast.contributions[1]?.toProbabilityOfQuota).toBe(0);
    const variance = forecast.distribution.standardDeviation ** 2;
    expect(forecast.contributions[0]?.toVariance).toBeCloseTo((40_000 ** 2 * 0.24) / variance, 12);
    expect(forecast.contributions.reduce((sum, { toVariance }) => sum + (toVariance ?? 0), 0)).toBeCloseTo(1, 12);
  });

  it('without a quota, what depends on it is null with a reason', () => {
    const without = forecastPipeline(three, call);
    expect(without.quota).toBeNull();
    expect(without.distribution).toMatchObject({ probabilityOfQuota: null, expectedShortfall: null, reason: 'quota-not-given' });
    expect(without.contributions.every(({ toProbabilityOfQuota }) => toProbabilityOfQuota === null)).toBe(true);
    expect('reason' in forecast.distribution).toBe(false);
  });

  it('a quota may be money in the same currency', () => {
    expect(forecastPipeline(three, { ...call, quota: money('50000', 'USD') }).distribution.probabilityOfQuota).toBeCloseTo(0.6, 12);
    // @ts-expect-error another currency does not compile
    expect(codes(() => forecastPipeline(three, { ...call, quota: money('50000', 'EUR') }))).toEqual(['currency_mismatch quota.currency']);
  });

  it('is plain data, states its policies, and leaves its input alone', () => {
    expect(JSON.parse(JSON.stringify(forecast))).toEqual(forecast);
    expect(forecast.policies).toEqual({ includeOverdue: 'in-period', unrecorded: 'as-recorded', probabilityOrder: ['deal', 'model', 'override', 'stage'] });
    expect(forecast.assumptions.map(({ id }) => id)).toEqual([
      'cut-is-exclusive',
      'closes-as-expected',
      'independent-deals',
      'amount-as-recorded',
      'no-new-business',
      'taken-as-recorded',
      'stage-probabilities',
    ]);
  });

  it('of nothing is zero with certainty', () => {
    const nothing = forecastPipeline([], { ...call, quota: 1 });
    expect(nothing).toMatchObject({ closedWon: 0, weighted: 0, unweighted: 0, expected: 0, contributions: [], issues: [] });
    expect(nothing.distribution).toMatchObject({ p10: 0, p90: 0, standardDeviation: 0, probabilityOfQuota: 0, expectedShortfall: 1 });
  });
});

describe('categories', () => {
  const amounts = { pipeline: 200, 'best-case': 150, commit: 100, closed: 50 };

  it('rolls up as Salesforce does', () => {
    expect(cumulateCategories(amounts, ['pipeline', 'best-case', 'commit', 'closed'])).toEqual({ pipeline: 450, 'best-case': 300, commit: 150, closed: 50 });
    const withLikely = { ...amounts, 'most-likely': 30, omitted: 999 };
    expect(cumulateCategories(withLikely, ['pipeline', 'best-case', 'most-likely', 'commit', 'closed'])).toEqual({
      pipeline: 480,
      'best-case': 330,
      'most-likely': 180,
      commit: 150,
      closed: 50,
    });
    expect(codes(() => cumulateCategories({ upside: 1 }, ['pipeline', 'closed']))).toEqual(['unknown_reference byCategory.upside']);
  });

  it('counts deals in their own category, else that of their stage; omitted ones nowhere', () => {
    const deals = [
      deal('p', 'prospecting', 200),
      deal('b', 'demo', 150),
      deal('m', 'demo', 30, { forecastCategory: 'most-likely' }),
      deal('c', 'negotiation-and-closing', 100),
      deal('w', 'closed-won', 50, { forecastCategory: 'commit' }),
      deal('o', 'negotiation-and-closing', 999, { forecastCategory: 'omitted' }),
    ];
    const { byCategory, byCategoryCumulative, counts, weighted, unweighted } = forecastPipeline(deals, call);
    expect(byCategory).toEqual({ pipeline: 200, 'best-case': 150, 'most-likely': 30, commit: 100, closed: 50 });
    expect(byCategoryCumulative).toEqual({ pipeline: 480, 'best-case': 330, 'most-likely': 180, commit: 150, closed: 50 });
    expect(counts.omitted).toBe(1);
    expect(unweighted).toBe(480);
    expect(weighted).toBeCloseTo(0.1 * 200 + 0.6 * 180 + 0.8 * 100, 10);
  });

  it('names a category that is not in the order, or that says closed of an open deal', () => {
    const deals = [deal('x', 'demo', 10, { forecastCategory: 'upside' }), deal('y', 'demo', 10, { forecastCategory: 'closed' }), deal('z', 'demo', 10)];
    const forecast = forecastPipeline(deals, call);
    expect(forecast.issues.map(({ code, path }) => [code, path])).toEqual([
      ['unknown_reference', [0, 'forecastCategory']],
      ['inconsistent_status', [1, 'forecastCategory']],
    ]);
    expect(forecast.counts).toMatchObject({ open: 1, setAside: 2 });
    const own = forecastPipeline(deals.slice(0, 1), { ...call, categories: ['pipeline', 'upside', 'closed'] });
    expect(own.byCategory).toEqual({ pipeline: 0, upside: 10, closed: 0 });
  });

  it('pipelines with different orders need one', () => {
    const other = definePipeline({
      id: 'other',
      stages: [
        { id: 'only', label: 'Only', probability: 0.5 },
        { id: 'won', label: 'Won', kind: 'won' },
        { id: 'lost', label: 'Lost', kind: 'lost' },
      ],
      forecastCategories: ['pipeline', 'commit', 'closed'],
    });
    const options = { ...call, pipeline: [b2bPipeline, other] };
    expect(codes(() => forecastPipeline([], options))).toEqual(['missing_key categories']);
    expect(forecastPipeline([], { ...options, categories: ['pipeline', 'commit', 'closed'] }).categories).toEqual(['pipeline', 'commit', 'closed']);
  });
});

describe('where probabilities come from', () => {
  const deals = [deal('own', 'demo', 100, { probability: 0.35 }), deal('stage', 'demo', 100), deal('low', 'discovery', 100)];
  const found = (options: Partial<ForecastPipelineOptions<'USD', B2bStageId>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(forecastPipeline(deals, { ...call, ...options }).contributions.map(({ dealId, probability, source }) => [dealId, [probability, source]]));

  it('the deal, then the model, then an override of the stage, then the stage', () => {
    expect(found({})).toEqual({ own: [0.35, 'deal'], stage: [0.6, 'stage'], low: [0.4, 'stage'] });
    expect(found({ probabilities: { byStage: { demo: 0.5 } } })).toEqual({ own: [0.35, 'deal'], stage: [0.5, 'override'], low: [0.4, 'stage'] });
    const model = { name: 'table', probabilityOf: ({ id }: Deal<object>) => (id === 'low' ? 0.9 : null) };
    expect(found({ probabilities: { byStage: { demo: 0.5, discovery: 0.1 }, model } })).toEqual({ own: [0.35, 'deal'], stage: [0.5, 'override'], low: [0.9, 'model'] });
    expect(found({ probabilities: { byStage: { demo: 0.5 }, order: ['override', 'deal'] } })).toEqual({ own: [0.5, 'override'], stage: [0.5, 'override'] });
  });

  it('a deal for which no source knows is named and left out', () => {
    const forecast = forecastPipeline(deals, { ...call, probabilities: { order: ['deal'] } });
    expect(forecast.issues.map(({ code, path }) => [code, path])).toEqual([
      ['unknown_probability', [1, 'probability']],
      ['unknown_probability', [2, 'probability']],
    ]);
    expect(forecast).toMatchObject({ unweighted: 100, counts: { open: 1, setAside: 2 } });
  });

  it('what a model returns is checked like any input', () => {
    for (const [returned, code] of [
      [Number.NaN, 'not_finite'],
      [35, 'fraction_out_of_range'],
      ['0.5', 'invalid_type'],
      [{}, 'invalid_type'],
    ] as const) {
      // A model written without types.
      const model = { name: 'odd', probabilityOf: () => returned as unknown as number };
      const forecast = forecastPipeline(deals.slice(1, 2), { ...call, probabilities: { model } });
      expect(forecast.issues.map((issue) => issue.code)).toEqual([code]);
      expect(forecast.contributions).toEqual([]);
    }
  });

  it('the model sees the deal as it was at the cut', () => {
    const seen: Deal<object>[] = [];
    const model = {
      name: 'spy',
      probabilityOf: (past: Deal<object>) => {
        seen.push(past);
        return 0.5;
      },
    };
    const won = createDeal({
      id: 'h',
      pipelineId: 'b2b',
      stageId: 'closed-won',
      status: 'won',
      amount: money(900, 'USD'),
      createdOn: '2026-05-01',
      closedOn: '2026-09-20',
      expectedCloseOn: '2026-09-30',
      activities: [
        { id: 'x1', type: 'call', at: '2026-06-01' },
        { id: 'x2', type: 'call', at: '2026-09-01' },
      ],
      history: [
        { type: 'created', at: '2026-05-01', stageId: 'discovery', amount: money(1200, 'USD'), expectedCloseOn: '2026-09-30' },
        { type: 'stage-changed', at: '2026-07-01', from: 'discovery', to: 'demo' },
        { type: 'amount-changed', at: '2026-09-10', from: money(1200, 'USD'), to: money(900, 'USD') },
        { type: 'won', at: '2026-09-20', from: 'demo', to: 'closed-won' },
      ],
    });
    const forecast = forecastPipeline([won], { ...call, probabilities: { model } });
    expect(forecast).toMatchObject({ closedWon: 0, unweighted: 1200, weighted: 600 });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ status: 'open', stageId: 'demo', amount: money(1200, 'USD'), closedOn: null, expectedCloseOn: '2026-09-30' });
    expect(seen[0]?.history).toHaveLength(2);
    expect(seen[0]?.activities.map(({ id }) => id)).toEqual(['x1']);
  });

  it('stage ids are checked by the compiler', () => {
    // @ts-expect-error a misspelt stage does not compile, and is an error
    expect(codes(() => forecastPipeline(deals, { ...call, probabilities: { byStage: { demmo: 0.5 } } }))).toEqual(['unknown_stage probabilities.byStage.demmo']);
    expect(codes(() => forecastPipeline(deals, { ...call, probabilities: { byStage: { demo: 50 } } }))).toEqual(['fraction_out_of_range probabilities.byStage.demo']);
  });
});

describe('time', () => {
  it('nothing at or after the cut has any influence', () => {
    const history = [
      { type: 'created', at: '2026-05-01', stageId: 'discovery', amount: money(1000, 'USD'), expectedCloseOn: '2026-09-30' },
      { type: 'stage-changed', at: '2026-08-15', from: 'discovery', to: 'demo' },
      { type: 'close-date-changed', at: '2026-08-20', from: '2026-09-30', to: '2026-12-01' },
    ] as const;
    const moved = deal('a', 'demo', 1000, { history: [...history], expectedCloseOn: '2026-12-01' });
    // The stage changed on the day of the cut, which is exclusive.
    expect(forecastPipeline([moved], call)).toMatchObject({ weighted: 400, unweighted: 1000 });
    expect(forecastPipeline([moved], { ...call, asOf: '2026-08-16' })).toMatchObject({ weighted: 600, unweighted: 1000 });
    expect(forecastPipeline([moved], { ...call, asOf: '2026-08-21' })).toMatchObject({ weighted: 0, unweighted: 0 });
    expect(forecastPipeline([moved], { ...call, asOf: '2026-05-01' })).toMatchObject({ unweighted: 0, issues: [] });
  });

  it('dates and instants are read by the calendar of the time zone', () => {
    const late = deal('w', 'closed-won', 500, {
      closedOn: '2026-10-01',
      history: [
        { type: 'created', at: '2026-05-01T08:00:00Z', stageId: 'demo', amount: money(500, 'USD') },
        { type: 'won', at: '2026-10-01T02:00:00Z', from: 'demo', to: 'closed-won' },
      ],
    });
    expect(forecastPipeline([late], { ...call, asOf: '2026-10-02' }).closedWon).toBe(0);
    expect(forecastPipeline([late], { ...call, asOf: '2026-10-02', timeZone: '-05:00' }).closedWon).toBe(500);
  });

  it('after the period nothing open counts', () => {
    const after = forecastPipeline(three, { ...call, asOf: '2026-10-01' });
    expect(after).toMatchObject({ closedWon: 10_000, unweighted: 0, expected: 10_000 });
    expect(after.assumptions.map(({ id }) => id)).toEqual(['cut-is-exclusive', 'period-is-over']);
    expect(forecastPipeline(three, { ...call, asOf: '2026-09-30' }).unweighted).toBe(65_000);
  });

  it('overdue deals follow the policy', () => {
    const deals = [
      deal('in', 'demo', 1, { expectedCloseOn: '2026-07-10' }),
      deal('before', 'demo', 10, { expectedCloseOn: '2026-06-10' }),
      deal('today', 'demo', 100, { expectedCloseOn: '2026-08-15' }),
    ];
    const total = (includeOverdue: 'in-period' | 'all' | 'none'): readonly [number, number] => {
      const { unweighted, counts } = forecastPipeline(deals, { ...call, includeOverdue });
      return [unweighted, counts.overdue];
    };
    expect(total('in-period')).toEqual([101, 1]);
    expect(total('all')).toEqual([111, 2]);
    expect(total('none')).toEqual([100, 0]);
  });

  it('a deal without history stands as recorded, unless its dates say otherwise', () => {
    const deals = [
      deal('open', 'demo', 1),
      deal('future', 'demo', 10, { createdOn: '2026-08-15' }),
      deal('later', 'closed-won', 100, { closedOn: '2026-08-20' }),
      deal('won', 'closed-won', 1000, { closedOn: '2026-08-14' }),
    ];
    const forecast = forecastPipeline(deals, call);
    expect(forecast).toMatchObject({ unweighted: 1, closedWon: 1000, counts: { open: 1, closedWon: 1, setAside: 1 } });
    expect(forecast.issues.map(({ code, path }) => [code, path])).toEqual([['missing_date', [2, 'history']]]);
    const strict = forecastPipeline(deals, { ...call, unrecorded: 'set-aside' });
    expect(strict).toMatchObject({ unweighted: 0, closedWon: 1000, counts: { open: 0, closedWon: 1, setAside: 2 } });
  });

  it('a field that only a later event states is not known at the cut', () => {
    const moved = deal('a', 'demo', 1000, {
      expectedCloseOn: '2026-09-01',
      history: [
        { type: 'created', at: '2026-05-01', stageId: 'demo', amount: money(1000, 'USD') },
        { type: 'close-date-changed', at: '2026-08-20', from: '2026-08-31', to: '2026-09-01' },
      ],
    });
    expect(forecastPipeline([moved], call).issues.map(({ code, path }) => [code, path])).toEqual([['unknown_close_date', [0, 'expectedCloseOn']]]);
    expect(forecastPipeline([moved], { ...call, asOf: '2026-08-21' }).unweighted).toBe(1000);
  });
});

describe('what is missing is named, never zero', () => {
  it('amount, close date, stage, pipeline, rate, a status against the stage, a double', () => {
    const deals = [
      deal('amount', 'demo', null),
      deal('date', 'demo', 1, { expectedCloseOn: null }),
      { ...deal('stage', 'demo', 1), stageId: 'demmo' },
      { ...deal('pipe', 'demo', 1), pipelineId: 'b2c' },
      deal('rate', 'demo', null, { amount: money(5, 'EUR') }),
      { ...deal('status', 'demo', 1), stageId: 'closed-won' },
      deal('twin', 'demo', 1),
      deal('twin', 'demo', 2),
      deal('won', 'closed-won', null),
      deal('good', 'demo', 7),
    ];
    const forecast = forecastPipeline(deals, { ...call, quota: 7 });
    expect(forecast.issues.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'missing_amount 0.amount',
      'unknown_close_date 1.expectedCloseOn',
      'unknown_stage 2.stageId',
      'unknown_pipeline 3.pipelineId',
      'currency_mismatch 4.amount.currency',
      'inconsistent_status 5.status',
      'duplicate_id 6.id',
      'duplicate_id 7.id',
      'missing_amount 8.amount',
    ]);
    expect(forecast).toMatchObject({ unweighted: 7, counts: { open: 1, setAside: 9 } });
    expect(forecast.distribution.probabilityOfQuota).toBeCloseTo(0.6, 12);
  });

  it('only deals that would count are complained about', () => {
    const elsewhere = [deal('a', 'demo', null, { expectedCloseOn: '2027-01-10' }), deal('b', 'closed-lost', null), deal('c', 'closed-won', null, { closedOn: '2026-01-10' })];
    expect(forecastPipeline(elsewhere, call)).toMatchObject({ issues: [], counts: { setAside: 0 } });
  });

  it('rates: closed deals by their day, open ones by the last before the cut', () => {
    const rates = {
      rates: [
        { from: 'EUR', to: 'USD', rate: '1.10', on: '2026-01-01' },
        { from: 'EUR', to: 'USD', rate: '1.20', on: '2026-08-01' },
        { from: 'EUR', to: 'USD', rate: '9.99', on: '2026-08-15' },
      ],
    };
    const deals = [deal('w', 'closed-won', null, { amount: money('100.05', 'EUR') }), deal('o', 'demo', null, { amount: money('10.33', 'EUR') })];
    const forecast = forecastPipeline(deals, { ...call, rates });
    expect(forecast).toMatchObject({ closedWon: 110.06, unweighted: 12.4, issues: [] });
    expect(forecast.assumptions.some(({ id }) => id === 'converted-amounts')).toBe(true);
    const missing = forecastPipeline(deals, { ...call, rates: { rates: [{ from: 'GBP', to: 'USD', rate: '1.3', on: '2026-01-01' }] } });
    expect(missing.issues.map(({ code }) => code)).toEqual(['missing_rate', 'missing_rate']);
  });
});

describe('wrong calls', () => {
  it('throw everything at once', () => {
    const bad = {
      pipeline: b2bPipeline,
      period: '2026-Q5',
      asOf: '2026-02-30',
      currency: 'usd',
      quota: Number.NaN,
      includeOverdue: 'some',
      levels: [90],
      probabilities: { order: ['stage', 'stage'] },
      quotas: 1,
    };
    // @ts-expect-error nothing here is right
    const found = codes(() => forecastPipeline([], bad));
    expect([...found].sort()).toEqual(
      [
        'unknown_key quotas',
        'invalid_period period',
        'invalid_instant asOf',
        'invalid_currency currency',
        'not_finite quota',
        'duplicate_id probabilities.order.1',
        'invalid_value includeOverdue',
        'fraction_out_of_range levels.0',
      ].sort(),
    );
    // @ts-expect-error the cut is required
    expect(codes(() => forecastPipeline([], { pipeline: b2bPipeline, period: '2026-Q3', currency: 'USD' }))).toEqual(['missing_key asOf']);
    expect(codes(() => forecastPipeline([], { ...call, period: { start: '2026-07-01', endExclusive: '2026-07-01' } }))).toEqual(['empty_period period']);
  });
});

const stages = ['prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing', 'closed-won', 'closed-lost'] as const;
const anyDeals = fc
  .array(
    fc.record({
      stageId: fc.constantFrom(...stages),
      amount: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 400 }).map((n) => n * 250) }, { weight: 1, arbitrary: fc.constant(null) }),
      probability: fc.option(fc.integer({ min: 0, max: 100 }).map((n) => n / 100)),
      month: fc.integer({ min: 5, max: 11 }),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.map(({ stageId, amount, probability, month }, index) =>
      deal(`d${index}`, stageId, amount, {
        probability,
        ...(stageId.startsWith('closed') ? { closedOn: `2026-${String(month).padStart(2, '0')}-10` } : { expectedCloseOn: `2026-${String(month).padStart(2, '0')}-10` }),
      }),
    ),
  );

describe('properties', () => {
  it('weighted ≤ unweighted, the mean is Σ p a, categories add up and rise, and figures lie in their ranges', () => {
    fc.assert(
      fc.property(anyDeals, fc.integer({ min: 0, max: 4_000_000 }), (deals, quota) => {
        const forecast = forecastPipeline(deals, { ...call, quota });
        const { distribution, contributions, byCategory, byCategoryCumulative } = forecast;
        expect(forecast.weighted).toBeLessThanOrEqual(forecast.unweighted + 1e-9);
        expect(forecast.expected).toBeCloseTo(forecast.closedWon + contributions.reduce((sum, { amount, probability }) => sum + amount * probability, 0), 4);
        expect(forecast.expected).toBeCloseTo(forecast.closedWon + forecast.weighted, 4);
        expect(Object.values(byCategory).reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(forecast.closedWon + forecast.unweighted, 4);
        expect(byCategoryCumulative['pipeline']).toBeCloseTo(forecast.unweighted, 4);
        const rising = ['closed', 'commit', 'most-likely', 'best-case'].map((category) => byCategoryCumulative[category] ?? Number.NaN);
        expect(rising).toEqual([...rising].sort((a, b) => a - b));
        expect(distribution.minimum).toBeCloseTo(forecast.closedWon + contributions.filter(({ probability }) => probability === 1).reduce((sum, { amount }) => sum + amount, 0), 6);
        expect(distribution.p10).toBeLessThanOrEqual(distribution.p50);
        expect(distribution.p50).toBeLessThanOrEqual(distribution.p90);
        expect(distribution.p90).toBeLessThanOrEqual(distribution.maximum);
        expect(distribution.probabilityOfQuota).toBeGreaterThanOrEqual(0);
        for (const { toProbabilityOfQuota } of contributions) expect(toProbabilityOfQuota).toBeGreaterThanOrEqual(0);
        expect(forecast.counts.setAside).toBe(new Set(forecast.issues.map(({ path }) => path[0])).size);
      }),
      run,
    );
  });

  it('the order of the deals does not matter', () => {
    fc.assert(
      fc.property(anyDeals, (deals) => {
        const forward = forecastPipeline(deals, { ...call, quota: 500_000 });
        const backward = forecastPipeline([...deals].reverse(), { ...call, quota: 500_000 });
        const withoutPlace = ({ contributions, issues, ...rest }: PipelineForecast) => ({
          ...rest,
          contributions: contributions.map(({ index: _, ...entry }) => entry),
          issues: issues.map(({ code }) => code).sort(),
        });
        expect(withoutPlace(backward)).toEqual(withoutPlace(forward));
      }),
      run,
    );
  });

  it('what a deal adds to the probability of the quota is what removing it takes away', () => {
    fc.assert(
      fc.property(anyDeals, fc.integer({ min: 1, max: 40 }), (deals, quarter) => {
        const quota = quarter * 25_000;
        const forecast = forecastPipeline(deals, { ...call, quota });
        for (const { dealId, toProbabilityOfQuota } of forecast.contributions.slice(0, 3)) {
          const rest = forecastPipeline(
            deals.filter(({ id }) => id !== dealId),
            { ...call, quota },
          );
          expect(Math.abs((forecast.distribution.probabilityOfQuota ?? 9) - (rest.distribution.probabilityOfQuota ?? 0) - (toProbabilityOfQuota ?? 9))).toBeLessThan(1e-10);
        }
      }),
      { ...run, numRuns: 40 },
    );
  });

  it('several pipelines side by side', () => {
    const other = createDeal({ id: 's', pipelineId: 'salesforce', stageId: 'Needs Analysis', amount: money(100, 'USD'), expectedCloseOn: '2026-09-01' });
    const forecast = forecastPipeline([...three, other], { ...call, pipeline: [b2bPipeline, salesforcePipeline] });
    expect(forecast).toMatchObject({ unweighted: 65_100, weighted: 44_020, issues: [] });
  });
});
