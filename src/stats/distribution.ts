import { checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { OPEN_PROBABILITY, type ParameterRule, PROBABILITY, readParameter, requireFiniteResult } from './distribution-parameters.js';
import { readColumn } from './numeric-column.js';

/**
 * How a distribution was computed. `enumeration`: every combination. `exact-convolution`: one term after the other, on the exact points.
 * `characteristic-function`: Fourier inversion for many terms, with an error below 1e-12 in probability from some 150 terms on. `lattice-convolution`: one term after the other on a grid
 * whose step is stated; a term between two grid points is split between them so that its mean stays exact.
 * `panjer-recursion`: a random number of random amounts. `convolution`: the sum of two distributions.
 *
 * @category stats
 */
export type DistributionMethod = 'enumeration' | 'exact-convolution' | 'characteristic-function' | 'lattice-convolution' | 'panjer-recursion' | 'convolution';

/**
 * What every distribution states about itself.
 *
 * @category stats
 */
export interface DistributionBase {
  /** Version of this stored format. */
  readonly formatVersion: 1;
  /** Expected value, computed from the terms themselves. */
  readonly mean: number;
  /** Standard deviation, computed from the terms themselves. */
  readonly standardDeviation: number;
  /** Smallest possible value. */
  readonly minimum: number;
  /** Largest possible value; where there is none, the end of what was computed. */
  readonly maximum: number;
  /** How it was computed. */
  readonly method: DistributionMethod;
  /** How far a quantile between 0.01 and 0.99 read from it can be off, in the unit of the values (usually much less); 0 where every point is exact. */
  readonly resolution: number;
}

/**
 * A distribution as a list of points with the cumulative probability at each, at most 4,096.
 *
 * @category stats
 */
export interface PointDistribution extends DistributionBase {
  /** Which form this is. */
  readonly form: 'points';
  /** Points in ascending order. With `linear` a point may stand twice: the cumulative probability jumps there. */
  readonly values: readonly number[];
  /** P(X ≤ x) at each point; rises to 1. */
  readonly cumulative: readonly number[];
  /** `step`: the points are all there is (each a possible value). `linear`: knots, between which the cumulative probability is a straight line. */
  readonly interpolation: 'step' | 'linear';
}

/**
 * The points that a {@link SeriesDistribution} can take: (first + index) × numerator / denominator.
 *
 * @category stats
 */
export interface DistributionGrid {
  /** First point of the window, in steps. */
  readonly first: number;
  /** Numerator of the step. */
  readonly numerator: number;
  /** Denominator of the step: a power of ten. */
  readonly denominator: number;
  /** Number of points in the window. */
  readonly count: number;
}

/**
 * A distribution as a short Fourier series of its cumulative function: exact at every point of a grid, with a few dozen numbers for thousands of terms.
 * With u the share of the window below x, F = u + Σₖ re cₖ (1 − cos 2πku) − im cₖ sin 2πku.
 *
 * @category stats
 */
export interface SeriesDistribution extends DistributionBase {
  /** Which form this is. */
  readonly form: 'series';
  /** Grid of possible values, or `null` where the amounts lie on none and the cumulative function is read as continuous. */
  readonly grid: DistributionGrid | null;
  /** First value of the window outside of which there is no probability worth naming (less than 1e-13). */
  readonly windowStart: number;
  /** Width of the window. */
  readonly windowWidth: number;
  /** Real parts of the coefficients, from frequency 1 up. */
  readonly real: readonly number[];
  /** Imaginary parts of the coefficients. */
  readonly imaginary: readonly number[];
}

/**
 * A probability distribution of an amount as plain JSON data of bounded size. Read it with {@link quantileOf}, {@link probabilityAtLeast},
 * {@link cumulativeProbability}, {@link expectedShortfall} and {@link conditionalValueAtRisk}.
 *
 * @category stats
 */
export type Distribution = PointDistribution | SeriesDistribution;

/** Relative slack in F(x) ≥ p, so that rounding in F does not push a quantile to the next point. */
export const QUANTILE_SLACK = 1e-12;

const TWO_PI = 6.283185307179586;

const ANY_NUMBER: ParameterRule = {};
const POSITIVE: ParameterRule = { above: 0 };

/** Index of the last point that is ≤ x (or < x), −1 if there is none. */
function lastIndex(values: ArrayLike<number>, x: number, isStrict: boolean): number {
  let low = -1;
  let high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    const value = values[middle] as number; // within bounds
    if (isStrict ? value < x : value <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Cumulative series at the share u of the window. */
export function sumSeries(real: ArrayLike<number>, imaginary: ArrayLike<number>, u: number): number {
  const angle = TWO_PI * (u - Math.floor(u));
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  let c = 1;
  let s = 0;
  let sum = u;
  for (let k = 0; k < real.length; k += 1) {
    const next = c * cosine - s * sine;
    s = s * cosine + c * sine;
    c = next;
    sum += (real[k] as number) * (1 - c) - (imaginary[k] as number) * s; // within bounds
  }
  return sum;
}

/** Number of grid points ≤ x (or < x), counted from the first of the window; not clamped. A value within a millionth of a step of a point counts as that point. */
export function gridPointsBelow(grid: DistributionGrid, x: number, isStrict: boolean): number {
  const position = (x * grid.denominator) / grid.numerator - grid.first;
  const nearest = Math.round(position);
  const isOnPoint = Math.abs(position - nearest) <= 1e-6;
  if (isOnPoint) return isStrict ? nearest : nearest + 1;
  return Math.floor(position) + 1;
}

/** Share of the window at or below x (or strictly below), clamped to 0–1. */
function windowShare(distribution: SeriesDistribution, x: number, isStrict: boolean): number {
  const { grid } = distribution;
  const share = grid === null ? (x - distribution.windowStart) / distribution.windowWidth : gridPointsBelow(grid, x, isStrict) / grid.count;
  return Math.min(1, Math.max(0, share));
}

/** P(X ≤ x), or P(X < x) if strict; unchecked. */
export function cumulativeOf(distribution: Distribution, x: number, isStrict = false): number {
  if (distribution.form === 'series') {
    const share = windowShare(distribution, x, isStrict);
    if (share === 0 || share === 1) return share;
    return Math.min(1, Math.max(0, sumSeries(distribution.real, distribution.imaginary, share)));
  }
  const { values, cumulative } = distribution;
  const index = lastIndex(values, x, isStrict);
  if (index < 0) return 0;
  const left = cumulative[index] as number; // within bounds, here and below
  if (distribution.interpolation === 'step' || index === values.length - 1) return left;
  const low = values[index] as number;
  const high = values[index + 1] as number;
  return left + ((cumulative[index + 1] as number) - left) * ((x - low) / (high - low));
}

function valueAtGrid(grid: DistributionGrid, index: number): number {
  return ((grid.first + index) * grid.numerator) / grid.denominator;
}

/** inf { x : F(x) ≥ p }, unchecked. */
export function quantileOfDistribution(distribution: Distribution, p: number): number {
  if (p <= 0) return distribution.minimum;
  if (p >= 1) return distribution.maximum;
  const target = p * (1 - QUANTILE_SLACK);
  if (distribution.form === 'series') {
    const { grid, real, imaginary } = distribution;
    const read = (share: number): number => (share >= 1 ? 1 : sumSeries(real, imaginary, share));
    if (grid !== null) {
      let low = 0; // so many points have too little
      let high = grid.count;
      for (let iteration = 0; high - low > 1 && iteration < 64; iteration += 1) {
        const middle = Math.floor((low + high) / 2);
        if (read(middle / grid.count) >= target) high = middle;
        else low = middle;
      }
      return valueAtGrid(grid, high - 1);
    }
    let low = 0;
    let high = 1;
    for (let iteration = 0; iteration < 52; iteration += 1) {
      const middle = (low + high) / 2;
      if (read(middle) >= target) high = middle;
      else low = middle;
    }
    return distribution.windowStart + high * distribution.windowWidth;
  }
  const { values, cumulative } = distribution;
  const index = lastIndex(cumulative, target, true) + 1;
  const right = values[Math.min(index, values.length - 1)] as number;
  if (distribution.interpolation === 'step' || index === 0 || index >= values.length) return right;
  const left = values[index - 1] as number;
  const below = cumulative[index - 1] as number;
  return left + (right - left) * Math.min(1, Math.max(0, (target - below) / ((cumulative[index] as number) - below)));
}

/** E[(target − X)⁺] = ∫ F up to the target, unchecked. */
export function shortfallOf(distribution: Distribution, target: number): number {
  if (target <= distribution.minimum) return 0;
  if (target >= distribution.maximum) return target - distribution.mean;
  if (distribution.form === 'series') return Math.max(0, seriesShortfall(distribution, target));
  const { values, cumulative } = distribution;
  const isLinear = distribution.interpolation === 'linear';
  let area = 0;
  let compensation = 0;
  for (let i = 0; i < values.length; i += 1) {
    const low = values[i] as number; // within bounds, here and below
    if (low >= target) break;
    const high = i + 1 < values.length ? Math.min(target, values[i + 1] as number) : target;
    const at = cumulative[i] as number;
    const end = isLinear && i + 1 < values.length ? at + (((cumulative[i + 1] as number) - at) * (high - low)) / ((values[i + 1] as number) - low) : at;
    const piece = high > low ? ((at + end) / 2) * (high - low) - compensation : -compensation;
    const next = area + piece;
    compensation = next - area - piece;
    area = next;
  }
  return Math.max(0, area);
}

function seriesShortfall(distribution: SeriesDistribution, target: number): number {
  const { grid, real, imaginary, windowStart, windowWidth } = distribution;
  if (grid === null) {
    const u = (target - windowStart) / windowWidth;
    if (u <= 0) return 0;
    if (u >= 1) return target - distribution.mean;
    // ∫₀ᵘ F = u²/2 + Re Σ cₖ (u − (1 − e^(−2πiku)) / (2πik))
    let sum = (u * u) / 2;
    for (let k = 0; k < real.length; k += 1) {
      const w = TWO_PI * (k + 1);
      const c = Math.cos(w * u);
      const s = Math.sin(w * u);
      sum += (real[k] as number) * (u - s / w) - (imaginary[k] as number) * ((1 - c) / w); // within bounds
    }
    return windowWidth * sum;
  }
  // Whole steps below the target, then the part of a step that remains.
  const points = Math.min(gridPointsBelow(grid, target, true), grid.count);
  if (points <= 0) return 0;
  const step = grid.numerator / grid.denominator;
  const n = grid.count;
  const m = points - 1; // F(1), …, F(m) points make up the whole steps
  let sum = (m * (m + 1)) / (2 * n);
  for (let k = 0; k < real.length; k += 1) {
    const a = real[k] as number; // within bounds
    const b = imaginary[k] as number;
    // Σ_{j=1..m} (1 − e^(−iθj)) = m − e^(−iθ(m+1)/2) sin(θm/2) / sin(θ/2)
    const half = (Math.PI * (k + 1)) / n;
    const ratio = Math.sin(half * m) / Math.sin(half);
    const angle = half * (m + 1);
    sum += a * (m - ratio * Math.cos(angle)) - b * (ratio * Math.sin(angle));
  }
  const last = cumulativeOf(distribution, target, true);
  return step * sum + last * (target - valueAtGrid(grid, m));
}

/** Lower-tail mean at the level, unchecked. */
export function tailMeanOf(distribution: Distribution, level: number): number {
  const quantile = quantileOfDistribution(distribution, level);
  return quantile - shortfallOf(distribution, quantile) / level;
}

function isAscending(column: ArrayLike<number>): boolean {
  for (let i = 1; i < column.length; i += 1) if ((column[i] as number) < (column[i - 1] as number)) return false; // within bounds
  return true;
}

/** A distribution whose every field that is read has its type, or undefined with issues. */
export function checkDistribution(value: unknown, issues: IssueSink, path: IssuePath): Distribution | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'a distribution made by this library');
  if (record === undefined) return undefined;
  if (record['formatVersion'] !== 1) issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: record['formatVersion'] }));
  const form = checkOneOf(record['form'], ['points', 'series'], [...path, 'form'], issues);
  for (const key of ['mean', 'standardDeviation', 'minimum', 'maximum', 'resolution'] as const) readParameter(record[key], ANY_NUMBER, [...path, key], issues);
  if (form === 'points') {
    const values = readColumn(record['values'], [...path, 'values'], issues, { atLeast: 1 });
    const cumulative = readColumn(record['cumulative'], [...path, 'cumulative'], issues, { min: 0, max: 1, ...(values === undefined ? {} : { length: values.length }) });
    if (values !== undefined && !isAscending(values)) issues.push(createIssue('invalid_value', [...path, 'values'], { expected: 'ascending values' }));
    if (cumulative !== undefined && !isAscending(cumulative)) issues.push(createIssue('invalid_value', [...path, 'cumulative'], { expected: 'probabilities that do not fall' }));
    checkOneOf(record['interpolation'], ['step', 'linear'], [...path, 'interpolation'], issues);
  } else if (form === 'series') {
    const real = readColumn(record['real'], [...path, 'real'], issues);
    readColumn(record['imaginary'], [...path, 'imaginary'], issues, real === undefined ? {} : { length: real.length });
    readParameter(record['windowStart'], ANY_NUMBER, [...path, 'windowStart'], issues);
    readParameter(record['windowWidth'], POSITIVE, [...path, 'windowWidth'], issues);
    if (record['grid'] !== null) {
      const grid = checkRecord(record['grid'], [...path, 'grid'], issues);
      if (grid !== undefined) {
        readParameter(grid['first'], ANY_NUMBER, [...path, 'grid', 'first'], issues);
        for (const key of ['numerator', 'denominator', 'count'] as const) readParameter(grid[key], POSITIVE, [...path, 'grid', key], issues);
      }
    }
  }
  // Every field that is read was found to have its type.
  return issues.length === before ? (value as Distribution) : undefined;
}

