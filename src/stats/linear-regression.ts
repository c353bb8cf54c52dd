/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkBoolean, checkKeys, checkNumber, checkRecord, isPlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { fTails } from './beta-distribution.js';
import { inverseOfCrossProduct, qrInPlace, qrTransposeApply } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { type Covariates, type NumericColumn, readColumn, readCovariates, readMatrix, readWeights, toRows } from './numeric-column.js';
import { readTermNames } from './regression-terms.js';
import { backSubstitute } from './solve-least-squares.js';
import { studentTQuantileOfTails, studentTTail } from './student-t-distribution.js';

/**
 * What a linear regression is fitted to.
 *
 * @category stats
 */
export interface LinearRegressionData {
  /** Outcomes, one per row. */
  readonly outcome: NumericColumn;
  /** Covariates, by row or as `{ columns }`; the intercept is added by the function. */
  readonly covariates: Covariates;
  /** Weights, not negative; the variance of an outcome is σ² / weight. Default 1. */
  readonly weight?: NumericColumn;
}

/**
 * How a linear regression is fitted.
 *
 * @category stats
 */
export interface LinearRegressionOptions {
  /** Whether to add a constant term. Default true. */
  readonly intercept?: boolean;
  /** Names of the covariates. Default `x1`, `x2`, … */
  readonly names?: readonly string[];
  /** Confidence level of the limits, a fraction. Default 0.95. */
  readonly level?: number;
}

/**
 * A fitted linear regression. Statistics that need residual degrees of freedom are null when there are none.
 *
 * @category stats
 */
export interface LinearRegression {
  /** Names: `(intercept)` first where there is one, then the covariates. */
  readonly terms: readonly string[];
  /** Estimates, in the order of `terms`. */
  readonly coefficients: readonly number[];
  /** Standard errors; null without residual degrees of freedom. */
  readonly standardErrors: readonly number[] | null;
  /** t statistics; null without residual degrees of freedom or residual variance. */
  readonly statistics: readonly number[] | null;
  /** Two-sided p-values of the t statistics; null when those are. */
  readonly pValues: readonly number[] | null;
  /** Lower confidence limits; null without residual degrees of freedom. */
  readonly lower: readonly number[] | null;
  /** Upper confidence limits; null without residual degrees of freedom. */
  readonly upper: readonly number[] | null;
  /** (XᵀWX)⁻¹, row by row; times `sigma`² it is the covariance of the estimates. */
  readonly unscaledCovariance: readonly (readonly number[])[];
  /** Confidence level of the limits, a fraction. */
  readonly level: number;
  /** Residual standard deviation √(RSS / degrees of freedom); null without residual degrees of freedom. */
  readonly sigma: number | null;
  /** Rows of positive weight less the number of coefficients. */
  readonly degreesOfFreedom: number;
  /** Share of variance explained, 1 − RSS / TSS (TSS about the mean if there is an intercept, else about 0); null when the outcome does not vary. */
  readonly rSquared: number | null;
  /** R² corrected for the number of coefficients; null when it does not exist. */
  readonly adjustedRSquared: number | null;
  /** F test that all coefficients but the intercept are 0; null when it does not exist. */
  readonly fTest: FTest | null;
  /** Fitted values, one per row. */
  readonly fitted: readonly number[];
  /** Outcome less fitted value, one per row. */
  readonly residuals: readonly number[];
  /** Whether the first term is a constant. */
  readonly intercept: boolean;
}

/**
 * An F test.
 *
 * @category stats
 */
export interface FTest {
  /** The F statistic. */
  readonly statistic: number;
  /** Degrees of freedom of the numerator. */
  readonly numeratorDegrees: number;
  /** Degrees of freedom of the denominator. */
  readonly denominatorDegrees: number;
  /** Probability of a larger statistic if the hypothesis holds. */
  readonly pValue: number;
}

