import { computeCompensation, definePlan, type TierMode, type TierTable } from 'dealwright/compensation';
import { replayTrace, verifyTrace } from 'dealwright/decimal';
import { describe, expect, test } from 'vitest';

function pay(rate: TierTable, amounts: readonly string[], options: { quota?: string; accumulate?: 'deal' | 'year'; detail?: 'statement' | 'line' | 'credit' } = {}) {
  const plan = definePlan({
    id: 'p',
    currency: 'USD',
    period: 'month',
    components: [
      {
        kind: 'commission',
        id: 'c',
        measure: { sum: 'amount' },
        rate,
        ...(options.quota === undefined ? {} : { quota: options.quota }),
        ...(options.accumulate === undefined ? {} : { accumulate: options.accumulate }),
      },
    ],
  });
  return computeCompensation({
    plans: [plan],
    assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }],
    payees: [{ id: 'a' }],
    credits: amounts.map((amount, index) => ({
      id: `c${index}`,
      payeeId: 'a',
      dealId: `d${index}`,
      on: `2026-01-${String(index + 1).padStart(2, '0')}`,
      amount: { amount, currency: 'USD' },
    })),
    periods: ['2026-01'],
    ...(options.detail === undefined ? {} : { detail: options.detail }),
  });
}

const total = (run: ReturnType<typeof pay>): string | undefined => run.statements[0]?.total.amount;

const TIERS: TierTable['tiers'] = [
  { from: '0', rate: '0.05' },
  { from: '50000', rate: '0.08' },
  { from: '100000', rate: '0.12' },
];

describe('five tier modes on one table', () => {
  const expected: readonly (readonly [TierMode, string])[] = [
    ['marginal', '7970.60'],
    ['whole-amount', '13470.60'],
    ['lookup', '13470.60'],
    ['retro-to-threshold', '9970.60'],
  ];
  test.each(expected)('%s pays %s on 112,255', (mode, amount) => {
    expect(total(pay({ mode, tiers: TIERS }, ['112255']))).toBe(amount);
  });

  test('interpolated runs between points', () => {
    const table: TierTable = {
      mode: 'interpolated',
      tiers: [
        { from: '0', amount: '0' },
        { from: '100', amount: '50' },
        { from: '300', amount: '450' },
      ],
    };
    expect(total(pay(table, ['50']))).toBe('25.00');
    expect(total(pay(table, ['200']))).toBe('250.00');
    expect(total(pay(table, ['900']))).toBe('450.00');
  });

  test('lookup pays each credit at the rate the running total has reached', () => {
    // 40,000 at 5 %, then 20,000 crosses 50,000 and is paid wholly at 8 %.
    expect(total(pay({ mode: 'lookup', tiers: TIERS }, ['40000', '20000']))).toBe('3600.00');
  });

  test('amounts: the step reached, or all steps together', () => {
    const tiers: TierTable['tiers'] = [
      { from: '0', amount: '0' },
      { from: '100', amount: '10' },
      { from: '200', amount: '25' },
    ];
    expect(total(pay({ mode: 'whole-amount', tiers }, ['250']))).toBe('25.00');
    expect(total(pay({ mode: 'marginal', tiers }, ['250']))).toBe('35.00');
  });

  test('one tier is a flat rate in every mode that takes rates', () => {
    for (const mode of ['marginal', 'whole-amount', 'lookup', 'retro-to-threshold'] as const)
      expect(total(pay({ mode, tiers: [{ from: '0', rate: '0.07375' }] }, ['100.10', '33.33']))).toBe('9.84');
  });
});

describe('boundary owner', () => {
  test.each([
    ['lower-inclusive', '8000.00'],
    ['upper-inclusive', '5000.00'],
  ] as const)('%s', (boundary, amount) => {
    expect(
      total(
        pay(
          {
            mode: 'whole-amount',
            boundary,
            tiers: [
              { from: '0', rate: '0.05' },
              { from: '100000', rate: '0.08' },
            ],
          },
          ['100000'],
        ),
      ),
    ).toBe(amount);
  });

  test('does not matter to marginal tiers', () => {
    const tiers = TIERS;
    expect(total(pay({ mode: 'marginal', boundary: 'upper-inclusive', tiers }, ['50000']))).toBe(total(pay({ mode: 'marginal', tiers }, ['50000'])));
  });
});

