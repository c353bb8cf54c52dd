/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkBoolean, checkKeys, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { readNames } from './aalen-johansen.js';
import { type NumericColumn, readColumn } from './numeric-column.js';
import { probabilityLimits, readIntervalOptions, type SurvivalIntervalMethod, type SurvivalIntervalOptions } from './survival-interval.js';
import { indexOfTime } from './survival-tally.js';

/**
 * Stays in states as columns, one entry per stay (a deal in a stage). The stays of one subject follow one another in time.
 *
 * @category stats
 */
export interface MultiStateData {
  /** Whole number that names the subject of each stay; its stays are dependent. Default every stay a subject of its own. */
  readonly subject?: NumericColumn;
  /** Time at which the stay came under observation, not negative, on the clock of the subject. */
  readonly start: NumericColumn;
  /** Time at which it ended or was last seen, after `start`. */
  readonly stop: NumericColumn;
  /** Index of the state of the stay. */
  readonly from: NumericColumn;
  /** Index of the state it ended in, or −1 if it was still going on: censored. */
  readonly to: NumericColumn;
}

/**
 * How state probabilities are estimated.
 *
 * @category stats
 */
export interface MultiStateOptions extends SurvivalIntervalOptions {
  /** Names of the states, in the order of their indexes. */
  readonly states: readonly string[];
  /** Whether to compute standard errors and limits, which takes subjects × times. Default true. */
  readonly standardErrors?: boolean;
}

/**
 * The probability of one state, as columns along the times.
 *
 * @category stats
 */
export interface StateProbability {
  /** Name of the state. */
  readonly state: string;
  /** Number of stays in the state at risk just before each time. */
  readonly atRisk: readonly number[];
  /** Probability of being in the state just after each time. */
  readonly probability: readonly number[];
  /** Standard error of the probability; null when not asked for. */
  readonly standardError: readonly number[] | null;
  /** Lower confidence limits, null where the probability is 0; null when not asked for. */
  readonly lower: readonly (number | null)[] | null;
  /** Upper confidence limits, null where the probability is 0; null when not asked for. */
  readonly upper: readonly (number | null)[] | null;
}

/**
 * State probabilities over time, as columns: one entry per distinct time at which a stay ended.
 *
 * @category stats
 */
export interface MultiStateProbabilities {
  /** Distinct times at which stays ended, ascending. */
  readonly time: readonly number[];
  /** One entry per state. */
  readonly states: readonly StateProbability[];
  /** Probability of each state at the beginning: the shares among the stays that start first. */
  readonly initial: readonly number[];
  /** Scale of the limits. */
  readonly interval: SurvivalIntervalMethod;
  /** Confidence level of the limits, a fraction. */
  readonly level: number;
}

/**
 * Aalen–Johansen estimate of a process with several states and any transitions between them: p(t) = p(0) Π (I + dA), where dA holds at each time the shares of the stays
 * at risk that moved. It needs no Markov assumption for state probabilities. Standard errors are those of the infinitesimal jackknife by subject, as survival::survfit of R.
 *
 * @param data - stays as columns
 * @param options - names of the states; scale and level of the limits
 * @returns the probability of every state over time
 * @throws DomainError `invalid_type` | `length_mismatch` | `empty` | `out_of_range` | `invalid_value` | `not_an_integer` | `not_finite` | `duplicate_id` | `reserved_key` | `too_long` | `fraction_out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { multiStateProbabilities } from 'dealwright/stats';
 * const data = { subject: [1, 1, 2], start: [0, 2, 0], stop: [2, 5, 3], from: [0, 1, 0], to: [1, 2, 2] };
 * const result = multiStateProbabilities(data, { states: ['open', 'proposal', 'won'] });
 * result.time; // => [2, 3, 5]
 * result.states[2]?.probability; // => [0, 0.5, 1]
 * ```
 * @category stats
 */
