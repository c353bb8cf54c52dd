import { RATIO_ZERO, type Ratio, ratioAdd, ratioMultiply } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { type ComponentReference, defineComponent, type EvaluationContext, type Measured, type PayeeSpan, type Posting } from '../component.js';
import { checkMeasure, describeMeasure, isMoneyMeasure, type Measure, measureUnitOf, referencesOfMeasure } from '../measure.js';
import { percentOf } from '../percent-of.js';
import type { CreditPart } from '../tier-band.js';
import { checkValueExpression, describeExpression, type ValueExpression } from '../value-expression.js';

/**
 * A manager's pay on what their team is credited with.
 *
 * @category compensation
 */
export interface ManagerOverrideConfig {
  /** What the line says; default `Override`. */
  readonly label?: string;
  /**
   * What of the team's credits counts. A sale that two people share counts once if only direct credit does: `{ sum: 'amount', where: { type: 'direct' } }`; with
   * overlays it counts for each.
   */
  readonly measure: Measure;
  /** Direct reports (default), or everybody below. With a list of rates: as many levels as there are rates. */
  readonly depth?: 'direct' | 'all';
  /** Rate on it: one, or one for each level below, nearest first. */
  readonly rate: ValueExpression | readonly [ValueExpression, ...ValueExpression[]];
  /**
   * Override by difference: what these components paid anybody in the team on the same credits is taken off what the rate comes to, seller by seller. For each level of
   * management a plan of its own: that of the higher one takes off the override of the lower one too.
   */
  readonly lessPaid?: readonly [ComponentReference, ...ComponentReference[]];
  /** If a seller was paid more than the rate comes to: nothing (default), or the difference is deducted. */
  readonly below?: 'nothing' | 'deduct';
}

const KEYS = ['label', 'measure', 'depth', 'rate', 'lessPaid', 'below'] as const;

/**
 * Manager override: `rate × what the team is credited with`, level by level, or by rate difference: `rate × credited − paid to the team on it`, seller by seller
 * and never below zero. Who is in the team is read from the hierarchy of the run, day by day: a credit counts for whoever was the manager on its day.
 *
 * The people of the team must be payees of the run. Their plans may be of other kinds; for a difference they must have the same currency and the same period.
 *
 * @category compensation
 */
export const managerOverrideComponent = /* @__PURE__ */ defineComponent<'manager-override', ManagerOverrideConfig>({
  kind: 'manager-override',
  section: 'commission',
  keys: KEYS,
  readsOthers: true,
  needsParts: true,
  dependsOn: (config) => [...(config.lessPaid ?? []), ...referencesOfMeasure(config.measure)],
  check: (config, _issue) => checkOverride(config as unknown as PlainRecord),
  evaluate: (config, context) => evaluateOverride(config, context),
  describe: (config) => describeOverride(config),
});

function checkOverride(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  checkMeasure(config['measure'], ['measure'], issues);
  if (Object.hasOwn(config, 'depth')) checkOneOf(config['depth'], ['direct', 'all'], ['depth'], issues);
  if (Object.hasOwn(config, 'below')) checkOneOf(config['below'], ['nothing', 'deduct'], ['below'], issues);
  const { rate } = config;
  if (Array.isArray(rate)) {
    checkList(rate, ['rate'], issues, { min: 1 })?.forEach((entry, index) => {
      checkValueExpression(entry, ['rate', index], issues);
    });
  } else checkValueExpression(rate, ['rate'], issues);
  if (Object.hasOwn(config, 'lessPaid')) {
    checkList(config['lessPaid'], ['lessPaid'], issues, { min: 1, expected: 'a list of { planId, componentId }' })?.forEach((entry, index) => {
      const at = ['lessPaid', index];
      const record = checkRecord(entry, at, issues, 'a reference { planId, componentId }');
      if (record === undefined) return;
      checkKeys(record, ['planId', 'componentId'], at, issues);
      checkId(record['componentId'], [...at, 'componentId'], issues);
      if (Object.hasOwn(record, 'planId')) checkId(record['planId'], [...at, 'planId'], issues);
    });
  }
  return issues;
}

/** Somebody's days at a level of the team. */
interface LevelSpan extends PayeeSpan {
  readonly level: number;
}

function evaluateOverride(config: ManagerOverrideConfig, context: EvaluationContext): readonly Posting[] {
  const { rate } = config;
  const rates = isList(rate) ? rate : undefined;
  const all = context.team(rates === undefined ? config.depth : 'all');
  const spans = all
    .filter((span) => rates === undefined || span.level <= rates.length)
    .map(({ memberId, level, start, endExclusive }): LevelSpan => ({ payeeId: memberId, level, start, endExclusive }));
  if (spans.length === 0) return [];
  if (config.lessPaid !== undefined) return payDifference(config, context, spans);
  const groups = rates === undefined ? [{ level: 0, spans }] : rates.map((_, index) => ({ level: index + 1, spans: spans.filter((span) => span.level === index + 1) }));
  return groups.flatMap(({ level, spans: own }) => {
    const value = rateOf(config, context, level);
    if (own.length === 0 || value === undefined) return [];
    const measured = context.measureOf(config.measure, own);
    if (context.sign(measured.total) === 0 && measured.credits().length === 0) return [];
    const label = level === 0 ? (config.label ?? 'Override') : `${config.label ?? 'Override'}, level ${level}`;
    return [
      context.post(context.multiply([measured.total, value], { label, planPath: planPathOf(context, level), unit: context.currency }), {
        label,
        basis: measured.total,
        basisUnit: unitOf(config.measure, context),
        rate: value,
        planPath: planPathOf(context, level),
        ...(context.wantsParts ? { parts: partsOf(measured) } : {}),
      }),
    ];
  });
}

