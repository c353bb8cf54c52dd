import { readEpochDay } from '../calendar/epoch-day.js';
import { checkLayout } from '../calendar/fiscal-layout.js';
import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import { checkRange } from '../calendar/period-input.js';
import type { Deal } from '../deals/deal.js';
import { exactFromCanonical, exactSign, exactSum } from '../decimal/exact.js';
import { checkList, checkOneOf, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { type AverageDealSizeOptions, averageDealSize } from '../pipelines/average-deal-size.js';
import { type DealLifetimesOptions, dealLifetimes } from '../pipelines/deal-lifetimes.js';
import { type PipelineHygieneOptions, pipelineHygiene } from '../pipelines/pipeline-hygiene.js';
import { type PipelineSlippageOptions, pipelineSlippage } from '../pipelines/pipeline-slippage.js';
import { pipelineTotals } from '../pipelines/pipeline-totals.js';
import { type SalesVelocityOptions, salesVelocity } from '../pipelines/sales-velocity.js';
import { type StageConversionOptions, stageConversion } from '../pipelines/stage-conversion.js';
import { type StageDurationsOptions, stageDurations } from '../pipelines/stage-durations.js';
import { type WinRateByCountOptions, type WinRateByValueOptions, winRate } from '../pipelines/win-rate.js';
import { incidenceAt } from '../stats/aalen-johansen.js';
import { finishReading, quotientOf, readAmount, readInput } from './figures.js';
import { defineMetric, type Metric, type MetricOutcome } from './metric.js';

/**
 * Deals that a metric is computed from.
 *
 * @category metrics
 */
export interface DealsInput {
  /** Deals in any order. */
  readonly deals: readonly Deal<object>[];
}

/**
 * Input of {@link winRateMetric}.
 *
 * @category metrics
 */
export interface WinRateInput extends DealsInput, Omit<WinRateByCountOptions, 'by'> {
  /** Reasons with which a lost deal does not count: the narrow win rate leaves out those in which nobody chose (`no-decision`). Default none: the broad win rate. */
  readonly withoutLossReasons?: readonly string[];
}

/** The deals and the other options of an input. */
function splitInput(input: unknown): { readonly deals: readonly Deal<object>[]; readonly options: PlainRecord } {
  if (!isPlainRecord(input)) throw createDomainError('invalid_type', ['input'], { expected: 'an object with deals and options', received: input });
  const { deals, ...options } = input;
  // The functions below check every deal.
  return { deals: deals as readonly Deal<object>[], options };
}

function setAside(issues: readonly Issue[]): { readonly setAside?: number } {
  return issues.length === 0 ? {} : { setAside: new Set(issues.map(({ path }) => path[0])).size };
}

const PERIOD = { name: 'period', default: 'all', meaning: 'only deals that closed in it' } as const;
const HISTORY = { name: 'asOf', default: 'required', meaning: 'the cut: nothing at or after it counts' } as const;

/**
 * Win rate by count: won / (won + lost), with Wilson's interval under `details`.
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { computeMetric, winRateMetric } from 'dealwright/metrics';
 * const deal = (id: string, status: 'won' | 'lost', lossReason?: string) =>
 *   createDeal({ id, pipelineId: 'b2b', stageId: status, status, ...(lossReason === undefined ? {} : { lossReason }) });
 * const deals = [deal('a', 'won'), deal('b', 'lost', 'price'), deal('c', 'lost', 'no-decision')];
 * computeMetric(winRateMetric, { deals }).value; // => 1 / 3
 * computeMetric(winRateMetric, { deals, withoutLossReasons: ['no-decision'] }).value; // => 0.5
 * ```
 * @category metrics
 */
export const winRateMetric: Metric<'win-rate', WinRateInput> = /* @__PURE__ */ defineMetric({
  id: 'win-rate',
  label: 'Win rate',
  formula: 'deals won / (deals won + deals lost)',
  unit: 'ratio',
  choices: [PERIOD, { name: 'withoutLossReasons', default: 'none (the broad rate)', meaning: 'lost deals with these reasons do not count (the narrow rate)' }],
  whenUndefined: 'null, "no-closed-deals", if nothing closed',
  compute: (input: WinRateInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { withoutLossReasons, ...rest } = options;
    const issues: Issue[] = [];
    const without = new Set(withoutLossReasons === undefined ? [] : (checkList(withoutLossReasons, ['withoutLossReasons'], issues) ?? []));
    throwIfIssues(issues);
    const counted =
      without.size > 0 && Array.isArray(deals) ? deals.filter((deal: unknown) => !(isPlainRecord(deal) && deal['status'] === 'lost' && without.has(deal['lossReason']))) : deals;
    const rate = winRate(counted, rest as WinRateByCountOptions);
    const { value, numerator, denominator, n, interval } = rate;
    return { value, numerator, denominator, n, ...reasonOf(rate), details: { lower: interval?.lower ?? null, upper: interval?.upper ?? null, ...setAside(rate.issues) } };
  },
});

function reasonOf(result: { readonly reason?: string }): { readonly reason?: string } {
  return result.reason === undefined ? {} : { reason: result.reason };
}

/**
 * Input of {@link winRateByValueMetric}.
 *
 * @category metrics
 */
export interface WinRateByValueInput extends DealsInput, Omit<WinRateByValueOptions, 'by'> {}

/**
 * Win rate by value: value won / (value won + value lost).
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { computeMetric, winRateByValueMetric } from 'dealwright/metrics';
 * const deal = (id: string, status: 'won' | 'lost', amount: number) => createDeal({ id, pipelineId: 'b2b', stageId: status, status, amount: money(amount, 'USD') });
 * computeMetric(winRateByValueMetric, { deals: [deal('a', 'won', 300), deal('b', 'lost', 100)], currency: 'USD' }).value; // => 0.75
 * ```
 * @category metrics
 */
export const winRateByValueMetric: Metric<'win-rate-by-value', WinRateByValueInput> = /* @__PURE__ */ defineMetric({
  id: 'win-rate-by-value',
  label: 'Win rate by value',
  formula: 'value won / (value won + value lost)',
  unit: 'ratio',
  choices: [PERIOD, { name: 'rates', default: 'none', meaning: 'exchange rates of the day of closing' }],
  whenUndefined: 'null, "no-closed-deals" or "no-value"',
  compute: (input: WinRateByValueInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const rate = winRate(deals, { ...options, by: 'value' } as WinRateByValueOptions);
    const { value, numerator, denominator, n } = rate;
    return { value, numerator, denominator, n, ...reasonOf(rate), details: setAside(rate.issues) };
  },
});

/**
 * Input of {@link cohortWinRateMetric}.
 *
 * @category metrics
 */
export interface CohortWinRateInput extends DealsInput, Omit<DealLifetimesOptions, 'horizonDays' | 'quantiles'> {
  /** Won within so many days. */
  readonly horizonDays: number;
}

/**
 * Cohort win rate: Aalen–Johansen probability of being won within a horizon, with the share still open and the limits under `details`. Open deals count as far as they have come.
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { computeMetric, cohortWinRateMetric } from 'dealwright/metrics';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const deal = (id: string, status: 'won' | 'lost', closedOn: string) => createDeal({ id, pipelineId: 'b2b', stageId: `closed-${status}`, status, createdOn: '2026-01-01', closedOn });
 * const deals = [deal('a', 'won', '2026-01-31'), deal('b', 'lost', '2026-01-11'), deal('c', 'won', '2026-04-01'), deal('d', 'lost', '2026-04-01')];
 * computeMetric(cohortWinRateMetric, { deals, pipeline: b2bPipeline, asOf: '2026-03-01', horizonDays: 45, minimumDeals: 1 }).value; // => 0.25
 * ```
 * @category metrics
 */
export const cohortWinRateMetric: Metric<'cohort-win-rate', CohortWinRateInput> = /* @__PURE__ */ defineMetric({
  id: 'cohort-win-rate',
  label: 'Cohort win rate',
  formula: 'probability of being won within the horizon (Aalen–Johansen)',
  unit: 'ratio',
  choices: [
    HISTORY,
    { name: 'horizonDays', default: 'required', meaning: 'within how many days' },
    { name: 'from', default: 'creation', meaning: 'creation, first-contact or stage-entry' },
  ],
  whenUndefined: 'null, "no-deals" or "insufficient-history"',
  compute: (input: CohortWinRateInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const cycle = dealLifetimes(deals, options as unknown as DealLifetimesOptions);
    if (options['horizonDays'] === undefined) throw createDomainError('missing_key', ['horizonDays'], { expected: 'a number of days' });
    if (cycle.curves === null) return { value: null, numerator: null, denominator: cycle.n, n: cycle.n, reason: cycle.reason ?? 'no-deals' };
    const read = incidenceAt(cycle.curves, Number(options['horizonDays']));
    const won = read.causes?.[0];
    if (won === undefined) return { value: null, numerator: null, denominator: cycle.n, n: cycle.n, reason: 'nobody-at-risk' };
    const details = { lower: won.lower, upper: won.upper, open: read.open, isBeyondFollowUp: read.isBeyondFollowUp, ...setAside(cycle.issues) };
    return { value: won.probability, numerator: null, denominator: null, n: cycle.n, details };
  },
});

/**
 * Input of {@link averageDealSizeMetric}.
 *
 * @category metrics
 */
export interface AverageDealSizeInput extends DealsInput, AverageDealSizeOptions {
  /** The mean (default) or the median. */
  readonly statistic?: 'mean' | 'median';
}

/**
 * Average deal size: value won / deals won, or the median.
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { averageDealSizeMetric, computeMetric } from 'dealwright/metrics';
 * const won = (id: string, amount: number) => createDeal({ id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', amount: money(amount, 'USD') });
 * const deals = [won('a', 100), won('b', 200), won('c', 900)];
 * computeMetric(averageDealSizeMetric, { deals, currency: 'USD' }).value; // => { amount: '400.00', currency: 'USD' }
 * computeMetric(averageDealSizeMetric, { deals, currency: 'USD', statistic: 'median' }).value; // => { amount: '200.00', currency: 'USD' }
 * ```
 * @category metrics
 */
export const averageDealSizeMetric: Metric<'average-deal-size', AverageDealSizeInput> = /* @__PURE__ */ defineMetric({
  id: 'average-deal-size',
  label: 'Average deal size',
  formula: 'value of deals won / number of deals won',
  unit: 'amount',
  choices: [PERIOD, { name: 'statistic', default: 'mean', meaning: 'mean or median' }, { name: 'outcome', default: 'won', meaning: 'won, lost or open deals' }],
  whenUndefined: 'null, "no-valued-deals"',
  compute: (input: AverageDealSizeInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { statistic, ...rest } = options;
    const issues: Issue[] = [];
    if (statistic !== undefined) checkOneOf(statistic, ['mean', 'median'], ['statistic'], issues);
    throwIfIssues(issues);
    const size = averageDealSize(deals, rest as unknown as AverageDealSizeOptions);
    const { numerator, denominator, n, worthNothing } = size;
    const details = { mean: size.value, median: size.median, worthNothing, ...setAside(size.issues) };
    if (statistic === 'median') return { value: size.median, numerator: null, denominator: null, n, ...reasonOf(size), details };
    return { value: size.value, numerator, denominator, n, ...reasonOf(size), details };
  },
});

/**
 * Input of {@link salesCycleMetric}.
 *
 * @category metrics
 */
export interface SalesCycleInput extends DealsInput, DealLifetimesOptions {
  /**
   * `median` (default) and `mean` of won deals, which are biased short while slow deals are open; or `median-time-to-win`: the median given that a deal is won,
   * with open deals as censored.
   */
  readonly statistic?: 'median' | 'mean' | 'median-time-to-win';
}

/**
 * Sales cycle in days, from creation, first contact or entry into a stage to the close of won deals.
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { computeMetric, salesCycleMetric } from 'dealwright/metrics';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const won = (id: string, closedOn: string, contact: string) => createDeal({
 *   id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn: '2026-01-11', closedOn, activities: [{ id: 'x', type: 'call', at: contact }],
 * });
 * const input = { deals: [won('a', '2026-01-31', '2026-01-01'), won('b', '2026-03-02', '2026-01-11')], pipeline: b2bPipeline, asOf: '2026-04-01' };
 * computeMetric(salesCycleMetric, input).value; // => 35
 * computeMetric(salesCycleMetric, { ...input, from: 'first-contact', statistic: 'mean' }).value; // => 40
 * ```
 * @category metrics
 */
export const salesCycleMetric: Metric<'sales-cycle', SalesCycleInput> = /* @__PURE__ */ defineMetric({
  id: 'sales-cycle',
  label: 'Sales cycle',
  formula: 'days from the origin to the close of won deals',
  unit: 'days',
  choices: [
    HISTORY,
    { name: 'from', default: 'creation', meaning: 'creation, first-contact or stage-entry (with stageId)' },
    { name: 'statistic', default: 'median', meaning: 'median, mean, or median-time-to-win, which takes open deals into account' },
  ],
  whenUndefined: 'null, "no-measured-cycles" or "insufficient-history"; a deal that closed before it began is an issue',
  compute: (input: SalesCycleInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { statistic, ...rest } = options;
    const issues: Issue[] = [];
    const wanted = statistic === undefined ? 'median' : checkOneOf(statistic, ['median', 'mean', 'median-time-to-win'], ['statistic'], issues);
    throwIfIssues(issues);
    const cycle = dealLifetimes(deals, rest as unknown as DealLifetimesOptions);
    const { won } = cycle;
    const details = {
      meanDays: won.meanDays,
      medianDays: won.medianDays,
      medianTimeToWinDays: cycle.timeToWin?.medianDays ?? null,
      open: cycle.open,
      negative: cycle.negative,
      ...setAside(cycle.issues),
    };
    if (wanted === 'median-time-to-win') {
      const value = cycle.timeToWin?.medianDays ?? null;
      return { value, numerator: null, denominator: null, n: cycle.n, ...(value === null ? { reason: cycle.reason ?? 'no-measured-cycles' } : {}), details };
    }
    if (won.n === 0) return { value: null, numerator: 0, denominator: 0, n: 0, reason: 'no-measured-cycles', details };
    if (wanted === 'median') return { value: won.medianDays, numerator: null, denominator: null, n: won.n, details };
    return { value: won.meanDays, numerator: (won.meanDays ?? 0) * won.n, denominator: won.n, n: won.n, details };
  },
});

/**
 * Input of {@link salesVelocityMetric}.
 *
 * @category metrics
 */
export interface SalesVelocityInput extends DealsInput, SalesVelocityOptions {}

/**
 * Sales velocity: deals × win rate × average won deal / mean won cycle, per day. The reading (closed or open deals) must be named.
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { computeMetric, salesVelocityMetric } from 'dealwright/metrics';
 * const won = createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', amount: money(6000, 'USD'), createdOn: '2026-01-01', closedOn: '2026-01-31' });
 * computeMetric(salesVelocityMetric, { deals: [won], reading: 'closed', currency: 'USD' }).value; // => { amount: '200.00', currency: 'USD' }
 * ```
 * @category metrics
 */
export const salesVelocityMetric: Metric<'sales-velocity', SalesVelocityInput> = /* @__PURE__ */ defineMetric({
  id: 'sales-velocity',
  label: 'Sales velocity',
  formula: 'deals × win rate × average won deal / mean won cycle in days',
  unit: 'amount-per-day',
  choices: [PERIOD, { name: 'reading', default: 'required', meaning: 'closed: deals that closed; open: deals that are open now' }],
  whenUndefined: 'null, "no-closed-deals", "no-won-value", "no-measured-cycles" or "zero-cycle"',
  compute: (input: SalesVelocityInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const velocity = salesVelocity(deals, options as unknown as SalesVelocityOptions);
    return { value: velocity.value, numerator: null, denominator: null, n: velocity.n, ...reasonOf(velocity), details: { ...velocity.parts, ...setAside(velocity.issues) } };
  },
});

/**
 * Input of {@link stageConversionMetric}.
 *
 * @category metrics
 */
export type StageConversionInput = DealsInput &
  StageConversionOptions & {
    /** From which stage. */
    readonly stageId: string;
    /** Where there are several pipelines: of which. Default: the first that has the stage. */
    readonly pipelineId?: string;
  };

/**
 * Conversion from a stage, by a method that must be named: closed, cohort or incidence.
 *
 * @example
 * ```ts
 * import { computeMetric, stageConversionMetric } from 'dealwright/metrics';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * computeMetric(stageConversionMetric, { deals: [], method: 'closed', stageId: 'demo', pipeline: b2bPipeline, asOf: '2026-03-01' }).reason; // => 'no-deals'
 * ```
 * @category metrics
 */
export const stageConversionMetric: Metric<'stage-conversion', StageConversionInput> = /* @__PURE__ */ defineMetric({
  id: 'stage-conversion',
  label: 'Stage conversion',
  formula: 'deals that went on / deals that entered, by the method named',
  unit: 'ratio',
  choices: [
    HISTORY,
    { name: 'method', default: 'required', meaning: 'closed, cohort or incidence' },
    { name: 'entered', default: 'passed-through', meaning: 'passed-through or literal' },
    { name: 'target', default: 'won', meaning: 'won, or forward to a later stage' },
  ],
  whenUndefined: 'null, "no-deals" or "insufficient-history"',
  compute: (input: StageConversionInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { stageId, pipelineId, ...rest } = options;
    const table = stageConversion(deals, rest as unknown as StageConversionOptions);
    const row = stageOf(table.stages, stageId, pipelineId);
    const isRatio = table.method !== 'incidence';
    return {
      value: row.value,
      numerator: isRatio ? row.numerator : null,
      denominator: isRatio ? row.denominator : null,
      n: row.n,
      ...reasonOf(row),
      details: {
        method: table.method,
        entered: table.entered,
        target: table.target,
        lower: row.lower,
        upper: row.upper,
        open: row.open,
        pending: row.pending,
        ...setAside(table.issues),
      },
    };
  },
});

function stageOf<Row extends { readonly stageId: string; readonly pipelineId: string }>(rows: readonly Row[], stageId: unknown, pipelineId: unknown): Row {
  const found = rows.find((row) => row.stageId === stageId && (pipelineId === undefined || row.pipelineId === pipelineId));
  if (found !== undefined) return found;
  throw createDomainError('unknown_stage', ['stageId'], { expected: 'an open stage of the pipeline', received: stageId });
}

/**
 * Input of {@link stageVelocityMetric}.
 *
 * @category metrics
 */
export interface StageVelocityInput extends DealsInput, StageDurationsOptions {
  /** Which stage. */
  readonly stageId: string;
  /** Where there are several pipelines: of which. Default: the first that has the stage. */
  readonly pipelineId?: string;
}

/**
 * Stage velocity: the Kaplan–Meier median of days in a stage. Where the curve does not come down to a half, the value is `null` and `details.atLeastDays` is a lower bound.
 *
 * @example
 * ```ts
 * import { computeMetric, stageVelocityMetric } from 'dealwright/metrics';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * computeMetric(stageVelocityMetric, { deals: [], stageId: 'demo', pipeline: b2bPipeline, asOf: '2026-03-01' }).reason; // => 'no-stays'
 * ```
 * @category metrics
 */
export const stageVelocityMetric: Metric<'stage-velocity', StageVelocityInput> = /* @__PURE__ */ defineMetric({
  id: 'stage-velocity',
  label: 'Stage velocity',
  formula: 'median of days in the stage (Kaplan–Meier)',
  unit: 'days',
  choices: [HISTORY, { name: 'visits', default: 'each', meaning: 'every stay, or the first of each deal' }],
  whenUndefined: 'null, "not-reached" (with a lower bound), "no-stays" or "insufficient-history"',
  compute: (input: StageVelocityInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { stageId, pipelineId, ...rest } = options;
    const table = stageDurations(deals, rest as unknown as StageDurationsOptions);
    const row = stageOf(table.stages, stageId, pipelineId);
    const times = row.curve?.time ?? [];
    const details = { lower: row.median?.lower ?? null, upper: row.median?.upper ?? null, open: row.open, atLeastDays: times[times.length - 1] ?? null, ...setAside(table.issues) };
    const value = row.median?.time ?? null;
    return { value, numerator: null, denominator: null, n: row.n, ...(value === null ? { reason: row.reason ?? 'not-reached' } : {}), details };
  },
});

/**
 * Input of {@link slipRateMetric}.
 *
 * @category metrics
 */
export interface SlipRateInput extends DealsInput, PipelineSlippageOptions {
  /** By `count` (default) or by `value`. */
  readonly by?: 'count' | 'value';
}

/**
 * Slip rate: of what was due in a period, what was expected later at its end.
 *
 * @example
 * ```ts
 * import { computeMetric, slipRateMetric } from 'dealwright/metrics';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * computeMetric(slipRateMetric, { deals: [], period: '2026-Q1', pipeline: b2bPipeline, currency: 'USD' }).reason; // => 'nothing-due'
 * ```
 * @category metrics
 */
export const slipRateMetric: Metric<'slip-rate', SlipRateInput> = /* @__PURE__ */ defineMetric({
  id: 'slip-rate',
  label: 'Slip rate',
  formula: 'slipped out of the period / due in the period',
  unit: 'ratio',
  choices: [
    { name: 'by', default: 'count', meaning: 'count or value' },
    { name: 'from, to', default: 'start and end of the period', meaning: 'the two cuts' },
  ],
  whenUndefined: 'null, "nothing-due" or "no-value"',
  compute: (input: SlipRateInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { by, ...rest } = options;
    const issues: Issue[] = [];
    if (by !== undefined) checkOneOf(by, ['count', 'value'], ['by'], issues);
    throwIfIssues(issues);
    const slippage = pipelineSlippage(deals, rest as unknown as PipelineSlippageOptions);
    const rate = by === 'value' ? slippage.slipRateByValue : slippage.slipRate;
    const { value, numerator, denominator } = rate;
    return {
      value,
      numerator,
      denominator,
      n: slippage.deals.length,
      ...reasonOf(rate),
      details: { meanDaysSlipped: slippage.daysSlipped.meanDays, ...setAside(slippage.issues) },
    };
  },
});

/**
 * Input of {@link pushRateMetric}.
 *
 * @category metrics
 */
export interface PushRateInput extends DealsInput, Omit<PipelineHygieneOptions, 'rules' | 'thresholds'> {
  /** The cut. */
  readonly asOf: string;
}

/**
 * Push rate: the share of open deals whose expected close date was pushed out at least once.
 *
 * @example
 * ```ts
 * import { computeMetric, pushRateMetric } from 'dealwright/metrics';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * computeMetric(pushRateMetric, { deals: [], asOf: '2026-03-01', pipeline: b2bPipeline, currency: 'USD' }).reason; // => 'no-open-deals'
 * ```
 * @category metrics
 */
export const pushRateMetric: Metric<'push-rate', PushRateInput> = /* @__PURE__ */ defineMetric({
  id: 'push-rate',
  label: 'Push rate',
  formula: 'open deals pushed at least once / open deals with a history',
  unit: 'ratio',
  choices: [HISTORY],
  whenUndefined: 'null, "no-open-deals"',
  compute: (input: PushRateInput): MetricOutcome => {
    const { deals, options } = splitInput(input);
    const { asOf, ...rest } = options;
    const report = pipelineHygiene(deals, asOf as string, { ...rest, rules: [] } as unknown as PipelineHygieneOptions);
    const counts = report.deals.flatMap(({ pushCount }) => (pushCount === null ? [] : [pushCount]));
    const pushed = counts.filter((count) => count > 0).length;
    const parts = { numerator: pushed, denominator: counts.length, n: counts.length };
    const pushes = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length === 0) return { value: null, ...parts, reason: 'no-open-deals' };
    return { value: pushed / counts.length, ...parts, details: { pushes, pushesPerDeal: pushes / counts.length } };
  },
});

