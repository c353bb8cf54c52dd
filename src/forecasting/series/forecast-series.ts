import { checkBoolean, checkKeys, checkNumber, checkOneOf, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { isDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { describeMembers, type EnsembleState, ensemble, isIntermittent } from './ensemble.js';
import { isConstant } from './ets.js';
import { fillNaN } from './fill-gaps.js';
import {
  type FittedModel,
  type ForecastInterval,
  type ForecastModel,
  type ForecastPath,
  type IntervalMethod,
  readHorizon,
  readLevels,
  type StoredModel,
} from './forecast-model.js';
import { withBacktestScaledIntervals, withConformalIntervals } from './interval-wrappers.js';
import { seasonalNaive } from './naive.js';
import { collectPastErrors } from './past-errors.js';
import { adjustSeason, hasSeason, isSeasonal } from './theta.js';
import { labelPeriods, type ReadSeries, readSeries, type SeriesInput } from './time-series.js';

/**
 * Settings of {@link forecastSeries}.
 *
 * @category forecasting
 */
export interface ForecastSeriesOptions {
  /** Number of periods ahead. Default: one season, 6 without season. */
  readonly horizon?: number;
  /** Levels of the intervals, as fractions. Default `[0.8, 0.95]`. */
  readonly levels?: readonly number[];
  /** The model. Default: {@link ensemble}, which chooses by itself. */
  readonly model?: ForecastModel;
  /**
   * `model`: those of the model, which for the default model are calibrated. `conformal` and `backtest-scaled`: learned from this series' own past forecasts; the model is
   * then fitted some 24 times more. Default `model`.
   */
  readonly intervals?: 'model' | 'conformal' | 'backtest-scaled';
  /** `repair`: a single value far out of line with its neighbours and its season is taken as a gap, and said so; `keep`: it counts like any other. Default `repair`. */
  readonly outliers?: 'repair' | 'keep';
  /** Whether a forecast below 0 makes no sense. Default: if no value of the series is below 0. */
  readonly nonNegative?: boolean;
  /** Number of past forecasts to compare with the seasonal naive forecast; the model is fitted that many times more. Default 0: none. */
  readonly backtest?: number;
}

/**
 * A value that was left out because it is far out of line.
 *
 * @category forecasting
 */
export interface RepairedValue {
  /** Index in the series. */
  readonly index: number;
  /** Label of the period, if the series has a start. */
  readonly period: string | null;
  /** The value. */
  readonly value: number;
  /** What its neighbours and its season suggest. */
  readonly expected: number;
}

/**
 * How the model did in the past.
 *
 * @category forecasting
 */
export interface PastPerformance {
  /** Number of past forecasts. */
  readonly origins: number;
  /** Steps ahead of each. */
  readonly horizon: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** Mean absolute error of the seasonal naive forecast (the naive one without season) from the same origins. */
  readonly naiveMae: number;
  /** 1 − mae / naiveMae: above 0 the model was better. `null` if the naive forecast was never wrong. */
  readonly skill: number | null;
}

/**
 * A share of the forecast.
 *
 * @category forecasting
 */
export interface ForecastShare {
  /** Which model. */
  readonly label: string;
  /** Its weight; all together 1. */
  readonly weight: number;
}

/**
 * A forecast with its account.
 *
 * @category forecasting
 */
export interface SeriesForecast {
  /** Point forecast for each step, in the unit of the series; empty if no value is known. */
  readonly mean: readonly number[];
  /** One entry for each level, in the order asked; none if there is nothing to base them on. */
  readonly intervals: readonly ForecastInterval[];
  /** Standard deviation of the error for each step, or `null`. */
  readonly standardErrors: readonly number[] | null;
  /** How the intervals were made. */
  readonly intervalMethod: IntervalMethod;
  /** Labels of the periods, or `null` if the series has no start. */
  readonly periods: readonly string[] | null;
  /** Currency of the series, or `null`. */
  readonly currency: string | null;
  /** What was chosen, for example `ETS(M,A,M) and 2 more with Theta`; `null` if no value is known. */
  readonly chosen: string | null;
  /** What the forecast consists of, largest share first. */
  readonly shares: readonly ForecastShare[];
  /** Why, in plain words. */
  readonly because: readonly string[];
  /** What must hold for the figures to be right. */
  readonly assumptions: readonly string[];
  /** Values that were left out as outliers. */
  readonly repaired: readonly RepairedValue[];
  /** How the model did in the past, if asked. */
  readonly past: PastPerformance | null;
  /** Values that could not be read; they were taken as gaps. */
  readonly issues: readonly Issue[];
  /** The fit as plain data, to be resumed by the model; `null` if there is none. */
  readonly stored: StoredModel | null;
}

const OPTION_KEYS: readonly string[] = ['horizon', 'levels', 'model', 'intervals', 'outliers', 'nonNegative', 'backtest'];

/** How many robust standard deviations of the changes make an outlier. */
const FAR = 12;

function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = Math.floor(values.length / 2);
  return values.length % 2 === 1 ? (values[middle] ?? 0) : ((values[middle - 1] ?? 0) + (values[middle] ?? 0)) / 2;
}

/** What {@link findOutliers} found. Internal. */
export interface OutlierSearch {
  readonly found: readonly { readonly index: number; readonly expected: number }[];
  /** The newest value is as far out as an outlier, but may be the beginning of something. */
  readonly newestIsFar: boolean;
}

/**
 * Single values far out of line: up and down again (or the reverse) by more than 12 robust standard deviations of the changes and half the usual size of the values,
 * after the season is taken out, and not repeated in the same season of another year. A change that lasts is none, and the newest value is never one.
 */
export function findOutliers(y: Float64Array, m: number): OutlierSearch {
  const n = y.length;
  const known: number[] = [];
  for (let t = 0; t < n; t += 1) if ((y[t] ?? NaN) === (y[t] ?? NaN)) known.push(t);
  if (known.length < 8) return { found: [], newestIsFar: false };
  const filled = fillNaN(y, m);
  const seasonal = m > 1 && n >= 3 * m && isSeasonal(filled, n, m);
  const { adjusted, figure, multiplicative } = seasonal ? adjustSeason(filled, m) : { adjusted: filled, figure: null, multiplicative: false };
  const at = (k: number): number => adjusted[known[k] ?? 0] ?? 0;
  const changes: number[] = [];
  for (let k = 1; k < known.length; k += 1) changes.push(Math.abs(at(k) - at(k - 1)));
  const level = medianOf(known.map((t) => Math.abs(adjusted[t] ?? 0)));
  const limit = Math.max(FAR * 1.4826 * medianOf(changes), 0.5 * level);
  const found: { index: number; expected: number }[] = [];
  const last = known.length - 1;
  known.forEach((t, k) => {
    if (k === last) return;
    const after = at(k) - at(k + 1);
    const before = k === 0 ? 2 * after : at(k) - at(k - 1);
    // The oldest value has one neighbour only, so it must be twice as far out.
    const size = after * before > 0 ? Math.min(Math.abs(after), Math.abs(before)) : 0;
    if (!(size > (k === 0 ? 2 * limit : limit))) return;
    for (const other of [t - m, t + m]) {
      if (m < 2 || other < 0 || other >= n) continue;
      if (Math.abs((y[other] ?? NaN) - (y[t] ?? 0)) < 0.5 * size) return;
    }
    const expected = k === 0 ? at(1) : 0.5 * (at(k - 1) + at(k + 1));
    const effect = figure?.[t % m] ?? 0;
    found.push({ index: t, expected: figure === null ? expected : multiplicative ? expected * effect : expected + effect });
  });
  // Many of them are no outliers but the nature of the series.
  return { found: found.length > Math.max(1, 0.04 * known.length) ? [] : found, newestIsFar: Math.abs(at(last) - at(last - 1)) > 2 * limit };
}

interface Settings {
  readonly horizon: number | undefined;
  readonly levels: readonly number[];
  readonly model: ForecastModel;
  readonly isDefault: boolean;
  readonly intervals: 'model' | 'conformal' | 'backtest-scaled';
  readonly outliers: 'repair' | 'keep';
  readonly nonNegative: boolean | undefined;
  readonly backtest: number;
}

function readSettings(options: ForecastSeriesOptions): Settings {
  const issues: IssueSink = [];
  if (!isPlainRecord(options)) issues.push(createIssue('invalid_type', ['options'], { expected: 'an object of options', received: options }));
  throwIfIssues(issues);
  checkKeys(options as Readonly<Record<string, unknown>>, OPTION_KEYS, ['options'], issues);
  const { model } = options;
  if (model !== undefined && (typeof model !== 'object' || model === null || typeof model.fit !== 'function')) {
    issues.push(createIssue('invalid_type', ['options', 'model'], { expected: 'a forecast model', received: model }));
  }
  const settings: Settings = {
    horizon: options.horizon === undefined ? undefined : readHorizon(options.horizon, ['options', 'horizon'], issues),
    levels: readLevels(options.levels, ['options', 'levels'], issues),
    model: model ?? ensemble(),
    isDefault: model === undefined,
    intervals: options.intervals === undefined ? 'model' : (checkOneOf(options.intervals, ['model', 'conformal', 'backtest-scaled'], ['options', 'intervals'], issues) ?? 'model'),
    outliers: options.outliers === undefined ? 'repair' : (checkOneOf(options.outliers, ['repair', 'keep'], ['options', 'outliers'], issues) ?? 'repair'),
    nonNegative: options.nonNegative === undefined ? undefined : checkBoolean(options.nonNegative, ['options', 'nonNegative'], issues),
    backtest: options.backtest === undefined ? 0 : (checkNumber(options.backtest, ['options', 'backtest'], issues, { integer: true, min: 0, max: 1000 }) ?? 0),
  };
  throwIfIssues(issues);
  return settings;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A number for a sentence: four significant digits, no exponent where it can be helped. */
function show(value: number): string {
  return Math.abs(value) >= 1e4 && Math.abs(value) < 1e15 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

function nothing(read: ReadSeries, horizon: number): SeriesForecast {
  return {
    mean: [],
    intervals: [],
    standardErrors: null,
    intervalMethod: 'none',
    periods: labelPeriods(read, read.y.length, horizon),
    currency: read.currency,
    chosen: null,
    shares: [],
    because: ['No value of the series is known, so there is nothing to forecast from.'],
    assumptions: [],
    repaired: [],
    past: null,
    issues: [...read.issues, createIssue('insufficient_data', ['series'], { expected: 'at least one known value', received: 0 })],
    stored: null,
  };
}

/**
 * The one call for a forecast from history: looks at the series, chooses and combines models, gives intervals that hold, and says in plain words what it did
 * and why. Never throws on data: short, constant, zero, negative, gapped and outlier-ridden series all get the best answer they allow, and the account says
 * what that is. Only a wrong call throws.
 *
 * By default the forecast is {@link ensemble}: exponential smoothing (forms by Akaike weight) and Theta, half each. Single wild values are left out (`outliers`), and
 * forecasts of series that never fall below 0 do not either (`nonNegative`).
 *
 * @param series - the series: `{ values, period, start }`, or its values
 * @param options - horizon, levels, model, intervals
 * @returns forecast, intervals, and the account
 * @throws DomainError `invalid_horizon` | `fraction_out_of_range` | `invalid_type` | `unknown_key` | `too_long` | `invalid_value` | `out_of_range` | `not_an_integer` | `invalid_period` | `invalid_date` | `missing_key` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { forecastSeries } from 'dealwright/forecasting';
 * const bookings = [210, 190, 240, 260, 230, 215, 265, 280, 251, 236, 288, 305];
 * const { mean, periods, chosen } = forecastSeries({ values: bookings, period: 'quarter', start: '2023-Q1' }, { horizon: 2 });
 * periods; // => ['2026-Q1', '2026-Q2']
 * mean.length; // => 2
 * chosen === null; // => false
 * forecastSeries([]).because[0]; // => 'No value of the series is known, so there is nothing to forecast from.'
 * ```
 * @category forecasting
 */
export function forecastSeries(series: SeriesInput, options: ForecastSeriesOptions = {}): SeriesForecast {
  const settings = readSettings(options);
  const read = readSeries(series);
  const { y, seasonLength: m, observed } = read;
  const n = y.length;
  const horizon = settings.horizon ?? Math.min(366, m > 1 ? m : 6);
  if (observed === 0) return nothing(read, horizon);
  const because: string[] = [];
  const values = Array.from(y, (value) => (value === value ? value + 0 : null));
  because.push(describeData(read, observed, n));

  const intermittent = isIntermittent(values);
  const repaired: RepairedValue[] = [];
  if (settings.outliers === 'repair' && !intermittent && !isConstant(values)) {
    const labels = labelPeriods(read, 0, n);
    const { found, newestIsFar } = findOutliers(y, m);
    for (const { index, expected } of found) {
      repaired.push({ index, period: labels?.[index] ?? null, value: values[index] ?? 0, expected });
      because.push(`${labels?.[index] ?? `Value ${index + 1}`} (${show(values[index] ?? 0)}) is far out of line with its neighbours (about ${show(expected)}), so it is left out.`);
    }
    if (newestIsFar) because.push('The newest value is far from the one before. It is taken as true; if it is an error, pass null in its place.');
    for (const { index } of repaired) values[index] = null;
  }
  // A series of which only outliers differ is constant without them.
  if (values.every((value) => value === null)) return nothing(read, horizon);

  const input = {
    values,
    seasonLength: m,
    ...(read.period === null ? {} : { period: read.period }),
    ...(read.start === null ? {} : { start: read.start }),
    ...(read.calendar === null ? {} : { calendar: read.calendar }),
  };
  const wrapped =
    settings.intervals === 'conformal'
      ? withConformalIntervals(settings.model)
      : settings.intervals === 'backtest-scaled'
        ? withBacktestScaledIntervals(settings.model)
        : settings.model;
  let used: ForecastModel = wrapped;
  let fit: FittedModel;
  let path: ForecastPath;
  try {
    fit = used.fit(input);
    path = fit.predict(horizon, { levels: settings.levels });
  } catch (error) {
    if (!isDomainError(error) || settings.isDefault) throw error;
    // The caller's model cannot be used on this series: the default one can be used on any.
    because.push(`Model "${settings.model.name}" cannot be used here (${error.issues[0].expected ?? error.issues[0].message}); the default model takes its place.`);
    used = ensemble();
    fit = used.fit(input);
    path = fit.predict(horizon, { levels: settings.levels });
  }

  const lowest = Math.min(...values.filter((value) => value !== null));
  const floor = settings.nonNegative ?? lowest >= 0;
  const clip = (list: readonly number[]): number[] => (floor ? list.map((value) => Math.max(0, value) + 0) : [...list]);
  const mean = clip(path.mean);
  const intervals = path.intervals.map(({ level, lower, upper }) => ({ level, lower: clip(lower), upper: clip(upper) }));
  const assumptions = [...path.assumptions];
  if (floor && (path.mean.some((value) => value < 0) || path.intervals.some(({ lower }) => lower.some((value) => value < 0)))) {
    assumptions.push(settings.nonNegative === true ? 'Nothing is forecast below 0, as asked.' : 'No value of the series is below 0, so nothing is forecast below 0.');
  }
  const shares = explain(used, fit, because, {
    intermittent,
    m,
    n,
    y: fillNaN(
      Float64Array.from(values, (value) => value ?? NaN),
      m,
    ),
  });
  const past = settings.backtest > 0 ? measurePast(settings.model, values, m, Math.min(horizon, Math.max(1, m)), settings.backtest) : null;
  if (past !== null) because.push(describePast(past));
  else if (settings.backtest > 0) because.push('The series is too short for past forecasts.');
  because.push(describeIntervals(path, settings.levels.length));
  return {
    mean,
    intervals,
    standardErrors: path.standardErrors,
    intervalMethod: path.intervalMethod,
    periods: labelPeriods(read, n, horizon),
    currency: read.currency,
    chosen: fit.label,
    shares,
    because,
    assumptions,
    repaired,
    past,
    issues: read.issues,
    stored: fit.stored,
  };
}

function describeData(read: ReadSeries, observed: number, n: number): string {
  const { period, start, seasonLength, partialLeftOut } = read;
  const unit = period === null ? 'values' : period === 'half' ? 'halves' : `${period}s`;
  const parts = [`${count(observed, `known ${period ?? 'value'}`, `known ${unit}`)}${start === null ? '' : ` from ${start}`}`];
  if (n > observed) parts.push(`${count(n - observed, 'gap', 'gaps')} left unknown`);
  if (partialLeftOut) parts.push('the last one, which is not over, left out');
  if (seasonLength > 1) parts.push(`a season of ${seasonLength} looked for`);
  return `${parts.join(', ')}.`;
}

function explain(model: ForecastModel, fit: FittedModel, because: string[], facts: { intermittent: boolean; m: number; n: number; y: Float64Array }): ForecastShare[] {
  const inner = unwrap(fit.stored);
  if (inner.model !== 'ensemble') {
    because.push(`Forecast by ${model.name}: ${fit.label}.`);
    return [{ label: fit.label, weight: 1 }];
  }
  // The default model's own state.
  const state = inner.state as EnsembleState;
  switch (state.kind) {
    case 'single':
      because.push('There is one value, so it is the forecast; nothing is known about how far it may move.');
      break;
    case 'constant':
      because.push('All values are the same, so that value is the forecast.');
      break;
    case 'short':
      because.push('With fewer than five values a pattern cannot be told from chance, so the last value is the forecast.');
      break;
    case 'intermittent':
      because.push('Many periods have no sales, so sizes and frequency of sales are forecast apart (Croston, corrected by Syntetos and Boylan).');
      break;
    default: {
      const { m, n, y } = facts;
      if (m > 1) {
        if (n <= 2 * m) because.push(`There are not more than two seasons of ${m}, so a season can hardly be told from chance.`);
        else
          because.push(
            hasSeason(y, n, m)
              ? `Values resemble those ${m} periods before more than chance allows: there is a season.`
              : `Values do not resemble those ${m} periods before more than chance allows.`,
          );
      }
      const members = describeMembers(state);
      const named = members
        .filter((member) => member.weight >= 0.02)
        .slice(0, 5)
        .map((member) => `${member.label} ${percent(member.weight)}`);
      because.push(`Combined, because combinations beat their parts: ${named.join(', ')}. Forms of exponential smoothing are weighted by AICc.`);
      return members;
    }
  }
  return [{ label: fit.label, weight: 1 }];
}

/** The fit inside an interval wrapper. */
function unwrap(stored: StoredModel): StoredModel {
  const { state } = stored;
  if (isPlainRecord(state) && isPlainRecord(state.inner) && state.inner.formatVersion === 1) return state.inner as unknown as StoredModel;
  return stored;
}

function measurePast(model: ForecastModel, values: readonly (number | null)[], m: number, horizon: number, windows: number): PastPerformance | null {
  const data = { values, seasonLength: m };
  const last = values.length - horizon;
  const origins = Math.min(windows, last - Math.max(4, Math.min(2 * m, Math.floor(values.length / 2))));
  if (origins < 1) return null;
  const own = collectPastErrors(model, data, horizon, origins, last);
  const other = collectPastErrors(seasonalNaive(), data, horizon, origins, last);
  const mae = (errors: readonly (readonly number[])[]): number => {
    let sum = 0;
    let total = 0;
    for (const list of errors) {
      for (const error of list) {
        sum += Math.abs(error);
        total += 1;
      }
    }
    return total === 0 ? NaN : sum / total;
  };
  const mine = mae(own.errors);
  const theirs = mae(other.errors);
  if (mine !== mine || theirs !== theirs) return null;
  return { origins: own.origins, horizon, mae: mine, naiveMae: theirs, skill: theirs > 0 ? 1 - mine / theirs : null };
}

function describePast({ origins, horizon, mae, naiveMae, skill }: PastPerformance): string {
  const scope = `Over the last ${count(origins, 'forecast', 'forecasts')}, up to ${count(horizon, 'step', 'steps')} ahead, its mean absolute error was ${show(mae)}`;
  if (skill === null) return `${scope}; repeating last season was never wrong.`;
  return skill > 0 ? `${scope}, ${percent(skill)} less than repeating last season (${show(naiveMae)}).` : `${scope}, no better than repeating last season (${show(naiveMae)}).`;
}

function describeIntervals(path: ForecastPath, levels: number): string {
  if (levels === 0) return 'No intervals were asked for.';
  switch (path.intervalMethod) {
    case 'none':
      return 'There is nothing to base intervals on.';
    case 'calibrated':
      return 'Intervals count the members’ own uncertainty and their disagreement, in a shape that held on past competitions.';
    case 'conformal':
      return 'Intervals are the sizes of the errors of past forecasts of this series.';
    case 'backtest-scaled':
      return 'Intervals are those of the model, scaled by the errors of past forecasts of this series.';
    case 'bootstrapped':
      return 'Intervals are those of a single period, from past sizes and the chance of a sale.';
    default:
      return 'Intervals are those of the model.';
  }
}
