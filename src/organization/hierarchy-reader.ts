import { fromEpochDay, MAX_EPOCH_DAY, readEpochDay } from '../calendar/epoch-day.js';
import type { DateRange } from '../calendar/period.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { checkId, checkKeys, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { type Hierarchy, TEAM_DEPTHS, type TeamDepth } from './hierarchy.js';
import { byText, type ReportSpan, readDay, readHierarchy } from './validate-hierarchy.js';

/**
 * Somebody's time in a team.
 *
 * @category organization
 */
export interface TeamSpan {
  /** Who reports. */
  readonly memberId: string;
  /** 1 for a direct report, 2 for a report of one, and so on. */
  readonly level: number;
  /** First day. */
  readonly start: PlainDate;
  /** First day no longer; `null` if it has no end. */
  readonly endExclusive: PlainDate | null;
}

/**
 * Somebody's time with a manager.
 *
 * @category organization
 */
export interface ManagerSpan {
  /** The manager. */
  readonly managerId: string;
  /** First day. */
  readonly start: PlainDate;
  /** First day no longer; `null` if it has no end. */
  readonly endExclusive: PlainDate | null;
}

/**
 * Questions to a hierarchy that was read once.
 *
 * @category organization
 */
export interface HierarchyReader {
  /** The manager on a day, or `null` if there is none. */
  readonly managerOf: (memberId: string, on: PlainDate) => string | null;
  /** The chain upward on a day, nearest first. */
  readonly managersOf: (memberId: string, on: PlainDate) => readonly string[];
  /** The managers within a range of days, and when, in order of time. */
  readonly managerSpans: (memberId: string, range: DateRange) => readonly ManagerSpan[];
  /** Who reports to a manager on a day, sorted by id. Default depth `direct`. */
  readonly teamOf: (managerId: string, on: PlainDate, depth?: TeamDepth) => readonly string[];
  /** Who reports to a manager within a range of days, and when: sorted by member, then by time. Default depth `direct`. */
  readonly teamSpans: (managerId: string, range: DateRange, depth?: TeamDepth) => readonly TeamSpan[];
}

/**
 * Reads a hierarchy once for many questions. {@link managerOf}, {@link managersOf} and {@link teamOf} ask one each.
 *
 * @param hierarchy - the reporting lines
 * @returns functions that answer for any day; a day that is no date has no managers and no teams
 * @throws DomainError with every problem of the hierarchy: `reporting_cycle` | `overlapping_reports` | …
 * @example
 * ```ts
 * import { createHierarchyReader } from 'dealwright/organization';
 * const reader = createHierarchyReader({
 *   reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01', to: '2026-02-15' }, { memberId: 'max', managerId: 'vic', from: '2026-01-01' }],
 * });
 * reader.managersOf('ann', '2026-02-14'); // => ['max', 'vic']
 * reader.teamSpans('vic', { start: '2026-02-01', endExclusive: '2026-03-01' }, 'all')[0]; // => { memberId: 'ann', level: 2, start: '2026-02-01', endExclusive: '2026-02-15' }
 * ```
 * @category organization
 */
export function createHierarchyReader(hierarchy: Hierarchy): HierarchyReader {
  const issues: IssueSink = [];
  const spans = readHierarchy(hierarchy, ['hierarchy'], issues);
  throwIfIssues(issues, { name: 'InvalidHierarchyError' });
  return readerOf(spans);
}

