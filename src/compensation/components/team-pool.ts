import { toEpochDay } from '../../calendar/epoch-day.js';
import type { Period } from '../../calendar/period.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioMultiply, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { type ComponentReference, defineComponent, type EvaluationContext, type Gathered, type PayeeSpan, type Posting } from '../component.js';
import { explainShare, shareOut } from '../contests/share-out.js';
import { checkMeasure, describeMeasure, type Measure, referencesOfMeasure } from '../measure.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';

/**
 * What is in a pool, for each period of the plan: a fixed amount, or a rate (money per unit, or a fraction of money) on what is credited.
 *
 * @category compensation
 */
export type PoolFund =
  | {
      /** Money for each period. The same for everybody in the pool. */
      readonly amount: ValueExpression;
    }
  | {
      /** Fraction of money, or money for each unit. The same for everybody in the pool. */
      readonly rate: ValueExpression;
      /** What it is a rate on. */
      readonly of: Measure;
      /**
       * Whose credits: of those who share the pool (default), of everybody below their manager, or of all payees of the run. Each credit counts once.
       */
      readonly from?: 'members' | 'team' | 'everybody';
    };

/**
 * By what the pool is shared: equally, in proportion to what each is credited with, or by a weight of each.
 *
 * @category compensation
 */
export type PoolBasis =
  | 'equal'
  | {
      /** In proportion to this; below zero counts as zero. */
      readonly measure: Measure;
    }
  | {
      /** In proportion to this, usually a parameter of the plan: `{ param: 'poolWeight' }`. */
      readonly weight: ValueExpression;
    };

/**
 * What somebody must have reached to claim their share.
 *
 * @category compensation
 */
export interface PoolClaim {
  /** What is measured, over the time in the pool. */
  readonly measure: Measure;
  /** At least this. */
  readonly atLeast: ValueExpression;
}

/**
 * A pool that a team shares.
 *
 * @category compensation
 */
export interface TeamPoolConfig {
  /** What the line says; default `Team pool`. */
  readonly label?: string;
  /** Who shares: everybody on the plan (default), or everybody on the plan with the same manager. */
  readonly members?: 'plan' | 'peers';
  /** What is in it. */
  readonly fund: PoolFund;
  /** By what it is shared. */
  readonly basis: PoolBasis;
  /** Somebody who is in the pool for a part of the period shares by days (default), or in full. What is shared in proportion to credits is never prorated. */
  readonly proration?: 'days' | 'none';
  /** What somebody must have reached to claim their share. Default: nothing. */
  readonly claim?: PoolClaim;
  /** A share that is not claimed: goes to the others (default), stays with the company, or is added to the next period's pool. */
  readonly unclaimed?: 'redistribute' | 'forfeit' | 'carry';
}

const KEYS = ['label', 'members', 'fund', 'basis', 'proration', 'claim', 'unclaimed'] as const;

/**
 * A team pool: `pool × weight ÷ all weights`. The pool is rounded once, and the shares sum to it to the minor unit: each is cut, and the units left over go to
 * the largest remainders, of equal ones to the payee whose id comes first. A pool below zero pays nothing; what is missing is carried only where unclaimed
 * shares are. Without a weight above zero nobody has a claim.
 *
 * With `members: 'peers'` the hierarchy of the run says who has the same manager, day by day; somebody without a manager is in no pool.
 *
 * @category compensation
 */
export const teamPoolComponent = /* @__PURE__ */ defineComponent<'team-pool', TeamPoolConfig>({
  kind: 'team-pool',
  section: 'bonus',
  keys: KEYS,
  readsOthers: true,
  dependsOn: (config) => referencesOf(config),
  check: (config, _issue) => checkTeamPool(config as unknown as PlainRecord),
  gather: (config, context) => gatherClaims(config, context),
  evaluate: (config, context) => payShare(config, context),
  describe: (config) => describeTeamPool(config),
});

function referencesOf(config: TeamPoolConfig): readonly ComponentReference[] {
  const measures = [
    'of' in config.fund ? config.fund.of : undefined,
    typeof config.basis === 'object' && 'measure' in config.basis ? config.basis.measure : undefined,
    config.claim?.measure,
  ];
  return measures.flatMap((measure) => (measure === undefined ? [] : referencesOfMeasure(measure)));
}

