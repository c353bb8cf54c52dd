/*
 * Baselines, smoothing, Theta, regression, decomposition, accuracy and rolling origins against R (forecast 8.20 and stats).
 */
import {
  autocorrelation,
  backtest,
  croston,
  decompose,
  decomposeStl,
  drift,
  estimateBoxCox,
  type FittedModel,
  type ForecastModel,
  holt,
  holtWinters,
  meanModel,
  measureAccuracy,
  naive,
  regression,
  seasonalNaive,
  simpleExponentialSmoothing,
  smoothSeries,
  type TimeSeries,
  testAutocorrelation,
  theta,
} from 'dealwright/forecasting';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectRelative, list, type RForecast } from './oracle-shapes.js';

const LEVELS = [0.8, 0.95];

type Fit = RForecast & { fitted?: number[]; sigma2?: number; par?: Record<string, number>; mse?: number; alpha?: number; halfSlope?: number };
type RAccuracy = Record<'Training set' | 'Test set', Record<'ME' | 'RMSE' | 'MAE' | 'MPE' | 'MAPE' | 'MASE' | 'ACF1' | "Theil's U", number | null>>;
interface RegressionFit extends RForecast {
  readonly coef: number[];
  readonly se: number[];
  readonly r2: number;
  readonly sigma: number;
}
interface StatsHoltWinters {
  readonly SSE: number;
  readonly fit: number[];
  readonly fitted?: number[];
  readonly coefficients: Record<string, number>;
}
interface Parts {
  readonly figure?: number[];
  readonly trend: (number | null)[];
  readonly seasonal: number[];
  readonly random?: (number | null)[];
  readonly remainder?: number[];
}
interface CrossValidation {
  readonly errors: (number | null)[][];
  readonly rmse: number[];
  readonly mae: number[];
}
interface Basic {
  readonly values: number[];
  readonly frequency: number;
  readonly start: number[];
  readonly h: number;
  readonly meanf: Fit;
  readonly naive: Fit;
  readonly snaive: Fit;
  readonly rwf_drift: Fit & { drift: number; drift_se: number };
  readonly ses_optimal: Fit;
  readonly ses_simple: Fit;
  readonly 'ses_simple_alpha0.35': Fit;
  readonly holt_optimal: Fit;
  readonly holt_damped_optimal: Fit;
  readonly 'holt_simple_a0.5_b0.2': Fit;
  readonly 'holt_exponential_simple_a0.5_b0.2': Fit;
  readonly theta: Fit;
  readonly 'croston_a0.1': RForecast;
  readonly hw_additive_optimal?: Fit;
  readonly hw_additive_damped_optimal?: Fit;
  readonly hw_multiplicative_optimal?: Fit;
  readonly hw_multiplicative_damped_optimal?: Fit;
  readonly HoltWinters_stats_additive?: StatsHoltWinters;
  readonly 'HoltWinters_stats_additive_a0.3_b0.1_g0.2'?: StatsHoltWinters;
  readonly HoltWinters_stats_multiplicative?: StatsHoltWinters;
  readonly 'HoltWinters_stats_multiplicative_a0.3_b0.1_g0.2'?: StatsHoltWinters;
  readonly decompose_additive?: Parts;
  readonly decompose_multiplicative?: Parts;
  readonly stl_periodic?: Parts;
  readonly tslm_trend_season?: RegressionFit;
  readonly tslm_trend: RegressionFit;
  readonly ma3: (number | null)[];
  readonly ma4_centred: (number | null)[];
  readonly ma_m_centred?: (number | null)[];
  readonly acf: number[];
  readonly ljungBox_lag5: { statistic: number; p: number };
  readonly boxcoxLambda_guerrero: number;
  readonly accuracy: { h: number } & Record<string, RAccuracy>;
  readonly tsCV: { h: number; initial: number; naive_window12_h1: (number | null)[] } & Record<string, CrossValidation>;
}

/** Mean and limits to the tolerance. */
function expectForecast(fit: FittedModel, r: RForecast, h: number, tolerance: number, label: string): void {
  const path = fit.predict(h, { levels: LEVELS });
  expectRelative(path.mean, list(r.mean), tolerance, `${label} mean`);
  if (r.lower === undefined || r.upper === undefined) return;
  LEVELS.forEach((_, k) => {
    expectRelative(path.intervals[k]?.lower ?? [], r.lower?.[k] ?? [], tolerance, `${label} lower`);
    expectRelative(path.intervals[k]?.upper ?? [], r.upper?.[k] ?? [], tolerance, `${label} upper`);
  });
}

