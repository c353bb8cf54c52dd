import type { Period } from '../../calendar/period.js';
import type { PlainDate } from '../../calendar/plain-date.js';
import type { Issue } from '../../errors/issue.js';
import type { RateTable as ExchangeRateTable } from '../../money/rate-table.js';
import type { Hierarchy } from '../../organization/hierarchy.js';
import type { Adjustment } from '../adjustment.js';
import type { Credit } from '../credit.js';
import type { DealEventRecord } from '../deal-event.js';
import type { LedgerEntry } from '../ledger.js';
import type { Assignment, Payee, Quota } from '../payee.js';
import type { CompensationState } from '../state.js';
import type { Statement } from '../statement.js';

/**
 * How much is written down: totals per component; lines with their traces; or a line for every credit.
 *
 * @category compensation
 */
export type CompensationDetail = 'statement' | 'line' | 'credit';

/**
 * Everything a compensation run is computed from.
 *
 * @typeParam P - the plans that the engine understands
 * @category compensation
 */
export interface CompensationInput<P = unknown> {
  /** The plans. */
  readonly plans: readonly P[];
  /** Which payee is on which plan, from when to when. */
  readonly assignments: readonly Assignment[];
  /** The people to be paid. */
  readonly payees: readonly Payee[];
  /** What was sold, by whom; in any order. */
  readonly credits: readonly Credit[];
  /** What happened to deals after they were credited: invoiced, paid, cancelled, …; in any order. */
  readonly dealEvents?: readonly DealEventRecord[];
  /** Targets by payee and period. */
  readonly quotas?: readonly Quota[];
  /** The periods to compute: labels (`2026-Q1`) or periods of your own. A plan with shorter periods is computed for each of them within. */
  readonly periods: readonly (string | Period)[];
  /** Who reports to whom, for components that look at a team: pools, overrides. Not needed by others. */
  readonly hierarchy?: Hierarchy;
  /** Exchange rates from the currencies of credits to those of plans. */
  readonly rates?: ExchangeRateTable;
  /** What an earlier run returned, to go on from. */
  readonly state?: CompensationState;
  /** Exclusive cut: credits of this day or later do not count yet. */
  readonly asOf?: PlainDate;
  /** What was known at that time (exclusive): plans, assignments, quotas, credits and adjustments with a later `recordedAt` do not count. Default: everything. */
  readonly knownAsOf?: string;
  /** The zone in which plain dates of `knownAsOf` and `recordedAt` begin. Default `UTC`. */
  readonly timeZone?: string;
  /** Manual adjustments, holds and disputes. */
  readonly adjustments?: readonly Adjustment[];
  /** Statements that were closed, restatements included. For their periods only differences come back, as lines that refer to the closed ones. */
  readonly closed?: readonly Statement[];
  /** Whether statements carry a content hash. Default: with detail `line` and `credit`. */
  readonly hashes?: boolean;
  /** Default `line`. */
  readonly detail?: CompensationDetail;
}

/**
 * What a compensation run gives.
 *
 * @category compensation
 */
export interface CompensationRun {
  /** Sorted by payee id, then by period. */
  readonly statements: readonly Statement[];
  /** Append-only entries, one for each payable line. Empty with detail `statement`. */
  readonly ledger: readonly LedgerEntry[];
  /** Pass it to the next run together with the new credits only. */
  readonly state: CompensationState;
  /** What was set aside, and why. Nothing is dropped silently. */
  readonly issues: readonly Issue[];
}
