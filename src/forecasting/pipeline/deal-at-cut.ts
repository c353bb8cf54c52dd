/*
 * What each deal was at the cut, and whether it counts in the period. Not a public entry.
 */
import { readEpochDay } from '../../calendar/epoch-day.js';
import { readPlainDate } from '../../calendar/plain-date.js';
import type { Deal } from '../../deals/deal.js';
import { issuesOfDeal, looksLikeDeal } from '../../deals/deal-guard.js';
import type { DealState } from '../../deals/deal-state.js';
import { exactFromCanonical, exactMultiply, exactRound, exactToNumber } from '../../decimal/exact.js';
import type { IssueSink } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import { missingRate } from '../../money/convert-money.js';
import { readMoney } from '../../money/read-money.js';
import { notRecorded, replayAt } from '../../pipelines/cut.js';
import { unknownPipeline, unknownStage } from '../../pipelines/find-pipeline.js';
import { stageForecastCategory, stageOutcome } from '../../pipelines/find-stage.js';
import type { Pipeline, Stage } from '../../pipelines/pipeline.js';
import type { ForecastSettings } from './forecast-options.js';

/** The fields of a deal at the cut that a forecast reads. */
export type StateAtCut = Pick<DealState, 'status' | 'stageId' | 'amount' | 'probability' | 'expectedCloseOn' | 'closedOn' | 'forecastCategory' | 'ownerId' | 'splits'>;

/** A deal won in the period. */
export interface WonDeal {
  readonly outcome: 'won';
  readonly amount: number;
  readonly isConverted: boolean;
}

/** A deal open at the cut that counts in the period. */
export interface OpenDeal {
  readonly outcome: 'open';
  readonly deal: Deal<object>;
  readonly index: number;
  readonly state: StateAtCut;
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  readonly category: string;
  readonly amount: number;
  readonly isConverted: boolean;
  readonly isOverdue: boolean;
  readonly isUnrecorded: boolean;
}

/** A deal that counts nowhere: `omitted` by its category, `set-aside` with an issue, or `outside` of what is asked. */
export interface UncountedDeal {
  readonly outcome: 'omitted' | 'set-aside' | 'outside';
}

const OUTSIDE: UncountedDeal = { outcome: 'outside' };
const SET_ASIDE: UncountedDeal = { outcome: 'set-aside' };

/** Places one deal. Whatever keeps it from being counted though it should be is an issue. */
export function placeDeal(value: unknown, index: number, settings: ForecastSettings, issues: IssueSink): WonDeal | OpenDeal | UncountedDeal {
  if (!looksLikeDeal(value)) {
    issues.push(...issuesOfDeal(value, [index]));
    return SET_ASIDE;
  }
  if (value.status === 'deleted' && value.history.length === 0) return OUTSIDE;
  const past = stateAtCut(value, index, settings, issues);
  if (past === undefined) return SET_ASIDE;
  const { state } = past;
  if (state === null || state.status === 'lost' || state.status === 'deleted') return OUTSIDE;
  return state.status === 'won' ? placeWon(state, index, settings, issues) : placeOpen(value, index, state, past.isUnrecorded, settings, issues);
}

interface Past {
  /** Null: the deal did not exist yet. */
  readonly state: StateAtCut | null;
  /** Whether it was taken as it stands in the record. */
  readonly isUnrecorded: boolean;
}

