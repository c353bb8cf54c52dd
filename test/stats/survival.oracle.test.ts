import {
  aalenJohansen,
  conditionalIncidence,
  kaplanMeier,
  logRankTest,
  multiStateProbabilities,
  restrictedMean,
  type SurvivalIntervalMethod,
  survivalQuantile,
} from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { asList, expectClose } from './oracle-comparison.js';

type Column = number | readonly (number | null)[];

interface CurveBlock {
  readonly time: Column;
  readonly n_risk: Column;
  readonly n_event: Column;
  readonly n_censor: Column;
  readonly surv: Column;
  readonly stderr_logS: Column;
  readonly lower: Column;
  readonly upper: Column;
  readonly cumhaz: Column;
  readonly stderr_cumhaz: Column;
}

interface KmDataset {
  readonly input: { readonly time: number[]; readonly status: number[]; readonly group?: string[]; readonly start?: number[] };
  readonly overall: {
    readonly log: CurveBlock;
    readonly quantiles: { readonly probs: number[]; readonly quantile: (number | null)[]; readonly lower: (number | null)[]; readonly upper: (number | null)[] };
    readonly rmean: { readonly tau: number; readonly rmean: number; readonly se: number };
  } & Readonly<Record<'log-log' | 'plain' | 'logit' | 'arcsin', { readonly lower: Column; readonly upper: Column }>>;
  readonly byGroup?: Readonly<Record<string, CurveBlock>>;
  readonly logrank?: { readonly chisq: number; readonly df: number; readonly p: number; readonly obs: number[]; readonly exp: number[] };
  readonly petoPrentice?: { readonly chisq: number };
}

const list = (column: Column): readonly (number | null)[] => asList<number | null>(column);

function checkCurve(data: Parameters<typeof kaplanMeier>[0], block: CurveBlock): void {
  const curve = kaplanMeier(data);
  expect(curve.time).toEqual(list(block.time));
  expect(curve.atRisk).toEqual(list(block.n_risk));
  expect(curve.events).toEqual(list(block.n_event));
  expect(curve.censored).toEqual(list(block.n_censor));
  expectClose(curve.survival, list(block.surv), 1e-13, 'survival');
  // R reports the error of log S, infinite (null) once S is 0.
  const logError = curve.standardError.map((error, i) => (error === null ? null : error / (curve.survival[i] ?? NaN)));
  expectClose(logError, list(block.stderr_logS), 1e-12, 'standard error');
  expectClose(curve.lower, list(block.lower), 1e-12, 'lower');
  expectClose(curve.upper, list(block.upper), 1e-12, 'upper');
  expectClose(curve.cumulativeHazard, list(block.cumhaz), 1e-13, 'hazard');
  expectClose(curve.cumulativeHazardError, list(block.stderr_cumhaz), 1e-13, 'hazard error');
}

describeWithReference('Kaplan–Meier against survival::survfit', () => {
  const { datasets } = readReferenceJson<{ datasets: Record<string, KmDataset> }>('cases/oracle/r_km.json');

  for (const [name, set] of Object.entries(datasets)) {
    const { time, status, start, group } = set.input;
    const data = { time, event: status, ...(start === undefined ? {} : { entry: start }) };

    it(`${name}: curve and Nelson–Aalen hazard`, () => checkCurve(data, set.overall.log));

    it(`${name}: five kinds of limits`, () => {
      const kinds: readonly (readonly [SurvivalIntervalMethod, 'log' | 'log-log' | 'plain' | 'logit' | 'arcsin'])[] = [
        ['log', 'log'],
        ['log-log', 'log-log'],
        ['plain', 'plain'],
        ['logit', 'logit'],
        ['arcsine', 'arcsin'],
      ];
      for (const [interval, key] of kinds) {
        const curve = kaplanMeier(data, { interval });
        expectClose(curve.lower, list(set.overall[key].lower), 1e-12, `${interval} lower`);
        expectClose(curve.upper, list(set.overall[key].upper), 1e-12, `${interval} upper`);
      }
    });

    it(`${name}: quantiles and restricted mean`, () => {
      const curve = kaplanMeier(data);
      const { probs, quantile, lower, upper } = set.overall.quantiles;
      const found = probs.map((p) => survivalQuantile(curve, p));
      expect(found.map((q) => q.time)).toEqual(quantile);
      expect(found.map((q) => q.lower)).toEqual(lower);
      expect(found.map((q) => q.upper)).toEqual(upper);
      const { tau, rmean, se } = set.overall.rmean;
      const mean = restrictedMean(curve, { horizon: tau });
      expectClose([mean.mean, mean.standardError], [rmean, se], 1e-12, 'restricted mean');
    });

    if (group !== undefined) {
      it(`${name}: by group`, () => {
        for (const [label, block] of Object.entries(set.byGroup ?? {})) {
          const rows = group.flatMap((value, i) => (value === label ? [i] : []));
          checkCurve({ time: rows.map((i) => time[i] ?? NaN), event: rows.map((i) => status[i] ?? NaN) }, block);
        }
      });

      it(`${name}: log-rank and Peto–Peto tests`, () => {
        const test = logRankTest({ time, event: status, group });
        expectClose([test.statistic], [set.logrank?.chisq ?? NaN], 1e-12, 'statistic');
        expect(test.degreesOfFreedom).toBe(set.logrank?.df);
        expect(Math.abs((test.pValue ?? NaN) / (set.logrank?.p ?? NaN) - 1)).toBeLessThan(1e-10);
        const byExpected = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);
        expectClose(byExpected(test.groups.map((row) => row.observed)), byExpected(set.logrank?.obs ?? []), 1e-13, 'observed');
        expectClose(byExpected(test.groups.map((row) => row.expected)), byExpected(set.logrank?.exp ?? []), 1e-12, 'expected');
        expectClose([logRankTest({ time, event: status, group }, { rho: 1 }).statistic], [set.petoPrentice?.chisq ?? NaN], 1e-12, 'rho = 1');
      });
    }
  }
});

