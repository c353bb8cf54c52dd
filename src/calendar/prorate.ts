import { divideDecimals } from '../decimal/arithmetic.js';
import { type DecimalRounding, ROUNDING_MODES, type RoundingMode } from '../decimal/rounding.js';
import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-checks.js';
import { addMonthsToEpochDay } from './date-arithmetic.js';
import { epochDayToCivil, fromEpochDay, MAX_EPOCH_DAY } from './epoch-day.js';
import { type CalendarLayout, checkLayout } from './fiscal-layout.js';
import { subdivideSpans } from './list-periods.js';
import type { CalendarOptions, PeriodInput } from './period.js';
import { checkRange } from './period-input.js';
import { epochDayOrIssue, type PlainDate } from './plain-date.js';
import { readDays, type WorkingCalendar } from './working-calendar.js';
import { createWorkingDayCounter } from './working-day-counter.js';

/**
 * How the share of a period is counted.
 *
 * - `actual-days`: days active / days of the period
 * - `30-360`: the same with every month taken as 30 days (30E/360: the 31st counts as the 30th, at both ends)
 * - `working-days`: working days active / working days of the period, by a {@link WorkingCalendar}
 * - `whole-months`: months counted / months of the period; which months count is the {@link MonthRule}
 * - `actual-365`: days active / 365 days a year, that is 365 · m / 12 for a period of m months, leap day or not; 1 if active throughout, and never more
 *
 * @category calendar
 */
export type ProrationConvention = 'actual-days' | '30-360' | 'working-days' | 'whole-months' | 'actual-365';

/**
 * When a month counts as a whole one: if active on that day of it, or on its last day if it is shorter. A payee hired by the 15th gets the month, one who
 * leaves before the 15th does not.
 *
 * @category calendar
 */
export interface MonthRule {
  /** Day of the month, 1 to 31. */
  readonly hiredByDay: number;
}

/**
 * When something was active.
 *
 * @category calendar
 */
export interface ActiveRange {
  /** First day active. */
  readonly start: PlainDate;
  /** The day after the last one active; `null`: still active. */
  readonly endExclusive: PlainDate | null;
}

/**
 * What is prorated: an active range, and the period of which it is a part.
 *
 * @category calendar
 */
export interface ProrationInput {
  /** When the payee, plan or contract was active; days outside the period do not matter. */
  readonly active: ActiveRange;
  /** The whole: a label or `{ start, endExclusive }`. */
  readonly period: PeriodInput;
}

/**
 * How to prorate.
 *
 * @category calendar
 */
export interface ProrateOptions extends CalendarOptions {
  /** Default `actual-days`. */
  readonly convention?: ProrationConvention;
  /** Whether the first active day counts. Default `included`. With `excluded`, adjoining segments do not add up to the whole: use it for the day of hire only. */
  readonly startDay?: 'included' | 'excluded';
  /** For `whole-months`. Default: only months active throughout count. */
  readonly monthRule?: MonthRule;
  /** For `working-days`, which needs it. */
  readonly workingCalendar?: WorkingCalendar;
  /** Of `factor`. Default 12 digits, half-up. */
  readonly rounding?: DecimalRounding;
}

/**
 * The share of a period, as an exact fraction and as a decimal, with the policy that it follows.
 *
 * @category calendar
 */
export interface Proration {
  /** What was counted while active, 0 or more. */
  readonly numerator: number;
  /** What the whole period counts, 1 or more; the fraction is not reduced. */
  readonly denominator: number;
  /** What is counted; `days-360` are days of months of 30. With `actual-365` both are multiplied so that they are whole. */
  readonly unit: 'days' | 'days-360' | 'working-days' | 'months';
  /** The fraction as a decimal, rounded once as `rounding` says. */
  readonly factor: string;
  /** How `factor` is rounded. */
  readonly rounding: Required<DecimalRounding>;
  /** How it was counted. */
  readonly convention: ProrationConvention;
  /** Whether the first active day was counted. */
  readonly startDay: 'included' | 'excluded';
  /** For `whole-months`: the rule, `null` if only whole months count. */
  readonly monthRule?: MonthRule | null;
}

const CONVENTIONS: readonly ProrationConvention[] = ['actual-days', '30-360', 'working-days', 'whole-months', 'actual-365'];
const START_DAYS: readonly ('included' | 'excluded')[] = ['included', 'excluded'];
const OPTION_KEYS: readonly string[] = ['convention', 'startDay', 'monthRule', 'workingCalendar', 'rounding', 'calendar'];

interface Counted {
  readonly numerator: number;
  readonly denominator: number;
  readonly unit: Proration['unit'];
}

/** Days in epoch days: the active part lies within the period, and may be empty. */
interface Parts {
  readonly start: number;
  readonly end: number;
  readonly activeStart: number;
  readonly activeEnd: number;
}

