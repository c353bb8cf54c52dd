/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { readColumn } from './numeric-column.js';
import {
  type IntervalSettings,
  type ProbabilityEstimate,
  probabilityLimits,
  readIntervalOptions,
  readStoredInterval,
  type SurvivalIntervalMethod,
  type SurvivalIntervalOptions,
} from './survival-interval.js';
import { countExits, countUpTo, isTally, MAX_TIME, type RiskTable, readSurvivalData, readTally, type SurvivalData, type SurvivalTally } from './survival-tally.js';

/**
 * How a Kaplan–Meier curve is made.
 *
 * @category stats
 */
export type KaplanMeierOptions = SurvivalIntervalOptions;

/**
 * A Kaplan–Meier curve as columns: one entry per distinct time at which a row ended, ascending. Between these times the curve is flat; before the first it is 1.
 *
 * @category stats
 */
export interface SurvivalCurve {
  /** Distinct times at which rows ended (event or censoring), ascending. */
  readonly time: readonly number[];
  /** Weight of rows at risk just before each time (entered before it, not ended before it). */
  readonly atRisk: readonly number[];
  /** Weight of events at each time. */
  readonly events: readonly number[];
  /** Weight of rows censored at each time; they count as at risk for the events of the same time. */
  readonly censored: readonly number[];
  /** Probability S(t) that the event has not happened by each time, inclusive. */
  readonly survival: readonly number[];
  /** Standard error of S(t) by Greenwood's formula; null once S is 0. */
  readonly standardError: readonly (number | null)[];
  /** Lower confidence limits of S(t); null where not defined. */
  readonly lower: readonly (number | null)[];
  /** Upper confidence limits of S(t); null where not defined. */
  readonly upper: readonly (number | null)[];
  /** Nelson–Aalen cumulative hazard Σ d/n. */
  readonly cumulativeHazard: readonly number[];
  /** Its standard error √Σ d/n². */
  readonly cumulativeHazardError: readonly number[];
  /** Scale of the limits. */
  readonly interval: SurvivalIntervalMethod;
  /** Confidence level of the limits, a fraction. */
  readonly level: number;
  /** Number of rows behind the curve. */
  readonly rows: number;
}

/**
 * Kaplan–Meier estimate of the time to an event, with Greenwood's standard errors and the Nelson–Aalen hazard, as survival::survfit of R:
 * S(t) = Π (1 − d/n), Var S = S² Σ d / (n (n − d)). Rows still open count up to the time they were last seen (censoring after the events of the same time),
 * rows that came under observation late count only from then on. Whole-number times are counted without sorting.
 *
 * With delayed entry the first risk sets can be tiny, and one early event then pulls the whole curve down: read such a curve through {@link conditionalSurvival} from a time with enough rows at risk.
 *
 * @param data - rows as columns, or a tally of them
 * @param options - scale and level of the limits
 * @returns the curve
 * @throws DomainError `invalid_type` | `length_mismatch` | `empty` | `out_of_range` | `invalid_value` | `not_finite` | `fraction_out_of_range` | `invalid_weights` | `unknown_key`
 * @example
 * ```ts
 * import { kaplanMeier } from 'dealwright/stats';
 * const curve = kaplanMeier({ time: [10, 20, 20, 30], event: [1, 1, 0, 0] });
 * curve.survival; // => [0.75, 0.5, 0.5]
 * curve.atRisk; // => [4, 3, 1]
 * ```
 * @category stats
 */
export function kaplanMeier(data: SurvivalData | SurvivalTally, options: KaplanMeierOptions = {}): SurvivalCurve {
  const issues: Issue[] = [];
  const { limits } = readIntervalOptions(options, [], issues);
  let table: RiskTable | undefined;
  if (isTally(data)) table = readTally(data, undefined, issues)?.table;
  else {
    const read = readSurvivalData(data, undefined, issues);
    if (issues.length === 0 && read !== undefined) table = countExits(read, 1).table;
  }
  throwIfIssues(issues);
  if (table === undefined) throw createDomainError('empty', []);
  return curveOf(table, limits);
}

