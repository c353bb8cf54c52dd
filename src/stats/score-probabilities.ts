/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkNumber } from '../errors/checks.js';
import { type ProbabilityForecasts, type ReadForecasts, readForecasts } from './probability-forecast.js';

/**
 * Brier score: mean of (probability − outcome)². 0 is perfect, 0.25 what a constant ½ scores.
 *
 * @param data - probabilities and outcomes
 * @returns the score, from 0 to 1
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { brierScore } from 'dealwright/stats';
 * brierScore({ probability: [0.5, 1, 0], outcome: [1, 1, 0] }); // => 0.08333333333333333
 * ```
 * @category stats
 */
export function brierScore(data: ProbabilityForecasts): number {
  const { probability, outcome, count } = readForecasts(data, {}, []);
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += ((probability[i] as number) - (outcome[i] as number)) ** 2;
  return sum / count;
}

/**
 * How a log loss is computed.
 *
 * @category stats
 */
export interface LogLossOptions {
  /** Probabilities are moved into [clip, 1 − clip] first, so that one impossible case does not make the loss infinite. From 1e-300 to 0.1. Default 1e-15. */
  readonly clip?: number;
}

/**
 * Log loss: mean of −ln(probability given to what happened). 0 is perfect, ln 2 ≈ 0.693 what a constant ½ scores.
 *
 * @param data - probabilities and outcomes
 * @param options - clipping
 * @returns the loss, not negative
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { logLoss } from 'dealwright/stats';
 * logLoss({ probability: [0.5, 0.5], outcome: [1, 0] }); // => 0.6931471805599453
 * ```
 * @category stats
 */
export function logLoss(data: ProbabilityForecasts, options: LogLossOptions = {}): number {
  let clip = 1e-15;
  const { probability, outcome, count } = readForecasts(data, options, ['clip'], (settings, issues) => {
    if (settings['clip'] !== undefined) clip = checkNumber(settings['clip'], ['options', 'clip'], issues, { min: 1e-300, max: 0.1 }) ?? clip;
  });
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const p = Math.min(1 - clip, Math.max(clip, probability[i] as number));
    sum -= outcome[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / count + 0;
}

/**
 * How well scores put the events before the rest.
 *
 * @category stats
 */
export interface RankingQuality {
  /** Area under the ROC curve: the probability that an event has a higher score than a non-event, ties counting ½. Null when there are no events or nothing else. */
  readonly areaUnderCurve: number | null;
  /** Standard error of the area (DeLong, DeLong and Clarke-Pearson 1988); null with fewer than two of either kind. */
  readonly standardError: number | null;
  /** Average precision: Σ (recall gained) × precision over the distinct scores, from the highest down. Null when there are no events. */
  readonly averagePrecision: number | null;
  /** Number of events. */
  readonly events: number;
  /** Number of cases. */
  readonly count: number;
  /** Why the area is null; null when it is not. */
  readonly reason: 'no-events' | 'only-events' | null;
}

/**
 * Ranking quality of probabilities: area under the ROC curve with its standard error, and average precision. Any monotone change of the probabilities leaves them as they are.
 *
 * @param data - probabilities and outcomes
 * @returns area, standard error, average precision
 * @throws DomainError `invalid_type` | `length_mismatch` | `fraction_out_of_range` | `out_of_range` | `invalid_value` | `not_finite` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { rankingQuality } from 'dealwright/stats';
 * rankingQuality({ probability: [0.9, 0.6, 0.6, 0.1], outcome: [1, 1, 0, 0] }).areaUnderCurve; // => 0.875
 * ```
 * @category stats
 */
export function rankingQuality(data: ProbabilityForecasts): RankingQuality {
  const { probability, outcome, count } = readForecasts(data, {}, []);
  const order = descending(probability, count);
  let events = 0;
  for (let i = 0; i < count; i += 1) events += outcome[i] as number;
  const others = count - events;
  let hits = 0;
  let misses = 0;
  let precision = 0;
  let sumEvents = 0;
  let squareEvents = 0;
  let sumOthers = 0;
  let squareOthers = 0;
  for (let i = 0; i < count; ) {
    const score = probability[order[i] as number] as number;
    let tiedHits = 0;
    let tied = 0;
    for (; i < count && probability[order[i] as number] === score; i += 1) {
      tiedHits += outcome[order[i] as number] as number;
      tied += 1;
    }
    const tiedMisses = tied - tiedHits;
    // Share of the other kind that each of the tied cases beats (an event) or is beaten by (a non-event).
    if (others > 0) {
      const share = (others - misses - tiedMisses / 2) / others;
      sumEvents += tiedHits * share;
      squareEvents += tiedHits * share * share;
    }
    if (events > 0) {
      const share = (hits + tiedHits / 2) / events;
      sumOthers += tiedMisses * share;
      squareOthers += tiedMisses * share * share;
    }
    hits += tiedHits;
    misses += tiedMisses;
    precision += (tiedHits * hits) / (hits + misses);
  }
  const hasBoth = events > 0 && others > 0;
  let standardError: number | null = null;
  if (events > 1 && others > 1) {
    const varianceEvents = Math.max(0, squareEvents - (sumEvents * sumEvents) / events) / (events - 1);
    const varianceOthers = Math.max(0, squareOthers - (sumOthers * sumOthers) / others) / (others - 1);
    standardError = Math.sqrt(varianceEvents / events + varianceOthers / others);
  }
  return {
    areaUnderCurve: hasBoth ? sumEvents / events : null,
    standardError,
    averagePrecision: events > 0 ? precision / events : null,
    events,
    count,
    reason: hasBoth ? null : events === 0 ? 'no-events' : 'only-events',
  };
}

/** Case indexes from the highest probability down. */
function descending(probability: Float64Array, count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) order[i] = i;
  return order.sort((a, b) => (probability[b] as number) - (probability[a] as number));
}

/** Sums of forecasts by group, in order of the groups. */
export interface GroupSums {
  readonly count: number;
  readonly probability: number;
  readonly squares: number;
  readonly events: number;
  readonly cross: number;
}

/** Sums over the cases of every distinct probability. */
export function groupByProbability({ probability, outcome, count }: ReadForecasts): readonly GroupSums[] {
  const order = descending(probability, count);
  const groups: GroupSums[] = [];
  for (let i = 0; i < count; ) {
    const p = probability[order[i] as number] as number;
    let events = 0;
    let tied = 0;
    for (; i < count && probability[order[i] as number] === p; i += 1) {
      events += outcome[order[i] as number] as number;
      tied += 1;
    }
    groups.push({ count: tied, probability: tied * p, squares: tied * p * p, events, cross: events * p });
  }
  return groups;
}
