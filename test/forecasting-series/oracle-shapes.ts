import { expect } from 'vitest';

/** Lists of one are bare numbers in the files made by R. */
export function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Fails unless every entry agrees within `tolerance`, relative to |expected| (absolute below 1e-8), and null stands exactly where null is expected. */
export function expectRelative(actual: readonly (number | null | undefined)[], expected: readonly (number | null)[], tolerance: number, label: string): void {
  expect(actual.length, `${label}: length`).toBe(expected.length);
  expected.forEach((wanted, index) => {
    const found = actual[index] ?? null;
    if (wanted === null || found === null) {
      expect(found, `${label}[${index}]`).toBe(wanted);
      return;
    }
    const difference = Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-8);
    if (!(difference <= tolerance)) expect.fail(`${label}[${index}]: ${found} differs from ${wanted} by ${difference} (allowed: ${tolerance})`);
  });
}

/** Mean, and limits by level (80, 95), as R's forecast objects hold them. */
export interface RForecast {
  readonly mean: number[];
  readonly lower?: number[][];
  readonly upper?: number[][];
}

/** A fit of R's ets. */
export interface REts {
  readonly method: string;
  readonly components: [string, string, string, string];
  readonly par: Record<string, number>;
  readonly initstate: Record<string, number>;
  readonly loglik: number;
  readonly aic: number;
  readonly aicc: number;
  readonly bic: number;
  readonly mse: number;
  readonly sigma2: number;
  readonly fitted: number[];
  readonly residuals: number[];
  readonly forecast: RForecast;
}

/** A series of r_forecast_ets.json. */
export interface REtsSeries {
  readonly values: number[];
  readonly frequency: number;
  readonly h: number;
  readonly autoSelected: REts;
  readonly forms: Record<string, REts>;
  readonly fixed: Record<string, REts>;
}
