import type { PlainDate } from '../calendar/plain-date.js';
import type { PlanComponent } from '../compensation/component.js';
import type { Credit } from '../compensation/credit.js';
import { type CompensationEngine, createCompensationEngine } from '../compensation/engine/create-engine.js';
import type { CompensationInput, CompensationRun } from '../compensation/engine/run-input.js';
import type { PlanPeriodUnit } from '../compensation/plan.js';
import { compareDecimals, subtractDecimals } from '../decimal/arithmetic.js';
import { replayTrace, verifyTrace } from '../decimal/replay-trace.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { sumMoney } from '../money/sum-money.js';
import { openRandom } from '../stats/random.js';

/**
 * A law that every plan component keeps.
 *
 * - `plain-data`: results survive JSON unchanged
 * - `lines-sum`: the lines of a statement sum to its total
 * - `traces-replay`: the trace of every line gives its amount
 * - `order`: shuffled credits give the same run
 * - `state`: period by period from state gives the same totals as all periods at once
 * - `detail`: every detail gives the same totals
 * - `purity`: inputs are not changed, and the same input gives the same run
 *
 * @category testing
 */
export type ComponentLaw = 'plain-data' | 'lines-sum' | 'traces-replay' | 'order' | 'state' | 'detail' | 'purity';

/**
 * What a component is tried with.
 *
 * @category testing
 */
export interface CheckComponentOptions<Config extends object> {
  /** Configs to try, each in a plan of its own. */
  readonly configs: readonly Config[];
  /** Other components that stand before it in the plan, such as the commission that a cap limits; with their kinds. */
  readonly before?: readonly { readonly component: PlanComponent<string, object>; readonly config: object & { readonly id: string } }[];
  /** Length of the plan's periods. Default `month`. */
  readonly period?: PlanPeriodUnit;
  /** Values of the plan's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How many random credit books are tried for each config. Default 10. */
  readonly runs?: number;
  /** Seed of the credit books. Default 1. */
  readonly seed?: number;
}

const MONTHS = ['2026-01', '2026-02', '2026-03'] as const;

/**
 * Tries a plan component against the laws that every component keeps, on random credit books made from a seed. Use it in the tests of your own components.
 *
 * @param component - made by `defineComponent`
 * @param options - configs to try, and what stands beside it
 * @returns an issue `law_broken` for every law that was broken, with the config and what was found; none if all hold
 * @example
 * ```ts
 * import { defineComponent } from 'dealwright/compensation';
 * import { checkComponent } from 'dealwright/testing';
 * const perDeal = defineComponent<'per-deal', { amount: string }>({
 *   kind: 'per-deal',
 *   evaluate: (config, { exact, measure, multiply, post }) => [post(multiply([exact(config.amount), measure({ count: 'deals' }).total]), { label: 'Per deal' })],
 * });
 * checkComponent(perDeal, { configs: [{ amount: '12.50' }, { amount: '0' }] }); // => []
 * ```
 * @category testing
 */
export function checkComponent<Kind extends string, Config extends object>(component: PlanComponent<Kind, Config>, options: CheckComponentOptions<Config>): readonly Issue[] {
  const issues: Issue[] = [];
  const before = options.before ?? [];
  const kinds = [component as unknown as PlanComponent<string, object>, ...before.map((entry) => entry.component)].filter(
    (entry, index, all) => all.findIndex((other) => other.kind === entry.kind) === index,
  );
  const engine = createCompensationEngine(kinds) as unknown as Engine;
  options.configs.forEach((config, index) => {
    const plan = {
      id: 'plan',
      currency: 'USD',
      period: options.period ?? 'month',
      parameters: Object.fromEntries(Object.keys(options.parameters ?? {}).map((name) => [name, 'number'])),
      components: [...before.map((entry) => ({ kind: entry.component.kind, ...entry.config })), { kind: component.kind, id: 'component', ...config }],
    };
    const broken = (law: ComponentLaw, message: string): void => {
      if (issues.some((issue) => issue.path[1] === index && issue.path[2] === law)) return;
      issues.push(createIssue('law_broken', ['configs', index, law], { message }));
    };
    const problems = engine.validatePlan(plan);
    if (problems.length > 0) {
      issues.push(...problems.map((issue) => ({ ...issue, path: ['configs', index, ...issue.path] })));
      return;
    }
    for (let run = 0; run < (options.runs ?? 10); run += 1) tryBook(engine, plan, bookOf((options.seed ?? 1) + run, run), options.parameters, broken);
  });
  return issues;
}

type Engine = CompensationEngine<{ readonly kind: string; readonly id: string }>;
type Input = CompensationInput<never>;

