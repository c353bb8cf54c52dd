/*
 * Points in time as text: ISO 8601 with an offset, read by character code so that every engine reads the same. Not a public entry.
 */
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { DAY_MILLISECONDS, epochDayAt, readEpochDay, twoDigitsAt } from './epoch-day.js';
import { isDateObject, type PlainDate } from './plain-date.js';
import { readOffset } from './time-zone.js';

const EXPECTED = 'an ISO 8601 instant with an offset, such as "2026-02-14T09:30:00Z"';
/** `2026-02-14T09:30:00.123456789+05:30` is the longest form. */
const MAX_LENGTH = 35;

/**
 * Milliseconds since 1970-01-01T00:00Z of `YYYY-MM-DDThh:mm(:ss(.f…))(Z|±hh:mm|±hhmm)` with one to nine fraction digits, or NaN.
 * What is finer than a millisecond is cut off. Never throws.
 */
export function readEpochMilliseconds(text: string): number {
  const { length } = text;
  if (length < 17 || length > MAX_LENGTH || text.charCodeAt(10) !== 84 || text.charCodeAt(13) !== 58) return Number.NaN;
  const hours = twoDigitsAt(text, 11);
  const minutes = twoDigitsAt(text, 14);
  if (!(hours <= 23) || !(minutes <= 59)) return Number.NaN;
  let index = 16;
  let seconds = 0;
  let milliseconds = 0;
  if (text.charCodeAt(16) === 58) {
    seconds = twoDigitsAt(text, 17);
    if (!(seconds <= 59)) return Number.NaN;
    index = 19;
    if (text.charCodeAt(19) === 46) {
      let digits = 0;
      for (index = 20; digits < 10; index += 1) {
        const value = text.charCodeAt(index) - 48;
        if (!(value >= 0 && value <= 9)) break;
        if (digits < 3) milliseconds = milliseconds * 10 + value;
        digits += 1;
      }
      if (digits === 0 || digits > 9) return Number.NaN;
      if (digits < 3) milliseconds *= digits === 1 ? 100 : 10;
    }
  }
  const offset = readZoneMark(text, index);
  const day = epochDayAt(text, 0);
  return day * DAY_MILLISECONDS + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds - offset;
}

function readZoneMark(text: string, index: number): number {
  const mark = text.charCodeAt(index);
  const rest = text.length - index;
  if (mark === 90) return rest === 1 ? 0 : Number.NaN;
  if (mark !== 43 && mark !== 45) return Number.NaN;
  const colon = text.charCodeAt(index + 3) === 58;
  return rest === (colon ? 6 : 5) ? readOffset(text, index) : Number.NaN;
}

/** Milliseconds since 1970-01-01T00:00Z of an instant with an offset, or the issue. Never throws. */
export function readInstant(value: unknown, path: IssuePath = []): number | Issue {
  if (typeof value !== 'string') {
    const hint = isDateObject(value) ? { hint: 'pass date.toISOString()' } : {};
    return createIssue('invalid_instant', path, { expected: EXPECTED, received: value, ...hint });
  }
  const epochMilliseconds = readEpochMilliseconds(value);
  return Number.isNaN(epochMilliseconds) ? instantIssue(value, path, EXPECTED) : epochMilliseconds;
}

/** An event's time as records hold it: an instant with an offset, or a date. The text itself, or the issue. Never throws. */
export function readEventTime(value: unknown, path: IssuePath = []): string | PlainDate | Issue {
  const expected = `${EXPECTED}, or a date written YYYY-MM-DD`;
  if (typeof value !== 'string') return createIssue('invalid_instant', path, { expected, received: value, ...(isDateObject(value) ? { hint: 'pass date.toISOString()' } : {}) });
  if (!Number.isNaN(readEpochMilliseconds(value)) || !Number.isNaN(readEpochDay(value))) return value;
  return instantIssue(value, path, expected);
}

function instantIssue(text: string, path: IssuePath, expected: string): Issue {
  const hint = hintFor(text);
  return createIssue('invalid_instant', path, { expected, received: text, ...(hint === undefined ? {} : { hint }) });
}

function hintFor(text: string): string | undefined {
  if (text.length > 60) return undefined;
  if (text.trim() === '') return 'an absent instant is null, not an empty text';
  if (!Number.isNaN(readEpochDay(text))) return 'this is a date; add the time of day and the offset';
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?$/.test(text)) return 'add the offset: "Z" for UTC, or "+02:00"';
  if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(text)) return 'write "T" between date and time, and the offset at the end';
  if (/^\d{4}-\d{2}-\d{2}T24:/.test(text)) return 'the end of a day is 00:00 of the next';
  if (/:60(\.\d+)?(Z|[+-]\d)/.test(text)) return 'leap seconds are not counted; write second 59';
  if (/^\d{10,13}$/.test(text)) return 'this looks like a Unix time; convert it with new Date(…).toISOString()';
  return undefined;
}
