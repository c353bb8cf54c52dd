import { fromEpochDay } from '../calendar/epoch-day.js';
import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { checkNumber, checkOneOf, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { incidenceAt } from '../stats/aalen-johansen.js';
import { proportionInterval } from '../stats/proportion-interval.js';
import type { SurvivalIntervalMethod } from '../stats/survival-interval.js';
import { checkDeals, checkOptions, checkPeriod, type DayRange, raise } from './call-options.js';
import {
  checkEventTime,
  checkHistory,
  type DealPath,
  dayOf,
  daysBetween,
  HISTORY_KEYS,
  type HistoryCall,
  type HistoryOptions,
  openStages,
  readPath,
  withoutStages,
} from './deal-path.js';
import { incidenceOf, sizeOf } from './duration-summary.js';
import {
  addDays,
  bump,
  countIn,
  daysIn,
  findRow,
  type MergeableRow,
  type MergeableTally,
  mergeableTally,
  rowOf,
  type TallyRows,
  type TallySpec,
  tallyOnce,
} from './mergeable-tally.js';

/**
 * What counts as having entered a stage: `passed-through` if the deal ever reached it or a later one (a won deal has passed through all), `literal` if it was in
 * that very stage. Where deals skip stages the two are far apart.
 *
 * @category pipelines
 */
export type StageEntryPolicy = 'passed-through' | 'literal';

/**
 * What counts as success: the deal was `won`, or it moved `forward` to a later stage (or was won).
 *
 * @category pipelines
 */
export type ConversionTarget = 'won' | 'forward';

/**
 * How a conversion rate is made. The three answer different questions and are never mixed.
 *
 * - `closed`: of the deals that were resolved, the share that succeeded. Easy and biased: what takes long is missing
 * - `cohort`: of the deals that entered at least a horizon ago, the share that succeeded within the horizon. Unbiased, but says nothing of recent entries
 * - `incidence`: Aalen–Johansen estimate of success by the horizon, with success and loss as competing risks and open deals as censored: unbiased, and uses every deal
 *
 * @category pipelines
 */
export type ConversionMethod = 'closed' | 'cohort' | 'incidence';

/**
 * What all methods of {@link stageConversion} share.
 *
 * @category pipelines
 */
export interface ConversionOptionsBase extends HistoryOptions, CalendarOptions {
  /** What counts as having entered. Default `passed-through`. */
  readonly entered?: StageEntryPolicy;
  /** What counts as success. Default `won`. */
  readonly target?: ConversionTarget;
  /** With fewer deals the value is `null` with the reason `insufficient-history`. Default 10. */
  readonly minimumDeals?: number;
  /** Confidence level of the limits, a fraction. Default 0.95. */
  readonly level?: number;
}

/**
 * Options of the method `closed`.
 *
 * @category pipelines
 */
export interface ClosedConversionOptions extends ConversionOptionsBase {
  /** Which rate. */
  readonly method: 'closed';
  /** Only deals that were resolved in it. Default: all. */
  readonly period?: PeriodInput;
}

/**
 * Options of the method `cohort`.
 *
 * @category pipelines
 */
export interface CohortConversionOptions extends ConversionOptionsBase {
  /** Which rate. */
  readonly method: 'cohort';
  /** Success within so many days of entering counts. */
  readonly horizonDays: number;
  /** Only deals that entered the stage in it. Default: all. */
  readonly period?: PeriodInput;
}

/**
 * Options of the method `incidence`.
 *
 * @category pipelines
 */
export interface IncidenceConversionOptions extends ConversionOptionsBase {
  /** Which rate. */
  readonly method: 'incidence';
  /** Success within so many days of entering counts. Default: as far as the history reaches. */
  readonly horizonDays?: number;
  /** Only deals that entered the stage in it. Default: all. */
  readonly period?: PeriodInput;
  /** Closings before this were not recorded (left truncation): deals count only from then on, and those that closed earlier not at all. Default: everything was recorded. */
  readonly observedFrom?: EventTime;
  /** Scale of the limits. Default `log-log`, which holds its level best with few deals. */
  readonly interval?: SurvivalIntervalMethod;
}

/**
 * Options of {@link stageConversion}.
 *
 * @category pipelines
 */
export type StageConversionOptions = ClosedConversionOptions | CohortConversionOptions | IncidenceConversionOptions;

/**
 * Why a conversion rate is not known.
 *
 * - `no-deals`: no deal counts
 * - `insufficient-history`: fewer than `minimumDeals`
 *
 * @category pipelines
 */
export type ConversionReason = 'no-deals' | 'insufficient-history';

/**
 * The conversion from one stage.
 *
 * @category pipelines
 */
export interface StageConversion {
  /** The pipeline. */
  readonly pipelineId: string;
  /** The stage. */
  readonly stageId: string;
  /** The rate, 0 to 1; `null` with a reason. With `closed` and `cohort` it is numerator / denominator, with `incidence` the Aalen–Johansen estimate. */
  readonly value: number | null;
  /** Deals that succeeded (within the horizon, if there is one). */
  readonly numerator: number;
  /** `closed`: deals resolved; `cohort`: deals that entered long enough ago; `incidence`: deals that entered. */
  readonly denominator: number;
  /** Deals the figure rests on. */
  readonly n: number;
  /** Lower confidence limit (Wilson's, or that of the curve); `null` where there is none. */
  readonly lower: number | null;
  /** Upper confidence limit; `null` where there is none. */
  readonly upper: number | null;
  /** Of `incidence`: probability of being neither won nor lost at the horizon; of `cohort`: share not resolved within it; `null` for `closed`. */
  readonly open: number | null;
  /** `closed` and `cohort`: deals that do not count yet, because they are open or entered too recently; `incidence`: deals still open. */
  readonly pending: number;
  /** Deals whose time of entry is not recorded and that the method needs to know. */
  readonly undated: number;
  /** With `incidence`: the horizon lies beyond what was observed, so that the value is a lower bound. */
  readonly isBeyondFollowUp: boolean;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: ConversionReason;
}

/**
 * Conversion rates of all open stages.
 *
 * @category pipelines
 */
export interface StageConversionTable {
  /** Which rate. */
  readonly method: ConversionMethod;
  /** What counted as having entered. */
  readonly entered: StageEntryPolicy;
  /** What counted as success. */
  readonly target: ConversionTarget;
  /** The cut. */
  readonly asOf: EventTime;
  /** The horizon in days; `null` if there is none. */
  readonly horizonDays: number | null;
  /** Confidence level of the limits. */
  readonly level: number;
  /** Fewest deals for a value. */
  readonly minimumDeals: number;
  /** Every open stage, in the order of the pipelines. */
  readonly stages: readonly StageConversion[];
  /** Deals that were set aside. */
  readonly setAside: number;
  /** Why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

const MAX_HORIZON = 1e6;
/** A moment in days, shorter than anything that is measured. */
export const MOMENT: number = 1e-9;

/** A call, read. */
interface ConversionCall extends HistoryCall {
  readonly method: ConversionMethod;
  readonly entered: StageEntryPolicy;
  readonly target: ConversionTarget;
  readonly horizonDays: number | null;
  readonly window: DayRange | undefined;
  readonly observedFrom: EventTime | null;
  readonly interval: SurvivalIntervalMethod;
  readonly level: number;
  readonly minimumDeals: number;
}

const INTERVALS: readonly SurvivalIntervalMethod[] = ['log', 'log-log', 'plain', 'logit', 'arcsine'];

function readCall(options: unknown, issues: IssueSink): ConversionCall | undefined {
  const record = checkOptions(
    options,
    [...HISTORY_KEYS, 'calendar', 'method', 'entered', 'target', 'minimumDeals', 'level', 'period', 'horizonDays', 'observedFrom', 'interval'],
    issues,
  );
  const history = checkHistory(record, issues);
  if (record.method === undefined)
    issues.push(createIssue('missing_key', ['method'], { expected: '"closed", "cohort" or "incidence": they are different figures, so one must be named' }));
  const method = record.method === undefined ? undefined : checkOneOf(record.method, ['closed', 'cohort', 'incidence'], ['method'], issues);
  const entered = record.entered === undefined ? 'passed-through' : checkOneOf(record.entered, ['passed-through', 'literal'], ['entered'], issues);
  const target = record.target === undefined ? 'won' : checkOneOf(record.target, ['won', 'forward'], ['target'], issues);
  const window = checkPeriod(record, issues);
  refuse(record, method, issues);
  let horizonDays: number | null = null;
  if (record.horizonDays !== undefined) horizonDays = checkNumber(record.horizonDays, ['horizonDays'], issues, { min: 0, max: MAX_HORIZON }) ?? null;
  else if (method === 'cohort') issues.push(createIssue('missing_key', ['horizonDays'], { expected: 'a number of days' }));
  const observedFrom = record.observedFrom === undefined || history === undefined ? null : (checkEventTime(record.observedFrom, ['observedFrom'], history.cut, issues) ?? null);
  const interval = record.interval === undefined ? 'log-log' : checkOneOf(record.interval, INTERVALS, ['interval'], issues);
  const minimumDeals = checkMinimum(record, issues);
  const level = checkLevel(record, issues);
  if (issues.length > 0 || history === undefined || method === undefined || entered === undefined || target === undefined || interval === undefined) return undefined;
  return { ...history, method, entered, target, horizonDays, window, observedFrom, interval, level, minimumDeals };
}

/** Options that belong to another method are a misunderstanding. */
function refuse(record: PlainRecord, method: ConversionMethod | undefined, issues: IssueSink): void {
  if (method === 'closed' && record.horizonDays !== undefined)
    issues.push(createIssue('unknown_key', ['horizonDays'], { expected: 'no horizon with the method "closed"', hint: 'use "cohort" or "incidence"' }));
  if (method === undefined || method === 'incidence') return;
  for (const key of ['observedFrom', 'interval'])
    if (record[key] !== undefined) issues.push(createIssue('unknown_key', [key], { expected: `an option of the method "incidence", not of "${method}"` }));
}

/** The option `minimumDeals`. */
export function checkMinimum(record: PlainRecord, issues: IssueSink): number {
  return record.minimumDeals === undefined ? 10 : (checkNumber(record.minimumDeals, ['minimumDeals'], issues, { min: 1, max: 1e9, integer: true }) ?? 10);
}

/** The option `level`. */
export function checkLevel(record: PlainRecord, issues: IssueSink): number {
  if (record.level === undefined) return 0.95;
  const level = checkNumber(record.level, ['level'], issues);
  if (level !== undefined && level > 0.001 && level < 0.999_999) return level;
  if (level !== undefined) {
    const hint = level > 1 && level < 100 ? { hint: `a percentage? did you mean ${level / 100}?` } : {};
    issues.push(createIssue('fraction_out_of_range', ['level'], { expected: 'a fraction between 0 and 1', received: level, ...hint }));
  }
  return 0.95;
}

const NAMES = ['success', 'failure', 'open', 'late', 'pending', 'undated', 'delay'];

function specOf(call: ConversionCall): TallySpec<Omit<StageConversionTable, 'issues'>> {
  const { method, entered, target, horizonDays, window, observedFrom, cut } = call;
  return {
    kind: 'stage-conversion',
    settings: {
      pipelines: JSON.stringify([...call.ranks].map(([id, ranks]) => [id, ...ranks.keys()])),
      asOf: cut.asOf,
      timeZone: cut.timeZone,
      method,
      entered,
      target,
      horizonDays: method === 'incidence' ? null : horizonDays,
      periodStart: window === undefined ? null : fromEpochDay(window.start),
      periodEnd: window === undefined ? null : fromEpochDay(window.end),
      observedFrom,
    },
    names: NAMES,
    read: (item, index, rows, issues) => addPath(item, index, call, rows, issues),
    finish: (state) => ({
      method,
      entered,
      target,
      asOf: cut.asOf,
      horizonDays,
      level: call.level,
      minimumDeals: call.minimumDeals,
      stages: [...call.pipelines.values()].flatMap((pipeline) =>
        openStages(pipeline).map((stageId) => conversionOf(pipeline.id, stageId, findRow(state, [pipeline.id, stageId]), call)),
      ),
      setAside: state.setAside,
    }),
  };
}

function addPath(item: unknown, index: number, call: ConversionCall, rows: TallyRows, issues: IssueSink): void {
  const path = readPath(item, index, call, issues);
  if (path === undefined) rows.setAside += 1;
  if (path === undefined || path === 'absent' || path.outcome === 'deleted') return;
  if (path.stays.length === 0) {
    issues.push(withoutStages(path, call));
    rows.setAside += 1;
    return;
  }
  for (const [stageId, rank] of call.ranks.get(path.deal.pipelineId) ?? []) {
    const passage = passageOf(path, rank, call);
    if (passage !== undefined) addPassage(rowOf(rows, [path.deal.pipelineId, stageId]), passage, call);
  }
}

/** A deal on its way from a stage. */
interface Passage {
  readonly from: EventTime | null;
  readonly result: 'success' | 'failure' | 'open';
  /** When the result came; null if open. */
  readonly at: EventTime | null;
}

/** From the first entry into a stage to success, failure, or neither yet; undefined if the deal never entered. */
function passageOf(path: DealPath, rank: number, { entered, target }: ConversionCall): Passage | undefined {
  const isEntry = entered === 'literal' ? (at: number): boolean => at === rank : (at: number): boolean => at >= rank;
  const first = path.stays.findIndex((stay) => isEntry(stay.rank));
  const stay = path.stays[first];
  if (stay === undefined) return entered === 'passed-through' && path.outcome === 'won' ? { from: path.closedAt, result: 'success', at: path.closedAt } : undefined;
  if (target === 'forward') {
    const later = path.stays.slice(first).find((candidate) => candidate.rank > rank);
    if (later !== undefined) return { from: stay.from, result: 'success', at: later.from ?? stay.from };
  }
  if (path.outcome === 'won') return { from: stay.from, result: 'success', at: path.closedAt };
  return path.outcome === 'lost' ? { from: stay.from, result: 'failure', at: path.closedAt } : { from: stay.from, result: 'open', at: null };
}

function addPassage(row: ReturnType<typeof rowOf>, passage: Passage, call: ConversionCall): void {
  const { cut, observedFrom } = call;
  const counted = countedAs(passage, call);
  if (counted !== 'by-time') {
    if (counted !== undefined) bump(row, counted);
    return;
  }
  const { from, result, at } = passage;
  if (from === null) return;
  const days = daysBetween(from, at ?? cut.asOf, cut);
  const delay = observedFrom === null ? 0 : daysBetween(from, observedFrom, cut);
  if (delay > 0 && days < delay) return;
  // Just before, so that what is resolved at that very moment is in.
  if (delay > 0) addDays(row, 'delay', Math.max(0, delay - MOMENT));
  addDays(row, result, Math.max(0, days));
}

/** Under which name a passage is counted; `by-time` if its length matters, undefined if it is not. */
function countedAs({ from, result, at }: Passage, { method, cut, window, horizonDays }: ConversionCall): string | undefined {
  if (method === 'closed') {
    if (result === 'open') return 'pending';
    // A success that was there when the history began has no date.
    if (window !== undefined && at === null) return 'undated';
    return window === undefined || (at !== null && isWithin(dayOf(at, cut), window)) ? result : undefined;
  }
  if (from === null) return 'undated';
  if (window !== undefined && !isWithin(dayOf(from, cut), window)) return undefined;
  if (method === 'incidence') return 'by-time';
  const horizon = horizonDays ?? 0;
  if (daysBetween(from, cut.asOf, cut) < horizon) return 'pending';
  if (result === 'open') return 'open';
  return daysBetween(from, at ?? cut.asOf, cut) > horizon ? 'late' : result;
}

function isWithin(day: number, { start, end }: DayRange): boolean {
  return day >= start && day < end;
}

function conversionOf(pipelineId: string, stageId: string, row: MergeableRow | undefined, call: ConversionCall): StageConversion {
  const { method, level, minimumDeals } = call;
  const undated = countIn(row, 'undated');
  const key = { pipelineId, stageId };
  if (method === 'incidence') return incidenceConversion(key, row, call);
  const numerator = countIn(row, 'success');
  const failures = countIn(row, 'failure');
  const unresolved = method === 'cohort' ? countIn(row, 'open') + countIn(row, 'late') : 0;
  const denominator = numerator + failures + unresolved;
  const { lower, upper } = proportionInterval(numerator, denominator, { level });
  const parts = { numerator, denominator, n: denominator, lower, upper, pending: countIn(row, 'pending'), undated, isBeyondFollowUp: false };
  const open = method === 'cohort' && denominator > 0 ? unresolved / denominator : null;
  return { ...key, value: denominator < minimumDeals ? null : numerator / denominator, ...parts, open, ...reasonOf(denominator, minimumDeals) };
}

function reasonOf(n: number, minimum: number): { readonly reason?: ConversionReason } {
  return n === 0 ? { reason: 'no-deals' } : n < minimum ? { reason: 'insufficient-history' } : {};
}

function incidenceConversion(key: { readonly pipelineId: string; readonly stageId: string }, row: MergeableRow | undefined, call: ConversionCall): StageConversion {
  const [success, failure, open] = [daysIn(row, 'success'), daysIn(row, 'failure'), daysIn(row, 'open')];
  const n = sizeOf(success) + sizeOf(failure) + sizeOf(open);
  const causes = [
    { cause: 'success', counts: success },
    { cause: 'failure', counts: failure },
  ];
  const curves = incidenceOf(open, causes, daysIn(row, 'delay'), { interval: call.interval, level: call.level });
  const horizon = call.horizonDays ?? curves?.time[curves.time.length - 1] ?? 0;
  const read = curves === null ? undefined : incidenceAt(curves, Math.max(0, horizon));
  const estimate = read?.causes?.[0];
  let numerator = 0;
  for (const [at, days] of success.days.entries()) if (days <= horizon) numerator += success.count[at] ?? 0;
  return {
    ...key,
    value: n < call.minimumDeals ? null : (estimate?.probability ?? null),
    numerator,
    denominator: n,
    n,
    lower: estimate?.lower ?? null,
    upper: estimate?.upper ?? null,
    open: read?.open ?? null,
    pending: sizeOf(open),
    undated: countIn(row, 'undated'),
    isBeyondFollowUp: read?.isBeyondFollowUp ?? false,
    ...reasonOf(n, call.minimumDeals),
  };
}

/**
 * Conversion from each stage, by one of three methods that must be named: `closed`, `cohort` or `incidence` (see {@link ConversionMethod}). The first entry of a deal into a stage counts;
 * steps back and re-entries do not start again. Deleted deals do not count. A deal that was reopened counts with the outcome it has at the cut.
 *
 * Never multiply rates from stage to stage: where deals skip stages the product is far too low. Ask for the target `won` instead.
 *
 * @param deals - deals with their histories, in any order
 * @param options - method, pipeline, cut, what counts as entered and as success
 * @returns one row per open stage, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_value` | `invalid_type` | `out_of_range` | `fraction_out_of_range` | `invalid_instant` | `invalid_time_zone` | `invalid_period`, or what is wrong with a pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, stageConversion } from 'dealwright/pipelines';
 * const deal = (id: string, end: 'won' | 'lost', on: string) => createDeal({
 *   id, pipelineId: 'b2b', stageId: `closed-${end}`, status: end, createdOn: '2026-01-01', closedOn: on,
 *   history: [{ type: 'created', at: '2026-01-01', stageId: 'demo', amount: null }, { type: end, at: on, from: 'demo', to: `closed-${end}` }],
 * });
 * const deals = [deal('a', 'won', '2026-02-01'), deal('b', 'lost', '2026-01-20'), deal('c', 'lost', '2026-06-01')];
 * const rate = (asOf: string) => stageConversion(deals, { method: 'closed', pipeline: b2bPipeline, asOf, minimumDeals: 1 }).stages[3].value;
 * rate('2026-03-01'); // => 0.5
 * rate('2026-07-01'); // => 1 / 3
 * stageConversion(deals, { method: 'incidence', pipeline: b2bPipeline, asOf: '2026-03-01', minimumDeals: 1 }).stages[3].value; // ~> 1 / 3
 * ```
 * @category pipelines
 */
export function stageConversion(deals: readonly Deal<object>[], options: StageConversionOptions): StageConversionTable {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(specOf(call), list);
  return { ...result, issues };
}

/**
 * The same as {@link stageConversion} over deals that come in parts: on several machines, or day by day.
 *
 * @param options - those of {@link stageConversion}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link stageConversion}
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, stageConversionTally } from 'dealwright/pipelines';
 * const tally = stageConversionTally({ method: 'closed', pipeline: b2bPipeline, asOf: '2026-07-01', minimumDeals: 1 });
 * const won = createDeal({
 *   id: 'a', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn: '2026-01-01', closedOn: '2026-02-01',
 *   history: [{ type: 'created', at: '2026-01-01', stageId: 'demo', amount: null }, { type: 'won', at: '2026-02-01', from: 'demo', to: 'closed-won' }],
 * });
 * const part = tally.add(tally.empty(), won);
 * tally.finish(tally.merge(part, part)).stages[0].numerator; // => 2
 * ```
 * @category pipelines
 */
export function stageConversionTally(options: StageConversionOptions): MergeableTally<Deal<object>, Omit<StageConversionTable, 'issues'>> {
  const wrongCall: IssueSink = [];
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(specOf(call));
}
