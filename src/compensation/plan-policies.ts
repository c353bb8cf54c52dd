import type { RateTable } from '../money/rate-table.js';

/**
 * Which day decides the rate at which a credit in another currency is converted to the plan's currency: the day of the credit, the last day of its period, or
 * none: the plan's own fixed rates.
 *
 * @category compensation
 */
export type CreditRatePolicy = 'credit-date' | 'period-end' | 'plan';

/** The policies for the rate of credits. */
export const CREDIT_RATE_POLICIES: readonly CreditRatePolicy[] = ['credit-date', 'period-end', 'plan'];

/**
 * Which rate turns pay into the currency in which it is paid out: that of the last day of the period, the mean over the days of the period, that of the day of
 * each credit, or the plan's own fixed rates.
 *
 * @category compensation
 */
export type PayRatePolicy = 'period-end' | 'period-average' | 'credit-date' | 'plan';

/** The policies for the rate of pay. */
export const PAY_RATE_POLICIES: readonly PayRatePolicy[] = ['period-end', 'period-average', 'credit-date', 'plan'];

/**
 * What refund credits (negative, with `refersTo`) do to what has been measured.
 *
 * @category compensation
 */
export interface ReversalPolicy {
  /**
   * `un-retire` (default): measures count them, so attainment falls and what accumulates is rated again. `keep`: no measure counts them and quota stays retired;
   * only a `clawback` component takes pay back for them.
   */
  readonly quota?: 'un-retire' | 'keep';
  /** The period in which they count: that of their own day (default), or that of the credit they refer to, if it is among the credits given. */
  readonly period?: 'refund-date' | 'original-date';
}

/**
 * What happens to credits that become known after their period has been closed.
 *
 * @category compensation
 */
export interface LateCreditPolicy {
  /**
   * `restate` (default): they stay in their own period, which has to be computed again. `current-period`: they count in the period in which they become known;
   * that is told by `recordedAt`.
   */
  readonly policy: 'restate' | 'current-period';
  /** How many days after its end a period is closed: what is recorded before that day is in time. Default 0. */
  readonly closeDays?: number;
}

/**
 * The policies of a plan on currencies, refunds and late credits.
 *
 * @category compensation
 */
export interface PlanPolicies {
  /** The rate of credits in other currencies. Default `credit-date`. */
  readonly creditRate?: CreditRatePolicy;
  /** The currency in which pay is paid out, if not that of the plan. Everything is computed in the plan's currency and converted at the very end. */
  readonly payCurrency?: string;
  /** The rate from the plan's currency to that of pay. Default `period-end`. */
  readonly payRate?: PayRatePolicy;
  /** Fixed rates, for the policies `plan`. */
  readonly planRates?: RateTable;
  /** What refund credits do to what has been measured. */
  readonly reversals?: ReversalPolicy;
  /** What happens to credits that become known after the close. */
  readonly lateCredits?: LateCreditPolicy;
}
