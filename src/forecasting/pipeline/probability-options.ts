import type { Period } from '../../calendar/period.js';
import type { Deal } from '../../deals/deal.js';
import type { EventTime } from '../../deals/deal-event.js';
import type { Pipeline, Stage } from '../../pipelines/pipeline.js';
import type { ProbabilitySource } from './pipeline-forecast.js';

/**
 * What a model is told beside the deal.
 *
 * @category forecasting
 */
export interface WinProbabilityContext {
  /** The cut, exclusive: the deal is as it was then. */
  readonly asOf: EventTime;
  /** By whose calendar dates are read. */
  readonly timeZone: string;
  /** The period for which the probability is wanted. */
  readonly period: Period;
  /** The pipeline of the deal. */
  readonly pipeline: Pipeline;
  /** The stage it is in. */
  readonly stage: Stage;
}

/**
 * A model of the probability that an open deal is won in the period.
 *
 * @category forecasting
 */
export interface WinProbabilityModel {
  /** Its name, recorded with the forecast. */
  readonly name: string;
  /**
   * Probability from 0 to 1 that the deal is won in the period, or `null` where the model does not know; the next source is then asked.
   * The deal is as it was at the cut: later events and activities are taken out. Must give the same answer for the same deal.
   */
  readonly probabilityOf: (deal: Deal<object>, context: WinProbabilityContext) => number | null;
}

/**
 * Probabilities other than those of the deals and of the pipeline.
 *
 * @typeParam StageId - ids of the stages of the pipelines
 * @category forecasting
 */
export interface ForecastProbabilities<StageId extends string = string> {
  /** In place of a stage's own probability, by the id of the stage. */
  readonly byStage?: { readonly [Id in StageId]?: number };
  /** A model, asked for each open deal of the period. */
  readonly model?: WinProbabilityModel;
  /** Which source is asked first, second, …; one that is not listed is not used. Default `['deal', 'model', 'override', 'stage']`. */
  readonly order?: readonly ProbabilitySource[];
}