function stateAtCut(deal: Deal<object>, index: number, settings: ForecastSettings, issues: IssueSink): Past | undefined {
  if (deal.history.length === 0 && settings.unrecorded === 'as-recorded') return recordAtCut(deal, index, settings, issues);
  const past = replayAt(deal, index, settings.cut, issues);
  if (past === undefined) return undefined;
  if (past.existed === false) return { state: null, isUnrecorded: false };
  const { state } = past;
  if (state !== null && (state.status === 'lost' || state.status === 'deleted')) return { state, isUnrecorded: false };
  if (state?.status === 'won') return { state, isUnrecorded: false };
  if (state === null || state.status === null || state.stageId === null) {
    issues.push(notRecorded(past, index));
    return undefined;
  }
  // A field that a later event changes, and of which nothing earlier is known: not what it is now.
  for (const { field, reason } of past.unknown) {
    if (field !== 'amount' && field !== 'expectedCloseOn') continue;
    const code = field === 'amount' ? 'missing_amount' : 'unknown_close_date';
    issues.push(createIssue(code, [index, field], { expected: `what it was before ${past.asOf}`, received: reason }));
    return undefined;
  }
  return { state, isUnrecorded: past.assumed.length > 0 };
}

/** A deal without a history, as it stands, unless its own dates contradict that. */
function recordAtCut(deal: Deal<object>, index: number, { cut }: ForecastSettings, issues: IssueSink): Past | undefined {
  const read = (field: 'createdOn' | 'closedOn'): number | null | undefined => {
    const date = deal[field];
    if (date === null) return null;
    const time = Number.isNaN(readEpochDay(date)) ? Number.NaN : cut.timeOf(date);
    if (!Number.isNaN(time)) return time;
    const issue = readPlainDate(date, [index, field]);
    if (typeof issue !== 'string') issues.push(issue);
    return undefined;
  };
  const created = read('createdOn');
  const closed = deal.status === 'open' ? null : read('closedOn');
  if (created === undefined || closed === undefined) return undefined;
  if (created !== null && created >= cut.time) return { state: null, isUnrecorded: false };
  if (deal.status !== 'open') {
    if (closed === null) {
      issues.push(createIssue('missing_date', [index, 'closedOn'], { expected: 'the day on which the deal closed' }));
      return undefined;
    }
    if (closed >= cut.time) {
      issues.push(
        createIssue('missing_date', [index, 'history'], {
          message: 'The deal closed at or after the cut, and the stage it was in before is not recorded.',
          expected: `a history before ${cut.asOf}`,
        }),
      );
      return undefined;
    }
  }
  const { status, stageId, amount, probability, expectedCloseOn, closedOn, splits } = deal;
  const state = { status, stageId, amount, probability, expectedCloseOn, closedOn, forecastCategory: deal.forecastCategory ?? null, ownerId: deal.ownerId ?? null, splits };
  return { state, isUnrecorded: true };
}

function placeWon(state: StateAtCut, index: number, settings: ForecastSettings, issues: IssueSink): WonDeal | UncountedDeal {
  const day = readDay(state.closedOn, [index, 'closedOn'], issues);
  if (day === null) issues.push(createIssue('missing_date', [index, 'closedOn'], { expected: 'the day on which the deal closed' }));
  if (day === null || day === undefined) return SET_ASIDE;
  if (day < settings.start || day >= settings.end) return OUTSIDE;
  const value = readAmount(state.amount, state.closedOn ?? '', index, settings, issues);
  return value === undefined ? SET_ASIDE : { outcome: 'won', ...value };
}

