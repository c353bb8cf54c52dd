/*
 * The exact fast path: decimals as safe integers on a stated scale (12.34 on scale 2 is 1234). Not a public entry.
 * Every function answers NaN where the result would not be an exact safe integer; the caller then takes the decimal path,
 * which gives the same figures. NaN spreads through sums, so one test at the end of a batch is enough.
 */

/** Powers of ten that are exact in float64. */
const POWERS_OF_TEN: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/**
 * Reads a plain decimal text as an integer on a scale, by character code.
 *
 * @returns the integer, or NaN: not a plain decimal, more fraction digits than the scale, or beyond 2^53 − 1
 */
export function parseScaledInteger(text: string, scale: number): number {
  const { length } = text;
  let index = 0;
  const negative = text.charCodeAt(0) === 45;
  if (negative) index = 1;
  if (index >= length || length > 20) return Number.NaN;
  let value = 0;
  let fractionDigits = -1;
  for (; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (fractionDigits >= 0 || index === (negative ? 1 : 0) || index === length - 1) return Number.NaN;
      fractionDigits = 0;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    if (fractionDigits >= scale) {
      // Beyond the scale only zeros can be dropped.
      if (digit !== 0) return Number.NaN;
      continue;
    }
    value = value * 10 + digit;
    if (fractionDigits >= 0) fractionDigits += 1;
  }
  const missing = scale - (fractionDigits < 0 ? 0 : fractionDigits);
  if (missing > 0) value *= POWERS_OF_TEN[missing] ?? Number.NaN;
  if (!(value <= Number.MAX_SAFE_INTEGER)) return Number.NaN;
  return negative && value !== 0 ? -value : value;
}

/** Sum of two safe integers, or NaN when it leaves the safe range. */
export function addSafe(a: number, b: number): number {
  const sum = a + b;
  return sum <= Number.MAX_SAFE_INTEGER && sum >= -Number.MAX_SAFE_INTEGER ? sum : Number.NaN;
}
