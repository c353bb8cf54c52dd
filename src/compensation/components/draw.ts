import { addMonths } from '../../calendar/date-arithmetic.js';
import { readEpochDay } from '../../calendar/epoch-day.js';
import type { Period } from '../../calendar/period.js';
import type { PlainDate } from '../../calendar/plain-date.js';
import { prorate } from '../../calendar/prorate.js';
import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { PlanPeriodUnit } from '../plan.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { checkOf, checkShare, isFinal, payableSoFar, referencesOf } from './payable.js';

/**
 * A day that a plan names by itself, or counts from the hire date of the payee.
 *
 * @category compensation
 */
export type PlanDate = { readonly monthsFromHire: number } | { readonly date: PlainDate };

/**
 * How a recoverable draw is paid back.
 *
 * @category compensation
 */
export interface DrawRecovery {
  /** From what is earned above the draw (default), so that the payee keeps at least the draw, or from everything earned. */
  readonly from?: 'excess' | 'all';
  /** At most this fraction of it. Default 1. */
  readonly share?: ValueExpression;
  /** At most this amount per statement. */
  readonly limit?: ValueExpression;
}

/**
 * A draw: money in advance of what will be earned, or a guarantee.
 *
 * @category compensation
 */
export interface DrawConfig {
  /** Name of the lines. */
  readonly label?: string;
  /** The draw for one `every`; a list declines (or rises) from the first `every` of the draw on, and ends with its last entry. */
  readonly amount: ValueExpression | readonly ValueExpression[];
  /** What the amount is for. Default: the plan's period. */
  readonly every?: PlanPeriodUnit;
  /** The components that it is drawn against; name those too that hold back or release their pay. Default: all variable pay posted so far. */
  readonly of?: readonly string[];
  /** `top-up` (default): pays what is missing up to the draw. `additive`: pays the draw on top of earnings. */
  readonly pays?: 'top-up' | 'additive';
  /** Whether it is owed back (default true). `false`: a guarantee. `forgivable`: owed back until it is forgiven. */
  readonly recoverable?: boolean | 'forgivable';
  /** How it is paid back. */
  readonly recovery?: DrawRecovery;
  /** First day. Default: the hire date of the payee, else the first day on the plan. */
  readonly from?: PlainDate;
  /** First day without draw. Default: it goes on. */
  readonly until?: PlanDate;
  /** How the draw of a period in which it holds only in part is counted. Default `actual-days`; `none`: in full. */
  readonly proration?: 'actual-days' | '30-360' | 'whole-months' | 'none';
  /** For `whole-months`: a month counts if the draw holds on this day of it. */
  readonly hiredByDay?: number;
  /** When the balance of a forgivable draw is forgiven. Default: at the end of the draw (`until`). */
  readonly forgive?: PlanDate;
  /** What happens to the balance when employment ends: it stays as a debit balance (default), is deducted from the final pay, or is forgiven (default if forgivable). */
  readonly onTermination?: 'debit' | 'deduct' | 'forgive';
}

const KEYS = ['label', 'amount', 'every', 'of', 'pays', 'recoverable', 'recovery', 'from', 'until', 'proration', 'hiredByDay', 'forgive', 'onTermination'] as const;
const UNITS: readonly PlanPeriodUnit[] = ['week', 'month', 'quarter', 'half', 'year'];
const MONTHS: Readonly<Record<Exclude<PlanPeriodUnit, 'week'>, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

