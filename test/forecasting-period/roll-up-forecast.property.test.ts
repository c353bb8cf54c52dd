import { isDomainError } from 'dealwright/errors';
import { type ForecastEntry, rollUpForecast } from 'dealwright/forecasting';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const nodes = [
  { id: 'ceo', parentId: null },
  { id: 'north', parentId: 'ceo' },
  { id: 'south', parentId: 'ceo' },
  { id: 'ann', parentId: 'north' },
  { id: 'bob', parentId: 'north' },
  { id: 'cat', parentId: 'south' },
] as const;
const categories = ['pipeline', 'commit'];
const entry: fc.Arbitrary<ForecastEntry> = fc.record({
  ownerId: fc.constantFrom('ann', 'bob', 'cat', 'north', null),
  category: fc.constantFrom('pipeline', 'commit', 'omitted'),
  amount: fc.integer({ min: 0, max: 1_000_000 }),
  kind: fc.constantFrom('revenue' as const, 'overlay' as const),
});

test('the company is every revenue entry once, whatever the hierarchy, the overlay and the order', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
      const rollUp = rollUpForecast(entries, { nodes, categories });
      expect(rollUpForecast([...entries].reverse(), { nodes: [...nodes].reverse(), categories })).toEqual(rollUp);
      for (const { category, gross, adjusted, overlay } of rollUp.company) {
        const sum = (kind: string): number => entries.filter((item) => item.category === category && item.kind === kind).reduce((total, { amount }) => total + amount, 0);
        expect([gross, adjusted, overlay]).toEqual([sum('revenue'), sum('revenue'), sum('overlay')]);
      }
    }),
    { seed: 20260101, numRuns: 150 },
  );
});

test('an override moves those above by its difference, and no one else; the manager goes before the owner', () => {
  const entries: readonly ForecastEntry[] = [
    { ownerId: 'ann', category: 'commit', amount: 100 },
    { ownerId: 'bob', category: 'commit', amount: 50 },
    { ownerId: 'cat', category: 'commit', amount: 10 },
  ];
  const override = { nodeId: 'ann', category: 'commit', at: '2026-08-01', base: 100 };
  const owner = rollUpForecast(entries, { nodes, categories: ['commit'], overrides: [{ ...override, value: 120, by: 'ann' }] });
  expect(owner.company[0]).toEqual({ category: 'commit', gross: 160, adjusted: 180, overlay: 0 });
  const both = rollUpForecast(entries, {
    nodes,
    categories: ['commit'],
    overrides: [
      { ...override, value: 120, by: 'ann' },
      { ...override, value: 90, by: 'north', base: 120, note: 'champion left' },
      { ...override, value: 95, by: 'north', base: 120, at: '2026-07-01' },
    ],
  });
  const ann = both.nodes.find(({ id }) => id === 'ann')?.values[0];
  expect([ann?.gross, ann?.submitted, ann?.adjusted, ann?.delta]).toEqual([100, 120, 90, -10]);
  expect(ann?.overrides.map(({ by, isStale, currentBase }) => [by, isStale, currentBase])).toEqual([
    ['ann', false, 100],
    ['north', false, 120],
  ]);
  expect(both.company[0]?.adjusted).toBe(150);
  const south = both.nodes.find(({ id }) => id === 'south')?.values[0];
  expect([south?.gross, south?.adjusted]).toEqual([10, 10]);
});

test('circles, strangers and managers of managers are refused', () => {
  const codeOf = (call: () => unknown): string => {
    try {
      call();
      return 'none';
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return error.issues.map(({ code }) => code).join();
    }
  };
  expect(
    codeOf(() =>
      rollUpForecast([], {
        nodes: [
          { id: 'a', parentId: 'b' },
          { id: 'b', parentId: 'a' },
        ],
        categories: ['commit'],
      }),
    ),
  ).toBe('reporting_cycle');
  expect(codeOf(() => rollUpForecast([{ ownerId: 'x', category: 'commit', amount: 1 }], { nodes, categories: ['commit'] }))).toBe('unknown_reference');
  expect(
    codeOf(() => rollUpForecast([], { nodes, categories: ['commit'], overrides: [{ nodeId: 'ann', category: 'commit', value: 1, by: 'ceo', at: '2026-01-01', base: 0 }] })),
  ).toBe('invalid_value');
});
