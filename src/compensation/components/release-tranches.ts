/*
 * Pay that is earned before it is paid. A tranche is what was earned on one deal by credits of one day. What is due of it to date is computed anew in every
 * period from the deal's events and the calendar, and the line is the difference from what has been released: nothing is counted by hand, so events that come
 * late, payments that bounce and credits that change fall into place.
 */

import { readEpochDay } from '../../calendar/epoch-day.js';
import { type ExactValue, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkList, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import type { EvaluationContext, Posting } from '../component.js';
import type { DealEventRecord, DealEventType } from '../deal-event.js';
import type { CreditPart } from '../tier-band.js';
import { isFinal, sumShortly } from './payable.js';
import { dueDayOf, type ReleaseTrigger } from './release-stage.js';

/** A share of pay and when it is released. */
export interface ResolvedStage {
  readonly share: ExactValue;
  readonly trigger: ReleaseTrigger;
}

/** How pay is held back and released. */
export interface ReleaseTerms {
  /** The components whose pay is held. */
  readonly of: readonly string[];
  /** Their shares sum to 1. */
  readonly stages: readonly ResolvedStage[];
  /** At least this fraction is paid at once; stages beyond it are paid as they are reached. */
  readonly advance?: ExactValue;
  /** Events that cancel what is not released yet. */
  readonly cancels: readonly DealEventType[];
  /** What becomes of it when employment ends. */
  readonly onTermination: 'continue' | 'forfeit' | 'pay';
  readonly labels: { readonly hold: string; readonly release: string; readonly balance: string };
}

interface Tranche {
  /** Deal, or credit where there is none; absent for pay that belongs to no deal. */
  readonly dealId?: string;
  /** A credit that stands for it on lines. */
  readonly creditId?: string;
  /** Day of the credit. */
  readonly on: string;
  /** End of the period in which it was credited. */
  readonly periodEnd: string;
  readonly earned: ExactValue;
  readonly released: ExactValue;
  readonly cancelled: ExactValue;
}

/** What one tranche comes to at the end of the segment. */
interface Outcome {
  /** Due to date, rounded. */
  readonly due: ExactValue;
  /** Never to be paid. */
  readonly cancelled: ExactValue;
  /** Of it still to come. */
  readonly open: ExactValue;
  /** Paid beyond what the stages have reached: an advance. */
  readonly advanced: ExactValue;
}

interface Line {
  readonly amount: ExactValue;
  readonly tranche: Tranche;
}

/** Holds what was earned in this segment, releases what is due, and keeps the rest. */
export function releasePay(terms: ReleaseTerms, context: EvaluationContext): readonly Posting[] {
  const held = readTranches(context);
  const { fresh, tranches } = addEarned(terms, context, held);
  const holds: Line[] = [];
  const releases: Line[] = [];
  const cancelled: Line[] = [];
  const known = new Set(held.map(keyOf));
  const kept: Tranche[] = [];
  const open: ExactValue[] = [];
  const advanced: ExactValue[] = [];
  for (const tranche of tranches) {
    const outcome = outcomeOf(terms, context, tranche);
    const change = context.subtract(outcome.due, tranche.released, { label: 'Due less released', unit: context.currency });
    const earnedNow = fresh.get(tranche);
    if (earnedNow !== undefined && !known.has(keyOf(tranche)))
      holds.push({ tranche, amount: context.subtract(change, earnedNow, { label: 'Not due yet', unit: context.currency }) });
    else {
      if (earnedNow !== undefined) holds.push({ tranche, amount: context.negate(earnedNow, { label: 'Held', unit: context.currency }) });
      releases.push({ tranche, amount: change });
    }
    const lost = context.subtract(outcome.cancelled, tranche.cancelled);
    if (context.sign(lost) !== 0) cancelled.push({ tranche, amount: lost });
    if (context.sign(outcome.open) === 0) continue;
    open.push(outcome.open);
    if (context.sign(outcome.advanced) > 0) advanced.push(outcome.advanced);
    kept.push({ ...tranche, released: outcome.due, cancelled: outcome.cancelled });
  }
  writeTranches(context, kept);
  context.balance(terms.labels.balance, sumShortly(context, open.length === 0 ? [context.exact('0')] : open, { label: terms.labels.balance }));
  context.balance('Advance not earned out yet', sumShortly(context, advanced.length === 0 ? [context.exact('0')] : advanced, { label: 'Advance' }));
  return [...post(context, holds, terms.labels.hold, 'holdback'), ...post(context, releases, terms.labels.release, 'release'), ...memo(context, cancelled, isFinal(context))];
}

/** A deal and the day of its credits. */
function keyOf(tranche: { readonly dealId?: string; readonly on: string }): string {
  return `${tranche.on} ${tranche.dealId ?? ''}`;
}

function readTranches(context: EvaluationContext): readonly Tranche[] {
  const carried = context.carried();
  if (carried === undefined) return [];
  const issues: IssueSink = [];
  const tranches: Tranche[] = [];
  const unit = context.currency;
  checkList(carried, ['carried'], issues)?.forEach((entry, index) => {
    const path = ['carried', index];
    const record = checkRecord(entry, path, issues);
    if (record === undefined) return;
    const on = checkText(record['on'], [...path, 'on'], issues) ?? '';
    const periodEnd = checkText(record['periodEnd'], [...path, 'periodEnd'], issues) ?? '';
    const { dealId, creditId } = record;
    tranches.push({
      ...(typeof dealId === 'string' ? { dealId } : {}),
      ...(typeof creditId === 'string' ? { creditId } : {}),
      on,
      periodEnd,
      earned: context.fromText(record['earned'], { name: 'earned', unit, source: typeof dealId === 'string' ? dealId : on }),
      released: context.fromText(record['released'], { name: 'released before', unit }),
      cancelled: context.fromText(record['cancelled'] ?? '0', { name: 'cancelled before', unit }),
    });
  });
  throwIfIssues(issues);
  return tranches;
}

function writeTranches(context: EvaluationContext, tranches: readonly Tranche[]): void {
  if (tranches.length === 0) {
    context.carry(undefined);
    return;
  }
  const sorted = [...tranches].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  context.carry(
    sorted.map(({ dealId, creditId, on, periodEnd, earned, released, cancelled }) => ({
      ...(dealId === undefined ? {} : { dealId }),
      ...(creditId === undefined ? {} : { creditId }),
      on,
      periodEnd,
      earned: context.toText(earned),
      released: context.toText(released),
      ...(context.sign(cancelled) === 0 ? {} : { cancelled: context.toText(cancelled) }),
    })),
  );
}

/**
 * Adds what was posted in this segment. A refund lowers the oldest tranche of its deal, so that what is not paid yet is never paid and what is paid comes back;
 * where nothing of the deal is open it passes through at once.
 */
function addEarned(
  terms: ReleaseTerms,
  context: EvaluationContext,
  held: readonly Tranche[],
): { readonly tranches: readonly Tranche[]; readonly fresh: ReadonlyMap<Tranche, ExactValue> } {
  const stored = new Map(held.map((tranche) => [keyOf(tranche), tranche]));
  const added = new Map<Tranche, ExactValue[]>(held.map((tranche) => [tranche, []]));
  const refunds: { readonly dealId: string; readonly amount: ExactValue }[] = [];
  const zero = context.exact('0', { name: 'nothing', unit: context.currency });
  for (const part of context.postedParts(terms.of)) {
    const sign = context.sign(part.amount);
    const credit = part.creditId === undefined ? undefined : context.creditOf(part.creditId);
    if (sign < 0) {
      const dealId = part.dealId ?? credit?.refersTo ?? part.creditId;
      if (dealId !== undefined) refunds.push({ dealId, amount: part.amount });
    }
    if (sign <= 0) continue;
    const dealId = part.dealId ?? part.creditId;
    const on = part.on ?? credit?.on ?? context.segment.start;
    const place = { on, ...(dealId === undefined ? {} : { dealId }) };
    const tranche = stored.get(keyOf(place)) ?? {
      ...place,
      ...(part.creditId === undefined ? {} : { creditId: part.creditId }),
      periodEnd: context.period.endExclusive,
      earned: zero,
      released: zero,
      cancelled: zero,
    };
    stored.set(keyOf(place), tranche);
    const amounts = added.get(tranche);
    if (amounts === undefined) added.set(tranche, [part.amount]);
    else amounts.push(part.amount);
  }
  if (refunds.length > 0) {
    const oldest = new Map<string, Tranche>();
    for (const tranche of added.keys()) {
      const first = tranche.dealId === undefined ? undefined : oldest.get(tranche.dealId);
      if (tranche.dealId !== undefined && (first === undefined || tranche.on < first.on)) oldest.set(tranche.dealId, tranche);
    }
    for (const { dealId, amount } of refunds) {
      const open = oldest.get(dealId);
      if (open !== undefined) added.get(open)?.push(amount);
    }
  }
  const fresh = new Map<Tranche, ExactValue>();
  const tranches: Tranche[] = [];
  for (const [tranche, amounts] of added) {
    if (amounts.length === 0) {
      tranches.push(tranche);
      continue;
    }
    const amount = sumShortly(context, amounts, { label: 'Earned now', unit: context.currency });
    const earned = context.sign(tranche.earned) === 0 ? amount : context.sum([tranche.earned, amount], { label: 'Earned', unit: context.currency });
    const next = { ...tranche, earned };
    tranches.push(next);
    fresh.set(next, amount);
  }
  return { tranches, fresh };
}

/** How far a stage has come: nothing, all, or `part` of `whole`. */
interface Progress {
  readonly part: ExactValue;
  readonly whole?: ExactValue;
}

/** Walks through what happened to the deal and the days that came due, up to the end of the segment. */
function outcomeOf(terms: ReleaseTerms, context: EvaluationContext, tranche: Tranche): Outcome {
  const unit = context.currency;
  const zero = context.exact('0', { name: 'nothing', unit });
  const creditedOn = readEpochDay(tranche.on);
  const { terminatedOn } = context.payee;
  const final = isFinal(context);
  // Who must be employed at payment gets nothing that falls due on the day employment has ended or later.
  const limit = final && terms.onTermination === 'forfeit' && terminatedOn !== undefined ? readEpochDay(terminatedOn) : readEpochDay(context.segment.endExclusive);
  const events = tranche.dealId === undefined ? [] : context.dealEvents(tranche.dealId).filter((event) => readEpochDay(event.on) < limit);
  const cancellations = events.filter((event) => terms.cancels.includes(event.type) && readEpochDay(event.on) >= creditedOn);
  let due = zero;
  let paidFor = zero;
  let left = context.exact('1');
  for (const event of cancellations) {
    if (context.sign(left) <= 0) break;
    const until = readEpochDay(event.on);
    // What happened on the day of the cancellation counts as before it.
    const nominal = nominalAt(terms, context, tranche, events, until + 1);
    due = addReleased(context, due, context.subtract(nominal, paidFor), left);
    paidFor = nominal;
    left = context.maximum([context.subtract(left, shareOfDeal(context, event, events), { label: 'Not cancelled' }), context.exact('0')]);
  }
  const nominal = nominalAt(terms, context, tranche, events, limit);
  due = cancellations.length === 0 ? nominal : addReleased(context, due, context.subtract(nominal, paidFor), left);
  const all = cancellations.length === 0 ? tranche.earned : addReleased(context, due, context.subtract(tranche.earned, nominal, { label: 'Not reached', unit }), left);
  const rounding = context.rounding;
  const most = cancellations.length === 0 ? tranche.earned : context.round(all, rounding, { label: 'At most', unit });
  const forfeits = final && terms.onTermination === 'forfeit';
  const paysOut = final && terms.onTermination === 'pay';
  const rounded = context.compare(due, tranche.earned) === 0 ? tranche.earned : context.round(due, rounding, { label: 'Due to date', unit });
  const released = paysOut ? most : rounded;
  const ceiling = forfeits ? released : most;
  const staged = terms.advance === undefined ? released : context.round(stagedAt(terms, context, tranche, events, limit), rounding);
  return {
    due: released,
    cancelled: context.subtract(tranche.earned, ceiling, { label: 'Cancelled', unit }),
    open: context.subtract(ceiling, released, { label: 'Open', unit }),
    advanced: context.subtract(released, staged, { label: 'Advanced', unit }),
  };
}

function addReleased(context: EvaluationContext, due: ExactValue, part: ExactValue, left: ExactValue): ExactValue {
  if (context.sign(part) === 0 || context.sign(left) === 0) return due;
  const kept = context.compare(left, context.exact('1')) === 0 ? part : context.multiply([part, left], { label: 'Of what is not cancelled' });
  return context.sign(due) === 0 ? kept : context.sum([due, kept], { label: 'Due' });
}

/** What would be due before a day if nothing were cancelled. */
function nominalAt(terms: ReleaseTerms, context: EvaluationContext, tranche: Tranche, events: readonly DealEventRecord[], day: number): ExactValue {
  const staged = stagedAt(terms, context, tranche, events, day);
  if (terms.advance === undefined) return staged;
  const advance = context.multiply([tranche.earned, terms.advance], { label: 'Advance', unit: context.currency });
  return context.sign(tranche.earned) < 0
    ? context.minimum([advance, staged])
    : context.maximum([advance, staged], { label: 'Advance, or what is reached', unit: context.currency });
}

function stagedAt(terms: ReleaseTerms, context: EvaluationContext, tranche: Tranche, events: readonly DealEventRecord[], day: number): ExactValue {
  const unit = context.currency;
  const creditedOn = readEpochDay(tranche.on);
  const periodEnd = readEpochDay(tranche.periodEnd);
  const reached: ExactValue[] = [];
  let complete = true;
  for (const { share, trigger } of terms.stages) {
    const dueDay = dueDayOf(trigger, creditedOn, periodEnd);
    const progress = dueDay === undefined ? progressOf(context, tranche, events, 'on' in trigger ? trigger.on : 'booking', day) : dueDay < day ? 'all' : 'none';
    if (progress === 'none') {
      if (context.sign(share) !== 0) complete = false;
      continue;
    }
    const whole = context.multiply([tranche.earned, share, ...(progress === 'all' ? [] : [progress.part])], { label: 'Share of what is earned', unit });
    if (progress !== 'all') complete = false;
    reached.push(progress === 'all' || progress.whole === undefined ? whole : context.divide(whole, progress.whole, { label: 'In proportion', unit }));
  }
  // All of it, to the cent, whatever the shares are.
  if (complete) return tranche.earned;
  return reached.length === 0 ? context.exact('0', { name: 'nothing reached', unit }) : context.sum(reached, { label: 'Reached', unit });
}

/** How much of the deal has been invoiced, paid, delivered before a day. Pay without a deal waits for no event. */
function progressOf(context: EvaluationContext, tranche: Tranche, events: readonly DealEventRecord[], type: string, day: number): Progress | 'all' | 'none' {
  if (tranche.dealId === undefined) return 'all';
  const own = events.filter((event) => event.type === type && readEpochDay(event.on) < day);
  if (own.length === 0) return 'none';
  const total = totalOf(context, events);
  const parts: ExactValue[] = [];
  for (const event of own) {
    const fraction = event.share ?? (event.amount === undefined ? '1' : undefined);
    if (fraction !== undefined) {
      const share = context.exact(fraction, { name: event.type, unit: 'share', source: event.id });
      parts.push(total === undefined ? share : context.multiply([share, total.amount], { label: 'Share of the deal' }));
    } else if (event.amount !== undefined && isComparable(context, event, total)) {
      parts.push(context.exact(event.amount.amount, { name: event.type, unit: event.amount.currency, source: event.id }));
    }
  }
  if (parts.length === 0) return 'none';
  const part = sumShortly(context, parts, { label: `By ${type}` });
  if (context.sign(part) <= 0) return 'none';
  if (context.compare(part, total?.amount ?? context.exact('1')) >= 0) return 'all';
  return total === undefined ? { part } : { part, whole: total.amount };
}

interface DealTotal {
  readonly amount: ExactValue;
  readonly currency: string;
}

/** What the deal comes to: the latest word on it. */
function totalOf(context: EvaluationContext, events: readonly DealEventRecord[]): DealTotal | undefined {
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const total = events[index]?.total;
    if (total !== undefined) return { amount: context.exact(total.amount, { name: 'total', unit: total.currency, source: events[index]?.id ?? '' }), currency: total.currency };
  }
  return undefined;
}

