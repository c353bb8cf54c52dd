/* What components of the later phases share: which pay they look at, and when a payee's time is over. */

import { RATIO_ZERO, ratioAdd } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf, type StepNote } from '../../decimal/traced-arithmetic.js';
import { checkId, checkList, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import type { ComponentReference, EvaluationContext } from '../component.js';
import type { StatementSection } from '../statement.js';

/** Sections that are no variable pay. */
const FIXED: readonly StatementSection[] = ['salary', 'allowance'];

/** What has been posted so far by the components named, or by all variable pay. */
export function payableSoFar(context: EvaluationContext, of: readonly string[] | undefined): ExactValue {
  return of === undefined ? context.posted(undefined, { without: FIXED }) : context.posted(of);
}

/** What has been posted so far by all variable pay of all plans of the payee. */
export function payableOfPayee(context: EvaluationContext): ExactValue {
  return context.posted(undefined, { scope: 'payee', without: FIXED });
}

/** Checks the list of components that a config names. */
export function checkOf(record: PlainRecord, issues: IssueSink, options: { readonly required?: boolean } = {}): void {
  if (!Object.hasOwn(record, 'of')) {
    if (options.required === true) issues.push(createIssue('missing_key', ['of'], { expected: 'the ids of the components concerned' }));
    return;
  }
  checkList(record['of'], ['of'], issues, { min: 1, expected: 'a list of ids of components' })?.forEach((id, index) => {
    checkId(id, ['of', index], issues);
  });
}

/** A share that is written in the plan lies between 0 and 1. */
export function checkShare(value: unknown, path: IssuePath, issues: IssueSink): void {
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  if (!(number < 0 || number > 1)) return;
  issues.push(
    createIssue('fraction_out_of_range', path, {
      expected: 'a fraction from 0 to 1',
      received: value,
      ...(number > 1 && number <= 100 ? { hint: `a percentage? did you mean "${Number((number / 100).toPrecision(15))}"?` } : {}),
    }),
  );
}

/** The components that a config names, as references. */
export function referencesOf(of: readonly string[] | undefined): readonly ComponentReference[] {
  return of?.map((componentId) => ({ componentId })) ?? [];
}

/** Whether the payee's employment ends with this segment or has ended before it. */
export function isFinal(context: EvaluationContext): boolean {
  const { terminatedOn } = context.payee;
  return terminatedOn !== undefined && terminatedOn <= context.segment.endExclusive;
}

/** Longer sums stand in the trace as one number. */
const MAX_TRACED = 12;

/** A sum whose trace lists its values only while they are few. */
export function sumShortly(context: EvaluationContext, values: readonly ExactValue[], note: StepNote & { readonly label: string }): ExactValue {
  if (values.length > 0 && values.length <= MAX_TRACED) return context.sum(values, note);
  const total = values.reduce((sum, value) => ratioAdd(sum, ratioOf(value)), RATIO_ZERO);
  return exactValueOfRatio(total, { name: note.label, unit: context.currency, source: `${values.length} amounts` });
}
