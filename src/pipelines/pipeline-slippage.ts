import { fromEpochDay, readEpochDay } from '../calendar/epoch-day.js';
import type { DateRange, PeriodInput } from '../calendar/period.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { EXACT_ZERO, type Exact, exactAdd, exactDivide, exactRound, exactSign, exactToNumber } from '../decimal/exact.js';
import type { IssueSink } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkDeals, raise } from './call-options.js';
import { type Cut, checkCut } from './cut.js';
import { readValue } from './deal-rows.js';
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
import { checkScope, type PipelineScope, type PipelineScopeOptions, readScopeDeal, scopedAt } from './pipeline-scope.js';

/**
 * Options of {@link pipelineSlippage}.
 *
 * @category pipelines
 */
export interface PipelineSlippageOptions<C extends string = string> extends Omit<PipelineScopeOptions<C>, 'period'> {
  /** The period in which deals were due. */
  readonly period: PeriodInput;
  /** The cut at which deals were due. Default: the start of the period. */
  readonly from?: EventTime;
  /** The cut at which it is looked what became of them. Default: the end of the period. */
  readonly to?: EventTime;
}

/**
 * What became of a deal that was due.
 *
 * - `won`, `lost`, `deleted`: settled
 * - `slipped`: open, and now expected after the period, or at no date
 * - `overdue`: open, its date has passed, and nobody has moved it
 * - `pending`: open and still expected in the rest of the period
 *
 * @category pipelines
 */
export type DueOutcome = 'won' | 'lost' | 'deleted' | 'slipped' | 'overdue' | 'pending';

/**
 * A deal that was due.
 *
 * @category pipelines
 */
export interface DueDeal<C extends string = string> {
  /** The deal. */
  readonly dealId: string;
  /** Who owned it when it was due; `null` if nobody or not known. */
  readonly ownerId: string | null;
  /** What became of it. */
  readonly outcome: DueOutcome;
  /** When it was expected to close. */
  readonly dueOn: PlainDate;
  /** When it is expected now; `null` for a settled deal, or if there is no date. */
  readonly nowDueOn: PlainDate | null;
  /** Days between the two, of a deal that slipped to a date; else `null`. */
  readonly daysSlipped: number | null;
  /** Its value at the first cut, rounded to the minor unit; `null` if it had none. */
  readonly value: Money<C> | null;
}

/**
 * A share of what was due.
 *
 * @category pipelines
 */
export interface SlipRate<T> {
  /** numerator / denominator; `null` if nothing was due. */
  readonly value: number | null;
  /** What slipped. */
  readonly numerator: T;
  /** What was due. */
  readonly denominator: T;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: 'nothing-due' | 'no-value';
}

/**
 * How much of what was due in a period slipped out of it.
 *
 * @category pipelines
 */
