import { checkBoolean, checkKeys, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { linearRegression } from '../../stats/linear-regression.js';
import { defineForecastModel, type ForecastModel } from './forecast-model.js';

/**
 * Settings of {@link regression}.
 *
 * @category forecasting
 */
export interface RegressionOptions {
  /** A straight line through time. Default true. */
  readonly trend?: boolean;
  /** A level for each season. Default: where the series has a season and at least two full ones. */
  readonly season?: boolean;
}

/**
 * State of {@link regression}.
 *
 * @category forecasting
 */
export interface RegressionState {
  /** Names of the terms. */
  readonly terms: readonly string[];
  /** Estimates. */
  readonly coefficients: readonly number[];
  /** (XᵀX)⁻¹, row by row. */
  readonly unscaledCovariance: readonly (readonly number[])[];
  /** Residual standard deviation, or `null` without degrees of freedom. */
  readonly sigma: number | null;
  /** Residual degrees of freedom. */
  readonly degreesOfFreedom: number;
  /** Seasons (1 = that of the first period) that have a term of their own. */
  readonly seasons: readonly number[];
  /** Whether there is a trend. */
  readonly trend: boolean;
}

function rowOf(t: number, m: number, trend: boolean, seasons: readonly number[]): number[] {
  const row: number[] = trend ? [t + 1] : [];
  const season = (t % m) + 1;
  for (const k of seasons) row.push(season === k ? 1 : 0);
  return row;
}

/**
 * Ordinary least squares on time: a straight line and, for seasonal series, a level for each season (dummies against the first season; periods count from 1).
 * Intervals are the exact t prediction intervals. Parameters: `intercept`, `trend`, `season2` … `season<m>`, `sigma`, `rSquared`.
 *
 * @param options - which terms
 * @returns the model; needs two values more than it has terms
 * @throws DomainError `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { regression } from 'dealwright/forecasting';
 * regression().fit([10, 12, 14, 16]).predict(2).mean.map((value) => Math.round(value)); // => [18, 20]
 * ```
 * @category forecasting
 */
export function regression(options: RegressionOptions = {}): ForecastModel<RegressionState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['trend', 'season'], ['options'], issues);
  const trend = record.trend === undefined ? true : (checkBoolean(record.trend, ['options', 'trend'], issues) ?? true);
  const season = record.season === undefined ? undefined : checkBoolean(record.season, ['options', 'season'], issues);
  throwIfIssues(issues);
  return defineForecastModel<RegressionState>({
    name: season === false ? (trend ? 'linear-regression' : 'constant-regression') : 'seasonal-regression',
    settings: { trend, ...(season === undefined ? {} : { season }) },
    minimumObservations: (m) => (season === true ? m + 2 + (trend ? 1 : 0) : 3),
    fit: ({ values, observations, seasonLength: m }) => {
      const seen = new Set<number>();
      values.forEach((value, t) => {
        if (value !== null) seen.add((t % m) + 1);
      });
      const seasonal = m > 1 && season !== false && observations >= (season === true ? m + 2 : 2 * m) && m <= 400;
      // A season that was never seen has no level of its own: it is read from the line. The first one seen is the base.
      const seasons = seasonal ? [...seen].sort((a, b) => a - b).slice(1) : [];
      const outcome: number[] = [];
      const covariates: number[][] = [];
      values.forEach((value, t) => {
        if (value === null) return;
        outcome.push(value);
        covariates.push(rowOf(t, m, trend, seasons));
      });
      const terms = ['intercept', ...(trend ? ['trend'] : []), ...seasons.map((k) => `season${k}`)];
      const plain = terms.length === 1;
      const fit = linearRegression(plain ? { outcome, covariates: { columns: [] } } : { outcome, covariates });
      const state: RegressionState = {
        terms,
        coefficients: fit.coefficients,
        unscaledCovariance: fit.unscaledCovariance,
        sigma: fit.sigma,
        degreesOfFreedom: fit.degreesOfFreedom,
        seasons,
        trend,
      };
      const parameters: Record<string, number> = {};
      terms.forEach((term, index) => {
        parameters[term] = fit.coefficients[index] ?? 0;
      });
      if (fit.sigma !== null) parameters.sigma = fit.sigma;
      if (fit.rSquared !== null) parameters.rSquared = fit.rSquared;
      const fitted = values.map((_, t) => {
        const row = rowOf(t, m, trend, seasons);
        return row.reduce((sum, x, index) => sum + x * (fit.coefficients[index + 1] ?? 0), fit.coefficients[0] ?? 0);
      });
      return {
        state,
        label: seasons.length > 0 ? (trend ? 'trend and season' : 'season') : trend ? 'trend' : 'constant',
        fitted,
        parameters,
        assumptions: ['Errors around the line are independent and normal with one variance; the line goes on.'],
      };
    },
    predict: (state, { horizon, length, seasonLength, levels }) => {
      const rows = Array.from({ length: horizon }, (_, h) => rowOf(length + h, seasonLength, state.trend, state.seasons));
      const mean = rows.map((row) => row.reduce((sum, x, index) => sum + x * (state.coefficients[index + 1] ?? 0), state.coefficients[0] ?? 0));
      const { sigma, degreesOfFreedom } = state;
      if (sigma === null || degreesOfFreedom <= 0) return { mean, assumptions: ['Too few values for intervals.'] };
      const standardErrors = rows.map((row) => {
        const x = [1, ...row];
        let leverage = 0;
        x.forEach((xi, i) => x.forEach((xj, j) => (leverage += xi * xj * (state.unscaledCovariance[i]?.[j] ?? 0))));
        return sigma * Math.sqrt(1 + Math.max(0, leverage));
      });
      return levels.length === 0 ? { mean, standardErrors } : { mean, standardErrors, degreesOfFreedom };
    },
  });
}
