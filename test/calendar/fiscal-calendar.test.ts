import {
  addDays,
  calendarYear,
  dayOfWeek,
  defineFiscalCalendar,
  type FiscalCalendar,
  listPeriods,
  parsePeriod,
  periodDays,
  periodOf,
  validateFiscalCalendar,
  type Weekday,
  type WeekFiscalCalendar,
} from 'dealwright/calendar';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { daysInMonth, formatCivil } from '../../src/calendar/epoch-day.js';

// Years of the National Retail Federation end on the Saturday nearest to 31 January.
const retail = defineFiscalCalendar({ kind: '4-5-4', endMonth: 1, endWeekday: 6, rule: 'nearest-to-month-end', yearName: 'start' });
// Apple: the last Saturday of September, the extra week in the first quarter (Form 10-K for 2023, note 1).
const apple = defineFiscalCalendar({ kind: '4-4-5', endMonth: 9, endWeekday: 6, rule: 'last-weekday-of-month', yearName: 'end', extraWeekIn: 3 });
// Cisco: the last Saturday of July. Intel: the last Saturday of December.
const cisco = defineFiscalCalendar({ kind: '4-4-5', endMonth: 7, endWeekday: 6, rule: 'last-weekday-of-month', yearName: 'end' });
const intel = defineFiscalCalendar({ kind: '4-4-5', endMonth: 12, endWeekday: 6, rule: 'last-weekday-of-month', yearName: 'end' });

function lastDay(year: string, calendar: FiscalCalendar): string {
  return addDays(parsePeriod(year, { calendar }).endExclusive, -1);
}

function weeksOf(year: string, calendar: FiscalCalendar): number {
  return periodDays(year, { calendar }) / 7;
}

describe('years of 52 and 53 weeks, as published', () => {
  it('of the National Retail Federation', () => {
    expect(parsePeriod('FY2023', { calendar: retail })).toEqual({ start: '2023-01-29', endExclusive: '2024-02-04', label: 'FY2023' });
    expect(parsePeriod('FY2022', { calendar: retail }).start).toBe('2022-01-30');
    expect(parsePeriod('FY2024', { calendar: retail }).endExclusive).toBe('2025-02-02');
    const long = [];
    for (let year = 1999; year <= 2025; year += 1) if (weeksOf(`FY${year}`, retail) === 53) long.push(year);
    expect(long).toEqual([2000, 2006, 2012, 2017, 2023]);
    const months = listPeriods('FY2023', { unit: 'month', calendar: retail });
    expect(months.map((month) => month.start)).toEqual([
      '2023-01-29',
      '2023-02-26',
      '2023-04-02',
      '2023-04-30',
      '2023-05-28',
      '2023-07-02',
      '2023-07-30',
      '2023-08-27',
      '2023-10-01',
      '2023-10-29',
      '2023-11-26',
      '2023-12-31',
    ]);
    expect(months.map((month) => periodDays(month) / 7)).toEqual([4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5]);
  });

  it('of Apple, with the extra week in the first quarter', () => {
    expect([2011, 2012, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024].map((year) => lastDay(`FY${year}`, apple))).toEqual([
      '2011-09-24',
      '2012-09-29',
      '2016-09-24',
      '2017-09-30',
      '2018-09-29',
      '2019-09-28',
      '2020-09-26',
      '2021-09-25',
      '2022-09-24',
      '2023-09-30',
      '2024-09-28',
    ]);
    expect([2012, 2017, 2023].map((year) => weeksOf(`FY${year}`, apple))).toEqual([53, 53, 53]);
    expect(lastDay('FY2023-Q1', apple)).toBe('2022-12-31');
    expect(['FY2023-Q1', 'FY2023-Q2', 'FY2023-Q3', 'FY2023-Q4', 'FY2024-Q1'].map((quarter) => weeksOf(quarter, apple))).toEqual([14, 13, 13, 13, 13]);
    expect(lastDay('FY2023-Q2', apple)).toBe('2023-04-01');
  });

  it('of Cisco and Intel', () => {
    expect([2019, 2020, 2021, 2022, 2023, 2024].map((year) => lastDay(`FY${year}`, cisco))).toEqual([
      '2019-07-27',
      '2020-07-25',
      '2021-07-31',
      '2022-07-30',
      '2023-07-29',
      '2024-07-27',
    ]);
    expect(weeksOf('FY2021', cisco)).toBe(53);
    expect([2016, 2021, 2022].map((year) => lastDay(`FY${year}`, intel))).toEqual(['2016-12-31', '2021-12-25', '2022-12-31']);
    expect([2016, 2021, 2022].map((year) => weeksOf(`FY${year}`, intel))).toEqual([53, 52, 53]);
  });
});

