import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { studentTTail } from '../../stats/student-t-distribution.js';

/**
 * Settings of {@link testDieboldMariano}.
 *
 * @category forecasting
 */
export interface TestDieboldMarianoOptions {
  /** Steps ahead of the forecasts; errors up to h − 1 steps apart may be correlated. Default 1. */
  readonly horizon?: number;
  /** Loss: |e|^power. Default 2. */
  readonly power?: number;
  /** `two-sided`: they differ; `first-worse` or `first-better`: the first has the larger or smaller loss. Default `two-sided`. */
  readonly alternative?: 'two-sided' | 'first-better' | 'first-worse';
}

/**
 * Result of {@link testDieboldMariano}.
 *
 * @category forecasting
 */
export interface DieboldMarianoTest {
  /** The statistic with the small-sample correction; above 0 the first forecast has the larger loss. `null` if the losses never differ. */
  readonly statistic: number | null;
  /** Probability of a statistic as extreme if both are equally accurate. `null` with the statistic. */
  readonly pValue: number | null;
  /** Mean difference of the losses, first − second. */
  readonly meanDifference: number;
  /** Number of pairs of errors. */
  readonly count: number;
  /** `autocovariance`, or `bartlett` where that estimate of the variance is not positive. */
  readonly variance: 'autocovariance' | 'bartlett';
}

/**
 * Diebold–Mariano test of equal accuracy, with the correction of Harvey, Leybourne and Newbold (1997): is one forecast really better, or was it luck?
 * Statistic: mean d / √(Σ autocovariances to lag h − 1 / n) × √((n + 1 − 2h + h (h − 1)/n) / n), against Student's t with n − 1 degrees of freedom.
 *
 * @param first - errors of the first forecast
 * @param second - errors of the second, for the same periods; pairs with a `null` are left out
 * @param options - horizon, loss and alternative
 * @returns statistic and p-value
 * @throws DomainError `length_mismatch` | `insufficient_data` | `invalid_type` | `unknown_key` | `out_of_range` | `not_an_integer` | `invalid_value`
 * @example
 * ```ts
 * import { testDieboldMariano } from 'dealwright/forecasting';
 * testDieboldMariano([3, -4, 5, -3, 4, -5], [1, -1, 2, -1, 1, 0.5]).pValue?.toFixed(4); // => '0.0026'
 * ```
 * @category forecasting
 */
export function testDieboldMariano(first: readonly (number | null)[], second: readonly (number | null)[], options: TestDieboldMarianoOptions = {}): DieboldMarianoTest {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['horizon', 'power', 'alternative'], ['options'], issues);
  const h = record.horizon === undefined ? 1 : (checkNumber(record.horizon, ['options', 'horizon'], issues, { integer: true, min: 1, max: 10_000 }) ?? 1);
  const power = record.power === undefined ? 2 : (checkNumber(record.power, ['options', 'power'], issues, { min: 0.01, max: 10 }) ?? 2);
  const alternative =
    record.alternative === undefined
      ? 'two-sided'
      : (checkOneOf(record.alternative, ['two-sided', 'first-better', 'first-worse'], ['options', 'alternative'], issues) ?? 'two-sided');
  throwIfIssues(issues);
  for (const [name, list] of [
    ['first', first],
    ['second', second],
  ] as const) {
    if (!Array.isArray(list)) throw createDomainError('invalid_type', [name], { expected: 'a list of errors', received: list });
  }
  if (first.length !== second.length) throw createDomainError('length_mismatch', ['second'], { expected: `${first.length} errors`, received: second.length });
  const d: number[] = [];
  first.forEach((value, index) => {
    const other = second[index];
    if (typeof value === 'number' && typeof other === 'number' && Number.isFinite(value) && Number.isFinite(other)) d.push(Math.abs(value) ** power - Math.abs(other) ** power);
  });
  const n = d.length;
  if (n < 3 || n <= h) throw createDomainError('insufficient_data', ['first'], { expected: `more than ${Math.max(2, h)} pairs of errors`, received: n });
  const mean = d.reduce((sum, value) => sum + value, 0) / n;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let t = lag; t < n; t += 1) sum += ((d[t] ?? 0) - mean) * ((d[t - lag] ?? 0) - mean);
    return sum / n;
  };
  let variance = covariance(0);
  for (let lag = 1; lag < h; lag += 1) variance += 2 * covariance(lag);
  let kind: 'autocovariance' | 'bartlett' = 'autocovariance';
  if (!(variance > 0) && h > 1) {
    kind = 'bartlett';
    variance = covariance(0);
    for (let lag = 1; lag < h; lag += 1) variance += 2 * (1 - lag / h) * covariance(lag);
  }
  if (!(variance > 0)) return { statistic: null, pValue: null, meanDifference: mean, count: n, variance: kind };
  const statistic = (mean / Math.sqrt(variance / n)) * Math.sqrt(Math.max(0, (n + 1 - 2 * h + (h / n) * (h - 1)) / n));
  if (!Number.isFinite(statistic)) return { statistic: null, pValue: null, meanDifference: mean, count: n, variance: kind };
  const degrees = n - 1;
  const pValue =
    alternative === 'two-sided' ? Math.min(1, 2 * studentTTail(Math.abs(statistic), degrees)) : studentTTail(alternative === 'first-worse' ? statistic : -statistic, degrees);
  return { statistic, pValue, meanDifference: mean, count: n, variance: kind };
}