export interface PipelineSlippage<C extends string = string> {
  /** The cut at which deals were due. */
  readonly from: EventTime;
  /** The cut at which it was looked what became of them. */
  readonly to: EventTime;
  /** The period. */
  readonly period: DateRange;
  /** The currency of all values. */
  readonly currency: C;
  /** Every outcome, also those that did not occur. */
  readonly outcomes: readonly { readonly outcome: DueOutcome; readonly deals: number; readonly value: Money<C> }[];
  /** Slipped / due, by number of deals. */
  readonly slipRate: SlipRate<number>;
  /** Slipped / due, by value at the first cut. */
  readonly slipRateByValue: SlipRate<Money<C>>;
  /** By how many days the deals slipped that slipped to a date. */
  readonly daysSlipped: DurationSummary;
  /** Every deal that was due, in the order of their ids. */
  readonly deals: readonly DueDeal<C>[];
  /** Deals that were set aside. */
  readonly setAside: number;
  /** Why, and deals without a value; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

const OUTCOMES: readonly DueOutcome[] = ['won', 'lost', 'slipped', 'overdue', 'pending', 'deleted'];

interface SlippageCall<C extends string> {
  readonly scope: PipelineScope;
  readonly window: { readonly start: number; readonly end: number };
  readonly from: Cut;
  readonly to: Cut;
  readonly currency: C;
  readonly assumed: string;
}

function readCall<C extends string>(options: PipelineSlippageOptions<C>, issues: IssueSink): SlippageCall<C> | undefined {
  const { record, scope } = checkScope(options, ['from', 'to'], issues);
  if (record.period === undefined) issues.push(createIssue('missing_key', ['period'], { expected: 'the period in which deals were due' }));
  const window = scope?.window;
  if (scope === undefined || window === undefined || issues.length > 0) return undefined;
  const from = checkCut(record.from ?? fromEpochDay(window.start), record.timeZone, record.assumeUnchanged, ['from'], issues);
  const to = checkCut(record.to ?? fromEpochDay(window.end), record.timeZone, record.assumeUnchanged, ['to'], issues);
  if (from === undefined || to === undefined) return undefined;
  if (to.time < from.time) issues.push(createIssue('out_of_range', ['to'], { expected: `a cut not before ${from.asOf}`, received: to.asOf }));
  return issues.length > 0 ? undefined : { scope, window, from, to, currency: options.currency, assumed: JSON.stringify(record.assumeUnchanged ?? []) };
}

function specOf<C extends string>(call: SlippageCall<C>, due: DueDeal<C>[]): TallySpec<Omit<PipelineSlippage<C>, 'issues' | 'deals'>> {
  const { scope, from, to, window, currency, assumed } = call;
  return {
    kind: 'pipeline-slippage',
    settings: {
      pipelines: JSON.stringify([...scope.pipelines.keys()]),
      currency,
      from: from.asOf,
      to: to.asOf,
      timeZone: from.timeZone,
      periodStart: fromEpochDay(window.start),
      periodEnd: fromEpochDay(window.end),
      ownerIds: scope.owners === undefined ? null : JSON.stringify([...scope.owners].sort()),
      assumeUnchanged: assumed,
    },
    names: ['deals', 'value', 'days'],
    read: (item, index, rows, issues) => {
      const deal = followDue(item, index, call, rows, issues);
      if (deal !== undefined) due.push(deal);
    },
    finish: (state) => slippageOf(state, call),
  };
}

function followDue<C extends string>(item: unknown, index: number, call: SlippageCall<C>, rows: TallyRows, issues: IssueSink): DueDeal<C> | undefined {
  const { scope, from, to, window, currency } = call;
  const deal = readScopeDeal(item, index, scope, issues);
  const before = deal === undefined ? undefined : scopedAt(deal, index, from, scope, issues);
  if (deal === undefined || before === undefined) {
    rows.setAside += 1;
    return undefined;
  }
  const { place, expectedCloseOn: dueOn, amount, ownerId } = before.scoped;
  if (place !== 'in' || dueOn === null) return undefined;
  const after = scopedAt(deal, index, to, scope, issues);
  if (after === undefined) {
    rows.setAside += 1;
    return undefined;
  }
  const { place: end, expectedCloseOn: nowDue } = after.scoped;
  const isSettled = end === 'won' || end === 'lost' || end === 'deleted';
  const day = nowDue === null ? Number.POSITIVE_INFINITY : readEpochDay(nowDue);
  if (Number.isNaN(day) && !isSettled) {
    issues.push(createIssue('invalid_date', [index, 'expectedCloseOn'], { expected: 'a date', received: nowDue }));
    rows.setAside += 1;
    return undefined;
  }
  const outcome: DueOutcome = isSettled ? end : day >= window.end ? 'slipped' : day <= readEpochDay(to.lastDay) ? 'overdue' : 'pending';
  const daysSlipped = outcome === 'slipped' && nowDue !== null ? day - readEpochDay(dueOn) : null;
  const read = readValue({ deal: { amount }, index, status: 'open' }, from.lastDay, scope.valuation, issues);
  const value = typeof read === 'string' ? null : exactRound(read, { scale: scope.valuation.exponent });
  const row = rowOf(rows, [outcome]);
  bump(row, 'deals');
  if (value !== null) addValue(row, 'value', value);
  if (daysSlipped !== null) addDays(row, 'days', daysSlipped);
  return { dealId: deal.id, ownerId, outcome, dueOn, nowDueOn: isSettled ? null : nowDue, daysSlipped, value: value === null ? null : moneyOf(value, currency) };
}

function slippageOf<C extends string>(state: MergeableState, { from, to, window, currency }: SlippageCall<C>): Omit<PipelineSlippage<C>, 'issues' | 'deals'> {
  const parts = OUTCOMES.map((outcome) => ({ outcome, row: findRow(state, [outcome]) }));
  const due = parts.reduce((sum, { row }) => sum + countIn(row, 'deals'), 0);
  const dueValue = parts.reduce<Exact>((sum, { row }) => exactAdd(sum, valueIn(row, 'value')), EXACT_ZERO);
  const slipped = findRow(state, ['slipped']);
  const [count, value] = [countIn(slipped, 'deals'), valueIn(slipped, 'value')];
  const money = { numerator: moneyOf(value, currency), denominator: moneyOf(dueValue, currency) };
  return {
    from: from.asOf,
    to: to.asOf,
    period: { start: fromEpochDay(window.start), endExclusive: fromEpochDay(window.end) },
    currency,
    outcomes: parts.map(({ outcome, row }) => ({ outcome, deals: countIn(row, 'deals'), value: moneyOf(valueIn(row, 'value'), currency) })),
    slipRate: due === 0 ? { value: null, numerator: 0, denominator: 0, reason: 'nothing-due' } : { value: count / due, numerator: count, denominator: due },
    slipRateByValue:
      exactSign(dueValue) <= 0
        ? { value: null, ...money, reason: due === 0 ? 'nothing-due' : 'no-value' }
        : { value: exactToNumber(exactDivide(value, dueValue, { scale: 20 })), ...money },
    daysSlipped: summarizeCounts(daysIn(slipped, 'days')),
    setAside: state.setAside,
  };
}

/**
 * Slippage: of the deals that were open at one cut and expected to close in a period, those that are open at a later cut and expected after it. The slip rate is given by
 * count and by value (at the amounts and rates of the first cut). Nothing that happened at or after a cut has any influence on it.
 *
 * @param deals - deals with their histories, in any order
 * @param options - period, cuts, pipelines, currency, rates, owners
 * @returns rates, outcomes, every deal that was due, and what was set aside
 * @throws DomainError `out_of_range` (`to` before `from`) | `missing_key` | `unknown_key` | `invalid_type` | `invalid_currency` | `invalid_period` | `invalid_instant` | `invalid_time_zone`, or what is wrong with a pipeline or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline, pipelineSlippage } from 'dealwright/pipelines';
 * const deal = (id: string, amount: number, movedTo: string | null) => createDeal({
 *   id, pipelineId: 'b2b', stageId: 'demo', amount: money(amount, 'USD'), createdOn: '2026-01-05', expectedCloseOn: movedTo ?? '2026-05-15',
 *   history: [
 *     { type: 'created', at: '2026-01-05', stageId: 'demo', amount: money(amount, 'USD'), expectedCloseOn: '2026-05-15', ownerId: null },
 *     ...(movedTo === null ? [] : [{ type: 'close-date-changed' as const, at: '2026-05-20', from: '2026-05-15', to: movedTo }]),
 *   ],
 * });
 * const slippage = pipelineSlippage([deal('a', 100, null), deal('b', 300, '2026-08-15')], { period: '2026-Q2', pipeline: b2bPipeline, currency: 'USD' });
 * [slippage.slipRate.value, slippage.slipRateByValue.value, slippage.daysSlipped.meanDays]; // => [0.5, 0.75, 92]
 * slippage.deals.map((due) => due.outcome); // => ['overdue', 'slipped']
 * ```
 * @category pipelines
 */
export function pipelineSlippage<const C extends string>(deals: readonly Deal<object>[], options: PipelineSlippageOptions<C>): PipelineSlippage<C> {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const due: DueDeal<C>[] = [];
  const { result, issues } = tallyOnce(specOf(call, due), list);
  due.sort((a, b) => (a.dealId < b.dealId ? -1 : a.dealId > b.dealId ? 1 : 0));
  return { ...result, deals: due, issues };
}

/**
 * The same as {@link pipelineSlippage} over deals that come in parts, without the list of deals.
 *
 * @param options - those of {@link pipelineSlippage}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link pipelineSlippage}
 * @example
 * ```ts
 * import { b2bPipeline, pipelineSlippageTally } from 'dealwright/pipelines';
 * const tally = pipelineSlippageTally({ period: '2026-Q2', pipeline: b2bPipeline, currency: 'USD' });
 * tally.finish(tally.empty()).slipRate.reason; // => 'nothing-due'
 * ```
 * @category pipelines
 */
export function pipelineSlippageTally<const C extends string>(options: PipelineSlippageOptions<C>): MergeableTally<Deal<object>, Omit<PipelineSlippage<C>, 'issues' | 'deals'>> {
  const wrongCall: IssueSink = [];
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(specOf(call, []));
}
