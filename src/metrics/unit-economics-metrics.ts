import { exactAdd, exactFromScaled, exactMultiply, exactSubtract } from '../decimal/exact.js';
import { amountOf, figureOf, finishReading, fractionOf, type MetricAmount, numberOf, optionalAmountOf, quotientOf, readInput, shareOf } from './figures.js';
import { defineMetric, type Metric, type MetricOutcome } from './metric.js';

/**
 * Input of {@link customerAcquisitionCostMetric}.
 *
 * @category metrics
 */
export interface CustomerAcquisitionCostInput {
  /** Cost of sales and marketing. */
  readonly cost: MetricAmount;
  /** Customers won. */
  readonly newCustomers: number;
}

/**
 * CAC: sales and marketing cost / new customers. To allow for a lag, pass the cost of an earlier period.
 *
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * import { computeMetric, customerAcquisitionCostMetric } from 'dealwright/metrics';
 * computeMetric(customerAcquisitionCostMetric, { cost: money(90000, 'USD'), newCustomers: 12 }).value; // => { amount: '7500.00', currency: 'USD' }
 * ```
 * @category metrics
 */
export const customerAcquisitionCostMetric: Metric<'customer-acquisition-cost', CustomerAcquisitionCostInput> = /* @__PURE__ */ defineMetric({
  id: 'customer-acquisition-cost',
  label: 'Customer acquisition cost',
  formula: 'sales and marketing cost / new customers',
  unit: 'amount',
  choices: [{ name: 'cost', default: 'required', meaning: 'of the same period, or of an earlier one to allow for a lag' }],
  whenUndefined: 'null, "no-new-customers"',
  compute: (input: CustomerAcquisitionCostInput): MetricOutcome => {
    const reader = readInput(input, ['cost', 'newCustomers']);
    const cost = amountOf(reader, 'cost');
    const customers = numberOf(reader, 'newCustomers', { min: 0, max: 1e12, integer: true });
    finishReading(reader);
    return shareOf(reader, cost, customers, { n: customers, reason: 'no-new-customers' });
  },
});

/**
 * Input of {@link lifetimeValueMetric}.
 *
 * @category metrics
 */
export interface LifetimeValueInput {
  /** Average revenue per account and month. */
  readonly monthlyRevenuePerAccount: MetricAmount;
  /** Gross margin, 0 to 1. */
  readonly grossMargin: number;
  /** Share of accounts lost per month, 0 to 1. */
  readonly monthlyChurn: number;
  /** Cap of the lifetime in months. Default none. */
  readonly horizonMonths?: number;
}

/**
 * LTV: monthly revenue per account × gross margin / monthly churn. Without churn there is no bound, unless a horizon is set.
 *
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * import { computeMetric, lifetimeValueMetric } from 'dealwright/metrics';
 * computeMetric(lifetimeValueMetric, { monthlyRevenuePerAccount: money(500, 'USD'), grossMargin: 0.8, monthlyChurn: 0.02 }).value; // => { amount: '20000.00', currency: 'USD' }
 * computeMetric(lifetimeValueMetric, { monthlyRevenuePerAccount: 500, grossMargin: 0.8, monthlyChurn: 0 }).reason; // => 'no-churn'
 * ```
 * @category metrics
 */
export const lifetimeValueMetric: Metric<'lifetime-value', LifetimeValueInput> = /* @__PURE__ */ defineMetric({
  id: 'lifetime-value',
  label: 'Customer lifetime value',
  formula: 'revenue per account × gross margin / churn',
  unit: 'amount',
  choices: [{ name: 'horizonMonths', default: 'none', meaning: 'caps the lifetime' }],
  whenUndefined: 'null, "no-churn": unbounded, unless a horizon is set',
  compute: (input: LifetimeValueInput): MetricOutcome => {
    const reader = readInput(input, ['monthlyRevenuePerAccount', 'grossMargin', 'monthlyChurn', 'horizonMonths']);
    const revenue = amountOf(reader, 'monthlyRevenuePerAccount');
    const [margin, churn] = [fractionOf(reader, 'grossMargin'), fractionOf(reader, 'monthlyChurn')];
    const horizon = reader.record['horizonMonths'] === undefined ? undefined : numberOf(reader, 'horizonMonths', { min: 1, max: 1_200, integer: true });
    finishReading(reader);
    const profit = exactMultiply(revenue, exactFromScaled(Math.round(margin * 1e9), 9));
    if (horizon === undefined) return shareOf(reader, profit, churn, { n: 1, reason: 'no-churn' });
    // Σ (1 − c)^k over the months of the horizon.
    const months = churn === 0 ? horizon : (1 - (1 - churn) ** horizon) / churn;
    return { value: figureOf(reader, exactMultiply(profit, exactFromScaled(Math.round(months * 1e9), 9)), true), numerator: null, denominator: null, n: 1 };
  },
});

/**
 * Input of {@link ltvToCacMetric}.
 *
 * @category metrics
 */
