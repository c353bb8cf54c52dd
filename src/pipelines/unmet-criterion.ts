import { readEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import { instantReaderOf } from '../calendar/instant-of.js';
import { readZone, type ZoneClock } from '../calendar/time-zone.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { requireDeal } from '../deals/deal-guard.js';
import { checkList, checkText, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-options.js';
import { hasDealField } from './deal-field.js';
import { checkPipelines, type PipelineSource, unknownPipeline, unknownStage } from './find-pipeline.js';
import type { CriterionSeverity, ExitCriterion, Stage } from './pipeline.js';

/**
 * Something that a move of a deal still lacks.
 *
 * @category pipelines
 */
export interface UnmetCriterion {
  /** Id of the exit criterion, name of the required field, name of the rule that does not allow the move, or what a guard calls it. */
  readonly id: string;
  /** The stage that demands it. */
  readonly stageId: string;
  /**
   * `exit-criterion`: of the stage that is left or passed over. `required-field`: of the stage that is entered. `guard`: of a function passed with the
   * move, such as a qualification framework. `transition`: the move itself is not allowed; no override helps.
   */
  readonly source: 'exit-criterion' | 'required-field' | 'guard' | 'transition';
  /** What it is, for a person. */
  readonly label: string;
  /** `block` stops the move, `warn` does not. */
  readonly severity: CriterionSeverity;
  /** What is needed. */
  readonly expected: string;
  /** What there is instead, where that says more. */
  readonly received?: string;
}

/**
 * Options of {@link listUnmetCriteria}.
 *
 * @category pipelines
 */
export interface ListUnmetCriteriaOptions {
  /** The deal's pipeline, or several that hold it. */
  readonly pipeline: PipelineSource;
  /** When the question is asked: activities count if they took place by then. An instant, or a date for the end of that day. */
  readonly at: EventTime;
  /** Ids of the criteria that a person confirms. */
  readonly confirmed?: readonly string[];
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
}

/**
 * What a deal lacks to leave the stage it is in: its unmet exit criteria, with severity. For a review of deals that sit in a stage, and to show the way to the
 * next one; {@link moveDeal} applies the same rule.
 *
 * @param deal - the deal
 * @param options - pipeline, time, what is confirmed
 * @returns every unmet exit criterion of the deal's stage; empty if there is none or the deal is not open
 * @throws DomainError what is wrong with the deal | `missing_key` | `unknown_key` | `invalid_instant` | `unknown_pipeline` | `unknown_stage` | `invalid_time_zone`, or what is wrong with the pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, listUnmetCriteria } from 'dealwright/pipelines';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'qualification', accountId: 'acme' });
 * listUnmetCriteria(deal, { pipeline: b2bPipeline, at: '2026-02-14' }).map((unmet) => [unmet.id, unmet.severity]); // => [['problem-confirmed', 'block'], ['next-step-agreed', 'warn']]
 * ```
 * @category pipelines
 */
export function listUnmetCriteria(deal: Deal<object>, options: ListUnmetCriteriaOptions): readonly UnmetCriterion[] {
  requireDeal(deal, ['deal']);
  const issues: IssueSink = [];
  const record = checkOptions(options, ['pipeline', 'at', 'confirmed', 'timeZone'], issues);
  const pipelines = checkPipelines(record.pipeline, issues);
  const context = checkCriterionContext(record, issues);
  const pipeline = pipelines.get(deal.pipelineId);
  if (pipeline === undefined && issues.length === 0) issues.push(unknownPipeline(deal.pipelineId, pipelines.keys(), ['deal', 'pipelineId']));
  const stage = pipeline?.stages.find((candidate) => candidate.id === deal.stageId);
  if (pipeline !== undefined && stage === undefined) issues.push(unknownStage(deal.stageId, pipeline, ['deal', 'stageId']));
  if (issues.length > 0 || stage === undefined || context === undefined) return raise(issues);
  return deal.status === 'open' ? unmetExitCriteria(deal, stage, context) : [];
}

/** What criteria are judged by, besides the deal. Not a public entry. */
export interface CriterionContext {
  readonly at: EventTime;
  readonly confirmed: ReadonlySet<string>;
  /** Whether something had happened by the time of the move. */
  readonly hasHappened: (at: unknown) => boolean;
}

/** The options `at`, `confirmed` and `timeZone`; undefined with issues. Not a public entry. */
export function checkCriterionContext(options: PlainRecord, issues: IssueSink): CriterionContext | undefined {
  const clock = readZone(options.timeZone ?? 'UTC', ['timeZone']);
  if ('code' in clock) issues.push(clock);
  const at = options.at === undefined ? createIssue('missing_key', ['at'], { expected: 'when: an instant with offset, or a date' }) : readEventTime(options.at, ['at']);
  if (typeof at !== 'string') issues.push(at);
  const confirmed = new Set<string>();
  if (options.confirmed !== undefined) {
    checkList(options.confirmed, ['confirmed'], issues, { expected: 'a list of criterion ids' })?.forEach((id, index) => {
      const text = checkText(id, ['confirmed', index], issues);
      if (text !== undefined) confirmed.add(text);
    });
  }
  if ('code' in clock || typeof at !== 'string') return undefined;
  return { at, confirmed, hasHappened: happenedBy(at, clock) };
}

/** A date stands for its whole day, since the hour is not known. */
function happenedBy(at: EventTime, clock: ZoneClock): (time: unknown) => boolean {
  const timeOf = instantReaderOf(clock);
  const day = readEpochDay(at);
  // Instants are whole milliseconds, so the last one of the day is one before the next.
  const limit = Number.isNaN(day) ? timeOf(at) : clock.startOfDay(day + 1) - 1;
  return (time) => timeOf(time) <= limit;
}

/** The exit criteria of a stage that a deal does not meet. Not a public entry. */
export function unmetExitCriteria(deal: Deal<object>, stage: Stage, context: CriterionContext): readonly UnmetCriterion[] {
  const unmet: UnmetCriterion[] = [];
  for (const criterion of stage.exitCriteria ?? []) {
    const lack = lackOf(deal, criterion, context);
    if (lack === undefined) continue;
    unmet.push({ id: criterion.id, stageId: stage.id, source: 'exit-criterion', label: criterion.label, severity: criterion.severity ?? 'block', ...lack });
  }
  return unmet;
}

/** The fields that a stage requires and a deal does not have. Not a public entry. */
export function missingFields(deal: Deal<object>, stage: Stage): readonly UnmetCriterion[] {
  return (stage.requiredFields ?? [])
    .filter((field) => !hasDealField(deal, field))
    .map((field) => ({ id: field, stageId: stage.id, source: 'required-field', label: `"${field}" is filled in`, severity: 'block', expected: `a value for "${field}"` }));
}

function lackOf(deal: Deal<object>, criterion: ExitCriterion, context: CriterionContext): { readonly expected: string; readonly received?: string } | undefined {
  const requirement = criterion.require;
  if ('field' in requirement) return hasDealField(deal, requirement.field) ? undefined : { expected: `a value for "${requirement.field}"` };
  if ('confirmed' in requirement) return context.confirmed.has(criterion.id) ? undefined : { expected: `that someone confirms "${criterion.id}"` };
  if ('stakeholder' in requirement) {
    const { stakeholder } = requirement;
    return entriesOf(deal.stakeholders).some((entry) => entry.role === stakeholder) ? undefined : { expected: `a stakeholder in the role "${stakeholder}"` };
  }
  const { activity, atLeast = 1 } = requirement;
  const found = entriesOf(deal.activities).filter((entry) => entry.type === activity && context.hasHappened(entry.at)).length;
  return found >= atLeast ? undefined : { expected: `at least ${atLeast} of "${activity}" by ${context.at}`, received: String(found) };
}

/** Entries of a list that a quick look at the deal has not checked. */
function entriesOf(list: unknown): readonly PlainRecord[] {
  return Array.isArray(list) ? (list as readonly unknown[]).filter(isPlainRecord) : [];
}
