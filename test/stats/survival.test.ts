import {
  aalenJohansen,
  type CompetingRisksData,
  conditionalIncidence,
  conditionalSurvival,
  coxRegression,
  failureTimeRegression,
  type IncidenceCurves,
  incidenceAt,
  kaplanMeier,
  logRankTest,
  mergeSurvivalTallies,
  multiStateProbabilities,
  predictCoxSurvival,
  predictFailureSurvival,
  predictFailureTime,
  restrictedMean,
  type SurvivalCurve,
  stateProbabilitiesAt,
  survivalAt,
  survivalQuantile,
  tallySurvival,
} from 'dealwright/stats';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';
import { codesOf, freeze } from './plain-data.js';

// Ten deals: days to their end, 1 won, 2 lost, 0 still open.
const deals = freeze({ time: [5, 8, 8, 12, 20, 20, 31, 40, 40, 55], cause: [2, 1, 2, 0, 1, 2, 1, 0, 2, 0] });
const closed = freeze({ time: deals.time, event: deals.cause.map((cause) => (cause === 0 ? 0 : 1)) });

describe('kaplanMeier', () => {
  it('counts censorings of a time after its events', () => {
    const curve = kaplanMeier(freeze({ time: [2, 2, 3], event: [1, 0, 1] }));
    expect(curve).toMatchObject({ time: [2, 3], atRisk: [3, 1], events: [1, 1], censored: [1, 0], survival: [2 / 3, 0] });
    expect(curve.standardError[1]).toBeNull();
    expect(curve.lower[1]).toBeNull();
  });

  it('takes booleans, typed arrays, and null for rows observed from the start', () => {
    const plain = kaplanMeier(closed);
    expect(kaplanMeier({ time: Int32Array.from(closed.time), event: closed.event.map((event) => event === 1) })).toEqual(plain);
    expect(kaplanMeier({ ...closed, entry: closed.time.map(() => null) })).toEqual(plain);
    expect(kaplanMeier({ ...closed, entry: closed.time.map(() => -1) })).toEqual(plain);
    expect(kaplanMeier({ ...closed, weight: closed.time.map(() => 1) })).toEqual(plain);
  });

  it('lets rows enter late: they are at risk only after their entry', () => {
    const curve = kaplanMeier({ time: [5, 10, 10], event: [1, 1, 0], entry: [null, 5, 4] });
    expect(curve.atRisk).toEqual([2, 2]);
    expect(curve.survival).toEqual([0.5, 0.25]);
  });

  it('names what is wrong', () => {
    expect(codesOf(() => kaplanMeier({ time: [1, 2], event: [1] }))).toEqual(['length_mismatch']);
    expect(codesOf(() => kaplanMeier({ time: [], event: [] }))).toContain('empty');
    expect(codesOf(() => kaplanMeier({ time: [-1], event: [1] }))).toEqual(['out_of_range']);
    expect(codesOf(() => kaplanMeier({ time: [1], event: [2] }))).toEqual(['invalid_value']);
    expect(codesOf(() => kaplanMeier({ time: [3], event: [1], entry: [3] }))).toEqual(['out_of_range']);
    expect(codesOf(() => kaplanMeier({ time: [NaN], event: [1] }))).toEqual(['not_finite']);
    expect(codesOf(() => kaplanMeier(closed, { level: 95 }))).toEqual(['fraction_out_of_range']);
    // @ts-expect-error a misspelt scale does not compile
    expect(codesOf(() => kaplanMeier(closed, { interval: 'loglog' }))).toEqual(['invalid_value']);
    // @ts-expect-error a misspelt option does not compile
    expect(codesOf(() => kaplanMeier(closed, { levels: 0.9 }))).toEqual(['unknown_key']);
    expect(codesOf(() => kaplanMeier({ time: new Array<number>(100).fill(NaN), event: new Array<number>(100).fill(7) })).length).toBeLessThan(30);
    expectTypeOf(kaplanMeier(closed)).toEqualTypeOf<SurvivalCurve>();
  });

  it('is read at a time, between times, and by quantile', () => {
    const curve = freeze(kaplanMeier(closed));
    expect(survivalAt(curve, 0).estimate).toEqual({ probability: 1, standardError: 0, lower: 1, upper: 1 });
    expect(survivalAt(curve, 5).estimate?.probability).toBeCloseTo(0.9, 12);
    expect(survivalAt(curve, 1000)).toMatchObject({ isBeyondFollowUp: true, reason: null });
    expect(conditionalSurvival(curve, { from: 55, to: 60 })).toEqual({ estimate: null, atRisk: 0, isBeyondFollowUp: true, reason: 'nobody-at-risk' });
    expect(conditionalSurvival(curve, { from: 20, to: 20 }).estimate?.probability).toBe(1);
    expect(survivalQuantile(curve, 0.5).time).toBe(20);
    expect(survivalQuantile(curve, 0.95)).toMatchObject({ time: null, reason: 'not-reached' });
    expect(codesOf(() => survivalQuantile(curve, 50))).toEqual(['fraction_out_of_range']);
    expect(restrictedMean(curve, { horizon: 5 })).toMatchObject({ mean: 5, standardError: 0 });
    expect(restrictedMean(curve, { horizon: 100 }).isBeyondFollowUp).toBe(true);
  });
});

