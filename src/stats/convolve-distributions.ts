import type { IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { findLattice, fromUnits, toUnits } from './amount-lattice.js';
import { distributionOfPoints } from './bound-points.js';
import { checkDistribution, type Distribution, type PointDistribution, shortfallOf } from './distribution.js';
import { requireFiniteResult } from './distribution-parameters.js';

/** Pairs of points up to which every sum is formed. */
const MAX_PAIRS = 2 ** 21;
/** Grid points per distribution where that is too many. */
const CELLS = 4096;

function probabilitiesOf(distribution: PointDistribution): Float64Array {
  return Float64Array.from(distribution.cumulative, (cumulative, index) => cumulative - (index === 0 ? 0 : (distribution.cumulative[index - 1] ?? 0)));
}

/** Every pair of points, equal sums merged. Sums are formed in whole units where the points lie on a grid. */
function convolvePoints(a: PointDistribution, b: PointDistribution): { readonly values: Float64Array; readonly probabilities: Float64Array } {
  const lattice = findLattice([...a.values, ...b.values]);
  const units = (value: number): number => (lattice === undefined ? value : toUnits(value, lattice));
  const left = a.values.map(units);
  const right = b.values.map(units);
  const aMass = probabilitiesOf(a);
  const bMass = probabilitiesOf(b);
  const size = left.length * right.length;
  const sums = new Float64Array(size);
  const masses = new Float64Array(size);
  let at = 0;
  for (let i = 0; i < left.length; i += 1) {
    for (let j = 0; j < right.length; j += 1) {
      sums[at] = (left[i] as number) + (right[j] as number); // within bounds, here and below
      masses[at] = (aMass[i] as number) * (bMass[j] as number);
      at += 1;
    }
  }
  const order = new Uint32Array(size);
  for (let i = 0; i < size; i += 1) order[i] = i;
  order.sort((i, j) => (sums[i] as number) - (sums[j] as number) || i - j);
  const values: number[] = [];
  const probabilities: number[] = [];
  for (const index of order) {
    const value = sums[index] as number;
    const last = values.length - 1;
    // Without a grid, sums that differ by rounding only are one point.
    if (last >= 0 && value - (values[last] as number) <= (lattice === undefined ? 1e-13 * Math.abs(value) : 0))
      probabilities[last] = (probabilities[last] as number) + (masses[index] as number);
    else {
      values.push(value);
      probabilities.push(masses[index] as number);
    }
  }
  return { values: Float64Array.from(values, (value) => (lattice === undefined ? value : fromUnits(value, lattice))), probabilities: Float64Array.from(probabilities) };
}

/** Where the probability lies: the window of a series, the points otherwise. */
function rangeOf(distribution: Distribution): readonly [number, number] {
  if (distribution.form === 'series') return [distribution.windowStart, distribution.windowStart + distribution.windowWidth];
  return [distribution.values[0] ?? 0, distribution.values.at(-1) ?? 0];
}

/** Masses on a grid that keep the mean and the expected shortfall at every grid point: second differences of the shortfall. */
function placeOnGrid(distribution: Distribution, step: number): { readonly first: number; readonly masses: Float64Array } {
  const [low, high] = rangeOf(distribution);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const masses = new Float64Array(last - first + 1);
  let before = 0;
  let here = shortfallOf(distribution, first * step);
  for (let i = 0; i < masses.length; i += 1) {
    const next = i + 1 === masses.length ? here + step : shortfallOf(distribution, (first + i + 1) * step);
    masses[i] = Math.max(0, (next - 2 * here + before) / step);
    before = here;
    here = next;
  }
  return { first, masses };
}

/**
 * Distribution of the sum of two independent amounts: deals in the pipeline and business still to come, two regions, two quarters.
 * Exact where both are exact points and their pairs are few (2 million); otherwise both are placed on a common grid of at most about 8,192 points,
 * which keeps means and shortfalls, and `resolution` states the step.
 *
 * @param a - one distribution
 * @param b - the other
 * @returns the distribution of a + b
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { convolveDistributions, distributionOfSum, probabilityAtLeast } from 'dealwright/stats';
 * const one = distributionOfSum([{ amount: 1000, probability: 0.5 }]);
 * probabilityAtLeast(convolveDistributions(one, one), 2000); // => 0.25
 * ```
 * @category stats
 */
export function convolveDistributions(a: Distribution, b: Distribution): Distribution {
  const issues: IssueSink = [];
  checkDistribution(a, issues, ['a']);
  checkDistribution(b, issues, ['b']);
  throwIfIssues(issues);
  const mean = requireFiniteResult(a.mean + b.mean, ['a', 'mean']);
  const standardDeviation = requireFiniteResult(Math.hypot(a.standardDeviation, b.standardDeviation), ['a', 'standardDeviation']);
  const minimum = requireFiniteResult(a.minimum + b.minimum, ['a', 'minimum']);
  const maximum = requireFiniteResult(a.maximum + b.maximum, ['a', 'maximum']);
  const resolution = a.resolution + b.resolution;
  if (a.form === 'points' && b.form === 'points' && a.interpolation === 'step' && b.interpolation === 'step' && a.values.length * b.values.length <= MAX_PAIRS) {
    const { values, probabilities } = convolvePoints(a, b);
    return { ...distributionOfPoints(values, probabilities, 'convolution', { mean, standardDeviation }, resolution), minimum, maximum };
  }
  const step = requireFiniteResult(Math.max(...[a, b].map((part) => rangeOf(part)[1] - rangeOf(part)[0])) / CELLS, ['a']);
  if (Math.max(...[a, b].flatMap((part) => rangeOf(part).map(Math.abs))) / step > 2 ** 50) {
    throwIfIssues([createIssue('out_of_range', ['a'], { message: 'The distributions lie too far from zero for their width.' })]);
  }
  const left = placeOnGrid(a, step);
  const right = placeOnGrid(b, step);
  const masses = new Float64Array(left.masses.length + right.masses.length - 1);
  for (let i = 0; i < left.masses.length; i += 1) {
    const mass = left.masses[i] as number; // within bounds, here and below
    if (mass === 0) continue;
    for (let j = 0; j < right.masses.length; j += 1) masses[i + j] = (masses[i + j] as number) + mass * (right.masses[j] as number);
  }
  const values = Float64Array.from(masses, (_, index) => (left.first + right.first + index) * step);
  return { ...distributionOfPoints(values, masses, 'convolution', { mean, standardDeviation }, resolution + step), minimum, maximum };
}
