import type { Period } from '../../calendar/period.js';
import {
  RATIO_ONE,
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioCompare,
  ratioFromText,
  ratioMax,
  ratioMin,
  ratioNegate,
  ratioSign,
  ratioSubtract,
  ratioToText,
} from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, formatPath, type Issue, type IssuePath } from '../../errors/issue.js';
import { checkAmountText, literalRatio, percentText } from '../amount-text.js';
import { defineComponent, type EvaluationContext, type Gathered, type Posting } from '../component.js';
import { type CreditFilter, checkFilter } from '../filter.js';
import type { CreditMeasure } from '../measure.js';
import { checkMeasureField, isMoneyField, type MeasureField } from '../measure-field.js';
import { indexGathered, ownGathered } from '../own-gathered.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import { checkFractionText } from '../percent-hint.js';
import type { CreditPart } from '../tier-band.js';
import { checkValueExpression, isValueExpression, type ValueExpression } from '../value-expression.js';
import { type ComponentWindow, checkWindow, describeWindow, WINDOW_KEYS, windowsOf } from '../window.js';

/**
 * A step in a table of SPIFF rewards.
 *
 * @category compensation
 */
export interface SpiffTier {
  /** The first deal, credit or unit in it (`1` for the first tier, `6` for the sixth and what follows); per revenue, the revenue at which it starts (`0`). */
  readonly from: ValueExpression;
  /** What it pays, as `reward` itself would. */
  readonly reward: ValueExpression;
}

/**
 * Rewards that depend on how many there have been in the window.
 *
 * @category compensation
 */
export interface SpiffTiers {
  /** `each-in-its-tier`: every deal pays what its own number pays. `retroactive`: all of the window pay what the last one pays; the earlier ones are topped up. */
  readonly mode: 'each-in-its-tier' | 'retroactive';
  /** The tiers, rising. */
  readonly tiers: readonly [SpiffTier, ...SpiffTier[]];
}

/**
 * A special incentive for a short time.
 *
 * @category compensation
 */
export interface SpiffConfig extends ComponentWindow {
  /** What the line says; default `SPIFF`. */
  readonly label?: string;
  /** Which credits count: a product, a market, new customers; default: all. */
  readonly where?: CreditFilter;
  /**
   * What is rewarded. `deal`: each deal once. `credit`: each credit. `unit`: each unit. `revenue`: a fraction of the revenue.
   */
  readonly per: 'deal' | 'credit' | 'unit' | 'revenue';
  /** Which field is the revenue, and what the minimum is compared with. Default `amount`. */
  readonly of?: MeasureField;
  /** Money for each (a fraction per revenue), or tiers of it. */
  readonly reward: ValueExpression | SpiffTiers;
  /**
   * What is smaller does not count: of a deal the sum of its credits in the window, else the single credit. With it a deal counts while its sum is at least this;
   * without it, while more of its credits have been given than taken back.
   */
  readonly minimum?: ValueExpression;
  /**
   * All that may be paid in a window, to all payees of the plan: decimal text in the plan's currency, so no parameter. First come, first served: by day, deal id,
   * credit id, whoever the payee is. What is taken back goes back into the pool.
   */
  readonly pool?: string;
  /** What happens to a claim that is larger than what is left: it gets the rest (`partial`, default), or nothing, and smaller ones after it may still fit (`none`). */
  readonly lastClaim?: 'partial' | 'none';
  /** Who may get it. */
  readonly eligibility?: PayeeEligibility;
}

const KEYS = ['label', 'where', 'per', 'of', 'reward', 'minimum', 'pool', 'lastClaim', 'eligibility', ...WINDOW_KEYS] as const;
const UNITS: Readonly<Record<Exclude<SpiffConfig['per'], 'revenue'>, string>> = { deal: 'deals', credit: 'credits', unit: 'units' };

