import { checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { isDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { type Accuracy, accuracyOfPairs, changeScale, type ForecastPair } from './accuracy.js';
import { type ForecastInterval, type ForecastModel, type ForecastPath, readHorizon, readLevels } from './forecast-model.js';
import { labelPeriods, readSeries, type SeriesInput } from './time-series.js';

/**
 * How a series is replayed.
 *
 * @category forecasting
 */
export interface BacktestOptions {
  /** Steps ahead. Default: one season, at most a quarter of the series; 1 without season. */
  readonly horizon?: number;
  /** Length of the first training part. Default: the window, if there is one; else what the model needs, and at least two seasons or a third of the series, as far as the series allows. */
  readonly initial?: number;
  /** Periods from one origin to the next. Default 1. */
  readonly step?: number;
  /** Periods between the end of the training part and the first one forecast: figures that are not in yet when the forecast is made. Default 0. */
  readonly gap?: number;
  /** Length of a sliding training part. Default: it expands, from the first period on. */
  readonly window?: number;
  /** Most origins; the latest are kept. Default: all. */
  readonly origins?: number;
  /** Levels of the intervals. Default `[0.8, 0.95]`. */
  readonly levels?: readonly number[];
}

/**
 * One forecast of the past.
 *
 * @category forecasting
 */
export interface BacktestOrigin {
  /** Index of the first period trained on. */
  readonly trainingStart: number;
  /** Index after the last period trained on. */
  readonly trainingEnd: number;
  /** Labels of the periods forecast, if the series has a start. */
  readonly periods: readonly string[] | null;
  /** Point forecasts. */
  readonly mean: readonly number[];
  /** What happened; `null` where it is not known, or lies beyond the end of the series. */
  readonly actual: readonly (number | null)[];
  /** Actual − forecast. */
  readonly errors: readonly (number | null)[];
  /** Standard errors, if the model gives them. */
  readonly standardErrors: readonly number[] | null;
  /** Intervals. */
  readonly intervals: readonly ForecastInterval[];
}

/**
 * Accuracy at one number of steps ahead.
 *
 * @category forecasting
 */
export interface HorizonAccuracy {
  /** Steps ahead, beginning with 1. */
  readonly horizon: number;
  /** Accuracy over all origins. Scaled errors use the training part of each. */
  readonly accuracy: Accuracy;
}

/**
 * Forecasts of the past, and how good they were.
 *
 * @category forecasting
 */
export interface Backtest {
  /** Name of the model. */
  readonly model: string;
  /** Steps ahead. */
  readonly horizon: number;
  /** One entry for each forecast. */
  readonly origins: readonly BacktestOrigin[];
  /** Accuracy over all origins and steps. */
  readonly overall: Accuracy;
  /** Accuracy by number of steps ahead. */
  readonly byHorizon: readonly HorizonAccuracy[];
  /** Origins that could not be forecast, and values that could not be read. */
  readonly issues: readonly Issue[];
}

/** How a series is replayed, after reading. Internal. */
export interface BacktestPlan {
  readonly horizon: number;
  readonly initial: number;
  readonly step: number;
  readonly gap: number;
  readonly window: number | null;
  readonly most: number;
  readonly levels: readonly number[];
}

function readPlan(options: BacktestOptions, n: number, m: number, needed: number): BacktestPlan {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['horizon', 'initial', 'step', 'gap', 'window', 'origins', 'levels'], ['options'], issues);
  const whole = (key: string, min: number): number | undefined =>
    record[key] === undefined ? undefined : checkNumber(record[key], ['options', key], issues, { integer: true, min, max: 1_000_000 });
  const horizon = record.horizon === undefined ? Math.max(1, Math.min(m > 1 ? m : 1, Math.floor(n / 4))) : readHorizon(record.horizon, ['options', 'horizon'], issues);
  const window = whole('window', 1) ?? null;
  const wanted = Math.max(needed, Math.min(2 * m + 1, Math.floor(n / 2)), Math.floor(n / 3));
  const initial = whole('initial', 0) ?? window ?? Math.min(wanted, Math.max(needed, n - horizon));
  const plan = {
    horizon,
    initial,
    step: whole('step', 1) ?? 1,
    gap: whole('gap', 0) ?? 0,
    window,
    most: whole('origins', 1) ?? Infinity,
    levels: readLevels(record.levels, ['options', 'levels'], issues),
  };
  throwIfIssues(issues);
  return plan;
}

/** The ends of the training parts, earliest first. */
export function originEnds(n: number, plan: BacktestPlan): number[] {
  const ends: number[] = [];
  const first = Math.max(1, plan.initial, plan.window ?? 0);
  for (let end = first; end + plan.gap < n; end += plan.step) ends.push(end);
  return ends.length > plan.most ? ends.slice(ends.length - plan.most) : ends;
}

/**
 * Replays a series: from one origin after another the model is fitted to what was known then, forecasts, and is compared with what happened (rolling
 * origin). With `initial: k` and the rest by default, the errors are those of R's `tsCV(initial = k - 1)`. Nothing at or after an origin is seen by the model.
 *
 * @param model - any model
 * @param series - the series
 * @param options - horizon, first origin, step, gap, window
 * @returns each forecast with its errors, and the accuracy overall and by step
 * @throws DomainError `invalid_horizon` | `invalid_type` | `unknown_key` | `out_of_range` | `not_an_integer` | `fraction_out_of_range` | `too_long` | `invalid_value` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { backtest, naive } from 'dealwright/forecasting';
 * const replay = backtest(naive(), [10, 12, 15, 11, 14], { horizon: 1, initial: 2 });
 * replay.origins.map((origin) => origin.errors[0]); // => [3, -4, 3]
 * replay.overall.mae?.toFixed(3); // => '3.333'
 * ```
 * @category forecasting
 */
export function backtest(model: ForecastModel, series: SeriesInput, options: BacktestOptions = {}): Backtest {
  const read = readSeries(series);
  const { y, seasonLength } = read;
  const n = y.length;
  const plan = readPlan(options, n, seasonLength, model.minimumObservations(seasonLength));
  const issues: Issue[] = [...read.issues];
  const origins: BacktestOrigin[] = [];
  const scales: { absolute: number; squared: number }[] = [];
  const values = Array.from(y, (value) => (value === value ? value + 0 : null));
  for (const end of originEnds(n, plan)) {
    const start = plan.window === null ? 0 : end - plan.window;
    let path: ForecastPath;
    try {
      path = model.fit({ values: values.slice(start, end), seasonLength }).predict(plan.horizon + plan.gap, { levels: plan.levels });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      issues.push(createIssue(error.code, ['origins', end], { message: `No forecast from period ${end}: ${error.message}` }));
      continue;
    }
    const from = plan.gap;
    const mean = path.mean.slice(from);
    const actual = mean.map((_, h) => values[end + plan.gap + h] ?? null);
    origins.push({
      trainingStart: start,
      trainingEnd: end,
      periods: labelPeriods(read, end + plan.gap, plan.horizon),
      mean,
      actual,
      errors: actual.map((value, h) => (value === null ? null : value - (mean[h] ?? 0) + 0)),
      standardErrors: path.standardErrors?.slice(from) ?? null,
      intervals: path.intervals.map(({ level, lower, upper }) => ({ level, lower: lower.slice(from), upper: upper.slice(from) })),
    });
    scales.push(changeScale(y.subarray(start, end), end - start, seasonLength));
  }
  const accuracyOf = (wanted: number | null): Accuracy => {
    const pairs: ForecastPair[] = [];
    const limits = plan.levels.map((level) => ({ level, lower: [] as number[], upper: [] as number[] }));
    let everyInterval = true;
    origins.forEach((origin, index) => {
      origin.actual.forEach((actual, h) => {
        if (actual === null || (wanted !== null && h !== wanted)) return;
        pairs.push({
          actual,
          forecast: origin.mean[h] ?? 0,
          before: y[origin.trainingEnd + plan.gap + h - 1] ?? NaN,
          scale: scales[index]?.absolute ?? NaN,
          squaredScale: scales[index]?.squared ?? NaN,
          standardError: origin.standardErrors?.[h] ?? NaN,
        });
        plan.levels.forEach((_, k) => {
          const interval = origin.intervals[k];
          if (interval === undefined) everyInterval = false;
          else {
            limits[k]?.lower.push(interval.lower[h] ?? 0);
            limits[k]?.upper.push(interval.upper[h] ?? 0);
          }
        });
      });
    });
    return accuracyOfPairs(pairs, everyInterval ? limits : [], wanted === 0 && plan.step === 1);
  };
  return {
    model: model.name,
    horizon: plan.horizon,
    origins,
    overall: accuracyOf(null),
    byHorizon: Array.from({ length: plan.horizon }, (_, h) => ({ horizon: h + 1, accuracy: accuracyOf(h) })),
    issues,
  };
}
