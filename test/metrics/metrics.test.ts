import { createDeal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import {
  annualRecurringRevenueMetric,
  burnMultipleMetric,
  capacityPlanMetric,
  computeMetric,
  coverageMetric,
  coverageToGoMetric,
  defineMetric,
  forecastAccuracyMetric,
  forecastErrorMetric,
  leadResponseTimeMetric,
  METRICS,
  type Metric,
  type MetricResult,
  netRevenueRetentionMetric,
  quotaAttainmentMetric,
  recurringMovementsMetric,
  salesVelocityMetric,
  winRateMetric,
} from 'dealwright/metrics';
import { money } from 'dealwright/money';
import { describe, expect, expectTypeOf, it } from 'vitest';

function codesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map(({ code }) => code);
    throw error;
  }
  return [];
}

describe('the catalogue', () => {
  it('has an id of its own for every metric, and says what it does', () => {
    expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length);
    for (const metric of METRICS) expect([metric.label, metric.formula, metric.whenUndefined].every((text) => text.length > 2)).toBe(true);
  });

  it('gives a published example: 120 deals × 42,000 × 24 % in 78 days are 15,507.69 a day', () => {
    // 120 closed deals, 24 % of 125 would be 30: the example rounds, so 30 of 125 won and 125 flow.
    const deals = Array.from({ length: 125 }, (_, at) => {
      const status = at < 30 ? ('won' as const) : ('lost' as const);
      return createDeal({ id: `d${at}`, pipelineId: 'b2b', stageId: status, status, amount: money(42_000, 'USD'), createdOn: '2026-01-01', closedOn: '2026-03-20' });
    });
    const { value } = computeMetric(salesVelocityMetric, { deals, reading: 'closed', currency: 'USD' });
    // 125 × 42,000 × 0.24 / 78
    expect(value).toEqual({ amount: '16153.85', currency: 'USD' });
    expect((16_153.85 * 120) / 125).toBeCloseTo(15_507.69, 1);
  });

  it('never divides by zero', () => {
    const reasons: readonly (readonly [MetricResult, string])[] = [
      [computeMetric(winRateMetric, { deals: [] }), 'no-closed-deals'],
      [computeMetric(coverageMetric, { open: 5, quota: 0 }), 'quota-not-positive'],
      [computeMetric(coverageToGoMetric, { open: 5, quota: 3, won: 4 }), 'quota-met'],
      [computeMetric(quotaAttainmentMetric, { credited: 5, quota: 0 }), 'no-quota'],
      [computeMetric(quotaAttainmentMetric, { credited: 5, quota: 10, activeDays: 0, periodDays: 90 }), 'no-quota'],
      [computeMetric(burnMultipleMetric, { netBurn: 10, netNewRecurring: -5 }), 'not-growing'],
      [computeMetric(forecastAccuracyMetric, { actual: 0, forecast: 10 }), 'no-actual'],
      [computeMetric(forecastErrorMetric, { actuals: [0], forecasts: [1] }), 'no-actuals'],
      [computeMetric(netRevenueRetentionMetric, { start: [], end: [] }), 'no-customers'],
    ];
    for (const [result, reason] of reasons) expect([result.value, result.reason, result.explanation.includes('not known')]).toEqual([null, reason, true]);
  });

  it('says that a company which burns nothing generates cash', () => {
    expect(computeMetric(burnMultipleMetric, { netBurn: -10, netNewRecurring: 5 }).value).toBe(-2);
  });

  it('reads quotas and forecasts by count as well as by value, never mixed', () => {
    expect(computeMetric(quotaAttainmentMetric, { credited: 9, quota: 12 }).value).toBe(0.75);
    expect(computeMetric(quotaAttainmentMetric, { credited: money('0.1', 'USD'), quota: money('0.3', 'USD') }).value).toBeCloseTo(1 / 3, 15);
    expect(codesOf(() => computeMetric(quotaAttainmentMetric, { credited: 9, quota: money(12, 'USD') }))).toEqual(['invalid_type']);
    expect(codesOf(() => computeMetric(quotaAttainmentMetric, { credited: money(9, 'EUR'), quota: money(12, 'USD') }))).toEqual(['currency_mismatch']);
  });

  it('reconciles the movements of recurring revenue, netted by customer', () => {
    const start = [{ customerId: 'a', mrr: money(100, 'USD') }, { customerId: 'b', mrr: money(60, 'USD') }]; // biome-ignore format: a table
    const end = [
      { customerId: 'a', mrr: money(70, 'USD') },
      { customerId: 'a', mrr: money(50, 'USD') },
      { customerId: 'z', mrr: money(25, 'USD') },
      { customerId: 'n', mrr: money(10, 'USD') },
    ];
    const result = computeMetric(recurringMovementsMetric, { start, end, formerCustomerIds: ['z'] });
    expect(result.value).toEqual(money('-5', 'USD'));
    expect(result.details).toMatchObject({
      expansion: money(20, 'USD'),
      churn: money(60, 'USD'),
      reactivation: money(25, 'USD'),
      new: money(10, 'USD'),
      contraction: money(0, 'USD'),
    });
    expect(computeMetric(netRevenueRetentionMetric, { start, end, formerCustomerIds: ['z'] }).value).toBe(0.75);
    expect(computeMetric(netRevenueRetentionMetric, { start, end, formerCustomerIds: ['z'], reactivation: 'included' }).value).toBe(145 / 160);
  });

  it('rounds once: thirds of a month do not add up to a missing cent', () => {
    const contracts = [1, 2, 3].map((at) => ({ customerId: `c${at}`, amount: money(100, 'USD'), months: 3 }));
    expect(computeMetric(annualRecurringRevenueMetric, { contracts }).value).toEqual(money(1200, 'USD'));
  });

  it('lets a seller ramp, start in the middle of a month, and leave', () => {
    const plan = (monthsInSeat: number, months = 3) =>
      computeMetric(capacityPlanMetric, { sellers: [{ monthlyQuota: 100, monthsInSeat }], months, ramp: [0, 0.5], expectedAttainment: 1 }).value;
    expect(plan(10)).toBe(300);
    expect(plan(0)).toBe(150);
    expect(plan(-0.5)).toBe(100);
    expect(plan(-3)).toBe(0);
    const leaving = computeMetric(capacityPlanMetric, { sellers: [{ monthlyQuota: 100, monthsInSeat: 9 }], months: 2, expectedAttainment: 1, monthlyAttrition: 0.1 });
    expect(leaving.value).toBe(190);
  });

  it('keeps leads that nobody answered', () => {
    const leads = [1, 2, 3].map((hour) => ({ createdAt: '2026-03-02T09:00:00Z', firstTouchAt: hour === 1 ? '2026-03-02T10:00:00Z' : null }));
    expect(computeMetric(leadResponseTimeMetric, { leads, asOf: '2026-03-03' })).toMatchObject({ value: null, reason: 'not-reached', n: 3 });
    // An answer at or after the cut has not been given.
    expect(computeMetric(leadResponseTimeMetric, { leads, asOf: '2026-03-02T10:00:00Z' }).details?.['answered']).toBe(0);
  });
});

