/* The inputs of crediting, checked once. A wrong call throws; a transaction that is not sound is set aside. Not a public entry. */
import { readEpochDay } from '../../calendar/epoch-day.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import type { Money } from '../../money/money.js';
import { readMoney } from '../../money/read-money.js';
import { type Account, type TerritorySubject, validateAccount } from '../../organization/account.js';
import { decideTerritory } from '../../organization/assign-territory.js';
import { type HierarchyReader, readerOf } from '../../organization/hierarchy-reader.js';
import { readDay, readDays, readHierarchy } from '../../organization/validate-hierarchy.js';
import { type ReadTerritory, type ReadTerritoryAssignment, readTerritories, readTerritoryAssignments } from '../../organization/validate-territories.js';
import type { SetAsideTransaction } from './crediting-result.js';
import type { CreditDealsOptions, CreditEligibility } from './crediting-rule.js';
import type { ReadEligibility } from './find-recipients.js';
import type { Row } from './follow-deal.js';
import type { FilteredTransaction } from './transaction-filter.js';
import { checkTransactionFilter, compileTransactionFilter } from './transaction-filter.js';
import { BOOKING_SCHEDULE, type ReadRule, type ReadSchedule, readRules, readSchedule } from './validate-crediting-rules.js';
import { checkTransaction } from './validate-transaction.js';

const OPTION_KEYS = [
  'rules',
  'hierarchy',
  'territories',
  'territoryAssignments',
  'accounts',
  'creditOn',
  'eligibility',
  'asOf',
  'onAmbiguity',
] as const satisfies readonly (keyof CreditDealsOptions)[];

/** The options, ready for use. */
export interface ReadCrediting {
  /** By rank. */
  readonly rules: readonly ReadRule[];
  readonly hierarchy: HierarchyReader;
  readonly territories: readonly ReadTerritory[];
  readonly assignments: readonly ReadTerritoryAssignment[];
  readonly accounts: ReadonlyMap<string, Account>;
  readonly schedule: ReadSchedule;
  readonly eligibility: ReadonlyMap<string, readonly ReadEligibility[]>;
  /** First day that does not count yet. */
  readonly cut: number;
  readonly firstListed: boolean;
}

/** Reads the options. @throws DomainError with everything that is wrong with them */
export function readCreditingOptions(value: unknown, issues: Issue[]): ReadCrediting {
  const fatal: IssueSink = [];
  const record = checkRecord(value, ['options'], fatal, 'options { rules }') ?? {};
  checkKeys(record, OPTION_KEYS, [], fatal);
  const has = (key: (typeof OPTION_KEYS)[number]): boolean => record[key] !== undefined;
  const rules = readRules(record['rules'], ['rules'], fatal);
  const spans = has('hierarchy') ? readHierarchy(record['hierarchy'], ['hierarchy'], fatal) : [];
  if (!has('hierarchy')) {
    for (const rule of rules) {
      if (rule.rollUp !== undefined) fatal.push(createIssue('missing_key', ['hierarchy'], { expected: `a hierarchy: the rule "${rule.id}" rolls credit up to managers` }));
    }
  }
  const territories = has('territories') ? readTerritories(record['territories'], ['territories'], fatal) : [];
  const known = has('territories') ? new Set(territories.map((territory) => territory.id)) : undefined;
  const assignments = has('territoryAssignments') ? readTerritoryAssignments(record['territoryAssignments'], ['territoryAssignments'], fatal, known) : [];
  const schedule = has('creditOn') ? readSchedule(record['creditOn'], ['creditOn'], fatal) : BOOKING_SCHEDULE;
  const eligibility = has('eligibility') ? readEligibility(record['eligibility'], fatal) : new Map<string, readonly ReadEligibility[]>();
  const cut = has('asOf') ? readDay(record['asOf'], ['asOf'], fatal) : Number.POSITIVE_INFINITY;
  const onAmbiguity = has('onAmbiguity') ? checkOneOf(record['onAmbiguity'], ['set-aside', 'first-listed'], ['onAmbiguity'], fatal) : 'set-aside';
  const accountList = has('accounts') ? (checkList(record['accounts'], ['accounts'], fatal) ?? []) : [];
  throwIfIssues(fatal, { name: fatal.every((issue) => issue.path[0] === 'rules') ? 'InvalidCreditingRulesError' : 'DomainError' });
  const accounts = new Map<string, Account>();
  for (let index = 0; index < accountList.length; index += 1) {
    const found = validateAccount(accountList[index], ['accounts', index]);
    for (const issue of found) issues.push(issue);
    if (found.length > 0) continue;
    // It has just been checked.
    const account = accountList[index] as Account;
    if (accounts.has(account.id)) issues.push(createIssue('duplicate_id', ['accounts', index, 'id'], { received: account.id }));
    else accounts.set(account.id, account);
  }
  return { rules, hierarchy: readerOf(spans), territories, assignments, accounts, schedule, eligibility, cut, firstListed: onAmbiguity === 'first-listed' };
}