/**
 * Draw. With `e` payable so far and `D` the draw of the statement:
 *
 * - top-up: lends `max(0, D − e)`; where `e > D` a balance is recovered from `e − D` (or from `e`)
 * - additive: lends `D`; a balance is recovered in statements for which there is no draw
 *
 * Advance, recovery and forgiveness are lines of their own; the sum lent is at any time the sum recovered, forgiven and still owed. What is not recoverable is
 * booked as an earning.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [
 *   { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' },
 *   { kind: 'draw', id: 'draw', amount: '2000' },
 * ] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-10', amount: { amount: '15000', currency: 'USD' } }, { id: 'c2', payeeId: 'ada', dealId: 'd2', on: '2026-02-10', amount: { amount: '30000', currency: 'USD' } }],
 *   periods: ['2026-01', '2026-02'],
 * });
 * run.statements.map((statement) => statement.total.amount); // => ['2000.00', '2500.00']
 * run.ledger.map((entry) => entry.type); // => ['earning', 'draw-advance', 'earning', 'draw-recovery']
 * ```
 * @category compensation
 */
export const drawComponent = /* @__PURE__ */ defineComponent<'draw', DrawConfig>({
  kind: 'draw',
  phase: 'draw',
  section: 'draw',
  keys: KEYS,
  dependsOn: (config) => referencesOf(config.of),
  check: (config, _issue) => checkDraw(config),
  evaluate: (config, context) => evaluateDraw(config, context),
  describe: (config, plan) => describeDraw(config, plan.currency),
});

function checkDraw(config: DrawConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as PlainRecord;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  if (Array.isArray(record['amount'])) {
    checkList(record['amount'], ['amount'], issues, { min: 1 })?.forEach((entry, index) => {
      checkValueExpression(entry, ['amount', index], issues);
    });
  } else checkValueExpression(record['amount'], ['amount'], issues);
  if (Object.hasOwn(record, 'every')) checkOneOf(record['every'], UNITS, ['every'], issues);
  checkOf(record, issues);
  if (Object.hasOwn(record, 'pays')) checkOneOf(record['pays'], ['top-up', 'additive'], ['pays'], issues);
  const { recoverable } = record;
  if (recoverable !== undefined && typeof recoverable !== 'boolean' && recoverable !== 'forgivable') {
    issues.push(createIssue('invalid_value', ['recoverable'], { expected: 'true, false or "forgivable"', received: recoverable }));
  }
  if (Object.hasOwn(record, 'recovery')) checkRecovery(record['recovery'], issues);
  if (Object.hasOwn(record, 'from') && (typeof record['from'] !== 'string' || Number.isNaN(readEpochDay(record['from'])))) {
    issues.push(createIssue('invalid_date', ['from'], { expected: 'a date written YYYY-MM-DD', received: record['from'] }));
  }
  for (const key of ['until', 'forgive']) if (Object.hasOwn(record, key)) checkPlanDate(record[key], key, issues);
  if (Object.hasOwn(record, 'proration')) checkOneOf(record['proration'], ['actual-days', '30-360', 'whole-months', 'none'], ['proration'], issues);
  if (Object.hasOwn(record, 'hiredByDay')) checkNumber(record['hiredByDay'], ['hiredByDay'], issues, { min: 1, max: 31, integer: true });
  if (Object.hasOwn(record, 'onTermination')) checkOneOf(record['onTermination'], ['debit', 'deduct', 'forgive'], ['onTermination'], issues);
  for (const key of ['forgive', 'recovery', 'onTermination']) {
    if (recoverable === false && Object.hasOwn(record, key)) issues.push(createIssue('invalid_value', [key], { expected: 'a recoverable draw', received: record[key] }));
  }
  if (Object.hasOwn(record, 'forgive') && recoverable !== 'forgivable') {
    issues.push(createIssue('invalid_value', ['forgive'], { expected: 'recoverable: "forgivable"', received: record['forgive'] }));
  }
  return issues;
}

function checkRecovery(value: unknown, issues: IssueSink): void {
  const recovery = checkRecord(value, ['recovery'], issues, 'an object { from, share, limit }');
  if (recovery === undefined) return;
  checkKeys(recovery, ['from', 'share', 'limit'], ['recovery'], issues);
  if (Object.hasOwn(recovery, 'from')) checkOneOf(recovery['from'], ['excess', 'all'], ['recovery', 'from'], issues);
  for (const key of ['share', 'limit']) if (Object.hasOwn(recovery, key)) checkValueExpression(recovery[key], ['recovery', key], issues);
  checkShare(recovery['share'], ['recovery', 'share'], issues);
}