export function multiStateProbabilities(data: MultiStateData, options: MultiStateOptions): MultiStateProbabilities {
  const issues: Issue[] = [];
  const { settings, limits } = readIntervalOptions(options, ['states', 'standardErrors'], issues);
  const names = readNames(settings['states'], ['options', 'states'], issues);
  const hasErrors = settings['standardErrors'] === undefined ? true : (checkBoolean(settings['standardErrors'], ['options', 'standardErrors'], issues) ?? true);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['subject', 'start', 'stop', 'from', 'to'], [], issues);
  const start = readColumn(record['start'], ['start'], issues, { min: 0, atLeast: 1 });
  const length = { length: start?.length ?? 0 };
  const stop = readColumn(record['stop'], ['stop'], issues, length);
  const last = (names?.length ?? 1) - 1;
  const from = readColumn(record['from'], ['from'], issues, { min: 0, max: last, integer: true, ...length });
  const to = readColumn(record['to'], ['to'], issues, { min: -1, max: last, integer: true, ...length });
  const subject = record['subject'] === undefined ? undefined : readColumn(record['subject'], ['subject'], issues, { integer: true, ...length });
  if (start !== undefined && stop !== undefined && from !== undefined && to !== undefined) {
    for (let i = 0; i < start.length && issues.length < 10; i += 1) {
      if (!((stop[i] as number) > (start[i] as number)))
        issues.push(createIssue('out_of_range', ['stop', i], { expected: `a number above the start ${start[i] as number}`, received: stop[i] }));
      if (to[i] === from[i]) issues.push(createIssue('invalid_value', ['to', i], { expected: 'another state than "from", or -1', received: to[i] }));
    }
  }
  throwIfIssues(issues);
  if (names === undefined || start === undefined || stop === undefined || from === undefined || to === undefined) throw createDomainError('empty', []);

  const n = start.length;
  const width = names.length;
  const grid = Float64Array.from(new Set(Array.from(stop, (value) => value + 0))).sort();
  const byStart = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) byStart[i] = i;
  const byStop = byStart.slice().sort((a, b) => (stop[a] as number) - (stop[b] as number));
  byStart.sort((a, b) => (start[a] as number) - (start[b] as number));

  // Subjects as dense indexes.
  const owner = new Uint32Array(n);
  let subjects = n;
  if (subject === undefined) for (let i = 0; i < n; i += 1) owner[i] = i;
  else {
    const index = new Map<number, number>();
    for (let i = 0; i < n; i += 1) {
      const key = (subject[i] as number) + 0;
      let at = index.get(key);
      if (at === undefined) {
        at = index.size;
        index.set(key, at);
      }
      owner[i] = at;
    }
    subjects = index.size;
  }

  // The beginning: where the stays are that start first.
  let p = new Float64Array(width);
  const origin = start[byStart[0] as number] as number;
  let founders = 0;
  while (founders < n && start[byStart[founders] as number] === origin) {
    const state = from[byStart[founders] as number] as number;
    p[state] = (p[state] as number) + 1;
    founders += 1;
  }
  for (let k = 0; k < width; k += 1) p[k] = (p[k] as number) / founders;
  const initial = Array.from(p);
  const influence = hasErrors ? new Float64Array(subjects * width) : undefined;
  if (influence !== undefined) {
    for (let f = 0; f < founders; f += 1) {
      const row = byStart[f] as number;
      const at = (owner[row] as number) * width;
      for (let k = 0; k < width; k += 1) influence[at + k] = (influence[at + k] as number) + ((from[row] === k ? 1 : 0) - (p[k] as number)) / founders;
    }
  }

  const states = names.map((state) => ({
    state,
    atRisk: [] as number[],
    probability: [] as number[],
    standardError: [] as number[],
    lower: [] as (number | null)[],
    upper: [] as (number | null)[],
  }));
  const atRisk = new Float64Array(width);
  const moves = new Float64Array(width * width);
  const step = new Float64Array(width * width);
  const next = new Float64Array(width);
  const error = new Float64Array(width);
  // Stays at risk, in a list from which they are removed by swapping with the last.
  const active = new Uint32Array(n);
  const place = new Int32Array(n).fill(-1);
  let activeCount = 0;
  let entered = 0;
  let left = 0;
  let isFirst = true;
  for (const t of grid) {
    while (entered < n && (start[byStart[entered] as number] as number) < t) {
      const row = byStart[entered] as number;
      atRisk[from[row] as number] = (atRisk[from[row] as number] as number) + 1;
      active[activeCount] = row;
      place[row] = activeCount;
      activeCount += 1;
      entered += 1;
    }
    moves.fill(0);
    let moved = 0;
    const firstLeaving = left;
    for (; left < n && stop[byStop[left] as number] === t; left += 1) {
      const row = byStop[left] as number;
      const target = to[row] as number;
      if (target < 0) continue;
      const at = (from[row] as number) * width + target;
      moves[at] = (moves[at] as number) + 1;
      moved += 1;
    }
    for (let k = 0; k < width; k += 1) states[k]?.atRisk.push(atRisk[k] as number);
    if (moved > 0) {
      for (let h = 0; h < width; h += 1) {
        let out = 0;
        for (let k = 0; k < width; k += 1) {
          const share = (moves[h * width + k] as number) === 0 ? 0 : (moves[h * width + k] as number) / (atRisk[h] as number);
          step[h * width + k] = share;
          out += moves[h * width + k] as number;
        }
        step[h * width + h] = out === 0 ? 1 : ((atRisk[h] as number) - out) / (atRisk[h] as number);
      }
      if (influence !== undefined) {
        propagate(influence, subjects, width, step, next);
        for (let a = 0; a < activeCount; a += 1) {
          const row = active[a] as number;
          const h = from[row] as number;
          const weight = (p[h] as number) / (atRisk[h] as number);
          if (weight === 0) continue;
          const target = stop[row] === t && (to[row] as number) >= 0 ? (to[row] as number) : h;
          const at = (owner[row] as number) * width;
          for (let k = 0; k < width; k += 1) influence[at + k] = (influence[at + k] as number) + weight * ((target === k ? 1 : 0) - (step[h * width + k] as number));
        }
      }
      next.fill(0);
      for (let h = 0; h < width; h += 1) for (let k = 0; k < width; k += 1) next[k] = (next[k] as number) + (p[h] as number) * (step[h * width + k] as number);
      p = next.slice();
    }
    if (influence !== undefined && (moved > 0 || isFirst)) {
      error.fill(0);
      for (let i = 0; i < subjects; i += 1) for (let k = 0; k < width; k += 1) error[k] = (error[k] as number) + (influence[i * width + k] as number) ** 2;
      for (let k = 0; k < width; k += 1) error[k] = Math.sqrt(error[k] as number);
    }
    isFirst = false;
    for (let k = 0; k < width; k += 1) {
      const state = states[k];
      if (state === undefined) continue;
      const probability = Math.min(1, p[k] as number);
      state.probability.push(probability);
      if (influence === undefined) continue;
      const [lower, upper] = probabilityLimits(probability, probability > 0 ? (error[k] as number) / probability : 0, limits);
      state.standardError.push(error[k] as number);
      state.lower.push(lower);
      state.upper.push(upper);
    }
    for (let i = firstLeaving; i < left; i += 1) {
      const row = byStop[i] as number;
      atRisk[from[row] as number] = (atRisk[from[row] as number] as number) - 1;
      activeCount -= 1;
      const moving = active[activeCount] as number;
      const hole = place[row] as number;
      active[hole] = moving;
      place[moving] = hole;
    }
  }
  return {
    time: Array.from(grid),
    states: states.map((state) =>
      hasErrors ? state : { state: state.state, atRisk: state.atRisk, probability: state.probability, standardError: null, lower: null, upper: null },
    ),
    initial,
    interval: limits.interval,
    level: limits.level,
  };
}

