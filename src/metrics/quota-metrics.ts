import { EXACT_ZERO, exactDivide, exactFromScaled, exactMultiply, exactSign, exactSubtract, exactSum, exactToNumber } from '../decimal/exact.js';
import { checkFraction, checkList, checkNumber, checkRecord } from '../errors/checks.js';
import { quantile } from '../stats/quantile.js';
import { amountOf, figureOf, finishReading, fractionOf, type MetricAmount, numberOf, optionalAmountOf, quotientOf, readAmount, readInput, shareOf } from './figures.js';
import { defineMetric, type Metric, type MetricOutcome } from './metric.js';

/**
 * Input of {@link coverageMetric}.
 *
 * @category metrics
 */
export interface CoverageInput {
  /** Open pipeline that is expected to close in the period. */
  readonly open: MetricAmount;
  /** The quota of the period. */
  readonly quota: MetricAmount;
}

/**
 * Pipeline coverage: open / quota, by value or by number of deals.
 *
 * @example
 * ```ts
 * import { computeMetric, coverageMetric } from 'dealwright/metrics';
 * computeMetric(coverageMetric, { open: 900, quota: 300 }).value; // => 3
 * ```
 * @category metrics
 */
export const coverageMetric: Metric<'coverage', CoverageInput> = /* @__PURE__ */ defineMetric({
  id: 'coverage',
  label: 'Pipeline coverage',
  formula: 'open pipeline / quota',
  unit: 'times',
  whenUndefined: 'null, "quota-not-positive"',
  compute: (input: CoverageInput): MetricOutcome => {
    const reader = readInput(input, ['open', 'quota']);
    const [open, quota] = [amountOf(reader, 'open'), amountOf(reader, 'quota')];
    finishReading(reader);
    return quotientOf(reader, open, quota, { n: 1, reason: 'quota-not-positive' });
  },
});

/**
 * Input of {@link coverageToGoMetric}.
 *
 * @category metrics
 */
export interface CoverageToGoInput {
  /** Open pipeline that is expected to close in the period. */
  readonly open: MetricAmount;
  /** The quota of the period. */
  readonly quota: MetricAmount;
  /** What was won in the period so far. */
  readonly won: MetricAmount;
}

/**
 * Coverage of what is left of the quota: open / (quota − won).
 *
 * @example
 * ```ts
 * import { computeMetric, coverageToGoMetric } from 'dealwright/metrics';
 * computeMetric(coverageToGoMetric, { open: 900, quota: 500, won: 200 }).value; // => 3
 * computeMetric(coverageToGoMetric, { open: 900, quota: 500, won: 500 }).reason; // => 'quota-met'
 * ```
 * @category metrics
 */
export const coverageToGoMetric: Metric<'coverage-to-go', CoverageToGoInput> = /* @__PURE__ */ defineMetric({
  id: 'coverage-to-go',
  label: 'Coverage to go',
  formula: 'open pipeline / (quota − won)',
  unit: 'times',
  whenUndefined: 'null, "quota-not-positive" or "quota-met"',
  compute: (input: CoverageToGoInput): MetricOutcome => {
    const reader = readInput(input, ['open', 'quota', 'won']);
    const [open, quota, won] = [amountOf(reader, 'open'), amountOf(reader, 'quota'), amountOf(reader, 'won')];
    finishReading(reader);
    return quotientOf(reader, open, exactSubtract(quota, won), { n: 1, reason: exactSign(quota) <= 0 ? 'quota-not-positive' : 'quota-met' });
  },
});

/**
 * Input of {@link requiredPipelineMetric}.
 *
 * @category metrics
 */
export interface RequiredPipelineInput {
  /** The quota of the period. */
  readonly quota: MetricAmount;
  /** What was won in the period so far. */
  readonly won: MetricAmount;
  /** Share of the pipeline that is won in the period, 0 to 1. */
  readonly conversion: number;
}

/**
 * Required pipeline: max(0, quota − won) / conversion. The conversion should be by value and from the same point of a period.
 *
 * @example
 * ```ts
 * import { computeMetric, requiredPipelineMetric } from 'dealwright/metrics';
 * computeMetric(requiredPipelineMetric, { quota: 500, won: 200, conversion: 0.25 }).value; // => 1200
 * ```
 * @category metrics
 */
