import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { chooseForm, countParameters, createEtsSeries, criterionOf, type EtsEffort, type EtsEstimate, type EtsGiven, estimateForm } from './ets-fit.js';
import { candidateForms, type EtsForm, type EtsShape, nameEtsForm, readEtsForm } from './ets-form.js';
import { type EtsNumbers, type EtsStates, forecastMoments, runEts } from './ets-paths.js';
import { simulateIntervals } from './ets-simulate.js';
import { defineForecastModel, type ForecastModel, type InformationCriteria, type ModelFit, type ModelPrediction, type PredictRequest, type SeriesData } from './forecast-model.js';

/**
 * Smoothing parameters of {@link ets}, in the innovations form: level += α e, growth += β e, season += γ e, with damping φ. β is that of R's `ets`,
 * α β* of the textbooks.
 *
 * @category forecasting
 */
export interface EtsParameters {
  /** 0 to 1. */
  readonly alpha?: number;
  /** 0 to α. */
  readonly beta?: number;
  /** 0 to 1 − α. */
  readonly gamma?: number;
  /** 0.8 to 0.98 where it is estimated; above 0 and at most 1 where it is given. */
  readonly phi?: number;
}

/**
 * Start states of {@link ets}.
 *
 * @category forecasting
 */
export interface EtsInitial {
  /** Level before the first observation. */
  readonly level: number;
  /** Change of the level for each period (a factor if the trend is multiplicative). */
  readonly growth?: number;
  /** One for each season, oldest first: the first drives the first observation. Differences if the season is additive, factors if it is multiplicative. */
  readonly seasonal?: readonly number[];
}

/**
 * Settings of {@link ets}.
 *
 * @category forecasting
 */
export interface EtsOptions {
  /** The form, or the forms to choose among. Default: all 15 forms with additive or no trend that the series admits. */
  readonly form?: EtsForm | readonly EtsForm[];
  /** Also try forms with multiplicative trend (MMN, MMdN, MMM, MMdM). Default false: they explode. */
  readonly multiplicativeTrend?: boolean;
  /** Parameters that are known and not to be estimated. */
  readonly parameters?: EtsParameters;
  /** Start states that are known and not to be estimated; only with one form. */
  readonly initial?: EtsInitial;
  /** Criterion of the automatic choice. Default `aicc`. */
  readonly criterion?: 'aicc' | 'aic' | 'bic';
  /**
   * What the automatic choice adds to the criterion of forms whose trend should not be drawn out for ever: so much times β for an undamped trend, whose slope is
   * rewritten all the time, and half as much for a trend that nothing can move any more (α below 0.02, where likelihoods pile up even if the level does
   * move). 0 chooses by the criterion alone. Default 8, found on 400 series of the M3 competition.
   */
  readonly trendPenalty?: number;
  /** What estimation maximises or minimises: the likelihood, or the mean squared one-step error. Default `likelihood`. */
  readonly minimize?: 'likelihood' | 'mse';
  /** How hard to search for the best parameters: `standard` is enough for forecasting. Default `standard`. */
  readonly effort?: 'standard' | 'thorough';
  /**
   * Intervals: `analytic` where a closed form exists and simulated elsewhere, `simulated` always, or `bootstrapped`: simulated from the residuals of the
   * fit instead of normal innovations. Default `analytic`.
   */
  readonly intervals?: 'analytic' | 'simulated' | 'bootstrapped';
  /** Number of simulated futures. Default 5000. */
  readonly paths?: number;
  /** Seed of the simulation. Default 1. */
  readonly seed?: number | string;
  /**
   * `r-forecast-8.20` reproduces that version of R's forecast package where it departs from its own model: the mean and limits of ETS(M,Ad,M), in which the
   * growth enters undamped. Default `exact`.
   */
  readonly compatibility?: 'exact' | 'r-forecast-8.20';
}

/**
 * State of {@link ets}.
 *
 * @category forecasting
 */
export interface EtsState {
  /** The form. */
  readonly form: EtsForm;
  /** Smoothing parameters; those that the form lacks are 0 (φ: 1). */
  readonly alpha: number;
  /** See {@link EtsParameters}. */
  readonly beta: number;
  /** See {@link EtsParameters}. */
  readonly gamma: number;
  /** See {@link EtsParameters}. */
  readonly phi: number;
  /** States before the first observation. */
  readonly initial: EtsInitial;
  /** Level after the last observation. */
  readonly level: number;
  /** Growth after the last observation. */
  readonly growth: number;
  /** Seasonal states after the last observation: the first drives the next one. */
  readonly seasonal: readonly number[];
  /** Variance of the innovations. */
  readonly sigma2: number;
}

