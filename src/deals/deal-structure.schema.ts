/*
 * The structure of a deal and its parts in zod: what types and JSON Schema are made from. It accepts at least all that is valid; what is valid is decided by the
 * checks that the schemas ask first. Not a public entry.
 */
import * as z from 'zod';
import { BUYING_ROLES, DEAL_KINDS, DEAL_MARKETS, DEAL_STATUSES } from './deal.js';

const text = /* @__PURE__ */ z.string();
const optionalText = /* @__PURE__ */ text.exactOptional();
const date = /* @__PURE__ */ text.nullable();
const probability = /* @__PURE__ */ z.number().nullable();
const money = /* @__PURE__ */ z.strictObject({ amount: text, currency: text });
const termMonths = /* @__PURE__ */ z.number().exactOptional();

export const lineItemStructure = /* @__PURE__ */ z.strictObject({
  id: text,
  productId: text,
  name: optionalText,
  quantity: text,
  unitPrice: money,
  discount: optionalText,
  unitCost: /* @__PURE__ */ money.exactOptional(),
  termMonths,
});

export const dealSplitStructure = /* @__PURE__ */ z.strictObject({ payeeId: text, kind: /* @__PURE__ */ z.enum(['revenue', 'overlay']), share: text });

export const stakeholderStructure = /* @__PURE__ */ z.strictObject({ contactId: text, role: /* @__PURE__ */ z.enum(BUYING_ROLES), name: optionalText, title: optionalText });

export const activityStructure = /* @__PURE__ */ z.strictObject({
  id: text,
  type: text,
  at: text,
  outcome: optionalText,
  contactIds: /* @__PURE__ */ z.array(text).readonly().exactOptional(),
});

const optionalMoney = /* @__PURE__ */ money.exactOptional();
export const recurringValueStructure = /* @__PURE__ */ z.strictObject({ mrr: optionalMoney, arr: optionalMoney, acv: optionalMoney, tcv: optionalMoney, termMonths });

const splits = /* @__PURE__ */ z.array(dealSplitStructure).readonly();
const override = /* @__PURE__ */ z.strictObject({ reason: text, approvedBy: text, unmet: /* @__PURE__ */ z.array(text).readonly() }).exactOptional();
const base = { at: text, by: optionalText };

export const dealEventStructure = /* @__PURE__ */ z.discriminatedUnion('type', [
  /* @__PURE__ */ z.strictObject({
    type: /* @__PURE__ */ z.literal('created'),
    ...base,
    stageId: text,
    amount: /* @__PURE__ */ money.nullable(),
    expectedCloseOn: /* @__PURE__ */ date.exactOptional(),
    ownerId: /* @__PURE__ */ text.nullable().exactOptional(),
    forecastCategory: /* @__PURE__ */ text.nullable().exactOptional(),
    probability: /* @__PURE__ */ probability.exactOptional(),
    splits: /* @__PURE__ */ splits.exactOptional(),
  }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('stage-changed'), ...base, from: text, to: text, override }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('amount-changed'), ...base, from: /* @__PURE__ */ money.nullable(), to: /* @__PURE__ */ money.nullable() }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('close-date-changed'), ...base, from: date, to: date }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('owner-changed'), ...base, from: /* @__PURE__ */ text.nullable(), to: /* @__PURE__ */ text.nullable() }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('splits-changed'), ...base, from: splits, to: splits }),
  /* @__PURE__ */ z.strictObject({
    type: /* @__PURE__ */ z.literal('forecast-category-changed'),
    ...base,
    from: /* @__PURE__ */ text.nullable(),
    to: /* @__PURE__ */ text.nullable(),
  }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('probability-changed'), ...base, from: probability, to: probability }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('won'), ...base, from: text, to: text, override }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('lost'), ...base, from: text, to: text, reason: optionalText }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('reopened'), ...base, from: text, to: text }),
  /* @__PURE__ */ z.strictObject({ type: /* @__PURE__ */ z.literal('deleted'), ...base }),
]);

/** Every field but `custom`. */
export const dealFields = {
  id: text,
  name: optionalText,
  accountId: optionalText,
  ownerId: optionalText,
  pipelineId: text,
  stageId: text,
  status: /* @__PURE__ */ z.enum(DEAL_STATUSES),
  amount: /* @__PURE__ */ money.nullable(),
  probability,
  createdOn: date,
  expectedCloseOn: date,
  closedOn: date,
  forecastCategory: optionalText,
  kind: /* @__PURE__ */ z.enum(DEAL_KINDS).exactOptional(),
  source: optionalText,
  market: /* @__PURE__ */ z.enum(DEAL_MARKETS).exactOptional(),
  recurring: /* @__PURE__ */ recurringValueStructure.exactOptional(),
  lossReason: optionalText,
  lineItems: /* @__PURE__ */ z.array(lineItemStructure).readonly(),
  splits,
  stakeholders: /* @__PURE__ */ z.array(stakeholderStructure).readonly(),
  activities: /* @__PURE__ */ z.array(activityStructure).readonly(),
  history: /* @__PURE__ */ z.array(dealEventStructure).readonly(),
};

export const dealStructure = /* @__PURE__ */ z.strictObject({ ...dealFields, custom: /* @__PURE__ */ z.record(text, /* @__PURE__ */ z.unknown()) });
