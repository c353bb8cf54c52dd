import { type BuiltInConfig, type CompensationInput, computeCompensation, describePlan, type SpiffConfig, spiffComponent, validatePlan } from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type CreditFacts, codes, inputOf, lines, pay, sound, totals, usd } from './pay-run.js';

const spiff = (config: Omit<SpiffConfig, 'per' | 'reward'> & Partial<Pick<SpiffConfig, 'per' | 'reward'>>): BuiltInConfig => ({
  kind: 'spiff',
  id: 's',
  per: 'deal',
  reward: '100',
  ...config,
});
const deal = (number: number, on: string, more: Partial<CreditFacts> = {}): CreditFacts => ({ id: `c${number}`, dealId: `d${number}`, on, amount: usd('1000'), ...more });
const deals = (count: number, more: Partial<CreditFacts> = {}): readonly CreditFacts[] => Array.from({ length: count }, (_, index) => deal(index, '2026-01-05', more));

describe('what is rewarded', () => {
  test('each deal once, however many credits it has', () => {
    const run = pay({ components: [spiff({})], credits: [...deals(2), deal(0, '2026-01-20', { id: 'second' })] });
    expect(lines(run)).toEqual([['SPIFF', '2', '100', '200.00']]);
    expect(run.statements[0]?.lines[0]?.dealIds).toEqual(['d0', 'd1']);
  });

  test('each credit, each unit, a fraction of the revenue', () => {
    const credits = [...deals(2, { units: '3' }), deal(0, '2026-01-20', { id: 'second', units: '0.5' })];
    expect(lines(pay({ components: [spiff({ per: 'credit' })], credits }))).toEqual([['SPIFF', '3', '100', '300.00']]);
    expect(lines(pay({ components: [spiff({ per: 'unit', reward: '10' })], credits }))).toEqual([['SPIFF', '6.5', '10', '65.00']]);
    expect(lines(pay({ components: [spiff({ per: 'revenue', reward: '0.02' })], credits }))).toEqual([['SPIFF', '3000', '0.02', '60.00']]);
  });

  test('of one product, within days of its own across periods', () => {
    const credits = [
      deal(1, '2026-01-09', { productId: 'x' }),
      deal(2, '2026-01-10', { productId: 'x' }),
      deal(3, '2026-02-19', { productId: 'x' }),
      deal(4, '2026-02-20', { productId: 'x' }),
      deal(5, '2026-02-01', { productId: 'y' }),
    ];
    const run = pay({ components: [spiff({ where: { productId: 'x' }, from: '2026-01-10', to: '2026-02-20' })], credits, periods: ['2026-01', '2026-02', '2026-03'] });
    expect(totals(run)).toEqual([
      ['a', '2026-01', '100.00'],
      ['a', '2026-02', '100.00'],
      ['a', '2026-03', '0.00'],
    ]);
  });

  test('a deal reaches the minimum with the sum of its credits, a single credit by itself', () => {
    const credits = [deal(1, '2026-01-05', { amount: usd('600') }), deal(1, '2026-01-06', { id: 'more', amount: usd('400') }), deal(2, '2026-01-05', { amount: usd('999.99') })];
    expect(totals(pay({ components: [spiff({ minimum: '1000' })], credits }))).toEqual([['a', '2026-01', '100.00']]);
    expect(totals(pay({ components: [spiff({ minimum: '600', per: 'credit' })], credits }))).toEqual([['a', '2026-01', '200.00']]);
    expect(totals(pay({ components: [spiff({ minimum: '600', per: 'revenue', reward: '0.1' })], credits }))).toEqual([['a', '2026-01', '160.00']]);
  });

  test('an amount that is not known is reported, and does not reach a minimum', () => {
    const run = pay({ components: [spiff({ minimum: '1' })], credits: [deal(1, '2026-01-05', { amount: null }), deal(2, '2026-01-05')] });
    expect([codes(run), totals(run)]).toEqual([['missing_measure'], [['a', '2026-01', '100.00']]]);
    expect(totals(pay({ components: [spiff({})], credits: [deal(1, '2026-01-05', { amount: null })] }))).toEqual([['a', '2026-01', '100.00']]);
  });

  test('only for payees with a role', () => {
    const run = pay({
      components: [spiff({ eligibility: { attributes: { role: 'field' } } })],
      payees: [{ id: 'a', attributes: { role: 'field' } }, { id: 'b', attributes: { role: 'inside' } }, { id: 'c' }],
      credits: ['a', 'b', 'c'].map((payeeId) => deal(1, '2026-01-05', { id: payeeId, payeeId })),
    });
    expect(totals(run).map(([, , total]) => total)).toEqual(['100.00', '0.00', '0.00']);
  });
});

