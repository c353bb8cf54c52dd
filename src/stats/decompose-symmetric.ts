/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { identity } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { type Matrix, readMatrix } from './numeric-column.js';

/**
 * Eigenvalues and eigenvectors of a symmetric matrix.
 *
 * @category stats
 */
export interface SymmetricDecomposition {
  /** Eigenvalues, largest first. */
  readonly values: readonly number[];
  /** `vectors[k]` is the unit eigenvector of `values[k]`; its largest component is positive. */
  readonly vectors: readonly (readonly number[])[];
}

const MAX_ORDER = 256;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, 8.5). Only the lower triangle is read.
 *
 * @param matrix - n × n, n at most 256
 * @returns eigenvalues from the largest to the smallest, with their vectors
 * @throws DomainError `no_convergence` | `invalid_type` | `not_finite` | `length_mismatch` | `empty` | `too_long`
 * @example
 * ```ts
 * import { decomposeSymmetric } from 'dealwright/stats';
 * decomposeSymmetric([[3, 0], [0, 5]]).values; // => [5, 3]
 * ```
 * @category stats
 */
export function decomposeSymmetric(matrix: Matrix): SymmetricDecomposition {
  const issues: Issue[] = [];
  const dense = readMatrix(matrix, ['matrix'], issues, { square: true, maxOrder: MAX_ORDER });
  throwIfIssues(issues);
  if (dense === undefined) return { values: [], vectors: [] };
  const n = dense.rows;
  const a = dense.data;
  let largest = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      a[j * n + i] = a[i * n + j] as number;
      largest = Math.max(largest, Math.abs(a[i * n + j] as number));
    }
  }
  if (largest > 0) for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) / largest;
  const v = identity(n);
  let converged = false;
  for (let sweep = 0; sweep < 60 && !converged; sweep += 1) {
    let off = 0;
    for (let i = 0; i < n; i += 1) for (let j = 0; j < i; j += 1) off += (a[i * n + j] as number) ** 2;
    converged = off <= 1e-34;
    if (converged) break;
    for (let p = 0; p < n - 1; p += 1) {
      for (let q = p + 1; q < n; q += 1) rotate(a, v, n, p, q);
    }
  }
  if (!converged) throw createDomainError('no_convergence', ['matrix']);
  const order = Array.from({ length: n }, (_, index) => index);
  order.sort((left, right) => (a[right * n + right] as number) - (a[left * n + left] as number) || left - right);
  const values = order.map((k) => (a[k * n + k] as number) * largest);
  requireFinite(values, ['matrix']);
  const vectors = order.map((k) => {
    const vector = Array.from({ length: n }, (_, i) => v[i * n + k] as number);
    let peak = 0;
    for (const component of vector) if (Math.abs(component) > Math.abs(peak) + 1e-12) peak = component;
    return peak < 0 ? vector.map((component) => (component === 0 ? 0 : -component)) : vector;
  });
  return { values, vectors };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
  const t = Math.abs(theta) > 1e150 ? 0.5 / theta : (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k += 1) {
    const kp = a[k * n + p] as number;
    const kq = a[k * n + q] as number;
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k += 1) {
    const pk = a[p * n + k] as number;
    const qk = a[q * n + k] as number;
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
  }
  a[p * n + q] = 0;
  a[q * n + p] = 0;
  for (let k = 0; k < n; k += 1) {
    const kp = v[k * n + p] as number;
    const kq = v[k * n + q] as number;
    v[k * n + p] = c * kp - s * kq;
    v[k * n + q] = s * kp + c * kq;
  }
}
