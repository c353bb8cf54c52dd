import { checkOneOf } from '../../errors/checks.js';
import { type CreditFilter, checkFilter } from '../filter.js';
import { checkMeasureField, type MeasureField, unitOfField } from '../measure-field.js';
import type { MeasuredCredit } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, type MeasureScope, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * The mean of a field per credit or per deal: average discount, average deal size, average score. To date it is the mean of all credits of the window.
 * Credits without the field do not count.
 *
 * @category compensation
 */
export interface AverageMeasure {
  /** The field. */
  readonly average: MeasureField;
  /** What it is divided by: the number of credits (default) or of deals. */
  readonly per?: 'credit' | 'deal';
  /** Which credits count. */
  readonly where?: CreditFilter;
  /** Value while there is no credit. Default: the measure is not defined. */
  readonly whenUndefined?: ValueExpression;
}

export const averageMeasure: DerivedMeasure<AverageMeasure> = {
  key: 'average',
  keys: ['per', 'where', 'whenUndefined'],
  check: (record, path, issues) => {
    checkMeasureField(record['average'], [...path, 'average'], issues);
    if (Object.hasOwn(record, 'per')) checkOneOf(record['per'], ['credit', 'deal'], [...path, 'per'], issues);
    if (Object.hasOwn(record, 'where')) checkFilter(record['where'], [...path, 'where'], issues);
    if (Object.hasOwn(record, 'whenUndefined')) checkValueExpression(record['whenUndefined'], [...path, 'whenUndefined'], issues);
  },
  unit: ({ average }) => unitOfField(average),
  describe: ({ average, per }) => `average ${average} per ${per ?? 'credit'}`,
  evaluate: (measure, scope) => {
    const { context } = scope;
    const { average, per, where } = measure;
    const plain = context.once(measure, () => ({ sum: average, ...(where === undefined ? {} : { where }) }));
    const total = scope.toDate(plain, 'sum');
    // Only credits that have the field: unknown is not zero.
    const counted = per === 'deal' ? countDeals(total.credits(), scope) : countCredits(total.credits(), scope);
    if (counted <= 0) return undefinedMeasure(scope, measure.whenUndefined, `an average of no ${per ?? 'credit'}s is not defined`);
    return plainValue(context.divide(total.total, context.exact(String(counted), { name: `${per ?? 'credit'}s` }), { label: `Average ${average}` }));
  },
};

/** The credits to date; one that takes another back counts minus one. */
function countCredits(credits: readonly MeasuredCredit[], scope: MeasureScope): number {
  const reversals = new Set(scope.credits().flatMap((credit) => (credit.refersTo === undefined ? [] : [credit.id])));
  const now = credits.reduce((sum, credit) => sum + (reversals.has(credit.creditId) ? -1 : 1), 0);
  const kept = scope.recall('count');
  const toDate = now + (typeof kept === 'number' ? kept : 0);
  scope.remember('count', toDate);
  return toDate;
}

/** The deals to date, each once. */
function countDeals(credits: readonly MeasuredCredit[], scope: MeasureScope): number {
  const kept = scope.recall('deals');
  const deals = new Set(Array.isArray(kept) ? (kept as readonly unknown[]) : []);
  for (const credit of credits) deals.add(credit.dealId ?? credit.creditId);
  scope.remember('deals', [...deals].sort());
  return deals.size;
}
