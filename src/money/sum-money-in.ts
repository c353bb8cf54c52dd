import { type Exact, exactFromCanonical, exactMultiply } from '../decimal/exact.js';
import { checkList, checkRecord, type IssueSink } from '../errors/checks.js';
import { isDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { missingRate } from './convert-money.js';
import { exponentOf } from './currencies.js';
import { finderOf, type MissingRateReason, type RateFinder, type RateQuery, type RateSupply } from './find-rate.js';
import type { Money } from './money.js';
import { checkedCurrency, checkedOptions, mismatch, moneyOf } from './operand.js';
import { plainDateIssue } from './plain-date-text.js';
import { readOperand } from './read-money.js';
import { createExactSum, type ExactSum } from './sum-money.js';

/**
 * An amount and the day whose rate converts it.
 *
 * @category money
 */
export interface DatedMoney {
  /** The amount; null if it is not known. */
  readonly money: Money | null;
  /** The day, `YYYY-MM-DD`; null if it is not known, which matters only where a rate is needed. */
  readonly on: string | null;
}

/**
 * In which currency amounts are summed, by which rates.
 *
 * @category money
 */
export interface SumMoneyInOptions<C extends string = string> {
  /** The currency of the total. */
  readonly currency: C;
  /** A table of rates, or a finder made of one; without it only amounts in the currency itself can be added. */
  readonly rates?: RateSupply;
}

/**
 * A sum, and what could not be added to it.
 *
 * @category money
 */
export interface MoneySum<C extends string = string> {
  /** The exact sum of the converted amounts. */
  readonly total: Money<C>;
  /** One or more for every item that was left out, with the item's index first in the path. */
  readonly issues: readonly Issue[];
  /** How many items were added. */
  readonly counted: number;
}

/**
 * Adds up amounts in several currencies: each is converted at the rate of its own day, and the products are added exactly, so that the order of the
 * items does not matter. An item without an amount or without a rate becomes an issue and is never added.
 *
 * @param items - amounts with their days; other fields of an item are ignored
 * @param options - currency and rates
 * @returns the total (not rounded), the issues, and how many items were added
 * @throws DomainError what is wrong with the list itself, the currency or the rates
 * @example
 * ```ts
 * import { money, sumMoneyIn } from 'dealwright/money';
 * const rates = { rates: [{ from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' }] };
 * const items = [{ money: money('100', 'EUR'), on: '2026-01-15' }, { money: money('5', 'USD'), on: null }, { money: money('9', 'GBP'), on: '2026-01-15' }];
 * const sum = sumMoneyIn(items, { currency: 'USD', rates });
 * sum.total; // => { amount: '115.00', currency: 'USD' }
 * sum.counted; // => 2
 * sum.issues.map((issue) => [issue.code, issue.path[0]]); // => [['missing_rate', 2]]
 * ```
 * @category money
 */
export function sumMoneyIn<const C extends string>(items: readonly DatedMoney[], options: SumMoneyInOptions<C>): MoneySum<C> {
  const record = checkedOptions(options, ['currency', 'rates']);
  const currency = checkedCurrency(record['currency'], ['options', 'currency']);
  const find = options.rates === undefined ? undefined : rememberRates(finderOf(options.rates));
  const wrongCall: IssueSink = [];
  const list = checkList(items, ['items'], wrongCall, { expected: 'a list of { money, on }' }) ?? [];
  throwIfIssues(wrongCall);
  const issues: IssueSink = [];
  const sum = createExactSum(exponentOf(currency));
  let counted = 0;
  for (let index = 0; index < list.length; index += 1) {
    if (addItem(list[index], { sum, currency, find, path: [index], issues })) counted += 1;
  }
  return { total: moneyOf(sum.total(), options.currency), issues, counted };
}

interface AddContext {
  readonly sum: ExactSum;
  readonly currency: string;
  readonly find: FindRateAs | undefined;
  readonly path: IssuePath;
  readonly issues: IssueSink;
}

function addItem(item: unknown, context: AddContext): boolean {
  const { sum, currency, find, path, issues } = context;
  const record = checkRecord(item, path, issues, 'an item: { money, on }');
  if (record === undefined) return false;
  const { money, on } = record;
  if (sum.addFast(money, currency)) return true;
  const before = issues.length;
  if (money === null || money === undefined) issues.push(createIssue('missing_amount', [...path, 'money'], { expected: 'an amount', received: money }));
  const parts = issues.length > before ? undefined : readOperand(money, [...path, 'money'], issues);
  if (parts === undefined) return false;
  const amount = exactFromCanonical(parts.amount);
  if (parts.currency === currency) {
    sum.add(amount);
    return true;
  }
  if (on === null || on === undefined) {
    issues.push(createIssue('missing_date', [...path, 'on'], { expected: `the day of a rate from ${parts.currency} to ${currency}`, received: on }));
    return false;
  }
  const wrongDate = plainDateIssue(on, [...path, 'on']);
  if (wrongDate !== undefined) issues.push(wrongDate);
  else if (find === undefined) issues.push({ ...mismatch(currency, parts.currency, [...path, 'money', 'currency']), hint: 'pass rates' });
  else if (typeof on === 'string') return addConverted(amount, { from: parts.currency, to: currency, on }, find, context);
  return false;
}

type FindRateAs = (query: RateQuery) => Exact | MissingRateReason;

/** Many items share a currency and a day. */
function rememberRates(finder: RateFinder): FindRateAs {
  const known = new Map<string, Exact | MissingRateReason>();
  return (query) => {
    const key = query.from + query.on;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = finder.find(query);
    const rate = found.rate === null ? found.reason : exactFromCanonical(found.rate);
    known.set(key, rate);
    return rate;
  };
}

function addConverted(amount: Exact, query: RateQuery, find: FindRateAs, context: AddContext): boolean {
  const { sum, path, issues } = context;
  const rate = find(query);
  if (typeof rate === 'string') {
    issues.push(missingRate(query, rate, [...path, 'money', 'currency']));
    return false;
  }
  try {
    sum.add(exactMultiply(amount, rate));
    return true;
  } catch (error) {
    // An amount of hundreds of digits: it is not added, and the others are.
    if (!isDomainError(error)) throw error;
    issues.push(...error.issues.map((issue) => ({ ...issue, path: [...path, 'money'] })));
    return false;
  }
}
