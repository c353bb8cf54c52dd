import { fromEpochDay } from '../calendar/epoch-day.js';
import type { DateRange } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { type DealDraft, type DealState, emptyDraft, foldDealEvent } from '../deals/deal-state.js';
import { EXACT_ZERO, type Exact, exactAdd, exactNegate, exactRound, exactSign, exactSubtract } from '../decimal/exact.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkDeals, raise } from './call-options.js';
import { type Cut, checkCut } from './cut.js';
import { readValue } from './deal-rows.js';
import {
  checkScope,
  type PipelineScope,
  type PipelineScopeOptions,
  readScopeDeal,
  type ScopedDeal,
  type ScopePlace,
  scopedAt,
  scopedDeal,
  stageOf,
  undatedIssue,
} from './pipeline-scope.js';

/**
 * What changed the open pipeline.
 *
 * - `created`, `reopened`: a new deal; a closed or deleted one that is open again
 * - `transferred-in`, `transferred-out`: between owners of the scope and others
 * - `included`, `omitted`: out of, and into, the forecast category `omitted`
 * - `pulled-in`, `pushed-in`: expected close moved into the period from a later, an earlier date
 * - `pushed-out`, `pulled-out`: expected close moved out to a later date or to none, to an earlier date
 * - `increased`, `decreased`: the amount changed while the deal was in the pipeline
 * - `won`, `lost`, `deleted`: what left for good
 * - `revalued`: other exchange rates at the end than at the start
 *
 * @category pipelines
 */
export type WaterfallKind =
  | 'created'
  | 'reopened'
  | 'transferred-in'
  | 'included'
  | 'pulled-in'
  | 'pushed-in'
  | 'increased'
  | 'decreased'
  | 'won'
  | 'lost'
  | 'pushed-out'
  | 'pulled-out'
  | 'transferred-out'
  | 'omitted'
  | 'deleted'
  | 'revalued';

const KINDS: readonly WaterfallKind[] = [
  'created',
  'reopened',
  'transferred-in',
  'included',
  'pulled-in',
  'pushed-in',
  'increased',
  'decreased',
  'won',
  'lost',
  'pushed-out',
  'pulled-out',
  'transferred-out',
  'omitted',
  'deleted',
  'revalued',
];

/**
 * Options of {@link pipelineWaterfall}.
 *
 * @category pipelines
 */
export interface PipelineWaterfallOptions<C extends string = string> extends PipelineScopeOptions<C> {
  /** The cut at the start, exclusive. */
  readonly from: EventTime;
  /** The cut at the end, exclusive; not before `from`. */
  readonly to: EventTime;
  /**
   * `endpoint` (default): each deal is compared at the two cuts, and one cause is named; what came and went in between does not show.
   * `path`: every event in between is followed, so that a deal created and won within the window shows as both, and round trips show.
   */
  readonly mode?: 'endpoint' | 'path';
}

/**
 * One change of one deal.
 *
 * @category pipelines
 */
export interface WaterfallEntry<C extends string = string> {
  /** The deal. */
  readonly dealId: string;
  /** What happened. */
  readonly kind: WaterfallKind;
  /** What it adds to the pipeline; negative for what it takes away. */
  readonly value: Money<C>;
  /** When, if an event tells; `null` where only the two cuts were compared, and for `revalued`. */
  readonly at: EventTime | null;
}

/**
 * All changes of one kind.
 *
 * @category pipelines
 */
export interface WaterfallMovement<C extends string = string> {
  /** What happened. */
  readonly kind: WaterfallKind;
  /** What it adds to the pipeline; negative for what it takes away. */
  readonly value: Money<C>;
  /** Number of changes. */
  readonly count: number;
  /** What it adds to the number of deals. */
  readonly deals: number;
}

/**
 * The open pipeline at one of the two cuts.
 *
 * @category pipelines
 */
export interface WaterfallEnd<C extends string = string> {
  /** The cut. */
  readonly asOf: EventTime;
  /** Number of deals. */
  readonly deals: number;
  /** Their value. */
  readonly value: Money<C>;
}

/**
 * How the open pipeline came from one figure to another. `start + every movement = end`, to the minor unit, in value and in number of deals.
 *
 * @category pipelines
 */
