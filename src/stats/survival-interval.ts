import { checkKeys, checkOneOf, checkRecord } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import { readLevel } from './linear-regression.js';
import { normalQuantileOf } from './normal-tail.js';

/**
 * The scale on which the confidence limits of a probability p with standard error s are symmetric (z is the normal quantile of the level; all are kept within 0 and 1):
 *
 * - `log` (R's default): exp(ln p ± z s / p)
 * - `log-log`: exp(−exp(ln(−ln p) ± z s / (p ln p))); holds its level best in small samples
 * - `plain`: p ± z s
 * - `logit`: on ln(p / (1 − p))
 * - `arcsine`: on asin √p
 *
 * @category stats
 */
export type SurvivalIntervalMethod = 'log' | 'log-log' | 'plain' | 'logit' | 'arcsine';

/**
 * How confidence limits are made.
 *
 * @category stats
 */
export interface SurvivalIntervalOptions {
  /** Scale of the limits. Default `log`. */
  readonly interval?: SurvivalIntervalMethod;
  /** Confidence level, a fraction. Default 0.95. */
  readonly level?: number;
}

/**
 * An estimated probability with its uncertainty.
 *
 * @category stats
 */
export interface ProbabilityEstimate {
  /** The probability. */
  readonly probability: number;
  /** Its standard error; null where it cannot be estimated (everything has happened). */
  readonly standardError: number | null;
  /** Lower confidence limit; null where it is not defined. */
  readonly lower: number | null;
  /** Upper confidence limit; null where it is not defined. */
  readonly upper: number | null;
}

const METHODS: readonly SurvivalIntervalMethod[] = ['log', 'log-log', 'plain', 'logit', 'arcsine'];

const NO_LIMITS: readonly [null, null] = [null, null];

/** What the interval options of a call come to. */
export interface IntervalSettings {
  readonly interval: SurvivalIntervalMethod;
  readonly level: number;
  /** Normal quantile of the level. */
  readonly z: number;
}

/** Reads `interval` and `level` of an options object; `allowed` names its other keys. */
export function readIntervalOptions(
  options: unknown,
  allowed: readonly string[],
  issues: Issue[],
): { readonly settings: Readonly<Record<string, unknown>>; readonly limits: IntervalSettings } {
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['interval', 'level', ...allowed], ['options'], issues);
  const interval = settings['interval'] === undefined ? 'log' : (checkOneOf(settings['interval'], METHODS, ['options', 'interval'], issues) ?? 'log');
  const level = readLevel(settings['level'], issues);
  return { settings, limits: { interval, level, z: normalQuantileOf((1 + level) / 2) } };
}

/** Interval settings stored in a curve. */
export function readStoredInterval(curve: Readonly<Record<string, unknown>>, issues: Issue[]): IntervalSettings {
  const interval = checkOneOf(curve['interval'], METHODS, ['curve', 'interval'], issues) ?? 'log';
  const level = readLevel(curve['level'], issues, ['curve', 'level']);
  return { interval, level, z: normalQuantileOf((1 + level) / 2) };
}

/**
 * Confidence limits of a probability `p` whose logarithm has the standard error `logError`, as survival::survfit of R computes them.
 * Null where the scale has no value at p (0 everywhere; 1 on the scales that send it to infinity).
 */
export function probabilityLimits(p: number, logError: number, { interval, z }: IntervalSettings): readonly [number | null, number | null] {
  if (!(p > 0) || !Number.isFinite(logError)) return NO_LIMITS;
  const half = z * logError;
  switch (interval) {
    case 'log':
      return [p * Math.exp(-half), Math.min(1, p * Math.exp(half))];
    case 'plain':
      return [Math.max(0, p - half * p), Math.min(1, p + half * p)];
    case 'log-log': {
      if (p >= 1) return NO_LIMITS;
      const logP = Math.log(p);
      const shift = half / logP;
      return [Math.exp(logP * Math.exp(-shift)), Math.exp(logP * Math.exp(shift))];
    }
    case 'logit': {
      if (p >= 1) return NO_LIMITS;
      const odds = p / (1 - p);
      const shift = half * (1 + odds);
      return [1 - 1 / (1 + odds * Math.exp(-shift)), 1 - 1 / (1 + odds * Math.exp(shift))];
    }
    case 'arcsine': {
      if (p >= 1) return NO_LIMITS;
      const angle = Math.asin(Math.sqrt(p));
      const shift = 0.5 * half * Math.sqrt(p / (1 - p));
      return [Math.sin(Math.max(0, angle - shift)) ** 2, Math.sin(Math.min(Math.PI / 2, angle + shift)) ** 2];
    }
  }
}
