import type { Period } from '../../calendar/period.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromScaled, ratioMax, ratioMin, ratioNegate, ratioSign, ratioSubtract } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, formatPath, type Issue } from '../../errors/issue.js';
import { checkAmountText, literalRatio, percentText } from '../amount-text.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import { explainShare, shareOut } from '../contests/share-out.js';
import { checkMeasure, describeMeasure, type Measure, referencesOfMeasure, unitOfBasis } from '../measure.js';
import { indexGathered, ownGathered } from '../own-gathered.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import type { MeasuredCredit } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type ComponentWindow, checkWindow, describeWindow, endsInSegment, WINDOW_KEYS, windowsOf } from '../window.js';

/**
 * A level that has to be reached, and what it pays: money, or a share of the target `of`.
 *
 * @category compensation
 */
export interface BonusLevel {
  /** In the unit of the measure, or a fraction of quota. Reaching it exactly is enough. */
  readonly from: ValueExpression;
  /** Money. One of `amount` and `share`. */
  readonly amount?: ValueExpression;
  /** Fraction of the target `of`. */
  readonly share?: ValueExpression;
  /** What the line says; default: the level. */
  readonly label?: string;
}

/**
 * A bonus for every so many: 100 for every 10 units.
 *
 * @category compensation
 */
export interface BonusStep {
  /** How many make one step, above 0, in the unit of the measure. Steps that are not complete pay nothing. */
  readonly each: ValueExpression;
  /** Money for each step. */
  readonly amount: ValueExpression;
  /** At most so many steps are paid in a window. */
  readonly most?: ValueExpression;
}

/**
 * Something else that has to hold, measured over the same window.
 *
 * @category compensation
 */
export interface BonusCondition {
  /** What is measured. A measure without value does not meet the condition. */
  readonly measure: Measure;
  /** At least this. One of the two bounds is needed, or both. */
  readonly atLeast?: ValueExpression;
  /** At most this. */
  readonly atMost?: ValueExpression;
}

/**
 * What all payees of the plan together may get in a window.
 *
 * @category compensation
 */
export interface BonusBudget {
  /** Money in the plan's currency, decimal text: one budget for everybody, so no parameter. */
  readonly amount: string;
  /**
   * What happens in a period in which more is due than is left. `scale`: everybody gets the same fraction, and the parts sum to what is left. `highest-first`: the
   * highest measured (or attainment) first, at equal ones by payee id, until the next one does not fit. What is not covered is forfeited and shows as `memo`.
   */
  readonly exceeded: 'scale' | 'highest-first';
}

/**
 * A bonus on a condition.
 *
 * @category compensation
 */
export interface BonusConfig extends ComponentWindow {
  /** What the line says; default `Bonus`. */
  readonly label?: string;
  /** What is measured. */
  readonly measure: Measure;
  /** Whether levels are amounts of the measure (default) or fractions of quota. */
  readonly by?: 'amount' | 'attainment';
  /** Target for the window. Default: the quotas given for the payee. */
  readonly quota?: ValueExpression;
  /** Levels, rising. One of `levels` and `every`. */
  readonly levels?: readonly [BonusLevel, ...BonusLevel[]];
  /** The target that shares are of. */
  readonly of?: ValueExpression;
  /** With several levels reached: what the highest pays (default), or all of them together. */
  readonly reached?: 'highest' | 'sum';
  /** A bonus for every so many. */
  readonly every?: BonusStep;
  /**
   * How often a level pays in a window. `once` (default): at the end of the first period in which it is reached. `once-per-period`: at the end of every period in
   * which it holds. `every-time`: as often as the measure comes up to the level from below, credit by credit; every level by itself.
   */
  readonly milestone?: 'once' | 'once-per-period' | 'every-time';
  /** What happens if the measure falls below a level again that has been paid: `keep` (default) or `recover`. */
  readonly afterFall?: 'keep' | 'recover';
  /** Whether it pays as soon as a level is reached (default), or only in the period in which the window ends. */
  readonly payAt?: 'reached' | 'window-end';
  /** What else has to hold at that time. */
  readonly conditions?: readonly BonusCondition[];
  /** Who may get it. */
  readonly eligibility?: PayeeEligibility;
  /** What all payees together may get. */
  readonly budget?: BonusBudget;
}

