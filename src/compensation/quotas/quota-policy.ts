import { readEpochDay } from '../../calendar/epoch-day.js';
import type { Period } from '../../calendar/period.js';
import { RATIO_ONE, type Ratio, ratioCompare, ratioDivide, ratioFromDecimal, ratioFromScaled, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import type { IssuePath } from '../../errors/issue.js';
import type { AssignmentSpan, EvaluationContext } from '../component.js';
import type { PlanPeriodUnit } from '../plan.js';
import type { QuotaReference } from '../tier-selector.js';
import { checkValueExpression, isValueExpression, type ValueExpression } from '../value-expression.js';
import { activeShare, type ProrationPolicy } from './active-share.js';
import { checkRampShares, checkWeights, monthShare, rampShare } from './seasonal-share.js';

/**
 * A quota that grows month by month at the start.
 *
 * @category compensation
 */
export interface QuotaRamp {
  /** From when months are counted: the payee's hire, or the start of the assignment. */
  readonly since: 'hire' | 'assignment';
  /** Share of the full quota in the first month, the second, …; full behind the last. Fractions as text. */
  readonly shares: readonly string[];
  /** Whether the month of the start is the first one (default), or the month after it; the month of the start then has the first share as well. */
  readonly starts?: 'month-of-start' | 'month-after';
}

/**
 * How the quota of a window comes about: a figure for a longer period (or the quotas given), spread over its months by weights, ramped, raised, and prorated as
 * the component says. Exact: months and quarters sum to the year.
 *
 * @category compensation
 */
export interface QuotaPolicy {
  /** The figure, in the unit of the measure. Default: the quotas given for the payee. */
  readonly amount?: ValueExpression;
  /** What the figure is for. Default `year`. */
  readonly per?: PlanPeriodUnit;
  /** Seasonality: 12 weights for months, 4 for quarters, 2 for halves of that period; they sum to 1. Default: equal months. */
  readonly weights?: readonly string[];
  /** Growth at the start. */
  readonly ramp?: QuotaRamp;
  /** Factor on the quota, for example `1.1` for ten per cent over-assignment. */
  readonly overAssignment?: ValueExpression;
}

/**
 * The target of a component: a figure for its window, or how to come to it.
 *
 * @category compensation
 */
export type QuotaConfig = ValueExpression | QuotaPolicy;

const POLICY_KEYS = ['amount', 'per', 'weights', 'ramp', 'overAssignment'] as const;
const UNITS: readonly PlanPeriodUnit[] = ['week', 'month', 'quarter', 'half', 'year'];

/** Checks a quota of unknown shape. */
export function checkQuotaConfig(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (!isPlainRecord(value) || isValueExpression(value)) {
    checkValueExpression(value, path, issues);
    return;
  }
  checkKeys(value, POLICY_KEYS, path, issues);
  if (Object.hasOwn(value, 'amount')) checkValueExpression(value['amount'], [...path, 'amount'], issues);
  if (Object.hasOwn(value, 'per')) checkOneOf(value['per'], UNITS, [...path, 'per'], issues);
  if (Object.hasOwn(value, 'weights')) checkWeights(value['weights'], [...path, 'weights'], issues);
  if (Object.hasOwn(value, 'overAssignment')) checkValueExpression(value['overAssignment'], [...path, 'overAssignment'], issues);
  if (!Object.hasOwn(value, 'ramp')) return;
  const at = [...path, 'ramp'];
  const ramp = checkRecord(value['ramp'], at, issues, 'a ramp { since, shares }');
  if (ramp === undefined) return;
  checkKeys(ramp, ['since', 'shares', 'starts'], at, issues);
  checkOneOf(ramp['since'], ['hire', 'assignment'], [...at, 'since'], issues);
  checkRampShares(ramp['shares'], [...at, 'shares'], issues);
  if (Object.hasOwn(ramp, 'starts')) checkOneOf(ramp['starts'], ['month-of-start', 'month-after'], [...at, 'starts'], issues);
}

/** What a quota is read from. */
export interface QuotaSource {
  readonly quota: QuotaConfig | undefined;
  readonly proration: ProrationPolicy | undefined;
  /** Whether a quota that changes with the assignment is put together from its parts. */
  readonly continuous: boolean;
}

/** Whether a window has no beginning and no end: the whole time on the plan. */
export function isEndless(window: { readonly start: string }): boolean {
  return window.start === '0001-01-01';
}

/** A window without end as far as it goes: from the first assignment to the plan up to the end of the period. */
function boundedWindow(context: EvaluationContext, window: Period): Period {
  if (!isEndless(window)) return window;
  const start = context.assignments(window)[0]?.start ?? context.period.start;
  return { start: start < context.period.start ? start : context.period.start, endExclusive: context.period.endExclusive, label: window.label };
}

/** A window, or the part of one for which an assignment has a window of its own. */
export interface EarningWindow extends Period {
  /** The window that it is a part of. */
  readonly whole?: Period;
}

/** The quota of a window, or of the part of it that attainment refers to. Undefined where none is given. A window without end has that of the time on the plan so far. */
export function readQuota(source: QuotaSource, context: EvaluationContext, window: EarningWindow, reference: QuotaReference = 'full'): ExactValue | undefined {
  const { quota } = source;
  // A plain figure for the whole time on the plan is no part of anything.
  if (isEndless(window) && quota !== undefined && isValueExpression(quota)) return context.value(quota, 'quota');
  const whole = boundedWindow(context, window.whole ?? window);
  const part: Period =
    reference === 'full' ? whole : reference === 'period' ? context.period : { start: whole.start, endExclusive: context.period.endExclusive, label: `${whole.label} to date` };
  if (quota !== undefined && !isValueExpression(quota)) return policyQuota(quota, source, context, window.whole === undefined ? part : overlapOf(part, window));
  const prorated = source.proration?.scope.includes('quota') === true ? source.proration : undefined;
  const share = prorated === undefined ? undefined : activeShare(context, prorated, part, window.whole === undefined ? undefined : window);
  if (quota === undefined) {
    const given = context.quota(part);
    if (given !== undefined) return scaled(context, given, share, 'Quota, prorated');
  }
  const full = quota === undefined ? context.quota(whole) : source.continuous ? blendedValue(quota, context, whole) : context.value(quota, 'quota');
  return full === undefined ? undefined : scaled(context, scaled(context, full, partShare(context, part, whole), 'Part of the quota'), share, 'Quota, prorated');
}

function overlapOf(part: Period, window: Period): Period {
  const start = part.start > window.start ? part.start : window.start;
  const endExclusive = part.endExclusive < window.endExclusive ? part.endExclusive : window.endExclusive;
  return { start, endExclusive: endExclusive > start ? endExclusive : start, label: part.label };
}

function scaled(context: EvaluationContext, value: ExactValue, factor: Ratio | undefined, label: string): ExactValue {
  if (factor === undefined || ratioCompare(factor, RATIO_ONE) === 0) return value;
  return context.multiply([value, exactValueOfRatio(factor, { name: 'share', unit: 'fraction' })], { label });
}

/** Which part of a window some days are: by statement periods where it is made of them, else by days. */
function partShare(context: EvaluationContext, part: Period, window: Period): Ratio | undefined {
  if (part.start === window.start && part.endExclusive === window.endExclusive) return undefined;
  const periods = context.subdivide(window, context.periodUnit);
  const aligned = periods[0]?.start === window.start && periods[periods.length - 1]?.endExclusive === window.endExclusive;
  const within = periods.filter((period) => period.start >= part.start && period.endExclusive <= part.endExclusive);
  const tight = within[0]?.start === part.start && within[within.length - 1]?.endExclusive === part.endExclusive;
  if (aligned && tight) return ratioDivide(ratioFromScaled(within.length, 0), ratioFromScaled(periods.length, 0));
  return ratioDivide(ratioFromScaled(daysOf(part), 0), ratioFromScaled(daysOf(window), 0));
}

function daysOf(range: { readonly start: string; readonly endExclusive: string }): number {
  return readEpochDay(range.endExclusive) - readEpochDay(range.start);
}

/** A value that depends on the assignment: each assignment's, for the share of the window's days on the plan that it covers. */
function blendedValue(expression: ValueExpression, context: EvaluationContext, window: Period): ExactValue | undefined {
  const spans = typeof expression === 'string' ? [] : context.assignments(window);
  if (spans.length < 2) return context.value(expression, 'quota');
  const days = spans.map((span) =>
    daysOf({ start: span.start > window.start ? span.start : window.start, endExclusive: span.endExclusive < window.endExclusive ? span.endExclusive : window.endExclusive }),
  );
  const total = days.reduce((sum, count) => sum + count, 0);
  const terms: ExactValue[] = [];
  for (const [index, span] of spans.entries()) {
    const value = span.value(expression, 'quota');
    if (value === undefined) return undefined;
    const share = exactValueOfRatio(ratioDivide(ratioFromScaled(days[index] ?? 0, 0), ratioFromScaled(total, 0)), { name: 'share of the window', source: span.start });
    terms.push(context.multiply([value, share], { label: `Quota from ${span.start}` }));
  }
  return context.sum(terms, { label: 'Quota of all parts' });
}

function policyQuota(policy: QuotaPolicy, source: QuotaSource, context: EvaluationContext, part: Period): ExactValue | undefined {
  const weights = policy.weights === undefined ? undefined : policy.weights.map((weight) => ratioFromDecimal(weight));
  const over = policy.overAssignment === undefined ? undefined : context.value(policy.overAssignment, 'over-assignment');
  if (policy.overAssignment !== undefined && over === undefined) return undefined;
  const terms: ExactValue[] = [];
  for (const base of context.subdivide(part, policy.per ?? 'year')) {
    const given = policy.amount === undefined ? context.quota(base) : undefined;
    if (policy.amount === undefined && given === undefined) return undefined;
    const months = context.subdivide(base, 'month').filter((month) => month.start >= base.start && month.endExclusive <= base.endExclusive);
    const slices = months.length === 0 ? [base] : months;
    for (const [index, slice] of slices.entries()) {
      const start = slice.start > part.start ? slice.start : part.start;
      const endExclusive = slice.endExclusive < part.endExclusive ? slice.endExclusive : part.endExclusive;
      if (start >= endExclusive) continue;
      const share = monthShare(weights, index, slices.length);
      for (const piece of piecesOf(source, context, slice, { start, endExclusive, label: slice.label })) {
        const amount = given ?? piece.value(policy.amount ?? '0', 'annual quota');
        if (amount === undefined) return undefined;
        const ramp =
          policy.ramp === undefined ? undefined : context.exact(rampShare(policy.ramp.shares, rampPlace(policy.ramp, context, slice, piece)), { name: 'ramp', unit: 'fraction' });
        const factors = [amount, exactValueOfRatio(share, { name: 'share of the year', unit: 'fraction', source: slice.label })];
        if (ramp !== undefined) factors.push(ramp);
        if (ratioCompare(piece.share, RATIO_ONE) !== 0) factors.push(exactValueOfRatio(piece.share, { name: 'active share', unit: 'fraction', source: slice.label }));
        if (over !== undefined) factors.push(over);
        if (factors.some((factor) => ratioSign(ratioOf(factor)) === 0)) continue;
        terms.push(context.multiply(factors, { label: `Quota of ${slice.label}` }));
      }
    }
  }
  return terms.length === 0 ? context.exact('0', { name: 'quota' }) : context.sum(terms, { label: `Quota of ${part.label}` });
}

interface Piece {
  readonly start: string;
  readonly value: AssignmentSpan['value'];
  readonly share: Ratio;
}

/** The parts of a month that count, assignment by assignment. */
function piecesOf(source: QuotaSource, context: EvaluationContext, month: Period, within: Period): readonly Piece[] {
  const spans = context.assignments(within);
  const proration = source.proration?.scope.includes('quota') === true ? source.proration : undefined;
  const clip = (span: { readonly start: string; readonly endExclusive: string }): Period => ({
    start: span.start > within.start ? span.start : within.start,
    endExclusive: span.endExclusive < within.endExclusive ? span.endExclusive : within.endExclusive,
    label: month.label,
  });
  const ofMonth = (days: number): Ratio => ratioDivide(ratioFromScaled(days, 0), ratioFromScaled(daysOf(month), 0));
  if (proration !== undefined) return spans.map((span) => ({ start: span.start, value: span.value, share: activeShare(context, proration, month, clip(span)) }));
  const [first] = spans;
  // Not prorated: a month counts in full, shared among the assignments of it by days.
  if (first === undefined) return [{ start: within.start, value: context.value, share: ofMonth(daysOf(within)) }];
  if (spans.length === 1 || !source.continuous) {
    const own = spans.find((span) => span.start <= context.segment.start && context.segment.start < span.endExclusive) ?? first;
    return [{ start: own.start, value: own.value, share: ofMonth(daysOf(within)) }];
  }
  const total = spans.reduce((sum, span) => sum + daysOf(clip(span)), 0);
  return spans.map((span) => ({
    start: span.start,
    value: span.value,
    share: ratioDivide(ratioFromScaled(daysOf(clip(span)) * daysOf(within), 0), ratioFromScaled(total * daysOf(month), 0)),
  }));
}

/** Which month of the ramp a month is; negative before it. */
function rampPlace(ramp: QuotaRamp, context: EvaluationContext, month: Period, piece: Piece): number {
  const since = ramp.since === 'hire' ? (context.payee.hiredOn ?? piece.start) : piece.start;
  if (since >= month.endExclusive) return -1;
  const months = context.subdivide({ start: since, endExclusive: month.endExclusive, label: 'ramp' }, 'month').length;
  return ramp.starts === 'month-after' ? Math.max(0, months - 2) : months - 1;
}
