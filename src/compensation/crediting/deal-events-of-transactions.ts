import { checkList, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { addMoney } from '../../money/add-money.js';
import type { Money } from '../../money/money.js';
import { negateMoney } from '../../money/negate-money.js';
import type { DealEventRecord } from '../deal-event.js';
import type { Transaction } from './transaction.js';
import { checkTransaction } from './validate-transaction.js';

/**
 * Deal events made of transactions.
 *
 * @category compensation
 */
export interface TransactionDealEvents {
  /** What releases, cancels or takes back pay, in the order of the transactions. */
  readonly dealEvents: readonly DealEventRecord[];
  /** Transactions that could not be used. */
  readonly issues: readonly Issue[];
}

/**
 * The same invoices, payments and cancellations that are credited, as the deal events by which a plan pays out: each with what was booked of its deal as
 * `total`. Bookings themselves are no events, since the credit is; nor is what belongs to no deal.
 *
 * @param transactions - bookings, invoices, payments, cancellations, in any order
 * @returns deal events to be passed to `computeCompensation`, and issues
 * @throws DomainError `invalid_type` if it is no list
 * @example
 * ```ts
 * import { dealEventsOfTransactions } from 'dealwright/compensation';
 * const { dealEvents } = dealEventsOfTransactions([
 *   { id: 't1', type: 'booking', dealId: 'd1', on: '2026-02-14', amount: { amount: '1000', currency: 'USD' } },
 *   { id: 'p1', type: 'payment', dealId: 'd1', on: '2026-03-14', amount: { amount: '250', currency: 'USD' } },
 * ]);
 * dealEvents; // => [{ id: 'p1', dealId: 'd1', type: 'payment', on: '2026-03-14', amount: { amount: '250', currency: 'USD' }, total: { amount: '1000', currency: 'USD' } }]
 * ```
 * @category compensation
 */
export function dealEventsOfTransactions(transactions: readonly Transaction[]): TransactionDealEvents {
  const fatal: IssueSink = [];
  const list = checkList(transactions, ['transactions'], fatal, { expected: 'a list of transactions' }) ?? [];
  throwIfIssues(fatal);
  const issues: Issue[] = [];
  const rows: { readonly transaction: Transaction; readonly amount: Money; readonly dealId: string; readonly index: number }[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const before = issues.length;
    checkTransaction(list[index], ['transactions', index], issues);
    if (issues.length > before) continue;
    // It has just been checked.
    const transaction = list[index] as Transaction;
    const { amount, dealId } = transaction;
    if (amount === null) issues.push(createIssue('missing_amount', ['transactions', index, 'amount'], { message: 'A transaction has no amount.', received: null }));
    else if (dealId !== undefined) rows.push({ transaction, amount, dealId, index });
  }
  const totals = new Map<string, Money>();
  for (const { transaction, amount, dealId, index } of rows) {
    if (transaction.type !== 'booking') continue;
    const total = totals.get(dealId);
    if (total !== undefined && total.currency !== amount.currency) {
      issues.push(
        createIssue('currency_mismatch', ['transactions', index, 'amount', 'currency'], {
          expected: `"${total.currency}", as the deal's other bookings`,
          received: amount.currency,
        }),
      );
    } else totals.set(dealId, total === undefined ? amount : addMoney(total, amount));
  }
  const dealEvents = rows.flatMap(({ transaction, amount, dealId, index }): readonly DealEventRecord[] => {
    const { id, type, on, recordedAt } = transaction;
    if (type === 'booking') return [];
    const total = totals.get(dealId);
    if (total === undefined || total.currency !== amount.currency) {
      issues.push(createIssue('missing_booking', ['transactions', index], { expected: 'a booking of the same deal in the same currency', received: dealId }));
      return [];
    }
    return [{ id, dealId, type, on, amount: type === 'cancellation' ? negateMoney(amount) : amount, total, ...(recordedAt === undefined ? {} : { recordedAt }) }];
  });
  return { dealEvents, issues };
}
