import { isDomainError } from 'dealwright/errors';
import { mean, median, proportionInterval, type QuantileType, quantile, standardDeviation, sum, variance, weightedMean, wilsonInterval } from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';

const run = { seed: 20260101, numRuns: 200 };
const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 });

function codesOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map((issue) => issue.code);
    throw error;
  }
  return [];
}

describe('sums and moments', () => {
  it('keeps what plain addition loses', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
    expect(sum([])).toBe(0);
  });

  it('mean, variance and standard deviation of small lists', () => {
    const values = Object.freeze([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(mean(values)).toBe(5);
    expect(variance(values)).toBeCloseTo(32 / 7, 14);
    expect(standardDeviation(values, { kind: 'population' })).toBe(2);
    // Far from zero the naive Σx² − n·mean² would lose every digit.
    expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
    expect(mean(Float64Array.of(1, 2))).toBe(1.5);
  });

  it('weights scale freely', () => {
    expect(weightedMean([10, 20], [3, 1])).toBe(12.5);
    expect(weightedMean([10, 20], [3e300, 1e300])).toBe(12.5);
    expect(codesOf(() => weightedMean([1], [0]))).toEqual(['invalid_weights']);
    expect(codesOf(() => weightedMean([1, 2], [1]))).toEqual(['length_mismatch']);
    expect(codesOf(() => weightedMean([1], [-1]))).toEqual(['out_of_range']);
  });

  it('refuses what has no answer', () => {
    expect(codesOf(() => mean([]))).toEqual(['empty']);
    expect(codesOf(() => variance([1]))).toEqual(['insufficient_data']);
    expect(variance([1], { kind: 'population' })).toBe(0);
    expect(codesOf(() => mean([1, Number.NaN]))).toEqual(['not_finite']);
    expect(codesOf(() => mean([1e308, 1e308, 1e308]))).toEqual(['out_of_range']);
    expect(codesOf(() => variance([1e200, -1e200]))).toEqual(['out_of_range']);
    // @ts-expect-error a text is no list of numbers
    expect(codesOf(() => mean('12'))).toEqual(['invalid_type']);
    // @ts-expect-error misspelt
    expect(codesOf(() => variance([1, 2], { type: 'sample' }))).toEqual(['unknown_key']);
  });

  it('does not depend on the order beyond rounding', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const reversed = [...values].reverse();
        expect(mean(reversed)).toBeCloseTo(mean(values), 8);
        expect(variance(reversed)).toBeCloseTo(variance(values), 2);
        expect(variance(values)).toBeGreaterThanOrEqual(0);
      }),
      run,
    );
  });
});

describe('sample quantiles', () => {
  it('reads one level or a list', () => {
    expectTypeOf(quantile([1], 0.5)).toEqualTypeOf<number>();
    expectTypeOf(quantile([1], [0.5])).toEqualTypeOf<number[]>();
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], [0, 1])).toEqual([1, 4]);
    expect(median([3])).toBe(3);
    expect(median([57, 3, 20])).toBe(20);
  });

  it('refuses wrong levels and types', () => {
    expect(codesOf(() => quantile([], 0.5))).toEqual(['empty']);
    expect(codesOf(() => quantile([1], 50))).toEqual(['invalid_probability']);
    // @ts-expect-error there are nine definitions
    expect(codesOf(() => quantile([1], 0.5, { type: 10 }))).toEqual(['invalid_value']);
  });

  it('stays within the values, rises with the level, and ignores order, for every type', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 9 }), (values, p, q, type) => {
        const options = { type: type as QuantileType };
        const low = quantile(values, Math.min(p, q), options);
        const high = quantile(values, Math.max(p, q), options);
        expect(low).toBeLessThanOrEqual(high + 1e-9 * Math.abs(high));
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
        expect(quantile([...values].reverse(), p, options)).toBe(quantile(values, p, options));
      }),
      run,
    );
  });
});

describe('proportion intervals', () => {
  it('has no estimate without trials, and says why', () => {
    expect(proportionInterval(0, 0)).toEqual({ estimate: null, lower: null, upper: null, level: 0.95, method: 'wilson', successes: 0, trials: 0, reason: 'no-trials' });
  });

  it('refuses counts that cannot be', () => {
    expect(codesOf(() => proportionInterval(3, 2))).toEqual(['out_of_range']);
    expect(codesOf(() => proportionInterval(1.5, 2))).toEqual(['not_an_integer']);
    expect(codesOf(() => proportionInterval(-1, 2))).toEqual(['out_of_range']);
    expect(codesOf(() => proportionInterval(1, 2, { level: 95 }))).toEqual(['invalid_probability']);
    // @ts-expect-error a misspelt method
    expect(codesOf(() => proportionInterval(1, 2, { method: 'wilsons' }))).toEqual(['invalid_value']);
    // @ts-expect-error the shorthand has one method
    expect(codesOf(() => wilsonInterval(1, 2, { method: 'wald' }))).toEqual(['unknown_key']);
  });

  it('contains the estimate, narrows with the level, mirrors successes and failures', () => {
    const methods = ['wilson', 'jeffreys', 'clopper-pearson', 'wald', 'agresti-coull'] as const;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...methods), (trials, share, method) => {
        const successes = Math.round(trials * share);
        const wide = proportionInterval(successes, trials, { method, level: 0.99 });
        const narrow = proportionInterval(successes, trials, { method, level: 0.5 });
        const mirrored = proportionInterval(trials - successes, trials, { method, level: 0.99 });
        const [lower, upper] = [wide.lower ?? 2, wide.upper ?? -1];
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual((narrow.lower ?? 0) + 1e-12);
        expect(upper).toBeGreaterThanOrEqual((narrow.upper ?? 0) - 1e-12);
        // The equal-tailed posterior interval leaves out an estimate at 0 or 1.
        if (method !== 'jeffreys' || (successes > 0 && successes < trials)) expect(lower <= (wide.estimate ?? 2) + 1e-12 && upper >= (wide.estimate ?? -1) - 1e-12).toBe(true);
        expect(mirrored.upper).toBeCloseTo(1 - lower, 10);
      }),
      run,
    );
  });
});