describeWithReference('baselines, smoothing and Theta against R', () => {
  const { series } = readReferenceJson<{ series: Record<string, Basic> }>('cases/oracle/r_forecast_basic.json');
  const entries = Object.entries(series);
  const toSeries = (r: Basic): TimeSeries => ({ values: r.values, seasonLength: r.frequency });

  it.each(entries)('%s: mean, naive, seasonal naive, drift', (name, r) => {
    expectForecast(meanModel().fit(toSeries(r)), r.meanf, r.h, 1e-9, `${name} mean`);
    expectForecast(naive().fit(toSeries(r)), r.naive, r.h, 1e-9, `${name} naive`);
    expectForecast(seasonalNaive().fit(toSeries(r)), r.snaive, r.h, 1e-9, `${name} seasonal naive`);
    const fit = drift().fit(toSeries(r));
    expectForecast(fit, r.rwf_drift, r.h, 1e-9, `${name} drift`);
    expectRelative([fit.parameters.slope, fit.parameters.slopeError], [r.rwf_drift.drift, r.rwf_drift.drift_se], 1e-9, `${name} drift`);
  });

  it.each(entries)('%s: simple starts with given weights', (name, r) => {
    const ses = simpleExponentialSmoothing({ alpha: 0.35, initial: 'simple' }).fit(toSeries(r));
    expectForecast(ses, r['ses_simple_alpha0.35'], r.h, 1e-9, `${name} ses`);
    expectRelative(ses.fitted, r['ses_simple_alpha0.35'].fitted ?? [], 1e-9, `${name} ses fitted`);
    expectRelative([ses.parameters.sigma2], [r['ses_simple_alpha0.35'].sigma2 ?? NaN], 1e-9, `${name} ses sigma2`);
    // R's limits enter β* where its own recursion moves the growth by α β*: reproduced only on request.
    const linear = holt({ alpha: 0.5, betaStar: 0.2, initial: 'simple', compatibility: 'r-forecast-8.20' }).fit(toSeries(r));
    expectForecast(linear, r['holt_simple_a0.5_b0.2'], r.h, 1e-9, `${name} holt`);
    expectRelative(linear.fitted, r['holt_simple_a0.5_b0.2'].fitted ?? [], 1e-9, `${name} holt fitted`);
    const exact = holt({ alpha: 0.5, betaStar: 0.2, initial: 'simple' }).fit(toSeries(r));
    expectRelative(exact.predict(r.h).mean, list(r['holt_simple_a0.5_b0.2'].mean), 1e-9, `${name} holt exact mean`);
    const ratio = exact.predict(2).standardErrors ?? [];
    expectRelative([((ratio[1] ?? 0) / (ratio[0] ?? 1)) ** 2], [1 + (0.5 + 0.5 * 0.2) ** 2], 1e-9, `${name} holt exact variance`);
    const exponential = holt({ alpha: 0.5, betaStar: 0.2, exponential: true, initial: 'simple' }).fit(toSeries(r));
    expectRelative(exponential.predict(r.h).mean, list(r['holt_exponential_simple_a0.5_b0.2'].mean), 1e-9, `${name} exponential`);
    expectRelative(exponential.fitted, r['holt_exponential_simple_a0.5_b0.2'].fitted ?? [], 1e-9, `${name} exponential fitted`);
  });

  it.each(entries)('%s: estimated weights have at most the squared error of R', (name, r) => {
    const check = (model: ForecastModel, reference: Fit | undefined, label: string): void => {
      if (reference === undefined) return;
      const mse = model.fit(toSeries(r)).parameters.mse ?? Infinity;
      const wanted = reference.mse ?? reference.sigma2 ?? 0;
      expect(mse, `${name} ${label}`).toBeLessThanOrEqual(wanted * (1 + 1e-6));
    };
    check(simpleExponentialSmoothing(), r.ses_optimal, 'ses');
    check(simpleExponentialSmoothing({ initial: 'simple' }), r.ses_simple, 'ses simple');
    check(holt(), r.holt_optimal, 'holt');
    check(holt({ damped: true }), r.holt_damped_optimal, 'holt damped');
    check(holtWinters(), r.hw_additive_optimal, 'hw');
    check(holtWinters({ damped: true }), r.hw_additive_damped_optimal, 'hw damped');
    check(holtWinters({ seasonal: 'multiplicative' }), r.hw_multiplicative_optimal, 'hw multiplicative');
    check(holtWinters({ seasonal: 'multiplicative', damped: true }), r.hw_multiplicative_damped_optimal, 'hw multiplicative damped');
    for (const [seasonal, reference] of [
      ['additive', r.HoltWinters_stats_additive],
      ['multiplicative', r.HoltWinters_stats_multiplicative],
    ] as const) {
      if (reference === undefined) continue;
      const { sse } = holtWinters({ seasonal, initial: 'decomposition' }).fit(toSeries(r)).parameters;
      expect(sse ?? Infinity, `${name} HoltWinters ${seasonal}`).toBeLessThanOrEqual(reference.SSE * (1 + 1e-6));
    }
  });

  it.each(entries)('%s: HoltWinters of stats with given weights', (name, r) => {
    for (const [seasonal, reference] of [
      ['additive', r['HoltWinters_stats_additive_a0.3_b0.1_g0.2']],
      ['multiplicative', r['HoltWinters_stats_multiplicative_a0.3_b0.1_g0.2']],
    ] as const) {
      if (reference === undefined) continue;
      const fit = holtWinters({ seasonal, initial: 'decomposition', alpha: 0.3, betaStar: 0.1, gamma: 0.2 }).fit(toSeries(r));
      expectRelative([fit.parameters.sse], [reference.SSE], 1e-9, `${name} ${seasonal} SSE`);
      expectRelative(fit.predict(r.h).mean, reference.fit, 1e-9, `${name} ${seasonal} forecast`);
      expectRelative(fit.fitted.slice(r.frequency), reference.fitted ?? [], 1e-9, `${name} ${seasonal} fitted`);
    }
  });

  it.each(entries)('%s: Theta to 1e-4, and to 1e-9 where the smoothing parameter is the same', (name, r) => {
    const fit = theta().fit(toSeries(r));
    const path = fit.predict(r.h, { levels: LEVELS });
    expectRelative(path.mean, list(r.theta.mean), 1e-4, `${name} theta`);
    expectRelative([fit.parameters.halfSlope], [r.theta.halfSlope ?? NaN], 1e-9, `${name} half slope`);
    expect(fit.parameters.sigma2 ?? Infinity).toBeLessThanOrEqual((r.theta.sigma2 ?? 0) * (1 + 1e-6));
    LEVELS.forEach((_, k) => {
      const width = (path.intervals[k]?.upper[0] ?? 0) - (path.intervals[k]?.lower[0] ?? 0);
      expectRelative([width], [(r.theta.upper?.[k]?.[0] ?? 0) - (r.theta.lower?.[k]?.[0] ?? 0)], 1e-4, `${name} theta width`);
    });
  });

  it.each(entries)('%s: Croston, regression, averages, decompositions', (name, r) => {
    expectRelative(croston({ variant: 'croston', alpha: 0.1 }).fit(toSeries(r)).predict(r.h).mean, list(r['croston_a0.1'].mean), 1e-9, `${name} croston`);
    for (const [season, reference] of [
      [false, r.tslm_trend],
      [true, r.tslm_trend_season],
    ] as const) {
      if (reference === undefined) continue;
      const fit = regression({ season }).fit(toSeries(r));
      expectForecast(fit, reference, r.h, 1e-9, `${name} regression`);
      // R's base season is that of January; ours that of the first period. The coefficients compare where both are the same.
      if (r.frequency === 1 || r.start[1] === 1 || !season) expectRelative(fit.stored.state.coefficients, reference.coef, 1e-9, `${name} coefficients`);
      expectRelative([fit.parameters.sigma, fit.parameters.rSquared], [reference.sigma, reference.r2], 1e-9, `${name} sigma, R²`);
    }
    expectRelative(smoothSeries(r.values, { window: 3 }), r.ma3, 1e-9, `${name} ma3`);
    expectRelative(smoothSeries(r.values, { window: 4 }), r.ma4_centred, 1e-9, `${name} ma4`);
    if (r.ma_m_centred !== undefined) expectRelative(smoothSeries(r.values, { window: r.frequency }), r.ma_m_centred, 1e-9, `${name} ma m`);
    for (const [type, reference] of [
      ['additive', r.decompose_additive],
      ['multiplicative', r.decompose_multiplicative],
    ] as const) {
      if (reference === undefined) continue;
      const parts = decompose(toSeries(r), { type });
      expectRelative(parts.figure ?? [], reference.figure ?? [], 1e-9, `${name} ${type} figure`);
      expectRelative(parts.trend, reference.trend, 1e-9, `${name} ${type} trend`);
      expectRelative(parts.seasonal, reference.seasonal, 1e-9, `${name} ${type} seasonal`);
      parts.remainder.forEach((value, t) => {
        const wanted = reference.random?.[t] ?? null;
        if (wanted === null) expect(value).toBeNull();
        else expect(Math.abs((value ?? NaN) - wanted)).toBeLessThan(1e-9 * Math.max(1, Math.abs(r.values[t] ?? 1)));
      });
    }
    if (r.stl_periodic !== undefined) {
      const parts = decomposeStl(toSeries(r));
      const scale = Math.max(...r.values.map(Math.abs));
      const close = (found: readonly (number | null)[], wanted: readonly (number | null)[], label: string): void =>
        found.forEach((value, t) => expect(Math.abs((value ?? NaN) - (wanted[t] ?? NaN)), `${name} stl ${label} ${t}`).toBeLessThan(1e-9 * scale));
      close(parts.seasonal, r.stl_periodic.seasonal, 'seasonal');
      close(parts.trend, r.stl_periodic.trend, 'trend');
      close(parts.remainder, r.stl_periodic.remainder ?? [], 'remainder');
    }
  });

  it.each(entries)('%s: autocorrelation, Ljung–Box, Box–Cox', (name, r) => {
    expectRelative(autocorrelation(r.values, { lags: r.acf.length }), r.acf, 1e-9, `${name} acf`);
    const test = testAutocorrelation(r.values, { lags: 5 });
    expectRelative([test.statistic], [r.ljungBox_lag5.statistic], 1e-9, `${name} Ljung–Box`);
    expect(Math.abs(test.pValue - r.ljungBox_lag5.p)).toBeLessThan(1e-12);
    // R's optimiser stops at a tolerance of 1.2e-4.
    expect(Math.abs(estimateBoxCox(toSeries(r)) - r.boxcoxLambda_guerrero), `${name} lambda`).toBeLessThan(2e-4);
  });

  it.each(entries)('%s: accuracy of the last periods', (name, r) => {
    const { h } = r.accuracy;
    const training: TimeSeries = { values: r.values.slice(0, r.values.length - h), seasonLength: r.frequency };
    const actual = r.values.slice(r.values.length - h);
    const models: Record<string, ForecastModel> = {
      naive: naive(),
      snaive: seasonalNaive(),
      drift: drift(),
      meanf: meanModel(),
      'ses_simple_a0.35': simpleExponentialSmoothing({ alpha: 0.35, initial: 'simple' }),
      theta: theta(),
    };
    for (const [key, model] of Object.entries(models)) {
      const reference = r.accuracy[key];
      if (reference === undefined) expect.fail(`${name} ${key} is missing`);
      const fit = model.fit(training);
      const tolerance = key === 'theta' ? 1e-4 : 1e-9;
      const near = (found: number | null | undefined, wanted: number | null, scale: number, label: string): void => {
        if (wanted === null) return;
        expect(found, `${name} ${key} ${label}`).not.toBeNull();
        expect(Math.abs((found ?? NaN) - wanted), `${name} ${key} ${label}`).toBeLessThanOrEqual(tolerance * Math.max(scale, Math.abs(wanted)));
      };
      const test = measureAccuracy(actual, fit.predict(h), { training });
      const wanted = reference['Test set'];
      const size = wanted.MAE ?? 1;
      near(test.meanError, wanted.ME, size, 'ME');
      near(test.rmse, wanted.RMSE, size, 'RMSE');
      near(test.mae, wanted.MAE, size, 'MAE');
      near((test.mpe ?? NaN) * 100, wanted.MPE, wanted.MAPE ?? 1, 'MPE');
      near((test.mape ?? NaN) * 100, wanted.MAPE, 1e-6, 'MAPE');
      near(test.mase, wanted.MASE, 1e-6, 'MASE');
      near(test.errorAutocorrelation, wanted.ACF1, 1, 'ACF1');
      near(test.theilU, wanted["Theil's U"], 1e-6, "Theil's U");
      // The smoothing parameter of Theta has a flat optimum: its fitted values may differ more than its forecasts.
      if (key === 'theta') continue;
      const inside = measureAccuracy(training.values, fit.fitted, { training });
      const seen = reference['Training set'];
      near(inside.rmse, seen.RMSE, 1e-6, 'training RMSE');
      near(inside.mae, seen.MAE, 1e-6, 'training MAE');
      near(inside.meanError, seen.ME, seen.MAE ?? 1, 'training ME');
      near(inside.mase, seen.MASE, 1e-6, 'training MASE');
    }
  });

  it.each(entries)('%s: rolling origins are those of tsCV', (name, r) => {
    const { h, initial } = r.tsCV;
    const models: Record<string, ForecastModel> = {
      naive: naive(),
      drift: drift(),
      snaive: seasonalNaive(),
      'ses_simple_a0.35': simpleExponentialSmoothing({ alpha: 0.35, initial: 'simple' }),
      meanf: meanModel(),
    };
    for (const [key, model] of Object.entries(models)) {
      const reference = r.tsCV[key];
      if (reference === undefined) expect.fail(`${name} ${key} is missing`);
      // tsCV's row i holds the errors from the origin after i values; `initial` values are skipped.
      const replay = backtest(model, toSeries(r), { horizon: h, initial: initial + 1 });
      const rows = Array.from({ length: h }, () => r.values.map((): number | null => null));
      for (const origin of replay.origins) {
        origin.errors.forEach((error, k) => {
          const row = rows[k];
          if (row !== undefined) row[origin.trainingEnd - 1] = error;
        });
      }
      const scale = Math.max(...r.values.map(Math.abs));
      rows.forEach((row, k) => {
        const wanted = reference.errors[k] ?? [];
        expect(row.length).toBe(wanted.length);
        row.forEach((error, t) => {
          const value = wanted[t] ?? null;
          if (value === null || error === null) expect(error, `${name} ${key} step ${k + 1} origin ${t + 1}`).toBe(value);
          else expect(Math.abs(error - value), `${name} ${key} step ${k + 1} origin ${t + 1}`).toBeLessThan(1e-9 * scale);
        });
        expectRelative(
          [replay.byHorizon[k]?.accuracy.rmse, replay.byHorizon[k]?.accuracy.mae],
          [reference.rmse[k] ?? NaN, reference.mae[k] ?? NaN],
          1e-9,
          `${name} ${key} step ${k + 1}`,
        );
      });
    }
    // A sliding window; R begins as soon as there is anything, ours when the window is full.
    const sliding = backtest(naive(), toSeries(r), { horizon: 1, window: 12, initial: 12 });
    for (const origin of sliding.origins) expect(Math.abs((origin.errors[0] ?? NaN) - (r.tsCV.naive_window12_h1[origin.trainingEnd - 1] ?? NaN))).toBeLessThan(1e-9);
    expect(sliding.origins.length).toBe(r.values.length - 12);
  });
});

