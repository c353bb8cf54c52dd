/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */
import { checkKeys, checkNumber, checkOneOf, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { requireFinite } from './finite-result.js';
import { incompleteGamma } from './gamma-function.js';
import { columnReach, factorScaled, invertScaled, isDiverging, MAX_TERMS, separation } from './generalized-linear-model.js';
import { countRows, readLevel } from './linear-regression.js';
import { normalQuantileOf, normalTail } from './normal-tail.js';
import { type Covariates, type DenseMatrix, type NumericColumn, readColumn, readCovariates, toRows } from './numeric-column.js';
import { type RegressionTerms, readTermNames } from './regression-terms.js';
import { countUpTo, type ReadSurvival, readSurvivalData, type SurvivalData } from './survival-tally.js';

/**
 * What a Cox regression is fitted to.
 *
 * @category stats
 */
export interface CoxRegressionData extends SurvivalData {
  /** Covariates, by row or as `{ columns }`; there is no intercept. */
  readonly covariates: Covariates;
  /** Whole number that names the stratum of each row: strata have baseline hazards of their own. Default one stratum. */
  readonly stratum?: NumericColumn;
}

/**
 * How a Cox regression is fitted.
 *
 * @category stats
 */
export interface CoxRegressionOptions {
  /** How events at the same time are treated: Efron's approximation or the cruder one of Breslow. Default `efron`. */
  readonly ties?: 'efron' | 'breslow';
  /** Names of the covariates. Default `x1`, `x2`, … */
  readonly names?: readonly string[];
  /** Confidence level of the limits, a fraction. Default 0.95. */
  readonly level?: number;
  /** Most Newton steps. Default 60. */
  readonly maxIterations?: number;
}

/**
 * A chi-square test.
 *
 * @category stats
 */
export interface ChiSquareTest {
  /** The statistic. */
  readonly statistic: number;
  /** Degrees of freedom. */
  readonly degreesOfFreedom: number;
  /** Probability of a larger statistic if the hypothesis holds. */
  readonly pValue: number;
}

/**
 * The baseline cumulative hazard of one stratum, as columns.
 *
 * @category stats
 */
export interface BaselineHazard {
  /** The stratum; null when the data have none. */
  readonly stratum: number | null;
  /** Distinct times at which rows ended, ascending. */
  readonly time: readonly number[];
  /** Cumulative hazard of a row whose covariates are all 0. */
  readonly cumulativeHazard: readonly number[];
}

/**
 * A fitted Cox regression. exp(coefficient) is the ratio of hazards per unit of the covariate.
 *
 * @category stats
 */
export interface CoxRegression extends RegressionTerms {
  /** Treatment of ties. */
  readonly ties: 'efron' | 'breslow';
  /** Partial log-likelihood at the estimate. */
  readonly logLikelihood: number;
  /** Partial log-likelihood with all coefficients 0. */
  readonly nullLogLikelihood: number;
  /** Likelihood-ratio test that all coefficients are 0. */
  readonly likelihoodRatioTest: ChiSquareTest;
  /** Score (log-rank) test that all coefficients are 0. */
  readonly scoreTest: ChiSquareTest;
  /** Harrell's concordance: among the pairs whose order of events is known, the share in which the earlier one had the higher predicted hazard, ties counting ½. Null without such pairs. */
  readonly concordance: number | null;
  /** Baseline hazards, one per stratum, ascending. */
  readonly baseline: readonly BaselineHazard[];
  /** Number of rows. */
  readonly rows: number;
  /** Number of rows with the event. */
  readonly events: number;
  /** Newton steps taken. */
  readonly iterations: number;
}

interface CoxProblem extends ReadSurvival {
  /** Covariates less their means. */
  readonly x: DenseMatrix;
  readonly stratum: ArrayLike<number> | undefined;
  /** Rows by stratum, then from the last time to the first, events after censorings of the same time. */
  readonly order: Uint32Array;
  /** Rows by stratum, then from the last entry to the first. */
  readonly entryOrder: Uint32Array | undefined;
  readonly isEfron: boolean;
}

/**
 * Cox proportional-hazards regression (Cox 1972) by Newton's method on the partial likelihood, with Efron's or Breslow's treatment of ties, delayed entry, weights and strata;
 * baseline hazard, tests and concordance as survival::coxph of R.
 *
 * @param data - rows as columns, with covariates
 * @param options - ties, names, level, iterations
 * @returns coefficients with Wald tests and limits, likelihoods, tests, concordance, baseline hazards; {@link predictCoxSurvival} continues from it
 * @throws DomainError `insufficient_data` (no events) | `perfect_separation` | `singular_matrix` | `no_convergence` | `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `not_an_integer` | `invalid_value` | `fraction_out_of_range` | `invalid_weights` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { coxRegression } from 'dealwright/stats';
 * const fit = coxRegression({ time: [1, 2, 3, 4, 5, 6], event: [1, 1, 0, 1, 1, 0], covariates: [[1], [0], [1], [1], [0], [0]] }, { names: ['referral'] });
 * fit.coefficients.map((value) => Number(value.toFixed(4))); // => [1.0731]
 * ```
 * @category stats
 */
export function coxRegression(data: CoxRegressionData, options: CoxRegressionOptions = {}): CoxRegression {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['ties', 'names', 'level', 'maxIterations'], ['options'], issues);
  const ties = settings['ties'] === undefined ? 'efron' : (checkOneOf(settings['ties'], ['efron', 'breslow'], ['options', 'ties'], issues) ?? 'efron');
  const level = readLevel(settings['level'], issues);
  const maxIterations =
    settings['maxIterations'] === undefined ? 60 : (checkNumber(settings['maxIterations'], ['options', 'maxIterations'], issues, { min: 1, max: 1e6, integer: true }) ?? 60);
  const read = readSurvivalData(data, undefined, issues, ['covariates', 'stratum']);
  const record = checkRecord(data, [], []) ?? {};
  const n = read?.time.length ?? 0;
  const x = read === undefined ? undefined : readCovariates(record['covariates'], ['covariates'], issues, { intercept: false, rows: n });
  const stratum = read === undefined || record['stratum'] === undefined ? undefined : readColumn(record['stratum'], ['stratum'], issues, { integer: true, length: n });
  const terms = x === undefined ? undefined : readTermNames(settings['names'], x.columns, false, issues);
  if (x !== undefined && x.columns > MAX_TERMS) issues.push(createIssue('too_long', ['covariates'], { expected: `at most ${MAX_TERMS} terms`, received: x.columns }));
  throwIfIssues(issues);
  if (read === undefined || x === undefined || terms === undefined) throw createDomainError('empty', []);

  const p = x.columns;
  let events = 0;
  for (let i = 0; i < n; i += 1) if (read.cause[i] === 1 && (read.weight === undefined || (read.weight[i] as number) > 0)) events += 1;
  if (events === 0) throw createDomainError('insufficient_data', ['event'], { expected: 'at least one event', received: 0 });
  // Centred covariates keep exp(x·β) in range; only the baseline hazard depends on the centre.
  const means = new Float64Array(p);
  for (let i = 0; i < n; i += 1) for (let j = 0; j < p; j += 1) means[j] = (means[j] as number) + (x.data[i * p + j] as number) / n;
  for (let i = 0; i < n; i += 1) for (let j = 0; j < p; j += 1) x.data[i * p + j] = (x.data[i * p + j] as number) - (means[j] as number);
  const { time, cause, entry } = read;
  const group = (row: number): number => (stratum === undefined ? 0 : (stratum[row] as number));
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) order[i] = i;
  const entryOrder = entry === undefined ? undefined : order.slice().sort((a, b) => group(a) - group(b) || compareDescending(entry[a] as number, entry[b] as number));
  order.sort((a, b) => group(a) - group(b) || (time[b] as number) - (time[a] as number) || (cause[a] as number) - (cause[b] as number));
  const problem: CoxProblem = { ...read, x, stratum, order, entryOrder, isEfron: ties === 'efron' };

  const information = new Float64Array(p * p);
  const gradient = new Float64Array(p);
  const beta = new Float64Array(p);
  const trial = new Float64Array(p);
  const reach = columnReach(x);
  const spread = new Float64Array(p);
  let value = partialLikelihood(problem, beta, gradient, information, spread, undefined);
  const nullLogLikelihood = value;
  let scoreStatistic = 0;
  let iteration = 0;
  for (;;) {
    iteration += 1;
    if (iteration > maxIterations) throw createDomainError('no_convergence', ['covariates'], { message: `The estimate did not settle within ${maxIterations} steps.` });
    const step = gradient.slice();
    // A covariate that is the same for all at risk leaves only rounding in its information.
    const constant = spread.findIndex((size, j) => (information[j * p + j] as number) <= 1e-11 * size);
    const dependent = constant >= 0 ? constant : factorScaled(information, p, step);
    if (dependent >= 0) {
      if (Math.abs(beta[dependent] as number) * (reach[dependent] as number) > 12) throw separation(terms, [dependent]);
      throw createDomainError('singular_matrix', ['covariates'], {
        hint: `"${terms[dependent] as string}" depends linearly on the terms before it, or does not vary among those at risk`,
      });
    }
    let decrement = 0;
    for (let j = 0; j < p; j += 1) decrement += (step[j] as number) * (gradient[j] as number);
    if (iteration === 1) scoreStatistic = decrement;
    if (decrement < 1e-10) {
      const diverging = terms.map((_, j) => j).filter((j) => isDiverging(step[j] as number, beta[j] as number, reach[j] as number));
      if (diverging.length > 0) throw separation(terms, diverging);
    }
    let fraction = 1;
    let next = -Infinity;
    for (let halving = 0; halving < 40; halving += 1, fraction /= 2) {
      for (let j = 0; j < p; j += 1) trial[j] = (beta[j] as number) + fraction * (step[j] as number);
      next = partialLikelihood(problem, trial, gradient, information, spread, undefined);
      if (next >= value - 1e-12 * (Math.abs(value) + 1)) break;
    }
    if (!Number.isFinite(next)) throw createDomainError('no_convergence', ['covariates'], { hint: 'rescale the covariates: their values are too large' });
    beta.set(trial);
    value = next;
    if (decrement <= 1e-14) break;
  }
  const covariance = invertScaled(information, p);
  if (covariance === undefined) throw createDomainError('singular_matrix', ['covariates']);
  let shift = 0;
  for (let j = 0; j < p; j += 1) shift += (beta[j] as number) * (means[j] as number);
  const baseline: BaselineHazard[] = [];
  partialLikelihood(problem, beta, gradient, information, spread, (label, times, increments) => {
    const scale = Math.exp(-shift);
    let sum = 0;
    const cumulativeHazard = increments.map((increment) => {
      sum += increment * scale;
      return sum;
    });
    requireFinite(cumulativeHazard, ['covariates']);
    baseline.push({ stratum: stratum === undefined ? null : label, time: times, cumulativeHazard });
  });
  const coefficients = Array.from(beta);
  const standardErrors = coefficients.map((_, j) => Math.sqrt(covariance[j * p + j] as number));
  requireFinite(coefficients, ['covariates']);
  requireFinite(standardErrors, ['covariates']);
  const statistics = coefficients.map((estimate, j) => estimate / (standardErrors[j] as number));
  const half = normalQuantileOf((1 + level) / 2);
  return {
    terms,
    coefficients,
    standardErrors,
    statistics,
    pValues: statistics.map((z) => Math.min(1, 2 * normalTail(Math.abs(z)))),
    lower: coefficients.map((estimate, j) => estimate - half * (standardErrors[j] as number)),
    upper: coefficients.map((estimate, j) => estimate + half * (standardErrors[j] as number)),
    covariance: toRows(covariance, p, p),
    level,
    ties,
    logLikelihood: value,
    nullLogLikelihood,
    likelihoodRatioTest: chiSquareTest(Math.max(0, 2 * (value - nullLogLikelihood)), p),
    scoreTest: chiSquareTest(scoreStatistic, p),
    concordance: concordanceOf(problem, beta),
    baseline,
    rows: n,
    events,
    iterations: iteration,
  };
}