function tryBook(
  engine: Engine,
  plan: object,
  credits: readonly Credit[],
  parameters: Readonly<Record<string, string>> | undefined,
  broken: (law: ComponentLaw, message: string) => void,
): void {
  const payees = ['ada', 'bo'];
  const input = {
    plans: [plan],
    payees: payees.map((id) => ({ id, hiredOn: '2025-11-17' })),
    assignments: payees.map((payeeId, index) => ({
      payeeId,
      planId: 'plan',
      from: index === 0 ? '2026-01-01' : '2026-01-20',
      ...(parameters === undefined ? {} : { parameters }),
    })),
    quotas: payees.flatMap((payeeId) => MONTHS.map((period) => ({ payeeId, period, amount: '5000' }))),
    credits,
    periods: ['2026-Q1'],
  } as unknown as Input;
  const text = JSON.stringify(input);
  const compute = (more: Partial<Record<keyof Input, unknown>> = {}): CompensationRun => engine.compute({ ...input, ...more } as never);
  const whole = compute();
  if (JSON.stringify(input) !== text) broken('purity', 'The input was changed.');
  if (JSON.stringify(compute()) !== JSON.stringify(whole)) broken('purity', 'The same input gave another run.');
  if (JSON.stringify(JSON.parse(JSON.stringify(whole))) !== JSON.stringify(whole) || /null,"currency"|NaN/.test(JSON.stringify(whole.statements)))
    broken('plain-data', 'The run does not survive JSON.');
  checkLines(whole, broken);
  const shuffled = compute({ credits: [...credits].reverse() });
  if (JSON.stringify(shuffled.statements) !== JSON.stringify(whole.statements)) broken('order', 'Reversed credits give other statements.');
  for (const detail of ['statement', 'credit'] as const) {
    if (totalsOf(compute({ detail })) !== totalsOf(whole)) broken('detail', `Detail "${detail}" gives other totals than "line".`);
  }
  checkState(plan, input, whole, compute, broken);
}

function checkLines(run: CompensationRun, broken: (law: ComponentLaw, message: string) => void): void {
  for (const statement of run.statements) {
    const sum = sumMoney(
      statement.lines.filter((line) => line.amount.currency === statement.total.currency).map((line) => line.amount),
      { currency: statement.total.currency },
    );
    if (sum.amount !== statement.total.amount) broken('lines-sum', `Lines of ${statement.id} sum to ${sum.amount}, the total is ${statement.total.amount}.`);
    for (const line of statement.lines) {
      const issues = verifyTrace(line.trace);
      if (issues.length > 0 || compareDecimals(subtractDecimals(replayTrace(line.trace), line.amount.amount), '0') !== 0)
        broken('traces-replay', `The trace of ${line.id} gives ${replayTrace(line.trace)}, not ${line.amount.amount}.`);
    }
  }
}

function checkState(
  plan: object,
  input: Input,
  whole: CompensationRun,
  compute: (more: Partial<Record<keyof Input, unknown>>) => CompensationRun,
  broken: (law: ComponentLaw, message: string) => void,
): void {
  if ((plan as { readonly period: string }).period !== 'month') return;
  let state: unknown;
  const parts: string[] = [];
  for (const period of MONTHS) {
    const run: CompensationRun = compute({ periods: [period], credits: input.credits.filter((credit) => credit.on.startsWith(period)), ...(state === undefined ? {} : { state }) });
    state = JSON.parse(JSON.stringify(run.state)) as unknown;
    parts.push(totalsOf(run));
  }
  const byPayee = (text: string): string => text.split(';').sort().join(';');
  if (byPayee(parts.join(';')) !== byPayee(totalsOf(whole))) broken('state', 'Month by month from state gives other totals than the quarter at once.');
}

function totalsOf(run: CompensationRun): string {
  return run.statements.map((statement) => `${statement.id} ${statement.total.amount}`).join(';');
}

/** Credits of two payees over a quarter: small and large, equal days and deals, refunds. */
function bookOf(seed: number, size: number): readonly Credit[] {
  const random = openRandom(seed);
  const below = (limit: number): number => Math.min(limit - 1, Math.floor(random.uniform() * limit));
  const two = (value: number): string => String(value).padStart(2, '0');
  return Array.from({ length: size * 3 }, (_, index): Credit => {
    const payeeId = random.uniform() < 0.7 ? 'ada' : 'bo';
    const month = 1 + below(3);
    // The second payee is on the plan from the 20th of January on.
    const day = payeeId === 'bo' && month === 1 ? 20 + below(9) : 1 + below(28);
    const on: PlainDate = `2026-${two(month)}-${two(day)}`;
    const refund = random.uniform() < 0.15;
    const amount = `${refund ? '-' : ''}${below(4_000)}.${two(below(100))}`;
    return {
      id: `credit-${index}`,
      payeeId,
      dealId: `deal-${below(size * 2)}`,
      on,
      amount: { amount: amount === '-0.00' ? '0.00' : amount, currency: 'USD' },
      kind: random.uniform() < 0.5 ? 'new' : 'renewal',
      productId: random.uniform() < 0.5 ? 'crm' : 'cpq',
      units: String(1 + below(5)),
      termMonths: 12 * (1 + below(3)),
    };
  });
}
