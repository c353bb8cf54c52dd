import { exactCompare, toExact } from '../../decimal/exact.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, ratioCompare, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { createIssue, formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import { checkFactorText } from '../percent-hint.js';
import { curveAt } from '../tier-modes/interpolated.js';
import { checkTierSelector, QUOTA_REFERENCES, type QuotaReference, type TierSelector } from '../tier-selector.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type EarnedBand, plainBand, scaleBand, sumOfBands, totalOfBands } from './band-operations.js';
import { type EarningSource, inBoundUnits, select } from './earning-work.js';

/**
 * A factor for a range of a measure.
 *
 * @category compensation
 */
export interface ModifierTier {
  /** Where the range starts, in the unit of the measure; for attainment a fraction. */
  readonly from: ValueExpression;
  /** Factor on what is earned. */
  readonly factor: ValueExpression;
}

/**
 * A factor on what is earned: fixed, or from a table by another measure.
 *
 * @category compensation
 */
export interface Modifier {
  /** What the statement calls it. */
  readonly label?: string;
  /** A fixed factor. */
  readonly factor?: ValueExpression;
  /** What selects the factor: attainment, the amount, or another measure. */
  readonly by?: TierSelector;
  /** Which quota attainment refers to. Default `full`. */
  readonly reference?: QuotaReference;
  /** The table. The first range is open downwards. */
  readonly tiers?: readonly ModifierTier[];
  /** Default `step`; `interpolated` runs straight from one point to the next. */
  readonly lookup?: 'step' | 'interpolated';
  /** Which range owns a value exactly on a bound. Default `lower-inclusive`. */
  readonly boundary?: 'lower-inclusive' | 'upper-inclusive';
  /** What it applies to: what is earned now (default), or everything in the window to date, so that what was paid before is adjusted. */
  readonly applies?: 'now' | 'to-date';
}

/** Checks modifiers of unknown shape. */
export function checkModifiers(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkList(value, path, issues, { expected: 'a list of modifiers' })?.forEach((entry, index) => {
    const at = [...path, index];
    const modifier = checkRecord(entry, at, issues, 'a modifier { factor } or { by, tiers }');
    if (modifier === undefined) return;
    checkKeys(modifier, ['label', 'factor', 'by', 'reference', 'tiers', 'lookup', 'boundary', 'applies'], at, issues);
    if (Object.hasOwn(modifier, 'label')) checkText(modifier['label'], [...at, 'label'], issues);
    if (Object.hasOwn(modifier, 'reference')) checkOneOf(modifier['reference'], QUOTA_REFERENCES, [...at, 'reference'], issues);
    if (Object.hasOwn(modifier, 'lookup')) checkOneOf(modifier['lookup'], ['step', 'interpolated'], [...at, 'lookup'], issues);
    if (Object.hasOwn(modifier, 'boundary')) checkOneOf(modifier['boundary'], ['lower-inclusive', 'upper-inclusive'], [...at, 'boundary'], issues);
    if (Object.hasOwn(modifier, 'applies')) checkOneOf(modifier['applies'], ['now', 'to-date'], [...at, 'applies'], issues);
    if (Object.hasOwn(modifier, 'factor')) {
      checkValueExpression(modifier['factor'], [...at, 'factor'], issues);
      checkFactorText(modifier['factor'], [...at, 'factor'], issues);
      if (Object.hasOwn(modifier, 'tiers')) issues.push(createIssue('invalid_value', [...at, 'tiers'], { expected: 'either factor or tiers' }));
      return;
    }
    checkTierSelector(modifier['by'], [...at, 'by'], issues);
    let previous: string | undefined;
    checkList(modifier['tiers'], [...at, 'tiers'], issues, { min: 1, expected: 'a list of ranges { from, factor }' })?.forEach((row, place) => {
      const where = [...at, 'tiers', place];
      const tier = checkRecord(row, where, issues, 'a range { from, factor }');
      if (tier === undefined) return;
      checkKeys(tier, ['from', 'factor'], where, issues);
      checkValueExpression(tier['from'], [...where, 'from'], issues);
      if (modifier['by'] === 'attainment') checkFactorText(tier['from'], [...where, 'from'], issues);
      checkValueExpression(tier['factor'], [...where, 'factor'], issues);
      checkFactorText(tier['factor'], [...where, 'factor'], issues);
      const from = typeof tier['from'] === 'string' ? readDecimal(tier['from']) : undefined;
      if (typeof from !== 'string') return;
      if (previous !== undefined && exactCompare(toExact(from), toExact(previous)) <= 0)
        issues.push(createIssue('tiers_not_ascending', [...where, 'from'], { expected: `more than "${previous}" (ranges rise)`, received: from }));
      previous = from;
    });
  });
}

