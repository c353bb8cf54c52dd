import { checkBoolean, checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { minimizeOnInterval } from '../../stats/minimize-on-interval.js';
import { fillNaN } from './fill-gaps.js';
import { defineForecastModel, type ForecastModel, intervalFactor, type StoredModel } from './forecast-model.js';
import { readSeries, type SeriesInput } from './time-series.js';

function transform(value: number, lambda: number): number {
  if (lambda === 0) return Math.log(value);
  return (Math.sign(value) * Math.abs(value) ** lambda - 1) / lambda;
}

function invert(value: number, lambda: number): number {
  if (lambda === 0) return Math.exp(value);
  const inner = value * lambda + 1;
  // For λ < 0 the transform is bounded: beyond the bound lies infinity.
  if (lambda < 0 && inner <= 0) return Number.MAX_VALUE;
  return Math.sign(inner) * Math.abs(inner) ** (1 / lambda);
}

function readLambda(lambda: unknown): number {
  const issues: IssueSink = [];
  const number = checkNumber(lambda, ['lambda'], issues, { min: -5, max: 5 }) ?? 1;
  throwIfIssues(issues);
  return number;
}

/**
 * Box–Cox transform: log y for λ = 0, else (sign(y) |y|^λ − 1) / λ (Bickel and Doksum 1981, so that λ > 0 admits all values).
 *
 * @param values - the values; with λ ≤ 0 all must be positive
 * @param lambda - −5 to 5
 * @returns the transformed values
 * @throws DomainError `out_of_range` | `not_finite` | `invalid_type`
 * @example
 * ```ts
 * import { boxCox } from 'dealwright/forecasting';
 * boxCox([1, 4, 9], 0.5); // => [0, 2, 4]
 * ```
 * @category forecasting
 */
export function boxCox(values: readonly number[], lambda: number): number[] {
  const power = readLambda(lambda);
  return readFinite(values).map((value, index) => {
    if (power <= 0 && value <= 0) throw createDomainError('out_of_range', ['values', index], { expected: 'a positive value, since lambda is not above 0', received: value });
    return transform(value, power);
  });
}

/**
 * Takes {@link boxCox} back.
 *
 * @param values - transformed values
 * @param lambda - the same λ
 * @returns the values; what lies beyond the range of a transform with λ < 0 becomes the largest number
 * @throws DomainError `out_of_range` | `not_finite` | `invalid_type`
 * @example
 * ```ts
 * import { invertBoxCox } from 'dealwright/forecasting';
 * invertBoxCox([0, 2, 4], 0.5); // => [1, 4, 9]
 * ```
 * @category forecasting
 */
export function invertBoxCox(values: readonly number[], lambda: number): number[] {
  const power = readLambda(lambda);
  return readFinite(values).map((value) => Math.min(Number.MAX_VALUE, invert(value, power)));
}

function readFinite(values: unknown): readonly number[] {
  const issues: IssueSink = [];
  const list: number[] = [];
  if (!Array.isArray(values)) throw createDomainError('invalid_type', ['values'], { expected: 'a list of numbers', received: values });
  values.forEach((value: unknown, index) => list.push(checkNumber(value, ['values', index], issues) ?? 0));
  throwIfIssues(issues);
  return list;
}

/**
 * Settings of {@link estimateBoxCox}.
 *
 * @category forecasting
 */
export interface EstimateBoxCoxOptions {
  /** Least λ. Default −1. */
  readonly from?: number;
  /** Largest λ. Default 2. */
  readonly to?: number;
}

/** Coefficient of variation of spread over level^(1 − λ), over whole seasons counted from the end. */
function variation(y: Float64Array, span: number, lambda: number): number {
  const blocks = Math.floor(y.length / span);
  const from = y.length - blocks * span;
  const ratios: number[] = [];
  for (let b = 0; b < blocks; b += 1) {
    let sum = 0;
    for (let k = 0; k < span; k += 1) sum += y[from + b * span + k] ?? 0;
    const mean = sum / span;
    let squares = 0;
    for (let k = 0; k < span; k += 1) squares += ((y[from + b * span + k] ?? 0) - mean) ** 2;
    ratios.push(Math.sqrt(squares / (span - 1)) / mean ** (1 - lambda));
  }
  let sum = 0;
  for (const ratio of ratios) sum += ratio;
  const mean = sum / ratios.length;
  let squares = 0;
  for (const ratio of ratios) squares += (ratio - mean) ** 2;
  return Math.sqrt(squares / (ratios.length - 1)) / mean;
}

/** λ by Guerrero's method on positive values without gaps. */
export function guerrero(y: Float64Array, m: number, from: number, to: number): number {
  const span = Math.max(2, m);
  return minimizeOnInterval((lambda) => variation(y, span, lambda), { from, to, tolerance: 1.220703125e-4 }).point;
}

/**
 * The λ that makes the spread of a series most independent of its level, by the method of Guerrero (1993): least coefficient of variation of
 * s / mean^(1 − λ) over whole seasons (pairs of periods without a season). Accurate to about 1e-4, as R's.
 *
 * @param series - positive values, at least two full seasons
 * @param options - range of λ
 * @returns λ
 * @throws DomainError `insufficient_data` | `out_of_range` (a value that is not positive) | `invalid_type` | `unknown_key` | `too_long` | `invalid_value` | `not_an_integer` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { estimateBoxCox } from 'dealwright/forecasting';
 * estimateBoxCox([10, 12, 100, 120, 1000, 1200]) < 0.01; // => true
 * ```
 * @category forecasting
 */
export function estimateBoxCox(series: SeriesInput, options: EstimateBoxCoxOptions = {}): number {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['from', 'to'], ['options'], issues);
  const from = record.from === undefined ? -1 : (checkNumber(record.from, ['options', 'from'], issues, { min: -5, max: 5 }) ?? -1);
  const to = record.to === undefined ? 2 : (checkNumber(record.to, ['options', 'to'], issues, { min: from, max: 5 }) ?? 2);
  throwIfIssues(issues);
  const read = readSeries(series);
  const span = Math.max(2, read.seasonLength);
  if (read.observed < 2 * span || read.y.length < 2 * span) {
    throw createDomainError('insufficient_data', ['series'], { expected: `at least ${2 * span} known values`, received: read.observed });
  }
  const y = fillNaN(read.y, read.seasonLength);
  const index = y.findIndex((value) => value <= 0);
  if (index >= 0) throw createDomainError('out_of_range', ['series', 'values', index], { expected: 'positive values', received: y[index] });
  const first = y[0] ?? 0;
  if (y.every((value) => value === first) || !(to > from)) return 1;
  const objective = variation(y, span, 1);
  return Number.isFinite(objective) ? guerrero(y, read.seasonLength, from, to) : 1;
}

