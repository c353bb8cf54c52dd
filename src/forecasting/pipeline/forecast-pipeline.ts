import type { CalendarOptions, PeriodInput } from '../../calendar/period.js';
import type { Deal } from '../../deals/deal.js';
import type { EventTime } from '../../deals/deal-event.js';
import type { IssueSink } from '../../errors/checks.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import type { RateSupply } from '../../money/find-rate.js';
import type { Money } from '../../money/money.js';
import type { PipelineSource } from '../../pipelines/find-pipeline.js';
import { compensatedSum } from '../../stats/compensated-sum.js';
import { cumulativeOf, type Distribution, quantileOfDistribution, shortfallOf } from '../../stats/distribution.js';
import { boundDistribution, buildSum } from '../../stats/distribution-of-sum.js';
import { effectsOnReaching } from '../../stats/leave-one-out.js';
import { toRawTerms } from '../../stats/sum-terms.js';
import { cumulate } from './cumulate-categories.js';
import { type OpenDeal, placeDeal } from './deal-at-cut.js';
import { probabilityOf, type SourcedProbability } from './deal-probability.js';
import { listAssumptions } from './forecast-assumptions.js';
import { type ForecastSettings, readSettings } from './forecast-options.js';
import type { DealContribution, ForecastDistribution, ForecastFigures, OverduePolicy, PipelineForecast, UnrecordedPolicy } from './pipeline-forecast.js';
import type { ForecastProbabilities } from './probability-options.js';

/**
 * Options of {@link forecastPipeline}.
 *
 * @category forecasting
 */
export interface ForecastPipelineOptions<C extends string = string, StageId extends string = string> extends CalendarOptions {
  /** The pipeline, or several side by side. Deals of another one become issues. */
  readonly pipeline: PipelineSource<StageId>;
  /** The period to forecast: `'2026-Q3'`, or a range of days. */
  readonly period: PeriodInput;
  /** The cut, exclusive: deals as they were then, from their histories; nothing at or after it has any influence. */
  readonly asOf: EventTime;
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** The currency of the forecast. */
  readonly currency: C;
  /** Exchange rates. A won deal is converted at the rate of the day it closed on, an open one at the last rate known before `asOf`; both rounded to the minor unit. */
  readonly rates?: RateSupply;
  /** The quota of the period, as a number in `currency` or as money. */
  readonly quota?: number | Money<NoInfer<C>>;
  /** Probabilities other than those of the deals and stages. */
  readonly probabilities?: ForecastProbabilities<NoInfer<StageId>>;
  /** What to do with open deals whose expected close date has passed. Default `in-period`: they count if that date lies in the period. */
  readonly includeOverdue?: OverduePolicy;
  /** What to do with deals of which no history is recorded. Default `as-recorded`. */
  readonly unrecorded?: UnrecordedPolicy;
  /** Forecast categories from least to most certain, the last of them closed. Default: those of the pipeline. */
  readonly categories?: readonly string[];
  /** Levels of `distribution.quantiles`, 0 to 1. Default 0.1, 0.5, 0.9. */
  readonly levels?: readonly number[];
}

/** An open deal with its probability. */
interface WeighedDeal extends SourcedProbability {
  readonly open: OpenDeal;
}