describe('tiers by count: the two readings of one table pay different amounts', () => {
  const tiers = [
    { from: '1', reward: '100' },
    { from: '6', reward: '200' },
  ] as const;

  test('each in its tier: five at 100, two at 200', () => {
    expect(lines(pay({ components: [spiff({ reward: { mode: 'each-in-its-tier', tiers } })], credits: deals(7) }))).toEqual([
      ['SPIFF: first tier', '5', '100', '500.00'],
      ['SPIFF: from deal 6 on', '2', '200', '400.00'],
    ]);
  });

  test('retroactive: with the sixth, all of them at 200', () => {
    const run = (count: number) => totals(pay({ components: [spiff({ reward: { mode: 'retroactive', tiers } })], credits: deals(count) }))[0]?.[2];
    expect([5, 6, 7].map(run)).toEqual(['500.00', '1200.00', '1400.00']);
  });

  test('the count goes on through a window, and starts again with the next', () => {
    const credits = [
      ...Array.from({ length: 5 }, (_, index) => deal(index, '2026-01-05')),
      ...Array.from({ length: 2 }, (_, index) => deal(10 + index, '2026-02-05')),
      deal(20, '2026-04-05'),
    ];
    const run = (mode: 'each-in-its-tier' | 'retroactive') =>
      totals(pay({ components: [spiff({ accumulate: 'quarter', reward: { mode, tiers } })], credits, periods: ['2026-01', '2026-02', '2026-04'] })).map(([, , total]) => total);
    expect(run('each-in-its-tier')).toEqual(['500.00', '400.00', '100.00']);
    expect(run('retroactive')).toEqual(['500.00', '900.00', '100.00']);
  });

  test('units that cross a bound are divided there; revenue has its bounds in money', () => {
    const units = pay({ components: [spiff({ per: 'unit', reward: { mode: 'each-in-its-tier', tiers } })], credits: [deal(1, '2026-01-05', { units: '8' })] });
    expect(lines(units).map(([, basis, , amount]) => [basis, amount])).toEqual([
      ['5', '500.00'],
      ['3', '600.00'],
    ]);
    const byRevenue = {
      mode: 'each-in-its-tier',
      tiers: [
        { from: '0', reward: '0.01' },
        { from: '1500', reward: '0.02' },
      ],
    } as const;
    expect(lines(pay({ components: [spiff({ per: 'revenue', reward: byRevenue })], credits: deals(2) })).map(([, basis, , amount]) => [basis, amount])).toEqual([
      ['1500', '15.00'],
      ['500', '10.00'],
    ]);
  });
});