function checkPlanDate(value: unknown, key: string, issues: IssueSink): void {
  const date = checkRecord(value, [key], issues, '{ monthsFromHire } or { date }');
  if (date === undefined) return;
  checkKeys(date, ['monthsFromHire', 'date'], [key], issues);
  if (Object.hasOwn(date, 'monthsFromHire') === Object.hasOwn(date, 'date')) {
    issues.push(createIssue('missing_key', [key], { expected: 'exactly one of monthsFromHire, date' }));
  } else if (Object.hasOwn(date, 'monthsFromHire')) checkNumber(date['monthsFromHire'], [key, 'monthsFromHire'], issues, { min: 0, max: 1200, integer: true });
  else if (typeof date['date'] !== 'string' || Number.isNaN(readEpochDay(date['date']))) {
    issues.push(createIssue('invalid_date', [key, 'date'], { expected: 'a date written YYYY-MM-DD', received: date['date'] }));
  }
}

function evaluateDraw(config: DrawConfig, context: EvaluationContext): readonly Posting[] {
  const unit = context.currency;
  const zero = context.exact('0', { name: 'no draw', unit });
  const state = readState(config, context);
  const until = config.until === undefined ? undefined : dayOf(config.until, 'until', context);
  if (until === null) return [];
  const granted = grantedIn(config, context, state.start, until);
  if (granted === undefined) return [];
  const draw = context.sign(granted) === 0 ? zero : context.round(granted, context.rounding, { label: 'Draw', unit });
  const earned = payableSoFar(context, config.of);
  const hasDraw = context.sign(draw) > 0;
  const additive = config.pays === 'additive';
  const lent = !hasDraw
    ? zero
    : additive
      ? draw
      : context.maximum([context.subtract(draw, earned, { label: 'Missing up to the draw', unit }), context.exact('0')], { label: 'Draw', unit });
  const postings: Posting[] = [];
  const owed = config.recoverable !== false;
  const planPath = `components[${context.path[1] ?? 0}].amount`;
  if (context.sign(lent) > 0) {
    postings.push(
      context.post(lent, {
        label: config.label ?? (additive || owed ? 'Draw' : 'Guarantee'),
        basis: draw,
        basisUnit: unit,
        planPath,
        entryType: owed ? 'draw-advance' : 'earning',
      }),
    );
  }
  if (!owed) {
    if (config.from === undefined && context.payee.hiredOn === undefined) context.carry({ start: state.start, balance: '0' });
    return postings;
  }
  const recovered = recoveredFrom(config, context, { earned, draw, hasDraw, balance: state.balance });
  if (recovered === undefined) return postings;
  if (context.sign(recovered) > 0) {
    postings.push(
      context.post(context.negate(recovered, { label: 'Draw recovered', unit }), {
        label: config.label === undefined ? 'Draw recovered' : `${config.label}: recovered`,
        entryType: 'draw-recovery',
      }),
    );
  }
  const open = context.subtract(context.sum([state.balance, lent], { label: 'Owed', unit }), recovered, { label: 'Still owed', unit });
  const forgiven = context.sign(open) > 0 && isForgiven(config, context, until);
  if (forgiven) {
    postings.push(
      context.post(context.exact('0', { name: 'forgiven, not paid', unit }), {
        label: config.label === undefined ? 'Draw forgiven' : `${config.label}: forgiven`,
        entryType: 'draw-forgiveness',
        memo: open,
      }),
    );
  }
  const balance = forgiven ? zero : open;
  context.balance('Draw to be recovered', balance);
  const given = config.from ?? context.payee.hiredOn;
  context.carry(context.sign(balance) === 0 && given !== undefined ? undefined : { start: state.start, balance: context.toText(balance) });
  return postings;
}

interface DrawState {
  /** First day of the draw. */
  readonly start: PlainDate;
  readonly balance: ExactValue;
}

