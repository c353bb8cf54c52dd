/*
 * No series makes anything throw, hang, or answer with a number that is none.
 */

import { isDomainError } from 'dealwright/errors';
import {
  backtest,
  combineModels,
  croston,
  drift,
  ensemble,
  ets,
  type ForecastModel,
  fillGaps,
  forecastSeries,
  holt,
  holtWinters,
  meanModel,
  measureAccuracy,
  movingAverage,
  naive,
  regression,
  type SeriesForecast,
  seasonalNaive,
  simpleExponentialSmoothing,
  theta,
  withBoxCox,
  withConformalIntervals,
} from 'dealwright/forecasting';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const SEED = { seed: 20260101 };

/** Values of all sorts: sales, zeros, negative ones, gaps, extremes, and things that are no numbers at all. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(1e99, -1e99, 1e-120, 1e-9, Number.MAX_VALUE, Number.MIN_VALUE, -0) },
);
const hostile = fc.oneof(value, fc.constantFrom<unknown>(NaN, Infinity, -Infinity, '12', {}, [], true, undefined, 10n));

const kinds = [
  (n: number) => Array.from({ length: n }, () => 7),
  (n: number) => Array.from({ length: n }, () => 0),
  (n: number) => Array.from({ length: n }, (_, t) => t),
  (n: number) => Array.from({ length: n }, (_, t) => -t * t),
  (n: number) => Array.from({ length: n }, (_, t) => (t === 0 ? 352_000 : 4200 + (t % 5))),
  (n: number) => Array.from({ length: n }, (_, t) => (t % 4 === 3 ? 12 : 0)),
  (n: number) => Array.from({ length: n }, (_, t) => 1e-8 * 10 ** t),
  (n: number) => Array.from({ length: n }, (_, t) => (t % 2 === 0 ? null : 5)),
  (n: number) => Array.from({ length: n }, (_, t) => 100 + 10 * Math.sin(t / 2) + (t === n - 1 ? 1e9 : 0)),
  (n: number) => Array.from({ length: n }, (_, t) => (t % 2 === 0 ? 1e99 : -1e99)),
];

const anySeries = fc.oneof(
  fc.array(value, { maxLength: 40 }),
  fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: 1, max: 60 })).map(([make, n]) => make(n)),
);
const anySeason = fc.constantFrom(1, 2, 4, 7, 12, 24, 52);

function expectFinite(values: readonly number[], label: string): void {
  for (const entry of values) if (!Number.isFinite(entry)) expect.fail(`${label}: ${entry}`);
}

function expectSound(result: SeriesForecast, horizon: number): void {
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  expect([0, horizon]).toContain(result.mean.length);
  expectFinite(result.mean, 'mean');
  expectFinite(result.standardErrors ?? [], 'standard errors');
  for (const { lower, upper } of result.intervals) {
    expectFinite(lower, 'lower');
    expectFinite(upper, 'upper');
    expect(lower.length).toBe(horizon);
    lower.forEach((low, h) => {
      if (!(low <= (upper[h] ?? NaN))) expect.fail(`limits cross: ${low} > ${upper[h]}`);
    });
  }
  expect(result.because.length).toBeGreaterThan(0);
  expect(result.because.every((reason) => reason.length > 0 && !/undefined|NaN|Infinity|\[object/.test(reason))).toBe(true);
}

describe('forecastSeries never throws on data', () => {
  test('values of every sort, every season', () => {
    fc.assert(
      fc.property(anySeries, anySeason, fc.integer({ min: 1, max: 15 }), (values, seasonLength, horizon) => {
        const series = Object.freeze({ values: Object.freeze(values), seasonLength });
        expectSound(forecastSeries(series, { horizon }), horizon);
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  test('things that are no numbers are gaps with an issue', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 20 }), (values) => {
        const result = forecastSeries(values as (number | null)[], { horizon: 3 });
        expectSound(result, 3);
        const unreadable = values.filter((entry) => entry !== null && entry !== undefined && !(typeof entry === 'number' && Math.abs(entry) <= 1e100)).length;
        expect(result.issues.filter((issue) => issue.code !== 'insufficient_data').length).toBe(unreadable);
      }),
      { ...SEED, numRuns: 200 },
    );
  });

  test('with conformal and back-test-scaled intervals', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 16 }),
        fc.constantFrom(1, 4),
        fc.constantFrom('conformal' as const, 'backtest-scaled' as const),
        (values, seasonLength, intervals) => {
          expectSound(forecastSeries({ values, seasonLength }, { horizon: 4, intervals, backtest: 2 }), 4);
        },
      ),
      { ...SEED, numRuns: 40 },
    );
  });
});

describe('models', () => {
  const models: readonly ForecastModel[] = [
    meanModel(),
    naive(),
    seasonalNaive(),
    drift(),
    movingAverage({ window: 2 }),
    regression(),
    simpleExponentialSmoothing(),
    simpleExponentialSmoothing({ initial: 'simple' }),
    holt({ damped: true }),
    holt({ initial: 'simple', exponential: true }),
    holtWinters(),
    holtWinters({ seasonal: 'multiplicative' }),
    holtWinters({ initial: 'simple', seasonal: 'multiplicative' }),
    holtWinters({ initial: 'decomposition' }),
    ets(),
    ets({ form: 'MAdM' }),
    ets({ form: 'AMN', paths: 200 }),
    ets({ multiplicativeTrend: true, intervals: 'bootstrapped', paths: 200 }),
    theta(),
    croston(),
    croston({ variant: 'tsb' }),
    ensemble(),
    withBoxCox(naive()),
    withConformalIntervals(drift()),
    combineModels([naive(), drift()], { weights: 'inverse-error' }),
  ];

  test('every model that can be fitted predicts finite numbers, and resumes from JSON to the same forecast', () => {
    fc.assert(
      fc.property(fc.constantFrom(...models), anySeries, fc.constantFrom(1, 4, 12), (model, values, seasonLength) => {
        const series = { values, seasonLength };
        const known = values.filter((entry) => entry !== null && Math.abs(entry) <= 1e100).length;
        if (known < model.minimumObservations(seasonLength)) {
          expect(() => model.fit(series)).toThrow(expect.objectContaining({ code: 'insufficient_data' }));
          return;
        }
        const fit = model.fit(series);
        const path = fit.predict(5);
        expectFinite(path.mean, `${model.name} mean`);
        for (const { lower, upper } of path.intervals) {
          expectFinite(lower, `${model.name} lower`);
          expectFinite(upper, `${model.name} upper`);
        }
        expect(fit.fitted.length).toBe(values.length);
        const stored: unknown = JSON.parse(JSON.stringify(fit.stored));
        expect(stored).toEqual(fit.stored);
        expect(model.resume(stored).predict(5)).toEqual(path);
      }),
      { ...SEED, numRuns: 1200 },
    );
  });

  test('a stored fit that was tampered with gives a forecast or a DomainError, never anything else', () => {
    const series = { values: [12, 15, 11, 18, 14, 16, 13, 19, 15, 18, 14, 21], seasonLength: 4 };
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom('state', 'residuals', 'period', 'start', 'calendar', 'seasonLength', 'parameters', 'inside'),
        (model, junk, key) => {
          const stored: Record<string, unknown> = JSON.parse(JSON.stringify(model.fit(series).stored));
          if (key !== 'inside') stored[key] = junk;
          else if (typeof stored['state'] === 'object' && stored['state'] !== null) {
            const state = stored['state'] as Record<string, unknown>;
            const [first] = Object.keys(state);
            if (first !== undefined) state[first] = junk;
          }
          try {
            const path = model.resume(stored).predict(3);
            expectFinite(path.mean, 'mean');
          } catch (error) {
            if (!isDomainError(error)) throw error;
          }
        },
      ),
      { ...SEED, numRuns: 600 },
    );
  });

  test('back-tests and accuracy are sound on anything', () => {
    fc.assert(
      fc.property(fc.constantFrom(naive(), seasonalNaive(), theta(), drift()), fc.array(value, { maxLength: 25 }), fc.constantFrom(1, 4), (model, values, seasonLength) => {
        const replay = backtest(model, { values, seasonLength }, { horizon: 3 });
        expect(JSON.parse(JSON.stringify(replay))).toEqual(replay);
        for (const origin of replay.origins) expect(origin.trainingEnd).toBeLessThan(values.length);
      }),
      { ...SEED, numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), fc.array(value, { minLength: 12, maxLength: 12 }), (actual, forecast) => {
        const accuracy = measureAccuracy(actual, forecast);
        expect(JSON.parse(JSON.stringify(accuracy))).toEqual(accuracy);
        for (const [key, entry] of Object.entries(accuracy)) if (entry === null) expect(accuracy.unknown.some((unknown) => unknown.measure === key)).toBe(true);
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  test('filled gaps keep what is known', () => {
    fc.assert(
      fc.property(anySeries, anySeason, (values, seasonLength) => {
        const filled = fillGaps({ values, seasonLength });
        expectFinite(filled, 'filled');
        if (filled.length === 0) return;
        values.forEach((entry, t) => {
          if (entry !== null && Math.abs(entry) <= 1e100 && Math.abs(entry) >= 1e-100) expect(filled[t]).toBe(entry);
        });
      }),
      { ...SEED, numRuns: 200 },
    );
  });
});
