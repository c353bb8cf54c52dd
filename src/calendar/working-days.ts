import { checkNumber, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { raise } from './call-checks.js';
import { fromEpochDay, MAX_EPOCH_DAY, MIN_EPOCH_DAY } from './epoch-day.js';
import { type DateInput, epochDayOrIssue, type PlainDate } from './plain-date.js';
import { readDays, type WorkingCalendar } from './working-calendar.js';
import { createWorkingDayCounter } from './working-day-counter.js';

/**
 * Whether a date is a working day: neither on the weekend nor a holiday.
 *
 * @param date - the date
 * @param calendar - weekend and holidays
 * @returns true if it is worked
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_working_calendar` | `unknown_key`
 * @example
 * ```ts
 * import { defineWorkingCalendar, isWorkingDay } from 'dealwright/calendar';
 * isWorkingDay('2026-02-14', defineWorkingCalendar()); // => false
 * ```
 * @category calendar
 */
export function isWorkingDay(date: DateInput, calendar: WorkingCalendar): boolean {
  const issues: IssueSink = [];
  const epochDay = epochDayOrIssue(date, ['date'], issues);
  const days = readDays(calendar, ['calendar'], issues);
  return issues.length > 0 ? raise(issues) : createWorkingDayCounter(days).isWorking(epochDay);
}

/**
 * The date so many working days later, or earlier if negative. The date itself is not counted and need not be a working day: one working day after a
 * Saturday is the Monday. With 0 the date is returned as it is.
 *
 * @param date - from when
 * @param count - whole number of working days
 * @param calendar - weekend and holidays
 * @returns a working day, unless `count` is 0
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` (outside the years 0001 to 9999)
 *   | `invalid_working_calendar` | `unknown_key`
 * @example
 * ```ts
 * import { addWorkingDays, defineWorkingCalendar } from 'dealwright/calendar';
 * addWorkingDays('2026-12-24', 1, defineWorkingCalendar({ holidays: ['2026-12-25'] })); // => '2026-12-28'
 * addWorkingDays('2026-02-16', -1, defineWorkingCalendar()); // => '2026-02-13'
 * ```
 * @category calendar
 */
export function addWorkingDays(date: DateInput, count: number, calendar: WorkingCalendar): PlainDate {
  const issues: IssueSink = [];
  const start = epochDayOrIssue(date, ['date'], issues);
  const steps = checkNumber(count, ['count'], issues, { integer: true }) ?? 0;
  const days = readDays(calendar, ['calendar'], issues);
  if (issues.length > 0) return raise(issues);
  if (steps === 0) return fromEpochDay(start);
  const counter = createWorkingDayCounter(days);
  const forward = steps > 0;
  const wanted = Math.abs(steps);
  // The nearest day for which the days from the start, without it, hold as many working days as wanted.
  let near = start;
  let far = forward ? MAX_EPOCH_DAY : MIN_EPOCH_DAY;
  const reached = (day: number): boolean => (forward ? counter.count(start + 1, day + 1) : counter.count(day, start)) >= wanted;
  if (!reached(far)) return raise([createIssue('out_of_range', ['count'], { expected: 'a result from 0001-01-01 to 9999-12-31', received: count })]);
  while (Math.abs(far - near) > 1) {
    const middle = Math.floor((near + far) / 2);
    if (reached(middle)) far = middle;
    else near = middle;
  }
  return fromEpochDay(far);
}

/**
 * Number of working days from a date up to, without, another.
 *
 * @param start - first day
 * @param endExclusive - the day after the last; not before the first
 * @param calendar - weekend and holidays
 * @returns working days, 0 or more
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_period` (end before start) | `invalid_working_calendar` | `unknown_key`
 * @example
 * ```ts
 * import { countWorkingDays, defineWorkingCalendar } from 'dealwright/calendar';
 * countWorkingDays('2026-01-01', '2026-02-01', defineWorkingCalendar({ holidays: ['2026-01-01'] })); // => 21
 * ```
 * @category calendar
 */
export function countWorkingDays(start: DateInput, endExclusive: DateInput, calendar: WorkingCalendar): number {
  const issues: IssueSink = [];
  const first = epochDayOrIssue(start, ['start'], issues);
  const end = epochDayOrIssue(endExclusive, ['endExclusive'], issues);
  const days = readDays(calendar, ['calendar'], issues);
  if (first > end) issues.push(createIssue('invalid_period', ['endExclusive'], { expected: 'a date not before the start', received: endExclusive }));
  return issues.length > 0 ? raise(issues) : createWorkingDayCounter(days).count(first, end);
}
