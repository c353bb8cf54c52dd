import { checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { chiSquareCdf } from '../../stats/gamma-distribution.js';
import { readSeries, type SeriesInput } from './time-series.js';

/** Autocorrelations at lags 1 … count, with the mean of the whole and the divisor n. Gaps (NaN) drop out of the products. */
export function autocorrelations(y: Float64Array, n: number, count: number): Float64Array {
  let sum = 0;
  let known = 0;
  for (let t = 0; t < n; t += 1) {
    const value = y[t] ?? NaN;
    if (value !== value) continue;
    sum += value;
    known += 1;
  }
  const mean = known === 0 ? 0 : sum / known;
  let variance = 0;
  for (let t = 0; t < n; t += 1) {
    const value = y[t] ?? NaN;
    if (value === value) variance += (value - mean) ** 2;
  }
  const result = new Float64Array(count);
  if (!(variance > 0)) return result;
  for (let lag = 1; lag <= count; lag += 1) {
    let products = 0;
    for (let t = lag; t < n; t += 1) {
      const product = ((y[t] ?? NaN) - mean) * ((y[t - lag] ?? NaN) - mean);
      if (product === product) products += product;
    }
    result[lag - 1] = products / variance;
  }
  return result;
}

/**
 * Settings of {@link autocorrelation}.
 *
 * @category forecasting
 */
export interface AutocorrelationOptions {
  /** Largest lag. Default: 10 log₁₀ n, at most n − 1. */
  readonly lags?: number;
}

function readLags(options: unknown, n: number, fallback: number): number {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['lags', 'fittedParameters'], ['options'], issues);
  const lags = record.lags === undefined ? fallback : (checkNumber(record.lags, ['options', 'lags'], issues, { integer: true, min: 1, max: 10_000 }) ?? 1);
  throwIfIssues(issues);
  return Math.max(1, Math.min(lags, n - 1));
}

/**
 * How strongly a series resembles itself some periods before: autocorrelations at lags 1, 2, …, with the usual divisor n.
 *
 * @param series - the series; gaps are left out
 * @param options - how many lags
 * @returns one correlation for each lag; zeros for a constant series
 * @throws DomainError `insufficient_data` (fewer than two values) | `invalid_type` | `unknown_key` | `out_of_range` | `not_an_integer` | `too_long` | `invalid_value` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { autocorrelation } from 'dealwright/forecasting';
 * autocorrelation([1, 2, 3, 4], { lags: 2 }); // => [0.25, -0.3]
 * ```
 * @category forecasting
 */
export function autocorrelation(series: SeriesInput, options: AutocorrelationOptions = {}): number[] {
  const { y, observed } = readSeries(series);
  if (observed < 2) throw createDomainError('insufficient_data', ['series'], { expected: 'at least two values', received: observed });
  return Array.from(autocorrelations(y, y.length, readLags(options, y.length, Math.floor(10 * Math.log10(y.length)))));
}

/**
 * Settings of {@link testAutocorrelation}.
 *
 * @category forecasting
 */
export interface TestAutocorrelationOptions {
  /** Number of lags tested together. Default: twice the season, else 10; at most a fifth of the series. */
  readonly lags?: number;
  /** Parameters of the model that the residuals come from; taken off the degrees of freedom. Default 0. */
  readonly fittedParameters?: number;
}

/**
 * Result of {@link testAutocorrelation}.
 *
 * @category forecasting
 */
export interface AutocorrelationTest {
  /** The Ljung–Box statistic. */
  readonly statistic: number;
  /** Degrees of freedom. */
  readonly degreesOfFreedom: number;
  /** Probability of a larger statistic if there is no autocorrelation. */
  readonly pValue: number;
}

/**
 * Ljung–Box test: is there anything left in the residuals that the past would explain? Q = n (n + 2) Σ r_k² / (n − k).
 *
 * @param series - usually the residuals of a fit; gaps are left out
 * @param options - lags and number of fitted parameters
 * @returns statistic, degrees of freedom and p-value
 * @throws DomainError `insufficient_data` | `invalid_type` | `unknown_key` | `out_of_range` | `not_an_integer` | `too_long` | `invalid_value` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { testAutocorrelation } from 'dealwright/forecasting';
 * testAutocorrelation([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { lags: 1 }).pValue < 0.05; // => true
 * ```
 * @category forecasting
 */
export function testAutocorrelation(series: SeriesInput, options: TestAutocorrelationOptions = {}): AutocorrelationTest {
  const read = readSeries(series);
  const { y, observed: n } = read;
  if (n < 3) throw createDomainError('insufficient_data', ['series'], { expected: 'at least three values', received: n });
  const lags = readLags(options, y.length, Math.max(1, Math.min(read.seasonLength > 1 ? 2 * read.seasonLength : 10, Math.floor(n / 5))));
  const fittedParameters = options.fittedParameters ?? 0;
  const issues: IssueSink = [];
  checkNumber(fittedParameters, ['options', 'fittedParameters'], issues, { integer: true, min: 0 });
  throwIfIssues(issues);
  const r = autocorrelations(y, y.length, lags);
  let sum = 0;
  for (let k = 1; k <= lags; k += 1) sum += (r[k - 1] ?? 0) ** 2 / Math.max(1, n - k);
  const statistic = n * (n + 2) * sum;
  const degreesOfFreedom = Math.max(1, lags - fittedParameters);
  return { statistic, degreesOfFreedom, pValue: chiSquareCdf(statistic, { degreesOfFreedom, tail: 'upper' }) };
}
