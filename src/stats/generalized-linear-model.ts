/*
 * Iteratively reweighted least squares for models with a canonical link: the engine of logistic and Poisson regression.
 * Newton steps on the (ridge-penalised) deviance, halved while they do not improve it. McCullagh and Nelder, Generalized Linear Models, 2nd edition, 2.5.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import { checkBoolean, checkKeys, checkNumber, checkRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { choleskyInPlace, choleskyInverse, choleskySolveInPlace } from './dense-matrix.js';
import { requireFinite } from './finite-result.js';
import { readLevel } from './linear-regression.js';
import { normalQuantileOf, normalTail } from './normal-tail.js';
import { type Covariates, type DenseMatrix, type NumericColumn, readBinaryColumn, readColumn, readCovariates, readWeights, toRows } from './numeric-column.js';
import { type RegressionTerms, readTermNames } from './regression-terms.js';

/**
 * How a generalised linear model is fitted.
 *
 * @category stats
 */
export interface GeneralizedRegressionOptions {
  /** Whether to add a constant term. Default true. */
  readonly intercept?: boolean;
  /** Names of the covariates. Default `x1`, `x2`, … */
  readonly names?: readonly string[];
  /** Ridge penalty λ ≥ 0: minimises −log-likelihood + ½ λ Σ β². One number for all covariates or one for each; the intercept is never penalised. Default 0. */
  readonly ridge?: number | NumericColumn;
  /** Confidence level of the limits, a fraction. Default 0.95. */
  readonly level?: number;
  /** Most Newton steps. Default 60. */
  readonly maxIterations?: number;
}

/**
 * A fitted generalised linear model: its coefficients on the scale of the link, with Wald tests, and its quality.
 * With a ridge penalty the covariance is the inverse of the penalised information, that is the posterior one under a normal prior of variance 1/λ.
 *
 * @category stats
 */
export interface GeneralizedRegression extends RegressionTerms {
  /** Twice the log-likelihood by which the saturated model is better. */
  readonly deviance: number;
  /** Deviance of the model with the intercept (and offset) alone. */
  readonly nullDeviance: number;
  /** Log-likelihood, without the penalty. */
  readonly logLikelihood: number;
  /** Akaike's criterion, 2 × number of coefficients − 2 × log-likelihood. */
  readonly aic: number;
  /** Number of rows. */
  readonly rows: number;
  /** Newton steps taken. */
  readonly iterations: number;
  /** Whether the first term is a constant. */
  readonly intercept: boolean;
}

/** What distinguishes one model from another: all sums run over the rows. */
export interface Family {
  /** Largest outcome; the least is 0. */
  readonly maxOutcome: number | undefined;
  /** Linear predictor from which the first step starts. */
  readonly start: (y: number, weight: number) => number;
  /** Mean at a linear predictor; its derivative is the variance. */
  readonly mean: (eta: number) => number;
  readonly variance: (mean: number) => number;
  /** Half the unit deviance at (y, η). */
  readonly halfDeviance: (y: number, eta: number) => number;
  /** Linear predictor of a mean. */
  readonly link: (mean: number) => number;
  /** Log-likelihood from the deviance and the rows. */
  readonly logLikelihood: (deviance: number, y: Float64Array, weight: Float64Array | undefined) => number;
  /** Adds the information matrix (lower triangle) and the gradient of all rows, and returns half the deviance. */
  readonly accumulate: (
    x: Float64Array,
    rows: number,
    columns: number,
    y: Float64Array,
    weight: Float64Array | undefined,
    offset: Float64Array | undefined,
    beta: Float64Array,
    information: Float64Array,
    gradient: Float64Array,
  ) => number;
}

/** Data and options after reading. */
interface Problem {
  readonly x: DenseMatrix;
  readonly y: Float64Array;
  readonly weight: Float64Array | undefined;
  readonly offset: Float64Array | undefined;
  readonly penalty: Float64Array;
  readonly terms: readonly string[];
  readonly intercept: boolean;
  readonly level: number;
  readonly maxIterations: number;
}

