import { checkKeys, checkList, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { findLattice } from './amount-lattice.js';
import { distributionOfPoints } from './bound-points.js';
import { negativeBinomialQuantile, poissonQuantile } from './discrete-distributions.js';
import type { Distribution } from './distribution.js';
import { PROBABILITY, readParameter, requireFiniteResult } from './distribution-parameters.js';
import type { SumTerm } from './sum-terms.js';

/**
 * How many: a Poisson number, or a negative binomial one where the rate itself varies (overdispersion).
 *
 * @category stats
 */
export type Frequency =
  | { readonly kind: 'poisson'; readonly mean: number }
  | {
      readonly kind: 'negative-binomial';
      readonly size: number;
      readonly probability: number;
    };

/**
 * Options of {@link compoundDistribution}.
 *
 * @category stats
 */
export interface CompoundDistributionOptions {
  /** Distribution of the number of amounts. */
  readonly frequency: Frequency;
}

/** Most grid points of the recursion. */
const MAX_CELLS = 32_768;
/** Most different amounts. */
const MAX_AMOUNTS = 2_000;
/** Probability beyond the end of the grid. */
const TAIL = 1e-15;

interface Panjer {
  /** Coefficients of P(N = n) / P(N = n − 1) = a + b / n. */
  readonly a: number;
  readonly b: number;
  /** ln P(total = 0) given the mass of the severity at 0. */
  readonly logZero: (atZero: number) => number;
  readonly mean: number;
  readonly variance: number;
  /** Count that is exceeded with probability 1e-15 at most. */
  readonly largest: number;
}

function readFrequency(value: unknown, issues: IssueSink): Panjer | undefined {
  const path = ['options', 'frequency'];
  const record = checkRecord(value, path, issues, '{ kind: "poisson", mean } or { kind: "negative-binomial", size, probability }');
  if (record === undefined) return undefined;
  const kind = checkOneOf(record['kind'], ['poisson', 'negative-binomial'], [...path, 'kind'], issues);
  if (kind === 'poisson') {
    checkKeys(record, ['kind', 'mean'], path, issues);
    const mean = readParameter(record['mean'], { min: 0, max: 1e6 }, [...path, 'mean'], issues);
    if (mean === undefined) return undefined;
    return { a: 0, b: mean, logZero: (atZero) => -mean * (1 - atZero), mean, variance: mean, largest: poissonQuantile(1 - TAIL, { mean }) + 1 };
  }
  if (kind === undefined) return undefined;
  checkKeys(record, ['kind', 'size', 'probability'], path, issues);
  const size = readParameter(record['size'], { min: 1e-6, max: 1e6 }, [...path, 'size'], issues);
  const probability = readParameter(record['probability'], { min: 1e-4, max: 1, fraction: true }, [...path, 'probability'], issues);
  if (size === undefined || probability === undefined) return undefined;
  const q = 1 - probability;
  const mean = (size * q) / probability;
  return {
    a: q,
    b: (size - 1) * q,
    logZero: (atZero) => size * Math.log(probability / (1 - q * atZero)),
    mean,
    variance: mean / probability,
    largest: negativeBinomialQuantile(1 - TAIL, { size, probability }) + 1,
  };
}

interface Severity {
  readonly amounts: readonly number[];
  readonly probabilities: readonly number[];
}

function readSeverity(value: unknown, issues: IssueSink): Severity | undefined {
  const list = checkList(value, ['severity'], issues, { min: 1, expected: 'a list of { amount, probability }' });
  if (list === undefined) return undefined;
  if (list.length > MAX_AMOUNTS) {
    issues.push(createIssue('too_long', ['severity'], { expected: `at most ${MAX_AMOUNTS} amounts`, received: list }));
    return undefined;
  }
  const before = issues.length;
  const masses = new Map<number, number>();
  let total = 0;
  for (const [index, item] of list.entries()) {
    const path = ['severity', index];
    const record = checkRecord(item, path, issues, '{ amount, probability }');
    if (record === undefined) continue;
    checkKeys(record, ['amount', 'probability'], path, issues);
    const amount = readParameter(record['amount'], { min: 0, max: 1e100 }, [...path, 'amount'], issues);
    const probability = readParameter(record['probability'], PROBABILITY, [...path, 'probability'], issues);
    if (amount === undefined || probability === undefined) continue;
    total += probability;
    if (probability > 0) masses.set(amount, (masses.get(amount) ?? 0) + probability);
  }
  if (issues.length > before) return undefined;
  if (Math.abs(total - 1) > 1e-9) {
    issues.push(createIssue('invalid_probability', ['severity'], { expected: 'probabilities that sum to 1', received: total }));
    return undefined;
  }
  const amounts = [...masses.keys()].sort((a, b) => a - b);
  return { amounts, probabilities: amounts.map((amount) => (masses.get(amount) ?? 0) / total) };
}

/** Σ over a random number of amounts: panjer's recursion on the grid, kept in range by a running scale. */
function recur(severity: Float64Array, frequency: Panjer, cells: number): Float64Array {
  const atZero = severity[0] as number;
  const support: number[] = [];
  for (let j = 1; j < severity.length; j += 1) if ((severity[j] as number) > 0) support.push(j);
  const totals = new Float64Array(cells);
  totals[0] = 1;
  let logScale = frequency.logZero(atZero);
  const divisor = 1 - frequency.a * atZero;
  for (let s = 1; s < cells; s += 1) {
    let sum = 0;
    for (const j of support) {
      if (j > s) break;
      sum += (frequency.a + (frequency.b * j) / s) * (severity[j] as number) * (totals[s - j] as number); // within bounds
    }
    const value = sum / divisor;
    totals[s] = value;
    if (value > 1e250) {
      for (let i = 0; i <= s; i += 1) totals[i] = (totals[i] as number) * 1e-250;
      logScale += 250 * Math.LN10;
    }
  }
  // exp in two halves: the scale may lie beyond the range of a number while the products do not.
  const half = Math.exp(logScale / 2);
  for (let s = 0; s < cells; s += 1) totals[s] = (totals[s] as number) * half * half;
  return totals;
}

/**
 * Distribution of a random number of independent random amounts: business that is not in the pipeline yet, as so many deals of such sizes.
 *
 * Method: the recursion of H. Panjer, Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12 (1981),
 * g(s) = Σ (a + b j / s) f(j) g(s − j) / (1 − a f(0)). Exact where the amounts lie on a grid of which at most 32,768 steps are needed; otherwise an amount is
 * split between two grid points so that its mean stays exact, and `resolution` states the step. What lies beyond the grid has a probability below 1e-14.
 *
 * @param severity - possible amounts (at least 0) with probabilities that sum to 1
 * @param options - distribution of the number of amounts
 * @returns the distribution of the total as plain data of bounded size; its `maximum` is the end of the grid, since the total has no largest value
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `invalid_probability` | `invalid_value` | `empty` | `too_long` | `unknown_key`
 * @example
 * ```ts
 * import { compoundDistribution, probabilityAtLeast } from 'dealwright/stats';
 * const total = compoundDistribution([{ amount: 1000, probability: 1 }], { frequency: { kind: 'poisson', mean: 2 } });
 * [total.mean, probabilityAtLeast(total, 1000).toFixed(6)]; // => [2000, '0.864665']
 * ```
 * @category stats
 */
export function compoundDistribution(severity: readonly SumTerm[], options: CompoundDistributionOptions): Distribution {
  const issues: IssueSink = [];
  const sizes = readSeverity(severity, issues);
  const record = checkRecord(options, ['options'], issues);
  if (record !== undefined) checkKeys(record, ['frequency'], ['options'], issues);
  const frequency = record === undefined ? undefined : readFrequency(record['frequency'], issues);
  throwIfIssues(issues);
  if (sizes === undefined || frequency === undefined) return distributionOfPoints(Float64Array.of(0), Float64Array.of(1), 'panjer-recursion', { mean: 0, standardDeviation: 0 }, 0);

  let first = 0;
  let second = 0;
  for (const [index, amount] of sizes.amounts.entries()) {
    const probability = sizes.probabilities[index] ?? 0;
    first += amount * probability;
    second += amount * amount * probability;
  }
  const mean = frequency.mean * first;
  const standardDeviation = Math.sqrt(Math.max(0, frequency.mean * (second - first * first) + frequency.variance * first * first));
  requireFiniteResult(standardDeviation, ['severity']);
  const largest = sizes.amounts.at(-1) ?? 0;
  // The largest count worth naming, each with its mean, and Bernstein's bound for what they differ from it.
  const part = (35 * largest) / 3;
  const reach = Math.min(frequency.largest * largest, frequency.largest * first + part + Math.sqrt(part * part + 70 * frequency.largest * second));
  const lattice = findLattice(sizes.amounts);
  const natural = lattice === undefined ? 0 : lattice.numerator / lattice.denominator;
  const isExact = natural > 0 && reach / natural <= MAX_CELLS;
  const step = isExact ? natural : Math.max(reach / MAX_CELLS, natural);
  if (!(step > 0) || reach === 0) return distributionOfPoints(Float64Array.of(0), Float64Array.of(1), 'panjer-recursion', { mean, standardDeviation }, 0);
  const density = new Float64Array(Math.ceil(largest / step) + 2);
  for (const [index, amount] of sizes.amounts.entries()) {
    const probability = sizes.probabilities[index] ?? 0;
    const exact = amount / step;
    const position = Math.abs(exact - Math.round(exact)) < 1e-9 ? Math.round(exact) : exact;
    const below = Math.floor(position);
    density[below] = (density[below] as number) + probability * (1 - (position - below));
    if (position > below) density[below + 1] = (density[below + 1] as number) + probability * (position - below);
  }
  const cells = Math.ceil(reach / step) + 2;
  const totals = recur(density, frequency, cells);
  const keep: number[] = [];
  for (let s = 0; s < cells; s += 1) if ((totals[s] as number) > 1e-300 || s === 0) keep.push(s);
  const values = Float64Array.from(keep, (s) => (isExact && lattice !== undefined ? (s * lattice.numerator) / lattice.denominator : s * step));
  const probabilities = Float64Array.from(keep, (s) => totals[s] as number);
  return distributionOfPoints(values, probabilities, 'panjer-recursion', { mean, standardDeviation }, isExact ? 0 : step);
}
