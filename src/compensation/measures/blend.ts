import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, RATIO_ZERO, ratioAdd, ratioCompare, ratioFromDecimal, ratioToText } from '../../decimal/ratio.js';
import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkRecord } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import type { Measure } from '../measure.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, firstUnknown, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * Several measures weighed into one, `Σ weight × measure`: a score of weighted goals, a blended attainment. The weights sum to 1.
 * Blending attainments first and applying one curve is not the same as adding up the curves of each, unless the curve is straight.
 *
 * @category compensation
 */
export interface BlendMeasure {
  /** The measures with their weights. */
  readonly blend: readonly BlendPart[];
}

/**
 * One measure of a blend.
 *
 * @category compensation
 */
export interface BlendPart {
  /** Fraction; all weights of a blend sum to 1. */
  readonly weight: ValueExpression;
  /** What is weighed. */
  readonly of: Measure;
}

export const blendMeasure: DerivedMeasure<BlendMeasure> = {
  key: 'blend',
  keys: [],
  check: (record, path, issues, inner) => {
    let sum = RATIO_ZERO;
    let literal = true;
    const parts = checkList(record['blend'], [...path, 'blend'], issues, { min: 1, expected: 'a list of parts { weight, of }' });
    parts?.forEach((entry, index) => {
      const at = [...path, 'blend', index];
      const part = checkRecord(entry, at, issues, 'a part { weight, of }');
      if (part === undefined) return;
      checkKeys(part, ['weight', 'of'], at, issues);
      checkValueExpression(part['weight'], [...at, 'weight'], issues);
      inner(part['of'], [...at, 'of']);
      const weight = typeof part['weight'] === 'string' ? readDecimal(part['weight']) : undefined;
      if (typeof weight === 'string') sum = ratioAdd(sum, ratioFromDecimal(weight));
      else literal = false;
    });
    if (parts === undefined || !literal || ratioCompare(sum, RATIO_ONE) === 0) return;
    const hundred = ratioCompare(sum, ratioFromDecimal('100')) === 0;
    issues.push(
      createIssue('invalid_weights', [...path, 'blend'], {
        expected: 'weights that sum to 1',
        received: ratioToText(sum),
        ...(hundred ? { hint: 'percentages? write "0.25" for 25 %' } : {}),
      }),
    );
  },
  unit: ({ blend }, inner) => inner(blend[0]?.of ?? { count: 'credits' }),
  describe: ({ blend }, inner) => `blend of ${blend.map((part) => inner(part.of)).join(', ')}`,
  inner: ({ blend }) => blend.map((part) => part.of),
  evaluate: ({ blend }, scope) => {
    const { context } = scope;
    const terms: ExactValue[] = [];
    for (const [index, part] of blend.entries()) {
      const measured = scope.toDate(part.of, String(index));
      const unknown = firstUnknown([measured]);
      if (unknown !== undefined) return undefinedMeasure(scope, undefined, unknown);
      const weight = context.value(part.weight, 'weight');
      if (weight === undefined) return undefinedMeasure(scope, undefined, 'a weight has no value');
      terms.push(context.multiply([weight, measured.total], { label: 'Weighted' }));
    }
    return plainValue(context.sum(terms, { label: 'Blend' }));
  },
};
