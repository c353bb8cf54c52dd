import type { IssueSink } from '../errors/checks.js';
import { checkOptions, raise } from './call-checks.js';
import { fromEpochDay } from './epoch-day.js';
import { checkLayout } from './fiscal-layout.js';
import type { CalendarOptions, Period, PeriodInput } from './period.js';
import { checkRange, type LabelledRange } from './period-input.js';
import { type DateInput, epochDayOrIssue } from './plain-date.js';

function readRanges(periods: readonly (readonly [string, unknown])[], options: unknown, issues: IssueSink): readonly LabelledRange[] {
  const { calendar } = checkOptions(options, ['calendar'], issues);
  const layout = checkLayout(calendar, ['calendar'], issues);
  if (layout === undefined) return raise(issues);
  const ranges: LabelledRange[] = [];
  for (const [name, period] of periods) {
    const range = checkRange(period, layout, [name], issues);
    if (range !== undefined) ranges.push(range);
  }
  return issues.length > 0 ? raise(issues) : ranges;
}

/**
 * Number of days in a period.
 *
 * @param period - a label or `{ start, endExclusive }`
 * @param options - the fiscal calendar of a label, if it is not the calendar year
 * @returns days, 0 or more
 * @throws DomainError `invalid_period` | `invalid_date` | `date_instance_not_allowed` | `invalid_fiscal_calendar` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { periodDays } from 'dealwright/calendar';
 * periodDays('2028-Q1'); // => 91
 * ```
 * @category calendar
 */
export function periodDays(period: PeriodInput, options: CalendarOptions = {}): number {
  const [range] = readRanges([['period', period]], options, []);
  return range === undefined ? 0 : range.end - range.start;
}

/**
 * Whether a date lies in a period: on or after its start and before its exclusive end.
 *
 * @param date - the date
 * @param period - a label or `{ start, endExclusive }`
 * @param options - the fiscal calendar of a label, if it is not the calendar year
 * @returns true if it does
 * @throws DomainError `invalid_period` | `invalid_date` | `date_instance_not_allowed` | `invalid_fiscal_calendar` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { isWithin } from 'dealwright/calendar';
 * isWithin('2026-03-31', '2026-Q1'); // => true
 * isWithin('2026-04-01', '2026-Q1'); // => false
 * ```
 * @category calendar
 */
export function isWithin(date: DateInput, period: PeriodInput, options: CalendarOptions = {}): boolean {
  const issues: IssueSink = [];
  const epochDay = epochDayOrIssue(date, ['date'], issues);
  const [range] = readRanges([['period', period]], options, issues);
  return range !== undefined && epochDay >= range.start && epochDay < range.end;
}

/**
 * The days that two periods share.
 *
 * @param a - a label or `{ start, endExclusive }`
 * @param b - likewise
 * @param options - the fiscal calendar of labels, if it is not the calendar year
 * @returns the shared days, or `null` if there are none. The label is that of the period which lies wholly in the other (of `a`, if they are the same days);
 * otherwise the two dates, `2026-02-10/2026-04-01`, which {@link parsePeriod} does not read
 * @throws DomainError `invalid_period` | `invalid_date` | `date_instance_not_allowed` | `invalid_fiscal_calendar` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { overlapPeriod } from 'dealwright/calendar';
 * overlapPeriod('2026-Q1', { start: '2026-02-10', endExclusive: '2027-01-01' }); // => { start: '2026-02-10', endExclusive: '2026-04-01', label: '2026-02-10/2026-04-01' }
 * overlapPeriod('2026-Q1', '2026-Q2'); // => null
 * ```
 * @category calendar
 */
export function overlapPeriod(a: PeriodInput, b: PeriodInput, options: CalendarOptions = {}): Period | null {
  const ranges = readRanges(
    [
      ['a', a],
      ['b', b],
    ],
    options,
    [],
  );
  const start = Math.max(...ranges.map((range) => range.start));
  const end = Math.min(...ranges.map((range) => range.end));
  if (start >= end) return null;
  const whole = ranges.find((range) => range.start === start && range.end === end && range.label !== undefined);
  const [first, last] = [fromEpochDay(start), fromEpochDay(end)];
  return { start: first, endExclusive: last, label: whole?.label ?? `${first}/${last}` };
}
