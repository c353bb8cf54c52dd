/*
 * Exponential smoothing against R forecast 8.20: given parameters, own estimates, automatic choice.
 */
import { type EtsForm, type EtsOptions, ets } from 'dealwright/forecasting';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectRelative, list, type REts, type REtsSeries } from './oracle-shapes.js';

const LEVELS = [0.8, 0.95];

interface Corrected {
  readonly lower: number[][];
  readonly upper: number[][];
}

function formOf(fit: REts): EtsForm {
  const [error, trend, season] = fit.components;
  return `${error}${trend}${fit.method.includes('d,') ? 'd' : ''}${season}` as EtsForm;
}

/** The model with R's parameters and start states. R writes the newest season first; ours drives the first observation first. */
function givenModel(fit: REts, frequency: number): EtsOptions {
  const { par, initstate } = fit;
  const seasonal: number[] = [];
  if (initstate.s1 !== undefined) for (let j = frequency; j >= 1; j -= 1) seasonal.push(initstate[`s${j}`] ?? NaN);
  return {
    form: formOf(fit),
    parameters: {
      alpha: par.alpha ?? 0,
      ...(par.beta === undefined ? {} : { beta: par.beta }),
      ...(par.gamma === undefined ? {} : { gamma: par.gamma }),
      ...(par.phi === undefined ? {} : { phi: par.phi }),
    },
    initial: { level: initstate.l ?? 0, ...(initstate.b === undefined ? {} : { growth: initstate.b }), ...(seasonal.length === 0 ? {} : { seasonal }) },
  };
}

