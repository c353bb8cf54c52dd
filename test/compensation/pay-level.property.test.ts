/* What must hold of pay after it is earned, whatever the plan and the deals. */
import type { BuiltInConfig, CompensationRun, Credit, DealEventRecord, TierTable } from 'dealwright/compensation';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balancesOf, cents, type PayPlan, payRun, sale, stepByStep, totals } from './pay-plan.js';

const RUNS = { seed: 20260101, numRuns: 60 };
const periods = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];
const starts = periods.slice(1);
const amount = fc.integer({ min: 1, max: 5_000_000 }).map((value) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`);
const day = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 28 })).map(([month, date]) => `2026-0${month}-${String(date).padStart(2, '0')}`);
const dealId = fc.constantFrom('d1', 'd2', 'd3', 'd4');
const share = fc.integer({ min: 1, max: 100 }).map((percent) => String(percent / 100));

const credits: fc.Arbitrary<readonly Credit[]> = fc
  .uniqueArray(fc.record({ dealId, on: day, amount, negative: fc.integer({ min: 0, max: 9 }) }), { maxLength: 8, selector: (entry) => entry.dealId + entry.on })
  .map((list) => list.map((entry) => sale(entry.dealId, entry.on, entry.negative === 0 ? `-${entry.amount}` : entry.amount, entry.negative === 0 ? { refersTo: 'earlier' } : {})));
const sales: fc.Arbitrary<readonly Credit[]> = credits.map((list) =>
  list.map((credit) => ({ ...credit, amount: { amount: credit.amount?.amount.replace('-', '') ?? '0', currency: 'USD' } })),
);
const events = (types: readonly DealEventRecord['type'][]): fc.Arbitrary<readonly DealEventRecord[]> =>
  fc.array(fc.record({ dealId, on: day, share, type: fc.constantFrom(...types) }), { maxLength: 10 }).map((list) => list.map((entry, index) => ({ ...entry, id: `e${index}` })));

const sumOf = (run: CompensationRun, type: string): bigint =>
  run.ledger.filter((entry) => entry.type === type).reduce((sum, entry) => sum + cents(entry.memo?.amount ?? entry.amount.amount), 0n);
const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, entry) => total + cents(entry), 0n);

const draws: fc.Arbitrary<BuiltInConfig> = fc.record({
  kind: fc.constant('draw' as const),
  id: fc.constant('draw'),
  amount: fc.oneof(amount, fc.array(amount, { minLength: 1, maxLength: 4 })),
  pays: fc.constantFrom('top-up' as const, 'additive' as const),
  recoverable: fc.constantFrom(true, 'forgivable' as const),
  until: fc.constantFrom({ date: '2026-03-16' }, { date: '2026-05-01' }, { monthsFromHire: 4 }),
  recovery: fc.record({ from: fc.constantFrom('excess' as const, 'all' as const), share, limit: amount }, { requiredKeys: [] }),
  onTermination: fc.constantFrom('debit' as const, 'deduct' as const, 'forgive' as const),
});
const schedules: fc.Arbitrary<BuiltInConfig> = fc
  .record({
    first: fc.integer({ min: 0, max: 100 }),
    trigger: fc.constantFrom({ on: 'payment' as const }, { on: 'invoice' as const }, { afterMonths: 2 }),
    advance: fc.option(share, { nil: undefined }),
  })
  .map(({ first, trigger, advance }) => ({
    kind: 'payment-schedule' as const,
    id: 'pay',
    of: ['sales'],
    stages: [
      { share: String(first / 100), on: 'booking' as const },
      { share: String((100 - first) / 100), ...trigger },
    ],
    ...(advance === undefined ? {} : { advance }),
  }));
const clawbacks: fc.Arbitrary<BuiltInConfig> = fc
  .record({
    window: fc.constantFrom({ months: 2 }, { days: 45 }, { months: 12 }),
    recover: fc.constantFrom('full' as const, { termMonths: 5 }, { steps: [{ fromMonths: 1, share: '0.4' }] }),
    limit: fc.option(fc.record({ share }), { nil: undefined }),
  })
  .map(({ limit, ...config }) => ({ kind: 'clawback' as const, id: 'claw', of: ['sales', 'pay'], ...config, ...(limit === undefined ? {} : { limit }) }));

/** Everything at once, in a plan. */
const plans: fc.Arbitrary<PayPlan> = fc
  .record({
    schedule: schedules,
    clawback: clawbacks,
    draw: draws,
    limit: amount,
    disposition: fc.constantFrom('forfeit' as const, 'carry' as const),
    per: fc.constantFrom('month' as const, 'year' as const),
    credits,
    events: events(['payment', 'invoice', 'return', 'cancellation']),
    terminatedOn: fc.option(day, { nil: undefined }),
  })
  .map(({ schedule, clawback, draw, limit, disposition, per, terminatedOn, ...facts }) => ({
    ...facts,
    components: [{ kind: 'cap', id: 'cap', limit, disposition, per, of: ['sales'] }, schedule, clawback, draw, { kind: 'carry', id: 'carry', recovery: { share: '0.5' } }],
    payee: { hiredOn: '2026-01-01', ...(terminatedOn === undefined ? {} : { terminatedOn }) },
    periods,
  }));

describe('draws', () => {
  test('what is lent is recovered, still owed, or forgiven', () => {
    fc.assert(
      fc.property(draws, credits, (draw, sold) => {
        const run = payRun({ components: [draw], credits: sold, payee: { hiredOn: '2026-01-01' }, periods });
        const lent = sumOf(run, 'draw-advance');
        const balance = cents(balancesOf(run, 'draw').at(-1) ?? '0');
        expect(balance).toBeGreaterThanOrEqual(0n);
        expect(lent).toBe(-sumOf(run, 'draw-recovery') + balance + sumOf(run, 'draw-forgiveness'));
      }),
      RUNS,
    );
  });
});

describe('payment schedules', () => {
  test('never pay more than is earned, and all of it when the deals are paid', () => {
    fc.assert(
      fc.property(schedules, sales, events(['payment', 'invoice']), (schedule, sold, happened) => {
        const last = ['d1', 'd2', 'd3', 'd4'].flatMap((id): readonly DealEventRecord[] => [
          { id: `${id}p`, dealId: id, type: 'payment', on: '2026-07-01', share: '1' },
          { id: `${id}i`, dealId: id, type: 'invoice', on: '2026-07-01', share: '1' },
        ]);
        const run = payRun({ components: [schedule], credits: sold, events: [...happened, ...last], periods: [...periods, '2026-07', '2026-08'] });
        let earned = 0n;
        let paid = 0n;
        for (const statement of run.statements) {
          for (const line of statement.lines) if (line.componentId === 'sales') earned += cents(line.amount.amount);
          paid += cents(statement.total.amount);
          expect(paid).toBeLessThanOrEqual(earned);
        }
        expect(paid).toBe(earned);
        expect(run.state.components.find((component) => component.componentId === 'pay')?.carried).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('what is held is what is earned less what is released and what is cancelled', () => {
    fc.assert(
      fc.property(schedules, sales, events(['payment', 'invoice', 'return', 'cancellation']), (schedule, sold, happened) => {
        const run = payRun({ components: [schedule], credits: sold, events: happened, periods });
        const open = run.statements.at(-1)?.balances?.find((balance) => balance.name === 'Earned and not paid yet')?.amount.amount ?? '0';
        expect(sumOf(run, 'earning') - sum(totals(run))).toBe(cents(open) + sumOf(run, 'reversal'));
      }),
      RUNS,
    );
  });
});

describe('clawbacks', () => {
  test('take back no more than was paid, deal by deal', () => {
    fc.assert(
      fc.property(schedules, clawbacks, sales, events(['payment', 'return', 'cancellation']), (schedule, clawback, sold, happened) => {
        const run = payRun({ components: [schedule, clawback], credits: sold, events: happened, periods });
        let paid = 0n;
        for (const statement of run.statements) {
          paid += cents(statement.total.amount);
          expect(paid).toBeGreaterThanOrEqual(0n);
        }
      }),
      RUNS,
    );
  });

  test('the refund of a whole deal restores what the others earn when the period is rated again', () => {
    const tiers: TierTable['tiers'] = [
      { from: '0', rate: '0.05' },
      { from: '10000', rate: '0.08' },
      { from: '40000', rate: '0.12' },
    ];
    const modes = fc.constantFrom('marginal' as const, 'whole-amount' as const, 'retro-to-threshold' as const);
    fc.assert(
      fc.property(modes, sales, amount, day, day, (mode, sold, extra, on, other) => {
        const [bought = on, returned = other] = [on, other].sort();
        const commission: BuiltInConfig = { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, accumulate: 'year', rate: { mode, tiers } };
        const options: PayPlan = { commission, components: [{ kind: 'clawback', id: 'claw', of: ['sales'], reversal: 'restate-period' }], credits: sold, periods };
        const refunded = [...sold, sale('x', bought, extra), sale('x', returned, `-${extra}`, { id: 'refund', refersTo: `x@${bought}` })];
        expect(sum(totals(payRun({ ...options, credits: refunded })))).toBe(sum(totals(payRun(options))));
      }),
      RUNS,
    );
  });
});

describe('currencies', () => {
  test('the rate of pay moves neither attainment nor what is earned', () => {
    const rate = fc.integer({ min: 1, max: 400 }).map((value) => String(value / 100));
    fc.assert(
      fc.property(sales, rate, rate, fc.constantFrom('period-end' as const, 'period-average' as const, 'credit-date' as const), (sold, first, second, payRate) => {
        const commission: BuiltInConfig = {
          kind: 'commission',
          id: 'sales',
          measure: { sum: 'amount' },
          quota: '20000',
          accumulate: 'year',
          rate: {
            mode: 'marginal',
            by: 'attainment',
            tiers: [
              { from: '0', rate: '0.05' },
              { from: '1', rate: '0.1' },
            ],
          },
        };
        const rates = {
          rates: [
            { from: 'USD', to: 'EUR', rate: first, on: '2026-01-01' },
            { from: 'USD', to: 'EUR', rate: second, on: '2026-02-15' },
          ],
        };
        const plain = payRun({ commission, components: [], credits: sold, periods });
        const paid = payRun({ commission, components: [], credits: sold, periods, policies: { payCurrency: 'EUR', payRate }, input: { rates } });
        expect(paid.statements.map((statement) => [statement.attainment, statement.total])).toEqual(plain.statements.map((statement) => [statement.attainment, statement.total]));
        expect(paid.statements.every((statement) => statement.paid?.total?.currency === 'EUR')).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('everything together', () => {
  test('the next period from the state alone is what all periods give at once', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const whole = payRun(plan);
        expect(whole.issues.filter((issue) => issue.code === 'component_failed')).toEqual([]);
        const steps = stepByStep(plan, starts);
        expect(steps.flatMap(totals)).toEqual(totals(whole));
        expect(steps.flatMap((run) => run.statements.map((statement) => statement.balances ?? []))).toEqual(whole.statements.map((statement) => statement.balances ?? []));
        expect(steps.at(-1)?.state).toEqual(whole.state);
      }),
      RUNS,
    );
  });

  test('the order of credits and events, and the detail, change no figure', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const whole = totals(payRun(plan));
        expect(totals(payRun({ ...plan, credits: [...(plan.credits ?? [])].reverse(), events: [...(plan.events ?? [])].reverse() }))).toEqual(whole);
        expect(totals(payRun({ ...plan, input: { detail: 'statement' } }))).toEqual(whole);
        expect(totals(payRun({ ...plan, input: { detail: 'credit' } }))).toEqual(whole);
      }),
      { ...RUNS, numRuns: 40 },
    );
  });
});
