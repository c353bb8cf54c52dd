import { appendDealEvent } from '../deals/append-deal-event.js';
import type { Deal } from '../deals/deal.js';
import type { DealEvent, EventTime, StageOverride } from '../deals/deal-event.js';
import { requireDeal } from '../deals/deal-guard.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-options.js';
import { checkPipelines, type PipelineSource, unknownPipeline, unknownStage } from './find-pipeline.js';
import { stageOutcome } from './find-stage.js';
import type { Pipeline, Stage } from './pipeline.js';
import { type CriterionContext, checkCriterionContext, missingFields, type UnmetCriterion, unmetExitCriteria } from './unmet-criterion.js';

/**
 * A move that is about to be made, as guards see it.
 *
 * @category pipelines
 */
export interface StageMove {
  /** The pipeline. */
  readonly pipelineId: string;
  /** The stage it leaves. */
  readonly from: string;
  /** The stage it enters. */
  readonly to: string;
  /** Towards a later or an earlier open stage, or to a won or lost one. */
  readonly direction: 'forward' | 'backward' | 'won' | 'lost';
  /** The open stages that are left behind: the one it is in and those it passes over; none when it goes backward or is lost. */
  readonly passed: readonly string[];
  /** When. */
  readonly at: EventTime;
  /** Ids of the criteria that a person confirmed. */
  readonly confirmed: readonly string[];
}

/**
 * A rule of your own that a deal must meet: returns what it lacks, or an empty list. A qualification framework guards a stage this way.
 *
 * @typeParam Custom - the shape of the deal's own fields
 * @category pipelines
 */
export type StageGuard<Custom extends object = Record<string, unknown>> = (deal: Deal<Custom>, move: StageMove) => readonly UnmetCriterion[];

/**
 * How a deal is moved.
 *
 * @typeParam StageId - the stage ids of the pipeline
 * @typeParam Custom - the shape of the deal's own fields
 * @category pipelines
 */
export interface MoveDealOptions<StageId extends string = string, Custom extends object = Record<string, unknown>> {
  /** The deal's pipeline, or several that hold it. */
  readonly pipeline: PipelineSource<StageId>;
  /** When: an instant with offset, or a date. Not before the last event of the deal. */
  readonly at: EventTime;
  /** Who moves it. */
  readonly by?: string;
  /** By whose calendar an instant falls on a day. Needed to close a deal at an instant, since `closedOn` is a date. */
  readonly timeZone?: string;
  /** Ids of the exit criteria that a person confirms with the move. */
  readonly confirmed?: readonly string[];
  /** Further rules. They are asked on every move but a lost one. */
  readonly guards?: readonly StageGuard<Custom>[];
  /**
   * What a move over open stages demands. `checked` (default): the exit criteria and required fields of every stage passed over. `allowed`: only the exit
   * criteria of the stage it leaves. `refused`: no stage may be skipped.
   */
  readonly skips?: 'checked' | 'allowed' | 'refused';
  /** Whether a deal may go back to an earlier stage. It never has to meet criteria for that. Default `allowed`. */
  readonly backward?: 'allowed' | 'refused';
  /** Makes the move although blocking criteria are unmet: why, and who approved it. Recorded on the event. Does not help where a required field of a lost stage is missing. */
  readonly override?: { readonly reason: string; readonly approvedBy: string };
  /** Why the deal is lost; only for a move to a lost stage. */
  readonly lossReason?: string;
}

/**
 * A deal after its move.
 *
 * @typeParam Custom - the shape of the deal's own fields
 * @category pipelines
 */
export interface DealMoved<Custom extends object = Record<string, unknown>> {
  /** The move was made. */
  readonly moved: true;
  /** The deal as it is now, with the move in its history. */
  readonly deal: Deal<Custom>;
  /** Unmet criteria that only warn. */
  readonly warnings: readonly UnmetCriterion[];
  /** Unmet criteria that the override lifted. */
  readonly overridden: readonly UnmetCriterion[];
}

/**
 * A deal that was not moved, and why.
 *
 * @typeParam Custom - the shape of the deal's own fields
 * @category pipelines
 */
export interface DealNotMoved<Custom extends object = Record<string, unknown>> {
  /** The move was not made. */
  readonly moved: false;
  /** The deal as it was. */
  readonly deal: Deal<Custom>;
  /** Everything that is unmet, blocking or not. */
  readonly unmet: readonly UnmetCriterion[];
}

/**
 * What came of a move.
 *
 * @typeParam Custom - the shape of the deal's own fields
 * @category pipelines
 */
export type MoveDealResult<Custom extends object = Record<string, unknown>> = DealMoved<Custom> | DealNotMoved<Custom>;

const OPTION_KEYS = ['pipeline', 'at', 'by', 'timeZone', 'confirmed', 'guards', 'skips', 'backward', 'override', 'lossReason'];

