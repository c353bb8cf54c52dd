/* For which part of a period a payee counts: on the plan, employed, not on leave. */
import { fromEpochDay, MAX_EPOCH_DAY, readEpochDay } from '../../calendar/epoch-day.js';
import type { DateRange } from '../../calendar/period.js';
import { type MonthRule, type ProrateOptions, type ProrationConvention, prorate } from '../../calendar/prorate.js';
import type { WorkingCalendar } from '../../calendar/working-calendar.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioDivide, ratioFromScaled, ratioSubtract } from '../../decimal/ratio.js';
import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import type { IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';

/**
 * What is prorated when a payee is on the plan for a part of a window only: the quota, the bounds of tiers by amount, the target pay (shares and amounts of
 * tiers and matrices), caps and floors. Prorating the quota and not the target, or the other way round, changes the base rate.
 *
 * @category compensation
 */
export type ProrationScope = 'quota' | 'bounds' | 'target' | 'caps';

/**
 * How a part of a window is counted, and what it applies to.
 *
 * @category compensation
 */
export interface ProrationPolicy {
  /** How the share is counted. */
  readonly convention: ProrationConvention;
  /** What is prorated. */
  readonly scope: readonly ProrationScope[];
  /** Whether the first active day counts. Default `included`. */
  readonly startDay?: 'included' | 'excluded';
  /** For `whole-months`. */
  readonly monthRule?: MonthRule;
  /** For `working-days`. */
  readonly workingCalendar?: WorkingCalendar;
  /** Whether days of leave (`leaves` of the payee) are taken out like days not on the plan. Default `relief`. */
  readonly leave?: 'relief' | 'none';
}

const CONVENTIONS: readonly ProrationConvention[] = ['actual-days', '30-360', 'working-days', 'whole-months', 'actual-365'];
const SCOPES: readonly ProrationScope[] = ['quota', 'bounds', 'target', 'caps'];

/** Checks a policy of unknown shape. */
export function checkProration(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a policy { convention, scope }');
  if (record === undefined) return;
  checkKeys(record, ['convention', 'scope', 'startDay', 'monthRule', 'workingCalendar', 'leave'], path, issues);
  const convention = checkOneOf(record['convention'], CONVENTIONS, [...path, 'convention'], issues);
  checkList(record['scope'], [...path, 'scope'], issues, { min: 1, expected: 'what is prorated' })?.forEach((entry, index) => {
    checkOneOf(entry, SCOPES, [...path, 'scope', index], issues);
  });
  if (Object.hasOwn(record, 'startDay')) checkOneOf(record['startDay'], ['included', 'excluded'], [...path, 'startDay'], issues);
  if (Object.hasOwn(record, 'leave')) checkOneOf(record['leave'], ['relief', 'none'], [...path, 'leave'], issues);
  if (Object.hasOwn(record, 'monthRule')) {
    const rule = checkRecord(record['monthRule'], [...path, 'monthRule'], issues);
    if (rule !== undefined) {
      checkKeys(rule, ['hiredByDay'], [...path, 'monthRule'], issues);
      checkNumber(rule['hiredByDay'], [...path, 'monthRule', 'hiredByDay'], issues, { integer: true, min: 1, max: 31 });
    }
  }
  if (convention === 'working-days') checkRecord(record['workingCalendar'], [...path, 'workingCalendar'], issues, 'a working calendar, which working-days needs');
}

/** A stretch of days as numbers. */
interface Days {
  readonly start: number;
  readonly end: number;
}

/** Options of `prorate` that a policy states. */
export function prorateOptionsOf(policy: Pick<ProrationPolicy, 'convention' | 'startDay' | 'monthRule' | 'workingCalendar'>): ProrateOptions {
  const { convention, startDay, monthRule, workingCalendar } = policy;
  return {
    convention,
    ...(startDay === undefined ? {} : { startDay }),
    ...(monthRule === undefined ? {} : { monthRule }),
    ...(workingCalendar === undefined ? {} : { workingCalendar }),
  };
}

/** The share of a period for which one stretch of days without its holes counts. What is not whole days or months follows the convention. */
export function shareOfDays(period: DateRange, range: Days, holes: readonly Days[], options: ProrateOptions): Ratio {
  const share = (days: Days, startDay: ProrateOptions['startDay']): Ratio => {
    if (days.start >= days.end) return RATIO_ZERO;
    const { numerator, denominator } = prorate(
      {
        active: { start: fromEpochDay(days.start), endExclusive: days.end > MAX_EPOCH_DAY ? null : fromEpochDay(days.end) },
        period: { start: period.start, endExclusive: period.endExclusive },
      },
      { ...options, ...(startDay === undefined ? {} : { startDay }) },
    );
    return ratioDivide(ratioFromScaled(numerator, 0), ratioFromScaled(denominator, 0));
  };
  // Leave is subtracted, so that the start-day rule applies to the start of work only.
  const clipped = holes.map((hole) => ({ start: Math.max(hole.start, range.start), end: Math.min(hole.end, range.end) })).filter((hole) => hole.start < hole.end);
  const whole = share(range, options.startDay);
  return clipped.length === 0
    ? whole
    : ratioSubtract(
        whole,
        merged(clipped)
          .map((hole) => share(hole, 'included'))
          .reduce(ratioAdd, RATIO_ZERO),
      );
}

function merged(stretches: readonly Days[]): readonly Days[] {
  const result: Days[] = [];
  for (const next of [...stretches].sort((a, b) => a.start - b.start)) {
    const last = result[result.length - 1];
    if (last !== undefined && next.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, next.end) };
    else result.push(next);
  }
  return result;
}

/** Days of employment and the days of leave of the payee. */
export function employmentOf(context: EvaluationContext): { readonly days: Days; readonly leaves: readonly Days[] } {
  const { hiredOn, terminatedOn, leaves = [] } = context.payee;
  const read = (date: string | undefined, otherwise: number): number => {
    const day = date === undefined ? Number.NaN : readEpochDay(date);
    return Number.isNaN(day) ? otherwise : day;
  };
  return {
    days: { start: read(hiredOn, Number.NEGATIVE_INFINITY), end: read(terminatedOn, MAX_EPOCH_DAY + 1) },
    leaves: leaves.map((leave) => ({ start: read(leave.from, MAX_EPOCH_DAY + 1), end: read(leave.to, MAX_EPOCH_DAY + 1) })),
  };
}

/** The share of a period for which the payee counts, over all assignments to the plan or one of them. */
export function activeShare(context: EvaluationContext, policy: ProrationPolicy, period: DateRange, span?: DateRange): Ratio {
  const { days, leaves } = employmentOf(context);
  const holes = policy.leave === 'none' ? [] : leaves;
  const spans = span === undefined ? context.assignments({ ...period, label: '' }) : [span];
  const first = readEpochDay(period.start);
  const last = readEpochDay(period.endExclusive);
  const stretches = merged(
    spans
      .map(({ start, endExclusive }) => ({ start: Math.max(first, days.start, readEpochDay(start)), end: Math.min(last, days.end, readEpochDay(endExclusive)) }))
      .filter((stretch) => stretch.start < stretch.end),
  );
  return stretches.map((stretch) => shareOfDays(period, stretch, holes, prorateOptionsOf(policy))).reduce(ratioAdd, RATIO_ZERO);
}