const KEYS = [
  'label',
  'measure',
  'by',
  'quota',
  'levels',
  'of',
  'reached',
  'every',
  'milestone',
  'afterFall',
  'payAt',
  'conditions',
  'eligibility',
  'budget',
  ...WINDOW_KEYS,
] as const;

/**
 * A bonus for reaching something: a quantity of a product, a level above quota, a milestone, a place in the President's club.
 *
 * At the end of a period `due` is what the levels (or steps) reached to date are worth if all conditions hold, else zero; it pays `due − paid before` in the
 * window. With `afterFall: 'keep'` that is never negative. Without quota, or with a quota of 0, attainment is not defined: it is reported, and nothing is paid.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({
 *   id: 'p', currency: 'USD', period: 'month',
 *   components: [{ kind: 'bonus', id: 'launch', label: 'Launch bonus', measure: { sum: 'units', where: { productId: 'router' } }, levels: [{ from: '10', amount: '500' }, { from: '25', amount: '1500' }] }],
 * });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', on: '2026-01-20', productId: 'router', units: '26' }], periods: ['2026-01'],
 * });
 * run.statements.flatMap((statement) => statement.lines.map((line) => [line.label, line.amount.amount])); // => [['Launch bonus: 25 reached', '1500.00']]
 * ```
 * @category compensation
 */
export const bonusComponent = /* @__PURE__ */ defineComponent<'bonus', BonusConfig>({
  kind: 'bonus',
  section: 'bonus',
  keys: KEYS,
  readsOthers: (config) => config.budget !== undefined,
  dependsOn: (config) => [config.measure, ...(config.conditions ?? []).map((condition) => condition.measure)].flatMap(referencesOfMeasure),
  check: (config, _issue) => checkBonus(config as unknown as PlainRecord),
  gather: (config, context) => windowsOf(config, context).flatMap((window) => claimOf(config, context, window)),
  evaluate: (config, context) => payClaims(config, context),
  describe: (config, plan) => describeBonus(config, plan.currency),
});

function checkBonus(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  checkMeasure(config['measure'], ['measure'], issues);
  for (const key of ['quota', 'of']) if (Object.hasOwn(config, key)) checkValueExpression(config[key], [key], issues);
  if (Object.hasOwn(config, 'by')) checkOneOf(config['by'], ['amount', 'attainment'], ['by'], issues);
  if (Object.hasOwn(config, 'reached')) checkOneOf(config['reached'], ['highest', 'sum'], ['reached'], issues);
  if (Object.hasOwn(config, 'milestone')) checkOneOf(config['milestone'], ['once', 'once-per-period', 'every-time'], ['milestone'], issues);
  if (Object.hasOwn(config, 'afterFall')) checkOneOf(config['afterFall'], ['keep', 'recover'], ['afterFall'], issues);
  if (Object.hasOwn(config, 'payAt')) checkOneOf(config['payAt'], ['reached', 'window-end'], ['payAt'], issues);
  checkWindow(config, issues, { needsEnd: config['payAt'] === 'window-end' });
  const given = (['levels', 'every'] as const).filter((key) => Object.hasOwn(config, key));
  if (given.length !== 1) issues.push(createIssue('missing_key', [], { expected: 'exactly one of levels, every', received: given.join(', ') || 'none' }));
  if (Object.hasOwn(config, 'levels')) checkLevels(config, issues);
  if (Object.hasOwn(config, 'every')) checkStep(config, issues);
  if (Object.hasOwn(config, 'conditions')) checkConditions(config['conditions'], issues);
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  if (Object.hasOwn(config, 'budget')) checkBudget(config['budget'], issues);
  return issues;
}

