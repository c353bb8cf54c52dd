/* Caps and floors: what they limit, over which scope, and what becomes of the rest. */
import type { Period } from '../../calendar/period.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromDecimal, ratioMax, ratioMin, ratioMultiply, ratioNegate, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createIssue, formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import { type CreditPart, type MeasuredCredit, partOf } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type EarnedBand, partsWithAmounts, plainBand, textOfValue } from './band-operations.js';
import { proratedValue } from './earning-work.js';

/**
 * What a cap or floor holds for: one deal, one credit (`line`), the window in which the component accumulates (`component`), the statement's period, or the year.
 *
 * @category compensation
 */
export type LimitScope = 'deal' | 'line' | 'component' | 'period' | 'year';

/**
 * What becomes of what is above a cap: it is lost (`forfeit`), kept and released as soon as there is room under the cap in a later period (`carry`), or set
 * aside and reported for somebody to decide (`review`).
 *
 * @category compensation
 */
export type CapDisposition = 'forfeit' | 'carry' | 'review';

/**
 * An upper limit.
 *
 * @category compensation
 */
export interface Cap {
  /** What is limited: the credit that counts, the attainment of quota (a fraction), the rate, or the pay. */
  readonly on: 'credit' | 'attainment' | 'rate' | 'payout';
  /** Default `component`. Attainment and rate have no other. */
  readonly scope?: LimitScope;
  /** The most. For credit of a deal or line, an amount by currency is one in the currency of the order, before conversion. */
  readonly most: ValueExpression;
  /** Default `forfeit`. `carry` is for credit or pay of the component, period or year. */
  readonly disposition?: CapDisposition;
}

/**
 * A lower limit.
 *
 * @category compensation
 */
export interface Floor {
  /** What is limited: the rate, or the pay. */
  readonly on: 'rate' | 'payout';
  /** Default `component`. A rate has no other. A floor per deal or line holds where something is paid at all. */
  readonly scope?: LimitScope;
  /** The least. */
  readonly least: ValueExpression;
}

const SCOPES: readonly LimitScope[] = ['deal', 'line', 'component', 'period', 'year'];

/** Checks caps of unknown shape. */
export function checkCaps(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkList(value, path, issues, { expected: 'a list of caps' })?.forEach((entry, index) => {
    const at = [...path, index];
    const cap = checkRecord(entry, at, issues, 'a cap { on, most }');
    if (cap === undefined) return;
    checkKeys(cap, ['on', 'scope', 'most', 'disposition'], at, issues);
    const on = checkOneOf(cap['on'], ['credit', 'attainment', 'rate', 'payout'], [...at, 'on'], issues);
    const scope = Object.hasOwn(cap, 'scope') ? checkOneOf(cap['scope'], SCOPES, [...at, 'scope'], issues) : 'component';
    const disposition = Object.hasOwn(cap, 'disposition') ? checkOneOf(cap['disposition'], ['forfeit', 'carry', 'review'], [...at, 'disposition'], issues) : 'forfeit';
    checkValueExpression(cap['most'], [...at, 'most'], issues);
    if ((on === 'attainment' || on === 'rate') && scope !== 'component')
      issues.push(createIssue('invalid_value', [...at, 'scope'], { expected: `"component" for a cap on ${on}`, received: scope }));
    if (disposition === 'carry' && (scope === 'deal' || scope === 'line' || on === 'attainment' || on === 'rate')) {
      issues.push(
        createIssue('invalid_value', [...at, 'disposition'], {
          expected: '"forfeit" or "review"; only credit and pay of a component, period or year can be carried',
          received: disposition,
        }),
      );
    }
    if (disposition === 'review' && on === 'rate') issues.push(createIssue('invalid_value', [...at, 'disposition'], { expected: '"forfeit" for a rate', received: disposition }));
  });
}

/** Checks floors of unknown shape. */
export function checkFloors(value: unknown, path: IssuePath, issues: IssueSink): void {
  checkList(value, path, issues, { expected: 'a list of floors' })?.forEach((entry, index) => {
    const at = [...path, index];
    const floor = checkRecord(entry, at, issues, 'a floor { on, least }');
    if (floor === undefined) return;
    checkKeys(floor, ['on', 'scope', 'least'], at, issues);
    const on = checkOneOf(floor['on'], ['rate', 'payout'], [...at, 'on'], issues);
    const scope = Object.hasOwn(floor, 'scope') ? checkOneOf(floor['scope'], SCOPES, [...at, 'scope'], issues) : 'component';
    checkValueExpression(floor['least'], [...at, 'least'], issues);
    if (on === 'rate' && scope !== 'component') issues.push(createIssue('invalid_value', [...at, 'scope'], { expected: '"component" for a rate', received: scope }));
  });
}

/** A limit with its place in the plan. */
export interface PlacedLimit<L> {
  readonly limit: L;
  readonly path: IssuePath;
}

