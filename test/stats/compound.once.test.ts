import { isDomainError } from 'dealwright/errors';
import {
  compoundDistribution,
  convolveDistributions,
  crpsDiscrete,
  crpsDistribution,
  crpsEnsemble,
  crpsNormal,
  cumulativeProbability,
  distributionOfSum,
  expectedShortfall,
  intervalCoverage,
  intervalScore,
  negativeBinomialPmf,
  openRandom,
  type PointDistribution,
  pinballLoss,
  poissonPmf,
  probabilityAtLeast,
  probabilityIntegralTransform,
  quantileOf,
  type SumTerm,
} from 'dealwright/stats';
import { describe, expect, it } from 'vitest';

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
  return undefined;
}

/** Σ over n of P(N = n) times the n-fold convolution of the severity, on whole numbers: slow and obvious. */
function bruteForce(count: (n: number) => number, severity: readonly SumTerm[], cells: number): readonly number[] {
  const total = new Array<number>(cells).fill(0);
  let power = new Array<number>(cells).fill(0);
  power[0] = 1;
  for (let n = 0; n <= 400; n += 1) {
    const weight = count(n);
    for (let s = 0; s < cells; s += 1) total[s] = (total[s] ?? 0) + weight * (power[s] ?? 0);
    const next = new Array<number>(cells).fill(0);
    for (const { amount, probability } of severity) for (let s = 0; s + amount < cells; s += 1) next[s + amount] = (next[s + amount] ?? 0) + (power[s] ?? 0) * probability;
    power = next;
  }
  return total;
}

describe('a random number of random amounts', () => {
  const severity = [
    { amount: 0, probability: 0.1 },
    { amount: 1, probability: 0.3 },
    { amount: 2, probability: 0.4 },
    { amount: 5, probability: 0.2 },
  ];

  it('equals the sum over all counts, Poisson and negative binomial', () => {
    const cases = [
      { frequency: { kind: 'poisson', mean: 3.7 }, count: (n: number) => poissonPmf(n, { mean: 3.7 }) },
      { frequency: { kind: 'poisson', mean: 40 }, count: (n: number) => poissonPmf(n, { mean: 40 }) },
      { frequency: { kind: 'negative-binomial', size: 0.6, probability: 0.2 }, count: (n: number) => negativeBinomialPmf(n, { size: 0.6, probability: 0.2 }) },
      { frequency: { kind: 'negative-binomial', size: 7.5, probability: 0.5 }, count: (n: number) => negativeBinomialPmf(n, { size: 7.5, probability: 0.5 }) },
    ] as const;
    for (const { frequency, count } of cases) {
      const distribution = compoundDistribution(severity, { frequency });
      const expected = bruteForce(count, severity, 300);
      let cumulative = 0;
      for (const [s, mass] of expected.entries()) {
        cumulative += mass;
        expect(Math.abs(cumulativeProbability(distribution, s) - cumulative)).toBeLessThan(1e-12);
      }
      expect(distribution.mean).toBeCloseTo(
        expected.reduce((sum, mass, s) => sum + s * mass, 0),
        8,
      );
      const second = expected.reduce((sum, mass, s) => sum + s * s * mass, 0);
      expect(distribution.standardDeviation).toBeCloseTo(Math.sqrt(second - distribution.mean ** 2), 7);
      expect(distribution).toMatchObject({ resolution: 0, method: 'panjer-recursion', minimum: 0 });
    }
  });

  it('does not underflow for large counts, and states its grid', () => {
    const many = compoundDistribution(
      [
        { amount: 1000, probability: 0.5 },
        { amount: 2500, probability: 0.5 },
      ],
      { frequency: { kind: 'poisson', mean: 2000 } },
    );
    expect(many.mean).toBe(3_500_000);
    // The median of so many is the mean to within a deviation over the square root of the count.
    expect(Math.abs(quantileOf(many, 0.5) - many.mean)).toBeLessThan(many.standardDeviation / 40);
    expect(many.form === 'points' && many.values.length).toBeLessThanOrEqual(4096);
    const loose = compoundDistribution(
      [
        { amount: Math.PI, probability: 0.5 },
        { amount: Math.E * 10, probability: 0.5 },
      ],
      { frequency: { kind: 'poisson', mean: 5 } },
    );
    expect(loose.resolution).toBeGreaterThan(0);
    expect(quantileOf(loose, 0.5)).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(loose))).toEqual(loose);
  });

  it('nothing at all, and wrong calls', () => {
    expect(compoundDistribution(severity, { frequency: { kind: 'poisson', mean: 0 } })).toMatchObject({ mean: 0, standardDeviation: 0 });
    expect(codeOf(() => compoundDistribution([], { frequency: { kind: 'poisson', mean: 1 } }))).toBe('empty');
    expect(codeOf(() => compoundDistribution([{ amount: 1, probability: 0.5 }], { frequency: { kind: 'poisson', mean: 1 } }))).toBe('invalid_probability');
    expect(codeOf(() => compoundDistribution([{ amount: -1, probability: 1 }], { frequency: { kind: 'poisson', mean: 1 } }))).toBe('out_of_range');
    // @ts-expect-error no such frequency
    expect(codeOf(() => compoundDistribution(severity, { frequency: { kind: 'geometric', mean: 1 } }))).toBe('invalid_value');
  });
});

