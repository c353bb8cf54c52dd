import { checkBoolean, checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { nelderMead } from '../../stats/nelder-mead.js';
import { decomposeClassical } from './decompose.js';
import { describeEstimate, type EtsState, estimateEts, isConstant, predictEts, usableSeason } from './ets.js';
import type { EtsGiven } from './ets-fit.js';
import { type EtsForm, readEtsForm } from './ets-form.js';
import { type EtsNumbers, type EtsStates, runEts } from './ets-paths.js';
import { defineForecastModel, type ForecastModel, type ModelFit, type SeriesData } from './forecast-model.js';

/**
 * Where a smoothing method starts. `optimal`: start states are estimated with the parameters, by least squares on one-step errors (as R's `ses`, `holt` and `hw`).
 * `simple`: from the first observations. `decomposition`: from a classical decomposition of the first two seasons (as R's `HoltWinters`).
 *
 * @category forecasting
 */
export type SmoothingStart = 'optimal' | 'simple' | 'decomposition';

/**
 * Settings of {@link simpleExponentialSmoothing}.
 *
 * @category forecasting
 */
export interface SimpleExponentialSmoothingOptions {
  /** Weight of the newest observation, 0 to 1. Default: estimated. */
  readonly alpha?: number;
  /** `optimal`, or `simple`: the level starts at the first observation. Default `optimal`. */
  readonly initial?: 'optimal' | 'simple';
}

/**
 * Settings of {@link holt}.
 *
 * @category forecasting
 */
export interface HoltOptions {
  /** Weight of the newest observation in the level, 0 to 1. Default: estimated. */
  readonly alpha?: number;
  /** Weight of the newest change in the growth, 0 to 1: the β* of the textbooks (growth = β* change + (1 − β*) growth). Default: estimated. */
  readonly betaStar?: number;
  /** Damping of the growth, above 0 to 1. Default: estimated (0.8 to 0.98) if `damped`. */
  readonly phi?: number;
  /** Whether the growth fades. Default false. */
  readonly damped?: boolean;
  /** Whether the growth is a factor instead of a difference. Default false. */
  readonly exponential?: boolean;
  /** `optimal`, or `simple`: level = first observation, growth = second − first (or their ratio), and the first forecast is for the first observation. Default `optimal`. */
  readonly initial?: 'optimal' | 'simple';
  /** `r-forecast-8.20` reproduces the limits of R's simple start, which enter β* where the variance wants α β*. Default `exact`. */
  readonly compatibility?: 'exact' | 'r-forecast-8.20';
}

/**
 * Settings of {@link holtWinters}.
 *
 * @category forecasting
 */
export interface HoltWintersOptions {
  /** Whether the season adds to or multiplies the level. Default `additive`. */
  readonly seasonal?: 'additive' | 'multiplicative';
  /** Weight of the newest observation in the level, 0 to 1. Default: estimated. */
  readonly alpha?: number;
  /** Weight of the newest change in the growth, 0 to 1 (β* of the textbooks). Default: estimated. */
  readonly betaStar?: number;
  /** Weight of the newest observation in the season, 0 to 1. Default: estimated. */
  readonly gamma?: number;
  /** Damping of the growth, above 0 to 1. Default: estimated (0.8 to 0.98) if `damped`. Not with `decomposition`. */
  readonly phi?: number;
  /** Whether the growth fades. Default false. */
  readonly damped?: boolean;
  /**
   * `optimal`: as R's `hw`. `simple`: level = mean of the first season, growth = (mean of the second − mean of the first) / m, season = first season minus
   * (divided by) the level; the season is updated with the old level and growth. `decomposition`: as R's `HoltWinters`, which begins after the first season
   * and updates the season with the new level. The two textbook updates differ: on champagne sales (0.3, 0.1, 0.2) the first step is 6975.1 with the old and
   * 7008.8 with the new level. Default `optimal`.
   */
  readonly initial?: SmoothingStart;
  /** `r-forecast-8.20`: see {@link HoltOptions}. Default `exact`. */
  readonly compatibility?: 'exact' | 'r-forecast-8.20';
}

function readWeight(record: PlainRecord, key: string, issues: IssueSink): number | undefined {
  return record[key] === undefined ? undefined : checkNumber(record[key], ['options', key], issues, { min: key === 'phi' ? 1e-6 : 0, max: 1 });
}

function readChoice<const T extends string>(record: PlainRecord, key: string, allowed: readonly T[], fallback: T, issues: IssueSink): T {
  return record[key] === undefined ? fallback : (checkOneOf(record[key], allowed, ['options', key], issues) ?? fallback);
}

const ANALYTIC = { intervals: 'analytic', paths: 5000, seed: 1, compatibility: 'exact' } as const;

/** Parameters of the textbook recursions; undefined ones are estimated. */
interface Weights {
  readonly alpha?: number;
  readonly betaStar?: number;
  readonly gamma?: number;
  readonly phi?: number;
}

function compact(weights: { readonly [K in keyof Weights]: number | undefined }): Weights {
  const result: { alpha?: number; betaStar?: number; gamma?: number; phi?: number } = {};
  if (weights.alpha !== undefined) result.alpha = weights.alpha;
  if (weights.betaStar !== undefined) result.betaStar = weights.betaStar;
  if (weights.gamma !== undefined) result.gamma = weights.gamma;
  if (weights.phi !== undefined) result.phi = weights.phi;
  return result;
}

/** Least squares with estimated start states: the forms of exponential smoothing, with the mean squared error as objective. */
function fitOptimal(data: SeriesData, form: EtsForm, weights: Weights): ModelFit<EtsState> {
  const { alpha, betaStar, gamma, phi } = weights;
  const given: EtsGiven = {
    ...(alpha === undefined ? {} : { alpha }),
    ...(gamma === undefined ? {} : { gamma }),
    ...(phi === undefined ? {} : { phi }),
    // β = α β*; with α free β* is applied once α is known.
    ...(betaStar === undefined || alpha === undefined ? {} : { beta: alpha * betaStar }),
  };
  const settings = {
    shapes: [readEtsForm(form, [])],
    multiplicativeTrend: false,
    given,
    criterion: 'aicc',
    trendPenalty: 0,
    minimize: 'mse',
    // Few parameters: all starts cost little. With a season, two starts and a polish find what R finds, or better.
    effort: form.endsWith('N') ? 'standard' : 'quick',
    ...ANALYTIC,
  } as const;
  let estimate = estimateEts(data, settings);
  if (betaStar !== undefined && alpha === undefined) {
    // A fixed point in α: each round takes β from the last α.
    for (let round = 0; round < 8; round += 1) {
      const beta: number = estimate.numbers.alpha * betaStar;
      const next = estimateEts(data, { ...settings, given: { ...given, beta } });
      const change = Math.abs(next.numbers.alpha - estimate.numbers.alpha);
      estimate = { ...next, numbers: { ...next.numbers, beta: next.numbers.alpha * betaStar } };
      if (change < 1e-6) break;
    }
  }
  return describeEstimate(data, estimate);
}

/** Textbook recursions from simple start values; free weights by least squares. */
function fitSimple(data: SeriesData, form: EtsForm, start: EtsStates, weights: Weights, rBeta: boolean): ModelFit<EtsState> {
  const shape = readEtsForm(form, []);
  const { trend, season, damped } = shape;
  const y = data.values.map((value) => value ?? NaN);
  const numbersAt = (alpha: number, betaStar: number, gamma: number, phi: number): EtsNumbers => ({
    error: 0,
    trend,
    season,
    damped,
    alpha,
    beta: trend === 0 ? 0 : alpha * betaStar,
    gamma: season === 0 ? 0 : gamma,
    phi: damped ? phi : 1,
  });
  const free: ('alpha' | 'betaStar' | 'gamma' | 'phi')[] = [];
  if (weights.alpha === undefined) free.push('alpha');
  if (trend !== 0 && weights.betaStar === undefined) free.push('betaStar');
  if (season !== 0 && weights.gamma === undefined) free.push('gamma');
  if (damped && weights.phi === undefined) free.push('phi');
  let best = { alpha: weights.alpha ?? 0.5, betaStar: weights.betaStar ?? 0.1, gamma: weights.gamma ?? 0.1, phi: weights.phi ?? 0.95 };
  if (free.length > 0 && !isConstant(data.values)) {
    const clamp = (key: string, value: number): number => Math.min(Math.max(value, key === 'phi' ? 0.8 : 0), key === 'phi' ? 0.98 : 1);
    const at = (point: ArrayLike<number>): typeof best => {
      const candidate = { ...best };
      free.forEach((key, index) => {
        candidate[key] = clamp(key, point[index] ?? 0);
      });
      return candidate;
    };
    const objective = (point: ArrayLike<number>): number => {
      const w = at(point);
      const sum = runEts(y, numbersAt(w.alpha, w.betaStar, w.gamma, w.phi), start).squaredErrors;
      return Number.isFinite(sum) ? sum : Number.MAX_VALUE;
    };
    let least = Infinity;
    let found: ArrayLike<number> = [];
    for (const [alpha, betaStar, gamma] of [
      [0.2, 0.1, 0.1],
      [0.6, 0.1, 0.3],
      [0.9, 0.4, 0.6],
      [0.98, 0.02, 0.02],
    ] as const) {
      const from = free.map((key) => (key === 'alpha' ? alpha : key === 'betaStar' ? betaStar : key === 'gamma' ? gamma : 0.95));
      const result = nelderMead(objective, from, { step: 0.15, tolerance: 1e-14, pointTolerance: 1e-9, restarts: 1 });
      if (result.value < least) {
        least = result.value;
        found = result.point;
      }
    }
    best = at(found);
  }
  const numbers = numbersAt(best.alpha, best.betaStar, best.gamma, best.phi);
  const run = runEts(y, numbers, start);
  const sigma2 = run.observed === 0 ? 0 : run.sumOfSquares / run.observed;
  const parameters: Record<string, number> = { alpha: best.alpha };
  if (trend !== 0) parameters.betaStar = best.betaStar;
  if (season !== 0) parameters.gamma = best.gamma;
  if (damped) parameters.phi = best.phi;
  parameters.sigma2 = sigma2;
  parameters.mse = sigma2;
  return {
    state: {
      form,
      alpha: numbers.alpha,
      // The limits of R's simple start enter β* itself; forecasts do not depend on it any more.
      beta: rBeta && trend !== 0 ? best.betaStar : numbers.beta,
      gamma: numbers.gamma,
      phi: numbers.phi,
      initial: { level: start.level, growth: start.growth, seasonal: start.seasonal },
      level: run.last.level,
      growth: run.last.growth,
      seasonal: run.last.seasonal,
      sigma2,
    },
    fitted: run.fitted,
    residuals: run.residuals,
    parameters,
    assumptions: ['Errors are independent and normal with one variance, σ² = Σe² / n.', 'Intervals take parameters and start values as known, so they are somewhat too narrow.'],
  };
}

/**
 * Simple exponential smoothing: the level moves by α times the last error, and is the forecast for every step.
 *
 * @param options - α and start
 * @returns the model
 * @throws DomainError `out_of_range` | `invalid_value` | `invalid_type` | `unknown_key` | `not_finite`
 * @example
 * ```ts
 * import { simpleExponentialSmoothing } from 'dealwright/forecasting';
 * simpleExponentialSmoothing({ alpha: 0.5, initial: 'simple' }).fit([10, 20, 30]).predict(2).mean; // => [22.5, 22.5]
 * ```
 * @category forecasting
 */
export function simpleExponentialSmoothing(options: SimpleExponentialSmoothingOptions = {}): ForecastModel<EtsState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['alpha', 'initial'], ['options'], issues);
  const weights = compact({ alpha: readWeight(record, 'alpha', issues), betaStar: undefined, gamma: undefined, phi: undefined });
  const initial = readChoice(record, 'initial', ['optimal', 'simple'], 'optimal', issues);
  throwIfIssues(issues);
  return defineForecastModel<EtsState>({
    name: 'simple-exponential-smoothing',
    settings: { ...record },
    fit: (data) =>
      named(
        initial === 'optimal' ? fitOptimal(data, 'ANN', weights) : fitSimple(data, 'ANN', { level: data.filled[0] ?? 0, growth: 0, seasonal: [] }, weights, false),
        'Simple exponential smoothing',
      ),
    predict: (state, request) => predictEts(state, request, ANALYTIC),
  });
}

