import { checkKeys, checkRecord } from '../../errors/checks.js';
import type { Measure } from '../measure.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, firstUnknown, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * One measure divided by another, both over the same credits: margin by amount, discounted by list price. To date it is the ratio of the sums, not a sum of ratios.
 *
 * @category compensation
 */
export interface RatioMeasure {
  /** What is divided, and by what. */
  readonly ratio: {
    /** Numerator. */
    readonly of: Measure;
    /** Denominator. */
    readonly to: Measure;
  };
  /** Value while the denominator is 0. Default: the measure is not defined, which is reported, and nothing is paid by it. */
  readonly whenUndefined?: ValueExpression;
}

export const ratioMeasure: DerivedMeasure<RatioMeasure> = {
  key: 'ratio',
  keys: ['whenUndefined'],
  check: (record, path, issues, inner) => {
    const at = [...path, 'ratio'];
    const ratio = checkRecord(record['ratio'], at, issues, 'two measures { of, to }');
    if (ratio !== undefined) {
      checkKeys(ratio, ['of', 'to'], at, issues);
      inner(ratio['of'], [...at, 'of']);
      inner(ratio['to'], [...at, 'to']);
    }
    if (Object.hasOwn(record, 'whenUndefined')) checkValueExpression(record['whenUndefined'], [...path, 'whenUndefined'], issues);
  },
  unit: () => 'fraction',
  describe: ({ ratio }, inner) => `${inner(ratio.of)} ÷ ${inner(ratio.to)}`,
  inner: ({ ratio }) => [ratio.of, ratio.to],
  evaluate: ({ ratio, whenUndefined }, scope) => {
    const of = scope.toDate(ratio.of, 'of');
    const to = scope.toDate(ratio.to, 'to');
    const unknown = firstUnknown([of, to]);
    if (unknown !== undefined) return undefinedMeasure(scope, whenUndefined, unknown);
    if (scope.context.sign(to.total) === 0) return undefinedMeasure(scope, whenUndefined, 'a ratio to 0 is not defined');
    return plainValue(scope.context.divide(of.total, to.total, { label: 'Ratio', unit: 'fraction' }));
  },
};
