/*
 * The grid that amounts lie on: the largest step of which every amount is a whole multiple. Not a public entry.
 */

/** Amounts are whole multiples of numerator / denominator; the denominator is a power of ten from 1 to 1e6. */
export interface Lattice {
  readonly numerator: number;
  readonly denominator: number;
}

/** Largest number of decimals an amount may have and still lie on a grid. */
const MAX_DECIMALS = 6;

/** Totals beyond this many units would no longer be exact whole numbers. */
const MAX_UNITS = 2 ** 52;

function greatestCommonDivisor(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}

/**
 * The coarsest lattice that holds every amount exactly, or undefined where there is none (more than six decimals, or too many units in total).
 * A double counts as a decimal number with d decimals when it is the double nearest to one.
 */
export function findLattice(amounts: ArrayLike<number>): Lattice | undefined {
  let denominator = 1;
  let total = 0;
  for (let i = 0; i < amounts.length; i += 1) {
    const amount = Math.abs(amounts[i] as number); // within bounds
    total += amount;
    while (Math.round(amount * denominator) / denominator !== amount) {
      if (denominator >= 10 ** MAX_DECIMALS) return undefined;
      denominator *= 10;
    }
  }
  if (!(total * denominator < MAX_UNITS)) return undefined;
  let divisor = 0;
  for (let i = 0; i < amounts.length && divisor !== 1; i += 1) {
    divisor = greatestCommonDivisor(Math.round(Math.abs(amounts[i] as number) * denominator), divisor);
  }
  return { numerator: divisor === 0 ? 1 : divisor, denominator };
}

/** Whole number of lattice units in an amount that lies on the lattice. */
export function toUnits(amount: number, lattice: Lattice): number {
  return Math.round(amount * lattice.denominator) / lattice.numerator;
}

/** The amount at a whole number of lattice units: the double nearest to the decimal. */
export function fromUnits(units: number, lattice: Lattice): number {
  return (units * lattice.numerator) / lattice.denominator;
}

/**
 * Greatest common divisors above 1 of a few fixed pairs of whole amounts, and round steps: where a coarser grid that holds *nearly* all amounts may lie.
 * In units of the lattice, descending.
 */
export function listCoarserSteps(units: ArrayLike<number>, largest: number): number[] {
  const steps = new Set<number>();
  for (const factor of [2, 3, 4, 5, 6, 8, 12, 25]) {
    for (let power = 1; power * factor <= largest && power <= 1e12; power *= 10) steps.add(power * factor);
  }
  for (let power = 10; power <= largest && power <= 1e12; power *= 10) steps.add(power);
  const n = units.length;
  const stride = Math.max(1, Math.floor(n / 24));
  for (let i = 0; i + stride < n; i += stride) {
    const divisor = greatestCommonDivisor(units[i] as number, units[i + stride] as number); // within bounds
    if (divisor > 1 && divisor <= largest) steps.add(divisor);
  }
  return [...steps].sort((a, b) => b - a);
}
