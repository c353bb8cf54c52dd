/* What is done to bands after the rate: scaled, mirrored, gathered. */
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioMultiply, ratioNegate, ratioRound, ratioToDecimal } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import type { EvaluationContext } from '../component.js';
import type { StatementSection } from '../statement.js';
import { amountOfPart, type CreditPart, type TierBand } from '../tier-band.js';

/** A band of a component, with the section of its line where that is not the component's own. */
export interface EarnedBand extends TierBand {
  readonly section?: StatementSection;
}

/** The sum of bands, exactly. */
export function sumOfBands(bands: readonly EarnedBand[]): Ratio {
  return bands.reduce((sum, band) => ratioAdd(sum, ratioOf(band.amount)), RATIO_ZERO);
}

/** The sum of bands, with its trace. */
export function totalOfBands(bands: readonly EarnedBand[], context: EvaluationContext, label: string): ExactValue {
  if (bands.length === 0) return context.exact('0', { name: label, unit: context.currency });
  return context.sum(
    bands.map((band) => band.amount),
    { label, unit: context.currency },
  );
}

/** A band times a factor: the rate where there is one, else the amount. */
export function scaleBand(band: EarnedBand, factor: ExactValue, label: string, planPath: string, context: EvaluationContext): EarnedBand {
  const { basis, rate } = band;
  const parts = band.parts.map((part) => (part.amount === undefined ? part : { ...part, amount: ratioMultiply(part.amount, ratioOf(factor)) }));
  const note = { label: `${band.label}, ${label}`, planPath, unit: context.currency };
  if (basis === undefined || rate === undefined) return { ...band, parts, label: note.label, amount: context.multiply([band.amount, factor], note) };
  const scaled = context.multiply([rate, factor], { label: `Rate × ${label}`, planPath });
  return { ...band, parts, label: note.label, rate: scaled, amount: context.multiply([basis, scaled], note) };
}

/** A band taken back. */
export function mirrorBand(context: EvaluationContext, band: EarnedBand): EarnedBand {
  const parts: readonly CreditPart[] = band.parts.map((part) => ({
    ...part,
    basis: ratioNegate(part.basis),
    ...(part.amount === undefined ? {} : { amount: ratioNegate(part.amount) }),
  }));
  return {
    ...band,
    parts,
    amount: context.negate(band.amount, { label: 'Reversed', unit: context.currency }),
    ...(band.basis === undefined ? {} : { basis: context.negate(band.basis, { label: 'Reversed' }) }),
  };
}

/** Bands of one tier as one: basis × rate where all have the same rate, else the sum of the amounts. */
export function mergeBands(context: EvaluationContext, bands: readonly EarnedBand[]): EarnedBand | undefined {
  const [first] = bands;
  if (first === undefined || bands.length === 1) return first;
  const { label, planPath, rate } = first;
  const bases = bands.flatMap((band) => (band.basis === undefined ? [] : [band.basis]));
  const same = rate !== undefined && bands.every((band) => band.rate !== undefined && ratioCompare(ratioOf(band.rate), ratioOf(rate)) === 0);
  if (same && bases.length === bands.length) {
    const basis = context.sum(bases, { label: 'Part of all deals in this tier' });
    return { ...first, parts: bands.flatMap((band) => band.parts), basis, amount: context.multiply([basis, rate], { label, planPath, unit: context.currency }) };
  }
  const amount = context.sum(
    bands.map((band) => band.amount),
    { label, planPath, unit: context.currency },
  );
  const section = first.section === undefined ? {} : { section: first.section };
  return {
    tier: first.tier,
    label,
    planPath,
    amount,
    ...section,
    parts: bands.flatMap(partsWithAmounts),
    ...(bases.length === bands.length ? { basis: context.sum(bases, { label: 'All deals' }) } : {}),
  };
}

/** The parts of a band, each with the amount that belongs to it where that follows from the rate. A band of one credit belongs to it wholly. */
export function partsWithAmounts(band: EarnedBand): readonly CreditPart[] {
  const [only] = band.parts;
  if (band.rate === undefined && band.parts.length === 1 && only !== undefined && only.amount === undefined) return [{ ...only, amount: ratioOf(band.amount) }];
  return band.parts.map((part) => {
    const amount = part.amount ?? amountOfPart(part, band.rate);
    return amount === undefined ? part : { ...part, amount };
  });
}

/** A band without a rate. */
export function plainBand(label: string, planPath: string, amount: ExactValue, more: Partial<EarnedBand> = {}): EarnedBand {
  return { tier: 1_000, label, planPath, parts: [], ...more, amount };
}

/** A number for an issue. */
export function textOfValue(value: ExactValue): string {
  return ratioToDecimal(ratioOf(value)) ?? ratioToDecimal(ratioRound(ratioOf(value), { scale: 6, mode: 'half-even' })) ?? '0';
}

/** A zero with its own name. */
export function namedZero(context: EvaluationContext, name: string): ExactValue {
  return exactValueOfRatio(RATIO_ZERO, { name, unit: context.currency });
}
