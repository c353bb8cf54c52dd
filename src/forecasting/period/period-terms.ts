/*
 * From what was learned to the terms of a sum: the same for the forecast and for the past cuts that tell how far it can be off. Not a public entry.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { normalPdf, normalQuantile } from '../../stats/normal-distribution.js';
import type { SumTerm } from '../../stats/sum-terms.js';
import type { Track } from '../win/deal-tracks.js';
import { type Correction, corrected, type Learned, type OpenAtCut, openAt, type PastCut, type RawChance, rawChance, wonWithin } from '../win/learn-win.js';
import type { AmountRatio } from './amount-ratio.js';
import { type NewBusiness, newBusiness } from './arrivals.js';

/** An open deal as a term of the sum. */
export interface DealTerm {
  readonly deal: OpenAtCut;
  /** Probability that it is won in the period. */
  readonly probability: number;
  /** The same before the correction. */
  readonly uncorrected: number;
  readonly outcomes: readonly SumTerm[];
  readonly expected: number;
  readonly variance: number;
}

/** Amounts of past wins for deals of which the amount is not known, by segment and for all. */
export interface PastAmounts {
  readonly bySegment: ReadonlyMap<string, readonly SumTerm[]>;
  readonly all: readonly SumTerm[];
}

const AMOUNT_POINTS = 24;
const MIN_SEGMENT_WINS = 15;

/** Past wins before a cut, summarised in points that keep the mean. */
export function pastAmounts(tracks: readonly Track[], cutDay: number): PastAmounts {
  const all: number[] = [];
  const bySegment = new Map<string, number[]>();
  for (const track of tracks) {
    const won = wonWithin(track, Number.NEGATIVE_INFINITY, cutDay);
    if (won === undefined || won.amount === null) continue;
    all.push(won.amount);
    if (track.segment === null) continue;
    const list = bySegment.get(track.segment);
    if (list === undefined) bySegment.set(track.segment, [won.amount]);
    else list.push(won.amount);
  }
  return {
    all: summarise(all),
    bySegment: new Map([...bySegment].filter(([, list]) => list.length >= MIN_SEGMENT_WINS).map(([segment, list]) => [segment, summarise(list)])),
  };
}

function summarise(amounts: number[]): readonly SumTerm[] {
  amounts.sort((a, b) => a - b);
  const points = Math.min(AMOUNT_POINTS, amounts.length);
  const terms: SumTerm[] = [];
  for (let i = 0; i < points; i += 1) {
    const part = amounts.slice(Math.floor((i * amounts.length) / points), Math.floor(((i + 1) * amounts.length) / points));
    if (part.length > 0) terms.push({ amount: part.reduce((sum, amount) => sum + amount, 0) / part.length, probability: part.length / amounts.length });
  }
  return terms;
}

/** The outcomes of a deal if it is won; undefined where its amount is not known, nor what others were won with. */
function outcomesOf(deal: OpenAtCut, ratios: readonly AmountRatio[], amounts: PastAmounts | undefined): readonly SumTerm[] | undefined {
  if (deal.amount !== null) return ratios.map(({ ratio, probability }) => ({ amount: Math.round((deal.amount ?? 0) * ratio * 100) / 100, probability }));
  if (amounts === undefined) return undefined;
  const own = deal.track.segment === null ? undefined : amounts.bySegment.get(deal.track.segment);
  const list = own ?? amounts.all;
  return list.length === 0 ? undefined : list;
}

/** Makes a term; undefined where the amount is not known. */
export function toTerm(
  deal: OpenAtCut,
  chance: RawChance,
  how: { readonly correction: Correction; readonly cutDay: number; readonly by: number },
  ratios: readonly AmountRatio[],
  amounts: PastAmounts | undefined,
): DealTerm | undefined {
  const sizes = outcomesOf(deal, ratios, amounts);
  if (sizes === undefined) return undefined;
  const whole = corrected(how.correction, deal, chance.won, how.cutDay, how.by);
  // The correction is that of the whole horizon; the part before the period keeps its share.
  const share = chance.won > 0 ? 1 - chance.wonBefore / chance.won : 1;
  const probability = whole * share;
  let first = 0;
  let second = 0;
  for (const { amount, probability: weight } of sizes) {
    first += amount * weight;
    second += amount * amount * weight;
  }
  return {
    deal,
    probability,
    uncorrected: chance.won * share,
    outcomes: sizes.map(({ amount, probability: weight }) => ({ amount, probability: weight * probability })),
    expected: probability * first,
    variance: Math.max(0, probability * second - (probability * first) ** 2),
  };
}

/** Terms of all deals open at a cut; those without an amount are listed apart. */
export function openTerms(
  tracks: readonly Track[],
  learned: Learned,
  at: { readonly cutDay: number; readonly from: number; readonly by: number },
  how: { readonly correction: Correction; readonly ratios: readonly AmountRatio[]; readonly amounts: PastAmounts | undefined },
): { readonly terms: readonly DealTerm[]; readonly without: readonly OpenAtCut[] } {
  const terms: DealTerm[] = [];
  const without: OpenAtCut[] = [];
  for (const track of tracks) {
    const deal = openAt(track, at.cutDay);
    if (deal === undefined) continue;
    const term = toTerm(deal, rawChance(learned, deal, at.cutDay, at.by, at.from), { correction: how.correction, cutDay: at.cutDay, by: at.by }, how.ratios, how.amounts);
    if (term === undefined) without.push(deal);
    else terms.push(term);
  }
  return { terms, without };
}

