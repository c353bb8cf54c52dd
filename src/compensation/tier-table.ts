import { exactCompare, exactSign, toExact } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkList, checkOneOf, checkRecord, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { checkFactorText, checkFractionText } from './percent-hint.js';
import { checkRateMatrix, type RateMatrix } from './rate-matrix.js';
import { checkTierSelector, QUOTA_REFERENCES, type QuotaReference, type TierSelector } from './tier-selector.js';
import { checkValueExpression, type ValueExpression } from './value-expression.js';

/**
 * How a table of tiers applies. One table pays different amounts in each mode; vendors' names for them contradict each other.
 *
 * - `marginal`: each part of the measure is paid at the rate of the tier it lies in (graduated)
 * - `whole-amount`: everything is paid at the rate of the tier reached (retroactive, "from the first dollar")
 * - `lookup`: each credit is paid wholly at the rate of the tier that the running total has reached with it; earlier credits keep theirs
 * - `retro-to-threshold`: below the second tier's bound at the first rate; everything above that bound at the rate of the tier reached
 * - `interpolated`: tiers are points of a curve; the payout runs straight from one to the next and is flat behind the last
 *
 * @category compensation
 */
export type TierMode = 'marginal' | 'whole-amount' | 'lookup' | 'retro-to-threshold' | 'interpolated';

/**
 * Every tier mode.
 *
 * @category compensation
 */
export const TIER_MODES: readonly TierMode[] = ['marginal', 'whole-amount', 'lookup', 'retro-to-threshold', 'interpolated'];

/**
 * One tier: it holds from its bound up to the next tier's. What it pays is one of `rate`, `multiplier`, `amount` or `share`, the same in all tiers.
 *
 * @category compensation
 */
export interface Tier {
  /** Lower bound in the unit of the selector: an amount, or a fraction of quota when tiers go by attainment. */
  readonly from: ValueExpression;
  /** Fraction of the measure, or money per unit when units are measured. */
  readonly rate?: ValueExpression;
  /** Factor on the base rate `of`. */
  readonly multiplier?: ValueExpression;
  /** Money for reaching the tier; in mode `interpolated` the payout at this point. */
  readonly amount?: ValueExpression;
  /** Fraction of the target `of` for reaching the tier; in mode `interpolated` the fraction at this point. */
  readonly share?: ValueExpression;
}

/**
 * A rate table.
 *
 * @category compensation
 */
export interface TierTable {
  /** How the table applies. */
  readonly mode: TierMode;
  /** The tiers, rising. */
  readonly tiers: readonly [Tier, ...Tier[]];
  /**
   * What selects the tier: the measured amount itself (default), its ratio to quota, or a second measure. A second measure is taken over the window to date, or
   * of the deal or credit where those are paid one by one; in mode `lookup` everything credited now is paid at the rate that it selects.
   */
  readonly by?: TierSelector;
  /** Which quota tiers by attainment refer to. Default `full`: that of the whole window. */
  readonly reference?: QuotaReference;
  /** Which tier owns a value exactly on a bound: the one that starts there (`lower-inclusive`, default), or the one below. */
  readonly boundary?: 'lower-inclusive' | 'upper-inclusive';
  /** Base rate for `multiplier` tiers, or target pay for `share` tiers. */
  readonly of?: ValueExpression;
  /** What an interpolated table pays below its first point: nothing (default), or as much as there. */
  readonly below?: 'nothing' | 'first';
}

/**
 * What a component pays per unit of its measure: one rate, a table of tiers, or a matrix of two measures.
 *
 * @category compensation
 */
export type PayRate = ValueExpression | TierTable | RateMatrix;

/** What a tier can return. */
export const TIER_RETURNS = ['rate', 'multiplier', 'amount', 'share'] as const;

/** What a tier can return. */
export type TierReturn = (typeof TIER_RETURNS)[number];

/** What all tiers of a checked table return. */
export function tierReturnOf(table: TierTable): TierReturn {
  return TIER_RETURNS.find((key) => table.tiers[0][key] !== undefined) ?? 'rate';
}

