import { fromEpochDay } from '../../calendar/epoch-day.js';
import type { CalendarOptions, PeriodInput } from '../../calendar/period.js';
import type { Deal } from '../../deals/deal.js';
import type { EventTime } from '../../deals/deal-event.js';
import { checkBoolean, checkOneOf, type IssueSink, isPlainRecord, type PlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import type { RateSupply } from '../../money/find-rate.js';
import type { Money } from '../../money/money.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { compensatedSum } from '../../stats/compensated-sum.js';
import { compoundDistribution, type Frequency } from '../../stats/compound-distribution.js';
import { convolveDistributions } from '../../stats/convolve-distributions.js';
import { cumulativeOf, type Distribution, quantileOfDistribution, shortfallOf } from '../../stats/distribution.js';
import { type ForecastSettings, readSettings } from '../pipeline/forecast-options.js';
import type { ForecastAssumption, ForecastDistribution } from '../pipeline/pipeline-forecast.js';
import { openStages, readTracks, type Track } from '../win/deal-tracks.js';
import { type LearnedWin, learnWin, wonWithin } from '../win/learn-win.js';
import { amountRatios } from './amount-ratio.js';
import { type NewBusiness, newBusiness } from './arrivals.js';
import type { InsufficientHistoryReason, PastPeriodForecast, PeriodContribution, PeriodForecast } from './period-forecast.js';
import { boundariesAround, cutDayOf, FROM_THE_START, readObservedFrom, readSegmentBy } from './period-settings.js';
import { type DealTerm, estimateCorrelation, loadingOf, newBusinessRatio, openTerms, type PastResult, pastAmounts, replayPast } from './period-terms.js';
import { sumWithFactor } from './sum-with-factor.js';

/**
 * What stands for the amount of an open deal that is not known: nothing, so that the deal is left out and named in `issues`, or the amounts of past wins
 * (of its own segment where there are enough).
 *
 * @category forecasting
 */
export type UnknownAmountPolicy = 'set-aside' | 'past-wins';

/**
 * Options of {@link forecastPeriod}.
 *
 * @category forecasting
 */
export interface ForecastPeriodOptions<C extends string = string> extends CalendarOptions {
  /** The pipeline; deals of others are not looked at. */
  readonly pipeline: Pipeline;
  /** The period to forecast: `'2026-Q3'`, or a range of days. Past periods are those of the same unit of the calendar, or of the same length. */
  readonly period: PeriodInput;
  /** The cut, exclusive: nothing at or after it has any influence. */
  readonly asOf: EventTime;
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** The currency of the forecast. */
  readonly currency: C;
  /** Exchange rates; amounts in another currency are converted at the rate of the day on which they were recorded. */
  readonly rates?: RateSupply;
  /** The quota of the period, as a number in `currency` or as money. */
  readonly quota?: number | Money<NoInfer<C>>;
  /** A field by which deals differ and that does not change with time: `'market'`, `'custom.region'`. Default none. */
  readonly segmentBy?: string;
  /** The first day from which closings are recorded, where deals are older than that (delayed entry). Default: from the first deal on. */
  readonly observedFrom?: string;
  /** What stands for amounts that are not known. Default `set-aside`. */
  readonly unknownAmounts?: UnknownAmountPolicy;
  /** Whether deals that are not created yet are counted. Default true. */
  readonly newBusiness?: boolean;
  /** Levels of `distribution.quantiles`, 0 to 1. Default 0.1, 0.5, 0.9. */
  readonly levels?: readonly number[];
}

const OWN_KEYS: readonly string[] = ['segmentBy', 'observedFrom', 'unknownAmounts', 'newBusiness'];
const UNKNOWN_AMOUNTS = ['set-aside', 'past-wins'] as const satisfies readonly UnknownAmountPolicy[];
/** Past cuts from which correction, amount ratios and correlation are learned. */
const MAX_CUTS = 8;
/** Wins and losses below which history is too short. */
const MIN_ENDED = 20;
/** Correlation where history is too short to tell: wide on purpose. */
const UNTOLD_CORRELATION = 0.15;
/** Deals for which the effect on P(quota) is computed. */
const MAX_EFFECTS = 5;

/**
 * What a period will close, learned from the histories of all deals: what is won already, what the open deals will bring, and what deals that do not exist yet
 * will bring, each on its own line; with the distribution of the total and the probability of reaching a quota.
 *
 * - **Open deals.** Chances per day of being won, lost, moved forward or back are learned from all deals before the cut, as a product of factors: stage, days in the
 *   stage, place in the period (more is won near its end), amount, segment and owner, each drawn towards 1 the less is known about it. Open deals count while they
 *   are open (censored), and are carried forward to the end of the period. Past cuts at the same place in their period, forecast from what was known then, give a
 *   correction of the log-odds (level, slope, expected close in the period, overdue, pushes), and the distribution of amount when won ÷ amount at the cut.
 * - **New business.** Deals per week with a yearly season, their chance of being won in time, and their amounts: a compound Poisson or negative binomial distribution.
 * - **Distribution.** Open deals share a common factor (Vasicek), whose correlation is the posterior mean given the errors of the past cuts.
 *
 * Where history is too short `history.status` says so, and the distribution is wide on purpose. The same deals give the same figures, in any order.
 *
 * @param deals - deals of any status with their histories, in any order; the more closed ones the better
 * @param options - pipeline, period, cut, currency, and policies
 * @returns the forecast
 * @throws DomainError `invalid_type` | `missing_key` | `unknown_key` | `invalid_period` | `empty_period` | `invalid_instant` | `invalid_time_zone` | `invalid_currency`
 *   | `currency_mismatch` | `invalid_value` | `fraction_out_of_range`, or what is wrong with the pipeline, the calendar or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { forecastPeriod } from 'dealwright/forecasting';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const deal = createDeal({
 *   id: 'a', pipelineId: 'b2b', stageId: 'demo', amount: money(40_000, 'USD'),
 *   history: [{ type: 'created', at: '2026-06-01', stageId: 'demo', amount: money(40_000, 'USD') }],
 * });
 * const forecast = forecastPeriod([deal], { pipeline: b2bPipeline, period: '2026-Q3', asOf: '2026-08-15', currency: 'USD' });
 * [forecast.history.status, forecast.counts.open, forecast.closedWon]; // => ['insufficient', 1, 0]
 * ```
 * @category forecasting
 */
export function forecastPeriod<const C extends string>(deals: readonly Deal<object>[], options: ForecastPeriodOptions<C>): PeriodForecast<C> {
  const call = readCall(deals, options);
  const { settings, pipeline, observedFrom } = call;
  const { cut, start, end, quota } = settings;
  const cutDay = cutDayOf(cut);
  const issues: IssueSink = [];
  const tracks = readTracks(settings.deals, { cut, cutDay, pipeline, currency: settings.valuation.currency, finder: settings.valuation.finder, segment: call.segmentBy }, issues);
  const stages = openStages(pipeline);
  const isOver = cutDay >= end;
  const from = Math.max(cutDay, start);
  const first = tracks[0]?.created ?? cutDay;
  const boundaries = boundariesAround(call.record, start, end, Math.min(first, start) - 1, Math.max(end, cutDay));
  const learned = learnWin(tracks, { stages: stages.length, boundaries, cutDay, observedFrom, from, by: isOver ? cutDay : end, maxCuts: isOver ? 0 : MAX_CUTS });
  const reasons = isOver ? [] : shortcomings(learned, tracks, cutDay, observedFrom, end - cutDay);
  const useAmounts = call.unknownAmounts === 'past-wins';
  const { ratios, wins: ratioWins } = amountRatios(learned.past);
  const how = { correction: learned.correction, ratios };
  const results = replayPast(tracks, learned.past, { ...how, observedFrom, useAmounts, withNew: call.withNew });

  const { terms, without } = isOver
    ? { terms: [], without: [] }
    : openTerms(tracks, learned.learned, { cutDay, from, by: end }, { ...how, amounts: useAmounts ? pastAmounts(tracks, cutDay) : undefined });
  for (const deal of without) issues.push(createIssue('missing_amount', [deal.track.index, 'amount'], { expected: 'an amount' }));
  const sorted = [...terms].sort((a, b) => b.expected - a.expected || (a.deal.track.id < b.deal.track.id ? -1 : 1));

  const won: number[] = [];
  for (const track of tracks) {
    const win = wonWithin(track, start, Math.min(end, cutDay + 1));
    if (win === undefined) continue;
    if (win.amount === null) issues.push(createIssue('missing_amount', [track.index, 'amount'], { expected: 'an amount' }));
    else won.push(win.amount);
  }
  const closedWon = compensatedSum(Float64Array.from(won).sort());
  const correlation = reasons.length > 0 ? UNTOLD_CORRELATION : estimateCorrelation(results);
  const fresh = call.withNew && !isOver ? newBusiness(tracks, learned.learned, { cutDay, from, by: end, observedFrom }) : undefined;
  const ratio = fresh === undefined ? 1 : newBusinessRatio(results);
  const line = fresh === undefined || fresh.severity.length === 0 || !(fresh.wins * ratio > 0) ? undefined : toFrequency(fresh, ratio, reasons.length > 0);

  const existing = sumWithFactor(sorted, closedWon, correlation);
  const created = line === undefined || fresh === undefined ? undefined : compoundDistribution(fresh.severity, { frequency: line });
  const total = created === undefined ? existing : convolveDistributions(existing, created);
  const existingExpected = compensatedSum(sorted.map(({ expected }) => expected));
  const createdExpected = created === undefined ? 0 : created.mean;

  return {
    currency: options.currency,
    period: settings.period,
    asOf: cut.asOf,
    timeZone: cut.timeZone,
    quota,
    closedWon,
    existing: {
      expected: existingExpected,
      deals: sorted.length,
      wins: compensatedSum(sorted.map(({ probability }) => probability)),
      pulledIn: compensatedSum(sorted.filter(({ deal }) => deal.closeDate !== null && deal.closeDate >= end).map(({ expected }) => expected)),
    },
    newBusiness: {
      expected: createdExpected,
      created: fresh?.created ?? 0,
      wins: (fresh?.wins ?? 0) * ratio,
      ratio,
      frequency: line?.kind ?? null,
      ...(fresh === undefined ? { reason: isOver ? ('period-is-over' as const) : call.withNew ? ('too-little-history' as const) : ('left-out' as const) } : {}),
    },
    expected: closedWon + existingExpected + createdExpected,
    distribution: withFigures(total, settings),
    correlation,
    contributions: contributionsOf(sorted, { stages, created, total, correlation, quota, closedWon }),
    history: {
      status: reasons.length > 0 ? 'insufficient' : 'sufficient',
      reasons,
      won: learned.learned.intensity.events[0] ?? 0,
      lost: learned.learned.intensity.events[1] ?? 0,
      daysAtRisk: learned.learned.intensity.days,
      amountRatio: { mean: ratios.reduce((sum, point) => sum + point.ratio * point.probability, 0), wins: ratioWins },
      past: results.map((result) => describePast(result, correlation)),
      weightedError: weightedErrorOf(results),
    },
    counts: { closedWon: won.length, open: sorted.length, setAside: without.length },
    assumptions: listAssumptions(settings, {
      isOver,
      reasons,
      withNew: fresh !== undefined,
      useAmounts,
      cuts: results.length,
      observedFrom,
      correlation,
      step: existing.resolution,
    }),
    issues: [...issues].sort((a, b) => indexOf(a.path) - indexOf(b.path)),
  };
}

interface Call {
  readonly settings: ForecastSettings;
  readonly record: PlainRecord;
  readonly pipeline: Pipeline;
  readonly segmentBy: string | null;
  readonly observedFrom: number;
  readonly unknownAmounts: UnknownAmountPolicy;
  readonly withNew: boolean;
}

const SHARED_KEYS: readonly string[] = ['pipeline', 'period', 'calendar', 'asOf', 'timeZone', 'currency', 'rates', 'quota', 'levels'];

function readCall(deals: unknown, options: unknown): Call {
  const issues: IssueSink = [];
  const record: PlainRecord = isPlainRecord(options) ? options : {};
  if (Array.isArray(record.pipeline)) issues.push(createIssue('invalid_type', ['pipeline'], { expected: 'one pipeline', received: record.pipeline }));
  for (const key of ['probabilities', 'includeOverdue', 'unrecorded', 'categories']) {
    if (Object.hasOwn(record, key)) issues.push(createIssue('unknown_key', [key], { expected: `one of ${[...SHARED_KEYS, ...OWN_KEYS].join(', ')}`, received: key }));
  }
  const segmentBy = readSegmentBy(record.segmentBy, issues);
  const observedFrom = readObservedFrom(record.observedFrom, issues);
  const unknownAmounts = record.unknownAmounts === undefined ? 'set-aside' : (checkOneOf(record.unknownAmounts, UNKNOWN_AMOUNTS, ['unknownAmounts'], issues) ?? 'set-aside');
  const withNew = record.newBusiness === undefined ? true : (checkBoolean(record.newBusiness, ['newBusiness'], issues) ?? true);
  throwIfIssues(issues);
  const settings = readSettings(deals, isPlainRecord(options) ? Object.fromEntries(Object.entries(options).filter(([key]) => !OWN_KEYS.includes(key))) : options);
  const [pipeline] = settings.pipelines.values();
  if (pipeline === undefined) throwIfIssues([createIssue('empty', ['pipeline'])]);
  return { settings, record, pipeline: pipeline ?? { id: '', stages: [] }, segmentBy, observedFrom, unknownAmounts, withNew };
}

function shortcomings(learned: LearnedWin, tracks: readonly Track[], cutDay: number, observedFrom: number, horizon: number): readonly InsufficientHistoryReason[] {
  const reasons: InsufficientHistoryReason[] = [];
  const first = Math.max(observedFrom, tracks[0]?.created ?? cutDay);
  if (cutDay - first < horizon) reasons.push('observed-for-less-than-the-horizon');
  if ((learned.learned.intensity.events[0] ?? 0) < MIN_ENDED) reasons.push('too-few-won');
  if ((learned.learned.intensity.events[1] ?? 0) < MIN_ENDED) reasons.push('too-few-lost');
  return reasons;
}

/** Negative binomial with the same mean where the rate is not known well, else Poisson. */
function toFrequency(fresh: NewBusiness, ratio: number, isShort: boolean): Frequency {
  const mean = fresh.wins * ratio;
  const excess = Math.max(fresh.excess, isShort ? 0.25 : 0);
  if (excess < 1e-4) return { kind: 'poisson', mean };
  const size = Math.min(1e6, 1 / excess);
  return { kind: 'negative-binomial', size, probability: Math.max(1e-4, size / (size + mean)) };
}

function withFigures(distribution: Distribution, { levels, quota }: ForecastSettings): ForecastDistribution {
  const read = (level: number): number => quantileOfDistribution(distribution, level);
  return {
    ...distribution,
    p10: read(0.1),
    p50: read(0.5),
    p90: read(0.9),
    quantiles: levels.map((level) => ({ level, value: read(level) })),
    probabilityOfQuota: quota === null ? null : atLeast(distribution, quota),
    expectedShortfall: quota === null ? null : shortfallOf(distribution, quota),
    ...(quota === null ? { reason: 'quota-not-given' as const } : {}),
  };
}

function atLeast(distribution: Distribution, target: number): number {
  return Math.min(1, Math.max(0, 1 - cumulativeOf(distribution, target, true)));
}

function contributionsOf(
  sorted: readonly DealTerm[],
  parts: {
    readonly stages: readonly string[];
    readonly created: Distribution | undefined;
    readonly total: Distribution;
    readonly correlation: number;
    readonly quota: number | null;
    readonly closedWon: number;
  },
): readonly PeriodContribution[] {
  const { stages, created, total, correlation, quota, closedWon } = parts;
  const loadings = sorted.map(loadingOf);
  const loading = compensatedSum(loadings);
  const variance = total.standardDeviation ** 2;
  const reached = quota === null ? null : atLeast(total, quota);
  return sorted.map((term, i) => {
    const own = loadings[i] ?? 0;
    const shared = term.variance + correlation * own * (loading - own);
    let effect: number | null = null;
    if (quota !== null && reached !== null && i < MAX_EFFECTS) {
      const others = sumWithFactor(
        sorted.filter((other) => other !== term),
        closedWon,
        correlation,
      );
      effect = Math.max(0, reached - atLeast(created === undefined ? others : convolveDistributions(others, created), quota));
    }
    const { deal } = term;
    return {
      dealId: deal.track.id,
      index: deal.track.index,
      stageId: stages[deal.stage] ?? null,
      daysInStage: deal.dwell,
      amount: deal.amount,
      probability: term.probability,
      uncorrectedProbability: term.uncorrected,
      expected: term.expected,
      toVariance: variance > 0 ? Math.min(1, shared / variance) : null,
      toProbabilityOfQuota: effect,
    };
  });
}

function describePast(result: PastResult, correlation: number): PastPeriodForecast {
  const deviation = Math.sqrt(result.variance + correlation * result.loading);
  const forecast = result.existing + result.created;
  const actual = result.existingActual + result.createdActual;
  return {
    asOf: fromEpochDay(result.cutDay),
    start: fromEpochDay(result.from),
    endExclusive: fromEpochDay(result.by),
    forecast,
    actual,
    standardizedError: deviation > 0 ? (actual - forecast) / deviation : null,
  };
}

function weightedErrorOf(results: readonly PastResult[]): number | null {
  let error = 0;
  let actual = 0;
  for (const result of results) {
    error += Math.abs(result.existing + result.created - result.existingActual - result.createdActual);
    actual += Math.abs(result.existingActual + result.createdActual);
  }
  return actual > 0 ? error / actual : null;
}

function listAssumptions(
  { cut, period }: ForecastSettings,
  facts: {
    readonly isOver: boolean;
    readonly reasons: readonly InsufficientHistoryReason[];
    readonly withNew: boolean;
    readonly useAmounts: boolean;
    readonly cuts: number;
    readonly observedFrom: number;
    readonly correlation: number;
    readonly step: number;
  },
): readonly ForecastAssumption[] {
  const list: ForecastAssumption[] = [{ id: 'cut-is-exclusive', text: `Only what happened before ${cut.asOf} (${cut.timeZone}) counts.` }];
  const add = (id: string, text: string): void => {
    list.push({ id, text });
  };
  if (facts.isOver) {
    add('period-is-over', `The period ${period.label} ended before the cut: open deals can no longer close in it.`);
    return list;
  }
  add('future-like-the-past', 'Deals move, close and are created as they did before the cut; nothing is assumed about the reasons.');
  add(
    'common-factor',
    `Open deals share a common factor with correlation ${facts.correlation.toFixed(3)}, ${facts.reasons.length > 0 ? 'set wide for lack of history' : 'found from the errors of past cuts'}.`,
  );
  add(
    'past-cuts',
    facts.cuts > 0
      ? `${facts.cuts} past cuts at the same place in their period were forecast from what was known then.`
      : 'There is no past cut whose outcome is known: nothing could be checked.',
  );
  if (facts.withNew) add('new-business', 'Deals that do not exist yet are counted on a line of their own, independent of the open ones.');
  else add('no-new-business', 'Deals that are not in the pipeline yet add nothing.');
  if (facts.step > 0)
    add(
      'amounts-on-a-grid',
      `Amounts of open deals were placed on a grid with step ${Number(facts.step.toPrecision(3))}, each between its two neighbours so that every mean stays; of very many deals, the smallest are taken together as normal.`,
    );
  if (facts.useAmounts) add('amounts-of-past-wins', 'Where the amount of an open deal is not known, amounts of past wins stand for it.');
  if (facts.observedFrom > FROM_THE_START) add('delayed-entry', `Closings are recorded from ${fromEpochDay(facts.observedFrom)} on; earlier days do not count as days at risk.`);
  if (facts.reasons.length > 0) add('insufficient-history', 'History is too short for this forecast: the range is wide on purpose, and the mean may be far off.');
  return list;
}

function indexOf(path: readonly (string | number)[]): number {
  return typeof path[0] === 'number' ? path[0] : -1;
}
