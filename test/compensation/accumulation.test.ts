import { type CommissionConfig, type Credit, computeCompensation, definePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { type CommissionCase, linesOf, runCommission, totalsOf } from '../support/commission-run.js';

const usd = (amount: string): NonNullable<Credit['amount']> => ({ amount, currency: 'USD' });
const by = (...months: readonly string[]): NonNullable<CommissionCase['credits']> =>
  months.map((amount, month) => ({ id: `m${month}`, dealId: `d${month}`, on: `2026-${String(month + 1).padStart(2, '0')}-10`, amount: usd(amount) }));
const accelerator: CommissionConfig['rate'] = {
  mode: 'marginal',
  by: 'attainment',
  of: '0.1',
  tiers: [
    { from: '0', multiplier: '1' },
    { from: '1', multiplier: '2' },
  ],
};
const quarters = ['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4'].map((period) => ({ period, amount: '3000' }));

describe('windows', () => {
  const config: CommissionConfig = {
    measure: { sum: 'amount' },
    rate: {
      mode: 'marginal',
      tiers: [
        { from: '0', rate: '0.1' },
        { from: '1000', rate: '0.2' },
      ],
    },
  };
  test.each<readonly [NonNullable<CommissionConfig['accumulate']>, readonly number[]]>([
    ['credit', [80, 80, 80, 80]],
    ['deal', [80, 80, 80, 80]],
    ['month', [80, 80, 80, 80]],
    ['quarter', [80, 140, 160, 80]],
    ['half', [80, 140, 160, 160]],
    ['year', [80, 140, 160, 160]],
    ['plan', [80, 140, 160, 160]],
  ])('%s', (accumulate, expected) => {
    expect(totalsOf(runCommission({ config: { ...config, accumulate }, credits: by('800', '800', '800', '800'), periods: ['2026-01', '2026-02', '2026-03', '2026-04'] }))).toEqual(
      expected,
    );
  });

  test('the whole time on the plan goes on over the new year', () => {
    const credits = [...by('800'), { id: 'n', on: '2027-01-05', amount: usd('800') }];
    const periods = ['2026-01', '2027-01'];
    expect(totalsOf(runCommission({ config: { ...config, accumulate: 'year' }, credits, periods }))).toEqual([80, 80]);
    expect(totalsOf(runCommission({ config: { ...config, accumulate: 'plan' }, credits, periods }))).toEqual([80, 140]);
  });

  test('shorter windows than the statement', () => {
    expect(totalsOf(runCommission({ config: { ...config, accumulate: 'month' }, credits: by('800', '1800', '800'), period: 'quarter', periods: ['2026-Q1'] }))).toEqual([
      80 + 100 + 160 + 80,
    ]);
  });
});

describe('which quota tiers refer to', () => {
  const pay = (reference: 'period' | 'to-date' | 'full'): readonly number[] =>
    totalsOf(
      runCommission({
        config: { measure: { sum: 'amount' }, accumulate: 'year', rate: { ...(accelerator as object), reference } as CommissionConfig['rate'] },
        credits: by('1500', '1500', '0'),
        periods: ['2026-01', '2026-02', '2026-03'],
        quotas: Array.from({ length: 12 }, (_, month) => ({ period: `2026-${String(month + 1).padStart(2, '0')}`, amount: '1000' })),
      }),
    );

  test('to date: the bounds move, and what is due is taken from zero', () => {
    // 1,500 of 1,000; 3,000 of 2,000; 3,000 of 3,000, so that the acceleration is taken back.
    expect(pay('to-date')).toEqual([200, 200, -100]);
  });
  test('full: the quota of the year', () => {
    expect(pay('full')).toEqual([150, 150, 0]);
  });
  test('period: that of the month alone', () => {
    expect(pay('period')).toEqual([200, 300, 0]);
  });
});

describe('true-up', () => {
  const base: CommissionConfig = { measure: { sum: 'amount' }, rate: accelerator };
  const run = (config: Partial<CommissionConfig>, ...amounts: readonly string[]) =>
    runCommission({
      config: { ...base, ...config },
      credits: amounts.map((amount, quarter) => ({ id: `q${quarter}`, on: `2026-${String(quarter * 3 + 1).padStart(2, '0')}-10`, amount: usd(amount) })),
      period: 'quarter',
      periods: ['2026'],
      quotas: quarters,
    });

  test('quarters paid by themselves, the year made good at its end', () => {
    // Quarters: 300 + 400, 300, 250, 150; the year: 12,000 of 12,000 is 1,200.
    expect(totalsOf(run({ trueUp: { over: 'year' } }, '5000', '3000', '2500', '1500'))).toEqual([700, 300, 250, -50]);
    expect(linesOf(run({ trueUp: { over: 'year' } }, '5000', '3000', '2500', '1500')).at(-1)).toEqual(['True-up for 2026', '-200.00']);
  });

  test('upward only', () => {
    expect(totalsOf(run({ trueUp: { over: 'year', direction: 'upward' } }, '5000', '3000', '2500', '1500'))).toEqual([700, 300, 250, 150]);
    const cliff: CommissionConfig['rate'] = {
      mode: 'whole-amount',
      by: 'attainment',
      tiers: [
        { from: '0', rate: '0.05' },
        { from: '1', rate: '0.1' },
      ],
    };
    // Three quarters below quota and one above; the year is at quota, so all of it at 10 %.
    expect(totalsOf(run({ rate: cliff, trueUp: { over: 'year', direction: 'upward' } }, '2000', '2000', '2000', '6000'))).toEqual([100, 100, 100, 900]);
  });

  test('with every statement, with a rate and a quota of its own', () => {
    expect(totalsOf(run({ trueUp: { over: 'year', at: 'every-period' } }, '5000', '3000', '2500', '1500'))).toEqual([500, 300, 250, 150]);
    expect(totalsOf(run({ trueUp: { over: 'year', rate: '0.2' } }, '3000', '3000', '3000', '3000'))).toEqual([300, 300, 300, 1500]);
    expect(totalsOf(run({ trueUp: { over: 'year', quota: '6000' } }, '3000', '3000', '3000', '3000'))).toEqual([300, 300, 300, 900]);
  });

  test('the quota of the year is the sum of those of the quarters, where the plan states it', () => {
    expect(totalsOf(run({ quota: '3000', trueUp: { over: 'year' } }, '5000', '3000', '2500', '1500'))).toEqual([700, 300, 250, -50]);
  });
});

describe('negative results', () => {
  const cliff: CommissionConfig['rate'] = {
    mode: 'whole-amount',
    tiers: [
      { from: '0', rate: '0.05' },
      { from: '1000', rate: '0.1' },
    ],
  };
  const pay = (negative: 'recover' | 'carry' | 'forgive') =>
    runCommission({
      config: { measure: { sum: 'amount' }, accumulate: 'year', rate: cliff, negative },
      credits: by('1200', '-400', '100', '600'),
      periods: ['2026-01', '2026-02', '2026-03', '2026-04'],
    });

  test('recovered at once', () => {
    expect(totalsOf(pay('recover'))).toEqual([120, -80, 5, 105]);
  });
  test('carried and set off against later pay', () => {
    expect(totalsOf(pay('carry'))).toEqual([120, 0, 0, 30]);
    expect(linesOf(pay('carry')).filter(([label]) => label.includes('egative'))).toEqual([
      ['Negative result carried forward', '80.00'],
      ['Earlier negative result recovered', '-5.00'],
      ['Earlier negative result recovered', '-75.00'],
    ]);
  });
  test('forgiven: later pay starts from what is due then', () => {
    expect(totalsOf(pay('forgive'))).toEqual([120, 0, 5, 105]);
  });
});

describe('pay periods', () => {
  const base: CommissionConfig = { measure: { sum: 'amount' }, rate: '0.1' };
  const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'];
  const pay = (schedule: NonNullable<CommissionConfig['pay']>) =>
    runCommission({ config: { ...base, pay: schedule }, credits: by('1000', '2000', '3000', '4000'), periods: months });

  test('by the quarter', () => {
    expect(totalsOf(pay({ every: 'quarter' }))).toEqual([0, 0, 600, 0, 0]);
    expect(linesOf(pay({ every: 'quarter' }))).toEqual([
      ['Earned in 2026-01', '100.00'],
      ['Earned in 2026-02', '200.00'],
      ['Rate', '300.00'],
    ]);
  });
  test('in arrears, and both', () => {
    expect(totalsOf(pay({ arrears: 1 }))).toEqual([0, 100, 200, 300, 400]);
    expect(totalsOf(pay({ every: 'quarter', arrears: 1 }))).toEqual([0, 0, 0, 600, 0]);
  });
  test('whoever leaves the plan gets what waits, and the true-up', () => {
    const run = runCommission({ config: { ...base, pay: { every: 'quarter', arrears: 2 } }, credits: by('1000', '2000'), periods: months, to: '2026-03-01' });
    expect(totalsOf(run)).toEqual([0, 300]);
    const trued = runCommission({
      config: { measure: { sum: 'amount' }, rate: '0.1', trueUp: { over: 'year', rate: '0.2' } },
      credits: by('1000', '2000'),
      periods: months,
      to: '2026-03-01',
    });
    expect(totalsOf(trued)).toEqual([100, 500]);
  });
  test('what waits is in the state', () => {
    const first = runCommission({ config: { ...base, pay: { arrears: 1 } }, credits: by('1000'), periods: ['2026-01'] });
    const next = runCommission({ config: { ...base, pay: { arrears: 1 } }, periods: ['2026-02'], state: first.state });
    expect(linesOf(next)).toEqual([['Earned in 2026-01', '100.00']]);
  });
});

describe('a change within a window', () => {
  const plan = (segments: 'continuous' | 'discrete') =>
    definePlan({
      id: 'p',
      currency: 'USD',
      period: 'month',
      parameters: { quota: 'money' },
      components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, accumulate: 'quarter', quota: { param: 'quota' }, segments, rate: accelerator }],
    });
  const run = (segments: 'continuous' | 'discrete') =>
    computeCompensation({
      plans: [plan(segments)],
      payees: [{ id: 'a' }],
      assignments: [
        { payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-01', parameters: { quota: '9000' } },
        { payeeId: 'a', planId: 'p', from: '2026-02-01', parameters: { quota: '4500' } },
      ],
      credits: ['01', '02', '03'].map((month) => ({ id: month, payeeId: 'a', on: `2026-${month}-10`, amount: usd('3000') })),
      periods: ['2026-01', '2026-02', '2026-03'],
    });

  test('continuous: attainment goes on, the quota is put together by days', () => {
    // 9,000 × 31/90 + 4,500 × 59/90 = 6,050.
    expect(run('continuous').statements.map((statement) => [statement.attainment[0]?.measured, statement.attainment[0]?.quota])).toEqual([
      ['3000', '6050'],
      ['6000', '6050'],
      ['9000', '6050'],
    ]);
    expect(totalsOf(run('continuous'))).toEqual([300, 300, 595]);
  });
  test('discrete and prorated: each part has its share of its own figure', () => {
    const config: CommissionConfig = {
      measure: { sum: 'amount' },
      rate: '0',
      accumulate: 'quarter',
      segments: 'discrete',
      quota: '9000',
      proration: { convention: 'whole-months', scope: ['quota', 'caps'] },
      caps: [{ on: 'payout', most: '90' }],
    };
    const shown = runCommission({ config, from: '2026-02-01', periods: ['2026-02', '2026-03'] }).statements.map((statement) => statement.attainment[0]?.quota);
    expect(shown).toEqual(['6000', '6000']);
  });
  test('discrete: each part has its own window and quota', () => {
    expect(run('discrete').statements.map((statement) => [statement.attainment[0]?.measured, statement.attainment[0]?.quota])).toEqual([
      ['3000', '9000'],
      ['3000', '4500'],
      ['6000', '4500'],
    ]);
    expect(totalsOf(run('discrete'))).toEqual([300, 300, 450]);
  });

  test('another plan goes on from what the first one measured', () => {
    const of = (id: string, continues: boolean) =>
      definePlan({
        id,
        currency: 'USD',
        period: 'month',
        components: [
          {
            kind: 'commission',
            id: 'c',
            measure: { sum: 'amount' },
            accumulate: 'year',
            quota: '5000',
            rate: accelerator,
            ...(continues ? { continues: { planId: 'old', componentId: 'c' } } : {}),
          },
        ],
      });
    const go = (continues: boolean): readonly number[] =>
      totalsOf(
        computeCompensation({
          plans: [of('old', false), of('new', continues)],
          payees: [{ id: 'a' }],
          assignments: [
            { payeeId: 'a', planId: 'old', from: '2026-01-01', to: '2026-02-01' },
            { payeeId: 'a', planId: 'new', from: '2026-02-01' },
          ],
          credits: ['01', '02'].map((month) => ({ id: month, payeeId: 'a', on: `2026-${month}-10`, amount: usd('4000') })),
          periods: ['2026-01', '2026-02'],
        }),
      );
    expect([go(false), go(true)]).toEqual([
      [400, 400],
      [400, 700],
    ]);
  });
});

