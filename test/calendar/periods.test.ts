import { UTCDateMini } from '@date-fns/utc/date/mini';
import { getISOWeek } from 'date-fns/getISOWeek';
import { getISOWeekYear } from 'date-fns/getISOWeekYear';
import {
  addDays,
  addMonths,
  type CalendarOptions,
  type DateRange,
  type FiscalCalendar,
  isWithin,
  listPeriods,
  nextPeriod,
  overlapPeriod,
  PERIOD_UNITS,
  type Period,
  type PeriodUnit,
  parsePeriod,
  periodDays,
  periodOf,
  readPeriod,
  shiftPeriod,
  subdividePeriod,
} from 'dealwright/calendar';
import { type Issue, isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fromEpochDay, toEpochDay } from '../../src/calendar/epoch-day.js';

const july: FiscalCalendar = { kind: 'months', startMonth: 7, yearName: 'end' };
const retail: FiscalCalendar = { kind: '4-5-4', endMonth: 1, endWeekday: 6, rule: 'nearest-to-month-end', yearName: 'start' };

const calendars: fc.Arbitrary<FiscalCalendar | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant('months' as const), startMonth: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), yearName: fc.constantFrom('start', 'end') }),
  fc.record({
    kind: fc.constantFrom('4-4-5', '4-5-4', '5-4-4'),
    endMonth: fc.constantFrom(1, 6, 9, 12),
    endWeekday: fc.constantFrom(5, 6, 7),
    rule: fc.constantFrom('last-weekday-of-month', 'nearest-to-month-end'),
    yearName: fc.constantFrom('start', 'end'),
  }),
);
const units = fc.constantFrom(...PERIOD_UNITS);
const dates = fc.integer({ min: toEpochDay('0003-01-01'), max: toEpochDay('9990-12-31') }).map((day) => fromEpochDay(day));

function optionsOf(calendar: FiscalCalendar | undefined): CalendarOptions {
  return calendar === undefined ? {} : { calendar };
}

