import { type CommissionConfig, type Credit, curveFromSlopes, definePlan, validatePlan } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { type CommissionCase, linesOf, payOf, runCommission, totalsOf } from '../support/commission-run.js';

const usd = (amount: string): NonNullable<Credit['amount']> => ({ amount, currency: 'USD' });
const marginal: CommissionConfig['rate'] = {
  mode: 'marginal',
  by: 'attainment',
  of: '0.1',
  tiers: [
    { from: '0', multiplier: '1' },
    { from: '1', multiplier: '2' },
  ],
};
const base: CommissionConfig = { measure: { sum: 'amount' }, quota: '10000', rate: marginal };
const by = (...months: readonly string[]): NonNullable<CommissionCase['credits']> =>
  months.map((amount, month) => ({ id: `m${month}`, dealId: `d${month}`, on: `2026-0${month + 1}-10`, amount: usd(amount) }));
const Q1 = ['2026-01', '2026-02', '2026-03'] as const;

describe('gates', () => {
  test('zero: nothing is paid below the level, and the line shows what it would have been', () => {
    const run = runCommission({ config: { ...base, gates: [{ label: 'Half the quota', least: '0.5' }] }, credits: ['4000'] });
    expect(linesOf(run)).toEqual([['Half the quota not met: nothing is paid', '0.00']]);
    expect(run.statements[0]?.lines[0]?.trace).toMatchObject({ op: 'select', selected: 0, inputs: [{ value: '0' }] });
    expect(payOf({ config: { ...base, gates: [{ least: '0.5' }] }, credits: ['5000'] })).toBe(500);
  });

  test('base rate: no accelerator while another measure is below its level', () => {
    const gates = [{ by: { ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } } }, least: '0.2', otherwise: 'base-rate' }] as const;
    const pay = (margin: string): number => payOf({ config: { ...base, gates }, credits: [{ amount: usd('15000'), margin: usd(margin) }] });
    expect([pay('3000'), pay('2999.99')]).toEqual([2000, 1500]);
    expect(payOf({ config: { ...base, gates: [{ ...gates[0], baseRate: '0.05' }] }, credits: [{ amount: usd('15000'), margin: usd('0') }] })).toBe(750);
  });

  test('hold: kept within the window and released when the level is reached, else lost with the window', () => {
    const config: CommissionConfig = { ...base, accumulate: 'quarter', gates: [{ least: '0.5', otherwise: 'hold' }] };
    const run = runCommission({ config, credits: by('2000', '2000', '2000'), periods: Q1 });
    expect(totalsOf(run)).toEqual([0, 0, 600]);
    expect(run.statements[2]?.lines.map((line) => [line.label, line.section])).toEqual([
      ['First tier', 'commission'],
      ['Gate met: held pay released', 'release'],
    ]);
    expect(totalsOf(runCommission({ config, credits: [...by('2000'), { id: 'q2', on: '2026-04-10', amount: usd('6000') }], periods: ['2026-01', '2026-04'] }))).toEqual([0, 600]);
  });

  test('over another window: this quarter pays accelerators only if the year to date is at quota', () => {
    const config: CommissionConfig = { ...base, quota: { amount: '120000' }, gates: [{ over: 'year', reference: 'to-date', least: '1', otherwise: 'base-rate' }] };
    // Monthly quota 10,000: January misses it, February beats it but not to date, March catches up.
    expect(totalsOf(runCommission({ config, credits: by('5000', '12000', '20000'), periods: Q1 }))).toEqual([500, 1200, 3000]);
  });

  test('each line: credits are paid from the one that reaches the level on; a margin is that of the line', () => {
    const credits = [
      { amount: usd('3000'), margin: usd('900') },
      { amount: usd('3000'), margin: usd('30') },
      { amount: usd('4000'), margin: usd('1200') },
    ];
    expect(payOf({ config: { ...base, gates: [{ by: 'amount', least: '6000', test: 'each-line' }] }, credits })).toBe(700);
    const margin = { by: { ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } } }, least: '0.2', test: 'each-line' } as const;
    for (const accumulate of ['month', 'deal', 'credit'] as const) expect(payOf({ config: { ...base, accumulate, gates: [margin] }, credits })).toBe(700);
    expect(payOf({ config: { ...base, gates: [{ ...margin, otherwise: 'base-rate', baseRate: '0.01' }] }, credits })).toBe(730);
  });

  test('a gate that has no value stays closed, and says why', () => {
    const run = runCommission({ config: { ...base, gates: [{ by: { average: 'values.score' }, least: '0.5' }] }, credits: ['4000'] });
    expect([totalsOf(run), run.issues.map((issue) => issue.code)]).toEqual([[0], ['missing_measure', 'undefined_measure']]);
  });

  test('deal by deal, the period may be a condition', () => {
    const config: CommissionConfig = { measure: { sum: 'amount' }, accumulate: 'deal', rate: '0.1', gates: [{ by: 'amount', least: '5000' }] };
    expect([payOf({ config, credits: ['3000', '2000'] }), payOf({ config, credits: ['3000', '1999'] })]).toEqual([500, 0]);
  });
});

