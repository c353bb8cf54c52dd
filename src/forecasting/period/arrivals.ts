/*
 * Business that is not in the pipeline yet: how many deals will be created, how many of them will be won in time, and what they bring. Not a public entry.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { poissonRegression } from '../../stats/poisson-regression.js';
import type { SumTerm } from '../../stats/sum-terms.js';
import { daysToEnd, phaseOf } from '../win/cycle.js';
import { type Track, valueAt } from '../win/deal-tracks.js';
import { amountBand, levelOf } from '../win/exposure.js';
import { dealFactors, horizonOf, projectDeal } from '../win/intensity.js';
import type { Learned } from '../win/learn-win.js';

const WEEK = 7;
const YEAR = 365.25;
/** Weeks after which the weight of a week in the level has halved. */
const LEVEL_HALF_LIFE = 26;
/** Deals that stand for those to come. */
const MAX_SAMPLE = 120;
/** Days of creation for which chances are computed; between them they are taken as equal. */
const NODES = 7;

/** Deals per day. */
export interface CreationRate {
  /** Expected number created on a day. */
  readonly at: (day: number) => number;
  /** Relative variance of the number in a period beyond Poisson. */
  readonly excess: number;
  /** Weeks of history. */
  readonly weeks: number;
  readonly isSeasonal: boolean;
}

/** Learns the rate of creation from whole weeks before the cut, with a yearly season where there are two years of them. */
export function creationRate(tracks: readonly Track[], cutDay: number, observedFrom: number): CreationRate | undefined {
  const first = tracks[0]?.created;
  if (first === undefined) return undefined;
  // Creation of deals that had ended before closings were recorded is not known in full.
  const start = Math.max(first, observedFrom);
  const weeks = Math.min(520, Math.floor((cutDay - start) / WEEK));
  if (weeks < 4) return undefined;
  const counts = new Array<number>(weeks).fill(0);
  for (const track of tracks) {
    const week = Math.floor((cutDay - 1 - track.created) / WEEK);
    if (week >= 0 && week < weeks) counts[weeks - 1 - week] = (counts[weeks - 1 - week] as number) + 1;
  }
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return undefined;
  const isSeasonal = weeks >= 104 && total >= 200;
  const middle = (week: number): number => cutDay - (weeks - week) * WEEK + WEEK / 2;
  const wave = (day: number): readonly number[] => {
    const angle = (2 * Math.PI * day) / YEAR;
    return [Math.sin(angle), Math.cos(angle), Math.sin(2 * angle), Math.cos(2 * angle)];
  };
  let season = (_day: number): number => 1;
  if (isSeasonal) {
    const fit = poissonRegression(
      { outcome: counts, covariates: counts.map((_, week) => [(middle(week) - cutDay) / YEAR, ...wave(middle(week))]) },
      { ridge: [total / 100, total / 200, total / 200, total / 60, total / 60] },
    );
    const [, , ...waves] = fit.coefficients;
    season = (day) => Math.exp(wave(day).reduce((sum, value, j) => sum + value * (waves[j] ?? 0), 0));
  }
  let weighted = 0;
  let exposed = 0;
  let pearson = 0;
  for (let week = 0; week < weeks; week += 1) {
    const weight = 0.5 ** ((weeks - 1 - week) / LEVEL_HALF_LIFE);
    weighted += weight * (counts[week] as number);
    exposed += weight * season(middle(week));
  }
  const level = weighted / exposed;
  let recent = 0;
  let effective = 0;
  for (let week = Math.max(0, weeks - 104); week < weeks; week += 1) {
    const mean = level * season(middle(week));
    pearson += ((counts[week] as number) - mean) ** 2 / mean;
    recent += 1;
  }
  for (let week = 0; week < weeks; week += 1) effective += 0.5 ** ((weeks - 1 - week) / LEVEL_HALF_LIFE);
  const dispersion = Math.max(1, pearson / Math.max(1, recent - 1));
  // What is not known of the level, and weeks that differ more than chance would make them, over a quarter of 13 weeks.
  const excess = dispersion / Math.max(1, level * effective) + (dispersion - 1) / Math.max(1, level * 13);
  return { at: (day) => (level / WEEK) * season(day), excess, weeks, isSeasonal };
}

