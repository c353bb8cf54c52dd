/**
 * The numeric kernel: summaries, distributions, random numbers, sums of uncertain amounts, regression, survival, all in float64 on plain data.
 *
 * @module stats
 */

export {
  type AalenJohansenOptions,
  aalenJohansen,
  type CauseIncidence,
  type CauseProbability,
  type ConditionalIncidence,
  type ConditionalIncidenceOptions,
  conditionalIncidence,
  type IncidenceCurves,
  incidenceAt,
} from './aalen-johansen.js';
export { type AbsorbingChain, type AbsorbingChainOptions, absorbingChain } from './absorbing-chain.js';
export { type BetaOptions, betaCdf, betaQuantile, type FOptions, fCdf, fQuantile } from './beta-distribution.js';
export { logBeta } from './beta-function.js';
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
export { sum } from './compensated-sum.js';
export { type CompoundDistributionOptions, compoundDistribution, type Frequency } from './compound-distribution.js';
export { convolveDistributions } from './convolve-distributions.js';
export {
  type BaselineHazard,
  type ChiSquareTest,
  type CoxRegression,
  type CoxRegressionData,
  type CoxRegressionOptions,
  coxRegression,
  type PredictCoxOptions,
  predictCoxSurvival,
} from './cox-regression.js';
export { decomposeCholesky } from './decompose-cholesky.js';
export { decomposeSymmetric, type SymmetricDecomposition } from './decompose-symmetric.js';
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
export { type DistributionOfSumOptions, distributionOfSum, type SumMethod } from './distribution-of-sum.js';
export type { Tail } from './distribution-parameters.js';
export {
  type EstimateTransitionsOptions,
  estimateTransitionRates,
  estimateTransitions,
  type StayData,
  type TransitionData,
  type TransitionEstimate,
  type TransitionRates,
  transitionProbabilities,
} from './estimate-transitions.js';
export { exponentiateMatrix } from './exponentiate-matrix.js';
export {
  type FailureTimeData,
  type FailureTimeDistribution,
  type FailureTimeOptions,
  type FailureTimeRegression,
  failureTimeRegression,
  type PredictFailureSurvivalOptions,
  type PredictFailureTimeOptions,
  predictFailureSurvival,
  predictFailureTime,
} from './failure-time-regression.js';
export { type ChiSquareOptions, chiSquareCdf, chiSquareQuantile, type GammaOptions, gammaCdf, gammaQuantile } from './gamma-distribution.js';
export { logGamma } from './gamma-function.js';
export { gaussHermite, type QuadratureRule } from './gauss-hermite.js';
export type { GeneralizedRegression, GeneralizedRegressionOptions } from './generalized-linear-model.js';
export { type IsotonicData, type IsotonicRegression, type IsotonicRegressionOptions, interpolateIsotonic, isotonicRegression } from './isotonic-regression.js';
export {
  type ConditionalSurvivalOptions,
  conditionalSurvival,
  type KaplanMeierOptions,
  kaplanMeier,
  type RestrictedMean,
  type RestrictedMeanOptions,
  restrictedMean,
  type SurvivalCurve,
  type SurvivalEstimate,
  type SurvivalQuantile,
  survivalAt,
  survivalQuantile,
} from './kaplan-meier.js';
export {
  type FTest,
  type LinearPrediction,
  type LinearRegression,
  type LinearRegressionData,
  type LinearRegressionOptions,
  linearRegression,
  type PredictLinearOptions,
  predictLinear,
} from './linear-regression.js';
export { type GroupedSurvivalData, type LogRankGroup, type LogRankOptions, type LogRankTest, logRankTest } from './log-rank-test.js';
export {
  type LogisticPrediction,
  type LogisticRegressionData,
  logisticRegression,
  type PredictGeneralizedOptions,
  predictLogistic,
} from './logistic-regression.js';
export { type IntervalMinimum, type MinimizeOnIntervalOptions, minimizeOnInterval } from './minimize-on-interval.js';
export { mean, standardDeviation, type VarianceKind, type VarianceOptions, variance, weightedMean } from './moments.js';
export {
  type MultiStateData,
  type MultiStateOptions,
  type MultiStateProbabilities,
  multiStateProbabilities,
  type StateProbability,
  stateProbabilitiesAt,
} from './multi-state-probabilities.js';
export {
  type MultinomialLogistic,
  type MultinomialLogisticData,
  type MultinomialLogisticOptions,
  type MultinomialPrediction,
  multinomialLogistic,
  predictMultinomial,
} from './multinomial-logistic.js';
export { multiplyMatrices, raiseMatrix, transposeMatrix } from './multiply-matrices.js';
export { type NelderMeadOptions, type NelderMeadResult, nelderMead } from './nelder-mead.js';
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
export type { CovariateColumns, Covariates, Matrix, NumericColumn } from './numeric-column.js';
export { poissonBinomial } from './poisson-binomial.js';
export { type PoissonPrediction, type PoissonRegressionData, poissonRegression, predictPoisson } from './poisson-regression.js';
export {
  type CrpsEnsembleOptions,
  crpsDiscrete,
  crpsDistribution,
  crpsEnsemble,
  crpsNormal,
  type DiscreteForecast,
  type IntervalForecasts,
  type IntervalScoreOptions,
  intervalCoverage,
  intervalScore,
  type NormalForecast,
  type PinballLossOptions,
  type ProbabilityIntegralTransform,
  pinballLoss,
  probabilityIntegralTransform,
} from './probabilistic-scores.js';
export type { ProbabilityForecasts } from './probability-forecast.js';
export {
  type ProportionInterval,
  type ProportionIntervalMethod,
  type ProportionIntervalOptions,
  proportionInterval,
  wilsonInterval,
} from './proportion-interval.js';
export { median, type QuantileOptions, type QuantileType, quantile } from './quantile.js';
export {
  createRandom,
  type NextExponentialOptions,
  type NextGammaOptions,
  type NextNormalOptions,
  nextExponential,
  nextGamma,
  nextNormal,
  nextPoisson,
  nextRandom,
  openRandom,
  type RandomCursor,
  type RandomDraw,
  type RandomState,
} from './random.js';
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
export { brierScore, type LogLossOptions, logLoss, type RankingQuality, rankingQuality } from './score-probabilities.js';
export { type MeanGroups, type ShrinkMeansOptions, type ShrunkMeans, shrinkMeans } from './shrink-means.js';
export { type ProportionGroups, type ShrinkProportionsOptions, type ShrunkProportions, shrinkProportions } from './shrink-proportions.js';
export { solveLeastSquares } from './solve-least-squares.js';
export { invertMatrix, solveLinearSystem } from './solve-linear-system.js';
export { type StudentTOptions, studentTCdf, studentTQuantile } from './student-t-distribution.js';
export type { SumTerm, SumTermColumns, SumTermOutcomes, SumTerms } from './sum-terms.js';
export type { ProbabilityEstimate, SurvivalIntervalMethod, SurvivalIntervalOptions } from './survival-interval.js';
export {
  type CompetingRisksData,
  type EntryColumn,
  mergeSurvivalTallies,
  type SurvivalData,
  type SurvivalTally,
  type TallySurvivalOptions,
  tallySurvival,
} from './survival-tally.js';
