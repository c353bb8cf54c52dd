/*
 * Estimating one form, and choosing among forms. Internal.
 */

import type { EtsShape } from './ets-form.js';
import { betaOf, createEtsProblem, type EtsCriterion, type EtsProblem, gammaOf, phiOf } from './ets-kernel.js';
import type { EtsNumbers, EtsStates } from './ets-paths.js';
import { createEtsSearch, improveEts, setSmoothing } from './ets-search.js';
import { bridgeGaps, setStates, startStates } from './ets-start.js';

/** Parameters given by the caller. */
export interface EtsGiven {
  readonly alpha?: number;
  readonly beta?: number;
  readonly gamma?: number;
  readonly phi?: number;
  readonly states?: EtsStates;
}

/** How hard to search. `quick`: two starts, the better one to the end. */
export type EtsEffort = 'quick' | 'standard' | 'thorough';

/** An estimated form. */
export interface EtsEstimate {
  readonly shape: EtsShape;
  readonly numbers: EtsNumbers;
  readonly start: EtsStates;
  /** −2 log L, or n log Σ(y − μ)² when the mean squared error is minimised. */
  readonly objective: number;
  /** Estimated smoothing parameters and start states. */
  readonly free: number;
  /** All smoothing parameters and start states. */
  readonly all: number;
}

/** A start: α, shares of the ranges of β and γ, φ, and whether relative errors are first approximated by weighted ones. */
type Start = readonly [alpha: number, beta: number, gamma: number, phi: number, prepared: boolean];

const FIRST: readonly Start[] = [
  [0.2, 0.1, 0.05, 0.978, true],
  [0.9, 0.05, 0.05, 0.978, true],
];
const QUICK: readonly Start[] = [
  [0.2, 0.1, 0.05, 0.97, true],
  [0.5, 0.2, 0.3, 0.97, true],
];
const STANDARD: readonly Start[] = [
  [0.2, 0.1, 0.05, 0.97, true],
  [0.2, 0.1, 0.05, 0.97, false],
  [0.5, 0.2, 0.3, 0.97, true],
  [0.9, 0.05, 0.05, 0.97, true],
  [0.1, 1, 0.05, 0.97, true],
  [0.05, 0.5, 0.1, 0.9, true],
  [0.3, 0.1, 0.2, 0.82, true],
  [0.95, 0.9, 0.5, 0.85, true],
  [0.01, 0, 0.05, 0.95, true],
];
const THOROUGH: readonly Start[] = [
  ...STANDARD,
  [0.9, 0.5, 0, 0.97, true],
  [0.02, 0.02, 0.9, 0.97, true],
  [0.6, 0.02, 0.9, 0.9, true],
  [0.4, 0.6, 0.02, 0.85, true],
  [0.7, 0.9, 0.02, 0.81, true],
  [0.05, 0.05, 0.02, 0.81, false],
  [0.99, 0.02, 0.02, 0.98, false],
  [0.5, 0.5, 0.5, 0.9, false],
  [0.3, 0.9, 0.3, 0.98, true],
  [0.001, 0.5, 0.2, 0.98, true],
  [0.8, 0.3, 0.05, 0.8, true],
];

/** Everything that belongs to a series and not to a form. */
export interface EtsSeries {
  readonly y: Float64Array;
  readonly filled: Float64Array;
  readonly m: number;
  readonly observed: number;
}

/** Prepares a series for fitting; NaN are gaps. */
export function createEtsSeries(y: Float64Array, m: number): EtsSeries {
  let observed = 0;
  for (const value of y) if (value === value) observed += 1;
  return { y, filled: observed === y.length ? y : bridgeGaps(y), m, observed };
}

/** A form on its way to being estimated: its problem, its search room, and the best parameters so far. */
interface Attempt {
  readonly shape: EtsShape;
  readonly problem: EtsProblem;
  readonly search: ReturnType<typeof createEtsSearch>;
  readonly best: Float64Array;
  readonly theta: Float64Array;
  objective: number;
}

