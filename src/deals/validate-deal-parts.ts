/*
 * What the parts of a deal must look like: the zod-free rules that validateDeal and the schemas share. Not a public entry.
 */
import { readEventTime } from '../calendar/instant.js';
import { readPlainDate } from '../calendar/plain-date.js';
import { compareDecimals } from '../decimal/arithmetic.js';
import { exactFromCanonical, exactSum, exactToString } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkFraction, checkId, checkList, checkNumber, checkOneOf, checkText, type IssueSink, isPlainRecord, isReservedKey } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { readMoney } from '../money/read-money.js';
import { BUYING_ROLES } from './deal.js';
import { checkShape, type FieldCheck, ownField, pushIssues, type RecordShape } from './record-shape.js';

/** A century: longer terms cannot be meant. */
const MAX_TERM_MONTHS = 1_200;
/** Deeper values are taken for cycles. */
const MAX_JSON_DEPTH = 100;

/** Most entries of one list of a deal. */
const MAX_ENTRIES = 100_000;

/** Each entry of a list, holes included. */
export function checkEntries(
  value: unknown,
  path: IssuePath,
  issues: IssueSink,
  expected: string,
  check: (entry: unknown, path: IssuePath, index: number) => void,
): readonly unknown[] | undefined {
  const list = checkList(value, path, issues, { expected });
  if (list === undefined) return undefined;
  if (list.length > MAX_ENTRIES) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_ENTRIES} entries`, received: value }));
    return undefined;
  }
  for (let index = 0; index < list.length; index += 1) check(list[index], [...path, index], index);
  return list;
}

/** A text that is not empty. */
export const checkSomeText: FieldCheck = (value, path, issues) => checkText(value, path, issues);

/** An amount of money in canonical form, or undefined with issues. */
export function checkMoney(value: unknown, path: IssuePath, issues: IssueSink): Money | undefined {
  const read = readMoney(value, path);
  if (!Array.isArray(read)) return read;
  pushIssues(issues, read);
  return undefined;
}

/** A real date. */
export const checkPlainDate: FieldCheck = (value, path, issues) => {
  const read = readPlainDate(value, path);
  if (typeof read !== 'string') issues.push(read);
};

/** An instant with an offset, or a date. */
export const checkEventTime: FieldCheck = (value, path, issues) => {
  const read = readEventTime(value, path);
  if (typeof read !== 'string') issues.push(read);
};

/** Decimal text, canonical, or undefined with an issue. */
function checkDecimalText(value: unknown, path: IssuePath, issues: IssueSink): string | undefined {
  if (typeof value !== 'string') {
    issues.push(createIssue('invalid_type', path, { expected: 'a decimal number as text', received: value }));
    return undefined;
  }
  const read = readDecimal(value, path);
  if (typeof read === 'string') return read;
  issues.push(read);
  return undefined;
}

const checkQuantity: FieldCheck = (value, path, issues) => {
  const quantity = checkDecimalText(value, path, issues);
  if (quantity?.startsWith('-') === true) issues.push(createIssue('out_of_range', path, { expected: 'a quantity of at least 0', received: value }));
};

const checkDiscount: FieldCheck = (value, path, issues) => {
  const discount = checkDecimalText(value, path, issues);
  if (discount !== undefined && (discount.startsWith('-') || compareDecimals(discount, '1') > 0)) {
    issues.push(createIssue('fraction_out_of_range', path, { expected: 'a fraction from 0 to 1 as text', received: value }));
  }
};

const checkShare: FieldCheck = (value, path, issues) => {
  const share = checkDecimalText(value, path, issues);
  if (share?.startsWith('-') === true) issues.push(createIssue('fraction_out_of_range', path, { expected: 'a fraction of at least 0 as text', received: value }));
};

/** Whole months, 1 to 1,200. */
export const checkTermMonths: FieldCheck = (value, path, issues) => checkNumber(value, path, issues, { integer: true, min: 1, max: MAX_TERM_MONTHS });

const checkSplitKind: FieldCheck = (value, path, issues) => checkOneOf(value, ['revenue', 'overlay'], path, issues);

const checkRole: FieldCheck = (value, path, issues) => checkOneOf(value, BUYING_ROLES, path, issues);

const checkIds: FieldCheck = (value, path, issues) => {
  checkEntries(value, path, issues, 'a list of ids', (id, at) => checkId(id, at, issues));
};

const LINE_ITEM: RecordShape = {
  required: { id: checkId, productId: checkId, quantity: checkQuantity, unitPrice: checkMoney },
  optional: { name: checkSomeText, discount: checkDiscount, unitCost: checkMoney, termMonths: checkTermMonths },
};

const SPLIT: RecordShape = { required: { payeeId: checkId, kind: checkSplitKind, share: checkShare }, optional: {} };

const STAKEHOLDER: RecordShape = { required: { contactId: checkId, role: checkRole }, optional: { name: checkSomeText, title: checkSomeText } };

const ACTIVITY: RecordShape = { required: { id: checkId, type: checkSomeText, at: checkEventTime }, optional: { outcome: checkSomeText, contactIds: checkIds } };

const RECURRING: RecordShape = { required: {}, optional: { mrr: checkMoney, arr: checkMoney, acv: checkMoney, tcv: checkMoney, termMonths: checkTermMonths } };

/** The currencies of some amounts must be one. Remembers the first. */
export interface CurrencyCheck {
  /** The currency so far, if any. */
  currency?: string;
}

/** Reports an amount in another currency than those before it. Anything but a usable amount is left to other checks. */
export function checkSameCurrency(value: unknown, path: IssuePath, issues: IssueSink, seen: CurrencyCheck): void {
  const currency = isPlainRecord(value) ? ownField(value, 'currency') : undefined;
  if (typeof currency !== 'string') return;
  if (seen.currency === undefined) seen.currency = currency;
  else if (seen.currency !== currency) {
    issues.push(createIssue('currency_mismatch', [...path, 'currency'], { expected: `the deal's currency, "${seen.currency}"`, received: currency }));
  }
}

