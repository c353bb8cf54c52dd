import {
  absorbingChain,
  applyIsotonicCalibration,
  applyPlattScaling,
  brierScore,
  calibrationLine,
  decomposeBrier,
  estimateTransitionRates,
  estimateTransitions,
  fitIsotonicCalibration,
  fitPlattScaling,
  logLoss,
  rankingQuality,
  reliabilityTable,
  shrinkMeans,
  shrinkProportions,
  transitionProbabilities,
} from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';
import { expectOrderly, expectPlain } from './plain-data.js';

const RUNS = { seed: 20260101, numRuns: 200 };
const cases = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 20 }).map((value) => value / 20),
    fc.boolean(),
  ),
  { minLength: 1, maxLength: 60 },
);
const columns = (list: readonly (readonly [number, boolean])[]) => ({ probability: list.map(([p]) => p), outcome: list.map(([, y]) => y) });

describe('quality of probabilities', () => {
  it('Brier = reliability − resolution + uncertainty + what bins hide, however cases are grouped', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 12 }), fc.constantFrom('width', 'quantile'), (list, bins, by) => {
        const data = columns(list);
        const brier = brierScore(data);
        for (const parts of [decomposeBrier(data), decomposeBrier(data, { bins, by })]) {
          expectClose([parts.reliability - parts.resolution + parts.uncertainty + parts.withinBin, parts.brier], [brier, brier], 1e-13);
        }
        expect(decomposeBrier(data).withinBin).toBe(0);
        const table = reliabilityTable(data, { bins, by });
        expect(table.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(list.length);
        expect(table.expectedCalibrationError).toBeLessThanOrEqual(table.maximumCalibrationError + 1e-15);
        expectPlain(table);
      }),
      RUNS,
    );
  });

  it('the area under the curve counts pairs, and its error is that of DeLong', () => {
    fc.assert(
      fc.property(cases, (list) => {
        const won = list.filter(([, y]) => y).map(([p]) => p);
        const lost = list.filter(([, y]) => !y).map(([p]) => p);
        const quality = rankingQuality(columns(list));
        if (won.length === 0 || lost.length === 0) {
          expect(quality.areaUnderCurve).toBeNull();
          return;
        }
        const beats = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0);
        const byWon = won.map((a) => lost.reduce((sum, b) => sum + beats(a, b), 0) / lost.length);
        const byLost = lost.map((b) => won.reduce((sum, a) => sum + beats(a, b), 0) / won.length);
        const area = byWon.reduce((sum, value) => sum + value, 0) / won.length;
        expectClose([quality.areaUnderCurve], [area], 1e-13);
        if (won.length > 1 && lost.length > 1) {
          const variance = (values: readonly number[]): number => values.reduce((sum, value) => sum + (value - area) ** 2, 0) / (values.length - 1) / values.length;
          expectClose([(quality.standardError ?? NaN) ** 2], [variance(byWon) + variance(byLost)], 1e-12);
        }
        const thresholds = [...new Set(list.map(([p]) => p))].sort((a, b) => b - a);
        let recall = 0;
        let precision = 0;
        for (const threshold of thresholds) {
          const chosen = list.filter(([p]) => p >= threshold);
          const hits = chosen.filter(([, y]) => y).length;
          precision += (hits / won.length - recall) * (hits / chosen.length);
          recall = hits / won.length;
        }
        expectClose([quality.averagePrecision], [precision], 1e-13);
        const backwards = rankingQuality(columns([...list].reverse()));
        expectClose(
          [backwards.areaUnderCurve, backwards.averagePrecision, backwards.standardError],
          [quality.areaUnderCurve, quality.averagePrecision, quality.standardError],
          1e-13,
        );
      }),
      RUNS,
    );
  });

  it('calibration never makes the fit worse, and keeps the mean and the order', () => {
    fc.assert(
      fc.property(cases, (list) => {
        const data = columns(list);
        const isotonic = fitIsotonicCalibration(data);
        const corrected = data.probability.map((p) => applyIsotonicCalibration(isotonic, p));
        expect(brierScore({ ...data, probability: corrected })).toBeLessThanOrEqual(brierScore(data) + 1e-13);
        const share = data.outcome.filter((y) => y).length / list.length;
        expectClose([corrected.reduce((sum, p) => sum + p, 0) / list.length], [share], 1e-12);
        const ascending = data.probability.map((p, i) => ({ p, value: corrected[i] ?? NaN })).sort((left, right) => left.p - right.p);
        ascending.forEach(({ value }, i) => expect(value).toBeGreaterThanOrEqual(ascending[i - 1]?.value ?? 0));
        const line = calibrationLine(data);
        expectPlain(line);
        if (line.slope === null || line.intercept === null) return;
        const { slope, intercept } = line;
        const scaled = data.probability.map((p) => applyPlattScaling({ slope, intercept }, p));
        // The calibration line clips at 1e-12; so does this log loss.
        expect(logLoss({ ...data, probability: scaled }, { clip: 1e-12 })).toBeLessThanOrEqual(logLoss(data, { clip: 1e-12 }) + 1e-9);
      }),
      RUNS,
    );
  });
});

