/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { requireFinite } from './finite-result.js';
import { lnGamma } from './gamma-function.js';
import { type Family, fitGeneralizedRegression, type GeneralizedRegression, type GeneralizedRegressionOptions, predictLink } from './generalized-linear-model.js';
import { countRows } from './linear-regression.js';
import type { PredictGeneralizedOptions } from './logistic-regression.js';
import { normalQuantileOf } from './normal-tail.js';
import type { Covariates, NumericColumn } from './numeric-column.js';

/**
 * What a Poisson regression is fitted to.
 *
 * @category stats
 */
export interface PoissonRegressionData {
  /** Counts, not negative. */
  readonly outcome: NumericColumn;
  /** Covariates, by row or as `{ columns }`; the intercept is added by the function. */
  readonly covariates: Covariates;
  /** Number of equal rows behind each row, not negative. Default 1. */
  readonly weight?: NumericColumn;
  /** Known part of the log of the mean: ln(exposure). Default 0. */
  readonly offset?: NumericColumn;
}

function poissonHalfDeviance(y: number, eta: number): number {
  return (y === 0 ? 0 : y * (Math.log(y) - eta) - y) + Math.exp(eta);
}

const POISSON: Family = {
  maxOutcome: undefined,
  start: (y) => Math.log(y + 0.1),
  mean: (eta) => Math.exp(eta),
  variance: (mean) => mean,
  halfDeviance: poissonHalfDeviance,
  link: (mean) => (mean <= 0 ? -745 : Math.log(mean)),
  logLikelihood: (deviance, y, weight) => {
    let constant = 0;
    for (let i = 0; i < y.length; i += 1) {
      const w = weight === undefined ? 1 : (weight[i] as number);
      const yi = y[i] as number;
      if (w > 0) constant += w * ((yi === 0 ? 0 : yi * Math.log(yi) - yi) - lnGamma(yi + 1));
    }
    return constant - deviance / 2;
  },
  accumulate: (x, rows, columns, y, weight, offset, beta, information, gradient) => {
    let half = 0;
    for (let i = 0; i < rows; i += 1) {
      const w = weight === undefined ? 1 : (weight[i] as number);
      if (w === 0) continue;
      const at = i * columns;
      let eta = offset === undefined ? 0 : (offset[i] as number);
      for (let j = 0; j < columns; j += 1) eta += (x[at + j] as number) * (beta[j] as number);
      const mean = Math.exp(eta);
      const yi = y[i] as number;
      half += w * ((yi === 0 ? 0 : yi * (Math.log(yi) - eta) - yi) + mean);
      const residual = w * (yi - mean);
      const variance = w * mean;
      for (let j = 0; j < columns; j += 1) {
        const xj = x[at + j] as number;
        if (xj === 0) continue;
        gradient[j] = (gradient[j] as number) + residual * xj;
        const scaled = variance * xj;
        const row = j * columns;
        for (let k = 0; k <= j; k += 1) information[row + k] = (information[row + k] as number) + scaled * (x[at + k] as number);
      }
    }
    return half;
  },
};

/**
 * Poisson regression: the log of the mean of a count as a linear function of covariates, by iteratively reweighted least squares, as glm of R. Optional ridge penalty, weights
 * and offset (the log of the exposure).
 *
 * @param data - counts, covariates, optional weights and offset
 * @param options - intercept, names, ridge, level, iterations
 * @returns coefficients on the log scale with Wald tests and limits, deviance, log-likelihood, AIC; {@link predictPoisson} continues from it
 * @throws DomainError `perfect_separation` (a coefficient runs to minus infinity) | `singular_matrix` | `no_convergence` | `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `fraction_out_of_range` | `invalid_weights` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { poissonRegression } from 'dealwright/stats';
 * const fit = poissonRegression({ outcome: [2, 4, 3, 9, 7, 8], covariates: [[0], [0], [0], [1], [1], [1]] });
 * fit.coefficients.map((value) => Number(Math.exp(value).toFixed(6))); // => [3, 2.666667]
 * ```
 * @category stats
 */
export function poissonRegression(data: PoissonRegressionData, options: GeneralizedRegressionOptions = {}): GeneralizedRegression {
  return fitGeneralizedRegression(data, options, POISSON);
}

/**
 * Means predicted by a Poisson regression, as columns with one entry per row of covariates.
 *
 * @category stats
 */
export interface PoissonPrediction {
  /** Expected count. */
  readonly mean: readonly number[];
  /** Log of the expected count. */
  readonly logMean: readonly number[];
  /** Standard error of the log of the expected count. */
  readonly standardError: readonly number[];
  /** Lower confidence limit of the expected count. */
  readonly lower: readonly number[];
  /** Upper confidence limit of the expected count; null where it exceeds what a number can hold. */
  readonly upper: readonly (number | null)[];
}

/**
 * Applies a Poisson regression to new rows; limits are symmetric on the log scale.
 *
 * @param fit - result of {@link poissonRegression}
 * @param covariates - rows without the intercept, as in the fit
 * @param options - level and offset
 * @returns expected counts and limits, one per row
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `fraction_out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { poissonRegression, predictPoisson } from 'dealwright/stats';
 * const fit = poissonRegression({ outcome: [2, 4, 3, 9, 7, 8], covariates: [[0], [0], [0], [1], [1], [1]] });
 * predictPoisson(fit, [[1]]).mean.map((value) => Number(value.toFixed(6))); // => [8]
 * ```
 * @category stats
 */
export function predictPoisson(fit: GeneralizedRegression, covariates: Covariates, options: PredictGeneralizedOptions = {}): PoissonPrediction {
  const { eta, error, level } = predictLink(fit, covariates, options, countRows(covariates));
  const half = normalQuantileOf((1 + level) / 2);
  const mean = eta.map((value) => Math.exp(value));
  requireFinite(mean, ['covariates']);
  return {
    mean,
    logMean: eta,
    standardError: error,
    lower: eta.map((value, i) => Math.exp(value - half * (error[i] as number))),
    upper: eta.map((value, i) => {
      const limit = Math.exp(value + half * (error[i] as number));
      return Number.isFinite(limit) ? limit : null;
    }),
  };
}
