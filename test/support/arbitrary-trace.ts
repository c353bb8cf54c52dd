/* Traces for property tests: well-formed ones with the right outputs, computed step by step with the public arithmetic. */

import { addDecimals, compareDecimals, divideDecimals, multiplyDecimals, ROUNDING_MODES, roundDecimal, subtractDecimals } from 'dealwright/decimal';
import type { TraceStep } from 'dealwright/trace';
import fc from 'fast-check';

const value = fc
  .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 0, max: 2 }))
  .map(([units, scale]) => divideDecimals(String(units), String(10 ** scale), { scale: 2 }));
const input = fc.record({ name: fc.constantFrom('credit', 'rate', 'quota'), value }, { requiredKeys: ['name', 'value'] });
const rounding = fc.record({ mode: fc.constantFrom(...ROUNDING_MODES), scale: fc.integer({ min: 0, max: 2 }) });

type Compute = (operands: readonly string[], rounding: TraceStep['rounding']) => string;
const fold =
  (combine: (a: string, b: string) => string): Compute =>
  (operands) =>
    operands.slice(1).reduce(combine, operands[0] ?? '0');

// Every operation ends on at most two fraction digits, so that the public arithmetic, with its limits on inputs, can compute the next step.
const OPERATIONS: Readonly<Record<'sum' | 'subtract' | 'min' | 'max' | 'negate' | 'round' | 'input' | 'select', Compute>> = {
  sum: fold(addDecimals),
  subtract: fold(subtractDecimals),
  min: fold((a, b) => (compareDecimals(a, b) <= 0 ? a : b)),
  max: fold((a, b) => (compareDecimals(a, b) >= 0 ? a : b)),
  negate: ([first = '0']) => multiplyDecimals(first, '-1'),
  round: ([first = '0'], how) => roundDecimal(first, { scale: how?.scale ?? 0, mode: (how?.mode ?? 'half-up') as 'half-up' }),
  input: ([first = '0']) => first,
  select: (operands) => operands.at(-1) ?? '0',
};
const SINGLE: ReadonlySet<string> = new Set(['negate', 'round', 'input']);

/** A trace whose every output follows from its operands. */
export const soundTrace: fc.Arbitrary<TraceStep> = traceOfDepth(4);

function traceOfDepth(depth: number): fc.Arbitrary<TraceStep> {
  return fc
    .record({
      op: fc.constantFrom(...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])),
      label: fc.string(),
      inputs: fc.array(input, { minLength: 1, maxLength: 4 }),
      children: depth === 1 ? fc.constant<TraceStep[]>([]) : fc.array(traceOfDepth(depth - 1), { maxLength: 3 }),
      rounding,
    })
    .map(({ op, label, inputs, children, rounding: how }) => {
      const kept = SINGLE.has(op) ? [] : children;
      const given = SINGLE.has(op) ? inputs.slice(0, 1) : inputs;
      const operands = [...given.map((one) => one.value), ...kept.map((one) => one.output)];
      return {
        op,
        label,
        inputs: given,
        output: OPERATIONS[op](operands, how),
        ...(op === 'round' ? { rounding: how } : {}),
        ...(op === 'select' ? { selected: operands.length - 1 } : {}),
        ...(kept.length === 0 ? {} : { children: kept }),
      } satisfies TraceStep;
    });
}

/** A chain of `depth` steps, each the only operand of the one above. */
export function deepTrace(depth: number): TraceStep {
  let step: TraceStep = { op: 'input', label: 'leaf', inputs: [{ name: 'value', value: '1' }], output: '1' };
  for (let level = 1; level < depth; level += 1) step = { op: 'sum', label: `level ${level}`, inputs: [], output: '1', children: [step] };
  return step;
}

/** Something like a trace: the right keys with wrong values, wrong keys, anything. */
export const hostileTrace: fc.Arbitrary<unknown> = fc.letrec<{ step: unknown }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue(),
    fc.anything(),
    fc.record(
      {
        op: fc.oneof(fc.constantFrom('sum', 'divide', 'round', 'select', 'multiply', 'negate', 'constructor', '__proto__'), fc.jsonValue()),
        label: fc.oneof(fc.string(), fc.jsonValue()),
        inputs: fc.oneof(
          fc.array(
            fc.oneof(
              fc.record({ name: fc.string(), value: fc.oneof(fc.constantFrom('0', '1', '0x10', 'NaN', '1e400', '-0', '1.50'), fc.string(), fc.jsonValue()) }),
              fc.jsonValue(),
            ),
          ),
          fc.jsonValue(),
        ),
        output: fc.oneof(fc.constantFrom('0', '1', 'x'), fc.jsonValue()),
        rounding: fc.oneof(fc.record({ mode: fc.oneof(fc.constantFrom('half-up', 'constructor'), fc.jsonValue()), scale: fc.oneof(fc.integer(), fc.jsonValue()) }), fc.jsonValue()),
        selected: fc.oneof(fc.integer(), fc.constantFrom('length', '__proto__'), fc.jsonValue()),
        children: fc.oneof(fc.array(tie('step'), { maxLength: 3 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  ),
})).step;
