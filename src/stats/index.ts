/**
 * The numeric kernel: summaries, distributions, random numbers, sums of uncertain amounts, regression, survival, all in float64 on plain data.
 *
 * @module stats
 */

// summaries, probability distributions, random numbers, sums of uncertain amounts, scores
export { type BetaOptions, betaCdf, betaQuantile, type FOptions, fCdf, fQuantile } from './beta-distribution.js';
export { logBeta } from './beta-function.js';
export { sum } from './compensated-sum.js';
export { compoundDistribution, type CompoundDistributionOptions, type Frequency } from './compound-distribution.js';
export { convolveDistributions } from './convolve-distributions.js';
export {
  type BinomialOptions,
  binomialCdf,
  binomialPmf,
  binomialQuantile,
  type NegativeBinomialOptions,
  negativeBinomialCdf,
  negativeBinomialPmf,
  negativeBinomialQuantile,
  type PoissonOptions,
  poissonCdf,
  poissonPmf,
  poissonQuantile,
  type TailOptions,
} from './discrete-distributions.js';
export {
  conditionalValueAtRisk,
  cumulativeProbability,
  type Distribution,
  type DistributionBase,
  type DistributionGrid,
  type DistributionMethod,
  expectedShortfall,
  type PointDistribution,
  probabilityAtLeast,
  quantileOf,
  type SeriesDistribution,
} from './distribution.js';
export { distributionOfSum, type DistributionOfSumOptions, type SumMethod } from './distribution-of-sum.js';
export type { Tail } from './distribution-parameters.js';
export { type ChiSquareOptions, chiSquareCdf, chiSquareQuantile, type GammaOptions, gammaCdf, gammaQuantile } from './gamma-distribution.js';
export { logGamma } from './gamma-function.js';
export { gaussHermite, type QuadratureRule } from './gauss-hermite.js';
export { mean, standardDeviation, variance, type VarianceKind, type VarianceOptions, weightedMean } from './moments.js';
export {
  type LogNormalOptions,
  logNormalCdf,
  logNormalQuantile,
  type NormalOptions,
  type NormalTailOptions,
  normalCdf,
  normalLogCdf,
  normalPdf,
  normalQuantile,
} from './normal-distribution.js';
export { poissonBinomial } from './poisson-binomial.js';
export {
  crpsDiscrete,
  crpsDistribution,
  crpsEnsemble,
  type CrpsEnsembleOptions,
  crpsNormal,
  type DiscreteForecast,
  type IntervalForecasts,
  intervalCoverage,
  intervalScore,
  type IntervalScoreOptions,
  type NormalForecast,
  pinballLoss,
  type PinballLossOptions,
  type ProbabilityIntegralTransform,
  probabilityIntegralTransform,
} from './probabilistic-scores.js';
export {
  type ProportionInterval,
  type ProportionIntervalMethod,
  type ProportionIntervalOptions,
  proportionInterval,
  wilsonInterval,
} from './proportion-interval.js';
export { median, quantile, type QuantileOptions, type QuantileType } from './quantile.js';
export {
  createRandom,
  nextExponential,
  type NextExponentialOptions,
  nextGamma,
  type NextGammaOptions,
  nextNormal,
  type NextNormalOptions,
  nextPoisson,
  nextRandom,
  openRandom,
  type RandomCursor,
  type RandomDraw,
  type RandomState,
} from './random.js';
export { type StudentTOptions, studentTCdf, studentTQuantile } from './student-t-distribution.js';
export type { SumTerm, SumTermColumns, SumTermOutcomes, SumTerms } from './sum-terms.js';

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
export { type AbsorbingChain, absorbingChain, type AbsorbingChainOptions } from './absorbing-chain.js';
export {
  applyIsotonicCalibration,
  applyPlattScaling,
  type CalibrationLine,
  calibrationLine,
  fitIsotonicCalibration,
  fitPlattScaling,
  type IsotonicCalibration,
  type PlattScaling,
  type PlattScalingOptions,
} from './calibrate-probabilities.js';
export {
  type BaselineHazard,
  type ChiSquareTest,
  type CoxRegression,
  coxRegression,
  type CoxRegressionData,
  type CoxRegressionOptions,
  predictCoxSurvival,
  type PredictCoxOptions,
} from './cox-regression.js';
export { decomposeCholesky } from './decompose-cholesky.js';
export { decomposeSymmetric, type SymmetricDecomposition } from './decompose-symmetric.js';
export {
  estimateTransitionRates,
  estimateTransitions,
  type EstimateTransitionsOptions,
  type StayData,
  type TransitionData,
  type TransitionEstimate,
  transitionProbabilities,
  type TransitionRates,
} from './estimate-transitions.js';
export { exponentiateMatrix } from './exponentiate-matrix.js';
export {
  type FailureTimeData,
  type FailureTimeDistribution,
  type FailureTimeOptions,
  type FailureTimeRegression,
  failureTimeRegression,
  predictFailureSurvival,
  type PredictFailureSurvivalOptions,
  predictFailureTime,
  type PredictFailureTimeOptions,
} from './failure-time-regression.js';
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
export type { ProbabilityForecasts } from './probability-forecast.js';
export type { RegressionTerms } from './regression-terms.js';
export {
  type BinOptions,
  type BrierDecomposition,
  type BrierDecompositionOptions,
  decomposeBrier,
  type ReliabilityBin,
  type ReliabilityOptions,
  type ReliabilityTable,
  reliabilityTable,
} from './reliability-table.js';
export { brierScore, logLoss, type LogLossOptions, type RankingQuality, rankingQuality } from './score-probabilities.js';
export { type MeanGroups, shrinkMeans, type ShrinkMeansOptions, type ShrunkMeans } from './shrink-means.js';
export { type ProportionGroups, shrinkProportions, type ShrinkProportionsOptions, type ShrunkProportions } from './shrink-proportions.js';
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
