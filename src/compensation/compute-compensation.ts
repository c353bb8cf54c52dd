import type { Issue } from '../errors/issue.js';
import { type BuiltInComponents, builtInComponents } from './components/index.js';
import { createCompensationEngine, type EngineConfig } from './engine/create-engine.js';
import type { CompensationInput, CompensationRun } from './engine/run-input.js';
import type { Plan } from './plan.js';

/**
 * The config of a built-in component in a plan.
 *
 * @category compensation
 */
export type BuiltInConfig = EngineConfig<BuiltInComponents>;

const defaultEngine = /* @__PURE__ */ createCompensationEngine(builtInComponents);

/**
 * Computes what payees earn: statements whose lines sum to the total, each line with its trace, and the state to go on from.
 * This is the engine of all built-in components; make your own with `createCompensationEngine`.
 *
 * Money is exact; each payable line is rounded once, half away from zero to the minor unit unless the plan says otherwise, by cumulative difference, so that
 * lines sum to the rounded whole. Credits are taken in the order day, deal id, credit id, whatever the order of the input.
 *
 * @param input - plans, assignments, payees, credits, quotas and periods
 * @returns statements, ledger entries, state and issues
 * @throws DomainError when plans, periods, rates or state are wrong; a bad payee, assignment, quota or credit is an issue beside the results
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({
 *   id: 'ae-2026', currency: 'USD', period: 'quarter',
 *   components: [{
 *     kind: 'commission', id: 'new-business', measure: { sum: 'amount', where: { kind: 'new' } },
 *     rate: { mode: 'marginal', tiers: [{ from: '0', rate: '0.05' }, { from: '50000', rate: '0.08' }, { from: '100000', rate: '0.12' }] },
 *   }],
 * });
 * const run = computeCompensation({
 *   plans: [plan], assignments: [{ payeeId: 'ae-17', planId: 'ae-2026', from: '2026-01-01' }], payees: [{ id: 'ae-17' }],
 *   credits: [{ id: 'c1', payeeId: 'ae-17', dealId: 'd1', on: '2026-02-14', amount: { amount: '112255', currency: 'USD' }, kind: 'new' }],
 *   periods: ['2026-Q1'],
 * });
 * run.statements[0]?.total; // => { amount: '7970.60', currency: 'USD' }
 * ```
 * @category compensation
 */
export function computeCompensation(input: CompensationInput<Plan<BuiltInConfig>>): CompensationRun {
  return defaultEngine.compute(input);
}

/**
 * Checks a plan made of built-in components and returns it with its id inferred. A misspelt key is a type error and a validation error.
 *
 * @param plan - the plan, as plain JSON
 * @returns the same plan
 * @throws DomainError with every problem of the plan
 * @example
 * ```ts
 * import { definePlan } from 'dealwright/compensation';
 * definePlan({ id: 'flat', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: '0.1' }] }).id; // => 'flat'
 * ```
 * @category compensation
 */
/* @__NO_SIDE_EFFECTS__ */
export function definePlan<const Id extends string>(plan: Plan<BuiltInConfig, Id>): Plan<BuiltInConfig, Id> {
  return defaultEngine.definePlan(plan);
}

/**
 * Finds every problem of a plan of built-in components, of whatever shape.
 *
 * @param value - any value
 * @returns the issues; empty if it can be computed
 * @example
 * ```ts
 * import { validatePlan } from 'dealwright/compensation';
 * validatePlan({ id: 'x', currency: 'USD', period: 'month', components: [{ kind: 'comission', id: 'c' }] })[0]?.hint; // => 'did you mean "commission"?'
 * ```
 * @category compensation
 */
export function validatePlan(value: unknown): readonly Issue[] {
  return defaultEngine.validatePlan(value);
}

/**
 * Reads a plan of built-in components from JSON.
 *
 * @param value - any value, for example the result of `JSON.parse`
 * @returns the plan, typed
 * @throws DomainError with every problem of the plan
 * @example
 * ```ts
 * import { parsePlan } from 'dealwright/compensation';
 * parsePlan(JSON.parse('{"id":"flat","currency":"USD","period":"month","components":[]}')).currency; // => 'USD'
 * ```
 * @category compensation
 */
export function parsePlan(value: unknown): Plan<BuiltInConfig> {
  return defaultEngine.parsePlan(value);
}

/**
 * Restates a plan of built-in components in plain English for the seller: what each component pays, in a sentence or two.
 *
 * @param plan - the plan
 * @returns lines of text, the first about the plan as a whole
 * @throws DomainError with every problem of the plan
 * @example
 * ```ts
 * import { definePlan, describePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'flat', label: 'Sellers 2026', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' }] });
 * describePlan(plan).split('\n')[0]; // => 'Sellers 2026: paid every month in USD.'
 * ```
 * @category compensation
 */
export function describePlan(plan: Plan<BuiltInConfig>): string {
  return defaultEngine.describePlan(plan);
}
