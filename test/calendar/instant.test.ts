import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEpochMilliseconds, readEventTime, readInstant } from '../../src/calendar/instant.js';

const millisecond = fc.integer({ min: Date.UTC(100, 0, 2), max: Date.UTC(9999, 11, 30) });
const two = (value: number): string => String(value).padStart(2, '0');

describe('readInstant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00Z', 0],
    ['1970-01-01T00:00:00.5Z', 500],
    ['1970-01-01T00:00:00.05Z', 50],
    ['1970-01-01T00:00:00.123456789Z', 123],
    ['1970-01-01T00:00:00.999999999Z', 999],
    ['1970-01-01T05:30:00+05:30', 0],
    ['1970-01-01T05:30:00.000+0530', 0],
    ['1969-12-31T16:00:00-08:00', 0],
    ['1970-01-01T00:00-00:00', 0],
    ['2026-02-14T09:30:00.000+0000', Date.UTC(2026, 1, 14, 9, 30)],
    ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
    ['2026-02-14T09:30:00.123456789+05:30', Date.UTC(2026, 1, 14, 4, 0, 0, 123)],
  ])('reads %s', (text, expected) => {
    expect(readInstant(text)).toBe(expected);
  });

  it.each([
    '',
    '2026-02-14',
    '2026-02-14T09:30:00',
    '2026-02-14 09:30:00Z',
    '2026-02-14t09:30:00z',
    '2026-02-14T9:30:00Z',
    '2026-02-14T09:30:00.Z',
    '2026-02-14T09:30:00.1234567890Z',
    '2026-02-14T24:00:00Z',
    '2026-02-14T09:60:00Z',
    '2026-02-14T09:30:60Z',
    '2026-02-30T09:30:00Z',
    '2026-02-14T09:30:00+05',
    '2026-02-14T09:30:00+5:30',
    '2026-02-14T09:30:00+05:3',
    '2026-02-14T09:30:00+24:00',
    '2026-02-14T09:30:00+05:60',
    '2026-02-14T09:30:00ZZ',
    '2026-02-14T09:30:00Z ',
    '2026-02-14T09:30:00 Z',
    '2026-02-14T09:30:00,5Z',
    '2026-02-14T09Z',
    '+002026-02-14T09:30:00Z',
    '2026-02-14T09:30:00+05:300',
    '2026-W07-6T09:30:00Z',
    '1770000000',
    'Sat, 14 Feb 2026 09:30:00 GMT',
    '2026-02-14T09:30:00[Europe/Athens]',
    '__proto__',
    '2026-02-14T09:30:+5Z',
    '2026-02-14T09:30:00.+5Z',
    '2026-02-14T09:30:00.5+',
    '2026-02-14T09:30:00-',
  ])('refuses %j', (text) => {
    expect(readEpochMilliseconds(text)).toBeNaN();
    expect(readInstant(text, ['at'])).toMatchObject({ code: 'invalid_instant', path: ['at'] });
  });

  it('refuses what is no text, and huge texts at once', () => {
    for (const value of [null, undefined, 0, 1_770_000_000_000, {}, [], new Date(0), 5n, '2026-02-14T09:30:00.'.padEnd(10_000_000, '0'), 'Z'.repeat(10_000_000)]) {
      expect(readInstant(value)).toMatchObject({ code: 'invalid_instant' });
      expect(readEventTime(value)).toMatchObject({ code: 'invalid_instant' });
    }
  });

  it.each([
    ['2026-02-14T09:30:00', 'add the offset: "Z" for UTC, or "+02:00"'],
    ['2026-02-14', 'this is a date; add the time of day and the offset'],
    ['2026-02-14 09:30:00', 'write "T" between date and time, and the offset at the end'],
    ['2026-02-14T24:00:00Z', 'the end of a day is 00:00 of the next'],
    ['2026-06-30T23:59:60Z', 'leap seconds are not counted; write second 59'],
    ['1770000000000', 'this looks like a Unix time; convert it with new Date(…).toISOString()'],
    ['', 'an absent instant is null, not an empty text'],
  ])('says how to put %j right', (text, hint) => {
    expect(readInstant(text)).toMatchObject({ hint });
  });

  it('reads what toISOString writes, at any offset and precision', () => {
    fc.assert(
      fc.property(millisecond, fc.integer({ min: -1_439, max: 1_439 }), fc.boolean(), fc.integer({ min: 0, max: 6 }), (time, offset, colon, extra) => {
        expect(readInstant(new Date(time).toISOString())).toBe(time);
        const size = Math.abs(offset);
        const mark = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon ? ':' : ''}${two(size % 60)}`;
        const local = new Date(time + offset * 60_000).toISOString().slice(0, -1);
        expect(readInstant(`${local}${'7'.repeat(extra)}${mark}`)).toBe(time);
      }),
      { seed: 20260101, numRuns: 2_000 },
    );
  });

  it('never accepts what Date.parse reads otherwise', () => {
    const near = fc
      .tuple(fc.constant('2026-02-14T09:30:00.5+05:30'), fc.nat(26), fc.constantFrom('', '0', '9', ':', '-', '+', 'Z', 'T', '.', ' ', 'x'))
      .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1));
    fc.assert(
      fc.property(near, (text) => {
        const read = readEpochMilliseconds(text);
        if (!Number.isNaN(read)) expect(Date.parse(text)).toBe(read);
      }),
      { seed: 20260101, numRuns: 3_000 },
    );
  });

  it('reads the time of an event: an instant or a date', () => {
    expect(readEventTime('2026-02-14')).toBe('2026-02-14');
    expect(readEventTime('2026-02-14T09:30:00Z')).toBe('2026-02-14T09:30:00Z');
    expect(readEventTime('2026-02-30', ['at'])).toMatchObject({ code: 'invalid_instant', path: ['at'] });
  });
});
