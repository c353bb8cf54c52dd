import { readPlainDate } from '../../calendar/plain-date.js';
import { DEAL_KINDS, DEAL_MARKETS } from '../../deals/deal.js';
import { checkSplits } from '../../deals/validate-deal-parts.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { rootOf, validateMoney } from '../../money/read-money.js';
import { checkAttributes } from '../../organization/account.js';
import { DIVIDED_MONEY_FIELDS, TRANSACTION_KEYS, TRANSACTION_TYPES } from './transaction.js';

const ID_FIELDS = ['dealId', 'refersTo', 'lineItemId', 'productId', 'accountId', 'territoryId', 'ownerId'] as const;
const TEXT_FIELDS = ['source', 'recordedAt'] as const;

/**
 * Finds everything that is wrong with a transaction. Never throws. An amount that is `null` is nothing wrong: it is not known.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues; empty if it is a transaction
 * @example
 * ```ts
 * import { validateTransaction } from 'dealwright/compensation';
 * validateTransaction({ id: 't1', type: 'booking', on: '2026-02-14', amount: { amount: '500', currency: 'USD' }, ownerId: 'ann' }); // => []
 * validateTransaction({ id: 't1', type: 'cancellation', on: '2026-02-14', amount: { amount: '500', currency: 'USD' } })[0]?.hint; // => 'write what is taken back with a minus sign'
 * ```
 * @category compensation
 */
export function validateTransaction(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  checkTransaction(value, rootOf(path), issues);
  return issues;
}

/** The checks of {@link validateTransaction}, appended to a list. */
export function checkTransaction(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a transaction { id, type, on, amount }');
  if (record === undefined) return;
  checkKeys(record, TRANSACTION_KEYS, path, issues);
  checkId(record['id'], [...path, 'id'], issues);
  const type = checkOneOf(record['type'], TRANSACTION_TYPES, [...path, 'type'], issues);
  const on = readPlainDate(record['on'], [...path, 'on']);
  if (typeof on !== 'string') issues.push(on);
  checkMoneyFields(record, path, issues);
  if (type === 'cancellation' && isPositive(record['amount'])) {
    issues.push(
      createIssue('out_of_range', [...path, 'amount'], { expected: 'a negative amount', received: record['amount'], hint: 'write what is taken back with a minus sign' }),
    );
  }
  for (const key of ID_FIELDS) if (Object.hasOwn(record, key)) checkId(record[key], [...path, key], issues);
  for (const key of TEXT_FIELDS) if (Object.hasOwn(record, key)) checkText(record[key], [...path, key], issues);
  if (Object.hasOwn(record, 'kind')) checkOneOf(record['kind'], DEAL_KINDS, [...path, 'kind'], issues);
  if (Object.hasOwn(record, 'market')) checkOneOf(record['market'], DEAL_MARKETS, [...path, 'market'], issues);
  if (Object.hasOwn(record, 'termMonths')) checkNumber(record['termMonths'], [...path, 'termMonths'], issues, { min: 0 });
  if (Object.hasOwn(record, 'units')) checkDecimalText(record['units'], [...path, 'units'], issues);
  if (Object.hasOwn(record, 'splits')) checkSplits(record['splits'], [...path, 'splits'], issues);
  if (Object.hasOwn(record, 'team')) checkTeam(record['team'], [...path, 'team'], issues);
  if (Object.hasOwn(record, 'values')) {
    const values = checkRecord(record['values'], [...path, 'values'], issues);
    for (const name of Object.keys(values ?? {})) {
      if (name === '__proto__') issues.push(createIssue('reserved_key', [...path, 'values', name], { received: name }));
      else checkDecimalText(values?.[name], [...path, 'values', name], issues);
    }
  }
  if (Object.hasOwn(record, 'attributes')) checkAttributes(record['attributes'], [...path, 'attributes'], issues);
}

function checkMoneyFields(record: PlainRecord, path: IssuePath, issues: IssueSink): void {
  const currencies = new Set<unknown>();
  for (const key of ['amount', ...DIVIDED_MONEY_FIELDS]) {
    if (key === 'amount' ? record[key] === null : !Object.hasOwn(record, key)) continue;
    const found = validateMoney(record[key], [...path, key]);
    for (const issue of found) issues.push(issue);
    if (found.length > 0) continue;
    // validateMoney has found an amount of money.
    const { currency } = record[key] as { readonly currency: string };
    if (currencies.size > 0 && !currencies.has(currency))
      issues.push(createIssue('currency_mismatch', [...path, key, 'currency'], { expected: 'the currency of the other amounts', received: currency }));
    currencies.add(currency);
  }
}

function isPositive(value: unknown): boolean {
  const amount: unknown = typeof value === 'object' && value !== null ? (value as { readonly amount?: unknown }).amount : undefined;
  return typeof amount === 'string' && !amount.startsWith('-') && /[1-9]/.test(amount);
}

function checkTeam(value: unknown, path: IssuePath, issues: IssueSink): void {
  const list = checkList(value, path, issues, { expected: 'a list of { payeeId, role }' }) ?? [];
  for (let index = 0; index < list.length; index += 1) {
    const at = [...path, index];
    const member = checkRecord(list[index], at, issues, 'a member { payeeId, role }');
    if (member === undefined) continue;
    checkKeys(member, ['payeeId', 'role'], at, issues);
    checkId(member['payeeId'], [...at, 'payeeId'], issues);
    checkText(member['role'], [...at, 'role'], issues);
  }
}

/** A decimal as text, canonical, or undefined with an issue. */
export function checkDecimalText(value: unknown, path: IssuePath, issues: IssueSink): string | undefined {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read === 'string') return read;
  issues.push(read);
  return undefined;
}
