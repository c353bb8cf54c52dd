import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioMax, ratioMin, ratioMultiply, ratioSign, ratioSubtract } from '../decimal/ratio.js';
import { type ExactArithmetic, type ExactValue, exactValueOfRatio, ratioOf } from '../decimal/traced-arithmetic.js';
import type { IssuePath } from '../errors/issue.js';
import { formatPath } from '../errors/issue.js';
import { type Tier, type TierReturn, type TierTable, tierReturnOf } from './tier-table.js';
import type { ValueExpression } from './value-expression.js';

/**
 * A credit's value in a measure, in the declared order of credits.
 *
 * @category compensation
 */
export interface MeasuredCredit {
  /** The credit. */
  readonly creditId: string;
  /** The deal. */
  readonly dealId?: string;
  /** The value. */
  readonly value: Ratio;
}

/**
 * The part of a credit that falls into one band.
 *
 * @category compensation
 */
export interface CreditPart {
  /** The credit. */
  readonly creditId: string;
  /** The deal. */
  readonly dealId?: string;
  /** What the rate applies to. */
  readonly basis: Ratio;
}

/** What one tier pays. */
export interface TierBand {
  readonly tier: number;
  readonly label: string;
  readonly planPath: string;
  /** Absent for payments that are not a rate on something. */
  readonly basis?: ExactValue;
  readonly rate?: ExactValue;
  readonly amount: ExactValue;
  readonly parts: readonly CreditPart[];
}

/** What a table is applied to. */
export interface TierInput {
  readonly arithmetic: ExactArithmetic;
  readonly table: TierTable;
  readonly path: IssuePath;
  readonly currency: string;
  /** Evaluates an expression of the plan, or undefined (already reported). */
  readonly resolve: (expression: ValueExpression, name: string) => ExactValue | undefined;
  /** Factor from the table's bounds to the measure: the quota for tiers by attainment. */
  readonly boundUnit?: ExactValue;
  /** Measured in the window before these credits. */
  readonly before: ExactValue;
  /** Measured in the window with these credits. */
  readonly toDate: ExactValue;
  /** Earned by this table in the window before, exactly. */
  readonly earnedBefore: ExactValue;
  /** The credits between `before` and `toDate`; asked for only where the mode or the detail needs them. */
  readonly credits: () => readonly MeasuredCredit[];
  /** Whether bands list the credits they consist of. */
  readonly wantsParts: boolean;
}

interface ResolvedTier {
  readonly bound: ExactValue;
  readonly pays: ExactValue;
}

/** Applies a table. Undefined when a value it needs is missing. The amounts of the bands sum to what is earned between `before` and `toDate`. */
export function payTiers(input: TierInput): readonly TierBand[] | undefined {
  const { table, arithmetic, resolve, boundUnit } = input;
  const returns = tierReturnOf(table);
  const base = table.of === undefined ? undefined : resolve(table.of, returns === 'share' ? 'target' : 'base rate');
  if (table.of !== undefined && base === undefined) return undefined;
  const tiers: ResolvedTier[] = [];
  for (const tier of table.tiers) {
    const from = resolve(tier.from, 'tier bound');
    const own = resolve(tier[returns] ?? '0', returns);
    if (from === undefined || own === undefined) return undefined;
    const pays =
      base === undefined || returns === 'rate' || returns === 'amount'
        ? own
        : arithmetic.multiply([own, base], { label: returns === 'share' ? 'Share of target' : 'Rate × multiplier' });
    tiers.push({ bound: boundUnit === undefined ? from : arithmetic.multiply([from, boundUnit], { label: 'Bound × quota' }), pays });
  }
  const work: TierWork = { ...input, tiers, returns };
  if (table.mode === 'interpolated') return [payInterpolated(work)];
  if (returns === 'amount' || returns === 'share') return [paySteps(work)];
  switch (table.mode) {
    case 'marginal':
      return payMarginal(work);
    case 'whole-amount':
      return payWholeAmount(work);
    case 'lookup':
      return payLookup(work);
    case 'retro-to-threshold':
      return payRetroToThreshold(work);
  }
}

