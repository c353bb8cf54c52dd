import { readEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import { instantReaderOf } from '../calendar/instant-of.js';
import { type PlainDate, readPlainDate } from '../calendar/plain-date.js';
import { readZone } from '../calendar/time-zone.js';
import type { IssueSink } from '../errors/checks.js';
import { DomainError, throwIfIssues } from '../errors/domain-error.js';
import { checkedOptions } from './checked-options.js';
import type { Deal } from './deal.js';
import type { EventTime } from './deal-event.js';
import { requireDeal } from './deal-guard.js';

/**
 * Why a number of days is not known.
 *
 * - `created-on-missing`: the deal has no `createdOn`
 * - `closed-on-missing`: the deal is won or lost but has no `closedOn`
 * - `not-closed`: the deal is open (or was deleted), so it has no cycle yet
 * - `not-created-yet`: the cut is not after `createdOn`
 *
 * @category deals
 */
export type DealDaysReason = 'created-on-missing' | 'closed-on-missing' | 'not-closed' | 'not-created-yet';

/**
 * A number of days, or why it is not known.
 *
 * @category deals
 */
export interface DealDays {
  /** Whole calendar days. */
  readonly days: number | null;
  /** Why `days` is `null`. */
  readonly reason: DealDaysReason | null;
  /** The deal was closed before it was created, as imported deals often are: `days` is below 0 and is given as it is, not clamped. */
  readonly negative: boolean;
}

/**
 * Options of {@link dealAge}.
 *
 * @category deals
 */
export interface DealAgeOptions {
  /** By whose calendar an instant given as `asOf` falls on a day. Default `'UTC'`. */
  readonly timeZone?: string;
}

function unknownDays(reason: DealDaysReason): DealDays {
  return { days: null, reason, negative: false };
}

function knownDays(days: number): DealDays {
  return { days, reason: null, negative: days < 0 };
}

function epochDay(date: PlainDate, deal: Deal<object>, key: string): number {
  const read = readPlainDate(date, ['deal', deal.id, key]);
  if (typeof read !== 'string') throw new DomainError([read]);
  return readEpochDay(read);
}

/**
 * Age of a deal in whole calendar days: from `createdOn` to the cut; for a deal that had closed before the cut, to `closedOn`.
 *
 * @param deal - the deal
 * @param asOf - the cut, exclusive: a date, or an instant of which the date in the time zone is taken
 * @param options - the time zone
 * @returns the days, or why they are not known
 * @throws DomainError with what is wrong with the deal | `invalid_instant` | `invalid_date` | `invalid_time_zone` | `unknown_key`
 * @example
 * ```ts
 * import { createDeal, dealAge } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-01-05' });
 * dealAge(deal, '2026-02-04').days; // => 30
 * dealAge({ ...deal, createdOn: null }, '2026-02-04'); // => { days: null, reason: 'created-on-missing', negative: false }
 * ```
 * @category deals
 */
export function dealAge(deal: Deal<object>, asOf: PlainDate | EventTime, options: DealAgeOptions = {}): DealDays {
  requireDeal(deal);
  const { timeZone = 'UTC' } = checkedOptions(options, ['timeZone']);
  const issues: IssueSink = [];
  const cut = readEventTime(asOf, ['asOf']);
  if (typeof cut !== 'string') issues.push(cut);
  const clock = readZone(timeZone, ['timeZone']);
  if ('code' in clock) throw new DomainError([clock, ...issues]);
  throwIfIssues(issues);
  if (deal.createdOn === null) return unknownDays('created-on-missing');
  const cutTime = instantReaderOf(clock)(asOf);
  const day = readEpochDay(asOf);
  const cutDay = Number.isNaN(day) ? clock.dayAt(cutTime) : day;
  const start = epochDay(deal.createdOn, deal, 'createdOn');
  if (deal.closedOn !== null) {
    const end = epochDay(deal.closedOn, deal, 'closedOn');
    if (end < cutDay) return knownDays(end - start);
  } else if (deal.status === 'won' || deal.status === 'lost') return unknownDays('closed-on-missing');
  return clock.startOfDay(start) >= cutTime ? unknownDays('not-created-yet') : knownDays(cutDay - start);
}

/**
 * Length of the sales cycle of a won or lost deal in whole calendar days: `closedOn − createdOn`. A deal closed before it was created gives a negative number,
 * marked as such.
 *
 * @param deal - the deal
 * @returns the days, or why they are not known
 * @throws DomainError with what is wrong with the deal | `invalid_date`
 * @example
 * ```ts
 * import { createDeal, dealCycleDays } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn: '2026-01-05', closedOn: '2026-03-10' });
 * dealCycleDays(deal); // => { days: 64, reason: null, negative: false }
 * dealCycleDays({ ...deal, createdOn: '2026-03-14' }); // => { days: -4, reason: null, negative: true }
 * dealCycleDays({ ...deal, status: 'open', closedOn: null }).reason; // => 'not-closed'
 * ```
 * @category deals
 */
export function dealCycleDays(deal: Deal<object>): DealDays {
  requireDeal(deal);
  if (deal.status !== 'won' && deal.status !== 'lost') return unknownDays('not-closed');
  if (deal.closedOn === null) return unknownDays('closed-on-missing');
  if (deal.createdOn === null) return unknownDays('created-on-missing');
  return knownDays(epochDay(deal.closedOn, deal, 'closedOn') - epochDay(deal.createdOn, deal, 'createdOn'));
}