/**
 * What the pipeline will close in a period, and how sure that is: what is won already, the weighted pipeline, the roll-up by forecast category, and the exact
 * distribution of the total with the probability of reaching a quota. No simulation: the same deals give the same figures, in any order.
 *
 * - `weighted` = Σ amount × probability over the deals open at the cut and expected to close in the period. The probability is the deal's own, else that of a
 *   model, else one given for its stage, else that of the stage.
 * - `closedWon` = Σ amount of the deals won in the period before the cut.
 * - `byCategory` holds the amounts (unweighted) of each category alone, `byCategoryCumulative` with everything more certain added; `omitted` deals count nowhere.
 * - `distribution` is that of closedWon + Σ Bᵢ amountᵢ with independent Bᵢ, computed by enumeration, exact convolution or Fourier inversion; see `distributionOfSum` of `dealwright/stats`.
 * - `contributions[i].toProbabilityOfQuota` compares with the same pipeline without that deal.
 *
 * A deal without an amount, a probability, an expected close date or an exchange rate is left out and named in `issues`, never counted as zero. Deals that share
 * an id are all left out, since it cannot be told which one is right.
 *
 * @param deals - deals of any status, in any order; with their histories where there are
 * @param options - pipeline, period, cut, currency, and policies
 * @returns the forecast
 * @throws DomainError `invalid_type` | `missing_key` | `unknown_key` | `invalid_period` | `empty_period` | `invalid_instant` | `invalid_time_zone` | `invalid_currency`
 *   | `currency_mismatch` | `invalid_value` | `fraction_out_of_range` | `unknown_stage`, or what is wrong with a pipeline, the calendar or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { forecastPipeline } from 'dealwright/forecasting';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const deals = [
 *   createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo', amount: money(40_000, 'USD'), expectedCloseOn: '2026-09-10' }),
 *   createDeal({ id: 'b', pipelineId: 'b2b', stageId: 'negotiation-and-closing', amount: money(25_000, 'USD'), expectedCloseOn: '2026-08-28' }),
 *   createDeal({ id: 'c', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', amount: money(10_000, 'USD'), closedOn: '2026-07-20' }),
 * ];
 * const forecast = forecastPipeline(deals, { pipeline: b2bPipeline, period: '2026-Q3', asOf: '2026-08-15', currency: 'USD', quota: 50_000 });
 * [forecast.closedWon, forecast.weighted, forecast.byCategory.commit]; // => [10000, 44000, 25000]
 * forecast.distribution.probabilityOfQuota?.toFixed(2); // => '0.60'
 * forecast.contributions[0].dealId; // => 'a'
 * ```
 * @category forecasting
 */
export function forecastPipeline<const C extends string, StageId extends string>(
  deals: readonly Deal<object>[],
  options: ForecastPipelineOptions<C, StageId>,
): PipelineForecast<C> {
  const settings = readSettings(deals, options);
  const issues: IssueSink = [];
  const twins = findTwins(settings.deals);
  const won: number[] = [];
  const weighed: WeighedDeal[] = [];
  const sources = new Set<string>();
  let omitted = 0;
  let setAside = 0;
  let converted = 0;
  let unrecorded = 0;
  for (let index = 0; index < settings.deals.length; index += 1) {
    if (twins.has(index)) {
      issues.push(createIssue('duplicate_id', [index, 'id'], { expected: 'an id that no other deal has', received: twins.get(index) }));
      setAside += 1;
      continue;
    }
    const placed = placeDeal(settings.deals[index], index, settings, issues);
    if (placed.outcome === 'won') {
      won.push(placed.amount);
      if (placed.isConverted) converted += 1;
    } else if (placed.outcome === 'open') {
      const found = probabilityOf(placed, settings, issues);
      if (found === undefined) setAside += 1;
      else {
        weighed.push({ open: placed, ...found });
        sources.add(found.source);
        if (placed.isConverted) converted += 1;
        if (placed.isUnrecorded) unrecorded += 1;
      }
    } else if (placed.outcome === 'omitted') omitted += 1;
    else if (placed.outcome === 'set-aside') setAside += 1;
  }
  weighed.sort(compareDeals);

  const closedWon = exactEnough(won);
  const unweighted = exactEnough(weighed.map(({ open }) => open.amount));
  const raw = toRawTerms([...weighed.map(({ open }) => open.amount), closedWon], [...weighed.map(({ probability }) => probability), 1]);
  const built = buildSum(raw);
  const { distribution } = built;
  const weighted = compensatedSum(weighed.map(({ open, probability }) => open.amount * probability));
  const { quota } = settings;
  const effects = quota === null ? undefined : effectsOnReaching(raw, built, quota);
  const reached = quota === null ? null : atLeast(distribution, quota);
  const variance = distribution.standardDeviation ** 2;
  const contributions = weighed.map((deal, i) => contributionOf(deal, variance, effects?.[i] ?? null));
  const amounts = amountsByCategory(weighed, closedWon, settings.categories);
  const overdue = weighed.filter(({ open }) => open.isOverdue).length;
  return {
    currency: options.currency,
    period: settings.period,
    asOf: settings.cut.asOf,
    timeZone: settings.cut.timeZone,
    quota,
    closedWon,
    weighted,
    unweighted,
    expected: distribution.mean,
    categories: settings.categories,
    byCategory: Object.fromEntries(amounts),
    byCategoryCumulative: cumulate(amounts, settings.categories),
    distribution: withFigures(distribution, settings, reached),
    method: distribution.method,
    contributions,
    counts: { closedWon: won.length, open: weighed.length, overdue, omitted, setAside },
    policies: { includeOverdue: settings.includeOverdue, unrecorded: settings.unrecorded, probabilityOrder: settings.order },
    assumptions: listAssumptions(settings, distribution, {
      sources,
      overdue,
      unrecorded,
      converted,
      isPeriodOver: settings.cut.time >= settings.cut.clock.startOfDay(settings.end),
      areContributionsMissing: quota !== null && effects === undefined && weighed.length > 0,
    }),
    issues: sortIssues(issues),
  };
}

