import { type Credit, type CreditDealsOptions, type CreditingRule, type CreditStage, creditDeals, type Transaction, validateCredit } from 'dealwright/compensation';
import { createHierarchyReader, type Hierarchy } from 'dealwright/organization';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cents, imbalance, sumOf, usd } from './support.js';

const RUNS = { seed: 20260101, numRuns: 200 };
const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve'];

const amount = fc.integer({ min: -500_000, max: 900_000 }).map((units) => usd((units / 100).toFixed(2)));
const day = fc.integer({ min: 1, max: 28 }).map((value) => `2026-02-${String(value).padStart(2, '0')}`);

/** Shares in thousandths that sum to exactly 1. */
const shares = fc
  .tuple(fc.shuffledSubarray(PEOPLE, { minLength: 1, maxLength: 4 }), fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 4, maxLength: 4 }))
  .map(([people, weights]) => {
    const total = people.reduce((sum, _, index) => sum + (weights[index] ?? 1), 0);
    const cut = people.map((_, index) => Math.floor(((weights[index] ?? 1) * 1000) / total));
    cut[0] = (cut[0] ?? 0) + 1000 - cut.reduce((sum, value) => sum + value, 0);
    return people.map((payeeId, index) => ({ payeeId, kind: 'revenue' as const, share: ((cut[index] ?? 0) / 1000).toFixed(3) }));
  });

const booking = (index: number): fc.Arbitrary<Transaction> =>
  fc.record(
    {
      id: fc.constant(`b${index}`),
      type: fc.constant('booking' as const),
      dealId: fc.constantFrom('d1', 'd2', 'd3'),
      on: day,
      amount,
      ownerId: fc.constantFrom(...PEOPLE),
      splits: shares,
      kind: fc.constantFrom('new' as const, 'renewal' as const),
      productId: fc.constantFrom('crm', 'cpq'),
      team: fc.array(fc.record({ payeeId: fc.constantFrom(...PEOPLE), role: fc.constantFrom('se', 'ae') }), { maxLength: 3 }),
      margin: amount,
      units: fc.integer({ min: 0, max: 50 }).map(String),
    },
    { requiredKeys: ['id', 'type', 'dealId', 'on', 'amount'] },
  );
const other = (index: number): fc.Arbitrary<Transaction> =>
  fc.record(
    {
      id: fc.constant(`o${index}`),
      type: fc.constantFrom('invoice' as const, 'payment' as const, 'cancellation' as const),
      dealId: fc.constantFrom('d1', 'd2', 'd3', 'd4'),
      on: day,
      amount,
      refersTo: fc.constantFrom('b0', 'b1', 'b2'),
    },
    { requiredKeys: ['id', 'type', 'dealId', 'on', 'amount'] },
  );
const transactions = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 6 }))
  .chain(([bookings, others]) =>
    fc.tuple(...Array.from({ length: bookings }, (_, index) => booking(index)), ...Array.from({ length: others }, (_, index) => other(index))),
  ) as fc.Arbitrary<readonly Transaction[]>;

const rules: readonly CreditingRule[] = [
  { id: 'sellers', recipients: 'splits' },
  { id: 'renewals', recipients: 'owner', match: { kind: 'renewal' }, share: '0.75', quotaWeights: [{ match: { productId: 'cpq' }, weight: '0.333' }] },
  { id: 'large', recipients: { role: 'ae' }, match: { amount: { from: '5000' } }, priority: 1 },
  { id: 'se', type: 'overlay', recipients: { role: 'se' }, share: '0.3' },
  { id: 'm1', recipients: { rollUp: { levels: 'all' } } },
  { id: 'm2', recipients: { rollUp: { of: 'all', deduplicate: false, levelShares: ['0.5', '0.25'] } } },
];
const hierarchy: Hierarchy = {
  reports: [
    { memberId: 'ann', managerId: 'max', from: '2026-01-01' },
    { memberId: 'bob', managerId: 'max', from: '2026-01-01', to: '2026-02-14' },
    { memberId: 'bob', managerId: 'zoe', from: '2026-02-14' },
    { memberId: 'cat', managerId: 'zoe', from: '2026-01-01' },
    { memberId: 'dan', managerId: 'ann', from: '2026-02-10' },
    { memberId: 'max', managerId: 'vic', from: '2026-01-01' },
    { memberId: 'zoe', managerId: 'vic', from: '2026-02-20' },
  ],
};
const schedules: readonly (readonly CreditStage[])[] = [
  [{ on: 'booking', share: '1' }],
  [
    { on: 'booking', share: '0.6' },
    { on: 'invoice', share: '0.2' },
    { on: 'payment', share: '0.2' },
  ],
  [{ on: 'payment', share: '1' }],
  [
    { on: 'invoice', share: '0.333' },
    { on: 'payment', share: '0.667' },
  ],
];
const options = fc.constantFrom(...schedules).map((creditOn): CreditDealsOptions => ({ rules, hierarchy, creditOn }));