function readState(config: DrawConfig, context: EvaluationContext): DrawState {
  const origin = { name: 'draw owed from earlier', unit: context.currency };
  const carried = context.carried();
  const record = carried === undefined ? {} : (checkRecord(carried, [], []) ?? {});
  const stored = record['start'];
  const start = config.from ?? context.payee.hiredOn ?? (typeof stored === 'string' && !Number.isNaN(readEpochDay(stored)) ? stored : context.segment.start);
  return { start, balance: context.fromText(carried === undefined ? '0' : record['balance'], origin) };
}

/** The day, undefined where the payee has no hire date to count from (reported): null. */
function dayOf(date: PlanDate, name: string, context: EvaluationContext): PlainDate | null {
  if ('date' in date) return date.date;
  const { hiredOn, id } = context.payee;
  if (hiredOn === undefined) {
    context.report('missing_date', { message: 'The plan counts from the hire date, and the payee has none.', expected: `hiredOn of ${id}, for ${name}` });
    return null;
  }
  return addMonths(hiredOn, date.monthsFromHire);
}

/** The draw of the segment, not rounded; undefined where a value is missing (reported). */
function grantedIn(config: DrawConfig, context: EvaluationContext, start: PlainDate, until: PlainDate | undefined): ExactValue | undefined {
  const { segment, payee } = context;
  const first = segment.start > start ? segment.start : start;
  const last = [segment.endExclusive, ...(until === undefined ? [] : [until]), ...(payee.terminatedOn === undefined ? [] : [payee.terminatedOn])].reduce((a, b) => (a < b ? a : b));
  if (first >= last) return context.exact('0');
  const every = config.every ?? context.periodUnit;
  const parts: ExactValue[] = [];
  for (const window of context.windows(every)) {
    if (window.start >= last || window.endExclusive <= first) continue;
    const amount = amountFor(config, context, { start, window, every });
    if (amount === undefined) return undefined;
    const share = shareOf(config, context, { window, every, active: { start: first, endExclusive: last } });
    if (share === undefined || share.numerator === 0) continue;
    parts.push(
      share.numerator === share.denominator
        ? amount
        : context.divide(
            context.multiply([amount, context.exact(share.numerator, { name: 'active', unit: share.unit })], { label: 'Draw × active' }),
            context.exact(share.denominator, { name: 'whole', unit: share.unit }),
            { label: `Draw for ${window.label}`, unit: context.currency },
          ),
    );
  }
  return parts.length === 0 ? context.exact('0') : context.sum(parts, { label: 'Draw', unit: context.currency });
}

interface DrawWindow {
  readonly window: Period;
  readonly every: PlanPeriodUnit;
}

function amountFor(config: DrawConfig, context: EvaluationContext, place: DrawWindow & { readonly start: PlainDate }): ExactValue | undefined {
  const list = Array.isArray(config.amount) ? (config.amount as readonly ValueExpression[]) : undefined;
  if (list === undefined) return context.value(config.amount as ValueExpression, 'draw');
  const { start, window, every } = place;
  const index = window.endExclusive <= start ? 0 : context.windows(every, { start, endExclusive: window.endExclusive }).length - 1;
  const entry = list[index];
  return entry === undefined ? context.exact('0') : context.value(entry, 'draw');
}

interface Share {
  readonly numerator: number;
  readonly denominator: number;
  readonly unit: string;
}

