/*
 * Chances per day of leaving a stage as won, lost, forward or back: a product of factors, each drawn towards 1 the less is known about it. Not a public entry.
 *
 * For each cause the chance per day is base × stage × band of days in the stage × their combination × place in the period × amount × segment × owner.
 * Each factor is (events + κ) / (expected + κ), the posterior mean under a gamma prior around 1; κ is found from how far the levels differ beyond chance
 * (moments). Factors are passed through in turn until they settle: a log-linear model that cannot separate and always exists.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { PHASE_EDGES } from './cycle.js';
import { CAUSE_COUNT, type Exposure, type Levels } from './exposure.js';

/** Names of the factors, in the order in which they are explained. */
export const FACTORS = ['stage', 'dwell', 'stageDwell', 'phase', 'amount', 'segment', 'owner'] as const;

/** Factors of one cause: a plain list for each. */
export interface CauseFactors {
  readonly base: number;
  readonly stage: readonly number[];
  readonly dwell: readonly number[];
  /** Stage after stage. */
  readonly stageDwell: readonly number[];
  readonly phase: readonly number[];
  readonly amount: readonly number[];
  readonly segment: readonly number[];
  readonly owner: readonly number[];
}

/** Chances per day and where moves lead. */
export interface Intensity {
  readonly causes: readonly CauseFactors[];
  /** `forwardTo[s][k]`: share of the forward moves from stage s that lead to stage k. */
  readonly forwardTo: readonly (readonly number[])[];
  /** The same for moves back. */
  readonly backTo: readonly (readonly number[])[];
  /** Number of exits by cause. */
  readonly events: readonly number[];
  /** Days at risk. */
  readonly days: number;
}

const MIN_STRENGTH = 3;
const MAX_STRENGTH = 400;
/** Strength of the factors that differ between stages, where κ is not to be estimated from a handful of levels. */
const STAGE_STRENGTH = 1;
const MAX_SWEEPS = 14;
/** Passes when the start is a fit to more of the same data. */
const WARM_SWEEPS = 3;
const SETTLED = 0.005;

/** Fits the factors to the pieces that ended before `before`. */
export function fitIntensity(exposure: Exposure, levels: Levels, before: number, start?: Intensity): Intensity {
  const { count, stage, dwell, phase, amount, segment, owner, days, cause, lastDay, next } = exposure;
  const bands = levels.dwellEdges.length;
  const rows = new Int32Array(count);
  let used = 0;
  for (let i = 0; i < count; i += 1) {
    if ((lastDay[i] as number) >= before) continue;
    rows[used] = i;
    used += 1;
  }
  const stages = levels.stages + 1;
  const sizes = [stages, bands, stages * bands, PHASE_EDGES.length, levels.amountEdges.length + 2, levels.segments.length + 1, levels.owners.length + 1];
  const codes = sizes.map(() => new Int32Array(used));
  const exposed = new Float64Array(used);
  let totalDays = 0;
  for (let r = 0; r < used; r += 1) {
    const i = rows[r] as number;
    (codes[0] as Int32Array)[r] = stage[i] as number;
    (codes[1] as Int32Array)[r] = dwell[i] as number;
    (codes[2] as Int32Array)[r] = (stage[i] as number) * bands + (dwell[i] as number);
    (codes[3] as Int32Array)[r] = phase[i] as number;
    (codes[4] as Int32Array)[r] = amount[i] as number;
    (codes[5] as Int32Array)[r] = segment[i] as number;
    (codes[6] as Int32Array)[r] = owner[i] as number;
    exposed[r] = days[i] as number;
    totalDays += days[i] as number;
  }
  const moves = [0, 1].map(() => Array.from({ length: stages }, () => new Float64Array(stages)));
  const eventCounts = new Array<number>(CAUSE_COUNT).fill(0);
  const causeRows: number[][] = Array.from({ length: CAUSE_COUNT }, () => []);
  for (let r = 0; r < used; r += 1) {
    const i = rows[r] as number;
    const c = cause[i] as number;
    if (c < 0) continue;
    eventCounts[c] = (eventCounts[c] as number) + 1;
    (causeRows[c] as number[]).push(r);
    const to = next[i] as number;
    if (c >= 2 && to >= 0) {
      const row = (moves[c - 2] as Float64Array[])[stage[i] as number] as Float64Array;
      row[to] = (row[to] as number) + 1;
    }
  }

  const causes: CauseFactors[] = [];
  const product = new Float64Array(used);
  for (let c = 0; c < CAUSE_COUNT; c += 1) {
    const total = eventCounts[c] as number;
    const base = totalDays > 0 ? (total + 0.5) / (totalDays + 100) : 0;
    const before_ = start?.causes[c];
    const factors = sizes.map((size, f) => {
      const known = before_?.[FACTORS[f] as (typeof FACTORS)[number]];
      return known !== undefined && known.length === size ? Float64Array.from(known) : new Float64Array(size).fill(1);
    });
    if (total > 0) {
      for (let r = 0; r < used; r += 1) {
        let p = base * (exposed[r] as number);
        for (let f = 0; f < sizes.length; f += 1) p *= (factors[f] as Float64Array)[(codes[f] as Int32Array)[r] as number] as number;
        product[r] = p;
      }
      for (let sweep = 0; sweep < (start === undefined ? MAX_SWEEPS : WARM_SWEEPS); sweep += 1) {
        let change = 0;
        for (let f = 0; f < sizes.length; f += 1) {
          const size = sizes[f] as number;
          if (f > 2 && size <= 1) continue;
          const code = codes[f] as Int32Array;
          const factor = factors[f] as Float64Array;
          const expected = new Float64Array(size);
          const events = new Float64Array(size);
          for (let r = 0; r < used; r += 1) expected[code[r] as number] = (expected[code[r] as number] as number) + (product[r] as number);
          for (const r of causeRows[c] as number[]) events[code[r] as number] = (events[code[r] as number] as number) + 1;
          for (let l = 0; l < size; l += 1) expected[l] = (expected[l] as number) / (factor[l] as number);
          const strength = f === 0 ? STAGE_STRENGTH : strengthOf(events, expected);
          const ratio = new Float64Array(size);
          for (let l = 0; l < size; l += 1) {
            const value = ((events[l] as number) + strength) / ((expected[l] as number) + strength);
            ratio[l] = value / (factor[l] as number);
            if ((expected[l] as number) > 0.5) change = Math.max(change, Math.abs(Math.log(ratio[l] as number)));
            factor[l] = value;
          }
          for (let r = 0; r < used; r += 1) product[r] = (product[r] as number) * (ratio[code[r] as number] as number);
        }
        if (change < SETTLED) break;
      }
    }
    const list = (f: number): number[] => Array.from(factors[f] as Float64Array);
    causes.push({ base, stage: list(0), dwell: list(1), stageDwell: list(2), phase: list(3), amount: list(4), segment: list(5), owner: list(6) });
  }
  const shares = (table: readonly Float64Array[], isForward: boolean): number[][] =>
    table.map((row, s) => {
      const own = row.reduce((sum, n) => sum + n, 0);
      const nearest = isForward ? Math.min(s + 1, levels.stages - 1) : Math.max(0, s - 1);
      // One move to the neighbouring stage stands for what is not known.
      return Array.from(row, (n, k) => (n + (k === nearest ? 1 : 0)) / (own + 1));
    });
  return { causes, forwardTo: shares(moves[0] as Float64Array[], true), backTo: shares(moves[1] as Float64Array[], false), events: eventCounts, days: totalDays };
}

