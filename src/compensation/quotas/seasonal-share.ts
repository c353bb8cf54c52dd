/* Which part of a year's quota a month has: seasonality and ramp. */
import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioDivide, ratioFromDecimal, ratioFromScaled, ratioSign, ratioToText } from '../../decimal/ratio.js';
import { checkFraction, checkList, type IssueSink } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';

/** Checks seasonality weights of unknown shape: exact texts that sum to 1. */
export function checkWeights(value: unknown, path: IssuePath, issues: IssueSink): readonly Ratio[] {
  const before = issues.length;
  const weights = (checkList(value, path, issues, { min: 1, expected: 'weights that sum to 1' }) ?? []).map((entry, index) => readShare(entry, [...path, index], issues));
  if (issues.length > before) return [];
  const sum = weights.reduce(ratioAdd, RATIO_ZERO);
  if (ratioCompare(sum, RATIO_ONE) !== 0) {
    const hundred = ratioCompare(sum, ratioFromScaled(100, 0)) === 0;
    issues.push(
      createIssue('invalid_weights', path, { expected: 'weights that sum to 1', received: ratioToText(sum), ...(hundred ? { hint: 'percentages? write "0.25" for 25 %' } : {}) }),
    );
  }
  if (weights.length > 12 || 12 % weights.length !== 0)
    issues.push(createIssue('invalid_weights', path, { expected: '2, 3, 4, 6 or 12 weights (halves, thirds, quarters, …, months), or 1', received: String(weights.length) }));
  return weights;
}

/** A fraction that is not negative, as text. */
export function readShare(value: unknown, path: IssuePath, issues: IssueSink): Ratio {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read !== 'string') {
    issues.push(read);
    return RATIO_ZERO;
  }
  const share = ratioFromDecimal(read);
  if (ratioSign(share) < 0) issues.push(createIssue('out_of_range', path, { expected: '0 or more', received: read }));
  return share;
}

/** The share of one month of a year: its weight, divided equally within a quarter or half. */
export function monthShare(weights: readonly Ratio[] | undefined, month: number, months: number): Ratio {
  const equal = ratioDivide(RATIO_ONE, ratioFromScaled(months, 0));
  if (weights === undefined || weights.length === 0) return equal;
  const perWeight = months / weights.length;
  const weight = weights[Math.min(weights.length - 1, Math.floor(month / perWeight))] ?? RATIO_ZERO;
  return ratioDivide(weight, ratioFromScaled(Math.max(1, Math.round(perWeight)), 0));
}

/** The share of the full quota in a month of a ramp, by its place; 1 behind the ramp, 0 before it. */
export function rampShare(shares: readonly string[], place: number): string {
  return place < 0 ? '0' : (shares[place] ?? '1');
}

/** Checks the shares of a ramp of unknown shape. */
export function checkRampShares(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkList(value, path, issues, { min: 1, expected: 'the share of the full quota in each month of the ramp' })?.forEach((entry, index) => {
    readShare(entry, [...path, index], issues);
    if (typeof entry === 'string' && Number(entry) > 1) checkFraction(Number(entry), [...path, index], issues);
  });
}
