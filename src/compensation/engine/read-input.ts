/*
 * The inputs of a run, checked once: plans by id, payees, assignments, quotas and periods. A wrong call throws; a bad row is reported and set aside.
 */

import { fromEpochDay, MAX_EPOCH_DAY, MIN_EPOCH_DAY, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear, type FiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { readPeriod } from '../../calendar/parse-period.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { type Ratio, ratioFromDecimal } from '../../decimal/ratio.js';
import { checkBoolean, checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, isPlainRecord, type PlainRecord } from '../../errors/checks.js';
import { DomainError } from '../../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { createRateFinder, type RateFinder } from '../../money/find-rate.js';
import { type RateTable, validateRateTable } from '../../money/rate-table.js';
import { type HierarchyReader, readerOf } from '../../organization/hierarchy-reader.js';
import { readHierarchy } from '../../organization/validate-hierarchy.js';
import { checkStatement } from '../check-statement.js';
import type { Assignment, Payee } from '../payee.js';
import type { Plan } from '../plan.js';
import { type LiveState, readState } from '../state.js';
import type { Statement } from '../statement.js';
import { type ReadAdjustment, readAdjustments } from './apply-adjustments.js';
import { type AnyComponent, checkPlan } from './check-plan.js';
import { type Knowledge, readKnowledge, supersededRecords } from './known-records.js';
import { type DealEventBook, readDealEvents } from './read-deal-events.js';
import { checkAttributes, keyText, readDay } from './row-fields.js';
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
  /** All versions of all plans that are known, in no order. */
  readonly plans: readonly AnyPlan[];
  readonly payees: ReadonlyMap<string, ReadPayee>;
  /** The days to be computed, merged and in order. */
  readonly coverage: readonly DaySpan[];
  readonly credits: readonly unknown[];
  readonly dealEvents: DealEventBook;
  /** Undefined if the run was given none. */
  readonly hierarchy: HierarchyReader | undefined;
  readonly rates: RateFinder | undefined;
  readonly state: ReadonlyMap<string, LiveState>;
  readonly through: string | null;
  /** First day that does not count yet. */
  readonly cut: number;
  readonly detail: CompensationDetail;
  /** Indexes of credits that are not known yet, or that a later record replaces. */
  readonly supersededCredits: ReadonlySet<number>;
  readonly adjustments: ReadonlyMap<string, readonly ReadAdjustment[]>;
  /** Statements that stay as they are; undefined when nothing is closed. */
  readonly closed: readonly Statement[] | undefined;
  readonly hashes: boolean;
}

const INPUT_KEYS = [
  'plans',
  'assignments',
  'payees',
  'credits',
  'dealEvents',
  'quotas',
  'hierarchy',
  'periods',
  'rates',
  'state',
  'asOf',
  'detail',
  'knownAsOf',
  'timeZone',
  'adjustments',
  'closed',
  'hashes',
];

/**
 * Reads a call.
 *
 * @throws DomainError with every problem of the call itself: plans, periods, rates, state
 */
