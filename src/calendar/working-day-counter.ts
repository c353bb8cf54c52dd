/*
 * Counting working days by arithmetic: whole weeks at once, holidays by binary search; the length of a range does not matter.
 * Not a public entry.
 */
import { weekdayOfEpochDay } from './epoch-day.js';
import type { RestDays } from './working-calendar.js';

/** Questions to a working calendar, in epoch days. */
export interface WorkingDayCounter {
  readonly isWorking: (epochDay: number) => boolean;
  /** Working days from a first day up to, without, a last one. */
  readonly count: (start: number, end: number) => number;
}

/** Monday of a week before all dates. */
const EPOCH_MONDAY = -719_162;

/** Prepares a calendar for many questions. */
export function createWorkingDayCounter({ weekend, holidays }: RestDays): WorkingDayCounter {
  const rests = new Set<number>(weekend);
  // Working days before each weekday of a week, Monday first.
  const before: number[] = [];
  let perWeek = 0;
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    before.push(perWeek);
    if (!rests.has(weekday)) perWeek += 1;
  }
  const lost = holidays.filter((day) => !rests.has(weekdayOfEpochDay(day)));
  const lostDays = new Set(lost);

  function lostBefore(epochDay: number): number {
    let low = 0;
    let high = lost.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((lost[middle] ?? Number.POSITIVE_INFINITY) < epochDay) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function countBefore(epochDay: number): number {
    const days = epochDay - EPOCH_MONDAY;
    const weeks = Math.floor(days / 7);
    return weeks * perWeek + (before[days - weeks * 7] ?? 0) - lostBefore(epochDay);
  }

  return {
    isWorking: (epochDay) => !rests.has(weekdayOfEpochDay(epochDay)) && !lostDays.has(epochDay),
    count: (start, end) => countBefore(end) - countBefore(start),
  };
}
