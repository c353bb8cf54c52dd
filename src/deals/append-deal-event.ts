import type { IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { type ApplyDealEventOptions, closingDayReader } from './apply-deal-event.js';
import { canonicalEvent } from './canonical-deal.js';
import type { Deal } from './deal.js';
import type { DealEvent } from './deal-event.js';
import { requireDeal } from './deal-guard.js';
import { type DealDraft, emptyDraft, foldDealEvent } from './deal-state.js';
import { checkDeal } from './validate-deal.js';
import { checkDealEvent, checkEventFollows, followsInOrder, newTimeOrder, sameMoney, sameSplits } from './validate-deal-event.js';

/**
 * Appends an event to the history of a deal and brings the deal up to date: stage, status, amount, dates, owner, splits, category, probability and loss reason
 * become what the event makes of them, by the same rule by which {@link dealAsOf} replays the history. The deal itself is not changed; a new one is returned.
 *
 * The event must follow from the deal: not be earlier than the last one, and say the same of what was before (`from`). A closed deal is reopened before it
 * moves on. `created` may only begin an empty history, and must agree with the deal.
 *
 * @param deal - the deal before
 * @param event - what happened
 * @param options - the time zone, for a deal won or lost at an instant, since `closedOn` is a date
 * @returns the deal after
 * @throws DomainError `inconsistent_history` (the event does not follow) | `missing_key` (a time zone is needed) | `invalid_time_zone`, and with what is wrong
 * with the deal or the event
 * @example
 * ```ts
 * import { appendDealEvent, createDeal } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-01-05' });
 * const won = appendDealEvent(deal, { type: 'won', at: '2026-03-10T16:00:00Z', from: 'demo', to: 'closed-won' }, { timeZone: 'America/New_York' });
 * [won.status, won.stageId, won.closedOn, won.history.length]; // => ['won', 'closed-won', '2026-03-10', 1]
 * deal.status; // => 'open'
 * ```
 * @category deals
 */
export function appendDealEvent<Custom extends object>(deal: Deal<Custom>, event: DealEvent, options: ApplyDealEventOptions = {}): Deal<Custom> {
  requireDeal(deal, ['deal']);
  const issues: IssueSink = [];
  checkFields(deal, issues);
  throwIfIssues(issues, { name: 'InvalidDealError' });
  const draft = draftOfDeal(deal);
  if (checkDealEvent(event, ['event'], issues)) {
    if (event.type === 'created') checkCreation(deal, event, issues);
    else checkEventFollows(draft, event, ['event'], issues);
    const order = newTimeOrder();
    if (!deal.history.every(({ at }) => followsInOrder(at, order)) || !followsInOrder(event.at, order)) {
      issues.push(createIssue('inconsistent_history', ['event', 'at'], { expected: 'a time not before that of the events it follows', received: event.at }));
    }
  }
  throwIfIssues(issues, {
    name: 'InvalidDealEventError',
    summary: `${issues.length} ${issues.length === 1 ? 'problem' : 'problems'} in an event of deal "${deal.id.slice(0, 80)}"`,
  });
  const canonical = canonicalEvent(event);
  foldDealEvent(draft, canonical, closingDayReader(options));
  return dealOfDraft(deal, draft, canonical);
}

/** Every field and event as such. Whether the events so far hang together is not asked again with each new one. */
function checkFields(deal: Deal<object>, issues: IssueSink): void {
  const found: IssueSink = [];
  checkDeal({ ...deal, history: [] }, found);
  deal.history.forEach((event, index) => checkDealEvent(event, ['history', index], found));
  for (const issue of found) issues.push({ ...issue, path: ['deal', ...issue.path] });
}

/** A deal's fields as a draft: all of them known. */
function draftOfDeal(deal: Deal<object>): DealDraft {
  return {
    ...emptyDraft(),
    status: deal.status,
    stageId: deal.stageId,
    amount: deal.amount,
    probability: deal.probability,
    expectedCloseOn: deal.expectedCloseOn,
    closedOn: deal.closedOn,
    ownerId: deal.ownerId ?? null,
    forecastCategory: deal.forecastCategory ?? null,
    splits: deal.splits,
    lossReason: deal.lossReason ?? null,
  };
}

function checkCreation(deal: Deal<object>, event: DealEvent & { readonly type: 'created' }, issues: IssueSink): void {
  const wrong = (key: string, expected: string, received: unknown) => {
    issues.push(createIssue('inconsistent_history', ['event', key], { expected, received }));
  };
  if (deal.history.length > 0) wrong('type', 'that a deal is created first and once', event.type);
  if (deal.status !== 'open') wrong('type', `an open deal; it is ${deal.status}`, event.type);
  if (event.stageId !== deal.stageId) wrong('stageId', `the stage of the deal, "${deal.stageId}"`, event.stageId);
  if (!sameMoney(event.amount, deal.amount)) wrong('amount', 'the amount of the deal', event.amount?.amount ?? null);
  const stated = [
    ['expectedCloseOn', event.expectedCloseOn, deal.expectedCloseOn],
    ['ownerId', event.ownerId, deal.ownerId ?? null],
    ['forecastCategory', event.forecastCategory, deal.forecastCategory ?? null],
    ['probability', event.probability, deal.probability],
  ] as const;
  for (const [key, given, current] of stated) if (given !== undefined && given !== current) wrong(key, `that of the deal, ${current}`, given);
  if (event.splits !== undefined && !sameSplits(event.splits, deal.splits)) wrong('splits', 'the splits of the deal', event.splits);
}

function dealOfDraft<Custom extends object>(deal: Deal<Custom>, draft: DealDraft, event: DealEvent): Deal<Custom> {
  const { ownerId: _owner, forecastCategory: _category, lossReason: _reason, ...rest } = deal;
  return {
    ...rest,
    // A draft made of a deal knows all of these.
    status: draft.status ?? deal.status,
    stageId: draft.stageId ?? deal.stageId,
    amount: draft.amount ?? null,
    probability: draft.probability ?? null,
    expectedCloseOn: draft.expectedCloseOn ?? null,
    closedOn: draft.closedOn ?? null,
    ...(typeof draft.ownerId === 'string' ? { ownerId: draft.ownerId } : {}),
    ...(typeof draft.forecastCategory === 'string' ? { forecastCategory: draft.forecastCategory } : {}),
    ...(typeof draft.lossReason === 'string' ? { lossReason: draft.lossReason } : {}),
    splits: draft.splits ?? [],
    history: [...deal.history, event],
  };
}
