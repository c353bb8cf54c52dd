import type { Period } from '../../calendar/period.js';
import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { PlanPeriodUnit } from '../plan.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { checkOf, payableOfPayee, payableSoFar, referencesOf } from './payable.js';

/**
 * A limit on what several components pay together, or a minimum that is guaranteed.
 *
 * @category compensation
 */
export interface CapConfig {
  /** Name of the lines. */
  readonly label?: string;
  /** The components that are limited together. Default: all variable pay of the plan posted so far (everything but salary and allowances). */
  readonly of?: readonly string[];
  /** `payee`: the variable pay of all the payee's plans of the same currency and period length. Default `plan`. */
  readonly scope?: 'plan' | 'payee';
  /** At most this, in the plan's currency. */
  readonly limit?: ValueExpression;
  /** At least this, in the plan's currency: a guarantee that is not owed back. */
  readonly floor?: ValueExpression;
  /** What limit and floor are for: a period of this length, or the whole time on the plan. Default: the plan's period. Not shorter than that. */
  readonly per?: PlanPeriodUnit | 'plan';
  /** What happens to pay above the limit: lost (default), carried and released in a later window below the limit, or withheld until somebody has reviewed it. */
  readonly disposition?: 'forfeit' | 'carry' | 'review';
}

const KEYS = ['label', 'of', 'scope', 'limit', 'floor', 'per', 'disposition'] as const;
/** Lengths in their order. */
const LENGTHS: readonly (PlanPeriodUnit | 'plan')[] = ['week', 'month', 'quarter', 'half', 'year', 'plan'];

/**
 * Cap and floor: pay in the window to date is `max(floor, min(limit, earned to date))`, and the line is the difference from what was paid before, so that a refund
 * later in the window gives back what had been cut. With `carry` what is above the limit is added to the next window: `min(limit, earned + carried)`.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [
 *   { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' },
 *   { kind: 'cap', id: 'monthly-cap', limit: '5000', disposition: 'carry' },
 * ] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-10', amount: { amount: '80000', currency: 'USD' } }, { id: 'c2', payeeId: 'ada', dealId: 'd2', on: '2026-02-10', amount: { amount: '10000', currency: 'USD' } }],
 *   periods: ['2026-01', '2026-02'],
 * });
 * run.statements.map((statement) => statement.total.amount); // => ['5000.00', '4000.00']
 * ```
 * @category compensation
 */
export const capComponent = /* @__PURE__ */ defineComponent<'cap', CapConfig>({
  kind: 'cap',
  phase: 'cap',
  section: 'cap',
  keys: KEYS,
  dependsOn: (config) => referencesOf(config.of),
  check: (config, _issue) => checkCap(config),
  evaluate: (config, context) => evaluateCap(config, context),
  describe: (config, plan) => describeCap(config, plan.currency),
});

function checkCap(config: CapConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkOf(record, issues);
  if (Object.hasOwn(record, 'scope')) checkOneOf(record['scope'], ['plan', 'payee'], ['scope'], issues);
  if (record['scope'] === 'payee' && Object.hasOwn(record, 'of')) {
    issues.push(createIssue('invalid_value', ['of'], { expected: 'no list of components with scope "payee"', received: record['of'], hint: 'the cap is on all variable pay' }));
  }
  for (const key of ['limit', 'floor']) if (Object.hasOwn(record, key)) checkValueExpression(record[key], [key], issues);
  if (!Object.hasOwn(record, 'limit') && !Object.hasOwn(record, 'floor')) issues.push(createIssue('missing_key', [], { expected: 'limit, floor or both' }));
  if (Object.hasOwn(record, 'per')) checkOneOf(record['per'], LENGTHS, ['per'], issues);
  if (Object.hasOwn(record, 'disposition')) checkOneOf(record['disposition'], ['forfeit', 'carry', 'review'], ['disposition'], issues);
  return issues;
}

/** What the component carries from window to window. */
interface CapState {
  readonly window: string;
  /** Carried or withheld in earlier windows. */
  readonly opening: ExactValue;
  /** The same with this window. */
  readonly balance: ExactValue;
}

function evaluateCap(config: CapConfig, context: EvaluationContext): readonly Posting[] {
  const window = windowOf(config, context);
  if (window === undefined) return [];
  const limit = config.limit === undefined ? undefined : context.value(config.limit, 'limit');
  const floor = config.floor === undefined ? undefined : context.value(config.floor, 'floor');
  if ((config.limit !== undefined && limit === undefined) || (config.floor !== undefined && floor === undefined)) return [];
  const unit = context.currency;
  const { toDate } = context.accumulate('payable', window, newlyPayable(config, context));
  const adjusted = context.accumulate('adjusted', window, context.exact('0')).before;
  const state = readState(context, window);
  const carries = config.disposition === 'carry';
  const available = carries && context.sign(state.opening) !== 0 ? context.sum([toDate, state.opening], { label: 'Earned and carried', unit }) : toDate;
  const limited = limit === undefined ? available : context.minimum([available, limit], { label: 'At most the limit', unit });
  const due = floor === undefined ? limited : context.maximum([limited, floor], { label: 'At least the floor', unit });
  const change = context.subtract(due, toDate, { label: 'Limited less earned', unit });
  const amount = context.sign(adjusted) === 0 ? change : context.subtract(change, adjusted, { label: 'Less what was adjusted before', unit });
  context.accumulate('adjusted', window, amount);
  keepBalance(config, context, { window: window.start, opening: state.opening, balance: state.balance }, { available, limited, amount });
  if (context.sign(amount) === 0) return [];
  const raised = floor !== undefined && context.compare(limited, floor) < 0;
  return [context.post(amount, { label: labelOf(config, context.sign(amount), raised), planPath: pathOf(context, raised ? 'floor' : 'limit'), roundingWindow: window })];
}