describe('periodOf', () => {
  it.each<[string, PeriodUnit, Period]>([
    ['2026-02-14', 'year', { start: '2026-01-01', endExclusive: '2027-01-01', label: '2026' }],
    ['2026-07-01', 'half', { start: '2026-07-01', endExclusive: '2027-01-01', label: '2026-H2' }],
    ['2026-06-30', 'quarter', { start: '2026-04-01', endExclusive: '2026-07-01', label: '2026-Q2' }],
    ['2028-02-29', 'month', { start: '2028-02-01', endExclusive: '2028-03-01', label: '2028-02' }],
    ['2026-02-14', 'week', { start: '2026-02-09', endExclusive: '2026-02-16', label: '2026-W07' }],
    ['2021-01-03', 'week', { start: '2020-12-28', endExclusive: '2021-01-04', label: '2020-W53' }],
    ['2024-12-30', 'week', { start: '2024-12-30', endExclusive: '2025-01-06', label: '2025-W01' }],
  ])('puts %s in its %s', (date, unit, period) => {
    expect(periodOf(date, { unit })).toEqual(period);
  });

  it('counts fiscal months from the start of the year, and keeps ISO weeks under months', () => {
    expect(periodOf('2026-02-14', { unit: 'month', calendar: july })).toEqual({ start: '2026-02-01', endExclusive: '2026-03-01', label: 'FY2026-P08' });
    expect(periodOf('2025-07-01', { unit: 'half', calendar: july }).label).toBe('FY2026-H1');
    expect(periodOf('2026-02-14', { unit: 'week', calendar: july }).label).toBe('2026-W07');
    expect(periodOf('2026-02-14', { unit: 'week', calendar: retail }).label).toBe('FY2026-W02');
    expect(periodOf('2026-02-14', { unit: 'quarter', calendar: retail })).toEqual({ start: '2026-02-01', endExclusive: '2026-05-03', label: 'FY2026-Q1' });
  });

  it('has the weeks of ISO 8601', () => {
    for (let day = toEpochDay('1999-12-20'); day < toEpochDay('2041-01-20'); day += 1) {
      const date = new UTCDateMini(day * 86_400_000);
      const expected = `${getISOWeekYear(date)}-W${String(getISOWeek(date)).padStart(2, '0')}`;
      if (periodOf(fromEpochDay(day), { unit: 'week' }).label !== expected) expect.unreachable(fromEpochDay(day));
    }
  });

  it('holds the date, and every other date of the period gives the same', () => {
    fc.assert(
      fc.property(dates, units, calendars, fc.nat(), (date, unit, calendar, offset) => {
        const period = periodOf(date, { unit, ...optionsOf(calendar) });
        expect(isWithin(date, period)).toBe(true);
        expect(periodOf(addDays(period.start, offset % periodDays(period)), { unit, ...optionsOf(calendar) })).toEqual(period);
        expect(periodOf(period.endExclusive, { unit, ...optionsOf(calendar) }).start).toBe(period.endExclusive);
      }),
      { seed: 20260101, numRuns: 1_500 },
    );
  });

  it('refuses periods that cannot be written to their end', () => {
    for (const unit of PERIOD_UNITS) expect(() => periodOf('9999-12-31', { unit })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    expect(periodOf('9999-11-30', { unit: 'month' }).label).toBe('9999-11');
    expect(periodOf('0001-01-01', { unit: 'week' })).toEqual({ start: '0001-01-01', endExclusive: '0001-01-08', label: '0001-W01' });
    expect(() => periodOf('0001-01-01', { unit: 'year', calendar: { ...july, yearName: 'start' } })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
  });

  it('demands a unit it knows', () => {
    // @ts-expect-error the unit has no default
    expect(() => periodOf('2026-01-01', {})).toThrowError(expect.objectContaining({ code: 'invalid_type' }));
    // @ts-expect-error there are no decades
    expect(() => periodOf('2026-01-01', { unit: 'quarters' })).toThrowError(
      expect.objectContaining({ issues: [expect.objectContaining({ code: 'invalid_value', hint: 'did you mean "quarter"?' })] }),
    );
    // @ts-expect-error a misspelt option
    expect(() => periodOf('2026-01-01', { unit: 'month', calender: july })).toThrowError(expect.objectContaining({ code: 'unknown_key' }));
    expectTypeOf(periodOf).returns.toEqualTypeOf<Period>();
  });
});

describe('parsePeriod', () => {
  it('reads back every label, in every calendar', () => {
    fc.assert(
      fc.property(dates, units, calendars, (date, unit, calendar) => {
        const period = periodOf(date, { unit, ...optionsOf(calendar) });
        expect(parsePeriod(period.label, optionsOf(calendar))).toEqual(period);
        expect(readPeriod(period.label, [], optionsOf(calendar))).toEqual(period);
        expect(readPeriod(period)).toEqual(period);
      }),
      { seed: 20260101, numRuns: 1_500 },
    );
  });

  it('gives the label it was given, or nothing', () => {
    const label = fc.oneof(fc.stringMatching(/^(FY)?\d{4}(-[HQPW]?\d{1,2})?$/), fc.string());
    fc.assert(
      fc.property(label, calendars, (text, calendar) => {
        const read = readPeriod(text, ['period'], optionsOf(calendar));
        expect('code' in read ? read.code : read.label).toBe('code' in read ? 'invalid_period' : text);
      }),
      { seed: 20260101, numRuns: 3_000 },
    );
  });

  it.each([
    '',
    '26',
    '2026-',
    '2026-Q5',
    '2026-Q0',
    '2026-H3',
    '2026-00',
    '2026-13',
    '2026-W00',
    '2026-W54',
    '2025-W53',
    '2026Q1',
    '2026-q1',
    ' 2026',
    '2026-1',
    '2026-P03',
    '0000',
    '0000-01',
    '9999',
    '9999-12',
    'FY2026',
    'FY2026-Q1',
    'FY2026-W07',
    '2026-01-01',
    '2026-M03',
    '__proto__',
    'constructor',
    '२०२६',
    '2026\n',
  ])('refuses %j in the calendar year', (label) => {
    expect(() => parsePeriod(label)).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
  });

  it.each(['2026', '2026-Q1', '2026-03', 'FY2026-03', 'FY2026-P13', 'FY2026-P00', 'FY2026-W07', 'FY0001-P0', 'fy2026'])('refuses %j in a fiscal calendar of months', (label) => {
    expect(() => parsePeriod(label, { calendar: july })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
  });

  it.each(['2026', '2026-W07', 'FY2026-W53', 'FY2026-03'])('refuses %j in a fiscal calendar of weeks', (label) => {
    expect(() => parsePeriod(label, { calendar: retail })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
  });

  it.each<[string, FiscalCalendar | undefined, RegExp]>([
    ['FY2026-Q1', undefined, /pass the fiscal calendar it belongs to/],
    ['2026-Q1', july, /written "FY2026-Q1"/],
    ['2026-03', july, /written "FY2026-P03"/],
    ['FY2026-W07', july, /did you mean "2026-W07"/],
    ['2026-P03', undefined, /did you mean "2026-03"/],
    ['2026-q1', undefined, /did you mean "2026-Q1"/],
    ['2026Q1', undefined, /did you mean "2026-Q1"/],
    ['Q1 2026', undefined, /did you mean "2026-Q1"/],
    ['2026-3', undefined, /did you mean "2026-03"/],
    ['2025-W53', undefined, /2025 has no week 53/],
    ['2026-13', undefined, /2026 has no month 13/],
  ])('says how to put %s right', (label, calendar, hint) => {
    const read = readPeriod(label, [], optionsOf(calendar));
    expect('hint' in read ? read.hint : read).toMatch(hint);
  });
});

describe('readPeriod', () => {
  it('takes an object with any label', () => {
    const period = Object.freeze({ start: '2026-02-10', endExclusive: '2026-05-01', label: 'ramp' });
    expect(readPeriod(period)).toEqual(period);
    expectTypeOf(readPeriod).returns.toEqualTypeOf<Period | Issue>();
  });

  it.each<[unknown, string, string]>([
    [{ start: '2026-01-01', endExclusive: '2026-01-01', label: 'x' }, 'invalid_period', 'endExclusive'],
    [{ start: '2026-02-01', endExclusive: '2026-01-01', label: 'x' }, 'invalid_period', 'endExclusive'],
    [{ start: '2026-02-30', endExclusive: '2026-04-01', label: 'x' }, 'invalid_date', 'start'],
    [{ start: '2026-01-01', endExclusive: new Date(0), label: 'x' }, 'date_instance_not_allowed', 'endExclusive'],
    [{ start: '2026-01-01', endExclusive: '2026-04-01' }, 'invalid_type', 'label'],
    [{ start: '2026-01-01', endExclusive: '2026-04-01', label: '' }, 'empty', 'label'],
    [{ start: '2026-01-01', endExclusive: '2026-04-01', label: 'constructor' }, 'reserved_key', 'label'],
    [{ start: '2026-01-01', endExclusive: '2026-04-01', label: 'x'.repeat(10_000_000) }, 'too_long', 'label'],
    [{ start: '2026-01-01', endExclusive: '2026-04-01', label: 'x', end: '2026-03-31' }, 'unknown_key', 'end'],
    [{ start: '2026-01-01', end: '2026-04-01', label: 'x' }, 'unknown_key', 'end'],
    [JSON.parse('{"start":"2026-01-01","endExclusive":"2026-04-01","label":"x","__proto__":1}'), 'reserved_key', '__proto__'],
  ])('refuses an object with %o', (value, code, key) => {
    expect(readPeriod(value, ['periods', 0])).toMatchObject({ code, path: ['periods', 0, key] });
  });

  it.each<unknown>([null, undefined, 5, true, [], [[]], () => '2026', 'Q'.repeat(10_000_000)])('refuses %#', (value) => {
    expect(readPeriod(value, ['period'])).toMatchObject({ code: 'invalid_period', path: ['period'] });
  });

  it('reports a wrong calendar as an issue', () => {
    expect(readPeriod('2026', [], { calendar: { kind: 'months', startMonth: 0, yearName: 'end' } as unknown as FiscalCalendar })).toMatchObject({
      code: 'invalid_fiscal_calendar',
      path: ['calendar', 'startMonth'],
    });
  });
});

describe('listing, shifting, dividing', () => {
  it('lists whole periods that touch the range', () => {
    expect(listPeriods({ start: '2025-11-15', endExclusive: '2026-02-01' }, { unit: 'month' }).map((period) => period.label)).toEqual(['2025-11', '2025-12', '2026-01']);
    expect(listPeriods('2026', { unit: 'half' }).map((period) => period.label)).toEqual(['2026-H1', '2026-H2']);
    expect(listPeriods({ start: '2026-01-01', endExclusive: '2026-01-01' }, { unit: 'week' })).toEqual([]);
    expect(() => listPeriods({ start: '2026-02-01', endExclusive: '2026-01-01' }, { unit: 'month' })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    expect(() => listPeriods({ start: '9999-01-01', endExclusive: '9999-12-31' }, { unit: 'month' })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
  });

  it('lists without gaps or overlaps', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 800 }), units, calendars, (start, length, unit, calendar) => {
        const range = { start, endExclusive: addDays(start, length) };
        const periods = listPeriods(range, { unit, ...optionsOf(calendar) });
        expect(isWithin(start, periods[0] ?? range)).toBe(true);
        expect(isWithin(addDays(range.endExclusive, -1), periods[periods.length - 1] ?? range)).toBe(true);
        periods.slice(1).forEach((period, index) => {
          expect(period.start).toBe(periods[index]?.endExclusive);
          expect(nextPeriod(periods[index] ?? period, optionsOf(calendar))).toEqual(period);
          expect(shiftPeriod(period.label, -1, optionsOf(calendar))).toEqual(periods[index]);
        });
        const first = periods[0];
        if (first !== undefined) expect(shiftPeriod(first, periods.length - 1, optionsOf(calendar))).toEqual(periods[periods.length - 1]);
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  it('shifts across years, also many at once', () => {
    expect(shiftPeriod('2026-Q1', 4).label).toBe('2027-Q1');
    expect(shiftPeriod('2026-01', -25).label).toBe('2023-12');
    expect(shiftPeriod('2020-W53', 1).label).toBe('2021-W01');
    expect(shiftPeriod('FY2023-W53', 1, { calendar: retail }).label).toBe('FY2024-W01');
    expect(shiftPeriod('FY2023-P12', 1, { calendar: retail })).toEqual(parsePeriod('FY2024-P01', { calendar: retail }));
    expect(shiftPeriod('2026', -2025).label).toBe('0001');
    expect(shiftPeriod({ start: '2026-01-01', endExclusive: '2026-04-01' }, 0).label).toBe('2026-Q1');
    expect(() => shiftPeriod('2026', -2026)).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    expect(() => shiftPeriod('2026', 1e9)).toThrowError(expect.objectContaining({ code: 'out_of_range' }));
    expect(() => shiftPeriod('2026', 0.5)).toThrowError(expect.objectContaining({ code: 'not_an_integer' }));
    expect(() => nextPeriod({ start: '2026-01-01', endExclusive: '2026-03-01' })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    expect(() => nextPeriod('2026-Q1', { unit: 'month' })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    expect(nextPeriod('2026-Q1', { unit: 'quarter' }).label).toBe('2026-Q2');
  });

  it('divides what divides', () => {
    expect(subdividePeriod('2026', 'quarter').map((period) => period.label)).toEqual(['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']);
    expect(subdividePeriod('FY2026-Q1', 'month', { calendar: july }).map((period) => period.label)).toEqual(['FY2026-P01', 'FY2026-P02', 'FY2026-P03']);
    expect(subdividePeriod('FY2023-Q4', 'week', { calendar: retail })).toHaveLength(14);
    expect(subdividePeriod({ start: '2026-02-01', endExclusive: '2026-04-01' }, 'month').map((period) => period.label)).toEqual(['2026-02', '2026-03']);
    expect(() => subdividePeriod('2026-Q1', 'week')).toThrowError(/listPeriods/);
    expect(() => subdividePeriod('2026-01', 'quarter')).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    expect(() => subdividePeriod({ start: '2026-01-01', endExclusive: '2026-01-01' }, 'month')).toThrowError(expect.objectContaining({ code: 'empty_period' }));
  });

  it('keeps halves, quarters and months of every calendar in one another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9997 }), calendars, (year, calendar) => {
        const options = optionsOf(calendar);
        const whole = periodOf(addMonths(`${String(year).padStart(4, '0')}-06-15`, 0), { unit: 'year', ...options });
        const halves = subdividePeriod(whole, 'half', options);
        expect(halves).toHaveLength(2);
        const quarters = halves.flatMap((half) => subdividePeriod(half, 'quarter', options));
        expect(quarters).toEqual(subdividePeriod(whole, 'quarter', options));
        expect(quarters.flatMap((quarter) => subdividePeriod(quarter, 'month', options))).toEqual(subdividePeriod(whole, 'month', options));
        expect(subdividePeriod(whole, 'month', options)).toHaveLength(12);
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
});

describe('days of periods', () => {
  it('counts, finds and cuts', () => {
    expect([2024, 2025, 2100, 2000].map((year) => periodDays(String(year)))).toEqual([366, 365, 365, 366]);
    expect(periodDays('FY2023', { calendar: retail })).toBe(371);
    expect(isWithin('2026-01-01', '2026-Q1')).toBe(true);
    expect(isWithin('2025-12-31', '2026-Q1')).toBe(false);
    expect(overlapPeriod('2026-Q1', '2026-02')).toEqual(parsePeriod('2026-02'));
    expect(overlapPeriod({ start: '2025-01-01', endExclusive: '2030-01-01' }, '2026-Q1')).toEqual(parsePeriod('2026-Q1'));
    expect(overlapPeriod({ start: '2026-01-01', endExclusive: '2026-04-01' }, '2026-Q1')?.label).toBe('2026-Q1');
    expect(overlapPeriod('2026-Q1', { start: '2026-04-01', endExclusive: '2027-01-01' })).toBeNull();
    expect(overlapPeriod({ start: '2026-02-01', endExclusive: '2026-02-01' }, '2026-Q1')).toBeNull();
    expectTypeOf(overlapPeriod).returns.toEqualTypeOf<Period | null>();
  });

  it('shares the days that lie in both', () => {
    const range = fc
      .tuple(fc.nat(60), fc.nat(60))
      .map(([a, b]): DateRange => ({ start: addDays('2026-01-20', Math.min(a, b)), endExclusive: addDays('2026-01-20', Math.max(a, b)) }));
    fc.assert(
      fc.property(range, range, (a, b) => {
        const shared = overlapPeriod(a, b);
        let count = 0;
        for (let day = 0; day < 60; day += 1) {
          const date = addDays('2026-01-20', day);
          const inBoth = isWithin(date, a) && isWithin(date, b);
          if (inBoth) count += 1;
          expect(inBoth).toBe(shared !== null && isWithin(date, shared));
        }
        expect(shared === null ? 0 : periodDays(shared)).toBe(count);
      }),
      { seed: 20260101, numRuns: 200 },
    );
  });

  it('reports both periods', () => {
    try {
      overlapPeriod('2026-Q5', { start: '2026-02-30', endExclusive: '2026-04-01' });
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && error.issues.map((issue) => issue.path)).toEqual([['a'], ['b', 'start']]);
    }
  });
});