function readProblem(data: unknown, options: unknown, family: Family): Problem {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['intercept', 'names', 'ridge', 'level', 'maxIterations'], ['options'], issues);
  const intercept = settings['intercept'] === undefined ? true : (checkBoolean(settings['intercept'], ['options', 'intercept'], issues) ?? true);
  const level = readLevel(settings['level'], issues);
  const maxIterations =
    settings['maxIterations'] === undefined ? 60 : (checkNumber(settings['maxIterations'], ['options', 'maxIterations'], issues, { min: 1, max: 1e6, integer: true }) ?? 60);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['outcome', 'covariates', 'weight', 'offset'], [], issues);
  const y = readOutcome(record['outcome'], family, issues);
  const rows = y?.length ?? 0;
  const x = y === undefined ? undefined : readCovariates(record['covariates'], ['covariates'], issues, { intercept, rows });
  const weight = record['weight'] === undefined || y === undefined ? undefined : readWeights(record['weight'], ['weight'], issues, rows);
  const offset = record['offset'] === undefined || y === undefined ? undefined : readColumn(record['offset'], ['offset'], issues, { length: rows });
  const terms = x === undefined ? undefined : readTermNames(settings['names'], x.columns, intercept, issues);
  const penalty = x === undefined ? undefined : readPenalty(settings['ridge'], x.columns, intercept, issues);
  if (x !== undefined && x.columns > MAX_TERMS) issues.push(createIssue('too_long', ['covariates'], { expected: `at most ${MAX_TERMS} terms`, received: x.columns }));
  throwIfIssues(issues);
  if (x === undefined || y === undefined || terms === undefined || penalty === undefined) throw createDomainError('empty', []);
  return {
    x,
    y: Float64Array.from(y),
    weight: weight === undefined ? undefined : Float64Array.from(weight),
    offset: offset === undefined ? undefined : Float64Array.from(offset),
    penalty,
    terms,
    intercept,
    level,
    maxIterations,
  };
}

/** Most terms of a regression: its information matrix is dense. */
export const MAX_TERMS = 1000;

function readOutcome(value: unknown, family: Family, issues: Issue[]): ArrayLike<number> | undefined {
  if (family.maxOutcome !== undefined && Array.isArray(value) && typeof value[0] === 'boolean') return readBinaryColumn(value, ['outcome'], issues, { atLeast: 1 });
  return readColumn(value, ['outcome'], issues, { min: 0, atLeast: 1, ...(family.maxOutcome === undefined ? {} : { max: family.maxOutcome }) });
}

/** Ridge penalties of all terms, the intercept's being 0. */
export function readPenalty(value: unknown, columns: number, intercept: boolean, issues: Issue[]): Float64Array | undefined {
  const penalty = new Float64Array(columns);
  if (value === undefined) return penalty;
  const shift = intercept ? 1 : 0;
  if (typeof value === 'number') {
    const common = checkNumber(value, ['options', 'ridge'], issues, { min: 0 });
    return common === undefined ? undefined : penalty.fill(common, shift);
  }
  const each = readColumn(value, ['options', 'ridge'], issues, { min: 0, length: columns - shift });
  if (each === undefined) return undefined;
  for (let j = shift; j < columns; j += 1) penalty[j] = each[j - shift] as number;
  return penalty;
}

interface Fit {
  readonly beta: Float64Array;
  readonly halfDeviance: number;
  readonly covariance: Float64Array;
  readonly iterations: number;
}

/** Fits a family and describes the fit. */
export function fitGeneralizedRegression(data: unknown, options: unknown, family: Family): GeneralizedRegression {
  const problem = readProblem(data, options, family);
  const { x, y, weight, terms, intercept, level } = problem;
  const fit = iterate(problem, family);
  const nullDeviance = 2 * nullHalfDeviance(problem, family);
  const coefficients = Array.from(fit.beta);
  const columns = x.columns;
  const standardErrors = coefficients.map((_, j) => Math.sqrt(fit.covariance[j * columns + j] as number));
  requireFinite(coefficients, ['outcome']);
  requireFinite(standardErrors, ['covariates']);
  requireFinite([fit.halfDeviance, nullDeviance], ['outcome']);
  const statistics = coefficients.map((value, j) => value / (standardErrors[j] as number));
  requireFinite(statistics, ['covariates']);
  const deviance = 2 * fit.halfDeviance;
  const logLikelihood = family.logLikelihood(deviance, y, weight);
  const half = normalQuantileOf((1 + level) / 2);
  return {
    terms,
    coefficients,
    standardErrors,
    statistics,
    pValues: statistics.map((z) => Math.min(1, 2 * normalTail(Math.abs(z)))),
    lower: coefficients.map((value, j) => value - half * (standardErrors[j] as number)),
    upper: coefficients.map((value, j) => value + half * (standardErrors[j] as number)),
    covariance: toRows(fit.covariance, columns, columns),
    level,
    deviance,
    nullDeviance,
    logLikelihood,
    aic: 2 * columns - 2 * logLikelihood,
    rows: x.rows,
    iterations: fit.iterations,
    intercept,
  };
}

