import { checkKeys, checkOneOf, checkRecord, type IssueSink, nearestText } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import type { ComponentReference } from './component.js';
import { type CreditFilter, checkFilter, describeFilter } from './filter.js';
import { checkMeasureField, type MeasureField, unitOfField } from './measure-field.js';
import type { MeasureUnit } from './measures/derived-measure.js';
import { type DerivedMeasureConfig, derivedMeasureKeys, derivedMeasureOf } from './measures/derived-measures.js';

/**
 * The sum of a field of the credits.
 *
 * @category compensation
 */
export interface SumMeasure {
  /** The field to be added up. */
  readonly sum: MeasureField;
  /** Which credits count; default: all. */
  readonly where?: CreditFilter;
}

/**
 * The number of credits, or of deals. A credit that takes another back counts minus one, and no deal.
 *
 * @category compensation
 */
export interface CountMeasure {
  /** What is counted. */
  readonly count: 'credits' | 'deals';
  /** Which credits count; default: all. */
  readonly where?: CreditFilter;
}

/**
 * What is measured directly on credits.
 *
 * @category compensation
 */
export type CreditMeasure = SumMeasure | CountMeasure;

/**
 * What is measured: the sum of a field, a number of credits or deals, or something derived from those.
 *
 * @example
 * ```ts
 * import type { Measure } from 'dealwright/compensation';
 * const newBusiness: Measure = { sum: 'amount', where: { kind: 'new' } };
 * const marginRate: Measure = { ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } }, whenUndefined: '0' };
 * const meetings: Measure = { limit: { count: 'credits' }, per: 'accountId', most: '3' };
 * ```
 * @category compensation
 */
export type Measure = CreditMeasure | DerivedMeasureConfig;

const MAX_DEPTH = 20;

/** Whether a measure is a plain sum or count of credits. */
export function isCreditMeasure(measure: Measure): measure is CreditMeasure {
  return 'sum' in measure || 'count' in measure;
}

/** The unit of a measure: `money`, `fraction`, or the name of what is counted. */
export function measureUnitOf(measure: Measure): MeasureUnit {
  if ('sum' in measure) return unitOfField(measure.sum);
  if ('count' in measure) return measure.count;
  return derivedMeasureOf(measure)?.unit(measure, measureUnitOf) ?? 'number';
}

/** Whether a measure is an amount of money in the plan's currency. */
export function isMoneyMeasure(measure: Measure): boolean {
  return measureUnitOf(measure) === 'money';
}

/** The unit of what is measured, with the currency for money. */
export function unitOfBasis(measure: Measure, currency: string): string {
  const unit = measureUnitOf(measure);
  return unit === 'money' ? currency : unit;
}

/** A measure in words. */
export function describeMeasure(measure: Measure): string {
  if (isCreditMeasure(measure)) {
    const what = 'sum' in measure ? measure.sum : `number of ${measure.count}`;
    return measure.where === undefined ? what : `${what} where ${describeFilter(measure.where)}`;
  }
  return derivedMeasureOf(measure)?.describe(measure, describeMeasure) ?? 'a measure';
}

/** The components that a measure reads. */
export function referencesOfMeasure(measure: Measure): readonly ComponentReference[] {
  if (isCreditMeasure(measure)) return [];
  const definition = derivedMeasureOf(measure);
  return [...(definition?.references?.(measure) ?? []), ...(definition?.inner?.(measure) ?? []).flatMap(referencesOfMeasure)];
}

/** Checks a measure of unknown shape. */
export function checkMeasure(value: unknown, path: IssuePath, issues: IssueSink, depth = 0): void {
  const record = checkRecord(value, path, issues, 'a measure such as { sum: "amount" }');
  if (record === undefined) return;
  if (depth > MAX_DEPTH) {
    issues.push(createIssue('out_of_range', path, { expected: `measures nested at most ${MAX_DEPTH} deep` }));
    return;
  }
  const names = ['sum', 'count', ...derivedMeasureKeys()];
  const given = names.filter((name) => Object.hasOwn(record, name));
  const [name] = given;
  if (given.length !== 1 || name === undefined) {
    const [key = ''] = Object.keys(record);
    const near = given.length === 0 ? nearestText(key, names) : undefined;
    issues.push(
      createIssue('missing_key', path, {
        expected: `exactly one of ${names.join(', ')}`,
        received: given.join(', ') || Object.keys(record).slice(0, 20).join(', '),
        ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
      }),
    );
    return;
  }
  const definition = derivedMeasureOf(record);
  if (definition !== undefined) {
    checkKeys(record, [name, ...definition.keys], path, issues);
    definition.check(record, path, issues, (inner, at) => {
      checkMeasure(inner, at, issues, depth + 1);
    });
    return;
  }
  checkKeys(record, [name, 'where'], path, issues);
  if (name === 'sum') checkMeasureField(record['sum'], [...path, 'sum'], issues);
  else checkOneOf(record['count'], ['credits', 'deals'], [...path, 'count'], issues);
  if (Object.hasOwn(record, 'where')) checkFilter(record['where'], [...path, 'where'], issues);
}
