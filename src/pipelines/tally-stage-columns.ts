/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { NumericColumn } from '../stats/numeric-column.js';
import { checkOptions, raise } from './call-options.js';
import { type DurationSummary, summarizeCounts } from './duration-summary.js';
import type { DurationCounts } from './mergeable-tally.js';

/**
 * Deals and their stays as columns: how a million deals are summed up in one pass. Stages are places 0, 1, … of the open stages.
 *
 * @category pipelines
 */
export interface StageColumns {
  /** Value of each deal, in minor units or any other whole unit; not negative. */
  readonly value: NumericColumn;
  /** Outcome of each deal: 0 open, 1 won, 2 lost. */
  readonly outcome: NumericColumn;
  /** Where the stays of each deal begin in the columns of stays: one entry more than there are deals, ascending, from 0 to the number of stays. */
  readonly offset: NumericColumn;
  /** Stage of each stay; the stays of a deal in order. */
  readonly stage: NumericColumn;
  /** Day on which each stay began: whole days since any origin. */
  readonly enteredOn: NumericColumn;
  /** Day on which each deal closed; of an open deal anything. */
  readonly closedOn: NumericColumn;
}

/**
 * Options of {@link tallyStageColumns}.
 *
 * @category pipelines
 */
export interface TallyStageColumnsOptions {
  /** Probability of each open stage, 0 to 1: how values are weighted. Its length is the number of stages. */
  readonly probability: readonly number[];
}

/**
 * One stage of {@link StageColumnsTally}.
 *
 * @category pipelines
 */
export interface StageColumnTally {
  /** Stays that began. */
  readonly entries: number;
  /** Deals that were ever in the stage. */
  readonly deals: number;
  /** Of them won. */
  readonly won: number;
  /** Of them lost. */
  readonly lost: number;
  /** Won / (won + lost); `null` if none closed. The closed-only rate, which is biased: see `stageConversion`. */
  readonly closedRate: number | null;
  /** Days of the stays that are over. */
  readonly dwell: DurationSummary;
  /** The same as counts, to be merged. */
  readonly dwellCounts: DurationCounts;
}

/**
 * What columns of deals amount to.
 *
 * @category pipelines
 */
export interface StageColumnsTally {
  /** Number of deals. */
  readonly deals: number;
  /** Sum of the values of open deals. */
  readonly openValue: number;
  /** Sum of value × probability of the stage of open deals. */
  readonly weightedValue: number;
  /** By stage. */
  readonly stages: readonly StageColumnTally[];
  /** Days from the first stay to the close, of won deals. */
  readonly wonCycle: DurationSummary;
  /** The same as counts, to be merged. */
  readonly wonCycleCounts: DurationCounts;
}

const MAX_SPAN = 100_000;

/**
 * Sums up deals that are given as columns: weighted value, conversion, time in stage and cycle, in one pass and without an object for each deal. Medians and quantiles are exact: days are whole,
 * so they are counted instead of sorted.
 *
 * @param columns - deals and their stays
 * @param options - probability of each stage
 * @returns sums, counts and summaries
 * @throws DomainError `invalid_type` | `length_mismatch` | `out_of_range` | `not_an_integer` | `unknown_key` | `missing_key` | `fraction_out_of_range`
 * @example
 * ```ts
 * import { tallyStageColumns } from 'dealwright/pipelines';
 * const tally = tallyStageColumns(
 *   { value: [100, 300], outcome: [1, 0], offset: [0, 2, 3], stage: [0, 1, 0], enteredOn: [0, 10, 5], closedOn: [25, 0] },
 *   { probability: [0.1, 0.5] },
 * );
 * [tally.weightedValue, tally.wonCycle.meanDays, tally.stages[0].dwell.medianDays, tally.stages[0].closedRate]; // => [30, 25, 10, 1]
 * ```
 * @category pipelines
 */
export function tallyStageColumns(columns: StageColumns, options: TallyStageColumnsOptions): StageColumnsTally {
  const issues: IssueSink = [];
  const record = checkRecord(columns, ['columns'], issues, 'columns of deals and stays') ?? {};
  const names = ['value', 'outcome', 'offset', 'stage', 'enteredOn', 'closedOn'] as const;
  checkKeys(record, names, ['columns'], issues);
  const settings = checkOptions(options, ['probability'], issues);
  const probability = readProbabilities(settings.probability, issues);
  const [value, outcome, offset, stage, enteredOn, closedOn] = names.map((name) => columnOf(record[name], name, issues));
  if (issues.length > 0 || value === undefined || outcome === undefined || offset === undefined || stage === undefined || enteredOn === undefined || closedOn === undefined)
    return raise(issues);
  const n = value.length;
  for (const [name, column, length] of [
    ['outcome', outcome, n],
    ['offset', offset, n + 1],
    ['closedOn', closedOn, n],
    ['enteredOn', enteredOn, stage.length],
  ] as const)
    if (column.length !== length) issues.push(createIssue('length_mismatch', ['columns', name], { expected: `${length} numbers`, received: column.length }));
  if (issues.length > 0) return raise(issues);
  if (probability.length === 0 || offset[0] !== 0 || offset[n] !== stage.length)
    return raise([createIssue('out_of_range', ['columns', 'offset'], { expected: `from 0 to ${stage.length}`, received: offset[n] })]);
  return countColumns({ value, outcome, offset, stage, enteredOn, closedOn }, probability);
}

type Column = ArrayLike<number>;

