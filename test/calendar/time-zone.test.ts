import { createInstantReader, createPlainDateReader, instantOf, isBefore, type PlainDate, toPlainDate } from 'dealwright/calendar';
import fc from 'fast-check';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { fromEpochDay, toEpochDay } from '../../src/calendar/epoch-day.js';
import { instantReaderOf } from '../../src/calendar/instant-of.js';
import { readZone } from '../../src/calendar/time-zone.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The date on the wall as Intl writes it, in another way than the library asks for it. */
function wallDate(time: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(time);
}

const ZONES = [
  'America/Los_Angeles',
  'Europe/Athens',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Antarctica/Troll',
  'America/Havana',
  'Asia/Beirut',
  'America/Asuncion',
];

describe('toPlainDate', () => {
  it('gives the date on the wall', () => {
    expect(toPlainDate('2026-01-01T03:00:00Z', { timeZone: 'UTC' })).toBe('2026-01-01');
    expect(toPlainDate('2026-01-01T03:00:00Z', { timeZone: 'America/New_York' })).toBe('2025-12-31');
    expect(toPlainDate('2025-12-31T18:30:00Z', { timeZone: '+05:30' })).toBe('2026-01-01');
    expect(toPlainDate('2025-12-31T18:29:59.999Z', { timeZone: '+05:30' })).toBe('2025-12-31');
    expect(toPlainDate('2025-12-31T18:30:00Z', { timeZone: 'Asia/Kolkata' })).toBe('2026-01-01');
    expect(toPlainDate('2026-01-01T07:59:59Z', { timeZone: '-08:00' })).toBe('2025-12-31');
    expect(toPlainDate(new Date(Date.UTC(2026, 5, 30, 23, 0)), { timeZone: 'Europe/Athens' })).toBe('2026-07-01');
    expect(toPlainDate('1969-12-31T23:59:59.999Z', { timeZone: 'UTC' })).toBe('1969-12-31');
    expectTypeOf(toPlainDate).returns.toEqualTypeOf<PlainDate>();
  });

  it('knows the day that Apia skipped', () => {
    expect(toPlainDate('2011-12-30T09:59:59.999Z', { timeZone: 'Pacific/Apia' })).toBe('2011-12-29');
    expect(toPlainDate('2011-12-30T10:00:00Z', { timeZone: 'Pacific/Apia' })).toBe('2011-12-31');
  });

  it('demands a time zone', () => {
    // @ts-expect-error the time zone has no default
    expect(() => toPlainDate('2026-01-01T03:00:00Z', {})).toThrowError(expect.objectContaining({ code: 'missing_key' }));
    // @ts-expect-error the options have no default
    expect(() => toPlainDate('2026-01-01T03:00:00Z')).toThrowError(expect.objectContaining({ code: 'missing_key' }));
  });

  it.each([
    '',
    'utc+2',
    'Europe/Atlantis',
    '+5:30',
    '+0530',
    '+05',
    '+24:00',
    '+05:60',
    '5',
    '__proto__',
    'Europe/Athens\u0000',
    ' UTC',
    'A'.repeat(10_000_000),
    '+'.repeat(10_000_000),
  ])('refuses the zone %#', (timeZone) => {
    expect(() => toPlainDate('2026-01-01T03:00:00Z', { timeZone })).toThrowError(expect.objectContaining({ code: 'invalid_time_zone' }));
  });

  it.each<[unknown, string]>([
    ['2026-01-01', 'invalid_instant'],
    ['2026-01-01T00:00:00', 'invalid_instant'],
    [new Date(Number.NaN), 'invalid_instant'],
    [new Date(8.64e15), 'out_of_range'],
    [new Date(-8.64e15), 'out_of_range'],
    [0, 'invalid_instant'],
    [null, 'invalid_instant'],
  ])('refuses the instant %o', (instant, code) => {
    expect(() => toPlainDate(instant as string, { timeZone: 'UTC' })).toThrowError(expect.objectContaining({ code }));
    expect(() => toPlainDate(instant as string, { timeZone: 'Asia/Kolkata' })).toThrowError(expect.objectContaining({ code }));
  });

  it('stays within the years that can be written', () => {
    expect(toPlainDate('0001-01-01T00:00:00Z', { timeZone: 'Asia/Kolkata' })).toBe('0001-01-01');
    expect(toPlainDate('9999-12-31T00:00:00Z', { timeZone: 'America/Los_Angeles' })).toBe('9999-12-30');
    expect(() => toPlainDate('0001-01-01T00:00:00Z', { timeZone: 'America/Los_Angeles' })).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
    expect(() => toPlainDate('9999-12-31T23:00:00Z', { timeZone: 'Asia/Kolkata' })).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
  });

  it('needs Intl for named zones only, and says so', () => {
    vi.stubGlobal('Intl', undefined);
    expect(toPlainDate('2026-01-01T03:00:00Z', { timeZone: '-05:00' })).toBe('2025-12-31');
    for (const timeZone of ['UTC', 'Z', 'GMT', 'Etc/UTC']) expect(instantOf('2026-01-01', { timeZone })).toBe(Date.UTC(2026, 0, 1));
    expect(() => toPlainDate('2026-01-01T03:00:00Z', { timeZone: 'America/New_York' })).toThrowError(/named time zones need Intl/);
  });

  it.each(ZONES)('agrees with Intl in %s', (timeZone) => {
    const read = createPlainDateReader({ timeZone });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2050, 0, 1) }), (time) => {
        expect(read(new Date(time))).toBe(wallDate(time, timeZone));
        expect(read(new Date(time).toISOString())).toBe(wallDate(time, timeZone));
      }),
      { seed: 20260101, numRuns: 400 },
    );
  });

  it('agrees with Intl at every hour of 2011 in Apia and of 2026 in Los Angeles', () => {
    for (const [timeZone, year] of [
      ['Pacific/Apia', 2011],
      ['America/Los_Angeles', 2026],
    ] as const) {
      const read = createPlainDateReader({ timeZone });
      let wrong = 0;
      for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 2); time += 3_600_000) if (read(new Date(time)) !== wallDate(time, timeZone)) wrong += 1;
      expect(wrong).toBe(0);
    }
  });
});

