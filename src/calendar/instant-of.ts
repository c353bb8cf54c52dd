import type { IssueSink } from '../errors/checks.js';
import { createDomainError } from '../errors/domain-error.js';
import { checkOptions, raise } from './call-checks.js';
import { DAY_MILLISECONDS, fromEpochDay, isEpochDay, readEpochDay } from './epoch-day.js';
import { readEpochMilliseconds, readEventTime, readInstant } from './instant.js';
import { isDateObject, type PlainDate } from './plain-date.js';
import { readZone, type ZoneClock } from './time-zone.js';

/**
 * Which clock and calendar a point in time is read by.
 *
 * @category calendar
 */
export interface TimeZoneOptions {
  /**
   * `'UTC'`, an offset such as `'+05:30'`, or an IANA name such as `'America/New_York'`. There is no default. Named zones need `Intl`;
   * UTC and offsets work in every engine.
   */
  readonly timeZone: string;
}

/**
 * Turns the time of an event into milliseconds since 1970-01-01T00:00Z. Made by {@link createInstantReader}.
 *
 * @category calendar
 */
export type InstantReader = (at: string) => number;

/**
 * Turns a point in time into its date. Made by {@link createPlainDateReader}.
 *
 * @category calendar
 */
export type PlainDateReader = (instant: Date | string) => PlainDate;

function clockOf(options: unknown): ZoneClock {
  const issues: IssueSink = [];
  const { timeZone } = checkOptions(options, ['timeZone'], issues);
  const clock = readZone(timeZone, ['timeZone']);
  if ('code' in clock) issues.push(clock);
  if (issues.length > 0 || 'code' in clock) raise(issues);
  return clock;
}

/**
 * The date of a point in time in a time zone: the one door from an instant or a `Date` to a {@link PlainDate}.
 *
 * @param instant - ISO 8601 text with an offset (`2026-02-14T09:30:00Z`), or a `Date`
 * @param options - the time zone, which has no default
 * @returns the date that the calendar on the wall shows there and then
 * @throws DomainError `invalid_instant` | `invalid_time_zone` | `missing_key` | `invalid_type` | `out_of_range` (outside the years 0001 to 9999)
 * @example
 * ```ts
 * import { toPlainDate } from 'dealwright/calendar';
 * toPlainDate('2026-01-01T03:00:00Z', { timeZone: 'America/New_York' }); // => '2025-12-31'
 * toPlainDate('2026-01-01T03:00:00Z', { timeZone: '+05:30' }); // => '2026-01-01'
 * ```
 * @category calendar
 */
export function toPlainDate(instant: Date | string, options: TimeZoneOptions): PlainDate {
  return createPlainDateReader(options)(instant);
}

/**
 * Makes a function that does what {@link toPlainDate} does, for many instants of one time zone: the zone is looked up once.
 *
 * @param options - the time zone, which has no default
 * @returns a function from an instant (text or `Date`) to its date; it throws `invalid_instant` | `out_of_range`
 * @throws DomainError `invalid_time_zone` | `missing_key` | `invalid_type`
 * @example
 * ```ts
 * import { createPlainDateReader } from 'dealwright/calendar';
 * const dateInAthens = createPlainDateReader({ timeZone: 'Europe/Athens' });
 * dateInAthens('2026-03-31T22:30:00Z'); // => '2026-04-01'
 * ```
 * @category calendar
 */
export function createPlainDateReader(options: TimeZoneOptions): PlainDateReader {
  const clock = clockOf(options);
  return (instant) => {
    const epochMilliseconds = typeof instant !== 'string' && isDateObject(instant) ? Date.prototype.getTime.call(instant) : readInstant(instant, ['instant']);
    if (typeof epochMilliseconds !== 'number') return raise([epochMilliseconds]);
    if (Number.isNaN(epochMilliseconds)) throw createDomainError('invalid_instant', ['instant'], { expected: 'a Date that holds a time', received: instant });
    // A day to spare on both sides: far years are not put to Intl.
    const roughDay = Math.floor(epochMilliseconds / DAY_MILLISECONDS);
    const epochDay = isEpochDay(roughDay - 1) || isEpochDay(roughDay + 1) ? clock.dayAt(epochMilliseconds) : Number.NaN;
    if (!isEpochDay(epochDay)) throw createDomainError('out_of_range', ['instant'], { expected: 'a date from 0001-01-01 to 9999-12-31', received: instant });
    return fromEpochDay(epochDay);
  };
}

