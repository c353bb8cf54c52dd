import { isDomainError } from 'dealwright/errors';
import {
  conditionalValueAtRisk,
  cumulativeProbability,
  type Distribution,
  distributionOfSum,
  expectedShortfall,
  openRandom,
  probabilityAtLeast,
  quantileOf,
  type SumTerm,
} from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { buildSum } from '../../src/stats/distribution-of-sum.js';
import { effectsOnReaching } from '../../src/stats/leave-one-out.js';
import { toRawTerms } from '../../src/stats/sum-terms.js';

const run = { seed: 20260101, numRuns: 150 };
const chance = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000) }, { weight: 1, arbitrary: fc.constantFrom(0, 1, 0.5) });
const amount = fc.oneof(
  fc.integer({ min: -50, max: 400 }).map((n) => n * 500),
  fc.integer({ min: 1, max: 10_000_000 }).map((n) => n / 100),
);
const terms = fc.array(fc.record({ amount, probability: chance }), { maxLength: 9 });

/** Every combination, by hand: the slow and obvious reference. */
function bruteForce(list: readonly SumTerm[]): readonly { readonly total: number; readonly mass: number }[] {
  let outcomes = [{ total: 0, mass: 1 }];
  for (const { amount: value, probability } of list) {
    outcomes = outcomes.flatMap(({ total, mass }) => [
      { total: total + value, mass: mass * probability },
      { total, mass: mass * (1 - probability) },
    ]);
  }
  return outcomes;
}

/** 10,000 deals as a company might have them, from a fixed seed. */
function manyDeals(n: number, seed: string): SumTerm[] {
  const random = openRandom(seed);
  return Array.from({ length: n }, () => ({ amount: Math.round(5000 + random.uniform() ** 3 * 195_000), probability: Math.round(random.uniform() * 900 + 20) / 1000 }));
}

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
  return undefined;
}

