/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { choleskyInPlace } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { MAX_MATRIX_ORDER, type Matrix, readMatrix, toRows } from './numeric-column.js';

/**
 * Cholesky factor of a symmetric positive definite matrix: the lower triangular L with A = L Lᵀ (Golub and Van Loan, 4.2).
 * Only the lower triangle of the input is read.
 *
 * @param matrix - A, n × n, n at most 2048
 * @returns L, row by row, with zeros above the diagonal
 * @throws DomainError `singular_matrix` (not positive definite) | `invalid_type` | `not_finite` | `length_mismatch` | `empty` | `too_long`
 * @example
 * ```ts
 * import { decomposeCholesky } from 'dealwright/stats';
 * decomposeCholesky([[4, 2], [2, 5]]); // => [[2, 0], [1, 2]]
 * ```
 * @category stats
 */
export function decomposeCholesky(matrix: Matrix): number[][] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues, { square: true, maxOrder: MAX_MATRIX_ORDER });
  throwIfIssues(issues);
  if (a === undefined) return [];
  const n = a.rows;
  const dependent = choleskyInPlace(a.data, n);
  if (dependent >= 0) {
    throw createDomainError('singular_matrix', ['matrix'], { expected: 'a positive definite matrix', hint: `row ${dependent} depends linearly on those before it` });
  }
  for (let i = 0; i < n; i += 1) a.data.fill(0, i * n + i + 1, (i + 1) * n);
  requireFinite(a.data, ['matrix']);
  return toRows(a.data, n, n);
}
