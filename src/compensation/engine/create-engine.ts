import { fromEpochDay } from '../../calendar/epoch-day.js';
import { ratioToText } from '../../decimal/ratio.js';
import { createExactArithmetic } from '../../decimal/traced-arithmetic.js';
import { DomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { COMPONENT_PHASES, type PlanComponent } from '../component.js';
import type { Credit } from '../credit.js';
import type { ComponentConfigOf, Plan } from '../plan.js';
import type { CompensationState, ComponentState, LiveState } from '../state.js';
import { applyAdjustments } from './apply-adjustments.js';
import { assembleStatements } from './assemble-statements.js';
import { type Cell, dealCredits } from './cells.js';
import { type AnyComponent, checkPlan } from './check-plan.js';
import { describePlanOf } from './describe-plan.js';
import { type CellResult, createEvaluator, type RunContext, resultKey } from './evaluate-cell.js';
import { hasherOf } from './hash-inputs.js';
import type { CreditBook } from './measure-credits.js';
import { once } from './once.js';
import { type OrderedComponent, orderComponents } from './order-components.js';
import { type AnyPlan, type ReadInput, readInput } from './read-input.js';
import { restateStatements } from './restate.js';
import type { CompensationInput, CompensationRun } from './run-input.js';

/**
 * The configs that an engine's components take in a plan.
 *
 * @category compensation
 */
export type EngineConfig<Components extends readonly AnyComponent[]> = ComponentConfigOf<Components[number]>;

/**
 * Computes plans made of a set of component kinds.
 *
 * @typeParam Config - the configs that plans may hold, inferred from the components
 * @category compensation
 */
export interface CompensationEngine<Config extends { readonly kind: string; readonly id: string }> {
  /** The kinds it knows. */
  readonly kinds: readonly string[];
  /** Checks a plan and returns it, typed. @throws DomainError with every problem of the plan */
  readonly definePlan: <const Id extends string>(plan: Plan<Config, Id>) => Plan<Config, Id>;
  /** Every problem of a plan of unknown shape; empty if it can be computed. */
  readonly validatePlan: (value: unknown) => readonly Issue[];
  /** Reads a plan from JSON. @throws DomainError with every problem of the plan */
  readonly parsePlan: (value: unknown) => Plan<Config>;
  /** Restates a plan in plain English for the seller, a sentence or two for each component. @throws DomainError with every problem of the plan */
  readonly describePlan: (plan: Plan<Config>) => string;
  /** Computes statements, ledger and state. @throws DomainError when plans, periods, rates or state are wrong */
  readonly compute: (input: CompensationInput<Plan<Config>>) => CompensationRun;
}

/**
 * Makes an engine from component kinds: the built-in ones, your own, or both. Kinds and configs that plans may use are inferred; an unknown kind is an error.
 *
 * @param components - the kinds; two of one name are an error
 * @returns the engine
 * @throws DomainError `duplicate_id` | `invalid_type`
 * @example
 * ```ts
 * import { builtInComponents, createCompensationEngine, defineComponent } from 'dealwright/compensation';
 * const birthdayBonus = defineComponent<'birthday-bonus', { amount: string }>({
 *   kind: 'birthday-bonus',
 *   check: (config, issue) => (config.amount.startsWith('-') ? [issue('amount', 'not-negative', config.amount)] : []),
 *   evaluate: (config, { period, payee, exact, isWithin, post }) => (isWithin(payee.attributes?.['birthday'], period) ? [post(exact(config.amount), { label: 'Birthday' })] : []),
 * });
 * const engine = createCompensationEngine([...builtInComponents, birthdayBonus]);
 * const plan = engine.definePlan({ id: 'p', currency: 'EUR', period: 'month', components: [{ kind: 'birthday-bonus', id: 'b', amount: '100' }] });
 * const run = engine.compute({ plans: [plan], assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }], payees: [{ id: 'a', attributes: { birthday: '2026-05-04' } }], credits: [], periods: ['2026-05'] });
 * run.statements[0]?.total; // => { amount: '100.00', currency: 'EUR' }
 * ```
 * @category compensation
 */
/* @__NO_SIDE_EFFECTS__ */
export function createCompensationEngine<const Components extends readonly PlanComponent<string, object>[]>(components: Components): CompensationEngine<EngineConfig<Components>> {
  type Config = EngineConfig<Components>;
  const kinds = readKinds(components);
  const define = (value: unknown): void => {
    const issues = checkPlan(value, [], kinds);
    const id = (value as { readonly id?: unknown } | null | undefined)?.id;
    throwIfIssues(issues, {
      name: 'InvalidPlanError',
      summary: `${issues.length} problem${issues.length === 1 ? '' : 's'} in plan ${typeof id === 'string' ? `"${id.slice(0, 60)}"` : 'without id'}`,
    });
  };
  return {
    kinds: [...kinds.keys()],
    definePlan: (plan) => {
      define(plan);
      return plan;
    },
    validatePlan: (value) => checkPlan(value, [], kinds),
    parsePlan: (value) => {
      define(value);
      // The check has proven the shape, kind by kind.
      return value as Plan<Config>;
    },
    describePlan: (plan) => {
      define(plan);
      return describePlanOf(plan, kinds);
    },
    compute: (input) => compute(input, kinds),
  };
}

function readKinds(components: readonly AnyComponent[]): ReadonlyMap<string, AnyComponent> {
  const kinds = new Map<string, AnyComponent>();
  const issues: Issue[] = [];
  if (!Array.isArray(components)) throw new DomainError([createIssue('invalid_type', [], { expected: 'a list of components', received: components })]);
  components.forEach((component: AnyComponent, index) => {
    if (typeof component?.kind !== 'string' || typeof component.evaluate !== 'function')
      issues.push(createIssue('invalid_type', [index], { expected: 'a component made by defineComponent', received: component }));
    else if (kinds.has(component.kind)) issues.push(createIssue('duplicate_id', [index, 'kind'], { received: component.kind }));
    else kinds.set(component.kind, component);
  });
  throwIfIssues(issues);
  return kinds;
}

function compute(value: unknown, kinds: ReadonlyMap<string, AnyComponent>): CompensationRun {
  const issues: Issue[] = [];
  const input = readInput(value, kinds, issues);
  const order = orderComponents(input.plans, kinds);
  const { cells, days, amounts } = dealCredits(input, issues);
  const book: CreditBook = { credits: input.credits as readonly Credit[], days, amounts, rates: input.rates, issues, reported: new Set() };
  const base: Omit<RunContext, 'current' | 'payeeIds'> = {
    arithmetic: createExactArithmetic({ tracing: input.detail !== 'statement' }),
    book,
    creditOf: creditFinder(book),
    detail: input.detail,
    state: new Map(input.state),
    issues,
    measures: new Map(),
    memos: new Map(),
    literals: new Map(),
    payees: input.payees,
    dealEvents: input.dealEvents,
    hierarchy: input.hierarchy,
    cellsOf: cellsByPayee(cells),
  };
  const results = new Map<Cell, CellResult>();
  for (const group of groupByPeriod(cells)) evaluatePeriod(base, group, order, results, input);
  const assembled = assembleStatements(cells, results, input.detail, input.hashes ? hasherOf(input, value, kinds) : undefined, {
    arithmetic: base.arithmetic,
    rates: input.rates,
    issues,
    dayOfCredit: (creditId) => base.creditOf(creditId)?.on,
  });
  const { statements, ledger } =
    input.closed === undefined ? assembled : restateStatements(assembled.statements, input.closed, (payeeId) => input.payees.get(payeeId)?.payee.costCenter);
  return { statements, ledger, state: storeState(base.state, input), issues };
}

/** All cells of a payee, whatever their plan and period. */
function cellsByPayee(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const byPayee = new Map<string, Cell[]>();
  for (const cell of cells) {
    const { id } = cell.payee.payee;
    const own = byPayee.get(id);
    if (own === undefined) byPayee.set(id, [cell]);
    else own.push(cell);
  }
  return byPayee;
}

/** The credits of a run that are sound and in its periods, by id; indexed when first asked for. */
function creditFinder(book: CreditBook): (creditId: string) => Credit | undefined {
  let credits: Map<string, Credit> | undefined;
  return (creditId) => {
    if (credits === undefined) {
      credits = new Map();
      for (let index = 0; index < book.credits.length; index += 1) {
        const credit = book.credits[index];
        if (credit !== undefined && !Number.isNaN(book.days[index] ?? Number.NaN)) credits.set(credit.id, credit);
      }
    }
    return credits.get(creditId);
  };
}

/** Cells whose periods are the same; cells come in the order of time. */
function groupByPeriod(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups: Cell[][] = [];
  for (const cell of cells) {
    const last = groups[groups.length - 1];
    const [first] = last ?? [];
    if (last !== undefined && first?.period.start === cell.period.start && first.period.endExclusive === cell.period.endExclusive) last.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/** The results of the period by payee and plan. */
function resultsByPayee(cells: readonly Cell[], results: ReadonlyMap<Cell, CellResult>): ReadonlyMap<string, readonly CellResult[]> {
  const found = new Map<string, CellResult[]>();
  for (const cell of cells) {
    const result = results.get(cell);
    if (result === undefined) continue;
    const key = resultKey(cell.payee.payee.id, cell.plan.id);
    const known = found.get(key);
    if (known === undefined) found.set(key, [result]);
    else known.push(result);
  }
  return found;
}

/** Component by component, each for all payees, so that one may read what another came to for anybody. */
function evaluatePeriod(
  base: Omit<RunContext, 'current' | 'payeeIds'>,
  cells: readonly Cell[],
  order: readonly OrderedComponent[],
  results: Map<Cell, CellResult>,
  input: ReadInput,
): void {
  const byPlan = new Map<AnyPlan, Cell[]>();
  const keepsParts = new Map<AnyPlan, boolean>();
  for (const { plan, placed } of order) {
    if (placed.component.needsParts !== true) continue;
    keepsParts.set(plan, true);
    // It may read what others posted, deal by deal, also in other plans.
    for (const { planId } of placed.component.dependsOn?.(placed.config) ?? []) for (const other of order) if (other.plan.id === planId) keepsParts.set(other.plan, true);
  }
  for (const cell of cells) {
    const result: CellResult = {
      lines: [],
      attainment: [],
      balances: new Map(),
      notes: [],
      keepsParts: base.detail !== 'statement' || keepsParts.get(cell.plan) === true || cell.plan.payRate === 'credit-date',
    };
    results.set(cell, result);
    const own = byPlan.get(cell.plan);
    if (own === undefined) byPlan.set(cell.plan, [cell]);
    else own.push(cell);
  }
  const run: RunContext = { ...base, current: once(() => resultsByPayee(cells, results)), payeeIds: once(() => [...new Set(cells.map((cell) => cell.payee.payee.id))].sort()) };
  const adjust = adjuster(run, cells, results, input);
  for (const { plan, placed } of order) {
    if (COMPONENT_PHASES.indexOf(placed.component.phase ?? 'earn') >= COMPONENT_PHASES.indexOf('draw')) adjust();
    const evaluator = createEvaluator(run, plan, placed);
    for (const step of placed.component.gather === undefined ? (['evaluate'] as const) : (['gather', 'evaluate'] as const)) {
      for (const cell of byPlan.get(plan) ?? []) {
        const result = results.get(cell);
        if (result !== undefined) evaluator[step](cell, result);
      }
    }
  }
  adjust();
}

/** Applies adjustments and holds once, before the first draw or else at the end. */
function adjuster(run: RunContext, cells: readonly Cell[], results: ReadonlyMap<Cell, CellResult>, input: ReadInput): () => void {
  let done = input.adjustments.size === 0;
  return () => {
    if (done) return;
    done = true;
    const seen = new Set<string>();
    for (const cell of cells) {
      const { id } = cell.payee.payee;
      const list = input.adjustments.get(id);
      const result = results.get(cell);
      if (list !== undefined && result !== undefined) applyAdjustments(run, cell, result, list, !seen.has(id));
      seen.add(id);
    }
  };
}

function storeState(live: ReadonlyMap<string, LiveState>, input: ReadInput): CompensationState {
  const last = input.coverage[input.coverage.length - 1];
  const components: ComponentState[] = [...live.entries()]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, state]) => ({
      payeeId: state.payeeId,
      planId: state.planId,
      componentId: state.componentId,
      totals: [...state.totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, total]) => ({ key, window: total.window, value: ratioToText(total.value) })),
      ...(state.notes === undefined || state.notes.size === 0
        ? {}
        : { notes: [...state.notes.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, note]) => ({ key, window: note.window, value: note.value })) }),
      ...(state.carried === undefined ? {} : { carried: state.carried }),
    }));
  return {
    formatVersion: 1,
    through: last === undefined ? null : fromEpochDay(last.end),
    components,
    ...(input.dealEvents.all.length === 0 ? {} : { dealEvents: input.dealEvents.all }),
  };
}
