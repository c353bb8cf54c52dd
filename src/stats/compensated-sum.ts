import type { IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { requireFiniteResult } from './distribution-parameters.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/** Sum with Neumaier's compensation, unchecked: the error does not grow with the number of terms. */
export function compensatedSum(values: ArrayLike<number>): number {
  let sum = 0;
  let compensation = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number; // within bounds
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  // Past the largest number the compensation is not a number; the sum itself then says "too large".
  return Number.isFinite(sum) ? sum + compensation : sum;
}

/** Checks a list of numbers and returns it, or throws. */
export function requireColumn(value: unknown, name: string, atLeast = 0): ArrayLike<number> {
  const issues: IssueSink = [];
  const column = readColumn(value, [name], issues, { atLeast });
  throwIfIssues(issues);
  return column ?? [];
}

/**
 * Sum of numbers with Neumaier's compensation: the result is as exact as if it were computed with twice the digits and rounded once,
 * unless almost everything cancels. The sum of nothing is 0.
 *
 * Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen (1974).
 *
 * @param values - finite numbers
 * @returns their sum
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` (the sum is too large)
 * @example
 * ```ts
 * import { sum } from 'dealwright/stats';
 * sum([1, 1e100, 1, -1e100]); // => 2
 * ```
 * @category stats
 */
export function sum(values: NumericColumn): number {
  return requireFiniteResult(compensatedSum(requireColumn(values, 'values')), ['values']);
}
