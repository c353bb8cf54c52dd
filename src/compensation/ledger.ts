import type { Money } from '../money/money.js';
import type { StatementLine, StatementSection } from './statement.js';

/**
 * What a ledger entry records.
 *
 * @category compensation
 */
export type LedgerEntryType =
  | 'earning'
  | 'allowance'
  | 'adjustment'
  | 'draw-advance'
  | 'draw-recovery'
  | 'draw-forgiveness'
  | 'holdback'
  | 'release'
  | 'clawback'
  | 'payment'
  | 'accrual'
  | 'reversal';

/**
 * An append-only entry: what a payee earned, was advanced, had held back or was paid.
 *
 * @category compensation
 */
export interface LedgerEntry {
  /** Its id. */
  readonly id: string;
  /** What it records. */
  readonly type: LedgerEntryType;
  /** Who is paid. */
  readonly payeeId: string;
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** Label of the period it is booked in. */
  readonly period: string;
  /** The amount. */
  readonly amount: Money;
  /** What it comes to in the currency in which it is paid out, if that is another one. */
  readonly paid?: Money;
  /** An amount that is recorded and not paid: forgiven, forfeited, cancelled. */
  readonly memo?: Money;
  /** The statement. */
  readonly statementId: string;
  /** The statement line. */
  readonly lineId: string;
  /** The entry or line that this one corrects. */
  readonly refersTo?: string;
  /** Pay code for payroll, from the plan. */
  readonly payCode?: string;
  /** Where it is booked. */
  readonly costCenter?: string;
}

const TYPE_OF_SECTION: Readonly<Record<StatementSection, LedgerEntryType>> = {
  salary: 'earning',
  commission: 'earning',
  bonus: 'earning',
  spiff: 'earning',
  allowance: 'allowance',
  cap: 'adjustment',
  adjustment: 'adjustment',
  carry: 'adjustment',
  holdback: 'holdback',
  release: 'release',
  clawback: 'clawback',
  draw: 'draw-advance',
};

/** The ledger entry of a statement line. */
export function ledgerEntryOf(
  line: StatementLine,
  statement: { readonly id: string; readonly payeeId: string; readonly period: { readonly label: string } },
  costCenter: string | undefined,
): LedgerEntry {
  const type = line.entryType ?? (line.section === 'draw' && line.amount.amount.startsWith('-') ? 'draw-recovery' : TYPE_OF_SECTION[line.section]);
  return {
    id: `${line.id}/entry`,
    type,
    payeeId: statement.payeeId,
    planId: line.planId,
    componentId: line.componentId,
    period: statement.period.label,
    amount: line.amount,
    ...(line.paid === undefined ? {} : { paid: line.paid.amount }),
    ...(line.memo === undefined ? {} : { memo: line.memo }),
    statementId: statement.id,
    lineId: line.id,
    ...(line.adjusts === undefined ? {} : { refersTo: line.adjusts }),
    ...(costCenter === undefined ? {} : { costCenter }),
  };
}
