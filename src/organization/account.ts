import { DEAL_KINDS, DEAL_MARKETS, type DealKind, type DealMarket } from '../deals/deal.js';
import { checkId, checkKeys, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { rootOf, validateMoney } from '../money/read-money.js';

/**
 * A customer, as far as territories need to know it.
 *
 * @category organization
 */
export interface Account {
  /** Its id in its own system, as text. */
  readonly id: string;
  /** What it is called. */
  readonly name?: string;
  /** As you write it everywhere, best the ISO 3166 code: `GR`. */
  readonly country?: string;
  /** State, province or area. */
  readonly region?: string;
  /** Town. */
  readonly city?: string;
  /** As text, with zeros at the front. */
  readonly postalCode?: string;
  /** Line of business. */
  readonly industry?: string;
  /** A segment of your own: `enterprise`, `smb`, `public`. */
  readonly segment?: string;
  /** Number of employees. */
  readonly employees?: number;
  /** Conditions compare the amount, so keep one currency for all accounts. */
  readonly annualRevenue?: Money;
  /** Fields of your own, read by `attributes.NAME`. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * What a territory is looked up for: an account, or an account with what is sold to it.
 *
 * @category organization
 */
export interface TerritorySubject extends Account {
  /** The product or service sold. */
  readonly productId?: string;
  /** New business, expansion or renewal. */
  readonly dealKind?: DealKind;
  /** Business, consumer or government. */
  readonly market?: DealMarket;
}

/** The fields of an account that hold text. */
const TEXTS = ['name', 'country', 'region', 'city', 'postalCode', 'industry', 'segment', 'productId'] as const;

/**
 * The fields that a territory may set conditions on.
 *
 * @category organization
 */
export const TERRITORY_FIELDS = ['id', 'country', 'region', 'city', 'postalCode', 'industry', 'segment', 'employees', 'annualRevenue', 'productId', 'dealKind', 'market'] as const;

const ACCOUNT_KEYS = [...TERRITORY_FIELDS, 'name', 'attributes'];

/**
 * Finds everything that is wrong with an account, or with an account and what is sold to it. Never throws.
 *
 * @param value - any value
 * @param at - where it stands in a larger input
 * @returns the issues; empty if it is an account
 * @example
 * ```ts
 * import { validateAccount } from 'dealwright/organization';
 * validateAccount({ id: 'acme', country: 'GR', postalCode: '11527', employees: 120 }); // => []
 * validateAccount({ id: 'acme', contry: 'GR' })[0]?.hint; // => 'did you mean "country"?'
 * ```
 * @category organization
 */
export function validateAccount(value: unknown, at: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  const path = rootOf(at);
  const record = checkRecord(value, path, issues, 'an account { id }');
  if (record === undefined) return issues;
  checkKeys(record, ACCOUNT_KEYS, path, issues);
  checkId(record['id'], [...path, 'id'], issues);
  for (const key of TEXTS) if (Object.hasOwn(record, key)) checkText(record[key], [...path, key], issues);
  if (Object.hasOwn(record, 'employees')) checkNumber(record['employees'], [...path, 'employees'], issues, { min: 0 });
  if (Object.hasOwn(record, 'annualRevenue')) for (const issue of validateMoney(record['annualRevenue'], [...path, 'annualRevenue'])) issues.push(issue);
  if (Object.hasOwn(record, 'dealKind')) checkOneOf(record['dealKind'], DEAL_KINDS, [...path, 'dealKind'], issues);
  if (Object.hasOwn(record, 'market')) checkOneOf(record['market'], DEAL_MARKETS, [...path, 'market'], issues);
  if (Object.hasOwn(record, 'attributes')) checkAttributes(record['attributes'], [...path, 'attributes'], issues);
  return issues;
}

/** Fields of one's own: texts, finite numbers, booleans, null. Not a public entry. */
export function checkAttributes(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'an object of your own fields');
  for (const name of Object.keys(record ?? {})) {
    const entry = record?.[name];
    if (name === '__proto__') issues.push(createIssue('reserved_key', [...path, name], { received: name }));
    else if (entry !== null && typeof entry !== 'string' && typeof entry !== 'boolean' && !(typeof entry === 'number' && Number.isFinite(entry))) {
      issues.push(createIssue('invalid_type', [...path, name], { expected: 'a text, finite number, boolean or null', received: entry }));
    }
  }
}