function checkTeamPool(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  if (Object.hasOwn(config, 'members')) checkOneOf(config['members'], ['plan', 'peers'], ['members'], issues);
  if (Object.hasOwn(config, 'proration')) checkOneOf(config['proration'], ['days', 'none'], ['proration'], issues);
  if (Object.hasOwn(config, 'unclaimed')) checkOneOf(config['unclaimed'], ['redistribute', 'forfeit', 'carry'], ['unclaimed'], issues);
  checkFund(config['fund'], config['members'], ['fund'], issues);
  const { basis } = config;
  if (basis !== 'equal') checkEither(basis, ['measure', 'weight'], ['basis'], issues, '"equal", { measure } or { weight }');
  if (Object.hasOwn(config, 'claim')) {
    const claim = checkRecord(config['claim'], ['claim'], issues, 'a claim { measure, atLeast }');
    if (claim !== undefined) {
      checkKeys(claim, ['measure', 'atLeast'], ['claim'], issues);
      checkMeasure(claim['measure'], ['claim', 'measure'], issues);
      checkValueExpression(claim['atLeast'], ['claim', 'atLeast'], issues);
    }
  }
  return issues;
}

function checkFund(value: unknown, members: unknown, path: IssuePath, issues: IssueSink): void {
  const fund = checkRecord(value, path, issues, 'a fund { amount } or { rate, of }');
  if (fund === undefined) return;
  if (Object.hasOwn(fund, 'amount')) {
    checkKeys(fund, ['amount'], path, issues);
    checkValueExpression(fund['amount'], [...path, 'amount'], issues);
    return;
  }
  checkKeys(fund, ['rate', 'of', 'from'], path, issues);
  checkValueExpression(fund['rate'], [...path, 'rate'], issues);
  checkMeasure(fund['of'], [...path, 'of'], issues);
  if (!Object.hasOwn(fund, 'from')) return;
  const from = checkOneOf(fund['from'], ['members', 'team', 'everybody'], [...path, 'from'], issues);
  if (from === 'team' && members !== 'peers')
    issues.push(createIssue('invalid_value', [...path, 'from'], { expected: 'members: "peers", so that there is a manager whose team it is', received: from }));
}

function checkEither(value: unknown, keys: readonly ['measure', 'weight'], path: IssuePath, issues: IssueSink, expected: string): void {
  if (typeof value === 'string') {
    checkOneOf(value, ['equal'], path, issues);
    return;
  }
  const record = checkRecord(value, path, issues, expected);
  if (record === undefined) return;
  checkKeys(record, keys, path, issues);
  const given = keys.filter((key) => Object.hasOwn(record, key));
  if (given.length !== 1) issues.push(createIssue('missing_key', path, { expected, received: given.join(', ') || 'none' }));
  else if (given[0] === 'measure') checkMeasure(record['measure'], [...path, 'measure'], issues);
  else checkValueExpression(record['weight'], [...path, 'weight'], issues);
}

/** What a payee brings to a pool, for days in it. Exact figures as texts. */
interface PoolEntry {
  /** The manager whose people share, or empty for the whole plan. */
  readonly pool: string;
  readonly start: string;
  readonly endExclusive: string;
  readonly weight: Ratio;
  readonly claims: boolean;
  /** The amount or the rate of the fund, as this payee's parameters say. */
  readonly fund: Ratio;
  /** Carried into the period. */
  readonly carried: Ratio;
}

function gatherClaims(config: TeamPoolConfig, context: EvaluationContext): readonly PoolEntry[] {
  const fund = 'amount' in config.fund ? context.value(config.fund.amount, 'pool') : context.value(config.fund.rate, 'pool rate');
  if (fund === undefined) return [];
  return spansOf(config, context).map(({ pool, start, endExclusive }): PoolEntry => {
    const within: Period = { start, endExclusive, label: context.period.label };
    const days = toEpochDay(endExclusive) - toEpochDay(start);
    const basis = basisOf(config, context, within);
    const prorated = config.proration !== 'none' && !(typeof config.basis === 'object' && 'measure' in config.basis);
    return {
      pool,
      start,
      endExclusive,
      weight: ratioSign(basis) < 0 ? RATIO_ZERO : prorated ? ratioMultiply(basis, { n: BigInt(days), d: 1n }) : basis,
      claims: claims(config, context, within),
      fund: ratioOf(fund),
      carried: config.unclaimed === 'carry' ? carriedInto(context, pool) : RATIO_ZERO,
    };
  });
}

/** The days of the segment in a pool: all of them, or by manager. */
function spansOf(config: TeamPoolConfig, context: EvaluationContext): readonly { readonly pool: string; readonly start: string; readonly endExclusive: string }[] {
  const { start, endExclusive } = context.segment;
  if (config.members !== 'peers') return [{ pool: '', start, endExclusive }];
  if (context.hierarchy === undefined) {
    context.report('missing_key', { expected: 'a hierarchy in the input of the run', hint: 'who has the same manager is not known, so there is no pool' });
    return [];
  }
  return context.hierarchy
    .managerSpans(context.payee.id, context.segment)
    .map((span) => ({ pool: span.managerId, start: span.start, endExclusive: span.endExclusive ?? endExclusive }));
}

