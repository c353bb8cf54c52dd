import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioMax, ratioMin, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import { checkFactorText } from '../percent-hint.js';
import type { MeasuredCredit } from '../tier-band.js';
import type { QuotaReference } from '../tier-selector.js';
import { QUOTA_REFERENCES } from '../tier-selector.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type EarningSource, neededQuota } from './earning-work.js';

/**
 * What must be measured before anything is paid: an amount, or an attainment. Once it is reached pay starts from the first unit (`first-dollar`, a jump), or for
 * what lies above only (`excess-only`, no jump).
 *
 * @category compensation
 */
export interface Threshold {
  /** In the unit of the measure. */
  readonly amount?: ValueExpression;
  /** As a fraction of quota. */
  readonly attainment?: ValueExpression;
  /** Which quota attainment refers to. Default `full`. */
  readonly reference?: QuotaReference;
  /** Default `first-dollar`. */
  readonly pays?: 'first-dollar' | 'excess-only';
}

/** Checks a threshold of unknown shape. */
export function checkThreshold(value: unknown, path: IssuePath, issues: IssueSink): void {
  const threshold = checkRecord(value, path, issues, 'a threshold { amount } or { attainment }');
  if (threshold === undefined) return;
  checkKeys(threshold, ['amount', 'attainment', 'reference', 'pays'], path, issues);
  const byAmount = Object.hasOwn(threshold, 'amount');
  if (byAmount === Object.hasOwn(threshold, 'attainment')) issues.push(createIssue('missing_key', path, { expected: 'exactly one of amount, attainment' }));
  else {
    const key = byAmount ? 'amount' : 'attainment';
    checkValueExpression(threshold[key], [...path, key], issues);
    if (!byAmount) checkFactorText(threshold[key], [...path, key], issues);
  }
  if (Object.hasOwn(threshold, 'reference')) checkOneOf(threshold['reference'], QUOTA_REFERENCES, [...path, 'reference'], issues);
  if (Object.hasOwn(threshold, 'pays')) checkOneOf(threshold['pays'], ['first-dollar', 'excess-only'], [...path, 'pays'], issues);
}

/** What counts after a cap on attainment or on the credit of a window: nothing above the limit. */
export function capSource(source: EarningSource, most: ExactValue, label: string, context: EvaluationContext): EarningSource {
  const highest = ratioOf(most);
  return mapSource(
    source,
    (value) => (ratioCompare(ratioOf(value), highest) > 0 ? context.minimum([value, most], { label }) : value),
    (value) => ratioMin(value, highest),
  );
}

/** What counts behind a threshold. Undefined where the threshold has no value (reported). */
export function applyThreshold(threshold: Threshold, source: EarningSource, context: EvaluationContext): EarningSource | undefined {
  const at = thresholdAmount(threshold, source, context);
  if (at === undefined) return undefined;
  const bound = ratioOf(at);
  if (threshold.pays === 'excess-only') {
    return mapSource(
      source,
      (value) =>
        ratioCompare(ratioOf(value), bound) > 0 ? context.subtract(value, at, { label: 'Above the threshold' }) : exactValueOfRatio(RATIO_ZERO, { name: 'below the threshold' }),
      (value) => ratioMax(RATIO_ZERO, ratioSubtract(value, bound)),
    );
  }
  const reached = (value: ExactValue): boolean => ratioCompare(ratioOf(value), bound) >= 0;
  const counted = (value: ExactValue): ExactValue => (reached(value) ? value : exactValueOfRatio(RATIO_ZERO, { name: 'below the threshold' }));
  const nowReached = reached(source.toDate);
  // Reached with these credits: those before are paid now as well, though the line lists only these.
  return {
    ...source,
    before: counted(source.before),
    toDate: counted(source.toDate),
    credits: nowReached ? source.credits : () => [],
    creditsStart: nowReached ? (source.creditsStart ?? source.before) : counted(source.before),
  };
}

function thresholdAmount(threshold: Threshold, source: EarningSource, context: EvaluationContext): ExactValue | undefined {
  if (threshold.amount !== undefined) return context.value(threshold.amount, 'threshold');
  const fraction = threshold.attainment === undefined ? undefined : context.value(threshold.attainment, 'threshold');
  if (fraction === undefined) return undefined;
  const quota = neededQuota(source, threshold.reference ?? 'full', context);
  return quota === undefined ? undefined : context.multiply([fraction, quota], { label: 'Threshold' });
}

/** A source seen through a function that never falls; credits keep the part of them that is seen. */
function mapSource(source: EarningSource, traced: (value: ExactValue) => ExactValue, exact: (value: Ratio) => Ratio): EarningSource {
  const start = ratioOf(source.creditsStart ?? source.before);
  const before = traced(source.before);
  return {
    ...source,
    before,
    toDate: traced(source.toDate),
    creditsStart: exactValueOfRatio(exact(start), { name: 'start' }),
    credits: () => {
      let running = start;
      return source.credits().flatMap((credit): readonly MeasuredCredit[] => {
        const next = ratioAdd(running, credit.value);
        const seen = ratioSubtract(exact(next), exact(running));
        running = next;
        return ratioSign(seen) === 0 ? [] : [{ ...credit, value: seen }];
      });
    },
  };
}
