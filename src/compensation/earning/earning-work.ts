/* What the steps of a commission work on: the evaluation, and one window, deal or credit of it. */
import { RATIO_ONE, type Ratio, ratioCompare, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import type { EvaluationContext, Measured } from '../component.js';
import type { Measure } from '../measure.js';
import { activeShare, type ProrationPolicy, type ProrationScope } from '../quotas/active-share.js';
import { type EarningWindow, isEndless } from '../quotas/quota-policy.js';
import type { MeasuredCredit } from '../tier-band.js';
import type { QuotaReference, TierSelector } from '../tier-selector.js';
import type { ValueExpression } from '../value-expression.js';

/** One window, deal or credit that pay is earned on. */
export interface EarningSource {
  /** The window that the quota and prorated figures belong to. */
  readonly window: EarningWindow;
  readonly before: ExactValue;
  readonly toDate: ExactValue;
  readonly credits: () => readonly MeasuredCredit[];
  /** Where the credits start, if not at `before`. */
  readonly creditsStart: ExactValue | undefined;
  /** The quota of the window or a part of it; undefined where none is given. Nothing is reported. */
  readonly quota: (reference: QuotaReference) => ExactValue | undefined;
  /** A second measure: over the window to date, or of the deal or credit. */
  readonly second: (measure: Measure, key: string) => Pick<Measured, 'total' | 'unknown'>;
}

/** A value to be looked up, and the factor from the bounds of a table to it. */
export interface Selected {
  readonly value: ExactValue;
  /** The quota, for bounds that are fractions of it. */
  readonly unit?: ExactValue;
}

/** The quota that attainment needs. Reported and undefined where it is missing, or not above zero. */
export function neededQuota(source: EarningSource, reference: QuotaReference, context: EvaluationContext): ExactValue | undefined {
  const quota = source.quota(reference);
  if (quota === undefined) {
    context.report('missing_quota', { expected: `a quota for ${context.payee.id} in ${context.period.label}` });
    return undefined;
  }
  if (ratioSign(ratioOf(quota)) > 0) return quota;
  context.report('undefined_attainment', { expected: 'a quota above 0', hint: 'attainment of a quota of 0 is not defined, so nothing is paid by attainment' });
  return undefined;
}

/** What a selector stands for. Undefined, and reported, where it has no value. */
export function select(selector: TierSelector, reference: QuotaReference, source: EarningSource, key: string, context: EvaluationContext): Selected | undefined {
  if (selector === 'amount') return { value: source.toDate };
  if (selector === 'attainment') {
    const unit = neededQuota(source, reference, context);
    return unit === undefined ? undefined : { value: source.toDate, unit };
  }
  const measured = source.second(selector, key);
  return measured.unknown === undefined ? { value: measured.total } : undefined;
}

/** A selected value in the unit of the bounds. */
export function inBoundUnits({ value, unit }: Selected, context: EvaluationContext): ExactValue {
  return unit === undefined ? value : context.divide(value, unit, { label: 'Attainment', unit: 'fraction' });
}

/** The share of the window that something is prorated to; undefined where it is not prorated, or is whole. */
export function prorationOf(policy: ProrationPolicy | undefined, scope: ProrationScope, window: EarningWindow, context: EvaluationContext): ExactValue | undefined {
  if (policy === undefined || !policy.scope.includes(scope) || isEndless(window)) return undefined;
  const share: Ratio = window.whole === undefined ? activeShare(context, policy, window) : activeShare(context, policy, window.whole, window);
  return ratioCompare(share, RATIO_ONE) === 0 ? undefined : exactValueOfRatio(share, { name: 'active share', unit: 'fraction', source: window.label });
}

/** A figure of the plan times a share. */
export function proratedValue(expression: ValueExpression, name: string, share: ExactValue | undefined, context: EvaluationContext): ExactValue | undefined {
  const value = context.value(expression, name);
  return value === undefined || share === undefined ? value : context.multiply([value, share], { label: `${name}, prorated` });
}