/** Whether an amount can be set against the total; reported in the segment in which the event happened. */
function isComparable(context: EvaluationContext, event: DealEventRecord, total: DealTotal | undefined): boolean {
  if (total !== undefined && event.amount?.currency === total.currency) return true;
  if (context.isWithin(event.on, context.segment)) {
    if (total === undefined) context.report('missing_total', { expected: `a share, or the total of the deal ${event.dealId}`, received: event.id });
    else context.report('currency_mismatch', { expected: total.currency, received: event.amount?.currency });
  }
  return false;
}

/** Which fraction of the deal an event is about. */
export function shareOfDeal(context: EvaluationContext, event: DealEventRecord, events: readonly DealEventRecord[]): ExactValue {
  if (event.share !== undefined) return context.exact(event.share, { name: event.type, unit: 'share', source: event.id });
  if (event.amount === undefined) return context.exact('1', { name: event.type, unit: 'share', source: event.id });
  const total = totalOf(context, events);
  if (total === undefined || !isComparable(context, event, total)) {
    if (total === undefined) isComparable(context, event, total);
    return context.exact('0', { name: event.type, unit: 'share', source: event.id });
  }
  return context.divide(context.exact(event.amount.amount, { name: event.type, unit: event.amount.currency, source: event.id }), total.amount, { label: 'Share of the deal' });
}

