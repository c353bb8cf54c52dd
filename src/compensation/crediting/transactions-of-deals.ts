import type { Deal, LineItem, RecurringValue } from '../../deals/deal.js';
import { lineItemMargin, lineItemTotal } from '../../deals/line-items.js';
import { validateDeal } from '../../deals/validate-deal.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { addMoney, subtractMoney } from '../../money/add-money.js';
import { allocateMoney } from '../../money/allocate-money.js';
import { isNegativeMoney, isZeroMoney } from '../../money/compare-money.js';
import type { Money } from '../../money/money.js';
import { negateMoney } from '../../money/negate-money.js';
import type { Transaction, TransactionMember } from './transaction.js';

/**
 * Somebody who worked on a deal, and as what.
 *
 * @category compensation
 */
export interface DealTeamMember extends TransactionMember {
  /** The deal. */
  readonly dealId: string;
}

/**
 * Options of {@link transactionsOfDeals}.
 *
 * @category compensation
 */
export interface TransactionsOfDealsOptions {
  /**
   * One booking for each deal (default), or one for each of its line items, so that rules can tell products apart. Where the items do not sum to the deal's amount,
   * a further booking without a product holds the difference, so that bookings always sum to the deal.
   */
  readonly per?: 'deal' | 'line-item';
  /** Who worked on which deal, by role. */
  readonly teams?: readonly DealTeamMember[];
}

/**
 * Transactions made of deals.
 *
 * @category compensation
 */
export interface DealTransactions {
  /** Bookings of the deals that are won, in the order of the deals. */
  readonly transactions: readonly Transaction[];
  /** Deals that could not be read, and won deals without a closing day. */
  readonly issues: readonly Issue[];
}

/**
 * Makes a booking of every deal that is won: its amount on the day it closed, with owner, splits, customer, kind, market, source, term, margin of its line items
 * and recurring values. Open, lost and deleted deals are no sales and give nothing. Ids are those of the deal (and line item): `d1`, `d1/l1`, `d1/rest`.
 *
 * @param deals - the deals
 * @param options - one booking for each deal or line item; teams
 * @returns the bookings, to be passed to `creditDeals`, and issues
 * @throws DomainError `invalid_type` | `invalid_value` | `unknown_key` for wrong options
 * @example
 * ```ts
 * import { transactionsOfDeals } from 'dealwright/compensation';
 * import { createDeal } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'won', status: 'won', closedOn: '2026-02-14', amount: { amount: '500', currency: 'USD' }, ownerId: 'ann' });
 * transactionsOfDeals([deal]).transactions; // => [{ id: 'd1', type: 'booking', dealId: 'd1', on: '2026-02-14', amount: { amount: '500.00', currency: 'USD' }, ownerId: 'ann', splits: [] }]
 * ```
 * @category compensation
 */
export function transactionsOfDeals(deals: readonly Deal<object>[], options: TransactionsOfDealsOptions = {}): DealTransactions {
  const fatal: IssueSink = [];
  const list = checkList(deals, ['deals'], fatal, { expected: 'a list of deals' }) ?? [];
  const record = options === undefined ? {} : (checkRecord(options, ['options'], fatal, 'an object of options') ?? {});
  checkKeys(record, ['per', 'teams'], [], fatal);
  const per = record['per'] === undefined ? 'deal' : checkOneOf(record['per'], ['deal', 'line-item'], ['per'], fatal);
  const teams = readTeams(record['teams'], fatal);
  throwIfIssues(fatal);
  const issues: Issue[] = [];
  const transactions: Transaction[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const found = validateDeal(list[index]);
    for (const issue of found) issues.push({ ...issue, path: ['deals', index, ...issue.path] });
    if (found.length > 0) continue;
    // It has just been checked.
    const deal = list[index] as Deal;
    if (deal.status !== 'won') continue;
    if (deal.closedOn === null) {
      issues.push(createIssue('missing_date', ['deals', index, 'closedOn'], { expected: 'the day on which it was won', received: null }));
      continue;
    }
    const common = commonFields(deal, deal.closedOn, teams.get(deal.id));
    if (per === 'line-item' && deal.lineItems.length > 0) for (const booking of bookingsOfItems(deal, common)) transactions.push(booking);
    else transactions.push(bookingOfDeal(deal, common));
  }
  return { transactions, issues };
}

