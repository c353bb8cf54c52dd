import { throwIfIssues } from '../errors/domain-error.js';
import type { Pipeline } from './pipeline.js';
import { validatePipeline } from './validate-pipeline.js';

/**
 * The stage ids of a pipeline, as a union of literals.
 *
 * @typeParam P - the type of a pipeline, usually `typeof myPipeline`
 * @category pipelines
 */
export type StageIdOf<P> = P extends Pipeline<string, infer StageId> ? StageId : never;

/**
 * Defines a pipeline: checks it and returns it unchanged, with its own id and its stage ids as literal types, so that a misspelt stage id or key does
 * not compile. Definitions that arrive as data (JSON) are checked just the same.
 *
 * @param definition - id, stages in order, and optionally the order of forecast categories
 * @returns the same object
 * @throws DomainError named `InvalidPipelineError` with every issue `validatePipeline` finds: `missing_key` | `unknown_key` | `invalid_type` | `invalid_value` |
 * `duplicate_id` | `fraction_out_of_range` | `unknown_reference` | `invalid_pipeline` | …
 * @example
 * ```ts
 * import { definePipeline, findStage } from 'dealwright/pipelines';
 * const renewals = definePipeline({
 *   id: 'renewals',
 *   stages: [
 *     { id: 'upcoming', label: 'Upcoming', probability: 0.8 },
 *     { id: 'in-talks', label: 'In talks', probability: 0.9, forecastCategory: 'commit' },
 *     { id: 'renewed', label: 'Renewed', kind: 'won' },
 *     { id: 'churned', label: 'Churned', kind: 'lost' },
 *   ],
 * });
 * findStage(renewals, 'in-talks')?.probability; // => 0.9
 * ```
 * @category pipelines
 */
export function definePipeline<const Id extends string, const StageId extends string>(definition: Pipeline<Id, StageId>): Pipeline<Id, StageId> {
  const issues = validatePipeline(definition);
  if (issues.length > 0) {
    const given: unknown = (definition as { readonly id?: unknown } | null | undefined)?.id;
    const name = typeof given === 'string' && given.length <= 60 ? ` "${given}"` : '';
    throwIfIssues(issues, { name: 'InvalidPipelineError', summary: `${issues.length} ${issues.length === 1 ? 'problem' : 'problems'} in pipeline${name}` });
  }
  return definition;
}
