/*
 * Checking records by a table of their fields, without zod. Not a public entry.
 */
import { checkKeys, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';

/** Looks at one field and reports what is wrong with it. */
export type FieldCheck = (value: unknown, path: IssuePath, issues: IssueSink) => unknown;

/** The fields of a record: those that must be there and those that may be. */
export interface RecordShape {
  readonly required: Readonly<Record<string, FieldCheck>>;
  readonly optional: Readonly<Record<string, FieldCheck>>;
}

/** Checks every field of a record; the record itself when nothing was wrong with it, else undefined. */
export function checkShape(value: unknown, shape: RecordShape, path: IssuePath, issues: IssueSink, expected: string): PlainRecord | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, expected);
  if (record === undefined) return undefined;
  const { required, optional } = shape;
  for (const key of Object.keys(record)) {
    if (Object.hasOwn(required, key) || Object.hasOwn(optional, key)) continue;
    checkKeys(record, [...Object.keys(required), ...Object.keys(optional)], path, issues);
    break;
  }
  for (const key of Object.keys(required)) {
    if (Object.hasOwn(record, key)) required[key]?.(record[key], [...path, key], issues);
    else issues.push(createIssue('missing_key', [...path, key]));
  }
  for (const key of Object.keys(optional)) {
    if (Object.hasOwn(record, key)) optional[key]?.(record[key], [...path, key], issues);
  }
  return issues.length === before ? record : undefined;
}

/** Appends one by one: a list that is too long to be spread into arguments is no exception. */
export function pushIssues(issues: IssueSink, found: readonly Issue[]): void {
  for (const issue of found) issues.push(issue);
}

/** The value of an own field, or undefined. */
export function ownField(record: PlainRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The same check, but null passes. */
export function orNull(check: FieldCheck): FieldCheck {
  return (value, path, issues) => (value === null ? null : check(value, path, issues));
}
