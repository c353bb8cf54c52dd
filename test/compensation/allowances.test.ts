import {
  type BuiltInConfig,
  type ClientEntertainmentConfig,
  computeCompensation,
  describePlan,
  type ExpenseAccountConfig,
  type MileageConfig,
  type PerDiemConfig,
  renderStatement,
  validatePlan,
} from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { type CreditFacts, codes, inputOf, lines, pay, totals, usd } from './pay-run.js';

const problems = (config: object): readonly string[] =>
  validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ id: 'c', ...config }] }).map((issue) => `${issue.path.slice(2).join('.')}: ${issue.code}`);
const amounts = (run: ReturnType<typeof pay>): readonly string[] => totals(run).map(([, , total]) => total);

describe('mileage', () => {
  const mileage = (config: Partial<MileageConfig> = {}): BuiltInConfig => ({
    kind: 'mileage',
    id: 'm',
    tiers: [
      { from: '0', rate: '0.45' },
      { from: '10000', rate: '0.25' },
    ],
    ...config,
  });
  const trip = (on: string, distance: string, more: Partial<CreditFacts> = {}): CreditFacts => ({ id: on, on, values: { distance }, componentIds: ['m'], ...more });

  test('bands run through the year', () => {
    const run = pay({
      components: [mileage()],
      credits: [trip('2026-01-31', '9000'), trip('2026-02-28', '2500'), trip('2026-03-31', '100.5')],
      periods: ['2026-01', '2026-02', '2026-03'],
    });
    expect(lines(run)).toEqual([
      ['Mileage', '9000', '0.45', '4050.00'],
      ['Mileage: first tier', '1000', '0.45', '450.00'],
      ['Mileage: tier from 10000', '1500', '0.25', '375.00'],
      ['Mileage', '100.5', '0.25', '25.13'],
    ]);
  });

  test('the tax year may begin within a month: each day counts in its own', () => {
    const credits = [trip('2026-03-31', '10000'), trip('2026-04-05', '100'), trip('2026-04-06', '100')];
    const run = pay({ components: [mileage({ yearStart: '04-06' })], credits, periods: ['2026-03', '2026-04'] });
    expect(lines(run).map(([, basis, rate, amount]) => [basis, rate, amount])).toEqual([
      ['10000', '0.45', '4500.00'],
      ['100', '0.25', '25.00'],
      ['100', '0.45', '45.00'],
    ]);
  });

  test('relief, or an amount above the approved one, shows and is not paid', () => {
    const run = (rate: string) =>
      pay({
        components: [mileage({ tiers: [{ from: '0', rate }], approved: { tiers: [{ from: '0', rate: '0.45' }] } })],
        credits: [trip('2026-01-05', '100')],
      }).statements[0]?.lines.map((line) => [line.label, line.amount.amount, line.memo?.amount]);
    expect(run('0.15')).toEqual([
      ['Mileage', '15.00', undefined],
      ['Mileage: approved beyond what is paid', '0.00', '30.00'],
    ]);
    expect(run('0.5')).toEqual([
      ['Mileage', '50.00', undefined],
      ['Mileage: paid beyond what is approved', '0.00', '5.00'],
    ]);
    expect(run('0.45')).toHaveLength(1);
  });

  test('for field roles; a rate may come from the assignment', () => {
    const components = [mileage({ tiers: [{ from: '0', rate: { param: 'rate' } }], eligibility: { attributes: { role: { in: ['field', 'technical-field'] } } } })];
    const payees = [
      { id: 'a', attributes: { role: 'field' } },
      { id: 'b', attributes: { role: 'inside' } },
    ];
    const run = pay({
      components,
      payees,
      credits: [trip('2026-01-05', '100'), trip('2026-01-06', '100', { payeeId: 'b' })],
      more: { parameters: { rate: 'number' }, values: { rate: '0.7' } },
    });
    expect(amounts(run)).toEqual(['70.00', '0.00']);
  });

  test('configs', () => {
    expect(problems({ kind: 'mileage', tiers: [{ from: '0', rate: '1' }], yearStart: '04-31' })).toEqual(['yearStart: invalid_date']);
    expect(
      problems({
        kind: 'mileage',
        tiers: [
          { from: '5', rate: '1' },
          { from: '1', rate: 1 },
        ],
        yearStart: '02-29',
      }),
    ).toEqual(['tiers.0.from: tiers_do_not_start', 'tiers.1.rate: invalid_type', 'tiers.1.from: tiers_not_ascending', 'yearStart: invalid_date']);
  });
});

