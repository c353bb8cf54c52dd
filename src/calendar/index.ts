/**
 * Dates without time or zone, instants, periods, fiscal calendars, proration and working days. Nothing here reads a clock or the time zone of the host.
 *
 * @module calendar
 */
export { compareDates, dayOfWeek, maxDate, minDate, type Weekday } from './compare-dates.js';
export { addDays, addMonths, addYears, differenceInDays, differenceInMonths } from './date-arithmetic.js';
export {
  calendarYear,
  defineFiscalCalendar,
  type FiscalCalendar,
  type FiscalYearName,
  type MonthFiscalCalendar,
  type MonthNumber,
  validateFiscalCalendar,
  type WeekFiscalCalendar,
  type WeekPattern,
  type WeekYearRule,
} from './fiscal-calendar.js';
export {
  createInstantReader,
  createPlainDateReader,
  type InstantReader,
  instantOf,
  isBefore,
  type PlainDateReader,
  type TimeZoneOptions,
  toPlainDate,
} from './instant-of.js';
export { listPeriods, subdividePeriod } from './list-periods.js';
export { parsePeriod, readPeriod } from './parse-period.js';
export { type CalendarOptions, type DateRange, PERIOD_UNITS, type Period, type PeriodInput, type PeriodUnit } from './period.js';
export { isWithin, overlapPeriod, periodDays } from './period-days.js';
export { type PeriodUnitOptions, periodOf } from './period-of.js';
export { type DateInput, isPlainDate, type PlainDate, parsePlainDate, readPlainDate } from './plain-date.js';
export { type ActiveRange, type MonthRule, type ProrateOptions, type Proration, type ProrationConvention, type ProrationInput, prorate } from './prorate.js';
export { nextPeriod, type ShiftPeriodOptions, shiftPeriod } from './shift-period.js';
export { defineWorkingCalendar, validateWorkingCalendar, type WorkingCalendar, type WorkingCalendarDefinition } from './working-calendar.js';
export { addWorkingDays, countWorkingDays, isWorkingDay } from './working-days.js';
