/*
 * What a cell's credits measure. Sums run over scaled integers; where a value does not fit, or needs a rate, the whole sum is taken exactly instead,
 * with the same result.
 */

import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioDivide, ratioFromDecimal, ratioFromScaled, ratioMultiply, ratioNegate } from '../../decimal/ratio.js';
import { parseScaledInteger } from '../../decimal/scaled-integer.js';
import type { ExactArithmetic, ExactValue } from '../../decimal/traced-arithmetic.js';
import { exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import type { RateFinder } from '../../money/find-rate.js';
import type { Measured } from '../component.js';
import { CREDIT_MONEY_FIELDS, type Credit, type CreditMoneyField } from '../credit.js';
import { type CreditPredicate, compileFilter } from '../filter.js';
import type { CreditMeasure } from '../measure.js';
import type { CreditExchange } from '../statement.js';
import type { MeasuredCredit } from '../tier-band.js';
import { AMOUNT_SCALE, type AmountColumn } from './amount-column.js';
import type { CreditConversion } from './credit-rates.js';
import { once } from './once.js';

const SCALE = AMOUNT_SCALE;

/** The credits of a run, and what is needed to value them. */
export interface CreditBook {
  readonly credits: readonly Credit[];
  readonly days: Float64Array;
  readonly amounts: AmountColumn;
  readonly rates: RateFinder | undefined;
  readonly issues: Issue[];
  /** Problems already reported, so that one credit is reported once for each measure. */
  readonly reported: Set<string>;
}

/** A measure made ready for many cells. */
export interface PreparedMeasure {
  readonly measure: CreditMeasure;
  readonly predicate: CreditPredicate | undefined;
  /** The value on the scale, or NaN: take the exact way. */
  readonly quick: (credit: Credit) => number;
  /** The exact value, or undefined where it is not known (reported). */
  readonly exact: (credit: Credit, index: number) => Ratio | undefined;
  /** How the value of a credit in another currency was converted; undefined where it was not. */
  readonly exchange?: (credit: Credit) => CreditExchange | undefined;
  readonly unit: string;
  /** Whether it is the amount in the plan's currency, which the column of amounts holds. */
  readonly isPlainAmount?: boolean;
}

/** Compiles a measure for a plan's currency. */
export function prepareMeasure(measure: CreditMeasure, currency: string, book: CreditBook, conversion: CreditConversion): PreparedMeasure {
  const predicate = compileFilter(measure.where);
  if ('count' in measure) {
    const sign = (credit: Credit): boolean => isReversal(credit);
    return {
      measure,
      predicate,
      unit: measure.count,
      quick: (credit) => (sign(credit) ? -10_000 : 10_000),
      exact: (credit) => (sign(credit) ? ratioNegate(RATIO_ONE) : RATIO_ONE),
    };
  }
  const field = measure.sum;
  const moneyField = CREDIT_MONEY_FIELDS.find((candidate) => candidate === field);
  if (moneyField !== undefined) return { measure, predicate, unit: currency, isPlainAmount: moneyField === 'amount', ...moneyReaders(moneyField, currency, book, conversion) };
  const read = field === 'units' ? (credit: Credit) => credit.units : (credit: Credit) => ownText(credit.values, field.slice('values.'.length));
  return {
    measure,
    predicate,
    unit: field === 'units' ? 'units' : field,
    quick: (credit) => {
      const text = read(credit);
      return text === undefined ? Number.NaN : parseScaledInteger(text, SCALE);
    },
    exact: (credit, index) => {
      const text = read(credit);
      if (text !== undefined) return decimalRatio(text);
      reportOnce(book, index, field, createIssue('missing_measure', ['credits', index, ...field.split('.')], { expected: `a value for the measure "${field}"` }));
      return undefined;
    },
  };
}

function ownText(values: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

function decimalRatio(text: string): Ratio | undefined {
  const read = readDecimal(text);
  return typeof read === 'string' ? ratioFromDecimal(read) : undefined;
}

/** A credit that takes another back counts minus one. */
export function isReversal(credit: Credit): boolean {
  return credit.refersTo !== undefined && (credit.amount?.amount.startsWith('-') === true || credit.units?.startsWith('-') === true);
}

function moneyReaders(field: CreditMoneyField, currency: string, book: CreditBook, conversion: CreditConversion): Pick<PreparedMeasure, 'quick' | 'exact' | 'exchange'> {
  return {
    quick: (credit) => {
      const value = credit[field];
      return value === undefined || value === null || value.currency !== currency ? Number.NaN : parseScaledInteger(value.amount, SCALE);
    },
    exact: (credit, index) => {
      const value = credit[field];
      if (value === undefined || value === null) {
        reportOnce(book, index, field, createIssue('missing_measure', ['credits', index, field], { expected: `a value for the measure "${field}"` }));
        return undefined;
      }
      const amount = decimalRatio(value.amount);
      if (amount === undefined || value.currency === currency) return amount;
      const found = conversion.find(value.currency, credit);
      if (found !== undefined) return ratioMultiply(amount, ratioFromDecimal(found.rate));
      reportOnce(
        book,
        index,
        `${field}→${currency}`,
        createIssue('missing_rate', ['credits', index, field], {
          expected: `a rate from ${value.currency} to ${currency} on ${conversion.dayOf(credit)}`,
          received: value.currency,
        }),
      );
      return undefined;
    },
    exchange: (credit) => {
      const value = credit[field];
      if (value === undefined || value === null || value.currency === currency) return undefined;
      const used = conversion.find(value.currency, credit);
      return used === undefined ? undefined : { from: value.currency, ...used };
    },
  };
}

function reportOnce(book: CreditBook, index: number, what: string, issue: Issue): void {
  const key = `${index} ${what}`;
  if (book.reported.has(key)) return;
  book.reported.add(key);
  book.issues.push(issue);
}

/** Which credits of a cell a component looks at. */
export interface CreditSelection {
  readonly indexes: Int32Array;
  readonly componentId: string;
  /** First and (exclusive) last day. */
  readonly start: number;
  readonly end: number;
  /** Whether all credits of the cell are within those days. */
  readonly whole: boolean;
}

/** Evaluates a measure. */
export function measureCredits(prepared: PreparedMeasure, selection: CreditSelection, book: CreditBook, arithmetic: ExactArithmetic, name: string, tracing: boolean): Measured {
  const distinct = 'count' in prepared.measure && prepared.measure.count === 'deals';
  const list = once(() => listValues(prepared, selection, book, distinct));
  const total = (distinct ? undefined : quickSum(prepared, selection, book)) ?? list().reduce((sum, entry) => ratioAdd(sum, entry.value), RATIO_ZERO);
  if (!tracing) return { total: exactValueOfRatio(total), credits: list };
  const values = list();
  if (values.length > 0 && values.length <= MAX_TRACED_CREDITS) {
    return {
      total: arithmetic.sum(
        values.map((entry) => tracedCredit(entry, prepared, arithmetic)),
        { label: name, unit: prepared.unit },
      ),
      credits: list,
    };
  }
  return { total: exactValueOfRatio(total, { name, unit: prepared.unit, source: `${values.length} credits` }), credits: list };
}

/** A credit for the trace; one in another currency with its rate. */
function tracedCredit(entry: MeasuredCredit, prepared: PreparedMeasure, arithmetic: ExactArithmetic): ExactValue {
  const source = entry.dealId ?? entry.creditId;
  if (entry.exchange === undefined) return exactValueOfRatio(entry.value, { name: 'credit', unit: prepared.unit, source });
  const { from, rate, on } = entry.exchange;
  const exact = ratioFromDecimal(rate);
  return arithmetic.multiply(
    [
      exactValueOfRatio(ratioDivide(entry.value, exact), { name: 'credit', unit: from, source }),
      exactValueOfRatio(exact, { name: `${from} to ${prepared.unit}`, source: on ?? 'fixed rate' }),
    ],
    { label: 'Converted', unit: prepared.unit },
  );
}

/** Longer sums stand in the trace as one number; the line lists the credits. */
const MAX_TRACED_CREDITS = 12;

function isEligible(credit: Credit, prepared: PreparedMeasure, selection: CreditSelection): boolean {
  if (credit.componentIds !== undefined && !credit.componentIds.includes(selection.componentId)) return false;
  return prepared.predicate === undefined || prepared.predicate(credit);
}

function quickSum(prepared: PreparedMeasure, selection: CreditSelection, book: CreditBook): Ratio | undefined {
  const { indexes, start, end, whole } = selection;
  const { credits, days } = book;
  if (prepared.isPlainAmount && prepared.predicate === undefined) return columnSum(prepared.unit, selection, book);
  let sum = 0;
  for (let place = 0; place < indexes.length; place += 1) {
    const index = indexes[place] ?? 0;
    const day = days[index] ?? 0;
    if (!whole && (day < start || day >= end)) continue;
    const credit = credits[index];
    if (credit === undefined || !isEligible(credit, prepared, selection)) continue;
    sum += prepared.quick(credit);
    // NaN fails both: a value that does not fit, or a sum that is no longer safe.
    if (!(sum <= Number.MAX_SAFE_INTEGER && sum >= -Number.MAX_SAFE_INTEGER)) return undefined;
  }
  return ratioFromScaled(sum, SCALE);
}

/** The same for unfiltered amounts, from the column that was read when the credits were checked. */
function columnSum(currency: string, { indexes, start, end, whole }: CreditSelection, book: CreditBook): Ratio | undefined {
  const { days, amounts } = book;
  const { scaled, currency: codes } = amounts;
  const wanted = amounts.currencies.indexOf(currency) + 1;
  let sum = 0;
  for (let place = 0; place < indexes.length; place += 1) {
    const index = indexes[place] ?? 0;
    if (!whole) {
      const day = days[index] ?? 0;
      if (day < start || day >= end) continue;
    }
    // Another currency, or a credit that needed a closer look: not known here.
    if (codes[index] !== wanted || wanted === 0) return undefined;
    sum += scaled[index] ?? Number.NaN;
    if (!(sum <= Number.MAX_SAFE_INTEGER && sum >= -Number.MAX_SAFE_INTEGER)) return undefined;
  }
  return ratioFromScaled(sum, SCALE);
}

function listValues(prepared: PreparedMeasure, selection: CreditSelection, book: CreditBook, distinct: boolean): readonly MeasuredCredit[] {
  const values: MeasuredCredit[] = [];
  const seen = new Set<string>();
  for (const index of sortedIndexes(selection, book)) {
    const credit = book.credits[index];
    if (credit === undefined || !isEligible(credit, prepared, selection)) continue;
    const quick = prepared.quick(credit);
    const value = Number.isNaN(quick) ? prepared.exact(credit, index) : ratioFromScaled(quick, SCALE);
    if (value === undefined) continue;
    if (distinct) {
      const key = credit.dealId ?? credit.id;
      if (isReversal(credit) || seen.has(key)) continue;
      seen.add(key);
    }
    const exchange = prepared.exchange?.(credit);
    values.push({ creditId: credit.id, value, ...(credit.dealId === undefined ? {} : { dealId: credit.dealId }), ...(exchange === undefined ? {} : { exchange }) });
  }
  return values;
}

/** The credits of a selection deal by deal, or one by one, each group at the place of its first credit. */
export function groupCredits(selection: CreditSelection, book: CreditBook, by: 'credit' | 'deal'): readonly { readonly indexes: Int32Array; readonly credit: Credit }[] {
  const groups = new Map<string, { readonly credit: Credit; readonly indexes: number[] }>();
  for (const index of sortedIndexes(selection, book)) {
    const credit = book.credits[index];
    if (credit === undefined || credit.componentIds?.includes(selection.componentId) === false) continue;
    const key = by === 'credit' || credit.dealId === undefined ? `c:${credit.id}` : `d:${credit.dealId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { credit, indexes: [index] });
    else group.indexes.push(index);
  }
  return [...groups.values()].map(({ credit, indexes }) => ({ credit, indexes: Int32Array.from(indexes) }));
}

/** The credits of a selection in the declared order: day, deal id, credit id. */
export function sortedIndexes(selection: CreditSelection, book: CreditBook): readonly number[] {
  const { credits, days } = book;
  const list: number[] = [];
  for (const index of selection.indexes) {
    const day = days[index] ?? Number.NaN;
    if (selection.whole || (day >= selection.start && day < selection.end)) list.push(index);
  }
  return list.sort((a, b) => (days[a] ?? 0) - (days[b] ?? 0) || byText(credits[a]?.dealId ?? '', credits[b]?.dealId ?? '') || byText(credits[a]?.id ?? '', credits[b]?.id ?? ''));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
