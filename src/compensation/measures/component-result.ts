import { type ExactValue, relabel } from '../../decimal/traced-arithmetic.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, type IssueSink, isPlainRecord, type PlainRecord } from '../../errors/checks.js';
import type { IssuePath } from '../../errors/issue.js';
import type { ComponentReference, EvaluationContext, Measured } from '../component.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type DerivedMeasure, plainValue, undefinedMeasure } from './derived-measure.js';

/**
 * Whose results are read: the payee's own, those of everybody else or of all, of some by id, of the payees whose attribute names this payee (`managedBy`), or
 * of the payees who share an attribute with this payee (`sharing`, this payee included).
 *
 * @category compensation
 */
export type PayeeSelection = 'self' | 'others' | 'all' | { readonly in: readonly string[] } | { readonly managedBy: string } | { readonly sharing: string };

/**
 * How the results of several payees become one.
 *
 * @category compensation
 */
export type CombineResults = 'sum' | 'average' | 'lowest' | 'highest';

/**
 * The attainment of another component in this period: the payee's own, or that of other payees. It is computed first; a circle is an error.
 *
 * @category compensation
 */
export interface AttainmentMeasure {
  /** The component. */
  readonly attainmentOf: ComponentReference;
  /** Default `self`. */
  readonly payees?: PayeeSelection;
  /** Default `average`. */
  readonly combine?: CombineResults;
  /** Value while nobody has an attainment. Default: the measure is not defined. */
  readonly whenUndefined?: ValueExpression;
}

/**
 * What another component pays in this period: to the payee, or to other payees. It is computed first; a circle is an error.
 *
 * @category compensation
 */
export interface PayMeasure {
  /** The component. */
  readonly payOf: ComponentReference;
  /** Default `self`. */
  readonly payees?: PayeeSelection;
  /** Default `sum`. */
  readonly combine?: CombineResults;
  /** Value while nobody is on the plan. Default: the measure is not defined; a sum is 0. */
  readonly whenUndefined?: ValueExpression;
}

const KEYS = ['payees', 'combine', 'whenUndefined'];

export const attainmentMeasure: DerivedMeasure<AttainmentMeasure> = {
  key: 'attainmentOf',
  keys: KEYS,
  check: (record, path, issues) => {
    checkReading(record, 'attainmentOf', path, issues);
  },
  unit: () => 'fraction',
  describe: ({ attainmentOf }) => `attainment of ${attainmentOf.componentId}`,
  references: ({ attainmentOf }) => [attainmentOf],
  evaluate: (measure, { context, ...scope }) => {
    const { attainmentOf } = measure;
    const values = selectPayees(measure.payees, context).flatMap((payeeId) => {
      const attainment = context.resultOf(attainmentOf, payeeId)?.attainment;
      return attainment === undefined ? [] : [relabel(attainment, { label: `Attainment of ${attainmentOf.componentId}: ${payeeId}`, unit: 'fraction' })];
    });
    const combined = combine(values, measure.combine ?? 'average', context);
    return combined ?? undefinedMeasure({ context, ...scope }, measure.whenUndefined, `${attainmentOf.componentId} has no attainment in this period`);
  },
};

export const payMeasure: DerivedMeasure<PayMeasure> = {
  key: 'payOf',
  keys: KEYS,
  check: (record, path, issues) => {
    checkReading(record, 'payOf', path, issues);
  },
  unit: () => 'money',
  describe: ({ payOf }) => `pay of ${payOf.componentId}`,
  references: ({ payOf }) => [payOf],
  evaluate: (measure, { context, ...scope }) => {
    const { payOf } = measure;
    const values = selectPayees(measure.payees, context).flatMap((payeeId) => {
      const posted = context.resultOf(payOf, payeeId)?.posted;
      return posted === undefined ? [] : [relabel(posted, { label: `Pay of ${payOf.componentId}: ${payeeId}`, unit: context.currency })];
    });
    const how = measure.combine ?? 'sum';
    const own = measure.payees === undefined || measure.payees === 'self';
    const combined = combine(values, how, context) ?? (how === 'sum' && !own ? plainValue(context.exact('0', { name: 'nobody', unit: context.currency })) : undefined);
    return combined ?? undefinedMeasure({ context, ...scope }, measure.whenUndefined, `${payOf.componentId} has not been computed for anybody in this period`);
  },
};

function checkReading(record: PlainRecord, key: string, path: IssuePath, issues: IssueSink): void {
  const reference = checkRecord(record[key], [...path, key], issues, 'a component { componentId }');
  if (reference !== undefined) {
    checkKeys(reference, ['planId', 'componentId'], [...path, key], issues);
    checkId(reference['componentId'], [...path, key, 'componentId'], issues);
    if (Object.hasOwn(reference, 'planId')) checkId(reference['planId'], [...path, key, 'planId'], issues);
  }
  if (Object.hasOwn(record, 'payees')) checkPayeeSelection(record['payees'], [...path, 'payees'], issues);
  if (Object.hasOwn(record, 'combine')) checkOneOf(record['combine'], ['sum', 'average', 'lowest', 'highest'], [...path, 'combine'], issues);
  if (Object.hasOwn(record, 'whenUndefined')) checkValueExpression(record['whenUndefined'], [...path, 'whenUndefined'], issues);
}

/** Checks a selection of payees of unknown shape. */
export function checkPayeeSelection(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (!isPlainRecord(value)) {
    checkOneOf(value, ['self', 'others', 'all'], path, issues);
    return;
  }
  checkKeys(value, ['in', 'managedBy', 'sharing'], path, issues);
  if (Object.hasOwn(value, 'in')) {
    checkList(value['in'], [...path, 'in'], issues, { min: 1 })?.forEach((entry, index) => {
      checkId(entry, [...path, 'in', index], issues);
    });
  } else checkId(value['managedBy'] ?? value['sharing'], [...path, Object.hasOwn(value, 'sharing') ? 'sharing' : 'managedBy'], issues);
}

/** The ids of the payees selected, in order. */
export function selectPayees(selection: PayeeSelection | undefined, context: EvaluationContext): readonly string[] {
  const own = context.payee.id;
  if (selection === undefined || selection === 'self') return [own];
  const all = context.payeeIds();
  if (selection === 'all') return all;
  if (selection === 'others') return all.filter((id) => id !== own);
  if ('in' in selection) return all.filter((id) => selection.in.includes(id));
  const attribute = (payeeId: string, name: string): unknown => {
    const attributes = context.payeeOf(payeeId)?.attributes;
    return attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  };
  if ('managedBy' in selection) return all.filter((id) => attribute(id, selection.managedBy) === own);
  const shared = attribute(own, selection.sharing);
  return shared === undefined || shared === null ? [] : all.filter((id) => attribute(id, selection.sharing) === shared);
}

function combine(values: readonly ExactValue[], how: CombineResults, context: EvaluationContext): Measured | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  if (values.length === 1) return plainValue(first);
  if (how === 'lowest') return plainValue(context.minimum(values, { label: 'Lowest' }));
  if (how === 'highest') return plainValue(context.maximum(values, { label: 'Highest' }));
  const sum = context.sum(values, { label: 'Together' });
  return plainValue(how === 'sum' ? sum : context.divide(sum, context.exact(String(values.length), { name: 'payees' }), { label: 'Average' }));
}
