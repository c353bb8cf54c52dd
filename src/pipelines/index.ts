/**
 * Pipelines: stages and their criteria, moving deals between them, and what a set of deals amounts to.
 *
 * @module pipelines
 */
export { type B2bStageId, b2bPipeline } from './defaults/b2b-pipeline.js';
export { type HubspotStageId, hubspotPipeline } from './defaults/hubspot-pipeline.js';
export { type SalesforceStageId, salesforcePipeline } from './defaults/salesforce-pipeline.js';
export { definePipeline, type StageIdOf } from './define-pipeline.js';
export { findStage, stageForecastCategory, stageOutcome, stageProbability } from './find-stage.js';
export type { CriterionRequirement, CriterionSeverity, ExitCriterion, Pipeline, Stage, StageKind, StandardForecastCategory } from './pipeline.js';
export { validatePipeline } from './validate-pipeline.js';
