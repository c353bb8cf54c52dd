import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { cumulativeProbability, type Distribution, quantileOf } from '../../stats/distribution.js';
import { crpsDistribution } from '../../stats/probabilistic-scores.js';

/**
 * What a method forecast at one past cut: a number, or a number with its distribution. `null`: it gave none.
 *
 * @category forecasting
 */
export type HindsightForecast = number | { readonly expected: number; readonly distribution: Distribution } | null;

/**
 * A way of forecasting that is asked at every past cut.
 *
 * @typeParam Cut - what identifies a past cut: its date and period
 * @category forecasting
 */
export interface HindsightMethod<Cut> {
  /** Its name. */
  readonly name: string;
  /** What it would have said then. It must look at nothing from the cut on: `forecastPeriod` and `forecastPipeline` with `asOf` do not. */
  readonly forecast: (cut: Cut) => HindsightForecast;
}

/**
 * Options of {@link backtestForecasts}.
 *
 * @typeParam Cut - what identifies a past cut
 * @category forecasting
 */
export interface BacktestForecastsOptions<Cut> {
  /** The ways to compare; the first is the one that the others are measured against. */
  readonly methods: readonly HindsightMethod<Cut>[];
  /** What happened after a cut; `null` where it is not known yet. */
  readonly actual: (cut: Cut) => number | null;
  /** By what the best one is picked. Default `wape`. */
  readonly measure?: 'wape' | 'crps';
  /** Level of the interval whose coverage is counted. Default 0.8. */
  readonly level?: number;
}

/**
 * How a way of forecasting did.
 *
 * @category forecasting
 */
export interface HindsightScore {
  /** Its name. */
  readonly name: string;
  /** Σ |error| / Σ |actual|; `null` where nothing happened. */
  readonly wape: number | null;
  /** Σ (forecast − actual) / Σ |actual|. */
  readonly bias: number | null;
  /** Mean continuous ranked probability score; for a number alone its absolute error. */
  readonly crps: number;
  /** Share of the cuts whose outcome lay within the interval; `null` for numbers alone. */
  readonly coverage: number | null;
  /** P(X ≤ actual) at each cut: even between 0 and 1 if the distributions are right; `null` for numbers alone. */
  readonly probabilityIntegralTransform: readonly number[] | null;
  /** 1 − error / error of the first method: above 0 it adds value; `null` for the first, and where that had no error. */
  readonly valueAdded: number | null;
}

/**
 * Result of {@link backtestForecasts}.
 *
 * @category forecasting
 */
export interface ForecastHindsight {
  /** Cuts at which every method gave a forecast and the outcome is known; only these are compared. */
  readonly count: number;
  /** Scores, in the order of the methods. */
  readonly scores: readonly HindsightScore[];
  /** The best by the measure, the earlier one of equals; `null` without a cut to compare. */
  readonly best: string | null;
  /** By what it was picked. */
  readonly measure: 'wape' | 'crps';
}

const MAX_CUTS = 10_000;

/**
 * Looks back: asks each way of forecasting what it would have said at past cuts, compares with what happened, and picks the best. All are compared on the cuts that all
 * of them forecast.
 *
 * @param cuts - past cuts: whatever your methods need, such as `{ asOf, period }`
 * @param options - methods, outcomes, measure
 * @returns accuracy, calibration and value added by method
 * @throws DomainError `invalid_type` | `empty` | `duplicate_id` | `not_finite` | `invalid_value` | `unknown_key` | `too_long` | `out_of_range`
 * @example
 * ```ts
 * import { backtestForecasts } from 'dealwright/forecasting';
 * const won = [100, 120, 90];
 * const result = backtestForecasts([1, 2], {
 *   methods: [{ name: 'last', forecast: (cut) => won[cut - 1] }, { name: 'mean', forecast: () => 105 }],
 *   actual: (cut) => won[cut],
 * });
 * [result.best, result.count]; // => ['mean', 2]
 * ```
 * @category forecasting
 */
