import type { Money } from '../money/money.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { DealSplit } from './deal.js';

/**
 * When something happened: an ISO 8601 instant with offset (`2026-02-14T09:30:00Z`), or a plain date where the hour is unknown.
 *
 * @category deals
 */
export type EventTime = string;

/**
 * What every event has.
 *
 * @category deals
 */
export interface DealEventBase {
  /** When it took effect. */
  readonly at: EventTime;
  /** Who did it, if known. */
  readonly by?: string;
}

/** The deal came into being. @category deals */
export interface DealCreated extends DealEventBase {
  readonly type: 'created';
  readonly stageId: string;
  readonly amount: Money | null;
  readonly expectedCloseOn?: PlainDate | null;
  readonly ownerId?: string;
  readonly forecastCategory?: string;
}

/** The deal moved to another open stage. @category deals */
export interface DealStageChanged extends DealEventBase {
  readonly type: 'stage-changed';
  readonly from: string;
  readonly to: string;
  /** If exit criteria were overridden: why, by whom, and which. */
  readonly override?: StageOverride;
}

/** An approved exception to exit criteria. @category deals */
export interface StageOverride {
  readonly reason: string;
  readonly approvedBy: string;
  /** Ids of the criteria that were not met. */
  readonly unmet: readonly string[];
}

/** The amount changed. @category deals */
export interface DealAmountChanged extends DealEventBase {
  readonly type: 'amount-changed';
  readonly from: Money | null;
  readonly to: Money | null;
}

/** The expected close date changed. @category deals */
export interface DealCloseDateChanged extends DealEventBase {
  readonly type: 'close-date-changed';
  readonly from: PlainDate | null;
  readonly to: PlainDate | null;
}

/** The deal got another owner. @category deals */
export interface DealOwnerChanged extends DealEventBase {
  readonly type: 'owner-changed';
  readonly from: string | null;
  readonly to: string | null;
}

/** The splits changed; the lists are whole, not differences. @category deals */
export interface DealSplitsChanged extends DealEventBase {
  readonly type: 'splits-changed';
  readonly from: readonly DealSplit[];
  readonly to: readonly DealSplit[];
}

/** The forecast category was picked by hand or by a rule. @category deals */
export interface DealForecastCategoryChanged extends DealEventBase {
  readonly type: 'forecast-category-changed';
  readonly from: string | null;
  readonly to: string | null;
}

/** The deal's own probability was set or cleared. @category deals */
export interface DealProbabilityChanged extends DealEventBase {
  readonly type: 'probability-changed';
  readonly from: number | null;
  readonly to: number | null;
}

/** The deal was won. @category deals */
export interface DealWon extends DealEventBase {
  readonly type: 'won';
  /** The last open stage. */
  readonly from: string;
  /** The won stage. */
  readonly to: string;
  readonly override?: StageOverride;
}

/** The deal was lost. @category deals */
export interface DealLost extends DealEventBase {
  readonly type: 'lost';
  /** The last open stage. */
  readonly from: string;
  /** The lost stage. */
  readonly to: string;
  readonly reason?: string;
}

/** A closed deal was opened again, normally in its last open stage. @category deals */
export interface DealReopened extends DealEventBase {
  readonly type: 'reopened';
  /** The closed stage it left. */
  readonly from: string;
  /** The open stage it returned to. */
  readonly to: string;
}

/** The deal was deleted or merged away. @category deals */
export interface DealDeleted extends DealEventBase {
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
