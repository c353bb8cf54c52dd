/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkOneOf, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { requireFinite } from './finite-result.js';
import { factorScaled, invertScaled, MAX_TERMS } from './generalized-linear-model.js';
import { countRows, readLevel } from './linear-regression.js';
import { logNormalTail, normalQuantileOf, normalTail } from './normal-tail.js';
import { type Covariates, type DenseMatrix, readColumn, readCovariates, toRows } from './numeric-column.js';
import { type RegressionTerms, readTermNames } from './regression-terms.js';
import { type ReadSurvival, readSurvivalData, type SurvivalData } from './survival-tally.js';

/**
 * Distribution of the time to the event. With log T = x·β + σ W: `weibull` W of extreme values (shape 1/σ), `exponential` the same with σ = 1, `lognormal` W normal,
 * `loglogistic` W logistic.
 *
 * @category stats
 */
export type FailureTimeDistribution = 'exponential' | 'weibull' | 'lognormal' | 'loglogistic';

/**
 * What an accelerated-failure-time regression is fitted to. Times must be above 0.
 *
 * @category stats
 */
export interface FailureTimeData extends SurvivalData {
  /** Covariates, by row or as `{ columns }`; the intercept is added by the function. Default none. */
  readonly covariates?: Covariates;
}

/**
 * How an accelerated-failure-time regression is fitted.
 *
 * @category stats
 */
export interface FailureTimeOptions {
  /** Distribution of the time. Default `weibull`. */
  readonly distribution?: FailureTimeDistribution;
  /** Names of the covariates. Default `x1`, `x2`, … */
  readonly names?: readonly string[];
  /** Confidence level of the limits, a fraction. Default 0.95. */
  readonly level?: number;
  /** Most Newton steps. Default 200. */
  readonly maxIterations?: number;
}

/**
 * A fitted accelerated-failure-time regression. exp(coefficient) is the factor by which a unit of the covariate stretches the time.
 *
 * @category stats
 */
export interface FailureTimeRegression extends RegressionTerms {
  /** Distribution of the time. */
  readonly distribution: FailureTimeDistribution;
  /** Scale σ; 1 for the exponential distribution. */
  readonly scale: number;
  /** Standard error of ln σ; null for the exponential distribution. */
  readonly logScaleError: number | null;
  /** Covariance matrix of the coefficients and, last, ln σ (without it for the exponential distribution), row by row. */
  readonly covariance: readonly (readonly number[])[];
  /** Log-likelihood of the times. */
  readonly logLikelihood: number;
  /** Log-likelihood of the model with the intercept alone. */
  readonly nullLogLikelihood: number;
  /** Akaike's criterion, 2 × number of parameters − 2 × log-likelihood: the distribution with the least fits best. */
  readonly aic: number;
  /** Number of rows. */
  readonly rows: number;
  /** Number of rows with the event. */
  readonly events: number;
  /** Newton steps taken. */
  readonly iterations: number;
}

/** Value and first two derivatives of ln f or ln S of the standard error term at w, written into `out`. */
type Density = (w: number, isEvent: boolean, out: Float64Array) => void;

function extremeValue(w: number, isEvent: boolean, out: Float64Array): void {
  const e = Math.exp(w);
  out[0] = isEvent ? w - e : -e;
  out[1] = isEvent ? 1 - e : -e;
  out[2] = -e;
}

function logisticError(w: number, isEvent: boolean, out: Float64Array): void {
  const e = Math.exp(-Math.abs(w));
  const softplus = Math.max(w, 0) + Math.log1p(e);
  const share = w >= 0 ? 1 / (1 + e) : e / (1 + e);
  const slope = e / ((1 + e) * (1 + e));
  out[0] = isEvent ? w - 2 * softplus : -softplus;
  out[1] = isEvent ? 1 - 2 * share : -share;
  out[2] = isEvent ? -2 * slope : -slope;
}

