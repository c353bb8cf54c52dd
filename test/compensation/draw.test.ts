import { type BuiltInConfig, type CompensationRun, renderStatement, validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { amountsOf, balancesOf, payRun, sale, stepByStep, totals } from './pay-plan.js';

const periods = ['2026-01', '2026-02', '2026-03', '2026-04'];
/** Commission of 1,500, 1,000, 3,000 and 4,000. */
const credits = ['15000', '10000', '30000', '40000'].map((amount, index) => sale(`d${index}`, `2026-0${index + 1}-10`, amount));
const types = (run: CompensationRun): readonly string[] =>
  run.ledger.filter((entry) => entry.componentId === 'draw').map((entry) => `${entry.period} ${entry.type} ${entry.amount.amount}`);
const draw = (config: object): BuiltInConfig => ({ kind: 'draw', id: 'draw', amount: '2000', ...config });

describe('draw', () => {
  test('top-up, recoverable: lends up to the draw and recovers from what is above it', () => {
    const run = payRun({ components: [draw({})], credits, periods });
    expect(totals(run)).toEqual(['2000.00', '2000.00', '2000.00', '3500.00']);
    expect(balancesOf(run, 'draw')).toEqual(['500.00', '1500.00', '500.00', '0']);
    expect(types(run)).toEqual(['2026-01 draw-advance 500.00', '2026-02 draw-advance 1000.00', '2026-03 draw-recovery -1000.00', '2026-04 draw-recovery -500.00']);
    expect(run.statements.map((statement) => renderStatement(statement)).join('\n')).toContain('Draw to be recovered (draw): 500.00 USD');
  });

  test('recovery from everything, a share of it, or up to a limit', () => {
    expect(amountsOf(payRun({ components: [draw({ recovery: { from: 'all' } })], credits, periods }), 'draw')).toEqual(['500.00', '1000.00', '-1500.00', '0.00']);
    expect(amountsOf(payRun({ components: [draw({ recovery: { share: '0.5' } })], credits, periods }), 'draw')).toEqual(['500.00', '1000.00', '-500.00', '-1000.00']);
    expect(amountsOf(payRun({ components: [draw({ recovery: { from: 'all', limit: '700' } })], credits, periods }), 'draw')).toEqual(['500.00', '1000.00', '-700.00', '-700.00']);
  });

  test('additive: on top of earnings, recovered when there is no draw any more', () => {
    const run = payRun({ components: [draw({ pays: 'additive', until: { date: '2026-03-01' } })], credits, periods });
    expect(totals(run)).toEqual(['3500.00', '3000.00', '0.00', '3000.00']);
    expect(balancesOf(run, 'draw')).toEqual(['2000.00', '4000.00', '1000.00', '0']);
  });

  test('not recoverable: a guarantee, booked as an earning', () => {
    const run = payRun({ components: [draw({ recoverable: false })], credits, periods });
    expect(totals(run)).toEqual(['2000.00', '2000.00', '3000.00', '4000.00']);
    expect(types(run)).toEqual(['2026-01 earning 500.00', '2026-02 earning 1000.00']);
    expect(run.statements.some((statement) => statement.balances !== undefined)).toBe(false);
  });

  test('forgivable: what is left at the end of the draw is forgiven', () => {
    const run = payRun({ components: [draw({ recoverable: 'forgivable', until: { monthsFromHire: 3 } })], payee: { hiredOn: '2026-01-01' }, credits, periods });
    expect(totals(run)).toEqual(['2000.00', '2000.00', '2000.00', '4000.00']);
    expect(types(run)).toEqual(['2026-01 draw-advance 500.00', '2026-02 draw-advance 1000.00', '2026-03 draw-recovery -1000.00', '2026-03 draw-forgiveness 0.00']);
    expect(run.ledger.find((entry) => entry.type === 'draw-forgiveness')?.memo).toEqual({ amount: '500.00', currency: 'USD' });
    expect(balancesOf(run, 'draw')).toEqual(['500.00', '1500.00', '0', '0']);
  });

  test('declining schedule, counted from the hire date', () => {
    const run = payRun({ components: [draw({ amount: ['3000', '1500', '1000'], recoverable: false })], payee: { hiredOn: '2026-01-01' }, credits, periods });
    expect(totals(run)).toEqual(['3000.00', '1500.00', '3000.00', '4000.00']);
    const later = payRun({ components: [draw({ amount: ['3000', '1500', '1000'], recoverable: false })], payee: { hiredOn: '2025-12-01' }, credits, periods });
    expect(totals(later)).toEqual(['1500.00', '1000.00', '3000.00', '4000.00']);
  });

  test('prorated for a period in which it holds only in part', () => {
    const hired = { payee: { hiredOn: '2026-01-16' }, periods: ['2026-01'] };
    expect(totals(payRun({ components: [draw({})], ...hired }))).toEqual(['1032.26']);
    expect(totals(payRun({ components: [draw({ proration: '30-360' })], ...hired }))).toEqual(['1000.00']);
    expect(totals(payRun({ components: [draw({ proration: 'whole-months' })], ...hired }))).toEqual(['0.00']);
    expect(totals(payRun({ components: [draw({ proration: 'whole-months', hiredByDay: 20 })], ...hired }))).toEqual(['2000.00']);
    expect(totals(payRun({ components: [draw({ proration: 'none' })], ...hired }))).toEqual(['2000.00']);
  });

  test('an amount per month in a plan by quarter, and per year in one by month', () => {
    const quarter = payRun({
      components: [draw({ every: 'month', until: { monthsFromHire: 2 } })],
      payee: { hiredOn: '2026-01-01' },
      policies: { period: 'quarter' },
      periods: ['2026-Q1'],
    });
    expect(totals(quarter)).toEqual(['4000.00']);
    const year = payRun({ components: [draw({ amount: '24000', every: 'year' })], periods: ['2026-02'] });
    expect(totals(year)).toEqual(['2000.00']);
  });

  test('on the components named only', () => {
    const bonus: BuiltInConfig = { kind: 'commission', id: 'bonus', measure: { count: 'deals' }, rate: '5000' };
    const run = payRun({ components: [bonus, draw({ of: ['sales'] })], credits: credits.slice(0, 1), periods: ['2026-01'] });
    expect(amountsOf(run, 'draw')).toEqual(['500.00']);
  });

  test('when employment ends the balance stays, is deducted, or is forgiven', () => {
    const payee = { terminatedOn: '2026-03-01' };
    const end = (onTermination: string): CompensationRun =>
      payRun({ components: [draw({ onTermination })], payee, credits: [...credits.slice(0, 1), sale('x', '2026-02-10', '21000')], periods: periods.slice(0, 2) });
    expect(balancesOf(end('debit'), 'draw')).toEqual(['500.00', '400.00']);
    expect(totals(end('deduct'))).toEqual(['2000.00', '1600.00']);
    expect(balancesOf(end('deduct'), 'draw')).toEqual(['500.00', '0']);
    expect(balancesOf(end('forgive'), 'draw')).toEqual(['500.00', '0']);
    expect(end('forgive').ledger.at(-1)?.memo?.amount).toBe('400.00');
    expect(totals(payRun({ components: [draw({})], payee: { terminatedOn: '2026-01-16' }, periods: ['2026-01', '2026-02'] }))).toEqual(['967.74', '0.00']);
  });

  test('goes on from the state alone', () => {
    for (const config of [{}, { pays: 'additive', until: { date: '2026-03-01' } }, { recovery: { share: '0.3' } }]) {
      const options = { components: [draw(config)], credits, periods };
      expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(totals(payRun(options)));
    }
  });

  test('reports a payee without hire date, and is checked', () => {
    expect(payRun({ components: [draw({ until: { monthsFromHire: 3 } })], periods: ['2026-01'] }).issues[0]?.code).toBe('missing_date');
    const check = (config: object): readonly string[] =>
      validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'draw', id: 'd', ...config }] }).map(
        (issue) => `${issue.code} ${issue.path.slice(2).join('.')}`,
      );
    expect(check({ amount: '1' })).toEqual([]);
    expect(check({ amount: [] })).toEqual(['empty amount']);
    expect(check({ amount: '1', recoverable: 'yes' })).toEqual(['invalid_value recoverable']);
    expect(check({ amount: '1', recovery: { share: '50' } })).toEqual(['fraction_out_of_range recovery.share']);
    expect(check({ amount: '1', until: {} })).toEqual(['missing_key until']);
    expect(check({ amount: '1', until: { date: '2026-02-30' } })).toEqual(['invalid_date until.date']);
    expect(check({ amount: '1', recoverable: false, onTermination: 'deduct' })).toEqual(['invalid_value onTermination']);
    expect(check({ amount: '1', forgive: { date: '2026-01-01' } })).toEqual(['invalid_value forgive']);
  });
});
