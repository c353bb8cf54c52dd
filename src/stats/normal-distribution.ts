import { ANY, OPEN_PROBABILITY, type ParameterRule, readCall, requireFiniteResult, type Tail } from './distribution-parameters.js';
import { logNormalTail, normalDensity, normalQuantileOf, normalQuantileOfTails, normalTail } from './normal-tail.js';

/**
 * Parameters of a normal distribution.
 *
 * @category stats
 */
export interface NormalOptions {
  /** Mean. Default 0. */
  readonly mean?: number;
  /** Standard deviation, more than 0. Default 1. */
  readonly standardDeviation?: number;
}

/**
 * Parameters of a normal distribution, and the side a probability is counted from.
 *
 * @category stats
 */
export interface NormalTailOptions extends NormalOptions {
  /** Default `lower`. */
  readonly tail?: Tail;
}

const RULES: { readonly mean: ParameterRule; readonly standardDeviation: ParameterRule } = {
  mean: { fallback: 0 },
  standardDeviation: { above: 0, fallback: 1 },
};

/**
 * Density of the normal distribution, exp(−z²/2) / (s √(2π)) with z = (x − m) / s. Relative error about 1e-15.
 *
 * @param x - the point
 * @param options - mean and standard deviation
 * @returns the density at `x`
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { normalPdf } from 'dealwright/stats';
 * normalPdf(0); // => 0.3989422804014327
 * ```
 * @category stats
 */
export function normalPdf(x: number, options: NormalOptions = {}): number {
  const { value, parameters } = readCall('x', x, ANY, options, RULES, false);
  return requireFiniteResult(normalDensity((value - parameters.mean) / parameters.standardDeviation) / parameters.standardDeviation, ['options', 'standardDeviation']);
}

/**
 * Cumulative distribution function of the normal distribution, P(X ≤ x); with `tail: 'upper'` P(X > x).
 * Relative error below 1e-13 in either tail down to 1e-300. Method: rational approximations of Cody (1969).
 *
 * @param x - the point
 * @param options - mean, standard deviation and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { normalCdf } from 'dealwright/stats';
 * normalCdf(110, { mean: 100, standardDeviation: 10 }); // => 0.8413447460685429
 * normalCdf(0, { tail: 'upper' }); // => 0.5
 * ```
 * @category stats
 */
export function normalCdf(x: number, options: NormalTailOptions = {}): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, RULES);
  const z = (value - parameters.mean) / parameters.standardDeviation;
  return normalTail(isUpper ? z : -z);
}

/**
 * Natural logarithm of {@link normalCdf}, also where the probability itself is too small for a number.
 *
 * @param x - the point
 * @param options - mean, standard deviation and tail
 * @returns ln P(X ≤ x), or ln P(X > x) with `tail: 'upper'`
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { normalLogCdf } from 'dealwright/stats';
 * Math.round(normalLogCdf(-100)); // => -5006
 * ```
 * @category stats
 */
export function normalLogCdf(x: number, options: NormalTailOptions = {}): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, RULES);
  const z = (value - parameters.mean) / parameters.standardDeviation;
  return requireFiniteResult(logNormalTail(isUpper ? z : -z), ['x']);
}

/**
 * Quantile of the normal distribution: the x with P(X ≤ x) = p, or P(X > x) = p with `tail: 'upper'`.
 * Relative error below 1e-13. Method: algorithm AS 241 of Wichura (1988).
 *
 * @param p - a probability strictly between 0 and 1
 * @param options - mean, standard deviation and tail
 * @returns the quantile
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { normalQuantile } from 'dealwright/stats';
 * normalQuantile(0.975).toFixed(12); // => '1.959963984540'
 * normalQuantile(0.5, { mean: 20, standardDeviation: 3 }); // => 20
 * ```
 * @category stats
 */
export function normalQuantile(p: number, options: NormalTailOptions = {}): number {
  const { value, isUpper, parameters } = readCall('p', p, OPEN_PROBABILITY, options, RULES);
  const z = isUpper ? normalQuantileOfTails(1 - value, value) : normalQuantileOf(value);
  return requireFiniteResult(parameters.mean + parameters.standardDeviation * z, ['options']);
}

/**
 * Parameters of a log-normal distribution: those of the normal distribution of its logarithm.
 *
 * @category stats
 */
export interface LogNormalOptions {
  /** Mean of ln X. Default 0. */
  readonly logMean?: number;
  /** Standard deviation of ln X, more than 0. Default 1. */
  readonly logStandardDeviation?: number;
  /** Default `lower`. */
  readonly tail?: Tail;
}

const LOG_RULES: { readonly logMean: ParameterRule; readonly logStandardDeviation: ParameterRule } = {
  logMean: { fallback: 0 },
  logStandardDeviation: { above: 0, fallback: 1 },
};

/**
 * Cumulative distribution function of the log-normal distribution, P(X ≤ x) = Φ((ln x − μ) / σ).
 *
 * @param x - the point; at or below 0 the probability is 0
 * @param options - mean and standard deviation of the logarithm, and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { logNormalCdf } from 'dealwright/stats';
 * logNormalCdf(1); // => 0.5
 * ```
 * @category stats
 */
export function logNormalCdf(x: number, options: LogNormalOptions = {}): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, LOG_RULES);
  if (value <= 0) return isUpper ? 1 : 0;
  const z = (Math.log(value) - parameters.logMean) / parameters.logStandardDeviation;
  return normalTail(isUpper ? z : -z);
}

/**
 * Quantile of the log-normal distribution, exp(μ + σ Φ⁻¹(p)).
 *
 * @param p - a probability strictly between 0 and 1
 * @param options - mean and standard deviation of the logarithm, and tail
 * @returns the quantile
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { logNormalQuantile } from 'dealwright/stats';
 * logNormalQuantile(0.5); // => 1
 * ```
 * @category stats
 */
export function logNormalQuantile(p: number, options: LogNormalOptions = {}): number {
  const { value, isUpper, parameters } = readCall('p', p, OPEN_PROBABILITY, options, LOG_RULES);
  const z = isUpper ? normalQuantileOfTails(1 - value, value) : normalQuantileOf(value);
  return requireFiniteResult(Math.exp(parameters.logMean + parameters.logStandardDeviation * z), ['options']);
}