function readWith(distribution: Distribution, name: string, value: number, rule: ParameterRule, read: (checked: Distribution, number: number) => number): number {
  const issues: IssueSink = [];
  const checked = checkDistribution(distribution, issues, ['distribution']);
  const number = readParameter(value, rule, [name], issues);
  throwIfIssues(issues);
  return requireFiniteResult(read(checked ?? distribution, number ?? 0), ['distribution']);
}

/**
 * Quantile of a distribution: the smallest x with P(X ≤ x) ≥ p (exact points), or the x on the line between two knots.
 * Off by at most `distribution.resolution`. F is compared with a relative slack of 1e-12.
 *
 * @param distribution - from `distributionOfSum`, `convolveDistributions`, `compoundDistribution` or a forecast
 * @param p - a probability from 0 (the minimum) to 1 (the maximum)
 * @returns the quantile, in the unit of the amounts
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `invalid_probability` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { distributionOfSum, quantileOf } from 'dealwright/stats';
 * quantileOf(distributionOfSum([{ amount: 10000, probability: 0.9 }, { amount: 25000, probability: 0.5 }]), 0.5); // => 10000
 * ```
 * @category stats
 */
export function quantileOf(distribution: Distribution, p: number): number {
  return readWith(distribution, 'p', p, PROBABILITY, quantileOfDistribution);
}

