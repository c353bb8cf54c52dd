import { type Exact, exactAdd, exactFromCanonical, exactToString } from '../decimal/exact.js';
import { type DecimalString, readComputedDecimal } from '../decimal/parse-decimal.js';
import { checkId, checkKeys, checkList, checkNumber, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { checkDeals, raise } from './call-options.js';

/**
 * How often each length of time occurred: two columns of equal length.
 *
 * @category pipelines
 */
export interface DurationCounts {
  /** Distinct lengths in days, ascending. */
  readonly days: readonly number[];
  /** How often each occurred. */
  readonly count: readonly number[];
}

/**
 * One row of a {@link MergeableState}.
 *
 * @category pipelines
 */
export interface MergeableRow {
  /** What the row is about: a pipeline and a stage, for example. */
  readonly key: readonly string[];
  /** Counts by name. */
  readonly count: Readonly<Record<string, number>>;
  /** Lengths of time by name. */
  readonly days: Readonly<Record<string, DurationCounts>>;
  /** Exact sums by name. */
  readonly value: Readonly<Record<string, DecimalString>>;
}

/**
 * A partial tally: plain data that can be stored, sent and merged with others made with the same settings.
 *
 * @category pipelines
 */
export interface MergeableState {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** Which tally it belongs to. */
  readonly kind: string;
  /** The options that decide what is counted; only states with equal settings merge. */
  readonly settings: Readonly<Record<string, string | number | null>>;
  /** The rows in the order of their keys. */
  readonly rows: readonly MergeableRow[];
  /** Entries that could not be read or placed. */
  readonly setAside: number;
}

/**
 * An aggregate in four steps. Merging is associative and commutative: any split of the input and any order give the same figures as one pass.
 *
 * @typeParam Item - what is added
 * @typeParam Result - the figures
 * @category pipelines
 */
export interface MergeableTally<Item, Result> {
  /** The tally of nothing. */
  readonly empty: () => MergeableState;
  /** Adds one entry. */
  readonly add: (state: MergeableState, item: Item) => MergeableState;
  /** Adds many entries in one pass. */
  readonly addAll: (state: MergeableState, items: readonly Item[]) => MergeableState;
  /** The tally of the entries of both. */
  readonly merge: (a: MergeableState, b: MergeableState) => MergeableState;
  /** The figures. */
  readonly finish: (state: MergeableState) => Result;
}

/** A row under construction. */
export interface OpenRow {
  readonly key: readonly string[];
  readonly count: Map<string, number>;
  readonly days: Map<string, Map<number, number>>;
  readonly value: Map<string, Exact>;
}

/** Rows under construction, by key. */
export interface TallyRows {
  readonly rows: Map<string, OpenRow>;
  setAside: number;
}

function newRows(): TallyRows {
  return { rows: new Map(), setAside: 0 };
}

/** The row with a key. */
export function rowOf(book: TallyRows, key: readonly string[]): OpenRow {
  const name = JSON.stringify(key);
  let row = book.rows.get(name);
  if (row === undefined) {
    row = { key, count: new Map(), days: new Map(), value: new Map() };
    book.rows.set(name, row);
  }
  return row;
}

/** Counts one more. */
export function bump(row: OpenRow, name: string, by = 1): void {
  row.count.set(name, (row.count.get(name) ?? 0) + by);
}

/** Counts a length of time. */
export function addDays(row: OpenRow, name: string, days: number, by = 1): void {
  let counts = row.days.get(name);
  if (counts === undefined) {
    counts = new Map();
    row.days.set(name, counts);
  }
  counts.set(days, (counts.get(days) ?? 0) + by);
}

/** Adds to an exact sum. */
export function addValue(row: OpenRow, name: string, value: Exact): void {
  const before = row.value.get(name);
  row.value.set(name, before === undefined ? value : exactAdd(before, value));
}

/** What makes an aggregate. */
export interface TallySpec<Result> {
  readonly kind: string;
  readonly settings: MergeableState['settings'];
  /** Names that rows may use. */
  readonly names: readonly string[];
  /** Reads one entry into the rows; what cannot be placed leaves an issue and counts as set aside. */
  readonly read: (item: unknown, index: number, rows: TallyRows, issues: IssueSink) => void;
  readonly finish: (state: MergeableState) => Result;
}

/** The four functions of an aggregate. */
export function mergeableTally<Item, Result>(spec: TallySpec<Result>): MergeableTally<Item, Result> {
  const empty = (): MergeableState => ({ formatVersion: 1, kind: spec.kind, settings: spec.settings, rows: [], setAside: 0 });
  const addAll = (state: MergeableState, items: readonly Item[]): MergeableState => {
    const issues: IssueSink = [];
    const before = readState(state, spec, ['state'], issues);
    const list = checkDeals(items, issues);
    if (issues.length > 0 || before === undefined) return raise(issues);
    return combine(before, tallyItems(spec, list, []), spec);
  };
  return {
    empty,
    add: (state, item) => addAll(state, [item]),
    addAll,
    merge: (a, b) => {
      const issues: IssueSink = [];
      const left = readState(a, spec, ['a'], issues);
      const right = readState(b, spec, ['b'], issues);
      if (issues.length > 0 || left === undefined || right === undefined) return raise(issues);
      return combine(left, right, spec);
    },
    finish: (state) => {
      const issues: IssueSink = [];
      const read = readState(state, spec, ['state'], issues);
      if (issues.length > 0 || read === undefined) return raise(issues);
      return spec.finish(read);
    },
  };
}

/** One pass over a list. */
export function tallyItems<Result>(spec: TallySpec<Result>, items: readonly unknown[], issues: IssueSink): MergeableState {
  const book = newRows();
  for (let index = 0; index < items.length; index += 1) spec.read(items[index], index, book, issues);
  return stateOf(book, spec);
}

/** The figures of a list, and what was set aside. */
export function tallyOnce<Result>(spec: TallySpec<Result>, items: readonly unknown[]): { readonly result: Result; readonly issues: readonly Issue[] } {
  const issues: IssueSink = [];
  const state = tallyItems(spec, items, issues);
  return { result: spec.finish(state), issues };
}

/** The row with a key, of a finished state. */
export function findRow(state: MergeableState, key: readonly string[]): MergeableRow | undefined {
  const wanted = JSON.stringify(key);
  return state.rows.find((row) => JSON.stringify(row.key) === wanted);
}

/** A count of a row; 0 where nothing was counted. */
export function countIn(row: MergeableRow | undefined, name: string): number {
  return row !== undefined && Object.hasOwn(row.count, name) ? (row.count[name] ?? 0) : 0;
}

/** Lengths of time of a row. */
export function daysIn(row: MergeableRow | undefined, name: string): DurationCounts {
  return (row !== undefined && Object.hasOwn(row.days, name) ? row.days[name] : undefined) ?? { days: [], count: [] };
}

/** An exact sum of a row. */
export function valueIn(row: MergeableRow | undefined, name: string): Exact {
  const text = row !== undefined && Object.hasOwn(row.value, name) ? row.value[name] : undefined;
  return exactFromCanonical(text ?? '0');
}

function stateOf<Result>(book: TallyRows, spec: TallySpec<Result>): MergeableState {
  const rows = [...book.rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => closeRow(row));
  return { formatVersion: 1, kind: spec.kind, settings: spec.settings, rows, setAside: book.setAside };
}

function closeRow({ key, count, days, value }: OpenRow): MergeableRow {
  // The names are those of the aggregate itself, never those of a user.
  const byName = <T, U>(map: ReadonlyMap<string, T>, to: (entry: T) => U): Record<string, U> =>
    Object.fromEntries([...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => [name, to(entry)]));
  return {
    key,
    count: byName(count, (entry) => entry),
    days: byName(days, countsOf),
    value: byName(value, (entry) => exactToString(entry)),
  };
}

function countsOf(map: ReadonlyMap<number, number>): DurationCounts {
  const entries = [...map.entries()].sort(([a], [b]) => a - b);
  return { days: entries.map(([days]) => days), count: entries.map(([, count]) => count) };
}

function combine<Result>(a: MergeableState, b: MergeableState, spec: TallySpec<Result>): MergeableState {
  const book = newRows();
  book.setAside = a.setAside + b.setAside;
  for (const row of [...a.rows, ...b.rows]) {
    const open = rowOf(book, row.key);
    for (const [name, count] of Object.entries(row.count)) bump(open, name, count);
    for (const [name, { days, count }] of Object.entries(row.days)) for (const [at, length] of days.entries()) addDays(open, name, length, count[at] ?? 0);
    for (const [name, value] of Object.entries(row.value)) addValue(open, name, exactFromCanonical(value));
  }
  return stateOf(book, spec);
}

const MAX_DAYS = 1e7;

/** A state as it comes back from storage: checked in full, since figures are made of it. */
function readState<Result>(value: unknown, spec: TallySpec<Result>, path: IssuePath, issues: IssueSink): MergeableState | undefined {
  const before = issues.length;
  const state = checkRecord(value, path, issues, `a state of "${spec.kind}"`);
  if (state === undefined) return undefined;
  checkKeys(state, ['formatVersion', 'kind', 'settings', 'rows', 'setAside'], path, issues);
  if (state.formatVersion !== 1) issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: state.formatVersion }));
  if (state.kind !== spec.kind) issues.push(createIssue('invalid_value', [...path, 'kind'], { expected: `"${spec.kind}"`, received: state.kind }));
  checkSettings(state.settings, spec, [...path, 'settings'], issues);
  checkNumber(state.setAside, [...path, 'setAside'], issues, { min: 0, integer: true });
  const seen = new Set<string>();
  for (const [index, row] of (checkList(state.rows, [...path, 'rows'], issues) ?? []).entries()) {
    const at = [...path, 'rows', index];
    const record = checkRecord(row, at, issues);
    if (record === undefined) continue;
    checkKeys(record, ['key', 'count', 'days', 'value'], at, issues);
    const key = checkList(record.key, [...at, 'key'], issues, { expected: 'a list of texts' }) ?? [];
    key.forEach((part, place) => checkId(part, [...at, 'key', place], issues));
    if (issues.length > before + 100) break;
    if (issues.length === before) {
      const name = JSON.stringify(key);
      if (seen.has(name)) issues.push(createIssue('duplicate_id', [...at, 'key'], { expected: 'a key of its own for every row' }));
      seen.add(name);
    }
    eachNamed(record.count, spec, [...at, 'count'], issues, (count, place) => checkNumber(count, place, issues, { min: 0, integer: true }));
    eachNamed(record.days, spec, [...at, 'days'], issues, (days, place) => checkDurations(days, place, issues));
    eachNamed(record.value, spec, [...at, 'value'], issues, (sum, place) => {
      const read = typeof sum === 'string' ? readComputedDecimal(sum, place) : createIssue('invalid_type', place, { expected: 'a decimal number as text', received: sum });
      if (typeof read !== 'string') issues.push(read);
    });
  }
  // Checked just now, key by key.
  return issues.length > before ? undefined : (value as MergeableState);
}

