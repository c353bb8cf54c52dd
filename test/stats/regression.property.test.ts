import {
  interpolateIsotonic,
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
  solveLeastSquares,
} from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';
import { codesOf, expectOrderly, expectPlain } from './plain-data.js';

const RUNS = { seed: 20260101, numRuns: 150 };
const x = fc.integer({ min: -30, max: 30 }).map((value) => value / 10);
const sample = fc.array(fc.record({ x, z: fc.integer({ min: 0, max: 1 }), y: fc.integer({ min: 0, max: 2 }), weight: fc.integer({ min: 1, max: 3 }) }), {
  minLength: 15,
  maxLength: 60,
});

describe('regressions', () => {
  it('linear: residuals are orthogonal to the covariates, and the estimate is the least-squares solution', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        const outcome = rows.map((row) => row.y + row.x);
        const covariates = rows.map((row, i) => [row.x + i / 10, row.z + i * i]);
        const fit = linearRegression({ outcome, covariates });
        expectClose(
          fit.coefficients,
          solveLeastSquares(
            covariates.map((row) => [1, ...row]),
            outcome,
          ),
          1e-9,
        );
        expect(Math.abs(fit.residuals.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-9);
        expectClose(predictLinear(fit, covariates).mean, fit.fitted, 1e-12);
        expectPlain(fit);
      }),
      RUNS,
    );
  });

  it('logistic and Poisson: the score is 0 at the estimate; weights repeat rows; order does not matter', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        for (const [regress, predict, limit] of [
          [logisticRegression, (fit: ReturnType<typeof logisticRegression>, c: number[][]) => predictLogistic(fit, c).probability, 1],
          [poissonRegression, (fit: ReturnType<typeof poissonRegression>, c: number[][]) => predictPoisson(fit, c).mean, 2],
        ] as const) {
          const make = (some: typeof rows) => ({ outcome: some.map((row) => Math.min(limit, row.y)), covariates: some.map((row) => [row.x, row.z]) });
          const data = { ...make(rows), weight: rows.map((row) => row.weight) };
          const found = codesOf(() => regress(data));
          if (found.length > 0) {
            expect(['perfect_separation', 'singular_matrix']).toContain(found[0]);
            continue;
          }
          const fit = regress(data);
          const mean = predict(fit, data.covariates);
          [() => 1, (row: (typeof rows)[number]) => row.x, (row: (typeof rows)[number]) => row.z].forEach((of) => {
            const score = rows.reduce((sum, row, i) => sum + row.weight * of(row) * ((data.outcome[i] ?? NaN) - (mean[i] ?? NaN)), 0);
            expect(Math.abs(score)).toBeLessThan(1e-7);
          });
          const repeated = regress(make(rows.flatMap((row) => new Array<(typeof rows)[number]>(row.weight).fill(row)).reverse()));
          expectClose(repeated.coefficients, fit.coefficients, 1e-7);
          expectClose([repeated.deviance, repeated.nullDeviance, repeated.logLikelihood], [fit.deviance, fit.nullDeviance, fit.logLikelihood], 1e-9);
          expect(fit.deviance).toBeLessThanOrEqual(fit.nullDeviance + 1e-9);
          expectPlain(fit);
        }
      }),
      RUNS,
    );
  });

  it('logistic: an estimate exists exactly when no line separates the outcomes (one covariate)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { minLength: 4, maxLength: 12 }), (rows) => {
        const of = (outcome: boolean): number[] => rows.filter(([, y]) => y === outcome).map(([value]) => value);
        const won = of(true);
        const lost = of(false);
        const overlaps = won.length > 0 && lost.length > 0 && Math.max(...lost) > Math.min(...won) && Math.max(...won) > Math.min(...lost);
        const found = codesOf(() => logisticRegression({ outcome: rows.map(([, y]) => y), covariates: rows.map(([value]) => [value]) }));
        if (new Set(rows.map(([value]) => value)).size === 1) expect(found.length).toBe(1);
        else expect(found).toEqual(overlaps ? [] : ['perfect_separation']);
      }),
      { ...RUNS, numRuns: 500 },
    );
  });

  it('a ridge penalty always gives an estimate, and more of it a smaller one', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        const data = { outcome: rows.map((row) => (row.y === 2 ? 1 : 0)), covariates: rows.map((row) => [row.x, row.y - row.z]) };
        if (new Set(data.outcome).size < 2) return;
        const size = (ridge: number): number => {
          const [, ...slopes] = logisticRegression(data, { ridge }).coefficients;
          return slopes.reduce((sum, value) => sum + value * value, 0);
        };
        expect(size(10)).toBeLessThanOrEqual(size(0.1) + 1e-12);
      }),
      RUNS,
    );
  });

  it('multinomial: two classes are a logistic regression; the score is 0; the reference is a matter of taste', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom(0, 0.5), (rows, ridge) => {
        const covariates = rows.map((row) => [row.x, row.z]);
        const two = { outcome: rows.map((row) => Math.min(1, row.y)), covariates, weight: rows.map((row) => row.weight) };
        const found = codesOf(() => multinomialLogistic(two, { classes: ['no', 'yes'], ridge }));
        if (found.length === 0 && codesOf(() => logisticRegression(two, { ridge })).length === 0) {
          const fit = multinomialLogistic(two, { classes: ['no', 'yes'], ridge });
          const logit = logisticRegression(two, { ridge });
          expectClose(fit.coefficients[1] ?? [], logit.coefficients, 1e-7);
          expectClose(fit.standardErrors[1] ?? [], logit.standardErrors, 1e-6);
          expectClose([fit.deviance, fit.nullDeviance], [logit.deviance, logit.nullDeviance], 1e-9);
        } else if (found.length > 0) expect(['perfect_separation', 'singular_matrix']).toContain(found[0]);
        const three = { outcome: rows.map((row) => row.y), covariates };
        if (codesOf(() => multinomialLogistic(three, { classes: ['a', 'b', 'c'] })).length > 0) return;
        const fit = multinomialLogistic(three, { classes: ['a', 'b', 'c'] });
        const { probability } = predictMultinomial(fit, covariates);
        probability.forEach((column, c) => {
          const score = rows.reduce((sum, row, i) => sum + row.x * ((row.y === c ? 1 : 0) - (column[i] ?? NaN)), 0);
          expect(Math.abs(score)).toBeLessThan(1e-7);
        });
        const turned = multinomialLogistic({ outcome: rows.map((row) => (row.y + 1) % 3), covariates }, { classes: ['c', 'a', 'b'] });
        const other = predictMultinomial(turned, covariates).probability;
        expectClose(other[1] ?? [], probability[0] ?? [], 1e-7);
        expectPlain(fit);
      }),
      RUNS,
    );
  });

  it('isotonic: the fit is the minimum over right ends of the maximum over left ends of block means', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), x, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 25 }), (rows) => {
        const fit = isotonicRegression({ x: rows.map(([at]) => at), y: rows.map(([, y]) => y), weight: rows.map(([, , weight]) => weight) });
        const mean = (from: number, to: number): number => {
          const some = rows.filter(([at]) => at >= from && at <= to);
          return some.reduce((sum, [, y, weight]) => sum + y * weight, 0) / some.reduce((sum, [, , weight]) => sum + weight, 0);
        };
        const points = [...new Set(rows.map(([at]) => at))];
        rows.forEach(([at], i) => {
          const value = Math.max(...points.filter((from) => from <= at).map((from) => Math.min(...points.filter((to) => to >= at).map((to) => mean(from, to)))));
          expectClose([fit.fitted[i] ?? NaN], [value], 1e-12);
          expectClose([interpolateIsotonic(fit, at)], [value], 1e-12);
        });
      }),
      RUNS,
    );
  });

  it('nelderMead finds the bottom of any bowl', () => {
    fc.assert(
      fc.property(fc.array(x, { minLength: 1, maxLength: 5 }), (centre) => {
        const found = nelderMead(
          (point) => centre.reduce((sum, c, j) => sum + (j + 1) * ((point[j] ?? NaN) - c) ** 2, 1),
          centre.map(() => 0.5),
          { restarts: 1 },
        );
        expectClose(found.point, centre, 1e-3);
        expectPlain(found);
      }),
      RUNS,
    );
  });
});

