import { checkKeys, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { Weekday } from './compare-dates.js';

/**
 * Month of the calendar: January is 1.
 *
 * @category calendar
 */
export type MonthNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/**
 * After which of its two calendar years a fiscal year is named: the one in which it starts, or the one in which it ends.
 *
 * @category calendar
 */
export type FiscalYearName = 'start' | 'end';

/**
 * A fiscal year of twelve calendar months, such as July to June.
 *
 * @category calendar
 */
export interface MonthFiscalCalendar {
  /** Which kind it is. */
  readonly kind: 'months';
  /** First month of the year. */
  readonly startMonth: MonthNumber;
  /** `start`: the year from April 2026 is FY2026 (Japan); `end`: the year from July 2025 is FY2026 (Microsoft). No matter if it starts in January. */
  readonly yearName: FiscalYearName;
}

/**
 * How many weeks the three months (periods) of each quarter have.
 *
 * @category calendar
 */
export type WeekPattern = '4-4-5' | '4-5-4' | '5-4-4';

/**
 * On which day a year of 52 or 53 weeks ends: the last such weekday within the month, or the one nearest to the last day of the month, which may be up to
 * three days into the next.
 *
 * @category calendar
 */
export type WeekYearRule = 'last-weekday-of-month' | 'nearest-to-month-end';

/**
 * A fiscal year of 52 or 53 whole weeks, in quarters of 13 (the calendar of most retailers, and of many companies that report to the SEC).
 *
 * @category calendar
 */
export interface WeekFiscalCalendar {
  /** Weeks of the three months of each quarter. */
  readonly kind: WeekPattern;
  /** The month at whose end the year ends. */
  readonly endMonth: MonthNumber;
  /** The weekday on which every week, and so the year, ends: Monday 1 to Sunday 7. */
  readonly endWeekday: Weekday;
  /** On which day the year ends. */
  readonly rule: WeekYearRule;
  /** `start`: the year that ends with January 2027 is FY2026 (National Retail Federation); `end`: it is FY2027. No matter if `endMonth` is December. */
  readonly yearName: FiscalYearName;
  /** Which of the twelve months has the 53rd week in a year that has one. Default 12, the last. */
  readonly extraWeekIn?: MonthNumber;
}

/**
 * How a company divides time into years, quarters and months; plain data.
 *
 * @category calendar
 */
export type FiscalCalendar = MonthFiscalCalendar | WeekFiscalCalendar;

/**
 * The calendar year: January to December. What is used where no calendar is given.
 *
 * @category calendar
 */
export const calendarYear: MonthFiscalCalendar = { kind: 'months', startMonth: 1, yearName: 'start' };

const WEEK_PATTERNS: readonly WeekPattern[] = ['4-4-5', '4-5-4', '5-4-4'];
const RULES: readonly WeekYearRule[] = ['last-weekday-of-month', 'nearest-to-month-end'];
const YEAR_NAMES: readonly FiscalYearName[] = ['start', 'end'];
const MONTH_KEYS: readonly string[] = ['kind', 'startMonth', 'yearName'];
const WEEK_KEYS: readonly string[] = ['kind', 'endMonth', 'endWeekday', 'rule', 'yearName', 'extraWeekIn'];

/**
 * Checks the definition of a fiscal calendar and returns it.
 *
 * @param calendar - `{ kind: 'months', … }` for twelve calendar months, or `{ kind: '4-4-5' | '4-5-4' | '5-4-4', … }` for whole weeks
 * @returns the same calendar
 * @throws DomainError `invalid_fiscal_calendar` | `unknown_key` | `reserved_key`
 * @example
 * ```ts
 * import { defineFiscalCalendar, periodOf } from 'dealwright/calendar';
 * const july = defineFiscalCalendar({ kind: 'months', startMonth: 7, yearName: 'end' });
 * periodOf('2025-07-01', { unit: 'quarter', calendar: july }).label; // => 'FY2026-Q1'
 * const retail = defineFiscalCalendar({ kind: '4-5-4', endMonth: 1, endWeekday: 6, rule: 'nearest-to-month-end', yearName: 'start' });
 * periodOf('2024-02-03', { unit: 'week', calendar: retail }).label; // => 'FY2023-W53'
 * ```
 * @category calendar
 */
export function defineFiscalCalendar<const Calendar extends FiscalCalendar>(calendar: Calendar): Calendar {
  throwIfIssues(validateFiscalCalendar(calendar), { name: 'InvalidFiscalCalendarError' });
  return calendar;
}

/**
 * Finds everything that is wrong with the definition of a fiscal calendar.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues (`invalid_fiscal_calendar` | `unknown_key` | `reserved_key`); none if it is a {@link FiscalCalendar}
 * @example
 * ```ts
 * import { validateFiscalCalendar } from 'dealwright/calendar';
 * validateFiscalCalendar({ kind: 'months', startMonth: 4, yearName: 'start' }); // => []
 * validateFiscalCalendar({ kind: 'months', startMonth: 13, yearName: 'start' })[0]?.path; // => ['startMonth']
 * ```
 * @category calendar
 */
export function validateFiscalCalendar(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  if (!isPlainRecord(value)) return [createIssue('invalid_fiscal_calendar', path, { expected: 'a fiscal calendar: { kind, … }', received: value })];
  const { kind } = value;
  if (kind === 'months') {
    checkKeys(value, MONTH_KEYS, path, issues);
    checkWhole(value, 'startMonth', 12, path, issues);
  } else if (isOneOf(kind, WEEK_PATTERNS)) {
    checkKeys(value, WEEK_KEYS, path, issues);
    checkWhole(value, 'endMonth', 12, path, issues);
    checkWhole(value, 'endWeekday', 7, path, issues);
    checkText(value, 'rule', RULES, path, issues);
    if (Object.hasOwn(value, 'extraWeekIn')) checkWhole(value, 'extraWeekIn', 12, path, issues);
  } else {
    checkText(value, 'kind', ['months', ...WEEK_PATTERNS], path, issues);
    return issues;
  }
  checkText(value, 'yearName', YEAR_NAMES, path, issues);
  return issues;
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === 'string' && allowed.includes(value);
}

function checkText(record: PlainRecord, key: string, allowed: readonly string[], path: IssuePath, issues: IssueSink): void {
  const value = record[key];
  if (isOneOf(value, allowed)) return;
  issues.push(createIssue('invalid_fiscal_calendar', [...path, key], { expected: `one of ${allowed.map((entry) => `"${entry}"`).join(', ')}`, received: value }));
}

function checkWhole(record: PlainRecord, key: string, most: number, path: IssuePath, issues: IssueSink): void {
  const value = record[key];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return;
  issues.push(createIssue('invalid_fiscal_calendar', [...path, key], { expected: `a whole number from 1 to ${most}`, received: value }));
}

/** Whether a value is a fiscal calendar without fault. Not a public entry. */
export function isFiscalCalendar(value: unknown): value is FiscalCalendar {
  return validateFiscalCalendar(value).length === 0;
}
