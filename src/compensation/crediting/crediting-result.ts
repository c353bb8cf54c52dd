import type { PlainDate } from '../../calendar/plain-date.js';
import type { Issue } from '../../errors/issue.js';
import type { Money } from '../../money/money.js';
import type { Credit } from '../credit.js';

/**
 * A part of a sale that no seller is credited with.
 *
 * @category compensation
 */
export interface UncreditedAmount {
  /** The booking. */
  readonly transactionId: string;
  /** Its deal. */
  readonly dealId?: string;
  /** Day of the booking. */
  readonly on: PlainDate;
  /** How much, less what was cancelled. */
  readonly amount: Money;
  /**
   * Why: no direct rule holds; the rule finds nobody (no owner, nobody in the role or territory); the rule credits less than the whole; or somebody is not
   * eligible.
   */
  readonly reason: 'no-rule' | 'no-recipient' | 'not-shared' | 'not-eligible';
  /** The rule, where one holds. */
  readonly ruleId?: string;
}

/**
 * A transaction that is not credited until somebody has looked at it.
 *
 * @category compensation
 */
export interface SetAsideTransaction {
  /** The transaction, where its id can be read. */
  readonly transactionId: string | null;
  /** Its amount, where it can be read. */
  readonly amount: Money | null;
  /**
   * Why: it is not sound, or its id has occurred; its amount is not known; two rules of equal rank claim it; its currency is not that of the deal; its booking
   * is missing; or it takes back more than was booked. What exactly is among the issues.
   */
  readonly reason: 'invalid' | 'duplicate' | 'missing-amount' | 'ambiguous' | 'currency-mismatch' | 'missing-booking' | 'exceeds-booking';
}

/**
 * What the transactions came to in one currency: `bookings = direct + pending + uncredited + setAside`, to the minor unit.
 *
 * @category compensation
 */
export interface CreditControlTotals {
  /** The currency. */
  readonly currency: string;
  /** Bookings less cancellations (of deals without a booking, the invoices or payments that are credited), as they came in. */
  readonly bookings: Money;
  /** Credited to sellers. */
  readonly direct: Money;
  /** Theirs, but not yet credited: what invoices or payments have still to bring. */
  readonly pending: Money;
  /** Credited to no seller. */
  readonly uncredited: Money;
  /** Set aside. */
  readonly setAside: Money;
  /** Credited on top to specialists; never part of the bookings. */
  readonly overlay: Money;
  /** Credited to managers; never part of the bookings. */
  readonly indirect: Money;
}

/**
 * The credits that transactions give, and what became of the rest.
 *
 * @category compensation
 */
export interface CreditingResult {
  /** Sorted by day, deal and id. */
  readonly credits: readonly Credit[];
  /** Parts of sales that no seller is credited with. */
  readonly uncredited: readonly UncreditedAmount[];
  /** Transactions that somebody has to look at. */
  readonly setAside: readonly SetAsideTransaction[];
  /** By currency. */
  readonly controlTotals: readonly CreditControlTotals[];
  /** What is wrong with single transactions. Nothing is dropped silently. */
  readonly issues: readonly Issue[];
}
