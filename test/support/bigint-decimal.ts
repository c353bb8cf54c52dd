/* Decimals the obvious way, as bigints: what the fast implementations are compared with. */
import type { RoundingMode } from 'dealwright/decimal';

/** `units` / 10^`scale`. */
export interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

/** As canonical text. */
export function decimalOf({ units, scale }: Scaled): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const integer = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The quotient as an integer, by the definition of each mode: the two neighbours, and which of them. */
export function bigintQuotient(dividend: bigint, divisor: bigint, mode: RoundingMode): bigint {
  const [numerator, denominator] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  const below = numerator >= 0n || numerator % denominator === 0n ? numerator / denominator : numerator / denominator - 1n;
  const over = numerator - below * denominator;
  if (over === 0n) return below;
  const above = below + 1n;
  const away = numerator > 0n ? above : below;
  const towards = numerator > 0n ? below : above;
  const nearest = 2n * over > denominator ? above : 2n * over < denominator ? below : undefined;
  switch (mode) {
    case 'up':
      return away;
    case 'down':
      return towards;
    case 'ceiling':
      return above;
    case 'floor':
      return below;
    case 'half-up':
      return nearest ?? away;
    case 'half-down':
      return nearest ?? towards;
    case 'half-even':
      return nearest ?? (below % 2n === 0n ? below : above);
  }
}
