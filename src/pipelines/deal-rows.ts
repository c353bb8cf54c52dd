/*
 * Reading deals one by one without trusting them: what cannot be read becomes an issue at the deal's index, and the others are counted. Not a public entry.
 */
import { readEpochDay } from '../calendar/epoch-day.js';
import { readPlainDate } from '../calendar/plain-date.js';
import type { DealStatus } from '../deals/deal.js';
import { DEAL_STATUSES } from '../deals/deal.js';
import { type Exact, exactFromCanonical, exactFromScaled, exactMultiply } from '../decimal/exact.js';
import { parseScaledInteger } from '../decimal/scaled-integer.js';
import { checkOneOf, checkRecord, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { missingRate } from '../money/convert-money.js';
import { readMoney } from '../money/read-money.js';
import type { Valuation } from './call-options.js';

/** A deal in a list. */
export interface DealRow {
  readonly deal: PlainRecord;
  readonly index: number;
  readonly status: DealStatus;
}

/** A deal whose status can be read, or undefined with an issue. */
export function readRow(value: unknown, index: number, issues: IssueSink): DealRow | undefined {
  const deal = checkRecord(value, [index], issues, 'a deal');
  if (deal === undefined) return undefined;
  const status = checkOneOf(deal.status, DEAL_STATUSES, [index, 'status'], issues);
  return status === undefined ? undefined : { deal, index, status };
}

/** A date of a deal in days since 1970: null where it has none, undefined with an issue where it is not a date. */
export function readDay(row: DealRow, field: 'createdOn' | 'closedOn' | 'expectedCloseOn', issues: IssueSink): number | null | undefined {
  const value = row.deal[field];
  if (value === null || value === undefined) return null;
  const day = typeof value === 'string' ? readEpochDay(value) : Number.NaN;
  if (!Number.isNaN(day)) return day;
  const issue = readPlainDate(value, [row.index, field]);
  if (typeof issue !== 'string') issues.push(issue);
  return undefined;
}

/** Whether a closed deal lies in a window of closing days; without a window it does. Undefined with an issue where its date is not known. */
export function closedWithin(row: DealRow, window: { readonly start: number; readonly end: number } | undefined, issues: IssueSink): boolean | undefined {
  if (window === undefined) return true;
  const day = readDay(row, 'closedOn', issues);
  if (day === undefined) return undefined;
  if (day !== null) return day >= window.start && day < window.end;
  issues.push(createIssue('missing_date', [row.index, 'closedOn'], { expected: 'the day on which the deal closed' }));
  return undefined;
}

/** The length of a closed deal's cycle in whole days, from `createdOn` to `closedOn`; or why there is none, with an issue. */
export function readCycle(row: DealRow, issues: IssueSink): number | 'missing' | 'negative' {
  const created = readDay(row, 'createdOn', issues);
  const closed = readDay(row, 'closedOn', issues);
  if (created === null) issues.push(createIssue('missing_date', [row.index, 'createdOn'], { expected: 'the day on which the sales cycle began' }));
  if (closed === null) issues.push(createIssue('missing_date', [row.index, 'closedOn'], { expected: 'the day on which the deal closed' }));
  if (typeof created !== 'number' || typeof closed !== 'number') return 'missing';
  if (closed >= created) return closed - created;
  issues.push(createIssue('negative_cycle', [row.index, 'closedOn'], { expected: `${String(row.deal.createdOn)} or later`, received: row.deal.closedOn }));
  return 'negative';
}

/** Why a deal has no value in the currency asked for. */
export type NoValue = 'no-amount' | 'no-rate' | 'unreadable';

/**
 * The deal's amount in the currency of the valuation, exact; or why there is none, with an issue.
 *
 * @param on - the day whose rate is used, where one is needed
 */
export function readValue(row: DealRow, on: unknown, valuation: Valuation, issues: IssueSink): Exact | NoValue {
  const { amount } = row.deal;
  const path = [row.index, 'amount'];
  if (isPlainRecord(amount) && amount.currency === valuation.currency && typeof amount.amount === 'string') {
    const scaled = parseScaledInteger(amount.amount, valuation.exponent);
    if (!Number.isNaN(scaled)) return exactFromScaled(scaled, valuation.exponent);
  }
  if (amount === null || amount === undefined) {
    issues.push(createIssue('missing_amount', path, { expected: 'an amount' }));
    return 'no-amount';
  }
  const money = readMoney(amount, path);
  if (Array.isArray(money)) {
    issues.push(...money);
    return 'unreadable';
  }
  const exact = exactFromCanonical(money.amount);
  if (money.currency === valuation.currency) return exact;
  if (valuation.finder === undefined) {
    issues.push(createIssue('currency_mismatch', [...path, 'currency'], { expected: `"${valuation.currency}"`, received: money.currency, hint: 'pass rates' }));
    return 'no-rate';
  }
  const day =
    on === null || on === undefined
      ? createIssue('missing_date', path, { expected: `the day of a rate from ${money.currency} to ${valuation.currency}` })
      : readPlainDate(on, path);
  if (typeof day !== 'string') {
    issues.push(day);
    return 'no-rate';
  }
  const query = { from: money.currency, to: valuation.currency, on: day };
  const found = valuation.finder.find(query);
  if (found.rate !== null) return exactMultiply(exact, exactFromCanonical(found.rate));
  issues.push(missingRate(query, found.reason, [...path, 'currency']));
  return 'no-rate';
}