function checkLevels(config: PlainRecord, issues: IssueSink): void {
  let previous: Ratio | undefined;
  checkList(config['levels'], ['levels'], issues, { min: 1, expected: 'a list of levels' })?.forEach((entry, index) => {
    const at = ['levels', index];
    const level = checkRecord(entry, at, issues, 'a level such as { from: "1", amount: "500" }');
    if (level === undefined) return;
    checkKeys(level, ['from', 'amount', 'share', 'label'], at, issues);
    if (Object.hasOwn(level, 'label')) checkText(level['label'], [...at, 'label'], issues);
    checkValueExpression(level['from'], [...at, 'from'], issues);
    const pays = (['amount', 'share'] as const).filter((key) => Object.hasOwn(level, key));
    const [key] = pays;
    if (pays.length !== 1 || key === undefined) issues.push(createIssue('missing_key', at, { expected: 'exactly one of amount, share', received: pays.join(', ') || 'none' }));
    else checkValueExpression(level[key], [...at, key], issues);
    if (key === 'share' && !Object.hasOwn(config, 'of')) issues.push(createIssue('missing_key', ['of'], { expected: 'the target that levels share' }));
    const from = literalRatio(level['from']);
    if (from === undefined) return;
    if (previous !== undefined && ratioCompare(from, previous) <= 0)
      issues.push(createIssue('tiers_not_ascending', [...at, 'from'], { expected: 'more than the level before', received: level['from'] }));
    previous = from;
  });
}

function checkStep(config: PlainRecord, issues: IssueSink): void {
  const step = checkRecord(config['every'], ['every'], issues, 'a step such as { each: "10", amount: "100" }');
  if (step === undefined) return;
  checkKeys(step, ['each', 'amount', 'most'], ['every'], issues);
  for (const key of ['each', 'amount']) checkValueExpression(step[key], ['every', key], issues);
  if (Object.hasOwn(step, 'most')) checkValueExpression(step['most'], ['every', 'most'], issues);
  const each = literalRatio(step['each']);
  if (each !== undefined && ratioSign(each) <= 0) issues.push(createIssue('out_of_range', ['every', 'each'], { expected: 'more than 0', received: step['each'] }));
  if (config['milestone'] === 'every-time') {
    issues.push(createIssue('invalid_value', ['milestone'], { expected: 'once or once-per-period: every step is paid when it is complete', received: 'every-time' }));
  }
}

function checkConditions(value: unknown, issues: IssueSink): void {
  checkList(value, ['conditions'], issues)?.forEach((entry, index) => {
    const at = ['conditions', index];
    const condition = checkRecord(entry, at, issues, 'a condition { measure, atLeast | atMost }');
    if (condition === undefined) return;
    checkKeys(condition, ['measure', 'atLeast', 'atMost'], at, issues);
    checkMeasure(condition['measure'], [...at, 'measure'], issues);
    const bounds = ['atLeast', 'atMost'].filter((key) => Object.hasOwn(condition, key));
    if (bounds.length === 0) issues.push(createIssue('missing_key', at, { expected: 'atLeast, atMost, or both' }));
    for (const key of bounds) checkValueExpression(condition[key], [...at, key], issues);
  });
}

function checkBudget(value: unknown, issues: IssueSink): void {
  const budget = checkRecord(value, ['budget'], issues, 'a budget { amount, exceeded }');
  if (budget === undefined) return;
  checkKeys(budget, ['amount', 'exceeded'], ['budget'], issues);
  checkAmountText(budget['amount'], ['budget', 'amount'], issues);
  checkOneOf(budget['exceeded'], ['scale', 'highest-first'], ['budget', 'exceeded'], issues);
}

/** What a payee is due in a window before the budget, in the period of the run. */
interface Claim {
  readonly window: Period;
  readonly amount: ExactValue;
  /** What is ranked where the budget goes to the highest first. */
  readonly score: Ratio;
  readonly label: string;
  readonly planPath: string;
  readonly basis: ExactValue;
  readonly credits: () => readonly MeasuredCredit[];
}