/** New business of a period. */
export interface NewBusiness {
  /** Expected number of deals that will be created before the end. */
  readonly created: number;
  /** Expected number of them won in the period. */
  readonly wins: number;
  /** Relative variance of the expected number. */
  readonly excess: number;
  /** What a win brings. */
  readonly severity: readonly SumTerm[];
  readonly mean: number;
  readonly variance: number;
  readonly rate: CreationRate;
}

/** Deals created from the cut on and won within [from, by); amounts are read as they were before the day `before`. */
export function newBusiness(
  tracks: readonly Track[],
  learned: Learned,
  at: { readonly cutDay: number; readonly from: number; readonly by: number; readonly observedFrom: number },
  before = Number.POSITIVE_INFINITY,
): NewBusiness | undefined {
  const { cutDay, from, by } = at;
  if (by <= cutDay) return undefined;
  const rate = creationRate(tracks, cutDay, at.observedFrom);
  if (rate === undefined) return undefined;
  const recent: Track[] = [];
  for (let i = tracks.length - 1; i >= 0 && recent.length < 4 * MAX_SAMPLE; i -= 1) {
    const track = tracks[i] as Track;
    if (track.created < cutDay && track.created >= cutDay - 2 * YEAR) recent.push(track);
  }
  if (recent.length === 0) return undefined;
  const step = Math.max(1, recent.length / MAX_SAMPLE);
  const sample: Track[] = [];
  for (let i = 0; i < recent.length && sample.length < MAX_SAMPLE; i += step) sample.push(recent[Math.floor(i)] as Track);
  const { levels, intensity, table, boundaries } = learned;
  const phaseAt = (day: number): number => phaseOf(daysToEnd(boundaries, day));
  const nodes = Math.min(NODES, by - cutDay);
  const wins = new Float64Array(sample.length);
  let created = 0;
  const chanceBy = new Map<string, number>();
  for (let n = 0; n < nodes; n += 1) {
    const start = cutDay + Math.floor(((by - cutDay) * n) / nodes);
    const end = cutDay + Math.floor(((by - cutDay) * (n + 1)) / nodes);
    let expected = 0;
    for (let day = start; day < end; day += 1) expected += rate.at(day);
    created += expected;
    const entry = Math.floor((start + end) / 2);
    chanceBy.clear();
    for (let i = 0; i < sample.length; i += 1) {
      const track = sample[i] as Track;
      const visit = track.visits[0];
      if (visit === undefined) continue;
      const band = amountBand(track.amounts[0]?.value, levels.amountEdges);
      const segment = levelOf(track.segment, learned.segments);
      const owner = levelOf(valueAt(track.owners, visit.from), learned.owners);
      const key = `${visit.stage} ${band} ${segment} ${owner}`;
      let chance = chanceBy.get(key);
      if (chance === undefined) {
        const factors = dealFactors(intensity, band, segment, owner);
        // Trials begin on the day after it was created.
        const first = entry + 1;
        const late = projectDeal(table, horizonOf(first, by, phaseAt), visit.stage, 0, factors).won.at(-1) ?? 0;
        const early = from > first ? (projectDeal(table, horizonOf(first, from, phaseAt), visit.stage, 0, factors).won.at(-1) ?? 0) : 0;
        chance = Math.max(0, late - early);
        chanceBy.set(key, chance);
      }
      wins[i] = (wins[i] as number) + (expected * chance) / sample.length;
    }
  }
  const sizes = new Map<number, number>();
  let total = 0;
  for (let i = 0; i < sample.length; i += 1) {
    const track = sample[i] as Track;
    // The last amount known: of a deal that was won, what it was won with.
    const amount = before === Number.POSITIVE_INFINITY ? track.amounts.at(-1)?.value : valueAt(track.amounts, before - 1);
    if (amount === null || amount === undefined || amount < 0) continue;
    sizes.set(amount, (sizes.get(amount) ?? 0) + (wins[i] as number));
    total += wins[i] as number;
  }
  const count = wins.reduce((sum, n) => sum + n, 0);
  if (!(total > 0)) return { created, wins: count, excess: rate.excess, severity: [], mean: 0, variance: 0, rate };
  const severity = [...sizes].sort((a, b) => a[0] - b[0]).map(([amount, weight]) => ({ amount, probability: weight / total }));
  const first = severity.reduce((sum, { amount, probability }) => sum + amount * probability, 0);
  const second = severity.reduce((sum, { amount, probability }) => sum + amount * amount * probability, 0);
  return { created, wins: count, excess: rate.excess, severity, mean: count * first, variance: count * second + rate.excess * (count * first) ** 2, rate };
}
