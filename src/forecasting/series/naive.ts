import { checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { defineForecastModel, type ForecastModel } from './forecast-model.js';

/**
 * State of {@link naive}.
 *
 * @category forecasting
 */
export interface NaiveState {
  /** The last known value. */
  readonly last: number;
  /** Periods without a value after it. */
  readonly age: number;
  /** Standard deviation of the one-step errors. */
  readonly sigma: number;
}

/**
 * The naive forecast: the last known value, for every step. The error of step h has the standard deviation σ √h with σ² = mean of the squared one-step errors.
 *
 * @returns the model
 * @example
 * ```ts
 * import { naive } from 'dealwright/forecasting';
 * naive().fit([100, 120, 110]).predict(2).mean; // => [110, 110]
 * ```
 * @category forecasting
 */
export function naive(): ForecastModel<NaiveState> {
  return defineForecastModel<NaiveState>({
    name: 'naive',
    fit: ({ values }) => {
      const fitted: (number | null)[] = [];
      let last = 0;
      let at = -1;
      let squares = 0;
      let count = 0;
      values.forEach((value, t) => {
        fitted.push(at < 0 ? null : last);
        if (value === null) return;
        if (at >= 0) {
          squares += (value - last) ** 2;
          count += 1;
        }
        last = value;
        at = t;
      });
      const sigma = count === 0 ? 0 : Math.sqrt(squares / count);
      return {
        state: { last, age: values.length - 1 - at, sigma },
        fitted,
        parameters: { sigma },
        assumptions: ['Changes from one period to the next are independent, normal, and without drift.'],
      };
    },
    predict: ({ last, age, sigma }, { horizon }) => {
      const mean: number[] = [];
      const standardErrors: number[] = [];
      for (let h = 1; h <= horizon; h += 1) {
        mean.push(last);
        standardErrors.push(sigma * Math.sqrt(h + age));
      }
      return { mean, standardErrors };
    },
  });
}

/**
 * State of {@link seasonalNaive}.
 *
 * @category forecasting
 */
export interface SeasonalNaiveState {
  /** For each of the next periods of one season: the last known value of the same season. */
  readonly season: readonly number[];
  /** How many seasons each of them lies back beyond one. */
  readonly age: readonly number[];
  /** Standard deviation of the errors one season ahead. */
  readonly sigma: number;
}

/**
 * Settings of {@link seasonalNaive}.
 *
 * @category forecasting
 */
export interface SeasonalNaiveOptions {
  /** Length of the season. Default: that of the series. */
  readonly seasonLength?: number;
}

/**
 * The seasonal naive forecast: the value of the same season last time. The error of step h has the standard deviation σ √k with k = ⌈h/m⌉ seasons and
 * σ² = mean of the squared errors one season ahead. Without a season it is the naive forecast.
 *
 * @param options - length of the season
 * @returns the model
 * @throws DomainError `out_of_range` | `not_an_integer` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { seasonalNaive } from 'dealwright/forecasting';
 * seasonalNaive().fit({ values: [10, 20, 30, 40, 12, 22, 32, 42], period: 'quarter' }).predict(5).mean; // => [12, 22, 32, 42, 12]
 * ```
 * @category forecasting
 */
export function seasonalNaive(options: SeasonalNaiveOptions = {}): ForecastModel<SeasonalNaiveState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['seasonLength'], ['options'], issues);
  const given = record.seasonLength === undefined ? undefined : checkNumber(record.seasonLength, ['options', 'seasonLength'], issues, { integer: true, min: 1, max: 5000 });
  throwIfIssues(issues);
  return defineForecastModel<SeasonalNaiveState>({
    name: 'seasonal-naive',
    settings: given === undefined ? {} : { seasonLength: given },
    fit: ({ values, seasonLength, filled }) => {
      const m = given ?? seasonLength;
      const n = values.length;
      const last: (number | null)[] = Array.from({ length: m }, () => null);
      const seen: number[] = Array.from({ length: m }, () => -1);
      const fitted: (number | null)[] = [];
      let squares = 0;
      let count = 0;
      values.forEach((value, t) => {
        const j = t % m;
        const before = last[j] ?? null;
        fitted.push(before);
        if (value === null) return;
        if (before !== null) {
          squares += (value - before) ** 2;
          count += 1;
        }
        last[j] = value;
        seen[j] = t;
      });
      const season: number[] = [];
      const age: number[] = [];
      // A season never seen takes the last known value of all.
      const fallback = filled[n - 1] ?? 0;
      for (let h = 0; h < m; h += 1) {
        const j = (n + h) % m;
        const value = last[j] ?? null;
        season.push(value ?? fallback);
        age.push(value === null ? 0 : Math.max(0, Math.round((n + h - (seen[j] ?? 0)) / m) - 1));
      }
      const sigma = count === 0 ? 0 : Math.sqrt(squares / count);
      return {
        state: { season, age, sigma },
        fitted,
        parameters: { sigma },
        assumptions: ['Changes from one season to the same season of the next cycle are independent, normal, and without drift.'],
      };
    },
    predict: ({ season, age, sigma }, { horizon }) => {
      const m = season.length;
      const mean: number[] = [];
      const standardErrors: number[] = [];
      for (let h = 0; h < horizon; h += 1) {
        mean.push(season[h % m] ?? 0);
        standardErrors.push(sigma * Math.sqrt(Math.floor(h / m) + 1 + (age[h % m] ?? 0)));
      }
      return { mean, standardErrors };
    },
  });
}