/** Which fraction of the deal had been paid before a day, between 0 and 1. */
export function paidShare(context: EvaluationContext, dealId: string, day: number): ExactValue {
  const zero = context.exact('0', { name: 'nothing', unit: context.currency });
  const tranche: Tranche = { dealId, on: context.segment.start, periodEnd: context.period.endExclusive, earned: zero, released: zero, cancelled: zero };
  const progress = progressOf(context, tranche, context.dealEvents(dealId), 'payment', day);
  if (progress === 'all') return context.exact('1', { name: 'paid', unit: 'share' });
  if (progress === 'none') return context.exact('0', { name: 'paid', unit: 'share' });
  return progress.whole === undefined ? progress.part : context.divide(progress.part, progress.whole, { label: 'Paid share' });
}

/** A line for what belongs to deals, and one for what does not. */
function post(context: EvaluationContext, lines: readonly Line[], label: string, section: 'holdback' | 'release'): readonly Posting[] {
  const nonzero = lines.filter((line) => context.sign(line.amount) !== 0);
  const unit = context.currency;
  return [nonzero.filter((line) => line.tranche.creditId !== undefined), nonzero.filter((line) => line.tranche.creditId === undefined)].flatMap((group) =>
    group.length === 0
      ? []
      : [
          context.post(
            sumShortly(
              context,
              group.map((line) => line.amount),
              { label, unit },
            ),
            { label, section, parts: group.flatMap(partOf) },
          ),
        ],
  );
}

function partOf({ amount, tranche }: Line): readonly CreditPart[] {
  const { creditId, dealId, on } = tranche;
  if (creditId === undefined) return [];
  const ratio = ratioOf(amount);
  return [{ creditId, basis: ratio, amount: ratio, on, ...(dealId === undefined || dealId === creditId ? {} : { dealId }) }];
}

/** What will never be paid is recorded, and pays nothing. */
function memo(context: EvaluationContext, lines: readonly Line[], final: boolean): readonly Posting[] {
  if (lines.length === 0) return [];
  const label = final ? 'Not released at the end of employment' : 'Cancelled before payment';
  return [
    context.post(context.exact('0', { name: 'not paid', unit: context.currency }), {
      label,
      section: 'holdback',
      entryType: 'reversal',
      memo: sumShortly(
        context,
        lines.map((line) => line.amount),
        { label, unit: context.currency },
      ),
    }),
  ];
}
