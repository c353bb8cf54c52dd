/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkId, checkKeys, checkList, checkNumber, checkRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { survivalFactor } from './kaplan-meier.js';
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
import { type CompetingRisksData, countExits, countUpTo, isTally, type RiskTable, readSurvivalData, readTally, type SurvivalTally } from './survival-tally.js';

/**
 * How an Aalen–Johansen estimate is made.
 *
 * @category stats
 */
export interface AalenJohansenOptions extends SurvivalIntervalOptions {
  /** Names of the causes 1, 2, … of the data, for example `['won', 'lost']`. */
  readonly causes: readonly string[];
}

/**
 * The cumulative incidence of one cause, as columns along the times of the curve.
 *
 * @category stats
 */
export interface CauseIncidence {
  /** Name of the cause. */
  readonly cause: string;
  /** Weight of rows that ended by this cause at each time. */
  readonly events: readonly number[];
  /** Probability F(t) of having ended by this cause by each time, inclusive. */
  readonly incidence: readonly number[];
  /** Standard error of F(t). */
  readonly standardError: readonly number[];
  /** Lower confidence limits of F(t); null where F is 0. */
  readonly lower: readonly (number | null)[];
  /** Upper confidence limits of F(t); null where F is 0. */
  readonly upper: readonly (number | null)[];
}

/**
 * Cumulative incidences of competing causes as columns: one entry per distinct time at which a row ended. At every time S(t) + Σ F(t) = 1.
 *
 * @category stats
 */
export interface IncidenceCurves {
  /** Distinct times at which rows ended (by any cause or censored), ascending. */
  readonly time: readonly number[];
  /** Weight of rows at risk just before each time. */
  readonly atRisk: readonly number[];
  /** Weight of rows censored at each time. */
  readonly censored: readonly number[];
  /** Probability S(t) that no cause has ended the row by each time. */
  readonly survival: readonly number[];
  /** Standard error of S(t) by Greenwood's formula; null once S is 0. */
  readonly survivalError: readonly (number | null)[];
  /** One entry per cause, in the order of the options. */
  readonly causes: readonly CauseIncidence[];
  /** Scale of the limits. */
  readonly interval: SurvivalIntervalMethod;
  /** Confidence level of the limits, a fraction. */
  readonly level: number;
  /** Number of rows behind the curves. */
  readonly rows: number;
}

/**
 * Aalen–Johansen estimate of competing risks: the probability of having ended by each cause, F(t) = Σ S(t−) d/n over the events of that cause.
 * Unlike 1 − Kaplan–Meier of one cause alone, which overstates it, the incidences of all causes and the share still open add up to 1.
 *
 * Variance: Greenwood-type (Andersen, Borgan, Gill and Keiding 1993, IV.4), with increments of one time multinomial over the causes. Without delayed entry it equals the infinitesimal
 * jackknife that survival::survfit of R reports; cmprsk::cuminc uses Aalen's variance, which is larger where the risk set is small.
 *
 * @param data - rows as columns, or a tally of them with as many causes
 * @param options - names of the causes; scale and level of the limits
 * @returns the curves
 * @throws DomainError `invalid_type` | `length_mismatch` | `empty` | `out_of_range` | `not_an_integer` | `not_finite` | `duplicate_id` | `reserved_key` | `fraction_out_of_range` | `invalid_weights` | `unknown_key` | `invalid_value`
 * @example
 * ```ts
 * import { aalenJohansen } from 'dealwright/stats';
 * const curves = aalenJohansen({ time: [10, 20, 20, 30], cause: [1, 2, 0, 1] }, { causes: ['won', 'lost'] });
 * curves.causes[0]?.incidence; // => [0.25, 0.25, 0.75]
 * curves.causes[1]?.incidence; // => [0, 0.25, 0.25]
 * curves.survival; // => [0.75, 0.5, 0]
 * ```
 * @category stats
 */