function nullHalfDeviance(problem: Problem, family: Family): number {
  const { x, y, weight, offset, intercept } = problem;
  const n = x.rows;
  if (offset !== undefined && intercept) {
    const constant: DenseMatrix = { rows: n, columns: 1, data: new Float64Array(n).fill(1) };
    return iterate({ ...problem, x: constant, penalty: new Float64Array(1), terms: problem.terms.slice(0, 1) }, family).halfDeviance;
  }
  let eta = 0;
  if (intercept) {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < n; i += 1) {
      const w = weight === undefined ? 1 : (weight[i] as number);
      sum += w * (y[i] as number);
      total += w;
    }
    eta = family.link(sum / total);
  }
  let half = 0;
  for (let i = 0; i < n; i += 1) {
    const w = weight === undefined ? 1 : (weight[i] as number);
    if (w > 0) half += w * family.halfDeviance(y[i] as number, eta + (offset === undefined ? 0 : (offset[i] as number)));
  }
  return half;
}

/** A step so small in units of standard errors ends the search; what remains is its square. */
const STEP_TOLERANCE = 1e-14;

function iterate(problem: Problem, family: Family): Fit {
  const { x, y, weight, offset, penalty, terms, maxIterations } = problem;
  const { rows, columns } = x;
  const information = new Float64Array(columns * columns);
  const gradient = new Float64Array(columns);
  const beta = startingPoint(problem, family);
  const trial = new Float64Array(columns);
  const reach = columnReach(x);
  const evaluate = (at: Float64Array): number => {
    information.fill(0);
    gradient.fill(0);
    const half = family.accumulate(x.data, rows, columns, y, weight, offset, at, information, gradient);
    let penalised = 0;
    for (let j = 0; j < columns; j += 1) penalised += 0.5 * (penalty[j] as number) * (at[j] as number) ** 2;
    return half + penalised;
  };
  let value = evaluate(beta);
  for (let iteration = 1; iteration <= maxIterations; iteration += 1) {
    for (let j = 0; j < columns; j += 1) {
      gradient[j] = (gradient[j] as number) - (penalty[j] as number) * (beta[j] as number);
      information[j * columns + j] = (information[j * columns + j] as number) + (penalty[j] as number);
    }
    const step = gradient.slice();
    const dependent = factorScaled(information, columns, step);
    if (dependent >= 0) {
      if (largestPredictor(beta, reach) > 12 && iteration > 4) throw separation(terms, [dependent]);
      throw createDomainError('singular_matrix', ['covariates'], {
        hint: `"${terms[dependent] as string}" depends linearly on the terms before it, or does not vary; a ridge penalty makes the estimate exist`,
      });
    }
    let decrement = 0;
    for (let j = 0; j < columns; j += 1) decrement += (step[j] as number) * (gradient[j] as number);
    if (decrement < 1e-10) {
      const diverging = terms.map((_, j) => j).filter((j) => penalty[j] === 0 && isDiverging(step[j] as number, beta[j] as number, reach[j] as number));
      if (diverging.length > 0) throw separation(terms, diverging);
    }
    let fraction = 1;
    let next = Infinity;
    for (let halving = 0; halving < 40; halving += 1, fraction /= 2) {
      for (let j = 0; j < columns; j += 1) trial[j] = (beta[j] as number) + fraction * (step[j] as number);
      next = evaluate(trial);
      // Close to the minimum rounding may raise the value by its last digits.
      if (next <= value + 1e-12 * (Math.abs(value) + 1)) break;
    }
    if (!Number.isFinite(next)) throw createDomainError('no_convergence', ['covariates'], { hint: 'rescale the covariates: their values are too large' });
    beta.set(trial);
    value = next;
    if (decrement <= STEP_TOLERANCE) {
      let penalised = 0;
      for (let j = 0; j < columns; j += 1) {
        information[j * columns + j] = (information[j * columns + j] as number) + (penalty[j] as number);
        penalised += 0.5 * (penalty[j] as number) * (beta[j] as number) ** 2;
      }
      const covariance = invertScaled(information, columns);
      if (covariance === undefined) throw createDomainError('singular_matrix', ['covariates']);
      return { beta, halfDeviance: value - penalised, covariance, iterations: iteration };
    }
  }
  throw createDomainError('no_convergence', ['covariates'], { message: `The estimate did not settle within ${maxIterations} steps.` });
}