function named(fit: ModelFit<EtsState>, label: string): ModelFit<EtsState> {
  return { ...fit, label };
}

/**
 * Holt's method: a level and a growth, both smoothed; the growth may fade (`damped`) or multiply (`exponential`).
 *
 * @param options - weights, damping and start
 * @returns the model; needs two values
 * @throws DomainError `out_of_range` | `invalid_value` | `invalid_type` | `unknown_key` | `not_finite`
 * @example
 * ```ts
 * import { holt } from 'dealwright/forecasting';
 * holt({ alpha: 0.5, betaStar: 0.5, initial: 'simple' }).fit([10, 12, 14]).predict(2).mean; // => [15.28125, 16.75]
 * ```
 * @category forecasting
 */
export function holt(options: HoltOptions = {}): ForecastModel<EtsState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['alpha', 'betaStar', 'phi', 'damped', 'exponential', 'initial', 'compatibility'], ['options'], issues);
  const weights = compact({
    alpha: readWeight(record, 'alpha', issues),
    betaStar: readWeight(record, 'betaStar', issues),
    gamma: undefined,
    phi: readWeight(record, 'phi', issues),
  });
  const damped = record.damped === undefined ? weights.phi !== undefined : (checkBoolean(record.damped, ['options', 'damped'], issues) ?? false);
  const exponential = record.exponential === undefined ? false : (checkBoolean(record.exponential, ['options', 'exponential'], issues) ?? false);
  const initial = readChoice(record, 'initial', ['optimal', 'simple'], 'optimal', issues);
  const compatibility = readChoice(record, 'compatibility', ['exact', 'r-forecast-8.20'], 'exact', issues);
  throwIfIssues(issues);
  return defineForecastModel<EtsState>({
    name: damped ? 'holt-damped' : 'holt',
    settings: { ...record },
    minimumObservations: 2,
    fit: (data) => {
      // A factor of growth needs values above zero; without them the growth adds.
      const multiplies = exponential && data.filled.every((value) => value > 0);
      const form: EtsForm = multiplies ? (damped ? 'AMdN' : 'AMN') : damped ? 'AAdN' : 'AAN';
      const first = data.filled[0] ?? 0;
      const second = data.filled[1] ?? first;
      const label = `${damped ? 'Damped Holt' : 'Holt'}${multiplies ? ' with exponential trend' : ''}`;
      if (initial === 'simple') {
        return named(fitSimple(data, form, { level: first, growth: multiplies ? second / first : second - first, seasonal: [] }, weights, compatibility !== 'exact'), label);
      }
      return named(fitOptimal(data, form, weights), label);
    },
    predict: (state, request) => predictEts(state, request, ANALYTIC),
  });
}