describe('the sum of two distributions', () => {
  const random = openRandom('convolution');
  const list = (n: number): SumTerm[] =>
    Array.from({ length: n }, () => ({ amount: Math.round(random.uniform() * 90 + 10) * 500, probability: Math.round(random.uniform() * 100) / 100 }));

  it('of points is exact', () => {
    const a = list(5);
    const b = list(6);
    const sum = convolveDistributions(distributionOfSum(a), distributionOfSum(b));
    const direct = distributionOfSum([...a, ...b]);
    expect(sum.mean).toBeCloseTo(direct.mean, 8);
    expect(sum.standardDeviation).toBeCloseTo(direct.standardDeviation, 8);
    expect(sum).toMatchObject({ resolution: 0, method: 'convolution', minimum: direct.minimum, maximum: direct.maximum });
    for (const p of [0.01, 0.3, 0.5, 0.77, 0.99]) expect(quantileOf(sum, p)).toBe(quantileOf(direct, p));
    for (const x of [0, 50_000, 120_000]) expect(Math.abs(probabilityAtLeast(sum, x) - probabilityAtLeast(direct, x))).toBeLessThan(1e-12);
  });

  it('of a series and of new business is within the resolution stated', () => {
    const open = list(600);
    const more = list(500);
    const sum = convolveDistributions(distributionOfSum(open), distributionOfSum(more));
    const direct = distributionOfSum([...open, ...more]);
    expect(direct.form).toBe('series');
    for (const p of [0.02, 0.1, 0.5, 0.9, 0.98]) expect(Math.abs(quantileOf(sum, p) - quantileOf(direct, p))).toBeLessThanOrEqual(sum.resolution + direct.resolution);
    expect(sum.resolution).toBeLessThan(0.05 * sum.standardDeviation);
    expect(Math.abs(expectedShortfall(sum, sum.mean) / expectedShortfall(direct, direct.mean) - 1)).toBeLessThan(1e-3);
    const business = compoundDistribution([{ amount: 20_000, probability: 1 }], { frequency: { kind: 'poisson', mean: 4 } });
    const total = convolveDistributions(distributionOfSum(open), business);
    expect(total.mean).toBeCloseTo(distributionOfSum(open).mean + 80_000, 4);
    expect(quantileOf(total, 0.5)).toBeGreaterThan(quantileOf(distributionOfSum(open), 0.5));
  });

  it('with nothing is the same', () => {
    const nothing = distributionOfSum([]);
    const a = distributionOfSum(list(4)) as PointDistribution;
    expect(convolveDistributions(a, nothing)).toMatchObject({ values: a.values, mean: a.mean });
  });
});

describe('scores', () => {
  it('of a distribution agree with those of its points', () => {
    const a = distributionOfSum([
      { amount: 100, probability: 0.3 },
      { amount: 40, probability: 0.5 },
    ]);
    const points = { values: [0, 40, 100, 140], probabilities: [0.35, 0.35, 0.15, 0.15] };
    for (const y of [-10, 0, 39, 40, 70, 140, 200]) expect(crpsDistribution(y, a)).toBeCloseTo(crpsDiscrete(y, points), 10);
    expect(probabilityIntegralTransform(40, a)).toMatchObject({ below: expect.closeTo(0.35, 12), upTo: expect.closeTo(0.7, 12) });
  });

  it('of a series agree with the normal one nearby, and with an ensemble drawn from it', () => {
    const random = openRandom('crps');
    const terms = Array.from({ length: 2000 }, () => ({ amount: Math.round(random.uniform() * 1000 + 500), probability: 0.5 }));
    const series = distributionOfSum(terms);
    expect(series.form).toBe('series');
    for (const z of [-2, 0, 0.5, 3]) {
      const y = series.mean + z * series.standardDeviation;
      expect(crpsDistribution(y, series) / crpsNormal(y, { mean: series.mean, standardDeviation: series.standardDeviation })).toBeCloseTo(1, 3);
    }
    const draws = Array.from({ length: 3000 }, () => terms.reduce((sum, { amount, probability }) => sum + (random.uniform() < probability ? amount : 0), 0));
    expect(Math.abs(crpsEnsemble(series.mean, draws, { fair: true }) / crpsDistribution(series.mean, series) - 1)).toBeLessThan(0.1);
    const shares = draws.map((draw) => probabilityIntegralTransform(draw, series).middle);
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) / shares.length - 0.5)).toBeLessThan(0.03);
  });

  it('of points are those of the ensemble of the same values', () => {
    const members = [3, 1, 4, 1, 5, 9, 2, 6];
    expect(crpsDiscrete(4.5, { values: members, probabilities: members.map(() => 1 / 8) })).toBeCloseTo(crpsEnsemble(4.5, members), 12);
    expect(crpsEnsemble(4.5, [...members].reverse())).toBe(crpsEnsemble(4.5, members));
  });

  it('refuse what has no score', () => {
    expect(codeOf(() => pinballLoss([], [], { level: 0.5 }))).toBe('empty');
    expect(codeOf(() => pinballLoss([1], [1, 2], { level: 0.5 }))).toBe('length_mismatch');
    expect(codeOf(() => pinballLoss([1], [1], { level: 90 }))).toBe('invalid_probability');
    expect(codeOf(() => intervalScore([1], { lower: [3], upper: [2] }, { level: 0.9 }))).toBe('out_of_range');
    expect(codeOf(() => intervalCoverage([1], { lower: [3] } as never))).toBe('invalid_type');
    expect(codeOf(() => crpsEnsemble(1, [1], { fair: true }))).toBe('insufficient_data');
    expect(codeOf(() => crpsDiscrete(1, { values: [1], probabilities: [0.5] }))).toBe('invalid_probability');
    expect(codeOf(() => crpsNormal(1, { mean: 0, standardDeviation: 0 }))).toBe('out_of_range');
  });
});
