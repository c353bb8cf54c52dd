import { absorbingChain, multiplyMatrices, raiseMatrix, solveLinearSystem, transposeMatrix } from 'dealwright/stats';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { expectClose } from './oracle-comparison.js';

interface MarkovCase {
  readonly states: string[];
  readonly transition: number[][];
  readonly absorbing: string[];
  readonly fundamental: number[][];
  readonly absorption: number[][];
  readonly expectedSteps: number[];
  readonly varianceSteps: number[];
  readonly powers: Record<string, number[][]>;
  readonly firstPassageWonByStep: Record<string, number[]>;
}

describeWithReference('absorbing chains', () => {
  readReferenceJson<{ cases: MarkovCase[] }>('cases/oracle/py_markov.json').cases.forEach((r, index) => {
    it(`case ${index}`, () => {
      const chain = absorbingChain(r.transition, { states: r.states, absorbing: r.absorbing });
      expect(absorbingChain(r.transition, { states: r.states })).toEqual(chain);
      expectClose(chain.fundamental.flat(), r.fundamental.flat(), 1e-14, 'N');
      expectClose(chain.absorption.flat(), r.absorption.flat(), 1e-14, 'B');
      expectClose(chain.expectedSteps, r.expectedSteps, 1e-14, 't');
      expectClose(chain.varianceSteps, r.varianceSteps, 1e-13, 'variance');
      for (const [power, matrix] of Object.entries(r.powers)) expectClose(raiseMatrix(r.transition, Number(power)).flat(), matrix.flat(), 1e-14, `power ${power}`);
      const won = r.states.indexOf('won');
      for (const [step, probabilities] of Object.entries(r.firstPassageWonByStep)) {
        const matrix = raiseMatrix(r.transition, Number(step));
        expectClose(
          chain.transient.map((state) => matrix[r.states.indexOf(state)]?.[won] ?? NaN),
          probabilities,
          1e-14,
          `won by ${step}`,
        );
      }
    });
  });
});

interface Reconciliation {
  readonly S: number[][];
  readonly base: number[];
  readonly residuals: number[][];
  readonly lambdaShrink: number;
  readonly methods: Record<string, { readonly reconciled: number[]; readonly G: number[][] }>;
}

describeWithReference('the matrices of reconciliation', () => {
  const { S, base, residuals, lambdaShrink, methods } = readReferenceJson<Reconciliation>('cases/oracle/py_reconciliation.json');
  const m = S.length;
  const covariance = S.map((_, i) => S.map((_unused, j) => residuals.reduce((sum, row) => sum + (row[i] ?? NaN) * (row[j] ?? NaN), 0) / residuals.length));
  const diagonal = (value: (i: number) => number): number[][] => S.map((_, i) => S.map((_unused, j) => (i === j ? value(i) : 0)));
  const weights: Record<string, number[][]> = {
    ols: diagonal(() => 1),
    wls_struct: diagonal((i) => (S[i] ?? []).reduce((sum, value) => sum + value, 0)),
    wls_var: diagonal((i) => covariance[i]?.[i] ?? NaN),
    mint_sample: covariance,
    mint_shrink: covariance.map((row, i) => row.map((value, j) => (i === j ? value : (1 - lambdaShrink) * value))),
  };

  for (const [name, w] of Object.entries(weights)) {
    it(`${name}: S (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ`, () => {
      // W⁻¹ S column by column, then the normal equations.
      const scaled = transposeMatrix(transposeMatrix(S).map((column) => solveLinearSystem(w, column)));
      const normal = multiplyMatrices(transposeMatrix(S), scaled);
      const right = multiplyMatrices(
        transposeMatrix(scaled),
        base.map((value) => [value]),
      ).flat();
      const reconciled = multiplyMatrices(
        S,
        solveLinearSystem(normal, right).map((value) => [value]),
      ).flat();
      expect(reconciled.length).toBe(m);
      expectClose(reconciled, methods[name]?.reconciled ?? [], 1e-12, name);
    });
  }
});
