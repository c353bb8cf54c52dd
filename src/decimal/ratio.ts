/*
 * Exact quotients: an integer over a positive integer, so that a division inside a computation loses nothing and is rounded once, at the end.
 * Not a public entry. The hot paths use scaled safe integers and come here where those do not fit.
 */
import { createDomainError } from '../errors/domain-error.js';
import { checkedRounding } from './exact.js';
import type { DecimalString } from './parse-decimal.js';
import type { DecimalRounding, RoundingMode } from './rounding.js';

/**
 * An exact rational number during a computation: `n / d`. `d` is positive; the two need not be in lowest terms. Results hold texts, never this.
 *
 * @category decimal
 */
export interface Ratio {
  /** Numerator. */
  readonly n: bigint;
  /** Denominator, above zero. */
  readonly d: bigint;
}

export const RATIO_ZERO: Ratio = { n: 0n, d: 1n };
export const RATIO_ONE: Ratio = { n: 1n, d: 1n };

/** Beyond this, denominators are brought to lowest terms. */
const REDUCE_ABOVE = 10n ** 30n;

/** Reads a canonical decimal. The caller has made sure that it is one. */
export function ratioFromDecimal(text: DecimalString): Ratio {
  const point = text.indexOf('.');
  if (point < 0) return { n: BigInt(text), d: 1n };
  return { n: BigInt(text.slice(0, point) + text.slice(point + 1)), d: powerOfTen(text.length - point - 1) };
}

/** An integer on a scale: 1234 on scale 2 is 12.34. */
export function ratioFromScaled(integer: number | bigint, scale: number): Ratio {
  return { n: BigInt(integer), d: powerOfTen(scale) };
}

const POWERS: bigint[] = [1n];

function powerOfTen(exponent: number): bigint {
  for (let next = POWERS.length; next <= exponent; next += 1) POWERS.push((POWERS[next - 1] ?? 1n) * 10n);
  return POWERS[exponent] ?? 1n;
}

function make(n: bigint, d: bigint): Ratio {
  if (d <= REDUCE_ABOVE) return { n, d };
  const divisor = greatestCommonDivisor(n < 0n ? -n : n, d);
  return divisor === 1n ? { n, d } : { n: n / divisor, d: d / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let x = a;
  let y = b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export function ratioAdd(a: Ratio, b: Ratio): Ratio {
  if (a.d === b.d) return { n: a.n + b.n, d: a.d };
  if (a.n === 0n) return b;
  if (b.n === 0n) return a;
  return make(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function ratioSubtract(a: Ratio, b: Ratio): Ratio {
  return ratioAdd(a, ratioNegate(b));
}

export function ratioNegate(a: Ratio): Ratio {
  return { n: -a.n, d: a.d };
}

export function ratioMultiply(a: Ratio, b: Ratio): Ratio {
  return make(a.n * b.n, a.d * b.d);
}

/** @throws DomainError `division_by_zero` */
export function ratioDivide(a: Ratio, b: Ratio): Ratio {
  if (b.n === 0n) throw createDomainError('division_by_zero', []);
  const n = a.n * b.d;
  const d = a.d * b.n;
  return d < 0n ? make(-n, -d) : make(n, d);
}

export function ratioCompare(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const left = a.d === b.d ? a.n : a.n * b.d;
  const right = a.d === b.d ? b.n : b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function ratioSign(a: Ratio): -1 | 0 | 1 {
  return a.n < 0n ? -1 : a.n > 0n ? 1 : 0;
}

export function ratioMin(a: Ratio, b: Ratio): Ratio {
  return ratioCompare(a, b) <= 0 ? a : b;
}

export function ratioMax(a: Ratio, b: Ratio): Ratio {
  return ratioCompare(a, b) >= 0 ? a : b;
}

/**
 * Rounds once, correctly in every mode.
 *
 * @throws DomainError `invalid_rounding`
 */
export function ratioRound(a: Ratio, rounding: DecimalRounding): Ratio {
  const { scale, mode } = checkedRounding(rounding);
  return { n: roundedUnits(a, scale, mode), d: powerOfTen(scale) };
}

/** The rounded value as an integer on the scale. */
export function roundedUnits(a: Ratio, scale: number, mode: RoundingMode): bigint {
  const shifted = a.n * powerOfTen(scale);
  const whole = shifted / a.d;
  const remainder = shifted - whole * a.d;
  if (remainder === 0n) return whole;
  const positive = shifted > 0n;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  const half = twice > a.d ? 1 : twice < a.d ? -1 : 0;
  const away =
    mode === 'up' ||
    (mode === 'ceiling' && positive) ||
    (mode === 'floor' && !positive) ||
    (mode === 'half-up' && half >= 0) ||
    (mode === 'half-down' && half > 0) ||
    (mode === 'half-even' && (half > 0 || (half === 0 && whole % 2n !== 0n)));
  return away ? whole + (positive ? 1n : -1n) : whole;
}

/** Canonical decimal, or null where the expansion does not end. */
export function ratioToDecimal(a: Ratio): DecimalString | null {
  let scale = decimalScaleOf(a.d);
  let units = a.n;
  if (scale === null) {
    const divisor = greatestCommonDivisor(a.n < 0n ? -a.n : a.n, a.d);
    const d = a.d / divisor;
    let rest = d;
    let twos = 0;
    let fives = 0;
    for (; rest % 2n === 0n; rest /= 2n) twos += 1;
    for (; rest % 5n === 0n; rest /= 5n) fives += 1;
    if (rest !== 1n) return null;
    scale = Math.max(twos, fives);
    units = ((a.n / divisor) * powerOfTen(scale)) / d;
  }
  return formatUnits(units, scale);
}

function decimalScaleOf(d: bigint): number | null {
  if (d === 1n) return 0;
  for (let scale = 1; scale < POWERS.length; scale += 1) if (POWERS[scale] === d) return scale;
  return null;
}

/** An integer on a scale as canonical text. */
export function formatUnits(units: bigint, scale: number): DecimalString {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const integer = scale === 0 ? digits : digits.slice(0, -scale);
  const text = fraction === '' ? integer : `${integer}.${fraction}`;
  return negative && text !== '0' ? `-${text}` : text;
}

/** A text that {@link ratioFromText} reads back without loss: a decimal, or `n/d`. */
export function ratioToText(a: Ratio): string {
  const decimal = ratioToDecimal(a);
  if (decimal !== null) return decimal;
  const divisor = greatestCommonDivisor(a.n < 0n ? -a.n : a.n, a.d);
  return `${a.n / divisor}/${a.d / divisor}`;
}

const RATIO_TEXT = /^-?\d{1,400}(\.\d{1,400}|\/\d{1,400})?$/;

/** Reads what {@link ratioToText} wrote, or undefined. */
export function ratioFromText(text: string): Ratio | undefined {
  if (text.length > 1_000 || !RATIO_TEXT.test(text)) return undefined;
  const slash = text.indexOf('/');
  if (slash < 0) return ratioFromDecimal(text);
  const d = BigInt(text.slice(slash + 1));
  return d === 0n ? undefined : { n: BigInt(text.slice(0, slash)), d };
}
