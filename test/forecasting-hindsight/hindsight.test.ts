import { backtestForecasts, estimateCallBias } from 'dealwright/forecasting';
import { crpsDistribution, distributionOfSum } from 'dealwright/stats';
import { describe, expect, test } from 'vitest';

describe('backtestForecasts', () => {
  const actual = [100, 140, 90, 120];
  const spread = (mean: number) => distributionOfSum([{ amount: mean * 2, probability: 0.5 }]);

  test('accuracy, coverage and value added, on the cuts that all methods forecast', () => {
    const result = backtestForecasts([0, 1, 2, 3], {
      methods: [
        { name: 'naive', forecast: (cut) => (cut === 0 ? null : (actual[cut - 1] ?? null)) },
        { name: 'model', forecast: () => ({ expected: 115, distribution: spread(115) }) },
        { name: 'manager', forecast: () => 130 },
      ],
      actual: (cut) => actual[cut] ?? null,
    });
    expect(result.count).toBe(3);
    const [naive, model, manager] = result.scores;
    expect(naive?.wape).toBeCloseTo((40 + 50 + 30) / 350, 12);
    expect(model?.wape).toBeCloseTo((25 + 25 + 5) / 350, 12);
    expect(model?.valueAdded).toBeCloseTo(1 - 55 / 120, 12);
    expect(model?.coverage).toBe(1);
    expect(model?.crps).toBeCloseTo([140, 90, 120].reduce((sum, value) => sum + crpsDistribution(value, spread(115)), 0) / 3, 12);
    expect(manager?.bias).toBeCloseTo((-10 + 40 + 10) / 350, 12);
    expect(manager?.coverage).toBeNull();
    expect(result.best).toBe('model');
  });

  test('without a cut to compare there is no best', () => {
    expect(backtestForecasts([1], { methods: [{ name: 'a', forecast: () => null }], actual: () => 1 })).toMatchObject({ count: 0, best: null });
  });
});

describe('estimateCallBias', () => {
  const calls = (callerId: string, ratio: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ callerId, called: 100 + i, actual: (100 + i) * ratio * (i % 2 === 0 ? 1.1 : 1 / 1.1) }));

  test('a caller with few calls is drawn towards all, one with many stands alone; the order does not matter', () => {
    const list = [...calls('ann', 0.7, 20), ...calls('bob', 1.1, 20), ...calls('new', 0.5, 1)];
    const result = estimateCallBias(list);
    const [ann, bob, fresh] = result.callers;
    expect(ann?.ratio).toBeCloseTo(0.7, 1);
    expect(bob?.ratio).toBeCloseTo(1.1, 1);
    expect(fresh?.ownWeight).toBeLessThan(ann?.ownWeight ?? 0);
    expect(fresh?.ratio).toBeGreaterThan(fresh?.observedRatio ?? 1);
    expect(ann?.noise).toBeCloseTo(Math.log(1.1) * Math.sqrt(20 / 19), 6);
    expect(estimateCallBias([...list].reverse())).toEqual(result);
  });

  test('no calls, no bias', () => {
    expect(estimateCallBias([])).toEqual({ overallRatio: 1, callers: [] });
  });
});
