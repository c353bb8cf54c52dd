/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkBoolean, checkKeys, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * How a search for a minimum runs.
 *
 * @category stats
 */
export interface NelderMeadOptions {
  /** Length of the first simplex along each coordinate: one number for all, or one per coordinate. Default 0.1 × |start|, 0.1 where that is 0. */
  readonly step?: number | NumericColumn;
  /** Relative spread of the values in the simplex at which the search may stop. Default 1e-10. */
  readonly tolerance?: number;
  /** Size of the simplex along every coordinate (relative to 1 + |best|) at which the search may stop. Default 1e-8. */
  readonly pointTolerance?: number;
  /** Most evaluations of the objective. Default 500 × (dimensions + 1). */
  readonly maxEvaluations?: number;
  /** How often to start again from the best point with a fresh simplex. Default 0. */
  readonly restarts?: number;
  /** Step factors that depend on the number of dimensions (Gao and Han 2012): better above five. Default false. */
  readonly adaptive?: boolean;
}

/**
 * The minimum that was found.
 *
 * @category stats
 */
export interface NelderMeadResult {
  /** Where the objective is least. */
  readonly point: readonly number[];
  /** The objective there. */
  readonly value: number;
  /** Steps of the simplex. */
  readonly iterations: number;
  /** Evaluations of the objective. */
  readonly evaluations: number;
  /** Whether both tolerances were reached within the evaluations allowed. */
  readonly converged: boolean;
}

const MAX_DIMENSIONS = 200;

/**
 * Minimises a function of several variables without derivatives: the simplex of Nelder and Mead (1965) with the rules of Lagarias et al. (1998).
 * Deterministic. Bounds are the caller's: return `Infinity` outside them (NaN counts as Infinity). The loop allocates nothing.
 *
 * @param objective - reads the point it is given and returns the value there; it must neither keep nor change that array, which is used again
 * @param start - where to begin, one number per variable; the objective must be finite there
 * @param options - first step, tolerances, limits
 * @returns the best point seen
 * @throws DomainError `not_finite` (objective at the start) | `invalid_type` | `length_mismatch` | `out_of_range` | `not_an_integer` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { nelderMead } from 'dealwright/stats';
 * const found = nelderMead(([x = 0, y = 0]) => (x - 1) ** 2 + (y + 2) ** 2, [0, 0]);
 * found.point.map((value) => Math.round(value * 1e4) / 1e4); // => [1, -2]
 * found.converged; // => true
 * ```
 * @category stats
 */
