import { assessLinearity, assessQuota, pacePeriod, solvePipelineToCreate } from 'dealwright/forecasting';
import { compoundDistribution, convolveDistributions, distributionOfSum, probabilityAtLeast } from 'dealwright/stats';
import { describe, expect, test } from 'vitest';

describe('assessQuota', () => {
  test('what does not exist is null with a reason', () => {
    const zero = assessQuota({ quota: 0, won: 10, open: 5 });
    expect(zero.attainment).toEqual({ value: null, reason: 'quota-is-zero' });
    expect(zero.coverageToGo).toEqual({ value: null, reason: 'quota-is-reached' });
    expect(assessQuota({ quota: 100, won: 0, open: 50 }).requiredPipeline).toEqual({ value: null, reason: 'conversion-not-given' });
    expect(assessQuota({ quota: 100, won: 0, open: 50, conversion: 0 }).requiredPipeline).toEqual({ value: null, reason: 'conversion-is-zero' });
    expect(assessQuota({ quota: 100, won: 120, open: 50, conversion: 0.5 }).requiredPipeline.value).toBe(0);
    expect(() => assessQuota({ quota: 100, won: 0, open: 1, conversion: 25 })).toThrow(/25|fraction/);
  });
});

describe('solvePipelineToCreate', () => {
  const forecast = distributionOfSum([
    { amount: 40_000, probability: 0.6 },
    { amount: 25_000, probability: 0.3 },
  ]);
  const severity = [
    { amount: 10_000, probability: 0.5 },
    { amount: 30_000, probability: 0.5 },
  ];

  test('is the smallest number that is enough', () => {
    const found = solvePipelineToCreate(forecast, { quota: 90_000, targetProbability: 0.7, severity, winProbability: 0.2 });
    const reached = (deals: number): number =>
      probabilityAtLeast(convolveDistributions(forecast, compoundDistribution(severity, { frequency: { kind: 'poisson', mean: deals * 0.2 } })), 90_000);
    expect(found.deals).not.toBeNull();
    expect(reached(found.deals ?? 0)).toBeGreaterThanOrEqual(0.7);
    expect(reached((found.deals ?? 0) - 1)).toBeLessThan(0.7);
    expect(found.probability).toBe(reached(found.deals ?? 0));
    expect(found.amount).toBe((found.deals ?? 0) * 20_000);
  });

  test('nothing where the target is reached already, and a reason where it is out of reach', () => {
    expect(solvePipelineToCreate(forecast, { quota: 10_000, targetProbability: 0.5, severity, winProbability: 0.2 }).deals).toBe(0);
    expect(solvePipelineToCreate(forecast, { quota: 1e9, targetProbability: 0.5, severity, winProbability: 0.2, maximumDeals: 20 }).reason).toBe('out-of-reach');
    expect(solvePipelineToCreate(forecast, { quota: 1e9, targetProbability: 0.5, severity, winProbability: 0 }).deals).toBeNull();
  });
});

describe('pacePeriod', () => {
  /** Taylor and Ashe (1983), cumulated, as in Mack (1993): the complete upper left corner of three years by three developments. */
  const past = [
    [357_848, 1_124_788, 1_735_330],
    [352_118, 1_236_139, 2_170_033],
    [290_507, 1_292_306, 2_218_525],
  ];

  test('factors, curve and projections by hand', () => {
    const pace = pacePeriod(past, { current: [300_000], prior: 2_000_000 });
    const first = (1_124_788 + 1_236_139 + 1_292_306) / (357_848 + 352_118 + 290_507);
    const second = (1_735_330 + 2_170_033 + 2_218_525) / (1_124_788 + 1_236_139 + 1_292_306);
    expect(pace.chainLadder.total).toBeCloseTo(300_000 * first * second, 4);
    expect(pace.curve[2]).toBe(1);
    expect(pace.curve[0]).toBeCloseTo(1 / (first * second), 12);
    expect(pace.bornhuetterFerguson.total).toBeCloseTo(300_000 + (1 - 1 / (first * second)) * 2_000_000, 4);
    // Mack's formula written out.
    const sigma = (k: number, factor: number): number => past.reduce((sum, row) => sum + (row[k] ?? 0) * ((row[k + 1] ?? 0) / (row[k] ?? 1) - factor) ** 2, 0) / 2;
    const sum = (k: number): number => past.reduce((total, row) => total + (row[k] ?? 0), 0);
    const square =
      (300_000 * first * second) ** 2 * ((sigma(0, first) / first ** 2) * (1 / 300_000 + 1 / sum(0)) + (sigma(1, second) / second ** 2) * (1 / (300_000 * first) + 1 / sum(1)));
    expect(pace.chainLadder.standardError).toBeCloseTo(Math.sqrt(square), 4);
  });

  test('a period that is over is what was won; nothing won yet says so', () => {
    const over = pacePeriod(past, { current: [300_000, 900_000, 1_500_000] });
    expect([over.runRate.total, over.chainLadder.total]).toEqual([1_500_000, 1_500_000]);
    expect(over.bornhuetterFerguson.reason).toBe('prior-not-given');
    const late = pacePeriod([[0, 10]], { current: [0], prior: 12 });
    expect(late.chainLadder).toEqual({ total: null, standardError: null, reason: 'nothing-won-by-then' });
    expect(late.bornhuetterFerguson.reason).toBe('nothing-won-by-then');
  });

  test('linearity from one part to all', () => {
    expect(assessLinearity([0, 0, 9]).index).toBeCloseTo(0, 12);
    expect(assessLinearity([3, 3, 3]).index).toBeCloseTo(1, 12);
    expect(assessLinearity([0, 0]).reason).toBe('nothing-won');
  });
});
