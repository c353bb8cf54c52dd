import { EXACT_ONE, type Exact, exactDivide, exactFromCanonical, exactMultiply, exactToString } from '../decimal/exact.js';
import { parseDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkRecord, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';
import { currencyIssue } from './currencies.js';
import { plainDateIssue } from './plain-date-text.js';
import { DEFAULT_INVERSE_SCALE, defineRateTable, type RateTable } from './rate-table.js';

/**
 * Which rate is wanted.
 *
 * @category money
 */
export interface RateQuery {
  /** Currency that is given. */
  readonly from: string;
  /** Currency that is wanted. */
  readonly to: string;
  /** The day for which it must hold, `YYYY-MM-DD`. */
  readonly on: string;
}

/**
 * How a rate was come by: `identity` (from a currency to itself), `direct` (as given), `inverse` (one over a given one) or `cross` (through the pivot).
 *
 * @category money
 */
export type RateSource = 'identity' | 'direct' | 'inverse' | 'cross';

/**
 * A rate that was found.
 *
 * @category money
 */
export interface FoundRate {
  /** Units of `to` for one unit of `from`; exact except for an inverse, which is rounded as the table says. */
  readonly rate: string;
  /** The date of the rate used; of a cross rate, the older one; null for an undated rate and for identity. */
  readonly on: string | null;
  /** How it was come by. */
  readonly source: RateSource;
}

/**
 * Why there is no rate: `no-rate-for-pair`, `no-rate-yet` (the first one is later than the day asked for), or `inverse-rounds-to-zero`.
 *
 * @category money
 */
export type MissingRateReason = 'no-rate-for-pair' | 'no-rate-yet' | 'inverse-rounds-to-zero';

/**
 * That no rate was found, and why.
 *
 * @category money
 */
export interface MissingRate {
  /** Null: not known. */
  readonly rate: null;
  /** Why. */
  readonly reason: MissingRateReason;
}

/**
 * A rate table made ready for many look-ups.
 *
 * @category money
 */
export interface RateFinder {
  /** See {@link findRate}. */
  readonly find: (query: RateQuery) => FoundRate | MissingRate;
}

/**
 * Where rates are taken from: a table, or a finder made of one for many look-ups.
 *
 * @category money
 */
export type RateSupply = RateTable | RateFinder;

/**
 * The rate from one currency to another on a day: the latest one whose date is not after it. A direct rate always wins; then, if the table allows it,
 * the inverse of the opposite pair; then, if it names a pivot, the product of the rates to and from the pivot. From a currency to itself it is 1.
 * For many look-ups use {@link createRateFinder}.
 *
 * @param table - the rates
 * @param query - from, to, on
 * @returns the rate, its date and how it was come by; or `rate: null` and the reason
 * @throws DomainError what is wrong with the table or the query
 * @example
 * ```ts
 * import { findRate } from 'dealwright/money';
 * const table = { rates: [{ from: 'EUR', to: 'USD', rate: '1.08', on: '2026-01-01' }, { from: 'EUR', to: 'USD', rate: '1.10', on: '2026-02-01' }] };
 * findRate(table, { from: 'EUR', to: 'USD', on: '2026-01-31' }); // => { rate: '1.08', on: '2026-01-01', source: 'direct' }
 * findRate(table, { from: 'USD', to: 'EUR', on: '2026-01-31' }); // => { rate: null, reason: 'no-rate-for-pair' }
 * ```
 * @category money
 */
export function findRate(table: RateTable, query: RateQuery): FoundRate | MissingRate {
  return createRateFinder(table).find(query);
}

/**
 * Makes a table ready for many look-ups: it is checked and sorted once, and each look-up is a binary search. Later changes of the table are not seen.
 *
 * @param table - the rates
 * @returns a record with the function `find`
 * @throws DomainError with everything `validateRateTable` finds
 * @example
 * ```ts
 * import { createRateFinder } from 'dealwright/money';
 * const { find } = createRateFinder({ rates: [{ from: 'EUR', to: 'USD', rate: '1.25' }], allowInverse: true });
 * find({ from: 'USD', to: 'EUR', on: '2026-01-31' }); // => { rate: '0.8', on: null, source: 'inverse' }
 * ```
 * @category money
 */
export function createRateFinder(table: RateTable): RateFinder {
  const { allowInverse = false, inverseScale = DEFAULT_INVERSE_SCALE, pivot, rates } = defineRateTable(table);
  const pairs = indexRates(rates);

  const direct = (from: string, to: string, on: string): Leg | MissingRate => {
    if (from === to) return { value: EXACT_ONE, on: null, source: 'identity' };
    const given = latest(pairs.get(from + to), on);
    if (given !== undefined && 'value' in given) return given;
    if (!allowInverse) return given ?? missing('no-rate-for-pair');
    const opposite = latest(pairs.get(to + from), on);
    if (opposite === undefined || !('value' in opposite)) return given ?? opposite ?? missing('no-rate-for-pair');
    const value = exactDivide(EXACT_ONE, opposite.value, { scale: inverseScale });
    return exactToString(value) === '0' ? missing('inverse-rounds-to-zero') : { value, on: opposite.on, source: 'inverse' };
  };

  const find = (query: RateQuery): FoundRate | MissingRate => {
    const { from, to, on } = checkedQuery(query);
    const single = direct(from, to, on);
    if ('value' in single) return { rate: exactToString(single.value), on: single.on, source: single.source };
    if (pivot === undefined || from === pivot || to === pivot) return single;
    const first = direct(from, pivot, on);
    const second = direct(pivot, to, on);
    // What is missing is told of the pair asked for where it was ever given, else of the leg.
    if (!('value' in first)) return single.reason === 'no-rate-for-pair' ? first : single;
    if (!('value' in second)) return single.reason === 'no-rate-for-pair' ? second : single;
    return { rate: exactToString(exactMultiply(first.value, second.value)), on: older(first.on, second.on), source: 'cross' };
  };

  return { find };
}

interface Leg {
  readonly value: Exact;
  readonly on: string | null;
  readonly source: RateSource;
}

interface DatedRate {
  readonly on: string | null;
  readonly value: Exact;
}

function missing(reason: MissingRateReason): MissingRate {
  return { rate: null, reason };
}

/** By pair, oldest first; an undated rate is older than any dated one. Codes have three letters, so that two of them joined are a key. */
function indexRates(rates: RateTable['rates']): ReadonlyMap<string, readonly DatedRate[]> {
  const pairs = new Map<string, DatedRate[]>();
  for (const { from, to, rate, on } of rates) {
    const list = pairs.get(from + to) ?? [];
    list.push({ on: on ?? null, value: exactFromCanonical(parseDecimal(rate)) });
    pairs.set(from + to, list);
  }
  for (const list of pairs.values()) list.sort((a, b) => ((a.on ?? '') < (b.on ?? '') ? -1 : 1));
  return pairs;
}

function latest(list: readonly DatedRate[] | undefined, on: string): Leg | MissingRate | undefined {
  if (list === undefined) return undefined;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.on ?? '') <= on) low = middle + 1;
    else high = middle;
  }
  const found = list[low - 1];
  return found === undefined ? missing('no-rate-yet') : { ...found, source: 'direct' };
}

function older(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a < b ? a : b;
}

function checkedQuery(query: RateQuery): RateQuery {
  const issues: IssueSink = [];
  const path: IssuePath = ['query'];
  const record = checkRecord(query, path, issues, 'a query: { from, to, on }') ?? {};
  checkKeys(record, ['from', 'to', 'on'], path, issues);
  for (const key of ['from', 'to']) {
    const issue = currencyIssue(record[key], [...path, key]);
    if (issue !== undefined) issues.push(issue);
  }
  const wrongDate = plainDateIssue(record['on'], [...path, 'on']);
  if (wrongDate !== undefined) issues.push(wrongDate);
  throwIfIssues(issues);
  return query;
}

/**
 * A finder, made of a table unless it is one already. Not a public entry.
 *
 * @throws DomainError what is wrong with the table
 */
export function finderOf(rates: RateSupply): RateFinder {
  return isFinder(rates) ? rates : createRateFinder(rates);
}

/** Its own `find`: a bare list of rates has a method of that name too, and is a mistake to be reported. */
function isFinder(rates: RateSupply): rates is RateFinder {
  return isPlainRecord(rates) && Object.hasOwn(rates, 'find') && typeof rates['find'] === 'function';
}
