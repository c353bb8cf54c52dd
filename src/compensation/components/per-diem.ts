import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioFromDecimal } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import { checkBoolean, checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, formatPath, type Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { Credit } from '../credit.js';
import { type CreditFilter, type CreditPredicate, checkFilter, compileFilter } from '../filter.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import { checkFractionText } from '../percent-hint.js';
import type { CreditPart } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';

/**
 * What a day away from home is made of: a meal, incidentals, lodging.
 *
 * @category compensation
 */
export interface PerDiemPart {
  /** Its name on the line when it is taken off. */
  readonly id: string;
  /** Money for a full day. */
  readonly amount: ValueExpression;
  /** On days that this filter lets through somebody else provided it, or it is not due (no lodging on the last day). */
  readonly provided?: CreditFilter;
  /** Whether a partial day counts for a part of it only (default), or for all of it, as lodging does. */
  readonly scaled?: boolean;
}

/**
 * The rates of a place.
 *
 * @category compensation
 */
export interface PerDiemRate {
  /** Which days they are for; the first rate that matches counts. Default: all. */
  readonly where?: CreditFilter;
  /** What a day is made of. */
  readonly parts: readonly [PerDiemPart, ...PerDiemPart[]];
}

/**
 * An allowance for days away from home.
 *
 * @category compensation
 */
export interface PerDiemConfig {
  /** What the line says; default `Per diem`. */
  readonly label?: string;
  /** Which credits are days away: each is one day, or as many as its `units` say. */
  readonly where: CreditFilter;
  /** Rates by place. They are yours to give: they change by country and year. */
  readonly rates: readonly [PerDiemRate, ...PerDiemRate[]];
  /** Days that count for a part only, such as the first and the last, and the fraction of a full day that they count for. */
  readonly partial?: { readonly where: CreditFilter; readonly share: ValueExpression };
  /**
   * What comes first on a partial day. `scale-then-deduct` (default): the whole day is scaled, and provided parts are taken off at their full amount, down to zero.
   * `deduct-then-scale`: what was not provided is scaled.
   */
  readonly order?: 'scale-then-deduct' | 'deduct-then-scale';
  /** Who gets it, for example field roles. */
  readonly eligibility?: PayeeEligibility;
}

const KEYS = ['label', 'where', 'rates', 'partial', 'order', 'eligibility'] as const;

/**
 * Per diem: for each kind of day `days × amount of that day`, where partial days count for a part and what others provided is taken off. An allowance, not pay.
 * One line for every kind of day. A day that no rate matches is reported.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({
 *   id: 'p', currency: 'USD', period: 'month',
 *   components: [{
 *     kind: 'per-diem', id: 'travel', where: { 'attributes.expense': 'travel' }, partial: { where: { 'attributes.partial': true }, share: '0.75' },
 *     rates: [{ parts: [{ id: 'dinner', amount: '36', provided: { 'attributes.dinner': true } }, { id: 'other meals', amount: '43' }] }],
 *   }],
 * });
 * const day = (on: string, more: Record<string, boolean>) => ({ id: on, payeeId: 'ada', on, attributes: { expense: 'travel', ...more } });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [day('2026-05-04', { partial: true }), day('2026-05-05', {}), day('2026-05-06', { partial: true, dinner: true })], periods: ['2026-05'],
 * });
 * run.statements.flatMap((statement) => statement.lines.map((line) => [line.label, line.amount.amount])); // => [['Per diem: full days', '79.00'], ['Per diem: partial days', '59.25'], ['Per diem: partial days without dinner', '23.25']]
 * ```
 * @category compensation
 */
export const perDiemComponent = /* @__PURE__ */ defineComponent<'per-diem', PerDiemConfig>({
  kind: 'per-diem',
  section: 'allowance',
  keys: KEYS,
  check: (config, _issue) => checkPerDiem(config as unknown as PlainRecord),
  evaluate: (config, context) => evaluatePerDiem(config, context),
  describe: (config) =>
    `You are paid a fixed amount for every day away from home${config.partial === undefined ? '' : '; partial days count for a part'}, less what others provide.`,
});

function checkPerDiem(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  checkFilter(config['where'], ['where'], issues);
  if (Object.hasOwn(config, 'order')) checkOneOf(config['order'], ['scale-then-deduct', 'deduct-then-scale'], ['order'], issues);
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  if (Object.hasOwn(config, 'partial')) {
    const partial = checkRecord(config['partial'], ['partial'], issues, 'partial days { where, share }');
    if (partial !== undefined) {
      checkKeys(partial, ['where', 'share'], ['partial'], issues);
      checkFilter(partial['where'], ['partial', 'where'], issues);
      checkValueExpression(partial['share'], ['partial', 'share'], issues);
      checkFractionText(partial['share'], ['partial', 'share'], issues);
    }
  }
  checkList(config['rates'], ['rates'], issues, { min: 1, expected: 'rates { where?, parts }' })?.forEach((entry, index) => {
    const at = ['rates', index];
    const rate = checkRecord(entry, at, issues, 'a rate { parts }');
    if (rate === undefined) return;
    checkKeys(rate, ['where', 'parts'], at, issues);
    if (Object.hasOwn(rate, 'where')) checkFilter(rate['where'], [...at, 'where'], issues);
    const seen = new Set<string>();
    checkList(rate['parts'], [...at, 'parts'], issues, { min: 1, expected: 'parts { id, amount }' })?.forEach((item, place) => {
      const where = [...at, 'parts', place];
      const part = checkRecord(item, where, issues, 'a part { id, amount }');
      if (part === undefined) return;
      checkKeys(part, ['id', 'amount', 'provided', 'scaled'], where, issues);
      const id = checkId(part['id'], [...where, 'id'], issues);
      if (id !== undefined && seen.has(id)) issues.push(createIssue('duplicate_id', [...where, 'id'], { received: id }));
      if (id !== undefined) seen.add(id);
      checkValueExpression(part['amount'], [...where, 'amount'], issues);
      if (Object.hasOwn(part, 'provided')) checkFilter(part['provided'], [...where, 'provided'], issues);
      if (Object.hasOwn(part, 'scaled')) checkBoolean(part['scaled'], [...where, 'scaled'], issues);
    });
  });
  return issues;
}

interface CompiledRate {
  readonly matches: CreditPredicate;
  readonly provided: readonly CreditPredicate[];
}

interface Compiled {
  readonly rates: readonly CompiledRate[];
  readonly isPartial: CreditPredicate;
}

/** Days that are paid alike. */
interface DayKind {
  readonly rate: number;
  readonly partial: boolean;
  readonly provided: readonly boolean[];
  readonly days: CreditPart[];
}

const NEVER: CreditPredicate = () => false;
const ALWAYS: CreditPredicate = () => true;

function compile(config: PerDiemConfig): Compiled {
  return {
    isPartial: config.partial === undefined ? NEVER : (compileFilter(config.partial.where) ?? ALWAYS),
    rates: config.rates.map((rate) => ({
      matches: compileFilter(rate.where) ?? ALWAYS,
      provided: rate.parts.map((part) => (part.provided === undefined ? NEVER : (compileFilter(part.provided) ?? ALWAYS))),
    })),
  };
}

function evaluatePerDiem(config: PerDiemConfig, context: EvaluationContext): readonly Posting[] {
  if (!mayEarn(config.eligibility, context, context.segment)) return [];
  const compiled = context.once(config, () => compile(config));
  const kinds = new Map<string, DayKind>();
  for (const credit of context.credits(config.where)) {
    const rate = compiled.rates.findIndex((candidate) => candidate.matches(credit));
    if (rate < 0) {
      context.report('undefined_measure', { expected: `a rate for the day ${credit.on} (${credit.id})`, message: 'No rate of the plan is for this day; nothing is paid for it.' });
      continue;
    }
    const partial = compiled.isPartial(credit);
    const provided = (compiled.rates[rate]?.provided ?? []).map((isProvided) => isProvided(credit));
    const key = `${rate} ${partial} ${provided.join(' ')}`;
    const kind = kinds.get(key) ?? { rate, partial, provided, days: [] };
    kinds.set(key, kind);
    kind.days.push({ creditId: credit.id, basis: daysOf(credit), ...(credit.dealId === undefined ? {} : { dealId: credit.dealId }) });
  }
  const ordered = [...kinds.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.flatMap(([, kind]) => payKind(config, context, kind));
}

function daysOf(credit: Credit): Ratio {
  const read = readDecimal(credit.units ?? '1');
  return typeof read === 'string' ? ratioFromDecimal(read) : RATIO_ZERO;
}

function payKind(config: PerDiemConfig, context: EvaluationContext, kind: DayKind): readonly Posting[] {
  const day = amountOfDay(config, context, kind);
  if (day === undefined) return [];
  const unit = context.currency;
  const days = exactValueOfRatio(
    kind.days.reduce((sum, entry) => ratioAdd(sum, entry.basis), RATIO_ZERO),
    { name: 'days', unit: 'days' },
  );
  const parts = config.rates[kind.rate]?.parts ?? [];
  const without = parts.flatMap((part, index) => (kind.provided[index] === true ? [part.id] : []));
  const label = `${config.label ?? 'Per diem'}: ${kind.partial ? 'partial' : 'full'} days${without.length === 0 ? '' : ` without ${without.join(', ')}`}`;
  const planPath = formatPath([...context.path, 'rates', kind.rate]);
  return [
    context.post(context.multiply([days, day], { label, planPath, unit }), {
      label,
      planPath,
      basis: days,
      basisUnit: 'days',
      rate: day,
      parts: context.wantsParts ? kind.days : [],
    }),
  ];
}

/** What one day of a kind pays. */
function amountOfDay(config: PerDiemConfig, context: EvaluationContext, kind: DayKind): ExactValue | undefined {
  const unit = context.currency;
  const share = kind.partial && config.partial !== undefined ? context.value(config.partial.share, 'share of a partial day') : undefined;
  if (kind.partial && share === undefined) return undefined;
  const scaled: ExactValue[] = [];
  const whole: ExactValue[] = [];
  const deducted: ExactValue[] = [];
  const deductFirst = config.order === 'deduct-then-scale';
  for (const [index, part] of (config.rates[kind.rate]?.parts ?? []).entries()) {
    const amount = context.value(part.amount, part.id);
    if (amount === undefined) return undefined;
    const isProvided = kind.provided[index] === true;
    if (isProvided && deductFirst) continue;
    (part.scaled === false ? whole : scaled).push(amount);
    if (isProvided) deducted.push(amount);
  }
  const together = (values: readonly ExactValue[], label: string): ExactValue =>
    values.length === 0 ? context.exact('0', { name: label, unit }) : context.sum(values, { label, unit });
  const day = together(scaled, 'Parts of the day');
  const counted = share === undefined ? day : context.multiply([day, share], { label: 'Partial day', unit });
  const due = whole.length === 0 ? counted : context.sum([counted, ...whole], { label: 'With what is not scaled', unit });
  if (deducted.length === 0) return due;
  const left = context.subtract(due, together(deducted, 'Provided'), { label: 'Less what was provided', unit });
  return context.sign(left) < 0 ? context.maximum([left, context.exact('0', { name: 'least' })], { label: 'Not below zero', unit }) : left;
}