/** Applies a modifier. Where its factor has no value nothing is paid; that is reported. */
export function applyModifier(
  modifier: Modifier,
  place: number,
  bands: readonly EarnedBand[],
  source: EarningSource,
  context: EvaluationContext,
  follows: boolean,
): readonly EarnedBand[] {
  const path: IssuePath = [...context.path, 'modifiers', place];
  const label = modifier.label ?? 'modifier';
  const planPath = formatPath(path);
  const earnedKey = `modifier.${place}.base`;
  const paidKey = `modifier.${place}.paid`;
  const toDate = modifier.applies === 'to-date' && follows;
  const factor = factorOf(modifier, place, source, context);
  const base = toDate ? context.accumulate(earnedKey, source.window, totalOfBands(bands, context, 'Earned now')).toDate : undefined;
  if (factor === undefined) return [];
  const isOne = ratioCompare(ratioOf(factor), RATIO_ONE) === 0;
  const scaled = isOne ? bands : bands.map((band) => scaleBand(band, factor, label, planPath, context));
  if (base === undefined) return scaled;
  const now = sumOfBands(scaled);
  const paidBefore = context.accumulate(paidKey, source.window, namedTotal(context, now)).before;
  const due = context.multiply([base, factor], { label: `Earned to date × ${label}`, unit: context.currency });
  const change = ratioSubtract(ratioSubtract(ratioOf(due), ratioOf(paidBefore)), now);
  if (ratioSign(change) === 0) return scaled;
  const amount = context.subtract(
    context.subtract(due, paidBefore, { label: 'Due to date less paid before', unit: context.currency }),
    totalOfBands(scaled, context, 'Paid on what is earned now'),
    {
      label: `Earlier pay, ${label}`,
      planPath,
      unit: context.currency,
    },
  );
  context.accumulate(paidKey, source.window, amount);
  return [...scaled, plainBand(`Earlier pay, ${label}`, planPath, amount)];
}

function namedTotal(context: EvaluationContext, now: ReturnType<typeof ratioOf>): ExactValue {
  return exactValueOfRatio(now, { name: 'paid', unit: context.currency });
}

function factorOf(modifier: Modifier, place: number, source: EarningSource, context: EvaluationContext): ExactValue | undefined {
  if (modifier.factor !== undefined) return context.value(modifier.factor, 'factor');
  const found = select(modifier.by ?? 'amount', modifier.reference ?? 'full', source, `modifier.${place}`, context);
  if (found === undefined) return undefined;
  const value = inBoundUnits(found, context);
  const points: { readonly at: ExactValue; readonly pays: ExactValue }[] = [];
  for (const tier of modifier.tiers ?? []) {
    const at = context.value(tier.from, 'bound');
    const pays = context.value(tier.factor, 'factor');
    if (at === undefined || pays === undefined) return undefined;
    points.push({ at, pays });
  }
  const planPath = formatPath([...context.path, 'modifiers', place]);
  const label = modifier.label ?? 'Factor';
  if (modifier.lookup === 'interpolated') return curveAt(points, value, context, { label, planPath }).pays ?? points[0]?.pays;
  let reached = 0;
  points.forEach((point, index) => {
    const order = ratioCompare(ratioOf(value), ratioOf(point.at));
    if (index > 0 && (modifier.boundary === 'upper-inclusive' ? order > 0 : order >= 0)) reached = index;
  });
  return points.length === 0
    ? undefined
    : context.select(
        points.map((point) => point.pays),
        reached,
        { label, planPath },
      );
}