export function aalenJohansen(data: CompetingRisksData | SurvivalTally, options: AalenJohansenOptions): IncidenceCurves {
  const issues: Issue[] = [];
  const { settings, limits } = readIntervalOptions(options, ['causes'], issues);
  const names = readNames(settings['causes'], ['options', 'causes'], issues);
  let table: RiskTable | undefined;
  if (names !== undefined) {
    if (isTally(data)) table = readTally(data, names.length, issues)?.table;
    else {
      const read = readSurvivalData(data, names.length, issues);
      if (issues.length === 0 && read !== undefined) table = countExits(read, names.length).table;
    }
  }
  throwIfIssues(issues);
  if (table === undefined || names === undefined) throw createDomainError('empty', []);
  return curvesOf(table, names, limits);
}

const MAX_NAMES = 64;

/** A list of distinct names, or undefined with issues. */
export function readNames(value: unknown, path: readonly (string | number)[], issues: Issue[]): readonly string[] | undefined {
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of names' });
  if (list === undefined) return undefined;
  if (list.length > MAX_NAMES) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_NAMES} names`, received: list }));
    return undefined;
  }
  const names: string[] = [];
  for (let k = 0; k < list.length; k += 1) {
    const name = checkId(list[k], [...path, k], issues);
    if (name === undefined) continue;
    if (names.includes(name)) issues.push(createIssue('duplicate_id', [...path, k], { received: name }));
    names.push(name);
  }
  return names.length < list.length ? undefined : names;
}

/**
 * Incidence of one cause and its variance, one event time after the other.
 *
 * With a = Σ dA over the causes, s = S(t−) and F the incidence, Var F(t) = Σ_i [ s² aₖ(1−aₖ) − 2 s aₖ (F(t)−F_i) + (F(t)−F_i)² a/(1−a) ] / n over the event times i ≤ t.
 * The sums over (F(t)−F_i) and its square are carried forward by the increment of F, so that every term stays positive and nothing cancels but at the very end.
 */
interface IncidenceState {
  incidence: number;
  own: number;
  crossRate: number;
  cross: number;
  spreadRate: number;
  spreadFirst: number;
  spread: number;
}

function startIncidence(): IncidenceState {
  return { incidence: 0, own: 0, crossRate: 0, cross: 0, spreadRate: 0, spreadFirst: 0, spread: 0 };
}

/** One event time: survival just before it, number at risk, events of this cause and of all. */
function stepIncidence(state: IncidenceState, before: number, n: number, d: number, all: number): void {
  const increment = (before * d) / n;
  if (increment > 0) {
    state.cross += increment * state.crossRate;
    state.spread += increment * (2 * state.spreadFirst + increment * state.spreadRate);
    state.spreadFirst += increment * state.spreadRate;
    state.incidence += increment;
    const share = d / n;
    state.own += (before * before * share * ((n - d) / n)) / n;
    state.crossRate += (2 * before * share) / n;
  }
  if (survivalFactor(n, all) > 0) state.spreadRate += all / n / (n - all);
}

function varianceOf(state: IncidenceState): number {
  return Math.max(0, state.own - state.cross + state.spread);
}

function curvesOf(table: RiskTable, names: readonly string[], limits: IntervalSettings): IncidenceCurves {
  const { time, atRisk, exits, causes } = table;
  const count = time.length;
  const survival: number[] = [];
  const survivalError: (number | null)[] = [];
  const censored: number[] = [];
  const before = new Float64Array(count);
  const total = new Float64Array(count);
  let s = 1;
  let greenwood = 0;
  for (let i = 0; i < count; i += 1) {
    const n = atRisk[i] as number;
    let d = 0;
    for (let k = 1; k <= causes; k += 1) d += exits[k * count + i] as number;
    before[i] = s;
    total[i] = d;
    if (d > 0) {
      const factor = survivalFactor(n, d);
      s *= factor;
      greenwood += factor === 0 ? Infinity : d / n / (n - d);
    }
    survival.push(s);
    survivalError.push(s > 0 ? s * Math.sqrt(greenwood) : null);
    censored.push(exits[i] as number);
  }
  const curves = names.map((cause, index): CauseIncidence => {
    const accumulator = startIncidence();
    const events: number[] = [];
    const incidence: number[] = [];
    const standardError: number[] = [];
    const lower: (number | null)[] = [];
    const upper: (number | null)[] = [];
    let error = 0;
    let low: number | null = null;
    let high: number | null = null;
    for (let i = 0; i < count; i += 1) {
      const d = exits[(index + 1) * count + i] as number;
      const all = total[i] as number;
      if (all > 0) {
        stepIncidence(accumulator, before[i] as number, atRisk[i] as number, d, all);
        error = Math.sqrt(varianceOf(accumulator));
        [low, high] = probabilityLimits(accumulator.incidence, accumulator.incidence > 0 ? error / accumulator.incidence : 0, limits);
      }
      events.push(d);
      incidence.push(Math.min(1, accumulator.incidence));
      standardError.push(error);
      lower.push(low);
      upper.push(high);
    }
    return { cause, events, incidence, standardError, lower, upper };
  });
  return {
    time: Array.from(time),
    atRisk: Array.from(atRisk),
    censored,
    survival,
    survivalError,
    causes: curves,
    interval: limits.interval,
    level: limits.level,
    rows: table.rows,
  };
}

/**
 * Which stretch of time a conditional incidence covers.
 *
 * @category stats
 */
export interface ConditionalIncidenceOptions {
  /** Age a at which the row is still open, not negative. Default 0: from the origin, events at time 0 included. */
  readonly from?: number;
  /** Length h of the stretch, not negative. */
  readonly within: number;
}

/**
 * The probability of one cause within a stretch of time.
 *
 * @category stats
 */
export interface CauseProbability extends ProbabilityEstimate {
  /** Name of the cause. */
  readonly cause: string;
}

/**
 * What happens in (a, a + h] to a row that is open at age a.
 *
 * @category stats
 */
export interface ConditionalIncidence {
  /** Probability of each cause, in the order of the curves; null when nobody was observed after `from`. */
  readonly causes: readonly CauseProbability[] | null;
  /** Probability of being open still at the end; null when nobody was observed after `from`. Together with the causes it adds up to 1. */
  readonly open: number | null;
  /** Weight of rows at risk at the first time after `from`; 0 when there is none. */
  readonly atRisk: number;
  /** Whether a + h lies after the last time of the curve while rows were still open: the probabilities of the causes are then only lower bounds. */
  readonly isBeyondFollowUp: boolean;
  /** Why the probabilities are null; null when they are not. */
  readonly reason: 'nobody-at-risk' | null;
}

/**
 * Incidence conditional on being open: P(cause in (a, a+h] | open at a) = (F(a+h) − F(a)) / S(a), with standard error and limits from the steps in (a, a+h] alone.
 * This is the win probability of a deal aged a within the next h days.
 *
 * @param curves - result of {@link aalenJohansen}
 * @param options - age and length of the stretch
 * @returns one probability per cause, or null with a reason
 * @throws DomainError `invalid_type` | `length_mismatch` | `out_of_range` | `not_finite` | `unknown_key`
 * @example
 * ```ts
 * import { aalenJohansen, conditionalIncidence } from 'dealwright/stats';
 * const curves = aalenJohansen({ time: [10, 20, 30, 40], cause: [2, 1, 1, 2] }, { causes: ['won', 'lost'] });
 * conditionalIncidence(curves, { from: 10, within: 10 }).causes?.[0]?.probability; // => 0.3333333333333333
 * ```
 * @category stats
 */
export function conditionalIncidence(curves: IncidenceCurves, options: ConditionalIncidenceOptions): ConditionalIncidence {
  const issues: Issue[] = [];
  const read = readCurves(curves, issues);
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['from', 'within'], ['options'], issues);
  const from = settings['from'] === undefined ? -1 : checkNumber(settings['from'], ['options', 'from'], issues, { min: 0 });
  const within = checkNumber(settings['within'], ['options', 'within'], issues, { min: 0 });
  throwIfIssues(issues);
  if (read === undefined || from === undefined || within === undefined) throw createDomainError('empty', []);
  const { time, atRisk, names, events, limits } = read;
  const first = countUpTo(time, from);
  if (first === time.length) return { causes: null, open: null, atRisk: 0, isBeyondFollowUp: true, reason: 'nobody-at-risk' };
  const to = Math.max(0, from) + within;
  const accumulators = names.map(() => startIncidence());
  let s = 1;
  for (let i = first; i < time.length && (time[i] as number) <= to; i += 1) {
    let all = 0;
    for (const column of events) all += column[i] as number;
    if (all === 0) continue;
    const n = atRisk[i] as number;
    for (let k = 0; k < names.length; k += 1) stepIncidence(accumulators[k] as IncidenceState, s, n, (events[k] as ArrayLike<number>)[i] as number, all);
    s *= survivalFactor(n, all);
  }
  const causes = accumulators.map((accumulator, k): CauseProbability => {
    const probability = Math.min(1, accumulator.incidence);
    const standardError = Math.sqrt(varianceOf(accumulator));
    const [lower, upper] = probabilityLimits(probability, probability > 0 ? standardError / probability : 0, limits);
    return { cause: names[k] as string, probability, standardError, lower, upper };
  });
  return { causes, open: s, atRisk: atRisk[first] as number, isBeyondFollowUp: s > 0 && to > (time[time.length - 1] as number), reason: null };
}

/**
 * Reads Aalen–Johansen curves at a time: the probability of every cause and of being open still, with standard errors and limits.
 *
 * @param curves - result of {@link aalenJohansen}
 * @param time - not negative
 * @returns one probability per cause; beyond the last time the last values, marked
 * @throws DomainError `invalid_type` | `length_mismatch` | `out_of_range` | `not_finite`
 * @example
 * ```ts
 * import { aalenJohansen, incidenceAt } from 'dealwright/stats';
 * const curves = aalenJohansen({ time: [10, 20, 30, 40], cause: [2, 1, 1, 2] }, { causes: ['won', 'lost'] });
 * incidenceAt(curves, 25).causes?.map(({ probability }) => probability); // => [0.25, 0.25]
 * ```
 * @category stats
 */
export function incidenceAt(curves: IncidenceCurves, time: number): ConditionalIncidence {
  return conditionalIncidence(curves, { within: time });
}

interface ReadCurves {
  readonly time: ArrayLike<number>;
  readonly atRisk: ArrayLike<number>;
  readonly names: readonly string[];
  readonly events: readonly ArrayLike<number>[];
  readonly limits: IntervalSettings;
}

function readCurves(curves: unknown, issues: Issue[]): ReadCurves | undefined {
  const record = checkRecord(curves, ['curve'], issues, 'incidence curves');
  if (record === undefined) return undefined;
  const time = readColumn(record['time'], ['curve', 'time'], issues, { atLeast: 1 });
  const length = { length: time?.length ?? 0 };
  const atRisk = readColumn(record['atRisk'], ['curve', 'atRisk'], issues, { min: 0, ...length });
  const list = checkList(record['causes'], ['curve', 'causes'], issues, { min: 1 });
  const limits = readStoredInterval(record, issues);
  const names: string[] = [];
  const events: ArrayLike<number>[] = [];
  (list ?? []).forEach((item, k) => {
    const cause: PlainRecord | undefined = checkRecord(item, ['curve', 'causes', k], issues);
    if (cause === undefined) return;
    const name = checkId(cause['cause'], ['curve', 'causes', k, 'cause'], issues);
    const column = readColumn(cause['events'], ['curve', 'causes', k, 'events'], issues, { min: 0, ...length });
    if (name !== undefined) names.push(name);
    if (column !== undefined) events.push(column);
  });
  if (time === undefined || atRisk === undefined || issues.length > 0) return undefined;
  return { time, atRisk, names, events, limits };
}
