import { type CommissionConfig, type Credit, curveFromIncrements, curveFromSlopes, payStructure, quotaSchedule, slopesFromCurve, tiersFromBands } from 'dealwright/compensation';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommissionCase, payOf, runCommission, totalsOf } from '../support/commission-run.js';

const codesOf = (call: () => unknown): readonly string[] => {
  try {
    call();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map((issue) => issue.code);
    throw error;
  }
  return [];
};
const usd = (amount: string): NonNullable<Credit['amount']> => ({ amount, currency: 'USD' });
/** The quotas that statements show. */
const quotasOf = (config: Partial<CommissionConfig>, test: Partial<CommissionCase> = {}): readonly number[] =>
  runCommission({ config: { measure: { sum: 'amount' }, rate: '0', ...config }, ...test }).statements.map(
    (statement) => Math.round(Number(statement.attainment[0]?.quota) * 100) / 100,
  );
const H1 = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];

describe('quota policies', () => {
  test('an annual figure in equal months, by weights, raised', () => {
    expect(quotasOf({ quota: { amount: '120000' } })).toEqual([10_000]);
    expect(quotasOf({ quota: { amount: '120000' } }, { period: 'quarter', periods: ['2026-Q1'] })).toEqual([30_000]);
    expect(quotasOf({ quota: { amount: '120000', weights: ['0.1', '0.2', '0.3', '0.4'] } }, { periods: ['2026-03', '2026-04'] })).toEqual([4000, 8000]);
    expect(quotasOf({ quota: { amount: '120000', overAssignment: '1.1' } })).toEqual([11_000]);
    expect(quotasOf({ quota: { amount: '30000', per: 'quarter' } })).toEqual([10_000]);
    expect(quotasOf({ quota: { amount: '120000' }, accumulate: 'year' })).toEqual([120_000]);
  });

  test('the quotas given, spread', () => {
    const quotas = [{ period: '2026', amount: '120000' }];
    expect(quotasOf({ quota: { weights: ['0.5', '0.5'] } }, { quotas })).toEqual([10_000]);
    expect(quotasOf({}, { quotas, period: 'year', periods: ['2026'] })).toEqual([120_000]);
    expect(runCommission({ config: { measure: { sum: 'amount' }, rate: '0' }, quotas }).statements[0]?.attainment).toEqual([]);
  });

  test('a ramp since hire or assignment', () => {
    const ramp = { since: 'assignment', shares: ['0', '0.25', '0.5'] } as const;
    expect(quotasOf({ quota: { amount: '120000', ramp } }, { from: '2026-02-10', periods: H1 })).toEqual([0, 2500, 5000, 10_000, 10_000]);
    expect(quotasOf({ quota: { amount: '120000', ramp: { ...ramp, starts: 'month-after' } } }, { from: '2026-02-10', periods: H1 })).toEqual([0, 0, 2500, 5000, 10_000]);
    expect(quotasOf({ quota: { amount: '120000', ramp: { ...ramp, since: 'hire' } } }, { payee: { hiredOn: '2025-12-01' }, periods: H1 })).toEqual([
      2500, 5000, 10_000, 10_000, 10_000, 10_000,
    ]);
  });

  test('a quota of 0 in the first month of a ramp has no attainment, and pays nothing by it', () => {
    const run = runCommission({
      config: {
        measure: { sum: 'amount' },
        quota: { amount: '120000', ramp: { since: 'assignment', shares: ['0'] } },
        rate: { mode: 'marginal', by: 'attainment', tiers: [{ from: '0', rate: '0.1' }] },
      },
      credits: ['100'],
    });
    expect([totalsOf(run), run.issues.map((issue) => issue.code)]).toEqual([[0], ['undefined_attainment']]);
  });

  test('hired within a period, by convention', () => {
    const of = (convention: 'actual-days' | '30-360' | 'whole-months' | 'actual-365', more: object = {}): readonly number[] =>
      quotasOf({ quota: '3100', proration: { convention, scope: ['quota'], ...more } }, { from: '2026-01-16' });
    expect(of('actual-days')).toEqual([1600]);
    expect(of('actual-days', { startDay: 'excluded' })).toEqual([1500]);
    expect(of('30-360')).toEqual([1550]);
    expect(of('whole-months')).toEqual([0]);
    expect(of('whole-months', { monthRule: { hiredByDay: 20 } })).toEqual([3100]);
    expect(of('actual-365')).toEqual([Math.round((3100 * 16 * 12 * 100) / 365) / 100]);
    expect(quotasOf({ quota: '3100' }, { from: '2026-01-16' })).toEqual([3100]);
  });

  test('employment counts, not only the plan; leave relieves quota, unless the plan says otherwise', () => {
    const proration = { convention: 'actual-days', scope: ['quota'] } as const;
    expect(quotasOf({ quota: '3100', proration }, { payee: { hiredOn: '2026-01-16' } })).toEqual([1600]);
    expect(quotasOf({ quota: '3100', proration }, { payee: { terminatedOn: '2026-01-16' } })).toEqual([1500]);
    const payee = {
      leaves: [
        { from: '2026-01-11', to: '2026-01-21' },
        { from: '2026-01-15', to: '2026-01-26' },
      ],
    };
    expect(quotasOf({ quota: '3100', proration }, { payee })).toEqual([1600]);
    expect(quotasOf({ quota: '3100', proration: { ...proration, leave: 'none' } }, { payee })).toEqual([3100]);
    expect(quotasOf({ quota: { amount: '37200' }, proration }, { payee, period: 'quarter', periods: ['2026-Q1'] })).toEqual([7800]);
  });

  test('quota without target changes the base rate; both leave it', () => {
    const rate: CommissionConfig['rate'] = {
      mode: 'interpolated',
      by: 'attainment',
      of: '3100',
      tiers: [
        { from: '0', share: '0' },
        { from: '1', share: '1' },
      ],
    };
    const pay = (scope: readonly ('quota' | 'target')[]): number =>
      payOf({
        config: { measure: { sum: 'amount' }, quota: '3100', rate, proration: { convention: 'actual-days', scope } },
        credits: [{ on: '2026-01-20', amount: usd('800') }],
        from: '2026-01-16',
      });
    expect([pay(['quota']), pay(['target']), pay(['quota', 'target'])]).toEqual([1550, Math.round((800 * 16 * 100) / 31) / 100, 800]);
  });

  test('bounds by amount', () => {
    const rate: CommissionConfig['rate'] = {
      mode: 'marginal',
      tiers: [
        { from: '0', rate: '0.1' },
        { from: '3100', rate: '0.2' },
      ],
    };
    expect(
      payOf({
        config: { measure: { sum: 'amount' }, rate, proration: { convention: 'actual-days', scope: ['bounds'] } },
        credits: [{ on: '2026-01-20', amount: usd('2000') }],
        from: '2026-01-16',
      }),
    ).toBe(240);
  });

  test('a transfer within the year: each part at its own figure', () => {
    const config: CommissionConfig = {
      measure: { sum: 'amount' },
      rate: '0',
      accumulate: 'year',
      quota: { amount: '120000' },
      proration: { convention: 'whole-months', scope: ['quota'] },
    };
    expect(quotasOf(config, { from: '2026-04-01', periods: ['2026-04'] })).toEqual([90_000]);
  });
});