function readEligibility(value: unknown, issues: IssueSink): ReadonlyMap<string, readonly ReadEligibility[]> {
  const byPayee = new Map<string, ReadEligibility[]>();
  const list = checkList(value, ['eligibility'], issues, { expected: 'a list of { payeeId, from, to, match }' }) ?? [];
  for (let index = 0; index < list.length; index += 1) {
    const before = issues.length;
    const path = ['eligibility', index];
    const record = checkRecord(list[index], path, issues, 'an entry { payeeId, from, to, match }');
    if (record === undefined) continue;
    checkKeys(record, ['payeeId', 'from', 'to', 'match'], path, issues);
    const payeeId = checkId(record['payeeId'], [...path, 'payeeId'], issues);
    const { start, end } = readDays(record, path, issues, { openStart: true });
    if (Object.hasOwn(record, 'match')) checkTransactionFilter(record['match'], [...path, 'match'], issues);
    if (issues.length > before || payeeId === undefined) continue;
    // Every key has just been checked.
    const entry = { start, end, matches: compileTransactionFilter((list[index] as CreditEligibility).match) };
    const own = byPayee.get(payeeId);
    if (own === undefined) byPayee.set(payeeId, [entry]);
    else own.push(entry);
  }
  return byPayee;
}

/** Where transactions that are not sound go. */
export type SetAside = (transactionId: string | null, type: unknown, amount: Money | null, reason: SetAsideTransaction['reason']) => void;

/** Reads the transactions; those before the cut, sound and with a known amount are given back, by deal. */
export function readTransactions(value: unknown, crediting: ReadCrediting, issues: Issue[], setAside: SetAside): ReadonlyMap<string, readonly Row[]> {
  const fatal: IssueSink = [];
  const list = checkList(value, ['transactions'], fatal, { expected: 'a list of transactions' }) ?? [];
  throwIfIssues(fatal);
  const order = sortedRows(list);
  const seen = new Set<string>();
  const deals = new Map<string, Row[]>();
  for (const index of order) {
    const own: IssueSink = [];
    checkTransaction(list[index], ['transactions', index], own);
    for (const issue of own) issues.push(issue);
    if (own.length > 0) {
      const given = isPlainRecord(list[index]) ? list[index] : {};
      const id = given['id'];
      const on = given['on'];
      // One that is not known yet does not count, sound or not.
      if (typeof on === 'string' && readEpochDay(on) >= crediting.cut) continue;
      const amount = readMoney(given['amount']);
      setAside(typeof id === 'string' ? id : null, given['type'], Array.isArray(amount) ? null : amount, 'invalid');
      continue;
    }
    // It has just been checked.
    const transaction = list[index] as FilteredTransaction;
    const day = readEpochDay(transaction.on);
    if (day >= crediting.cut) continue;
    if (seen.has(transaction.id)) {
      issues.push(createIssue('duplicate_id', ['transactions', index, 'id'], { received: transaction.id, hint: 'a transaction is credited once' }));
      setAside(transaction.id, transaction.type, transaction.amount, 'duplicate');
      continue;
    }
    seen.add(transaction.id);
    const { amount } = transaction;
    if (amount === null) {
      issues.push(createIssue('missing_amount', ['transactions', index, 'amount'], { message: 'A transaction has no amount, so it cannot be credited.', received: null }));
      setAside(transaction.id, transaction.type, null, 'missing-amount');
      continue;
    }
    const key = transaction.dealId === undefined ? `transaction ${transaction.id}` : `deal ${transaction.dealId}`;
    const row: Row = { transaction: { ...withCustomer(transaction, crediting, index, issues), amount }, index, day };
    const rows = deals.get(key);
    if (rows === undefined) deals.set(key, [row]);
    else rows.push(row);
  }
  return deals;
}

/** Indexes by id, so that of two with one id the same one counts whatever their order; of wholly equal ids the content decides. */
function sortedRows(list: readonly unknown[]): readonly number[] {
  const keys: string[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const entry = list[index];
    const id: unknown = isPlainRecord(entry) ? entry['id'] : undefined;
    keys.push(typeof id === 'string' ? id : '');
  }
  return keys.map((_, index) => index).sort((a, b) => byCode(keys[a] ?? '', keys[b] ?? '') || (keys[a] === '' ? a - b : byCode(contentOf(list[a]), contentOf(list[b]))) || a - b);
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What decides between two transactions of one id: the earlier one counts. */
function contentOf(value: unknown): string {
  const record = isPlainRecord(value) ? value : {};
  const amount = isPlainRecord(record['amount']) ? record['amount'] : {};
  return (
    ['on', 'type', 'dealId', 'ownerId'].map((key) => (typeof record[key] === 'string' ? record[key] : '')).join('\u0000') +
    (typeof amount['amount'] === 'string' ? amount['amount'] : '')
  );
}

/** Adds the account and the territory, where they can be found. */
function withCustomer(transaction: FilteredTransaction, crediting: ReadCrediting, index: number, issues: Issue[]): FilteredTransaction {
  const { accountId, territoryId, type } = transaction;
  const account = accountId === undefined ? undefined : crediting.accounts.get(accountId);
  const known: FilteredTransaction = account === undefined ? transaction : { ...transaction, account };
  if (territoryId !== undefined || accountId === undefined || crediting.territories.length === 0 || type === 'cancellation') return known;
  const { productId, kind, market } = transaction;
  const subject: TerritorySubject = {
    ...(account ?? { id: accountId }),
    ...(productId === undefined ? {} : { productId }),
    ...(kind === undefined ? {} : { dealKind: kind }),
    ...(market === undefined ? {} : { market }),
  };
  const decision = decideTerritory(subject, crediting.territories, transaction.on);
  if (type === 'booking') for (const issue of decision.issues) issues.push({ ...issue, path: ['transactions', index, 'accountId'] });
  return decision.territoryId === null ? known : { ...known, territoryId: decision.territoryId };
}
