import { UTCDateMini } from '@date-fns/utc/date/mini';
import { addDays } from 'date-fns/addDays';
import { formatISO } from 'date-fns/formatISO';
import { getISODay } from 'date-fns/getISODay';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  civilToEpochDay,
  daysInMonth,
  epochDayToCivil,
  fromEpochDay,
  MAX_EPOCH_DAY,
  MIN_EPOCH_DAY,
  monthStartToEpochDay,
  readEpochDay,
  toEpochDay,
  weekdayOfEpochDay,
} from '../../src/calendar/epoch-day.js';

describe('epoch days', () => {
  it('agree with date-fns on UTC dates for every day from 1900 to 2100', () => {
    let date = new UTCDateMini(Date.UTC(1900, 0, 1));
    let expected = Math.round(date.getTime() / 86_400_000);
    let wrong = 0;
    for (; date.getUTCFullYear() <= 2100; expected += 1) {
      const text = formatISO(date, { representation: 'date' });
      if (readEpochDay(text) !== expected || toEpochDay(text) !== expected || fromEpochDay(expected) !== text || weekdayOfEpochDay(expected) !== getISODay(date)) wrong += 1;
      date = addDays(date, 1);
    }
    expect(wrong).toBe(0);
    expect(expected).toBe(readEpochDay('2101-01-01'));
  });

  it('go there and back on every day that can be written, one after the other', () => {
    expect(fromEpochDay(MIN_EPOCH_DAY)).toBe('0001-01-01');
    expect(fromEpochDay(MAX_EPOCH_DAY)).toBe('9999-12-31');
    let previous = '0000-12-31';
    let wrong = 0;
    for (let day = MIN_EPOCH_DAY; day <= MAX_EPOCH_DAY; day += day % 1_461 === 0 ? 1 : 13) {
      const text = fromEpochDay(day);
      if (readEpochDay(text) !== day || text <= previous) wrong += 1;
      previous = text;
    }
    expect(wrong).toBe(0);
  });

  it('agree with Date.UTC on arbitrary parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }), (year, month, day) => {
        const date = new Date(Date.UTC(year, month - 1, day));
        const real = date.getUTCMonth() === month - 1;
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        expect(readEpochDay(text)).toBe(real ? date.getTime() / 86_400_000 : Number.NaN);
        if (real) {
          expect(civilToEpochDay(year, month, day)).toBe(date.getTime() / 86_400_000);
          expect(epochDayToCivil(date.getTime() / 86_400_000)).toEqual({ year, month, day });
          expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate());
        }
      }),
      { seed: 20260101, numRuns: 2_000 },
    );
  });

  it('count months beyond the year', () => {
    expect(monthStartToEpochDay(2026, 13)).toBe(readEpochDay('2027-01-01'));
    expect(monthStartToEpochDay(2026, 0)).toBe(readEpochDay('2025-12-01'));
    expect(monthStartToEpochDay(1, 0)).toBe(MIN_EPOCH_DAY - 31);
  });

  it.each([
    '2026-2-14',
    '2026-02-30',
    '2025-02-29',
    '1900-02-29',
    '0000-01-01',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '2026-01-32',
    '2026-04-31',
    '02026-01-1',
    '+2026-1-01',
    '2026/02/14',
    '2026-02-14 ',
    ' 2026-02-14',
    '2026-02-14T',
    '20260214',
    '',
    '२०२६-०२-१४',
    '2026-0x-01',
    '2026-1e-01',
    '１２３４-01-01',
  ])('refuse %j', (text) => {
    expect(readEpochDay(text)).toBeNaN();
    expect(() => toEpochDay(text)).toThrowError(expect.objectContaining({ code: 'invalid_date' }));
  });

  it('refuse to write what is no date', () => {
    for (const day of [MIN_EPOCH_DAY - 1, MAX_EPOCH_DAY + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => fromEpochDay(day)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
    }
  });

  it('read any text without exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        expect(Number.isNaN(readEpochDay(text)) || /^\d{4}-\d{2}-\d{2}$/.test(text)).toBe(true);
        try {
          toEpochDay(text);
        } catch (error) {
          expect(isDomainError(error, 'invalid_date')).toBe(true);
        }
      }),
      { seed: 20260101, numRuns: 2_000 },
    );
  });
});
