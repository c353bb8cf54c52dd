import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { defineForecastModel, type FittedModel, type ForecastModel, type ForecastPath, type ModelPrediction, type StoredModel } from './forecast-model.js';
import { collectPastErrors, defaultSteps } from './past-errors.js';

/**
 * Settings of {@link combineModels}.
 *
 * @category forecasting
 */
export interface CombineModelsOptions {
  /** Name of the combination. Default: the names of the models, joined by `+`. */
  readonly name?: string;
  /** How the forecasts are put together. Default `mean`. */
  readonly statistic?: 'mean' | 'median';
  /**
   * Weights of a mean: `equal`, numbers (one for each model, at least one above 0), or `inverse-error`: one over the mean squared error of past forecasts
   * over the last `windows` origins. Default `equal`, which is hard to beat.
   */
  readonly weights?: 'equal' | 'inverse-error' | readonly number[];
  /** Past origins for `inverse-error`. Default 8, at most a third of the series. */
  readonly windows?: number;
}

/**
 * State of {@link combineModels}.
 *
 * @category forecasting
 */
export interface CombinedState {
  /** Position of each member in the list of models. */
  readonly members: readonly number[];
  /** Weight of each member; they sum to 1. */
  readonly weights: readonly number[];
  /** Fit of each member. */
  readonly inner: readonly StoredModel[];
}

/** Array.isArray narrows a readonly list to any. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Puts columns together: one value from each member, for each step. */
export function blend(columns: readonly (readonly number[])[], weights: readonly number[], statistic: 'mean' | 'median'): number[] {
  const length = columns[0]?.length ?? 0;
  return Array.from({ length }, (_, h) => {
    const values = columns.map((column) => column[h] ?? 0);
    return statistic === 'median' ? median(values) : values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
  });
}

/** Combines forecasts of members. Limits are combined as the points are, which leaves out that errors of members partly cancel: on the safe side. */
export function blendPaths(paths: readonly ForecastPath[], weights: readonly number[], statistic: 'mean' | 'median', levels: readonly number[]): ModelPrediction {
  const mean = blend(
    paths.map((path) => path.mean),
    weights,
    statistic,
  );
  const errors = paths.map((path) => path.standardErrors);
  const known = errors.filter((column): column is readonly number[] => column !== null);
  const hasIntervals = paths.every((path) => path.intervals.length === levels.length);
  return {
    mean,
    ...(known.length === paths.length ? { standardErrors: blend(known, weights, statistic) } : {}),
    ...(hasIntervals
      ? {
          intervals: levels.map((level, k) => ({
            level,
            lower: blend(
              paths.map((path) => path.intervals[k]?.lower ?? []),
              weights,
              statistic,
            ),
            upper: blend(
              paths.map((path) => path.intervals[k]?.upper ?? []),
              weights,
              statistic,
            ),
          })),
        }
      : {}),
  };
}

/**
 * Makes one model of several: the mean, weighted mean or median of their forecasts, and likewise of their limits. Members that the series is too short for are
 * left out.
 *
 * @param models - at least one model, with different names
 * @param options - statistic and weights
 * @returns the combined model
 * @throws DomainError `empty` | `duplicate_id` | `length_mismatch` | `invalid_weights` | `invalid_type` | `invalid_value` | `unknown_key` | `out_of_range` | `not_an_integer`
 * @example
 * ```ts
 * import { combineModels, drift, naive } from 'dealwright/forecasting';
 * combineModels([naive(), drift()]).fit([10, 12, 14]).predict(2).mean; // => [15, 16]
 * ```
 * @category forecasting
 */
