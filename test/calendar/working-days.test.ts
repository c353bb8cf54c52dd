import {
  addDays,
  addWorkingDays,
  countWorkingDays,
  dayOfWeek,
  defineWorkingCalendar,
  isWorkingDay,
  validateWorkingCalendar,
  type Weekday,
  type WorkingCalendar,
} from 'dealwright/calendar';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fromEpochDay, toEpochDay } from '../../src/calendar/epoch-day.js';

const dates = fc.integer({ min: toEpochDay('2025-11-01'), max: toEpochDay('2026-03-01') }).map((day) => fromEpochDay(day));
const calendars = fc.record({ weekend: fc.uniqueArray(fc.constantFrom<Weekday[]>(1, 2, 3, 4, 5, 6, 7), { maxLength: 6 }), holidays: fc.array(dates, { maxLength: 30 }) });

describe('working days', () => {
  it('leave out weekends and holidays', () => {
    const calendar = defineWorkingCalendar({ holidays: ['2026-01-01', '2026-01-06', '2026-01-10'] });
    expect(isWorkingDay('2026-01-01', calendar)).toBe(false);
    expect(isWorkingDay('2026-01-02', calendar)).toBe(true);
    expect(isWorkingDay('2026-01-03', calendar)).toBe(false);
    expect(countWorkingDays('2026-01-01', '2026-02-01', calendar)).toBe(20);
    expect(countWorkingDays('2026-01-05', '2026-01-05', calendar)).toBe(0);
    expect(countWorkingDays('2026-01-01', '2027-01-01', defineWorkingCalendar())).toBe(261);
    expect(countWorkingDays('2026-01-01', '2026-02-01', defineWorkingCalendar({ weekend: [5, 6] }))).toBe(21);
    expect(countWorkingDays('2026-01-01', '2026-02-01', defineWorkingCalendar({ weekend: [] }))).toBe(31);
  });

  it('are added from any day', () => {
    const calendar = defineWorkingCalendar({ holidays: ['2026-12-25', '2027-01-01'] });
    expect(addWorkingDays('2026-12-24', 1, calendar)).toBe('2026-12-28');
    expect(addWorkingDays('2026-12-26', 1, calendar)).toBe('2026-12-28');
    expect(addWorkingDays('2026-12-28', -1, calendar)).toBe('2026-12-24');
    expect(addWorkingDays('2026-12-26', 0, calendar)).toBe('2026-12-26');
    expect(addWorkingDays('2026-01-01', 259, calendar)).toBe('2026-12-31');
    expect(() => addWorkingDays('9999-12-31', 1, calendar)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
    expect(() => addWorkingDays('2026-01-01', -1e12, calendar)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
    expect(() => addWorkingDays('2026-01-01', 1.5, calendar)).toThrowError(expect.objectContaining({ code: 'not_an_integer' }));
  });

  it('are what counting day by day gives', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -40, max: 40 }), fc.nat(100), calendars, (date, count, length, definition) => {
        const calendar = defineWorkingCalendar(definition);
        const works = (day: string): boolean => !definition.weekend.includes(dayOfWeek(day)) && !definition.holidays.includes(day);
        expect(isWorkingDay(date, calendar)).toBe(works(date));

        let total = 0;
        for (let step = 0; step < length; step += 1) if (works(addDays(date, step))) total += 1;
        expect(countWorkingDays(date, addDays(date, length), calendar)).toBe(total);

        let [day, left] = [date, Math.abs(count)];
        while (left > 0) {
          day = addDays(day, Math.sign(count));
          if (works(day)) left -= 1;
        }
        expect(addWorkingDays(date, count, calendar)).toBe(day);
      }),
      { seed: 20260101, numRuns: 400 },
    );
  });

  it('take no longer over ten thousand years than over one', () => {
    const calendar = defineWorkingCalendar({ holidays: ['2026-12-25'] });
    // From a Monday, 521,722 weeks and four days, less one holiday.
    expect(countWorkingDays('0001-01-01', '9999-12-31', calendar)).toBe(521_722 * 5 + 4 - 1);
    expect(addWorkingDays('0001-01-01', 521_722 * 5 + 4 - 2, calendar)).toBe('9999-12-30');
  });
});

describe('defineWorkingCalendar', () => {
  it('brings the definition to its plain form', () => {
    const definition = Object.freeze({ weekend: Object.freeze<Weekday[]>([7, 6, 7]), holidays: Object.freeze(['2026-12-25', { year: 2026, month: 1, day: 1 }, '2026-12-25']) });
    expect(defineWorkingCalendar(definition)).toEqual({ weekend: [6, 7], holidays: ['2026-01-01', '2026-12-25'] });
    expect(defineWorkingCalendar()).toEqual({ weekend: [6, 7], holidays: [] });
    expectTypeOf(defineWorkingCalendar).returns.toEqualTypeOf<WorkingCalendar>();
    // @ts-expect-error Sunday is 7
    expect(() => defineWorkingCalendar({ weekend: [0, 6] })).toThrowError(/Sunday is 7/);
  });

  it('reports everything at once', () => {
    try {
      defineWorkingCalendar({ weekend: [6, 8], holidays: ['2026-02-30', '2026-01-01', new Date(0)], holiday: [] } as never);
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && error.issues.map((issue) => `${issue.code} ${issue.path.join('.')}`)).toEqual([
        'unknown_key holiday',
        'invalid_working_calendar weekend.1',
        'invalid_date holidays.0',
        'date_instance_not_allowed holidays.2',
      ]);
    }
  });

  it('validates what is stored', () => {
    expect(validateWorkingCalendar({ weekend: [6, 7], holidays: ['2026-01-01'] })).toEqual([]);
    expect(validateWorkingCalendar({ weekend: [1, 2, 3, 4, 5, 6, 7], holidays: [] }, ['calendar'])).toMatchObject([
      { code: 'invalid_working_calendar', path: ['calendar', 'weekend'] },
    ]);
    expect(validateWorkingCalendar({ weekend: [6], holidays: [{ year: 2026, month: 1, day: 1 }] })).toMatchObject([{ code: 'invalid_date', path: ['holidays', 0] }]);
    for (const value of [null, [], 'x', {}, { weekend: [6] }, { holidays: [] }, { weekend: {}, holidays: 'x' }]) expect(validateWorkingCalendar(value).length).toBeGreaterThan(0);
  });
});
