import { ratioOf } from '../../decimal/traced-arithmetic.js';
import { bandOf, creditedNow, paysAt, selectorOf, type TierModeFunction, tierAt, wholeParts, withRerating } from './tier-work.js';

/** Everything at the rate of the tier reached; what was earned before at another rate is made up for, or taken back. */
export const payWholeAmount: TierModeFunction = (work) => {
  const tier = tierAt(work, ratioOf(selectorOf(work)));
  return withRerating(work, tier, [bandOf(work, tier, creditedNow(work), wholeParts(work))], () =>
    work.arithmetic.multiply([work.toDate, paysAt(work, tier)], { label: 'All credit to date at the rate reached', unit: work.currency }),
  );
};
