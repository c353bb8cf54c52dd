/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { incompleteBetaInverse } from './beta-function.js';
import { lnGamma } from './gamma-function.js';
import { readLevel } from './linear-regression.js';
import { nelderMead } from './nelder-mead.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * Successes and trials of groups, as columns with one entry per group.
 *
 * @category stats
 */
export interface ProportionGroups {
  /** Number of successes of each group, a whole number. */
  readonly successes: NumericColumn;
  /** Number of trials of each group, a whole number; 0 for a group without history. */
  readonly trials: NumericColumn;
}

/**
 * How proportions are shrunk.
 *
 * @category stats
 */
export interface ShrinkProportionsOptions {
  /** Mean of the proportions, strictly between 0 and 1, if it is known. Default estimated. */
  readonly mean?: number;
  /** Strength κ of the prior in trials, above 0, if it is known. Default estimated. */
  readonly strength?: number;
  /** Level of the intervals, a fraction. Default 0.95. */
  readonly level?: number;
}

/**
 * Shrunken proportions, as columns with one entry per group.
 *
 * @category stats
 */
export interface ShrunkProportions {
  /** Mean p₀ of the prior: where a group without history stands. */
  readonly mean: number;
  /** Strength κ of the prior in trials: a group with κ trials stands half way between its own share and p₀. Null when the groups differ no more than chance would make them: all then stand at p₀. */
  readonly strength: number | null;
  /** Successes / trials of each group; null without trials. */
  readonly observed: readonly (number | null)[];
  /** (successes + κ p₀) / (trials + κ). */
  readonly estimate: readonly number[];
  /** Lower end of the credible interval: quantile of the group's beta posterior, or the estimate if that is lower. */
  readonly lower: readonly number[];
  /** Upper end of the credible interval: quantile of the group's beta posterior, or the estimate if that is higher. */
  readonly upper: readonly number[];
  /** Weight of the group's own share in its estimate, trials / (trials + κ); 0 when all stand at p₀. */
  readonly ownWeight: readonly number[];
  /** Level of the intervals, a fraction. */
  readonly level: number;
  /** Why the strength is null; null when it is not. */
  readonly reason: 'too-few-groups' | 'no-variation' | null;
}

/** Beyond this strength the prior is a point. */
const MAX_STRENGTH = 1e6;
/** Below it a single trial would outweigh all other groups: 1 of 1 would be estimated as nearly 1. */
const MIN_STRENGTH = 1;
/** Longest table of counts by trial number. */
const MAX_TABLE = 100_000;

/**
 * Empirical-Bayes shrinkage of proportions (win rates of reps, conversion of small segments): each group's share is drawn towards the mean of all, the more the fewer trials it has.
 * Groups are Beta(κ p₀, κ (1 − p₀)) around p₀, and p₀ and κ (1 to 1,000,000) maximise the beta-binomial likelihood of all groups. Intervals take p₀ and κ as given.
 *
 * @param data - successes and trials by group
 * @param options - known mean or strength, level
 * @returns the prior and the estimate of every group
 * @throws DomainError `insufficient_data` (no trials at all) | `out_of_range` | `not_an_integer` | `length_mismatch` | `invalid_type` | `not_finite` | `fraction_out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { shrinkProportions } from 'dealwright/stats';
 * const shrunk = shrinkProportions({ successes: [3, 0, 0], trials: [4, 1, 0] }, { mean: 0.25, strength: 4 });
 * shrunk.estimate; // => [0.5, 0.2, 0.25]
 * shrunk.ownWeight; // => [0.5, 0.2, 0]
 * ```
 * @category stats
 */
