import {
  EXACT_ZERO,
  type Exact,
  exactAdd,
  exactCompare,
  exactDivide,
  exactFromScaled,
  exactMin,
  exactMultiply,
  exactNegate,
  exactSign,
  exactSubtract,
  exactSum,
} from '../decimal/exact.js';
import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord } from '../errors/checks.js';
import { type FigureReader, figureOf, finishReading, type MetricAmount, numberOf, quotientOf, readAmount, readInput } from './figures.js';
import { defineMetric, type Metric, type MetricOutcome } from './metric.js';

/**
 * What a customer pays in a recurring way, per month.
 *
 * @category metrics
 */
export interface CustomerRecurring {
  /** The customer; several entries of one customer add up. */
  readonly customerId: string;
  /** Monthly recurring revenue. */
  readonly mrr: MetricAmount;
}

/**
 * Customers at the start and at the end of a month or year.
 *
 * @category metrics
 */
export interface RecurringChangeInput {
  /** Customers at the start. */
  readonly start: readonly CustomerRecurring[];
  /** Customers at the end. */
  readonly end: readonly CustomerRecurring[];
  /** Customers of earlier times: those among `end` but not `start` who were customers before are reactivated, not new. Default none. */
  readonly formerCustomerIds?: readonly string[];
}

/**
 * A contract, as recurring revenue is computed from it.
 *
 * @category metrics
 */
export interface RecurringContract {
  /** The customer. */
  readonly customerId: string;
  /** What is paid for one term. */
  readonly amount: MetricAmount;
  /** Length of the term in months: 12 for annual contracts. */
  readonly months: number;
  /** Only `recurring` (the default) counts; `one-off` and `trial` do not. */
  readonly kind?: 'recurring' | 'one-off' | 'trial';
}

/** Recurring revenue by customer, netted. */
function readCustomers(reader: FigureReader, name: string): ReadonlyMap<string, Exact> {
  const customers = new Map<string, Exact>();
  const list = checkList(reader.record[name], ['input', name], reader.issues) ?? [];
  for (let at = 0; at < list.length && reader.issues.length <= 100; at += 1) {
    const path = ['input', name, at];
    const entry = checkRecord(list[at], path, reader.issues, '{ customerId, mrr }');
    if (entry === undefined) continue;
    checkKeys(entry, ['customerId', 'mrr'], path, reader.issues);
    const id = checkId(entry['customerId'], [...path, 'customerId'], reader.issues);
    const mrr = readAmount(reader, entry['mrr'], [...path, 'mrr']);
    if (id !== undefined) customers.set(id, exactAdd(customers.get(id) ?? EXACT_ZERO, mrr));
  }
  return customers;
}

interface Movements {
  readonly reader: FigureReader;
  readonly start: Exact;
  readonly end: Exact;
  readonly fresh: Exact;
  readonly expansion: Exact;
  readonly contraction: Exact;
  readonly churn: Exact;
  readonly reactivation: Exact;
  /** Σ min(start, end) by customer. */
  readonly kept: Exact;
  readonly customers: number;
  readonly lost: number;
}

function readMovements(input: unknown, keys: readonly string[]): Movements {
  const reader = readInput(input, ['start', 'end', 'formerCustomerIds', ...keys]);
  const [start, end] = [readCustomers(reader, 'start'), readCustomers(reader, 'end')];
  const former = new Set<unknown>(
    reader.record['formerCustomerIds'] === undefined ? [] : (checkList(reader.record['formerCustomerIds'], ['input', 'formerCustomerIds'], reader.issues) ?? []),
  );
  let [fresh, expansion, contraction, churn, reactivation, kept] = [EXACT_ZERO, EXACT_ZERO, EXACT_ZERO, EXACT_ZERO, EXACT_ZERO, EXACT_ZERO];
  let customers = 0;
  let lost = 0;
  for (const id of new Set([...start.keys(), ...end.keys()])) {
    const before = start.get(id) ?? EXACT_ZERO;
    const after = end.get(id) ?? EXACT_ZERO;
    const change = exactSubtract(after, before);
    const [was, is] = [exactSign(before) > 0, exactSign(after) > 0];
    if (was) customers += 1;
    if (was && !is) {
      churn = exactAdd(churn, exactNegate(change));
      lost += 1;
    } else if (!was && is) {
      if (former.has(id)) reactivation = exactAdd(reactivation, change);
      else fresh = exactAdd(fresh, change);
    } else if (exactSign(change) > 0) expansion = exactAdd(expansion, change);
    else contraction = exactAdd(contraction, exactNegate(change));
    if (was) kept = exactAdd(kept, exactCompare(after, EXACT_ZERO) > 0 ? exactMin(before, after) : EXACT_ZERO);
  }
  const sum = (map: ReadonlyMap<string, Exact>): Exact => exactSum(map.values());
  return { reader, start: sum(start), end: sum(end), fresh, expansion, contraction, churn, reactivation, kept, customers, lost };
}