/** The curve of a risk table; all causes count as the event. */
function curveOf(table: RiskTable, limits: IntervalSettings): SurvivalCurve {
  const { time, atRisk, exits, causes } = table;
  const count = time.length;
  const events: number[] = [];
  const censored: number[] = [];
  const survival: number[] = [];
  const standardError: (number | null)[] = [];
  const lower: (number | null)[] = [];
  const upper: (number | null)[] = [];
  const cumulativeHazard: number[] = [];
  const cumulativeHazardError: number[] = [];
  let s = 1;
  let greenwood = 0;
  let hazard = 0;
  let hazardVariance = 0;
  let low: number | null = null;
  let high: number | null = null;
  let error: number | null = 0;
  for (let i = 0; i < count; i += 1) {
    const n = atRisk[i] as number;
    let d = 0;
    for (let k = 1; k <= causes; k += 1) d += exits[k * count + i] as number;
    if (d > 0 || i === 0) {
      const factor = survivalFactor(n, d);
      s *= factor;
      greenwood += factor === 0 ? Infinity : d / n / (n - d);
      hazard += d / n;
      hazardVariance += d / n / n;
      const logError = Math.sqrt(greenwood);
      error = s > 0 ? s * logError : null;
      [low, high] = probabilityLimits(s, logError, limits);
    }
    events.push(d);
    censored.push(exits[i] as number);
    survival.push(s);
    standardError.push(error);
    lower.push(low);
    upper.push(high);
    cumulativeHazard.push(hazard);
    cumulativeHazardError.push(Math.sqrt(hazardVariance));
  }
  return {
    time: Array.from(time),
    atRisk: Array.from(atRisk),
    events,
    censored,
    survival,
    standardError,
    lower,
    upper,
    cumulativeHazard,
    cumulativeHazardError,
    interval: limits.interval,
    level: limits.level,
    rows: table.rows,
  };
}

/** 1 − d/n, exactly 0 when all at risk have the event (weights that are not whole leave a trace of rounding). */
export function survivalFactor(n: number, d: number): number {
  return d >= n * (1 - 1e-12) ? 0 : (n - d) / n;
}

/** The columns of a curve that later questions need. */
interface ReadCurve {
  readonly time: ArrayLike<number>;
  readonly atRisk: ArrayLike<number>;
  readonly events: ArrayLike<number>;
  readonly survival: ArrayLike<number>;
  readonly limits: IntervalSettings;
  readonly record: PlainRecord;
}

function readCurve(curve: unknown, issues: Issue[]): ReadCurve | undefined {
  const record = checkRecord(curve, ['curve'], issues, 'a survival curve');
  if (record === undefined) return undefined;
  const time = readColumn(record['time'], ['curve', 'time'], issues, { min: -MAX_TIME, max: MAX_TIME, atLeast: 1 });
  const length = { length: time?.length ?? 0 };
  const atRisk = readColumn(record['atRisk'], ['curve', 'atRisk'], issues, { min: 0, ...length });
  const events = readColumn(record['events'], ['curve', 'events'], issues, { min: 0, ...length });
  const survival = readColumn(record['survival'], ['curve', 'survival'], issues, { min: 0, max: 1, ...length });
  const limits = readStoredInterval(record, issues);
  if (time === undefined || atRisk === undefined || events === undefined || survival === undefined || issues.length > 0) return undefined;
  return { time, atRisk, events, survival, limits, record };
}

/**
 * A survival probability over an interval of time.
 *
 * @category stats
 */
export interface SurvivalEstimate {
  /** Probability that the event has not happened by the end, and its uncertainty; null when nobody was observed after the beginning. */
  readonly estimate: ProbabilityEstimate | null;
  /** Weight of rows at risk at the first time after the beginning; 0 when there is none. */
  readonly atRisk: number;
  /** Whether the end lies after the last time of the curve while rows were still open, so that the estimate is only an upper bound. */
  readonly isBeyondFollowUp: boolean;
  /** Why the estimate is null; null when it is not. */
  readonly reason: 'nobody-at-risk' | null;
}

/**
 * Reads a Kaplan–Meier curve at a time: S(t) with its standard error and limits.
 *
 * @param curve - result of {@link kaplanMeier}
 * @param time - not negative
 * @returns the estimate; beyond the last time the last value, marked
 * @throws DomainError `invalid_type` | `length_mismatch` | `out_of_range` | `not_finite`
 * @example
 * ```ts
 * import { kaplanMeier, survivalAt } from 'dealwright/stats';
 * const curve = kaplanMeier({ time: [10, 20, 20, 30], event: [1, 1, 0, 0] });
 * survivalAt(curve, 15).estimate?.probability; // => 0.75
 * survivalAt(curve, 99).isBeyondFollowUp; // => true
 * ```
 * @category stats
 */
export function survivalAt(curve: SurvivalCurve, time: number): SurvivalEstimate {
  const issues: Issue[] = [];
  const read = readCurve(curve, issues);
  const to = checkNumber(time, ['time'], issues, { min: 0 });
  throwIfIssues(issues);
  if (read === undefined || to === undefined) throw createDomainError('empty', []);
  return survivalBetween(read, -Infinity, to);
}

/**
 * An interval of time from a row's origin.
 *
 * @category stats
 */
export interface ConditionalSurvivalOptions {
  /** The event has not happened up to this time, inclusive; not negative. */
  readonly from: number;
  /** Until when, at least `from`. */
  readonly to: number;
}