/** The recursion of R's HoltWinters: begins after one season, and updates the season with the new level. */
function runWithNewLevel(
  y: readonly number[],
  m: number,
  multiplicative: boolean,
  start: EtsStates,
  alpha: number,
  betaStar: number,
  gamma: number,
): { sse: number; fitted: number[]; last: EtsStates } {
  const seasonal = [...start.seasonal];
  let { level, growth } = start;
  const fitted: number[] = [];
  let sse = 0;
  for (let t = m; t < y.length; t += 1) {
    const s = seasonal[t % m] ?? 0;
    const base = level + growth;
    const forecast = multiplicative ? base * s : base + s;
    fitted.push(forecast);
    const value = y[t] ?? 0;
    sse += (value - forecast) ** 2;
    const next = alpha * (multiplicative ? value / s : value - s) + (1 - alpha) * base;
    growth = betaStar * (next - level) + (1 - betaStar) * growth;
    level = next;
    seasonal[t % m] = gamma * (multiplicative ? value / level : value - level) + (1 - gamma) * s;
  }
  return { sse, fitted, last: { level, growth, seasonal: Array.from({ length: m }, (_, j) => seasonal[(y.length + j) % m] ?? 0) } };
}

function fitDecomposition(data: SeriesData, multiplicative: boolean, weights: Weights): ModelFit<EtsState> {
  const { filled, seasonLength: m } = data;
  const head = Float64Array.from(filled.slice(0, 2 * m));
  const { figure, trend } = decomposeClassical(head, head.length, m, multiplicative);
  const known = Array.from(trend).filter((value) => value === value);
  // Straight line through the moving averages, counted from 1.
  const count = known.length;
  const centre = (count + 1) / 2;
  let sumT = 0;
  let sumTT = 0;
  known.forEach((value, index) => {
    sumT += (index + 1 - centre) * value;
    sumTT += (index + 1 - centre) ** 2;
  });
  const slope = sumTT === 0 ? 0 : sumT / sumTT;
  const start: EtsStates = { level: known.reduce((sum, value) => sum + value, 0) / Math.max(1, count) - slope * centre, growth: slope, seasonal: Array.from(figure) };
  let point: readonly [number, number, number] = [weights.alpha ?? 0.3, weights.betaStar ?? 0.1, weights.gamma ?? 0.1];
  const free = ([weights.alpha, weights.betaStar, weights.gamma] as const).map((value) => value === undefined);
  if (free.includes(true) && !isConstant(data.values)) {
    const clampedAt = (x: ArrayLike<number>): readonly [number, number, number] => {
      let used = 0;
      const pick = (index: 0 | 1 | 2): number => (free[index] === true ? Math.min(Math.max(x[used++] ?? 0, 0), 1) : point[index]);
      return [pick(0), pick(1), pick(2)];
    };
    let least = Infinity;
    let best = point;
    for (const from of [
      [0.3, 0.1, 0.1],
      [0.3, 0.05, 0.9],
      [0.8, 0.1, 0.5],
      [0.95, 0.01, 0.95],
    ]) {
      const result = nelderMead(
        (x) => {
          const [a, b, c] = clampedAt(x);
          const { sse } = runWithNewLevel(filled, m, multiplicative, start, a, b, c);
          return Number.isFinite(sse) ? sse : Number.MAX_VALUE;
        },
        from.filter((_, index) => free[index]),
        { step: 0.1, tolerance: 1e-13, pointTolerance: 1e-8, restarts: 1 },
      );
      if (result.value < least) {
        least = result.value;
        best = clampedAt(result.point);
      }
    }
    point = best;
  }
  const [alpha, betaStar, gamma] = point;
  const run = runWithNewLevel(filled, m, multiplicative, start, alpha, betaStar, gamma);
  const fitted = [...Array.from({ length: m }, () => null), ...run.fitted];
  const sigma2 = run.sse / Math.max(1, run.fitted.length);
  return {
    state: {
      form: multiplicative ? 'AAM' : 'AAA',
      alpha,
      beta: alpha * betaStar,
      // With the new level the season moves by γ (1 − α) times the error.
      gamma: gamma * (1 - alpha),
      phi: 1,
      initial: start,
      level: run.last.level,
      growth: run.last.growth,
      seasonal: run.last.seasonal,
      sigma2,
    },
    fitted,
    parameters: { alpha, betaStar, gamma, sse: run.sse, sigma2 },
    assumptions: [
      'Errors are independent and normal with one variance, σ² = Σe² / (n − m).',
      'Intervals take parameters and start values as known, so they are somewhat too narrow.',
    ],
  };
}