export const requiredPipelineMetric: Metric<'required-pipeline', RequiredPipelineInput> = /* @__PURE__ */ defineMetric({
  id: 'required-pipeline',
  label: 'Required pipeline',
  formula: 'gap / conversion',
  unit: 'amount',
  whenUndefined: 'null, "no-conversion", if the conversion is zero',
  compute: (input: RequiredPipelineInput): MetricOutcome => {
    const reader = readInput(input, ['quota', 'won', 'conversion']);
    const left = exactSubtract(amountOf(reader, 'quota'), amountOf(reader, 'won'));
    const conversion = fractionOf(reader, 'conversion');
    finishReading(reader);
    return shareOf(reader, exactSign(left) > 0 ? left : EXACT_ZERO, conversion, { n: 1, reason: 'no-conversion' });
  },
});

/**
 * Input of {@link quotaAttainmentMetric}.
 *
 * @category metrics
 */
export interface QuotaAttainmentInput {
  /** What is credited. */
  readonly credited: MetricAmount;
  /** The quota of the whole period. */
  readonly quota: MetricAmount;
  /** Days in which the payee was active; with `periodDays`. */
  readonly activeDays?: number;
  /** Days of the period; with `activeDays`. */
  readonly periodDays?: number;
}

/**
 * Quota attainment: credited / quota, the quota prorated by active days. By value or by number of deals; above 1 is possible.
 *
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * import { computeMetric, quotaAttainmentMetric } from 'dealwright/metrics';
 * computeMetric(quotaAttainmentMetric, { credited: money(150, 'USD'), quota: money(400, 'USD'), activeDays: 46, periodDays: 92 }).value; // => 0.75
 * ```
 * @category metrics
 */
export const quotaAttainmentMetric: Metric<'quota-attainment', QuotaAttainmentInput> = /* @__PURE__ */ defineMetric({
  id: 'quota-attainment',
  label: 'Quota attainment',
  formula: 'credited / prorated quota',
  unit: 'ratio',
  choices: [{ name: 'activeDays, periodDays', default: 'the whole quota', meaning: 'prorates the quota by active days' }],
  whenUndefined: 'null, "no-quota"',
  compute: (input: QuotaAttainmentInput): MetricOutcome => {
    const reader = readInput(input, ['credited', 'quota', 'activeDays', 'periodDays']);
    const [credited, quota] = [amountOf(reader, 'credited'), amountOf(reader, 'quota')];
    const isProrated = reader.record['activeDays'] !== undefined || reader.record['periodDays'] !== undefined;
    const periodDays = isProrated ? numberOf(reader, 'periodDays', { min: 1, max: 100_000, integer: true }) : 1;
    const activeDays = isProrated ? numberOf(reader, 'activeDays', { min: 0, max: periodDays, integer: true }) : 1;
    finishReading(reader);
    // Multiplied out, so that nothing is rounded before the quotient.
    const outcome = quotientOf(reader, exactMultiply(credited, exactFromScaled(periodDays, 0)), exactMultiply(quota, exactFromScaled(activeDays, 0)), { n: 1, reason: 'no-quota' });
    const prorated = exactSign(quota) > 0 ? exactDivide(exactMultiply(quota, exactFromScaled(activeDays, 0)), exactFromScaled(periodDays, 0), { scale: 12 }) : quota;
    return { ...outcome, numerator: figureOf(reader, credited), denominator: figureOf(reader, prorated) };
  },
});

/**
 * Input of {@link attainmentDistributionMetric}.
 *
 * @category metrics
 */
export interface AttainmentDistributionInput {
  /** Attainment of each payee; 1 is 100 %. */
  readonly attainments: readonly number[];
  /** From which attainment on. Default 1. */
  readonly threshold?: number;
}

/**
 * Attainment distribution: the share of payees at or above 100 %, with quartiles under `details`.
 *
 * @example
 * ```ts
 * import { computeMetric, attainmentDistributionMetric } from 'dealwright/metrics';
 * const result = computeMetric(attainmentDistributionMetric, { attainments: [0.5, 0.9, 1, 1.6] });
 * [result.value, result.details?.median]; // => [0.5, 0.95]
 * ```
 * @category metrics
 */
