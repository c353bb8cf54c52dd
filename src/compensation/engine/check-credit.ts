import { readEpochDay } from '../../calendar/epoch-day.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, isReservedKey, MAX_TEXT_LENGTH } from '../../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { validateMoney } from '../../money/read-money.js';
import { CREDIT_KEYS, CREDIT_MONEY_FIELDS, type Credit } from '../credit.js';
import { type AmountColumn, readPlainAmount } from './amount-column.js';
import { checkAttributes, readDay } from './row-fields.js';

const TEXT_FIELDS = ['dealId', 'productId', 'territoryId', 'accountId', 'refersTo', 'recordedAt'] as const;
const ALLOWED: Readonly<Record<string, readonly string[]>> = { kind: ['new', 'expansion', 'renewal'], market: ['b2b', 'b2c', 'b2g'], type: ['direct', 'indirect', 'overlay'] };

/**
 * The epoch day of a sound credit, or NaN with what is wrong with it among the issues. Common credits take a path without allocations.
 */
export function checkCredit(credit: Credit, index: number, issues: Issue[], amounts: AmountColumn): number {
  const day = quickDay(credit, index, amounts);
  if (!Number.isNaN(day)) return day;
  amounts.currency[index] = 0;
  const own = validateCredit(credit, ['credits', index]);
  issues.push(...own);
  return own.length > 0 ? Number.NaN : readEpochDay(credit.on);
}

/** The day of a credit that is plainly sound; NaN says only: look closer. */
function quickDay(credit: unknown, index: number, amounts: AmountColumn): number {
  if (typeof credit !== 'object' || credit === null || Array.isArray(credit)) return Number.NaN;
  const prototype: unknown = Object.getPrototypeOf(credit);
  if (prototype !== Object.prototype && prototype !== null) return Number.NaN;
  const record = credit as Readonly<Record<string, unknown>>;
  for (const key in record) {
    const value = record[key];
    switch (key) {
      case 'id':
      case 'payeeId':
      case 'dealId':
      case 'productId':
      case 'territoryId':
      case 'accountId':
        if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT_LENGTH || ((value.length === 9 || value.length === 11) && isReservedKey(value))) return Number.NaN;
        break;
      case 'on':
        if (typeof value !== 'string') return Number.NaN;
        break;
      case 'amount':
        if (!readPlainAmount(value, index, amounts)) return Number.NaN;
        break;
      case 'kind':
        if (value !== 'new' && value !== 'expansion' && value !== 'renewal') return Number.NaN;
        break;
      default:
        return Number.NaN;
    }
  }
  const { id, payeeId, on } = record;
  return typeof id === 'string' && typeof payeeId === 'string' && typeof on === 'string' ? readEpochDay(on) : Number.NaN;
}

/**
 * Finds everything that is wrong with a credit.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues; empty if it is a credit
 * @example
 * ```ts
 * import { validateCredit } from 'dealwright/compensation';
 * validateCredit({ id: 'c1', payeeId: 'ae-17', on: '2026-02-14', amount: { amount: '500', currency: 'USD' } }); // => []
 * validateCredit({ id: 'c1', payeeId: 'ae-17', on: '2026-02-30' })[0]?.code; // => 'invalid_date'
 * ```
 * @category compensation
 */
export function validateCredit(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  const record = checkRecord(value, path, issues, 'a credit { id, payeeId, on, amount }');
  if (record === undefined) return issues;
  checkKeys(record, CREDIT_KEYS, path, issues);
  checkId(record['id'], [...path, 'id'], issues);
  checkId(record['payeeId'], [...path, 'payeeId'], issues);
  readDay(record['on'], [...path, 'on'], issues);
  for (const field of TEXT_FIELDS) if (Object.hasOwn(record, field)) checkText(record[field], [...path, field], issues);
  for (const field of CREDIT_MONEY_FIELDS) {
    if (!Object.hasOwn(record, field) || (field === 'amount' && record[field] === null)) continue;
    issues.push(...validateMoney(record[field], [...path, field]));
  }
  for (const field of Object.keys(ALLOWED)) if (Object.hasOwn(record, field)) checkOneOf(record[field], ALLOWED[field] ?? [], [...path, field], issues);
  for (const field of ['units', 'share', 'payoutShare']) if (Object.hasOwn(record, field)) checkDecimalText(record[field], [...path, field], issues);
  if (Object.hasOwn(record, 'termMonths')) checkNumber(record['termMonths'], [...path, 'termMonths'], issues, { min: 0 });
  if (Object.hasOwn(record, 'componentIds')) {
    checkList(record['componentIds'], [...path, 'componentIds'], issues)?.forEach((entry, index) => {
      checkId(entry, [...path, 'componentIds', index], issues);
    });
  }
  if (Object.hasOwn(record, 'values')) {
    const values = checkRecord(record['values'], [...path, 'values'], issues);
    for (const name of Object.keys(values ?? {})) checkDecimalText(values?.[name], [...path, 'values', name], issues);
  }
  if (Object.hasOwn(record, 'attributes')) checkAttributes(record['attributes'], [...path, 'attributes'], issues);
  return issues;
}

function checkDecimalText(value: unknown, path: IssuePath, issues: IssueSink): void {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read !== 'string') issues.push(read);
}
