/*
 * The steps of a commission, in their order (docs/order-of-operations.md):
 *
 *   credit:    credit cap per line, per deal → windfall
 *   component: accumulation → quota → attainment (cap, threshold) → gate → rate (cap) → modifiers → kickers → deal or line floor and cap → true-up →
 *              negative result → component, period and year floor and cap → pay schedule → post (the engine rounds)
 *
 * A gate decides on what the rate has earned, so it is tested before the rate and takes effect on its bands.
 */
import type { Period } from '../../calendar/period.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioMax, ratioMin, ratioNegate, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext, Posting } from '../component.js';
import type { CommissionConfig } from '../components/commission.js';
import { measureUnitOf } from '../measure.js';
import { type EarningWindow, type QuotaSource, readQuota } from '../quotas/quota-policy.js';
import type { CreditPart, MeasuredCredit } from '../tier-band.js';
import { tierReturnOf } from '../tier-table.js';
import { isValueExpression } from '../value-expression.js';
import { settlesInSegment } from '../window.js';
import { type EarnedBand, mergeBands, mirrorBand, plainBand, sumOfBands, textOfValue, totalOfBands } from './band-operations.js';
import { type EarningSource, proratedValue, prorationOf } from './earning-work.js';
import { type Gate, passGate } from './gate.js';
import { payKicker } from './kicker.js';
import { type Cap, creditLimit, type Floor, type LimitScope, limitCredits, limitInWindow, limitPayByGroup, limitsOn, type PlacedLimit, reportReview } from './limits.js';
import { applyModifier } from './modifier.js';
import { type BasisTotals, bandsOfRate, baseRateOf, isTierTable } from './pay-rate.js';
import { schedulePay } from './pay-schedule.js';
import { applyThreshold, capSource } from './threshold.js';
import { negativeBand, trueUpBand } from './true-up.js';
import { setWindfallAside } from './windfall.js';

/** What a config asks for, found out once. */
interface Program {
  readonly quotas: QuotaSource;
  /** `money`, or the unit of what is paid on. */
  readonly unit: string;
  readonly limitsCredit: boolean;
  readonly caps: Readonly<Record<Cap['on'], Readonly<Record<LimitScope, readonly PlacedLimit<Cap>[]>>>>;
  readonly floors: Readonly<Record<Floor['on'], Readonly<Record<LimitScope, readonly PlacedLimit<Floor>[]>>>>;
  readonly lineGates: readonly number[];
  readonly periodGates: readonly number[];
  /** Whether the steps need to know which part of a band belongs to which credit, even where no line shows it. */
  readonly needsParts: boolean;
  readonly plain: boolean;
  /** Whether what was earned in the window matters to what is earned now: not to a flat rate, nor to parts that are paid once and for all. */
  readonly needsEarned: boolean;
}

const SCOPES: readonly LimitScope[] = ['deal', 'line', 'component', 'period', 'year'];

function byScope<L extends { readonly on: string; readonly scope?: LimitScope }>(
  list: readonly L[] | undefined,
  on: L['on'],
  path: IssuePath,
): Readonly<Record<LimitScope, readonly PlacedLimit<L>[]>> {
  const of = (scope: LimitScope): readonly PlacedLimit<L>[] => limitsOn(list, on, scope, path);
  return { deal: of('deal'), line: of('line'), component: of('component'), period: of('period'), year: of('year') };
}

function compile(config: CommissionConfig, context: EvaluationContext): Program {
  const capPath = [...context.path, 'caps'];
  const floorPath = [...context.path, 'floors'];
  const caps = {
    credit: byScope(config.caps, 'credit', capPath),
    attainment: byScope(config.caps, 'attainment', capPath),
    rate: byScope(config.caps, 'rate', capPath),
    payout: byScope(config.caps, 'payout', capPath),
  };
  const floors = { rate: byScope(config.floors, 'rate', floorPath), payout: byScope(config.floors, 'payout', floorPath) };
  const gates = config.gates ?? [];
  const places = (test: string): readonly number[] => gates.flatMap((gate, index) => ((gate.test ?? 'end-of-period') === test ? [index] : []));
  const groupLimits = [...caps.payout.deal, ...caps.payout.line, ...floors.payout.deal, ...floors.payout.line].length > 0;
  return {
    quotas: { quota: config.quota, proration: config.proration, continuous: config.segments !== 'discrete' },
    unit: measureUnitOf(config.basis ?? config.measure),
    limitsCredit: config.windfall !== undefined || SCOPES.some((scope) => caps.credit[scope].length > 0),
    caps,
    floors,
    lineGates: places('each-line'),
    periodGates: places('end-of-period'),
    needsParts: groupLimits || places('each-line').length > 0,
    needsEarned: config.continues !== undefined || !isPaidOnce(config.rate),
    plain: [config.caps, config.floors, config.gates, config.modifiers, config.kickers, config.threshold, config.trueUp, config.negative, config.pay].every(
      (entry) => entry === undefined,
    ),
  };
}

