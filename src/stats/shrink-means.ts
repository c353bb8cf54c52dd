/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { requireFinite } from './finite-result.js';
import { readLevel } from './linear-regression.js';
import { normalQuantileOf } from './normal-tail.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * Estimates of groups with their standard errors, as columns with one entry per group.
 *
 * @category stats
 */
export interface MeanGroups {
  /** Estimate of each group: a mean, or the log of a ratio. */
  readonly mean: NumericColumn;
  /** Standard error of each estimate, above 0. */
  readonly standardError: NumericColumn;
}

/**
 * How means are shrunk.
 *
 * @category stats
 */
export interface ShrinkMeansOptions {
  /** Standard deviation τ of the true means between groups, not negative, if it is known. Default estimated. */
  readonly betweenDeviation?: number;
  /** Level of the intervals, a fraction. Default 0.95. */
  readonly level?: number;
}

/**
 * Shrunken means, as columns with one entry per group.
 *
 * @category stats
 */
export interface ShrunkMeans {
  /** Mean of the groups, weighted by 1 / (τ² + s²). */
  readonly mean: number;
  /** Standard error of that mean. */
  readonly meanError: number;
  /** Standard deviation τ of the true means between groups; 0 when they differ no more than their errors would make them. */
  readonly betweenDeviation: number;
  /** B × overall mean + (1 − B) × own mean, with B = s² / (s² + τ²). */
  readonly estimate: readonly number[];
  /** Standard deviation of each true mean given the data, the error of the overall mean included. */
  readonly standardError: readonly number[];
  /** Lower end of the interval. */
  readonly lower: readonly number[];
  /** Upper end of the interval. */
  readonly upper: readonly number[];
  /** Weight 1 − B of the group's own mean. */
  readonly ownWeight: readonly number[];
  /** Level of the intervals, a fraction. */
  readonly level: number;
}

/**
 * Empirical-Bayes shrinkage of means: true means are Normal(μ, τ²) and each estimate is Normal(true mean, s²). τ² solves Σ (x − μ)² / (τ² + s²) = k − 1
 * (Morris 1983; Paule and Mandel 1982), which has one solution, or is 0.
 *
 * @param data - estimates and standard errors by group
 * @param options - known τ, level
 * @returns overall mean, τ and the estimate of every group
 * @throws DomainError `out_of_range` | `length_mismatch` | `invalid_type` | `not_finite` | `fraction_out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { shrinkMeans } from 'dealwright/stats';
 * shrinkMeans({ mean: [0, 8], standardError: [4, 4] }, { betweenDeviation: 4 }).estimate; // => [2, 6]
 * ```
 * @category stats
 */
export function shrinkMeans(data: MeanGroups, options: ShrinkMeansOptions = {}): ShrunkMeans {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['betweenDeviation', 'level'], ['options'], issues);
  const level = readLevel(settings['level'], issues);
  const given = settings['betweenDeviation'] === undefined ? undefined : checkNumber(settings['betweenDeviation'], ['options', 'betweenDeviation'], issues, { min: 0, max: 1e150 });
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['mean', 'standardError'], [], issues);
  const x = readColumn(record['mean'], ['mean'], issues, { min: -1e150, max: 1e150, atLeast: 1 });
  const s = readColumn(record['standardError'], ['standardError'], issues, { min: 1e-150, max: 1e150, length: x?.length ?? 0 });
  throwIfIssues(issues);
  if (x === undefined || s === undefined) throw createDomainError('empty', []);
  const k = x.length;

  let centre = 0;
  let precision = 0;
  /** Σ (x − μ)² / (τ² + s²) less its expectation. */
  const excess = (variance: number): number => {
    let sum = 0;
    let weighted = 0;
    for (let i = 0; i < k; i += 1) {
      const weight = 1 / (variance + (s[i] as number) ** 2);
      sum += weight;
      weighted += weight * (x[i] as number);
    }
    precision = sum;
    centre = weighted / sum;
    let spread = 0;
    for (let i = 0; i < k; i += 1) spread += ((x[i] as number) - centre) ** 2 / (variance + (s[i] as number) ** 2);
    return spread - (k - 1);
  };
  let variance = given === undefined ? 0 : given * given;
  if (given === undefined && k > 1 && excess(0) > 0) {
    // The left side falls in τ²: bracket, then halve until nothing changes.
    let low = 0;
    let high = 1e-300;
    for (let i = 0; i < k; i += 1) high = Math.max(high, (s[i] as number) ** 2, ((x[i] as number) - (x[0] as number)) ** 2);
    while (excess(high) > 0 && high < 1e300) high *= 2;
    for (let step = 0; step < 200; step += 1) {
      const middle = (low + high) / 2;
      if (middle === low || middle === high) break;
      if (excess(middle) > 0) low = middle;
      else high = middle;
    }
    variance = (low + high) / 2;
  }
  excess(variance);
  const meanError = Math.sqrt(1 / precision);
  const half = normalQuantileOf((1 + level) / 2);
  const estimate: number[] = [];
  const standardError: number[] = [];
  const ownWeight: number[] = [];
  for (let i = 0; i < k; i += 1) {
    const own = variance / (variance + (s[i] as number) ** 2);
    ownWeight.push(own);
    estimate.push(centre + own * ((x[i] as number) - centre));
    standardError.push(Math.sqrt(own * (s[i] as number) ** 2 + ((1 - own) * meanError) ** 2));
  }
  requireFinite(estimate, ['mean']);
  requireFinite(standardError, ['standardError']);
  return {
    mean: centre,
    meanError,
    betweenDeviation: Math.sqrt(variance),
    estimate,
    standardError,
    lower: estimate.map((value, i) => value - half * (standardError[i] as number)),
    upper: estimate.map((value, i) => value + half * (standardError[i] as number)),
    ownWeight,
    level,
  };
}
