/*
 * What each term adds to P(X ≥ target): the probability less that of the sum without the term. Not a public entry.
 *
 * Where the points are exact, the term is divided out of the tail function T: from T(x) = (1 − p) G(x) + p G(x − a) follows a recursion for G along x, x − a, x − 2a, …
 * (upwards where p > ½, so that errors shrink). Where the sum is a Fourier series, its factor is divided out of every coefficient.
 * On a coarse grid, halves of the terms are put back in turn (divide and conquer).
 */

import { toUnits } from './amount-lattice.js';
import { cumulativeOf, gridPointsBelow, type PointDistribution, type SeriesDistribution, sumSeries } from './distribution.js';
import type { BuiltSum } from './distribution-of-sum.js';
import { addTerm, type Grid, startGrid } from './lattice-convolution.js';
import type { NormalTerms, RawTerms } from './sum-terms.js';

const TWO_PI = 6.283185307179586;
/** Work allowed to the slower ways. */
const MAX_WORK = 3e8;
/** Below this size a factor of the characteristic function is not divided by. */
const SMALL_FACTOR = 1e-6;

/** P(X ≥ target) less the same without term i, for every term (each with one outcome); undefined where it would take too long or terms are correlated. */
export function effectsOnReaching(raw: RawTerms, built: BuiltSum, target: number): Float64Array | undefined {
  if (built.correlation > 0 || raw.amount.length !== raw.count) return undefined;
  const { distribution } = built;
  if (built.grid !== undefined && !built.grid.isExact) return fromGrid(raw, built, target);
  const without = distribution.form === 'series' ? fromSeries(raw, built, distribution, target) : fromPoints(raw, distribution, target);
  const all = Math.min(1, Math.max(0, 1 - cumulativeOf(distribution, target, true)));
  return without.map((tail) => all - tail);
}

function fromPoints(raw: RawTerms, distribution: PointDistribution, target: number): Float64Array {
  const tail = (x: number): number => 1 - cumulativeOf(distribution, x, true);
  const { minimum, maximum } = distribution;
  // Sums of floating-point amounts carry rounding: compare a hair below the target.
  const hair = 1e-12 * Math.max(Math.abs(minimum), Math.abs(maximum), Math.abs(target));
  const all = tail(target);
  const result = new Float64Array(raw.count);
  for (let i = 0; i < raw.count; i += 1) {
    const amount = raw.amount[i] as number; // within bounds, here and below
    const p = raw.probability[i] as number;
    if (amount === 0 || p === 0) {
      result[i] = all;
      continue;
    }
    if (p === 1) {
      result[i] = tail(target + amount - hair);
      continue;
    }
    // As a term that adds `size` with probability `happens`; a negative amount lowers the rest by its size.
    const size = Math.abs(amount);
    const happens = amount > 0 ? p : 1 - p;
    const from = (amount > 0 ? target : target - size) - hair;
    let sum = 0;
    let factor = 1;
    if (happens <= 0.5) {
      const ratio = happens / (1 - happens);
      for (let x = from, n = 0; factor > 1e-18 || factor < -1e-18; n += 1, x = from - n * size) {
        if (x <= minimum) {
          sum += factor * (1 - happens); // here the tail without the term is 1
          break;
        }
        sum += factor * tail(x);
        factor *= -ratio;
      }
      sum /= 1 - happens;
    } else {
      const ratio = (1 - happens) / happens;
      for (let n = 1; factor > 1e-18 || factor < -1e-18; n += 1) {
        const x = from + n * size;
        if (x > maximum) break;
        sum += factor * tail(x);
        factor *= -ratio;
      }
      sum /= happens;
    }
    result[i] = Math.min(1, Math.max(0, sum));
  }
  return result;
}

