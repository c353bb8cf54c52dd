/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkNumber, checkOneOf } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import { readLevel } from './linear-regression.js';
import { type ProbabilityForecasts, type ReadForecasts, readForecasts } from './probability-forecast.js';
import { wilsonInterval } from './proportion-interval.js';
import { type GroupSums, groupByProbability } from './score-probabilities.js';

/**
 * How probabilities are sorted into bins.
 *
 * @category stats
 */
export interface BinOptions {
  /** Number of bins, 1 to 1000. Default 10. */
  readonly bins?: number;
  /** `width`: bins of equal width; `quantile`: bins of about equal numbers of cases. Default `width`. A probability on an edge belongs to the bin below, as in scikit-learn. */
  readonly by?: 'width' | 'quantile';
}

/**
 * Options of {@link reliabilityTable}.
 *
 * @category stats
 */
export interface ReliabilityOptions extends BinOptions {
  /** Confidence level of the limits of the observed shares, a fraction. Default 0.95. */
  readonly level?: number;
}

/**
 * One bin of a reliability table.
 *
 * @category stats
 */
export interface ReliabilityBin {
  /** Lower edge of the bin, excluded (included in the first). */
  readonly from: number;
  /** Upper edge of the bin, included. */
  readonly to: number;
  /** Number of cases. */
  readonly count: number;
  /** Number of events. */
  readonly events: number;
  /** Mean of the stated probabilities. */
  readonly meanProbability: number;
  /** Share of events. */
  readonly observedShare: number;
  /** Lower Wilson limit of the share. */
  readonly lower: number;
  /** Upper Wilson limit of the share. */
  readonly upper: number;
}

/**
 * Stated probabilities beside observed shares.
 *
 * @category stats
 */
export interface ReliabilityTable {
  /** Bins with at least one case, ascending. */
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: mean over the cases of |mean probability − observed share| of their bin. */
  readonly expectedCalibrationError: number;
  /** Largest |mean probability − observed share| of a bin. */
  readonly maximumCalibrationError: number;
  /** Number of cases. */
  readonly count: number;
}

function readBinOptions(settings: Readonly<Record<string, unknown>>, issues: Issue[]): { readonly bins: number; readonly by: 'width' | 'quantile' } {
  const bins = settings['bins'] === undefined ? 10 : (checkNumber(settings['bins'], ['options', 'bins'], issues, { min: 1, max: 1000, integer: true }) ?? 10);
  const by = settings['by'] === undefined ? 'width' : (checkOneOf(settings['by'], ['width', 'quantile'], ['options', 'by'], issues) ?? 'width');
  return { bins, by };
}

/** Edges of the bins: `bins + 1` numbers from 0 (or the least probability) to 1 (or the largest). */
function edgesOf({ probability, count }: ReadForecasts, bins: number, by: 'width' | 'quantile'): Float64Array {
  const edges = new Float64Array(bins + 1);
  if (by === 'width') for (let k = 0; k <= bins; k += 1) edges[k] = k / bins;
  else {
    const sorted = probability.slice().sort();
    for (let k = 0; k <= bins; k += 1) {
      const at = ((count - 1) * k) / bins;
      const low = Math.floor(at);
      const value = sorted[low] as number;
      edges[k] = value + (at - low) * ((sorted[Math.min(count - 1, low + 1)] as number) - value);
    }
  }
  return edges;
}

interface Bin extends GroupSums {
  readonly from: number;
  readonly to: number;
}

function sortIntoBins(forecasts: ReadForecasts, bins: number, by: 'width' | 'quantile'): readonly Bin[] {
  const { probability, outcome, count } = forecasts;
  const edges = edgesOf(forecasts, bins, by);
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const squares = new Float64Array(bins);
  const events = new Float64Array(bins);
  const cross = new Float64Array(bins);
  for (let i = 0; i < count; i += 1) {
    const p = probability[i] as number;
    // The number of inner edges below p.
    let low = 0;
    let high = bins - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle + 1] as number) < p) low = middle + 1;
      else high = middle;
    }
    counts[low] = (counts[low] as number) + 1;
    sums[low] = (sums[low] as number) + p;
    squares[low] = (squares[low] as number) + p * p;
    if (outcome[i] === 1) {
      events[low] = (events[low] as number) + 1;
      cross[low] = (cross[low] as number) + p;
    }
  }
  const result: Bin[] = [];
  for (let k = 0; k < bins; k += 1) {
    if (counts[k] === 0) continue;
    result.push({
      from: edges[k] as number,
      to: edges[k + 1] as number,
      count: counts[k] as number,
      probability: sums[k] as number,
      squares: squares[k] as number,
      events: events[k] as number,
      cross: cross[k] as number,
    });
  }
  return result;
}