/**
 * Settings of {@link withBoxCox}.
 *
 * @category forecasting
 */
export interface WithBoxCoxOptions {
  /** λ, or `auto` for {@link estimateBoxCox} within 0 to 1. Default `auto`. */
  readonly lambda?: number | 'auto';
  /** Make the point forecast the mean, not the median, of the back-transformed distribution (to second order). Default true. */
  readonly biasAdjust?: boolean;
}

/**
 * State of {@link withBoxCox}.
 *
 * @category forecasting
 */
export interface BoxCoxState {
  /** λ used; 1 if the series has values that are not positive. */
  readonly lambda: number;
  /** The fit of the wrapped model. */
  readonly inner: StoredModel;
}

/**
 * Fits a model to the Box–Cox transformed series and takes its forecasts back: intervals keep their coverage and become asymmetric.
 * A series with a value that is not positive is left as it is (λ = 1), which the assumptions say.
 *
 * @param model - any model
 * @param options - λ and bias adjustment
 * @returns the wrapped model
 * @throws DomainError `invalid_type` | `out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { naive, withBoxCox } from 'dealwright/forecasting';
 * withBoxCox(naive(), { lambda: 0, biasAdjust: false }).fit([50, 100]).predict(1).mean.map((value) => Math.round(value)); // => [100]
 * ```
 * @category forecasting
 */
export function withBoxCox(model: ForecastModel, options: WithBoxCoxOptions = {}): ForecastModel<BoxCoxState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['lambda', 'biasAdjust'], ['options'], issues);
  const given = record.lambda === undefined || record.lambda === 'auto' ? undefined : checkNumber(record.lambda, ['options', 'lambda'], issues, { min: -5, max: 5 });
  const biasAdjust = record.biasAdjust === undefined ? true : (checkBoolean(record.biasAdjust, ['options', 'biasAdjust'], issues) ?? true);
  throwIfIssues(issues);
  return defineForecastModel<BoxCoxState>({
    name: `${model.name}+box-cox`,
    settings: { model: model.name, modelSettings: model.settings, lambda: given ?? 'auto', biasAdjust },
    minimumObservations: (m) => model.minimumObservations(m),
    fit: ({ values, filled, seasonLength }) => {
      const positive = filled.every((value) => value > 0);
      const estimable = filled.length >= 2 * Math.max(2, seasonLength) && filled.some((value) => value !== filled[0]);
      const lambda = !positive ? 1 : (given ?? (estimable ? guerrero(Float64Array.from(filled), seasonLength, 0, 1) : 1));
      const fit = model.fit({ values: values.map((value) => (value === null ? null : transform(value, lambda))), seasonLength });
      return {
        state: { lambda, inner: fit.stored },
        label: `${fit.label}, Box–Cox λ = ${lambda.toFixed(3)}`,
        fitted: fit.fitted.map((value) => (value === null ? null : invert(value, lambda))),
        parameters: { ...fit.parameters, lambda },
        assumptions: [...fit.assumptions, ...(positive ? [] : ['The series has values that are not positive, so it is not transformed (λ = 1).'])],
      };
    },
    predict: ({ lambda, inner }, { horizon, levels }) => {
      const path = model.resume(inner).predict(horizon, { levels });
      let errors = path.standardErrors;
      const [first] = path.intervals;
      if (errors === null && first !== undefined) {
        const factor = intervalFactor(first.level);
        errors = first.upper.map((upper, h) => (upper - (first.lower[h] ?? 0)) / (2 * factor));
      }
      const mean = path.mean.map((value, h) => {
        const median = invert(value, lambda);
        const variance = (errors?.[h] ?? 0) ** 2;
        if (!biasAdjust || lambda === 1 || variance === 0) return median;
        const inside = lambda * value + 1;
        const factor = lambda === 0 ? 1 + variance / 2 : 1 + (variance * (1 - lambda)) / (2 * inside * inside);
        return factor > 0 && factor < 10 ? median * factor : median;
      });
      return {
        mean,
        ...(path.intervals.length < levels.length
          ? {}
          : {
              intervals: path.intervals.map(({ level, lower, upper }) => ({
                level,
                lower: lower.map((value) => invert(value, lambda)),
                upper: upper.map((value) => invert(value, lambda)),
              })),
            }),
        intervalMethod: path.intervalMethod,
      };
    },
  });
}