/**
 * The share of a period in which something was active, by a named convention: `numerator / denominator`.
 *
 * The share is 1 if active throughout the period, 0 if not at all, and adjoining active ranges add up to the share of the whole range, with these exceptions:
 * `whole-months` without a rule (a month that is split counts in neither part), `actual-365` (a full period counts as 1, whatever its days),
 * and any convention with the start day excluded.
 *
 * @param input - when active, and the period
 * @param options - the convention (default `actual-days`) and its details
 * @returns the exact fraction and its decimal, with the policy
 * @throws DomainError `empty_period` (nothing to count in the period) | `invalid_period` | `invalid_date` | `date_instance_not_allowed` | `missing_key` |
 *   `invalid_value` | `invalid_type` | `not_an_integer` | `not_finite` | `out_of_range` | `invalid_rounding` | `invalid_working_calendar` | `invalid_fiscal_calendar` |
 *   `unknown_key` | `reserved_key`
 * @example
 * ```ts
 * import { prorate } from 'dealwright/calendar';
 * const hired = { start: '2025-01-15', endExclusive: null };
 * prorate({ active: hired, period: '2025-01' }).numerator; // => 17
 * prorate({ active: hired, period: '2025-01' }).factor; // => '0.548387096774'
 * prorate({ active: hired, period: '2025-Q1' }, { convention: 'whole-months', monthRule: { hiredByDay: 15 } }).factor; // => '1'
 * prorate({ active: hired, period: '2025' }, { convention: 'actual-365' }).numerator; // => 351
 * ```
 * @category calendar
 */
export function prorate(input: ProrationInput, options: ProrateOptions = {}): Proration {
  const issues: IssueSink = [];
  const settings = checkOptions(options, OPTION_KEYS, issues);
  const convention = checkOneOf(settings.convention ?? 'actual-days', CONVENTIONS, ['convention'], issues);
  const startDay = checkOneOf(settings.startDay ?? 'included', START_DAYS, ['startDay'], issues);
  const rounding = checkRounding(settings.rounding, issues);
  const monthRule = checkMonthRule(settings.monthRule, issues);
  const layout = checkLayout(settings.calendar, ['calendar'], issues);
  const parts = layout === undefined ? undefined : checkParts(input, layout, startDay === 'excluded', issues);
  const workingDays = convention === 'working-days' ? checkWorkingCalendar(settings.workingCalendar, issues) : undefined;
  if (issues.length > 0 || convention === undefined || startDay === undefined || layout === undefined || parts === undefined) return raise(issues);

  let counted: Counted;
  if (convention === 'actual-days') counted = { numerator: parts.activeEnd - parts.activeStart, denominator: parts.end - parts.start, unit: 'days' };
  else if (convention === '30-360') counted = { numerator: days360(parts.activeStart, parts.activeEnd), denominator: days360(parts.start, parts.end), unit: 'days-360' };
  else if (convention === 'actual-365') counted = countActual365(parts);
  else if (convention === 'whole-months') counted = countMonths(parts, settings.calendar === undefined ? undefined : layout, monthRule);
  else {
    const count = workingDays?.count ?? (() => 0);
    counted = { numerator: count(parts.activeStart, parts.activeEnd), denominator: count(parts.start, parts.end), unit: 'working-days' };
  }
  if (counted.denominator === 0) return raise([createIssue('empty_period', ['period'], { expected: `a period with at least one of: ${counted.unit}` })]);
  return {
    ...counted,
    factor: divideDecimals(counted.numerator, counted.denominator, rounding),
    rounding,
    convention,
    startDay,
    ...(convention === 'whole-months' ? { monthRule } : {}),
  };
}

function checkParts(input: unknown, layout: CalendarLayout, startExcluded: boolean, issues: IssueSink): Parts | undefined {
  const record = checkRecord(input, [], issues, 'an object { active, period }');
  if (record === undefined) return undefined;
  checkKeys(record, ['active', 'period'], [], issues);
  const period = checkRange(record.period, layout, ['period'], issues);
  const active = checkRecord(record.active, ['active'], issues, 'an object { start, endExclusive }');
  if (active === undefined) return undefined;
  const before = issues.length;
  const start = epochDayOrIssue(active.start, ['active', 'start'], issues);
  // One day after the last date stands for "still active".
  const end = active.endExclusive === null ? MAX_EPOCH_DAY + 1 : epochDayOrIssue(active.endExclusive, ['active', 'endExclusive'], issues);
  if (issues.length === before && start > end) {
    issues.push(
      createIssue('invalid_period', ['active', 'endExclusive'], {
        expected: 'a date not before the start',
        received: active.endExclusive,
        hint: 'the end is the day after the last',
      }),
    );
  }
  if (period === undefined || issues.length > before) return undefined;
  if (period.start === period.end) {
    issues.push(createIssue('empty_period', ['period'], { expected: 'a period with at least one day', received: fromEpochDay(period.start) }));
    return undefined;
  }
  const activeStart = Math.min(Math.max(period.start, start + (startExcluded && start < end ? 1 : 0)), period.end);
  return { start: period.start, end: period.end, activeStart, activeEnd: Math.max(activeStart, Math.min(period.end, end)) };
}