function windowOf(config: CapConfig, context: EvaluationContext): Period | undefined {
  const per = config.per ?? context.periodUnit;
  if (LENGTHS.indexOf(per) < LENGTHS.indexOf(context.periodUnit)) {
    context.report('invalid_period', { expected: `a length of at least a ${context.periodUnit}, the period of the plan`, received: per });
    return undefined;
  }
  // A week may touch two months: it belongs to the one in which it ends.
  const windows = context.windows(per);
  return windows[windows.length - 1];
}

/** What has become payable since the component looked last: everything in this segment, or for all plans together what is new in the period. */
function newlyPayable(config: CapConfig, context: EvaluationContext): ExactValue {
  if (config.scope !== 'payee') return payableSoFar(context, config.of);
  const all = payableOfPayee(context);
  const own = context.posted([context.componentId], { scope: 'payee' });
  const earned = context.sign(own) === 0 ? all : context.subtract(all, own, { label: 'Without this cap' });
  const seen = context.accumulate('seen', context.period, context.exact('0')).before;
  const fresh = context.sign(seen) === 0 ? earned : context.subtract(earned, seen, { label: 'New in this segment' });
  context.accumulate('seen', context.period, fresh);
  return fresh;
}

function readState(context: EvaluationContext, window: Period): { readonly opening: ExactValue; readonly balance: ExactValue } {
  const zero = context.exact('0');
  const carried = context.carried();
  if (carried === undefined) return { opening: zero, balance: zero };
  const issues: IssueSink = [];
  const record = checkRecord(carried, [], issues) ?? {};
  const balance = context.fromText(record['balance'], { name: 'carried from earlier', unit: context.currency });
  return { balance, opening: record['window'] === window.start ? context.fromText(record['opening'], { name: 'carried from earlier', unit: context.currency }) : balance };
}

function keepBalance(
  config: CapConfig,
  context: EvaluationContext,
  state: CapState,
  now: { readonly available: ExactValue; readonly limited: ExactValue; readonly amount: ExactValue },
): void {
  if (config.disposition === undefined || config.disposition === 'forfeit') return;
  const above = context.subtract(now.available, now.limited, { label: 'Above the limit' });
  const review = config.disposition === 'review';
  const balance = review ? context.sum([state.opening, above]) : above;
  const isEmpty = context.sign(balance) === 0 && context.sign(state.opening) === 0;
  context.carry(isEmpty ? undefined : { window: state.window, opening: context.toText(state.opening), balance: context.toText(balance) });
  context.balance(review ? 'Withheld for review' : 'Above the limit, carried', balance);
  if (review && context.sign(now.amount) < 0) {
    context.report('review_required', {
      expected: `a review of ${context.componentId}`,
      hint: `payee ${context.payee.id}, ${context.period.label}: ${context.toText(above)} ${context.currency}`,
    });
  }
}

function labelOf(config: CapConfig, sign: number, raised: boolean): string {
  if (config.label !== undefined) return config.label;
  if (raised) return 'Up to the guaranteed minimum';
  if (sign > 0) return config.disposition === 'carry' ? 'Released below the limit' : 'Within the limit again';
  return config.disposition === 'review' ? 'Above the limit, withheld for review' : config.disposition === 'carry' ? 'Above the limit, carried' : 'Above the limit';
}

function pathOf(context: EvaluationContext, key: string): string {
  return `components[${context.path[1] ?? 0}].${key}`;
}

function describeCap(config: CapConfig, currency: string): string {
  const shown = (value: ValueExpression | undefined): string => (typeof value === 'string' ? `${value} ${currency}` : 'an amount that is set for you');
  const per = config.per === 'plan' ? 'over the whole time on the plan' : config.per === undefined ? 'per period' : `per ${config.per}`;
  const what = config.of === undefined ? 'Variable pay' : `Pay from ${config.of.join(', ')}`;
  const above = config.disposition === 'carry' ? ' What is above is carried to later periods.' : config.disposition === 'review' ? ' What is above is withheld for review.' : '';
  const most = config.limit === undefined ? '' : `${what} is limited to ${shown(config.limit)} ${per}.${above}`;
  const least = config.floor === undefined ? '' : `${what} is at least ${shown(config.floor)} ${per}.`;
  return [most, least].filter((text) => text !== '').join(' ');
}