/** One line item: fields, and one currency. */
export function checkLineItem(value: unknown, path: IssuePath, issues: IssueSink, seen: CurrencyCheck = {}): void {
  const item = checkShape(value, LINE_ITEM, path, issues, 'a line item');
  if (item === undefined) return;
  checkSameCurrency(ownField(item, 'unitPrice'), [...path, 'unitPrice'], issues, seen);
  checkSameCurrency(ownField(item, 'unitCost'), [...path, 'unitCost'], issues, seen);
}

/** Line items: each right, ids unique, one currency. */
export function checkLineItems(value: unknown, path: IssuePath, issues: IssueSink, seen: CurrencyCheck = {}): void {
  const ids = new Set<string>();
  checkEntries(value, path, issues, 'a list of line items', (item, at) => {
    checkLineItem(item, at, issues, seen);
    checkUnique(item, ['id'], at, issues, ids);
  });
}

/** One split: a revenue share is at most 1. */
export function checkSplit(value: unknown, path: IssuePath, issues: IssueSink): void {
  const split = checkShape(value, SPLIT, path, issues, 'a split');
  if (split === undefined || ownField(split, 'kind') !== 'revenue') return;
  const share = ownField(split, 'share');
  if (typeof share === 'string' && compareDecimals(share, '1') > 0) {
    issues.push(createIssue('fraction_out_of_range', [...path, 'share'], { expected: 'a fraction from 0 to 1 as text', received: share }));
  }
}

/** Splits: each right, a payee once per kind, and revenue shares, if there are any, that sum to exactly 1. */
export function checkSplits(value: unknown, path: IssuePath, issues: IssueSink): void {
  const before = issues.length;
  const seen = new Set<string>();
  const shares: string[] = [];
  checkEntries(value, path, issues, 'a list of splits', (split, at) => {
    checkSplit(split, at, issues);
    checkUnique(split, ['kind', 'payeeId'], at, issues, seen);
    if (!isPlainRecord(split) || ownField(split, 'kind') !== 'revenue') return;
    const share = readDecimal(ownField(split, 'share'));
    if (typeof share === 'string') shares.push(share);
  });
  if (issues.length > before || shares.length === 0) return;
  const total = exactToString(exactSum(shares.map(exactFromCanonical)));
  if (total !== '1') {
    issues.push(
      createIssue('invalid_splits', path, {
        expected: 'revenue shares that sum to exactly 1',
        received: total,
        hint: 'shares are fractions; credit on top of the deal is of kind "overlay"',
      }),
    );
  }
}

