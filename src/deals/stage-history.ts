import { DAY_MILLISECONDS, readEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import { instantReaderOf } from '../calendar/instant-of.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { readZone } from '../calendar/time-zone.js';
import type { IssueSink } from '../errors/checks.js';
import { createDomainError, DomainError, throwIfIssues } from '../errors/domain-error.js';
import { checkedOptions } from './checked-options.js';
import type { Deal } from './deal.js';
import type { EventTime } from './deal-event.js';
import { requireDeal } from './deal-guard.js';
import { emptyDraft, foldDealEvent } from './deal-state.js';

/**
 * One stay of a deal in a stage.
 *
 * @category deals
 */
export interface StageVisit {
  /** The stage. */
  readonly stageId: string;
  /** What the deal was meanwhile. */
  readonly status: 'open' | 'won' | 'lost';
  /** When it entered; `null` if the history begins later. */
  readonly enteredAt: EventTime | null;
  /** When it left; `null` if it had not. */
  readonly leftAt: EventTime | null;
  /**
   * Days from entering to leaving; of the stay that had not ended, to `asOf`. Whole days between two dates, otherwise with a fraction (elapsed time divided by
   * 24 hours). `null` if the beginning is not recorded, or there is no end and no `asOf`.
   */
  readonly days: number | null;
}

/**
 * The stages that a deal has been in, one after the other.
 *
 * @category deals
 */
export interface StageHistory {
  /** The deal. */
  readonly dealId: string;
  /** In order; a stage that was entered twice is there twice. */
  readonly visits: readonly StageVisit[];
  /** Why there are none: `no-history` if no event tells of a stage, else `null`. */
  readonly reason: 'no-history' | null;
}

/**
 * Options of {@link stageHistory}.
 *
 * @category deals
 */
export interface StageHistoryOptions {
  /** The cut, exclusive: later events do not count, and the stay that had not ended is measured up to here. Without it, the whole history. */
  readonly asOf?: PlainDate | EventTime;
  /** By whose calendar a date is an instant, where dates meet instants. Default `'UTC'`. */
  readonly timeZone?: string;
}

/**
 * The stages that a deal has been in and for how long: from its history, including skips, steps back, closing and reopening. A history that begins in the middle
 * gives the first stage without its beginning. Changes to the stage it is in already are no visit of their own.
 *
 * @param deal - the deal
 * @param options - cut and time zone
 * @returns the visits in order
 * @throws DomainError with what is wrong with the deal | `invalid_instant` | `invalid_time_zone` | `unknown_key`
 * @example
 * ```ts
 * import { createDeal, stageHistory } from 'dealwright/deals';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'demo',
 *   history: [
 *     { type: 'created', at: '2026-01-05', stageId: 'discovery', amount: null },
 *     { type: 'stage-changed', at: '2026-02-01', from: 'discovery', to: 'demo' },
 *   ],
 * });
 * stageHistory(deal, { asOf: '2026-02-11' }).visits.map(({ stageId, days }) => [stageId, days]); // => [['discovery', 27], ['demo', 10]]
 * ```
 * @category deals
 */
export function stageHistory(deal: Deal<object>, options: StageHistoryOptions = {}): StageHistory {
  requireDeal(deal);
  const { timeOf, asOf } = readOptions(options);
  const cut = asOf === undefined ? Number.POSITIVE_INFINITY : timeOf(asOf);
  const visits: StageVisit[] = [];
  let current: { readonly stageId: string; readonly status: StageVisit['status']; readonly enteredAt: EventTime | null } | undefined;

  const leave = (leftAt: EventTime | null, end: EventTime | undefined): void => {
    if (current !== undefined) visits.push({ ...current, leftAt, days: daysBetween(current.enteredAt, end, timeOf) });
    current = undefined;
  };
  const enter = (stageId: string, status: StageVisit['status'], at: EventTime): void => {
    if (current?.stageId === stageId && current.status === status) return;
    leave(at, at);
    current = { stageId, status, enteredAt: at };
  };

  for (const event of deal.history) {
    if (timeAt(deal, event.at, timeOf) >= cut) break;
    switch (event.type) {
      case 'created':
        enter(event.stageId, 'open', event.at);
        break;
      case 'stage-changed':
      case 'won':
      case 'lost':
        current ??= visits.length === 0 ? { stageId: event.from, status: 'open', enteredAt: null } : undefined;
        enter(event.to, event.type === 'stage-changed' ? 'open' : event.type, event.at);
        break;
      case 'reopened':
        enter(event.to, 'open', event.at);
        break;
      case 'deleted':
        leave(event.at, event.at);
        break;
      default:
        break;
    }
  }
  leave(null, asOf);
  return { dealId: deal.id, visits, reason: visits.length === 0 ? 'no-history' : null };
}

function timeAt(deal: Deal<object>, at: string, timeOf: (at: string) => number): number {
  const time = timeOf(at);
  if (!Number.isNaN(time)) return time;
  const issue = readEventTime(at, ['deal', deal.id]);
  throw typeof issue === 'string' ? createDomainError('invalid_instant', ['deal', deal.id], { received: at }) : new DomainError([issue]);
}

/** Between two dates by the calendar, so that no clock change shows; otherwise by elapsed time. */
function daysBetween(start: EventTime | null, end: EventTime | undefined, timeOf: (at: string) => number): number | null {
  if (start === null || end === undefined) return null;
  const days = readEpochDay(end) - readEpochDay(start);
  return Number.isNaN(days) ? (timeOf(end) - timeOf(start)) / DAY_MILLISECONDS : days;
}

function readOptions(options: unknown): { readonly timeOf: (at: string) => number; readonly asOf: string | undefined } {
  const record = checkedOptions(options, ['asOf', 'timeZone']);
  const issues: IssueSink = [];
  const clock = readZone(record['timeZone'] ?? 'UTC', ['timeZone']);
  const asOf = record['asOf'] === undefined ? undefined : readEventTime(record['asOf'], ['asOf']);
  if (asOf !== undefined && typeof asOf !== 'string') issues.push(asOf);
  if ('code' in clock) throw new DomainError([clock, ...issues]);
  throwIfIssues(issues);
  return { timeOf: instantReaderOf(clock), asOf: typeof asOf === 'string' ? asOf : undefined };
}

/**
 * The last open stage of a deal: of an open deal, the stage it is in; of a closed one, the stage it was in before, which is where it returns to when it is
 * reopened.
 *
 * @param deal - the deal
 * @returns the id of the stage, or `null` if the deal is closed and its history does not say
 * @throws DomainError with what is wrong with the deal
 * @example
 * ```ts
 * import { appendDealEvent, createDeal, lastOpenStage } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'negotiation-and-closing' });
 * lastOpenStage(appendDealEvent(deal, { type: 'lost', at: '2026-03-10', from: 'negotiation-and-closing', to: 'closed-lost' })); // => 'negotiation-and-closing'
 * ```
 * @category deals
 */
export function lastOpenStage(deal: Deal<object>): string | null {
  requireDeal(deal);
  if (deal.status === 'open') return deal.stageId;
  const draft = emptyDraft();
  for (const event of deal.history) foldDealEvent(draft, event, (at) => at);
  return draft.lastOpenStageId ?? null;
}
