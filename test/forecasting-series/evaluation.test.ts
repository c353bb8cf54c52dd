import {
  autocorrelation,
  backtest,
  decompose,
  decomposeStl,
  drift,
  estimateBoxCox,
  type ForecastModel,
  fillGaps,
  measureAccuracy,
  measureValueAdded,
  naive,
  reconcileForecasts,
  seasonalNaive,
  selectModel,
  smoothSeries,
  testDieboldMariano,
} from 'dealwright/forecasting';
import { crpsNormal, intervalCoverage, intervalScore, normalCdf, openRandom, pinballLoss } from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('accuracy', () => {
  test('zeros: each measure behaves as stated', () => {
    const accuracy = measureAccuracy([0, 0, 10], [0, 5, 5], { training: [3, 3, 3] });
    expect(accuracy).toMatchObject({ mae: 10 / 3, mape: null, mpe: null, wape: 1, mase: null, rmsse: null, bias: 0 });
    expect(accuracy.smape).toBeCloseTo((0 + 2 + 2 / 3) / 3, 12);
    const reasons = new Map(accuracy.unknown.map(({ measure, reason }) => [measure, reason]));
    expect(reasons.get('mape')).toBe('an actual value is 0');
    expect(reasons.get('mase')).toBe('the training series never changes');
    expect(measureAccuracy([0, 0], [1, 2])).toMatchObject({ wape: null, bias: null });
    expect(measureAccuracy([5, 5], [5, 5])).toMatchObject({ mae: 0, trackingSignal: null, mape: 0 });
    expect(measureAccuracy([], [])).toMatchObject({ count: 0, mae: null });
  });

  test('unknown pairs are left out', () => {
    expect(measureAccuracy([1, null, 3], [1, 9, 5]).count).toBe(2);
  });

  test('bias is positive when the forecast is too high; the tracking signal runs off', () => {
    const accuracy = measureAccuracy([10, 10, 10, 10, 10], [12, 12, 12, 12, 12]);
    expect(accuracy.bias).toBeCloseTo(0.2, 12);
    expect(accuracy.meanError).toBe(-2);
    expect(accuracy.trackingSignal).toBe(-5);
  });

  test('scores agree with those of the stats folder', () => {
    const path = naive()
      .fit([10, 12, 11, 13, 12, 14])
      .predict(4, { levels: [0.8] });
    const actual = [13, 15, 20, 9];
    const accuracy = measureAccuracy(actual, path);
    const errors = path.standardErrors ?? [];
    const crps = actual.map((value, h) => crpsNormal(value, { mean: path.mean[h] ?? 0, standardDeviation: errors[h] ?? 1 }));
    expect(accuracy.crps).toBeCloseTo(crps.reduce((sum, value) => sum + value, 0) / 4, 12);
    accuracy.pit?.forEach((value, h) => expect(value).toBeCloseTo(normalCdf(actual[h] ?? 0, { mean: path.mean[h] ?? 0, standardDeviation: errors[h] ?? 1 }), 12));
    const { lower, upper } = path.intervals[0] ?? { lower: [], upper: [] };
    const interval = accuracy.intervals[0];
    expect(interval?.winkler).toBeCloseTo(intervalScore(actual, { lower, upper }, { level: 0.8 }), 12);
    expect(interval?.coverage).toBeCloseTo(intervalCoverage(actual, { lower, upper }), 12);
    expect(interval?.pinball).toBeCloseTo((pinballLoss(actual, lower, { level: 0.1 }) + pinballLoss(actual, upper, { level: 0.9 })) / 2, 12);
  });

  test('wrong calls', () => {
    expect(() => measureAccuracy([1, 2], [1])).toThrow(expect.objectContaining({ code: 'length_mismatch' }));
    expect(() => measureAccuracy(5 as never, [1])).toThrow(expect.objectContaining({ code: 'invalid_type' }));
  });
});

