import { readEpochDay } from '../calendar/epoch-day.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { EXACT_ZERO, type Exact, exactAdd, exactRound, exactSign } from '../decimal/exact.js';
import { checkList, checkNumber, checkOneOf, checkRecord, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkDeals, raise } from './call-options.js';
import { type Cut, checkCut } from './cut.js';
import { dealLifetimes } from './deal-lifetimes.js';
import { dayOf, daysBetween } from './deal-path.js';
import { readValue } from './deal-rows.js';
import { stageProbability } from './find-stage.js';
import { checkScope, type PipelineScope, type PipelineScopeOptions, readScopeDeal, scopedAt, stageOf } from './pipeline-scope.js';
import { type StallThreshold, stallThresholds } from './stage-durations.js';

/**
 * What can be wrong with an open deal.
 *
 * - `no-amount`, `zero-amount`, `no-owner`, `no-close-date`: a field is empty
 * - `overdue`: the expected close date has passed
 * - `no-next-step`: no activity is planned at or after the cut
 * - `quiet`: no activity for longer than `quietDays`
 * - `stalled`: longer in the stage than most deals that went on from it (learned from history, see {@link stallThresholds})
 * - `past-stage-limit`, `rotten`: longer in the stage than the pipeline's `maximumDays`, `rottenDays` say
 * - `pushed`: the close date was pushed out `pushes` times or more
 * - `old`: older than `ageFactor` times the median time to win
 *
 * @category pipelines
 */
export type HygieneRule =
  | 'no-amount'
  | 'zero-amount'
  | 'no-owner'
  | 'no-close-date'
  | 'overdue'
  | 'no-next-step'
  | 'quiet'
  | 'stalled'
  | 'past-stage-limit'
  | 'rotten'
  | 'pushed'
  | 'old';

/**
 * Every {@link HygieneRule}, in the order of reports.
 *
 * @category pipelines
 */
export const HYGIENE_RULES: readonly HygieneRule[] = [
  'no-amount',
  'zero-amount',
  'no-owner',
  'no-close-date',
  'overdue',
  'no-next-step',
  'quiet',
  'stalled',
  'past-stage-limit',
  'rotten',
  'pushed',
  'old',
];

/**
 * Options of {@link pipelineHygiene}.
 *
 * @category pipelines
 */
export interface PipelineHygieneOptions<C extends string = string> extends PipelineScopeOptions<C> {
  /** Which rules are applied. Default: all. */
  readonly rules?: readonly HygieneRule[];
  /** After how many days in a stage a deal counts as stalled. Default: learned from the deals passed, as far as their history reaches. */
  readonly thresholds?: readonly StallThreshold[];
  /** Median time to win in days, for `old`. Default: learned from the deals passed, open ones considered. */
  readonly medianDaysToWin?: number;
  /** How many times the median is old. Default 2. */
  readonly ageFactor?: number;
  /** From how many pushes on a deal is reported. Default 3. */
  readonly pushes?: number;
  /** How many days without an activity are quiet. Default 30. */
  readonly quietDays?: number;
}

/**
 * One thing that is wrong with a deal.
 *
 * @category pipelines
 */
export interface HygieneFinding {
  /** Which rule. */
  readonly rule: HygieneRule;
  /** What was measured: days overdue, days in the stage, number of pushes; `null` where nothing is measured. */
  readonly measured: number | null;
  /** The limit it was compared with; `null` where there is none. */
  readonly limit: number | null;
}

/**
 * An open deal and what is wrong with it.
 *
 * @category pipelines
 */
