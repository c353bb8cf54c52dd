import { coxRegression, type FailureTimeDistribution, failureTimeRegression } from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { asList, expectClose } from './oracle-comparison.js';

interface CoxFit {
  readonly coef: Record<string, number>;
  readonly se: number[];
  readonly loglik: number[];
  readonly score: number;
  readonly concordance: number;
  readonly baseline_time: number[];
  readonly baseline_cumhaz_x0: number[];
}
interface SurvregFit {
  readonly coef: Record<string, number>;
  readonly scale: number;
  readonly loglik: number[];
  readonly var: number | readonly (number | readonly number[])[];
}
interface Oracle {
  readonly coxph: Record<string, { readonly input: Record<string, number[]>; readonly efron: CoxFit; readonly breslow: CoxFit }>;
  readonly survreg: Record<string, Record<FailureTimeDistribution, SurvregFit>>;
}

describeWithReference('survival regression against R', () => {
  const oracle = readReferenceJson<Oracle>('cases/oracle/r_cox_survreg.json');

  for (const [name, set] of Object.entries(oracle.coxph)) {
    for (const ties of ['efron', 'breslow'] as const) {
      it(`coxph ${name}, ${ties}`, () => {
        const r = set[ties];
        const names = Object.keys(r.coef);
        const columns = names.map((covariate) => set.input[covariate.replace('.', '_')] ?? []);
        const fit = coxRegression({ time: set.input['time'] ?? [], event: set.input['status'] ?? [], covariates: { columns } }, { ties, names });
        expectClose(fit.coefficients, Object.values(r.coef), 1e-9, 'coef');
        expectClose(fit.standardErrors, r.se, 1e-9, 'se');
        expectClose([fit.nullLogLikelihood, fit.logLikelihood], r.loglik, 1e-12, 'loglik');
        expectClose([fit.scoreTest.statistic], [r.score], 1e-11, 'score');
        expectClose([fit.concordance], [r.concordance], 1e-12, 'concordance');
        expect(fit.baseline[0]?.time).toEqual(r.baseline_time);
        expectClose(fit.baseline[0]?.cumulativeHazard ?? [], r.baseline_cumhaz_x0, 1e-8, 'baseline');
      });
    }
  }

  const check = (fit: ReturnType<typeof failureTimeRegression>, r: SurvregFit): void => {
    expectClose(fit.coefficients, Object.values(r.coef), 1e-8, 'coef');
    expectClose([fit.scale], [r.scale], 1e-8, 'scale');
    expectClose([fit.nullLogLikelihood, fit.logLikelihood], r.loglik, 1e-11, 'loglik');
    expectClose(
      fit.covariance.flat(),
      asList(r.var).flatMap((row) => asList(row)),
      1e-6,
      'var',
    );
  };

  for (const distribution of ['exponential', 'weibull', 'lognormal', 'loglogistic'] as const) {
    it(`survreg lung, ${distribution}`, () => {
      const { time = [], status = [], age = [], sex = [] } = oracle.coxph['lung']?.input ?? {};
      const alone = oracle.survreg['lung']?.[distribution];
      const both = oracle.survreg['lung_age_sex']?.[distribution];
      if (alone === undefined || both === undefined) return expect.fail('no reference');
      check(failureTimeRegression({ time, event: status }, { distribution }), alone);
      check(failureTimeRegression({ time, event: status, covariates: { columns: [age, sex] } }, { distribution, names: ['age', 'sex'] }), both);
    });
  }
});
