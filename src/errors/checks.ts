/*
 * Reading untrusted values without trusting them: the pieces every zod-free validator is made of. Not a public entry.
 * Each check pushes an issue and returns undefined when the value cannot be used, so that a validator goes on to the next key.
 */
import { createIssue, type Issue, type IssuePath } from './issue.js';

/** A list that validators append to. */
export type IssueSink = Issue[];

/** An object whose own keys can be read by name. */
export type PlainRecord = Readonly<Record<string, unknown>>;

const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Longest id, label or key that is accepted. */
export const MAX_TEXT_LENGTH = 10_000;

/** How many unknown keys of one record are compared with the known ones. */
const MAX_KEY_HINTS = 100;

/** Whether a key would reach an object's prototype. */
export function isReservedKey(key: string): boolean {
  return RESERVED_KEYS.has(key);
}

/** A plain object (not an array, class instance, Map or Date), or undefined with an issue. */
export function checkRecord(value: unknown, path: IssuePath, issues: IssueSink, expected = 'an object'): PlainRecord | undefined {
  if (isPlainRecord(value)) return value;
  issues.push(createIssue('invalid_type', path, { expected, received: value }));
  return undefined;
}

/** Whether a value is an object literal or JSON object. Objects of another realm count; class instances do not. */
export function isPlainRecord(value: unknown): value is PlainRecord {
  if (typeof value !== 'object' || value === null) return false;
  try {
    if (Array.isArray(value)) return false;
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

/** Reports keys that are not allowed, with the nearest allowed key as hint. */
export function checkKeys(record: PlainRecord, allowed: readonly string[], path: IssuePath, issues: IssueSink): void {
  let hints = 0;
  for (const key of Object.keys(record)) {
    if (allowed.includes(key)) continue;
    if (isReservedKey(key)) {
      issues.push(createIssue('reserved_key', [...path, key], { received: key }));
      continue;
    }
    // A record with a million unknown keys is not a matter of spelling: only the first ones are looked up.
    const near = hints < MAX_KEY_HINTS ? nearestText(key, allowed) : undefined;
    hints += 1;
    issues.push(
      createIssue('unknown_key', [...path, key], {
        expected: `one of ${allowed.join(', ')}`,
        received: key,
        ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
      }),
    );
  }
}

/** The candidate at the smallest edit distance, if it is at most a third of the length away. */
export function nearestText(text: string, candidates: readonly string[]): string | undefined {
  if (text.length > 60) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(text.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate.length > 60) continue;
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** A list, or undefined with an issue. */
export function checkList(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly min?: number; readonly expected?: string } = {}): readonly unknown[] | undefined {
  if (!Array.isArray(value)) {
    issues.push(createIssue('invalid_type', path, { expected: options.expected ?? 'a list', received: value }));
    return undefined;
  }
  if (value.length < (options.min ?? 0)) {
    issues.push(createIssue('empty', path, { expected: `at least ${options.min ?? 0}`, received: value }));
    return undefined;
  }
  return value as readonly unknown[];
}

/** A text of acceptable length, or undefined with an issue. Empty texts are refused unless allowed. */
export function checkText(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly allowEmpty?: boolean; readonly expected?: string } = {}): string | undefined {
  if (typeof value !== 'string') {
    issues.push(createIssue('invalid_type', path, { expected: options.expected ?? 'a text', received: value }));
    return undefined;
  }
  if (value.length > MAX_TEXT_LENGTH) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_TEXT_LENGTH} characters`, received: value }));
    return undefined;
  }
  if (value === '' && options.allowEmpty !== true) {
    issues.push(createIssue('empty', path, { expected: options.expected ?? 'a text', received: value }));
    return undefined;
  }
  return value;
}

/** An id: a text that is not empty and could not be mistaken for a prototype key. */
export function checkId(value: unknown, path: IssuePath, issues: IssueSink): string | undefined {
  const text = checkText(value, path, issues, { expected: 'an id (text)' });
  if (text !== undefined && isReservedKey(text)) {
    issues.push(createIssue('reserved_key', path, { received: text }));
    return undefined;
  }
  return text;
}

/** One of a closed set of texts, or undefined with an issue and the nearest as hint. */
export function checkOneOf<const T extends string>(value: unknown, allowed: readonly T[], path: IssuePath, issues: IssueSink): T | undefined {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    const near = typeof value === 'string' ? nearestText(value, allowed) : undefined;
    issues.push(
      createIssue(typeof value === 'string' ? 'invalid_value' : 'invalid_type', path, {
        expected: `one of ${allowed.map((entry) => `"${entry}"`).join(', ')}`,
        received: value,
        ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
      }),
    );
  }
  return found;
}

/** A boolean, or undefined with an issue. */
export function checkBoolean(value: unknown, path: IssuePath, issues: IssueSink): boolean | undefined {
  if (typeof value === 'boolean') return value;
  issues.push(createIssue('invalid_type', path, { expected: 'true or false', received: value }));
  return undefined;
}

/** A finite number within bounds, or undefined with an issue. */
export function checkNumber(
  value: unknown,
  path: IssuePath,
  issues: IssueSink,
  options: { readonly min?: number; readonly max?: number; readonly integer?: boolean } = {},
): number | undefined {
  if (typeof value !== 'number') {
    issues.push(createIssue('invalid_type', path, { expected: 'a number', received: value }));
    return undefined;
  }
  if (!Number.isFinite(value)) {
    issues.push(createIssue('not_finite', path, { expected: 'a finite number', received: value }));
    return undefined;
  }
  if (options.integer === true && !Number.isSafeInteger(value)) {
    issues.push(createIssue('not_an_integer', path, { expected: 'a whole number', received: value }));
    return undefined;
  }
  const { min, max } = options;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    const expected = min !== undefined && max !== undefined ? `a number from ${min} to ${max}` : min !== undefined ? `a number of at least ${min}` : `a number of at most ${max}`;
    issues.push(createIssue('out_of_range', path, { expected, received: value }));
    return undefined;
  }
  return value;
}

/** A probability, share or other fraction from 0 to 1; above 1 the hint asks whether a percentage was meant. */
export function checkFraction(value: unknown, path: IssuePath, issues: IssueSink): number | undefined {
  const number = checkNumber(value, path, issues);
  if (number === undefined) return undefined;
  if (number < 0 || number > 1) {
    issues.push(
      createIssue('fraction_out_of_range', path, {
        expected: 'a fraction from 0 to 1',
        received: number,
        ...(number > 1 && number <= 100 ? { hint: `a percentage? did you mean ${Number((number / 100).toPrecision(15))}?` } : {}),
      }),
    );
    return undefined;
  }
  return number;
}