export interface HygieneRow<C extends string = string> {
  /** The deal. */
  readonly dealId: string;
  /** The pipeline it runs through. */
  readonly pipelineId: string;
  /** The stage it was in. */
  readonly stageId: string;
  /** Who owned it; `null` if nobody or not known. */
  readonly ownerId: string | null;
  /** Its value, rounded to the minor unit; `null` if not known. */
  readonly value: Money<C> | null;
  /** Its own probability, else that of its stage; `null` if neither is known. */
  readonly probability: number | null;
  /** When it was expected to close; `null` if not known. */
  readonly expectedCloseOn: PlainDate | null;
  /** Whole days since creation; `null` if not known. */
  readonly ageDays: number | null;
  /** Days since it entered its stage; `null` if not known. */
  readonly daysInStage: number | null;
  /** After how many days it counts as stalled there; `null` if not known. */
  readonly stallDays: number | null;
  /** How often its close date was pushed out; `null` without a history. */
  readonly pushCount: number | null;
  /** Days since its latest activity; `null` if there was none. */
  readonly quietDays: number | null;
  /** When its next activity is planned; `null` if none is. */
  readonly nextActivityAt: EventTime | null;
  /** What is wrong, in the order of the rules; empty for a clean deal. */
  readonly findings: readonly HygieneFinding[];
}

/**
 * How clean a pipeline is.
 *
 * @category pipelines
 */
