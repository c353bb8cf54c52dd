import { type IssueSink, nearestText } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { Pipeline, Stage } from './pipeline.js';
import { checkPipeline } from './validate-pipeline.js';

/**
 * One pipeline, or several side by side. Each deal belongs to the one that its `pipelineId` names.
 *
 * @typeParam StageId - the stage ids of all of them
 * @category pipelines
 */
export type PipelineSource<StageId extends string = string> = Pipeline<string, StageId> | readonly Pipeline<string, StageId>[];

/** The pipelines of a call by id, each checked; empty with issues. Not a public entry. */
export function checkPipelines(source: unknown, issues: IssueSink): ReadonlyMap<string, Pipeline> {
  const found = new Map<string, Pipeline>();
  const list: readonly unknown[] = Array.isArray(source) ? source : [source];
  if (source === undefined) issues.push(createIssue('missing_key', ['pipeline'], { expected: 'a pipeline, or a list of them' }));
  else if (list.length === 0) issues.push(createIssue('empty', ['pipeline'], { expected: 'at least one pipeline' }));
  else {
    for (let index = 0; index < list.length; index += 1) {
      const path = Array.isArray(source) ? ['pipeline', index] : ['pipeline'];
      const before = issues.length;
      checkPipeline(list[index], path, issues);
      // A long list of things that are no pipelines would only repeat itself.
      if (issues.length > 100) break;
      if (issues.length > before) continue;
      const pipeline = list[index] as Pipeline; // just checked
      if (found.has(pipeline.id)) issues.push(createIssue('duplicate_id', [...path, 'id'], { expected: 'an id of its own for every pipeline', received: pipeline.id }));
      found.set(pipeline.id, pipeline);
    }
  }
  return found;
}

/** The issue of a deal whose pipeline was not given. Not a public entry. */
export function unknownPipeline(pipelineId: unknown, known: Iterable<string>, path: readonly (string | number)[]): Issue {
  const ids = [...known];
  return createIssue('unknown_pipeline', path, {
    expected: ids.length <= 10 ? `one of ${ids.map((id) => `"${id}"`).join(', ')}` : 'one of the pipelines given',
    received: pipelineId,
    ...hint(pipelineId, ids),
  });
}

/** The issue of a stage that a pipeline does not have. Not a public entry. */
export function unknownStage(stageId: unknown, pipeline: Pipeline, path: readonly (string | number)[]): Issue {
  return createIssue('unknown_stage', path, {
    expected: `a stage of pipeline "${pipeline.id}"`,
    received: stageId,
    ...hint(
      stageId,
      pipeline.stages.map((stage: Stage) => stage.id),
    ),
  });
}

function hint(value: unknown, candidates: readonly string[]): { readonly hint?: string } {
  const near = typeof value === 'string' ? nearestText(value, candidates.slice(0, 1_000)) : undefined;
  return near === undefined ? {} : { hint: `did you mean "${near}"?` };
}