/**
 * A SPIFF: `reward × number` of deals, credits or units, or a fraction of the revenue; within days of its own or for each period, by tiers, and out of a pool.
 *
 * Returns within the window are taken off at what they brought, and a deal that no longer counts gives its reward back; of a claim that the pool has cut, only what
 * was paid. A return after the window is left to a clawback. With a pool every claim is rounded by itself, so that the pool is never exceeded; claims beyond
 * it show as `memo`. All payees of a pool belong in one run.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({
 *   id: 'p', currency: 'USD', period: 'month',
 *   components: [{ kind: 'spiff', id: 'spring', where: { productId: 'router' }, per: 'deal', reward: '250', from: '2026-03-01', to: '2026-03-16', pool: '600' }],
 * });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }, { id: 'bob' }], assignments: ['ada', 'bob'].map((payeeId) => ({ payeeId, planId: 'p', from: '2026-01-01' })),
 *   credits: [['d1', 'ada', '2026-03-02'], ['d2', 'bob', '2026-03-03'], ['d3', 'ada', '2026-03-04'], ['d4', 'bob', '2026-03-20']].map(([id = '', payeeId = '', on = '']) => ({ id, dealId: id, payeeId, on, productId: 'router' })),
 *   periods: ['2026-03'],
 * });
 * run.statements.map((statement) => [statement.payeeId, statement.total.amount]); // => [['ada', '350.00'], ['bob', '250.00']]
 * ```
 * @category compensation
 */
export const spiffComponent = /* @__PURE__ */ defineComponent<'spiff', SpiffConfig>({
  kind: 'spiff',
  section: 'spiff',
  keys: KEYS,
  readsOthers: (config) => config.pool !== undefined,
  check: (config, _issue) => checkSpiff(config as unknown as PlainRecord),
  gather: (config, context) => windowsOf(config, context).flatMap((window) => claimsOf(config, context, window)),
  evaluate: (config, context) => payClaims(config, context),
  describe: (config, plan) => describeSpiff(config, plan.currency),
});

function checkSpiff(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  if (Object.hasOwn(config, 'where')) checkFilter(config['where'], ['where'], issues);
  const per = checkOneOf(config['per'], ['deal', 'credit', 'unit', 'revenue'], ['per'], issues);
  if (Object.hasOwn(config, 'of')) checkMeasureField(config['of'], ['of'], issues);
  const { of = 'amount' } = config;
  checkReward(config['reward'], per === 'revenue', per === 'revenue' && typeof of === 'string' && isMoneyField(of), issues);
  if (Object.hasOwn(config, 'minimum')) checkValueExpression(config['minimum'], ['minimum'], issues);
  if (Object.hasOwn(config, 'pool')) checkAmountText(config['pool'], ['pool'], issues);
  if (Object.hasOwn(config, 'lastClaim')) checkOneOf(config['lastClaim'], ['partial', 'none'], ['lastClaim'], issues);
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  checkWindow(config, issues);
  return issues;
}

function checkReward(value: unknown, perRevenue: boolean, isFraction: boolean, issues: IssueSink): void {
  const single = (reward: unknown, path: IssuePath): void => {
    checkValueExpression(reward, path, issues);
    if (isFraction) checkFractionText(reward, path, issues);
  };
  if (typeof value === 'string' || typeof value === 'number' || isValueExpression(value)) {
    single(value, ['reward']);
    return;
  }
  const record = checkRecord(value, ['reward'], issues, 'a reward such as "250", or { mode, tiers }');
  if (record === undefined) return;
  checkKeys(record, ['mode', 'tiers'], ['reward'], issues);
  checkOneOf(record['mode'], ['each-in-its-tier', 'retroactive'], ['reward', 'mode'], issues);
  let previous: Ratio | undefined;
  checkList(record['tiers'], ['reward', 'tiers'], issues, { min: 1, expected: 'a list of tiers' })?.forEach((entry, index) => {
    const at = ['reward', 'tiers', index];
    const tier = checkRecord(entry, at, issues, 'a tier such as { from: "6", reward: "200" }');
    if (tier === undefined) return;
    checkKeys(tier, ['from', 'reward'], at, issues);
    checkValueExpression(tier['from'], [...at, 'from'], issues);
    single(tier['reward'], [...at, 'reward']);
    const from = literalRatio(tier['from']);
    if (from === undefined) return;
    if (index === 0 && ratioCompare(from, perRevenue ? RATIO_ZERO : RATIO_ONE) !== 0)
      issues.push(
        createIssue('tiers_do_not_start', [...at, 'from'], {
          expected: perRevenue ? '"0"' : '"1", the first',
          received: tier['from'],
          hint: 'start with a tier whose reward is "0" if nothing is paid there',
        }),
      );
    if (previous !== undefined && ratioCompare(from, previous) <= 0)
      issues.push(createIssue('tiers_not_ascending', [...at, 'from'], { expected: 'more than the tier before', received: tier['from'] }));
    previous = from;
  });
}

