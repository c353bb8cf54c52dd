import { checkKeys, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { CREDIT_MONEY_FIELDS } from './credit.js';
import { type CreditFilter, checkFilter } from './filter.js';

/**
 * A numeric field of a credit. Money is converted to the plan's currency.
 *
 * @category compensation
 */
export type MeasureField = 'amount' | 'units' | 'margin' | 'acv' | 'tcv' | 'arr' | 'mrr' | `values.${string}`;

/**
 * What is measured: the sum of a field, or a number of credits or deals.
 *
 * @category compensation
 */
export type Measure =
  | { /** The field to be added up. */ readonly sum: MeasureField /** Which credits count; default: all. */; readonly where?: CreditFilter }
  | { /** What is counted. */ readonly count: 'credits' | 'deals' /** Which credits count; default: all. */; readonly where?: CreditFilter };

/** Whether a measure is an amount of money in the plan's currency. */
export function isMoneyMeasure(measure: Measure): boolean {
  return 'sum' in measure && CREDIT_MONEY_FIELDS.some((field) => field === measure.sum);
}

/** Checks a measure of unknown shape. */
export function checkMeasure(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a measure such as { sum: "amount" }');
  if (record === undefined) return;
  checkKeys(record, ['sum', 'count', 'where'], path, issues);
  const hasSum = Object.hasOwn(record, 'sum');
  if (hasSum === Object.hasOwn(record, 'count')) issues.push(createIssue('missing_key', path, { expected: 'exactly one of sum, count' }));
  else if (hasSum) {
    const field = record['sum'];
    if (typeof field !== 'string' || !/^values\../.test(field)) checkOneOf(field, [...CREDIT_MONEY_FIELDS, 'units'], [...path, 'sum'], issues);
  } else checkOneOf(record['count'], ['credits', 'deals'], [...path, 'count'], issues);
  if (Object.hasOwn(record, 'where')) checkFilter(record['where'], [...path, 'where'], issues);
}