/** Settings after reading. Internal. */
export interface EtsSettings {
  readonly shapes: readonly EtsShape[] | null;
  readonly multiplicativeTrend: boolean;
  readonly given: EtsGiven;
  readonly criterion: 'aicc' | 'aic' | 'bic';
  readonly trendPenalty: number;
  readonly minimize: 'likelihood' | 'mse';
  readonly effort: EtsEffort;
  readonly intervals: 'analytic' | 'simulated' | 'bootstrapped';
  readonly paths: number;
  readonly seed: number | string;
  readonly compatibility: 'exact' | 'r-forecast-8.20';
}

const OPTION_KEYS: readonly string[] = [
  'form',
  'multiplicativeTrend',
  'parameters',
  'initial',
  'criterion',
  'trendPenalty',
  'minimize',
  'effort',
  'intervals',
  'paths',
  'seed',
  'compatibility',
];

function readParameters(value: unknown, issues: IssueSink): EtsGiven {
  if (value === undefined) return {};
  const record = checkRecord(value, ['options', 'parameters'], issues) ?? {};
  checkKeys(record, ['alpha', 'beta', 'gamma', 'phi'], ['options', 'parameters'], issues);
  const given: { alpha?: number; beta?: number; gamma?: number; phi?: number } = {};
  for (const key of ['alpha', 'beta', 'gamma', 'phi'] as const) {
    if (record[key] === undefined) continue;
    const number = checkNumber(record[key], ['options', 'parameters', key], issues, { min: key === 'phi' ? 1e-6 : 0, max: 1 });
    if (number !== undefined) given[key] = number;
  }
  return given;
}

function readInitial(value: unknown, issues: IssueSink): EtsStates | undefined {
  if (value === undefined) return undefined;
  const path = ['options', 'initial'];
  const record = checkRecord(value, path, issues) ?? {};
  checkKeys(record, ['level', 'growth', 'seasonal'], path, issues);
  const level = checkNumber(record.level, [...path, 'level'], issues) ?? 0;
  const growth = record.growth === undefined ? 0 : (checkNumber(record.growth, [...path, 'growth'], issues) ?? 0);
  const seasonal: number[] = [];
  if (record.seasonal !== undefined) {
    if (!Array.isArray(record.seasonal)) issues.push(createIssue('invalid_type', [...path, 'seasonal'], { expected: 'a list of numbers', received: record.seasonal }));
    else for (const [index, entry] of record.seasonal.entries()) seasonal.push(checkNumber(entry, [...path, 'seasonal', index], issues) ?? 0);
  }
  return { level, growth, seasonal };
}

function readSettings(options: EtsOptions): EtsSettings {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, OPTION_KEYS, ['options'], issues);
  let shapes: EtsShape[] | null = null;
  if (record.form !== undefined) {
    const forms: readonly unknown[] = Array.isArray(record.form) ? record.form : [record.form];
    if (forms.length === 0) issues.push(createIssue('empty', ['options', 'form'], { expected: 'at least one form', received: record.form }));
    shapes = forms.map((form, index) => readEtsForm(form, Array.isArray(record.form) ? ['options', 'form', index] : ['options', 'form']));
  }
  const given = readParameters(record.parameters, issues);
  const states = readInitial(record.initial, issues);
  if (states !== undefined && shapes?.length !== 1) issues.push(createIssue('missing_key', ['options', 'form'], { expected: 'the one form that the start states belong to' }));
  const choose = <const T extends string>(key: string, allowed: readonly T[], fallback: T): T =>
    record[key] === undefined ? fallback : (checkOneOf(record[key], allowed, ['options', key], issues) ?? fallback);
  if (record.multiplicativeTrend !== undefined && typeof record.multiplicativeTrend !== 'boolean') {
    issues.push(createIssue('invalid_type', ['options', 'multiplicativeTrend'], { expected: 'true or false', received: record.multiplicativeTrend }));
  }
  const settings: EtsSettings = {
    shapes,
    multiplicativeTrend: record.multiplicativeTrend === true,
    given: states === undefined ? given : { ...given, states },
    criterion: choose('criterion', ['aicc', 'aic', 'bic'], 'aicc'),
    trendPenalty: record.trendPenalty === undefined ? 8 : (checkNumber(record.trendPenalty, ['options', 'trendPenalty'], issues, { min: 0, max: 1e6 }) ?? 8),
    minimize: choose('minimize', ['likelihood', 'mse'], 'likelihood'),
    effort: choose('effort', ['standard', 'thorough'], 'standard'),
    intervals: choose('intervals', ['analytic', 'simulated', 'bootstrapped'], 'analytic'),
    paths: record.paths === undefined ? 5000 : (checkNumber(record.paths, ['options', 'paths'], issues, { integer: true, min: 100, max: 1_000_000 }) ?? 5000),
    seed: typeof record.seed === 'string' || typeof record.seed === 'number' ? record.seed : 1,
    compatibility: choose('compatibility', ['exact', 'r-forecast-8.20'], 'exact'),
  };
  if (record.seed !== undefined && typeof record.seed !== 'string' && !(typeof record.seed === 'number' && Number.isFinite(record.seed))) {
    issues.push(createIssue('invalid_type', ['options', 'seed'], { expected: 'a text or a finite number', received: record.seed }));
  }
  throwIfIssues(issues);
  return settings;
}

