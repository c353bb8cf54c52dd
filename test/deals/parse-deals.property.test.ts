import { parseDeals, validateDeal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frozen, hostileArbitrary, SEED } from './arbitrary-deal.js';

type Row = Readonly<Record<string, unknown>>;

const map = {
  id: 'id',
  stageId: 'stage',
  name: 'name',
  ownerId: 'owner',
  amount: 'value',
  currency: 'currency',
  probability: 'probability',
  createdOn: 'from',
  expectedCloseOn: 'expected',
  closedOn: 'to',
  kind: 'kind',
  lossReason: 'reason',
  splits: 'splits',
  recurring: { mrr: 'mrr', termMonths: 'months' },
  custom: { region: 'region' },
} as const;

/** Cells as exports have them: right, absent, wrong, and hostile. */
const cell = (...good: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...good) }, { weight: 2, arbitrary: fc.constantFrom('', null, undefined) }, { weight: 1, arbitrary: hostileArbitrary });

const rowArbitrary: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        id: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }).map((id) => `d${id}`) }, { weight: 1, arbitrary: cell(1, 2, 3) }),
        stage: cell('Won', 'Lost', 'Demo', 'Discovery', 3),
        name: cell('Rollout', 'toString'),
        owner: cell('ann', 17),
        value: cell('10', '1054.5', 12, '0', '-3.25'),
        currency: cell('USD', 'EUR', 'JPY'),
        probability: cell('0.2', 0.4, '0.9000000000000000222044604925031308084726333618164062'),
        from: cell('2026-01-05', '2026-03-01'),
        expected: cell('2026-06-30'),
        to: cell('2026-02-10', '2025-12-31'),
        kind: cell('new', 'renewal'),
        reason: cell('price'),
        splits: cell([{ payeeId: 'ann', kind: 'revenue', share: '1' }], []),
        mrr: cell('100', 5),
        months: cell('12', 24),
        region: cell('West', 4, true),
        extra: cell('x'),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: hostileArbitrary },
);

const parse = (rows: readonly unknown[], more: object = {}) =>
  parseDeals(rows as readonly Row[], { map, stages: { Won: 'closed-won', Lost: 'closed-lost' }, currency: 'USD', ...more });

describe('parseDeals', () => {
  test('every row becomes a valid deal or is set aside with issues', () => {
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 30 }), fc.boolean(), fc.constantFrom('set-aside', 'absent'), (rows, keepUnknown, unreadable) => {
        const parsed = parse(frozen(rows), { keepUnknown, unreadable });
        const { counts, deals, rejected, issues } = parsed;
        expect(counts.rows).toBe(rows.length);
        expect(deals.length + rejected.length).toBe(rows.length);
        expect([counts.deals, counts.rejected]).toEqual([deals.length, rejected.length]);
        expect(counts.open + counts.won + counts.lost + counts.deleted).toBe(deals.length);
        expect(new Set(deals.map(({ id }) => id)).size).toBe(deals.length);
        for (const deal of deals) expect(validateDeal(deal)).toEqual([]);
        for (const { row, issues: own } of rejected) {
          expect(own.length).toBeGreaterThan(0);
          for (const issue of own) expect([issue.path[0], issues.includes(issue)]).toEqual([row, true]);
        }
        expect(parsed.stages.reduce((sum, stage) => sum + stage.rows, 0)).toBeGreaterThanOrEqual(deals.length);
        // Plain data: nothing that JSON would lose.
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
        expect(({} as Row)['polluted']).toBeUndefined();
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  test('in any order, and in batches, rows with ids of their own give the same deals', () => {
    fc.assert(
      fc.property(fc.uniqueArray(rowArbitrary, { maxLength: 20, selector: (row) => JSON.stringify((row as Row | null)?.['id'] ?? null) }), fc.nat(20), (rows, cut) => {
        const byId = (parsed: ReturnType<typeof parse>) => new Map(parsed.deals.map((deal) => [deal.id, deal]));
        const whole = byId(parse(rows));
        expect(byId(parse([...rows].reverse()))).toEqual(whole);
        expect(new Map([...byId(parse(rows.slice(0, cut))), ...byId(parse(rows.slice(cut)))])).toEqual(whole);
      }),
      { ...SEED, numRuns: 150 },
    );
  });

  test('whatever the options are, there are deals or a DomainError', () => {
    const rows = [{ id: 'a', stage: 'Won', value: '1' }];
    const optionsArbitrary = fc.oneof(
      hostileArbitrary,
      fc.record(
        Object.fromEntries(
          [
            'map',
            'stages',
            'statuses',
            'pipeline',
            'pipelineId',
            'currency',
            'dateFormat',
            'timeZone',
            'amountFormat',
            'probabilityScale',
            'replace',
            'required',
            'unreadable',
            'keepUnknown',
          ].map((key) => [
            key,
            fc.oneof(hostileArbitrary, key === 'map' ? fc.constant({ id: 'id', stageId: 'stage', amount: 'value' }) : fc.dictionary(fc.string(), hostileArbitrary)),
          ]),
        ),
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(optionsArbitrary, (options) => {
        try {
          // @ts-expect-error anything at all
          expect(parseDeals(rows, options).counts.rows).toBe(1);
        } catch (error) {
          expect(isDomainError(error), String(error)).toBe(true);
        }
      }),
      { ...SEED, numRuns: 600 },
    );
  });
});
