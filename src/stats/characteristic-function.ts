/*
 * Distribution of a sum of many terms by inversion of its characteristic function φ on a window that holds all but 1e-13 of the probability.
 * φ is formed at the frequencies 2πk / width for k = 1 … K by rotation (one sine and cosine per term and block of frequencies), K doubling until
 * |φ| < 1e-13. Not a public entry.
 */
import { listCoarserSteps } from './amount-lattice.js';
import { normalQuantileOf, normalTail } from './normal-tail.js';
import type { NormalTerms } from './sum-terms.js';

const TWO_PI = 6.283185307179586;
const NEGLIGIBLE = 1e-13;
const FIRST_FREQUENCIES = 28;
/** Most frequencies; beyond, the sum is dominated by few terms and another method is better. */
const MAX_FREQUENCIES = 4096;
/** Most steps of work, terms × frequencies × nodes. */
const MAX_WORK = 6e8;
/** −ln of the root mean square of |φ| over all frequencies from which on what lies beyond its main lobe can be neglected; more where a factor is mixed over. */
const MIN_SPREAD = 11;
const MIN_SPREAD_CORRELATED = 26;
/** |φ| at the frequency of a coarser grid from which on nearly all amounts lie on it. */
const NEARLY_ON_GRID = 0.5;

/** Conditional probabilities of a one-factor model at one value of the factor. */
export interface FactorNode {
  readonly weight: number;
  readonly probability: Float64Array;
  readonly rest: Float64Array;
}

/** The cumulative function as a Fourier series; positions in units of the normal form. */
export interface InvertedSum {
  readonly first: number;
  readonly width: number;
  /** Whether positions are whole grid points of `step`, or continuous. */
  readonly step: number | null;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  /** How far a quantile can be off, in the same units. */
  readonly resolution: number;
  readonly terms: NormalTerms;
}

/** Normal latent variable with one common factor (Vasicek 1987): probability of each outcome given the factor z. */
export function conditionalProbabilities(terms: NormalTerms, correlation: number, z: number, weight: number): FactorNode {
  const probability = new Float64Array(terms.probability.length);
  const rest = new Float64Array(terms.count);
  const load = Math.sqrt(correlation);
  const scale = Math.sqrt(1 - correlation);
  for (let i = 0; i < terms.count; i += 1) {
    const from = terms.start[i] as number; // within bounds, here and below
    const to = terms.start[i + 1] as number;
    const free = terms.rest[i] as number;
    // Φ⁻¹ from whichever of the two masses is small, so that neither loses digits.
    let mass = 0;
    for (let j = from; j < to; j += 1) mass += terms.probability[j] as number;
    const threshold = free >= mass ? normalQuantileOf(mass) : -normalQuantileOf(free);
    const at = (threshold - load * z) / scale;
    const happens = normalTail(-at);
    rest[i] = normalTail(at);
    for (let j = from; j < to; j += 1) probability[j] = happens * ((terms.probability[j] as number) / mass);
  }
  return { weight, probability, rest };
}

/** Mean, variance and largest value of the sum under given probabilities. */
function spread(terms: NormalTerms, probability: Float64Array): { readonly mean: number; readonly variance: number; readonly largest: number } {
  let mean = 0;
  let variance = 0;
  let largest = 0;
  for (let i = 0; i < terms.count; i += 1) {
    let first = 0;
    let second = 0;
    for (let j = terms.start[i] as number; j < (terms.start[i + 1] as number); j += 1) {
      const value = terms.value[j] as number;
      const product = value * (probability[j] as number);
      first += product;
      second += value * product;
      if (value > largest) largest = value;
    }
    mean += first;
    variance += Math.max(0, second - first * first);
  }
  return { mean, variance, largest };
}

