/* Worked cases on what happens to pay after it is earned: draws, payment timing, advances, clawbacks, refunds, currencies. */
import { prorate } from 'dealwright/calendar';
import type { BuiltInConfig, DealEventRecord } from 'dealwright/compensation';
import { expect, test } from 'vitest';
import { amountsOf, balancesOf, cents, type PayPlan, payRun, sale, totals } from '../compensation/pay-plan.js';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface Case {
  readonly id: string;
  // The shapes differ from case to case; each test reads the fields of its own.
  readonly facts: Readonly<Record<string, never>>;
  readonly expected: Readonly<Record<string, never>>;
  readonly tolerance?: number;
}

describeWithReference('worked cases: pay after it is earned', () => {
  const cases = new Map(readReferenceJson<readonly Case[]>('cases/compensation.json').map((entry) => [entry.id, entry]));
  const find = (
    id: string,
  ): { readonly facts: Record<string, number & readonly number[]>; readonly expected: Record<string, number & readonly number[]>; readonly tolerance: number } => {
    const found = cases.get(id);
    if (found === undefined) throw new Error(`no case ${id}`);
    return { facts: found.facts, expected: found.expected, tolerance: found.tolerance ?? 0 };
  };
  const money = (value: number | undefined): string => (value ?? Number.NaN).toFixed(2);
  const text = (value: number | undefined): string => String(value ?? Number.NaN);
  const month = (index: number): string => `2026-${String(index + 1).padStart(2, '0')}`;
  /** A plan that pays the credited amounts as they are: one credit a month. */
  const monthly = (amounts: readonly number[], components: readonly BuiltInConfig[], more: Partial<PayPlan> = {}): PayPlan => ({
    commission: commissionAt('1'),
    components,
    credits: amounts.flatMap((amount, index) => (amount === 0 ? [] : [sale(`d${index}`, `${month(index)}-10`, text(amount))])),
    periods: amounts.map((_, index) => month(index)),
    ...more,
  });
  const commissionAt = (rate: string): BuiltInConfig => ({ kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate });
  const payment = (on: string, share: string, dealId = 'd'): DealEventRecord => ({ id: `${dealId}${on}`, dealId, type: 'payment', on, share });
  const schedule = (stages: Extract<BuiltInConfig, { kind: 'payment-schedule' }>['stages'], advance?: string): BuiltInConfig => ({
    kind: 'payment-schedule',
    id: 'pay',
    of: ['sales'],
    stages,
    ...(advance === undefined ? {} : { advance }),
  });
  const onCash = schedule([{ share: '1', on: 'payment' }]);

  test('draw-siebel-recoverable', () => {
    const { facts, expected } = find('draw-siebel-recoverable');
    const run = payRun(monthly(facts['gross'] ?? [], [{ kind: 'draw', id: 'draw', amount: text(facts['draw']) }]));
    expect(totals(run)).toEqual(expected['net']?.map(money));
    expect(balancesOf(run, 'draw').map(Number)).toEqual(expected['owed']);
    expect(totals(run).reduce((sum, amount) => sum + cents(amount), 0n)).toBe(cents(money(expected['total_net'])));
  });

  test('draw-kulik-recoverable-additive', () => {
    const { facts, expected } = find('draw-kulik-recoverable-additive');
    const run = payRun(monthly([facts['earned'] ?? 0], [{ kind: 'draw', id: 'draw', amount: text(facts['draw']), pays: 'additive' }]));
    expect(totals(run)).toEqual([money(expected['paid'])]);
    expect(balancesOf(run, 'draw')).toEqual([money(expected['balance'])]);
  });

  test('draw-qcommission: the draw is taken in the first month only', () => {
    const { facts, expected } = find('draw-qcommission');
    const run = payRun(monthly(facts['earned'] ?? [], [{ kind: 'draw', id: 'draw', amount: text(facts['draw_taken']), pays: 'additive', until: { date: '2026-02-01' } }]));
    expect(totals(run)).toEqual(expected['paid']?.map(money));
  });

  test('draw-qcommission-nonrec', () => {
    const { facts, expected } = find('draw-qcommission-nonrec');
    expect(totals(payRun(monthly(facts['earned'] ?? [], [{ kind: 'draw', id: 'draw', amount: text(facts['draw']), recoverable: false }])))).toEqual(expected['paid']?.map(money));
  });

  test('draw-legalclarity: what is paid at the end of the month is the total less the draw received before', () => {
    const { facts, expected } = find('draw-legalclarity');
    const draw = { kind: 'draw', id: 'draw', amount: text(facts['draw']) } as const;
    const [good] = totals(payRun(monthly(facts['earned'] ?? [], [draw])));
    expect(cents(good ?? '0') - cents(money(facts['draw']))).toBe(cents(money(expected['paid_after_draw'])));
    expect(balancesOf(payRun(monthly(facts['alt_earned'] ?? [], [draw])), 'draw')).toEqual([money(expected['deficit'])]);
  });

  test('draw-visdum: the same', () => {
    const { facts, expected } = find('draw-visdum');
    const [enough = [], short = []] = facts['cases'] as unknown as readonly (readonly number[])[];
    const run = ([draw, earned]: readonly number[]) => payRun(monthly([earned ?? 0], [{ kind: 'draw', id: 'draw', amount: text(draw) }]));
    expect(cents(totals(run(enough))[0] ?? '0') - cents(money(enough[0]))).toBe(cents(money(expected['month_end_cheque'])));
    expect(balancesOf(run(short), 'draw')).toEqual([money(expected['shortfall'])]);
  });

  test('draw-trampe-ramp: a guarantee of 80 % of target incentive', () => {
    const { facts, expected } = find('draw-trampe-ramp');
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [
        { kind: 'draw', id: 'draw', amount: { multiply: [text(facts['draw_pct_of_variable']), { subtract: [text(facts['ote']), text(facts['base'])] }] }, recoverable: false },
      ],
      credits: [sale('d', '2026-01-10', text(facts['revenue']))],
      periods: ['2026-01'],
    });
    expect(totals(run)).toEqual([money(expected['paid'])]);
    expect(amountsOf(run, 'draw')).toEqual([money(expected['top_up'])]);
  });

  test('draw-trampe-prorated: 17 of 31 days', () => {
    const { facts, expected, tolerance } = find('draw-trampe-prorated');
    const start = facts['start'] as unknown as string;
    const run = payRun({
      components: [{ kind: 'draw', id: 'draw', amount: text(facts['draw']), recoverable: false }],
      payee: { hiredOn: start },
      periods: [facts['month'] as unknown as string],
      input: { assignments: [{ payeeId: 'ada', planId: 'plan', from: start }] },
    });
    expect(Math.abs(Number(totals(run)[0]) - (expected['paid'] ?? 0))).toBeLessThanOrEqual(tolerance);
    const { numerator, denominator } = prorate({ active: { start, endExclusive: null }, period: facts['month'] as unknown as string });
    expect((Number(facts['ramp_quota']) * numerator) / denominator).toBeCloseTo(expected['quota'] ?? 0, 6);
  });

  test('ramp-prowi-michael: a declining guarantee over a commission of 10 %', () => {
    const { facts, expected } = find('ramp-prowi-michael');
    const sales = facts['sales'] ?? [];
    const run = payRun(
      monthly(
        sales,
        [
          { kind: 'salary', id: 'base', amount: text(facts['implied_base']), every: 'month' },
          { kind: 'draw', id: 'guarantee', amount: facts['guarantee']?.map(text) ?? [], recoverable: false, of: ['sales'] },
        ],
        { commission: commissionAt(text(facts['implied_rate'])), payee: { hiredOn: '2026-01-01' } },
      ),
    );
    expect(totals(run)).toEqual(expected['earnings']?.map(money));
  });

  const premiums = Array.from({ length: 12 }, (_, index) => ({
    id: `m${index}`,
    dealId: 'd',
    type: 'payment' as const,
    on: `${month(index)}-15`,
    amount: { amount: '1', currency: 'USD' },
    total: { amount: '12', currency: 'USD' },
  }));
  const year = premiums.map((event) => event.on.slice(0, 7));
  const advanceOf = (commission: string, advance: string | undefined) =>
    payRun({
      commission: commissionAt('1'),
      components: [schedule([{ share: '1', on: 'payment' }], advance)],
      credits: [sale('d', '2026-01-01', commission)],
      events: premiums,
      periods: year,
    });

  test('advance-finalexpense', () => {
    const { facts, expected } = find('advance-finalexpense');
    const total = (facts['annual_premium'] ?? 0) * (facts['level'] ?? 0);
    expect(total).toBe(expected['total']);
    const run = totals(advanceOf(text(total), text(facts['advance'])));
    expect(run[0]).toBe(money(expected['advance']));
    expect(run.slice(1, 9)).toEqual(Array.from({ length: 8 }, () => '0.00'));
    expect(run.slice(9)).toEqual(expected['months_10_12']?.map(money));
  });

  test('advance-lastingmark', () => {
    const { facts, expected } = find('advance-lastingmark');
    const run = totals(advanceOf(text(facts['commission']), text(facts['advance'])));
    expect(run[0]).toBe(money(expected['advance']));
    expect(run.slice(1).reduce((sum, amount) => sum + cents(amount), 0n)).toBe(cents(money(expected['back_end'])));
    expect(new Set(totals(advanceOf(text(facts['commission']), undefined)))).toEqual(new Set([money(expected['as_earned_monthly'])]));
  });

  test('asearned-kadence: twelve instalments sum to the whole', () => {
    const { facts, expected, tolerance } = find('asearned-kadence');
    expect(totals(advanceOf(text(facts['first_year']), text(facts['advance'])))[0]).toBe(money(expected['upfront']));
    const monthlyPay = totals(advanceOf(text(facts['first_year']), undefined));
    expect(Math.abs(Number(monthlyPay[0]) - (expected['monthly'] ?? 0))).toBeLessThanOrEqual(tolerance);
    expect(monthlyPay.reduce((sum, amount) => sum + cents(amount), 0n)).toBe(cents(money(facts['first_year'])));
  });

  const cancelledAfter = (months: number, earned: number, claw: Partial<Extract<BuiltInConfig, { kind: 'clawback' }>>) =>
    payRun({
      commission: commissionAt('1'),
      components: [{ kind: 'clawback', id: 'claw', of: ['sales'], ...claw }],
      credits: [sale('d', '2026-01-01', text(earned))],
      events: [{ id: 'x', dealId: 'd', type: 'cancellation', on: `${month(months)}-01` }],
      periods: year,
    });
  const taken = (months: number, earned: number, claw: Partial<Extract<BuiltInConfig, { kind: 'clawback' }>>): string | undefined =>
    amountsOf(cancelledAfter(months, earned, claw), 'claw').find((amount) => amount !== '0.00');

  test('chargeback-insureleads', () => {
    const { facts, expected } = find('chargeback-insureleads');
    expect((facts['advance'] ?? 0) / (facts['advanced_months'] ?? 0)).toBe(expected['monthly']);
    expect(taken(facts['lapse_month'] ?? 0, facts['advance'] ?? 0, { recover: { termMonths: facts['advanced_months'] ?? 0 } })).toBe(`-${money(expected['chargeback'])}`);
  });

  test('clawback-earnbase', () => {
    const { facts, expected } = find('clawback-earnbase');
    const window = { months: facts['window_months'] ?? 0 };
    expect(taken(facts['cancel_month'] ?? 0, facts['paid'] ?? 0, { window })).toBe(money(expected['chargeback']));
    expect(taken(facts['cancel_month'] ?? 0, facts['paid'] ?? 0, { window, recover: { termMonths: window.months } })).toBe(money(expected['if_prorated']));
  });

  test('clawback-core8', () => {
    const { facts, expected } = find('clawback-core8');
    expect(taken(2, facts['earned'] ?? 0, { recover: { steps: [{ fromMonths: 0, share: text(facts['trigger_pct']) }] } })).toBe(money(expected['adjustment']));
  });

  test('clawback-xactly-min: what a minimum added is kept', () => {
    const { facts, expected } = find('clawback-xactly-min');
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [
        { kind: 'cap', id: 'minimum', floor: text(facts['minimum']), per: 'plan' },
        { kind: 'clawback', id: 'claw', of: ['sales'] },
      ],
      credits: [sale('d', '2026-01-10', text(facts['credit']))],
      events: [{ id: 'x', dealId: 'd', type: 'cancellation', on: '2026-02-01' }],
      periods: ['2026-01', '2026-02'],
    });
    expect(amountsOf(run, 'sales')[0]).toBe(money(expected['calculated']));
    expect(totals(run)).toEqual([money(expected['paid']), `-${money(expected['clawback'])}`]);
  });

  test('installments-salescookie', () => {
    const { facts, expected } = find('installments-salescookie');
    const third = { divide: ['1', text(facts['months'])] } as const;
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [
        schedule([
          { share: third, on: 'booking' },
          { share: third, afterMonths: 1 },
          { share: third, afterMonths: 2 },
        ]),
      ],
      credits: [sale('d', '2026-01-10', text(facts['deal']))],
      periods: ['2026-01', '2026-02', '2026-03'],
    });
    expect(amountsOf(run, 'sales')[0]).toBe(money(expected['total']));
    expect(new Set(totals(run))).toEqual(new Set([money(expected['monthly'])]));
  });

  test('fifty-fifty-oracle', () => {
    const { facts, expected } = find('fifty-fifty-oracle');
    const [first = 0, second = 0] = facts['collections_pct'] ?? [];
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [
        schedule([
          { share: text(facts['on_order']), on: 'booking' },
          { share: { subtract: ['1', text(facts['on_order'])] }, on: 'payment' },
        ]),
      ],
      credits: [sale('d', '2026-01-10', text(facts['order']))],
      events: [payment('2026-02-10', text(first)), payment('2026-03-10', text(second))],
      periods: ['2026-01', '2026-02', '2026-03'],
    });
    expect(amountsOf(run, 'sales')[0]).toBe(money(expected['earned']));
    expect(totals(run)).toEqual([money(expected['on_order']), money(expected['per_collection']), money(expected['per_collection'])]);
  });

  test('cash-inomial-gst: 70 of 100 is received; the tax of 10 % is in both', () => {
    const { facts, expected } = find('cash-inomial-gst');
    const gross = facts['invoice_incl_gst'] ?? 0;
    const usd = (amount: number): { readonly amount: string; readonly currency: string } => ({ amount: text(amount), currency: 'USD' });
    const run = payRun({
      commission: commissionAt('1'),
      components: [onCash],
      policies: { rounding: { scale: 12 } },
      credits: [sale('d', '2026-01-10', (gross / (1 + (facts['gst'] ?? 0))).toFixed(12))],
      events: [{ id: 'p', dealId: 'd', type: 'payment', on: '2026-01-20', amount: usd(facts['cash'] ?? 0), total: usd(gross) }],
      periods: ['2026-01'],
      unchecked: true,
    });
    expect(Number(totals(run)[0])).toBeCloseTo(expected['base'] ?? 0, 6);
  });

  test('downpayment-oca-advance', () => {
    const { facts, expected } = find('downpayment-oca-advance');
    const order = (facts['order_lines'] ?? []).map((amount, index) => sale('d', '2026-01-10', text(amount), { id: `line${index}` }));
    const share = (facts['down_payment_pct'] ?? 0) / 100;
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [onCash],
      credits: order,
      events: [payment('2026-02-10', text(share)), payment('2026-03-10', text(1 - share))],
      periods: ['2026-01', '2026-02', '2026-03'],
    });
    expect(amountsOf(run, 'sales')[0]).toBe(money(expected['order']));
    expect(totals(run)).toEqual(['0.00', money(expected['down_payment']), money(expected['final'])]);
  });

  test('downpayment-oca-two-agents', () => {
    const { facts, expected } = find('downpayment-oca-two-agents');
    const agents = ['ada', 'bob'].slice(0, facts['agents_per_line']);
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [onCash],
      credits: agents.flatMap((payeeId) => (facts['order_lines'] ?? []).map((amount, index) => sale('d', '2026-01-10', text(amount), { id: `${payeeId}${index}`, payeeId }))),
      events: [payment('2026-02-10', '1')],
      periods: ['2026-01', '2026-02'],
      input: { payees: agents.map((id) => ({ id })), assignments: agents.map((payeeId) => ({ payeeId, planId: 'plan', from: '2026-01-01' })) },
    });
    const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + cents(amount), 0n);
    expect(sum(amountsOf(run, 'sales'))).toBe(cents(money(expected['order'])));
    expect(sum(totals(run))).toBe(cents(money(expected['invoice'])));
  });

  test('downpayment-oca-pr385: a down payment on a deal of which half is commissionable', () => {
    const { facts, expected } = find('downpayment-oca-pr385');
    const [commissionable = 0, other = 0] = facts['lines'] ?? [];
    const usd = (amount: number): { readonly amount: string; readonly currency: string } => ({ amount: text(amount), currency: 'USD' });
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [onCash],
      credits: [sale('d', '2026-01-10', text(commissionable))],
      events: [{ id: 'p', dealId: 'd', type: 'payment', on: '2026-01-20', amount: usd(facts['down_payment'] ?? 0), total: usd(commissionable + other) }],
      periods: ['2026-01'],
    });
    expect(totals(run)).toEqual([money(expected['right'])]);
  });

  const refunded = (price: number, refund: number, rate: number, more: Partial<PayPlan> = {}) =>
    payRun({
      commission: commissionAt(text(rate)),
      components: [],
      credits: [sale('d', '2026-01-10', text(price)), sale('d', '2026-02-10', text(-refund), { id: 'r', refersTo: 'd@2026-01-10' })],
      periods: ['2026-01', '2026-02'],
      ...more,
    });

  test('refund-oca-partial, payment based', () => {
    const { facts, expected } = find('refund-oca-partial');
    const run = refunded(facts['price'] ?? 0, facts['refund'] ?? 0, facts['rate'] ?? 0, { components: [onCash], events: [payment('2026-01-20', '1')] });
    expect(totals(run).reduce((sum, amount) => sum + cents(amount), 0n)).toBe(cents(money(expected['total'])));
  });

  test('refund-oca-full: both legs are settled', () => {
    const { facts, expected } = find('refund-oca-full');
    const run = refunded(facts['price'] ?? 0, facts['refund'] ?? 0, facts['rate'] ?? 0);
    expect(run.ledger).toHaveLength(expected['lines'] ?? 0);
    expect(totals(run).reduce((sum, amount) => sum + cents(amount), 0n)).toBe(cents(money(expected['total'])));
  });

  test('refund-oca-net-zero', () => {
    const { facts, expected } = find('refund-oca-net-zero');
    expect(totals(refunded(facts['price'] ?? 0, facts['refund'] ?? 0, facts['rate'] ?? 0))).toEqual([money(expected['first']), money(expected['second'])]);
  });

  test('refund-tryton', () => {
    const { facts, expected } = find('refund-tryton');
    expect(totals(refunded(facts['amount'] ?? 0, facts['amount'] ?? 0, facts['rate'] ?? 0))).toEqual([money(expected['commission']), money(expected['credit'])]);
  });

  test('fx-idynamics: earned in pounds, paid out in dollars at the rate of the posting date', () => {
    const { facts, expected } = find('fx-idynamics');
    const run = payRun({
      commission: commissionAt(text(facts['rate'])),
      components: [],
      policies: { currency: 'GBP', payCurrency: 'USD', payRate: 'credit-date' },
      credits: [{ ...sale('d', '2026-01-10', '0'), amount: { amount: text(facts['sale_gbp']), currency: 'GBP' } }],
      periods: ['2026-01'],
      input: { rates: { rates: [{ from: 'GBP', to: 'USD', rate: text(facts['usd_per_gbp']), on: '2026-01-10' }] } },
    });
    expect(totals(run)).toEqual([money(expected['commission_gbp'])]);
    expect(run.statements[0]?.paid?.total).toEqual({ amount: money(expected['commission_usd']), currency: 'USD' });
  });

  test('flat-mercur-fixed-per-currency: a fixed amount in each currency is a plan in each', () => {
    const { facts, expected } = find('flat-mercur-fixed-per-currency');
    const values = facts['values'] as unknown as Readonly<Record<string, number>>;
    for (const [name, amount] of Object.entries(values)) {
      const currency = name.toUpperCase();
      const run = payRun({
        commission: { kind: 'commission', id: 'sales', measure: { count: 'deals' }, rate: text(amount) },
        components: [],
        policies: { currency },
        credits: [{ ...sale('d', '2026-01-10', '0'), amount: { amount: text(facts['item_subtotal']), currency } }],
        periods: ['2026-01'],
      });
      expect(totals(run)).toEqual([money(expected[name])]);
    }
  });
});