/**
 * Whether a coefficient keeps growing although the likelihood has stopped improving: every step of Newton's method then adds about 1 to the linear predictor of the
 * rows concerned, while in a regular problem steps vanish together with the improvement.
 */
export function isDiverging(step: number, coefficient: number, reach: number): boolean {
  return Math.abs(step) * reach > 0.01 && Math.abs(step) > 1e-3 * Math.abs(coefficient);
}

/** The error of an estimate that runs to infinity. */
export function separation(terms: readonly string[], at: readonly number[]): ReturnType<typeof createDomainError> {
  const named = at.slice(0, 5).map((j) => `"${terms[j] as string}"`);
  return createDomainError('perfect_separation', ['covariates'], {
    expected: 'outcomes that no combination of covariates predicts perfectly',
    hint: `the coefficient of ${named.join(', ')} runs to infinity; leave it out, pool its levels or set options.ridge`,
  });
}

/** Largest absolute value of every column. */
export function columnReach(x: DenseMatrix): Float64Array {
  const reach = new Float64Array(x.columns);
  for (let i = 0, at = 0; i < x.rows; i += 1) {
    for (let j = 0; j < x.columns; j += 1, at += 1) {
      const size = Math.abs(x.data[at] as number);
      if (size > (reach[j] as number)) reach[j] = size;
    }
  }
  return reach;
}

function largestPredictor(beta: Float64Array, reach: Float64Array): number {
  let largest = 0;
  for (let j = 0; j < beta.length; j += 1) largest = Math.max(largest, Math.abs(beta[j] as number) * (reach[j] as number));
  return largest;
}

/** Weighted least squares on the working responses of the family's starting means, as glm of R begins. */
function startingPoint(problem: Problem, family: Family): Float64Array {
  const { x, y, weight, offset, penalty } = problem;
  const { rows, columns } = x;
  const matrix = new Float64Array(columns * columns);
  const beta = new Float64Array(columns);
  for (let i = 0; i < rows; i += 1) {
    const w = weight === undefined ? 1 : (weight[i] as number);
    if (w === 0) continue;
    const eta = family.start(y[i] as number, w);
    const mean = family.mean(eta);
    const variance = family.variance(mean);
    const response = eta - (offset === undefined ? 0 : (offset[i] as number)) + ((y[i] as number) - mean) / variance;
    const at = i * columns;
    for (let j = 0; j < columns; j += 1) {
      const scaled = w * variance * (x.data[at + j] as number);
      beta[j] = (beta[j] as number) + scaled * response;
      for (let k = 0; k <= j; k += 1) matrix[j * columns + k] = (matrix[j * columns + k] as number) + scaled * (x.data[at + k] as number);
    }
  }
  for (let j = 0; j < columns; j += 1) matrix[j * columns + j] = (matrix[j * columns + j] as number) + (penalty[j] as number);
  // Dependent columns are reported by the first step, which meets the same matrix.
  return factorScaled(matrix, columns, beta) >= 0 ? beta.fill(0) : beta;
}

/**
 * Solves A x = b for a symmetric positive definite A (lower triangle), scaled to a unit diagonal first so that units of the covariates do not matter. Overwrites A with a
 * factor and b with x. Returns -1, or the first row that depends on those before it.
 */
