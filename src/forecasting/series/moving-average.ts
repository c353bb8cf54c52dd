import { checkBoolean, checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { defineForecastModel, type ForecastModel } from './forecast-model.js';

/**
 * Settings of {@link movingAverage}.
 *
 * @category forecasting
 */
export interface MovingAverageOptions {
  /** How many of the last periods are averaged. Default 3. */
  readonly window?: number;
}

/**
 * State of {@link movingAverage}.
 *
 * @category forecasting
 */
export interface MovingAverageState {
  /** Mean of the last periods. */
  readonly level: number;
  /** Standard deviation of the one-step errors. */
  readonly sigma: number;
}

/**
 * The mean of the last `window` periods (gaps filled), for every step. Its standard error is that of the one-step errors over the series, at every step,
 * which is right as long as the level holds. For smoothing a series see {@link smoothSeries}.
 *
 * @param options - the window
 * @returns the model; needs as many values as the window
 * @throws DomainError `out_of_range` | `not_an_integer` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { movingAverage } from 'dealwright/forecasting';
 * movingAverage({ window: 2 }).fit([10, 20, 30, 40]).predict(2).mean; // => [35, 35]
 * ```
 * @category forecasting
 */
export function movingAverage(options: MovingAverageOptions = {}): ForecastModel<MovingAverageState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['window'], ['options'], issues);
  const window = record.window === undefined ? 3 : (checkNumber(record.window, ['options', 'window'], issues, { integer: true, min: 1, max: 100_000 }) ?? 3);
  throwIfIssues(issues);
  return defineForecastModel<MovingAverageState>({
    name: `moving-average-${window}`,
    settings: { window },
    minimumObservations: window,
    fit: ({ values, filled }) => {
      const n = filled.length;
      const meanBefore = (end: number): number => {
        let sum = 0;
        for (let t = end - window; t < end; t += 1) sum += filled[t] ?? 0;
        return sum / window;
      };
      const fitted: (number | null)[] = [];
      let squares = 0;
      let count = 0;
      for (let t = 0; t < n; t += 1) {
        const value = t < window ? null : meanBefore(t);
        fitted.push(value);
        const actual = values[t] ?? null;
        if (value !== null && actual !== null) {
          squares += (actual - value) ** 2;
          count += 1;
        }
      }
      const level = meanBefore(n);
      const sigma = count === 0 ? 0 : Math.sqrt(squares / count);
      return { state: { level, sigma }, fitted, parameters: { window, sigma }, assumptions: ['The level of the last periods holds; errors are independent and normal.'] };
    },
    predict: ({ level, sigma }, { horizon }) => ({
      mean: Array.from({ length: horizon }, () => level),
      standardErrors: Array.from({ length: horizon }, () => sigma),
    }),
  });
}

/**
 * Settings of {@link smoothSeries}.
 *
 * @category forecasting
 */
export interface SmoothSeriesOptions {
  /** Number of periods averaged. */
  readonly window: number;
  /** Centre an even window by averaging its two positions (2 × m moving average). Default true. */
  readonly centred?: boolean;
}

/**
 * Centred moving averages of a list: position t is the mean of the `window` values around it. An even window is averaged over its two positions
 * (`centred: true`, the 2×m moving average of the textbooks) or begins one earlier half (`centred: false`).
 *
 * @param values - the values; `null` makes every average that needs it `null`
 * @param options - the window
 * @returns one average for each value, `null` at the ends
 * @throws DomainError `invalid_type` | `missing_key` | `out_of_range` | `not_an_integer` | `unknown_key`
 * @example
 * ```ts
 * import { smoothSeries } from 'dealwright/forecasting';
 * smoothSeries([1, 2, 6, 4], { window: 3 }); // => [null, 3, 4, null]
 * ```
 * @category forecasting
 */
export function smoothSeries(values: readonly (number | null)[], options: SmoothSeriesOptions): (number | null)[] {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['window', 'centred'], ['options'], issues);
  const window = checkNumber(record.window, ['options', 'window'], issues, { integer: true, min: 1, max: 100_000 }) ?? 1;
  const centred = record.centred === undefined ? true : (checkBoolean(record.centred, ['options', 'centred'], issues) ?? true);
  throwIfIssues(issues);
  const n = values.length;
  const even = window % 2 === 0 && centred;
  const half = Math.floor(window / 2);
  const before = window % 2 === 0 && !centred ? half - 1 : half;
  const after = half;
  const result: (number | null)[] = [];
  for (let t = 0; t < n; t += 1) {
    if (t - before < 0 || t + after >= n) {
      result.push(null);
      continue;
    }
    let sum = 0;
    let known = true;
    for (let k = t - before; k <= t + after; k += 1) {
      const value = values[k] ?? null;
      if (typeof value !== 'number' || !Number.isFinite(value)) known = false;
      else sum += even && (k === t - before || k === t + after) ? value / 2 : value;
    }
    result.push(known ? sum / window : null);
  }
  return result;
}
