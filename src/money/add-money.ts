import { exactAdd, exactSubtract } from '../decimal/exact.js';
import type { Money } from './money.js';
import { moneyOf, operandsOf } from './operand.js';

/**
 * Adds two amounts of one currency, exactly.
 *
 * @param a - first summand
 * @param b - second summand, of the same currency: another one does not compile
 * @returns the sum, never rounded
 * @throws DomainError `currency_mismatch`, or what is wrong with an operand
 * @example
 * ```ts
 * import { addMoney, money } from 'dealwright/money';
 * addMoney(money('0.10', 'USD'), money('0.20', 'USD')); // => { amount: '0.30', currency: 'USD' }
 * ```
 * @category money
 */
export function addMoney<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  const operands = operandsOf(a, b);
  return moneyOf(exactAdd(operands.a, operands.b), a.currency);
}

/**
 * Subtracts one amount from another of the same currency, exactly.
 *
 * @param a - minuend
 * @param b - subtrahend, of the same currency: another one does not compile
 * @returns the difference, never rounded
 * @throws DomainError `currency_mismatch`, or what is wrong with an operand
 * @example
 * ```ts
 * import { money, subtractMoney } from 'dealwright/money';
 * subtractMoney(money('1.00', 'EUR'), money('1.25', 'EUR')); // => { amount: '-0.25', currency: 'EUR' }
 * ```
 * @category money
 */
export function subtractMoney<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  const operands = operandsOf(a, b);
  return moneyOf(exactSubtract(operands.a, operands.b), a.currency);
}
