/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { luInPlace, luSolveInPlace, multiply } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { type Matrix, readMatrix, toRows } from './numeric-column.js';

const MAX_ORDER = 512;

/** Numerator coefficients of the [13/13] Padé approximant to exp, from the constant up. */
const PADE: readonly number[] = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
];

/**
 * Exponential of a square matrix, exp(A) = Σ Aᵏ / k!, by scaling and squaring with the [13/13] Padé approximant
 * (Higham 2005, The scaling and squaring method for the matrix exponential revisited). For a matrix of transition rates Q the transition matrix over time t is exp(Q t).
 *
 * @param matrix - A, n × n, n at most 512, with a 1-norm of at most 1e9
 * @returns exp(A), row by row
 * @throws DomainError `out_of_range` (entries too large) | `length_mismatch` | `invalid_type` | `not_finite` | `empty` | `too_long`
 * @example
 * ```ts
 * import { exponentiateMatrix } from 'dealwright/stats';
 * exponentiateMatrix([[0, 1], [0, 0]]); // => [[1, 1], [0, 1]]
 * ```
 * @category stats
 */
export function exponentiateMatrix(matrix: Matrix): number[][] {
  const issues: Issue[] = [];
  const a = readMatrix(matrix, ['matrix'], issues, { square: true, maxOrder: MAX_ORDER });
  throwIfIssues(issues);
  if (a === undefined) return [];
  const result = exponentiate(a.data, a.rows);
  requireFinite(result, ['matrix']);
  return toRows(result, a.rows, a.rows);
}

/** exp(A) on row-major storage; A is overwritten. */
export function exponentiate(a: Float64Array, n: number): Float64Array {
  let norm = 0;
  for (let j = 0; j < n; j += 1) {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += Math.abs(a[i * n + j] as number);
    norm = Math.max(norm, sum);
  }
  if (!(norm <= 1e9)) throw createDomainError('out_of_range', ['matrix'], { expected: 'entries that add up to at most 1e9 by column', received: norm });
  // 5.37 is the largest norm at which the approximant is exact to rounding.
  const squarings = norm <= 5.371920351148152 ? 0 : Math.ceil(Math.log2(norm / 5.371920351148152));
  const scale = 2 ** -squarings;
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) * scale;

  const a2 = multiply(a, a, n, n, n);
  const a4 = multiply(a2, a2, n, n, n);
  const a6 = multiply(a4, a2, n, n, n);
  const b = (k: number): number => PADE[k] as number;
  const size = n * n;
  const oddHigh = new Float64Array(size);
  const evenHigh = new Float64Array(size);
  const odd = new Float64Array(size);
  const even = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    const x2 = a2[i] as number;
    const x4 = a4[i] as number;
    const x6 = a6[i] as number;
    const unit = i % (n + 1) === 0 ? 1 : 0;
    oddHigh[i] = b(13) * x6 + b(11) * x4 + b(9) * x2;
    evenHigh[i] = b(12) * x6 + b(10) * x4 + b(8) * x2;
    odd[i] = b(7) * x6 + b(5) * x4 + b(3) * x2 + b(1) * unit;
    even[i] = b(6) * x6 + b(4) * x4 + b(2) * x2 + b(0) * unit;
  }
  const oddTop = multiply(a6, oddHigh, n, n, n);
  const evenTop = multiply(a6, evenHigh, n, n, n);
  for (let i = 0; i < size; i += 1) {
    odd[i] = (odd[i] as number) + (oddTop[i] as number);
    even[i] = (even[i] as number) + (evenTop[i] as number);
  }
  const u = multiply(a, odd, n, n, n);
  const denominator = new Float64Array(size);
  let result: Float64Array = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    denominator[i] = (even[i] as number) - (u[i] as number);
    result[i] = (even[i] as number) + (u[i] as number);
  }
  const pivots = new Int32Array(n);
  if (luInPlace(denominator, n, pivots) >= 0) throw createDomainError('singular_matrix', ['matrix']);
  luSolveInPlace(denominator, n, pivots, result, n);
  for (let k = 0; k < squarings; k += 1) result = multiply(result, result, n, n, n);
  return result;
}