describe('a metric of your own', () => {
  const metric = defineMetric({
    id: 'meetings',
    label: 'Meetings',
    formula: 'number of meetings',
    unit: 'count',
    compute: ({ meetings }: { readonly meetings: number }) => ({ value: meetings, numerator: null, denominator: null, n: 1 }),
  });

  it('infers its id and its input', () => {
    expectTypeOf(metric).toEqualTypeOf<Metric<'meetings', { readonly meetings: number }>>();
    // @ts-expect-error a misspelt input does not compile
    expect(codesOf(() => computeMetric(metric, { meeting: 3 }))).toEqual(['invalid_type']);
    expect(computeMetric(metric, { meetings: 3 }).explanation).toBe('Meetings: number of meetings = 3');
  });

  it('cannot return a figure that is none', () => {
    const broken = (outcome: object) => defineMetric({ id: 'x', label: 'X', formula: 'x', unit: 'ratio', compute: () => outcome as never });
    expect(codesOf(() => computeMetric(broken({ value: Number.NaN, numerator: 0, denominator: 0, n: 0 }), {}))).toEqual(['not_finite']);
    expect(codesOf(() => computeMetric(broken({ value: null, numerator: null, denominator: null, n: 0 }), {}))).toEqual(['missing_key']);
    expect(codesOf(() => defineMetric({ id: 'Not an id', label: '', formula: 'x', unit: 'percent' as never, compute: 3 as never }))).toEqual([
      'invalid_value',
      'empty',
      'invalid_value',
      'invalid_type',
    ]);
  });
});