function normalError(w: number, isEvent: boolean, out: Float64Array): void {
  if (isEvent) {
    out[0] = -0.5 * w * w - 0.9189385332046727;
    out[1] = -w;
    out[2] = -1;
    return;
  }
  const log = logNormalTail(w);
  const hazard = Math.exp(-0.5 * w * w - 0.9189385332046727 - log);
  out[0] = log;
  out[1] = -hazard;
  out[2] = -hazard * (hazard - w);
}

const DENSITIES: Readonly<Record<FailureTimeDistribution, Density>> = { exponential: extremeValue, weibull: extremeValue, lognormal: normalError, loglogistic: logisticError };
const DISTRIBUTIONS: readonly FailureTimeDistribution[] = ['exponential', 'weibull', 'lognormal', 'loglogistic'];

/**
 * Accelerated-failure-time regression by maximum likelihood: log T = x·β + σ W, with censoring, delayed entry and weights, in the parametrisation of survival::survreg of R
 * (which knows no delayed entry). Newton's method on β and ln σ.
 *
 * @param data - rows as columns, optionally with covariates
 * @param options - distribution, names, level, iterations
 * @returns coefficients with Wald tests and limits, scale, likelihoods; {@link predictFailureTime} and {@link predictFailureSurvival} continue from it
 * @throws DomainError `insufficient_data` (no events) | `singular_matrix` | `no_convergence` | `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `invalid_value` | `fraction_out_of_range` | `invalid_weights` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { failureTimeRegression } from 'dealwright/stats';
 * const fit = failureTimeRegression({ time: [10, 20, 30], event: [1, 1, 0] }, { distribution: 'exponential' });
 * Math.round(Math.exp(fit.coefficients[0] ?? 0)); // => 30
 * ```
 * @category stats
 */
export function failureTimeRegression(data: FailureTimeData, options: FailureTimeOptions = {}): FailureTimeRegression {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['distribution', 'names', 'level', 'maxIterations'], ['options'], issues);
  const distribution = settings['distribution'] === undefined ? 'weibull' : (checkOneOf(settings['distribution'], DISTRIBUTIONS, ['options', 'distribution'], issues) ?? 'weibull');
  const level = readLevel(settings['level'], issues);
  const maxIterations =
    settings['maxIterations'] === undefined ? 200 : (checkNumber(settings['maxIterations'], ['options', 'maxIterations'], issues, { min: 1, max: 1e6, integer: true }) ?? 200);
  const read = readSurvivalData(data, undefined, issues, ['covariates']);
  const record = checkRecord(data, [], []) ?? {};
  const n = read?.time.length ?? 0;
  const x = read === undefined ? undefined : readCovariates(record['covariates'] ?? { columns: [] }, ['covariates'], issues, { intercept: true, rows: n });
  const terms = x === undefined ? undefined : readTermNames(settings['names'], x.columns, true, issues);
  if (x !== undefined && x.columns > MAX_TERMS) issues.push(createIssue('too_long', ['covariates'], { expected: `at most ${MAX_TERMS} terms`, received: x.columns }));
  let events = 0;
  if (read !== undefined) {
    for (let i = 0; i < n; i += 1) {
      if (!((read.time[i] as number) > 0) && issues.length < 10) issues.push(createIssue('out_of_range', ['time', i], { expected: 'a time above 0', received: read.time[i] }));
      if (read.cause[i] === 1 && (read.weight === undefined || (read.weight[i] as number) > 0)) events += 1;
    }
    if (events === 0) issues.push(createIssue('insufficient_data', ['event'], { expected: 'at least one event', received: 0 }));
  }
  throwIfIssues(issues);
  if (read === undefined || x === undefined || terms === undefined) throw createDomainError('empty', []);

  const fit = maximize(read, x, distribution, terms, maxIterations);
  const p = x.columns;
  const constant: DenseMatrix = { rows: n, columns: 1, data: new Float64Array(n).fill(1) };
  const nullLogLikelihood = p === 1 ? fit.value : maximize(read, constant, distribution, terms, maxIterations).value;
  const isFixed = distribution === 'exponential';
  const size = isFixed ? p : p + 1;
  const coefficients = Array.from(fit.parameters.subarray(0, p));
  const standardErrors = coefficients.map((_, j) => Math.sqrt(fit.covariance[j * size + j] as number));
  requireFinite(fit.parameters, ['time']);
  requireFinite(standardErrors, ['covariates']);
  requireFinite([fit.value, nullLogLikelihood], ['time']);
  const statistics = coefficients.map((estimate, j) => estimate / (standardErrors[j] as number));
  const half = normalQuantileOf((1 + level) / 2);
  return {
    terms,
    coefficients,
    standardErrors,
    statistics,
    pValues: statistics.map((z) => Math.min(1, 2 * normalTail(Math.abs(z)))),
    lower: coefficients.map((estimate, j) => estimate - half * (standardErrors[j] as number)),
    upper: coefficients.map((estimate, j) => estimate + half * (standardErrors[j] as number)),
    covariance: toRows(fit.covariance, size, size),
    level,
    distribution,
    scale: isFixed ? 1 : Math.exp(fit.parameters[p] as number),
    logScaleError: isFixed ? null : Math.sqrt(fit.covariance[p * size + p] as number),
    logLikelihood: fit.value,
    nullLogLikelihood,
    aic: 2 * size - 2 * fit.value,
    rows: n,
    events,
    iterations: fit.iterations,
  };
}

