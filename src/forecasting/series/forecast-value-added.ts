import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { accuracyOfPairs, type ForecastPair } from './accuracy.js';

/**
 * One step of a forecasting process, with what it forecast.
 *
 * @category forecasting
 */
export interface ForecastStep {
  /** Name: `naive`, `model`, `rep`, `manager`. */
  readonly name: string;
  /** Its forecasts, one for each actual value; `null` where it gave none. */
  readonly forecast: readonly (number | null)[];
}

/**
 * Settings of {@link measureValueAdded}.
 *
 * @category forecasting
 */
export interface MeasureValueAddedOptions {
  /** Measure of error. Default `wape`. */
  readonly measure?: 'wape' | 'mae' | 'rmse' | 'smape' | 'mape';
}

/**
 * What one step added.
 *
 * @category forecasting
 */
export interface ValueAddedStep {
  /** Name of the step. */
  readonly name: string;
  /** Its error; `null` if it does not exist. */
  readonly error: number | null;
  /** Σ (forecast − actual) / Σ |actual|. */
  readonly bias: number | null;
  /** Error of the step before − this error: above 0 the step improved the forecast. `null` for the first. */
  readonly added: number | null;
  /** Error of the first step − this error. */
  readonly addedToFirst: number | null;
}

/**
 * Result of {@link measureValueAdded}.
 *
 * @category forecasting
 */
export interface ValueAdded {
  /** Measure of error. */
  readonly measure: 'wape' | 'mae' | 'rmse' | 'smape' | 'mape';
  /** Number of periods that every step forecast; only these are compared. */
  readonly count: number;
  /** One entry for each step, in order. */
  readonly steps: readonly ValueAddedStep[];
}

/**
 * Forecast value added: does each step of the process (naive → model → rep → manager) make the forecast better than the step before? All steps are measured on
 * the periods that all of them forecast.
 *
 * @param actual - what happened, `null` where it is not known
 * @param steps - the steps in order, the naive one first
 * @param options - the measure
 * @returns error, and value added, for each step
 * @throws DomainError `empty` | `invalid_type` | `duplicate_id` | `length_mismatch` | `unknown_key` | `invalid_value` | `too_long`
 * @example
 * ```ts
 * import { measureValueAdded } from 'dealwright/forecasting';
 * const { steps } = measureValueAdded([100, 120], [{ name: 'naive', forecast: [90, 100] }, { name: 'rep', forecast: [105, 130] }], { measure: 'mae' });
 * steps.map((step) => step.added); // => [null, 7.5]
 * ```
 * @category forecasting
 */
export function measureValueAdded(actual: readonly (number | null)[], steps: readonly ForecastStep[], options: MeasureValueAddedOptions = {}): ValueAdded {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['measure'], ['options'], issues);
  const measure = record.measure === undefined ? 'wape' : (checkOneOf(record.measure, ['wape', 'mae', 'rmse', 'smape', 'mape'], ['options', 'measure'], issues) ?? 'wape');
  const known = checkList(actual, ['actual'], issues) ?? [];
  const list = checkList(steps, ['steps'], issues, { min: 1 }) ?? [];
  const names = new Set<string>();
  list.forEach((entry, index) => {
    const step = checkRecord(entry, ['steps', index], issues);
    if (step === undefined) return;
    checkKeys(step, ['name', 'forecast'], ['steps', index], issues);
    const name = checkText(step.name, ['steps', index, 'name'], issues);
    if (name !== undefined && names.has(name)) issues.push(createIssue('duplicate_id', ['steps', index, 'name'], { received: name }));
    if (name !== undefined) names.add(name);
    const forecast = checkList(step.forecast, ['steps', index, 'forecast'], issues);
    if (forecast !== undefined && forecast.length !== known.length) {
      issues.push(createIssue('length_mismatch', ['steps', index, 'forecast'], { expected: `${known.length} values, one for each actual value`, received: forecast.length }));
    }
  });
  throwIfIssues(issues);
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  const shared: number[] = [];
  known.forEach((value, index) => {
    if (isNumber(value) && steps.every((step) => isNumber(step.forecast[index]))) shared.push(index);
  });
  const measured = steps.map((step) => {
    const pairs: ForecastPair[] = shared.map((index) => ({
      actual: actual[index] ?? 0,
      forecast: step.forecast[index] ?? 0,
      before: NaN,
      scale: NaN,
      squaredScale: NaN,
      standardError: NaN,
    }));
    const accuracy = accuracyOfPairs(pairs, [], false);
    return { name: step.name, error: accuracy[measure], bias: accuracy.bias };
  });
  const first = measured[0]?.error ?? null;
  return {
    measure,
    count: shared.length,
    steps: measured.map((step, index) => {
      const before = index === 0 ? null : (measured[index - 1]?.error ?? null);
      return {
        ...step,
        added: before === null || step.error === null ? null : before - step.error,
        addedToFirst: index === 0 || first === null || step.error === null ? null : first - step.error,
      };
    }),
  };
}
