/*
 * The rhythm of selling: where in its period a day lies, counted back from the end of the period, since more is won as the end draws near. Not a public entry.
 */
import type { CalendarLayout } from '../../calendar/fiscal-layout.js';
import type { PeriodUnit } from '../../calendar/period.js';
import { shiftSpan, spanOfDay } from '../../calendar/period-span.js';

/** Starts of consecutive periods in epoch days, ascending; each ends where the next begins. */
export type Boundaries = readonly number[];

/** First day to the end of a band, from the end of the period: the last 3 days, the last week, … */
export const PHASE_EDGES: readonly number[] = [1, 4, 8, 15, 29, 57];

const MAX_PERIODS = 2_000;

/** Periods of one length around the period [start, end), from before `first` to after `last`. */
export function boundariesOfRange(start: number, end: number, first: number, last: number): Boundaries {
  const length = end - start;
  let from = start;
  let steps = 0;
  while (from > first && steps < MAX_PERIODS) {
    from -= length;
    steps += 1;
  }
  const list: number[] = [];
  for (let day = from; list.length < 2 * MAX_PERIODS; day += length) {
    list.push(day);
    if (day > last) break;
  }
  return list;
}

/** Periods of a calendar from before `first` to after `last`. */
export function boundariesOfUnit(layout: CalendarLayout, unit: PeriodUnit, first: number, last: number): Boundaries {
  const list: number[] = [];
  for (let span = spanOfDay(layout, unit, first); list.length < 2 * MAX_PERIODS; span = shiftSpan(layout, span, 1)) {
    list.push(span.start);
    if (span.start > last) break;
  }
  return list;
}

/** Index of the period that holds a day; days outside are in the first or last one. */
export function periodIndex(boundaries: Boundaries, day: number): number {
  let low = 0;
  let high = boundaries.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((boundaries[middle] ?? 0) <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Days to the end of the period, counting this one; beyond the last boundary, a period like the last. */
export function daysToEnd(boundaries: Boundaries, day: number): number {
  const index = periodIndex(boundaries, day);
  const end = boundaries[index + 1];
  if (end !== undefined && day >= (boundaries[index] ?? 0)) return end - day;
  const length = Math.max(1, (boundaries[1] ?? 0) - (boundaries[0] ?? 0));
  const offset = (((day - (boundaries[0] ?? 0)) % length) + length) % length;
  return length - offset;
}

/** Band of a number of days to the end. */
export function phaseOf(toEnd: number): number {
  let band = 0;
  while (band + 1 < PHASE_EDGES.length && toEnd >= (PHASE_EDGES[band + 1] ?? 0)) band += 1;
  return band;
}
