/*
 * Which of many periods a day is in, for loops over many rows. Not a public entry.
 */
import { createDomainError } from '../errors/domain-error.js';
import { toEpochDay } from './epoch-day.js';
import type { DateRange } from './period.js';

/** From an epoch day to the place of its period in the list that was given, or −1: it is in none (NaN too). */
export type PeriodLocator = (epochDay: number) => number;

/**
 * Makes a locator for periods in any order that do not overlap; there may be gaps. One call takes a binary search, or nothing at all when the day is in the
 * period of the call before.
 *
 * @throws DomainError `invalid_period` when two overlap or one ends before it starts | `invalid_date`
 */
export function locatePeriods(periods: readonly DateRange[]): PeriodLocator {
  const spans = periods.map(({ start, endExclusive }, index) => ({ start: toEpochDay(start, [index, 'start']), end: toEpochDay(endExclusive, [index, 'endExclusive']), index }));
  for (const { start, end, index } of spans) {
    if (start > end) throw createDomainError('invalid_period', [index, 'endExclusive'], { expected: 'a date after the start' });
  }
  // A period without days holds none, and could stand within another.
  const sorted = spans.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start);
  sorted.forEach((span, place) => {
    const previous = sorted[place - 1];
    if (previous !== undefined && previous.end > span.start) {
      throw createDomainError('invalid_period', [span.index], { expected: 'periods that do not overlap', hint: `it begins before period ${previous.index} ends` });
    }
  });
  return locateEpochDays(
    sorted.map((span) => span.start),
    sorted.map((span) => span.end),
    sorted.map((span) => span.index),
  );
}

/** The same from columns: first days, rising, and days after the last; `places` are what is answered, by default the indexes. */
export function locateEpochDays(starts: readonly number[], ends: readonly number[], places?: readonly number[]): PeriodLocator {
  const count = starts.length;
  let recent = -1;
  let recentStart = 0;
  let recentEnd = 0;
  return (epochDay) => {
    if (epochDay >= recentStart && epochDay < recentEnd) return recent;
    let low = 0;
    let high = count;
    // The number of periods that begin on or before the day.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? Number.POSITIVE_INFINITY) <= epochDay) low = middle + 1;
      else high = middle;
    }
    const found = low - 1;
    const end = ends[found];
    if (end === undefined || !(epochDay < end)) return -1;
    recent = places === undefined ? found : (places[found] ?? -1);
    recentStart = starts[found] ?? 0;
    recentEnd = end;
    return recent;
  };
}