function fromSeries(raw: RawTerms, built: BuiltSum, distribution: SeriesDistribution, target: number): Float64Array {
  const { inverted, terms } = built;
  const { grid, real, imaginary } = distribution;
  const result = new Float64Array(raw.count);
  if (inverted === undefined) return result;
  const size = real.length;
  const { lattice } = terms;
  const share = (x: number): number => {
    const part = grid === null ? (x - distribution.windowStart) / distribution.windowWidth : gridPointsBelow(grid, x, true) / grid.count;
    return Math.min(1, Math.max(0, part));
  };
  const baseShare = share(target);
  const all = baseShare === 0 ? 1 : baseShare === 1 ? 0 : 1 - Math.min(1, Math.max(0, sumSeries(real, imaginary, baseShare)));
  const step = inverted.step ?? 0;
  for (let i = 0; i < raw.count; i += 1) {
    const amount = raw.amount[i] as number; // within bounds, here and below
    const p = raw.probability[i] as number;
    if (amount === 0 || p === 0) {
      result[i] = all;
      continue;
    }
    if (p === 1) {
      result[i] = 1 - cumulativeOf(distribution, target + amount, true);
      continue;
    }
    const value = Math.abs(lattice === undefined ? amount : toUnits(amount, lattice));
    const happens = amount > 0 ? p : 1 - p;
    const rest = 1 - happens;
    const shifted = amount > 0 ? target : target + amount; // the normal form moves a negative amount into the shift
    // Outcome on the grid of the inversion: itself, or two neighbours.
    const position = step === 0 ? 0 : value / step;
    const below = Math.floor(position);
    const part = step === 0 ? 0 : position - below;
    const isSplit = part > 0;
    const useUpper = rest < 0.5 && !isSplit;
    const u = useUpper ? share(shifted + Math.abs(amount)) : shifted === target ? baseShare : share(shifted);
    if (u === 0 || u === 1) {
      result[i] = u === 0 ? 1 : 0;
      continue;
    }
    const low = TWO_PI * (((isSplit ? below * step : value) / inverted.width) % 1);
    const high = TWO_PI * ((((below + 1) * step) / inverted.width) % 1);
    const lowCosine = Math.cos(low);
    const lowSine = Math.sin(low);
    const readCosine = Math.cos(TWO_PI * u);
    const readSine = Math.sin(TWO_PI * u);
    const lowShare = happens * (1 - part);
    const highShare = happens * part;
    let c = 1;
    let s = 0;
    let cu = 1;
    let su = 0;
    let sum = u;
    for (let k = 1; k <= size; k += 1) {
      const nextC = c * lowCosine - s * lowSine;
      s = s * lowCosine + c * lowSine;
      c = nextC;
      const nextCu = cu * readCosine - su * readSine;
      su = su * readCosine + cu * readSine;
      cu = nextCu;
      let a = rest + lowShare * c;
      let b = lowShare * s;
      if (isSplit) {
        a += highShare * Math.cos(high * k);
        b += highShare * Math.sin(high * k);
      }
      const square = a * a + b * b;
      let re = real[k - 1] as number;
      let im = imaginary[k - 1] as number;
      if (square < SMALL_FACTOR * SMALL_FACTOR) {
        // The value and probability under which the term stands in the sum as inverted.
        const [at, weight] = !isSplit ? [value, happens] : below === 0 ? [step, highShare] : [below * step, lowShare];
        [re, im] = coefficientWithout(built, distribution, at, weight, k);
      } else {
        const quotient = (re * a + im * b) / square;
        im = (im * a - re * b) / square;
        re = quotient;
      }
      if (useUpper) {
        const turned = re * c - im * s;
        im = re * s + im * c;
        re = turned;
      }
      sum += re * (1 - cu) - im * su;
    }
    result[i] = Math.min(1, Math.max(0, 1 - sum));
  }
  return result;
}

/** A coefficient computed anew without one term whose first outcome has this value and probability: for the rare factor that is almost zero. */
function coefficientWithout(built: BuiltSum, distribution: SeriesDistribution, value: number, happens: number, k: number): [number, number] {
  const { inverted } = built;
  if (inverted === undefined) return [0, 0];
  const { terms, width, first, step } = inverted;
  let a = 1;
  let b = 0;
  let isLeftOut = false;
  for (let i = 0; i < terms.count && a * a + b * b > 1e-36; i += 1) {
    const from = terms.start[i] as number; // within bounds, here and below
    const to = terms.start[i + 1] as number;
    if (!isLeftOut && terms.value[from] === value && terms.probability[from] === happens) {
      isLeftOut = true;
      continue;
    }
    let x = terms.rest[i] as number;
    let y = 0;
    for (let j = from; j < to; j += 1) {
      const angle = TWO_PI * ((((terms.value[j] as number) / width) * k) % 1);
      x += (terms.probability[j] as number) * Math.cos(angle);
      y += (terms.probability[j] as number) * Math.sin(angle);
    }
    const next = a * x - b * y;
    b = a * y + b * x;
    a = next;
  }
  const turn = -TWO_PI * (((first / width) * k) % 1);
  const phiReal = a * Math.cos(turn) - b * Math.sin(turn);
  const phiImaginary = a * Math.sin(turn) + b * Math.cos(turn);
  if (step === null || distribution.grid === null) return [phiImaginary / (Math.PI * k), -phiReal / (Math.PI * k)];
  const half = (Math.PI * k) / distribution.grid.count;
  const cotangent = Math.cos(half) / Math.sin(half);
  return [(phiReal + phiImaginary * cotangent) / distribution.grid.count, (phiImaginary - phiReal * cotangent) / distribution.grid.count];
}

