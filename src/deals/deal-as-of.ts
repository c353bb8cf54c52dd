import { fromEpochDay, readEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import { instantReaderOf } from '../calendar/instant-of.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { readZone, type ZoneClock } from '../calendar/time-zone.js';
import { checkList, checkOneOf, type IssueSink } from '../errors/checks.js';
import { createDomainError, DomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Money } from '../money/money.js';
import { readMoney } from '../money/read-money.js';
import { checkedOptions } from './checked-options.js';
import type { Deal } from './deal.js';
import type { EventTime } from './deal-event.js';
import { requireDeal } from './deal-guard.js';
import { DEAL_STATE_FIELDS, type DealDraft, type DealState, type DealStateField, emptyDraft, foldDealEvent, stateOfDraft } from './deal-state.js';

/**
 * A field that can be taken to have been what it is now, see {@link DealAsOfOptions}.
 *
 * @category deals
 */
export type AssumableDealField = 'stageId' | 'amount' | 'probability' | 'expectedCloseOn' | 'ownerId' | 'forecastCategory' | 'splits';

const ASSUMABLE: readonly AssumableDealField[] = ['stageId', 'amount', 'probability', 'expectedCloseOn', 'ownerId', 'forecastCategory', 'splits'];

/**
 * Options of {@link dealAsOf} and {@link createDealReplay}.
 *
 * @category deals
 */
export interface DealAsOfOptions {
  /** By whose calendar dates are read: a date means the first instant of that day there. Default `'UTC'`. */
  readonly timeZone?: string;
  /**
   * Fields that you know do not change, or accept to be taken as they are now where nothing in the history states or contradicts it: for deals without a
   * history. This lets today's knowledge into the past, so it is never done by itself; what was taken so is listed under `assumed`.
   */
  readonly assumeUnchanged?: readonly AssumableDealField[];
}

/**
 * Why a field of a past state is not known.
 *
 * - `creation-not-recorded`: neither `createdOn` nor the history says when the deal came into being, so not even that it existed is known
 * - `no-history`: the deal has no history before the cut, only its dates
 * - `not-in-history`: no event before the cut states it
 * - `closing-not-dated`: the deal was closed, reopened or deleted at a time that is not recorded
 * - `changed-later`: assumed unchanged, but a later event changes it
 *
 * @category deals
 */
export type UnknownDealFieldReason = 'creation-not-recorded' | 'no-history' | 'not-in-history' | 'closing-not-dated' | 'changed-later';

/**
 * A field of a past state that is not known.
 *
 * @category deals
 */
export interface UnknownDealField {
  /** The field; `existence` when not even that is known. */
  readonly field: DealStateField | 'existence';
  /** Why. */
  readonly reason: UnknownDealFieldReason;
}

/**
 * What a deal was at a cut in time, from what had happened strictly before it.
 *
 * @category deals
 */
export interface DealAsOf {
  /** The deal. */
  readonly dealId: string;
  /** The cut as it was given: nothing at or after it counts. */
  readonly asOf: EventTime;
  /** By whose calendar dates were read. */
  readonly timeZone: string;
  /** Whether the deal had been created; `null` if that is not known. */
  readonly existed: boolean | null;
  /** What it was; `null` unless it existed. */
  readonly state: DealState | null;
  /** Every field of `state` that is `null` because it is not known, and why. */
  readonly unknown: readonly UnknownDealField[];
  /** The fields taken to have been what they are now. */
  readonly assumed: readonly AssumableDealField[];
}

/**
 * Tells what a deal was at a fixed cut. Made by {@link createDealReplay}.
 *
 * @category deals
 */
export type DealReplay = (deal: Deal<object>) => DealAsOf;

/**
 * What a deal was at a moment in the past: its history is replayed up to the cut, and nothing at or after the cut has any influence.
 *
 * A deal without a history is known by its dates alone. It existed from `createdOn` and was open until `closedOn`; once closed, its status, stage and amount are
 * those it closed with. Everything else, such as the stage or the amount of a deal that was still open, is `null` with a reason, because what it says now may
 * have been written since. An event that stands after a later one in the list became known after it and counts from then on.
 *
 * @param deal - the deal
 * @param asOf - the cut, exclusive: a date (the first instant of that day in the time zone; "as of the end of the 31st" is the 1st) or an instant
 * @param options - time zone, and fields to be taken as unchanged
 * @returns whether the deal existed, what it was, and what is not known
 * @throws DomainError with what is wrong with the deal | `invalid_instant` | `invalid_time_zone` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { createDeal, dealAsOf } from 'dealwright/deals';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn: '2026-01-05', closedOn: '2026-03-10', amount: { amount: '900.00', currency: 'EUR' },
 *   history: [
 *     { type: 'created', at: '2026-01-05', stageId: 'discovery', amount: { amount: '1200.00', currency: 'EUR' } },
 *     { type: 'stage-changed', at: '2026-02-01', from: 'discovery', to: 'demo' },
 *     { type: 'amount-changed', at: '2026-02-20', from: { amount: '1200.00', currency: 'EUR' }, to: { amount: '900.00', currency: 'EUR' } },
 *     { type: 'won', at: '2026-03-10', from: 'demo', to: 'closed-won' },
 *   ],
 * });
 * dealAsOf(deal, '2026-02-15').state?.amount; // => { amount: '1200.00', currency: 'EUR' }
 * dealAsOf(deal, '2026-02-01').state?.stageId; // => 'discovery'
 * dealAsOf(deal, '2026-03-10').state?.status; // => 'open'
 * dealAsOf(deal, '2026-01-05').existed; // => false
 * dealAsOf({ ...deal, history: [] }, '2026-02-15').unknown[0]; // => { field: 'stageId', reason: 'no-history' }
 * ```
 * @category deals
 */
export function dealAsOf(deal: Deal<object>, asOf: PlainDate | EventTime, options: DealAsOfOptions = {}): DealAsOf {
  return createDealReplay(asOf, options)(deal);
}

/**
 * Makes a function that does what {@link dealAsOf} does, for many deals and one cut: cut, time zone and options are read once.
 *
 * @param asOf - the cut, exclusive
 * @param options - time zone, and fields to be taken as unchanged
 * @returns a function from a deal to what it was; it throws what is wrong with a deal
 * @throws DomainError `invalid_instant` | `invalid_time_zone` | `unknown_key` | `invalid_value` | `invalid_type`
 * @example
 * ```ts
 * import { createDeal, createDealReplay } from 'dealwright/deals';
 * const deals = ['2026-01-05', '2026-02-05'].map((createdOn, index) => createDeal({ id: `d${index}`, pipelineId: 'b2b', stageId: 'demo', createdOn }));
 * deals.map(createDealReplay('2026-02-01')).map(({ existed }) => existed); // => [true, false]
 * ```
 * @category deals
 */
export function createDealReplay(asOf: PlainDate | EventTime, options: DealAsOfOptions = {}): DealReplay {
  const { timeZone, clock, assume } = readOptions(options);
  const timeOf = instantReaderOf(clock);
  const dayOf = (at: EventTime): PlainDate => (Number.isNaN(readEpochDay(at)) ? fromEpochDay(clock.dayAt(timeOf(at))) : at);
  const cutIssue = readEventTime(asOf, ['asOf']);
  if (typeof cutIssue !== 'string') throw new DomainError([cutIssue]);
  const cut = timeOf(asOf);

  // The time of an event or date of the deal; what cannot be read is an error, never a figure.
  const timeAt = (deal: Deal<object>, at: string): number => {
    const time = timeOf(at);
    if (!Number.isNaN(time)) return time;
    const issue = readEventTime(at, ['deal', deal.id]);
    throw typeof issue === 'string' ? createDomainError('invalid_instant', ['deal', deal.id], { received: at }) : new DomainError([issue]);
  };

  return (deal) => {
    requireDeal(deal);
    const { history } = deal;
    // An event is known no earlier than those that stand before it, so the first one at or after the cut ends what was known.
    let known = 0;
    for (const event of history) {
      if (timeAt(deal, event.at) >= cut) break;
      known += 1;
    }
    const result = (existed: boolean | null, draft?: DealDraft, statusReason: UnknownDealFieldReason = 'no-history'): DealAsOf => {
      if (draft === undefined) {
        return { dealId: deal.id, asOf, timeZone, existed, state: null, unknown: existed === null ? [{ field: 'existence', reason: 'creation-not-recorded' }] : [], assumed: [] };
      }
      const { unknown, assumed } = settleUnknown(deal, draft, known, assume, statusReason);
      draft.amount = readAmount(deal, draft.amount);
      return { dealId: deal.id, asOf, timeZone, existed: true, state: stateOfDraft(draft), unknown, assumed };
    };

    const startsWithCreation = history[0]?.type === 'created';
    if (startsWithCreation && known === 0) return result(false);
    const draft = emptyDraft();
    let statusReason: UnknownDealFieldReason = known === 0 ? 'no-history' : 'not-in-history';
    if (!startsWithCreation) {
      const createdBefore = deal.createdOn === null ? null : timeAt(deal, deal.createdOn) < cut;
      if (known === 0 && createdBefore !== true) return result(createdBefore);
      if (!stateFromDates(deal, draft, known, (date) => timeAt(deal, date) < cut)) statusReason = 'closing-not-dated';
    }
    for (let index = 0; index < known; index += 1) {
      const event = history[index];
      if (event !== undefined) foldDealEvent(draft, event, dayOf);
    }
    return result(true, draft, statusReason);
  };
}

/** The amount in canonical form: what is no amount is an error, never a figure. */
function readAmount(deal: Deal<object>, amount: Money | null | undefined): Money | null {
  if (amount === null || amount === undefined) return null;
  const read = readMoney(amount, ['deal', deal.id, 'amount']);
  if (!Array.isArray(read)) return read;
  throwIfIssues(read, { name: 'InvalidDealError' });
  return null;
}

/** What the dates alone tell of a deal that existed before the cut. False when not even its status. */
function stateFromDates(deal: Deal<object>, draft: DealDraft, known: number, isBeforeCut: (date: PlainDate) => boolean): boolean {
  const { closedOn, status } = deal;
  if (closedOn !== null && isBeforeCut(closedOn)) {
    if (status !== 'won' && status !== 'lost') return false;
    draft.status = status;
    draft.stageId = deal.stageId;
    draft.stageEnteredAt = closedOn;
    draft.amount = deal.amount;
    draft.closedOn = closedOn;
    draft.lossReason = deal.lossReason ?? null;
    return true;
  }
  if (status !== 'open' && closedOn === null) return false;
  // If the next that is recorded is a reopening, it was closed by then, though nothing says since when.
  const next = deal.history.slice(known).find(({ type }) => type === 'stage-changed' || type === 'won' || type === 'lost' || type === 'reopened');
  if (next?.type === 'reopened') return false;
  draft.status = 'open';
  draft.closedOn = null;
  draft.lossReason = null;
  return true;
}

const CHANGED_BY: Readonly<Record<AssumableDealField, readonly string[]>> = {
  stageId: ['stage-changed', 'won', 'lost', 'reopened'],
  amount: ['amount-changed'],
  probability: ['probability-changed'],
  expectedCloseOn: ['close-date-changed'],
  ownerId: ['owner-changed'],
  forecastCategory: ['forecast-category-changed'],
  splits: ['splits-changed'],
};

/** Takes over what may be assumed, and says of the rest why it is not known. */
function settleUnknown(
  deal: Deal<object>,
  draft: DealDraft,
  known: number,
  assume: ReadonlySet<string>,
  statusReason: UnknownDealFieldReason,
): { readonly unknown: readonly UnknownDealField[]; readonly assumed: readonly AssumableDealField[] } {
  const unknown: UnknownDealField[] = [];
  const assumed: AssumableDealField[] = [];
  for (const field of DEAL_STATE_FIELDS) {
    if (draft[field] !== undefined) continue;
    let reason: UnknownDealFieldReason = known === 0 ? 'no-history' : 'not-in-history';
    if (field === 'status' || field === 'closedOn' || field === 'lossReason') reason = statusReason;
    const assumable = ASSUMABLE.find((candidate) => candidate === field);
    if (assumable !== undefined && assume.has(assumable)) {
      // The stage of a deal that has closed since is not the one it was in.
      const changedLater = deal.history.slice(known).some(({ type }) => CHANGED_BY[assumable].includes(type)) || (assumable === 'stageId' && draft.status !== deal.status);
      if (!changedLater) {
        takeCurrent(draft, deal, assumable);
        assumed.push(assumable);
        continue;
      }
      reason = 'changed-later';
    }
    unknown.push({ field, reason });
  }
  return { unknown, assumed };
}

function takeCurrent(draft: DealDraft, deal: Deal<object>, field: AssumableDealField): void {
  switch (field) {
    case 'stageId':
      draft.stageId = deal.stageId;
      return;
    case 'amount':
      draft.amount = deal.amount;
      return;
    case 'probability':
      draft.probability = deal.probability;
      return;
    case 'expectedCloseOn':
      draft.expectedCloseOn = deal.expectedCloseOn;
      return;
    case 'ownerId':
      draft.ownerId = deal.ownerId ?? null;
      return;
    case 'forecastCategory':
      draft.forecastCategory = deal.forecastCategory ?? null;
      return;
    case 'splits':
      draft.splits = deal.splits;
  }
}

function readOptions(options: unknown): { readonly timeZone: string; readonly clock: ZoneClock; readonly assume: ReadonlySet<string> } {
  const record = checkedOptions(options, ['timeZone', 'assumeUnchanged']);
  const issues: IssueSink = [];
  const assume = new Set<string>();
  if (record['assumeUnchanged'] !== undefined) {
    checkList(record['assumeUnchanged'], ['assumeUnchanged'], issues)?.forEach((field, index) => {
      const known = checkOneOf(field, ASSUMABLE, ['assumeUnchanged', index], issues);
      if (known !== undefined) assume.add(known);
    });
  }
  const timeZone = record['timeZone'] ?? 'UTC';
  const clock = readZone(timeZone, ['timeZone']);
  if ('code' in clock) throw new DomainError([clock, ...issues]);
  throwIfIssues(issues);
  return { timeZone: typeof timeZone === 'string' ? timeZone : 'UTC', clock, assume };
}
