/*
 * Arithmetic that writes down what it does: every operation gives the exact value and the trace step that explains it, so that a figure and its
 * explanation cannot drift apart. With tracing off the same code computes the value alone.
 */

import { createDomainError } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';
import type { TraceInput, TraceOp, TraceRounding, TraceStep } from '../trace/trace-step.js';
import { exactDivide, exactFromCanonical, exactToString } from './exact.js';
import { type DecimalInput, parseDecimal } from './parse-decimal.js';
import {
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioCompare,
  ratioDivide,
  ratioFromDecimal,
  ratioMultiply,
  ratioNegate,
  ratioRound,
  ratioSign,
  ratioSubtract,
  ratioToDecimal,
} from './ratio.js';
import type { DecimalRounding } from './rounding.js';
import { applyTraceStep } from './trace-operation.js';

/** Digits at which a quotient that does not end is shown in a trace; far beyond what any rounding to a minor unit can notice. */
const SHOWN_SCALE = 40;

declare const exactValueBrand: unique symbol;

/**
 * An exact number during a computation, with its explanation. Opaque: take it from and give it to the functions of {@link ExactArithmetic}.
 *
 * @category decimal
 */
export interface ExactValue {
  /** @internal */
  readonly [exactValueBrand]: true;
}

/**
 * Where a given value comes from, for the trace.
 *
 * @category decimal
 */
export interface ValueOrigin {
  /** What the value is: `credit`, `rate`, `quota`. */
  readonly name: string;
  /** A currency code, `fraction`, `units`, … */
  readonly unit?: string;
  /** A credit id, deal id or the like. */
  readonly source?: string;
}

/**
 * How a step is described.
 *
 * @category decimal
 */
export interface StepNote {
  /** What the step computes. */
  readonly label?: string;
  /** Unit of the result. */
  readonly unit?: string;
  /** Which part of the plan asks for it. */
  readonly planPath?: string;
}

/**
 * Exact operations that explain themselves. Nothing is rounded except by `round`: a quotient is kept as a fraction until then.
 *
 * @category decimal
 */
export interface ExactArithmetic {
  /** A given value. @throws DomainError as `parseDecimal` */
  readonly exact: (value: DecimalInput, origin?: ValueOrigin) => ExactValue;
  /** The values added up. */
  readonly sum: (values: readonly ExactValue[], note?: StepNote) => ExactValue;
  /** The first minus the second. */
  readonly subtract: (a: ExactValue, b: ExactValue, note?: StepNote) => ExactValue;
  /** The product of the values. */
  readonly multiply: (values: readonly ExactValue[], note?: StepNote) => ExactValue;
  /** @throws DomainError `division_by_zero` */
  readonly divide: (a: ExactValue, b: ExactValue, note?: StepNote) => ExactValue;
  /** Minus the value. */
  readonly negate: (a: ExactValue, note?: StepNote) => ExactValue;
  /** The least of the values. */
  readonly minimum: (values: readonly ExactValue[], note?: StepNote) => ExactValue;
  /** The greatest of the values. */
  readonly maximum: (values: readonly ExactValue[], note?: StepNote) => ExactValue;
  /** The value rounded once, as stated. */
  readonly round: (a: ExactValue, rounding: DecimalRounding, note?: StepNote) => ExactValue;
  /** One of several values, by index, with the others shown as what it was chosen from. */
  readonly select: (values: readonly ExactValue[], index: number, note?: StepNote) => ExactValue;
  /** −1, 0 or 1. */
  readonly compare: (a: ExactValue, b: ExactValue) => -1 | 0 | 1;
  /** −1, 0 or 1. */
  readonly sign: (a: ExactValue) => -1 | 0 | 1;
}

/** What an ExactValue really is. */
interface Traced {
  readonly ratio: Ratio;
  /** Absent when tracing is off. */
  readonly input?: TraceInput;
  readonly step?: TraceStep;
  /** The trace shows a rounded quotient somewhere below, so outputs are computed from what is shown. */
  readonly approximate?: boolean;
}

const tracedOf = (value: ExactValue): Traced => value as unknown as Traced;
const valueOf = (traced: Traced): ExactValue => traced as unknown as ExactValue;

/** The exact number inside. */
export function ratioOf(value: ExactValue): Ratio {
  return tracedOf(value).ratio;
}

/** An exact value from a number that is not a literal of the plan, with its own trace leaf. */
export function exactValueOfRatio(ratio: Ratio, origin?: ValueOrigin): ExactValue {
  if (origin === undefined) return valueOf({ ratio });
  const text = ratioToDecimal(ratio);
  if (text !== null)
    return valueOf({ ratio, input: { name: origin.name, value: text, ...unitOf(origin.unit), ...(origin.source === undefined ? {} : { source: origin.source }) } });
  const shown = exactToString(exactDivide(exactFromCanonical(ratio.n.toString()), exactFromCanonical(ratio.d.toString()), { scale: SHOWN_SCALE, mode: 'half-even' }));
  return valueOf({
    ratio,
    approximate: true,
    input: { name: origin.name, value: shown, ...unitOf(origin.unit), ...(origin.source === undefined ? {} : { source: origin.source }) },
  });
}

/** The trace of a value: its step, or an `input` step for a given value. Undefined when tracing was off. */
export function traceOf(value: ExactValue, label?: string): TraceStep | undefined {
  const traced = tracedOf(value);
  if (traced.step !== undefined) return label === undefined ? traced.step : { ...traced.step, label };
  if (traced.input === undefined) return undefined;
  const { unit } = traced.input;
  return { op: 'input', label: label ?? traced.input.name, inputs: [traced.input], output: traced.input.value, ...unitOf(unit) };
}

