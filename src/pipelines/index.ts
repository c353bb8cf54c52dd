/**
 * Pipelines: stages and their criteria, moving deals between them, and what a set of deals amounts to.
 *
 * @module pipelines
 */
export { averageDealSize, type AverageDealSize, type AverageDealSizeOptions } from './average-deal-size.js';
export { type B2bStageId, b2bPipeline } from './defaults/b2b-pipeline.js';
export { type HubspotStageId, hubspotPipeline } from './defaults/hubspot-pipeline.js';
export { type SalesforceStageId, salesforcePipeline } from './defaults/salesforce-pipeline.js';
export { definePipeline, type StageIdOf } from './define-pipeline.js';
export type { PipelineSource } from './find-pipeline.js';
export { findStage, stageForecastCategory, stageOutcome, stageProbability } from './find-stage.js';
export { type DealMoved, type DealNotMoved, moveDeal, type MoveDealOptions, type MoveDealResult, type StageGuard, type StageMove } from './move-deal.js';
export { type CoverageRatio, type CoverageReason, pipelineCoverage, type PipelineCoverage, type PipelineCoverageInput } from './pipeline-coverage.js';
export {
  type AddToTotalsOptions,
  type FinishTotalsOptions,
  type OutcomeTotalsState,
  pipelineTotals,
  type PipelineTotals,
  type PipelineTotalsFunctions,
  type PipelineTotalsState,
} from './pipeline-totals.js';
export type { CriterionRequirement, CriterionSeverity, ExitCriterion, Pipeline, Stage, StageKind, StandardForecastCategory } from './pipeline.js';
export { reopenDeal, type ReopenDealOptions } from './reopen-deal.js';
export { salesCycle, type SalesCycle, type SalesCycleOptions } from './sales-cycle.js';
export { salesVelocity, type SalesVelocity, type SalesVelocityOptions, type VelocityParts, type VelocityReading, type VelocityReason } from './sales-velocity.js';
export { type DealSegment, segmentDeals, type SegmentKey } from './segment-deals.js';
export { type OutcomeSummary, type StageSummary, type StageTable, summarizeStages, type SummarizeStagesOptions } from './summarize-stages.js';
export { listUnmetCriteria, type ListUnmetCriteriaOptions, type UnmetCriterion } from './unmet-criterion.js';
export { validatePipeline } from './validate-pipeline.js';
export { winRate, type WinRateByCount, type WinRateByCountOptions, type WinRateByValue, type WinRateByValueOptions, type WinRateReason } from './win-rate.js';
