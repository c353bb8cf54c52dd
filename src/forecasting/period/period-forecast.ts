import type { Period } from '../../calendar/period.js';
import type { EventTime } from '../../deals/deal-event.js';
import type { Issue } from '../../errors/issue.js';
import type { ForecastAssumption, ForecastDistribution } from '../pipeline/pipeline-forecast.js';

/**
 * What one open deal adds to the forecast of a period.
 *
 * @category forecasting
 */
export interface PeriodContribution {
  /** The deal. */
  readonly dealId: string;
  /** Its index in the list of deals. */
  readonly index: number;
  /** The stage it is in at the cut; `null` where that is not recorded. */
  readonly stageId: string | null;
  /** Days it has been there. */
  readonly daysInStage: number;
  /** Its amount at the cut; `null` where it is not recorded and the amounts of past wins stand for it. */
  readonly amount: number | null;
  /** Probability that it is won in the period. */
  readonly probability: number;
  /** The same before the correction by past cuts. */
  readonly uncorrectedProbability: number;
  /** Expected value: probability × expected amount when won. */
  readonly expected: number;
  /** Its share of the variance of the total, with half of what it shares with every other deal; `null` where the total is certain. */
  readonly toVariance: number | null;
  /** P(total ≥ quota) less the same without this deal; `null` without a quota, and for all but the deals of largest expected value. */
  readonly toProbabilityOfQuota: number | null;
}

/**
 * How a past period was forecast from what was known then, and how it ended.
 *
 * @category forecasting
 */
export interface PastPeriodForecast {
  /** The cut, as a date: the same place in its period as the cut of the forecast. */
  readonly asOf: string;
  /** First day of the period. */
  readonly start: string;
  /** Day after the last. */
  readonly endExclusive: string;
  /** Expected from then on: open deals and new business. */
  readonly forecast: number;
  /** What was won from then on. */
  readonly actual: number;
  /** (actual − forecast) / standard deviation; `null` where the deviation is 0. */
  readonly standardizedError: number | null;
}

/**
 * Why history is too short for the forecast to be trusted.
 *
 * @category forecasting
 */
export type InsufficientHistoryReason = 'observed-for-less-than-the-horizon' | 'too-few-won' | 'too-few-lost' | 'no-past-cuts';

/**
 * Forecast of a period from history and time. All amounts are numbers in `currency`.
 *
 * @category forecasting
 */
export interface PeriodForecast<C extends string = string> {
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
  /** Deals that are open at the cut. */
  readonly existing: {
    /** Expected value won in the period. */
    readonly expected: number;
    /** Number of open deals. */
    readonly deals: number;
    /** Expected number of them won in the period. */
    readonly wins: number;
    /** Of the expected value, what comes from deals whose expected close date lies after the period: pulled in. */
    readonly pulledIn: number;
  };
  /** Deals that do not exist yet. */
  readonly newBusiness: {
    /** Expected value won in the period. */
    readonly expected: number;
    /** Expected number created before the end of the period. */
    readonly created: number;
    /** Expected number of those won in the period. */
    readonly wins: number;
    /** By what past forecasts of it were too low or too high, already in the figures; 1 where nothing is known. */
    readonly ratio: number;
    /** Distribution of their number. */
    readonly frequency: 'poisson' | 'negative-binomial' | null;
    /** Why there is no figure; absent otherwise. */
    readonly reason?: 'left-out' | 'too-little-history' | 'period-is-over';
  };
  /** closedWon + existing.expected + newBusiness.expected: the mean of the distribution. */
  readonly expected: number;
  /** Distribution of what the period will close in all. */
  readonly distribution: ForecastDistribution;
  /** Correlation of the deals with a common factor, found from the errors of past cuts. */
  readonly correlation: number;
  /** Open deals, the largest expected value first, then by id. */
  readonly contributions: readonly PeriodContribution[];
  /** What the forecast was learned from, and how past periods would have been forecast. */
  readonly history: {
    /** Whether there is enough of it. */
    readonly status: 'sufficient' | 'insufficient';
    /** What is missing. */
    readonly reasons: readonly InsufficientHistoryReason[];
    /** Deals won before the cut. */
    readonly won: number;
    /** Deals lost before the cut. */
    readonly lost: number;
    /** Days for which deals were observed, together. */
    readonly daysAtRisk: number;
    /** What deals were won with as a multiple of what they stood at: the mean, and the wins it was learned from. */
    readonly amountRatio: { readonly mean: number; readonly wins: number };
    /** Past cuts, the latest first. */
    readonly past: readonly PastPeriodForecast[];
    /** Σ |error| / Σ actual of the past cuts; `null` without any. */
    readonly weightedError: number | null;
  };
  /** How many deals went where. */
  readonly counts: {
    /** Deals won in the period before the cut. */
    readonly closedWon: number;
    /** Open deals that are counted. */
    readonly open: number;
    /** Open deals whose amount is not known and that are left out; `issues` name them. */
    readonly setAside: number;
  };
  /** What must hold for the figures to mean what they say. */
  readonly assumptions: readonly ForecastAssumption[];
  /** Deals that were left out, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}
