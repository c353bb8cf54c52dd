import {
  addDays,
  countWorkingDays,
  defineWorkingCalendar,
  type FiscalCalendar,
  isWithin,
  isWorkingDay,
  listPeriods,
  type ProrateOptions,
  type Proration,
  type ProrationConvention,
  parsePeriod,
  periodOf,
  prorate,
  shiftPeriod,
} from 'dealwright/calendar';
import { divideDecimals } from 'dealwright/decimal';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

const workingCalendar = defineWorkingCalendar({ holidays: ['2026-01-01', '2026-01-06', '2026-12-25'] });
const from = (start: string, endExclusive: string | null = null): { readonly start: string; readonly endExclusive: string | null } => Object.freeze({ start, endExclusive });

function share(start: string, endExclusive: string | null, period: string, options: ProrateOptions = {}): string {
  const { numerator, denominator } = prorate(Object.freeze({ active: from(start, endExclusive), period }), Object.freeze(options));
  return `${numerator}/${denominator}`;
}

describe('prorate', () => {
  it('counts actual days', () => {
    expect(prorate({ active: from('2025-01-15'), period: '2025-01' })).toEqual({
      numerator: 17,
      denominator: 31,
      unit: 'days',
      factor: '0.548387096774',
      rounding: { scale: 12, mode: 'half-up' },
      convention: 'actual-days',
      startDay: 'included',
    });
    expect(share('2026-02-10', '2026-03-01', '2026-Q1')).toBe('19/90');
    expect(share('2028-02-29', '2028-03-01', '2028')).toBe('1/366');
    expectTypeOf(prorate).returns.toEqualTypeOf<Proration>();
  });

  it('counts months as thirty days', () => {
    const options = { convention: '30-360' } as const;
    expect(share('2026-02-01', null, '2026', options)).toBe('330/360');
    expect(share('2026-02-15', null, '2026-02', options)).toBe('16/30');
    expect(share('2026-01-31', null, '2026-01', options)).toBe('1/30');
    expect(share('2026-01-30', null, '2026-01', options)).toBe('1/30');
    expect(share('2026-01-16', '2026-01-31', '2026-01', options)).toBe('14/30');
    expect(share('2028-02-29', null, '2028-02', options)).toBe('2/30');
  });

  it('counts working days', () => {
    const options = { convention: 'working-days', workingCalendar } as const;
    // January 2026 has 22 weekdays, two of them holidays here.
    expect(share('2025-01-01', null, '2026-01', options)).toBe('20/20');
    expect(share('2026-01-15', null, '2026-01', options)).toBe('12/20');
    expect(share('2026-01-03', '2026-01-05', '2026-01', options)).toBe('0/20');
    expect(prorate({ active: from('2026-01-15'), period: '2026-01' }, options).unit).toBe('working-days');
  });

  it('counts whole months by a stated rule', () => {
    const rule = { convention: 'whole-months', monthRule: { hiredByDay: 15 } } as const;
    expect(share('2026-02-15', null, '2026-Q1', rule)).toBe('2/3');
    expect(share('2026-02-16', null, '2026-Q1', rule)).toBe('1/3');
    expect(share('2025-01-01', '2026-03-15', '2026-Q1', rule)).toBe('2/3');
    expect(share('2025-01-01', '2026-03-16', '2026-Q1', rule)).toBe('3/3');
    expect(share('2026-02-28', null, '2026-02', { convention: 'whole-months', monthRule: { hiredByDay: 31 } })).toBe('1/1');
    expect(share('2026-02-15', null, '2026-Q1', { convention: 'whole-months' })).toBe('1/3');
    expect(share('2026-02-01', null, '2026-Q1', { convention: 'whole-months' })).toBe('2/3');
    expect(prorate({ active: from('2026-02-01'), period: '2026-Q1' }, { convention: 'whole-months' }).monthRule).toBeNull();
    expect(prorate({ active: from('2026-02-01'), period: '2026-Q1' }, rule).monthRule).toEqual({ hiredByDay: 15 });
  });

  it('counts months from the first day of the period, or those of a fiscal calendar', () => {
    const shifted = { start: '2026-01-15', endExclusive: '2026-04-15' };
    expect(prorate({ active: from('2026-02-15'), period: shifted }, { convention: 'whole-months' }).numerator).toBe(2);
    const retail: FiscalCalendar = { kind: '4-5-4', endMonth: 1, endWeekday: 6, rule: 'nearest-to-month-end', yearName: 'start' };
    expect(share('2023-02-26', null, 'FY2023-Q1', { convention: 'whole-months', calendar: retail })).toBe('2/3');
    expect(() => prorate({ active: from('2023-02-26'), period: parsePeriod('FY2023-Q1', { calendar: retail }) }, { convention: 'whole-months' })).toThrowError(
      /pass the fiscal calendar/,
    );
    expect(() => prorate({ active: from('2026-01-01'), period: { start: '2026-01-01', endExclusive: '2026-01-20' } }, { convention: 'actual-365' })).toThrowError(
      expect.objectContaining({ code: 'invalid_period' }),
    );
  });

  it('counts days of a year of 365, and a full period as one', () => {
    const options = { convention: 'actual-365' } as const;
    expect(share('2025-07-01', null, '2025', options)).toBe('184/365');
    expect(share('2024-01-02', null, '2024', options)).toBe('365/365');
    expect(share('2024-01-01', null, '2024', options)).toBe('365/365');
    expect(share('2026-01-02', null, '2026-Q1', options)).toBe('356/365');
    expect(share('2026-02-15', null, '2026-02', options)).toBe('168/365');
    expect(prorate({ active: from('2026-02-15'), period: '2026-02' }, options).factor).toBe('0.460273972603');
  });

  it('can leave out the day of hire', () => {
    expect(share('2025-01-15', null, '2025-01', { startDay: 'excluded' })).toBe('16/31');
    expect(share('2024-12-31', null, '2025-01', { startDay: 'excluded' })).toBe('31/31');
    expect(share('2025-01-31', null, '2025-01', { startDay: 'excluded' })).toBe('0/31');
    expect(share('2025-01-15', '2025-01-15', '2025-01', { startDay: 'excluded' })).toBe('0/31');
  });

  it('rounds the factor once, as asked', () => {
    expect(prorate({ active: from('2026-02-01', '2026-03-01'), period: '2026-Q1' }, { rounding: { scale: 4 } })).toMatchObject({
      factor: '0.3111',
      rounding: { scale: 4, mode: 'half-up' },
    });
    expect(prorate({ active: from('2026-02-01', '2026-03-01'), period: '2026-Q1' }, { rounding: { scale: 2, mode: 'up' } }).factor).toBe('0.32');
  });

  it('is zero where nothing was active', () => {
    for (const [start, end] of [
      ['2025-01-01', '2026-01-01'],
      ['2026-04-01', null],
      ['2026-02-01', '2026-02-01'],
    ] as const)
      expect(share(start, end, '2026-Q1')).toBe('0/90');
    expect(prorate({ active: from('2026-04-01'), period: '2026-Q1' }).factor).toBe('0');
  });

  it('refuses a period without anything to count', () => {
    const empty = { start: '2026-01-03', endExclusive: '2026-01-03' };
    expect(() => prorate({ active: from('2026-01-01'), period: empty })).toThrowError(expect.objectContaining({ code: 'empty_period' }));
    const weekend = { start: '2026-01-03', endExclusive: '2026-01-05' };
    expect(() => prorate({ active: from('2026-01-01'), period: weekend }, { convention: 'working-days', workingCalendar })).toThrowError(
      expect.objectContaining({ code: 'empty_period' }),
    );
    expect(() => prorate({ active: from('2026-01-01'), period: { start: '2026-01-30', endExclusive: '2026-01-31' } }, { convention: '30-360' })).toThrowError(
      expect.objectContaining({ code: 'empty_period' }),
    );
  });

  it('reports everything that is wrong with a call', () => {
    try {
      prorate(
        { active: { start: '2026-02-30', endExclusive: undefined }, period: '2026-Q5' } as never,
        { convention: 'actual', startDay: 'in', monthRule: { hiredByDay: 0 }, rounding: { scale: -1 }, workingCalender: workingCalendar } as never,
      );
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && error.issues.map((issue) => `${issue.code} ${issue.path.join('.')}`)).toEqual([
        'unknown_key workingCalender',
        'invalid_value convention',
        'invalid_value startDay',
        'invalid_rounding rounding.scale',
        'out_of_range monthRule.hiredByDay',
        'invalid_period period',
        'invalid_date active.start',
        'invalid_date active.endExclusive',
      ]);
    }
    expect(() => prorate({ active: from('2026-01-01'), period: '2026' }, { convention: 'working-days' })).toThrowError(expect.objectContaining({ code: 'missing_key' }));
    expect(() => prorate({ active: from('2026-02-01', '2026-01-01'), period: '2026' })).toThrowError(expect.objectContaining({ code: 'invalid_period' }));
    // @ts-expect-error conventions are named
    expect(() => prorate({ active: from('2026-01-01'), period: '2026' }, { convention: 'thirty' })).toThrowError();
  });
});