describe('threshold', () => {
  test('first dollar, also where it is reached over several periods', () => {
    const config: CommissionConfig = { ...base, accumulate: 'quarter', threshold: { attainment: '0.5' } };
    expect(totalsOf(runCommission({ config, credits: by('3000', '3000', '6000'), periods: Q1 }))).toEqual([0, 600, 800]);
    // A refund that takes it away again takes everything back.
    expect(totalsOf(runCommission({ config, credits: by('3000', '3000', '-2000'), periods: Q1 }))).toEqual([0, 600, -600]);
  });

  test('excess only', () => {
    const config: CommissionConfig = { measure: { sum: 'amount' }, rate: '0.1', accumulate: 'quarter', threshold: { amount: '5000', pays: 'excess-only' } };
    expect(totalsOf(runCommission({ config, credits: by('3000', '3000', '4000'), periods: Q1 }))).toEqual([0, 100, 400]);
    const lines = runCommission({ config: { ...config, accumulate: 'month' }, credits: ['4000', '3000'] }).statements[0]?.lines;
    expect(lines?.[0]?.credits).toEqual([{ creditId: 'c1', dealId: 'd1', basis: '2000' }]);
  });

  test('for every mode', () => {
    for (const mode of ['marginal', 'whole-amount', 'lookup', 'retro-to-threshold'] as const) {
      const config: CommissionConfig = {
        ...base,
        accumulate: 'quarter',
        rate: {
          mode,
          tiers: [
            { from: '0', rate: '0.1' },
            { from: '8000', rate: '0.1' },
          ],
        },
        threshold: { amount: '5000' },
      };
      expect(totalsOf(runCommission({ config, credits: by('3000', '3000', '6000'), periods: Q1 }))).toEqual([0, 600, 600]);
    }
  });
});

describe('modifiers and kickers', () => {
  const score = {
    by: { latest: 'values.score' },
    tiers: [
      { from: '0', factor: '0.8' },
      { from: '0.5', factor: '1' },
      { from: '0.9', factor: '1.2' },
    ],
  } as const;
  const scored = (amount: string, value: string): Partial<Credit> => ({ amount: usd(amount), values: { score: value } });

  test('step, interpolated, fixed, several', () => {
    const pay = (modifiers: CommissionConfig['modifiers'], value: string): number =>
      payOf({ config: { ...base, rate: '0.1', ...(modifiers === undefined ? {} : { modifiers }) }, credits: [scored('1000', value)] });
    expect([pay([score], '0.4'), pay([score], '0.5'), pay([score], '1')]).toEqual([80, 100, 120]);
    expect(pay([{ ...score, boundary: 'upper-inclusive' }], '0.5')).toBe(80);
    expect([pay([{ ...score, lookup: 'interpolated' }], '0.7'), pay([{ ...score, lookup: 'interpolated' }], '-1'), pay([{ ...score, lookup: 'interpolated' }], '2')]).toEqual([
      110, 80, 120,
    ]);
    expect(pay([{ factor: '1.5' }, score], '1')).toBe(180);
  });

  test('to date: what was paid before is adjusted', () => {
    const config: CommissionConfig = { ...base, rate: '0.1', accumulate: 'quarter', modifiers: [{ ...score, label: 'score', applies: 'to-date' }] };
    const months = ['0.4', '0.5', '1'].map((value, month) => ({ ...scored('1000', value), id: `m${month}`, on: `2026-0${month + 1}-10` }));
    const run = runCommission({ config, credits: months, periods: Q1 });
    expect(totalsOf(run)).toEqual([80, 120, 160]);
    expect(linesOf(run).at(-1)).toEqual(['Earlier pay, score', '40.00']);
  });

  test('kickers: highest or all levels reached, once for the window, given back with a refund', () => {
    const tiers = [
      { from: '1', amount: '100' },
      { from: '1.5', amount: '250' },
    ] as const;
    const pay = (reach: 'highest' | 'sum', ...months: readonly string[]): readonly number[] =>
      totalsOf(runCommission({ config: { ...base, rate: '0', accumulate: 'quarter', kickers: [{ tiers, reach }] }, credits: by(...months), periods: Q1 }));
    expect(pay('highest', '9999', '1', '6000')).toEqual([0, 100, 150]);
    expect(pay('sum', '9999', '1', '6000')).toEqual([0, 100, 250]);
    expect(pay('sum', '20000', '0', '-6000')).toEqual([350, 0, -250]);
    expect(payOf({ config: { ...base, rate: '0', kickers: [{ label: 'Club', of: '80000', tiers: [{ from: '1', share: '0.05' }] }] }, credits: ['10000'] })).toBe(4000);
  });
});

