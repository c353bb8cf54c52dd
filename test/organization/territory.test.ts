import {
  assignTerritory,
  type Territory,
  type TerritoryFilter,
  type TerritorySubject,
  territoryCoverage,
  territoryMembers,
  validateAccount,
  validateTerritories,
  validateTerritoryAssignments,
} from 'dealwright/organization';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';

const on = '2026-02-14';
const territories: readonly Territory[] = Object.freeze([
  { id: 'germany', kind: 'geographic', where: { country: 'DE' } },
  { id: 'berlin', kind: 'geographic', where: { country: 'DE', postalCode: { prefix: ['10', '12', '13', '14'] } } },
  { id: 'banks', kind: 'industry', where: { industry: { in: ['banking', 'insurance'] } } },
  { id: 'large', kind: 'account-size', where: { employees: { from: '1000' } }, priority: 10 },
  { id: 'key', kind: 'named-account', where: { id: { in: ['siemens', 'bmw'] } } },
]);
const decide = (account: TerritorySubject, list: readonly Territory[] = territories) => assignTerritory(Object.freeze(account), { territories: list, on });

describe('assignTerritory', () => {
  test.each([
    [{ id: 'a', country: 'DE', postalCode: '80331' }, 'germany', 'only-match'],
    [{ id: 'a', country: 'DE', postalCode: '10115' }, 'berlin', 'specificity'],
    [{ id: 'a', country: 'DE', postalCode: '10115', employees: 1000 }, 'large', 'priority'],
    [{ id: 'siemens', country: 'DE', postalCode: '10115', employees: 90_000 }, 'key', 'priority'],
    [{ id: 'a', country: 'IT' }, null, null],
  ] as const)('%o belongs to %s by %s', (account, territoryId, decidedBy) => {
    expect(decide(account)).toMatchObject({ territoryId, decidedBy, reason: territoryId === null ? 'no-territory' : null, issues: [] });
  });

  test('two of equal rank: an issue, and neither', () => {
    const decision = decide({ id: 'a', country: 'DE', industry: 'banking' });
    expect(decision).toMatchObject({ territoryId: null, reason: 'ambiguous', decidedBy: null });
    expect(decision.candidates.map((candidate) => candidate.territoryId)).toEqual(['banks', 'germany']);
    expect(decision.issues.map((issue) => issue.code)).toEqual(['ambiguous_territory']);
  });

  test('the older goes first; unknown age decides nothing', () => {
    const pair = (first?: string, second?: string): readonly Territory[] => [
      { id: 'x', kind: 'geographic', where: { country: 'DE' }, ...(first === undefined ? {} : { createdOn: first }) },
      { id: 'y', kind: 'industry', where: { industry: 'banking' }, ...(second === undefined ? {} : { createdOn: second }) },
    ];
    const account = { id: 'a', country: 'DE', industry: 'banking' };
    expect(decide(account, pair('2025-06-01', '2025-01-01'))).toMatchObject({ territoryId: 'y', decidedBy: 'age' });
    expect(decide(account, pair('2025-06-01'))).toMatchObject({ territoryId: null, reason: 'ambiguous' });
    expect(decide(account, pair('2025-06-01', '2025-06-01'))).toMatchObject({ territoryId: null, reason: 'ambiguous' });
  });

  test('only territories in force on the day', () => {
    const dated: readonly Territory[] = [
      { id: 'old', kind: 'geographic', where: { country: 'DE' }, to: '2026-02-14' },
      { id: 'new', kind: 'geographic', where: { country: 'DE' }, from: '2026-02-14' },
    ];
    expect(decide({ id: 'a', country: 'DE' }, dated).territoryId).toBe('new');
    expect(assignTerritory({ id: 'a', country: 'DE' }, { territories: dated, on: '2026-02-13' }).territoryId).toBe('old');
  });

  test('every kind of condition', () => {
    const holds = (where: TerritoryFilter, account: TerritorySubject): boolean => decide(account, [{ id: 't', kind: 'hybrid', where }]).territoryId === 't';
    expect(holds({ postalCode: { from: '10000', to: '20000' } }, { id: 'a', postalCode: '19999' })).toBe(true);
    expect(holds({ postalCode: { from: '10000', to: '20000' } }, { id: 'a', postalCode: '20000' })).toBe(false);
    expect(holds({ annualRevenue: { from: '1000000' } }, { id: 'a', annualRevenue: { amount: '1000000', currency: 'EUR' } })).toBe(true);
    expect(holds({ employees: { to: '50' } }, { id: 'a' })).toBe(false);
    expect(holds({ industry: null }, { id: 'a' })).toBe(true);
    expect(holds({ 'attributes.tier': 1 }, { id: 'a', attributes: { tier: 1 } })).toBe(true);
    expect(holds({ any: [{ country: 'GR' }, { country: 'CY' }], not: { segment: 'public' } }, { id: 'a', country: 'CY' })).toBe(true);
    expect(holds({ all: [{ country: 'GR' }, { productId: 'crm' }] }, { id: 'a', country: 'GR' })).toBe(false);
    expect(holds({ productId: 'crm', dealKind: 'new', market: 'b2b' }, { id: 'a', productId: 'crm', dealKind: 'new', market: 'b2b' })).toBe(true);
    expect(holds({}, { id: 'a' })).toBe(true);
  });

  test('specificity counts fields; of alternatives the least specific', () => {
    const specificity = (where: TerritoryFilter): number | undefined =>
      decide({ id: 'a', country: 'DE', city: 'Berlin', industry: 'x' }, [{ id: 't', kind: 'hybrid', where }]).candidates[0]?.specificity;
    expect(specificity({ country: 'DE', all: [{ country: 'DE' }, { city: 'Berlin' }] })).toBe(2);
    expect(specificity({ any: [{ country: 'DE', city: 'Berlin' }, { industry: 'x' }] })).toBe(1);
    expect(specificity({ country: 'DE', not: { segment: 'public' } })).toBe(2);
    expect(specificity({})).toBe(0);
  });

  test('the order of the territories does not matter', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...territories], { minLength: territories.length }), (shuffled) => {
        const account = { id: 'bmw', country: 'DE', postalCode: '10115', employees: 5000, industry: 'banking' };
        expect(decide(account, shuffled)).toEqual(decide(account));
      }),
      { seed: 20260101, numRuns: 50 },
    );
  });

  test('a wrong call throws everything at once', () => {
    expect(() => assignTerritory({ id: 'a', employees: -1 }, { territories: [{ id: 't', kind: 'geographic', where: {} }], on: '2026-02-30' })).toThrow(/employees[\s\S]*on/);
    // @ts-expect-error a misspelt field
    expect(() => decide({ id: 'a' }, [{ id: 't', kind: 'geographic', where: { contry: 'DE' } }])).toThrow(/did you mean "country"/);
    expectTypeOf(decide({ id: 'a' }).territoryId).toEqualTypeOf<string | null>();
  });
});