function checkSettings<Result>(value: unknown, spec: TallySpec<Result>, path: IssuePath, issues: IssueSink): void {
  const settings = checkRecord(value, path, issues);
  if (settings === undefined) return;
  const names = Object.keys(spec.settings);
  checkKeys(settings, names, path, issues);
  for (const name of names) {
    if (Object.hasOwn(settings, name) && settings[name] === spec.settings[name]) continue;
    issues.push(createIssue('invalid_value', [...path, name], { expected: `${String(spec.settings[name])}, as in the options of this tally`, received: settings[name] }));
  }
}

function eachNamed<Result>(value: unknown, spec: TallySpec<Result>, path: IssuePath, issues: IssueSink, check: (entry: unknown, path: IssuePath) => void): void {
  const record = checkRecord(value, path, issues);
  if (record === undefined) return;
  checkKeys(record, spec.names, path, issues);
  for (const name of spec.names) if (Object.hasOwn(record, name)) check(record[name], [...path, name]);
}

function checkDurations(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues);
  if (record === undefined) return;
  checkKeys(record, ['days', 'count'], path, issues);
  const days = checkList(record.days, [...path, 'days'], issues) ?? [];
  const count = checkList(record.count, [...path, 'count'], issues) ?? [];
  if (days.length !== count.length) issues.push(createIssue('length_mismatch', [...path, 'count'], { expected: `${days.length} counts`, received: count }));
  let last = -1;
  for (let at = 0; at < days.length; at += 1) {
    const length = checkNumber(days[at], [...path, 'days', at], issues, { min: 0, max: MAX_DAYS });
    checkNumber(count[at], [...path, 'count', at], issues, { min: 1, integer: true });
    if (length !== undefined && length <= last) issues.push(createIssue('invalid_value', [...path, 'days', at], { expected: 'ascending lengths', received: length }));
    if (length === undefined || issues.length > 100) return;
    last = length;
  }
}