/** Tails without one term: at the goal, and at the goal less the value of the term. */
interface TailsWithout {
  readonly atGoal: number;
  readonly below: number;
}

/** Most cells of the grid on which terms are put back. */
const MAX_CELLS = 8192;

function fromGrid(raw: RawTerms, built: BuiltSum, target: number): Float64Array | undefined {
  const { terms, grid } = built;
  if (grid === undefined) return undefined;
  let { step } = grid;
  while ((grid.masses.length * grid.step) / step > MAX_CELLS) step *= 2;
  const work = terms.count * Math.max(1, Math.ceil(Math.log2(Math.max(2, terms.count)))) * ((grid.masses.length * grid.step) / step);
  if (work > MAX_WORK) return undefined;
  const unit = terms.lattice === undefined ? 1 : terms.lattice.numerator / terms.lattice.denominator;
  const goal = target / unit - terms.shift; // in positions of the normal form
  const without = new Map<string, TailsWithout>();
  divide(terms, startGrid(step), 0, terms.count, goal, without);
  const result = new Float64Array(raw.count);
  for (let i = 0; i < raw.count; i += 1) {
    const amount = raw.amount[i] as number; // within bounds, here and below
    const p = raw.probability[i] as number;
    if (amount === 0 || p === 0) continue;
    if (p === 1) {
      result[i] = tailOf(grid, goal) - tailOf(grid, goal + amount / unit);
      continue;
    }
    const value = Math.abs(terms.lattice === undefined ? amount : toUnits(amount, terms.lattice));
    const tails = without.get(termKey(value, amount > 0 ? p : 1 - p));
    // P(X ≥ q) − P(X₋ᵢ ≥ q) = p (P(X₋ᵢ ≥ q − a) − P(X₋ᵢ ≥ q)), both read from the same grid, so that its coarseness does not drown the difference.
    if (tails !== undefined) result[i] = amount > 0 ? p * (tails.below - tails.atGoal) : p * (tails.atGoal - tails.below);
  }
  return result;
}

function termKey(value: number, happens: number): string {
  return `${value}/${happens}`;
}

function tailOf(grid: { readonly first: number; readonly step: number; readonly masses: Float64Array }, x: number): number {
  const { first, step, masses } = grid;
  let sum = 0;
  for (let c = Math.max(0, Math.ceil(x / step - first - 1e-9)); c < masses.length; c += 1) sum += masses[c] as number;
  return Math.min(1, sum);
}

/** The sum of all terms outside [from, to) is given; halves are added until one term is left out. Equal terms share a result. */
function divide(terms: NormalTerms, grid: Grid, from: number, to: number, goal: number, without: Map<string, TailsWithout>): void {
  if (from >= to) return;
  const first = terms.start[from] as number;
  const last = terms.start[to - 1] as number;
  // Terms are sorted, so a stretch of equal ones shows at its ends: leave out any one of them.
  if (terms.value[first] === terms.value[last] && terms.probability[first] === terms.probability[last]) {
    const copy: Grid = { ...grid };
    for (let i = from + 1; i < to; i += 1) addTerm(copy, terms, i);
    const value = terms.value[first] as number;
    without.set(termKey(value, terms.probability[first] as number), { atGoal: tailOf(copy, goal), below: tailOf(copy, goal - value) });
    return;
  }
  const middle = (from + to) >>> 1;
  const left: Grid = { ...grid };
  for (let i = middle; i < to; i += 1) addTerm(left, terms, i);
  divide(terms, left, from, middle, goal, without);
  const right: Grid = { ...grid };
  for (let i = from; i < middle; i += 1) addTerm(right, terms, i);
  divide(terms, right, middle, to, goal, without);
}
