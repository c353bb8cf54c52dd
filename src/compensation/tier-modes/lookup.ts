import { RATIO_ZERO, ratioAdd, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { type CreditPart, partOf, type TierBand } from '../tier-band.js';
import { bandOf, creditedNow, type TierModeFunction, tierAt, wholeParts } from './tier-work.js';

/** Each credit wholly at the rate of the tier reached with it; earlier credits keep theirs. By a second measure: everything credited now at the rate it selects. */
export const payLookup: TierModeFunction = (work) => {
  if (work.selector !== undefined) {
    const tier = tierAt(work, ratioOf(work.selector));
    return [bandOf(work, tier, creditedNow(work), wholeParts(work))];
  }
  let running = ratioOf(work.creditsStart ?? work.before);
  const totals = work.tiers.map(() => RATIO_ZERO);
  const parts: CreditPart[][] = work.tiers.map(() => []);
  // Credited earlier and paid only now: at the tier reached now.
  const reached = tierAt(work, ratioOf(work.toDate));
  let rest = ratioSubtract(ratioOf(work.toDate), ratioOf(work.before));
  for (const credit of work.credits()) {
    running = ratioAdd(running, credit.value);
    rest = ratioSubtract(rest, credit.value);
    const tier = tierAt(work, running);
    totals[tier] = ratioAdd(totals[tier] ?? RATIO_ZERO, credit.value);
    if (work.wantsParts) parts[tier]?.push(partOf(credit, credit.value));
  }
  totals[reached] = ratioAdd(totals[reached] ?? RATIO_ZERO, rest);
  const bands: TierBand[] = [];
  totals.forEach((total, tier) => {
    if (ratioSign(total) === 0 && (parts[tier]?.length ?? 0) === 0) return;
    bands.push(bandOf(work, tier, exactValueOfRatio(total, { name: 'credits at this tier' }), parts[tier] ?? []));
  });
  return bands;
};