describe('small sums', () => {
  it('equal brute force in every reading', () => {
    fc.assert(
      fc.property(terms, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (list, p) => {
        const distribution = distributionOfSum(list);
        const outcomes = bruteForce(list);
        const mean = outcomes.reduce((sum, { total, mass }) => sum + total * mass, 0);
        expect(Math.abs(distribution.mean - mean)).toBeLessThan(1e-6);
        const goals = [mean, quantileOf(distribution, p), 0, 12_345.67];
        for (const goal of goals) {
          const hair = 1e-6; // sums of floating-point amounts differ in the last digits
          const reached = outcomes.reduce((sum, { total, mass }) => sum + (total >= goal - hair ? mass : 0), 0);
          const short = outcomes.reduce((sum, { total, mass }) => sum + Math.max(0, goal - total) * mass, 0);
          if (outcomes.every(({ total }) => Math.abs(total - goal) > hair || goal !== mean)) expect(Math.abs(probabilityAtLeast(distribution, goal) - reached)).toBeLessThan(1e-9);
          expect(Math.abs(expectedShortfall(distribution, goal) - short)).toBeLessThan(1e-6 * Math.max(1, Math.abs(short)));
        }
        const q = quantileOf(distribution, p);
        expect(outcomes.reduce((sum, { total, mass }) => sum + (total <= q + 1e-6 ? mass : 0), 0)).toBeGreaterThanOrEqual(p - 1e-9);
        expect(outcomes.reduce((sum, { total, mass }) => sum + (total < q - 1e-6 ? mass : 0), 0)).toBeLessThan(p + 1e-9);
      }),
      run,
    );
  });

  it('are the same by every exact method, and in any order to the last bit', () => {
    fc.assert(
      fc.property(terms, fc.infiniteStream(fc.nat()), (list, picks) => {
        const automatic = distributionOfSum(list);
        const enumerated = distributionOfSum(list, { method: 'enumeration' });
        const convolved = distributionOfSum(list, { method: 'exact-convolution' });
        const lattice = distributionOfSum(list, { method: 'lattice-convolution' });
        expect(enumerated.form === 'points' && convolved.form === 'points' && enumerated.values).toEqual(convolved.form === 'points' && convolved.values);
        for (const p of [0.01, 0.25, 0.5, 0.9]) expect(Math.abs(quantileOf(lattice, p) - quantileOf(convolved, p))).toBeLessThanOrEqual(lattice.resolution + 1e-9);
        for (const x of [0, automatic.mean, 50_000]) expect(Math.abs(cumulativeProbability(enumerated, x) - cumulativeProbability(convolved, x))).toBeLessThan(1e-12);
        const shuffled = [...list];
        for (let i = shuffled.length - 1; i > 0; i -= 1) {
          const j = (picks.next().value as number) % (i + 1);
          [shuffled[i], shuffled[j]] = [shuffled[j] as SumTerm, shuffled[i] as SumTerm];
        }
        expect(distributionOfSum(shuffled)).toEqual(automatic);
        expect(distributionOfSum({ amounts: list.map((term) => term.amount), probabilities: list.map((term) => term.probability) })).toEqual(automatic);
        expect(distributionOfSum(list.map((term) => ({ outcomes: [term] })))).toEqual(automatic);
      }),
      run,
    );
  });

  it('are plain data that survives JSON, of bounded size, and the input is not touched', () => {
    const list = Object.freeze(manyDeals(12, 'frozen').map((term) => Object.freeze(term)));
    const distribution = distributionOfSum(list);
    expectTypeOf(distribution).toEqualTypeOf<Distribution>();
    expect(JSON.parse(JSON.stringify(distribution))).toEqual(distribution);
    for (const n of [0, 1, 3, 30, 150, 400, 3000]) {
      const many = distributionOfSum(manyDeals(n, `size ${n}`));
      expect(JSON.parse(JSON.stringify(many))).toEqual(many);
      expect(many.form === 'points' ? many.values.length : many.real.length).toBeLessThanOrEqual(4096);
    }
  });

  it('certain deals shift, impossible ones vanish, negative amounts count', () => {
    expect(distributionOfSum([])).toMatchObject({ mean: 0, standardDeviation: 0, minimum: 0, maximum: 0, values: [0], cumulative: [1] });
    expect(
      distributionOfSum([
        { amount: 5000, probability: 1 },
        { amount: 7000, probability: 0 },
      ]),
    ).toMatchObject({ values: [5000], cumulative: [1] });
    expect(
      distributionOfSum([
        { amount: -1000, probability: 0.25 },
        { amount: 3000, probability: 0.5 },
      ]),
    ).toMatchObject({ mean: 1250, minimum: -1000, maximum: 3000, values: [-1000, 0, 2000, 3000], cumulative: [0.125, 0.5, 0.625, 1] });
  });

  it('an uncertain amount is a term with several outcomes', () => {
    const distribution = distributionOfSum([
      {
        outcomes: [
          { amount: 80, probability: 0.25 },
          { amount: 100, probability: 0.25 },
        ],
      },
    ]);
    expect(distribution).toMatchObject({ mean: 45, values: [0, 80, 100], cumulative: [0.5, 0.75, 1] });
    expect(distribution.standardDeviation).toBeCloseTo(Math.sqrt(0.25 * 6400 + 0.25 * 10_000 - 45 ** 2), 10);
    // Outcomes that use up the whole probability leave none for nothing.
    expect(
      distributionOfSum([
        {
          outcomes: [
            { amount: -10, probability: 0.5 },
            { amount: 10, probability: 0.5 },
          ],
        },
      ]),
    ).toMatchObject({ values: [-10, 10], cumulative: [0.5, 1] });
  });

  it('tail mean: the worst tenth', () => {
    const distribution = distributionOfSum([{ amount: 100, probability: 0.95 }]);
    // The worst tenth is 0 with 5 points of probability and 100 with the other 5.
    expect(conditionalValueAtRisk(distribution, 0.1)).toBeCloseTo(50, 10);
    expect(conditionalValueAtRisk(distribution, 0.05)).toBeCloseTo(0, 10);
  });
});

