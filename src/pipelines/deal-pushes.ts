import { readEpochDay } from '../calendar/epoch-day.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { requireDeal } from '../deals/deal-guard.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-options.js';
import { checkCut } from './cut.js';

/**
 * Options of {@link dealPushes}.
 *
 * @category pipelines
 */
export interface DealPushesOptions {
  /** The cut, exclusive: later changes do not count. */
  readonly asOf: EventTime;
  /** What is a push: any move to a later `day` (default), or only one to a later calendar `month`, as Salesforce counts. */
  readonly to?: 'day' | 'month';
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
}

/**
 * One push.
 *
 * @category pipelines
 */
export interface DealPush {
  /** When the date was changed. */
  readonly at: EventTime;
  /** The date before. */
  readonly from: PlainDate;
  /** The later date. */
  readonly to: PlainDate;
  /** Days between the two. */
  readonly days: number;
}

/**
 * How often and how far the expected close of a deal was pushed out.
 *
 * @category pipelines
 */
export interface DealPushes {
  /** The deal. */
  readonly dealId: string;
  /** How often; `null` if the deal has no history before the cut. */
  readonly count: number | null;
  /** Total of the days pushed; what was pulled back is not taken off. `null` without a history. */
  readonly days: number | null;
  /** Every push, in order. */
  readonly pushes: readonly DealPush[];
  /** Why count and days are `null`; absent otherwise. */
  readonly reason?: 'no-history';
}

/**
 * The pushes of a deal: every change of its expected close date to a later one.
 *
 * @param deal - the deal with its history
 * @param options - cut, what counts as a push
 * @returns number, days, and each push
 * @throws DomainError with what is wrong with the deal | `missing_key` | `unknown_key` | `invalid_value` | `invalid_type` | `invalid_instant` | `invalid_date` | `invalid_time_zone`
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { dealPushes } from 'dealwright/pipelines';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'demo', expectedCloseOn: '2026-05-15',
 *   history: [
 *     { type: 'created', at: '2026-01-05', stageId: 'demo', amount: null, expectedCloseOn: '2026-03-10' },
 *     { type: 'close-date-changed', at: '2026-03-01', from: '2026-03-10', to: '2026-03-31' },
 *     { type: 'close-date-changed', at: '2026-03-30', from: '2026-03-31', to: '2026-05-15' },
 *   ],
 * });
 * const { count, days } = dealPushes(deal, { asOf: '2026-06-01' });
 * [count, days, dealPushes(deal, { asOf: '2026-06-01', to: 'month' }).count]; // => [2, 66, 1]
 * ```
 * @category pipelines
 */
export function dealPushes(deal: Deal<object>, options: DealPushesOptions): DealPushes {
  requireDeal(deal);
  const issues: IssueSink = [];
  const record = checkOptions(options, ['asOf', 'to', 'timeZone'], issues);
  const cut = checkCut(record.asOf, record.timeZone, undefined, ['asOf'], issues);
  const unit = record.to === undefined ? 'day' : checkOneOf(record.to, ['day', 'month'], ['to'], issues);
  if (issues.length > 0 || cut === undefined || unit === undefined) return raise(issues);
  const pushes: DealPush[] = [];
  let known = 0;
  for (const [index, event] of deal.history.entries()) {
    const time = cut.timeOf(event.at);
    if (Number.isNaN(time)) issues.push(createIssue('invalid_instant', ['deal', deal.id, 'history', index, 'at'], { received: event.at }));
    if (!(time < cut.time)) break;
    known += 1;
    if (event.type !== 'close-date-changed' || event.from === null || event.to === null) continue;
    const [from, to] = [readEpochDay(event.from), readEpochDay(event.to)];
    if (Number.isNaN(from) || Number.isNaN(to))
      issues.push(createIssue('invalid_date', ['deal', deal.id, 'history', index], { received: Number.isNaN(from) ? event.from : event.to }));
    else if (unit === 'day' ? to > from : event.to.slice(0, 7) > event.from.slice(0, 7)) pushes.push({ at: event.at, from: event.from, to: event.to, days: to - from });
  }
  if (issues.length > 0) return raise(issues);
  if (known === 0) return { dealId: deal.id, count: null, days: null, pushes, reason: 'no-history' };
  return { dealId: deal.id, count: pushes.length, days: pushes.reduce((sum, { days }) => sum + days, 0), pushes };
}
