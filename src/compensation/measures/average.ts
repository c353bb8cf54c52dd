import { checkOneOf } from '../../errors/checks.js';
import { type CreditFilter, checkFilter } from '../filter.js';
import { checkMeasureField, type MeasureField, unitOfField } from '../measure-field.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * The mean of a field per credit or per deal: average discount, average deal size, average score. To date it is the mean of all credits of the window.
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
    const { average, per, where } = measure;
    const [sum, count] = scope.context.once(measure, () => {
      const filter = where === undefined ? {} : { where };
      return [
        { sum: average, ...filter },
        { count: per === 'deal' ? 'deals' : 'credits', ...filter },
      ] as const;
    });
    const total = scope.toDate(sum, 'sum');
    const number = scope.toDate(count, 'count');
    if (scope.context.sign(number.total) <= 0) return undefinedMeasure(scope, measure.whenUndefined, `an average of no ${per ?? 'credit'}s is not defined`);
    return plainValue(scope.context.divide(total.total, number.total, { label: `Average ${average}` }));
  },
};