describe('aalenJohansen', () => {
  const curves = freeze(aalenJohansen(deals, { causes: ['won', 'lost'] }));

  it('splits what Kaplan–Meier sees as one', () => {
    expectClose(curves.survival, kaplanMeier(closed).survival, 1e-15);
    expect(curves.causes.map(({ cause }) => cause)).toEqual(['won', 'lost']);
    expectTypeOf(curves).toEqualTypeOf<IncidenceCurves>();
    expectTypeOf(aalenJohansen).parameter(0).extract<CompetingRisksData>().toEqualTypeOf<CompetingRisksData>();
  });

  it('conditions on age, and says when nobody is that old or the horizon is beyond what was seen', () => {
    const whole = incidenceAt(curves, 1000);
    expect(whole.isBeyondFollowUp).toBe(true);
    expectClose(
      whole.causes?.map(({ probability }) => probability) ?? [],
      curves.causes.map(({ incidence }) => incidence.at(-1) ?? NaN),
      1e-15,
    );
    expect(conditionalIncidence(curves, { from: 55, within: 10 })).toEqual({ causes: null, open: null, atRisk: 0, isBeyondFollowUp: true, reason: 'nobody-at-risk' });
    expect(conditionalIncidence(curves, { from: 20, within: 0 })).toMatchObject({ open: 1, atRisk: 4 });
    expect(codesOf(() => conditionalIncidence(curves, { within: -1 }))).toEqual(['out_of_range']);
  });

  it('counts events at time 0 from the origin but not after age 0', () => {
    const early = aalenJohansen({ time: [0, 5], cause: [1, 1] }, { causes: ['won'] });
    expect(incidenceAt(early, 0).causes?.[0]?.probability).toBe(0.5);
    expect(conditionalIncidence(early, { from: 0, within: 4 }).causes?.[0]?.probability).toBe(0);
  });

  it('refuses causes that were not named', () => {
    expect(codesOf(() => aalenJohansen({ time: [1], cause: [3] }, { causes: ['won', 'lost'] }))).toEqual(['out_of_range']);
    expect(codesOf(() => aalenJohansen(deals, { causes: ['won', 'won'] }))).toEqual(['duplicate_id']);
    expect(codesOf(() => aalenJohansen(deals, { causes: ['won', '__proto__'] }))).toEqual(['reserved_key']);
    expect(codesOf(() => aalenJohansen(tallySurvival(deals, { causes: 2 }), { causes: ['won'] }))).toEqual(['length_mismatch']);
  });
});

describe('tallies', () => {
  it('stand for their rows', () => {
    const tally = freeze(tallySurvival(deals, { causes: 2 }));
    expect(aalenJohansen(tally, { causes: ['won', 'lost'] })).toEqual(aalenJohansen(deals, { causes: ['won', 'lost'] }));
    expect(kaplanMeier(tally)).toEqual(kaplanMeier(closed));
    expect(JSON.parse(JSON.stringify(tally))).toEqual(tally);
  });

  it('merge only with their like', () => {
    expect(codesOf(() => mergeSurvivalTallies([tallySurvival(deals, { causes: 2 }), tallySurvival(closed)]))).toEqual(['length_mismatch']);
    expect(codesOf(() => mergeSurvivalTallies([]))).toContain('empty');
  });
});