/** The same value, its trace relabelled. */
export function relabel(value: ExactValue, note: StepNote): ExactValue {
  const traced = tracedOf(value);
  const step = traceOf(value, note.label);
  if (step === undefined) return value;
  return valueOf({ ...traced, step: { ...step, ...unitOf(note.unit), ...(note.planPath === undefined ? {} : { planPath: note.planPath }) } });
}

function unitOf(unit: string | undefined): { readonly unit?: string } {
  return unit === undefined ? {} : { unit };
}

/**
 * Makes the operations, with or without traces.
 *
 * @param options - `tracing`: whether steps are recorded
 */
export function createExactArithmetic(options: { readonly tracing: boolean }): ExactArithmetic {
  const { tracing } = options;

  const exact = (value: DecimalInput, origin: ValueOrigin = { name: 'value' }, path: IssuePath = []): ExactValue => {
    const text = parseDecimal(value, path);
    const ratio = ratioFromDecimal(text);
    if (!tracing) return valueOf({ ratio });
    return valueOf({ ratio, input: { name: origin.name, value: text, ...unitOf(origin.unit), ...(origin.source === undefined ? {} : { source: origin.source }) } });
  };

  const record = (
    op: TraceOp,
    ratio: Ratio,
    operands: readonly ExactValue[],
    note: StepNote,
    extra: { readonly rounding?: TraceRounding; readonly selected?: number } = {},
  ): ExactValue => {
    if (!tracing) return valueOf({ ratio });
    const traced = operands.map(tracedOf);
    // Inputs are listed before children, so where the order counts a given value behind a computed one becomes a child as well.
    const ordered = op === 'subtract' || op === 'divide' || op === 'select';
    const firstStep = traced.findIndex((operand) => operand.step !== undefined);
    const inputs: TraceInput[] = [];
    const children: TraceStep[] = [];
    let selected = extra.selected;
    traced.forEach((operand, index) => {
      if (operand.step === undefined && operand.input !== undefined && !(ordered && firstStep >= 0 && index > firstStep)) inputs.push(operand.input);
      else children.push(traceOf(operands[index] as ExactValue) ?? { op: 'input', label: 'value', inputs: [{ name: 'value', value: '0' }], output: '0' });
    });
    if (selected !== undefined && !ordered) selected = 0;
    const text = ratioToDecimal(ratio);
    const approximate = traced.some((operand) => operand.approximate === true) || text === null;
    const rounding = extra.rounding ?? (op === 'divide' ? { mode: 'half-even', scale: Math.max(SHOWN_SCALE, 0) } : undefined);
    const output =
      !approximate && text !== null
        ? text
        : exactToString(
            applyTraceStep(
              { op, ...(rounding === undefined ? {} : { rounding }), ...(selected === undefined ? {} : { selected }) },
              [...inputs.map((input) => input.value), ...children.map((child) => child.output)].map(exactFromCanonical),
            ),
          );
    const firstUnit = note.unit;
    const step: TraceStep = {
      op,
      label: note.label ?? op,
      inputs,
      output,
      ...unitOf(firstUnit),
      ...(note.planPath === undefined ? {} : { planPath: note.planPath }),
      ...(rounding === undefined ? {} : { rounding }),
      ...(selected === undefined ? {} : { selected }),
      ...(children.length === 0 ? {} : { children }),
    };
    return valueOf({ ratio, step, ...(approximate ? { approximate } : {}) });
  };

  const nonEmpty = (values: readonly ExactValue[]): ExactValue => {
    const [first] = values;
    if (first === undefined) throw createDomainError('empty', [], { expected: 'at least one value' });
    return first;
  };

  return {
    exact,
    // A sum of one value is that value.
    sum: (values, note = {}) =>
      values.length === 1 && values[0] !== undefined
        ? relabel(values[0], note)
        : record(
            'sum',
            values.reduce((total, value) => ratioAdd(total, ratioOf(value)), RATIO_ZERO),
            values,
            note,
          ),
    subtract: (a, b, note = {}) => record('subtract', ratioSubtract(ratioOf(a), ratioOf(b)), [a, b], note),
    multiply: (values, note = {}) =>
      record(
        'multiply',
        values.slice(1).reduce((product, value) => ratioMultiply(product, ratioOf(value)), ratioOf(nonEmpty(values))),
        values,
        note,
      ),
    divide: (a, b, note = {}) => record('divide', ratioDivide(ratioOf(a), ratioOf(b)), [a, b], note),
    negate: (a, note = {}) => record('negate', ratioNegate(ratioOf(a)), [a], note),
    minimum: (values, note = {}) => record('min', ratioOf(extreme(values, nonEmpty(values), -1)), values, note),
    maximum: (values, note = {}) => record('max', ratioOf(extreme(values, nonEmpty(values), 1)), values, note),
    round: (a, rounding, note = {}) => record('round', ratioRound(ratioOf(a), rounding), [a], note, { rounding: { mode: rounding.mode ?? 'half-up', scale: rounding.scale } }),
    select: (values, index, note = {}) => record('select', ratioOf(values[index] ?? nonEmpty(values)), values, note, { selected: values[index] === undefined ? 0 : index }),
    compare: (a, b) => ratioCompare(ratioOf(a), ratioOf(b)),
    sign: (a) => ratioSign(ratioOf(a)),
  };
}

function extreme(values: readonly ExactValue[], first: ExactValue, direction: -1 | 1): ExactValue {
  return values.reduce((best, value) => (ratioCompare(ratioOf(value), ratioOf(best)) === direction ? value : best), first);
}
