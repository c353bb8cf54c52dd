import type { FiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { checkKeys, checkNumber, checkText, type IssueSink, isPlainRecord, isReservedKey } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { normalQuantileOf } from '../../stats/normal-tail.js';
import { studentTQuantileOfTails } from '../../stats/student-t-distribution.js';
import { fillNaN } from './fill-gaps.js';
import { labelPeriods, type ReadSeries, readSeries, type SeriesInput, type SeriesPeriod } from './time-series.js';

/**
 * How intervals were made. `analytic`: from the model's own variance; `simulated` and `bootstrapped`: from simulated futures with normal or resampled
 * innovations; `conformal`: from the errors of past forecasts; `backtest-scaled`: the model's own, widened or narrowed by the errors of past forecasts.
 *
 * @category forecasting
 */
export type IntervalMethod = 'analytic' | 'simulated' | 'bootstrapped' | 'conformal' | 'backtest-scaled' | 'calibrated' | 'none' | (string & Record<never, never>);

/**
 * A central prediction interval for each step of a forecast.
 *
 * @category forecasting
 */
export interface ForecastInterval {
  /** Share of futures that it is to hold, for example 0.8. */
  readonly level: number;
  /** Lower limit for each step. */
  readonly lower: readonly number[];
  /** Upper limit for each step. */
  readonly upper: readonly number[];
}

/**
 * A forecast: one value for each step ahead, in the unit of the series.
 *
 * @category forecasting
 */
export interface ForecastPath {
  /** Point forecast for each step: the mean of the forecast distribution. */
  readonly mean: readonly number[];
  /** One entry for each level asked for, in that order; none if the model gives no intervals. */
  readonly intervals: readonly ForecastInterval[];
  /** Standard deviation of the forecast error for each step, or `null` if the model gives none. */
  readonly standardErrors: readonly number[] | null;
  /** How the intervals were made. */
  readonly intervalMethod: IntervalMethod;
  /** Labels of the periods, or `null` if the series has no start. */
  readonly periods: readonly string[] | null;
  /** What must hold for the figures to be right. */
  readonly assumptions: readonly string[];
}

/**
 * Likelihood and information criteria of a fit. Comparable between models of the same series and likelihood only. The log-likelihood leaves out constants:
 * −½ n log Σe² − Σ log|μ| (second term for multiplicative errors).
 *
 * @category forecasting
 */
export interface InformationCriteria {
  /** Log-likelihood without its constants. */
  readonly logLikelihood: number;
  /** Number of estimated parameters, start states and the variance included. */
  readonly parameterCount: number;
  /** −2 log L + 2 k. */
  readonly aic: number;
  /** AIC + 2k(k+1)/(n−k−1); `null` if n ≤ k + 1. */
  readonly aicc: number | null;
  /** −2 log L + k log n. */
  readonly bic: number;
}

/**
 * A fitted model as plain data: store it as JSON, and {@link ForecastModel.resume} it later.
 *
 * @category forecasting
 */
export interface StoredModel<State = unknown> {
  /** Format of this record. */
  readonly formatVersion: 1;
  /** Name of the model that made it. */
  readonly model: string;
  /** Settings of the model that made it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Number of periods of the series, gaps included. */
  readonly length: number;
  /** Number of known values. */
  readonly observations: number;
  /** Length of the season; 1 for none. */
  readonly seasonLength: number;
  /** Length of the periods, if known. */
  readonly period: SeriesPeriod | null;
  /** Label of the first period, if known. */
  readonly start: string | null;
  /** Fiscal calendar of the labels, if it is not the calendar year. */
  readonly calendar: FiscalCalendar | null;
  /** The model's own label, for example `ETS(M,A,M)`. */
  readonly label: string;
  /** One-step forecasts over the series; `null` where there is none. */
  readonly fitted: readonly (number | null)[];
  /** What the model could not explain; `null` where there is none. */
  readonly residuals: readonly (number | null)[];
  /** Estimated or given parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Information criteria, for models that have a likelihood. */
  readonly criteria: InformationCriteria | null;
  /** What must hold for the figures to be right. */
  readonly assumptions: readonly string[];
  /** Values of the series that could not be read; they were taken as gaps. */
  readonly issues: readonly Issue[];
  /** What the model needs to predict; its own shape. */
  readonly state: State;
}

/**
 * How far to look, and with which intervals.
 *
 * @category forecasting
 */
export interface PredictOptions {
  /** Levels of the intervals, as fractions. Default `[0.8, 0.95]`. */
  readonly levels?: readonly number[];
}

/**
 * A model that has seen a series.
 *
 * @category forecasting
 */
export interface FittedModel<State = unknown> {
  /** Name of the model. */
  readonly name: string;
  /** The form that was fitted, for example `ETS(M,A,M)`. */
  readonly label: string;
  /** One-step forecasts over the series; `null` where there is none. */
  readonly fitted: readonly (number | null)[];
  /** What the model could not explain: actual − fitted, or relative for models with multiplicative errors. */
  readonly residuals: readonly (number | null)[];
  /** Estimated or given parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Information criteria, or `null` for models without a likelihood. */
  readonly criteria: InformationCriteria | null;
  /** What must hold for the figures to be right. */
  readonly assumptions: readonly string[];
  /** Values of the series that could not be read; they were taken as gaps. */
  readonly issues: readonly Issue[];
  /** The fit as plain data. */
  readonly stored: StoredModel<State>;
  /**
   * Forecasts.
   *
   * @param horizon - number of periods ahead, 1 to 10,000
   * @param options - levels of the intervals
   * @throws DomainError `invalid_horizon` | `fraction_out_of_range` | `invalid_type` | `unknown_key`
   */
  predict(horizon: number, options?: PredictOptions): ForecastPath;
}

/**
 * A way of forecasting: it fits a series, and the fit predicts. Built-in models are made by {@link defineForecastModel}, as yours are.
 *
 * @category forecasting
 */
export interface ForecastModel<State = unknown> {
  /** Name, unique among the models that you compare. */
  readonly name: string;
  /** How the model was set up; plain data. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Least number of known values it can be fitted to.
   *
   * @param seasonLength - length of the season of the series
   */
  minimumObservations(seasonLength: number): number;
  /**
   * Fits the model.
   *
   * @param series - the series, or its values
   * @throws DomainError `insufficient_data` | `invalid_type` | `unknown_key` | `too_long` | `invalid_value` | `out_of_range` | `not_an_integer` | `invalid_period` | `invalid_fiscal_calendar`
   */
  fit(series: SeriesInput): FittedModel<State>;
  /**
   * Takes up a stored fit.
   *
   * @param stored - what {@link FittedModel.stored} held, also after a round trip through JSON
   * @throws DomainError `unsupported_format_version` | `invalid_value` | `invalid_type` | `missing_key`
   */
  resume(stored: unknown): FittedModel<State>;
}

/**
 * The series as a model's `fit` sees it.
 *
 * @category forecasting
 */
export interface SeriesData {
  /** One value for each period, `null` for gaps. */
  readonly values: readonly (number | null)[];
  /** The same with gaps filled by {@link fillGaps}; the same numbers where there is no gap. */
  readonly filled: readonly number[];
  /** Number of known values. */
  readonly observations: number;
  /** Length of the season; 1 for none. */
  readonly seasonLength: number;
}

/**
 * What a model's `fit` gives.
 *
 * @category forecasting
 */
export interface ModelFit<State> {
  /** What `predict` needs; JSON-safe. */
  readonly state: State;
  /** The form that was fitted. Default: the model's name. */
  readonly label?: string;
  /** One-step forecasts, one for each period of the series; `null` where there is none. */
  readonly fitted: readonly (number | null)[];
  /** Default: actual − fitted. */
  readonly residuals?: readonly (number | null)[];
  /** Parameters by name. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Information criteria, if the model has a likelihood. */
  readonly criteria?: InformationCriteria;
  /** What must hold for the figures to be right. */
  readonly assumptions?: readonly string[];
}

/**
 * What a model's `predict` is asked.
 *
 * @category forecasting
 */
export interface PredictRequest {
  /** Number of periods ahead. */
  readonly horizon: number;
  /** Levels of the intervals wanted. */
  readonly levels: readonly number[];
  /** Length of the season. */
  readonly seasonLength: number;
  /** Number of periods of the series, gaps included. */
  readonly length: number;
  /** Number of known values. */
  readonly observations: number;
  /** Residuals of the fit. */
  readonly residuals: readonly (number | null)[];
}

/**
 * What a model's `predict` gives: the mean, and either standard errors (then intervals are made from them: normal, or Student's t with
 * `degreesOfFreedom`) or the intervals themselves. Without either, the forecast has no intervals; wrap the model with {@link withConformalIntervals}.
 *
 * @category forecasting
 */
export interface ModelPrediction {
  /** Point forecast for each step. */
  readonly mean: readonly number[];
  /** Standard deviation of the error for each step. */
  readonly standardErrors?: readonly number[];
  /** Degrees of freedom of the t distribution; normal if left out. */
  readonly degreesOfFreedom?: number;
  /** The intervals themselves, one for each level asked. */
  readonly intervals?: readonly ForecastInterval[];
  /** How the intervals were made. Default `analytic`. */
  readonly intervalMethod?: IntervalMethod;
  /** What must hold beside the assumptions of the fit. */
  readonly assumptions?: readonly string[];
}

/**
 * A forecast model of your own.
 *
 * @typeParam State - what `predict` needs from `fit`; JSON-safe
 * @category forecasting
 */
export interface ForecastModelDefinition<State> {
  /** Name, unique among the models that you compare. */
  readonly name: string;
  /** How it was set up, for the record; JSON-safe. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Least number of known values, or a function of the season's length. Default 1. */
  readonly minimumObservations?: number | ((seasonLength: number) => number);
  /** Learns from the series. */
  readonly fit: (data: SeriesData) => ModelFit<State>;
  /** Looks ahead from what was learned. */
  readonly predict: (state: State, request: PredictRequest) => ModelPrediction;
}

/** Furthest step that is forecast. */
export const MAX_HORIZON = 10_000;

const DEFAULT_LEVELS: readonly number[] = [0.8, 0.95];

/** Half-width of a central interval in standard errors. */
export function intervalFactor(level: number, degreesOfFreedom?: number): number {
  const tail = (1 - level) / 2;
  return degreesOfFreedom === undefined ? -normalQuantileOf(tail) : studentTQuantileOfTails(1 - tail, tail, degreesOfFreedom);
}

/** Reads a horizon. */
export function readHorizon(value: unknown, path: IssuePath, issues: IssueSink): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_HORIZON) return value;
  issues.push(createIssue('invalid_horizon', path, { expected: `a whole number from 1 to ${MAX_HORIZON}`, received: value }));
  return 1;
}