export interface PipelineWaterfall<C extends string = string> {
  /** How deals were followed. */
  readonly mode: 'endpoint' | 'path';
  /** The currency of all values. */
  readonly currency: C;
  /** By whose calendar dates were read. */
  readonly timeZone: string;
  /** Only deals expected to close in it; `null` for all. */
  readonly period: DateRange | null;
  /** Only deals of these owners, sorted; `null` for all. */
  readonly ownerIds: readonly string[] | null;
  /** At `from`. */
  readonly start: WaterfallEnd<C>;
  /** Every kind once, also those that did not occur, always in the same order. */
  readonly movements: readonly WaterfallMovement<C>[];
  /** At `to`. */
  readonly end: WaterfallEnd<C>;
  /** Every change, by deal id (code unit) and time. */
  readonly entries: readonly WaterfallEntry<C>[];
  /** Deals that were set aside (they are in neither end), deals without an amount (they count, with no value), and open deals without a close date where a period was asked for. */
  readonly issues: readonly Issue[];
}

/**
 * Pipeline waterfall: what was created, won, lost, pushed, pulled, re-priced and handed over between two cuts, so that
 * start + movements = end exactly.
 *
 * In the pipeline is every open deal whose owner and expected close date lie in the scope and that is not omitted. A deal that leaves first takes its last change of amount
 * (`increased`, `decreased`) and leaves with its final amount; one that enters does so with the amount it then has. Where several things happened to a deal between the
 * cuts, `endpoint` mode names the first that applies of deleted, won, lost, transferred, omitted, pushed or pulled. Movements are valued at the last rates known
 * before `from`, the end at the last known before `to`; the difference is `revalued`. Each value is rounded to the minor unit before it is added.
 *
 * @param deals - deals with their histories, in any order
 * @param options - cuts, mode, pipelines, currency, rates, period, owners
 * @returns both ends, the movements by kind, every single change, and what was set aside
 * @throws DomainError `out_of_range` (`to` before `from`) | `invalid_instant` | `invalid_type` | `missing_key` | `unknown_key` | `invalid_value` | `invalid_currency` | `invalid_period` |
 * `invalid_time_zone`, or what is wrong with a pipeline or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline, pipelineWaterfall } from 'dealwright/pipelines';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', closedOn: '2026-03-10', amount: money(900, 'USD'), createdOn: '2026-01-05',
 *   history: [
 *     { type: 'created', at: '2026-01-05', stageId: 'demo', amount: money(1200, 'USD') },
 *     { type: 'amount-changed', at: '2026-02-20', from: money(1200, 'USD'), to: money(900, 'USD') },
 *     { type: 'won', at: '2026-03-10', from: 'demo', to: 'closed-won' },
 *   ],
 * });
 * const waterfall = pipelineWaterfall([deal], { from: '2026-02-01', to: '2026-04-01', pipeline: b2bPipeline, currency: 'USD' });
 * [waterfall.start.value.amount, waterfall.end.value.amount]; // => ['1200.00', '0.00']
 * waterfall.entries.map((entry) => [entry.kind, entry.value.amount]); // => [['decreased', '-300.00'], ['won', '-900.00']]
 * ```
 * @category pipelines
 */
export function pipelineWaterfall<const C extends string>(deals: readonly Deal<object>[], options: PipelineWaterfallOptions<C>): PipelineWaterfall<C> {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const { record, scope } = checkScope(options, ['from', 'to', 'mode'], wrongCall);
  const mode = record.mode === undefined ? 'endpoint' : checkOneOf(record.mode, ['endpoint', 'path'], ['mode'], wrongCall);
  const from = checkCut(record.from, record.timeZone, record.assumeUnchanged, ['from'], wrongCall);
  const to = checkCut(record.to, record.timeZone, record.assumeUnchanged, ['to'], wrongCall);
  if (from !== undefined && to !== undefined && to.time < from.time)
    wrongCall.push(createIssue('out_of_range', ['to'], { expected: `a cut not before ${from.asOf}`, received: to.asOf }));
  if (wrongCall.length > 0 || scope === undefined || mode === undefined || from === undefined || to === undefined) return raise(wrongCall);
  const issues: IssueSink = [];
  const call: Call = { scope, mode, from, to };
  const followed: Followed[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const deal = readScopeDeal(list[index], index, scope, issues);
    const result = deal === undefined ? undefined : followDeal(deal, index, call, issues);
    if (result !== undefined) followed.push(result);
  }
  followed.sort((a, b) => (a.dealId < b.dealId ? -1 : a.dealId > b.dealId ? 1 : 0));
  const { currency } = options;
  const period = scope.window === undefined ? null : { start: fromEpochDay(scope.window.start), endExclusive: fromEpochDay(scope.window.end) };
  return {
    mode,
    currency,
    timeZone: from.timeZone,
    period,
    ownerIds: scope.owners === undefined ? null : [...scope.owners].sort(),
    start: endOf(
      from.asOf,
      followed.map(({ start }) => start),
      currency,
    ),
    movements: KINDS.map((kind) => movementOf(kind, followed, currency)),
    end: endOf(
      to.asOf,
      followed.map(({ end }) => end),
      currency,
    ),
    entries: followed.flatMap(({ dealId, steps }) => steps.map(({ kind, value, at }) => ({ dealId, kind, value: moneyOf(value, currency), at }))),
    issues,
  };
}