/**
 * Input of {@link monthlyRecurringRevenueMetric} and {@link annualRecurringRevenueMetric}.
 *
 * @category metrics
 */
export interface RecurringRevenueInput {
  /** The contracts that are active. */
  readonly contracts: readonly RecurringContract[];
}

/**
 * MRR: Σ amount / months over active recurring contracts, rounded once.
 *
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * import { computeMetric, monthlyRecurringRevenueMetric } from 'dealwright/metrics';
 * const contracts = [
 *   { customerId: 'a', amount: money(1200, 'USD'), months: 12 },
 *   { customerId: 'b', amount: money(500, 'USD'), months: 1, kind: 'one-off' as const },
 * ];
 * computeMetric(monthlyRecurringRevenueMetric, { contracts }).value; // => { amount: '100.00', currency: 'USD' }
 * ```
 * @category metrics
 */
export const monthlyRecurringRevenueMetric: Metric<'monthly-recurring-revenue', RecurringRevenueInput> = /* @__PURE__ */ defineMetric({
  id: 'monthly-recurring-revenue',
  label: 'MRR',
  formula: 'Σ amount of recurring contracts / months of the term',
  unit: 'amount',
  choices: [{ name: 'kind', default: 'recurring', meaning: 'one-off and trial contracts do not count' }],
  whenUndefined: 'null, "no-contracts"',
  compute: (input: RecurringRevenueInput): MetricOutcome => {
    return recurringOf(input, 1);
  },
});

/**
 * ARR: 12 × MRR, rounded once.
 *
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * import { computeMetric, annualRecurringRevenueMetric } from 'dealwright/metrics';
 * const contracts = [
 *   { customerId: 'a', amount: money(1200, 'USD'), months: 12 },
 *   { customerId: 'b', amount: money(500, 'USD'), months: 1, kind: 'one-off' as const },
 * ];
 * computeMetric(annualRecurringRevenueMetric, { contracts }).value; // => { amount: '1200.00', currency: 'USD' }
 * ```
 * @category metrics
 */
export const annualRecurringRevenueMetric: Metric<'annual-recurring-revenue', RecurringRevenueInput> = /* @__PURE__ */ defineMetric({
  id: 'annual-recurring-revenue',
  label: 'ARR',
  formula: '12 × MRR',
  unit: 'amount',
  choices: [{ name: 'kind', default: 'recurring', meaning: 'one-off and trial contracts do not count' }],
  whenUndefined: 'null, "no-contracts"',
  compute: (input: RecurringRevenueInput): MetricOutcome => {
    return recurringOf(input, 12);
  },
});

