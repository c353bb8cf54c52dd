import { replayTrace, verifyTrace } from 'dealwright/decimal';
import { isDomainError } from 'dealwright/errors';
import type { TraceStep } from 'dealwright/trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepTrace, hostileTrace, soundTrace } from '../support/arbitrary-trace.js';

const codeOf = (step: unknown): unknown => {
  try {
    replayTrace(step as TraceStep);
  } catch (error) {
    return isDomainError(error) ? error.code : error;
  }
  return undefined;
};

const input = (...values: string[]) => values.map((value) => ({ name: 'x', value }));

const commission: TraceStep = {
  op: 'round',
  label: 'Commission',
  inputs: [],
  output: '7970.6',
  unit: 'USD',
  rounding: { mode: 'half-up', scale: 2 },
  children: [
    {
      op: 'sum',
      label: 'Tiers',
      inputs: [],
      output: '7970.60',
      children: [
        { op: 'multiply', label: 'First tier', inputs: input('50000', '0.05'), output: '2500' },
        { op: 'multiply', label: 'Second tier', inputs: input('50000', '0.08'), output: '4000' },
        { op: 'multiply', label: 'Third tier', inputs: input('12255', '0.12'), output: '1470.60' },
      ],
    },
  ],
};

describe('replayTrace', () => {
  it('computes a commission again from its inputs', () => {
    expect(replayTrace(commission)).toBe('7970.6');
  });

  it.each<[TraceStep['op'], readonly string[], Partial<TraceStep>, string]>([
    ['input', ['5'], {}, '5'],
    ['sum', [], {}, '0'],
    ['sum', ['0.1', '0.2'], {}, '0.3'],
    ['subtract', ['1', '0.5', '0.25'], {}, '0.25'],
    ['multiply', ['2', '3', '4'], {}, '24'],
    ['min', ['2', '-3', '4'], {}, '-3'],
    ['max', ['2', '-3', '4'], {}, '4'],
    ['negate', ['2'], {}, '-2'],
    ['round', ['2.345'], { rounding: { mode: 'half-even', scale: 2 } }, '2.34'],
    ['divide', ['1', '3'], { rounding: { mode: 'up', scale: 2 } }, '0.34'],
    ['select', ['7', '8', '9'], { selected: 2 }, '9'],
    ['select', ['7', '8', '9'], {}, '7'],
  ])('%s of %j', (op, values, rest, expected) => {
    expect(replayTrace({ op, label: op, inputs: input(...values), output: '0', ...rest })).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['nothing to negate', { op: 'negate', label: '', inputs: [], output: '0' }, 'trace_mismatch'],
    ['one operand to divide', { op: 'divide', label: '', inputs: input('1'), output: '0', rounding: { mode: 'up', scale: 2 } }, 'trace_mismatch'],
    ['no rounding', { op: 'round', label: '', inputs: input('1'), output: '0' }, 'trace_mismatch'],
    ['an unknown mode', { op: 'round', label: '', inputs: input('1'), output: '0', rounding: { mode: 'banker', scale: 2 } }, 'invalid_rounding'],
    ['a fraction of a scale', { op: 'round', label: '', inputs: input('1'), output: '0', rounding: { mode: 'up', scale: 0.5 } }, 'not_an_integer'],
    ['division by zero', { op: 'divide', label: '', inputs: input('1', '0'), output: '0', rounding: { mode: 'up', scale: 2 } }, 'division_by_zero'],
    ['a selection beyond the operands', { op: 'select', label: '', inputs: input('1'), output: '0', selected: 1 }, 'trace_mismatch'],
    ['a selection by name', { op: 'select', label: '', inputs: input('1'), output: '0', selected: 'length' }, 'invalid_type'],
    ['an unknown operation', { op: 'constructor', label: '', inputs: input('1'), output: '0' }, 'invalid_value'],
    ['no inputs', { op: 'sum', label: '', output: '0' }, 'invalid_type'],
    ['a number for a value', { op: 'sum', label: '', inputs: [{ name: 'x', value: 1 }], output: '0' }, 'invalid_type'],
    ['hexadecimal', { op: 'sum', label: '', inputs: input('0x10'), output: '0' }, 'invalid_decimal'],
    ['not a number', { op: 'sum', label: '', inputs: input('NaN'), output: '0' }, 'invalid_decimal'],
    ['a number of 10 MB', { op: 'sum', label: '', inputs: input('9'.repeat(10_000_000)), output: '0' }, 'precision_exceeded'],
    ['a product without end', { op: 'multiply', label: '', inputs: input(...Array<string>(1_000).fill('0.000000000001')), output: '0' }, 'precision_exceeded'],
    ['null', null, 'invalid_type'],
    ['a wrong child', { op: 'sum', label: '', inputs: [], output: '0', children: [7] }, 'invalid_type'],
  ])('refuses %s', (_, step, code) => {
    expect(codeOf(step)).toBe(code);
    const issues = verifyTrace(step as TraceStep);
    expect(issues.map((issue) => issue.code)).toContain(code);
  });

  it('says where in the trace the fault lies', () => {
    const wrong = {
      op: 'sum',
      label: '',
      inputs: [],
      output: '0',
      children: [commission, { op: 'divide', label: '', inputs: input('1', '0'), output: '0', rounding: { mode: 'up', scale: 2 } }],
    };
    expect(verifyTrace(wrong as TraceStep)).toMatchObject([{ code: 'division_by_zero', path: ['children', 1] }]);
    const inner = { op: 'sum', label: '', inputs: [], output: '0', children: [{ op: 'sum', label: '', inputs: input('1', 'x'), output: '0' }] };
    expect(verifyTrace(inner as TraceStep)).toMatchObject([{ code: 'invalid_decimal', path: ['children', 0, 'inputs', 1, 'value'] }]);
  });

  it('reads traces of 1,000 levels and refuses deeper ones, however deep', () => {
    expect(replayTrace(deepTrace(1_000))).toBe('1');
    expect(verifyTrace(deepTrace(1_000))).toEqual([]);
    expect(codeOf(deepTrace(100_000))).toBe('out_of_range');
    expect(verifyTrace(deepTrace(100_000)).map((issue) => issue.code)).toEqual(['out_of_range']);
  });

  it('refuses a trace that contains itself', () => {
    const cycle: { op: string; label: string; inputs: never[]; output: string; children: unknown[] } = { op: 'sum', label: '', inputs: [], output: '0', children: [] };
    cycle.children.push(cycle);
    expect(codeOf(cycle)).toBe('out_of_range');
  });

  it('handles a step of 100,000 children', () => {
    const children = Array.from({ length: 100_000 }, (): TraceStep => ({ op: 'input', label: '', inputs: [{ name: 'x', value: '0.01' }], output: '0.01' }));
    expect(replayTrace({ op: 'sum', label: '', inputs: [], output: '0', children })).toBe('1000');
  });

  it('reproduces every sound trace, and finds every changed output', () => {
    fc.assert(
      fc.property(soundTrace, (trace) => {
        expect(replayTrace(trace)).toBe(trace.output);
        expect(verifyTrace(trace)).toEqual([]);
        const tampered = { ...trace, output: `${trace.output}1`.replace(/^(-?\d+)1$/, '$1.1') };
        expect(verifyTrace(tampered)).toMatchObject([{ code: 'trace_mismatch', path: ['output'], expected: trace.output }]);
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  it('gives a figure or a DomainError for anything, and the check never throws', () => {
    fc.assert(
      fc.property(hostileTrace, (value) => {
        const code = codeOf(value);
        expect(code === undefined || typeof code === 'string').toBe(true);
        const issues = verifyTrace(value as TraceStep);
        if (code !== undefined) expect(issues.length).toBeGreaterThan(0);
      }),
      { seed: 20260101, numRuns: 3_000 },
    );
  });
});
