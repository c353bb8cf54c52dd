import { DomainError } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';

/**
 * A decimal number as text, in canonical form: `-?digits(.digits)?`, no exponent, no `-0`, no leading zeros, no trailing zeros after the point.
 *
 * @category decimal
 */
export type DecimalString = string;

/**
 * Everything that can be read as an exact decimal: text, an integer or short number, a bigint, or a value of decimal.js, big.js or bignumber.js
 * (anything whose `toFixed()` gives plain notation).
 *
 * @category decimal
 */
export type DecimalInput = string | number | bigint | { toFixed(): string };

/** Most integer digits that an input may have. */
export const MAX_INTEGER_DIGITS = 20;
/** Most fraction digits that an input may have. */
export const MAX_FRACTION_DIGITS = 12;
/** A JavaScript number with more significant digits than this cannot have been meant. */
const MAX_NUMBER_DIGITS = 15;
/** Longer texts are refused unread. */
const MAX_LENGTH = 64;
/** Most digits before and after the point of a figure that the library has computed: products and sums have more digits than inputs may have. */
const MAX_COMPUTED_DIGITS = 400;

const GRAMMAR = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads an exact decimal, strictly: no exponent in texts, no hexadecimal, no separators, no blanks, no NaN or infinity; at most 20 integer and 12
 * fraction digits. A JavaScript number with more than 15 significant digits is refused, since it cannot have been meant (`0.1 + 0.2`).
 *
 * @param input - what to read
 * @param path - where it stands in a larger input, for the error
 * @returns the canonical text: `'007.50'` gives `'7.5'`, `-0` gives `'0'`
 * @throws DomainError `invalid_decimal` | `not_finite` | `imprecise_number` | `precision_exceeded`
 * @example
 * ```ts
 * import { parseDecimal } from 'dealwright/decimal';
 * parseDecimal('7970.60'); // => '7970.6'
 * parseDecimal(0.08); // => '0.08'
 * ```
 * @category decimal
 */
export function parseDecimal(input: DecimalInput, path: IssuePath = []): DecimalString {
  const result = readDecimal(input, path);
  if (typeof result === 'string') return result;
  throw new DomainError([result]);
}

/**
 * Reads an exact decimal like {@link parseDecimal}, and gives the problem as data instead of throwing it.
 *
 * @param input - any value
 * @param path - where it stands in a larger input
 * @returns the canonical text, or the issue
 * @example
 * ```ts
 * import { readDecimal } from 'dealwright/decimal';
 * readDecimal('12'); // => '12'
 * const issue = readDecimal('1e400');
 * typeof issue === 'object' && issue.code; // => 'invalid_decimal'
 * ```
 * @category decimal
 */
export function readDecimal(input: unknown, path: IssuePath = []): DecimalString | Issue {
  switch (typeof input) {
    case 'string':
      return readText(input, path, input);
    case 'number':
      return readNumber(input, path);
    case 'bigint':
      if (input >= 10n ** 20n || input <= -(10n ** 20n)) return createIssue('precision_exceeded', path, { expected: expectedDigits, received: input });
      return input.toString();
    case 'object':
      return readDecimalLike(input, path);
    default:
      return createIssue('invalid_decimal', path, { expected: 'a decimal number', received: input });
  }
}

/**
 * Reads the text of a figure that was computed, as it stands in a trace or in an unrounded amount: the same grammar, but up to 400 digits on either
 * side of the point. Not a public entry.
 */
export function readComputedDecimal(text: unknown, path: IssuePath): DecimalString | Issue {
  if (typeof text !== 'string') return createIssue('invalid_type', path, { expected: 'a decimal number as text', received: text });
  return readText(text, path, text, MAX_COMPUTED);
}

interface DigitLimits {
  readonly length: number;
  readonly integer: number;
  readonly fraction: number;
  readonly expected: string;
}