describe('by attainment', () => {
  const accelerator: TierTable = {
    mode: 'marginal',
    by: 'attainment',
    of: '0.1',
    tiers: [
      { from: '0', multiplier: '1' },
      { from: '1', multiplier: '1.5' },
    ],
  };

  test('bounds are fractions of quota', () => {
    expect(total(pay(accelerator, ['12000'], { quota: '10000' }))).toBe('1300.00');
  });

  test('without a quota nothing is paid, and the gap is reported', () => {
    const run = pay(accelerator, ['12000']);
    expect(total(run)).toBe('0.00');
    expect(run.issues.map((issue) => issue.code)).toEqual(['missing_quota']);
  });

  test('a quota of zero has no attainment', () => {
    const run = pay(accelerator, ['12000'], { quota: '0' });
    expect(run.issues.map((issue) => issue.code)).toEqual(['undefined_attainment']);
    expect(run.statements[0]?.attainment[0]).toMatchObject({ attainment: null, reason: 'attainment of a quota of 0 is not defined' });
  });

  test('attainment stands on the statement', () => {
    expect(pay(accelerator, ['12000'], { quota: '9000' }).statements[0]?.attainment[0]).toMatchObject({ measured: '12000', quota: '9000', attainment: '1.333333' });
  });
});

describe('per deal', () => {
  // Each transaction restarts at tier 1 (Oracle, split tiers processed individually): 2, 3, 20, 14, 30, 95.
  const oracle: TierTable = {
    mode: 'marginal',
    tiers: [
      { from: '0', rate: '0.01' },
      { from: '1000', rate: '0.02' },
      { from: '3000', rate: '0.03' },
      { from: '8000', rate: '0.05' },
    ],
  };

  test('every deal starts at the first tier', () => {
    expect(total(pay(oracle, ['200', '300', '1500', '1200', '2000', '4500'], { accumulate: 'deal' }))).toBe('164.00');
  });

  test('a negative deal mirrors the sale', () => {
    expect(total(pay(oracle, ['4500', '-4500'], { accumulate: 'deal' }))).toBe('0.00');
  });

  test('one line for each band', () => {
    expect(pay(oracle, ['200', '4500'], { accumulate: 'deal' }).statements[0]?.lines.map((line) => [line.basis, line.rate, line.amount.amount])).toEqual([
      ['1200', '0.01', '12.00'],
      ['2000', '0.02', '40.00'],
      ['1500', '0.03', '45.00'],
    ]);
  });
});

describe('lines and traces', () => {
  test('lines sum to the total and every trace replays to its line', () => {
    for (const mode of ['marginal', 'whole-amount', 'lookup', 'retro-to-threshold'] as const) {
      for (const detail of ['line', 'credit'] as const) {
        const run = pay(
          {
            mode,
            tiers: [
              { from: '0', rate: '0.0333' },
              { from: '333.33', rate: '0.0777' },
              { from: '500.01', rate: '0.1111' },
            ],
          },
          ['100.01', '333.33', '77.77', '-50.05', '123.45'],
          { detail },
        );
        const statement = run.statements[0];
        const cents = statement?.lines.reduce((sum, line) => sum + Math.round(Number(line.amount.amount) * 100), 0);
        expect(cents).toBe(Math.round(Number(statement?.total.amount) * 100));
        for (const line of statement?.lines ?? []) {
          expect(verifyTrace(line.trace)).toEqual([]);
          expect(Number(replayTrace(line.trace))).toBe(Number(line.amount.amount));
        }
      }
    }
  });

  test('every detail gives the same total', () => {
    for (const mode of ['marginal', 'whole-amount', 'lookup', 'retro-to-threshold'] as const) {
      const totals = (['statement', 'line', 'credit'] as const).map((detail) => total(pay({ mode, tiers: TIERS }, ['12345.67', '45678.91', '54321.98'], { detail })));
      expect(new Set(totals).size).toBe(1);
    }
  });

  test('a share of target over a quota that does not divide is rounded once', () => {
    // 10,000 ÷ 30,000 × 1,000 = 333.333…
    expect(total(pay({ mode: 'marginal', by: 'attainment', of: { divide: ['1000', '30000'] }, tiers: [{ from: '0', multiplier: '1' }] }, ['10000'], { quota: '30000' }))).toBe(
      '333.33',
    );
  });
});