/**
 * The time of an event in milliseconds since 1970-01-01T00:00Z. A date means the first instant of that day in the time zone: 00:00, or the end of the gap
 * where clocks were set forward over midnight; for a day that the zone skipped (Apia, 2011-12-30), the instant at which it was skipped.
 * What is finer than a millisecond is cut off.
 *
 * @param at - ISO 8601 text with an offset, or a date
 * @param options - the time zone by which dates are read; it has no default
 * @returns milliseconds since 1970-01-01T00:00Z
 * @throws DomainError `invalid_instant` | `invalid_time_zone` | `missing_key` | `invalid_type`
 * @example
 * ```ts
 * import { instantOf } from 'dealwright/calendar';
 * instantOf('1970-01-02', { timeZone: 'UTC' }); // => 86400000
 * instantOf('1970-01-01T01:00:00+01:00', { timeZone: 'UTC' }); // => 0
 * ```
 * @category calendar
 */
export function instantOf(at: string, options: TimeZoneOptions): number {
  return createInstantReader(options)(at);
}

/**
 * Makes a function that does what {@link instantOf} does, for many times of one time zone: the zone is looked up once.
 *
 * @param options - the time zone by which dates are read; it has no default
 * @returns a function from an instant or a date (text) to milliseconds since 1970-01-01T00:00Z; it throws `invalid_instant`
 * @throws DomainError `invalid_time_zone` | `missing_key` | `invalid_type`
 * @example
 * ```ts
 * import { createInstantReader } from 'dealwright/calendar';
 * const read = createInstantReader({ timeZone: 'America/Los_Angeles' });
 * read('2026-03-09') - read('2026-03-08'); // => 82800000
 * ```
 * @category calendar
 */
export function createInstantReader(options: TimeZoneOptions): InstantReader {
  const read = instantReaderOf(clockOf(options));
  return (at) => {
    const epochMilliseconds = read(at);
    if (!Number.isNaN(epochMilliseconds)) return epochMilliseconds;
    const issue = readEventTime(at, ['at']);
    return typeof issue === 'string' ? Number.NaN : raise([issue]);
  };
}

/** The same without exceptions: NaN where the value is neither an instant nor a date. Not a public entry. */
export function instantReaderOf(clock: ZoneClock): (at: unknown) => number {
  return (at) => {
    if (typeof at !== 'string') return Number.NaN;
    if (at.length !== 10) return readEpochMilliseconds(at);
    const epochDay = readEpochDay(at);
    return Number.isNaN(epochDay) ? Number.NaN : clock.startOfDay(epochDay);
  };
}

/**
 * Whether something happened strictly before a cut. `asOf` is exclusive everywhere in this library: "as of the end of the 31st" is the 1st.
 *
 * @param at - when it happened: ISO 8601 text with an offset, or a date (its first instant)
 * @param asOf - the cut: likewise
 * @param options - the time zone by which dates are read; it has no default
 * @returns true if `at` lies before `asOf`, false at the same instant or after
 * @throws DomainError `invalid_instant` | `invalid_time_zone` | `missing_key` | `invalid_type`
 * @example
 * ```ts
 * import { isBefore } from 'dealwright/calendar';
 * isBefore('2026-03-31T23:59:59Z', '2026-04-01', { timeZone: 'UTC' }); // => true
 * isBefore('2026-04-01', '2026-04-01', { timeZone: 'UTC' }); // => false
 * ```
 * @category calendar
 */
export function isBefore(at: string, asOf: string, options: TimeZoneOptions): boolean {
  const read = instantReaderOf(clockOf(options));
  const [time, cut] = [read(at), read(asOf)];
  if (!Number.isNaN(time) && !Number.isNaN(cut)) return time < cut;
  const found = [readEventTime(at, ['at']), readEventTime(asOf, ['asOf'])];
  return raise(found.filter((issue) => typeof issue !== 'string'));
}