describe('years of twelve months', () => {
  it.each<[string, FiscalCalendar, string, string, string]>([
    ['Microsoft', { kind: 'months', startMonth: 7, yearName: 'end' }, 'FY2024', '2023-07-01', '2024-07-01'],
    ['the United States government', { kind: 'months', startMonth: 10, yearName: 'end' }, 'FY2026', '2025-10-01', '2026-10-01'],
    ['Japan', { kind: 'months', startMonth: 4, yearName: 'start' }, 'FY2026', '2026-04-01', '2027-04-01'],
    ['Walmart', { kind: 'months', startMonth: 2, yearName: 'end' }, 'FY2026', '2025-02-01', '2026-02-01'],
  ])('of %s', (_, calendar, label, start, endExclusive) => {
    expect(parsePeriod(label, { calendar })).toEqual({ start, endExclusive, label });
  });

  it('are the calendar year when they start in January, whatever their name', () => {
    for (const yearName of ['start', 'end'] as const) {
      expect(parsePeriod('2026-Q2', { calendar: { kind: 'months', startMonth: 1, yearName } })).toEqual(parsePeriod('2026-Q2', { calendar: calendarYear }));
    }
  });
});

/** The last day of the year that belongs to the end of a month, found by walking from day to day. */
function walkToYearEnd(year: number, { endMonth, endWeekday, rule }: WeekFiscalCalendar): string {
  const monthEnd = formatCivil(year, endMonth, daysInMonth(year, endMonth));
  if (rule === 'last-weekday-of-month') {
    let date = monthEnd;
    while (dayOfWeek(date) !== endWeekday) date = addDays(date, -1);
    return date;
  }
  for (let away = 0; away <= 3; away += 1) for (const sign of [-1, 1]) if (dayOfWeek(addDays(monthEnd, away * sign)) === endWeekday) return addDays(monthEnd, away * sign);
  throw new Error('no such weekday');
}

