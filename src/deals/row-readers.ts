/*
 * Reading the cells of rows that come from elsewhere: one small function per column, made once, so that nothing is looked up per row. Not a public entry.
 * A reader answers null for a cell that is absent, and reports a cell that cannot be read.
 */
import { DAY_MILLISECONDS, daysInMonth, formatCivil, fromEpochDay, isEpochDay, readEpochDay } from '../calendar/epoch-day.js';
import { readEpochMilliseconds } from '../calendar/instant.js';
import { type PlainDate, readPlainDate } from '../calendar/plain-date.js';
import type { ZoneClock } from '../calendar/time-zone.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { isReservedKey, MAX_TEXT_LENGTH, nearestText, type PlainRecord } from '../errors/checks.js';
import type { IssueCode } from '../errors/codes.js';
import { createIssue, type Issue, type IssueDetails, type IssuePath } from '../errors/issue.js';
import { padAmount } from '../money/canonical-amount.js';
import { currencyIssue, exponentOf } from '../money/currencies.js';
import type { DealAmountFormat, DealDateFormat } from './parse-deals-options.js';

/** Where the readers of one row report: `fatal` means that the row cannot be used. */
export interface RowReport {
  readonly issues: Issue[];
  fatal: boolean;
  /** Index of the row being read. */
  row: number;
  /** Whether a cell that cannot be read sets the whole row aside. */
  readonly unreadableIsFatal: boolean;
  /** What the last function of the caller's that threw said. */
  readonly lastThrown: { message: string };
}

/** How a value is taken out of a row, and what it is called in issues. */
export interface Cell {
  readonly get: (row: PlainRecord) => unknown;
  /** The column, or the field where it is computed. */
  readonly label: string;
}

/** A value that was replaced, and how often. */
export interface Replacement {
  readonly field: string;
  readonly column: string | null;
  readonly from: string;
  readonly to: string;
  rows: number;
}

/** Stands for the value of a function of the caller's that threw. */
const THROWN: object = {};

/** Whether a value stands for a function that threw. */
export function hasThrown(value: unknown): boolean {
  return value === THROWN;
}

/** A cell of a column, or computed from the row. */
export function cellOf(source: string | ((row: never) => unknown), field: string, report: RowReport): Cell {
  if (typeof source === 'string') {
    const column = source;
    // A name that every object inherits must not be read off the prototype.
    const get = column in Object.prototype ? (row: PlainRecord) => (Object.hasOwn(row, column) ? row[column] : undefined) : (row: PlainRecord) => row[column];
    return { get, label: column };
  }
  // The caller's function takes the caller's rows, which these are.
  const compute = source as (row: PlainRecord) => unknown;
  return {
    get: (row) => {
      try {
        return compute(row);
      } catch (error) {
        report.lastThrown.message = messageOf(error);
        return THROWN;
      }
    },
    label: field,
  };
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message.slice(0, 200) : 'not an Error';
  } catch {
    return 'not an Error';
  }
}

/** The same cell with some texts replaced by others, counted. */
export function replacingCell(cell: Cell, replacements: ReadonlyMap<string, Replacement>): Cell {
  const { get, label } = cell;
  return {
    label,
    get: (row) => {
      const value = get(row);
      if (typeof value !== 'string') return value;
      const replacement = replacements.get(value);
      if (replacement === undefined) return value;
      replacement.rows += 1;
      return replacement.to;
    },
  };
}

/** Reports that a cell cannot be read; the answer is then null. */
export function unreadable(report: RowReport, cell: Cell, value: unknown, code: IssueCode, details: IssueDetails = {}): null {
  if (value === THROWN) {
    report.issues.push(createIssue('invalid_value', [report.row, cell.label], { message: `The function that computes this field threw: ${report.lastThrown.message}` }));
  } else report.issues.push(createIssue(code, [report.row, cell.label], { received: value, ...details }));
  if (report.unreadableIsFatal) report.fatal = true;
  return null;
}

function unreadableAs(report: RowReport, cell: Cell, value: unknown, issue: Issue, hint?: string): null {
  if (value === THROWN) return unreadable(report, cell, value, issue.code);
  const path: IssuePath = [report.row, cell.label];
  report.issues.push({ ...issue, path, ...(hint === undefined ? {} : { hint }) });
  if (report.unreadableIsFatal) report.fatal = true;
  return null;
}

/** Reads one cell of a row. */
export type CellReader<T> = (row: PlainRecord) => T | null;

