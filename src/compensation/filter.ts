import { exactCompare, toExact } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkList, checkRecord, type IssueSink, isPlainRecord, nearestText } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import type { Credit } from './credit.js';

/**
 * What a field must be: a value, one of several, or within a half-open range (`from` belongs, `to` does not).
 *
 * @category compensation
 */
export type FieldCondition = string | number | boolean | null | { readonly in: readonly (string | number | boolean | null)[] } | { readonly from?: string; readonly to?: string };

/**
 * A field of a credit that can be filtered by; your own ones under `attributes.` and `values.`.
 *
 * @category compensation
 */
export type CreditFilterField =
  | 'id'
  | 'dealId'
  | 'accountId'
  | 'kind'
  | 'productId'
  | 'market'
  | 'territoryId'
  | 'termMonths'
  | 'type'
  | 'amount'
  | 'quotaCredit'
  | 'units'
  | 'margin'
  | 'acv'
  | 'tcv'
  | 'arr'
  | 'mrr'
  | 'on'
  | `attributes.${string}`
  | `values.${string}`;

/**
 * Which credits count, as data: every condition must hold. `any` holds if one of its filters does, `not` if its filter does not.
 * A field that is absent meets no condition but `null`.
 *
 * @example
 * ```ts
 * import type { CreditFilter } from 'dealwright/compensation';
 * const newBusiness: CreditFilter = { kind: 'new', productId: { in: ['crm', 'cpq'] }, termMonths: { from: '12' }, not: { 'attributes.house': true } };
 * ```
 * @category compensation
 */
export type CreditFilter = { readonly [Field in CreditFilterField]?: FieldCondition } & {
  readonly any?: readonly CreditFilter[];
  readonly all?: readonly CreditFilter[];
  readonly not?: CreditFilter;
};

const FIELDS = [
  'id',
  'dealId',
  'accountId',
  'kind',
  'productId',
  'market',
  'territoryId',
  'termMonths',
  'type',
  'amount',
  'quotaCredit',
  'units',
  'margin',
  'acv',
  'tcv',
  'arr',
  'mrr',
  'on',
] as const;
const COMBINATORS = ['any', 'all', 'not'] as const;
const MAX_DEPTH = 20;

/** Checks a filter of unknown shape. */
export function checkFilter(value: unknown, path: IssuePath, issues: IssueSink, depth = 0): void {
  const record = checkRecord(value, path, issues, 'a filter');
  if (record === undefined) return;
  if (depth > MAX_DEPTH) {
    issues.push(createIssue('out_of_range', path, { expected: `filters nested at most ${MAX_DEPTH} deep` }));
    return;
  }
  for (const key of Object.keys(record)) {
    const condition = record[key];
    const at = [...path, key];
    if (key === 'any' || key === 'all') {
      checkList(condition, at, issues, { min: 1 })?.forEach((entry, index) => {
        checkFilter(entry, [...at, index], issues, depth + 1);
      });
    } else if (key === 'not') checkFilter(condition, at, issues, depth + 1);
    else if (FIELDS.some((field) => field === key) || /^(attributes|values)\../.test(key)) checkCondition(condition, at, issues);
    else {
      const near = nearestText(key, [...FIELDS, ...COMBINATORS]);
      issues.push(
        createIssue('unknown_key', at, {
          expected: `a credit field (${FIELDS.join(', ')}, attributes.NAME, values.NAME) or ${COMBINATORS.join(', ')}`,
          received: key,
          hint: near === undefined ? 'your own fields are "attributes.NAME"' : `did you mean "${near}"?`,
        }),
      );
    }
  }
}

