import { DomainError, isDomainError } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { checkStep, childPlace, pathOfPlace, ROOT_PLACE, type StepPlace } from '../trace/check-step.js';
import type { TraceStep } from '../trace/trace-step.js';
import { EXACT_ZERO, type Exact, exactCompare, exactFromCanonical, exactToString } from './exact.js';
import { type DecimalString, readComputedDecimal } from './parse-decimal.js';
import { applyTraceStep } from './trace-operation.js';

/**
 * Computes a trace again from its inputs alone, ignoring every output it states.
 *
 * @param step - the trace of a figure
 * @returns the figure, canonical; equal to `step.output` unless the trace was tampered with
 * @throws DomainError `trace_mismatch` when a step cannot be computed (no operand, a rounding step without rounding); `invalid_type` | `invalid_value` |
 * `invalid_decimal` | `precision_exceeded` | `division_by_zero` | `invalid_rounding` where its fields are wrong; `out_of_range` beyond 1,000 levels
 * @example
 * ```ts
 * import { replayTrace } from 'dealwright/decimal';
 * replayTrace({ op: 'multiply', label: 'First tier', inputs: [{ name: 'amount', value: '50000' }, { name: 'rate', value: '0.05' }], output: '2500' }); // => '2500'
 * ```
 * @category decimal
 */
export function replayTrace(step: TraceStep): DecimalString {
  return exactToString(replay(step, () => undefined));
}

/** So many wrong steps are reported; a trace with more of them is no trace of ours. */
const MAX_MISMATCHES = 1_000;

/**
 * Checks every step of a trace: each stated output must be what its operands give. Never throws.
 *
 * @param step - the trace of a figure
 * @returns an issue `trace_mismatch` for every step whose output does not follow (the first 1,000), or what is wrong with a trace that cannot be
 * computed at all; empty if all is well
 * @example
 * ```ts
 * import { verifyTrace } from 'dealwright/decimal';
 * verifyTrace({ op: 'sum', label: 'Total', inputs: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }], output: '3' }).length; // => 0
 * ```
 * @category decimal
 */
export function verifyTrace(step: TraceStep): readonly Issue[] {
  const issues: Issue[] = [];
  try {
    replay(step, (current, result, place) => {
      if (issues.length >= MAX_MISMATCHES || current.output === exactToString(result)) return;
      const path = [...pathOfPlace(place), 'output'];
      const stated = readComputedDecimal(current.output, path);
      if (typeof stated !== 'string') issues.push(stated);
      else if (exactCompare(result, exactFromCanonical(stated)) !== 0)
        issues.push(createIssue('trace_mismatch', path, { expected: exactToString(result), received: current.output }));
    });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    issues.push(...error.issues.slice(0, MAX_MISMATCHES));
  }
  return issues;
}

/** A step whose children are being computed. */
interface OpenStep {
  readonly step: TraceStep;
  readonly place: StepPlace;
  readonly operands: Exact[];
  next: number;
}

/** Children first, with an explicit stack: a trace may be deeper than the call stack of a small engine. */
function replay(root: TraceStep, visit: (step: TraceStep, result: Exact, place: StepPlace) => void): Exact {
  const stack: OpenStep[] = [];
  let open: OpenStep | undefined = openStep(root, ROOT_PLACE);
  let result = EXACT_ZERO;
  while (open !== undefined) {
    const children: readonly TraceStep[] = open.step.children ?? [];
    if (open.next < children.length) {
      const index: number = open.next;
      open.next += 1;
      stack.push(open);
      open = openStep(children[index], childPlace(open.place, index));
      continue;
    }
    result = computeStep(open);
    visit(open.step, result, open.place);
    open = stack.pop();
    open?.operands.push(result);
  }
  return result;
}

function openStep(value: unknown, place: StepPlace): OpenStep {
  const step = checkStep(value, place);
  const operands = step.inputs.map((input, index) => {
    const read = readComputedDecimal(input.value, ['inputs', index, 'value']);
    if (typeof read === 'string') return exactFromCanonical(read);
    throw new DomainError([{ ...read, path: [...pathOfPlace(place), ...read.path] }]);
  });
  return { step, place, operands, next: 0 };
}

function computeStep(open: OpenStep): Exact {
  try {
    return applyTraceStep(open.step, open.operands);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const place = pathOfPlace(open.place);
    const [first, ...rest] = error.issues;
    throw new DomainError([{ ...first, path: [...place, ...first.path] }, ...rest]);
  }
}
