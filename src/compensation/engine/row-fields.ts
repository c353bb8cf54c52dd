/* Fields that rows of several kinds have: days, and fields of the user's own. */
import { readEpochDay } from '../../calendar/epoch-day.js';
import { checkRecord, type IssueSink } from '../../errors/checks.js';
import { createIssue, describeValue, type IssuePath } from '../../errors/issue.js';

/** A date of a row as a number, or the fallback with an issue. */
export function readDay(value: unknown, path: IssuePath, issues: IssueSink, fallback = Number.NaN): number {
  const day = typeof value === 'string' ? readEpochDay(value) : Number.NaN;
  if (!Number.isNaN(day)) return day;
  issues.push(
    value instanceof Date
      ? createIssue('date_instance_not_allowed', path, { expected: 'a date written YYYY-MM-DD', received: value })
      : createIssue('invalid_date', path, { expected: 'a date written YYYY-MM-DD', received: value }),
  );
  return fallback;
}

/** Fields of the user's own: plain values only, so that results stay JSON. */
export function checkAttributes(value: unknown, path: IssuePath, issues: IssueSink): void {
  const attributes = checkRecord(value, path, issues);
  for (const name of Object.keys(attributes ?? {})) {
    const entry = attributes?.[name];
    if (entry === null || typeof entry === 'string' || typeof entry === 'boolean' || (typeof entry === 'number' && Number.isFinite(entry))) continue;
    issues.push(createIssue('invalid_type', [...path, name], { expected: 'a text, finite number, boolean or null', received: entry }));
  }
}

/** A text that tells values apart, for keys: whatever it is given it neither throws nor runs long. */
export function keyText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return describeValue(value);
  return Object.keys(value)
    .sort()
    .slice(0, 10)
    .map((key) => `${key}=${describeValue((value as Readonly<Record<string, unknown>>)[key])}`)
    .join(';');
}
