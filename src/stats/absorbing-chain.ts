/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */

import { checkKeys, checkList, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { readNames } from './aalen-johansen.js';
import { identity, luInPlace, luSolveInPlace, multiply } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { type DenseMatrix, MAX_MATRIX_ORDER, type Matrix, readMatrix, toRows } from './numeric-column.js';

/**
 * The states of a chain.
 *
 * @category stats
 */
export interface AbsorbingChainOptions {
  /** Names of the states, in the order of the matrix. */
  readonly states: readonly string[];
  /** Names of the states that are never left. Default those that keep all their probability. */
  readonly absorbing?: readonly string[];
}

/**
 * Where a chain ends and how long it takes.
 *
 * @category stats
 */
export interface AbsorbingChain {
  /** Names of the states that are left, in the order of the matrix. */
  readonly transient: readonly string[];
  /** Names of the states that are never left, in the order of the matrix. */
  readonly absorbing: readonly string[];
  /** Fundamental matrix N = (I − Q)⁻¹: `fundamental[i][j]` is the expected number of steps spent in transient state j when starting in i, the start included. */
  readonly fundamental: readonly (readonly number[])[];
  /** B = N R: `absorption[i][k]` is the probability of ending in absorbing state k when starting in i. */
  readonly absorption: readonly (readonly number[])[];
  /** t = N 1: expected number of steps until absorption, by transient state. */
  readonly expectedSteps: readonly number[];
  /** Variance of that number, (2N − I) t − t². */
  readonly varianceSteps: readonly number[];
}

const ROW_SUM_TOLERANCE = 1e-9;

/**
 * Absorption probabilities and times of a Markov chain with absorbing states, such as the stages of a pipeline with won and lost (Kemeny and Snell 1960).
 *
 * @param transition - probabilities of moving from the state of the row to that of the column in one step; rows add up to 1
 * @param options - names of the states
 * @returns fundamental matrix, absorption probabilities, mean and variance of the steps
 * @throws DomainError `singular_matrix` (a state from which absorption is impossible) | `invalid_probability` (rows that do not add up to 1) | `unknown_reference` | `duplicate_id` | `reserved_key` | `insufficient_data` | `length_mismatch` | `invalid_type` | `out_of_range` | `not_finite` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { absorbingChain } from 'dealwright/stats';
 * const chain = absorbingChain([[0.5, 0.25, 0.25], [0, 1, 0], [0, 0, 1]], { states: ['open', 'won', 'lost'] });
 * chain.absorption; // => [[0.5, 0.5]]
 * chain.expectedSteps; // => [2]
 * ```
 * @category stats
 */
export function absorbingChain(transition: Matrix, options: AbsorbingChainOptions): AbsorbingChain {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['states', 'absorbing'], ['options'], issues);
  const states = readNames(settings['states'], ['options', 'states'], issues);
  const matrix = states === undefined ? undefined : readTransition(transition, states.length, issues);
  const isAbsorbing: boolean[] = [];
  if (states !== undefined && matrix !== undefined) {
    const n = states.length;
    if (settings['absorbing'] === undefined) for (let i = 0; i < n; i += 1) isAbsorbing.push((matrix.data[i * n + i] as number) >= 1 - ROW_SUM_TOLERANCE);
    else {
      const list = checkList(settings['absorbing'], ['options', 'absorbing'], issues) ?? [];
      const listed = new Set<unknown>(list);
      list.forEach((name, k) => {
        const at = typeof name === 'string' ? states.indexOf(name) : -1;
        if (at < 0) issues.push(createIssue('unknown_reference', ['options', 'absorbing', k], { expected: `one of ${states.join(', ')}`, received: name }));
        else if ((matrix.data[at * n + at] as number) < 1 - ROW_SUM_TOLERANCE) {
          issues.push(createIssue('invalid_probability', ['transition', at, at], { expected: '1: the state is said to be absorbing', received: matrix.data[at * n + at] }));
        }
      });
      for (const state of states) isAbsorbing.push(listed.has(state));
    }
    if (issues.length === 0 && (!isAbsorbing.includes(true) || !isAbsorbing.includes(false))) {
      issues.push(createIssue('insufficient_data', ['transition'], { expected: 'at least one absorbing and one other state' }));
    }
  }
  throwIfIssues(issues);
  if (states === undefined || matrix === undefined) throw createDomainError('empty', []);

  const n = states.length;
  const transient = states.map((_, i) => i).filter((i) => !isAbsorbing[i]);
  const final = states.map((_, i) => i).filter((i) => isAbsorbing[i]);
  const m = transient.length;
  const a = new Float64Array(m * m);
  const r = new Float64Array(m * final.length);
  transient.forEach((i, row) => {
    transient.forEach((j, column) => {
      a[row * m + column] = (row === column ? 1 : 0) - (matrix.data[i * n + j] as number);
    });
    final.forEach((k, column) => {
      r[row * final.length + column] = matrix.data[i * n + k] as number;
    });
  });
  const pivots = new Int32Array(m);
  const dependent = luInPlace(a, m, pivots);
  if (dependent >= 0) {
    throw createDomainError('singular_matrix', ['transition'], {
      expected: 'an absorbing state within reach of every state',
      hint: `check the way out of "${states[transient[dependent] as number] as string}"`,
    });
  }
  const fundamental = identity(m);
  luSolveInPlace(a, m, pivots, fundamental, m);
  const absorption = multiply(fundamental, r, m, m, final.length);
  const steps = multiply(fundamental, new Float64Array(m).fill(1), m, m, 1);
  const second = multiply(fundamental, steps, m, m, 1);
  requireFinite(fundamental, ['transition']);
  return {
    transient: transient.map((i) => states[i] as string),
    absorbing: final.map((i) => states[i] as string),
    fundamental: toRows(fundamental, m, m),
    absorption: toRows(absorption, m, final.length),
    expectedSteps: Array.from(steps),
    varianceSteps: Array.from(steps, (t, i) => Math.max(0, 2 * (second[i] as number) - t - t * t)),
  };
}

/** A matrix of transition probabilities, or undefined with issues. */
export function readTransition(transition: unknown, order: number, issues: Issue[]): DenseMatrix | undefined {
  const matrix = readMatrix(transition, ['transition'], issues, { rows: order, columns: order, min: 0, maxOrder: MAX_MATRIX_ORDER });
  if (matrix === undefined) return undefined;
  for (let i = 0; i < order; i += 1) {
    let sum = 0;
    for (let j = 0; j < order; j += 1) sum += matrix.data[i * order + j] as number;
    if (!(Math.abs(sum - 1) <= ROW_SUM_TOLERANCE))
      issues.push(createIssue('invalid_probability', ['transition', i], { expected: 'probabilities that add up to 1', received: sum }));
  }
  return matrix;
}
