/* Taking amounts of money into exact arithmetic and out of it. Not a public entry. */
import { type Exact, exactFromCanonical, exactToString } from '../decimal/exact.js';
import { readComputedDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createDomainError, DomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { padAmount } from './canonical-amount.js';
import { currencyIssue, exponentOf } from './currencies.js';
import type { Money } from './money.js';
import { type MoneyParts, readOperand } from './read-money.js';

/**
 * An operand as canonical decimal and currency.
 *
 * @throws DomainError with everything that is wrong with it
 */
export function operandOf(value: unknown, path: IssuePath): MoneyParts {
  const issues: IssueSink = [];
  const parts = readOperand(value, path, issues);
  throwIfIssues(issues);
  if (parts === undefined) throw createDomainError('invalid_type', path, { received: value });
  return parts;
}

/**
 * Two operands of one currency.
 *
 * @throws DomainError `currency_mismatch`, or with everything that is wrong with either
 */
export function operandsOf(a: unknown, b: unknown): { readonly a: Exact; readonly b: Exact; readonly currency: string } {
  const issues: IssueSink = [];
  const left = readOperand(a, ['a'], issues);
  const right = readOperand(b, ['b'], issues);
  throwIfIssues(issues);
  if (left === undefined || right === undefined) throw createDomainError('invalid_type', []);
  if (left.currency !== right.currency) throw new DomainError([mismatch(left.currency, right.currency, ['b', 'currency'])]);
  return { a: exactFromCanonical(left.amount), b: exactFromCanonical(right.amount), currency: left.currency };
}

/** The issue of an amount in the wrong currency. */
export function mismatch(expected: string, received: string, path: IssuePath): Issue {
  return createIssue('currency_mismatch', path, { expected: `"${expected}"`, received, hint: 'convert it first with convertMoney and a dated rate' });
}

/** An exact figure as money. The currency is that of the operands, whose type the caller knows. */
export function moneyOf<C extends string>(amount: Exact, currency: C): Money<C> {
  return moneyOfDecimal(exactToString(amount), currency);
}

/** A canonical decimal as money. */
export function moneyOfDecimal<C extends string>(decimal: string, currency: C): Money<C> {
  if (typeof readComputedDecimal(decimal, []) !== 'string') {
    throw createDomainError('precision_exceeded', [], { expected: 'a result of at most 400 digits before and after the point', hint: 'round in between' });
  }
  return { amount: padAmount(decimal, exponentOf(currency)), currency };
}

/**
 * The currency that an option names.
 *
 * @throws DomainError `invalid_currency` | `invalid_type`
 */
export function checkedCurrency(value: unknown, path: IssuePath): string {
  const issue = currencyIssue(value, path);
  if (issue !== undefined) throw new DomainError([issue]);
  return String(value);
}

/**
 * An options object without unknown keys.
 *
 * @throws DomainError `invalid_type` | `unknown_key`
 */
export function checkedOptions(value: unknown, allowed: readonly string[]): PlainRecord {
  const issues: IssueSink = [];
  const record = checkRecord(value, ['options'], issues, 'an options object') ?? {};
  checkKeys(record, allowed, ['options'], issues);
  throwIfIssues(issues);
  return record;
}