/**
 * Reliability table: cases sorted by stated probability into bins, each with its mean probability, its observed share and Wilson limits, and the calibration errors.
 *
 * @param data - probabilities and outcomes
 * @param options - number and kind of bins, level of the limits
 * @returns the bins that hold cases, and the errors
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `not_an_integer` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { reliabilityTable } from 'dealwright/stats';
 * const table = reliabilityTable({ probability: [0.25, 0.25, 0.75, 0.75], outcome: [0, 1, 1, 1] }, { bins: 2 });
 * table.bins.map(({ meanProbability, observedShare }) => [meanProbability, observedShare]); // => [[0.25, 0.5], [0.75, 1]]
 * table.expectedCalibrationError; // => 0.25
 * ```
 * @category stats
 */
export function reliabilityTable(data: ProbabilityForecasts, options: ReliabilityOptions = {}): ReliabilityTable {
  let choice = { bins: 10, by: 'width' as 'width' | 'quantile' };
  let level = 0.95;
  const forecasts = readForecasts(data, options, ['bins', 'by', 'level'], (settings, issues) => {
    choice = readBinOptions(settings, issues);
    level = readLevel(settings['level'], issues);
  });
  let expected = 0;
  let maximum = 0;
  const bins = sortIntoBins(forecasts, choice.bins, choice.by).map((bin): ReliabilityBin => {
    const meanProbability = bin.probability / bin.count;
    const share = bin.events / bin.count;
    const gap = Math.abs(meanProbability - share);
    expected += (gap * bin.count) / forecasts.count;
    maximum = Math.max(maximum, gap);
    const { lower, upper } = wilsonInterval(bin.events, bin.count, { level });
    return {
      from: bin.from,
      to: bin.to,
      count: bin.count,
      events: bin.events,
      meanProbability,
      observedShare: share,
      lower: lower ?? 0,
      upper: upper ?? 1,
    };
  });
  return { bins, expectedCalibrationError: expected, maximumCalibrationError: maximum, count: forecasts.count };
}

/**
 * The Brier score in parts: `brier = reliability − resolution + uncertainty + withinBin`.
 *
 * @category stats
 */
export interface BrierDecomposition {
  /** The Brier score. */
  readonly brier: number;
  /** Mean squared distance of the stated probability of a group from its observed share: 0 is perfect calibration. */
  readonly reliability: number;
  /** Mean squared distance of the observed share of a group from the overall share: more is better. */
  readonly resolution: number;
  /** Variance of the outcome, share × (1 − share): given by the cases, not by the forecaster. */
  readonly uncertainty: number;
  /** What binning hides: variance of the probabilities within bins less twice their covariance with the outcome (Stephenson et al. 2008). 0 when grouped by distinct probabilities. */
  readonly withinBin: number;
  /** 1 − brier / uncertainty: the share of uncertainty removed; null when every case has the same outcome. */
  readonly skill: number | null;
}

/**
 * Options of {@link decomposeBrier}: by default cases are grouped by their distinct probabilities.
 *
 * @category stats
 */
export type BrierDecompositionOptions = BinOptions;

/**
 * Decomposes the Brier score into reliability, resolution and uncertainty (Murphy 1973).
 *
 * @param data - probabilities and outcomes
 * @param options - `bins` or `by` group cases into bins; without them each distinct probability is a group
 * @returns the parts
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `not_an_integer` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { decomposeBrier } from 'dealwright/stats';
 * const parts = decomposeBrier({ probability: [0.25, 0.25, 0.75, 0.75], outcome: [0, 1, 1, 1] });
 * [parts.brier, parts.reliability, parts.resolution, parts.uncertainty]; // => [0.1875, 0.0625, 0.0625, 0.1875]
 * ```
 * @category stats
 */
export function decomposeBrier(data: ProbabilityForecasts, options: BrierDecompositionOptions = {}): BrierDecomposition {
  let choice: { readonly bins: number; readonly by: 'width' | 'quantile' } | undefined;
  const forecasts = readForecasts(data, options, ['bins', 'by'], (settings, issues) => {
    if (settings['bins'] !== undefined || settings['by'] !== undefined) choice = readBinOptions(settings, issues);
  });
  const { count } = forecasts;
  const groups: readonly GroupSums[] = choice === undefined ? groupByProbability(forecasts) : sortIntoBins(forecasts, choice.bins, choice.by);
  let events = 0;
  for (const group of groups) events += group.events;
  const base = events / count;
  let reliability = 0;
  let resolution = 0;
  let withinBin = 0;
  let brier = 0;
  for (const group of groups) {
    const p = group.probability / group.count;
    const share = group.events / group.count;
    reliability += group.count * (p - share) ** 2;
    resolution += group.count * (share - base) ** 2;
    if (choice !== undefined) withinBin += group.squares - group.count * p * p - 2 * (group.cross - group.events * p);
    brier += group.squares - 2 * group.cross + group.events;
  }
  const uncertainty = base * (1 - base);
  return {
    brier: brier / count,
    reliability: reliability / count,
    resolution: resolution / count,
    uncertainty,
    withinBin: withinBin / count,
    skill: uncertainty > 0 ? 1 - brier / count / uncertainty : null,
  };
}