describeWithReference('ETS against R', () => {
  const { series } = readReferenceJson<{ series: Record<string, REtsSeries> }>('cases/oracle/r_forecast_ets.json');
  const corrected = readReferenceJson<{ series: Record<string, Record<string, Corrected>> }>('cases/oracle/ets_limits_corrected_ANA_MNA.json').series;
  const best = readReferenceJson<{ series: Record<string, Record<string, { loglikBest: number }>> }>('cases/oracle/r_ets_best_known.json').series;
  const entries = Object.entries(series);
  const seriesOf = ({ values, frequency }: REtsSeries): { values: number[]; seasonLength: number } => ({ values, seasonLength: frequency });

  it.each(entries)('%s: given parameters and states, everything to 1e-9', (name, reference) => {
    const fits: [string, REts][] = [...Object.entries(reference.forms), ...Object.entries(reference.fixed), ['auto', reference.autoSelected]];
    expect(fits.length).toBeGreaterThan(6);
    for (const [key, r] of fits) {
      const label = `${name} ${key}`;
      const form = formOf(r);
      // forecast 8.20 forecasts (M,Ad,M) with the growth entering undamped; the next test shows that it contradicts its own recursion.
      const fit = ets({ ...givenModel(r, reference.frequency), compatibility: 'r-forecast-8.20' }).fit(seriesOf(reference));
      expectRelative([fit.criteria?.logLikelihood, fit.parameters.sigma2, fit.parameters.mse], [r.loglik, r.sigma2, r.mse], 1e-9, `${label} loglik, sigma2, mse`);
      expectRelative(fit.fitted, r.fitted, 1e-9, `${label} fitted`);
      fit.residuals.forEach((value, t) =>
        expect(Math.abs((value ?? NaN) - (r.residuals[t] ?? NaN)), `${label} residual ${t}`).toBeLessThan(1e-9 * (1 + Math.abs(r.residuals[t] ?? 0))),
      );
      if (!(key in reference.fixed)) {
        expectRelative([fit.criteria?.aic, fit.criteria?.aicc, fit.criteria?.bic], [r.aic, r.aicc, r.bic], 1e-9, `${label} criteria`);
      }
      const path = fit.predict(reference.h, { levels: LEVELS });
      expectRelative(path.mean, list(r.forecast.mean), 1e-9, `${label} mean`);
      // R's limits of ANA and MNA apply γ one step early; the corrected file holds those of the single forms.
      const own = form === 'ANA' || form === 'MNA' ? (key === 'auto' ? undefined : corrected[name]?.[form]) : r.forecast;
      if (own === undefined) continue;
      expect(path.intervalMethod).toBe('analytic');
      LEVELS.forEach((_, k) => {
        expectRelative(path.intervals[k]?.lower ?? [], own.lower?.[k] ?? [], 1e-9, `${label} lower`);
        expectRelative(path.intervals[k]?.upper ?? [], own.upper?.[k] ?? [], 1e-9, `${label} upper`);
      });
    }
  });

  it('R forecasts (M,Ad,M) against its own recursion: its one-step mean is (l + b) s where the fit used (l + φ b) s', () => {
    let seen = 0;
    for (const [name, reference] of entries) {
      const r = reference.forms.MAdM;
      if (r === undefined) continue;
      seen += 1;
      const fit = ets(givenModel(r, reference.frequency)).fit(seriesOf(reference));
      const state = fit.stored.state;
      const season = state.seasonal[0] ?? 0;
      // One observation more, whatever it is, has as its fitted value the one-step forecast of the recursion.
      const longer = ets(givenModel(r, reference.frequency)).fit({ values: [...reference.values, 1], seasonLength: reference.frequency });
      const oneStep = longer.fitted[reference.values.length] ?? NaN;
      expectRelative([fit.predict(1).mean[0]], [oneStep], 1e-12, `${name} ours`);
      expectRelative([(state.level + state.phi * state.growth) * season], [oneStep], 1e-12, `${name} recursion`);
      expectRelative([list(r.forecast.mean)[0]], [(state.level + state.growth) * season], 1e-9, `${name} R`);
      expect(Math.abs((list(r.forecast.mean)[0] ?? 0) / oneStep - 1), `${name}: R differs`).toBeGreaterThan(1e-8);
    }
    expect(seen).toBe(6);
  });

  it('own estimates: the likelihood of every form is at least that of R - 1e-4; 90 % come within 0.5 of the best known by default', () => {
    let count = 0;
    let near = 0;
    for (const [name, reference] of entries) {
      for (const [form, r] of Object.entries(reference.forms)) {
        const logLikelihood = ets({ form: form as EtsForm }).fit(seriesOf(reference)).criteria?.logLikelihood ?? -Infinity;
        expect(logLikelihood, `${name} ${form}`).toBeGreaterThanOrEqual(r.loglik - 1e-4);
        count += 1;
        if (logLikelihood >= (best[name]?.[form]?.loglikBest ?? Infinity) - 0.5) near += 1;
      }
    }
    expect(count).toBe(120);
    expect(near / count).toBeGreaterThanOrEqual(0.9);
  });

  it('own estimates with thorough effort: 95 % within 0.01 of the best known', () => {
    let count = 0;
    let near = 0;
    for (const [name, reference] of entries) {
      for (const form of Object.keys(reference.forms)) {
        const logLikelihood = ets({ form: form as EtsForm, effort: 'thorough' }).fit(seriesOf(reference)).criteria?.logLikelihood ?? -Infinity;
        count += 1;
        if (logLikelihood >= (best[name]?.[form]?.loglikBest ?? Infinity) - 0.01) near += 1;
      }
    }
    expect(count).toBe(120);
    expect(near / count).toBeGreaterThanOrEqual(0.95);
  });

  it('own estimates with alpha (and beta) fixed: at least the likelihood of R', () => {
    for (const [name, reference] of entries) {
      for (const [key, r] of Object.entries(reference.fixed)) {
        const fit = ets({ form: formOf(r), parameters: { alpha: r.par.alpha ?? 0, ...(r.par.beta === undefined ? {} : { beta: r.par.beta }) } }).fit(seriesOf(reference));
        expect(fit.parameters.alpha).toBe(r.par.alpha);
        expect(fit.criteria?.logLikelihood ?? -Infinity, `${name} ${key}`).toBeGreaterThanOrEqual(r.loglik - 1e-4);
        expectRelative([fit.criteria?.aic], [-2 * (fit.criteria?.logLikelihood ?? 0) + (r.aic + 2 * r.loglik)], 1e-9, `${name} ${key} parameters counted`);
      }
    }
  });

  it('forecasts agree with R where the likelihoods do', () => {
    let compared = 0;
    for (const [name, reference] of entries) {
      for (const [form, r] of Object.entries(reference.forms)) {
        const fit = ets({ form: form as EtsForm, compatibility: 'r-forecast-8.20' }).fit(seriesOf(reference));
        if (Math.abs((fit.criteria?.logLikelihood ?? 0) - r.loglik) > 1e-3) continue;
        compared += 1;
        expectRelative(fit.predict(reference.h).mean, list(r.forecast.mean), 1e-2, `${name} ${form}`);
      }
    }
    expect(compared).toBeGreaterThanOrEqual(20);
  });

  it.each(entries)('%s: the automatic choice has an AICc of at most that of R + 1e-3, with and without the penalty on undamped trends', (_, reference) => {
    for (const trendPenalty of [0, undefined]) {
      const fit = ets(trendPenalty === undefined ? {} : { trendPenalty }).fit(seriesOf(reference));
      expect(fit.criteria?.aicc ?? Infinity).toBeLessThanOrEqual(reference.autoSelected.aicc + 1e-3);
    }
  });
});