describe('backtest', () => {
  const series = { values: Array.from({ length: 24 }, (_, t) => 100 + t + (t % 4) * 5), period: 'quarter', start: '2020-Q1' } as const;

  test('expanding, sliding, step, gap, latest origins', () => {
    const ends = (options: Parameters<typeof backtest>[2]): number[] =>
      backtest(naive(), series, { horizon: 2, initial: 12, ...options }).origins.map((origin) => origin.trainingEnd);
    expect(ends({})).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
    expect(ends({ step: 4 })).toEqual([12, 16, 20]);
    expect(ends({ origins: 2 })).toEqual([22, 23]);
    expect(ends({ gap: 3 })).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20]);
    const sliding = backtest(naive(), series, { horizon: 1, window: 8 }).origins[0];
    expect([sliding?.trainingStart, sliding?.trainingEnd]).toEqual([0, 8]);
    const gapped = backtest(naive(), series, { horizon: 1, initial: 12, gap: 2 }).origins[0];
    expect(gapped?.periods).toEqual(['2023-Q3']);
    expect(gapped?.mean).toEqual([series.values[11]]);
    expect(gapped?.actual).toEqual([series.values[14]]);
    expect(gapped?.standardErrors?.[0]).toBeCloseTo((naive().fit(series.values.slice(0, 12)).predict(3).standardErrors ?? [])[2] ?? 0, 12);
  });

  test('the model never sees what comes later', () => {
    const seen: number[] = [];
    const spy: ForecastModel = {
      ...(naive() as ForecastModel),
      fit: (input) => {
        const { values } = input as { values: readonly number[] };
        seen.push(values.length);
        return naive().fit(values);
      },
    };
    const changed = { ...series, values: series.values.map((value, t) => (t >= 20 ? 1e6 : value)) };
    const before = backtest(spy, series, { horizon: 1, initial: 12 });
    const after = backtest(spy, changed, { horizon: 1, initial: 12 });
    before.origins.forEach((origin, index) => {
      if (origin.trainingEnd <= 20) expect(after.origins[index]?.mean).toEqual(origin.mean);
    });
    expect(seen.slice(0, 12)).toEqual(before.origins.map((origin) => origin.trainingEnd));
  });

  test('origins a model cannot forecast from are issues', () => {
    const replay = backtest(drift(), [1, null, null, null, 5, 6, 7], { horizon: 1, initial: 1 });
    expect(replay.issues.map((issue) => [issue.code, issue.path[1]])).toEqual([
      ['insufficient_data', 1],
      ['insufficient_data', 2],
      ['insufficient_data', 3],
      ['insufficient_data', 4],
    ]);
    expect(replay.origins.length).toBe(2);
  });
});

