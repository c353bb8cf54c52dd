import { checkKeys, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { compensatedSum } from './compensated-sum.js';
import { checkDistribution, cumulativeOf, type Distribution } from './distribution.js';
import { OPEN_PROBABILITY, type ParameterRule, readCall, readParameter, requireFiniteResult } from './distribution-parameters.js';
import { normalDensity, normalTail } from './normal-tail.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * Interval forecasts, one per observation.
 *
 * @category stats
 */
export interface IntervalForecasts {
  /** Lower ends. */
  readonly lower: NumericColumn;
  /** Upper ends, at or above the lower ones. */
  readonly upper: NumericColumn;
}

/**
 * Options of {@link pinballLoss}.
 *
 * @category stats
 */
export interface PinballLossOptions {
  /** Level of the quantile that was forecast, strictly between 0 and 1. */
  readonly level: number;
}

/**
 * Options of {@link intervalScore}.
 *
 * @category stats
 */
export interface IntervalScoreOptions {
  /** Probability the intervals claim to hold, strictly between 0 and 1: 0.9 for 90 % intervals. */
  readonly level: number;
}

/**
 * A normal forecast.
 *
 * @category stats
 */
export interface NormalForecast {
  /** Mean. */
  readonly mean: number;
  /** Standard deviation, more than 0. */
  readonly standardDeviation: number;
}

/**
 * Options of {@link crpsEnsemble}.
 *
 * @category stats
 */
export interface CrpsEnsembleOptions {
  /** Score the distribution the members were drawn from, not the members themselves. Default false. */
  readonly fair?: boolean;
}

/**
 * A forecast as a list of possible values.
 *
 * @category stats
 */
export interface DiscreteForecast {
  /** Possible values, in any order. */
  readonly values: NumericColumn;
  /** Probability of each; they sum to 1. */
  readonly probabilities: NumericColumn;
}

/**
 * Pinball (quantile) loss of forecasts of one quantile, averaged: (y − q)·level where y ≥ q, (q − y)·(1 − level) where it is below.
 * Its expectation is least for the true quantile. Lower is better; in the unit of the observations.
 *
 * Source: R. Koenker and G. Bassett (1978); T. Gneiting and A. Raftery, Strictly Proper Scoring Rules, JASA 102 (2007).
 *
 * @param observed - what happened, at least one
 * @param forecasts - the forecast quantile of each
 * @param options - `level` of the quantile, strictly between 0 and 1
 * @returns the mean loss
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `length_mismatch` | `invalid_probability` | `out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { pinballLoss } from 'dealwright/stats';
 * pinballLoss([10, 20], [12, 12], { level: 0.5 }); // => 2.5
 * ```
 * @category stats
 */
export function pinballLoss(observed: NumericColumn, forecasts: NumericColumn, options: PinballLossOptions): number {
  const issues: IssueSink = [];
  const y = readColumn(observed, ['observed'], issues, { atLeast: 1 });
  const q = readColumn(forecasts, ['forecasts'], issues, y === undefined ? {} : { length: y.length });
  const level = readLevel(options, ['level'], issues);
  throwIfIssues(issues);
  if (y === undefined || q === undefined || level === undefined) return 0; // an issue was thrown
  const losses = new Float64Array(y.length);
  for (let i = 0; i < y.length; i += 1) {
    const difference = (y[i] as number) - (q[i] as number); // within bounds
    losses[i] = difference >= 0 ? difference * level : -difference * (1 - level);
  }
  return requireFiniteResult(compensatedSum(losses) / y.length, ['observed']);
}

function readLevel(options: unknown, keys: readonly string[], issues: IssueSink): number | undefined {
  const record = checkRecord(options, ['options'], issues);
  if (record === undefined) return undefined;
  checkKeys(record, keys, ['options'], issues);
  return readParameter(record['level'], OPEN_PROBABILITY, ['options', 'level'], issues);
}

const NORMAL: { readonly mean: ParameterRule; readonly standardDeviation: ParameterRule } = { mean: {}, standardDeviation: { above: 0 } };

/**
 * Continuous ranked probability score of a normal forecast, in closed form: s (z (2Φ(z) − 1) + 2φ(z) − 1/√π) with z = (y − m)/s.
 * The CRPS of a point forecast is its absolute error; lower is better; in the unit of the observation.
 *
 * Source: Gneiting and Raftery (2007).
 *
 * @param observed - what happened
 * @param forecast - mean and standard deviation
 * @returns the score, at least 0
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { crpsNormal } from 'dealwright/stats';
 * crpsNormal(100, { mean: 100, standardDeviation: 10 }).toFixed(4); // => '2.3369'
 * ```
 * @category stats
 */
export function crpsNormal(observed: number, forecast: NormalForecast): number {
  const { value, parameters } = readCall('observed', observed, {}, forecast, NORMAL, false);
  const z = (value - parameters.mean) / parameters.standardDeviation;
  const score = z * (normalTail(-z) - normalTail(z)) + 2 * normalDensity(z) - 0.5641895835477563;
  return requireFiniteResult(Math.max(0, parameters.standardDeviation * score), ['observed']);
}

/**
 * Continuous ranked probability score of an ensemble: mean |xᵢ − y| − ½ mean |xᵢ − xⱼ|. With `fair`, the second mean is over pairs of different members,
 * n (n − 1), which scores the distribution the members were drawn from, however few they are.
 *
 * Source: T. Gneiting and A. Raftery (2007); C. Ferro, Fair scores for ensemble forecasts, QJRMS 140 (2014).
 *
 * @param observed - what happened
 * @param members - the ensemble, in any order; at least one, at least two for the fair score
 * @param options - `fair`, default false
 * @returns the score; the fair one can be slightly negative
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `insufficient_data` | `unknown_key` | `out_of_range`
 * @example
 * ```ts
 * import { crpsEnsemble } from 'dealwright/stats';
 * crpsEnsemble(3, [1, 2, 4]).toFixed(4); // => '0.6667'
 * ```
 * @category stats
 */
export function crpsEnsemble(observed: number, members: NumericColumn, options: CrpsEnsembleOptions = {}): number {
  const issues: IssueSink = [];
  const y = readParameter(observed, {}, ['observed'], issues);
  const record = checkRecord(options, ['options'], issues);
  let isFair = false;
  if (record !== undefined) {
    checkKeys(record, ['fair'], ['options'], issues);
    const given = record['fair'];
    if (typeof given === 'boolean') isFair = given;
    else if (given !== undefined) issues.push(createIssue('invalid_type', ['options', 'fair'], { expected: 'true or false', received: given }));
  }
  const column = readColumn(members, ['members'], issues, { atLeast: isFair ? 2 : 1 });
  throwIfIssues(issues);
  if (column === undefined || y === undefined) return 0; // an issue was thrown
  const sorted = Float64Array.from(column).sort();
  const n = sorted.length;
  const distances = new Float64Array(n);
  const spreads = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const member = sorted[i] as number; // within bounds
    distances[i] = Math.abs(member - y);
    // Σ_{i<j} (x_j − x_i) in sorted order counts member i with weight 2i − n + 1.
    spreads[i] = (2 * i - n + 1) * member;
  }
  const spread = compensatedSum(spreads) / (isFair ? n * (n - 1) : n * n);
  return requireFiniteResult(compensatedSum(distances) / n - spread, ['members']);
}