describe('many terms', () => {
  const deals = manyDeals(300, 'three hundred').map(({ amount: value, probability }) => ({ amount: Math.round(value / 1000) * 1000, probability }));

  it('the characteristic function equals exact convolution to 1e-12 in probability, quantiles equal', () => {
    const inverted = distributionOfSum(deals, { method: 'characteristic-function' });
    const convolved = buildSum(
      toRawTerms(
        deals.map((term) => term.amount),
        deals.map((term) => term.probability),
      ),
      'exact-convolution',
    ).distribution;
    expect(inverted.method).toBe('characteristic-function');
    expect(convolved.method).toBe('exact-convolution');
    expect(inverted.resolution).toBe(1000);
    for (let x = 0; x <= inverted.maximum; x += 50_000) {
      expect(Math.abs(cumulativeProbability(inverted, x) - cumulativeProbability(convolved, x))).toBeLessThan(1e-12);
      expect(Math.abs(expectedShortfall(inverted, x + 123) - expectedShortfall(convolved, x + 123))).toBeLessThan(1e-5);
    }
    for (let p = 0.001; p < 1; p += 0.001) expect(quantileOf(inverted, p)).toBe(quantileOf(convolved, p));
    for (const p of [0.05, 0.1, 0.5]) expect(conditionalValueAtRisk(inverted, p)).toBeCloseTo(conditionalValueAtRisk(convolved, p), 3);
  });

  it('amounts on no grid are read as continuous, within the resolution stated', () => {
    const loose = manyDeals(400, 'loose').map(({ amount: value, probability }, index) => ({ amount: value + Math.sqrt(index + 2), probability }));
    const continuous = distributionOfSum(loose);
    const grid = distributionOfSum(loose.map((term) => ({ ...term, amount: Math.round(term.amount * 100) / 100 })));
    expect(continuous).toMatchObject({ form: 'series', grid: null });
    for (const p of [0.01, 0.1, 0.5, 0.9]) expect(Math.abs(quantileOf(continuous, p) - quantileOf(grid, p))).toBeLessThan(1);
    for (const x of [continuous.mean - 4e5, continuous.mean, continuous.mean + 3e5])
      expect(Math.abs(expectedShortfall(continuous, x) - expectedShortfall(grid, x))).toBeLessThan(1);
  });

  it('a few odd amounts among many round ones fall on the round grid, split so that the mean stays', () => {
    const odd = deals.map((term, index) => (index < 4 ? { ...term, amount: term.amount + 137.5 } : term));
    const distribution = distributionOfSum(odd);
    expect(distribution).toMatchObject({ form: 'series', resolution: 1000 });
    expect(distribution.mean).toBeCloseTo(
      odd.reduce((sum, term) => sum + term.amount * term.probability, 0),
      6,
    );
    const exact = buildSum(
      toRawTerms(
        odd.map((term) => term.amount),
        odd.map((term) => term.probability),
      ),
      'lattice-convolution',
    ).distribution;
    for (const p of [0.05, 0.5, 0.95]) expect(Math.abs(quantileOf(distribution, p) - quantileOf(exact, p))).toBeLessThanOrEqual(1000 + exact.resolution);
  });

  it('a deal that dwarfs all others is seen as the jump it is', () => {
    for (const [count, form, tolerance] of [
      [25, 'points', 1e-9],
      [60, 'series', 1e-5],
      [400, 'series', 1e-11],
    ] as const) {
      const small = manyDeals(count, 'small');
      const distribution = distributionOfSum([...small, { amount: 100_000_000, probability: 0.4 }]);
      const largest = small.reduce((sum, term) => sum + term.amount, 0);
      expect(distribution.form).toBe(form);
      expect(Math.abs(probabilityAtLeast(distribution, largest + 1) - 0.4)).toBeLessThan(tolerance);
      expect(quantileOf(distribution, 0.61)).toBeGreaterThan(99_900_000);
      expect(quantileOf(distribution, 0.59)).toBeLessThan(largest);
    }
  });

  it('from fifty terms on inversion takes over from the grid, and both agree', () => {
    for (const count of [40, 50, 60, 80, 120, 200]) {
      const list = manyDeals(count, `take over ${count}`).map((term, index) => ({ ...term, amount: term.amount + index / 100 }));
      const automatic = distributionOfSum(list);
      const grid = distributionOfSum(list, { method: 'lattice-convolution' });
      expect(automatic.form).toBe(count < 50 ? 'points' : 'series');
      for (const p of [0.01, 0.1, 0.5, 0.9, 0.99]) expect(Math.abs(quantileOf(automatic, p) - quantileOf(grid, p))).toBeLessThanOrEqual(automatic.resolution + grid.resolution);
      for (const z of [-2, -1, 0, 1, 2]) {
        const x = automatic.mean + z * automatic.standardDeviation;
        expect(Math.abs(cumulativeProbability(automatic, x) - cumulativeProbability(grid, x))).toBeLessThan(3e-4);
      }
      if (automatic.form === 'series') expect(automatic.resolution).toBeLessThan(1e-3 * automatic.standardDeviation);
    }
  });

  it('mean and deviation agree with the distribution itself', () => {
    for (const n of [5, 14, 60, 200, 2000]) {
      const list = manyDeals(n, `moments ${n}`);
      const distribution = distributionOfSum(list);
      // mean = max − ∫ F
      const top = distribution.maximum;
      expect(Math.abs(top - expectedShortfall(distribution, top - 1e-9 * top) - distribution.mean)).toBeLessThan(1e-3 * distribution.standardDeviation);
      expect(distribution.mean).toBeCloseTo(
        list.reduce((sum, term) => sum + term.amount * term.probability, 0),
        4,
      );
      for (let p = 0.05; p < 1; p += 0.05) {
        const q = quantileOf(distribution, p);
        expect(cumulativeProbability(distribution, q)).toBeGreaterThanOrEqual(p * (1 - 1e-9));
        expect(cumulativeProbability(distribution, q - 2 * distribution.resolution - 0.02)).toBeLessThanOrEqual(p * (1 + 1e-9));
      }
    }
  });

  it('equal amounts give the Poisson-binomial, on a grid of any step', () => {
    const list = manyDeals(6000, 'equal').map((term) => ({ ...term, amount: 0.25 }));
    const distribution = distributionOfSum(list);
    const units = distributionOfSum(list.map((term) => ({ ...term, amount: 1 })));
    for (const p of [0.001, 0.5, 0.999]) expect(quantileOf(distribution, p)).toBe(quantileOf(units, p) / 4);
    expect(distribution.resolution).toBe(0.25);
  });
});

