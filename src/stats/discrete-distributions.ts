import { binomialKernel, incompleteBeta } from './beta-function.js';
import { COUNT, type ParameterRule, PROBABILITY, readCall, type Tail } from './distribution-parameters.js';
import { incompleteGamma, poissonKernel, type TailPair } from './gamma-function.js';
import { normalQuantileOf } from './normal-tail.js';

/**
 * Parameters of a binomial distribution.
 *
 * @category stats
 */
export interface BinomialOptions {
  /** Number of trials, a whole number from 0 to 1e10. */
  readonly trials: number;
  /** Probability of success of one trial, 0 to 1. */
  readonly probability: number;
}

/**
 * Parameters of a Poisson distribution.
 *
 * @category stats
 */
export interface PoissonOptions {
  /** Expected number, 0 to 1e10. */
  readonly mean: number;
}

/**
 * Parameters of a negative binomial distribution: the number of failures before success number `size`.
 * Its mean is size (1 − probability) / probability; it is a Poisson distribution whose mean varies as a gamma distribution.
 *
 * @category stats
 */
export interface NegativeBinomialOptions {
  /** Number of successes waited for, 1e-10 to 1e6; need not be whole (the dispersion). */
  readonly size: number;
  /** Probability of success of one trial, 0.0001 to 1. */
  readonly probability: number;
}

/**
 * Which side of the distribution a probability is counted from.
 *
 * @category stats
 */
export interface TailOptions {
  /** `lower` is P(X ≤ k), `upper` is P(X > k). Default `lower`. */
  readonly tail?: Tail;
}

/** Any whole number: below 0 a count has probability 0. */
const ANY_COUNT: ParameterRule = { min: -1e10, max: 1e10, integer: true };
const BINOMIAL_RULES: { readonly trials: ParameterRule; readonly probability: ParameterRule } = { trials: COUNT, probability: PROBABILITY };
const POISSON_RULES: { readonly mean: ParameterRule } = { mean: { min: 0, max: 1e10 } };
const NEGATIVE_BINOMIAL_RULES: { readonly size: ParameterRule; readonly probability: ParameterRule } = {
  size: { min: 1e-10, max: 1e6 },
  probability: { min: 1e-4, max: 1, fraction: true },
};
/** Quantiles of unbounded counts exist only short of probability 1. */
const BELOW_ONE: ParameterRule = { min: 0, below: 1, fraction: true };

/** Relative slack in F(k) ≥ p, so that a rounding error in F does not push a quantile to the next count. */
const SLACK = 1e-12;

/** Smallest k ≥ 0 with F(k) ≥ p, found from a first guess by doubling steps and bisection. */
function smallestCount(cdf: (k: number) => number, p: number, mean: number, deviation: number, highest: number): number {
  const target = p * (1 - SLACK);
  const start = p <= 0 || p >= 1 ? mean : mean + deviation * normalQuantileOf(p);
  const guess = Math.floor(Math.min(Math.max(start, 0), highest));
  let low: number; // F(low) < target, or −1
  let high: number; // F(high) ≥ target
  let step = Math.max(1, Math.floor(deviation / 4));
  if (cdf(guess) >= target) {
    high = guess;
    low = high - step;
    while (low >= 0 && cdf(low) >= target) {
      high = low;
      step *= 2;
      low = high - step;
    }
    low = Math.max(low, -1);
  } else {
    low = guess;
    high = Math.min(highest, low + step);
    while (high < highest && cdf(high) < target) {
      low = high;
      step *= 2;
      high = Math.min(highest, low + step);
    }
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (cdf(middle) >= target) high = middle;
    else low = middle;
  }
  return high;
}

function binomialTails(k: number, trials: number, probability: number): TailPair {
  if (k < 0) return { lower: 0, upper: 1 };
  if (k >= trials) return { lower: 1, upper: 0 };
  const { lower, upper } = incompleteBeta(k + 1, trials - k, probability, 1 - probability);
  return { lower: upper, upper: lower };
}

