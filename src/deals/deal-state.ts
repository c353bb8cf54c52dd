import type { PlainDate } from '../calendar/plain-date.js';
import type { Money } from '../money/money.js';
import type { DealSplit, DealStatus } from './deal.js';
import type { DealEvent, EventTime } from './deal-event.js';

/**
 * What a deal was at a moment, as far as it is known: a field that is not known is `null`, and {@link dealAsOf} says why.
 *
 * @category deals
 */
export interface DealState {
  /** Open, won, lost or deleted. */
  readonly status: DealStatus | null;
  /** The stage it was in. */
  readonly stageId: string | null;
  /** When it entered that stage. */
  readonly stageEnteredAt: EventTime | null;
  /** The last open stage it was in; of an open deal, its stage. A deal that is opened again returns there. */
  readonly lastOpenStageId: string | null;
  /** Its value. */
  readonly amount: Money | null;
  /** Its own probability, 0 to 1; `null` also means: take the stage's. */
  readonly probability: number | null;
  /** When it was expected to close. */
  readonly expectedCloseOn: PlainDate | null;
  /** When it closed; `null` for a deal that was open. */
  readonly closedOn: PlainDate | null;
  /** Who owned it. */
  readonly ownerId: string | null;
  /** The forecast category picked for it; `null` also means: take the stage's. */
  readonly forecastCategory: string | null;
  /** Who shared in it. */
  readonly splits: readonly DealSplit[] | null;
  /** Why it was lost, for a lost deal. */
  readonly lossReason: string | null;
  /** How often its expected close date had been moved to a later day, as far as the history reaches; `null` without a history. */
  readonly pushCount: number | null;
  /** How often it had been opened again, as far as the history reaches; `null` without a history. */
  readonly reopenCount: number | null;
}

/**
 * The name of a field of {@link DealState}.
 *
 * @category deals
 */
export type DealStateField = keyof DealState;

/** A state under construction: undefined is not known, null is known to be none. Not a public entry. */
export type DealDraft = { -readonly [Field in DealStateField]: DealState[Field] | undefined };

/** Every field of a state, in the order of the interface. Not a public entry. */
export const DEAL_STATE_FIELDS: readonly DealStateField[] = [
  'status',
  'stageId',
  'stageEnteredAt',
  'lastOpenStageId',
  'amount',
  'probability',
  'expectedCloseOn',
  'closedOn',
  'ownerId',
  'forecastCategory',
  'splits',
  'lossReason',
  'pushCount',
  'reopenCount',
];

/** A draft of which nothing is known. Not a public entry. */
export function emptyDraft(): DealDraft {
  return {
    status: undefined,
    stageId: undefined,
    stageEnteredAt: undefined,
    lastOpenStageId: undefined,
    amount: undefined,
    probability: undefined,
    expectedCloseOn: undefined,
    closedOn: undefined,
    ownerId: undefined,
    forecastCategory: undefined,
    splits: undefined,
    lossReason: undefined,
    pushCount: undefined,
    reopenCount: undefined,
  };
}

/** The draft as a state. Not a public entry. */
export function stateOfDraft(draft: DealDraft): DealState {
  return {
    status: draft.status ?? null,
    stageId: draft.stageId ?? null,
    stageEnteredAt: draft.stageEnteredAt ?? null,
    lastOpenStageId: draft.lastOpenStageId ?? null,
    amount: draft.amount ?? null,
    probability: draft.probability ?? null,
    expectedCloseOn: draft.expectedCloseOn ?? null,
    closedOn: draft.closedOn ?? null,
    ownerId: draft.ownerId ?? null,
    forecastCategory: draft.forecastCategory ?? null,
    splits: draft.splits ?? null,
    lossReason: draft.lossReason ?? null,
    pushCount: draft.pushCount ?? null,
    reopenCount: draft.reopenCount ?? null,
  };
}

/**
 * What an event does to a deal: the one place where that is written down. Replay, appending and validation all come through here.
 * Not a public entry.
 */
export function foldDealEvent(draft: DealDraft, event: DealEvent, dayOf: (at: EventTime) => PlainDate): void {
  draft.pushCount ??= 0;
  draft.reopenCount ??= 0;
  switch (event.type) {
    case 'created':
      enterOpenStage(draft, event.stageId, event.at);
      draft.amount = event.amount;
      if (event.expectedCloseOn !== undefined) draft.expectedCloseOn = event.expectedCloseOn;
      if (event.ownerId !== undefined) draft.ownerId = event.ownerId;
      if (event.forecastCategory !== undefined) draft.forecastCategory = event.forecastCategory;
      if (event.probability !== undefined) draft.probability = event.probability;
      if (event.splits !== undefined) draft.splits = event.splits;
      return;
    case 'stage-changed':
      enterOpenStage(draft, event.to, event.at);
      return;
    case 'reopened':
      enterOpenStage(draft, event.to, event.at);
      draft.reopenCount += 1;
      return;
    case 'won':
    case 'lost':
      draft.status = event.type;
      draft.lastOpenStageId = event.from;
      draft.stageId = event.to;
      draft.stageEnteredAt = event.at;
      draft.closedOn = dayOf(event.at);
      draft.lossReason = event.type === 'lost' ? (event.reason ?? null) : null;
      return;
    case 'deleted':
      draft.status = 'deleted';
      return;
    case 'amount-changed':
      draft.amount = event.to;
      return;
    case 'close-date-changed':
      if (event.from !== null && event.to !== null && event.to > event.from) draft.pushCount += 1;
      draft.expectedCloseOn = event.to;
      return;
    case 'owner-changed':
      draft.ownerId = event.to;
      return;
    case 'splits-changed':
      draft.splits = event.to;
      return;
    case 'forecast-category-changed':
      draft.forecastCategory = event.to;
      return;
    case 'probability-changed':
      draft.probability = event.to;
  }
}

function enterOpenStage(draft: DealDraft, stageId: string, at: EventTime): void {
  // A change to the stage it is in already is no entry.
  if (draft.status !== 'open' || draft.stageId !== stageId || draft.stageEnteredAt === undefined) draft.stageEnteredAt = at;
  draft.status = 'open';
  draft.stageId = stageId;
  draft.lastOpenStageId = stageId;
  draft.closedOn = null;
  draft.lossReason = null;
}
