/*
 * From possible totals with their probabilities to a distribution of bounded size. Not a public entry.
 */
import type { DistributionBase, DistributionMethod, PointDistribution } from './distribution.js';
import type { Points } from './exact-points.js';

/** Most points of a distribution that is returned. */
export const MAX_POINTS = 4096;

/** Cells into which probability and range are divided when there are more points than that. */
const CELLS = 800;

/** Cumulative probabilities with a compensated running sum; the last is exactly 1. */
export function accumulateProbabilities(probabilities: ArrayLike<number>): number[] {
  const cumulative: number[] = [];
  let sum = 0;
  let compensation = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    const term = (probabilities[i] as number) - compensation; // within bounds
    const next = sum + term;
    compensation = next - sum - term;
    sum = next;
    // The correction may take back a last bit: a cumulative probability never falls.
    cumulative.push(Math.min(1, Math.max(sum, cumulative[i - 1] ?? 0)));
  }
  if (cumulative.length > 0) cumulative[cumulative.length - 1] = 1;
  return cumulative;
}

/** Every point as it is, however many. */
export function toPointDistribution(points: Points, base: Omit<DistributionBase, 'formatVersion'>): PointDistribution {
  return { formatVersion: 1, ...base, form: 'points', values: Array.from(points.values), cumulative: accumulateProbabilities(points.probabilities), interpolation: 'step' };
}

/**
 * At most 4,096 points. Where there are more, knots are kept at which the cumulative probability is exact: after every 1/800 of the probability and of the
 * range between the quantiles 1e-6 and 1 − 1e-6, and on both sides of every point of at least that probability; in between it is a straight line.
 */
export function boundPoints(distribution: PointDistribution): PointDistribution {
  const { values, cumulative } = distribution;
  const size = values.length;
  if (size <= MAX_POINTS) return distribution;
  const at = (p: number): number =>
    values[
      Math.max(
        0,
        cumulative.findIndex((c) => c >= p),
      )
    ] as number; // the last is 1
  const massLimit = 1 / CELLS;
  const widthLimit = (at(1 - 1e-6) - at(1e-6)) / CELLS;
  const keptValues: number[] = [values[0] as number];
  const kept: number[] = [cumulative[0] as number];
  let widest = 0;
  const keep = (value: number, probability: number): void => {
    const last = keptValues.length - 1;
    if (value === keptValues[last] && probability === kept[last]) return;
    keptValues.push(value);
    kept.push(probability);
  };
  let cellStart = 0;
  for (let i = 1; i < size; i += 1) {
    const value = values[i] as number;
    const before = cumulative[i - 1] as number;
    const here = cumulative[i] as number;
    if (here - before >= massLimit || value - (values[i - 1] as number) > widthLimit) {
      // A jump, or a gap without possible values: flat up to the point, then straight up.
      keep(Math.max(values[i - 1] as number, keptValues.at(-1) ?? value), before);
      keep(value, before);
      keep(value, here);
      cellStart = i;
      continue;
    }
    const mass = here - (cumulative[cellStart] as number);
    const width = value - (values[cellStart] as number);
    if (mass > massLimit || (width > widthLimit && mass > 1e-7) || i === size - 1) {
      // Half-way to the next point the cumulative probability is still the same, and lines through such knots are as often above the steps as below.
      const gap = Math.min(value - (values[i - 1] as number), i + 1 < size ? (values[i + 1] as number) - value : 0);
      keep(value + gap / 2, here);
      // Far out in the tails a cell is as wide as it happens to be.
      if (here > 1e-6 && (cumulative[cellStart] as number) < 1 - 1e-6) widest = Math.max(widest, width);
      cellStart = i;
    }
  }
  return { ...distribution, values: keptValues, cumulative: kept, interpolation: 'linear', resolution: Math.max(distribution.resolution, widest) };
}

/** A distribution of bounded size from points. */
export function distributionOfPoints(
  values: Float64Array,
  probabilities: Float64Array,
  method: DistributionMethod,
  moments: { readonly mean: number; readonly standardDeviation: number },
  resolution: number,
): PointDistribution {
  const minimum = values[0] ?? 0;
  const maximum = values[values.length - 1] ?? 0;
  return boundPoints(toPointDistribution({ values, probabilities }, { ...moments, minimum, maximum, method, resolution }));
}