/** What one credit claims in one tier. */
interface Claim {
  readonly tier: number;
  readonly creditId: string;
  readonly dealId?: string;
  /** The order in which claims are served. */
  readonly on: string;
  /** What it belongs to when it is taken back: the deal, or the credit. */
  readonly key: string;
  /** How many; absent for what earlier ones gain or lose by the tier now reached. */
  readonly basis?: Ratio;
  readonly amount: ExactValue;
}

/** What a payee claims in a window. */
interface Claims {
  readonly window: Period;
  readonly tiers: readonly ResolvedTier[];
  readonly claims: readonly Claim[];
  /** What was paid out of the pool before, by deal. */
  readonly paidBefore: ReadonlyMap<string, Ratio>;
}

interface ResolvedTier {
  /** The first number in the tier. */
  readonly from: Ratio;
  /** Where the tier starts on the running count. */
  readonly bound: Ratio;
  readonly reward: ExactValue;
  readonly label: string;
  readonly planPath: string;
}

function claimsOf(config: SpiffConfig, context: EvaluationContext, window: Period): readonly Claims[] {
  const tiers = resolveTiers(config, context);
  const minimum = config.minimum === undefined ? undefined : context.value(config.minimum, 'minimum');
  if (!mayEarn(config.eligibility, context, window) || tiers === undefined || (config.minimum !== undefined && minimum === undefined)) return [];
  const counted = countItems(config, context, window, minimum);
  const start = ratioOf(context.accumulate('count', window, context.exact('0')).before);
  let running = start;
  const claims: Claim[] = [];
  for (const item of counted) {
    claims.push(...claimItem(config, context, tiers, running, item));
    running = ratioAdd(running, item.quantity);
  }
  context.accumulate('count', window, exactValueOfRatio(ratioSubtract(running, start), { name: 'counted' }));
  const paidBefore = config.pool === undefined ? new Map<string, Ratio>() : readPairs(context.recall('paid', window));
  return [{ window, tiers, claims, paidBefore }];
}

function resolveTiers(config: SpiffConfig, context: EvaluationContext): readonly ResolvedTier[] | undefined {
  const { reward, per, label = 'SPIFF' } = config;
  const path = [...context.path, 'reward'];
  if (isValueExpression(reward)) {
    const value = context.value(reward, 'reward');
    return value === undefined ? undefined : [{ from: RATIO_ZERO, bound: RATIO_ZERO, reward: value, label, planPath: formatPath(path) }];
  }
  const tiers: ResolvedTier[] = [];
  for (const [index, tier] of reward.tiers.entries()) {
    const from = context.value(tier.from, 'tier');
    const value = context.value(tier.reward, 'reward');
    if (from === undefined || value === undefined) return undefined;
    const start = ratioOf(from);
    const shown = typeof tier.from === 'string' ? tier.from : ratioToText(start);
    const name = per === 'revenue' ? `from ${shown}` : `from ${per} ${shown} on`;
    tiers.push({
      from: start,
      bound: per === 'revenue' ? start : ratioSubtract(start, RATIO_ONE),
      reward: value,
      label: index === 0 ? `${label}: first tier` : `${label}: ${name}`,
      planPath: formatPath([...path, 'tiers', index]),
    });
  }
  return tiers;
}

/** A credit and how many it adds or takes away. */
interface Item {
  readonly creditId: string;
  readonly dealId?: string;
  readonly on: string;
  readonly key: string;
  readonly quantity: Ratio;
}

interface Measures {
  readonly quantity: CreditMeasure;
  readonly amount: CreditMeasure;
}