/** Whether each part of the measure is paid when it is credited, at bounds that stay where they are. */
function isPaidOnce(rate: CommissionConfig['rate']): boolean {
  if (isValueExpression(rate)) return true;
  return (
    isTierTable(rate) &&
    (rate.mode === 'lookup' || rate.mode === 'marginal') &&
    (rate.by ?? 'amount') !== 'attainment' &&
    (tierReturnOf(rate) === 'rate' || tierReturnOf(rate) === 'multiplier')
  );
}

/** One evaluation. */
interface Work {
  readonly config: CommissionConfig;
  readonly context: EvaluationContext;
  readonly program: Program;
  readonly wantsParts: boolean;
}

/** Bands of one window. */
interface WindowBands {
  readonly window: EarningWindow;
  bands: readonly EarnedBand[];
}

/** What a commission pays. */
export function earnCommission(config: CommissionConfig, context: EvaluationContext): readonly Posting[] {
  const program = context.once(config, () => compile(config, context));
  const work: Work = { config, context, program, wantsParts: context.wantsParts || program.needsParts };
  const { accumulate } = config;
  const grouped = accumulate === 'deal' || accumulate === 'credit';
  const windows = grouped ? context.windows() : context.windows(accumulate).map((window) => windowOf(work, window));
  const earned: WindowBands[] = windows.map((window) => ({ window, bands: grouped ? earnGroups(work, window, accumulate) : earnWindow(work, window) }));
  const last = earned[earned.length - 1];
  if (!program.plain && last !== undefined) finish(work, earned, last);
  const bands = earned.length === 1 && last !== undefined ? last.bands : earned.flatMap((entry) => entry.bands);
  const paid = config.pay === undefined ? bands : schedulePay(config.pay, bands, context);
  const only = earned.length === 1 && !grouped ? last?.window : undefined;
  return postBands(work, paid, only === context.period ? undefined : only);
}

/** True-up, negative result, and the limits of component, period and year. */
function finish(work: Work, earned: readonly WindowBands[], last: WindowBands): void {
  const { config, context, program } = work;
  const all = (): readonly EarnedBand[] => earned.flatMap((entry) => entry.bands);
  const trueUp = config.trueUp === undefined ? undefined : makeTrueUp(work, all(), earned);
  if (trueUp !== undefined) last.bands = [...last.bands, trueUp];
  const negative = config.negative === undefined ? undefined : negativeBand(config.negative, totalOfBands(all(), context, 'Earned now'), context);
  if (negative !== undefined) last.bands = [...last.bands, negative];
  for (const entry of earned) entry.bands = limitWindow(work, entry.bands, 'component', entry.window);
  if (hasPayLimits(program, 'period')) last.bands = [...last.bands, ...added(limitWindow(work, all(), 'period', context.period), all().length)];
  if (hasPayLimits(program, 'year')) {
    const year = context.windows('year').at(-1);
    if (year !== undefined) last.bands = [...last.bands, ...added(limitWindow(work, all(), 'year', year), all().length)];
  }
}

function added(bands: readonly EarnedBand[], count: number): readonly EarnedBand[] {
  return bands.slice(count);
}

function hasPayLimits({ caps, floors }: Program, scope: LimitScope): boolean {
  return caps.payout[scope].length + floors.payout[scope].length > 0;
}

/** The window, cut to the assignment where segments are kept apart. */
function windowOf({ config, context }: Work, window: Period): EarningWindow {
  if (config.segments !== 'discrete') return window;
  const own = context.assignments(window).find((span) => span.start <= context.segment.start && context.segment.start < span.endExclusive);
  if (own === undefined || (own.start <= window.start && own.endExclusive >= window.endExclusive)) return window;
  return {
    start: own.start > window.start ? own.start : window.start,
    endExclusive: own.endExclusive < window.endExclusive ? own.endExclusive : window.endExclusive,
    label: window.label,
    whole: window,
  };
}

