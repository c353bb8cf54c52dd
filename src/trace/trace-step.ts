/**
 * What a trace step does with its operands. The set is closed, so that a stored trace can always be replayed.
 *
 * - `input`: the value is given; the step has exactly one operand and passes it on
 * - `sum`, `multiply`, `min`, `max`: over all operands
 * - `subtract`: the first operand minus all others
 * - `divide`: the first operand divided by the second, rounded once as `rounding` says
 * - `negate`: minus the only operand
 * - `round`: the only operand, rounded as `rounding` says
 * - `select`: the operand at index `selected`; the others are what it was chosen from
 *
 * @category trace
 */
export type TraceOp = 'input' | 'sum' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max' | 'negate' | 'round' | 'select';

/**
 * A literal operand of a step.
 *
 * @category trace
 */
export interface TraceInput {
  /** What the value is, in the field's words: `credit`, `rate`, `quota`. */
  readonly name: string;
  /** Canonical decimal. */
  readonly value: string;
  /** A currency code, or `fraction`, `days`, `units`, … */
  readonly unit?: string;
  /** Where it comes from, for example a credit id or deal id. */
  readonly source?: string;
}

/**
 * How a step rounds.
 *
 * @category trace
 */
export interface TraceRounding {
  /** One of the rounding modes of `dealwright/decimal`. */
  readonly mode: string;
  /** Fraction digits kept. */
  readonly scale: number;
}

/**
 * One step of a computation, as plain data. Operands are the values of `inputs` in order, followed by the outputs of `children` in order.
 *
 * @category trace
 */
export interface TraceStep {
  /** What is done. */
  readonly op: TraceOp;
  /** What the step computes, for a person: `First tier: 50,000.00 at 5 %`. */
  readonly label: string;
  /** Which part of the plan asked for it, for example `components[0].rate.tiers[1]`. */
  readonly planPath?: string;
  /** The given operands. */
  readonly inputs: readonly TraceInput[];
  /** Canonical decimal: the result. */
  readonly output: string;
  /** A currency code, or `fraction`, `days`, `units`, … */
  readonly unit?: string;
  /** For `round` and `divide`. */
  readonly rounding?: TraceRounding;
  /** For `select`: which operand was taken. */
  readonly selected?: number;
  /** The computed operands. */
  readonly children?: readonly TraceStep[];
}
