/*
 * Which open deals belong to a view of the pipeline, and why the others do not. Snapshots and waterfalls share it. Not a public entry.
 */
import { readEpochDay } from '../calendar/epoch-day.js';
import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal, DealStatus } from '../deals/deal.js';
import type { AssumableDealField } from '../deals/deal-as-of.js';
import type { EventTime } from '../deals/deal-event.js';
import { issuesOfDeal, looksLikeDeal } from '../deals/deal-guard.js';
import type { DealState } from '../deals/deal-state.js';
import { checkId, checkList, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { checkOptions, checkPeriod, checkValuation, type DayRange, type Valuation } from './call-options.js';
import { type Cut, notRecorded, replayAt } from './cut.js';
import { checkPipelines, type PipelineSource, unknownPipeline, unknownStage } from './find-pipeline.js';
import { stageForecastCategory } from './find-stage.js';
import type { Pipeline, Stage } from './pipeline.js';

/**
 * Which deals a view of the pipeline holds, and in which currency they are valued.
 *
 * @category pipelines
 */
export interface PipelineScopeOptions<C extends string = string> extends CalendarOptions {
  /** The pipeline, or several side by side. Deals of another one become issues. */
  readonly pipeline: PipelineSource;
  /** The currency of all values. */
  readonly currency: C;
  /** Exchange rates. A cut uses the last rates known before it. */
  readonly rates?: RateSupply;
  /** Only deals that are expected to close in it. Default: all open deals, whenever they are expected to close. */
  readonly period?: PeriodInput;
  /** Only deals of these owners. Default: all. */
  readonly ownerIds?: readonly string[];
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** Fields to take as they are now where a deal has no history. Otherwise a deal whose stage was not recorded becomes an issue. */
  readonly assumeUnchanged?: readonly AssumableDealField[];
}

/** Keys of the options above. */
export const SCOPE_KEYS: readonly string[] = ['pipeline', 'currency', 'rates', 'period', 'calendar', 'ownerIds', 'timeZone', 'assumeUnchanged'];

/** A scope, read once per call. */
export interface PipelineScope {
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly stages: ReadonlyMap<string, ReadonlyMap<string, Stage>>;
  readonly valuation: Valuation;
  readonly window: DayRange | undefined;
  readonly owners: ReadonlySet<string> | undefined;
}

/** Reads the options of a scope and those of the call beside them; undefined with issues. */
export function checkScope(options: unknown, keys: readonly string[], issues: IssueSink): { readonly record: PlainRecord; readonly scope: PipelineScope | undefined } {
  const record = checkOptions(options, [...SCOPE_KEYS, ...keys], issues);
  const pipelines = checkPipelines(record.pipeline, issues);
  const valuation = checkValuation(record, issues);
  const window = checkPeriod(record, issues);
  let owners: Set<string> | undefined;
  if (record.ownerIds !== undefined) {
    owners = new Set();
    for (const [index, id] of (checkList(record.ownerIds, ['ownerIds'], issues, { expected: 'a list of owner ids' }) ?? []).entries()) {
      const owner = checkId(id, ['ownerIds', index], issues);
      if (owner !== undefined) owners.add(owner);
    }
  }
  if (valuation === undefined || issues.length > 0) return { record, scope: undefined };
  const stages = new Map([...pipelines.values()].map((pipeline) => [pipeline.id, new Map(pipeline.stages.map((stage) => [stage.id, stage]))]));
  return { record, scope: { pipelines, stages, valuation, window, owners } };
}

/** Why a deal is not in the scope; `in` if it is. The first that applies, in this order. */
export type ScopePlace = 'absent' | 'deleted' | 'won' | 'lost' | 'other-owner' | 'omitted' | 'later' | 'earlier' | 'in';

/** A deal at one moment, as a scope sees it. */
export interface ScopedDeal {
  readonly place: ScopePlace;
  readonly amount: Money | null;
  readonly stageId: string | null;
  readonly ownerId: string | null;
  readonly forecastCategory: string | null;
  readonly expectedCloseOn: string | null;
  readonly probability: number | null;
}

/** Before it came into being. */
export const ABSENT: ScopedDeal = { place: 'absent', amount: null, stageId: null, ownerId: null, forecastCategory: null, expectedCloseOn: null, probability: null };

type KnownState = Pick<DealState, 'amount' | 'ownerId' | 'forecastCategory' | 'expectedCloseOn' | 'probability'> & { readonly status: DealStatus; readonly stageId: string };

/** The deal in a stage that the pipeline has. */
export function scopedDeal(state: KnownState, stage: Stage | undefined, scope: PipelineScope): ScopedDeal {
  const forecastCategory = state.forecastCategory ?? (stage === undefined ? null : stageForecastCategory(stage));
  const { amount, stageId, ownerId, expectedCloseOn, probability } = state;
  return { place: placeOf(state, forecastCategory, scope), amount, stageId, ownerId, forecastCategory, expectedCloseOn, probability };
}

function placeOf(state: KnownState, forecastCategory: string | null, scope: PipelineScope): ScopePlace {
  if (state.status !== 'open') return state.status;
  if (scope.owners !== undefined && (state.ownerId === null || !scope.owners.has(state.ownerId))) return 'other-owner';
  if (forecastCategory === 'omitted') return 'omitted';
  if (scope.window === undefined) return 'in';
  const day = state.expectedCloseOn === null ? Number.NaN : readEpochDay(state.expectedCloseOn);
  if (day < scope.window.start) return 'earlier';
  // Without a date it is not expected in any period that has begun: later than all.
  return day < scope.window.end ? 'in' : 'later';
}

/** A deal of a list whose pipeline is known, or undefined with issues. */
export function readScopeDeal(value: unknown, index: number, scope: PipelineScope, issues: IssueSink): Deal<object> | undefined {
  if (!looksLikeDeal(value)) {
    issues.push(...issuesOfDeal(value, [index]));
    return undefined;
  }
  if (scope.pipelines.has(value.pipelineId)) return value;
  issues.push(unknownPipeline(value.pipelineId, scope.pipelines.keys(), [index, 'pipelineId']));
  return undefined;
}

/** The deal at a cut: absent before it existed; undefined with an issue where that is not known. */
export function scopedAt(
  deal: Deal<object>,
  index: number,
  cut: Cut,
  scope: PipelineScope,
  issues: IssueSink,
): { readonly scoped: ScopedDeal; readonly state: DealState | null } | undefined {
  const past = replayAt(deal, index, cut, issues);
  if (past === undefined) return undefined;
  if (past.existed === false) return { scoped: ABSENT, state: null };
  const { state } = past;
  if (state === null || state.status === null || (state.stageId === null && state.status !== 'deleted')) {
    issues.push(notRecorded(past, index));
    return undefined;
  }
  const stage = stageOf(deal, state.stageId, scope);
  if (stage === undefined && state.status === 'open') {
    const pipeline = scope.pipelines.get(deal.pipelineId);
    if (pipeline !== undefined) issues.push(unknownStage(state.stageId, pipeline, [index, 'stageId']));
    return undefined;
  }
  return { scoped: scopedDeal({ ...state, status: state.status, stageId: state.stageId ?? '' }, stage, scope), state };
}

/** The stage of a deal's pipeline with an id. */
export function stageOf(deal: Deal<object>, stageId: string | null, scope: PipelineScope): Stage | undefined {
  return stageId === null ? undefined : scope.stages.get(deal.pipelineId)?.get(stageId);
}

/** The issue of a deal that no period can hold, where a period was asked for. */
export function undatedIssue(index: number, at: EventTime): ReturnType<typeof createIssue> {
  return createIssue('unknown_close_date', [index, 'expectedCloseOn'], { expected: `a date known at ${at}` });
}
