import { readCall } from './distribution-parameters.js';

/**
 * Nodes and weights of a quadrature rule.
 *
 * @category stats
 */
export interface QuadratureRule {
  /** Where the integrand is evaluated, in ascending order. */
  readonly nodes: readonly number[];
  /** Weight of each node; they sum to 1. */
  readonly weights: readonly number[];
}

/**
 * Gauss–Hermite rule for the standard normal distribution: E f(Z) ≈ Σ wᵢ f(xᵢ), exact for polynomials up to degree 2n − 1.
 * Nodes are symmetric about 0.
 *
 * Method: eigenvalues of the Jacobi matrix by the implicit QL algorithm (G. Golub and J. Welsch, 1969). Good for smooth f; a step or a narrow
 * bump needs another rule.
 *
 * @param n - number of nodes, 1 to 256
 * @returns nodes and weights
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range`
 * @example
 * ```ts
 * import { gaussHermite } from 'dealwright/stats';
 * gaussHermite(2).nodes.map((node) => Math.round(node)); // => [-1, 1]
 * ```
 * @category stats
 */
export function gaussHermite(n: number): QuadratureRule {
  const size = readCall('n', n, { min: 1, max: 256, integer: true }, undefined, {}).value;
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const first = new Float64Array(size);
  for (let i = 0; i + 1 < size; i += 1) beside[i] = Math.sqrt(i + 1);
  first[0] = 1;
  for (let l = 0; l < size; l += 1) {
    for (let iteration = 0; iteration < 100; iteration += 1) {
      let m = l;
      while (m < size - 1) {
        const scale = Math.abs(diagonal[m] as number) + Math.abs(diagonal[m + 1] as number); // indexes below are within bounds
        if (Math.abs(beside[m] as number) <= Number.EPSILON * scale) break;
        m += 1;
      }
      if (m === l) break;
      let g = ((diagonal[l + 1] as number) - (diagonal[l] as number)) / (2 * (beside[l] as number));
      let r = Math.hypot(g, 1);
      g = (diagonal[m] as number) - (diagonal[l] as number) + (beside[l] as number) / (g + (g < 0 ? -r : r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i -= 1) {
        const f = s * (beside[i] as number);
        const b = c * (beside[i] as number);
        r = Math.hypot(f, g);
        beside[i + 1] = r;
        if (r === 0) {
          diagonal[i + 1] = (diagonal[i + 1] as number) - p;
          beside[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = (diagonal[i + 1] as number) - p;
        r = ((diagonal[i] as number) - g) * s + 2 * c * b;
        p = s * r;
        diagonal[i + 1] = g + p;
        g = c * r - b;
        const z = first[i + 1] as number;
        first[i + 1] = s * (first[i] as number) + c * z;
        first[i] = c * (first[i] as number) - s * z;
      }
      if (r === 0 && i >= l) continue;
      diagonal[l] = (diagonal[l] as number) - p;
      beside[l] = g;
      beside[m] = 0;
    }
  }
  const order = Array.from(diagonal.keys()).sort((i, j) => (diagonal[i] as number) - (diagonal[j] as number));
  const nodes = order.map((i) => diagonal[i] as number);
  const weights = order.map((i) => (first[i] as number) ** 2);
  // Symmetry holds exactly in theory; make it hold exactly here.
  for (let i = 0; i < size; i += 1) {
    const j = size - 1 - i;
    if (i > j) break;
    const node = i === j ? 0 : ((nodes[j] as number) - (nodes[i] as number)) / 2;
    const weight = ((weights[i] as number) + (weights[j] as number)) / 2;
    nodes[i] = -node;
    nodes[j] = node;
    weights[i] = weight;
    weights[j] = weight;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { nodes: nodes.map((node) => (node === 0 ? 0 : node)), weights: weights.map((weight) => weight / total) };
}
