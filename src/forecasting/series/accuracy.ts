import { checkKeys, checkNumber, checkRecord, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { normalDensity, normalTail } from '../../stats/normal-tail.js';
import { autocorrelations } from './autocorrelation.js';
import type { ForecastInterval, ForecastPath } from './forecast-model.js';
import { MAX_SIZE, MIN_SIZE, readSeries, type SeriesInput } from './time-series.js';

/**
 * How well intervals of one level held.
 *
 * @category forecasting
 */
export interface IntervalAccuracy {
  /** Level, as a fraction. */
  readonly level: number;
  /** Share of actual values within the limits. */
  readonly coverage: number;
  /** Mean width. */
  readonly meanWidth: number;
  /** Mean Winkler score: width plus 2/(1 − level) times what a value lies outside. Lower is better. */
  readonly winkler: number;
  /** Mean pinball loss of the two limits as quantiles. Lower is better. */
  readonly pinball: number;
}

/**
 * A measure that does not exist, and why.
 *
 * @category forecasting
 */
export interface UnknownMeasure {
  /** Name of the field that is `null`. */
  readonly measure: string;
  /** Why. */
  readonly reason: string;
}

/**
 * Accuracy of a forecast. Errors are actual − forecast; relative measures are fractions, not percentages. What cannot be computed is `null`, with a reason.
 *
 * @category forecasting
 */
export interface Accuracy {
  /** Number of pairs of actual and forecast value. */
  readonly count: number;
  /** Mean of actual − forecast. */
  readonly meanError: number | null;
  /** Σ (forecast − actual) / Σ |actual|: above 0 the forecast was too high. `null` if all actual values are 0. */
  readonly bias: number | null;
  /** Mean absolute error. */
  readonly mae: number | null;
  /** Root of the mean squared error. */
  readonly rmse: number | null;
  /** Weighted absolute percentage error: Σ |e| / Σ |actual|. `null` if all actual values are 0. */
  readonly wape: number | null;
  /** Mean of e / actual. `null` if an actual value is 0. */
  readonly mpe: number | null;
  /** Mean of |e / actual|. `null` if an actual value is 0. */
  readonly mape: number | null;
  /** Mean of 2 |e| / (|actual| + |forecast|), 0 where both are 0: from 0 to 2. The usual percentage is 100 times this. */
  readonly smape: number | null;
  /** Mean |e| over the mean absolute seasonal change of the training series (lag m; 1 without season). `null` without training, or if it never changes. */
  readonly mase: number | null;
  /** Root of the mean e² over the mean squared seasonal change of the training series. */
  readonly rmsse: number | null;
  /** Theil's U₂: root of Σ (e/y₋₁)² / Σ (Δy/y₋₁)²; below 1 it beats "no change". `null` if a previous value is 0 or nothing changes. */
  readonly theilU: number | null;
  /** Σ e / mean |e|: beyond ±4 or so the forecast is biased. `null` if there is no error. */
  readonly trackingSignal: number | null;
  /** Autocorrelation of the errors at lag 1. */
  readonly errorAutocorrelation: number | null;
  /** Mean continuous ranked probability score of the normal distributions with the forecast's standard errors; in the unit of the series. */
  readonly crps: number | null;
  /** Where each actual value lies in its forecast distribution, 0 to 1 (probability integral transform); even if the distributions are right. `null` without standard errors. */
  readonly pit: readonly number[] | null;
  /** One entry for each level of intervals. */
  readonly intervals: readonly IntervalAccuracy[];
  /** Why measures are `null`. */
  readonly unknown: readonly UnknownMeasure[];
}

/**
 * Settings of {@link measureAccuracy}.
 *
 * @category forecasting
 */
export interface MeasureAccuracyOptions {
  /** The series that the model was fitted to; needed for `mase` and `rmsse`. */
  readonly training?: SeriesInput;
  /** Lag of the scale of `mase` and `rmsse`. Default: the season of `training`. */
  readonly seasonLength?: number;
}

/** Mean absolute and mean squared change at a lag; NaN if there is none. */
export function changeScale(y: ArrayLike<number>, n: number, lag: number): { readonly absolute: number; readonly squared: number } {
  let absolute = 0;
  let squared = 0;
  let count = 0;
  for (let t = lag; t < n; t += 1) {
    const change = (y[t] ?? NaN) - (y[t - lag] ?? NaN);
    if (change !== change) continue;
    absolute += Math.abs(change);
    squared += change * change;
    count += 1;
  }
  return { absolute: count === 0 ? NaN : absolute / count, squared: count === 0 ? NaN : squared / count };
}

/** One pair with everything that is known about it. Internal. */
export interface ForecastPair {
  readonly actual: number;
  readonly forecast: number;
  /** Actual value one period before, NaN if unknown. */
  readonly before: number;
  /** Scales of the training series, NaN if unknown. */
  readonly scale: number;
  readonly squaredScale: number;
  /** Standard error, NaN if unknown. */
  readonly standardError: number;
}

/** Limits belonging to the pairs, for one level. Internal. */
export interface PairLimits {
  readonly level: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

const SQRT_PI = 1.7724538509055159;

/** Accuracy of pairs. `ordered`: the pairs are consecutive periods, so that autocorrelation and Theil's U make sense. */
export function accuracyOfPairs(pairs: readonly ForecastPair[], limits: readonly PairLimits[], ordered: boolean): Accuracy {
  const count = pairs.length;
  const unknown: UnknownMeasure[] = [];
  const miss = (measures: readonly string[], reason: string): null => {
    for (const measure of measures) unknown.push({ measure, reason });
    return null;
  };
  if (count === 0) {
    miss(
      ['meanError', 'mae', 'rmse', 'wape', 'mpe', 'mape', 'smape', 'mase', 'rmsse', 'theilU', 'trackingSignal', 'bias', 'errorAutocorrelation', 'crps', 'pit'],
      'there is no pair of actual and forecast value',
    );
    return {
      count,
      meanError: null,
      bias: null,
      mae: null,
      rmse: null,
      wape: null,
      mpe: null,
      mape: null,
      smape: null,
      mase: null,
      rmsse: null,
      theilU: null,
      trackingSignal: null,
      errorAutocorrelation: null,
      crps: null,
      pit: null,
      intervals: [],
      unknown,
    };
  }
  let sum = 0;
  let absolute = 0;
  let squares = 0;
  let size = 0;
  let relative = 0;
  let absoluteRelative = 0;
  let symmetric = 0;
  let scaled = 0;
  let squaredScaled = 0;
  let zero = false;
  const errors = new Float64Array(count);
  pairs.forEach(({ actual, forecast, scale, squaredScale }, index) => {
    const e = actual - forecast;
    errors[index] = e;
    sum += e;
    absolute += Math.abs(e);
    squares += e * e;
    size += Math.abs(actual);
    if (actual === 0) zero = true;
    else {
      relative += e / actual;
      absoluteRelative += Math.abs(e / actual);
    }
    const both = Math.abs(actual) + Math.abs(forecast);
    symmetric += both === 0 ? 0 : (2 * Math.abs(e)) / both;
    scaled += Math.abs(e) / scale;
    squaredScaled += (e * e) / squaredScale;
  });
  const mae = absolute / count;
  const noScale = pairs.some((pair) => !(pair.scale === pair.scale));
  const scaleReason = noScale ? 'the training series is not given, or too short for a seasonal change' : 'the training series never changes';
  let numerator = 0;
  let denominator = 0;
  for (const { actual, forecast, before } of pairs) {
    if (before !== before) continue;
    numerator += ((forecast - actual) / before) ** 2;
    denominator += ((actual - before) / before) ** 2;
  }
  const theil = Math.sqrt(numerator / denominator);
  let crps = 0;
  const pit: number[] = [];
  for (const { actual, forecast, standardError } of pairs) {
    if (!(standardError >= 0)) {
      crps = NaN;
      break;
    }
    if (standardError === 0) {
      crps += Math.abs(actual - forecast);
      pit.push(actual < forecast ? 0 : actual > forecast ? 1 : 0.5);
      continue;
    }
    const z = (actual - forecast) / standardError;
    crps += standardError * (z * (1 - 2 * normalTail(z)) + 2 * normalDensity(z) - 1 / SQRT_PI);
    pit.push(normalTail(-z));
  }
  const hasDistribution = crps === crps;
  return {
    count,
    meanError: sum / count + 0,
    bias: size > 0 ? -sum / size + 0 : miss(['bias'], 'all actual values are 0'),
    mae,
    rmse: Math.sqrt(squares / count),
    wape: size > 0 ? absolute / size : miss(['wape'], 'all actual values are 0'),
    mpe: zero ? miss(['mpe'], 'an actual value is 0') : relative / count + 0,
    mape: zero ? miss(['mape'], 'an actual value is 0') : absoluteRelative / count,
    smape: symmetric / count,
    mase: Number.isFinite(scaled) ? scaled / count : miss(['mase'], scaleReason),
    rmsse: Number.isFinite(squaredScaled) ? Math.sqrt(squaredScaled / count) : miss(['rmsse'], scaleReason),
    theilU:
      ordered && Number.isFinite(theil) ? theil : miss(['theilU'], ordered ? 'a previous value is 0 or unknown, or nothing changes' : 'the pairs are not consecutive periods'),
    trackingSignal: mae > 0 ? sum / mae + 0 : miss(['trackingSignal'], 'there is no error'),
    errorAutocorrelation:
      ordered && count > 1 && squares > 0
        ? (autocorrelations(errors, count, 1)[0] ?? 0)
        : miss(['errorAutocorrelation'], 'it needs at least two consecutive errors that are not all 0'),
    crps: hasDistribution ? crps / count : miss(['crps'], 'the forecast has no standard errors'),
    pit: hasDistribution ? pit : miss(['pit'], 'the forecast has no standard errors'),
    intervals: limits.map(({ level, lower, upper }) => {
      let inside = 0;
      let width = 0;
      let penalty = 0;
      let pinball = 0;
      const tail = (1 - level) / 2;
      pairs.forEach(({ actual }, index) => {
        const low = lower[index] ?? 0;
        const high = upper[index] ?? 0;
        if (actual >= low && actual <= high) inside += 1;
        width += high - low;
        penalty += (2 / (1 - level)) * (Math.max(0, low - actual) + Math.max(0, actual - high));
        pinball += 0.5 * (pinballOf(actual, low, tail) + pinballOf(actual, high, 1 - tail));
      });
      return { level, coverage: inside / count, meanWidth: bounded(width / count), winkler: bounded((width + penalty) / count), pinball: bounded(pinball / count) };
    }),
    unknown,
  };
}

/** As in a series: a number within ±1e100. */
function isUsable(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_SIZE;
}

/** As in a series: what is smaller than 1e-100 is 0. */
function flush(value: number): number {
  return Math.abs(value) < MIN_SIZE ? 0 : value;
}

/** The sum of limits that are beyond measure is too. */
function bounded(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

function pinballOf(actual: number, quantile: number, level: number): number {
  return actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual);
}

/**
 * Measures a forecast against what happened.
 *
 * Zeros: MPE and MAPE are `null` if any actual value is 0; WAPE and bias only if all are; sMAPE counts a pair of zeros as 0. Pairs in which a value is
 * unknown are left out.
 *
 * @param actual - what happened, `null` where it is not known
 * @param forecast - a forecast path, or its point forecasts; the first belongs to the first actual value
 * @param options - the training series for scaled errors
 * @returns every measure, `null` with a reason where it does not exist
 * @throws DomainError `invalid_type` | `unknown_key` | `length_mismatch` | `out_of_range` | `not_an_integer` | `too_long` | `invalid_value` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { measureAccuracy } from 'dealwright/forecasting';
 * const accuracy = measureAccuracy([100, 110, 120], [90, 115, 120], { training: [80, 90, 100] });
 * accuracy.mae; // => 5
 * accuracy.mase; // => 0.5
 * accuracy.bias?.toFixed(4); // => '-0.0152'
 * ```
 * @category forecasting
 */
export function measureAccuracy(actual: readonly (number | null)[], forecast: ForecastPath | readonly (number | null)[], options: MeasureAccuracyOptions = {}): Accuracy {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['training', 'seasonLength'], ['options'], issues);
  const lagGiven = record.seasonLength === undefined ? undefined : checkNumber(record.seasonLength, ['options', 'seasonLength'], issues, { integer: true, min: 1, max: 5000 });
  throwIfIssues(issues);
  if (!Array.isArray(actual)) throw createDomainError('invalid_type', ['actual'], { expected: 'a list of numbers', received: actual });
  const isPath = isPlainRecord(forecast);
  const mean: readonly unknown[] = isPath && Array.isArray(forecast.mean) ? forecast.mean : Array.isArray(forecast) ? forecast : [];
  if (!isPath && !Array.isArray(forecast)) throw createDomainError('invalid_type', ['forecast'], { expected: 'a forecast path, or a list of numbers', received: forecast });
  if (mean.length < actual.length) throw createDomainError('length_mismatch', ['forecast'], { expected: `at least ${actual.length} values`, received: mean.length });
  const path = isPath ? (forecast as unknown as ForecastPath) : null;
  let scale = NaN;
  let squaredScale = NaN;
  if (options.training !== undefined) {
    const training = readSeries(options.training);
    const lag = lagGiven ?? training.seasonLength;
    const found = changeScale(training.y, training.y.length, lag);
    scale = found.absolute;
    squaredScale = found.squared;
  }
  const pairs: ForecastPair[] = [];
  const kept: number[] = [];
  let before = NaN;
  actual.forEach((value: unknown, index) => {
    const point = mean[index];
    const known = isUsable(value);
    if (known && isUsable(point)) {
      kept.push(index);
      pairs.push({ actual: flush(value), forecast: flush(point), before, scale, squaredScale, standardError: path?.standardErrors?.[index] ?? NaN });
    }
    before = known ? flush(value) : NaN;
  });
  const limits = (path?.intervals ?? []).map((interval: ForecastInterval) => ({
    level: interval.level,
    lower: kept.map((index) => interval.lower[index] ?? 0),
    upper: kept.map((index) => interval.upper[index] ?? 0),
  }));
  return accuracyOfPairs(pairs, limits, true);
}
