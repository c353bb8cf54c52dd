import { cumulativeProbability, type Distribution, distributionOfSum, expectedShortfall, poissonBinomial, probabilityAtLeast, quantileOf, type SumMethod } from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface PoissonBinomialCase {
  readonly p: readonly number[];
  readonly mean: number;
  readonly variance: number;
  readonly quantiles: Readonly<Record<string, number>>;
  readonly pmf?: readonly number[];
  readonly cdf?: readonly number[];
  readonly sf_geq?: readonly number[];
  readonly pmf_at?: Readonly<Record<string, number>>;
  readonly cdf_at?: Readonly<Record<string, number>>;
}

describeWithReference('Poisson-binomial against exact 60-digit arithmetic', () => {
  const { cases } = readReferenceJson<{ cases: Readonly<Record<string, PoissonBinomialCase>> }>('cases/oracle/py_poisson_binomial.json');

  for (const [name, entry] of Object.entries(cases)) {
    it(name, () => {
      const pmf = poissonBinomial(entry.p);
      const check = (k: number, expected: number): void => {
        const received = pmf[k] ?? Number.NaN;
        expect(Math.abs(received - expected)).toBeLessThanOrEqual(1e-14);
        if (expected > 1e-200) expect(Math.abs(received / expected - 1), `${name} pmf(${k})`).toBeLessThanOrEqual(1e-10);
      };
      for (const [k, expected] of (entry.pmf ?? []).entries()) check(k, expected);
      for (const [k, expected] of Object.entries(entry.pmf_at ?? {})) check(Number(k), expected);

      // The same as a sum of amounts of 1.
      const total = distributionOfSum({ amounts: entry.p.map(() => 1), probabilities: entry.p });
      expect(Math.abs(total.mean - entry.mean)).toBeLessThan(1e-10);
      expect(Math.abs(total.standardDeviation ** 2 - entry.variance)).toBeLessThan(1e-9);
      for (const [p, expected] of Object.entries(entry.quantiles)) expect(quantileOf(total, Number(p)), `${name} quantile ${p}`).toBe(expected);
      for (const [k, expected] of [...(entry.cdf ?? []).entries(), ...Object.entries(entry.cdf_at ?? {})])
        expect(Math.abs(cumulativeProbability(total, Number(k)) - expected)).toBeLessThan(1e-12);
      for (const [k, expected] of (entry.sf_geq ?? []).entries()) expect(Math.abs(probabilityAtLeast(total, k) - expected)).toBeLessThan(1e-12);
    });
  }
});

interface CompoundCase {
  readonly deals: readonly (readonly { amount: number; p: number }[])[];
  readonly mean: number;
  readonly variance: number;
  readonly quantiles: Readonly<Record<string, number>>;
  readonly quotas: readonly { quota: number; probAtLeast: number; expectedShortfall: number; expectedExcess: number }[];
  readonly supportSize: number;
  readonly support?: readonly number[];
  readonly pmf?: readonly number[];
  readonly cdf?: readonly number[];
}

