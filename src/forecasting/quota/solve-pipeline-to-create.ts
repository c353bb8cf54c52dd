import { checkFraction, checkKeys, checkList, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { compoundDistribution } from '../../stats/compound-distribution.js';
import { convolveDistributions } from '../../stats/convolve-distributions.js';
import { checkDistribution, type Distribution, probabilityAtLeast } from '../../stats/distribution.js';
import type { SumTerm } from '../../stats/sum-terms.js';

/**
 * Options of {@link solvePipelineToCreate}.
 *
 * @category forecasting
 */
export interface SolvePipelineToCreateOptions {
  /** The quota. */
  readonly quota: number;
  /** Probability of reaching it that is wanted, below 1. */
  readonly targetProbability: number;
  /** What a further deal would bring if it is won: amounts with probabilities that sum to 1. */
  readonly severity: readonly SumTerm[];
  /** Probability that a further deal is created and won in time. */
  readonly winProbability: number;
  /** Most further deals to think of. Default 10,000. */
  readonly maximumDeals?: number;
}

/**
 * Result of {@link solvePipelineToCreate}.
 *
 * @category forecasting
 */
export interface PipelineToCreate {
  /** Fewest further deals with which the target is reached; `null` where not even the maximum is enough. */
  readonly deals: number | null;
  /** Their amount: deals × mean amount. */
  readonly amount: number | null;
  /** P(total ≥ quota) with them; with the maximum where that is not enough. */
  readonly probability: number;
  /** The same without them. */
  readonly before: number;
  /** Why there is no number; `null` otherwise. */
  readonly reason: 'out-of-reach' | null;
}

const MAX_DEALS = 1_000_000;

/**
 * How much pipeline is still to be created so that the quota is reached with a stated probability: the smallest number of further deals, each won in time with
 * `winProbability`, for which P(forecast + Σ amounts ≥ quota) is at least the target. The number that is won is taken as Poisson; the sum is exact up to the
 * stated resolution of the distributions. Found by bisection, since more deals never lower the probability.
 *
 * @param distribution - distribution of what the period will close as it is
 * @param options - quota, target, and what a further deal is like
 * @returns number and amount of further deals
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `fraction_out_of_range` | `invalid_probability` | `unknown_key` | `empty` | `invalid_value`
 * @example
 * ```ts
 * import { solvePipelineToCreate } from 'dealwright/forecasting';
 * import { distributionOfSum } from 'dealwright/stats';
 * const forecast = distributionOfSum([{ amount: 50_000, probability: 0.5 }]);
 * solvePipelineToCreate(forecast, { quota: 50_000, targetProbability: 0.8, severity: [{ amount: 50_000, probability: 1 }], winProbability: 0.25 }).deals; // => 4
 * ```
 * @category forecasting
 */
export function solvePipelineToCreate(distribution: Distribution, options: SolvePipelineToCreateOptions): PipelineToCreate {
  const issues: IssueSink = [];
  // Figures read from a forecast may stand beside the distribution.
  const bare = withoutFigures(distribution);
  checkDistribution(bare, issues, ['distribution']);
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['quota', 'targetProbability', 'severity', 'winProbability', 'maximumDeals'], [], issues);
  const quota = checkNumber(record.quota, ['quota'], issues, { min: -1e100, max: 1e100 }) ?? 0;
  const target = checkFraction(record.targetProbability, ['targetProbability'], issues) ?? 0;
  const win = checkFraction(record.winProbability, ['winProbability'], issues) ?? 0;
  const maximum = record.maximumDeals === undefined ? 10_000 : (checkNumber(record.maximumDeals, ['maximumDeals'], issues, { min: 0, max: MAX_DEALS, integer: true }) ?? 0);
  checkList(record.severity, ['severity'], issues, { min: 1 });
  throwIfIssues(issues);
  if (target >= 1) throw createDomainError('out_of_range', ['targetProbability'], { expected: 'a probability below 1', received: target });
  const before = probabilityAtLeast(bare, quota);
  const mean = options.severity.reduce((sum, { amount, probability }) => sum + amount * probability, 0);
  if (before >= target) return { deals: 0, amount: 0, probability: before, before, reason: null };
  const reachedWith = (deals: number): number =>
    deals * win === 0
      ? before
      : probabilityAtLeast(convolveDistributions(bare, compoundDistribution(options.severity, { frequency: { kind: 'poisson', mean: deals * win } })), quota);
  let low = 0;
  let high = 1;
  let reached = reachedWith(Math.min(high, maximum));
  while (reached < target && high < maximum) {
    low = high;
    high = Math.min(maximum, high * 2);
    reached = reachedWith(high);
  }
  if (reached < target) return { deals: null, amount: null, probability: reached, before, reason: 'out-of-reach' };
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const value = reachedWith(middle);
    if (value >= target) {
      high = middle;
      reached = value;
    } else low = middle;
  }
  return { deals: high, amount: high * mean, probability: reached, before, reason: null };
}

function withoutFigures(distribution: Distribution): Distribution {
  if (typeof distribution !== 'object' || distribution === null) return distribution;
  const figures = ['p10', 'p50', 'p90', 'quantiles', 'probabilityOfQuota', 'expectedShortfall', 'reason'];
  // What is left is checked by the caller.
  return Object.fromEntries(Object.entries(distribution).filter(([key]) => !figures.includes(key))) as unknown as Distribution;
}
