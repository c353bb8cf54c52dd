/* A sum divided by weights so that the parts sum to it: rounded down, the units that are left one by one to the largest remainders. Not a public entry. */
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioDivide, ratioFromScaled, ratioMultiply, ratioRound, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactArithmetic, type ExactValue, exactValueOfRatio, type StepNote } from '../../decimal/traced-arithmetic.js';

/** A part of a sum. */
export interface SharedPart {
  /** The exact share, rounded down. */
  readonly base: Ratio;
  /** What of the rest was added to it: zero or one unit. */
  readonly rest: Ratio;
}

/** Divides a sum that is not negative and has no more decimals than the scale. Weights below zero count as zero; without a weight above zero the parts are equal. */
export function shareOut(sum: Ratio, weights: readonly Ratio[], scale: number): readonly SharedPart[] {
  const usable = effectiveWeights(weights);
  const whole = usable.reduce(ratioAdd, RATIO_ZERO);
  if (whole.n === 0n) return [];
  const exact = usable.map((weight) => ratioDivide(ratioMultiply(sum, weight), whole));
  const bases = exact.map((share) => ratioRound(share, { scale, mode: 'floor' }));
  const unit = ratioFromScaled(1, scale);
  let left = ratioSubtract(sum, bases.reduce(ratioAdd, RATIO_ZERO));
  const remainders = exact.map((share, index) => ({ index, remainder: ratioSubtract(share, bases[index] ?? RATIO_ZERO) }));
  remainders.sort((a, b) => ratioCompare(b.remainder, a.remainder) || a.index - b.index);
  const lucky = new Set<number>();
  for (const { index } of remainders) {
    if (ratioCompare(left, unit) < 0) break;
    lucky.add(index);
    left = ratioSubtract(left, unit);
  }
  return bases.map((base, index) => ({ base, rest: lucky.has(index) ? unit : RATIO_ZERO }));
}

/** The weights that a division uses. */
export function effectiveWeights(weights: readonly Ratio[]): readonly Ratio[] {
  const positive = weights.map((weight) => (ratioSign(weight) > 0 ? weight : RATIO_ZERO));
  return positive.some((weight) => weight.n > 0n) ? positive : weights.map(() => ({ n: 1n, d: 1n }));
}

/** The same part with its explanation: the sum × weight ÷ all weights, rounded down, and what of the rest was added. */
export function explainShare(
  arithmetic: ExactArithmetic,
  share: { readonly sum: ExactValue; readonly weight: ExactValue; readonly whole: ExactValue; readonly rest: Ratio },
  scale: number,
  note: StepNote,
): ExactValue {
  const { sum, weight, whole, rest } = share;
  const unit = note.unit === undefined ? {} : { unit: note.unit };
  const exact = arithmetic.divide(arithmetic.multiply([sum, weight], { label: 'Times the share', ...unit }), whole, { label: 'Exact share', ...unit });
  const base = arithmetic.round(exact, { scale, mode: 'floor' }, rest.n === 0n ? note : { label: 'Share rounded down', ...unit });
  return rest.n === 0n ? base : arithmetic.sum([base, exactValueOfRatio(rest, { name: 'rest of the shares', ...unit })], note);
}
