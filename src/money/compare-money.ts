import { exactCompare, exactFromCanonical, exactMax, exactMin, exactSign } from '../decimal/exact.js';
import type { Money } from './money.js';
import { moneyOf, operandOf, operandsOf } from './operand.js';

/**
 * Compares two amounts of one currency. Fits `sort`.
 *
 * @param a - first amount
 * @param b - second amount, of the same currency
 * @returns −1 if `a` is smaller, 0 if they are equal in value, 1 if `a` is greater
 * @throws DomainError `currency_mismatch`, or what is wrong with an operand
 * @example
 * ```ts
 * import { compareMoney, money } from 'dealwright/money';
 * compareMoney(money('9', 'USD'), money('10', 'USD')); // => -1
 * ```
 * @category money
 */
export function compareMoney<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): -1 | 0 | 1 {
  const operands = operandsOf(a, b);
  return exactCompare(operands.a, operands.b);
}

/**
 * The smaller of two amounts of one currency.
 *
 * @param a - first amount
 * @param b - second amount, of the same currency
 * @returns the smaller one, in canonical form
 * @throws DomainError `currency_mismatch`, or what is wrong with an operand
 * @example
 * ```ts
 * import { minMoney, money } from 'dealwright/money';
 * minMoney(money('9', 'USD'), money('10', 'USD')).amount; // => '9.00'
 * ```
 * @category money
 */
export function minMoney<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  const operands = operandsOf(a, b);
  return moneyOf(exactMin(operands.a, operands.b), a.currency);
}

/**
 * The greater of two amounts of one currency.
 *
 * @param a - first amount
 * @param b - second amount, of the same currency
 * @returns the greater one, in canonical form
 * @throws DomainError `currency_mismatch`, or what is wrong with an operand
 * @example
 * ```ts
 * import { maxMoney, money } from 'dealwright/money';
 * maxMoney(money('9', 'USD'), money('10', 'USD')).amount; // => '10.00'
 * ```
 * @category money
 */
export function maxMoney<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  const operands = operandsOf(a, b);
  return moneyOf(exactMax(operands.a, operands.b), a.currency);
}

/**
 * Whether an amount is zero.
 *
 * @param value - the amount
 * @returns true for `0`, `0.00`, `-0`
 * @throws DomainError what is wrong with the amount
 * @example
 * ```ts
 * import { isZeroMoney, money } from 'dealwright/money';
 * isZeroMoney(money('0.00', 'USD')); // => true
 * ```
 * @category money
 */
export function isZeroMoney(value: Money): boolean {
  return operandOf(value, []).amount === '0';
}

/**
 * Whether an amount is below zero.
 *
 * @param value - the amount
 * @returns true if it is negative; zero is not
 * @throws DomainError what is wrong with the amount
 * @example
 * ```ts
 * import { isNegativeMoney, money } from 'dealwright/money';
 * isNegativeMoney(money('-0.01', 'USD')); // => true
 * ```
 * @category money
 */
export function isNegativeMoney(value: Money): boolean {
  return exactSign(exactFromCanonical(operandOf(value, []).amount)) < 0;
}
