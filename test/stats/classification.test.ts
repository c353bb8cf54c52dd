import {
  applyIsotonicCalibration,
  applyPlattScaling,
  brierScore,
  calibrationLine,
  decomposeBrier,
  fitIsotonicCalibration,
  fitPlattScaling,
  logLoss,
  type ProbabilityForecasts,
  rankingQuality,
  reliabilityTable,
} from 'dealwright/stats';
import { describe, expect, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';
import { codesOf, freeze } from './plain-data.js';

const data = freeze({ probability: [0.1, 0.2, 0.2, 0.5, 0.7, 0.9], outcome: [0, 0, 1, 1, 0, 1] });

describe('scores of probabilities', () => {
  it('clip what is impossible', () => {
    expect(logLoss({ probability: [1, 0], outcome: [1, 0] })).toBeCloseTo(0, 12);
    expect(logLoss({ probability: [0], outcome: [1] })).toBeCloseTo(-Math.log(1e-15), 10);
    expect(logLoss({ probability: [0], outcome: [1] }, { clip: 0.01 })).toBeCloseTo(-Math.log(0.01), 12);
  });

  it('take booleans and typed arrays, and ask about percentages', () => {
    expect(brierScore({ probability: Float64Array.from(data.probability), outcome: data.outcome.map((y) => y === 1) })).toBe(brierScore(data));
    expect(codesOf(() => brierScore({ probability: [40], outcome: [1] }))).toEqual(['fraction_out_of_range']);
    expect(() => brierScore({ probability: [40], outcome: [1] })).toThrow(/0\.4/);
    expect(codesOf(() => brierScore({ probability: [0.4], outcome: [1, 0] }))).toEqual(['length_mismatch']);
    expect(codesOf(() => brierScore({ probability: [], outcome: [] }))).toContain('empty');
    // @ts-expect-error outcomes are needed
    const incomplete: ProbabilityForecasts = { probability: [0.4] };
    expect(codesOf(() => brierScore(incomplete))).toEqual(['invalid_type']);
  });

  it('say why a ranking cannot be judged', () => {
    expect(rankingQuality({ probability: [0.1, 0.4], outcome: [0, 0] })).toMatchObject({ areaUnderCurve: null, averagePrecision: null, reason: 'no-events' });
    expect(rankingQuality({ probability: [0.1, 0.4], outcome: [1, 1] })).toMatchObject({ areaUnderCurve: null, averagePrecision: 1, reason: 'only-events' });
    expect(rankingQuality({ probability: [0.1, 0.4], outcome: [0, 1] })).toMatchObject({ areaUnderCurve: 1, standardError: null });
  });
});

describe('reliability', () => {
  it('leaves out empty bins and counts edges downwards', () => {
    const { bins, count, maximumCalibrationError } = reliabilityTable(data, { bins: 5 });
    expect(bins.map((bin) => [bin.from, bin.to, bin.count, bin.events])).toEqual([
      [0, 0.2, 3, 1],
      [0.4, 0.6, 1, 1],
      [0.6, 0.8, 1, 0],
      [0.8, 1, 1, 1],
    ]);
    expect(count).toBe(6);
    expect(maximumCalibrationError).toBeCloseTo(0.7, 12);
    expect(codesOf(() => reliabilityTable(data, { bins: 0 }))).toEqual(['out_of_range']);
  });

  it('a constant forecast has neither reliability error nor resolution if it is the base rate', () => {
    expect(decomposeBrier({ probability: [0.5, 0.5], outcome: [0, 1] })).toEqual({ brier: 0.25, reliability: 0, resolution: 0, uncertainty: 0.25, withinBin: 0, skill: 0 });
    expect(decomposeBrier({ probability: [1, 1], outcome: [1, 1] }).skill).toBeNull();
  });
});

describe('calibration', () => {
  const overconfident = freeze({
    probability: [...new Array<number>(20).fill(0.05), ...new Array<number>(20).fill(0.95)],
    outcome: Array.from({ length: 40 }, (_, i) => (i < 20 ? (i < 5 ? 1 : 0) : i < 35 ? 1 : 0)),
  });

  it('a line below slope 1 tells overconfidence, and Platt scaling takes it back', () => {
    const line = calibrationLine(overconfident);
    expect(line.slope).toBeCloseTo(Math.log(3) / Math.log(19), 10);
    expect(line.intercept).toBeCloseTo(0, 10);
    const scaling = fitPlattScaling(overconfident);
    expectClose([scaling.slope, scaling.intercept], [line.slope, line.intercept], 1e-10);
    expectClose([applyPlattScaling(scaling, 0.95), applyPlattScaling(scaling, 0.05)], [0.75, 0.25], 1e-10);
    expect(applyPlattScaling(scaling, 1)).toBeLessThanOrEqual(1);
    expect(fitPlattScaling(overconfident, { ridge: 1e9 }).slope).toBeCloseTo(1, 6);
  });

  it('says why a line cannot be drawn', () => {
    expect(calibrationLine({ probability: [0.2, 0.4], outcome: [1, 1] })).toMatchObject({ slope: null, shift: null, reason: 'one-outcome' });
    const constant = calibrationLine({ probability: [0.5, 0.5, 0.5, 0.5], outcome: [1, 1, 1, 0] });
    expect(constant).toMatchObject({ slope: null, reason: 'constant-probability' });
    expect(constant.shift).toBeCloseTo(Math.log(3), 10);
    expect(calibrationLine({ probability: [0.2, 0.4], outcome: [0, 1] })).toMatchObject({ slope: null, reason: 'separated' });
  });

  it('smoothed targets exist where the outcomes are separated', () => {
    const separated = { probability: [0.2, 0.3, 0.6, 0.8], outcome: [0, 0, 1, 1] };
    expect(codesOf(() => fitPlattScaling(separated))).toEqual(['perfect_separation']);
    expect(fitPlattScaling(separated, { targets: 'smoothed' }).slope).toBeGreaterThan(0);
    expect(applyIsotonicCalibration(fitIsotonicCalibration(separated), 0.45)).toBeCloseTo(0.5, 12);
  });
});