describe('choosing', () => {
  test('selectModel ranks on common origins and tests the difference', () => {
    const seasonal = { values: Array.from({ length: 40 }, (_, t) => 100 + (t % 4) * 20 + (t % 3)), seasonLength: 4 };
    const selection = selectModel([naive(), seasonalNaive(), drift()], seasonal, { horizon: 4 });
    expect(selection.chosen).toBe('seasonal-naive');
    expect(selection.index).toBe(1);
    expect(new Set(selection.ranking.map((entry) => entry.origins)).size).toBe(1);
    expect(selection.ranking[0]?.against).toBeNull();
    expect(selection.ranking[1]?.against?.pValue ?? 1).toBeLessThan(0.05);
    expect(selection.because[1]).toContain('The next was');
    expect(selectModel([naive(), drift()], [1]).chosen).toBeNull();
    expect(selectModel([naive(), seasonalNaive()], [5, 5, 5, 5, 5, 5]).chosen).toBe('naive');
    for (const measure of ['mase', 'rmsse', 'crps', 'smape', 'wape', 'rmse'] as const)
      expect(selectModel([naive(), seasonalNaive()], seasonal, { measure }).chosen).toBe('seasonal-naive');
  });

  test('Diebold–Mariano by hand, and its limits', () => {
    const first = [3, -4, 5, -3, 4, -5];
    const second = [1, -1, 2, -1, 1, 0.5];
    const d = first.map((e, index) => e * e - (second[index] ?? 0) ** 2);
    const mean = d.reduce((sum, value) => sum + value, 0) / 6;
    const variance = d.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
    expect(testDieboldMariano(first, second).statistic).toBeCloseTo((mean / Math.sqrt(variance / 6)) * Math.sqrt(5 / 6), 12);
    expect(testDieboldMariano(first, second, { alternative: 'first-better' }).pValue ?? 0).toBeGreaterThan(0.99);
    expect(testDieboldMariano(first, first)).toMatchObject({ statistic: null, pValue: null, meanDifference: 0 });
    expect(() => testDieboldMariano([1, 2], [1, 2])).toThrow(expect.objectContaining({ code: 'insufficient_data' }));
    expect(() => testDieboldMariano([1], [1, 2])).toThrow(expect.objectContaining({ code: 'length_mismatch' }));
    expect(['autocovariance', 'bartlett']).toContain(testDieboldMariano([1, -1, 1, -1, 1, -1, 1, -1], [0, 1, 0, 1, 0, 1, 0, 1], { horizon: 3 }).variance);
  });

  test('Diebold–Mariano keeps its level when both are equally good', () => {
    let rejected = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = openRandom(seed);
      const draw = (): number[] => Array.from({ length: 24 }, () => random.normal());
      if ((testDieboldMariano(draw(), draw()).pValue ?? 1) < 0.05) rejected += 1;
    }
    expect(rejected / 400).toBeLessThan(0.085);
  });

  test('forecast value added is measured on what all have forecast', () => {
    const added = measureValueAdded(
      [100, 100, null, 100],
      [
        { name: 'naive', forecast: [80, 90, 1, 70] },
        { name: 'model', forecast: [90, 95, 1, null] },
        { name: 'rep', forecast: [130, 120, 1, 100] },
      ],
    );
    expect(added.count).toBe(2);
    expect(added.steps.map((step) => step.error)).toEqual([0.15, 0.075, 0.25]);
    expect(added.steps.map((step) => step.added)).toEqual([null, 0.075, -0.175]);
    expect(added.steps.map((step) => step.bias)).toEqual([-0.15, -0.075, 0.25]);
    expect(() => measureValueAdded([1], [{ name: 'a', forecast: [1, 2] }])).toThrow(expect.objectContaining({ code: 'length_mismatch' }));
    expect(() => measureValueAdded([1], [])).toThrow(expect.objectContaining({ code: 'empty' }));
  });
});