/**
 * Holt–Winters: level, growth and season, all smoothed. Three textbook variants go by this name; see {@link HoltWintersOptions.initial}. A multiplicative
 * season needs positive values; a series without them is given an additive one, and a series with less than two full seasons Holt's method, and the label says so.
 *
 * @param options - season, weights, damping and start
 * @returns the model; needs two values
 * @throws DomainError `out_of_range` | `invalid_value` | `invalid_type` | `unknown_key` | `not_finite`
 * @example
 * ```ts
 * import { holtWinters } from 'dealwright/forecasting';
 * const quarters = { values: [10, 20, 30, 40, 14, 24, 34, 44, 18, 28, 38, 48], seasonLength: 4 };
 * holtWinters({ alpha: 0.3, betaStar: 0.1, gamma: 0.2, initial: 'simple' }).fit(quarters).predict(4).mean.map((value) => Math.round(value)); // => [21, 31, 41, 52]
 * ```
 * @category forecasting
 */
export function holtWinters(options: HoltWintersOptions = {}): ForecastModel<EtsState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['seasonal', 'alpha', 'betaStar', 'gamma', 'phi', 'damped', 'initial', 'compatibility'], ['options'], issues);
  const seasonal = readChoice(record, 'seasonal', ['additive', 'multiplicative'], 'additive', issues);
  const weights = compact({
    alpha: readWeight(record, 'alpha', issues),
    betaStar: readWeight(record, 'betaStar', issues),
    gamma: readWeight(record, 'gamma', issues),
    phi: readWeight(record, 'phi', issues),
  });
  const damped = record.damped === undefined ? weights.phi !== undefined : (checkBoolean(record.damped, ['options', 'damped'], issues) ?? false);
  const initial = readChoice(record, 'initial', ['optimal', 'simple', 'decomposition'], 'optimal', issues);
  const compatibility = readChoice(record, 'compatibility', ['exact', 'r-forecast-8.20'], 'exact', issues);
  throwIfIssues(issues);
  return defineForecastModel<EtsState>({
    name: `holt-winters-${seasonal}${damped ? '-damped' : ''}`,
    settings: { ...record },
    minimumObservations: 2,
    fit: (data) => {
      const { filled, seasonLength, observations, values } = data;
      const m = initial === 'optimal' ? usableSeason(seasonLength, values.length) : seasonLength;
      if (m < 2 || filled.length < 2 * m || observations < m + 4) {
        const fit = fitOptimal(data, damped ? 'AAdN' : 'AAN', compact({ ...weights, alpha: weights.alpha, betaStar: weights.betaStar, gamma: undefined, phi: weights.phi }));
        return {
          ...fit,
          label: 'Holt',
          assumptions: [...(fit.assumptions ?? []), 'There are fewer than two full seasons (or the season is longer than 24), so none is estimated.'],
        };
      }
      const multiplicative = seasonal === 'multiplicative' && filled.every((value) => value > 0);
      const label = `${damped ? 'damped ' : ''}Holt–Winters, ${multiplicative ? 'multiplicative' : 'additive'} season`;
      if (initial === 'decomposition') return named(fitDecomposition(data, multiplicative, weights), label);
      if (initial === 'simple') {
        const meanOf = (from: number): number => filled.slice(from, from + m).reduce((sum, value) => sum + value, 0) / m;
        const level = meanOf(0);
        const start: EtsStates = {
          level,
          growth: (meanOf(m) - level) / m,
          seasonal: filled.slice(0, m).map((value) => (multiplicative ? value / level : value - level)),
        };
        return named(fitSimple(data, `A${damped ? 'Ad' : 'A'}${multiplicative ? 'M' : 'A'}`, start, weights, compatibility !== 'exact'), label);
      }
      return named(fitOptimal(data, `${multiplicative ? 'M' : 'A'}${damped ? 'Ad' : 'A'}${multiplicative ? 'M' : 'A'}`, weights), label);
    },
    predict: (state, request) => predictEts(state, request, ANALYTIC),
  });
}
