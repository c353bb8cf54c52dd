import type { PlainDate } from '../calendar/plain-date.js';
import type { Money } from '../money/money.js';
import type { DealSplit } from './deal.js';

/**
 * When something happened: an ISO 8601 instant with offset (`2026-02-14T09:30:00Z`), or a plain date where the hour is unknown.
 *
 * @category deals
 */
export type EventTime = string;

/**
 * What every event has. Events stand in the history in the order in which they became known; of several date-only events of one day, the order in the
 * list is the order in which they happened.
 *
 * @category deals
 */
export interface DealEventBase {
  /** When it took effect. */
  readonly at: EventTime;
  /** Who did it, if known. */
  readonly by?: string;
}

/**
 * The deal came into being: always the first entry of a history. What it does not state (a key left out) stays unknown until another event states it;
 * `null` and an empty list say that there was none.
 *
 * @category deals
 */
export interface DealCreated extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'created';
  /** The stage it started in. */
  readonly stageId: string;
  /** Its value, or `null` if it had none yet. */
  readonly amount: Money | null;
  /** When it was expected to close. */
  readonly expectedCloseOn?: PlainDate | null;
  /** Who owned it. */
  readonly ownerId?: string | null;
  /** The forecast category picked for it. */
  readonly forecastCategory?: string | null;
  /** Its own probability, 0 to 1. */
  readonly probability?: number | null;
  /** Its splits. */
  readonly splits?: readonly DealSplit[];
}

/**
 * The deal moved to another open stage.
 *
 * @category deals
 */
export interface DealStageChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'stage-changed';
  /** The open stage it left. */
  readonly from: string;
  /** The open stage it entered. */
  readonly to: string;
  /** If exit criteria were overridden: why, by whom, and which. */
  readonly override?: StageOverride;
}

/**
 * An approved exception to exit criteria.
 *
 * @category deals
 */
export interface StageOverride {
  /** Why the exception was made. */
  readonly reason: string;
  /** Who approved it. */
  readonly approvedBy: string;
  /** Ids of the criteria that were not met. */
  readonly unmet: readonly string[];
}

/**
 * The amount changed.
 *
 * @category deals
 */
export interface DealAmountChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'amount-changed';
  /** The value before, `null` if there was none. */
  readonly from: Money | null;
  /** The value from now on. */
  readonly to: Money | null;
}

/**
 * The expected close date changed.
 *
 * @category deals
 */
export interface DealCloseDateChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'close-date-changed';
  /** The date expected before. */
  readonly from: PlainDate | null;
  /** The date expected from now on. */
  readonly to: PlainDate | null;
}

/**
 * The deal got another owner.
 *
 * @category deals
 */
export interface DealOwnerChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'owner-changed';
  /** The owner before, `null` for none. */
  readonly from: string | null;
  /** The owner from now on. */
  readonly to: string | null;
}

/**
 * The splits changed; the lists are whole, not differences.
 *
 * @category deals
 */
export interface DealSplitsChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'splits-changed';
  /** The whole list before. */
  readonly from: readonly DealSplit[];
  /** The whole list from now on. */
  readonly to: readonly DealSplit[];
}

/**
 * The forecast category was picked by hand or by a rule.
 *
 * @category deals
 */
export interface DealForecastCategoryChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'forecast-category-changed';
  /** The category picked before, `null` for none. */
  readonly from: string | null;
  /** The category from now on; `null` means: take the stage's again. */
  readonly to: string | null;
}

/**
 * The deal's own probability was set or cleared.
 *
 * @category deals
 */
export interface DealProbabilityChanged extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'probability-changed';
  /** The deal's own probability before, 0 to 1, `null` for none. */
  readonly from: number | null;
  /** The probability from now on; `null` means: take the stage's again. */
  readonly to: number | null;
}

/**
 * The deal was won.
 *
 * @category deals
 */
export interface DealWon extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'won';
  /** The last open stage. */
  readonly from: string;
  /** The won stage. */
  readonly to: string;
  /** If exit criteria were overridden: why, by whom, and which. */
  readonly override?: StageOverride;
}

/**
 * The deal was lost.
 *
 * @category deals
 */
export interface DealLost extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'lost';
  /** The last open stage. */
  readonly from: string;
  /** The lost stage. */
  readonly to: string;
  /** Why it was lost. */
  readonly reason?: string;
}

/**
 * A closed deal was opened again, normally in its last open stage.
 *
 * @category deals
 */
export interface DealReopened extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'reopened';
  /** The closed stage it left. */
  readonly from: string;
  /** The open stage it returned to. */
  readonly to: string;
}

/**
 * The deal was deleted or merged away.
 *
 * @category deals
 */
export interface DealDeleted extends DealEventBase {
  /** Which kind of event this is. */
  readonly type: 'deleted';
}

/**
 * One entry of a deal's append-only history.
 *
 * @category deals
 */
export type DealEvent =
  | DealCreated
  | DealStageChanged
  | DealAmountChanged
  | DealCloseDateChanged
  | DealOwnerChanged
  | DealSplitsChanged
  | DealForecastCategoryChanged
  | DealProbabilityChanged
  | DealWon
  | DealLost
  | DealReopened
  | DealDeleted;