describe('reconciliation', () => {
  const hierarchy = [
    { id: 'company', sumOf: ['north', 'south'] },
    { id: 'north', sumOf: ['ann', 'bob'] },
    { id: 'south', sumOf: ['cid'] },
    { id: 'ann' },
    { id: 'bob' },
    { id: 'cid' },
  ] as const;
  const base = [
    { node: 'company', mean: [310.123, 320] },
    { node: 'north', mean: [190, 205] },
    { node: 'south', mean: [100, 90] },
    { node: 'ann', mean: [110.555, 120] },
    { node: 'bob', mean: [70.333, 71] },
    { node: 'cid', mean: [99.7, 95] },
  ];

  test('everything adds up, to the cent', () => {
    for (const method of ['bottom-up', 'ols', 'structural', 'top-down'] as const) {
      const { nodes } = reconcileForecasts(hierarchy, base, { method, currency: 'USD' });
      const cents = (id: string, h: number): number => Math.round(Number(nodes.find((node) => node.node === id)?.amounts?.[h]?.amount) * 100);
      const mean = (id: string, h: number): number => nodes.find((node) => node.node === id)?.mean[h] ?? NaN;
      for (const h of [0, 1]) {
        expect(cents('ann', h) + cents('bob', h)).toBe(cents('north', h));
        expect(cents('north', h) + cents('south', h)).toBe(cents('company', h));
        expect(mean('ann', h) + mean('bob', h) + mean('cid', h)).toBeCloseTo(mean('company', h), 9);
        expect(Math.abs(cents('company', h) / 100 - mean('company', h))).toBeLessThanOrEqual(0.0050001);
      }
    }
  });

  test('coherent forecasts stay as they are', () => {
    const leaves = { ann: 10, bob: 20, cid: 30 };
    const coherent = [...Object.entries(leaves), ['north', 30], ['south', 30], ['company', 60]].map(([node, value]) => ({
      node: String(node),
      mean: [Number(value)],
      residuals: [1, -1, 2, 0, Number(value) / 10],
    }));
    for (const method of ['ols', 'structural', 'variance', 'mint-shrink', 'bottom-up', 'top-down'] as const) {
      for (const node of reconcileForecasts(hierarchy, coherent, { method }).nodes) {
        expect(node.mean[0]).toBeCloseTo(coherent.find((entry) => entry.node === node.node)?.mean[0] ?? NaN, 6);
      }
    }
  });

  test('crossed groupings, and two sources for one node: pipeline and series', () => {
    const crossed = [
      { id: 'total', sumOf: ['ann', 'bob'] },
      { id: 'ann', sumOf: ['ann-x', 'ann-y'] },
      { id: 'bob', sumOf: ['bob-x', 'bob-y'] },
      { id: 'x', sumOf: ['ann-x', 'bob-x'] },
      { id: 'y', sumOf: ['ann-y', 'bob-y'] },
      ...['ann-x', 'ann-y', 'bob-x', 'bob-y'].map((id) => ({ id })),
    ];
    const forecasts = [
      { node: 'total', source: 'pipeline', mean: [120], variance: 1, standardErrors: [1] },
      { node: 'total', source: 'series', mean: [90], variance: 9, standardErrors: [3] },
      ...['ann-x', 'ann-y', 'bob-x', 'bob-y'].map((node) => ({ node, mean: [25], variance: 1e6, standardErrors: [1000] })),
    ];
    const { nodes } = reconcileForecasts(crossed, forecasts, { method: 'variance' });
    const of = (id: string) => nodes.find((node) => node.node === id);
    // Precision-weighted: (120 · 9 + 90 · 1) / 10, and the leaves say next to nothing.
    expect(of('total')?.mean[0]).toBeCloseTo(117, 2);
    expect((of('x')?.mean[0] ?? 0) + (of('y')?.mean[0] ?? 0)).toBeCloseTo(of('total')?.mean[0] ?? NaN, 9);
    expect(of('total')?.standardErrors?.[0]).toBeCloseTo(Math.sqrt(0.9), 3);
  });

  test('non-negative least squares: no leaf below 0, and no better point than the one found', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 }), (values) => {
        const forecasts = hierarchy.map((node, index) => ({ node: node.id, mean: [values[index] ?? 0] }));
        const { nodes } = reconcileForecasts(hierarchy, forecasts, { method: 'ols', nonNegative: true });
        const loss = (leaves: readonly number[]): number => {
          const [a = 0, b = 0, c = 0] = leaves;
          return [a + b + c, a + b, c, a, b, c].reduce((sum, value, index) => sum + (value - (values[index] ?? 0)) ** 2, 0);
        };
        const found = ['ann', 'bob', 'cid'].map((id) => nodes.find((node) => node.node === id)?.mean[0] ?? NaN);
        for (const value of found) expect(value).toBeGreaterThanOrEqual(0);
        const best = loss(found);
        for (const step of [0.5, -0.5]) {
          for (const leaf of [0, 1, 2]) {
            const other = found.map((value, index) => (index === leaf ? Math.max(0, value + step) : value));
            expect(loss(other)).toBeGreaterThanOrEqual(best - 1e-6);
          }
        }
      }),
      { seed: 20260101, numRuns: 200 },
    );
  });

  test('wrong hierarchies and forecasts are refused with their place', () => {
    const bad = (nodes: unknown, forecasts: unknown = base, options: object = {}): unknown => {
      try {
        return reconcileForecasts(nodes as never, forecasts as never, options);
      } catch (error) {
        return (error as { issues: { code: string; path: unknown }[] }).issues.map((issue) => issue.code)[0];
      }
    };
    expect(bad([{ id: 'a', sumOf: ['b'] }])).toBe('unknown_reference');
    expect(
      bad([
        { id: 'a', sumOf: ['b'] },
        { id: 'b', sumOf: ['a'] },
      ]),
    ).toBe('invalid_value');
    expect(bad([{ id: 'a' }, { id: 'a' }])).toBe('duplicate_id');
    expect(bad([{ id: '__proto__' }])).toBe('reserved_key');
    expect(bad([{ id: 't', sumOf: ['p', 'a'] }, { id: 'p', sumOf: ['a'] }, { id: 'a' }])).toBe('invalid_value');
    expect(bad(hierarchy, [{ node: 'zed', mean: [1] }])).toBe('unknown_reference');
    expect(
      bad(hierarchy, [
        { node: 'ann', mean: [1] },
        { node: 'bob', mean: [1, 2] },
      ]),
    ).toBe('length_mismatch');
    expect(bad(hierarchy, [{ node: 'ann', mean: [1] }], { method: 'bottom-up' })).toBe('missing_key');
    expect(bad(hierarchy, [{ node: 'ann', mean: [1] }], { method: 'ols' })).toBe('singular_matrix');
    expect(bad(hierarchy, base, { method: 'mint-shrink' })).toBe('missing_key');
    expect(bad(hierarchy, base, { currency: 'DOLLAR' })).toBe('invalid_currency');
  });
});