function toPlainSettings(options: EtsOptions): Readonly<Record<string, unknown>> {
  return isPlainRecord(options) ? { ...options } : {};
}

/** The season that exponential smoothing can use: none beyond 24, and none where there is less than one full season and a bit. */
export function usableSeason(seasonLength: number, length: number): number {
  return seasonLength > 1 && seasonLength <= 24 && length > seasonLength ? seasonLength : 1;
}

/** Whether a series has no variation to learn from. */
export function isConstant(values: readonly (number | null)[]): boolean {
  let first: number | undefined;
  for (const value of values) {
    if (value === null) continue;
    if (first === undefined) first = value;
    else if (value !== first) return false;
  }
  return true;
}

/** Everything a fitted form gives, from its estimate. */
export function describeEstimate(data: SeriesData, estimate: EtsEstimate): ModelFit<EtsState> {
  const y = data.values.map((value) => value ?? NaN);
  const { shape, numbers, start } = estimate;
  const run = runEts(y, numbers, start);
  const n = run.observed;
  const degrees = n - estimate.all;
  const sigma2 = run.sumOfSquares / (degrees > 0 ? degrees : Math.max(1, n));
  const k = estimate.free + 1;
  const parameters: Record<string, number> = { alpha: numbers.alpha };
  if (shape.trend !== 0) parameters.beta = numbers.beta;
  if (shape.season !== 0) parameters.gamma = numbers.gamma;
  if (shape.damped) parameters.phi = numbers.phi;
  parameters.sigma2 = sigma2;
  parameters.mse = n === 0 ? 0 : run.squaredErrors / n;
  const logLikelihood = run.logLikelihood;
  const aic = -2 * logLikelihood + 2 * k;
  const aicc = criterionOf('aicc', -2 * logLikelihood, estimate.free, n);
  const criteria: InformationCriteria | undefined = Number.isFinite(logLikelihood)
    ? { logLikelihood, parameterCount: k, aic, aicc: Number.isFinite(aicc) ? aicc : null, bic: criterionOf('bic', -2 * logLikelihood, estimate.free, n) }
    : undefined;
  const initial: EtsInitial = {
    level: start.level,
    ...(shape.trend === 0 ? {} : { growth: start.growth }),
    ...(shape.season === 0 ? {} : { seasonal: start.seasonal }),
  };
  return {
    state: {
      form: shape.form,
      alpha: numbers.alpha,
      beta: numbers.beta,
      gamma: numbers.gamma,
      phi: numbers.phi,
      initial,
      level: run.last.level,
      growth: run.last.growth,
      seasonal: run.last.seasonal,
      sigma2,
    },
    label: nameEtsForm(shape),
    fitted: run.fitted,
    residuals: run.residuals,
    parameters,
    ...(criteria === undefined ? {} : { criteria }),
    assumptions: [
      `${nameEtsForm(shape)}: ${shape.error === 1 ? 'relative errors' : 'errors'} are independent and normal with one variance.`,
      'Intervals take the estimated parameters as known, so they are somewhat too narrow.',
    ],
  };
}

/** A series with too little in it for an estimate: the level stays where it is. */
function restingEstimate(data: SeriesData): EtsEstimate {
  const first = data.filled[0] ?? 0;
  return {
    shape: readEtsForm('ANN', []),
    numbers: { error: 0, trend: 0, season: 0, damped: false, alpha: 0.9999, beta: 0, gamma: 0, phi: 1 },
    start: { level: first, growth: 0, seasonal: [] },
    objective: 0,
    free: 2,
    all: 2,
  };
}

