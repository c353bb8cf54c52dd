import { appendDealEvent } from '../deals/append-deal-event.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { requireDeal } from '../deals/deal-guard.js';
import { lastOpenStage } from '../deals/stage-history.js';
import { checkText, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkOptions, raise } from './call-options.js';
import { checkPipelines, type PipelineSource, unknownPipeline, unknownStage } from './find-pipeline.js';
import { stageOutcome } from './find-stage.js';

/**
 * How a deal is opened again.
 *
 * @typeParam StageId - the stage ids of the pipeline
 * @category pipelines
 */
export interface ReopenDealOptions<StageId extends string = string> {
  /** The deal's pipeline, or several that hold it. */
  readonly pipeline: PipelineSource<StageId>;
  /** When: an instant with offset, or a date. Not before the last event of the deal. */
  readonly at: EventTime;
  /** Who opens it. */
  readonly by?: string;
  /** The open stage it goes to. Default: the last open stage it was in, if its history tells. */
  readonly toStageId?: NoInfer<StageId>;
}

/**
 * Opens a won or lost deal again, in the last open stage it was in. Status becomes open, and `closedOn` and the loss reason are cleared; what they were stays in
 * the history.
 *
 * @param deal - a won or lost deal
 * @param options - pipeline, time, and where to if not to its last open stage
 * @returns the deal, open
 * @throws DomainError `transition_not_allowed` (the deal is not closed) | `missing_key` (the history does not tell the last open stage and none is given) | `unknown_stage` |
 * `unknown_pipeline` | `inconsistent_history`, or what is wrong with the deal or the options
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, moveDeal, reopenDeal } from 'dealwright/pipelines';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo' });
 * const lost = moveDeal(deal, 'closed-lost', { pipeline: b2bPipeline, at: '2026-02-14', lossReason: 'no budget' }).deal;
 * const open = reopenDeal(lost, { pipeline: b2bPipeline, at: '2026-05-02' });
 * [lost.closedOn, open.status, open.stageId, open.closedOn]; // => ['2026-02-14', 'open', 'demo', null]
 * ```
 * @category pipelines
 */
export function reopenDeal<StageId extends string, Custom extends object = Record<string, unknown>>(deal: Deal<Custom>, options: ReopenDealOptions<StageId>): Deal<Custom> {
  requireDeal(deal, ['deal']);
  const issues: IssueSink = [];
  const record = checkOptions(options, ['pipeline', 'at', 'by', 'toStageId'], issues);
  const pipelines = checkPipelines(record.pipeline, issues);
  if (record.by !== undefined) checkText(record.by, ['by'], issues);
  const pipeline = pipelines.get(deal.pipelineId);
  if (pipeline === undefined && issues.length === 0) issues.push(unknownPipeline(deal.pipelineId, pipelines.keys(), ['deal', 'pipelineId']));
  if (deal.status !== 'won' && deal.status !== 'lost') {
    issues.push(createIssue('transition_not_allowed', ['deal', 'status'], { expected: 'a won or lost deal', received: deal.status }));
  }
  if (issues.length > 0 || pipeline === undefined) return raise(issues);
  const toStageId = record.toStageId ?? lastOpenStage(deal);
  if (toStageId === null) {
    return raise([createIssue('missing_key', ['toStageId'], { expected: 'the open stage it goes to', hint: 'the history of the deal does not tell its last open stage' })]);
  }
  const stage = pipeline.stages.find((candidate) => candidate.id === toStageId);
  if (stage === undefined) return raise([unknownStage(toStageId, pipeline, ['toStageId'])]);
  if (stageOutcome(stage) !== 'open') {
    return raise([createIssue('transition_not_allowed', ['toStageId'], { expected: 'an open stage', received: stage.id })]);
  }
  const { at, by } = options;
  return appendDealEvent(deal, { type: 'reopened', at, ...(by === undefined ? {} : { by }), from: deal.stageId, to: stage.id });
}
