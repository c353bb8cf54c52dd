/*
 * Finding the parameters of one form: Levenberg–Marquardt on exact derivatives inside the usual limits, with the boundary of the admissible region
 * followed by tying β to it. Internal. The search room is allocated once per problem.
 */
import { betaOf, type EtsCriterion, type EtsProblem, etsNormalEquations, etsObjective, gammaOf, LOWER, phiOf } from './ets-kernel.js';

/** Room for a search on one problem. */
export interface EtsSearch {
  readonly problem: EtsProblem;
  readonly trial: Float64Array;
  readonly step: Float64Array;
  readonly system: Float64Array;
  readonly right: Float64Array;
  readonly scale: Float64Array;
  readonly held: Uint8Array;
  readonly tie: Float64Array;
  readonly free: Int32Array;
  readonly polynomial: Float64Array;
  readonly reduced: Float64Array;
}

/** Allocates the room of a search. */
export function createEtsSearch(problem: EtsProblem): EtsSearch {
  const { p, m } = problem;
  return {
    problem,
    trial: new Float64Array(p),
    step: new Float64Array(p),
    system: new Float64Array(p * p),
    right: new Float64Array(p),
    scale: new Float64Array(p),
    held: new Uint8Array(p),
    tie: new Float64Array(p),
    free: new Int32Array(p),
    polynomial: new Float64Array(m + 3),
    reduced: new Float64Array(m + 3),
  };
}

/**
 * Whether all roots of the characteristic polynomial of a seasonal form lie inside the unit circle (Schur–Cohn reduction, no roots are computed).
 * Without season the usual limits lie inside the admissible region.
 */
export function isAdmissible(search: EtsSearch, alpha: number, beta: number, gamma: number, phi: number): boolean {
  const { problem, polynomial, reduced } = search;
  const { m } = problem;
  if (problem.season === 0 || problem.trend === 0) return true;
  let degree = m + 1;
  const c = alpha + beta - alpha * phi;
  for (let i = 2; i < m; i += 1) polynomial[i] = c;
  polynomial[0] = phi * (1 - alpha - gamma);
  polynomial[1] = c + gamma - 1;
  polynomial[m] = alpha + beta - phi;
  polynomial[m + 1] = 1;
  let from = polynomial;
  let to = reduced;
  while (degree > 0) {
    const first = from[0] ?? 0;
    const last = from[degree] ?? 0;
    if (!(Math.abs(first) < Math.abs(last))) return false;
    const ratio = first / last;
    for (let i = 1; i <= degree; i += 1) to[i - 1] = (from[i] ?? 0) - ratio * (from[degree - i] ?? 0);
    degree -= 1;
    const swap = from;
    from = to;
    to = swap;
  }
  return true;
}

function isAdmissibleAt(search: EtsSearch, theta: Float64Array, u: number): boolean {
  const { problem } = search;
  const kept = theta[problem.iU] ?? 0;
  theta[problem.iU] = u;
  const beta = betaOf(problem, theta);
  theta[problem.iU] = kept;
  return isAdmissible(search, theta[0] ?? 0, beta, gammaOf(problem, theta), phiOf(problem, theta));
}

/** The largest admissible u (β as a share of its range) at the other parameters; 1 if all are admissible, 0 if none is. */
function largestAdmissible(search: EtsSearch, theta: Float64Array): number {
  if (isAdmissibleAt(search, theta, 1)) return 1;
  if (!isAdmissibleAt(search, theta, 0)) return 0;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 46; i += 1) {
    const middle = 0.5 * (low + high);
    if (isAdmissibleAt(search, theta, middle)) low = middle;
    else high = middle;
  }
  return low;
}

const TIED = ['alpha', 'gamma', 'phi'] as const;

/** Derivatives of the largest admissible u by α, v and φ, one-sided where a limit is near. */
function computeTie(search: EtsSearch, theta: Float64Array): void {
  const { problem, tie } = search;
  tie.fill(0);
  const here = largestAdmissible(search, theta);
  for (const name of TIED) {
    const index = name === 'alpha' ? 0 : name === 'gamma' ? problem.iV : problem.iF;
    if (index < 0 || problem.fixed[index] === 1) continue;
    const kept = theta[index] ?? 0;
    const upper = problem.upper[index] ?? 1;
    const h = kept + 1e-6 > upper ? -1e-6 : 1e-6;
    theta[index] = kept + h;
    tie[index] = (largestAdmissible(search, theta) - here) / h;
    theta[index] = kept;
  }
}

