import { ERROR_CODES, type IssueCode } from './codes.js';

/**
 * Where in the input something is wrong: keys and array indexes from the root.
 *
 * @category errors
 */
export type IssuePath = readonly (string | number)[];

/**
 * One problem found in an input, as plain data. Compatible with the issues of Standard Schema (`message`, `path`).
 *
 * @category errors
 */
export interface Issue {
  /** What kind of problem; the meanings are in {@link ERROR_CODES}. */
  readonly code: IssueCode;
  /** Where it is, from the root of the input. */
  readonly path: IssuePath;
  /** One sentence for a person; never parse it, use `code`. */
  readonly message: string;
  /** What would have been accepted. */
  readonly expected?: string;
  /** What was found, shortened to 80 characters. */
  readonly received?: string;
  /** How it is most likely put right. */
  readonly hint?: string;
}

/**
 * The parts of an issue beside its code and path.
 *
 * @category errors
 */
export interface IssueDetails {
  /** A sentence of your own; by default the meaning of the code. */
  readonly message?: string;
  /** What would have been accepted. */
  readonly expected?: string;
  /** The offending value itself; it is described and shortened. */
  readonly received?: unknown;
  /** How it is most likely put right. */
  readonly hint?: string;
}

const MAX_DESCRIPTION = 80;

// Line breaks, other control characters and bidirectional overrides would break or disguise the one line an issue is shown on.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/**
 * Describes any value in at most 80 characters, without calling anything on it that could throw or take long.
 *
 * @param value - any value, hostile ones included
 * @returns for example `"abc"`, `12`, `an array of 3`, `an object`, `a function`; control characters in texts are written `\u000a`
 * @example
 * ```ts
 * import { describeValue } from 'dealwright/errors';
 * describeValue('12 %'); // => '"12 %"'
 * describeValue([1, 2, 3]); // => 'an array of 3'
 * ```
 * @category errors
 */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return describeText(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint': {
      // A bigint of a million digits takes seconds to print: describe its size instead.
      if (value > 10n ** 30n || value < -(10n ** 30n)) return 'a bigint of more than 30 digits';
      return `${value}n`;
    }
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    default:
      try {
        if (Array.isArray(value)) return `an array of ${Number(value.length)}`;
        return value instanceof Date ? 'a Date' : 'an object';
      } catch {
        // A proxy may throw on any access.
        return 'an object';
      }
  }
}

function describeText(text: string): string {
  // No more than what can be shown is looked at: the text may be of any size.
  const whole = escapeUnprintable(text.slice(0, MAX_DESCRIPTION));
  if (text.length <= MAX_DESCRIPTION && whole.length <= MAX_DESCRIPTION - 2) return `"${whole}"`;
  const suffix = `…" (${text.length} characters)`;
  return `"${whole.slice(0, MAX_DESCRIPTION - 1 - suffix.length).replace(/[\ud800-\udbff]$/, '')}${suffix}`;
}

/** The text on one line: what would break or disguise it is written as `\u000a`. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Makes an {@link Issue}.
 *
 * @param code - from {@link ERROR_CODES}, or your own
 * @param path - where the value stands in the input
 * @param details - what was expected and received; `received` takes the value itself
 * @returns the issue, with absent details left out
 * @example
 * ```ts
 * import { createIssue } from 'dealwright/errors';
 * createIssue('rate_out_of_range', ['tiers', 2, 'rate'], { expected: 'a fraction from 0 to 1', received: '12', hint: 'did you mean "0.12"?' }).received; // => '"12"'
 * ```
 * @category errors
 */
export function createIssue(code: IssueCode, path: IssuePath, details: IssueDetails = {}): Issue {
  const known: Readonly<Record<string, string>> = ERROR_CODES;
  // typeof: Object.hasOwn calls toString of whatever else it is given.
  const meaning = typeof code === 'string' && Object.hasOwn(known, code) ? known[code] : undefined;
  const { message, expected, received, hint } = details ?? {};
  return {
    code,
    path,
    message: message ?? meaning ?? code,
    ...(expected === undefined ? {} : { expected }),
    ...(Object.hasOwn(details ?? {}, 'received') ? { received: describeValue(received) } : {}),
    ...(hint === undefined ? {} : { hint }),
  };
}

/**
 * Writes a path the way JavaScript would: `components[0].rate.tiers[2].rate`.
 *
 * @param path - keys and indexes
 * @returns the path as text; `(input)` for the root
 * @example
 * ```ts
 * import { formatPath } from 'dealwright/errors';
 * formatPath(['tiers', 2, 'rate']); // => 'tiers[2].rate'
 * ```
 * @category errors
 */
export function formatPath(path: IssuePath): string {
  // The path may come from elsewhere (an issue read from JSON), so nothing is taken on trust here.
  const parts: readonly unknown[] = Array.isArray(path) ? path : [];
  let text = '';
  for (const part of parts) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (typeof part === 'string' && part.length <= MAX_DESCRIPTION && /^[A-Za-z_$][\w$-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${describeValue(part)}]`;
  }
  return text === '' ? '(input)' : text;
}

/**
 * Renders one issue on one line: path, expected, received, hint, code. Never throws, whatever the issue was read from.
 *
 * @param issue - the issue
 * @returns for example `tiers[2].rate  expected a fraction from 0 to 1, received "12" — did you mean "0.12"?  (rate_out_of_range)`
 * @example
 * ```ts
 * import { createIssue, formatIssue } from 'dealwright/errors';
 * formatIssue(createIssue('missing_key', ['id'], { expected: 'a text' })); // => 'id  expected a text  (missing_key)'
 * ```
 * @category errors
 */
export function formatIssue(issue: Issue): string {
  // An issue may have been stored and read back, or come from another library.
  const given: unknown = issue;
  if (typeof given !== 'object' || given === null) return describeValue(given);
  const { code, path, message, expected, received, hint } = issue;
  const found = received === undefined ? '' : `received ${lineOf(received)}`;
  const sentence = expected === undefined ? `${lineOf(message)}${found === '' ? '' : ` R${found.slice(1)}.`}` : `expected ${lineOf(expected)}${found === '' ? '' : `, ${found}`}`;
  return `${formatPath(path)}  ${sentence}${hint === undefined ? '' : ` — ${lineOf(hint)}`}  (${lineOf(code)})`;
}

function lineOf(part: unknown): string {
  return typeof part === 'string' ? escapeUnprintable(part) : describeValue(part);
}
