/*
 * Counting who leaves when: the one pass over the rows behind every survival curve.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { checkKeys, checkList, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { MIN_WEIGHT, type NumericColumn, readBinaryColumn, readColumn, readWeights } from './numeric-column.js';

/**
 * When rows came under observation: null (or a value below any time) for those observed from the start.
 *
 * @category stats
 */
export type EntryColumn = readonly (number | null)[] | NumericColumn;

/**
 * Times to one kind of event, as columns with one entry per row (a deal, a stay in a stage).
 *
 * @category stats
 */
export interface SurvivalData {
  /** Time at which the row ended or was last seen, not negative, from its own origin. */
  readonly time: NumericColumn;
  /** 1 (true) if the event happened at `time`, 0 (false) if the row was still open: censored. */
  readonly event: NumericColumn | readonly boolean[];
  /** Delayed entry (left truncation): the row counts as at risk only after this time, which lies before `time`. Default observed from the start. */
  readonly entry?: EntryColumn;
  /** How many equal rows this row stands for, not negative. Default 1. */
  readonly weight?: NumericColumn;
}

/**
 * Times to the first of several kinds of event, as columns with one entry per row.
 *
 * @category stats
 */
export interface CompetingRisksData {
  /** Time at which the row ended or was last seen, not negative, from its own origin. */
  readonly time: NumericColumn;
  /** 0 if the row was still open (censored), else 1, 2, … for the first, second, … of the causes named in the options. */
  readonly cause: NumericColumn;
  /** Delayed entry (left truncation): the row counts as at risk only after this time, which lies before `time`. Default observed from the start. */
  readonly entry?: EntryColumn;
  /** How many equal rows this row stands for, not negative. Default 1. */
  readonly weight?: NumericColumn;
}

/**
 * Everything a survival curve needs to know of its rows. Tallies of disjoint sets of rows merge by {@link mergeSurvivalTallies}, so one curve can be made of parts counted apart.
 *
 * @category stats
 */
export interface SurvivalTally {
  /** Distinct times at which rows end or enter, ascending. */
  readonly time: readonly number[];
  /** `exits[0]` is the weight of rows censored at each time, `exits[k]` of those that ended by cause k. */
  readonly exits: readonly (readonly number[])[];
  /** Weight of rows that come under observation just after each time. */
  readonly entries: readonly number[];
  /** Number of rows counted. */
  readonly rows: number;
}

/** A tally in typed arrays, restricted to times at which something ends. */
export interface RiskTable {
  readonly time: Float64Array;
  /** Weight at risk just before each time. */
  readonly atRisk: Float64Array;
  /** `exits[k * time.length + i]`: weight leaving at time i by cause k, 0 = censored. */
  readonly exits: Float64Array;
  readonly causes: number;
  readonly rows: number;
}

/** Longest span of whole times that is counted in an array by time, whatever the number of rows. */
const MIN_DIRECT_SPAN = 1 << 16;
const MAX_DIRECT_SPAN = 1 << 24;

/** Latest time: squares of later ones would overflow. */
export const MAX_TIME = 1e150;

/** Columns after reading. */
export interface ReadSurvival {
  readonly time: ArrayLike<number>;
  /** 0 = censored, else the cause. */
  readonly cause: ArrayLike<number>;
  readonly entry: Float64Array | undefined;
  readonly weight: ArrayLike<number> | undefined;
}

/** Reads {@link SurvivalData} or {@link CompetingRisksData}; `causes` is undefined for the former. */
export function readSurvivalData(data: unknown, causes: number | undefined, issues: Issue[], extraKeys: readonly string[] = []): ReadSurvival | undefined {
  const record = checkRecord(data, [], issues);
  if (record === undefined) return undefined;
  const outcome = causes === undefined ? 'event' : 'cause';
  checkKeys(record, ['time', outcome, 'entry', 'weight', ...extraKeys], [], issues);
  const time = readColumn(record['time'], ['time'], issues, { min: 0, max: MAX_TIME, atLeast: 1 });
  const length = time === undefined ? {} : { length: time.length };
  const cause =
    causes === undefined
      ? readBinaryColumn(record['event'], ['event'], issues, length)
      : readColumn(record['cause'], ['cause'], issues, { min: 0, max: causes, integer: true, ...length });
  const weight = record['weight'] === undefined || time === undefined ? undefined : readWeights(record['weight'], ['weight'], issues, time.length);
  const entry = record['entry'] === undefined || time === undefined ? undefined : readEntry(record['entry'], time, issues);
  if (time === undefined || cause === undefined) return undefined;
  return { time, cause, entry, weight };
}

