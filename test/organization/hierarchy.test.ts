import { isDomainError } from 'dealwright/errors';
import { createHierarchyReader, defineHierarchy, type Hierarchy, managerOf, managersOf, type ReportingLine, teamOf, validateHierarchy } from 'dealwright/organization';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';

const reports: readonly ReportingLine[] = Object.freeze([
  { memberId: 'ann', managerId: 'max', from: '2026-01-01', to: '2026-04-01' },
  { memberId: 'ann', managerId: 'zoe', from: '2026-04-01' },
  { memberId: 'bob', managerId: 'max', from: '2026-01-01' },
  { memberId: 'max', managerId: 'vic', from: '2026-01-01' },
  { memberId: 'zoe', managerId: 'vic', from: '2026-01-01', to: '2026-07-01' },
]);
const sales: Hierarchy = Object.freeze({ reports });

const codes = (value: unknown): readonly string[] => validateHierarchy(value).map((issue) => issue.code);
const line = (memberId: string, managerId: string, from: string, to?: string): ReportingLine => ({ memberId, managerId, from, ...(to === undefined ? {} : { to }) });

describe('who reports to whom, as of a date', () => {
  test('the manager changes on the first day of the new line', () => {
    expect(managerOf(sales, 'ann', { on: '2026-03-31' })).toBe('max');
    expect(managerOf(sales, 'ann', { on: '2026-04-01' })).toBe('zoe');
    expect(managerOf(sales, 'ann', { on: '2025-12-31' })).toBeNull();
    expect(managerOf(sales, 'vic', { on: '2026-04-01' })).toBeNull();
    expect(managerOf(sales, 'nobody', { on: '2026-04-01' })).toBeNull();
  });

  test('the chain upward, nearest first', () => {
    expect(managersOf(sales, 'ann', { on: '2026-05-01' })).toEqual(['zoe', 'vic']);
    expect(managersOf(sales, 'ann', { on: '2026-07-01' })).toEqual(['zoe']);
    expect(managersOf(sales, 'vic', { on: '2026-05-01' })).toEqual([]);
  });

  test('teams: direct reports, or everybody below', () => {
    expect(teamOf(sales, 'vic', { on: '2026-05-01' })).toEqual(['max', 'zoe']);
    expect(teamOf(sales, 'vic', { on: '2026-05-01', depth: 'all' })).toEqual(['ann', 'bob', 'max', 'zoe']);
    expect(teamOf(sales, 'vic', { on: '2026-07-01', depth: 'all' })).toEqual(['bob', 'max']);
    expect(teamOf(sales, 'ann', { on: '2026-05-01', depth: 'all' })).toEqual([]);
  });

  test('spans of time in a team', () => {
    const reader = createHierarchyReader(sales);
    expect(reader.teamSpans('vic', { start: '2026-03-01', endExclusive: '2026-05-01' }, 'all')).toEqual([
      { memberId: 'ann', level: 2, start: '2026-03-01', endExclusive: '2026-05-01' },
      { memberId: 'bob', level: 2, start: '2026-03-01', endExclusive: '2026-05-01' },
      { memberId: 'max', level: 1, start: '2026-03-01', endExclusive: '2026-05-01' },
      { memberId: 'zoe', level: 1, start: '2026-03-01', endExclusive: '2026-05-01' },
    ]);
    expect(reader.teamSpans('max', { start: '2026-03-01', endExclusive: '2026-05-01' })).toEqual([
      { memberId: 'ann', level: 1, start: '2026-03-01', endExclusive: '2026-04-01' },
      { memberId: 'bob', level: 1, start: '2026-03-01', endExclusive: '2026-05-01' },
    ]);
  });
});