export function backtestForecasts<Cut>(cuts: readonly Cut[], options: BacktestForecastsOptions<Cut>): ForecastHindsight {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['methods', 'actual', 'measure', 'level'], [], issues);
  const list = checkList(cuts, ['cuts'], issues) ?? [];
  if (list.length > MAX_CUTS) issues.push(createIssue('too_long', ['cuts'], { expected: `at most ${MAX_CUTS} cuts`, received: list }));
  const measure = record.measure === undefined ? 'wape' : (checkOneOf(record.measure, ['wape', 'crps'], ['measure'], issues) ?? 'wape');
  const level = record.level === undefined ? 0.8 : (checkNumber(record.level, ['level'], issues, { min: 0.01, max: 0.999 }) ?? 0.8);
  const names = new Set<string>();
  for (const [i, item] of (checkList(record.methods, ['methods'], issues, { min: 1 }) ?? []).entries()) {
    const method = checkRecord(item, ['methods', i], issues);
    if (method === undefined) continue;
    const name = checkId(method.name, ['methods', i, 'name'], issues);
    if (name !== undefined && names.has(name)) issues.push(createIssue('duplicate_id', ['methods', i, 'name'], { received: name }));
    if (name !== undefined) names.add(name);
    if (typeof method.forecast !== 'function') issues.push(createIssue('invalid_type', ['methods', i, 'forecast'], { expected: 'a function', received: method.forecast }));
  }
  if (typeof record.actual !== 'function') issues.push(createIssue('invalid_type', ['actual'], { expected: 'a function', received: record.actual }));
  throwIfIssues(issues);

  const compared: { readonly actual: number; readonly forecasts: readonly Exclude<HindsightForecast, null>[] }[] = [];
  for (const [i, cut] of cuts.entries()) {
    const actual = options.actual(cut);
    if (actual === null) continue;
    checkNumber(actual, ['cuts', i, 'actual'], issues);
    const forecasts: Exclude<HindsightForecast, null>[] = [];
    for (const method of options.methods) {
      const forecast = method.forecast(cut);
      if (forecast === null) continue;
      checkNumber(typeof forecast === 'number' ? forecast : forecast.expected, ['cuts', i, method.name], issues);
      forecasts.push(forecast);
    }
    if (forecasts.length === options.methods.length) compared.push({ actual, forecasts });
  }
  throwIfIssues(issues);
  const size = compared.reduce((sum, { actual }) => sum + Math.abs(actual), 0);
  const tail = (1 - level) / 2;
  let reference: number | null = null;
  const scores = options.methods.map(({ name }, m): HindsightScore => {
    let absolute = 0;
    let signed = 0;
    let crps = 0;
    let covered = 0;
    const transform: number[] = [];
    for (const { actual, forecasts } of compared) {
      const forecast = forecasts[m] ?? 0;
      const expected = typeof forecast === 'number' ? forecast : forecast.expected;
      absolute += Math.abs(expected - actual);
      signed += expected - actual;
      if (typeof forecast === 'number') {
        crps += Math.abs(expected - actual);
        continue;
      }
      const distribution = withoutFigures(forecast.distribution);
      crps += crpsDistribution(actual, distribution);
      if (actual >= quantileOf(distribution, tail) && actual <= quantileOf(distribution, 1 - tail)) covered += 1;
      transform.push(cumulativeProbability(distribution, actual));
    }
    const isDistribution = compared.length > 0 && transform.length === compared.length;
    const score = {
      name,
      wape: size > 0 ? absolute / size : null,
      bias: size > 0 ? signed / size : null,
      crps: compared.length > 0 ? crps / compared.length : 0,
      coverage: isDistribution ? covered / compared.length : null,
      probabilityIntegralTransform: isDistribution ? transform : null,
    };
    const error = measure === 'wape' ? score.wape : score.crps;
    if (m === 0) reference = error;
    const first: number | null = reference;
    return { ...score, valueAdded: m === 0 || first === null || error === null || !(first > 0) ? null : 1 - error / first };
  });
  let best: HindsightScore | undefined;
  const errorOf = (score: HindsightScore): number => (measure === 'wape' ? (score.wape ?? Number.POSITIVE_INFINITY) : score.crps);
  for (const score of scores) if (best === undefined || errorOf(score) < errorOf(best)) best = score;
  return { count: compared.length, scores, best: compared.length > 0 ? (best?.name ?? null) : null, measure };
}

const FIGURES: readonly string[] = ['p10', 'p50', 'p90', 'quantiles', 'probabilityOfQuota', 'expectedShortfall', 'reason'];

function withoutFigures(distribution: Distribution): Distribution {
  // The figures of a forecast are taken off; what is left is checked by those who read it.
  return Object.fromEntries(Object.entries(distribution).filter(([key]) => !FIGURES.includes(key))) as unknown as Distribution;
}