/* ── one window ─────────────────────────────────────────────────────────── */

function earnWindow(work: Work, window: EarningWindow): readonly EarnedBand[] {
  const { config, context, program } = work;
  if (config.continues !== undefined) takeOver(work, window);
  const measured = program.limitsCredit ? limitedCredit(work, window) : measuredCredit(work, window);
  if (measured === undefined) return [];
  const { windfall } = measured;
  let known: { readonly reference: string; readonly value: ExactValue | undefined } | undefined;
  const source: EarningSource = {
    before: measured.before,
    toDate: measured.toDate,
    credits: measured.credits,
    creditsStart: undefined,
    window,
    quota: (reference) => {
      if (known?.reference !== reference) known = { reference, value: readQuota(program.quotas, context, window, reference) };
      return known.value;
    },
    second: (measure, key) => {
      const followed = context.measureToDate(measure, window, key);
      return { total: followed.toDate, ...(followed.unknown === undefined ? {} : { unknown: followed.unknown }) };
    },
  };
  const table = isTierTable(config.rate) ? config.rate : undefined;
  const quota = source.quota(table?.reference ?? 'full');
  if (quota !== undefined || table?.by === 'attainment') context.attain(window, source.toDate, quota);
  const counted = countedSource(work, source);
  if (counted === undefined) return windfall;
  const basis = config.basis === undefined ? undefined : context.measureToDate(config.basis, window, 'basis');
  if (basis?.unknown !== undefined) return windfall;
  const earnedBefore = program.needsEarned ? context.accumulate('earned', window, zeroOf(context)).before : zeroOf(context);
  const bands = earn(work, counted, earnedBefore, basis, true);
  return windfall.length === 0 ? limitGroups(work, bands) : limitGroups(work, [...bands, ...windfall]);
}

function zeroOf(context: EvaluationContext): ExactValue {
  return context.exact('0');
}

interface Measured extends Pick<EarningSource, 'before' | 'toDate' | 'credits'> {
  readonly windfall: readonly EarnedBand[];
}

function measuredCredit({ config, context }: Work, window: Period): Measured | undefined {
  const { before, toDate, credits, unknown } = context.measureToDate(config.measure, window, 'measured');
  return unknown === undefined ? { before, toDate, credits, windfall: NO_BANDS } : undefined;
}

const NO_BANDS: readonly EarnedBand[] = [];

/** Goes on from another component: what it measured and earned in the window counts as if this one had. */
function takeOver({ config, context }: Work, window: Period): void {
  if (config.continues === undefined) return;
  const first = ratioSign(ratioOf(context.accumulate('taken over', window, context.exact('1')).before)) === 0;
  if (!first) return;
  for (const key of ['measured', 'earned']) context.accumulate(key, window, context.runningTotalOf(config.continues, key, window));
}

/** Credit after the limits on lines, deals and windows, and what is paid for windfalls. */
function limitedCredit(work: Work, window: EarningWindow): Measured | undefined {
  const { config, context, program } = work;
  const measured = context.measure(config.measure, window);
  if (measured.unknown !== undefined) return undefined;
  const stage = limitLinesAndDeals(work, measured.credits(), window);
  let total = stage.changed ? totalOfCredits(stage.credits, measured.total, context) : measured.total;
  for (const scope of ['component', 'period', 'year'] as const) {
    const scopeWindow = scope === 'component' ? window : scope === 'period' ? context.period : context.windows('year').at(-1);
    for (const { limit, path } of program.caps.credit[scope]) {
      const most = capValue(work, limit, window);
      if (most === undefined || scopeWindow === undefined) continue;
      const { amount, change } = limitInWindow(context, `credit.${formatPath(path)}`, scopeWindow, total, {
        most,
        carry: limit.disposition === 'carry',
        label: 'Credit, capped',
        path,
        unit: program.unit === 'money' ? context.currency : program.unit,
      });
      if (limit.disposition === 'review' && context.sign(change) < 0) reportReview(context, 'Credit', most, context.negate(change), path);
      total = amount;
    }
  }
  const { before, toDate } = context.accumulate('measured', window, total);
  return { before, toDate, credits: () => upTo(stage.credits, ratioOf(total)), windfall: stage.windfall };
}

