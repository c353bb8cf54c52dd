import {
  combineModels,
  croston,
  defineForecastModel,
  drift,
  ensemble,
  ets,
  type FittedModel,
  type ForecastModel,
  holt,
  holtWinters,
  meanModel,
  movingAverage,
  naive,
  regression,
  seasonalNaive,
  simpleExponentialSmoothing,
  theta,
  withBacktestScaledIntervals,
  withBoxCox,
  withConformalIntervals,
} from 'dealwright/forecasting';
import { openRandom } from 'dealwright/stats';
import { describe, expect, expectTypeOf, test } from 'vitest';

/** Quarterly sales with growth and season, and a little noise. */
function quarters(count: number, seed = 1): number[] {
  const random = openRandom(seed);
  return Array.from({ length: count }, (_, t) => (100 + 2 * t) * ([0.9, 1, 1.2, 0.9][t % 4] ?? 1) * (1 + 0.02 * random.normal()));
}

const round = (values: readonly number[], digits = 6): number[] => values.map((value) => Number(value.toFixed(digits)));

describe('the protocol', () => {
  test('a model of one’s own has everything the built-in ones have', () => {
    const last = defineForecastModel({
      name: 'last',
      fit: ({ filled, values }) => ({
        state: { level: filled[filled.length - 1] ?? 0 },
        fitted: values.map((_, t) => (t === 0 ? null : (filled[t - 1] ?? null))),
        parameters: { weight: 1 },
      }),
      predict: (state, { horizon }) => ({ mean: Array.from({ length: horizon }, () => state.level), standardErrors: Array.from({ length: horizon }, (_, h) => h + 1) }),
    });
    expectTypeOf(last).toExtend<ForecastModel>();
    const fit = last.fit({ values: [1, 2, null, 4], period: 'month', start: '2026-01' });
    expectTypeOf(fit).toExtend<FittedModel<{ level: number }>>();
    expect(fit.residuals).toEqual([null, 1, null, 1]);
    const path = fit.predict(2, { levels: [0.5] });
    expect(path.mean).toEqual([4, 4]);
    expect(path.periods).toEqual(['2026-05', '2026-06']);
    expect(path.intervalMethod).toBe('analytic');
    expect(path.intervals[0]?.upper[1]).toBeCloseTo(4 + 2 * 0.6744897501960817, 12);
    expect(path.assumptions.some((text) => text.includes('1 of 4 periods'))).toBe(true);
    expect(last.resume(JSON.parse(JSON.stringify(fit.stored))).predict(2, { levels: [0.5] })).toEqual(path);
  });

  test('without standard errors and intervals there are none, and a wrapper makes them', () => {
    const flat = defineForecastModel({
      name: 'flat',
      fit: ({ values }) => ({ state: 0, fitted: values }),
      predict: (_, { horizon }) => ({ mean: Array.from({ length: horizon }, () => 0) }),
    });
    const path = flat.fit([1, 2, 3]).predict(1);
    expect(path.intervals).toEqual([]);
    expect(path.intervalMethod).toBe('none');
    expect(withConformalIntervals(flat).fit([1, -2, 3, -1, 2, -3, 1, 2]).predict(1).intervals.length).toBe(2);
  });

  test('a definition that breaks its promise is told so', () => {
    const define = (fit: () => unknown, predict: () => unknown): ForecastModel => defineForecastModel({ name: 'bad', fit: fit as never, predict: predict as never });
    const fitted = [1, 2];
    expect(() =>
      define(
        () => ({ state: 1, fitted: [1] }),
        () => ({ mean: [1] }),
      ).fit([1, 2]),
    ).toThrow(expect.objectContaining({ code: 'invalid_value' }));
    expect(() =>
      define(
        () => ({ state: { at: new Date(0) }, fitted }),
        () => ({ mean: [1] }),
      ).fit([1, 2]),
    ).toThrow(expect.objectContaining({ code: 'invalid_json_value' }));
    expect(() =>
      define(
        () => ({ state: { value: NaN }, fitted }),
        () => ({ mean: [1] }),
      ).fit([1, 2]),
    ).toThrow(expect.objectContaining({ code: 'invalid_json_value' }));
    expect(() =>
      define(
        () => ({ state: 1, fitted }),
        () => ({ mean: [NaN] }),
      )
        .fit([1, 2])
        .predict(1),
    ).toThrow(expect.objectContaining({ code: 'invalid_value' }));
    expect(() =>
      define(
        () => ({ state: 1, fitted }),
        () => ({ mean: [1], intervals: [] }),
      )
        .fit([1, 2])
        .predict(1),
    ).toThrow(expect.objectContaining({ code: 'invalid_value' }));
    expect(() => defineForecastModel({ name: '', fit: null, predict: null } as never)).toThrow(expect.objectContaining({ issues: expect.objectContaining({ length: 3 }) }));
  });

  test('wrong calls are refused with path and hint', () => {
    const fit = naive().fit([1, 2, 3]);
    expect(() => fit.predict(0)).toThrow(expect.objectContaining({ code: 'invalid_horizon' }));
    expect(() => fit.predict(1.5)).toThrow(expect.objectContaining({ code: 'invalid_horizon' }));
    expect(() => fit.predict(1, { levels: [80] })).toThrow(/did you mean 0\.8\?/);
    expect(() => naive().fit({ values: [1], peroid: 'month' } as never)).toThrow(/did you mean "period"\?/);
    expect(() => naive().fit({ values: [1], start: '2026-01' })).toThrow(expect.objectContaining({ code: 'missing_key' }));
    expect(() => naive().fit({ values: [1], period: 'month', start: '2026-Q1' })).toThrow(/did you mean "2026-01"\?/);
    expect(() => naive().fit('12' as never)).toThrow(expect.objectContaining({ code: 'invalid_type' }));
    expect(() => naive().fit([])).toThrow(expect.objectContaining({ code: 'insufficient_data' }));
    expect(() => ets({ form: 'ZZZ' as never })).toThrow(/a form such as/);
    expect(() => ets({ parameters: { alpa: 1 } } as never)).toThrow(/did you mean "alpha"\?/);
    // @ts-expect-error there is no such form
    expect(() => ets({ form: 'AXN' })).toThrow();
    // @ts-expect-error a misspelt option
    expect(() => theta({ seasons: 'never' })).toThrow();
  });

  test('a stored fit of another version or model is refused', () => {
    const { stored } = naive().fit([1, 2, 3]);
    expect(() => naive().resume({ ...stored, formatVersion: 2 })).toThrow(expect.objectContaining({ code: 'unsupported_format_version' }));
    expect(() => drift().resume(stored)).toThrow(/resume it with the model that made it/);
    expect(() => naive().resume(null)).toThrow(expect.objectContaining({ code: 'invalid_type' }));
    const { state: _state, ...rest } = stored;
    expect(() => naive().resume(rest)).toThrow(expect.objectContaining({ code: 'missing_key' }));
  });

  test('the input is not touched', () => {
    const series = Object.freeze({ values: Object.freeze([5, 7, null, 6, 8, 9, 7, 10]), seasonLength: 2 });
    for (const model of [ets(), theta(), ensemble(), holtWinters(), regression()] as readonly ForecastModel[]) model.fit(series).predict(3);
  });

  test('labels: months, quarters, fiscal years, weeks, days; a date as start; a partial last period is forecast first', () => {
    const labels = (series: Parameters<ForecastModel['fit']>[0]): readonly string[] | null => naive().fit(series).predict(2).periods;
    expect(labels({ values: [1, 2], period: 'month', start: '2025-11' })).toEqual(['2026-01', '2026-02']);
    expect(labels({ values: [1, 2], period: 'quarter', start: '2025-08-15' })).toEqual(['2026-Q1', '2026-Q2']);
    expect(labels({ values: [1, 2], period: 'month', start: 'FY2026-P11', calendar: { kind: 'months', startMonth: 7, yearName: 'end' } })).toEqual(['FY2027-P01', 'FY2027-P02']);
    expect(labels({ values: [1, 2], period: 'week', start: '2026-W52' })).toEqual(['2027-W01', '2027-W02']);
    expect(labels({ values: [1, 2], period: 'day', start: '2026-02-27' })).toEqual(['2026-03-01', '2026-03-02']);
    expect(labels({ values: [1, 2], period: 'month', start: '2025-11', lastIsPartial: true })).toEqual(['2025-12', '2026-01']);
    expect(labels([1, 2])).toBeNull();
  });
});