/** Checks a rate or table of unknown shape. Percentages given as 12 instead of 0.12 are found where rates are fractions. */
export function checkPayRate(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly ratesAreFractions: boolean }): void {
  if (typeof value === 'string' || typeof value === 'number') {
    checkValueExpression(value, path, issues);
    if (options.ratesAreFractions) checkFractionText(value, path, issues);
    return;
  }
  const record = checkRecord(value, path, issues, 'a rate such as "0.05", or a table { mode, tiers }');
  if (record === undefined) return;
  if (Object.hasOwn(record, 'cells')) {
    checkRateMatrix(record, path, issues, options);
    return;
  }
  if (!Object.hasOwn(record, 'tiers') && !Object.hasOwn(record, 'mode')) {
    checkValueExpression(value, path, issues);
    return;
  }
  checkKeys(record, ['mode', 'tiers', 'by', 'reference', 'boundary', 'of', 'below'], path, issues);
  const mode = checkOneOf(record['mode'], TIER_MODES, [...path, 'mode'], issues);
  if (Object.hasOwn(record, 'by')) checkTierSelector(record['by'], [...path, 'by'], issues);
  if (Object.hasOwn(record, 'reference')) {
    checkOneOf(record['reference'], QUOTA_REFERENCES, [...path, 'reference'], issues);
    if (record['by'] !== 'attainment') issues.push(createIssue('invalid_value', [...path, 'reference'], { expected: 'only with by: "attainment"' }));
  }
  if (Object.hasOwn(record, 'below')) {
    checkOneOf(record['below'], ['nothing', 'first'], [...path, 'below'], issues);
    if (mode !== undefined && mode !== 'interpolated')
      issues.push(createIssue('invalid_value', [...path, 'below'], { expected: 'only with mode: "interpolated"', received: mode }));
  }
  if (Object.hasOwn(record, 'boundary')) checkOneOf(record['boundary'], ['lower-inclusive', 'upper-inclusive'], [...path, 'boundary'], issues);
  if (Object.hasOwn(record, 'of')) checkValueExpression(record['of'], [...path, 'of'], issues);
  const tiers = checkList(record['tiers'], [...path, 'tiers'], issues, { min: 1, expected: 'a list of tiers' });
  if (tiers === undefined) return;
  let returns: TierReturn | undefined;
  let previous: string | undefined;
  tiers.forEach((entry, index) => {
    const at = [...path, 'tiers', index];
    const tier = checkRecord(entry, at, issues, 'a tier such as { from: "50000", rate: "0.08" }');
    if (tier === undefined) return;
    checkKeys(tier, ['from', ...TIER_RETURNS], at, issues);
    const given = TIER_RETURNS.filter((key) => Object.hasOwn(tier, key));
    const [kind] = given;
    if (given.length !== 1 || kind === undefined)
      issues.push(createIssue('missing_key', at, { expected: `exactly one of ${TIER_RETURNS.join(', ')}`, received: given.join(', ') || 'none' }));
    else {
      if (returns !== undefined && kind !== returns) issues.push(createIssue('invalid_value', [...at, kind], { expected: `${returns}, as in the first tier`, received: kind }));
      returns ??= kind;
      checkValueExpression(tier[kind], [...at, kind], issues);
      if (kind === 'rate' && options.ratesAreFractions) checkFractionText(tier[kind], [...at, kind], issues);
      if (kind === 'multiplier' || kind === 'share') checkFactorText(tier[kind], [...at, kind], issues);
    }
    if (!Object.hasOwn(tier, 'from')) {
      issues.push(createIssue('missing_key', [...at, 'from'], { expected: 'the lower bound of the tier' }));
      return;
    }
    checkValueExpression(tier['from'], [...at, 'from'], issues);
    if (record['by'] === 'attainment') checkFactorText(tier['from'], [...at, 'from'], issues);
    const from = typeof tier['from'] === 'string' ? readDecimal(tier['from']) : undefined;
    if (typeof from !== 'string') return;
    if (index === 0 && exactSign(toExact(from)) > 0 && mode !== 'interpolated') {
      issues.push(createIssue('tiers_do_not_start', [...at, 'from'], { expected: '"0"', received: from, hint: 'start with { from: "0", rate: "0" } if nothing is paid below' }));
    }
    if (previous !== undefined && exactCompare(toExact(from), toExact(previous)) <= 0) {
      issues.push(createIssue('tiers_not_ascending', [...at, 'from'], { expected: `more than "${previous}" (tiers rise)`, received: from }));
    }
    previous = from;
  });
  if ((returns === 'multiplier' || returns === 'share') && !Object.hasOwn(record, 'of')) {
    issues.push(createIssue('missing_key', [...path, 'of'], { expected: returns === 'multiplier' ? 'the base rate that tiers multiply' : 'the target pay that tiers share' }));
  }
  if (mode === 'interpolated' && (returns === 'rate' || returns === 'multiplier')) {
    issues.push(createIssue('invalid_value', [...path, 'mode'], { expected: 'tiers with amount or share (the payout at each point)', received: returns }));
  }
  if ((mode === 'marginal' || mode === 'retro-to-threshold') && isPlainRecord(record['by']) && (returns === 'rate' || returns === 'multiplier')) {
    issues.push(createIssue('invalid_value', [...path, 'mode'], { expected: 'lookup or whole-amount, where a second measure selects the tier', received: mode }));
  }
  if ((mode === 'lookup' || mode === 'retro-to-threshold') && (returns === 'amount' || returns === 'share')) {
    issues.push(createIssue('invalid_value', [...path, 'mode'], { expected: 'tiers with rate or multiplier', received: returns }));
  }
}