/** A text or id. Whole numbers, as CRMs use for ids, become text. */
export function textReader(cell: Cell, report: RowReport, isId: boolean): CellReader<string> {
  const { get } = cell;
  const slow = (value: unknown): string | null => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    if (typeof value === 'bigint' && value < 10n ** 30n && value > -(10n ** 30n)) return String(value);
    if (typeof value !== 'string') return unreadable(report, cell, value, 'invalid_type', { expected: 'a text, or a whole number' });
    if (value.length > MAX_TEXT_LENGTH) return unreadable(report, cell, value, 'too_long', { expected: `at most ${MAX_TEXT_LENGTH} characters` });
    return unreadable(report, cell, value, 'reserved_key');
  };
  return (row) => {
    const value = get(row);
    if (typeof value !== 'string') return slow(value);
    const { length } = value;
    if (length === 0) return null;
    if (length > MAX_TEXT_LENGTH || (isId && mayBeReserved(value) && isReservedKey(value))) return slow(value);
    return value;
  };
}

/** Whether the first letter and the length are those of "__proto__", "prototype" or "constructor": spares nearly every id a look-up. */
function mayBeReserved(text: string): boolean {
  const { length } = text;
  if (length !== 9 && length !== 11) return false;
  const first = text.charCodeAt(0);
  return first === 95 || first === 112 || first === 99;
}

/** One of some texts. */
export function choiceReader<const T extends string>(cell: Cell, report: RowReport, choices: readonly T[]): CellReader<T> {
  const { get } = cell;
  const known = new Map<unknown, T>(choices.map((choice) => [choice, choice]));
  return (row) => {
    const value = get(row);
    if (value === '' || value === null || value === undefined) return null;
    const choice = known.get(value);
    if (choice !== undefined) return choice;
    const near = typeof value === 'string' ? nearestText(value, choices) : undefined;
    return unreadable(report, cell, value, typeof value === 'string' ? 'invalid_value' : 'invalid_type', {
      expected: `one of ${choices.map((text) => `"${text}"`).join(', ')}`,
      hint: near === undefined ? 'map it with replace' : `did you mean "${near}"? map it with replace`,
    });
  };
}

/** A date. */
export function dateReader(cell: Cell, report: RowReport, format: DealDateFormat, clock: ZoneClock | undefined): CellReader<PlainDate> {
  if (format === 'iso') return isoDateReader(cell, report, clock);
  const { get } = cell;
  const parse = format === 'epoch-ms' ? (value: unknown) => parseEpochMilliseconds(value, clock) : (value: unknown) => parseParts(value, format === 'd/m/yyyy');
  const expected = format === 'epoch-ms' ? 'milliseconds since 1970-01-01T00:00Z' : `a real date written ${format}`;
  return (row) => {
    const value = get(row);
    if (value === '' || value === null || value === undefined) return null;
    return parse(value) ?? unreadable(report, cell, value, 'invalid_date', { expected });
  };
}

function isoDateReader(cell: Cell, report: RowReport, clock: ZoneClock | undefined): CellReader<PlainDate> {
  const { get } = cell;
  const slow = (value: unknown): PlainDate | null => {
    if (value === '' || value === null || value === undefined) return null;
    if (typeof value === 'string') {
      const time = readEpochMilliseconds(value);
      if (!Number.isNaN(time)) {
        const day = clock?.dayAt(time);
        if (day !== undefined && isEpochDay(day)) return fromEpochDay(day);
        return unreadable(report, cell, value, 'invalid_date', { expected: 'a date written YYYY-MM-DD', hint: 'pass timeZone to take the date of instants' });
      }
    }
    const issue = readPlainDate(value);
    const hint = typeof value === 'string' && /^\d{1,2}[./-]\d{1,2}[./-]\d{4}$/.test(value.slice(0, 12)) ? 'pass dateFormat: "m/d/yyyy" or "d/m/yyyy"' : undefined;
    return typeof issue === 'string' ? issue : unreadableAs(report, cell, value, issue, hint);
  };
  return (row) => {
    const value = get(row);
    return typeof value === 'string' && value.length === 10 && !Number.isNaN(readEpochDay(value)) ? value : slow(value);
  };
}

function parseParts(value: unknown, dayFirst: boolean): PlainDate | undefined {
  if (typeof value !== 'string' || value.length > 10) return undefined;
  const parts = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/.exec(value);
  if (parts === null) return undefined;
  const [first, second, year] = [Number(parts[1]), Number(parts[3]), Number(parts[4])];
  const [month, day] = dayFirst ? [second, first] : [first, second];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) ? formatCivil(year, month, day) : undefined;
}

function parseEpochMilliseconds(value: unknown, clock: ZoneClock | undefined): PlainDate | undefined {
  const time = typeof value === 'number' ? value : typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (clock === undefined || !Number.isInteger(time) || !isEpochDay(Math.floor(time / DAY_MILLISECONDS))) return undefined;
  const day = clock.dayAt(time);
  return isEpochDay(day) ? fromEpochDay(day) : undefined;
}

