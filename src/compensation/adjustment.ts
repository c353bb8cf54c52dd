import type { Money } from '../money/money.js';

/**
 * Something a person decided about a payee's pay, with a reason and a name.
 *
 * - `adjustment`: an amount added to (or, negative, taken from) the period of its day
 * - `hold`: what a component, or all of them, pay is kept back from its day on, until `until`; then it is released
 * - `dispute`: a remark on the statement; it changes no amount
 *
 * @category compensation
 */
export interface Adjustment {
  /** Unique. */
  readonly id: string;
  /** Whose pay it is about. */
  readonly payeeId: string;
  /** What it is. */
  readonly type: 'adjustment' | 'hold' | 'dispute';
  /** The day it is for, or from which it holds. */
  readonly on: string;
  /** Of a hold: the first day on which it no longer holds. Absent while it goes on. */
  readonly until?: string;
  /** Of an adjustment. */
  readonly amount?: Money;
  /** The component it is about; default: the whole statement. */
  readonly componentId?: string;
  /** The statement line it is about. */
  readonly lineId?: string;
  /** Why. */
  readonly reason: string;
  /** Who asked for it. */
  readonly author: string;
  /** Who allowed it; needed for adjustments and holds. */
  readonly approver?: string;
  /** When it became known, for answers as of an earlier state of knowledge. */
  readonly recordedAt?: string;
}