describe('quotaSchedule', () => {
  test('residue goes to the largest remainders, or to the last part', () => {
    const of = (residue: 'largest-remainder' | 'last'): readonly string[] =>
      quotaSchedule({ amount: '100', period: '2026' }, { unit: 'quarter', weights: ['0.333', '0.333', '0.333', '0.001'], rounding: { scale: 0 }, residue }).entries.map(
        (entry) => entry.quota,
      );
    expect(of('largest-remainder')).toEqual(['34', '33', '33', '0']);
    expect(of('last')).toEqual(['33', '33', '33', '1']);
    expect(
      quotaSchedule({ amount: '1000', period: '2026' }, { residue: 'last' })
        .entries.map((entry) => entry.quota)
        .slice(-2),
    ).toEqual(['83.33', '83.37']);
  });

  test('fiscal years, halves, ramps, absence, over-assignment', () => {
    expect(quotaSchedule({ amount: '1200', period: '2026' }, { unit: 'half', overAssignment: '1.2' }).entries.map((entry) => entry.quota)).toEqual(['720', '720']);
    expect(quotaSchedule({ amount: '1200', period: '2026' }, { unit: 'quarter', leaves: [{ from: '2026-02-01', to: '2026-04-01' }] }).total).toBe('1000');
    expect(
      quotaSchedule({ amount: '1200', period: '2026' }, { unit: 'quarter', ramp: { since: '2026-03-15', shares: ['0.5'], starts: 'month-after' } }).entries.map(
        (entry) => entry.quota,
      ),
    ).toEqual(['50', '250', '300', '300']);
  });

  test('wrong calls', () => {
    expect(codesOf(() => quotaSchedule({ amount: 'x', period: '2026' }, { weights: ['0.5', '0.4'] }))).toEqual(['invalid_decimal', 'invalid_weights']);
    expect(codesOf(() => quotaSchedule({ amount: '1', period: 'soon' }))).toEqual(['invalid_period']);
    expect(codesOf(() => quotaSchedule({ amount: '1', period: '2026' }, { weights: ['25', '25', '25', '25'] }))).toEqual(['invalid_weights']);
    expect(codesOf(() => quotaSchedule({ amount: '1', period: '2026' }, JSON.parse('{"unit":"fortnight","weigths":[]}')))).toEqual(['unknown_key', 'invalid_value']);
    expect(codesOf(() => quotaSchedule({ amount: '1', period: '2026' }, { weights: Array.from({ length: 5 }, () => '0.2') }))).toEqual(['invalid_weights']);
    expect(codesOf(() => quotaSchedule({ amount: '1', period: '2026' }, { active: { start: 'x', endExclusive: null } }))).toEqual(['invalid_date']);
  });
});