/** Reads the levels of intervals. */
export function readLevels(value: unknown, path: IssuePath, issues: IssueSink): readonly number[] {
  if (value === undefined) return DEFAULT_LEVELS;
  if (!Array.isArray(value) || value.length > 99) {
    issues.push(createIssue('invalid_type', path, { expected: 'a list of at most 99 fractions', received: value }));
    return DEFAULT_LEVELS;
  }
  const levels: number[] = [];
  value.forEach((level: unknown, index) => {
    const number = checkNumber(level, [...path, index], issues);
    if (number === undefined) return;
    if (number > 0 && number < 1) levels.push(number);
    else {
      issues.push(
        createIssue('fraction_out_of_range', [...path, index], {
          expected: 'a fraction between 0 and 1',
          received: level,
          ...(number > 1 && number < 100 ? { hint: `a percentage? did you mean ${number / 100}?` } : {}),
        }),
      );
    }
  });
  return levels;
}

/** What an interval is made of. */
export interface IntervalParts {
  readonly mean: readonly number[];
  readonly standardErrors: readonly number[];
  readonly degreesOfFreedom?: number;
}

/** Symmetric intervals from standard errors. */
export function intervalsFromErrors(parts: IntervalParts, levels: readonly number[]): ForecastInterval[] {
  return levels.map((level) => {
    const factor = intervalFactor(level, parts.degreesOfFreedom);
    const lower = parts.mean.map((value, h) => value - factor * (parts.standardErrors[h] ?? 0));
    const upper = parts.mean.map((value, h) => value + factor * (parts.standardErrors[h] ?? 0));
    return { level, lower, upper };
  });
}