function createAttempt(series: EtsSeries, shape: EtsShape, given: EtsGiven): Attempt {
  const { error, trend, season, damped } = shape;
  const problem = createEtsProblem(series.y, series.m, {
    error,
    trend,
    season,
    damped,
    ...(given.alpha === undefined ? {} : { alpha: given.alpha }),
    ...(given.beta === undefined ? {} : { beta: given.beta }),
    ...(given.gamma === undefined ? {} : { gamma: given.gamma }),
    ...(given.phi === undefined ? {} : { phi: given.phi }),
  });
  if (given.states !== undefined) problem.fixed.fill(1, problem.iL);
  return { shape, problem, search: createEtsSearch(problem), best: new Float64Array(problem.p), theta: new Float64Array(problem.p), objective: Infinity };
}

function tryStart(attempt: Attempt, series: EtsSeries, given: EtsGiven, start: Start, criterion: EtsCriterion, tolerance: number, limit: number): void {
  const { problem, search, theta, shape } = attempt;
  setStates(
    problem,
    theta,
    given.states === undefined ? startStates(series.filled, series.m, shape.trend, shape.season) : { ...given.states, seasonal: Float64Array.from(given.states.seasonal) },
  );
  if (given.alpha !== undefined) theta[0] = given.alpha;
  if (given.phi !== undefined && problem.iF >= 0) theta[problem.iF] = given.phi;
  setSmoothing(problem, theta, start[0], start[1], start[2], start[3]);
  if (start[4] && problem.error === 1 && criterion === 0) improveEts(search, theta, 2, 0.1, 30);
  let result = improveEts(search, theta, criterion, tolerance, limit);
  if (problem.iV >= 0 && (theta[0] ?? 0) >= (problem.upper[0] ?? 1) && (theta[problem.iV] ?? 0) > 0 && result.objective < Infinity) {
    // With α at its limit γ has no room, and its share no effect: any share but 0 would tie γ to a falling α.
    theta[problem.iV] = 0;
    result = improveEts(search, theta, criterion, tolerance, limit);
  }
  if (result.objective < attempt.objective) {
    attempt.objective = result.objective;
    attempt.best.set(theta);
  }
}

function polish(attempt: Attempt, criterion: EtsCriterion, tolerance: number): void {
  attempt.theta.set(attempt.best);
  const { objective } = improveEts(attempt.search, attempt.theta, criterion, tolerance, 150);
  if (objective >= attempt.objective) return;
  attempt.objective = objective;
  attempt.best.set(attempt.theta);
}

function toEstimate(attempt: Attempt): EtsEstimate {
  const { problem, best, shape, objective } = attempt;
  const { iL, iB, iS, m, p } = problem;
  const seasonal: number[] = [];
  if (iS >= 0) {
    let rest = problem.season === 1 ? 0 : m;
    for (let j = 1; j < m; j += 1) rest -= best[iS + j - 1] ?? 0;
    seasonal.push(rest);
    for (let j = 1; j < m; j += 1) seasonal.push(best[iS + j - 1] ?? 0);
  }
  let free = 0;
  for (const fixed of problem.fixed) if (fixed !== 1) free += 1;
  return {
    shape,
    numbers: {
      error: shape.error,
      trend: shape.trend,
      season: shape.season,
      damped: shape.damped,
      alpha: best[0] ?? 0,
      beta: betaOf(problem, best),
      gamma: gammaOf(problem, best),
      phi: phiOf(problem, best),
    },
    start: { level: best[iL] ?? 0, growth: iB < 0 ? 0 : (best[iB] ?? 0), seasonal },
    objective,
    free,
    all: p,
  };
}

function startsFor(series: EtsSeries, effort: EtsEffort): readonly Start[] {
  // Very long series have one clear optimum, and cost more.
  if (series.y.length > 3000) return FIRST;
  return effort === 'thorough' ? THOROUGH : STANDARD;
}

