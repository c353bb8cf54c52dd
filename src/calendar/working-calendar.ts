import { checkKeys, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { Weekday } from './compare-dates.js';
import { fromEpochDay } from './epoch-day.js';
import { type DateInput, epochDayOrIssue, type PlainDate } from './plain-date.js';

/**
 * Which days are worked; plain data. Made by {@link defineWorkingCalendar}.
 *
 * @category calendar
 */
export interface WorkingCalendar {
  /** Weekdays that are never worked: Monday 1 to Sunday 7, at most six of them. */
  readonly weekend: readonly Weekday[];
  /** Other days that are not worked. */
  readonly holidays: readonly PlainDate[];
}

/**
 * What a working calendar is defined by.
 *
 * @category calendar
 */
export interface WorkingCalendarDefinition {
  /** Weekdays that are never worked: Monday 1 to Sunday 7, at most six of them. Default Saturday and Sunday, `[6, 7]`. */
  readonly weekend?: readonly Weekday[];
  /** Other days that are not worked. Default none. */
  readonly holidays?: readonly DateInput[];
}

const KEYS: readonly string[] = ['weekend', 'holidays'];

/**
 * Checks a calendar of working days and brings it to its plain form: weekdays and holidays sorted, each once.
 *
 * @param definition - the weekend (default Saturday and Sunday) and the holidays (default none)
 * @returns the calendar
 * @throws DomainError `invalid_working_calendar` | `invalid_date` | `date_instance_not_allowed` | `unknown_key` | `reserved_key`
 * @example
 * ```ts
 * import { defineWorkingCalendar } from 'dealwright/calendar';
 * defineWorkingCalendar({ holidays: ['2026-12-25', '2026-01-01'] }); // => { weekend: [6, 7], holidays: ['2026-01-01', '2026-12-25'] }
 * ```
 * @category calendar
 */
export function defineWorkingCalendar(definition: WorkingCalendarDefinition = {}): WorkingCalendar {
  const issues: IssueSink = [];
  const days = isPlainRecord(definition) ? readDays({ weekend: [6, 7], holidays: [], ...definition }, [], issues) : readDays(definition, [], issues);
  throwIfIssues(issues, { name: 'InvalidWorkingCalendarError' });
  return { weekend: days.weekend, holidays: days.holidays.map((day) => fromEpochDay(day)) };
}

/**
 * Finds everything that is wrong with a calendar of working days.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues (`invalid_working_calendar` | `invalid_date` | `date_instance_not_allowed` | `unknown_key` | `reserved_key`); none if it is a {@link WorkingCalendar}
 * @example
 * ```ts
 * import { validateWorkingCalendar } from 'dealwright/calendar';
 * validateWorkingCalendar({ weekend: [5, 6], holidays: [] }); // => []
 * validateWorkingCalendar({ weekend: [0], holidays: [] })[0]?.path; // => ['weekend', 0]
 * ```
 * @category calendar
 */
export function validateWorkingCalendar(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  readDays(value, path, issues);
  if (issues.length === 0 && isPlainRecord(value) && Array.isArray(value.holidays)) {
    value.holidays.forEach((holiday: unknown, index) => {
      // The parts of a date define a calendar, but only text is stored in one.
      if (typeof holiday !== 'string') issues.push(createIssue('invalid_date', [...path, 'holidays', index], { expected: 'a real date written YYYY-MM-DD', received: holiday }));
    });
  }
  return issues;
}

/** Days that are not worked, as numbers. Not a public entry. */
export interface RestDays {
  /** Weekdays, rising. */
  readonly weekend: readonly Weekday[];
  /** Epoch days, rising. */
  readonly holidays: readonly number[];
}

const NO_DAYS: RestDays = { weekend: [], holidays: [] };

/** Reads a calendar; what is returned beside issues is not to be used. Not a public entry. */
export function readDays(value: unknown, path: IssuePath, issues: IssueSink): RestDays {
  if (!isPlainRecord(value)) {
    issues.push(createIssue('invalid_working_calendar', path, { expected: 'a working calendar: { weekend, holidays }', received: value }));
    return NO_DAYS;
  }
  checkKeys(value, KEYS, path, issues);
  return { weekend: readWeekend(value, path, issues), holidays: readHolidays(value, path, issues) };
}

function readWeekend(record: PlainRecord, path: IssuePath, issues: IssueSink): readonly Weekday[] {
  const { weekend } = record;
  const expected = 'a list of at most six weekdays, Monday 1 to Sunday 7';
  if (!Array.isArray(weekend) || weekend.length > 6) {
    issues.push(createIssue('invalid_working_calendar', [...path, 'weekend'], { expected, received: weekend }));
    return [];
  }
  const found: Weekday[] = [];
  weekend.forEach((entry: unknown, index) => {
    if (isWeekday(entry)) found.push(entry);
    else
      issues.push(
        createIssue('invalid_working_calendar', [...path, 'weekend', index], {
          expected: 'a weekday, Monday 1 to Sunday 7',
          received: entry,
          ...(entry === 0 ? { hint: 'Sunday is 7' } : {}),
        }),
      );
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

function isWeekday(value: unknown): value is Weekday {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 7;
}

function readHolidays(record: PlainRecord, path: IssuePath, issues: IssueSink): readonly number[] {
  const { holidays } = record;
  if (!Array.isArray(holidays)) {
    issues.push(createIssue('invalid_working_calendar', [...path, 'holidays'], { expected: 'a list of dates', received: holidays }));
    return [];
  }
  const list: readonly unknown[] = holidays;
  const found: number[] = [];
  for (let index = 0; index < list.length; index += 1) found.push(epochDayOrIssue(list[index], [...path, 'holidays', index], issues));
  return [...new Set(found)].sort((a, b) => a - b);
}