/** Non-finite numbers would be lies in JSON; the largest number says "beyond measure". */
function finite(value: number): number {
  if (Number.isFinite(value)) return Object.is(value, -0) ? 0 : value;
  return value > 0 ? Number.MAX_VALUE : value < 0 ? -Number.MAX_VALUE : 0;
}

function isSequence(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every((entry) => typeof entry === 'number' && entry === entry);
}

/** A JSON-safe copy without negative zeros; `unsafe` is told where a value is not JSON-safe. Bounded in depth. */
function toPlain(value: unknown, path: IssuePath, unsafe: (path: IssuePath) => never, depth: number): unknown {
  if (depth > 30) return unsafe(path);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : unsafe(path);
  if (Array.isArray(value)) return value.map((entry: unknown, index) => toPlain(entry, [...path, index], unsafe, depth + 1));
  if (!isPlainRecord(value)) return unsafe(path);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (isReservedKey(key)) return unsafe([...path, key]);
    copy[key] = toPlain(value[key], [...path, key], unsafe, depth + 1);
  }
  return copy;
}

function wrongResult(model: string, what: string, expected: string, received: unknown): never {
  throw createDomainError('invalid_value', [model, what], { expected, received, hint: 'this comes from the model definition' });
}

/**
 * Makes a forecast model from two functions: what to learn from a series, and how to look ahead from what was learned. The built-in models are made
 * by it too. Gaps, labels, levels, intervals from standard errors, storing and resuming are taken care of.
 *
 * @param definition - name, `fit` and `predict`
 * @returns the model, to be fitted, combined, back-tested, wrapped or reconciled like any other
 * @throws DomainError `invalid_type` | `missing_key` | `unknown_key` | `out_of_range`; its `fit` throws `insufficient_data`, and `invalid_value` | `invalid_json_value` if your functions return something else than promised
 * @example
 * ```ts
 * import { defineForecastModel } from 'dealwright/forecasting';
 * const lastThree = defineForecastModel({
 *   name: 'last-three',
 *   minimumObservations: 3,
 *   fit: ({ filled }) => ({ state: { level: filled.slice(-3).reduce((sum, value) => sum + value, 0) / 3 }, fitted: filled.map(() => null) }),
 *   predict: ({ level }, { horizon }) => ({ mean: Array.from({ length: horizon }, () => level) }),
 * });
 * lastThree.fit([10, 20, 30, 40]).predict(2).mean; // => [30, 30]
 * ```
 * @category forecasting
 */
