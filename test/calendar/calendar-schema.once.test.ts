import {
  type FiscalCalendar,
  type Period,
  type PlainDate,
  readPeriod,
  readPlainDate,
  validateFiscalCalendar,
  validateWorkingCalendar,
  type WorkingCalendar,
} from 'dealwright/calendar';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { eventTimeSchema, fiscalCalendarSchema, periodSchema, plainDateSchema, workingCalendarSchema } from '../../src/calendar/calendar.schema.js';
import { readEventTime } from '../../src/calendar/instant.js';

const date = fc.oneof(fc.stringMatching(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/), fc.stringMatching(/^\d{4}-\d{2}-\d{2}$/), fc.jsonValue());
const small = fc.oneof(fc.integer({ min: -1, max: 14 }), fc.constantFrom('1', null, 1.5));
const values = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.json().map((text): unknown => JSON.parse(text)) },
  { weight: 2, arbitrary: date },
  { weight: 1, arbitrary: fc.constantFrom('2026-02-14T10:00:00Z', '2026-02-14T10:00:00', '2026-W07', '2026-Q1') },
  {
    weight: 4,
    arbitrary: fc.record(
      { start: date, endExclusive: date, label: fc.oneof(fc.string(), fc.constantFrom('2026', '__proto__', 'constructor', 5)), extra: fc.anything() },
      { requiredKeys: ['start', 'endExclusive'] },
    ),
  },
  { weight: 2, arbitrary: fc.tuple(date, date).map(([start, endExclusive]) => ({ start, endExclusive, label: 'x' })) },
  {
    weight: 3,
    arbitrary: fc.record(
      { kind: fc.constantFrom('months', 'weeks'), startMonth: small, yearName: fc.constantFrom('start', 'end', 'both'), extra: small },
      { requiredKeys: ['kind', 'startMonth', 'yearName'] },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        kind: fc.constantFrom('4-4-5', '4-5-4', '5-4-4', '5-5-3'),
        endMonth: fc.integer({ min: 1, max: 13 }),
        endWeekday: fc.integer({ min: 1, max: 8 }),
        rule: fc.constantFrom('last-weekday-of-month', 'nearest-to-month-end', 'last'),
        yearName: fc.constantFrom('start', 'end'),
        extraWeekIn: small,
      },
      { requiredKeys: ['kind', 'endMonth', 'endWeekday', 'rule', 'yearName'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ weekend: fc.array(small, { maxLength: 8 }), holidays: fc.array(date, { maxLength: 3 }) }, { requiredKeys: [] }) },
  {
    weight: 2,
    arbitrary: fc.record({
      weekend: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 7 }),
      holidays: fc.array(fc.constantFrom('2026-01-01', '2026-02-30'), { maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('{"start":"2026-01-01","endExclusive":"2026-04-01","label":"x","__proto__":{}}', '{"kind":"months","startMonth":1,"yearName":"end","constructor":1}')
      .map((text): unknown => JSON.parse(text)),
  },
);

/** Codes and paths that a schema reports. */
function problems(schema: z.ZodType, value: unknown): readonly string[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.code === 'custom' ? String(issue.params?.code) : issue.code} ${issue.path.map(String).join('.')}`);
}

const shown = (issues: readonly { readonly code: string; readonly path: readonly (string | number)[] }[]): readonly string[] =>
  issues.map((issue) => `${issue.code} ${issue.path.join('.')}`);

describe('schemas', () => {
  it('find what the readers find', () => {
    const accepted = new Map<string, number>();
    fc.assert(
      fc.property(values, (value) => {
        const plainDate = readPlainDate(value);
        expect(problems(plainDateSchema, value)).toEqual(typeof plainDate === 'string' ? [] : shown([plainDate]));
        const time = readEventTime(value);
        expect(problems(eventTimeSchema, value)).toEqual(typeof time === 'string' ? [] : shown([time]));
        const period = readPeriod(typeof value === 'string' ? [value] : value);
        if ('code' in period) expect(problems(periodSchema, value)[0]).toBe(shown([period])[0]);
        else expect(periodSchema.parse(value)).toEqual(period);
        expect(problems(fiscalCalendarSchema, value)).toEqual(shown(validateFiscalCalendar(value)));
        expect(problems(workingCalendarSchema, value)).toEqual(shown(validateWorkingCalendar(value)));
        for (const [name, schema] of Object.entries({ plainDateSchema, eventTimeSchema, periodSchema, fiscalCalendarSchema, workingCalendarSchema })) {
          if (schema.safeParse(value).success) accepted.set(name, (accepted.get(name) ?? 0) + 1);
        }
      }),
      { seed: 20260101, numRuns: 4_000 },
    );
    // The property would prove little if nothing were ever accepted.
    expect([...accepted.keys()].sort()).toEqual(['eventTimeSchema', 'fiscalCalendarSchema', 'periodSchema', 'plainDateSchema', 'workingCalendarSchema']);
  });

  it('agree with the types both ways', () => {
    expectTypeOf<z.output<typeof plainDateSchema>>().toEqualTypeOf<PlainDate>();
    expectTypeOf<z.output<typeof periodSchema>>().toEqualTypeOf<Period>();
    expectTypeOf<z.input<typeof periodSchema>>().toEqualTypeOf<Period>();
    expectTypeOf<z.output<typeof fiscalCalendarSchema>>().toEqualTypeOf<FiscalCalendar>();
    expectTypeOf<z.output<typeof workingCalendarSchema>>().toEqualTypeOf<WorkingCalendar>();
  });

  it('serve within other schemas, and as JSON Schema', () => {
    const record = z.strictObject({ closedOn: plainDateSchema.nullable(), period: z.exactOptional(periodSchema) });
    expect(record.parse({ closedOn: null })).toEqual({ closedOn: null });
    expect(record.parse({ closedOn: '2026-02-14', period: { start: '2026-01-01', endExclusive: '2026-04-01', label: '2026-Q1' } })).toBeDefined();
    expect(record.safeParse({ closedOn: '2026-02-30' }).error?.issues[0]).toMatchObject({ path: ['closedOn'], params: { code: 'invalid_date' } });
    expect(record.safeParse({}).success).toBe(false);
    expect(z.toJSONSchema(periodSchema, { io: 'output' })).toMatchObject({ type: 'object', required: ['start', 'endExclusive', 'label'], additionalProperties: false });
  });
});
