import { exactDivide, exactFromCanonical, exactMultiply, toExact } from '../decimal/exact.js';
import type { DecimalInput } from '../decimal/parse-decimal.js';
import type { Money } from './money.js';
import { moneyOf, operandOf } from './operand.js';
import { checkedMoneyRounding, type MoneyRounding } from './round-money.js';

/**
 * Multiplies an amount by a plain number, exactly. The product may have more digits than the currency's minor unit; round it where it is paid.
 *
 * @param value - the amount
 * @param factor - a rate, a quantity, a share
 * @returns the product, never rounded
 * @throws DomainError what is wrong with the amount or the factor; `precision_exceeded` after very many multiplications without rounding
 * @example
 * ```ts
 * import { money, multiplyMoney } from 'dealwright/money';
 * multiplyMoney(money('12255', 'USD'), '0.12'); // => { amount: '1470.60', currency: 'USD' }
 * multiplyMoney(money('0.99', 'USD'), '0.085'); // => { amount: '0.08415', currency: 'USD' }
 * ```
 * @category money
 */
export function multiplyMoney<C extends string>(value: Money<C>, factor: DecimalInput): Money<C> {
  return moneyOf(exactMultiply(exactFromCanonical(operandOf(value, []).amount), toExact(factor, ['factor'])), value.currency);
}

/**
 * Divides an amount by a plain number, correctly rounded once. To divide an amount so that the parts sum to it, use {@link splitMoney} or
 * {@link allocateMoney}.
 *
 * @param value - the amount
 * @param divisor - a number other than zero
 * @param rounding - mode and scale; by default half away from zero to the currency's minor unit
 * @returns the rounded quotient
 * @throws DomainError `division_by_zero` | `invalid_rounding`, or what is wrong with the amount or the divisor
 * @example
 * ```ts
 * import { divideMoney, money } from 'dealwright/money';
 * divideMoney(money('100', 'USD'), 3); // => { amount: '33.33', currency: 'USD' }
 * divideMoney(money('100', 'USD'), 3, { scale: 6, mode: 'up' }); // => { amount: '33.333334', currency: 'USD' }
 * ```
 * @category money
 */
export function divideMoney<C extends string>(value: Money<C>, divisor: DecimalInput, rounding: MoneyRounding = {}): Money<C> {
  const { amount, currency } = operandOf(value, []);
  return moneyOf(exactDivide(exactFromCanonical(amount), toExact(divisor, ['divisor']), checkedMoneyRounding(rounding, currency)), value.currency);
}