export function defineForecastModel<State>(definition: ForecastModelDefinition<State>): ForecastModel<State> {
  const issues: IssueSink = [];
  checkKeys(definition as unknown as Readonly<Record<string, unknown>>, ['name', 'settings', 'minimumObservations', 'fit', 'predict'], [], issues);
  const name = checkText(definition.name, ['name'], issues) ?? '';
  for (const key of ['fit', 'predict'] as const) {
    if (typeof definition[key] !== 'function') issues.push(createIssue('missing_key', [key], { expected: 'a function', received: definition[key] }));
  }
  throwIfIssues(issues, { name: 'InvalidForecastModelError' });
  const settings = definition.settings ?? {};
  const least = definition.minimumObservations ?? 1;
  const minimumObservations = (seasonLength: number): number => Math.max(1, typeof least === 'function' ? least(seasonLength) : least);

  const build = (stored: StoredModel<State>, resumed: boolean): FittedModel<State> => ({
    name,
    label: stored.label,
    fitted: stored.fitted,
    residuals: stored.residuals,
    parameters: stored.parameters,
    criteria: stored.criteria,
    assumptions: stored.assumptions,
    issues: stored.issues,
    stored,
    predict: (horizon, options) => (resumed ? guardStored(() => predictWith(definition, stored, horizon, options)) : predictWith(definition, stored, horizon, options)),
  });

  return {
    name,
    settings,
    minimumObservations,
    fit: (series) => build(fitWith(definition, name, settings, minimumObservations, readSeries(series)), false),
    resume: (stored) => build(readStored(stored, name), true),
  };
}

