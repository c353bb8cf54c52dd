/* The derived measures that there are, found by the key that names them. */
import { type AverageMeasure, averageMeasure } from './average.js';
import { type BlendMeasure, blendMeasure } from './blend.js';
import { type AttainmentMeasure, attainmentMeasure, type PayMeasure, payMeasure } from './component-result.js';
import type { DerivedMeasure } from './derived-measure.js';
import { type DistinctMeasure, distinctMeasure } from './distinct.js';
import { type ValueMeasure, valueMeasure } from './given-value.js';
import { type GrowthMeasure, growthMeasure } from './growth.js';
import { type LatestMeasure, latestMeasure } from './latest.js';
import { type LimitMeasure, limitMeasure } from './limit-per-key.js';
import { type RatioMeasure, ratioMeasure } from './ratio.js';
import { type RollingMeasure, rollingMeasure } from './rolling.js';
import { type WeightedMeasure, weightedMeasure } from './weighted.js';

/**
 * A measure made of other measures, of credits in another way than by adding up, or of the results of other components. Each is named by its own key:
 * `ratio`, `distinct`, `limit`, `latest`, `average`, `growth`, `rolling`, `weighted`, `attainmentOf`, `payOf`, `blend`, `value`.
 *
 * @category compensation
 */
export type DerivedMeasureConfig =
  | RatioMeasure
  | DistinctMeasure
  | LimitMeasure
  | LatestMeasure
  | AverageMeasure
  | GrowthMeasure
  | RollingMeasure
  | WeightedMeasure
  | AttainmentMeasure
  | PayMeasure
  | BlendMeasure
  | ValueMeasure;

/** A definition whatever its measure: the key has shown that the two belong together. */
type Definition = DerivedMeasure<never>;

const DEFINITIONS: readonly Definition[] = [
  ratioMeasure,
  distinctMeasure,
  limitMeasure,
  latestMeasure,
  averageMeasure,
  growthMeasure,
  rollingMeasure,
  weightedMeasure,
  attainmentMeasure,
  payMeasure,
  blendMeasure,
  valueMeasure,
];

/** The keys by which plans name derived measures. */
export function derivedMeasureKeys(): readonly string[] {
  return DEFINITIONS.map((definition) => definition.key);
}

/** The definition that a measure names, or undefined for a plain sum or count. */
export function derivedMeasureOf(measure: object): DerivedMeasure | undefined {
  // The key is the proof that the definition fits the measure.
  return DEFINITIONS.find((definition) => Object.hasOwn(measure, definition.key)) as DerivedMeasure | undefined;
}