/**
 * Linear regression by (weighted) least squares: estimates from a Householder QR factorisation, t tests and limits, R² and F as R's `summary.lm`.
 *
 * @param data - outcome, covariates and optional weights
 * @param options - intercept, names, level
 * @returns the fit; {@link predictLinear} continues from it
 * @throws DomainError `singular_matrix` (collinear covariates) | `insufficient_data` | `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `fraction_out_of_range` | `invalid_weights` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { linearRegression } from 'dealwright/stats';
 * const fit = linearRegression({ outcome: [3, 5, 7, 10], covariates: [[1], [2], [3], [4]] });
 * fit.coefficients.map((value) => Number(value.toFixed(10))); // => [0.5, 2.3]
 * fit.degreesOfFreedom; // => 2
 * ```
 * @category stats
 */
export function linearRegression(data: LinearRegressionData, options: LinearRegressionOptions = {}): LinearRegression {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['intercept', 'names', 'level'], ['options'], issues);
  const intercept = settings['intercept'] === undefined ? true : (checkBoolean(settings['intercept'], ['options', 'intercept'], issues) ?? true);
  const level = readLevel(settings['level'], issues);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['outcome', 'covariates', 'weight'], [], issues);
  const y = readColumn(record['outcome'], ['outcome'], issues, { atLeast: 1 });
  const rows = y?.length ?? 0;
  const x = y === undefined ? undefined : readCovariates(record['covariates'], ['covariates'], issues, { intercept, rows });
  const weight = record['weight'] === undefined || y === undefined ? undefined : readWeights(record['weight'], ['weight'], issues, rows);
  const terms = x === undefined ? undefined : readTermNames(settings['names'], x.columns, intercept, issues);
  throwIfIssues(issues);
  if (y === undefined || x === undefined || terms === undefined) throw createDomainError('empty', []);
  const { columns } = x;

  const design = x.data.slice();
  const rhs = Float64Array.from(y);
  let effective = rows;
  if (weight !== undefined) {
    effective = 0;
    for (let i = 0; i < rows; i += 1) {
      const root = Math.sqrt(weight[i] as number);
      if (root > 0) effective += 1;
      rhs[i] = (rhs[i] as number) * root;
      for (let j = 0; j < columns; j += 1) design[i * columns + j] = (design[i * columns + j] as number) * root;
    }
  }
  if (effective < columns) throw createDomainError('insufficient_data', ['outcome'], { expected: `at least ${columns} rows`, received: effective });
  const heads = new Float64Array(columns);
  const dependent = qrInPlace(design, rows, columns, heads);
  if (dependent >= 0) throw createDomainError('singular_matrix', ['covariates'], { hint: `"${terms[dependent] as string}" depends linearly on the terms before it` });
  qrTransposeApply(design, rows, columns, heads, rhs);
  const coefficients = backSubstitute(design, columns, rhs);
  const unscaled = inverseOfCrossProduct(design, columns);

  const fitted = new Float64Array(rows);
  const residuals = new Float64Array(rows);
  let rss = 0;
  let weightSum = 0;
  let weighted = 0;
  for (let i = 0; i < rows; i += 1) {
    let sum = 0;
    for (let j = 0; j < columns; j += 1) sum += (x.data[i * columns + j] as number) * (coefficients[j] as number);
    fitted[i] = sum;
    const residual = (y[i] as number) - sum;
    residuals[i] = residual;
    const w = weight === undefined ? 1 : (weight[i] as number);
    rss += w * residual * residual;
    weightSum += w;
    weighted += w * (y[i] as number);
  }
  const centre = intercept ? weighted / weightSum : 0;
  let tss = 0;
  for (let i = 0; i < rows; i += 1) {
    const deviation = (y[i] as number) - centre;
    tss += (weight === undefined ? 1 : (weight[i] as number)) * deviation * deviation;
  }
  requireFinite(coefficients, ['outcome']);
  requireFinite(unscaled, ['covariates']);
  requireFinite([rss, tss], ['outcome']);

  const degreesOfFreedom = effective - columns;
  const sigma = degreesOfFreedom > 0 ? Math.sqrt(rss / degreesOfFreedom) : null;
  const rSquared = tss > 0 ? Math.max(0, 1 - rss / tss) : null;
  const slopes = columns - (intercept ? 1 : 0);
  let fTest: FTest | null = null;
  if (rSquared !== null && sigma !== null && sigma > 0 && slopes > 0) {
    const statistic = Math.max(0, tss - rss) / slopes / (sigma * sigma);
    if (Number.isFinite(statistic)) {
      fTest = { statistic, numeratorDegrees: slopes, denominatorDegrees: degreesOfFreedom, pValue: fTails(statistic, slopes, degreesOfFreedom).upper };
    }
  }
  const estimates = Array.from(coefficients);
  const standardErrors = sigma === null ? null : estimates.map((_, j) => sigma * Math.sqrt(unscaled[j * columns + j] as number));
  const ratios = standardErrors === null ? [] : estimates.map((value, j) => value / (standardErrors[j] as number));
  // A perfect fit leaves no error to divide by.
  const statistics = standardErrors === null || !ratios.every((ratio) => Number.isFinite(ratio)) ? null : ratios;
  const half = sigma === null ? 0 : studentTQuantileOfTails((1 + level) / 2, (1 - level) / 2, degreesOfFreedom);
  return {
    terms,
    coefficients: estimates,
    standardErrors,
    statistics,
    pValues: statistics === null ? null : statistics.map((t) => Math.min(1, 2 * studentTTail(Math.abs(t), degreesOfFreedom))),
    lower: standardErrors === null ? null : estimates.map((value, j) => value - half * (standardErrors[j] as number)),
    upper: standardErrors === null ? null : estimates.map((value, j) => value + half * (standardErrors[j] as number)),
    unscaledCovariance: toRows(unscaled, columns, columns),
    level,
    sigma,
    degreesOfFreedom,
    rSquared,
    adjustedRSquared: rSquared === null || degreesOfFreedom <= 0 ? null : 1 - ((1 - rSquared) * (effective - (intercept ? 1 : 0))) / degreesOfFreedom,
    fTest,
    fitted: Array.from(fitted),
    residuals: Array.from(residuals),
    intercept,
  };
}

