import type { BuyingRole } from '../deals/deal.js';

/**
 * What a stage is to the outcome of a deal.
 *
 * @category pipelines
 */
export type StageKind = 'open' | 'won' | 'lost';

/**
 * The forecast categories most CRMs share, from least to most certain; a pipeline may use others.
 *
 * @category pipelines
 */
export type StandardForecastCategory = 'omitted' | 'pipeline' | 'best-case' | 'most-likely' | 'commit' | 'closed';

/**
 * Whether an unmet criterion stops a move or only warns.
 *
 * @category pipelines
 */
export type CriterionSeverity = 'block' | 'warn';

/**
 * What a criterion looks for, as data.
 *
 * @category pipelines
 */
export type CriterionRequirement =
  | { readonly field: string }
  | { readonly activity: string; readonly atLeast?: number }
  | { readonly stakeholder: BuyingRole }
  | { readonly confirmed: true };

/**
 * Something that must be true before a deal leaves a stage.
 *
 * @category pipelines
 */
export interface ExitCriterion {
  /** Its id; moves confirm it and history records it by it. */
  readonly id: string;
  /** The criterion as a sentence. */
  readonly label: string;
  /** `field`: the deal's field is present (`custom.x` for your own). `activity`: so many of that type took place. `stakeholder`: someone holds the role. `confirmed`: a person confirms it with the move. */
  readonly require: CriterionRequirement;
  /** Default `block`. */
  readonly severity?: CriterionSeverity;
}

/**
 * A step of a pipeline.
 *
 * @category pipelines
 */
export interface Stage<Id extends string = string> {
  /** Its id; deals name it as their stage. */
  readonly id: Id;
  /** For a person. */
  readonly label: string;
  /** Default `open`. */
  readonly kind?: StageKind;
  /** Probability that a deal in this stage is won, 0 to 1; `null` or absent if not known. Won is 1, lost is 0. */
  readonly probability?: number | null;
  /** Default: `pipeline` for open, `closed` for won, `omitted` for lost stages. */
  readonly forecastCategory?: string;
  /** What must be true before a deal moves on from here. */
  readonly exitCriteria?: readonly ExitCriterion[];
  /** Deal fields that must be present to enter this stage (`amount`, `expectedCloseOn`, `custom.region`). */
  readonly requiredFields?: readonly string[];
  /** Longest time a deal should stay, in days. */
  readonly maximumDays?: number;
  /** After so many days without a stage change a deal counts as rotten. */
  readonly rottenDays?: number;
}

/**
 * An ordered list of stages that deals pass through. Made by `definePipeline`, which infers the stage ids.
 *
 * @category pipelines
 */
export interface Pipeline<Id extends string = string, StageId extends string = string> {
  /** Its id; deals name it as their pipeline. */
  readonly id: Id;
  /** For a person. */
  readonly label?: string;
  /** Version of the stored format; absent means 1. */
  readonly formatVersion?: 1;
  /** The stages, in order. */
  readonly stages: readonly Stage<StageId>[];
  /** Order of forecast categories from least to most certain, without `omitted`; default: the standard ones. */
  readonly forecastCategories?: readonly string[];
}
