import { exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkNumber, checkOneOf } from '../../errors/checks.js';
import type { Measure } from '../measure.js';
import { type DerivedMeasure, plainValue } from './derived-measure.js';
import { keepPeriod, MAX_PERIODS_KEPT, readPeriods } from './kept-periods.js';

/**
 * The sum or mean of a measure over the last statement periods, this one included. Periods before the first one computed are not made up: the mean is over
 * those that there are.
 *
 * @category compensation
 */
export interface RollingMeasure {
  /** What is added up. */
  readonly rolling: Measure;
  /** Over how many statement periods, this one included. */
  readonly periods: number;
  /** Default `sum`. */
  readonly as?: 'sum' | 'average';
}

export const rollingMeasure: DerivedMeasure<RollingMeasure> = {
  key: 'rolling',
  keys: ['periods', 'as'],
  check: (record, path, issues, inner) => {
    inner(record['rolling'], [...path, 'rolling']);
    checkNumber(record['periods'], [...path, 'periods'], issues, { integer: true, min: 1, max: MAX_PERIODS_KEPT });
    if (Object.hasOwn(record, 'as')) checkOneOf(record['as'], ['sum', 'average'], [...path, 'as'], issues);
  },
  unit: ({ rolling }, inner) => inner(rolling),
  describe: ({ rolling, periods, as }, inner) => `${as ?? 'sum'} of ${inner(rolling)} over ${periods} periods`,
  inner: ({ rolling }) => [rolling],
  evaluate: (measure, scope) => {
    const { context } = scope;
    const now = scope.now(measure.rolling);
    if (now.unknown !== undefined) return now;
    const all = keepPeriod(scope, readPeriods(scope), ratioOf(now.total), measure.periods - 1);
    const values = all.map((entry) =>
      entry.start === context.period.start
        ? exactValueOfRatio(entry.value, { name: 'this period', source: entry.start })
        : exactValueOfRatio(entry.value, { name: 'earlier period', source: entry.start }),
    );
    const sum = context.sum(values, { label: `Sum of ${values.length} periods` });
    if (measure.as !== 'average') return { total: sum, credits: now.credits };
    return plainValue(context.divide(sum, context.exact(String(values.length), { name: 'periods' }), { label: `Average of ${values.length} periods` }));
  },
};
