import { validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { amountsOf, balancesOf, payRun, sale, stepByStep, totals } from './pay-plan.js';

const three = [sale('a', '2026-01-10', '10000'), sale('b', '2026-02-10', '80000'), sale('c', '2026-03-10', '10000')];
const periods = ['2026-01', '2026-02', '2026-03'];

describe('cap', () => {
  test('forfeits what is above the limit of a period', () => {
    const run = payRun({ components: [{ kind: 'cap', id: 'cap', limit: '5000' }], credits: three, periods });
    expect(totals(run)).toEqual(['1000.00', '5000.00', '1000.00']);
    expect(run.statements[1]?.lines.map((line) => [line.section, line.label, line.amount.amount])).toEqual([
      ['commission', 'Rate', '8000.00'],
      ['cap', 'Above the limit', '-3000.00'],
    ]);
    expect(run.ledger.find((entry) => entry.componentId === 'cap')?.type).toBe('adjustment');
  });

  test('carries it and releases it in later periods below the limit', () => {
    const run = payRun({ components: [{ kind: 'cap', id: 'cap', limit: '5000', disposition: 'carry' }], credits: three, periods: [...periods, '2026-04'] });
    expect(totals(run)).toEqual(['1000.00', '5000.00', '4000.00', '0.00']);
    expect(balancesOf(run, 'cap')).toEqual(['0', '3000.00', '0', '0']);
  });

  test('withholds it for review, with an issue', () => {
    const run = payRun({ components: [{ kind: 'cap', id: 'cap', limit: '5000', disposition: 'review' }], credits: three, periods });
    expect(totals(run)).toEqual(['1000.00', '5000.00', '1000.00']);
    expect(balancesOf(run, 'cap')).toEqual(['0', '3000.00', '3000.00']);
    expect(run.issues.map((issue) => issue.code)).toEqual(['review_required']);
  });

  test('of a year is on the year to date, and a refund gives back what had been cut', () => {
    const options = { components: [{ kind: 'cap', id: 'cap', limit: '8500', per: 'year' } as const], periods };
    expect(totals(payRun({ ...options, credits: three }))).toEqual(['1000.00', '7500.00', '0.00']);
    const refunded = payRun({ ...options, credits: [...three.slice(0, 2), sale('b', '2026-03-20', '-5000', { id: 'r', refersTo: 'b@2026-02-10' })] });
    expect(totals(refunded)).toEqual(['1000.00', '7500.00', '0.00']);
    expect(amountsOf(refunded, 'cap')).toEqual(['0.00', '-500.00', '500.00']);
  });

  test('is idempotent: a second cap of the same limit does nothing', () => {
    const run = payRun({
      components: [
        { kind: 'cap', id: 'one', limit: '5000' },
        { kind: 'cap', id: 'two', limit: '5000' },
      ],
      credits: three,
      periods,
    });
    expect(amountsOf(run, 'two')).toEqual(['0.00', '0.00', '0.00']);
  });

  test('leaves salary alone, and looks at the components named', () => {
    const salary = { kind: 'salary', id: 'base', amount: '6000', every: 'month' } as const;
    expect(totals(payRun({ components: [salary, { kind: 'cap', id: 'cap', limit: '5000' }], credits: three, periods }))).toEqual(['7000.00', '11000.00', '7000.00']);
    expect(totals(payRun({ components: [salary, { kind: 'cap', id: 'cap', limit: '7000', of: ['sales', 'base'] }], credits: three, periods }))).toEqual([
      '7000.00',
      '7000.00',
      '7000.00',
    ]);
  });

  test('guarantees a minimum that is not owed back', () => {
    const run = payRun({ components: [{ kind: 'cap', id: 'cap', floor: '2500' }], credits: three, periods });
    expect(totals(run)).toEqual(['2500.00', '8000.00', '2500.00']);
    expect(run.statements[0]?.lines[1]?.label).toBe('Up to the guaranteed minimum');
  });

  test('may be on the pay of all plans of a payee', () => {
    const input = { components: [{ kind: 'cap', id: 'cap', limit: '1500', scope: 'payee' } as const], credits: [sale('a', '2026-01-10', '10000')], periods: ['2026-01'] };
    const other = { id: 'second', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'more', measure: { sum: 'amount' }, rate: '0.2' }] } as const;
    const first = {
      id: 'plan',
      currency: 'USD',
      period: 'month',
      components: [{ kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' }, ...input.components],
    } as const;
    const run = payRun({
      ...input,
      input: {
        plans: [first, other],
        assignments: [
          { payeeId: 'ada', planId: 'plan', from: '2026-01-01' },
          { payeeId: 'ada', planId: 'second', from: '2026-01-01' },
        ],
      },
    });
    // 1,000 and 2,000 are limited to 1,500 together; the line stands in the plan that has the cap.
    expect(totals(run)).toEqual(['1500.00']);
  });

  test('counts segments of one period together', () => {
    const run = payRun({
      components: [{ kind: 'cap', id: 'cap', limit: '1200' }],
      credits: [sale('a', '2026-01-05', '10000'), sale('b', '2026-01-25', '10000')],
      periods: ['2026-01'],
      input: {
        assignments: [
          { payeeId: 'ada', planId: 'plan', from: '2026-01-01', to: '2026-01-15' },
          { payeeId: 'ada', planId: 'plan', from: '2026-01-15' },
        ],
      },
    });
    expect(totals(run)).toEqual(['1200.00']);
  });

  test('goes on from the state alone', () => {
    const options = { components: [{ kind: 'cap', id: 'cap', limit: '5000', disposition: 'carry' } as const], credits: three, periods };
    expect(stepByStep(options, ['2026-02', '2026-03']).flatMap(totals)).toEqual(totals(payRun(options)));
  });

  test('is checked', () => {
    const check = (config: object): readonly string[] =>
      validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'cap', id: 'c', ...config }] }).map(
        (issue) => `${issue.code} ${issue.path.slice(2).join('.')}`,
      );
    expect(check({ limit: '1' })).toEqual([]);
    expect(check({})).toEqual(['missing_key ']);
    expect(check({ limit: 5 })).toEqual(['invalid_type limit']);
    expect(check({ limit: '1', dispostion: 'carry' })).toEqual(['unknown_key dispostion']);
    expect(check({ limit: '1', disposition: 'lose', per: 'day' })).toEqual(['invalid_value per', 'invalid_value disposition']);
    expect(check({ limit: '1', scope: 'payee', of: ['x'] })).toEqual(['invalid_value of']);
    expect(() => payRun({ components: [{ kind: 'cap', id: 'cap', limit: '1', of: ['nobody'] }], periods })).toThrow(/unknown_reference/);
    expect(payRun({ components: [{ kind: 'cap', id: 'cap', limit: '1', per: 'week' }], credits: three, periods }).issues[0]?.code).toBe('invalid_period');
  });
});