/** Multiplies every row of `u` (rows × width) by `step` (width × width) in place. */
function propagate(u: Float64Array, rows: number, width: number, step: Float64Array, scratch: Float64Array): void {
  for (let i = 0; i < rows; i += 1) {
    const at = i * width;
    scratch.fill(0);
    for (let h = 0; h < width; h += 1) {
      const value = u[at + h] as number;
      if (value === 0) continue;
      for (let k = 0; k < width; k += 1) scratch[k] = (scratch[k] as number) + value * (step[h * width + k] as number);
    }
    u.set(scratch, at);
  }
}

/**
 * Reads state probabilities at a time.
 *
 * @param result - result of {@link multiStateProbabilities}
 * @param time - a time
 * @returns the probability of every state, in the order of the states
 * @throws DomainError `invalid_type` | `not_finite` | `length_mismatch`
 * @example
 * ```ts
 * import { multiStateProbabilities, stateProbabilitiesAt } from 'dealwright/stats';
 * const data = { start: [0, 0], stop: [2, 4], from: [0, 0], to: [1, 1] };
 * stateProbabilitiesAt(multiStateProbabilities(data, { states: ['open', 'closed'] }), 3); // => [0.5, 0.5]
 * ```
 * @category stats
 */
export function stateProbabilitiesAt(result: MultiStateProbabilities, time: number): number[] {
  const issues: Issue[] = [];
  const record = checkRecord(result, ['result'], issues) ?? {};
  const grid = readColumn(record['time'], ['result', 'time'], issues);
  const initial = readColumn(record['initial'], ['result', 'initial'], issues);
  const at = readColumn([time], ['time'], issues);
  const states = record['states'];
  if (!Array.isArray(states) || states.length !== initial?.length)
    issues.push(createIssue('invalid_type', ['result', 'states'], { expected: 'a list of states', received: states }));
  const columns: (ArrayLike<number> | undefined)[] = [];
  if (grid !== undefined && Array.isArray(states)) {
    states.forEach((state: unknown, k) => {
      const entry = checkRecord(state, ['result', 'states', k], issues);
      if (entry !== undefined) columns.push(readColumn(entry['probability'], ['result', 'states', k, 'probability'], issues, { length: grid.length }));
    });
  }
  throwIfIssues(issues);
  if (grid === undefined || initial === undefined || at === undefined) throw createDomainError('empty', []);
  const t = at[0] as number;
  if (grid.length === 0 || t < (grid[0] as number)) return Array.from(initial);
  let index = indexOfTime(grid, t);
  if ((grid[index] as number) > t) index -= 1;
  return columns.map((column) => (column as ArrayLike<number>)[index] as number);
}
