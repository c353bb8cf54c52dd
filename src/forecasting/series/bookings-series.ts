import { addDays, differenceInDays } from '../../calendar/date-arithmetic.js';
import { type FiscalCalendar, isFiscalCalendar, validateFiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { toPlainDate } from '../../calendar/instant-of.js';
import { listPeriods } from '../../calendar/list-periods.js';
import { readPeriod } from '../../calendar/parse-period.js';
import { PERIOD_UNITS, type Period, type PeriodInput, type PeriodUnit } from '../../calendar/period.js';
import { periodOf } from '../../calendar/period-of.js';
import { isPlainDate, type PlainDate } from '../../calendar/plain-date.js';
import type { Deal } from '../../deals/deal.js';
import { createDealReplay } from '../../deals/deal-as-of.js';
import type { EventTime } from '../../deals/deal-event.js';
import { checkKeys, checkList, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { isDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import type { RateSupply } from '../../money/find-rate.js';
import type { Money } from '../../money/money.js';
import { type DatedMoney, sumMoneyIn } from '../../money/sum-money-in.js';
import type { TimeSeries } from './time-series.js';

/**
 * Which bookings make the series.
 *
 * @category forecasting
 */
export interface BookingsSeriesOptions<C extends string = string> {
  /** Length of the periods. */
  readonly unit: PeriodUnit;
  /** Currency of the series. */
  readonly currency: C;
  /** The cut, exclusive: a date (00:00 of that day) or an instant. Only what had happened strictly before counts: deals are seen as they were then. */
  readonly asOf: PlainDate | EventTime;
  /** Fiscal calendar of the periods. Default: the calendar year. */
  readonly calendar?: FiscalCalendar;
  /** Exchange rates, by the day of closing; without them only deals in the currency itself are counted. */
  readonly rates?: RateSupply;
  /** First period, or a date in it. Default: that of the earliest booking. */
  readonly from?: string;
  /** Periods for which the records are not complete: their values are gaps, not sums. */
  readonly incomplete?: readonly PeriodInput[];
  /** Time zone in which dates are read. Default `UTC`. */
  readonly timeZone?: string;
}

/**
 * Bookings by period.
 *
 * @category forecasting
 */
export interface BookingsSeries<C extends string = string> {
  /** The series, ready for {@link forecastSeries}. A period without bookings is 0; an incomplete one is `null`; one that the cut divides is marked as partial. */
  readonly series: TimeSeries;
  /** The periods. */
  readonly periods: readonly Period[];
  /** Exact sums, one for each period; `null` where the records are not complete. */
  readonly amounts: readonly (Money<C> | null)[];
  /** Number of deals in each period. */
  readonly counts: readonly number[];
  /** The period that was not over at the cut and the share of its days that was; `null` if the cut falls between two periods. */
  readonly partial: { readonly label: string; readonly elapsed: number } | null;
  /** Deals that could not be counted, path beginning with their index. */
  readonly issues: readonly Issue[];
}

/**
 * Makes a series of bookings: the amounts of won deals by the period in which they closed, as they were known at the cut. Deals won or changed after it count
 * as they were before, so that a forecast of the past sees nothing of its future.
 *
 * @param deals - the deals, in any order; only won ones count
 * @param options - unit, currency, cut, calendar
 * @returns the series with its periods, exact sums and issues
 * @throws DomainError `invalid_type` | `missing_key` | `invalid_value` | `unknown_key` | `invalid_currency` | `invalid_date` | `invalid_instant` | `invalid_period` | `invalid_fiscal_calendar` | `invalid_time_zone`, or what is wrong with the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { bookingsSeries } from 'dealwright/forecasting';
 * const won = [['d1', '2026-01-20', '100'], ['d2', '2026-03-02', '250'], ['d3', '2026-04-10', '70']] as const;
 * const deals = won.map(([id, closedOn, amount]) => createDeal({ id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn: '2025-12-01', closedOn, amount: { amount: `${amount}.00`, currency: 'EUR' } }));
 * const { series, partial } = bookingsSeries(deals, { unit: 'month', currency: 'EUR', asOf: '2026-04-16' });
 * series.values; // => [100, 0, 250, 70]
 * series.lastIsPartial; // => true
 * partial; // => { label: '2026-04', elapsed: 0.5 }
 * ```
 * @category forecasting
 */
export function bookingsSeries<const C extends string>(deals: readonly Deal<object>[], options: BookingsSeriesOptions<C>): BookingsSeries<C> {
  const wrong: IssueSink = [];
  const record = checkRecord(options, ['options'], wrong) ?? {};
  checkKeys(record, ['unit', 'currency', 'asOf', 'calendar', 'rates', 'from', 'incomplete', 'timeZone'], ['options'], wrong);
  const unit = checkOneOf(record.unit, PERIOD_UNITS, ['options', 'unit'], wrong) ?? 'month';
  const calendar = isFiscalCalendar(record.calendar) ? record.calendar : undefined;
  if (record.calendar !== undefined && calendar === undefined) wrong.push(...validateFiscalCalendar(record.calendar, ['options', 'calendar']));
  const list = checkList(deals, ['deals'], wrong, { expected: 'a list of deals' }) ?? [];
  if (typeof record.asOf !== 'string') wrong.push(createIssue('missing_key', ['options', 'asOf'], { expected: 'a date or an instant: the cut', received: record.asOf }));
  if (record.from !== undefined && typeof record.from !== 'string')
    wrong.push(createIssue('invalid_type', ['options', 'from'], { expected: 'the label of a period, or a date', received: record.from }));
  const inCalendar = calendar === undefined ? {} : { calendar };
  const incomplete: Period[] = [];
  if (record.incomplete !== undefined && wrong.length === 0) {
    for (const [index, entry] of (checkList(record.incomplete, ['options', 'incomplete'], wrong) ?? []).entries()) {
      const labelled = typeof entry === 'string' ? entry : { label: 'incomplete', ...(checkRecord(entry, ['options', 'incomplete', index], wrong) ?? {}) };
      const period = readPeriod(labelled, ['options', 'incomplete', index], inCalendar);
      if ('code' in period) wrong.push(period);
      else incomplete.push(period);
    }
  }
  throwIfIssues(wrong);
  const { asOf, currency, rates, from } = options;
  const timeZone = options.timeZone ?? 'UTC';
  const replay = createDealReplay(asOf, { timeZone });
  // The day of the cut: a date cuts before its first hour, an instant within its day.
  const cutDay = isPlainDate(asOf) ? asOf : toPlainDate(asOf, { timeZone });
  const isMidnight = isPlainDate(asOf);

  const issues: Issue[] = [];
  const booked: { readonly index: number; readonly on: PlainDate; readonly amount: Money }[] = [];
  list.forEach((_, index) => {
    const deal = deals[index];
    if (deal === undefined) return;
    try {
      const { state, unknown } = replay(deal);
      if (state === null) return;
      if (state.status === null && deal.status === 'won') {
        const reason = unknown.find((entry) => entry.field === 'status')?.reason;
        issues.push(createIssue('missing_date', [index, 'closedOn'], { expected: 'the day it was won', received: deal.closedOn, hint: `not counted: ${reason ?? 'not known'}` }));
      }
      if (state.status !== 'won') return;
      if (state.closedOn === null)
        issues.push(createIssue('missing_date', [index, 'closedOn'], { expected: 'the day it was won', received: null, hint: 'the deal is not counted' }));
      else if (state.amount === null) issues.push(createIssue('missing_amount', [index, 'amount'], { expected: 'an amount', received: null, hint: 'the deal is not counted' }));
      else booked.push({ index, on: state.closedOn, amount: state.amount });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      for (const issue of error.issues.slice(0, 20)) issues.push({ ...issue, path: [index, ...issue.path] });
    }
  });

  let first: PlainDate | null = null;
  if (from === undefined) first = booked.reduce<PlainDate | null>((earliest, { on }) => (earliest === null || on < earliest ? on : earliest), null);
  else {
    const start = isPlainDate(from) ? periodOf(from, { unit, ...inCalendar }) : readPeriod(from, ['options', 'from'], inCalendar);
    if ('code' in start) throwIfIssues([start]);
    else first = start.start;
  }
  const lastDay = isMidnight ? addDays(cutDay, -1) : cutDay;
  const periods = first === null || first > lastDay ? [] : listPeriods({ start: first, endExclusive: addDays(lastDay, 1) }, { unit, ...inCalendar });
  const starts = periods.map((period) => period.start);
  const items: (DatedMoney & { readonly index: number })[][] = periods.map(() => []);
  for (const { index, on, amount } of booked) {
    // The last period that starts on or before the day.
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? '') <= on) low = middle + 1;
      else high = middle;
    }
    if (low > 0) items[low - 1]?.push({ index, money: amount, on });
  }
  const amounts: (Money<C> | null)[] = [];
  const counts: number[] = [];
  const values: (number | null)[] = [];
  periods.forEach((period, k) => {
    const inside = items[k] ?? [];
    const sum = sumMoneyIn(
      inside.map(({ money, on }) => ({ money, on })),
      rates === undefined ? { currency } : { currency, rates },
    );
    for (const issue of sum.issues) {
      const [position, ...rest] = issue.path;
      issues.push({ ...issue, path: [typeof position === 'number' ? (inside[position]?.index ?? position) : 0, ...rest] });
    }
    const gap = incomplete.some((range) => range.start < period.endExclusive && period.start < range.endExclusive);
    amounts.push(gap ? null : sum.total);
    values.push(gap ? null : Number(sum.total.amount));
    counts.push(sum.counted);
  });
  issues.sort((a, b) => Number(a.path[0]) - Number(b.path[0]));
  const last = periods[periods.length - 1];
  const isPartial = last !== undefined && (isMidnight ? cutDay < last.endExclusive : true);
  const partial = last === undefined || !isPartial ? null : { label: last.label, elapsed: differenceInDays(cutDay, last.start) / differenceInDays(last.endExclusive, last.start) };
  const series: TimeSeries = {
    values,
    period: unit,
    ...(periods[0] === undefined ? {} : { start: periods[0].label }),
    ...inCalendar,
    ...(partial === null ? {} : { lastIsPartial: true }),
    currency,
  };
  return { series, periods, amounts, counts, partial, issues };
}
