import { MAX_EPOCH_DAY, readEpochDay } from '../calendar/epoch-day.js';
import { readPlainDate } from '../calendar/plain-date.js';
import { checkId, checkKeys, checkList, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { rootOf } from '../money/read-money.js';

/** A reporting line with its days as numbers, half-open. */
export interface ReportSpan {
  readonly memberId: string;
  readonly managerId: string;
  readonly start: number;
  readonly end: number;
  /** Place in the list it came from. */
  readonly index: number;
}

/** How many steps upward the search for cycles takes before it gives up: more than any organization needs, few enough to end soon. */
const MAX_STEPS = 20_000_000;

/**
 * Finds everything that is wrong with a hierarchy: keys, dates, a member with two managers on one day, and cycles on any day. Never throws.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues; empty if it is a hierarchy
 * @example
 * ```ts
 * import { validateHierarchy } from 'dealwright/organization';
 * validateHierarchy({ reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01' }] }); // => []
 * validateHierarchy({ reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01' }, { memberId: 'max', managerId: 'ann', from: '2026-03-01' }] })[0]?.code; // => 'reporting_cycle'
 * ```
 * @category organization
 */
export function validateHierarchy(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  readHierarchy(value, rootOf(path), issues);
  return issues;
}

/** The reporting lines of a hierarchy of unknown shape. Empty, with issues, where it is wrong. */
export function readHierarchy(value: unknown, path: IssuePath, issues: IssueSink): readonly ReportSpan[] {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'a hierarchy { reports }');
  if (record === undefined) return [];
  checkKeys(record, ['formatVersion', 'reports'], path, issues);
  if (record['formatVersion'] !== undefined && record['formatVersion'] !== 1) {
    issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: record['formatVersion'] }));
  }
  const at = [...path, 'reports'];
  const list = checkList(record['reports'], at, issues, { expected: 'a list of reporting lines' }) ?? [];
  const spans: ReportSpan[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const span = readReport(list[index], index, [...at, index], issues);
    if (span !== undefined) spans.push(span);
  }
  checkOverlaps(spans, at, issues);
  if (issues.length === before) checkCycles(spans, at, issues);
  return issues.length === before ? spans : [];
}

function readReport(value: unknown, index: number, path: IssuePath, issues: IssueSink): ReportSpan | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'a reporting line { memberId, managerId, from }');
  if (record === undefined) return undefined;
  checkKeys(record, ['memberId', 'managerId', 'from', 'to'], path, issues);
  const memberId = checkId(record['memberId'], [...path, 'memberId'], issues);
  const managerId = checkId(record['managerId'], [...path, 'managerId'], issues);
  const { start, end } = readDays(record, path, issues);
  if (memberId !== undefined && memberId === managerId) issues.push(createIssue('reporting_cycle', [...path, 'managerId'], { expected: 'somebody else', received: managerId }));
  return issues.length > before || memberId === undefined || managerId === undefined ? undefined : { memberId, managerId, start, end, index };
}

/** The days `from` to `to` of a record as numbers; open ends reach as far as the calendar does. Not a public entry. */
export function readDays(
  record: PlainRecord,
  path: IssuePath,
  issues: IssueSink,
  options: { readonly openStart?: boolean } = {},
): { readonly start: number; readonly end: number } {
  const start = options.openStart === true && record['from'] === undefined ? Number.NEGATIVE_INFINITY : readDay(record['from'], [...path, 'from'], issues);
  const end = record['to'] === undefined ? MAX_EPOCH_DAY + 1 : readDay(record['to'], [...path, 'to'], issues);
  if (end <= start) issues.push(createIssue('empty_period', [...path, 'to'], { expected: 'a day after from', received: record['to'] }));
  return { start, end };
}

/** A day as a number, or NaN with an issue. Not a public entry. */
export function readDay(value: unknown, path: IssuePath, issues: IssueSink): number {
  const read = readPlainDate(value, path);
  if (typeof read === 'string') return readEpochDay(read);
  issues.push(read);
  return Number.NaN;
}

/** At most one manager on a day. */
function checkOverlaps(spans: readonly ReportSpan[], path: IssuePath, issues: IssueSink): void {
  const sorted = [...spans].sort((a, b) => byText(a.memberId, b.memberId) || a.start - b.start || a.index - b.index);
  let latest: ReportSpan | undefined;
  for (const span of sorted) {
    if (latest !== undefined && latest.memberId === span.memberId && span.start < latest.end) {
      issues.push(createIssue('overlapping_reports', [...path, span.index], { received: `reports[${latest.index}]`, hint: 'end the earlier one with "to"' }));
    }
    if (latest === undefined || latest.memberId !== span.memberId || span.end > latest.end) latest = span;
  }
}

/**
 * Nobody above themselves on any day. The graph only gains a cycle on a day on which a line begins, and the cycle then goes through that line: so after the
 * changes of each day it is enough to walk upward from those whose line begins. Whoever was walked through on the same day is not walked through again.
 */
function checkCycles(spans: readonly ReportSpan[], path: IssuePath, issues: IssueSink): void {
  const begins = [...spans].sort((a, b) => a.start - b.start || byText(a.memberId, b.memberId));
  const ends = [...spans].sort((a, b) => a.end - b.end);
  const managers = new Map<string, ReportSpan>();
  let steps = 0;
  let ended = 0;
  for (let first = 0; first < begins.length; ) {
    const day = begins[first]?.start ?? 0;
    for (let span = ends[ended]; span !== undefined && span.end <= day; span = ends[ended]) {
      if (managers.get(span.memberId) === span) managers.delete(span.memberId);
      ended += 1;
    }
    let last = first;
    for (let span = begins[last]; span !== undefined && span.start === day; span = begins[last]) {
      managers.set(span.memberId, span);
      last += 1;
    }
    const safe = new Set<string>();
    for (const started of begins.slice(first, last)) {
      const walked = new Set<string>();
      for (let member = started.memberId; !safe.has(member); ) {
        if (walked.has(member)) {
          issues.push(createIssue('reporting_cycle', [...path, started.index], { received: cycleText(managers, member) }));
          break;
        }
        walked.add(member);
        steps += 1;
        const next = managers.get(member);
        if (next === undefined) break;
        member = next.managerId;
      }
      for (const member of walked) safe.add(member);
      if (steps > MAX_STEPS) {
        issues.push(createIssue('out_of_range', path, { expected: 'chains of managers that are shorter, or change less often', received: `${spans.length} reporting lines` }));
        return;
      }
    }
    first = last;
  }
}

function cycleText(managers: ReadonlyMap<string, ReportSpan>, member: string): string {
  const names = [member];
  for (let next = managers.get(member)?.managerId; next !== undefined && next !== member && names.length < 20; next = managers.get(next)?.managerId) names.push(next);
  return [...names, member].join(' → ');
}

/** Order of code units, the same everywhere. Not a public entry. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
