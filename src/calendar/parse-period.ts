import type { IssueSink } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { checkOptions, raise } from './call-checks.js';
import { checkLayout } from './fiscal-layout.js';
import type { CalendarOptions, Period } from './period.js';
import { checkPeriodRecord } from './period-input.js';
import { periodOfSpan, spanOfLabel } from './period-span.js';

/**
 * Reads the label of a period. Without a fiscal calendar: `2026`, `2026-H1`, `2026-Q1`, `2026-03`, `2026-W07` (ISO week). With one: `FY2026`, `FY2026-H1`,
 * `FY2026-Q1`, `FY2026-P07` (its seventh month), and `FY2026-W07` if it is made of weeks. A label of the other sort is an error, never a guess:
 * the first quarter of the fiscal year is not that of the calendar year.
 *
 * @param label - the label
 * @param options - the fiscal calendar, if it is not the calendar year
 * @returns the period, with the same label
 * @throws DomainError `invalid_period` | `invalid_fiscal_calendar` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { parsePeriod } from 'dealwright/calendar';
 * parsePeriod('2026-H1'); // => { start: '2026-01-01', endExclusive: '2026-07-01', label: '2026-H1' }
 * parsePeriod('2026-W01').start; // => '2025-12-29'
 * parsePeriod('FY2026-Q1', { calendar: { kind: 'months', startMonth: 10, yearName: 'end' } }).start; // => '2025-10-01'
 * ```
 * @category calendar
 */
export function parsePeriod(label: string, options: CalendarOptions = {}): Period {
  const issues: IssueSink = [];
  const { calendar } = checkOptions(options, ['calendar'], issues);
  const layout = checkLayout(calendar, ['calendar'], issues);
  if (typeof label !== 'string') issues.push(createIssue('invalid_period', [], { expected: 'the label of a period', received: label }));
  if (issues.length > 0 || layout === undefined) return raise(issues);
  const span = spanOfLabel(layout, label, []);
  return 'code' in span ? raise([span]) : periodOfSpan(layout, span);
}

/**
 * Reads a period: its label, as {@link parsePeriod} does, or a {@link Period} with `start` before `endExclusive` and any label. Gives the problem as data
 * instead of throwing it.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @param options - the fiscal calendar of labels, if it is not the calendar year
 * @returns the period, or the first issue (`invalid_period` | `invalid_date` | `date_instance_not_allowed` | `unknown_key` | `reserved_key` | `invalid_type` | `empty`
 *   | `too_long` | `invalid_fiscal_calendar`)
 * @example
 * ```ts
 * import { readPeriod } from 'dealwright/calendar';
 * readPeriod('2026-03'); // => { start: '2026-03-01', endExclusive: '2026-04-01', label: '2026-03' }
 * const issue = readPeriod({ start: '2026-04-01', endExclusive: '2026-01-01', label: 'first quarter' });
 * 'code' in issue && issue.code; // => 'invalid_period'
 * ```
 * @category calendar
 */
export function readPeriod(value: unknown, path: IssuePath = [], options: CalendarOptions = {}): Period | Issue {
  const issues: IssueSink = [];
  const { calendar } = checkOptions(options, ['calendar'], issues);
  const layout = checkLayout(calendar, ['calendar'], issues);
  if (layout !== undefined && issues.length === 0) {
    if (typeof value === 'string') {
      const span = spanOfLabel(layout, value, path);
      return 'code' in span ? span : periodOfSpan(layout, span);
    }
    const period = checkPeriodRecord(value, path, issues);
    if (period !== undefined) return period;
  }
  return issues[0] ?? createIssue('invalid_period', path, { received: value });
}
