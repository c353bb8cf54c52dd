import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { fillNaN } from './fill-gaps.js';
import { readSeries, type SeriesInput } from './time-series.js';

/**
 * A series taken apart: value = trend + seasonal + remainder, or their product.
 *
 * @category forecasting
 */
export interface Decomposition {
  /** How the parts go together. */
  readonly type: 'additive' | 'multiplicative';
  /** Length of the season. */
  readonly seasonLength: number;
  /** One seasonal effect for each season, beginning with that of the first period: differences that sum to 0, or factors with mean 1. `null` if it varies over time. */
  readonly figure: readonly number[] | null;
  /** Trend for each period; `null` at the ends of a classical decomposition. */
  readonly trend: readonly (number | null)[];
  /** Seasonal effect for each period. */
  readonly seasonal: readonly number[];
  /** What is left; `null` where the trend or the value is not known. */
  readonly remainder: readonly (number | null)[];
}

/**
 * Settings of {@link decompose}.
 *
 * @category forecasting
 */
export interface DecomposeOptions {
  /** Whether the parts add or multiply. Default `additive`. */
  readonly type?: 'additive' | 'multiplicative';
  /** Length of the season. Default: that of the series. */
  readonly seasonLength?: number;
}

/** Centred moving average over one season; NaN at the ends. `out` may not be `y`. */
export function centredAverage(y: Float64Array, n: number, m: number, out: Float64Array): void {
  const half = Math.floor(m / 2);
  out.fill(NaN, 0, n);
  for (let t = half; t < n - half; t += 1) {
    let sum = 0;
    if (m % 2 === 0) {
      sum = 0.5 * ((y[t - half] ?? 0) + (y[t + half] ?? 0));
      for (let k = t - half + 1; k < t + half; k += 1) sum += y[k] ?? 0;
    } else for (let k = t - half; k <= t + half; k += 1) sum += y[k] ?? 0;
    out[t] = sum / m;
  }
}

/** Classical decomposition on typed arrays; needs two full seasons. */
export function decomposeClassical(y: Float64Array, n: number, m: number, multiplicative: boolean): { readonly figure: Float64Array; readonly trend: Float64Array } {
  const trend = new Float64Array(n);
  centredAverage(y, n, m, trend);
  const figure = new Float64Array(m);
  const count = new Float64Array(m);
  for (let t = 0; t < n; t += 1) {
    const level = trend[t] ?? NaN;
    if (level !== level) continue;
    const value = multiplicative ? (y[t] ?? 0) / level : (y[t] ?? 0) - level;
    const j = t % m;
    if (!Number.isFinite(value)) continue;
    figure[j] = (figure[j] ?? 0) + value;
    count[j] = (count[j] ?? 0) + 1;
  }
  let sum = 0;
  for (let j = 0; j < m; j += 1) {
    figure[j] = (count[j] ?? 0) > 0 ? (figure[j] ?? 0) / (count[j] ?? 1) : multiplicative ? 1 : 0;
    sum += figure[j] ?? 0;
  }
  const mean = sum / m;
  for (let j = 0; j < m; j += 1) figure[j] = multiplicative ? (figure[j] ?? 0) / mean : (figure[j] ?? 0) - mean;
  return { figure, trend };
}

/**
 * Classical decomposition: the trend is the centred moving average over one season (2×m for even m), the seasonal figure the mean distance (or ratio) to it,
 * normalised to sum 0 (or mean 1). Gaps are filled for the averages and stay gaps in the remainder.
 *
 * @param series - the series, with a season
 * @param options - type and season
 * @returns trend, seasonal effect and remainder for each period
 * @throws DomainError `insufficient_data` (less than two full seasons, or no season) | `out_of_range` (multiplicative with values that are not positive) | `invalid_type` | `invalid_value` | `unknown_key` | `too_long` | `not_an_integer` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { decompose } from 'dealwright/forecasting';
 * decompose({ values: [9, 11, 10, 12, 11, 13], seasonLength: 2 }).figure; // => [-0.75, 0.75]
 * ```
 * @category forecasting
 */
export function decompose(series: SeriesInput, options: DecomposeOptions = {}): Decomposition {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['type', 'seasonLength'], ['options'], issues);
  const type = record.type === undefined ? 'additive' : (checkOneOf(record.type, ['additive', 'multiplicative'], ['options', 'type'], issues) ?? 'additive');
  const given = record.seasonLength === undefined ? undefined : checkNumber(record.seasonLength, ['options', 'seasonLength'], issues, { integer: true, min: 2, max: 5000 });
  throwIfIssues(issues);
  const read = readSeries(series);
  const m = given ?? read.seasonLength;
  const n = read.y.length;
  requireSeasons(m, n, read.observed);
  const y = fillNaN(read.y, m);
  const multiplicative = type === 'multiplicative';
  if (multiplicative && y.some((value) => value <= 0)) {
    throw createDomainError('out_of_range', ['series', 'values'], { expected: 'positive values for a multiplicative decomposition', hint: 'use type "additive"' });
  }
  const { figure, trend } = decomposeClassical(y, n, m, multiplicative);
  const seasonal = Array.from({ length: n }, (_, t) => figure[t % m] ?? 0);
  return {
    type,
    seasonLength: m,
    figure: Array.from(figure),
    trend: Array.from(trend, (value) => (value === value ? value : null)),
    seasonal,
    remainder: seasonal.map((effect, t) => {
      const value = read.y[t] ?? NaN;
      const level = trend[t] ?? NaN;
      const rest = multiplicative ? value / (level * effect) : value - level - effect;
      return Number.isFinite(rest) ? rest : null;
    }),
  };
}

/** A decomposition needs two full seasons. */
export function requireSeasons(m: number, n: number, observed: number): void {
  if (m < 2 || n < 2 * m || observed < m) {
    throw createDomainError('insufficient_data', ['series'], {
      expected: m < 2 ? 'a series with a season (seasonLength above 1)' : `at least two full seasons, ${2 * m} periods`,
      received: n,
    });
  }
}