function recurringOf(input: unknown, factor: number): MetricOutcome {
  const reader = readInput(input, ['contracts']);
  const list = checkList(reader.record['contracts'], ['input', 'contracts'], reader.issues) ?? [];
  const byMonths = new Map<number, Exact>();
  let n = 0;
  for (let at = 0; at < list.length && reader.issues.length <= 100; at += 1) {
    const path = ['input', 'contracts', at];
    const contract = checkRecord(list[at], path, reader.issues, 'a contract');
    if (contract === undefined) continue;
    checkKeys(contract, ['customerId', 'amount', 'months', 'kind'], path, reader.issues);
    checkId(contract['customerId'], [...path, 'customerId'], reader.issues);
    const amount = readAmount(reader, contract['amount'], [...path, 'amount']);
    const months = checkNumber(contract['months'], [...path, 'months'], reader.issues, { min: 1, max: 1_200, integer: true });
    const kind = contract['kind'] === undefined ? 'recurring' : checkOneOf(contract['kind'], ['recurring', 'one-off', 'trial'], [...path, 'kind'], reader.issues);
    if (kind !== 'recurring' || months === undefined) continue;
    byMonths.set(months, exactAdd(byMonths.get(months) ?? EXACT_ZERO, amount));
    n += 1;
  }
  finishReading(reader);
  if (n === 0) return { value: null, numerator: null, denominator: null, n, reason: 'no-contracts' };
  // One quotient per length of term, to 30 digits; the sum is rounded once.
  const terms = [...byMonths]
    .sort(([a], [b]) => a - b)
    .map(([months, sum]) => exactDivide(exactMultiply(sum, exactFromScaled(factor, 0)), exactFromScaled(months, 0), { scale: 30 }));
  return { value: figureOf(reader, exactSum(terms), true), numerator: null, denominator: null, n };
}

/**
 * Movements of MRR, netted by customer: new, expansion, contraction, churn and reactivation under `details`; start + net new = end, exactly.
 *
 * @example
 * ```ts
 * import { computeMetric, recurringMovementsMetric } from 'dealwright/metrics';
 * const start = [{ customerId: 'a', mrr: 100 }, { customerId: 'b', mrr: 60 }, { customerId: 'c', mrr: 40 }];
 * const end = [{ customerId: 'a', mrr: 130 }, { customerId: 'b', mrr: 50 }, { customerId: 'd', mrr: 30 }];
 * const { value, details } = computeMetric(recurringMovementsMetric, { start, end });
 * [value, details?.new, details?.expansion, details?.contraction, details?.churn]; // => [10, 30, 30, 10, 40]
 * ```
 * @category metrics
 */
export const recurringMovementsMetric: Metric<'recurring-movements', RecurringChangeInput> = /* @__PURE__ */ defineMetric({
  id: 'recurring-movements',
  label: 'Net new MRR',
  formula: 'new + expansion + reactivation − contraction − churn',
  unit: 'amount',
  choices: [{ name: 'formerCustomerIds', default: 'none', meaning: 'who was a customer before: reactivated, not new' }],
  whenUndefined: 'always known; 0 without customers',
  compute: (input: RecurringChangeInput): MetricOutcome => {
    const { reader, start, end, fresh, expansion, contraction, churn, reactivation, customers } = readMovements(input, []);
    finishReading(reader);
    const figure = (value: Exact): ReturnType<typeof figureOf> => figureOf(reader, value);
    const details = {
      start: figure(start),
      new: figure(fresh),
      expansion: figure(expansion),
      reactivation: figure(reactivation),
      contraction: figure(contraction),
      churn: figure(churn),
      end: figure(end),
    };
    return { value: figure(exactSubtract(end, start)), numerator: null, denominator: null, n: customers, details };
  },
});

/**
 * Input of {@link netRevenueRetentionMetric}.
 *
 * @category metrics
 */
export interface NetRevenueRetentionInput extends RecurringChangeInput {
  /** Whether customers count who came back. Sources differ. Default `excluded`: the same cohort. */
  readonly reactivation?: 'excluded' | 'included';
}

/**
 * NRR of the customers at the start.
 *
 * @example
 * ```ts
 * import { computeMetric, netRevenueRetentionMetric } from 'dealwright/metrics';
 * const start = [{ customerId: 'a', mrr: 100 }, { customerId: 'b', mrr: 60 }, { customerId: 'c', mrr: 40 }];
 * const end = [{ customerId: 'a', mrr: 130 }, { customerId: 'b', mrr: 50 }, { customerId: 'd', mrr: 30 }];
 * computeMetric(netRevenueRetentionMetric, { start, end }).value; // => 0.9
 * ```
 * @category metrics
 */
