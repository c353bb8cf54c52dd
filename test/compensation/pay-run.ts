/* Runs of the tests on other pay: components and credits in, figures out; every run is checked for what must always hold. */
import {
  type BuiltInConfig,
  type CompensationInput,
  type CompensationRun,
  type Credit,
  computeCompensation,
  type Payee,
  parsePlan,
  type StatementLine,
} from 'dealwright/compensation';
import { replayTrace, verifyTrace } from 'dealwright/decimal';
import { expect } from 'vitest';

/** A credit without the fields that every test gives the same. */
export type CreditFacts = Partial<Credit> & { readonly id: string; readonly on: string };

/** What a run is made of. */
export interface PayRun {
  readonly components: readonly BuiltInConfig[];
  readonly credits: readonly CreditFacts[];
  readonly period?: 'week' | 'month' | 'quarter' | 'year';
  readonly periods?: readonly string[];
  readonly payees?: readonly Payee[];
  readonly currency?: string;
  readonly more?: Partial<CompensationInput> & {
    readonly parameters?: Readonly<Record<string, 'money' | 'fraction' | 'number'>>;
    readonly values?: Readonly<Record<string, string>>;
  };
}

/** Money in a currency. */
export function usd(amount: string): { readonly amount: string; readonly currency: string } {
  return { amount, currency: 'USD' };
}

/** The input of a run: one plan, everybody on it from 2020 on. */
export function inputOf({
  components,
  credits,
  period = 'month',
  periods = ['2026-01'],
  payees = [{ id: 'a' }],
  currency = 'USD',
  more = {},
}: PayRun): CompensationInput<ReturnType<typeof parsePlan>> {
  const { parameters, values, ...rest } = more;
  const plan = parsePlan({ id: 'p', currency, period, components, ...(parameters === undefined ? {} : { parameters }) });
  return freeze({
    plans: [plan],
    payees,
    assignments: payees.map(({ id }) => ({ payeeId: id, planId: 'p', from: '2020-01-01', ...(values === undefined ? {} : { parameters: values }) })),
    credits: credits.map((credit) => ({ payeeId: 'a', ...credit })),
    periods,
    ...(rest as object),
  });
}

/** Computes, and checks that traces replay, lines sum to totals and everything is JSON. */
export function pay(run: PayRun): CompensationRun {
  return sound(computeCompensation(inputOf(run)));
}

/** What must hold for every run. */
export function sound(run: CompensationRun): CompensationRun {
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
  for (const statement of run.statements) {
    for (const line of statement.lines) {
      expect(verifyTrace(line.trace)).toEqual([]);
      // Quotients that do not end are shown to 40 decimals.
      const amount = Number(line.amount.amount);
      expect(Math.abs(Number(replayTrace(line.trace)) - amount)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(amount)));
    }
    if (statement.lines.length > 0) expect(sumOf(statement.lines)).toBe(units(statement.total.amount));
    const allowances = statement.lines.filter((line) => line.section === 'allowance');
    expect(statement.allowances === undefined ? 0n : units(statement.allowances.amount)).toBe(sumOf(allowances));
  }
  return run;
}

/** Hundredths. */
export function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}

/** The sum of some lines, exactly, in millionths of a millionth. */
export function sumOf(lines: readonly StatementLine[]): bigint {
  return lines.reduce((sum, line) => sum + units(line.amount.amount), 0n);
}

function units(amount: string): bigint {
  const [integer = '0', fraction = ''] = amount.split('.');
  return BigInt(integer + fraction.padEnd(12, '0'));
}

/** Totals by payee, in the order of their statements. */
export function totals(run: CompensationRun): readonly (readonly [string, string, string])[] {
  return run.statements.map((statement) => [statement.payeeId, statement.period.label, statement.total.amount]);
}

/** Lines as label and amount, with basis and rate where there are any. */
export function lines(run: CompensationRun, payeeId = 'a'): readonly (readonly (string | undefined)[])[] {
  return run.statements
    .filter((statement) => statement.payeeId === payeeId)
    .flatMap((statement) => statement.lines.map((line) => [line.label, line.basis, line.rate, line.amount.amount]));
}

/** The codes of the issues. */
export function codes(run: CompensationRun): readonly string[] {
  return run.issues.map((issue) => issue.code);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const entry of Object.values(value)) freeze(entry);
  }
  return value;
}
