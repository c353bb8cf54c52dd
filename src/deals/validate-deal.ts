import { checkId, checkList, checkOneOf, checkText, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { DomainError } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { checkedOptions } from './checked-options.js';
import { DEAL_KINDS, DEAL_MARKETS, DEAL_STATUSES, type Deal } from './deal.js';
import type { DealDraft } from './deal-state.js';
import { checkShape, orNull, ownField, type RecordShape } from './record-shape.js';
import { checkHistory, checkHistoryOutcome } from './validate-deal-event.js';
import {
  type CurrencyCheck,
  checkActivities,
  checkCustom,
  checkLineItems,
  checkMoney,
  checkPlainDate,
  checkProbability,
  checkRecurring,
  checkSameCurrency,
  checkSomeText,
  checkSplits,
  checkStakeholders,
} from './validate-deal-parts.js';

/**
 * Options of {@link validateDeal} and {@link isDeal}.
 *
 * @category deals
 */
export interface ValidateDealOptions {
  /** The keys that `custom` may have. Without it, any. */
  readonly customKeys?: readonly string[];
}

/**
 * Everything that is wrong with a deal. Keys are strict (your own fields belong under `custom`); dates must be real, probability a fraction; all amounts share
 * one currency; revenue splits, if there are any, sum to exactly 1; an open deal has no `closedOn`; the history is in order, each event follows from those
 * before it, and together they come to what the deal says it is. What is merely missing (`null`) is nothing wrong.
 *
 * @param value - any value
 * @param options - the keys that `custom` may have
 * @returns the issues, empty if it is a deal; never throws for a value
 * @throws DomainError `invalid_type` | `unknown_key` for wrong options
 * @example
 * ```ts
 * import { createDeal, validateDeal } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo' });
 * validateDeal(deal); // => []
 * validateDeal({ ...deal, probability: 40 })[0].hint; // => 'a percentage? did you mean 0.4?'
 * validateDeal({ ...deal, closedOn: '2026-02-30' }).map((issue) => issue.code); // => ['invalid_date', 'inconsistent_status']
 * ```
 * @category deals
 */
export function validateDeal(value: unknown, options: ValidateDealOptions = {}): readonly Issue[] {
  const issues: IssueSink = [];
  checkDeal(value, issues, readCustomKeys(options));
  return issues;
}

/**
 * Whether a value is a deal: exactly when {@link validateDeal} finds nothing wrong.
 *
 * @param value - any value
 * @param options - the keys that `custom` may have
 * @returns true for a deal
 * @throws DomainError `invalid_type` | `unknown_key` for wrong options
 * @example
 * ```ts
 * import { createDeal, isDeal } from 'dealwright/deals';
 * isDeal(createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo' })); // => true
 * isDeal({ id: 'd1' }); // => false
 * ```
 * @category deals
 */
export function isDeal(value: unknown, options: ValidateDealOptions = {}): value is Deal {
  return validateDeal(value, options).length === 0;
}

function readCustomKeys(options: unknown): readonly string[] | undefined {
  const { customKeys } = checkedOptions(options, ['customKeys']);
  if (customKeys === undefined) return undefined;
  const issues: IssueSink = [];
  const keys: string[] = [];
  checkList(customKeys, ['customKeys'], issues, { expected: 'a list of keys' })?.forEach((key, index) => {
    const text = checkText(key, ['customKeys', index], issues);
    if (text !== undefined) keys.push(text);
  });
  const [first, ...rest] = issues;
  if (first !== undefined) throw new DomainError([first, ...rest]);
  return keys;
}

/** The checks of {@link validateDeal}, appended to a list. */
export function checkDeal(value: unknown, issues: IssueSink, customKeys?: readonly string[]): void {
  const seen: CurrencyCheck = {};
  let outcome: DealDraft | undefined;
  const shape: RecordShape = {
    required: {
      id: checkId,
      pipelineId: checkId,
      stageId: checkId,
      status: (status, path) => checkOneOf(status, DEAL_STATUSES, path, issues),
      amount: (amount, path) => {
        if (amount !== null && checkMoney(amount, path, issues) !== undefined) checkSameCurrency(amount, path, issues, seen);
      },
      probability: checkProbability,
      createdOn: orNull(checkPlainDate),
      expectedCloseOn: orNull(checkPlainDate),
      closedOn: orNull(checkPlainDate),
      lineItems: (items, path) => checkLineItems(items, path, issues, seen),
      splits: checkSplits,
      stakeholders: checkStakeholders,
      activities: checkActivities,
      history: (history, path) => {
        outcome = checkHistory(history, path, issues);
      },
      custom: (custom, path) => checkCustom(custom, path, issues, customKeys),
    },
    optional: {
      name: checkSomeText,
      accountId: checkId,
      ownerId: checkId,
      forecastCategory: checkSomeText,
      kind: (kind, path) => checkOneOf(kind, DEAL_KINDS, path, issues),
      source: checkSomeText,
      market: (market, path) => checkOneOf(market, DEAL_MARKETS, path, issues),
      recurring: (recurring, path) => checkRecurring(recurring, path, issues, seen),
      lossReason: checkSomeText,
    },
  };
  const deal = checkShape(value, shape, [], issues, 'a deal');
  if (isPlainRecord(value) && ownField(value, 'status') === 'open' && typeof ownField(value, 'closedOn') === 'string') {
    issues.push(
      createIssue('inconsistent_status', ['closedOn'], {
        expected: 'null while the deal is open',
        received: ownField(value, 'closedOn'),
        hint: 'the date at which an open deal should close is expectedCloseOn',
      }),
    );
  }
  if (deal !== undefined && outcome !== undefined) checkHistoryOutcome(deal, outcome, issues);
}