/** The limits on something with a scope. */
export function limitsOn<L extends { readonly on: string; readonly scope?: LimitScope }>(
  list: readonly L[] | undefined,
  on: L['on'],
  scope: LimitScope,
  path: IssuePath,
): readonly PlacedLimit<L>[] {
  return (list ?? []).flatMap((limit, index) => (limit.on === on && (limit.scope ?? 'component') === scope ? [{ limit, path: [...path, index] }] : []));
}

/** Reports what a cap set aside for review. */
export function reportReview(context: EvaluationContext, what: string, most: ExactValue, excess: ExactValue, path: IssuePath): void {
  context.report('review_required', {
    expected: `at most ${textOfValue(most)}`,
    received: textOfValue(excess),
    message: `${what}: ${textOfValue(excess)} above the limit was set aside for review (${formatPath(path)}).`,
  });
}

/* ── credit ─────────────────────────────────────────────────────────────── */

/** What a credit or deal belongs to. */
export function groupKey(entry: { readonly creditId?: string; readonly dealId?: string }, scope: 'deal' | 'line'): string {
  return scope === 'line' || entry.dealId === undefined ? `c:${entry.creditId ?? ''}` : `d:${entry.dealId}`;
}

/** Credits of which each deal or line counts at most so much, with what is above. A reversed deal is limited like the sale. */
export function limitCredits(
  credits: readonly MeasuredCredit[],
  scope: 'deal' | 'line',
  mostOf: (first: MeasuredCredit) => Ratio,
): { readonly credits: readonly MeasuredCredit[]; readonly excess: readonly (CreditPart & { readonly most: Ratio })[] } {
  const running = new Map<string, { sum: Ratio; readonly most: Ratio; readonly first: MeasuredCredit }>();
  const limited = credits.map((credit) => {
    const key = groupKey(credit, scope);
    const group = running.get(key) ?? { sum: RATIO_ZERO, most: mostOf(credit), first: credit };
    running.set(key, group);
    const within = (value: Ratio): Ratio => ratioMax(ratioNegate(group.most), ratioMin(group.most, value));
    const before = group.sum;
    group.sum = ratioAdd(before, credit.value);
    return { ...credit, value: ratioSubtract(within(group.sum), within(before)) };
  });
  const excess = [...running.values()].flatMap(({ sum, most, first }) => {
    const above = ratioSubtract(sum, ratioMax(ratioNegate(most), ratioMin(most, sum)));
    return ratioSign(above) === 0 ? [] : [{ ...partOf(first, above), most }];
  });
  return { credits: limited, excess };
}

/** The limit on a deal or line in plan currency: an amount by currency is taken in the currency of the order and converted at the rate of the credit. */
export function creditLimit(cap: Cap, share: ExactValue | undefined, context: EvaluationContext): ((first: MeasuredCredit) => Ratio) | undefined {
  const { most } = cap;
  if (typeof most === 'string' || !('byCurrency' in most)) {
    const value = proratedValue(most, 'credit cap', share, context);
    const ratio = value === undefined ? undefined : ratioOf(value);
    return ratio === undefined ? undefined : () => ratio;
  }
  const { byCurrency } = most;
  const amountIn = (currency: string): Ratio | undefined => {
    const text = Object.hasOwn(byCurrency, currency) ? byCurrency[currency] : undefined;
    const ratio = text === undefined ? undefined : ratioFromDecimal(text);
    return ratio === undefined || share === undefined ? ratio : ratioMultiply(ratio, ratioOf(share));
  };
  return ({ value, exchange }) => {
    const ordered = exchange === undefined ? undefined : amountIn(exchange.from);
    if (exchange !== undefined && ordered !== undefined) return ratioMultiply(ordered, ratioFromDecimal(exchange.rate));
    // No amount for this currency: that of the plan's currency, or no limit.
    return amountIn(context.currency) ?? magnitude(value);
  };
}

function magnitude(value: Ratio): Ratio {
  return ratioSign(value) < 0 ? ratioNegate(value) : value;
}

/* ── windows ────────────────────────────────────────────────────────────── */

/** What a limit over a window does to an amount. */
export interface WindowLimit {
  readonly amount: ExactValue;
  /** Negative: withheld. Positive: released, or raised to a floor. Zero: nothing happened. */
  readonly change: ExactValue;
}

/**
 * An amount within a window of which at most, or at least, so much counts to date. Forfeited: `min(K, C(to date)) − min(K, C(before))`, so that a refund first
 * eats what was above the cap. Carried: what is above waits, and is released as soon as there is room.
 */
