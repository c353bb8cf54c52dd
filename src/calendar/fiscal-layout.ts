/*
 * Fiscal calendars as arithmetic on epoch days: where a year and its months begin, and which week a day is in. Periods of every unit are made
 * from these few answers, so nothing else needs to know how many kinds of calendar there are. Not a public entry.
 */
import { getISOWeek } from 'date-fns/getISOWeek';
import { getISOWeekYear } from 'date-fns/getISOWeekYear';
import type { IssueSink } from '../errors/checks.js';
import type { IssuePath } from '../errors/issue.js';
import { civilToEpochDay, daysInMonth, epochDayToCivil, monthStartToEpochDay, weekdayOfEpochDay } from './epoch-day.js';
import { calendarYear, type FiscalCalendar, isFiscalCalendar, type MonthFiscalCalendar, validateFiscalCalendar, type WeekFiscalCalendar } from './fiscal-calendar.js';
import { utcDateOf } from './utc-date.js';

/** A year and a whole number within it, counted from 0. */
export interface YearPart {
  readonly year: number;
  readonly index: number;
}

/** What a calendar says about days. */
export interface CalendarLayout {
  /** Before the year in labels: nothing for the calendar year, `FY` otherwise. */
  readonly prefix: '' | 'FY';
  /** Before the year in labels of weeks: ISO weeks belong to no fiscal year. */
  readonly weekPrefix: '' | 'FY';
  /** The name of the year and the month, 0 to 11, of a day. */
  readonly monthOf: (epochDay: number) => YearPart;
  /** First day of a month, 0 to 11; 12 is the first of the next year. */
  readonly monthStart: (year: number, index: number) => number;
  /** The name of the year and the week, 0 to 52, of a day. */
  readonly weekOf: (epochDay: number) => YearPart;
  /** First day of a week of 0 to 51, and 52 in a long year; the caller checks that it exists. */
  readonly weekStart: (year: number, index: number) => number;
}

/** The arithmetic of a calendar that is known to be valid. */
export function layoutOf(calendar: FiscalCalendar): CalendarLayout {
  return calendar.kind === 'months' ? monthLayout(calendar) : weekLayout(calendar);
}

/** The arithmetic of the calendar a caller gave, the calendar year if none; undefined with issues if it is not valid. */
export function checkLayout(calendar: unknown, path: IssuePath, issues: IssueSink): CalendarLayout | undefined {
  if (calendar === undefined) return layoutOf(calendarYear);
  if (isFiscalCalendar(calendar)) return layoutOf(calendar);
  issues.push(...validateFiscalCalendar(calendar, path));
  return undefined;
}

function monthLayout({ startMonth, yearName }: MonthFiscalCalendar): CalendarLayout {
  // From the year's name to the calendar year in which it starts.
  const lag = yearName === 'end' && startMonth !== 1 ? 1 : 0;
  return {
    prefix: startMonth === 1 ? '' : 'FY',
    weekPrefix: '',
    monthOf: (epochDay) => {
      const { year, month } = epochDayToCivil(epochDay);
      const before = month < startMonth;
      return { year: (before ? year - 1 : year) + lag, index: before ? month - startMonth + 12 : month - startMonth };
    },
    monthStart: (year, index) => monthStartToEpochDay(year - lag, startMonth + index),
    weekOf: (epochDay) => {
      const date = utcDateOf(epochDay);
      return { year: getISOWeekYear(date), index: getISOWeek(date) - 1 };
    },
    weekStart: (year, index) => isoYearStart(year) + index * 7,
  };
}

/** Monday of the week that has 4 January in it. */
function isoYearStart(year: number): number {
  const fourth = civilToEpochDay(year, 1, 4);
  return fourth - weekdayOfEpochDay(fourth) + 1;
}

function weekLayout({ kind, endMonth, endWeekday, rule, yearName, extraWeekIn = 12 }: WeekFiscalCalendar): CalendarLayout {
  // From the year's name to the calendar year of the month at whose end it ends.
  const lead = yearName === 'start' && endMonth !== 12 ? 1 : 0;
  const weeks = kind.split('-').map(Number);

  function yearStart(year: number): number {
    const endYear = year + lead - 1;
    const monthEnd = civilToEpochDay(endYear, endMonth, daysInMonth(endYear, endMonth));
    const back = (weekdayOfEpochDay(monthEnd) - endWeekday + 7) % 7;
    const forward = rule === 'nearest-to-month-end' && back > 3 ? 7 : 0;
    return monthEnd - back + forward + 1;
  }

  /** Weeks before a month. */
  function weeksBefore(year: number, index: number): number {
    let count = 0;
    for (let month = 0; month < index; month += 1) count += weeks[month % 3] ?? 0;
    return index >= extraWeekIn && yearStart(year + 1) - yearStart(year) > 364 ? count + 1 : count;
  }

  function yearOf(epochDay: number): number {
    let year = epochDayToCivil(epochDay).year - lead;
    while (yearStart(year) > epochDay) year -= 1;
    while (yearStart(year + 1) <= epochDay) year += 1;
    return year;
  }

  return {
    prefix: 'FY',
    weekPrefix: 'FY',
    monthOf: (epochDay) => {
      const year = yearOf(epochDay);
      const week = Math.floor((epochDay - yearStart(year)) / 7);
      let index = 11;
      while (weeksBefore(year, index) > week) index -= 1;
      return { year, index };
    },
    monthStart: (year, index) => yearStart(year) + weeksBefore(year, index) * 7,
    weekOf: (epochDay) => {
      const year = yearOf(epochDay);
      return { year, index: Math.floor((epochDay - yearStart(year)) / 7) };
    },
    weekStart: (year, index) => yearStart(year) + index * 7,
  };
}
