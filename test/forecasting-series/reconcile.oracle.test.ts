import { type ReconcileForecastsOptions, reconcileForecasts } from 'dealwright/forecasting';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectRelative } from './oracle-shapes.js';

interface Reference {
  readonly base: number[];
  readonly residuals: number[][];
  readonly lambdaShrink: number;
  readonly methods: Record<'ols' | 'wls_struct' | 'wls_var' | 'mint_sample' | 'mint_shrink', { reconciled: number[]; G: number[][] }>;
  readonly bottomUp: number[];
  readonly topDown: { history: number[][]; averageHistoricalProportions: number[]; proportionsOfAverages: number[]; gsa: number[]; gsf: number[] };
}

const IDS = ['total', 'a', 'b', 'a1', 'a2', 'b1', 'b2', 'b3'];
const LEAVES = IDS.slice(3);
const HIERARCHY = [{ id: 'total', sumOf: ['a', 'b'] }, { id: 'a', sumOf: ['a1', 'a2'] }, { id: 'b', sumOf: ['b1', 'b2', 'b3'] }, ...LEAVES.map((id) => ({ id }))];

describeWithReference('reconciliation against the closed forms in numpy', () => {
  const r = readReferenceJson<Reference>('cases/oracle/py_reconciliation.json');
  const base = IDS.map((node, index) => ({ node, mean: [r.base[index] ?? NaN], residuals: r.residuals.map((row) => row[index] ?? NaN) }));
  const run = (options: ReconcileForecastsOptions): ReturnType<typeof reconcileForecasts> => reconcileForecasts(HIERARCHY, base, options);
  const means = (options: ReconcileForecastsOptions): number[] => run(options).nodes.map((node) => node.mean[0] ?? NaN);

  it.each([
    ['ols', 'ols'],
    ['structural', 'wls_struct'],
    ['variance', 'wls_var'],
    ['mint-sample', 'mint_sample'],
    ['mint-shrink', 'mint_shrink'],
  ] as const)('%s', (method, key) => {
    const result = run({ method });
    expectRelative(
      result.nodes.map((node) => node.mean[0]),
      r.methods[key].reconciled,
      1e-10,
      method,
    );
    (result.matrix ?? []).forEach((row, leaf) =>
      row.forEach((value, column) => {
        expect(Math.abs(value - (r.methods[key].G[leaf]?.[column] ?? NaN)), `G[${leaf}][${column}]`).toBeLessThan(1e-10);
      }),
    );
    expect(result.matrix?.length).toBe(5);
    if (method === 'mint-shrink') expectRelative([result.shrinkage], [r.lambdaShrink], 1e-10, 'lambda');
  });

  it('bottom-up and the three ways of top-down', () => {
    const history = LEAVES.map((node, index) => ({ node, values: r.topDown.history.map((row) => row[index] ?? NaN) }));
    expectRelative(means({ method: 'bottom-up' }), r.bottomUp, 1e-10, 'bottom-up');
    expectRelative(means({ method: 'top-down', proportions: 'average', history }), r.topDown.gsa, 1e-10, 'average proportions');
    expectRelative(means({ method: 'top-down', proportions: 'of-averages', history }), r.topDown.gsf, 1e-10, 'proportions of averages');
    // Forecast proportions have no reference file: by hand, a's share of a + b, then a1's share of a1 + a2.
    const [, a = 0, b = 0, a1 = 0, a2 = 0] = r.base;
    const found = means({ method: 'top-down', proportions: 'forecast' });
    expectRelative([found[3]], [((r.base[0] ?? 0) * a * a1) / (a + b) / (a1 + a2)], 1e-10, 'forecast proportions');
    expectRelative([found[0]], [r.base[0] ?? 0], 1e-10, 'top');
  });
});