interface FailureTimeFit {
  readonly parameters: Float64Array;
  readonly value: number;
  readonly covariance: Float64Array;
  readonly iterations: number;
}

function maximize(data: ReadSurvival, x: DenseMatrix, distribution: FailureTimeDistribution, terms: readonly string[], maxIterations: number): FailureTimeFit {
  const { time, cause, entry, weight } = data;
  const n = x.rows;
  const p = x.columns;
  const isFixed = distribution === 'exponential';
  const size = isFixed ? p : p + 1;
  const density = DENSITIES[distribution];
  const logTime = Float64Array.from({ length: n }, (_, i) => Math.log(time[i] as number));
  // A row counts as entered late only if it entered after the origin.
  const logEntry = entry === undefined ? undefined : Float64Array.from(entry, (value) => (value > 0 ? Math.log(value) : -Infinity));
  const out = new Float64Array(3);
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);

  const accumulate = (row: number, w: number, sigma: number, sign: number, isEvent: boolean, share: number): number => {
    density(w, isEvent, out);
    const g = sign * share * (out[1] as number);
    const h = sign * share * (out[2] as number);
    const at = row * p;
    for (let j = 0; j < p; j += 1) {
      const xj = x.data[at + j] as number;
      gradient[j] = (gradient[j] as number) - (g * xj) / sigma;
      const scaled = (-h * xj) / (sigma * sigma);
      for (let k = 0; k <= j; k += 1) information[j * size + k] = (information[j * size + k] as number) + scaled * (x.data[at + k] as number);
    }
    if (!isFixed) {
      gradient[p] = (gradient[p] as number) - w * g - (isEvent ? share : 0);
      for (let j = 0; j < p; j += 1) information[p * size + j] = (information[p * size + j] as number) - ((g + w * h) * (x.data[at + j] as number)) / sigma;
      information[p * size + p] = (information[p * size + p] as number) - w * (g + w * h);
    }
    return sign * share * (out[0] as number);
  };
  const evaluate = (at: Float64Array): number => {
    gradient.fill(0);
    information.fill(0);
    const logSigma = isFixed ? 0 : (at[p] as number);
    const sigma = Math.exp(logSigma);
    let value = 0;
    for (let i = 0; i < n; i += 1) {
      const share = weight === undefined ? 1 : (weight[i] as number);
      if (share === 0) continue;
      let eta = 0;
      for (let j = 0; j < p; j += 1) eta += (x.data[i * p + j] as number) * (at[j] as number);
      const isEvent = cause[i] === 1;
      value += accumulate(i, ((logTime[i] as number) - eta) / sigma, sigma, 1, isEvent, share);
      if (isEvent) value -= share * (logSigma + (logTime[i] as number));
      const entered = logEntry === undefined ? -Infinity : (logEntry[i] as number);
      if (entered > -Infinity) value += accumulate(i, (entered - eta) / sigma, sigma, -1, false, share);
    }
    return Number.isFinite(value) ? value : -Infinity;
  };

  // Start from the mean and spread of the log times.
  const parameters = new Float64Array(size);
  let sum = 0;
  let squares = 0;
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    const share = weight === undefined ? 1 : (weight[i] as number);
    total += share;
    sum += share * (logTime[i] as number);
  }
  for (let i = 0; i < n; i += 1) squares += (weight === undefined ? 1 : (weight[i] as number)) * ((logTime[i] as number) - sum / total) ** 2;
  parameters[0] = sum / total;
  if (!isFixed) parameters[p] = Math.log(Math.max(0.05, Math.sqrt(squares / total)));

  let value = evaluate(parameters);
  const trial = new Float64Array(size);
  const diagonal = new Float64Array(size);
  let damping = 0;
  for (let iteration = 1; iteration <= maxIterations; iteration += 1) {
    const direction = gradient.slice();
    const hessian = information.slice();
    for (let j = 0; j < size; j += 1) diagonal[j] = Math.max(Math.abs(hessian[j * size + j] as number), 1e-8);
    let step = direction.slice();
    let decrement = 0;
    let next = -Infinity;
    let accepted = false;
    // Far from the optimum the information may be indefinite or the step too long: damp it (Levenberg and Marquardt).
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const matrix = hessian.slice();
      for (let j = 0; j < size; j += 1) matrix[j * size + j] = (matrix[j * size + j] as number) + damping * (diagonal[j] as number);
      step = direction.slice();
      if (factorScaled(matrix, size, step) < 0) {
        decrement = 0;
        for (let j = 0; j < size; j += 1) {
          decrement += (step[j] as number) * (direction[j] as number);
          trial[j] = (parameters[j] as number) + (step[j] as number);
        }
        next = evaluate(trial);
        if (next >= value - 1e-12 * (Math.abs(value) + 1)) {
          accepted = true;
          break;
        }
      }
      damping = damping === 0 ? 1e-3 : damping * 10;
    }
    if (!accepted) {
      const probe = hessian.slice();
      const dependent = factorScaled(probe, size, direction.slice());
      if (dependent >= 0 && dependent < p)
        throw createDomainError('singular_matrix', ['covariates'], { hint: `"${terms[dependent] as string}" depends linearly on the terms before it` });
      throw createDomainError('no_convergence', ['covariates']);
    }
    parameters.set(trial);
    value = next;
    const wasDamped = damping > 0;
    damping = damping < 1e-6 ? 0 : damping / 10;
    if (!isFixed && (parameters[p] as number) < -30) {
      throw createDomainError('no_convergence', ['time'], { hint: 'the covariates explain the times perfectly, so that the scale runs to 0' });
    }
    if (decrement <= 1e-14 && !wasDamped) {
      const covariance = invertScaled(information, size);
      if (covariance === undefined) throw createDomainError('singular_matrix', ['covariates'], { hint: 'some covariates depend linearly on others' });
      return { parameters, value, covariance, iterations: iteration };
    }
  }
  throw createDomainError('no_convergence', ['covariates'], { message: `The estimate did not settle within ${maxIterations} steps.` });
}

