import { exactFromCanonical, exactMultiply, exactRound } from '../decimal/exact.js';
import { DomainError } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { finderOf, type MissingRateReason, type RateSource, type RateSupply } from './find-rate.js';
import type { Money } from './money.js';
import { checkedOptions, moneyOf, operandOf } from './operand.js';
import { checkedMoneyRounding, type MoneyRounding } from './round-money.js';

/**
 * Into which currency an amount is converted, by which rate.
 *
 * @category money
 */
export interface ConvertMoneyOptions<To extends string = string> {
  /** The currency wanted. */
  readonly to: To;
  /** A table of rates, or a finder made of one. */
  readonly rates: RateSupply;
  /** The day whose rate is used, `YYYY-MM-DD`. */
  readonly on: string;
  /** Where given, the product is rounded so; by default it is exact. */
  readonly rounding?: MoneyRounding;
}

/**
 * An amount in its new currency, and the rate that made it.
 *
 * @category money
 */
export interface ConvertedMoney<To extends string = string> {
  /** Amount × rate. */
  readonly money: Money<To>;
  /** Units of the new currency for one unit of the old. */
  readonly rate: string;
  /** The date of the rate, which may be earlier than the day asked for; null for an undated rate and within one currency. */
  readonly rateOn: string | null;
  /** How the rate was come by. */
  readonly source: RateSource;
}

/**
 * Converts an amount into another currency: amount × rate, exactly unless a rounding is given. Which rate is used, see {@link findRate}.
 *
 * @param value - the amount
 * @param options - currency, rates, day, rounding
 * @returns the amount and the rate used
 * @throws DomainError `missing_rate`, or what is wrong with the amount, the table or the options
 * @example
 * ```ts
 * import { convertMoney, money } from 'dealwright/money';
 * const rates = { rates: [{ from: 'EUR', to: 'USD', rate: '1.0845', on: '2026-01-01' }] };
 * convertMoney(money('100.10', 'EUR'), { to: 'USD', rates, on: '2026-03-31' }).money; // => { amount: '108.55845', currency: 'USD' }
 * convertMoney(money('100.10', 'EUR'), { to: 'USD', rates, on: '2026-03-31', rounding: {} }).money.amount; // => '108.56'
 * ```
 * @category money
 */
export function convertMoney<const To extends string>(value: Money, options: ConvertMoneyOptions<To>): ConvertedMoney<To> {
  const { amount, currency } = operandOf(value, []);
  checkedOptions(options, ['to', 'rates', 'on', 'rounding']);
  const { to, rates, on, rounding } = options;
  const found = finderOf(rates).find({ from: currency, to, on });
  if (found.rate === null) throw new DomainError([missingRate({ from: currency, to, on }, found.reason, ['currency'])]);
  const product = exactMultiply(exactFromCanonical(amount), exactFromCanonical(found.rate));
  const result = rounding === undefined ? product : exactRound(product, checkedMoneyRounding(rounding, to));
  return { money: moneyOf(result, to), rate: found.rate, rateOn: found.on, source: found.source };
}

const REASONS: Readonly<Record<MissingRateReason, string>> = {
  'no-rate-for-pair': 'the table has no rate for this pair',
  'no-rate-yet': 'the first rate of this pair is later',
  'inverse-rounds-to-zero': 'the inverse of the rate is zero at the scale of the table',
};

/** The issue of a rate that is not there. Not a public entry. */
export function missingRate(query: { readonly from: string; readonly to: string; readonly on: string }, reason: MissingRateReason, path: IssuePath): Issue {
  return createIssue('missing_rate', path, { expected: `a rate from ${query.from} to ${query.to} on or before ${query.on}`, received: query.from, hint: REASONS[reason] });
}
