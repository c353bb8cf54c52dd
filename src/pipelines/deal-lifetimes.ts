import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { checkId, checkOneOf, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { IncidenceCurves } from '../stats/aalen-johansen.js';
import { kaplanMeier, type RestrictedMean, restrictedMean, type SurvivalQuantile, survivalQuantile } from '../stats/kaplan-meier.js';
import { checkDeals, checkOptions, raise } from './call-options.js';
import { type DealPath, dayOf, readPath } from './deal-path.js';
import { type DurationSummary, incidenceOf, mergeCounts, quantileGivenCause, sizeOf, summarizeCounts, survivalTallyOf } from './duration-summary.js';
import {
  addDays,
  bump,
  countIn,
  daysIn,
  findRow,
  type MergeableState,
  type MergeableTally,
  mergeableTally,
  rowOf,
  type TallyRows,
  type TallySpec,
  tallyOnce,
} from './mergeable-tally.js';
import { type DurationQuantile, type DurationsCall, readDurationsCall, type StageDurationsOptions } from './stage-durations.js';

/**
 * Where a sales cycle begins: at `creation` of the deal, at the `first-contact` (its earliest activity), or at `stage-entry`: the first entry into a stage or a later one.
 *
 * @category pipelines
 */
export type CycleOrigin = 'creation' | 'first-contact' | 'stage-entry';

/**
 * Options of {@link dealLifetimes}.
 *
 * @category pipelines
 */
export interface DealLifetimesOptions extends Omit<StageDurationsOptions, 'visits'> {
  /** Where the cycle begins. Default `creation`. */
  readonly from?: CycleOrigin;
  /** With `stage-entry`: which stage. */
  readonly stageId?: string;
}

/**
 * How long deals live and how they end.
 *
 * @category pipelines
 */
export interface DealLifetimes {
  /** The cut. */
  readonly asOf: EventTime;
  /** Where the cycle begins. */
  readonly from: CycleOrigin;
  /** With `stage-entry`: which stage; else `null`. */
  readonly stageId: string | null;
  /** Deals observed. */
  readonly n: number;
  /** Of them still open: censored. */
  readonly open: number;
  /** Deals whose beginning or end is not recorded, or that closed before anything was: not among `n`. */
  readonly undated: number;
  /** Deals that closed before they began, an error in the data: not among `n`. */
  readonly negative: number;
  /** Cycles of won deals in plain figures: biased short while slower deals are still open. */
  readonly won: DurationSummary;
  /** Cycles of won and lost deals in plain figures. */
  readonly closed: DurationSummary;
  /** Aalen–Johansen incidence of `won` and `lost`; `null` below the minimum. */
  readonly curves: IncidenceCurves | null;
  /** Probability of being won, of being lost, and of still being open, as far as was observed; `null` below the minimum. */
  readonly shares: { readonly won: number; readonly lost: number; readonly open: number } | null;
  /** Time to win given that the deal is won, censoring considered: quantiles of F_won(t) / F_won(∞); `null` below the minimum or without wins. */
  readonly timeToWin: {
    /** Median in days. */
    readonly medianDays: number | null;
    /** The quantiles asked for. */
    readonly quantiles: readonly { readonly probability: number; readonly days: number | null }[];
  } | null;
  /** Time until the deal is won or lost, by Kaplan–Meier; `null` below the minimum. */
  readonly timeToResolution: {
    /** Median with limits. */
    readonly median: SurvivalQuantile;
    /** The quantiles asked for, with limits. */
    readonly quantiles: readonly DurationQuantile[];
    /** Mean up to a horizon. */
    readonly restrictedMean: RestrictedMean;
  } | null;
  /** Why the estimates are `null`; absent otherwise. */
  readonly reason?: 'no-deals' | 'insufficient-history';
  /** Deals that were set aside. */
  readonly setAside: number;
  /** Why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

interface LifetimesCall {
  readonly durations: DurationsCall;
  readonly from: CycleOrigin;
  readonly stageId: string | null;
}

const KEY = ['deals'];

function readCall(options: unknown, issues: IssueSink): LifetimesCall | undefined {
  const durations = readDurationsCall(options, ['from', 'stageId'], issues);
  const record = checkOptions(options, Object.keys(isPlainRecord(options) ? options : {}), []);
  const from = record.from === undefined ? 'creation' : checkOneOf(record.from, ['creation', 'first-contact', 'stage-entry'], ['from'], issues);
  let stageId: string | null = null;
  if (from === 'stage-entry') {
    stageId = record.stageId === undefined ? null : (checkId(record.stageId, ['stageId'], issues) ?? null);
    if (record.stageId === undefined) issues.push(createIssue('missing_key', ['stageId'], { expected: 'the stage at which the cycle begins' }));
    else if (stageId !== null && durations !== undefined && ![...durations.ranks.values()].some((ranks) => ranks.has(stageId ?? '')))
      issues.push(createIssue('unknown_stage', ['stageId'], { expected: 'an open stage of the pipeline', received: stageId }));
  } else if (record.stageId !== undefined) issues.push(createIssue('unknown_key', ['stageId'], { expected: 'no stage unless the cycle begins at "stage-entry"' }));
  if (record.visits !== undefined) issues.push(createIssue('unknown_key', ['visits'], { received: record.visits }));
  return issues.length > 0 || durations === undefined || from === undefined ? undefined : { durations, from, stageId };
}

function specOf(call: LifetimesCall): TallySpec<Omit<DealLifetimes, 'issues'>> {
  const { durations, from, stageId } = call;
  return {
    kind: 'deal-lifetimes',
    settings: {
      pipelines: JSON.stringify([...durations.ranks].map(([id, ranks]) => [id, ...ranks.keys()])),
      asOf: durations.cut.asOf,
      timeZone: durations.cut.timeZone,
      observedFrom: durations.observedFrom,
      from,
      stageId,
    },
    names: ['won', 'lost', 'open', 'delay', 'undated', 'negative'],
    read: (item, index, rows, issues) => addLifetime(item, index, call, rows, issues),
    finish: (state) => lifetimesOf(state, call),
  };
}

/** The first activity before the cut. */
function firstContact(path: DealPath, { durations: { cut } }: LifetimesCall): EventTime | null {
  let first: EventTime | null = null;
  let earliest = cut.time;
  const activities: unknown = path.deal.activities;
  for (const activity of Array.isArray(activities) ? (activities as readonly unknown[]) : []) {
    if (!isPlainRecord(activity) || typeof activity.at !== 'string') continue;
    const time = cut.timeOf(activity.at);
    if (time < earliest) {
      earliest = time;
      first = activity.at;
    }
  }
  return first;
}

function originOf(path: DealPath, call: LifetimesCall): EventTime | null | 'none' {
  if (call.from === 'creation') return path.createdAt;
  if (call.from === 'first-contact') return firstContact(path, call);
  const rank = call.durations.ranks.get(path.deal.pipelineId)?.get(call.stageId ?? '');
  if (rank === undefined) return 'none';
  const stay = path.stays.find((candidate) => candidate.rank >= rank);
  return stay === undefined ? (path.outcome === 'won' && path.stays.length > 0 ? path.closedAt : 'none') : stay.from;
}

function addLifetime(item: unknown, index: number, call: LifetimesCall, rows: TallyRows, issues: IssueSink): void {
  const { cut, observedFrom } = call.durations;
  const path = readPath(item, index, call.durations, issues);
  if (path === undefined) rows.setAside += 1;
  if (path === undefined || path === 'absent' || path.outcome === 'deleted') return;
  const row = rowOf(rows, KEY);
  const origin = originOf(path, call);
  if (origin === 'none') return;
  if (origin === null) {
    issues.push(createIssue('missing_date', [index, 'createdOn'], { expected: 'the day on which the cycle began' }));
    bump(row, 'undated');
    return;
  }
  const start = dayOf(origin, cut);
  const days = dayOf(path.closedAt ?? cut.asOf, cut) - start;
  if (days < 0) {
    issues.push(createIssue('negative_cycle', [index, 'closedOn'], { expected: `${origin} or later`, received: path.closedAt ?? cut.asOf }));
    bump(row, 'negative');
    return;
  }
  const delay = observedFrom === null ? 0 : dayOf(observedFrom, cut) - start;
  // Entry counts from the day before, so that what closed on the first day observed is in.
  if (delay > 0 && days < delay) {
    bump(row, 'undated');
    return;
  }
  if (delay > 0) addDays(row, 'delay', Math.max(0, delay - 1));
  addDays(row, path.outcome, days);
}

function lifetimesOf(state: MergeableState, { durations: call, from, stageId }: LifetimesCall): Omit<DealLifetimes, 'issues'> {
  const row = findRow(state, KEY);
  const [won, lost, open] = [daysIn(row, 'won'), daysIn(row, 'lost'), daysIn(row, 'open')];
  const closed = mergeCounts([won, lost]);
  const n = sizeOf(closed) + sizeOf(open);
  const parts = {
    asOf: call.cut.asOf,
    from,
    stageId,
    n,
    open: sizeOf(open),
    undated: countIn(row, 'undated'),
    negative: countIn(row, 'negative'),
    won: summarizeCounts(won),
    closed: summarizeCounts(closed),
    setAside: state.setAside,
  };
  const limits = { interval: call.interval, level: call.level };
  const delays = daysIn(row, 'delay');
  const causes = [
    { cause: 'won', counts: won },
    { cause: 'lost', counts: lost },
  ];
  const curves = n < call.minimumDeals ? null : incidenceOf(open, causes, delays, limits);
  if (curves === null) return { ...parts, curves, shares: null, timeToWin: null, timeToResolution: null, reason: n === 0 ? 'no-deals' : 'insufficient-history' };
  const survival = kaplanMeier(survivalTallyOf([open, closed], delays), limits);
  const last = (column: readonly number[] | undefined): number => column?.[column.length - 1] ?? 0;
  const medianDays = quantileGivenCause(curves, 'won', 0.5);
  return {
    ...parts,
    curves,
    shares: { won: last(curves.causes[0]?.incidence), lost: last(curves.causes[1]?.incidence), open: last(curves.survival) },
    timeToWin: medianDays === null ? null : { medianDays, quantiles: call.quantiles.map((probability) => ({ probability, days: quantileGivenCause(curves, 'won', probability) })) },
    timeToResolution: {
      median: survivalQuantile(survival, 0.5),
      quantiles: call.quantiles.map((probability) => ({ probability, ...survivalQuantile(survival, probability) })),
      restrictedMean: restrictedMean(survival, call.horizonDays === undefined ? {} : { horizon: call.horizonDays }),
    },
  };
}

/**
 * Sales cycles with open deals taken into account: how long it takes to win given that a deal is won, how long until it is won or lost, and with which
 * probability by when. Days are whole calendar days from the origin to the last close, or to the cut for open deals.
 *
 * Won and lost compete, so their incidences come from Aalen–Johansen; time to resolution is Kaplan–Meier. The plain mean and median of closed deals stand beside, for comparison.
 *
 * @param deals - deals in any order; a history is needed only for `stage-entry`
 * @param options - origin, pipeline, cut, quantiles, limits
 * @returns curves and quantiles, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `unknown_stage` | `invalid_value` | `invalid_type` | `out_of_range` | `fraction_out_of_range` | `invalid_instant` | `invalid_time_zone`, or what is wrong with a pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, dealLifetimes } from 'dealwright/pipelines';
 * const deal = (id: string, status: 'open' | 'won' | 'lost', closedOn: string | null) =>
 *   createDeal({ id, pipelineId: 'b2b', stageId: status === 'open' ? 'demo' : `closed-${status}`, status, createdOn: '2026-01-01', closedOn });
 * const deals = [deal('a', 'won', '2026-01-31'), deal('b', 'lost', '2026-01-11'), deal('c', 'won', '2026-04-01'), deal('d', 'open', null)];
 * const cycle = dealLifetimes(deals, { pipeline: b2bPipeline, asOf: '2026-03-01', minimumDeals: 1 });
 * [cycle.open, cycle.won.medianDays, cycle.timeToResolution?.median.time]; // => [2, 30, 44.5]
 * cycle.shares; // => { won: 0.25, lost: 0.25, open: 0.5 }
 * ```
 * @category pipelines
 */
export function dealLifetimes(deals: readonly Deal<object>[], options: DealLifetimesOptions): DealLifetimes {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(specOf(call), list);
  return { ...result, issues };
}

/**
 * The same as {@link dealLifetimes} over deals that come in parts.
 *
 * @param options - those of {@link dealLifetimes}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link dealLifetimes}
 * @example
 * ```ts
 * import { b2bPipeline, dealLifetimesTally } from 'dealwright/pipelines';
 * const tally = dealLifetimesTally({ pipeline: b2bPipeline, asOf: '2026-04-01' });
 * tally.finish(tally.empty()).reason; // => 'no-deals'
 * ```
 * @category pipelines
 */
export function dealLifetimesTally(options: DealLifetimesOptions): MergeableTally<Deal<object>, Omit<DealLifetimes, 'issues'>> {
  const wrongCall: IssueSink = [];
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(specOf(call));
}
