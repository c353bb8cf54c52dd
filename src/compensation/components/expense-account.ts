import type { Period } from '../../calendar/period.js';
import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { formatPath, type Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type MeasuredToDate, type Posting, type PostingNote } from '../component.js';
import { checkMeasure, type Measure, referencesOfMeasure } from '../measure.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type ComponentWindow, checkWindow, describeWindow, endsInSegment, settlesInSegment, WINDOW_KEYS, windowsOf } from '../window.js';

/**
 * An expense account: money in advance, accounted for by documents.
 *
 * @category compensation
 */
export interface ExpenseAccountConfig extends ComponentWindow {
  /** Put before the labels of the lines; default `Expense account`. */
  readonly label?: string;
  /** Money in hand at the start of a window. Default `0`: expenses are paid back only. */
  readonly advance?: ValueExpression;
  /** What has been documented. Default: the amounts of the credits with `attributes.expense` true. */
  readonly documented?: Measure;
  /** What is documented beyond it in a window does not count. */
  readonly limit?: ValueExpression;
  /** What happens to money that was not spent: it is taken back when the window ends (`return`, default), or stays in hand and the next advance is smaller (`carry`). */
  readonly unspent?: 'return' | 'carry';
  /** What happens to what was spent beyond the money in hand: it is paid (`reimburse`, default), added to the next advance (`carry`), or not paid (`forfeit`). */
  readonly overspent?: 'reimburse' | 'carry' | 'forfeit';
  /** Who has one, for example field roles. */
  readonly eligibility?: PayeeEligibility;
}

const KEYS = ['label', 'advance', 'documented', 'limit', 'unspent', 'overspent', 'eligibility', ...WINDOW_KEYS] as const;
const DOCUMENTED: Measure = { sum: 'amount', where: { 'attributes.expense': true } };

/**
 * An expense account: the advance in the first period of a window, and in its last `documented − money in hand`: what is missing is paid, what is left is returned or
 * carried. An allowance, not pay; over all windows what is paid is what was documented, plus what is still in hand. Whoever leaves the plan settles at once.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'expense-account', id: 'road', advance: '500' }] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'e1', payeeId: 'ada', on: '2026-05-20', amount: { amount: '430', currency: 'USD' }, attributes: { expense: true } }], periods: ['2026-05'],
 * });
 * run.statements.flatMap((statement) => statement.lines.map((line) => line.amount.amount)); // => ['500.00', '-70.00']
 * ```
 * @category compensation
 */
export const expenseAccountComponent = /* @__PURE__ */ defineComponent<'expense-account', ExpenseAccountConfig>({
  kind: 'expense-account',
  section: 'allowance',
  keys: KEYS,
  dependsOn: (config) => (config.documented === undefined ? [] : referencesOfMeasure(config.documented)),
  check: (config, _issue) => checkExpenseAccount(config as unknown as PlainRecord),
  evaluate: (config, context) => windowsOf(config, context).flatMap((window) => accountFor(config, context, window)),
  describe: (config, plan) => {
    const advance =
      config.advance === undefined
        ? ''
        : `You have ${typeof config.advance === 'string' ? `${config.advance} ${plan.currency}` : 'an amount set for you'} in hand${describeWindow(config)}. `;
    return `${advance}Documented expenses are ${config.advance === undefined ? 'paid back' : 'set against it'}${config.limit === undefined ? '' : ' up to a limit'}.`;
  },
});

function checkExpenseAccount(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  for (const key of ['advance', 'limit']) if (Object.hasOwn(config, key)) checkValueExpression(config[key], [key], issues);
  if (Object.hasOwn(config, 'documented')) checkMeasure(config['documented'], ['documented'], issues);
  if (Object.hasOwn(config, 'unspent')) checkOneOf(config['unspent'], ['return', 'carry'], ['unspent'], issues);
  if (Object.hasOwn(config, 'overspent')) checkOneOf(config['overspent'], ['reimburse', 'carry', 'forfeit'], ['overspent'], issues);
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  checkWindow(config, issues, { needsEnd: true });
  return issues;
}