interface StateBlock {
  readonly states: string[];
  readonly time: number[];
  readonly n_risk: number[][];
  readonly pstate: number[][];
  readonly std_err: number[][];
  readonly lower: (number | null)[][];
  readonly upper: (number | null)[][];
}
interface RiskDataset {
  readonly type: string;
  readonly input: { readonly time: number[]; readonly event: number[]; readonly labels: string[]; readonly id: number[]; readonly start: number[]; readonly stop: number[] };
  readonly aalenJohansen: StateBlock;
  readonly cuminc_timepoints?: { readonly times: number[]; readonly est: number[][]; readonly var: number[][] };
  readonly naive_1_minus_KM?: readonly { readonly cause: string; readonly time: number[]; readonly oneMinusS: number[] }[];
}

describeWithReference('Aalen–Johansen against survival::survfit', () => {
  const { datasets } = readReferenceJson<{ datasets: Record<string, RiskDataset> }>('cases/oracle/r_aalen_johansen.json');

  for (const [name, set] of Object.entries(datasets)) {
    const block = set.aalenJohansen;
    if (set.type === 'competing_risks') {
      const { time, event, labels } = set.input;
      const causes = labels.slice(1);
      const curves = aalenJohansen({ time, cause: event }, { causes });

      it(`${name}: incidences, errors and limits`, () => {
        expect(curves.time).toEqual(block.time);
        expect(curves.atRisk).toEqual(block.n_risk[0]);
        expectClose(curves.survival, block.pstate[0] ?? [], 1e-13, 'open');
        expectClose(
          curves.survivalError.map((error) => error ?? 0),
          block.std_err[0] ?? [],
          1e-12,
          'error of open',
        );
        curves.causes.forEach((curve, k) => {
          expect(curve.cause).toBe(block.states[k + 1]);
          expectClose(curve.incidence, block.pstate[k + 1] ?? [], 1e-13, curve.cause);
          expectClose(curve.standardError, block.std_err[k + 1] ?? [], 1e-10, `error of ${curve.cause}`);
          expectClose(curve.lower, block.lower[k + 1] ?? [], 1e-10, `lower of ${curve.cause}`);
          expectClose(curve.upper, block.upper[k + 1] ?? [], 1e-10, `upper of ${curve.cause}`);
        });
      });

      it(`${name}: the same at given times (cmprsk), and 1 − KM as the overstatement it is`, () => {
        const points = set.cuminc_timepoints;
        causes.forEach((cause, k) => {
          const found = (points?.times ?? []).map((t) => conditionalIncidence(curves, { within: t }).causes?.[k]);
          expectClose(
            found.map((entry) => entry?.probability ?? NaN),
            points?.est[k] ?? [],
            1e-13,
            'incidence',
          );
          // Aalen's variance differs from ours by terms of higher order in 1/n.
          if (name !== 'tiny_cr') found.forEach((entry, i) => expect((entry?.standardError ?? NaN) ** 2 / (points?.var[k]?.[i] ?? NaN)).toBeCloseTo(1, 1));
          const naive = set.naive_1_minus_KM?.find((entry) => entry.cause === cause);
          const alone = kaplanMeier({ time, event: event.map((value) => (value === k + 1 ? 1 : 0)) });
          expectClose(
            alone.survival.map((s) => 1 - s),
            naive?.oneMinusS ?? [],
            1e-13,
            '1 − KM',
          );
          const last = curves.time.length - 1;
          expect(1 - (alone.survival[last] ?? 0)).toBeGreaterThanOrEqual((curves.causes[k]?.incidence[last] ?? 1) - 1e-12);
        });
      });
    } else {
      it(`${name}: several states, jackknife errors by subject`, () => {
        const { id, start, stop, event, labels } = set.input;
        const states = [block.states[0] ?? '', ...labels.slice(1)];
        const current = new Map<number, number>();
        const from = id.map((subject, i) => {
          const state = current.get(subject) ?? 0;
          if ((event[i] ?? 0) > 0) current.set(subject, event[i] ?? 0);
          return state;
        });
        const result = multiStateProbabilities({ subject: id, start, stop, from, to: event.map((value) => (value === 0 ? -1 : value)) }, { states });
        expect(result.time).toEqual(block.time);
        result.states.forEach((state, k) => {
          expect(state.atRisk).toEqual(block.n_risk[k]);
          expectClose(state.probability, block.pstate[k] ?? [], 1e-13, state.state);
          expectClose(state.standardError ?? [], block.std_err[k] ?? [], 1e-10, `error of ${state.state}`);
          expectClose(state.lower ?? [], block.lower[k] ?? [], 1e-10, `lower of ${state.state}`);
          expectClose(state.upper ?? [], block.upper[k] ?? [], 1e-10, `upper of ${state.state}`);
        });
      });
    }
  }
});
