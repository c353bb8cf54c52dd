import { createDomainError } from '../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { TraceStep } from '../trace/trace-step.js';
import {
  EXACT_ZERO,
  type Exact,
  exactAdd,
  exactCompare,
  exactDivide,
  exactFromCanonical,
  exactMax,
  exactMin,
  exactMultiply,
  exactNegate,
  exactRound,
  exactSubtract,
  exactToString,
} from './exact.js';
import type { DecimalString } from './parse-decimal.js';
import type { DecimalRounding, RoundingMode } from './rounding.js';

/**
 * Computes a trace again from its inputs alone, ignoring every output it states.
 *
 * @param step - the trace of a figure
 * @returns the figure, canonical; equal to `step.output` unless the trace was tampered with
 * @throws DomainError `trace_mismatch` when the trace is not well formed (no operand, a rounding step without rounding)
 * @example
 * ```ts
 * import { replayTrace } from 'dealwright/decimal';
 * replayTrace({ op: 'multiply', label: 'First tier', inputs: [{ name: 'amount', value: '50000' }, { name: 'rate', value: '0.05' }], output: '2500' }); // => '2500'
 * ```
 * @category decimal
 */
export function replayTrace(step: TraceStep): DecimalString {
  return exactToString(replay(step, [], undefined));
}

/**
 * Checks every step of a trace: each stated output must be what its operands give.
 *
 * @param step - the trace of a figure
 * @returns an issue `trace_mismatch` for every step whose output does not follow; empty if all do
 * @example
 * ```ts
 * import { verifyTrace } from 'dealwright/decimal';
 * verifyTrace({ op: 'sum', label: 'Total', inputs: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }], output: '3' }).length; // => 0
 * ```
 * @category decimal
 */
export function verifyTrace(step: TraceStep): readonly Issue[] {
  const issues: Issue[] = [];
  replay(step, [], issues);
  return issues;
}

function replay(step: TraceStep, path: IssuePath, issues: Issue[] | undefined): Exact {
  const operands = [
    ...step.inputs.map((input) => exactFromCanonical(input.value)),
    ...(step.children ?? []).map((child, index) => replay(child, [...path, 'children', index], issues)),
  ];
  const result = apply(step, operands, path);
  if (issues !== undefined && exactToString(result) !== step.output && exactCompare(result, exactFromCanonical(step.output)) !== 0) {
    issues.push(createIssue('trace_mismatch', [...path, 'output'], { expected: exactToString(result), received: step.output }));
  }
  return result;
}

function apply(step: TraceStep, operands: readonly Exact[], path: IssuePath): Exact {
  const [first, second] = operands;
  const malformed = (expected: string) => createDomainError('trace_mismatch', path, { expected, received: step.op });
  // A sum over nothing is zero; every other step needs an operand.
  if (first === undefined) {
    if (step.op === 'sum') return EXACT_ZERO;
    throw malformed('at least one operand');
  }
  switch (step.op) {
    case 'input':
      return first;
    case 'sum':
      return operands.reduce(exactAdd);
    case 'subtract':
      return operands.reduce(exactSubtract);
    case 'multiply':
      return operands.reduce(exactMultiply);
    case 'min':
      return operands.reduce(exactMin);
    case 'max':
      return operands.reduce(exactMax);
    case 'negate':
      return exactNegate(first);
    case 'round':
      return exactRound(first, roundingOf(step, malformed));
    case 'divide':
      if (second === undefined) throw malformed('two operands');
      return exactDivide(first, second, roundingOf(step, malformed));
    case 'select': {
      const selected = operands[step.selected ?? 0];
      if (selected === undefined) throw malformed('an operand at the selected index');
      return selected;
    }
  }
}

function roundingOf(step: TraceStep, malformed: (expected: string) => Error): DecimalRounding {
  if (step.rounding === undefined) throw malformed('a rounding');
  // exactRound refuses a mode that does not exist.
  return { scale: step.rounding.scale, mode: step.rounding.mode as RoundingMode };
}