/** Estimates one form by multi-start search. */
export function estimateForm(series: EtsSeries, shape: EtsShape, given: EtsGiven, criterion: EtsCriterion, effort: EtsEffort): EtsEstimate {
  const attempt = createAttempt(series, shape, given);
  if (effort === 'quick') {
    for (const start of QUICK) tryStart(attempt, series, given, start, criterion, 0.1, 20);
    polish(attempt, criterion, 1e-7);
    return toEstimate(attempt);
  }
  for (const start of startsFor(series, effort)) tryStart(attempt, series, given, start, criterion, 1e-7, effort === 'thorough' ? 400 : 150);
  return toEstimate(attempt);
}

/** Number of parameters (smoothing and start states) of a form. */
export function countParameters(shape: EtsShape, m: number): number {
  return 2 + (shape.trend === 0 ? 0 : 2) + (shape.damped ? 1 : 0) + (shape.season === 0 ? 0 : m);
}

/** Information criterion of an estimate. Infinity where it does not exist. */
export function criterionOf(kind: 'aicc' | 'aic' | 'bic', objective: number, free: number, n: number): number {
  const k = free + 1;
  if (kind === 'bic') return objective + k * Math.log(n);
  const aic = objective + 2 * k;
  if (kind === 'aic') return aic;
  return n - k - 1 > 0 ? aic + (2 * k * (k + 1)) / (n - k - 1) : Infinity;
}

/** How the automatic choice is made. */
export interface EtsChoice {
  readonly kind: 'aicc' | 'aic' | 'bic';
  readonly effort: EtsEffort;
  /** Cost of an undamped trend with β = 1; a trend that nothing can move any more costs half of it. */
  readonly trendPenalty: number;
}

/** Below this α a level is as good as fixed. Likelihoods pile up there even where the level does move. */
const FIXED = 0.02;

/**
 * Estimates all forms and orders them, best first. Every form is first tried from two starts; those that could still win are searched from all of them.
 */
export function chooseForm(series: EtsSeries, shapes: readonly EtsShape[], given: EtsGiven, choice: EtsChoice): EtsEstimate[] {
  return rankForms(series, shapes, given, choice).map((ranked) => ranked.estimate);
}

/** An estimate with what the choice is made by: its criterion and the penalty on undamped trends. */
export interface RankedEstimate {
  readonly estimate: EtsEstimate;
  readonly score: number;
}

/** As {@link chooseForm}, with the scores. */
export function rankForms(series: EtsSeries, shapes: readonly EtsShape[], given: EtsGiven, choice: EtsChoice): RankedEstimate[] {
  const n = series.observed;
  const starts = startsFor(series, choice.effort);
  const attempts: { attempt: Attempt; score: number }[] = [];
  const scoreOf = (attempt: Attempt): number => {
    const estimate = toEstimate(attempt);
    const { trend, damped, alpha, beta } = estimate.numbers;
    const penalty = (trend !== 0 && !damped ? choice.trendPenalty * beta : 0) + (trend !== 0 && alpha < FIXED ? choice.trendPenalty / 2 : 0);
    return criterionOf(choice.kind, attempt.objective, estimate.free, n) + penalty;
  };
  for (const shape of shapes) {
    if (countParameters(shape, series.m) >= n - 2) continue;
    const attempt = createAttempt(series, shape, given);
    for (const start of FIRST) tryStart(attempt, series, given, start, 0, 1e-2, 40);
    const score = scoreOf(attempt);
    if (score < Infinity) attempts.push({ attempt, score });
  }
  attempts.sort((a, b) => a.score - b.score);
  const best = attempts[0]?.score ?? Infinity;
  const margin = choice.effort === 'thorough' ? 30 : 6;
  for (const entry of attempts) {
    if (entry.score > best + margin) continue;
    const { attempt } = entry;
    // Polish the best so far, then look elsewhere.
    polish(attempt, 0, 1e-6);
    if (series.y.length <= 3000) for (const start of starts) tryStart(attempt, series, given, start, 0, 1e-5, choice.effort === 'thorough' ? 400 : 120);
    entry.score = scoreOf(attempt);
  }
  attempts.sort((a, b) => a.score - b.score);
  return attempts.map((entry) => ({ estimate: toEstimate(entry.attempt), score: entry.score }));
}
