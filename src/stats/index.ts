/**
 * The numeric kernel: summaries, distributions, random numbers, sums of uncertain amounts, regression, survival, all in float64 on plain data.
 *
 * @module stats
 */

// summaries, probability distributions, random numbers, sums of uncertain amounts, scores
export { logBeta } from './beta-function.js';
export type { Tail } from './distribution-parameters.js';
export { logGamma } from './gamma-function.js';
export {
  type LogNormalOptions,
  type NormalOptions,
  type NormalTailOptions,
  logNormalCdf,
  logNormalQuantile,
  normalCdf,
  normalLogCdf,
  normalPdf,
  normalQuantile,
} from './normal-distribution.js';
export {
  type ProportionInterval,
  type ProportionIntervalMethod,
  type ProportionIntervalOptions,
  proportionInterval,
  wilsonInterval,
} from './proportion-interval.js';

// matrices, regression, optimisation, survival, classification, Markov chains, shrinkage
export {
  aalenJohansen,
  type AalenJohansenOptions,
  type CauseIncidence,
  type CauseProbability,
  type ConditionalIncidence,
  conditionalIncidence,
  type ConditionalIncidenceOptions,
  incidenceAt,
  type IncidenceCurves,
} from './aalen-johansen.js';
export { decomposeCholesky } from './decompose-cholesky.js';
export { decomposeSymmetric, type SymmetricDecomposition } from './decompose-symmetric.js';
export { exponentiateMatrix } from './exponentiate-matrix.js';
export type { GeneralizedRegression, GeneralizedRegressionOptions } from './generalized-linear-model.js';
export { interpolateIsotonic, type IsotonicData, type IsotonicRegression, isotonicRegression, type IsotonicRegressionOptions } from './isotonic-regression.js';
export {
  conditionalSurvival,
  type ConditionalSurvivalOptions,
  kaplanMeier,
  type KaplanMeierOptions,
  type RestrictedMean,
  restrictedMean,
  type RestrictedMeanOptions,
  survivalAt,
  type SurvivalCurve,
  type SurvivalEstimate,
  type SurvivalQuantile,
  survivalQuantile,
} from './kaplan-meier.js';
export {
  type FTest,
  type LinearPrediction,
  type LinearRegression,
  linearRegression,
  type LinearRegressionData,
  type LinearRegressionOptions,
  predictLinear,
  type PredictLinearOptions,
} from './linear-regression.js';
export { type GroupedSurvivalData, type LogRankGroup, type LogRankOptions, type LogRankTest, logRankTest } from './log-rank-test.js';
export {
  type LogisticPrediction,
  logisticRegression,
  type LogisticRegressionData,
  predictLogistic,
  type PredictGeneralizedOptions,
} from './logistic-regression.js';
export { type IntervalMinimum, minimizeOnInterval, type MinimizeOnIntervalOptions } from './minimize-on-interval.js';
export {
  type MultinomialLogistic,
  multinomialLogistic,
  type MultinomialLogisticData,
  type MultinomialLogisticOptions,
  type MultinomialPrediction,
  predictMultinomial,
} from './multinomial-logistic.js';
export {
  type MultiStateData,
  type MultiStateOptions,
  type MultiStateProbabilities,
  multiStateProbabilities,
  type StateProbability,
  stateProbabilitiesAt,
} from './multi-state-probabilities.js';
export { multiplyMatrices, raiseMatrix, transposeMatrix } from './multiply-matrices.js';
export { nelderMead, type NelderMeadOptions, type NelderMeadResult } from './nelder-mead.js';
export type { CovariateColumns, Covariates, Matrix, NumericColumn } from './numeric-column.js';
export { type PoissonPrediction, poissonRegression, type PoissonRegressionData, predictPoisson } from './poisson-regression.js';
export type { RegressionTerms } from './regression-terms.js';
export { solveLeastSquares } from './solve-least-squares.js';
export { invertMatrix, solveLinearSystem } from './solve-linear-system.js';
export type { ProbabilityEstimate, SurvivalIntervalMethod, SurvivalIntervalOptions } from './survival-interval.js';
export {
  type CompetingRisksData,
  type EntryColumn,
  mergeSurvivalTallies,
  type SurvivalData,
  type SurvivalTally,
  tallySurvival,
  type TallySurvivalOptions,
} from './survival-tally.js';
