/*
 * How the distribution functions read their arguments: one value, one options object with named parameters. Not a public entry.
 */
import { checkKeys, checkNumber, checkOneOf, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/**
 * Which side of a distribution a probability is counted from: `lower` is P(X ≤ x), `upper` is P(X > x).
 * Ask for the upper tail directly instead of taking 1 − lower: it keeps its digits when it is tiny.
 *
 * @category stats
 */
export type Tail = 'lower' | 'upper';

/** What a parameter must satisfy. */
export interface ParameterRule {
  readonly min?: number;
  readonly max?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  /** Exclusive upper bound. */
  readonly below?: number;
  readonly integer?: boolean;
  /** A probability: beyond 1 the hint asks whether a percentage was meant. */
  readonly fraction?: boolean;
  /** Value when absent; without it the parameter is required. */
  readonly fallback?: number;
}

/** Bounds within which the special functions keep their accuracy. */
export const SHAPE: ParameterRule = { min: 1e-100, max: 1e10 };

/** Largest count that discrete distributions accept. */
export const COUNT: ParameterRule = { min: 0, max: 1e10, integer: true };

/** Any finite number. */
export const ANY: ParameterRule = {};

/** A probability strictly between 0 and 1. */
export const OPEN_PROBABILITY: ParameterRule = { above: 0, below: 1, fraction: true };

/** A probability from 0 to 1. */
export const PROBABILITY: ParameterRule = { min: 0, max: 1, fraction: true };

/** A number that obeys the rule, or undefined with an issue. */
export function readParameter(value: unknown, rule: ParameterRule, path: IssuePath, issues: IssueSink): number | undefined {
  const number = checkNumber(value, path, issues, rule.integer === true ? { integer: true } : {});
  if (number === undefined) return undefined;
  const { min, max, above, below } = rule;
  const isTooSmall = (min !== undefined && number < min) || (above !== undefined && number <= above);
  const isTooLarge = (max !== undefined && number > max) || (below !== undefined && number >= below);
  if (!isTooSmall && !isTooLarge) return number;
  const low = above !== undefined ? `more than ${above}` : min !== undefined ? `at least ${min}` : undefined;
  const high = below !== undefined ? `less than ${below}` : max !== undefined ? `at most ${max}` : undefined;
  const isPercentage = rule.fraction === true && number > 1 && number <= 100;
  issues.push(
    createIssue(rule.fraction === true ? 'invalid_probability' : 'out_of_range', path, {
      expected: `a number of ${[low, high].filter((part) => part !== undefined).join(' and ')}`,
      received: number,
      ...(isPercentage ? { hint: `a percentage? did you mean ${number / 100}?` } : {}),
    }),
  );
  return undefined;
}

/** What {@link readCall} found. */
export interface DistributionCall<K extends string> {
  readonly value: number;
  readonly isUpper: boolean;
  readonly parameters: Readonly<Record<K, number>>;
}

/** Reads `f(value, { …parameters, tail })`; throws one error with everything that is wrong. */
export function readCall<const K extends string>(
  name: string,
  value: unknown,
  valueRule: ParameterRule,
  options: unknown,
  rules: Readonly<Record<K, ParameterRule>>,
  hasTail = true,
): DistributionCall<K> {
  const issues: IssueSink = [];
  const number = readParameter(value, valueRule, [name], issues);
  const names = Object.keys(rules) as K[]; // the keys of our own table of rules
  const parameters = {} as Record<K, number>; // filled below, one entry per rule
  let isUpper = false;
  const record = options === undefined ? {} : options;
  if (isPlainRecord(record)) {
    checkKeys(record, hasTail ? [...names, 'tail'] : names, ['options'], issues);
    for (const key of names) {
      const rule = rules[key];
      const given = Object.hasOwn(record, key) ? record[key] : undefined;
      if (given === undefined) {
        if (rule.fallback !== undefined) parameters[key] = rule.fallback;
        else issues.push(createIssue('missing_key', ['options', key], { expected: 'a number' }));
        continue;
      }
      const read = readParameter(given, rule, ['options', key], issues);
      if (read !== undefined) parameters[key] = read;
    }
    if (hasTail && Object.hasOwn(record, 'tail') && record['tail'] !== undefined) isUpper = checkOneOf(record['tail'], ['lower', 'upper'], ['options', 'tail'], issues) === 'upper';
  } else {
    issues.push(createIssue('invalid_type', ['options'], { expected: 'an object', received: options }));
  }
  throwIfIssues(issues);
  return { value: number ?? 0, isUpper, parameters };
}

/** A result that must be a finite number: overflow of extreme but finite arguments is an error, never Infinity. */
export function requireFiniteResult(value: number, path: IssuePath): number {
  if (!Number.isFinite(value)) {
    throwIfIssues([createIssue('out_of_range', path, { message: 'The result is too large for a floating-point number.' })]);
  }
  return value;
}
