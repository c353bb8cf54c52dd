/*
 * Days at risk, cut into pieces in which nothing that the model looks at changes. Not a public entry.
 *
 * A deal that entered a stage on day a can leave it on any of the days a + 1, a + 2, …: each is one trial. A piece is a run of such days.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { type Boundaries, daysToEnd, PHASE_EDGES, phaseOf } from './cycle.js';
import { type Track, valueAt } from './deal-tracks.js';

/** Number of ways to leave a stage: won, lost, forward, back, in this order. */
export const CAUSE_COUNT = 4;

/** How levels are numbered; part of a fitted model. */
export interface Levels {
  /** Open stages in order; the last entry stands for a stage that is not known. */
  readonly stages: number;
  /** First day in the stage of each band, ascending from 1. */
  readonly dwellEdges: readonly number[];
  /** Upper ends of the amount bands but the last. */
  readonly amountEdges: readonly number[];
  readonly owners: readonly string[];
  readonly segments: readonly string[];
}

/** Pieces as columns. */
export interface Exposure {
  readonly count: number;
  readonly stage: Uint8Array;
  readonly dwell: Uint8Array;
  readonly phase: Uint8Array;
  readonly amount: Uint8Array;
  readonly owner: Uint16Array;
  readonly segment: Uint16Array;
  readonly days: Float64Array;
  /** Cause by which the piece ended, or −1. */
  readonly cause: Int8Array;
  /** The last day of the piece. */
  readonly lastDay: Int32Array;
  /** Stage that was entered then, or −1. */
  readonly next: Int8Array;
}

/** Band of an amount: 0 is not known. */
export function amountBand(amount: number | null | undefined, edges: readonly number[]): number {
  if (amount === null || amount === undefined) return 0;
  let band = 1;
  for (const edge of edges) if (amount > edge) band += 1;
  return band;
}

/** Band of a number of days in the stage, from 1 up. */
export function dwellBand(days: number, edges: readonly number[]): number {
  let band = 0;
  while (band + 1 < edges.length && days >= (edges[band + 1] as number)) band += 1;
  return band;
}

/** Index of a name among the levels, from 1 up; 0 where there is none, or it is new. */
export function levelOf(name: string | null | undefined, names: ReadonlyMap<string, number>): number {
  return name === null || name === undefined ? 0 : (names.get(name) ?? 0);
}

const CANDIDATE_EDGES: readonly number[] = [1, 3, 5, 8, 11, 15, 22, 29, 43, 57, 71, 85, 99, 113, 127, 141, 183, 239, 299, 365, 548, 730];
/** Exits that a band of days in the stage must hold. */
const MIN_EXITS = 25;
const MAX_LEVELS = 2_000;

/** Chooses bands from what there is: neither outcomes nor anything after the cut enters. */
export function chooseLevels(tracks: readonly Track[], stages: number, observedFrom: number): Levels {
  const dwell: number[] = [];
  const amounts: number[] = [];
  const owners = new Map<string, number>();
  const segments = new Map<string, number>();
  for (const track of tracks) {
    for (const visit of track.visits) {
      if (visit.until < Number.POSITIVE_INFINITY && visit.until >= observedFrom) dwell.push(visit.until - visit.from);
      const owner = valueAt(track.owners, visit.from);
      if (typeof owner === 'string') owners.set(owner, (owners.get(owner) ?? 0) + 1);
    }
    const amount = track.amounts[0]?.value;
    if (typeof amount === 'number') amounts.push(amount);
    if (track.segment !== null) segments.set(track.segment, (segments.get(track.segment) ?? 0) + 1);
  }
  dwell.sort((a, b) => a - b);
  const edges = [1];
  let counted = 0;
  let at = 0;
  for (let i = 1; i < CANDIDATE_EDGES.length; i += 1) {
    const edge = CANDIDATE_EDGES[i] as number;
    while (at < dwell.length && (dwell[at] as number) < edge) at += 1;
    if (at - counted < MIN_EXITS) continue;
    edges.push(edge);
    counted = at;
  }
  amounts.sort((a, b) => a - b);
  const amountEdges = amounts.length < 60 ? [] : [0.25, 0.5, 0.75, 0.9].map((p) => amounts[Math.floor(p * (amounts.length - 1))] as number);
  const most = (counts: ReadonlyMap<string, number>): readonly string[] =>
    [...counts]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, MAX_LEVELS)
      .map(([name]) => name)
      .sort();
  return { stages, dwellEdges: edges, amountEdges: [...new Set(amountEdges)], owners: most(owners), segments: most(segments) };
}

