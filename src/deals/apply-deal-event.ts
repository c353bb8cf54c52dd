import { readEpochDay } from '../calendar/epoch-day.js';
import { createPlainDateReader } from '../calendar/instant-of.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { checkId, checkNumber, checkOneOf, type IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { canonicalEvent } from './canonical-deal.js';
import { checkedOptions } from './checked-options.js';
import { DEAL_STATUSES } from './deal.js';
import type { DealEvent, EventTime } from './deal-event.js';
import { type DealDraft, type DealState, emptyDraft, foldDealEvent, stateOfDraft } from './deal-state.js';
import { checkShape, type FieldCheck, orNull, type RecordShape } from './record-shape.js';
import { checkDealEvent } from './validate-deal-event.js';
import { checkEventTime, checkMoney, checkPlainDate, checkProbability, checkSomeText, checkSplits } from './validate-deal-parts.js';

const checkCount: FieldCheck = (value, path, issues) => (value === null ? null : checkNumber(value, path, issues, { integer: true, min: 0 }));

/** Made when it is asked for, so that nothing runs when the module is loaded. */
function stateShape(): RecordShape {
  return {
    required: {
      status: orNull((value, path, issues) => checkOneOf(value, DEAL_STATUSES, path, issues)),
      stageId: orNull(checkId),
      stageEnteredAt: orNull(checkEventTime),
      lastOpenStageId: orNull(checkId),
      amount: orNull(checkMoney),
      probability: checkProbability,
      expectedCloseOn: orNull(checkPlainDate),
      closedOn: orNull(checkPlainDate),
      ownerId: orNull(checkId),
      forecastCategory: orNull(checkSomeText),
      splits: orNull(checkSplits),
      lossReason: orNull(checkSomeText),
      pushCount: checkCount,
      reopenCount: checkCount,
    },
    optional: {},
  };
}

/**
 * Options of {@link applyDealEvent} and {@link appendDealEvent}.
 *
 * @category deals
 */
export interface ApplyDealEventOptions {
  /** By whose calendar an instant falls on a day: needed only where a deal is won or lost at an instant, since `closedOn` is a date. */
  readonly timeZone?: string;
}

/**
 * Applies one event to a state. `won` and `lost` set the close date and remember the stage the deal was in as the last open one; `reopened` and
 * `stage-changed` make it open again; `deleted` leaves everything but the status as it was. This is the rule by which {@link dealAsOf} replays a history and
 * {@link appendDealEvent} brings a deal up to date.
 *
 * @param state - what the deal was before
 * @param event - what happened
 * @param options - the time zone, for a deal won or lost at an instant
 * @returns what the deal was after
 * @throws DomainError with what is wrong with the event | `missing_key` (a time zone is needed) | `invalid_time_zone` | `invalid_type`
 * @example
 * ```ts
 * import { applyDealEvent, createDeal, dealAsOf } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', history: [{ type: 'created', at: '2026-01-05', stageId: 'demo', amount: null }] });
 * const { state } = dealAsOf(deal, '2026-02-01');
 * state && applyDealEvent(state, { type: 'won', at: '2026-02-14', from: 'demo', to: 'closed-won' }).closedOn; // => '2026-02-14'
 * ```
 * @category deals
 */
export function applyDealEvent(state: DealState, event: DealEvent, options: ApplyDealEventOptions = {}): DealState {
  const issues: IssueSink = [];
  checkShape(state, stateShape(), ['state'], issues, 'the state of a deal');
  checkDealEvent(event, ['event'], issues);
  throwIfIssues(issues);
  const draft: DealDraft = { ...emptyDraft(), ...state };
  foldDealEvent(draft, canonicalEvent(event), closingDayReader(options));
  return stateOfDraft(draft);
}

/** The day on which something happened: of a date, itself; of an instant, the date in the time zone of the options. Not a public entry. */
export function closingDayReader(options: unknown): (at: EventTime) => PlainDate {
  const { timeZone } = checkedOptions(options, ['timeZone']);
  return (at) => {
    if (!Number.isNaN(readEpochDay(at))) return at;
    if (typeof timeZone !== 'string') {
      throw createDomainError(timeZone === undefined ? 'missing_key' : 'invalid_type', ['timeZone'], {
        expected: 'a time zone such as "UTC" or "America/New_York", since a deal closes on a date and the event is an instant',
        ...(timeZone === undefined ? {} : { received: timeZone }),
      });
    }
    return createPlainDateReader({ timeZone })(at);
  };
}