/** Solves A x = b for a symmetric positive definite A of order k (row length p) in place; false if it is not. */
function solveInPlace(a: Float64Array, b: Float64Array, k: number): boolean {
  for (let i = 0; i < k; i += 1) {
    const rowI = i * k;
    for (let j = 0; j <= i; j += 1) {
      const rowJ = j * k;
      let sum = a[rowI + j] ?? 0;
      for (let q = 0; q < j; q += 1) sum -= (a[rowI + q] ?? 0) * (a[rowJ + q] ?? 0);
      if (i === j) {
        if (!(sum > 0)) return false;
        a[rowI + i] = Math.sqrt(sum);
      } else a[rowI + j] = sum / (a[rowJ + j] ?? 1);
    }
  }
  for (let i = 0; i < k; i += 1) {
    let sum = b[i] ?? 0;
    const row = i * k;
    for (let q = 0; q < i; q += 1) sum -= (a[row + q] ?? 0) * (b[q] ?? 0);
    b[i] = sum / (a[row + i] ?? 1);
  }
  for (let i = k - 1; i >= 0; i -= 1) {
    let sum = b[i] ?? 0;
    for (let q = i + 1; q < k; q += 1) sum -= (a[q * k + i] ?? 0) * (b[q] ?? 0);
    b[i] = sum / (a[i * k + i] ?? 1);
  }
  return true;
}

/** How a search went. */
export interface EtsSearchResult {
  /** The objective at the end. */
  objective: number;
  /** Evaluations with derivatives. */
  iterations: number;
}

/**
 * Improves `theta` in place until an accepted step gains less than `tolerance` in the objective, or `limit` derivative evaluations are spent.
 */