describe('Markov chains', () => {
  const chain = fc.integer({ min: 1, max: 5 }).chain((n) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n + 2, maxLength: n + 2 }), { minLength: n, maxLength: n }).map((weights) => {
      const rows = weights.map((row) => {
        const all = row.map((value, j) => value + (j === n ? 1 : 0));
        const total = all.reduce((sum, value) => sum + value, 0);
        return all.map((value) => value / total);
      });
      const unit = (at: number): number[] => Array.from({ length: n + 2 }, (_, j) => (j === at ? 1 : 0));
      return [...rows, unit(n), unit(n + 1)];
    }),
  );
  const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `s${i}`);

  it('end somewhere, after as many steps as a recursion counts', () => {
    fc.assert(
      fc.property(chain, (transition) => {
        const result = absorbingChain(transition, { states: names(transition.length) });
        for (const row of result.absorption) expectClose([row.reduce((sum, p) => sum + p, 0)], [1], 1e-12);
        result.expectedSteps.forEach((steps, i) => {
          const next = result.transient.reduce((sum, _, j) => sum + (transition[i]?.[j] ?? NaN) * (result.expectedSteps[j] ?? NaN), 1);
          expectClose([steps], [next], 1e-11);
          // E t² = 1 + 2 Σ q E t + Σ q E t²
          const square = (j: number): number => (result.varianceSteps[j] ?? NaN) + (result.expectedSteps[j] ?? NaN) ** 2;
          const second = result.transient.reduce((sum, _, j) => sum + (transition[i]?.[j] ?? NaN) * (2 * (result.expectedSteps[j] ?? NaN) + square(j)), 1);
          expectClose([square(i) / second], [1], 1e-10);
        });
        expectPlain(result);
      }),
      RUNS,
    );
  });

  it('rates make probabilities that compose: P(s + t) = P(s) P(t)', () => {
    fc.assert(
      fc.property(chain, fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), (transition, s, t) => {
        const rates = transition.map((row, i) => row.map((value, j) => value - (i === j ? 1 : 0)));
        const first = transitionProbabilities(rates, s);
        const second = transitionProbabilities(rates, t);
        const product = first.map((row) => row.map((_, j) => row.reduce((sum, value, k) => sum + value * (second[k]?.[j] ?? NaN), 0)));
        expectClose(transitionProbabilities(rates, s + t).flat(), product.flat(), 1e-11);
        for (const row of first) for (const value of row) expect(value).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it('estimates count moves', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 9 }))), (moves) => {
        const estimate = estimateTransitions({ from: moves.map(([from]) => from), to: moves.map(([, to]) => to) }, { states: names(4), absorbing: ['s3'] });
        expect(estimate.counts.flat().reduce((sum, value) => sum + value, 0)).toBe(moves.length);
        estimate.probability.forEach((row, r) => {
          if (row === null) expect(moves.some(([from]) => from === r)).toBe(false);
          else expectClose([row.reduce((sum, p) => sum + p, 0)], [1], 1e-14);
        });
        const stays = moves.map(([from, to, duration]) => ({ from, to: to === from ? -1 : to, duration }));
        const rates = estimateTransitionRates(
          { from: stays.map(({ from }) => from), to: stays.map(({ to }) => to), duration: stays.map(({ duration }) => duration) },
          { states: names(4), absorbing: ['s3'] },
        );
        const known = rates.rate.map((row) => row ?? [0, 0, 0, 0]);
        for (const row of transitionProbabilities(known, 5)) expectClose([row.reduce((sum, p) => sum + p, 0)], [1], 1e-12);
        expectPlain(rates);
      }),
      RUNS,
    );
  });
});

