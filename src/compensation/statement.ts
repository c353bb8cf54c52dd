import type { Period } from '../calendar/period.js';
import type { Money } from '../money/money.js';
import type { TraceStep } from '../trace/trace-step.js';
import type { LedgerEntryType } from './ledger.js';
import type { PayRatePolicy } from './plan-policies.js';

/**
 * The part of a statement that a line belongs to.
 *
 * @category compensation
 */
export type StatementSection = 'salary' | 'commission' | 'bonus' | 'spiff' | 'draw' | 'cap' | 'holdback' | 'release' | 'clawback' | 'allowance' | 'adjustment' | 'carry';

/**
 * The sections in the order in which statements show them.
 *
 * @category compensation
 */
export const STATEMENT_SECTIONS: readonly StatementSection[] = [
  'salary',
  'commission',
  'bonus',
  'spiff',
  'cap',
  'holdback',
  'release',
  'clawback',
  'draw',
  'allowance',
  'adjustment',
  'carry',
];

/**
 * How a credit in another currency was converted to the plan's.
 *
 * @category compensation
 */
export interface CreditExchange {
  /** Currency of the credit. */
  readonly from: string;
  /** Units of the plan's currency for one of it, canonical decimal. */
  readonly rate: string;
  /** The day of the rate used; null for a fixed one. */
  readonly on: string | null;
}

/**
 * The part of a credit that a line was computed on.
 *
 * @category compensation
 */
export interface LineCredit {
  /** The credit. */
  readonly creditId: string;
  /** The deal. */
  readonly dealId?: string;
  /** In the unit of the measure, canonical decimal. */
  readonly basis: string;
  /** How it was converted, if the credit is in another currency. */
  readonly exchange?: CreditExchange;
}

/**
 * A part of pay that was converted at one rate.
 *
 * @category compensation
 */
export interface PayConversion {
  /** In the plan's currency. */
  readonly amount: Money;
  /** Units of the currency of pay for one of the plan's, canonical decimal. */
  readonly rate: string;
  /** The day of the rate used; null for a fixed rate or a mean. */
  readonly on: string | null;
}

/**
 * What a line comes to in the currency in which it is paid out.
 *
 * @category compensation
 */
export interface LinePay {
  /** Rounded by cumulative difference, so that lines sum to the statement. */
  readonly amount: Money;
  /** What it consists of, by rate. */
  readonly conversions: readonly PayConversion[];
  /** How the amount came about; replaying it gives the amount. */
  readonly trace: TraceStep;
}

/**
 * What a statement comes to in the currency in which it is paid out.
 *
 * @category compensation
 */
export interface StatementPay {
  /** The currency. */
  readonly currency: string;
  /** Which rate is used. */
  readonly policy: PayRatePolicy;
  /** Rounded once; null where a rate is missing. */
  readonly total: Money | null;
  /** Why there is no total. */
  readonly reason?: string;
}

/**
 * What a component has left open: pay not released yet, a debt, a negative carry.
 *
 * @category compensation
 */
export interface StatementBalance {
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** What it is, for a person. */
  readonly name: string;
  /** The amount, in the plan's currency. */
  readonly amount: Money;
}

/**
 * One payable line: a component, a rate band, a period.
 *
 * @category compensation
 */
export interface StatementLine {
  /** Stable for the same plan and inputs: payee, period, plan, component and place. */
  readonly id: string;
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** Kind of the component that posted it. */
  readonly kind: string;
  /** Section of the statement. */
  readonly section: StatementSection;
  /** What the line pays, for a person. */
  readonly label: string;
  /** What the rate applies to, in the unit of the measure; absent where nothing is multiplied. */
  readonly basis?: string;
  /** Unit of the basis: a currency, `units`, `deals`, … */
  readonly basisUnit?: string;
  /** Rate on the basis, canonical decimal; absent where nothing is multiplied or the rate does not end. */
  readonly rate?: string;
  /** Rounded, payable. */
  readonly amount: Money;
  /** What it comes to in the currency in which it is paid out, if that is another one. */
  readonly paid?: LinePay;
  /** What the ledger records, if the section does not tell. */
  readonly entryType?: LedgerEntryType;
  /** An amount that is recorded and not paid: forgiven, forfeited, cancelled. */
  readonly memo?: Money;
  /** The deals it consists of, in the declared order (day, deal id, credit id). */
  readonly dealIds: readonly string[];
  /** Filled from detail `line` on. */
  readonly credits: readonly LineCredit[];
  /** The closed line that this one corrects. */
  readonly adjusts?: string;
  /** How the amount came about; replaying it gives the amount. */
  readonly trace: TraceStep;
}

/**
 * What a component measured against its quota.
 *
 * @category compensation
 */
export interface AttainmentEntry {
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** The accumulation window. */
  readonly period: Period;
  /** Measured in the window to date, canonical decimal. */
  readonly measured: string;
  /** Canonical decimal (rounded to 12 decimals where it does not end), or null if none is given. */
  readonly quota: string | null;
  /** Measured ÷ quota as a fraction, rounded half-even to 6 decimals; null without quota or with a quota of 0. */
  readonly attainment: string | null;
  /** Why attainment is null. */
  readonly reason?: string;
}

/**
 * What one component earned on a statement.
 *
 * @category compensation
 */
export interface ComponentTotal {
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** Section of the statement. */
  readonly section: StatementSection;
  /** The amount. */
  readonly amount: Money;
}

/**
 * An adjustment, hold or dispute as the payee sees it.
 *
 * @category compensation
 */
export interface StatementNote {
  /** Id of the adjustment. */
  readonly id: string;
  /** What it is. */
  readonly type: 'adjustment' | 'hold' | 'dispute';
  /** Why. */
  readonly reason: string;
  /** Who asked for it. */
  readonly author: string;
  /** Who allowed it. */
  readonly approver?: string;
  /** The component it is about. */
  readonly componentId?: string;
  /** The line it is about. */
  readonly lineId?: string;
}

/**
 * What a payee is paid for a period, with everything it consists of. The lines sum to the total.
 *
 * @category compensation
 */
export interface Statement {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** Payee, period and currency. */
  readonly id: string;
  /** Who is paid. */
  readonly payeeId: string;
  /** Their name, if given. */
  readonly payeeName?: string;
  /** The period it is for. */
  readonly period: Period;
  /** The plans it was computed from. */
  readonly planIds: readonly string[];
  /** Empty with detail `statement`. */
  readonly lines: readonly StatementLine[];
  /** What each component came to. */
  readonly components: readonly ComponentTotal[];
  /** Attainment by component. */
  readonly attainment: readonly AttainmentEntry[];
  /** What components have left open at the end of the period; absent where nothing is. */
  readonly balances?: readonly StatementBalance[];
  /** The closed statement that this one corrects; its lines are differences only. */
  readonly restates?: string;
  /** Adjustments, holds and disputes of the period, with who asked for and who allowed them. */
  readonly notes?: readonly StatementNote[];
  /** Version of the engine that computed it. It is for the record, and never causes a difference. */
  readonly engineVersion?: string;
  /** SHA-256 of everything the statement was computed from: plans, payee, assignments, quotas, credits, rates, earlier state. Absent with detail `statement` unless asked for. */
  readonly contentHash?: string;
  /** Part of the total that is no pay but paid back or advanced (section `allowance`); pay is the rest. Absent where there are no allowances. */
  readonly allowances?: Money;
  /** Sum of the lines, in the plan's currency. */
  readonly total: Money;
  /** The total in the currency in which it is paid out, if that is another one. */
  readonly paid?: StatementPay;
}
