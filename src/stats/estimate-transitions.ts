/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */

import { checkKeys, checkList, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { readNames } from './aalen-johansen.js';
import { exponentiate } from './exponentiate-matrix.js';
import { requireFinite } from './finite-result.js';
import { type Matrix, type NumericColumn, readColumn, readMatrix, toRows } from './numeric-column.js';

/**
 * Observed moves as columns, one entry per move.
 *
 * @category stats
 */
export interface TransitionData {
  /** Index of the state that was left. */
  readonly from: NumericColumn;
  /** Index of the state that was entered. */
  readonly to: NumericColumn;
  /** How many equal moves this entry stands for, not negative. Default 1. */
  readonly weight?: NumericColumn;
}

/**
 * The states between which moves were observed.
 *
 * @category stats
 */
export interface EstimateTransitionsOptions {
  /** Names of the states, in the order of their indexes. */
  readonly states: readonly string[];
  /** Names of states that are never left: their rows are filled in without observations. Default none. */
  readonly absorbing?: readonly string[];
}

/**
 * Transition probabilities estimated from moves.
 *
 * @category stats
 */
export interface TransitionEstimate {
  /** Names of the states. */
  readonly states: readonly string[];
  /** `counts[r][s]`: weight of the moves from r to s. */
  readonly counts: readonly (readonly number[])[];
  /** `probability[r][s]` = counts[r][s] / moves out of r; the row is null for a state that was never left and is not absorbing. */
  readonly probability: readonly (readonly number[] | null)[];
}

/**
 * Maximum-likelihood estimate of the transition probabilities of a Markov chain: the share of the moves out of a state that go to each state.
 *
 * @param data - moves as columns of state indexes
 * @param options - names of the states, which of them are absorbing
 * @returns counts and probabilities
 * @throws DomainError `length_mismatch` | `invalid_type` | `out_of_range` | `not_an_integer` | `not_finite` | `unknown_reference` | `duplicate_id` | `reserved_key` | `invalid_value` (a move out of an absorbing state) | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { estimateTransitions } from 'dealwright/stats';
 * const estimate = estimateTransitions({ from: [0, 0, 0, 0], to: [0, 1, 1, 2] }, { states: ['open', 'won', 'lost'], absorbing: ['won', 'lost'] });
 * estimate.probability; // => [[0.25, 0.5, 0.25], [0, 1, 0], [0, 0, 1]]
 * ```
 * @category stats
 */
export function estimateTransitions(data: TransitionData, options: EstimateTransitionsOptions): TransitionEstimate {
  const issues: Issue[] = [];
  const { states, absorbing } = readStates(options, issues);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['from', 'to', 'weight'], [], issues);
  const last = states.length - 1;
  const from = readColumn(record['from'], ['from'], issues, { min: 0, max: last, integer: true });
  const length = { length: from?.length ?? 0 };
  const to = readColumn(record['to'], ['to'], issues, { min: 0, max: last, integer: true, ...length });
  const weight = record['weight'] === undefined ? undefined : readColumn(record['weight'], ['weight'], issues, { min: 0, max: 1e15, ...length });
  if (from !== undefined) refuseExits(from, absorbing, issues);
  throwIfIssues(issues);
  if (from === undefined || to === undefined) throw createDomainError('empty', []);
  const n = states.length;
  const counts = new Float64Array(n * n);
  for (let i = 0; i < from.length; i += 1) {
    const at = (from[i] as number) * n + (to[i] as number);
    counts[at] = (counts[at] as number) + (weight === undefined ? 1 : (weight[i] as number));
  }
  const rows = toRows(counts, n, n);
  const probability = rows.map((row, r): number[] | null => {
    const total = row.reduce((sum, value) => sum + value, 0);
    if (total > 0) return row.map((value) => value / total);
    return absorbing.has(r) ? row.map((_, s) => (s === r ? 1 : 0)) : null;
  });
  return { states, counts: rows, probability };
}

function readStates(options: unknown, issues: Issue[]): { readonly states: readonly string[]; readonly absorbing: ReadonlySet<number> } {
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['states', 'absorbing'], ['options'], issues);
  const states = readNames(settings['states'], ['options', 'states'], issues) ?? [];
  const absorbing = new Set<number>();
  if (settings['absorbing'] !== undefined) {
    const list = checkList(settings['absorbing'], ['options', 'absorbing'], issues) ?? [];
    list.forEach((name, k) => {
      const at = typeof name === 'string' ? states.indexOf(name) : -1;
      if (at < 0) issues.push(createIssue('unknown_reference', ['options', 'absorbing', k], { expected: `one of ${states.join(', ')}`, received: name }));
      else absorbing.add(at);
    });
  }
  return { states, absorbing };
}

function refuseExits(from: ArrayLike<number>, absorbing: ReadonlySet<number>, issues: Issue[]): void {
  if (absorbing.size === 0) return;
  for (let i = 0; i < from.length && issues.length < 10; i += 1) {
    if (absorbing.has(from[i] as number)) issues.push(createIssue('invalid_value', ['from', i], { expected: 'a state that can be left', received: from[i] }));
  }
}

/**
 * Stays in states as columns, one entry per stay.
 *
 * @category stats
 */
export interface StayData {
  /** Index of the state of the stay. */
  readonly from: NumericColumn;
  /** Index of the state it ended in, or −1 if it was still going on when last seen: censored. */
  readonly to: NumericColumn;
  /** Time spent in the state, not negative. */
  readonly duration: NumericColumn;
}

/**
 * Transition rates estimated from stays.
 *
 * @category stats
 */
