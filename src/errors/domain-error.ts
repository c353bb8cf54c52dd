import { isPlainRecord } from './checks.js';
import type { IssueCode } from './codes.js';
import { createIssue, formatIssue, type Issue, type IssueDetails, type IssuePath } from './issue.js';

// Shared by every copy of the package in one program, unlike the class itself.
const BRAND: unique symbol = Symbol.for('dealwright.DomainError');

/**
 * How an error introduces itself.
 *
 * @category errors
 */
export interface DomainErrorOptions {
  /** The error's `name`, for example `InvalidPlanError`. Default `DomainError`. */
  readonly name?: string;
  /** First line of the message, for example `2 problems in plan "ae-2026"`. */
  readonly summary?: string;
}

/**
 * The only exception this library throws: a wrong call or a wrong definition, with every problem found in it.
 * `code` is that of the first issue. Test with {@link isDomainError}, which also recognises errors of another copy of the package.
 *
 * @category errors
 */
export class DomainError extends Error {
  /** Code of the first issue. */
  readonly code: IssueCode;
  /** Everything that is wrong, at least one. */
  readonly issues: readonly [Issue, ...Issue[]];

  constructor(issues: readonly [Issue, ...Issue[]], options: DomainErrorOptions = {}) {
    const { summary, name } = options ?? {};
    const known = knownIssues(issues);
    const [first] = known;
    const shown = known.slice(0, 20).map((issue) => `  ${formatIssue(issue)}`);
    if (known.length > shown.length) shown.push(`  … and ${known.length - shown.length} more`);
    super(summary === undefined && known.length === 1 ? formatIssue(first) : `${summary ?? `${known.length} problems`}\n${shown.join('\n')}`);
    this.name = name ?? 'DomainError';
    this.code = first.code;
    this.issues = known;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** An error must say something even where the caller had nothing to say: constructing one never fails. */
function knownIssues(issues: unknown): readonly [Issue, ...Issue[]] {
  const given: readonly unknown[] = Array.isArray(issues) ? issues : [];
  const [first, ...rest] = given.map((issue, index) => (isIssue(issue) ? issue : createIssue('invalid_type', [index], { expected: 'an issue', received: issue })));
  return first === undefined ? [createIssue('empty', ['issues'], { expected: 'at least one issue', received: issues })] : [first, ...rest];
}

function isIssue(value: unknown): value is Issue {
  return isPlainRecord(value) && typeof value['code'] === 'string';
}

/**
 * Whether something caught is a {@link DomainError}, optionally with one code. Works across duplicate copies of the package.
 *
 * @param error - anything caught
 * @param code - if given, at least one issue must have this code
 * @returns true if it is such an error
 * @example
 * ```ts
 * import { isDomainError } from 'dealwright/errors';
 * import { money } from 'dealwright/money';
 * try {
 *   money('1_000', 'USD');
 * } catch (error) {
 *   isDomainError(error, 'invalid_decimal'); // => true
 * }
 * ```
 * @category errors
 */
export function isDomainError(error: unknown, code?: IssueCode): error is DomainError {
  if (typeof error !== 'object' || error === null) return false;
  try {
    const candidate = error as Partial<DomainError> & { [BRAND]?: unknown };
    if (candidate[BRAND] !== true || !Array.isArray(candidate.issues)) return false;
    return code === undefined || candidate.issues.some((issue: Issue) => issue.code === code);
  } catch {
    // A proxy may throw on any access; such a thing is not ours.
    return false;
  }
}

/**
 * Makes a {@link DomainError} of a single issue.
 *
 * @param code - from the error table
 * @param path - where the value stands in the input
 * @param details - expected, received, hint
 * @returns the error, to be thrown
 * @example
 * ```ts
 * import { createDomainError } from 'dealwright/errors';
 * createDomainError('invalid_date', ['asOf'], { received: '2026-02-30' }).code; // => 'invalid_date'
 * ```
 * @category errors
 */
export function createDomainError(code: IssueCode, path: IssuePath, details: IssueDetails = {}): DomainError {
  return new DomainError([createIssue(code, path, details)]);
}

/**
 * Throws one {@link DomainError} carrying all issues, if there are any.
 *
 * @param issues - what a validation found
 * @param options - name and summary of the error
 * @throws DomainError with the code of the first issue, when there is at least one
 * @example
 * ```ts
 * import { throwIfIssues } from 'dealwright/errors';
 * throwIfIssues([]); // => undefined
 * ```
 * @category errors
 */
export function throwIfIssues(issues: readonly Issue[], options: DomainErrorOptions = {}): void {
  const given: unknown = issues;
  if (!Array.isArray(given)) throw createDomainError('invalid_type', ['issues'], { expected: 'a list of issues', received: given });
  const [first, ...rest] = issues;
  if (first !== undefined) throw new DomainError([first, ...rest], options);
}
