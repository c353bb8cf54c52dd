/*
 * Reading ranges and periods that callers pass. Not a public entry.
 */
import { checkId, checkKeys, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import type { CalendarLayout } from './fiscal-layout.js';
import type { Period } from './period.js';
import { labelOf, spanOfLabel } from './period-span.js';
import { epochDayOrIssue, readPlainDate } from './plain-date.js';

/** A range in epoch days, with the label it came with. */
export interface LabelledRange {
  readonly start: number;
  readonly end: number;
  readonly label?: string;
}

const EXPECTED = 'a period: its label, or { start, endExclusive }';

/** A label or a range of days, start not after end; undefined with issues. Other keys of a range are not looked at. */
export function checkRange(value: unknown, layout: CalendarLayout, path: IssuePath, issues: IssueSink): LabelledRange | undefined {
  if (typeof value === 'string') {
    const span = spanOfLabel(layout, value, path);
    if ('code' in span) {
      issues.push(span);
      return undefined;
    }
    return { start: span.start, end: span.end, label: labelOf(layout, span) };
  }
  if (!isPlainRecord(value)) {
    issues.push(createIssue('invalid_period', path, { expected: EXPECTED, received: value }));
    return undefined;
  }
  const before = issues.length;
  const start = epochDayOrIssue(value.start, [...path, 'start'], issues);
  const end = epochDayOrIssue(value.endExclusive, [...path, 'endExclusive'], issues);
  if (issues.length > before) return undefined;
  if (start > end) {
    issues.push(reversed(value.start, value.endExclusive, path));
    return undefined;
  }
  return { start, end, ...(typeof value.label === 'string' ? { label: value.label } : {}) };
}

function reversed(start: unknown, end: unknown, path: IssuePath): ReturnType<typeof createIssue> {
  return createIssue('invalid_period', [...path, 'endExclusive'], {
    expected: `a date after the start, ${String(start)}`,
    received: end,
    hint: 'the end is the day after the last',
  });
}

/** A {@link Period} as records hold it: strict keys, a label, at least one day. Undefined with every issue. Never throws. */
export function checkPeriodRecord(value: unknown, path: IssuePath, issues: IssueSink): Period | undefined {
  if (!isPlainRecord(value)) {
    issues.push(createIssue('invalid_period', path, { expected: 'a period: { start, endExclusive, label }', received: value }));
    return undefined;
  }
  const before = issues.length;
  checkKeys(value, ['start', 'endExclusive', 'label'], path, issues);
  const start = readPlainDate(value.start, [...path, 'start']);
  if (typeof start !== 'string') issues.push(start);
  const endExclusive = readPlainDate(value.endExclusive, [...path, 'endExclusive']);
  if (typeof endExclusive !== 'string') issues.push(endExclusive);
  const label = checkId(value.label, [...path, 'label'], issues);
  if (typeof start === 'string' && typeof endExclusive === 'string' && start >= endExclusive) issues.push(reversed(start, endExclusive, path));
  if (issues.length > before || typeof start !== 'string' || typeof endExclusive !== 'string' || label === undefined) return undefined;
  return { start, endExclusive, label };
}
