import { ratioMultiply } from '../../decimal/ratio.js';
import { type ExactValue, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkRecord } from '../../errors/checks.js';
import { type CreditFilter, checkFilter } from '../filter.js';
import type { CreditMeasure } from '../measure.js';
import { checkMeasureField, type MeasureField, unitOfField } from '../measure-field.js';
import type { MeasuredCredit } from '../tier-band.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue } from './derived-measure.js';

/**
 * A sum in which credits count with different weights: renewals at a half, strategic products one and a half times. The first filter that a credit passes
 * gives its weight.
 *
 * @category compensation
 */
export interface WeightedMeasure {
  /** The field that is summed. */
  readonly weighted: MeasureField;
  /** Weights, in the order in which they are tried. */
  readonly weights: readonly CreditWeight[];
  /** Weight of credits that pass none of the filters. Default `1`. */
  readonly otherwise?: ValueExpression;
  /** Which credits count at all. */
  readonly where?: CreditFilter;
}

/**
 * The weight of the credits that pass a filter.
 *
 * @category compensation
 */
export interface CreditWeight {
  /** Which credits. */
  readonly where: CreditFilter;
  /** The factor on their value. */
  readonly weight: ValueExpression;
}

export const weightedMeasure: DerivedMeasure<WeightedMeasure> = {
  key: 'weighted',
  keys: ['weights', 'otherwise', 'where'],
  check: (record, path, issues) => {
    checkMeasureField(record['weighted'], [...path, 'weighted'], issues);
    checkList(record['weights'], [...path, 'weights'], issues, { min: 1, expected: 'a list of weights { where, weight }' })?.forEach((entry, index) => {
      const at = [...path, 'weights', index];
      const weight = checkRecord(entry, at, issues, 'a weight { where, weight }');
      if (weight === undefined) return;
      checkKeys(weight, ['where', 'weight'], at, issues);
      checkFilter(weight['where'], [...at, 'where'], issues);
      checkValueExpression(weight['weight'], [...at, 'weight'], issues);
    });
    if (Object.hasOwn(record, 'otherwise')) checkValueExpression(record['otherwise'], [...path, 'otherwise'], issues);
    if (Object.hasOwn(record, 'where')) checkFilter(record['where'], [...path, 'where'], issues);
  },
  unit: ({ weighted }) => unitOfField(weighted),
  describe: ({ weighted }) => `weighted ${weighted}`,
  evaluate: (measure, scope) => {
    const { context } = scope;
    const classes = context.once(measure, () => weightClasses(measure));
    const terms: ExactValue[] = [];
    const lists: (() => readonly MeasuredCredit[])[] = [];
    for (const { plain, weight, part } of classes) {
      const factor = context.value(weight, 'weight');
      const sum = scope.toDate(plain, part);
      if (factor === undefined) return { ...plainValue(sum.total), unknown: 'a weight has no value' };
      if (context.sign(sum.total) !== 0) terms.push(context.multiply([sum.total, factor], { label: 'Weighted' }));
      lists.push(() => sum.credits().map((credit) => ({ ...credit, value: ratioMultiply(credit.value, ratioOf(factor)) })));
    }
    const credits = (): readonly MeasuredCredit[] => {
      const order = new Map(scope.credits(measure.where).map((credit, index) => [credit.id, index]));
      return lists.flatMap((list) => list()).sort((a, b) => (order.get(a.creditId) ?? 0) - (order.get(b.creditId) ?? 0));
    };
    return { total: terms.length === 0 ? context.exact('0', { name: 'nothing credited' }) : context.sum(terms, { label: 'Weighted sum' }), credits };
  },
};

/** For each weight the credits that pass its filter and none before it. */
function weightClasses(measure: WeightedMeasure): readonly { readonly plain: CreditMeasure; readonly weight: ValueExpression; readonly part: string }[] {
  const base = measure.where === undefined ? [] : [measure.where];
  const tried: CreditFilter[] = [];
  const classes = measure.weights.map(({ where, weight }, index) => {
    const all: readonly CreditFilter[] = [...base, where, ...tried.map((earlier) => ({ not: earlier }))];
    tried.push(where);
    return { plain: { sum: measure.weighted, where: { all } }, weight, part: String(index) };
  });
  const rest: readonly CreditFilter[] = [...base, ...tried.map((earlier) => ({ not: earlier }))];
  return [...classes, { plain: { sum: measure.weighted, where: { all: rest } }, weight: measure.otherwise ?? '1', part: 'rest' }];
}
