import type { CommissionConfig, CompensationRun, Credit, Tier, TierTable } from 'dealwright/compensation';
import { computeCompensation, definePlan, quotaSchedule } from 'dealwright/compensation';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCommission } from '../support/commission-run.js';

const RUNS = { seed: 20260101, numRuns: 60 } as const;
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'] as const;

const cents = fc.integer({ min: -2_000_000, max: 8_000_000 });
const money = (value: number): NonNullable<Credit['amount']> => ({ amount: (value / 100).toFixed(2), currency: 'USD' });

const credit = fc.record({
  month: fc.integer({ min: 1, max: 6 }),
  day: fc.integer({ min: 1, max: 28 }),
  value: cents,
  margin: fc.integer({ min: 0, max: 500_000 }),
  deal: fc.integer({ min: 0, max: 8 }),
  kind: fc.constantFrom('new' as const, 'renewal' as const),
});
const credits = fc.array(credit, { maxLength: 14 }).map((list) =>
  list.map(
    ({ month, day, value, margin, deal, kind }, index): Credit => ({
      id: `c${index}`,
      payeeId: 'a',
      dealId: `d${deal}`,
      accountId: `acct${deal % 3}`,
      on: `2026-0${month}-${String(day).padStart(2, '0')}`,
      amount: money(value),
      margin: money(margin),
      kind,
      termMonths: 12 * (1 + (index % 3)),
      values: { score: String((index % 5) / 4) },
    }),
  ),
);

const rate = fc.integer({ min: 0, max: 300 }).map((value) => String(value / 1000));
const bounds = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 0, maxLength: 3 }).map((list) => [0, ...[...list].sort((a, b) => a - b)]);
const tableOf = (mode: TierTable['mode'], starts: readonly number[], rates: readonly string[], unit: number): TierTable => {
  const [first, ...rest] = starts.map((start, index): Tier => ({ from: String(start * unit), rate: rates[index % rates.length] ?? '0' }));
  return { mode, tiers: [first ?? { from: '0', rate: '0' }, ...rest] };
};
const rateTable = fc
  .record({
    mode: fc.constantFrom('marginal' as const, 'whole-amount' as const, 'lookup' as const, 'retro-to-threshold' as const),
    starts: bounds,
    rates: fc.array(rate, { minLength: 1, maxLength: 4 }),
  })
  .map(({ mode, starts, rates }) => tableOf(mode, starts, rates, 2500));
const steps = fc
  .record({
    starts: bounds,
    amounts: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 4 }),
    mode: fc.constantFrom('marginal' as const, 'whole-amount' as const, 'interpolated' as const),
  })
  .map(({ starts, amounts, mode }): TierTable => {
    const [first, ...rest] = starts.map((start, index): Tier => ({ from: String(start * 2500), amount: String(amounts[index % amounts.length] ?? 0) }));
    return { mode, tiers: [first ?? { from: '0', amount: '0' }, ...rest] };
  });
const byAttainment = fc.record({ table: rateTable, reference: fc.constantFrom('period' as const, 'to-date' as const, 'full' as const) }).map(({ table, reference }): TierTable => {
  const [first, ...rest] = table.tiers.map((_, index): Tier => ({ from: String(index / 2), multiplier: String(1 + index / 4) }));
  return { mode: table.mode, by: 'attainment', reference, of: '0.1', tiers: [first ?? { from: '0', multiplier: '1' }, ...rest] };
});

const anyRate = fc.oneof(rate, rateTable, steps, byAttainment);
const window = fc.constantFrom('month' as const, 'quarter' as const, 'year' as const, 'plan' as const);
const cap = fc
  .record({
    on: fc.constantFrom('payout' as const, 'credit' as const),
    scope: fc.constantFrom('component' as const, 'period' as const, 'year' as const, 'deal' as const, 'line' as const),
    most: fc.integer({ min: 0, max: 40_000 }).map(String),
    disposition: fc.constantFrom('forfeit' as const, 'carry' as const, 'review' as const),
  })
  .map((entry) => (entry.scope === 'deal' || entry.scope === 'line' ? { ...entry, disposition: 'forfeit' as const } : entry));
const gate = fc
  .record({ least: fc.integer({ min: 0, max: 60_000 }).map(String), otherwise: fc.constantFrom('zero' as const, 'hold' as const) })
  .map((entry) => ({ ...entry, by: 'amount' as const }));