function basisOf(config: TeamPoolConfig, context: EvaluationContext, within: Period): Ratio {
  const { basis } = config;
  if (basis === 'equal') return { n: 1n, d: 1n };
  if ('measure' in basis) return ratioOf(context.measure(basis.measure, within).total);
  const weight = context.value(basis.weight, 'weight in the pool');
  return weight === undefined ? RATIO_ZERO : ratioOf(weight);
}

function claims(config: TeamPoolConfig, context: EvaluationContext, within: Period): boolean {
  if (config.claim === undefined) return true;
  const needed = context.value(config.claim.atLeast, 'needed to claim a share');
  if (needed === undefined) return false;
  const measured = context.measure(config.claim.measure, within);
  return measured.unknown === undefined && context.compare(measured.total, needed) >= 0;
}

function carriedKey(pool: string): string {
  return `carried ${pool}`;
}

/** What earlier periods left for a pool. Nothing is accumulated while payees are gathered, so everybody finds the same. */
function carriedInto(context: EvaluationContext, pool: string): Ratio {
  const [window] = context.windows('plan');
  if (window === undefined) return RATIO_ZERO;
  return context.runningTotals(carriedKey(pool), window).reduce((sum, { total }) => ratioAdd(sum, ratioOf(total)), RATIO_ZERO);
}

/** A member's part in a pool. */
interface PoolMember {
  readonly payeeId: string;
  /** Start of their last segment, whose statement line has the share. */
  readonly paidIn: string;
  readonly weight: Ratio;
}

/** A pool worked out. */
interface SharedPool {
  readonly amount: ExactValue;
  /** Weights that count. */
  readonly whole: Ratio;
  readonly shares: ReadonlyMap<string, { readonly member: PoolMember; readonly rest: Ratio; readonly pays: boolean }>;
  /** Left for the next period. */
  readonly closing: Ratio;
  readonly opening: Ratio;
  /** Who keeps what is carried: the first member by id. */
  readonly keeper: string;
}

function payShare(config: TeamPoolConfig, context: EvaluationContext): readonly Posting[] {
  const list = context.gathered<readonly PoolEntry[]>();
  const pools = context.once(list, () => sharePools(config, context, list));
  const postings: Posting[] = [];
  for (const pool of [...pools.keys()].sort()) {
    const shared = pools.get(pool);
    const own = shared?.shares.get(context.payee.id);
    if (shared === undefined || own === undefined || own.member.paidIn !== context.segment.start) continue;
    const [window] = context.windows('plan');
    if (config.unclaimed === 'carry' && shared.keeper === context.payee.id && window !== undefined) {
      context.accumulate(carriedKey(pool), window, exactValueOfRatio(ratioSubtract(shared.closing, shared.opening), { name: 'left in the pool' }));
      context.balance('Left in the team pool', exactValueOfRatio(shared.closing, { name: 'left in the pool', unit: context.currency }));
    }
    if (!own.pays || own.member.weight.n === 0n) continue;
    const label = pool === '' ? (config.label ?? 'Team pool') : `${config.label ?? 'Team pool'} of ${pool}`;
    const weight = exactValueOfRatio(own.member.weight, { name: 'weight' });
    const whole = exactValueOfRatio(shared.whole, { name: 'all weights' });
    const planPath = `components[${context.path[1] ?? 0}]`;
    const amount = explainShare(context, { sum: shared.amount, weight, whole, rest: own.rest }, context.rounding.scale, { label, unit: context.currency, planPath });
    postings.push(context.post(amount, { label, planPath }));
  }
  return postings;
}

function sharePools(config: TeamPoolConfig, context: EvaluationContext, list: readonly Gathered<readonly PoolEntry[]>[]): ReadonlyMap<string, SharedPool> {
  const byPool = new Map<string, { readonly payeeId: string; readonly segment: Period; readonly entry: PoolEntry }[]>();
  for (const { payeeId, segment, value } of list) {
    for (const entry of value) {
      const own = byPool.get(entry.pool);
      if (own === undefined) byPool.set(entry.pool, [{ payeeId, segment, entry }]);
      else own.push({ payeeId, segment, entry });
    }
  }
  const pools = new Map<string, SharedPool>();
  for (const [pool, entries] of byPool) {
    entries.sort((a, b) => (a.payeeId < b.payeeId ? -1 : a.payeeId > b.payeeId ? 1 : a.entry.start < b.entry.start ? -1 : 1));
    const [first] = entries;
    if (first === undefined) continue;
    if (entries.some(({ entry }) => ratioCompare(entry.fund, first.entry.fund) !== 0)) {
      context.report('invalid_value', {
        expected: 'one amount or rate of the pool for all who share it',
        received: 'different values',
        hint: `the one of ${first.payeeId} counts`,
      });
    }
    pools.set(pool, sharePool(config, context, pool, entries));
  }
  return pools;
}