describe('conservation', () => {
  test('bookings = direct + pending + uncredited + set aside, and the totals are those of the credits', () => {
    fc.assert(
      fc.property(transactions, options, (list, given) => {
        const result = creditDeals(list, given);
        expect(imbalance(result).every((difference) => difference === 0n)).toBe(true);
        const [totals] = result.controlTotals;
        for (const type of ['direct', 'overlay', 'indirect'] as const) expect(cents(totals?.[type])).toBe(sumOf(result.credits, (credit) => credit.type === type));
        expect(cents(totals?.uncredited)).toBe(result.uncredited.reduce((sum, entry) => sum + cents(entry.amount), 0n));
        expect(new Set(result.credits.map((credit) => credit.id)).size).toBe(result.credits.length);
        expect(result.credits.flatMap((credit) => validateCredit(credit))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('splits of a booking sum to it, each within a cent of its share', () => {
    fc.assert(
      fc.property(booking(0), shares, (sale, splits) => {
        const { credits } = creditDeals([{ ...sale, splits }], { rules: [{ id: 'r', recipients: 'splits' }] });
        expect(sumOf(credits)).toBe(cents(sale.amount));
        expect(credits.reduce((sum, credit) => sum + cents(credit.margin), 0n)).toBe(cents(sale.margin));
        for (const credit of credits) expect(Math.abs(Number(cents(credit.amount)) - Number(cents(sale.amount)) * Number(credit.share))).toBeLessThan(1);
        // The order of the splits does not matter.
        expect(creditDeals([{ ...sale, splits: [...splits].reverse() }], { rules: [{ id: 'r', recipients: 'splits' }] }).credits).toEqual(credits);
      }),
      RUNS,
    );
  });

  test('stages sum to the whole once everything is invoiced and paid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), shares, fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }), (units, splits, weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const parts = weights.map((weight) => Math.floor((units * weight) / total));
        parts[0] = (parts[0] ?? 0) + units - parts.reduce((sum, part) => sum + part, 0);
        const sale: Transaction = { id: 'b', type: 'booking', dealId: 'd', on: '2026-02-01', amount: usd((units / 100).toFixed(2)), splits };
        const events = (type: 'invoice' | 'payment'): readonly Transaction[] =>
          parts.map((part, index) => ({ id: `${type}${index}`, type, dealId: 'd', on: `2026-03-0${index + 1}`, amount: usd((part / 100).toFixed(2)) }));
        const [, creditOn = []] = schedules;
        const staged = creditDeals([sale, ...events('invoice'), ...events('payment')], { rules: [{ id: 'r', recipients: 'splits' }], creditOn });
        const whole = creditDeals([sale], { rules: [{ id: 'r', recipients: 'splits' }] });
        for (const { payeeId } of splits) expect(sumOf(staged.credits, (credit) => credit.payeeId === payeeId)).toBe(sumOf(whole.credits, (credit) => credit.payeeId === payeeId));
        expect(cents(staged.controlTotals[0]?.pending)).toBe(0n);
        expect(staged.issues).toEqual([]);
      }),
      RUNS,
    );
  });

  test('a sale that is wholly taken back leaves nothing with anybody', () => {
    fc.assert(
      fc.property(booking(0), options, fc.integer({ min: 0, max: 100 }), (sale, given, paid) => {
        fc.pre(cents(sale.amount) > 0n);
        const { amount: money } = sale;
        const whole = money?.amount ?? '0';
        const part = ((Number(cents(money)) * paid) / 10_000).toFixed(2);
        const result = creditDeals(
          [
            sale,
            { id: 'i', type: 'invoice', dealId: sale.dealId ?? '', on: '2026-02-28', amount: usd(part) },
            { id: 'p', type: 'payment', dealId: sale.dealId ?? '', on: '2026-03-01', amount: usd(part) },
            { id: 'x', type: 'cancellation', dealId: sale.dealId ?? '', on: '2026-03-02', amount: usd(`-${whole}`) },
          ],
          given,
        );
        const left = new Map<string, bigint>();
        for (const credit of result.credits)
          left.set(
            `${credit.payeeId} ${String(credit.attributes?.['creditingRule'])}`,
            (left.get(`${credit.payeeId} ${String(credit.attributes?.['creditingRule'])}`) ?? 0n) + cents(credit.amount),
          );
        expect([...left.values()].every((value) => value === 0n)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('order and history', () => {
  test('the order of transactions, rules and reports does not matter', () => {
    const arbitrary = transactions.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list], { minLength: list.length }),
        fc.shuffledSubarray([...rules], { minLength: rules.length }),
        fc.shuffledSubarray([...hierarchy.reports], { minLength: hierarchy.reports.length }),
      ),
    );
    fc.assert(
      fc.property(arbitrary, options, ([list, shuffled, shuffledRules, reports], given) => {
        const { issues: found, ...result } = creditDeals(list, given);
        const { issues: alsoFound, ...again } = creditDeals(shuffled, { ...given, rules: shuffledRules, hierarchy: { reports } });
        expect(again).toEqual(result);
        expect(alsoFound.map((issue) => issue.code).sort()).toEqual(found.map((issue) => issue.code).sort());
      }),
      RUNS,
    );
  });

  test('credits of earlier days do not change when later transactions come in', () => {
    fc.assert(
      fc.property(transactions, options, day, (list, given, asOf) => {
        const before = creditDeals(list, { ...given, asOf }).credits;
        const after = creditDeals(list, given).credits.filter((credit) => credit.on < asOf);
        // An early payment is credited once its booking comes, on the day of the booking; nothing else moves.
        expect(after).toEqual(before);
      }),
      RUNS,
    );
  });
});

describe('roll-ups against a slow reading', () => {
  test('a manager has each sale at most once, and exactly what their people have of it', () => {
    const reader = createHierarchyReader(hierarchy);
    fc.assert(
      fc.property(fc.array(booking(0), { minLength: 1, maxLength: 1 }), shares, (list, splits) => {
        const sales = list.map((sale) => ({
          ...sale,
          splits,
          team: [
            { payeeId: 'bob', role: 'se' },
            { payeeId: 'ann', role: 'se' },
          ],
        }));
        const { credits } = creditDeals(sales, {
          rules: [
            { id: 'sellers', recipients: 'splits' },
            { id: 'se', type: 'overlay', recipients: { role: 'se' } },
            { id: 'single', recipients: { rollUp: { of: 'all', levels: 'all' } } },
            { id: 'double', recipients: { rollUp: { of: 'all', levels: 'all', deduplicate: false } } },
            { id: 'direct', recipients: { rollUp: { levels: 'all' } } },
          ],
          hierarchy,
        });
        const by = (rule: string, managerId: string): bigint => sumOf(credits, (credit: Credit) => credit.payeeId === managerId && credit.attributes?.['creditingRule'] === rule);
        const size = (value: bigint): bigint => (value < 0n ? -value : value);
        for (const sale of sales) {
          for (const managerId of ['ann', 'max', 'zoe', 'vic']) {
            const team = reader.teamOf(managerId, sale.on, 'all');
            const below = (types: readonly string[]): bigint => sumOf(credits, (credit) => types.includes(credit.type ?? '') && team.includes(credit.payeeId));
            expect(by('double', managerId)).toBe(below(['direct', 'overlay']));
            expect(by('direct', managerId)).toBe(below(['direct']));
            const whole = size(cents(sale.amount));
            const wanted = size(below(['direct', 'overlay']));
            expect(size(by('single', managerId))).toBe(wanted < whole ? wanted : whole);
          }
        }
      }),
      RUNS,
    );
  });
});
