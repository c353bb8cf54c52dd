/**
 * Compensation: plans as plain JSON, computed exactly and explained line by line.
 *
 * @module compensation
 */
export type {
  AccumulationUnit,
  ComponentPhase,
  ComponentReference,
  ComponentResult,
  ConfigIssue,
  EvaluationContext,
  Measured,
  PlanComponent,
  PostedPart,
  Posting,
  PostingNote,
  RunningTotal,
} from './component.js';
export { COMPONENT_PHASES, defineComponent } from './component.js';
export { type CommissionConfig, commissionComponent } from './components/commission.js';
export { type BuiltInComponents, builtInComponents } from './components/index.js';
export { type SalaryConfig, salaryComponent } from './components/salary.js';
export { type BuiltInConfig, computeCompensation, definePlan, parsePlan, validatePlan } from './compute-compensation.js';
export { type Credit } from './credit.js';
export { validateCredit } from './engine/check-credit.js';
export type { AnyComponent } from './engine/check-plan.js';
export { type CompensationEngine, createCompensationEngine, type EngineConfig } from './engine/create-engine.js';
export type { CompensationDetail, CompensationInput, CompensationRun } from './engine/run-input.js';
export type { CreditFilter, CreditFilterField, FieldCondition } from './filter.js';
export type { LedgerEntry, LedgerEntryType } from './ledger.js';
export type { Measure, MeasureField } from './measure.js';
export type { Assignment, Payee, Quota } from './payee.js';
export type { ComponentConfigOf, ParameterType, Plan, PlanPeriodUnit } from './plan.js';
export { type RenderStatementOptions, renderStatement } from './render-statement.js';
export type { CompensationState, ComponentState, StoredTotal } from './state.js';
export type { AttainmentEntry, ComponentTotal, LineCredit, Statement, StatementLine, StatementSection } from './statement.js';
export { STATEMENT_SECTIONS } from './statement.js';
export type { CreditPart, MeasuredCredit } from './tier-payout.js';
export type { PayRate, Tier, TierMode, TierTable } from './tier-table.js';
export { TIER_MODES } from './tier-table.js';
export type { ValueExpression } from './value-expression.js';