export interface LtvToCacInput {
  /** LTV; `null` if not known. */
  readonly lifetimeValue: MetricAmount | null;
  /** CAC; `null` if not known. */
  readonly acquisitionCost: MetricAmount | null;
}

/**
 * LTV / CAC.
 *
 * @example
 * ```ts
 * import { computeMetric, ltvToCacMetric } from 'dealwright/metrics';
 * computeMetric(ltvToCacMetric, { lifetimeValue: 20000, acquisitionCost: 5000 }).value; // => 4
 * computeMetric(ltvToCacMetric, { lifetimeValue: null, acquisitionCost: 5000 }).reason; // => 'no-lifetime-value'
 * ```
 * @category metrics
 */
export const ltvToCacMetric: Metric<'ltv-to-cac', LtvToCacInput> = /* @__PURE__ */ defineMetric({
  id: 'ltv-to-cac',
  label: 'LTV to CAC',
  formula: 'lifetime value / acquisition cost',
  unit: 'times',
  whenUndefined: 'null, if either is not known or the cost is zero',
  compute: (input: LtvToCacInput): MetricOutcome => {
    const reader = readInput(input, ['lifetimeValue', 'acquisitionCost']);
    const missing = reader.record['lifetimeValue'] === null ? 'no-lifetime-value' : reader.record['acquisitionCost'] === null ? 'no-acquisition-cost' : undefined;
    if (missing !== undefined) return { value: null, numerator: null, denominator: null, n: 0, reason: missing };
    const [value, cost] = [amountOf(reader, 'lifetimeValue'), amountOf(reader, 'acquisitionCost')];
    finishReading(reader);
    return quotientOf(reader, value, cost, { n: 1, reason: 'no-acquisition-cost' });
  },
});

/**
 * Input of {@link cacPaybackMetric}.
 *
 * @category metrics
 */
export interface CacPaybackInput {
  /** CAC. */
  readonly acquisitionCost: MetricAmount;
  /** Average revenue per account and month. */
  readonly monthlyRevenuePerAccount: MetricAmount;
  /** Gross margin; at most 1. */
  readonly grossMargin: number;
}

/**
 * CAC payback in months.
 *
 * @example
 * ```ts
 * import { computeMetric, cacPaybackMetric } from 'dealwright/metrics';
 * computeMetric(cacPaybackMetric, { acquisitionCost: 6000, monthlyRevenuePerAccount: 500, grossMargin: 0.8 }).value; // => 15
 * ```
 * @category metrics
 */
export const cacPaybackMetric: Metric<'cac-payback', CacPaybackInput> = /* @__PURE__ */ defineMetric({
  id: 'cac-payback',
  label: 'CAC payback',
  formula: 'acquisition cost / (monthly revenue per account × gross margin)',
  unit: 'months',
  whenUndefined: 'null, "no-contribution", if an account earns nothing',
  compute: (input: CacPaybackInput): MetricOutcome => {
    const reader = readInput(input, ['acquisitionCost', 'monthlyRevenuePerAccount', 'grossMargin']);
    const [cost, revenue] = [amountOf(reader, 'acquisitionCost'), amountOf(reader, 'monthlyRevenuePerAccount')];
    const margin = numberOf(reader, 'grossMargin', { min: -100, max: 1 });
    finishReading(reader);
    return quotientOf(reader, cost, exactMultiply(revenue, exactFromScaled(Math.round(margin * 1e9), 9)), { n: 1, reason: 'no-contribution' });
  },
});

/**
 * Input of {@link magicNumberMetric}.
 *
 * @category metrics
 */
export interface MagicNumberInput {
  /** Revenue of the quarter. */
  readonly revenue?: MetricAmount;
  /** Revenue of the quarter before. */
  readonly previousRevenue?: MetricAmount;
  /** Net new ARR, instead of the two revenues. */
  readonly netNewRecurring?: MetricAmount;
  /** Sales and marketing cost of the quarter before. */
  readonly previousCost: MetricAmount;
}

/**
 * Magic number: annualized growth of quarterly revenue per unit of sales and marketing cost of the quarter before. Or, with `netNewRecurring`, net new ARR / that cost.
 *
 * @example
 * ```ts
 * import { computeMetric, magicNumberMetric } from 'dealwright/metrics';
 * computeMetric(magicNumberMetric, { revenue: 1100, previousRevenue: 1000, previousCost: 500 }).value; // => 0.8
 * computeMetric(magicNumberMetric, { netNewRecurring: 300, previousCost: 500 }).value; // => 0.6
 * ```
 * @category metrics
 */
export const magicNumberMetric: Metric<'magic-number', MagicNumberInput> = /* @__PURE__ */ defineMetric({
  id: 'magic-number',
  label: 'Magic number',
  formula: '(revenue − revenue of the quarter before) × 4 / sales and marketing cost of the quarter before',
  unit: 'times',
  choices: [{ name: 'netNewRecurring', default: 'none', meaning: 'net new ARR instead of four times the growth of revenue' }],
  whenUndefined: 'null, "no-cost"',
  compute: (input: MagicNumberInput): MetricOutcome => {
    const reader = readInput(input, ['revenue', 'previousRevenue', 'netNewRecurring', 'previousCost']);
    const cost = amountOf(reader, 'previousCost');
    const net = optionalAmountOf(reader, 'netNewRecurring');
    const growth = net ?? exactMultiply(exactSubtract(amountOf(reader, 'revenue'), amountOf(reader, 'previousRevenue')), exactFromScaled(4, 0));
    finishReading(reader);
    return quotientOf(reader, growth, cost, { n: 1, reason: 'no-cost' });
  },
});