/** Numbers names from 1. */
export function indexNames(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index + 1]));
}

/** Cuts the visits into pieces; `breaks` are further days before which a piece must end, so that a part of the data can be left out. */
export function cutExposure(
  tracks: readonly Track[],
  levels: Levels,
  boundaries: Boundaries,
  options: { readonly cutDay: number; readonly observedFrom: number; readonly breaks: readonly number[] },
): Exposure {
  const { cutDay, observedFrom } = options;
  const breaks = [...options.breaks].sort((a, b) => a - b);
  const owners = indexNames(levels.owners);
  const segments = indexNames(levels.segments);
  const stage: number[] = [];
  const dwell: number[] = [];
  const phase: number[] = [];
  const amount: number[] = [];
  const owner: number[] = [];
  const segment: number[] = [];
  const days: number[] = [];
  const cause: number[] = [];
  const lastDay: number[] = [];
  const next: number[] = [];
  for (const track of tracks) {
    const segmentLevel = levelOf(track.segment, segments);
    for (let v = 0; v < track.visits.length; v += 1) {
      const visit = track.visits[v] as Track['visits'][number];
      const isClosed = visit.until < Number.POSITIVE_INFINITY;
      const last = isClosed ? Math.max(visit.until, visit.from + 1) : cutDay - 1;
      const following = track.visits[v + 1];
      let how = -1;
      let to = -1;
      if (visit.end === 'won') how = 0;
      else if (visit.end === 'lost') how = 1;
      else if (visit.end === 'moved' && following !== undefined) {
        how = following.stage > visit.stage ? 2 : 3;
        to = following.stage;
      }
      let day = Math.max(visit.from + 1, observedFrom);
      if (isClosed && last < observedFrom) continue;
      const ownerLevel = levelOf(valueAt(track.owners, visit.from), owners);
      const amountLevel = amountBand(valueAt(track.amounts, visit.from), levels.amountEdges);
      // A stay that ended on the day it began is one trial of half a day.
      const isSameDay = isClosed && visit.until === visit.from;
      let nextBreak = 0;
      while (day <= last) {
        const dwellLevel = dwellBand(day - visit.from, levels.dwellEdges);
        const toEnd = daysToEnd(boundaries, day);
        const phaseLevel = phaseOf(toEnd);
        let stop = last;
        const dwellEnd = levels.dwellEdges[dwellLevel + 1];
        if (dwellEnd !== undefined) stop = Math.min(stop, visit.from + dwellEnd - 1);
        stop = Math.min(stop, day + toEnd - Math.max(1, PHASE_EDGES[phaseLevel] as number));
        while (nextBreak < breaks.length && (breaks[nextBreak] as number) <= day) nextBreak += 1;
        if (nextBreak < breaks.length) stop = Math.min(stop, (breaks[nextBreak] as number) - 1);
        stop = Math.max(stop, day);
        stage.push(visit.stage);
        dwell.push(dwellLevel);
        phase.push(phaseLevel);
        amount.push(amountLevel);
        owner.push(ownerLevel);
        segment.push(segmentLevel);
        days.push(isSameDay ? 0.5 : stop - day + 1);
        const isLast = stop === last && isClosed;
        cause.push(isLast ? how : -1);
        next.push(isLast ? to : -1);
        lastDay.push(isSameDay ? visit.from : stop);
        day = stop + 1;
      }
    }
  }
  return {
    count: stage.length,
    stage: Uint8Array.from(stage),
    dwell: Uint8Array.from(dwell),
    phase: Uint8Array.from(phase),
    amount: Uint8Array.from(amount),
    owner: Uint16Array.from(owner),
    segment: Uint16Array.from(segment),
    days: Float64Array.from(days),
    cause: Int8Array.from(cause),
    lastDay: Int32Array.from(lastDay),
    next: Int8Array.from(next),
  };
}