function placeOpen(deal: Deal<object>, index: number, state: StateAtCut, isUnrecorded: boolean, settings: ForecastSettings, issues: IssueSink): OpenDeal | UncountedDeal {
  const { cut, start, end } = settings;
  // After the period nothing can close in it any more.
  if (cut.time >= cut.clock.startOfDay(end)) return OUTSIDE;
  const pipeline = settings.pipelines.get(deal.pipelineId);
  if (pipeline === undefined) {
    issues.push(unknownPipeline(deal.pipelineId, settings.pipelines.keys(), [index, 'pipelineId']));
    return SET_ASIDE;
  }
  const stage = pipeline.stages.find(({ id }) => id === state.stageId);
  if (stage === undefined) {
    issues.push(unknownStage(state.stageId, pipeline, [index, 'stageId']));
    return SET_ASIDE;
  }
  if (stageOutcome(stage) !== 'open') {
    issues.push(createIssue('inconsistent_status', [index, 'status'], { expected: `"${stageOutcome(stage)}", which stage "${stage.id}" is`, received: 'open' }));
    return SET_ASIDE;
  }
  const day = readDay(state.expectedCloseOn, [index, 'expectedCloseOn'], issues);
  if (day === undefined) return SET_ASIDE;
  if (day === null) {
    issues.push(createIssue('unknown_close_date', [index, 'expectedCloseOn'], { expected: 'the day on which the deal is expected to close' }));
    return SET_ASIDE;
  }
  const isOverdue = cut.clock.startOfDay(day + 1) <= cut.time;
  const isInPeriod = day >= start && day < end;
  const counts = isOverdue ? (settings.includeOverdue === 'all' ? day < end : settings.includeOverdue === 'in-period' && isInPeriod) : isInPeriod;
  if (!counts) return OUTSIDE;
  const category = categoryOf(state, stage, index, settings, issues);
  if (category === 'omitted') return { outcome: 'omitted' };
  const value = readAmount(state.amount, cut.lastDay, index, settings, issues);
  if (value === undefined || category === undefined) return SET_ASIDE;
  return { outcome: 'open', deal, index, state, pipeline, stage, category, ...value, isOverdue, isUnrecorded };
}

function readDay(date: string | null, path: readonly (string | number)[], issues: IssueSink): number | null | undefined {
  if (date === null) return null;
  const day = readEpochDay(date);
  if (!Number.isNaN(day)) return day;
  const issue = readPlainDate(date, path);
  if (typeof issue !== 'string') issues.push(issue);
  return undefined;
}

/** The deal's own category, or that of its stage. One that says "closed", or that is not in the order, is an issue, and the deal is set aside. */
function categoryOf(state: StateAtCut, stage: Stage, index: number, { categories }: ForecastSettings, issues: IssueSink): string | undefined {
  const category = state.forecastCategory ?? stageForecastCategory(stage);
  const path = [index, 'forecastCategory'];
  if (category === 'omitted') return category;
  if (!categories.includes(category)) {
    issues.push(createIssue('unknown_reference', path, { expected: `one of ${categories.slice(0, 20).join(', ')}, omitted`, received: category }));
    return undefined;
  }
  if (categories.length > 1 && category === categories.at(-1)) {
    issues.push(createIssue('inconsistent_status', path, { expected: `another category than "${category}" for an open deal`, received: category }));
    return undefined;
  }
  return category;
}

/** The amount as a number in the currency of the forecast. A converted one is rounded to the minor unit, half away from zero. */
function readAmount(
  amount: unknown,
  on: string,
  index: number,
  { valuation }: ForecastSettings,
  issues: IssueSink,
): { readonly amount: number; readonly isConverted: boolean } | undefined {
  const path = [index, 'amount'];
  if (amount === null || amount === undefined) {
    issues.push(createIssue('missing_amount', path, { expected: 'an amount' }));
    return undefined;
  }
  const money = readMoney(amount, path);
  if (Array.isArray(money)) {
    issues.push(...money);
    return undefined;
  }
  const exact = exactFromCanonical(money.amount);
  if (money.currency === valuation.currency) return { amount: exactToNumber(exact), isConverted: false };
  if (valuation.finder === undefined) {
    issues.push(createIssue('currency_mismatch', [...path, 'currency'], { expected: `"${valuation.currency}"`, received: money.currency, hint: 'pass rates' }));
    return undefined;
  }
  const query = { from: money.currency, to: valuation.currency, on };
  const found = valuation.finder.find(query);
  if (found.rate === null) {
    issues.push(missingRate(query, found.reason, [...path, 'currency']));
    return undefined;
  }
  return { amount: exactToNumber(exactRound(exactMultiply(exact, exactFromCanonical(found.rate)), { scale: valuation.exponent })), isConverted: true };
}
