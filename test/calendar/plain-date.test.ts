import { type DateInput, isPlainDate, type PlainDate, parsePlainDate, readPlainDate } from 'dealwright/calendar';
import { type Issue, isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';

function issueOf(value: unknown): Issue {
  const result = readPlainDate(value, ['deals', 3, 'closedOn']);
  if (typeof result === 'string') throw new Error(`accepted ${result}`);
  return result;
}

/** The parts of a `Temporal.PlainDate`: getters of a class. */
class LikeTemporal {
  get calendarId(): string {
    return 'iso8601';
  }
  get year(): number {
    return 2026;
  }
  get month(): number {
    return 2;
  }
  get day(): number {
    return 14;
  }
}

describe('parsePlainDate', () => {
  it('reads text and parts', () => {
    expect(parsePlainDate('2024-02-29')).toBe('2024-02-29');
    expect(parsePlainDate({ year: 33, month: 4, day: 3 })).toBe('0033-04-03');
    expect(parsePlainDate(new LikeTemporal())).toBe('2026-02-14');
    expect(parsePlainDate('0001-01-01')).toBe('0001-01-01');
    expect(parsePlainDate('9999-12-31')).toBe('9999-12-31');
  });

  it.each<[unknown, string]>([
    [{ year: 2026, month: 2, day: 29 }, 'invalid_date'],
    [{ year: 2026, month: 0, day: 1 }, 'invalid_date'],
    [{ year: 10_000, month: 1, day: 1 }, 'invalid_date'],
    [{ year: 2026.5, month: 1, day: 1 }, 'invalid_date'],
    [{ year: 2026, month: 1 }, 'invalid_date'],
    [{ year: 2026, month: 1, day: 1, hour: 5 }, 'invalid_date'],
    [{ year: 5786, month: 1, day: 1, calendarId: 'hebrew' }, 'invalid_date'],
    [{ year: '2026', month: '1', day: '1' }, 'invalid_date'],
    [[2026, 1, 1], 'invalid_date'],
    [20_260_101, 'invalid_date'],
    [null, 'invalid_date'],
    [undefined, 'invalid_date'],
    [new Date(0), 'date_instance_not_allowed'],
    [new Date(Number.NaN), 'date_instance_not_allowed'],
    ['2026-02-14T00:00:00Z', 'invalid_date'],
  ])('refuses %o', (input, code) => {
    expect(() => parsePlainDate(input as DateInput, ['asOf'])).toThrowError(expect.objectContaining({ code, issues: [expect.objectContaining({ path: ['asOf'] })] }));
  });

  it('survives an object whose getters throw', () => {
    const hostile = new Proxy(
      { year: 2026, month: 1, day: 1 },
      {
        get: () => {
          throw new TypeError('hostile');
        },
      },
    );
    expect(() => parsePlainDate(hostile)).toThrowError(expect.objectContaining({ code: 'invalid_date' }));
  });

  it('takes dates only, as far as the compiler knows', () => {
    expectTypeOf(parsePlainDate).returns.toEqualTypeOf<PlainDate>();
    // @ts-expect-error a Date depends on a time zone
    expect(() => parsePlainDate(new Date(0))).toThrowError(/toPlainDate/);
    // @ts-expect-error a number is no date
    expect(() => parsePlainDate(20_260_101)).toThrowError(expect.objectContaining({ code: 'invalid_date' }));
  });
});

describe('readPlainDate', () => {
  it('gives the date or the issue with its path', () => {
    expect(readPlainDate('2026-02-14')).toBe('2026-02-14');
    expect(issueOf('2026-02-30')).toEqual({
      code: 'invalid_date',
      path: ['deals', 3, 'closedOn'],
      message: expect.any(String),
      expected: 'a real date written YYYY-MM-DD',
      received: '"2026-02-30"',
      hint: 'February 2026 has 28 days',
    });
    expectTypeOf(readPlainDate).returns.toEqualTypeOf<PlainDate | Issue>();
  });

  it('takes text only, since that is what records hold', () => {
    expect(issueOf({ year: 2026, month: 2, day: 14 }).code).toBe('invalid_date');
  });

  it.each([
    ['', 'an absent date is null, not an empty text'],
    ['2023-02-29', 'February 2023 has 28 days'],
    ['2026-06-31', 'June 2026 has 30 days'],
    ['2026-14-01', 'months run from 01 to 12'],
    ['2026-01-00', 'days begin at 01'],
    ['0000-01-01', 'years run from 0001 to 9999'],
    ['2026-02-14T10:00:00Z', 'this is a point in time; toPlainDate gives its date in a time zone'],
    ['2026-02-14 10:00', 'this is a point in time; toPlainDate gives its date in a time zone'],
    ['2026/2/14', 'write it with hyphens, and months and days with two digits'],
    ['2026-2-14', 'write it with hyphens, and months and days with two digits'],
    ['20260214', 'did you mean "2026-02-14"?'],
    ['14.02.2026', 'write the year first: YYYY-MM-DD'],
    ['2/14/26', 'write the year first: YYYY-MM-DD'],
  ])('says how to put %j right', (text, hint) => {
    expect(issueOf(text).hint).toBe(hint);
  });

  it('answers huge and hostile values at once', () => {
    for (const value of ['2'.repeat(10_000_000), '2026-02-14'.padEnd(10_000_000, '-'), '__proto__', {}, [], () => '2026-02-14', Symbol('x'), 10n, Number.NaN]) {
      expect(issueOf(value).code).toBe('invalid_date');
    }
  });

  it('never throws, and agrees with isPlainDate and parsePlainDate', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
          fc.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        ),
        (value) => {
          const read = readPlainDate(value);
          expect(isPlainDate(value)).toBe(typeof read === 'string');
          if (typeof read === 'string') expect(parsePlainDate(value as string)).toBe(read);
          else {
            try {
              parsePlainDate(value as string);
            } catch (error) {
              expect(isDomainError(error)).toBe(true);
            }
          }
        },
      ),
      { seed: 20260101, numRuns: 2_000 },
    );
  });

  it('narrows by isPlainDate', () => {
    const value: unknown = '2026-02-14';
    if (isPlainDate(value)) expectTypeOf(value).toEqualTypeOf<string>();
    expect(isPlainDate(value)).toBe(true);
    expect(isPlainDate('2026-02-29')).toBe(false);
    expect(isPlainDate(new Date())).toBe(false);
  });
});
