/* What the tier modes share: a resolved table at work on one window. */
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioMax, ratioMin, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactArithmetic, type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { formatPath, type IssuePath } from '../../errors/issue.js';
import { type CreditPart, type MeasuredCredit, partOf, type TierBand } from '../tier-band.js';
import type { TierReturn, TierTable } from '../tier-table.js';

/** A tier with its figures. */
export interface ResolvedTier {
  readonly bound: ExactValue;
  readonly pays: ExactValue;
}

/** What a table is applied to. */
export interface TierProgress {
  /** Measured in the window before these credits. */
  readonly before: ExactValue;
  /** Measured in the window with these credits. */
  readonly toDate: ExactValue;
  /** Earned by this table in the window before, exactly. */
  readonly earnedBefore: ExactValue;
  /** The credits between `before` and `toDate`; asked for only where the mode or the detail needs them. */
  readonly credits: () => readonly MeasuredCredit[];
  /** Where the credits start, if not at `before`: the rest was credited earlier and is paid only now. */
  readonly creditsStart?: ExactValue | undefined;
  /** What selects the tier, if not the measured amount. */
  readonly selector?: ExactValue | undefined;
  /** Whether the bounds have moved since the credits before: what is due is then taken from zero, less what was earned. */
  readonly boundsMove?: boolean | undefined;
  /** Whether bands list the credits they consist of. */
  readonly wantsParts: boolean;
}

/** A table at work. */
export interface TierWork extends TierProgress {
  readonly arithmetic: ExactArithmetic;
  readonly table: TierTable;
  readonly path: IssuePath;
  readonly currency: string;
  readonly tiers: readonly ResolvedTier[];
  readonly returns: TierReturn;
}

/** Applies a table in one mode. */
export type TierModeFunction = (work: TierWork) => readonly TierBand[];

/** Index of the tier that holds a value; values below the first bound belong to the first tier. */
export function tierAt(work: TierWork, value: Ratio): number {
  const upper = work.table.boundary === 'upper-inclusive';
  let found = 0;
  for (let index = 1; index < work.tiers.length; index += 1) {
    const bound = work.tiers[index]?.bound;
    const order = bound === undefined ? -1 : ratioCompare(value, ratioOf(bound));
    if (upper ? order > 0 : order >= 0) found = index;
  }
  return found;
}

/** What selects the tier: the second measure, or the amount to date. */
export function selectorOf(work: TierWork): ExactValue {
  return work.selector ?? work.toDate;
}

/** Where a tier stands in the plan. */
export function pathOfTier(work: TierWork, tier: number): string {
  return formatPath([...work.path, 'tiers', tier]);
}

/** What a tier is called on a line. */
export function tierLabel(work: TierWork, tier: number): string {
  if (work.tiers.length === 1) return 'Rate';
  if (tier === 0) return 'First tier';
  const bound = work.table.tiers[tier]?.from;
  return `Tier from ${typeof bound === 'string' ? (work.table.by === 'attainment' ? `${percent(bound)} of quota` : bound) : 'its bound'}`;
}

function percent(fraction: string): string {
  return `${Math.round(Number(fraction) * 1e8) / 1e6} %`;
}

/** What a tier pays. */
export function paysAt(work: TierWork, tier: number): ExactValue {
  return work.tiers[tier]?.pays ?? exactValueOfRatio(RATIO_ZERO, { name: 'rate' });
}

/** The band of a tier: basis × rate. */
export function bandOf(work: TierWork, tier: number, basis: ExactValue, parts: readonly CreditPart[], label = tierLabel(work, tier)): TierBand {
  const rate = paysAt(work, tier);
  const planPath = pathOfTier(work, tier);
  return { tier, label, planPath, basis, rate, amount: work.arithmetic.multiply([basis, rate], { label, planPath, unit: work.currency }), parts };
}

/** The part of the line from −∞ to a value that lies in a tier, measured from the tier's bound. The first tier has no lower end, the last no upper. */
export function clampToTier(work: TierWork, tier: number, value: Ratio): Ratio {
  const low = tier === 0 ? undefined : work.tiers[tier]?.bound;
  const high = work.tiers[tier + 1]?.bound;
  const capped = high === undefined ? value : ratioMin(value, ratioOf(high));
  return low === undefined ? capped : ratioMax(capped, ratioOf(low));
}