function checkCondition(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return;
  const record = checkRecord(value, path, issues, 'a value, { in: [...] } or { from, to }');
  if (record === undefined) return;
  checkKeys(record, ['in', 'from', 'to'], path, issues);
  if (Object.hasOwn(record, 'in')) {
    checkList(record['in'], [...path, 'in'], issues, { min: 1 })?.forEach((entry, index) => {
      if (entry !== null && !['string', 'number', 'boolean'].includes(typeof entry)) {
        issues.push(createIssue('invalid_type', [...path, 'in', index], { expected: 'a text, number, boolean or null', received: entry }));
      }
    });
    return;
  }
  if (!Object.hasOwn(record, 'from') && !Object.hasOwn(record, 'to')) issues.push(createIssue('empty', path, { expected: 'in, from or to' }));
  for (const bound of ['from', 'to']) {
    if (!Object.hasOwn(record, bound)) continue;
    const limit = record[bound];
    if (typeof limit === 'string' && DATE.test(limit)) continue;
    const read =
      typeof limit === 'string' ? readDecimal(limit, [...path, bound]) : createIssue('invalid_type', [...path, bound], { expected: 'a decimal text or a date', received: limit });
    if (typeof read !== 'string') issues.push(read);
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A test for credits. */
export type CreditPredicate = (credit: Credit) => boolean;

/** Compiles a checked filter. */
export function compileFilter(filter: CreditFilter | undefined): CreditPredicate | undefined {
  if (filter === undefined) return undefined;
  const tests: CreditPredicate[] = [];
  for (const key of Object.keys(filter)) {
    if (key === 'any' || key === 'all') {
      const parts = (filter[key] ?? []).map((part) => compileFilter(part) ?? accept);
      tests.push(key === 'any' ? (credit) => parts.some((part) => part(credit)) : (credit) => parts.every((part) => part(credit)));
    } else if (key === 'not') {
      const inner = compileFilter(filter.not) ?? accept;
      tests.push((credit) => !inner(credit));
    } else tests.push(compileCondition(key, filter[key as CreditFilterField] as FieldCondition));
  }
  const [only] = tests;
  return tests.length === 1 ? only : (credit) => tests.every((test) => test(credit));
}

const accept: CreditPredicate = () => true;

function compileCondition(field: string, condition: FieldCondition): CreditPredicate {
  const read = creditFieldReader(field);
  if (!isPlainRecord(condition)) return (credit) => sameValue(read(credit), condition);
  const record = condition as { readonly in?: readonly (string | number | boolean | null)[]; readonly from?: string; readonly to?: string };
  const list = record.in;
  if (list !== undefined) return (credit) => list.some((entry) => sameValue(read(credit), entry));
  const { from, to } = record;
  return (credit) => {
    const value = read(credit);
    if (value === undefined || value === null) return false;
    return (from === undefined || compareTo(value, from) >= 0) && (to === undefined || compareTo(value, to) < 0);
  };
}

function sameValue(value: unknown, wanted: string | number | boolean | null): boolean {
  return wanted === null ? value === undefined || value === null : value === wanted;
}

/** NaN where the two cannot be compared, so that neither bound holds. */
function compareTo(value: unknown, bound: string): number {
  if (typeof value === 'string' && DATE.test(value)) return DATE.test(bound) ? (value < bound ? -1 : value > bound ? 1 : 0) : Number.NaN;
  if (DATE.test(bound)) return Number.NaN;
  const read = readDecimal(value);
  return typeof read === 'string' ? exactCompare(toExact(read), toExact(bound)) : Number.NaN;
}

/** Checks the name of a field of unknown shape. */
export function checkCreditField(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (typeof value === 'string' && (FIELDS.some((field) => field === value) || /^(attributes|values)\../.test(value))) return;
  const near = typeof value === 'string' ? nearestText(value, FIELDS) : undefined;
  issues.push(
    createIssue(typeof value === 'string' ? 'invalid_value' : 'invalid_type', path, {
      expected: `a credit field (${FIELDS.join(', ')}, attributes.NAME, values.NAME)`,
      received: value,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    }),
  );
}

/** Reads a field by name; money fields give their amount. */
export function creditFieldReader(field: string): (credit: Credit) => unknown {
  if (field.startsWith('attributes.')) {
    const name = field.slice('attributes.'.length);
    return (credit) => ownValue(credit.attributes, name);
  }
  if (field.startsWith('values.')) {
    const name = field.slice('values.'.length);
    return (credit) => ownValue(credit.values, name);
  }
  if (field === 'type') return (credit) => credit.type ?? 'direct';
  return (credit) => {
    const value = ownValue(credit as unknown as Readonly<Record<string, unknown>>, field);
    return isPlainRecord(value) ? value['amount'] : value;
  };
}

function ownValue(record: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A filter in words: `kind is new and product is crm or cpq`. */
export function describeFilter(filter: CreditFilter): string {
  const parts = Object.keys(filter).map((key) => {
    if (key === 'any' || key === 'all') return `(${(filter[key] ?? []).map(describeFilter).join(key === 'any' ? ' or ' : ' and ')})`;
    if (key === 'not') return `not (${filter.not === undefined ? '' : describeFilter(filter.not)})`;
    return describeCondition(key.replace(/^(attributes|values)\./, ''), filter[key as CreditFilterField] ?? null);
  });
  return parts.join(' and ');
}

function describeCondition(field: string, condition: FieldCondition): string {
  if (typeof condition !== 'object' || condition === null) return condition === null ? `${field} is not given` : `${field} is ${String(condition)}`;
  if ('in' in condition) return `${field} is ${condition.in.map(String).join(' or ')}`;
  const { from, to } = condition;
  return `${field} is ${[from === undefined ? undefined : `at least ${from}`, to === undefined ? undefined : `below ${to}`].filter((text) => text !== undefined).join(' and ')}`;
}

/** A field's value as text; what no field holds is an empty text. */
export function fieldText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