function accountFor(config: ExpenseAccountConfig, context: EvaluationContext, window: Period): readonly Posting[] {
  const measured = context.measureToDate(config.documented ?? DOCUMENTED, window, 'documented');
  const [ever] = context.windows('plan');
  if (ever === undefined) return [];
  const postings: Posting[] = [];
  const inHand = (): ExactValue => context.accumulate('in hand', ever, context.exact('0')).before;
  if (context.recall('opened', window) !== true) {
    context.remember('opened', window, true);
    postings.push(...open(config, context, window, inHand(), ever));
  }
  if (settlesInSegment(window, context) && context.recall('settled', window) !== true) {
    if (endsInSegment(window, context)) context.remember('settled', window, true);
    postings.push(...settle(config, context, window, measured, inHand(), ever));
  }
  context.balance('money in hand', inHand());
  return postings;
}

/** The advance: as much as brings the money in hand up to it. */
function open(config: ExpenseAccountConfig, context: EvaluationContext, window: Period, inHand: ExactValue, ever: Period): readonly Posting[] {
  const advance = config.advance === undefined || !mayEarn(config.eligibility, context, window) ? undefined : context.value(config.advance, 'advance');
  if (advance === undefined) return [];
  const unit = context.currency;
  const due = context.sign(inHand) === 0 ? advance : context.subtract(advance, inHand, { label: 'Advance less money in hand', unit });
  if (context.sign(due) <= 0) return [];
  context.accumulate('in hand', ever, due);
  return [context.post(due, noteOf(config, context, 'advance', window))];
}

function settle(config: ExpenseAccountConfig, context: EvaluationContext, window: Period, measured: MeasuredToDate, inHand: ExactValue, ever: Period): readonly Posting[] {
  const unit = context.currency;
  const limit = config.limit === undefined ? undefined : context.value(config.limit, 'limit');
  if (measured.unknown !== undefined || (config.limit !== undefined && limit === undefined)) return [];
  const { before } = context.accumulate('settled', window, context.exact('0'));
  const eligible = mayEarn(config.eligibility, context, window);
  const documented = eligible ? measured.toDate : context.exact('0', { name: 'not eligible', unit });
  const over = limit !== undefined && context.compare(documented, limit) > 0;
  const counted = over ? context.minimum([documented, limit], { label: 'Documented, up to the limit', unit }) : documented;
  const fresh = context.sign(before) === 0 ? counted : context.subtract(counted, before, { label: 'Documented since', unit });
  context.accumulate('settled', window, fresh);
  const net = context.sign(inHand) === 0 ? fresh : context.subtract(fresh, inHand, { label: 'Documented less money in hand', unit });
  const postings: Posting[] = [];
  const sign = context.sign(net);
  // What somebody has in hand who leaves cannot be carried.
  const stays = context.assignments(ever).some((span) => span.endExclusive > window.endExclusive);
  const carries = stays && (sign < 0 ? config.unspent === 'carry' : config.overspent === 'carry');
  context.accumulate('in hand', ever, carries ? context.negate(fresh) : context.negate(inHand));
  if (sign < 0 && !carries) postings.push(context.post(net, { ...noteOf(config, context, 'not spent, returned', window), basis: documented, basisUnit: unit }));
  if (sign > 0 && !carries) {
    const note = { ...noteOf(config, context, 'documented, paid back', window), basis: documented, basisUnit: unit };
    if (config.overspent === 'forfeit')
      postings.push(context.post(context.exact('0', { name: 'not paid back', unit }), { ...note, label: `${labelOf(config)}: beyond the money in hand`, memo: net }));
    else
      postings.push(
        context.post(net, {
          ...note,
          parts: context.wantsParts ? measured.credits().map(({ creditId, dealId, value }) => ({ creditId, basis: value, ...(dealId === undefined ? {} : { dealId }) })) : [],
        }),
      );
  }
  if (over && limit !== undefined) {
    const memo = context.subtract(documented, limit, { label: 'Beyond the limit', unit });
    postings.push(context.post(context.exact('0', { name: 'not paid back', unit }), { ...noteOf(config, context, 'beyond the limit', window), memo }));
  }
  return postings;
}

function labelOf(config: ExpenseAccountConfig): string {
  return config.label ?? 'Expense account';
}

function noteOf(config: ExpenseAccountConfig, context: EvaluationContext, what: string, window: Period): PostingNote {
  return { label: `${labelOf(config)}: ${what}`, planPath: formatPath(context.path), roundingWindow: window };
}
