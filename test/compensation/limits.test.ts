import type { CommissionConfig, Credit } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { type CommissionCase, linesOf, payOf, runCommission, totalsOf } from '../support/commission-run.js';

const usd = (amount: string): NonNullable<Credit['amount']> => ({ amount, currency: 'USD' });
const ten: CommissionConfig = { measure: { sum: 'amount' }, rate: '0.1' };
const by = (...months: readonly (readonly string[])[]): NonNullable<CommissionCase['credits']> =>
  months.flatMap((amounts, month) =>
    amounts.map((amount, index) => ({ id: `m${month}-${index}`, dealId: `d${month}-${index}`, on: `2026-0${month + 1}-1${index}`, amount: usd(amount) })),
  );
const Q1 = ['2026-01', '2026-02', '2026-03'] as const;

describe('caps on pay', () => {
  const pay = (cap: NonNullable<CommissionConfig['caps']>[number], credits: NonNullable<CommissionCase['credits']>, config: Partial<CommissionConfig> = {}): readonly number[] =>
    totalsOf(runCommission({ config: { ...ten, caps: [cap], ...config }, credits, periods: Q1 }));

  test('per deal, per line, per period, per year, per window of the component', () => {
    const credits = by(['5000', '1000'], ['8000'], ['2000']);
    expect(pay({ on: 'payout', scope: 'deal', most: '300' }, credits)).toEqual([400, 300, 200]);
    expect(pay({ on: 'payout', scope: 'line', most: '300' }, credits)).toEqual([400, 300, 200]);
    expect(pay({ on: 'payout', scope: 'period', most: '500' }, credits)).toEqual([500, 500, 200]);
    expect(pay({ on: 'payout', scope: 'year', most: '1000' }, credits)).toEqual([600, 400, 0]);
    expect(pay({ on: 'payout', most: '1000' }, credits, { accumulate: 'quarter' })).toEqual([600, 400, 0]);
    expect(pay({ on: 'payout', most: '500' }, credits)).toEqual([500, 500, 200]);
  });

  test('per line and per deal differ where a deal has several credits', () => {
    const credits = ['4000', '4000'].map((amount, index) => ({ id: `c${index}`, dealId: 'd', amount: usd(amount) }));
    expect(payOf({ config: { ...ten, caps: [{ on: 'payout', scope: 'line', most: '300' }] }, credits })).toBe(600);
    expect(payOf({ config: { ...ten, caps: [{ on: 'payout', scope: 'deal', most: '300' }] }, credits })).toBe(300);
  });

  test('deal caps hold for every way of earning by credit', () => {
    for (const accumulate of ['month', 'deal', 'credit'] as const) {
      for (const rate of ['0.1', { mode: 'marginal', tiers: [{ from: '0', rate: '0.1' }] }, { mode: 'lookup', tiers: [{ from: '0', rate: '0.1' }] }] as const) {
        expect(payOf({ config: { ...ten, accumulate, rate, caps: [{ on: 'payout', scope: 'deal', most: '300' }] }, credits: ['5000', '1000', '-5000'] })).toBe(100);
      }
    }
  });

  test('what a refund takes first is what was above the cap', () => {
    expect(pay({ on: 'payout', scope: 'year', most: '500' }, by(['8000'], ['-2000'], ['-2000']))).toEqual([500, 0, -100]);
  });

  test('carried: released in a later period as soon as there is room', () => {
    const run = runCommission({
      config: { ...ten, caps: [{ on: 'payout', scope: 'period', most: '500', disposition: 'carry' }] },
      credits: by(['9000'], ['1000'], ['500']),
      periods: Q1,
    });
    expect(totalsOf(run)).toEqual([500, 500, 50]);
    expect(linesOf(run).map(([label]) => label)).toEqual(['Rate', 'Cap of the period at 500', 'Rate', 'Below the cap of the period: released', 'Rate']);
    expect(run.statements[0]?.lines[1]?.section).toBe('cap');
  });

  test('set aside for review: paid up to the cap, the rest reported', () => {
    const run = runCommission({ config: { ...ten, caps: [{ on: 'payout', scope: 'period', most: '500', disposition: 'review' }] }, credits: by(['9000'], ['1000']), periods: Q1 });
    expect(totalsOf(run)).toEqual([500, 100, 0]);
    expect(run.issues).toMatchObject([{ code: 'review_required', expected: 'at most 500', received: '"400"' }]);
    const deal = runCommission({ config: { ...ten, caps: [{ on: 'payout', scope: 'deal', most: '300', disposition: 'review' }] }, credits: ['5000'] });
    expect(deal.issues).toMatchObject([{ code: 'review_required', message: expect.stringContaining('Pay for d0: 200 above the limit') as unknown }]);
  });

  test('floor before cap; per deal only where something is paid', () => {
    const floor = { on: 'payout', scope: 'deal', least: '50' } as const;
    expect(payOf({ config: { ...ten, accumulate: 'deal', floors: [floor] }, credits: ['100', '1000', '0'] })).toBe(150);
    // A reversed deal gives back what the floor gave.
    expect(payOf({ config: { ...ten, accumulate: 'deal', floors: [floor] }, credits: ['100', '-100'] })).toBe(0);
    expect(totalsOf(runCommission({ config: { ...ten, floors: [{ on: 'payout', scope: 'period', least: '200' }] }, credits: by(['1000'], ['5000']), periods: Q1 }))).toEqual([
      200, 500, 200,
    ]);
    expect(payOf({ config: { ...ten, floors: [{ on: 'payout', least: '300' }], caps: [{ on: 'payout', most: '250' }] }, credits: ['10'] })).toBe(250);
  });

  test('prorated with the payee', () => {
    const config: CommissionConfig = { ...ten, caps: [{ on: 'payout', most: '310' }], proration: { convention: 'actual-days', scope: ['caps'] } };
    expect(payOf({ config, credits: [{ on: '2026-01-20', amount: usd('9000') }], from: '2026-01-16' })).toBe(160);
  });
});

