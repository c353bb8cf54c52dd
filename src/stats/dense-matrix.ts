/*
 * Kernels on small dense matrices in row-major Float64Array storage. Not exported: public functions read and copy at their edge.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 * Sources: Golub and Van Loan, Matrix Computations, 4th edition (LU 3.4, Cholesky 4.2, Householder QR 5.2, Jacobi 8.5).
 */

/** A pivot below this share of its column's original size counts as zero. */
const PIVOT_TOLERANCE = 1e-13;

/**
 * Cholesky factor L of a symmetric positive definite matrix, in place in the lower triangle (the upper one is left as it was).
 * Returns -1, or the index of the first row that depends linearly on those before it.
 */
export function choleskyInPlace(a: Float64Array, n: number, tolerance: number = PIVOT_TOLERANCE): number {
  for (let j = 0; j < n; j += 1) {
    const rowJ = j * n;
    const diagonal = a[rowJ + j] as number;
    let pivot = diagonal;
    for (let k = 0; k < j; k += 1) {
      const value = a[rowJ + k] as number;
      pivot -= value * value;
    }
    if (!(pivot > tolerance * diagonal)) return j;
    const root = Math.sqrt(pivot);
    a[rowJ + j] = root;
    for (let i = j + 1; i < n; i += 1) {
      const rowI = i * n;
      let sum = a[rowI + j] as number;
      for (let k = 0; k < j; k += 1) sum -= (a[rowI + k] as number) * (a[rowJ + k] as number);
      a[rowI + j] = sum / root;
    }
  }
  return -1;
}

/** Solves L Lᵀ x = b in place in `b`. */
export function choleskySolveInPlace(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i += 1) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k += 1) sum -= (factor[i * n + k] as number) * (b[k] as number);
    b[i] = sum / (factor[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i] as number;
    for (let k = i + 1; k < n; k += 1) sum -= (factor[k * n + i] as number) * (b[k] as number);
    b[i] = sum / (factor[i * n + i] as number);
  }
}

/** Inverse of L Lᵀ. */
export function choleskyInverse(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j += 1) {
    column.fill(0);
    column[j] = 1;
    choleskySolveInPlace(factor, n, column);
    for (let i = 0; i < n; i += 1) inverse[i * n + j] = column[i] as number;
  }
  symmetrize(inverse, n);
  return inverse;
}

/** Copies the average of both triangles into both. */
export function symmetrize(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const mean = ((a[i * n + j] as number) + (a[j * n + i] as number)) / 2;
      a[i * n + j] = mean;
      a[j * n + i] = mean;
    }
  }
}

/**
 * LU factors with partial pivoting, in place; `pivots[i]` is the row that was swapped into place i.
 * Returns -1, or the index of the first column that depends linearly on those before it.
 */
export function luInPlace(a: Float64Array, n: number, pivots: Int32Array): number {
  const scale = new Float64Array(n);
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i < n; i += 1) scale[j] = Math.max(scale[j] as number, Math.abs(a[i * n + j] as number));
  }
  for (let j = 0; j < n; j += 1) {
    let best = j;
    let size = Math.abs(a[j * n + j] as number);
    for (let i = j + 1; i < n; i += 1) {
      const candidate = Math.abs(a[i * n + j] as number);
      if (candidate > size) {
        size = candidate;
        best = i;
      }
    }
    pivots[j] = best;
    if (!(size > 1e-14 * (scale[j] as number))) return j;
    if (best !== j) {
      for (let k = 0; k < n; k += 1) {
        const held = a[j * n + k] as number;
        a[j * n + k] = a[best * n + k] as number;
        a[best * n + k] = held;
      }
    }
    const pivot = a[j * n + j] as number;
    for (let i = j + 1; i < n; i += 1) {
      const factor = (a[i * n + j] as number) / pivot;
      a[i * n + j] = factor;
      if (factor === 0) continue;
      for (let k = j + 1; k < n; k += 1) a[i * n + k] = (a[i * n + k] as number) - factor * (a[j * n + k] as number);
    }
  }
  return -1;
}

