/* Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it. */

import { checkBoolean, checkKeys, checkList, checkNumber, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { readNames } from './aalen-johansen.js';
import { requireFinite } from './finite-result.js';
import { columnReach, factorScaled, invertScaled, isDiverging, readPenalty, separation } from './generalized-linear-model.js';
import { countRows } from './linear-regression.js';
import { type Covariates, type NumericColumn, readColumn, readCovariates, readWeights, toRows } from './numeric-column.js';
import { readTermNames } from './regression-terms.js';

/**
 * What a multinomial logistic regression is fitted to.
 *
 * @category stats
 */
export interface MultinomialLogisticData {
  /** Index of the class of each row, 0 for the first. */
  readonly outcome: NumericColumn;
  /** Covariates, by row or as `{ columns }`; the intercept is added by the function. */
  readonly covariates: Covariates;
  /** Number of equal rows behind each row, not negative. Default 1. */
  readonly weight?: NumericColumn;
}

/**
 * How a multinomial logistic regression is fitted.
 *
 * @category stats
 */
export interface MultinomialLogisticOptions {
  /** Names of the classes, at least two; the first is the reference, for example `['open', 'won', 'lost']`. */
  readonly classes: readonly string[];
  /** Whether to add a constant term. Default true. */
  readonly intercept?: boolean;
  /** Names of the covariates. Default `x1`, `x2`, … */
  readonly names?: readonly string[];
  /** Ridge penalty λ ≥ 0 on every coefficient but the intercepts: minimises −log-likelihood + ½ λ Σ β². One number, or one per covariate. Default 0. */
  readonly ridge?: number | NumericColumn;
  /** Most Newton steps. Default 60. */
  readonly maxIterations?: number;
}

/**
 * A fitted multinomial logistic regression.
 *
 * @category stats
 */
export interface MultinomialLogistic {
  /** Names of the classes; the first is the reference. */
  readonly classes: readonly string[];
  /** Names of the terms: `(intercept)` first where there is one. */
  readonly terms: readonly string[];
  /** `coefficients[c][j]`: change of ln(P(class c) / P(reference)) by term j; zeros for the reference. */
  readonly coefficients: readonly (readonly number[])[];
  /** Standard errors in the same places; zeros for the reference. */
  readonly standardErrors: readonly (readonly number[])[];
  /** Covariance of the coefficients of all classes but the reference, class by class. */
  readonly covariance: readonly (readonly number[])[];
  /** −2 × log-likelihood, without the penalty. */
  readonly deviance: number;
  /** The same for the shares of the classes alone. */
  readonly nullDeviance: number;
  /** Log-likelihood, without the penalty. */
  readonly logLikelihood: number;
  /** Number of rows. */
  readonly rows: number;
  /** Newton steps taken. */
  readonly iterations: number;
  /** Whether the first term is a constant. */
  readonly intercept: boolean;
}

const MAX_COEFFICIENTS = 512;

/**
 * Multinomial (softmax) logistic regression by Newton's method on the full information matrix: P(class c) ∝ exp(x·β_c) with β of the first class 0.
 * On rows of one unit of time with the outcomes stay, won and lost it is a discrete-time hazard model of competing risks.
 *
 * @param data - outcomes, covariates and optional weights
 * @param options - classes, intercept, names, ridge, iterations
 * @returns coefficients against the reference with standard errors, deviance; {@link predictMultinomial} continues from it
 * @throws DomainError `perfect_separation` | `singular_matrix` | `no_convergence` | `length_mismatch` | `invalid_type` | `not_finite` | `not_an_integer` | `out_of_range` | `duplicate_id` | `invalid_weights` | `unknown_key` | `empty` | `too_long`
 * @example
 * ```ts
 * import { multinomialLogistic } from 'dealwright/stats';
 * const fit = multinomialLogistic({ outcome: [0, 0, 1, 2, 0, 1], covariates: [[0], [0], [0], [0], [1], [1]] }, { classes: ['open', 'won', 'lost'], ridge: 1 });
 * fit.coefficients.length; // => 3
 * fit.coefficients[0]; // => [0, 0]
 * ```
 * @category stats
 */
export function multinomialLogistic(data: MultinomialLogisticData, options: MultinomialLogisticOptions): MultinomialLogistic {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['classes', 'intercept', 'names', 'ridge', 'maxIterations'], ['options'], issues);
  const classes = readNames(settings['classes'], ['options', 'classes'], issues);
  if (classes !== undefined && classes.length < 2)
    issues.push(createIssue('insufficient_data', ['options', 'classes'], { expected: 'at least two classes', received: classes.length }));
  const intercept = settings['intercept'] === undefined ? true : (checkBoolean(settings['intercept'], ['options', 'intercept'], issues) ?? true);
  const maxIterations =
    settings['maxIterations'] === undefined ? 60 : (checkNumber(settings['maxIterations'], ['options', 'maxIterations'], issues, { min: 1, max: 1e6, integer: true }) ?? 60);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['outcome', 'covariates', 'weight'], [], issues);
  const y = readColumn(record['outcome'], ['outcome'], issues, { min: 0, max: (classes?.length ?? 1) - 1, integer: true, atLeast: 1 });
  const n = y?.length ?? 0;
  const x = y === undefined ? undefined : readCovariates(record['covariates'], ['covariates'], issues, { intercept, rows: n });
  const weight = record['weight'] === undefined || y === undefined ? undefined : readWeights(record['weight'], ['weight'], issues, n);
  const terms = x === undefined ? undefined : readTermNames(settings['names'], x.columns, intercept, issues);
  const penalty = x === undefined ? undefined : readPenalty(settings['ridge'], x.columns, intercept, issues);
  if (x !== undefined && classes !== undefined && x.columns * (classes.length - 1) > MAX_COEFFICIENTS) {
    issues.push(createIssue('too_long', ['covariates'], { expected: `at most ${MAX_COEFFICIENTS} coefficients in all`, received: x.columns * (classes.length - 1) }));
  }
  throwIfIssues(issues);
  if (x === undefined || y === undefined || classes === undefined || terms === undefined || penalty === undefined) throw createDomainError('empty', []);

  const contrasts = classes.length - 1;
  const p = x.columns;
  const size = contrasts * p;
  const beta = new Float64Array(size);
  const totals = new Float64Array(contrasts + 1);
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    const w = weight === undefined ? 1 : (weight[i] as number);
    totals[y[i] as number] = (totals[y[i] as number] as number) + w;
    total += w;
  }
  let nullDeviance = 0;
  for (let c = 0; c <= contrasts; c += 1) {
    const share = totals[c] as number;
    if (intercept) nullDeviance -= share > 0 ? 2 * share * Math.log(share / total) : 0;
    else nullDeviance += 2 * share * Math.log(contrasts + 1);
    // Half a row in every class keeps the start finite.
    if (intercept && c > 0) beta[(c - 1) * p] = Math.log((share + 0.5) / ((totals[0] as number) + 0.5));
  }

  const information = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const trial = new Float64Array(size);
  const share = new Float64Array(contrasts);
  const allTerms = classes.slice(1).flatMap((name) => terms.map((term) => `${name}: ${term}`));
  const reach = columnReach(x);
  const penaltyOf = (at: number): number => penalty[at % p] as number;

  const evaluate = (at: Float64Array): number => {
    information.fill(0);
    gradient.fill(0);
    let value = 0;
    for (let i = 0; i < n; i += 1) {
      const w = weight === undefined ? 1 : (weight[i] as number);
      if (w === 0) continue;
      const row = i * p;
      let peak = 0;
      for (let c = 0; c < contrasts; c += 1) {
        let eta = 0;
        for (let j = 0; j < p; j += 1) eta += (x.data[row + j] as number) * (at[c * p + j] as number);
        share[c] = eta;
        if (eta > peak) peak = eta;
      }
      const outcome = y[i] as number;
      const own = outcome === 0 ? 0 : (share[outcome - 1] as number);
      let sum = Math.exp(-peak);
      for (let c = 0; c < contrasts; c += 1) {
        const e = Math.exp((share[c] as number) - peak);
        share[c] = e;
        sum += e;
      }
      value += w * (peak + Math.log(sum) - own);
      for (let c = 0; c < contrasts; c += 1) {
        const pc = (share[c] as number) / sum;
        share[c] = pc;
        const residual = w * ((outcome === c + 1 ? 1 : 0) - pc);
        for (let j = 0; j < p; j += 1) gradient[c * p + j] = (gradient[c * p + j] as number) + residual * (x.data[row + j] as number);
        for (let d = 0; d <= c; d += 1) {
          const factor = d === c ? w * pc * (1 - pc) : -w * pc * (share[d] as number);
          for (let j = 0; j < p; j += 1) {
            const scaled = factor * (x.data[row + j] as number);
            if (scaled === 0) continue;
            const base = (c * p + j) * size + d * p;
            const last = d === c ? j + 1 : p;
            for (let k = 0; k < last; k += 1) information[base + k] = (information[base + k] as number) + scaled * (x.data[row + k] as number);
          }
        }
      }
    }
    for (let j = 0; j < size; j += 1) value += 0.5 * penaltyOf(j) * (at[j] as number) ** 2;
    return value;
  };

  let value = evaluate(beta);
  for (let iteration = 1; iteration <= maxIterations; iteration += 1) {
    for (let j = 0; j < size; j += 1) {
      gradient[j] = (gradient[j] as number) - penaltyOf(j) * (beta[j] as number);
      information[j * size + j] = (information[j * size + j] as number) + penaltyOf(j);
    }
    const step = gradient.slice();
    const dependent = factorScaled(information, size, step);
    if (dependent >= 0) {
      const missing = (totals[Math.floor(dependent / p) + 1] as number) === 0;
      if (missing || Math.abs(beta[dependent] as number) * (reach[dependent % p] as number) > 12) throw separation(allTerms, [dependent]);
      throw createDomainError('singular_matrix', ['covariates'], {
        hint: `"${terms[dependent % p] as string}" depends linearly on the terms before it, or does not vary; a ridge penalty makes the estimate exist`,
      });
    }
    let decrement = 0;
    for (let j = 0; j < size; j += 1) decrement += (step[j] as number) * (gradient[j] as number);
    if (decrement < 1e-10) {
      const diverging = allTerms.map((_, j) => j).filter((j) => penaltyOf(j) === 0 && isDiverging(step[j] as number, beta[j] as number, reach[j % p] as number));
      if (diverging.length > 0) throw separation(allTerms, diverging);
    }
    let fraction = 1;
    let next = Infinity;
    for (let halving = 0; halving < 40; halving += 1, fraction /= 2) {
      for (let j = 0; j < size; j += 1) trial[j] = (beta[j] as number) + fraction * (step[j] as number);
      next = evaluate(trial);
      if (next <= value + 1e-12 * (Math.abs(value) + 1)) break;
    }
    if (!Number.isFinite(next)) throw createDomainError('no_convergence', ['covariates'], { hint: 'rescale the covariates: their values are too large' });
    beta.set(trial);
    value = next;
    if (decrement > 1e-14) continue;
    let penalised = 0;
    for (let j = 0; j < size; j += 1) {
      information[j * size + j] = (information[j * size + j] as number) + penaltyOf(j);
      penalised += 0.5 * penaltyOf(j) * (beta[j] as number) ** 2;
    }
    const covariance = invertScaled(information, size);
    if (covariance === undefined) throw createDomainError('singular_matrix', ['covariates']);
    requireFinite(beta, ['outcome']);
    requireFinite(covariance, ['covariates']);
    const logLikelihood = penalised - value;
    const zeros = terms.map(() => 0);
    return {
      classes,
      terms,
      coefficients: [zeros, ...toRows(beta, contrasts, p)],
      standardErrors: [
        zeros,
        ...toRows(
          beta.map((_, j) => Math.sqrt(covariance[j * size + j] as number)),
          contrasts,
          p,
        ),
      ],
      covariance: toRows(covariance, size, size),
      deviance: -2 * logLikelihood,
      nullDeviance,
      logLikelihood,
      rows: n,
      iterations: iteration,
      intercept,
    };
  }
  throw createDomainError('no_convergence', ['covariates'], { message: `The estimate did not settle within ${maxIterations} steps.` });
}