/** Nodes of the factor for the trapezoidal rule, fine enough for how sharply the conditional sum moves with the factor. */
export function factorNodes(terms: NormalTerms, correlation: number, maxNodes: number): FactorNode[] {
  if (correlation === 0) return [{ weight: 1, probability: terms.probability, rest: terms.rest }];
  let sharpness = Math.min(1, Math.sqrt((1 - correlation) / correlation));
  const probe = 0.05;
  for (let z = -5; z <= 5; z += 1) {
    const left = spread(terms, conditionalProbabilities(terms, correlation, z - probe, 0).probability);
    const right = spread(terms, conditionalProbabilities(terms, correlation, z + probe, 0).probability);
    const movement = Math.abs(right.mean - left.mean) / (2 * probe);
    const deviation = Math.sqrt((left.variance + right.variance) / 2);
    if (movement > 0 && deviation > 0) sharpness = Math.min(sharpness, deviation / movement);
  }
  const reach = 8.3;
  const half = Math.min(Math.floor((maxNodes - 1) / 2), Math.ceil(reach / Math.min(0.25, 0.75 * sharpness)));
  const step = reach / half;
  const nodes: FactorNode[] = [];
  let total = 0;
  for (let k = -half; k <= half; k += 1) total += Math.exp(-0.5 * (k * step) ** 2);
  for (let k = -half; k <= half; k += 1) nodes.push(conditionalProbabilities(terms, correlation, k * step, Math.exp(-0.5 * (k * step) ** 2) / total));
  return nodes;
}

/**
 * −ln of the root mean square of |φ| over all frequencies, up to 30: by Parseval that of one term is the root of Σ p². The larger, the less there is in φ beyond
 * its main lobe, unless the amounts lie on a grid.
 */
function spreadOf(terms: NormalTerms): number {
  let product = 1;
  for (let i = 0; i < terms.count && product > 1e-26; i += 1) {
    const rest = terms.rest[i] as number;
    let squares = rest * rest;
    for (let j = terms.start[i] as number; j < (terms.start[i + 1] as number); j += 1) squares += (terms.probability[j] as number) ** 2;
    product *= squares;
  }
  return -0.5 * Math.log(product);
}

/**
 * Multiplies the factors of terms with one outcome each into φ. Two terms at a time: the rotations of one run while those of the other wait for each other.
 * An odd term out is paired with one that is certainly nothing.
 */
function multiplySingle(terms: NormalTerms, node: FactorNode, width: number, k0: number, real: Float64Array, imaginary: Float64Array): void {
  const { value, count } = terms;
  const { probability, rest } = node;
  const size = real.length;
  for (let i = 0; i < count; i += 2) {
    const isPair = i + 1 < count;
    const q1 = rest[i] as number; // within bounds, here and below
    const p1 = probability[i] as number;
    const q2 = isPair ? (rest[i + 1] as number) : 1;
    const p2 = isPair ? (probability[i + 1] as number) : 0;
    const angle1 = TWO_PI * (((value[i] as number) / width) % 1);
    const angle2 = isPair ? TWO_PI * (((value[i + 1] as number) / width) % 1) : 0;
    const cosine1 = Math.cos(angle1);
    const sine1 = Math.sin(angle1);
    const cosine2 = Math.cos(angle2);
    const sine2 = Math.sin(angle2);
    let c1 = k0 === 1 ? cosine1 : Math.cos(angle1 * k0);
    let s1 = k0 === 1 ? sine1 : Math.sin(angle1 * k0);
    let c2 = k0 === 1 ? cosine2 : Math.cos(angle2 * k0);
    let s2 = k0 === 1 ? sine2 : Math.sin(angle2 * k0);
    for (let k = 0; k < size; k += 1) {
      const a1 = q1 + p1 * c1;
      const b1 = p1 * s1;
      const a2 = q2 + p2 * c2;
      const b2 = p2 * s2;
      const a = a1 * a2 - b1 * b2;
      const b = a1 * b2 + b1 * a2;
      const r = real[k] as number;
      const m = imaginary[k] as number;
      real[k] = r * a - m * b;
      imaginary[k] = r * b + m * a;
      const next1 = c1 * cosine1 - s1 * sine1;
      s1 = s1 * cosine1 + c1 * sine1;
      c1 = next1;
      const next2 = c2 * cosine2 - s2 * sine2;
      s2 = s2 * cosine2 + c2 * sine2;
      c2 = next2;
    }
  }
}

