import type * as z from 'zod';
import type { CriterionRequirement, ExitCriterion, Pipeline, Stage } from './pipeline.js';
import { criterionRequirementStructure, exitCriterionStructure, pipelineStructure, stageStructure } from './pipeline-structure.schema.js';

/**
 * What an exit criterion looks for: exactly one of field, activity, stakeholder, confirmed.
 *
 * @category schemas
 */
export const criterionRequirementSchema: z.ZodType<CriterionRequirement, CriterionRequirement> = criterionRequirementStructure;

/**
 * An exit criterion of a stage.
 *
 * @category schemas
 */
export const exitCriterionSchema: z.ZodType<ExitCriterion, ExitCriterion> = exitCriterionStructure;

/**
 * A stage. That its id is unique is a rule of the pipeline.
 *
 * @category schemas
 */
export const stageSchema: z.ZodType<Stage, Stage> = stageStructure;

/**
 * A pipeline: exactly what `validatePipeline` finds no issue with.
 *
 * @category schemas
 */
export const pipelineSchema: z.ZodType<Pipeline, Pipeline> = pipelineStructure;
