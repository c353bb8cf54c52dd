/* A payee with a flat commission, and what stands after it in the plan. */
import {
  type BuiltInConfig,
  type CompensationInput,
  type CompensationRun,
  type Credit,
  computeCompensation,
  type DealEventRecord,
  definePlan,
  type Payee,
  type Plan,
} from 'dealwright/compensation';
import { replayTrace, verifyTrace } from 'dealwright/decimal';
import { expect } from 'vitest';

export interface PayPlan {
  /** Components behind the commission `sales` at 10 % of the amount. */
  readonly components: readonly BuiltInConfig[];
  readonly commission?: BuiltInConfig;
  readonly policies?: Partial<Omit<Plan<BuiltInConfig>, 'components'>>;
  readonly payee?: Partial<Payee>;
  readonly credits?: readonly Credit[];
  readonly events?: readonly DealEventRecord[];
  readonly periods: readonly string[];
  /** For plans that do not round to cents: the laws, which count in cents, are not checked. */
  readonly unchecked?: boolean;
  readonly input?: Partial<CompensationInput<Plan<BuiltInConfig>>>;
}

export const SALES: BuiltInConfig = { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' };

/** A credit of a deal, in USD. */
export function sale(dealId: string, on: string, amount: string, more: Partial<Credit> = {}): Credit {
  return { id: `${dealId}@${on}`, payeeId: 'ada', dealId, on, amount: { amount, currency: 'USD' }, ...more };
}

export function inputOf(options: PayPlan): CompensationInput<Plan<BuiltInConfig>> {
  const plan = definePlan({ id: 'plan', currency: 'USD', period: 'month', ...options.policies, components: [options.commission ?? SALES, ...options.components] });
  return deepFreeze({
    plans: [plan],
    assignments: [{ payeeId: 'ada', planId: 'plan', from: '2026-01-01' }],
    payees: [{ id: 'ada', ...options.payee }],
    credits: options.credits ?? [],
    ...(options.events === undefined ? {} : { dealEvents: options.events }),
    periods: options.periods,
    ...options.input,
  });
}

export function payRun(options: PayPlan): CompensationRun {
  const run = computeCompensation(inputOf(options));
  if (options.unchecked !== true) checkLaws(run);
  return run;
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const entry of Object.values(Object.freeze(value))) deepFreeze(entry);
  return value;
}

/** Lines sum to totals, traces replay, results survive JSON. */
export function checkLaws(run: CompensationRun): void {
  for (const statement of run.statements) {
    const sum = statement.lines.reduce((total, line) => total + cents(line.amount.amount), 0n);
    if (statement.lines.length > 0) expect(sum).toBe(cents(statement.total.amount));
    for (const line of statement.lines) {
      expect(verifyTrace(line.trace)).toEqual([]);
      expect(cents(replayTrace(line.trace))).toBe(cents(line.amount.amount));
      if (line.paid !== undefined) {
        expect(verifyTrace(line.paid.trace)).toEqual([]);
        expect(cents(replayTrace(line.paid.trace))).toBe(cents(line.paid.amount.amount));
      }
    }
    if (statement.paid?.total != null && statement.lines.length > 0) {
      expect(statement.lines.reduce((total, line) => total + cents(line.paid?.amount.amount ?? '0'), 0n)).toBe(cents(statement.paid.total.amount));
    }
  }
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
}

/** An amount with at most two decimals, in cents. */
export function cents(amount: string): bigint {
  const negative = amount.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? amount.slice(1) : amount).split('.');
  if (/[^0]/.test(fraction.slice(2))) throw new Error(`${amount} has more than two decimals`);
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0').slice(0, 2));
  return negative ? -value : value;
}

export function totals(run: CompensationRun): readonly string[] {
  return run.statements.map((statement) => statement.total.amount);
}

/** What a component came to, statement by statement. */
export function amountsOf(run: CompensationRun, componentId: string): readonly string[] {
  return run.statements.map((statement) => {
    const sum = statement.lines.filter((line) => line.componentId === componentId).reduce((total, line) => total + cents(line.amount.amount), 0n);
    return `${sum < 0n ? '-' : ''}${(sum < 0n ? -sum : sum) / 100n}.${String((sum < 0n ? -sum : sum) % 100n).padStart(2, '0')}`;
  });
}

/** The balances of one component, `0` where nothing is open. */
export function balancesOf(run: CompensationRun, componentId: string): readonly string[] {
  return run.statements.map((statement) => statement.balances?.find((balance) => balance.componentId === componentId)?.amount.amount ?? '0');
}

/** The periods one by one, each from the state of the one before, with only the credits and events of its own. */
export function stepByStep(options: PayPlan, splitAt: readonly string[]): readonly CompensationRun[] {
  const runs: CompensationRun[] = [];
  const bounds = ['0000', ...splitAt, '9999'];
  for (let index = 0; index + 1 < bounds.length; index += 1) {
    const [from = '', to = ''] = bounds.slice(index);
    const within = (on: string): boolean => on >= from && on < to;
    const periods = options.periods.filter((period) => within(`${period}-01`));
    if (periods.length === 0) continue;
    const last = runs[runs.length - 1];
    const state = last === undefined ? undefined : deepFreeze(JSON.parse(JSON.stringify(last.state)) as CompensationRun['state']);
    runs.push(
      payRun({
        ...options,
        periods,
        credits: (options.credits ?? []).filter((credit) => within(credit.on)),
        events: (options.events ?? []).filter((event) => within(event.on)),
        input: { ...options.input, ...(state === undefined ? {} : { state }) },
      }),
    );
  }
  return runs;
}
