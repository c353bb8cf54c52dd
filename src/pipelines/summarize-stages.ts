import { DAY_MILLISECONDS, readEpochDay } from '../calendar/epoch-day.js';
import type { Deal } from '../deals/deal.js';
import type { AssumableDealField } from '../deals/deal-as-of.js';
import { dealAge } from '../deals/deal-days.js';
import type { EventTime } from '../deals/deal-event.js';
import { issuesOfDeal, looksLikeDeal } from '../deals/deal-guard.js';
import { EXACT_ZERO, type Exact, exactAdd, exactDivide, exactFromCanonical, exactMultiply, exactRound, exactSign, exactToNumber } from '../decimal/exact.js';
import { checkFraction, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { isDomainError } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { RateSupply } from '../money/find-rate.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkDeals, checkOptions, checkValuation, raise, type Valuation } from './call-options.js';
import { type Cut, checkCut, notRecorded, replayAt } from './cut.js';
import { type DealRow, readRow, readValue } from './deal-rows.js';
import { checkPipelines, type PipelineSource, unknownPipeline, unknownStage } from './find-pipeline.js';
import { stageOutcome, stageProbability } from './find-stage.js';
import type { Pipeline, Stage, StageKind } from './pipeline.js';

/**
 * Options of {@link summarizeStages}.
 *
 * @category pipelines
 */
export interface SummarizeStagesOptions<C extends string = string> {
  /** The pipeline, or several side by side. Deals of another one become issues. */
  readonly pipeline: PipelineSource;
  /** The currency of all values. */
  readonly currency: C;
  /** Exchange rates. A closed deal is converted at the rate of the day it closed on, an open one at the last rate known before `asOf`, or without it at that of the day it is expected to close on. */
  readonly rates?: RateSupply;
  /** The cut, exclusive: deals as they were then, from their histories. Without it, deals as they are now, and no ages. */
  readonly asOf?: EventTime;
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** With `asOf`: fields to take as they are now where a deal has no history. Otherwise a deal whose stage was not recorded becomes an issue. */
  readonly assumeUnchanged?: readonly AssumableDealField[];
}

/**
 * What lies in one stage.
 *
 * @category pipelines
 */
export interface StageSummary<C extends string = string> {
  /** The pipeline. */
  readonly pipelineId: string;
  /** The stage. */
  readonly stageId: string;
  /** Its label. */
  readonly label: string;
  /** Open, won or lost. */
  readonly outcome: StageKind;
  /** The stage's own probability, or `null` if it states none. */
  readonly probability: number | null;
  /** Number of deals. */
  readonly count: number;
  /** Exact sum of their values. */
  readonly value: Money<C>;
  /** Sum of value × probability, each deal rounded to the minor unit (half away from zero), so that the column adds up. Won counts in full, lost as 0. */
  readonly weighted: Money<C>;
  /** Deals whose value is in `value`. */
  readonly valued: number;
  /** Deals without an amount. */
  readonly withoutAmount: number;
  /** Deals whose amount could not be converted or read. */
  readonly withoutRate: number;
  /** Deals that have a value but neither they nor their stage a probability: not in `weighted`. */
  readonly withoutProbability: number;
  /** Share of the open deals (of a closed stage: of the closed ones) by count, over all pipelines given; `null` if there are none. */
  readonly shareOfCount: number | null;
  /** Share of their value; `null` if that is not above zero. */
  readonly shareOfValue: number | null;
  /** Mean age of its deals in days, from creation to `asOf` (of closed deals, to the close); `null` without `asOf` or if no age is known. */
  readonly meanAgeDays: number | null;
  /** Mean time its deals have been in this open stage, in days, up to `asOf`; `null` without `asOf`, for closed stages, or if no entry is recorded. */
  readonly meanDaysInStage: number | null;
}

/**
 * The deals of one outcome.
 *
 * @category pipelines
 */
export interface OutcomeSummary<C extends string = string> {
  /** Number of deals. */
  readonly count: number;
  /** Exact sum of their values. */
  readonly value: Money<C>;
  /** Sum of the weighted values. */
  readonly weighted: Money<C>;
}

/**
 * A pipeline stage by stage.
 *
 * @category pipelines
 */
export interface StageTable<C extends string = string> {
  /** The currency of all values. */
  readonly currency: C;
  /** The cut, or `null` for deals as they are now. */
  readonly asOf: EventTime | null;
  /** Every stage, also an empty one, in the order of the pipelines and their stages. */
  readonly stages: readonly StageSummary<C>[];
  /** The same by outcome. */
  readonly totals: {
    /** Open deals: the pipeline. */
    readonly open: OutcomeSummary<C>;
    /** Won deals. */
    readonly won: OutcomeSummary<C>;
    /** Lost deals. */
    readonly lost: OutcomeSummary<C>;
  };
  /** Deals that were set aside or not valued, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/**
 * The pipeline stage by stage: number of deals, value, weighted value, shares, and with `asOf` ages and time in stage.
 *
 * A deal counts in the stage it is in. Deleted deals do not count. A deal whose pipeline or stage is not known, or whose status contradicts its stage (won in an
 * open stage), is set aside with an issue. The probability of an open deal is its own if it has one, else that of its stage.
 *
 * @param deals - deals in any order
 * @param options - pipelines, currency, rates, cut
 * @returns one row per stage, totals, and what was set aside
 * @throws DomainError `invalid_type` | `missing_key` | `unknown_key` | `invalid_currency` | `invalid_instant` | `invalid_time_zone`, or what is wrong with a pipeline or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline, summarizeStages } from 'dealwright/pipelines';
 * const deals = [
 *   createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo', amount: money(1000, 'USD') }),
 *   createDeal({ id: 'b', pipelineId: 'b2b', stageId: 'demo', amount: money(500, 'USD'), probability: 0.9 }),
 *   createDeal({ id: 'c', pipelineId: 'b2b', stageId: 'discovery' }),
 * ];
 * const { stages, issues } = summarizeStages(deals, { pipeline: b2bPipeline, currency: 'USD' });
 * stages[3].stageId; // => 'demo'
 * [stages[3].count, stages[3].value.amount, stages[3].weighted.amount]; // => [2, '1500.00', '1050.00']
 * issues.map((issue) => [issue.code, issue.path]); // => [['missing_amount', [2, 'amount']]]
 * ```
 * @category pipelines
 */
export function summarizeStages<const C extends string>(deals: readonly Deal<object>[], options: SummarizeStagesOptions<C>): StageTable<C> {
  const wrongCall: IssueSink = [];
  const record = checkOptions(options, ['pipeline', 'currency', 'rates', 'asOf', 'timeZone', 'assumeUnchanged'], wrongCall);
  const list = checkDeals(deals, wrongCall);
  const pipelines = checkPipelines(record.pipeline, wrongCall);
  const valuation = checkValuation(record, wrongCall);
  const cut = checkOptionalCut(record, wrongCall);
  if (wrongCall.length > 0 || valuation === undefined) return raise(wrongCall);
  const issues: IssueSink = [];
  const tables = [...pipelines.values()].map((pipeline) => ({ pipeline, rows: pipeline.stages.map((stage) => newRow(pipeline, stage)) }));
  const rowOf = new Map(tables.map(({ pipeline, rows }) => [pipeline.id, new Map(rows.map((row) => [row.stage.id, row]))]));
  for (let index = 0; index < list.length; index += 1) {
    const facts = cut === undefined ? factsNow(list[index], index, issues) : factsAsOf(list[index], index, cut, issues);
    if (facts === undefined) continue;
    const pipelineId = String(facts.row.deal.pipelineId);
    const pipeline = pipelines.get(pipelineId);
    const row = rowOf.get(pipelineId)?.get(String(facts.row.deal.stageId));
    if (pipeline === undefined) issues.push(unknownPipeline(facts.row.deal.pipelineId, pipelines.keys(), [index, 'pipelineId']));
    else if (row === undefined) issues.push(unknownStage(facts.row.deal.stageId, pipeline, [index, 'stageId']));
    else if (row.outcome !== facts.row.status) {
      issues.push(createIssue('inconsistent_status', [index, 'status'], { expected: `"${row.outcome}", which stage "${row.stage.id}" is`, received: facts.row.status }));
    } else addDeal(row, facts, valuation, issues);
  }
  return tableOf(
    tables.flatMap(({ rows }) => rows),
    options.currency,
    cut?.asOf ?? null,
    issues,
  );
}

/** A stage under construction. */
interface StageRow {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  readonly outcome: StageKind;
  count: number;
  value: Exact;
  weighted: Exact;
  valued: number;
  withoutAmount: number;
  withoutRate: number;
  withoutProbability: number;
  readonly ages: MeanOf;
  readonly stays: MeanOf;
}

interface MeanOf {
  n: number;
  total: number;
}

function newRow(pipeline: Pipeline, stage: Stage): StageRow {
  const nothing = { count: 0, value: EXACT_ZERO, weighted: EXACT_ZERO, valued: 0, withoutAmount: 0, withoutRate: 0, withoutProbability: 0 };
  return { pipeline, stage, outcome: stageOutcome(stage), ...nothing, ages: { n: 0, total: 0 }, stays: { n: 0, total: 0 } };
}

/** What is known of a deal, now or at the cut. */
interface StageFacts {
  readonly row: DealRow;
  /** The day whose rates convert it. */
  readonly rateOn: unknown;
  readonly ageDays: number | null;
  readonly stayDays: number | null;
}

function factsNow(value: unknown, index: number, issues: IssueSink): StageFacts | undefined {
  const row = readRow(value, index, issues);
  if (row === undefined || row.status === 'deleted') return undefined;
  return { row, rateOn: row.status === 'open' ? row.deal.expectedCloseOn : row.deal.closedOn, ageDays: null, stayDays: null };
}

function checkOptionalCut(options: PlainRecord, issues: IssueSink): Cut | undefined {
  const { asOf, timeZone, assumeUnchanged } = options;
  if (asOf !== undefined) return checkCut(asOf, timeZone, assumeUnchanged, ['asOf'], issues);
  for (const key of ['timeZone', 'assumeUnchanged']) {
    if (options[key] !== undefined) issues.push(createIssue('missing_key', ['asOf'], { expected: `the cut to which "${key}" applies` }));
  }
  return undefined;
}

function factsAsOf(value: unknown, index: number, cut: Cut, issues: IssueSink): StageFacts | undefined {
  if (!looksLikeDeal(value)) {
    issues.push(...issuesOfDeal(value, [index]));
    return undefined;
  }
  const past = replayAt(value, index, cut, issues);
  if (past === undefined || past.existed === false) return undefined;
  const { state } = past;
  if (state === null || state.status === null || state.stageId === null) {
    if (state?.status !== 'deleted') issues.push(notRecorded(past, index));
    return undefined;
  }
  if (state.status === 'deleted') return undefined;
  const deal: PlainRecord = { pipelineId: value.pipelineId, stageId: state.stageId, amount: state.amount, probability: state.probability };
  const stayDays = state.status !== 'open' || state.stageEnteredAt === null ? null : daysBetween(state.stageEnteredAt, cut);
  return {
    row: { deal, index, status: state.status },
    rateOn: state.status === 'open' ? cut.lastDay : state.closedOn,
    ageDays: ageAt(value, index, cut, issues),
    stayDays,
  };
}

function ageAt(deal: Deal<object>, index: number, cut: Cut, issues: IssueSink): number | null {
  try {
    return dealAge(deal, cut.asOf, { timeZone: cut.timeZone }).days;
  } catch (error) {
    // A date that is none.
    if (!isDomainError(error)) throw error;
    issues.push(...error.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    return null;
  }
}

/** Whole days between two dates, otherwise elapsed time. */
function daysBetween(start: EventTime, cut: Cut): number {
  const days = readEpochDay(cut.asOf) - readEpochDay(start);
  return Number.isNaN(days) ? (cut.timeOf(cut.asOf) - cut.timeOf(start)) / DAY_MILLISECONDS : days;
}

function addDeal(row: StageRow, facts: StageFacts, valuation: Valuation, issues: IssueSink): void {
  row.count += 1;
  if (facts.ageDays !== null) addTo(row.ages, facts.ageDays);
  if (facts.stayDays !== null) addTo(row.stays, facts.stayDays);
  const value = readValue(facts.row, facts.rateOn, valuation, issues);
  if (value === 'no-amount') row.withoutAmount += 1;
  else if (typeof value === 'string') row.withoutRate += 1;
  else {
    row.value = exactAdd(row.value, value);
    row.valued += 1;
    const probability = probabilityOf(facts.row, row, issues);
    if (probability === null) row.withoutProbability += 1;
    else row.weighted = exactAdd(row.weighted, exactRound(exactMultiply(value, probability), { scale: valuation.exponent }));
  }
}

function addTo(mean: MeanOf, value: number): void {
  mean.n += 1;
  mean.total += value;
}

function probabilityOf({ deal, index }: DealRow, row: StageRow, issues: IssueSink): Exact | null {
  const own = row.outcome === 'open' && deal.probability !== null && deal.probability !== undefined ? checkFraction(deal.probability, [index, 'probability'], issues) : null;
  if (own === undefined) return null;
  const probability = own ?? stageProbability(row.stage);
  if (probability !== null) return exactProbability(probability);
  issues.push(createIssue('unknown_probability', [index, 'probability'], { expected: 'a probability of the deal or of its stage' }));
  return null;
}

/** A float64 probability as a decimal of at most 12 digits, so that weighted values are exact products. */
export function exactProbability(probability: number): Exact {
  return exactFromCanonical(probability.toFixed(12).replace(/\.?0+$/, ''));
}

function tableOf<C extends string>(rows: readonly StageRow[], currency: C, asOf: EventTime | null, issues: readonly Issue[]): StageTable<C> {
  const totals = { open: totalOf(rows, 'open'), won: totalOf(rows, 'won'), lost: totalOf(rows, 'lost') };
  const closed = { count: totals.won.count + totals.lost.count, value: exactAdd(totals.won.value, totals.lost.value) };
  const stages = rows.map((row): StageSummary<C> => {
    const group = row.outcome === 'open' ? totals.open : closed;
    return {
      pipelineId: row.pipeline.id,
      stageId: row.stage.id,
      label: row.stage.label,
      outcome: row.outcome,
      probability: stageProbability(row.stage),
      count: row.count,
      value: moneyOf(row.value, currency),
      weighted: moneyOf(row.weighted, currency),
      valued: row.valued,
      withoutAmount: row.withoutAmount,
      withoutRate: row.withoutRate,
      withoutProbability: row.withoutProbability,
      shareOfCount: group.count === 0 ? null : row.count / group.count,
      shareOfValue: exactSign(group.value) <= 0 ? null : exactToNumber(exactDivide(row.value, group.value, { scale: 20 })),
      meanAgeDays: meanOf(row.ages),
      meanDaysInStage: meanOf(row.stays),
    };
  });
  const summary = (total: { readonly count: number; readonly value: Exact; readonly weighted: Exact }): OutcomeSummary<C> => ({
    count: total.count,
    value: moneyOf(total.value, currency),
    weighted: moneyOf(total.weighted, currency),
  });
  return { currency, asOf, stages, totals: { open: summary(totals.open), won: summary(totals.won), lost: summary(totals.lost) }, issues };
}

function totalOf(rows: readonly StageRow[], outcome: StageKind): { readonly count: number; readonly value: Exact; readonly weighted: Exact } {
  const of = rows.filter((row) => row.outcome === outcome);
  return {
    count: of.reduce((sum, row) => sum + row.count, 0),
    value: of.reduce((sum, row) => exactAdd(sum, row.value), EXACT_ZERO),
    weighted: of.reduce((sum, row) => exactAdd(sum, row.weighted), EXACT_ZERO),
  };
}

function meanOf({ n, total }: MeanOf): number | null {
  return n === 0 ? null : total / n;
}
