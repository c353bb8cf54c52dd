import {
  computeCompensation,
  creditDeals,
  dealEventsOfTransactions,
  defineCreditingRules,
  type Transaction,
  transactionsOfDeals,
  validateCredit,
  validateCreditingRules,
  validatePlan,
  validateTransaction,
} from 'dealwright/compensation';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imbalance } from './support.js';

/* Whatever JSON is passed, the answer is a result that adds up, or a DomainError. */
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    '0x10',
    '1e400',
    '__proto__',
    'constructor',
    '2026-02-14',
    '2026-02-30',
    'booking',
    'invoice',
    'payment',
    'cancellation',
    'a',
    'b',
    'd1',
    '0.5',
    '1',
    '-1',
  ),
  fc.string(),
);
const money = fc.oneof(
  fc.record({
    amount: fc.constantFrom<unknown>('100', '-100', '0.005', '1e3', 5, '99999999999999999999', '33.333333333333'),
    currency: fc.constantFrom<unknown>('USD', 'JPY', 'usd', 1),
  }),
  scalar,
);
const split = fc.record({ payeeId: scalar, kind: fc.constantFrom<unknown>('revenue', 'overlay', 'x'), share: fc.constantFrom<unknown>('1', '0.5', '0.333333333333', '-1', 1) });
const transaction = fc.oneof(
  fc.record(
    {
      id: fc.constantFrom<unknown>('a', 'b', 'c', '', 1),
      type: fc.constantFrom<unknown>('booking', 'booking', 'invoice', 'payment', 'cancellation', 'x'),
      dealId: fc.constantFrom<unknown>('d1', 'd2', '__proto__'),
      on: fc.constantFrom<unknown>('2026-02-14', '2026-02-15', '9999-12-31', '0001-01-01', 'x'),
      amount: money,
      refersTo: scalar,
      lineItemId: scalar,
      ownerId: scalar,
      splits: fc.oneof(fc.array(split, { maxLength: 3 }), scalar),
      team: fc.oneof(fc.array(fc.record({ payeeId: scalar, role: scalar }), { maxLength: 2 }), scalar),
      units: scalar,
      margin: money,
      values: fc.oneof(fc.dictionary(fc.string(), scalar), scalar),
      attributes: fc.oneof(fc.dictionary(fc.string(), scalar), scalar),
    },
    { requiredKeys: ['id', 'type', 'on', 'amount'] },
  ),
  fc.jsonValue(),
);
const rule = fc.record(
  {
    id: fc.constantFrom<unknown>('r', 'q', '', '__proto__'),
    recipients: fc.oneof(
      fc.constantFrom<unknown>(
        'owner',
        'splits',
        'overlay-splits',
        { role: 'a' },
        { territory: 'owner' },
        { rollUp: {} },
        { rollUp: { levels: 'all', deduplicate: false } },
        { payees: [{ payeeId: 'x', share: '1' }] },
      ),
      fc.jsonValue(),
    ),
    type: fc.constantFrom<unknown>('direct', 'overlay', 'indirect', 7),
    share: fc.constantFrom<unknown>('1', '0.333', '2', 1),
    match: fc.oneof(fc.constantFrom<unknown>({}, { kind: 'new' }, { amount: { from: '50' } }, { any: [{}] }), fc.jsonValue()),
    creditOn: fc.constantFrom<unknown>(
      [{ on: 'payment', share: '1' }],
      [
        { on: 'booking', share: '0.5' },
        { on: 'invoice', share: '0.5' },
      ],
      [],
      'x',
    ),
    quotaWeights: fc.constantFrom<unknown>([{ weight: '0.5' }], [{ weight: '-1' }], 3),
    priority: scalar,
    from: scalar,
  },
  { requiredKeys: ['id', 'recipients'] },
);
const options = fc.oneof(
  fc.record({
    rules: fc.oneof(fc.array(rule, { maxLength: 3 }), fc.constant([{ id: 'r', recipients: 'splits' }])),
    hierarchy: fc.constantFrom<unknown>({ reports: [{ memberId: 'a', managerId: 'b', from: '2026-01-01' }] }, undefined),
  }),
  fc.record({
    rules: fc.constant([{ id: 'r', recipients: 'splits' }]),
    creditOn: fc.constantFrom<unknown>([{ on: 'invoice', share: '1' }], undefined),
    eligibility: fc.oneof(fc.jsonValue(), fc.constant(undefined)),
    accounts: fc.oneof(fc.jsonValue(), fc.constant([])),
    asOf: scalar,
  }),
  fc.jsonValue(),
);

const call = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    expect(isDomainError(error), String(error)).toBe(true);
    return undefined;
  }
};

test('creditDeals', () => {
  let results = 0;
  fc.assert(
    fc.property(fc.oneof(fc.array(transaction, { maxLength: 5 }), fc.jsonValue()), options, (transactions, given) => {
      const result = call(() => creditDeals(transactions as never, given as never)) as ReturnType<typeof creditDeals> | undefined;
      if (result === undefined) return;
      results += 1;
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(imbalance(result).every((difference) => difference === 0n)).toBe(true);
      expect(result.credits.flatMap((credit) => validateCredit(credit))).toEqual([]);
    }),
    { seed: 20260101, numRuns: 3000 },
  );
  expect(results).toBeGreaterThan(300);
});