describe('second measures and matrices', () => {
  test('whole amount, lookup, steps and curve by a second measure', () => {
    const by_ = { average: 'values.discount' } as const;
    const pay = (rate: CommissionConfig['rate'], discount: string): number =>
      payOf({ config: { measure: { sum: 'amount' }, rate }, credits: [{ amount: usd('1000'), values: { discount } }] });
    const rates = [
      { from: '0', rate: '0.1' },
      { from: '0.1', rate: '0.07' },
      { from: '0.2', rate: '0.03' },
    ] as const;
    for (const mode of ['whole-amount', 'lookup'] as const) expect(['0', '0.1', '0.3'].map((discount) => pay({ mode, by: by_, tiers: rates }, discount))).toEqual([100, 70, 30]);
    expect(
      pay(
        {
          mode: 'whole-amount',
          by: by_,
          tiers: [
            { from: '0', amount: '50' },
            { from: '0.1', amount: '20' },
          ],
        },
        '0.05',
      ),
    ).toBe(50);
    expect(
      pay(
        {
          mode: 'interpolated',
          by: by_,
          tiers: [
            { from: '0', amount: '50' },
            { from: '0.1', amount: '20' },
          ],
        },
        '0.05',
      ),
    ).toBe(35);
    expect(
      pay(
        {
          mode: 'interpolated',
          below: 'first',
          tiers: [
            { from: '2000', amount: '50' },
            { from: '3000', amount: '60' },
          ],
        },
        '0',
      ),
    ).toBe(50);
  });

  test('whole amount by a second measure over a year rates earlier credit again', () => {
    const config: CommissionConfig = {
      measure: { sum: 'amount' },
      accumulate: 'year',
      rate: {
        mode: 'whole-amount',
        by: { count: 'deals' },
        tiers: [
          { from: '0', rate: '0.05' },
          { from: '2', rate: '0.1' },
        ],
      },
    };
    expect(totalsOf(runCommission({ config, credits: by('1000', '1000'), periods: ['2026-01', '2026-02'] }))).toEqual([50, 150]);
  });

  test('step and bilinear', () => {
    const matrix = (lookup: 'step' | 'bilinear'): CommissionConfig['rate'] => ({
      lookup,
      returns: 'share',
      of: '1000',
      rows: { by: 'attainment', at: ['0.5', '1', '1.5'] },
      columns: { by: { latest: 'values.score' }, at: ['0', '0.5', '1'] },
      cells: [
        ['0.2', '0.4', '0.6'],
        ['0.8', '1', '1.2'],
        ['1', '1.5', '2'],
      ],
    });
    const pay = (lookup: 'step' | 'bilinear', amount: string, value: string): number =>
      payOf({ config: { ...base, rate: matrix(lookup) }, credits: [{ amount: usd(amount), values: { score: value } }] });
    expect([pay('step', '10000', '0.5'), pay('step', '12000', '0.7'), pay('step', '4999', '1'), pay('step', '99999', '9')]).toEqual([1000, 1000, 0, 2000]);
    // Half way between 100 % and 150 %, half way between 0.5 and 1: the mean of 1, 1.2, 1.5 and 2.
    expect([pay('bilinear', '12500', '0.75'), pay('bilinear', '7500', '0'), pay('bilinear', '99999', '9'), pay('bilinear', '4999', '1')]).toEqual([1425, 500, 2000, 0]);
  });

  test('a matrix of rates pays everything to date', () => {
    const rate: CommissionConfig['rate'] = {
      returns: 'rate',
      rows: { by: 'amount', at: ['0', '1500'] },
      columns: { by: { count: 'deals' }, at: ['0'] },
      cells: [['0.05'], ['0.1']],
    };
    expect(totalsOf(runCommission({ config: { ...base, accumulate: 'quarter', rate }, credits: by('1000', '1000'), periods: ['2026-01', '2026-02'] }))).toEqual([50, 150]);
  });

  test('knots from slopes are tiers of a curve', () => {
    const knots = curveFromSlopes({
      start: '0',
      slopes: [
        { from: '0.7', slope: '2' },
        { from: '1', slope: '1' },
      ],
      end: '2',
    });
    const [first, ...rest] = knots.map(({ at, payout }) => ({ from: at, share: payout }));
    if (first === undefined) throw new Error('no knots');
    expect(payOf({ config: { ...base, rate: { mode: 'interpolated', by: 'attainment', of: '1000', tiers: [first, ...rest] } }, credits: ['15000'] })).toBe(1100);
  });
});