/**
 * Conditional survival S(to) / S(from): the probability that an event that has not happened by `from` has not happened by `to` either. Only the steps in (from, to]
 * enter the estimate, its Greenwood error and its limits.
 *
 * @param curve - result of {@link kaplanMeier}
 * @param options - beginning and end
 * @returns the estimate, or null with a reason when no row was observed after `from`
 * @throws DomainError `invalid_type` | `length_mismatch` | `out_of_range` | `not_finite` | `unknown_key`
 * @example
 * ```ts
 * import { conditionalSurvival, kaplanMeier } from 'dealwright/stats';
 * const curve = kaplanMeier({ time: [10, 20, 30, 40], event: [1, 1, 1, 0] });
 * conditionalSurvival(curve, { from: 20, to: 30 }).estimate?.probability; // => 0.5
 * ```
 * @category stats
 */
export function conditionalSurvival(curve: SurvivalCurve, options: ConditionalSurvivalOptions): SurvivalEstimate {
  const issues: Issue[] = [];
  const read = readCurve(curve, issues);
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['from', 'to'], ['options'], issues);
  const from = checkNumber(settings['from'], ['options', 'from'], issues, { min: 0 });
  const to = checkNumber(settings['to'], ['options', 'to'], issues, { min: from ?? 0 });
  throwIfIssues(issues);
  if (read === undefined || from === undefined || to === undefined) throw createDomainError('empty', []);
  return survivalBetween(read, from, to);
}

function survivalBetween(curve: ReadCurve, from: number, to: number): SurvivalEstimate {
  const { time, atRisk, events, limits } = curve;
  const first = countUpTo(time, from);
  if (first === time.length) return { estimate: null, atRisk: 0, isBeyondFollowUp: true, reason: 'nobody-at-risk' };
  let s = 1;
  let greenwood = 0;
  let i = first;
  for (; i < time.length && (time[i] as number) <= to; i += 1) {
    const n = atRisk[i] as number;
    const d = events[i] as number;
    if (d === 0) continue;
    const factor = survivalFactor(n, d);
    s *= factor;
    greenwood += factor === 0 ? Infinity : d / n / (n - d);
  }
  const logError = Math.sqrt(greenwood);
  const [lower, upper] = probabilityLimits(s, logError, limits);
  return {
    estimate: { probability: s, standardError: s > 0 ? s * logError : null, lower, upper },
    atRisk: atRisk[first] as number,
    isBeyondFollowUp: s > 0 && to > (time[time.length - 1] as number),
    reason: null,
  };
}

/**
 * The time by which a share of rows has had the event.
 *
 * @category stats
 */
export interface SurvivalQuantile {
  /** The time; null if the curve does not come down so far. */
  readonly time: number | null;
  /** Lower confidence limit; null if not reached. */
  readonly lower: number | null;
  /** Upper confidence limit; null if not reached. */
  readonly upper: number | null;
  /** Why `time` is null; null when it is not. */
  readonly reason: 'not-reached' | null;
}

const QUANTILE_TOLERANCE = 1.4901161193847656e-8;

/**
 * Quantile of a Kaplan–Meier curve: the first time with S(t) ≤ 1 − probability. Where the curve runs flat at exactly 1 − probability (within 1.5e-8), the middle of the flat
 * stretch, as survival::quantile.survfit of R. The limits invert the confidence band of the curve in the same way (Brookmeyer and Crowley 1982).
 *
 * @param curve - result of {@link kaplanMeier}
 * @param probability - share of rows that have had the event, strictly between 0 and 1; 0.5 for the median
 * @returns the time with its limits; null where the curve or the band is not that low
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `not_finite` | `out_of_range`
 * @example
 * ```ts
 * import { kaplanMeier, survivalQuantile } from 'dealwright/stats';
 * const curve = kaplanMeier({ time: [10, 20, 30, 40, 50], event: [1, 1, 1, 1, 0] });
 * survivalQuantile(curve, 0.5).time; // => 30
 * survivalQuantile(curve, 0.9); // => { time: null, lower: 40, upper: null, reason: 'not-reached' }
 * ```
 * @category stats
 */
export function survivalQuantile(curve: SurvivalCurve, probability: number): SurvivalQuantile {
  const issues: Issue[] = [];
  const read = readCurve(curve, issues);
  const p = checkNumber(probability, ['probability'], issues);
  if (p !== undefined && !(p > 0 && p < 1)) {
    issues.push(
      createIssue('fraction_out_of_range', ['probability'], {
        expected: 'a fraction between 0 and 1, both excluded',
        received: p,
        ...(p > 1 && p < 100 ? { hint: `a percentage? did you mean ${p / 100}?` } : {}),
      }),
    );
  }
  const lower = read === undefined ? undefined : readLimits(read.record['lower'], ['curve', 'lower'], read.time.length, issues);
  const upper = read === undefined ? undefined : readLimits(read.record['upper'], ['curve', 'upper'], read.time.length, issues);
  throwIfIssues(issues);
  if (read === undefined || p === undefined || lower === undefined || upper === undefined) throw createDomainError('empty', []);
  const time = crossing(read.time, read.survival, p);
  return {
    time,
    lower: crossing(read.time, lower, p),
    upper: crossing(read.time, upper, p),
    reason: time === null ? 'not-reached' : null,
  };
}

