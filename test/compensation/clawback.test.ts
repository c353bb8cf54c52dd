import { type BuiltInConfig, type DealEventRecord, validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { amountsOf, balancesOf, payRun, SALES, sale, stepByStep, totals } from './pay-plan.js';

const periods = ['2026-01', '2026-02', '2026-03', '2026-04'];
const usd = (amount: string): { readonly amount: string; readonly currency: string } => ({ amount, currency: 'USD' });
const credits = [sale('d', '2026-01-10', '10000')];
const clawback = (config: object = {}): BuiltInConfig => ({ kind: 'clawback', id: 'claw', of: ['sales'], ...config });
const cancelled = (on: string, more: Partial<DealEventRecord> = {}): DealEventRecord => ({ id: `x${on}`, dealId: 'd', type: 'cancellation', on, ...more });
const refund = (on: string, amount: string): ReturnType<typeof sale> => sale('d', on, `-${amount}`, { id: `r${on}`, refersTo: 'd@2026-01-10' });

describe('clawback', () => {
  test('of what was paid, in full, on cancellation', () => {
    const run = payRun({ components: [clawback()], credits, events: [cancelled('2026-03-15')], periods });
    expect(totals(run)).toEqual(['1000.00', '0.00', '-1000.00', '0.00']);
    expect(run.statements[2]?.lines[0]).toMatchObject({ section: 'clawback', dealIds: ['d'], label: 'Clawback' });
    expect(run.ledger.at(-1)?.type).toBe('clawback');
  });

  test('only within the window, after which nothing of the deal is kept', () => {
    const options = { components: [clawback({ window: { months: 2 } })], credits, periods };
    expect(totals(payRun({ ...options, events: [cancelled('2026-03-09')] }))).toEqual(['1000.00', '0.00', '-1000.00', '0.00']);
    const late = payRun({ ...options, events: [cancelled('2026-03-10')] });
    expect(totals(late)).toEqual(['1000.00', '0.00', '0.00', '0.00']);
    expect(late.state.components.find((component) => component.componentId === 'claw')?.carried).toBeUndefined();
    expect(totals(payRun({ ...options, components: [clawback({ window: { days: 30 } })], events: [cancelled('2026-02-08')] }))).toEqual(['1000.00', '-1000.00', '0.00', '0.00']);
  });

  test('pro rata to the term not served', () => {
    const at = (recover: object, on: string): string | undefined =>
      amountsOf(payRun({ components: [clawback({ recover })], credits, events: [cancelled(on)], periods }), 'claw').find((amount) => amount !== '0.00');
    expect(at({ termMonths: 10 }, '2026-04-10')).toBe('-700.00');
    expect(at({ termMonths: 10 }, '2026-04-11')).toBe('-700.00');
    expect(at({ termMonths: 10, served: 'months-begun' }, '2026-04-11')).toBe('-600.00');
    expect(at({ termMonths: 10, served: 'months-begun' }, '2026-04-10')).toBe('-700.00');
    expect(at({ termMonths: 12, served: 'days' }, '2026-03-24')).toBe('-800.00');
    expect(at({ termMonths: 2 }, '2026-04-10')).toBeUndefined();
    const ofCredit = payRun({
      components: [clawback({ recover: { termMonths: 'of-credit' } })],
      credits: [sale('d', '2026-01-10', '10000', { termMonths: 4 })],
      events: [cancelled('2026-02-10')],
      periods,
    });
    expect(totals(ofCredit)).toEqual(['1000.00', '-750.00', '0.00', '0.00']);
  });

  test('by steps', () => {
    const recover = {
      steps: [
        { fromMonths: 1, share: '0.5' },
        { fromMonths: 3, share: '0.25' },
      ],
    };
    const on = (day: string): readonly string[] => totals(payRun({ components: [clawback({ recover })], credits, events: [cancelled(day)], periods }));
    expect(on('2026-02-09')).toEqual(['1000.00', '-1000.00', '0.00', '0.00']);
    expect(on('2026-02-10')).toEqual(['1000.00', '-500.00', '0.00', '0.00']);
    expect(on('2026-04-10')).toEqual(['1000.00', '0.00', '0.00', '-250.00']);
  });

  test('returns of parts, by share or amount, take back no more than was paid', () => {
    const events = [
      cancelled('2026-02-01', { type: 'return', share: '0.3' }),
      cancelled('2026-03-01', { type: 'return', amount: usd('2000'), total: usd('10000') }),
      cancelled('2026-04-01', { type: 'return', share: '0.9' }),
    ];
    expect(totals(payRun({ components: [clawback()], credits, events, periods }))).toEqual(['1000.00', '-300.00', '-200.00', '-500.00']);
  });

  test('only the paid part, while the unpaid rest is cancelled', () => {
    const schedule: BuiltInConfig = {
      kind: 'payment-schedule',
      id: 'pay',
      of: ['sales'],
      stages: [
        { share: '0.5', on: 'booking' },
        { share: '0.5', on: 'payment' },
      ],
    };
    const run = payRun({ components: [schedule, clawback({ of: ['sales', 'pay'] })], credits, events: [cancelled('2026-02-20')], periods });
    expect(totals(run)).toEqual(['500.00', '-500.00', '0.00', '0.00']);
    expect(balancesOf(run, 'pay')).toEqual(['500.00', '0', '0', '0']);
    const partly = payRun({
      components: [schedule, clawback({ of: ['sales', 'pay'] })],
      credits,
      events: [cancelled('2026-02-20', { type: 'return', share: '0.4' }), { id: 'p', dealId: 'd', type: 'payment', on: '2026-03-01', share: '1' }, cancelled('2026-04-20')],
      periods,
    });
    // 200 of the 500 paid; 60 % of the other 500; then everything that is left.
    expect(totals(partly)).toEqual(['500.00', '-200.00', '300.00', '-600.00']);
  });

  test('unpaid after some days: the unpaid share comes back', () => {
    const config = { triggers: ['unpaid'], unpaidAfterDays: 30 };
    expect(totals(payRun({ components: [clawback(config)], credits, periods }))).toEqual(['1000.00', '-1000.00', '0.00', '0.00']);
    const partly: DealEventRecord = { id: 'p', dealId: 'd', type: 'payment', on: '2026-02-09', amount: usd('4000'), total: usd('10000') };
    expect(totals(payRun({ components: [clawback(config)], credits, events: [partly], periods }))).toEqual(['1000.00', '-600.00', '0.00', '0.00']);
    expect(totals(payRun({ components: [clawback(config)], credits, events: [{ ...partly, share: '1' }], periods }))).toEqual(['1000.00', '0.00', '0.00', '0.00']);
  });

  test('limited per statement; the rest is owed', () => {
    const more = [...credits, sale('e', '2026-02-01', '3000'), sale('f', '2026-03-01', '4000'), sale('g', '2026-04-01', '20000')];
    const options = { components: [clawback({ limit: { share: '0.5' } })], credits: more, events: [cancelled('2026-02-15')], periods };
    const run = payRun(options);
    expect(totals(run)).toEqual(['1000.00', '150.00', '200.00', '1350.00']);
    expect(balancesOf(run, 'claw')).toEqual(['0', '850.00', '650.00', '0']);
    expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(totals(run));
    expect(amountsOf(payRun({ ...options, components: [clawback({ limit: { amount: '600' } })] }), 'claw')).toEqual(['0.00', '-600.00', '-400.00', '0.00']);
  });

  test('a refund credit at the original rate, though the rate of the tier has changed', () => {
    const commission: BuiltInConfig = {
      kind: 'commission',
      id: 'sales',
      measure: { sum: 'amount' },
      accumulate: 'year',
      rate: {
        mode: 'marginal',
        tiers: [
          { from: '0', rate: '0.1' },
          { from: '10000', rate: '0.2' },
        ],
      },
    };
    const sold = [...credits, sale('e', '2026-02-10', '10000'), refund('2026-03-10', '10000')];
    // Measured, the refund takes back 10,000 at 20 %, the rate now reached; paid for the deal were 1,000.
    const restated = payRun({ commission, components: [clawback({ reversal: 'restate-period' })], credits: sold, periods });
    expect(totals(restated)).toEqual(['1000.00', '2000.00', '-2000.00', '0.00']);
    const original = payRun({ commission, components: [clawback()], credits: sold, periods });
    expect(totals(original)).toEqual(['1000.00', '2000.00', '-1000.00', '0.00']);
    expect(original.statements[2]?.lines.map((line) => `${line.label} ${line.amount.amount}`)).toEqual([
      'Tier from 10000 -2000.00',
      'Clawback -1000.00',
      'Clawback: instead of what refunds took by themselves 2000.00',
    ]);
    expect(totals(payRun({ commission, components: [clawback({ recover: { steps: [{ fromMonths: 0, share: '0.5' }] } })], credits: sold, periods }))).toEqual([
      '1000.00',
      '2000.00',
      '-500.00',
      '0.00',
    ]);
  });

  test('a refund that leaves quota retired is taken back by the clawback alone', () => {
    const policies = { reversals: { quota: 'keep' } } as const;
    const sold = [...credits, refund('2026-03-10', '2500')];
    expect(totals(payRun({ components: [], policies, credits: sold, periods }))).toEqual(['1000.00', '0.00', '0.00', '0.00']);
    const options = { components: [clawback()], policies, credits: sold, periods };
    expect(totals(payRun(options))).toEqual(['1000.00', '0.00', '-250.00', '0.00']);
    expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(totals(payRun(options)));
  });

  test('goes on from the state alone, whatever the detail', () => {
    const options = {
      components: [clawback({ recover: { termMonths: 7 }, window: { months: 6 } })],
      credits: [...credits, sale('e', '2026-02-01', '3333.33')],
      events: [cancelled('2026-03-20', { type: 'return', share: '0.35' }), cancelled('2026-04-02', { dealId: 'e' }), cancelled('2026-04-03')],
      periods,
    };
    const whole = totals(payRun(options));
    expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(whole);
    expect(totals(payRun({ ...options, input: { detail: 'statement' } }))).toEqual(whole);
    expect(totals(payRun({ ...options, credits: [...options.credits].reverse(), events: [...options.events].reverse() }))).toEqual(whole);
  });

  test('is checked', () => {
    const check = (config: object): readonly string[] =>
      validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [SALES, { kind: 'clawback', id: 'd', of: ['sales'], ...config }] }).map(
        (issue) => `${issue.code} ${issue.path.slice(2).join('.')}`,
      );
    expect(check({})).toEqual([]);
    expect(check({ of: undefined })).toEqual(['invalid_type of']);
    expect(check({ triggers: ['unpaid'] })).toEqual(['missing_key unpaidAfterDays']);
    expect(check({ triggers: ['churn'] })).toEqual(['invalid_value triggers.0']);
    expect(check({ window: { months: 1, days: 2 } })).toEqual(['missing_key window']);
    expect(
      check({
        recover: {
          steps: [
            { fromMonths: 3, share: '0.5' },
            { fromMonths: 1, share: '50' },
          ],
        },
      }),
    ).toEqual(['out_of_range recover.steps.1.fromMonths', 'fraction_out_of_range recover.steps.1.share']);
    expect(check({ recover: { termMonths: 0 } })).toEqual(['out_of_range recover.termMonths']);
    expect(check({ limit: { share: '20' } })).toEqual(['fraction_out_of_range limit.share']);
  });
});