describeWithReference('totals of independent deals against exact 60-digit arithmetic', () => {
  const { cases } = readReferenceJson<{ cases: Readonly<Record<string, CompoundCase>> }>('cases/oracle/py_compound_pipeline.json');
  const methods: readonly (SumMethod | 'auto')[] = ['auto', 'enumeration', 'exact-convolution'];

  for (const [name, entry] of Object.entries(cases)) {
    for (const method of methods) {
      if (method === 'enumeration' && entry.deals.length > 20) continue;
      it(`${name} by ${method}: moments and probabilities within 1e-10, quantiles equal`, () => {
        const terms = entry.deals.map((outcomes) => ({ outcomes: outcomes.map(({ amount, p }) => ({ amount, probability: p })) }));
        const total: Distribution = distributionOfSum(terms, { method });
        expect(Math.abs(total.mean / entry.mean - 1)).toBeLessThan(1e-12);
        expect(Math.abs(total.standardDeviation ** 2 / entry.variance - 1)).toBeLessThan(1e-10);
        for (const [p, expected] of Object.entries(entry.quantiles)) expect(quantileOf(total, Number(p)), `quantile ${p}`).toBe(expected);
        for (const { quota, probAtLeast, expectedShortfall: shortfall, expectedExcess } of entry.quotas) {
          expect(Math.abs(probabilityAtLeast(total, quota) - probAtLeast)).toBeLessThan(1e-10);
          expect(Math.abs(expectedShortfall(total, quota) - shortfall)).toBeLessThanOrEqual(1e-10 * Math.max(1, shortfall));
          // E[(X − q)⁺] = mean − q + E[(q − X)⁺]
          expect(Math.abs(total.mean - quota + expectedShortfall(total, quota) - expectedExcess)).toBeLessThanOrEqual(1e-10 * Math.max(1, entry.mean));
        }
        expect(total.form).toBe('points');
        if (total.form !== 'points') return;
        expect(total.values.length).toBe(entry.supportSize);
        if (entry.support !== undefined) expect(total.values).toEqual(entry.support);
        for (const [index, expected] of (entry.cdf ?? []).entries()) expect(Math.abs((total.cumulative[index] ?? Number.NaN) - expected)).toBeLessThan(1e-14);
      });
    }
  }
});

interface CopulaFile {
  readonly cases: readonly {
    readonly p: readonly number[];
    readonly rho: number;
    readonly pmf: readonly number[];
    readonly mean: number;
    readonly variance: number;
    readonly amounts: readonly number[];
    readonly amountMean: number;
    readonly amountVar: number;
    readonly amountQuantiles: Readonly<Record<string, number>>;
    readonly amountCdf: readonly number[];
  }[];
  readonly bivariate_check: readonly { p1: number; p2: number; rho: number; pBoth: number }[];
}

describeWithReference('one-factor Gaussian copula against fine quadrature', () => {
  const { cases, bivariate_check: pairs } = readReferenceJson<CopulaFile>('cases/oracle/py_one_factor_copula.json');

  for (const entry of cases) {
    it(`correlation ${entry.rho}: counts and amounts within 1e-9`, () => {
      const counts = distributionOfSum({ amounts: entry.p.map(() => 1), probabilities: entry.p }, { correlation: entry.rho });
      let cumulative = 0;
      for (const [k, mass] of entry.pmf.entries()) {
        cumulative += mass;
        expect(Math.abs(cumulativeProbability(counts, k) - cumulative)).toBeLessThan(1e-9);
      }
      expect(Math.abs(counts.mean - entry.mean)).toBeLessThan(1e-9);
      expect(Math.abs(counts.standardDeviation ** 2 - entry.variance)).toBeLessThan(1e-9);

      for (const method of ['auto', 'lattice-convolution'] as const) {
        const total = distributionOfSum({ amounts: entry.amounts, probabilities: entry.p }, { correlation: entry.rho, method });
        expect(Math.abs(total.mean - entry.amountMean)).toBeLessThan(1e-9);
        expect(Math.abs(total.standardDeviation ** 2 - entry.amountVar)).toBeLessThan(1e-7);
        for (const [x, expected] of entry.amountCdf.entries()) expect(Math.abs(cumulativeProbability(total, x) - expected), `F(${x})`).toBeLessThan(1e-9);
        for (const [p, expected] of Object.entries(entry.amountQuantiles)) expect(quantileOf(total, Number(p))).toBe(expected);
      }
    });
  }

  it('the probability that both of two happen', () => {
    for (const { p1, p2, rho, pBoth } of pairs) {
      const both = distributionOfSum({ amounts: [1, 1], probabilities: [p1, p2] }, { correlation: rho });
      expect(Math.abs(probabilityAtLeast(both, 2) - pBoth)).toBeLessThan(1e-9);
    }
  });
});