function fitWith<State>(
  definition: ForecastModelDefinition<State>,
  name: string,
  settings: Readonly<Record<string, unknown>>,
  minimumObservations: (seasonLength: number) => number,
  series: ReadSeries,
): StoredModel<State> {
  const { y, observed, seasonLength } = series;
  const needed = minimumObservations(seasonLength);
  if (observed < needed) {
    throw createDomainError('insufficient_data', ['series'], {
      message: `Model "${name}" needs at least ${needed} known values, and the series has ${observed}.`,
      expected: `at least ${needed} known values for "${name}"`,
      received: observed,
    });
  }
  const values: (number | null)[] = [];
  for (const value of y) values.push(value === value ? value : null);
  const filled = observed === y.length ? (values as readonly number[]) : Array.from(fillNaN(y, seasonLength));
  const fit = definition.fit({ values, filled, observations: observed, seasonLength });
  const isComplete: boolean = Array.isArray(fit.fitted) && fit.fitted.length === y.length;
  if (!isComplete) wrongResult(name, 'fitted', `a list of ${y.length}, one for each period`, fit.fitted);
  const fitted = fit.fitted.map((value) => (value === null || !Number.isFinite(value) ? null : value + 0));
  const residuals =
    fit.residuals === undefined
      ? values.map((value, t) => difference(value, fitted[t] ?? null))
      : fit.residuals.map((value) => (value === null || !Number.isFinite(value) ? null : value + 0));
  const unsafe = (path: IssuePath): never => {
    throw createDomainError('invalid_json_value', [name, ...path], { expected: 'JSON-safe data', hint: 'this comes from the model definition' });
  };
  // A copy of the same shape.
  const state = toPlain(fit.state, ['state'], unsafe, 0) as State;
  const parameters = toPlain(fit.parameters ?? {}, ['parameters'], unsafe, 0) as Readonly<Record<string, number>>;
  const assumptions = [...(fit.assumptions ?? [])];
  if (observed < y.length) assumptions.push(`${y.length - observed} of ${y.length} periods have no value; they count as unknown, not as zero.`);
  if (series.partialLeftOut) assumptions.push('The last period is not over; its value is left out, and the first forecast is for that period.');
  return {
    formatVersion: 1,
    model: name,
    settings,
    length: y.length,
    observations: observed,
    seasonLength,
    period: series.period,
    start: series.start,
    calendar: series.calendar,
    label: fit.label ?? name,
    fitted,
    residuals,
    parameters,
    criteria: fit.criteria ?? null,
    assumptions,
    issues: series.issues,
    state,
  };
}

function difference(value: number | null, fitted: number | null): number | null {
  return value === null || fitted === null ? null : value - fitted + 0;
}