interface TierWork extends TierInput {
  readonly tiers: readonly ResolvedTier[];
  readonly returns: TierReturn;
}

/** Index of the tier that holds a value; values below the first bound belong to the first tier. */
function tierAt(work: TierWork, value: Ratio): number {
  const upper = work.table.boundary === 'upper-inclusive';
  let found = 0;
  work.tiers.forEach((tier, index) => {
    const order = ratioCompare(value, ratioOf(tier.bound));
    if (index > 0 && (upper ? order > 0 : order >= 0)) found = index;
  });
  return found;
}

function pathOf(work: TierWork, tier: number): string {
  return formatPath([...work.path, 'tiers', tier]);
}

function tierLabel(work: TierWork, tier: number): string {
  const bound = work.table.tiers[tier]?.from;
  const shown = typeof bound === 'string' ? (work.table.by === 'attainment' ? `${percent(bound)} of quota` : bound) : 'its bound';
  if (work.tiers.length === 1) return 'Rate';
  return tier === 0 ? 'First tier' : `Tier from ${shown}`;
}

function percent(fraction: string): string {
  const value = Number(fraction) * 100;
  return `${Math.round(value * 1e6) / 1e6} %`;
}

function paysAt(work: TierWork, tier: number): ExactValue {
  return work.tiers[tier]?.pays ?? exactValueOfRatio(RATIO_ZERO, { name: 'rate' });
}

function band(work: TierWork, tier: number, basis: ExactValue, parts: readonly CreditPart[], label = tierLabel(work, tier)): TierBand {
  const rate = paysAt(work, tier);
  const planPath = pathOf(work, tier);
  return { tier, label, planPath, basis, rate, amount: work.arithmetic.multiply([basis, rate], { label, planPath, unit: work.currency }), parts };
}

