import { checkKeys, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';

/**
 * Where and how finely to look for a minimum.
 *
 * @category stats
 */
export interface MinimizeOnIntervalOptions {
  /** Lower end. */
  readonly from: number;
  /** Upper end, above `from`. */
  readonly to: number;
  /** Accuracy of the position. Default 1e-8. */
  readonly tolerance?: number;
}

/**
 * A minimum on an interval.
 *
 * @category stats
 */
export interface IntervalMinimum {
  /** Where the objective is least. */
  readonly point: number;
  /** The objective there. */
  readonly value: number;
  /** Evaluations of the objective. */
  readonly evaluations: number;
}

/** (3 − √5) / 2 */
const GOLDEN = 0.3819660112501051;

/**
 * Minimises a function of one variable on an interval by golden section and parabolic interpolation (Brent 1973, Algorithms for minimization without derivatives, ch. 5;
 * R's `optimize`). Finds the minimum of a function with one valley, a local one otherwise. NaN counts as Infinity.
 *
 * @param objective - the function
 * @param options - the interval and the accuracy
 * @returns the minimum
 * @throws DomainError `not_finite` (objective without a finite value) | `out_of_range` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { minimizeOnInterval } from 'dealwright/stats';
 * Math.round(minimizeOnInterval((x) => (x - 0.3) ** 2, { from: 0, to: 1 }).point * 1e6) / 1e6; // => 0.3
 * ```
 * @category stats
 */
export function minimizeOnInterval(objective: (x: number) => number, options: MinimizeOnIntervalOptions): IntervalMinimum {
  const issues: Issue[] = [];
  if (typeof objective !== 'function') issues.push(createIssue('invalid_type', ['objective'], { expected: 'a function', received: objective }));
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['from', 'to', 'tolerance'], ['options'], issues);
  const from = checkNumber(settings['from'], ['options', 'from'], issues, { min: -1e300, max: 1e300 });
  const to = checkNumber(settings['to'], ['options', 'to'], issues, { min: -1e300, max: 1e300 });
  const tolerance = settings['tolerance'] === undefined ? 1e-8 : checkNumber(settings['tolerance'], ['options', 'tolerance'], issues, { min: 0 });
  if (from !== undefined && to !== undefined && !(to > from)) issues.push(createIssue('out_of_range', ['options', 'to'], { expected: `a number above ${from}`, received: to }));
  throwIfIssues(issues);
  if (from === undefined || to === undefined || tolerance === undefined) throw createDomainError('empty', ['options']);

  let a = from;
  let b = to;
  let x = a + GOLDEN * (b - a);
  let v = x;
  let w = x;
  let d = 0;
  let e = 0;
  let fx = evaluate(objective, x);
  let fv = fx;
  let fw = fx;
  let evaluations = 1;
  for (; evaluations < 1000; evaluations += 1) {
    const middle = (a + b) / 2;
    const tol1 = 1.5e-8 * Math.abs(x) + tolerance / 3;
    const tol2 = 2 * tol1;
    if (Math.abs(x - middle) <= tol2 - (b - a) / 2) break;
    let p = 0;
    let q = 0;
    let r = 0;
    if (Math.abs(e) > tol1) {
      r = (x - w) * (fx - fv);
      q = (x - v) * (fx - fw);
      p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      else q = -q;
      r = e;
      e = d;
    }
    if (!(Math.abs(p) < Math.abs(0.5 * q * r)) || p <= q * (a - x) || p >= q * (b - x)) {
      e = x < middle ? b - x : a - x;
      d = GOLDEN * e;
    } else {
      d = p / q;
      const u = x + d;
      if (u - a < tol2 || b - u < tol2) d = x < middle ? tol1 : -tol1;
    }
    const u = Math.abs(d) >= tol1 ? x + d : d > 0 ? x + tol1 : x - tol1;
    const fu = evaluate(objective, u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      v = w;
      fv = fw;
      w = x;
      fw = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        v = w;
        fv = fw;
        w = u;
        fw = fu;
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  if (!Number.isFinite(fx)) throw createDomainError('not_finite', ['objective'], { expected: 'a finite value somewhere on the interval', received: fx });
  return { point: x, value: fx, evaluations };
}

function evaluate(objective: (x: number) => number, x: number): number {
  const value = objective(x);
  return Number.isNaN(value) ? Infinity : value;
}
