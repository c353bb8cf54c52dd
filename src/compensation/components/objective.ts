import { toEpochDay } from '../../calendar/epoch-day.js';
import type { Period } from '../../calendar/period.js';
import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromDecimal, ratioToText } from '../../decimal/ratio.js';
import { type ExactValue, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, formatPath, type Issue } from '../../errors/issue.js';
import { checkAmountText, literalRatio, percentText } from '../amount-text.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { CreditFilter } from '../filter.js';
import { checkMeasure, type Measure, referencesOfMeasure } from '../measure.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import type { CurveKnot } from '../payout-curve.js';
import { curveAt } from '../tier-modes/interpolated.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type ComponentWindow, checkWindow, describeWindow, settlesInSegment, WINDOW_KEYS, windowsOf } from '../window.js';

/**
 * One objective with its weight, and where its score comes from: a figure (`score`), a measure (`measure`), or else the latest credit with
 * `attributes.objective` equal to its id and the score in `values.score`.
 *
 * @category compensation
 */
export interface ObjectivePart {
  /** Its id; scores given as credits name it. */
  readonly id: string;
  /** What the line says; default: the id. */
  readonly label?: string;
  /** Fraction of the target; all weights sum to 1. */
  readonly weight: ValueExpression;
  /** The score itself, most often a parameter that the assignment gives. */
  readonly score?: ValueExpression;
  /** What is the score: an attainment, a ratio, the mean of survey answers. */
  readonly measure?: Measure;
}

/**
 * Pay for scored objectives (MBO, KSO).
 *
 * @category compensation
 */
export interface ObjectiveConfig extends ComponentWindow {
  /** Put before the labels of the lines; default `Objectives`. */
  readonly label?: string;
  /** Pay for one window if every score is 1. */
  readonly target: ValueExpression;
  /** The objectives. */
  readonly objectives: readonly [ObjectivePart, ...ObjectivePart[]];
  /** `graded` (default): any score from 0 to the maximum. `pass-fail`: 0 or 1 only. */
  readonly scoring?: 'graded' | 'pass-fail';
  /** The highest score: decimal text, default `1`. A score above it is reported, and its objective pays nothing. */
  readonly maximum?: string;
  /**
   * Payout by the weighted score of all objectives together: straight from knot to knot, nothing below the first, flat behind the last. Without it every objective
   * is paid by itself, in proportion to its score.
   */
  readonly curve?: readonly [CurveKnot, ...CurveKnot[]];
  /** How a payee who is on the plan for a part of the window only is paid: in full (`none`, default), or by days (`actual-days`). */
  readonly proration?: 'none' | 'actual-days';
  /** Who may get it. */
  readonly eligibility?: PayeeEligibility;
}

const KEYS = ['label', 'target', 'objectives', 'scoring', 'maximum', 'curve', 'proration', 'eligibility', ...WINDOW_KEYS] as const;

/**
 * Pay for scored objectives: `target × Σ weight × score`, or `target × curve(Σ weight × score)`. It is paid in the period in which the window ends, or in which the
 * payee's time on the plan ends.
 *
 * An objective without a score is reported and pays nothing; with a curve nothing is paid while a score is missing, since the whole is not known.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({
 *   id: 'p', currency: 'USD', period: 'quarter',
 *   components: [{ kind: 'objective', id: 'mbo', target: '4000', objectives: [{ id: 'hygiene', weight: '0.25' }, { id: 'training', weight: '0.75' }] }],
 * });
 * const score = (objective: string, value: string) => ({ id: objective, payeeId: 'ada', on: '2026-03-20', componentIds: ['mbo'], attributes: { objective }, values: { score: value } });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }], credits: [score('hygiene', '0.8'), score('training', '1')], periods: ['2026-Q1'],
 * });
 * run.statements.flatMap((statement) => statement.lines.map((line) => line.amount.amount)); // => ['800.00', '3000.00']
 * ```
 * @category compensation
 */
export const objectiveComponent = /* @__PURE__ */ defineComponent<'objective', ObjectiveConfig>({
  kind: 'objective',
  section: 'bonus',
  keys: KEYS,
  dependsOn: (config) => config.objectives.flatMap((part) => (part.measure === undefined ? [] : referencesOfMeasure(part.measure))),
  check: (config, _issue) => checkObjective(config as unknown as PlainRecord),
  evaluate: (config, context) => windowsOf(config, context).flatMap((window) => payWindow(config, context, window)),
  describe: (config, plan) => describeObjective(config, plan.currency),
});

