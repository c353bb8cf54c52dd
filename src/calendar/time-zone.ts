/*
 * Clocks of time zones: UTC and fixed offsets by arithmetic, named zones through Intl, which is looked for only when such a zone is asked
 * for. Not a public entry.
 */
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { civilToEpochDay, DAY_MILLISECONDS, twoDigitsAt } from './epoch-day.js';

/** What clocks show in a zone. All times are milliseconds since 1970-01-01T00:00Z. */
export interface ZoneClock {
  /** What to add to UTC at an instant, in milliseconds. */
  readonly offsetAt: (epochMilliseconds: number) => number;
  /** The epoch day that the calendar on the wall shows at an instant. */
  readonly dayAt: (epochMilliseconds: number) => number;
  /** The first instant of a day; of a day that the zone skipped, the instant at which it was skipped. */
  readonly startOfDay: (epochDay: number) => number;
}

const EXPECTED = "'UTC', an offset such as '+05:30', or an IANA name such as 'Europe/Athens'";
/** Names for UTC that need no Intl. */
const UTC_NAMES: readonly string[] = ['UTC', 'Z', 'Etc/UTC', 'GMT', 'Etc/GMT'];
const MAX_NAME_LENGTH = 60;
/** Most days that a clock remembers. */
const MAX_REMEMBERED_DAYS = 8_192;
const HALF_DAY = DAY_MILLISECONDS / 2;

/** The clock of a zone, or the issue. Make one per batch: named zones remember offsets by day. */
export function readZone(timeZone: unknown, path: IssuePath): ZoneClock | Issue {
  if (typeof timeZone !== 'string') {
    return createIssue(timeZone === undefined ? 'missing_key' : 'invalid_type', path, {
      expected: `a time zone: ${EXPECTED}`,
      ...(timeZone === undefined ? {} : { received: timeZone }),
    });
  }
  if (UTC_NAMES.includes(timeZone)) return fixedClock(0);
  const problem = (hint?: string): Issue => createIssue('invalid_time_zone', path, { expected: EXPECTED, received: timeZone, ...(hint === undefined ? {} : { hint }) });
  if (/^[+-]/.test(timeZone)) {
    const offset = timeZone.length === 6 && timeZone.charCodeAt(3) === 58 ? readOffset(timeZone, 0) : Number.NaN;
    return Number.isNaN(offset) ? problem('write an offset as ±hh:mm') : fixedClock(offset);
  }
  if (timeZone.length > MAX_NAME_LENGTH || !/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(timeZone)) return problem();
  if (typeof Intl === 'undefined' || typeof Intl.DateTimeFormat !== 'function') {
    return problem("named time zones need Intl, which this JavaScript engine lacks; 'UTC' and offsets work everywhere");
  }
  try {
    return namedClock(timeZone);
  } catch {
    return problem();
  }
}

/** Reads `±hh:mm` or `±hhmm` at an index as milliseconds, or NaN. The caller knows where it ends. */
export function readOffset(text: string, index: number): number {
  const sign = text.charCodeAt(index) === 45 ? -1 : 1;
  const hours = twoDigitsAt(text, index + 1);
  const minutes = twoDigitsAt(text, text.charCodeAt(index + 3) === 58 ? index + 4 : index + 3);
  if (!(hours <= 23) || !(minutes <= 59)) return Number.NaN;
  const milliseconds = (hours * 60 + minutes) * 60_000;
  return milliseconds === 0 ? 0 : sign * milliseconds;
}

function fixedClock(offset: number): ZoneClock {
  return {
    offsetAt: () => offset,
    dayAt: (epochMilliseconds) => Math.floor((epochMilliseconds + offset) / DAY_MILLISECONDS),
    startOfDay: (epochDay) => epochDay * DAY_MILLISECONDS - offset,
  };
}

function namedClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  function measure(epochMilliseconds: number): number {
    const seconds = Math.floor(epochMilliseconds / 1_000) * 1_000;
    let [year, month, day, hour, minute, second] = [0, 1, 1, 0, 0, 0];
    let beforeChrist = false;
    for (const part of format.formatToParts(seconds)) {
      if (part.type === 'year') year = Number(part.value);
      else if (part.type === 'month') month = Number(part.value);
      else if (part.type === 'day') day = Number(part.value);
      // Some engines write midnight as 24.
      else if (part.type === 'hour') hour = Number(part.value) % 24;
      else if (part.type === 'minute') minute = Number(part.value);
      else if (part.type === 'second') second = Number(part.value);
      else if (part.type === 'era' && part.value.startsWith('B')) beforeChrist = true;
    }
    // 1 BC is the year 0.
    const wall = civilToEpochDay(beforeChrist ? 1 - year : year, month, day) * DAY_MILLISECONDS + ((hour * 60 + minute) * 60 + second) * 1_000;
    return wall - seconds;
  }

  // Offsets at the beginning of UTC days. A day whose two ends agree has one offset throughout: no zone of the tz database changes twice within three days.
  const remembered = new Map<number, number>();
  function offsetAtDay(day: number): number {
    let offset = remembered.get(day);
    if (offset === undefined) {
      if (remembered.size >= MAX_REMEMBERED_DAYS) remembered.clear();
      offset = measure(day * DAY_MILLISECONDS);
      remembered.set(day, offset);
    }
    return offset;
  }

  function offsetAt(epochMilliseconds: number): number {
    const day = Math.floor(epochMilliseconds / DAY_MILLISECONDS);
    const offset = offsetAtDay(day);
    return offset === offsetAtDay(day + 1) ? offset : measure(epochMilliseconds);
  }

  function startOfDay(epochDay: number): number {
    const midnight = epochDay * DAY_MILLISECONDS;
    let before = midnight - 3 * HALF_DAY;
    let after = midnight + 3 * HALF_DAY;
    // Clocks that were set back over midnight show it twice: the earlier one begins the day.
    const [early, late] = [offsetAt(before), offsetAt(after)];
    const [first, second] = [midnight - Math.max(early, late), midnight - Math.min(early, late)];
    if (first + offsetAt(first) === midnight) return first;
    if (second + offsetAt(second) === midnight) return second;
    // Midnight does not exist: the instant at which clocks were set forward over it.
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (middle + offsetAt(middle) >= midnight) after = middle;
      else before = middle;
    }
    return after;
  }

  measure(0);
  return { offsetAt, dayAt: (epochMilliseconds) => Math.floor((epochMilliseconds + offsetAt(epochMilliseconds)) / DAY_MILLISECONDS), startOfDay };
}
