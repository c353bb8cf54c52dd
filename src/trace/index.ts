/**
 * Traces: how a figure came about, as data. `replayTrace` of `dealwright/decimal` computes it again.
 *
 * @module trace
 */
export { type RenderTraceOptions, renderTrace } from './render-trace.js';
export type { TraceInput, TraceOp, TraceRounding, TraceStep } from './trace-step.js';
