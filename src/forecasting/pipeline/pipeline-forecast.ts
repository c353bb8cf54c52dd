import type { Period } from '../../calendar/period.js';
import type { EventTime } from '../../deals/deal-event.js';
import type { Issue } from '../../errors/issue.js';
import type { Distribution, DistributionMethod } from '../../stats/distribution.js';

/**
 * Where the probability of a deal was taken from: `deal` is its own, `model` a function, `override` one given for its stage in the call, `stage` that of the pipeline.
 *
 * @category forecasting
 */
export type ProbabilitySource = 'deal' | 'model' | 'override' | 'stage';

/**
 * What to do with open deals whose expected close date has passed: count those whose date lies in the period, those of any earlier date too, or none.
 *
 * @category forecasting
 */
export type OverduePolicy = 'in-period' | 'all' | 'none';

/**
 * What to do with deals, or fields, of which no history is recorded: take them as they stand in the record, or set the deal aside with an issue.
 * A deal that the record says closed at or after the cut was open then, in a stage that is not known: it is set aside under both.
 *
 * @category forecasting
 */
export type UnrecordedPolicy = 'as-recorded' | 'set-aside';

/**
 * What one open deal adds to the forecast.
 *
 * @category forecasting
 */
export interface DealContribution {
  /** The deal. */
  readonly dealId: string;
  /** Its index in the list of deals. */
  readonly index: number;
  /** The stage it is in at the cut. */
  readonly stageId: string;
  /** The category it counts in. */
  readonly category: string;
  /** Its amount in the currency of the forecast. */
  readonly amount: number;
  /** Probability that it is won in the period, 0 to 1. */
  readonly probability: number;
  /** Where that probability was taken from. */
  readonly source: ProbabilitySource;
  /** amount × probability. */
  readonly expected: number;
  /** Its share of the variance of the total, amount² p (1 − p) / variance; `null` where the total is certain. */
  readonly toVariance: number | null;
  /** P(total ≥ quota) less the same without this deal; `null` without a quota, or where an assumption says that it was too much work. */
  readonly toProbabilityOfQuota: number | null;
}

/**
 * A level and the quantile at it.
 *
 * @category forecasting
 */
export interface LevelQuantile {
  /** Probability of staying at or below `value`. */
  readonly level: number;
  /** The quantile, in the currency of the forecast. */
  readonly value: number;
}

/**
 * The figures read from the distribution at full resolution.
 *
 * @category forecasting
 */
export interface ForecastFigures {
  /** One time in ten the total is at or below this. */
  readonly p10: number;
  /** The median. */
  readonly p50: number;
  /** Nine times in ten the total is at or below this. */
  readonly p90: number;
  /** The quantiles asked for by `levels`, in ascending order of level. */
  readonly quantiles: readonly LevelQuantile[];
  /** P(total ≥ quota); `null` without a quota. */
  readonly probabilityOfQuota: number | null;
  /** By how much the quota is missed on average, E[max(0, quota − total)]; `null` without a quota. */
  readonly expectedShortfall: number | null;
  /** Why the two figures are `null`; absent otherwise. */
  readonly reason?: 'quota-not-given';
}

/**
 * Distribution of what the period will close: everything a {@link Distribution} holds, so that `quantileOf` and `probabilityAtLeast` read it, and the usual figures.
 *
 * @category forecasting
 */
export type ForecastDistribution = Distribution & ForecastFigures;

/**
 * Something that must hold for the figures to mean what they say.
 *
 * @category forecasting
 */
export interface ForecastAssumption {
  /** Stable name. */
  readonly id: string;
  /** One sentence for a person. */
  readonly text: string;
}

/**
 * How many deals went where.
 *
 * @category forecasting
 */
export interface ForecastCounts {
  /** Won in the period before the cut. */
  readonly closedWon: number;
  /** Open and counted in the forecast. */
  readonly open: number;
  /** Of those, expected to close before the cut. */
  readonly overdue: number;
  /** Open in the period, in the category `omitted`: not counted anywhere. */
  readonly omitted: number;
  /** Left out because something is missing; `issues` name them. */
  readonly setAside: number;
}

/**
 * Forecast of one period from the deals in the pipeline. All amounts are numbers in `currency`.
 *
 * @category forecasting
 */
export interface PipelineForecast<C extends string = string> {
  /** The currency of every amount. */
  readonly currency: C;
  /** The period that is forecast. */
  readonly period: Period;
  /** The cut, exclusive. */
  readonly asOf: EventTime;
  /** By whose calendar dates were read. */
  readonly timeZone: string;
  /** The quota, or `null`. */
  readonly quota: number | null;
  /** Value won in the period before the cut. */
  readonly closedWon: number;
  /** Σ amount × probability over the open deals of the period. */
  readonly weighted: number;
  /** Σ amount over the same deals. */
  readonly unweighted: number;
  /** closedWon + weighted: the mean of the distribution. */
  readonly expected: number;
  /** Forecast categories from least to most certain; the last is what is closed. */
  readonly categories: readonly string[];
  /** Amount by category, each alone (unweighted): `byCategory.commit`. */
  readonly byCategory: Readonly<Record<string, number>>;
  /** Amount by category with everything more certain added; the first category is the open pipeline, without what is closed. See {@link cumulateCategories}. */
  readonly byCategoryCumulative: Readonly<Record<string, number>>;
  /** What the period will close: what is won and what the open deals will add. */
  readonly distribution: ForecastDistribution;
  /** How the distribution was computed. */
  readonly method: DistributionMethod;
  /** Open deals of the period, the largest expected value first, then by id. */
  readonly contributions: readonly DealContribution[];
  /** How many deals went where. */
  readonly counts: ForecastCounts;
  /** The policies that were in force. */
  readonly policies: {
    /** What was done with overdue deals. */
    readonly includeOverdue: OverduePolicy;
    /** What was done with deals without a history. */
    readonly unrecorded: UnrecordedPolicy;
    /** In which order probabilities were looked for. */
    readonly probabilityOrder: readonly ProbabilitySource[];
  };
  /** What must hold for the figures to mean what they say. */
  readonly assumptions: readonly ForecastAssumption[];
  /** Deals that were left out, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}