describe('payStructure', () => {
  test('from whatever is enough', () => {
    const whole = { base: '70000', targetIncentive: '30000', onTargetEarnings: '100000' };
    for (const known of [
      { base: '70000', targetIncentive: '30000' },
      { base: '70000', onTargetEarnings: '100000' },
      { targetIncentive: '30000', onTargetEarnings: '100000' },
      { onTargetEarnings: '100000', variableShare: '0.3' },
      { base: '70000', variableShare: '0.3' },
      { targetIncentive: '30000', variableShare: '0.3' },
    ])
      expect(payStructure(known)).toMatchObject(whole);
  });

  test('kinds of pay', () => {
    expect(payStructure({ base: '60000', targetIncentive: '0' })).toMatchObject({ kind: 'straight-salary', payMix: { base: '1', variable: '0' } });
    expect(payStructure({ base: '0', targetIncentive: '60000', quota: '0' })).toMatchObject({ kind: 'commission-only', baseCommissionRate: null });
    expect(payStructure({ base: '0', targetIncentive: '0' })).toMatchObject({ payMix: null, kind: 'straight-salary' });
  });

  test('weighted components', () => {
    const { components } = payStructure({
      base: '50000',
      targetIncentive: '50000',
      components: [
        { id: 'new', weight: '0.7', quota: '700000' },
        { id: 'renewals', weight: '0.3' },
      ],
    });
    expect(components).toEqual([
      { id: 'new', weight: '0.7', targetIncentive: '35000', baseCommissionRate: '0.05' },
      { id: 'renewals', weight: '0.3', targetIncentive: '15000', baseCommissionRate: null },
    ]);
  });

  test('a plan for each kind', () => {
    const salary = payStructure({ base: '60000', targetIncentive: '0' });
    expect(salary.kind).toBe('straight-salary');
    const hybrid = payStructure({ base: '60000', targetIncentive: '40000', quota: '800000' });
    expect(payOf({ config: { measure: { sum: 'amount' }, rate: hybrid.baseCommissionRate ?? '0' }, credits: ['800000'] })).toBe(40_000);
    const commission = payStructure({ base: '0', targetIncentive: '40000', quota: '200000' });
    expect(payOf({ config: { measure: { sum: 'amount' }, rate: commission.baseCommissionRate ?? '0' }, credits: ['100000'] })).toBe(20_000);
  });

  test('wrong calls', () => {
    expect(codesOf(() => payStructure({ base: '1' }))).toEqual(['missing_key']);
    expect(codesOf(() => payStructure({ base: '1', targetIncentive: '2', onTargetEarnings: '4' }))).toEqual(['invalid_value']);
    expect(
      codesOf(() =>
        payStructure({
          base: '1',
          targetIncentive: '1',
          components: [
            { id: 'a', weight: '60' },
            { id: 'a', weight: '40' },
          ],
        }),
      ),
    ).toEqual(['duplicate_id']);
    expect(
      codesOf(() =>
        payStructure({
          base: '1',
          targetIncentive: '1',
          components: [
            { id: 'a', weight: '60' },
            { id: 'b', weight: '40' },
          ],
        }),
      ),
    ).toEqual(['invalid_weights']);
    expect(codesOf(() => payStructure({ base: '2', variableShare: '0.3' }))).toEqual(['invalid_value']);
    expect(codesOf(() => payStructure({ onTargetEarnings: '2', variableShare: '30' }))).toEqual(['fraction_out_of_range']);
  });
});

