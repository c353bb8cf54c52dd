/*
 * Learns from tracks what becomes of open deals: chances per day, then a correction from past cuts, where the outcome is known by now. Not a public entry.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { logisticRegression } from '../../stats/logistic-regression.js';
import { type Boundaries, daysToEnd, periodIndex, phaseOf } from './cycle.js';
import { type Track, type Visit, valueAt } from './deal-tracks.js';
import { amountBand, chooseLevels, cutExposure, indexNames, type Levels, levelOf } from './exposure.js';
import { dealFactors, fitIntensity, horizonOf, type Intensity, projectDeal, type RateTable, rateTable } from './intensity.js';

/** A deal that was open at a cut. */
export interface OpenAtCut {
  readonly track: Track;
  readonly stage: number;
  /** Days in the stage. */
  readonly dwell: number;
  readonly age: number;
  readonly amount: number | null;
  readonly owner: string | null;
  readonly closeDate: number | null;
  readonly pushes: number;
}

/** The open visit of a track at a cut; undefined where it was not open. */
export function visitAt(track: Track, cutDay: number): Visit | undefined {
  for (let i = track.visits.length - 1; i >= 0; i -= 1) {
    const visit = track.visits[i] as Visit;
    if (visit.from < cutDay) return visit.until >= cutDay ? visit : undefined;
  }
  return undefined;
}

/** What a deal was at a cut; undefined where it was not open. */
export function openAt(track: Track, cutDay: number): OpenAtCut | undefined {
  const visit = visitAt(track, cutDay);
  if (visit === undefined) return undefined;
  const day = cutDay - 1;
  let pushes = 0;
  for (const push of track.pushes) if (push <= day) pushes += 1;
  return {
    track,
    stage: visit.stage,
    dwell: day - visit.from,
    age: day - track.created,
    amount: valueAt(track.amounts, day) ?? null,
    owner: valueAt(track.owners, day) ?? null,
    closeDate: valueAt(track.closeDates, day) ?? null,
    pushes,
  };
}

/** The day on which a deal was won in [from, to), and its amount then; undefined otherwise. */
export function wonWithin(track: Track, from: number, to: number): { readonly day: number; readonly amount: number | null } | undefined {
  const last = track.visits.at(-1);
  for (const visit of track.visits) {
    if (visit.end !== 'won' || visit.until < from || visit.until >= to) continue;
    // Won and reopened again does not count as won unless it is the last word before the end.
    if (visit !== last && track.visits.some((other) => other.from >= visit.until && other.from < to && other !== visit)) continue;
    return { day: visit.until, amount: valueAt(track.amounts, visit.until) ?? null };
  }
  return undefined;
}

/** Correction of the log-odds of winning: intercept, slope − 1, expected close in the horizon, overdue, pushes. */
export interface Correction {
  /** One coefficient for each of {@link CORRECTION_TERMS}. */
  readonly coefficients: readonly number[];
  /** Deals × cuts it was learned from; 0: no correction. */
  readonly rows: number;
  /** Number of past cuts. */
  readonly cuts: number;
}

/** See above. */
export const CORRECTION_TERMS = ['level', 'slope', 'closesInTime', 'overdue', 'pushes'] as const;
/** Penalty on each: a coefficient of 0.3 costs as much as one standard deviation of the prior. */
const RIDGE: readonly number[] = [20, 40, 20, 20, 40];
/** Log-odds at which the slope turns. */
const CENTRE = -1.5;

/** Terms of the correction for one deal. */
export function correctionTerms(deal: OpenAtCut, logOdds: number, cutDay: number, by: number): readonly number[] {
  return [1, logOdds - CENTRE, deal.closeDate === null ? 0 : deal.closeDate < by ? 0.5 : -0.5, deal.closeDate !== null && deal.closeDate < cutDay ? 1 : 0, Math.log1p(deal.pushes)];
}

const MIN_PROBABILITY = 1e-6;