/** The same as a value with a trace: the bound where it is cut off, else the value itself. */
function clampedValue(work: TierWork, tier: number, value: ExactValue): ExactValue {
  const low = tier === 0 ? undefined : work.tiers[tier]?.bound;
  const high = work.tiers[tier + 1]?.bound;
  if (high !== undefined && ratioCompare(ratioOf(value), ratioOf(high)) > 0) return work.arithmetic.minimum([value, high], { label: 'Up to the end of the tier' });
  if (low !== undefined && ratioCompare(ratioOf(value), ratioOf(low)) < 0) return low;
  return value;
}

/** The bands of a marginal table between two amounts. */
export function slicesBetween(work: TierWork, before: ExactValue, toDate: ExactValue, parts: readonly (readonly CreditPart[])[]): readonly TierBand[] {
  const from = ratioOf(before);
  const to = ratioOf(toDate);
  const bands: TierBand[] = [];
  for (let tier = 0; tier < work.tiers.length; tier += 1) {
    const slice = ratioSubtract(clampToTier(work, tier, to), clampToTier(work, tier, from));
    const own = parts[tier] ?? [];
    // Nothing in this tier, and no credit passed through it and back.
    if (ratioSign(slice) === 0 && own.length === 0) continue;
    const upper = clampedValue(work, tier, toDate);
    const lower = clampedValue(work, tier, before);
    const basis = ratioSign(ratioOf(lower)) === 0 ? upper : work.arithmetic.subtract(upper, lower, { label: 'Part in this tier' });
    bands.push(bandOf(work, tier, basis, own));
  }
  return bands;
}

/** Which part of each credit lies in which tier, along the declared order. */
export function marginalParts(work: TierWork): readonly (readonly CreditPart[])[] {
  if (!work.wantsParts) return [];
  const parts: CreditPart[][] = work.tiers.map(() => []);
  let running = ratioOf(work.creditsStart ?? work.before);
  for (const credit of work.credits()) {
    const next = ratioAdd(running, credit.value);
    let placed = false;
    work.tiers.forEach((_, tier) => {
      const slice = ratioSubtract(clampToTier(work, tier, next), clampToTier(work, tier, running));
      if (ratioSign(slice) === 0) return;
      parts[tier]?.push(partOf(credit, slice));
      placed = true;
    });
    // A credit that counts for nothing still belongs to the tier that the running total is in.
    if (!placed) parts[tierAt(work, next)]?.push(partOf(credit, RATIO_ZERO));
    running = next;
  }
  return parts;
}

/** The credits as parts. */
export function wholeParts(work: TierProgress): readonly CreditPart[] {
  return work.wantsParts ? work.credits().map((credit) => partOf(credit, credit.value)) : [];
}

/** What was credited between before and to date. */
export function creditedNow(work: TierWork): ExactValue {
  const { before, toDate, arithmetic } = work;
  return ratioSign(ratioOf(before)) === 0 ? toDate : arithmetic.subtract(toDate, before, { label: 'Credited now' });
}

/** Adds what earlier credits gain or lose by the tier now reached: due to date − earned before − earned by the bands. */
export function withRerating(work: TierWork, tier: number, bands: readonly TierBand[], due: () => ExactValue): readonly TierBand[] {
  const { arithmetic, earnedBefore, currency } = work;
  // Nothing was credited before, so there is nothing to rate again.
  if (ratioSign(ratioOf(earnedBefore)) === 0 && ratioSign(ratioOf(work.before)) === 0) return bands;
  const total = due();
  const now = bands.reduce((sum, entry) => ratioAdd(sum, ratioOf(entry.amount)), RATIO_ZERO);
  if (ratioSign(ratioSubtract(ratioSubtract(ratioOf(total), ratioOf(earnedBefore)), now)) === 0) return bands;
  const label = 'Earlier credit at the tier now reached';
  const planPath = pathOfTier(work, tier);
  const change = arithmetic.subtract(total, earnedBefore, { label: 'Due to date less earned before', unit: currency });
  const amount =
    bands.length === 0
      ? change
      : arithmetic.subtract(
          change,
          arithmetic.sum(
            bands.map((entry) => entry.amount),
            { label: 'Earned on the credit now', unit: currency },
          ),
          { label, planPath, unit: currency },
        );
  return [...bands, { tier, label, planPath, amount, parts: [] }];
}

/** What is due to date less what was earned before, as one payment. */
export function lessEarned(work: TierWork, tier: number, label: string, due: ExactValue): readonly TierBand[] {
  const { arithmetic, earnedBefore, currency } = work;
  const planPath = pathOfTier(work, tier);
  const amount = ratioSign(ratioOf(earnedBefore)) === 0 ? due : arithmetic.subtract(due, earnedBefore, { label, planPath, unit: currency });
  return [{ tier, label, planPath, basis: selectorOf(work), amount, parts: wholeParts(work) }];
}
