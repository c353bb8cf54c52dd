import { exactAbs, exactFromCanonical, exactNegate } from '../decimal/exact.js';
import type { Money } from './money.js';
import { moneyOf, operandOf } from './operand.js';

/**
 * Minus an amount.
 *
 * @param value - the amount
 * @returns the same amount with the other sign; zero stays zero
 * @throws DomainError what is wrong with the amount
 * @example
 * ```ts
 * import { money, negateMoney } from 'dealwright/money';
 * negateMoney(money('12.50', 'USD')); // => { amount: '-12.50', currency: 'USD' }
 * ```
 * @category money
 */
export function negateMoney<C extends string>(value: Money<C>): Money<C> {
  return moneyOf(exactNegate(exactFromCanonical(operandOf(value, []).amount)), value.currency);
}

/**
 * An amount without its sign.
 *
 * @param value - the amount
 * @returns the amount if it is positive, else minus the amount
 * @throws DomainError what is wrong with the amount
 * @example
 * ```ts
 * import { absMoney, money } from 'dealwright/money';
 * absMoney(money('-12.50', 'USD')); // => { amount: '12.50', currency: 'USD' }
 * ```
 * @category money
 */
export function absMoney<C extends string>(value: Money<C>): Money<C> {
  return moneyOf(exactAbs(exactFromCanonical(operandOf(value, []).amount)), value.currency);
}
