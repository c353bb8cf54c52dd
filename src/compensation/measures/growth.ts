import { exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkNumber, checkOneOf, isPlainRecord } from '../../errors/checks.js';
import type { Measure } from '../measure.js';
import { checkValueExpression, isValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue, undefinedMeasure } from './derived-measure.js';
import { keepPeriod, MAX_PERIODS_KEPT, readPeriods } from './kept-periods.js';

/**
 * How much a measure exceeds a baseline: a figure of the plan (last year's sales, a parameter of the assignment), or what the same measure came to some
 * statement periods ago. Growth over an earlier period looks at the statement's period by itself, whatever the window.
 *
 * @category compensation
 */
export interface GrowthMeasure {
  /** What grows. */
  readonly growth: Measure;
  /** The baseline. */
  readonly over: ValueExpression | { readonly periodsBefore: number };
  /** The difference itself (`amount`, default), or divided by the baseline (`fraction`). */
  readonly as?: 'amount' | 'fraction';
  /** Value without a baseline, or for a fraction of 0. Default: the measure is not defined. */
  readonly whenUndefined?: ValueExpression;
}

export const growthMeasure: DerivedMeasure<GrowthMeasure> = {
  key: 'growth',
  keys: ['over', 'as', 'whenUndefined'],
  check: (record, path, issues, inner) => {
    inner(record['growth'], [...path, 'growth']);
    const { over } = record;
    if (isPlainRecord(over) && !isValueExpression(over)) {
      checkKeys(over, ['periodsBefore'], [...path, 'over'], issues);
      checkNumber(over['periodsBefore'], [...path, 'over', 'periodsBefore'], issues, { integer: true, min: 1, max: MAX_PERIODS_KEPT });
    } else checkValueExpression(over, [...path, 'over'], issues);
    if (Object.hasOwn(record, 'as')) checkOneOf(record['as'], ['amount', 'fraction'], [...path, 'as'], issues);
    if (Object.hasOwn(record, 'whenUndefined')) checkValueExpression(record['whenUndefined'], [...path, 'whenUndefined'], issues);
  },
  unit: (measure, inner) => (measure.as === 'fraction' ? 'fraction' : inner(measure.growth)),
  describe: (measure, inner) => `growth of ${inner(measure.growth)}`,
  inner: ({ growth }) => [growth],
  evaluate: (measure, scope) => {
    const { context } = scope;
    const { over, growth, whenUndefined } = measure;
    const fixed = isValueExpression(over);
    const now = fixed ? scope.toDate(growth, 'of') : scope.now(growth);
    if (now.unknown !== undefined) return undefinedMeasure(scope, whenUndefined, now.unknown);
    let baseline: ReturnType<typeof context.value>;
    if (fixed) baseline = context.value(over, 'baseline');
    else {
      const periods = readPeriods(scope);
      const found = periods.filter((entry) => entry.start < context.period.start).at(-over.periodsBefore);
      baseline = found === undefined ? undefined : exactValueOfRatio(found.value, { name: 'baseline', source: found.start });
      keepPeriod(scope, periods, ratioOf(now.total), over.periodsBefore);
    }
    if (baseline === undefined) return undefinedMeasure(scope, whenUndefined, 'there is no baseline yet');
    const amount = context.subtract(now.total, baseline, { label: 'Growth' });
    if (measure.as !== 'fraction') return plainValue(amount);
    if (context.sign(baseline) === 0) return undefinedMeasure(scope, whenUndefined, 'growth over a baseline of 0 is not defined as a fraction');
    return plainValue(context.divide(amount, baseline, { label: 'Growth as a fraction', unit: 'fraction' }));
  },
};
