/*
 * The structure of pipelines as zod infers it; `pipeline.schema.ts` gives it the types of the interfaces. Not a public entry.
 * Lists are not `.readonly()`: zod would freeze what stands in the place of a list, even where it is refused, and that is the caller's own value.
 */
import * as z from 'zod';
import { BUYING_ROLES } from '../deals/deal.js';
import { isReservedKey, MAX_TEXT_LENGTH } from '../errors/checks.js';
import { isOptionalDealField } from './deal-field.js';
import type { CriterionRequirement, ExitCriterion, Pipeline, Stage } from './pipeline.js';
import { CRITERION_SEVERITIES, MAX_ENTRIES, MAX_STAGE_DAYS, STAGE_KINDS } from './pipeline-limits.js';

const textSchema = /* @__PURE__ */ z.string().min(1).max(MAX_TEXT_LENGTH);
const idSchema = /* @__PURE__ */ textSchema.refine((text) => !isReservedKey(text), { error: 'reserved_key' });
const fieldSchema = /* @__PURE__ */ textSchema.refine(isOptionalDealField, { error: 'unknown_reference' });
const daysSchema = /* @__PURE__ */ z.number().min(0).max(MAX_STAGE_DAYS);

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/** Exactly one of field, activity, stakeholder, confirmed. */
export const criterionRequirementStructure = /* @__PURE__ */ z.union([
  z.strictObject({ field: fieldSchema }),
  z.strictObject({ activity: textSchema, atLeast: z.int().min(1).exactOptional() }),
  z.strictObject({ stakeholder: z.enum(BUYING_ROLES) }),
  z.strictObject({ confirmed: z.literal(true) }),
]) satisfies z.ZodType<CriterionRequirement>;

export const exitCriterionStructure = /* @__PURE__ */ z.strictObject({
  id: idSchema,
  label: textSchema,
  require: criterionRequirementStructure,
  severity: z.enum(CRITERION_SEVERITIES).exactOptional(),
}) satisfies z.ZodType<ExitCriterion>;

export const stageStructure = /* @__PURE__ */ z
  .strictObject({
    id: idSchema,
    label: textSchema,
    kind: z.enum(STAGE_KINDS).exactOptional(),
    probability: z.number().min(0).max(1).nullable().exactOptional(),
    forecastCategory: idSchema.exactOptional(),
    exitCriteria: z
      .array(exitCriterionStructure)
      .max(MAX_ENTRIES)
      .refine((criteria) => isUnique(criteria.map((criterion) => criterion.id)), { error: 'duplicate_id' })
      .exactOptional(),
    requiredFields: z.array(fieldSchema).max(MAX_ENTRIES).refine(isUnique, { error: 'duplicate_id' }).exactOptional(),
    maximumDays: daysSchema.exactOptional(),
    rottenDays: daysSchema.exactOptional(),
  })
  .refine((stage) => typeof stage.probability !== 'number' || stage.kind === undefined || stage.kind === 'open' || stage.probability === (stage.kind === 'won' ? 1 : 0), {
    error: 'invalid_pipeline',
    path: ['probability'],
  }) satisfies z.ZodType<Stage>;

export const pipelineStructure = /* @__PURE__ */ z
  .strictObject({
    id: idSchema,
    label: textSchema.exactOptional(),
    formatVersion: z.literal(1).exactOptional(),
    stages: z
      .array(stageStructure)
      .min(1)
      .max(MAX_ENTRIES)
      .refine((stages) => isUnique(stages.map((stage) => stage.id)), { error: 'duplicate_id' })
      .refine((stages) => stages.some((stage) => (stage.kind ?? 'open') === 'open'), { error: 'invalid_pipeline' }),
    forecastCategories: z
      .array(idSchema)
      .min(1)
      .max(MAX_ENTRIES)
      .refine(isUnique, { error: 'duplicate_id' })
      .refine((categories) => !categories.includes('omitted'), { error: 'invalid_pipeline' })
      .exactOptional(),
  })
  .refine(
    ({ stages, forecastCategories: known }) =>
      known === undefined || stages.every(({ forecastCategory: category }) => category === undefined || category === 'omitted' || known.includes(category)),
    { error: 'unknown_reference', path: ['stages'] },
  ) satisfies z.ZodType<Pipeline>;