export const attainmentDistributionMetric: Metric<'attainment-distribution', AttainmentDistributionInput> = /* @__PURE__ */ defineMetric({
  id: 'attainment-distribution',
  label: 'Share at quota',
  formula: 'payees at or above the threshold / payees',
  unit: 'ratio',
  choices: [{ name: 'threshold', default: '1', meaning: 'from which attainment on a payee counts' }],
  whenUndefined: 'null, "no-payees"',
  compute: (input: AttainmentDistributionInput): MetricOutcome => {
    const reader = readInput(input, ['attainments', 'threshold']);
    const threshold = reader.record['threshold'] === undefined ? 1 : numberOf(reader, 'threshold', { min: 0 });
    const list = checkList(reader.record['attainments'], ['input', 'attainments'], reader.issues) ?? [];
    const values = list
      .slice(0, 1_000_000)
      .map((entry, at) => (reader.issues.length > 100 ? 0 : (checkNumber(entry, ['input', 'attainments', at], reader.issues, { min: 0 }) ?? 0)));
    finishReading(reader);
    const numerator = values.filter((value) => value >= threshold).length;
    const parts = { numerator, denominator: values.length, n: values.length };
    if (values.length === 0) return { value: null, ...parts, reason: 'no-payees' };
    return { value: numerator / values.length, ...parts, details: { lowerQuartile: quantile(values, 0.25), median: quantile(values, 0.5), upperQuartile: quantile(values, 0.75) } };
  },
});

/**
 * Input of {@link overAssignmentMetric}.
 *
 * @category metrics
 */
export interface OverAssignmentInput {
  /** The quota of each payee. */
  readonly quotas: readonly MetricAmount[];
  /** The target of the company. */
  readonly target: MetricAmount;
}

/**
 * Over-assignment: Σ quotas / company target.
 *
 * @example
 * ```ts
 * import { computeMetric, overAssignmentMetric } from 'dealwright/metrics';
 * computeMetric(overAssignmentMetric, { quotas: [500, 700], target: 1000 }).value; // => 1.2
 * ```
 * @category metrics
 */
export const overAssignmentMetric: Metric<'over-assignment', OverAssignmentInput> = /* @__PURE__ */ defineMetric({
  id: 'over-assignment',
  label: 'Over-assignment',
  formula: 'sum of quotas / company target',
  unit: 'times',
  whenUndefined: 'null, "no-target"',
  compute: (input: OverAssignmentInput): MetricOutcome => {
    const reader = readInput(input, ['quotas', 'target']);
    const target = amountOf(reader, 'target');
    const list = checkList(reader.record['quotas'], ['input', 'quotas'], reader.issues) ?? [];
    const quotas = list.slice(0, 1_000_000).map((quota, at) => (reader.issues.length > 100 ? EXACT_ZERO : readAmount(reader, quota, ['input', 'quotas', at])));
    finishReading(reader);
    return quotientOf(reader, exactSum(quotas), target, { n: quotas.length, reason: 'no-target' });
  },
});

/**
 * Input of {@link capacityPlanMetric}.
 *
 * @category metrics
 */
export interface CapacityPlanInput {
  /** Each seller: monthly quota, and months in the seat today; negative for one who starts later (−0.5: in half a month). */
  readonly sellers: readonly { readonly monthlyQuota: MetricAmount; readonly monthsInSeat: number }[];
  /** How many months ahead. */
  readonly months: number;
  /** Productivity in the first, second, … month in the seat, 0 to 1; full afterwards. Default full at once. */
  readonly ramp?: readonly number[];
  /** Attainment to be expected of a ramped seller; 1 is 100 %. */
  readonly expectedAttainment: number;
  /** Probability that a seller leaves in a month. Default 0. */
  readonly monthlyAttrition?: number;
  /** If given, `details.ofTarget` is capacity / target. */
  readonly target?: MetricAmount;
}

