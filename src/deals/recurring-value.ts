import { EXACT_ZERO, type Exact, exactAdd, exactCompare, exactDivide, exactMultiply, exactSubtract, toExact } from '../decimal/exact.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkedMoneyRounding, type MoneyRounding } from '../money/round-money.js';
import { checkedOptions } from './checked-options.js';
import type { RecurringValue } from './deal.js';
import { checkShape, ownField } from './record-shape.js';
import { type CurrencyCheck, checkMoney, checkSameCurrency, checkTermMonths } from './validate-deal-parts.js';

/**
 * One of the four recurring values, with the term and one-off parts where they are known.
 *
 * @category deals
 */
export type RecurringValueInput = (
  | {
      readonly mrr: Money;
      readonly arr?: never;
      readonly acv?: never;
      readonly tcv?: never;
    }
  | {
      readonly arr: Money;
      readonly mrr?: never;
      readonly acv?: never;
      readonly tcv?: never;
    }
  | {
      readonly acv: Money;
      readonly mrr?: never;
      readonly arr?: never;
      readonly tcv?: never;
    }
  | {
      readonly tcv: Money;
      readonly mrr?: never;
      readonly arr?: never;
      readonly acv?: never;
    }
) & {
  /** Length of the contract in months. Needed to derive the total contract value, or to start from it. */
  readonly termMonths?: number;
  /** What is paid once, such as set-up. Default: nothing. */
  readonly oneOff?: Money;
};

/**
 * What annual contract value means.
 *
 * - `annualized`: the recurring part of the contract per twelve months, so equal to ARR; one-off parts do not count
 * - `first-year`: what falls due in the first contract year: the recurring part of at most twelve months, and one-off parts
 *
 * @category deals
 */
export type AnnualContractValuePolicy = 'annualized' | 'first-year';

/**
 * Options of {@link recurringValueOf}.
 *
 * @category deals
 */
export interface RecurringValueOptions {
  /** What ACV means. Default `annualized`. */
  readonly acvPolicy?: AnnualContractValuePolicy;
  /** How a value that does not divide evenly is rounded. Default: half away from zero to the currency's minor unit. */
  readonly rounding?: MoneyRounding;
}

/**
 * A recurring value that cannot be derived.
 *
 * @category deals
 */
export interface MissingRecurringValue {
  /** The value. */
  readonly field: 'tcv';
  /** Why: the total contract value needs a term. */
  readonly reason: 'term-not-given';
}

/**
 * The recurring values of a contract.
 *
 * @category deals
 */
export interface RecurringValues {
  /** All that is known, to be put on a deal as `recurring`. `tcv` is absent if the term is not known. */
  readonly value: RecurringValue;
  /** The values that had to be rounded. */
  readonly rounded: readonly ('mrr' | 'arr' | 'acv' | 'tcv')[];
  /** Why a value is absent: the total contract value needs a term. */
  readonly missing: readonly MissingRecurringValue[];
  /** What ACV was taken to mean. */
  readonly acvPolicy: AnnualContractValuePolicy;
}

const VALUES = ['mrr', 'arr', 'acv', 'tcv'] as const;

/**
 * Derives the recurring values of a contract from one of them.
 *
 * - ARR = 12 × MRR
 * - ACV = 12 × MRR (`annualized`), or min(12, term) × MRR + one-off (`first-year`; without a term, 12 months)
 * - TCV = term in months × MRR + one-off
 *
 * The value given is kept as it is; each other one is computed from it directly, multiplied first and divided last, and rounded once, only if it does not
 * divide evenly.
 *
 * @param input - one of MRR, ARR, ACV, TCV; term; one-off parts
 * @param options - meaning of ACV, rounding
 * @returns the values, and which of them were rounded
 * @throws DomainError `missing_key` (no value, or TCV without a term) | `invalid_value` (more than one value) | `currency_mismatch` | `invalid_rounding`, and with
 * what is wrong with an amount or the term
 * @example
 * ```ts
 * import { recurringValueOf } from 'dealwright/deals';
 * const { value } = recurringValueOf({ mrr: { amount: '500', currency: 'USD' }, termMonths: 24, oneOff: { amount: '1500', currency: 'USD' } });
 * value.arr; // => { amount: '6000.00', currency: 'USD' }
 * value.tcv; // => { amount: '13500.00', currency: 'USD' }
 * recurringValueOf({ arr: { amount: '1000', currency: 'USD' } }).value.mrr; // => { amount: '83.33', currency: 'USD' }
 * ```
 * @category deals
 */