/**
 * Moves a deal to another stage, if what the stages demand is met; otherwise says everything that is missing.
 *
 * Forward and to a won stage, the exit criteria of the stage it leaves (and of those it passes over) and the required fields of the stage it enters must be met;
 * required fields are looked for in the deal as it will be. Backward, nothing is demanded. To a lost stage, only the required fields of that stage. Criteria of severity
 * `warn` are reported and do not stop the move; blocking ones can be overridden with a reason and an approver. Moving to a won or lost stage sets status and
 * `closedOn`. A closed deal does not move: see {@link reopenDeal}.
 *
 * @param deal - the deal
 * @param toStageId - where to; a literal that the pipeline does not have does not compile
 * @param options - pipeline, time, confirmations, guards, policies, override
 * @returns the deal after the move with warnings, or the deal as it was with all that is unmet
 * @throws DomainError what is wrong with the deal or the pipeline | `unknown_pipeline` | `unknown_stage` | `missing_key` | `unknown_key` | `invalid_type` | `invalid_value` |
 * `invalid_instant` | `approval_required` | `inconsistent_history` (earlier than the last event) | `invalid_time_zone`
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, moveDeal } from 'dealwright/pipelines';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'prospecting', ownerId: 'zoe' });
 * const refused = moveDeal(deal, 'qualification', { pipeline: b2bPipeline, at: '2026-02-14' });
 * refused.moved ? [] : refused.unmet.map((unmet) => unmet.label); // => ['The buyer replied and agreed to talk']
 * const result = moveDeal(deal, 'qualification', { pipeline: b2bPipeline, at: '2026-02-14', confirmed: ['two-way-contact'] });
 * [result.moved, result.deal.stageId, result.deal.history.length]; // => [true, 'qualification', 1]
 * ```
 * @category pipelines
 */
export function moveDeal<StageId extends string, Custom extends object = Record<string, unknown>>(
  deal: Deal<Custom>,
  toStageId: NoInfer<StageId>,
  options: MoveDealOptions<StageId, Custom>,
): MoveDealResult<Custom> {
  requireDeal(deal, ['deal']);
  const issues: IssueSink = [];
  const record = checkOptions(options, OPTION_KEYS, issues);
  const pipelines = checkPipelines(record.pipeline, issues);
  const context = checkCriterionContext(record, issues);
  const skips = record.skips === undefined ? 'checked' : checkOneOf(record.skips, ['checked', 'allowed', 'refused'], ['skips'], issues);
  const backward = record.backward === undefined ? 'allowed' : checkOneOf(record.backward, ['allowed', 'refused'], ['backward'], issues);
  const override = checkOverride(record.override, issues);
  if (record.by !== undefined) checkText(record.by, ['by'], issues);
  if (record.lossReason !== undefined) checkText(record.lossReason, ['lossReason'], issues);
  const guards = checkGuards<Custom>(record.guards, issues);
  if (issues.length > 0 || context === undefined || skips === undefined || backward === undefined) return raise(issues);

  const pipeline = pipelines.get(deal.pipelineId);
  if (pipeline === undefined) return raise([unknownPipeline(deal.pipelineId, pipelines.keys(), ['deal', 'pipelineId'])]);
  const from = pipeline.stages.find((stage) => stage.id === deal.stageId);
  const to = pipeline.stages.find((stage) => stage.id === toStageId);
  if (from === undefined) issues.push(unknownStage(deal.stageId, pipeline, ['deal', 'stageId']));
  if (to === undefined) issues.push(unknownStage(toStageId, pipeline, ['toStageId']));
  if (to !== undefined && options.lossReason !== undefined && stageOutcome(to) !== 'lost') {
    issues.push(createIssue('invalid_value', ['lossReason'], { expected: 'a reason only where the deal is lost', received: options.lossReason }));
  }
  if (issues.length > 0 || from === undefined || to === undefined) return raise(issues);

  const route = routeOf(pipeline, from, to);
  const refusal = refusalOf(deal, route, { skips, backward });
  if (refusal !== undefined) return { moved: false, deal, unmet: [refusal] };

  const next = appendDealEvent(deal, eventOf(route, options), timeZoneOf(options));
  const unmet = [...unmetOnRoute(deal, next, route, skips, context), ...unmetByGuards(deal, route, guards, options)];
  const blocking = unmet.filter((criterion) => criterion.severity === 'block');
  const warnings = unmet.filter((criterion) => criterion.severity !== 'block');
  if (blocking.length === 0) return { moved: true, deal: next, warnings, overridden: [] };
  if (override === undefined || route.direction === 'lost') return { moved: false, deal, unmet };
  const recorded: StageOverride = { ...override, unmet: [...new Set(blocking.map((criterion) => criterion.id))] };
  return { moved: true, deal: appendDealEvent(deal, eventOf(route, options, recorded), timeZoneOf(options)), warnings, overridden: blocking };
}

interface Route {
  readonly pipeline: Pipeline;
  readonly from: Stage;
  readonly to: Stage;
  readonly direction: StageMove['direction'];
  /** Open stages left behind, the first being the one the deal is in. */
  readonly passed: readonly Stage[];
}

