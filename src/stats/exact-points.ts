/*
 * Exact distributions of small sums: every combination one by one, or one term after the other on the sorted list of possible totals.
 * Works on the non-negative values of the normal form. Not a public entry.
 */
import type { NormalTerms } from './sum-terms.js';

/** Possible totals in ascending order with their probabilities. */
export interface Points {
  readonly values: Float64Array;
  readonly probabilities: Float64Array;
}

/** Number of combinations of outcomes, Infinity if beyond the limit. */
export function countCombinations(terms: NormalTerms, limit: number): number {
  let product = 1;
  for (let i = 0; i < terms.count; i += 1) {
    product *= 1 + (terms.start[i + 1] as number) - (terms.start[i] as number); // within bounds, here and below
    if (product > limit) return Infinity;
  }
  return product;
}

/** Every combination of outcomes: the obvious method, exponential in the number of terms. */
export function enumerateSums(terms: NormalTerms, combinations: number): Points {
  const totals = new Float64Array(combinations);
  const masses = new Float64Array(combinations);
  masses[0] = 1;
  let filled = 1;
  for (let i = 0; i < terms.count; i += 1) {
    const from = terms.start[i] as number;
    const to = terms.start[i + 1] as number;
    const rest = terms.rest[i] as number;
    for (let j = from; j < to; j += 1) {
      const at = filled * (1 + j - from);
      for (let c = 0; c < filled; c += 1) {
        totals[at + c] = (totals[c] as number) + (terms.value[j] as number);
        masses[at + c] = (masses[c] as number) * (terms.probability[j] as number);
      }
    }
    for (let c = 0; c < filled; c += 1) masses[c] = (masses[c] as number) * rest;
    filled *= 1 + to - from;
  }
  const order = new Uint32Array(filled);
  for (let c = 0; c < filled; c += 1) order[c] = c;
  order.sort((a, b) => (totals[a] as number) - (totals[b] as number) || a - b);
  const values = new Float64Array(filled);
  const probabilities = new Float64Array(filled);
  let size = 0;
  for (let c = 0; c < filled; c += 1) {
    const total = totals[order[c] as number] as number;
    const mass = masses[order[c] as number] as number;
    if (size > 0 && values[size - 1] === total) probabilities[size - 1] = (probabilities[size - 1] as number) + mass;
    else {
      values[size] = total;
      probabilities[size] = mass;
      size += 1;
    }
  }
  return { values: values.slice(0, size), probabilities: probabilities.slice(0, size) };
}

/** One term after the other: merges shifted copies of the sorted list of totals. Undefined once there are more than `limit` totals. */
export function convolveExactly(terms: NormalTerms, limit: number): Points | undefined {
  let values = Float64Array.of(0);
  let masses = Float64Array.of(1);
  for (let i = 0; i < terms.count; i += 1) {
    const from = terms.start[i] as number;
    const to = terms.start[i + 1] as number;
    const base = { values, masses };
    // The copy at 0 first, then one merge per outcome.
    let current = { values: base.values, masses: base.masses.map((mass) => mass * (terms.rest[i] as number)) };
    for (let j = from; j < to; j += 1) {
      const merged = mergeShifted(current.values, current.masses, base.values, base.masses, terms.value[j] as number, terms.probability[j] as number, limit);
      if (merged === undefined) return undefined;
      current = merged;
    }
    values = current.values;
    masses = current.masses;
  }
  return { values, probabilities: masses };
}

function mergeShifted(
  a: Float64Array<ArrayBuffer>,
  aMass: Float64Array<ArrayBuffer>,
  b: Float64Array<ArrayBuffer>,
  bMass: Float64Array<ArrayBuffer>,
  shift: number,
  weight: number,
  limit: number,
): { values: Float64Array<ArrayBuffer>; masses: Float64Array<ArrayBuffer> } | undefined {
  const values = new Float64Array(a.length + b.length);
  const masses = new Float64Array(a.length + b.length);
  let i = 0;
  let j = 0;
  let size = 0;
  while (i < a.length || j < b.length) {
    const left = i < a.length ? (a[i] as number) : Infinity;
    const right = j < b.length ? (b[j] as number) + shift : Infinity;
    let mass = 0;
    if (left <= right) {
      mass += aMass[i] as number;
      i += 1;
    }
    if (right <= left) {
      mass += (bMass[j] as number) * weight;
      j += 1;
    }
    values[size] = left < right ? left : right;
    masses[size] = mass;
    size += 1;
  }
  if (size > limit) return undefined;
  return { values: values.slice(0, size), masses: masses.slice(0, size) };
}
