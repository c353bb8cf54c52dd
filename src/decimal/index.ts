/**
 * Exact decimals as text: strict reading, arithmetic that never rounds silently, named rounding modes, replay of traces.
 *
 * @module decimal
 */
export { addDecimals, compareDecimals, divideDecimals, multiplyDecimals, roundDecimal, subtractDecimals } from './arithmetic.js';
export { type DecimalInput, type DecimalString, parseDecimal, readDecimal } from './parse-decimal.js';
export type { Ratio } from './ratio.js';
export { replayTrace, verifyTrace } from './replay-trace.js';
export { type DecimalRounding, ROUNDING_MODES, type RoundingMode } from './rounding.js';
export type { ExactArithmetic, ExactValue, StepNote, ValueOrigin } from './traced-arithmetic.js';