export function nelderMead(objective: (point: Float64Array) => number, start: NumericColumn, options: NelderMeadOptions = {}): NelderMeadResult {
  const issues: Issue[] = [];
  if (typeof objective !== 'function') issues.push(createIssue('invalid_type', ['objective'], { expected: 'a function', received: objective }));
  const origin = readColumn(start, ['start'], issues, { atLeast: 1 });
  if (origin !== undefined && origin.length > MAX_DIMENSIONS)
    issues.push(createIssue('too_long', ['start'], { expected: `at most ${MAX_DIMENSIONS} variables`, received: origin.length }));
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['step', 'tolerance', 'pointTolerance', 'maxEvaluations', 'restarts', 'adaptive'], ['options'], issues);
  const read = (key: string, fallback: number, rules: { min?: number; max?: number; integer?: boolean }): number =>
    settings[key] === undefined ? fallback : (checkNumber(settings[key], ['options', key], issues, rules) ?? fallback);
  const n = origin?.length ?? 0;
  const tolerance = read('tolerance', 1e-10, { min: 0 });
  const pointTolerance = read('pointTolerance', 1e-8, { min: 0 });
  const maxEvaluations = read('maxEvaluations', 500 * (n + 1), { min: 1, max: 1e9, integer: true });
  const restarts = read('restarts', 0, { min: 0, max: 1000, integer: true });
  const adaptive = settings['adaptive'] === undefined ? false : (checkBoolean(settings['adaptive'], ['options', 'adaptive'], issues) ?? false);
  const steps = new Float64Array(n);
  if (origin !== undefined) {
    const step = settings['step'];
    const common = typeof step === 'number' ? checkNumber(step, ['options', 'step'], issues) : undefined;
    const each = step === undefined || typeof step === 'number' ? undefined : readColumn(step, ['options', 'step'], issues, { length: n });
    for (let j = 0; j < n; j += 1) {
      const size = Math.abs(origin[j] as number);
      steps[j] = each !== undefined ? (each[j] as number) : (common ?? (size === 0 ? 0.1 : 0.1 * size));
      if (steps[j] === 0) issues.push(createIssue('out_of_range', ['options', 'step'], { expected: 'a step other than 0', received: 0 }));
    }
  }
  throwIfIssues(issues);
  if (origin === undefined) throw createDomainError('empty', ['start']);

  const expansion = adaptive ? 1 + 2 / n : 2;
  const contraction = adaptive ? Math.max(0.5, 0.75 - 1 / (2 * n)) : 0.5;
  const shrinkage = adaptive ? Math.max(0.5, 1 - 1 / n) : 0.5;
  const simplex = new Float64Array((n + 1) * n);
  const values = new Float64Array(n + 1);
  const centroid = new Float64Array(n);
  const trial = new Float64Array(n);
  const second = new Float64Array(n);
  const best = Float64Array.from(origin);
  trial.set(best);
  let bestValue = objective(trial);
  let evaluations = 1;
  let iterations = 0;
  let converged = false;
  if (!Number.isFinite(bestValue)) throw createDomainError('not_finite', ['start'], { expected: 'a finite value of the objective at the start', received: bestValue });

  for (let round = 0; round <= restarts && evaluations < maxEvaluations; round += 1) {
    converged = false;
    simplex.set(best, 0);
    values[0] = bestValue;
    for (let i = 1; i <= n; i += 1) {
      trial.set(best);
      trial[i - 1] = (best[i - 1] as number) + (steps[i - 1] as number);
      let value = objective(trial);
      evaluations += 1;
      if (!Number.isFinite(value)) {
        // Outside the caller's bounds: try the other side.
        trial[i - 1] = (best[i - 1] as number) - (steps[i - 1] as number);
        value = objective(trial);
        evaluations += 1;
        if (Number.isNaN(value)) value = Infinity;
      }
      simplex.set(trial, i * n);
      values[i] = value;
    }
    while (evaluations < maxEvaluations) {
      let low = 0;
      let high = 0;
      for (let i = 1; i <= n; i += 1) {
        if ((values[i] as number) < (values[low] as number)) low = i;
        if ((values[i] as number) >= (values[high] as number)) high = i;
      }
      const least = values[low] as number;
      const most = values[high] as number;
      if (most - least <= tolerance * (Math.abs(least) + tolerance) || most === least) {
        let size = 0;
        for (let i = 0; i <= n; i += 1) {
          for (let j = 0; j < n; j += 1) {
            const at = simplex[low * n + j] as number;
            size = Math.max(size, Math.abs((simplex[i * n + j] as number) - at) / (1 + Math.abs(at)));
          }
        }
        if (size <= pointTolerance) {
          converged = true;
          break;
        }
      }
      iterations += 1;
      let next = -Infinity;
      for (let i = 0; i <= n; i += 1) if (i !== high && (values[i] as number) > next) next = values[i] as number;
      centroid.fill(0);
      for (let i = 0; i <= n; i += 1) {
        if (i === high) continue;
        for (let j = 0; j < n; j += 1) centroid[j] = (centroid[j] as number) + (simplex[i * n + j] as number);
      }
      for (let j = 0; j < n; j += 1) {
        const mean = (centroid[j] as number) / n;
        centroid[j] = mean;
        trial[j] = mean + (mean - (simplex[high * n + j] as number));
      }
      let reflected = objective(trial);
      evaluations += 1;
      if (Number.isNaN(reflected)) reflected = Infinity;
      if (reflected < least) {
        for (let j = 0; j < n; j += 1) second[j] = (centroid[j] as number) + expansion * ((centroid[j] as number) - (simplex[high * n + j] as number));
        const expanded = objective(second);
        evaluations += 1;
        const better = expanded < reflected;
        simplex.set(better ? second : trial, high * n);
        values[high] = better ? expanded : reflected;
        continue;
      }
      if (reflected < next) {
        simplex.set(trial, high * n);
        values[high] = reflected;
        continue;
      }
      const outside = reflected < most;
      for (let j = 0; j < n; j += 1) {
        const mean = centroid[j] as number;
        const towards = outside ? (trial[j] as number) : (simplex[high * n + j] as number);
        second[j] = mean + contraction * (towards - mean);
      }
      const contracted = objective(second);
      evaluations += 1;
      if (outside ? contracted <= reflected : contracted < most) {
        simplex.set(second, high * n);
        values[high] = contracted;
        continue;
      }
      for (let i = 0; i <= n; i += 1) {
        if (i === low) continue;
        for (let j = 0; j < n; j += 1) {
          const at = simplex[low * n + j] as number;
          trial[j] = at + shrinkage * ((simplex[i * n + j] as number) - at);
        }
        let value = objective(trial);
        evaluations += 1;
        if (Number.isNaN(value)) value = Infinity;
        simplex.set(trial, i * n);
        values[i] = value;
      }
    }
    let low = 0;
    for (let i = 1; i <= n; i += 1) if ((values[i] as number) < (values[low] as number)) low = i;
    bestValue = values[low] as number;
    best.set(simplex.subarray(low * n, (low + 1) * n));
  }
  return { point: Array.from(best), value: bestValue, iterations, evaluations, converged };
}
