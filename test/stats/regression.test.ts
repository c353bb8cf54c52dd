import {
  type GeneralizedRegression,
  isotonicRegression,
  linearRegression,
  logisticRegression,
  minimizeOnInterval,
  multinomialLogistic,
  nelderMead,
  poissonRegression,
  predictLinear,
  predictLogistic,
  predictMultinomial,
  predictPoisson,
} from 'dealwright/stats';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';
import { codesOf, freeze } from './plain-data.js';

describe('linearRegression', () => {
  it('fits without intercept, with weights, and from rows or columns', () => {
    const outcome = freeze([1, 3, 2, 5]);
    const rows = freeze([
      [1, 0],
      [2, 1],
      [3, 0],
      [4, 1],
    ]);
    const columns = { columns: [Float64Array.of(1, 2, 3, 4), [0, 1, 0, 1]] };
    expect(linearRegression({ outcome, covariates: columns })).toEqual(linearRegression({ outcome, covariates: rows }));
    expect(linearRegression({ outcome, covariates: rows }, { intercept: false, names: ['a', 'b'] }).terms).toEqual(['a', 'b']);
    const doubled = linearRegression({ outcome: [...outcome, 3], covariates: [...rows, [2, 1]] });
    expectClose(linearRegression({ outcome, covariates: rows, weight: [1, 2, 1, 1] }).coefficients, doubled.coefficients, 1e-12);
  });

  it('leaves unknown what has no degrees of freedom or no variance', () => {
    const exact = linearRegression({ outcome: [1, 2], covariates: [[0], [1]] });
    expect(exact).toMatchObject({
      degreesOfFreedom: 0,
      sigma: null,
      standardErrors: null,
      statistics: null,
      pValues: null,
      lower: null,
      upper: null,
      fTest: null,
      adjustedRSquared: null,
    });
    expect(predictLinear(exact, [[2]])).toMatchObject({ confidenceLower: null, predictionUpper: null });
    expect(linearRegression({ outcome: [2, 2, 2], covariates: [[0], [1], [5]] }).rSquared).toBeNull();
    expect(linearRegression({ outcome: [1, 2, 3], covariates: { columns: [] } }).coefficients).toEqual([2.0000000000000004].map((value) => expect.closeTo(value, 12) as number));
  });

  it('names the term that is redundant', () => {
    expect(
      codesOf(() =>
        linearRegression(
          {
            outcome: [1, 2, 3],
            covariates: [
              [1, 1],
              [2, 2],
              [3, 3],
            ],
          },
          { names: ['calls', 'dials'] },
        ),
      ),
    ).toEqual(['singular_matrix']);
    expect(() =>
      linearRegression(
        {
          outcome: [1, 2, 3],
          covariates: [
            [1, 1],
            [2, 2],
            [3, 3],
          ],
        },
        { names: ['calls', 'dials'] },
      ),
    ).toThrow(/"dials"/);
    expect(codesOf(() => linearRegression({ outcome: [1], covariates: [[1]] }))).toEqual(['insufficient_data']);
    // @ts-expect-error a misspelt key does not compile
    expect(codesOf(() => linearRegression({ outcome: [1], covariate: [[1]] }))).toContain('unknown_key');
  });
});