interface Call {
  readonly scope: PipelineScope;
  readonly mode: 'endpoint' | 'path';
  readonly from: Cut;
  readonly to: Cut;
}

/** A change of one deal, exact. */
interface Step {
  readonly kind: WaterfallKind;
  readonly value: Exact;
  readonly at: EventTime | null;
}

/** A deal from cut to cut. `null` where it was not in the pipeline. */
interface Followed {
  readonly dealId: string;
  readonly start: Exact | null;
  readonly end: Exact | null;
  readonly steps: readonly Step[];
}

/** Where a deal was, and when it came to be there. */
interface Station {
  readonly scoped: ScopedDeal;
  readonly at: EventTime | null;
}

function followDeal(deal: Deal<object>, index: number, call: Call, issues: IssueSink): Followed | undefined {
  const { scope, from, to } = call;
  // What is found wrong at both cuts is said once.
  const found: IssueSink = [];
  const before = scopedAt(deal, index, from, scope, found);
  const after = before === undefined ? undefined : scopedAt(deal, index, to, scope, found);
  issues.push(...found);
  if (before === undefined || after === undefined) return undefined;
  if (after.scoped.place === 'later' && after.scoped.expectedCloseOn === null) issues.push(undatedIssue(index, to.asOf));
  const stations: readonly Station[] = [
    { scoped: before.scoped, at: null },
    ...(call.mode === 'path' ? stationsBetween(deal, before.state, call) : []),
    { scoped: after.scoped, at: null },
  ];
  const valueAt = valuer(index, scope, issues);
  const steps: Step[] = [];
  for (const [place, { scoped, at }] of stations.entries()) {
    const previous = stations[place - 1]?.scoped;
    // What stays outside needs no rate.
    if (previous === undefined || (previous.place !== 'in' && scoped.place !== 'in')) continue;
    const valueBefore = previous.place === 'in' ? valueAt(previous, from) : EXACT_ZERO;
    const valueAfter = valueAt(scoped, from);
    if (valueBefore === undefined || valueAfter === undefined) return undefined;
    steps.push(...stepsBetween(previous, scoped, valueBefore, valueAfter, at));
  }
  const start = before.scoped.place === 'in' ? valueAt(before.scoped, from) : null;
  if (start === undefined) return undefined;
  if (after.scoped.place !== 'in') return { dealId: deal.id, start, end: null, steps };
  const end = valueAt(after.scoped, to);
  const endAtFirstRates = valueAt(after.scoped, from);
  if (end === undefined || endAtFirstRates === undefined) return undefined;
  if (after.scoped.amount === null) issues.push(createIssue('missing_amount', [index, 'amount'], { expected: `an amount at ${to.asOf}` }));
  const revalued = exactSubtract(end, endAtFirstRates);
  if (exactSign(revalued) !== 0) steps.push({ kind: 'revalued', value: revalued, at: null });
  return { dealId: deal.id, start, end, steps };
}