/** κ of a gamma prior around 1 by moments: how far events / expected differ between levels beyond what chance would do. */
function strengthOf(events: Float64Array, expected: Float64Array): number {
  let excess = 0;
  let scale = 0;
  for (let l = 0; l < events.length; l += 1) {
    const x = expected[l] as number;
    if (x <= 0) continue;
    excess += ((events[l] as number) - x) ** 2 - x;
    scale += x * x;
  }
  if (!(excess > 0) || !(scale > 0)) return MAX_STRENGTH;
  return Math.min(MAX_STRENGTH, Math.max(MIN_STRENGTH, scale / excess));
}

/** Factors of a deal that do not change with time, multiplied, for each cause. */
export type DealFactors = readonly [number, number, number, number];

/** See above. */
export function dealFactors(intensity: Intensity, amount: number, segment: number, owner: number): DealFactors {
  const of = (c: number): number => {
    const cause = intensity.causes[c];
    return cause === undefined ? 1 : (cause.amount[amount] ?? 1) * (cause.segment[segment] ?? 1) * (cause.owner[owner] ?? 1);
  };
  return [of(0), of(1), of(2), of(3)];
}

/** From so many days on, steps of so many days: near days are looked at one by one, far ones in longer steps. */
const STEPS: readonly { readonly from: number; readonly length: number }[] = [
  { from: 360, length: 16 },
  { from: 150, length: 8 },
  { from: 60, length: 4 },
  { from: 14, length: 2 },
  { from: 0, length: 1 },
];

/** The days from the cut to a horizon, in steps that grow with the distance and never cross from one place in the period to another. */
export interface Horizon {
  /** Length of each step in days. */
  readonly lengths: readonly number[];
  /** Phase of each step. */
  readonly phases: readonly number[];
}

/** Chances per day by cause, stage, band of days in the stage and phase, laid out flat for one model. */
export interface RateTable {
  readonly stages: number;
  readonly bands: number;
  readonly phases: number;
  readonly edges: readonly number[];
  readonly rates: readonly Float64Array[];
  readonly forwardTo: readonly (readonly number[])[];
  readonly backTo: readonly (readonly number[])[];
}

