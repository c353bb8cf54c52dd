import { type BuiltInConfig, type CompensationInput, type ContestConfig, computeCompensation, contestComponent, describePlan, validatePlan } from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type CreditFacts, codes, inputOf, lines, pay, sound, totals, usd } from './pay-run.js';

const contest = (config: Partial<ContestConfig> = {}): BuiltInConfig => ({
  kind: 'contest',
  id: 'c',
  measure: { sum: 'amount' },
  ...(config.goal === undefined ? { prizes: ['1000', '500', '200'] } : {}),
  ...config,
});
const people = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const sale = (payeeId: string, amount: string, on = '2026-01-05', more: Partial<CreditFacts> = {}): CreditFacts => ({
  id: `${payeeId}-${on}-${amount}`,
  payeeId,
  on,
  amount: usd(amount),
  ...more,
});
const paid = (run: ReturnType<typeof pay>, period = '2026-01'): readonly (readonly [string, string])[] =>
  totals(run)
    .filter(([, label, total]) => label === period && total !== '0.00')
    .map(([id, , total]) => [id, total]);

describe('places', () => {
  const credits = [sale('a', '50'), sale('b', '90'), sale('c', '70'), sale('d', '70')];

  test('prizes by place; ties share the places they fill; the line says the place', () => {
    const run = pay({ components: [contest()], payees: people, credits });
    expect(paid(run)).toEqual([
      ['b', '1000.00'],
      ['c', '350.00'],
      ['d', '350.00'],
    ]);
    expect(lines(run, 'c')).toEqual([['Contest: place 2, with 1 more', '70', undefined, '350.00']]);
    expect(run).toEqual(pay({ components: [contest()], payees: [...people].reverse(), credits: [...credits].reverse() }));
  });

  test('cents of a shared prize go to the first by id, and the trace says so', () => {
    const run = pay({ components: [contest({ prizes: ['100'] })], payees: people, credits: ['a', 'b', 'c'].map((id) => sale(id, '5')) });
    expect(paid(run)).toEqual([
      ['a', '33.34'],
      ['b', '33.33'],
      ['c', '33.33'],
    ]);
    expect(JSON.stringify(run.statements[0]?.lines[0]?.trace)).toContain('rest of the shares');
  });

  test('only one product; returns reduce the score; secondary measures break ties', () => {
    const more = [sale('a', '500', '2026-01-06', { productId: 'y' }), sale('b', '-30', '2026-01-20', { productId: 'x' })];
    const run = pay({
      components: [contest({ measure: { sum: 'amount', where: { productId: 'x' } } })],
      payees: people,
      credits: [...credits.map((credit) => ({ ...credit, productId: 'x' })), ...more],
    });
    expect(paid(run)).toEqual([
      ['b', '200.00'],
      ['c', '750.00'],
      ['d', '750.00'],
    ]);
    const ties = pay({ components: [contest({ ties: 'break', tieBreakers: [{ count: 'credits' }] })], payees: people, credits: [...credits, sale('d', '0', '2026-01-07')] });
    expect(paid(ties)).toEqual([
      ['b', '1000.00'],
      ['c', '200.00'],
      ['d', '500.00'],
    ]);
  });

  test('a fraction of quota, with a minimum', () => {
    const quotas = [
      ['a', '40'],
      ['b', '100'],
      ['c', '60'],
      ['d', '0'],
    ].map(([payeeId = '', amount = '']) => ({ payeeId, period: '2026-01', amount }));
    const run = pay({ components: [contest({ metric: 'quota', minimum: '1' })], payees: people, credits, more: { quotas } });
    expect([codes(run), paid(run)]).toEqual([
      ['undefined_attainment'],
      [
        ['a', '1000.00'],
        ['c', '500.00'],
      ],
    ]);
  });

  test('only who is eligible takes a place', () => {
    const payees = people.map(({ id }) => ({ id, attributes: { team: id === 'b' ? 'inside' : 'field' } }));
    const run = pay({ components: [contest({ eligibility: { attributes: { team: 'field' } } })], payees, credits });
    expect(paid(run)).toEqual([
      ['a', '200.00'],
      ['c', '750.00'],
      ['d', '750.00'],
    ]);
  });
});