export function shrinkProportions(data: ProportionGroups, options: ShrinkProportionsOptions = {}): ShrunkProportions {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['mean', 'strength', 'level'], ['options'], issues);
  const level = readLevel(settings['level'], issues);
  const givenMean = settings['mean'] === undefined ? undefined : checkNumber(settings['mean'], ['options', 'mean'], issues, { min: 1e-9, max: 1 - 1e-9 });
  const givenStrength = settings['strength'] === undefined ? undefined : checkNumber(settings['strength'], ['options', 'strength'], issues, { min: 1e-9, max: 1e9 });
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['successes', 'trials'], [], issues);
  const trials = readColumn(record['trials'], ['trials'], issues, { min: 0, max: 1e9, integer: true, atLeast: 1 });
  const successes = readColumn(record['successes'], ['successes'], issues, { min: 0, max: 1e9, integer: true, length: trials?.length ?? 0 });
  let totalSuccesses = 0;
  let totalTrials = 0;
  let groups = 0;
  if (trials !== undefined && successes !== undefined) {
    for (let i = 0; i < trials.length; i += 1) {
      if ((successes[i] as number) > (trials[i] as number) && issues.length < 10) {
        issues.push(createIssue('out_of_range', ['successes', i], { expected: `at most the ${trials[i] as number} trials`, received: successes[i] }));
      }
      totalSuccesses += successes[i] as number;
      totalTrials += trials[i] as number;
      if ((trials[i] as number) > 0) groups += 1;
    }
    if (totalTrials === 0 && givenMean === undefined) issues.push(createIssue('insufficient_data', ['trials'], { expected: 'at least one trial, or options.mean', received: 0 }));
  }
  throwIfIssues(issues);
  if (trials === undefined || successes === undefined) throw createDomainError('empty', []);

  // Half a success and half a failure keep the mean inside (0, 1) where all groups agree.
  const pooled = totalTrials === 0 ? 0.5 : totalSuccesses === 0 || totalSuccesses === totalTrials ? (totalSuccesses + 0.5) / (totalTrials + 1) : totalSuccesses / totalTrials;
  let mean = givenMean ?? pooled;
  let strength: number | null = givenStrength ?? null;
  let reason: ShrunkProportions['reason'] = null;
  const isDegenerate = totalSuccesses === 0 || totalSuccesses === totalTrials;
  if (strength === null && groups < 2) reason = 'too-few-groups';
  else if (strength === null && isDegenerate && givenMean === undefined) reason = 'no-variation';
  else if (strength === null || (givenMean === undefined && !isDegenerate)) {
    const found = maximizeLikelihood(successes, trials, pooled, givenMean, givenStrength);
    mean = found.mean;
    strength = found.strength;
    if (strength === null) {
      reason = 'no-variation';
      mean = givenMean ?? pooled;
    }
  }

  const observed: (number | null)[] = [];
  const estimate: number[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  const ownWeight: number[] = [];
  const tail = (1 - level) / 2;
  for (let i = 0; i < trials.length; i += 1) {
    const n = trials[i] as number;
    const w = successes[i] as number;
    observed.push(n > 0 ? w / n : null);
    // Without variation the posterior of the common proportion, from a Jeffreys prior.
    const a = strength === null ? totalSuccesses + 0.5 : w + strength * mean;
    const b = strength === null ? totalTrials - totalSuccesses + 0.5 : n - w + strength * (1 - mean);
    estimate.push(strength === null ? mean : a / (a + b));
    ownWeight.push(strength === null ? 0 : n / (n + strength));
    // The mean of a very skewed posterior can lie outside its own quantiles.
    const centre = estimate[i] as number;
    lower.push(Math.min(centre, incompleteBetaInverse(a, b, tail, 1 - tail).x));
    upper.push(Math.max(centre, incompleteBetaInverse(a, b, 1 - tail, tail).x));
  }
  return { mean, strength, observed, estimate, lower, upper, ownWeight, level, reason };
}

