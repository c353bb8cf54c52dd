import { type DecimalInput, readDecimal } from '../decimal/parse-decimal.js';
import type { IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { decimalOfUnits, fractionDigitsOf, unitsOf } from './canonical-amount.js';
import { currencyIssue, exponentOf } from './currencies.js';
import type { Money } from './money.js';
import { moneyOfDecimal, operandOf } from './operand.js';

/**
 * An amount as a whole number of minor units (cents), as payment systems want it. The result is text, since it may exceed what a JavaScript number
 * holds and a bigint does not survive JSON.
 *
 * @param value - the amount; it must be a whole number of minor units
 * @returns an integer as text
 * @throws DomainError `not_an_integer` when the amount has fractions of a minor unit, or what is wrong with the amount
 * @example
 * ```ts
 * import { money, toMinorUnits } from 'dealwright/money';
 * toMinorUnits(money('7970.60', 'USD')); // => '797060'
 * toMinorUnits(money('100', 'JPY')); // => '100'
 * ```
 * @category money
 */
export function toMinorUnits(value: Money): string {
  const { amount, currency } = operandOf(value, []);
  const exponent = exponentOf(currency);
  if (fractionDigitsOf(amount) > exponent) {
    throw createDomainError('not_an_integer', ['amount'], {
      expected: `at most ${exponent} fraction digits for ${currency}`,
      received: amount,
      hint: 'round it first with roundMoney',
    });
  }
  return unitsOf(amount, exponent).toString();
}

/**
 * An amount from a whole number of minor units.
 *
 * @param units - an integer: text, number or bigint
 * @param currency - three capital letters
 * @returns the amount
 * @throws DomainError `not_an_integer` | `invalid_currency`, or what is wrong with the number
 * @example
 * ```ts
 * import { fromMinorUnits } from 'dealwright/money';
 * fromMinorUnits(797060, 'USD'); // => { amount: '7970.60', currency: 'USD' }
 * ```
 * @category money
 */
export function fromMinorUnits<const C extends string>(units: DecimalInput, currency: C): Money<C> {
  const issues: IssueSink = [];
  const decimal = readDecimal(units, ['units']);
  const text = typeof decimal === 'string' ? decimal : '0';
  if (typeof decimal !== 'string') issues.push(decimal);
  else if (fractionDigitsOf(decimal) > 0) issues.push(createIssue('not_an_integer', ['units'], { expected: 'a whole number of minor units', received: units }));
  const wrong = currencyIssue(currency, ['currency']);
  if (wrong !== undefined) issues.push(wrong);
  throwIfIssues(issues);
  return moneyOfDecimal(decimalOfUnits(BigInt(text), exponentOf(currency)), currency);
}