/**
 * State of {@link drift}.
 *
 * @category forecasting
 */
export interface DriftState {
  /** The last known value. */
  readonly last: number;
  /** Periods without a value after it. */
  readonly age: number;
  /** Mean change from period to period. */
  readonly slope: number;
  /** Standard deviation of the one-step errors. */
  readonly sigma: number;
  /** Standard error of the slope. */
  readonly slopeError: number;
}

/**
 * Random walk with drift: the last value plus h times the mean change (last − first) / (n − 1). Standard error of step h: √(h σ² + h² se²), where σ² has
 * n − 2 degrees of freedom and se is the standard error of the mean change.
 *
 * @returns the model; needs two values
 * @example
 * ```ts
 * import { drift } from 'dealwright/forecasting';
 * drift().fit([100, 104, 112]).predict(2).mean; // => [118, 124]
 * ```
 * @category forecasting
 */
export function drift(): ForecastModel<DriftState> {
  return defineForecastModel<DriftState>({
    name: 'drift',
    minimumObservations: 2,
    fit: ({ values }) => {
      const known: number[] = [];
      values.forEach((value, t) => {
        if (value !== null) known.push(t);
      });
      const firstAt = known[0] ?? 0;
      const lastAt = known[known.length - 1] ?? 0;
      const first = values[firstAt] ?? 0;
      const last = values[lastAt] ?? 0;
      const span = lastAt - firstAt;
      const slope = (last - first) / span;
      const fitted: (number | null)[] = [];
      let previous = -1;
      let squares = 0;
      values.forEach((value, t) => {
        fitted.push(previous < 0 ? null : (values[previous] ?? 0) + slope * (t - previous));
        if (value === null) return;
        if (previous >= 0) squares += (value - (values[previous] ?? 0) - slope * (t - previous)) ** 2 / (t - previous);
        previous = t;
      });
      const degrees = known.length - 2;
      const sigma = degrees > 0 ? Math.sqrt(squares / degrees) : 0;
      const slopeError = sigma / Math.sqrt(span);
      return {
        state: { last, age: values.length - 1 - lastAt, slope, sigma, slopeError },
        fitted,
        parameters: { slope, slopeError, sigma },
        assumptions: ['Changes from one period to the next are independent and normal around a constant mean.'],
      };
    },
    predict: ({ last, age, slope, sigma, slopeError }, { horizon }) => {
      const mean: number[] = [];
      const standardErrors: number[] = [];
      for (let h = 1 + age; h <= horizon + age; h += 1) {
        mean.push(last + slope * h);
        standardErrors.push(Math.sqrt(h * sigma * sigma + h * h * slopeError * slopeError));
      }
      return { mean, standardErrors };
    },
  });
}
