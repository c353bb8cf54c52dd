/**
 * zod schemas for everything that is stored or received, each equal to the interface it stands beside.
 * The only entry that loads zod.
 *
 * @module schemas
 */
export * from './money/money.schema.js';
export * from './calendar/calendar.schema.js';
export * from './deals/deal.schema.js';
export * from './pipelines/pipeline.schema.js';
