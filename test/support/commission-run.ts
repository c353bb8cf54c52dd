/* A commission computed in one call, for tests that look at figures. */
import { type CommissionConfig, type CompensationRun, type Credit, computeCompensation, definePlan, type Payee, type PlanPeriodUnit, type Quota } from 'dealwright/compensation';
import { verifyTrace } from 'dealwright/decimal';
import { expect } from 'vitest';

/** What a test states; everything else has a default. */
export interface CommissionCase {
  readonly config: CommissionConfig;
  /** Amounts in USD, a deal and a day each, or whole credits. */
  readonly credits?: readonly (string | (Partial<Credit> & { readonly amount?: Credit['amount'] }))[];
  readonly period?: PlanPeriodUnit;
  readonly periods?: readonly string[];
  readonly quotas?: readonly Omit<Quota, 'payeeId'>[];
  readonly from?: string;
  readonly to?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly payee?: Omit<Payee, 'id'>;
  readonly detail?: 'statement' | 'line' | 'credit';
  readonly state?: CompensationRun['state'];
}

/** Runs a case; every trace is replayed, and every statement's lines must sum to its total. */
export function runCommission(test: CommissionCase): CompensationRun {
  const { config, credits = [], period = 'month', periods = ['2026-01'], quotas = [], parameters } = test;
  const plan = definePlan({
    id: 'p',
    currency: 'USD',
    period,
    ...(parameters === undefined ? {} : { parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, 'number' as const])) }),
    components: [{ kind: 'commission', id: 'c', ...config }],
  });
  const run = computeCompensation({
    plans: [plan],
    assignments: [
      { payeeId: 'a', planId: 'p', from: test.from ?? '2026-01-01', ...(test.to === undefined ? {} : { to: test.to }), ...(parameters === undefined ? {} : { parameters }) },
    ],
    payees: [{ id: 'a', ...test.payee }],
    credits: credits.map((entry, index) => {
      const base = { id: `c${index}`, payeeId: 'a', dealId: `d${index}`, on: `2026-01-${String((index % 28) + 1).padStart(2, '0')}` };
      return typeof entry === 'string' ? { ...base, amount: { amount: entry, currency: 'USD' } } : { ...base, ...entry };
    }),
    periods,
    quotas: quotas.map((quota) => ({ payeeId: 'a', ...quota })),
    ...(test.detail === undefined ? {} : { detail: test.detail }),
    ...(test.state === undefined ? {} : { state: test.state }),
  });
  for (const statement of run.statements) {
    if (test.detail === 'statement') break;
    expect(cents(statement.lines.map((line) => line.amount.amount))).toBe(cents([statement.total.amount]));
    for (const line of statement.lines) expect(verifyTrace(line.trace)).toEqual([]);
  }
  return run;
}

function cents(amounts: readonly string[]): number {
  return amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);
}

/** The totals of the statements, in order of time. */
export function totalsOf(run: CompensationRun): readonly number[] {
  return run.statements.map((statement) => Number(statement.total.amount));
}

/** The total of the only statement. */
export function totalOf(run: CompensationRun): number {
  expect(run.statements).toHaveLength(1);
  return totalsOf(run)[0] ?? Number.NaN;
}

/** Runs a case without issues and gives the total of its only statement. */
export function payOf(test: CommissionCase): number {
  const run = runCommission(test);
  expect(run.issues).toEqual([]);
  return totalOf(run);
}

/** Labels and amounts of the lines of all statements. */
export function linesOf(run: CompensationRun): readonly (readonly [string, string])[] {
  return run.statements.flatMap((statement) => statement.lines.map((line) => [line.label, line.amount.amount] as const));
}
