import { RATIO_ZERO, ratioAdd } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createIssue, formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import { checkFactorText } from '../percent-hint.js';
import type { CreditPart, MeasuredCredit } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import type { EarnedBand } from './band-operations.js';
import { limitCredits, reportReview } from './limits.js';

/**
 * An exceptional deal: credit of one deal above a limit is treated apart. Exactly one limit is stated.
 *
 * @category compensation
 */
export interface Windfall {
  /** Limit in the unit of the measure. */
  readonly amount?: ValueExpression;
  /** Limit as a fraction of the quota of the window. */
  readonly shareOfQuota?: ValueExpression;
  /** Limit as a fraction of `of`, for example of the yearly target incentive. */
  readonly shareOfTarget?: ValueExpression;
  /** What `shareOfTarget` is of. */
  readonly of?: ValueExpression;
  /**
   * What happens to the credit above the limit, which never counts toward attainment: it is set aside and reported (`review`), paid at the base rate, or not
   * paid (`cap-credit`).
   */
  readonly treatment: 'review' | 'base-rate' | 'cap-credit';
  /** For `base-rate`. Default: the rate of the first tier. */
  readonly baseRate?: ValueExpression;
}

/** Checks a windfall clause of unknown shape. */
export function checkWindfall(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly hasBaseRate: boolean }): void {
  const windfall = checkRecord(value, path, issues, 'a clause { amount, treatment }');
  if (windfall === undefined) return;
  checkKeys(windfall, ['amount', 'shareOfQuota', 'shareOfTarget', 'of', 'treatment', 'baseRate'], path, issues);
  const limits = ['amount', 'shareOfQuota', 'shareOfTarget'].filter((key) => Object.hasOwn(windfall, key));
  const [limit] = limits;
  if (limits.length !== 1 || limit === undefined)
    issues.push(createIssue('missing_key', path, { expected: 'exactly one of amount, shareOfQuota, shareOfTarget', received: limits.join(', ') || 'none' }));
  else {
    checkValueExpression(windfall[limit], [...path, limit], issues);
    if (limit !== 'amount') checkFactorText(windfall[limit], [...path, limit], issues);
  }
  if (Object.hasOwn(windfall, 'of')) checkValueExpression(windfall['of'], [...path, 'of'], issues);
  else if (limit === 'shareOfTarget') issues.push(createIssue('missing_key', [...path, 'of'], { expected: 'what shareOfTarget is of' }));
  const treatment = checkOneOf(windfall['treatment'], ['review', 'base-rate', 'cap-credit'], [...path, 'treatment'], issues);
  if (Object.hasOwn(windfall, 'baseRate')) checkValueExpression(windfall['baseRate'], [...path, 'baseRate'], issues);
  else if (treatment === 'base-rate' && !options.hasBaseRate) issues.push(createIssue('missing_key', [...path, 'baseRate'], { expected: 'the rate that is paid instead' }));
}

/** Credits without what is a windfall, and what is paid for that. */
export function setWindfallAside(
  windfall: Windfall,
  credits: readonly MeasuredCredit[],
  quota: () => ExactValue | undefined,
  baseRate: () => ExactValue | undefined,
  context: EvaluationContext,
): { readonly credits: readonly MeasuredCredit[]; readonly bands: readonly EarnedBand[] } {
  const path: IssuePath = [...context.path, 'windfall'];
  const most = limitOf(windfall, quota, context);
  if (most === undefined) return { credits, bands: [] };
  const { credits: limited, excess } = limitCredits(credits, 'deal', () => ratioOf(most));
  if (excess.length === 0) return { credits, bands: [] };
  if (windfall.treatment === 'review') for (const entry of excess) reportReview(context, `Credit of ${entry.dealId ?? entry.creditId}`, most, exactValueOfRatio(entry.basis), path);
  if (windfall.treatment !== 'base-rate') return { credits: limited, bands: [] };
  const rate = windfall.baseRate === undefined ? baseRate() : context.value(windfall.baseRate, 'base rate');
  if (rate === undefined) return { credits: limited, bands: [] };
  const planPath = formatPath(path);
  const label = 'Windfall at the base rate';
  const basis = exactValueOfRatio(
    excess.reduce((sum, entry) => ratioAdd(sum, entry.basis), RATIO_ZERO),
    { name: 'credit above the limit' },
  );
  const parts: readonly CreditPart[] = excess.map(({ most: _, ...part }) => part);
  return { credits: limited, bands: [{ tier: 800, label, planPath, basis, rate, amount: context.multiply([basis, rate], { label, planPath, unit: context.currency }), parts }] };
}

function limitOf(windfall: Windfall, quota: () => ExactValue | undefined, context: EvaluationContext): ExactValue | undefined {
  if (windfall.amount !== undefined) return context.value(windfall.amount, 'windfall limit');
  const share = context.value(windfall.shareOfQuota ?? windfall.shareOfTarget ?? '0', 'windfall limit');
  const whole = windfall.shareOfQuota === undefined ? (windfall.of === undefined ? undefined : context.value(windfall.of, 'target')) : quota();
  if (share === undefined) return undefined;
  if (whole === undefined) {
    if (windfall.shareOfQuota !== undefined) context.report('missing_quota', { expected: `a quota for ${context.payee.id}, which the windfall limit is a share of` });
    return undefined;
  }
  return context.multiply([share, whole], { label: 'Windfall limit' });
}
