import { EXACT_ZERO, type Exact, exactAdd, exactFromCanonical, exactFromScaled } from '../decimal/exact.js';
import { addSafe, parseScaledInteger } from '../decimal/scaled-integer.js';
import { checkList, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { exponentOf } from './currencies.js';
import type { Money } from './money.js';
import { checkedCurrency, checkedOptions, mismatch, moneyOf } from './operand.js';
import { readOperand } from './read-money.js';

/**
 * What is summed.
 *
 * @category money
 */
export interface SumMoneyOptions<C extends string = string> {
  /** The currency of every amount, and of the sum over none. */
  readonly currency: C;
}

/**
 * Adds up amounts of one currency, exactly. For several currencies, see {@link sumMoneyIn}.
 *
 * @param amounts - the amounts, all of the stated currency
 * @param options - the currency
 * @returns the sum, never rounded; zero for an empty list
 * @throws DomainError `currency_mismatch` with every amount in another currency, or what is wrong with the amounts
 * @example
 * ```ts
 * import { money, sumMoney } from 'dealwright/money';
 * sumMoney([money('0.10', 'USD'), money('0.20', 'USD')], { currency: 'USD' }); // => { amount: '0.30', currency: 'USD' }
 * sumMoney([], { currency: 'JPY' }); // => { amount: '0', currency: 'JPY' }
 * ```
 * @category money
 */
export function sumMoney<const C extends string>(amounts: readonly Money<NoInfer<C>>[], options: SumMoneyOptions<C>): Money<C> {
  const currency = checkedCurrency(checkedOptions(options, ['currency'])['currency'], ['options', 'currency']);
  const issues: IssueSink = [];
  const list = checkList(amounts, ['amounts'], issues, { expected: 'a list of amounts' }) ?? [];
  const sum = createExactSum(exponentOf(currency));
  for (let index = 0; index < list.length; index += 1) {
    const value = list[index];
    if (sum.addFast(value, currency)) continue;
    const parts = readOperand(value, ['amounts', index], issues);
    if (parts === undefined) continue;
    if (parts.currency === currency) sum.add(exactFromCanonical(parts.amount));
    else issues.push(mismatch(currency, parts.currency, ['amounts', index, 'currency']));
  }
  throwIfIssues(issues, issues.length > 1 ? { summary: `${issues.length} of the amounts cannot be added` } : {});
  return moneyOf(sum.total(), options.currency);
}

/** A running sum that is a safe integer of minor units as long as it can be. Not a public entry. */
export interface ExactSum {
  /** Adds an amount that is plainly in order, or says that it must be looked at. */
  readonly addFast: (value: unknown, currency: string) => boolean;
  readonly add: (value: Exact) => void;
  readonly total: () => Exact;
}

/** See {@link ExactSum}. */
export function createExactSum(scale: number): ExactSum {
  let fast = 0;
  let slow = EXACT_ZERO;
  return {
    addFast: (value, currency) => {
      if (!isPlainRecord(value)) return false;
      const { amount, currency: given } = value;
      if (typeof amount !== 'string' || given !== currency || Object.keys(value).length !== 2) return false;
      const next = addSafe(fast, parseScaledInteger(amount, scale));
      // NaN: too large, or finer than the minor unit. What was added so far stays.
      if (Number.isNaN(next)) return false;
      fast = next;
      return true;
    },
    add: (value) => {
      slow = exactAdd(slow, value);
    },
    total: () => exactAdd(slow, exactFromScaled(fast, scale)),
  };
}