/** What counts, credit by credit in the declared order. */
function countItems(config: SpiffConfig, context: EvaluationContext, window: Period, minimum: ExactValue | undefined): readonly Item[] {
  const { per, of = 'amount', where } = config;
  const measures = context.once(config, (): Measures => {
    const filter = where === undefined ? {} : { where };
    return {
      quantity: per === 'revenue' ? { sum: of, ...filter } : per === 'unit' ? { sum: 'units', ...filter } : { count: 'credits', ...filter },
      amount: { sum: of, ...filter },
    };
  });
  const days = new Map(context.credits(where, window).map((credit) => [credit.id, credit]));
  const least = minimum === undefined ? undefined : ratioOf(minimum);
  const amounts =
    least === undefined
      ? undefined
      : new Map(
          context
            .measure(measures.amount, window)
            .credits()
            .map((credit) => [credit.creditId, credit.value]),
        );
  const deals = per === 'deal' ? readDeals(context.recall('deals', window)) : undefined;
  const items: Item[] = [];
  for (const { creditId, dealId, value } of context.measure(measures.quantity, window).credits()) {
    const credit = days.get(creditId);
    const amount = amounts?.get(creditId);
    // A credit whose amount is not known has been reported.
    if (credit === undefined || (amounts !== undefined && amount === undefined)) continue;
    const key = dealId === undefined ? `c:${credit.refersTo ?? creditId}` : `d:${dealId}`;
    const base = { creditId, on: credit.on, key, ...(dealId === undefined ? {} : { dealId }) };
    if (deals !== undefined) {
      const before = deals.get(key) ?? { held: RATIO_ZERO, counts: false };
      const held = ratioAdd(before.held, amount ?? value);
      const counts = least === undefined ? ratioSign(held) > 0 : ratioCompare(held, least) >= 0;
      deals.set(key, { held, counts });
      if (counts !== before.counts) items.push({ ...base, quantity: counts ? RATIO_ONE : ratioNegate(RATIO_ONE) });
    } else if (least === undefined || amount === undefined || ratioCompare(ratioMax(amount, ratioNegate(amount)), least) >= 0) items.push({ ...base, quantity: value });
  }
  if (deals !== undefined && deals.size > 0) {
    context.remember(
      'deals',
      window,
      [...deals.entries()].map(([key, deal]) => [key, ratioToText(deal.held), deal.counts]),
    );
  }
  return items;
}

interface HeldDeal {
  readonly held: Ratio;
  readonly counts: boolean;
}

/** What was remembered of deals; anything else is nothing. */
function readDeals(value: unknown): Map<string, HeldDeal> {
  const deals = new Map<string, HeldDeal>();
  for (const entry of Array.isArray(value) ? (value as readonly unknown[]) : []) {
    const [key, text, counts] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    const held = typeof text === 'string' ? ratioFromText(text) : undefined;
    if (typeof key === 'string' && held !== undefined) deals.set(key, { held, counts: counts === true });
  }
  return deals;
}

function readPairs(value: unknown): Map<string, Ratio> {
  return new Map([...readDeals(value).entries()].map(([key, deal]) => [key, deal.held]));
}

/** The claims of one credit: tier by tier, or at the tier reached with what earlier ones gain or lose by it. */
function claimItem(config: SpiffConfig, context: EvaluationContext, tiers: readonly ResolvedTier[], running: Ratio, item: Item): readonly Claim[] {
  const { quantity, ...base } = item;
  const next = ratioAdd(running, quantity);
  const unit = context.currency;
  const claim = (tier: number, basis: Ratio, reward: ExactValue): Claim => ({
    ...base,
    tier,
    basis,
    amount: context.multiply([exactValueOfRatio(basis, { name: item.dealId ?? item.creditId }), reward], { label: 'Reward', unit }),
  });
  if (isValueExpression(config.reward) || config.reward.mode === 'each-in-its-tier') {
    return tiers.flatMap((tier, index) => {
      const clamp = (value: Ratio): Ratio => {
        const high = tiers[index + 1]?.bound;
        const capped = high === undefined ? value : ratioMin(value, high);
        return index === 0 ? capped : ratioMax(capped, tier.bound);
      };
      const slice = ratioSubtract(clamp(next), clamp(running));
      return ratioSign(slice) === 0 ? [] : [claim(index, slice, tier.reward)];
    });
  }
  const before = tierReached(tiers, running);
  const after = tierReached(tiers, next);
  const reward = tiers[after]?.reward;
  const earlier = tiers[before]?.reward;
  if (reward === undefined || earlier === undefined) return [];
  const own = claim(after, quantity, reward);
  if (before === after || ratioSign(running) === 0) return [own];
  const change = context.subtract(reward, earlier, { label: 'More for each', unit });
  return [
    own,
    { ...base, tier: after, amount: context.multiply([exactValueOfRatio(running, { name: 'earlier' }), change], { label: 'Earlier ones at the tier now reached', unit }) },
  ];
}

function tierReached(tiers: readonly ResolvedTier[], count: Ratio): number {
  let reached = 0;
  tiers.forEach((tier, index) => {
    if (ratioCompare(count, tier.from) >= 0) reached = index;
  });
  return reached;
}

/** A claim with what it gets. */
interface Award {
  readonly claim: Claim;
  readonly amount: ExactValue;
  /** What the pool did not cover. */
  readonly cut: Ratio;
}

interface PoolResult {
  readonly awards: ReadonlyMap<Claim, Award>;
  /** What has been paid to each payee, by deal. */
  readonly paid: ReadonlyMap<string, ReadonlyMap<string, Ratio>>;
}