function isList(rate: ManagerOverrideConfig['rate']): rate is readonly [ValueExpression, ...ValueExpression[]] {
  return Array.isArray(rate);
}

/** The rate of a level; level 0 stands for the only rate. */
function rateOf(config: ManagerOverrideConfig, context: EvaluationContext, level: number): ExactValue | undefined {
  const { rate } = config;
  const expression = isList(rate) ? rate[level - 1] : rate;
  return expression === undefined ? undefined : context.value(expression, 'override rate');
}

function planPathOf(context: EvaluationContext, level: number): string {
  return `components[${context.path[1] ?? 0}].rate${level === 0 ? '' : `[${level - 1}]`}`;
}

function unitOf(measure: Measure, context: EvaluationContext): string {
  return isMoneyMeasure(measure) ? context.currency : measureUnitOf(measure);
}

function partsOf(measured: Measured): readonly CreditPart[] {
  return measured
    .credits()
    .map(({ creditId, dealId, value, exchange }) => ({ creditId, basis: value, ...(dealId === undefined ? {} : { dealId }), ...(exchange === undefined ? {} : { exchange }) }));
}

/** Seller by seller: what the rate comes to, less what was paid on the same credits. */
function payDifference(config: ManagerOverrideConfig, context: EvaluationContext, spans: readonly LevelSpan[]): readonly Posting[] {
  const sellers = [...new Set(spans.map((span) => span.payeeId))].sort();
  const paid = paidByCredit(config.lessPaid ?? [], context, sellers);
  const unit = context.currency;
  return sellers.flatMap((seller): readonly Posting[] => {
    const own = spans.filter((span) => span.payeeId === seller);
    const dues: ExactValue[] = [];
    const parts: CreditPart[] = [];
    let taken = paid.withoutCredit.get(seller) ?? RATIO_ZERO;
    for (const level of [...new Set(own.map((span) => span.level))].sort((a, b) => a - b)) {
      const rate = rateOf(config, context, isList(config.rate) ? level : 0);
      if (rate === undefined) return [];
      const measured = context.measureOf(
        config.measure,
        own.filter((span) => span.level === level),
      );
      dues.push(context.multiply([measured.total, rate], { label: 'At the manager’s rate', unit }));
      for (const part of partsOf(measured)) {
        const received = paid.byCredit.get(part.creditId) ?? RATIO_ZERO;
        taken = ratioAdd(taken, received);
        parts.push({ ...part, amount: ratioAdd(ratioMultiply(part.basis, ratioOf(rate)), { n: -received.n, d: received.d }) });
      }
    }
    const due = context.sum(dues, { label: 'At the manager’s rate', unit });
    if (context.sign(due) === 0 && taken.n === 0n) return [];
    const difference = context.subtract(due, exactValueOfRatio(taken, { name: 'paid to the team on it', unit, source: seller }), { label: 'Difference', unit });
    const label = `${config.label ?? 'Override'}, ${seller}`;
    const kept = config.below !== 'deduct' && context.sign(difference) < 0;
    const amount = config.below === 'deduct' ? difference : context.maximum([difference, context.exact('0', { name: 'at least', unit })], { label, unit });
    if (kept) return [];
    return [context.post(amount, { label, planPath: planPathOf(context, 0), ...(context.wantsParts ? { parts } : {}) })];
  });
}

/** What some components paid the team, by credit; what belongs to no credit, by the payee who got it. */
function paidByCredit(
  references: readonly ComponentReference[],
  context: EvaluationContext,
  sellers: readonly string[],
): { readonly byCredit: ReadonlyMap<string, Ratio>; readonly withoutCredit: ReadonlyMap<string, Ratio> } {
  const byCredit = new Map<string, Ratio>();
  const withoutCredit = new Map<string, Ratio>();
  for (const reference of references) {
    for (const seller of sellers) {
      for (const { creditId, amount } of context.partsOf(reference, seller) ?? []) {
        const [map, key] = creditId === undefined ? [withoutCredit, seller] : [byCredit, creditId];
        map.set(key, ratioAdd(map.get(key) ?? RATIO_ZERO, ratioOf(amount)));
      }
    }
  }
  return { byCredit, withoutCredit };
}

function describeOverride(config: ManagerOverrideConfig): string {
  const who = isList(config.rate) ? `the ${config.rate.length} levels below you` : config.depth === 'all' ? 'everybody below you' : 'those who report to you';
  const what = describeMeasure(config.measure);
  return config.lessPaid === undefined
    ? `You earn an override of ${overrideRateText(config.rate, config.measure)} on ${what} of ${who}.`
    : `You earn the difference between your rate on ${what} of ${who} and what they were paid on it.`;
}

function overrideRateText(rate: ManagerOverrideConfig['rate'], measure: Measure): string {
  const text = (value: ValueExpression): string => (typeof value === 'string' && isMoneyMeasure(measure) ? percentOf(value) : describeExpression(value));
  return isList(rate) ? rate.map(text).join(', ') : text(rate);
}
