import { fromEpochDay } from '../calendar/epoch-day.js';
import type { DateRange } from '../calendar/period.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { EXACT_ZERO, exactAdd, exactRound } from '../decimal/exact.js';
import type { IssueSink } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkDeals, raise } from './call-options.js';
import { checkCut } from './cut.js';
import { readValue } from './deal-rows.js';
import { stageProbability } from './find-stage.js';
import { checkScope, type PipelineScopeOptions, readScopeDeal, scopedAt, stageOf, undatedIssue } from './pipeline-scope.js';

/**
 * Options of {@link snapshotPipeline}.
 *
 * @category pipelines
 */
export interface SnapshotPipelineOptions<C extends string = string> extends PipelineScopeOptions<C> {}

/**
 * An open deal as it was at a cut.
 *
 * @category pipelines
 */
export interface SnapshotDeal<C extends string = string> {
  /** The deal. */
  readonly dealId: string;
  /** The pipeline it runs through. */
  readonly pipelineId: string;
  /** The stage it was in. */
  readonly stageId: string;
  /** Who owned it; `null` if nobody or not known. */
  readonly ownerId: string | null;
  /** Its own forecast category, else that of its stage. */
  readonly forecastCategory: string;
  /** When it was expected to close; `null` if not known. */
  readonly expectedCloseOn: PlainDate | null;
  /** Its own probability, else that of its stage; `null` if neither is known. */
  readonly probability: number | null;
  /** Its amount; `null` if not known. */
  readonly amount: Money | null;
  /** The amount in the currency of the snapshot, rounded to the minor unit (half away from zero); `null` if it has no amount or there is no rate. */
  readonly value: Money<C> | null;
}

/**
 * The open pipeline at a cut: plain data, to be stored and compared later.
 *
 * @category pipelines
 */
export interface PipelineSnapshot<C extends string = string> {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** The cut: nothing at or after it counts. */
  readonly asOf: EventTime;
  /** By whose calendar dates were read. */
  readonly timeZone: string;
  /** The currency of the values. */
  readonly currency: C;
  /** Only deals that were expected to close in it; `null` for all. */
  readonly period: DateRange | null;
  /** Only deals of these owners, sorted; `null` for all. */
  readonly ownerIds: readonly string[] | null;
  /** The deals, in the order of their ids (by code unit). */
  readonly deals: readonly SnapshotDeal<C>[];
  /** Sum of the values. */
  readonly value: Money<C>;
  /** Deals that were set aside or not valued, and why; paths begin with the index of the deal in the list that was passed. */
  readonly issues: readonly Issue[];
}

/**
 * The open pipeline as it was at a moment: every deal that was open then, with stage, owner, category, close date and value as they were then. Nothing that
 * happened at or after the cut has any influence. Deals in the category `omitted` are left out.
 *
 * @param deals - deals with their histories, in any order
 * @param asOf - the cut, exclusive: "as of the end of the 31st" is the 1st
 * @param options - pipelines, currency, rates, period, owners
 * @returns the open deals with their values, and what was set aside
 * @throws DomainError `invalid_instant` | `invalid_type` | `missing_key` | `unknown_key` | `invalid_currency` | `invalid_period` | `invalid_time_zone`, or what is wrong with a pipeline or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline, snapshotPipeline } from 'dealwright/pipelines';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'demo', amount: money(900, 'USD'), createdOn: '2026-01-05',
 *   history: [
 *     { type: 'created', at: '2026-01-05', stageId: 'discovery', amount: money(1200, 'USD') },
 *     { type: 'stage-changed', at: '2026-02-01', from: 'discovery', to: 'demo' },
 *     { type: 'amount-changed', at: '2026-02-20', from: money(1200, 'USD'), to: money(900, 'USD') },
 *   ],
 * });
 * const { deals, value } = snapshotPipeline([deal], '2026-02-11', { pipeline: b2bPipeline, currency: 'USD' });
 * [deals[0].stageId, value.amount]; // => ['demo', '1200.00']
 * ```
 * @category pipelines
 */
export function snapshotPipeline<const C extends string>(deals: readonly Deal<object>[], asOf: EventTime, options: SnapshotPipelineOptions<C>): PipelineSnapshot<C> {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const { record, scope } = checkScope(options, [], wrongCall);
  const cut = checkCut(asOf, record.timeZone, record.assumeUnchanged, ['asOf'], wrongCall);
  if (wrongCall.length > 0 || scope === undefined || cut === undefined) return raise(wrongCall);
  const { currency } = options;
  const issues: IssueSink = [];
  const held: SnapshotDeal<C>[] = [];
  let total = EXACT_ZERO;
  for (let index = 0; index < list.length; index += 1) {
    const deal = readScopeDeal(list[index], index, scope, issues);
    const found = deal === undefined ? undefined : scopedAt(deal, index, cut, scope, issues);
    if (deal === undefined || found === undefined) continue;
    const { place, amount, stageId, ownerId, forecastCategory, expectedCloseOn, probability } = found.scoped;
    if (place === 'later' && expectedCloseOn === null) issues.push(undatedIssue(index, asOf));
    const stage = stageOf(deal, stageId, scope);
    if (place !== 'in' || stageId === null || stage === undefined) continue;
    const value = readValue({ deal: { amount }, index, status: 'open' }, cut.lastDay, scope.valuation, issues);
    const rounded = typeof value === 'string' ? null : exactRound(value, { scale: scope.valuation.exponent });
    if (rounded !== null) total = exactAdd(total, rounded);
    held.push({
      dealId: deal.id,
      pipelineId: deal.pipelineId,
      stageId,
      ownerId,
      forecastCategory: forecastCategory ?? 'pipeline',
      expectedCloseOn,
      probability: probability ?? stageProbability(stage),
      amount,
      value: rounded === null ? null : moneyOf(rounded, currency),
    });
  }
  held.sort((a, b) => (a.dealId < b.dealId ? -1 : a.dealId > b.dealId ? 1 : 0));
  return {
    formatVersion: 1,
    asOf,
    timeZone: cut.timeZone,
    currency,
    period: scope.window === undefined ? null : { start: fromEpochDay(scope.window.start), endExclusive: fromEpochDay(scope.window.end) },
    ownerIds: scope.owners === undefined ? null : [...scope.owners].sort(),
    deals: held,
    value: moneyOf(total, currency),
    issues,
  };
}
