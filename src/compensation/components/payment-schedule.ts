import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { checkOf, checkShare, referencesOf } from './payable.js';
import { checkTrigger, describeTrigger, type ReleaseTrigger, TRIGGER_KEYS } from './release-stage.js';
import { type ReleaseTerms, type ResolvedStage, releasePay } from './release-tranches.js';

/**
 * A share of what is earned, and when it is paid.
 *
 * @category compensation
 */
export type PaymentStage = {
  /** Fraction of what is earned. The shares of all stages sum to 1. */
  readonly share: ValueExpression;
} & ReleaseTrigger;

/**
 * When what is earned is paid: on booking, invoice or cash, in instalments, in arrears, or in advance and earned out.
 *
 * @category compensation
 */
export interface PaymentScheduleConfig {
  /** Name of the lines. */
  readonly label?: string;
  /** The components whose pay follows the schedule. */
  readonly of: readonly string[];
  /** When which share is paid. `on: 'booking'` is at once; an invoice or payment releases in proportion to the part of the deal that is invoiced or paid. */
  readonly stages: readonly PaymentStage[];
  /** Fraction paid at once whatever the stages say; what the stages reach later is paid only beyond it, until the advance is earned out. */
  readonly advance?: ValueExpression;
  /** Events that cancel what is not paid yet, in proportion to their share of the deal. Default: cancellation and return. Empty: none. */
  readonly cancelledBy?: readonly ('cancellation' | 'return')[];
  /** What becomes of unpaid stages when employment ends: `continue` (default): being employed at earning is enough; `forfeit`: one must be employed at payment; `pay`: all is paid at once. */
  readonly onTermination?: 'continue' | 'forfeit' | 'pay';
}

const KEYS = ['label', 'of', 'stages', 'advance', 'cancelledBy', 'onTermination'] as const;

/**
 * Payment schedule, deal by deal: due to date is `Σ earned × share × reached`, rounded, and the last stage pays what is left to the cent. For a payment `reached`
 * is paid ÷ total of the deal. With an advance it is `max(advance × earned, due by stages)`.
 *
 * What is earned and not yet due is held on a line of its own, and what falls due later is released; the statement shows what is still open. Pay that belongs to
 * no deal waits for no event.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [
 *   { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' },
 *   { kind: 'payment-schedule', id: 'timing', of: ['sales'], stages: [{ share: '0.5', on: 'booking' }, { share: '0.5', on: 'payment' }] },
 * ] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-10', amount: { amount: '10000', currency: 'USD' } }],
 *   dealEvents: [{ id: 'e1', dealId: 'd1', type: 'payment', on: '2026-02-05', share: '1' }], periods: ['2026-01', '2026-02'],
 * });
 * run.statements.map((statement) => statement.total.amount); // => ['500.00', '500.00']
 * ```
 * @category compensation
 */
export const paymentScheduleComponent = /* @__PURE__ */ defineComponent<'payment-schedule', PaymentScheduleConfig>({
  kind: 'payment-schedule',
  phase: 'hold',
  section: 'holdback',
  keys: KEYS,
  needsParts: true,
  dependsOn: (config) => referencesOf(config.of),
  check: (config, _issue) => checkSchedule(config),
  evaluate: (config, context) => evaluateSchedule(config, context),
  describe: (config) => describeSchedule(config),
});

function checkSchedule(config: PaymentScheduleConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkOf(record, issues, { required: true });
  checkList(record['stages'], ['stages'], issues, { min: 1, expected: 'a list of stages { share, on | afterMonths | afterDays | date }' })?.forEach((entry, index) => {
    const path = ['stages', index];
    const stage = checkRecord(entry, path, issues, 'a stage { share, on | afterMonths | afterDays | date }');
    if (stage === undefined) return;
    checkKeys(stage, ['share', ...TRIGGER_KEYS], path, issues);
    checkValueExpression(stage['share'], [...path, 'share'], issues);
    checkShare(stage['share'], [...path, 'share'], issues);
    checkTrigger(stage, path, issues);
  });
  if (Object.hasOwn(record, 'advance')) {
    checkValueExpression(record['advance'], ['advance'], issues);
    checkShare(record['advance'], ['advance'], issues);
  }
  if (Object.hasOwn(record, 'cancelledBy')) {
    checkList(record['cancelledBy'], ['cancelledBy'], issues)?.forEach((entry, index) => {
      checkOneOf(entry, ['cancellation', 'return'], ['cancelledBy', index], issues);
    });
  }
  if (Object.hasOwn(record, 'onTermination')) checkOneOf(record['onTermination'], ['continue', 'forfeit', 'pay'], ['onTermination'], issues);
  return issues;
}

function evaluateSchedule(config: PaymentScheduleConfig, context: EvaluationContext): readonly Posting[] {
  const stages: ResolvedStage[] = [];
  for (const stage of config.stages) {
    const share = context.value(stage.share, 'share');
    if (share === undefined) return [];
    stages.push({ share, trigger: stage });
  }
  const whole = context.sum(stages.map((stage) => stage.share));
  if (context.compare(whole, context.exact('1')) !== 0) {
    context.report('invalid_value', { expected: 'shares of stages that sum to 1', received: context.toText(whole) });
    return [];
  }
  let advance: ExactValue | undefined;
  if (config.advance !== undefined) {
    advance = context.value(config.advance, 'advance');
    if (advance === undefined) return [];
  }
  const terms: ReleaseTerms = {
    of: config.of,
    stages,
    ...(advance === undefined ? {} : { advance }),
    cancels: config.cancelledBy ?? ['cancellation', 'return'],
    onTermination: config.onTermination ?? 'continue',
    labels: { hold: `${config.label ?? 'Pay'} not due yet`, release: `${config.label ?? 'Pay'} now due`, balance: 'Earned and not paid yet' },
  };
  return releasePay(terms, context);
}

function describeSchedule(config: PaymentScheduleConfig): string {
  const stages = config.stages.map((stage) => `${typeof stage.share === 'string' ? `${Math.round(Number(stage.share) * 1e8) / 1e6} %` : 'a share'} ${describeTrigger(stage)}`);
  const advance =
    config.advance === undefined
      ? ''
      : ` An advance of ${typeof config.advance === 'string' ? `${Math.round(Number(config.advance) * 1e8) / 1e6} %` : 'a share'} is paid at once and earned out.`;
  const end =
    config.onTermination === 'forfeit' ? ' What is unpaid when you leave is forfeited.' : config.onTermination === 'pay' ? ' What is unpaid when you leave is paid at once.' : '';
  return `Pay from ${config.of.join(', ')} is paid ${stages.join(', ')}.${advance}${end}`;
}