describe('curves', () => {
  const knots = fc.array(fc.record({ step: fc.integer({ min: 1, max: 500 }), payout: fc.integer({ min: 0, max: 3000 }) }), { minLength: 2, maxLength: 6 }).map((list) => {
    let at = 0;
    return list.map(({ step, payout }) => {
      at += step;
      return { at: String(at / 1000), payout: String(payout / 1000) };
    });
  });
  test('knots to slopes and back lose nothing', () => {
    fc.assert(
      fc.property(knots, (points) => {
        expect(curveFromSlopes(slopesFromCurve(points))).toEqual(points);
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
  test('wrong calls', () => {
    expect(codesOf(() => curveFromSlopes({ start: '0', slopes: [], end: '1' }))).toEqual(['empty']);
    expect(codesOf(() => curveFromSlopes({ start: '0', slopes: [{ from: '1', slope: '1' }], end: '1' }))).toEqual(['tiers_not_ascending']);
    expect(codesOf(() => curveFromSlopes({ start: '0', slopes: [{ from: '0', slope: '1/3' }], end: '1' }))).toEqual(['out_of_range']);
    expect(codesOf(() => curveFromSlopes({ start: '0', slopes: [{ from: '0', slope: '1/0' }], end: '1' }))).toEqual(['invalid_decimal']);
    expect(codesOf(() => slopesFromCurve([{ at: '1', payout: '0' }]))).toEqual(['empty']);
    expect(
      codesOf(() =>
        slopesFromCurve([
          { at: '1', payout: '0' },
          { at: '1', payout: '1' },
        ]),
      ),
    ).toEqual(['tiers_not_ascending']);
    expect(
      codesOf(() =>
        curveFromIncrements([
          { from: '0', to: '1', amount: '5' },
          { from: '2', to: '3', amount: '5' },
        ]),
      ),
    ).toEqual(['tier_gap']);
  });
});

describe('tiersFromBands', () => {
  test('in any order, with gaps and overlaps', () => {
    const read = tiersFromBands([
      { from: '30', to: null, rate: '0.3' },
      { from: '0', to: '10', rate: '0.1' },
      { from: '8', to: '20', rate: '0.2' },
    ]);
    expect(read.tiers).toEqual([
      { from: '0', rate: '0.1' },
      { from: '8', rate: '0.2' },
      { from: '20', rate: '0' },
      { from: '30', rate: '0.3' },
    ]);
    expect([read.gaps, read.overlaps]).toEqual([[{ from: '20', to: '30' }], [{ from: '8', to: '10' }]]);
    expect(read.issues.map((issue) => [issue.code, issue.path])).toEqual([
      ['tier_overlap', [2, 'from']],
      ['tier_gap', [0, 'from']],
    ]);
  });
  test('whole numbers, inclusive: no gap on their grid', () => {
    const read = tiersFromBands(
      [
        { from: '0', to: '79', share: '0' },
        { from: '80', to: '89', share: '0.5' },
        { from: '90', to: null, share: '1' },
      ],
      { upperBound: 'inclusive' },
    );
    expect([read.issues, read.tiers]).toEqual([
      [],
      [
        { from: '0', share: '0' },
        { from: '80', share: '0.5' },
        { from: '90', share: '1' },
      ],
    ]);
  });
  test('starts at zero, ends with nothing, fills gaps if asked', () => {
    expect(tiersFromBands([{ from: '5', to: '10', amount: '1' }]).tiers).toEqual([
      { from: '0', amount: '0' },
      { from: '5', amount: '1' },
      { from: '10', amount: '0' },
    ]);
    expect(
      tiersFromBands(
        [
          { from: '0', to: '5', rate: '0.1' },
          { from: '6', to: null, rate: '0.2' },
        ],
        { gaps: 'band-below' },
      ).tiers,
    ).toEqual([
      { from: '0', rate: '0.1' },
      { from: '6', rate: '0.2' },
    ]);
  });
  test('wrong calls', () => {
    expect(codesOf(() => tiersFromBands([]))).toEqual(['empty']);
    expect(codesOf(() => tiersFromBands([{ from: '5', to: '5', rate: '0.1' }]))).toEqual(['out_of_range']);
    expect(
      codesOf(() =>
        tiersFromBands([
          { from: '0', to: '5', rate: '0.1' },
          { from: '5', to: null, amount: '1' },
        ]),
      ),
    ).toEqual(['missing_key']);
    expect(codesOf(() => tiersFromBands(JSON.parse('[{"from":0,"to":null,"rate":"0.1","typ":1}]')))).toEqual(['unknown_key', 'invalid_type']);
  });
});
