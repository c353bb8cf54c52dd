import { readDecimal } from '../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromDecimal, ratioToDecimal } from '../decimal/ratio.js';
import { checkKeys, checkList, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { Tier } from './tier-table.js';

/**
 * A row of a rate table as plan documents print it: from, to, and what it pays.
 *
 * @category compensation
 */
export interface TierRow {
  /** Lower bound, exact decimal text. */
  readonly from: string;
  /** Upper bound; `null` for the open end. */
  readonly to: string | null;
  /** Fraction of the measure, or money per unit. */
  readonly rate?: string;
  /** Factor on a base rate. */
  readonly multiplier?: string;
  /** Money for reaching the band. */
  readonly amount?: string;
  /** Fraction of a target for reaching the band. */
  readonly share?: string;
}

/**
 * A range of values that a table says nothing about, or says two things about.
 *
 * @category compensation
 */
export interface TierRange {
  /** First value. */
  readonly from: string;
  /** Up to but not including this value. */
  readonly to: string;
}

/**
 * How rows are read.
 *
 * @category compensation
 */
export interface TiersFromBandsOptions {
  /** Whether a row's upper bound belongs to it (`80–89` in whole numbers) or to the next row. Default `exclusive`. */
  readonly upperBound?: 'exclusive' | 'inclusive';
  /** For inclusive upper bounds: the smallest step between two values, `1` for whole numbers (default), `0.01` for cents. */
  readonly step?: string;
  /** What a gap pays: nothing (default), or what the band below pays. It is reported either way. */
  readonly gaps?: 'nothing' | 'band-below';
}

/**
 * Tiers read from rows, with what was found wrong with them.
 *
 * @category compensation
 */
export interface TiersFromBands {
  /** Breakpoints in order, the first at 0: gaps and overlaps cannot be written in this form. */
  readonly tiers: readonly [Tier, ...Tier[]];
  /** Ranges without a row. */
  readonly gaps: readonly TierRange[];
  /** Ranges with more than one row; the row that starts later counts. */
  readonly overlaps: readonly TierRange[];
  /** The same as issues `tier_gap` and `tier_overlap`, with the row in the path. */
  readonly issues: readonly Issue[];
}

const RETURNS = ['rate', 'multiplier', 'amount', 'share'] as const;

/**
 * Reads a rate table of from–to rows, in any order, into breakpoints. Gaps between rows and overlaps of rows are reported; a gap pays nothing unless
 * `gaps: 'band-below'` is chosen. Beyond the last row with a `to` nothing is paid.
 *
 * @param rows - the rows
 * @param options - whether upper bounds are inclusive, the step between values, what a gap pays
 * @returns tiers for a table, with gaps and overlaps
 * @throws DomainError `invalid_type` | `invalid_decimal` | `precision_exceeded` | `missing_key` | `unknown_key` | `reserved_key` | `invalid_value` | `empty` |
 *   `out_of_range` (a row whose end does not lie above its start)
 * @example
 * ```ts
 * import { tiersFromBands } from 'dealwright/compensation';
 * const read = tiersFromBands([{ from: '0', to: '20000', rate: '0.01' }, { from: '30000', to: null, rate: '0.07' }]);
 * read.gaps; // => [{ from: '20000', to: '30000' }]
 * read.tiers; // => [{ from: '0', rate: '0.01' }, { from: '20000', rate: '0' }, { from: '30000', rate: '0.07' }]
 * ```
 * @category compensation
 */
export function tiersFromBands(rows: readonly TierRow[], options: TiersFromBandsOptions = {}): TiersFromBands {
  const problems: IssueSink = [];
  const settings = checkRecord(options, [], problems) ?? {};
  checkKeys(settings, ['upperBound', 'step', 'gaps'], [], problems);
  const inclusive = settings['upperBound'] !== undefined && checkOneOf(settings['upperBound'], ['exclusive', 'inclusive'], ['upperBound'], problems) === 'inclusive';
  const fill = settings['gaps'] === undefined ? 'nothing' : checkOneOf(settings['gaps'], ['nothing', 'band-below'], ['gaps'], problems);
  const step = readNumber(settings['step'] ?? '1', ['step'], problems);
  const bands = readRows(rows, inclusive ? step : RATIO_ZERO, problems);
  throwIfIssues(problems);
  const [first] = bands;
  const returns = first?.returns ?? 'rate';
  const tiers: Tier[] = [];
  const gaps: TierRange[] = [];
  const overlaps: TierRange[] = [];
  const issues: Issue[] = [];
  const add = (from: Ratio, pays: string): void => {
    const last = tiers[tiers.length - 1];
    const text = textOf(from);
    if (last?.from === text) tiers.pop();
    tiers.push({ from: text, [returns]: pays });
  };
  let end: Ratio | null = first !== undefined && ratioCompare(first.from, RATIO_ZERO) < 0 ? first.from : RATIO_ZERO;
  bands.forEach((band) => {
    const { from, to, pays, row } = band;
    if (end === null || ratioCompare(from, end) < 0) {
      const until = end === null || (to !== null && ratioCompare(to, end) < 0) ? to : end;
      const range = { from: textOf(from), to: until === null ? textOf(from) : textOf(until) };
      overlaps.push(range);
      issues.push(
        createIssue('tier_overlap', [row, 'from'], { expected: end === null ? 'a row that starts after all others' : `"${textOf(end)}" or more`, received: textOf(from) }),
      );
    } else if (ratioCompare(from, end) > 0) {
      // Before the first row nothing was promised; between rows something is missing.
      if (tiers.length > 0) {
        gaps.push({ from: textOf(end), to: textOf(from) });
        issues.push(createIssue('tier_gap', [row, 'from'], { expected: `"${textOf(end)}"`, received: textOf(from), hint: 'the values between have no rate' }));
      }
      if (tiers.length === 0 || fill === 'nothing') add(end, '0');
    }
    add(from, pays);
    if (end !== null && (to === null || ratioCompare(to, end) > 0)) end = to;
  });
  if (end !== null) add(end, '0');
  return { tiers: tiers as [Tier, ...Tier[]], gaps, overlaps, issues };
}

interface Band {
  readonly row: number;
  readonly from: Ratio;
  readonly to: Ratio | null;
  readonly returns: (typeof RETURNS)[number];
  readonly pays: string;
}

function readRows(rows: unknown, step: Ratio, problems: IssueSink): readonly Band[] {
  const bands: Band[] = [];
  let returns: (typeof RETURNS)[number] | undefined;
  (checkList(rows, [], problems, { min: 1, expected: 'at least one row' }) ?? []).forEach((entry, row) => {
    const record = checkRecord(entry, [row], problems, 'a row { from, to, rate }');
    if (record === undefined) return;
    checkKeys(record, ['from', 'to', ...RETURNS], [row], problems);
    const given = RETURNS.filter((key) => Object.hasOwn(record, key));
    const [kind] = given;
    if (kind === undefined || given.length > 1 || (returns !== undefined && kind !== returns)) {
      problems.push(createIssue('missing_key', [row], { expected: returns ?? `exactly one of ${RETURNS.join(', ')}`, received: given.join(', ') || 'none' }));
      return;
    }
    returns = kind;
    const pays = record[kind];
    readNumber(pays, [row, kind], problems);
    const from = readNumber(record['from'], [row, 'from'], problems);
    const to = record['to'] === null ? null : ratioAdd(readNumber(record['to'], [row, 'to'], problems), step);
    if (to !== null && ratioCompare(to, from) <= 0) problems.push(createIssue('out_of_range', [row, 'to'], { expected: `more than ${textOf(from)}`, received: record['to'] }));
    bands.push({ row, from, to, returns: kind, pays: typeof pays === 'string' ? pays : '0' });
  });
  return bands.sort((a, b) => ratioCompare(a.from, b.from) || a.row - b.row);
}

function readNumber(value: unknown, path: IssuePath, issues: IssueSink): Ratio {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read === 'string') return ratioFromDecimal(read);
  issues.push(read);
  return RATIO_ZERO;
}

function textOf(value: Ratio): string {
  return ratioToDecimal(value) ?? '0';
}