describe('basis: paid on another amount than is counted', () => {
  const credits = [
    { amount: usd('6000'), quotaCredit: usd('3000') },
    { amount: usd('4000'), quotaCredit: usd('8000') },
    { amount: usd('100'), quotaCredit: usd('0') },
  ];
  const config: CommissionConfig = { measure: { sum: 'quotaCredit' }, basis: { sum: 'amount' }, quota: '10000', rate: marginal };

  test('each credit is spread over the tiers as it counts', () => {
    // 3,000 + 7,000 up to quota, 1,000 above: the second credit is paid 7/8 at 10 %, 1/8 at 20 %; the third is wholly above.
    expect(payOf({ config, credits })).toBe(600 + 350 + 100 + 20);
    expect(
      payOf({
        config: {
          ...config,
          rate: {
            mode: 'whole-amount',
            tiers: [
              { from: '0', rate: '0.1' },
              { from: '10000', rate: '0.2' },
            ],
          },
        },
        credits,
      }),
    ).toBe(2020);
    expect(
      payOf({
        config: {
          ...config,
          rate: {
            mode: 'lookup',
            tiers: [
              { from: '0', rate: '0.1' },
              { from: '10000', rate: '0.2' },
            ],
          },
        },
        credits,
      }),
    ).toBe(600 + 800 + 20);
    expect(payOf({ config: { ...config, rate: '0.1' }, credits })).toBe(1010);
    expect(payOf({ config: { ...config, accumulate: 'deal' }, credits })).toBe(1010);
  });

  test('the same at every detail', () => {
    for (const detail of ['statement', 'credit'] as const) expect(totalsOf(runCommission({ config, credits, detail }))).toEqual([1070]);
  });
});