export function recurringValueOf(input: RecurringValueInput, options: RecurringValueOptions = {}): RecurringValues {
  const given = readInput(input);
  const record = checkedOptions(options, ['acvPolicy', 'rounding']);
  const issues: IssueSink = [];
  const acvPolicy = record['acvPolicy'] === undefined ? 'annualized' : checkOneOf(record['acvPolicy'], ['annualized', 'first-year'], ['acvPolicy'], issues);
  throwIfIssues(issues);
  const { currency } = given.money;
  const rounding = checkedMoneyRounding(options.rounding ?? {}, currency);
  const firstYear = acvPolicy === 'first-year';
  const term = given.termMonths;

  // Every value is MRR × months + one-off, if it includes that.
  const months = { mrr: 1, arr: 12, acv: firstYear ? Math.min(12, term ?? 12) : 12, tcv: term };
  const withOneOff = { mrr: false, arr: false, acv: firstYear, tcv: true };
  const base = toExact(given.money.amount);
  const recurringPart = withOneOff[given.key] ? exactSubtract(base, given.oneOff) : base;
  const divisor = months[given.key] ?? 1;
  const rounded: (typeof VALUES)[number][] = [];

  const derive = (key: (typeof VALUES)[number], factor: number): Money => {
    if (key === given.key) return given.money;
    const shared = greatestCommonDivisor(factor, divisor);
    const by = toExact(divisor / shared);
    const product = exactMultiply(recurringPart, toExact(factor / shared));
    const numerator = withOneOff[key] ? exactAdd(product, exactMultiply(given.oneOff, by)) : product;
    if (divisor === shared) return moneyOf(numerator, currency);
    const quotient = exactDivide(numerator, by, rounding);
    if (exactCompare(exactMultiply(quotient, by), numerator) !== 0) rounded.push(key);
    return moneyOf(quotient, currency);
  };

  const value: RecurringValue = {
    mrr: derive('mrr', months.mrr),
    arr: derive('arr', months.arr),
    acv: derive('acv', months.acv),
    ...(months.tcv === undefined ? {} : { tcv: derive('tcv', months.tcv) }),
    ...(term === undefined ? {} : { termMonths: term }),
  };
  return { value, rounded, missing: months.tcv === undefined ? [{ field: 'tcv', reason: 'term-not-given' }] : [], acvPolicy: firstYear ? 'first-year' : 'annualized' };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

interface GivenValue {
  readonly key: (typeof VALUES)[number];
  readonly money: Money;
  readonly termMonths: number | undefined;
  readonly oneOff: Exact;
}

function readInput(input: unknown): GivenValue {
  const issues: IssueSink = [];
  const optional = { mrr: checkMoney, arr: checkMoney, acv: checkMoney, tcv: checkMoney, oneOff: checkMoney, termMonths: checkTermMonths };
  const record = checkShape(input, { required: {}, optional }, [], issues, 'recurring values') ?? {};
  throwIfIssues(issues);
  const keys = VALUES.filter((candidate) => Object.hasOwn(record, candidate));
  const [key = 'mrr', second] = keys;
  if (keys.length === 0) issues.push(createIssue('missing_key', [], { expected: 'one of mrr, arr, acv, tcv' }));
  if (second !== undefined) issues.push(createIssue('invalid_value', [second], { expected: 'only one of mrr, arr, acv, tcv: the others are derived from it' }));
  const termMonths = ownField(record, 'termMonths');
  if (key === 'tcv' && termMonths === undefined)
    issues.push(createIssue('missing_key', ['termMonths'], { expected: 'the term, to derive the others from the total contract value' }));
  const seen: CurrencyCheck = {};
  for (const amount of [key, 'oneOff']) checkSameCurrency(ownField(record, amount), [amount], issues, seen);
  throwIfIssues(issues);
  const money = checkMoney(record[key], [key], issues);
  const oneOff = Object.hasOwn(record, 'oneOff') ? checkMoney(record['oneOff'], ['oneOff'], issues) : undefined;
  if (money === undefined) throw createDomainError('invalid_type', [key], { received: record[key] });
  return { key, money, termMonths: typeof termMonths === 'number' ? termMonths : undefined, oneOff: oneOff === undefined ? EXACT_ZERO : toExact(oneOff.amount) };
}
