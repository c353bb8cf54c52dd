import { type CriterionRequirement, type ExitCriterion, type Pipeline, type Stage, validatePipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { criterionRequirementSchema, exitCriterionSchema, pipelineSchema, stageSchema } from '../../src/pipelines/pipeline.schema.js';
import { anyPipelineLike } from './arbitraries.js';

describe('pipeline schemas', () => {
  it('agree with the interfaces both ways', () => {
    expectTypeOf<z.output<typeof pipelineSchema>>().toExtend<Pipeline>();
    expectTypeOf<Pipeline>().toExtend<z.output<typeof pipelineSchema>>();
    expectTypeOf<Pipeline>().toExtend<z.input<typeof pipelineSchema>>();
    expectTypeOf<z.output<typeof stageSchema>>().toExtend<Stage>();
    expectTypeOf<Stage>().toExtend<z.input<typeof stageSchema>>();
    expectTypeOf<z.output<typeof exitCriterionSchema>>().toExtend<ExitCriterion>();
    expectTypeOf<ExitCriterion>().toExtend<z.input<typeof exitCriterionSchema>>();
    expectTypeOf<z.output<typeof criterionRequirementSchema>>().toExtend<CriterionRequirement>();
    expectTypeOf<CriterionRequirement>().toExtend<z.input<typeof criterionRequirementSchema>>();
    expectTypeOf<keyof z.output<typeof stageSchema>>().toEqualTypeOf<keyof Stage>();
    expectTypeOf<keyof z.output<typeof pipelineSchema>>().toEqualTypeOf<keyof Pipeline>();
    expectTypeOf<keyof z.output<typeof exitCriterionSchema>>().toEqualTypeOf<keyof ExitCriterion>();
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

  it('refuse what is no pipeline at all, as the validator does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(pipelineSchema.safeParse(value).success).toBe(validatePipeline(value).length === 0);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });
});
