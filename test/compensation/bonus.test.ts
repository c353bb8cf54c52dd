import { type BonusConfig, type BuiltInConfig, bonusComponent, describePlan, validatePlan } from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type CreditFacts, codes, inputOf, lines, pay, totals, usd } from './pay-run.js';

const bonus = (config: Partial<BonusConfig>): BuiltInConfig => ({
  kind: 'bonus',
  id: 'b',
  measure: { sum: 'units', where: { productId: 'x' } },
  ...(config.every === undefined ? { levels: [{ from: '10', amount: '500' }] } : {}),
  ...config,
});
const sale = (id: string, on: string, units: string, more: Partial<CreditFacts> = {}): CreditFacts => ({ id, dealId: id, on, units, productId: 'x', amount: usd('1000'), ...more });
const amounts = (run: ReturnType<typeof pay>): readonly string[] => totals(run).map(([, , total]) => total);

describe('levels', () => {
  test('a quantity of a product: reaching it exactly is enough', () => {
    const run = (units: string) => pay({ components: [bonus({})], credits: [sale('1', '2026-01-05', units), sale('2', '2026-01-06', '90', { productId: 'y' })] });
    expect(['9.99', '10', '25'].map((units) => amounts(run(units))[0])).toEqual(['0.00', '500.00', '500.00']);
    expect(lines(run('10'))).toEqual([['Bonus: 10 reached', '10', undefined, '500.00']]);
  });

  test('levels above quota as shares of target: the highest, or all of them', () => {
    const levels = [
      { from: '1', share: '0.05' },
      { from: '1.2', share: '0.1', label: 'excellence' },
    ] as const;
    const run = (reached: 'highest' | 'sum', amount: string) =>
      pay({
        components: [bonus({ measure: { sum: 'amount' }, by: 'attainment', of: '20000', levels, reached })],
        credits: [sale('1', '2026-01-05', '1', { amount: usd(amount) })],
        more: { quotas: [{ payeeId: 'a', period: '2026-01', amount: '1000' }] },
      });
    expect(['999.99', '1000', '1200'].map((amount) => amounts(run('highest', amount))[0])).toEqual(['0.00', '1000.00', '2000.00']);
    expect(amounts(run('sum', '1200'))).toEqual(['3000.00']);
    expect(run('sum', '1200').statements[0]?.attainment).toMatchObject([{ measured: '1200', quota: '1000', attainment: '1.2' }]);
    expect(lines(run('highest', '1300'))[0]?.[0]).toBe('Bonus: excellence');
  });

  test('every so many', () => {
    const run = (units: string, most?: string) =>
      amounts(pay({ components: [bonus({ every: { each: '10', amount: '100', ...(most === undefined ? {} : { most }) } })], credits: [sale('1', '2026-01-05', units)] }))[0];
    expect(['9', '10', '39.5', '-5'].map((units) => run(units))).toEqual(['0.00', '100.00', '300.00', '0.00']);
    expect(run('90', '5')).toBe('500.00');
  });

  test('attainment without a quota, or of a quota of 0, is not defined', () => {
    const config = { measure: { sum: 'amount' }, by: 'attainment', levels: [{ from: '1', amount: '1' }] } as const;
    const credits = [sale('1', '2026-01-05', '1')];
    expect(codes(pay({ components: [bonus(config)], credits }))).toEqual(['missing_quota']);
    expect(codes(pay({ components: [bonus({ ...config, quota: '0' })], credits }))).toEqual(['undefined_attainment']);
  });
});

