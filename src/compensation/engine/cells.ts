/*
 * A cell is what is computed as one: a payee, a plan and a period, or the part of it for which one assignment holds. Credits are dealt to cells once,
 * by day and payee; a component then reads the credits of its own cell only.
 */

import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear } from '../../calendar/fiscal-calendar.js';
import { listPeriods } from '../../calendar/list-periods.js';
import type { Period } from '../../calendar/period.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import type { Credit } from '../credit.js';
import { type AmountColumn, createAmountColumn } from './amount-column.js';
import { checkCredit } from './check-credit.js';
import { createIdTable } from './id-table.js';
import { isReversal } from './measure-credits.js';
import { dayReaderOf } from './place-credits.js';
import type { AnyPlan, DaySpan, ReadAssignment, ReadInput, ReadPayee } from './read-input.js';

/** A payee, a plan and a period, or part of one. */
export interface Cell {
  readonly payee: ReadPayee;
  readonly plan: AnyPlan;
  readonly assignment: ReadAssignment;
  readonly period: Period;
  readonly start: number;
  readonly end: number;
  /** Whether the assignment holds for the whole period. */
  readonly isWhole: boolean;
  /** Indexes into the credits. */
  credits: Int32Array;
  /** Indexes of refunds that no measure counts. */
  reversals?: number[];
}