/** Solves A X = B in place for `width` right-hand sides stored row-major in `b`, from the factors of {@link luInPlace}. */
export function luSolveInPlace(factors: Float64Array, n: number, pivots: Int32Array, b: Float64Array, width: number): void {
  for (let i = 0; i < n; i += 1) {
    const from = pivots[i] as number;
    if (from !== i) {
      for (let c = 0; c < width; c += 1) {
        const held = b[i * width + c] as number;
        b[i * width + c] = b[from * width + c] as number;
        b[from * width + c] = held;
      }
    }
  }
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) {
      const factor = factors[i * n + k] as number;
      if (factor === 0) continue;
      for (let c = 0; c < width; c += 1) b[i * width + c] = (b[i * width + c] as number) - factor * (b[k * width + c] as number);
    }
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) {
      const factor = factors[i * n + k] as number;
      if (factor === 0) continue;
      for (let c = 0; c < width; c += 1) b[i * width + c] = (b[i * width + c] as number) - factor * (b[k * width + c] as number);
    }
    const pivot = factors[i * n + i] as number;
    for (let c = 0; c < width; c += 1) b[i * width + c] = (b[i * width + c] as number) / pivot;
  }
}

/** C = A B for A of n × m and B of m × p. */
export function multiply(a: Float64Array, b: Float64Array, n: number, m: number, p: number): Float64Array {
  const c = new Float64Array(n * p);
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < m; k += 1) {
      const factor = a[i * m + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < p; j += 1) c[i * p + j] = (c[i * p + j] as number) + factor * (b[k * p + j] as number);
    }
  }
  return c;
}

/** The unit matrix. */
export function identity(n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) a[i * n + i] = 1;
  return a;
}

/**
 * Householder QR of a tall matrix (rows ≥ columns), in place: R in the upper triangle, the reflectors below it with their heads in `heads`.
 * Returns -1, or the index of the first column that depends linearly on those before it (its remainder is under 1e-10 of its length).
 */
export function qrInPlace(a: Float64Array, rows: number, columns: number, heads: Float64Array): number {
  for (let j = 0; j < columns; j += 1) {
    // Lengths relative to the largest element, so that squares neither overflow nor vanish.
    let largest = 0;
    for (let i = 0; i < rows; i += 1) largest = Math.max(largest, Math.abs(a[i * columns + j] as number));
    if (!(largest > 0)) return j;
    let above = 0;
    let below = 0;
    for (let i = 0; i < rows; i += 1) {
      const value = (a[i * columns + j] as number) / largest;
      if (i < j) above += value * value;
      else below += value * value;
    }
    const tail = Math.sqrt(below) * largest;
    if (!(below > 1e-20 * (above + below))) return j;
    const head = a[j * columns + j] as number;
    const length = head > 0 ? -tail : tail;
    // The reflector is v = (head - length, a[j+1..]); its norm follows from the lengths.
    const first = head - length;
    heads[j] = first;
    const scale = 1 / (length * first);
    for (let k = j + 1; k < columns; k += 1) {
      let dot = first * (a[j * columns + k] as number);
      for (let i = j + 1; i < rows; i += 1) dot += (a[i * columns + j] as number) * (a[i * columns + k] as number);
      const factor = dot * scale;
      a[j * columns + k] = (a[j * columns + k] as number) + factor * first;
      for (let i = j + 1; i < rows; i += 1) a[i * columns + k] = (a[i * columns + k] as number) + factor * (a[i * columns + j] as number);
    }
    a[j * columns + j] = length;
  }
  return -1;
}

/** Applies Qᵀ of {@link qrInPlace} to `b` in place. */
export function qrTransposeApply(factors: Float64Array, rows: number, columns: number, heads: Float64Array, b: Float64Array): void {
  for (let j = 0; j < columns; j += 1) {
    const first = heads[j] as number;
    const scale = 1 / ((factors[j * columns + j] as number) * first);
    let dot = first * (b[j] as number);
    for (let i = j + 1; i < rows; i += 1) dot += (factors[i * columns + j] as number) * (b[i] as number);
    const factor = dot * scale;
    b[j] = (b[j] as number) + factor * first;
    for (let i = j + 1; i < rows; i += 1) b[i] = (b[i] as number) + factor * (factors[i * columns + j] as number);
  }
}

/** (RᵀR)⁻¹ from the upper triangle left by {@link qrInPlace}. */
export function inverseOfCrossProduct(factors: Float64Array, columns: number): Float64Array {
  // R⁻¹ by back substitution, column by column; it is upper triangular too.
  const inverse = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j += 1) {
    for (let i = j; i >= 0; i -= 1) {
      let sum = i === j ? 1 : 0;
      for (let k = i + 1; k <= j; k += 1) sum -= (factors[i * columns + k] as number) * (inverse[k * columns + j] as number);
      inverse[i * columns + j] = sum / (factors[i * columns + i] as number);
    }
  }
  const result = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      for (let k = i; k < columns; k += 1) sum += (inverse[i * columns + k] as number) * (inverse[j * columns + k] as number);
      result[i * columns + j] = sum;
      result[j * columns + i] = sum;
    }
  }
  return result;
}
