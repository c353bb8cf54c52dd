/*
 * Exact arithmetic for the rest of the library: the only file that imports decimal.js. Not a public entry.
 * Sums and products never round: the private context is far wider than anything the limits on inputs can produce, and a product that
 * would not fit is an error. A quotient is taken last, once, at a stated scale, and is correctly rounded in every mode.
 */
import { Decimal } from 'decimal.js';
import { createDomainError } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';
import { type DecimalInput, type DecimalString, parseDecimal } from './parse-decimal.js';
import { type DecimalRounding, ROUNDING_MODES, type RoundingMode } from './rounding.js';

declare const exactBrand: unique symbol;

/**
 * An exact number during a computation. Opaque: use the functions that take it; results hold texts, never this.
 *
 * @category decimal
 */
export interface Exact {
  readonly [exactBrand]: true;
}

const MAX_DIGITS = 400;
/** Wide enough for any sum of numbers with up to 400 digits on either side of the point. */
const PRECISION = 1_000;
const Context = /* @__PURE__ */ Decimal.clone({ defaults: true, precision: PRECISION, toExpNeg: -9e15, toExpPos: 9e15, minE: -9e15, maxE: 9e15 });

const MODES: Readonly<Record<RoundingMode, Decimal.Rounding>> = {
  up: 0,
  down: 1,
  ceiling: 2,
  floor: 3,
  'half-up': 4,
  'half-down': 5,
  'half-even': 6,
};

function decimalOf(value: Exact): Decimal {
  return value as unknown as Decimal;
}

function exactOf(value: Decimal): Exact {
  return value as unknown as Exact;
}

/** Reads an input strictly, see {@link parseDecimal}. */
export function toExact(input: DecimalInput, path: IssuePath = []): Exact {
  return exactOf(new Context(parseDecimal(input, path)));
}

/** Reads a text that is already known to be canonical; anything the library made itself. */
export function exactFromCanonical(text: DecimalString): Exact {
  return exactOf(new Context(text));
}

/** An integer divided by a power of ten: how the fast path hands over. */
export function exactFromScaled(integer: number, scale: number): Exact {
  const value = new Context(integer);
  return exactOf(scale === 0 ? value : value.times(new Context(`1e-${scale}`)));
}

/** Zero. */
export const EXACT_ZERO: Exact = /* @__PURE__ */ exactFromCanonical('0');
/** One. */
export const EXACT_ONE: Exact = /* @__PURE__ */ exactFromCanonical('1');

export function exactAdd(a: Exact, b: Exact): Exact {
  return exactOf(decimalOf(a).plus(decimalOf(b)));
}

export function exactSubtract(a: Exact, b: Exact): Exact {
  return exactOf(decimalOf(a).minus(decimalOf(b)));
}

export function exactSum(values: Iterable<Exact>): Exact {
  let total = decimalOf(EXACT_ZERO);
  for (const value of values) total = total.plus(decimalOf(value));
  return exactOf(total);
}

/** @throws DomainError `precision_exceeded` when the product needs more than 400 digits before or after the point. */
export function exactMultiply(a: Exact, b: Exact): Exact {
  const left = decimalOf(a);
  const right = decimalOf(b);
  const product = left.times(right);
  // Digits after the point count as well: a factor of 1e-12 applied again and again keeps one significant digit, yet a later sum could no longer be exact.
  const exceeded = product.precision() > MAX_DIGITS || product.decimalPlaces() > MAX_DIGITS || product.e >= MAX_DIGITS || left.precision() + right.precision() > PRECISION;
  if (exceeded) throw createDomainError('precision_exceeded', [], { expected: `products of at most ${MAX_DIGITS} digits before and after the point` });
  return exactOf(product);
}

export function exactNegate(a: Exact): Exact {
  return exactOf(decimalOf(a).negated());
}

export function exactAbs(a: Exact): Exact {
  return exactOf(decimalOf(a).abs());
}

/** −1, 0 or 1. */
export function exactCompare(a: Exact, b: Exact): -1 | 0 | 1 {
  return decimalOf(a).comparedTo(decimalOf(b)) as -1 | 0 | 1;
}

/** −1, 0 or 1. */
export function exactSign(a: Exact): -1 | 0 | 1 {
  const value = decimalOf(a);
  return value.isZero() ? 0 : value.isNegative() ? -1 : 1;
}

export function exactMin(a: Exact, b: Exact): Exact {
  return exactCompare(a, b) <= 0 ? a : b;
}

export function exactMax(a: Exact, b: Exact): Exact {
  return exactCompare(a, b) >= 0 ? a : b;
}

/** Rounds to a scale; a value that needs no rounding is returned as it is. */
export function exactRound(a: Exact, rounding: DecimalRounding): Exact {
  const { scale, mode } = checkedRounding(rounding);
  return exactOf(decimalOf(a).toDecimalPlaces(scale, MODES[mode]));
}

/**
 * The quotient, correctly rounded to a scale in any mode: truncated first, then put right by the exact remainder.
 *
 * @throws DomainError `division_by_zero`
 */
export function exactDivide(a: Exact, b: Exact, rounding: DecimalRounding): Exact {
  const { scale, mode } = checkedRounding(rounding);
  const divisor = decimalOf(b);
  if (divisor.isZero()) throw createDomainError('division_by_zero', []);
  const shifted = decimalOf(a).times(new Context(`1e${scale}`));
  const whole = shifted.divToInt(divisor);
  const remainder = shifted.minus(whole.times(divisor));
  let result = whole;
  if (!remainder.isZero()) {
    const positive = decimalOf(a).isNegative() === divisor.isNegative();
    const half = remainder.abs().times(2).comparedTo(divisor.abs());
    if (roundsAway(mode, positive, half, () => !whole.mod(2).isZero())) result = whole.plus(positive ? 1 : -1);
  }
  return exactOf(result.times(new Context(`1e-${scale}`)));
}

function roundsAway(mode: RoundingMode, positive: boolean, half: number, odd: () => boolean): boolean {
  switch (mode) {
    case 'up':
      return true;
    case 'down':
      return false;
    case 'ceiling':
      return positive;
    case 'floor':
      return !positive;
    case 'half-up':
      return half >= 0;
    case 'half-down':
      return half > 0;
    case 'half-even':
      return half > 0 || (half === 0 && odd());
  }
}

/** Canonical text. */
export function exactToString(a: Exact): DecimalString {
  const value = decimalOf(a);
  return value.isZero() ? '0' : value.toFixed();
}

/** The nearest float64: only where exact money turns into an estimate. */
export function exactToNumber(a: Exact): number {
  return decimalOf(a).toNumber();
}

/** @throws DomainError `invalid_rounding` */
export function checkedRounding(rounding: DecimalRounding): { readonly scale: number; readonly mode: RoundingMode } {
  if (typeof rounding !== 'object' || rounding === null) throw createDomainError('invalid_rounding', [], { expected: 'an object with a scale', received: rounding });
  const { scale, mode = 'half-up' } = rounding;
  if (!ROUNDING_MODES.includes(mode)) throw createDomainError('invalid_rounding', ['mode'], { expected: `one of ${ROUNDING_MODES.join(', ')}`, received: mode });
  if (!Number.isInteger(scale) || scale < 0 || scale > 40) throw createDomainError('invalid_rounding', ['scale'], { expected: 'a whole number from 0 to 40', received: scale });
  return { scale, mode };
}
