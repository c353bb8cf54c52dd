import { checkNumber, checkOneOf, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-checks.js';
import { fromEpochDay } from './epoch-day.js';
import { checkLayout } from './fiscal-layout.js';
import { type CalendarOptions, PERIOD_UNITS, type Period, type PeriodInput, type PeriodUnit } from './period.js';
import { checkRange } from './period-input.js';
import { isSpanWritable, periodOfSpan, shiftSpan, spanOfDay, unwritableSpan } from './period-span.js';

/** More than all weeks from 0001 to 9999. */
const MAX_STEPS = 600_000;

/**
 * Which calendar, and of which length the period is.
 *
 * @category calendar
 */
export interface ShiftPeriodOptions extends CalendarOptions {
  /** Length of the period. Default: found from its days. */
  readonly unit?: PeriodUnit;
}

/**
 * The period so many periods of the same length later, or earlier if negative.
 *
 * @param period - a label, or a range that is one whole period of the calendar
 * @param count - whole number of periods
 * @param options - the fiscal calendar, if it is not the calendar year
 * @returns the period
 * @throws DomainError `invalid_period` | `invalid_date` | `date_instance_not_allowed` | `invalid_value` | `invalid_type` | `not_finite` | `not_an_integer` |
 *   `out_of_range` | `invalid_fiscal_calendar` | `unknown_key`
 * @example
 * ```ts
 * import { shiftPeriod } from 'dealwright/calendar';
 * shiftPeriod('2026-Q1', -1).label; // => '2025-Q4'
 * shiftPeriod({ start: '2026-01-01', endExclusive: '2026-02-01' }, 13).label; // => '2027-02'
 * ```
 * @category calendar
 */
export function shiftPeriod(period: PeriodInput, count: number, options: ShiftPeriodOptions = {}): Period {
  const issues: IssueSink = [];
  const { unit: unitOption, calendar } = checkOptions(options, ['unit', 'calendar'], issues);
  const layout = checkLayout(calendar, ['calendar'], issues);
  const range = layout === undefined ? undefined : checkRange(period, layout, ['period'], issues);
  const unit = unitOption === undefined ? undefined : checkOneOf(unitOption, PERIOD_UNITS, ['unit'], issues);
  const steps = checkSteps(count, issues);
  if (issues.length > 0 || layout === undefined || range === undefined) return raise(issues);
  const units = unit === undefined ? PERIOD_UNITS : [unit];
  const span = units.map((candidate) => spanOfDay(layout, candidate, range.start)).find((candidate) => candidate.start === range.start && candidate.end === range.end);
  if (span === undefined) {
    const expected = unit === undefined ? 'one whole week, month, quarter, half or year of the calendar' : `one whole ${unit} of the calendar`;
    return raise([createIssue('invalid_period', ['period'], { expected, received: `${fromEpochDay(range.start)} to before ${fromEpochDay(range.end)}` })]);
  }
  const shifted = shiftSpan(layout, span, steps);
  return isSpanWritable(shifted) ? periodOfSpan(layout, shifted) : raise([unwritableSpan(['count'], count)]);
}

function checkSteps(count: unknown, issues: IssueSink): number {
  return checkNumber(count, ['count'], issues, { integer: true, min: -MAX_STEPS, max: MAX_STEPS }) ?? 0;
}

/**
 * The period after a period.
 *
 * @param period - a label, or a range that is one whole period of the calendar
 * @param options - the fiscal calendar, if it is not the calendar year
 * @returns the period of the same length that follows
 * @throws DomainError as {@link shiftPeriod}
 * @example
 * ```ts
 * import { nextPeriod } from 'dealwright/calendar';
 * nextPeriod('2026-Q4').label; // => '2027-Q1'
 * ```
 * @category calendar
 */
export function nextPeriod(period: PeriodInput, options: ShiftPeriodOptions = {}): Period {
  return shiftPeriod(period, 1, options);
}
