import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { escapeUnprintable } from '../errors/issue.js';
import { checkStep, childPlace, ROOT_PLACE, type StepPlace } from './check-step.js';
import type { TraceInput, TraceOp, TraceStep } from './trace-step.js';

/**
 * How a trace is rendered.
 *
 * @category trace
 */
export interface RenderTraceOptions {
  /** `text`: indented lines. `markdown`: nested list. Default `text`. */
  readonly format?: 'text' | 'markdown';
  /** How many levels to show, at least 1; deeper steps are summed up by their output alone. Default: all. */
  readonly depth?: number;
}

const SIGNS: Readonly<Partial<Record<TraceOp, string>>> = { sum: ' + ', subtract: ' − ', multiply: ' × ', divide: ' ÷ ' };

/** Steps deeper than this are indented no further: nobody reads them as a tree, and a million of them must still fit in a text. */
const MAX_INDENT = 50;

/**
 * Renders a trace for a person, one step per line, operands before what they are part of.
 *
 * @param step - the trace of a figure
 * @param options - format and depth
 * @returns lines joined by `\n`, without a final one
 * @throws DomainError `invalid_type` | `invalid_value` | `out_of_range` when the trace is not well formed, or deeper than 1,000 levels
 * @example
 * ```ts
 * import { renderTrace } from 'dealwright/trace';
 * renderTrace({ op: 'multiply', label: 'First tier', inputs: [{ name: 'amount', value: '50000', unit: 'USD' }, { name: 'rate', value: '0.05' }], output: '2500', unit: 'USD' });
 * // => 'First tier: 50000 USD × 0.05 = 2500 USD'
 * ```
 * @category trace
 */
export function renderTrace(step: TraceStep, options: RenderTraceOptions = {}): string {
  const { markdown, depth } = checkOptions(options);
  const lines: string[] = [];
  // An explicit stack: a trace may be deeper than the call stack of a small engine.
  const stack: { readonly step: TraceStep; readonly place: StepPlace }[] = [{ step: checkStep(step, ROOT_PLACE), place: ROOT_PLACE }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { step: current, place } = top;
    const children = (current.children ?? []).map((child, index) => {
      const at = childPlace(place, index);
      return { step: checkStep(child, at), place: at };
    });
    const text = escapeUnprintable(describeStep(current));
    const indent = '  '.repeat(Math.min(place.depth, MAX_INDENT));
    lines.push(markdown ? `${indent}- ${escapeMarkdown(text)}` : `${indent}${text}`);
    if (place.depth + 1 < depth) for (const child of children.reverse()) stack.push(child);
  }
  return lines.join('\n');
}

function checkOptions(options: RenderTraceOptions): { readonly markdown: boolean; readonly depth: number } {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['format', 'depth'], ['options'], issues);
  const { format = 'text', depth = Number.POSITIVE_INFINITY } = record;
  checkOneOf(format, ['text', 'markdown'], ['options', 'format'], issues);
  if (depth !== Number.POSITIVE_INFINITY) checkNumber(depth, ['options', 'depth'], issues, { min: 1, integer: true });
  throwIfIssues(issues);
  return { markdown: format === 'markdown', depth: Number(depth) };
}

function describeStep(step: TraceStep): string {
  const children = step.children ?? [];
  const operands = [...step.inputs.map(describeInput), ...children.map((child) => withUnit(child.output, child.unit))];
  const result = withUnit(step.output, step.unit);
  const rounding = step.rounding === undefined ? '' : ` (rounded ${step.rounding.mode} to ${step.rounding.scale} decimals)`;
  const source = step.inputs.find((input) => input.source !== undefined)?.source;
  const origin = source === undefined ? '' : ` [${source}]`;
  const sign = SIGNS[step.op];
  if (step.op === 'input') return `${step.label}: ${result}${origin}`;
  // A sum of more than six parts is listed below, not on the line.
  if (sign !== undefined && operands.length <= 6) return `${step.label}: ${operands.join(sign)} = ${result}${rounding}${origin}`;
  if (sign !== undefined) return `${step.label}: ${step.op} of ${operands.length} = ${result}${rounding}`;
  if (step.op === 'select') return `${step.label}: ${result}${operands.length > 1 ? ` (of ${operands.join(', ')})` : ''}${origin}`;
  return `${step.label}: ${step.op} of ${operands.join(', ')} = ${result}${rounding}${origin}`;
}

function describeInput(input: TraceInput): string {
  return withUnit(input.value, input.unit);
}

function withUnit(value: string, unit: string | undefined): string {
  return unit === undefined || unit === 'fraction' ? value : `${value} ${unit}`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, (character) => `\\${character}`);
}
