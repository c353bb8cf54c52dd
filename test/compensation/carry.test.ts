import { type BuiltInConfig, validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { amountsOf, balancesOf, payRun, sale, stepByStep, totals } from './pay-plan.js';

const periods = ['2026-01', '2026-02', '2026-03'];
/** Commission of −800, 500 and 2,000. */
const credits = [sale('a', '2026-01-10', '-8000', { refersTo: 'old' }), sale('b', '2026-02-10', '5000'), sale('c', '2026-03-10', '20000')];
const carry = (config: object = {}): BuiltInConfig => ({ kind: 'carry', id: 'carry', ...config });

describe('negative carry', () => {
  test('pays nothing below zero and recovers it from later pay', () => {
    const run = payRun({ components: [carry()], credits, periods });
    expect(totals(run)).toEqual(['0.00', '0.00', '1700.00']);
    expect(balancesOf(run, 'carry')).toEqual(['800.00', '300.00', '0']);
    expect(run.statements[0]?.lines.at(-1)?.section).toBe('carry');
  });

  test('with a limit on what is recovered at a time', () => {
    const run = payRun({ components: [carry({ recovery: { share: '0.5', limit: '400' } })], credits, periods });
    expect(amountsOf(run, 'carry')).toEqual(['800.00', '-250.00', '-400.00']);
    expect(balancesOf(run, 'carry')).toEqual(['800.00', '550.00', '150.00']);
  });

  test('forgiven, or allowed', () => {
    const forgiven = payRun({ components: [carry({ negative: 'forgive' })], credits, periods });
    expect(totals(forgiven)).toEqual(['0.00', '500.00', '2000.00']);
    expect(forgiven.statements[0]?.lines.at(-1)?.memo).toEqual({ amount: '800.00', currency: 'USD' });
    expect(totals(payRun({ components: [carry({ negative: 'allow' })], credits, periods }))).toEqual(['-800.00', '500.00', '2000.00']);
  });

  test('salary is not touched', () => {
    const run = payRun({ components: [{ kind: 'salary', id: 'base', amount: '1000', every: 'month' }, carry()], credits, periods });
    expect(totals(run)).toEqual(['1000.00', '1000.00', '2700.00']);
  });

  test('when employment ends', () => {
    const payee = { terminatedOn: '2026-03-01' };
    const two = { credits: credits.slice(0, 2), periods: periods.slice(0, 2), payee };
    expect(balancesOf(payRun({ components: [carry()], ...two }), 'carry')).toEqual(['800.00', '300.00']);
    expect(balancesOf(payRun({ components: [carry({ onTermination: 'forgive' })], ...two }), 'carry')).toEqual(['800.00', '0']);
    expect(totals(payRun({ components: [carry({ onTermination: 'collect' })], ...two }))).toEqual(['0.00', '-300.00']);
  });

  test('goes on from the state alone, and is checked', () => {
    const options = { components: [carry({ recovery: { share: '0.5' } })], credits, periods };
    expect(stepByStep(options, ['2026-02', '2026-03']).flatMap(totals)).toEqual(totals(payRun(options)));
    const issues = validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'carry', id: 'c', negative: 'no', recovery: { share: '2', max: '1' } }] });
    expect(issues.map((issue) => issue.code)).toEqual(['invalid_value', 'unknown_key', 'fraction_out_of_range']);
  });
});
