import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { checkOptions, raise } from './call-checks.js';
import { checkLayout } from './fiscal-layout.js';
import { type CalendarOptions, PERIOD_UNITS, type Period, type PeriodUnit } from './period.js';
import { isSpanWritable, periodOfSpan, spanOfDay, unwritableSpan } from './period-span.js';
import { type DateInput, epochDayOrIssue } from './plain-date.js';

/**
 * Which length of period, in which calendar.
 *
 * @category calendar
 */
export interface PeriodUnitOptions extends CalendarOptions {
  /** Length of the period. */
  readonly unit: PeriodUnit;
}

/**
 * The period of a calendar that a date is in.
 *
 * Labels: in the calendar year `2026`, `2026-H1`, `2026-Q1`, `2026-03` and the ISO week `2026-W07`. In a fiscal calendar `FY2026`, `FY2026-H1`, `FY2026-Q1`,
 * and its months count from the first of the fiscal year: `FY2026-P07`. Weeks of a fiscal calendar of whole weeks are its own, `FY2026-W07`; a fiscal
 * calendar of months uses the ISO weeks, `2026-W07`. Each period has one label in a calendar, and {@link parsePeriod} reads it back.
 *
 * @param date - the date
 * @param options - the unit, and the fiscal calendar if it is not the calendar year
 * @returns the period
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_value` | `invalid_type` | `invalid_fiscal_calendar` | `unknown_key` | `invalid_period`
 *   (partly outside the years 0001 to 9999)
 * @example
 * ```ts
 * import { periodOf } from 'dealwright/calendar';
 * periodOf('2026-02-14', { unit: 'quarter' }); // => { start: '2026-01-01', endExclusive: '2026-04-01', label: '2026-Q1' }
 * periodOf('2027-01-03', { unit: 'week' }).label; // => '2026-W53'
 * periodOf('2026-02-14', { unit: 'month', calendar: { kind: 'months', startMonth: 7, yearName: 'end' } }).label; // => 'FY2026-P08'
 * ```
 * @category calendar
 */
export function periodOf(date: DateInput, options: PeriodUnitOptions): Period {
  const issues: IssueSink = [];
  const { unit: unitOption, calendar } = checkOptions(options, ['unit', 'calendar'], issues);
  const epochDay = epochDayOrIssue(date, ['date'], issues);
  const unit = checkOneOf(unitOption, PERIOD_UNITS, ['unit'], issues);
  const layout = checkLayout(calendar, ['calendar'], issues);
  if (issues.length > 0 || unit === undefined || layout === undefined) return raise(issues);
  const span = spanOfDay(layout, unit, epochDay);
  return isSpanWritable(span) ? periodOfSpan(layout, span) : raise([unwritableSpan(['date'], date)]);
}
