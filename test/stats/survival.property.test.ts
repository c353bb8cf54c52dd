import {
  aalenJohansen,
  conditionalIncidence,
  conditionalSurvival,
  coxRegression,
  failureTimeRegression,
  kaplanMeier,
  linearRegression,
  logRankTest,
  mergeSurvivalTallies,
  multiStateProbabilities,
  restrictedMean,
  survivalAt,
  survivalQuantile,
  tallySurvival,
} from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';
import { codesOf, expectOrderly, expectPlain } from './plain-data.js';

const RUNS = { seed: 20260101, numRuns: 200 };

interface Row {
  readonly time: number;
  readonly cause: number;
  readonly entry: number | null;
  readonly weight: number;
}

const row = fc
  .record({
    time: fc.integer({ min: 1, max: 30 }),
    cause: fc.integer({ min: 0, max: 2 }),
    late: fc.option(fc.integer({ min: 1, max: 30 })),
    weight: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ time, cause, late, weight }): Row => ({ time, cause, entry: late === null ? null : Math.max(0, time - late), weight }));
const rows = fc.array(row, { minLength: 1, maxLength: 60 });

const columns = (list: readonly Row[], isWeighted = false, isLate = false) => ({
  time: list.map(({ time }) => time),
  cause: list.map(({ cause }) => cause),
  ...(isWeighted ? { weight: list.map(({ weight }) => weight) } : {}),
  ...(isLate ? { entry: list.map(({ entry }) => entry) } : {}),
});
const anyCause = ({ cause, ...rest }: ReturnType<typeof columns>) => ({ ...rest, event: cause.map((value) => (value > 0 ? 1 : 0)) });

/** The definition, row by row. */
function naive(list: readonly Row[]): { time: number[]; survival: number[]; incidence: number[][]; greenwood: number[] } {
  const time = [...new Set(list.map((entry) => entry.time))].sort((a, b) => a - b);
  const survival: number[] = [];
  const greenwood: number[] = [];
  const incidence: number[][] = [[], []];
  let s = 1;
  let sum = 0;
  const f = [0, 0];
  for (const t of time) {
    const risk = list.filter((entry) => entry.time >= t && (entry.entry === null || entry.entry < t));
    const n = risk.reduce((total, { weight }) => total + weight, 0);
    const d = [1, 2].map((cause) => risk.filter((entry) => entry.time === t && entry.cause === cause).reduce((total, { weight }) => total + weight, 0));
    const all = (d[0] ?? 0) + (d[1] ?? 0);
    d.forEach((events, k) => {
      f[k] = (f[k] ?? 0) + (s * events) / n;
      incidence[k]?.push(f[k]);
    });
    s *= 1 - all / n;
    sum += all / (n * (n - all));
    survival.push(s);
    greenwood.push(s > 0 ? s * Math.sqrt(sum) : NaN);
  }
  return { time, survival, incidence, greenwood };
}