function readTeams(value: unknown, issues: IssueSink): ReadonlyMap<string, readonly TransactionMember[]> {
  const teams = new Map<string, TransactionMember[]>();
  const list = value === undefined ? [] : (checkList(value, ['teams'], issues, { expected: 'a list of { dealId, payeeId, role }' }) ?? []);
  for (let index = 0; index < list.length; index += 1) {
    const path = ['teams', index];
    const record = checkRecord(list[index], path, issues, 'a member { dealId, payeeId, role }');
    if (record === undefined) continue;
    checkKeys(record, ['dealId', 'payeeId', 'role'], path, issues);
    const dealId = checkId(record['dealId'], [...path, 'dealId'], issues);
    const payeeId = checkId(record['payeeId'], [...path, 'payeeId'], issues);
    const role = checkText(record['role'], [...path, 'role'], issues);
    if (dealId === undefined || payeeId === undefined || role === undefined) continue;
    const team = teams.get(dealId);
    if (team === undefined) teams.set(dealId, [{ payeeId, role }]);
    else team.push({ payeeId, role });
  }
  return teams;
}

type CommonFields = Pick<Transaction, 'type' | 'dealId' | 'on' | 'kind' | 'market' | 'source' | 'accountId' | 'ownerId' | 'splits' | 'team'>;

function commonFields(deal: Deal, on: string, team: readonly TransactionMember[] | undefined): CommonFields {
  const { id, kind, market, source, accountId, ownerId, splits } = deal;
  return {
    type: 'booking',
    dealId: id,
    on,
    ...(kind === undefined ? {} : { kind }),
    ...(market === undefined ? {} : { market }),
    ...(source === undefined ? {} : { source }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(ownerId === undefined ? {} : { ownerId }),
    splits,
    ...(team === undefined ? {} : { team }),
  };
}

const RECURRING = ['acv', 'tcv', 'arr', 'mrr'] as const;

function bookingOfDeal(deal: Deal, common: CommonFields): Transaction {
  const { recurring = {}, lineItems } = deal;
  const margins = lineItems.map((item) => lineItemMargin(item).margin);
  // The margin of a deal is known if that of each of its items is.
  const margin = margins.reduce<Money | null>((sum, next, index) => (index === 0 ? next : sum === null || next === null ? null : addMoney(sum, next)), null);
  const products = new Set(lineItems.map((item) => item.productId));
  const [productId] = products;
  return {
    id: deal.id,
    ...common,
    amount: deal.amount,
    ...(products.size === 1 && productId !== undefined ? { productId } : {}),
    ...(margin === null ? {} : { margin }),
    ...recurringOf(recurring),
    ...(recurring.termMonths === undefined ? {} : { termMonths: recurring.termMonths }),
  };
}

function recurringOf(recurring: RecurringValue): Pick<Transaction, (typeof RECURRING)[number]> {
  return Object.fromEntries(RECURRING.flatMap((key) => (recurring[key] === undefined ? [] : [[key, recurring[key]]])));
}

/** One booking for each item; recurring values are divided among the recurring items (or all, if none is marked) by their amounts. */
function bookingsOfItems(deal: Deal, common: CommonFields): readonly Transaction[] {
  const { lineItems, recurring = {}, amount } = deal;
  const totals = lineItems.map((item) => lineItemTotal(item));
  const recurs = lineItems.some((item) => item.termMonths !== undefined) ? lineItems.map((item) => item.termMonths !== undefined) : lineItems.map(() => true);
  const parts = new Map(RECURRING.map((key) => [key, divideByTotals(recurring[key], totals, recurs)]));
  const bookings = lineItems.map((item, index): Transaction => {
    const { margin } = lineItemMargin(item);
    const termMonths = item.termMonths ?? recurring.termMonths;
    return {
      id: `${deal.id}/${item.id}`,
      ...common,
      amount: totals[index] ?? null,
      lineItemId: item.id,
      productId: item.productId,
      units: item.quantity,
      ...(margin === null ? {} : { margin }),
      ...Object.fromEntries(
        RECURRING.flatMap((key) => {
          const part = parts.get(key)?.[index];
          return part === undefined ? [] : [[key, part]];
        }),
      ),
      ...(termMonths === undefined ? {} : { termMonths }),
    };
  });
  const rest = amount === null ? undefined : totals.reduce((left, total) => subtractMoney(left, total), amount);
  return rest === undefined || isZeroMoney(rest) ? bookings : [...bookings, { id: `${deal.id}/${idOfRest(lineItems)}`, ...common, amount: rest }];
}

function idOfRest(items: readonly LineItem[]): string {
  let id = 'rest';
  while (items.some((item) => item.id === id)) id = `${id}-`;
  return id;
}

function divideByTotals(value: Money | undefined, totals: readonly Money[], recurs: readonly boolean[]): readonly (Money | undefined)[] {
  if (value === undefined) return [];
  const weights = totals.map((total, index) => (recurs[index] !== true ? '0' : isNegativeMoney(total) ? negateMoney(total).amount : total.amount));
  const divisible = weights.some((weight) => /[1-9]/.test(weight));
  const parts = allocateMoney(value, divisible ? weights : recurs.map((recurring) => (recurring ? '1' : '0')));
  return parts.map((part, index) => (recurs[index] === true ? part : undefined));
}