/** The nearest form that a series admits. */
function admittedForm(shape: EtsShape, positive: boolean, seasonal: boolean): EtsShape {
  if (positive && (seasonal || shape.season === 0)) return shape;
  const { error, trend, season, damped } = shape;
  const letters = positive ? ['N', 'A', 'M'] : ['N', 'A', 'A'];
  return readEtsForm(`${error === 1 && positive ? 'M' : 'A'}${letters[trend] ?? 'N'}${damped ? 'd' : ''}${seasonal ? (letters[season] ?? 'N') : 'N'}`, []);
}

/** Chooses or estimates as the settings say; a form that runs out of the numbers gives way to one that stands still. */
export function estimateEts(data: SeriesData, settings: EtsSettings): EtsEstimate {
  const estimate = searchEts(data, settings);
  const run = runEts(
    data.values.map((value) => value ?? NaN),
    estimate.numbers,
    estimate.start,
  );
  const { level, growth, seasonal } = run.last;
  return Number.isFinite(run.sumOfSquares + level + growth + estimate.start.level + estimate.start.growth) && seasonal.every((value) => Number.isFinite(value))
    ? estimate
    : restingEstimate(data);
}

function searchEts(data: SeriesData, settings: EtsSettings): EtsEstimate {
  const { values, observations } = data;
  const m = usableSeason(data.seasonLength, values.length);
  const y = Float64Array.from(values, (value) => value ?? NaN);
  const { given } = settings;
  let positive = true;
  for (const value of values) if (value !== null && value <= 0) positive = false;
  const shapes = settings.shapes === null ? null : settings.shapes.map((shape) => admittedForm(shape, positive, m > 1));
  const single = shapes?.length === 1 ? shapes[0] : undefined;
  const allGiven = single !== undefined && isGiven(single, given);
  if (!allGiven && isConstant(values)) return restingEstimate(data);
  const series = createEtsSeries(y, m);
  if (single !== undefined) {
    if (allGiven && given.states !== undefined) return givenEstimate(single, given, given.states);
    if (observations >= 3) {
      const states = given.states === undefined ? undefined : normalizeStates(single, given.states, m);
      return estimateForm(series, single, states === undefined ? given : { ...given, states }, settings.minimize === 'mse' ? 1 : 0, settings.effort);
    }
    return restingEstimate(data);
  }
  const candidates = (shapes ?? candidateForms({ positive, seasonal: m > 1, multiplicativeTrend: settings.multiplicativeTrend })).filter(
    (shape, index, all) => (m > 1 || shape.season === 0) && all.findIndex((other) => other.form === shape.form) === index,
  );
  const ranked = chooseForm(series, candidates, given, { kind: settings.criterion, effort: settings.effort, trendPenalty: settings.trendPenalty });
  const [best] = ranked;
  if (best !== undefined) return best;
  // Too short for any criterion: the smallest form, if it can be estimated at all.
  const smallest = candidates.reduce<EtsShape | undefined>(
    (least, shape) => (least === undefined || countParameters(shape, m) < countParameters(least, m) ? shape : least),
    undefined,
  );
  if (smallest !== undefined && observations > countParameters(smallest, m)) return estimateForm(series, smallest, given, 0, 'standard');
  return restingEstimate(data);
}

function isGiven(shape: EtsShape, given: EtsGiven): boolean {
  return (
    given.states !== undefined &&
    given.alpha !== undefined &&
    (shape.trend === 0 || given.beta !== undefined) &&
    (shape.season === 0 || given.gamma !== undefined) &&
    (!shape.damped || given.phi !== undefined)
  );
}

function givenEstimate(shape: EtsShape, given: EtsGiven, states: EtsStates): EtsEstimate {
  const { error, trend, season, damped } = shape;
  const all = 2 + (trend === 0 ? 0 : 2) + (damped ? 1 : 0) + (season === 0 ? 0 : states.seasonal.length);
  return {
    shape,
    numbers: { error, trend, season, damped, alpha: given.alpha ?? 0, beta: given.beta ?? 0, gamma: given.gamma ?? 0, phi: damped ? (given.phi ?? 1) : 1 },
    start: states,
    objective: 0,
    free: all,
    all,
  };
}

/** Moves what the seasonal states sum to into the level, where the search expects it. */
function normalizeStates(shape: EtsShape, states: EtsStates, m: number): EtsStates {
  if (shape.season === 0 || states.seasonal.length !== m) return { ...states, seasonal: Array.from({ length: m }, () => (shape.season === 2 ? 1 : 0)) };
  const mean = states.seasonal.reduce((sum, value) => sum + value, 0) / m;
  if (shape.season === 1) return { level: states.level + mean, growth: states.growth, seasonal: states.seasonal.map((value) => value - mean) };
  if (!(mean > 0)) return states;
  const factor = shape.trend === 2 ? 1 : mean;
  return { level: states.level * mean, growth: states.growth * factor, seasonal: states.seasonal.map((value) => value / mean) };
}

