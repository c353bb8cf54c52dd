/**
 * Pipelines: stages and their criteria, moving deals between them, and what a set of deals amounts to.
 *
 * @module pipelines
 */
export { type AverageDealSize, type AverageDealSizeOptions, averageDealSize } from './average-deal-size.js';
export { type CreateAndClose, type CreateAndCloseOptions, createAndClose, createAndCloseTally } from './create-and-close.js';
export { type CycleOrigin, type DealLifetimes, type DealLifetimesOptions, dealLifetimes, dealLifetimesTally } from './deal-lifetimes.js';
export type { HistoryOptions } from './deal-path.js';
export { type DealPush, type DealPushes, type DealPushesOptions, dealPushes } from './deal-pushes.js';
export { type B2bStageId, b2bPipeline } from './defaults/b2b-pipeline.js';
export { type HubspotStageId, hubspotPipeline } from './defaults/hubspot-pipeline.js';
export { type SalesforceStageId, salesforcePipeline } from './defaults/salesforce-pipeline.js';
export { definePipeline, type StageIdOf } from './define-pipeline.js';
export type { DurationSummary } from './duration-summary.js';
export type { PipelineSource } from './find-pipeline.js';
export { findStage, stageForecastCategory, stageOutcome, stageProbability } from './find-stage.js';
export {
  type Funnel,
  type FunnelBuyer,
  type FunnelOptions,
  type FunnelRate,
  type FunnelStep,
  type FunnelStepSummary,
  funnelTally,
  summarizeFunnel,
} from './funnel.js';
export type { DurationCounts, MergeableRow, MergeableState, MergeableTally } from './mergeable-tally.js';
export { type DealMoved, type DealNotMoved, type MoveDealOptions, type MoveDealResult, moveDeal, type StageGuard, type StageMove } from './move-deal.js';
export type { CriterionRequirement, CriterionSeverity, ExitCriterion, Pipeline, Stage, StageKind, StandardForecastCategory } from './pipeline.js';
export { type CoverageRatio, type CoverageReason, type PipelineCoverage, type PipelineCoverageInput, pipelineCoverage } from './pipeline-coverage.js';
export {
  HYGIENE_RULES,
  type HygieneFinding,
  type HygieneRow,
  type HygieneRule,
  type PipelineHygiene,
  type PipelineHygieneOptions,
  pipelineHygiene,
} from './pipeline-hygiene.js';
export type { PipelineScopeOptions } from './pipeline-scope.js';
export {
  type DueDeal,
  type DueOutcome,
  type PipelineSlippage,
  type PipelineSlippageOptions,
  pipelineSlippage,
  pipelineSlippageTally,
  type SlipRate,
} from './pipeline-slippage.js';
export {
  type AddToTotalsOptions,
  type FinishTotalsOptions,
  type OutcomeTotalsState,
  type PipelineTotals,
  type PipelineTotalsFunctions,
  type PipelineTotalsState,
  pipelineTotals,
} from './pipeline-totals.js';
export {
  type PipelineWaterfall,
  type PipelineWaterfallOptions,
  pipelineWaterfall,
  type WaterfallEnd,
  type WaterfallEntry,
  type WaterfallKind,
  type WaterfallMovement,
} from './pipeline-waterfall.js';
export {
  type DealPriorities,
  type PrioritizeDealsOptions,
  type PrioritizedDeal,
  type PriorityFactor,
  type PriorityReason,
  prioritizeDeals,
} from './prioritize-deals.js';
export { type ReopenDealOptions, reopenDeal } from './reopen-deal.js';
export { type SalesCycle, type SalesCycleOptions, salesCycle } from './sales-cycle.js';
export { type SalesVelocity, type SalesVelocityOptions, salesVelocity, type VelocityParts, type VelocityReading, type VelocityReason } from './sales-velocity.js';
export { type SegmentConversion, type SegmentConversionOptions, type SegmentConversionTable, segmentConversion } from './segment-conversion.js';
export { type DealSegment, type SegmentKey, segmentDeals } from './segment-deals.js';
export {
  type SemiMarkovModel,
  type SemiMarkovMove,
  type SemiMarkovOptions,
  type SemiMarkovProbability,
  type SemiMarkovQuery,
  type SemiMarkovStage,
  semiMarkovModel,
  semiMarkovProbability,
} from './semi-markov.js';
export { type PipelineSnapshot, type SnapshotDeal, type SnapshotPipelineOptions, snapshotPipeline } from './snapshot-pipeline.js';
export {
  type ClosedConversionOptions,
  type CohortConversionOptions,
  type ConversionMethod,
  type ConversionOptionsBase,
  type ConversionReason,
  type ConversionTarget,
  type IncidenceConversionOptions,
  type StageConversion,
  type StageConversionOptions,
  type StageConversionTable,
  type StageEntryPolicy,
  stageConversion,
  stageConversionTally,
} from './stage-conversion.js';
export {
  type DurationQuantile,
  type StageDuration,
  type StageDurations,
  type StageDurationsOptions,
  type StageExit,
  type StallThreshold,
  type StallThresholdsOptions,
  stageDurations,
  stageDurationsTally,
  stallThresholds,
} from './stage-durations.js';
export {
  type StageTransitions,
  type StageTransitionsOptions,
  type StageTransitionTable,
  stageTransitions,
  stageTransitionsTally,
} from './stage-transitions.js';
export { type OutcomeSummary, type StageSummary, type StageTable, type SummarizeStagesOptions, summarizeStages } from './summarize-stages.js';
export { type StageColumns, type StageColumnsTally, type StageColumnTally, type TallyStageColumnsOptions, tallyStageColumns } from './tally-stage-columns.js';
export { type ListUnmetCriteriaOptions, listUnmetCriteria, type UnmetCriterion } from './unmet-criterion.js';
export { validatePipeline } from './validate-pipeline.js';
export { type WinRateByCount, type WinRateByCountOptions, type WinRateByValue, type WinRateByValueOptions, type WinRateReason, winRate } from './win-rate.js';
