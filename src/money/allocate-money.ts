import { type DecimalInput, MAX_FRACTION_DIGITS, readDecimal } from '../decimal/parse-decimal.js';
import { checkList, checkNumber, type IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { decimalOfUnits, fractionDigitsOf, unitsOf } from './canonical-amount.js';
import { exponentOf } from './currencies.js';
import type { Money } from './money.js';
import { checkedOptions, moneyOfDecimal, operandOf } from './operand.js';
import { checkedScale } from './round-money.js';

/**
 * How finely an amount is divided.
 *
 * @category money
 */
export interface AllocateMoneyOptions {
  /**
   * Fraction digits of the parts, 0 to 40, or `currency`. Default: those of the currency's minor unit, or of the amount where it has more. The amount
   * itself must fit: round it first.
   */
  readonly scale?: number | 'currency';
}

/** More parts than this are refused. */
const MAX_PARTS = 1_000_000;

/**
 * Divides an amount in proportion to weights so that the parts sum to it exactly: every part is rounded towards zero, then the units left over go one
 * each to the parts with the largest remainders (Hamilton's method), at equal remainders to the one that comes first. A negative amount is divided as
 * its positive counterpart, with the signs changed.
 *
 * @param value - the amount
 * @param weights - one per part, not negative, not all zero; they need not sum to anything
 * @param options - scale of the parts
 * @returns one amount per weight, in the same order; a weight of zero gets zero
 * @throws DomainError `invalid_weights` | `empty` | `invalid_rounding` | `out_of_range`, or what is wrong with the amount or a weight
 * @example
 * ```ts
 * import { allocateMoney, money } from 'dealwright/money';
 * allocateMoney(money('100', 'USD'), [1, 1, 1]).map((part) => part.amount); // => ['33.34', '33.33', '33.33']
 * allocateMoney(money('0.05', 'EUR'), ['0.3', '0.7']).map((part) => part.amount); // => ['0.02', '0.03']
 * ```
 * @category money
 */
export function allocateMoney<C extends string>(value: Money<C>, weights: readonly DecimalInput[], options: AllocateMoneyOptions = {}): Money<C>[] {
  const { units, negative, scale } = divisible(value, options);
  const shares = checkedWeights(weights);
  const total = shares.reduce((sum, share) => sum + share, 0n);
  const parts: bigint[] = [];
  const remainders: { readonly index: number; readonly remainder: bigint }[] = [];
  let left = units;
  shares.forEach((share, index) => {
    const product = units * share;
    const part = product / total;
    parts.push(part);
    left -= part;
    remainders.push({ index, remainder: product % total });
  });
  remainders.sort((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : a.index - b.index));
  for (const { index } of remainders) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => moneyOfDecimal(decimalOfUnits(negative ? -part : part, scale), value.currency));
}

/**
 * Divides an amount into equal parts that sum to it exactly; the first parts are one unit larger where it does not divide evenly.
 *
 * @param value - the amount
 * @param count - the number of parts, 1 to 1,000,000
 * @param options - scale of the parts
 * @returns the parts
 * @throws DomainError `out_of_range` | `not_an_integer` | `invalid_rounding`, or what is wrong with the amount
 * @example
 * ```ts
 * import { money, splitMoney } from 'dealwright/money';
 * splitMoney(money('-0.05', 'USD'), 3).map((part) => part.amount); // => ['-0.02', '-0.02', '-0.01']
 * ```
 * @category money
 */
export function splitMoney<C extends string>(value: Money<C>, count: number, options: AllocateMoneyOptions = {}): Money<C>[] {
  const { units, negative, scale } = divisible(value, options);
  const issues: IssueSink = [];
  const parts = checkNumber(count, ['count'], issues, { min: 1, max: MAX_PARTS, integer: true }) ?? 1;
  throwIfIssues(issues);
  const smaller = units / BigInt(parts);
  const larger = Number(units % BigInt(parts));
  const amountOf = (part: bigint) => moneyOfDecimal(decimalOfUnits(negative ? -part : part, scale), value.currency);
  return Array.from({ length: parts }, (_, index) => amountOf(index < larger ? smaller + 1n : smaller));
}

function divisible(value: Money, options: AllocateMoneyOptions): { readonly units: bigint; readonly negative: boolean; readonly scale: number } {
  const { amount, currency } = operandOf(value, []);
  const given = checkedOptions(options, ['scale'])['scale'];
  const digits = fractionDigitsOf(amount);
  const scale = given === undefined ? Math.max(exponentOf(currency), digits) : checkedScale(given, currency);
  if (scale < digits) {
    throw createDomainError('out_of_range', ['options', 'scale'], {
      expected: `at least ${digits}, the fraction digits of the amount`,
      received: given,
      hint: 'round the amount first',
    });
  }
  const units = unitsOf(amount, scale);
  return { units: units < 0n ? -units : units, negative: units < 0n, scale };
}

function checkedWeights(weights: unknown): readonly bigint[] {
  const issues: IssueSink = [];
  const list = checkList(weights, ['weights'], issues, { min: 1, expected: 'a list of weights' }) ?? [];
  throwIfIssues(issues);
  if (list.length > MAX_PARTS) throw createDomainError('too_long', ['weights'], { expected: `at most ${MAX_PARTS} weights`, received: weights });
  const decimals: string[] = [];
  // Not forEach: a hole in a list is a missing weight, not one to be skipped.
  for (let index = 0; index < list.length; index += 1) {
    const read = readDecimal(list[index], ['weights', index]);
    if (typeof read !== 'string') issues.push(read);
    else if (read.startsWith('-')) issues.push(createIssue('invalid_weights', ['weights', index], { expected: 'a weight that is not negative', received: list[index] }));
    else decimals.push(read);
  }
  throwIfIssues(issues, issues.length > 1 ? { summary: `${issues.length} weights cannot be used` } : {});
  const shares = decimals.map((decimal) => unitsOf(decimal, MAX_FRACTION_DIGITS));
  if (shares.every((share) => share === 0n)) throw createDomainError('invalid_weights', ['weights'], { expected: 'at least one weight above zero', received: weights });
  return shares;
}