function claimOf(config: BonusConfig, context: EvaluationContext, window: Period): readonly Claim[] {
  const measured = context.measureToDate(config.measure, window, 'measured');
  const met = meetsConditions(config, context, window);
  const quota = config.by === 'attainment' || config.quota !== undefined ? quotaOf(config, context, window) : undefined;
  if (quota !== undefined && measured.unknown === undefined) context.attain(window, measured.toDate, quota);
  if (measured.unknown !== undefined || (config.by === 'attainment' && !isDefined(quota, context))) return [];
  if (config.payAt === 'window-end' && !endsInSegment(window, context)) return [];
  const open = mayEarn(config.eligibility, context, window) && met;
  const unit = config.by === 'attainment' ? quota : undefined;
  const amount = config.milestone === 'every-time' ? crossings(config, context, measured, unit, open) : stillDue(config, context, window, measured.toDate, unit, open);
  if (amount === undefined || context.sign(amount.value) === 0) return [];
  const score = unit === undefined ? measured.toDate : context.divide(measured.toDate, unit, { label: 'Attainment' });
  return [
    {
      window,
      amount: amount.value,
      score: ratioOf(score),
      label: `${config.label ?? 'Bonus'}: ${amount.label}`,
      planPath: amount.planPath,
      basis: measured.toDate,
      credits: measured.credits,
    },
  ];
}

function quotaOf(config: BonusConfig, context: EvaluationContext, window: Period): ExactValue | undefined {
  return config.quota === undefined ? context.quota(window) : context.value(config.quota, 'quota');
}

/** Whether attainment is defined; reported where it is not. */
function isDefined(quota: ExactValue | undefined, context: EvaluationContext): boolean {
  if (quota === undefined) context.report('missing_quota', { expected: `a quota for ${context.payee.id} in ${context.period.label}` });
  else if (context.sign(quota) <= 0)
    context.report('undefined_attainment', { expected: 'a quota above 0', hint: 'attainment of a quota of 0 is not defined, so no bonus is paid by it' });
  else return true;
  return false;
}

/** All conditions are measured, also after one has failed: what they follow must not depend on the others. */
function meetsConditions(config: BonusConfig, context: EvaluationContext, window: Period): boolean {
  let met = true;
  (config.conditions ?? []).forEach((condition, index) => {
    const { toDate, unknown } = context.measureToDate(condition.measure, window, `condition ${index + 1}`);
    const atLeast = condition.atLeast === undefined ? undefined : context.value(condition.atLeast, 'at least');
    const atMost = condition.atMost === undefined ? undefined : context.value(condition.atMost, 'at most');
    if (unknown !== undefined || (condition.atLeast !== undefined && atLeast === undefined) || (condition.atMost !== undefined && atMost === undefined)) met = false;
    else if (atLeast !== undefined && context.compare(toDate, atLeast) < 0) met = false;
    else if (atMost !== undefined && context.compare(toDate, atMost) > 0) met = false;
  });
  return met;
}

interface Due {
  readonly value: ExactValue;
  readonly label: string;
  readonly planPath: string;
}

interface ResolvedLevel extends Due {
  readonly bound: ExactValue;
}

/** Due to date less what was due before. */
function stillDue(config: BonusConfig, context: EvaluationContext, window: Period, toDate: ExactValue, unit: ExactValue | undefined, open: boolean): Due | undefined {
  const zero = context.exact('0', { name: 'nothing reached', unit: context.currency });
  const worth = config.every === undefined ? levelsReached(config, context, toDate, unit) : stepsReached(config.every, context, toDate);
  if (worth === undefined) return undefined;
  const due = open ? worth : { ...worth, value: zero, label: 'conditions are not met' };
  const paidIn = config.milestone === 'once-per-period' && !liesWithin(window, context.period) ? context.period : window;
  const { before } = context.accumulate('due', paidIn, context.exact('0'));
  const change = ratioSubtract(ratioOf(due.value), ratioOf(before));
  if (config.afterFall !== 'recover' && ratioSign(change) < 0) return undefined;
  const value = ratioSign(ratioOf(before)) === 0 ? due.value : context.subtract(due.value, before, { label: 'Due to date less due before', unit: context.currency });
  context.accumulate('due', paidIn, value);
  return { ...due, value };
}