describe('logisticRegression', () => {
  const outcome = freeze([0, 0, 1, 0, 1, 1, 0, 1]);
  const covariates = freeze([[1], [2], [3], [4], [5], [6], [7], [8]]);

  it('reports separation, complete or in part, and names the covariate', () => {
    expect(codesOf(() => logisticRegression({ outcome: [0, 0, 1, 1], covariates: [[1], [2], [3], [4]] }))).toEqual(['perfect_separation']);
    expect(codesOf(() => logisticRegression({ outcome: [0, 0, 0, 1, 1], covariates: [[1], [2], [3], [3], [4]] }))).toEqual(['perfect_separation']);
    // Only the second covariate separates: whenever it is 1 the deal was won.
    const partial = { outcome: [...outcome, 1, 1, 1], covariates: [...covariates.map(([x = 0]) => [x, 0]), [3, 1], [5, 1], [8, 1]] };
    expect(codesOf(() => logisticRegression(partial, { names: ['age', 'champion'] }))).toEqual(['perfect_separation']);
    expect(() => logisticRegression(partial, { names: ['age', 'champion'] })).toThrow(/"champion"/);
    expect(() => logisticRegression(partial, { names: ['age', 'champion'] })).not.toThrow(/"age"/);
    expect(codesOf(() => logisticRegression({ outcome: [1, 1, 1], covariates: [[1], [2], [4]] }))).toEqual(['perfect_separation']);
    expect(logisticRegression(partial, { ridge: 0.1 }).coefficients[2]).toBeGreaterThan(0);
  });

  it('does not mistake outlying covariates or many rows for separation', () => {
    const far = logisticRegression({ outcome: [...outcome, 1], covariates: [...covariates, [1e6]] });
    expect(far.coefficients.every((value) => Number.isFinite(value))).toBe(true);
    const tiny = logisticRegression({ outcome, covariates: covariates.map(([x = 0]) => [x * 1e-9]) });
    const plain = logisticRegression({ outcome, covariates });
    expectClose([(tiny.coefficients[1] ?? NaN) * 1e-9], [plain.coefficients[1] ?? NaN], 1e-10);
    const huge = logisticRegression({ outcome, covariates: covariates.map(([x = 0]) => [x * 1e9]) });
    expectClose([(huge.coefficients[1] ?? NaN) * 1e9], [plain.coefficients[1] ?? NaN], 1e-10);
  });

  it('takes booleans, trials, offsets', () => {
    const plain = logisticRegression({ outcome, covariates });
    expectTypeOf(plain).toEqualTypeOf<GeneralizedRegression>();
    expect(logisticRegression({ outcome: outcome.map((y) => y === 1), covariates })).toEqual(plain);
    const offset = covariates.map(([x = 0]) => 0.3 * x);
    const shifted = logisticRegression({ outcome, covariates, offset });
    expectClose([(shifted.coefficients[1] ?? NaN) + 0.3, shifted.coefficients[0] ?? NaN], [plain.coefficients[1] ?? NaN, plain.coefficients[0] ?? NaN], 1e-10);
    expectClose([shifted.deviance], [plain.deviance], 1e-12);
    expectClose(predictLogistic(shifted, covariates, { offset }).probability, predictLogistic(plain, covariates).probability, 1e-10);
    const trials = logisticRegression({ outcome: [0.25, 0.75], covariates: [[0], [1]], weight: [4, 4] });
    expectClose(predictLogistic(trials, [[0], [1]]).probability, [0.25, 0.75], 1e-12);
    expect(codesOf(() => logisticRegression({ outcome: [50, 0], covariates: [[0], [1]] }))).toEqual(['fraction_out_of_range']);
    expect(codesOf(() => predictLogistic(plain, [[1, 2]]))).toEqual(['length_mismatch']);
    expect(codesOf(() => logisticRegression({ outcome, covariates: covariates.map(([x = 0]) => [x, 2 * x]) }))).toEqual(['singular_matrix']);
  });
});

describe('poissonRegression', () => {
  it('with exposure estimates rates', () => {
    const fit = poissonRegression({ outcome: [3, 5, 40, 60], covariates: [[0], [0], [1], [1]], offset: [1, 1, 10, 10].map(Math.log) });
    expectClose(predictPoisson(fit, [[0], [1]]).mean, [4, 5], 1e-12);
    expect(codesOf(() => poissonRegression({ outcome: [3, 5, 0, 0], covariates: [[0], [0], [1], [1]] }))).toEqual(['perfect_separation']);
    expect(codesOf(() => poissonRegression({ outcome: [-1], covariates: [[0]] }))).toEqual(['out_of_range']);
  });
});

describe('multinomialLogistic', () => {
  it('without covariates gives back the shares', () => {
    const fit = freeze(multinomialLogistic({ outcome: [0, 0, 1, 2, 2, 2], covariates: { columns: [] } }, { classes: ['open', 'won', 'lost'] }));
    expectClose(predictMultinomial(fit, [[]]).probability.flat(), [1 / 3, 1 / 6, 1 / 2], 1e-12);
    expectClose([fit.deviance], [fit.nullDeviance], 1e-12);
    expect(fit.terms).toEqual(['(intercept)']);
  });

  it('reports separation and classes that never occur', () => {
    expect(codesOf(() => multinomialLogistic({ outcome: [0, 0, 1, 1, 2, 2], covariates: [[1], [2], [3], [4], [5], [6]] }, { classes: ['a', 'b', 'c'] }))).toEqual([
      'perfect_separation',
    ]);
    expect(codesOf(() => multinomialLogistic({ outcome: [0, 0, 1, 1], covariates: [[1], [2], [1], [2]] }, { classes: ['a', 'b', 'c'] }))).toEqual(['perfect_separation']);
    expect(codesOf(() => multinomialLogistic({ outcome: [0, 1], covariates: [[1], [2]] }, { classes: ['a'] }))).toContain('insufficient_data');
  });
});

