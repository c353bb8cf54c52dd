/*
 * The options of a pipeline forecast, read and checked once per call. Not a public entry.
 */
import { fromEpochDay } from '../../calendar/epoch-day.js';
import { checkLayout } from '../../calendar/fiscal-layout.js';
import type { Period } from '../../calendar/period.js';
import { checkRange } from '../../calendar/period-input.js';
import { exactFromCanonical, exactToNumber } from '../../decimal/exact.js';
import { checkFraction, checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink, isReservedKey, type PlainRecord } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import { readMoney } from '../../money/read-money.js';
import { checkDeals, checkOptions, checkValuation, raise, type Valuation } from '../../pipelines/call-options.js';
import { type Cut, checkCut } from '../../pipelines/cut.js';
import { checkPipelines } from '../../pipelines/find-pipeline.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { forecastCategoriesOf } from '../../pipelines/validate-pipeline.js';
import { checkCategories } from './cumulate-categories.js';
import type { OverduePolicy, ProbabilitySource, UnrecordedPolicy } from './pipeline-forecast.js';
import type { WinProbabilityModel } from './probability-options.js';

/** Everything a forecast needs to know beside the deals. */
export interface ForecastSettings {
  readonly deals: readonly unknown[];
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly period: Period;
  /** The same in epoch days, half-open. */
  readonly start: number;
  readonly end: number;
  readonly cut: Cut;
  readonly valuation: Valuation;
  readonly quota: number | null;
  readonly byStage: ReadonlyMap<string, number>;
  readonly model: WinProbabilityModel | undefined;
  readonly order: readonly ProbabilitySource[];
  readonly categories: readonly string[];
  readonly levels: readonly number[];
  readonly includeOverdue: OverduePolicy;
  readonly unrecorded: UnrecordedPolicy;
}

const KEYS = ['pipeline', 'period', 'calendar', 'asOf', 'timeZone', 'currency', 'rates', 'quota', 'probabilities', 'includeOverdue', 'unrecorded', 'categories', 'levels'] as const;
const SOURCES = ['deal', 'model', 'override', 'stage'] as const satisfies readonly ProbabilitySource[];
const OVERDUE = ['in-period', 'all', 'none'] as const satisfies readonly OverduePolicy[];
const UNRECORDED = ['as-recorded', 'set-aside'] as const satisfies readonly UnrecordedPolicy[];
const ALL_FIELDS = ['stageId', 'amount', 'probability', 'expectedCloseOn', 'ownerId', 'forecastCategory', 'splits'] as const;
const MAX_LEVELS = 1_000;

/** Reads the whole call; throws one error with everything that is wrong. */
export function readSettings(deals: unknown, options: unknown): ForecastSettings {
  const issues: IssueSink = [];
  const record = checkOptions(options, KEYS, issues);
  const list = checkDeals(deals, issues);
  const pipelines = checkPipelines(record.pipeline, issues);
  const period = readPeriodOption(record, issues);
  const unrecorded = record.unrecorded === undefined ? 'as-recorded' : checkOneOf(record.unrecorded, UNRECORDED, ['unrecorded'], issues);
  const cut = checkCut(record.asOf, record.timeZone, unrecorded === 'as-recorded' ? ALL_FIELDS : undefined, ['asOf'], issues);
  const valuation = checkValuation(record, issues);
  const quota = readQuota(record.quota, valuation, issues);
  const probabilities = readProbabilities(record.probabilities, pipelines, issues);
  const includeOverdue = record.includeOverdue === undefined ? 'in-period' : checkOneOf(record.includeOverdue, OVERDUE, ['includeOverdue'], issues);
  const categories = readCategories(record.categories, pipelines, issues);
  const levels = readLevels(record.levels, issues);
  if (
    issues.length > 0 ||
    period === undefined ||
    cut === undefined ||
    valuation === undefined ||
    probabilities === undefined ||
    includeOverdue === undefined ||
    unrecorded === undefined ||
    categories === undefined
  ) {
    return raise(issues);
  }
  return { deals: list, pipelines, ...period, cut, valuation, quota, ...probabilities, categories, levels, includeOverdue, unrecorded };
}

function readPeriodOption(record: PlainRecord, issues: IssueSink): Pick<ForecastSettings, 'period' | 'start' | 'end'> | undefined {
  const layout = checkLayout(record.calendar, ['calendar'], issues);
  if (record.period === undefined) {
    issues.push(createIssue('missing_key', ['period'], { expected: 'a period: its label, or { start, endExclusive }' }));
    return undefined;
  }
  const range = layout === undefined ? undefined : checkRange(record.period, layout, ['period'], issues);
  if (range === undefined) return undefined;
  if (range.start === range.end) {
    issues.push(createIssue('empty_period', ['period'], { expected: 'at least one day', received: record.period }));
    return undefined;
  }
  const start = fromEpochDay(range.start);
  const endExclusive = fromEpochDay(range.end);
  return { period: { start, endExclusive, label: range.label ?? `${start}/${endExclusive}` }, start: range.start, end: range.end };
}

