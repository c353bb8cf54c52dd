/*
 * How the functions of this folder look at their options. Not a public entry.
 */
import { checkKeys, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';

/**
 * The options of a call, with no keys but those allowed; absent options are empty ones.
 *
 * @throws DomainError `invalid_type` | `unknown_key`
 */
export function checkedOptions(options: unknown, allowed: readonly string[]): PlainRecord {
  const issues: IssueSink = [];
  const record = options === undefined ? {} : checkRecord(options, ['options'], issues, 'an object of options');
  if (record !== undefined) checkKeys(record, allowed, [], issues);
  throwIfIssues(issues);
  return record ?? {};
}