/**
 * Input of {@link burnMultipleMetric}.
 *
 * @category metrics
 */
export interface BurnMultipleInput {
  /** Cash spent less cash earned; negative if cash was generated. */
  readonly netBurn: MetricAmount;
  /** Net new ARR. */
  readonly netNewRecurring: MetricAmount;
}

/**
 * Burn multiple: net burn / net new ARR. At or below zero it says that the company generates cash.
 *
 * @example
 * ```ts
 * import { computeMetric, burnMultipleMetric } from 'dealwright/metrics';
 * computeMetric(burnMultipleMetric, { netBurn: 300, netNewRecurring: 200 }).value; // => 1.5
 * computeMetric(burnMultipleMetric, { netBurn: 300, netNewRecurring: 0 }).reason; // => 'not-growing'
 * ```
 * @category metrics
 */
export const burnMultipleMetric: Metric<'burn-multiple', BurnMultipleInput> = /* @__PURE__ */ defineMetric({
  id: 'burn-multiple',
  label: 'Burn multiple',
  formula: 'net burn / net new ARR',
  unit: 'times',
  whenUndefined: 'null, "not-growing", if net new ARR is zero or less',
  compute: (input: BurnMultipleInput): MetricOutcome => {
    const reader = readInput(input, ['netBurn', 'netNewRecurring']);
    const [burn, net] = [amountOf(reader, 'netBurn'), amountOf(reader, 'netNewRecurring')];
    finishReading(reader);
    return quotientOf(reader, burn, net, { n: 1, reason: 'not-growing' });
  },
});

/**
 * Input of {@link quickRatioMetric}.
 *
 * @category metrics
 */
export interface QuickRatioInput {
  /** New recurring revenue. */
  readonly new: MetricAmount;
  /** Expansion. */
  readonly expansion: MetricAmount;
  /** Contraction, as a positive amount. */
  readonly contraction: MetricAmount;
  /** Churn, as a positive amount. */
  readonly churn: MetricAmount;
}

/**
 * SaaS quick ratio.
 *
 * @example
 * ```ts
 * import { computeMetric, quickRatioMetric } from 'dealwright/metrics';
 * computeMetric(quickRatioMetric, { new: 300, expansion: 100, contraction: 40, churn: 60 }).value; // => 4
 * ```
 * @category metrics
 */
export const quickRatioMetric: Metric<'quick-ratio', QuickRatioInput> = /* @__PURE__ */ defineMetric({
  id: 'quick-ratio',
  label: 'Quick ratio',
  formula: '(new + expansion) / (contraction + churn)',
  unit: 'times',
  whenUndefined: 'null, "nothing-lost"',
  compute: (input: QuickRatioInput): MetricOutcome => {
    const reader = readInput(input, ['new', 'expansion', 'contraction', 'churn']);
    const gained = exactAdd(amountOf(reader, 'new'), amountOf(reader, 'expansion'));
    const lost = exactAdd(amountOf(reader, 'contraction'), amountOf(reader, 'churn'));
    finishReading(reader);
    return quotientOf(reader, gained, lost, { n: 1, reason: 'nothing-lost' });
  },
});

/**
 * Input of {@link ruleOf40Metric}.
 *
 * @category metrics
 */
export interface RuleOf40Input {
  /** Growth of revenue, a fraction: 0.3 is 30 %. */
  readonly growth: number;
  /** Profit margin, a fraction; at most 1. */
  readonly margin: number;
}

/**
 * Rule of 40: growth rate + profit margin, both as fractions; 0.4 is the rule.
 *
 * @example
 * ```ts
 * import { computeMetric, ruleOf40Metric } from 'dealwright/metrics';
 * computeMetric(ruleOf40Metric, { growth: 0.3, margin: 0.15 }).value; // ~> 0.45
 * ```
 * @category metrics
 */
export const ruleOf40Metric: Metric<'rule-of-40', RuleOf40Input> = /* @__PURE__ */ defineMetric({
  id: 'rule-of-40',
  label: 'Rule of 40',
  formula: 'growth + margin',
  unit: 'ratio',
  whenUndefined: 'always known',
  compute: (input: RuleOf40Input): MetricOutcome => {
    const reader = readInput(input, ['growth', 'margin']);
    const [growth, margin] = [numberOf(reader, 'growth', { min: -1, max: 1e6 }), numberOf(reader, 'margin', { min: -1e6, max: 1 })];
    finishReading(reader);
    return { value: growth + margin, numerator: null, denominator: null, n: 1, details: { meetsRule: growth + margin >= 0.4 - 1e-12 } };
  },
});