/** The numbers of a stored state. */
export function numbersOf(state: EtsState): EtsNumbers {
  const shape = readEtsForm(state.form, ['state', 'form']);
  return { error: shape.error, trend: shape.trend, season: shape.season, damped: shape.damped, alpha: state.alpha, beta: state.beta, gamma: state.gamma, phi: state.phi };
}

/** Forecasts from a stored state. */
export function predictEts(state: EtsState, request: PredictRequest, settings: Pick<EtsSettings, 'intervals' | 'paths' | 'seed' | 'compatibility'>): ModelPrediction {
  const numbers = numbersOf(state);
  const states: EtsStates = { level: state.level, growth: state.growth, seasonal: [...state.seasonal] };
  const moments = forecastMoments(numbers, states, state.sigma2, request.horizon, settings.compatibility !== 'exact');
  if (moments.variance !== null && settings.intervals === 'analytic') return { mean: moments.mean, standardErrors: moments.variance.map((value) => Math.sqrt(Math.max(0, value))) };
  const pool: number[] = [];
  if (settings.intervals === 'bootstrapped') for (const residual of request.residuals) if (residual !== null) pool.push(residual);
  // Paths of a long horizon are held in memory.
  const paths = Math.max(100, Math.min(settings.paths, Math.floor(20_000_000 / request.horizon)));
  const { intervals, standardErrors } = simulateIntervals({
    numbers,
    states,
    sigma: Math.sqrt(state.sigma2),
    pool,
    paths,
    seed: settings.seed,
    horizon: request.horizon,
    levels: request.levels,
  });
  return { mean: moments.mean, standardErrors, intervals, intervalMethod: settings.intervals === 'bootstrapped' ? 'bootstrapped' : 'simulated' };
}

/**
 * Exponential smoothing in innovations form (Hyndman, Koehler, Ord and Snyder 2008): error, trend and season, each additive or multiplicative, with maximum
 * likelihood estimates and an automatic choice of the form.
 *
 * - Recursion: μ = (level + φ growth) ∘ season; with e = y − μ: level += α e, growth += β e, season += γ e (divided by the season or the level where those
 *   multiply). Innovations are e, or e/μ for multiplicative errors.
 * - Limits: 1e-4 ≤ α ≤ 0.9999, 1e-4 ≤ β ≤ α, 1e-4 ≤ γ ≤ 1 − α, 0.8 ≤ φ ≤ 0.98, and the roots of the characteristic equation inside the unit circle. Seasonal
 *   start states sum to 0 (additive) or m (multiplicative, none negative) and are estimated with the parameters.
 * - Search: Levenberg–Marquardt on exact derivatives from several starts. R's `ets` searches from one; a likelihood above R's is the rule, not an error.
 * - σ² = Σ innovations² / (n − parameters). Gaps take no innovation and do not count.
 * - Choice: least AICc (see `trendPenalty`) among the forms that the series admits: multiplicative ones need positive values, seasonal ones a season of at
 *   most 24 periods and more than one full season.
 * - A form that the series does not admit is replaced by its additive counterpart, or by the one without season; the label says what was fitted.
 * - Intervals: exact for given parameters where a closed form exists (all default forms), simulated for the others.
 *
 * @param options - form, parameters, criterion, search and intervals
 * @returns the model
 * @throws DomainError `invalid_value` | `invalid_type` | `unknown_key` | `out_of_range` | `missing_key` | `empty` | `not_finite` | `not_an_integer`
 * @example
 * ```ts
 * import { ets } from 'dealwright/forecasting';
 * const sales = [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118];
 * const fit = ets({ form: 'ANN' }).fit(sales);
 * fit.label; // => 'ETS(A,N,N)'
 * fit.predict(2).mean.map((value) => Math.round(value)); // => [118, 118]
 * ```
 * @category forecasting
 */
export function ets(options: EtsOptions = {}): ForecastModel<EtsState> {
  const settings = readSettings(options);
  const single = settings.shapes?.length === 1 ? settings.shapes[0] : undefined;
  return defineForecastModel<EtsState>({
    name: single === undefined ? 'ets' : `ets-${single.form}`,
    settings: toPlainSettings(options),
    fit: (data) => describeEstimate(data, estimateEts(data, settings)),
    predict: (state, request) => predictEts(state, request, settings),
  });
}