describe('validation', () => {
  test('territories', () => {
    const codes = (value: unknown): readonly string[] => validateTerritories(value).map((issue) => issue.code);
    expect(codes(territories)).toEqual([]);
    expect(codes([{ id: 't', kind: 'geo', where: {} }])).toEqual(['invalid_value']);
    expect(codes([{ id: 't', kind: 'geographic' }])).toEqual(['invalid_type']);
    expect(codes([{ id: 't', kind: 'geographic', where: { country: { in: [] } } }])).toEqual(['empty']);
    expect(codes([{ id: 't', kind: 'geographic', where: { country: {} } }])).toEqual(['empty']);
    expect(codes([{ id: 't', kind: 'geographic', where: { postalCode: { prefix: [''] } } }])).toEqual(['invalid_type']);
    expect(codes([{ id: 't', kind: 'geographic', where: { employees: { from: '1e3' } } }])).toEqual(['invalid_decimal']);
    expect(codes([{ id: 't', kind: 'geographic', where: {}, from: '2026-02-01', to: '2026-01-01' }])).toEqual(['empty_period']);
    expect(
      codes([
        { id: 't', kind: 'geographic', where: {} },
        { id: 't', kind: 'geographic', where: {} },
      ]),
    ).toEqual(['duplicate_id']);
    let deep: unknown = {};
    for (let depth = 0; depth < 30; depth += 1) deep = { not: deep };
    expect(codes([{ id: 't', kind: 'hybrid', where: deep }])).toEqual(['out_of_range']);
  });

  test('accounts', () => {
    expect(validateAccount({ id: 'a', attributes: JSON.parse('{"__proto__": 1}') as object }).map((issue) => issue.code)).toEqual(['reserved_key']);
    expect(validateAccount({ id: 'a', annualRevenue: { amount: 5, currency: 'EUR' } })[0]?.path).toEqual(['annualRevenue', 'amount']);
  });

  test('assignments: one owner on a day', () => {
    const assignments = [
      { territoryId: 'north', memberId: 'ann', from: '2026-01-01', to: '2026-04-01' },
      { territoryId: 'north', memberId: 'bob', from: '2026-04-01' },
      { territoryId: 'north', memberId: 'sue', from: '2026-01-01', role: 'se' },
      { territoryId: 'north', memberId: 'tim', from: '2026-01-01', role: 'se' },
    ];
    expect(validateTerritoryAssignments(assignments)).toEqual([]);
    expect(validateTerritoryAssignments(assignments, { territories: [] }).map((issue) => issue.code)).toEqual(Array(4).fill('unknown_reference'));
    expect(validateTerritoryAssignments([...assignments, { territoryId: 'north', memberId: 'eve', from: '2026-05-01' }]).map((issue) => issue.code)).toEqual([
      'overlapping_assignments',
    ]);
    expect(territoryMembers(assignments, 'north', { on: '2026-03-31' })).toEqual(['ann']);
    expect(territoryMembers(assignments, 'north', { on: '2026-03-31', role: 'se' })).toEqual(['sue', 'tim']);
    expect(territoryMembers(assignments, 'south', { on: '2026-03-31' })).toEqual([]);
    expect(() => territoryMembers(assignments, 'north', { on: 'today' })).toThrow(/on/);
  });
});

