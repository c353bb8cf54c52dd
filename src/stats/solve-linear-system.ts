/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { identity, luInPlace, luSolveInPlace } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { MAX_MATRIX_ORDER, type Matrix, type NumericColumn, readColumn, readMatrix, toRows } from './numeric-column.js';

/**
 * Solves A x = b for a square matrix by LU factorisation with partial pivoting (Golub and Van Loan, Matrix Computations, 3.4).
 *
 * @param matrix - A, n × n, n at most 2048
 * @param rightHandSide - b, n numbers
 * @returns x, n numbers
 * @throws DomainError `singular_matrix` | `invalid_type` | `not_finite` | `length_mismatch` | `empty` | `too_long`
 * @example
 * ```ts
 * import { solveLinearSystem } from 'dealwright/stats';
 * solveLinearSystem([[2, 0], [0, 4]], [6, 8]); // => [3, 2]
 * ```
 * @category stats
 */
export function solveLinearSystem(matrix: Matrix, rightHandSide: NumericColumn): number[] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues, { square: true, maxOrder: MAX_MATRIX_ORDER });
  const b = readColumn(rightHandSide, ['rightHandSide'], issues, a === undefined ? {} : { length: a.rows });
  throwIfIssues(issues);
  if (a === undefined || b === undefined) return [];
  const n = a.rows;
  const pivots = new Int32Array(n);
  const x = Float64Array.from(b);
  factorize(a.data, n, pivots);
  luSolveInPlace(a.data, n, pivots, x, 1);
  requireFinite(x, ['matrix']);
  return Array.from(x);
}

/**
 * Inverse of a square matrix by LU factorisation with partial pivoting. To solve a system use {@link solveLinearSystem}: it is faster and more accurate.
 *
 * @param matrix - n × n, n at most 2048
 * @returns the inverse, row by row
 * @throws DomainError `singular_matrix` | `invalid_type` | `not_finite` | `length_mismatch` | `empty` | `too_long`
 * @example
 * ```ts
 * import { invertMatrix } from 'dealwright/stats';
 * invertMatrix([[2, 0], [0, 4]]); // => [[0.5, 0], [0, 0.25]]
 * ```
 * @category stats
 */
export function invertMatrix(matrix: Matrix): number[][] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues, { square: true, maxOrder: MAX_MATRIX_ORDER });
  throwIfIssues(issues);
  if (a === undefined) return [];
  const n = a.rows;
  const pivots = new Int32Array(n);
  const inverse = identity(n);
  factorize(a.data, n, pivots);
  luSolveInPlace(a.data, n, pivots, inverse, n);
  requireFinite(inverse, ['matrix']);
  return toRows(inverse, n, n);
}

function factorize(data: Float64Array, n: number, pivots: Int32Array): void {
  const dependent = luInPlace(data, n, pivots);
  if (dependent >= 0) {
    throw createDomainError('singular_matrix', ['matrix'], { expected: 'an invertible matrix', hint: `column ${dependent} depends linearly on those before it` });
  }
}
