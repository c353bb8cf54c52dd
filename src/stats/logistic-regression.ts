/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */

import { lnGamma } from './gamma-function.js';
import { type Family, fitGeneralizedRegression, type GeneralizedRegression, type GeneralizedRegressionOptions, predictLink } from './generalized-linear-model.js';
import { countRows } from './linear-regression.js';
import { normalQuantileOf } from './normal-tail.js';
import type { Covariates, NumericColumn } from './numeric-column.js';

/**
 * What a logistic regression is fitted to.
 *
 * @category stats
 */
export interface LogisticRegressionData {
  /** Outcomes: 0 and 1 (or false and true), or shares from 0 to 1 of `weight` trials. */
  readonly outcome: NumericColumn | readonly boolean[];
  /** Covariates, by row or as `{ columns }`; the intercept is added by the function. */
  readonly covariates: Covariates;
  /** Number of equal rows, or of trials, behind each row, not negative. Default 1. */
  readonly weight?: NumericColumn;
  /** Part of the log-odds that is known, for example that of another model. Default 0. */
  readonly offset?: NumericColumn;
}

/** The logistic function, without overflow. */
export function logistic(eta: number): number {
  if (eta >= 0) return 1 / (1 + Math.exp(-eta));
  const e = Math.exp(eta);
  return e / (1 + e);
}

/** −log-likelihood of one row less that of the saturated model. */
function logisticHalfDeviance(y: number, eta: number): number {
  if (y === 1) return eta > 0 ? Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta)) - eta;
  if (y === 0) return eta > 0 ? eta + Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta));
  return y * (logisticHalfDeviance(1, eta) + Math.log(y)) + (1 - y) * (logisticHalfDeviance(0, eta) + Math.log1p(-y));
}

const LOGISTIC: Family = {
  maxOutcome: 1,
  start: (y, weight) => {
    const mean = (weight * y + 0.5) / (weight + 1);
    return Math.log(mean / (1 - mean));
  },
  mean: logistic,
  variance: (mean) => mean * (1 - mean),
  halfDeviance: logisticHalfDeviance,
  link: (mean) => (mean <= 0 ? -745 : mean >= 1 ? 745 : Math.log(mean) - Math.log1p(-mean)),
  logLikelihood: (deviance, y, weight) => {
    // The saturated model and, for counts of trials, the binomial coefficients.
    let constant = 0;
    for (let i = 0; i < y.length; i += 1) {
      const w = weight === undefined ? 1 : (weight[i] as number);
      const yi = y[i] as number;
      if (w === 0 || yi === 0 || yi === 1) continue;
      constant += w * (yi * Math.log(yi) + (1 - yi) * Math.log1p(-yi));
      const successes = Math.round(w * yi);
      if (Math.abs(w - Math.round(w)) < 1e-9 * w && Math.abs(w * yi - successes) < 1e-6) constant += lnGamma(w + 1) - lnGamma(successes + 1) - lnGamma(w - successes + 1);
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
      const yi = y[i] as number;
      // One exponential and one logarithm a row: e = exp(−|η|).
      const e = Math.exp(eta > 0 ? -eta : eta);
      const inverse = 1 / (1 + e);
      const small = e * inverse;
      const mean = eta > 0 ? inverse : small;
      half += yi === 0 ? w * (Math.log1p(e) + (eta > 0 ? eta : 0)) : yi === 1 ? w * (Math.log1p(e) - (eta > 0 ? 0 : eta)) : w * logisticHalfDeviance(yi, eta);
      const residual = w * (yi === 1 && eta > 0 ? small : yi - mean);
      const variance = w * inverse * small;
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
 * Logistic regression: log-odds of the outcome as a linear function of covariates, by iteratively reweighted least squares until the step is below 1e-7 standard errors
 * (the estimate is then exact to rounding), as glm of R. Optional ridge penalty, weights (rows or trials) and offset. If some combination of covariates separates the outcomes,
 * no finite estimate exists, and the error names the covariates concerned; a ridge penalty always gives one.
 *
 * @param data - outcome, covariates, optional weights and offset
 * @param options - intercept, names, ridge, level, iterations
 * @returns coefficients on the scale of log-odds with Wald tests and limits, deviance, log-likelihood, AIC; {@link predictLogistic} continues from it
 * @throws DomainError `perfect_separation` | `singular_matrix` | `no_convergence` | `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `fraction_out_of_range` | `invalid_weights` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { logisticRegression } from 'dealwright/stats';
 * const fit = logisticRegression({ outcome: [0, 0, 1, 0, 1, 1], covariates: [[1], [2], [3], [4], [5], [6]] }, { names: ['meetings'] });
 * fit.terms; // => ['(intercept)', 'meetings']
 * fit.coefficients.map((value) => Number(value.toFixed(4))); // => [-4.2491, 1.214]
 * ```
 * @category stats
 */
export function logisticRegression(data: LogisticRegressionData, options: GeneralizedRegressionOptions = {}): GeneralizedRegression {
  return fitGeneralizedRegression(data, options, LOGISTIC);
}

/**
 * How a fitted model is applied to new rows.
 *
 * @category stats
 */
export interface PredictGeneralizedOptions {
  /** Level of the limits, a fraction. Default the level of the fit. */
  readonly level?: number;
  /** Known part of the linear predictor, one per row. Default 0. */
  readonly offset?: NumericColumn;
}

/**
 * Probabilities predicted by a logistic regression, as columns with one entry per row of covariates.
 *
 * @category stats
 */
export interface LogisticPrediction {
  /** Probability of outcome 1. */
  readonly probability: readonly number[];
  /** Log-odds. */
  readonly logOdds: readonly number[];
  /** Standard error of the log-odds. */
  readonly standardError: readonly number[];
  /** Lower confidence limit of the probability. */
  readonly lower: readonly number[];
  /** Upper confidence limit of the probability. */
  readonly upper: readonly number[];
}

/**
 * Applies a logistic regression to new rows; limits are symmetric on the scale of log-odds.
 *
 * @param fit - result of {@link logisticRegression}
 * @param covariates - rows without the intercept, as in the fit
 * @param options - level and offset
 * @returns probabilities, log-odds and limits, one per row
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `fraction_out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { logisticRegression, predictLogistic } from 'dealwright/stats';
 * const fit = logisticRegression({ outcome: [0, 0, 1, 0, 1, 1], covariates: [[1], [2], [3], [4], [5], [6]] });
 * predictLogistic(fit, [[3.5]]).probability.map((value) => Number(value.toFixed(6))); // => [0.5]
 * ```
 * @category stats
 */
export function predictLogistic(fit: GeneralizedRegression, covariates: Covariates, options: PredictGeneralizedOptions = {}): LogisticPrediction {
  const { eta, error, level } = predictLink(fit, covariates, options, countRows(covariates));
  const half = normalQuantileOf((1 + level) / 2);
  return {
    probability: eta.map(logistic),
    logOdds: eta,
    standardError: error,
    lower: eta.map((value, i) => logistic(value - half * (error[i] as number))),
    upper: eta.map((value, i) => logistic(value + half * (error[i] as number))),
  };
}
