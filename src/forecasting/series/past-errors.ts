/*
 * Errors of past forecasts of a model, for wrappers that learn from them. Internal.
 */
import { isDomainError } from '../../errors/domain-error.js';
import type { ForecastModel, SeriesData } from './forecast-model.js';

/** Errors by step: index h − 1. */
export interface PastErrors {
  /** Actual − forecast, one list for each step. */
  readonly errors: readonly (readonly number[])[];
  /** The same divided by the standard error of the forecast, where the model gives one. */
  readonly standardized: readonly (readonly number[])[];
  /** Forecasts that were made. */
  readonly origins: number;
}

/**
 * Replays the last `windows` origins, one period apart, up to the one after `latest` values (by default the last that leaves a value to compare with).
 * A model that cannot be fitted at an origin leaves it out.
 */
export function collectPastErrors(
  model: ForecastModel,
  data: Pick<SeriesData, 'values' | 'seasonLength'>,
  horizon: number,
  windows: number,
  latest: number = data.values.length - 1,
): PastErrors {
  const { values, seasonLength } = data;
  const n = values.length;
  const errors: number[][] = Array.from({ length: horizon }, () => []);
  const standardized: number[][] = Array.from({ length: horizon }, () => []);
  let origins = 0;
  for (let end = Math.max(1, latest - windows + 1); end <= latest; end += 1) {
    try {
      const path = model.fit({ values: values.slice(0, end), seasonLength }).predict(Math.min(horizon, n - end), { levels: [] });
      origins += 1;
      path.mean.forEach((mean, h) => {
        const actual = values[end + h] ?? null;
        if (actual === null) return;
        errors[h]?.push(actual - mean);
        const scale = path.standardErrors?.[h] ?? 0;
        if (scale > 0) standardized[h]?.push((actual - mean) / scale);
      });
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
  }
  return { errors, standardized, origins };
}

/** Steps ahead that a wrapper learns from, unless told: one season, at most a quarter of the series. */
export function defaultSteps(length: number, seasonLength: number): number {
  return Math.max(1, Math.min(Math.max(seasonLength, 6), Math.floor(length / 4)));
}