/** The share of one `every` that falls into the segment: of a longer one by months of the period, then by the convention for what is active in it. */
function shareOf(
  config: DrawConfig,
  context: EvaluationContext,
  part: DrawWindow & { readonly active: { readonly start: PlainDate; readonly endExclusive: PlainDate } },
): Share | undefined {
  const { window, every, active } = part;
  const unit = context.periodUnit;
  const longer = every !== 'week' && unit !== 'week' && MONTHS[every] > MONTHS[unit];
  const whole = longer ? context.period : window;
  const months = longer ? { numerator: MONTHS[unit], denominator: MONTHS[every] } : { numerator: 1, denominator: 1 };
  const convention = config.proration ?? 'actual-days';
  if (convention === 'none') {
    // Two segments of one period share it: the first one has it.
    const before = context.accumulate(`granted ${whole.start}`, whole, context.exact('1')).before;
    return context.sign(before) > 0 ? undefined : { ...months, unit: 'periods' };
  }
  const counted = prorate({ active, period: whole }, { convention, ...(config.hiredByDay === undefined ? {} : { monthRule: { hiredByDay: config.hiredByDay } }) });
  return { numerator: counted.numerator * months.numerator, denominator: counted.denominator * months.denominator, unit: counted.unit };
}

function recoveredFrom(
  config: DrawConfig,
  context: EvaluationContext,
  facts: { readonly earned: ExactValue; readonly draw: ExactValue; readonly hasDraw: boolean; readonly balance: ExactValue },
): ExactValue | undefined {
  const unit = context.currency;
  const none = context.exact('0', { name: 'nothing recovered', unit });
  const { earned, draw, hasDraw, balance } = facts;
  if (context.sign(balance) <= 0) return none;
  if (isFinal(context) && config.onTermination === 'deduct') {
    return context.sign(earned) <= 0 ? none : context.minimum([balance, earned], { label: 'Deducted from the final pay', unit });
  }
  if (hasDraw && (config.pays === 'additive' || context.compare(earned, draw) <= 0)) return none;
  const above = config.recovery?.from === 'all' || !hasDraw ? earned : context.subtract(earned, draw, { label: 'Earned above the draw', unit });
  if (context.sign(above) <= 0) return none;
  const share = config.recovery?.share === undefined ? undefined : context.value(config.recovery.share, 'share recovered');
  const limit = config.recovery?.limit === undefined ? undefined : context.value(config.recovery.limit, 'limit of recovery');
  if ((config.recovery?.share !== undefined && share === undefined) || (config.recovery?.limit !== undefined && limit === undefined)) return undefined;
  const most =
    share === undefined ? above : context.round(context.multiply([above, share], { label: 'Share recovered', unit }), context.rounding, { label: 'Share recovered', unit });
  const recovered = context.minimum([balance, most, ...(share === undefined ? [] : [above]), ...(limit === undefined ? [] : [limit])], { label: 'Recovered', unit });
  return context.sign(recovered) < 0 ? none : recovered;
}

function isForgiven(config: DrawConfig, context: EvaluationContext, until: PlainDate | undefined): boolean {
  const forgivable = config.recoverable === 'forgivable';
  if (isFinal(context) && (config.onTermination ?? (forgivable ? 'forgive' : 'debit')) === 'forgive') return true;
  if (!forgivable) return false;
  const day = config.forgive === undefined ? until : dayOf(config.forgive, 'forgive', context);
  return day !== undefined && day !== null && day <= context.segment.endExclusive;
}

function describeDraw(config: DrawConfig, currency: string): string {
  const amount =
    typeof config.amount === 'string'
      ? `${config.amount} ${currency}`
      : Array.isArray(config.amount)
        ? 'an amount that changes from period to period'
        : 'an amount that is set for you';
  const every = Array.isArray(config.amount) ? '' : config.every === undefined ? ' per period' : ` per ${config.every}`;
  const until =
    config.until === undefined ? '' : 'date' in config.until ? `, until ${config.until.date}` : `, for the first ${config.until.monthsFromHire} months after you were hired`;
  const pays = config.pays === 'additive' ? `You receive a draw of ${amount}${every} on top of what you earn${until}.` : `Your pay is topped up to ${amount}${every}${until}.`;
  const from = config.recovery?.from === 'all' ? 'what you earn' : 'what you earn above it';
  const owed =
    config.recoverable === false
      ? ' You do not owe it back.'
      : ` It is recovered from ${from} later${config.recoverable === 'forgivable' ? '; what is left then is forgiven' : ''}.`;
  return pays + owed;
}
