import { ratioCompare } from '../../decimal/ratio.js';
import { ratioOf } from '../../decimal/traced-arithmetic.js';
import { lessEarned, pathOfTier, selectorOf, type TierModeFunction, tierAt, tierLabel } from './tier-work.js';

/** Money or a share of target for the tier reached (`whole-amount`), or for every tier reached together (`marginal`), less what was earned before. */
export const paySteps: TierModeFunction = (work) => {
  const { arithmetic, table, tiers, currency } = work;
  const value = ratioOf(selectorOf(work));
  const tier = tierAt(work, value);
  const firstBound = tiers[0]?.bound;
  const below = firstBound !== undefined && ratioCompare(value, ratioOf(firstBound)) < 0;
  const label = tierLabel(work, tier);
  const note = { label, planPath: pathOfTier(work, tier), unit: currency };
  const pays = tiers.map((entry) => entry.pays);
  const due = below
    ? arithmetic.exact('0', { name: 'below the first tier', unit: currency })
    : table.mode === 'marginal'
      ? arithmetic.sum(pays.slice(0, tier + 1), { ...note, label: 'All tiers reached' })
      : arithmetic.select(pays, tier, note);
  return lessEarned(work, tier, label, due);
};