function columnOf(value: unknown, name: string, issues: IssueSink): Column | undefined {
  if (value === undefined) issues.push(createIssue('missing_key', ['columns', name], { expected: 'a column of numbers' }));
  else if (!(Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array))))
    issues.push(createIssue('invalid_type', ['columns', name], { expected: 'a column of numbers', received: value }));
  else {
    // The numbers are checked in the pass; that they are numbers, here: a typed array holds nothing else.
    const column = value as unknown as ArrayLike<unknown>;
    for (let at = 0; Array.isArray(value) && at < column.length; at += 1) {
      if (typeof column[at] === 'number') continue;
      issues.push(createIssue('invalid_type', ['columns', name, at], { expected: 'a number', received: column[at] }));
      return undefined;
    }
    return column as Column;
  }
  return undefined;
}

function readProbabilities(value: unknown, issues: IssueSink): readonly number[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1_000) {
    issues.push(createIssue(value === undefined ? 'missing_key' : 'invalid_type', ['probability'], { expected: 'a probability for each open stage' }));
    return [];
  }
  return value.map((entry: unknown, at) => {
    const number = checkNumber(entry, ['probability', at], issues) ?? 0;
    if (number < 0 || number > 1) issues.push(createIssue('fraction_out_of_range', ['probability', at], { expected: 'a fraction from 0 to 1', received: number }));
    return number;
  });
}

/** The one pass. */
function countColumns(columns: Readonly<Record<keyof StageColumns, Column>>, probability: readonly number[]): StageColumnsTally {
  const { value, outcome, offset, stage, enteredOn, closedOn } = columns;
  const n = value.length;
  const stages = probability.length;
  const entries = new Float64Array(stages);
  /** Deals by stage and outcome. */
  const seen = new Float64Array(stages * 3);
  const lastSeen = new Int32Array(stages).fill(-1);
  const dwell = Array.from({ length: stages }, () => new Int32Array(1_024));
  let cycle = new Int32Array(1_024);
  let openValue = 0;
  let weightedValue = 0;
  for (let deal = 0; deal < n; deal += 1) {
    const result = outcome[deal] as number;
    const worth = value[deal] as number;
    const first = offset[deal] as number;
    const end = offset[deal + 1] as number;
    if (!(result === 0 || result === 1 || result === 2)) return wrong('outcome', deal, '0 (open), 1 (won) or 2 (lost)', result);
    if (!(worth >= 0 && worth <= 9e15)) return wrong('value', deal, 'a number from 0 to 9e15', worth);
    if (!(end >= first && end <= stage.length) || end !== Math.floor(end)) return wrong('offset', deal + 1, `a whole number from ${first} to ${stage.length}`, end);
    const close = result === 0 ? 0 : (closedOn[deal] as number);
    for (let stay = first; stay < end; stay += 1) {
      const at = stage[stay] as number;
      if (!(at >= 0 && at < stages) || at !== (at | 0)) return wrong('stage', stay, `a place from 0 to ${stages - 1}`, at);
      entries[at] = (entries[at] as number) + 1;
      if (lastSeen[at] !== deal) {
        lastSeen[at] = deal;
        seen[at * 3 + result] = (seen[at * 3 + result] as number) + 1;
      }
      const isLast = stay + 1 === end;
      if (isLast && result === 0) continue;
      const days = (isLast ? close : (enteredOn[stay + 1] as number)) - (enteredOn[stay] as number);
      if (!(days >= 0 && days < MAX_SPAN) || days !== (days | 0))
        return wrong(isLast ? 'closedOn' : 'enteredOn', isLast ? deal : stay + 1, `a whole day at most ${MAX_SPAN} days later`, days);
      let counts = dwell[at] as Int32Array<ArrayBuffer>;
      if (days >= counts.length) {
        counts = longer(counts, days);
        dwell[at] = counts;
      }
      counts[days] = (counts[days] as number) + 1;
    }
    if (end === first) continue;
    if (result === 0) {
      openValue += worth;
      weightedValue += worth * (probability[stage[end - 1] as number] as number);
    } else if (result === 1) {
      const days = close - (enteredOn[first] as number);
      if (days >= cycle.length) cycle = longer(cycle, days);
      cycle[days] = (cycle[days] as number) + 1;
    }
  }
  const wonCycleCounts = sparse(cycle);
  return {
    deals: n,
    openValue,
    weightedValue,
    stages: dwell.map((counts, at) => {
      const [open, won, lost] = [seen[at * 3] as number, seen[at * 3 + 1] as number, seen[at * 3 + 2] as number];
      const dwellCounts = sparse(counts);
      return {
        entries: entries[at] as number,
        deals: open + won + lost,
        won,
        lost,
        closedRate: won + lost === 0 ? null : won / (won + lost),
        dwell: summarizeCounts(dwellCounts),
        dwellCounts,
      };
    }),
    wonCycle: summarizeCounts(wonCycleCounts),
    wonCycleCounts,
  };
}

function longer(counts: Int32Array, days: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(2 * counts.length, days + 1));
  grown.set(counts);
  return grown;
}

function sparse(counts: Int32Array): DurationCounts {
  const days: number[] = [];
  const count: number[] = [];
  for (let at = 0; at < counts.length; at += 1) {
    if (counts[at] === 0) continue;
    days.push(at);
    count.push(counts[at] as number);
  }
  return { days, count };
}

function wrong(name: string, at: number, expected: string, received: unknown): never {
  const issue: Issue = createIssue(typeof received === 'number' ? (Number.isFinite(received) ? 'out_of_range' : 'not_finite') : 'invalid_type', ['columns', name, at], {
    expected,
    received,
  });
  return raise([issue]);
}
