/**
 * How a figure that lies between two representable ones is rounded.
 *
 * - `half-up`: to the nearest, ties away from zero: what a spreadsheet's ROUND does; the default for money
 * - `half-even`: to the nearest, ties to the even digit ("banker's rounding")
 * - `half-down`: to the nearest, ties towards zero
 * - `up`, `down`: away from zero, towards zero
 * - `ceiling`, `floor`: towards plus, towards minus infinity
 *
 * @category decimal
 */
export type RoundingMode = 'half-up' | 'half-even' | 'half-down' | 'up' | 'down' | 'ceiling' | 'floor';

/**
 * Every rounding mode.
 *
 * @category decimal
 */
export const ROUNDING_MODES: readonly RoundingMode[] = ['half-up', 'half-even', 'half-down', 'up', 'down', 'ceiling', 'floor'];

/**
 * Where and how to round.
 *
 * @category decimal
 */
export interface DecimalRounding {
  /** Fraction digits kept, 0 to 40. */
  readonly scale: number;
  /** Default `half-up`. */
  readonly mode?: RoundingMode;
}
