import { readDecimal } from '../decimal/parse-decimal.js';
import type { ExactArithmetic, ExactValue } from '../decimal/traced-arithmetic.js';
import { checkList, checkRecord, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { currencyIssue } from '../money/currencies.js';

/**
 * A number in a plan: a decimal text, a parameter of the plan that assignments give a value to, or simple arithmetic on those.
 * Evaluated exactly; a quotient stays a fraction until money is rounded.
 *
 * @example
 * ```ts
 * import type { ValueExpression } from 'dealwright/compensation';
 * const baseRate: ValueExpression = { divide: [{ param: 'targetIncentive' }, { param: 'quota' }] };
 * ```
 * @category compensation
 */
export type ValueExpression =
  | string
  | { readonly param: string }
  | { readonly byCurrency: Readonly<Record<string, string>> }
  | { readonly add: readonly ValueExpression[] }
  | { readonly subtract: readonly [ValueExpression, ValueExpression] }
  | { readonly multiply: readonly ValueExpression[] }
  | { readonly divide: readonly [ValueExpression, ValueExpression] };

const OPERATIONS = ['param', 'byCurrency', 'add', 'subtract', 'multiply', 'divide'] as const;
const MAX_DEPTH = 20;

/** Which parameter names an expression uses. */
export function listParameters(expression: ValueExpression, into: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof expression === 'string') return into;
  if ('byCurrency' in expression) return into;
  if ('param' in expression) into.add(expression.param);
  else for (const operand of operandsOf(expression)) listParameters(operand, into);
  return into;
}

function operandsOf(
  expression: Exclude<ValueExpression, string | { readonly param: string } | { readonly byCurrency: Readonly<Record<string, string>> }>,
): readonly ValueExpression[] {
  if ('add' in expression) return expression.add;
  if ('subtract' in expression) return expression.subtract;
  return 'multiply' in expression ? expression.multiply : expression.divide;
}

/** Checks an expression of unknown shape. */
export function checkValueExpression(value: unknown, path: IssuePath, issues: IssueSink, depth = 0): void {
  if (typeof value === 'string') {
    const read = readDecimal(value, path);
    if (typeof read !== 'string') issues.push(read);
    return;
  }
  if (typeof value === 'number') {
    issues.push(createIssue('invalid_type', path, { expected: 'a decimal text', received: value, hint: `write it as "${value}"` }));
    return;
  }
  const record = checkRecord(value, path, issues, 'a decimal text, { param }, { byCurrency }, or { add | subtract | multiply | divide: [...] }');
  if (record === undefined) return;
  const keys = Object.keys(record);
  const [key] = keys;
  const operation = OPERATIONS.find((candidate) => candidate === key);
  if (keys.length !== 1 || operation === undefined) {
    issues.push(createIssue('invalid_value', path, { expected: `exactly one of ${OPERATIONS.join(', ')}`, received: keys.join(', ') }));
    return;
  }
  if (operation === 'param') {
    if (typeof record['param'] !== 'string' || record['param'] === '')
      issues.push(createIssue('invalid_type', [...path, 'param'], { expected: 'the name of a parameter', received: record['param'] }));
    return;
  }
  if (operation === 'byCurrency') {
    const amounts = checkRecord(record['byCurrency'], [...path, 'byCurrency'], issues, 'an amount for each currency');
    for (const currency of Object.keys(amounts ?? {})) {
      const wrong = currencyIssue(currency, [...path, 'byCurrency', currency]);
      if (wrong !== undefined) issues.push(wrong);
      const amount = amounts?.[currency];
      const read =
        typeof amount === 'string'
          ? readDecimal(amount, [...path, 'byCurrency', currency])
          : createIssue('invalid_type', [...path, 'byCurrency', currency], { expected: 'a decimal text', received: amount });
      if (typeof read !== 'string') issues.push(read);
    }
    return;
  }
  if (depth >= MAX_DEPTH) {
    issues.push(createIssue('out_of_range', path, { expected: `expressions nested at most ${MAX_DEPTH} deep` }));
    return;
  }
  const list = checkList(record[operation], [...path, operation], issues, { min: 1 });
  if (list === undefined) return;
  if ((operation === 'subtract' || operation === 'divide') && list.length !== 2) {
    issues.push(createIssue('invalid_value', [...path, operation], { expected: 'two values', received: list }));
  }
  list.forEach((operand, index) => {
    checkValueExpression(operand, [...path, operation, index], issues, depth + 1);
  });
}

/** Whether something looks like an expression rather than another object of a plan. */
export function isValueExpression(value: unknown): value is ValueExpression {
  return typeof value === 'string' || (isPlainRecord(value) && OPERATIONS.some((operation) => Object.hasOwn(value, operation)));
}

/** What expressions refer to. */
export interface ValueSource {
  /** Currency of the plan. */
  readonly currency: string;
  /** A parameter's value, or undefined when the assignment gives none. */
  readonly parameter: (name: string) => ExactValue | undefined;
  /** Takes note of an amount that is not given in the plan's currency. */
  readonly missing: (what: string) => void;
}

/**
 * Evaluates an expression. Undefined when a parameter has no value or a divisor is zero.
 */
export function resolveValue(expression: ValueExpression, arithmetic: ExactArithmetic, source: ValueSource, name = 'value'): ExactValue | undefined {
  if (typeof expression === 'string') return arithmetic.exact(expression, { name });
  if ('param' in expression) return source.parameter(expression.param);
  if ('byCurrency' in expression) {
    const { currency } = source;
    const amount = Object.hasOwn(expression.byCurrency, currency) ? expression.byCurrency[currency] : undefined;
    if (amount === undefined) source.missing(`byCurrency.${currency}`);
    return amount === undefined ? undefined : arithmetic.exact(amount, { name, unit: currency });
  }
  const operands: ExactValue[] = [];
  for (const operand of operandsOf(expression)) {
    const value = resolveValue(operand, arithmetic, source, name);
    if (value === undefined) return undefined;
    operands.push(value);
  }
  const [first, second] = operands;
  if (first === undefined) return undefined;
  if ('add' in expression) return arithmetic.sum(operands, { label: name });
  if ('multiply' in expression) return arithmetic.multiply(operands, { label: name });
  if (second === undefined) return undefined;
  if ('subtract' in expression) return arithmetic.subtract(first, second, { label: name });
  return arithmetic.sign(second) === 0 ? undefined : arithmetic.divide(first, second, { label: name });
}

/** An expression in words: a number as it stands, a parameter as "your …". */
export function describeExpression(expression: ValueExpression): string {
  if (typeof expression === 'string') return expression;
  if ('param' in expression) return `your ${expression.param}`;
  if ('byCurrency' in expression) {
    return Object.entries(expression.byCurrency)
      .map(([currency, amount]) => `${amount} ${currency}`)
      .join(' or ');
  }
  const sign = 'add' in expression ? ' + ' : 'subtract' in expression ? ' − ' : 'multiply' in expression ? ' × ' : ' ÷ ';
  return `(${operandsOf(expression).map(describeExpression).join(sign)})`;
}
