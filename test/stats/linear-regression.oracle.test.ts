import { isotonicRegression, linearRegression, predictLinear } from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectClose } from './oracle-comparison.js';

interface Misc {
  readonly lm: {
    readonly cars: {
      X: number[][];
      y: number[];
      coef: number[];
      se: number[];
      t: number[];
      p: number[];
      sigma: number;
      r2: number;
      adjR2: number;
      F: number[];
      newX: number[][];
      confidence95: { fit: number[]; lwr: number[]; upr: number[] };
      prediction95: { fit: number[]; lwr: number[]; upr: number[] };
    };
  };
  readonly isoreg: { x: number[]; y: number[]; order: number[]; yf: number[] };
}

describeWithReference('linear and isotonic regression against R', () => {
  const misc = readReferenceJson<Misc>('cases/oracle/r_misc.json');

  it('lm(dist ~ speed, cars)', () => {
    const r = misc.lm.cars;
    const fit = linearRegression({ outcome: r.y, covariates: r.X.map((row) => row.slice(1)) }, { names: ['speed'] });
    expect(fit.terms).toEqual(['(intercept)', 'speed']);
    expectClose(fit.coefficients, r.coef, 1e-12, 'coef');
    expectClose(fit.standardErrors ?? [], r.se, 1e-12, 'se');
    expectClose(fit.statistics ?? [], r.t, 1e-11, 't');
    expectClose(fit.pValues ?? [], r.p, 1e-12, 'p');
    expect(Math.abs((fit.pValues?.[1] ?? 0) / (r.p[1] ?? 1) - 1)).toBeLessThan(1e-9);
    expectClose([fit.sigma, fit.rSquared, fit.adjustedRSquared], [r.sigma, r.r2, r.adjR2], 1e-12, 'summary');
    expectClose([fit.fTest?.statistic ?? 0, fit.fTest?.numeratorDegrees ?? 0, fit.fTest?.denominatorDegrees ?? 0], r.F, 1e-11, 'F');
    const p = predictLinear(
      fit,
      r.newX.map((row) => row.slice(1)),
    );
    expectClose(p.mean, r.confidence95.fit, 1e-11, 'fit');
    expectClose(p.confidenceLower ?? [], r.confidence95.lwr, 1e-10, 'confidence lower');
    expectClose(p.confidenceUpper ?? [], r.confidence95.upr, 1e-10, 'confidence upper');
    expectClose(p.predictionLower ?? [], r.prediction95.lwr, 1e-10, 'prediction lower');
    expectClose(p.predictionUpper ?? [], r.prediction95.upr, 1e-10, 'prediction upper');
  });

  it('isoreg(speed, dist)', () => {
    const { x, y, order, yf } = misc.isoreg;
    const fit = isotonicRegression({ x, y });
    expectClose(
      order.map((row) => fit.fitted[row - 1] ?? NaN),
      yf,
      1e-12,
      'yf',
    );
  });
});