/** A plan's periods that lie within the days to be computed. */
interface Timeline {
  readonly periods: readonly Period[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Cells in the order in which they are computed, with their credits. */
export interface DealtCells {
  readonly cells: readonly Cell[];
  /** Days of the credits, by index; NaN where a credit was set aside. */
  readonly days: Float64Array;
  /** Amounts of the credits, by index. */
  readonly amounts: AmountColumn;
}

/** Makes the cells and deals the credits to them. */
export function dealCredits(input: ReadInput, issues: Issue[]): DealtCells {
  const timelines = new Map<AnyPlan, Timeline>();
  for (const plan of input.plans) timelines.set(plan, timelineOf(plan, input.coverage));
  const cells: Cell[] = [];
  const slots = new Map<string, readonly Slot[]>();
  const payeeIds = [...input.payees.keys()].sort();
  for (const id of payeeIds) {
    const payee = input.payees.get(id);
    if (payee === undefined) continue;
    const own: Slot[] = [];
    for (const assignment of [...payee.assignments].sort((a, b) => a.from - b.from)) {
      const timeline = timelines.get(assignment.plan);
      if (timeline === undefined) continue;
      timeline.periods.forEach((period, index) => {
        const start = Math.max(timeline.starts[index] ?? 0, assignment.from);
        const end = Math.min(timeline.ends[index] ?? 0, assignment.to);
        if (start >= end) return;
        own.push({ start, end, cell: cells.length });
        cells.push({ payee, plan: assignment.plan, assignment, period, start, end, isWhole: start === timeline.starts[index] && end === timeline.ends[index], credits: EMPTY });
      });
    }
    slots.set(id, own);
  }
  const dealt = deal(input, slots, cells, issues);
  const order = cells
    .slice()
    .sort(
      (a, b) =>
        byText(a.period.endExclusive, b.period.endExclusive) ||
        byText(b.period.start, a.period.start) ||
        byText(a.payee.payee.id, b.payee.payee.id) ||
        a.start - b.start ||
        byText(a.plan.id, b.plan.id),
    );
  return { cells: order, ...dealt };
}

const EMPTY = /* @__PURE__ */ new Int32Array(0);

/** Days of a payee that go to a cell. Those of one plan do not overlap; a payee on two plans has slots that do. */
interface Slot {
  readonly start: number;
  readonly end: number;
  readonly cell: number;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function timelineOf(plan: AnyPlan, coverage: readonly DaySpan[]): Timeline {
  const calendar = plan.calendar ?? calendarYear;
  const periods: Period[] = [];
  for (const span of coverage) {
    for (const period of listPeriods({ start: fromEpochDay(span.start), endExclusive: fromEpochDay(span.end) }, { unit: plan.period, calendar })) {
      if (readEpochDay(period.start) >= span.start && readEpochDay(period.endExclusive) <= span.end) periods.push(period);
    }
  }
  return { periods, starts: periods.map((period) => readEpochDay(period.start)), ends: periods.map((period) => readEpochDay(period.endExclusive)) };
}

/** Two passes: count, then place (a counting sort), so that no list grows and nothing is compared. */
function deal(input: ReadInput, slots: ReadonlyMap<string, readonly Slot[]>, cells: Cell[], issues: Issue[]): Omit<DealtCells, 'cells'> {
  const { credits, cut, supersededCredits: superseded } = input;
  const days = new Float64Array(credits.length);
  const dayOf = dayReaderOf(input);
  const first = new Int32Array(credits.length).fill(-1);
  const counts = new Int32Array(cells.length);
  const amounts = createAmountColumn(credits.length);
  const seen = createIdTable(credits.length, (place) => (credits[place] as Credit).id);
  const lanes = new Map<string, Lane>();
  for (const [payeeId, own] of slots) lanes.set(payeeId, laneOf(own));
  let extra: { readonly credit: number; readonly cell: number }[] | undefined;
  for (let index = 0; index < credits.length; index += 1) {
    days[index] = Number.NaN;
    if (superseded.size > 0 && superseded.has(index)) continue;
    const credit = credits[index] as Credit;
    const own = checkCredit(credit, index, issues, amounts);
    if (Number.isNaN(own)) continue;
    if (!seen.add(credit.id, index)) {
      issues.push(createIssue('duplicate_id', ['credits', index, 'id'], { received: credit.id, hint: 'a credit is paid once; the first one counts' }));
      continue;
    }
    if (own >= cut) continue;
    const day = dayOf === undefined ? own : dayOf(credit, own);
    const lane = lanes.get(credit.payeeId);
    if (lane === undefined) {
      issues.push(createIssue('unassigned_payee', ['credits', index, 'payeeId'], { expected: 'the id of a payee', received: credit.payeeId }));
      continue;
    }
    const found = lane.locate(day);
    if (found < 0) {
      issues.push(unplaced(credit, index, input));
      continue;
    }
    days[index] = day;
    const cell = cells[found];
    if (cell !== undefined && isKeptApart(credit, cell)) keepApart(cell, index);
    else {
      first[index] = found;
      counts[found] = (counts[found] ?? 0) + 1;
    }
    if (lane.overlapping) {
      for (const slot of lane.slots) {
        if (slot.cell === found || day < slot.start || day >= slot.end) continue;
        const other = cells[slot.cell];
        if (other !== undefined && isKeptApart(credit, other)) {
          keepApart(other, index);
          continue;
        }
        extra ??= [];
        extra.push({ credit: index, cell: slot.cell });
        counts[slot.cell] = (counts[slot.cell] ?? 0) + 1;
      }
    }
  }
  const places = new Int32Array(cells.length);
  cells.forEach((cell, index) => {
    cell.credits = new Int32Array(counts[index] ?? 0);
  });
  const place = (credit: number, cellIndex: number): void => {
    const cell = cells[cellIndex];
    const at = places[cellIndex] ?? 0;
    if (cell !== undefined) cell.credits[at] = credit;
    places[cellIndex] = at + 1;
  };
  for (let index = 0; index < credits.length; index += 1) {
    const found = first[index] ?? -1;
    if (found >= 0) place(index, found);
  }
  for (const { credit, cell } of extra ?? []) place(credit, cell);
  return { days, amounts };
}

/** A refund that no measure may count, because the plan keeps quota retired. */
function isKeptApart(credit: Credit, cell: Cell | undefined): boolean {
  return cell?.plan.reversals?.quota === 'keep' && isReversal(credit);
}

function keepApart(cell: Cell, index: number): void {
  cell.reversals ??= [];
  cell.reversals.push(index);
}

interface Lane {
  readonly slots: readonly Slot[];
  /** Two plans at a time: a credit goes to both. */
  readonly overlapping: boolean;
  /** The first cell that holds a day, or −1. */
  readonly locate: (day: number) => number;
}

function laneOf(slots: readonly Slot[]): Lane {
  const sorted = [...slots].sort((a, b) => a.start - b.start || a.cell - b.cell);
  const overlapping = sorted.some((slot, index) => index > 0 && (sorted[index - 1]?.end ?? 0) > slot.start);
  let recent: Slot | undefined;
  return {
    slots: sorted,
    overlapping,
    locate: (day) => {
      if (!overlapping && recent !== undefined && day >= recent.start && day < recent.end) return recent.cell;
      if (overlapping) return sorted.find((slot) => day >= slot.start && day < slot.end)?.cell ?? -1;
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((sorted[middle]?.start ?? 0) <= day) low = middle + 1;
        else high = middle;
      }
      const slot = sorted[low - 1];
      if (slot === undefined || day >= slot.end) return -1;
      recent = slot;
      return slot.cell;
    },
  };
}

function unplaced(credit: Credit, index: number, input: ReadInput): Issue {
  const day = readEpochDay(credit.on);
  const covered = input.coverage.some((span) => day >= span.start && day < span.end);
  if (covered)
    return createIssue('unassigned_payee', ['credits', index, 'on'], {
      expected: `an assignment of ${credit.payeeId} to a plan on that day, with a period that lies within those computed`,
      received: credit.on,
    });
  const earlier = input.through !== null && day < readEpochDay(input.through);
  return createIssue('credit_outside_periods', ['credits', index, 'on'], {
    expected: 'a day within the periods computed',
    received: credit.on,
    hint: earlier ? 'its period has been computed already: restate it' : 'add its period, or pass the state of the run that computed it',
  });
}