/** The reader of checked reporting lines. Not a public entry. */
export function readerOf(spans: readonly ReportSpan[]): HierarchyReader {
  const byMember = groupBy(spans, (span) => span.memberId);
  const byManager = groupBy(spans, (span) => span.managerId);
  const managerAt = (memberId: string, day: number): string | null => spanAt(byMember.get(memberId) ?? [], day)?.managerId ?? null;
  return {
    managerOf: (memberId, on) => managerAt(memberId, dayOf(on)),
    managersOf: (memberId, on) => {
      const day = dayOf(on);
      const chain: string[] = [];
      for (let next = managerAt(memberId, day); next !== null; next = managerAt(next, day)) chain.push(next);
      return chain;
    },
    managerSpans: (memberId, range) => {
      const first = dayOf(range.start);
      const last = dayOf(range.endExclusive);
      return (byMember.get(memberId) ?? []).flatMap((span): readonly ManagerSpan[] => {
        const start = Math.max(span.start, first);
        const end = Math.min(span.end, last);
        return start < end ? [{ managerId: span.managerId, start: fromEpochDay(start), endExclusive: endOf(end) }] : [];
      });
    },
    teamOf: (managerId, on, depth = 'direct') => {
      const day = dayOf(on);
      const members: string[] = [];
      const queue = [managerId];
      for (let manager = queue.pop(); manager !== undefined; manager = queue.pop()) {
        for (const span of byManager.get(manager) ?? []) {
          if (day < span.start || day >= span.end) continue;
          members.push(span.memberId);
          if (depth === 'all') queue.push(span.memberId);
        }
      }
      return members.sort(byText);
    },
    teamSpans: (managerId, range, depth = 'direct') => teamSpans(byManager, managerId, range, depth),
  };
}

function groupBy(spans: readonly ReportSpan[], keyOf: (span: ReportSpan) => string): ReadonlyMap<string, readonly ReportSpan[]> {
  const groups = new Map<string, ReportSpan[]>();
  for (const span of [...spans].sort((a, b) => a.start - b.start || byText(a.memberId, b.memberId))) {
    const group = groups.get(keyOf(span));
    if (group === undefined) groups.set(keyOf(span), [span]);
    else group.push(span);
  }
  return groups;
}

/** The span of one member that holds a day: those of a member do not overlap and come in the order of time. */
function spanAt(spans: readonly ReportSpan[], day: number): ReportSpan | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? 0) <= day) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && day < span.end ? span : undefined;
}

function dayOf(on: unknown): number {
  return typeof on === 'string' ? readEpochDay(on) : Number.NaN;
}

/** Down every line, the days cut to those of the line above. */
function teamSpans(byManager: ReadonlyMap<string, readonly ReportSpan[]>, managerId: string, range: DateRange, depth: TeamDepth): readonly TeamSpan[] {
  const found: { readonly memberId: string; readonly level: number; readonly start: number; end: number }[] = [];
  const queue = [{ managerId, start: dayOf(range.start), end: dayOf(range.endExclusive), level: 1 }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const span of byManager.get(next.managerId) ?? []) {
      const start = Math.max(span.start, next.start);
      const end = Math.min(span.end, next.end);
      if (!(start < end)) continue;
      found.push({ memberId: span.memberId, level: next.level, start, end });
      if (depth === 'all') queue.push({ managerId: span.memberId, start, end, level: next.level + 1 });
    }
  }
  found.sort((a, b) => byText(a.memberId, b.memberId) || a.start - b.start);
  const joined: typeof found = [];
  for (const span of found) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last.memberId === span.memberId && last.level === span.level && last.end === span.start) last.end = span.end;
    else joined.push(span);
  }
  return joined.map(({ memberId, level, start, end }) => ({ memberId, level, start: fromEpochDay(start), endExclusive: endOf(end) }));
}

function endOf(day: number): PlainDate | null {
  return day > MAX_EPOCH_DAY ? null : fromEpochDay(day);
}

/** A question about one person on one day. @throws DomainError with what is wrong with the call. Not a public entry. */
export function readQuestion(
  hierarchy: unknown,
  id: unknown,
  options: unknown,
  keys: readonly string[],
): { readonly reader: HierarchyReader; readonly id: string; readonly on: PlainDate; readonly depth: TeamDepth } {
  const issues: IssueSink = [];
  const spans = readHierarchy(hierarchy, ['hierarchy'], issues);
  const who = checkId(id, ['id'], issues) ?? '';
  const record = checkRecord(options, ['options'], issues, 'options { on }') ?? {};
  checkKeys(record, keys, [], issues);
  if (Object.hasOwn(record, 'on') || issues.length === 0) readDay(record['on'], ['on'], issues);
  const depth = record['depth'] === undefined ? 'direct' : (checkOneOf(record['depth'], TEAM_DEPTHS, ['depth'], issues) ?? 'direct');
  throwIfIssues(issues);
  // readDay has proven that it is a date.
  return { reader: readerOf(spans), id: who, on: record['on'] as PlainDate, depth };
}