function checkObjective(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  checkValueExpression(config['target'], ['target'], issues);
  if (Object.hasOwn(config, 'scoring')) checkOneOf(config['scoring'], ['graded', 'pass-fail'], ['scoring'], issues);
  if (Object.hasOwn(config, 'maximum')) checkAmountText(config['maximum'], ['maximum'], issues);
  if (Object.hasOwn(config, 'proration')) checkOneOf(config['proration'], ['none', 'actual-days'], ['proration'], issues);
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  checkWindow(config, issues, { needsEnd: true });
  checkParts(config['objectives'], issues);
  if (Object.hasOwn(config, 'curve')) checkCurve(config['curve'], issues);
  return issues;
}

function checkParts(value: unknown, issues: IssueSink): void {
  const parts = checkList(value, ['objectives'], issues, { min: 1, expected: 'a list of objectives { id, weight }' });
  const seen = new Set<string>();
  let sum = RATIO_ZERO;
  let literal = true;
  parts?.forEach((entry, index) => {
    const at = ['objectives', index];
    const part = checkRecord(entry, at, issues, 'an objective { id, weight }');
    if (part === undefined) return;
    checkKeys(part, ['id', 'label', 'weight', 'score', 'measure'], at, issues);
    const id = checkId(part['id'], [...at, 'id'], issues);
    if (id !== undefined && seen.has(id)) issues.push(createIssue('duplicate_id', [...at, 'id'], { received: id }));
    if (id !== undefined) seen.add(id);
    if (Object.hasOwn(part, 'label')) checkText(part['label'], [...at, 'label'], issues);
    checkValueExpression(part['weight'], [...at, 'weight'], issues);
    if (Object.hasOwn(part, 'score')) checkValueExpression(part['score'], [...at, 'score'], issues);
    if (Object.hasOwn(part, 'measure')) checkMeasure(part['measure'], [...at, 'measure'], issues);
    if (Object.hasOwn(part, 'score') && Object.hasOwn(part, 'measure')) issues.push(createIssue('invalid_value', at, { expected: 'score or measure, not both' }));
    const weight = literalRatio(part['weight']);
    if (weight === undefined) literal = false;
    else sum = ratioAdd(sum, weight);
  });
  if (parts === undefined || !literal || ratioCompare(sum, RATIO_ONE) === 0) return;
  const hundred = ratioCompare(sum, ratioFromDecimal('100')) === 0;
  issues.push(
    createIssue('invalid_weights', ['objectives'], {
      expected: 'weights that sum to 1',
      received: ratioToText(sum),
      ...(hundred ? { hint: 'percentages? write "0.25" for 25 %' } : {}),
    }),
  );
}

function checkCurve(value: unknown, issues: IssueSink): void {
  let previous: Ratio | undefined;
  checkList(value, ['curve'], issues, { min: 1, expected: 'a list of knots { at, payout }' })?.forEach((entry, index) => {
    const at = ['curve', index];
    const knot = checkRecord(entry, at, issues, 'a knot { at, payout }');
    if (knot === undefined) return;
    checkKeys(knot, ['at', 'payout'], at, issues);
    const from = checkAmountText(knot['at'], [...at, 'at'], issues);
    checkAmountText(knot['payout'], [...at, 'payout'], issues);
    if (from !== undefined && previous !== undefined && ratioCompare(from, previous) <= 0)
      issues.push(createIssue('tiers_not_ascending', [...at, 'at'], { expected: 'more than the knot before', received: knot['at'] }));
    previous = from ?? previous;
  });
}

interface Scored {
  readonly part: ObjectivePart;
  readonly index: number;
  readonly weight: ExactValue;
  readonly score: ExactValue;
}

function payWindow(config: ObjectiveConfig, context: EvaluationContext, window: Period): readonly Posting[] {
  const measured = config.objectives.map((part) => (part.score === undefined ? measureScore(part, context, window) : undefined));
  if (!settlesInSegment(window, context)) return [];
  const target = context.value(config.target, 'target');
  if (target === undefined || !mayEarn(config.eligibility, context, window)) return [];
  const scored: Scored[] = [];
  for (const [index, part] of config.objectives.entries()) {
    const weight = context.value(part.weight, 'weight');
    const score = part.score === undefined ? measured[index] : context.value(part.score, `score of ${part.id}`);
    if (score === undefined && part.score === undefined && part.measure === undefined) {
      context.report('undefined_measure', {
        expected: `a credit with attributes.objective "${part.id}" and values.score`,
        message: `Objective ${part.id} has no score in ${window.label}; nothing is paid for it.`,
      });
    }
    if (weight !== undefined && score !== undefined && isInRange(config, part, score, context)) scored.push({ part, index, weight, score });
  }
  const due = prorated(config, context, window, target);
  if (config.curve !== undefined) return scored.length < config.objectives.length ? [] : payCurve(config, context, window, due, scored, config.curve);
  return scored.map(({ part, index, weight, score }) => {
    const planPath = formatPath([...context.path, 'objectives', index]);
    const rate = context.multiply([due, weight], { label: 'Target of the objective', unit: context.currency });
    const label = `${config.label ?? 'Objectives'}: ${part.label ?? part.id}`;
    const { amount, isWhole } = lessPaid(context, window, part.id, context.multiply([score, rate], { label, planPath, unit: context.currency }));
    return context.post(amount, { label, planPath, basis: score, basisUnit: 'score', roundingWindow: window, ...(isWhole ? { rate } : {}) });
  });
}