describe('whatever they are given, they throw a DomainError or return plain data', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true, withSparseArray: true });
  const number = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double(), fc.constantFrom(1e308, -1e308, 1e-308, 5e-324, -0, 2 ** 53, 1e160, 1e-160));
  const short = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.array(item, { minLength: 5, maxLength: 5 });
  const column = fc.oneof(short(number), short(fc.integer({ min: 0, max: 1 })), fc.array(anything, { maxLength: 6 }), anything);
  const data = fc.record(
    {
      outcome: column,
      covariates: fc.oneof(short(fc.tuple(number)), short(fc.tuple(fc.integer({ min: 0, max: 2 }), number)), fc.record({ columns: fc.array(column, { maxLength: 2 }) }), anything),
      weight: column,
      offset: column,
    },
    { requiredKeys: ['outcome', 'covariates'] },
  );
  const options = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    fc.record({ ridge: fc.oneof(number, column), intercept: fc.boolean(), level: number, names: anything }, { requiredKeys: [] }),
    anything,
  );

  it('regressions and their predictions', () => {
    fc.assert(
      fc.property(data, options, (value, settings) => {
        const rest = Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'offset'));
        expectOrderly(() => linearRegression(rest as never, settings as never), 'linear');
        expectOrderly(() => predictLinear(linearRegression(rest as never), value.covariates as never), 'predict linear');
        expectOrderly(() => logisticRegression(value as never, settings as never), 'logistic');
        expectOrderly(() => predictLogistic(logisticRegression(value as never, settings as never), value.covariates as never), 'predict logistic');
        expectOrderly(() => poissonRegression(value as never, settings as never), 'poisson');
        expectOrderly(() => predictPoisson(poissonRegression(value as never), value.covariates as never), 'predict poisson');
        expectOrderly(() => multinomialLogistic(rest as never, { classes: ['a', 'b', 'c'], ridge: 0.5 }), 'multinomial');
        expectOrderly(() => predictMultinomial(multinomialLogistic(rest as never, { classes: ['a', 'b', 'c'] }), value.covariates as never), 'predict multinomial');
        expectOrderly(() => isotonicRegression({ x: value.outcome, y: value.weight } as never), 'isotonic');
      }),
      { ...RUNS, numRuns: 1500 },
    );
  });

  it('anything at all', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        const calls = {
          linearRegression,
          logisticRegression,
          poissonRegression,
          multinomialLogistic,
          isotonicRegression,
          interpolateIsotonic,
          minimizeOnInterval,
          nelderMead,
          predictLinear,
          predictLogistic,
          predictPoisson,
          predictMultinomial,
        };
        for (const [name, call] of Object.entries(calls)) {
          // Functions that callers pass in may do what they like; ours are not given any here.
          if (typeof a === 'function') continue;
          expectOrderly(() => (call as (first: unknown, second: unknown) => unknown)(a, b), name);
        }
      }),
      { ...RUNS, numRuns: 600 },
    );
  });

  it('an objective of any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { minLength: 1, maxLength: 20 }),
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 3 }),
        (values, start) => {
          let at = 0;
          const objective = (): number => {
            at += 1;
            return values[at % values.length] ?? 0;
          };
          expectOrderly(() => {
            const { value, ...rest } = nelderMead(objective, start, { maxEvaluations: 200 });
            return Number.isFinite(value) || value === -Infinity ? rest : { value };
          });
          expectOrderly(() => {
            const { value, ...rest } = minimizeOnInterval(objective, { from: 0, to: 1 });
            return value === -Infinity ? rest : { value, ...rest };
          });
        },
      ),
      { ...RUNS, numRuns: 300 },
    );
  });
});
