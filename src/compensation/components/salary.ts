import { toEpochDay } from '../../calendar/epoch-day.js';
import type { Period } from '../../calendar/period.js';
import { checkKeys, checkOneOf, checkText, type IssueSink } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { defineComponent, type EvaluationContext, type Posting } from '../component.js';
import type { PlanPeriodUnit } from '../plan.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';

/**
 * Base salary.
 *
 * @category compensation
 */
export interface SalaryConfig {
  /** What the line says; default `Base salary`. */
  readonly label?: string;
  /** Pay for one `every`. */
  readonly amount: ValueExpression;
  /** What the amount is for. Default `year`. */
  readonly every?: PlanPeriodUnit;
  /** How a period in which the payee is on the plan only in part is paid: by its actual days (default), or in full. */
  readonly proration?: 'actual-days' | 'none';
}

const KEYS = ['label', 'amount', 'every', 'proration'] as const;
const MONTHS: Readonly<Record<Exclude<PlanPeriodUnit, 'week'>, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

/**
 * Base salary: the amount, shared over the periods of the plan (a twelfth of a year for each month) and over the days of a period in which the payee is on the
 * plan only in part. The periods of a year sum to the yearly amount to the cent.
 *
 * @category compensation
 */
export const salaryComponent = /* @__PURE__ */ defineComponent<'salary', SalaryConfig>({
  kind: 'salary',
  section: 'salary',
  keys: KEYS,
  check: (config, _issue) => checkSalary(config),
  evaluate: (config, context) => evaluateSalary(config, context),
  describe: (config, plan) => `Your base salary is ${typeof config.amount === 'string' ? `${config.amount} ${plan.currency}` : 'set for you'} per ${config.every ?? 'year'}.`,
});

function checkSalary(config: SalaryConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkValueExpression(record['amount'], ['amount'], issues);
  if (Object.hasOwn(record, 'every')) checkOneOf(record['every'], ['week', 'month', 'quarter', 'half', 'year'], ['every'], issues);
  if (Object.hasOwn(record, 'proration')) checkOneOf(record['proration'], ['actual-days', 'none'], ['proration'], issues);
  return issues;
}

function evaluateSalary(config: SalaryConfig, context: EvaluationContext): readonly Posting[] {
  const amount = context.value(config.amount, 'salary');
  const every = config.every ?? 'year';
  if (amount === undefined) return [];
  return context.windows(every).flatMap((window) => {
    const [part, whole] = shareOf(config, context, window, every);
    if (part === 0) return [];
    const factors =
      part === whole
        ? amount
        : context.divide(context.multiply([amount, context.exact(part, { name: 'part' })], { label: 'Salary × part' }), context.exact(whole, { name: 'whole' }), {
            label: 'Part of the salary',
            unit: context.currency,
          });
    return [context.post(factors, { label: config.label ?? 'Base salary', roundingWindow: window })];
  });
}

/** The share of one `every` that falls into the segment: by whole months of the period where units are months, by days within it. */
function shareOf(config: SalaryConfig, context: EvaluationContext, window: Period, every: PlanPeriodUnit): readonly [number, number] {
  const unit = context.periodUnit;
  const active = daysBetween(context.segment);
  const period = daysBetween(context.period);
  if (every === unit) return config.proration === 'none' ? [1, 1] : [active, period];
  if (every !== 'week' && unit !== 'week' && MONTHS[unit] < MONTHS[every])
    return config.proration === 'none' ? [MONTHS[unit], MONTHS[every]] : [MONTHS[unit] * active, MONTHS[every] * period];
  // A window shorter than the period, or weeks: by the days of the window that lie within the segment (or the period).
  const range = config.proration === 'none' ? context.period : context.segment;
  const start = Math.max(toEpochDay(range.start), toEpochDay(window.start));
  const end = Math.min(toEpochDay(range.endExclusive), toEpochDay(window.endExclusive));
  return [Math.max(0, end - start), daysBetween(window)];
}

function daysBetween(range: { readonly start: string; readonly endExclusive: string }): number {
  return toEpochDay(range.endExclusive) - toEpochDay(range.start);
}