function payClaims(config: SpiffConfig, context: EvaluationContext): readonly Posting[] {
  const all = context.gathered<readonly Claims[]>();
  const { pool } = config;
  const { index, results } = context.once(all, () => ({
    index: indexGathered(all),
    results: pool === undefined ? new Map<string, PoolResult>() : servePools(config, pool, context, all),
  }));
  const own = ownGathered(index, context) ?? [];
  if (pool === undefined)
    return own.flatMap((claims) =>
      postAwards(
        config,
        context,
        claims,
        claims.claims.map((claim) => ({ claim, amount: claim.amount, cut: RATIO_ZERO })),
      ),
    );
  return own.flatMap((claims) => {
    const result = results.get(claims.window.start);
    const awards = claims.claims.flatMap((claim) => result?.awards.get(claim) ?? []);
    for (const award of awards) context.accumulate('paid', claims.window, award.amount);
    const paid = result?.paid.get(context.payee.id);
    if (paid !== undefined && paid.size > 0) {
      context.remember(
        'paid',
        claims.window,
        [...paid.entries()].map(([key, value]) => [key, ratioToText(value)]),
      );
    }
    return postAwards(config, context, claims, awards);
  });
}

interface PoolWindow {
  readonly window: Period;
  readonly claims: { readonly payeeId: string; readonly claim: Claim }[];
  readonly paid: Map<string, Map<string, Ratio>>;
}

/** Serves all claims of the period, window by window, by day, deal id and credit id. */
function servePools(config: SpiffConfig, pool: string, context: EvaluationContext, all: readonly Gathered<readonly Claims[]>[]): ReadonlyMap<string, PoolResult> {
  const { scale } = context.rounding;
  const windows = new Map<string, PoolWindow>();
  for (const { payeeId, value } of all) {
    for (const { window, claims, paidBefore } of value) {
      const empty: PoolWindow = { window, claims: [], paid: new Map() };
      const group = windows.get(window.start) ?? empty;
      windows.set(window.start, group);
      group.paid.set(payeeId, new Map(paidBefore));
      for (const claim of claims) group.claims.push({ payeeId, claim });
    }
  }
  const results = new Map<string, PoolResult>();
  for (const [start, { window, claims, paid }] of windows) {
    const totals = new Map(context.runningTotals('paid', window).map((entry) => [entry.payeeId, ratioOf(entry.total)]));
    const whole = context.round(context.exact(pool, { name: 'pool', unit: context.currency }), { scale, mode: 'floor' }, { label: 'Pool' });
    let left = ratioSubtract(ratioOf(whole), [...totals.values()].reduce(ratioAdd, RATIO_ZERO));
    const awards = new Map<Claim, Award>();
    // A stable sort: the claims of one credit keep their order.
    claims.sort((a, b) => byText(a.claim.on, b.claim.on) || byText(a.claim.dealId ?? '', b.claim.dealId ?? '') || byText(a.claim.creditId, b.claim.creditId));
    for (const { payeeId, claim } of claims) {
      const claimed = context.round(claim.amount, context.rounding, { label: 'Claim', unit: context.currency });
      const own = paid.get(payeeId) ?? new Map<string, Ratio>();
      // A claim that gives back gives no more than its deal got, nor than the payee has got in all.
      const total = totals.get(payeeId) ?? RATIO_ZERO;
      const had = claim.basis === undefined ? total : ratioMin(own.get(claim.key) ?? RATIO_ZERO, total);
      const given = serveClaim(ratioOf(claimed), left, had, config.lastClaim ?? 'partial');
      left = ratioSubtract(left, given);
      own.set(claim.key, ratioAdd(own.get(claim.key) ?? RATIO_ZERO, given));
      totals.set(payeeId, ratioAdd(total, given));
      const cut = ratioSubtract(ratioOf(claimed), given);
      const rest = exactValueOfRatio(given, { name: ratioSign(given) < 0 ? 'paid out of the pool' : 'left in the pool', unit: context.currency });
      awards.set(claim, { claim, amount: ratioSign(cut) === 0 ? claimed : rest, cut });
    }
    results.set(start, { awards, paid });
  }
  return results;
}

/** What a claim gets of what is left; a claim that gives back gives no more than was paid. */
function serveClaim(claimed: Ratio, left: Ratio, had: Ratio, lastClaim: 'partial' | 'none'): Ratio {
  if (ratioSign(claimed) <= 0) return ratioNegate(ratioMin(ratioNegate(claimed), ratioMax(had, RATIO_ZERO)));
  if (ratioCompare(claimed, left) <= 0) return claimed;
  return lastClaim === 'none' ? RATIO_ZERO : ratioMax(left, RATIO_ZERO);
}