/** The mean and strength of greatest beta-binomial likelihood; a null strength when a point prior is at least as likely. */
function maximizeLikelihood(
  successes: ArrayLike<number>,
  trials: ArrayLike<number>,
  pooled: number,
  givenMean: number | undefined,
  givenStrength: number | undefined,
): { readonly mean: number; readonly strength: number | null } {
  const logLikelihood = betaBinomialLikelihood(successes, trials);
  if (givenStrength !== undefined) {
    const found = nelderMead(([m = 0]) => -logLikelihood(1 / (1 + Math.exp(-m)), givenStrength), [Math.log(pooled / (1 - pooled))], {
      step: 0.5,
      tolerance: 1e-13,
      pointTolerance: 1e-7,
    });
    return { mean: 1 / (1 + Math.exp(-(found.point[0] ?? 0))), strength: givenStrength };
  }
  const low = Math.log(MIN_STRENGTH);
  const high = Math.log(MAX_STRENGTH);
  const meanOf = (m: number): number => givenMean ?? 1 / (1 + Math.exp(-m));
  const objective = ([k = 0, m = 0]: Float64Array | readonly number[]): number => (k < low || k > high || Math.abs(m) > 30 ? Infinity : -logLikelihood(meanOf(m), Math.exp(k)));
  const middle = Math.log(pooled / (1 - pooled));
  // The likelihood can have a second, flat hill towards an infinite strength: look from a coarse grid first.
  let start = 0;
  let best = Infinity;
  for (let k = 0; k <= 12; k += 1) {
    const value = objective([k, middle]);
    if (value < best) {
      best = value;
      start = k;
    }
  }
  const found = nelderMead(objective, givenMean === undefined ? [start, middle] : [start], { step: 0.5, tolerance: 1e-13, pointTolerance: 1e-7, restarts: 1 });
  const [k = 0, m = middle] = found.point;
  // A point prior is the limit of infinite strength.
  const limit = -logLikelihood(givenMean ?? pooled, Infinity);
  if (k > high - 0.01 || limit <= found.value + 1e-9 * (1 + Math.abs(found.value))) return { mean: givenMean ?? pooled, strength: null };
  return { mean: meanOf(m), strength: Math.exp(k) };
}

/** Log-likelihood of mean and strength without the binomial coefficients. */
function betaBinomialLikelihood(successes: ArrayLike<number>, trials: ArrayLike<number>): (mean: number, strength: number) => number {
  let most = 0;
  for (let i = 0; i < trials.length; i += 1) most = Math.max(most, trials[i] as number);
  if (most > MAX_TABLE) {
    return (mean, strength) => {
      let sum = 0;
      const isPoint = strength > 1e9;
      const a = strength * mean;
      const b = strength * (1 - mean);
      for (let i = 0; i < trials.length; i += 1) {
        const n = trials[i] as number;
        const w = successes[i] as number;
        if (isPoint) sum += (w === 0 ? 0 : w * Math.log(mean)) + (n === w ? 0 : (n - w) * Math.log1p(-mean));
        else sum += lnGamma(a + w) - lnGamma(a) + lnGamma(b + n - w) - lnGamma(b) - lnGamma(strength + n) + lnGamma(strength);
      }
      return sum;
    };
  }
  // Γ(a + w) / Γ(a) = Π (a + i): with the number of groups that reach each i the sum runs over i once, for any number of groups.
  const wins = new Float64Array(most);
  const losses = new Float64Array(most);
  const all = new Float64Array(most);
  for (let i = 0; i < trials.length; i += 1) {
    const n = trials[i] as number;
    const w = successes[i] as number;
    if (n === 0) continue;
    all[n - 1] = (all[n - 1] as number) + 1;
    if (w > 0) wins[w - 1] = (wins[w - 1] as number) + 1;
    if (n > w) losses[n - w - 1] = (losses[n - w - 1] as number) + 1;
  }
  for (let i = most - 2; i >= 0; i -= 1) {
    all[i] = (all[i] as number) + (all[i + 1] as number);
    wins[i] = (wins[i] as number) + (wins[i + 1] as number);
    losses[i] = (losses[i] as number) + (losses[i + 1] as number);
  }
  return (mean, strength) => {
    let sum = 0;
    for (let i = 0; i < most; i += 1) {
      const share = i / strength;
      const won = wins[i] as number;
      const lost = losses[i] as number;
      if (won > 0) sum += won * Math.log(mean + share);
      if (lost > 0) sum += lost * Math.log(1 - mean + share);
      sum -= (all[i] as number) * Math.log1p(share);
    }
    return sum;
  };
}
