import type { Period } from '../../calendar/period.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromDecimal, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { formatPath, type Issue } from '../../errors/issue.js';
import { percentText } from '../amount-text.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import { type CreditFilter, checkFilter } from '../filter.js';
import type { SumMeasure } from '../measure.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import { checkFractionText } from '../percent-hint.js';
import type { CreditPart } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type ComponentWindow, checkWindow, describeWindow, WINDOW_KEYS, windowsOf } from '../window.js';

/**
 * Client entertainment that is paid back within limits.
 *
 * @category compensation
 */
export interface ClientEntertainmentConfig extends ComponentWindow {
  /** What the line says; default `Client entertainment`. */
  readonly label?: string;
  /** Which credits are such expenses: the amount is what was spent, `units` the number of people. Default: `attributes.expense` is `client-entertainment`. */
  readonly where?: CreditFilter;
  /** At most this for one expense. */
  readonly perEvent?: ValueExpression;
  /** At most this for each person. An expense that does not say how many is reported, and not paid back. */
  readonly perPerson?: ValueExpression;
  /** The fraction that is paid back, after the limits of single expenses. Default `1`. */
  readonly share?: ValueExpression;
  /** At most this in a window. */
  readonly limit?: ValueExpression;
  /** Who may spend, for example field roles. */
  readonly eligibility?: PayeeEligibility;
}

const KEYS = ['label', 'where', 'perEvent', 'perPerson', 'share', 'limit', 'eligibility', ...WINDOW_KEYS] as const;

/**
 * Client entertainment: `Σ min(amount, per event, per person × people) × share`, up to the limit of the window, less what was paid back before. An allowance, not
 * pay. What goes beyond a limit shows as `memo`. A refund takes off what the same amount would have brought.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'client-entertainment', id: 'clients', perPerson: '60', limit: '400' }] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'e1', payeeId: 'ada', on: '2026-05-20', amount: { amount: '310', currency: 'USD' }, units: '4', attributes: { expense: 'client-entertainment' } }], periods: ['2026-05'],
 * });
 * run.statements.flatMap((statement) => statement.lines.map((line) => [line.amount.amount, line.memo?.amount])); // => [['240.00', '70.00']]
 * ```
 * @category compensation
 */
export const clientEntertainmentComponent = /* @__PURE__ */ defineComponent<'client-entertainment', ClientEntertainmentConfig>({
  kind: 'client-entertainment',
  section: 'allowance',
  keys: KEYS,
  check: (config, _issue) => checkEntertainment(config as unknown as PlainRecord),
  evaluate: (config, context) => windowsOf(config, context).flatMap((window) => payWindow(config, context, window)),
  describe: (config, plan) => {
    const share = typeof config.share === 'string' && config.share !== '1' ? `${percentText(config.share)} of what` : 'What';
    return `${share} you spend on clients is paid back${typeof config.limit === 'string' ? ` up to ${config.limit} ${plan.currency}` : ''}${describeWindow(config)}.`;
  },
});

function checkEntertainment(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  if (Object.hasOwn(config, 'where')) checkFilter(config['where'], ['where'], issues);
  for (const key of ['perEvent', 'perPerson', 'share', 'limit']) if (Object.hasOwn(config, key)) checkValueExpression(config[key], [key], issues);
  if (Object.hasOwn(config, 'share')) checkFractionText(config['share'], ['share'], issues);
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  checkWindow(config, issues);
  return issues;
}

interface Limits {
  readonly perEvent: ExactValue | undefined;
  readonly perPerson: ExactValue | undefined;
  readonly share: ExactValue;
  readonly limit: ExactValue | undefined;
}

/** The limits, or undefined if one of them has no value. */
function limitsOf(config: ClientEntertainmentConfig, context: EvaluationContext): Limits | undefined {
  const value = (key: 'perEvent' | 'perPerson' | 'limit'): ExactValue | undefined => {
    const expression = config[key];
    return expression === undefined ? undefined : context.value(expression, key);
  };
  const limits = { perEvent: value('perEvent'), perPerson: value('perPerson'), limit: value('limit') };
  const share = context.value(config.share ?? '1', 'share');
  const isMissing = (['perEvent', 'perPerson', 'limit'] as const).some((key) => config[key] !== undefined && limits[key] === undefined);
  return share === undefined || isMissing ? undefined : { ...limits, share };
}

