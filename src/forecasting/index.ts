/**
 * Forecasts: from the open pipeline, and from history.
 *
 * @module forecasting
 */

// forecasting from history: series, models, intervals, back-tests, combination, reconciliation
export { type Accuracy, type IntervalAccuracy, measureAccuracy, type MeasureAccuracyOptions, type UnknownMeasure } from './series/accuracy.js';
export { autocorrelation, type AutocorrelationOptions, type AutocorrelationTest, testAutocorrelation, type TestAutocorrelationOptions } from './series/autocorrelation.js';
export { type Backtest, backtest, type BacktestOptions, type BacktestOrigin, type HorizonAccuracy } from './series/backtest.js';
export { type BookingsSeries, bookingsSeries, type BookingsSeriesOptions } from './series/bookings-series.js';
export { boxCox, type BoxCoxState, estimateBoxCox, type EstimateBoxCoxOptions, invertBoxCox, withBoxCox, type WithBoxCoxOptions } from './series/box-cox.js';
export { type CombinedState, combineModels, type CombineModelsOptions } from './series/combine.js';
export { croston, type CrostonOptions, type CrostonState } from './series/croston.js';
export { type Decomposition, decompose, type DecomposeOptions } from './series/decompose.js';
export { type DieboldMarianoTest, testDieboldMariano, type TestDieboldMarianoOptions } from './series/diebold-mariano.js';
export { ensemble, type EnsembleMember, type EnsembleOptions, type EnsembleState } from './series/ensemble.js';
export { ets, type EtsInitial, type EtsOptions, type EtsParameters, type EtsState } from './series/ets.js';
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
export { type ForecastStep, measureValueAdded, type MeasureValueAddedOptions, type ValueAdded, type ValueAddedStep } from './series/forecast-value-added.js';
export { type BacktestScaledState, type ConformalState, type PastErrorOptions, withBacktestScaledIntervals, withConformalIntervals } from './series/interval-wrappers.js';
export { meanModel, type MeanState } from './series/mean-model.js';
export { movingAverage, type MovingAverageOptions, type MovingAverageState, smoothSeries, type SmoothSeriesOptions } from './series/moving-average.js';
export { drift, type DriftState, naive, type NaiveState, seasonalNaive, type SeasonalNaiveOptions, type SeasonalNaiveState } from './series/naive.js';
export {
  type BaseForecast,
  type HierarchyNode,
  type ReconciledNode,
  reconcileForecasts,
  type ReconcileForecastsOptions,
  type Reconciliation,
} from './series/reconcile.js';
export { regression, type RegressionOptions, type RegressionState } from './series/regression-model.js';
export { type ModelSelection, type RankedModel, type SelectionMeasure, selectModel, type SelectModelOptions } from './series/select-model.js';
export {
  holt,
  type HoltOptions,
  holtWinters,
  type HoltWintersOptions,
  simpleExponentialSmoothing,
  type SimpleExponentialSmoothingOptions,
  type SmoothingStart,
} from './series/smoothing.js';
export { decomposeStl, type DecomposeStlOptions } from './series/stl.js';
export { theta, type ThetaOptions, type ThetaState } from './series/theta.js';
export type { SeriesInput, SeriesPeriod, TimeSeries } from './series/time-series.js';

// forecasting from the open pipeline
export { cumulateCategories } from './pipeline/cumulate-categories.js';
export { forecastPipeline, type ForecastPipelineOptions } from './pipeline/forecast-pipeline.js';
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
export { conditionalValueAtRisk, type Distribution, expectedShortfall, probabilityAtLeast, quantileOf } from '../stats/distribution.js';

// forecasting a period from history and time
export { forecastPeriod, type ForecastPeriodOptions, type UnknownAmountPolicy } from './period/forecast-period.js';
export type { InsufficientHistoryReason, PastPeriodForecast, PeriodContribution, PeriodForecast } from './period/period-forecast.js';

// what becomes of a deal
export { type FitWinModelOptions, fitWinModel, type WinModel, type WinModelEvaluation, type WinModelFactors } from './win/fit-win-model.js';
export { type PredictWinOptions, predictWin, toWinProbabilityModel, type WinExplanation, type WinPrediction } from './win/predict-win.js';

// quotas and pace
export { assessQuota, type QuotaAssessment, type QuotaFigure, type QuotaStanding } from './quota/assess-quota.js';
export { assessLinearity, type Linearity, type PacePeriodOptions, type PaceProjection, type PeriodPace, pacePeriod } from './quota/pace-period.js';
export { type PipelineToCreate, type SolvePipelineToCreateOptions, solvePipelineToCreate } from './quota/solve-pipeline-to-create.js';