export function factorScaled(a: Float64Array, n: number, b: Float64Array): number {
  const scale = unitDiagonal(a, n);
  if (typeof scale === 'number') return scale;
  const dependent = choleskyInPlace(a, n);
  if (dependent >= 0) return dependent;
  for (let i = 0; i < n; i += 1) b[i] = (b[i] as number) * (scale[i] as number);
  choleskySolveInPlace(a, n, b);
  for (let i = 0; i < n; i += 1) b[i] = (b[i] as number) * (scale[i] as number);
  return -1;
}

/** Inverse of a symmetric positive definite matrix (lower triangle), or undefined. */
export function invertScaled(a: Float64Array, n: number): Float64Array | undefined {
  const scale = unitDiagonal(a, n);
  if (typeof scale === 'number' || choleskyInPlace(a, n) >= 0) return undefined;
  const inverse = choleskyInverse(a, n);
  for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) inverse[i * n + j] = (inverse[i * n + j] as number) * (scale[i] as number) * (scale[j] as number);
  return inverse;
}

function unitDiagonal(a: Float64Array, n: number): Float64Array | number {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const diagonal = a[i * n + i] as number;
    if (!(diagonal > 0 && diagonal < Infinity)) return i;
    scale[i] = 1 / Math.sqrt(diagonal);
  }
  for (let i = 0; i < n; i += 1) for (let j = 0; j <= i; j += 1) a[i * n + j] = (a[i * n + j] as number) * (scale[i] as number) * (scale[j] as number);
  return scale;
}

/** Linear predictors of new rows for a stored fit, with their standard errors. */
export interface LinkPrediction {
  readonly eta: number[];
  readonly error: number[];
  readonly level: number;
}

/** Reads a stored fit and evaluates it on new rows. */
export function predictLink(fit: unknown, covariates: Covariates, options: unknown, rows: number): LinkPrediction {
  const issues: Issue[] = [];
  const settings: PlainRecord = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['level', 'offset'], ['options'], issues);
  const model = checkRecord(fit, ['fit'], issues) ?? {};
  const b = readColumn(model['coefficients'], ['fit', 'coefficients'], issues, { atLeast: 1 });
  const intercept = checkBoolean(model['intercept'], ['fit', 'intercept'], issues) ?? true;
  const level = settings['level'] === undefined ? readLevel(model['level'], issues, ['fit', 'level']) : readLevel(settings['level'], issues);
  const offset = settings['offset'] === undefined ? undefined : readColumn(settings['offset'], ['options', 'offset'], issues, { length: rows });
  const n = b?.length ?? 0;
  const list: unknown = model['covariance'];
  const covariance: ArrayLike<number>[] = [];
  if (!Array.isArray(list) || list.length !== n) issues.push(createIssue('length_mismatch', ['fit', 'covariance'], { expected: `${n} rows`, received: list }));
  else {
    for (let j = 0; j < n; j += 1) {
      const row = readColumn(list[j], ['fit', 'covariance', j], issues, { length: n });
      if (row !== undefined) covariance.push(row);
    }
  }
  const x = b === undefined ? undefined : readCovariates(covariates, ['covariates'], issues, { intercept, rows });
  if (x !== undefined && x.columns !== n) {
    issues.push(createIssue('length_mismatch', ['covariates'], { expected: `${n - (intercept ? 1 : 0)} covariates`, received: x.columns - (intercept ? 1 : 0) }));
  }
  throwIfIssues(issues);
  if (b === undefined || x === undefined) throw createDomainError('empty', []);
  const eta: number[] = [];
  const error: number[] = [];
  for (let i = 0; i < rows; i += 1) {
    const at = i * n;
    let value = offset === undefined ? 0 : (offset[i] as number);
    let variance = 0;
    for (let j = 0; j < n; j += 1) {
      const xj = x.data[at + j] as number;
      const row = covariance[j] as ArrayLike<number>;
      value += xj * (b[j] as number);
      for (let k = 0; k < n; k += 1) variance += xj * (x.data[at + k] as number) * (row[k] as number);
    }
    eta.push(value);
    error.push(Math.sqrt(Math.max(0, variance)));
  }
  requireFinite(eta, ['covariates']);
  requireFinite(error, ['covariates']);
  return { eta, error, level };
}