/**
 * Continuous ranked probability score of a list of possible values with probabilities, exactly: ∫ (F(x) − 1{x ≥ y})² dx.
 *
 * @param observed - what happened
 * @param forecast - possible values in any order, and their probabilities, which sum to 1
 * @returns the score, at least 0
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `length_mismatch` | `fraction_out_of_range` | `invalid_probability` | `unknown_key` | `out_of_range`
 * @example
 * ```ts
 * import { crpsDiscrete } from 'dealwright/stats';
 * crpsDiscrete(7, { values: [0, 5, 9], probabilities: [0.2, 0.5, 0.3] }).toFixed(4); // => '1.3600'
 * ```
 * @category stats
 */
export function crpsDiscrete(observed: number, forecast: DiscreteForecast): number {
  const issues: IssueSink = [];
  const y = readParameter(observed, {}, ['observed'], issues);
  const record = checkRecord(forecast, ['forecast'], issues);
  if (record !== undefined) checkKeys(record, ['values', 'probabilities'], ['forecast'], issues);
  const values = readColumn(record?.['values'], ['forecast', 'values'], issues, { atLeast: 1 });
  const masses = readColumn(record?.['probabilities'], ['forecast', 'probabilities'], issues, { min: 0, max: 1, ...(values === undefined ? {} : { length: values.length }) });
  if (masses !== undefined && Math.abs(compensatedSum(masses) - 1) > 1e-9) {
    issues.push(createIssue('invalid_probability', ['forecast', 'probabilities'], { expected: 'probabilities that sum to 1', received: compensatedSum(masses) }));
  }
  throwIfIssues(issues);
  if (values === undefined || masses === undefined || y === undefined) return 0; // an issue was thrown
  const points = Array.from(values, (value, index) => ({ value, mass: masses[index] as number })).sort((a, b) => a.value - b.value || a.mass - b.mass);
  let cumulative = 0;
  const knots: number[] = [];
  const levels: number[] = [];
  for (const { value, mass } of points) {
    cumulative += mass;
    if (knots.at(-1) === value) levels[levels.length - 1] = cumulative;
    else {
      knots.push(value);
      levels.push(cumulative);
    }
  }
  levels[levels.length - 1] = 1;
  return requireFiniteResult(integrateScore(knots, levels, false, y), ['forecast']);
}