describe('per diem', () => {
  const perDiem = (config: Partial<PerDiemConfig> = {}): BuiltInConfig => ({
    kind: 'per-diem',
    id: 'd',
    where: { 'attributes.expense': 'travel' },
    rates: [
      { where: { 'attributes.city': 'Oslo' }, parts: [{ id: 'meals', amount: '90' }] },
      {
        where: { not: { 'attributes.city': 'nowhere' } },
        parts: [
          { id: 'breakfast', amount: '10', provided: { 'attributes.breakfast': true } },
          { id: 'dinner', amount: '30', provided: { 'attributes.dinner': true } },
          { id: 'lodging', amount: '120', scaled: false, provided: { 'attributes.day': 'last' } },
        ],
      },
    ],
    partial: { where: { 'attributes.day': { in: ['first', 'last'] } }, share: '0.75' },
    ...config,
  });
  const day = (on: string, attributes: Readonly<Record<string, string | boolean>> = {}, more: Partial<CreditFacts> = {}): CreditFacts => ({
    id: on,
    on,
    attributes: { expense: 'travel', ...attributes },
    ...more,
  });

  test('partial days, provided meals, no lodging on the last day, one line for each kind of day', () => {
    const credits = [
      day('2026-01-05', { day: 'first' }),
      day('2026-01-06', { dinner: true }),
      day('2026-01-07'),
      day('2026-01-08'),
      day('2026-01-09', { day: 'last', breakfast: true }),
      day('2026-01-12', { city: 'Oslo' }),
    ];
    expect(lines(pay({ components: [perDiem()], credits }))).toEqual([
      ['Per diem: full days', '1', '90', '90.00'],
      ['Per diem: full days', '2', '160', '320.00'],
      ['Per diem: full days without dinner', '1', '130', '130.00'],
      // 40 × 75 % + 120
      ['Per diem: partial days', '1', '150', '150.00'],
      // 40 × 75 % + 120 − 10 − 120
      ['Per diem: partial days without breakfast, lodging', '1', '20', '20.00'],
    ]);
  });

  test('the order of scaling and deducting is named; a day is never negative', () => {
    const last = day('2026-01-09', { day: 'last', breakfast: true, dinner: true });
    expect(amounts(pay({ components: [perDiem()], credits: [last] }))).toEqual(['0.00']);
    const one = day('2026-01-09', { day: 'last', dinner: true });
    expect([amounts(pay({ components: [perDiem()], credits: [one] })), amounts(pay({ components: [perDiem({ order: 'deduct-then-scale' })], credits: [one] }))]).toEqual([
      ['0.00'],
      ['7.50'],
    ]);
  });

  test('a day without a rate is reported', () => {
    const run = pay({ components: [perDiem()], credits: [day('2026-01-05', { city: 'nowhere' }), day('2026-01-06', { city: 'Oslo' }, { units: '3' })] });
    expect([codes(run), amounts(run)]).toEqual([['undefined_measure'], ['270.00']]);
  });

  test('configs', () => {
    expect(
      problems({
        kind: 'per-diem',
        where: {},
        rates: [
          {
            parts: [
              { id: 'a', amount: '1' },
              { id: 'a', amount: 2, scaled: 'no' },
            ],
          },
        ],
        partial: { where: {}, share: '75' },
      }),
    ).toEqual(['partial.share: rate_out_of_range', 'rates.0.parts.1.id: duplicate_id', 'rates.0.parts.1.amount: invalid_type', 'rates.0.parts.1.scaled: invalid_type']);
  });
});

