/**
 * Deals: their shape, their history and what they were at any moment, validation, amounts, and reading them from the rows of any CRM.
 *
 * @module deals
 */
export { appendDealEvent } from './append-deal-event.js';
export { applyDealEvent, type ApplyDealEventOptions } from './apply-deal-event.js';
export { createDeal, type DealInit } from './create-deal.js';
export {
  type Activity,
  BUYING_ROLES,
  type BuyingRole,
  type Deal,
  DEAL_KINDS,
  DEAL_MARKETS,
  DEAL_STATUSES,
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
  dealAsOf,
  type DealAsOfOptions,
  type DealReplay,
  type UnknownDealField,
  type UnknownDealFieldReason,
} from './deal-as-of.js';
export { dealAge, type DealAgeOptions, dealCycleDays, type DealDays, type DealDaysReason } from './deal-days.js';
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
export { dealAmountFromLineItems, dealMargin, lineItemMargin, type LineItemMargin, type LineItemOptions, type LineItemsAmount, lineItemTotal } from './line-items.js';
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
  DealRowField,
  ParsedDeals,
  ParseDealsCounts,
  ParseDealsOptions,
  RecurringFieldMap,
  RejectedRow,
  StageMapping,
  StageUse,
  ValueChange,
} from './parse-deals-options.js';
export { type AnnualContractValuePolicy, type RecurringValueInput, type RecurringValueOptions, recurringValueOf, type RecurringValues } from './recurring-value.js';
export { type DealSplitAmounts, splitDealAmount, type SplitAmount } from './split-deal-amount.js';
export { lastOpenStage, stageHistory, type StageHistory, type StageHistoryOptions, type StageVisit } from './stage-history.js';
export { type DealRateDay, type DealSum, sumDeals, type SumDealsOptions } from './sum-deals.js';
export { isDeal, validateDeal, type ValidateDealOptions } from './validate-deal.js';