function checkWorkingCalendar(value: unknown, issues: IssueSink): ReturnType<typeof createWorkingDayCounter> | undefined {
  if (value === undefined) {
    issues.push(createIssue('missing_key', ['workingCalendar'], { expected: 'a working calendar', hint: 'defineWorkingCalendar() has Saturday and Sunday off and no holidays' }));
    return undefined;
  }
  const before = issues.length;
  const days = readDays(value, ['workingCalendar'], issues);
  return issues.length > before ? undefined : createWorkingDayCounter(days);
}

function checkMonthRule(value: unknown, issues: IssueSink): MonthRule | null {
  if (value === undefined || value === null) return null;
  const record = checkRecord(value, ['monthRule'], issues);
  if (record === undefined) return null;
  checkKeys(record, ['hiredByDay'], ['monthRule'], issues);
  const hiredByDay = checkNumber(record.hiredByDay, ['monthRule', 'hiredByDay'], issues, { integer: true, min: 1, max: 31 });
  return hiredByDay === undefined ? null : { hiredByDay };
}

function checkRounding(value: unknown, issues: IssueSink): Required<DecimalRounding> {
  const standard: Required<DecimalRounding> = { scale: 12, mode: 'half-up' };
  if (value === undefined) return standard;
  const record = checkRecord(value, ['rounding'], issues);
  if (record === undefined) return standard;
  checkKeys(record, ['scale', 'mode'], ['rounding'], issues);
  const { scale } = record;
  const mode: RoundingMode | undefined = record.mode === undefined ? 'half-up' : ROUNDING_MODES.find((entry) => entry === record.mode);
  if (mode === undefined) issues.push(createIssue('invalid_rounding', ['rounding', 'mode'], { expected: `one of ${ROUNDING_MODES.join(', ')}`, received: record.mode }));
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0 || scale > 40) {
    issues.push(createIssue('invalid_rounding', ['rounding', 'scale'], { expected: 'a whole number from 0 to 40', received: scale }));
    return standard;
  }
  return { scale, mode: mode ?? 'half-up' };
}

/** Days of months of 30 up to a date, from the year 0. Differences of it add up, which is why both ends are cut at 30. */
function days360Until(epochDay: number): number {
  const { year, month, day } = epochDayToCivil(epochDay);
  return year * 360 + month * 30 + Math.min(day, 30);
}

function days360(start: number, end: number): number {
  return days360Until(end) - days360Until(start);
}

/** Months from the first day of a period to its exclusive end, each counted from the first day; the last may be cut short. */
function anchoredMonths(start: number, end: number): readonly { readonly start: number; readonly end: number }[] {
  const months: { start: number; end: number }[] = [];
  for (let monthStart = start; monthStart < end; ) {
    const monthEnd = addMonthsToEpochDay(start, months.length + 1);
    months.push({ start: monthStart, end: monthEnd });
    monthStart = monthEnd;
  }
  return months;
}

function wholeMonths({ start, end }: Parts, convention: ProrationConvention): readonly { readonly start: number; readonly end: number }[] {
  const months = anchoredMonths(start, end);
  if (months[months.length - 1]?.end === end) return months;
  return raise([
    createIssue('invalid_period', ['period'], {
      expected: `a period of whole months for ${convention}`,
      received: `${fromEpochDay(start)} to before ${fromEpochDay(end)}`,
      hint: convention === 'whole-months' ? 'pass the fiscal calendar whose months are meant, or count actual-days' : 'count actual-days',
    }),
  ]);
}

function countMonths(parts: Parts, layout: CalendarLayout | undefined, monthRule: MonthRule | null): Counted {
  const { start, end, activeStart, activeEnd } = parts;
  const months = layout === undefined ? wholeMonths(parts, 'whole-months') : subdivideSpans({ layout, range: { start, end }, unit: 'month' });
  const counts = months.filter((month) => {
    if (monthRule === null) return activeStart <= month.start && activeEnd >= month.end;
    const day = Math.min(month.start + monthRule.hiredByDay, month.end) - 1;
    return activeStart <= day && day < activeEnd;
  });
  return { numerator: counts.length, denominator: months.length, unit: 'months' };
}

function countActual365(parts: Parts): Counted {
  const months = wholeMonths(parts, 'actual-365').length;
  const divisor = greatestCommonDivisor(12, months);
  const denominator = (365 * months) / divisor;
  if (parts.activeStart === parts.start && parts.activeEnd === parts.end) return { numerator: denominator, denominator, unit: 'days' };
  const numerator = ((parts.activeEnd - parts.activeStart) * 12) / divisor;
  return { numerator: Math.min(numerator, denominator), denominator, unit: 'days' };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
