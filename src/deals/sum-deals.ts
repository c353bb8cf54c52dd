import { isPlainDate, type PlainDate } from '../calendar/plain-date.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { type DatedMoney, sumMoneyIn } from '../money/sum-money-in.js';
import { checkedOptions } from './checked-options.js';
import type { Deal } from './deal.js';
import { issuesOfDeal, looksLikeDeal, requireDeals } from './deal-guard.js';

/**
 * The day whose rate converts a deal's amount: one of the deal's own dates, or one day for all.
 *
 * @category deals
 */
export type DealRateDay = 'closedOn' | 'expectedCloseOn' | 'createdOn' | PlainDate;

/**
 * In which currency deals are summed, and by which rates.
 *
 * @category deals
 */
export interface SumDealsOptions<C extends string = string> {
  /** The currency of the total. */
  readonly currency: C;
  /** Exchange rates; without them only deals in the currency itself can be added. */
  readonly rates?: RateSupply;
  /** The day whose rate is used. Default: `closedOn` of a won or lost deal, `expectedCloseOn` of any other. */
  readonly on?: DealRateDay;
}

/**
 * A sum of deals, and the deals that could not be added.
 *
 * @category deals
 */
export interface DealSum<C extends string = string> {
  /** Exact sum of the amounts, converted where needed. */
  readonly total: Money<C>;
  /** How many deals were added. */
  readonly counted: number;
  /** One or more for every deal that was not added; the path begins with the deal's index. */
  readonly issues: readonly Issue[];
}

/**
 * Adds up the amounts of deals, exactly. A deal without an amount, or in another currency without a rate, is never added but comes back as an issue, so that a
 * total without issues is a total of all. Which deals are summed is for the caller to choose: all that are passed are.
 *
 * @param deals - the deals, in whatever order
 * @param options - currency, rates, and the day of the rate
 * @returns the total, the number of deals in it, and the issues
 * @throws DomainError `invalid_type` | `unknown_key` | `invalid_currency` | `invalid_value` for a wrong call, or what is wrong with the rates
 * @example
 * ```ts
 * import { createDeal, sumDeals } from 'dealwright/deals';
 * const amounts = [{ amount: '100.50', currency: 'USD' }, { amount: '200', currency: 'EUR' }, null];
 * const deals = amounts.map((amount, index) => createDeal({ id: `d${index}`, pipelineId: 'b2b', stageId: 'demo', expectedCloseOn: '2026-03-31', amount }));
 * const sum = sumDeals(deals, { currency: 'USD', rates: { rates: [{ from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' }] } });
 * sum.total; // => { amount: '320.50', currency: 'USD' }
 * sum.issues.map(({ code, path }) => [code, path[0]]); // => [['missing_amount', 2]]
 * ```
 * @category deals
 */
export function sumDeals<const C extends string>(deals: readonly Deal<object>[], options: SumDealsOptions<C>): DealSum<C> {
  const { on } = checkedOptions(options ?? null, ['currency', 'rates', 'on']);
  requireDeals(deals);
  const dayOf = readRateDay(on);
  const issues: IssueSink = [];
  const items: DatedMoney[] = [];
  const indexes: number[] = [];
  for (let index = 0; index < deals.length; index += 1) {
    const deal = deals[index];
    if (deal === undefined || !looksLikeDeal(deal)) {
      issues.push(...issuesOfDeal(deal, [index]).slice(0, MAX_ISSUES_PER_DEAL));
      continue;
    }
    if (deal.amount === null) {
      issues.push(createIssue('missing_amount', [index, 'amount'], { expected: 'an amount', hint: `deal "${deal.id.slice(0, 60)}" is not part of the total` }));
      continue;
    }
    items.push({ money: deal.amount, on: dayOf(deal) });
    indexes.push(index);
  }
  const { currency, rates } = options;
  const sum = sumMoneyIn(items, rates === undefined ? { currency } : { currency, rates });
  for (const issue of sum.issues) issues.push(placeIssue(issue, indexes, deals, on));
  issues.sort((a, b) => Number(a.path[0]) - Number(b.path[0]));
  return { total: sum.total, counted: sum.counted, issues };
}

/** Something that is no deal at all need not be taken apart to the last key. */
const MAX_ISSUES_PER_DEAL = 20;

const RATE_DAYS = ['closedOn', 'expectedCloseOn', 'createdOn'] as const;

function readRateDay(on: unknown): (deal: Deal<object>) => PlainDate | null {
  if (on === undefined) return (deal) => deal[defaultRateDay(deal)];
  if (isPlainDate(on)) return () => on;
  const issues: IssueSink = [];
  const field = checkOneOf(on, RATE_DAYS, ['on'], issues);
  throwIfIssues(issues.map((issue) => ({ ...issue, expected: `${issue.expected ?? ''}, or a date` })));
  return (deal) => (field === undefined ? null : deal[field]);
}

function defaultRateDay(deal: Deal<object>): 'closedOn' | 'expectedCloseOn' {
  return deal.status === 'won' || deal.status === 'lost' ? 'closedOn' : 'expectedCloseOn';
}

/** An issue of the sum, told in terms of the deal: its index and its own fields. */
function placeIssue(issue: Issue, indexes: readonly number[], deals: readonly Deal<object>[], on: unknown): Issue {
  const [position, field, ...rest] = issue.path;
  const index = typeof position === 'number' ? (indexes[position] ?? position) : 0;
  const deal = deals[index];
  const day = on === undefined && deal !== undefined ? defaultRateDay(deal) : on;
  const name = field === 'on' && typeof day === 'string' ? day : 'amount';
  return { ...issue, path: [index, name, ...rest] };
}
