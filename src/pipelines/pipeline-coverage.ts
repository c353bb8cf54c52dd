import { EXACT_ZERO, type Exact, exactDivide, exactFromCanonical, exactSign, exactSubtract, exactToNumber } from '../decimal/exact.js';
import { checkKeys, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { mismatch, moneyOf } from '../money/operand.js';
import { readOperand } from '../money/read-money.js';
import { raise } from './call-options.js';

/**
 * What coverage is computed from. All amounts have one currency.
 *
 * @category pipelines
 */
export interface PipelineCoverageInput<C extends string = string> {
  /** Value of the open pipeline that is expected to close in the period. */
  readonly open: Money<C>;
  /** The quota of the period. */
  readonly quota: Money<NoInfer<C>>;
  /** What was won in the period so far; without it only the total coverage is known. */
  readonly won?: Money<NoInfer<C>>;
}

/**
 * Why a coverage is not known: the quota is zero or less, it is met already, or what was won was not given.
 *
 * @category pipelines
 */
export type CoverageReason = 'quota-not-positive' | 'quota-met' | 'won-not-given';

/**
 * One reading of coverage.
 *
 * @category pipelines
 */
export interface CoverageRatio<C extends string = string> {
  /** numerator / denominator, for example 3.2 (times); `null` with a reason. */
  readonly value: number | null;
  /** The open pipeline. */
  readonly numerator: Money<C>;
  /** The quota, or what is left of it; `null` if that is not known. */
  readonly denominator: Money<C> | null;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: CoverageReason;
}

/**
 * Both usual readings of pipeline coverage.
 *
 * @category pipelines
 */
export interface PipelineCoverage<C extends string = string> {
  /** Open pipeline / quota. */
  readonly total: CoverageRatio<C>;
  /** Open pipeline / (quota − won): what is still needed. */
  readonly toGo: CoverageRatio<C>;
  /** max(0, quota − won); `null` if what was won was not given. */
  readonly gap: Money<C> | null;
}

/**
 * Pipeline coverage: how many times the open pipeline covers the quota (`total`), and what is left of the quota (`toGo`).
 * Coverage is not the inverse of a win rate: deals slip out of the period and new ones come in.
 *
 * @param input - open pipeline, quota, and what was won so far
 * @returns both ratios, each `null` with a reason where it does not exist
 * @throws DomainError `currency_mismatch` | `unknown_key` | `missing_key`, or what is wrong with an amount
 * @example
 * ```ts
 * import { money } from 'dealwright/money';
 * import { pipelineCoverage } from 'dealwright/pipelines';
 * const coverage = pipelineCoverage({ open: money(900_000, 'USD'), quota: money(500_000, 'USD'), won: money(200_000, 'USD') });
 * [coverage.total.value, coverage.toGo.value]; // => [1.8, 3]
 * coverage.gap; // => { amount: '300000.00', currency: 'USD' }
 * pipelineCoverage({ open: money(1, 'USD'), quota: money(1, 'USD'), won: money(1, 'USD') }).toGo.reason; // => 'quota-met'
 * ```
 * @category pipelines
 */
export function pipelineCoverage<C extends string>(input: PipelineCoverageInput<C>): PipelineCoverage<C> {
  const issues: IssueSink = [];
  const record = checkRecord(input, [], issues, '{ open, quota, won? }') ?? {};
  checkKeys(record, ['open', 'quota', 'won'], [], issues);
  const open = readOperand(record.open, ['open'], issues);
  const quota = readOperand(record.quota, ['quota'], issues);
  const won = record.won === undefined ? null : readOperand(record.won, ['won'], issues);
  for (const [name, amount] of [
    ['quota', quota],
    ['won', won],
  ] as const) {
    if (open !== undefined && amount !== undefined && amount !== null && amount.currency !== open.currency)
      issues.push(mismatch(open.currency, amount.currency, [name, 'currency']));
  }
  if (issues.length > 0 || open === undefined || quota === undefined || won === undefined) return raise(issues);
  const amounts = { open: exactFromCanonical(open.amount), quota: exactFromCanonical(quota.amount), currency: input.open.currency };
  const total = exactSign(amounts.quota) <= 0 ? missingRatio(amounts, 'quota-not-positive', amounts.quota) : ratio(amounts, amounts.quota);
  if (won === null) return { total, toGo: missingRatio(amounts, 'won-not-given', null), gap: null };
  const left = exactSubtract(amounts.quota, exactFromCanonical(won.amount));
  const gap = moneyOf(exactSign(left) > 0 ? left : EXACT_ZERO, amounts.currency);
  if (exactSign(amounts.quota) <= 0) return { total, toGo: missingRatio(amounts, 'quota-not-positive', left), gap };
  return { total, toGo: exactSign(left) <= 0 ? missingRatio(amounts, 'quota-met', left) : ratio(amounts, left), gap };
}

interface CoverageAmounts<C extends string> {
  readonly open: Exact;
  readonly quota: Exact;
  readonly currency: C;
}

function ratio<C extends string>({ open, currency }: CoverageAmounts<C>, denominator: Exact): CoverageRatio<C> {
  const value = exactToNumber(exactDivide(open, denominator, { scale: 20 }));
  // Results of computations may have hundreds of digits, more than a float64 can tell.
  if (!Number.isFinite(value)) return raise([createIssue('out_of_range', ['open'], { expected: 'amounts whose ratio is a number' })]);
  return { value, numerator: moneyOf(open, currency), denominator: moneyOf(denominator, currency) };
}

function missingRatio<C extends string>({ open, currency }: CoverageAmounts<C>, reason: CoverageReason, denominator: Exact | null): CoverageRatio<C> {
  return { value: null, numerator: moneyOf(open, currency), denominator: denominator === null ? null : moneyOf(denominator, currency), reason };
}
