import { isDomainError } from 'dealwright/errors';
import {
  betaCdf,
  betaQuantile,
  binomialCdf,
  binomialPmf,
  binomialQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  fCdf,
  fQuantile,
  gammaCdf,
  gammaQuantile,
  gaussHermite,
  logBeta,
  logGamma,
  logNormalCdf,
  logNormalQuantile,
  negativeBinomialCdf,
  negativeBinomialPmf,
  negativeBinomialQuantile,
  normalCdf,
  normalLogCdf,
  normalPdf,
  normalQuantile,
  poissonBinomial,
  poissonCdf,
  poissonPmf,
  poissonQuantile,
  studentTCdf,
  studentTQuantile,
} from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const run = { seed: 20260101, numRuns: 300 };
const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
  return undefined;
}

describe('quantile and distribution function are inverse', () => {
  const expectInverse = (cdf: number, p: number): void => expect(Math.abs(cdf - p)).toBeLessThanOrEqual(1e-11);

  it('normal and log-normal', () => {
    fc.assert(
      fc.property(probability, fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: 0.01, max: 50, noNaN: true }), (p, mean, standardDeviation) => {
        const options = { mean, standardDeviation };
        expectInverse(normalCdf(normalQuantile(p, options), options), p);
        expectInverse(normalCdf(normalQuantile(p, { ...options, tail: 'upper' }), { ...options, tail: 'upper' }), p);
        const log = { logMean: mean / 10, logStandardDeviation: standardDeviation / 10 };
        expectInverse(logNormalCdf(logNormalQuantile(p, log), log), p);
      }),
      run,
    );
  });

  it('beta, gamma, chi-square, t and F', () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        // Shapes below 1 crowd the probability so close to 1 that no double can tell the quantiles apart.
        const shapes = { alpha: a + 1, beta: b + 1 };
        expectInverse(betaCdf(betaQuantile(p, shapes), shapes), p);
        expectInverse(gammaCdf(gammaQuantile(p, { shape: a, scale: b }), { shape: a, scale: b }), p);
        // With less than half a degree of freedom the quantile of 1e-9 lies below the smallest number.
        expectInverse(chiSquareCdf(chiSquareQuantile(p, { degreesOfFreedom: a + 0.5 }), { degreesOfFreedom: a + 0.5 }), p);
        expectInverse(studentTCdf(studentTQuantile(p, { degreesOfFreedom: a + 0.2 }), { degreesOfFreedom: a + 0.2 }), p);
        const degrees = { numeratorDegreesOfFreedom: a + 0.5, denominatorDegreesOfFreedom: b + 0.5 };
        expectInverse(fCdf(fQuantile(p, degrees), degrees), p);
      }),
      run,
    );
  });

  it('discrete quantiles are the smallest count that reaches the probability', () => {
    fc.assert(
      fc.property(probability, fc.integer({ min: 1, max: 400 }), probability, fc.double({ min: 0.01, max: 300, noNaN: true }), (p, trials, success, size) => {
        const check = (k: number, cdf: (k: number) => number): void => {
          expect(cdf(k)).toBeGreaterThanOrEqual(p * (1 - 1e-11));
          if (k > 0) expect(cdf(k - 1)).toBeLessThan(p);
        };
        check(binomialQuantile(p, { trials, probability: success }), (k) => binomialCdf(k, { trials, probability: success }));
        check(poissonQuantile(p, { mean: size }), (k) => poissonCdf(k, { mean: size }));
        const negative = { size, probability: Math.max(success, 0.01) };
        check(negativeBinomialQuantile(p, negative), (k) => negativeBinomialCdf(k, negative));
      }),
      { ...run, numRuns: 150 },
    );
  });
});

