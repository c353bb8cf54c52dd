import { type CriterionRequirement, type ExitCriterion, type Pipeline, type Stage, validatePipeline } from 'dealwright/pipelines';
import { type exitCriterionSchema, pipelineSchema } from 'dealwright/schemas';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { criterionRequirementStructure, exitCriterionStructure, pipelineStructure, stageStructure } from '../../src/pipelines/pipeline-structure.schema.js';
import { anyPipelineLike } from './arbitraries.js';

/** The lists of interfaces are readonly; what zod infers is not. */
type DeepReadonly<T> = T extends readonly (infer E)[] ? readonly DeepReadonly<E>[] : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

describe('pipeline schemas', () => {
  it('agree with the interfaces both ways', () => {
    expectTypeOf<DeepReadonly<z.output<typeof pipelineStructure>>>().toExtend<Pipeline>();
    expectTypeOf<Pipeline>().toExtend<DeepReadonly<z.output<typeof pipelineStructure>>>();
    expectTypeOf<Pipeline>().toExtend<DeepReadonly<z.input<typeof pipelineStructure>>>();
    expectTypeOf<DeepReadonly<z.output<typeof stageStructure>>>().toExtend<Stage>();
    expectTypeOf<Stage>().toExtend<DeepReadonly<z.input<typeof stageStructure>>>();
    expectTypeOf<DeepReadonly<z.output<typeof exitCriterionStructure>>>().toExtend<ExitCriterion>();
    expectTypeOf<ExitCriterion>().toExtend<DeepReadonly<z.input<typeof exitCriterionStructure>>>();
    expectTypeOf<DeepReadonly<z.output<typeof criterionRequirementStructure>>>().toExtend<CriterionRequirement>();
    expectTypeOf<CriterionRequirement>().toExtend<DeepReadonly<z.input<typeof criterionRequirementStructure>>>();
    expectTypeOf<z.output<typeof exitCriterionSchema>>().toEqualTypeOf<ExitCriterion>();
    expectTypeOf<keyof z.output<typeof stageStructure>>().toEqualTypeOf<keyof Stage>();
    expectTypeOf<keyof z.output<typeof pipelineStructure>>().toEqualTypeOf<keyof Pipeline>();
    expectTypeOf<keyof z.output<typeof exitCriterionStructure>>().toEqualTypeOf<keyof ExitCriterion>();
  });

  it('accept exactly what validatePipeline accepts', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(anyPipelineLike, (value) => {
        const valid = validatePipeline(value).length === 0;
        const parsed = pipelineSchema.safeParse(value);
        if (valid) accepted += 1;
        else refused += 1;
        expect(parsed.success).toBe(valid);
        if (parsed.success) expect(parsed.data).toEqual(value);
      }),
      { seed: 20260101, numRuns: 3000 },
    );
    // Both answers must really have been tried.
    expect(accepted).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
  });

  it('leave what they are given as it was', () => {
    const value = { id: 'p', stages: {}, forecastCategories: {} };
    expect(pipelineSchema.safeParse(value).success).toBe(false);
    expect([Object.isFrozen(value.stages), Object.isFrozen(value.forecastCategories)]).toEqual([false, false]);
  });

  it('refuse what is no pipeline at all, as the validator does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(pipelineSchema.safeParse(value).success).toBe(validatePipeline(value).length === 0);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });
});
