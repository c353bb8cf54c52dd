/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */

import { checkNumber } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { identity, multiply } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { MAX_MATRIX_ORDER, type Matrix, readMatrix, toRows } from './numeric-column.js';

/**
 * Product A B of two matrices.
 *
 * @param left - A, n × m; no side above 2048
 * @param right - B, m × p
 * @returns the product, n × p, row by row
 * @throws DomainError `length_mismatch` (B does not have m rows) | `invalid_type` | `not_finite` | `empty` | `too_long`
 * @example
 * ```ts
 * import { multiplyMatrices } from 'dealwright/stats';
 * multiplyMatrices([[1, 2]], [[3], [4]]); // => [[11]]
 * ```
 * @category stats
 */
export function multiplyMatrices(left: Matrix, right: Matrix): number[][] {
  const issues: Issue[] = [];
  const a = readMatrix(left, ['left'], issues, { maxOrder: MAX_MATRIX_ORDER });
  const b = readMatrix(right, ['right'], issues, { maxOrder: MAX_MATRIX_ORDER, ...(a === undefined ? {} : { rows: a.columns }) });
  throwIfIssues(issues);
  if (a === undefined || b === undefined) return [];
  const product = multiply(a.data, b.data, a.rows, a.columns, b.columns);
  requireFinite(product, ['left']);
  return toRows(product, a.rows, b.columns);
}

/**
 * Transpose of a matrix.
 *
 * @param matrix - n × m; no side above 2048
 * @returns m × n, row by row
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `empty` | `too_long`
 * @example
 * ```ts
 * import { transposeMatrix } from 'dealwright/stats';
 * transposeMatrix([[1, 2, 3]]); // => [[1], [2], [3]]
 * ```
 * @category stats
 */
export function transposeMatrix(matrix: Matrix): number[][] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues, { maxOrder: MAX_MATRIX_ORDER });
  throwIfIssues(issues);
  if (a === undefined) return [];
  return Array.from({ length: a.columns }, (_, j) => Array.from({ length: a.rows }, (_unused, i) => a.data[i * a.columns + j] as number));
}

/**
 * A square matrix to a whole power, by repeated squaring. For a transition matrix this is the transition over `exponent` steps.
 *
 * @param matrix - n × n, n at most 2048
 * @param exponent - a whole number from 0 to 1,000,000,000
 * @returns the power, row by row; the unit matrix for exponent 0
 * @throws DomainError `out_of_range` | `not_an_integer` | `length_mismatch` | `invalid_type` | `not_finite` | `empty` | `too_long`
 * @example
 * ```ts
 * import { raiseMatrix } from 'dealwright/stats';
 * raiseMatrix([[0.5, 0.5], [0, 1]], 3); // => [[0.125, 0.875], [0, 1]]
 * ```
 * @category stats
 */
export function raiseMatrix(matrix: Matrix, exponent: number): number[][] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues, { square: true, maxOrder: MAX_MATRIX_ORDER });
  const power = checkNumber(exponent, ['exponent'], issues, { min: 0, max: 1e9, integer: true });
  throwIfIssues(issues);
  if (a === undefined || power === undefined) return [];
  const n = a.rows;
  let result = identity(n);
  let square = a.data;
  let left = power;
  while (left > 0) {
    if (left % 2 === 1) result = multiply(result, square, n, n, n);
    left = Math.floor(left / 2);
    if (left > 0) square = multiply(square, square, n, n, n);
  }
  requireFinite(result, ['matrix']);
  return toRows(result, n, n);
}