function predictWith<State>(definition: ForecastModelDefinition<State>, stored: StoredModel<State>, horizonInput: number, options: PredictOptions | undefined): ForecastPath {
  const issues: IssueSink = [];
  const horizon = readHorizon(horizonInput, ['horizon'], issues);
  if (options !== undefined) {
    if (isPlainRecord(options)) checkKeys(options, ['levels'], ['options'], issues);
    else issues.push(createIssue('invalid_type', ['options'], { expected: '{ levels }', received: options }));
  }
  const levels = readLevels(options?.levels, ['levels'], issues);
  throwIfIssues(issues);
  const { seasonLength, length, observations, residuals } = stored;
  const result = definition.predict(stored.state, { horizon, levels, seasonLength, length, observations, residuals });
  if (!isSequence(result.mean, horizon)) wrongResult(definition.name, 'mean', `a list of ${horizon} numbers`, result.mean);
  const mean = result.mean.map(finite);
  let standardErrors: readonly number[] | null = null;
  let intervals: readonly ForecastInterval[] = [];
  if (result.standardErrors !== undefined) {
    if (!isSequence(result.standardErrors, horizon)) wrongResult(definition.name, 'standardErrors', `a list of ${horizon} numbers`, result.standardErrors);
    standardErrors = result.standardErrors.map((value) => finite(Math.abs(value)));
  }
  if (result.intervals !== undefined) {
    for (const [index, level] of levels.entries()) {
      const interval = result.intervals[index];
      if (interval === undefined || interval.level !== level || !isSequence(interval.lower, horizon) || !isSequence(interval.upper, horizon)) {
        wrongResult(definition.name, 'intervals', `limits of ${horizon} steps for each level asked`, interval);
      }
    }
    intervals = result.intervals;
  } else if (standardErrors !== null) {
    intervals = intervalsFromErrors(result.degreesOfFreedom === undefined ? { mean, standardErrors } : { mean, standardErrors, degreesOfFreedom: result.degreesOfFreedom }, levels);
  }
  return {
    mean,
    intervals: intervals.map(({ level, lower, upper }) => ({ level, lower: lower.map(finite), upper: upper.map(finite) })),
    standardErrors,
    intervalMethod: intervals.length === 0 && levels.length > 0 ? 'none' : (result.intervalMethod ?? 'analytic'),
    periods: labelPeriods(stored, length, horizon),
    assumptions: [...stored.assumptions, ...(result.assumptions ?? [])],
  };
}

/** A stored state comes from outside: if the model stumbles over it, the state is what is wrong. */
function guardStored<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    throw createDomainError('invalid_value', ['stored', 'state'], { expected: 'the state as the model stored it', hint: error.message });
  }
}

function readStored<State>(value: unknown, name: string): StoredModel<State> {
  const issues: IssueSink = [];
  if (!isPlainRecord(value)) throw createDomainError('invalid_type', ['stored'], { expected: 'a stored model', received: value });
  if (value.formatVersion !== 1) {
    throw createDomainError(value.formatVersion === undefined ? 'missing_key' : 'unsupported_format_version', ['stored', 'formatVersion'], {
      expected: '1',
      received: value.formatVersion,
    });
  }
  if (value.model !== name)
    issues.push(createIssue('invalid_value', ['stored', 'model'], { expected: `"${name}"`, received: value.model, hint: 'resume it with the model that made it' }));
  for (const key of ['fitted', 'residuals', 'assumptions', 'issues'] as const) {
    if (!Array.isArray(value[key])) issues.push(createIssue('invalid_type', ['stored', key], { expected: 'a list', received: value[key] }));
  }
  for (const key of ['length', 'observations', 'seasonLength'] as const) checkNumber(value[key], ['stored', key], issues, { integer: true, min: 0 });
  for (const key of ['settings', 'parameters'] as const) {
    if (!isPlainRecord(value[key])) issues.push(createIssue('invalid_type', ['stored', key], { expected: 'an object', received: value[key] }));
  }
  checkText(value.label, ['stored', 'label'], issues);
  if (value.state === undefined) issues.push(createIssue('missing_key', ['stored', 'state'], { expected: 'the state of the model' }));
  throwIfIssues(issues, { name: 'InvalidStoredModelError' });
  // The envelope is checked above; the state is the model's own and was JSON-safe when it was stored.
  return value as unknown as StoredModel<State>;
}