function poissonTails(k: number, mean: number): TailPair {
  if (k < 0) return { lower: 0, upper: 1 };
  const { lower, upper } = incompleteGamma(k + 1, mean);
  return { lower: upper, upper: lower };
}

function negativeBinomialTails(k: number, size: number, probability: number): TailPair {
  if (k < 0) return { lower: 0, upper: 1 };
  return incompleteBeta(size, k + 1, probability, 1 - probability);
}

/**
 * Probability of exactly k successes among independent trials. Relative error about 1e-13. Method: Loader's saddle-point form.
 *
 * @param k - number of successes, a whole number
 * @param options - number of trials and probability of success
 * @returns P(X = k)
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { binomialPmf } from 'dealwright/stats';
 * binomialPmf(1, { trials: 2, probability: 0.5 }).toFixed(6); // => '0.500000'
 * ```
 * @category stats
 */
export function binomialPmf(k: number, options: BinomialOptions): number {
  const { value, parameters } = readCall('k', k, ANY_COUNT, options, BINOMIAL_RULES, false);
  const { trials, probability } = parameters;
  if (value < 0 || value > trials) return 0;
  if (probability === 0) return value === 0 ? 1 : 0;
  if (probability === 1) return value === trials ? 1 : 0;
  if (value === 0) return Math.exp(trials * Math.log1p(-probability));
  if (value === trials) return Math.exp(trials * Math.log(probability));
  return binomialKernel(value, trials, probability, 1 - probability);
}

/**
 * Probability of at most k successes among independent trials; with `tail: 'upper'` of more than k. Relative error about 1e-12.
 *
 * @param k - number of successes, a whole number
 * @param options - number of trials, probability of success, and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { binomialCdf } from 'dealwright/stats';
 * binomialCdf(1, { trials: 2, probability: 0.5 }).toFixed(6); // => '0.750000'
 * ```
 * @category stats
 */