const months = fc.integer({ min: 0, max: 240 }).map((index) => shiftPeriod('2015-01', index).start);
const cases = fc.record({
  start: months,
  unit: fc.constantFrom('month', 'quarter', 'half', 'year'),
  cut: fc.float({ min: 0, max: 1, noNaN: true }),
  lead: fc.nat(500),
  tail: fc.nat(500),
});

describe('shares', () => {
  const conventions: readonly [ProrationConvention, ProrateOptions][] = [
    ['actual-days', {}],
    ['30-360', {}],
    ['working-days', { workingCalendar }],
    ['whole-months', {}],
    ['whole-months', { monthRule: { hiredByDay: 15 } }],
    ['actual-365', {}],
  ];

  it.each(conventions)('are one on a full period: %s %o', (convention, details) => {
    fc.assert(
      fc.property(cases, ({ start, unit, lead, tail }) => {
        const period = periodOf(start, { unit });
        const whole = prorate(
          { active: { start: addDays(period.start, -lead), endExclusive: tail === 0 ? null : addDays(period.endExclusive, tail) }, period },
          { ...details, convention },
        );
        expect([whole.numerator, whole.factor]).toEqual([whole.denominator, '1']);
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  it.each(conventions.filter(([convention, details]) => convention !== 'actual-365' && (convention !== 'whole-months' || details.monthRule !== undefined)))(
    'of adjoining parts add up: %s %o',
    (convention, details) => {
      fc.assert(
        fc.property(cases, fc.float({ min: 0, max: 1, noNaN: true }), ({ start, unit, cut, lead, tail }, second) => {
          const period = periodOf(start, { unit });
          const [first, last] = [addDays(period.start, 100 - lead), addDays(period.endExclusive, tail - 100)];
          fc.pre(first <= last);
          const days = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000);
          const cuts = [first, ...[cut, second].sort((a, b) => a - b).map((at) => addDays(first, Math.floor(at * days))), last];
          const options = { ...details, convention };
          const whole = prorate({ active: { start: first, endExclusive: last }, period }, options);
          const parts = cuts.slice(1).map((end, index) => prorate({ active: { start: cuts[index] ?? first, endExclusive: end }, period }, options));
          expect(parts.every((part) => part.denominator === whole.denominator)).toBe(true);
          expect(parts.reduce((sum, part) => sum + part.numerator, 0)).toBe(whole.numerator);
        }),
        { seed: 20260101, numRuns: 400 },
      );
    },
  );

  it('of a split month are lost without a month rule, as documented', () => {
    const options = { convention: 'whole-months' } as const;
    expect([share('2026-01-01', '2026-02-10', '2026-Q1', options), share('2026-02-10', '2026-04-01', '2026-Q1', options)]).toEqual(['1/3', '1/3']);
  });

  it.each(conventions)('lie between none and all, and the factor is the fraction: %s %o', (convention, details) => {
    fc.assert(
      fc.property(cases, ({ start, unit, lead, tail }) => {
        const period = periodOf(start, { unit });
        const active = { start: addDays(period.start, lead - 250), endExclusive: addDays(period.start, lead - 250 + tail) };
        const { numerator, denominator, factor, rounding } = prorate({ active, period }, { ...details, convention });
        expect(Number.isInteger(numerator) && Number.isInteger(denominator) && numerator >= 0 && numerator <= denominator && denominator > 0).toBe(true);
        expect(factor).toBe(divideDecimals(numerator, denominator, rounding));
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  it('are what counting day by day gives', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 31 }), ({ start, unit, lead, tail }, hiredByDay) => {
        const period = periodOf(start, { unit });
        const active = { start: addDays(period.start, lead - 250), endExclusive: addDays(period.start, lead - 250 + tail) };
        let [days, working] = [0, 0];
        for (let date = period.start; date < period.endExclusive; date = addDays(date, 1)) {
          if (!isWithin(date, active)) continue;
          days += 1;
          if (isWorkingDay(date, workingCalendar)) working += 1;
        }
        expect(prorate({ active, period }).numerator).toBe(days);
        expect(prorate({ active, period }, { convention: 'working-days', workingCalendar })).toMatchObject({
          numerator: working,
          denominator: countWorkingDays(period.start, period.endExclusive, workingCalendar),
        });
        const counted = listPeriods(period, { unit: 'month' }).filter((month) => {
          const day = addDays(month.start, hiredByDay - 1);
          return isWithin(day < month.endExclusive ? day : addDays(month.endExclusive, -1), active);
        });
        expect(prorate({ active, period }, { convention: 'whole-months', monthRule: { hiredByDay } }).numerator).toBe(counted.length);
      }),
      { seed: 20260101, numRuns: 100 },
    );
  });
});

interface WorkedCase {
  readonly id: string;
  readonly facts: { readonly start: string; readonly quota: number; readonly period: readonly [string, string] };
  readonly expected: { readonly active_days: number; readonly total_days: number; readonly quota: number };
}

describeWithReference('worked cases of proration', () => {
  it('by calendar days', () => {
    const file = readReferenceJson<readonly WorkedCase[] | { readonly cases: readonly WorkedCase[] }>('cases/compensation.json');
    const found = ('cases' in file ? file.cases : file).find((entry) => entry.id === 'proration-trampe');
    expect(found).toBeDefined();
    if (found === undefined) return;
    const period = { start: found.facts.period[0], endExclusive: addDays(found.facts.period[1], 1) };
    const { numerator, denominator } = prorate({ active: { start: found.facts.start, endExclusive: null }, period });
    expect([numerator, denominator]).toEqual([found.expected.active_days, found.expected.total_days]);
    expect(Number(divideDecimals(found.facts.quota * numerator, denominator, { scale: 6 }))).toBe(found.expected.quota);
  });
});