/**
 * Input of {@link pipelineCreationMetric}.
 *
 * @category metrics
 */
export interface PipelineCreationInput extends DealsInput, CalendarOptions {
  /** When deals were created. */
  readonly period: PeriodInput;
  /** How much was to be created: money, or a number of deals. */
  readonly target: Money | number;
  /** Exchange rates; a deal is converted at the rate of the day it is expected to close on, or closed on. */
  readonly rates?: RateSupply;
}

/**
 * Pipeline creation rate: what was created in a period, whatever became of it, against a target by value or by number of deals.
 *
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { computeMetric, pipelineCreationMetric } from 'dealwright/metrics';
 * const deals = [createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo', amount: money(300, 'USD'), createdOn: '2026-02-10' })];
 * computeMetric(pipelineCreationMetric, { deals, period: '2026-Q1', target: money(400, 'USD') }).value; // => 0.75
 * computeMetric(pipelineCreationMetric, { deals, period: '2026-Q1', target: 4 }).value; // => 0.25
 * ```
 * @category metrics
 */
export const pipelineCreationMetric: Metric<'pipeline-creation', PipelineCreationInput> = /* @__PURE__ */ defineMetric({
  id: 'pipeline-creation',
  label: 'Pipeline creation rate',
  formula: 'created in the period / target',
  unit: 'ratio',
  choices: [{ name: 'target', default: 'required', meaning: 'money: by value; a number: by number of deals' }],
  whenUndefined: 'null, "no-target", if the target is zero or less',
  compute: (input: PipelineCreationInput): MetricOutcome => {
    const reader = readInput(input, ['deals', 'period', 'calendar', 'target', 'rates']);
    const target = readAmount(reader, reader.record['target'], ['input', 'target']);
    const layout = checkLayout(reader.record['calendar'], ['calendar'], reader.issues);
    if (reader.record['period'] === undefined) reader.issues.push(createIssue('missing_key', ['input', 'period'], { expected: 'a period' }));
    const window = layout === undefined || reader.record['period'] === undefined ? undefined : checkRange(reader.record['period'], layout, ['input', 'period'], reader.issues);
    const list = checkList(reader.record['deals'], ['input', 'deals'], reader.issues) ?? [];
    finishReading(reader);
    const created = list.filter((deal) => {
      if (!isPlainRecord(deal) || deal['status'] === 'deleted' || typeof deal['createdOn'] !== 'string' || window === undefined) return false;
      const day = readEpochDay(deal['createdOn']);
      return day >= window.start && day < window.end;
    }) as readonly Deal<object>[];
    const n = created.length;
    if (reader.currency === null || reader.currency === undefined) {
      const parts = { numerator: n, denominator: Number(input.target), n };
      return exactSign(target) <= 0 ? { value: null, ...parts, reason: 'no-target' } : { value: n / Number(input.target), ...parts };
    }
    const { currency } = reader;
    const totals = pipelineTotals.finish(
      pipelineTotals.addAll(pipelineTotals.empty({ currency }), created, reader.record['rates'] === undefined ? {} : { rates: input.rates as RateSupply }),
    );
    const numerator = exactSum([totals.open, totals.won, totals.lost].map(({ value }) => exactFromCanonical(value.amount)));
    return {
      ...quotientOf(reader, numerator, target, { n, reason: 'no-target' }),
      details: { withoutAmount: totals.excluded.withoutAmount, withoutRate: totals.excluded.withoutRate, created: moneyOf(numerator, currency) },
    };
  },
});
