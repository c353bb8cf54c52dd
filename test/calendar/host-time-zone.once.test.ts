import * as calendar from 'dealwright/calendar';
import { afterEach, describe, expect, it } from 'vitest';

const ZONES = ['UTC', 'America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe', 'America/Sao_Paulo'];
const original = process.env.TZ;

afterEach(() => {
  if (original === undefined) delete process.env.TZ;
  else process.env.TZ = original;
});

/** Dates at which host clocks could do harm: month ends, clock changes, a skipped day, leap days, ends of years. */
const HAZARDS = [
  '1883-11-18',
  '1900-02-28',
  '1999-12-31',
  '2000-02-29',
  '2011-12-29',
  '2011-12-30',
  '2011-12-31',
  '2018-11-04',
  '2024-02-29',
  '2024-12-30',
  '2025-01-31',
  '2025-03-09',
  '2025-11-02',
  '2026-01-01',
  '2026-02-28',
  '2026-03-08',
  '2026-03-31',
  '2026-04-05',
  '2026-06-30',
  '2026-10-04',
  '2026-11-01',
  '2026-12-31',
  '2027-01-03',
  '2100-02-28',
];
const july = { kind: 'months', startMonth: 7, yearName: 'end' } as const;
const retail = { kind: '4-5-4', endMonth: 1, endWeekday: 6, rule: 'nearest-to-month-end', yearName: 'start' } as const;
const working = { weekend: [6, 7], holidays: ['2011-12-30', '2026-01-01'] } as const;

/** Everything the folder computes on those dates. */
function computeAll(): unknown {
  return HAZARDS.map((date) => ({
    added: [-13, -1, 1, 2, 13].map((count) => [
      calendar.addDays(date, count),
      calendar.addMonths(date, count),
      calendar.addYears(date, count),
      calendar.addWorkingDays(date, count, working),
    ]),
    differences: HAZARDS.map((other) => [calendar.differenceInDays(date, other), calendar.differenceInMonths(date, other)]),
    weekday: calendar.dayOfWeek(date),
    periods: calendar.PERIOD_UNITS.flatMap((unit) => [
      calendar.periodOf(date, { unit }),
      calendar.periodOf(date, { unit, calendar: july }),
      calendar.periodOf(date, { unit, calendar: retail }),
    ]),
    months: calendar.listPeriods({ start: date, endExclusive: calendar.addDays(date, 100) }, { unit: 'month' }),
    shares: (['actual-days', '30-360', 'working-days', 'whole-months', 'actual-365'] as const).map((convention) =>
      calendar.prorate({ active: { start: date, endExclusive: null }, period: calendar.periodOf(date, { unit: 'year' }) }, { convention, workingCalendar: working }),
    ),
    starts: ZONES.map((timeZone) => calendar.instantOf(date, { timeZone })),
    dates: ZONES.map((timeZone) => calendar.toPlainDate(`${date}T10:00:00Z`, { timeZone })),
    fromDate: ZONES.map((timeZone) => calendar.toPlainDate(new Date(`${date}T10:00:00Z`), { timeZone })),
  }));
}

describe('the time zone of the host', () => {
  it('is really changed by this test', () => {
    process.env.TZ = 'Pacific/Apia';
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(-780);
    process.env.TZ = 'America/Los_Angeles';
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(480);
  });

  it.each(ZONES)('changes nothing: %s', (timeZone) => {
    process.env.TZ = 'UTC';
    const expected = computeAll();
    process.env.TZ = timeZone;
    expect(computeAll()).toEqual(expected);
  });

  it('gives the quarter of its first day in every zone', () => {
    for (const timeZone of ZONES) {
      process.env.TZ = timeZone;
      expect(calendar.periodOf('2026-01-01', { unit: 'quarter' })).toEqual({ start: '2026-01-01', endExclusive: '2026-04-01', label: '2026-Q1' });
      expect(calendar.addMonths('2011-11-30', 1)).toBe('2011-12-30');
      expect(calendar.periodOf('2012-01-01', { unit: 'week' }).label).toBe('2011-W52');
    }
  });
});
