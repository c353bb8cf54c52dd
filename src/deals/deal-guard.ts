/*
 * A quick look at a deal before it is read: enough that nothing below can trip over it. Only what fails the quick look is validated in full,
 * to say what is wrong. Not a public entry.
 */
import { type IssueSink, isPlainRecord } from '../errors/checks.js';
import { DomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { Deal } from './deal.js';
import type { DealEvent } from './deal-event.js';
import { checkDeal } from './validate-deal.js';

/** Passes for every valid deal, and for nothing of another shape. Texts (dates, amounts) are not read here: whoever uses one reads it strictly. */
export function looksLikeDeal(value: unknown): value is Deal<object> {
  if (!isPlainRecord(value)) return false;
  const { id, stageId, pipelineId, status, amount, probability, createdOn, expectedCloseOn, closedOn, lineItems, splits, history, ownerId, forecastCategory, lossReason } = value;
  return (
    typeof id === 'string' &&
    typeof stageId === 'string' &&
    typeof pipelineId === 'string' &&
    (status === 'open' || status === 'won' || status === 'lost' || status === 'deleted') &&
    isMoneyOrNull(amount) &&
    (probability === null || (typeof probability === 'number' && probability >= 0 && probability <= 1)) &&
    isTextOrNull(createdOn) &&
    isTextOrNull(expectedCloseOn) &&
    isTextOrNull(closedOn) &&
    (ownerId === undefined || typeof ownerId === 'string') &&
    (forecastCategory === undefined || typeof forecastCategory === 'string') &&
    (lossReason === undefined || typeof lossReason === 'string') &&
    Array.isArray(lineItems) &&
    isList(splits, isSplit) &&
    isList(history, isEvent)
  );
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isMoneyOrNull(value: unknown): boolean {
  return value === null || (isPlainRecord(value) && typeof value['amount'] === 'string' && typeof value['currency'] === 'string');
}

function isList(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  const list: readonly unknown[] = value;
  // Not every(): it skips holes.
  for (let index = 0; index < list.length; index += 1) if (!isEntry(list[index])) return false;
  return true;
}

function isSplit(value: unknown): boolean {
  return isPlainRecord(value) && typeof value['payeeId'] === 'string' && typeof value['share'] === 'string' && (value['kind'] === 'revenue' || value['kind'] === 'overlay');
}

function isProbabilityOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'number' && value >= 0 && value <= 1);
}

/** Passes for every valid event. */
function isEvent(value: unknown): value is DealEvent {
  if (!isPlainRecord(value) || typeof value['at'] !== 'string') return false;
  const { type, from, to } = value;
  switch (type) {
    case 'stage-changed':
    case 'won':
    case 'reopened':
      return typeof from === 'string' && typeof to === 'string';
    case 'lost':
      return typeof from === 'string' && typeof to === 'string' && (value['reason'] === undefined || typeof value['reason'] === 'string');
    case 'close-date-changed':
    case 'owner-changed':
    case 'forecast-category-changed':
      return isTextOrNull(from) && isTextOrNull(to);
    case 'amount-changed':
      return isMoneyOrNull(from) && isMoneyOrNull(to);
    case 'probability-changed':
      return isProbabilityOrNull(to);
    case 'splits-changed':
      return isList(to, isSplit);
    case 'deleted':
      return true;
    case 'created':
      return (
        typeof value['stageId'] === 'string' &&
        isMoneyOrNull(value['amount']) &&
        (value['expectedCloseOn'] === undefined || isTextOrNull(value['expectedCloseOn'])) &&
        (value['ownerId'] === undefined || isTextOrNull(value['ownerId'])) &&
        (value['forecastCategory'] === undefined || isTextOrNull(value['forecastCategory'])) &&
        (value['probability'] === undefined || isProbabilityOrNull(value['probability'])) &&
        (value['splits'] === undefined || isList(value['splits'], isSplit))
      );
    default:
      return false;
  }
}

/** What is wrong with something that does not look like a deal. At least one issue. */
export function issuesOfDeal(value: unknown, path: IssuePath = []): readonly [Issue, ...Issue[]] {
  const issues: IssueSink = [];
  checkDeal(value, issues);
  const [first, ...rest] = path.length === 0 ? issues : issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  return first === undefined ? [createIssue('invalid_type', path, { expected: 'a deal', received: value })] : [first, ...rest];
}

/** @throws DomainError with what is wrong, when the value does not look like a deal */
export function requireDeal(value: unknown, path: IssuePath = []): void {
  if (!looksLikeDeal(value)) throw new DomainError(issuesOfDeal(value, path), { name: 'InvalidDealError' });
}

/** @throws DomainError `invalid_type` when the value is not a list */
export function requireDeals(value: unknown): void {
  if (!Array.isArray(value)) throwIfIssues([createIssue('invalid_type', ['deals'], { expected: 'a list of deals', received: value })]);
}