/** So many expenses stand in a trace one by one. */
const MAX_TRACED_EXPENSES = 12;

function payWindow(config: ClientEntertainmentConfig, context: EvaluationContext, window: Period): readonly Posting[] {
  const limits = limitsOf(config, context);
  if (limits === undefined || !mayEarn(config.eligibility, context, window)) return [];
  const unit = context.currency;
  const measure = context.once(config, (): SumMeasure => ({ sum: 'amount', where: config.where ?? { 'attributes.expense': 'client-entertainment' } }));
  const people = new Map(context.credits(measure.where, window).map((credit) => [credit.id, credit.units]));
  const spent = context.measure(measure, window);
  const parts: CreditPart[] = [];
  const counted: ExactValue[] = [];
  for (const credit of spent.credits()) {
    const amount = exactValueOfRatio(credit.value, { name: 'spent', unit, source: credit.creditId });
    const own = withinLimits(limits, context, amount, people.get(credit.creditId), credit.creditId);
    if (own === undefined) continue;
    counted.push(own);
    parts.push({ creditId: credit.creditId, basis: credit.value, ...(credit.dealId === undefined ? {} : { dealId: credit.dealId }) });
  }
  if (counted.length === 0) return [];
  const sum = sumOf(counted, context);
  const due = config.share === undefined ? sum : context.multiply([sum, limits.share], { label: 'Share paid back', unit });
  const amount = upToLimit(limits.limit, context, window, due);
  const label = config.label ?? 'Client entertainment';
  const note = { label, planPath: formatPath(context.path), roundingWindow: window };
  const cut = context.subtract(spent.total, amount, { label: 'Not paid back', unit });
  return [context.post(amount, { ...note, basis: spent.total, basisUnit: unit, parts: context.wantsParts ? parts : [], ...(context.sign(cut) === 0 ? {} : { memo: cut }) })];
}

function sumOf(values: readonly ExactValue[], context: EvaluationContext): ExactValue {
  const unit = context.currency;
  if (values.length <= MAX_TRACED_EXPENSES) return context.sum(values, { label: 'Within the limits of single expenses', unit });
  return exactValueOfRatio(
    values.reduce<Ratio>((sum, value) => ratioAdd(sum, ratioOf(value)), RATIO_ZERO),
    { name: 'within the limits of single expenses', unit, source: `${values.length} expenses` },
  );
}

/** One expense within its limits; a refund mirrors one. */
function withinLimits(limits: Limits, context: EvaluationContext, amount: ExactValue, units: string | undefined, creditId: string): ExactValue | undefined {
  const unit = context.currency;
  const refund = context.sign(amount) < 0;
  const positive = refund ? context.negate(amount, { label: 'Refunded', unit }) : amount;
  const bounds: ExactValue[] = [];
  if (limits.perEvent !== undefined) bounds.push(limits.perEvent);
  if (limits.perPerson !== undefined) {
    const read = readDecimal(units ?? '');
    if (typeof read !== 'string') {
      context.report('missing_measure', { expected: `units, the number of people, on the expense ${creditId}` });
      return undefined;
    }
    const people = ratioFromDecimal(read);
    const count = ratioSign(people) < 0 ? { n: -people.n, d: people.d } : people;
    bounds.push(context.multiply([limits.perPerson, exactValueOfRatio(count, { name: 'people' })], { label: 'For all of them', unit }));
  }
  const least = bounds.some((bound) => ratioCompare(ratioOf(bound), ratioOf(positive)) < 0)
    ? context.minimum([positive, ...bounds], { label: 'Within the limits', unit })
    : positive;
  return refund ? context.negate(least, { label: 'Refunded', unit }) : least;
}

/** What is paid to date is never above the limit; what was beyond it is not made up for later, unless refunds make room. */
function upToLimit(limit: ExactValue | undefined, context: EvaluationContext, window: Period, due: ExactValue): ExactValue {
  if (limit === undefined) return due;
  const unit = context.currency;
  const { before, toDate } = context.accumulate('due', window, due);
  const capped = (value: ExactValue): ExactValue => (context.compare(value, limit) > 0 ? context.minimum([value, limit], { label: 'Up to the limit', unit }) : value);
  return context.sign(before) === 0 ? capped(toDate) : context.subtract(capped(toDate), capped(before), { label: 'Paid back now', unit });
}