describe('known values and identities', () => {
  it('counts: masses sum to the distribution function', () => {
    let binomial = 0;
    let poisson = 0;
    let negative = 0;
    for (let k = 0; k <= 30; k += 1) {
      binomial += binomialPmf(k, { trials: 30, probability: 0.37 });
      poisson += poissonPmf(k, { mean: 12.5 });
      negative += negativeBinomialPmf(k, { size: 2.5, probability: 0.2 });
      expect(binomialCdf(k, { trials: 30, probability: 0.37 })).toBeCloseTo(binomial, 13);
      expect(poissonCdf(k, { mean: 12.5 })).toBeCloseTo(poisson, 13);
      expect(negativeBinomialCdf(k, { size: 2.5, probability: 0.2 })).toBeCloseTo(negative, 13);
    }
    expect(binomialPmf(-1, { trials: 3, probability: 0.5 })).toBe(0);
    expect(binomialPmf(2, { trials: 2, probability: 1 })).toBe(1);
    expect(binomialPmf(0, { trials: 0, probability: 0.5 })).toBe(1);
    expect(poissonPmf(0, { mean: 0 })).toBe(1);
    expect(poissonCdf(-1, { mean: 3 })).toBe(0);
    expect(negativeBinomialQuantile(0.9, { size: 3, probability: 1 })).toBe(0);
    expect(binomialCdf(5, { trials: 5, probability: 0.5, tail: 'upper' } as const)).toBe(0);
  });

  it('very large shapes go over into the normal distribution', () => {
    const shapes = [1e7, 3e7, 1e9, 1e12];
    for (const a of shapes) {
      for (const z of [-3, -1, -0.001, 0, 0.5, 2]) {
        // Cornish–Fisher: the gamma distribution at its mean + z deviations differs from the normal by (1 − z²) φ(z) / (3√a)
        const received = gammaCdf(a + z * Math.sqrt(a), { shape: a });
        const expected = normalCdf(z) + ((1 - z * z) * normalPdf(z)) / (3 * Math.sqrt(a));
        expect(Math.abs(received - expected)).toBeLessThan(2 / a);
      }
    }
    expect(studentTCdf(1.96, { degreesOfFreedom: 1e12 })).toBe(normalCdf(1.96));
    // Just below and above the switch of method.
    expect(Math.abs(gammaCdf(9.99e6, { shape: 9_999_999 }) - gammaCdf(9.99e6 + 2, { shape: 10_000_001 }))).toBeLessThan(1e-8);
  });

  it('log-gamma and log-beta', () => {
    let factorial = 1;
    for (let n = 1; n <= 100; n += 1) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
      factorial *= n;
    }
    expect(logBeta(1e9, 2)).toBeCloseTo(-Math.log(1e9) - Math.log(1e9 + 1), 9);
    expect(logBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 13);
  });

  it('the logarithm of a probability far beyond what a number can hold', () => {
    expect(normalLogCdf(-1e5)).toBeCloseTo(-5e9 - Math.log(1e5) - 0.9189385332046727, 3);
    expect(normalLogCdf(40)).toBeCloseTo(0, 15);
  });

  it('Gauss–Hermite integrates polynomials exactly', () => {
    for (const n of [1, 2, 3, 5, 10, 20, 33, 64, 128, 256]) {
      const { nodes, weights } = gaussHermite(n);
      const moment = (power: number): number => nodes.reduce((total, node, index) => total + (weights[index] ?? 0) * node ** power, 0);
      expect(moment(0)).toBeCloseTo(1, 13);
      expect(moment(1)).toBeCloseTo(0, 13);
      if (n >= 2) expect(moment(2)).toBeCloseTo(1, 11);
      if (n >= 3) expect(moment(4)).toBeCloseTo(3, 10);
      if (n >= 5) expect(moment(8) / 105).toBeCloseTo(1, 9);
      expect(nodes).toEqual([...nodes].sort((a, b) => a - b));
    }
    expect(JSON.stringify(gaussHermite(3).nodes.map((node) => Number(node.toFixed(12))))).toBe('[-1.732050807569,0,1.732050807569]');
    expect(codeOf(() => gaussHermite(0))).toBe('out_of_range');
  });

  it('Poisson-binomial equals the binomial for equal probabilities, in any order', () => {
    const pmf = poissonBinomial(Array.from({ length: 50 }, () => 0.3));
    for (const [k, mass] of pmf.entries()) expect(Math.abs(mass / binomialPmf(k, { trials: 50, probability: 0.3 }) - 1)).toBeLessThan(1e-12);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), (probabilities) => {
        const forward = poissonBinomial(probabilities);
        expect(poissonBinomial([...probabilities].reverse())).toEqual(forward);
        expect(forward.reduce((total, mass) => total + mass, 0)).toBeCloseTo(1, 12);
        expect(forward.reduce((total, mass, k) => total + k * mass, 0)).toBeCloseTo(
          probabilities.reduce((total, p) => total + p, 0),
          10,
        );
      }),
      run,
    );
  });
});

describe('wrong calls', () => {
  it('name what is wrong', () => {
    expect(codeOf(() => normalQuantile(0))).toBe('invalid_probability');
    expect(codeOf(() => normalQuantile(97.5))).toBe('invalid_probability');
    expect(codeOf(() => normalCdf(Number.POSITIVE_INFINITY))).toBe('not_finite');
    expect(codeOf(() => normalCdf(1, { standardDeviation: 0 }))).toBe('out_of_range');
    // @ts-expect-error a misspelt parameter
    expect(codeOf(() => normalCdf(1, { sd: 2 }))).toBe('unknown_key');
    // @ts-expect-error degrees of freedom are required
    expect(codeOf(() => studentTCdf(1, {}))).toBe('missing_key');
    // @ts-expect-error neither tail
    expect(codeOf(() => normalCdf(1, { tail: 'both' }))).toBe('invalid_value');
    expect(codeOf(() => poissonPmf(1.5, { mean: 2 }))).toBe('not_an_integer');
    expect(codeOf(() => logGamma(0))).toBe('out_of_range');
    expect(codeOf(() => studentTQuantile(1e-300, { degreesOfFreedom: 0.01 }))).toBe('out_of_range');
    expect(codeOf(() => poissonBinomial([0.5, 50]))).toBe('fraction_out_of_range');
  });
});