describe('territoryCoverage', () => {
  test('who has what, what nobody has, what several claim', () => {
    const accounts: readonly TerritorySubject[] = [
      { id: 'a1', country: 'DE', postalCode: '10115' },
      { id: 'a2', country: 'IT' },
      { id: 'a3', country: 'DE', industry: 'banking' },
      { id: 'a4', country: 'DE' },
    ];
    const coverage = territoryCoverage([...accounts, { id: 'a4' }, { id: '' }], { territories, on });
    expect(coverage.territories).toEqual([
      { territoryId: 'banks', accountIds: [] },
      { territoryId: 'berlin', accountIds: ['a1'] },
      { territoryId: 'germany', accountIds: ['a4'] },
      { territoryId: 'key', accountIds: [] },
      { territoryId: 'large', accountIds: [] },
    ]);
    expect(coverage.gaps).toEqual(['a2']);
    expect(coverage.overlaps).toEqual([
      { accountId: 'a1', territoryIds: ['berlin', 'germany'], decidedBy: 'specificity' },
      { accountId: 'a3', territoryIds: ['banks', 'germany'], decidedBy: null },
    ]);
    expect(coverage.issues.map((issue) => [issue.code, issue.path[1]])).toEqual([
      ['ambiguous_territory', 2],
      ['duplicate_id', 4],
      ['empty', 5],
    ]);
  });

  test('every account stands in a territory, in a gap or in an undecided overlap', () => {
    const arbitrary = fc.array(
      fc.record({
        country: fc.constantFrom('DE', 'IT'),
        industry: fc.constantFrom('banking', 'retail'),
        employees: fc.integer({ min: 0, max: 2000 }),
        postalCode: fc.constantFrom('10115', '80331'),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(arbitrary, (drafts) => {
        const accounts = drafts.map((draft, index) => ({ id: `a${index}`, ...draft }));
        const coverage = territoryCoverage(accounts, { territories, on });
        const placed = [
          ...coverage.territories.flatMap((entry) => entry.accountIds),
          ...coverage.gaps,
          ...coverage.overlaps.filter((overlap) => overlap.decidedBy === null).map((overlap) => overlap.accountId),
        ];
        expect(placed.sort()).toEqual(accounts.map((account) => account.id).sort());
      }),
      { seed: 20260101, numRuns: 100 },
    );
  });
});