/** Log-odds, kept finite. */
export function logOddsOf(p: number): number {
  const inside = Math.min(1 - MIN_PROBABILITY, Math.max(MIN_PROBABILITY, p));
  return Math.log(inside / (1 - inside));
}

/** The chances learned at one cut, ready to be applied. */
export interface Learned {
  readonly levels: Levels;
  readonly intensity: Intensity;
  readonly table: RateTable;
  readonly boundaries: Boundaries;
  readonly owners: ReadonlyMap<string, number>;
  readonly segments: ReadonlyMap<string, number>;
}

/** Prepares a fitted intensity for use. */
export function prepare(levels: Levels, intensity: Intensity, boundaries: Boundaries): Learned {
  return { levels, intensity, table: rateTable(intensity, levels), boundaries, owners: indexNames(levels.owners), segments: indexNames(levels.segments) };
}

/** Probabilities of a deal, won and lost by the end of [cutDay, by) and, of those, before `from`. */
export interface RawChance {
  readonly won: number;
  readonly lost: number;
  readonly wonBefore: number;
}

/** The chances before correction; `from` is where the period begins, if after the cut. */
export function rawChance(learned: Learned, deal: OpenAtCut, cutDay: number, by: number, from = cutDay): RawChance {
  const { table, boundaries, levels, intensity } = learned;
  const phaseAt = (day: number): number => phaseOf(daysToEnd(boundaries, day));
  const factors = dealFactors(intensity, amountBand(deal.amount, levels.amountEdges), levelOf(deal.track.segment, learned.segments), levelOf(deal.owner, learned.owners));
  const path = projectDeal(table, horizonOf(cutDay, by, phaseAt), deal.stage, deal.dwell, factors);
  const won = path.won.at(-1) ?? 0;
  const lost = path.lost.at(-1) ?? 0;
  if (from <= cutDay) return { won, lost, wonBefore: 0 };
  const early = projectDeal(table, horizonOf(cutDay, from, phaseAt), deal.stage, deal.dwell, factors);
  return { won, lost, wonBefore: Math.min(won, early.won.at(-1) ?? 0) };
}

/** Probability of winning after correction. */
export function corrected(correction: Correction, deal: OpenAtCut, raw: number, cutDay: number, by: number): number {
  if (correction.rows === 0 || raw <= 0 || raw >= 1) return raw;
  const logOdds = logOddsOf(raw);
  const terms = correctionTerms(deal, logOdds, cutDay, by);
  let eta = logOdds;
  for (let j = 0; j < terms.length; j += 1) eta += (terms[j] as number) * (correction.coefficients[j] ?? 0);
  return 1 / (1 + Math.exp(-eta));
}

/** One open deal at a past cut, with what became of it. */
export interface PastRow {
  readonly deal: OpenAtCut;
  readonly raw: RawChance;
  readonly won: boolean;
  /** Amount when won. */
  readonly wonAmount: number | null;
}

/** A past cut, forecast from what was known then. */
export interface PastCut {
  readonly cutDay: number;
  readonly from: number;
  readonly by: number;
  readonly learned: Learned;
  readonly rows: readonly PastRow[];
}

/** How to learn. */
export interface LearnOptions {
  readonly stages: number;
  readonly boundaries: Boundaries;
  readonly cutDay: number;
  /** Closings are recorded from this day on only. */
  readonly observedFrom: number;
  /** The period to be forecast: [from, by). */
  readonly from: number;
  readonly by: number;
  readonly maxCuts: number;
}

/** Everything learned from the tracks before the cut. */
export interface LearnedWin {
  readonly learned: Learned;
  readonly correction: Correction;
  readonly past: readonly PastCut[];
}

/** Wins and losses that must lie before a past cut. */
const MIN_WON = 15;
const MIN_LOST = 15;

