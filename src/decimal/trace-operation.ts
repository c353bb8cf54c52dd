/* What the operations of a trace mean: one place for those that record a figure and those that replay it. Not a public entry. */
import { createDomainError } from '../errors/domain-error.js';
import type { TraceStep } from '../trace/trace-step.js';
import { EXACT_ZERO, type Exact, exactAdd, exactDivide, exactMax, exactMin, exactMultiply, exactNegate, exactRound, exactSubtract } from './exact.js';
import type { DecimalRounding, RoundingMode } from './rounding.js';

/** What of a step decides its output, beside its operands. */
export type TraceOperation = Pick<TraceStep, 'op' | 'rounding' | 'selected'>;

/**
 * Computes one step from its operands.
 *
 * @throws DomainError `trace_mismatch` when the step is not well formed, and as the operation itself
 */
export function applyTraceStep(step: TraceOperation, operands: readonly Exact[]): Exact {
  const [first, second] = operands;
  const malformed = (expected: string) => createDomainError('trace_mismatch', [], { expected, received: step.op });
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

function roundingOf(step: TraceOperation, malformed: (expected: string) => Error): DecimalRounding {
  if (step.rounding === undefined) throw malformed('a rounding');
  // exactRound refuses a mode that does not exist.
  return { scale: step.rounding.scale, mode: step.rounding.mode as RoundingMode };
}