describe('windows', () => {
  const credits = [sale('a', '50', '2026-01-20'), sale('b', '40', '2026-01-09'), sale('b', '60', '2026-02-09'), sale('c', '90', '2026-02-15'), sale('a', '5', '2026-02-14')];
  const config = contest({ from: '2026-01-10', to: '2026-02-15', prizes: ['100', '10'] });

  test('days of its own across periods; paid in the period of the last day', () => {
    const run = pay({ components: [config], payees: people.slice(0, 3), credits, periods: ['2026-01', '2026-02', '2026-03'] });
    expect(paid(run, '2026-01')).toEqual([]);
    expect(paid(run, '2026-02')).toEqual([
      ['a', '10.00'],
      ['b', '100.00'],
    ]);
  });

  test('the same from state alone, month by month', () => {
    const whole = pay({ components: [config], payees: people, credits, periods: ['2026-01', '2026-02'] });
    let state: CompensationInput['state'];
    const parts = ['2026-01', '2026-02'].map((period) => {
      const input = inputOf({
        components: [config],
        payees: people,
        credits: credits.filter((credit) => credit.on.startsWith(period)),
        periods: [period],
        more: state === undefined ? {} : { state },
      });
      const run = sound(computeCompensation(input));
      state = JSON.parse(JSON.stringify(run.state)) as NonNullable<CompensationInput['state']>;
      return run;
    });
    expect(parts.map((run, index) => paid(run, index === 0 ? '2026-01' : '2026-02'))).toEqual([paid(whole, '2026-01'), paid(whole, '2026-02')]);
    expect(state).toEqual(whole.state);
  });

  test('who has left before its last day takes no place; who changed assignment on the way keeps the score', () => {
    const assignments = [
      { payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-01' },
      { payeeId: 'a', planId: 'p', from: '2026-02-01' },
      { payeeId: 'b', planId: 'p', from: '2026-01-01', to: '2026-02-15' },
      { payeeId: 'c', planId: 'p', from: '2026-01-01' },
      { payeeId: 'd', planId: 'p', from: '2026-01-01', to: '2026-02-14' },
    ];
    const run = pay({ components: [config], payees: people, credits: [...credits, sale('d', '999', '2026-02-01')], periods: ['2026-01', '2026-02'], more: { assignments } });
    expect(paid(run, '2026-02')).toEqual([
      ['a', '10.00'],
      ['b', '100.00'],
    ]);
  });

  test('every quarter on a monthly plan', () => {
    const run = pay({ components: [contest({ accumulate: 'quarter', prizes: ['100'] })], payees: people, credits, periods: ['2026-01', '2026-02', '2026-03'] });
    expect(paid(run, '2026-03')).toEqual([['b', '100.00']]);
  });
});

describe('goals and teams', () => {
  const credits = [sale('a', '50'), sale('b', '90'), sale('c', '70'), sale('d', '20')];

  test('everybody over a goal', () => {
    expect(paid(pay({ components: [contest({ goal: { at: '70', prize: '300' } })], payees: people, credits }))).toEqual([
      ['b', '300.00'],
      ['c', '300.00'],
    ]);
    expect(paid(pay({ components: [contest({ goal: { at: '50', pool: '100' } })], payees: people, credits }))).toEqual([
      ['a', '33.34'],
      ['b', '33.33'],
      ['c', '33.33'],
    ]);
  });

  test('teams by an attribute; their prize is divided among the members', () => {
    const payees = [
      ['a', 'north'],
      ['b', 'south'],
      ['c', 'north'],
      ['d', undefined],
    ].map(([id = '', team]) => ({ id, attributes: team === undefined ? {} : { team } }));
    const run = (teams: NonNullable<ContestConfig['teams']>) => paid(pay({ components: [contest({ prizes: ['100.01', '50'], teams })], payees, credits }));
    expect(run({ by: 'team' })).toEqual([
      ['a', '50.01'],
      ['b', '50.00'],
      ['c', '50.00'],
    ]);
    expect(run({ by: 'team', shares: 'by-score' })).toEqual([
      ['a', '41.67'],
      ['b', '50.00'],
      ['c', '58.34'],
    ]);
    expect(run({ by: 'team', score: 'average', shares: 'each' })).toEqual([
      ['a', '50.00'],
      ['b', '100.01'],
      ['c', '50.00'],
    ]);
  });

  test('the attainment of another component', () => {
    const components = [
      { kind: 'commission', id: 'q', measure: { sum: 'amount' }, rate: '0', quota: { param: 'quota' } },
      contest({ measure: { attainmentOf: { componentId: 'q' } }, prizes: ['10'] }),
    ] as const;
    const assignments = ['10', '90', '50', '100'].map((quota, index) => ({ payeeId: people[index]?.id ?? '', planId: 'p', from: '2026-01-01', parameters: { quota } }));
    expect(paid(pay({ components, payees: people, credits, more: { assignments, parameters: { quota: 'money' } } }))).toEqual([['a', '10.00']]);
  });
});

test('configs', () => {
  const problems = (config: object): readonly string[] =>
    validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'contest', id: 'c', measure: { sum: 'amount' }, ...config }] }).map(
      (issue) => `${issue.path.slice(2).join('.')}: ${issue.code}`,
    );
  expect(problems({ prizes: ['1'] })).toEqual([]);
  expect(problems({})).toEqual([': missing_key']);
  expect(problems({ prizes: [], goal: { at: '1' }, ranking: '1224' })).toEqual(['ranking: invalid_value', ': missing_key', 'prizes: empty', 'goal: missing_key']);
  expect(problems({ prizes: ['-1', 5], teams: { by: '__proto__', shares: 'all' } })).toEqual([
    'prizes.0: out_of_range',
    'prizes.1: invalid_type',
    'teams.by: reserved_key',
    'teams.shares: invalid_value',
  ]);
  expect(problems({ prizes: ['1'], from: '2026-01-01' })).toEqual(['to: missing_key']);
  expectTypeOf(contestComponent.kind).toEqualTypeOf<'contest'>();
  // @ts-expect-error -- prizes are decimal texts
  const wrong: ContestConfig = { measure: { sum: 'amount' }, prizes: [100] };
  expect(wrong.prizes).toEqual([100]);
});

test('in words', () => {
  const { plans } = inputOf({ components: [contest({ metric: 'quota', accumulate: 'quarter' })], credits: [] });
  expect(describePlan(plans[0] ?? ({} as never))).toContain('Payees are ranked by amount as a fraction of quota per quarter; the prizes are 1000, 500, 200 USD.');
});
