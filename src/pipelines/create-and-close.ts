import { fromEpochDay } from '../calendar/epoch-day.js';
import type { CalendarOptions, DateRange, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import { exactDivide, exactSign, exactToNumber } from '../decimal/exact.js';
import type { IssueSink } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkDeals, checkOptions, checkPeriod, checkValuation, type DayRange, raise, type Valuation } from './call-options.js';
import { readDay, readRow, readValue } from './deal-rows.js';
import { type DurationSummary, summarizeCounts } from './duration-summary.js';
import {
  addDays,
  addValue,
  bump,
  countIn,
  daysIn,
  findRow,
  type MergeableState,
  type MergeableTally,
  mergeableTally,
  rowOf,
  type TallyRows,
  type TallySpec,
  tallyOnce,
  valueIn,
} from './mergeable-tally.js';

/**
 * Options of {@link createAndClose}.
 *
 * @category pipelines
 */
export interface CreateAndCloseOptions<C extends string = string> extends CalendarOptions {
  /** The period. */
  readonly period: PeriodInput;
  /** The currency of the values. */
  readonly currency: C;
  /** Exchange rates; a deal is converted at the rate of the day it closed on. */
  readonly rates?: RateSupply;
}

/**
 * Business that no pipeline held at the start of the period: created and won within it.
 *
 * @category pipelines
 */
export interface CreateAndClose<C extends string = string> {
  /** The period. */
  readonly period: DateRange;
  /** The currency of the values. */
  readonly currency: C;
  /** Deals created and won in the period. */
  readonly deals: number;
  /** Their value. */
  readonly value: Money<C>;
  /** All deals won in the period whose creation is known. */
  readonly wonDeals: number;
  /** Their value. */
  readonly wonValue: Money<C>;
  /** deals / wonDeals; `null` if nothing was won. */
  readonly shareOfCount: number | null;
  /** value / wonValue; `null` if that is not above zero. */
  readonly shareOfValue: number | null;
  /** How long these deals took. */
  readonly cycle: DurationSummary;
  /** Why a share is `null`; absent otherwise. */
  readonly reason?: 'nothing-won' | 'no-value';
  /** Deals that were set aside. */
  readonly setAside: number;
  /** Why, and deals without a value; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

interface CloseCall<C extends string> {
  readonly window: DayRange;
  readonly valuation: Valuation;
  readonly currency: C;
}

function readCall<C extends string>(options: CreateAndCloseOptions<C>, issues: IssueSink): CloseCall<C> | undefined {
  const record = checkOptions(options, ['period', 'calendar', 'currency', 'rates'], issues);
  const window = checkPeriod(record, issues);
  const valuation = checkValuation(record, issues);
  if (record.period === undefined) issues.push(createIssue('missing_key', ['period'], { expected: 'a period' }));
  return window === undefined || valuation === undefined || issues.length > 0 ? undefined : { window, valuation, currency: options.currency };
}

function specOf<C extends string>(call: CloseCall<C>): TallySpec<Omit<CreateAndClose<C>, 'issues'>> {
  return {
    kind: 'create-and-close',
    settings: { currency: call.currency, periodStart: fromEpochDay(call.window.start), periodEnd: fromEpochDay(call.window.end) },
    names: ['deals', 'value', 'days'],
    read: (item, index, rows, issues) => addWin(item, index, call, rows, issues),
    finish: (state) => figuresOf(state, call),
  };
}

function addWin<C extends string>(item: unknown, index: number, { window, valuation }: CloseCall<C>, rows: TallyRows, issues: IssueSink): void {
  const row = readRow(item, index, issues);
  if (row === undefined) rows.setAside += 1;
  if (row?.status !== 'won') return;
  const closed = readDay(row, 'closedOn', issues);
  if (typeof closed === 'number' && !(closed >= window.start && closed < window.end)) return;
  const created = readDay(row, 'createdOn', issues);
  for (const [name, day] of [
    ['closedOn', closed],
    ['createdOn', created],
  ] as const)
    if (day === null) issues.push(createIssue('missing_date', [index, name], { expected: 'a date' }));
  if (typeof closed !== 'number' || typeof created !== 'number') {
    rows.setAside += 1;
    return;
  }
  const value = readValue(row, row.deal.closedOn, valuation, issues);
  const isNew = created >= window.start && created <= closed;
  for (const target of isNew ? [rowOf(rows, ['won']), rowOf(rows, ['new'])] : [rowOf(rows, ['won'])]) {
    bump(target, 'deals');
    if (typeof value !== 'string') addValue(target, 'value', value);
  }
  if (isNew) addDays(rowOf(rows, ['new']), 'days', closed - created);
}

function figuresOf<C extends string>(state: MergeableState, { window, currency }: CloseCall<C>): Omit<CreateAndClose<C>, 'issues'> {
  const [won, fresh] = [findRow(state, ['won']), findRow(state, ['new'])];
  const [deals, wonDeals, value, wonValue] = [countIn(fresh, 'deals'), countIn(won, 'deals'), valueIn(fresh, 'value'), valueIn(won, 'value')];
  const hasValue = exactSign(wonValue) > 0;
  return {
    period: { start: fromEpochDay(window.start), endExclusive: fromEpochDay(window.end) },
    currency,
    deals,
    value: moneyOf(value, currency),
    wonDeals,
    wonValue: moneyOf(wonValue, currency),
    shareOfCount: wonDeals === 0 ? null : deals / wonDeals,
    shareOfValue: hasValue ? exactToNumber(exactDivide(value, wonValue, { scale: 20 })) : null,
    cycle: summarizeCounts(daysIn(fresh, 'days')),
    ...(hasValue ? {} : { reason: wonDeals === 0 ? 'nothing-won' : 'no-value' }),
    setAside: state.setAside,
  };
}

/**
 * Create and close: what was both created and won within a period, and its share of all that was won. It is the part of a quarter that the pipeline at its start could not show.
 *
 * @param deals - deals of any status, in any order
 * @param options - period, currency, rates
 * @returns counts, values and shares, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_type` | `invalid_currency` | `invalid_period`, or what is wrong with the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { createAndClose } from 'dealwright/pipelines';
 * const won = (id: string, createdOn: string, amount: number) =>
 *   createDeal({ id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn, closedOn: '2026-05-20', amount: money(amount, 'USD') });
 * const result = createAndClose([won('a', '2026-04-10', 100), won('b', '2026-01-10', 300)], { period: '2026-Q2', currency: 'USD' });
 * [result.deals, result.value.amount, result.shareOfCount, result.shareOfValue]; // => [1, '100.00', 0.5, 0.25]
 * ```
 * @category pipelines
 */
export function createAndClose<const C extends string>(deals: readonly Deal<object>[], options: CreateAndCloseOptions<C>): CreateAndClose<C> {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(specOf(call), list);
  return { ...result, issues };
}

/**
 * The same as {@link createAndClose} over deals that come in parts.
 *
 * @param options - those of {@link createAndClose}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link createAndClose}
 * @example
 * ```ts
 * import { createAndCloseTally } from 'dealwright/pipelines';
 * const tally = createAndCloseTally({ period: '2026-Q2', currency: 'USD' });
 * tally.finish(tally.empty()).reason; // => 'nothing-won'
 * ```
 * @category pipelines
 */
export function createAndCloseTally<const C extends string>(options: CreateAndCloseOptions<C>): MergeableTally<Deal<object>, Omit<CreateAndClose<C>, 'issues'>> {
  const wrongCall: IssueSink = [];
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(specOf(call));
}
