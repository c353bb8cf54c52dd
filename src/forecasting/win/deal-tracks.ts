/*
 * What happened to each deal before a cut, in whole days, as columns of visits: what the models of this folder are fitted to. Nothing at or after the cut is read.
 * Not a public entry.
 */
import { readEpochDay } from '../../calendar/epoch-day.js';
import type { Deal } from '../../deals/deal.js';
import { issuesOfDeal, looksLikeDeal } from '../../deals/deal-guard.js';
import type { IssueSink } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import type { RateFinder } from '../../money/find-rate.js';
import { readMoney } from '../../money/read-money.js';
import type { Cut } from '../../pipelines/cut.js';
import { readDealField } from '../../pipelines/deal-field.js';
import { stageOutcome } from '../../pipelines/find-stage.js';
import type { Pipeline } from '../../pipelines/pipeline.js';

/** A stay in an open stage, from the day it was entered to the day it ended. */
export interface Visit {
  /** Index of the stage among the open ones, or that of the unknown stage, which stands after them. */
  readonly stage: number;
  readonly from: number;
  /** The day of the end, or Infinity while it lasts. */
  readonly until: number;
  /** How it ended. */
  readonly end: 'won' | 'lost' | 'moved' | 'open' | 'removed';
}

/** A value from a day on. */
export interface Dated<T> {
  readonly day: number;
  readonly value: T;
}

/** One deal. */
export interface Track {
  readonly id: string;
  readonly index: number;
  readonly created: number;
  readonly visits: readonly Visit[];
  /** Amounts in the currency of the call; null is unknown. */
  readonly amounts: readonly Dated<number | null>[];
  readonly closeDates: readonly Dated<number | null>[];
  readonly pushes: readonly number[];
  readonly owners: readonly Dated<string | null>[];
  readonly segment: string | null;
}

/** What the tracks are read by. */
export interface TrackSettings {
  readonly cut: Cut;
  readonly cutDay: number;
  readonly pipeline: Pipeline;
  /** Null: amounts are not read. */
  readonly currency: string | null;
  readonly finder: RateFinder | undefined;
  readonly segment: string | null;
}

/** Ids of the open stages of a pipeline, in order. */
export function openStages(pipeline: Pipeline): readonly string[] {
  return pipeline.stages.filter((stage) => stageOutcome(stage) === 'open').map((stage) => stage.id);
}

/** The last entry at or before a day; undefined where there is none. */
export function valueAt<T>(list: readonly Dated<T>[], day: number): T | undefined {
  let found: T | undefined;
  for (const entry of list) {
    if (entry.day > day) break;
    found = entry.value;
  }
  return found;
}

