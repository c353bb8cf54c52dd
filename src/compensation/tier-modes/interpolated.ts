import { ratioCompare } from '../../decimal/ratio.js';
import { type ExactArithmetic, type ExactValue, ratioOf } from '../../decimal/traced-arithmetic.js';
import { lessEarned, selectorOf, type TierModeFunction } from './tier-work.js';

/** A point of a curve. */
export interface CurvePoint {
  readonly at: ExactValue;
  readonly pays: ExactValue;
}

/** Where a value lies on a curve, and what the curve has there: straight from point to point, flat behind the last; below the first undefined. */
export function curveAt(
  points: readonly CurvePoint[],
  value: ExactValue,
  arithmetic: ExactArithmetic,
  note: { readonly label: string; readonly planPath?: string; readonly unit?: string },
): { readonly segment: number; readonly pays: ExactValue | undefined } {
  const x = ratioOf(value);
  let segment = -1;
  points.forEach((point, index) => {
    if (ratioCompare(x, ratioOf(point.at)) >= 0) segment = index;
  });
  const from = points[segment];
  const to = points[segment + 1];
  if (from === undefined) return { segment: 0, pays: undefined };
  if (to === undefined || ratioCompare(x, ratioOf(from.at)) === 0) return { segment, pays: from.pays };
  const unit = note.unit === undefined ? {} : { unit: note.unit };
  const width = arithmetic.subtract(to.at, from.at, { label: 'Width of the segment' });
  const rise = arithmetic.subtract(to.pays, from.pays, { label: 'Rise of the segment', ...unit });
  const into = arithmetic.subtract(value, from.at, { label: 'Distance into the segment' });
  const part = arithmetic.divide(arithmetic.multiply([rise, into], { label: 'Rise × distance' }), width, { label: 'Interpolated part', ...unit });
  return { segment, pays: arithmetic.sum([from.pays, part], note) };
}

/** A payout curve: straight from point to point, flat behind the last; nothing below the first, unless the table says that it is flat there too. */
export const payInterpolated: TierModeFunction = (work) => {
  const { arithmetic, tiers, currency, table } = work;
  const points = tiers.map((tier) => ({ at: tier.bound, pays: tier.pays }));
  const label = 'Payout curve';
  const { segment, pays } = curveAt(points, selectorOf(work), arithmetic, { label, unit: currency });
  const below = table.below === 'first' ? points[0]?.pays : undefined;
  return lessEarned(work, segment, label, pays ?? below ?? arithmetic.exact('0', { name: 'below the first point', unit: currency }));
};
