import { type BuiltInConfig, type DealEventRecord, type PaymentStage, validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { amountsOf, balancesOf, payRun, SALES, sale, stepByStep, totals } from './pay-plan.js';

const periods = ['2026-01', '2026-02', '2026-03', '2026-04'];
const usd = (amount: string): { readonly amount: string; readonly currency: string } => ({ amount, currency: 'USD' });
const schedule = (stages: readonly PaymentStage[], more: object = {}): BuiltInConfig => ({ kind: 'payment-schedule', id: 'pay', of: ['sales'], stages, ...more });
const paid = (on: string, amount: string, more: Partial<DealEventRecord> = {}): DealEventRecord => ({
  id: `p${on}`,
  dealId: 'd',
  type: 'payment',
  on,
  amount: usd(amount),
  total: usd('10000'),
  ...more,
});
/** Commission of 1,000. */
const credits = [sale('d', '2026-01-10', '10000')];
const onCash = schedule([{ share: '1', on: 'payment' }]);

describe('payment schedule', () => {
  test('half at booking, half as cash comes in', () => {
    const run = payRun({
      components: [
        schedule([
          { share: '0.5', on: 'booking' },
          { share: '0.5', on: 'payment' },
        ]),
      ],
      credits,
      events: [paid('2026-02-05', '5000'), paid('2026-03-05', '5000')],
      periods,
    });
    expect(totals(run)).toEqual(['500.00', '250.00', '250.00', '0.00']);
    expect(balancesOf(run, 'pay')).toEqual(['500.00', '250.00', '0', '0']);
    expect(run.statements.map((statement) => statement.lines.map((line) => `${line.section} ${line.label} ${line.amount.amount}`))).toEqual([
      ['commission Rate 1000.00', 'holdback Pay not due yet -500.00'],
      ['release Pay now due 250.00'],
      ['release Pay now due 250.00'],
      [],
    ]);
    expect(run.ledger.map((entry) => entry.type)).toEqual(['earning', 'holdback', 'release', 'release']);
    expect(run.statements[1]?.lines[0]?.dealIds).toEqual(['d']);
    expect(run.state.components.find((component) => component.componentId === 'pay')?.carried).toBeUndefined();
  });

  test('partial payments: earned × paid ÷ total, and the last one takes the residual cent', () => {
    const thirds = payRun({
      components: [onCash],
      credits: [sale('d', '2026-01-10', '1000')],
      events: ['2026-01-31', '2026-02-28', '2026-03-31'].map((on) => paid(on, '1', { total: usd('3') })),
      periods,
    });
    expect(totals(thirds)).toEqual(['33.33', '33.34', '33.33', '0.00']);
  });

  test('payments by share, overpaid, bounced, and in another currency than the credit', () => {
    expect(totals(payRun({ components: [onCash], credits, events: [paid('2026-02-01', '0', { share: '0.25' }), paid('2026-03-01', '0', { share: '0.9' })], periods }))).toEqual([
      '0.00',
      '250.00',
      '750.00',
      '0.00',
    ]);
    expect(totals(payRun({ components: [onCash], credits, events: [paid('2026-02-01', '4000'), paid('2026-03-01', '-1000'), paid('2026-04-01', '7000')], periods }))).toEqual([
      '0.00',
      '400.00',
      '-100.00',
      '700.00',
    ]);
    const euro = (amount: string): { readonly amount: string; readonly currency: string } => ({ amount, currency: 'EUR' });
    expect(totals(payRun({ components: [onCash], credits, events: [paid('2026-02-01', '0', { amount: euro('2250'), total: euro('9000') })], periods }))).toEqual([
      '0.00',
      '250.00',
      '0.00',
      '0.00',
    ]);
  });

  test('the total may be stated once, and an amount without a total is an issue', () => {
    const { total: _total, ...second } = paid('2026-03-01', '6000');
    const once = payRun({ components: [onCash], credits, events: [paid('2026-02-01', '4000'), second], periods });
    expect(totals(once)).toEqual(['0.00', '400.00', '600.00', '0.00']);
    const never = payRun({ components: [onCash], credits, events: [second], periods });
    expect(never.issues.map((issue) => issue.code)).toEqual(['missing_total']);
    expect(totals(never)).toEqual(['0.00', '0.00', '0.00', '0.00']);
  });

  test('on invoice; on delivery', () => {
    const events: readonly DealEventRecord[] = [paid('2026-02-01', '10000', { type: 'invoice' }), { id: 'x', dealId: 'd', type: 'delivery', on: '2026-03-09' }];
    expect(totals(payRun({ components: [schedule([{ share: '1', on: 'invoice' }])], credits, events, periods }))).toEqual(['0.00', '1000.00', '0.00', '0.00']);
    expect(
      totals(
        payRun({
          components: [
            schedule([
              { share: '0.4', on: 'invoice' },
              { share: '0.6', on: 'delivery' },
            ]),
          ],
          credits,
          events,
          periods,
        }),
      ),
    ).toEqual(['0.00', '400.00', '600.00', '0.00']);
  });

  test('a payment before the credit counts when the credit comes', () => {
    const options = { components: [onCash], credits: [sale('d', '2026-02-10', '10000')], events: [paid('2026-01-05', '3000')], periods };
    expect(totals(payRun(options))).toEqual(['0.00', '300.00', '0.00', '0.00']);
    expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(totals(payRun(options)));
  });

  test('instalments and arrears', () => {
    const thirds = schedule([
      { share: { divide: ['1', '3'] }, on: 'booking' },
      { share: { divide: ['1', '3'] }, afterMonths: 1 },
      { share: { divide: ['1', '3'] }, afterMonths: 2 },
    ]);
    expect(totals(payRun({ components: [thirds], credits, periods }))).toEqual(['333.33', '333.34', '333.33', '0.00']);
    expect(totals(payRun({ components: [schedule([{ share: '1', afterDays: 0, from: 'period-end' }])], credits, periods }))).toEqual(['0.00', '1000.00', '0.00', '0.00']);
    expect(totals(payRun({ components: [schedule([{ share: '1', date: '2026-03-15' }])], credits, periods }))).toEqual(['0.00', '0.00', '1000.00', '0.00']);
  });

  test('vesting that ends with employment or with the contract', () => {
    const vesting = (more: object): BuiltInConfig =>
      schedule(
        [
          { share: '0.5', on: 'booking' },
          { share: '0.5', afterMonths: 2 },
        ],
        more,
      );
    const leaves = { credits, payee: { terminatedOn: '2026-03-01' }, periods };
    const forfeited = payRun({ components: [vesting({ onTermination: 'forfeit' })], ...leaves });
    expect(totals(forfeited)).toEqual(['500.00', '0.00', '0.00', '0.00']);
    expect(forfeited.ledger.at(-1)).toMatchObject({ type: 'reversal', amount: usd('0.00'), memo: usd('500.00') });
    expect(balancesOf(forfeited, 'pay')).toEqual(['500.00', '0', '0', '0']);
    expect(totals(payRun({ components: [vesting({ onTermination: 'pay' })], ...leaves }))).toEqual(['500.00', '500.00', '0.00', '0.00']);
    expect(totals(payRun({ components: [vesting({})], ...leaves }))).toEqual(['500.00', '0.00', '500.00', '0.00']);
    const cancelled = payRun({ components: [vesting({})], credits, events: [{ id: 'x', dealId: 'd', type: 'cancellation', on: '2026-02-20' }], periods });
    expect(totals(cancelled)).toEqual(['500.00', '0.00', '0.00', '0.00']);
    expect(cancelled.statements[1]?.lines[0]).toMatchObject({ label: 'Cancelled before payment', memo: usd('500.00') });
  });

  test('a return cancels its share of what is open', () => {
    const events: readonly DealEventRecord[] = [paid('2026-02-01', '5000'), { id: 'r', dealId: 'd', type: 'return', on: '2026-03-01', share: '0.4' }, paid('2026-04-01', '5000')];
    const run = payRun({ components: [onCash], credits, events, periods });
    // 500 before the return, then 60 % of the other 500.
    expect(totals(run)).toEqual(['0.00', '500.00', '0.00', '300.00']);
    expect(balancesOf(run, 'pay')).toEqual(['1000.00', '500.00', '300.00', '0']);
  });

  test('a refund credit takes back what is paid and cancels what is not', () => {
    const run = payRun({
      components: [onCash],
      credits: [...credits, sale('d', '2026-03-05', '-10000', { id: 'r', refersTo: 'd@2026-01-10' })],
      events: [paid('2026-02-01', '4000')],
      periods,
    });
    expect(totals(run)).toEqual(['0.00', '400.00', '-400.00', '0.00']);
    expect(balancesOf(run, 'pay')).toEqual(['1000.00', '600.00', '0', '0']);
  });

  test('an advance is earned out before more is paid', () => {
    const advance = schedule([{ share: '1', on: 'payment' }], { advance: '0.75' });
    const premiums = Array.from(
      { length: 12 },
      (_, month): DealEventRecord => ({ id: `m${month}`, dealId: 'd', type: 'payment', on: `2026-${String(month + 1).padStart(2, '0')}-15`, amount: usd('50'), total: usd('600') }),
    );
    const run = payRun({ components: [advance], credits: [sale('d', '2026-01-01', '5700')], events: premiums, periods: premiums.map((event) => event.on.slice(0, 7)) });
    expect(totals(run)).toEqual(['427.50', ...Array.from({ length: 8 }, () => '0.00'), '47.50', '47.50', '47.50']);
    const advanced = run.statements.map((statement) => statement.balances?.find((balance) => balance.name === 'Advance not earned out yet')?.amount.amount ?? '0');
    expect(advanced).toEqual(['380.00', '332.50', '285.00', '237.50', '190.00', '142.50', '95.00', '47.50', '0', '0', '0', '0']);
  });

  test('pay that belongs to no deal waits for no event', () => {
    const run = payRun({
      components: [schedule([{ share: '1', on: 'payment' }], { of: ['sales', 'base'] }), { kind: 'salary', id: 'base', amount: '100', every: 'month' }],
      credits,
      periods: ['2026-01'],
    });
    expect(totals(run)).toEqual(['100.00']);
  });

  test('goes on from the state alone, whatever the detail', () => {
    const options = {
      components: [
        schedule([
          { share: '0.5', on: 'booking' },
          { share: '0.5', on: 'payment' },
        ]),
      ],
      credits: [...credits, sale('e', '2026-02-03', '333.33'), sale('d', '2026-03-03', '77.77')],
      events: [paid('2026-02-05', '1234'), paid('2026-03-05', '5000'), paid('2026-04-01', '1', { dealId: 'e', total: usd('3') })],
      periods,
    };
    const whole = totals(payRun(options));
    expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(whole);
    expect(totals(payRun({ ...options, input: { detail: 'statement' } }))).toEqual(whole);
    expect(totals(payRun({ ...options, input: { detail: 'credit' } }))).toEqual(whole);
    expect(totals(payRun({ ...options, credits: [...options.credits].reverse(), events: [...options.events].reverse() }))).toEqual(whole);
  });

  test('an event given again is not counted again', () => {
    const [first, second] = stepByStep({ components: [onCash], credits, events: [paid('2026-02-05', '5000')], periods: ['2026-01', '2026-02'] }, ['2026-02']);
    expect(totals(second ?? payRun({ components: [], periods }))).toEqual(['500.00']);
    const again = payRun({ components: [onCash], events: [paid('2026-02-05', '5000')], periods: ['2026-03'], input: { ...(second === undefined ? {} : { state: second.state }) } });
    expect(totals(again)).toEqual(['0.00']);
    expect(first?.state.dealEvents).toBeUndefined();
    expect(second?.state.dealEvents).toHaveLength(1);
  });

  test('a state that was tampered with fails for its payee alone', () => {
    const state = {
      formatVersion: 1,
      through: '2026-02-01',
      components: [{ payeeId: 'ada', planId: 'plan', componentId: 'pay', totals: [], carried: [{ dealId: 'd', on: '2026-01-01', earned: 'much' }] }],
    } as const;
    const run = payRun({ components: [onCash], periods: ['2026-02'], input: { state } });
    expect(run.issues.map((issue) => issue.code)).toEqual(['component_failed']);
  });

  test('is checked', () => {
    const check = (config: object): readonly string[] =>
      validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [SALES, { kind: 'payment-schedule', id: 'd', of: ['sales'], ...config }] }).map(
        (issue) => `${issue.code} ${issue.path.slice(2).join('.')}`,
      );
    expect(check({ stages: [{ share: '1', on: 'payment' }] })).toEqual([]);
    expect(check({ stages: [] })).toEqual(['empty stages']);
    expect(check({ stages: [{ share: '1' }] })).toEqual(['missing_key stages.0']);
    expect(check({ stages: [{ share: '100', on: 'cash' }] })).toEqual(['fraction_out_of_range stages.0.share', 'invalid_value stages.0.on']);
    expect(check({ stages: [{ share: '1', afterMonths: 1.5 }] })).toEqual(['not_an_integer stages.0.afterMonths']);
    expect(check({ stages: [{ share: '1', on: 'payment', from: 'credit' }] })).toEqual(['invalid_value stages.0.from']);
    expect(payRun({ components: [schedule([{ share: '0.5', on: 'payment' }])], credits, periods: ['2026-01'] }).issues.map((issue) => issue.code)).toEqual(['invalid_value']);
  });
});

