import { checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { defineForecastModel, type ForecastModel, intervalFactor, type StoredModel } from './forecast-model.js';
import { collectPastErrors, defaultSteps } from './past-errors.js';

/**
 * Settings of {@link withConformalIntervals} and {@link withBacktestScaledIntervals}.
 *
 * @category forecasting
 */
export interface PastErrorOptions {
  /** Number of past forecasts to learn from, each one period apart; the model is fitted that many times more. Default 24, at most half the series. */
  readonly windows?: number;
  /** Steps ahead to learn from; beyond them errors grow with the root of the step. Default: one season or 6, at most a quarter of the series. */
  readonly horizon?: number;
}

/**
 * State of {@link withConformalIntervals}.
 *
 * @category forecasting
 */
export interface ConformalState {
  /** The fit of the wrapped model. */
  readonly inner: StoredModel;
  /** Sizes of past errors for each step, ascending. */
  readonly errors: readonly (readonly number[])[];
}

function readOptions(options: PastErrorOptions): { readonly windows: number | undefined; readonly horizon: number | undefined } {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['windows', 'horizon'], ['options'], issues);
  const windows = record.windows === undefined ? undefined : checkNumber(record.windows, ['options', 'windows'], issues, { integer: true, min: 2, max: 10_000 });
  const horizon = record.horizon === undefined ? undefined : checkNumber(record.horizon, ['options', 'horizon'], issues, { integer: true, min: 1, max: 10_000 });
  throwIfIssues(issues);
  return { windows, horizon };
}

/** The size that a share `level` of errors stays below, with the finite-sample correction; extended by the normal tail beyond the largest. */
export function conformalQuantile(sorted: readonly number[], level: number): number {
  const count = sorted.length;
  const rank = Math.ceil((count + 1) * level);
  if (rank <= count) return sorted[rank - 1] ?? 0;
  const largest = sorted[count - 1] ?? 0;
  return (largest * intervalFactor(level)) / intervalFactor(count / (count + 1));
}

/**
 * Gives any model intervals that held in the past: split conformal prediction from the errors of past forecasts, step by step. The limit is the ⌈(k + 1) level⌉th
 * smallest of k past errors; where that exceeds k, the largest is extended by the tail of the normal distribution. Limits never narrow with the step. If the series is too short for past
 * forecasts, the model's own intervals stay.
 *
 * @param model - any model, with or without intervals of its own
 * @param options - how many past forecasts
 * @returns the wrapped model
 * @throws DomainError `invalid_type` | `unknown_key` | `out_of_range` | `not_an_integer`
 * @example
 * ```ts
 * import { naive, withConformalIntervals } from 'dealwright/forecasting';
 * const model = withConformalIntervals(naive(), { windows: 4, horizon: 1 });
 * const path = model.fit([10, 12, 11, 14, 13, 15, 18, 17]).predict(1, { levels: [0.8] });
 * path.intervals[0]; // => { level: 0.8, lower: [14], upper: [20] }
 * ```
 * @category forecasting
 */
export function withConformalIntervals(model: ForecastModel, options: PastErrorOptions = {}): ForecastModel<ConformalState> {
  const { windows, horizon } = readOptions(options);
  return defineForecastModel<ConformalState>({
    name: `${model.name}+conformal`,
    settings: { model: model.name, modelSettings: model.settings, ...(windows === undefined ? {} : { windows }), ...(horizon === undefined ? {} : { horizon }) },
    minimumObservations: (m) => model.minimumObservations(m),
    fit: (data) => {
      const n = data.values.length;
      const steps = horizon ?? defaultSteps(n, data.seasonLength);
      const past = collectPastErrors(model, data, steps, (windows ?? Math.min(24, Math.floor(n / 2))) + steps - 1);
      const fit = model.fit({ values: data.values, seasonLength: data.seasonLength });
      const errors = past.errors.map((list) => list.map(Math.abs).sort((a, b) => a - b));
      const usable = errors.findIndex((list) => list.length < 2);
      return {
        state: { inner: fit.stored, errors: usable < 0 ? errors : errors.slice(0, usable) },
        label: fit.label,
        fitted: fit.fitted,
        residuals: fit.residuals,
        parameters: fit.parameters,
        ...(fit.criteria === null ? {} : { criteria: fit.criteria }),
        assumptions: [...fit.assumptions.filter((text) => !text.startsWith('Intervals')), 'Errors of the coming periods are like those of the last ones.'],
      };
    },
    predict: ({ inner, errors }, request) => {
      const path = model.resume(inner).predict(request.horizon, { levels: request.levels });
      const known = errors.length;
      if (known === 0) {
        return {
          mean: path.mean,
          ...(path.standardErrors === null ? {} : { standardErrors: path.standardErrors }),
          ...(path.intervals.length < request.levels.length ? {} : { intervals: path.intervals }),
          intervalMethod: path.intervalMethod,
          assumptions: ["The series is too short for past forecasts; the intervals are the model's own."],
        };
      }
      const widen = (atStep: (h: number) => number): number[] => {
        const sizes: number[] = [];
        let most = 0;
        for (let h = 0; h < request.horizon; h += 1) {
          if (h < known) most = Math.max(most, atStep(h));
          sizes.push(h < known ? most : most * Math.sqrt((h + 1) / known));
        }
        return sizes;
      };
      const standardErrors = widen((h) => {
        const list = errors[h] ?? [];
        return Math.sqrt(list.reduce((sum, value) => sum + value * value, 0) / Math.max(1, list.length));
      });
      const intervals = request.levels.map((level) => {
        const size = widen((h) => conformalQuantile(errors[h] ?? [], level));
        return { level, lower: path.mean.map((value, h) => value - (size[h] ?? 0)), upper: path.mean.map((value, h) => value + (size[h] ?? 0)) };
      });
      return { mean: path.mean, standardErrors, intervals, intervalMethod: 'conformal' };
    },
  });
}

