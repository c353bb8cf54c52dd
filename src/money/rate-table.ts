import { EXACT_ONE, exactCompare, exactFromCanonical } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkBoolean, checkKeys, checkList, checkNumber, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { currencyIssue } from './currencies.js';
import { plainDateIssue } from './plain-date-text.js';
import { rootOf } from './read-money.js';

/**
 * One exchange rate: one unit of `from` costs `rate` units of `to`.
 *
 * @category money
 */
export interface ExchangeRate {
  /** Currency that is given. */
  readonly from: string;
  /** Currency that is had for it. */
  readonly to: string;
  /** Units of `to` for one unit of `from`: decimal text above zero, at most 20 digits before and 12 after the point. */
  readonly rate: string;
  /** First day on which it holds, `YYYY-MM-DD`; it holds until a later one of the pair does. Absent: it holds before all dated ones. */
  readonly on?: string;
}

/**
 * Exchange rates by date, as plain data. Nothing is derived from them unless the table says so.
 *
 * @category money
 */
export interface RateTable {
  /** The rates, in any order; each pair and date once. */
  readonly rates: readonly ExchangeRate[];
  /** Whether `1 / rate` may be used for a pair that is only given the other way round. Default false. */
  readonly allowInverse?: boolean;
  /** Fraction digits of an inverse rate, 1 to 40, rounded half up. Default 12. */
  readonly inverseScale?: number;
  /** The currency through which pairs that are not given may be crossed (EUR → pivot → JPY). Absent: no cross rates. */
  readonly pivot?: string;
}

/** Fraction digits of an inverse rate where the table does not say. Not a public entry. */
export const DEFAULT_INVERSE_SCALE = 12;

/**
 * Checks a table of exchange rates and returns it.
 *
 * @param table - the rates
 * @returns the same table
 * @throws DomainError with everything {@link validateRateTable} finds
 * @example
 * ```ts
 * import { defineRateTable } from 'dealwright/money';
 * const table = defineRateTable({ rates: [{ from: 'EUR', to: 'USD', rate: '1.0845', on: '2026-01-01' }] });
 * table.rates.length; // => 1
 * ```
 * @category money
 */
export function defineRateTable(table: RateTable): RateTable {
  const issues = validateRateTable(table);
  throwIfIssues(issues, issues.length > 1 ? { summary: `${issues.length} problems in a rate table` } : {});
  return table;
}

/**
 * Everything that is wrong with a table of exchange rates: misspelt keys, currencies, dates, rates that are not above zero, and two rates for one pair
 * and date.
 *
 * @param value - any value
 * @param path - where it stands in a larger input, for the issues
 * @returns the issues; empty if the table can be used
 * @example
 * ```ts
 * import { validateRateTable } from 'dealwright/money';
 * validateRateTable({ rates: [{ from: 'EUR', to: 'USD', rate: '0' }] }).map((issue) => issue.code); // => ['out_of_range']
 * ```
 * @category money
 */
export function validateRateTable(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  checkTable(value, rootOf(path), issues);
  return issues;
}

function checkTable(value: unknown, path: IssuePath, issues: IssueSink): void {
  const table = checkRecord(value, path, issues, 'a rate table: { rates }');
  if (table === undefined) return;
  checkKeys(table, ['rates', 'allowInverse', 'inverseScale', 'pivot'], path, issues);
  if (Object.hasOwn(table, 'allowInverse')) checkBoolean(table['allowInverse'], [...path, 'allowInverse'], issues);
  if (Object.hasOwn(table, 'inverseScale')) checkNumber(table['inverseScale'], [...path, 'inverseScale'], issues, { min: 1, max: 40, integer: true });
  if (Object.hasOwn(table, 'pivot')) pushIssue(currencyIssue(table['pivot'], [...path, 'pivot']), issues);
  const rates = checkList(table['rates'], [...path, 'rates'], issues, { expected: 'a list of rates' }) ?? [];
  const seen = new Map<string, number>();
  for (let index = 0; index < rates.length; index += 1) checkRate(rates[index], [...path, 'rates', index], index, seen, issues);
}

const RATE_KEYS: readonly string[] = ['from', 'to', 'rate', 'on'];

function checkRate(value: unknown, path: IssuePath, index: number, seen: Map<string, number>, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a rate: { from, to, rate, on? }');
  if (record === undefined) return;
  const before = issues.length;
  checkKeys(record, RATE_KEYS, path, issues);
  const { from, to, rate, on } = record;
  pushIssue(currencyIssue(from, [...path, 'from']), issues);
  pushIssue(currencyIssue(to, [...path, 'to']), issues);
  // A date that is there but undefined is a mistake in the making of the table, not an undated rate.
  if (Object.hasOwn(record, 'on')) pushIssue(plainDateIssue(on, [...path, 'on']), issues);
  const read =
    typeof rate === 'string' ? readDecimal(rate, [...path, 'rate']) : createIssue('invalid_type', [...path, 'rate'], { expected: 'a decimal number as text', received: rate });
  if (typeof read !== 'string') issues.push(read);
  else if (read === '0' || read.startsWith('-')) issues.push(createIssue('out_of_range', [...path, 'rate'], { expected: 'a rate above zero', received: rate }));
  else if (from === to && exactCompare(exactFromCanonical(read), EXACT_ONE) !== 0) {
    issues.push(createIssue('invalid_value', [...path, 'rate'], { expected: '"1" from a currency to itself', received: rate }));
  }
  if (issues.length > before) return;
  if (typeof from !== 'string' || typeof to !== 'string') return;
  const since = typeof on === 'string' ? on : '';
  const key = from + to + since;
  const first = seen.get(key);
  if (first === undefined) seen.set(key, index);
  else issues.push(createIssue('duplicate_rate', path, { expected: 'one rate for each pair and date', received: `${from} to ${to} ${since}`.trim(), hint: `see rates[${first}]` }));
}

function pushIssue(issue: Issue | undefined, issues: IssueSink): void {
  if (issue !== undefined) issues.push(issue);
}