/**
 * P(X ≤ x).
 *
 * @param distribution - the distribution
 * @param x - the point
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { cumulativeProbability, distributionOfSum } from 'dealwright/stats';
 * cumulativeProbability(distributionOfSum([{ amount: 10000, probability: 0.75 }]), 0); // => 0.25
 * ```
 * @category stats
 */
export function cumulativeProbability(distribution: Distribution, x: number): number {
  return readWith(distribution, 'x', x, ANY_NUMBER, (checked, number) => cumulativeOf(checked, number));
}

/**
 * P(X ≥ x): the probability of reaching a target. Both ends count: a total of exactly x reaches it.
 *
 * @param distribution - the distribution
 * @param x - the target
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { distributionOfSum, probabilityAtLeast } from 'dealwright/stats';
 * probabilityAtLeast(distributionOfSum([{ amount: 10000, probability: 0.75 }]), 10000); // => 0.75
 * ```
 * @category stats
 */
export function probabilityAtLeast(distribution: Distribution, x: number): number {
  return readWith(distribution, 'x', x, ANY_NUMBER, (checked, number) => 1 - cumulativeOf(checked, number, true));
}

/**
 * Expected shortfall against a target, E[max(0, target − X)]: by how much the target is missed on average, outcomes that reach it counting as 0.
 *
 * @param distribution - the distribution
 * @param target - the target, in the unit of the amounts
 * @returns a number of at least 0
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { distributionOfSum, expectedShortfall } from 'dealwright/stats';
 * expectedShortfall(distributionOfSum([{ amount: 10000, probability: 0.75 }]), 10000); // => 2500
 * ```
 * @category stats
 */
export function expectedShortfall(distribution: Distribution, target: number): number {
  return readWith(distribution, 'target', target, ANY_NUMBER, shortfallOf);
}

/**
 * Conditional value at risk of revenue: the mean of the worst share `level` of outcomes, (1/level) ∫ quantile(u) du from 0 to `level`.
 * A value that straddles the level counts with the part of its probability that falls within.
 *
 * Source: R. Rockafellar and S. Uryasev (2002), for the lower tail.
 *
 * @param distribution - the distribution
 * @param level - the share of worst outcomes, strictly between 0 and 1: 0.1 is the worst tenth
 * @returns their mean, in the unit of the amounts
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `invalid_probability` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { conditionalValueAtRisk, distributionOfSum } from 'dealwright/stats';
 * conditionalValueAtRisk(distributionOfSum([{ amount: 10000, probability: 0.75 }]), 0.5); // => 5000
 * ```
 * @category stats
 */
export function conditionalValueAtRisk(distribution: Distribution, level: number): number {
  return readWith(distribution, 'level', level, OPEN_PROBABILITY, tailMeanOf);
}
