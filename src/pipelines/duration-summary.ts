import { aalenJohansen, type IncidenceCurves } from '../stats/aalen-johansen.js';
import type { SurvivalIntervalMethod, SurvivalIntervalOptions } from '../stats/survival-interval.js';
import type { SurvivalTally } from '../stats/survival-tally.js';
import type { DurationCounts } from './mergeable-tally.js';

/**
 * A plain summary of lengths of time that are over. It leaves out what is still going on, which tends to be the longer: use it to describe, not to predict.
 *
 * @category pipelines
 */
export interface DurationSummary {
  /** How many. */
  readonly n: number;
  /** Arithmetic mean in days; `null` if there are none. */
  readonly meanDays: number | null;
  /** Median in days; `null` if there are none. */
  readonly medianDays: number | null;
  /** 90 % are at most so long (quantile of type 7); `null` if there are none. */
  readonly p90Days: number | null;
  /** The shortest; `null` if there are none. */
  readonly minimumDays: number | null;
  /** The longest; `null` if there are none. */
  readonly maximumDays: number | null;
}

/** How many lengths were counted. Not a public entry. */
export function sizeOf({ count }: DurationCounts): number {
  let n = 0;
  for (const part of count) n += part;
  return n;
}

/** Adds up counts of lengths. Not a public entry. */
export function mergeCounts(parts: readonly DurationCounts[]): DurationCounts {
  const all = new Map<number, number>();
  for (const { days, count } of parts) for (const [at, length] of days.entries()) all.set(length, (all.get(length) ?? 0) + (count[at] ?? 0));
  const entries = [...all.entries()].sort(([a], [b]) => a - b);
  return { days: entries.map(([days]) => days), count: entries.map(([, count]) => count) };
}

/** Mean, median and ends of counted lengths. Not a public entry. */
export function summarizeCounts(counts: DurationCounts): DurationSummary {
  const n = sizeOf(counts);
  if (n === 0) return { n, meanDays: null, medianDays: null, p90Days: null, minimumDays: null, maximumDays: null };
  let total = 0;
  for (const [at, length] of counts.days.entries()) total += length * (counts.count[at] ?? 0);
  return {
    n,
    meanDays: total / n,
    medianDays: quantileOfCounts(counts, n, 0.5),
    p90Days: quantileOfCounts(counts, n, 0.9),
    minimumDays: counts.days[0] ?? 0,
    maximumDays: counts.days[counts.days.length - 1] ?? 0,
  };
}

/** Type 7: linear between the two order statistics on either side. */
function quantileOfCounts(counts: DurationCounts, n: number, probability: number): number {
  const position = (n - 1) * probability;
  const low = Math.floor(position);
  const a = orderStatistic(counts, low);
  return position === low ? a : a + (position - low) * (orderStatistic(counts, low + 1) - a);
}

function orderStatistic({ days, count }: DurationCounts, place: number): number {
  let seen = 0;
  for (const [at, length] of days.entries()) {
    seen += count[at] ?? 0;
    if (seen > place) return length;
  }
  return days[days.length - 1] ?? 0;
}

/** How confidence limits of a call are made, with defaults. Not a public entry. */
export interface Limits {
  readonly interval: SurvivalIntervalMethod;
  readonly level: number;
}

/** The counts as a tally of the survival kernel: `exits[0]` is what was still going on. Not a public entry. */
export function survivalTallyOf(exits: readonly DurationCounts[], entries: DurationCounts): SurvivalTally {
  const grid = [...new Set([...exits.flatMap(({ days }) => days), ...entries.days])].sort((a, b) => a - b);
  const place = new Map(grid.map((time, at) => [time, at]));
  const columnOf = (counts: DurationCounts): readonly number[] => {
    const column = new Array<number>(grid.length).fill(0);
    for (const [at, length] of counts.days.entries()) {
      const slot = place.get(length);
      if (slot !== undefined) column[slot] = counts.count[at] ?? 0;
    }
    return column;
  };
  return { time: grid, exits: exits.map(columnOf), entries: columnOf(entries), rows: exits.reduce((sum, counts) => sum + sizeOf(counts), 0) };
}

/** Aalen–Johansen curves of counted lengths, or null where nothing was counted. Not a public entry. */
export function incidenceOf(
  censored: DurationCounts,
  causes: readonly { readonly cause: string; readonly counts: DurationCounts }[],
  entries: DurationCounts,
  limits: SurvivalIntervalOptions,
): IncidenceCurves | null {
  const exits = [censored, ...causes.map(({ counts }) => counts)];
  if (causes.length === 0 || exits.every(({ days }) => days.length === 0)) return null;
  return aalenJohansen(survivalTallyOf(exits, entries), { ...limits, causes: causes.map(({ cause }) => cause) });
}

/** The first time at which a cause has reached a share of what it reaches in all: its quantile among those that end by it. Not a public entry. */
export function quantileGivenCause(curves: IncidenceCurves, cause: string, probability: number): number | null {
  const column = curves.causes.find((candidate) => candidate.cause === cause);
  const last = column?.incidence[column.incidence.length - 1] ?? 0;
  if (column === undefined || last <= 0) return null;
  const wanted = probability * last * (1 - 1e-12);
  const at = column.incidence.findIndex((incidence) => incidence >= wanted);
  return curves.time[at] ?? null;
}
