import type { TraceInput, TraceStep } from './trace-step.js';

/**
 * How a trace is rendered.
 *
 * @category trace
 */
export interface RenderTraceOptions {
  /** `text`: indented lines. `markdown`: nested list. Default `text`. */
  readonly format?: 'text' | 'markdown';
  /** How many levels to show; deeper steps are summed up by their output alone. Default: all. */
  readonly depth?: number;
}

const SIGNS: Readonly<Record<string, string>> = { sum: ' + ', subtract: ' − ', multiply: ' × ', divide: ' ÷ ' };

/**
 * Renders a trace for a person, one step per line, operands before what they are part of.
 *
 * @param step - the trace of a figure
 * @param options - format and depth
 * @returns lines joined by `\n`, without a final one
 * @example
 * ```ts
 * import { renderTrace } from 'dealwright/trace';
 * renderTrace({ op: 'multiply', label: 'First tier', inputs: [{ name: 'amount', value: '50000', unit: 'USD' }, { name: 'rate', value: '0.05' }], output: '2500', unit: 'USD' });
 * // => 'First tier: 50000 USD × 0.05 = 2500 USD'
 * ```
 * @category trace
 */
export function renderTrace(step: TraceStep, options: RenderTraceOptions = {}): string {
  const markdown = options.format === 'markdown';
  const depth = options.depth ?? Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  // An explicit stack: a trace may be deeper than the call stack of a small engine.
  const stack: { readonly step: TraceStep; readonly level: number }[] = [{ step, level: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { step: current, level } = top;
    const text = describeStep(current);
    lines.push(markdown ? `${'  '.repeat(level)}- ${escapeMarkdown(text)}` : `${'  '.repeat(level)}${text}`);
    if (level + 1 >= depth) continue;
    const children = current.children ?? [];
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child !== undefined) stack.push({ step: child, level: level + 1 });
    }
  }
  return lines.join('\n');
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
