import type { Period } from '../calendar/period.js';
import { type PlainDate, readPlainDate } from '../calendar/plain-date.js';
import { checkOneOf, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import type { EvaluationContext } from './component.js';
import type { PlanPeriodUnit } from './plan.js';

/**
 * The days over which something is counted: days of its own, also across periods, or each period of a unit.
 *
 * @category compensation
 */
export interface ComponentWindow {
  /** First day of a window of its own. */
  readonly from?: PlainDate;
  /** First day no longer in it. */
  readonly to?: PlainDate;
  /** Else every period of this unit. Default: the plan's period. */
  readonly accumulate?: PlanPeriodUnit;
}

/** The keys of a window in a config. */
export const WINDOW_KEYS = ['from', 'to', 'accumulate'] as const;

const UNITS: readonly PlanPeriodUnit[] = ['week', 'month', 'quarter', 'half', 'year'];
const FIRST_DAY = '0001-01-01';
const LAST_DAY = '9999-12-31';

/** Checks the window in a config of unknown shape. */
export function checkWindow(record: PlainRecord, issues: IssueSink, options: { readonly needsEnd?: boolean } = {}): void {
  const days = (['from', 'to'] as const).map((key) => {
    if (!Object.hasOwn(record, key)) return undefined;
    const day = readPlainDate(record[key], [key]);
    if (typeof day === 'string') return day;
    issues.push(day);
    return undefined;
  });
  const [from, to] = days;
  if (from !== undefined && to !== undefined && to <= from) issues.push(createIssue('empty_period', ['to'], { expected: `a day after ${from}`, received: to }));
  if (options.needsEnd === true && from !== undefined && !Object.hasOwn(record, 'to')) issues.push(createIssue('missing_key', ['to'], { expected: 'the day after the last one' }));
  if (!Object.hasOwn(record, 'accumulate')) return;
  checkOneOf(record['accumulate'], UNITS, ['accumulate'], issues);
  if (Object.hasOwn(record, 'from') || Object.hasOwn(record, 'to')) {
    issues.push(createIssue('invalid_value', ['accumulate'], { expected: 'days of its own (from, to) or a unit (accumulate), not both', received: record['accumulate'] }));
  }
}

/** The windows that the segment touches, in order of time. */
export function windowsOf(config: ComponentWindow, context: EvaluationContext): readonly Period[] {
  const { from, to, accumulate } = config;
  if (from === undefined && to === undefined) return context.windows(accumulate);
  const start = from ?? FIRST_DAY;
  const endExclusive = to ?? LAST_DAY;
  const { segment } = context;
  return start < segment.endExclusive && segment.start < endExclusive ? [{ start, endExclusive, label: `${from ?? ''}/${to ?? ''}` }] : [];
}

/** Whether the last day of a window is in the segment. */
export function endsInSegment(window: Period, context: EvaluationContext): boolean {
  const { segment } = context;
  return window.endExclusive > segment.start && window.endExclusive <= segment.endExclusive;
}

/** Whether the payee's time on the plan within a window ends in the segment: with the window, or before it. */
export function settlesInSegment(window: Period, context: EvaluationContext): boolean {
  if (endsInSegment(window, context)) return true;
  const last = context.assignments(window).reduce((latest, span) => (span.endExclusive > latest ? span.endExclusive : latest), FIRST_DAY);
  const { segment } = context;
  return last > segment.start && last <= segment.endExclusive && last < window.endExclusive;
}

/** The window in words. */
export function describeWindow(config: ComponentWindow): string {
  const { from, to, accumulate } = config;
  if (from !== undefined || to !== undefined) return `${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` until before ${to}`}`;
  return accumulate === undefined ? '' : ` per ${accumulate}`;
}