const modifier = fc.record({ applies: fc.constantFrom('now' as const, 'to-date' as const), lookup: fc.constantFrom('step' as const, 'interpolated' as const) }).map((entry) => ({
  ...entry,
  by: { ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } }, whenUndefined: '0' } as const,
  tiers: [
    { from: '0', factor: '0.75' },
    { from: '0.05', factor: '1' },
    { from: '0.2', factor: '1.3' },
  ],
}));
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 3 });
const present = <T extends object>(record: T): { readonly [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;

/** Commissions of every make. */
const config: fc.Arbitrary<CommissionConfig> = fc
  .record({
    rate: anyRate,
    accumulate: optional(window),
    caps: optional(fc.array(cap, { minLength: 1, maxLength: 2 })),
    floors: optional(fc.constantFrom([{ on: 'payout' as const, least: '100' }], [{ on: 'payout' as const, scope: 'deal' as const, least: '50' }])),
    gates: optional(fc.array(gate, { minLength: 1, maxLength: 2 })),
    modifiers: optional(fc.array(modifier, { minLength: 1, maxLength: 1 })),
    kickers: optional(
      fc.constantFrom([
        {
          by: 'amount' as const,
          tiers: [
            { from: '20000', amount: '500' },
            { from: '60000', amount: '900' },
          ],
          reach: 'sum' as const,
        },
      ]),
    ),
    threshold: optional(fc.constantFrom({ amount: '10000', pays: 'first-dollar' as const }, { amount: '10000', pays: 'excess-only' as const })),
    negative: optional(fc.constantFrom('recover' as const, 'carry' as const, 'forgive' as const)),
    windfall: optional(fc.constantFrom({ amount: '30000', treatment: 'cap-credit' as const })),
    trueUp: optional(
      fc.constantFrom({ over: 'half' as const }, { over: 'half' as const, direction: 'upward' as const }, { over: 'quarter' as const, at: 'every-period' as const }),
    ),
    pay: optional(fc.constantFrom({ every: 'quarter' as const }, { arrears: 1 }, { every: 'quarter' as const, arrears: 2 })),
  })
  .map((parts): CommissionConfig => ({ measure: { sum: 'amount' }, quota: { amount: '120000' }, ...present(parts) }));

const totals = (run: CompensationRun): readonly string[] => run.statements.map((statement) => statement.total.amount);
const issuesOf = (run: CompensationRun): readonly string[] => run.issues.map((issue) => issue.code).sort();

describe('commissions of every make', () => {
  test('lines sum to totals and traces replay, at every detail with the same totals', () => {
    fc.assert(
      fc.property(config, credits, (own, list) => {
        const run = runCommission({ config: own, credits: list, periods: MONTHS });
        for (const detail of ['statement', 'credit'] as const) expect(totals(runCommission({ config: own, credits: list, periods: MONTHS, detail }))).toEqual(totals(run));
        expect(run.issues.filter((issue) => issue.code !== 'review_required')).toEqual([]);
      }),
      RUNS,
    );
  });

  test('the order of credits does not matter', () => {
    fc.assert(
      fc.property(config, credits, (own, list) => {
        const run = runCommission({ config: own, credits: list, periods: MONTHS });
        expect(runCommission({ config: own, credits: [...list].reverse(), periods: MONTHS })).toEqual(run);
      }),
      RUNS,
    );
  });

  test('period by period from the state is the same as all at once', () => {
    fc.assert(
      fc.property(config, credits, fc.integer({ min: 1, max: 5 }), (own, list, cut) => {
        const whole = runCommission({ config: own, credits: list, periods: MONTHS });
        const early = (entry: Credit): boolean => Number(entry.on.slice(5, 7)) <= cut;
        const first = runCommission({ config: own, credits: list.filter(early), periods: MONTHS.slice(0, cut) });
        const state = JSON.parse(JSON.stringify(first.state)) as CompensationRun['state'];
        const second = runCommission({ config: own, credits: list.filter((entry) => !early(entry)), periods: MONTHS.slice(cut), state });
        // The hash is of all inputs of a run, so it differs.
        const content = (runs: readonly CompensationRun[]): readonly unknown[] => runs.flatMap((run) => run.statements.map(({ contentHash: _, ...statement }) => statement));
        expect(content([first, second])).toEqual(content([whole]));
        expect(second.state).toEqual(whole.state);
        expect([...issuesOf(first), ...issuesOf(second)].sort()).toEqual(issuesOf(whole));
      }),
      RUNS,
    );
  });

  test('deal by deal: order, details and traces', () => {
    fc.assert(
      fc.property(
        anyRate,
        fc.constantFrom('deal' as const, 'credit' as const),
        optional(fc.constantFrom([{ on: 'payout' as const, scope: 'deal' as const, most: '1000' }])),
        optional(fc.constantFrom([{ on: 'payout' as const, scope: 'line' as const, least: '50' }])),
        credits,
        (own, accumulate, caps, floors, list) => {
          const of: CommissionConfig = { measure: { sum: 'amount' }, quota: '50000', accumulate, rate: own, ...present({ caps, floors }) };
          const run = runCommission({ config: of, credits: list, periods: MONTHS });
          expect(runCommission({ config: of, credits: [...list].reverse(), periods: MONTHS })).toEqual(run);
          expect(totals(runCommission({ config: of, credits: list, periods: MONTHS, detail: 'statement' }))).toEqual(totals(run));
        },
      ),
      RUNS,
    );
  });
});

/** Pays at a precision at which nothing is rounded. */
function exactPay(config: CommissionConfig, amounts: readonly number[], accumulate: CommissionConfig['accumulate'] = 'year'): readonly bigint[] {
  const plan = definePlan({
    id: 'p',
    currency: 'USD',
    period: 'month',
    rounding: { scale: 12 },
    components: [{ kind: 'commission', id: 'c', ...config, ...(accumulate === undefined ? {} : { accumulate }) }],
  });
  const run = computeCompensation({
    plans: [plan],
    assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }],
    payees: [{ id: 'a' }],
    credits: amounts.map((value, index) => ({
      id: `c${index}`,
      payeeId: 'a',
      dealId: `d${index}`,
      on: `2026-${String((index % 12) + 1).padStart(2, '0')}-10`,
      amount: money(value),
    })),
    periods: ['2026'],
    detail: 'statement',
  });
  return run.statements.map((statement) => toUnits(statement.total.amount));
}
function toUnits(amount: string): bigint {
  const negative = amount.startsWith('-');
  const [integer = '0', fraction = ''] = amount.replace('-', '').split('.');
  const units = BigInt(integer) * 10n ** 12n + BigInt(fraction.padEnd(12, '0'));
  return negative ? -units : units;
}
const sumOf = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

