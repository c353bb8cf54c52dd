import { readComputedDecimal, readDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { padAmount } from './canonical-amount.js';
import { currencyIssue, exponentOf } from './currencies.js';
import type { Money } from './money.js';

/**
 * Reads a stored amount: an object with exactly `amount` (a text, at most 20 digits before and 12 after the point) and `currency` (three capital
 * letters). Never throws. For numbers, as CRMs send them, use {@link money}.
 *
 * @param value - any value
 * @param path - where it stands in a larger input, for the issues
 * @returns the amount in canonical form, or what is wrong with it
 * @example
 * ```ts
 * import { readMoney } from 'dealwright/money';
 * readMoney({ amount: '112255', currency: 'USD' }); // => { amount: '112255.00', currency: 'USD' }
 * const issues = readMoney({ amount: 112255, currency: 'USD' });
 * Array.isArray(issues) && issues[0].code; // => 'invalid_type'
 * ```
 * @category money
 */
export function readMoney(value: unknown, path: IssuePath = []): Money | Issue[] {
  const issues: IssueSink = [];
  const parts = readParts(value, rootOf(path), issues, readStoredAmount);
  return parts === undefined ? issues : { amount: padAmount(parts.amount, exponentOf(parts.currency)), currency: parts.currency };
}

/**
 * What {@link readMoney} finds wrong with a value.
 *
 * @param value - any value
 * @param path - where it stands in a larger input, for the issues
 * @returns the issues; empty if it is an amount of money
 * @example
 * ```ts
 * import { validateMoney } from 'dealwright/money';
 * validateMoney({ amount: '12.50', currency: 'EUR' }); // => []
 * validateMoney({ amount: '12.50', curency: 'EUR' }).map((issue) => issue.code); // => ['unknown_key', 'missing_key']
 * ```
 * @category money
 */
export function validateMoney(value: unknown, path: IssuePath = []): readonly Issue[] {
  const read = readMoney(value, path);
  return Array.isArray(read) ? read : [];
}

/**
 * Whether a value is an amount of money: exactly when {@link validateMoney} finds nothing wrong.
 *
 * @param value - any value
 * @returns true if it can be used as one
 * @example
 * ```ts
 * import { isMoney } from 'dealwright/money';
 * isMoney({ amount: '12.50', currency: 'EUR' }); // => true
 * isMoney('12.50'); // => false
 * ```
 * @category money
 */
export function isMoney(value: unknown): value is Money {
  return !Array.isArray(readMoney(value));
}

/** The path as a list: `list.map(readMoney)` passes an index where the path belongs, and reading must not throw. Not a public entry. */
export function rootOf(path: unknown): IssuePath {
  // An array as such may hold anything; what it holds is only ever shown.
  return Array.isArray(path) ? (path as IssuePath) : [];
}

/** A canonical decimal and its currency, both checked. */
export interface MoneyParts {
  /** Canonical decimal, without padding to the minor unit. */
  readonly amount: string;
  readonly currency: string;
}

/** Reads an operand of a computation, which may have more digits than a stored amount may: it can be the result of another computation. */
export function readOperand(value: unknown, path: IssuePath, issues: IssueSink): MoneyParts | undefined {
  return readParts(value, path, issues, readComputedDecimal);
}

function readStoredAmount(value: unknown, path: IssuePath): string | Issue {
  if (typeof value === 'string') return readDecimal(value, path);
  const hint = typeof value === 'number' ? 'read numbers with money(), or pass a text' : undefined;
  return createIssue('invalid_type', path, { expected: 'a decimal number as text', received: value, ...(hint === undefined ? {} : { hint }) });
}

function readParts(value: unknown, path: IssuePath, issues: IssueSink, readAmount: (value: unknown, path: IssuePath) => string | Issue): MoneyParts | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'an amount of money: { amount, currency }');
  if (record === undefined) return undefined;
  checkKeys(record, ['amount', 'currency'], path, issues);
  const amount = ownValue(record, 'amount', path, issues, (given, at) => readAmount(given, at));
  const currency = ownValue(record, 'currency', path, issues, (given, at) => currencyIssue(given, at) ?? String(given));
  return issues.length > before || amount === undefined || currency === undefined ? undefined : { amount, currency };
}

function ownValue(
  record: Readonly<Record<string, unknown>>,
  key: 'amount' | 'currency',
  path: IssuePath,
  issues: IssueSink,
  read: (value: unknown, path: IssuePath) => string | Issue,
): string | undefined {
  const at = [...path, key];
  if (!Object.hasOwn(record, key)) {
    issues.push(createIssue('missing_key', at, { expected: key === 'amount' ? 'a decimal number as text' : 'a currency code such as "USD"' }));
    return undefined;
  }
  const result = read(record[key], at);
  if (typeof result === 'string') return result;
  issues.push(result);
  return undefined;
}