describe('correlation', () => {
  it('keeps the mean and widens the tails', () => {
    const list = manyDeals(40, 'factor');
    const independent = distributionOfSum(list);
    const correlated = distributionOfSum(list, { correlation: 0.2 });
    expect(correlated.mean).toBe(independent.mean);
    expect(correlated.standardDeviation).toBeGreaterThan(1.5 * independent.standardDeviation);
    expect(quantileOf(correlated, 0.1)).toBeLessThan(quantileOf(independent, 0.1));
    expect(quantileOf(correlated, 0.9)).toBeGreaterThan(quantileOf(independent, 0.9));
  });

  it('is the same by Fourier inversion and on a lattice, also for many terms', () => {
    const list = manyDeals(600, 'factor 600').map((term) => ({ ...term, amount: Math.round(term.amount / 5000) * 5000 }));
    const series = distributionOfSum(list, { correlation: 0.1, method: 'characteristic-function' });
    const lattice = distributionOfSum(list, { correlation: 0.1, method: 'lattice-convolution' });
    expect(series.standardDeviation).toBeCloseTo(lattice.standardDeviation, 4);
    for (const p of [0.02, 0.1, 0.5, 0.9, 0.98]) expect(Math.abs(quantileOf(series, p) - quantileOf(lattice, p))).toBeLessThanOrEqual(2 * (lattice.resolution + series.resolution));
    for (const z of [-2, -1, 0, 1, 2]) {
      const x = series.mean + z * series.standardDeviation;
      expect(Math.abs(cumulativeProbability(series, x) - cumulativeProbability(lattice, x))).toBeLessThan(2e-3);
    }
  }, 30_000);
});

