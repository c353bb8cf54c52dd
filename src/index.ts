/**
 * Everything that computes, from one door. Each folder is also a subpath of its own (`dealwright/compensation`), which is the better import: it says
 * where a name belongs. Schemas, charts, adapters and labels are reached by their subpaths only.
 *
 * @module dealwright
 */
export * from './errors/index.js';
export * from './trace/index.js';
export * from './decimal/index.js';
export * from './money/index.js';
export * from './calendar/index.js';
export * from './stats/index.js';
export * from './deals/index.js';
export * from './pipelines/index.js';
export * from './organization/index.js';
export * from './compensation/index.js';
export * from './forecasting/index.js';
export * from './metrics/index.js';