/** Index and id of every deal whose id another deal has too. */
function findTwins(deals: readonly unknown[]): ReadonlyMap<number, string> {
  const first = new Map<string, number>();
  const twins = new Map<number, string>();
  for (let index = 0; index < deals.length; index += 1) {
    const deal = deals[index];
    if (typeof deal !== 'object' || deal === null || !Object.hasOwn(deal, 'id')) continue;
    const { id } = deal as { readonly id: unknown }; // an own key by the line above
    if (typeof id !== 'string') continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      twins.set(before, id);
      twins.set(index, id);
    }
  }
  return twins;
}

/** The largest expected value first, then by id. */
function compareDeals(a: WeighedDeal, b: WeighedDeal): number {
  const difference = b.open.amount * b.probability - a.open.amount * a.probability;
  if (difference !== 0) return difference;
  return a.open.deal.id < b.open.deal.id ? -1 : 1;
}

/** A sum of amounts that does not depend on their order: ascending, compensated. */
function exactEnough(amounts: readonly number[]): number {
  return compensatedSum(Float64Array.from(amounts).sort());
}

function atLeast(distribution: Distribution, target: number): number {
  return Math.min(1, Math.max(0, 1 - cumulativeOf(distribution, target, true)));
}

function contributionOf({ open, probability, source }: WeighedDeal, variance: number, toProbabilityOfQuota: number | null): DealContribution {
  const { deal, index, stage, category, amount } = open;
  return {
    dealId: deal.id,
    index,
    stageId: stage.id,
    category,
    amount,
    probability,
    source,
    expected: amount * probability,
    toVariance: variance > 0 ? Math.min(1, (amount * amount * probability * (1 - probability)) / variance) : null,
    toProbabilityOfQuota: toProbabilityOfQuota === null ? null : cleanEffect(toProbabilityOfQuota, amount),
  };
}

/** A deal of positive amount cannot lower the probability: what is left of rounding is zero. */
function cleanEffect(effect: number, amount: number): number {
  const isNoise = amount >= 0 ? effect <= 0 : effect >= 0;
  return isNoise ? 0 : effect;
}

function amountsByCategory(weighed: readonly WeighedDeal[], closedWon: number, categories: readonly string[]): ReadonlyMap<string, number> {
  const lists = new Map<string, number[]>(categories.map((category) => [category, []]));
  for (const { open } of weighed) lists.get(open.category)?.push(open.amount);
  lists.get(categories.at(-1) ?? '')?.push(closedWon);
  return new Map([...lists].map(([category, amounts]) => [category, exactEnough(amounts)]));
}

/** The figures are read before the distribution is brought to a bounded size. */
function withFigures(distribution: Distribution, { levels, quota }: ForecastSettings, reached: number | null): ForecastDistribution {
  const read = (level: number): number => quantileOfDistribution(distribution, level);
  const figures: ForecastFigures = {
    p10: read(0.1),
    p50: read(0.5),
    p90: read(0.9),
    quantiles: levels.map((level) => ({ level, value: read(level) })),
    probabilityOfQuota: reached,
    expectedShortfall: quota === null ? null : shortfallOf(distribution, quota),
    ...(quota === null ? { reason: 'quota-not-given' as const } : {}),
  };
  return { ...boundDistribution(distribution), ...figures };
}

/** In the order of the deals. */
function sortIssues(issues: readonly Issue[]): readonly Issue[] {
  const position = (issue: Issue): number => (typeof issue.path[0] === 'number' ? issue.path[0] : -1);
  return issues
    .map((issue, order) => ({ issue, order }))
    .sort((a, b) => position(a.issue) - position(b.issue) || a.order - b.order)
    .map(({ issue }) => issue);
}
