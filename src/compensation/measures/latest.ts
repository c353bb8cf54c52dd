import { ratioFromText, ratioToText } from '../../decimal/ratio.js';
import { exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import { type CreditFilter, checkFilter } from '../filter.js';
import { checkMeasureField, type MeasureField, unitOfField } from '../measure-field.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * The field of the latest credit (by day, deal id, credit id): a score, a rating, a balance that is reported again and again.
 *
 * @category compensation
 */
export interface LatestMeasure {
  /** The field. */
  readonly latest: MeasureField;
  /** Which credits count. */
  readonly where?: CreditFilter;
  /** Value while there is no credit. Default: the measure is not defined. */
  readonly whenUndefined?: ValueExpression;
}

export const latestMeasure: DerivedMeasure<LatestMeasure> = {
  key: 'latest',
  keys: ['where', 'whenUndefined'],
  check: (record, path, issues) => {
    checkMeasureField(record['latest'], [...path, 'latest'], issues);
    if (Object.hasOwn(record, 'where')) checkFilter(record['where'], [...path, 'where'], issues);
    if (Object.hasOwn(record, 'whenUndefined')) checkValueExpression(record['whenUndefined'], [...path, 'whenUndefined'], issues);
  },
  unit: ({ latest }) => unitOfField(latest),
  describe: ({ latest }) => `latest ${latest}`,
  evaluate: (measure, scope) => {
    const { latest, where } = measure;
    const plain = scope.context.once(measure, () => ({ sum: latest, ...(where === undefined ? {} : { where }) }));
    const last = scope.now(plain).credits().at(-1);
    if (last !== undefined) {
      scope.remember('latest', ratioToText(last.value));
      return { total: exactValueOfRatio(last.value, { name: `latest ${latest}`, source: last.dealId ?? last.creditId }), credits: () => [last] };
    }
    const kept = scope.recall('latest');
    const earlier = typeof kept === 'string' ? ratioFromText(kept) : undefined;
    return earlier === undefined
      ? undefinedMeasure(scope, measure.whenUndefined, `no credit has given ${latest} yet`)
      : plainValue(exactValueOfRatio(earlier, { name: `latest ${latest}, earlier` }));
  },
};