/** ∫ (F − 1{x ≥ y})² over knots, with F a step function or straight between them. */
function integrateScore(values: readonly number[], cumulative: readonly number[], isLinear: boolean, y: number): number {
  const pieces: number[] = [];
  const first = values[0] as number; // at least one knot
  const last = values.at(-1) as number;
  if (y < first) pieces.push(first - y); // F = 0, indicator 1
  if (y > last) pieces.push(y - last); // F = 1, indicator 0
  // ∫ of a squared straight line from a to b over a length
  const piece = (a: number, b: number, length: number): number => ((a * a + a * b + b * b) / 3) * length;
  for (let i = 0; i + 1 < values.length; i += 1) {
    const low = values[i] as number;
    const high = values[i + 1] as number;
    if (high <= low) continue;
    const from = cumulative[i] as number;
    const to = isLinear ? (cumulative[i + 1] as number) : from;
    if (y <= low) pieces.push(piece(from - 1, to - 1, high - low));
    else if (y >= high) pieces.push(piece(from, to, high - low));
    else {
      const middle = from + ((to - from) * (y - low)) / (high - low);
      pieces.push(piece(from, middle, y - low), piece(middle - 1, to - 1, high - y));
    }
  }
  return compensatedSum(pieces);
}

/** Points at which a smooth cumulative function is read to integrate its score. */
const SCORE_POINTS = 8192;

/**
 * Continuous ranked probability score of a {@link Distribution}: exact for points and knots; for a Fourier series by the trapezoidal rule on 8,192 points
 * (on its own grid where that has fewer), with a relative error below 1e-6.
 *
 * @param observed - what happened
 * @param distribution - the forecast
 * @returns the score, at least 0, in the unit of the observation
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `not_finite` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { crpsDistribution, distributionOfSum } from 'dealwright/stats';
 * crpsDistribution(10000, distributionOfSum([{ amount: 10000, probability: 0.5 }])); // => 2500
 * ```
 * @category stats
 */
export function crpsDistribution(observed: number, distribution: Distribution): number {
  const issues: IssueSink = [];
  const y = readParameter(observed, {}, ['observed'], issues);
  const checked = checkDistribution(distribution, issues, ['distribution']);
  throwIfIssues(issues);
  if (y === undefined || checked === undefined) return 0; // an issue was thrown
  if (checked.form === 'points') return requireFiniteResult(integrateScore(checked.values, checked.cumulative, checked.interpolation === 'linear', y), ['observed']);
  const { grid, windowStart, windowWidth } = checked;
  const isStep = grid !== null && grid.count <= SCORE_POINTS;
  const count = isStep ? grid.count : SCORE_POINTS;
  const values = Array.from({ length: count }, (_, index) =>
    isStep ? ((grid.first + index) * grid.numerator) / grid.denominator : windowStart + (windowWidth * index) / (count - 1),
  );
  return requireFiniteResult(
    integrateScore(
      values,
      values.map((value) => cumulativeOf(checked, value)),
      !isStep,
      y,
    ),
    ['observed'],
  );
}

/**
 * Interval (Winkler) score, averaged: width, plus 2/(1 − level) times the distance by which the observation lies outside. Lower is better.
 *
 * Source: R. Winkler (1972); Gneiting and Raftery (2007).
 *
 * @param observed - what happened, at least one
 * @param forecasts - lower and upper ends, one per observation
 * @param options - `level` of the interval, strictly between 0 and 1: 0.9 for a 90 % interval
 * @returns the mean score, in the unit of the observations
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `length_mismatch` | `invalid_probability` | `out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { intervalScore } from 'dealwright/stats';
 * intervalScore([10], { lower: [12], upper: [20] }, { level: 0.5 }); // => 16
 * ```
 * @category stats
 */
