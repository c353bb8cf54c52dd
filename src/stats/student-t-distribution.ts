import { incompleteBeta, incompleteBetaInverse } from './beta-function.js';
import { ANY, OPEN_PROBABILITY, type ParameterRule, readCall, requireFiniteResult, type Tail } from './distribution-parameters.js';
import { normalQuantileOfTails, normalTail } from './normal-tail.js';

/**
 * Parameters of Student's t distribution.
 *
 * @category stats
 */
export interface StudentTOptions {
  /** Degrees of freedom, more than 0; need not be whole. */
  readonly degreesOfFreedom: number;
  /** Default `lower`. */
  readonly tail?: Tail;
}

const RULES: { readonly degreesOfFreedom: ParameterRule } = { degreesOfFreedom: { min: 1e-3, max: 1e300 } };

/** Beyond so many degrees of freedom the t distribution is the normal one to all the digits promised. */
const NORMAL_FROM = 1e10;

/** P(T > t), unchecked. */
export function studentTTail(t: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom > NORMAL_FROM) return normalTail(t);
  // With s = t/√df: x = 1/(1 + s²) and y = s²/(1 + s²), each with its own digits and without overflow.
  const s = Math.abs(t) / Math.sqrt(degreesOfFreedom);
  const x = s > 1 ? 1 / s / (s + 1 / s) : 1 / (1 + s * s);
  const y = s > 1 ? s / (s + 1 / s) : (s * s) / (1 + s * s);
  const outer = 0.5 * incompleteBeta(degreesOfFreedom / 2, 0.5, x, y).lower;
  return t > 0 ? outer : 1 - outer;
}

/** t with P(T ≤ t) = p, given both masses; unchecked. Can be infinite for tiny masses and few degrees of freedom. */
export function studentTQuantileOfTails(p: number, q: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom > NORMAL_FROM) return normalQuantileOfTails(p, q);
  const outer = Math.min(p, q);
  const { x, y } = incompleteBetaInverse(degreesOfFreedom / 2, 0.5, 2 * outer, 1 - 2 * outer);
  const size = Math.sqrt(degreesOfFreedom) * Math.sqrt(y / x);
  return p < q ? -size : size;
}

/**
 * Cumulative distribution function of Student's t, P(T ≤ x); with `tail: 'upper'` P(T > x). Relative error about 1e-12.
 * Method: incomplete beta function.
 *
 * @param x - the point
 * @param options - degrees of freedom and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { studentTCdf } from 'dealwright/stats';
 * studentTCdf(0, { degreesOfFreedom: 5 }); // => 0.5
 * ```
 * @category stats
 */
export function studentTCdf(x: number, options: StudentTOptions): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, RULES);
  return studentTTail(isUpper ? value : -value, parameters.degreesOfFreedom);
}

/**
 * Quantile of Student's t: the x with P(T ≤ x) = p, or P(T > x) = p with `tail: 'upper'`. Relative error about 1e-12.
 *
 * @param p - a probability strictly between 0 and 1
 * @param options - degrees of freedom and tail
 * @returns the quantile
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { studentTQuantile } from 'dealwright/stats';
 * studentTQuantile(0.975, { degreesOfFreedom: 10 }).toFixed(6); // => '2.228139'
 * ```
 * @category stats
 */
export function studentTQuantile(p: number, options: StudentTOptions): number {
  const { value, isUpper, parameters } = readCall('p', p, OPEN_PROBABILITY, options, RULES);
  const quantile = isUpper ? studentTQuantileOfTails(1 - value, value, parameters.degreesOfFreedom) : studentTQuantileOfTails(value, 1 - value, parameters.degreesOfFreedom);
  return requireFiniteResult(value === 0.5 ? 0 : quantile, ['p']);
}