const expectedDigits = `at most ${MAX_INTEGER_DIGITS} digits before and ${MAX_FRACTION_DIGITS} after the point`;
const MAX_INPUT: DigitLimits = { length: MAX_LENGTH, integer: MAX_INTEGER_DIGITS, fraction: MAX_FRACTION_DIGITS, expected: expectedDigits };
const MAX_COMPUTED: DigitLimits = {
  length: 2 * MAX_COMPUTED_DIGITS + 2,
  integer: MAX_COMPUTED_DIGITS,
  fraction: MAX_COMPUTED_DIGITS,
  expected: `at most ${MAX_COMPUTED_DIGITS} digits before and after the point`,
};

function readText(text: string, path: IssuePath, received: unknown, limits: DigitLimits = MAX_INPUT): DecimalString | Issue {
  if (text.length > limits.length) return createIssue('precision_exceeded', path, { expected: limits.expected, received });
  const match = GRAMMAR.exec(text);
  if (match === null) {
    const hint = hintFor(text);
    return createIssue('invalid_decimal', path, { expected: 'a decimal number such as "1250.50"', received, ...(hint === undefined ? {} : { hint }) });
  }
  const integer = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (integer.length > limits.integer || fraction.length > limits.fraction) {
    return createIssue('precision_exceeded', path, { expected: limits.expected, received });
  }
  if (integer === '0' && fraction === '') return '0';
  return `${match[1] ?? ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
}

function hintFor(text: string): string | undefined {
  if (text.trim() === '') return 'an absent number is null, not an empty text';
  if (/^\s|\s$/.test(text)) return 'remove the blanks around it';
  if (/[,_ ']/.test(text)) return 'write it without thousands separators and with a point';
  if (/%$/.test(text)) return 'write a percentage as a fraction: "0.08" for 8 %';
  if (/^[$€£¥]/.test(text)) return 'write it without a currency sign';
  if (/^-?\d+(\.\d+)?e[+-]?\d+$/i.test(text)) return 'write it without an exponent';
  return undefined;
}

function readNumber(input: number, path: IssuePath): DecimalString | Issue {
  if (!Number.isFinite(input)) return createIssue('not_finite', path, { expected: 'a finite number', received: input });
  const text = String(Math.abs(input));
  const [mantissa = '', exponentText] = text.split('e');
  const digits = mantissa.replace('.', '').replace(/^0+/, '');
  // Trailing zeros of an integer are not significant: 1000000000000000000 is one digit.
  if (digits.replace(/0+$/, '').length > MAX_NUMBER_DIGITS) {
    return createIssue('imprecise_number', path, { expected: `at most ${MAX_NUMBER_DIGITS} significant digits`, received: input, hint: 'pass a string' });
  }
  const sign = input < 0 ? '-' : '';
  if (exponentText === undefined) return readText(sign + text, path, input);
  const exponent = Number(exponentText);
  if (exponent > MAX_INTEGER_DIGITS || exponent < -MAX_FRACTION_DIGITS) {
    return createIssue('precision_exceeded', path, { expected: expectedDigits, received: input });
  }
  const point = (mantissa.split('.')[0] ?? '').length + exponent;
  const all = mantissa.replace('.', '');
  const plain = point <= 0 ? `0.${'0'.repeat(-point)}${all}` : `${all.slice(0, point).padEnd(point, '0')}${all.length > point ? `.${all.slice(point)}` : ''}`;
  return readText(sign + plain, path, input);
}

function readDecimalLike(input: object | null, path: IssuePath): DecimalString | Issue {
  const problem = createIssue('invalid_decimal', path, { expected: 'a decimal number', received: input });
  if (input === null) return problem;
  try {
    if (Array.isArray(input)) return problem;
    const toFixed: unknown = (input as { toFixed?: unknown }).toFixed;
    if (typeof toFixed !== 'function') return problem;
    // The toFixed() of a Number object, of whatever realm, drops the fraction, so it is not a decimal.
    if (Object.prototype.toString.call(input) === '[object Number]') return problem;
    const text: unknown = toFixed.call(input);
    return typeof text === 'string' ? readText(text, path, text) : problem;
  } catch {
    return problem;
  }
}