function sharePool(
  config: TeamPoolConfig,
  context: EvaluationContext,
  pool: string,
  entries: readonly { readonly payeeId: string; readonly segment: Period; readonly entry: PoolEntry }[],
): SharedPool {
  const unit = context.currency;
  const [first] = entries;
  const keeper = first?.payeeId ?? '';
  const opening = first?.entry.carried ?? RATIO_ZERO;
  const funded = fundOf(config, context, pool, entries);
  const total = opening.n === 0n ? funded : context.sum([funded, exactValueOfRatio(opening, { name: 'left from earlier', unit })], { label: 'Pool with what was left', unit });
  const amount = context.round(total, context.rounding, { label: 'Pool', unit });
  const members = new Map<string, { paidIn: string; weight: Ratio; claims: boolean }>();
  for (const { payeeId, segment, entry } of entries) {
    const known = members.get(payeeId);
    // Somebody with several times in the pool claims with the last one.
    members.set(payeeId, { paidIn: segment.start, weight: ratioAdd(known?.weight ?? RATIO_ZERO, entry.weight), claims: entry.claims });
  }
  const redistributes = (config.unclaimed ?? 'redistribute') === 'redistribute';
  const sharing = [...members.entries()].filter(([, member]) => member.claims || !redistributes);
  const weights = sharing.map(([, member]) => member.weight);
  const whole = weights.reduce(ratioAdd, RATIO_ZERO);
  const pays = context.sign(amount) > 0 && whole.n > 0n;
  const parts = pays ? shareOut(ratioOf(amount), weights, context.rounding.scale) : [];
  const shares = new Map<string, { readonly member: PoolMember; readonly rest: Ratio; readonly pays: boolean }>();
  let paid = RATIO_ZERO;
  sharing.forEach(([payeeId, member], index) => {
    const part = parts[index];
    shares.set(payeeId, { member: { payeeId, paidIn: member.paidIn, weight: member.weight }, rest: part?.rest ?? RATIO_ZERO, pays: pays && member.claims });
    if (part !== undefined && member.claims) paid = ratioAdd(paid, ratioAdd(part.base, part.rest));
  });
  // Whoever has no share may still be the one who keeps what is carried.
  const keeping = members.get(keeper);
  if (!shares.has(keeper) && keeping !== undefined) shares.set(keeper, { member: { payeeId: keeper, paidIn: keeping.paidIn, weight: RATIO_ZERO }, rest: RATIO_ZERO, pays: false });
  return { amount, whole, shares, opening, closing: config.unclaimed === 'carry' ? ratioSubtract(ratioOf(amount), paid) : RATIO_ZERO, keeper };
}

function fundOf(config: TeamPoolConfig, context: EvaluationContext, pool: string, entries: readonly { readonly payeeId: string; readonly entry: PoolEntry }[]): ExactValue {
  const { fund } = config;
  const unit = context.currency;
  const given = exactValueOfRatio(entries[0]?.entry.fund ?? RATIO_ZERO, { name: 'amount' in fund ? 'pool' : 'pool rate' });
  if ('amount' in fund) return given;
  const spans: readonly PayeeSpan[] =
    fund.from === 'everybody'
      ? context.payeeIds().map((payeeId) => ({ payeeId, start: context.period.start, endExclusive: context.period.endExclusive }))
      : fund.from === 'team'
        ? (context.hierarchy?.teamSpans(pool, context.period, 'all') ?? []).map(({ memberId, start, endExclusive }) => ({ payeeId: memberId, start, endExclusive }))
        : entries.map(({ payeeId, entry }) => ({ payeeId, start: entry.start, endExclusive: entry.endExclusive }));
  return context.multiply([context.measureOf(fund.of, spans).total, given], { label: 'Funded', unit });
}

function describeTeamPool(config: TeamPoolConfig): string {
  const who = config.members === 'peers' ? 'everybody with your manager' : 'everybody on this plan';
  const { basis } = config;
  const how = basis === 'equal' ? 'equally' : 'measure' in basis ? `in proportion to ${describeMeasure(basis.measure)}` : 'by weight';
  return `A pool is shared ${how} among ${who}.`;
}
