import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import { exactAdd, exactFromCanonical, exactToString } from '../decimal/exact.js';
import { type DecimalString, readComputedDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkNumber, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { currencyIssue } from '../money/currencies.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { mismatch, moneyOf } from '../money/operand.js';
import { checkedMoneyRounding, type MoneyRounding } from '../money/round-money.js';
import { checkDeals, checkOptions, checkPeriod, checkValuation, raise } from './call-options.js';
import { type DealTally, type OutcomeTally, tallyDeals } from './deal-tally.js';
import { type SalesVelocity, type VelocityReading, velocityOf } from './sales-velocity.js';
import { type WinRateByCount, type WinRateByValue, winRateOfCounts, winRateOfValues } from './win-rate.js';

/**
 * The deals of one outcome, in a partial sum.
 *
 * @category pipelines
 */
export interface OutcomeTotalsState {
  /** How many. */
  readonly deals: number;
  /** Exact sum of the values that are known. */
  readonly value: DecimalString;
  /** How many values are in it. */
  readonly valued: number;
  /** How many cycles could be measured. */
  readonly cycles: number;
  /** Their total length in days. */
  readonly cycleDays: number;
}

/**
 * A partial sum over deals: plain data that can be stored, sent and merged.
 *
 * @category pipelines
 */
export interface PipelineTotalsState {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** The currency of the values. */
  readonly currency: string;
  /** Open deals. */
  readonly open: OutcomeTotalsState;
  /** Won deals. */
  readonly won: OutcomeTotalsState;
  /** Lost deals. */
  readonly lost: OutcomeTotalsState;
  /** Deleted deals, which count nowhere else. */
  readonly deleted: number;
  /** Deals without an amount. */
  readonly withoutAmount: number;
  /** Deals whose amount could not be read or converted. */
  readonly withoutRate: number;
  /** Closed deals whose cycle could not be measured for want of a date. */
  readonly withoutDates: number;
  /** Closed deals that closed before they were created. */
  readonly negativeCycles: number;
  /** Rows that are no deals, and closed deals without a date where a period was asked for. */
  readonly setAside: number;
}

/**
 * How deals are added to a partial sum. Every part of one sum should use the same.
 *
 * @category pipelines
 */
export interface AddToTotalsOptions extends CalendarOptions {
  /** Exchange rates; a closed deal is converted at the rate of the day it closed on, an open one at that of the day it is expected to close on. */
  readonly rates?: RateSupply;
  /** Only deals that closed in it count as won or lost. Default: all. */
  readonly period?: PeriodInput;
}

/**
 * How totals are finished.
 *
 * @category pipelines
 */
export interface FinishTotalsOptions {
  /** Confidence level of the win rate's interval. Default 0.95. */
  readonly level?: number;
  /** How money quotients are rounded. Default: half away from zero to the currency's minor unit. */
  readonly rounding?: MoneyRounding;
}

/**
 * What deals amount to.
 *
 * @category pipelines
 */
export interface PipelineTotals {
  /** The currency of all values. */
  readonly currency: string;
  /** Open deals. */
  readonly open: { readonly deals: number; readonly value: Money; readonly valued: number };
  /** Won deals. */
  readonly won: { readonly deals: number; readonly value: Money; readonly valued: number };
  /** Lost deals. */
  readonly lost: { readonly deals: number; readonly value: Money; readonly valued: number };
  /** Deals that count nowhere or only in part, by cause. */
  readonly excluded: Pick<PipelineTotalsState, 'deleted' | 'withoutAmount' | 'withoutRate' | 'withoutDates' | 'negativeCycles' | 'setAside'>;
  /** Won / (won + lost) by count. */
  readonly winRate: Omit<WinRateByCount, 'issues'>;
  /** The same by value. */
  readonly winRateByValue: Omit<WinRateByValue, 'issues'>;
  /** Mean value of a won deal; `null` if none is known. */
  readonly averageDealSize: Money | null;
  /** Mean length of won, and of won and lost, cycles in days; `null` if none was measured. */
  readonly meanCycleDays: { readonly won: number | null; readonly closed: number | null };
  /** Sales velocity in both readings. */
  readonly velocity: Readonly<Record<VelocityReading, Omit<SalesVelocity, 'issues'>>>;
}

/**
 * The functions of {@link pipelineTotals}.
 *
 * @category pipelines
 */
export interface PipelineTotalsFunctions {
  /** The sum over no deals, in a currency. */
  readonly empty: (options: { readonly currency: string }) => PipelineTotalsState;
  /** Adds one deal. */
  readonly add: (state: PipelineTotalsState, deal: Deal<object>, options?: AddToTotalsOptions) => PipelineTotalsState;
  /** Adds many deals in one pass. */
  readonly addAll: (state: PipelineTotalsState, deals: readonly Deal<object>[], options?: AddToTotalsOptions) => PipelineTotalsState;
  /** The sum of two partial sums: that of all their deals, in whatever order they came. */
  readonly merge: (a: PipelineTotalsState, b: PipelineTotalsState) => PipelineTotalsState;
  /** The figures of a sum. */
  readonly finish: (state: PipelineTotalsState, options?: FinishTotalsOptions) => PipelineTotals;
}

const COUNTS = ['deleted', 'withoutAmount', 'withoutRate', 'withoutDates', 'negativeCycles', 'setAside'] as const;
const OUTCOMES = ['open', 'won', 'lost'] as const;
const OUTCOME_COUNTS = ['deals', 'valued', 'cycles', 'cycleDays'] as const;

/**
 * Counts, values, win rate, average deal, mean cycle and velocity over deals that come in parts: on several machines, or day by day. A partial sum is plain
 * data; merging is associative and commutative, so that any split and any order give the same figures as one pass. Where every deal that was set
 * aside must be named, use the single functions, which return issues. (Medians need all deals at once: see `salesCycle`.)
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { pipelineTotals } from 'dealwright/pipelines';
 * const deal = (id: string, status: 'won' | 'lost', amount: number) => createDeal({ id, pipelineId: 'b2b', stageId: status, status, amount: money(amount, 'USD') });
 * const empty = pipelineTotals.empty({ currency: 'USD' });
 * const monday = pipelineTotals.addAll(empty, [deal('a', 'won', 100), deal('b', 'lost', 50)]);
 * const tuesday = pipelineTotals.add(empty, deal('c', 'won', 300));
 * const totals = pipelineTotals.finish(pipelineTotals.merge(monday, tuesday));
 * [totals.won.deals, totals.won.value.amount, totals.averageDealSize?.amount, totals.winRate.value]; // => [2, '400.00', '200.00', 2 / 3]
 * ```
 * @category pipelines
 */
export const pipelineTotals: PipelineTotalsFunctions = { empty: emptyTotals, add: addToTotals, addAll: addAllToTotals, merge: mergeTotals, finish: finishTotals };

function emptyTotals(options: { readonly currency: string }): PipelineTotalsState {
  const issues: IssueSink = [];
  const record = checkOptions(options, ['currency'], issues);
  const valuation = checkValuation(record, issues);
  if (issues.length > 0 || valuation === undefined) return raise(issues);
  return stateOf(tallyDeals([], {}, []), valuation.currency);
}

function addToTotals(state: PipelineTotalsState, deal: Deal<object>, options?: AddToTotalsOptions): PipelineTotalsState {
  return addAllToTotals(state, [deal], options);
}

function addAllToTotals(state: PipelineTotalsState, deals: readonly Deal<object>[], options?: AddToTotalsOptions): PipelineTotalsState {
  const issues: IssueSink = [];
  const before = readState(state, ['state'], issues);
  const record = checkOptions(options, ['rates', 'period', 'calendar'], issues);
  const list = checkDeals(deals, issues);
  const window = checkPeriod(record, issues);
  const valuation = checkValuation({ currency: before?.currency ?? 'XXX', ...(record.rates === undefined ? {} : { rates: record.rates }) }, issues);
  if (issues.length > 0 || before === undefined || valuation === undefined) return raise(issues);
  const tally = tallyDeals(list, { window, valuation, cycles: ['won', 'lost'] }, []);
  return addStates(before, stateOf(tally, before.currency));
}

function mergeTotals(a: PipelineTotalsState, b: PipelineTotalsState): PipelineTotalsState {
  const issues: IssueSink = [];
  const left = readState(a, ['a'], issues);
  const right = readState(b, ['b'], issues);
  if (left !== undefined && right !== undefined && left.currency !== right.currency) issues.push(mismatch(left.currency, right.currency, ['b', 'currency']));
  if (issues.length > 0 || left === undefined || right === undefined) return raise(issues);
  return addStates(left, right);
}

function finishTotals(state: PipelineTotalsState, options: FinishTotalsOptions = {}): PipelineTotals {
  const issues: IssueSink = [];
  const read = readState(state, ['state'], issues);
  checkOptions(options, ['level', 'rounding'], issues);
  if (issues.length > 0 || read === undefined) return raise(issues);
  const { currency, open, won, lost } = read;
  const rounding = checkedMoneyRounding(options.rounding ?? {}, currency);
  const value = exactFromCanonical(won.value);
  const factors = { open: open.deals, won: won.deals, lost: lost.deals, value, valued: won.valued, cycles: won.cycles, cycleDays: won.cycleDays };
  const velocity = { closed: velocityOf(factors, { reading: 'closed', currency, rounding }), open: velocityOf(factors, { reading: 'open', currency, rounding }) };
  const figures = (outcome: OutcomeTotalsState): PipelineTotals['won'] => ({
    deals: outcome.deals,
    value: moneyOf(exactFromCanonical(outcome.value), currency),
    valued: outcome.valued,
  });
  const { deleted, withoutAmount, withoutRate, withoutDates, negativeCycles, setAside } = read;
  return {
    currency,
    open: figures(open),
    won: figures(won),
    lost: figures(lost),
    excluded: { deleted, withoutAmount, withoutRate, withoutDates, negativeCycles, setAside },
    winRate: winRateOfCounts(won.deals, lost.deals, options.level),
    winRateByValue: winRateOfValues({ won: value, lost: exactFromCanonical(lost.value), n: won.valued + lost.valued }, currency),
    averageDealSize: velocity.closed.parts.averageDealSize,
    meanCycleDays: { won: mean(won.cycleDays, won.cycles), closed: mean(won.cycleDays + lost.cycleDays, won.cycles + lost.cycles) },
    velocity,
  };
}

function mean(total: number, n: number): number | null {
  return n === 0 ? null : total / n;
}

function stateOf(tally: DealTally, currency: string): PipelineTotalsState {
  const outcome = (of: OutcomeTally): OutcomeTotalsState => ({ ...of, value: exactToString(of.value) });
  return { formatVersion: 1, currency, ...tally, open: outcome(tally.open), won: outcome(tally.won), lost: outcome(tally.lost) };
}

function addStates(a: PipelineTotalsState, b: PipelineTotalsState): PipelineTotalsState {
  const outcome = (of: 'open' | 'won' | 'lost'): OutcomeTotalsState => ({
    deals: a[of].deals + b[of].deals,
    value: exactToString(exactAdd(exactFromCanonical(a[of].value), exactFromCanonical(b[of].value))),
    valued: a[of].valued + b[of].valued,
    cycles: a[of].cycles + b[of].cycles,
    cycleDays: a[of].cycleDays + b[of].cycleDays,
  });
  return {
    formatVersion: 1,
    currency: a.currency,
    open: outcome('open'),
    won: outcome('won'),
    lost: outcome('lost'),
    deleted: a.deleted + b.deleted,
    withoutAmount: a.withoutAmount + b.withoutAmount,
    withoutRate: a.withoutRate + b.withoutRate,
    withoutDates: a.withoutDates + b.withoutDates,
    negativeCycles: a.negativeCycles + b.negativeCycles,
    setAside: a.setAside + b.setAside,
  };
}

/** A state as it comes back from storage: checked in full, since figures are made of it. */
function readState(value: unknown, path: IssuePath, issues: IssueSink): PipelineTotalsState | undefined {
  const before = issues.length;
  const state = checkRecord(value, path, issues, 'a state of pipelineTotals');
  if (state === undefined) return undefined;
  checkKeys(state, ['formatVersion', 'currency', ...OUTCOMES, ...COUNTS], path, issues);
  if (state.formatVersion !== 1) issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: state.formatVersion }));
  const wrong = currencyIssue(state.currency, [...path, 'currency']);
  if (wrong !== undefined) issues.push(wrong);
  checkCounts(state, COUNTS, path, issues);
  for (const outcome of OUTCOMES) {
    const record = checkRecord(state[outcome], [...path, outcome], issues, 'the deals of one outcome');
    if (record === undefined) continue;
    checkKeys(record, ['value', ...OUTCOME_COUNTS], [...path, outcome], issues);
    checkCounts(record, OUTCOME_COUNTS, [...path, outcome], issues);
    const sum =
      typeof record.value === 'string'
        ? readComputedDecimal(record.value, [...path, outcome, 'value'])
        : createIssue('invalid_type', [...path, outcome, 'value'], { expected: 'a decimal number as text', received: record.value });
    if (typeof sum !== 'string') issues.push(sum);
  }
  // Checked just now, key by key.
  return issues.length > before ? undefined : (value as PipelineTotalsState);
}

function checkCounts(record: PlainRecord, keys: readonly string[], path: IssuePath, issues: IssueSink): void {
  for (const key of keys) checkNumber(record[key], [...path, key], issues, { min: 0, integer: true });
}