/** A confidence level strictly between 0 and 1; 0.95 when absent. */
export function readLevel(value: unknown, issues: Issue[], path: readonly (string | number)[] = ['options', 'level']): number {
  if (value === undefined) return 0.95;
  const level = checkNumber(value, path, issues);
  if (level === undefined) return 0.95;
  if (level > 0 && level < 1) return level;
  issues.push(
    createIssue('fraction_out_of_range', path, {
      expected: 'a fraction between 0 and 1, both excluded',
      received: level,
      ...(level > 1 && level < 100 ? { hint: `a percentage? did you mean ${level / 100}?` } : {}),
    }),
  );
  return 0.95;
}

/**
 * How predictions of a linear regression are made.
 *
 * @category stats
 */
export interface PredictLinearOptions {
  /** Level of both intervals, a fraction. Default the level of the fit. */
  readonly level?: number;
}

/**
 * Predictions of a linear regression, as columns with one entry per row of covariates. Limits are null without residual degrees of freedom.
 *
 * @category stats
 */
export interface LinearPrediction {
  /** Expected outcome. */
  readonly mean: readonly number[];
  /** Lower limit for the expected outcome. */
  readonly confidenceLower: readonly number[] | null;
  /** Upper limit for the expected outcome. */
  readonly confidenceUpper: readonly number[] | null;
  /** Lower limit for a single new outcome (of weight 1). */
  readonly predictionLower: readonly number[] | null;
  /** Upper limit for a single new outcome (of weight 1). */
  readonly predictionUpper: readonly number[] | null;
  /** Level of both intervals, a fraction. */
  readonly level: number;
}

