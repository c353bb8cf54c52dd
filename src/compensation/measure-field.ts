import { checkOneOf, type IssueSink } from '../errors/checks.js';
import type { IssuePath } from '../errors/issue.js';
import { CREDIT_MONEY_FIELDS } from './credit.js';

/**
 * A numeric field of a credit. Money is converted to the plan's currency.
 *
 * @category compensation
 */
export type MeasureField = 'amount' | 'quotaCredit' | 'units' | 'margin' | 'acv' | 'tcv' | 'arr' | 'mrr' | `values.${string}`;

/** Whether a field holds money. */
export function isMoneyField(field: string): boolean {
  return CREDIT_MONEY_FIELDS.some((candidate) => candidate === field);
}

/** The unit of a field: `money`, or its name. */
export function unitOfField(field: MeasureField): string {
  return isMoneyField(field) ? 'money' : field;
}

/** Checks a field of unknown shape. */
export function checkMeasureField(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (typeof value !== 'string' || !/^values\../.test(value)) checkOneOf(value, [...CREDIT_MONEY_FIELDS, 'units'], path, issues);
}
