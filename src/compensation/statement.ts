import type { Period } from '../calendar/period.js';
import type { Money } from '../money/money.js';
import type { TraceStep } from '../trace/trace-step.js';

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
  /** Sum of the lines, in the currency that is paid. */
  readonly total: Money;
}
