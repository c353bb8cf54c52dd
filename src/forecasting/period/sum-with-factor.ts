/*
 * The distribution of a sum of uncertain amounts that share a common factor, on a grid: fast enough for thousands of deals. Not a public entry.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { distributionOfPoints } from '../../stats/bound-points.js';
import { compensatedSum } from '../../stats/compensated-sum.js';
import type { Distribution } from '../../stats/distribution.js';
import { distributionOfSum } from '../../stats/distribution-of-sum.js';
import { normalCdf, normalPdf, normalQuantile } from '../../stats/normal-distribution.js';
import type { DealTerm } from './period-terms.js';

/** Terms up to which the exact sum is computed. */
const FEW = 8;
/** Points of the grid. */
const CELLS = 1_400;
/** Places of the common factor, evenly from −4.9 to 4.9. */
const NODES = 29;
const REACH = 4.9;
/** Terms of largest variance that are convolved one by one; the rest together is normal given the factor. */
const SINGLE = 120;

/** Sum of the terms and a certain amount. */
export function sumWithFactor(terms: readonly DealTerm[], certain: number, correlation: number): Distribution {
  if (terms.length <= FEW)
    return distributionOfSum([...terms.map(({ outcomes }) => ({ outcomes })), { amount: certain, probability: 1 }], { correlation: Math.min(0.99, correlation) });
  const sorted = [...terms].sort((a, b) => b.variance - a.variance || (a.deal.track.id < b.deal.track.id ? -1 : 1));
  const root = Math.sqrt(correlation);
  const rest = Math.sqrt(1 - correlation);
  const first = sorted.map(({ expected, probability }) => (probability > 0 ? expected / probability : 0));
  const second = sorted.map(({ variance, expected, probability }) => (probability > 0 ? (variance + expected * expected) / probability : 0));
  const threshold = sorted.map(({ probability }) =>
    probability <= 1e-12 ? Number.NEGATIVE_INFINITY : probability >= 1 - 1e-12 ? Number.POSITIVE_INFINITY : normalQuantile(probability, {}),
  );

  const nodes: { readonly weight: number; readonly probability: Float64Array; readonly mean: number; readonly variance: number }[] = [];
  let weights = 0;
  let mean = 0;
  let square = 0;
  const count = correlation > 0 ? NODES : 1;
  for (let k = 0; k < count; k += 1) {
    const z = count === 1 ? 0 : -REACH + (2 * REACH * k) / (count - 1);
    const weight = count === 1 ? 1 : normalPdf(z, {});
    const probability = new Float64Array(sorted.length);
    let m = 0;
    let v = 0;
    for (let i = 0; i < sorted.length; i += 1) {
      const t = threshold[i] as number;
      const p = Number.isFinite(t) && count > 1 ? normalCdf((t - root * z) / rest, {}) : (sorted[i] as DealTerm).probability;
      probability[i] = p;
      const part = p * (first[i] as number);
      m += part;
      v += Math.max(0, p * (second[i] as number) - part * part);
    }
    nodes.push({ weight, probability, mean: m, variance: v });
    weights += weight;
    mean += weight * m;
    square += weight * (v + m * m);
  }
  mean /= weights;
  const deviation = Math.sqrt(Math.max(0, square / weights - mean * mean));
  const most = sorted.reduce((sum, { outcomes }) => sum + outcomes.reduce((top, { amount }) => Math.max(top, amount), 0), 0);
  // The factor shifts the mean; ten deviations beyond the highest conditional one hold all but nothing.
  const top = nodes.reduce((high, node) => Math.max(high, node.mean + 8 * Math.sqrt(node.variance)), 0);
  const upper = Math.min(most, top);
  if (!(upper > 0)) return distributionOfSum([{ amount: certain, probability: 1 }]);
  const step = upper / CELLS;
  const cells = CELLS + 2;
  const single = Math.min(SINGLE, sorted.length);

  // Outcomes of the single terms on the grid, as shares of the probability of winning.
  const offsets: Int32Array[] = [];
  const shares: Float64Array[] = [];
  for (let i = 0; i < single; i += 1) {
    const { outcomes, probability } = sorted[i] as DealTerm;
    const masses = new Map<number, number>();
    if (probability > 0) {
      for (const outcome of outcomes) {
        const position = outcome.amount / step;
        const below = Math.floor(position);
        const share = position - below;
        masses.set(below, (masses.get(below) ?? 0) + (outcome.probability / probability) * (1 - share));
        masses.set(below + 1, (masses.get(below + 1) ?? 0) + (outcome.probability / probability) * share);
      }
    }
    offsets.push(Int32Array.from(masses.keys()));
    shares.push(Float64Array.from(masses.values()));
  }
  const total = new Float64Array(cells);
  for (const node of nodes) {
    let current: Float64Array = new Float64Array(cells);
    let spare: Float64Array = new Float64Array(cells);
    current[0] = 1;
    let filled = 0;
    for (let i = 0; i < single; i += 1) {
      const p = node.probability[i] as number;
      if (p <= 0) continue;
      const offset = offsets[i] as Int32Array;
      const share = shares[i] as Float64Array;
      const reach = Math.min(cells - 1, filled + offset.reduce((high, at) => Math.max(high, at), 0));
      for (let c = 0; c <= reach; c += 1) spare[c] = c <= filled ? (current[c] as number) * (1 - p) : 0;
      for (let j = 0; j < offset.length; j += 1) {
        const by = offset[j] as number;
        const mass = p * (share[j] as number);
        const last = Math.min(filled, cells - 1 - by);
        for (let c = 0; c <= last; c += 1) spare[c + by] = (spare[c + by] as number) + mass * (current[c] as number);
        // What would lie beyond the grid stays at its end.
        for (let c = Math.max(0, last + 1); c <= filled; c += 1) spare[cells - 1] = (spare[cells - 1] as number) + mass * (current[c] as number);
      }
      [current, spare] = [spare, current];
      filled = reach;
    }
    let restMean = 0;
    let restVariance = 0;
    for (let i = single; i < sorted.length; i += 1) {
      const p = node.probability[i] as number;
      const part = p * (first[i] as number);
      restMean += part;
      restVariance += Math.max(0, p * (second[i] as number) - part * part);
    }
    addWithNormal(total, current, node.weight / weights, restMean / step, Math.sqrt(restVariance) / step);
  }
  const keep: number[] = [];
  for (let c = 0; c < cells; c += 1) if ((total[c] as number) > 1e-15 || c === 0) keep.push(c);
  let sum = 0;
  for (const c of keep) sum += total[c] as number;
  return distributionOfPoints(
    Float64Array.from(keep, (c) => certain + c * step),
    Float64Array.from(keep, (c) => (total[c] as number) / sum),
    'lattice-convolution',
    // The factor leaves the mean as it is: what the places of the factor miss of it is not its own.
    { mean: certain + compensatedSum(sorted.map(({ expected }) => expected)), standardDeviation: deviation },
    step,
  );
}

/** Adds weight × (masses ∗ normal) to the total; mean and deviation in grid steps. */
function addWithNormal(total: Float64Array, masses: Float64Array, weight: number, mean: number, deviation: number): void {
  const cells = total.length;
  if (!(mean > 0)) {
    for (let c = 0; c < cells; c += 1) total[c] = (total[c] as number) + weight * (masses[c] as number);
    return;
  }
  const spread = Math.max(deviation, 0.3);
  const low = Math.max(0, Math.floor(mean - 6 * spread));
  const high = Math.min(cells - 1, Math.ceil(mean + 6 * spread));
  const kernel: number[] = [];
  let sum = 0;
  for (let c = low; c <= high; c += 1) {
    const density = Math.exp(-0.5 * ((c - mean) / spread) ** 2);
    kernel.push(density);
    sum += density;
  }
  for (let c = 0; c < cells; c += 1) {
    const mass = weight * (masses[c] as number);
    if (mass < 1e-14) continue;
    for (let j = 0; j < kernel.length; j += 1) {
      const at = Math.min(cells - 1, c + low + j);
      total[at] = (total[at] as number) + (mass * (kernel[j] as number)) / sum;
    }
  }
}
