import { ensemble, type ForecastSeriesOptions, forecastSeries, naive, type SeriesForecast, seasonalNaive } from 'dealwright/forecasting';
import { openRandom } from 'dealwright/stats';
import { describe, expect, expectTypeOf, test } from 'vitest';

function monthly(count: number, seed = 1): number[] {
  const random = openRandom(seed);
  return Array.from({ length: count }, (_, t) => (1000 + 5 * t) * (1 + 0.2 * Math.sin((2 * Math.PI * t) / 12)) * (1 + 0.03 * random.normal()));
}

describe('forecastSeries', () => {
  test('what the one call gives', () => {
    const result = forecastSeries({ values: monthly(60), period: 'month', start: '2021-01', currency: 'USD' }, { horizon: 12, levels: [0.8, 0.95] });
    expectTypeOf(result).toEqualTypeOf<SeriesForecast>();
    expect(result.periods?.[0]).toBe('2026-01');
    expect(result.currency).toBe('USD');
    expect(result.mean.length).toBe(12);
    result.mean.forEach((value, h) => expect(Math.abs(value / ((1000 + 5 * (60 + h)) * (1 + 0.2 * Math.sin((2 * Math.PI * (60 + h)) / 12))) - 1)).toBeLessThan(0.06));
    expect(result.intervals.map((interval) => interval.level)).toEqual([0.8, 0.95]);
    result.intervals[0]?.lower.forEach((low, h) => expect(low).toBeGreaterThan(result.intervals[1]?.lower[h] ?? Infinity));
    expect(result.shares.reduce((sum, share) => sum + share.weight, 0)).toBeCloseTo(1, 9);
    expect(result.because[0]).toBe('60 known months from 2021-01, a season of 12 looked for.');
    expect(result.because.some((reason) => reason.includes('there is a season'))).toBe(true);
    expect(result.issues).toEqual([]);
    expect(
      ensemble()
        .resume(JSON.parse(JSON.stringify(result.stored)))
        .predict(12).mean,
    ).toEqual(result.mean);
  });

  test('the default horizon is a season, or 6', () => {
    expect(forecastSeries({ values: monthly(30), period: 'month' }).mean.length).toBe(12);
    expect(forecastSeries([1, 2, 3, 4]).mean.length).toBe(6);
  });

  test('an empty series: nothing, and why', () => {
    for (const values of [[], [null, null], [NaN]]) {
      const result = forecastSeries({ values, period: 'month', start: '2026-01' }, { horizon: 2 });
      expect(result.mean).toEqual([]);
      expect(result.chosen).toBeNull();
      expect(result.issues[result.issues.length - 1]?.code).toBe('insufficient_data');
    }
  });

  test('one value, few values, a constant: honest answers', () => {
    expect(forecastSeries([7], { horizon: 2 })).toMatchObject({ mean: [7, 7], intervals: [], chosen: 'the only value' });
    expect(forecastSeries([7, 9, 8], { horizon: 1 }).mean).toEqual([8]);
    expect(forecastSeries([0, 0, 0, 0, 0, 0], { horizon: 1 })).toMatchObject({ mean: [0], chosen: 'constant' });
    expect(forecastSeries([7, 9, 8], { horizon: 2, levels: [0.8] }).intervals[0]?.upper[1] ?? 0).toBeGreaterThan(9);
  });

  test('a first value far out of line does not spoil the rest', () => {
    const rest = [4200, 4100, 4300, 4250, 4180, 4220, 4190, 4210, 4230, 4205, 4240, 4215];
    const result = forecastSeries([352_000, ...rest], { horizon: 3 });
    expect(result.repaired).toEqual([{ index: 0, period: null, value: 352_000, expected: 4200 }]);
    result.mean.forEach((value) => expect(Math.abs(value - 4215)).toBeLessThan(60));
    expect(result.intervals[1]?.upper[2] ?? 0).toBeLessThan(5000);
    expect(result.because.some((reason) => reason.includes('352000'))).toBe(true);
    expect(forecastSeries([352_000, ...rest], { horizon: 3, outliers: 'keep' }).repaired).toEqual([]);
  });

  test('a spike within is left out, a December that returns every year is not, nor a change of level', () => {
    const spiked = monthly(48);
    spiked[20] = 90_000;
    expect(forecastSeries({ values: spiked, period: 'month', start: '2022-01' }).repaired.map((value) => value.period)).toEqual(['2023-09']);
    const december = Array.from({ length: 48 }, (_, t) => (t % 12 === 11 ? 900 : 100 + (t % 5)));
    expect(forecastSeries({ values: december, period: 'month' }).repaired).toEqual([]);
    const shifted = Array.from({ length: 40 }, (_, t) => (t < 20 ? 100 : 500) + (t % 3));
    expect(forecastSeries(shifted).repaired).toEqual([]);
    const newest = forecastSeries([10, 11, 10, 12, 11, 10, 12, 11, 10, 500]);
    expect(newest.repaired).toEqual([]);
    expect(newest.because.some((reason) => reason.startsWith('The newest value is far'))).toBe(true);
  });

  test('nothing is forecast below 0 where nothing was, unless it is allowed', () => {
    const falling = Array.from({ length: 24 }, (_, t) => 240 - 10 * t);
    const result = forecastSeries(falling, { horizon: 12 });
    expect(Math.min(...result.mean, ...(result.intervals[1]?.lower ?? []))).toBe(0);
    expect(result.assumptions.some((text) => text.includes('below 0'))).toBe(true);
    expect(Math.min(...(forecastSeries(falling, { horizon: 12, nonNegative: false }).intervals[1]?.lower ?? []))).toBeLessThan(0);
    expect(Math.min(...(forecastSeries([-3, 2, -1, 4, -2, 1, 3, -4]).intervals[1]?.lower ?? []))).toBeLessThan(0);
  });

  test('intermittent sales are a rate', () => {
    const result = forecastSeries([0, 0, 5, 0, 0, 0, 6, 0, 0, 5, 0, 0], { horizon: 2 });
    expect(result.because.some((reason) => reason.includes('no sales'))).toBe(true);
    expect(result.mean[0] ?? 0).toBeGreaterThan(0.8);
    expect(result.mean[0] ?? 0).toBeLessThan(2.5);
  });

  test('a partial last period is left out and forecast first', () => {
    const values = monthly(37);
    const result = forecastSeries({ values: [...values.slice(0, 36), 3], period: 'month', start: '2023-01', lastIsPartial: true }, { horizon: 1 });
    expect(result.periods).toEqual(['2026-01']);
    expect(result.mean).toEqual(forecastSeries({ values: values.slice(0, 36), period: 'month' }, { horizon: 1 }).mean);
    expect(result.because[0]).toContain('not over');
  });

  test('the past on request, against repeating last season', () => {
    const { past, because } = forecastSeries({ values: monthly(72), period: 'month' }, { horizon: 6, backtest: 4 });
    expect(past?.origins).toBe(4);
    expect(past?.skill ?? 0).toBeGreaterThan(0);
    expect(because.some((reason) => reason.startsWith('Over the last 4 forecasts, up to 6 steps ahead'))).toBe(true);
  });

  test('a model of one’s own; a model that cannot be used gives way to the default one', () => {
    const own = forecastSeries([1, 2, 3, 4], { model: naive(), horizon: 1 });
    expect(own).toMatchObject({ mean: [4], chosen: 'naive', shares: [{ label: 'naive', weight: 1 }] });
    const demanding = { ...seasonalNaive(), minimumObservations: () => 100 };
    expect(forecastSeries([1, 2, 3, 4], { model: demanding as ForecastSeriesOptions['model'] as never, horizon: 1 }).mean).toEqual([4]);
  });

  test('wrong calls throw, with every issue', () => {
    expect(() => forecastSeries([1, 2], { horizon: 0, levels: [95] })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ code: 'invalid_horizon' }), expect.objectContaining({ code: 'fraction_out_of_range' })] }),
    );
    expect(() => forecastSeries([1, 2], { horizn: 3 } as never)).toThrow(/did you mean "horizon"\?/);
    expect(() => forecastSeries({ values: 5 } as never)).toThrow(expect.objectContaining({ code: 'invalid_type' }));
  });

  test('intervals of the default model hold about what they promise on data it was not set up on', () => {
    let inside80 = 0;
    let inside95 = 0;
    let total = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = openRandom(seed);
      let level = 100;
      let slope = random.normal() * 0.5;
      const values = Array.from({ length: 48 }, (_, t) => {
        slope += 0.05 * random.normal();
        level += slope + 1.5 * random.normal();
        return level + 8 * Math.sin((2 * Math.PI * t) / 4) + 2 * random.normal();
      });
      const { intervals } = forecastSeries({ values: values.slice(0, 40), seasonLength: 4 }, { horizon: 8 });
      values.slice(40).forEach((value, h) => {
        total += 1;
        if (value >= (intervals[0]?.lower[h] ?? 0) && value <= (intervals[0]?.upper[h] ?? 0)) inside80 += 1;
        if (value >= (intervals[1]?.lower[h] ?? 0) && value <= (intervals[1]?.upper[h] ?? 0)) inside95 += 1;
      });
    }
    expect(inside80 / total).toBeGreaterThan(0.7);
    expect(inside80 / total).toBeLessThan(0.92);
    expect(inside95 / total).toBeGreaterThan(0.88);
  });
});
