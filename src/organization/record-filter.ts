/*
 * Conditions on the fields of a record, as data: the language in which territories say which accounts are theirs and crediting rules which sales. Not a public
 * entry; the folders that use it publish types of their own.
 */
import { readEpochDay } from '../calendar/epoch-day.js';
import { exactCompare, toExact } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkList, checkRecord, type IssueSink, isPlainRecord, nearestText, type PlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/**
 * What a field must be: a value, one of several, within a half-open range (`from` belongs, `to` does not; decimal texts or dates), or a text that begins
 * with one of some prefixes.
 *
 * @category organization
 */
export type FieldTest =
  | string
  | number
  | boolean
  | null
  | {
      /** One of these. */
      readonly in: readonly (string | number | boolean | null)[];
    }
  | {
      /** From this on. */
      readonly from?: string;
      /** Up to but not including this. */
      readonly to?: string;
    }
  | {
      /** A text that begins with this, or with one of these. */
      readonly prefix: string | readonly string[];
    };

const COMBINATORS = ['any', 'all', 'not'] as const;
const MAX_DEPTH = 20;

/** Checks a filter of unknown shape on some fields; fields of one's own are `attributes.NAME`, and others with a dot where they are listed. */
export function checkRecordFilter(
  value: unknown,
  path: IssuePath,
  issues: IssueSink,
  fields: { readonly names: readonly string[]; readonly groups: readonly string[] },
  depth = 0,
): void {
  const record = checkRecord(value, path, issues, 'conditions');
  if (record === undefined) return;
  if (depth > MAX_DEPTH) {
    issues.push(createIssue('out_of_range', path, { expected: `conditions nested at most ${MAX_DEPTH} deep` }));
    return;
  }
  for (const key of Object.keys(record)) {
    const at = [...path, key];
    if (key === 'any' || key === 'all') {
      const list = checkList(record[key], at, issues, { min: 1 }) ?? [];
      for (let index = 0; index < list.length; index += 1) checkRecordFilter(list[index], [...at, index], issues, fields, depth + 1);
    } else if (key === 'not') checkRecordFilter(record[key], at, issues, fields, depth + 1);
    else if (fields.names.includes(key) || fields.groups.some((group) => key.startsWith(`${group}.`) && key.length > group.length + 1)) checkTest(record[key], at, issues);
    else {
      const near = nearestText(key, [...fields.names, ...COMBINATORS]);
      issues.push(
        createIssue('unknown_key', at, {
          expected: `one of ${[...fields.names, ...fields.groups.map((group) => `${group}.NAME`), ...COMBINATORS].join(', ')}`,
          received: key,
          hint: near === undefined ? 'your own fields are "attributes.NAME"' : `did you mean "${near}"?`,
        }),
      );
    }
  }
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function checkTest(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (isScalar(value)) return;
  const record = checkRecord(value, path, issues, 'a value, { in: [...] }, { from, to } or { prefix }');
  if (record === undefined) return;
  const keys = Object.hasOwn(record, 'in') ? ['in'] : Object.hasOwn(record, 'prefix') ? ['prefix'] : ['from', 'to'];
  checkKeys(record, keys, path, issues);
  if (Object.hasOwn(record, 'in')) {
    const list = checkList(record['in'], [...path, 'in'], issues, { min: 1 }) ?? [];
    for (let index = 0; index < list.length; index += 1) {
      if (!isScalar(list[index])) issues.push(createIssue('invalid_type', [...path, 'in', index], { expected: 'a text, number, boolean or null', received: list[index] }));
    }
  } else if (Object.hasOwn(record, 'prefix')) {
    const { prefix } = record;
    const list = Array.isArray(prefix) ? checkList(prefix, [...path, 'prefix'], issues, { min: 1 }) : [prefix];
    for (const [index, entry] of (list ?? []).entries()) {
      if (typeof entry !== 'string' || entry === '')
        issues.push(
          createIssue('invalid_type', Array.isArray(prefix) ? [...path, 'prefix', index] : [...path, 'prefix'], { expected: 'a text that is not empty', received: entry }),
        );
    }
  } else checkRange(record, path, issues);
}

function checkRange(record: PlainRecord, path: IssuePath, issues: IssueSink): void {
  const bounds = ['from', 'to'].filter((bound) => Object.hasOwn(record, bound));
  if (bounds.length === 0) issues.push(createIssue('empty', path, { expected: 'in, from, to or prefix' }));
  for (const bound of bounds) {
    const limit = record[bound];
    if (isDate(limit)) continue;
    const read =
      typeof limit === 'string' ? readDecimal(limit, [...path, bound]) : createIssue('invalid_type', [...path, bound], { expected: 'a decimal text or a date', received: limit });
    if (typeof read !== 'string') issues.push(read);
  }
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(readEpochDay(value));
}

/** How the fields of a subject are read. Absent fields give undefined. */
export type FieldReader<Subject> = (subject: Subject, field: string) => unknown;

/** Compiles a checked filter. Without one, everything passes. */
export function compileRecordFilter<Subject>(filter: object | undefined, read: FieldReader<Subject>): (subject: Subject) => boolean {
  const record: PlainRecord = filter === undefined ? {} : (filter as PlainRecord);
  const tests: ((subject: Subject) => boolean)[] = [];
  for (const key of Object.keys(record)) {
    const value = record[key];
    // The shape has been checked: `any` and `all` are lists of filters, `not` is one.
    if (key === 'any' || key === 'all') {
      const parts = (value as readonly object[]).map((part) => compileRecordFilter(part, read));
      tests.push(key === 'any' ? (subject) => parts.some((part) => part(subject)) : (subject) => parts.every((part) => part(subject)));
    } else if (key === 'not') {
      const inner = compileRecordFilter(value as object, read);
      tests.push((subject) => !inner(subject));
    } else tests.push(compileTest(key, value as FieldTest, read));
  }
  return (subject) => tests.every((test) => test(subject));
}

function compileTest<Subject>(field: string, test: FieldTest, read: FieldReader<Subject>): (subject: Subject) => boolean {
  if (!isPlainRecord(test)) return (subject) => sameValue(read(subject, field), test);
  const parts = test as { readonly in?: readonly unknown[]; readonly prefix?: string | readonly string[]; readonly from?: string; readonly to?: string };
  const { in: list, prefix, from, to } = parts;
  if (list !== undefined) {
    const values = new Set(list);
    return (subject) => {
      const value = read(subject, field);
      return values.has(value === undefined ? null : value);
    };
  }
  if (prefix !== undefined) {
    const prefixes = typeof prefix === 'string' ? [prefix] : prefix;
    return (subject) => {
      const value = read(subject, field);
      return typeof value === 'string' && prefixes.some((entry) => value.startsWith(entry));
    };
  }
  return (subject) => {
    const value = read(subject, field);
    if (value === undefined || value === null) return false;
    return (from === undefined || compareTo(value, from) >= 0) && (to === undefined || compareTo(value, to) < 0);
  };
}

function sameValue(value: unknown, wanted: unknown): boolean {
  return wanted === null ? value === undefined || value === null : value === wanted;
}

/** NaN where the two cannot be compared, so that neither bound holds. */
function compareTo(value: unknown, bound: string): number {
  if (isDate(bound)) return isDate(value) ? (value < bound ? -1 : value > bound ? 1 : 0) : Number.NaN;
  const read = readDecimal(value);
  return typeof read === 'string' ? exactCompare(toExact(read), toExact(bound)) : Number.NaN;
}

/**
 * How specific a checked filter is: the number of different fields that it says something about. Of alternatives (`any`) the least specific counts, since
 * each of them is enough.
 */
export function specificityOf(filter: object | undefined): number {
  return leastFields(filter).size;
}

function leastFields(filter: object | undefined): ReadonlySet<string> {
  const fields = new Set<string>();
  const record: PlainRecord = filter === undefined ? {} : (filter as PlainRecord);
  const add = (found: ReadonlySet<string>): void => {
    for (const field of found) fields.add(field);
  };
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (key === 'all') for (const part of value as readonly object[]) add(leastFields(part));
    else if (key === 'any') {
      const parts = (value as readonly object[]).map(leastFields);
      add(parts.reduce((least, part) => (part.size < least.size ? part : least)));
    } else if (key === 'not') add(leastFields(value as object));
    else fields.add(key);
  }
  return fields;
}

/** Reads a field by name, `attributes.NAME` and the like from the record of that name; amounts of money give their amount. */
export function readRecordField(subject: object, field: string): unknown {
  const dot = field.indexOf('.');
  if (dot < 0) return amountOf(ownValue(subject, field));
  const group = ownValue(subject, field.slice(0, dot));
  const name = field.slice(dot + 1);
  if (!isPlainRecord(group)) return undefined;
  // A name may itself hold dots; otherwise it leads further down: `account.attributes.tier`.
  return Object.hasOwn(group, name) || !name.includes('.') ? amountOf(ownValue(group, name)) : readRecordField(group, name);
}

function amountOf(value: unknown): unknown {
  return isPlainRecord(value) ? ownValue(value, 'amount') : value;
}

function ownValue(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as PlainRecord)[name] : undefined;
}
