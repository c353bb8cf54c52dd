import type { FiscalCalendar } from './fiscal-calendar.js';
import type { PlainDate } from './plain-date.js';

/**
 * A half-open range of days: `start` belongs to it, `endExclusive` does not. The day after the 31st is the 1st.
 *
 * @category calendar
 */
export interface DateRange {
  /** First day. */
  readonly start: PlainDate;
  /** The day after the last. */
  readonly endExclusive: PlainDate;
}

/**
 * A half-open range of days with a label: `start` belongs to it, `endExclusive` does not.
 *
 * @category calendar
 */
export interface Period {
  /** First day. */
  readonly start: PlainDate;
  /** The day after the last. */
  readonly endExclusive: PlainDate;
  /** For example `2026-Q1`, `2026-03`, `FY2026-P07`. */
  readonly label: string;
}

/**
 * The lengths of period that a calendar knows. In a calendar of whole weeks a `month` is a period of four or five weeks.
 *
 * @category calendar
 */
export type PeriodUnit = 'week' | 'month' | 'quarter' | 'half' | 'year';

/**
 * What is accepted as a period: the label of one (`'2026-Q1'`), or a range of days.
 *
 * @category calendar
 */
export type PeriodInput = string | DateRange;

/**
 * Which calendar the periods of a call belong to.
 *
 * @category calendar
 */
export interface CalendarOptions {
  /** Default: the calendar year, January to December. */
  readonly calendar?: FiscalCalendar;
}

/**
 * Every {@link PeriodUnit}, from the shortest to the longest.
 *
 * @category calendar
 */
export const PERIOD_UNITS: readonly PeriodUnit[] = ['week', 'month', 'quarter', 'half', 'year'];
