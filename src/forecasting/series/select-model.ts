import { checkKeys, checkOneOf, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import type { Accuracy } from './accuracy.js';
import { type BacktestOptions, backtest } from './backtest.js';
import { type DieboldMarianoTest, testDieboldMariano } from './diebold-mariano.js';
import type { ForecastModel } from './forecast-model.js';
import { readSeries, type SeriesInput } from './time-series.js';

/**
 * Measure by which models are ranked.
 *
 * @category forecasting
 */
export type SelectionMeasure = 'mase' | 'rmsse' | 'mae' | 'rmse' | 'wape' | 'smape' | 'crps';

/**
 * Settings of {@link selectModel}: those of {@link backtest}, and the measure.
 *
 * @category forecasting
 */
export interface SelectModelOptions extends BacktestOptions {
  /** Default `mae`, which weighs all origins alike. */
  readonly measure?: SelectionMeasure;
}

/**
 * One model in the ranking.
 *
 * @category forecasting
 */
export interface RankedModel {
  /** Name of the model. */
  readonly model: string;
  /** Position in the list that was passed. */
  readonly index: number;
  /** The measure; `null` if the model could not be tested. */
  readonly value: number | null;
  /** Number of origins it forecast. */
  readonly origins: number;
  /** Accuracy over all origins. */
  readonly accuracy: Accuracy;
  /** Diebold–Mariano test of its one-step errors against those of the first; `null` for the first itself, or with too few errors. */
  readonly against: DieboldMarianoTest | null;
}

/**
 * Which model forecast the past best.
 *
 * @category forecasting
 */
export interface ModelSelection {
  /** Name of the best model, or `null` if none could be tested. */
  readonly chosen: string | null;
  /** Its position in the list that was passed. */
  readonly index: number | null;
  /** The measure. */
  readonly measure: SelectionMeasure;
  /** All models, best first. */
  readonly ranking: readonly RankedModel[];
  /** The reasons in plain words. */
  readonly because: readonly string[];
}

/** Array.isArray narrows a readonly list to any. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

const MEASURES: readonly SelectionMeasure[] = ['mase', 'rmsse', 'mae', 'rmse', 'wape', 'smape', 'crps'];

/**
 * Chooses among models by back-testing all of them on the same origins: those that every model can forecast from. Ties go to the one listed first,
 * so list the simplest first.
 *
 * @param models - the candidates, with different names
 * @param series - the series
 * @param options - measure and back-test
 * @returns the ranking with reasons
 * @throws DomainError `empty` | `duplicate_id` | `invalid_value` | and those of {@link backtest}
 * @example
 * ```ts
 * import { drift, naive, selectModel } from 'dealwright/forecasting';
 * const selection = selectModel([naive(), drift()], [10, 12, 14, 16, 18, 20, 22, 24], { initial: 4 });
 * selection.chosen; // => 'drift'
 * ```
 * @category forecasting
 */
export function selectModel(models: readonly ForecastModel[], series: SeriesInput, options: SelectModelOptions = {}): ModelSelection {
  const issues: IssueSink = [];
  if (!isList(models) || models.length === 0) throw createDomainError('empty', ['models'], { expected: 'at least one model', received: models });
  const names = new Set<string>();
  models.forEach((model, index) => {
    if (names.has(model.name)) issues.push(createIssue('duplicate_id', ['models', index, 'name'], { received: model.name }));
    names.add(model.name);
  });
  if (!isPlainRecord(options)) issues.push(createIssue('invalid_type', ['options'], { expected: 'an object of options', received: options }));
  else checkKeys(options, ['measure', 'horizon', 'initial', 'step', 'gap', 'window', 'origins', 'levels'], ['options'], issues);
  const measure = options.measure === undefined ? 'mae' : (checkOneOf(options.measure, MEASURES, ['options', 'measure'], issues) ?? 'mae');
  throwIfIssues(issues);
  const { seasonLength, y } = readSeries(series);
  const { measure: _measure, ...replay } = options;
  const needed = Math.max(...models.map((model) => model.minimumObservations(seasonLength)));
  // All must be judged on the same origins, so all begin where the most demanding one can.
  const n = y.length;
  const horizon = replay.horizon ?? Math.max(1, Math.min(seasonLength > 1 ? seasonLength : 1, Math.floor(n / 4)));
  const usual = Math.max(Math.min(2 * seasonLength + 1, Math.floor(n / 2)), Math.floor(n / 3));
  const initial = replay.initial ?? Math.max(needed, replay.window ?? Math.min(usual, Math.max(needed, n - horizon)));
  const tested = models.map((model, index) => ({ model, index, replay: backtest(model, series, { ...replay, horizon, initial }) }));
  const most = Math.max(...tested.map((entry) => entry.replay.origins.length));
  const scored = tested.map(({ model, index, replay: result }) => {
    // A model that failed at origins where others did not would be judged on easier ones.
    const complete = result.origins.length === most && most > 0;
    return { model: model.name, index, value: complete ? result.overall[measure] : null, result };
  });
  scored.sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity) || a.index - b.index);
  const best = scored[0];
  const firstErrors = best?.result.origins.map((origin) => origin.errors[0] ?? null) ?? [];
  const ranking = scored.map(({ model, index, value, result }): RankedModel => {
    const errors = result.origins.map((origin) => origin.errors[0] ?? null);
    const comparable = index !== best?.index && errors.length === firstErrors.length && errors.filter((error) => error !== null).length >= 8;
    return { model, index, value, origins: result.origins.length, accuracy: result.overall, against: comparable ? testDieboldMariano(errors, firstErrors) : null };
  });
  const winner = ranking[0];
  if (winner === undefined || winner.value === null) {
    return { chosen: null, index: null, measure, ranking, because: ['No model could forecast from the same origins; the series is too short for a back-test.'] };
  }
  const because = [`${winner.model} had the least ${measure.toUpperCase()} over ${winner.origins} past forecasts (${format(winner.value)}).`];
  const second = ranking[1];
  if (second !== undefined && second.value !== null) {
    because.push(`The next was ${second.model} (${format(second.value)}).`);
    const p = second.against?.pValue ?? null;
    if (p !== null)
      because.push(p < 0.05 ? `The difference is unlikely to be chance (Diebold–Mariano p = ${format(p)}).` : `The difference may be chance (Diebold–Mariano p = ${format(p)}).`);
  }
  return { chosen: winner.model, index: winner.index, measure, ranking, because };
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}
