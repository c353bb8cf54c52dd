/*
 * zod schemas of deals. Each asks the validator of this folder, so that there is one rule and not two; the structure behind it is what JSON Schema is made from.
 */
import * as z from 'zod';
import type { IssueSink } from '../errors/checks.js';
import type { IssuePath } from '../errors/issue.js';
import type { Activity, Deal, DealSplit, LineItem, RecurringValue, Stakeholder } from './deal.js';
import type { DealEvent } from './deal-event.js';
import {
  activityStructure,
  dealEventStructure,
  dealFields,
  dealSplitStructure,
  dealStructure,
  lineItemStructure,
  recurringValueStructure,
  stakeholderStructure,
} from './deal-structure.schema.js';
import { checkDeal } from './validate-deal.js';
import { checkDealEvent } from './validate-deal-event.js';
import { checkActivity, checkLineItem, checkRecurring, checkSplit, checkStakeholder } from './validate-deal-parts.js';

/** A preprocessing step that leaves the value alone and hands what the check finds to zod, with code and details under `params`. */
function asking(check: (value: unknown, path: IssuePath, issues: IssueSink) => void): (value: unknown, context: z.RefinementCtx) => unknown {
  return (value, context) => {
    const issues: IssueSink = [];
    check(value, [], issues);
    for (const { message, path, ...params } of issues) context.addIssue({ code: 'custom', message, path: [...path], params });
    return value;
  };
}

/**
 * A line item.
 *
 * @category deals
 */
export const lineItemSchema: z.ZodType<LineItem, LineItem> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<LineItem>, LineItem>(
  /* @__PURE__ */ asking(checkLineItem),
  lineItemStructure,
);

/**
 * A split. That the revenue shares of a deal sum to 1 is a rule of the deal.
 *
 * @category deals
 */
export const dealSplitSchema: z.ZodType<DealSplit, DealSplit> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<DealSplit>, DealSplit>(
  /* @__PURE__ */ asking(checkSplit),
  dealSplitStructure,
);

/**
 * A stakeholder.
 *
 * @category deals
 */
export const stakeholderSchema: z.ZodType<Stakeholder, Stakeholder> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<Stakeholder>, Stakeholder>(
  /* @__PURE__ */ asking(checkStakeholder),
  stakeholderStructure,
);

/**
 * An activity.
 *
 * @category deals
 */
export const activitySchema: z.ZodType<Activity, Activity> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<Activity>, Activity>(
  /* @__PURE__ */ asking(checkActivity),
  activityStructure,
);

/**
 * Recurring values.
 *
 * @category deals
 */
export const recurringValueSchema: z.ZodType<RecurringValue, RecurringValue> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<RecurringValue>, RecurringValue>(
  /* @__PURE__ */ asking(checkRecurring),
  recurringValueStructure,
);

/**
 * One event of a history. That events follow from each other is a rule of the deal.
 *
 * @category deals
 */
export const dealEventSchema: z.ZodType<DealEvent, DealEvent> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<DealEvent>, DealEvent>(
  /* @__PURE__ */ asking(checkDealEvent),
  dealEventStructure,
);

/**
 * A deal with any fields under `custom`: exactly what `validateDeal` finds no issue with.
 *
 * @category deals
 */
export const dealSchema: z.ZodType<Deal, Deal> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<Deal>, Deal>(
  /* @__PURE__ */ asking((value, _path, issues) => checkDeal(value, issues)),
  dealStructure,
);

/**
 * The schema of a deal whose own fields have a schema: what `validateDeal` finds no issue with, and whose `custom` the given schema accepts.
 *
 * @typeParam Custom - the schema of the own fields
 * @param custom - the schema of what stands under `custom`; its output is what the parsed deal has there
 * @returns the schema of the deal
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { dealSchemaWith } from 'dealwright/schemas';
 * import * as z from 'zod';
 * const schema = dealSchemaWith(z.strictObject({ region: z.enum(['East', 'West']) }));
 * schema.parse(createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', custom: { region: 'West' } })).custom.region; // => 'West'
 * schema.safeParse(createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', custom: { region: 'North' } })).success; // => false
 * ```
 * @category deals
 */
export function dealSchemaWith<Custom extends z.ZodType<object, object>>(custom: Custom): z.ZodType<Deal<z.output<Custom>>, Deal<z.input<Custom>>> {
  const structure = z.strictObject({ ...dealFields, custom });
  // The fields are those of dealStructure, which the type tests hold against Deal; only `custom` differs, and that is the caller's.
  return z.preprocess(
    asking((value, _path, issues) => checkDeal(value, issues)),
    structure,
  ) as unknown as z.ZodType<Deal<z.output<Custom>>, Deal<z.input<Custom>>>;
}
