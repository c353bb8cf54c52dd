import { RATIO_ZERO, ratioAdd } from '../../decimal/ratio.js';
import { exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { marginalParts, slicesBetween, type TierModeFunction, tierAt, withRerating } from './tier-work.js';

/** Each part of the amount at the rate of the tier that it lies in. */
export const payMarginal: TierModeFunction = (work) => {
  const bands = slicesBetween(work, work.before, work.toDate, marginalParts(work));
  if (work.boundsMove !== true) return bands;
  return withRerating(work, tierAt(work, ratioOf(work.toDate)), bands, () => {
    const slices = slicesBetween(work, exactValueOfRatio(RATIO_ZERO, { name: 'start of the window' }), work.toDate, []);
    const zero = exactValueOfRatio(
      slices.reduce((sum, slice) => ratioAdd(sum, ratioOf(slice.amount)), RATIO_ZERO),
      { name: 'nothing due' },
    );
    return slices.length === 0
      ? zero
      : work.arithmetic.sum(
          slices.map((slice) => slice.amount),
          { label: 'Due to date', unit: work.currency },
        );
  });
};