describe('optimisers', () => {
  it('nelderMead walks down the valley of Rosenbrock', () => {
    const found = nelderMead(([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, [-1.2, 1]);
    expect(found.converged).toBe(true);
    expectClose(found.point, [1, 1], 1e-6);
    expect(nelderMead(([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, [-1.2, 1])).toEqual(found);
  });

  it('keeps to the bounds of the caller and treats NaN as outside', () => {
    const bounded = nelderMead(([x = 0, y = 0]) => (x < 1 || y < 0 ? Infinity : (x - 0.2) ** 2 + (y + 1) ** 2 + x * y), [2, 2], { restarts: 2 });
    expectClose(bounded.point, [1, 0], 1e-4);
    const holed = nelderMead(([x = 0]) => Math.sqrt(x) - x / 4 + (x > 16 ? NaN : 0) + (x - 3) ** 2, [4]);
    expect(holed.value).toBeLessThan(2);
  });

  it('makes no array of its own for the objective', () => {
    const seen = new Set<Float64Array>();
    nelderMead(
      (point) => {
        seen.add(point);
        return (point[0] ?? 0) ** 2 + ((point[1] ?? 0) - 3) ** 2;
      },
      [5, 5],
    );
    expect(seen.size).toBeLessThanOrEqual(2);
  });

  it('stops where it is told, in many dimensions too', () => {
    const sum = (point: Float64Array): number => point.reduce((total, value, j) => total + (j + 1) * (value - j) ** 2, 0);
    expect(nelderMead(sum, new Array<number>(12).fill(1), { maxEvaluations: 50 })).toMatchObject({ converged: false });
    const found = nelderMead(sum, new Array<number>(12).fill(1), { adaptive: true, maxEvaluations: 50_000 });
    expectClose(
      found.point,
      Array.from({ length: 12 }, (_, j) => j),
      1e-5,
    );
    expect(codesOf(() => nelderMead(() => NaN, [0]))).toEqual(['not_finite']);
    expect(codesOf(() => nelderMead(sum, [1, 2], { step: [1, 0] }))).toEqual(['out_of_range']);
    expect(codesOf(() => nelderMead(sum, []))).toContain('empty');
  });

  it('minimizeOnInterval finds inner and outer minima', () => {
    expect(minimizeOnInterval((x) => Math.cos(x), { from: 0, to: 6 }).point).toBeCloseTo(Math.PI, 6);
    expect(minimizeOnInterval((x) => x, { from: 2, to: 3 }).point).toBeCloseTo(2, 6);
    expect(minimizeOnInterval((x) => (x < 0.5 ? NaN : (x - 0.7) ** 2), { from: 0, to: 1 }).point).toBeCloseTo(0.7, 5);
    expect(codesOf(() => minimizeOnInterval((x) => x, { from: 3, to: 2 }))).toEqual(['out_of_range']);
    expect(codesOf(() => minimizeOnInterval(() => NaN, { from: 0, to: 1 }))).toEqual(['not_finite']);
  });
});

describe('isotonicRegression', () => {
  it('pools violators, ties and weights, upwards or downwards', () => {
    expect(isotonicRegression({ x: [3, 1, 2], y: [1, 2, 3] }).fitted).toEqual([2, 2, 2]);
    expect(isotonicRegression({ x: [1, 2, 3], y: [3, 2, 2.5] }, { decreasing: true }).fitted).toEqual([3, 2.25, 2.25]);
    expect(isotonicRegression({ x: [1, 1, 2], y: [0, 1, 0.5], weight: [1, 3, 2] }).fitted).toEqual([4 / 6, 4 / 6, 4 / 6].map((value) => expect.closeTo(value, 12) as number));
  });
});
