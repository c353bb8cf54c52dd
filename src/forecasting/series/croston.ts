import { checkFraction, checkKeys, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { defineForecastModel, type ForecastModel } from './forecast-model.js';

/**
 * Settings of {@link croston}.
 *
 * @category forecasting
 */
export interface CrostonOptions {
  /** `croston` (1972), `sba` (Syntetos and Boylan 2005: less biased) or `tsb` (Teunter, Syntetos and Babai 2011: fades when sales stop). Default `sba`. */
  readonly variant?: 'croston' | 'sba' | 'tsb';
  /** Smoothing of the sizes, and of the intervals for `croston` and `sba`. Default 0.1. */
  readonly alpha?: number;
  /** Smoothing of the probability of a sale, for `tsb`. Default: as `alpha`. */
  readonly beta?: number;
}

/**
 * State of {@link croston}.
 *
 * @category forecasting
 */
export interface CrostonState {
  /** Forecast for every step. */
  readonly rate: number;
  /** Smoothed size of a sale; `null` if there was none. */
  readonly size: number | null;
  /** Smoothed number of periods between sales; `null` if there was none, and for `tsb`. */
  readonly interval: number | null;
  /** Probability that a period has a sale. */
  readonly probability: number;
  /** Sizes of past sales relative to their smoothed size, ascending. */
  readonly relativeSizes: readonly number[];
}

/**
 * Forecasts for intermittent sales: sizes and frequency of sales are smoothed apart.
 *
 * - `croston`: forecast = smoothed size / smoothed interval; both start from the first sale, whose interval counts from the beginning of the series
 *   (as R's `croston`). Biased upward by about α/2.
 * - `sba`: the same times 1 − α/2.
 * - `tsb`: forecast = smoothed size × smoothed probability; the probability moves in every period, starting from one over the first interval.
 *
 * A series without sales forecasts 0. Intervals are quantiles of a single period: nothing with probability 1 − p, else the smoothed size times one of the past relative sizes.
 * Gaps are left out, as if the periods had not been. Negative values are read as no sale.
 *
 * @param options - variant and smoothing
 * @returns the model
 * @throws DomainError `invalid_value` | `invalid_type` | `unknown_key` | `fraction_out_of_range` | `not_finite`
 * @example
 * ```ts
 * import { croston } from 'dealwright/forecasting';
 * croston({ variant: 'croston' }).fit([0, 0, 6, 0, 0, 6, 0, 0, 6]).predict(1).mean; // => [2]
 * ```
 * @category forecasting
 */
export function croston(options: CrostonOptions = {}): ForecastModel<CrostonState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['variant', 'alpha', 'beta'], ['options'], issues);
  const variant = record.variant === undefined ? 'sba' : (checkOneOf(record.variant, ['croston', 'sba', 'tsb'], ['options', 'variant'], issues) ?? 'sba');
  const alpha = record.alpha === undefined ? 0.1 : (checkFraction(record.alpha, ['options', 'alpha'], issues) ?? 0.1);
  const beta = record.beta === undefined ? alpha : (checkFraction(record.beta, ['options', 'beta'], issues) ?? alpha);
  throwIfIssues(issues);
  const correction = variant === 'sba' ? 1 - alpha / 2 : 1;
  return defineForecastModel<CrostonState>({
    name: variant,
    settings: { variant, alpha, beta },
    fit: ({ values }) => {
      let size: number | null = null;
      let interval: number | null = null;
      let probability = 0;
      let since = 0;
      const relative: number[] = [];
      const fitted: (number | null)[] = [];
      const rate = (): number => {
        if (size === null || interval === null) return 0;
        return variant === 'tsb' ? size * probability : (correction * size) / interval;
      };
      let known = 0;
      for (const value of values) {
        fitted.push(known === 0 ? null : rate());
        if (value === null) continue;
        known += 1;
        since += 1;
        if (value > 0) {
          if (size === null || interval === null) {
            size = value;
            interval = since;
            probability = 1 / since;
            relative.push(1);
          } else {
            relative.push(size > 0 ? value / size : 1);
            size += alpha * (value - size);
            interval += alpha * (since - interval);
            probability += beta * (1 - probability);
          }
          since = 0;
        } else if (size !== null) probability -= beta * probability;
      }
      const chance = size === null || interval === null ? 0 : variant === 'tsb' ? probability : Math.min(1, 1 / interval);
      return {
        state: { rate: rate(), size, interval: variant === 'tsb' ? null : interval, probability: chance, relativeSizes: relative.sort((a, b) => a - b) },
        label: variant === 'croston' ? 'Croston' : variant === 'sba' ? 'Croston, Syntetos–Boylan' : 'Teunter–Syntetos–Babai',
        fitted,
        parameters: { alpha, ...(variant === 'tsb' ? { beta } : {}) },
        assumptions: ['Sizes and frequency of sales change slowly and independently of each other.'],
      };
    },
    predict: ({ rate, size, probability, relativeSizes }, { horizon, levels }) => {
      const quantile = (p: number): number => {
        if (size === null || relativeSizes.length === 0 || p <= 1 - probability) return 0;
        const share = (p - (1 - probability)) / probability;
        return size * (relativeSizes[Math.min(relativeSizes.length - 1, Math.max(0, Math.ceil(share * relativeSizes.length) - 1))] ?? 1);
      };
      return {
        mean: Array.from({ length: horizon }, () => rate),
        intervals: levels.map((level) => {
          const lower = quantile((1 - level) / 2);
          const upper = quantile((1 + level) / 2);
          return { level, lower: Array.from({ length: horizon }, () => lower), upper: Array.from({ length: horizon }, () => upper) };
        }),
        intervalMethod: 'bootstrapped',
      };
    },
  });
}