/** The parts of a fit that predictions need. */
interface ReadFailureFit {
  readonly eta: number[];
  readonly scale: number;
  readonly distribution: FailureTimeDistribution;
}

function readFit(fit: unknown, covariates: Covariates, issues: Issue[]): ReadFailureFit | undefined {
  const model = checkRecord(fit, ['fit'], issues);
  if (model === undefined) return undefined;
  const beta = readColumn(model['coefficients'], ['fit', 'coefficients'], issues, { atLeast: 1 });
  const scale = checkNumber(model['scale'], ['fit', 'scale'], issues, { min: 1e-300 });
  const distribution = checkOneOf(model['distribution'], DISTRIBUTIONS, ['fit', 'distribution'], issues);
  const rows = countRows(covariates);
  const x = readCovariates(covariates, ['covariates'], issues, { intercept: true, rows });
  if (x !== undefined && beta !== undefined && x.columns !== beta.length)
    issues.push(createIssue('length_mismatch', ['covariates'], { expected: `${beta.length - 1} covariates`, received: x.columns - 1 }));
  if (beta === undefined || scale === undefined || distribution === undefined || x === undefined || issues.length > 0) return undefined;
  const eta = Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < x.columns; j += 1) sum += (x.data[i * x.columns + j] as number) * (beta[j] as number);
    return sum;
  });
  return { eta, scale, distribution };
}