/** The part of the line from −∞ to a value that lies in a tier, measured from the tier's bound. The first tier has no lower end, the last no upper. */
function clampToTier(work: TierWork, tier: number, value: Ratio): Ratio {
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

function payMarginal(work: TierWork): readonly TierBand[] {
  const { arithmetic, before, toDate, tiers } = work;
  const from = ratioOf(before);
  const to = ratioOf(toDate);
  const parts = work.wantsParts ? marginalParts(work, from) : [];
  const bands: TierBand[] = [];
  tiers.forEach((_, tier) => {
    const slice = ratioSubtract(clampToTier(work, tier, to), clampToTier(work, tier, from));
    const own = parts[tier] ?? [];
    // Nothing in this tier, and no credit passed through it and back.
    if (ratioSign(slice) === 0 && own.length === 0) return;
    const upper = clampedValue(work, tier, toDate);
    const lower = clampedValue(work, tier, before);
    const basis = ratioSign(ratioOf(lower)) === 0 ? upper : arithmetic.subtract(upper, lower, { label: 'Part in this tier' });
    bands.push(band(work, tier, basis, own));
  });
  return bands;
}

/** Which part of each credit lies in which tier, along the declared order. */
function marginalParts(work: TierWork, start: Ratio): readonly CreditPart[][] {
  const parts: CreditPart[][] = work.tiers.map(() => []);
  let running = start;
  for (const credit of work.credits()) {
    const next = ratioAdd(running, credit.value);
    work.tiers.forEach((_, tier) => {
      const slice = ratioSubtract(clampToTier(work, tier, next), clampToTier(work, tier, running));
      if (ratioSign(slice) !== 0) parts[tier]?.push(partOf(credit, slice));
    });
    running = next;
  }
  return parts;
}

function partOf(credit: MeasuredCredit, basis: Ratio): CreditPart {
  return { creditId: credit.creditId, basis, ...(credit.dealId === undefined ? {} : { dealId: credit.dealId }) };
}

function wholeParts(work: TierWork): readonly CreditPart[] {
  return work.wantsParts ? work.credits().map((credit) => partOf(credit, credit.value)) : [];
}

function within(work: TierWork): ExactValue {
  const { before, toDate, arithmetic } = work;
  return ratioSign(ratioOf(before)) === 0 ? toDate : arithmetic.subtract(toDate, before, { label: 'Credited now' });
}

function payWholeAmount(work: TierWork): readonly TierBand[] {
  const tier = tierAt(work, ratioOf(work.toDate));
  return withRerating(
    work,
    tier,
    [band(work, tier, within(work), wholeParts(work))],
    work.arithmetic.multiply([work.toDate, paysAt(work, tier)], { label: 'All credit to date at the rate reached', unit: work.currency }),
  );
}

function payRetroToThreshold(work: TierWork): readonly TierBand[] {
  const { arithmetic, toDate, tiers } = work;
  const threshold = tiers[1]?.bound;
  if (threshold === undefined) return payMarginal(work);
  const tier = tierAt(work, ratioOf(toDate));
  // With two tiers only, the table is marginal by another name: the first up to the threshold, the tier reached above it.
  const reached = Math.max(1, tier);
  const first = tiers[0];
  const above = tiers[reached];
  const two: TierWork = { ...work, tiers: [first, above === undefined ? undefined : { bound: threshold, pays: above.pays }].filter((entry) => entry !== undefined) };
  const bands = payMarginal(two).map((entry) => (entry.tier === 0 ? entry : { ...entry, tier: reached, label: tierLabel(work, reached), planPath: pathOf(work, reached) }));
  const base = arithmetic.multiply([arithmetic.minimum([toDate, threshold], { label: 'Up to the threshold' }), paysAt(work, 0)], { label: 'Base', unit: work.currency });
  const over = ratioCompare(ratioOf(toDate), ratioOf(threshold)) > 0;
  const due = over
    ? arithmetic.sum(
        [
          base,
          arithmetic.multiply([arithmetic.subtract(toDate, threshold, { label: 'Above the threshold' }), paysAt(work, reached)], {
            label: 'Above the threshold at the rate reached',
            unit: work.currency,
          }),
        ],
        { label: 'Due to date', unit: work.currency },
      )
    : base;
  return withRerating(work, reached, bands, due);
}

/** Adds what earlier credits gain or lose by the tier now reached: due to date − earned before − earned by the bands. */
function withRerating(work: TierWork, tier: number, bands: readonly TierBand[], due: ExactValue): readonly TierBand[] {
  const { arithmetic, earnedBefore } = work;
  const now = bands.reduce((total, entry) => ratioAdd(total, ratioOf(entry.amount)), RATIO_ZERO);
  const change = ratioSubtract(ratioSubtract(ratioOf(due), ratioOf(earnedBefore)), now);
  if (ratioSign(change) === 0) return bands;
  const label = 'Earlier credit at the tier now reached';
  const amount = arithmetic.subtract(
    arithmetic.subtract(due, earnedBefore, { label: 'Due to date less earned before', unit: work.currency }),
    arithmetic.sum(
      bands.map((entry) => entry.amount),
      { label: 'Earned on the credit now', unit: work.currency },
    ),
    {
      label,
      planPath: pathOf(work, tier),
      unit: work.currency,
    },
  );
  return [...bands, { tier, label, planPath: pathOf(work, tier), amount, parts: [] }];
}

function payLookup(work: TierWork): readonly TierBand[] {
  let running = ratioOf(work.before);
  const totals = work.tiers.map(() => RATIO_ZERO);
  const parts: CreditPart[][] = work.tiers.map(() => []);
  for (const credit of work.credits()) {
    running = ratioAdd(running, credit.value);
    const tier = tierAt(work, running);
    totals[tier] = ratioAdd(totals[tier] ?? RATIO_ZERO, credit.value);
    if (work.wantsParts) parts[tier]?.push(partOf(credit, credit.value));
  }
  const bands: TierBand[] = [];
  totals.forEach((total, tier) => {
    if (ratioSign(total) === 0 && (parts[tier]?.length ?? 0) === 0) return;
    bands.push(band(work, tier, exactValueOfRatio(total, { name: 'credits at this tier' }), parts[tier] ?? []));
  });
  return bands;
}

/** Money or a share of target for the tier reached (`whole-amount`), or for every tier reached together (`marginal`), less what was earned before. */
function paySteps(work: TierWork): TierBand {
  const { arithmetic, toDate, earnedBefore, table, tiers } = work;
  const tier = tierAt(work, ratioOf(toDate));
  const firstBound = tiers[0]?.bound;
  const below = firstBound !== undefined && ratioCompare(ratioOf(toDate), ratioOf(firstBound)) < 0;
  const reached = tiers.slice(0, tier + 1).map((entry) => entry.pays);
  const planPath = pathOf(work, tier);
  const label = tierLabel(work, tier);
  const due = below
    ? arithmetic.exact('0', { name: 'below the first tier', unit: work.currency })
    : table.mode === 'marginal'
      ? arithmetic.sum(reached, { label: 'All tiers reached', planPath, unit: work.currency })
      : arithmetic.select(
          tiers.map((entry) => entry.pays),
          tier,
          { label, planPath, unit: work.currency },
        );
  const amount = ratioSign(ratioOf(earnedBefore)) === 0 ? due : arithmetic.subtract(due, earnedBefore, { label, planPath, unit: work.currency });
  return { tier, label, planPath, basis: toDate, amount, parts: wholeParts(work) };
}

/** Straight from point to point; the first payout below the first point, the last behind the last. Less what was earned before. */
function payInterpolated(work: TierWork): TierBand {
  const { arithmetic, toDate, earnedBefore, tiers } = work;
  const value = ratioOf(toDate);
  let lower = 0;
  tiers.forEach((tier, index) => {
    if (ratioCompare(value, ratioOf(tier.bound)) >= 0) lower = index;
  });
  const from = tiers[lower];
  const to = tiers[lower + 1];
  const planPath = pathOf(work, lower);
  const label = 'Payout curve';
  let due = paysAt(work, lower);
  if (from !== undefined && ratioCompare(value, ratioOf(from.bound)) < 0) due = arithmetic.exact('0', { name: 'below the first point', unit: work.currency });
  else if (from !== undefined && to !== undefined && ratioCompare(value, ratioOf(from.bound)) > 0) {
    const width = arithmetic.subtract(to.bound, from.bound, { label: 'Width of the segment' });
    const rise = arithmetic.subtract(to.pays, from.pays, { label: 'Rise of the segment', unit: work.currency });
    const into = arithmetic.subtract(toDate, from.bound, { label: 'Distance into the segment' });
    due = arithmetic.sum(
      [from.pays, arithmetic.divide(arithmetic.multiply([rise, into], { label: 'Rise × distance' }), width, { label: 'Interpolated part', unit: work.currency })],
      { label, planPath, unit: work.currency },
    );
  }
  const amount = ratioSign(ratioOf(earnedBefore)) === 0 ? due : arithmetic.subtract(due, earnedBefore, { label, planPath, unit: work.currency });
  return { tier: lower, label, planPath, basis: toDate, amount, parts: wholeParts(work) };
}

/** Used where a plain rate stands instead of a table. */
export function payFlat(input: Omit<TierInput, 'table' | 'boundUnit' | 'earnedBefore'>, rate: ExactValue): readonly TierBand[] {
  const table: TierTable = { mode: 'marginal', tiers: [{ from: '0', rate: '0' } satisfies Tier] };
  const work: TierWork = { ...input, table, earnedBefore: input.before, tiers: [{ bound: input.before, pays: rate }], returns: 'rate' };
  const basis = within(work);
  const parts = wholeParts(work);
  if (ratioSign(ratioOf(basis)) === 0 && parts.length === 0) return [];
  const planPath = formatPath(input.path);
  return [{ tier: 0, label: 'Rate', planPath, basis, rate, amount: input.arithmetic.multiply([basis, rate], { label: 'Rate', planPath, unit: input.currency }), parts }];
}

/** The part of an amount that belongs to one credit of a band, in proportion to its basis at the band's rate. */
export function amountOfPart(part: CreditPart, rate: ExactValue | undefined): Ratio | undefined {
  return rate === undefined ? undefined : ratioMultiply(part.basis, ratioOf(rate));
}