export function combineModels(models: readonly ForecastModel[], options: CombineModelsOptions = {}): ForecastModel<CombinedState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['name', 'statistic', 'weights', 'windows'], ['options'], issues);
  if (!isList(models) || models.length === 0) throw createDomainError('empty', ['models'], { expected: 'at least one model', received: models });
  const names = new Set<string>();
  models.forEach((model, index) => {
    if (names.has(model.name)) issues.push(createIssue('duplicate_id', ['models', index, 'name'], { received: model.name }));
    names.add(model.name);
  });
  const statistic = record.statistic === undefined ? 'mean' : (checkOneOf(record.statistic, ['mean', 'median'], ['options', 'statistic'], issues) ?? 'mean');
  const windows = record.windows === undefined ? undefined : checkNumber(record.windows, ['options', 'windows'], issues, { integer: true, min: 1, max: 1000 });
  let given: readonly number[] | null = null;
  const kind = record.weights;
  if (Array.isArray(kind)) {
    const list: readonly unknown[] = kind;
    if (list.length !== models.length) issues.push(createIssue('length_mismatch', ['options', 'weights'], { expected: `${models.length} weights`, received: list.length }));
    given = list.map((weight, index) => checkNumber(weight, ['options', 'weights', index], issues, { min: 0, max: 1e100 }) ?? 0);
    if (issues.length === 0 && !given.some((weight) => weight > 0))
      issues.push(createIssue('invalid_weights', ['options', 'weights'], { expected: 'at least one weight above 0' }));
  } else if (kind !== undefined) checkOneOf(kind, ['equal', 'inverse-error'], ['options', 'weights'], issues);
  throwIfIssues(issues);
  const name = typeof record.name === 'string' && record.name !== '' ? record.name : models.map((model) => model.name).join('+');
  return defineForecastModel<CombinedState>({
    name,
    settings: { models: models.map((model) => ({ name: model.name, settings: model.settings })), statistic, weights: given ?? kind ?? 'equal' },
    minimumObservations: (m) => Math.min(...models.map((model) => model.minimumObservations(m))),
    fit: (data) => {
      const { values, seasonLength, observations } = data;
      const members = models.map((_, index) => index).filter((index) => observations >= (models[index]?.minimumObservations(seasonLength) ?? Infinity));
      const fits: FittedModel[] = [];
      for (const index of members) {
        const model = models[index];
        if (model !== undefined) fits.push(model.fit({ values, seasonLength }));
      }
      let raw = members.map((index) => given?.[index] ?? 1);
      if (kind === 'inverse-error') {
        const steps = defaultSteps(values.length, seasonLength);
        const mse = members.map((index) => {
          const model = models[index];
          if (model === undefined) return NaN;
          const { errors } = collectPastErrors(model, data, steps, (windows ?? Math.max(1, Math.min(8, Math.floor(values.length / 3)))) + steps - 1);
          let sum = 0;
          let count = 0;
          for (const list of errors) {
            for (const error of list) {
              sum += error * error;
              count += 1;
            }
          }
          return count === 0 ? NaN : sum / count;
        });
        // A perfect record would take all the weight; a floor keeps the others in.
        const known = mse.filter((value) => value === value);
        const floor = known.length === 0 ? 1 : Math.max(...known) * 1e-6;
        if (known.length === mse.length && floor > 0) raw = mse.map((value) => 1 / Math.max(value, floor));
      }
      const total = raw.reduce((sum, weight) => sum + weight, 0);
      const weights = total > 0 ? raw.map((weight) => weight / total) : raw.map(() => 1 / raw.length);
      const fitted = values.map((_, t) => {
        const column: number[] = [];
        for (const fit of fits) {
          const value = fit.fitted[t] ?? null;
          if (value !== null) column.push(value);
        }
        return column.length < fits.length ? null : (blend([...column.map((value) => [value])], weights, statistic)[0] ?? null);
      });
      const parameters: Record<string, number> = {};
      if (statistic === 'mean') for (const [k, index] of members.entries()) parameters[`weight:${models[index]?.name ?? ''}`] = weights[k] ?? 0;
      return {
        state: { members, weights, inner: fits.map((fit) => fit.stored) },
        label: `${statistic} of ${fits.map((fit) => fit.label).join(', ')}`,
        fitted,
        parameters,
        assumptions: ['Limits are combined as the forecasts are, as if the members erred together: somewhat wide.'],
      };
    },
    predict: ({ members, weights, inner }, { horizon, levels }) => {
      const paths: ForecastPath[] = [];
      members.forEach((index, k) => {
        const model = models[index];
        if (model !== undefined) paths.push(model.resume(inner[k]).predict(horizon, { levels }));
      });
      return blendPaths(paths, weights, statistic, levels);
    },
  });
}
