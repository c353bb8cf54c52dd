import { isDomainError } from 'dealwright/errors';
import * as organization from 'dealwright/organization';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/* Whatever JSON is passed where, the answer is a result or a DomainError, soon. */
const functions = Object.entries(organization as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
  typeof value === 'function' ? [[name, value as (...args: readonly unknown[]) => unknown] as const] : [],
);

const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(undefined, Number.NaN, Number.POSITIVE_INFINITY, 10n ** 40n, '0x10', '1e400', '__proto__', new Date(0), () => 0, Symbol('x'), [undefined], new Array(3)),
  fc.record({
    reports: fc.array(
      fc.record({
        memberId: fc.constantFrom<unknown>('a', 'b', 1, null),
        managerId: fc.constantFrom<unknown>('a', 'b', '__proto__'),
        from: fc.constantFrom<unknown>('2026-01-01', 'x', 3),
        to: fc.constantFrom<unknown>('2026-01-01', undefined),
      }),
    ),
  }),
  fc.array(fc.record({ id: fc.constantFrom<unknown>('a', 'constructor', ''), kind: fc.constantFrom<unknown>('hybrid', 'x'), where: fc.jsonValue() })),
  fc.record({
    on: fc.constantFrom<unknown>('2026-01-01', 'x'),
    depth: fc.constantFrom<unknown>('all', 7),
    territories: fc.array(fc.record({ id: fc.string(), kind: fc.constant('hybrid'), where: fc.jsonValue() })),
  }),
);

test.each(functions)('%s', (_name, call) => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (a, b, c) => {
      try {
        const result = call(a, b, c);
        if (typeof result === 'object' && result !== null) expect(JSON.stringify(result)).not.toContain('null,null,null,null,null');
      } catch (error) {
        expect(isDomainError(error), String(error)).toBe(true);
      }
    }),
    { seed: 20260101, numRuns: 400 },
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('ten megabytes of text are refused unread', () => {
  const long = 'x'.repeat(10_000_000);
  expect(organization.validateAccount({ id: long })[0]?.code).toBe('too_long');
  expect(organization.validateHierarchy({ reports: [{ memberId: long, managerId: 'b', from: long }] }).map((issue) => issue.code)).toEqual(['too_long', 'invalid_date']);
  expect(organization.validateTerritories([{ id: 't', kind: 'hybrid', where: { [long]: 1 } }]).map((issue) => issue.code)).toEqual(['unknown_key']);
});
