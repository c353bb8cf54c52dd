import { type BuiltInConfig, describePlan, type ObjectiveConfig, objectiveComponent, validatePlan } from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type CreditFacts, codes, inputOf, lines, pay, totals, usd } from './pay-run.js';

const objective = (config: Partial<ObjectiveConfig> = {}): BuiltInConfig => ({
  kind: 'objective',
  id: 'mbo',
  target: '5000',
  objectives: [
    { id: 'hygiene', label: 'Pipeline hygiene', weight: '0.4' },
    { id: 'training', weight: '0.6' },
  ],
  ...config,
});
const score = (objectiveId: string, value: string, on = '2026-01-20'): CreditFacts => ({
  id: `${objectiveId}-${on}`,
  on,
  componentIds: ['mbo'],
  values: { score: value },
  attributes: { objective: objectiveId },
});
const amounts = (run: ReturnType<typeof pay>): readonly string[] => totals(run).map(([, , total]) => total);

describe('scores as credits', () => {
  test('target × weight × score, one line for each objective; the latest score counts', () => {
    const run = pay({ components: [objective()], credits: [score('hygiene', '0.2', '2026-01-10'), score('hygiene', '0.75'), score('training', '1')] });
    expect(lines(run)).toEqual([
      ['Objectives: Pipeline hygiene', '0.75', '2000', '1500.00'],
      ['Objectives: training', '1', '3000', '3000.00'],
    ]);
    expect(run.issues).toEqual([]);
  });

  test('a score that is missing is reported, and is not 0', () => {
    const run = pay({ components: [objective()], credits: [score('training', '1')] });
    expect([codes(run), amounts(run)]).toEqual([['undefined_measure'], ['3000.00']]);
    expect(pay({ components: [objective()], credits: [score('training', '1'), score('hygiene', '0')] }).issues).toEqual([]);
  });

  test('a score above the maximum is reported, and its objective pays nothing', () => {
    const credits = [score('hygiene', '80'), score('training', '1.2')];
    const run = pay({ components: [objective()], credits });
    expect([codes(run), amounts(run)]).toEqual([['out_of_range', 'out_of_range'], ['0.00']]);
    expect(amounts(pay({ components: [objective({ maximum: '1.5' })], credits }))).toEqual(['3600.00']);
  });

  test('all or nothing', () => {
    const run = pay({ components: [objective({ scoring: 'pass-fail' })], credits: [score('hygiene', '0.9'), score('training', '1')] });
    expect([codes(run), amounts(run)]).toEqual([['out_of_range'], ['3000.00']]);
  });

  test('commission does not count scores that name the component', () => {
    const run = pay({
      components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: '0.1' }, objective()],
      credits: [score('hygiene', '1'), score('training', '1'), { id: 's', on: '2026-01-02', amount: usd('100') }],
    });
    expect([codes(run), amounts(run)]).toEqual([[], ['5010.00']]);
  });
});

describe('other scores', () => {
  test('from the parameters of the assignment', () => {
    const config = objective({ target: { param: 'mbo' }, objectives: [{ id: 'x', weight: '1', score: { param: 'rating' } }] });
    expect(amounts(pay({ components: [config], credits: [], more: { parameters: { mbo: 'money', rating: 'fraction' }, values: { mbo: '1000', rating: '0.85' } } }))).toEqual([
      '850.00',
    ]);
  });

  test('from a measure', () => {
    const config = objective({ objectives: [{ id: 'csat', weight: '1', measure: { average: 'values.csat' } }] });
    const credits = ['0.8', '0.9'].map((csat, index) => ({ id: `c${index}`, on: '2026-01-05', values: { csat } }));
    expect(amounts(pay({ components: [config], credits }))).toEqual(['4250.00']);
  });
});

describe('windows', () => {
  const credits = [score('hygiene', '0.5', '2026-01-10'), score('training', '1', '2026-02-20'), score('hygiene', '1', '2026-03-30')];
  const periods = ['2026-01', '2026-02', '2026-03'];

  test('a quarter is paid in its last month', () => {
    const run = pay({ components: [objective({ accumulate: 'quarter' })], credits, periods });
    expect([codes(run), amounts(run)]).toEqual([[], ['0.00', '0.00', '5000.00']]);
  });

  test('who leaves is paid with the last period; in full or by days', () => {
    const assignments = [{ payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-25' }];
    const run = (proration: 'none' | 'actual-days') => amounts(pay({ components: [objective({ accumulate: 'quarter', proration })], credits, periods, more: { assignments } }));
    expect(run('none')).toEqual(['0.00', '4000.00']);
    // 4,000 × 55 ÷ 90 days
    expect(run('actual-days')).toEqual(['0.00', '2444.44']);
  });
});

test('a curve on the weighted score', () => {
  const curve = [
    { at: '0.5', payout: '0.25' },
    { at: '1', payout: '1' },
  ] as const;
  const paid = (hygiene: string, training: string) => amounts(pay({ components: [objective({ curve })], credits: [score('hygiene', hygiene), score('training', training)] }))[0];
  // Weighted 0.4, 0.5, 0.75, 1.
  expect([paid('1', '0'), paid('0.5', '0.5'), paid('0.75', '0.75'), paid('1', '1')]).toEqual(['0.00', '1250.00', '3125.00', '5000.00']);
  expect(amounts(pay({ components: [objective({ curve })], credits: [score('training', '1')] }))).toEqual(['0.00']);
});

test('configs', () => {
  const problems = (config: object): readonly string[] =>
    validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ ...objective(), ...config }] }).map((issue) => `${issue.path.slice(2).join('.')}: ${issue.code}`);
  expect(problems({})).toEqual([]);
  expect(
    problems({
      objectives: [
        { id: 'a', weight: '40' },
        { id: 'a', weight: '60' },
      ],
    }),
  ).toEqual(['objectives.1.id: duplicate_id', 'objectives: invalid_weights']);
  expect(problems({ objectives: [{ id: 'a', weight: '1', score: '1', measure: { count: 'deals' } }] })).toEqual(['objectives.0: invalid_value']);
  expect(
    problems({
      curve: [
        { at: '1', payout: '1' },
        { at: '0.5', payout: '-1' },
      ],
    }),
  ).toEqual(['curve.1.payout: out_of_range', 'curve.1.at: tiers_not_ascending']);
  expect(problems({ from: '2026-01-01' })).toEqual(['to: missing_key']);
  expectTypeOf(objectiveComponent.kind).toEqualTypeOf<'objective'>();
});

test('in words', () => {
  const { plans } = inputOf({ components: [objective()], credits: [] });
  expect(describePlan(plans[0] ?? ({} as never))).toContain('You earn 5000 USD by your scores: 40 % Pipeline hygiene, 60 % training.');
});