/** Delayed entries with −Infinity for rows observed from the start. */
export function readEntry(value: unknown, time: ArrayLike<number>, issues: Issue[]): Float64Array | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    issues.push(createIssue('invalid_type', ['entry'], { expected: 'a list of numbers and nulls', received: value }));
    return undefined;
  }
  const list = value as unknown as ArrayLike<unknown>; // an array or a view; a DataView has no length and is refused below
  if (list.length !== time.length) {
    issues.push(createIssue('length_mismatch', ['entry'], { expected: `${time.length} numbers`, received: value }));
    return undefined;
  }
  const entry = new Float64Array(list.length);
  let bad = 0;
  for (let i = 0; i < entry.length; i += 1) {
    const item = list[i];
    if (item === null) {
      entry[i] = -Infinity;
      continue;
    }
    if (typeof item === 'number' && item < (time[i] as number) && item > -Infinity) {
      entry[i] = item + 0;
      continue;
    }
    bad += 1;
    if (bad > 10) continue;
    if (typeof item === 'number') {
      issues.push(
        createIssue(Number.isFinite(item) ? 'out_of_range' : 'not_finite', ['entry', i], {
          expected: `a number below the row's time ${time[i] as number}, or null`,
          received: item,
        }),
      );
    } else issues.push(createIssue('invalid_type', ['entry', i], { expected: 'a number or null', received: item }));
  }
  return entry;
}

/** Counts rows by time and cause. */
export function countExits(data: ReadSurvival, causes: number): { readonly table: RiskTable; readonly entryTime: Float64Array; readonly entryWeight: Float64Array } {
  const { time, cause, entry, weight } = data;
  const n = time.length;
  let low = Infinity;
  let high = -Infinity;
  let isWhole = true;
  for (let i = 0; i < n; i += 1) {
    const t = time[i] as number;
    if (t < low) low = t;
    if (t > high) high = t;
    if (isWhole && Math.floor(t) !== t) isWhole = false;
  }
  if (entry !== undefined && isWhole) {
    for (let i = 0; i < n; i += 1) {
      const t = entry[i] as number;
      if (t === -Infinity) continue;
      if (t < low) low = t;
      if (Math.floor(t) !== t) {
        isWhole = false;
        break;
      }
    }
  }
  const span = high - low + 1;
  const direct = isWhole && span <= Math.min(MAX_DIRECT_SPAN, Math.max(MIN_DIRECT_SPAN, 4 * n));
  const width = causes + 1;
  let grid: Float64Array | undefined;
  let slots: number;
  if (direct) slots = span;
  else {
    grid = distinctTimes(time, entry);
    slots = grid.length;
  }
  const exits = new Float64Array(slots * width);
  const entries = entry === undefined ? undefined : new Float64Array(slots);
  if (grid === undefined && weight === undefined) {
    for (let i = 0; i < n; i += 1) {
      const at = ((time[i] as number) - low) * width + (cause[i] as number);
      exits[at] = (exits[at] as number) + 1;
    }
  } else {
    for (let i = 0; i < n; i += 1) {
      const slot = grid === undefined ? (time[i] as number) - low : indexOfTime(grid, time[i] as number);
      const at = slot * width + (cause[i] as number);
      exits[at] = (exits[at] as number) + (weight === undefined ? 1 : (weight[i] as number));
    }
  }
  if (entry !== undefined && entries !== undefined) {
    for (let i = 0; i < n; i += 1) {
      const t = entry[i] as number;
      if (t === -Infinity) continue;
      const slot = grid === undefined ? t - low : indexOfTime(grid, t);
      entries[slot] = (entries[slot] as number) + (weight === undefined ? 1 : (weight[i] as number));
    }
  }
  return compress(exits, entries, slots, width, (slot) => (grid === undefined ? low + slot : (grid[slot] as number)), n);
}

function distinctTimes(time: ArrayLike<number>, entry: Float64Array | undefined): Float64Array {
  const n = time.length;
  const all = new Float64Array(entry === undefined ? n : 2 * n);
  for (let i = 0; i < n; i += 1) all[i] = (time[i] as number) + 0;
  // Rows observed from the start repeat their own time, which adds nothing.
  if (entry !== undefined) for (let i = 0; i < n; i += 1) all[n + i] = entry[i] === -Infinity ? (time[i] as number) + 0 : (entry[i] as number);
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i += 1) {
    if (i > 0 && all[i] === all[count - 1]) continue;
    all[count] = all[i] as number;
    count += 1;
  }
  return all.slice(0, count);
}

