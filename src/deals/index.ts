/**
 * Deals: their shape, their history and what they were at any moment, validation, amounts, and reading them from the rows of any CRM.
 *
 * @module deals
 */
export { appendDealEvent } from './append-deal-event.js';
export { type ApplyDealEventOptions, applyDealEvent } from './apply-deal-event.js';
export { createDeal, type DealInit } from './create-deal.js';
export {
  type Activity,
  BUYING_ROLES,
  type BuyingRole,
  DEAL_KINDS,
  DEAL_MARKETS,
  DEAL_STATUSES,
  type Deal,
  type DealKind,
  type DealMarket,
  type DealSplit,
  type DealStatus,
  type LineItem,
  type RecurringValue,
  type Stakeholder,
} from './deal.js';
export {
  type AssumableDealField,
  createDealReplay,
  type DealAsOf,
  type DealAsOfOptions,
  type DealReplay,
  dealAsOf,
  type UnknownDealField,
  type UnknownDealFieldReason,
} from './deal-as-of.js';
export { type DealAgeOptions, type DealDays, type DealDaysReason, dealAge, dealCycleDays } from './deal-days.js';
export type {
  DealAmountChanged,
  DealCloseDateChanged,
  DealCreated,
  DealDeleted,
  DealEvent,
  DealEventBase,
  DealForecastCategoryChanged,
  DealLost,
  DealOwnerChanged,
  DealProbabilityChanged,
  DealReopened,
  DealSplitsChanged,
  DealStageChanged,
  DealWon,
  EventTime,
  StageOverride,
} from './deal-event.js';
export type { DealState, DealStateField } from './deal-state.js';
export { dealAmountFromLineItems, dealMargin, type LineItemMargin, type LineItemOptions, type LineItemsAmount, lineItemMargin, lineItemTotal } from './line-items.js';
export { parseDeals } from './parse-deals.js';
export type {
  ColumnOf,
  CustomFieldSources,
  CustomFieldsOf,
  DealAmountFormat,
  DealDateField,
  DealDateFormat,
  DealFieldMap,
  DealFieldSource,
  DealPipeline,
  DealPipelineStage,
  DealRowField,
  MappedStage,
  ParseDealsCounts,
  ParseDealsOptions,
  ParsedDeals,
  RecurringFieldMap,
  RejectedRow,
  StageMapping,
  StageUse,
  ValueChange,
} from './parse-deals-options.js';
export {
  type AnnualContractValuePolicy,
  type MissingRecurringValue,
  type RecurringValueInput,
  type RecurringValueOptions,
  type RecurringValues,
  recurringValueOf,
} from './recurring-value.js';
export { type DealSplitAmounts, type SplitAmount, splitDealAmount } from './split-deal-amount.js';
export { lastOpenStage, type StageHistory, type StageHistoryOptions, type StageVisit, stageHistory } from './stage-history.js';
export { type DealRateDay, type DealSum, type SumDealsOptions, sumDeals } from './sum-deals.js';
export { isDeal, type ValidateDealOptions, validateDeal } from './validate-deal.js';
