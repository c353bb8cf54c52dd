import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import { type Exact, exactAdd, exactDivide, exactSign, exactToNumber } from '../decimal/exact.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { type ProportionInterval, wilsonInterval } from '../stats/proportion-interval.js';
import { checkDeals, checkOptions, checkPeriod, checkValuation } from './call-options.js';
import { tallyDeals } from './deal-tally.js';

/**
 * Why a win rate is not known: nothing closed, or what closed is worth nothing.
 *
 * @category pipelines
 */
export type WinRateReason = 'no-closed-deals' | 'no-value';

/**
 * Options of {@link winRate} by count.
 *
 * @category pipelines
 */
export interface WinRateByCountOptions extends CalendarOptions {
  /** Every closed deal counts once. The default. */
  readonly by?: 'count';
  /** Only deals that closed in it. Default: all. */
  readonly period?: PeriodInput;
  /** Confidence level of the interval, between 0 and 1. Default 0.95. */
  readonly level?: number;
}

/**
 * Options of {@link winRate} by value.
 *
 * @category pipelines
 */
export interface WinRateByValueOptions<C extends string = string> extends CalendarOptions {
  /** Every closed deal counts with its amount. */
  readonly by: 'value';
  /** The currency in which amounts are added. */
  readonly currency: C;
  /** Exchange rates; a deal is converted at the rate of the day it closed on. */
  readonly rates?: RateSupply;
  /** Only deals that closed in it. Default: all. */
  readonly period?: PeriodInput;
}

/**
 * The share of closed deals that were won, by count.
 *
 * @category pipelines
 */
export interface WinRateByCount {
  /** Which win rate this is. */
  readonly by: 'count';
  /** won / (won + lost), 0 to 1; `null` if nothing closed. */
  readonly value: number | null;
  /** Deals won. */
  readonly numerator: number;
  /** Deals won or lost. */
  readonly denominator: number;
  /** Deals the figure rests on. */
  readonly n: number;
  /** Wilson's confidence interval; `null` if nothing closed. */
  readonly interval: ProportionInterval | null;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: WinRateReason;
  /** Deals that were set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/**
 * The share of closed value that was won.
 *
 * @category pipelines
 */
export interface WinRateByValue<C extends string = string> {
  /** Which win rate this is. */
  readonly by: 'value';
  /** Value won / value won or lost, 0 to 1; `null` if nothing closed or it is worth nothing. */
  readonly value: number | null;
  /** Value won. */
  readonly numerator: Money<C>;
  /** Value won or lost. */
  readonly denominator: Money<C>;
  /** Closed deals whose value is known. */
  readonly n: number;
  /** Always `null`: the interval of a proportion holds for counts only. */
  readonly interval: null;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: WinRateReason;
  /** Deals that were set aside, and why; and a warning if every lost deal is worth nothing, since the rate then says nothing. */
  readonly issues: readonly Issue[];
}

/**
 * Win rate of closed deals: won / (won + lost). Open and deleted deals do not count. This is the closed-only rate, which looks back at what closed; it is
 * not the chance of the deals that are open now, since losing often takes another time than winning.
 *
 * By value, a lost deal counts with the amount it has recorded: where a CRM sets lost deals to 0 the rate is always 1, and an issue says so.
 *
 * @param deals - deals of any status, in any order
 * @param options - by count (default) or by value, closing period, confidence level
 * @returns the rate with its parts, Wilson's interval (by count), and what was set aside
 * @throws DomainError `invalid_type` | `unknown_key` | `invalid_value` | `invalid_period` | `missing_key` | `invalid_currency` | `invalid_probability`, or what is wrong with the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { winRate } from 'dealwright/pipelines';
 * const deal = (id: string, status: 'won' | 'lost' | 'open') => createDeal({ id, pipelineId: 'b2b', stageId: status, status });
 * const rate = winRate([deal('a', 'won'), deal('b', 'won'), deal('c', 'lost'), deal('d', 'open')]);
 * [rate.value, rate.numerator, rate.denominator]; // => [2 / 3, 2, 3]
 * rate.interval?.lower?.toFixed(4); // => '0.2077'
 * winRate([]).reason; // => 'no-closed-deals'
 * ```
 * @category pipelines
 */
export function winRate(deals: readonly Deal<object>[], options?: WinRateByCountOptions): WinRateByCount;
export function winRate<const C extends string>(deals: readonly Deal<object>[], options: WinRateByValueOptions<C>): WinRateByValue<C>;
export function winRate(deals: readonly Deal<object>[], options: WinRateByCountOptions | WinRateByValueOptions = {}): WinRateByCount | WinRateByValue {
  const wrongCall: IssueSink = [];
  const record = checkOptions(options, ['by', 'currency', 'rates', 'period', 'calendar', 'level'], wrongCall);
  const list = checkDeals(deals, wrongCall);
  const window = checkPeriod(record, wrongCall);
  const by = record.by === undefined ? 'count' : checkOneOf(record.by, ['count', 'value'], ['by'], wrongCall);
  const valuation = by === 'value' ? checkValuation(record, wrongCall) : undefined;
  throwIfIssues(wrongCall);
  const issues: IssueSink = [];
  const { won, lost } = tallyDeals(list, { window, valuation, valued: ['won', 'lost'] }, issues);
  if (valuation === undefined) return { ...winRateOfCounts(won.deals, lost.deals, options.by === 'value' ? undefined : options.level), issues };
  const sums = { won: won.value, lost: lost.value, n: won.valued + lost.valued };
  if (lost.valued > 0 && won.valued > 0 && exactSign(lost.value) === 0) {
    issues.push(
      createIssue('missing_amount', [], { message: 'Every lost deal is worth nothing, so the win rate by value says nothing.', expected: 'lost deals with the amount they had' }),
    );
  }
  return { ...winRateOfValues(sums, valuation.currency), issues };
}

/** A win rate without the issues of its deals. */
export function winRateOfCounts(won: number, lost: number, level: number | undefined): Omit<WinRateByCount, 'issues'> {
  const closed = won + lost;
  // Checks the level also where nothing closed.
  const interval = wilsonInterval(won, closed, level === undefined ? {} : { level });
  const parts = { by: 'count' as const, numerator: won, denominator: closed, n: closed };
  return closed === 0 ? { ...parts, value: null, interval: null, reason: 'no-closed-deals' } : { ...parts, value: won / closed, interval };
}

/** The same by value. */
export function winRateOfValues(sums: { readonly won: Exact; readonly lost: Exact; readonly n: number }, currency: string): Omit<WinRateByValue, 'issues'> {
  const total = exactAdd(sums.won, sums.lost);
  const parts = { by: 'value' as const, numerator: moneyOf(sums.won, currency), denominator: moneyOf(total, currency), n: sums.n, interval: null };
  if (sums.n === 0) return { ...parts, value: null, reason: 'no-closed-deals' };
  if (exactSign(total) <= 0) return { ...parts, value: null, reason: 'no-value' };
  return { ...parts, value: exactToNumber(exactDivide(sums.won, total, { scale: 20 })) };
}
