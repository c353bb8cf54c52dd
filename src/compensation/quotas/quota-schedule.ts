import { MAX_EPOCH_DAY, MIN_EPOCH_DAY, readEpochDay } from '../../calendar/epoch-day.js';
import type { FiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { listPeriods, subdividePeriod } from '../../calendar/list-periods.js';
import { readPeriod } from '../../calendar/parse-period.js';
import { type DateRange, PERIOD_UNITS, type Period, type PeriodInput, type PeriodUnit } from '../../calendar/period.js';
import type { ActiveRange, ProrateOptions } from '../../calendar/prorate.js';
import { type DecimalInput, readDecimal } from '../../decimal/parse-decimal.js';
import {
  formatUnits,
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioCompare,
  ratioDivide,
  ratioFromDecimal,
  ratioFromScaled,
  ratioMultiply,
  ratioRound,
  ratioSubtract,
  ratioToDecimal,
  roundedUnits,
} from '../../decimal/ratio.js';
import { type DecimalRounding, ROUNDING_MODES } from '../../decimal/rounding.js';
import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { DomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import { shareOfDays } from './active-share.js';
import { checkRampShares, checkWeights, monthShare, rampShare } from './seasonal-share.js';

/**
 * What a quota schedule is made from.
 *
 * @category compensation
 */
export interface QuotaScheduleInput {
  /** The quota of the whole period, in any unit. */
  readonly amount: DecimalInput;
  /** The whole period, usually a fiscal year. */
  readonly period: PeriodInput;
}

/**
 * How a quota is spread.
 *
 * @category compensation
 */
export interface QuotaScheduleOptions {
  /** Length of the parts. Default `month`. */
  readonly unit?: PeriodUnit;
  /** Default: the calendar year. */
  readonly calendar?: FiscalCalendar;
  /** Seasonality: 12 weights for months, 4 for quarters, 2 for halves; they sum to 1. Default: equal months. */
  readonly weights?: readonly string[];
  /** Growth at the start: the shares of the full quota in the months since a date. */
  readonly ramp?: { readonly since: string; readonly shares: readonly string[]; readonly starts?: 'month-of-start' | 'month-after' };
  /** Factor on the quota, `1.1` for ten per cent over-assignment. */
  readonly overAssignment?: DecimalInput;
  /** When the payee counts. Default: throughout. */
  readonly active?: ActiveRange;
  /** Days of leave that lower the quota. */
  readonly leaves?: readonly { readonly from: string; readonly to: string }[];
  /** How a month of which only a part is active counts. Default: its actual days. */
  readonly proration?: Pick<ProrateOptions, 'convention' | 'startDay' | 'monthRule' | 'workingCalendar'>;
  /** How the parts are rounded. Default: 2 decimals, half-up. */
  readonly rounding?: DecimalRounding;
  /** Who takes what rounding leaves over, or took too much: the parts with the largest remainders, one unit each (default), or the last part that has a quota. */
  readonly residue?: 'largest-remainder' | 'last';
}

/**
 * The quota of one part.
 *
 * @category compensation
 */
export interface QuotaScheduleEntry {
  /** The part. */
  readonly period: Period;
  /** Exact decimal; all parts sum to the total. */
  readonly quota: string;
}

/**
 * A quota spread over the parts of a period.
 *
 * @category compensation
 */
export interface QuotaSchedule {
  /** In order of time. */
  readonly entries: readonly QuotaScheduleEntry[];
  /** What the parts sum to: the amount, less what ramp and absence take off, times over-assignment; rounded once. */
  readonly total: string;
  /** How the parts are rounded. */
  readonly rounding: Required<DecimalRounding>;
  /** Who took what rounding left over. */
  readonly residue: 'largest-remainder' | 'last';
}

const KEYS = ['unit', 'calendar', 'weights', 'ramp', 'overAssignment', 'active', 'leaves', 'proration', 'rounding', 'residue'];

/**
 * Spreads a quota over months, quarters or halves: `quota(month) = amount × weight × ramp × active share × over-assignment`, summed over the months of each part.
 * The parts are rounded so that they sum to the rounded total exactly; without ramp and absence that is the amount.
 *
 * @param input - the quota and its period
 * @param options - unit, seasonality, ramp, over-assignment, absence, rounding
 * @returns the parts with their quotas, and the total
 * @throws DomainError `invalid_type` | `invalid_decimal` | `precision_exceeded` | `imprecise_number` | `not_finite` | `invalid_weights` | `invalid_period` | `invalid_date` | `out_of_range` |
 *   `fraction_out_of_range` | `invalid_value` | `invalid_rounding` | `missing_key` | `unknown_key` | `reserved_key` | `empty` | `invalid_fiscal_calendar` | `invalid_working_calendar`
 * @example
 * ```ts
 * import { quotaSchedule } from 'dealwright/compensation';
 * const year = { amount: '100000', period: '2026' };
 * quotaSchedule(year, { unit: 'quarter', weights: ['0.2', '0.2', '0.2', '0.4'] }).entries.map(({ quota }) => quota); // => ['20000', '20000', '20000', '40000']
 * quotaSchedule(year).entries.slice(0, 5).map(({ quota }) => quota); // => ['8333.34', '8333.34', '8333.34', '8333.34', '8333.33']
 * quotaSchedule(year, { ramp: { since: '2026-01-01', shares: ['0', '0.25', '0.5'] } }).total; // => '81250'
 * ```
 * @category compensation
 */
export function quotaSchedule(input: QuotaScheduleInput, options: QuotaScheduleOptions = {}): QuotaSchedule {
  const issues: IssueSink = [];
  const given = checkRecord(input, [], issues, 'an object { amount, period }') ?? {};
  checkKeys(given, ['amount', 'period'], [], issues);
  const amount = readRatio(given['amount'], ['amount'], issues);
  const settings = (checkRecord(options, [], issues) ?? {}) as QuotaScheduleOptions;
  checkKeys(settings as Readonly<Record<string, unknown>>, KEYS, [], issues);
  const unit = checkOneOf(settings.unit ?? 'month', PERIOD_UNITS, ['unit'], issues);
  const weights = settings.weights === undefined ? undefined : checkWeights(settings.weights, ['weights'], issues);
  const over = settings.overAssignment === undefined ? undefined : readRatio(settings.overAssignment, ['overAssignment'], issues);
  const residue = checkOneOf(settings.residue ?? 'largest-remainder', ['largest-remainder', 'last'], ['residue'], issues) ?? 'last';
  const rounding = checkRounding(settings.rounding, issues);
  const since = checkRamp(settings.ramp, issues);
  const active = checkActive(settings.active, issues);
  const leaves = checkLeaves(settings.leaves, issues);
  throwIfIssues(issues);
  const calendar = settings.calendar === undefined ? {} : { calendar: settings.calendar };
  const whole = readPeriod(given['period'], ['period'], calendar);
  if ('code' in whole) throw new DomainError([whole]);
  const parts = subdividePeriod(whole, unit ?? 'month', calendar);
  const months = listPeriods(whole, { unit: 'month', ...calendar });
  const quotas = months.map((month, index) => {
    const ramp = settings.ramp === undefined ? undefined : ratioFromDecimal(rampShare(settings.ramp.shares, placeOf(month, settings.ramp, since, calendar)));
    const share =
      active === undefined && leaves.length === 0 ? undefined : shareOfDays(month, active ?? { start: MIN_EPOCH_DAY, end: MAX_EPOCH_DAY + 1 }, leaves, settings.proration ?? {});
    return [monthShare(weights, index, months.length), ramp, share, over].reduce<Ratio>(
      (product, factor) => (factor === undefined ? product : ratioMultiply(product, factor)),
      amount,
    );
  });
  const exact = parts.map((part) => months.reduce((sum, month, index) => ratioAdd(sum, ratioMultiply(quotas[index] ?? RATIO_ZERO, overlap(month, part))), RATIO_ZERO));
  const total = ratioRound(exact.reduce(ratioAdd, RATIO_ZERO), rounding);
  const units = spreadResidue(exact, roundedUnits(total, rounding.scale, rounding.mode), rounding, residue);
  return {
    entries: parts.map((period, index) => ({ period, quota: formatUnits(units[index] ?? 0n, rounding.scale) })),
    total: ratioToDecimal(total) ?? '0',
    rounding,
    residue,
  };
}

/** Rounded units that sum to the total. */
function spreadResidue(exact: readonly Ratio[], total: bigint, rounding: Required<DecimalRounding>, residue: 'largest-remainder' | 'last'): readonly bigint[] {
  const units = exact.map((value) => roundedUnits(value, rounding.scale, residue === 'last' ? rounding.mode : 'floor'));
  const sum = units.reduce((a, b) => a + b, 0n);
  if (units.length === 0) return units;
  if (residue === 'last') {
    // The last part that has a quota takes the rest: an inactive one stays at zero.
    let last = units.length - 1;
    while (last > 0 && exact[last]?.n === 0n) last -= 1;
    return units.map((value, index) => (index === last ? value + total - sum : value));
  }
  const remainders = exact.map((value, index) => ({ index, rest: ratioSubtract(value, { n: units[index] ?? 0n, d: 10n ** BigInt(rounding.scale) }) }));
  const order = remainders.filter(({ index }) => exact[index]?.n !== 0n).sort((a, b) => ratioCompare(b.rest, a.rest) || a.index - b.index);
  const left = Number(total - sum);
  const extra = new Set(order.slice(0, left).map(({ index }) => index));
  return units.map((value, index) => (extra.has(index) ? value + 1n : value));
}

/** Which share of a month lies in a part: 1 for months, quarters, halves and years; days for weeks. */
function overlap(month: Period, part: Period): Ratio {
  const start = Math.max(readEpochDay(month.start), readEpochDay(part.start));
  const end = Math.min(readEpochDay(month.endExclusive), readEpochDay(part.endExclusive));
  return start >= end ? RATIO_ZERO : ratioDivide(ratioFromScaled(end - start, 0), ratioFromScaled(readEpochDay(month.endExclusive) - readEpochDay(month.start), 0));
}

function placeOf(month: DateRange, ramp: NonNullable<QuotaScheduleOptions['ramp']>, since: string | undefined, calendar: { readonly calendar?: FiscalCalendar }): number {
  if (since === undefined || since >= month.endExclusive) return -1;
  const months = listPeriods({ start: since, endExclusive: month.endExclusive }, { unit: 'month', ...calendar }).length;
  return ramp.starts === 'month-after' ? Math.max(0, months - 2) : months - 1;
}

function readRatio(value: unknown, path: IssuePath, issues: IssueSink): Ratio {
  const read = readDecimal(value, path);
  if (typeof read === 'string') return ratioFromDecimal(read);
  issues.push(read);
  return RATIO_ZERO;
}

function readDate(value: unknown, path: IssuePath, issues: IssueSink): number {
  const day = typeof value === 'string' ? readEpochDay(value) : Number.NaN;
  if (Number.isNaN(day)) issues.push(createIssue('invalid_date', path, { expected: 'a date YYYY-MM-DD', received: value }));
  return day;
}

function checkRounding(value: unknown, issues: IssueSink): Required<DecimalRounding> {
  const standard: Required<DecimalRounding> = { scale: 2, mode: 'half-up' };
  if (value === undefined) return standard;
  const record = checkRecord(value, ['rounding'], issues);
  if (record === undefined) return standard;
  checkKeys(record, ['scale', 'mode'], ['rounding'], issues);
  const scale = checkNumber(record['scale'], ['rounding', 'scale'], issues, { integer: true, min: 0, max: 12 });
  const mode = record['mode'] === undefined ? 'half-up' : checkOneOf(record['mode'], ROUNDING_MODES, ['rounding', 'mode'], issues);
  return scale === undefined || mode === undefined ? standard : { scale, mode };
}

function checkRamp(value: unknown, issues: IssueSink): string | undefined {
  if (value === undefined) return undefined;
  const ramp = checkRecord(value, ['ramp'], issues, 'a ramp { since, shares }');
  if (ramp === undefined) return undefined;
  checkKeys(ramp, ['since', 'shares', 'starts'], ['ramp'], issues);
  readDate(ramp['since'], ['ramp', 'since'], issues);
  checkRampShares(ramp['shares'], ['ramp', 'shares'], issues);
  if (Object.hasOwn(ramp, 'starts')) checkOneOf(ramp['starts'], ['month-of-start', 'month-after'], ['ramp', 'starts'], issues);
  return typeof ramp['since'] === 'string' ? ramp['since'] : undefined;
}

function checkActive(value: unknown, issues: IssueSink): { readonly start: number; readonly end: number } | undefined {
  if (value === undefined) return undefined;
  const active = checkRecord(value, ['active'], issues, 'days { start, endExclusive }');
  if (active === undefined) return undefined;
  checkKeys(active, ['start', 'endExclusive'], ['active'], issues);
  const start = readDate(active['start'], ['active', 'start'], issues);
  return { start, end: active['endExclusive'] === null ? MAX_EPOCH_DAY + 1 : readDate(active['endExclusive'], ['active', 'endExclusive'], issues) };
}

function checkLeaves(value: unknown, issues: IssueSink): readonly { readonly start: number; readonly end: number }[] {
  if (value === undefined) return [];
  return (checkList(value, ['leaves'], issues) ?? []).map((entry, index) => {
    const leave = checkRecord(entry, ['leaves', index], issues, 'days { from, to }') ?? {};
    checkKeys(leave, ['from', 'to'], ['leaves', index], issues);
    return { start: readDate(leave['from'], ['leaves', index, 'from'], issues), end: readDate(leave['to'], ['leaves', index, 'to'], issues) };
  });
}