function readLimits(value: unknown, path: readonly (string | number)[], length: number, issues: Issue[]): Float64Array | undefined {
  if (!Array.isArray(value) || value.length !== length || !value.every((item) => item === null || (typeof item === 'number' && item >= 0 && item <= 1))) {
    issues.push(createIssue('invalid_type', path, { expected: `${length} fractions or nulls`, received: value }));
    return undefined;
  }
  return Float64Array.from(value as readonly (number | null)[], (item) => item ?? NaN);
}

/**
 * Time at which 1 − y reaches p; the middle of the flat stretch at exactly p. Undefined limits (NaN) are passed over.
 * A confidence band can turn back (an upper limit may rise again late): as in R, the value nearest above p then decides, not the first one in time.
 */
function crossing(time: ArrayLike<number>, y: ArrayLike<number>, p: number): number | null {
  let reached = Infinity;
  let reachedAt = -1;
  let passed = Infinity;
  let passedAt = -1;
  for (let i = 0; i < time.length; i += 1) {
    const fallen = 1 - (y[i] as number);
    if (fallen >= p - QUANTILE_TOLERANCE && fallen < reached) {
      reached = fallen;
      reachedAt = i;
    }
    if (fallen >= p + QUANTILE_TOLERANCE && fallen < passed) {
      passed = fallen;
      passedAt = i;
    }
  }
  if (reachedAt < 0) return null;
  // Without a later value the curve ends on the flat stretch itself.
  return ((time[reachedAt] as number) + (time[passedAt < 0 ? time.length - 1 : passedAt] as number)) / 2;
}

/**
 * Over which time the mean is taken.
 *
 * @category stats
 */
export interface RestrictedMeanOptions {
  /** End of the interval that starts at 0, from 0 to 1e150. Default the last time of the curve. */
  readonly horizon?: number;
}

/**
 * The mean time without the event within a horizon.
 *
 * @category stats
 */
export interface RestrictedMean {
  /** ∫ S(t) dt from 0 to the horizon, in the unit of time of the data. */
  readonly mean: number;
  /** Its standard error. */
  readonly standardError: number;
  /** End of the interval. */
  readonly horizon: number;
  /** Whether the horizon lies after the last time of the curve while rows were still open: the curve is then continued flat. */
  readonly isBeyondFollowUp: boolean;
}

/**
 * Restricted mean survival time: the area under a Kaplan–Meier curve up to a horizon, with variance Σ (∫ from t to horizon of S)² d / (n (n − d)) (Andersen et al. 1993; R's `rmean`).
 *
 * @param curve - result of {@link kaplanMeier}
 * @param options - the horizon
 * @returns the mean and its standard error
 * @throws DomainError `invalid_type` | `length_mismatch` | `out_of_range` | `not_finite` | `unknown_key`
 * @example
 * ```ts
 * import { kaplanMeier, restrictedMean } from 'dealwright/stats';
 * restrictedMean(kaplanMeier({ time: [10, 20], event: [1, 1] })).mean; // => 15
 * ```
 * @category stats
 */
export function restrictedMean(curve: SurvivalCurve, options: RestrictedMeanOptions = {}): RestrictedMean {
  const issues: Issue[] = [];
  const read = readCurve(curve, issues);
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['horizon'], ['options'], issues);
  const given = settings['horizon'] === undefined ? undefined : checkNumber(settings['horizon'], ['options', 'horizon'], issues, { min: 0, max: MAX_TIME });
  throwIfIssues(issues);
  if (read === undefined) throw createDomainError('empty', []);
  const { time, survival, atRisk, events } = read;
  const end = time[time.length - 1] as number;
  const horizon = given ?? end;
  const within = countUpTo(time, horizon);
  let area = 0;
  let variance = 0;
  let right = horizon;
  for (let i = within - 1; i >= 0; i -= 1) {
    const at = time[i] as number;
    area += (survival[i] as number) * (right - at);
    right = at;
    const n = atRisk[i] as number;
    const d = events[i] as number;
    if (area > 0 && d > 0 && survivalFactor(n, d) > 0) variance += (area * area * d) / n / (n - d);
  }
  area += right;
  return { mean: area, standardError: Math.sqrt(variance), horizon, isBeyondFollowUp: horizon > end && (survival[time.length - 1] as number) > 0 };
}