describe('survival curves', () => {
  it('are what the definition says, with weights and delayed entry', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const expected = naive(list);
        const curve = kaplanMeier(anyCause(columns(list, true, true)));
        expect(curve.time).toEqual(expected.time);
        expectClose(curve.survival, expected.survival, 1e-12);
        expectClose(
          curve.standardError.map((error) => error ?? 0),
          expected.greenwood.map((error) => (Number.isNaN(error) ? 0 : error)),
          1e-12,
        );
        const curves = aalenJohansen(columns(list, true, true), { causes: ['won', 'lost'] });
        curves.causes.forEach(({ incidence }, k) => expectClose(incidence, expected.incidence[k] ?? [], 1e-12));
        expectPlain(curves);
      }),
      RUNS,
    );
  });

  it('without censoring are the share of rows that last longer', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 80 }), (time) => {
        const curve = kaplanMeier({ time, event: time.map(() => 1) });
        expectClose(
          curve.survival,
          curve.time.map((t) => time.filter((value) => value > t).length / time.length),
          1e-13,
        );
        const mean = time.reduce((sum, value) => sum + value, 0) / time.length;
        expectClose([restrictedMean(curve).mean], [mean], 1e-12);
        // The error of the mean of n values, divisor n.
        const variance = time.reduce((sum, value) => sum + (value - mean) ** 2, 0) / time.length / time.length;
        expectClose([restrictedMean(curve).standardError ** 2], [variance], 1e-10);
      }),
      RUNS,
    );
  });

  it('add up: open + won + lost = 1, incidences never fall, and each stays below 1 − KM of its own', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const curves = aalenJohansen(columns(list, false, true), { causes: ['won', 'lost'] });
        curves.time.forEach((_, i) => {
          const total = (curves.survival[i] ?? NaN) + curves.causes.reduce((sum, { incidence }) => sum + (incidence[i] ?? NaN), 0);
          expect(Math.abs(total - 1)).toBeLessThan(1e-12);
          for (const { incidence } of curves.causes) expect(incidence[i] ?? NaN).toBeGreaterThanOrEqual(incidence[i - 1] ?? 0);
        });
        curves.causes.forEach(({ incidence }, k) => {
          const alone = kaplanMeier({ ...anyCause(columns(list, false, true)), event: list.map(({ cause }) => (cause === k + 1 ? 1 : 0)) });
          alone.survival.forEach((s, i) => expect(1 - s).toBeGreaterThanOrEqual((incidence[i] ?? NaN) - 1e-12));
        });
      }),
      RUNS,
    );
  });

  it('of a single cause are one minus Kaplan–Meier, with the same standard error', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const data = anyCause(columns(list, true, true));
        const { event, ...rest } = data;
        const curve = kaplanMeier(data);
        const single = aalenJohansen({ ...rest, cause: event }, { causes: ['closed'] });
        const [closed] = single.causes;
        expectClose(
          closed?.incidence ?? [],
          curve.survival.map((s) => 1 - s),
          1e-12,
        );
        const before = curve.survival.indexOf(0);
        const end = before < 0 ? curve.time.length : before;
        expectClose(closed?.standardError.slice(0, end) ?? [], curve.standardError.slice(0, end), 1e-10);
      }),
      RUNS,
    );
  });

  it('have the standard errors of the jackknife by row where all are observed from the start', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const curves = aalenJohansen(columns(list), { causes: ['won', 'lost'] });
        const states = multiStateProbabilities(
          { start: list.map(() => 0), stop: list.map(({ time }) => time), from: list.map(() => 0), to: list.map(({ cause }) => (cause === 0 ? -1 : cause)) },
          { states: ['open', 'won', 'lost'] },
        );
        expect(states.time).toEqual(curves.time);
        expectClose(states.states[0]?.probability ?? [], curves.survival, 1e-12);
        curves.causes.forEach((curve, k) => {
          expectClose(states.states[k + 1]?.probability ?? [], curve.incidence, 1e-12);
          expectClose(
            (states.states[k + 1]?.standardError ?? []).map((error) => error ** 2),
            curve.standardError.map((error) => error ** 2),
            1e-12,
          );
        });
      }),
      RUNS,
    );
  });

  it('do not depend on the order of rows, on the unit of time, or on how rows are counted', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat()), (list, keys) => {
        const options = { causes: ['won', 'lost'] };
        const expected = aalenJohansen(columns(list, true, true), options);
        const keyed = list.map((entry) => ({ entry, key: keys.next().value }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry);
        expect(aalenJohansen(columns(shuffled, true, true), options)).toEqual(expected);
        // A seventh of a day is not a whole number, so rows are sorted instead of counted.
        const sevenths = columns(list, true, true);
        const scaled = aalenJohansen({ ...sevenths, time: sevenths.time.map((t) => t / 7), entry: (sevenths.entry ?? []).map((t) => (t === null ? null : t / 7)) }, options);
        expect({ ...scaled, time: expected.time }).toEqual(expected);
        expect(scaled.time).toEqual(expected.time.map((t) => t / 7));
        const repeated = list.flatMap((entry) => new Array<Row>(entry.weight).fill(entry));
        expect({ ...aalenJohansen(columns(repeated, false, true), options), rows: list.length }).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('are made of mergeable parts', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat({ max: 3 }), { minLength: 60, maxLength: 60 }), (list, part) => {
        const options = { causes: ['won', 'lost'] };
        const parts = [0, 1, 2, 3].map((k) => list.filter((_, i) => part[i] === k)).filter((some) => some.length > 0);
        const tallies = parts.map((some) => tallySurvival(columns(some, true, true), { causes: 2 }));
        const merged = mergeSurvivalTallies(tallies);
        expect(merged).toEqual(tallySurvival(columns(list, true, true), { causes: 2 }));
        expect(mergeSurvivalTallies([...tallies].reverse())).toEqual(merged);
        expect(aalenJohansen(merged, options)).toEqual(aalenJohansen(columns(list, true, true), options));
      }),
      RUNS,
    );
  });

  it('condition by division', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), (list, from, within) => {
        const data = columns(list, true);
        const curve = kaplanMeier(anyCause(data));
        const start = survivalAt(curve, from).estimate?.probability ?? NaN;
        const end = survivalAt(curve, from + within).estimate?.probability ?? NaN;
        const conditional = conditionalSurvival(curve, { from, to: from + within });
        const curves = aalenJohansen(data, { causes: ['won', 'lost'] });
        const incidence = conditionalIncidence(curves, { from, within });
        if (conditional.estimate === null) {
          expect(curve.time.at(-1)).toBeLessThanOrEqual(from);
          expect(incidence.reason).toBe('nobody-at-risk');
          return;
        }
        expectClose([conditional.estimate.probability], [end / start], 1e-12);
        expectClose([incidence.open], [end / start], 1e-12);
        incidence.causes?.forEach(({ probability }, k) => {
          const at = (t: number): number => conditionalIncidence(curves, { within: t }).causes?.[k]?.probability ?? NaN;
          expectClose([probability], [(at(from + within) - at(from)) / start], 1e-11);
        });
      }),
      RUNS,
    );
  });

  it('have quantiles at which the curve has come down, and not before', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (list, p) => {
        const curve = kaplanMeier(anyCause(columns(list)));
        const { time } = survivalQuantile(curve, p);
        const lowest = curve.survival.at(-1) ?? NaN;
        if (time === null) expect(lowest).toBeGreaterThan(1 - p);
        else {
          expect(survivalAt(curve, time).estimate?.probability ?? NaN).toBeLessThanOrEqual(1 - p + 1e-7);
          const before = curve.time.filter((t) => t < time).at(-2);
          if (before !== undefined) expect(survivalAt(curve, before).estimate?.probability ?? NaN).toBeGreaterThanOrEqual(1 - p - 1e-7);
        }
      }),
      RUNS,
    );
  });
});