function liesWithin(window: Period, period: Period): boolean {
  return window.start >= period.start && window.endExclusive <= period.endExclusive;
}

function resolveLevels(config: BonusConfig, context: EvaluationContext, unit: ExactValue | undefined): readonly ResolvedLevel[] | undefined {
  const target = config.of === undefined ? undefined : context.value(config.of, 'target');
  if (config.of !== undefined && target === undefined) return undefined;
  const levels: ResolvedLevel[] = [];
  for (const [index, level] of (config.levels ?? []).entries()) {
    const from = context.value(level.from, 'level');
    const share = level.share === undefined ? undefined : context.value(level.share, 'share of target');
    const pays =
      level.amount !== undefined
        ? context.value(level.amount, 'bonus')
        : share === undefined || target === undefined
          ? undefined
          : context.multiply([target, share], { label: 'Share of target', unit: context.currency });
    if (from === undefined || pays === undefined) return undefined;
    levels.push({
      bound: unit === undefined ? from : context.multiply([from, unit], { label: 'Level × quota' }),
      value: pays,
      label: level.label ?? `${typeof level.from === 'string' ? (unit === undefined ? level.from : `${percentText(level.from)} of quota`) : 'level'} reached`,
      planPath: formatPath([...context.path, 'levels', index]),
    });
  }
  return levels;
}

function levelsReached(config: BonusConfig, context: EvaluationContext, toDate: ExactValue, unit: ExactValue | undefined): Due | undefined {
  const levels = resolveLevels(config, context, unit);
  if (levels === undefined) return undefined;
  const reached = levels.filter((level) => context.compare(toDate, level.bound) >= 0);
  const last = reached[reached.length - 1];
  if (last === undefined)
    return { value: context.exact('0', { name: 'no level reached', unit: context.currency }), label: 'no level reached', planPath: formatPath([...context.path, 'levels']) };
  if (config.reached !== 'sum' || reached.length === 1) return last;
  return {
    ...last,
    value: context.sum(
      reached.map((level) => level.value),
      { label: 'All levels reached', unit: context.currency },
    ),
  };
}

function stepsReached(step: BonusStep, context: EvaluationContext, toDate: ExactValue): Due | undefined {
  const each = context.value(step.each, 'step');
  const amount = context.value(step.amount, 'bonus for each step');
  const most = step.most === undefined ? undefined : context.value(step.most, 'most steps');
  const planPath = formatPath([...context.path, 'every']);
  if (each === undefined || amount === undefined || (step.most !== undefined && most === undefined)) return undefined;
  if (context.sign(each) <= 0) {
    context.report('out_of_range', { expected: 'a step above 0' });
    return undefined;
  }
  let steps = context.round(context.divide(toDate, each, { label: 'Steps' }), { scale: 0, mode: 'floor' }, { label: 'Whole steps' });
  if (context.sign(steps) < 0) steps = context.exact('0', { name: 'no steps' });
  if (most !== undefined && context.compare(steps, most) > 0) steps = context.minimum([steps, most], { label: 'At most' });
  return { value: context.multiply([steps, amount], { label: 'Steps × bonus', unit: context.currency, planPath }), label: 'steps reached', planPath };
}

/** How often the measure came up to each level from below. */
function crossings(
  config: BonusConfig,
  context: EvaluationContext,
  measured: { readonly before: ExactValue; readonly toDate: ExactValue; readonly credits: () => readonly MeasuredCredit[] },
  unit: ExactValue | undefined,
  open: boolean,
): Due | undefined {
  const levels = resolveLevels(config, context, unit);
  if (levels === undefined || !open) return undefined;
  const path = pathOf(measured);
  const paid = levels.flatMap((level) => {
    const bound = ratioOf(level.bound);
    let times = 0;
    path.forEach((value, index) => {
      const previous = path[index - 1];
      if (previous !== undefined && ratioCompare(previous, bound) < 0 && ratioCompare(value, bound) >= 0) times += 1;
    });
    return times === 0
      ? []
      : [
          {
            level,
            value: context.multiply([level.value, context.exact(times, { name: 'times reached' })], { label: level.label, unit: context.currency, planPath: level.planPath }),
          },
        ];
  });
  const last = paid[paid.length - 1];
  if (last === undefined) return undefined;
  return {
    ...last.level,
    value: context.sum(
      paid.map((entry) => entry.value),
      { label: last.level.label, unit: context.currency },
    ),
  };
}