describe('baselines', () => {
  test('gaps: the naive forecast is the last known value, older by the gap', () => {
    const fit = naive().fit([1, 3, null, 7, null]);
    expect(fit.fitted).toEqual([null, 1, 3, 3, 7]);
    const path = fit.predict(1);
    const sigma = Math.sqrt((4 + 16) / 2);
    expect(path.mean).toEqual([7]);
    expect(path.standardErrors?.[0]).toBeCloseTo(sigma * Math.sqrt(2), 12);
  });

  test('the seasonal naive forecast looks further back where last season is unknown', () => {
    const path = seasonalNaive()
      .fit({ values: [1, 2, 3, 4, 5, null, 7, 8], seasonLength: 4 })
      .predict(4);
    expect(path.mean).toEqual([5, 2, 7, 8]);
    expect(path.standardErrors?.[1]).toBeCloseTo((path.standardErrors?.[0] ?? 0) * Math.SQRT2, 12);
  });

  test('regression leaves out the season of a series without two full ones, and seasons never seen', () => {
    expect(regression().fit({ values: [1, 2, 3, 4, 5], seasonLength: 4 }).label).toBe('trend');
    const values = Array.from({ length: 16 }, (_, t) => (t % 4 === 2 ? null : t + (t % 4)));
    const fit = regression().fit({ values, seasonLength: 4 });
    expect(fit.stored.state.seasons).toEqual([2, 4]);
    expect(round(fit.predict(1).mean)).toEqual([16]);
    expect(regression({ trend: false, season: false }).fit([1, 2, 3]).predict(1).mean[0]).toBeCloseTo(2, 12);
  });

  test('moving average and mean', () => {
    expect(movingAverage({ window: 3 }).fit([1, 2, 3, 4, 5]).predict(2).mean).toEqual([4, 4]);
    expect(meanModel().fit([2]).predict(1).intervals[0]).toEqual({ level: 0.8, lower: [2], upper: [2] });
    expect(() => movingAverage({ window: 0 })).toThrow(expect.objectContaining({ code: 'out_of_range' }));
  });
});

