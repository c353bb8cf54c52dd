/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { choleskyInPlace, choleskySolveInPlace } from './dense-matrix.js';
import { incompleteGamma } from './gamma-function.js';
import { survivalFactor } from './kaplan-meier.js';
import { readSurvivalData, type SurvivalData } from './survival-tally.js';

/**
 * Survival data with the group of every row.
 *
 * @category stats
 */
export interface GroupedSurvivalData extends SurvivalData {
  /** Group of each row: a name or a number. At least two groups, at most 100. */
  readonly group: readonly (string | number)[];
}

/**
 * How groups are compared.
 *
 * @category stats
 */
export interface LogRankOptions {
  /** Weight of an event is S(t−) to this power (Harrington and Fleming 1982): 0 is the log-rank test, 1 Peto and Peto's test, which stresses early differences. Default 0. */
  readonly rho?: number;
}

/**
 * One group in a log-rank test.
 *
 * @category stats
 */
export interface LogRankGroup {
  /** The group. */
  readonly group: string | number;
  /** Number of rows. */
  readonly rows: number;
  /** Weighted number of events. */
  readonly observed: number;
  /** Weighted number of events if all groups had the same hazard. */
  readonly expected: number;
}

/**
 * A test of equal survival.
 *
 * @category stats
 */
export interface LogRankTest {
  /** Groups, numbers before names, ascending. */
  readonly groups: readonly LogRankGroup[];
  /** Chi-square statistic; null when no group can be compared. */
  readonly statistic: number | null;
  /** Degrees of freedom: groups with events expected, less one. */
  readonly degreesOfFreedom: number;
  /** Probability of a larger statistic if the groups do not differ; null when the statistic is. */
  readonly pValue: number | null;
  /** Why the statistic is null; null when it is not. */
  readonly reason: 'no-events-to-compare' | null;
}

const MAX_GROUPS = 100;

/**
 * Log-rank test (and the G-rho family) of the hypothesis that groups have the same hazard, as survival::survdiff of R: observed less expected events with the hypergeometric variance.
 * Rows may enter late.
 *
 * @param data - rows as columns, with their group
 * @param options - weight of early events
 * @returns observed and expected events by group, chi-square statistic and p-value
 * @throws DomainError `invalid_type` | `length_mismatch` | `empty` | `insufficient_data` | `too_long` | `out_of_range` | `invalid_value` | `not_finite` | `invalid_weights` | `unknown_key`
 * @example
 * ```ts
 * import { logRankTest } from 'dealwright/stats';
 * const test = logRankTest({ time: [1, 2, 3, 4], event: [1, 1, 1, 1], group: ['a', 'b', 'a', 'b'] });
 * test.degreesOfFreedom; // => 1
 * test.groups[0]; // => { group: 'a', rows: 2, observed: 2, expected: 1.3333333333333333 }
 * ```
 * @category stats
 */