/**
 * Which quantile of the time is predicted.
 *
 * @category stats
 */
export interface PredictFailureTimeOptions {
  /** Share of rows that have had the event by then, strictly between 0 and 1. Default 0.5: the median. */
  readonly probability?: number;
}

/**
 * Quantiles of the time to the event predicted by an accelerated-failure-time regression: exp(x·β + σ w) with the quantile w of the error term.
 *
 * @param fit - result of {@link failureTimeRegression}
 * @param covariates - rows without the intercept, as in the fit; `[[]]` for one row of a fit without covariates
 * @param options - the share
 * @returns times, one per row
 * @throws DomainError `length_mismatch` | `invalid_type` | `invalid_value` | `not_finite` | `out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { failureTimeRegression, predictFailureTime } from 'dealwright/stats';
 * const fit = failureTimeRegression({ time: [10, 20, 30], event: [1, 1, 0] }, { distribution: 'exponential' });
 * predictFailureTime(fit, [[]]).map((value) => Number(value.toFixed(4))); // => [20.7944]
 * ```
 * @category stats
 */
export function predictFailureTime(fit: FailureTimeRegression, covariates: Covariates, options: PredictFailureTimeOptions = {}): number[] {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['probability'], ['options'], issues);
  const p = settings['probability'] === undefined ? 0.5 : checkNumber(settings['probability'], ['options', 'probability'], issues, { min: 1e-300, max: 1 - 1e-15 });
  const read = readFit(fit, covariates, issues);
  throwIfIssues(issues);
  if (read === undefined || p === undefined) throw createDomainError('empty', []);
  const w = read.distribution === 'lognormal' ? normalQuantileOf(p) : read.distribution === 'loglogistic' ? Math.log(p) - Math.log1p(-p) : Math.log(-Math.log1p(-p));
  const times = read.eta.map((eta) => Math.exp(eta + read.scale * w));
  requireFinite(times, ['covariates']);
  return times;
}

/**
 * When survival is predicted.
 *
 * @category stats
 */
export interface PredictFailureSurvivalOptions {
  /** Time from the origin, not negative. */
  readonly time: number;
}

/**
 * Survival predicted by an accelerated-failure-time regression: S(t | x) of the error term at (ln t − x·β) / σ.
 *
 * @param fit - result of {@link failureTimeRegression}
 * @param covariates - rows without the intercept, as in the fit; `[[]]` for one row of a fit without covariates
 * @param options - the time
 * @returns probability that the event has not happened by the time, one per row
 * @throws DomainError `length_mismatch` | `invalid_type` | `invalid_value` | `not_finite` | `out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { failureTimeRegression, predictFailureSurvival } from 'dealwright/stats';
 * const fit = failureTimeRegression({ time: [10, 20, 30], event: [1, 1, 0] }, { distribution: 'exponential' });
 * predictFailureSurvival(fit, [[]], { time: 30 }).map((value) => Number(value.toFixed(6))); // => [0.367879]
 * ```
 * @category stats
 */
export function predictFailureSurvival(fit: FailureTimeRegression, covariates: Covariates, options: PredictFailureSurvivalOptions): number[] {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['time'], ['options'], issues);
  const time = checkNumber(settings['time'], ['options', 'time'], issues, { min: 0 });
  const read = readFit(fit, covariates, issues);
  throwIfIssues(issues);
  if (read === undefined || time === undefined) throw createDomainError('empty', []);
  if (time === 0) return read.eta.map(() => 1);
  const density = DENSITIES[read.distribution];
  const out = new Float64Array(3);
  const survival = read.eta.map((eta) => {
    density((Math.log(time) - eta) / read.scale, false, out);
    return Math.exp(out[0] as number);
  });
  requireFinite(survival, ['covariates']);
  return survival;
}
