import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { checkOf, checkShare, isFinal, payableSoFar, referencesOf } from './payable.js';

/**
 * What happens to pay below zero.
 *
 * @category compensation
 */
export interface CarryConfig {
  /** Name of the lines. */
  readonly label?: string;
  /** The components that are taken together. Default: all variable pay posted so far (everything but salary and allowances). */
  readonly of?: readonly string[];
  /** `carry` (default): nothing is paid, and what is missing is recovered later. `forgive`: nothing is paid, and what is missing is dropped. `allow`: the statement is negative. */
  readonly negative?: 'carry' | 'forgive' | 'allow';
  /** How a carried balance is recovered from later pay. Default: from all of it. */
  readonly recovery?: {
    /** At most this fraction of the pay of a statement. */
    readonly share?: ValueExpression;
    /** At most this amount per statement. */
    readonly limit?: ValueExpression;
  };
  /** What happens to the balance when employment ends: it stays as a debit balance (default), is forgiven, or makes the final statement negative. */
  readonly onTermination?: 'debit' | 'forgive' | 'collect';
}

const KEYS = ['label', 'of', 'negative', 'recovery', 'onTermination'] as const;

/**
 * Negative carry: with `e` payable and `b` carried, pays 0 where `e < 0` and carries `b − e`; else recovers `min(b, share × e, limit)`.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [
 *   { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' },
 *   { kind: 'carry', id: 'below-zero' },
 * ] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-10', amount: { amount: '-8000', currency: 'USD' } }, { id: 'c2', payeeId: 'ada', dealId: 'd2', on: '2026-02-10', amount: { amount: '20000', currency: 'USD' } }],
 *   periods: ['2026-01', '2026-02'],
 * });
 * run.statements.map((statement) => statement.total.amount); // => ['0.00', '1200.00']
 * ```
 * @category compensation
 */
export const carryComponent = /* @__PURE__ */ defineComponent<'carry', CarryConfig>({
  kind: 'carry',
  phase: 'carry',
  section: 'carry',
  keys: KEYS,
  dependsOn: (config) => referencesOf(config.of),
  check: (config, _issue) => checkCarry(config),
  evaluate: (config, context) => evaluateCarry(config, context),
  describe: (config) => describeCarry(config),
});

function checkCarry(config: CarryConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkOf(record, issues);
  if (Object.hasOwn(record, 'negative')) checkOneOf(record['negative'], ['carry', 'forgive', 'allow'], ['negative'], issues);
  if (Object.hasOwn(record, 'onTermination')) checkOneOf(record['onTermination'], ['debit', 'forgive', 'collect'], ['onTermination'], issues);
  if (!Object.hasOwn(record, 'recovery')) return issues;
  const recovery = checkRecord(record['recovery'], ['recovery'], issues, 'an object { share, limit }');
  if (recovery === undefined) return issues;
  checkKeys(recovery, ['share', 'limit'], ['recovery'], issues);
  for (const key of ['share', 'limit']) if (Object.hasOwn(recovery, key)) checkValueExpression(recovery[key], ['recovery', key], issues);
  checkShare(recovery['share'], ['recovery', 'share'], issues);
  return issues;
}

function evaluateCarry(config: CarryConfig, context: EvaluationContext): readonly Posting[] {
  if (config.negative === 'allow') return [];
  const unit = context.currency;
  const zero = context.exact('0', { name: 'nothing', unit });
  const carried = context.carried();
  const owed = carried === undefined ? zero : context.fromText(checkRecord(carried, [], [])?.['balance'], { name: 'carried from earlier', unit });
  const payable = payableSoFar(context, config.of);
  const postings: Posting[] = [];
  let balance = owed;
  if (context.sign(payable) < 0) {
    const missing = context.negate(payable, { label: 'Below zero', unit });
    const forgives = config.negative === 'forgive';
    postings.push(context.post(missing, { label: config.label ?? (forgives ? 'Below zero, not collected' : 'Below zero, carried'), ...(forgives ? { memo: missing } : {}) }));
    if (!forgives) balance = context.sum([owed, missing], { label: 'Carried', unit });
  } else {
    const recovered = recoveredFrom(config, context, payable, owed);
    if (recovered === undefined) return [];
    if (context.sign(recovered) > 0) {
      postings.push(
        context.post(context.negate(recovered, { label: 'Recovered', unit }), {
          label: config.label === undefined ? 'Carried from earlier, recovered' : `${config.label}: recovered`,
        }),
      );
      balance = context.subtract(owed, recovered, { label: 'Still carried', unit });
    }
  }
  if (context.sign(balance) > 0 && isFinal(context)) balance = settle(config, context, balance, postings);
  context.balance('Negative pay carried', balance);
  context.carry(context.sign(balance) === 0 ? undefined : { balance: context.toText(balance) });
  return postings;
}

function recoveredFrom(config: CarryConfig, context: EvaluationContext, payable: ExactValue, owed: ExactValue): ExactValue | undefined {
  const unit = context.currency;
  if (context.sign(owed) === 0) return owed;
  const { share, limit } = config.recovery ?? {};
  const fraction = share === undefined ? undefined : context.value(share, 'share recovered');
  const most = limit === undefined ? undefined : context.value(limit, 'limit of recovery');
  if ((share !== undefined && fraction === undefined) || (limit !== undefined && most === undefined)) return undefined;
  const part =
    fraction === undefined
      ? payable
      : context.round(context.multiply([payable, fraction], { label: 'Share recovered', unit }), context.rounding, { label: 'Share recovered', unit });
  const recovered = context.minimum([owed, part, ...(fraction === undefined ? [] : [payable]), ...(most === undefined ? [] : [most])], { label: 'Recovered', unit });
  return context.sign(recovered) < 0 ? context.exact('0', { name: 'nothing', unit }) : recovered;
}

/** What is left when employment ends. */
function settle(config: CarryConfig, context: EvaluationContext, balance: ExactValue, postings: Posting[]): ExactValue {
  const unit = context.currency;
  const none = context.exact('0', { name: 'nothing', unit });
  if (config.onTermination === 'forgive') {
    postings.push(context.post(none, { label: 'Negative pay forgiven', memo: balance }));
    return none;
  }
  if (config.onTermination !== 'collect') return balance;
  postings.push(context.post(context.negate(balance, { label: 'Collected', unit }), { label: 'Negative pay collected' }));
  return none;
}

function describeCarry(config: CarryConfig): string {
  if (config.negative === 'allow') return 'A statement may be negative; what is below zero is owed.';
  if (config.negative === 'forgive') return 'Pay does not fall below zero; what is missing is not collected.';
  const share = config.recovery?.share;
  return `Pay does not fall below zero; what is missing is recovered from later pay${typeof share === 'string' ? `, at most ${Math.round(Number(share) * 1e8) / 1e6} % of it at a time` : ''}.`;
}