describe('leaving one term out', () => {
  /** P(total ≥ target) without term i, computed anew. */
  const recompute = (list: readonly SumTerm[], i: number, target: number): number => {
    const rest = list.filter((_, index) => index !== i);
    const { distribution } = buildSum(
      toRawTerms(
        rest.map((term) => term.amount),
        rest.map((term) => term.probability),
      ),
    );
    return probabilityAtLeast(distribution, target);
  };
  const compare = (list: readonly SumTerm[], target: number, tolerance: number, indexes: readonly number[], method: 'auto' | 'lattice-convolution' = 'auto'): void => {
    const raw = toRawTerms(
      list.map((term) => term.amount),
      list.map((term) => term.probability),
    );
    const effects = effectsOnReaching(raw, buildSum(raw, method), target);
    const reached = probabilityAtLeast(buildSum(raw).distribution, target);
    for (const i of indexes) expect(Math.abs((effects?.[i] ?? Number.NaN) - (reached - recompute(list, i, target))), `term ${i}`).toBeLessThan(tolerance);
  };

  it('from exact points, for any probability and sign', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ amount: fc.integer({ min: -20, max: 100 }).map((n) => n * 250), probability: chance }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: -10, max: 200 }),
        (list, goal) => {
          compare(list, goal * 250, 1e-11, [...list.keys()]);
        },
      ),
      run,
    );
  });

  it('from a Fourier series, also where a factor vanishes', () => {
    const list = manyDeals(400, 'series').map((term, index) => ({ ...term, amount: index % 7 === 0 ? -term.amount : term.amount }));
    const total = list.reduce((sum, term) => sum + term.amount * term.probability, 0);
    compare(list, Math.round(total * 1.05), 1e-11, [0, 1, 2, 3, 7, 14, 100, 399]);
    const even = Array.from({ length: 300 }, (_, index) => ({ amount: index % 2 === 0 ? 1000 : 3000, probability: 0.5 }));
    compare(even, 320_000, 1e-11, [0, 1]);
    const certain = [...manyDeals(300, 'certain'), { amount: 40_000, probability: 1 }, { amount: 1_000_000, probability: 0.999 }, { amount: 10, probability: 0 }];
    compare(certain, 6_000_000, 1e-10, [300, 301, 302]);
  });

  it('from a coarse grid, within its step', () => {
    const list = manyDeals(30, 'coarse').map((term, index) => ({ ...term, amount: term.amount + index * 0.37 }));
    const target = list.reduce((sum, term) => sum + term.amount * term.probability, 0);
    compare(list, target, 2e-3, [0, 5, 29], 'lattice-convolution');
  });
});

describe('wrong calls', () => {
  it('name what is wrong, with the place', () => {
    expect(codeOf(() => distributionOfSum([{ amount: 1, probability: 50 }]))).toBe('invalid_probability');
    expect(codeOf(() => distributionOfSum([{ amount: Number.NaN, probability: 0.5 }]))).toBe('not_finite');
    expect(
      codeOf(() =>
        distributionOfSum([
          {
            outcomes: [
              { amount: 1, probability: 0.7 },
              { amount: 2, probability: 0.7 },
            ],
          },
        ]),
      ),
    ).toBe('invalid_probability');
    expect(codeOf(() => distributionOfSum({ amounts: [1, 2], probabilities: [0.5] }))).toBe('length_mismatch');
    // @ts-expect-error misspelt
    expect(codeOf(() => distributionOfSum([{ amount: 1, probabilty: 0.5 }]))).toBe('unknown_key');
    // @ts-expect-error no such method
    expect(codeOf(() => distributionOfSum([], { method: 'monte-carlo' }))).toBe('invalid_value');
    expect(codeOf(() => distributionOfSum(manyDeals(40, 'x'), { method: 'enumeration' }))).toBe('too_long');
    expect(codeOf(() => distributionOfSum(manyDeals(10, 'x'), { method: 'characteristic-function' }))).toBe('no_convergence');
    const distribution = distributionOfSum([{ amount: 1, probability: 0.5 }]);
    expect(codeOf(() => quantileOf(distribution, 90))).toBe('invalid_probability');
    expect(codeOf(() => conditionalValueAtRisk(distribution, 0))).toBe('invalid_probability');
    // @ts-expect-error another version
    expect(codeOf(() => quantileOf({ ...distribution, formatVersion: 2 }, 0.5))).toBe('unsupported_format_version');
  });
});
