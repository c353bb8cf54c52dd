/* Whole units divided without loss. Not a public entry. */
import { RATIO_ONE, type Ratio, ratioFromScaled, ratioMultiply, roundedUnits } from '../../decimal/ratio.js';

/**
 * Divides whole units by shares that sum to exactly 1: each share is cut, and the units left over go to the largest remainders, of equal ones to the first.
 * Negative units are divided like positive ones.
 */
export function divideUnits(units: bigint, shares: readonly Ratio[]): readonly bigint[] {
  const negative = units < 0n;
  const whole = negative ? -units : units;
  const denominator = shares.reduce((product, share) => leastCommonMultiple(product, share.d), 1n);
  const parts: bigint[] = [];
  const remainders: { readonly index: number; readonly remainder: bigint }[] = [];
  let left = whole;
  shares.forEach((share, index) => {
    const product = whole * share.n * (denominator / share.d);
    const part = product / denominator;
    parts.push(part);
    left -= part;
    remainders.push({ index, remainder: product - part * denominator });
  });
  remainders.sort((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : a.index - b.index));
  for (const { index } of remainders) {
    if (left <= 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return negative ? parts.map((part) => -part) : parts;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let x = a;
  let y = b;
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** So much of some units, rounded half away from zero to whole units. */
export function shareOfUnits(units: bigint, share: Ratio): bigint {
  if (share === RATIO_ONE) return units;
  return roundedUnits(ratioMultiply(ratioFromScaled(units, 0), share), 0, 'half-up');
}