export function binomialCdf(k: number, options: BinomialOptions & TailOptions): number {
  const { value, isUpper, parameters } = readCall('k', k, ANY_COUNT, options, BINOMIAL_RULES);
  const tails = binomialTails(value, parameters.trials, parameters.probability);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Smallest k with P(X ≤ k) ≥ p for a binomial distribution.
 *
 * @param p - a probability from 0 to 1
 * @param options - number of trials and probability of success
 * @returns a whole number from 0 to `trials`
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { binomialQuantile } from 'dealwright/stats';
 * binomialQuantile(0.5, { trials: 10, probability: 0.3 }); // => 3
 * ```
 * @category stats
 */
export function binomialQuantile(p: number, options: BinomialOptions): number {
  const { value, parameters } = readCall('p', p, PROBABILITY, options, BINOMIAL_RULES, false);
  const { trials, probability } = parameters;
  if (value === 0 || probability === 0) return 0;
  if (value === 1) return trials;
  return smallestCount((k) => binomialTails(k, trials, probability).lower, value, trials * probability, Math.sqrt(trials * probability * (1 - probability)), trials);
}

/**
 * Probability of exactly k events with a Poisson distribution. Relative error about 1e-13.
 *
 * @param k - number of events, a whole number
 * @param options - expected number
 * @returns P(X = k)
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { poissonPmf } from 'dealwright/stats';
 * poissonPmf(0, { mean: 2 }).toFixed(6); // => '0.135335'
 * ```
 * @category stats
 */
export function poissonPmf(k: number, options: PoissonOptions): number {
  const { value, parameters } = readCall('k', k, ANY_COUNT, options, POISSON_RULES, false);
  return value < 0 ? 0 : poissonKernel(value, parameters.mean);
}

/**
 * Probability of at most k events with a Poisson distribution; with `tail: 'upper'` of more than k. Relative error about 1e-12.
 *
 * @param k - number of events, a whole number
 * @param options - expected number and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { poissonCdf } from 'dealwright/stats';
 * poissonCdf(3, { mean: 3.5 }).toFixed(6); // => '0.536633'
 * ```
 * @category stats
 */
export function poissonCdf(k: number, options: PoissonOptions & TailOptions): number {
  const { value, isUpper, parameters } = readCall('k', k, ANY_COUNT, options, POISSON_RULES);
  const tails = poissonTails(value, parameters.mean);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Smallest k with P(X ≤ k) ≥ p for a Poisson distribution.
 *
 * @param p - a probability from 0 up to but not including 1
 * @param options - expected number
 * @returns a whole number
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { poissonQuantile } from 'dealwright/stats';
 * poissonQuantile(0.9, { mean: 3.5 }); // => 6
 * ```
 * @category stats
 */
export function poissonQuantile(p: number, options: PoissonOptions): number {
  const { value, parameters } = readCall('p', p, BELOW_ONE, options, POISSON_RULES, false);
  if (value === 0) return 0;
  return smallestCount((k) => poissonTails(k, parameters.mean).lower, value, parameters.mean, Math.sqrt(parameters.mean), Number.MAX_SAFE_INTEGER);
}

/**
 * Probability of exactly k failures before success number `size`. Relative error about 1e-12.
 *
 * @param k - number of failures, a whole number
 * @param options - size (dispersion) and probability of success
 * @returns P(X = k)
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { negativeBinomialPmf } from 'dealwright/stats';
 * negativeBinomialPmf(0, { size: 4, probability: 0.6 }).toFixed(6); // => '0.129600'
 * ```
 * @category stats
 */
export function negativeBinomialPmf(k: number, options: NegativeBinomialOptions): number {
  const { value, parameters } = readCall('k', k, ANY_COUNT, options, NEGATIVE_BINOMIAL_RULES, false);
  const { size, probability } = parameters;
  if (value < 0) return 0;
  if (probability === 1) return value === 0 ? 1 : 0;
  if (value === 0) return Math.exp(size * Math.log(probability));
  return (size / (size + value)) * binomialKernel(size, size + value, probability, 1 - probability);
}

/**
 * Probability of at most k failures before success number `size`; with `tail: 'upper'` of more than k. Relative error about 1e-12.
 *
 * @param k - number of failures, a whole number
 * @param options - size (dispersion), probability of success, and tail
 * @returns a probability from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { negativeBinomialCdf } from 'dealwright/stats';
 * negativeBinomialCdf(2, { size: 4, probability: 0.6 }).toFixed(6); // => '0.544320'
 * ```
 * @category stats
 */
export function negativeBinomialCdf(k: number, options: NegativeBinomialOptions & TailOptions): number {
  const { value, isUpper, parameters } = readCall('k', k, ANY_COUNT, options, NEGATIVE_BINOMIAL_RULES);
  const tails = negativeBinomialTails(value, parameters.size, parameters.probability);
  return isUpper ? tails.upper : tails.lower;
}

/**
 * Smallest k with P(X ≤ k) ≥ p for a negative binomial distribution.
 *
 * @param p - a probability from 0 up to but not including 1
 * @param options - size (dispersion) and probability of success
 * @returns a whole number
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `invalid_probability` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { negativeBinomialQuantile } from 'dealwright/stats';
 * negativeBinomialQuantile(0.5, { size: 4, probability: 0.6 }); // => 2
 * ```
 * @category stats
 */
export function negativeBinomialQuantile(p: number, options: NegativeBinomialOptions): number {
  const { value, parameters } = readCall('p', p, BELOW_ONE, options, NEGATIVE_BINOMIAL_RULES, false);
  const { size, probability } = parameters;
  if (value === 0 || probability === 1) return 0;
  const mean = (size * (1 - probability)) / probability;
  return smallestCount((k) => negativeBinomialTails(k, size, probability).lower, value, mean, Math.sqrt(mean / probability), Number.MAX_SAFE_INTEGER);
}