/** So many claims stand in a trace one by one. */
const MAX_TRACED_CLAIMS = 12;

/** One line for each tier, one for what earlier ones gain or lose, one for what the pool does not cover. */
function postAwards(config: SpiffConfig, context: EvaluationContext, { tiers, window }: Claims, awards: readonly Award[]): readonly Posting[] {
  const unit = config.per === 'revenue' ? (isMoneyField(config.of ?? 'amount') ? context.currency : (config.of ?? 'amount')) : UNITS[config.per];
  const postings = tiers.flatMap((tier, index): readonly Posting[] => {
    const own = awards.filter(({ claim }) => claim.tier === index && claim.basis !== undefined);
    if (own.length === 0) return [];
    const basis = exactValueOfRatio(
      own.reduce((sum, { claim }) => ratioAdd(sum, claim.basis ?? RATIO_ZERO), RATIO_ZERO),
      { name: 'number', unit },
    );
    const { label, planPath, reward } = tier;
    const note = { label, planPath, basis, basisUnit: unit, roundingWindow: window };
    const whole = context.multiply([basis, reward], { label, planPath, unit: context.currency });
    const total = own.reduce((sum, { amount }) => ratioAdd(sum, ratioOf(amount)), RATIO_ZERO);
    if (ratioCompare(total, ratioOf(whole)) === 0) return [context.post(whole, { ...note, rate: reward, parts: partsOf(own, context) })];
    return [context.post(sumOf(context, own, total, label), { ...note, parts: partsOf(own, context) })];
  });
  const rerated = awards.filter(({ claim }) => claim.basis === undefined);
  const label = `${config.label ?? 'SPIFF'}: earlier ones at the tier now reached`;
  if (rerated.length > 0) {
    const total = rerated.reduce((sum, { amount }) => ratioAdd(sum, ratioOf(amount)), RATIO_ZERO);
    postings.push(context.post(sumOf(context, rerated, total, label), { label, roundingWindow: window, planPath: formatPath([...context.path, 'reward']) }));
  }
  const cut = awards.reduce((sum, award) => ratioAdd(sum, award.cut), RATIO_ZERO);
  if (ratioSign(cut) !== 0) {
    const zero = context.exact('0', { name: 'beyond the pool', unit: context.currency });
    postings.push(
      context.post(zero, {
        label: `${config.label ?? 'SPIFF'}: beyond the pool`,
        planPath: formatPath([...context.path, 'pool']),
        memo: exactValueOfRatio(cut, { name: 'not covered', unit: context.currency }),
        roundingWindow: window,
      }),
    );
  }
  return postings;
}

function sumOf(context: EvaluationContext, awards: readonly Award[], total: Ratio, label: string): ExactValue {
  const unit = context.currency;
  if (awards.length > MAX_TRACED_CLAIMS) return exactValueOfRatio(total, { name: label, unit, source: `${awards.length} claims` });
  return context.sum(
    awards.map((award) => award.amount),
    { label, unit },
  );
}

function partsOf(awards: readonly Award[], context: EvaluationContext): readonly CreditPart[] {
  if (!context.wantsParts) return [];
  return awards.map(({ claim, amount }) => ({
    creditId: claim.creditId,
    basis: claim.basis ?? RATIO_ZERO,
    amount: ratioOf(amount),
    ...(claim.dealId === undefined ? {} : { dealId: claim.dealId }),
  }));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describeSpiff(config: SpiffConfig, currency: string): string {
  const { per, reward, pool } = config;
  const what = per === 'revenue' ? (config.of ?? 'amount') : per;
  const one = (value: ValueExpression): string => (typeof value !== 'string' ? 'a reward set for you' : per === 'revenue' ? percentText(value) : `${value} ${currency}`);
  const limit = pool === undefined ? '' : ` All payees together get at most ${pool} ${currency}, first come, first served.`;
  const paid = isValueExpression(reward)
    ? `${one(reward)} ${per === 'revenue' ? 'of' : 'for each'} ${what}`
    : `${reward.tiers.map((tier) => `${one(tier.reward)} from ${typeof tier.from === 'string' ? tier.from : 'a number set for you'}`).join(', ')} for each ${what}${reward.mode === 'retroactive' ? ', also for the earlier ones' : ''}`;
  return `You earn ${paid}${describeWindow(config)}.${limit}`;
}
