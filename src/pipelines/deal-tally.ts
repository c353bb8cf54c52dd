/*
 * One pass over deals: how many are open, won and lost, what they are worth, how long they took. What the ratios of this folder are made of, and
 * mergeable: the tally of two lists is the sum of their tallies. Not a public entry.
 */
import { EXACT_ZERO, type Exact, exactAdd } from '../decimal/exact.js';
import type { IssueSink } from '../errors/checks.js';
import type { DayRange, Valuation } from './call-options.js';
import { closedWithin, type DealRow, readCycle, readRow, readValue } from './deal-rows.js';

/** Deals of one outcome. */
export interface OutcomeTally {
  /** How many. */
  readonly deals: number;
  /** Exact sum of the values that are known. */
  readonly value: Exact;
  /** How many values are in it. */
  readonly valued: number;
  /** How many cycles could be measured. */
  readonly cycles: number;
  /** Their total length. */
  readonly cycleDays: number;
}

/** What a list of deals adds up to. */
export interface DealTally {
  readonly open: OutcomeTally;
  readonly won: OutcomeTally;
  readonly lost: OutcomeTally;
  readonly deleted: number;
  /** Deals without an amount, of those that were valued. */
  readonly withoutAmount: number;
  /** Deals whose amount could not be read or converted. */
  readonly withoutRate: number;
  /** Closed deals whose cycle could not be measured for want of a date. */
  readonly withoutDates: number;
  /** Closed deals that closed before they were created. */
  readonly negativeCycles: number;
  /** Rows that are not deals, and closed deals without a date where a period was asked for. */
  readonly setAside: number;
}

/** What is to be read of each deal. */
export interface TallyPlan {
  /** Only deals that closed in it count as won or lost. */
  readonly window?: DayRange | undefined;
  /** If absent, no amount is looked at. */
  readonly valuation?: Valuation | undefined;
  /** Whose amounts are looked at. Default: all. */
  readonly valued?: readonly ('open' | 'won' | 'lost')[];
  /** Whose cycles are measured. Default: none. */
  readonly cycles?: readonly ('won' | 'lost')[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_DEALS: OutcomeTally = { deals: 0, value: EXACT_ZERO, valued: 0, cycles: 0, cycleDays: 0 };

/** Counts, values and measures the deals of a list; every row that is set aside leaves an issue. */
export function tallyDeals(deals: readonly unknown[], plan: TallyPlan, issues: IssueSink): DealTally {
  const tally = {
    open: { ...NO_DEALS } satisfies OutcomeTally,
    won: { ...NO_DEALS } satisfies OutcomeTally,
    lost: { ...NO_DEALS } satisfies OutcomeTally,
    deleted: 0,
    withoutAmount: 0,
    withoutRate: 0,
    withoutDates: 0,
    negativeCycles: 0,
    setAside: 0,
  };
  const { window, cycles = [] } = plan;
  for (let index = 0; index < deals.length; index += 1) {
    const row = readRow(deals[index], index, issues);
    if (row === undefined) tally.setAside += 1;
    else if (row.status === 'deleted') tally.deleted += 1;
    else if (row.status === 'open') addValued(tally, tally.open, row, plan, issues);
    else {
      const within = closedWithin(row, window, issues);
      if (within === undefined) tally.setAside += 1;
      if (within !== true) continue;
      const outcome = row.status === 'won' ? tally.won : tally.lost;
      addValued(tally, outcome, row, plan, issues);
      if (cycles.includes(row.status)) addCycle(tally, outcome, readCycle(row, issues));
    }
  }
  return tally;
}

function addValued(tally: Mutable<DealTally>, outcome: Mutable<OutcomeTally>, row: DealRow, plan: TallyPlan, issues: IssueSink): void {
  outcome.deals += 1;
  if (plan.valuation === undefined || row.status === 'deleted' || plan.valued?.includes(row.status) === false) return;
  const value = readValue(row, rateDay(row), plan.valuation, issues);
  if (value === 'no-amount') tally.withoutAmount += 1;
  else if (typeof value === 'string') tally.withoutRate += 1;
  else {
    outcome.value = exactAdd(outcome.value, value);
    outcome.valued += 1;
  }
}

/** The day whose rates convert a deal: of a closed deal, the one it closed on; of an open one, the one it is expected to close on. */
export function rateDay(row: DealRow): unknown {
  return row.status === 'open' ? row.deal.expectedCloseOn : row.deal.closedOn;
}

function addCycle(tally: Mutable<DealTally>, outcome: Mutable<OutcomeTally>, cycle: ReturnType<typeof readCycle>): void {
  if (cycle === 'missing') tally.withoutDates += 1;
  else if (cycle === 'negative') tally.negativeCycles += 1;
  else {
    outcome.cycles += 1;
    outcome.cycleDays += cycle;
  }
}