/**
 * Predicts from a linear regression with t intervals: for the mean x̂ ± t · σ √(xᵀ(XᵀX)⁻¹x), for a new outcome x̂ ± t · σ √(1 + xᵀ(XᵀX)⁻¹x).
 *
 * @param fit - result of {@link linearRegression}
 * @param covariates - rows without the intercept, as in the fit
 * @param options - level of the intervals
 * @returns means and limits, one per row
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `fraction_out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { linearRegression, predictLinear } from 'dealwright/stats';
 * const fit = linearRegression({ outcome: [3, 5, 7, 10], covariates: [[1], [2], [3], [4]] });
 * predictLinear(fit, [[5]]).mean.map((value) => Number(value.toFixed(10))); // => [12]
 * ```
 * @category stats
 */
export function predictLinear(fit: LinearRegression, covariates: Covariates, options: PredictLinearOptions = {}): LinearPrediction {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['level'], ['options'], issues);
  const model = checkRecord(fit, ['fit'], issues) ?? {};
  const b = readColumn(model['coefficients'], ['fit', 'coefficients'], issues, { atLeast: 1 });
  const unscaled = b === undefined ? undefined : readMatrix(model['unscaledCovariance'], ['fit', 'unscaledCovariance'], issues, { rows: b.length, columns: b.length });
  const intercept = checkBoolean(model['intercept'], ['fit', 'intercept'], issues) ?? true;
  const sigma = model['sigma'] === null ? null : (checkNumber(model['sigma'], ['fit', 'sigma'], issues, { min: 0 }) ?? null);
  const degreesOfFreedom = checkNumber(model['degreesOfFreedom'], ['fit', 'degreesOfFreedom'], issues, { min: 0 }) ?? 0;
  const level = settings['level'] === undefined ? readLevel(model['level'], issues, ['fit', 'level']) : readLevel(settings['level'], issues);
  const rows = countRows(covariates);
  const x = b === undefined ? undefined : readCovariates(covariates, ['covariates'], issues, { intercept, rows });
  if (x !== undefined && b !== undefined && x.columns !== b.length) {
    issues.push(createIssue('length_mismatch', ['covariates'], { expected: `${b.length - (intercept ? 1 : 0)} covariates`, received: x.columns - (intercept ? 1 : 0) }));
  }
  throwIfIssues(issues);
  if (b === undefined || x === undefined || unscaled === undefined) throw createDomainError('empty', []);
  const n = b.length;
  const hasLimits = sigma !== null && degreesOfFreedom > 0;
  const t = hasLimits ? studentTQuantileOfTails((1 + level) / 2, (1 - level) / 2, degreesOfFreedom) : 0;
  const mean: number[] = [];
  const halfMean: number[] = [];
  const halfNew: number[] = [];
  for (let i = 0; i < rows; i += 1) {
    let value = 0;
    let leverage = 0;
    for (let j = 0; j < n; j += 1) {
      const xj = x.data[i * n + j] as number;
      value += xj * (b[j] as number);
      for (let k = 0; k < n; k += 1) leverage += xj * (unscaled.data[j * n + k] as number) * (x.data[i * n + k] as number);
    }
    mean.push(value);
    halfMean.push(t * (sigma ?? 0) * Math.sqrt(Math.max(0, leverage)));
    halfNew.push(t * (sigma ?? 0) * Math.sqrt(1 + Math.max(0, leverage)));
  }
  requireFinite(mean, ['covariates']);
  requireFinite(halfNew, ['covariates']);
  const shifted = (half: readonly number[], sign: number): number[] | null => (hasLimits ? mean.map((value, i) => value + sign * (half[i] as number)) : null);
  return {
    mean,
    confidenceLower: shifted(halfMean, -1),
    confidenceUpper: shifted(halfMean, 1),
    predictionLower: shifted(halfNew, -1),
    predictionUpper: shifted(halfNew, 1),
    level,
  };
}

/** Number of rows of covariates given by row or by column; 0 for anything else, which the reader then reports. */
export function countRows(covariates: unknown): number {
  if (Array.isArray(covariates)) return covariates.length;
  if (!isPlainRecord(covariates)) return 0;
  const columns = covariates['columns'];
  const first: unknown = Array.isArray(columns) ? columns[0] : undefined;
  return Array.isArray(first) || ArrayBuffer.isView(first) ? (first as ArrayLike<unknown>).length : 0;
}
