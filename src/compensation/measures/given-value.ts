import { checkOneOf } from '../../errors/checks.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * A figure of the plan or of the assignment as a measure: a manager's score, a company result.
 *
 * @category compensation
 */
export interface ValueMeasure {
  /** The figure. */
  readonly value: ValueExpression;
  /** What it is in. Default `number`. */
  readonly unit?: 'money' | 'fraction' | 'number';
}

export const valueMeasure: DerivedMeasure<ValueMeasure> = {
  key: 'value',
  keys: ['unit'],
  check: (record, path, issues) => {
    checkValueExpression(record['value'], [...path, 'value'], issues);
    if (Object.hasOwn(record, 'unit')) checkOneOf(record['unit'], ['money', 'fraction', 'number'], [...path, 'unit'], issues);
  },
  unit: ({ unit }) => unit ?? 'number',
  describe: () => 'a figure that is set for you',
  evaluate: ({ value }, scope) => {
    const given = scope.context.value(value, 'given value');
    return given === undefined ? undefinedMeasure(scope, undefined, 'the figure has no value') : plainValue(given);
  },
};