/** Reads every deal of the pipeline that existed before the cut. */
export function readTracks(deals: readonly unknown[], settings: TrackSettings, issues: IssueSink): readonly Track[] {
  const stages = new Map(openStages(settings.pipeline).map((id, index) => [id, index]));
  const seen = new Map<string, number>();
  for (const deal of deals) if (looksLikeDeal(deal)) seen.set(deal.id, (seen.get(deal.id) ?? 0) + 1);
  const tracks: Track[] = [];
  for (let index = 0; index < deals.length; index += 1) {
    const deal = deals[index];
    if (!looksLikeDeal(deal)) {
      issues.push(...issuesOfDeal(deal, [index]));
      continue;
    }
    if (deal.pipelineId !== settings.pipeline.id) continue;
    if ((seen.get(deal.id) ?? 0) > 1) {
      issues.push(createIssue('duplicate_id', [index, 'id'], { expected: 'an id that no other deal has', received: deal.id }));
      continue;
    }
    const track = readTrack(deal, index, settings, stages, issues);
    if (track !== undefined) tracks.push(track);
  }
  return tracks.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

function readTrack(deal: Deal<object>, index: number, settings: TrackSettings, stages: ReadonlyMap<string, number>, issues: IssueSink): Track | undefined {
  const { cut } = settings;
  const dayOf = (at: string): number => {
    const day = readEpochDay(at);
    return Number.isNaN(day) ? cut.clock.dayAt(cut.timeOf(at)) : day;
  };
  const unknownStage = stages.size;
  const amountOn = (money: unknown, at: string, path: readonly (string | number)[]): number | null => {
    if (settings.currency === null || money === null || money === undefined) return null;
    const read = readMoney(money, [index, ...path]);
    if (Array.isArray(read)) {
      issues.push(...read);
      return null;
    }
    if (read.currency === settings.currency) return Number(read.amount);
    const found = settings.finder?.find({ from: read.currency, to: settings.currency, on: Number.isNaN(readEpochDay(at)) ? cut.lastDay : at });
    if (found === undefined || found.rate === null) {
      issues.push(createIssue('currency_mismatch', [index, ...path, 'currency'], { expected: `"${settings.currency}"`, received: read.currency, hint: 'pass rates' }));
      return null;
    }
    return Number(read.amount) * Number(found.rate);
  };
  const segmentValue = settings.segment === null ? undefined : readDealField(deal, settings.segment);
  const segment = typeof segmentValue === 'string' ? segmentValue : typeof segmentValue === 'number' || typeof segmentValue === 'boolean' ? String(segmentValue) : null;

  const visits: Visit[] = [];
  const amounts: Dated<number | null>[] = [];
  const closeDates: Dated<number | null>[] = [];
  const owners: Dated<string | null>[] = [];
  const pushes: number[] = [];
  let stage: number | undefined;
  let from = 0;
  let created = Number.NaN;
  const enter = (id: string, day: number): void => {
    const next = stages.get(id) ?? unknownStage;
    if (stage === next) return;
    leave(day, 'moved');
    stage = next;
    from = day;
  };
  const leave = (day: number, end: Visit['end']): void => {
    if (stage !== undefined) visits.push({ stage, from, until: Math.max(day, from), end });
    stage = undefined;
  };
  let known = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const event of deal.history) {
    const time = cut.timeOf(event.at);
    if (Number.isNaN(time)) {
      issues.push(createIssue('invalid_instant', [index, 'history', known, 'at'], { received: event.at }));
      return undefined;
    }
    if (!(time < cut.time)) break;
    const day = Math.max(last, dayOf(event.at));
    last = day;
    if (known === 0) created = event.type === 'created' || deal.createdOn === null ? day : Math.min(day, dayOf(deal.createdOn));
    if (known === 0 && event.type !== 'created' && (event.type === 'stage-changed' || event.type === 'won' || event.type === 'lost')) enter(event.from, created);
    known += 1;
    switch (event.type) {
      case 'created':
        enter(event.stageId, day);
        amounts.push({ day, value: amountOn(event.amount, event.at, ['history', known - 1, 'amount']) });
        if (event.expectedCloseOn !== undefined) closeDates.push({ day, value: event.expectedCloseOn === null ? null : readDay(event.expectedCloseOn) });
        if (event.ownerId !== undefined) owners.push({ day, value: event.ownerId });
        break;
      case 'stage-changed':
      case 'reopened':
        enter(event.to, day);
        break;
      case 'won':
      case 'lost':
        leave(day, event.type);
        break;
      case 'deleted':
        leave(day, 'removed');
        break;
      case 'amount-changed':
        amounts.push({ day, value: amountOn(event.to, event.at, ['history', known - 1, 'to']) });
        break;
      case 'close-date-changed': {
        const value = event.to === null ? null : readDay(event.to);
        if (event.from !== null && event.to !== null && event.to > event.from) pushes.push(day);
        closeDates.push({ day, value });
        break;
      }
      case 'owner-changed':
        owners.push({ day, value: event.to });
        break;
      default:
        break;
    }
  }
  if (known === 0) {
    // Known by its dates alone: it was in a stage that is not known, with an amount that is known only once it has closed.
    if (deal.history.length > 0 && deal.history[0]?.type === 'created') return undefined;
    if (deal.createdOn === null) return undefined;
    created = readDay(deal.createdOn) ?? Number.NaN;
    if (Number.isNaN(created) || !(cut.timeOf(deal.createdOn) < cut.time)) return undefined;
    const closed = deal.closedOn === null ? null : readDay(deal.closedOn);
    const isClosed = closed !== null && deal.closedOn !== null && cut.timeOf(deal.closedOn) < cut.time && (deal.status === 'won' || deal.status === 'lost');
    if (deal.status === 'deleted') return undefined;
    stage = unknownStage;
    from = created;
    if (isClosed) {
      leave(closed, deal.status === 'won' ? 'won' : 'lost');
      amounts.push({ day: closed, value: amountOn(deal.amount, deal.closedOn ?? '', ['amount']) });
    }
    owners.push({ day: created, value: deal.ownerId ?? null });
  }
  if (Number.isNaN(created)) return undefined;
  if (stage !== undefined) visits.push({ stage, from, until: Number.POSITIVE_INFINITY, end: 'open' });
  return { id: deal.id, index, created, visits, amounts, closeDates, pushes, owners, segment };
}

function readDay(date: string): number | null {
  const day = readEpochDay(date);
  return Number.isNaN(day) ? null : day;
}