describe('caps on credit, attainment and rate', () => {
  const marginal: CommissionConfig['rate'] = {
    mode: 'marginal',
    tiers: [
      { from: '0', rate: '0.05' },
      { from: '10000', rate: '0.1' },
    ],
  };

  test('credit of a deal, a line, a period, a year', () => {
    const of = (cap: NonNullable<CommissionConfig['caps']>[number], credits: NonNullable<CommissionCase['credits']>): readonly number[] =>
      totalsOf(runCommission({ config: { ...ten, caps: [cap] }, credits, periods: Q1 }));
    expect(of({ on: 'credit', scope: 'deal', most: '2000' }, by(['5000', '1000']))).toEqual([300, 0, 0]);
    expect(of({ on: 'credit', scope: 'line', most: '2000' }, by(['5000', '1000']))).toEqual([300, 0, 0]);
    expect(of({ on: 'credit', scope: 'period', most: '4000' }, by(['5000', '1000'], ['3000']))).toEqual([400, 300, 0]);
    expect(of({ on: 'credit', scope: 'year', most: '7000' }, by(['5000', '1000'], ['3000']))).toEqual([600, 100, 0]);
    expect(of({ on: 'credit', scope: 'period', most: '4000', disposition: 'carry' }, by(['5000', '1000'], ['1000']))).toEqual([400, 300, 0]);
  });

  test('capped credit does not reach a tier', () => {
    expect(payOf({ config: { ...ten, rate: marginal, caps: [{ on: 'credit', scope: 'deal', most: '8000' }] }, credits: ['30000'] })).toBe(400);
  });

  test('an amount by currency is one in the currency of the order', () => {
    const config: CommissionConfig = { ...ten, caps: [{ on: 'credit', scope: 'deal', most: { byCurrency: { USD: '1000', EUR: '900' } } }] };
    const run = runCommission({ config, credits: ['5000'] });
    expect(totalsOf(run)).toEqual([100]);
  });

  test('attainment: nothing above two quotas counts; a refund first eats what was above', () => {
    const config: CommissionConfig = { ...ten, accumulate: 'quarter', quota: '3000', caps: [{ on: 'attainment', most: '2' }] };
    expect(totalsOf(runCommission({ config, credits: by(['5000'], ['4000'], ['-4000']), periods: Q1 }))).toEqual([500, 100, -100]);
  });

  test('rate: a multiplier cannot lift it above the cap, nor below the floor', () => {
    const rate: CommissionConfig['rate'] = {
      mode: 'whole-amount',
      of: '0.1',
      tiers: [
        { from: '0', multiplier: '0.5' },
        { from: '1000', multiplier: '3' },
      ],
    };
    expect(payOf({ config: { ...ten, rate, caps: [{ on: 'rate', most: '0.15' }] }, credits: ['2000'] })).toBe(300);
    expect(payOf({ config: { ...ten, rate, floors: [{ on: 'rate', least: '0.08' }] }, credits: ['500'] })).toBe(40);
    expect(payOf({ config: { ...ten, rate: '0.3', caps: [{ on: 'rate', most: '0.15' }] }, credits: ['1000'] })).toBe(150);
  });
});

describe('windfall', () => {
  const rate: CommissionConfig['rate'] = {
    mode: 'marginal',
    tiers: [
      { from: '0', rate: '0.05' },
      { from: '10000', rate: '0.1' },
    ],
  };
  const pay = (windfall: NonNullable<CommissionConfig['windfall']>, config: Partial<CommissionConfig> = {}) =>
    runCommission({ config: { ...ten, rate, windfall, ...config }, credits: ['50000', '2000'] });

  test('credit above an amount, a share of quota or a share of target', () => {
    // 12,000 + 2,000 counts: 500 + 400.
    expect(totalsOf(pay({ amount: '12000', treatment: 'cap-credit' }))).toEqual([900]);
    expect(totalsOf(pay({ shareOfQuota: '0.25', treatment: 'cap-credit' }, { quota: '48000' }))).toEqual([900]);
    expect(totalsOf(pay({ shareOfTarget: '0.5', of: '24000', treatment: 'cap-credit' }))).toEqual([900]);
  });

  test('the rest at the base rate, without accelerators', () => {
    const run = pay({ amount: '12000', treatment: 'base-rate' });
    expect(linesOf(run)).toEqual([
      ['First tier', '500.00'],
      ['Tier from 10000', '400.00'],
      ['Windfall at the base rate', '1900.00'],
    ]);
    expect(totalsOf(pay({ amount: '12000', treatment: 'base-rate', baseRate: '0.01' }))).toEqual([1280]);
  });

  test('the rest set aside for review', () => {
    const run = pay({ amount: '12000', treatment: 'review' });
    expect([totalsOf(run), run.issues.map((issue) => [issue.code, issue.received])]).toEqual([[900], [['review_required', '"38000"']]]);
  });

  test('deal by deal as well', () => {
    expect(totalsOf(pay({ amount: '12000', treatment: 'base-rate' }, { accumulate: 'deal' }))).toEqual([500 + 200 + 1900 + 100]);
  });
});
