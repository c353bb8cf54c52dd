import { ratioCompare } from '../../decimal/ratio.js';
import { ratioOf } from '../../decimal/traced-arithmetic.js';
import { payMarginal } from './marginal.js';
import { pathOfTier, paysAt, type TierModeFunction, type TierWork, tierAt, tierLabel, withRerating } from './tier-work.js';

/** Up to the second tier's bound at the first rate; everything above it at the rate of the tier reached. */
export const payRetroToThreshold: TierModeFunction = (work) => {
  const { arithmetic, toDate, tiers, currency } = work;
  const [first, second] = tiers;
  if (first === undefined || second === undefined) return payMarginal(work);
  const threshold = second.bound;
  const reached = Math.max(1, tierAt(work, ratioOf(toDate)));
  // With two tiers only, the table is marginal by another name: the first up to the threshold, the tier reached above it.
  const two: TierWork = { ...work, boundsMove: false, tiers: [first, { bound: threshold, pays: paysAt(work, reached) }] };
  const bands = payMarginal(two).map((entry) => (entry.tier === 0 ? entry : { ...entry, tier: reached, label: tierLabel(work, reached), planPath: pathOfTier(work, reached) }));
  return withRerating(work, reached, bands, () => {
    const over = ratioCompare(ratioOf(toDate), ratioOf(threshold)) > 0;
    const base = arithmetic.multiply([arithmetic.minimum([toDate, threshold], { label: 'Up to the threshold' }), first.pays], { label: 'Base', unit: currency });
    if (!over) return base;
    const above = arithmetic.subtract(toDate, threshold, { label: 'Above the threshold' });
    return arithmetic.sum([base, arithmetic.multiply([above, paysAt(work, reached)], { label: 'Above the threshold at the rate reached', unit: currency })], {
      label: 'Due to date',
      unit: currency,
    });
  });
};