function compareDescending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

function chiSquareTest(statistic: number, degreesOfFreedom: number): ChiSquareTest {
  return { statistic, degreesOfFreedom, pValue: incompleteGamma(degreesOfFreedom / 2, statistic / 2).upper };
}

/**
 * Partial log-likelihood, its gradient, the information (lower triangle) and, as a scale for it, the second moments about the centre, in one sweep from the last time to the first. With `onStratum` also the increments of the baseline
 * hazard of every stratum, in ascending order of time.
 */
function partialLikelihood(
  problem: CoxProblem,
  beta: Float64Array,
  gradient: Float64Array,
  information: Float64Array,
  spread: Float64Array,
  onStratum: ((stratum: number, times: number[], increments: number[]) => void) | undefined,
): number {
  const { x, time, cause, entry, weight, order, entryOrder, stratum, isEfron } = problem;
  const { data, columns: p } = x;
  const n = order.length;
  gradient.fill(0);
  information.fill(0);
  spread.fill(0);
  const risk = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let eta = 0;
    for (let j = 0; j < p; j += 1) eta += (data[i * p + j] as number) * (beta[j] as number);
    risk[i] = eta;
  }
  // Sums over the rows at risk, and over the events of one time.
  const first = new Float64Array(p);
  const second = new Float64Array(p * p);
  const eventFirst = new Float64Array(p);
  const eventSecond = new Float64Array(p * p);
  const centre = new Float64Array(p);
  let total = 0;
  let value = 0;
  let left = 0;
  const add = (row: number, sign: number): void => {
    const w = sign * (weight === undefined ? 1 : (weight[row] as number)) * Math.exp(risk[row] as number);
    total += w;
    const at = row * p;
    for (let j = 0; j < p; j += 1) {
      const scaled = w * (data[at + j] as number);
      first[j] = (first[j] as number) + scaled;
      for (let k = 0; k <= j; k += 1) second[j * p + k] = (second[j * p + k] as number) + scaled * (data[at + k] as number);
    }
  };
  for (let i = 0; i < n; ) {
    const label = stratum === undefined ? 0 : (stratum[order[i] as number] as number);
    total = 0;
    first.fill(0);
    second.fill(0);
    const times: number[] = [];
    const increments: number[] = [];
    while (i < n && (stratum === undefined || stratum[order[i] as number] === label)) {
      const t = time[order[i] as number] as number;
      const begin = i;
      let eventCount = 0;
      let eventWeight = 0;
      let eventTotal = 0;
      eventFirst.fill(0);
      eventSecond.fill(0);
      for (; i < n && time[order[i] as number] === t && (stratum === undefined || stratum[order[i] as number] === label); i += 1) {
        const row = order[i] as number;
        add(row, 1);
        const w = weight === undefined ? 1 : (weight[row] as number);
        if (cause[row] !== 1 || w === 0) continue;
        eventCount += 1;
        eventWeight += w;
        value += w * (risk[row] as number);
        const relative = w * Math.exp(risk[row] as number);
        eventTotal += relative;
        const at = row * p;
        for (let j = 0; j < p; j += 1) {
          const xj = data[at + j] as number;
          gradient[j] = (gradient[j] as number) + w * xj;
          eventFirst[j] = (eventFirst[j] as number) + relative * xj;
          for (let k = 0; k <= j; k += 1) eventSecond[j * p + k] = (eventSecond[j * p + k] as number) + relative * xj * (data[at + k] as number);
        }
      }
      if (entry !== undefined && entryOrder !== undefined) {
        // Rows that had not entered yet; in this order those of a stratum stand in the same stretch as its exits.
        for (; left < n; left += 1) {
          const row = entryOrder[left] as number;
          if ((stratum !== undefined && stratum[row] !== label) || !((entry[row] as number) >= t)) break;
          add(row, -1);
        }
      }
      let increment = 0;
      if (eventCount > 0) {
        const steps = isEfron ? eventCount : 1;
        const mean = eventWeight / steps;
        for (let step = 0; step < steps; step += 1) {
          const share = step / steps;
          const denominator = total - share * eventTotal;
          increment += mean / denominator;
          value -= mean * Math.log(denominator);
          for (let j = 0; j < p; j += 1) {
            const average = ((first[j] as number) - share * (eventFirst[j] as number)) / denominator;
            centre[j] = average;
            gradient[j] = (gradient[j] as number) - mean * average;
            for (let k = 0; k <= j; k += 1) {
              const moment = ((second[j * p + k] as number) - share * (eventSecond[j * p + k] as number)) / denominator;
              information[j * p + k] = (information[j * p + k] as number) + mean * (moment - average * (centre[k] as number));
              if (k === j) spread[j] = (spread[j] as number) + mean * moment;
            }
          }
        }
      }
      if (onStratum !== undefined && begin < i) {
        times.push(t);
        increments.push(increment);
      }
    }
    // The entries left over belong to rows that were at risk at every time of the stratum.
    if (entryOrder !== undefined) while (left < n && stratum !== undefined && stratum[entryOrder[left] as number] === label) left += 1;
    onStratum?.(label, times.reverse(), increments.reverse());
  }
  return Number.isNaN(value) ? -Infinity : value;
}