describe('expense account', () => {
  const account = (config: Partial<ExpenseAccountConfig> = {}): BuiltInConfig => ({ kind: 'expense-account', id: 'e', advance: '500', ...config });
  const spent = (on: string, amount: string): CreditFacts => ({ id: on, on, amount: usd(amount), attributes: { expense: true } });
  const credits = [spent('2026-01-10', '430'), spent('2026-02-10', '560'), spent('2026-03-10', '500')];
  const periods = ['2026-01', '2026-02', '2026-03'];

  test('what was not spent is returned, what was spent beyond is paid back', () => {
    const run = pay({ components: [account()], credits, periods });
    expect(lines(run).map(([label, , , amount]) => [label, amount])).toEqual([
      ['Expense account: advance', '500.00'],
      ['Expense account: not spent, returned', '-70.00'],
      ['Expense account: advance', '500.00'],
      ['Expense account: documented, paid back', '60.00'],
      ['Expense account: advance', '500.00'],
    ]);
    expect(amounts(run)).toEqual(['430.00', '560.00', '500.00']);
  });

  test('money in hand may be carried: the next advance fills it up', () => {
    const run = pay({ components: [account({ unspent: 'carry', overspent: 'carry' })], credits, periods });
    expect(amounts(run)).toEqual(['500.00', '430.00', '560.00']);
    expect(run.statements.map((statement) => (statement.balances ?? []).map((balance) => balance.amount.amount))).toEqual([['70.00'], ['-60.00'], []]);
  });

  test('over a quarter; who leaves settles', () => {
    const run = pay({ components: [account({ accumulate: 'quarter' })], credits, periods });
    expect(amounts(run)).toEqual(['500.00', '0.00', '990.00']);
    const assignments = [{ payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-05' }];
    const left = pay({ components: [account({ accumulate: 'quarter', unspent: 'carry' })], credits: credits.slice(0, 1), periods, more: { assignments } });
    expect(amounts(left)).toEqual(['500.00', '-70.00']);
  });

  test('a limit, and expenses that are not paid back', () => {
    const limited = pay({ components: [account({ limit: '550' })], credits: [spent('2026-01-10', '600')] });
    expect(limited.statements[0]?.lines.map((line) => [line.amount.amount, line.memo?.amount])).toEqual([
      ['500.00', undefined],
      ['50.00', undefined],
      ['0.00', '50.00'],
    ]);
    const forfeited = pay({ components: [account({ overspent: 'forfeit' })], credits: [spent('2026-01-10', '600')] });
    expect(forfeited.statements[0]?.lines.map((line) => [line.amount.amount, line.memo?.amount])).toEqual([
      ['500.00', undefined],
      ['0.00', '100.00'],
    ]);
  });

  test('without an advance documented expenses are paid back', () => {
    const { advance: _, ...config } = account() as ExpenseAccountConfig & { kind: 'expense-account'; id: string };
    expect(amounts(pay({ components: [config], credits, periods }))).toEqual(['430.00', '560.00', '500.00']);
  });

  test('configs', () => {
    expect(problems({ kind: 'expense-account', advance: 5, unspent: 'keep', documented: {} })).toEqual([
      'advance: invalid_type',
      'documented: missing_key',
      'unspent: invalid_value',
    ]);
  });
});

describe('client entertainment', () => {
  const entertainment = (config: Partial<ClientEntertainmentConfig> = {}): BuiltInConfig => ({ kind: 'client-entertainment', id: 'x', ...config });
  const dinner = (on: string, amount: string, people?: string): CreditFacts => ({
    id: on,
    on,
    amount: usd(amount),
    attributes: { expense: 'client-entertainment' },
    ...(people === undefined ? {} : { units: people }),
  });
  const credits = [dinner('2026-01-05', '300', '4'), dinner('2026-01-06', '80', '2'), dinner('2026-01-07', '-20', '2')];
  const shown = (config: Partial<ClientEntertainmentConfig>, list = credits) =>
    pay({ components: [entertainment(config)], credits: list }).statements[0]?.lines.map((line) => [line.basis, line.amount.amount, line.memo?.amount]);

  test('limits by event, by person, by window; a share', () => {
    expect(shown({})).toEqual([['360', '360.00', undefined]]);
    expect(shown({ perEvent: '200' })).toEqual([['360', '260.00', '100.00']]);
    expect(shown({ perPerson: '50' })).toEqual([['360', '260.00', '100.00']]);
    expect(shown({ perPerson: '50', share: '0.5', limit: '100' })).toEqual([['360', '100.00', '260.00']]);
  });

  test('the limit holds for its window', () => {
    const run = pay({
      components: [entertainment({ limit: '400', accumulate: 'quarter' })],
      credits: [...credits, dinner('2026-02-01', '100'), dinner('2026-04-01', '100')],
      periods: ['2026-01', '2026-02', '2026-04'],
    });
    expect(amounts(run)).toEqual(['360.00', '40.00', '100.00']);
  });

  test('how many people there were must be known where it counts', () => {
    const run = pay({ components: [entertainment({ perPerson: '50' })], credits: [dinner('2026-01-05', '300'), dinner('2026-01-06', '80', '2')] });
    expect([codes(run), amounts(run)]).toEqual([['missing_measure'], ['80.00']]);
  });

  test('configs', () => {
    expect(problems({ kind: 'client-entertainment', share: '50', limit: 5, perGuest: '1' })).toEqual(['perGuest: unknown_key', 'limit: invalid_type', 'share: rate_out_of_range']);
  });
});

describe('allowances are not pay', () => {
  const components: readonly BuiltInConfig[] = [
    { kind: 'commission', id: 'c', measure: { sum: 'amount', where: { 'attributes.expense': null } }, rate: '0.1' },
    { kind: 'client-entertainment', id: 'x', where: { 'attributes.expense': 'client' } },
    { kind: 'cap', id: 'cap', limit: '60' },
  ];
  const credits: readonly CreditFacts[] = [
    { id: '1', on: '2026-01-05', amount: usd('1000') },
    { id: '2', on: '2026-01-06', amount: usd('70'), attributes: { expense: 'client' } },
  ];

  test('they have a total of their own within the total, a section and a type of entry of their own', () => {
    const run = pay({ components: components.slice(0, 2), credits });
    const [statement] = run.statements;
    expect([statement?.total.amount, statement?.allowances?.amount]).toEqual(['170.00', '70.00']);
    expect(run.ledger.map((entry) => [entry.type, entry.amount.amount])).toEqual([
      ['earning', '100.00'],
      ['allowance', '70.00'],
    ]);
    if (statement === undefined) return;
    expect(renderStatement(statement)).toContain('Allowances in this total, which are not pay: 70.00 USD');
    expect(pay({ components: components.slice(0, 1), credits }).statements[0]?.allowances).toBeUndefined();
  });

  test('a cap on all pay leaves them alone', () => {
    const run = pay({ components, credits });
    expect([run.statements[0]?.total.amount, run.statements[0]?.allowances?.amount]).toEqual(['130.00', '70.00']);
  });

  test('a restatement states its part of the difference', () => {
    const input = inputOf({ components: components.slice(0, 2), credits });
    const closed = computeCompensation(input).statements;
    const again = computeCompensation({
      ...inputOf({ components: components.slice(0, 2), credits: [...credits, { id: '3', on: '2026-01-07', amount: usd('5'), attributes: { expense: 'client' } }] }),
      closed,
    });
    expect(again.statements.map((statement) => [statement.total.amount, statement.allowances?.amount])).toEqual([['5.00', '5.00']]);
  });
});

test('in words', () => {
  const components: readonly BuiltInConfig[] = [
    { kind: 'mileage', id: 'm', tiers: [{ from: '0', rate: '0.45' }] },
    { kind: 'per-diem', id: 'd', where: {}, rates: [{ parts: [{ id: 'a', amount: '1' }] }] },
    { kind: 'expense-account', id: 'e', advance: '500' },
    { kind: 'client-entertainment', id: 'x', share: '0.5', limit: '100' },
  ];
  const text = describePlan(inputOf({ components, credits: [] }).plans[0] ?? ({} as never));
  for (const sentence of ['0.45 USD from 0', 'every day away from home', '500 USD in hand', '50 % of what you spend on clients is paid back up to 100 USD'])
    expect(text).toContain(sentence);
});
