import { addMonths as addMonthsOfDate } from 'date-fns/addMonths';
import type { IssueSink } from '../errors/checks.js';
import { createDomainError } from '../errors/domain-error.js';
import { checkCount, raise } from './call-checks.js';
import { epochDayToCivil, fromEpochDay, isEpochDay } from './epoch-day.js';
import { type DateInput, epochDayOrIssue, type PlainDate } from './plain-date.js';
import { epochDayOfUtcDate, utcDateOf } from './utc-date.js';

/** More than all days, months or years between 0001 and 9999. */
const MAX_COUNT = 4_000_000;

function datePlus(date: DateInput, count: number, name: string, add: (epochDay: number, count: number) => number): PlainDate {
  const issues: IssueSink = [];
  const epochDay = epochDayOrIssue(date, ['date'], issues);
  const amount = checkCount(count, [name], issues);
  if (issues.length > 0) raise(issues);
  const result = Math.abs(amount) > MAX_COUNT ? Number.NaN : add(epochDay, amount);
  if (!isEpochDay(result)) throw createDomainError('out_of_range', [name], { expected: 'a result from 0001-01-01 to 9999-12-31', received: count });
  return fromEpochDay(result);
}

/** The epoch day so many months later, on the last day of the month where the day does not exist. Not a public entry. */
export function addMonthsToEpochDay(epochDay: number, months: number): number {
  return epochDayOfUtcDate(addMonthsOfDate(utcDateOf(epochDay), months));
}

/**
 * The date so many days later, or earlier if negative.
 *
 * @param date - from when
 * @param days - whole number of days
 * @returns the date
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` (outside the years 0001 to 9999)
 * @example
 * ```ts
 * import { addDays } from 'dealwright/calendar';
 * addDays('2026-02-27', 2); // => '2026-03-01'
 * addDays('2026-01-01', -1); // => '2025-12-31'
 * ```
 * @category calendar
 */
export function addDays(date: DateInput, days: number): PlainDate {
  return datePlus(date, days, 'days', (epochDay, count) => epochDay + count);
}

/**
 * The date so many months later, or earlier if negative. Where the day does not exist it is the last day of the month.
 * Because of that, steps do not add up: count from one anchor (`addMonths(anchor, 2)`), never from step to step.
 *
 * @param date - the anchor
 * @param months - whole number of months
 * @returns the date
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` (outside the years 0001 to 9999)
 * @example
 * ```ts
 * import { addMonths } from 'dealwright/calendar';
 * addMonths('2026-01-31', 1); // => '2026-02-28'
 * addMonths('2026-01-31', 2); // => '2026-03-31'
 * ```
 * @category calendar
 */
export function addMonths(date: DateInput, months: number): PlainDate {
  return datePlus(date, months, 'months', addMonthsToEpochDay);
}

/**
 * The date so many years later, or earlier if negative; 29 February becomes the 28th in common years.
 *
 * @param date - the anchor
 * @param years - whole number of years
 * @returns the date
 * @throws DomainError `invalid_date` | `date_instance_not_allowed` | `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` (outside the years 0001 to 9999)
 * @example
 * ```ts
 * import { addYears } from 'dealwright/calendar';
 * addYears('2024-02-29', 1); // => '2025-02-28'
 * addYears('2024-02-29', 4); // => '2028-02-29'
 * ```
 * @category calendar
 */
export function addYears(date: DateInput, years: number): PlainDate {
  return datePlus(date, years, 'years', (epochDay, count) => addMonthsToEpochDay(epochDay, count * 12));
}

/**
 * Number of days from the earlier date to the later one: `later − earlier`, negative if they stand the other way round.
 *
 * @param later - the date at the end
 * @param earlier - the date at the start
 * @returns whole days
 * @throws DomainError `invalid_date` | `date_instance_not_allowed`
 * @example
 * ```ts
 * import { differenceInDays } from 'dealwright/calendar';
 * differenceInDays('2026-03-01', '2026-02-01'); // => 28
 * differenceInDays('2026-02-01', '2026-03-01'); // => -28
 * ```
 * @category calendar
 */
export function differenceInDays(later: DateInput, earlier: DateInput): number {
  const issues: IssueSink = [];
  const difference = epochDayOrIssue(later, ['later'], issues) - epochDayOrIssue(earlier, ['earlier'], issues);
  if (issues.length > 0) raise(issues);
  return difference;
}

/**
 * Number of whole months from the earlier date to the later one: the largest `n` for which `addMonths(earlier, n)` is not after `later`;
 * negative, with the same size, if they stand the other way round.
 *
 * @param later - the date at the end
 * @param earlier - the date at the start
 * @returns whole months
 * @throws DomainError `invalid_date` | `date_instance_not_allowed`
 * @example
 * ```ts
 * import { differenceInMonths } from 'dealwright/calendar';
 * differenceInMonths('2026-03-14', '2026-01-15'); // => 1
 * differenceInMonths('2026-02-28', '2026-01-31'); // => 1
 * ```
 * @category calendar
 */
export function differenceInMonths(later: DateInput, earlier: DateInput): number {
  const issues: IssueSink = [];
  const end = epochDayOrIssue(later, ['later'], issues);
  const start = epochDayOrIssue(earlier, ['earlier'], issues);
  if (issues.length > 0) raise(issues);
  if (end < start) return 0 - wholeMonthsBetween(end, start);
  return wholeMonthsBetween(start, end);
}

/** Whole months from one epoch day to a later one. date-fns' own count is not the inverse of its addition (31 January to 30 April gives 2). */
function wholeMonthsBetween(start: number, end: number): number {
  const from = epochDayToCivil(start);
  const to = epochDayToCivil(end);
  const months = (to.year - from.year) * 12 + to.month - from.month;
  return addMonthsToEpochDay(start, months) > end ? months - 1 : months;
}
