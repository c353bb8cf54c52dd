/* Amounts that stand in a plan as plain texts, the same for everybody. Not a public entry. */
import { readDecimal } from '../decimal/parse-decimal.js';
import { type Ratio, ratioFromDecimal, ratioSign } from '../decimal/ratio.js';
import type { IssueSink } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/** Checks a decimal text that is not negative, and reads it; undefined with an issue. */
export function checkAmountText(value: unknown, path: IssuePath, issues: IssueSink): Ratio | undefined {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read !== 'string') {
    issues.push(read);
    return undefined;
  }
  const amount = ratioFromDecimal(read);
  if (ratioSign(amount) >= 0) return amount;
  issues.push(createIssue('out_of_range', path, { expected: 'an amount that is not negative', received: value }));
  return undefined;
}

/** The number that an expression of a plan is, if it is a plain text. */
export function literalRatio(value: unknown): Ratio | undefined {
  const read = typeof value === 'string' ? readDecimal(value) : undefined;
  return typeof read === 'string' ? ratioFromDecimal(read) : undefined;
}

/** A fraction in words: `0.85` as `85 %`. */
export function percentText(fraction: string): string {
  return `${Math.round(Number(fraction) * 1e8) / 1e6} %`;
}