describe('returns', () => {
  const back = (number: number, on: string, more: Partial<CreditFacts> = {}): CreditFacts =>
    deal(number, on, { id: `r${number}`, refersTo: `c${number}`, amount: usd('-1000'), ...more });

  test('a deal that is taken back gives its reward back, also in a later period of the window', () => {
    const run = pay({
      components: [spiff({ accumulate: 'quarter' })],
      credits: [deal(1, '2026-01-05'), deal(2, '2026-01-06'), back(1, '2026-02-03')],
      periods: ['2026-01', '2026-02'],
    });
    expect(totals(run).map(([, , total]) => total)).toEqual(['200.00', '-100.00']);
  });

  test('with a minimum, a refund that leaves enough leaves the reward', () => {
    const credits = [deal(1, '2026-01-05'), back(1, '2026-01-06', { amount: usd('-400') })];
    expect(totals(pay({ components: [spiff({ minimum: '600' })], credits }))[0]?.[2]).toBe('100.00');
    expect(totals(pay({ components: [spiff({ minimum: '601' })], credits }))[0]?.[2]).toBe('0.00');
  });

  test('retroactive tiers are lost again', () => {
    const tiers = [
      { from: '1', reward: '100' },
      { from: '3', reward: '200' },
    ] as const;
    const credits = [deal(1, '2026-01-05'), deal(2, '2026-01-06'), deal(3, '2026-01-07'), back(3, '2026-02-01')];
    const run = pay({ components: [spiff({ accumulate: 'quarter', reward: { mode: 'retroactive', tiers } })], credits, periods: ['2026-01', '2026-02'] });
    expect(totals(run).map(([, , total]) => total)).toEqual(['600.00', '-400.00']);
  });

  test('a return after the window is left to a clawback', () => {
    const run = pay({ components: [spiff({})], credits: [deal(1, '2026-01-05'), back(1, '2026-02-03')], periods: ['2026-01', '2026-02'] });
    expect(totals(run).map(([, , total]) => total)).toEqual(['100.00', '0.00']);
  });
});