describeWithReference('Croston against R', () => {
  const { series } = readReferenceJson<{
    series: Record<string, { values: number[]; alpha: number; mean: number[] | number; fitted: (number | null)[]; demandLast: number | null; periodLast: number | null }>;
  }>('cases/oracle/r_croston.json');

  it.each(Object.entries(series))('%s', (name, r) => {
    const fit = croston({ variant: 'croston', alpha: r.alpha }).fit(r.values);
    expectRelative(fit.predict(6).mean, list(r.mean), 1e-10, name);
    // Where no sale was seen yet, R's one-step forecast is 0 (and missing for the first period).
    expectRelative(fit.fitted.slice(1), r.fitted.slice(1), 1e-10, `${name} fitted`);
    if (r.demandLast !== null) expectRelative([fit.stored.state.size, fit.stored.state.interval], [r.demandLast, r.periodLast], 1e-10, `${name} states`);
  });
});

describeWithReference('known starts against statsmodels', () => {
  interface Known {
    readonly fitted: number[];
    readonly forecast: number[];
    readonly sse: number;
  }
  const { series } = readReferenceJson<{
    series: Record<string, { values: number[]; frequency: number; 'SES_known_alpha0.2': Known; 'SES_known_alpha0.8': Known; 'HoltDamped_known_a0.4_b0.15_phi0.93': Known }>;
  }>('cases/oracle/py_statsmodels_crosscheck.json');

  it.each(Object.entries(series))('%s', (name, r) => {
    for (const [alpha, known] of [
      [0.2, r['SES_known_alpha0.2']],
      [0.8, r['SES_known_alpha0.8']],
    ] as const) {
      const fit = simpleExponentialSmoothing({ alpha, initial: 'simple' }).fit(r.values);
      expectRelative(fit.fitted, known.fitted, 1e-9, `${name} fitted`);
      expectRelative(fit.predict(known.forecast.length).mean, known.forecast, 1e-9, `${name} forecast`);
    }
    const known = r['HoltDamped_known_a0.4_b0.15_phi0.93'];
    const fit = holt({ alpha: 0.4, betaStar: 0.15, phi: 0.93, initial: 'simple' }).fit(r.values);
    expectRelative(fit.fitted, known.fitted, 1e-9, `${name} damped fitted`);
    expectRelative(fit.predict(known.forecast.length).mean, known.forecast, 1e-9, `${name} damped forecast`);
  });
});
