import { RATIO_ZERO, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import type { PlanPeriodUnit } from '../plan.js';
import { checkQuotaConfig, type QuotaConfig } from '../quotas/quota-policy.js';
import { checkPayRate, type PayRate } from '../tier-table.js';
import { type EarnedBand, plainBand } from './band-operations.js';

/**
 * Pay by the period, made good over a longer window: `f(to date) − paid`.
 *
 * @category compensation
 */
export interface TrueUp {
  /** The longer window. */
  readonly over: PlanPeriodUnit | 'plan';
  /** Whether it may also take back. Default `both`; `upward` only adds. */
  readonly direction?: 'both' | 'upward';
  /** When it is made: with the last statement of the window, or of the payee's time on the plan within it (default); or with every statement. */
  readonly at?: 'end' | 'every-period';
  /** The rate for the longer window. Default: that of the component; tiers by amount usually need their own. */
  readonly rate?: PayRate;
  /** The quota of the longer window. Default: the quotas given for it, or the sum of the quotas of the component's windows. */
  readonly quota?: QuotaConfig;
}

/** Checks a true-up of unknown shape. */
export function checkTrueUp(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly ratesAreFractions: boolean }): void {
  const trueUp = checkRecord(value, path, issues, 'a true-up { over }');
  if (trueUp === undefined) return;
  checkKeys(trueUp, ['over', 'direction', 'at', 'rate', 'quota'], path, issues);
  checkOneOf(trueUp['over'], ['month', 'quarter', 'half', 'year', 'plan'], [...path, 'over'], issues);
  if (Object.hasOwn(trueUp, 'direction')) checkOneOf(trueUp['direction'], ['both', 'upward'], [...path, 'direction'], issues);
  if (Object.hasOwn(trueUp, 'at')) checkOneOf(trueUp['at'], ['end', 'every-period'], [...path, 'at'], issues);
  if (Object.hasOwn(trueUp, 'rate')) checkPayRate(trueUp['rate'], [...path, 'rate'], issues, options);
  if (Object.hasOwn(trueUp, 'quota')) checkQuotaConfig(trueUp['quota'], [...path, 'quota'], issues);
}

/** The line of a true-up, or undefined where nothing is to be made good. */
export function trueUpBand(trueUp: TrueUp, due: ExactValue, paid: ExactValue, label: string, context: EvaluationContext): EarnedBand | undefined {
  const change = ratioSubtract(ratioOf(due), ratioOf(paid));
  if (ratioSign(change) === 0) return undefined;
  const planPath = formatPath([...context.path, 'trueUp']);
  const note = { label: `True-up for ${label}`, planPath, unit: context.currency };
  if (ratioSign(change) < 0 && trueUp.direction === 'upward') return undefined;
  return plainBand(note.label, planPath, context.subtract(due, paid, note), { tier: 950 });
}

/**
 * What a negative result becomes: recovered now, carried to the next period, or forgiven.
 *
 * @category compensation
 */
export type NegativePolicy = 'recover' | 'carry' | 'forgive';

/** The line that keeps a negative result from being paid, or recovers an earlier one; undefined where there is none. */
export function negativeBand(policy: NegativePolicy, total: ExactValue, context: EvaluationContext): EarnedBand | undefined {
  if (policy === 'recover') return undefined;
  const planPath = formatPath([...context.path, 'negative']);
  const zero = exactValueOfRatio(RATIO_ZERO, { name: 'nothing', unit: context.currency });
  const negative = ratioSign(ratioOf(total)) < 0;
  if (policy === 'forgive')
    return negative ? plainBand('Negative result forgiven', planPath, context.negate(total, { label: 'Negative result forgiven', planPath, unit: context.currency })) : undefined;
  const [forever] = context.windows('plan');
  if (forever === undefined) return undefined;
  const owed = context.accumulate('negative', forever, zero).before;
  if (!negative && ratioSign(ratioOf(owed)) === 0) return undefined;
  const left = context.sum([total, owed], { label: 'Earned now less what is carried', unit: context.currency });
  const label = negative ? 'Negative result carried forward' : 'Earlier negative result recovered';
  const change = context.subtract(context.maximum([left, zero], { label: 'Paid now', unit: context.currency }), total, { label, planPath, unit: context.currency });
  context.accumulate('negative', forever, context.negate(change));
  return plainBand(label, planPath, change, { section: 'carry' });
}
