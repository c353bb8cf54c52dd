import { EXACT_ZERO, type Exact, exactAbs, exactDivide, exactSubtract, exactSum, exactToNumber } from '../decimal/exact.js';
import { checkList, checkOneOf } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { amountOf, finishReading, type MetricAmount, numberOf, quotientOf, readAmount, readInput } from './figures.js';
import { defineMetric, type Metric, type MetricOutcome } from './metric.js';

/**
 * Input of {@link forecastAccuracyMetric}.
 *
 * @category metrics
 */
export interface ForecastAccuracyInput {
  /** What came. */
  readonly actual: MetricAmount;
  /** What was forecast. */
  readonly forecast: MetricAmount;
  /** The denominator. Default `actual`. */
  readonly relativeTo?: 'actual' | 'forecast';
}

/**
 * Forecast accuracy of one period, by value or by count: 1 − |A − F| / A. Below 0 if the miss is larger than the figure itself. Over several periods use {@link forecastErrorMetric}.
 *
 * @example
 * ```ts
 * import { computeMetric, forecastAccuracyMetric } from 'dealwright/metrics';
 * computeMetric(forecastAccuracyMetric, { actual: 80, forecast: 100 }).value; // => 0.75
 * computeMetric(forecastAccuracyMetric, { actual: 80, forecast: 100, relativeTo: 'forecast' }).value; // => 0.8
 * ```
 * @category metrics
 */
export const forecastAccuracyMetric: Metric<'forecast-accuracy', ForecastAccuracyInput> = /* @__PURE__ */ defineMetric({
  id: 'forecast-accuracy',
  label: 'Forecast accuracy',
  formula: '1 − |actual − forecast| / actual',
  unit: 'ratio',
  choices: [{ name: 'relativeTo', default: 'actual', meaning: 'actual or forecast as the denominator' }],
  whenUndefined: 'null, "no-actual" or "no-forecast"',
  compute: (input: ForecastAccuracyInput): MetricOutcome => {
    const reader = readInput(input, ['actual', 'forecast', 'relativeTo']);
    const [actual, forecast] = [amountOf(reader, 'actual'), amountOf(reader, 'forecast')];
    const base = reader.record['relativeTo'] === undefined ? 'actual' : checkOneOf(reader.record['relativeTo'], ['actual', 'forecast'], ['input', 'relativeTo'], reader.issues);
    finishReading(reader);
    const denominator = base === 'forecast' ? forecast : actual;
    return quotientOf(reader, exactSubtract(denominator, exactAbs(exactSubtract(actual, forecast))), denominator, { n: 1, reason: `no-${base ?? 'actual'}` });
  },
});

/**
 * Input of {@link forecastErrorMetric}.
 *
 * @category metrics
 */
export interface ForecastErrorInput {
  /** What came, period by period. */
  readonly actuals: readonly MetricAmount[];
  /** What was forecast, in the same order. */
  readonly forecasts: readonly MetricAmount[];
}

/**
 * WAPE over several periods, with the bias Σ (forecast − actual) / Σ |actual| under `details`: a better measure than the mean accuracy, since small periods do not dominate it.
 *
 * @example
 * ```ts
 * import { computeMetric, forecastErrorMetric } from 'dealwright/metrics';
 * const result = computeMetric(forecastErrorMetric, { actuals: [100, 300], forecasts: [150, 290] });
 * [result.value, result.details?.bias]; // => [0.15, 0.1]
 * ```
 * @category metrics
 */
export const forecastErrorMetric: Metric<'forecast-error', ForecastErrorInput> = /* @__PURE__ */ defineMetric({
  id: 'forecast-error',
  label: 'Forecast error (WAPE)',
  formula: 'Σ |actual − forecast| / Σ |actual|',
  unit: 'ratio',
  whenUndefined: 'null, "no-actuals", if all are zero',
  compute: (input: ForecastErrorInput): MetricOutcome => {
    const reader = readInput(input, ['actuals', 'forecasts']);
    const read = (name: string): readonly Exact[] =>
      (checkList(reader.record[name], ['input', name], reader.issues) ?? [])
        .slice(0, 100_000)
        .map((entry, at) => (reader.issues.length > 100 ? EXACT_ZERO : readAmount(reader, entry, ['input', name, at])));
    const [actuals, forecasts] = [read('actuals'), read('forecasts')];
    if (actuals.length !== forecasts.length)
      reader.issues.push(createIssue('length_mismatch', ['input', 'forecasts'], { expected: `${actuals.length} forecasts`, received: forecasts.length }));
    finishReading(reader);
    const misses = forecasts.map((forecast, at) => exactSubtract(forecast, actuals[at] ?? EXACT_ZERO));
    const total = exactSum(actuals.map(exactAbs));
    const outcome = quotientOf(reader, exactSum(misses.map(exactAbs)), total, { n: actuals.length, reason: 'no-actuals' });
    return outcome.value === null ? outcome : { ...outcome, details: { bias: exactToNumber(exactDivide(exactSum(misses), total, { scale: 20 })) } };
  },
});

/**
 * Input of {@link activityRatioMetric}.
 *
 * @category metrics
 */
export interface ActivityRatioInput {
  /** Calls, meetings, opportunities, … */
  readonly effort: number;
  /** What came of them: meetings, opportunities, wins, … */
  readonly result: number;
}

/**
 * Activity ratio: how many results come of the effort, such as meetings of calls or wins of opportunities; its inverse under `details`.
 *
 * @example
 * ```ts
 * import { computeMetric, activityRatioMetric } from 'dealwright/metrics';
 * const result = computeMetric(activityRatioMetric, { effort: 200, result: 10 });
 * [result.value, result.details?.effortPerResult]; // => [0.05, 20]
 * ```
 * @category metrics
 */
export const activityRatioMetric: Metric<'activity-ratio', ActivityRatioInput> = /* @__PURE__ */ defineMetric({
  id: 'activity-ratio',
  label: 'Activity ratio',
  formula: 'result / effort',
  unit: 'ratio',
  whenUndefined: 'null, "no-effort"',
  compute: (input: ActivityRatioInput): MetricOutcome => {
    const reader = readInput(input, ['effort', 'result']);
    const [effort, result] = [numberOf(reader, 'effort', { min: 0, max: 1e15, integer: true }), numberOf(reader, 'result', { min: 0, max: 1e15, integer: true })];
    finishReading(reader);
    const parts = { numerator: result, denominator: effort, n: effort };
    if (effort === 0) return { value: null, ...parts, reason: 'no-effort' };
    return { value: result / effort, ...parts, details: { effortPerResult: result === 0 ? null : effort / result } };
  },
});