/** A number in the currency of the forecast, or an amount of money in it. */
function readQuota(value: unknown, valuation: Valuation | undefined, issues: IssueSink): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return checkNumber(value, ['quota'], issues, { min: -1e100, max: 1e100 }) ?? null;
  const money = readMoney(value, ['quota']);
  if (Array.isArray(money)) {
    issues.push(...money);
    return null;
  }
  if (valuation !== undefined && money.currency !== valuation.currency) {
    issues.push(createIssue('currency_mismatch', ['quota', 'currency'], { expected: `"${valuation.currency}"`, received: money.currency }));
  }
  return exactToNumber(exactFromCanonical(money.amount));
}

function readProbabilities(value: unknown, pipelines: ReadonlyMap<string, Pipeline>, issues: IssueSink): Pick<ForecastSettings, 'byStage' | 'model' | 'order'> | undefined {
  const byStage = new Map<string, number>();
  if (value === undefined) return { byStage, model: undefined, order: SOURCES };
  const path = ['probabilities'];
  const record = checkRecord(value, path, issues, '{ byStage?, model?, order? }');
  if (record === undefined) return undefined;
  checkKeys(record, ['byStage', 'model', 'order'], path, issues);
  const stages = record.byStage === undefined ? {} : checkRecord(record.byStage, [...path, 'byStage'], issues, 'probabilities by stage id');
  const known = new Set([...pipelines.values()].flatMap((pipeline) => pipeline.stages.map((stage) => stage.id)));
  for (const id of Object.keys(stages ?? {})) {
    if (isReservedKey(id)) issues.push(createIssue('reserved_key', [...path, 'byStage', id], { received: id }));
    else if (pipelines.size > 0 && !known.has(id))
      issues.push(createIssue('unknown_stage', [...path, 'byStage', id], { expected: 'a stage of the pipelines given', received: id }));
    const probability = checkFraction(stages?.[id], [...path, 'byStage', id], issues);
    if (probability !== undefined) byStage.set(id, probability);
  }
  return { byStage, model: readModel(record.model, issues), order: readOrder(record.order, issues) };
}

function readModel(value: unknown, issues: IssueSink): WinProbabilityModel | undefined {
  if (value === undefined) return undefined;
  const path = ['probabilities', 'model'];
  const record = checkRecord(value, path, issues, '{ name, probabilityOf }');
  if (record === undefined) return undefined;
  checkKeys(record, ['name', 'probabilityOf'], path, issues);
  const name = checkId(record.name, [...path, 'name'], issues);
  const { probabilityOf } = record;
  if (typeof probabilityOf !== 'function') {
    issues.push(createIssue('invalid_type', [...path, 'probabilityOf'], { expected: 'a function', received: probabilityOf }));
    return undefined;
  }
  // A function by the line above; what it returns is checked for every deal.
  return name === undefined ? undefined : { name, probabilityOf: probabilityOf as WinProbabilityModel['probabilityOf'] };
}

function readOrder(value: unknown, issues: IssueSink): readonly ProbabilitySource[] {
  if (value === undefined) return SOURCES;
  const path = ['probabilities', 'order'];
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of sources' }) ?? [];
  const order: ProbabilitySource[] = [];
  for (let index = 0; index < Math.min(list.length, 10); index += 1) {
    const source = checkOneOf(list[index], SOURCES, [...path, index], issues);
    if (source === undefined) continue;
    if (order.includes(source)) issues.push(createIssue('duplicate_id', [...path, index], { expected: 'every source once', received: source }));
    else order.push(source);
  }
  return order;
}

/** The order given, or that of the pipelines where they agree. */
function readCategories(value: unknown, pipelines: ReadonlyMap<string, Pipeline>, issues: IssueSink): readonly string[] | undefined {
  if (value !== undefined) return checkCategories(value, ['categories'], issues);
  const orders = [...pipelines.values()].map((pipeline) => forecastCategoriesOf(pipeline).filter((category) => category !== 'omitted'));
  const [first] = orders;
  if (first === undefined) return undefined;
  if (orders.every((order) => order.length === first.length && order.every((category, index) => category === first[index]))) return first;
  issues.push(createIssue('missing_key', ['categories'], { expected: 'one order of categories, since the pipelines have different ones' }));
  return undefined;
}

function readLevels(value: unknown, issues: IssueSink): readonly number[] {
  if (value === undefined) return [0.1, 0.5, 0.9];
  const list = checkList(value, ['levels'], issues, { expected: 'a list of probabilities' }) ?? [];
  if (list.length > MAX_LEVELS) {
    issues.push(createIssue('too_long', ['levels'], { expected: `at most ${MAX_LEVELS} levels`, received: list }));
    return [];
  }
  const levels = new Set<number>();
  for (let index = 0; index < list.length; index += 1) {
    const level = checkFraction(list[index], ['levels', index], issues);
    if (level !== undefined) levels.add(level);
  }
  return [...levels].sort((a, b) => a - b);
}
