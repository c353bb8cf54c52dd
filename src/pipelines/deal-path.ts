/*
 * The way of a deal through its stages up to a cut, with the time it took. What conversion, durations and transitions are made of. Not a public entry.
 */
import { DAY_MILLISECONDS, readEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { issuesOfDeal, looksLikeDeal } from '../deals/deal-guard.js';
import type { IssueSink, PlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { type Cut, checkCut } from './cut.js';
import { checkPipelines, type PipelineSource, unknownPipeline, unknownStage } from './find-pipeline.js';
import { stageOutcome } from './find-stage.js';
import type { Pipeline } from './pipeline.js';

/**
 * Which history is looked at.
 *
 * @category pipelines
 */
export interface HistoryOptions {
  /** The pipeline, or several side by side. Deals of another one become issues. */
  readonly pipeline: PipelineSource;
  /** The cut, exclusive: nothing at or after it counts, and what was open then is open. */
  readonly asOf: EventTime;
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
}

/** Keys of the options above. */
export const HISTORY_KEYS: readonly string[] = ['pipeline', 'asOf', 'timeZone'];

/** A history call, read once. */
export interface HistoryCall {
  readonly cut: Cut;
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** Place of each open stage among the open stages of its pipeline. */
  readonly ranks: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Reads the options; undefined with issues. */
export function checkHistory(record: PlainRecord, issues: IssueSink): HistoryCall | undefined {
  const pipelines = checkPipelines(record.pipeline, issues);
  const cut = checkCut(record.asOf, record.timeZone, undefined, ['asOf'], issues);
  if (cut === undefined || issues.length > 0) return undefined;
  return { cut, pipelines, ranks: new Map([...pipelines].map(([id, pipeline]) => [id, new Map(openStages(pipeline).map((stageId, rank) => [stageId, rank]))])) };
}

/** Ids of the open stages of a pipeline, in order. */
export function openStages(pipeline: Pipeline): readonly string[] {
  return pipeline.stages.filter((stage) => stageOutcome(stage) === 'open').map(({ id }) => id);
}

/** A stay in an open stage. */
export interface Stay {
  readonly stageId: string;
  readonly rank: number;
  /** When it began; null if the history begins later. */
  readonly from: EventTime | null;
  /** When it ended; null if it had not. */
  readonly to: EventTime | null;
  /** The next open stage, `null` for an outcome, a deletion, or none yet. */
  readonly next: string | null;
  /** How it ended. */
  readonly end: 'moved' | 'won' | 'lost' | 'deleted' | 'open';
}

/** A deal up to the cut. */
export interface DealPath {
  readonly deal: Deal<object>;
  readonly index: number;
  readonly outcome: 'open' | 'won' | 'lost' | 'deleted';
  /** When it closed for the last time; null if open. */
  readonly closedAt: EventTime | null;
  /** When it came into being; null if not recorded. */
  readonly createdAt: EventTime | null;
  /** In order; empty if no event tells of a stage. */
  readonly stays: readonly Stay[];
}

/** The path of a deal; undefined with an issue if it cannot be told, and `absent` if it did not exist yet. */
export function readPath(value: unknown, index: number, call: HistoryCall, issues: IssueSink): DealPath | 'absent' | undefined {
  if (!looksLikeDeal(value)) {
    issues.push(...issuesOfDeal(value, [index]));
    return undefined;
  }
  const deal = value;
  const ranks = call.ranks.get(deal.pipelineId);
  const pipeline = call.pipelines.get(deal.pipelineId);
  if (ranks === undefined || pipeline === undefined) {
    issues.push(unknownPipeline(deal.pipelineId, call.pipelines.keys(), [index, 'pipelineId']));
    return undefined;
  }
  const { cut } = call;
  const { createdOn, closedOn } = deal;
  for (const [name, day] of [
    ['createdOn', createdOn],
    ['closedOn', closedOn],
  ] as const) {
    if (day === null || !Number.isNaN(readEpochDay(day))) continue;
    issues.push(createIssue('invalid_date', [index, name], { expected: 'a date', received: day }));
    return undefined;
  }
  const stays: Stay[] = [];
  let current: { readonly stageId: string; readonly from: EventTime | null } | undefined;
  let outcome: DealPath['outcome'] = 'open';
  let closedAt: EventTime | null = null;
  let unknown: string | undefined;
  let known = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let isOrdered = true;
  const leave = (end: Stay['end'], to: EventTime | null, next: string | null): void => {
    if (current === undefined) return;
    const rank = ranks.get(current.stageId);
    if (rank === undefined) unknown ??= current.stageId;
    else stays.push({ stageId: current.stageId, rank, from: current.from, to, next, end });
    current = undefined;
  };
  const enter = (stageId: string, at: EventTime): void => {
    if (current?.stageId === stageId) return;
    leave('moved', at, stageId);
    current = { stageId, from: at };
  };
  for (const event of deal.history) {
    const time = cut.timeOf(event.at);
    if (Number.isNaN(time)) {
      const issue = readEventTime(event.at, [index, 'history', known, 'at']);
      issues.push(typeof issue === 'string' ? createIssue('invalid_instant', [index, 'history', known, 'at'], { received: event.at }) : issue);
      return undefined;
    }
    if (time >= cut.time) break;
    known += 1;
    if (event.type === 'created' || event.type === 'stage-changed' || event.type === 'won' || event.type === 'lost' || event.type === 'reopened' || event.type === 'deleted') {
      if (time < latest) isOrdered = false;
      latest = time;
    }
    switch (event.type) {
      case 'created':
        enter(event.stageId, event.at);
        break;
      case 'stage-changed':
      case 'won':
      case 'lost':
        if (current === undefined && stays.length === 0 && outcome === 'open') current = { stageId: event.from, from: null };
        if (event.type === 'stage-changed') {
          outcome = 'open';
          closedAt = null;
          enter(event.to, event.at);
        } else {
          leave(event.type, event.at, null);
          outcome = event.type;
          closedAt = event.at;
        }
        break;
      case 'reopened':
        outcome = 'open';
        closedAt = null;
        enter(event.to, event.at);
        break;
      case 'deleted':
        leave('deleted', event.at, null);
        outcome = 'deleted';
        closedAt = event.at;
        break;
      default:
        break;
    }
  }
  const created = createdOn ?? (deal.history[0]?.type === 'created' ? deal.history[0].at : null);
  const createdTime = created === null ? Number.NaN : cut.timeOf(created);
  if (known === 0 && (createdTime >= cut.time || (Number.isNaN(createdTime) && deal.history.length > 0))) return 'absent';
  if (known === deal.history.length && outcome === 'open' && deal.status !== 'open') {
    // Closed without an event: the date of the deal tells when.
    if (deal.status === 'deleted') outcome = 'deleted';
    else if (closedOn === null) {
      issues.push(createIssue('missing_date', [index, 'closedOn'], { expected: 'the day on which the deal closed' }));
      return undefined;
    } else if (cut.timeOf(closedOn) < cut.time) {
      if (cut.timeOf(closedOn) < latest) isOrdered = false;
      leave(deal.status, closedOn, null);
      outcome = deal.status;
      closedAt = closedOn;
    }
  }
  leave('open', null, null);
  if (unknown !== undefined) {
    issues.push(unknownStage(unknown, pipeline, [index, 'stageId']));
    return undefined;
  }
  if (!isOrdered) {
    issues.push(createIssue('inconsistent_history', [index, 'history'], { expected: 'stage changes in the order of time' }));
    return undefined;
  }
  return { deal, index, outcome, closedAt, createdAt: created, stays };
}

/** Days from one time to another: whole between two dates by the calendar, otherwise elapsed time divided by 24 hours. */
export function daysBetween(from: EventTime, to: EventTime, cut: Cut): number {
  const days = readEpochDay(to) - readEpochDay(from);
  return Number.isNaN(days) ? (cut.timeOf(to) - cut.timeOf(from)) / DAY_MILLISECONDS : days;
}

/** The day of an event by the calendar of the cut. */
export function dayOf(at: EventTime, cut: Cut): number {
  const day = readEpochDay(at);
  return Number.isNaN(day) ? cut.clock.dayAt(cut.timeOf(at)) : day;
}

/** The issue of a deal whose stages are not recorded. */
export function withoutStages(path: DealPath, call: HistoryCall): ReturnType<typeof createIssue> {
  return createIssue('missing_date', [path.index, 'history'], { message: 'The stages of the deal are not recorded.', expected: `a history before ${call.cut.asOf}` });
}

/** A date or instant of a call, with its time; undefined with an issue. */
export function checkEventTime(value: unknown, path: readonly (string | number)[], cut: Cut, issues: IssueSink): EventTime | undefined {
  const at = readEventTime(value, path);
  if (typeof at !== 'string') {
    issues.push(at);
    return undefined;
  }
  return Number.isNaN(cut.timeOf(at)) ? undefined : at;
}
