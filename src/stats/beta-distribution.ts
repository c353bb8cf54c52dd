import { incompleteBeta, incompleteBetaInverse } from './beta-function.js';
import { ANY, OPEN_PROBABILITY, type ParameterRule, PROBABILITY, readCall, requireFiniteResult, SHAPE, type Tail } from './distribution-parameters.js';
import type { TailPair } from './gamma-function.js';

/**
 * Parameters of a beta distribution.
 *
 * @category stats
 */
export interface BetaOptions {
  /** First shape, more than 0: successes, where the distribution is a posterior. */
  readonly alpha: number;
  /** Second shape, more than 0: failures, where the distribution is a posterior. */
  readonly beta: number;
  /** Default `lower`. */
  readonly tail?: Tail;
}

/**
 * Parameters of an F distribution.
 *
 * @category stats
 */
export interface FOptions {
  /** Degrees of freedom of the numerator, more than 0. */
  readonly numeratorDegreesOfFreedom: number;
  /** Degrees of freedom of the denominator, more than 0. */
  readonly denominatorDegreesOfFreedom: number;
  /** Default `lower`. */
  readonly tail?: Tail;
}

const BETA_RULES: { readonly alpha: ParameterRule; readonly beta: ParameterRule } = { alpha: SHAPE, beta: SHAPE };
const F_RULES: { readonly numeratorDegreesOfFreedom: ParameterRule; readonly denominatorDegreesOfFreedom: ParameterRule } = {
  numeratorDegreesOfFreedom: SHAPE,
  denominatorDegreesOfFreedom: SHAPE,
};

/** Both tails of the F distribution at x, unchecked. */
export function fTails(x: number, numerator: number, denominator: number): TailPair {
  if (x <= 0) return { lower: 0, upper: 1 };
  const ratio = (numerator / denominator) * x;
  const part = ratio > 1 ? 1 / (1 + 1 / ratio) : ratio / (1 + ratio);
  return incompleteBeta(numerator / 2, denominator / 2, part, 1 / (1 + ratio));
}

/**
 * Cumulative distribution function of the beta distribution, the regularised incomplete beta function I_x(α, β);
 * with `tail: 'upper'` its complement. Relative error about 1e-12 in the tail that is computed directly.
 *
 * @param x - the point; below 0 the probability is 0, above 1 it is 1
 * @param options - shapes and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { betaCdf } from 'dealwright/stats';
 * betaCdf(0.5, { alpha: 2, beta: 3 }).toFixed(6); // => '0.687500'
 * ```
 * @category stats
 */
export function betaCdf(x: number, options: BetaOptions): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, BETA_RULES);
  const tails = incompleteBeta(parameters.alpha, parameters.beta, value, 1 - value);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Quantile of the beta distribution. Relative error about 1e-12.
 *
 * @param p - a probability from 0 to 1
 * @param options - shapes and tail
 * @returns the quantile, from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { betaQuantile } from 'dealwright/stats';
 * betaQuantile(0.975, { alpha: 8, beta: 14 }).toFixed(6); // => '0.569675'
 * ```
 * @category stats
 */
export function betaQuantile(p: number, options: BetaOptions): number {
  const { value, isUpper, parameters } = readCall('p', p, PROBABILITY, options, BETA_RULES);
  return isUpper ? incompleteBetaInverse(parameters.alpha, parameters.beta, 1 - value, value).x : incompleteBetaInverse(parameters.alpha, parameters.beta, value, 1 - value).x;
}

/**
 * Cumulative distribution function of the F distribution; with `tail: 'upper'` the p-value of a statistic. Relative error about 1e-12.
 *
 * @param x - the point; at or below 0 the probability is 0
 * @param options - both degrees of freedom and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { fCdf } from 'dealwright/stats';
 * fCdf(4.96, { numeratorDegreesOfFreedom: 1, denominatorDegreesOfFreedom: 10, tail: 'upper' }).toFixed(4); // => '0.0501'
 * ```
 * @category stats
 */
export function fCdf(x: number, options: FOptions): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, F_RULES);
  const tails = fTails(value, parameters.numeratorDegreesOfFreedom, parameters.denominatorDegreesOfFreedom);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Quantile of the F distribution. Relative error about 1e-12.
 *
 * @param p - a probability strictly between 0 and 1
 * @param options - both degrees of freedom and tail
 * @returns the quantile
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { fQuantile } from 'dealwright/stats';
 * fQuantile(0.95, { numeratorDegreesOfFreedom: 1, denominatorDegreesOfFreedom: 10 }).toFixed(4); // => '4.9646'
 * ```
 * @category stats
 */
export function fQuantile(p: number, options: FOptions): number {
  const { value, isUpper, parameters } = readCall('p', p, OPEN_PROBABILITY, options, F_RULES);
  const numerator = parameters.numeratorDegreesOfFreedom;
  const denominator = parameters.denominatorDegreesOfFreedom;
  const { x, y } = incompleteBetaInverse(numerator / 2, denominator / 2, isUpper ? 1 - value : value, isUpper ? value : 1 - value);
  return requireFiniteResult((denominator / numerator) * (x / y), ['p']);
}