describe('instantOf', () => {
  const at = (text: string, timeZone: string): string => new Date(instantOf(text, { timeZone })).toISOString();

  it('begins a day at midnight of the zone', () => {
    expect(at('2026-03-08', 'America/Los_Angeles')).toBe('2026-03-08T08:00:00.000Z');
    expect(at('2026-03-09', 'America/Los_Angeles')).toBe('2026-03-09T07:00:00.000Z');
    expect(at('2026-11-01', 'America/Los_Angeles')).toBe('2026-11-01T07:00:00.000Z');
    expect(at('2026-11-02', 'America/Los_Angeles')).toBe('2026-11-02T08:00:00.000Z');
    expect(at('2026-01-01', '+05:30')).toBe('2025-12-31T18:30:00.000Z');
    expect(at('2026-01-01', 'Asia/Kolkata')).toBe('2025-12-31T18:30:00.000Z');
    expect(at('2026-01-01T10:00:00+02:00', 'Asia/Kolkata')).toBe('2026-01-01T08:00:00.000Z');
  });

  it('begins a day without midnight when clocks went forward', () => {
    // São Paulo, 2018-11-04: 00:00 became 01:00 (UTC−3 to UTC−2).
    expect(at('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    expect(toPlainDate('2018-11-04T02:59:59.999Z', { timeZone: 'America/Sao_Paulo' })).toBe('2018-11-03');
    // Beirut, 2021-03-28: 00:00 became 01:00 (UTC+2 to UTC+3).
    expect(at('2021-03-28', 'Asia/Beirut')).toBe('2021-03-27T22:00:00.000Z');
  });

  it('begins a day with two midnights at the first', () => {
    // Havana, 2025-11-02: 01:00 became 00:00 (UTC−4 to UTC−5).
    expect(at('2025-11-02', 'America/Havana')).toBe('2025-11-02T04:00:00.000Z');
    expect(at('2025-11-03', 'America/Havana')).toBe('2025-11-03T05:00:00.000Z');
    // Newfoundland, 2006-10-29: 00:01 became 23:01 of the day before (UTC−2:30 to UTC−3:30).
    expect(at('2006-10-29', 'America/St_Johns')).toBe('2006-10-29T02:30:00.000Z');
  });

  it('begins a day after clocks went back to the day before at its second midnight', () => {
    // São Paulo, 2018-02-18: 24:00 of the 17th became 23:00 (UTC−2 to UTC−3).
    expect(at('2018-02-18', 'America/Sao_Paulo')).toBe('2018-02-18T03:00:00.000Z');
  });

  it('puts a skipped day where it was skipped', () => {
    expect(at('2011-12-29', 'Pacific/Apia')).toBe('2011-12-29T10:00:00.000Z');
    expect(at('2011-12-30', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z');
    expect(at('2011-12-31', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z');
    expect(at('2012-01-01', 'Pacific/Apia')).toBe('2011-12-31T10:00:00.000Z');
  });

  it.each(ZONES)('is the first instant of the day in %s, found by search', (timeZone) => {
    const read = createInstantReader({ timeZone });
    for (let day = toEpochDay('2005-12-20'); day <= toEpochDay('2030-01-10'); day += 17) {
      const date = fromEpochDay(day);
      const start = read(date);
      expect([date, wallDate(start, timeZone) >= date, wallDate(start - 1, timeZone) < date]).toEqual([date, true, true]);
    }
  });

  it('rises with the days', () => {
    for (const timeZone of ZONES) {
      const read = createInstantReader({ timeZone });
      for (let day = toEpochDay('2010-01-01'), last = Number.NEGATIVE_INFINITY; day < toEpochDay('2013-01-01'); day += 1) {
        const start = read(fromEpochDay(day));
        expect(start >= last).toBe(true);
        last = start;
      }
    }
  });

  it('refuses what is neither instant nor date', () => {
    const read = createInstantReader({ timeZone: 'UTC' });
    for (const value of ['', '2026-02-30', '2026-02-14T09:30:00', null, 5, {}]) {
      expect(() => read(value as string)).toThrowError(expect.objectContaining({ code: 'invalid_instant' }));
      const clock = readZone('UTC', []);
      if (!('code' in clock)) expect(instantReaderOf(clock)(value)).toBeNaN();
    }
  });

  it('remembers no more than it should, and keeps answering right', () => {
    const read = createInstantReader({ timeZone: 'America/Los_Angeles' });
    for (let day = toEpochDay('1970-01-01'); day < toEpochDay('2000-01-01'); day += 1) read(fromEpochDay(day));
    expect(read('2026-03-08')).toBe(Date.UTC(2026, 2, 8, 8));
  });
});

describe('isBefore', () => {
  it('is an exclusive cut', () => {
    const utc = { timeZone: 'UTC' };
    expect(isBefore('2026-03-31T23:59:59.999Z', '2026-04-01', utc)).toBe(true);
    expect(isBefore('2026-04-01T00:00:00Z', '2026-04-01', utc)).toBe(false);
    expect(isBefore('2026-04-01', '2026-04-01', utc)).toBe(false);
    expect(isBefore('2026-03-31', '2026-04-01', utc)).toBe(true);
    expect(isBefore('2026-03-31T23:00:00Z', '2026-04-01', { timeZone: 'Europe/Athens' })).toBe(false);
    expect(isBefore('2026-04-01T02:00:00+05:00', '2026-04-01', utc)).toBe(true);
  });

  it('reports both times', () => {
    expect(() => isBefore('x', 'y', { timeZone: 'UTC' })).toThrowError(
      expect.objectContaining({ issues: [expect.objectContaining({ path: ['at'] }), expect.objectContaining({ path: ['asOf'] })] }),
    );
  });
});