export const netRevenueRetentionMetric: Metric<'net-revenue-retention', NetRevenueRetentionInput> = /* @__PURE__ */ defineMetric({
  id: 'net-revenue-retention',
  label: 'Net revenue retention',
  formula: '(start + expansion − contraction − churn) / start',
  unit: 'ratio',
  choices: [{ name: 'reactivation', default: 'excluded', meaning: 'excluded or included' }],
  whenUndefined: 'null, "no-customers"',
  compute: (input: NetRevenueRetentionInput): MetricOutcome => {
    const { reader, start, expansion, contraction, churn, reactivation, customers } = readMovements(input, ['reactivation']);
    const policy =
      reader.record['reactivation'] === undefined ? 'excluded' : checkOneOf(reader.record['reactivation'], ['excluded', 'included'], ['input', 'reactivation'], reader.issues);
    finishReading(reader);
    const kept = exactSubtract(exactAdd(start, expansion), exactAdd(contraction, churn));
    return quotientOf(reader, policy === 'included' ? exactAdd(kept, reactivation) : kept, start, { n: customers, reason: 'no-customers' });
  },
});

/**
 * GRR: what is kept of the revenue at the start, without expansion; never above 1.
 *
 * @example
 * ```ts
 * import { computeMetric, grossRevenueRetentionMetric } from 'dealwright/metrics';
 * const start = [{ customerId: 'a', mrr: 100 }, { customerId: 'b', mrr: 60 }, { customerId: 'c', mrr: 40 }];
 * const end = [{ customerId: 'a', mrr: 130 }, { customerId: 'b', mrr: 50 }, { customerId: 'd', mrr: 30 }];
 * computeMetric(grossRevenueRetentionMetric, { start, end }).value; // => 0.75
 * ```
 * @category metrics
 */
export const grossRevenueRetentionMetric: Metric<'gross-revenue-retention', RecurringChangeInput> = /* @__PURE__ */ defineMetric({
  id: 'gross-revenue-retention',
  label: 'Gross revenue retention',
  formula: 'Σ min(start, end) of each customer / Σ start',
  unit: 'ratio',
  whenUndefined: 'null, "no-customers"',
  compute: (input: RecurringChangeInput): MetricOutcome => {
    const { reader, start, kept, customers } = readMovements(input, []);
    finishReading(reader);
    return quotientOf(reader, kept, start, { n: customers, reason: 'no-customers' });
  },
});

/**
 * Input of {@link logoChurnMetric}.
 *
 * @category metrics
 */
export interface LogoChurnInput {
  /** Customers at the start. */
  readonly startCustomers: number;
  /** Of them, those lost in the period. */
  readonly lostCustomers: number;
  /** Length of the period in months, for the annual rate. Default 1. */
  readonly periodMonths?: number;
}

/**
 * Logo churn, with the annual rate 1 − (1 − churn)^(12 / months) under `details`.
 *
 * @example
 * ```ts
 * import { computeMetric, logoChurnMetric } from 'dealwright/metrics';
 * const result = computeMetric(logoChurnMetric, { startCustomers: 200, lostCustomers: 4 });
 * result.value; // => 0.02
 * result.details?.annual; // ~> 1 - 0.98 ** 12
 * ```
 * @category metrics
 */
export const logoChurnMetric: Metric<'logo-churn', LogoChurnInput> = /* @__PURE__ */ defineMetric({
  id: 'logo-churn',
  label: 'Logo churn',
  formula: 'customers lost / customers at the start',
  unit: 'ratio',
  whenUndefined: 'null, "no-customers"',
  compute: (input: LogoChurnInput): MetricOutcome => {
    const reader = readInput(input, ['startCustomers', 'lostCustomers', 'periodMonths']);
    const start = numberOf(reader, 'startCustomers', { min: 0, max: 1e15, integer: true });
    const lost = numberOf(reader, 'lostCustomers', { min: 0, max: start, integer: true });
    const months = reader.record['periodMonths'] === undefined ? 1 : numberOf(reader, 'periodMonths', { min: 1, max: 120 });
    finishReading(reader);
    const parts = { numerator: lost, denominator: start, n: start };
    if (start === 0) return { value: null, ...parts, reason: 'no-customers' };
    return { value: lost / start, ...parts, details: { annual: 1 - (1 - lost / start) ** (12 / months) } };
  },
});
