/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkBoolean, checkKeys, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { requireFinite } from './finite-result.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * What an isotonic regression is fitted to.
 *
 * @category stats
 */
export interface IsotonicData {
  /** The variable that orders the rows. Rows with the same value share one fit. */
  readonly x: NumericColumn;
  /** Outcomes. */
  readonly y: NumericColumn;
  /** Weights, above 0. Default 1. */
  readonly weight?: NumericColumn;
}

/**
 * How an isotonic regression is fitted.
 *
 * @category stats
 */
export interface IsotonicRegressionOptions {
  /** Whether the fit falls instead of rising. Default false. */
  readonly decreasing?: boolean;
}

/**
 * A monotone step function with straight lines between its knots, as columns.
 *
 * @category stats
 */
export interface IsotonicRegression {
  /** Fitted value of each row, in the order given. */
  readonly fitted: readonly number[];
  /** Where blocks of equal fit begin and end, ascending. */
  readonly knotX: readonly number[];
  /** Fitted value at each knot. */
  readonly knotY: readonly number[];
}

/**
 * Isotonic regression: the monotone fit of least (weighted) squares, by pooling adjacent violators (Barlow et al. 1972). O(n log n) for the sort, then linear.
 *
 * @param data - columns x, y and optional weights
 * @param options - direction
 * @returns fitted values and the knots of the fit
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { isotonicRegression } from 'dealwright/stats';
 * isotonicRegression({ x: [1, 2, 3, 4], y: [1, 3, 2, 5] }).fitted; // => [1, 2.5, 2.5, 5]
 * ```
 * @category stats
 */
export function isotonicRegression(data: IsotonicData, options: IsotonicRegressionOptions = {}): IsotonicRegression {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['decreasing'], ['options'], issues);
  const decreasing = settings['decreasing'] === undefined ? false : (checkBoolean(settings['decreasing'], ['options', 'decreasing'], issues) ?? false);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['x', 'y', 'weight'], [], issues);
  const x = readColumn(record['x'], ['x'], issues, { atLeast: 1 });
  const y = readColumn(record['y'], ['y'], issues, x === undefined ? {} : { length: x.length });
  const weight = record['weight'] === undefined || x === undefined ? undefined : readColumn(record['weight'], ['weight'], issues, { min: 1e-100, max: 1e15, length: x.length });
  throwIfIssues(issues);
  if (x === undefined || y === undefined) throw createDomainError('empty', []);
  const n = x.length;
  const sign = decreasing ? -1 : 1;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) order[i] = i;
  // Ties by y and weight as well, so that the order of the input rows cannot change a rounding.
  order.sort((a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number) || (weight === undefined ? 0 : (weight[a] as number) - (weight[b] as number)));

  const mean = new Float64Array(n);
  const mass = new Float64Array(n);
  const firstX = new Float64Array(n);
  const lastX = new Float64Array(n);
  let blocks = 0;
  for (let i = 0; i < n; ) {
    const at = x[order[i] as number] as number;
    let sum = 0;
    let total = 0;
    for (; i < n && (x[order[i] as number] as number) === at; i += 1) {
      const row = order[i] as number;
      const w = weight === undefined ? 1 : (weight[row] as number);
      sum += w * (y[row] as number);
      total += w;
    }
    mean[blocks] = (sign * sum) / total;
    mass[blocks] = total;
    firstX[blocks] = at;
    lastX[blocks] = at;
    blocks += 1;
    while (blocks > 1 && (mean[blocks - 2] as number) >= (mean[blocks - 1] as number)) {
      const combined = (mass[blocks - 2] as number) + (mass[blocks - 1] as number);
      mean[blocks - 2] = ((mean[blocks - 2] as number) * (mass[blocks - 2] as number) + (mean[blocks - 1] as number) * (mass[blocks - 1] as number)) / combined;
      mass[blocks - 2] = combined;
      lastX[blocks - 2] = lastX[blocks - 1] as number;
      blocks -= 1;
    }
  }
  const fitted = new Float64Array(n);
  const knotX: number[] = [];
  const knotY: number[] = [];
  let row = 0;
  for (let block = 0; block < blocks; block += 1) {
    const value = sign * (mean[block] as number) + 0;
    const from = firstX[block] as number;
    const to = lastX[block] as number;
    knotX.push(from);
    knotY.push(value);
    if (to > from) {
      knotX.push(to);
      knotY.push(value);
    }
    for (; row < n && (x[order[row] as number] as number) <= to; row += 1) fitted[order[row] as number] = value;
  }
  requireFinite(knotY, ['y']);
  return { fitted: Array.from(fitted), knotX, knotY };
}

/**
 * The value of an isotonic regression at a new x: on the straight line between its knots, flat beyond the first and the last (as scikit-learn with `out_of_bounds='clip'`).
 *
 * @param fit - result of {@link isotonicRegression}, or its knots
 * @param x - where to evaluate
 * @returns the fitted value
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `empty`
 * @example
 * ```ts
 * import { interpolateIsotonic } from 'dealwright/stats';
 * interpolateIsotonic({ knotX: [0, 1, 2], knotY: [0, 0.5, 0.5] }, 0.5); // => 0.25
 * ```
 * @category stats
 */
export function interpolateIsotonic(fit: Pick<IsotonicRegression, 'knotX' | 'knotY'>, x: number): number {
  const issues: Issue[] = [];
  const record = checkRecord(fit, ['fit'], issues) ?? {};
  const knotX = readColumn(record['knotX'], ['fit', 'knotX'], issues, { atLeast: 1 });
  const knotY = readColumn(record['knotY'], ['fit', 'knotY'], issues, knotX === undefined ? {} : { length: knotX.length });
  const at = checkNumber(x, ['x'], issues);
  throwIfIssues(issues);
  if (knotX === undefined || knotY === undefined || at === undefined) throw createDomainError('empty', []);
  return interpolateKnots(knotX, knotY, at);
}

/** Linear interpolation between ascending knots, flat outside them. */
export function interpolateKnots(knotX: ArrayLike<number>, knotY: ArrayLike<number>, x: number): number {
  const last = knotX.length - 1;
  if (x <= (knotX[0] as number)) return knotY[0] as number;
  if (x >= (knotX[last] as number)) return knotY[last] as number;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((knotX[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const x0 = knotX[low] as number;
  const y0 = knotY[low] as number;
  const share = (x - x0) / ((knotX[high] as number) - x0);
  return y0 + share * ((knotY[high] as number) - y0);
}
