import { ANY, OPEN_PROBABILITY, type ParameterRule, readCall, requireFiniteResult, type Tail } from './distribution-parameters.js';
import { incompleteGamma, poissonKernel } from './gamma-function.js';
import { solveOnLogScale } from './monotone-root.js';

/**
 * Parameters of a gamma distribution.
 *
 * @category stats
 */
export interface GammaOptions {
  /** Shape, more than 0. */
  readonly shape: number;
  /** Scale: mean divided by shape, more than 0. Default 1. */
  readonly scale?: number;
  /** Default `lower`. */
  readonly tail?: Tail;
}

/**
 * Parameters of a chi-square distribution.
 *
 * @category stats
 */
export interface ChiSquareOptions {
  /** Degrees of freedom, more than 0; need not be whole. */
  readonly degreesOfFreedom: number;
  /** Default `lower`. */
  readonly tail?: Tail;
}

const GAMMA_RULES: { readonly shape: ParameterRule; readonly scale: ParameterRule } = {
  shape: { min: 1e-10, max: 1e15 },
  scale: { above: 0, fallback: 1 },
};
const CHI_SQUARE_RULES: { readonly degreesOfFreedom: ParameterRule } = { degreesOfFreedom: { min: 1e-9, max: 1e15 } };

/** The x with P(a, x) = p, given both masses; unchecked. */
export function incompleteGammaInverse(a: number, p: number, q: number): number {
  const cdf = (x: number) => ({ ...incompleteGamma(a, x), slope: a * poissonKernel(a, x) });
  return solveOnLogScale(cdf, p, q, 709, Math.log(a));
}

/**
 * Cumulative distribution function of the gamma distribution, P(X ≤ x) = P(shape, x / scale), the regularised incomplete gamma function;
 * with `tail: 'upper'` Q(shape, x / scale). Relative error about 1e-13 in the tail that is computed directly.
 *
 * @param x - the point; at or below 0 the probability is 0
 * @param options - shape, scale and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { gammaCdf } from 'dealwright/stats';
 * gammaCdf(2, { shape: 1, scale: 2 }).toFixed(6); // => '0.632121'
 * ```
 * @category stats
 */
export function gammaCdf(x: number, options: GammaOptions): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, GAMMA_RULES);
  const tails = incompleteGamma(parameters.shape, value / parameters.scale);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Quantile of the gamma distribution. Relative error about 1e-12; 0 where it lies below the smallest number.
 *
 * @param p - a probability strictly between 0 and 1
 * @param options - shape, scale and tail
 * @returns the quantile
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { gammaQuantile } from 'dealwright/stats';
 * gammaQuantile(0.5, { shape: 1 }).toFixed(6); // => '0.693147'
 * ```
 * @category stats
 */
export function gammaQuantile(p: number, options: GammaOptions): number {
  const { value, isUpper, parameters } = readCall('p', p, OPEN_PROBABILITY, options, GAMMA_RULES);
  const standard = isUpper ? incompleteGammaInverse(parameters.shape, 1 - value, value) : incompleteGammaInverse(parameters.shape, value, 1 - value);
  return requireFiniteResult(standard * parameters.scale, ['options', 'scale']);
}

/**
 * Cumulative distribution function of the chi-square distribution; with `tail: 'upper'` the p-value of a statistic.
 *
 * @param x - the point; at or below 0 the probability is 0
 * @param options - degrees of freedom and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { chiSquareCdf } from 'dealwright/stats';
 * chiSquareCdf(3.841458820694124, { degreesOfFreedom: 1, tail: 'upper' }).toFixed(6); // => '0.050000'
 * ```
 * @category stats
 */
export function chiSquareCdf(x: number, options: ChiSquareOptions): number {
  const { value, isUpper, parameters } = readCall('x', x, ANY, options, CHI_SQUARE_RULES);
  const tails = incompleteGamma(parameters.degreesOfFreedom / 2, value / 2);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Quantile of the chi-square distribution. Relative error about 1e-12.
 *
 * @param p - a probability strictly between 0 and 1
 * @param options - degrees of freedom and tail
 * @returns the quantile
 * @throws DomainError `invalid_type` | `not_finite` | `invalid_probability` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { chiSquareQuantile } from 'dealwright/stats';
 * chiSquareQuantile(0.95, { degreesOfFreedom: 1 }).toFixed(6); // => '3.841459'
 * ```
 * @category stats
 */
export function chiSquareQuantile(p: number, options: ChiSquareOptions): number {
  const { value, isUpper, parameters } = readCall('p', p, OPEN_PROBABILITY, options, CHI_SQUARE_RULES);
  const half = parameters.degreesOfFreedom / 2;
  return 2 * (isUpper ? incompleteGammaInverse(half, 1 - value, value) : incompleteGammaInverse(half, value, 1 - value));
}
