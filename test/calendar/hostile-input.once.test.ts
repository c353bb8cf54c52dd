import * as calendar from 'dealwright/calendar';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const huge = 'Z'.repeat(10_000_000);
const hugeDate = '2026-02-14'.padEnd(10_000_000, '0');
const nested = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown;
const hostile: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -0,
  -1,
  1,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  JSON.parse('1e400'),
  5n,
  '',
  '0x10',
  '1_000',
  '2026-02-30',
  '2026-02-14',
  '2026-02-14T09:30:00Z',
  '2026-Q1',
  'FY2026-P07',
  '__proto__',
  'constructor',
  huge,
  hugeDate,
  [],
  [[]],
  nested,
  {},
  { start: '2026-01-01', endExclusive: '2026-04-01' },
  { start: 1, endExclusive: [] },
  { timeZone: 'UTC' },
  { timeZone: huge },
  { unit: 'month' },
  { unit: huge, calendar: null },
  { calendar: { kind: 'months', startMonth: 7, yearName: 'end' }, unit: 'year' },
  { weekend: [], holidays: [] },
  { weekend: [6, 7], holidays: [hugeDate] },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}},"unit":"month"}'),
  { active: { start: '2026-01-01', endExclusive: null }, period: '2026' },
  { active: null, period: null },
  { convention: 'whole-months', monthRule: null },
  { year: 2026, month: 2, day: 14 },
  { year: 1e400, month: '2', day: {} },
  new Array(100_000),
  Symbol('x'),
  () => '2026',
  new Date(0),
  new Date(Number.NaN),
  new Map(),
  Object.create(null),
];
const value = fc.oneof(fc.constantFrom(...hostile), fc.jsonValue(), fc.anything());

type AnyFunction = (...values: readonly unknown[]) => unknown;
const functions = Object.entries(calendar).flatMap(([name, exported]): [string, AnyFunction][] =>
  // Called with anything at all, so what the parameters are does not matter.
  typeof exported === 'function' ? [[name, exported as unknown as AnyFunction]] : [],
);

const isFunction = (given: unknown): given is AnyFunction => typeof given === 'function';

/** Whether a result can be stored: no exotic objects, no NaN, no undefined within. Factories return functions. */
function isPlain(result: unknown): boolean {
  if (result === undefined) return false;
  return typeof result === 'function' || JSON.stringify(JSON.parse(JSON.stringify(result))) === JSON.stringify(result);
}

describe.each(functions)('%s', (name, call) => {
  it('gives a value or a DomainError, whatever it is called with', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (args) => {
        // The path of a reader is written by the caller's own code.
        const given = name.startsWith('read') || name.startsWith('validate') || name === 'parsePlainDate' ? [args[0], [], ...(name === 'readPeriod' ? [args[2]] : [])] : args;
        try {
          const result = call(...given);
          expect(isPlain(result), `${name} gave ${String(result)}`).toBe(true);
          expect(typeof result === 'number' && !Number.isFinite(result)).toBe(false);
          if (isFunction(result)) result(args[1]);
        } catch (error) {
          if (!isDomainError(error)) throw error;
        }
      }),
      { seed: 20260101, numRuns: 600 },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('changes none of its arguments', () => {
    const args = [
      Object.freeze({ start: '2026-01-01', endExclusive: '2026-04-01', label: 'x', unit: 'month', timeZone: 'UTC', kind: 'months', startMonth: 1, yearName: 'end' }),
      Object.freeze(['2026-02-01', '2026-01-01']),
      Object.freeze({ unit: 'month', calendar: Object.freeze({ kind: 'months', startMonth: 7, yearName: 'end' }) }),
    ];
    for (const first of args) {
      for (const second of args) {
        try {
          call(first, ...(name.startsWith('read') || name.startsWith('validate') || name === 'parsePlainDate' ? [] : [second]));
        } catch (error) {
          expect(isDomainError(error)).toBe(true);
        }
      }
    }
  });
});

describe('work that cannot be asked for', () => {
  it('is refused or done at once', () => {
    const started = performance.now();
    expect(calendar.listPeriods({ start: '0001-01-01', endExclusive: '9998-01-01' }, { unit: 'year' })).toHaveLength(9_997);
    expect(() => calendar.addMonths('2026-01-01', 1e9)).toThrowError();
    expect(() => calendar.shiftPeriod('2026', Number.MAX_SAFE_INTEGER)).toThrowError();
    expect(() => calendar.addWorkingDays('2026-01-01', Number.MAX_SAFE_INTEGER, { weekend: [1, 2, 3, 4, 5, 6], holidays: [] })).toThrowError();
    expect(() => calendar.parsePlainDate(hugeDate)).toThrowError();
    expect(() => calendar.parsePeriod(huge)).toThrowError();
    expect(() => calendar.instantOf(huge, { timeZone: 'UTC' })).toThrowError();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