describe('shrinkage', () => {
  const groups = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 })), { minLength: 2, maxLength: 15 });

  /** ln of the beta-binomial probability without its binomial coefficient, as products. */
  const likelihood = (list: readonly (readonly [number, number])[], mean: number, strength: number): number =>
    list.reduce((sum, [won, lost]) => {
      let total = sum;
      for (let i = 0; i < won; i += 1) total += Math.log(mean * strength + i);
      for (let i = 0; i < lost; i += 1) total += Math.log((1 - mean) * strength + i);
      for (let i = 0; i < won + lost; i += 1) total -= Math.log(strength + i);
      return total;
    }, 0);

  it('proportions: no other mean and strength are more likely, and estimates lie between the group and the mean', () => {
    fc.assert(
      fc.property(groups, (list) => {
        if (list.every(([won, lost]) => won + lost === 0)) return;
        const data = { successes: list.map(([won]) => won), trials: list.map(([won, lost]) => won + lost) };
        const shrunk = shrinkProportions(data);
        expectPlain(shrunk);
        const best = shrunk.strength === null ? likelihood(list, shrunk.mean, 1e9) : likelihood(list, shrunk.mean, shrunk.strength);
        const isInner = shrunk.mean > 0.01 && shrunk.mean < 0.99 && (shrunk.strength ?? 2) > 1.001;
        if (isInner && shrunk.reason !== 'too-few-groups') {
          for (const mean of [shrunk.mean, shrunk.mean * 0.97, 0.5, (shrunk.mean + 1) / 2]) {
            for (const factor of [0.03, 0.5, 0.97, 1, 1.03, 2, 50]) {
              const strength = (shrunk.strength ?? 1000) * factor;
              if (strength > 1 && strength < 1e6) expect(likelihood(list, mean, strength)).toBeLessThanOrEqual(best + 1e-5 * Math.abs(best));
            }
          }
        }
        list.forEach(([won, lost], i) => {
          const estimate = shrunk.estimate[i] ?? NaN;
          const own = won + lost === 0 ? shrunk.mean : won / (won + lost);
          expect(estimate).toBeGreaterThanOrEqual(Math.min(own, shrunk.mean) - 1e-12);
          expect(estimate).toBeLessThanOrEqual(Math.max(own, shrunk.mean) + 1e-12);
          expect(shrunk.lower[i] ?? NaN).toBeLessThanOrEqual(estimate);
          expect(shrunk.upper[i] ?? NaN).toBeGreaterThanOrEqual(estimate);
        });
        const backwards = shrinkProportions({ successes: [...data.successes].reverse(), trials: [...data.trials].reverse() });
        expect([backwards.mean, backwards.strength]).toEqual([shrunk.mean, shrunk.strength]);
      }),
      RUNS,
    );
  });

  it('proportions: recovers the prior that made them', () => {
    // 400 groups of 50 trials with true shares spread evenly over the quantiles of Beta(2, 6): mean 0.25, strength 8.
    const shares = Array.from({ length: 400 }, (_, i) => {
      let low = 0;
      let high = 1;
      for (let step = 0; step < 50; step += 1) {
        const x = (low + high) / 2;
        // Beta(2, 6) by its polynomial: P(X ≤ x) = 1 − (1 − x)^7 − 7 x (1 − x)^6
        if (1 - (1 - x) ** 7 - 7 * x * (1 - x) ** 6 < (i + 0.5) / 400) low = x;
        else high = x;
      }
      return low;
    });
    let seed = 7;
    const next = (): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed / 2 ** 32;
    };
    const successes = shares.map((share) => Array.from({ length: 50 }, next).filter((draw) => draw < share).length);
    const shrunk = shrinkProportions({ successes, trials: shares.map(() => 50) });
    expect(shrunk.mean).toBeGreaterThan(0.23);
    expect(shrunk.mean).toBeLessThan(0.27);
    expect(shrunk.strength).toBeGreaterThan(6);
    expect(shrunk.strength).toBeLessThan(10.5);
    const error = (values: readonly (number | null)[]): number => values.reduce<number>((sum, value, i) => sum + ((value ?? NaN) - (shares[i] ?? NaN)) ** 2, 0);
    expect(error(shrunk.estimate)).toBeLessThan(error(shrunk.observed));
  });

  it('proportions: says why there is no strength', () => {
    expect(shrinkProportions({ successes: [3], trials: [10] })).toMatchObject({ strength: null, reason: 'too-few-groups', estimate: [0.3] });
    expect(shrinkProportions({ successes: [3, 3, 3], trials: [10, 10, 10] })).toMatchObject({ strength: null, reason: 'no-variation' });
    const none = shrinkProportions({ successes: [0, 0], trials: [10, 30] });
    expect(none.reason).toBe('no-variation');
    expect(none.estimate[0]).toBeGreaterThan(0);
  });

  it('means: τ² solves its equation', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: 0.1, max: 5, noNaN: true })), { minLength: 1, maxLength: 20 }), (list) => {
        const data = { mean: list.map(([mean]) => mean), standardError: list.map(([, error]) => error) };
        const shrunk = shrinkMeans(data);
        expectPlain(shrunk);
        const spread = list.reduce((sum, [mean, error]) => sum + (mean - shrunk.mean) ** 2 / (shrunk.betweenDeviation ** 2 + error ** 2), 0);
        if (shrunk.betweenDeviation > 0) expectClose([spread], [list.length - 1], 1e-9);
        else expect(spread).toBeLessThanOrEqual(list.length - 1 + 1e-9);
        const known = shrinkMeans(data, { betweenDeviation: shrunk.betweenDeviation });
        expectClose(known.estimate, shrunk.estimate, 1e-12);
      }),
      RUNS,
    );
  });
});

