import { ratioSign } from '../../decimal/ratio.js';
import { ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import { checkFactorText } from '../percent-hint.js';
import { payTiers, resolveTable } from '../tier-payout.js';
import { checkTierSelector, QUOTA_REFERENCES, type QuotaReference, type TierSelector } from '../tier-selector.js';
import type { Tier, TierTable } from '../tier-table.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import type { EarnedBand } from './band-operations.js';
import { type EarningSource, select } from './earning-work.js';

/**
 * A level of a kicker.
 *
 * @category compensation
 */
export interface KickerTier {
  /** The level, in the unit of what is looked at; for attainment a fraction. */
  readonly from: ValueExpression;
  /** Money for reaching it. */
  readonly amount?: ValueExpression;
  /** Fraction of `of` for reaching it. */
  readonly share?: ValueExpression;
}

/**
 * Money on top for reaching levels in the window: that of the highest level reached, or of all levels reached together. Paid once for each window; given back if
 * a refund takes the level away.
 *
 * @category compensation
 */
export interface Kicker {
  /** What the statement calls it. */
  readonly label?: string;
  /** What must reach the levels. Default `attainment`. */
  readonly by?: TierSelector;
  /** Which quota attainment refers to. Default `full`. */
  readonly reference?: QuotaReference;
  /** Default `highest`. */
  readonly reach?: 'highest' | 'sum';
  /** The levels, rising. */
  readonly tiers: readonly KickerTier[];
  /** What shares are of: target incentive, on-target earnings. */
  readonly of?: ValueExpression;
}

/** Checks kickers of unknown shape. */
export function checkKickers(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkList(value, path, issues, { expected: 'a list of kickers' })?.forEach((entry, index) => {
    const at = [...path, index];
    const kicker = checkRecord(entry, at, issues, 'a kicker { tiers }');
    if (kicker === undefined) return;
    checkKeys(kicker, ['label', 'by', 'reference', 'reach', 'tiers', 'of'], at, issues);
    if (Object.hasOwn(kicker, 'label')) checkText(kicker['label'], [...at, 'label'], issues);
    if (Object.hasOwn(kicker, 'by')) checkTierSelector(kicker['by'], [...at, 'by'], issues);
    if (Object.hasOwn(kicker, 'reference')) checkOneOf(kicker['reference'], QUOTA_REFERENCES, [...at, 'reference'], issues);
    if (Object.hasOwn(kicker, 'reach')) checkOneOf(kicker['reach'], ['highest', 'sum'], [...at, 'reach'], issues);
    if (Object.hasOwn(kicker, 'of')) checkValueExpression(kicker['of'], [...at, 'of'], issues);
    let kind: string | undefined;
    checkList(kicker['tiers'], [...at, 'tiers'], issues, { min: 1, expected: 'a list of levels { from, amount }' })?.forEach((row, place) => {
      const where = [...at, 'tiers', place];
      const tier = checkRecord(row, where, issues, 'a level { from, amount } or { from, share }');
      if (tier === undefined) return;
      checkKeys(tier, ['from', 'amount', 'share'], where, issues);
      checkValueExpression(tier['from'], [...where, 'from'], issues);
      if ((kicker['by'] ?? 'attainment') === 'attainment') checkFactorText(tier['from'], [...where, 'from'], issues);
      const own = Object.hasOwn(tier, 'amount') ? 'amount' : 'share';
      if (Object.hasOwn(tier, 'amount') === Object.hasOwn(tier, 'share') || (kind !== undefined && kind !== own))
        issues.push(createIssue('missing_key', where, { expected: kind ?? 'exactly one of amount, share' }));
      kind ??= own;
      checkValueExpression(tier[own], [...where, own], issues);
      if (own === 'share') checkFactorText(tier['share'], [...where, 'share'], issues);
    });
    if (kind === 'share' && !Object.hasOwn(kicker, 'of')) issues.push(createIssue('missing_key', [...at, 'of'], { expected: 'what shares are of' }));
  });
}

/** What a kicker pays now: due for the levels reached, less what it paid before in the window. */
export function payKicker(kicker: Kicker, place: number, source: EarningSource, context: EvaluationContext, follows: boolean): readonly EarnedBand[] {
  const path: IssuePath = [...context.path, 'kickers', place];
  const found = select(kicker.by ?? 'attainment', kicker.reference ?? 'full', source, `kicker.${place}`, context);
  if (found === undefined) return [];
  const table = context.once(kicker, () => tableOf(kicker));
  const resolved = resolveTable(table, { arithmetic: context, currency: context.currency, resolve: context.value, ...(found.unit === undefined ? {} : { boundUnit: found.unit }) });
  if (resolved === undefined) return [];
  const key = `kicker.${place}.paid`;
  const nothing = context.exact('0', { name: 'nothing', unit: context.currency });
  const earnedBefore = follows ? context.accumulate(key, source.window, nothing).before : nothing;
  const bands = payTiers(
    resolved,
    { before: source.before, toDate: source.toDate, earnedBefore, credits: () => [], creditsStart: undefined, selector: found.value, boundsMove: false, wantsParts: false },
    { arithmetic: context, path, currency: context.currency },
  ).filter((band) => ratioSign(ratioOf(band.amount)) !== 0);
  if (follows) for (const band of bands) context.accumulate(key, source.window, band.amount);
  return bands.map((band) => ({ ...band, tier: 900 + place, label: kicker.label ?? 'Kicker' }));
}

/** A kicker as a table of steps. Below the first level nothing is reached. */
function tableOf(kicker: Kicker): TierTable {
  const [first, ...rest] = kicker.tiers;
  const tiers: readonly [Tier, ...Tier[]] = [first ?? { from: '0', amount: '0' }, ...rest];
  return { mode: kicker.reach === 'sum' ? 'marginal' : 'whole-amount', tiers, ...(kicker.of === undefined ? {} : { of: kicker.of }) };
}
