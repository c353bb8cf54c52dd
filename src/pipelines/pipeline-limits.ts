/*
 * The closed sets and bounds of a pipeline definition, shared by the validator and the schema. Not a public entry.
 */
import type { CriterionSeverity, StageKind, StandardForecastCategory } from './pipeline.js';

export const STAGE_KINDS = ['open', 'won', 'lost'] as const satisfies readonly StageKind[];

export const CRITERION_SEVERITIES = ['block', 'warn'] as const satisfies readonly CriterionSeverity[];

/** From least to most certain, without `omitted`. */
export const STANDARD_FORECAST_CATEGORIES: readonly Exclude<StandardForecastCategory, 'omitted'>[] = ['pipeline', 'best-case', 'most-likely', 'commit', 'closed'];

/** Most stages, criteria, fields or categories in one list. */
export const MAX_ENTRIES = 1_000;

/** A century: longer limits cannot be meant. */
export const MAX_STAGE_DAYS = 36_525;
