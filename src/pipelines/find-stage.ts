import type { Pipeline, Stage, StageKind } from './pipeline.js';

/**
 * The stage with an id.
 *
 * @param pipeline - where to look
 * @param stageId - the id; a literal that the pipeline does not have does not compile
 * @returns the stage, or undefined if the pipeline has none with that id
 * @example
 * ```ts
 * import { b2bPipeline, findStage } from 'dealwright/pipelines';
 * findStage(b2bPipeline, 'demo')?.label; // => 'Demo'
 * ```
 * @category pipelines
 */
export function findStage<StageId extends string>(pipeline: Pipeline<string, StageId>, stageId: NoInfer<StageId>): Stage<StageId> | undefined {
  return pipeline.stages.find((stage) => stage.id === stageId);
}

/**
 * What a stage is to the outcome of a deal: `open`, `won` or `lost`. Closed or won is decided by the definition alone, never by the name of the id.
 *
 * @param stage - a stage of a pipeline
 * @returns its kind; `open` where none is stated
 * @example
 * ```ts
 * import { stageOutcome } from 'dealwright/pipelines';
 * stageOutcome({ id: 'signed', label: 'Signed', kind: 'won' }); // => 'won'
 * stageOutcome({ id: 'demo', label: 'Demo' }); // => 'open'
 * ```
 * @category pipelines
 */
export function stageOutcome(stage: Stage): StageKind {
  return stage.kind ?? 'open';
}

/**
 * The probability that a deal in a stage is won: 1 for won and 0 for lost stages, else what the stage states.
 *
 * @param stage - a stage of a pipeline
 * @returns a fraction from 0 to 1, or `null` where the stage states none
 * @example
 * ```ts
 * import { stageProbability } from 'dealwright/pipelines';
 * stageProbability({ id: 'demo', label: 'Demo', probability: 0.4 }); // => 0.4
 * stageProbability({ id: 'signed', label: 'Signed', kind: 'won' }); // => 1
 * stageProbability({ id: 'demo', label: 'Demo' }); // => null
 * ```
 * @category pipelines
 */
export function stageProbability(stage: Stage): number | null {
  const outcome = stageOutcome(stage);
  if (outcome === 'won') return 1;
  if (outcome === 'lost') return 0;
  return stage.probability ?? null;
}

/**
 * The forecast category of deals in a stage that have none of their own.
 *
 * @param stage - a stage of a pipeline
 * @returns the stage's category; where it states none: `pipeline` for open, `closed` for won, `omitted` for lost stages
 * @example
 * ```ts
 * import { stageForecastCategory } from 'dealwright/pipelines';
 * stageForecastCategory({ id: 'demo', label: 'Demo' }); // => 'pipeline'
 * stageForecastCategory({ id: 'lost', label: 'Lost', kind: 'lost' }); // => 'omitted'
 * ```
 * @category pipelines
 */
export function stageForecastCategory(stage: Stage): string {
  if (stage.forecastCategory !== undefined) return stage.forecastCategory;
  const outcome = stageOutcome(stage);
  return outcome === 'won' ? 'closed' : outcome === 'lost' ? 'omitted' : 'pipeline';
}