/** A decimal number as canonical text. */
export function decimalReader(cell: Cell, report: RowReport, format: DealAmountFormat): CellReader<string> {
  const { get } = cell;
  return (row) => {
    const value = get(row);
    if (value === '' || value === null || value === undefined) return null;
    const text = typeof value === 'string' ? plainText(value, format) : value;
    if (text === undefined)
      return unreadable(report, cell, value, 'invalid_decimal', { expected: format === 'eu' ? 'an amount such as "1.250,50"' : 'an amount such as "1,250.50"' });
    const read = readDecimal(text);
    if (typeof read === 'string') return read;
    const hint = typeof value === 'string' ? separatorHint(value, format) : undefined;
    return unreadableAs(report, cell, value, read, hint);
  };
}

function separatorHint(text: string, format: DealAmountFormat): string | undefined {
  if (format !== 'plain' || text.length > 40 || !/^-?[\d.,]+$/.test(text)) return undefined;
  if (plainText(text, 'en') !== undefined) return 'pass amountFormat: "en"';
  return plainText(text, 'eu') === undefined ? undefined : 'pass amountFormat: "eu"';
}

/** The number as plain text, or undefined where it is not written in the format. */
function plainText(text: string, format: DealAmountFormat): string | undefined {
  if (format === 'plain') return text;
  if (text.length > 64) return undefined;
  if (format === 'en') return /^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : undefined;
  return /^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : undefined;
}

/** An amount with the digits of the currency; the common case (digits, or digits with a full minor unit) without further ado. */
export function amountReader(cell: Cell, report: RowReport, format: DealAmountFormat, currency: string): CellReader<string> {
  const { get } = cell;
  const exponent = exponentOf(currency);
  const zeros = exponent === 0 ? '' : `.${'0'.repeat(exponent)}`;
  const read = decimalReader(cell, report, format);
  return (row) => {
    const value = get(row);
    if (typeof value === 'string' && format === 'plain') {
      const { length } = value;
      if (length === 0) return null;
      const first = value.charCodeAt(0);
      if (length === 1 && first === 48) return value + zeros;
      // Not longer than what the limits allow anyway, and without a leading zero: then digits are canonical as they stand.
      if (length <= 15 && first >= 49 && first <= 57) {
        let index = 1;
        while (index < length) {
          const code = value.charCodeAt(index);
          if (code < 48 || code > 57) break;
          index += 1;
        }
        if (index === length) return value + zeros;
        if (exponent > 0 && value.charCodeAt(index) === 46 && length - index - 1 === exponent && allDigits(value, index + 1)) return value;
      }
    } else if (typeof value === 'number' && Number.isSafeInteger(value) && value < 1e15 && value > -1e15) return String(value) + zeros;
    const decimal = read(row);
    return decimal === null ? null : padAmount(decimal, exponent);
  };
}

function allDigits(text: string, start: number): boolean {
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** A currency code. */
export function currencyReader(cell: Cell, report: RowReport): CellReader<string> {
  const { get } = cell;
  let last: unknown;
  return (row) => {
    const value = get(row);
    if (value === last && typeof value === 'string') return value;
    if (value === '' || value === null || value === undefined) return null;
    const issue = currencyIssue(value, []);
    if (issue !== undefined) return unreadableAs(report, cell, value, issue);
    last = value;
    return typeof value === 'string' ? value : null;
  };
}

/** A probability, rounded to nine digits: CRMs send doubles written out to the last digit. */
export function probabilityReader(cell: Cell, report: RowReport, scale: 'fraction' | 'percent'): CellReader<number> {
  const { get } = cell;
  return (row) => {
    const value = get(row);
    if (value === '' || value === null || value === undefined) return null;
    const given = typeof value === 'number' ? value : typeof value === 'string' && value.length <= 80 && /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(given)) return unreadable(report, cell, value, typeof value === 'number' ? 'not_finite' : 'invalid_decimal', { expected: 'a probability as a plain number' });
    const fraction = Math.round((scale === 'percent' ? given / 100 : given) * 1e9) / 1e9;
    if (fraction >= 0 && fraction <= 1) return fraction === 0 ? 0 : fraction;
    const hint = scale === 'fraction' && given > 1 && given <= 100 ? { hint: 'pass probabilityScale: "percent"' } : {};
    return unreadable(report, cell, value, 'fraction_out_of_range', { expected: scale === 'percent' ? 'a percentage from 0 to 100' : 'a fraction from 0 to 1', ...hint });
  };
}

/** A whole number of months, from 1. */
export function monthsReader(cell: Cell, report: RowReport): CellReader<number> {
  const { get } = cell;
  return (row) => {
    const value = get(row);
    if (value === '' || value === null || value === undefined) return null;
    const months = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
    return Number.isInteger(months) && months >= 1 && months <= 1_200
      ? months
      : unreadable(report, cell, value, 'out_of_range', { expected: 'a whole number of months from 1 to 1200' });
  };
}