export function intervalScore(observed: NumericColumn, forecasts: IntervalForecasts, options: IntervalScoreOptions): number {
  const issues: IssueSink = [];
  const columns = readIntervals(observed, forecasts, issues);
  const level = readLevel(options, ['level'], issues);
  throwIfIssues(issues);
  if (columns === undefined || level === undefined) return 0; // an issue was thrown
  const { y, lower, upper } = columns;
  const scores = new Float64Array(y.length);
  for (let i = 0; i < y.length; i += 1) {
    const value = y[i] as number; // within bounds, here and below
    const low = lower[i] as number;
    const high = upper[i] as number;
    scores[i] = high - low + (2 / (1 - level)) * (value < low ? low - value : value > high ? value - high : 0);
  }
  return requireFiniteResult(compensatedSum(scores) / y.length, ['observed']);
}

interface IntervalColumns {
  readonly y: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

function readIntervals(observed: unknown, forecasts: unknown, issues: IssueSink): IntervalColumns | undefined {
  const y = readColumn(observed, ['observed'], issues, { atLeast: 1 });
  const record = checkRecord(forecasts, ['forecasts'], issues, '{ lower, upper }');
  if (record === undefined) return undefined;
  checkKeys(record, ['lower', 'upper'], ['forecasts'], issues);
  const rules = y === undefined ? {} : { length: y.length };
  const lower = readColumn(record['lower'], ['forecasts', 'lower'], issues, rules);
  const upper = readColumn(record['upper'], ['forecasts', 'upper'], issues, rules);
  if (y === undefined || lower === undefined || upper === undefined) return undefined;
  for (let i = 0; i < y.length; i += 1) {
    if ((lower[i] as number) <= (upper[i] as number)) continue;
    issues.push(createIssue('out_of_range', ['forecasts', 'lower', i], { expected: `at most the upper end, ${String(upper[i])}`, received: lower[i] }));
    return undefined;
  }
  return { y, lower, upper };
}

/**
 * Share of observations that lie within their interval, ends included.
 *
 * @param observed - what happened, at least one
 * @param forecasts - lower and upper ends, one per observation
 * @returns a fraction from 0 to 1, to be compared with the level the intervals claim
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `length_mismatch` | `out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { intervalCoverage } from 'dealwright/stats';
 * intervalCoverage([10, 20], { lower: [8, 8], upper: [12, 12] }); // => 0.5
 * ```
 * @category stats
 */
export function intervalCoverage(observed: NumericColumn, forecasts: IntervalForecasts): number {
  const issues: IssueSink = [];
  const columns = readIntervals(observed, forecasts, issues);
  throwIfIssues(issues);
  if (columns === undefined) return 0; // an issue was thrown
  const { y, lower, upper } = columns;
  let inside = 0;
  for (let i = 0; i < y.length; i += 1) {
    const value = y[i] as number; // within bounds
    if (value >= (lower[i] as number) && value <= (upper[i] as number)) inside += 1;
  }
  return inside / y.length;
}

/**
 * Probability integral transform of an observation under a forecast. Over many forecasts of a calibrated forecaster it is uniform.
 *
 * @category stats
 */
export interface ProbabilityIntegralTransform {
  /** P(X < y). */
  readonly below: number;
  /** P(X ≤ y). */
  readonly upTo: number;
  /** Mean of the two: the value to use in a histogram where the forecast has points of its own. */
  readonly middle: number;
}

/**
 * Probability integral transform: where the observation fell in the forecast distribution. For a normal forecast use {@link normalCdf}.
 *
 * @param observed - what happened
 * @param distribution - the forecast
 * @returns probabilities below, up to, and half-way
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `invalid_value` | `not_finite` | `length_mismatch`
 * @example
 * ```ts
 * import { distributionOfSum, probabilityIntegralTransform } from 'dealwright/stats';
 * probabilityIntegralTransform(10000, distributionOfSum([{ amount: 10000, probability: 0.5 }])); // => { below: 0.5, upTo: 1, middle: 0.75 }
 * ```
 * @category stats
 */
export function probabilityIntegralTransform(observed: number, distribution: Distribution): ProbabilityIntegralTransform {
  const issues: IssueSink = [];
  const y = readParameter(observed, {}, ['observed'], issues);
  const checked = checkDistribution(distribution, issues, ['distribution']);
  throwIfIssues(issues);
  const below = checked === undefined ? 0 : cumulativeOf(checked, y ?? 0, true);
  const upTo = checked === undefined ? 0 : cumulativeOf(checked, y ?? 0);
  return { below, upTo, middle: (below + upTo) / 2 };
}