describe('laws of pay', () => {
  const positive = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 12 });

  test('telescoping: what the periods pay sums to what the year is due, however it is split', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          rateTable.filter(({ mode }) => mode !== 'lookup'),
          steps,
          byAttainment.filter(({ mode }) => mode !== 'lookup'),
        ),
        fc.array(cents, { minLength: 1, maxLength: 12 }),
        (own, amounts) => {
          const table: TierTable = own.by === 'attainment' ? { ...own, reference: 'full' } : own;
          const of: CommissionConfig = { measure: { sum: 'amount' }, quota: { amount: '120000' }, rate: table };
          const whole = amounts.reduce((a, b) => a + b, 0);
          expect(sumOf(exactPay(of, amounts))).toBe(sumOf(exactPay(of, [whole])));
        },
      ),
      RUNS,
    );
  });

  test('marginal pay never falls, does not jump, and bends upwards where rates rise', () => {
    fc.assert(
      fc.property(
        bounds,
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 12_000_000 }),
        fc.integer({ min: 1, max: 500_000 }),
        (starts, permille, at, step) => {
          const rising = [...permille].sort((a, b) => a - b);
          const of = (list: readonly number[]): CommissionConfig => ({
            measure: { sum: 'amount' },
            rate: tableOf(
              'marginal',
              starts,
              starts.map((_, index) => String((list[Math.min(index, list.length - 1)] ?? 0) / 1000)),
              2500,
            ),
          });
          const pay = (list: readonly number[], value: number): bigint => sumOf(exactPay(of(list), [value], undefined));
          const highest = BigInt(Math.max(...permille));
          const [low, middle, high] = [pay(permille, at), pay(permille, at + step), pay(permille, at + 2 * step)];
          expect(middle >= low && high >= middle).toBe(true);
          // No more than the highest rate on the step: continuous.
          expect(middle - low <= BigInt(step) * highest * 10n ** 7n).toBe(true);
          const bend = pay(rising, at + 2 * step) - 2n * pay(rising, at + step) + pay(rising, at);
          expect(bend >= 0n).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('whole-amount pays at least what marginal pays, where rates rise', () => {
    fc.assert(
      fc.property(bounds, fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 }), positive, (starts, permille, amounts) => {
        const rising = [...permille].sort((a, b) => a - b).map((value) => String(value / 1000));
        const rates = starts.map((_, index) => rising[Math.min(index, rising.length - 1)] ?? '0');
        const pay = (mode: TierTable['mode']): bigint => sumOf(exactPay({ measure: { sum: 'amount' }, rate: tableOf(mode, starts, rates, 2500) }, amounts));
        expect(pay('whole-amount') >= pay('marginal')).toBe(true);
        expect(pay('whole-amount') >= pay('lookup')).toBe(true);
      }),
      RUNS,
    );
  });

  test('marginal is what a slow loop over the tiers pays', () => {
    fc.assert(
      fc.property(bounds, fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 }), positive, (starts, permille, amounts) => {
        const rates = starts.map((_, index) => permille[index % permille.length] ?? 0);
        let due = 0n;
        const total = BigInt(amounts.reduce((a, b) => a + b, 0));
        starts.forEach((start, index) => {
          const low = BigInt(start * 250_000);
          const next = starts[index + 1];
          const high = next === undefined || total < BigInt(next * 250_000) ? total : BigInt(next * 250_000);
          if (high > low) due += (high - low) * BigInt(rates[index] ?? 0) * 10n ** 7n;
        });
        expect(
          sumOf(
            exactPay(
              {
                measure: { sum: 'amount' },
                rate: tableOf(
                  'marginal',
                  starts,
                  rates.map((value) => String(value / 1000)),
                  2500,
                ),
              },
              amounts,
            ),
          ),
        ).toBe(due);
      }),
      RUNS,
    );
  });

  test('one tier is a flat rate; a cap twice is a cap once; a capped period never pays more than the cap', () => {
    fc.assert(
      fc.property(rate, positive, fc.integer({ min: 0, max: 5000 }), (own, amounts, most) => {
        const flat: CommissionConfig = { measure: { sum: 'amount' }, rate: own };
        for (const mode of ['marginal', 'whole-amount', 'lookup', 'retro-to-threshold'] as const)
          expect(exactPay({ ...flat, rate: { mode, tiers: [{ from: '0', rate: own }] } }, amounts)).toEqual(exactPay(flat, amounts));
        for (const scope of ['component', 'period', 'year', 'deal'] as const) {
          const limit = { on: 'payout', scope, most: String(most) } as const;
          const once = exactPay({ ...flat, caps: [limit] }, amounts);
          expect(exactPay({ ...flat, caps: [limit, limit] }, amounts)).toEqual(once);
          if (scope === 'period') expect(once.every((amount) => amount <= BigInt(most) * 10n ** 12n)).toBe(true);
          if (scope === 'year') expect(sumOf(once) <= BigInt(most) * 10n ** 12n).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('a carried cap pays everything in the end, and never more than the cap in a period', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 4 }), (amounts) => {
        const of: CommissionConfig = { measure: { sum: 'amount' }, rate: '0.1', caps: [{ on: 'payout', scope: 'period', most: '500', disposition: 'carry' }] };
        const paid = exactPay(of, amounts, undefined);
        expect(paid.every((amount) => amount <= 500n * 10n ** 12n)).toBe(true);
        expect(sumOf(paid)).toBe(sumOf(exactPay({ measure: { sum: 'amount' }, rate: '0.1' }, amounts, undefined)));
      }),
      RUNS,
    );
  });

  test('seasonal quotas sum to the year; active shares of adjoining stretches add up', () => {
    const weight = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 12, maxLength: 12 }).filter((list) => list.some((value) => value > 0));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999 }),
        weight,
        fc.constantFrom('largest-remainder' as const, 'last' as const),
        fc.constantFrom('month' as const, 'quarter' as const, 'half' as const),
        (amount, list, residue, unit) => {
          const sum = list.reduce((a, b) => a + b, 0);
          // Weights as exact decimals: thousandths, the rest to the last one that counts.
          const shares = list.map((value) => Math.floor((value * 1000) / sum));
          const last = list.reduce((found, value, index) => (value > 0 ? index : found), 0);
          shares[last] = (shares[last] ?? 0) + 1000 - shares.reduce((a, b) => a + b, 0);
          const year = (amount / 100).toFixed(2);
          const { entries, total } = quotaSchedule({ amount: year, period: '2026' }, { unit, weights: shares.map((value) => String(value / 1000)), residue });
          expect(Number(total)).toBe(Number(year));
          expect(entries.reduce((a, entry) => a + Math.round(Number(entry.quota) * 100), 0)).toBe(amount);
          // The last part makes good what the others were rounded up: below zero only where the quota is a handful of cents.
          if (residue === 'largest-remainder') expect(entries.every(({ quota }) => Number(quota) >= 0)).toBe(true);
        },
      ),
      RUNS,
    );
    fc.assert(
      fc.property(fc.constantFrom('actual-days' as const, '30-360' as const), fc.integer({ min: 1, max: 27 }), (convention, day) => {
        const cut = `2026-03-${String(day + 1).padStart(2, '0')}`;
        const of = (active: { readonly start: string; readonly endExclusive: string }): number =>
          Number(quotaSchedule({ amount: '120000', period: '2026' }, { active, proration: { convention }, rounding: { scale: 9 } }).entries[2]?.quota);
        expect(of({ start: '2026-01-01', endExclusive: cut }) + of({ start: cut, endExclusive: '2027-01-01' })).toBeCloseTo(10_000, 6);
      }),
      RUNS,
    );
  });
});
