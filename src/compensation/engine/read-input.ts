/*
 * The inputs of a run, checked once: plans by id, payees, assignments, quotas and periods. A wrong call throws; a bad row is reported and set aside.
 */

import { fromEpochDay, MAX_EPOCH_DAY, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear, type FiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { readPeriod } from '../../calendar/parse-period.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { type Ratio, ratioFromDecimal } from '../../decimal/ratio.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { DomainError } from '../../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { createRateFinder, type RateFinder } from '../../money/find-rate.js';
import { type RateTable, validateRateTable } from '../../money/rate-table.js';
import type { Assignment, Payee } from '../payee.js';
import type { Plan } from '../plan.js';
import { type LiveState, readState } from '../state.js';
import { type AnyComponent, checkPlan } from './check-plan.js';
import type { CompensationDetail } from './run-input.js';

/** A plan as the engine computes it. */
export type AnyPlan = Plan<{ readonly kind: string; readonly id: string }>;

/** An assignment with its days as numbers. */
export interface ReadAssignment {
  readonly assignment: Assignment;
  readonly plan: AnyPlan;
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** States of the plan's components, as they are found. */
  readonly states: Map<string, LiveState>;
}

/** A quota with its days as numbers. */
export interface ReadQuota {
  readonly componentId: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly amount: Ratio;
}

/** A payee with everything that is known of them. */
export interface ReadPayee {
  readonly payee: Payee;
  readonly assignments: ReadAssignment[];
  readonly quotas: ReadQuota[];
}

/** A range of days, half-open. */
export interface DaySpan {
  readonly start: number;
  readonly end: number;
}

/** The inputs, checked. */
export interface ReadInput {
  readonly plans: ReadonlyMap<string, AnyPlan>;
  readonly payees: ReadonlyMap<string, ReadPayee>;
  /** The days to be computed, merged and in order. */
  readonly coverage: readonly DaySpan[];
  readonly credits: readonly unknown[];
  readonly rates: RateFinder | undefined;
  readonly state: ReadonlyMap<string, LiveState>;
  readonly through: string | null;
  /** First day that does not count yet. */
  readonly cut: number;
  readonly detail: CompensationDetail;
}

const INPUT_KEYS = ['plans', 'assignments', 'payees', 'credits', 'quotas', 'periods', 'rates', 'state', 'asOf', 'detail'];

/**
 * Reads a call.
 *
 * @throws DomainError with every problem of the call itself: plans, periods, rates, state
 */
export function readInput(value: unknown, kinds: ReadonlyMap<string, AnyComponent>, issues: Issue[]): ReadInput {
  const fatal: IssueSink = [];
  const input = checkRecord(value, [], fatal, 'an object { plans, assignments, payees, credits, periods }') ?? {};
  if (fatal.length === 0) checkKeys(input, INPUT_KEYS, [], fatal);
  const plans = readPlans(input, kinds, fatal);
  const coverage = readCoverage(input, plans, fatal);
  const rates = readRates(input, fatal);
  const stored =
    Object.hasOwn(input, 'state') && input['state'] !== undefined ? readState(input['state'], ['state'], fatal) : { through: null, live: new Map<string, LiveState>() };
  const cut = readCut(input, fatal);
  const detail = input['detail'] === undefined ? 'line' : (checkOneOf(input['detail'], ['statement', 'line', 'credit'], ['detail'], fatal) ?? 'line');
  const lists = {
    payees: checkList(input['payees'], ['payees'], fatal) ?? [],
    assignments: checkList(input['assignments'], ['assignments'], fatal) ?? [],
    quotas: input['quotas'] === undefined ? [] : (checkList(input['quotas'], ['quotas'], fatal) ?? []),
    credits: checkList(input['credits'], ['credits'], fatal) ?? [],
  };
  checkThrough(stored.through, coverage, fatal);
  const [first, ...rest] = fatal;
  if (first !== undefined) throw new DomainError([first, ...rest], { name: first.path[0] === 'plans' ? 'InvalidPlanError' : 'DomainError', ...planSummary(fatal, input) });
  const payees = readPayees(lists.payees, issues);
  readAssignments(lists.assignments, payees, plans, issues);
  readQuotas(lists.quotas, payees, issues);
  return { plans, payees, coverage, credits: lists.credits, rates, state: stored.live, through: stored.through, cut, detail };
}

function planSummary(fatal: readonly Issue[], input: PlainRecord): { readonly summary?: string } {
  const inPlans = fatal.filter((issue) => issue.path[0] === 'plans');
  if (inPlans.length !== fatal.length) return {};
  const ids = [...new Set(inPlans.map((issue) => issue.path[1]))].map((index) => {
    const plan = Array.isArray(input['plans']) && typeof index === 'number' ? (input['plans'][index] as { readonly id?: unknown } | undefined) : undefined;
    return typeof plan?.id === 'string' ? `"${plan.id.slice(0, 60)}"` : `number ${String(index)}`;
  });
  return { summary: `${fatal.length} problem${fatal.length === 1 ? '' : 's'} in plan ${ids.join(', ')}` };
}

function readPlans(input: PlainRecord, kinds: ReadonlyMap<string, AnyComponent>, fatal: IssueSink): ReadonlyMap<string, AnyPlan> {
  const plans = new Map<string, AnyPlan>();
  checkList(input['plans'], ['plans'], fatal)?.forEach((entry, index) => {
    const problems = checkPlan(entry, ['plans', index], kinds);
    fatal.push(...problems);
    if (problems.length > 0) return;
    const plan = entry as AnyPlan;
    if (plans.has(plan.id)) fatal.push(createIssue('duplicate_id', ['plans', index, 'id'], { received: plan.id }));
    else plans.set(plan.id, plan);
  });
  return plans;
}

function readCoverage(input: PlainRecord, plans: ReadonlyMap<string, AnyPlan>, fatal: IssueSink): readonly DaySpan[] {
  const calendars: FiscalCalendar[] = [...plans.values()].map((plan) => plan.calendar ?? calendarYear);
  if (calendars.length === 0) calendars.push(calendarYear);
  const spans: DaySpan[] = [];
  checkList(input['periods'], ['periods'], fatal, { min: 1, expected: 'at least one period' })?.forEach((entry, index) => {
    // Plans may have different fiscal calendars; a label is read by the first one that knows it.
    let problem: Issue | undefined;
    for (const calendar of calendars) {
      const read = readPeriod(entry, ['periods', index], { calendar });
      if (!('code' in read)) {
        spans.push({ start: readEpochDay(read.start), end: readEpochDay(read.endExclusive) });
        return;
      }
      problem ??= read;
    }
    if (problem !== undefined) fatal.push(problem);
  });
  spans.sort((a, b) => a.start - b.start);
  const merged: DaySpan[] = [];
  for (const span of spans) {
    const last = merged[merged.length - 1];
    if (last !== undefined && span.start <= last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function checkThrough(through: string | null, coverage: readonly DaySpan[], fatal: IssueSink): void {
  const [first] = coverage;
  if (through === null || first === undefined) return;
  const day = readEpochDay(through);
  if (Number.isNaN(day)) fatal.push(createIssue('invalid_date', ['state', 'through'], { received: through }));
  else if (first.start < day) {
    fatal.push(
      createIssue('invalid_period', ['periods'], {
        expected: `periods from ${through} on, where the state ends`,
        received: fromEpochDay(first.start),
        hint: 'compute earlier periods without a state, or from the state before them',
      }),
    );
  }
}

function readRates(input: PlainRecord, fatal: IssueSink): RateFinder | undefined {
  if (input['rates'] === undefined) return undefined;
  const problems = validateRateTable(input['rates'], ['rates']);
  fatal.push(...problems);
  return problems.length > 0 ? undefined : createRateFinder(input['rates'] as RateTable);
}

function readCut(input: PlainRecord, fatal: IssueSink): number {
  if (input['asOf'] === undefined) return Number.POSITIVE_INFINITY;
  const text = checkText(input['asOf'], ['asOf'], fatal, { expected: 'a date YYYY-MM-DD' });
  return text === undefined ? Number.POSITIVE_INFINITY : readDay(text, ['asOf'], fatal, Number.POSITIVE_INFINITY);
}

/** A date of a row as a number, or the fallback with an issue. */
export function readDay(value: unknown, path: IssuePath, issues: IssueSink, fallback = Number.NaN): number {
  const day = typeof value === 'string' ? readEpochDay(value) : Number.NaN;
  if (!Number.isNaN(day)) return day;
  issues.push(
    value instanceof Date
      ? createIssue('date_instance_not_allowed', path, { expected: 'a date written YYYY-MM-DD', received: value })
      : createIssue('invalid_date', path, { expected: 'a date written YYYY-MM-DD', received: value }),
  );
  return fallback;
}

function readPayees(list: readonly unknown[], issues: Issue[]): Map<string, ReadPayee> {
  const payees = new Map<string, ReadPayee>();
  list.forEach((entry, index) => {
    const path = ['payees', index];
    const own: IssueSink = [];
    const record = checkRecord(entry, path, own, 'a payee { id }');
    const id = record === undefined ? undefined : checkId(record['id'], [...path, 'id'], own);
    if (id !== undefined && payees.has(id)) own.push(createIssue('duplicate_id', [...path, 'id'], { received: id }));
    if (record !== undefined) checkPayee(record, path, own);
    issues.push(...own);
    if (own.length === 0 && id !== undefined) payees.set(id, { payee: entry as Payee, assignments: [], quotas: [] });
  });
  return payees;
}

/** The keys of a payee. */
const PAYEE_KEYS = ['id', 'name', 'hiredOn', 'terminatedOn', 'costCenter', 'attributes', 'leaves'];

function checkPayee(record: PlainRecord, path: IssuePath, issues: IssueSink): void {
  checkKeys(record, PAYEE_KEYS, path, issues);
  for (const key of ['hiredOn', 'terminatedOn']) if (record[key] !== undefined) readDay(record[key], [...path, key], issues);
  if (record['name'] !== undefined) checkText(record['name'], [...path, 'name'], issues, { allowEmpty: true });
  if (record['costCenter'] !== undefined) checkText(record['costCenter'], [...path, 'costCenter'], issues);
  if (record['attributes'] !== undefined) checkAttributes(record['attributes'], [...path, 'attributes'], issues);
}

/** Fields of the user's own: plain values only, so that results stay JSON. */
export function checkAttributes(value: unknown, path: IssuePath, issues: IssueSink): void {
  const attributes = checkRecord(value, path, issues);
  for (const name of Object.keys(attributes ?? {})) {
    const entry = attributes?.[name];
    if (entry === null || typeof entry === 'string' || typeof entry === 'boolean' || (typeof entry === 'number' && Number.isFinite(entry))) continue;
    issues.push(createIssue('invalid_type', [...path, name], { expected: 'a text, finite number, boolean or null', received: entry }));
  }
}

function readAssignments(list: readonly unknown[], payees: ReadonlyMap<string, ReadPayee>, plans: ReadonlyMap<string, AnyPlan>, issues: Issue[]): void {
  list.forEach((entry, index) => {
    const path = ['assignments', index];
    const own: IssueSink = [];
    const record = checkRecord(entry, path, own, 'an assignment { payeeId, planId, from }');
    if (record === undefined) {
      issues.push(...own);
      return;
    }
    checkKeys(record, ['payeeId', 'planId', 'from', 'to', 'parameters', 'recordedAt'], path, own);
    const payeeId = checkId(record['payeeId'], [...path, 'payeeId'], own);
    const planId = checkId(record['planId'], [...path, 'planId'], own);
    const payee = payeeId === undefined ? undefined : payees.get(payeeId);
    const plan = planId === undefined ? undefined : plans.get(planId);
    if (payeeId !== undefined && payee === undefined) own.push(createIssue('unknown_reference', [...path, 'payeeId'], { expected: 'the id of a payee', received: payeeId }));
    if (planId !== undefined && plan === undefined) own.push(createIssue('unknown_reference', [...path, 'planId'], { expected: 'the id of a plan', received: planId }));
    const from = readDay(record['from'], [...path, 'from'], own);
    const to = record['to'] === undefined ? MAX_EPOCH_DAY : readDay(record['to'], [...path, 'to'], own);
    if (to <= from) own.push(createIssue('empty_period', [...path, 'to'], { expected: 'a day after from', received: record['to'] }));
    if (plan !== undefined) checkParameterValues(record['parameters'], plan, [...path, 'parameters'], own);
    const overlaps = payee?.assignments.find((other) => other.plan === plan && other.from < to && from < other.to);
    if (overlaps !== undefined) own.push(createIssue('overlapping_assignments', path, { received: `assignments[${overlaps.index}]`, hint: 'end the earlier one with "to"' }));
    issues.push(...own);
    if (own.length === 0 && payee !== undefined && plan !== undefined) payee.assignments.push({ assignment: entry as Assignment, plan, index, from, to, states: new Map() });
  });
}

function checkParameterValues(value: unknown, plan: AnyPlan, path: IssuePath, issues: IssueSink): void {
  if (value === undefined) return;
  const record = checkRecord(value, path, issues);
  if (record === undefined) return;
  const declared = plan.parameters ?? {};
  checkKeys(record, Object.keys(declared), path, issues);
  for (const name of Object.keys(record)) {
    const read = readDecimal(record[name], [...path, name]);
    if (typeof read !== 'string') issues.push(read);
    else if (typeof record[name] !== 'string')
      issues.push(createIssue('invalid_type', [...path, name], { expected: 'a decimal text', received: record[name], hint: `write it as "${read}"` }));
    else if (Object.hasOwn(declared, name) && declared[name] === 'fraction' && Number(read) > 1) {
      issues.push(
        createIssue('fraction_out_of_range', [...path, name], { expected: 'a fraction from 0 to 1', received: read, hint: `a percentage? did you mean "${Number(read) / 100}"?` }),
      );
    }
  }
}

function readQuotas(list: readonly unknown[], payees: ReadonlyMap<string, ReadPayee>, issues: Issue[]): void {
  list.forEach((entry, index) => {
    const path = ['quotas', index];
    const own: IssueSink = [];
    const record = checkRecord(entry, path, own, 'a quota { payeeId, period, amount }');
    if (record === undefined) {
      issues.push(...own);
      return;
    }
    checkKeys(record, ['payeeId', 'componentId', 'period', 'amount', 'recordedAt'], path, own);
    const payeeId = checkId(record['payeeId'], [...path, 'payeeId'], own);
    const payee = payeeId === undefined ? undefined : payees.get(payeeId);
    if (payeeId !== undefined && payee === undefined) own.push(createIssue('unknown_reference', [...path, 'payeeId'], { expected: 'the id of a payee', received: payeeId }));
    const componentId = record['componentId'] === undefined ? undefined : checkId(record['componentId'], [...path, 'componentId'], own);
    const calendars = payee === undefined || payee.assignments.length === 0 ? [calendarYear] : payee.assignments.map(({ plan }) => plan.calendar ?? calendarYear);
    const reads = calendars.map((calendar) => readPeriod(record['period'], [...path, 'period'], { calendar }));
    const period = reads.find((read) => !('code' in read)) ?? reads[0];
    if (period !== undefined && 'code' in period) own.push(period);
    const amount =
      typeof record['amount'] === 'string'
        ? readDecimal(record['amount'], [...path, 'amount'])
        : createIssue('invalid_type', [...path, 'amount'], { expected: 'a decimal text', received: record['amount'] });
    if (typeof amount !== 'string') own.push(amount);
    issues.push(...own);
    if (own.length > 0 || payee === undefined || period === undefined || 'code' in period || typeof amount !== 'string') return;
    payee.quotas.push({ componentId, start: readEpochDay(period.start), end: readEpochDay(period.endExclusive), amount: ratioFromDecimal(amount) });
  });
}
