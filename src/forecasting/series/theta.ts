import { checkKeys, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { autocorrelations } from './autocorrelation.js';
import { decomposeClassical } from './decompose.js';
import { defineForecastModel, type ForecastModel } from './forecast-model.js';
import { fitSes } from './ses-search.js';

/**
 * Settings of {@link theta}.
 *
 * @category forecasting
 */
export interface ThetaOptions {
  /**
   * `test`: take the season out if the autocorrelation at its lag is significant (one-sided 5 %), as R does; `always` or `never`. Default `test`.
   */
  readonly season?: 'test' | 'always' | 'never';
}

/**
 * State of {@link theta}.
 *
 * @category forecasting
 */
export interface ThetaState {
  /** Smoothing parameter. */
  readonly alpha: number;
  /** Level after the last value, seasonally adjusted. */
  readonly level: number;
  /** Half the slope of the line through the series. */
  readonly halfSlope: number;
  /** (1 − (1 − α)ⁿ) / α. */
  readonly head: number;
  /** Variance of the one-step errors, seasonally adjusted. */
  readonly sigma2: number;
  /** Seasonal effects: the first is that of the next period; empty without season. */
  readonly seasonal: readonly number[];
  /** Whether the seasonal effects are factors. */
  readonly multiplicative: boolean;
}

const SIGNIFICANT = 1.6448536269514722;

/** Whether the autocorrelation at the season's lag is significant. Needs more than two seasons. */
export function isSeasonal(y: Float64Array, n: number, m: number): boolean {
  if (m < 2 || n <= 2 * m) return false;
  const r = autocorrelations(y, n, m);
  let squares = 0;
  for (let k = 0; k < m - 1; k += 1) squares += (r[k] ?? 0) ** 2;
  return Math.abs(r[m - 1] ?? 0) > SIGNIFICANT * Math.sqrt((1 + 2 * squares) / n);
}

/** Seasons longer than this have no states in exponential smoothing. */
const LONG = 24;
/** Share of the seasonally varying part that must be regular (Wang, Smith and Hyndman 2006). */
const STRONG = 0.64;

/**
 * Whether there is a season to be taken out: {@link isSeasonal}, or for long seasons, whose smooth course that test does not see, a regular part of at least 64 %
 * over three full seasons.
 */
export function hasSeason(y: Float64Array, n: number, m: number): boolean {
  if (isSeasonal(y, n, m)) return true;
  if (m <= LONG || n < 3 * m) return false;
  const { figure, trend } = decomposeClassical(y, n, m, false);
  let rest = 0;
  let both = 0;
  let count = 0;
  let sum = 0;
  for (let t = 0; t < n; t += 1) {
    const level = trend[t] ?? NaN;
    if (level !== level) continue;
    const detrended = (y[t] ?? 0) - level;
    count += 1;
    sum += detrended;
    both += detrended * detrended;
    rest += (detrended - (figure[t % m] ?? 0)) ** 2;
  }
  both -= (sum * sum) / Math.max(1, count);
  return both > 0 && 1 - rest / both > STRONG;
}

/** A series with its season taken out. Internal. */
export interface AdjustedSeries {
  readonly adjusted: Float64Array;
  readonly figure: Float64Array | null;
  readonly multiplicative: boolean;
}

/** Takes the season out by classical decomposition: multiplicative where all values and factors allow it, else additive. */
export function adjustSeason(y: Float64Array, m: number): AdjustedSeries {
  const n = y.length;
  let multiplicative = true;
  for (const value of y) if (!(value > 0)) multiplicative = false;
  let { figure } = decomposeClassical(y, n, m, multiplicative);
  if (multiplicative && figure.some((factor) => factor < 1e-4)) {
    multiplicative = false;
    figure = decomposeClassical(y, n, m, false).figure;
  }
  const adjusted = new Float64Array(n);
  for (let t = 0; t < n; t += 1) {
    const effect = figure[t % m] ?? 0;
    adjusted[t] = multiplicative ? (y[t] ?? 0) / effect : (y[t] ?? 0) - effect;
  }
  return { adjusted, figure, multiplicative };
}

/**
 * The Theta method (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003), as R's `thetaf`: simple exponential smoothing of the
 * seasonally adjusted series (α and start level by least squares), with half the slope of the least-squares line through it as drift. Season: classical
 * multiplicative decomposition; additive where values or factors are not positive, which R does not guard against. Standard error of step h:
 * σ √(1 + (h − 1) α²) with σ² = Σe² / (n − 2), multiplied by no seasonal factor (as R). Gaps are filled.
 *
 * @param options - how the season is found
 * @returns the model; needs three values
 * @throws DomainError `invalid_value` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { theta } from 'dealwright/forecasting';
 * theta().fit([100, 102, 104, 106, 108, 110]).predict(2).mean.map((value) => Math.round(value)); // => [111, 112]
 * ```
 * @category forecasting
 */
export function theta(options: ThetaOptions = {}): ForecastModel<ThetaState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['season'], ['options'], issues);
  const season = record.season === undefined ? 'test' : (checkOneOf(record.season, ['test', 'always', 'never'], ['options', 'season'], issues) ?? 'test');
  throwIfIssues(issues);
  return defineForecastModel<ThetaState>({
    name: 'theta',
    settings: { season },
    minimumObservations: 3,
    fit: ({ values, filled, seasonLength }) => {
      const { state, fitted } = fitTheta(Float64Array.from(filled), seasonLength, season);
      return {
        state,
        label: state.seasonal.length === 0 ? 'Theta' : `Theta with ${state.multiplicative ? 'multiplicative' : 'additive'} season`,
        fitted,
        residuals: values.map((value, t) => (value === null ? null : value - (fitted[t] ?? 0))),
        parameters: { alpha: state.alpha, halfSlope: state.halfSlope, sigma2: state.sigma2 },
        assumptions: ['Seasonally adjusted values follow a random level with drift; half of the past slope goes on; the season stays as it was.'],
      };
    },
    predict: predictTheta,
  });
}

