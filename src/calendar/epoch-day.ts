/*
 * Dates as whole days since 1970-01-01, by integer arithmetic alone: the form in which the rest of the library compares, counts and
 * locates dates. Not a public entry.
 */
import { createDomainError } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';
import type { PlainDate } from './plain-date.js';

/** Milliseconds of a day without clock changes. */
export const DAY_MILLISECONDS = 86_400_000;
/** 0001-01-01. */
export const MIN_EPOCH_DAY = -719_162;
/** 9999-12-31. */
export const MAX_EPOCH_DAY = 2_932_896;

/** Days before each month of a common year; index 1 is January. */
const DAYS_BEFORE_MONTH: readonly number[] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Whether a year of the Gregorian calendar has 366 days. */
export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Number of days of a month, 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The epoch day of a year, month and day that are known to be real. Any year works, also 0 and 10000. */
export function civilToEpochDay(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const inYear = (DAYS_BEFORE_MONTH[month] ?? 0) + (month > 2 && isLeapYear(year) ? 1 : 0) + day - 1;
  return before * 365 + leapDays + inYear + MIN_EPOCH_DAY;
}

/** The first day of a month counted without bounds: month 13 is January of the next year, month 0 is December of the year before. */
export function monthStartToEpochDay(year: number, month: number): number {
  const months = year * 12 + month - 1;
  const wholeYears = Math.floor(months / 12);
  return civilToEpochDay(wholeYears, months - wholeYears * 12 + 1, 1);
}

/** Year, month and day of an epoch day. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Splits an epoch day into year, month and day. Any whole number works. */
export function epochDayToCivil(epochDay: number): CivilDate {
  // Years that begin in March put the leap day last; 400 of them have 146,097 days.
  const shifted = epochDay + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** Reads two digits at an index, or NaN. */
export function twoDigitsAt(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1);
}

/** Reads the ten characters `YYYY-MM-DD` that begin at an index, or NaN when they are not a real date. */
export function epochDayAt(text: string, index: number): number {
  if (text.charCodeAt(index + 4) !== 45 || text.charCodeAt(index + 7) !== 45) return Number.NaN;
  const year = twoDigitsAt(text, index) * 100 + twoDigitsAt(text, index + 2);
  const month = twoDigitsAt(text, index + 5);
  const day = twoDigitsAt(text, index + 8);
  // Written so that NaN fails each test.
  if (!(year >= 1) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  return civilToEpochDay(year, month, day);
}

/** The epoch day of a text, or NaN when it is not exactly `YYYY-MM-DD` and a real date of the years 0001 to 9999. Never throws. */
export function readEpochDay(text: string): number {
  return text.length === 10 ? epochDayAt(text, 0) : Number.NaN;
}

/**
 * The epoch day of a date.
 *
 * @throws DomainError `invalid_date`
 */
export function toEpochDay(date: PlainDate, path: IssuePath = []): number {
  const epochDay = readEpochDay(date);
  if (Number.isNaN(epochDay)) throw createDomainError('invalid_date', path, { expected: 'a real date written YYYY-MM-DD', received: date });
  return epochDay;
}

/** Whether a number is the epoch day of a date that can be written. */
export function isEpochDay(value: number): boolean {
  return Number.isInteger(value) && value >= MIN_EPOCH_DAY && value <= MAX_EPOCH_DAY;
}

/**
 * The date of an epoch day.
 *
 * @throws DomainError `out_of_range` when it lies outside the years 0001 to 9999
 */
export function fromEpochDay(epochDay: number, path: IssuePath = []): PlainDate {
  if (!isEpochDay(epochDay)) throw createDomainError('out_of_range', path, { expected: 'a date from 0001-01-01 to 9999-12-31', received: epochDay });
  const { year, month, day } = epochDayToCivil(epochDay);
  return formatCivil(year, month, day);
}

/** Writes a year of 1 to 9999, a month and a day as `YYYY-MM-DD`. */
export function formatCivil(year: number, month: number, day: number): PlainDate {
  return `${formatYear(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** Writes a year with four digits. */
export function formatYear(year: number): string {
  return year >= 1_000 ? String(year) : String(year).padStart(4, '0');
}

/** Writes 0 to 99 with two digits. */
export function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** ISO weekday of an epoch day: Monday 1 to Sunday 7. 1970-01-01 was a Thursday. */
export function weekdayOfEpochDay(epochDay: number): number {
  const remainder = (epochDay + 3) % 7;
  return (remainder < 0 ? remainder + 7 : remainder) + 1;
}
