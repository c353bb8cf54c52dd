import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { Deal } from '../deals/deal.js';
import { checkOneOf, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { median } from '../stats/quantile.js';
import { checkDeals, checkOptions, checkPeriod } from './call-options.js';
import { closedWithin, readCycle, readRow } from './deal-rows.js';

/**
 * Options of {@link salesCycle}.
 *
 * @category pipelines
 */
export interface SalesCycleOptions extends CalendarOptions {
  /** Whose cycles: deals won (default), or won and lost (`closed`). */
  readonly outcome?: 'won' | 'closed';
  /** Only deals that closed in it. Default: all. */
  readonly period?: PeriodInput;
}

/**
 * How long deals took.
 *
 * @category pipelines
 */
export interface SalesCycle {
  /** Whose cycles were measured. */
  readonly outcome: 'won' | 'closed';
  /** Arithmetic mean in days; `null` if no cycle could be measured. */
  readonly meanDays: number | null;
  /** Median in days; `null` if no cycle could be measured. */
  readonly medianDays: number | null;
  /** Total of the days. */
  readonly numerator: number;
  /** Number of cycles. */
  readonly denominator: number;
  /** Number of cycles. */
  readonly n: number;
  /** Closed deals that could not be measured, by cause. */
  readonly excluded: {
    /** A date is missing or is not a date. */
    readonly withoutDates: number;
    /** Closed before it was created: an error in the data. */
    readonly negative: number;
  };
  /** Why mean and median are `null`; absent otherwise. */
  readonly reason?: 'no-measured-cycles';
  /** Every deal that was excluded or set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/**
 * Length of the sales cycle in whole calendar days, from `createdOn` to `closedOn`: mean and median. Opened and closed on one day is 0. A deal that was
 * reopened counts from its first creation to its last close.
 *
 * The mean over deals that closed leaves out the ones still open, which are the slow ones: it is shorter than what a new deal will take.
 *
 * @param deals - deals of any status, in any order; open and deleted ones do not count
 * @param options - whose cycles, closing period
 * @returns mean, median, and what could not be measured
 * @throws DomainError `invalid_type` | `unknown_key` | `invalid_value` | `invalid_period`
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { salesCycle } from 'dealwright/pipelines';
 * const won = (id: string, createdOn: string, closedOn: string) => createDeal({ id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn, closedOn });
 * const cycle = salesCycle([won('a', '2026-01-01', '2026-01-31'), won('b', '2026-01-10', '2026-03-11'), won('c', '2026-02-02', '2026-02-01')]);
 * [cycle.meanDays, cycle.medianDays, cycle.excluded.negative]; // => [45, 45, 1]
 * ```
 * @category pipelines
 */
export function salesCycle(deals: readonly Deal<object>[], options: SalesCycleOptions = {}): SalesCycle {
  const wrongCall: IssueSink = [];
  const record = checkOptions(options, ['outcome', 'period', 'calendar'], wrongCall);
  const list = checkDeals(deals, wrongCall);
  const window = checkPeriod(record, wrongCall);
  const outcome = record.outcome === undefined ? 'won' : checkOneOf(record.outcome, ['won', 'closed'], ['outcome'], wrongCall);
  throwIfIssues(wrongCall);
  const issues: IssueSink = [];
  const days: number[] = [];
  let total = 0;
  let withoutDates = 0;
  let negative = 0;
  for (let index = 0; index < list.length; index += 1) {
    const row = readRow(list[index], index, issues);
    if (row === undefined || !(row.status === 'won' || (row.status === 'lost' && outcome === 'closed'))) continue;
    const within = closedWithin(row, window, issues);
    if (within === undefined) withoutDates += 1;
    if (within !== true) continue;
    const cycle = readCycle(row, issues);
    if (cycle === 'missing') withoutDates += 1;
    else if (cycle === 'negative') negative += 1;
    else {
      days.push(cycle);
      total += cycle;
    }
  }
  const parts = { outcome: outcome ?? 'won', numerator: total, denominator: days.length, n: days.length, excluded: { withoutDates, negative }, issues };
  if (days.length === 0) return { ...parts, meanDays: null, medianDays: null, reason: 'no-measured-cycles' };
  return { ...parts, meanDays: total / days.length, medianDays: median(days) };
}
