/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkFraction, checkNumber, checkOneOf, checkRecord } from '../errors/checks.js';
import { createDomainError, isDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { interpolateIsotonic, isotonicRegression } from './isotonic-regression.js';
import { logistic, logisticRegression } from './logistic-regression.js';
import { type ProbabilityForecasts, type ReadForecasts, readForecasts } from './probability-forecast.js';

/** Probabilities this near 0 or 1 are moved here before their log-odds are taken. */
const CLIP = 1e-12;

function logOdds(probability: number): number {
  const p = Math.min(1 - CLIP, Math.max(CLIP, probability));
  return Math.log(p) - Math.log1p(-p);
}

/**
 * How far stated log-odds are off.
 *
 * @category stats
 */
export interface CalibrationLine {
  /** Slope of the outcome on the stated log-odds: 1 is right, below 1 the probabilities are too extreme. Null when it cannot be estimated. */
  readonly slope: number | null;
  /** Intercept beside that slope: 0 is right. Null when it cannot be estimated. */
  readonly intercept: number | null;
  /** Standard error of the slope; null when it cannot be estimated. */
  readonly slopeError: number | null;
  /** Standard error of the intercept; null when it cannot be estimated. */
  readonly interceptError: number | null;
  /** Calibration in the large: the constant that must be added to all log-odds (slope 1) for the mean to fit. Null when it cannot be estimated. */
  readonly shift: number | null;
  /** Why something is null; null when nothing is. */
  readonly reason: 'one-outcome' | 'separated' | 'constant-probability' | null;
}

/**
 * Calibration line (Cox 1958): logistic regression of the outcome on the stated log-odds. Probabilities of 0 and 1 count as 1e-12 and 1 − 1e-12.
 *
 * @param data - probabilities and outcomes
 * @returns slope, intercept and calibration in the large; null with a reason where they do not exist
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { calibrationLine } from 'dealwright/stats';
 * const line = calibrationLine({ probability: [0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8], outcome: [1, 0, 0, 0, 0, 1, 1, 1, 1, 0] });
 * [line.slope, line.intercept].map((value) => Math.abs(Number(value?.toFixed(6)))); // => [1, 0]
 * ```
 * @category stats
 */
export function calibrationLine(data: ProbabilityForecasts): CalibrationLine {
  const { probability, outcome } = readForecasts(data, {}, []);
  const column = Float64Array.from(probability, logOdds);
  const nothing = { slope: null, intercept: null, slopeError: null, interceptError: null, shift: null };
  if (outcome.every((value) => value === outcome[0])) return { ...nothing, reason: 'one-outcome' };
  const shift = logisticRegression({ outcome, covariates: { columns: [] }, offset: column }).coefficients[0] ?? null;
  if (column.every((value) => value === column[0])) return { ...nothing, shift, reason: 'constant-probability' };
  try {
    const fit = logisticRegression({ outcome, covariates: { columns: [column] } });
    return {
      slope: fit.coefficients[1] ?? null,
      intercept: fit.coefficients[0] ?? null,
      slopeError: fit.standardErrors[1] ?? null,
      interceptError: fit.standardErrors[0] ?? null,
      shift,
      reason: null,
    };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { ...nothing, shift, reason: 'separated' };
  }
}

/**
 * A logistic correction of probabilities: corrected log-odds = intercept + slope × stated log-odds.
 *
 * @category stats
 */
export interface PlattScaling {
  /** Added to the log-odds. */
  readonly intercept: number;
  /** Multiplies the log-odds. */
  readonly slope: number;
}

/**
 * How a Platt scaling is fitted.
 *
 * @category stats
 */
export interface PlattScalingOptions {
  /** `observed`: outcomes as they are; `smoothed`: Platt's targets (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2), which exist even when the outcomes are separated. Default `observed`. */
  readonly targets?: 'observed' | 'smoothed';
  /** Ridge penalty on the distance of the slope from 1. Default 0. */
  readonly ridge?: number;
}

/**
 * Platt scaling (Platt 1999): the slope and intercept on the log-odds scale that make stated probabilities fit the outcomes. Fit it on cases that the model was not fitted to.
 *
 * @param data - probabilities and outcomes
 * @param options - targets and penalty
 * @returns the correction, for {@link applyPlattScaling}
 * @throws DomainError `perfect_separation` | `singular_matrix` (one probability only) | `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { applyPlattScaling, fitPlattScaling } from 'dealwright/stats';
 * const probability = [0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9];
 * const scaling = fitPlattScaling({ probability, outcome: [0, 0, 0, 1, 1, 1, 1, 0] });
 * applyPlattScaling(scaling, 0.9).toFixed(6); // => '0.750000'
 * ```
 * @category stats
 */
export function fitPlattScaling(data: ProbabilityForecasts, options: PlattScalingOptions = {}): PlattScaling {
  const choice = { isSmoothed: false, ridge: 0 };
  const forecasts: ReadForecasts = readForecasts(data, options, ['targets', 'ridge'], (settings, issues) => {
    if (settings['targets'] !== undefined) choice.isSmoothed = checkOneOf(settings['targets'], ['observed', 'smoothed'], ['options', 'targets'], issues) === 'smoothed';
    if (settings['ridge'] !== undefined) choice.ridge = checkNumber(settings['ridge'], ['options', 'ridge'], issues, { min: 0 }) ?? 0;
  });
  const { probability, outcome, count } = forecasts;
  let events = 0;
  for (let i = 0; i < count; i += 1) events += outcome[i] as number;
  const high = choice.isSmoothed ? (events + 1) / (events + 2) : 1;
  const low = choice.isSmoothed ? 1 / (count - events + 2) : 0;
  const column = Float64Array.from(probability, logOdds);
  // With the stated log-odds as offset the coefficient is the distance of the slope from 1, which is what the penalty is about.
  const fit = logisticRegression(
    { outcome: Float64Array.from(outcome, (value) => (value === 1 ? high : low)), covariates: { columns: [column] }, offset: column },
    { ridge: choice.ridge, names: ['log-odds'] },
  );
  return { intercept: fit.coefficients[0] ?? 0, slope: 1 + (fit.coefficients[1] ?? 0) };
}

/**
 * Applies a {@link PlattScaling} to one probability.
 *
 * @param scaling - intercept and slope
 * @param probability - stated probability, a fraction
 * @returns corrected probability
 * @throws DomainError `invalid_type` | `fraction_out_of_range` | `not_finite`
 * @example
 * ```ts
 * import { applyPlattScaling } from 'dealwright/stats';
 * applyPlattScaling({ intercept: 0, slope: 0 }, 0.9); // => 0.5
 * ```
 * @category stats
 */
export function applyPlattScaling(scaling: PlattScaling, probability: number): number {
  const issues: Issue[] = [];
  const record = checkRecord(scaling, ['scaling'], issues) ?? {};
  const intercept = checkNumber(record['intercept'], ['scaling', 'intercept'], issues, { min: -1e6, max: 1e6 });
  const slope = checkNumber(record['slope'], ['scaling', 'slope'], issues, { min: -1e6, max: 1e6 });
  const p = checkFraction(probability, ['probability'], issues);
  throwIfIssues(issues);
  if (intercept === undefined || slope === undefined || p === undefined) throw createDomainError('empty', []);
  return logistic(intercept + slope * logOdds(p));
}

/**
 * A monotone correction of probabilities: straight lines between knots.
 *
 * @category stats
 */
export interface IsotonicCalibration {
  /** Stated probabilities at the knots, ascending. */
  readonly knotX: readonly number[];
  /** Corrected probabilities at the knots, not descending. */
  readonly knotY: readonly number[];
}

/**
 * Isotonic calibration (Zadrozny and Elkan 2002): the monotone function of the stated probability that fits the outcomes best. Needs many cases (about a thousand); with few use
 * {@link fitPlattScaling}. Fit it on cases that the model was not fitted to.
 *
 * @param data - probabilities and outcomes
 * @returns the correction, for {@link applyIsotonicCalibration}
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { fitIsotonicCalibration } from 'dealwright/stats';
 * fitIsotonicCalibration({ probability: [0.1, 0.2, 0.3, 0.9], outcome: [0, 1, 0, 1] }); // => { knotX: [0.1, 0.2, 0.3, 0.9], knotY: [0, 0.5, 0.5, 1] }
 * ```
 * @category stats
 */
export function fitIsotonicCalibration(data: ProbabilityForecasts): IsotonicCalibration {
  const { probability, outcome } = readForecasts(data, {}, []);
  const { knotX, knotY } = isotonicRegression({ x: probability, y: outcome });
  return { knotX, knotY };
}

/**
 * Applies an {@link IsotonicCalibration} to one probability: on the line between its knots, flat outside them.
 *
 * @param calibration - the knots
 * @param probability - stated probability, a fraction
 * @returns corrected probability
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `not_finite` | `empty`
 * @example
 * ```ts
 * import { applyIsotonicCalibration } from 'dealwright/stats';
 * applyIsotonicCalibration({ knotX: [0, 0.5], knotY: [0, 0.25] }, 0.25); // => 0.125
 * ```
 * @category stats
 */
export function applyIsotonicCalibration(calibration: IsotonicCalibration, probability: number): number {
  const issues: Issue[] = [];
  const p = checkFraction(probability, ['probability'], issues);
  throwIfIssues(issues);
  return interpolateIsotonic(calibration, p ?? 0);
}
