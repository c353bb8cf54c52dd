import { RATIO_ZERO, type Ratio, ratioAdd, ratioFromText, ratioMin, ratioSubtract, ratioToText } from '../../decimal/ratio.js';
import { exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { isPlainRecord } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import { type CreditFilterField, checkCreditField, creditFieldReader, fieldText } from '../filter.js';
import type { CreditMeasure } from '../measure.js';
import type { MeasuredCredit } from '../tier-band.js';
import { checkValueExpression, describeExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue } from './derived-measure.js';

/**
 * A sum or count of which each value of a field brings in at most so much: three meetings per account, 50,000 per product. The limit holds for the window.
 * Credits without the field are limited together.
 *
 * @category compensation
 */
export interface LimitMeasure {
  /** What is limited. */
  readonly limit: CreditMeasure;
  /** The field that is limited for each of its values. */
  readonly per: CreditFilterField;
  /** The most that one value brings in. */
  readonly most: ValueExpression;
}

export const limitMeasure: DerivedMeasure<LimitMeasure> = {
  key: 'limit',
  keys: ['per', 'most'],
  check: (record, path, issues, inner) => {
    const before = issues.length;
    inner(record['limit'], [...path, 'limit']);
    if (issues.length === before && isPlainRecord(record['limit']) && !Object.hasOwn(record['limit'], 'sum') && !Object.hasOwn(record['limit'], 'count')) {
      issues.push(createIssue('invalid_value', [...path, 'limit'], { expected: 'a sum or a count of credits' }));
    }
    checkCreditField(record['per'], [...path, 'per'], issues);
    checkValueExpression(record['most'], [...path, 'most'], issues);
  },
  unit: ({ limit }, inner) => inner(limit),
  describe: ({ limit, per, most }, inner) => `${inner(limit)}, at most ${typeof most === 'string' ? most : 'a set number'} per ${per}`,
  inner: ({ limit }) => [limit],
  evaluate: ({ limit, per, most }, scope) => {
    const { context } = scope;
    const ceiling = context.value(most, 'limit');
    if (ceiling === undefined) return { ...plainValue(exactValueOfRatio(RATIO_ZERO, { name: 'limit' })), unknown: 'the limit has no value' };
    const highest = ratioOf(ceiling);
    const read = creditFieldReader(per);
    const keys = new Map(scope.credits(limit.where).map((credit) => [credit.id, fieldText(read(credit))]));
    const sums = new Map<string, Ratio>();
    const kept = scope.recall('sums');
    if (Array.isArray(kept)) {
      for (const entry of kept as readonly unknown[]) {
        if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'string') continue;
        const sum = ratioFromText(entry[1]);
        if (sum !== undefined) sums.set(entry[0], sum);
      }
    }
    const credits: MeasuredCredit[] = [];
    for (const credit of scope.now(limit).credits()) {
      const key = keys.get(credit.creditId) ?? '';
      const before = sums.get(key) ?? RATIO_ZERO;
      const after = ratioAdd(before, credit.value);
      sums.set(key, after);
      credits.push({ ...credit, value: ratioSubtract(ratioMin(after, highest), ratioMin(before, highest)) });
    }
    if (credits.length > 0)
      scope.remember(
        'sums',
        [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => [key, ratioToText(sum)]),
      );
    const parts = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => exactValueOfRatio(ratioMin(sum, highest), { name: `${per} ${key}`.trim() }));
    return {
      total: parts.length === 0 ? context.exact('0', { name: 'nothing credited' }) : context.sum(parts, { label: `At most ${describeExpression(most)} per ${per}` }),
      credits: () => credits,
    };
  },
};