function limitLinesAndDeals(
  work: Work,
  all: readonly MeasuredCredit[],
  window: Period,
): { readonly credits: readonly MeasuredCredit[]; readonly changed: boolean; readonly windfall: readonly EarnedBand[] } {
  const { config, context, program } = work;
  let credits = all;
  let changed = false;
  for (const scope of ['line', 'deal'] as const) {
    for (const { limit, path } of program.caps.credit[scope]) {
      const mostOf = creditLimit(limit, prorationOf(config.proration, 'caps', window, context), context);
      if (mostOf === undefined) continue;
      const limited = limitCredits(credits, scope, mostOf);
      if (limited.excess.length === 0) continue;
      credits = limited.credits;
      changed = true;
      if (limit.disposition === 'review')
        for (const entry of limited.excess)
          reportReview(context, `Credit of ${entry.dealId ?? entry.creditId}`, exactValueOfRatio(entry.most), exactValueOfRatio(entry.basis), path);
    }
  }
  if (config.windfall === undefined) return { credits, changed, windfall: NO_BANDS };
  const aside = setWindfallAside(
    config.windfall,
    credits,
    () => readQuota(program.quotas, context, window),
    () => baseRateOf(config.rate, context),
    context,
  );
  return { credits: aside.credits, changed: changed || aside.credits !== credits, windfall: aside.bands };
}

/** The measured total less what the limits took off. */
function totalOfCredits(credits: readonly MeasuredCredit[], total: ExactValue, context: EvaluationContext): ExactValue {
  const kept = credits.reduce((sum, credit) => ratioAdd(sum, credit.value), RATIO_ZERO);
  const off = ratioSubtract(ratioOf(total), kept);
  return context.subtract(total, exactValueOfRatio(off, { name: 'above the limits on credit' }), { label: 'Credit within the limits' });
}

/** Credits in their order as far as a limited total goes. */
function upTo(credits: readonly MeasuredCredit[], total: Ratio): readonly MeasuredCredit[] {
  const sum = credits.reduce((running, credit) => ratioAdd(running, credit.value), RATIO_ZERO);
  if (ratioCompare(sum, total) <= 0) return credits;
  let running = RATIO_ZERO;
  const bound = ratioMax(total, RATIO_ZERO);
  return credits.flatMap((credit) => {
    const next = ratioAdd(running, credit.value);
    const value = ratioSubtract(ratioMin(next, bound), ratioMin(running, bound));
    running = next;
    return ratioSign(value) === 0 ? [] : [{ ...credit, value }];
  });
}

function capValue({ config, context }: Work, cap: Cap, window: EarningWindow): ExactValue | undefined {
  return proratedValue(cap.most, 'cap', prorationOf(config.proration, 'caps', window, context), context);
}

/** What counts after the cap on attainment and behind the threshold. */
function countedSource(work: Work, source: EarningSource): EarningSource | undefined {
  const { config, context, program } = work;
  let counted = source;
  for (const { limit, path } of program.caps.attainment.component) {
    const fraction = context.value(limit.most, 'attainment cap');
    const quota = source.quota('full');
    if (fraction === undefined || quota === undefined) continue;
    const most = context.multiply([fraction, quota], { label: 'Attainment cap × quota', planPath: formatPath(path) });
    const excess = ratioSubtract(ratioOf(source.toDate), ratioMax(ratioOf(most), ratioOf(source.before)));
    if (limit.disposition === 'review' && ratioSign(excess) > 0) reportReview(context, 'Attainment', most, exactValueOfRatio(excess), path);
    counted = capSource(counted, most, 'Attainment, capped', context);
  }
  return config.threshold === undefined ? counted : applyThreshold(config.threshold, counted, context);
}

/** Gate, rate, modifiers and kickers of one window, deal or credit. */
function earn(work: Work, source: EarningSource, earnedBefore: ExactValue, basis: BasisTotals | undefined, follows: boolean): readonly EarnedBand[] {
  const { config, context, program } = work;
  const { window } = source;
  const earned = bandsOfRate({
    context,
    rate: config.rate,
    path: [...context.path, 'rate'],
    keys: '',
    source,
    earnedBefore,
    follows,
    wantsParts: work.wantsParts,
    rateCap: program.plain ? undefined : lowestRate(work),
    rateFloor: program.plain ? undefined : highestFloor(work),
    boundShare: config.proration === undefined ? undefined : prorationOf(config.proration, 'bounds', window, context),
    targetShare: config.proration === undefined ? undefined : prorationOf(config.proration, 'target', window, context),
    basis,
  });
  if (earned === undefined) return NO_BANDS;
  if (follows && program.needsEarned) for (const band of earned.bands) context.accumulate('earned', window, band.amount);
  if (program.plain) return earned.bands;
  let bands: readonly EarnedBand[] = earned.bands;
  const gates = follows ? [...program.lineGates, ...program.periodGates] : program.lineGates;
  for (const place of gates) bands = throughGate(work, place, bands, source, earned.baseRate, follows);
  config.modifiers?.forEach((modifier, place) => {
    bands = applyModifier(modifier, place, bands, source, context, follows);
  });
  config.kickers?.forEach((kicker, place) => {
    bands = [...bands, ...payKicker(kicker, place, source, context, follows)];
  });
  return bands;
}

