/*
 * What each kind of event must look like, and how a history must hang together. Not a public entry.
 */
import { DAY_MILLISECONDS, fromEpochDay, isEpochDay, readEpochDay } from '../calendar/epoch-day.js';
import { readEpochMilliseconds } from '../calendar/instant.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { compareDecimals } from '../decimal/arithmetic.js';
import { checkId, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import type { DealSplit } from './deal.js';
import type { DealEvent, EventTime } from './deal-event.js';
import { type DealDraft, emptyDraft, foldDealEvent } from './deal-state.js';
import { checkShape, type FieldCheck, ownField, type RecordShape } from './record-shape.js';
import { checkEntries, checkEventTime, checkMoney, checkPlainDate, checkProbability, checkSomeText, checkSplits } from './validate-deal-parts.js';

/** Every kind of event. */
export const DEAL_EVENT_TYPES: readonly DealEvent['type'][] = [
  'created',
  'stage-changed',
  'amount-changed',
  'close-date-changed',
  'owner-changed',
  'splits-changed',
  'forecast-category-changed',
  'probability-changed',
  'won',
  'lost',
  'reopened',
  'deleted',
];

const ANYTHING: FieldCheck = () => undefined;
const checkIdOrNull: FieldCheck = (value, path, issues) => (value === null ? null : checkId(value, path, issues));
const checkMoneyOrNull: FieldCheck = (value, path, issues) => (value === null ? null : checkMoney(value, path, issues));
const checkDateOrNull: FieldCheck = (value, path, issues) => (value === null ? null : checkPlainDate(value, path, issues));
const checkTextOrNull: FieldCheck = (value, path, issues) => (value === null ? null : checkSomeText(value, path, issues));

const checkOverride: FieldCheck = (value, path, issues) => {
  checkShape(value, { required: { reason: checkSomeText, approvedBy: checkSomeText, unmet: checkCriteria }, optional: {} }, path, issues, 'an override');
};

const checkCriteria: FieldCheck = (value, path, issues) => {
  checkEntries(value, path, issues, 'a list of criterion ids', (id, at) => checkId(id, at, issues));
};

/** What an event holds beside `type`, `at` and `by`. */
function fieldsOfEvent(type: DealEvent['type']): RecordShape {
  switch (type) {
    case 'created':
      return {
        required: { stageId: checkId, amount: checkMoneyOrNull },
        optional: { expectedCloseOn: checkDateOrNull, ownerId: checkIdOrNull, forecastCategory: checkTextOrNull, probability: checkProbability, splits: checkSplits },
      };
    case 'stage-changed':
    case 'won':
      return { required: { from: checkId, to: checkId }, optional: { override: checkOverride } };
    case 'lost':
      return { required: { from: checkId, to: checkId }, optional: { reason: checkSomeText } };
    case 'reopened':
      return { required: { from: checkId, to: checkId }, optional: {} };
    case 'amount-changed':
      return { required: { from: checkMoneyOrNull, to: checkMoneyOrNull }, optional: {} };
    case 'close-date-changed':
      return { required: { from: checkDateOrNull, to: checkDateOrNull }, optional: {} };
    case 'owner-changed':
      return { required: { from: checkIdOrNull, to: checkIdOrNull }, optional: {} };
    case 'forecast-category-changed':
      return { required: { from: checkTextOrNull, to: checkTextOrNull }, optional: {} };
    case 'probability-changed':
      return { required: { from: checkProbability, to: checkProbability }, optional: {} };
    case 'splits-changed':
      return { required: { from: checkSplits, to: checkSplits }, optional: {} };
    case 'deleted':
      return { required: {}, optional: {} };
  }
}

/** One event: its fields. True when nothing is wrong with it. */
export function checkDealEvent(value: unknown, path: IssuePath, issues: IssueSink): value is DealEvent {
  const record = checkRecord(value, path, issues, 'an event');
  if (record === undefined) return false;
  if (!Object.hasOwn(record, 'type')) {
    issues.push(createIssue('missing_key', [...path, 'type'], { expected: `one of ${DEAL_EVENT_TYPES.map((type) => `"${type}"`).join(', ')}` }));
    return false;
  }
  const type = checkOneOf(record['type'], DEAL_EVENT_TYPES, [...path, 'type'], issues);
  if (type === undefined) return false;
  const { required, optional } = fieldsOfEvent(type);
  return (
    checkShape(record, { required: { type: ANYTHING, at: checkEventTime, ...required }, optional: { by: checkSomeText, ...optional } }, path, issues, 'an event') !== undefined
  );
}

const HOUR = 3_600_000;
/** The furthest that the clocks of any zone run ahead of UTC and behind it. */
const MOST_AHEAD = 14 * HOUR;
const MOST_BEHIND = 12 * HOUR;

/**
 * The order of a history. Instants must not fall back, nor dates; a date and an instant are out of order only if they are so in every time zone.
 */
export interface TimeOrder {
  /** The latest moment that has surely been reached, in milliseconds. */
  reached: number;
  /** The latest epoch day among dates. */
  day: number;
}

/** Whether a time may follow those before it; it is then the latest. */
export function followsInOrder(at: EventTime, order: TimeOrder): boolean {
  const day = readEpochDay(at);
  if (Number.isNaN(day)) {
    const time = readEpochMilliseconds(at);
    if (time < order.reached) return false;
    order.reached = time;
    return true;
  }
  const start = day * DAY_MILLISECONDS;
  if (day < order.day || start + DAY_MILLISECONDS + MOST_BEHIND <= order.reached) return false;
  order.day = day;
  order.reached = Math.max(order.reached, start - MOST_AHEAD);
  return true;
}

/** A fresh order: nothing has happened. */
export function newTimeOrder(): TimeOrder {
  return { reached: Number.NEGATIVE_INFINITY, day: Number.NEGATIVE_INFINITY };
}

/** What an event says of the deal before it, against what is known of it. */
export function checkEventFollows(draft: DealDraft, event: DealEvent, path: IssuePath, issues: IssueSink): void {
  const { status } = draft;
  const wrong = (key: string, expected: string, received: unknown, hint?: string) => {
    issues.push(createIssue('inconsistent_history', [...path, key], { expected, received, ...(hint === undefined ? {} : { hint }) }));
  };
  const isKnown = status !== undefined && status !== null;
  if (event.type === 'created') {
    if (isKnown) wrong('type', 'that a deal is created first and once', event.type);
    return;
  }
  if (status === 'deleted' && event.type !== 'reopened') {
    wrong('type', 'nothing more after the deal was deleted, unless it is reopened', event.type);
    return;
  }
  switch (event.type) {
    case 'stage-changed':
    case 'won':
    case 'lost':
      if (isKnown && status !== 'open') wrong('type', `an open deal; it is ${status}`, event.type, 'a closed deal is reopened first');
      else if (draft.stageId !== undefined && draft.stageId !== event.from) wrong('from', `the stage it is in, "${draft.stageId}"`, event.from);
      return;
    case 'reopened':
      if (status === 'open') wrong('type', 'a closed deal; it is open', event.type);
      else if (draft.stageId !== undefined && draft.stageId !== event.from) wrong('from', `the stage it is in, "${draft.stageId}"`, event.from);
      return;
    case 'amount-changed':
      if (draft.amount !== undefined && !sameMoney(draft.amount, event.from)) wrong('from', describeAmount(draft.amount), event.from?.amount ?? null);
      return;
    case 'close-date-changed':
      if (draft.expectedCloseOn !== undefined && draft.expectedCloseOn !== event.from) wrong('from', `${draft.expectedCloseOn}`, event.from);
      return;
    case 'owner-changed':
      if (draft.ownerId !== undefined && draft.ownerId !== event.from) wrong('from', `${draft.ownerId}`, event.from);
      return;
    case 'forecast-category-changed':
      if (draft.forecastCategory !== undefined && draft.forecastCategory !== event.from) wrong('from', `${draft.forecastCategory}`, event.from);
      return;
    case 'probability-changed':
      if (draft.probability !== undefined && draft.probability !== event.from) wrong('from', `${draft.probability}`, event.from);
      return;
    case 'splits-changed':
      if (draft.splits !== undefined && draft.splits !== null && !sameSplits(draft.splits, event.from)) wrong('from', 'the splits it has', event.from);
      return;
    case 'deleted':
      return;
  }
}

function describeAmount(amount: Money | null): string {
  return amount === null ? 'null' : `${amount.amount} ${amount.currency}`;
}

/** Whether two checked amounts are the same in value and currency. */
export function sameMoney(a: Money | null, b: Money | null): boolean {
  if (a === null || b === null) return a === b;
  return a.currency === b.currency && compareDecimals(a.amount, b.amount) === 0;
}

/** Whether two checked lists of splits say the same, in whatever order. */
export function sameSplits(a: readonly DealSplit[], b: readonly DealSplit[]): boolean {
  if (a.length !== b.length) return false;
  const shares = new Map(a.map((split) => [JSON.stringify([split.kind, split.payeeId]), split.share]));
  return b.every((split) => {
    const share = shares.get(JSON.stringify([split.kind, split.payeeId]));
    return share !== undefined && compareDecimals(share, split.share) === 0;
  });
}

/** The day of an event by UTC: near enough to check a close date of unknown time zone. */
function utcDay(at: EventTime): PlainDate {
  if (!Number.isNaN(readEpochDay(at))) return at;
  const day = Math.floor(readEpochMilliseconds(at) / DAY_MILLISECONDS);
  return isEpochDay(day) ? fromEpochDay(day) : '9999-12-31';
}

/** A history: each event, their order, and that each follows from those before. What the deal was at the end, or undefined if something is wrong. */
export function checkHistory(value: unknown, path: IssuePath, issues: IssueSink): DealDraft | undefined {
  const before = issues.length;
  const draft = emptyDraft();
  const order = newTimeOrder();
  let sound = true;
  checkEntries(value, path, issues, 'a list of events', (event, at, index) => {
    const usable = checkDealEvent(event, at, issues);
    if (!usable) sound = false;
    // What follows an event that cannot be read is not held against it.
    if (!usable || !sound) return;
    if (!followsInOrder(event.at, order)) {
      issues.push(createIssue('inconsistent_history', [...at, 'at'], { expected: 'a time not before that of the event it follows', received: event.at }));
    }
    if (event.type === 'created' && index > 0)
      issues.push(createIssue('inconsistent_history', [...at, 'type'], { expected: 'that a deal is created first and once', received: event.type }));
    else checkEventFollows(draft, event, at, issues);
    foldDealEvent(draft, event, utcDay);
  });
  return issues.length === before ? draft : undefined;
}

/** The fields of a deal against what its history comes to. */
export function checkHistoryOutcome(deal: PlainRecord, outcome: DealDraft, issues: IssueSink): void {
  const wrong = (key: string, expected: string, received: unknown) => {
    issues.push(createIssue('inconsistent_history', [key], { expected: `what the history comes to: ${expected}`, received }));
  };
  const textFields = ['status', 'stageId', 'expectedCloseOn', 'ownerId', 'forecastCategory', 'probability'] as const;
  for (const key of textFields) {
    const known = outcome[key];
    const current = ownField(deal, key) ?? null;
    if (known !== undefined && known !== current) wrong(key, `${known}`, current);
  }
  // The shapes of these were checked before the history was held against them.
  const amount = ownField(deal, 'amount') as Money | null;
  if (outcome.amount !== undefined && !sameMoney(outcome.amount, amount)) wrong('amount', describeAmount(outcome.amount), amount?.amount ?? null);
  const splits = ownField(deal, 'splits') as readonly DealSplit[];
  if (outcome.splits !== undefined && outcome.splits !== null && !sameSplits(outcome.splits, splits)) wrong('splits', 'other splits', splits);
  const closedOn = ownField(deal, 'closedOn');
  if (typeof outcome.closedOn === 'string' && typeof closedOn === 'string' && outcome.status !== 'deleted') {
    const exact = typeof outcome.stageEnteredAt === 'string' && !Number.isNaN(readEpochDay(outcome.stageEnteredAt));
    if (Math.abs(readEpochDay(closedOn) - readEpochDay(outcome.closedOn)) > (exact ? 0 : 1)) wrong('closedOn', outcome.closedOn, closedOn);
  }
}
