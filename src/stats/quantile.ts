import { checkKeys, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { PROBABILITY, readParameter } from './distribution-parameters.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * The nine definitions of a sample quantile of Hyndman and Fan, with the numbers that R, pandas and this library share.
 * 7 interpolates linearly between order statistics and is the default of R and spreadsheets (PERCENTILE.INC); 6 is PERCENTILE.EXC;
 * 1 is the inverse of the empirical distribution; 2 averages at its steps; 8 is nearly median-unbiased whatever the distribution.
 *
 * @category stats
 */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/**
 * Options of {@link quantile}.
 *
 * @category stats
 */
export interface QuantileOptions {
  /** Definition of the sample quantile. Default 7. */
  readonly type?: QuantileType;
}

const FUZZ = 4 * Number.EPSILON;

/** Plotting positions (a, b) of types 4 to 9. */
function position(n: number, p: number, type: QuantileType): number {
  switch (type) {
    case 1:
    case 2:
    case 4:
      return n * p;
    case 3:
      return n * p - 0.5;
    case 5:
      return n * p + 0.5;
    case 6:
      return (n + 1) * p;
    case 7:
      return 1 + (n - 1) * p;
    case 8:
      return 1 / 3 + (n + 1 / 3) * p;
    case 9:
      return 3 / 8 + (n + 1 / 4) * p;
  }
}

/** Quantile of values already in ascending order, unchecked; at least one value. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number, type: QuantileType = 7): number {
  const n = sorted.length;
  const at = position(n, p, type);
  const slack = type >= 4 ? FUZZ : FUZZ * Math.max(1, at);
  const j = Math.floor(at + slack);
  let weight = at - j;
  if (type === 1) weight = weight > slack ? 1 : 0;
  else if (type === 2) weight = weight > slack ? 1 : 0.5;
  else if (type === 3) weight = Math.abs(weight) <= slack && j % 2 === 0 ? 0 : 1;
  else if (Math.abs(weight) < slack) weight = 0;
  const low = sorted[Math.min(Math.max(j, 1), n) - 1] as number; // within bounds
  const high = sorted[Math.min(Math.max(j + 1, 1), n) - 1] as number;
  if (weight === 0 || low === high) return low;
  return weight === 1 ? high : (1 - weight) * low + weight * high;
}

/**
 * Sample quantile, by any of the nine definitions of Hyndman and Fan. The order of the values does not matter.
 *
 * Source: R. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50 (1996).
 *
 * @param values - at least one finite number
 * @param p - a probability from 0 to 1, or a list of them
 * @param options - definition, default 7
 * @returns the quantile, or a list in the order of `p`
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `invalid_probability` | `invalid_value` | `unknown_key`
 * @example
 * ```ts
 * import { quantile } from 'dealwright/stats';
 * quantile([4, 1, 3, 2], 0.5); // => 2.5
 * quantile([4, 1, 3, 2], [0.25, 0.9], { type: 1 }); // => [1, 4]
 * ```
 * @category stats
 */
export function quantile(values: NumericColumn, p: number, options?: QuantileOptions): number;
export function quantile(values: NumericColumn, p: readonly number[], options?: QuantileOptions): number[];
export function quantile(values: NumericColumn, p: number | readonly number[], options: QuantileOptions = {}): number | number[] {
  const issues: IssueSink = [];
  const column = readColumn(values, ['values'], issues, { atLeast: 1 });
  const isList = Array.isArray(p);
  const levels = isList ? readColumn(p, ['p'], issues, { min: 0, max: 1 }) : [readParameter(p, PROBABILITY, ['p'], issues) ?? 0];
  let type: QuantileType = 7;
  if (isPlainRecord(options)) {
    checkKeys(options, ['type'], ['options'], issues);
    const given: unknown = options.type;
    if (given !== undefined) {
      if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 9)
        type = given as QuantileType; // a whole number from 1 to 9
      else issues.push(createIssue('invalid_value', ['options', 'type'], { expected: 'a whole number from 1 to 9', received: given }));
    }
  } else {
    issues.push(createIssue('invalid_type', ['options'], { expected: 'an object', received: options }));
  }
  throwIfIssues(issues);
  const sorted = Float64Array.from(column ?? []).sort();
  const results = Array.from(levels ?? [], (level) => quantileOfSorted(sorted, level, type));
  return isList ? results : (results[0] ?? 0);
}

/**
 * The median: the middle value, or the mean of the two middle values.
 *
 * @param values - at least one finite number
 * @returns the median
 * @throws DomainError `invalid_type` | `not_finite` | `empty`
 * @example
 * ```ts
 * import { median } from 'dealwright/stats';
 * median([57, 3, 20]); // => 20
 * ```
 * @category stats
 */
export function median(values: NumericColumn): number {
  return quantile(values, 0.5);
}
