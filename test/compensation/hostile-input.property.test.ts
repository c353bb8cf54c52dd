import * as compensation from 'dealwright/compensation';
import { ERROR_CODES, isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { anything, spoilt } from '../support/hostile-values.js';

const input = {
  plans: [
    {
      id: 'p',
      currency: 'USD',
      period: 'month',
      parameters: { rate: 'fraction', quota: 'money' },
      rounding: { mode: 'half-even', scale: 2 },
      components: [
        { kind: 'salary', id: 'base', amount: '90000', every: 'year' },
        {
          kind: 'commission',
          id: 'c',
          accumulate: 'quarter',
          measure: { sum: 'amount', where: { kind: 'new', any: [{ productId: { in: ['a', 'b'] } }, { termMonths: { from: '12', to: '36' } }], not: { 'attributes.house': true } } },
          quota: { param: 'quota' },
          rate: {
            mode: 'marginal',
            by: 'attainment',
            of: { divide: [{ param: 'rate' }, '2'] },
            tiers: [
              { from: '0', multiplier: '1' },
              { from: '1', multiplier: '1.5' },
            ],
          },
        },
      ],
    },
  ],
  payees: [{ id: 'a', name: 'Ada', hiredOn: '2025-01-01', attributes: { house: true } }],
  assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2027-01-01', parameters: { rate: '0.1', quota: '50000' } }],
  quotas: [{ payeeId: 'a', period: '2026-Q1', amount: '1000' }],
  credits: [
    {
      id: '1',
      payeeId: 'a',
      dealId: 'd',
      on: '2026-01-10',
      amount: { amount: '80000', currency: 'USD' },
      kind: 'new',
      productId: 'a',
      termMonths: 24,
      units: '2',
      values: { score: '1.5' },
      attributes: { house: false },
    },
    {
      id: '2',
      payeeId: 'a',
      dealId: 'e',
      on: '2026-02-10',
      amount: { amount: '100', currency: 'EUR' },
      kind: 'new',
      productId: 'b',
      refersTo: '1',
      recordedAt: '2026-02-10T00:00:00Z',
    },
  ],
  periods: ['2026-01', '2026-02'],
  rates: { rates: [{ from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' }] },
  asOf: '2026-12-31',
  detail: 'line',
};
const { state } = compensation.computeCompensation({
  ...input,
  periods: ['2025-12'],
  assignments: [{ ...input.assignments[0], from: '2025-01-01' }],
} as unknown as compensation.CompensationInput<never>);
const complete = { ...input, state };

afterEach(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

/** Runs a call that may refuse, but only in the one way there is. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    for (const issue of error.issues) expect(Object.hasOwn(ERROR_CODES, issue.code)).toBe(true);
    return undefined;
  }
}

function expectSound(run: compensation.CompensationRun): void {
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
  // Issues quote what they received; figures must not.
  expect(JSON.stringify({ ...run, issues: [], statements: run.statements.map((statement) => ({ ...statement, payeeName: '' })) })).not.toMatch(/NaN|Infinity/);
  for (const statement of run.statements) {
    const cents = statement.lines.reduce((sum, line) => sum + BigInt(line.amount.amount.replace('.', '')), 0n);
    if (statement.lines.length > 0 && statement.total.amount.split('.')[1]?.length === 2 && statement.lines.every((line) => line.amount.amount.split('.')[1]?.length === 2)) {
      expect(cents).toBe(BigInt(statement.total.amount.replace('.', '')));
    }
  }
}

describe('whatever comes in', () => {
  test('the unspoilt input is computed', () => {
    const run = compensation.computeCompensation(complete as unknown as compensation.CompensationInput<never>);
    expect(run.issues).toEqual([]);
    expect(run.statements.length).toBe(2);
  });

  test('computeCompensation gives a sound run or one DomainError', () => {
    fc.assert(
      fc.property(fc.oneof({ arbitrary: spoilt(complete), weight: 9 }, { arbitrary: anything, weight: 1 }), (value) => {
        const run = attempt(() => compensation.computeCompensation(value as compensation.CompensationInput<never>));
        if (run !== undefined) expectSound(run);
      }),
      { seed: 20260101, numRuns: 1500 },
    );
  });

  test('validatePlan and validateCredit never throw; parsePlan and definePlan agree with validatePlan', () => {
    fc.assert(
      fc.property(fc.oneof(spoilt(input.plans[0] ?? {}), anything), (value) => {
        const issues = compensation.validatePlan(value);
        const parsed = attempt(() => compensation.parsePlan(value));
        expect(parsed === undefined).toBe(issues.length > 0);
        attempt(() => compensation.definePlan(value as never));
      }),
      { seed: 20260101, numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.oneof(spoilt(input.credits[0] ?? {}), anything), (value) => {
        compensation.validateCredit(value);
      }),
      { seed: 20260101, numRuns: 1000 },
    );
  });

  test('renderStatement takes any statement, and escapes what stands in it', () => {
    const statement = compensation.computeCompensation(complete as unknown as compensation.CompensationInput<never>).statements[0] ?? {};
    fc.assert(
      fc.property(fc.oneof(spoilt(statement), anything), fc.constantFrom('text', 'markdown', 'html'), (value, format) => {
        const text = attempt(() => compensation.renderStatement(value as compensation.Statement, { format: format as 'text' }));
        if (text !== undefined) expect(typeof text).toBe('string');
      }),
      { seed: 20260101, numRuns: 1500 },
    );
    const [line] = (statement as compensation.Statement).lines;
    expect(line).toBeDefined();
    if (line === undefined) return;
    const html = compensation.renderStatement(
      { ...(statement as compensation.Statement), payeeName: '<script>alert(1)</script>', lines: [{ ...line, label: '"><img src=x onerror=alert(1)>' }] },
      { format: 'html' },
    );
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
  });

  test('what stands beside the engine refuses in the same one way', () => {
    const run = compensation.computeCompensation(complete as unknown as compensation.CompensationInput<never>);
    const statement = run.statements[0];
    const rows = [{ componentId: 'c', dealId: 'd', amount: '12.5', reference: 'r' }];
    const balances = [{ payeeId: 'a', planId: 'p', componentId: 'c', window: '2026-01-01', measured: '10', earned: '1', paid: '1', carried: {} }];
    fc.assert(
      fc.property(fc.oneof(spoilt(statement ?? {}), anything), fc.oneof(spoilt(rows), anything), (value, list) => {
        attempt(() => compensation.reconcileStatement(value as compensation.Statement, rows));
        if (statement !== undefined) attempt(() => compensation.reconcileStatement(statement, list as never));
      }),
      { seed: 20260101, numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.oneof(spoilt(balances), anything), fc.oneof(spoilt({ through: '2026-07-01' }), anything), (value, options) => {
        attempt(() => compensation.createOpeningState(value as never, options as never));
      }),
      { seed: 20260101, numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.oneof(spoilt(input.plans[0] ?? {}), spoilt(complete), anything), anything, (value, odd) => {
        attempt(() => compensation.describePlan(value as never));
        attempt(() => compensation.explainLine(value as never, odd as string));
        attempt(() => compensation.explainLine(complete as never, odd as string, odd as never));
        attempt(() => compensation.createCompensationEngine(odd as never));
        attempt(() => compensation.createCompensationEngine([odd] as never));
        attempt(() => compensation.contentHash(value));
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
});