export function logRankTest(data: GroupedSurvivalData, options: LogRankOptions = {}): LogRankTest {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['rho'], ['options'], issues);
  const rho = settings['rho'] === undefined ? 0 : (checkNumber(settings['rho'], ['options', 'rho'], issues, { min: 0, max: 100 }) ?? 0);
  const read = readSurvivalData(data, undefined, issues, ['group']);
  const grouping = read === undefined ? undefined : readGroups((data as { readonly group?: unknown }).group, read.time.length, issues); // data was found to be an object
  throwIfIssues(issues);
  if (read === undefined || grouping === undefined) throw createDomainError('empty', []);
  const { time, cause, entry, weight } = read;
  const { labels, code } = grouping;
  const count = labels.length;
  const n = time.length;

  const byTime = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) byTime[i] = i;
  const byEntry = entry === undefined ? undefined : byTime.slice().sort((a, b) => (entry[a] as number) - (entry[b] as number));
  byTime.sort((a, b) => (time[a] as number) - (time[b] as number));

  const weightOf = (row: number): number => (weight === undefined ? 1 : (weight[row] as number));
  const atRisk = new Float64Array(count);
  const events = new Float64Array(count);
  const leaving = new Float64Array(count);
  const observed = new Float64Array(count);
  const expected = new Float64Array(count);
  const covariance = new Float64Array(count * count);
  const rows = new Float64Array(count);
  for (let i = 0; i < n; i += 1) {
    rows[code[i] as number] = (rows[code[i] as number] as number) + 1;
    if (byEntry === undefined) atRisk[code[i] as number] = (atRisk[code[i] as number] as number) + weightOf(i);
  }
  let entered = 0;
  let survival = 1;
  for (let i = 0; i < n; ) {
    const t = time[byTime[i] as number] as number;
    if (byEntry !== undefined && entry !== undefined) {
      while (entered < n && (entry[byEntry[entered] as number] as number) < t) {
        const row = byEntry[entered] as number;
        atRisk[code[row] as number] = (atRisk[code[row] as number] as number) + weightOf(row);
        entered += 1;
      }
    }
    events.fill(0);
    leaving.fill(0);
    let all = 0;
    for (; i < n && (time[byTime[i] as number] as number) === t; i += 1) {
      const row = byTime[i] as number;
      const group = code[row] as number;
      leaving[group] = (leaving[group] as number) + weightOf(row);
      if (cause[row] === 1) {
        events[group] = (events[group] as number) + weightOf(row);
        all += weightOf(row);
      }
    }
    if (all > 0) {
      let total = 0;
      for (let g = 0; g < count; g += 1) total += atRisk[g] as number;
      const importance = rho === 0 ? 1 : survival ** rho;
      const scale = total > 1 ? (importance * importance * all * (total - all)) / (total * total * (total - 1)) : 0;
      for (let g = 0; g < count; g += 1) {
        const share = atRisk[g] as number;
        observed[g] = (observed[g] as number) + importance * (events[g] as number);
        expected[g] = (expected[g] as number) + (importance * all * share) / total;
        if (scale === 0 || share === 0) continue;
        for (let h = 0; h <= g; h += 1) {
          covariance[g * count + h] = (covariance[g * count + h] as number) + scale * ((g === h ? total * share : 0) - share * (atRisk[h] as number));
        }
      }
      survival *= survivalFactor(total, all);
    }
    for (let g = 0; g < count; g += 1) atRisk[g] = Math.max(0, (atRisk[g] as number) - (leaving[g] as number));
  }

  const groups = labels.map((group, g): LogRankGroup => ({ group, rows: rows[g] as number, observed: observed[g] as number, expected: expected[g] as number }));
  const usable = groups.map((_, g) => g).filter((g) => (expected[g] as number) > 0);
  const degreesOfFreedom = Math.max(0, usable.length - 1);
  const none: LogRankTest = { groups, statistic: null, degreesOfFreedom, pValue: null, reason: 'no-events-to-compare' };
  if (degreesOfFreedom === 0) return none;
  const kept = usable.slice(1);
  const matrix = new Float64Array(degreesOfFreedom * degreesOfFreedom);
  const difference = new Float64Array(degreesOfFreedom);
  kept.forEach((g, a) => {
    difference[a] = (observed[g] as number) - (expected[g] as number);
    kept.forEach((h, b) => {
      matrix[a * degreesOfFreedom + b] = covariance[Math.max(g, h) * count + Math.min(g, h)] as number;
    });
  });
  const solution = difference.slice();
  if (choleskyInPlace(matrix, degreesOfFreedom) >= 0) return none;
  choleskySolveInPlace(matrix, degreesOfFreedom, solution);
  let statistic = 0;
  for (let a = 0; a < degreesOfFreedom; a += 1) statistic += (difference[a] as number) * (solution[a] as number);
  return { groups, statistic, degreesOfFreedom, pValue: incompleteGamma(degreesOfFreedom / 2, statistic / 2).upper, reason: null };
}

function readGroups(value: unknown, length: number, issues: Issue[]): { readonly labels: readonly (string | number)[]; readonly code: Uint8Array } | undefined {
  if (!Array.isArray(value) || value.length !== length) {
    issues.push(createIssue(Array.isArray(value) ? 'length_mismatch' : 'invalid_type', ['group'], { expected: `${length} names or numbers`, received: value }));
    return undefined;
  }
  const seen = new Set<string | number>();
  for (let i = 0; i < length; i += 1) {
    const item: unknown = value[i];
    if (typeof item === 'string' || (typeof item === 'number' && Number.isFinite(item))) {
      if (!seen.has(item) && seen.size === MAX_GROUPS) {
        issues.push(createIssue('too_long', ['group'], { expected: `at most ${MAX_GROUPS} groups` }));
        return undefined;
      }
      seen.add(item);
    } else {
      issues.push(createIssue('invalid_type', ['group', i], { expected: 'a name or a number', received: item }));
      return undefined;
    }
  }
  if (seen.size < 2) {
    issues.push(createIssue('insufficient_data', ['group'], { expected: 'at least two groups', received: seen.size }));
    return undefined;
  }
  const labels = [...seen].sort((a, b) => {
    if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
    if (typeof b === 'number') return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  });
  const index = new Map(labels.map((label, g) => [label, g]));
  const code = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) code[i] = index.get(value[i] as string | number) ?? 0; // every item was found to be one of the labels
  return { labels, code };
}