/** Harrell's concordance by one sweep with a tree of counts over the ranks of the predicted risk. */
function concordanceOf(problem: CoxProblem, beta: Float64Array): number | null {
  const { x, time, cause, entry, weight, order, entryOrder, stratum } = problem;
  const { data, columns: p } = x;
  const n = order.length;
  const risk = new Float64Array(n);
  for (let i = 0; i < n; i += 1) for (let j = 0; j < p; j += 1) risk[i] = (risk[i] as number) + (data[i * p + j] as number) * (beta[j] as number);
  const ranks = Float64Array.from(new Set(risk)).sort();
  const rank = Uint32Array.from(risk, (value) => countUpTo(ranks, value));
  const tree = new Float64Array(ranks.length + 1);
  let size = 0;
  const add = (row: number, sign: number): void => {
    const w = sign * (weight === undefined ? 1 : (weight[row] as number));
    size += w;
    for (let at = rank[row] as number; at < tree.length; at += at & -at) tree[at] = (tree[at] as number) + w;
  };
  const upTo = (limit: number): number => {
    let sum = 0;
    for (let at = limit; at > 0; at -= at & -at) sum += tree[at] as number;
    return sum;
  };
  let concordant = 0;
  let comparable = 0;
  let left = 0;
  for (let i = 0; i < n; ) {
    const label = stratum === undefined ? 0 : (stratum[order[i] as number] as number);
    const isHere = (row: number): boolean => stratum === undefined || stratum[row] === label;
    tree.fill(0);
    size = 0;
    while (i < n && isHere(order[i] as number)) {
      const t = time[order[i] as number] as number;
      // Censorings come first at a time: they outlive its events.
      for (; i < n && time[order[i] as number] === t && isHere(order[i] as number) && cause[order[i] as number] !== 1; i += 1) add(order[i] as number, 1);
      const firstEvent = i;
      while (i < n && time[order[i] as number] === t && isHere(order[i] as number)) i += 1;
      if (firstEvent === i) continue;
      if (entry !== undefined && entryOrder !== undefined) {
        for (; left < n; left += 1) {
          const row = entryOrder[left] as number;
          if (!isHere(row) || !((entry[row] as number) >= t)) break;
          add(row, -1);
        }
      }
      for (let e = firstEvent; e < i; e += 1) {
        const row = order[e] as number;
        const w = weight === undefined ? 1 : (weight[row] as number);
        const below = upTo((rank[row] as number) - 1);
        const equal = upTo(rank[row] as number) - below;
        concordant += w * (below + equal / 2);
        comparable += w * size;
      }
      for (let e = firstEvent; e < i; e += 1) add(order[e] as number, 1);
    }
    if (entryOrder !== undefined) while (left < n && stratum !== undefined && isHere(entryOrder[left] as number)) left += 1;
  }
  return comparable > 0 ? concordant / comparable : null;
}