/** What a window was paid before is taken off: a change of plan may have ended it early. */
function lessPaid(context: EvaluationContext, window: Period, key: string, due: ExactValue): { readonly amount: ExactValue; readonly isWhole: boolean } {
  const { before } = context.accumulate(`paid for ${key}`, window, context.exact('0'));
  const isWhole = context.sign(before) === 0;
  const amount = isWhole ? due : context.subtract(due, before, { label: 'Less what was paid before', unit: context.currency });
  context.accumulate(`paid for ${key}`, window, amount);
  return { amount, isWhole };
}

function measureScore(part: ObjectivePart, context: EvaluationContext, window: Period): ExactValue | undefined {
  if (part.measure !== undefined) {
    const { toDate, unknown } = context.measureToDate(part.measure, window, `score of ${part.id}`);
    return unknown === undefined ? toDate : undefined;
  }
  const where = context.once(part, (): CreditFilter => ({ 'attributes.objective': part.id }));
  const key = `score of ${part.id}`;
  const latest = context
    .credits(where, window)
    .reduce<unknown>((text, { values }) => (values !== undefined && Object.hasOwn(values, 'score') ? values['score'] : text), context.recall(key, window));
  if (typeof latest !== 'string') return undefined;
  context.remember(key, window, latest);
  return context.exact(latest, { name: key });
}

function isInRange(config: ObjectiveConfig, part: ObjectivePart, score: ExactValue, context: EvaluationContext): boolean {
  const maximum = context.exact(config.maximum ?? '1', { name: 'highest score' });
  const low = context.sign(score) < 0;
  const whole = config.scoring !== 'pass-fail' || context.sign(score) === 0 || ratioCompare(ratioOf(score), RATIO_ONE) === 0;
  if (!low && whole && context.compare(score, maximum) <= 0) return true;
  const expected = config.scoring === 'pass-fail' ? `0 or 1 for objective ${part.id}` : `a score from 0 to ${config.maximum ?? '1'} for objective ${part.id}`;
  context.report('out_of_range', {
    expected,
    received: ratioToText(ratioOf(score)),
    message: 'A score lies outside its range; nothing is paid for the objective. A percentage may have been given.',
  });
  return false;
}

function prorated(config: ObjectiveConfig, context: EvaluationContext, window: Period, target: ExactValue): ExactValue {
  if (config.proration !== 'actual-days') return target;
  const start = toEpochDay(window.start);
  const end = toEpochDay(window.endExclusive);
  const days = context.assignments(window).reduce((sum, span) => sum + Math.max(0, Math.min(end, toEpochDay(span.endExclusive)) - Math.max(start, toEpochDay(span.start))), 0);
  if (days === end - start) return target;
  return context.divide(
    context.multiply([target, context.exact(days, { name: 'days on the plan' })], { label: 'Target × days' }),
    context.exact(end - start, { name: 'days of the window' }),
    {
      label: 'Prorated target',
      unit: context.currency,
    },
  );
}

function payCurve(
  config: ObjectiveConfig,
  context: EvaluationContext,
  window: Period,
  target: ExactValue,
  scored: readonly Scored[],
  curve: readonly CurveKnot[],
): readonly Posting[] {
  const planPath = formatPath([...context.path, 'curve']);
  const total = context.sum(
    scored.map(({ part, weight, score }) => context.multiply([weight, score], { label: part.label ?? part.id })),
    { label: 'Weighted score' },
  );
  const points = curve.map((knot) => ({ at: context.exact(knot.at, { name: 'knot' }), pays: context.exact(knot.payout, { name: 'payout' }) }));
  const payout = curveAt(points, total, context, { label: 'Payout', planPath }).pays ?? context.exact('0', { name: 'below the first knot' });
  const label = config.label ?? 'Objectives';
  const { amount } = lessPaid(context, window, 'all', context.multiply([target, payout], { label, planPath, unit: context.currency }));
  return [context.post(amount, { label, planPath, basis: total, basisUnit: 'score', roundingWindow: window })];
}

function describeObjective(config: ObjectiveConfig, currency: string): string {
  const target = typeof config.target === 'string' ? `${config.target} ${currency}` : 'your target';
  const parts = config.objectives.map((part) => `${typeof part.weight === 'string' ? percentText(part.weight) : 'a weight set for you'} ${part.label ?? part.id}`);
  return `You earn ${target}${describeWindow(config)} by your scores: ${parts.join(', ')}${config.curve === undefined ? '' : ', paid by a curve on the weighted score'}.`;
}
