import { differenceInMonths } from '../calendar/date-arithmetic.js';
import { isPlainDate } from '../calendar/plain-date.js';
import { checkBoolean, checkId, checkKeys, checkNumber, checkRecord, type IssueSink } from '../errors/checks.js';
import type { IssuePath } from '../errors/issue.js';
import type { EvaluationContext } from './component.js';
import { checkFilter, compileFilter, type FieldCondition } from './filter.js';
import type { Payee } from './payee.js';

/**
 * Who may get something, whatever they sell: by role or any other attribute, by tenure, and by being employed still. Every condition must hold.
 *
 * @example
 * ```ts
 * import type { PayeeEligibility } from 'dealwright/compensation';
 * const fieldSales: PayeeEligibility = { attributes: { role: { in: ['field', 'technical-field'] } }, tenureMonths: 6, employed: true };
 * ```
 * @category compensation
 */
export interface PayeeEligibility {
  /** What attributes of the payee must be, by name. */
  readonly attributes?: Readonly<Record<string, FieldCondition>>;
  /** At least so many whole months since `hiredOn` at the end of the window. A payee without `hiredOn` is reported, and not eligible. */
  readonly tenureMonths?: number;
  /** True: only who is still employed on the last day of the window (`terminatedOn` is later or absent). */
  readonly employed?: boolean;
}

/** Checks a rule of eligibility of unknown shape. */
export function checkEligibility(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a rule such as { attributes: { role: "field" } }');
  if (record === undefined) return;
  checkKeys(record, ['attributes', 'tenureMonths', 'employed'], path, issues);
  if (Object.hasOwn(record, 'tenureMonths')) checkNumber(record['tenureMonths'], [...path, 'tenureMonths'], issues, { integer: true, min: 0, max: 1200 });
  if (Object.hasOwn(record, 'employed')) checkBoolean(record['employed'], [...path, 'employed'], issues);
  if (!Object.hasOwn(record, 'attributes')) return;
  const at = [...path, 'attributes'];
  const attributes = checkRecord(record['attributes'], at, issues, 'conditions by name of the attribute');
  for (const name of Object.keys(attributes ?? {})) {
    if (checkId(name, [...at, name], issues) === undefined) continue;
    const own: IssueSink = [];
    checkFilter({ [`attributes.${name}`]: attributes?.[name] }, [], own);
    for (const issue of own) issues.push({ ...issue, path: [...at, name, ...issue.path.slice(1)] });
  }
}

/** Whether a payee is eligible on the last day of a window, or why that is not known. */
export function isEligible(rule: PayeeEligibility | undefined, payee: Payee, endExclusive: string): boolean | string {
  if (rule === undefined) return true;
  const { attributes = {}, tenureMonths, employed } = rule;
  const filter = Object.fromEntries(Object.entries(attributes).map(([name, condition]) => [`attributes.${name}`, condition]));
  const matches = compileFilter(filter);
  // Conditions on attributes of credits and of payees are the same.
  if (matches !== undefined && !matches({ id: payee.id, payeeId: payee.id, on: endExclusive, ...(payee.attributes === undefined ? {} : { attributes: payee.attributes }) }))
    return false;
  if (employed === true && payee.terminatedOn !== undefined && payee.terminatedOn < endExclusive) return false;
  if (tenureMonths === undefined) return true;
  if (payee.hiredOn === undefined || !isPlainDate(payee.hiredOn)) return `${payee.id} has no day of hire, so tenure is not known`;
  return differenceInMonths(endExclusive, payee.hiredOn) >= tenureMonths;
}

/** The same for the payee of an evaluation, on the last day of a window or of the segment if that ends before. What is not known is reported. */
export function mayEarn(rule: PayeeEligibility | undefined, context: EvaluationContext, window: { readonly endExclusive: string }): boolean {
  const { segment, payee } = context;
  const eligible = isEligible(rule, payee, window.endExclusive < segment.endExclusive ? window.endExclusive : segment.endExclusive);
  if (typeof eligible === 'string') context.report('undefined_measure', { expected: 'hiredOn of the payee', message: `${eligible}.` });
  return eligible === true;
}
