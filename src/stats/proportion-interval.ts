import { checkKeys, checkNumber, checkOneOf, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { incompleteBetaInverse } from './beta-function.js';
import { readParameter } from './distribution-parameters.js';
import { normalQuantileOfTails } from './normal-tail.js';

/**
 * How an interval for a proportion is made. `wilson` inverts the score test and is the default: its coverage is near the nominal level even
 * for small counts. `jeffreys` is the equal-tailed posterior interval under a Beta(½, ½) prior. `clopper-pearson` is exact and never covers
 * less than it says, so it is wide. `wald` is estimate ± z·se, clipped to 0–1: too narrow for small counts, here for comparison.
 * `agresti-coull` is Wald around the estimate with z²/2 successes and failures added, clipped to 0–1.
 *
 * @category stats
 */
export type ProportionIntervalMethod = 'wilson' | 'jeffreys' | 'clopper-pearson' | 'wald' | 'agresti-coull';

/**
 * Options of {@link proportionInterval}.
 *
 * @category stats
 */
export interface ProportionIntervalOptions {
  /** Default `wilson`. */
  readonly method?: ProportionIntervalMethod;
  /** Confidence level, strictly between 0 and 1. Default 0.95. */
  readonly level?: number;
}

/**
 * A proportion with its uncertainty.
 *
 * @category stats
 */
export interface ProportionInterval {
  /** successes / trials, or `null` without trials. */
  readonly estimate: number | null;
  /** Lower end of the interval, 0 to 1, or `null` without trials. */
  readonly lower: number | null;
  /** Upper end of the interval, 0 to 1, or `null` without trials. */
  readonly upper: number | null;
  /** Confidence level, for example 0.95. */
  readonly level: number;
  /** How the interval was made. */
  readonly method: ProportionIntervalMethod;
  /** Number of successes. */
  readonly successes: number;
  /** Number of trials. */
  readonly trials: number;
  /** Why the estimate is `null`; absent otherwise. */
  readonly reason?: 'no-trials';
}

const METHODS = ['wilson', 'jeffreys', 'clopper-pearson', 'wald', 'agresti-coull'] as const satisfies readonly ProportionIntervalMethod[];

/** Largest count that is accepted. */
const MAX_TRIALS = 1e9;

function ends(x: number, n: number, method: ProportionIntervalMethod, level: number): readonly [number, number] {
  const tail = (1 - level) / 2;
  const failures = n - x;
  if (method === 'jeffreys') {
    return [incompleteBetaInverse(x + 0.5, failures + 0.5, tail, 1 - tail).x, incompleteBetaInverse(x + 0.5, failures + 0.5, 1 - tail, tail).x];
  }
  if (method === 'clopper-pearson') {
    return [x === 0 ? 0 : incompleteBetaInverse(x, failures + 1, tail, 1 - tail).x, failures === 0 ? 1 : incompleteBetaInverse(x + 1, failures, 1 - tail, tail).x];
  }
  const z = normalQuantileOfTails(1 - tail, tail);
  const square = z * z;
  if (method === 'wald') {
    const half = z * Math.sqrt(((x / n) * (failures / n)) / n);
    return [x / n - half, x / n + half];
  }
  const centre = (x + square / 2) / (n + square);
  if (method === 'agresti-coull') {
    const half = z * Math.sqrt((centre * (1 - centre)) / (n + square));
    return [centre - half, centre + half];
  }
  const half = (z / (n + square)) * Math.sqrt(x * (failures / n) + square / 4);
  return [x === 0 ? 0 : centre - half, failures === 0 ? 1 : centre + half];
}

/**
 * A proportion with a confidence interval: Wilson by default, or Jeffreys, Clopper–Pearson, Wald, Agresti–Coull.
 * Without trials there is no estimate: it is `null`, with the reason.
 *
 * Sources: E. B. Wilson (1927); C. Clopper and E. Pearson (1934); A. Agresti and B. Coull (1998);
 * L. Brown, T. Cai and A. DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science 16 (2001).
 *
 * @param successes - how many of the trials succeeded, a whole number from 0 to `trials`
 * @param trials - number of trials, a whole number up to 1e9
 * @param options - method and confidence level
 * @returns estimate and interval as fractions from 0 to 1
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `invalid_value` | `unknown_key`
 * @example
 * ```ts
 * import { proportionInterval } from 'dealwright/stats';
 * const { estimate, lower, upper } = proportionInterval(7, 20);
 * [estimate, lower?.toFixed(4), upper?.toFixed(4)]; // => [0.35, '0.1812', '0.5671']
 * proportionInterval(0, 0).reason; // => 'no-trials'
 * ```
 * @category stats
 */
export function proportionInterval(successes: number, trials: number, options: ProportionIntervalOptions = {}): ProportionInterval {
  return makeInterval(successes, trials, options, ['method', 'level']);
}

function makeInterval(successes: number, trials: number, options: ProportionIntervalOptions, keys: readonly string[]): ProportionInterval {
  const issues: IssueSink = [];
  const n = checkNumber(trials, ['trials'], issues, { min: 0, max: MAX_TRIALS, integer: true });
  const x = checkNumber(successes, ['successes'], issues, { min: 0, max: n ?? MAX_TRIALS, integer: true });
  let method: ProportionIntervalMethod | undefined = 'wilson';
  let level: number | undefined = 0.95;
  if (isPlainRecord(options)) {
    checkKeys(options, keys, ['options'], issues);
    if (options.method !== undefined) method = checkOneOf(options.method, METHODS, ['options', 'method'], issues);
    if (options.level !== undefined) level = readParameter(options.level, { above: 0, below: 1, fraction: true }, ['options', 'level'], issues);
  } else {
    issues.push(createIssue('invalid_type', ['options'], { expected: 'an object', received: options }));
  }
  throwIfIssues(issues);
  if (n === undefined || x === undefined || method === undefined || level === undefined || n === 0) {
    return { estimate: null, lower: null, upper: null, level: level ?? 0.95, method: method ?? 'wilson', successes: 0, trials: 0, reason: 'no-trials' };
  }
  const [lower, upper] = ends(x, n, method, level);
  return { estimate: x / n, lower: Math.max(0, lower), upper: Math.min(1, upper), level, method, successes: x, trials: n };
}

/**
 * The Wilson score interval of a proportion: {@link proportionInterval} with its default method.
 *
 * @param successes - how many of the trials succeeded
 * @param trials - number of trials
 * @param options - confidence level, default 0.95
 * @returns estimate and interval as fractions from 0 to 1; `null` with a reason without trials
 * @throws DomainError `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `invalid_probability` | `unknown_key`
 * @example
 * ```ts
 * import { wilsonInterval } from 'dealwright/stats';
 * wilsonInterval(0, 10).upper?.toFixed(4); // => '0.2775'
 * ```
 * @category stats
 */
export function wilsonInterval(successes: number, trials: number, options: Pick<ProportionIntervalOptions, 'level'> = {}): ProportionInterval {
  return makeInterval(successes, trials, options, ['level']);
}