test('the other entries', () => {
  fc.assert(
    fc.property(fc.oneof(transaction, rule, options), fc.jsonValue(), (value, other) => {
      call(() => validateTransaction(value, other as never));
      call(() => validateCreditingRules(value, other as never));
      call(() => validateCreditingRules([value], other as never));
      call(() => defineCreditingRules(value as never));
      call(() => transactionsOfDeals(value as never, other as never));
      call(() => transactionsOfDeals([value] as never));
      call(() => dealEventsOfTransactions([value] as never));
      call(() => dealEventsOfTransactions(value as never));
    }),
    { seed: 20260101, numRuns: 1500 },
  );
});

test('many transactions, and one deal with many', () => {
  const amount = { amount: '10.01', currency: 'USD' };
  const many = Array.from(
    { length: 20_000 },
    (_, index): Transaction => ({ id: `t${index}`, type: 'booking', dealId: `d${index}`, on: '2026-02-14', amount, ownerId: `p${index % 100}` }),
  );
  expect(creditDeals(many, { rules: [{ id: 'r', recipients: 'owner' }] }).credits).toHaveLength(20_000);
  const payments = Array.from(
    { length: 3_000 },
    (_, index): Transaction => ({ id: `p${index}`, type: 'payment', dealId: 'd', on: '2026-03-01', amount: { amount: '0.01', currency: 'USD' } }),
  );
  const staged = creditDeals([{ id: 'b', type: 'booking', dealId: 'd', on: '2026-02-14', amount: { amount: '30', currency: 'USD' }, ownerId: 'ann' }, ...payments], {
    rules: [{ id: 'r', recipients: 'owner' }],
    creditOn: [{ on: 'payment', share: '1' }],
  });
  expect(staged.controlTotals[0]?.direct.amount).toBe('30.00');
});

test('plans with pools, overrides and payout splits', () => {
  const measure = fc.oneof(fc.constantFrom<unknown>({ sum: 'amount' }, { sum: 'units' }, { count: 'deals' }, { sum: 'amount', where: { kind: 'new' } }), fc.jsonValue());
  const value = fc.oneof(fc.constantFrom<unknown>('0.1', '-1', '0', '100', '1e3', 5, { param: 'x' }, { divide: ['1', '0'] }), fc.jsonValue());
  const component = fc.oneof(
    fc.record(
      {
        kind: fc.constant('team-pool'),
        id: fc.constant('c'),
        members: fc.constantFrom<unknown>('plan', 'peers', 3),
        fund: fc.oneof(fc.record({ amount: value }), fc.record({ rate: value, of: measure, from: fc.constantFrom<unknown>('members', 'team', 'everybody', 1) }), fc.jsonValue()),
        basis: fc.oneof(fc.constant('equal'), fc.record({ measure }), fc.record({ weight: value })),
        unclaimed: fc.constantFrom<unknown>('carry', 'forfeit', 'redistribute'),
        claim: fc.record({ measure, atLeast: value }),
      },
      { requiredKeys: ['kind', 'id', 'fund', 'basis'] },
    ),
    fc.record(
      {
        kind: fc.constant('manager-override'),
        id: fc.constant('c'),
        measure,
        rate: fc.oneof(value, fc.array(value, { maxLength: 2 })),
        depth: fc.constantFrom<unknown>('direct', 'all', 1),
        lessPaid: fc.oneof(fc.constantFrom<unknown>([{ planId: 'q', componentId: 'c' }], [{ componentId: 'c' }]), fc.jsonValue()),
      },
      { requiredKeys: ['kind', 'id', 'measure', 'rate'] },
    ),
    fc.record({ kind: fc.constant('payout-split'), id: fc.constant('c'), of: fc.oneof(fc.constantFrom<unknown>(['s'], ['x']), fc.jsonValue()) }),
  );
  const credits = ['a', 'b'].map((payeeId, index) => ({
    id: payeeId,
    payeeId,
    dealId: 'd',
    on: '2026-02-10',
    amount: { amount: `${index}00.01`, currency: 'USD' },
    units: '3',
    payoutShare: '0.5',
  }));
  let computed = 0;
  fc.assert(
    fc.property(component, (config) => {
      const plan = { id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'salary', id: 's', amount: '12000' }, config] };
      const issues = call(() => validatePlan(plan)) as readonly unknown[];
      if (issues.length > 0) return;
      const result = call(() =>
        computeCompensation({
          plans: [plan as never],
          assignments: ['a', 'b', 'm'].map((payeeId) => ({ payeeId, planId: 'p', from: '2026-01-01' })),
          payees: ['a', 'b', 'm'].map((id) => ({ id })),
          credits,
          periods: ['2026-02'],
          hierarchy: { reports: ['a', 'b'].map((memberId) => ({ memberId, managerId: 'm', from: '2026-01-01' })) },
        }),
      ) as ReturnType<typeof computeCompensation> | undefined;
      if (result === undefined) return;
      computed += 1;
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(result.issues.filter((issue) => issue.code === 'component_failed')).toEqual([]);
    }),
    { seed: 20260101, numRuns: 1500 },
  );
  expect(computed).toBeGreaterThan(100);
});