/** Adds weight × φ at the frequencies k0 … k1 − 1 to the totals (element 0 is frequency 1). */
function accumulate(terms: NormalTerms, node: FactorNode, width: number, k0: number, k1: number, totalReal: Float64Array, totalImaginary: Float64Array): void {
  const size = k1 - k0;
  const real = new Float64Array(size).fill(1);
  const imaginary = new Float64Array(size);
  const { start, value } = terms;
  const isSingle = value.length === terms.count;
  const factorReal = new Float64Array(isSingle ? 0 : size);
  const factorImaginary = new Float64Array(isSingle ? 0 : size);
  if (isSingle) multiplySingle(terms, node, width, k0, real, imaginary);
  for (let i = 0; i < terms.count && !isSingle; i += 1) {
    factorReal.fill(node.rest[i] as number);
    factorImaginary.fill(0);
    for (let j = start[i] as number; j < (start[i + 1] as number); j += 1) {
      const p = node.probability[j] as number;
      const angle = TWO_PI * (((value[j] as number) / width) % 1);
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      let c = Math.cos(angle * k0);
      let s = Math.sin(angle * k0);
      for (let k = 0; k < size; k += 1) {
        factorReal[k] = (factorReal[k] as number) + p * c;
        factorImaginary[k] = (factorImaginary[k] as number) + p * s;
        const next = c * cosine - s * sine;
        s = s * cosine + c * sine;
        c = next;
      }
    }
    for (let k = 0; k < size; k += 1) {
      const a = factorReal[k] as number;
      const b = factorImaginary[k] as number;
      const r = real[k] as number;
      const m = imaginary[k] as number;
      real[k] = r * a - m * b;
      imaginary[k] = r * b + m * a;
    }
  }
  for (let k = 0; k < size; k += 1) {
    const at = k0 - 1 + k;
    totalReal[at] = (totalReal[at] as number) + node.weight * (real[k] as number);
    totalImaginary[at] = (totalImaginary[at] as number) + node.weight * (imaginary[k] as number);
  }
}

/** The same under the terms' own probabilities, which is known already. */
function ownSpread(terms: NormalTerms): { readonly mean: number; readonly variance: number; readonly largest: number } {
  const unit = terms.lattice === undefined ? 1 : terms.lattice.numerator / terms.lattice.denominator;
  // Values of a term ascend, and terms ascend by their largest.
  return { mean: terms.mean / unit - terms.shift, variance: terms.variance / unit / unit, largest: terms.value[terms.value.length - 1] ?? 0 };
}

interface Window {
  readonly first: number;
  readonly width: number;
}

/** Interval that holds all but 1e-13 of the probability at every node (Bernstein's inequality; in fact far less lies outside), within the range of the sum. */
function findWindow(terms: NormalTerms, nodes: readonly FactorNode[]): Window {
  let low = Infinity;
  let high = -Infinity;
  const lambda = 32;
  for (const node of nodes) {
    const { mean, variance, largest } = nodes.length === 1 ? ownSpread(terms) : spread(terms, node.probability);
    const part = (lambda * largest) / 3;
    const reach = part + Math.sqrt(part * part + 2 * lambda * variance);
    low = Math.min(low, mean - reach);
    high = Math.max(high, mean + reach);
  }
  const first = Math.max(0, low);
  return { first, width: Math.min(terms.width, high) - first };
}