/** A fit of the Theta method. Internal. */
export interface ThetaFit {
  readonly state: ThetaState;
  readonly fitted: number[];
}

/** Fits the Theta method to a series without gaps. */
export function fitTheta(y: Float64Array, m: number, season: 'test' | 'always' | 'never'): ThetaFit {
  const n = y.length;
  const seasonal = season !== 'never' && m > 1 && n >= 2 * m && (season === 'always' || isSeasonal(y, n, m));
  const { adjusted, figure, multiplicative } = seasonal ? adjustSeason(y, m) : { adjusted: y, figure: null, multiplicative: false };
  const fit = fitSes(adjusted, n);
  const halfSlope = lineSlope(adjusted) / 2;
  const fitted: number[] = [];
  let level = fit.level;
  for (let t = 0; t < n; t += 1) {
    const effect = figure?.[t % m] ?? 0;
    fitted.push(figure === null ? level : multiplicative ? level * effect : level + effect);
    level += fit.alpha * ((adjusted[t] ?? 0) - level);
  }
  return {
    state: {
      alpha: fit.alpha,
      level: fit.last,
      halfSlope,
      head: (1 - (1 - fit.alpha) ** n) / fit.alpha,
      sigma2: fit.sumOfSquares / Math.max(1, n - 2),
      seasonal: figure === null ? [] : Array.from({ length: m }, (_, j) => figure[(n + j) % m] ?? 0),
      multiplicative,
    },
    fitted,
  };
}

/** Forecasts of the Theta method. */
export function predictTheta(state: ThetaState, request: { readonly horizon: number }): { readonly mean: number[]; readonly standardErrors: number[] } {
  const mean: number[] = [];
  const standardErrors: number[] = [];
  const m = state.seasonal.length;
  for (let h = 0; h < request.horizon; h += 1) {
    const value = state.level + state.halfSlope * (h + state.head);
    const effect = state.seasonal[h % Math.max(1, m)] ?? 0;
    mean.push(m === 0 ? value : state.multiplicative ? value * effect : value + effect);
    standardErrors.push(Math.sqrt(state.sigma2 * (1 + h * state.alpha * state.alpha)));
  }
  return { mean, standardErrors };
}

/** Slope of the least-squares line. */
export function lineSlope(y: Float64Array): number {
  const n = y.length;
  const centre = (n - 1) / 2;
  let sum = 0;
  for (let t = 0; t < n; t += 1) sum += (t - centre) * (y[t] ?? 0);
  const squares = (n * (n * n - 1)) / 12;
  return squares === 0 ? 0 : sum / squares;
}
