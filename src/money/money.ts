import { type DecimalInput, readDecimal } from '../decimal/parse-decimal.js';
import type { IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { padAmount } from './canonical-amount.js';
import { currencyIssue, exponentOf } from './currencies.js';

/**
 * An exact amount in one currency. `amount` is canonical: no exponent, no `-0`, at least the currency's ISO decimals and no trailing zeros beyond
 * them (`'7970.60'`, `'0.0375'`, JPY `'100'`).
 *
 * @category money
 */
export interface Money<C extends string = string> {
  /** Canonical decimal text. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: C;
}

/**
 * Makes an amount of money, in canonical form. The currency becomes part of the type, so that adding USD to EUR does not compile.
 *
 * @param amount - text, number, bigint or decimal object; at most 20 digits before and 12 after the point. Never rounded: a number with more than 15
 * significant digits (`0.1 + 0.2`) is refused
 * @param currency - three capital letters, usually ISO 4217
 * @returns the amount with at least the currency's minor-unit digits
 * @throws DomainError `invalid_decimal` | `not_finite` | `imprecise_number` | `precision_exceeded` | `invalid_currency` | `invalid_type`
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * money(7970.6, 'USD'); // => { amount: '7970.60', currency: 'USD' }
 * money('100', 'JPY'); // => { amount: '100', currency: 'JPY' }
 * ```
 * @category money
 */
export function money<const C extends string>(amount: DecimalInput, currency: C): Money<C> {
  const issues: IssueSink = [];
  const decimal = readDecimal(amount, ['amount']);
  const text = typeof decimal === 'string' ? decimal : '0';
  if (typeof decimal !== 'string') issues.push(decimal);
  const wrong = currencyIssue(currency, ['currency']);
  if (wrong !== undefined) issues.push(wrong);
  throwIfIssues(issues, issues.length > 1 ? { summary: 'An amount of money is wrong in both parts' } : {});
  return { amount: padAmount(text, exponentOf(currency)), currency };
}
