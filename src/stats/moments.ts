import { checkKeys, checkOneOf, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { compensatedSum, requireColumn } from './compensated-sum.js';
import { requireFiniteResult } from './distribution-parameters.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * Whether the values are a sample (divide by n − 1) or everything there is (divide by n).
 *
 * @category stats
 */
export type VarianceKind = 'sample' | 'population';

/**
 * Options of {@link variance} and {@link standardDeviation}.
 *
 * @category stats
 */
export interface VarianceOptions {
  /** Default `sample`. */
  readonly kind?: VarianceKind;
}

function readKind(options: VarianceOptions): VarianceKind {
  const issues: IssueSink = [];
  let kind: VarianceKind | undefined = 'sample';
  if (isPlainRecord(options)) {
    checkKeys(options, ['kind'], ['options'], issues);
    if (options.kind !== undefined) kind = checkOneOf(options.kind, ['sample', 'population'], ['options', 'kind'], issues);
  } else {
    issues.push(createIssue('invalid_type', ['options'], { expected: 'an object', received: options }));
  }
  throwIfIssues(issues);
  return kind ?? 'sample';
}

/**
 * Arithmetic mean, with a compensated sum.
 *
 * @param values - at least one finite number
 * @returns Σx / n
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `out_of_range`
 * @example
 * ```ts
 * import { mean } from 'dealwright/stats';
 * mean([1, 2, 4.5]); // => 2.5
 * ```
 * @category stats
 */
export function mean(values: NumericColumn): number {
  const column = requireColumn(values, 'values', 1);
  return requireFiniteResult(compensatedSum(column) / column.length, ['values']);
}

/**
 * Variance: the mean squared distance from the mean, over n − 1 for a sample or n for a population.
 * Two passes, with the correction of Chan, Golub and LeVeque for the rounding error of the mean.
 *
 * @param values - finite numbers: at least two for a sample, one for a population
 * @param options - sample (default) or population
 * @returns the variance
 * @throws DomainError `invalid_type` | `not_finite` | `insufficient_data` | `empty` | `out_of_range` | `invalid_value` | `unknown_key`
 * @example
 * ```ts
 * import { variance } from 'dealwright/stats';
 * variance([2, 4, 4, 4, 5, 5, 7, 9], { kind: 'population' }); // => 4
 * ```
 * @category stats
 */
export function variance(values: NumericColumn, options: VarianceOptions = {}): number {
  const kind = readKind(options);
  const column = requireColumn(values, 'values', kind === 'sample' ? 2 : 1);
  const n = column.length;
  const centre = compensatedSum(column) / n;
  let squares = 0;
  let drift = 0;
  for (let i = 0; i < n; i += 1) {
    const distance = (column[i] as number) - centre; // within bounds
    squares += distance * distance;
    drift += distance;
  }
  return requireFiniteResult(Math.max(0, squares - (drift * drift) / n) / (kind === 'sample' ? n - 1 : n), ['values']);
}

/**
 * Standard deviation: the square root of {@link variance}.
 *
 * @param values - finite numbers: at least two for a sample, one for a population
 * @param options - sample (default) or population
 * @returns the standard deviation, in the unit of the values
 * @throws DomainError `invalid_type` | `not_finite` | `insufficient_data` | `empty` | `out_of_range` | `invalid_value` | `unknown_key`
 * @example
 * ```ts
 * import { standardDeviation } from 'dealwright/stats';
 * standardDeviation([2, 4, 4, 4, 5, 5, 7, 9], { kind: 'population' }); // => 2
 * ```
 * @category stats
 */
export function standardDeviation(values: NumericColumn, options: VarianceOptions = {}): number {
  return Math.sqrt(variance(values, options));
}

/**
 * Weighted mean, Σwx / Σw.
 *
 * @param values - at least one finite number
 * @param weights - one weight of at least 0 per value, not all 0
 * @returns the weighted mean
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `length_mismatch` | `out_of_range` | `invalid_weights`
 * @example
 * ```ts
 * import { weightedMean } from 'dealwright/stats';
 * weightedMean([10, 20], [3, 1]); // => 12.5
 * ```
 * @category stats
 */
export function weightedMean(values: NumericColumn, weights: NumericColumn): number {
  const issues: IssueSink = [];
  const column = readColumn(values, ['values'], issues, { atLeast: 1 });
  const shares = readColumn(weights, ['weights'], issues, { min: 0, ...(column === undefined ? {} : { length: column.length }) });
  throwIfIssues(issues);
  if (column === undefined || shares === undefined) return 0; // an issue was thrown
  let largest = 0;
  for (let i = 0; i < shares.length; i += 1) largest = Math.max(largest, shares[i] as number);
  if (largest === 0) throwIfIssues([createIssue('invalid_weights', ['weights'], { expected: 'at least one weight of more than 0', received: weights })]);
  // A power of two near the largest weight: weights of any size neither overflow nor lose digits.
  const scale = 2 ** Math.floor(Math.log2(largest));
  const products = new Float64Array(column.length);
  const scaled = new Float64Array(column.length);
  for (let i = 0; i < column.length; i += 1) {
    const weight = (shares[i] as number) / scale;
    scaled[i] = weight;
    products[i] = weight * (column[i] as number);
  }
  return requireFiniteResult(compensatedSum(products) / compensatedSum(scaled), ['values']);
}