/**
 * State of {@link withBacktestScaledIntervals}.
 *
 * @category forecasting
 */
export interface BacktestScaledState {
  /** The fit of the wrapped model. */
  readonly inner: StoredModel;
  /** Factor of the width for each step. */
  readonly factors: readonly number[];
}

/** How many past errors the belief "the model is right" counts for. */
const PRIOR = 4;

/**
 * Widens or narrows a model's own intervals by what its past forecasts showed: the root of the mean squared standardised error of each step, pooled with the
 * steps from half to twice as far, and drawn towards 1 as if four past errors had been exactly right. Needs a model with standard errors or symmetric intervals.
 *
 * @param model - a model that gives standard errors
 * @param options - how many past forecasts
 * @returns the wrapped model
 * @throws DomainError `invalid_type` | `unknown_key` | `out_of_range` | `not_an_integer`
 * @example
 * ```ts
 * import { meanModel, withBacktestScaledIntervals } from 'dealwright/forecasting';
 * const trending = [10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32];
 * const plain = meanModel().fit(trending).predict(1, { levels: [0.8] }).intervals[0];
 * const scaled = withBacktestScaledIntervals(meanModel()).fit(trending).predict(1, { levels: [0.8] }).intervals[0];
 * (scaled?.upper[0] ?? 0) > (plain?.upper[0] ?? 0); // => true
 * ```
 * @category forecasting
 */
export function withBacktestScaledIntervals(model: ForecastModel, options: PastErrorOptions = {}): ForecastModel<BacktestScaledState> {
  const { windows, horizon } = readOptions(options);
  return defineForecastModel<BacktestScaledState>({
    name: `${model.name}+backtest-scaled`,
    settings: { model: model.name, modelSettings: model.settings, ...(windows === undefined ? {} : { windows }), ...(horizon === undefined ? {} : { horizon }) },
    minimumObservations: (m) => model.minimumObservations(m),
    fit: (data) => {
      const n = data.values.length;
      const steps = horizon ?? defaultSteps(n, data.seasonLength);
      const past = collectPastErrors(model, data, steps, (windows ?? Math.min(24, Math.floor(n / 2))) + steps - 1);
      const fit = model.fit({ values: data.values, seasonLength: data.seasonLength });
      const factors = past.standardized.map((_, h) => {
        let sum = PRIOR;
        let count = PRIOR;
        for (let k = Math.floor(h / 2); k <= Math.min(steps - 1, 2 * h + 1); k += 1) {
          for (const z of past.standardized[k] ?? []) {
            sum += Math.min(z * z, 100);
            count += 1;
          }
        }
        return Math.sqrt(sum / count);
      });
      return {
        state: { inner: fit.stored, factors },
        label: fit.label,
        fitted: fit.fitted,
        residuals: fit.residuals,
        parameters: fit.parameters,
        ...(fit.criteria === null ? {} : { criteria: fit.criteria }),
        assumptions: [...fit.assumptions.filter((text) => !text.startsWith('Intervals')), 'Errors of the coming periods are like those of the last ones.'],
      };
    },
    predict: ({ inner, factors }, request) => {
      const path = model.resume(inner).predict(request.horizon, { levels: request.levels });
      const factorAt = (h: number): number => factors[Math.min(h, factors.length - 1)] ?? 1;
      return {
        mean: path.mean,
        ...(path.standardErrors === null ? {} : { standardErrors: path.standardErrors.map((value, h) => value * factorAt(h)) }),
        ...(path.intervals.length < request.levels.length
          ? {}
          : {
              intervals: path.intervals.map(({ level, lower, upper }) => ({
                level,
                lower: path.mean.map((value, h) => value - (value - (lower[h] ?? value)) * factorAt(h)),
                upper: path.mean.map((value, h) => value + ((upper[h] ?? value) - value) * factorAt(h)),
              })),
            }),
        intervalMethod: path.intervals.length === 0 ? 'none' : 'backtest-scaled',
      };
    },
  });
}