describe('undefined cases have a stated result', () => {
  const by_ = (quota: string | undefined, credits: NonNullable<CommissionCase['credits']>) =>
    runCommission({ config: { measure: { sum: 'amount' }, rate: accelerator, ...(quota === undefined ? {} : { quota }) }, credits });
  test('quota 0, 0 ÷ 0, no quota', () => {
    for (const credits of [['100'], []]) {
      const run = by_('0', credits);
      expect([totalsOf(run), run.issues.map((issue) => issue.code), run.statements[0]?.attainment[0]?.attainment]).toEqual([[0], ['undefined_attainment'], null]);
    }
    expect(by_(undefined, ['100']).issues.map((issue) => issue.code)).toEqual(['missing_quota']);
  });
  test('negative credit at the first rate; an empty period is empty', () => {
    expect(totalsOf(by_('1000', ['-100']))).toEqual([-10]);
    expect(totalsOf(by_('1000', []))).toEqual([0]);
  });
});

test('thousands of deals of one deal-by-deal plan have one flat trace', () => {
  const credits = Array.from({ length: 3000 }, (_, index) => ({ id: `c${index}`, dealId: `d${index}`, on: '2026-01-10', amount: usd('10') }));
  const run = runCommission({
    config: {
      measure: { sum: 'amount' },
      accumulate: 'deal',
      rate: {
        mode: 'marginal',
        tiers: [
          { from: '0', rate: '0.1' },
          { from: '100', rate: '0.2' },
        ],
      },
    },
    credits,
  });
  expect(totalsOf(run)).toEqual([3000]);
});