export function readInput(value: unknown, kinds: ReadonlyMap<string, AnyComponent>, issues: Issue[]): ReadInput {
  const fatal: IssueSink = [];
  const input = checkRecord(value, [], fatal, 'an object { plans, assignments, payees, credits, periods }') ?? {};
  if (fatal.length === 0) checkKeys(input, INPUT_KEYS, [], fatal);
  const knowledge = readKnowledge(input['knownAsOf'], input['timeZone'], fatal);
  const plans = readPlans(input, kinds, knowledge, fatal);
  const coverage = readCoverage(input, plans, fatal);
  const rates = readRates(input, fatal);
  const hierarchy = input['hierarchy'] === undefined ? undefined : readerOf(readHierarchy(input['hierarchy'], ['hierarchy'], fatal));
  const stored =
    Object.hasOwn(input, 'state') && input['state'] !== undefined
      ? readState(input['state'], ['state'], fatal)
      : { through: null, live: new Map<string, LiveState>(), dealEvents: [] };
  const cut = readCut(input, fatal);
  const detail = input['detail'] === undefined ? 'line' : (checkOneOf(input['detail'], ['statement', 'line', 'credit'], ['detail'], fatal) ?? 'line');
  const lists = {
    payees: checkList(input['payees'], ['payees'], fatal) ?? [],
    assignments: checkList(input['assignments'], ['assignments'], fatal) ?? [],
    quotas: input['quotas'] === undefined ? [] : (checkList(input['quotas'], ['quotas'], fatal) ?? []),
    credits: checkList(input['credits'], ['credits'], fatal) ?? [],
    dealEvents: input['dealEvents'] === undefined ? [] : (checkList(input['dealEvents'], ['dealEvents'], fatal) ?? []),
    adjustments: input['adjustments'] === undefined ? [] : (checkList(input['adjustments'], ['adjustments'], fatal) ?? []),
  };
  const closed = readClosed(input, fatal);
  const hashes = input['hashes'] === undefined ? detail !== 'statement' : (checkBoolean(input['hashes'], ['hashes'], fatal) ?? false);
  checkThrough(stored.through, coverage, fatal);
  const [first, ...rest] = fatal;
  if (first !== undefined) throw new DomainError([first, ...rest], { name: first.path[0] === 'plans' ? 'InvalidPlanError' : 'DomainError', ...planSummary(fatal, input) });
  const payees = readPayees(lists.payees, issues);
  const gone = (name: keyof typeof lists, keyOf: (record: PlainRecord) => string): ReadonlySet<number> =>
    lists[name].some((record) => isPlainRecord(record) && record['recordedAt'] !== undefined) ? supersededRecords(lists[name], keyOf, knowledge, [name], issues) : NONE;
  const text = (...values: readonly unknown[]): string => values.map(keyText).join('\u0000');
  readAssignments(
    lists.assignments,
    gone('assignments', (record) => text(record['payeeId'], record['planId'], record['from'])),
    payees,
    plans,
    issues,
  );
  readQuotas(
    lists.quotas,
    gone('quotas', (record) => text(record['payeeId'], record['componentId'], record['period'])),
    payees,
    issues,
  );
  const supersededCredits = gone('credits', (record) => text(record['id']));
  const dealEvents = readDealEvents(
    lists.dealEvents,
    gone('dealEvents', (record) => text(record['id'])),
    stored.dealEvents,
    cut,
    issues,
  );
  const adjustments = readAdjustments(
    lists.adjustments,
    gone('adjustments', (record) => text(record['id'])),
    issues,
  );
  return {
    plans,
    payees,
    coverage,
    credits: lists.credits,
    dealEvents,
    hierarchy,
    rates,
    state: stored.live,
    through: stored.through,
    cut,
    detail,
    supersededCredits,
    adjustments,
    closed,
    hashes,
  };
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

const NONE: ReadonlySet<number> = /* @__PURE__ */ new Set<number>();

function readClosed(input: PlainRecord, fatal: IssueSink): readonly Statement[] | undefined {
  if (input['closed'] === undefined) return undefined;
  const list = checkList(input['closed'], ['closed'], fatal) ?? [];
  list.forEach((statement, index) => {
    checkStatement(statement, ['closed', index], fatal);
  });
  // Checked one by one; if any was not a statement the call is refused.
  return list as readonly Statement[];
}

function readPlans(input: PlainRecord, kinds: ReadonlyMap<string, AnyComponent>, knowledge: Knowledge, fatal: IssueSink): readonly AnyPlan[] {
  const list = checkList(input['plans'], ['plans'], fatal) ?? [];
  const gone = supersededRecords(list, (plan) => `${keyText(plan['id'])}\u0000${keyText(plan['effective'])}`, knowledge, ['plans'], fatal);
  const plans: AnyPlan[] = [];
  list.forEach((entry, index) => {
    const problems = checkPlan(entry, ['plans', index], kinds);
    fatal.push(...problems);
    if (problems.length > 0 || gone.has(index)) return;
    const plan = entry as AnyPlan;
    const other = plans.find((candidate) => candidate.id === plan.id && overlap(candidate, plan));
    if (other === undefined) plans.push(plan);
    else
      fatal.push(
        createIssue('duplicate_id', ['plans', index, 'id'], { received: plan.id, hint: 'versions of one plan need effective dates that do not overlap, or different recordedAt' }),
      );
  });
  return plans;
}

/** The days on which a version of a plan holds. */
function effectiveDays(plan: AnyPlan): DaySpan {
  const { effective } = plan;
  if (effective === undefined) return { start: MIN_EPOCH_DAY, end: MAX_EPOCH_DAY };
  return { start: readEpochDay(effective.from), end: effective.to === undefined ? MAX_EPOCH_DAY : readEpochDay(effective.to) };
}

function overlap(a: AnyPlan, b: AnyPlan): boolean {
  const first = effectiveDays(a);
  const second = effectiveDays(b);
  return first.start < second.end && second.start < first.end;
}

function readCoverage(input: PlainRecord, plans: readonly AnyPlan[], fatal: IssueSink): readonly DaySpan[] {
  const calendars: FiscalCalendar[] = plans.map((plan) => plan.calendar ?? calendarYear);
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
  if (record['leaves'] !== undefined) {
    checkList(record['leaves'], [...path, 'leaves'], issues)?.forEach((entry, index) => {
      const at = [...path, 'leaves', index];
      const leave = checkRecord(entry, at, issues, 'days { from, to }');
      if (leave === undefined) return;
      checkKeys(leave, ['from', 'to'], at, issues);
      const from = readDay(leave['from'], [...at, 'from'], issues);
      if (readDay(leave['to'], [...at, 'to'], issues) <= from) issues.push(createIssue('empty_period', [...at, 'to'], { expected: 'a day after from', received: leave['to'] }));
    });
  }
  if (record['name'] !== undefined) checkText(record['name'], [...path, 'name'], issues, { allowEmpty: true });
  if (record['costCenter'] !== undefined) checkText(record['costCenter'], [...path, 'costCenter'], issues);
  if (record['attributes'] !== undefined) checkAttributes(record['attributes'], [...path, 'attributes'], issues);
}

function readAssignments(list: readonly unknown[], gone: ReadonlySet<number>, payees: ReadonlyMap<string, ReadPayee>, plans: readonly AnyPlan[], issues: Issue[]): void {
  list.forEach((entry, index) => {
    if (gone.has(index)) return;
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
    const versions = plans.filter((candidate) => candidate.id === planId);
    const [plan] = versions;
    if (payeeId !== undefined && payee === undefined) own.push(createIssue('unknown_reference', [...path, 'payeeId'], { expected: 'the id of a payee', received: payeeId }));
    if (planId !== undefined && plan === undefined) own.push(createIssue('unknown_reference', [...path, 'planId'], { expected: 'the id of a plan', received: planId }));
    const from = readDay(record['from'], [...path, 'from'], own);
    const to = record['to'] === undefined ? MAX_EPOCH_DAY : readDay(record['to'], [...path, 'to'], own);
    if (to <= from) own.push(createIssue('empty_period', [...path, 'to'], { expected: 'a day after from', received: record['to'] }));
    if (plan !== undefined) checkParameterValues(record['parameters'], plan, [...path, 'parameters'], own);
    const overlaps = payee?.assignments.find((other) => other.plan.id === planId && other.from < to && from < other.to);
    if (overlaps !== undefined) own.push(createIssue('overlapping_assignments', path, { received: `assignments[${overlaps.index}]`, hint: 'end the earlier one with "to"' }));
    issues.push(...own);
    if (own.length > 0 || payee === undefined) return;
    for (const version of versions) {
      const days = effectiveDays(version);
      const start = Math.max(from, days.start);
      const end = Math.min(to, days.end);
      if (start < end) payee.assignments.push({ assignment: entry as Assignment, plan: version, index, from: start, to: end, states: new Map() });
    }
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

function readQuotas(list: readonly unknown[], gone: ReadonlySet<number>, payees: ReadonlyMap<string, ReadPayee>, issues: Issue[]): void {
  list.forEach((entry, index) => {
    if (gone.has(index)) return;
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