/**
 * Probabilities of all classes for new rows, class by class.
 *
 * @category stats
 */
export interface MultinomialPrediction {
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** `probability[c][i]`: probability of class c for row i; over the classes they add up to 1. */
  readonly probability: readonly (readonly number[])[];
}

/**
 * Applies a multinomial logistic regression to new rows.
 *
 * @param fit - result of {@link multinomialLogistic}, or its classes, coefficients and intercept
 * @param covariates - rows without the intercept, as in the fit
 * @returns one column of probabilities per class
 * @throws DomainError `length_mismatch` | `invalid_type` | `not_finite` | `duplicate_id` | `empty`
 * @example
 * ```ts
 * import { predictMultinomial } from 'dealwright/stats';
 * const fit = { classes: ['open', 'won', 'lost'], coefficients: [[0, 0], [0, 1], [0, 0]], intercept: true };
 * predictMultinomial(fit, [[0], [0]]).probability[1]; // => [0.3333333333333333, 0.3333333333333333]
 * ```
 * @category stats
 */
export function predictMultinomial(fit: Pick<MultinomialLogistic, 'classes' | 'coefficients' | 'intercept'>, covariates: Covariates): MultinomialPrediction {
  const issues: Issue[] = [];
  const model = checkRecord(fit, ['fit'], issues) ?? {};
  const classes = readNames(model['classes'], ['fit', 'classes'], issues);
  const intercept = checkBoolean(model['intercept'], ['fit', 'intercept'], issues) ?? true;
  const rows = countRows(covariates);
  const x = readCovariates(covariates, ['covariates'], issues, { intercept, rows });
  const list = checkList(model['coefficients'], ['fit', 'coefficients'], issues);
  const beta: ArrayLike<number>[] = [];
  if (classes !== undefined && list !== undefined && list.length !== classes.length) {
    issues.push(createIssue('length_mismatch', ['fit', 'coefficients'], { expected: `${classes.length} rows`, received: list }));
  } else if (list !== undefined && x !== undefined) {
    for (let c = 0; c < list.length; c += 1) {
      const row = readColumn(list[c], ['fit', 'coefficients', c], issues, { length: x.columns });
      if (row !== undefined) beta.push(row);
    }
  }
  throwIfIssues(issues);
  if (x === undefined || classes === undefined) throw createDomainError('empty', []);
  const probability = classes.map(() => new Array<number>(rows).fill(0));
  const eta = new Float64Array(classes.length);
  for (let i = 0; i < rows; i += 1) {
    let peak = -Infinity;
    for (let c = 0; c < eta.length; c += 1) {
      let value = 0;
      for (let j = 0; j < x.columns; j += 1) value += (x.data[i * x.columns + j] as number) * ((beta[c] as ArrayLike<number>)[j] as number);
      eta[c] = value;
      if (value > peak) peak = value;
    }
    requireFinite(eta, ['covariates', i]);
    let sum = 0;
    for (let c = 0; c < eta.length; c += 1) {
      const e = Math.exp((eta[c] as number) - peak);
      eta[c] = e;
      sum += e;
    }
    for (let c = 0; c < eta.length; c += 1) (probability[c] as number[])[i] = (eta[c] as number) / sum;
  }
  return { classes, probability };
}