describe('milestones', () => {
  const credits = [sale('1', '2026-01-05', '6'), sale('2', '2026-02-05', '6'), sale('3', '2026-03-05', '-4'), sale('4', '2026-04-05', '1'), sale('5', '2026-05-05', '4')];
  const periods = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'];
  const run = (config: Partial<BonusConfig>) => amounts(pay({ components: [bonus({ accumulate: 'year', ...config })], credits, periods }));

  test('once, at the end of the first period in which it is reached', () => {
    expect(run({})).toEqual(['0.00', '500.00', '0.00', '0.00', '0.00']);
  });

  test('once for every period in which it holds', () => {
    expect(run({ milestone: 'once-per-period' })).toEqual(['0.00', '500.00', '0.00', '0.00', '500.00']);
  });

  test('every time it is reached from below', () => {
    expect(run({ milestone: 'every-time' })).toEqual(['0.00', '500.00', '0.00', '0.00', '500.00']);
    const within = pay({ components: [bonus({ milestone: 'every-time' })], credits: [sale('1', '2026-01-05', '10'), sale('2', '2026-01-06', '-1'), sale('3', '2026-01-07', '1')] });
    expect(lines(within)).toEqual([['Bonus: 10 reached', '10', undefined, '1000.00']]);
  });

  test('what was paid is kept when the measure falls, or recovered', () => {
    expect(run({ afterFall: 'recover' })).toEqual(['0.00', '500.00', '-500.00', '0.00', '500.00']);
  });

  test('a higher level pays the difference', () => {
    const levels = [
      { from: '6', amount: '200' },
      { from: '12', amount: '500' },
    ] as const;
    expect(run({ levels })).toEqual(['200.00', '300.00', '0.00', '0.00', '0.00']);
    expect(run({ levels, payAt: 'window-end', accumulate: 'quarter' })).toEqual(['0.00', '0.00', '200.00', '0.00', '0.00']);
  });

  test('two assignments in one period do not pay it twice', () => {
    const assignments = [
      { payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-10' },
      { payeeId: 'a', planId: 'p', from: '2026-02-10' },
    ];
    for (const milestone of ['once', 'once-per-period'] as const) {
      const split = pay({ components: [bonus({ accumulate: 'year', milestone })], credits, periods: ['2026-01', '2026-02'], more: { assignments } });
      expect(amounts(split)).toEqual(['0.00', '500.00']);
    }
  });
});

describe("President's club", () => {
  const club: Partial<BonusConfig> = {
    label: "President's club",
    measure: { sum: 'amount' },
    by: 'attainment',
    accumulate: 'year',
    payAt: 'window-end',
    levels: [{ from: '1.2', amount: '8000' }],
    conditions: [{ measure: { count: 'deals', where: { kind: 'new' } }, atLeast: '2' }],
    eligibility: { tenureMonths: 12, employed: true },
  };
  const people = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, hiredOn: id === 'b' ? '2025-06-01' : '2024-01-01', ...(id === 'd' ? { terminatedOn: '2025-12-31' } : {}) }));
  const won = (payeeId: string, amount: string, count = 2): readonly CreditFacts[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `${payeeId}${index}`,
      dealId: `${payeeId}${index}`,
      payeeId,
      on: '2025-11-01',
      kind: 'new' as const,
      amount: usd(index === 0 ? amount : '0'),
    }));
  const credits = [...won('a', '130'), ...won('b', '200'), ...won('c', '125', 1), ...won('d', '300'), ...won('e', '150')];
  const quotas = people.map(({ id }) => ({ payeeId: id, period: '2025', amount: '100' }));
  const run = (config: Partial<BonusConfig>) =>
    pay({ components: [bonus({ ...club, ...config })], payees: people, credits, periods: ['2025-12'], more: { quotas, periods: ['2025'] } });

  test('attainment, tenure, employment and the number of new customers all count', () => {
    const winners = totals(run({})).filter(([, period, total]) => period === '2025-12' && total !== '0.00');
    expect(winners).toEqual([
      ['a', '2025-12', '8000.00'],
      ['e', '2025-12', '8000.00'],
    ]);
  });

  test('a payee whose day of hire is not known is reported', () => {
    const unknown = pay({ components: [bonus(club)], payees: [{ id: 'a' }], credits: won('a', '130'), periods: ['2025'], more: { quotas: quotas.slice(0, 1) } });
    expect(codes(unknown)).toEqual(['undefined_measure']);
  });

  test('a budget goes to the highest first, or is shared', () => {
    const paid = (exceeded: 'scale' | 'highest-first', amount: string) =>
      run({ budget: { amount, exceeded } })
        .statements.filter((statement) => statement.period.label === '2025-12')
        .flatMap((statement) => statement.lines.map((line) => [statement.payeeId, line.amount.amount, line.memo?.amount]));
    expect(paid('highest-first', '10000')).toEqual([
      ['a', '0.00', '8000.00'],
      ['e', '8000.00', undefined],
    ]);
    expect(paid('scale', '10000.01')).toEqual([
      ['a', '5000.01', '2999.99'],
      ['e', '5000.00', '3000.00'],
    ]);
    expect(paid('scale', '16000')).toEqual([
      ['a', '8000.00', undefined],
      ['e', '8000.00', undefined],
    ]);
  });
});

test('configs', () => {
  const problems = (config: object): readonly string[] =>
    validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'bonus', id: 'b', measure: { count: 'deals' }, ...config }] }).map(
      (issue) => `${issue.path.slice(2).join('.')}: ${issue.code}`,
    );
  expect(problems({ levels: [{ from: '1', amount: '1' }] })).toEqual([]);
  expect(problems({})).toEqual([': missing_key']);
  expect(
    problems({
      levels: [
        { from: '1', amount: '1' },
        { from: '1', share: '1' },
      ],
    }),
  ).toEqual(['of: missing_key', 'levels.1.from: tiers_not_ascending']);
  expect(problems({ every: { each: '0', amount: '1' }, milestone: 'every-time' })).toEqual(['every.each: out_of_range', 'milestone: invalid_value']);
  expect(problems({ levels: [{ from: '1', amount: '1' }], conditions: [{ measure: { count: 'deals' } }], budget: { amount: { param: 'x' }, exceeded: 'share' } })).toEqual([
    'conditions.0: missing_key',
    'budget.amount: invalid_type',
    'budget.exceeded: invalid_value',
  ]);
  expect(problems({ levels: [{ from: '1', amount: '1' }], eligibility: { tenureMonths: '12', attributes: { role: ['field'] }, emploeyd: true } })).toEqual([
    'eligibility.emploeyd: unknown_key',
    'eligibility.tenureMonths: invalid_type',
    'eligibility.attributes.role: invalid_type',
  ]);
  expectTypeOf(bonusComponent.kind).toEqualTypeOf<'bonus'>();
  // @ts-expect-error -- a bonus is paid once, once-per-period or every-time
  const wrong: BonusConfig['milestone'] = 'often';
  expect(wrong).toBe('often');
});

test('in words', () => {
  const { plans } = inputOf({ components: [bonus({ by: 'attainment', quota: '5', levels: [{ from: '1.1', amount: '750' }] })], credits: [] });
  expect(describePlan(plans[0] ?? ({} as never))).toContain('You earn a bonus on units where productId is x: 750 USD at 110 % of quota.');
});
