/**
 * Compensation: plans as plain JSON, computed exactly and explained line by line.
 *
 * @module compensation
 */

export type { Adjustment } from './adjustment.js';
export type {
  AccumulationUnit,
  AssignmentSpan,
  ComponentPhase,
  ComponentReference,
  ComponentResult,
  ConfigIssue,
  CreditGroup,
  EvaluationContext,
  Gathered,
  Measured,
  MeasuredToDate,
  PayeeSpan,
  PayeeTotal,
  PlanComponent,
  PostedOptions,
  PostedPart,
  Posting,
  PostingNote,
  RunningTotal,
} from './component.js';
export { COMPONENT_PHASES, defineComponent } from './component.js';
export { type BonusBudget, type BonusCondition, type BonusConfig, type BonusLevel, type BonusStep, bonusComponent } from './components/bonus.js';
export { type CapConfig, capComponent } from './components/cap.js';
export { type CarryConfig, carryComponent } from './components/carry.js';
export { type ClawbackConfig, type ClawbackRecovery, type ClawbackStep, clawbackComponent } from './components/clawback.js';
export { type ClientEntertainmentConfig, clientEntertainmentComponent } from './components/client-entertainment.js';
export { type CommissionConfig, commissionComponent } from './components/commission.js';
export { type ContestConfig, type ContestGoal, type ContestTeams, contestComponent } from './components/contest.js';
export { type DrawConfig, type DrawRecovery, drawComponent, type PlanDate } from './components/draw.js';
export { type ExpenseAccountConfig, expenseAccountComponent } from './components/expense-account.js';
export { type HoldbackConfig, holdbackComponent } from './components/holdback.js';
export { type BuiltInComponents, builtInComponents } from './components/index.js';
export { type MileageConfig, type MileageTier, mileageComponent } from './components/mileage.js';
export { type ObjectiveConfig, type ObjectivePart, objectiveComponent } from './components/objective.js';
export { type ManagerOverrideConfig, managerOverrideComponent } from './components/override.js';
export { type PaymentScheduleConfig, type PaymentStage, paymentScheduleComponent } from './components/payment-schedule.js';
export { type PayoutSplitConfig, payoutSplitComponent } from './components/payout-split.js';
export { type PerDiemConfig, type PerDiemPart, type PerDiemRate, perDiemComponent } from './components/per-diem.js';
export type { ReleaseEvent, ReleaseTrigger } from './components/release-stage.js';
export { type SalaryConfig, salaryComponent } from './components/salary.js';
export { type SpiffConfig, type SpiffTier, type SpiffTiers, spiffComponent } from './components/spiff.js';
export { type PoolBasis, type PoolClaim, type PoolFund, type TeamPoolConfig, teamPoolComponent } from './components/team-pool.js';
export { type BuiltInConfig, computeCompensation, definePlan, describePlan, parsePlan, validatePlan } from './compute-compensation.js';
export { contentHash } from './content-hash.js';
export { type AwardGoalContestOptions, awardGoalContest } from './contests/award-goal-contest.js';
export {
  CONTEST_METRICS,
  CONTEST_RANKINGS,
  CONTEST_TIES,
  type ContestEntry,
  type ContestExclusion,
  type ContestMetric,
  type ContestRanking,
  type ContestStanding,
  type ContestTies,
} from './contests/contest-entry.js';
export { type RankContestOptions, rankContest } from './contests/rank-contest.js';
export {
  type RankTeamContestOptions,
  rankTeamContest,
  TEAM_PRIZE_SHARES,
  TEAM_SCORES,
  type TeamContestEntry,
  type TeamContestResult,
  type TeamPrizeShares,
  type TeamScore,
} from './contests/rank-team-contest.js';
export type { Credit } from './credit.js';
export { creditDeals } from './crediting/credit-deals.js';
export type { CreditControlTotals, CreditingResult, SetAsideTransaction, UncreditedAmount } from './crediting/crediting-result.js';
export type {
  CreditDealsOptions,
  CreditEligibility,
  CreditingRule,
  CreditRecipients,
  CreditStage,
  NamedRecipient,
  QuotaWeight,
  RollUp,
  TransactionField,
  TransactionFilter,
} from './crediting/crediting-rule.js';
export { dealEventsOfTransactions, type TransactionDealEvents } from './crediting/deal-events-of-transactions.js';
export { TRANSACTION_TYPES, type Transaction, type TransactionMember, type TransactionType } from './crediting/transaction.js';
export { type DealTeamMember, type DealTransactions, type TransactionsOfDealsOptions, transactionsOfDeals } from './crediting/transactions-of-deals.js';
export { defineCreditingRules, validateCreditingRules } from './crediting/validate-crediting-rules.js';
export { validateTransaction } from './crediting/validate-transaction.js';
export { DEAL_EVENT_TYPES, type DealEventRecord, type DealEventType, validateDealEvent } from './deal-event.js';
export type { Gate } from './earning/gate.js';
export type { Kicker, KickerTier } from './earning/kicker.js';
export type { Cap, CapDisposition, Floor, LimitScope } from './earning/limits.js';
export type { Modifier, ModifierTier } from './earning/modifier.js';
export type { PaySchedule } from './earning/pay-schedule.js';
export type { Threshold } from './earning/threshold.js';
export type { NegativePolicy, TrueUp } from './earning/true-up.js';
export type { Windfall } from './earning/windfall.js';
export { validateCredit } from './engine/check-credit.js';
export type { AnyComponent } from './engine/check-plan.js';
export { type CompensationEngine, createCompensationEngine, type EngineConfig } from './engine/create-engine.js';
export type { CompensationDetail, CompensationInput, CompensationRun } from './engine/run-input.js';
export { type ExplainLineOptions, explainLine, type LineExplanation } from './explain-line.js';
export type { CreditFilter, CreditFilterField, FieldCondition } from './filter.js';
export type { LedgerEntry, LedgerEntryType } from './ledger.js';
export type { CountMeasure, CreditMeasure, Measure, SumMeasure } from './measure.js';
export type { MeasureField } from './measure-field.js';
export type { AverageMeasure } from './measures/average.js';
export type { BlendMeasure, BlendPart } from './measures/blend.js';
export type { AttainmentMeasure, CombineResults, PayeeSelection, PayMeasure } from './measures/component-result.js';
export type { DerivedMeasureConfig } from './measures/derived-measures.js';
export type { DistinctMeasure } from './measures/distinct.js';
export type { ValueMeasure } from './measures/given-value.js';
export type { GrowthMeasure } from './measures/growth.js';
export type { LatestMeasure } from './measures/latest.js';
export type { LimitMeasure } from './measures/limit-per-key.js';
export type { RatioMeasure } from './measures/ratio.js';
export type { RollingMeasure } from './measures/rolling.js';
export type { CreditWeight, WeightedMeasure } from './measures/weighted.js';
export { createOpeningState, type OpeningBalance } from './opening-state.js';
export { type PayStructure, type PayStructureInput, payStructure, type WeightedComponent } from './pay-structure.js';
export type { Assignment, Leave, Payee, Quota } from './payee.js';
export type { PayeeEligibility } from './payee-eligibility.js';
export { type CurveIncrement, type CurveKnot, type CurveSlope, curveFromIncrements, curveFromSlopes, type SlopedCurve, slopesFromCurve } from './payout-curve.js';
export type { ComponentConfigOf, ParameterType, Plan, PlanEffective, PlanPeriodUnit } from './plan.js';
export type { CreditRatePolicy, LateCreditPolicy, PayRatePolicy, PlanPolicies, ReversalPolicy } from './plan-policies.js';
export type { ProrationPolicy, ProrationScope } from './quotas/active-share.js';
export type { QuotaConfig, QuotaPolicy, QuotaRamp } from './quotas/quota-policy.js';
export { type QuotaSchedule, type QuotaScheduleEntry, type QuotaScheduleInput, type QuotaScheduleOptions, quotaSchedule } from './quotas/quota-schedule.js';
export type { MatrixAxis, RateMatrix } from './rate-matrix.js';
export { type PayoutRow, type ReconciliationCause, type ReconciliationEntry, reconcileStatement, type StatementReconciliation } from './reconcile-statement.js';
export { type RenderStatementOptions, renderStatement } from './render-statement.js';
export type { CompensationState, ComponentState, StoredNote, StoredTotal } from './state.js';
export type {
  AttainmentEntry,
  ComponentTotal,
  CreditExchange,
  LineCredit,
  LinePay,
  PayConversion,
  Statement,
  StatementBalance,
  StatementLine,
  StatementNote,
  StatementPay,
  StatementSection,
} from './statement.js';
export { STATEMENT_SECTIONS } from './statement.js';
export type { CreditPart, MeasuredCredit } from './tier-band.js';
export type { QuotaReference, TierSelector } from './tier-selector.js';
export type { PayRate, Tier, TierMode, TierTable } from './tier-table.js';
export { TIER_MODES } from './tier-table.js';
export { type TierRange, type TierRow, type TiersFromBands, type TiersFromBandsOptions, tiersFromBands } from './tiers-from-bands.js';
export type { ValueExpression } from './value-expression.js';
export type { ComponentWindow } from './window.js';