/** One stakeholder. */
export function checkStakeholder(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkShape(value, STAKEHOLDER, path, issues, 'a stakeholder');
}

/** Stakeholders: each right, no role of a contact twice. */
export function checkStakeholders(value: unknown, path: IssuePath, issues: IssueSink): void {
  const seen = new Set<string>();
  checkEntries(value, path, issues, 'a list of stakeholders', (stakeholder, at) => {
    checkStakeholder(stakeholder, at, issues);
    checkUnique(stakeholder, ['role', 'contactId'], at, issues, seen);
  });
}

/** One activity. */
export function checkActivity(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkShape(value, ACTIVITY, path, issues, 'an activity');
}

/** Activities: each right, ids unique. */
export function checkActivities(value: unknown, path: IssuePath, issues: IssueSink): void {
  const ids = new Set<string>();
  checkEntries(value, path, issues, 'a list of activities', (activity, at) => {
    checkActivity(activity, at, issues);
    checkUnique(activity, ['id'], at, issues, ids);
  });
}

/** Recurring value: each amount right, one currency. */
export function checkRecurring(value: unknown, path: IssuePath, issues: IssueSink, seen: CurrencyCheck = {}): void {
  const recurring = checkShape(value, RECURRING, path, issues, 'recurring values');
  if (recurring === undefined) return;
  for (const key of ['mrr', 'arr', 'acv', 'tcv']) checkSameCurrency(ownField(recurring, key), [...path, key], issues, seen);
}

/** Reports a record whose key fields are those of an earlier one. */
function checkUnique(value: unknown, keys: readonly string[], path: IssuePath, issues: IssueSink, seen: Set<string>): void {
  if (!isPlainRecord(value)) return;
  const parts = keys.map((key) => ownField(value, key));
  if (!parts.every((part) => typeof part === 'string')) return;
  const key = JSON.stringify(parts);
  if (!seen.has(key)) {
    seen.add(key);
    return;
  }
  const last = keys[keys.length - 1] ?? 'id';
  issues.push(createIssue('duplicate_id', [...path, last], { received: ownField(value, last) }));
}

/** A fraction from 0 to 1, or null. */
export const checkProbability: FieldCheck = (value, path, issues) => (value === null ? null : checkFraction(value, path, issues));

/** Own fields: a record of JSON values; if keys are given, of these only. */
export function checkCustom(value: unknown, path: IssuePath, issues: IssueSink, customKeys?: readonly string[]): void {
  if (!isPlainRecord(value)) {
    issues.push(createIssue('invalid_type', path, { expected: 'an object of your own fields', received: value }));
    return;
  }
  if (customKeys !== undefined)
    checkShape(value, { required: {}, optional: Object.fromEntries(customKeys.filter((key) => !isReservedKey(key)).map((key) => [key, ANYTHING])) }, path, issues, 'own fields');
  checkJson(value, path, issues, 0, new Set(), new Set(), customKeys !== undefined);
}

const ANYTHING: FieldCheck = () => undefined;

function checkJson(value: unknown, path: IssuePath, issues: IssueSink, depth: number, open: Set<object>, done: Set<object>, reservedReported: boolean): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) issues.push(createIssue('not_finite', path, { expected: 'a finite number', received: value }));
    return;
  }
  const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  const record = isPlainRecord(value) ? value : undefined;
  const container = list ?? record;
  if (container === undefined || open.has(container) || depth > MAX_JSON_DEPTH) {
    issues.push(createIssue('invalid_json_value', path, { expected: 'a JSON value', received: value }));
    return;
  }
  if (done.has(container)) return;
  open.add(container);
  if (list !== undefined && list.length > MAX_ENTRIES) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_ENTRIES} entries`, received: value }));
  } else if (list !== undefined) {
    for (let index = 0; index < list.length; index += 1) checkJson(list[index], [...path, index], issues, depth + 1, open, done, false);
  } else if (record !== undefined) {
    for (const key of Object.keys(record)) {
      if (!isReservedKey(key)) checkJson(record[key], [...path, key], issues, depth + 1, open, done, false);
      else if (!reservedReported) issues.push(createIssue('reserved_key', [...path, key], { received: key }));
    }
  }
  open.delete(container);
  done.add(container);
}