function throughGate(
  { config, context, program }: Work,
  place: number,
  bands: readonly EarnedBand[],
  source: EarningSource,
  baseRate: ExactValue | undefined,
  follows: boolean,
): readonly EarnedBand[] {
  const gate: Gate | undefined = config.gates?.[place];
  return gate === undefined ? bands : passGate(gate, place, bands, { context, measure: config.measure, quotas: program.quotas, source, baseRate, follows });
}

function lowestRate({ context, program }: Work): ExactValue | undefined {
  const rates = program.caps.rate.component.flatMap(({ limit }) => context.value(limit.most, 'rate cap') ?? []);
  return rates.length === 0 ? undefined : context.minimum(rates, { label: 'Rate cap' });
}

function highestFloor({ context, program }: Work): ExactValue | undefined {
  const rates = program.floors.rate.component.flatMap(({ limit }) => context.value(limit.least, 'rate floor') ?? []);
  return rates.length === 0 ? undefined : context.maximum(rates, { label: 'Rate floor' });
}

/* ── deal by deal ───────────────────────────────────────────────────────── */

/** Every deal, or every credit, starts at the first tier. Bands of one tier are posted together, so that a period has one line per band. */
function earnGroups(work: Work, window: Period, by: 'deal' | 'credit'): readonly EarnedBand[] {
  const { config, context, program } = work;
  const byTier = new Map<number, EarnedBand[]>();
  const windfall: EarnedBand[] = [];
  const pay: { readonly first: CreditPart; readonly sum: Ratio }[] = [];
  let quotaKnown: { readonly value: ExactValue | undefined } | undefined;
  for (const group of context.groups(by)) {
    const measured = group.measure(config.measure);
    if (measured.unknown !== undefined) continue;
    const stage = program.limitsCredit ? limitLinesAndDeals(work, measured.credits(), window) : undefined;
    if (stage !== undefined) windfall.push(...stage.windfall);
    const total = stage?.changed === true ? totalOfCredits(stage.credits, measured.total, context) : measured.total;
    const credits = stage === undefined ? measured.credits : () => stage.credits;
    if (ratioSign(ratioOf(total)) === 0 && credits().length === 0 && !config.basis) continue;
    const basis = config.basis === undefined ? undefined : group.measure(config.basis);
    if (basis?.unknown !== undefined) continue;
    const negative = ratioSign(ratioOf(total)) < 0 || (ratioSign(ratioOf(total)) === 0 && basis !== undefined && ratioSign(ratioOf(basis.total)) < 0);
    const mirrored = (list: () => readonly MeasuredCredit[]) => (negative ? () => list().map((credit) => ({ ...credit, value: ratioNegate(credit.value) })) : list);
    const value = negative ? context.negate(total, { label: 'Reversed' }) : total;
    const source: EarningSource = {
      window,
      before: zeroOf(context),
      toDate: value,
      credits: mirrored(credits),
      creditsStart: undefined,
      quota: (reference) => {
        quotaKnown ??= { value: readQuota(program.quotas, context, window, reference) };
        return quotaKnown.value;
      },
      second: (measure) => group.measure(measure),
    };
    const counted = countedSource(work, source);
    if (counted === undefined) continue;
    const totals = basis === undefined ? undefined : { before: zeroOf(context), toDate: negative ? context.negate(basis.total) : basis.total, credits: mirrored(basis.credits) };
    const bands = earn(work, counted, zeroOf(context), totals, false).map((band) => (negative ? mirrorBand(context, band) : band));
    for (const band of bands) {
      const list = byTier.get(band.tier) ?? [];
      list.push(band);
      byTier.set(band.tier, list);
    }
    if (program.needsParts)
      pay.push({ first: { creditId: group.creditId, basis: RATIO_ZERO, ...(group.dealId === undefined ? {} : { dealId: group.dealId }) }, sum: sumOfBands(bands) });
  }
  let merged: readonly EarnedBand[] = [...byTier.entries()].sort(([a], [b]) => a - b).flatMap(([, bands]) => mergeBands(context, bands) ?? []);
  if (program.periodGates.length > 0) merged = gatePeriod(work, window, merged);
  return limitGroups(work, [...merged, ...windfall], { scope: by === 'deal' ? 'deal' : 'line', pay });
}