/** How a past cut went. */
export interface PastResult {
  readonly cutDay: number;
  readonly from: number;
  readonly by: number;
  /** Expected from the deals that were open, and what they brought. */
  readonly existing: number;
  readonly existingActual: number;
  /** The same of new business. */
  readonly created: number;
  readonly createdActual: number;
  /** Wins among new business: expected and actual. */
  readonly createdWins: number;
  readonly createdWinsActual: number;
  /** Variance without a common factor, and what each unit of correlation adds to it. */
  readonly variance: number;
  readonly loading: number;
}

/** Forecasts past cuts and compares. */
export function replayPast(
  tracks: readonly Track[],
  past: readonly PastCut[],
  how: { readonly correction: Correction; readonly ratios: readonly AmountRatio[]; readonly observedFrom: number; readonly useAmounts: boolean; readonly withNew: boolean },
): readonly PastResult[] {
  return past.map((cut) => {
    const { cutDay, from, by } = cut;
    const amounts = how.useAmounts ? pastAmounts(tracks, cutDay) : undefined;
    let existing = 0;
    let existingActual = 0;
    let variance = 0;
    let loading = 0;
    const seen = new Set<Track>();
    for (const row of cut.rows) {
      seen.add(row.deal.track);
      const term = toTerm(row.deal, row.raw, { correction: how.correction, cutDay, by }, how.ratios, amounts);
      if (term === undefined) continue;
      existing += term.expected;
      variance += term.variance;
      loading += loadingOf(term);
      existingActual += wonWithin(row.deal.track, from, by)?.amount ?? 0;
    }
    let createdActual = 0;
    let createdWinsActual = 0;
    let fresh: NewBusiness | undefined;
    if (how.withNew) {
      fresh = newBusiness(
        tracks.filter((track) => track.created < cutDay),
        cut.learned,
        { cutDay, from, by, observedFrom: how.observedFrom },
        cutDay,
      );
      for (const track of tracks) {
        if (track.created < cutDay || track.created >= by || seen.has(track)) continue;
        const won = wonWithin(track, from, by);
        if (won === undefined) continue;
        createdWinsActual += 1;
        createdActual += won.amount ?? 0;
      }
    }
    return {
      cutDay,
      from,
      by,
      existing,
      existingActual,
      created: fresh?.mean ?? 0,
      createdActual,
      createdWins: fresh?.wins ?? 0,
      createdWinsActual,
      variance: variance + (fresh?.variance ?? 0),
      loading: loading * loading,
    };
  });
}

/** To first order, what a deal moves with the common factor: its mean amount × φ(Φ⁻¹(p)). */
export function loadingOf(term: DealTerm): number {
  const { probability } = term;
  if (probability <= 1e-9 || probability >= 1 - 1e-9) return 0;
  return (term.expected / probability) * normalPdf(normalQuantile(probability, {}), {});
}

/** Correlations that are weighed against each other. */
const GRID: readonly number[] = [0, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3];
/** Mean of the exponential prior of the correlation. */
const PRIOR_MEAN = 0.03;

/**
 * Correlation of the common factor from past errors: posterior mean under an exponential prior, where an error at a past cut is normal with
 * variance V + ρ L² (first order in ρ).
 */
export function estimateCorrelation(results: readonly PastResult[]): number {
  let top = Number.NEGATIVE_INFINITY;
  const logs = GRID.map((correlation) => {
    let value = -correlation / PRIOR_MEAN;
    for (const result of results) {
      const variance = result.variance + correlation * result.loading;
      if (!(variance > 0)) continue;
      const error = result.existingActual + result.createdActual - result.existing - result.created;
      value -= 0.5 * (Math.log(variance) + (error * error) / variance);
    }
    top = Math.max(top, value);
    return value;
  });
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < GRID.length; i += 1) {
    const before = GRID[i - 1] ?? GRID[0] ?? 0;
    const after = GRID[i + 1] ?? GRID[i] ?? 0;
    const weight = Math.exp((logs[i] as number) - top) * (after - before);
    sum += weight;
    weighted += weight * (GRID[i] as number);
  }
  return sum > 0 ? weighted / sum : PRIOR_MEAN;
}

/** Wins that a ratio of exactly 1 counts as. */
const PRIOR_WINS = 8;

/** By what new business was under- or overestimated at past cuts, drawn towards 1. */
export function newBusinessRatio(results: readonly PastResult[]): number {
  let actual = PRIOR_WINS;
  let expected = PRIOR_WINS;
  for (const result of results) {
    actual += result.createdWinsActual;
    expected += result.createdWins;
  }
  return actual / expected;
}
