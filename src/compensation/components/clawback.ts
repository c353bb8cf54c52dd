import { addMonthsToEpochDay, differenceInMonths } from '../../calendar/date-arithmetic.js';
import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { type ExactValue, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { Credit } from '../credit.js';
import type { DealEventRecord } from '../deal-event.js';
import type { CreditPart } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { checkOf, checkShare, payableSoFar, referencesOf, sumShortly } from './payable.js';
import { paidShare, shareOfDeal } from './release-tranches.js';

/**
 * What is taken back, by the time since the credit: everything, the part of a term that was not served, or a share that falls in steps.
 *
 * @category compensation
 */
export type ClawbackRecovery =
  | 'full'
  | {
      /** Months of the term: `(term − served) ÷ term` is taken back. `of-credit`: the `termMonths` of the credit; credits without are taken back in full. */
      readonly termMonths: number | 'of-credit';
      /** What counts as served: whole months since the credit (default), months begun, or days. */
      readonly served?: 'whole-months' | 'months-begun' | 'days';
    }
  | {
      /** The share from so many months after the credit on; before the first step it is all. */
      readonly steps: readonly ClawbackStep[];
    };

/**
 * A step of a clawback that falls with time.
 *
 * @category compensation
 */
export interface ClawbackStep {
  /** Whole months after the credit from which it holds. */
  readonly fromMonths: number;
  /** The fraction that is taken back. */
  readonly share: ValueExpression;
}

/**
 * Taking back pay whose sale did not last.
 *
 * @category compensation
 */
export interface ClawbackConfig {
  /** Name of the lines. */
  readonly label?: string;
  /** The components whose pay is taken back, with those that hold back and release it: what they paid together on a deal is what can be taken back. */
  readonly of: readonly string[];
  /** What causes it: events of the deal (default: cancellation and return), or that it is unpaid after a time. */
  readonly triggers?: readonly ('cancellation' | 'return' | 'unpaid')[];
  /** Days after the credit by which the deal has to be paid, for the trigger `unpaid`. */
  readonly unpaidAfterDays?: number;
  /** How long after the credit pay can be taken back. Default: without end; then the state keeps every deal. */
  readonly window?: { readonly months: number } | { readonly days: number };
  /** How much of what was paid. Default `full`. */
  readonly recover?: ClawbackRecovery;
  /**
   * What a refund credit (negative, with `refersTo`) does. `original-rate` (default): pay comes back at the rate at which it was paid, within the window, whatever
   * the refund does to tiers. `restate-period`: the refund is left to the components that measure it, whose accumulation rates the window again.
   */
  readonly reversal?: 'original-rate' | 'restate-period';
  /** At most this is taken back from one statement; the rest is owed and taken back later. */
  readonly limit?: {
    /** At most this amount. */
    readonly amount?: ValueExpression;
    /** At most this fraction of the variable pay so far. */
    readonly share?: ValueExpression;
  };
}

const KEYS = ['label', 'of', 'triggers', 'unpaidAfterDays', 'window', 'recover', 'reversal', 'limit'] as const;
const TRIGGERS = ['cancellation', 'return', 'unpaid'] as const;

/**
 * Clawback, deal by deal: `paid × share of the deal × recoverable share`, at the rate at which it was paid, since it is taken from what was paid. What had not been
 * paid yet is cancelled by the component that holds it, and is not taken back. Several returns of one deal take back no more than was paid.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [
 *   { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' },
 *   { kind: 'clawback', id: 'churn', of: ['sales'], window: { months: 12 }, recover: { termMonths: 12 } },
 * ] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-10', amount: { amount: '12000', currency: 'USD' } }],
 *   dealEvents: [{ id: 'e1', dealId: 'd1', type: 'cancellation', on: '2026-02-10' }], periods: ['2026-01', '2026-02'],
 * });
 * run.statements.map((statement) => statement.total.amount); // => ['1200.00', '-1100.00']
 * ```
 * @category compensation
 */
export const clawbackComponent = /* @__PURE__ */ defineComponent<'clawback', ClawbackConfig>({
  kind: 'clawback',
  phase: 'clawback',
  section: 'clawback',
  keys: KEYS,
  needsParts: true,
  dependsOn: (config) => referencesOf(config.of),
  check: (config, _issue) => checkClawback(config),
  evaluate: (config, context) => evaluateClawback(config, context),
  describe: (config) => describeClawback(config),
});

function checkClawback(config: ClawbackConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as PlainRecord;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkOf(record, issues, { required: true });
  if (Object.hasOwn(record, 'triggers')) {
    checkList(record['triggers'], ['triggers'], issues)?.forEach((entry, index) => {
      checkOneOf(entry, TRIGGERS, ['triggers', index], issues);
    });
  }
  const unpaid = Array.isArray(record['triggers']) && record['triggers'].includes('unpaid');
  if (unpaid !== Object.hasOwn(record, 'unpaidAfterDays')) {
    issues.push(createIssue('missing_key', [unpaid ? 'unpaidAfterDays' : 'triggers'], { expected: 'the trigger "unpaid" together with unpaidAfterDays' }));
  } else if (unpaid) checkNumber(record['unpaidAfterDays'], ['unpaidAfterDays'], issues, { min: 0, max: 36_600, integer: true });
  if (Object.hasOwn(record, 'window')) checkWindow(record['window'], issues);
  if (Object.hasOwn(record, 'recover')) checkRecover(record['recover'], issues);
  if (Object.hasOwn(record, 'reversal')) checkOneOf(record['reversal'], ['original-rate', 'restate-period'], ['reversal'], issues);
  if (!Object.hasOwn(record, 'limit')) return issues;
  const limit = checkRecord(record['limit'], ['limit'], issues, 'an object { amount, share }');
  if (limit === undefined) return issues;
  checkKeys(limit, ['amount', 'share'], ['limit'], issues);
  for (const key of ['amount', 'share']) if (Object.hasOwn(limit, key)) checkValueExpression(limit[key], ['limit', key], issues);
  checkShare(limit['share'], ['limit', 'share'], issues);
  return issues;
}

function checkWindow(value: unknown, issues: IssueSink): void {
  const window = checkRecord(value, ['window'], issues, '{ months } or { days }');
  if (window === undefined) return;
  checkKeys(window, ['months', 'days'], ['window'], issues);
  const keys = ['months', 'days'].filter((key) => Object.hasOwn(window, key));
  const [key] = keys;
  if (keys.length !== 1 || key === undefined) issues.push(createIssue('missing_key', ['window'], { expected: 'exactly one of months, days' }));
  else checkNumber(window[key], ['window', key], issues, { min: 0, max: 36_600, integer: true });
}

function checkRecover(value: unknown, issues: IssueSink): void {
  if (value === 'full') return;
  const recover = checkRecord(value, ['recover'], issues, '"full", { termMonths } or { steps }');
  if (recover === undefined) return;
  checkKeys(recover, ['termMonths', 'served', 'steps'], ['recover'], issues);
  if (Object.hasOwn(recover, 'termMonths') === Object.hasOwn(recover, 'steps')) {
    issues.push(createIssue('missing_key', ['recover'], { expected: 'exactly one of termMonths, steps' }));
    return;
  }
  if (Object.hasOwn(recover, 'served')) checkOneOf(recover['served'], ['whole-months', 'months-begun', 'days'], ['recover', 'served'], issues);
  if (Object.hasOwn(recover, 'termMonths')) {
    if (recover['termMonths'] !== 'of-credit') checkNumber(recover['termMonths'], ['recover', 'termMonths'], issues, { min: 1, max: 1200, integer: true });
    return;
  }
  let last = -1;
  checkList(recover['steps'], ['recover', 'steps'], issues, { min: 1 })?.forEach((entry, index) => {
    const path = ['recover', 'steps', index];
    const step = checkRecord(entry, path, issues, 'a step { fromMonths, share }');
    if (step === undefined) return;
    checkKeys(step, ['fromMonths', 'share'], path, issues);
    const from = checkNumber(step['fromMonths'], [...path, 'fromMonths'], issues, { min: 0, max: 1200, integer: true });
    if (from !== undefined && from <= last) issues.push(createIssue('out_of_range', [...path, 'fromMonths'], { expected: `more than ${last}: steps rise`, received: from }));
    last = Math.max(last, from ?? last);
    checkValueExpression(step['share'], [...path, 'share'], issues);
    checkShare(step['share'], [...path, 'share'], issues);
  });
}

/** What is known of a deal that pay can be taken back for. */
interface Tracked {
  readonly dealId: string;
  readonly creditId: string;
  /** Day of the first credit. */
  readonly on: string;
  readonly termMonths: number | null;
  /** Paid for what is not returned yet. */
  live: ExactValue;
  /** Fraction of the deal that is returned. */
  returned: ExactValue;
  /** Events dealt with. */
  readonly done: string[];
  /** Credited, in the currency of the credits, for the share that a refund is. */
  credited: ExactValue;
  creditCurrency: string | null;
}

interface Taken {
  readonly deal: Tracked;
  /** Rounded, 0 or more. */
  readonly amount: ExactValue;
}

/** Something that returns a part of a deal. */
interface Return {
  readonly id: string;
  readonly day: number;
  readonly share: () => ExactValue | undefined;
}

function evaluateClawback(config: ClawbackConfig, context: EvaluationContext): readonly Posting[] {
  const unit = context.currency;
  const stored = readState(context);
  const { deals } = stored;
  const taken: Taken[] = [];
  const refunds = addPaid(config, context, deals);
  const givenBack: { readonly creditId: string; readonly amount: ExactValue }[] = [];
  const byDeal = new Map<string, Return[]>();
  for (const { credit, dealId, pay } of refunds) {
    const deal = deals.get(dealId);
    if (deal === undefined) continue;
    // What the refund took by itself is given back: what comes back is what was paid.
    if (pay !== undefined && context.sign(pay) !== 0) givenBack.push({ creditId: credit.id, amount: context.negate(pay, { label: 'Taken by the refund itself', unit }) });
    const list = byDeal.get(dealId) ?? [];
    list.push({ id: credit.id, day: readEpochDay(credit.on), share: () => refundedShare(context, deal, credit) });
    byDeal.set(dealId, list);
  }
  for (const deal of deals.values()) {
    const returns = [...returnsByEvent(config, context, deal), ...(byDeal.get(deal.dealId) ?? [])].sort((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1));
    for (const entry of returns) {
      const amount = takeBack(config, context, deal, entry);
      if (amount !== undefined && context.sign(amount) !== 0) taken.push({ deal, amount });
    }
  }
  const postings: Posting[] = [];
  const label = config.label ?? 'Clawback';
  const total =
    taken.length === 0
      ? context.exact('0')
      : sumShortly(
          context,
          taken.map((entry) => entry.amount),
          { label, unit },
        );
  if (taken.length > 0) postings.push(context.post(context.negate(total, { label, unit }), { label, parts: taken.map(partOf) }));
  if (givenBack.length > 0) {
    const text = `${label}: instead of what refunds took by themselves`;
    const parts = givenBack.map(({ creditId, amount }) => ({ creditId, basis: ratioOf(amount), amount: ratioOf(amount) }));
    postings.push(
      context.post(
        sumShortly(
          context,
          givenBack.map((entry) => entry.amount),
          { label: text, unit },
        ),
        { label: text, parts, entryType: 'adjustment' },
      ),
    );
  }
  const owed = limitRecovery(config, context, { total, owed: stored.owed, label, postings });
  context.balance('Clawback still to be recovered', owed);
  writeState(config, context, deals, owed);
  return postings;
}

function partOf({ deal, amount }: Taken): CreditPart {
  const { n, d } = ratioOf(amount);
  const ratio = { n: -n, d };
  return { creditId: deal.creditId, basis: ratio, amount: ratio, on: deal.on, ...(deal.dealId === deal.creditId ? {} : { dealId: deal.dealId }) };
}

/** Adds what was paid in this segment to its deals; gives back the refunds that are to be handled at the original rate. */
function addPaid(
  config: ClawbackConfig,
  context: EvaluationContext,
  deals: Map<string, Tracked>,
): readonly { readonly credit: Credit; readonly dealId: string; readonly pay: ExactValue | undefined }[] {
  const atOriginalRate = config.reversal !== 'restate-period';
  const counted = new Set<string>();
  const refunds = new Map<string, { readonly credit: Credit; readonly dealId: string; pay: ExactValue | undefined }>();
  if (atOriginalRate) for (const credit of context.reversals()) refunds.set(credit.id, { credit, dealId: dealOf(credit), pay: undefined });
  const zero = context.exact('0', { name: 'nothing', unit: context.currency });
  for (const part of context.postedParts(config.of)) {
    const { creditId } = part;
    if (creditId === undefined) continue;
    const credit = context.creditOf(creditId);
    if (atOriginalRate && credit !== undefined && isRefund(credit)) {
      const known = refunds.get(creditId) ?? { credit, dealId: part.dealId ?? dealOf(credit), pay: undefined };
      known.pay = known.pay === undefined ? part.amount : context.sum([known.pay, part.amount]);
      refunds.set(creditId, known);
      continue;
    }
    const dealId = part.dealId ?? credit?.refersTo ?? creditId;
    let deal = deals.get(dealId);
    if (deal === undefined) {
      deal = {
        dealId,
        creditId,
        on: part.on ?? credit?.on ?? context.segment.start,
        termMonths: credit?.termMonths ?? null,
        live: zero,
        returned: context.exact('0', { name: 'returned', unit: 'share' }),
        done: [],
        credited: context.exact('0', { name: 'credited' }),
        creditCurrency: null,
      };
      deals.set(dealId, deal);
    }
    deal.live = context.sum([deal.live, part.amount], { label: 'Paid', unit: context.currency });
    const money = part.section === 'holdback' || part.section === 'release' || counted.has(creditId) ? undefined : credit?.amount;
    if (money === undefined || money === null) continue;
    counted.add(creditId);
    deal.credited = context.sum([deal.credited, context.exact(money.amount, { name: 'credited', unit: money.currency, source: creditId })], { label: 'Credited' });
    deal.creditCurrency = deal.creditCurrency === null || deal.creditCurrency === money.currency ? money.currency : '';
  }
  return [...refunds.values()];
}

function dealOf(credit: Credit): string {
  return credit.dealId ?? credit.refersTo ?? credit.id;
}

function isRefund(credit: Credit): boolean {
  return credit.refersTo !== undefined && (credit.amount?.amount.startsWith('-') === true || credit.units?.startsWith('-') === true);
}

function refundedShare(context: EvaluationContext, deal: Tracked, credit: Credit): ExactValue | undefined {
  const money = credit.amount;
  if (money === undefined || money === null || deal.creditCurrency !== money.currency || context.sign(deal.credited) <= 0) {
    context.report('currency_mismatch', { expected: `a refund in the currency of the credits of ${deal.dealId}`, received: credit.id });
    return undefined;
  }
  const refunded = context.negate(context.exact(money.amount, { name: 'refund', unit: money.currency, source: credit.id }), { label: 'Refunded' });
  return context.divide(refunded, deal.credited, { label: 'Share of the deal', unit: 'share' });
}

/** The events of a deal that have not been dealt with, and the day by which it should have been paid. */
function returnsByEvent(config: ClawbackConfig, context: EvaluationContext, deal: Tracked): readonly Return[] {
  const triggers: readonly string[] = config.triggers ?? ['cancellation', 'return'];
  const events = context.dealEvents(deal.dealId);
  const returns: Return[] = events
    .filter((event: DealEventRecord) => triggers.includes(event.type) && event.on >= deal.on && !deal.done.includes(event.id))
    .map((event) => ({ id: event.id, day: readEpochDay(event.on), share: () => shareOfDeal(context, event, events) }));
  if (triggers.includes('unpaid') && config.unpaidAfterDays !== undefined && !deal.done.includes(UNPAID)) {
    const day = readEpochDay(deal.on) + config.unpaidAfterDays;
    if (day < readEpochDay(context.segment.endExclusive)) {
      returns.push({ id: UNPAID, day, share: () => context.subtract(context.exact('1'), paidShare(context, deal.dealId, day + 1), { label: 'Unpaid share', unit: 'share' }) });
    }
  }
  return returns;
}

/** Marks that the trigger `unpaid` has been dealt with; no event can have this id. */
const UNPAID = '';

/** What one return takes back, rounded. */
function takeBack(config: ClawbackConfig, context: EvaluationContext, deal: Tracked, entry: Return): ExactValue | undefined {
  const unit = context.currency;
  const share = entry.share();
  if (share === undefined) return undefined;
  deal.done.push(entry.id);
  const left = context.subtract(context.exact('1'), deal.returned, { label: 'Not returned yet', unit: 'share' });
  if (context.sign(left) <= 0 || context.sign(share) <= 0) return undefined;
  const all = context.compare(share, left) >= 0;
  const part = all ? deal.live : context.divide(context.multiply([deal.live, share], { label: 'Paid × share' }), left, { label: 'Paid for what is returned', unit });
  deal.returned = all ? context.exact('1', { name: 'returned', unit: 'share' }) : context.sum([deal.returned, share], { label: 'Returned', unit: 'share' });
  deal.live = context.subtract(deal.live, part, { label: 'Paid for the rest', unit });
  if (!isWithinWindow(config, deal, entry.day) || context.sign(part) <= 0) return undefined;
  const recovered = recoveredPart(config, context, { deal, day: entry.day, part });
  return recovered === undefined ? undefined : context.round(recovered, context.rounding, { label: `Clawback for ${deal.dealId}`, unit });
}

function windowEnd(config: ClawbackConfig, deal: Tracked): number | undefined {
  if (config.window === undefined) return undefined;
  const start = readEpochDay(deal.on);
  return 'months' in config.window ? addMonthsToEpochDay(start, config.window.months) : start + config.window.days;
}

/** The last day of the window is the day before its end, counted from the day of the credit. */
function isWithinWindow(config: ClawbackConfig, deal: Tracked, day: number): boolean {
  const end = windowEnd(config, deal);
  return end === undefined || day < end;
}

function recoveredPart(
  config: ClawbackConfig,
  context: EvaluationContext,
  facts: { readonly deal: Tracked; readonly day: number; readonly part: ExactValue },
): ExactValue | undefined {
  const { deal, day, part } = facts;
  const { recover = 'full' } = config;
  if (recover === 'full') return part;
  const date = fromEpochDay(day);
  const months = differenceInMonths(date, deal.on);
  if ('steps' in recover) {
    const step = [...recover.steps].reverse().find((candidate) => candidate.fromMonths <= months);
    if (step === undefined) return part;
    const share = context.value(step.share, 'share taken back');
    return share === undefined ? undefined : context.multiply([part, share], { label: 'Share taken back', unit: context.currency });
  }
  const term = recover.termMonths === 'of-credit' ? deal.termMonths : recover.termMonths;
  if (term === null || term <= 0) return part;
  const [served, whole] = servedOf(recover.served ?? 'whole-months', { deal, day, months, term });
  if (served >= whole) return undefined;
  return context.divide(context.multiply([part, context.exact(whole - served, { name: 'unserved' })], { label: 'Paid × unserved' }), context.exact(whole, { name: 'term' }), {
    label: 'Unserved part',
    unit: context.currency,
  });
}

function servedOf(
  how: 'whole-months' | 'months-begun' | 'days',
  facts: { readonly deal: Tracked; readonly day: number; readonly months: number; readonly term: number },
): readonly [number, number] {
  const { deal, day, months, term } = facts;
  const start = readEpochDay(deal.on);
  if (how === 'days') return [day - start, addMonthsToEpochDay(start, Math.ceil(term)) - start];
  if (how === 'whole-months') return [months, term];
  return [addMonthsToEpochDay(start, months) < day ? months + 1 : months, term];
}

/** Keeps what is taken from one statement below the limit; gives back what is owed after it. */
function limitRecovery(
  config: ClawbackConfig,
  context: EvaluationContext,
  facts: { readonly total: ExactValue; readonly owed: ExactValue; readonly label: string; readonly postings: Posting[] },
): ExactValue {
  const unit = context.currency;
  const { total, owed, label, postings } = facts;
  const due = context.sign(owed) === 0 ? total : context.sum([total, owed], { label: 'To be taken back', unit });
  if (config.limit === undefined || context.sign(due) <= 0) return context.exact('0', { name: 'nothing owed', unit });
  const limits: ExactValue[] = [due];
  const amount = config.limit.amount === undefined ? undefined : context.value(config.limit.amount, 'limit of recovery');
  if (amount !== undefined) limits.push(amount);
  const share = config.limit.share === undefined ? undefined : context.value(config.limit.share, 'share recovered');
  if (share !== undefined) {
    const payable = context.maximum([payableSoFar(context, undefined), context.exact('0')]);
    limits.push(context.round(context.multiply([payable, share], { label: 'Share of pay', unit }), context.rounding, { label: 'Share of pay', unit }));
  }
  const taken = context.maximum([context.minimum(limits, { label: 'Taken now', unit }), context.exact('0')], { label: 'Taken now', unit });
  const later = context.subtract(total, taken, { label: 'Left for later', unit });
  if (context.sign(later) > 0) postings.push(context.post(later, { label: `${label}: left for later periods`, entryType: 'adjustment' }));
  if (context.sign(later) < 0) postings.push(context.post(later, { label: `${label}: from earlier periods`, entryType: 'clawback' }));
  return context.subtract(due, taken, { label: 'Still owed', unit });
}

function readState(context: EvaluationContext): { readonly deals: Map<string, Tracked>; readonly owed: ExactValue } {
  const deals = new Map<string, Tracked>();
  const unit = context.currency;
  const carried = context.carried();
  if (carried === undefined) return { deals, owed: context.exact('0', { name: 'nothing owed', unit }) };
  const issues: IssueSink = [];
  const record = checkRecord(carried, ['carried'], issues) ?? {};
  checkList(record['deals'], ['carried', 'deals'], issues)?.forEach((entry, index) => {
    const path = ['carried', 'deals', index];
    const deal = checkRecord(entry, path, issues);
    if (deal === undefined) return;
    const dealId = checkText(deal['dealId'], [...path, 'dealId'], issues) ?? '';
    const creditId = checkText(deal['creditId'], [...path, 'creditId'], issues) ?? '';
    const on = checkText(deal['on'], [...path, 'on'], issues) ?? '';
    const { termMonths, done, creditCurrency } = deal;
    deals.set(dealId, {
      dealId,
      creditId,
      on,
      termMonths: typeof termMonths === 'number' ? termMonths : null,
      live: context.fromText(deal['paid'], { name: 'paid before', unit, source: dealId }),
      returned: context.fromText(deal['returned'] ?? '0', { name: 'returned before', unit: 'share', source: dealId }),
      done: Array.isArray(done) ? done.filter((id): id is string => typeof id === 'string') : [],
      credited: context.fromText(deal['credited'] ?? '0', { name: 'credited before', source: dealId }),
      creditCurrency: typeof creditCurrency === 'string' ? creditCurrency : null,
    });
  });
  throwIfIssues(issues);
  return { deals, owed: context.fromText(record['owed'] ?? '0', { name: 'owed from earlier', unit }) };
}

function writeState(config: ClawbackConfig, context: EvaluationContext, deals: ReadonlyMap<string, Tracked>, owed: ExactValue): void {
  const end = readEpochDay(context.segment.endExclusive);
  const one = context.exact('1');
  const open = [...deals.values()].filter((deal) => context.compare(deal.returned, one) < 0 && isWithinWindow(config, deal, end)).sort((a, b) => (a.dealId < b.dealId ? -1 : 1));
  if (open.length === 0 && context.sign(owed) === 0) {
    context.carry(undefined);
    return;
  }
  context.carry({
    deals: open.map((deal) => ({
      dealId: deal.dealId,
      creditId: deal.creditId,
      on: deal.on,
      ...(deal.termMonths === null ? {} : { termMonths: deal.termMonths }),
      paid: context.toText(deal.live),
      ...(context.sign(deal.returned) === 0 ? {} : { returned: context.toText(deal.returned) }),
      ...(deal.done.length === 0 ? {} : { done: deal.done }),
      ...(deal.creditCurrency === null ? {} : { credited: context.toText(deal.credited), creditCurrency: deal.creditCurrency }),
    })),
    ...(context.sign(owed) === 0 ? {} : { owed: context.toText(owed) }),
  });
}

function describeClawback(config: ClawbackConfig): string {
  const triggers = config.triggers ?? ['cancellation', 'return'];
  const causes = triggers.map((trigger) =>
    trigger === 'unpaid' ? `is not paid within ${config.unpaidAfterDays ?? 0} days` : trigger === 'return' ? 'is returned' : 'is cancelled',
  );
  const within = config.window === undefined ? '' : 'months' in config.window ? ` within ${config.window.months} months` : ` within ${config.window.days} days`;
  const { recover = 'full' } = config;
  const much =
    recover === 'full'
      ? 'What you were paid for it'
      : 'steps' in recover
        ? 'A share of what you were paid for it, which falls with time,'
        : 'What you were paid for the part of the term that was not served';
  return `If a deal ${causes.join(' or ')}${within}, pay from ${config.of.join(', ')} is taken back. ${much} comes off your pay, at the rate at which it was paid.`;
}