/** The running values of a measure; of one that is not a sum of credits only where it was and where it is. */
function pathOf(measured: { readonly before: ExactValue; readonly toDate: ExactValue; readonly credits: () => readonly MeasuredCredit[] }): readonly Ratio[] {
  const path = [ratioOf(measured.before)];
  for (const credit of measured.credits()) path.push(ratioAdd(path[path.length - 1] ?? RATIO_ZERO, credit.value));
  const end = ratioOf(measured.toDate);
  return ratioCompare(path[path.length - 1] ?? RATIO_ZERO, end) === 0 ? path : [ratioOf(measured.before), end];
}

function payClaims(config: BonusConfig, context: EvaluationContext): readonly Posting[] {
  const all = context.gathered<readonly Claim[]>();
  const { budget } = config;
  const { index, awards } = context.once(all, () => ({ index: indexGathered(all), awards: budget === undefined ? new Map<Claim, Award>() : applyBudget(budget, context, all) }));
  const own = ownGathered(index, context) ?? [];
  if (budget === undefined) return own.map((claim) => context.post(claim.amount, noteOf(config, claim, context)));
  return own.flatMap((claim) => {
    const award = awards.get(claim);
    if (award === undefined) return [];
    context.accumulate('granted', claim.window, award.amount);
    const cut = ratioSubtract(ratioOf(award.claimed), ratioOf(award.amount));
    const memo = ratioSign(cut) === 0 ? {} : { memo: exactValueOfRatio(cut, { name: 'beyond the budget', unit: context.currency }) };
    return [context.post(award.amount, { ...noteOf(config, claim, context), ...memo })];
  });
}

function noteOf(config: BonusConfig, claim: Claim, context: EvaluationContext): Omit<Posting, 'amount'> {
  const { label, planPath, basis, window } = claim;
  const parts = context.wantsParts ? claim.credits().map(({ creditId, dealId, value }) => ({ creditId, basis: value, ...(dealId === undefined ? {} : { dealId }) })) : [];
  return { label, planPath, basis, basisUnit: unitOfBasis(config.measure, context.currency), parts, roundingWindow: window };
}

/** What a claim comes to within the budget. */
interface Award {
  /** Rounded as the plan rounds, so that what is granted is what is paid. */
  readonly claimed: ExactValue;
  readonly amount: ExactValue;
}

