import { exactAdd, exactCompare, exactDivide, exactMultiply, exactRound, exactSubtract, exactToString, toExact } from './exact.js';
import type { DecimalInput, DecimalString } from './parse-decimal.js';
import type { DecimalRounding } from './rounding.js';

/**
 * Adds two decimals exactly.
 *
 * @param a - first summand
 * @param b - second summand
 * @returns canonical text; never rounded
 * @throws DomainError as {@link parseDecimal}
 * @example
 * ```ts
 * import { addDecimals } from 'dealwright/decimal';
 * addDecimals('0.1', '0.2'); // => '0.3'
 * ```
 * @category decimal
 */
export function addDecimals(a: DecimalInput, b: DecimalInput): DecimalString {
  return exactToString(exactAdd(toExact(a, ['a']), toExact(b, ['b'])));
}

/**
 * Subtracts two decimals exactly.
 *
 * @param a - minuend
 * @param b - subtrahend
 * @returns canonical text; never rounded
 * @throws DomainError as {@link parseDecimal}
 * @example
 * ```ts
 * import { subtractDecimals } from 'dealwright/decimal';
 * subtractDecimals('1', '0.9'); // => '0.1'
 * ```
 * @category decimal
 */
export function subtractDecimals(a: DecimalInput, b: DecimalInput): DecimalString {
  return exactToString(exactSubtract(toExact(a, ['a']), toExact(b, ['b'])));
}

/**
 * Multiplies two decimals exactly.
 *
 * @param a - first factor
 * @param b - second factor
 * @returns canonical text; never rounded
 * @throws DomainError as {@link parseDecimal}
 * @example
 * ```ts
 * import { multiplyDecimals } from 'dealwright/decimal';
 * multiplyDecimals('950', '2.11'); // => '2004.5'
 * ```
 * @category decimal
 */
export function multiplyDecimals(a: DecimalInput, b: DecimalInput): DecimalString {
  return exactToString(exactMultiply(toExact(a, ['a']), toExact(b, ['b'])));
}

/**
 * Divides two decimals, correctly rounded once to a stated scale.
 *
 * @param a - dividend
 * @param b - divisor
 * @param rounding - scale, and mode (default `half-up`)
 * @returns canonical text with at most `scale` fraction digits
 * @throws DomainError `division_by_zero` | `invalid_rounding`, and as {@link parseDecimal}
 * @example
 * ```ts
 * import { divideDecimals } from 'dealwright/decimal';
 * divideDecimals('1', '3', { scale: 4 }); // => '0.3333'
 * ```
 * @category decimal
 */
export function divideDecimals(a: DecimalInput, b: DecimalInput, rounding: DecimalRounding): DecimalString {
  return exactToString(exactDivide(toExact(a, ['a']), toExact(b, ['b']), rounding));
}

/**
 * Rounds a decimal to a scale.
 *
 * @param value - what to round
 * @param rounding - scale, and mode (default `half-up`, ties away from zero)
 * @returns canonical text with at most `scale` fraction digits
 * @throws DomainError `invalid_rounding`, and as {@link parseDecimal}
 * @example
 * ```ts
 * import { roundDecimal } from 'dealwright/decimal';
 * roundDecimal('2.345', { scale: 2 }); // => '2.35'
 * roundDecimal('2.345', { scale: 2, mode: 'half-even' }); // => '2.34'
 * ```
 * @category decimal
 */
export function roundDecimal(value: DecimalInput, rounding: DecimalRounding): DecimalString {
  return exactToString(exactRound(toExact(value, ['value']), rounding));
}

/**
 * Compares two decimals.
 *
 * @param a - first
 * @param b - second
 * @returns −1 if `a` is smaller, 0 if equal in value, 1 if greater
 * @throws DomainError as {@link parseDecimal}
 * @example
 * ```ts
 * import { compareDecimals } from 'dealwright/decimal';
 * compareDecimals('1.0', '1'); // => 0
 * ```
 * @category decimal
 */
export function compareDecimals(a: DecimalInput, b: DecimalInput): -1 | 0 | 1 {
  return exactCompare(toExact(a, ['a']), toExact(b, ['b']));
}
