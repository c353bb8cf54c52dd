/*
 * 400 series of the M3 competition: accuracy beside R's own forecasts, and whether intervals hold. The same figures by kind of series: npm run bench -- m3.
 */
import { ensemble, ets, type ForecastModel, measureAccuracy, theta } from 'dealwright/forecasting';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface CompetitionSeries {
  readonly m: number;
  readonly h: number;
  readonly x: number[];
  readonly xx: number[];
  readonly forecasts: Record<'ets' | 'theta' | 'ets_theta', number[]>;
  readonly smape: Record<string, number>;
  readonly mase: Record<string, number>;
}

describeWithReference('competition series', () => {
  const { series } = readReferenceJson<{ series: CompetitionSeries[] }>('cases/oracle/m3_benchmark.json');

  it('our measures are those of the file', () => {
    for (const { x, xx, m, forecasts, smape, mase } of series) {
      const accuracy = measureAccuracy(xx, forecasts.ets, { training: { values: x, seasonLength: m } });
      expect(Math.abs(100 * (accuracy.smape ?? 0) - (smape['ets'] ?? NaN))).toBeLessThan(1e-9);
      expect(Math.abs((accuracy.mase ?? 0) - (mase['ets'] ?? NaN))).toBeLessThan(1e-9);
    }
  });

  it.each([
    ['ets', ets(), 'ets', 1.005, false],
    ['theta', theta(), 'theta', 1.005, false],
    ['ensemble', ensemble(), 'ets_theta', 1, true],
  ] as const)('%s is as accurate as R', (_, model, other, allowed, calibrated) => {
    let smape = 0;
    let mase = 0;
    let otherSmape = 0;
    let otherMase = 0;
    const inside = [0, 0];
    for (const { x, xx, m, h, smape: theirs, mase: theirMase } of series) {
      const training = { values: x, seasonLength: m };
      const accuracy = measureAccuracy(xx, (model as ForecastModel).fit(training).predict(h), { training });
      smape += 100 * (accuracy.smape ?? NaN);
      mase += accuracy.mase ?? NaN;
      otherSmape += theirs[other] ?? NaN;
      otherMase += theirMase[other] ?? NaN;
      accuracy.intervals.forEach((interval, k) => {
        inside[k] = (inside[k] ?? 0) + interval.coverage;
      });
    }
    expect(smape / otherSmape).toBeLessThanOrEqual(allowed);
    expect(mase / otherMase).toBeLessThanOrEqual(allowed);
    if (!calibrated) return;
    expect(Math.abs((inside[0] ?? 0) / series.length - 0.8)).toBeLessThanOrEqual(0.03);
    expect(Math.abs((inside[1] ?? 0) / series.length - 0.95)).toBeLessThanOrEqual(0.03);
  });
});
