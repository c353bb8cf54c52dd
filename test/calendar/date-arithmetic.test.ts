import { UTCDateMini } from '@date-fns/utc/date/mini';
import {
  addDays,
  addMonths,
  addYears,
  compareDates,
  type DateInput,
  dayOfWeek,
  differenceInDays,
  differenceInMonths,
  maxDate,
  minDate,
  type PlainDate,
  type Weekday,
} from 'dealwright/calendar';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fromEpochDay, MAX_EPOCH_DAY, MIN_EPOCH_DAY } from '../../src/calendar/epoch-day.js';

const days = fc.integer({ min: MIN_EPOCH_DAY + 40_000, max: MAX_EPOCH_DAY - 40_000 }).map((day) => fromEpochDay(day));

/** Months by the rules of the calendar, without any library. */
function plainAddMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const total = year * 12 + (month - 1) + months;
  const [newYear, newMonth] = [Math.floor(total / 12), total - Math.floor(total / 12) * 12 + 1];
  const last = new UTCDateMini(0);
  last.setUTCFullYear(newYear, newMonth, 0);
  return `${String(newYear).padStart(4, '0')}-${String(newMonth).padStart(2, '0')}-${String(Math.min(day, last.getUTCDate())).padStart(2, '0')}`;
}

describe('adding', () => {
  it('clamps to the end of the month, from the anchor', () => {
    expect([1, 2, 3, 13, 25].map((count) => addMonths('2026-01-31', count))).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2027-02-28', '2028-02-29']);
    expect(addMonths('2024-03-31', -1)).toBe('2024-02-29');
    expect(addMonths('2026-08-31', -2)).toBe('2026-06-30');
    expect(addMonths('2026-05-05', 0)).toBe('2026-05-05');
  });

  it('keeps leap days where it can', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28');
    expect(addYears('2024-02-29', -4)).toBe('2020-02-29');
    expect(addYears('2096-02-29', 4)).toBe('2100-02-28');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('1900-02-28', 1)).toBe('1900-03-01');
  });

  it('passes over days that clocks or zones skip', () => {
    expect(addDays('2011-12-29', 1)).toBe('2011-12-30');
    expect(addMonths('2011-11-30', 1)).toBe('2011-12-30');
    expect(addDays('2026-03-07', 1)).toBe('2026-03-08');
    expect(differenceInDays('2026-03-09', '2026-03-08')).toBe(1);
  });

  it('works at both ends of the calendar', () => {
    expect(addDays('0001-01-02', -1)).toBe('0001-01-01');
    expect(addMonths('0001-03-31', -1)).toBe('0001-02-28');
    expect(addMonths('9999-10-31', 1)).toBe('9999-11-30');
    for (const [date, count] of [
      ['9999-12-31', 1],
      ['0001-01-01', -1],
      ['2026-01-01', 1e15],
      ['2026-01-01', -1e15],
    ] as const) {
      expect(() => addDays(date, count)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
      expect(() => addMonths(date, count)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
      expect(() => addYears(date, count)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
    }
  });

  it.each<[unknown, string]>([
    [0.5, 'not_an_integer'],
    [Number.NaN, 'not_finite'],
    [Number.POSITIVE_INFINITY, 'not_finite'],
    ['1', 'invalid_type'],
    [null, 'invalid_type'],
  ])('refuses a count of %o', (count, code) => {
    for (const add of [addDays, addMonths, addYears]) expect(() => add('2026-01-01', count as number)).toThrowError(expect.objectContaining({ code }));
  });

  it('reports every problem of a call', () => {
    try {
      addMonths('2026-02-30', 0.5);
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && error.issues.map((issue) => [issue.code, issue.path])).toEqual([
        ['invalid_date', ['date']],
        ['not_an_integer', ['months']],
      ]);
    }
  });

  it('agrees with the rules of the calendar', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -1_300, max: 1_300 }), (date, count) => {
        expect(addMonths(date, count)).toBe(plainAddMonths(date, count));
        expect(differenceInDays(addDays(date, count), date)).toBe(count);
        expect(addYears(date, Math.trunc(count / 13))).toBe(addMonths(date, Math.trunc(count / 13) * 12));
      }),
      { seed: 20260101, numRuns: 2_000 },
    );
  });
});

describe('differences', () => {
  it('count whole months up to the clamped day', () => {
    expect(differenceInMonths('2026-04-30', '2026-01-31')).toBe(3);
    expect(differenceInMonths('2026-04-29', '2026-01-31')).toBe(2);
    expect(differenceInMonths('2026-02-28', '2026-01-31')).toBe(1);
    expect(differenceInMonths('2026-01-31', '2026-02-28')).toBe(-1);
    expect(differenceInMonths('2025-02-28', '2024-02-29')).toBe(12);
    expect(Object.is(differenceInMonths('2026-01-01', '2026-01-05'), 0)).toBe(true);
  });

  it('are what months can be added, and change sign with the order', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        const [earlier, later] = a <= b ? [a, b] : [b, a];
        const months = differenceInMonths(later, earlier);
        expect(addMonths(earlier, months) <= later && addMonths(earlier, months + 1) > later).toBe(true);
        expect(differenceInMonths(earlier, later) + months).toBe(0);
        expect(differenceInDays(earlier, later) + differenceInDays(later, earlier)).toBe(0);
      }),
      { seed: 20260101, numRuns: 1_000 },
    );
  });
});

describe('comparing', () => {
  it('orders dates as their texts', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        expect(compareDates(a, b)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { seed: 20260101, numRuns: 300 },
    );
    expect(compareDates({ year: 2026, month: 1, day: 1 }, '2026-01-01')).toBe(0);
  });

  it('finds the first and the last, or says that there is none', () => {
    const dates: readonly DateInput[] = Object.freeze(['2026-03-01', '2025-12-31', { year: 2027, month: 1, day: 1 }]);
    expect(minDate(dates)).toBe('2025-12-31');
    expect(maxDate(dates)).toBe('2027-01-01');
    expect(minDate([])).toBeNull();
    expectTypeOf(minDate(['2026-01-01'])).toEqualTypeOf<PlainDate>();
    expectTypeOf(maxDate(dates)).toEqualTypeOf<PlainDate | null>();
    expect(() => minDate(['2026-01-01', '2026-02-30'])).toThrowError(expect.objectContaining({ issues: [expect.objectContaining({ path: ['dates', 1] })] }));
  });

  it('knows the day of the week', () => {
    expect(['2026-02-09', '2026-02-10', '2026-02-11', '2026-02-12', '2026-02-13', '2026-02-14', '2026-02-15'].map((date) => dayOfWeek(date))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(dayOfWeek('0001-01-01')).toBe(1);
    expectTypeOf(dayOfWeek).returns.toEqualTypeOf<Weekday>();
  });
});