export function improveEts(search: EtsSearch, theta: Float64Array, criterion: EtsCriterion, tolerance: number, limit: number): EtsSearchResult {
  const { problem, trial, step, system, right, scale, held, tie, free } = search;
  const { p, lower, upper, fixed, normal, gradient, iU, iS, m } = problem;
  const constrained = problem.trend !== 0 && problem.season !== 0 && fixed[iU] !== 1;
  for (let k = 0; k < p; k += 1) {
    if (fixed[k] === 1) continue;
    theta[k] = Math.min(Math.max(theta[k] ?? 0, lower[k] ?? -Infinity), upper[k] ?? Infinity);
  }
  if (constrained) {
    const most = largestAdmissible(search, theta);
    if ((theta[iU] ?? 0) > most) theta[iU] = most;
  }
  let objective = etsNormalEquations(problem, theta, criterion);
  let iterations = 1;
  let lambda = 1e-3;
  let small = 0;
  if (objective === Infinity) return { objective, iterations };
  for (; iterations < limit; ) {
    // Is the admissible boundary active? β wants to grow and cannot.
    let tied = false;
    if (constrained && (theta[iU] ?? 0) < 1 && (gradient[iU] ?? 0) < 0 && !isAdmissibleAt(search, theta, Math.min(1, (theta[iU] ?? 0) + 1e-7))) {
      tied = true;
      computeTie(search, theta);
      const row = iU * p;
      const nuu = normal[row + iU] ?? 0;
      const gu = gradient[iU] ?? 0;
      // Columns of α, v, φ gain tie · column of u; a copy of the row of u is needed while others change.
      for (let k = 0; k < p; k += 1) right[k] = normal[row + k] ?? 0;
      for (let k = 0; k < p; k += 1) {
        const tk = tie[k] ?? 0;
        for (let i = 0; i < p; i += 1) {
          const ti = tie[i] ?? 0;
          if (tk === 0 && ti === 0) continue;
          normal[k * p + i] = (normal[k * p + i] ?? 0) + tk * (right[i] ?? 0) + ti * (right[k] ?? 0) + tk * ti * nuu;
        }
      }
      for (let k = 0; k < p; k += 1) gradient[k] = (gradient[k] ?? 0) + (tie[k] ?? 0) * gu;
    }
    // Hold what is fixed, has no effect, or presses against its limit.
    for (let k = 0; k < p; k += 1) {
      const value = theta[k] ?? 0;
      const g = gradient[k] ?? 0;
      const diagonal = normal[k * p + k] ?? 0;
      scale[k] = diagonal;
      held[k] = fixed[k] === 1 || !(diagonal > 0) || (value <= (lower[k] ?? -Infinity) && g > 0) || (value >= (upper[k] ?? Infinity) && g < 0) || (tied && k === iU) ? 1 : 0;
    }
    let accepted = false;
    let gain = 0;
    let attempts = 0;
    while (!accepted && attempts < 12) {
      attempts += 1;
      step.fill(0);
      let solved = false;
      // Solve, clip what leaves the box, solve again for the rest.
      for (let k = 0; k < p; k += 1) if (held[k] === 2) held[k] = 0;
      for (let round = 0; round < 6; round += 1) {
        let count = 0;
        for (let k = 0; k < p; k += 1) if (held[k] === 0) free[count++] = k;
        if (count === 0) {
          solved = true;
          break;
        }
        for (let i = 0; i < count; i += 1) {
          const k = free[i] ?? 0;
          let b = -(gradient[k] ?? 0);
          for (let q = 0; q < p; q += 1) if (held[q] === 2) b -= (normal[k * p + q] ?? 0) * (step[q] ?? 0);
          right[i] = b;
          for (let q = 0; q <= i; q += 1) system[i * count + q] = normal[k * p + (free[q] ?? 0)] ?? 0;
          system[i * count + i] = (scale[k] ?? 0) * (1 + lambda);
        }
        if (!solveInPlace(system, right, count)) break;
        let clipped = false;
        for (let i = 0; i < count; i += 1) {
          const k = free[i] ?? 0;
          const value = theta[k] ?? 0;
          const delta = right[i] ?? 0;
          step[k] = delta;
          if (value + delta < (lower[k] ?? -Infinity)) {
            step[k] = (lower[k] ?? 0) - value;
            held[k] = 2;
            clipped = true;
          } else if (value + delta > (upper[k] ?? Infinity)) {
            step[k] = (upper[k] ?? 0) - value;
            held[k] = 2;
            clipped = true;
          }
        }
        solved = true;
        if (!clipped) break;
      }
      if (solved) {
        for (let k = 0; k < p; k += 1) {
          trial[k] = Math.min(Math.max((theta[k] ?? 0) + (step[k] ?? 0), lower[k] ?? -Infinity), upper[k] ?? Infinity);
          if (fixed[k] === 1) trial[k] = theta[k] ?? 0;
        }
        if (constrained) {
          if (tied) trial[iU] = 1;
          if (!isAdmissibleAt(search, trial, trial[iU] ?? 0)) trial[iU] = largestAdmissible(search, trial);
        }
        if (iS >= 0 && problem.season === 2) {
          // The season that is left over must not be negative either.
          let rest = m;
          for (let k = iS; k < p; k += 1) rest -= trial[k] ?? 0;
          if (rest < 0) {
            const shrink = m / (m - rest);
            for (let k = iS; k < p; k += 1) trial[k] = (trial[k] ?? 0) * shrink;
          }
        }
        const value = etsObjective(problem, trial, criterion);
        if (value < objective) {
          accepted = true;
          gain = objective - value;
        }
      }
      if (!accepted) lambda = lambda < 1e-6 ? 1e-4 : lambda * 6;
      if (lambda > 1e12) break;
    }
    if (!accepted) break;
    for (let k = 0; k < p; k += 1) theta[k] = trial[k] ?? 0;
    lambda = Math.max(lambda * (attempts === 1 ? 0.15 : 0.5), 1e-12);
    objective = etsNormalEquations(problem, theta, criterion);
    iterations += 1;
    if (objective === Infinity) break;
    small = gain < tolerance ? small + 1 : 0;
    if (small >= 2) break;
  }
  return { objective, iterations };
}

/** Puts β and γ into the parameter vector by value. */
export function setSmoothing(problem: EtsProblem, theta: Float64Array, alpha: number, betaShare: number, gammaShare: number, phi: number): void {
  if (problem.fixed[0] !== 1) theta[0] = Math.min(Math.max(alpha, problem.lower[0] ?? LOWER), problem.upper[0] ?? 1);
  if (problem.iU >= 0 && problem.fixed[problem.iU] !== 1) theta[problem.iU] = betaShare;
  if (problem.iV >= 0 && problem.fixed[problem.iV] !== 1) theta[problem.iV] = gammaShare;
  if (problem.iF >= 0 && problem.fixed[problem.iF] !== 1) theta[problem.iF] = phi;
}