/** Past cuts at the same place in their period, whose period ended before the cut. */
export function pastCutDays({
  boundaries,
  cutDay,
  from,
  by,
  observedFrom,
  maxCuts,
}: LearnOptions): readonly { readonly cutDay: number; readonly from: number; readonly by: number }[] {
  const list: { cutDay: number; from: number; by: number }[] = [];
  const isPeriod = boundaries.includes(by);
  if (isPeriod) {
    const index = periodIndex(boundaries, by - 1);
    for (let i = index; i > 0 && list.length < maxCuts; i -= 1) {
      const end = boundaries[i] as number;
      if (end > cutDay) continue;
      const day = end - (by - cutDay);
      if (day <= observedFrom) break;
      list.push({ cutDay: day, from: Math.max(day, end - (by - from)), by: end });
    }
  } else {
    const length = Math.max(1, by - cutDay);
    for (let end = cutDay; list.length < maxCuts; end -= length) {
      const day = end - length;
      if (day <= observedFrom) break;
      list.push({ cutDay: day, from: Math.max(day, end - (by - from)), by: end });
    }
  }
  return list;
}

/** Learns. */
export function learnWin(tracks: readonly Track[], options: LearnOptions): LearnedWin {
  const { boundaries, cutDay, observedFrom } = options;
  const levels = chooseLevels(tracks, options.stages, observedFrom);
  const cuts = pastCutDays(options);
  const exposure = cutExposure(tracks, levels, boundaries, { cutDay, observedFrom, breaks: cuts.map((cut) => cut.cutDay) });
  const intensity = fitIntensity(exposure, levels, Number.POSITIVE_INFINITY);
  const learned = prepare(levels, intensity, boundaries);
  const past: PastCut[] = [];
  for (const cut of cuts) {
    const then = fitIntensity(exposure, levels, cut.cutDay, intensity);
    if ((then.events[0] ?? 0) < MIN_WON || (then.events[1] ?? 0) < MIN_LOST) continue;
    const prepared = prepare(levels, then, boundaries);
    const rows: PastRow[] = [];
    for (const track of tracks) {
      if (track.created >= cut.cutDay) break;
      const deal = openAt(track, cut.cutDay);
      if (deal === undefined) continue;
      const won = wonWithin(track, cut.cutDay, cut.by);
      rows.push({ deal, raw: rawChance(prepared, deal, cut.cutDay, cut.by, cut.from), won: won !== undefined, wonAmount: won?.amount ?? null });
    }
    past.push({ ...cut, learned: prepared, rows });
  }
  return { learned, correction: learnCorrection(past), past };
}

function learnCorrection(past: readonly PastCut[]): Correction {
  const none: Correction = { coefficients: CORRECTION_TERMS.map(() => 0), rows: 0, cuts: past.length };
  const outcome: number[] = [];
  const offset: number[] = [];
  const covariates: (readonly number[])[] = [];
  for (const { rows, cutDay, by } of past) {
    for (const { deal, raw, won } of rows) {
      const logOdds = logOddsOf(raw.won);
      outcome.push(won ? 1 : 0);
      offset.push(logOdds);
      covariates.push(correctionTerms(deal, logOdds, cutDay, by));
    }
  }
  if (outcome.length < 50) return none;
  let { coefficients } = logisticRegression({ outcome, covariates, offset }, { intercept: false, ridge: RIDGE });
  const at = CORRECTION_TERMS.indexOf('closesInTime');
  if ((coefficients[at] ?? 0) < 0) {
    // A deal that is expected to close in time is not less likely to: else a longer horizon could make winning less likely.
    const without = logisticRegression(
      { outcome, covariates: covariates.map((row) => row.filter((_, j) => j !== at)), offset },
      { intercept: false, ridge: RIDGE.filter((_, j) => j !== at) },
    );
    coefficients = [...without.coefficients.slice(0, at), 0, ...without.coefficients.slice(at)];
  }
  return { coefficients, rows: outcome.length, cuts: past.length };
}