/**
 * At which time and in which stratum survival is predicted.
 *
 * @category stats
 */
export interface PredictCoxOptions {
  /** Time from the origin, not negative. */
  readonly time: number;
  /** Stratum of all rows. Default the first. */
  readonly stratum?: number;
}

/**
 * Survival predicted by a Cox regression: S(t | x) = exp(−H₀(t) exp(x·β)), with the baseline hazard of the fit.
 *
 * @param fit - result of {@link coxRegression}
 * @param covariates - rows, as in the fit
 * @param options - the time, and the stratum where there are several
 * @returns probability that the event has not happened by the time, one per row
 * @throws DomainError `unknown_reference` (stratum) | `length_mismatch` | `invalid_type` | `not_finite` | `out_of_range` | `unknown_key` | `empty`
 * @example
 * ```ts
 * import { coxRegression, predictCoxSurvival } from 'dealwright/stats';
 * const fit = coxRegression({ time: [1, 2, 3, 4, 5, 6], event: [1, 1, 0, 1, 1, 0], covariates: [[1], [0], [1], [1], [0], [0]] });
 * predictCoxSurvival(fit, [[0], [1]], { time: 3 }).map((value) => Number(value.toFixed(3))); // => [0.82, 0.561]
 * ```
 * @category stats
 */