/** Place of a time in an ascending list that holds it. */
export function indexOfTime(grid: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = grid.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((grid[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of entries of an ascending list that are at most `time`. */
export function countUpTo(grid: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = grid.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((grid[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keeps the times at which something ends, with suffix sums as risk sets (exact for whole weights, and accurate at the end for others). */
function compress(
  exits: Float64Array,
  entries: Float64Array | undefined,
  slots: number,
  width: number,
  timeOf: (slot: number) => number,
  rows: number,
): { readonly table: RiskTable; readonly entryTime: Float64Array; readonly entryWeight: Float64Array } {
  let count = 0;
  let entryCount = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    let sum = 0;
    for (let k = 0; k < width; k += 1) sum += exits[slot * width + k] as number;
    if (sum > 0) count += 1;
    if (entries !== undefined && (entries[slot] as number) > 0) entryCount += 1;
  }
  const time = new Float64Array(count);
  const atRisk = new Float64Array(count);
  const byCause = new Float64Array(count * width);
  const entryTime = new Float64Array(entryCount);
  const entryWeight = new Float64Array(entryCount);
  let at = count;
  let entryAt = entryCount;
  let leaving = 0;
  let entering = 0;
  for (let slot = slots - 1; slot >= 0; slot -= 1) {
    // At risk at t are those who leave at t or later and did not enter at t or later.
    const entered = entries === undefined ? 0 : (entries[slot] as number);
    entering += entered;
    if (entered > 0) {
      entryAt -= 1;
      entryTime[entryAt] = timeOf(slot);
      entryWeight[entryAt] = entered;
    }
    let sum = 0;
    for (let k = 0; k < width; k += 1) sum += exits[slot * width + k] as number;
    if (!(sum > 0)) continue;
    leaving += sum;
    at -= 1;
    time[at] = timeOf(slot);
    atRisk[at] = Math.max(sum, leaving - entering);
    for (let k = 0; k < width; k += 1) byCause[k * count + at] = exits[slot * width + k] as number;
  }
  return { table: { time, atRisk, exits: byCause, causes: width - 1, rows }, entryTime, entryWeight };
}

/**
 * Options of {@link tallySurvival}.
 *
 * @category stats
 */
export interface TallySurvivalOptions {
  /** Number of causes, at least 1. Default 1: the data have an `event` column; with more they have a `cause` column. */
  readonly causes?: number;
}

const MAX_CAUSES = 64;

/**
 * Counts rows by time and cause: the mergeable state of a survival curve. {@link kaplanMeier} and {@link aalenJohansen} accept it in place of rows.
 *
 * @param data - rows as columns
 * @param options - number of causes
 * @returns counts by time, as plain data
 * @throws DomainError `invalid_type` | `length_mismatch` | `empty` | `out_of_range` | `invalid_value` | `not_an_integer` | `not_finite` | `invalid_weights` | `unknown_key`
 * @example
 * ```ts
 * import { tallySurvival } from 'dealwright/stats';
 * tallySurvival({ time: [3, 5, 5], event: [1, 0, 1] }); // => { time: [3, 5], exits: [[0, 1], [1, 1]], entries: [0, 0], rows: 3 }
 * ```
 * @category stats
 */
export function tallySurvival(data: SurvivalData | CompetingRisksData, options: TallySurvivalOptions = {}): SurvivalTally {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['causes'], ['options'], issues);
  const causes = settings['causes'] === undefined ? 1 : (checkNumber(settings['causes'], ['options', 'causes'], issues, { min: 1, max: MAX_CAUSES, integer: true }) ?? 1);
  const hasCause = typeof data === 'object' && data !== null && Object.hasOwn(data, 'cause');
  const read = readSurvivalData(data, causes === 1 && !hasCause ? undefined : causes, issues);
  throwIfIssues(issues);
  if (read === undefined) throw createDomainError('empty', []);
  const { table, entryTime, entryWeight } = countExits(read, causes);
  return assembleTally(table, entryTime, entryWeight);
}

function assembleTally(table: RiskTable, entryTime: Float64Array, entryWeight: Float64Array): SurvivalTally {
  const width = table.causes + 1;
  const count = table.time.length;
  const time: number[] = [];
  const entries: number[] = [];
  const exits: number[][] = Array.from({ length: width }, () => []);
  let i = 0;
  let j = 0;
  while (i < count || j < entryTime.length) {
    const exitAt = i < count ? (table.time[i] as number) : Infinity;
    const enterAt = j < entryTime.length ? (entryTime[j] as number) : Infinity;
    time.push(Math.min(exitAt, enterAt));
    for (let k = 0; k < width; k += 1) (exits[k] as number[]).push(exitAt <= enterAt ? (table.exits[k * count + i] as number) : 0);
    entries.push(enterAt <= exitAt ? (entryWeight[j] as number) : 0);
    if (exitAt <= enterAt) i += 1;
    if (enterAt <= exitAt) j += 1;
  }
  return { time, exits, entries, rows: table.rows };
}

/** Whether a value has the shape of a tally rather than of rows. */
export function isTally(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'exits');
}

/** Reads a tally into a risk table; `causes` is what the caller can use, undefined for any. */
export function readTally(
  value: unknown,
  causes: number | undefined,
  issues: Issue[],
): { readonly table: RiskTable; readonly entryTime: Float64Array; readonly entryWeight: Float64Array } | undefined {
  const record = checkRecord(value, [], issues);
  if (record === undefined) return undefined;
  checkKeys(record, ['time', 'exits', 'entries', 'rows'], [], issues);
  const time = readColumn(record['time'], ['time'], issues, { min: -MAX_TIME, max: MAX_TIME });
  const length = time?.length ?? 0;
  const entries = readColumn(record['entries'], ['entries'], issues, { min: 0, length });
  const rows = checkNumber(record['rows'], ['rows'], issues, { min: 0, integer: true });
  const lists = checkList(record['exits'], ['exits'], issues, { min: 2 });
  if (time === undefined || entries === undefined || lists === undefined || rows === undefined) return undefined;
  if (lists.length > MAX_CAUSES + 1 || (causes !== undefined && lists.length !== causes + 1)) {
    issues.push(createIssue('length_mismatch', ['exits'], { expected: `${(causes ?? MAX_CAUSES) + 1} lists`, received: lists }));
    return undefined;
  }
  const width = lists.length;
  const exits = new Float64Array(length * width);
  for (let k = 0; k < width; k += 1) {
    const column = readColumn(lists[k], ['exits', k], issues, { min: 0, max: 1e300, length });
    if (column === undefined) return undefined;
    for (let i = 0; i < length; i += 1) {
      const weight = column[i] as number;
      exits[i * width + k] = weight < MIN_WEIGHT ? 0 : weight;
    }
  }
  for (let i = 1; i < length; i += 1) {
    if ((time[i] as number) > (time[i - 1] as number)) continue;
    issues.push(createIssue('invalid_value', ['time', i], { expected: 'ascending times', received: time[i] }));
    return undefined;
  }
  return compress(exits, Float64Array.from(entries), length, width, (slot) => time[slot] as number, rows);
}

/**
 * Merges tallies of disjoint sets of rows into that of all rows. Counts are whole numbers (unless weights are not), so any partition in any order gives the same tally.
 *
 * @param tallies - at least one, all with the same number of causes
 * @returns the tally of all rows
 * @throws DomainError `length_mismatch` | `invalid_type` | `invalid_value` | `empty` | `out_of_range` | `not_finite`
 * @example
 * ```ts
 * import { kaplanMeier, mergeSurvivalTallies, tallySurvival } from 'dealwright/stats';
 * const east = tallySurvival({ time: [3, 5], event: [1, 0] });
 * const west = tallySurvival({ time: [5], event: [1] });
 * kaplanMeier(mergeSurvivalTallies([east, west])).atRisk; // => [3, 2]
 * ```
 * @category stats
 */
export function mergeSurvivalTallies(tallies: readonly SurvivalTally[]): SurvivalTally {
  const issues: Issue[] = [];
  const list = checkList(tallies, ['tallies'], issues, { min: 1 }) ?? [];
  let causes: number | undefined;
  const parts: NonNullable<ReturnType<typeof readTally>>[] = [];
  for (let i = 0; i < list.length; i += 1) {
    const found: Issue[] = [];
    const part = readTally(list[i], causes, found);
    for (const issue of found) issues.push({ ...issue, path: ['tallies', i, ...issue.path] });
    if (part === undefined) continue;
    causes ??= part.table.causes;
    parts.push(part);
  }
  throwIfIssues(issues);
  if (causes === undefined) throw createDomainError('empty', ['tallies']);
  const all = new Set<number>();
  for (const { table, entryTime } of parts) {
    for (const t of table.time) all.add(t);
    for (const t of entryTime) all.add(t);
  }
  const grid = Float64Array.from(all).sort();
  const width = causes + 1;
  const exits = new Float64Array(grid.length * width);
  const entries = new Float64Array(grid.length);
  let rows = 0;
  for (const { table, entryTime, entryWeight } of parts) {
    rows += table.rows;
    const count = table.time.length;
    for (let i = 0; i < count; i += 1) {
      const slot = indexOfTime(grid, table.time[i] as number) * width;
      for (let k = 0; k < width; k += 1) exits[slot + k] = (exits[slot + k] as number) + (table.exits[k * count + i] as number);
    }
    for (let j = 0; j < entryTime.length; j += 1) {
      const slot = indexOfTime(grid, entryTime[j] as number);
      entries[slot] = (entries[slot] as number) + (entryWeight[j] as number);
    }
  }
  const merged = compress(exits, entries, grid.length, width, (slot) => grid[slot] as number, rows);
  return assembleTally(merged.table, merged.entryTime, merged.entryWeight);
}
