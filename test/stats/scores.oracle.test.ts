import { crpsDiscrete, crpsEnsemble, crpsNormal, intervalCoverage, intervalScore, normalCdf, pinballLoss } from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface Scores {
  readonly y: readonly number[];
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
  readonly crpsNormal: readonly number[];
  readonly ensemble: readonly (readonly number[])[];
  readonly crpsEnsemble: readonly number[];
  readonly crpsEnsembleFair: readonly number[];
  readonly quantileLevels: readonly number[];
  readonly quantileForecasts: readonly (readonly number[])[];
  readonly pinball: readonly number[];
  readonly interval90: { readonly lower: readonly number[]; readonly upper: readonly number[]; readonly coverage: number; readonly meanIntervalScore: number };
  readonly discreteCrps: readonly { values: readonly number[]; probs: readonly number[]; observed: number; crps: number }[];
  readonly pit: readonly number[];
}

describeWithReference('probabilistic scores against scipy and numpy, within 1e-10', () => {
  const data = readReferenceJson<Scores>('cases/oracle/py_probabilistic_scores.json');
  const expectNear = (received: number, expected: number | undefined): void =>
    expect(Math.abs(received - (expected ?? Number.NaN)) / Math.max(1, Math.abs(expected ?? 0))).toBeLessThan(1e-10);

  it('CRPS: normal, ensemble, fair ensemble, discrete', () => {
    for (const [i, y] of data.y.entries()) {
      const mean = data.mu[i] ?? 0;
      const standardDeviation = data.sigma[i] ?? 1;
      expectNear(crpsNormal(y, { mean, standardDeviation }), data.crpsNormal[i]);
      expectNear(crpsEnsemble(y, data.ensemble[i] ?? []), data.crpsEnsemble[i]);
      expectNear(crpsEnsemble(y, data.ensemble[i] ?? [], { fair: true }), data.crpsEnsembleFair[i]);
      expectNear(normalCdf(y, { mean, standardDeviation }), data.pit[i]);
    }
    for (const { values, probs, observed, crps } of data.discreteCrps) expectNear(crpsDiscrete(observed, { values, probabilities: probs }), crps);
  });

  it('pinball loss, interval score and coverage', () => {
    for (const [i, level] of data.quantileLevels.entries()) expectNear(pinballLoss(data.y, data.quantileForecasts[i] ?? [], { level }), data.pinball[i]);
    const { lower, upper, coverage, meanIntervalScore } = data.interval90;
    expectNear(intervalScore(data.y, { lower, upper }, { level: 0.9 }), meanIntervalScore);
    expectNear(intervalCoverage(data.y, { lower, upper }), coverage);
  });
});