describe('looking at a series', () => {
  test('gaps are filled through the season', () => {
    const values = [10, 20, 30, 40, 10, 20, null, 40, 10, 20, 30, 40];
    expect(fillGaps({ values, seasonLength: 4 })[6]).toBeCloseTo(30, 0);
    expect(fillGaps([null, 2, null, 4, null])).toEqual([2, 2, 3, 4, 4]);
    expect(fillGaps([null, null])).toEqual([]);
  });

  test('decompositions put together give the series', () => {
    const values = Array.from({ length: 36 }, (_, t) => 50 + t + (t % 12) + ((t * 7) % 5));
    for (const parts of [
      decompose({ values, seasonLength: 12 }),
      decomposeStl({ values, seasonLength: 12 }),
      decomposeStl({ values, seasonLength: 12 }, { seasonalWindow: 7, robust: true }),
    ]) {
      parts.remainder.forEach((rest, t) => {
        if (rest !== null) expect((parts.trend[t] ?? 0) + (parts.seasonal[t] ?? 0) + rest).toBeCloseTo(values[t] ?? NaN, 9);
      });
    }
    expect(decomposeStl({ values, seasonLength: 12 }, { seasonalWindow: 7 }).figure).toBeNull();
    expect(() => decompose({ values, seasonLength: 24 })).toThrow(expect.objectContaining({ code: 'insufficient_data' }));
    expect(() => decompose({ values: [0, ...values], seasonLength: 12 }, { type: 'multiplicative' })).toThrow(expect.objectContaining({ code: 'out_of_range' }));
  });

  test('a robust STL keeps an outlier out of the season', () => {
    const clean = Array.from({ length: 60 }, (_, t) => 100 + 10 * Math.sin((2 * Math.PI * t) / 12));
    const dirty = clean.map((value, t) => (t === 30 ? value + 500 : value));
    const seasonal = decomposeStl({ values: clean, seasonLength: 12 }).seasonal;
    const distance = (robust: boolean): number =>
      Math.max(...decomposeStl({ values: dirty, seasonLength: 12 }, { robust }).seasonal.map((value, t) => Math.abs(value - (seasonal[t] ?? 0))));
    expect(distance(true)).toBeLessThan(distance(false) / 20);
  });

  test('autocorrelation, averages and Box–Cox at their edges', () => {
    expect(autocorrelation([5, 5, 5, 5], { lags: 2 })).toEqual([0, 0]);
    expect(smoothSeries([1, 2, null, 4, 5, 6], { window: 3 })).toEqual([null, null, null, null, 5, null]);
    expect(smoothSeries([1, 2, 3, 4], { window: 2, centred: false })).toEqual([1.5, 2.5, 3.5, null]);
    expect(estimateBoxCox([4, 4, 4, 4, 4, 4])).toBe(1);
    expect(() => estimateBoxCox([1, 2, -3, 4, 5, 6])).toThrow(expect.objectContaining({ code: 'out_of_range' }));
  });
});