function routeOf(pipeline: Pipeline, from: Stage, to: Stage): Route {
  const { stages } = pipeline;
  const start = stages.indexOf(from);
  const end = stages.indexOf(to);
  const outcome = stageOutcome(to);
  const direction = outcome !== 'open' ? outcome : end > start ? 'forward' : 'backward';
  const isPassed = (stage: Stage, index: number): boolean => stageOutcome(stage) === 'open' && index >= start && (direction === 'won' || index < end);
  const passed = direction === 'forward' || direction === 'won' ? stages.filter(isPassed) : [];
  return { pipeline, from, to, direction, passed };
}

function refusalOf(deal: Deal<object>, route: Route, policies: { readonly skips: string; readonly backward: string }): UnmetCriterion | undefined {
  const refuse = (id: string, label: string, expected: string, received?: string): UnmetCriterion => ({
    id,
    stageId: route.to.id,
    source: 'transition',
    label,
    severity: 'block',
    expected,
    ...(received === undefined ? {} : { received }),
  });
  if (deal.status !== 'open') return refuse('deal-is-open', 'Only an open deal moves', 'an open deal; reopenDeal opens a closed one again', deal.status);
  if (route.from === route.to) return refuse('another-stage', 'A deal moves to another stage', 'a stage it is not in', route.to.id);
  if (route.direction === 'backward' && policies.backward === 'refused')
    return refuse('backward', 'Deals do not go back in this pipeline', `a stage after "${route.from.id}"`, route.to.id);
  const next = route.passed[1];
  if (next !== undefined && policies.skips === 'refused') return refuse('skips', 'Stages are not skipped in this pipeline', `"${next.id}", the next stage`, route.to.id);
  return undefined;
}

function eventOf(route: Route, options: MoveDealOptions<string, never>, override?: StageOverride): DealEvent {
  const { at, by, lossReason } = options;
  const base = { at, ...(by === undefined ? {} : { by }), from: route.from.id, to: route.to.id };
  if (route.direction === 'lost') return { ...base, type: 'lost', ...(lossReason === undefined ? {} : { reason: lossReason }) };
  return { ...base, type: route.direction === 'won' ? 'won' : 'stage-changed', ...(override === undefined ? {} : { override }) };
}

function timeZoneOf({ timeZone }: { readonly timeZone?: string }): { readonly timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}

function unmetOnRoute(deal: Deal<object>, next: Deal<object>, route: Route, skips: string, context: CriterionContext): readonly UnmetCriterion[] {
  if (route.direction === 'backward') return [];
  const [first, ...skipped] = route.passed;
  const left = first === undefined ? [] : skips === 'checked' ? [first, ...skipped] : [first];
  const entered = skips === 'checked' ? [...skipped, route.to] : [route.to];
  const seen = new Set<string>();
  const fields = entered.flatMap((stage) => missingFields(next, stage)).filter(({ id }) => !seen.has(id) && seen.add(id));
  return [...left.flatMap((stage) => unmetExitCriteria(deal, stage, context)), ...fields];
}

function unmetByGuards<Custom extends object>(
  deal: Deal<Custom>,
  route: Route,
  guards: readonly StageGuard<Custom>[],
  options: { readonly at: EventTime; readonly confirmed?: readonly string[] },
): readonly UnmetCriterion[] {
  if (route.direction === 'lost') return [];
  const move: StageMove = {
    pipelineId: route.pipeline.id,
    from: route.from.id,
    to: route.to.id,
    direction: route.direction,
    passed: route.passed.map((stage) => stage.id),
    at: options.at,
    confirmed: options.confirmed ?? [],
  };
  return guards.flatMap((guard) => guard(deal, move));
}

function checkOverride(value: unknown, issues: IssueSink): { readonly reason: string; readonly approvedBy: string } | undefined {
  if (value === undefined) return undefined;
  const record: PlainRecord = checkRecord(value, ['override'], issues, '{ reason, approvedBy }') ?? {};
  checkKeys(record, ['reason', 'approvedBy'], ['override'], issues);
  const { reason, approvedBy } = record;
  for (const [key, text] of [
    ['reason', reason],
    ['approvedBy', approvedBy],
  ] as const) {
    if (typeof text === 'string' && text.trim() !== '') checkText(text, ['override', key], issues);
    else issues.push(createIssue('approval_required', ['override', key], { expected: key === 'reason' ? 'why the exception is made' : 'who approved it', received: text }));
  }
  return typeof reason === 'string' && typeof approvedBy === 'string' ? { reason, approvedBy } : undefined;
}

function checkGuards<Custom extends object>(value: unknown, issues: IssueSink): readonly StageGuard<Custom>[] {
  if (value === undefined) return [];
  const guards: StageGuard<Custom>[] = [];
  checkList(value, ['guards'], issues, { expected: 'a list of functions' })?.forEach((guard, index) => {
    // What a guard takes and returns is known by its type alone.
    if (typeof guard === 'function') guards.push(guard as StageGuard<Custom>);
    else issues.push(createIssue('invalid_type', ['guards', index], { expected: 'a function', received: guard }));
  });
  return guards;
}
