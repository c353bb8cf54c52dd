import { isDomainError } from 'dealwright/errors';
import { type RenderTraceOptions, renderTrace, type TraceStep } from 'dealwright/trace';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { deepTrace, hostileTrace, soundTrace } from '../support/arbitrary-trace.js';

const trace: TraceStep = {
  op: 'round',
  label: 'Commission *2026*',
  inputs: [],
  output: '1470.60',
  unit: 'USD',
  rounding: { mode: 'half-up', scale: 2 },
  children: [
    {
      op: 'sum',
      label: 'Tiers',
      inputs: [],
      output: '1470.6',
      unit: 'USD',
      children: [
        {
          op: 'multiply',
          label: 'Third tier',
          inputs: [
            { name: 'credit', value: '12255', unit: 'USD', source: 'deal d1' },
            { name: 'rate', value: '0.12', unit: 'fraction' },
          ],
          output: '1470.6',
          unit: 'USD',
        },
      ],
    },
  ],
};

describe('renderTrace', () => {
  it('renders text, one step a line', () => {
    expect(renderTrace(trace)).toBe(
      [
        'Commission *2026*: round of 1470.6 USD = 1470.60 USD (rounded half-up to 2 decimals)',
        '  Tiers: 1470.6 USD = 1470.6 USD',
        '    Third tier: 12255 USD × 0.12 = 1470.6 USD [deal d1]',
      ].join('\n'),
    );
  });

  it('renders Markdown, with what would be markup escaped', () => {
    expect(renderTrace(trace, { format: 'markdown', depth: 2 })).toBe(
      ['- Commission \\*2026\\*: round of 1470.6 USD = 1470.60 USD (rounded half-up to 2 decimals)', '  - Tiers: 1470.6 USD = 1470.6 USD'].join('\n'),
    );
  });

  it('shows as many levels as asked for', () => {
    expect(renderTrace(trace, { depth: 1 }).split('\n')).toHaveLength(1);
    expect(renderTrace(trace, { depth: 2 }).split('\n')).toHaveLength(2);
  });

  it('sums up long sums and shows what a value was chosen from', () => {
    const inputs = Array.from({ length: 7 }, (_, index) => ({ name: 'x', value: String(index) }));
    expect(renderTrace({ op: 'sum', label: 'Sum', inputs, output: '21' })).toBe('Sum: sum of 7 = 21');
    expect(renderTrace({ op: 'select', label: 'Cap', inputs: inputs.slice(0, 2), output: '1', selected: 1 })).toBe('Cap: 1 (of 0, 1)');
    expect(renderTrace({ op: 'input', label: 'Quota', inputs: inputs.slice(0, 1), output: '0' })).toBe('Quota: 0');
  });

  it('keeps a label of several lines on one', () => {
    expect(renderTrace({ ...trace, label: 'a\nb', children: [] })).toMatch(/^a\\u000ab: /);
  });

  it('refuses traces deeper than 1,000 levels, unless the depth asked for stops before', () => {
    expect(renderTrace(deepTrace(1_000)).split('\n')).toHaveLength(1_000);
    expect(() => renderTrace(deepTrace(100_000))).toThrow(/out_of_range/);
    expect(renderTrace(deepTrace(100_000), { depth: 3 }).split('\n')).toHaveLength(3);
  });

  it.each([null, { depth: 0 }, { depth: Number.NaN }, { depth: '3' }, { format: 'html' }, { fromat: 'text' }])('refuses options %j', (options) => {
    expect(() => renderTrace(trace, options as RenderTraceOptions)).toThrow(/invalid_|not_finite|unknown_key|out_of_range/);
  });

  it('has one line for every step', () => {
    const count = (step: TraceStep): number => 1 + (step.children ?? []).reduce((sum, child) => sum + count(child), 0);
    fc.assert(
      fc.property(soundTrace, fc.constantFrom('text', 'markdown'), (step, format) => {
        expect(renderTrace(step, { format }).split('\n')).toHaveLength(count(step));
      }),
      { seed: 20260101, numRuns: 200 },
    );
  });

  it('gives a text or a DomainError for anything', () => {
    fc.assert(
      fc.property(hostileTrace, fc.oneof(fc.constant({}), fc.jsonValue()), (step, options) => {
        try {
          expect(renderTrace(step as TraceStep, options as RenderTraceOptions)).toEqual(expect.any(String));
        } catch (error) {
          expect(isDomainError(error)).toBe(true);
        }
      }),
      { seed: 20260101, numRuns: 3_000 },
    );
  });

  it('has exported types', () => {
    expectTypeOf(renderTrace).parameter(0).toEqualTypeOf<TraceStep>();
    // @ts-expect-error -- a step without inputs
    expect(() => renderTrace({ op: 'sum', label: '', output: '0' })).toThrow();
  });
});
