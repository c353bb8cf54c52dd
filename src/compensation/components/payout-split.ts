import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, ratioFromDecimal, ratioMultiply, ratioSubtract } from '../../decimal/ratio.js';
import { exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkId, checkKeys, checkList, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { CreditPart } from '../tier-band.js';

/**
 * Splits the pay of a sale instead of its credit.
 *
 * @category compensation
 */
export interface PayoutSplitConfig {
  /** What the line says; default `Share of others`. */
  readonly label?: string;
  /** The components whose pay is split. */
  readonly of: readonly [string, ...string[]];
}

const KEYS = ['label', 'of'] as const;

/**
 * Takes off what belongs to others: of what the components in `of` paid on a credit with a `payoutShare`, the rest, `−(1 − payoutShare) × paid`. Everybody is
 * credited with the whole sale, so that quota and tiers see all of it, and is paid their share of what it earns at their own rates. (A split of credit divides the
 * credit itself: what is paid on the parts then differs from the parts of what is paid on the whole, wherever there are tiers.)
 *
 * @category compensation
 */
export const payoutSplitComponent = /* @__PURE__ */ defineComponent<'payout-split', PayoutSplitConfig>({
  kind: 'payout-split',
  section: 'commission',
  keys: KEYS,
  needsParts: true,
  dependsOn: (config) => config.of.map((componentId) => ({ componentId })),
  check: (config, _issue) => checkPayoutSplit(config as unknown as PlainRecord),
  evaluate: (config, context) => evaluatePayoutSplit(config, context),
  describe: () => 'Where you share the pay of a sale with others, you are paid your share of what it earns at your rates.',
});

function checkPayoutSplit(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  checkList(config['of'], ['of'], issues, { min: 1, expected: 'a list of component ids' })?.forEach((entry, index) => {
    checkId(entry, ['of', index], issues);
  });
  return issues;
}

function evaluatePayoutSplit(config: PayoutSplitConfig, context: EvaluationContext): readonly Posting[] {
  const { start, endExclusive } = context.segment;
  const parts: CreditPart[] = [];
  for (const { creditId, dealId, amount } of context.postedParts(config.of)) {
    const credit = creditId === undefined ? undefined : context.creditOf(creditId);
    // A payee with two segments of a period has posted for both; each segment splits its own credits.
    if (credit?.payoutShare === undefined || credit.on < start || credit.on >= endExclusive) continue;
    const share = readDecimal(credit.payoutShare);
    if (typeof share !== 'string') continue;
    const taken = ratioMultiply(ratioOf(amount), ratioSubtract(ratioFromDecimal(share), RATIO_ONE));
    if (taken.n !== 0n) parts.push({ creditId: credit.id, basis: ratioOf(amount), amount: taken, ...(dealId === undefined ? {} : { dealId }) });
  }
  if (parts.length === 0) return [];
  const unit = context.currency;
  const label = config.label ?? 'Share of others';
  const amount = context.sum(
    parts.map((part) => exactValueOfRatio(part.amount ?? part.basis, { name: 'share of others', unit, source: part.dealId ?? part.creditId })),
    { label, unit },
  );
  return [context.post(amount, { label, planPath: `components[${context.path[1] ?? 0}]`, ...(context.wantsParts ? { parts } : {}) })];
}