export function limitInWindow(
  context: EvaluationContext,
  key: string,
  window: Period,
  amount: ExactValue,
  bounds: { readonly most?: ExactValue; readonly least?: ExactValue; readonly carry?: boolean; readonly label: string; readonly path: IssuePath; readonly unit?: string },
): WindowLimit {
  const { most, least, label } = bounds;
  const planPath = formatPath(bounds.path);
  const note = { label, planPath, unit: bounds.unit ?? context.currency };
  if (bounds.carry === true && most !== undefined) {
    const [forever] = context.windows('plan');
    const balanceWindow = forever ?? window;
    const paid = context.accumulate(`${key}/paid`, window, context.exact('0')).before;
    const balance = context.accumulate(`${key}/balance`, balanceWindow, context.exact('0')).before;
    const wanted = ratioAdd(ratioAdd(ratioOf(paid), ratioOf(amount)), ratioOf(balance));
    if (ratioSign(ratioOf(balance)) === 0 && ratioCompare(wanted, ratioOf(most)) <= 0) {
      context.accumulate(`${key}/paid`, window, amount);
      return { amount, change: exactValueOfRatio(RATIO_ZERO) };
    }
    const due = context.sum([paid, amount, balance], { label: 'Paid before, earned now and carried', unit: note.unit });
    const allowed = context.subtract(context.minimum([due, most], { label: 'Up to the cap', unit: note.unit }), paid, { label: 'Paid now', unit: note.unit });
    context.accumulate(`${key}/paid`, window, allowed);
    const change = context.subtract(allowed, amount, note);
    context.accumulate(`${key}/balance`, balanceWindow, context.negate(change));
    return { amount: allowed, change };
  }
  const { before, toDate } = context.accumulate(`${key}/raw`, window, amount);
  const clamp = (value: Ratio): Ratio => {
    const raised = least === undefined ? value : ratioMax(value, ratioOf(least));
    return most === undefined ? raised : ratioMin(raised, ratioOf(most));
  };
  // Before anything was earned in the window nothing was paid, a floor included.
  const started = ratioSign(ratioOf(context.accumulate(`${key}/started`, window, context.exact('1')).before)) > 0;
  const paidBefore = started ? clamp(ratioOf(before)) : RATIO_ZERO;
  const dueNow = clamp(ratioOf(toDate));
  if (ratioCompare(dueNow, ratioOf(toDate)) === 0 && ratioCompare(paidBefore, ratioOf(before)) === 0) return { amount, change: exactValueOfRatio(RATIO_ZERO) };
  const raised = least === undefined ? toDate : context.maximum([toDate, least], { label: 'At least', unit: note.unit });
  const limited = most === undefined ? raised : context.minimum([raised, most], { label: 'At most', unit: note.unit });
  const paid = exactValueOfRatio(paidBefore, { name: 'of it before', unit: note.unit });
  const allowed = ratioSign(paidBefore) === 0 ? limited : context.subtract(limited, paid, { label: 'Now', unit: note.unit });
  return { amount: allowed, change: context.subtract(allowed, amount, note) };
}

/* ── pay ────────────────────────────────────────────────────────────────── */

/** What a deal or line is paid. */
export interface GroupPay {
  readonly first: CreditPart;
  readonly sum: Ratio;
}

/** What bands pay per deal or line, where that follows from their rates. */
function payByGroup(bands: readonly EarnedBand[], scope: 'deal' | 'line'): Map<string, { readonly first: CreditPart; sum: Ratio }> {
  const groups = new Map<string, { readonly first: CreditPart; sum: Ratio }>();
  for (const band of bands) {
    for (const part of partsWithAmounts(band)) {
      if (part.amount === undefined) continue;
      const key = groupKey(part, scope);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { first: part, sum: part.amount });
      else group.sum = ratioAdd(group.sum, part.amount);
    }
  }
  return groups;
}

/** A band that brings the pay of each deal or line within its limits, or undefined where it is. A reversed deal mirrors the sale. */
export function limitPayByGroup(
  bands: readonly EarnedBand[],
  scope: 'deal' | 'line',
  bound: { readonly most?: ExactValue; readonly least?: ExactValue },
  path: IssuePath,
  context: EvaluationContext,
  options: { readonly review: boolean; readonly pay: readonly GroupPay[] | undefined },
): EarnedBand | undefined {
  const { most, least } = bound;
  const parts: CreditPart[] = [];
  const changes: ExactValue[] = [];
  for (const { first, sum } of options.pay ?? payByGroup(bands, scope).values()) {
    if (ratioSign(sum) === 0) continue;
    const paid = magnitude(sum);
    const limited = most !== undefined ? ratioMin(paid, ratioOf(most)) : ratioMax(paid, least === undefined ? paid : ratioOf(least));
    const change = ratioSubtract(limited, paid);
    if (ratioSign(change) === 0) continue;
    const signed = ratioSign(sum) < 0 ? ratioNegate(change) : change;
    const source = first.dealId ?? first.creditId;
    parts.push({ creditId: first.creditId, ...(first.dealId === undefined ? {} : { dealId: first.dealId }), basis: RATIO_ZERO, amount: signed });
    changes.push(exactValueOfRatio(signed, { name: most === undefined ? 'up to the floor' : 'above the cap', unit: context.currency, source }));
    if (options.review && most !== undefined) reportReview(context, `Pay for ${source}`, most, exactValueOfRatio(magnitude(change)), path);
  }
  if (changes.length === 0) return undefined;
  const label = `${most === undefined ? 'Floor' : 'Cap'} per ${scope}`;
  const planPath = formatPath(path);
  return plainBand(label, planPath, context.sum(changes, { label, planPath, unit: context.currency }), { parts, ...(most === undefined ? {} : { section: 'cap' }) });
}
