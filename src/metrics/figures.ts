/*
 * Reading the figures that metrics are computed from: money, or plain numbers where a caller counts or keeps one currency. Not a public entry.
 */
import { EXACT_ZERO, type Exact, exactDivide, exactFromCanonical, exactRound, exactSign, exactToNumber } from '../decimal/exact.js';
import { checkKeys, checkNumber, checkRecord, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { exponentOf } from '../money/currencies.js';
import type { Money } from '../money/money.js';
import { mismatch, moneyOf } from '../money/operand.js';
import { readOperand } from '../money/read-money.js';
import type { MetricOutcome, MetricValue } from './metric.js';

/**
 * An amount: money, or a plain number, for example a number of deals. All amounts of one metric are of one kind and currency.
 *
 * @category metrics
 */
export type MetricAmount = Money | number;

/** An input under reading. */
export interface FigureReader {
  readonly record: PlainRecord;
  readonly issues: IssueSink;
  /** The currency of the amounts read so far; null for plain numbers, undefined before the first. */
  currency: string | null | undefined;
}

/** Begins to read an input. */
export function readInput(input: unknown, keys: readonly string[]): FigureReader {
  const issues: IssueSink = [];
  const record = checkRecord(input, ['input'], issues, `{ ${keys.join(', ')} }`) ?? {};
  checkKeys(record, keys, ['input'], issues);
  return { record, issues, currency: undefined };
}

const NOTHING: Exact = EXACT_ZERO;

/** An amount of the input. */
export function amountOf(reader: FigureReader, name: string): Exact {
  return readAmount(reader, reader.record[name], ['input', name]);
}

/** An amount that may be left out. */
export function optionalAmountOf(reader: FigureReader, name: string): Exact | undefined {
  return reader.record[name] === undefined ? undefined : amountOf(reader, name);
}

/** Money or a number at a place of the input. */
export function readAmount(reader: FigureReader, value: unknown, path: IssuePath): Exact {
  const { issues } = reader;
  let currency: string | null = null;
  let exact = NOTHING;
  if (isPlainRecord(value)) {
    const money = readOperand(value, path, issues);
    if (money === undefined) return NOTHING;
    currency = money.currency;
    exact = exactFromCanonical(money.amount);
  } else if (value === undefined) {
    issues.push(createIssue('missing_key', path, { expected: 'an amount of money, or a number' }));
    return NOTHING;
  } else {
    const number = checkNumber(value, path, issues, { min: -1e19, max: 1e19 });
    if (number === undefined) return NOTHING;
    // More digits than a number carries are noise of the arithmetic that made it.
    exact = exactFromCanonical(plainText(number));
  }
  if (reader.currency === undefined) reader.currency = currency;
  else if (reader.currency !== currency) {
    issues.push(
      reader.currency === null || currency === null
        ? createIssue('invalid_type', path, { expected: reader.currency === null ? 'a number, like the other amounts' : 'money, like the other amounts', received: value })
        : mismatch(reader.currency, currency, [...path, 'currency']),
    );
  }
  return exact;
}

/** A number as plain decimal text with at most 12 decimals and 15 significant digits. */
function plainText(number: number): string {
  const rounded = Number(number.toPrecision(15));
  return Math.abs(rounded) >= 1e15 ? BigInt(rounded).toString() : trimmed(rounded.toFixed(Math.min(12, Math.max(0, 15 - Math.ceil(Math.log10(Math.abs(rounded) + 1))))));
}

function trimmed(text: string): string {
  const short = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return short === '-0' || short === '' ? '0' : short;
}

/** A number of the input. */
export function numberOf(reader: FigureReader, name: string, bounds: { readonly min?: number; readonly max?: number; readonly integer?: boolean } = {}): number {
  if (reader.record[name] === undefined) {
    reader.issues.push(createIssue('missing_key', ['input', name], { expected: 'a number' }));
    return 0;
  }
  // Plus zero: −0 is no figure.
  return (checkNumber(reader.record[name], ['input', name], reader.issues, bounds) ?? 0) + 0;
}

/** A fraction of the input, 0 to 1. */
export function fractionOf(reader: FigureReader, name: string): number {
  const value = numberOf(reader, name);
  if (value >= 0 && value <= 1) return value;
  const hint = value > 1 && value <= 100 ? { hint: `a percentage? did you mean ${Number((value / 100).toPrecision(12))}?` } : {};
  reader.issues.push(createIssue('fraction_out_of_range', ['input', name], { expected: 'a fraction from 0 to 1', received: value, ...hint }));
  return 0;
}

/** Throws what was found wrong. */
export function finishReading({ issues }: FigureReader): void {
  throwIfIssues(issues);
}

/** A figure in the kind and currency of the input; rounded to the minor unit where asked. */
export function figureOf(reader: FigureReader, value: Exact, isRounded = false): MetricValue {
  const { currency } = reader;
  if (currency === null || currency === undefined) return finite(exactToNumber(value));
  return moneyOf(isRounded ? exactRound(value, { scale: exponentOf(currency) }) : value, currency);
}

/** A quotient of two amounts as a number. */
export function quotientOf(
  reader: FigureReader,
  numerator: Exact,
  denominator: Exact,
  options: { readonly n: number; readonly reason: string; readonly mayBeNegative?: boolean },
): MetricOutcome {
  const parts = { numerator: figureOf(reader, numerator), denominator: figureOf(reader, denominator), n: options.n };
  const sign = exactSign(denominator);
  if (sign === 0 || (sign < 0 && options.mayBeNegative !== true)) return { value: null, ...parts, reason: options.reason };
  return { value: finite(exactToNumber(exactDivide(numerator, denominator, { scale: 20 }))), ...parts };
}

/** An amount divided by a number, rounded once. */
export function shareOf(reader: FigureReader, numerator: Exact, denominator: number, options: { readonly n: number; readonly reason: string }): MetricOutcome {
  const parts = { numerator: figureOf(reader, numerator), denominator, n: options.n };
  if (!(denominator > 0)) return { value: null, ...parts, reason: options.reason };
  const divisor = exactFromCanonical(plainText(denominator));
  if (exactSign(divisor) === 0) return { value: null, ...parts, reason: options.reason };
  const scale = reader.currency === null || reader.currency === undefined ? 20 : exponentOf(reader.currency);
  return { value: figureOf(reader, exactDivide(numerator, divisor, { scale })), ...parts };
}

/** A plain number that is no NaN and no infinity. */
export function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw createDomainError('not_finite', ['input'], { message: 'The result exceeds what a number can hold.' });
}