/**
 * Sales capacity of the coming months: Σ over sellers and months of monthly quota × ramp × expected attainment × (1 − monthly attrition)^month. A seller who starts within a month counts for the rest of it.
 *
 * @example
 * ```ts
 * import { computeMetric, capacityPlanMetric } from 'dealwright/metrics';
 * const sellers = [{ monthlyQuota: 100, monthsInSeat: 12 }, { monthlyQuota: 100, monthsInSeat: -0.5 }];
 * computeMetric(capacityPlanMetric, { sellers, months: 2, ramp: [0, 0.5], expectedAttainment: 0.8 }).value; // ~> 180
 * ```
 * @category metrics
 */
export const capacityPlanMetric: Metric<'capacity-plan', CapacityPlanInput> = /* @__PURE__ */ defineMetric({
  id: 'capacity-plan',
  label: 'Sales capacity',
  formula: 'Σ quota × ramp(month in seat) × expected attainment × P(still employed)',
  unit: 'amount',
  choices: [
    { name: 'ramp', default: 'full from the first month', meaning: 'productivity by month in the seat, then full' },
    { name: 'monthlyAttrition', default: '0', meaning: 'probability of leaving, per month' },
  ],
  whenUndefined: 'null, "no-sellers"',
  compute: (input: CapacityPlanInput): MetricOutcome => {
    const reader = readInput(input, ['sellers', 'months', 'ramp', 'expectedAttainment', 'monthlyAttrition', 'target']);
    const { record, issues } = reader;
    const months = numberOf(reader, 'months', { min: 1, max: 600, integer: true });
    const attainment = numberOf(reader, 'expectedAttainment', { min: 0, max: 100 });
    const attrition = record['monthlyAttrition'] === undefined ? 0 : fractionOf(reader, 'monthlyAttrition');
    const ramp = (record['ramp'] === undefined ? [] : (checkList(record['ramp'], ['input', 'ramp'], issues) ?? []))
      .slice(0, 600)
      .map((step, at) => checkFraction(step, ['input', 'ramp', at], issues) ?? 0);
    const sellers = (checkList(record['sellers'], ['input', 'sellers'], issues) ?? []).slice(0, 100_000).map((entry, at) => {
      const seller = issues.length > 100 ? undefined : checkRecord(entry, ['input', 'sellers', at], issues, '{ monthlyQuota, monthsInSeat }');
      const quota = seller === undefined ? EXACT_ZERO : readAmount(reader, seller['monthlyQuota'], ['input', 'sellers', at, 'monthlyQuota']);
      const seat = seller === undefined ? 0 : (checkNumber(seller['monthsInSeat'], ['input', 'sellers', at, 'monthsInSeat'], issues, { min: -600, max: 1_200 }) ?? 0);
      return { quota, seat };
    });
    const target = optionalAmountOf(reader, 'target');
    finishReading(reader);
    const parts = sellers.map(({ quota, seat }) => {
      let share = 0;
      for (let month = 0; month < months; month += 1) share += rampWithin(seat + month, ramp) * (1 - attrition) ** month;
      return exactMultiply(quota, exactFromScaled(Math.round(share * attainment * 1e9), 9));
    });
    const capacity = exactSum(parts);
    const value = figureOf(reader, capacity, true);
    const ratio = target === undefined || exactSign(target) <= 0 ? null : exactToNumber(exactDivide(capacity, target, { scale: 20 }));
    return sellers.length === 0
      ? { value: null, numerator: null, denominator: null, n: 0, reason: 'no-sellers' }
      : {
          value,
          numerator: null,
          denominator: null,
          n: sellers.length,
          details: { perMonth: figureOf(reader, exactDivide(capacity, exactFromScaled(months, 0), { scale: 2 })), ofTarget: ratio },
        };
  },
});

/** Mean productivity in the month that begins at a place on the ramp; before the first month there is none. */
function rampWithin(start: number, ramp: readonly number[]): number {
  let sum = 0;
  // Months in the seat that overlap it; a part of a month counts as that part.
  for (let month = Math.floor(start); month < start + 1; month += 1) {
    const overlap = Math.min(month + 1, start + 1) - Math.max(month, start);
    if (month >= 0) sum += overlap * (ramp[month] ?? 1);
  }
  return sum;
}