/** The deal after each event between the cuts. */
function stationsBetween(deal: Deal<object>, state: DealState | null, { scope, from, to }: Call): readonly Station[] {
  const draft: DealDraft = { ...emptyDraft(), ...state };
  const stations: Station[] = [];
  const known = (cut: Cut): number => {
    const end = deal.history.findIndex((event) => cut.timeOf(event.at) >= cut.time);
    return end < 0 ? deal.history.length : end;
  };
  for (const event of deal.history.slice(known(from), known(to))) {
    foldDealEvent(draft, event, (at) => at);
    const { status, stageId } = draft;
    // Before the first event that tells, nothing is known.
    if (status === undefined || status === null || stageId === undefined || stageId === null) continue;
    const stage = stageOf(deal, stageId, scope);
    if (stage === undefined && status === 'open') continue;
    const { amount = null, ownerId = null, forecastCategory = null, expectedCloseOn = null, probability = null } = draft;
    stations.push({ scoped: scopedDeal({ status, stageId, amount, ownerId, forecastCategory, expectedCloseOn, probability }, stage, scope), at: event.at });
  }
  return stations;
}

/** The value of a deal at the rates of a cut, rounded to the minor unit; zero where it has no amount; undefined with an issue where there is no rate. */
function valuer(index: number, scope: PipelineScope, issues: IssueSink): (scoped: ScopedDeal, cut: Cut) => Exact | undefined {
  let reported = false;
  return ({ amount }, cut) => {
    if (amount === null) return EXACT_ZERO;
    const found: IssueSink = [];
    const value = readValue({ deal: { amount }, index, status: 'open' }, cut.lastDay, scope.valuation, found);
    if (typeof value !== 'string') return exactRound(value, { scale: scope.valuation.exponent });
    if (!reported) issues.push(...found);
    reported = true;
    return undefined;
  };
}

const ENTRY: Readonly<Record<Exclude<ScopePlace, 'in'>, WaterfallKind>> = {
  absent: 'created',
  deleted: 'reopened',
  won: 'reopened',
  lost: 'reopened',
  'other-owner': 'transferred-in',
  omitted: 'included',
  later: 'pulled-in',
  earlier: 'pushed-in',
};

const EXIT: Readonly<Record<Exclude<ScopePlace, 'in'>, WaterfallKind>> = {
  // A deal that existed does not become absent.
  absent: 'deleted',
  deleted: 'deleted',
  won: 'won',
  lost: 'lost',
  'other-owner': 'transferred-out',
  omitted: 'omitted',
  later: 'pushed-out',
  earlier: 'pulled-out',
};

function stepsBetween(before: ScopedDeal, after: ScopedDeal, valueBefore: Exact, valueAfter: Exact, at: EventTime | null): readonly Step[] {
  if (before.place !== 'in') return after.place === 'in' ? [{ kind: ENTRY[before.place], value: valueAfter, at }] : [];
  const change = exactSubtract(valueAfter, valueBefore);
  const sign = exactSign(change);
  const priced: readonly Step[] = sign === 0 ? [] : [{ kind: sign > 0 ? 'increased' : 'decreased', value: change, at }];
  return after.place === 'in' ? priced : [...priced, { kind: EXIT[after.place], value: exactNegate(valueAfter), at }];
}

function endOf<C extends string>(asOf: EventTime, values: readonly (Exact | null)[], currency: C): WaterfallEnd<C> {
  const held = values.filter((value) => value !== null);
  return { asOf, deals: held.length, value: moneyOf(held.reduce(exactAdd, EXACT_ZERO), currency) };
}

const ADDS: ReadonlySet<WaterfallKind> = /* @__PURE__ */ new Set<WaterfallKind>(['created', 'reopened', 'transferred-in', 'included', 'pulled-in', 'pushed-in']);
const TAKES: ReadonlySet<WaterfallKind> = /* @__PURE__ */ new Set<WaterfallKind>(['won', 'lost', 'pushed-out', 'pulled-out', 'transferred-out', 'omitted', 'deleted']);

function movementOf<C extends string>(kind: WaterfallKind, followed: readonly Followed[], currency: C): WaterfallMovement<C> {
  let value = EXACT_ZERO;
  let count = 0;
  for (const { steps } of followed) {
    for (const step of steps) {
      if (step.kind !== kind) continue;
      value = exactAdd(value, step.value);
      count += 1;
    }
  }
  return { kind, value: moneyOf(value, currency), count, deals: ADDS.has(kind) ? count : TAKES.has(kind) ? 0 - count : 0 };
}
