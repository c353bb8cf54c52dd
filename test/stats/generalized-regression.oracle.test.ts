import { type GeneralizedRegression, invertMatrix, logisticRegression, poissonRegression, predictLogistic, predictPoisson } from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectClose } from './oracle-comparison.js';

interface Glm {
  readonly family: string;
  readonly design: { readonly columns: string[]; readonly X: number[][] };
  readonly y: number[];
  readonly weights: number[];
  readonly coef: number[];
  readonly se: number[];
  readonly z: number[];
  readonly p: number[];
  readonly vcov: number[][];
  readonly deviance: number;
  readonly nullDeviance: number;
  readonly aic: number;
  readonly logLik: number;
  readonly fitted: number[];
  readonly linkSe: number[];
}

/** XᵀWX at the coefficients R reports. */
function informationAt(r: Glm, isPoisson: boolean): number[][] {
  const { X } = r.design;
  const w = X.map((row, i) => {
    const eta = row.reduce((sum, value, j) => sum + value * (r.coef[j] ?? NaN), 0);
    const mean = isPoisson ? Math.exp(eta) : 1 / (1 + Math.exp(-eta));
    return (r.weights[i] ?? NaN) * mean * (isPoisson ? 1 : 1 - mean);
  });
  return r.coef.map((_, j) => r.coef.map((_unused, k) => X.reduce((sum, row, i) => sum + (w[i] ?? NaN) * (row[j] ?? NaN) * (row[k] ?? NaN), 0)));
}

describeWithReference('generalised linear models against glm of R', () => {
  const { fits } = readReferenceJson<{ fits: Record<string, Glm> }>('cases/oracle/r_glm.json');

  for (const [name, r] of Object.entries(fits)) {
    it(name, () => {
      const covariates = r.design.X.map((row) => row.slice(1));
      const data = { outcome: r.y, covariates, weight: r.weights };
      const options = { names: r.design.columns.slice(1) };
      const isPoisson = r.family === 'poisson';
      const fit: GeneralizedRegression = isPoisson ? poissonRegression(data, options) : logisticRegression(data, options);
      expectClose(fit.coefficients, r.coef, 1e-11, 'coef');
      // R's vcov is (XᵀWX)⁻¹ with the weights of the last step but one, whose coefficients are off by about 1e-8. At R's own final coefficients it is what we report:
      const exact = invertMatrix(informationAt(r, isPoisson));
      expectClose(fit.covariance.flat(), exact.flat(), 1e-9, 'covariance at the coefficients of R');
      expectClose(
        fit.standardErrors,
        exact.map((row, j) => Math.sqrt(row[j] ?? NaN)),
        1e-10,
        'standard errors at the coefficients of R',
      );
      expectClose(fit.standardErrors, r.se, 1e-7, 'se');
      expectClose(fit.statistics, r.z, 1e-7, 'z');
      expectClose(fit.pValues, r.p, 1e-7, 'p');
      expectClose(fit.covariance.flat(), r.vcov.flat(), 1e-6, 'vcov');
      expectClose(
        [fit.deviance, fit.nullDeviance, fit.logLikelihood, fit.aic],
        [r.deviance, r.nullDeviance, r.logLik, r.aic],
        1e-12,
        'deviance, null deviance, log-likelihood, AIC',
      );
      const prediction = isPoisson
        ? predictPoisson(fit, covariates)
        : predictLogistic(fit, { columns: covariates[0]?.map((_, j) => Float64Array.from(covariates, (row) => row[j] ?? NaN)) ?? [] });
      expectClose('mean' in prediction ? prediction.mean : prediction.probability, r.fitted, 1e-11, 'fitted');
      expectClose(prediction.standardError, r.linkSe, 1e-7, 'standard error of the linear predictor');
    });
  }

  it('without an intercept but with a column of ones the estimate is the same', () => {
    const r = Object.values(fits)[0];
    if (r === undefined) return expect.fail('no fit');
    const fit = logisticRegression({ outcome: r.y, covariates: r.design.X }, { intercept: false });
    expectClose(fit.coefficients, r.coef, 1e-11, 'coef');
  });
});

interface Ridge {
  readonly ridgeLogistic: {
    readonly X: number[][];
    readonly y: number[];
    readonly fits: readonly { readonly C: number; readonly intercept: number; readonly coef: number[]; readonly objective: number; readonly prob_first5: number[] }[];
  };
}

describeWithReference('ridge logistic regression against scikit-learn', () => {
  const { X, y, fits } = readReferenceJson<Ridge>('cases/oracle/py_classification.json').ridgeLogistic;

  for (const r of fits) {
    it(`C = ${r.C}`, () => {
      // scikit-learn minimises ½‖w‖² + C Σ log loss: the same optimum as λ = 1 / C.
      const fit = logisticRegression({ outcome: y, covariates: X }, { ridge: 1 / r.C });
      // The reference is itself the better of two optimisers that agree to 8e-7 only; ours must not be worse than it.
      expectClose(fit.coefficients, [r.intercept, ...r.coef], 1e-6, 'coef');
      const weights = fit.coefficients.slice(1);
      const objective = 0.5 * weights.reduce((sum, w) => sum + w * w, 0) + (r.C * fit.deviance) / 2;
      expect(objective).toBeLessThanOrEqual(r.objective * (1 + 1e-12));
      expectClose(predictLogistic(fit, X.slice(0, 5)).probability, r.prob_first5, 1e-6, 'probability');
    });
  }
});