describe('logRankTest', () => {
  it('finds nothing where groups are alike, and says when nothing can be compared', () => {
    const alike = logRankTest({ time: [1, 1, 2, 2], event: [1, 1, 1, 1], group: ['b', 'a', 'b', 'a'] });
    expect(alike.groups.map(({ group }) => group)).toEqual(['a', 'b']);
    expect(alike.statistic).toBeCloseTo(0, 12);
    expect(alike.pValue).toBeCloseTo(1, 12);
    expect(logRankTest({ time: [1, 2], event: [0, 0], group: [1, 2] })).toMatchObject({ statistic: null, pValue: null, reason: 'no-events-to-compare' });
    expect(codesOf(() => logRankTest({ time: [1, 2], event: [1, 1], group: ['a', 'a'] }))).toEqual(['insufficient_data']);
  });
});

describe('multiStateProbabilities', () => {
  it('follows subjects through several stays', () => {
    const stays = freeze({ subject: [1, 1, 2, 3], start: [0, 4, 0, 0], stop: [4, 9, 6, 7], from: [0, 1, 0, 0], to: [1, 2, 2, -1] });
    const result = multiStateProbabilities(stays, { states: ['discovery', 'proposal', 'won'] });
    expect(result.time).toEqual([4, 6, 7, 9]);
    expect(stateProbabilitiesAt(result, 3)).toEqual([1, 0, 0]);
    expectClose(stateProbabilitiesAt(result, 5), [2 / 3, 1 / 3, 0], 1e-15);
    expectClose(stateProbabilitiesAt(result, 99), [1 / 3, 0, 2 / 3], 1e-15);
    expect(multiStateProbabilities(stays, { states: ['discovery', 'proposal', 'won'], standardErrors: false }).states[0]?.standardError).toBeNull();
  });

  it('refuses a move into the same state and a stay without length', () => {
    expect(codesOf(() => multiStateProbabilities({ start: [0], stop: [0], from: [0], to: [0] }, { states: ['a', 'b'] }))).toEqual(['out_of_range', 'invalid_value']);
  });
});

describe('survival regression', () => {
  const data = freeze({ time: [4, 7, 9, 12, 15, 18, 21, 25], event: [1, 1, 0, 1, 1, 0, 1, 0], covariates: [[1], [1], [1], [0], [1], [0], [0], [0]] });

  it('a Cox fit predicts survival by row', () => {
    const fit = freeze(coxRegression(data, { names: ['rush'] }));
    expect(fit.terms).toEqual(['rush']);
    const [slow = NaN, fast = NaN] = predictCoxSurvival(fit, [[0], [1]], { time: 15 });
    expect(fast).toBeLessThan(slow);
    expect(fast).toBeCloseTo(slow ** Math.exp(fit.coefficients[0] ?? NaN), 12);
    expect(predictCoxSurvival(fit, [[0]], { time: 1 })).toEqual([1]);
    expect(codesOf(() => predictCoxSurvival(fit, [[0]], { time: 1, stratum: 3 }))).toEqual(['unknown_reference']);
  });

  it('a covariate that sorts the events runs to infinity, and the error says so', () => {
    expect(codesOf(() => coxRegression({ time: [1, 2, 3, 4], event: [1, 1, 1, 1], covariates: [[4], [3], [2], [1]] }))).toEqual(['perfect_separation']);
    expect(codesOf(() => coxRegression({ time: [1, 2], event: [0, 0], covariates: [[4], [3]] }))).toEqual(['insufficient_data']);
    expect(codesOf(() => coxRegression({ ...data, covariates: data.covariates.map(([x = 0]) => [x, 2 * x]) }))).toEqual(['singular_matrix']);
  });

  it('a failure-time fit predicts quantiles and survival that agree', () => {
    for (const distribution of ['exponential', 'weibull', 'lognormal', 'loglogistic'] as const) {
      const fit = freeze(failureTimeRegression(data, { distribution }));
      for (const probability of [0.1, 0.5, 0.9]) {
        const [time = NaN] = predictFailureTime(fit, [[1]], { probability });
        expectClose(predictFailureSurvival(fit, [[1]], { time }), [1 - probability], 1e-12);
      }
    }
    expect(codesOf(() => failureTimeRegression({ time: [0, 1], event: [1, 1] }))).toEqual(['out_of_range']);
    expect(codesOf(() => failureTimeRegression({ time: [1, 1], event: [0, 0] }))).toEqual(['insufficient_data']);
  });

  it('the exponential rate with delayed entry is events by exposure', () => {
    const fit = failureTimeRegression({ time: [10, 30, 25], event: [1, 0, 1], entry: [null, 12, 5] }, { distribution: 'exponential' });
    expect(Math.exp(-(fit.coefficients[0] ?? NaN))).toBeCloseTo(2 / (10 + 18 + 20), 12);
  });
});
