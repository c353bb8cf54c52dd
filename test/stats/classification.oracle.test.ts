import {
  applyIsotonicCalibration,
  applyPlattScaling,
  brierScore,
  fitIsotonicCalibration,
  fitPlattScaling,
  isotonicRegression,
  logLoss,
  rankingQuality,
  reliabilityTable,
} from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectClose } from './oracle-comparison.js';

interface Curve {
  readonly meanPred: number[];
  readonly fracPos: number[];
}
interface Classification {
  readonly scores: readonly {
    readonly p: number[];
    readonly y: number[];
    readonly brier: number;
    readonly logLoss: number;
    readonly auc: number;
    readonly averagePrecision: number;
    readonly bins: number;
    readonly calibrationUniform: Curve;
    readonly calibrationQuantile: Curve;
  }[];
  readonly isotonic: { readonly x: number[]; readonly y: number[]; readonly fitted: number[]; readonly thresholdsX: number[]; readonly thresholdsY: number[] };
  readonly platt: { readonly logit: number[]; readonly y: number[]; readonly intercept: number; readonly slope: number };
}

describeWithReference('quality and calibration of probabilities against scikit-learn', () => {
  const oracle = readReferenceJson<Classification>('cases/oracle/py_classification.json');

  oracle.scores.forEach((r, index) => {
    it(`scores of case ${index}`, () => {
      const data = { probability: r.p, outcome: r.y };
      expectClose([brierScore(data), logLoss(data)], [r.brier, r.logLoss], 1e-14);
      const { areaUnderCurve, averagePrecision } = rankingQuality(data);
      expectClose([areaUnderCurve, averagePrecision], [r.auc, r.averagePrecision], 1e-14);
      for (const [by, curve] of [
        ['width', r.calibrationUniform],
        ['quantile', r.calibrationQuantile],
      ] as const) {
        const { bins } = reliabilityTable(data, { bins: r.bins, by });
        expectClose(
          bins.map((bin) => bin.meanProbability),
          curve.meanPred,
          1e-14,
          `${by} mean`,
        );
        expectClose(
          bins.map((bin) => bin.observedShare),
          curve.fracPos,
          1e-14,
          `${by} share`,
        );
      }
    });
  });

  it('isotonic regression and calibration', () => {
    const { x, y, fitted, thresholdsX, thresholdsY } = oracle.isotonic;
    const fit = isotonicRegression({ x, y });
    expectClose(fit.fitted, fitted, 1e-14, 'fitted');
    expectClose(fit.knotX, thresholdsX, 1e-14, 'x');
    expectClose(fit.knotY, thresholdsY, 1e-14, 'y');
    const calibration = fitIsotonicCalibration({ probability: x, outcome: y });
    expectClose(
      x.map((p) => applyIsotonicCalibration(calibration, p)),
      fitted,
      1e-14,
      'calibrated',
    );
  });

  it('Platt scaling', () => {
    const { logit, y, intercept, slope } = oracle.platt;
    const scaling = fitPlattScaling({ probability: logit.map((value) => 1 / (1 + Math.exp(-value))), outcome: y });
    expectClose([scaling.intercept, scaling.slope], [intercept, slope], 1e-6);
    expect(applyPlattScaling(scaling, 0.5)).toBeCloseTo(1 / (1 + Math.exp(-intercept)), 6);
  });
});