describe('validation', () => {
  const codes = (extra: Readonly<Record<string, unknown>>): readonly unknown[] =>
    validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: '0.1', ...extra }] }).map((issue) => [
      issue.code,
      issue.path.slice(2).join('.'),
    ]);
  const table = { mode: 'marginal', tiers: [{ from: '0', rate: '0.1' }] };

  test.each<readonly [string, Readonly<Record<string, unknown>>, readonly unknown[]]>([
    ['percent given as a multiplier', { rate: { mode: 'marginal', of: '0.1', tiers: [{ from: '0', multiplier: '150' }] } }, [['fraction_out_of_range', 'rate.tiers.0.multiplier']]],
    [
      'percent given as an attainment',
      {
        rate: {
          mode: 'marginal',
          by: 'attainment',
          tiers: [
            { from: '0', rate: '0.1' },
            { from: '100', rate: '0.2' },
          ],
        },
      },
      [['fraction_out_of_range', 'rate.tiers.1.from']],
    ],
    ['marginal by a second measure', { rate: { ...table, by: { count: 'deals' } } }, [['invalid_value', 'rate.mode']]],
    ['a reference without attainment', { rate: { ...table, reference: 'full' } }, [['invalid_value', 'rate.reference']]],
    [
      'cells that do not fit',
      { rate: { returns: 'rate', rows: { by: 'amount', at: ['0', '1'] }, columns: { by: 'amount', at: ['0'] }, cells: [['0.1']] } },
      [['length_mismatch', 'rate.cells']],
    ],
    [
      'a matrix rate as a percentage',
      { rate: { returns: 'rate', rows: { by: 'amount', at: ['0'] }, columns: { by: 'amount', at: ['0'] }, cells: [['10']] } },
      [['rate_out_of_range', 'rate.cells.0.0']],
    ],
    ['a cap without a limit', { caps: [{ on: 'payout' }] }, [['invalid_type', 'caps.0.most']]],
    ['a carried deal cap', { caps: [{ on: 'payout', scope: 'deal', most: '1', disposition: 'carry' }] }, [['invalid_value', 'caps.0.disposition']]],
    ['an attainment cap per deal', { caps: [{ on: 'attainment', scope: 'deal', most: '2' }] }, [['invalid_value', 'caps.0.scope']]],
    ['a gate that holds lines', { gates: [{ least: '1', test: 'each-line', otherwise: 'hold' }] }, [['invalid_value', 'gates.0.otherwise']]],
    ['a gate per line on a retroactive rate', { rate: { ...table, mode: 'whole-amount' }, gates: [{ least: '1', test: 'each-line' }] }, [['invalid_value', 'gates.0.test']]],
    ['a percent gate', { gates: [{ least: '95' }] }, [['fraction_out_of_range', 'gates.0.least']]],
    ['a threshold of two kinds', { threshold: { amount: '1', attainment: '1' } }, [['missing_key', 'threshold']]],
    ['a kicker without what its shares are of', { kickers: [{ tiers: [{ from: '1', share: '0.1' }] }] }, [['missing_key', 'kickers.0.of']]],
    ['a windfall without a limit', { windfall: { treatment: 'review' } }, [['missing_key', 'windfall']]],
    ['a basis that steps ignore', { basis: { sum: 'margin' }, rate: { mode: 'whole-amount', tiers: [{ from: '0', amount: '1' }] } }, [['invalid_value', 'basis']]],
    ['a true-up of deals', { accumulate: 'deal', trueUp: { over: 'year' } }, [['invalid_value', 'trueUp']]],
    [
      'a misspelt key anywhere',
      { gates: [{ leest: '1' }], pay: { arears: 1 } },
      [
        ['unknown_key', 'gates.0.leest'],
        ['invalid_type', 'gates.0.least'],
        ['unknown_key', 'pay.arears'],
      ],
    ],
    ['an amount by a currency that is none', { rate: { byCurrency: { DOLLAR: '1' } } }, [['invalid_currency', 'rate.byCurrency.DOLLAR']]],
  ])('%s', (_, extra, expected) => {
    expect(codes(extra)).toEqual(expected);
  });

  test('misspelt keys fail in types', () => {
    expect(() =>
      definePlan({
        id: 'p',
        currency: 'USD',
        period: 'month',
        // @ts-expect-error a misspelt key
        components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: '0.1', gates: [{ least: '1', otherwize: 'zero' }] }],
      }),
    ).toThrow(/otherwise/);
  });

  test('an amount by currency is that of the plan', () => {
    expect(payOf({ config: { measure: { count: 'deals' }, rate: { byCurrency: { USD: '50', EUR: '45' } } }, credits: ['1', '2'] })).toBe(100);
    const run = runCommission({ config: { measure: { count: 'deals' }, rate: { byCurrency: { EUR: '45' } } }, credits: ['1'] });
    expect([totalsOf(run), run.issues.map((issue) => issue.code)]).toEqual([[0], ['missing_parameter']]);
  });
});