describe('exponential smoothing', () => {
  test('gaps take no innovation: the fit of a gapped series is that of the recursion that stands still', () => {
    const parameters = { alpha: 0.5 };
    const initial = { level: 10 };
    const fit = ets({ form: 'ANN', parameters, initial }).fit([12, null, 16]);
    expect(fit.fitted).toEqual([10, 11, 11]);
    expect(fit.residuals).toEqual([2, null, 5]);
    expect(fit.predict(1).mean).toEqual([13.5]);
  });

  test('a gap in the middle of a long series hardly moves the forecast', () => {
    const values = quarters(60);
    const whole = ets({ form: 'MAM' }).fit({ values, seasonLength: 4 }).predict(4).mean;
    const gapped = ets({ form: 'MAM' })
      .fit({ values: values.map((value, t) => (t === 30 || t === 31 ? null : value)), seasonLength: 4 })
      .predict(4).mean;
    gapped.forEach((value, h) => expect(Math.abs(value / (whole[h] ?? 1) - 1)).toBeLessThan(0.02));
  });

  test('a form that the series does not admit gives way, and the label says to what', () => {
    expect(ets({ form: 'MAM' }).fit({ values: [-1, 2, 3, 4, 5, 6, 2, 8], seasonLength: 2 }).label).toBe('ETS(A,A,A)');
    expect(ets({ form: 'MNM' }).fit([1, 2, 3, 4, 5, 4, 3, 4]).label).toBe('ETS(M,N,N)');
    expect(ets().fit([5, 5, 5, 5, 5, 5]).predict(1).intervals[0]).toEqual({ level: 0.8, lower: [5], upper: [5] });
    expect(ets().fit([3]).predict(1).mean).toEqual([3]);
  });

  test('the season is found, and the trend', () => {
    const fit = ets().fit({ values: quarters(48), seasonLength: 4 });
    expect(fit.label).toMatch(/^ETS\(M,A/);
    const path = fit.predict(4);
    path.mean.forEach((value, h) => expect(Math.abs(value / ((100 + 2 * (48 + h)) * ([0.9, 1, 1.2, 0.9][h] ?? 1)) - 1)).toBeLessThan(0.03));
    expect(fit.criteria?.aicc).toBeGreaterThan(fit.criteria?.aic ?? Infinity);
  });

  test('candidates, criteria and penalties are honoured', () => {
    const series = { values: quarters(40), seasonLength: 4 };
    expect(ets({ form: ['ANN', 'AAN'] }).fit(series).label).toMatch(/^ETS\(A,[NA],N\)$/);
    expect(['ETS(M,A,M)', 'ETS(M,A,A)', 'ETS(A,A,M)', 'ETS(A,A,A)', 'ETS(M,Ad,M)', 'ETS(M,M,M)', 'ETS(M,Md,M)']).toContain(
      ets({ criterion: 'bic', multiplicativeTrend: true }).fit(series).label,
    );
    expect(ets({ form: 'MMdM' }).fit(series).label).toBe('ETS(M,Md,M)');
    // A line with a little noise: with a huge penalty the slope may not be rewritten.
    const steep = Array.from({ length: 30 }, (_, t) => t * t + (t % 3));
    expect(ets({ trendPenalty: 0 }).fit(steep).parameters.beta ?? 0).toBeGreaterThanOrEqual(ets({ trendPenalty: 1e6 }).fit(steep).parameters.beta ?? 0);
  });

  test('simulated intervals agree with the exact ones', () => {
    const values = quarters(48);
    for (const form of ['ANN', 'AAdN', 'MAN', 'MNA', 'MAM', 'MAdM', 'AAA'] as const) {
      const exact = ets({ form }).fit({ values, seasonLength: 4 }).predict(8);
      const simulated = ets({ form, intervals: 'simulated', paths: 40_000 }).fit({ values, seasonLength: 4 }).predict(8);
      expect(simulated.intervalMethod).toBe('simulated');
      exact.standardErrors?.forEach((value, h) => expect(Math.abs((simulated.standardErrors?.[h] ?? 0) / value - 1), `${form} ${h}`).toBeLessThan(0.025));
    }
  });

  test('the exact limits of a damped multiplicative season are right where R’s are not: simulated one-step means agree with ours', () => {
    const parameters = { alpha: 0.4, beta: 0.3, gamma: 0.1, phi: 0.8 };
    const initial = { level: 100, growth: 20, seasonal: [0.8, 1.2] };
    const model = (compatibility: 'exact' | 'r-forecast-8.20') => ets({ form: 'MAdM', parameters, initial, compatibility }).fit({ values: [90, 150, 110, 170], seasonLength: 2 });
    const state = model('exact').stored.state;
    const oneStep = (state.level + 0.8 * state.growth) * (state.seasonal[0] ?? 0);
    expect(model('exact').predict(1).mean[0]).toBeCloseTo(oneStep, 9);
    expect(Math.abs((model('r-forecast-8.20').predict(1).mean[0] ?? 0) - oneStep)).toBeGreaterThan(1);
  });

  test('bootstrapped intervals follow the residuals, and seeds repeat', () => {
    const random = openRandom(3);
    const skewed = Array.from({ length: 120 }, () => 100 + 30 * (random.exponential() - 1));
    const fit = ets({ form: 'ANN', intervals: 'bootstrapped' }).fit(skewed);
    const path = fit.predict(1, { levels: [0.9] });
    const { lower, upper } = path.intervals[0] ?? { lower: [], upper: [] };
    expect((upper[0] ?? 0) - (path.mean[0] ?? 0)).toBeGreaterThan(1.5 * ((path.mean[0] ?? 0) - (lower[0] ?? 0)));
    expect(fit.predict(1, { levels: [0.9] })).toEqual(path);
    expect(
      ets({ form: 'ANN', intervals: 'bootstrapped', seed: 'other' })
        .fit(skewed)
        .predict(1, { levels: [0.9] }),
    ).not.toEqual(path);
  });

  test('Holt and Holt–Winters say which variant they are', () => {
    expect(holt({ damped: true }).fit([1, 2, 4, 7, 9, 12]).label).toBe('Damped Holt');
    expect(holt({ exponential: true }).fit([1, 2, 4, 8, 16, 32, 64]).predict(1).mean[0]).toBeGreaterThan(100);
    const series = { values: quarters(24), seasonLength: 4 };
    expect(holtWinters({ seasonal: 'multiplicative' }).fit(series).label).toBe('Holt–Winters, multiplicative season');
    expect(holtWinters({ seasonal: 'multiplicative' }).fit({ values: quarters(24).map((value) => value - 120), seasonLength: 4 }).label).toBe('Holt–Winters, additive season');
    expect(holtWinters().fit({ values: quarters(6), seasonLength: 4 }).label).toBe('Holt');
    expect(simpleExponentialSmoothing({ alpha: 1, initial: 'simple' }).fit([3, 5]).predict(1).mean).toEqual([5]);
  });

  test('a given β* with α free keeps its ratio', () => {
    const { parameters } = holt({ betaStar: 0.25 }).fit([10, 13, 15, 19, 20, 24, 27, 29, 33, 34]);
    expect((parameters.beta ?? 0) / (parameters.alpha ?? 1)).toBeCloseTo(0.25, 12);
  });
});

describe('theta', () => {
  test('an additive season where values are not positive', () => {
    const values = quarters(32).map((value) => value - 130);
    const fit = theta().fit({ values, seasonLength: 4 });
    expect(fit.label).toBe('Theta with additive season');
    const path = fit.predict(4);
    expect(path.mean[2] ?? 0).toBeGreaterThan(path.mean[3] ?? 0);
    expect(theta({ season: 'never' }).fit({ values, seasonLength: 4 }).label).toBe('Theta');
  });
});

describe('intermittent sales', () => {
  test('SBA is Croston times 1 − α/2; TSB fades when sales stop', () => {
    const sales = [0, 0, 4, 0, 0, 0, 2, 0, 3, 0, 0, 5];
    const plain = croston({ variant: 'croston', alpha: 0.2 }).fit(sales).predict(1).mean[0] ?? 0;
    expect(croston({ variant: 'sba', alpha: 0.2 }).fit(sales).predict(1).mean[0]).toBeCloseTo(0.9 * plain, 12);
    const tsb = (extra: number): number =>
      croston({ variant: 'tsb' })
        .fit([...sales, ...Array.from({ length: extra }, () => 0)])
        .predict(1).mean[0] ?? 0;
    expect(tsb(20)).toBeCloseTo(tsb(0) * 0.9 ** 20, 12);
    expect(
      croston({ variant: 'croston' })
        .fit([...sales, ...Array.from({ length: 20 }, () => 0)])
        .predict(1).mean[0],
    ).toBe(croston({ variant: 'croston' }).fit(sales).predict(1).mean[0]);
  });

  test('intervals are of a period: nothing at first, then sizes', () => {
    const path = croston()
      .fit([0, 0, 0, 10, 0, 0, 0, 12, 0, 0, 0, 8])
      .predict(1, { levels: [0.2, 0.9] });
    expect(path.intervals[0]).toEqual({ level: 0.2, lower: [0], upper: [0] });
    expect(path.intervals[1]?.upper[0]).toBeGreaterThan(8);
  });
});

describe('wrappers and combinations', () => {
  test('conformal intervals hold what they promise on a random walk', () => {
    let inside = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = openRandom(seed);
      let level = 100;
      const walk = Array.from({ length: 61 }, () => (level += random.normal() ** 3));
      const { intervals } = withConformalIntervals(naive(), { windows: 40, horizon: 1 })
        .fit(walk.slice(0, 60))
        .predict(1, { levels: [0.8] });
      const actual = walk[60] ?? 0;
      if (actual >= (intervals[0]?.lower[0] ?? 0) && actual <= (intervals[0]?.upper[0] ?? 0)) inside += 1;
    }
    // 80 % of 200, ± 3 standard errors.
    expect(inside / 200).toBeGreaterThan(0.715);
    expect(inside / 200).toBeLessThan(0.885);
  });

  test('conformal limits never narrow with the step, and grow with the root beyond the steps learned', () => {
    const path = withConformalIntervals(seasonalNaive(), { horizon: 4, windows: 10 })
      .fit({ values: quarters(32), seasonLength: 4 })
      .predict(16, { levels: [0.8] });
    const width = path.intervals[0]?.upper.map((value, h) => value - (path.mean[h] ?? 0)) ?? [];
    width.forEach((value, h) => expect(value).toBeGreaterThanOrEqual((width[h - 1] ?? 0) - 1e-9));
    expect((width[15] ?? 0) / (width[3] ?? 1)).toBeCloseTo(2, 9);
  });

  test('scaled intervals stay where the model is right', () => {
    const random = openRandom(5);
    const noise = Array.from({ length: 80 }, () => 50 + random.normal());
    const plain = meanModel().fit(noise).predict(3).standardErrors ?? [];
    const scaled = withBacktestScaledIntervals(meanModel()).fit(noise).predict(3).standardErrors ?? [];
    scaled.forEach((value, h) => expect(Math.abs(value / (plain[h] ?? 1) - 1)).toBeLessThan(0.25));
  });

  test('Box–Cox keeps forecasts positive and intervals lopsided', () => {
    const values = Array.from({ length: 40 }, (_, t) => 10 * 1.05 ** t * (t % 2 === 0 ? 1.1 : 0.9));
    const path = withBoxCox(drift(), { lambda: 0 })
      .fit(values)
      .predict(12, { levels: [0.95] });
    const { lower, upper } = path.intervals[0] ?? { lower: [], upper: [] };
    expect(Math.min(...lower)).toBeGreaterThan(0);
    expect((upper[11] ?? 0) - (path.mean[11] ?? 0)).toBeGreaterThan((path.mean[11] ?? 0) - (lower[11] ?? 0));
    expect(
      withBoxCox(drift())
        .fit([-1, 2, 3])
        .assumptions.some((text) => text.includes('not transformed')),
    ).toBe(true);
  });

  test('combination: mean, weights, median, inverse error', () => {
    const models = [naive(), meanModel(), drift()] as const;
    const series = [10, 12, 14, 16];
    const [a, b, c] = models.map((model) => (model as ForecastModel).fit(series).predict(1).mean[0] ?? 0);
    expect(combineModels(models).fit(series).predict(1).mean[0]).toBeCloseTo(((a ?? 0) + (b ?? 0) + (c ?? 0)) / 3, 12);
    expect(
      combineModels(models, { weights: [1, 0, 3] })
        .fit(series)
        .predict(1).mean[0],
    ).toBeCloseTo(((a ?? 0) + 3 * (c ?? 0)) / 4, 12);
    expect(combineModels(models, { statistic: 'median' }).fit(series).predict(1).mean[0]).toBe(a);
    // Drift is never wrong on a line, so it takes nearly all the weight.
    const line = Array.from({ length: 20 }, (_, t) => 3 * t);
    expect(combineModels(models, { weights: 'inverse-error' }).fit(line).predict(1).mean[0]).toBeCloseTo(60, 2);
    expect(() => combineModels([])).toThrow(expect.objectContaining({ code: 'empty' }));
    expect(() => combineModels([naive(), naive()])).toThrow(expect.objectContaining({ code: 'duplicate_id' }));
    expect(() => combineModels(models, { weights: [0, 0, 0] })).toThrow(expect.objectContaining({ code: 'invalid_weights' }));
  });

  test('members that the series is too short for are left out', () => {
    const combined = combineModels([naive(), movingAverage({ window: 12 })]);
    expect(combined.fit([1, 2, 3]).predict(1).mean).toEqual([3]);
  });
});

