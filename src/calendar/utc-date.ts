/*
 * The door to date-fns: it works in the time zone of the host, except on dates whose every reading is UTC. Not a public entry.
 */
import { UTCDateMini } from '@date-fns/utc/date/mini';
import { DAY_MILLISECONDS } from './epoch-day.js';

/** Midnight UTC of an epoch day, as a date that date-fns reads and answers in UTC on every host. */
export function utcDateOf(epochDay: number): Date {
  return new UTCDateMini(epochDay * DAY_MILLISECONDS);
}

/** The epoch day of such a date. */
export function epochDayOfUtcDate(date: Date): number {
  return Math.floor(date.getTime() / DAY_MILLISECONDS);
}
