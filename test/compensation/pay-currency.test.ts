import { type BuiltInConfig, type CompensationInput, type Plan, renderStatement, validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { amountsOf, payRun, sale, stepByStep, totals } from './pay-plan.js';

const eur = (amount: string): { readonly amount: string; readonly currency: string } => ({ amount, currency: 'EUR' });
type Rates = NonNullable<CompensationInput<Plan<BuiltInConfig>>['rates']>;
const rates: Rates = {
  rates: [
    { from: 'USD', to: 'EUR', rate: '0.9', on: '2026-01-01' },
    { from: 'USD', to: 'EUR', rate: '0.8', on: '2026-01-16' },
    { from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' },
    { from: 'EUR', to: 'USD', rate: '1.2', on: '2026-01-16' },
  ],
};

describe('currency of pay', () => {
  const two = [sale('a', '2026-01-10', '1000'), sale('b', '2026-01-20', '333.33')];
  const paidBy = (payRate: 'period-end' | 'period-average' | 'credit-date' | 'plan', more: object = {}) =>
    payRun({ components: [], policies: { payCurrency: 'EUR', payRate, ...more }, credits: two, periods: ['2026-01'], input: { rates } });

  test('at the end of the period, the mean of its days, the day of each credit, or the fixed rate of the plan', () => {
    expect(paidBy('period-end').statements[0]?.paid).toEqual({ currency: 'EUR', policy: 'period-end', total: eur('106.66') });
    // 15 days at 0.9 and 16 at 0.8: 0.848387096774.
    const mean = paidBy('period-average');
    expect(mean.statements[0]?.paid?.total).toEqual(eur('113.12'));
    expect(mean.statements[0]?.lines[0]?.paid?.conversions).toEqual([{ amount: { amount: '133.33', currency: 'USD' }, rate: '0.848387096774', on: null }]);
    const dated = paidBy('credit-date');
    expect(dated.statements[0]?.paid?.total).toEqual(eur('116.66'));
    expect(dated.statements[0]?.lines[0]?.paid?.conversions).toEqual([
      { amount: { amount: '100.00', currency: 'USD' }, rate: '0.9', on: '2026-01-01' },
      { amount: { amount: '33.33', currency: 'USD' }, rate: '0.8', on: '2026-01-16' },
    ]);
    const fixed = paidBy('plan', { planRates: { rates: [{ from: 'USD', to: 'EUR', rate: '0.5' }] } });
    expect(fixed.statements[0]?.paid?.total).toEqual(eur('66.67'));
    expect(fixed.statements[0]?.lines[0]?.paid?.conversions[0]?.on).toBeNull();
  });

  test('the statement stays in the currency of the plan, and says both', () => {
    const run = paidBy('period-end');
    expect(run.statements[0]).toMatchObject({ id: 'ada/2026-01/USD-EUR', total: { amount: '133.33', currency: 'USD' } });
    expect(run.ledger[0]).toMatchObject({ amount: { amount: '133.33', currency: 'USD' }, paid: eur('106.66') });
    expect(run.statements.map((statement) => renderStatement(statement)).join()).toContain('Paid out: 106.66 EUR, at the rate of the end of the period');
  });

  test('lines are rounded by cumulative difference, so that they sum to the total rounded once', () => {
    const bonus = (id: string): BuiltInConfig => ({ kind: 'commission', id, measure: { count: 'deals' }, rate: '0.01' });
    const policies = { payCurrency: 'EUR', payRate: 'plan', planRates: { rates: [{ from: 'USD', to: 'EUR', rate: '0.4' }] } } as const;
    const run = payRun({ commission: bonus('x'), components: [bonus('y'), bonus('z')], policies, credits: [sale('a', '2026-01-10', '1')], periods: ['2026-01'] });
    // 0.4, 0.8 and 1.2 cents to date.
    expect(run.statements[0]?.lines.map((line) => line.paid?.amount.amount)).toEqual(['0.00', '0.01', '0.00']);
    expect(run.statements[0]?.paid?.total).toEqual(eur('0.01'));
  });

  test('without a rate nothing is made up', () => {
    const run = payRun({ components: [], policies: { payCurrency: 'CHF' }, credits: two, periods: ['2026-01'], input: { rates } });
    expect(run.statements[0]?.paid).toEqual({ currency: 'CHF', policy: 'period-end', total: null, reason: 'there is no rate: expected a rate from USD to CHF on 2026-01-31' });
    expect(run.issues.map((issue) => issue.code)).toEqual(['missing_rate']);
    expect(totals(run)).toEqual(['133.33']);
  });

  test('a release in a later run is converted at the rate of its credit', () => {
    const options = {
      components: [{ kind: 'payment-schedule', id: 'pay', of: ['sales'], stages: [{ share: '1', on: 'payment' }] }] as const,
      policies: { payCurrency: 'EUR', payRate: 'credit-date' } as const,
      credits: [sale('a', '2026-01-10', '1000')],
      events: [{ id: 'p', dealId: 'a', type: 'payment', on: '2026-02-10', share: '1' }] as const,
      periods: ['2026-01', '2026-02'],
      input: { rates },
    };
    expect(payRun(options).statements.map((statement) => statement.paid?.total?.amount)).toEqual(['0.00', '90.00']);
    expect(stepByStep(options, ['2026-02']).flatMap((run) => run.statements.map((statement) => statement.paid?.total?.amount))).toEqual(['0.00', '90.00']);
  });

  test('a correction of a closed period is the difference in both currencies', () => {
    const closed = paidBy('period-end');
    const policies = { payCurrency: 'EUR', payRate: 'period-end' } as const;
    const more = [...two, sale('c', '2026-01-25', '500')];
    const run = payRun({ components: [], policies, credits: more, periods: ['2026-01'], input: { rates, closed: closed.statements } });
    expect(run.statements[0]).toMatchObject({ restates: 'ada/2026-01/USD-EUR', total: { amount: '50.00', currency: 'USD' }, paid: { total: eur('40.00') } });
    expect(run.ledger[0]).toMatchObject({ amount: { amount: '50.00', currency: 'USD' }, paid: eur('40.00') });
  });

  test('without lines the total is the same', () => {
    for (const payRate of ['period-end', 'period-average', 'credit-date'] as const) {
      const short = payRun({ components: [], policies: { payCurrency: 'EUR', payRate }, credits: two, periods: ['2026-01'], input: { rates, detail: 'statement' } });
      expect(short.statements[0]?.paid).toEqual(paidBy(payRate).statements[0]?.paid);
    }
  });
});

describe('credits in other currencies', () => {
  const credits = [
    { ...sale('a', '2026-01-10', '0'), amount: eur('1000') },
    { ...sale('b', '2026-01-20', '0'), amount: eur('1000') },
  ];

  test('at the day of the credit, the end of its period, or the fixed rate of the plan; on the line and in its trace', () => {
    const run = payRun({ components: [], credits, periods: ['2026-01'], input: { rates } });
    expect(totals(run)).toEqual(['230.00']);
    expect(run.statements[0]?.lines[0]?.credits.map((credit) => credit.exchange)).toEqual([
      { from: 'EUR', rate: '1.1', on: '2026-01-01' },
      { from: 'EUR', rate: '1.2', on: '2026-01-16' },
    ]);
    expect(JSON.stringify(run.statements[0]?.lines[0]?.trace)).toContain('EUR to USD');
    expect(totals(payRun({ components: [], policies: { creditRate: 'period-end' }, credits, periods: ['2026-01'], input: { rates } }))).toEqual(['240.00']);
    const fixed = payRun({
      components: [],
      policies: { creditRate: 'plan', planRates: { rates: [{ from: 'EUR', to: 'USD', rate: '1.05' }] } },
      credits,
      periods: ['2026-01'],
      input: { rates },
    });
    expect(totals(fixed)).toEqual(['210.00']);
    expect(fixed.statements[0]?.lines[0]?.credits[0]?.exchange).toEqual({ from: 'EUR', rate: '1.05', on: null });
  });

  test('the same figure in every detail', () => {
    for (const detail of ['statement', 'credit'] as const) expect(totals(payRun({ components: [], credits, periods: ['2026-01'], input: { rates, detail } }))).toEqual(['230.00']);
  });
});

describe('refunds and late credits', () => {
  const periods = ['2026-01', '2026-02', '2026-03'];
  const refund = sale('a', '2026-03-05', '-400', { id: 'r', refersTo: 'a@2026-01-10' });

  test('a refund counts on its own day, or in the period of its sale', () => {
    const credits = [sale('a', '2026-01-10', '1000'), refund];
    expect(totals(payRun({ components: [], credits, periods }))).toEqual(['100.00', '0.00', '-40.00']);
    expect(totals(payRun({ components: [], policies: { reversals: { period: 'original-date' } }, credits, periods }))).toEqual(['60.00', '0.00', '0.00']);
  });

  test('a credit that becomes known after the close counts where it becomes known', () => {
    const late = sale('b', '2026-01-20', '1000', { recordedAt: '2026-03-02' });
    const inTime = sale('c', '2026-01-25', '1000', { recordedAt: '2026-02-04T10:00:00Z' });
    const policies = { lateCredits: { policy: 'current-period', closeDays: 5 } } as const;
    const options = { components: [], policies, credits: [late, inTime], periods };
    // Recorded on 2 March: February is closed from the 6th of March on, so that it is still open.
    expect(totals(payRun(options))).toEqual(['100.00', '100.00', '0.00']);
    expect(totals(payRun({ ...options, policies: { lateCredits: { policy: 'current-period' } } }))).toEqual(['0.00', '100.00', '100.00']);
    expect(totals(payRun({ ...options, policies: { lateCredits: { policy: 'restate' } } }))).toEqual(['200.00', '0.00', '0.00']);
  });

  test('one that comes after the close of what was computed is an issue, or counts now', () => {
    const first = payRun({ components: [], periods: ['2026-01'] });
    const late = sale('b', '2026-01-20', '1000', { recordedAt: '2026-02-10' });
    const next = { components: [], credits: [late], periods: ['2026-02'] };
    const restated = payRun({ ...next, input: { state: first.state } });
    expect(restated.issues.map((issue) => [issue.code, issue.hint])).toEqual([['credit_outside_periods', 'its period has been computed already: restate it']]);
    const policies = { lateCredits: { policy: 'current-period' } } as const;
    const current = payRun({ ...next, policies, input: { state: payRun({ components: [], policies, periods: ['2026-01'] }).state } });
    expect(amountsOf(current, 'sales')).toEqual(['100.00']);
    expect(current.issues).toEqual([]);
  });
});

test('policies of a plan are checked', () => {
  const check = (policies: object): readonly string[] =>
    validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [], ...policies }).map((issue) => `${issue.code} ${issue.path.join('.')}`);
  expect(check({ payCurrency: 'EUR', payRate: 'period-average', creditRate: 'period-end', reversals: { quota: 'keep', period: 'original-date' } })).toEqual([]);
  expect(check({ payCurrency: 'euro' })).toEqual(['invalid_currency payCurrency']);
  expect(check({ payRate: 'period-end' })).toEqual(['missing_key payCurrency']);
  expect(check({ creditRate: 'plan' })).toEqual(['missing_key planRates']);
  expect(check({ payCurrency: 'EUR', payRate: 'spot' })).toEqual(['invalid_value payRate']);
  expect(check({ planRates: { rates: [{ from: 'EUR', to: 'USD', rate: '0' }] } })).toEqual(['out_of_range planRates.rates.0.rate']);
  expect(check({ reversals: { quota: 'drop', on: 'x' } })).toEqual(['unknown_key reversals.on', 'invalid_value reversals.quota']);
  expect(check({ lateCredits: { policy: 'ignore', closeDays: -1 } })).toEqual(['invalid_value lateCredits.policy', 'out_of_range lateCredits.closeDays']);
});
