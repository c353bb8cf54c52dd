/**
 * Forecasts: from the open pipeline, and from history.
 *
 * @module forecasting
 */

export { conditionalValueAtRisk, type Distribution, expectedShortfall, probabilityAtLeast, quantileOf } from '../stats/distribution.js';
// looking back
export {
  type BacktestForecastsOptions,
  backtestForecasts,
  type ForecastHindsight,
  type HindsightForecast,
  type HindsightMethod,
  type HindsightScore,
} from './hindsight/backtest-forecasts.js';
export { type CallBias, type CallerBias, estimateCallBias, type ForecastCall } from './hindsight/estimate-call-bias.js';
// forecasting a period from history and time
export { type ForecastPeriodOptions, forecastPeriod, type UnknownAmountPolicy } from './period/forecast-period.js';
export type { InsufficientHistoryReason, PastPeriodForecast, PeriodContribution, PeriodForecast } from './period/period-forecast.js';
// rolling a forecast up a hierarchy
export {
  type AppliedOverride,
  type ForecastEntry,
  type ForecastOverride,
  type ForecastRollUp,
  type RolledUpNode,
  type RollUpForecastOptions,
  type RollUpNode,
  type RollUpValue,
  rollUpForecast,
  type SplitForecastEntries,
  type SplitForecastEntriesOptions,
  splitForecastEntries,
} from './period/roll-up-forecast.js';
// forecasting from the open pipeline
export { cumulateCategories } from './pipeline/cumulate-categories.js';
export { type ForecastPipelineOptions, forecastPipeline } from './pipeline/forecast-pipeline.js';
export type {
  DealContribution,
  ForecastAssumption,
  ForecastCounts,
  ForecastDistribution,
  ForecastFigures,
  LevelQuantile,
  OverduePolicy,
  PipelineForecast,
  ProbabilitySource,
  UnrecordedPolicy,
} from './pipeline/pipeline-forecast.js';
export type { ForecastProbabilities, WinProbabilityContext, WinProbabilityModel } from './pipeline/probability-options.js';
// quotas and pace
export { assessQuota, type QuotaAssessment, type QuotaFigure, type QuotaStanding } from './quota/assess-quota.js';
export { assessLinearity, type Linearity, type PacePeriodOptions, type PaceProjection, type PeriodPace, pacePeriod } from './quota/pace-period.js';
export { type PipelineToCreate, type SolvePipelineToCreateOptions, solvePipelineToCreate } from './quota/solve-pipeline-to-create.js';
// forecasting from history: series, models, intervals, back-tests, combination, reconciliation
export { type Accuracy, type IntervalAccuracy, type MeasureAccuracyOptions, measureAccuracy, type UnknownMeasure } from './series/accuracy.js';
export { type AutocorrelationOptions, type AutocorrelationTest, autocorrelation, type TestAutocorrelationOptions, testAutocorrelation } from './series/autocorrelation.js';
export { type Backtest, type BacktestOptions, type BacktestOrigin, backtest, type HorizonAccuracy } from './series/backtest.js';
export { type BookingsSeries, type BookingsSeriesOptions, bookingsSeries } from './series/bookings-series.js';
export { type BoxCoxState, boxCox, type EstimateBoxCoxOptions, estimateBoxCox, invertBoxCox, type WithBoxCoxOptions, withBoxCox } from './series/box-cox.js';
export { type CombinedState, type CombineModelsOptions, combineModels } from './series/combine.js';
export { type CrostonOptions, type CrostonState, croston } from './series/croston.js';
export { type DecomposeOptions, type Decomposition, decompose } from './series/decompose.js';
export { type DieboldMarianoTest, type TestDieboldMarianoOptions, testDieboldMariano } from './series/diebold-mariano.js';
export { type EnsembleMember, type EnsembleOptions, type EnsembleState, ensemble } from './series/ensemble.js';
export { type EtsInitial, type EtsOptions, type EtsParameters, type EtsState, ets } from './series/ets.js';
export type { EtsForm } from './series/ets-form.js';
export { fillGaps } from './series/fill-gaps.js';
export {
  defineForecastModel,
  type FittedModel,
  type ForecastInterval,
  type ForecastModel,
  type ForecastModelDefinition,
  type ForecastPath,
  type InformationCriteria,
  type IntervalMethod,
  type ModelFit,
  type ModelPrediction,
  type PredictOptions,
  type PredictRequest,
  type SeriesData,
  type StoredModel,
} from './series/forecast-model.js';
export { type ForecastSeriesOptions, type ForecastShare, forecastSeries, type PastPerformance, type RepairedValue, type SeriesForecast } from './series/forecast-series.js';
export { type ForecastStep, type MeasureValueAddedOptions, measureValueAdded, type ValueAdded, type ValueAddedStep } from './series/forecast-value-added.js';
export { type BacktestScaledState, type ConformalState, type PastErrorOptions, withBacktestScaledIntervals, withConformalIntervals } from './series/interval-wrappers.js';
export { type MeanState, meanModel } from './series/mean-model.js';
export { type MovingAverageOptions, type MovingAverageState, movingAverage, type SmoothSeriesOptions, smoothSeries } from './series/moving-average.js';
export { type DriftState, drift, type NaiveState, naive, type SeasonalNaiveOptions, type SeasonalNaiveState, seasonalNaive } from './series/naive.js';
export {
  type BaseForecast,
  type HierarchyNode,
  type ReconciledNode,
  type ReconcileForecastsOptions,
  type Reconciliation,
  reconcileForecasts,
} from './series/reconcile.js';
export { type RegressionOptions, type RegressionState, regression } from './series/regression-model.js';
export { type ModelSelection, type RankedModel, type SelectionMeasure, type SelectModelOptions, selectModel } from './series/select-model.js';
export {
  type HoltOptions,
  type HoltWintersOptions,
  holt,
  holtWinters,
  type SimpleExponentialSmoothingOptions,
  type SmoothingStart,
  simpleExponentialSmoothing,
} from './series/smoothing.js';
export { type DecomposeStlOptions, decomposeStl } from './series/stl.js';
export { type ThetaOptions, type ThetaState, theta } from './series/theta.js';
export type { SeriesInput, SeriesPeriod, TimeSeries } from './series/time-series.js';
// what becomes of a deal
export { type FitWinModelOptions, fitWinModel, type WinModel, type WinModelEvaluation, type WinModelFactors } from './win/fit-win-model.js';
export {
  type FitLeadScoreOptions,
  fitLeadScore,
  type LeadFrequency,
  type LeadScore,
  type LeadScoreModel,
  type ScoredLead,
  scoreLead,
} from './win/naive-bayes-score.js';
export { type PredictWinOptions, predictWin, toWinProbabilityModel, type WinExplanation, type WinPrediction } from './win/predict-win.js';