describe('a pool for everybody', () => {
  const people = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  const claims: readonly CreditFacts[] = [
    deal(3, '2026-01-07', { payeeId: 'a' }),
    deal(1, '2026-01-05', { payeeId: 'c' }),
    deal(2, '2026-01-05', { payeeId: 'b' }),
    deal(4, '2026-01-07', { payeeId: 'b' }),
  ];

  test('first come, first served by day and deal, whoever it is; the last claim gets the rest', () => {
    const run = pay({ components: [spiff({ pool: '250' })], payees: people, credits: claims });
    expect(totals(run).map(([id, , total]) => [id, total])).toEqual([
      ['a', '50.00'],
      ['b', '100.00'],
      ['c', '100.00'],
    ]);
    expect(run.statements.map((statement) => statement.lines.map((line) => line.memo?.amount))).toEqual([[undefined, '50.00'], [undefined, '100.00'], [undefined]]);
    expect(run).toEqual(pay({ components: [spiff({ pool: '250' })], payees: people, credits: [...claims].reverse() }));
  });

  test('or nothing, and a smaller claim after it may still fit', () => {
    const credits = [deal(1, '2026-01-05', { payeeId: 'a', units: '3' }), deal(2, '2026-01-06', { payeeId: 'b', units: '5' }), deal(3, '2026-01-07', { payeeId: 'c', units: '2' })];
    const run = pay({ components: [spiff({ pool: '50', per: 'unit', reward: '10', lastClaim: 'none' })], payees: people, credits });
    expect(totals(run).map(([, , total]) => total)).toEqual(['30.00', '0.00', '20.00']);
  });

  test('it lasts through its window, from state alone', () => {
    const credits = [
      deal(1, '2026-01-05', { payeeId: 'a' }),
      deal(2, '2026-01-06', { payeeId: 'b' }),
      deal(3, '2026-02-01', { payeeId: 'c' }),
      deal(4, '2026-02-02', { payeeId: 'a' }),
    ];
    const components = [spiff({ pool: '250', from: '2026-01-01', to: '2026-03-01' })];
    const whole = pay({ components, payees: people, credits, periods: ['2026-01', '2026-02'] });
    let state: CompensationInput['state'];
    const parts = ['2026-01', '2026-02'].flatMap((period) => {
      const input = inputOf({
        components,
        payees: people,
        credits: credits.filter((credit) => credit.on.startsWith(period)),
        periods: [period],
        more: state === undefined ? {} : { state },
      });
      const run = sound(computeCompensation(input));
      state = JSON.parse(JSON.stringify(run.state)) as NonNullable<CompensationInput['state']>;
      return run.statements;
    });
    const byId = (statement: { readonly id: string; readonly total: unknown }): readonly unknown[] => [statement.id, statement.total];
    expect(parts.map(byId).sort()).toEqual(whole.statements.map(byId).sort());
    expect(
      totals(whole)
        .filter(([, period]) => period === '2026-02')
        .map(([id, , total]) => [id, total]),
    ).toEqual([
      ['a', '0.00'],
      ['b', '0.00'],
      ['c', '50.00'],
    ]);
  });

  test('what somebody who has left was paid is still gone', () => {
    const assignments = [
      { payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-01' },
      { payeeId: 'b', planId: 'p', from: '2026-01-01' },
    ];
    const credits = [deal(1, '2026-01-05', { payeeId: 'a' }), deal(2, '2026-02-06', { payeeId: 'b' })];
    const run = pay({
      components: [spiff({ pool: '150', accumulate: 'quarter' })],
      payees: [{ id: 'a' }, { id: 'b' }],
      credits,
      periods: ['2026-01', '2026-02'],
      more: { assignments },
    });
    expect(totals(run)).toEqual([
      ['a', '2026-01', '100.00'],
      ['b', '2026-01', '0.00'],
      ['b', '2026-02', '50.00'],
    ]);
  });

  test('what is taken back goes back into the pool: no more than was paid for it', () => {
    const credits = [
      deal(1, '2026-01-05', { payeeId: 'a' }),
      deal(2, '2026-01-06', { payeeId: 'b' }),
      deal(2, '2026-01-07', { id: 'r', payeeId: 'b', refersTo: 'c2', amount: usd('-1000') }),
      deal(3, '2026-01-08', { payeeId: 'c' }),
    ];
    const run = pay({ components: [spiff({ pool: '150' })], payees: people, credits });
    expect(totals(run).map(([, , total]) => total)).toEqual(['100.00', '0.00', '50.00']);
  });

  test('claims are rounded one by one, so that cents do not exceed it', () => {
    const credits = [
      deal(1, '2026-01-05', { payeeId: 'a', amount: usd('33.335') }),
      deal(2, '2026-01-06', { payeeId: 'b', amount: usd('66.665') }),
      deal(3, '2026-01-06', { payeeId: 'c', amount: usd('66.665') }),
    ];
    const run = pay({ components: [spiff({ per: 'revenue', reward: '1', pool: '100' })], payees: people, credits });
    expect(totals(run).map(([, , total]) => total)).toEqual(['33.34', '66.66', '0.00']);
  });
});

test('configs', () => {
  const problems = (config: object): readonly string[] =>
    validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'spiff', id: 's', ...config }] }).map(
      (issue) => `${issue.path.slice(2).join('.')}: ${issue.code}`,
    );
  expect(problems({ per: 'deal', reward: '100' })).toEqual([]);
  expect(problems({ per: 'deals', reward: 100, pool: '-1', from: '2026-02-01', to: '2026-01-01', lastclaim: 'none' })).toEqual([
    'lastclaim: unknown_key',
    'per: invalid_value',
    'reward: invalid_type',
    'pool: out_of_range',
    'to: empty_period',
  ]);
  expect(problems({ per: 'revenue', reward: '2' })).toEqual(['reward: rate_out_of_range']);
  expect(
    problems({
      per: 'deal',
      reward: {
        mode: 'retroactive',
        tiers: [
          { from: '2', reward: '1' },
          { from: '2', reward: '1' },
        ],
      },
    }),
  ).toEqual(['reward.tiers.0.from: tiers_do_not_start', 'reward.tiers.1.from: tiers_not_ascending']);
  expect(problems({ per: 'deal', reward: '1', from: '2026-01-01', accumulate: 'month' })).toEqual(['accumulate: invalid_value']);
  expectTypeOf(spiffComponent.kind).toEqualTypeOf<'spiff'>();
  // @ts-expect-error -- a pool is a decimal text
  const wrong: SpiffConfig = { per: 'deal', reward: '1', pool: 100 };
  expect(wrong.per).toBe('deal');
});

test('in words', () => {
  const { plans } = inputOf({ components: [spiff({ pool: '5000', from: '2026-01-10', to: '2026-02-20' })], credits: [] });
  expect(JSON.stringify(describePlan(plans[0] ?? ({} as never)))).toContain(
    'You earn 100 USD for each deal from 2026-01-10 until before 2026-02-20. All payees together get at most 5000 USD, first come, first served.',
  );
});
