/* Whatever is passed: a DomainError, or a finite figure. Never another exception, a hang or NaN. */
import { isDomainError } from 'dealwright/errors';
import * as stats from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const run = { seed: 20260101, numRuns: 400 };
const big = 'x'.repeat(10_000_000);
const special = fc.constantFrom<unknown>(
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  1e308,
  -1e308,
  5e-324,
  0.5,
  1,
  2 ** 53,
  '0x10',
  '1_000',
  big,
  [],
  {},
  [Number.NaN],
  [1, 'a'],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  new Date(0),
  new Map(),
  Symbol('s'),
  10n,
  () => 1,
);
const anything = fc.oneof(
  special,
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.array(fc.double(), { maxLength: 6 }),
  fc.record(
    {
      amount: fc.oneof(fc.double(), special),
      probability: fc.oneof(fc.double({ min: 0, max: 1 }), special),
      mean: fc.double(),
      standardDeviation: fc.double(),
      degreesOfFreedom: fc.double(),
      shape: fc.double(),
      trials: fc.double(),
      size: fc.double(),
      alpha: fc.double(),
      beta: fc.double(),
      tail: fc.constantFrom('lower', 'upper', 'both'),
      level: fc.double(),
      method: fc.constantFrom('auto', 'exact-convolution', 'wilson'),
      values: fc.array(fc.double()),
      probabilities: fc.array(fc.double()),
    },
    { requiredKeys: [] },
  ),
  fc.array(fc.record({ amount: fc.oneof(fc.double(), fc.integer()), probability: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 30 }),
);

/** No NaN or infinity anywhere inside. */
function isFinitePlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isFinitePlain);
  return true;
}

const names = [
  'betaCdf',
  'betaQuantile',
  'fCdf',
  'fQuantile',
  'logBeta',
  'sum',
  'compoundDistribution',
  'convolveDistributions',
  'binomialCdf',
  'binomialPmf',
  'binomialQuantile',
  'negativeBinomialCdf',
  'negativeBinomialPmf',
  'negativeBinomialQuantile',
  'poissonCdf',
  'poissonPmf',
  'poissonQuantile',
  'conditionalValueAtRisk',
  'cumulativeProbability',
  'expectedShortfall',
  'probabilityAtLeast',
  'quantileOf',
  'distributionOfSum',
  'chiSquareCdf',
  'chiSquareQuantile',
  'gammaCdf',
  'gammaQuantile',
  'logGamma',
  'gaussHermite',
  'mean',
  'standardDeviation',
  'variance',
  'weightedMean',
  'logNormalCdf',
  'logNormalQuantile',
  'normalCdf',
  'normalLogCdf',
  'normalPdf',
  'normalQuantile',
  'poissonBinomial',
  'crpsDiscrete',
  'crpsDistribution',
  'crpsEnsemble',
  'crpsNormal',
  'intervalCoverage',
  'intervalScore',
  'pinballLoss',
  'probabilityIntegralTransform',
  'proportionInterval',
  'wilsonInterval',
  'median',
  'quantile',
  'createRandom',
  'nextRandom',
  'nextNormal',
  'nextExponential',
  'nextGamma',
  'nextPoisson',
  'studentTCdf',
  'studentTQuantile',
] as const satisfies readonly (keyof typeof stats)[];

const EXPORTS = new Map<string, unknown>(Object.entries(stats));

function attempt(call: () => unknown): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    expect(isDomainError(error), String(error)).toBe(true);
    return;
  }
  expect(isFinitePlain(result)).toBe(true);
}

describe('any value as argument', () => {
  for (const name of names) {
    it(name, () => {
      // The point is to break the types.
      const call = EXPORTS.get(name) as (...values: unknown[]) => unknown;
      fc.assert(
        fc.property(anything, anything, anything, (a, b, c) => {
          attempt(() => call(a, b, c));
          attempt(() => call(a));
          attempt(() => call(0.3, b));
        }),
        run,
      );
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });
  }
});

describe('extreme but legal', () => {
  const distributions: readonly stats.Distribution[] = [
    stats.distributionOfSum([
      { amount: 1e-9, probability: 0.5 },
      { amount: 1e9, probability: 0.5 },
    ]),
    stats.distributionOfSum(Array.from({ length: 3000 }, (_, i) => ({ amount: 1e12 + i, probability: 0.5 }))),
    stats.distributionOfSum(Array.from({ length: 200 }, (_, i) => ({ amount: 2 ** (i / 5), probability: 0.3 }))),
    stats.distributionOfSum(Array.from({ length: 5000 }, () => ({ amount: 1, probability: 1e-9 }))),
    stats.distributionOfSum(Array.from({ length: 1000 }, (_, i) => ({ amount: 1.5 ** (i % 60), probability: 0.999_999 }))),
    stats.distributionOfSum(Array.from({ length: 100 }, (_, i) => ({ amount: 1e90 * (i + 1), probability: 0.5 }))),
    stats.distributionOfSum(
      Array.from({ length: 40 }, (_, i) => ({ amount: (i % 2 === 0 ? 1 : -1) * 1e6, probability: 0.5 })),
      { correlation: 0.99 },
    ),
  ];

  it('gives monotone, consistent readings', () => {
    for (const distribution of distributions) {
      expect(isFinitePlain(distribution)).toBe(true);
      let before = Number.NEGATIVE_INFINITY;
      for (let p = 0; p <= 1; p += 0.01) {
        const q = stats.quantileOf(distribution, Math.min(1, p));
        expect(q).toBeGreaterThanOrEqual(before);
        before = q;
      }
      const { mean, standardDeviation } = distribution;
      for (const x of [mean - 3 * standardDeviation, mean, mean + 3 * standardDeviation]) {
        const below = stats.cumulativeProbability(distribution, x);
        expect(below).toBeGreaterThanOrEqual(0);
        expect(below).toBeLessThanOrEqual(1);
        expect(stats.expectedShortfall(distribution, x)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('a distribution that was tampered with is refused or read without harm', () => {
    const original = stats.distributionOfSum(Array.from({ length: 2000 }, (_, i) => ({ amount: 500 + i, probability: 0.5 })));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(original)), anything, fc.double({ min: 0, max: 1, noNaN: true }), (key, value, p) => {
        const tampered = { ...original, [key]: value } as stats.Distribution;
        attempt(() => stats.quantileOf(tampered, p));
        attempt(() => stats.expectedShortfall(tampered, 1e6));
        attempt(() => stats.crpsDistribution(1e6, tampered));
        attempt(() => stats.convolveDistributions(tampered, stats.distributionOfSum([{ amount: 1, probability: 0.5 }])));
      }),
      { ...run, numRuns: 150 },
    );
  }, 60_000);
});