export interface TransitionRates {
  /** Names of the states. */
  readonly states: readonly string[];
  /** `counts[r][s]`: number of moves from r to s. */
  readonly counts: readonly (readonly number[])[];
  /** Time spent in each state. */
  readonly exposure: readonly number[];
  /** Generator Q: `rate[r][s]` = moves from r to s / time spent in r, with minus the sum of the row on the diagonal; null for a state without exposure that is not absorbing. */
  readonly rate: readonly (readonly number[] | null)[];
}

/**
 * Maximum-likelihood estimate of the rates of a continuous-time Markov chain: moves divided by exposure. Stays that are still going on count with the time they took so far.
 *
 * @param data - stays as columns
 * @param options - names of the states, which of them are absorbing
 * @returns counts, exposure and rates; {@link transitionProbabilities} continues from the rates
 * @throws DomainError `length_mismatch` | `invalid_type` | `out_of_range` | `not_an_integer` | `not_finite` | `unknown_reference` | `duplicate_id` | `reserved_key` | `invalid_value` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { estimateTransitionRates } from 'dealwright/stats';
 * const estimate = estimateTransitionRates({ from: [0, 0, 0], to: [1, 2, -1], duration: [10, 20, 10] }, { states: ['open', 'won', 'lost'], absorbing: ['won', 'lost'] });
 * estimate.rate[0]; // => [-0.05, 0.025, 0.025]
 * ```
 * @category stats
 */
export function estimateTransitionRates(data: StayData, options: EstimateTransitionsOptions): TransitionRates {
  const issues: Issue[] = [];
  const { states, absorbing } = readStates(options, issues);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['from', 'to', 'duration'], [], issues);
  const last = states.length - 1;
  const from = readColumn(record['from'], ['from'], issues, { min: 0, max: last, integer: true });
  const length = { length: from?.length ?? 0 };
  const to = readColumn(record['to'], ['to'], issues, { min: -1, max: last, integer: true, ...length });
  const duration = readColumn(record['duration'], ['duration'], issues, { min: 0, max: 1e300, ...length });
  if (from !== undefined && to !== undefined) {
    refuseExits(from, absorbing, issues);
    for (let i = 0; i < from.length && issues.length < 10; i += 1) {
      if (from[i] === to[i]) issues.push(createIssue('invalid_value', ['to', i], { expected: 'another state than "from", or -1', received: to[i] }));
    }
  }
  throwIfIssues(issues);
  if (from === undefined || to === undefined || duration === undefined) throw createDomainError('empty', []);
  const n = states.length;
  const counts = new Float64Array(n * n);
  const exposure = new Float64Array(n);
  for (let i = 0; i < from.length; i += 1) {
    const r = from[i] as number;
    exposure[r] = (exposure[r] as number) + (duration[i] as number);
    const s = to[i] as number;
    if (s >= 0) counts[r * n + s] = (counts[r * n + s] as number) + 1;
  }
  const rows = toRows(counts, n, n);
  const rate = rows.map((row, r): number[] | null => {
    const time = exposure[r] as number;
    if (!(time > 0)) return absorbing.has(r) ? row.map(() => 0) : null;
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map((value, s) => (s === r ? 0 - total : value) / time + 0);
  });
  requireFinite(
    rate.flatMap((row) => row ?? []),
    ['duration'],
  );
  return { states, counts: rows, exposure: Array.from(exposure), rate };
}

/**
 * Transition probabilities over a stretch of time from a matrix of rates: P(t) = exp(Q t).
 *
 * @param rates - generator Q: entries beside the diagonal are not negative, rows add up to 0; n at most 512
 * @param time - length of the stretch in the unit of the rates, not negative
 * @returns `[r][s]`: probability of being in s a time t after being in r; rows add up to 1
 * @throws DomainError `out_of_range` | `invalid_value` (rows that do not add up to 0) | `length_mismatch` | `invalid_type` | `not_finite` | `empty` | `too_long`
 * @example
 * ```ts
 * import { transitionProbabilities } from 'dealwright/stats';
 * transitionProbabilities([[-1, 1], [0, 0]], 1)[0]?.map((value) => Number(value.toFixed(6))); // => [0.367879, 0.632121]
 * ```
 * @category stats
 */
export function transitionProbabilities(rates: Matrix, time: number): number[][] {
  const issues: Issue[] = [];
  const q = readMatrix(rates, ['rates'], issues, { square: true, maxOrder: 512 });
  const t = checkNumber(time, ['time'], issues, { min: 0 });
  if (q !== undefined) {
    const n = q.rows;
    for (let i = 0; i < n && issues.length < 10; i += 1) {
      let sum = 0;
      let size = 0;
      for (let j = 0; j < n; j += 1) {
        const value = q.data[i * n + j] as number;
        sum += value;
        size += Math.abs(value);
        if (i !== j && value < 0) issues.push(createIssue('out_of_range', ['rates', i, j], { expected: 'a rate of at least 0', received: value }));
      }
      if (!(Math.abs(sum) <= 1e-9 * size)) issues.push(createIssue('invalid_value', ['rates', i], { expected: 'rates that add up to 0', received: sum }));
    }
  }
  throwIfIssues(issues);
  if (q === undefined || t === undefined) throw createDomainError('empty', []);
  const n = q.rows;
  const scaled = q.data.map((value) => value * t);
  requireFinite(scaled, ['time']);
  const result = exponentiate(scaled, n);
  requireFinite(result, ['rates']);
  for (let i = 0; i < n; i += 1) {
    // Rounding leaves traces below 0 and beside 1.
    let sum = 0;
    for (let j = 0; j < n; j += 1) {
      const value = Math.max(0, result[i * n + j] as number);
      result[i * n + j] = value;
      sum += value;
    }
    for (let j = 0; j < n; j += 1) result[i * n + j] = (result[i * n + j] as number) / sum;
  }
  return toRows(result, n, n);
}