/** |φ| at the frequency of a grid step, 0 once it is below 1e-6. The largest values come first: they turn furthest. */
function modulusAtStep(terms: NormalTerms, step: number): number {
  let square = 1;
  for (let i = terms.count - 1; i >= 0; i -= 1) {
    const from = terms.start[i] as number;
    const to = terms.start[i + 1] as number;
    const rest = terms.rest[i] as number;
    if (to - from === 1) {
      const part = distanceToGrid((terms.value[from] as number) / step);
      if (part === 0) continue;
      const p = terms.probability[from] as number;
      square *= rest * rest + p * p + 2 * rest * p * Math.cos(TWO_PI * part);
    } else {
      let a = rest;
      let b = 0;
      for (let j = from; j < to; j += 1) {
        const part = distanceToGrid((terms.value[j] as number) / step);
        a += (terms.probability[j] as number) * Math.cos(TWO_PI * part);
        b += (terms.probability[j] as number) * Math.sin(TWO_PI * part);
      }
      square *= a * a + b * b;
    }
    if (square < 1e-12) return 0;
  }
  return Math.sqrt(square);
}

/** How far a position lies from the next whole number; 0 within rounding. */
function distanceToGrid(position: number): number {
  const part = position - Math.round(position);
  return Math.abs(part) < 1e-9 ? 0 : part;
}

/** Splits values that lie between two points of a coarser grid, keeping their means. */
function placeOnGrid(terms: NormalTerms, step: number): NormalTerms {
  const start = new Int32Array(terms.count + 1);
  const value: number[] = [];
  const probability: number[] = [];
  const rest = Float64Array.from(terms.rest);
  let split = 0;
  for (let i = 0; i < terms.count; i += 1) {
    let isSplit = false;
    for (let j = terms.start[i] as number; j < (terms.start[i + 1] as number); j += 1) {
      const position = (terms.value[j] as number) / step;
      const below = Math.floor(position);
      const part = position - below;
      const mass = terms.probability[j] as number;
      if (part === 0) {
        value.push(below * step);
        probability.push(mass);
        continue;
      }
      isSplit = true;
      if (below === 0) rest[i] = (rest[i] as number) + mass * (1 - part);
      else {
        value.push(below * step);
        probability.push(mass * (1 - part));
      }
      value.push((below + 1) * step);
      probability.push(mass * part);
    }
    if (isSplit) split += 1;
    start[i + 1] = value.length;
  }
  return { ...terms, start, value: new Float64Array(value), probability: new Float64Array(probability), rest, width: terms.width + split * step };
}

/** φ from frequency 1 until it is negligible; undefined if it does not become so within the work allowed. */
function findPhi(
  terms: NormalTerms,
  nodes: readonly FactorNode[],
  width: number,
  highest: number,
  negligible: number,
): { real: Float64Array; imaginary: Float64Array } | undefined {
  const limit = Math.min(MAX_FREQUENCIES, highest);
  let real = new Float64Array(0);
  let imaginary = new Float64Array(0);
  let reached = 0;
  while (reached < limit) {
    const next = Math.min(limit, reached === 0 ? FIRST_FREQUENCIES : 2 * reached);
    if (next * terms.value.length * nodes.length > MAX_WORK) return undefined;
    const longerReal = new Float64Array(next);
    const longerImaginary = new Float64Array(next);
    longerReal.set(real);
    longerImaginary.set(imaginary);
    real = longerReal;
    imaginary = longerImaginary;
    for (const node of nodes) accumulate(terms, node, width, reached + 1, next + 1, real, imaginary);
    // Negligible over the last eighth, not at one lucky frequency.
    let last = next;
    while (last > 0 && Math.hypot(real[last - 1] as number, imaginary[last - 1] as number) < negligible) last -= 1;
    if (next - last >= next / 8) return { real: real.slice(0, last), imaginary: imaginary.slice(0, last) };
    reached = next;
  }
  return limit === highest ? { real, imaginary } : undefined;
}

