import { checkKeys, checkOneOf, checkText, type IssueSink } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { checkOf, checkShare, referencesOf } from './payable.js';
import { checkTriggerRecord, describeTrigger, type ReleaseTrigger } from './release-stage.js';
import { releasePay } from './release-tranches.js';

/**
 * A share of pay that is kept back for a time, as security.
 *
 * @category compensation
 */
export interface HoldbackConfig {
  /** Name of the lines. */
  readonly label?: string;
  /** The components of whose pay a share is kept back. */
  readonly of: readonly string[];
  /** The fraction kept back. */
  readonly share: ValueExpression;
  /** When it is released: on a day, after months or days, or on an event of the deal. */
  readonly release: ReleaseTrigger;
  /** What becomes of it when employment ends: it is released when due (default), lost, or paid at once. */
  readonly onTermination?: 'continue' | 'forfeit' | 'pay';
}

const KEYS = ['label', 'of', 'share', 'release', 'onTermination'] as const;

/**
 * Holdback: keeps back `share × earned` of each deal, and releases it when it is due. A cancellation or return before that cancels what is kept back, in proportion
 * to its share of the deal.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [
 *   { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' },
 *   { kind: 'holdback', id: 'reserve', of: ['sales'], share: '0.2', release: { afterMonths: 1 } },
 * ] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-10', amount: { amount: '10000', currency: 'USD' } }],
 *   periods: ['2026-01', '2026-02'],
 * });
 * run.statements.map((statement) => statement.total.amount); // => ['800.00', '200.00']
 * ```
 * @category compensation
 */
export const holdbackComponent = /* @__PURE__ */ defineComponent<'holdback', HoldbackConfig>({
  kind: 'holdback',
  phase: 'hold',
  section: 'holdback',
  keys: KEYS,
  needsParts: true,
  dependsOn: (config) => referencesOf(config.of),
  check: (config, _issue) => checkHoldback(config),
  evaluate: (config, context) => evaluateHoldback(config, context),
  describe: (config) =>
    `${typeof config.share === 'string' ? `${Math.round(Number(config.share) * 1e8) / 1e6} %` : 'A share'} of your pay from ${config.of.join(', ')} is kept back and released ${describeTrigger(config.release)}.`,
});

function checkHoldback(config: HoldbackConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkOf(record, issues, { required: true });
  checkValueExpression(record['share'], ['share'], issues);
  checkShare(record['share'], ['share'], issues);
  checkTriggerRecord(record['release'], ['release'], issues);
  if (Object.hasOwn(record, 'onTermination')) checkOneOf(record['onTermination'], ['continue', 'forfeit', 'pay'], ['onTermination'], issues);
  return issues;
}

function evaluateHoldback(config: HoldbackConfig, context: EvaluationContext): readonly Posting[] {
  const share = context.value(config.share, 'share kept back');
  if (share === undefined) return [];
  const rest = context.subtract(context.exact('1'), share, { label: 'Share paid at once' });
  const label = config.label ?? 'Holdback';
  return releasePay(
    {
      of: config.of,
      stages: [
        { share: rest, trigger: { on: 'booking' } },
        { share, trigger: config.release },
      ],
      cancels: ['cancellation', 'return'],
      onTermination: config.onTermination ?? 'continue',
      labels: { hold: label, release: `${label} released`, balance: 'Kept back' },
    },
    context,
  );
}
