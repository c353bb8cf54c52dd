import { addDays } from '../../calendar/date-arithmetic.js';
import { calendarYear, type FiscalCalendar, validateFiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { parsePeriod } from '../../calendar/parse-period.js';
import type { PeriodUnit } from '../../calendar/period.js';
import { periodOf } from '../../calendar/period-of.js';
import { isPlainDate } from '../../calendar/plain-date.js';
import { shiftPeriod } from '../../calendar/shift-period.js';
import { checkKeys, checkNumber, checkOneOf, checkText, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { isDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';

/**
 * Length of the periods of a series.
 *
 * @category forecasting
 */
export type SeriesPeriod = 'day' | PeriodUnit;

/**
 * A regular series: one value for each period, oldest first, `null` where the value is not known. A gap is not a zero.
 *
 * @category forecasting
 */
export interface TimeSeries {
  /** One value for each period, oldest first; `null` is a gap. Anything that is not a finite number within ±1e100 is read as a gap and reported. */
  readonly values: readonly (number | null)[];
  /** Length of a period. It decides the labels of the forecast and, unless `seasonLength` is given, the season: 12 months, 4 quarters, 2 halves, 52 weeks, 7 days; a year has none. */
  readonly period?: SeriesPeriod;
  /** The first period: its label (`'2021-01'`, `'2021-Q1'`, `'FY2026-P01'`), or a date in it. Without it, forecasts carry no labels. */
  readonly start?: string;
  /** Number of periods after which the pattern returns; 1 for none. */
  readonly seasonLength?: number;
  /** The last value covers a period that is not over. It is then left out of every fit, and the first forecast is for that period. Default false. */
  readonly lastIsPartial?: boolean;
  /** The fiscal calendar of the labels. Default: the calendar year. */
  readonly calendar?: FiscalCalendar;
  /** Currency of the values, if they are money; forecasts carry it along. */
  readonly currency?: string;
}

/**
 * What is accepted as a series: a {@link TimeSeries}, or just its values (no labels, no season).
 *
 * @category forecasting
 */
export type SeriesInput = TimeSeries | readonly (number | null)[];

/** Longest series that is read. */
export const MAX_SERIES_LENGTH = 100_000;
/** Values beyond this size, either way, are read as gaps: their squares would leave the numbers. */
export const MAX_SIZE = 1e100;
/** Sizes below this are read as 0. */
export const MIN_SIZE = 1e-100;
/** Longest season. */
const MAX_SEASON = 5000;

const SERIES_PERIODS: readonly SeriesPeriod[] = ['day', 'week', 'month', 'quarter', 'half', 'year'];
const SERIES_KEYS: readonly string[] = ['values', 'period', 'start', 'seasonLength', 'lastIsPartial', 'calendar', 'currency'];

/** A series after reading. Internal. */
export interface ReadSeries {
  /** Values with NaN for gaps; a partial last value is left out. */
  readonly y: Float64Array;
  /** Number of values that are known. */
  readonly observed: number;
  readonly seasonLength: number;
  readonly period: SeriesPeriod | null;
  readonly start: string | null;
  readonly calendar: FiscalCalendar | null;
  readonly currency: string | null;
  readonly partialLeftOut: boolean;
  /** Values that could not be read; they are gaps. */
  readonly issues: readonly Issue[];
}

/** Season of a period length. */
export function seasonOf(period: SeriesPeriod | undefined): number {
  switch (period) {
    case 'day':
      return 7;
    case 'week':
      return 52;
    case 'month':
      return 12;
    case 'quarter':
      return 4;
    case 'half':
      return 2;
    default:
      return 1;
  }
}

function readValues(values: readonly unknown[], count: number, path: IssuePath): { y: Float64Array; observed: number; issues: Issue[] } {
  const y = new Float64Array(count);
  const issues: Issue[] = [];
  let observed = 0;
  for (let t = 0; t < count; t += 1) {
    const value = values[t];
    if (typeof value === 'number' && Math.abs(value) <= MAX_SIZE) {
      y[t] = Math.abs(value) < MIN_SIZE ? 0 : value;
      observed += 1;
      continue;
    }
    y[t] = NaN;
    if (value === null || value === undefined) continue;
    const code = typeof value !== 'number' ? 'invalid_type' : Number.isFinite(value) ? 'out_of_range' : 'not_finite';
    if (issues.length < 100) {
      issues.push(createIssue(code, [...path, t], { expected: 'a number within ±1e100, or null for a gap', received: value, hint: 'the value is read as a gap' }));
    }
  }
  return { y, observed, issues };
}

/**
 * Reads a series.
 *
 * @throws DomainError `invalid_type` | `unknown_key` | `too_long` | `invalid_value` | `out_of_range` | `not_an_integer` | `invalid_period` | `invalid_fiscal_calendar`
 */
export function readSeries(input: SeriesInput): ReadSeries {
  const issues: IssueSink = [];
  if (Array.isArray(input)) {
    if (input.length > MAX_SERIES_LENGTH) issues.push(createIssue('too_long', ['series'], { expected: `at most ${MAX_SERIES_LENGTH} values`, received: input }));
    throwIfIssues(issues, { name: 'InvalidSeriesError' });
    const read = readValues(input, input.length, ['series']);
    return { ...read, seasonLength: 1, period: null, start: null, calendar: null, currency: null, partialLeftOut: false };
  }
  if (!isPlainRecord(input)) {
    issues.push(createIssue('invalid_type', ['series'], { expected: 'a list of values, or { values, period, start }', received: input }));
    throwIfIssues(issues, { name: 'InvalidSeriesError' });
  }
  const record: Readonly<Record<string, unknown>> = isPlainRecord(input) ? input : {};
  checkKeys(record, SERIES_KEYS, ['series'], issues);
  const values: readonly unknown[] = Array.isArray(record.values) ? record.values : [];
  if (!Array.isArray(record.values)) issues.push(createIssue('invalid_type', ['series', 'values'], { expected: 'a list of numbers, null for gaps', received: record.values }));
  if (values.length > MAX_SERIES_LENGTH) issues.push(createIssue('too_long', ['series', 'values'], { expected: `at most ${MAX_SERIES_LENGTH} values`, received: values }));
  const period = record.period === undefined ? undefined : checkOneOf(record.period, SERIES_PERIODS, ['series', 'period'], issues);
  let seasonLength = seasonOf(period);
  if (record.seasonLength !== undefined) {
    seasonLength = checkNumber(record.seasonLength, ['series', 'seasonLength'], issues, { integer: true, min: 1, max: MAX_SEASON }) ?? 1;
  }
  if (record.lastIsPartial !== undefined && typeof record.lastIsPartial !== 'boolean') {
    issues.push(createIssue('invalid_type', ['series', 'lastIsPartial'], { expected: 'true or false', received: record.lastIsPartial }));
  }
  if (record.currency !== undefined) checkText(record.currency, ['series', 'currency'], issues);
  let calendar: FiscalCalendar | null = null;
  if (record.calendar !== undefined) {
    const found = validateFiscalCalendar(record.calendar, ['series', 'calendar']);
    if (found.length > 0) issues.push(...found);
    // Narrowing is proven: the validator found no fault.
    else calendar = record.calendar as FiscalCalendar;
  }
  let start: string | null = null;
  if (record.start !== undefined) {
    if (typeof record.start !== 'string') issues.push(createIssue('invalid_type', ['series', 'start'], { expected: 'the label of a period, or a date', received: record.start }));
    else if (period === undefined) issues.push(createIssue('missing_key', ['series', 'period'], { expected: 'the length of the periods, since the first is named' }));
    else if (issues.length === 0) {
      const first = readStart(record.start, period, calendar ?? calendarYear, issues);
      start = first ?? null;
    }
  }
  throwIfIssues(issues, { name: 'InvalidSeriesError' });
  const partialLeftOut = record.lastIsPartial === true && values.length > 0;
  const read = readValues(values, partialLeftOut ? values.length - 1 : values.length, ['series', 'values']);
  return { ...read, seasonLength, period: period ?? null, start, calendar, currency: typeof record.currency === 'string' ? record.currency : null, partialLeftOut };
}

function readStart(start: string, period: SeriesPeriod, calendar: FiscalCalendar, issues: IssueSink): string | undefined {
  const path = ['series', 'start'];
  if (period === 'day') {
    if (isPlainDate(start)) return start;
    issues.push(createIssue('invalid_date', path, { expected: 'the first day, YYYY-MM-DD', received: start }));
    return undefined;
  }
  try {
    if (isPlainDate(start)) return periodOf(start, { unit: period, calendar }).label;
    const parsed = calendar === calendarYear ? parsePeriod(start) : parsePeriod(start, { calendar });
    // A label of another unit (a quarter where months are meant) must not shift the series silently.
    const same = periodOf(parsed.start, { unit: period, calendar });
    if (same.start === parsed.start && same.endExclusive === parsed.endExclusive) return same.label;
    issues.push(createIssue('invalid_period', path, { expected: `the label of a ${period}`, received: start, hint: `did you mean "${same.label}"?` }));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    issues.push(createIssue('invalid_period', path, { expected: `the label of a ${period}, or a date in it`, received: start }));
  }
  return undefined;
}

/** Labels of `count` periods, the first of them `offset` periods after the start of the series; `null` where the series has no start. */
export function labelPeriods(series: Pick<ReadSeries, 'start' | 'period' | 'calendar'>, offset: number, count: number): readonly string[] | null {
  const { start, period, calendar } = series;
  if (start === null || period === null) return null;
  const labels: string[] = [];
  try {
    for (let k = 0; k < count; k += 1) {
      if (period === 'day') labels.push(addDays(start, offset + k));
      else labels.push(shiftPeriod(start, offset + k, { unit: period, ...(calendar === null ? {} : { calendar }) }).label);
    }
  } catch (error) {
    // Beyond the year 9999 there are no labels; the figures stand without.
    if (isDomainError(error)) return null;
    throw error;
  }
  return labels;
}
