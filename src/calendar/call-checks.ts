/*
 * How the public functions of this folder look at their arguments: every problem is collected, then thrown at once. Not a public entry.
 */
import { checkKeys, checkNumber, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

const NO_OPTIONS: PlainRecord = {};

/** The options of a call as a record; absent options are empty ones. Unknown keys are issues. */
export function checkOptions(options: unknown, allowed: readonly string[], issues: IssueSink): PlainRecord {
  if (options === undefined) return NO_OPTIONS;
  if (!isPlainRecord(options)) {
    issues.push(createIssue('invalid_type', ['options'], { expected: 'an object of options', received: options }));
    return NO_OPTIONS;
  }
  checkKeys(options, allowed, [], issues);
  return options;
}

/** A count that arithmetic on dates can take. */
export function checkCount(value: unknown, path: IssuePath, issues: IssueSink): number {
  return checkNumber(value, path, issues, { integer: true }) ?? Number.NaN;
}

/** Throws what was found. Only called when something was. */
export function raise(issues: IssueSink): never {
  throwIfIssues(issues);
  throw createDomainError('invalid_value', []);
}