export function predictCoxSurvival(fit: CoxRegression, covariates: Covariates, options: PredictCoxOptions): number[] {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['time', 'stratum'], ['options'], issues);
  const time = checkNumber(settings['time'], ['options', 'time'], issues, { min: 0 });
  const model = checkRecord(fit, ['fit'], issues) ?? {};
  const beta = readColumn(model['coefficients'], ['fit', 'coefficients'], issues, { atLeast: 1 });
  const list: unknown = model['baseline'];
  const wanted = settings['stratum'];
  const found: unknown = Array.isArray(list) ? (wanted === undefined ? list[0] : list.find((item: unknown) => checkRecord(item, [], [])?.['stratum'] === wanted)) : undefined;
  if (found === undefined) {
    issues.push(
      createIssue(Array.isArray(list) ? 'unknown_reference' : 'invalid_type', Array.isArray(list) ? ['options', 'stratum'] : ['fit', 'baseline'], {
        expected: 'a stratum of the fit',
        received: wanted,
      }),
    );
  }
  const baseline = found === undefined ? undefined : checkRecord(found, ['fit', 'baseline'], issues);
  const times = baseline === undefined ? undefined : readColumn(baseline['time'], ['fit', 'baseline', 'time'], issues);
  const hazard =
    baseline === undefined || times === undefined
      ? undefined
      : readColumn(baseline['cumulativeHazard'], ['fit', 'baseline', 'cumulativeHazard'], issues, { min: 0, length: times.length });
  const rows = countRows(covariates);
  const x = readCovariates(covariates, ['covariates'], issues, { intercept: false, rows });
  if (x !== undefined && beta !== undefined && x.columns !== beta.length)
    issues.push(createIssue('length_mismatch', ['covariates'], { expected: `${beta.length} covariates`, received: x.columns }));
  throwIfIssues(issues);
  if (x === undefined || beta === undefined || times === undefined || hazard === undefined || time === undefined) throw createDomainError('empty', []);
  const at = countUpTo(times, time);
  const cumulative = at === 0 ? 0 : (hazard[at - 1] as number);
  return Array.from({ length: rows }, (_, i) => {
    let eta = 0;
    for (let j = 0; j < x.columns; j += 1) eta += (x.data[i * x.columns + j] as number) * (beta[j] as number);
    return cumulative === 0 ? 1 : Math.exp(-cumulative * Math.exp(eta));
  });
}