describe('the default model', () => {
  test('tells what kind of series it sees', () => {
    const kind = (values: readonly (number | null)[], seasonLength = 1): string => ensemble().fit({ values, seasonLength }).stored.state.kind;
    expect(kind([5])).toBe('single');
    expect(kind([5, 5, 5])).toBe('constant');
    expect(kind([5, 6, 7])).toBe('short');
    expect(kind([0, 0, 5, 0, 0, 3, 0, 0])).toBe('intermittent');
    expect(kind([5, 6, 7, 6, 8])).toBe('regular');
  });

  test('weights sum to 1, forms are weighted, logarithms are used for positive values only', () => {
    const { members } = ensemble().fit({ values: quarters(40), seasonLength: 4 }).stored.state;
    expect(members.reduce((sum, member) => sum + member.weight, 0)).toBeCloseTo(1, 12);
    expect(members.some((member) => member.logarithmic)).toBe(true);
    expect(
      ensemble()
        .fit([-1, 2, 1, 3, 2, 4, 3])
        .stored.state.members.some((member) => member.logarithmic),
    ).toBe(false);
    expect(
      ensemble({ etsWeight: 1 })
        .fit(quarters(20))
        .stored.state.members.every((member) => member.ets !== null),
    ).toBe(true);
  });

  test('a season too long for smoothing (52 weeks) is taken out and put back', () => {
    const weekly = Array.from({ length: 180 }, (_, t) => 100 + 30 * Math.sin((2 * Math.PI * t) / 52));
    const path = ensemble().fit({ values: weekly, period: 'week' }).predict(52);
    path.mean.forEach((value, h) => expect(Math.abs(value - (100 + 30 * Math.sin((2 * Math.PI * (180 + h)) / 52)))).toBeLessThan(1));
  });

  test('very long series lose their oldest part, and say so', () => {
    const long = Array.from({ length: 3500 }, (_, t) => 10 + (t % 7));
    const fit = ensemble().fit({ values: long, period: 'day' });
    expect(fit.assumptions.some((text) => text.includes('newest 2996'))).toBe(true);
    fit.predict(7).mean.forEach((value, h) => expect(value).toBeCloseTo(10 + ((3500 + h) % 7), 3));
  });
});