/** Gates that look at the whole period, where pay is earned deal by deal. */
function gatePeriod(work: Work, window: Period, merged: readonly EarnedBand[]): readonly EarnedBand[] {
  const { config, context, program } = work;
  const followed = context.measureToDate(config.measure, window, 'measured');
  if (followed.unknown !== undefined) return NO_BANDS;
  const source: EarningSource = {
    before: followed.before,
    toDate: followed.toDate,
    credits: followed.credits,
    creditsStart: undefined,
    window,
    quota: (reference) => readQuota(program.quotas, context, window, reference),
    second: (measure, key) => {
      const second = context.measureToDate(measure, window, key);
      return { total: second.toDate, ...(second.unknown === undefined ? {} : { unknown: second.unknown }) };
    },
  };
  let bands = merged;
  for (const place of program.periodGates) bands = throughGate(work, place, bands, source, baseRateOf(config.rate, context), true);
  return bands;
}

/* ── limits on pay ──────────────────────────────────────────────────────── */

/** Floors, then caps, per line and per deal. */
function limitGroups(
  work: Work,
  bands: readonly EarnedBand[],
  known?: { readonly scope: 'deal' | 'line'; readonly pay: readonly { readonly first: CreditPart; readonly sum: Ratio }[] },
): readonly EarnedBand[] {
  const { config, context, program } = work;
  if (!program.needsParts) return bands;
  let limited = bands;
  const share = prorationOf(config.proration, 'caps', context.period, context);
  for (const scope of ['line', 'deal'] as const) {
    // What was limited already is no longer the sum of what the deals earned.
    const pay = known?.scope === scope && limited.length === bands.length ? known.pay : undefined;
    for (const { limit, path } of program.floors.payout[scope]) {
      const least = proratedValue(limit.least, 'floor', share, context);
      const band = least === undefined ? undefined : limitPayByGroup(limited, scope, { least }, path, context, { review: false, pay });
      if (band !== undefined) limited = [...limited, band];
    }
    for (const { limit, path } of program.caps.payout[scope]) {
      const most = proratedValue(limit.most, 'cap', share, context);
      const band =
        most === undefined
          ? undefined
          : limitPayByGroup(limited, scope, { most }, path, context, { review: limit.disposition === 'review', pay: limited.length === bands.length ? pay : undefined });
      if (band !== undefined) limited = [...limited, band];
    }
  }
  return limited;
}

/** Floors, then caps, over a window: the bands, and what the limits change. */
function limitWindow(work: Work, bands: readonly EarnedBand[], scope: 'component' | 'period' | 'year', window: EarningWindow): readonly EarnedBand[] {
  const { config, context, program } = work;
  if (!hasPayLimits(program, scope)) return bands;
  let limited = bands;
  const share = prorationOf(config.proration, 'caps', window, context);
  const name = scope === 'component' ? '' : ` of the ${scope}`;
  for (const { limit, path } of program.floors.payout[scope]) {
    const least = proratedValue(limit.least, 'floor', share, context);
    if (least === undefined) continue;
    const { change } = limitInWindow(context, `pay.${formatPath(path)}`, window, totalOfBands(limited, context, 'Earned now'), { least, label: `Floor${name}`, path });
    if (context.sign(change) !== 0) limited = [...limited, plainBand(`Floor${name}`, formatPath(path), change)];
  }
  for (const { limit, path } of program.caps.payout[scope]) {
    const most = proratedValue(limit.most, 'cap', share, context);
    if (most === undefined) continue;
    const { change } = limitInWindow(context, `pay.${formatPath(path)}`, window, totalOfBands(limited, context, 'Earned now'), {
      most,
      carry: limit.disposition === 'carry',
      label: `Cap${name}`,
      path,
    });
    const sign = context.sign(change);
    if (sign === 0) continue;
    if (limit.disposition === 'review' && sign < 0) reportReview(context, 'Pay', most, context.negate(change), path);
    const label = sign > 0 ? `Below the cap${name}: released` : `Cap${name} at ${textOfValue(most)}`;
    limited = [...limited, plainBand(label, formatPath(path), change, { section: 'cap' })];
  }
  return limited;
}