describe('survival regression', () => {
  const sample = fc.array(
    fc.tuple(
      fc.double({ min: 0.1, max: 50, noNaN: true }),
      fc.boolean(),
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: -8, max: 8 }).map((value) => value / 4),
    ),
    {
      minLength: 12,
      maxLength: 40,
    },
  );

  it('the score test of Cox is the log-rank test where no times are tied', () => {
    fc.assert(
      fc.property(sample, (list) => {
        const time = list.map(([t], i) => t + i * 100);
        const event = list.map(([, happened]) => happened);
        const group = list.map(([, , g]) => g);
        if (codesOf(() => coxRegression({ time, event, covariates: { columns: [group] } })).length > 0) return;
        expectClose([coxRegression({ time, event, covariates: { columns: [group] } }).scoreTest.statistic], [logRankTest({ time, event, group }).statistic], 1e-9);
      }),
      RUNS,
    );
  });

  it('Cox: the order of rows, weights as repeated rows (Breslow), strata and late entries that change nothing', () => {
    fc.assert(
      fc.property(sample, (list) => {
        const make = (some: typeof list) => ({
          time: some.map(([t]) => Math.ceil(t / 5)),
          event: some.map(([, happened]) => happened),
          covariates: { columns: [some.map(([, , g]) => g), some.map(([, , , x]) => x)] },
        });
        const data = make(list);
        if (codesOf(() => coxRegression(data)).length > 0) return;
        const fit = coxRegression(data);
        const backwards = coxRegression(make([...list].reverse()));
        expectClose(backwards.coefficients, fit.coefficients, 1e-8);
        expectClose([backwards.logLikelihood, backwards.concordance], [fit.logLikelihood, fit.concordance], 1e-10);
        const same = coxRegression({ ...data, stratum: list.map(() => 7), entry: list.map(() => null), weight: list.map(() => 1) });
        expectClose(same.coefficients, fit.coefficients, 1e-10);
        expect(same.baseline[0]?.stratum).toBe(7);
        const weight = list.map((_, i) => 1 + (i % 3));
        const weighted = coxRegression({ ...data, weight }, { ties: 'breslow' });
        const repeated = coxRegression(make(list.flatMap((entry, i) => new Array<(typeof list)[number]>(weight[i] ?? 1).fill(entry))), { ties: 'breslow' });
        expectClose(weighted.coefficients, repeated.coefficients, 1e-8);
        expectClose([weighted.logLikelihood], [repeated.logLikelihood], 1e-10);
        expectPlain(fit);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  it('Cox: two strata have the likelihood of two fits with a common slope', () => {
    fc.assert(
      fc.property(sample, (list) => {
        const half = Math.floor(list.length / 2);
        const make = (some: typeof list) => ({
          time: some.map(([t]) => Math.ceil(t)),
          event: some.map(([, happened]) => happened),
          covariates: some.map(([, , , x]) => [x]),
          entry: some.map(([t], i) => (i % 4 === 0 ? Math.ceil(t) - 1 : null)),
        });
        const stratum = list.map((_, i) => (i < half ? 2 : 1));
        const parts = [make(list.slice(0, half)), make(list.slice(half))];
        if (codesOf(() => coxRegression({ ...make(list), stratum })).length > 0) return;
        const fit = coxRegression({ ...make(list), stratum });
        // make() numbers late entries within its own rows, so the null likelihoods are compared on the rows of the whole.
        const whole = make(list);
        const some = (from: number, to: number) => ({
          time: whole.time.slice(from, to),
          event: whole.event.slice(from, to),
          covariates: whole.covariates.slice(from, to),
          entry: whole.entry.slice(from, to),
        });
        const nulls = [some(0, half), some(half, list.length)].map((part) => (codesOf(() => coxRegression(part)).length > 0 ? NaN : coxRegression(part).nullLogLikelihood));
        expect(parts.length).toBe(fit.baseline.length);
        expect(fit.baseline.map(({ stratum: label }) => label)).toEqual([1, 2]);
        const sum = nulls.reduce((total, value) => total + value, 0);
        if (!Number.isNaN(sum)) expectClose([fit.nullLogLikelihood], [sum], 1e-10);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  it('lognormal times without censoring are a linear regression of their logs', () => {
    fc.assert(
      fc.property(sample, (list) => {
        const time = list.map(([t]) => t);
        const covariates = list.map(([, , , x]) => [x]);
        const data = { time, event: time.map(() => true), covariates };
        const found = codesOf(() => failureTimeRegression(data, { distribution: 'lognormal' }));
        if (found.length > 0) {
          expect(['singular_matrix', 'no_convergence']).toContain(found[0]);
          return;
        }
        const fit = failureTimeRegression(data, { distribution: 'lognormal' });
        const ols = linearRegression({ outcome: time.map(Math.log), covariates });
        expectClose(fit.coefficients, ols.coefficients, 1e-7);
        expectClose([fit.scale], [Math.sqrt(ols.residuals.reduce((sum, value) => sum + value * value, 0) / time.length)], 1e-7);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  it('failure times: no neighbouring point is more likely', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom('exponential', 'weibull', 'lognormal', 'loglogistic'), (list, distribution) => {
        const data = { time: list.map(([t]) => t), event: list.map(([, happened]) => happened), entry: list.map(([t], i) => (i % 3 === 0 ? t / 2 : null)) };
        if (codesOf(() => failureTimeRegression(data, { distribution })).length > 0) return;
        const fit = failureTimeRegression(data, { distribution });
        const logDensity = (w: number): number =>
          distribution === 'lognormal' ? -0.5 * w * w - 0.5 * Math.log(2 * Math.PI) : distribution === 'loglogistic' ? w - 2 * Math.log1p(Math.exp(w)) : w - Math.exp(w);
        const survival = (w: number): number => (distribution === 'loglogistic' ? -Math.log1p(Math.exp(w)) : -Math.exp(w));
        if (distribution === 'lognormal') {
          expectPlain(fit);
          return;
        }
        const likelihood = (intercept: number, scale: number): number =>
          data.time.reduce((sum, t, i) => {
            const w = (Math.log(t) - intercept) / scale;
            const entry = data.entry[i] ?? null;
            return (
              sum + (data.event[i] === true ? logDensity(w) - Math.log(scale) - Math.log(t) : survival(w)) - (entry === null ? 0 : survival((Math.log(entry) - intercept) / scale))
            );
          }, 0);
        const [intercept = NaN] = fit.coefficients;
        expectClose([likelihood(intercept, fit.scale)], [fit.logLikelihood], 1e-9);
        for (const step of [-1e-3, 1e-3]) {
          expect(likelihood(intercept + step, fit.scale)).toBeLessThan(fit.logLikelihood);
          if (distribution !== 'exponential') expect(likelihood(intercept, fit.scale * Math.exp(step))).toBeLessThan(fit.logLikelihood);
        }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});

describe('whatever they are given, they throw a DomainError or return plain data', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true, withSparseArray: true });
  const number = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double(), fc.constantFrom(1e308, 1e-308, 5e-324, -0, 2 ** 53, 1e16));
  const column = fc.oneof(fc.array(number, { maxLength: 6 }), fc.array(anything, { maxLength: 6 }), anything);
  const short = fc.array(fc.nat({ max: 4 }), { minLength: 4, maxLength: 4 });
  const shape = fc.record(
    {
      time: fc.oneof(short, column),
      event: fc.oneof(fc.constant([1, 0, 1, 1]), column),
      cause: fc.oneof(fc.constant([1, 0, 2, 1]), column),
      entry: fc.oneof(fc.constant([null, -1, null, -2]), column),
      weight: fc.oneof(fc.array(number, { minLength: 4, maxLength: 4 }), column),
      group: fc.oneof(fc.constant(['a', 'b', 'a', 'b']), column),
      covariates: fc.oneof(fc.array(fc.tuple(number), { minLength: 4, maxLength: 4 }), column),
      stratum: fc.oneof(short, column),
      subject: fc.oneof(short, column),
      start: fc.oneof(short, column),
      stop: fc.oneof(short, column),
      from: fc.oneof(short, column),
      to: fc.oneof(short, column),
    },
    { requiredKeys: ['time'] },
  );
  const pick = (value: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown => Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));

  it('curves, tests, regressions', () => {
    fc.assert(
      fc.property(shape, anything, number, (value, options, x) => {
        const survival = pick(value, ['time', 'event', 'entry', 'weight']) as never;
        const risks = pick(value, ['time', 'cause', 'entry', 'weight']) as never;
        expectOrderly(() => kaplanMeier(survival), 'kaplanMeier');
        expectOrderly(() => kaplanMeier(survival, options as never), 'kaplanMeier');
        expectOrderly(() => survivalQuantile(kaplanMeier(survival), x), 'survivalQuantile');
        expectOrderly(() => restrictedMean(kaplanMeier(survival), { horizon: x }), 'restrictedMean');
        expectOrderly(() => conditionalSurvival(kaplanMeier(survival), { from: x, to: x }), 'conditionalSurvival');
        expectOrderly(() => aalenJohansen(risks, { causes: ['won', 'lost'] }), 'aalenJohansen');
        expectOrderly(() => conditionalIncidence(aalenJohansen(risks, { causes: ['won', 'lost'] }), { from: 1, within: x }), 'conditionalIncidence');
        expectOrderly(() => tallySurvival(risks, { causes: 2 }), 'tallySurvival');
        expectOrderly(() => mergeSurvivalTallies([value, value] as never), 'mergeSurvivalTallies');
        expectOrderly(() => logRankTest(pick(value, ['time', 'event', 'entry', 'weight', 'group']) as never, { rho: x }), 'logRankTest');
        expectOrderly(() => multiStateProbabilities(pick(value, ['subject', 'start', 'stop', 'from', 'to']) as never, { states: ['a', 'b', 'c', 'd', 'e'] }), 'multiState');
        expectOrderly(() => coxRegression(pick(value, ['time', 'event', 'entry', 'weight', 'covariates', 'stratum']) as never), 'coxRegression');
        for (const distribution of ['weibull', 'lognormal', 'loglogistic', 'exponential'] as const) {
          expectOrderly(() => failureTimeRegression(pick(value, ['time', 'event', 'entry', 'weight', 'covariates']) as never, { distribution }), distribution);
        }
      }),
      { ...RUNS, numRuns: 1500 },
    );
  });

  it('whatever curve they are handed back', () => {
    fc.assert(
      fc.property(anything, anything, (curve, options) => {
        expectOrderly(() => survivalAt(curve as never, options as never), 'survivalAt');
        expectOrderly(() => survivalQuantile(curve as never, 0.5), 'survivalQuantile');
        expectOrderly(() => conditionalIncidence(curve as never, options as never), 'conditionalIncidence');
        expectOrderly(() => kaplanMeier(curve as never, options as never), 'kaplanMeier');
        expectOrderly(() => aalenJohansen(curve as never, options as never), 'aalenJohansen');
        expectOrderly(() => multiStateProbabilities(curve as never, options as never), 'multiState');
        expectOrderly(() => coxRegression(curve as never, options as never), 'coxRegression');
        expectOrderly(() => failureTimeRegression(curve as never, options as never), 'failureTimeRegression');
      }),
      { ...RUNS, numRuns: 500 },
    );
  });
});
