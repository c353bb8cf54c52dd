import { creditDeals, dealEventsOfTransactions, transactionsOfDeals, validateDealEvent, validateTransaction } from 'dealwright/compensation';
import { createDeal, type Deal, type DealInit } from 'dealwright/deals';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cents, freeze, imbalance, sumOf, usd } from './support.js';

const deal = (more: Partial<DealInit> = {}): Deal<object> =>
  freeze(createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'won', status: 'won', closedOn: '2026-02-14', amount: usd('1000'), ownerId: 'ann', ...more }));
const items: DealInit['lineItems'] = [
  { id: 'l1', productId: 'crm', quantity: '10', unitPrice: usd('60'), unitCost: usd('20'), termMonths: 24 },
  { id: 'l2', productId: 'setup', quantity: '1', unitPrice: usd('300'), unitCost: usd('100') },
];

describe('transactionsOfDeals', () => {
  test('one booking for each won deal', () => {
    const { transactions, issues } = transactionsOfDeals(
      [
        deal({
          accountId: 'acme',
          kind: 'new',
          market: 'b2b',
          source: 'inbound',
          recurring: { arr: usd('500'), termMonths: 24 },
          splits: [{ payeeId: 'ann', kind: 'revenue', share: '1' }],
        }),
        deal({ id: 'd2', status: 'open', closedOn: null, stageId: 'demo' }),
        deal({ id: 'd3', status: 'lost', stageId: 'lost' }),
      ],
      { teams: [{ dealId: 'd1', payeeId: 'sue', role: 'se' }] },
    );
    expect(issues).toEqual([]);
    expect(transactions).toEqual([
      {
        id: 'd1',
        type: 'booking',
        dealId: 'd1',
        on: '2026-02-14',
        amount: usd('1000.00'),
        accountId: 'acme',
        ownerId: 'ann',
        kind: 'new',
        market: 'b2b',
        source: 'inbound',
        arr: usd('500.00'),
        termMonths: 24,
        splits: [{ payeeId: 'ann', kind: 'revenue', share: '1' }],
        team: [{ payeeId: 'sue', role: 'se' }],
      },
    ]);
    expect(transactions.flatMap((transaction) => validateTransaction(transaction))).toEqual([]);
  });

  test('margin and product of line items', () => {
    const [transaction] = transactionsOfDeals([deal({ lineItems: items })]).transactions;
    expect(transaction?.margin).toEqual(usd('600.00'));
    expect(transaction?.productId).toBeUndefined();
    expect(transactionsOfDeals([deal({ lineItems: items?.slice(0, 1) ?? [] })]).transactions[0]?.productId).toBe('crm');
  });

  test('one booking for each line item, and the rest of the deal', () => {
    const { transactions } = transactionsOfDeals([deal({ lineItems: items, recurring: { arr: usd('300') } })], { per: 'line-item' });
    expect(transactions).toMatchObject([
      { id: 'd1/l1', lineItemId: 'l1', productId: 'crm', units: '10', amount: usd('600.00'), margin: usd('400.00'), arr: usd('300.00'), termMonths: 24 },
      { id: 'd1/l2', lineItemId: 'l2', productId: 'setup', units: '1', amount: usd('300.00'), margin: usd('200.00') },
      { id: 'd1/rest', amount: usd('100.00') },
    ]);
    expect(transactions[1]?.arr).toBeUndefined();
    expect(transactionsOfDeals([deal({ lineItems: items, amount: null })], { per: 'line-item' }).transactions).toHaveLength(2);
    expect(transactionsOfDeals([deal()], { per: 'line-item' }).transactions).toHaveLength(1);
  });

  test('what cannot be read is an issue', () => {
    const { transactions, issues } = transactionsOfDeals([deal(), { ...deal({ id: 'd2' }), closedOn: null }, { ...deal({ id: 'd3' }), nonsense: 1 } as Deal<object>]);
    expect(transactions).toHaveLength(1);
    expect(issues.map((issue) => [issue.path.slice(0, 2), issue.code])).toContainEqual([['deals', 2], 'unknown_key']);
    expect(issues.some((issue) => issue.path[1] === 1)).toBe(true);
    expect(() => transactionsOfDeals([], { per: 'item' as 'deal' })).toThrow(/line-item/);
  });

  test('bookings sum to the deals, and so do the credits', () => {
    const money = fc.integer({ min: 0, max: 1_000_000 }).map((units) => usd((units / 100).toFixed(2)));
    const arbitrary = fc.array(
      fc.record({
        amount: money,
        lineItems: fc
          .array(fc.record({ unitPrice: money, quantity: fc.integer({ min: 0, max: 7 }).map(String), discount: fc.constantFrom('0', '0.075', '1') }), { maxLength: 3 })
          .map((list) => list.map((item, index) => ({ id: `l${index}`, productId: `p${index}`, ...item }))),
        recurring: fc.option(fc.record({ arr: money }), { nil: undefined }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(arbitrary, fc.constantFrom('deal' as const, 'line-item' as const), (drafts, per) => {
        const deals = drafts.map(({ recurring, ...draft }, index) => deal({ id: `d${index}`, ...draft, ...(recurring === undefined ? {} : { recurring }) }));
        const { transactions, issues } = transactionsOfDeals(deals, { per });
        expect(issues).toEqual([]);
        const total = deals.reduce((sum, entry) => sum + cents(entry.amount), 0n);
        expect(transactions.reduce((sum, entry) => sum + cents(entry.amount), 0n)).toBe(total);
        const recurring = deals.reduce((sum, entry) => sum + cents(entry.recurring?.arr), 0n);
        expect(transactions.reduce((sum, entry) => sum + cents(entry.arr), 0n)).toBe(recurring);
        const result = creditDeals(transactions, { rules: [{ id: 'r', recipients: 'splits' }] });
        expect(sumOf(result.credits)).toBe(total);
        expect(imbalance(result).every((difference) => difference === 0n)).toBe(true);
      }),
      { seed: 20260101, numRuns: 100 },
    );
  });
});

describe('dealEventsOfTransactions', () => {
  test('invoices, payments and cancellations with what was booked of the deal', () => {
    const sale = { dealId: 'd1', on: '2026-02-14' } as const;
    const { dealEvents, issues } = dealEventsOfTransactions(
      freeze([
        { id: 'p1', type: 'payment', ...sale, amount: usd('250') },
        { id: 't1', type: 'booking', ...sale, amount: usd('600') },
        { id: 't2', type: 'booking', ...sale, amount: usd('400') },
        { id: 'x1', type: 'cancellation', ...sale, amount: usd('-100'), recordedAt: '2026-03-01' },
        { id: 'i9', type: 'invoice', dealId: 'd9', on: '2026-02-14', amount: usd('5') },
        { id: 'i8', type: 'invoice', on: '2026-02-14', amount: usd('5') },
        { id: 'i7', type: 'invoice', ...sale, amount: null },
      ]),
    );
    expect(dealEvents).toEqual([
      { id: 'p1', ...sale, type: 'payment', amount: usd('250'), total: usd('1000.00') },
      { id: 'x1', ...sale, type: 'cancellation', amount: usd('100.00'), total: usd('1000.00'), recordedAt: '2026-03-01' },
    ]);
    expect(dealEvents.flatMap((event) => validateDealEvent(event))).toEqual([]);
    expect(issues.map((issue) => [issue.path[1], issue.code])).toEqual([
      [6, 'missing_amount'],
      [4, 'missing_booking'],
    ]);
  });
});