/* ── true-up and posting ────────────────────────────────────────────────── */

/** What the longer window is due, less what was paid in it. */
function makeTrueUp(work: Work, bands: readonly EarnedBand[], earned: readonly WindowBands[]): EarnedBand | undefined {
  const { config, context, program } = work;
  const { trueUp } = config;
  if (trueUp === undefined) return undefined;
  const window = context.windows(trueUp.over).at(-1);
  if (window === undefined) return undefined;
  const totals = context.measureToDate(config.measure, window, 'true-up.measured');
  const paid = context.accumulate('true-up.paid', window, totalOfBands(bands, context, 'Earned now')).toDate;
  const sum = sumWindowQuotas(work, earned, window);
  const ends = settlesInSegment(window, context);
  if (totals.unknown !== undefined || (trueUp.at !== 'every-period' && !ends)) return undefined;
  const quotas: QuotaSource = { ...program.quotas, quota: trueUp.quota ?? config.quota };
  const ownQuota = trueUp.quota !== undefined || config.quota === undefined || typeof config.quota === 'object';
  const source: EarningSource = {
    window,
    before: zeroOf(context),
    toDate: totals.toDate,
    credits: () => [],
    creditsStart: undefined,
    quota: (reference) => (ownQuota ? (readQuota(quotas, context, window, reference) ?? sum) : sum),
    second: (measure, key) => {
      const second = context.measureToDate(measure, window, `true-up.${key}`);
      return { total: second.toDate, ...(second.unknown === undefined ? {} : { unknown: second.unknown }) };
    },
  };
  const counted = countedSource(work, source);
  const due =
    counted &&
    bandsOfRate({
      context,
      rate: trueUp.rate ?? config.rate,
      path: trueUp.rate === undefined ? [...context.path, 'rate'] : [...context.path, 'trueUp', 'rate'],
      keys: 'true-up.',
      source: counted,
      earnedBefore: zeroOf(context),
      follows: false,
      wantsParts: false,
      rateCap: lowestRate(work),
      rateFloor: highestFloor(work),
      boundShare: prorationOf(config.proration, 'bounds', window, context),
      targetShare: prorationOf(config.proration, 'target', window, context),
      basis: undefined,
    });
  if (due === undefined) return undefined;
  const band = trueUpBand(trueUp, totalOfBands(due.bands, context, `Due for ${window.label}`), paid, window.label, context);
  if (band !== undefined) context.accumulate('true-up.paid', window, band.amount);
  return band;
}

/** The quotas of the component's windows within the longer one, each once. */
function sumWindowQuotas({ config, context, program }: Work, earned: readonly WindowBands[], window: Period): ExactValue | undefined {
  if (config.quota === undefined) return undefined;
  let known = false;
  for (const entry of earned) {
    const quota = readQuota(program.quotas, context, entry.window);
    const seen = ratioSign(ratioOf(context.accumulate('true-up.window', entry.window, context.exact('1')).before)) > 0;
    if (quota === undefined) continue;
    known = true;
    if (!seen) context.accumulate('true-up.quota', window, quota);
  }
  const sum = context.accumulate('true-up.quota', window, zeroOf(context)).before;
  return known || ratioSign(ratioOf(sum)) !== 0 ? sum : undefined;
}

/** A posting while it is put together. */
type Draft = { -readonly [Key in keyof Posting]: Posting[Key] };

function postBands({ config, context, program }: Work, bands: readonly EarnedBand[], window: Period | undefined): readonly Posting[] {
  const { label } = config;
  return bands.map(({ amount, label: own, planPath, parts, section, basis, rate }) => {
    const posting: Draft = { amount, label: label === undefined ? own : `${label}: ${own}`, planPath, parts };
    if (section !== undefined) posting.section = section;
    if (basis !== undefined) {
      posting.basis = basis;
      posting.basisUnit = program.unit === 'money' ? context.currency : program.unit;
    }
    if (rate !== undefined) posting.rate = rate;
    if (window !== undefined) posting.roundingWindow = window;
    return posting;
  });
}
