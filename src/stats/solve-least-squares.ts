/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { qrInPlace, qrTransposeApply } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { MAX_MATRIX_ORDER, type Matrix, type NumericColumn, readColumn, readMatrix } from './numeric-column.js';

/**
 * Least squares: the x that minimises ‖A x − b‖², by Householder QR (Golub and Van Loan, 5.3). No intercept is added;
 * for estimates with standard errors use {@link linearRegression}.
 *
 * @param matrix - A, m × n with m ≥ n; n at most 2048
 * @param rightHandSide - b, m numbers
 * @returns x, n numbers
 * @throws DomainError `singular_matrix` (dependent columns) | `insufficient_data` (m < n) | `invalid_type` | `not_finite` | `length_mismatch` | `empty` | `too_long`
 * @example
 * ```ts
 * import { solveLeastSquares } from 'dealwright/stats';
 * solveLeastSquares([[1, 0], [0, 2], [0, 0]], [3, 8, 1]); // => [3, 4]
 * ```
 * @category stats
 */
export function solveLeastSquares(matrix: Matrix, rightHandSide: NumericColumn): number[] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues);
  const b = readColumn(rightHandSide, ['rightHandSide'], issues, a === undefined ? {} : { length: a.rows });
  if (a !== undefined && a.columns > MAX_MATRIX_ORDER) issues.push(createIssue('too_long', ['matrix'], { expected: `at most ${MAX_MATRIX_ORDER} columns`, received: a.columns }));
  else if (a !== undefined && a.rows < a.columns) issues.push(createIssue('insufficient_data', ['matrix'], { expected: `at least ${a.columns} rows`, received: a.rows }));
  throwIfIssues(issues);
  if (a === undefined || b === undefined) return [];
  const { rows, columns } = a;
  const heads = new Float64Array(columns);
  const dependent = qrInPlace(a.data, rows, columns, heads);
  if (dependent >= 0) throw createDomainError('singular_matrix', ['matrix'], { hint: `column ${dependent} depends linearly on those before it` });
  const rhs = Float64Array.from(b);
  qrTransposeApply(a.data, rows, columns, heads, rhs);
  const x = backSubstitute(a.data, columns, rhs);
  requireFinite(x, ['matrix']);
  return Array.from(x);
}

/** Solves R x = b for the upper triangle of a QR factorisation. */
export function backSubstitute(factors: Float64Array, columns: number, b: Float64Array): Float64Array {
  const x = new Float64Array(columns);
  for (let i = columns - 1; i >= 0; i -= 1) {
    let sum = b[i] as number;
    for (let k = i + 1; k < columns; k += 1) sum -= (factors[i * columns + k] as number) * (x[k] as number);
    x[i] = sum / (factors[i * columns + i] as number);
  }
  return x;
}