/** See above. */
export function rateTable(intensity: Intensity, levels: Levels): RateTable {
  const stages = levels.stages + 1;
  const bands = levels.dwellEdges.length;
  const phases = PHASE_EDGES.length;
  const rates = intensity.causes.map((cause) => {
    const table = new Float64Array(stages * bands * phases);
    for (let s = 0; s < stages; s += 1) {
      for (let b = 0; b < bands; b += 1) {
        const value = cause.base * (cause.stage[s] ?? 1) * (cause.dwell[b] ?? 1) * (cause.stageDwell[s * bands + b] ?? 1);
        for (let f = 0; f < phases; f += 1) table[(s * bands + b) * phases + f] = value * (cause.phase[f] ?? 1);
      }
    }
    return table;
  });
  return { stages, bands, phases, edges: levels.dwellEdges, rates, forwardTo: intensity.forwardTo, backTo: intensity.backTo };
}

/** Cuts the days [from, to) into steps. A longer horizon begins with the same steps, so that it never makes winning less likely. */
export function horizonOf(from: number, to: number, phaseAt: (day: number) => number): Horizon {
  const lengths: number[] = [];
  const phases: number[] = [];
  let day = from;
  while (day < to) {
    const ahead = day - from;
    const most = Math.min(STEPS.find((step) => ahead >= step.from)?.length ?? 1, to - day);
    const phase = phaseAt(day);
    let size = 1;
    while (size < most && phaseAt(day + size) === phase) size += 1;
    lengths.push(size);
    phases.push(phase);
    day += size;
  }
  return { lengths, phases };
}

/** What becomes of a deal: probabilities at the end of each step. */
export interface Projection {
  readonly won: Float64Array;
  readonly lost: Float64Array;
}

/**
 * Carries a deal forward: it is in `stage` for `dwell` days already at the start of the horizon. Mass is kept by stage and by the step in which the stage was
 * entered, so that days in the stage begin anew with each move.
 */
export function projectDeal(table: RateTable, horizon: Horizon, stage: number, dwell: number, factors: DealFactors): Projection {
  const steps = horizon.lengths.length;
  const { stages, bands, phases, edges, rates } = table;
  const won = new Float64Array(steps);
  const lost = new Float64Array(steps);
  const rateWon = rates[0] as Float64Array;
  const rateLost = rates[1] as Float64Array;
  const rateForward = rates[2] as Float64Array;
  const rateBack = rates[3] as Float64Array;
  // Cohorts: the stay at the start, and one per stage and step of entry.
  const cohortStage: number[] = [stage];
  const cohortDwell: number[] = [dwell];
  const mass: number[] = [1];
  const arrivals = new Float64Array(stages);
  let totalWon = 0;
  let totalLost = 0;
  for (let n = 0; n < steps; n += 1) {
    const size = horizon.lengths[n] as number;
    const phase = horizon.phases[n] as number;
    arrivals.fill(0);
    for (let k = 0; k < mass.length; k += 1) {
      const m = mass[k] as number;
      if (m < 1e-9) continue;
      const s = cohortStage[k] as number;
      const spent = cohortDwell[k] as number;
      const middle = spent + (size + 1) / 2;
      let band = 0;
      while (band + 1 < bands && middle >= (edges[band + 1] as number)) band += 1;
      const at = (s * bands + band) * phases + phase;
      const w = (rateWon[at] as number) * factors[0];
      const l = (rateLost[at] as number) * factors[1];
      const f = (rateForward[at] as number) * factors[2];
      const b = (rateBack[at] as number) * factors[3];
      const all = w + l + f + b;
      cohortDwell[k] = spent + size;
      if (!(all > 0)) continue;
      // A chance per day near 1 is kept below it.
      const daily = all < 0.5 ? all : 1 - 0.5 * Math.exp(1 - 2 * all);
      const leaving = m * (size === 1 ? daily : 1 - (1 - daily) ** size);
      mass[k] = m - leaving;
      totalWon += (leaving * w) / all;
      totalLost += (leaving * l) / all;
      if (f > 0) {
        const row = table.forwardTo[s] as readonly number[];
        for (let to = 0; to < stages; to += 1) if ((row[to] as number) > 0) arrivals[to] = (arrivals[to] as number) + (leaving * f * (row[to] as number)) / all;
      }
      if (b > 0) {
        const row = table.backTo[s] as readonly number[];
        for (let to = 0; to < stages; to += 1) if ((row[to] as number) > 0) arrivals[to] = (arrivals[to] as number) + (leaving * b * (row[to] as number)) / all;
      }
    }
    for (let s = 0; s < stages; s += 1) {
      const m = arrivals[s] as number;
      if (m <= 0) continue;
      cohortStage.push(s);
      // Entered about half a step ago.
      cohortDwell.push((size - 1) / 2);
      mass.push(m);
    }
    won[n] = totalWon;
    lost[n] = totalLost;
  }
  return { won, lost };
}
