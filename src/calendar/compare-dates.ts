import { checkList, type IssueSink } from '../errors/checks.js';
import { raise } from './call-checks.js';
import { fromEpochDay, weekdayOfEpochDay } from './epoch-day.js';
import { type DateInput, epochDayOf, epochDayOrIssue, type PlainDate } from './plain-date.js';

/**
 * Day of the week as ISO 8601 counts it: Monday is 1, Sunday is 7.
 *
 * @category calendar
 */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * The day of the week of a date.
 *
 * @param date - the date
 * @returns Monday 1 to Sunday 7
 * @throws DomainError `invalid_date` | `date_instance_not_allowed`
 * @example
 * ```ts
 * import { dayOfWeek } from 'dealwright/calendar';
 * dayOfWeek('2026-02-14'); // => 6
 * ```
 * @category calendar
 */
export function dayOfWeek(date: DateInput): Weekday {
  // A remainder of seven plus one is always one of the seven.
  return weekdayOfEpochDay(epochDayOf(date, ['date'])) as Weekday;
}

/**
 * Compares two dates; fit for `Array.prototype.sort`.
 *
 * @param a - first
 * @param b - second
 * @returns −1 if `a` is earlier, 0 on the same day, 1 if later
 * @throws DomainError `invalid_date` | `date_instance_not_allowed`
 * @example
 * ```ts
 * import { compareDates } from 'dealwright/calendar';
 * ['2026-03-01', '2025-12-31'].sort(compareDates); // => ['2025-12-31', '2026-03-01']
 * ```
 * @category calendar
 */
export function compareDates(a: DateInput, b: DateInput): -1 | 0 | 1 {
  const issues: IssueSink = [];
  const difference = epochDayOrIssue(a, ['a'], issues) - epochDayOrIssue(b, ['b'], issues);
  if (issues.length > 0) raise(issues);
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

/**
 * The earliest of some dates.
 *
 * @param dates - at least one date for an answer
 * @returns the earliest, or `null` if there is none
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_type`
 * @example
 * ```ts
 * import { minDate } from 'dealwright/calendar';
 * minDate(['2026-03-01', '2025-12-31']); // => '2025-12-31'
 * minDate([]); // => null
 * ```
 * @category calendar
 */
export function minDate(dates: readonly [DateInput, ...DateInput[]]): PlainDate;
export function minDate(dates: readonly DateInput[]): PlainDate | null;
export function minDate(dates: readonly DateInput[]): PlainDate | null {
  return extreme(dates, Math.min);
}

/**
 * The latest of some dates.
 *
 * @param dates - at least one date for an answer
 * @returns the latest, or `null` if there is none
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_type`
 * @example
 * ```ts
 * import { maxDate } from 'dealwright/calendar';
 * maxDate(['2026-03-01', '2025-12-31']); // => '2026-03-01'
 * ```
 * @category calendar
 */
export function maxDate(dates: readonly [DateInput, ...DateInput[]]): PlainDate;
export function maxDate(dates: readonly DateInput[]): PlainDate | null;
export function maxDate(dates: readonly DateInput[]): PlainDate | null {
  return extreme(dates, Math.max);
}

function extreme(dates: unknown, pick: (a: number, b: number) => number): PlainDate | null {
  const issues: IssueSink = [];
  const list = checkList(dates, ['dates'], issues, { expected: 'a list of dates' }) ?? [];
  let best: number | null = null;
  for (let index = 0; index < list.length; index += 1) {
    const epochDay = epochDayOrIssue(list[index], ['dates', index], issues);
    best = best === null ? epochDay : pick(best, epochDay);
  }
  if (issues.length > 0) raise(issues);
  return best === null ? null : fromEpochDay(best);
}
