import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { checkList, checkNumber, checkOneOf, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { IncidenceCurves } from '../stats/aalen-johansen.js';
import { kaplanMeier, type RestrictedMean, restrictedMean, type SurvivalCurve, type SurvivalQuantile, survivalQuantile } from '../stats/kaplan-meier.js';
import type { SurvivalIntervalMethod } from '../stats/survival-interval.js';
import { checkDeals, checkOptions, raise } from './call-options.js';
import { checkEventTime, checkHistory, daysBetween, HISTORY_KEYS, type HistoryCall, type HistoryOptions, openStages, readPath, withoutStages } from './deal-path.js';
import { type DurationSummary, incidenceOf, mergeCounts, quantileGivenCause, sizeOf, summarizeCounts, survivalTallyOf } from './duration-summary.js';
import { addDays, bump, countIn, daysIn, type MergeableState, type MergeableTally, mergeableTally, rowOf, type TallyRows, type TallySpec, tallyOnce } from './mergeable-tally.js';
import { checkLevel, checkMinimum, MOMENT } from './stage-conversion.js';

/**
 * Options of {@link stageDurations}.
 *
 * @category pipelines
 */
export interface StageDurationsOptions extends HistoryOptions {
  /** Moves before this were not recorded (left truncation): a stay counts only from then on. Default: everything was recorded. */
  readonly observedFrom?: EventTime;
  /** Only the first stay of a deal in a stage (`first`), or every one (`each`, the default). */
  readonly visits?: 'each' | 'first';
  /** Which quantiles of the time in the stage, fractions between 0 and 1. Default 0.25, 0.5, 0.75 and 0.9. */
  readonly quantiles?: readonly number[];
  /** Up to which day the restricted mean is taken. Default: the last day observed. */
  readonly horizonDays?: number;
  /** With fewer stays the estimates are `null` with the reason `insufficient-history`. Default 10. */
  readonly minimumDeals?: number;
  /** Scale of the limits. Default `log`, as in R. */
  readonly interval?: SurvivalIntervalMethod;
  /** Confidence level of the limits. Default 0.95. */
  readonly level?: number;
}

/**
 * A way out of a stage.
 *
 * @category pipelines
 */
export interface StageExit {
  /** The next open stage, or `won` or `lost`. */
  readonly to: string;
  /** Whether it is an open stage or an outcome. */
  readonly kind: 'stage' | 'won' | 'lost';
  /** How many stays ended so. */
  readonly n: number;
  /** Aalen–Johansen probability of leaving this way, as far as was observed; `null` below the minimum. */
  readonly probability: number | null;
  /** Median time in the stage among those that leave this way, censoring considered; `null` below the minimum. */
  readonly medianDays: number | null;
}

/**
 * A quantile of the time in a stage.
 *
 * @category pipelines
 */
export interface DurationQuantile extends SurvivalQuantile {
  /** Which, a fraction. */
  readonly probability: number;
}

/**
 * How long deals stay in a stage.
 *
 * @category pipelines
 */
export interface StageDuration {
  /** The pipeline. */
  readonly pipelineId: string;
  /** The stage. */
  readonly stageId: string;
  /** Stays observed. */
  readonly n: number;
  /** Of them still going on: censored. */
  readonly open: number;
  /** Stays whose beginning is not recorded, or that ended before anything was: not among `n`. */
  readonly undated: number;
  /** Kaplan–Meier median of the time until the deal leaves, in days, with limits; `null` below the minimum. */
  readonly median: SurvivalQuantile | null;
  /** The quantiles asked for; `null` below the minimum. */
  readonly quantiles: readonly DurationQuantile[] | null;
  /** Mean time in the stage up to a horizon, with its error; `null` below the minimum. */
  readonly restrictedMean: RestrictedMean | null;
  /** Every way out that occurred, open stages in their order, then won and lost. */
  readonly exits: readonly StageExit[];
  /** Kaplan–Meier curve of staying; `null` below the minimum. */
  readonly curve: SurvivalCurve | null;
  /** Aalen–Johansen curves by way out; `null` below the minimum, or if no stay has ended. */
  readonly incidence: IncidenceCurves | null;
  /** Stays that are over, in plain figures: short ones are over-represented. */
  readonly completed: DurationSummary;
  /** Of them those that went on to another open stage. */
  readonly moved: DurationSummary;
  /** Why the estimates are `null`; absent otherwise. */
  readonly reason?: 'no-stays' | 'insufficient-history';
}

/**
 * Time in every open stage.
 *
 * @category pipelines
 */
export interface StageDurations {
  /** The cut. */
  readonly asOf: EventTime;
  /** Which stays count. */
  readonly visits: 'each' | 'first';
  /** Fewest stays for an estimate. */
  readonly minimumDeals: number;
  /** Every open stage, in the order of the pipelines. */
  readonly stages: readonly StageDuration[];
  /** Deals that were set aside. */
  readonly setAside: number;
  /** Why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/** A call, read. Not a public entry. */
export interface DurationsCall extends HistoryCall {
  readonly observedFrom: EventTime | null;
  readonly visits: 'each' | 'first';
  readonly quantiles: readonly number[];
  readonly horizonDays: number | undefined;
  readonly minimumDeals: number;
  readonly interval: SurvivalIntervalMethod;
  readonly level: number;
}

const INTERVALS: readonly SurvivalIntervalMethod[] = ['log', 'log-log', 'plain', 'logit', 'arcsine'];
const DURATION_KEYS: readonly string[] = [...HISTORY_KEYS, 'observedFrom', 'visits', 'quantiles', 'horizonDays', 'minimumDeals', 'interval', 'level'];

/** Reads the options; undefined with issues. Not a public entry. */
export function readDurationsCall(options: unknown, keys: readonly string[], issues: IssueSink): DurationsCall | undefined {
  const record = checkOptions(options, [...DURATION_KEYS, ...keys], issues);
  const history = checkHistory(record, issues);
  const observedFrom = record.observedFrom === undefined || history === undefined ? null : (checkEventTime(record.observedFrom, ['observedFrom'], history.cut, issues) ?? null);
  const visits = record.visits === undefined ? 'each' : checkOneOf(record.visits, ['each', 'first'], ['visits'], issues);
  const quantiles = checkQuantiles(record.quantiles, issues);
  const horizonDays = record.horizonDays === undefined ? undefined : checkNumber(record.horizonDays, ['horizonDays'], issues, { min: 0, max: 1e6 });
  const minimumDeals = checkMinimum(record, issues);
  const interval = record.interval === undefined ? 'log' : checkOneOf(record.interval, INTERVALS, ['interval'], issues);
  const level = checkLevel(record, issues);
  if (issues.length > 0 || history === undefined || visits === undefined || interval === undefined) return undefined;
  return { ...history, observedFrom, visits, quantiles, horizonDays, minimumDeals, interval, level };
}

/** Fractions between 0 and 1. Not a public entry. */
export function checkQuantiles(value: unknown, issues: IssueSink): readonly number[] {
  if (value === undefined) return [0.25, 0.5, 0.75, 0.9];
  const list = checkList(value, ['quantiles'], issues, { expected: 'a list of fractions' }) ?? [];
  if (list.length > 100) issues.push(createIssue('too_long', ['quantiles'], { expected: 'at most 100', received: list }));
  return list.slice(0, 100).map((entry, at) => {
    const fraction = checkNumber(entry, ['quantiles', at], issues);
    if (fraction !== undefined && !(fraction > 0 && fraction < 1))
      issues.push(createIssue('fraction_out_of_range', ['quantiles', at], { expected: 'a fraction between 0 and 1', received: fraction }));
    return fraction ?? 0.5;
  });
}

const NAMES = ['stay', 'undated', 'delay'];

/** Stays by stage and way out. Not a public entry. */
export function durationsSpec<Result>(call: DurationsCall, finish: (state: MergeableState) => Result): TallySpec<Result> {
  return {
    kind: 'stage-durations',
    settings: {
      pipelines: JSON.stringify([...call.ranks].map(([id, ranks]) => [id, ...ranks.keys()])),
      asOf: call.cut.asOf,
      timeZone: call.cut.timeZone,
      observedFrom: call.observedFrom,
      visits: call.visits,
    },
    names: NAMES,
    read: (item, index, rows, issues) => addStays(item, index, call, rows, issues),
    finish,
  };
}

function addStays(item: unknown, index: number, call: DurationsCall, rows: TallyRows, issues: IssueSink): void {
  const { cut, observedFrom } = call;
  const path = readPath(item, index, call, issues);
  if (path === undefined) rows.setAside += 1;
  if (path === undefined || path === 'absent' || path.outcome === 'deleted') return;
  if (path.stays.length === 0) {
    issues.push(withoutStages(path, call));
    rows.setAside += 1;
    return;
  }
  const seen = new Set<string>();
  for (const { stageId, from, to, next, end } of path.stays) {
    if (call.visits === 'first' && seen.has(stageId)) continue;
    seen.add(stageId);
    const kind = end === 'moved' ? 'stage' : end === 'won' || end === 'lost' ? end : 'open';
    const row = rowOf(rows, [path.deal.pipelineId, stageId, kind, kind === 'stage' ? (next ?? '-') : '-']);
    const days = from === null ? 0 : Math.max(0, daysBetween(from, to ?? cut.asOf, cut));
    const delay = from === null || observedFrom === null ? 0 : daysBetween(from, observedFrom, cut);
    if (from === null || (delay > 0 && days < delay)) {
      bump(row, 'undated');
      continue;
    }
    // Just before, so that what ends at that very moment is in.
    if (delay > 0) addDays(row, 'delay', Math.max(0, delay - MOMENT));
    addDays(row, 'stay', days);
  }
}

/** The rows of one stage. Not a public entry. */
export interface StageTally {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly censored: ReturnType<typeof daysIn>;
  readonly delays: ReturnType<typeof daysIn>;
  readonly undated: number;
  readonly exits: readonly { readonly cause: string; readonly to: string; readonly kind: 'stage' | 'won' | 'lost'; readonly counts: ReturnType<typeof daysIn> }[];
}

/** Stage by stage, in the order of the pipelines. Not a public entry. */
export function stageTallies(state: MergeableState, call: DurationsCall): readonly StageTally[] {
  return [...call.pipelines.values()].flatMap((pipeline) => {
    const order = openStages(pipeline);
    return order.map((stageId): StageTally => {
      const rows = state.rows.filter(({ key }) => key[0] === pipeline.id && key[1] === stageId);
      const place = (to: string): number => (order.includes(to) ? order.indexOf(to) : order.length);
      const exits = rows
        .flatMap((row) => {
          const kind = row.key[2];
          if (kind !== 'stage' && kind !== 'won' && kind !== 'lost') return [];
          const to = kind === 'stage' ? (row.key[3] ?? '-') : kind;
          return [{ cause: `${kind}:${to}`, to, kind, counts: daysIn(row, 'stay') } as const];
        })
        .filter(({ counts }) => counts.days.length > 0)
        .sort((a, b) => rankOf(a.kind) - rankOf(b.kind) || place(a.to) - place(b.to));
      return {
        pipelineId: pipeline.id,
        stageId,
        censored: mergeCounts(rows.filter(({ key }) => key[2] === 'open').map((row) => daysIn(row, 'stay'))),
        delays: mergeCounts(rows.map((row) => daysIn(row, 'delay'))),
        undated: rows.reduce((sum, row) => sum + countIn(row, 'undated'), 0),
        exits,
      };
    });
  });
}

function rankOf(kind: 'stage' | 'won' | 'lost'): number {
  return kind === 'stage' ? 0 : kind === 'won' ? 1 : 2;
}

function durationOf(stage: StageTally, call: DurationsCall): StageDuration {
  const { pipelineId, stageId, censored, delays, undated, exits } = stage;
  const ended = mergeCounts(exits.map(({ counts }) => counts));
  const open = sizeOf(censored);
  const n = open + sizeOf(ended);
  const plain = {
    completed: summarizeCounts(ended),
    moved: summarizeCounts(mergeCounts(exits.filter(({ kind }) => kind === 'stage').map(({ counts }) => counts))),
  };
  const limits = { interval: call.interval, level: call.level };
  if (n < call.minimumDeals) {
    const ways = exits.map(({ to, kind, counts }) => ({ to, kind, n: sizeOf(counts), probability: null, medianDays: null }));
    const nothing = { median: null, quantiles: null, restrictedMean: null, exits: ways, curve: null, incidence: null };
    return { pipelineId, stageId, n, open, undated, ...nothing, ...plain, reason: n === 0 ? 'no-stays' : 'insufficient-history' };
  }
  const curve = kaplanMeier(survivalTallyOf([censored, ended], delays), limits);
  const incidence = incidenceOf(censored, exits, delays, limits);
  return {
    pipelineId,
    stageId,
    n,
    open,
    undated,
    median: survivalQuantile(curve, 0.5),
    quantiles: call.quantiles.map((probability) => ({ probability, ...survivalQuantile(curve, probability) })),
    restrictedMean: restrictedMean(curve, call.horizonDays === undefined ? {} : { horizon: call.horizonDays }),
    exits: exits.map(({ cause, to, kind, counts }) => {
      const column = incidence?.causes.find((candidate) => candidate.cause === cause)?.incidence;
      const medianDays = incidence === null ? null : quantileGivenCause(incidence, cause, 0.5);
      return { to, kind, n: sizeOf(counts), probability: column?.[column.length - 1] ?? null, medianDays };
    }),
    curve,
    incidence,
    ...plain,
  };
}

function tableOf(state: MergeableState, call: DurationsCall): Omit<StageDurations, 'issues'> {
  return {
    asOf: call.cut.asOf,
    visits: call.visits,
    minimumDeals: call.minimumDeals,
    stages: stageTallies(state, call).map((stage) => durationOf(stage, call)),
    setAside: state.setAside,
  };
}

/**
 * How long deals stay in each stage: Kaplan–Meier with the stays that are still going on as censored, so that slow deals are not left out, and Aalen–Johansen by
 * way out (each next stage, won, lost). Between two dates days are whole calendar days, otherwise elapsed time.
 *
 * @param deals - deals with their histories, in any order
 * @param options - pipeline, cut, quantiles, limits
 * @returns one row per open stage, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_value` | `invalid_type` | `out_of_range` | `fraction_out_of_range` | `invalid_instant` | `invalid_time_zone`, or what is wrong with a pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, stageDurations } from 'dealwright/pipelines';
 * const deal = (id: string, movedOn: string | null) => createDeal({
 *   id, pipelineId: 'b2b', stageId: movedOn === null ? 'discovery' : 'demo', createdOn: '2026-01-01',
 *   history: [
 *     { type: 'created', at: '2026-01-01', stageId: 'discovery', amount: null },
 *     ...(movedOn === null ? [] : [{ type: 'stage-changed' as const, at: movedOn, from: 'discovery', to: 'demo' }]),
 *   ],
 * });
 * const deals = [deal('a', '2026-01-11'), deal('b', '2026-01-31'), deal('c', null)];
 * const discovery = stageDurations(deals, { pipeline: b2bPipeline, asOf: '2026-04-01', minimumDeals: 1 }).stages[2];
 * [discovery.n, discovery.open, discovery.median?.time, discovery.completed.medianDays]; // => [3, 1, 30, 20]
 * ```
 * @category pipelines
 */
export function stageDurations(deals: readonly Deal<object>[], options: StageDurationsOptions): StageDurations {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readDurationsCall(options, [], wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(
    durationsSpec(call, (state) => tableOf(state, call)),
    list,
  );
  return { ...result, issues };
}

/**
 * The same as {@link stageDurations} over deals that come in parts.
 *
 * @param options - those of {@link stageDurations}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link stageDurations}
 * @example
 * ```ts
 * import { b2bPipeline, stageDurationsTally } from 'dealwright/pipelines';
 * const tally = stageDurationsTally({ pipeline: b2bPipeline, asOf: '2026-04-01' });
 * tally.finish(tally.empty()).stages[0].reason; // => 'no-stays'
 * ```
 * @category pipelines
 */
export function stageDurationsTally(options: StageDurationsOptions): MergeableTally<Deal<object>, Omit<StageDurations, 'issues'>> {
  const wrongCall: IssueSink = [];
  const call = readDurationsCall(options, [], wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(durationsSpec(call, (state) => tableOf(state, call)));
}

/**
 * Options of {@link stallThresholds}.
 *
 * @category pipelines
 */
export interface StallThresholdsOptions extends StageDurationsOptions {
  /** The share of deals that have left by the threshold, a fraction. Default 0.75. */
  readonly quantile?: number;
  /**
   * Of which deals. `advanced` (default): of those that go on to a later stage or are won, with losses as competing risk and open deals as censored.
   * `won`: of deals that were won, which leaves out those that will be. `left`: of all that leave, losses included.
   */
  readonly basis?: 'advanced' | 'won' | 'left';
}

/**
 * After how many days a deal in a stage counts as stalled.
 *
 * @category pipelines
 */
export interface StallThreshold {
  /** The pipeline. */
  readonly pipelineId: string;
  /** The stage. */
  readonly stageId: string;
  /** Days; `null` with a reason. */
  readonly days: number | null;
  /** Stays the figure rests on. */
  readonly n: number;
  /** The share that has left by then. */
  readonly quantile: number;
  /** Of which deals. */
  readonly basis: 'advanced' | 'won' | 'left';
  /** Why `days` is `null`; absent otherwise. */
  readonly reason?: 'insufficient-history' | 'not-reached';
}

/**
 * After how many days in a stage a deal is slower than most: a quantile of the time in the stage that takes deals still there into account, learned from the
 * history instead of set by hand.
 *
 * @param deals - deals with their histories: enough of them, closed and open
 * @param options - quantile, basis, pipeline, cut
 * @returns one threshold per open stage
 * @throws DomainError as {@link stageDurations}
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, stallThresholds } from 'dealwright/pipelines';
 * const deals = [10, 20, 30, 40].map((days) => createDeal({
 *   id: `d${days}`, pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-01-01',
 *   history: [
 *     { type: 'created', at: '2026-01-01T00:00:00Z', stageId: 'discovery', amount: null },
 *     { type: 'stage-changed', at: new Date(Date.UTC(2026, 0, 1 + days)).toISOString(), from: 'discovery', to: 'demo' },
 *   ],
 * }));
 * stallThresholds(deals, { pipeline: b2bPipeline, asOf: '2026-04-01', minimumDeals: 4 })[2].days; // => 30
 * ```
 * @category pipelines
 */
export function stallThresholds(deals: readonly Deal<object>[], options: StallThresholdsOptions): readonly StallThreshold[] {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readDurationsCall(options, ['quantile', 'basis'], wrongCall);
  const record = checkOptions(options, [...DURATION_KEYS, 'quantile', 'basis'], []);
  const quantile = record.quantile === undefined ? 0.75 : (checkQuantiles([record.quantile], wrongCall)[0] ?? 0.75);
  const basis = record.basis === undefined ? 'advanced' : checkOneOf(record.basis, ['advanced', 'won', 'left'], ['basis'], wrongCall);
  if (wrongCall.length > 0 || call === undefined || basis === undefined) return raise(wrongCall);
  return thresholdsOf(list, { call, quantile, basis });
}

/** What a threshold call needs. Not a public entry. */
export interface ThresholdCall {
  readonly call: DurationsCall;
  readonly quantile: number;
  readonly basis: 'advanced' | 'won' | 'left';
}

/** Thresholds by stage, unchecked. Not a public entry. */
export function thresholdsOf(list: readonly unknown[], { call, quantile, basis }: ThresholdCall): readonly StallThreshold[] {
  const known = basis === 'won' ? list.filter((deal, index) => isWon(deal, index, call)) : list;
  const { result } = tallyOnce(
    durationsSpec(call, (state) => stageTallies(state, call)),
    known,
  );
  return result.map((stage): StallThreshold => {
    const ranks = call.ranks.get(stage.pipelineId);
    const own = ranks?.get(stage.stageId) ?? 0;
    const isSuccess = ({ kind, to }: StageTally['exits'][number]): boolean => basis !== 'advanced' || kind === 'won' || (kind === 'stage' && (ranks?.get(to) ?? -1) > own);
    const success = mergeCounts(stage.exits.filter(isSuccess).map(({ counts }) => counts));
    const other = mergeCounts(stage.exits.filter((exit) => !isSuccess(exit)).map(({ counts }) => counts));
    const n = sizeOf(success);
    const parts = { pipelineId: stage.pipelineId, stageId: stage.stageId, n, quantile, basis };
    if (n < call.minimumDeals) return { ...parts, days: null, reason: 'insufficient-history' };
    if (basis !== 'advanced') {
      const { time } = survivalQuantile(kaplanMeier(survivalTallyOf([stage.censored, success], stage.delays)), quantile);
      return time === null ? { ...parts, days: null, reason: 'not-reached' } : { ...parts, days: time };
    }
    const causes = [
      { cause: 'advanced', counts: success },
      { cause: 'other', counts: other },
    ];
    const curves = incidenceOf(stage.censored, causes, stage.delays, {});
    const days = curves === null ? null : quantileGivenCause(curves, 'advanced', quantile);
    return days === null ? { ...parts, days, reason: 'not-reached' } : { ...parts, days };
  });
}

function isWon(deal: unknown, index: number, call: DurationsCall): boolean {
  const path = readPath(deal, index, call, []);
  return path !== undefined && path !== 'absent' && path.outcome === 'won';
}