describe('holdback', () => {
  const holdback = (config: object): BuiltInConfig => ({ kind: 'holdback', id: 'hold', of: ['sales'], share: '0.2', release: { afterMonths: 2 }, ...config });

  test('keeps back a share and releases it after months, on a day, or on an event', () => {
    const run = payRun({ components: [holdback({})], credits, periods });
    expect(totals(run)).toEqual(['800.00', '0.00', '200.00', '0.00']);
    expect(balancesOf(run, 'hold')).toEqual(['200.00', '200.00', '0', '0']);
    expect(amountsOf(payRun({ components: [holdback({ release: { date: '2026-04-30' } })], credits, periods }), 'hold')).toEqual(['-200.00', '0.00', '0.00', '200.00']);
    const accepted: DealEventRecord = { id: 'x', dealId: 'd', type: 'acceptance', on: '2026-02-28' };
    expect(amountsOf(payRun({ components: [holdback({ release: { on: 'acceptance' } })], credits, events: [accepted], periods }), 'hold')).toEqual([
      '-200.00',
      '200.00',
      '0.00',
      '0.00',
    ]);
  });

  test('is cancelled with the deal', () => {
    const run = payRun({ components: [holdback({})], credits, events: [{ id: 'x', dealId: 'd', type: 'cancellation', on: '2026-02-20' }], periods });
    expect(totals(run)).toEqual(['800.00', '0.00', '0.00', '0.00']);
  });

  test('together with a payment schedule', () => {
    const components = [holdback({}), schedule([{ share: '1', on: 'payment' }], { of: ['sales', 'hold'] })];
    const options = { components, credits, events: [paid('2026-02-05', '5000'), paid('2026-04-05', '5000')], periods };
    // 800 follows the cash; of the 200 released in March half is paid with it.
    expect(totals(payRun(options))).toEqual(['0.00', '400.00', '100.00', '500.00']);
    expect(stepByStep(options, ['2026-02', '2026-03', '2026-04']).flatMap(totals)).toEqual(['0.00', '400.00', '100.00', '500.00']);
  });
});
