import { isDomainError } from 'dealwright/errors';
import { computeMetric, defineMetric, METRICS, type Metric, type MetricResult } from 'dealwright/metrics';
import { b2bPipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealArbitrary, dealWithHistoryArbitrary } from '../pipelines/arbitraries.js';
import { anything, spoilt } from '../support/hostile-values.js';

const usd = (amount: string): object => ({ amount, currency: 'USD' });
const history = { pipeline: b2bPipeline, asOf: '2026-03-01', minimumDeals: 1 };
const customers = [{ customerId: 'a', mrr: usd('10') }, { customerId: 'b', mrr: usd('5') }]; // biome-ignore format: a table

/** A good input of every metric; those of deals get their deals below. */
const inputs: Readonly<Record<string, object>> = {
  'win-rate': { withoutLossReasons: ['x'], level: 0.9 },
  'win-rate-by-value': { currency: 'USD' },
  'cohort-win-rate': { ...history, horizonDays: 90 },
  'average-deal-size': { currency: 'USD', statistic: 'median' },
  'sales-cycle': { ...history, statistic: 'mean', from: 'stage-entry', stageId: 'demo' },
  'sales-velocity': { currency: 'USD', reading: 'open' },
  coverage: { open: usd('900'), quota: usd('300') },
  'coverage-to-go': { open: 900, quota: 500, won: 200 },
  'required-pipeline': { quota: usd('500'), won: usd('200'), conversion: 0.25 },
  'stage-conversion': { ...history, method: 'incidence', stageId: 'demo' },
  'stage-velocity': { ...history, stageId: 'demo' },
  'quota-attainment': { credited: 10, quota: 40, activeDays: 30, periodDays: 90 },
  'attainment-distribution': { attainments: [0.5, 1.2], threshold: 1 },
  'lead-response-time': { leads: [{ createdAt: '2026-02-01T10:00:00Z', firstTouchAt: '2026-02-02' }], asOf: '2026-03-01', businessHours: { fromHour: 9, toHour: 17 } },
  'activity-ratio': { effort: 10, result: 2 },
  'slip-rate': { pipeline: b2bPipeline, currency: 'USD', period: '2025-Q4', by: 'value' },
  'push-rate': { pipeline: b2bPipeline, currency: 'USD', asOf: '2026-01-01' },
  'pipeline-creation': { period: '2025', target: usd('1000') },
  'forecast-accuracy': { actual: usd('80'), forecast: usd('100') },
  'forecast-error': { actuals: [1, 2], forecasts: [2, 2] },
  'customer-acquisition-cost': { cost: usd('100'), newCustomers: 3 },
  'lifetime-value': { monthlyRevenuePerAccount: usd('10'), grossMargin: 0.8, monthlyChurn: 0.02, horizonMonths: 60 },
  'ltv-to-cac': { lifetimeValue: 100, acquisitionCost: null },
  'cac-payback': { acquisitionCost: 100, monthlyRevenuePerAccount: 5, grossMargin: 0.7 },
  'monthly-recurring-revenue': { contracts: [{ customerId: 'a', amount: usd('100'), months: 12, kind: 'recurring' }] },
  'annual-recurring-revenue': { contracts: [{ customerId: 'a', amount: usd('100'), months: 7 }] },
  'recurring-movements': { start: customers, end: customers.slice(1), formerCustomerIds: ['z'] },
  'net-revenue-retention': { start: customers, end: customers, reactivation: 'included' },
  'gross-revenue-retention': { start: customers, end: customers },
  'logo-churn': { startCustomers: 10, lostCustomers: 1, periodMonths: 3 },
  'magic-number': { revenue: 11, previousRevenue: 10, previousCost: 5 },
  'burn-multiple': { netBurn: 10, netNewRecurring: 5 },
  'quick-ratio': { new: 1, expansion: 2, contraction: 1, churn: 1 },
  'rule-of-40': { growth: 0.3, margin: 0.1 },
  'capacity-plan': { sellers: [{ monthlyQuota: usd('100'), monthsInSeat: 2 }], months: 3, ramp: [0, 0.5], expectedAttainment: 0.8, monthlyAttrition: 0.02, target: usd('500') },
  'over-assignment': { quotas: [usd('1'), usd('2')], target: usd('2') },
};
const OF_DEALS = new Set(['win-rate', 'win-rate-by-value', 'cohort-win-rate', 'average-deal-size', 'sales-cycle', 'sales-velocity', 'stage-conversion', 'stage-velocity', 'slip-rate', 'push-rate', 'pipeline-creation']); // biome-ignore format: a list

function expectResult(result: MetricResult | undefined, metric: Metric): void {
  if (result === undefined) return;
  expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
  expect(result).toMatchObject({ metric: metric.id, unit: metric.unit });
  expect(result.explanation.startsWith(metric.label)).toBe(true);
  expect('value' in result && 'numerator' in result && 'denominator' in result && 'n' in result).toBe(true);
  if (result.value === null) expect(typeof result.reason).toBe('string');
  else expect(result.reason).toBeUndefined();
}

function attempt(metric: Metric, input: unknown): MetricResult | undefined {
  try {
    return computeMetric(metric, input as never);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    return undefined;
  }
}

describe.each(METRICS.map((metric) => [metric.id, metric] as const))('%s', (id, metric) => {
  const input = inputs[id] ?? {};
  const deals = fc.array(fc.oneof(dealWithHistoryArbitrary, dealArbitrary), { maxLength: 8 });
  const whole = (list: unknown): object => (OF_DEALS.has(id) ? { deals: list, ...input } : input);

  it('is described, and made by the function that users call', () => {
    const { id: name, label, formula, unit, compute } = metric;
    expect(defineMetric({ id: name, label, formula, unit, choices: metric.choices, whenUndefined: metric.whenUndefined, compute })).toEqual(metric);
    expect(formula.length).toBeGreaterThan(4);
  });

  it('computes a good input, and any order of deals gives the same', () => {
    fc.assert(
      fc.property(deals, (list) => {
        const result = computeMetric(metric, whole(list) as never);
        expectResult(result, metric);
        expect(computeMetric(metric, whole([...list].reverse()) as never)).toEqual(result);
      }),
      { seed: 20260101, numRuns: OF_DEALS.has(id) ? 60 : 1 },
    );
  });

  it('gives a result or a DomainError for any other', () => {
    fc.assert(
      fc.property(deals, fc.oneof({ arbitrary: spoilt(input), weight: 6 }, anything), (list, wrong) => {
        const given = OF_DEALS.has(id) && typeof wrong === 'object' && wrong !== null && !Array.isArray(wrong) ? { deals: list, ...wrong } : wrong;
        expectResult(attempt(metric, given), metric);
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });
});