export interface PipelineHygiene<C extends string = string> {
  /** The cut. */
  readonly asOf: EventTime;
  /** The currency of all values. */
  readonly currency: C;
  /** Every open deal, also a clean one, in the order of their ids. */
  readonly deals: readonly HygieneRow<C>[];
  /** Deals and value by rule, every rule that was applied. */
  readonly rules: readonly { readonly rule: HygieneRule; readonly deals: number; readonly value: Money<C> }[];
  /** Share of deals without a finding; `null` if there are none. */
  readonly cleanShare: number | null;
  /** The stall thresholds that were used. */
  readonly thresholds: readonly StallThreshold[];
  /** The median time to win that was used; `null` if none is known. */
  readonly medianDaysToWin: number | null;
  /** Deals that were set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

const KEYS: readonly string[] = ['rules', 'thresholds', 'medianDaysToWin', 'ageFactor', 'pushes', 'quietDays'];

/** A hygiene call, read. */
interface HygieneCall {
  readonly scope: PipelineScope;
  readonly cut: Cut;
  readonly rules: readonly HygieneRule[];
  readonly thresholds: readonly StallThreshold[];
  readonly medianDaysToWin: number | null;
  readonly ageFactor: number;
  readonly pushes: number;
  readonly quietDays: number;
}

/**
 * A hygiene report: every open deal with what is wrong with it. Nothing that happened at or after the cut has any influence, except that an activity dated there counts as planned.
 *
 * What "stalled" and "old" mean is learned from the history of the deals that are passed, with deals still open taken into account, not set by a fixed number of days: pass closed deals too.
 *
 * @param deals - all deals with their histories: the open ones are reported, all of them are learned from
 * @param asOf - the cut, exclusive
 * @param options - pipelines, currency, owners, rules, limits
 * @returns a row for each open deal, totals by rule, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_type` | `invalid_value` | `out_of_range` | `invalid_currency` | `invalid_instant` | `invalid_period` | `invalid_time_zone`, or what is wrong with a pipeline or the rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline, pipelineHygiene } from 'dealwright/pipelines';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'demo', amount: money(900, 'USD'), createdOn: '2026-01-05', expectedCloseOn: '2026-03-01', ownerId: 'zoe',
 *   history: [{ type: 'created', at: '2026-01-05', stageId: 'demo', amount: money(900, 'USD'), expectedCloseOn: '2026-03-01', ownerId: 'zoe' }],
 * });
 * const { deals } = pipelineHygiene([deal], '2026-04-01', { pipeline: b2bPipeline, currency: 'USD', rules: ['overdue', 'no-next-step'] });
 * deals[0].findings; // => [{ rule: 'overdue', measured: 31, limit: 0 }, { rule: 'no-next-step', measured: null, limit: null }]
 * ```
 * @category pipelines
 */
export function pipelineHygiene<const C extends string>(deals: readonly Deal<object>[], asOf: EventTime, options: PipelineHygieneOptions<C>): PipelineHygiene<C> {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const { record, scope } = checkScope(options, KEYS, wrongCall);
  const cut = checkCut(asOf, record.timeZone, record.assumeUnchanged, ['asOf'], wrongCall);
  const rules = record.rules === undefined ? HYGIENE_RULES : readRules(record.rules, wrongCall);
  const limit = (key: string, otherwise: number): number =>
    record[key] === undefined ? otherwise : (checkNumber(record[key], [key], wrongCall, { min: 0, max: 1e6 }) ?? otherwise);
  const limits = { ageFactor: limit('ageFactor', 2), pushes: limit('pushes', 3), quietDays: limit('quietDays', 30) };
  const given = record.thresholds === undefined ? undefined : readThresholds(record.thresholds, wrongCall);
  const median = record.medianDaysToWin === undefined ? undefined : limit('medianDaysToWin', 0);
  if (wrongCall.length > 0 || scope === undefined || cut === undefined) return raise(wrongCall);
  const history = { pipeline: options.pipeline, asOf, timeZone: cut.timeZone };
  const thresholds = given ?? (rules.includes('stalled') ? stallThresholds(deals, history) : []);
  const medianDaysToWin = median ?? (rules.includes('old') ? (dealLifetimes(deals, history).timeToWin?.medianDays ?? null) : null);
  const call: HygieneCall = { scope, cut, rules, thresholds, medianDaysToWin, ...limits };
  const issues: IssueSink = [];
  const { currency } = options;
  const rows: HygieneRow<C>[] = [];
  const totals = new Map<HygieneRule, { deals: number; value: Exact }>(rules.map((rule) => [rule, { deals: 0, value: EXACT_ZERO }]));
  for (let index = 0; index < list.length; index += 1) {
    const found = readHygiene(list[index], index, call, issues);
    if (found === undefined) continue;
    rows.push({ ...found.row, value: found.value === null ? null : moneyOf(found.value, currency) });
    for (const { rule } of found.row.findings) {
      const total = totals.get(rule);
      if (total === undefined) continue;
      total.deals += 1;
      if (found.value !== null) total.value = exactAdd(total.value, found.value);
    }
  }
  rows.sort((a, b) => (a.dealId < b.dealId ? -1 : a.dealId > b.dealId ? 1 : 0));
  return {
    asOf: cut.asOf,
    currency,
    deals: rows,
    rules: [...totals].map(([rule, total]) => ({ rule, deals: total.deals, value: moneyOf(total.value, currency) })),
    cleanShare: rows.length === 0 ? null : rows.filter(({ findings }) => findings.length === 0).length / rows.length,
    thresholds,
    medianDaysToWin,
    issues,
  };
}

function readRules(value: unknown, issues: IssueSink): readonly HygieneRule[] {
  const wanted = new Set((checkList(value, ['rules'], issues) ?? []).slice(0, 1_000).map((rule, at) => checkOneOf(rule, HYGIENE_RULES, ['rules', at], issues)));
  return HYGIENE_RULES.filter((rule) => wanted.has(rule));
}

function readThresholds(value: unknown, issues: IssueSink): readonly StallThreshold[] {
  const list = checkList(value, ['thresholds'], issues) ?? [];
  for (const [at, entry] of list.slice(0, 10_000).entries()) {
    const record = checkRecord(entry, ['thresholds', at], issues, 'a threshold');
    if (record === undefined) continue;
    for (const name of ['pipelineId', 'stageId']) if (typeof record[name] !== 'string') checkOneOf(record[name], ['an id'], ['thresholds', at, name], issues);
    if (record.days !== null) checkNumber(record.days, ['thresholds', at, 'days'], issues, { min: 0 });
  }
  // Only the three fields checked are read; the list is handed back as it came.
  return list as readonly StallThreshold[];
}

function readHygiene(item: unknown, index: number, call: HygieneCall, issues: IssueSink): { readonly row: Omit<HygieneRow, 'value'>; readonly value: Exact | null } | undefined {
  const { scope, cut } = call;
  const deal = readScopeDeal(item, index, scope, issues);
  const past = deal === undefined ? undefined : scopedAt(deal, index, cut, scope, issues);
  if (deal === undefined || past === undefined || past.scoped.place !== 'in' || past.scoped.stageId === null) return undefined;
  const { amount, stageId, ownerId, probability } = past.scoped;
  const expectedCloseOn = readableDay(past.scoped.expectedCloseOn, index, issues);
  const stage = stageOf(deal, stageId, scope);
  // What a hygiene report is about is no issue of the call.
  const read = amount === null ? 'no-amount' : readValue({ deal: { amount }, index, status: 'open' }, cut.lastDay, scope.valuation, issues);
  const value = typeof read === 'string' ? null : exactRound(read, { scale: scope.valuation.exponent });
  const entered = past.state?.stageEnteredAt ?? null;
  const createdOn = deal.createdOn;
  const created = createdOn === null ? Number.NaN : readEpochDay(createdOn);
  const today = dayOf(cut.asOf, cut);
  const activity = activitiesOf(deal, cut);
  const stallDays = call.thresholds.find((threshold) => threshold.pipelineId === deal.pipelineId && threshold.stageId === stageId)?.days ?? null;
  const facts = {
    dealId: deal.id,
    pipelineId: deal.pipelineId,
    stageId,
    ownerId,
    probability: probability ?? (stage === undefined ? null : stageProbability(stage)),
    expectedCloseOn,
    ageDays: Number.isNaN(created) ? null : today - created,
    daysInStage: entered === null ? null : daysBetween(entered, cut.asOf, cut),
    stallDays,
    pushCount: past.state?.pushCount ?? null,
    ...activity,
  };
  const findings: HygieneFinding[] = [];
  const report = (rule: HygieneRule, isBroken: boolean, measured: number | null = null, limit: number | null = null): void => {
    if (isBroken && call.rules.includes(rule)) findings.push({ rule, measured, limit });
  };
  const longer = (days: number | null, limit: number | null | undefined): boolean => days !== null && limit !== null && limit !== undefined && days > limit;
  const overdue = expectedCloseOn === null ? 0 : today - readEpochDay(expectedCloseOn);
  const oldDays = call.medianDaysToWin === null ? null : call.medianDaysToWin * call.ageFactor;
  report('no-amount', amount === null);
  report('zero-amount', value !== null && exactSign(value) === 0, 0);
  report('no-owner', ownerId === null);
  report('no-close-date', expectedCloseOn === null);
  report('overdue', overdue > 0, overdue, 0);
  report('no-next-step', activity.nextActivityAt === null);
  report('quiet', activity.quietDays === null || activity.quietDays > call.quietDays, activity.quietDays, call.quietDays);
  report('stalled', longer(facts.daysInStage, stallDays), facts.daysInStage, stallDays);
  report('past-stage-limit', longer(facts.daysInStage, stage?.maximumDays), facts.daysInStage, stage?.maximumDays ?? null);
  report('rotten', longer(facts.daysInStage, stage?.rottenDays), facts.daysInStage, stage?.rottenDays ?? null);
  report('pushed', facts.pushCount !== null && facts.pushCount >= call.pushes, facts.pushCount, call.pushes);
  report('old', longer(facts.ageDays, oldDays), facts.ageDays, oldDays);
  return { row: { ...facts, findings }, value };
}

/** A date that is one; null with an issue if it is not. */
function readableDay(date: PlainDate | null, index: number, issues: IssueSink): PlainDate | null {
  if (date === null || !Number.isNaN(readEpochDay(date))) return date;
  issues.push(createIssue('invalid_date', [index, 'expectedCloseOn'], { expected: 'a date', received: date }));
  return null;
}

/** The latest activity before the cut and the first one planned. */
function activitiesOf(deal: Deal<object>, cut: Cut): { readonly quietDays: number | null; readonly nextActivityAt: EventTime | null } {
  const list: unknown = deal.activities;
  let latest = Number.NEGATIVE_INFINITY;
  let latestAt: EventTime | undefined;
  let next = Number.POSITIVE_INFINITY;
  let nextActivityAt: EventTime | null = null;
  for (const activity of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    const record: PlainRecord | undefined = isPlainRecord(activity) ? activity : undefined;
    if (typeof record?.at !== 'string') continue;
    const time = cut.timeOf(record.at);
    if (time < cut.time && time > latest) {
      latest = time;
      latestAt = record.at;
    } else if (time >= cut.time && time < next) {
      next = time;
      nextActivityAt = record.at;
    }
  }
  return { quietDays: latestAt === undefined ? null : daysBetween(latestAt, cut.asOf, cut), nextActivityAt };
}
