/* The filter language of crediting rules. Not a public entry. */
import type { IssueSink } from '../../errors/checks.js';
import type { IssuePath } from '../../errors/issue.js';
import type { Account } from '../../organization/account.js';
import { checkRecordFilter, compileRecordFilter, readRecordField } from '../../organization/record-filter.js';
import type { TransactionFilter } from './crediting-rule.js';
import type { Transaction } from './transaction.js';

const FIELDS = {
  names: [
    'id',
    'type',
    'dealId',
    'lineItemId',
    'accountId',
    'ownerId',
    'source',
    'kind',
    'productId',
    'market',
    'territoryId',
    'termMonths',
    'amount',
    'units',
    'margin',
    'acv',
    'tcv',
    'arr',
    'mrr',
    'on',
  ],
  groups: ['attributes', 'values', 'account'],
};

/** A transaction with what is known of its customer. */
export interface FilteredTransaction extends Transaction {
  readonly account?: Account;
}

/** A test for transactions. */
export type TransactionPredicate = (transaction: FilteredTransaction) => boolean;

/** Checks a filter of unknown shape. */
export function checkTransactionFilter(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkRecordFilter(value, path, issues, FIELDS);
}

/** Compiles a checked filter; without one, everything passes. */
export function compileTransactionFilter(filter: TransactionFilter | undefined): TransactionPredicate {
  return compileRecordFilter(filter, readRecordField);
}