/** Inverts the characteristic function; undefined where it does not die out, so that another method must be used. */
export function invertSum(original: NormalTerms, correlation: number): InvertedSum | undefined {
  const spreadOut = spreadOf(original);
  if (original.count === 0 || spreadOut < (correlation > 0 ? MIN_SPREAD_CORRELATED : MIN_SPREAD)) return undefined;
  // What φ is between its peaks; it need not be followed below that.
  const floor = Math.exp(-spreadOut);
  const negligible = Math.max(NEGLIGIBLE, 2 * floor);
  let terms = original;
  let step: number | null = terms.lattice === undefined ? null : 1;
  const maxNodes = Math.max(33, Math.min(1601, Math.floor(MAX_WORK / (FIRST_FREQUENCIES * 2 * terms.value.length))));
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const nodes = factorNodes(terms, correlation, maxNodes);
    const window = findWindow(terms, nodes);
    // One point more than the window, so that the ends do not fall together.
    const first = step === null ? window.first : Math.floor(window.first / step) * step;
    // An odd number of points pairs every frequency with its mirror image.
    const points = step === null ? 0 : Math.ceil((window.first + window.width - first) / step) + 1;
    const width = step === null ? window.width * 1.000001 : (points + 1 - (points % 2)) * step;
    const highest = step === null ? Infinity : (points - (points % 2)) / 2;
    if (highest < 1) return undefined;
    const phi = findPhi(terms, nodes, width, highest, negligible);
    if (phi === undefined) return undefined;
    const frequencies = phi.real.length;
    let ripple = 0;
    if (attempt === 0 && frequencies < highest) {
      // Many amounts may lie on a coarser grid: then φ returns at its frequency. If nearly all do, that grid is the one to use; otherwise the steps are smoothed over.
      const fine = step ?? 0;
      let coarser: number | undefined;
      for (const candidate of listCoarserSteps(terms.value, width / Math.max(1, frequencies) / 2)) {
        if (candidate <= fine) continue;
        const modulus = modulusAtStep(terms, candidate);
        if (modulus > NEARLY_ON_GRID) {
          coarser = candidate;
          break;
        }
        ripple = Math.max(ripple, modulus * candidate);
      }
      if (coarser !== undefined) {
        terms = placeOnGrid(terms, coarser);
        step = coarser;
        continue;
      }
    }
    // What is left out is a sum of many small terms of random phase, floor / (πk) beyond the last k: five times its root mean square, over the density at the
    // quantiles 0.01 and 0.99.
    const error = frequencies < highest && spreadOut < 26 ? (5 * 0.225 * floor) / Math.sqrt(frequencies + 1) : 0;
    const deviation = width / 16;
    const resolution = Math.max(step ?? width * 1e-9, ripple) + (error / 0.027) * deviation;
    return { ...toCumulative(phi.real, phi.imaginary, first, width, step), resolution, terms };
  }
  return undefined;
}

/** Coefficients of the cumulative function from φ. */
function toCumulative(
  sourceReal: Float64Array,
  sourceImaginary: Float64Array,
  first: number,
  width: number,
  step: number | null,
): Pick<InvertedSum, 'first' | 'width' | 'step' | 'real' | 'imaginary'> {
  const size = sourceReal.length;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const points = step === null ? 0 : Math.round(width / step);
  for (let k = 1; k <= size; k += 1) {
    // Count from the start of the window: multiply by e^(−iω first).
    const angle = -TWO_PI * (((first / width) * k) % 1);
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    const a = (sourceReal[k - 1] as number) * c - (sourceImaginary[k - 1] as number) * s;
    const b = (sourceReal[k - 1] as number) * s + (sourceImaginary[k - 1] as number) * c;
    writeCoefficient(a, b, k, points, real, imaginary);
  }
  return { first, width, step, real, imaginary };
}

/** c_k = 2φ / (n (1 − e^(−iθ))) on a grid of n points, φ / (iπk) where there is none; written to element k − 1. */
function writeCoefficient(a: number, b: number, k: number, points: number, real: Float64Array, imaginary: Float64Array): void {
  if (points === 0) {
    real[k - 1] = b / (Math.PI * k);
    imaginary[k - 1] = -a / (Math.PI * k);
    return;
  }
  const half = (Math.PI * k) / points;
  // 1 / (1 − e^(−iθ)) = ½ − ½ i cot(θ/2)
  const cotangent = Math.cos(half) / Math.sin(half);
  real[k - 1] = (a + b * cotangent) / points;
  imaginary[k - 1] = (b - a * cotangent) / points;
}
