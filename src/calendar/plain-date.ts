import { DomainError } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { civilToEpochDay, daysInMonth, formatCivil, formatYear, readEpochDay } from './epoch-day.js';

/**
 * A calendar date without time or zone, written `YYYY-MM-DD` and checked against the real calendar.
 *
 * @category calendar
 */
export type PlainDate = string;

/**
 * What is accepted as a date: the text, or its parts (a `Temporal.PlainDate` fits).
 *
 * @category calendar
 */
export type DateInput = PlainDate | { readonly year: number; readonly month: number; readonly day: number };

const EXPECTED = 'a real date written YYYY-MM-DD';

/**
 * Reads a date: `YYYY-MM-DD` as text, or an object with `year`, `month` (1 to 12) and `day`, which a `Temporal.PlainDate` is.
 * The date must exist (no 30 February) and lie in the years 0001 to 9999. A `Date` is refused, since its day depends on a time zone:
 * use {@link toPlainDate}.
 *
 * @param input - the text or the parts
 * @param path - where it stands in a larger input, for the error
 * @returns the date as `YYYY-MM-DD`
 * @throws DomainError `invalid_date` | `date_instance_not_allowed`
 * @example
 * ```ts
 * import { parsePlainDate } from 'dealwright/calendar';
 * parsePlainDate('2028-02-29'); // => '2028-02-29'
 * parsePlainDate({ year: 2026, month: 2, day: 14 }); // => '2026-02-14'
 * ```
 * @category calendar
 */
export function parsePlainDate(input: DateInput, path: IssuePath = []): PlainDate {
  const result = readDateInput(input, path);
  if (typeof result === 'string') return result;
  throw new DomainError([result]);
}

/**
 * Reads a date as records hold it, `YYYY-MM-DD` text, and gives the problem as data instead of throwing it. (The parts that
 * {@link parsePlainDate} also takes are refused here: they are a way to pass a date, not to store one.)
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the date, or the issue (`invalid_date` | `date_instance_not_allowed`)
 * @example
 * ```ts
 * import { readPlainDate } from 'dealwright/calendar';
 * readPlainDate('2026-02-14'); // => '2026-02-14'
 * const issue = readPlainDate('2026-02-30');
 * typeof issue === 'object' && issue.hint; // => 'February 2026 has 28 days'
 * ```
 * @category calendar
 */
export function readPlainDate(value: unknown, path: IssuePath = []): PlainDate | Issue {
  if (typeof value === 'string' && !Number.isNaN(readEpochDay(value))) return value;
  return dateIssue(value, path);
}

/**
 * Whether a value is a date as records hold it: the text `YYYY-MM-DD` of a day that exists, in the years 0001 to 9999.
 *
 * @param value - any value
 * @returns true for a date
 * @example
 * ```ts
 * import { isPlainDate } from 'dealwright/calendar';
 * isPlainDate('2024-02-29'); // => true
 * isPlainDate('2023-02-29'); // => false
 * ```
 * @category calendar
 */
export function isPlainDate(value: unknown): value is PlainDate {
  return typeof value === 'string' && !Number.isNaN(readEpochDay(value));
}

/** Reads a text or the parts of a date; never throws, whatever the object does. Not a public entry. */
export function readDateInput(value: unknown, path: IssuePath = []): PlainDate | Issue {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isDateObject(value)) return readPlainDate(value, path);
  try {
    return readParts(value, path);
  } catch {
    // A getter or proxy that throws.
    return createIssue('invalid_date', path, { expected: `${EXPECTED}, or { year, month, day }`, received: value });
  }
}

function readParts(value: object, path: IssuePath): PlainDate | Issue {
  const expected = `${EXPECTED}, or { year, month, day }`;
  const { year, month, day, hour, calendarId } = value as { year?: unknown; month?: unknown; day?: unknown; hour?: unknown; calendarId?: unknown };
  if (typeof year !== 'number' || typeof month !== 'number' || typeof day !== 'number') return createIssue('invalid_date', path, { expected, received: value });
  if (hour !== undefined) return createIssue('invalid_date', path, { expected, received: value, hint: 'this has a time of day; pass the date alone' });
  if (calendarId !== undefined && calendarId !== 'iso8601') {
    return createIssue('invalid_date', path, { expected, received: value, hint: "this is a date of another calendar; convert it with .withCalendar('iso8601')" });
  }
  const real =
    Number.isInteger(year) &&
    year >= 1 &&
    year <= 9999 &&
    Number.isInteger(month) &&
    month >= 1 &&
    month <= 12 &&
    Number.isInteger(day) &&
    day >= 1 &&
    day <= daysInMonth(year, month);
  return real ? formatCivil(year, month, day) : createIssue('invalid_date', path, { expected, received: `${year}-${month}-${day}` });
}

/** Whether a value is a `Date` of any realm. */
export function isDateObject(value: unknown): value is Date {
  try {
    // Throws for everything that has no time value, proxies included.
    Date.prototype.getTime.call(value);
    return true;
  } catch {
    return false;
  }
}

const MONTH_NAMES: readonly string[] = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function dateIssue(value: unknown, path: IssuePath): Issue {
  if (typeof value === 'string') {
    const hint = hintFor(value);
    return createIssue('invalid_date', path, { expected: EXPECTED, received: value, ...(hint === undefined ? {} : { hint }) });
  }
  if (isDateObject(value)) {
    return createIssue('date_instance_not_allowed', path, { expected: EXPECTED, received: value, hint: "toPlainDate(date, { timeZone: 'Europe/Athens' })" });
  }
  return createIssue('invalid_date', path, { expected: EXPECTED, received: value });
}

function hintFor(text: string): string | undefined {
  if (text.length > 40) return undefined;
  if (text.trim() === '') return 'an absent date is null, not an empty text';
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts !== null) {
    const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
    const name = MONTH_NAMES[month - 1];
    if (year === 0) return 'years run from 0001 to 9999';
    if (name === undefined) return 'months run from 01 to 12';
    return day === 0 ? 'days begin at 01' : `${name} ${formatYear(year)} has ${daysInMonth(year, month)} days`;
  }
  if (/^\d{4}-\d{2}-\d{2}[T ]\d/.test(text)) return 'this is a point in time; toPlainDate gives its date in a time zone';
  if (/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$/.test(text)) return 'write it with hyphens, and months and days with two digits';
  if (/^\d{8}$/.test(text)) return `did you mean "${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}"?`;
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/.test(text)) return 'write the year first: YYYY-MM-DD';
  return undefined;
}

/** Epoch day of a date in any accepted form, or NaN with an issue. Not a public entry. */
export function epochDayOrIssue(value: unknown, path: IssuePath, issues: Issue[]): number {
  if (typeof value === 'string') {
    const epochDay = readEpochDay(value);
    if (!Number.isNaN(epochDay)) return epochDay;
  }
  const date = readDateInput(value, path);
  if (typeof date === 'string') return readEpochDay(date);
  issues.push(date);
  return Number.NaN;
}

/** Epoch day of a date in any accepted form. Not a public entry. @throws DomainError `invalid_date` | `date_instance_not_allowed` */
export function epochDayOf(value: DateInput, path: IssuePath = []): number {
  if (typeof value === 'string') {
    const epochDay = readEpochDay(value);
    if (!Number.isNaN(epochDay)) return epochDay;
  }
  const date = parsePlainDate(value, path);
  return civilToEpochDay(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)));
}