describe('what a hierarchy must not say', () => {
  test('two managers on one day', () => {
    expect(codes({ reports: [line('ann', 'max', '2026-01-01'), line('ann', 'zoe', '2026-04-01')] })).toEqual(['overlapping_reports']);
    expect(codes({ reports: [line('ann', 'max', '2026-01-01', '2026-04-01'), line('ann', 'zoe', '2026-04-01')] })).toEqual([]);
    // A long line hides a short one behind which a third begins.
    expect(codes({ reports: [line('ann', 'max', '2026-01-01'), line('ann', 'zoe', '2026-02-01', '2026-03-01'), line('ann', 'vic', '2026-05-01')] })).toEqual([
      'overlapping_reports',
      'overlapping_reports',
    ]);
  });

  test('somebody above themselves, on any day', () => {
    expect(codes({ reports: [line('ann', 'ann', '2026-01-01')] })).toEqual(['reporting_cycle']);
    expect(codes({ reports: [line('a', 'b', '2026-01-01'), line('b', 'c', '2026-01-01'), line('c', 'a', '2026-06-01')] })).toEqual(['reporting_cycle']);
    // Never on the same day.
    expect(codes({ reports: [line('a', 'b', '2026-01-01', '2026-06-01'), line('b', 'a', '2026-06-01')] })).toEqual([]);
    expect(validateHierarchy({ reports: [line('a', 'b', '2026-01-01', '2026-06-02'), line('b', 'a', '2026-06-01')] })[0]).toMatchObject({
      path: ['reports', 1],
      received: '"b → a → b"',
    });
  });

  test('wrong keys, dates and versions', () => {
    expect(codes({ reports: [{ memberId: 'a', managerId: 'b', from: '2026-02-30' }] })).toEqual(['invalid_date']);
    expect(codes({ reports: [{ memberId: 'a', manager: 'b', from: '2026-02-01' }] })).toEqual(['unknown_key', 'invalid_type']);
    expect(codes({ reports: [line('a', 'b', '2026-02-01', '2026-02-01')] })).toEqual(['empty_period']);
    expect(codes({ formatVersion: 2, reports: [] })).toEqual(['unsupported_format_version']);
    expect(codes({ reports: [line('__proto__', 'b', '2026-02-01')] })).toEqual(['reserved_key']);
    expect(codes(null)).toEqual(['invalid_type']);
  });

  test('defineHierarchy throws with all of it', () => {
    expect(defineHierarchy(sales)).toBe(sales);
    try {
      defineHierarchy({ reports: [line('a', 'a', '2026-01-01'), line('b', 'c', '2026-13-01')] });
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error, 'reporting_cycle') && error.name === 'InvalidHierarchyError' && error.issues.length).toBe(2);
    }
    // @ts-expect-error a misspelt key
    expect(() => defineHierarchy({ reports: [{ memberId: 'a', mangerId: 'b', from: '2026-01-01' }] })).toThrow(/managerId/);
    expectTypeOf(managerOf(sales, 'ann', { on: '2026-01-01' })).toEqualTypeOf<string | null>();
  });

  test('long chains and large teams take no time', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => line(`m${index}`, `m${index + 1}`, '2026-01-01'));
    expect(codes({ reports: chain })).toEqual([]);
    expect(codes({ reports: [...chain, line('m20000', 'm0', '2026-01-02')] })).toEqual(['reporting_cycle']);
    const wide = { reports: Array.from({ length: 50_000 }, (_, index) => line(`m${index}`, 'boss', '2026-01-01')) };
    expect(teamOf(wide, 'boss', { on: '2026-02-01', depth: 'all' })).toHaveLength(50_000);
  });
});

describe('against a slow reading', () => {
  const day = (index: number): string => `2026-01-${String(index + 1).padStart(2, '0')}`;
  const arbitraryReports = fc.array(
    fc.record({
      memberId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      managerId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      first: fc.integer({ min: 0, max: 8 }),
      length: fc.integer({ min: 1, max: 8 }),
    }),
    { maxLength: 7 },
  );
  const slowManager = (list: readonly ReportingLine[], member: string, on: string): string | null =>
    list.find((entry) => entry.memberId === member && entry.from <= on && (entry.to ?? '9') > on)?.managerId ?? null;

  test('validation, managers and teams agree with looking at every day', () => {
    fc.assert(
      fc.property(arbitraryReports, fc.integer({ min: 0, max: 16 }), (drafts, at) => {
        const list = drafts.map(({ memberId, managerId, first, length }) => line(memberId, managerId, day(first), day(first + length)));
        const everyDay = Array.from({ length: 18 }, (_, index) => day(index));
        const sound = everyDay.every((on) =>
          ['a', 'b', 'c', 'd', 'e'].every((member) => {
            if (list.filter((entry) => entry.memberId === member && entry.from <= on && (entry.to ?? '9') > on).length > 1) return false;
            let next = slowManager(list, member, on);
            for (let steps = 0; next !== null && steps < 6; steps += 1) {
              if (next === member) return false;
              next = slowManager(list, next, on);
            }
            return true;
          }),
        );
        expect(validateHierarchy({ reports: list }).length === 0).toBe(sound);
        if (!sound) return;
        const hierarchy = { reports: list };
        const on = day(at);
        const reader = createHierarchyReader({ reports: [...list].reverse() });
        const below = (manager: string): readonly string[] => ['a', 'b', 'c', 'd', 'e'].filter((member) => managersOf(hierarchy, member, { on }).includes(manager));
        for (const member of ['a', 'b', 'c', 'd', 'e']) {
          expect(managerOf(hierarchy, member, { on })).toBe(slowManager(list, member, on));
          expect(reader.teamOf(member, on, 'all')).toEqual(below(member));
          const spans = reader.teamSpans(member, { start: day(0), endExclusive: day(17) }, 'all');
          expect(spans.filter((span) => span.start <= on && (span.endExclusive ?? '9') > on).map((span) => span.memberId)).toEqual(at < 17 ? below(member) : []);
        }
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
});
