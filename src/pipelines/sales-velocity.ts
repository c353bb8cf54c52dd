import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import { type Exact, exactDivide, exactFromScaled, exactMultiply } from '../decimal/exact.js';
import type { DecimalRounding } from '../decimal/rounding.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkedMoneyRounding, type MoneyRounding } from '../money/round-money.js';
import { checkDeals, checkOptions, checkPeriod, checkValuation, raise } from './call-options.js';
import { tallyDeals } from './deal-tally.js';

/**
 * Which deals flow: those that closed (`closed`: how fast the past period earned), or those that are open now (`open`: how fast today's pipeline would earn
 * at the rates of the past). The two are several times apart, so the reading is always named.
 *
 * @category pipelines
 */
export type VelocityReading = 'closed' | 'open';

/**
 * Why a velocity is not known: nothing closed, no won deal has an amount, no won deal has a cycle, or won deals took no time at all.
 *
 * @category pipelines
 */
export type VelocityReason = 'no-closed-deals' | 'no-won-value' | 'no-measured-cycles' | 'zero-cycle';

/**
 * Options of {@link salesVelocity}.
 *
 * @category pipelines
 */
export interface SalesVelocityOptions<C extends string = string> extends CalendarOptions {
  /** Which deals flow: those that closed, or those that are open. There is no default. */
  readonly reading: VelocityReading;
  /** The currency of the result. */
  readonly currency: C;
  /** Exchange rates; a won deal is converted at the rate of the day it closed on. */
  readonly rates?: RateSupply;
  /** Only deals that closed in it count as closed; all open deals count as open. Default: all. */
  readonly period?: PeriodInput;
  /** How results are rounded. Default: half away from zero to the currency's minor unit. */
  readonly rounding?: MoneyRounding;
}

/**
 * The four factors of a velocity.
 *
 * @category pipelines
 */
export interface VelocityParts<C extends string = string> {
  /** Number of deals: closed or open, as the reading says. */
  readonly deals: number;
  /** Won / (won + lost), by count. */
  readonly winRate: number | null;
  /** Mean value of won deals, rounded for display: the velocity is computed from the exact one. */
  readonly averageDealSize: Money<C> | null;
  /** Mean cycle of won deals in days. */
  readonly cycleDays: number | null;
}

/**
 * What is earned per day.
 *
 * @category pipelines
 */
export interface SalesVelocity<C extends string = string> {
  /** Which deals flow. */
  readonly reading: VelocityReading;
  /** Money per day, rounded once; `null` with a reason. */
  readonly value: Money<C> | null;
  /** What it is the product of. */
  readonly parts: VelocityParts<C>;
  /** Closed deals that the rates rest on. */
  readonly n: number;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: VelocityReason;
  /** Deals that were set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/**
 * Sales velocity: deals × win rate × average won deal / mean won cycle in days, in money per day.
 *
 * @param deals - deals of any status, in any order
 * @param options - the reading, currency, rates, closing period, rounding
 * @returns money per day, computed exactly and rounded once, with its four factors
 * @throws DomainError `invalid_type` | `unknown_key` | `missing_key` | `invalid_currency` | `invalid_value` | `invalid_period` | `invalid_rounding`, or what is wrong with the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { salesVelocity } from 'dealwright/pipelines';
 * const base = { pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-01-01' };
 * const deals = [
 *   createDeal({ ...base, id: 'a', status: 'won', amount: money(6000, 'USD'), closedOn: '2026-01-31' }),
 *   createDeal({ ...base, id: 'b', status: 'lost', closedOn: '2026-01-11' }),
 *   createDeal({ ...base, id: 'c' }),
 * ];
 * salesVelocity(deals, { reading: 'closed', currency: 'USD' }).value; // => { amount: '200.00', currency: 'USD' }
 * salesVelocity(deals, { reading: 'open', currency: 'USD' }).value; // => { amount: '100.00', currency: 'USD' }
 * ```
 * @category pipelines
 */
export function salesVelocity<const C extends string>(deals: readonly Deal<object>[], options: SalesVelocityOptions<C>): SalesVelocity<C> {
  const wrongCall: IssueSink = [];
  const record = checkOptions(options, ['reading', 'currency', 'rates', 'period', 'calendar', 'rounding'], wrongCall);
  const list = checkDeals(deals, wrongCall);
  const window = checkPeriod(record, wrongCall);
  const reading = checkOneOf(record.reading, ['closed', 'open'], ['reading'], wrongCall);
  const valuation = checkValuation(record, wrongCall);
  if (wrongCall.length > 0 || valuation === undefined || reading === undefined) return raise(wrongCall);
  const rounding = checkedMoneyRounding(options.rounding ?? {}, valuation.currency);
  const issues: IssueSink = [];
  const { open, won, lost } = tallyDeals(list, { window, valuation, valued: ['won'], cycles: ['won'] }, issues);
  const factors = { open: open.deals, won: won.deals, lost: lost.deals, value: won.value, valued: won.valued, cycles: won.cycles, cycleDays: won.cycleDays };
  return { ...velocityOf(factors, { reading, currency: options.currency, rounding }), issues };
}

/** What a velocity is made of. */
export interface VelocityFactors {
  readonly open: number;
  readonly won: number;
  readonly lost: number;
  /** Exact value won, of so many deals. */
  readonly value: Exact;
  readonly valued: number;
  /** Won cycles that were measured, and their total length. */
  readonly cycles: number;
  readonly cycleDays: number;
}

/** A velocity without the issues of its deals. */
export function velocityOf<C extends string>(
  factors: VelocityFactors,
  options: { readonly reading: VelocityReading; readonly currency: C; readonly rounding: DecimalRounding },
): Omit<SalesVelocity<C>, 'issues'> {
  const { won, value, valued, cycles, cycleDays } = factors;
  const { reading, currency, rounding } = options;
  const closed = won + factors.lost;
  const deals = reading === 'closed' ? closed : factors.open;
  const parts: VelocityParts<C> = {
    deals,
    winRate: closed === 0 ? null : won / closed,
    averageDealSize: valued === 0 ? null : moneyOf(exactDivide(value, count(valued), rounding), currency),
    cycleDays: cycles === 0 ? null : cycleDays / cycles,
  };
  const reason = closed === 0 ? 'no-closed-deals' : valued === 0 ? 'no-won-value' : cycles === 0 ? 'no-measured-cycles' : cycleDays === 0 ? 'zero-cycle' : undefined;
  if (reason !== undefined) return { reading, value: null, parts, n: closed, reason };
  // All factors over all divisors, so that only the last quotient is rounded.
  const numerator = [count(deals), count(won), count(cycles)].reduce(exactMultiply, value);
  const denominator = [count(valued), count(cycleDays)].reduce(exactMultiply, count(closed));
  return { reading, value: moneyOf(exactDivide(numerator, denominator, rounding), currency), parts, n: closed };
}

function count(value: number): Exact {
  return exactFromScaled(value, 0);
}