describe('calendars of weeks', () => {
  const weekCalendar: fc.Arbitrary<WeekFiscalCalendar> = fc.record({
    kind: fc.constantFrom('4-4-5', '4-5-4', '5-4-4'),
    endMonth: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    endWeekday: fc.constantFrom<Weekday[]>(1, 2, 3, 4, 5, 6, 7),
    rule: fc.constantFrom('last-weekday-of-month', 'nearest-to-month-end'),
    yearName: fc.constantFrom('start', 'end'),
    extraWeekIn: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  });

  it('begin the day after the year before ended, and divide into the weeks of their pattern', () => {
    fc.assert(
      fc.property(weekCalendar, fc.integer({ min: 1900, max: 2200 }), (calendar, endYear) => {
        const start = addDays(walkToYearEnd(endYear - 1, calendar), 1);
        const end = walkToYearEnd(endYear, calendar);
        const year = calendar.yearName === 'end' || calendar.endMonth === 12 ? endYear : endYear - 1;
        expect(parsePeriod(`FY${year}`, { calendar })).toEqual({ start, endExclusive: addDays(end, 1), label: `FY${year}` });
        expect(periodOf(start, { unit: 'year', calendar }).label).toBe(`FY${year}`);
        expect(periodOf(end, { unit: 'year', calendar }).label).toBe(`FY${year}`);
        expect(dayOfWeek(end)).toBe(calendar.endWeekday);

        const months = listPeriods(`FY${year}`, { unit: 'month', calendar });
        const weeks = calendar.kind.split('-').map(Number);
        const long = periodDays(`FY${year}`, { calendar }) === 371;
        expect(periodDays(`FY${year}`, { calendar })).toBe(long ? 371 : 364);
        expect(months.map((month) => periodDays(month) / 7)).toEqual(months.map((_, index) => (weeks[index % 3] ?? 0) + (long && index + 1 === calendar.extraWeekIn ? 1 : 0)));
        expect(listPeriods(`FY${year}`, { unit: 'week', calendar }).map((week) => week.label)).toEqual(
          Array.from({ length: long ? 53 : 52 }, (_, index) => `FY${year}-W${String(index + 1).padStart(2, '0')}`),
        );
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  it('give the extra week to the last month unless told otherwise', () => {
    expect(periodDays('FY2023-P12', { calendar: retail })).toBe(35);
    expect(periodDays('FY2023-P01', { calendar: { ...retail, extraWeekIn: 1 } })).toBe(35);
    expect(periodOf('2024-02-03', { unit: 'week', calendar: retail }).label).toBe('FY2023-W53');
    expect(() => parsePeriod('FY2024-W53', { calendar: retail })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
  });
});

describe('defineFiscalCalendar', () => {
  it('returns what it was given', () => {
    const definition = Object.freeze({ kind: 'months', startMonth: 7, yearName: 'end' } as const);
    expect(defineFiscalCalendar(definition)).toBe(definition);
    expectTypeOf(defineFiscalCalendar({ kind: 'months', startMonth: 7, yearName: 'end' }).startMonth).toEqualTypeOf<7>();
    expectTypeOf<FiscalCalendar['kind']>().toEqualTypeOf<'months' | '4-4-5' | '4-5-4' | '5-4-4'>();
    // @ts-expect-error there is no month 13
    expect(() => defineFiscalCalendar({ kind: 'months', startMonth: 13, yearName: 'end' })).toThrowError(expect.objectContaining({ code: 'invalid_fiscal_calendar' }));
    // @ts-expect-error a calendar of weeks has no first month
    expect(() => defineFiscalCalendar({ kind: '4-4-5', startMonth: 1, yearName: 'end' })).toThrowError();
  });

  it('reports everything at once', () => {
    try {
      defineFiscalCalendar({ kind: '4-4-5', endMonth: 0, endWeekday: 8, rule: 'last', yearName: 'first', extraWeekIn: 13, endsOn: 5 } as unknown as FiscalCalendar);
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && error.issues.map((issue) => [issue.code, issue.path.join('.')])).toEqual([
        ['unknown_key', 'endsOn'],
        ['invalid_fiscal_calendar', 'endMonth'],
        ['invalid_fiscal_calendar', 'endWeekday'],
        ['invalid_fiscal_calendar', 'rule'],
        ['invalid_fiscal_calendar', 'extraWeekIn'],
        ['invalid_fiscal_calendar', 'yearName'],
      ]);
    }
  });

  it.each<unknown>([
    null,
    [],
    'months',
    5,
    {},
    { kind: 'months' },
    { kind: 'months', startMonth: '7', yearName: 'end' },
    { kind: 'weeks' },
    { kind: 'months', startMonth: 1.5, yearName: 'end' },
    new Map(),
  ])('refuses %o', (value) => {
    expect(validateFiscalCalendar(value, ['plan', 'calendar'])[0]).toMatchObject({ code: 'invalid_fiscal_calendar', path: expect.arrayContaining(['plan', 'calendar']) });
    expect(() => parsePeriod('2026-Q1', { calendar: value as FiscalCalendar })).toThrowError(expect.objectContaining({ code: 'invalid_fiscal_calendar' }));
  });

  it('lists reserved keys', () => {
    expect(validateFiscalCalendar(JSON.parse('{"kind":"months","startMonth":1,"yearName":"end","__proto__":{"x":1}}'))).toMatchObject([{ code: 'reserved_key' }]);
  });
});
