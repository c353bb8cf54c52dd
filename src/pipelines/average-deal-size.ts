import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import { EXACT_ZERO, type Exact, exactAdd, exactCompare, exactDivide, exactFromScaled, exactSign } from '../decimal/exact.js';
import type { DecimalRounding } from '../decimal/rounding.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkedMoneyRounding, type MoneyRounding } from '../money/round-money.js';
import { checkDeals, checkOptions, checkPeriod, checkValuation, raise } from './call-options.js';
import { closedWithin, readRow, readValue } from './deal-rows.js';
import { rateDay } from './deal-tally.js';

/**
 * Options of {@link averageDealSize}.
 *
 * @category pipelines
 */
export interface AverageDealSizeOptions<C extends string = string> extends CalendarOptions {
  /** The currency of the result. */
  readonly currency: C;
  /** Exchange rates; a closed deal is converted at the rate of the day it closed on, an open one at that of the day it is expected to close on. */
  readonly rates?: RateSupply;
  /** Which deals: won (default), lost or open. */
  readonly outcome?: 'won' | 'lost' | 'open';
  /** Of won and lost deals, only those that closed in it. Default: all. */
  readonly period?: PeriodInput;
  /** How the quotient is rounded. Default: half away from zero to the currency's minor unit. */
  readonly rounding?: MoneyRounding;
}

/**
 * What a deal is worth on average.
 *
 * @category pipelines
 */
export interface AverageDealSize<C extends string = string> {
  /** Which deals. */
  readonly outcome: 'won' | 'lost' | 'open';
  /** Mean value, rounded once; `null` if no value is known. */
  readonly value: Money<C> | null;
  /** Median value, rounded once; `null` if no value is known. */
  readonly median: Money<C> | null;
  /** Exact sum of the values. */
  readonly numerator: Money<C>;
  /** Number of deals whose value is known. */
  readonly denominator: number;
  /** Number of deals whose value is known. */
  readonly n: number;
  /** How many of them are worth 0, which may mean that the amount is not known. */
  readonly worthNothing: number;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: 'no-valued-deals';
  /** Deals that were set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/**
 * Average deal size: total value / number of deals, and the median, which one large deal does not move. Deals without an amount do not count.
 *
 * @param deals - deals of any status, in any order
 * @param options - currency, rates, which deals, closing period, rounding
 * @returns mean and median with their parts, and what was set aside
 * @throws DomainError `invalid_type` | `unknown_key` | `missing_key` | `invalid_currency` | `invalid_value` | `invalid_period` | `invalid_rounding`, or what is wrong with the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { averageDealSize } from 'dealwright/pipelines';
 * const won = (id: string, amount: number) => createDeal({ id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', amount: money(amount, 'USD') });
 * const average = averageDealSize([won('a', 100), won('b', 200), won('c', 700)], { currency: 'USD' });
 * [average.value?.amount, average.median?.amount]; // => ['333.33', '200.00']
 * ```
 * @category pipelines
 */
export function averageDealSize<const C extends string>(deals: readonly Deal<object>[], options: AverageDealSizeOptions<C>): AverageDealSize<C> {
  const wrongCall: IssueSink = [];
  const record = checkOptions(options, ['currency', 'rates', 'outcome', 'period', 'calendar', 'rounding'], wrongCall);
  const list = checkDeals(deals, wrongCall);
  const window = checkPeriod(record, wrongCall);
  const outcome = record.outcome === undefined ? 'won' : checkOneOf(record.outcome, ['won', 'lost', 'open'], ['outcome'], wrongCall);
  const valuation = checkValuation(record, wrongCall);
  if (wrongCall.length > 0 || valuation === undefined || outcome === undefined) return raise(wrongCall);
  const rounding = checkedMoneyRounding(options.rounding ?? {}, valuation.currency);
  const issues: IssueSink = [];
  const values: Exact[] = [];
  let total = EXACT_ZERO;
  let worthNothing = 0;
  for (let index = 0; index < list.length; index += 1) {
    const row = readRow(list[index], index, issues);
    if (row?.status !== outcome || (outcome !== 'open' && closedWithin(row, window, issues) !== true)) continue;
    const value = readValue(row, rateDay(row), valuation, issues);
    if (typeof value === 'string') continue;
    values.push(value);
    total = exactAdd(total, value);
    if (exactSign(value) === 0) worthNothing += 1;
  }
  const { currency } = options;
  const parts = { outcome, numerator: moneyOf(total, currency), denominator: values.length, n: values.length, worthNothing, issues };
  if (values.length === 0) return { ...parts, value: null, median: null, reason: 'no-valued-deals' };
  return { ...parts, value: moneyOf(exactDivide(total, exactFromScaled(values.length, 0), rounding), currency), median: moneyOf(middle(values, rounding), currency) };
}

function middle(values: readonly Exact[], rounding: DecimalRounding): Exact {
  const sorted = [...values].sort(exactCompare);
  const lower = sorted[(sorted.length - 1) >> 1] ?? EXACT_ZERO;
  const upper = sorted[sorted.length >> 1] ?? EXACT_ZERO;
  return exactDivide(exactAdd(lower, upper), exactFromScaled(2, 0), rounding);
}