/** Applies the budget to the claims of a period, window by window. */
function applyBudget(budget: BonusBudget, context: EvaluationContext, all: readonly { readonly payeeId: string; readonly value: readonly Claim[] }[]): ReadonlyMap<Claim, Award> {
  const awards = new Map<Claim, Award>();
  const windows = new Map<string, { readonly window: Period; readonly claims: { readonly claim: Claim; readonly payeeId: string; readonly claimed: ExactValue }[] }>();
  for (const { payeeId, value } of all) {
    for (const claim of value) {
      const group = windows.get(claim.window.start) ?? { window: claim.window, claims: [] };
      windows.set(claim.window.start, group);
      group.claims.push({ claim, payeeId, claimed: context.round(claim.amount, context.rounding, { label: 'Due', unit: context.currency }) });
    }
  }
  const { scale } = context.rounding;
  for (const { window, claims } of windows.values()) {
    const granted = new Map(context.runningTotals('granted', window).map((entry) => [entry.payeeId, ratioOf(entry.total)]));
    const whole = context.round(context.exact(budget.amount, { name: 'budget', unit: context.currency }), { scale, mode: 'floor' }, { label: 'Budget' });
    let left = ratioSubtract(ratioOf(whole), [...granted.values()].reduce(ratioAdd, RATIO_ZERO));
    for (const { claim, payeeId, claimed } of claims) {
      if (context.sign(claimed) >= 0) continue;
      // What is taken back was paid at most in part, if the budget was exceeded then.
      const had = granted.get(payeeId) ?? RATIO_ZERO;
      const back = ratioMin(ratioNegate(ratioOf(claimed)), ratioMax(had, RATIO_ZERO));
      granted.set(payeeId, ratioSubtract(had, back));
      left = ratioAdd(left, back);
      awards.set(claim, {
        claimed,
        amount:
          ratioCompare(ratioNegate(back), ratioOf(claimed)) === 0 ? claimed : exactValueOfRatio(ratioNegate(back), { name: 'paid within the budget', unit: context.currency }),
      });
    }
    const positive = claims.filter(({ claimed }) => context.sign(claimed) > 0);
    const wanted = positive.reduce((sum, { claimed }) => ratioAdd(sum, ratioOf(claimed)), RATIO_ZERO);
    if (ratioCompare(wanted, left) <= 0) for (const { claim, claimed } of positive) awards.set(claim, { claimed, amount: claimed });
    else if (budget.exceeded === 'scale') scaleClaims(context, positive, ratioMax(left, RATIO_ZERO), wanted, awards);
    else {
      let open = true;
      for (const { claim, claimed } of [...positive].sort((a, b) => ratioCompare(b.claim.score, a.claim.score) || (a.payeeId < b.payeeId ? -1 : 1))) {
        open &&= ratioCompare(ratioOf(claimed), left) <= 0;
        if (open) left = ratioSubtract(left, ratioOf(claimed));
        awards.set(claim, { claimed, amount: open ? claimed : context.exact('0', { name: 'beyond the budget', unit: context.currency }) });
      }
    }
  }
  return awards;
}

function scaleClaims(
  context: EvaluationContext,
  claims: readonly { readonly claim: Claim; readonly claimed: ExactValue }[],
  left: Ratio,
  wanted: Ratio,
  awards: Map<Claim, Award>,
): void {
  const { scale } = context.rounding;
  const { currency } = context;
  const parts = shareOut(
    left,
    claims.map(({ claimed }) => ratioOf(claimed)),
    scale,
  );
  claims.forEach(({ claim, claimed }, index) => {
    const sum = exactValueOfRatio(left, { name: 'budget left', unit: currency });
    const whole = exactValueOfRatio(wanted, { name: 'due to all', unit: currency });
    const amount = explainShare(context, { sum, weight: claimed, whole, rest: parts[index]?.rest ?? ratioFromScaled(0, scale) }, scale, {
      label: 'Within the budget',
      unit: currency,
    });
    awards.set(claim, { claimed, amount });
  });
}

function describeBonus(config: BonusConfig, currency: string): string {
  const what = describeMeasure(config.measure);
  const who = config.eligibility === undefined ? '' : ' if you are eligible';
  const limit = config.budget === undefined ? '' : ` All payees together get at most ${config.budget.amount} ${currency}.`;
  if (config.every !== undefined) {
    const { each, amount } = config.every;
    return `You earn ${typeof amount === 'string' ? `${amount} ${currency}` : 'a bonus'} for every ${typeof each === 'string' ? each : 'step'} of ${what}${describeWindow(config)}${who}.${limit}`;
  }
  const levels = (config.levels ?? []).map(({ from, amount, share }) => {
    const level = typeof from === 'string' ? (config.by === 'attainment' ? `${percentText(from)} of quota` : from) : 'a level set for you';
    const pays = typeof amount === 'string' ? `${amount} ${currency}` : typeof share === 'string' ? `${percentText(share)} of target` : 'an amount set for you';
    return `${pays} at ${level}`;
  });
  return `You earn a bonus on ${what}${describeWindow(config)}${who}: ${levels.join(', ')}.${limit}`;
}
