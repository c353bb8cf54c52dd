import { exactFromCanonical, exactRound } from '../decimal/exact.js';
import { ROUNDING_MODES, type RoundingMode } from '../decimal/rounding.js';
import { createDomainError } from '../errors/domain-error.js';
import { exponentOf } from './currencies.js';
import type { Money } from './money.js';
import { checkedOptions, moneyOf, operandOf } from './operand.js';

/**
 * Where and how an amount is rounded.
 *
 * @category money
 */
export interface MoneyRounding {
  /** Default `half-up`: ties away from zero, as a spreadsheet's ROUND does. */
  readonly mode?: RoundingMode;
  /** Fraction digits kept, 0 to 40, or `currency`: those of the currency's minor unit. Default `currency`. */
  readonly scale?: number | 'currency';
}

/**
 * Rounds an amount, by default half away from zero to the currency's minor unit.
 *
 * @param value - the amount
 * @param rounding - mode and scale
 * @returns the rounded amount
 * @throws DomainError `invalid_rounding`, or what is wrong with the amount
 * @example
 * ```ts
 * import { money, roundMoney } from 'dealwright/money';
 * roundMoney(money('2.345', 'USD')); // => { amount: '2.35', currency: 'USD' }
 * roundMoney(money('2.345', 'USD'), { mode: 'half-even' }); // => { amount: '2.34', currency: 'USD' }
 * roundMoney(money('2.5', 'JPY')); // => { amount: '3', currency: 'JPY' }
 * ```
 * @category money
 */
export function roundMoney<C extends string>(value: Money<C>, rounding: MoneyRounding = {}): Money<C> {
  const { amount, currency } = operandOf(value, []);
  return moneyOf(exactRound(exactFromCanonical(amount), checkedMoneyRounding(rounding, currency)), value.currency);
}

/**
 * Mode and scale in figures. Not a public entry.
 *
 * @throws DomainError `invalid_rounding` | `invalid_type` | `unknown_key`
 */
export function checkedMoneyRounding(rounding: MoneyRounding, currency: string): { readonly mode: RoundingMode; readonly scale: number } {
  const record = checkedOptions(rounding, ['mode', 'scale']);
  const mode = ROUNDING_MODES.find((known) => known === (record['mode'] ?? 'half-up'));
  if (mode === undefined) throw createDomainError('invalid_rounding', ['mode'], { expected: `one of ${ROUNDING_MODES.join(', ')}`, received: record['mode'] });
  return { mode, scale: checkedScale(record['scale'] ?? 'currency', currency) };
}

/**
 * A scale in figures. Not a public entry.
 *
 * @throws DomainError `invalid_rounding`
 */
export function checkedScale(scale: unknown, currency: string): number {
  if (scale === 'currency') return exponentOf(currency);
  if (typeof scale === 'number' && Number.isInteger(scale) && scale >= 0 && scale <= 40) return scale;
  throw createDomainError('invalid_rounding', ['scale'], { expected: 'a whole number from 0 to 40, or "currency"', received: scale });
}
