import { RATIO_ONE, ratioFromScaled } from '../../decimal/ratio.js';
import { exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import { type CreditFilter, type CreditFilterField, checkCreditField, checkFilter, creditFieldReader, fieldText } from '../filter.js';
import type { MeasuredCredit } from '../tier-band.js';
import type { DerivedMeasure } from './derived-measure.js';

/**
 * How many different values of a field occur: new accounts, products sold, meetings held. A value counts once in a window, however often and in however many
 * periods it occurs. Credits without the field, and credits that take another back, do not count.
 *
 * @category compensation
 */
export interface DistinctMeasure {
  /** The field whose values are counted. */
  readonly distinct: CreditFilterField;
  /** Which credits count. */
  readonly where?: CreditFilter;
}

export const distinctMeasure: DerivedMeasure<DistinctMeasure> = {
  key: 'distinct',
  keys: ['where'],
  check: (record, path, issues) => {
    checkCreditField(record['distinct'], [...path, 'distinct'], issues);
    if (Object.hasOwn(record, 'where')) checkFilter(record['where'], [...path, 'where'], issues);
  },
  unit: ({ distinct }) => distinct,
  describe: ({ distinct }) => `number of different ${distinct}`,
  evaluate: ({ distinct, where }, scope) => {
    const read = creditFieldReader(distinct);
    const kept = scope.recall('seen');
    const known = Array.isArray(kept) ? kept.filter((entry): entry is string => typeof entry === 'string') : [];
    const seen = new Set(known);
    const credits: MeasuredCredit[] = [];
    for (const credit of scope.credits(where)) {
      const value = read(credit);
      if (value === undefined || value === null || credit.refersTo !== undefined) continue;
      const key = `${typeof value} ${fieldText(value)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      credits.push({ creditId: credit.id, value: RATIO_ONE, ...(credit.dealId === undefined ? {} : { dealId: credit.dealId }) });
    }
    if (credits.length > 0) scope.remember('seen', [...seen].sort());
    return { total: exactValueOfRatio(ratioFromScaled(seen.size, 0), { name: `different ${distinct}`, unit: distinct }), credits: () => credits };
  },
};