describe('whatever they are given, they throw a DomainError or return plain data', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true, withSparseArray: true });
  const number = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1e308, 1e-308, 5e-324, -0, 2 ** 53, 1e160));
  const column = fc.oneof(
    fc.array(number, { minLength: 4, maxLength: 4 }),
    fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
    fc.array(anything, { maxLength: 5 }),
    anything,
  );

  it('scores, calibration, chains, shrinkage', () => {
    fc.assert(
      fc.property(column, column, column, anything, number, (a, b, c, options, x) => {
        const forecasts = { probability: a, outcome: b } as never;
        for (const [name, call] of Object.entries({
          brierScore,
          logLoss,
          rankingQuality,
          reliabilityTable,
          decomposeBrier,
          calibrationLine,
          fitPlattScaling,
          fitIsotonicCalibration,
        })) {
          expectOrderly(() => (call as (first: unknown) => unknown)(forecasts), name);
          expectOrderly(() => (call as (first: unknown, second: unknown) => unknown)(forecasts, options), name);
          expectOrderly(() => (call as (first: unknown, second: unknown) => unknown)(options, options), name);
        }
        expectOrderly(() => applyPlattScaling({ slope: x, intercept: x }, 0.3), 'applyPlattScaling');
        expectOrderly(() => applyIsotonicCalibration({ knotX: a, knotY: b } as never, x), 'applyIsotonicCalibration');
        expectOrderly(() => estimateTransitions({ from: a, to: b, weight: c } as never, { states: ['a', 'b', 'c', 'd'] }), 'estimateTransitions');
        expectOrderly(() => estimateTransitionRates({ from: a, to: b, duration: c } as never, { states: ['a', 'b', 'c', 'd'] }), 'estimateTransitionRates');
        expectOrderly(() => transitionProbabilities([a, b] as never, x), 'transitionProbabilities');
        expectOrderly(
          () =>
            transitionProbabilities(
              [
                [-x, x],
                [0, 0],
              ],
              x,
            ),
          'transitionProbabilities',
        );
        expectOrderly(() => absorbingChain([a, b, c] as never, { states: ['a', 'b', 'c'] }), 'absorbingChain');
        expectOrderly(() => absorbingChain(options as never, options as never), 'absorbingChain');
        expectOrderly(() => shrinkProportions({ successes: a, trials: b } as never), 'shrinkProportions');
        expectOrderly(() => shrinkProportions({ successes: [0, 1], trials: [3, 1] }, { strength: x, mean: x }), 'shrinkProportions');
        expectOrderly(() => shrinkMeans({ mean: a, standardError: b } as never), 'shrinkMeans');
        expectOrderly(() => shrinkMeans({ mean: [x, 0], standardError: [1, x] }, options as never), 'shrinkMeans');
      }),
      { ...RUNS, numRuns: 1000 },
    );
  });
});
