import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-checks.js';
import { fromEpochDay } from './epoch-day.js';
import { type CalendarLayout, checkLayout } from './fiscal-layout.js';
import { type CalendarOptions, PERIOD_UNITS, type Period, type PeriodInput, type PeriodUnit } from './period.js';
import { checkRange, type LabelledRange } from './period-input.js';
import type { PeriodUnitOptions } from './period-of.js';
import { isSpanWritable, type PeriodSpan, periodOfSpan, shiftSpan, spanOfDay, unwritableSpan } from './period-span.js';

/** A range to be divided into periods of a unit. Not a public entry. */
export interface ReadCall {
  readonly layout: CalendarLayout;
  readonly range: LabelledRange;
  readonly unit: PeriodUnit;
}

function readCall(period: unknown, name: string, unitValue: unknown, calendar: unknown, issues: IssueSink): ReadCall {
  const layout = checkLayout(calendar, ['calendar'], issues);
  const range = layout === undefined ? undefined : checkRange(period, layout, [name], issues);
  const unit = checkOneOf(unitValue, PERIOD_UNITS, ['unit'], issues);
  if (issues.length > 0 || layout === undefined || range === undefined || unit === undefined) return raise(issues);
  return { layout, range, unit };
}

function listSpans({ layout, range, unit }: ReadCall, name: string): PeriodSpan[] {
  const spans: PeriodSpan[] = [];
  if (range.start === range.end) return spans;
  for (let span = spanOfDay(layout, unit, range.start); span.start < range.end; span = shiftSpan(layout, span, 1)) {
    if (!isSpanWritable(span)) return raise([unwritableSpan([name], fromEpochDay(range.start))]);
    spans.push(span);
  }
  return spans;
}

/**
 * The periods of a calendar that have a day in a range, in order of time. They are whole: the first may begin before the range and the last may end after it
 * ({@link overlapPeriod} cuts them).
 *
 * @param range - the days to cover: a label or `{ start, endExclusive }`
 * @param options - the unit, and the fiscal calendar if it is not the calendar year
 * @returns the periods; none for a range without days
 * @throws DomainError `invalid_period` | `invalid_date` | `date_instance_not_allowed` | `invalid_value` | `invalid_type` | `invalid_fiscal_calendar` | `unknown_key`
 * @example
 * ```ts
 * import { listPeriods } from 'dealwright/calendar';
 * listPeriods({ start: '2026-01-15', endExclusive: '2026-04-02' }, { unit: 'quarter' }).map((period) => period.label); // => ['2026-Q1', '2026-Q2']
 * ```
 * @category calendar
 */
export function listPeriods(range: PeriodInput, options: PeriodUnitOptions): readonly Period[] {
  const issues: IssueSink = [];
  const { unit, calendar } = checkOptions(options, ['unit', 'calendar'], issues);
  const call = readCall(range, 'range', unit, calendar, issues);
  return listSpans(call, 'range').map((span) => periodOfSpan(call.layout, span));
}

/**
 * Divides a period into shorter ones that fill it exactly: a quarter into months, a year into halves, a fiscal quarter into weeks.
 *
 * @param period - a label, or a range that begins and ends with periods of the unit
 * @param unit - length of the parts
 * @param options - the fiscal calendar, if it is not the calendar year
 * @returns the parts, in order of time
 * @throws DomainError `invalid_period` (also if the parts would cross its start or end, as ISO weeks do with months) | `empty_period` | `invalid_date` |
 *   `date_instance_not_allowed` | `invalid_value` | `invalid_type` | `invalid_fiscal_calendar` | `unknown_key`
 * @example
 * ```ts
 * import { subdividePeriod } from 'dealwright/calendar';
 * subdividePeriod('2026-Q1', 'month').map((period) => period.label); // => ['2026-01', '2026-02', '2026-03']
 * ```
 * @category calendar
 */
export function subdividePeriod(period: PeriodInput, unit: PeriodUnit, options: CalendarOptions = {}): readonly Period[] {
  const issues: IssueSink = [];
  const { calendar } = checkOptions(options, ['calendar'], issues);
  const call = readCall(period, 'period', unit, calendar, issues);
  return subdivideSpans(call).map((span) => periodOfSpan(call.layout, span));
}

/** The parts of a range as spans. Not a public entry. */
export function subdivideSpans(call: ReadCall): readonly PeriodSpan[] {
  const { range, unit } = call;
  if (range.start === range.end) return raise([createIssue('empty_period', ['period'], { received: fromEpochDay(range.start) })]);
  const spans = listSpans(call, 'period');
  if (spans[0]?.start === range.start && spans[spans.length - 1]?.end === range.end) return spans;
  return raise([
    createIssue('invalid_period', ['period'], {
      expected: `a period made of whole ${unit === 'half' ? 'halves' : `${unit}s`} of the calendar`,
      received: `${fromEpochDay(range.start)} to before ${fromEpochDay(range.end)}`,
      hint: 'listPeriods gives those that overlap it',
    }),
  ]);
}
