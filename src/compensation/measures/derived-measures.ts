/* The derived measures that there are, found by the key that names them. */
import { averageMeasure, type AverageMeasure } from './average.js';
import { blendMeasure, type BlendMeasure } from './blend.js';
import { attainmentMeasure, type AttainmentMeasure, payMeasure, type PayMeasure } from './component-result.js';
import type { DerivedMeasure } from './derived-measure.js';
import { distinctMeasure, type DistinctMeasure } from './distinct.js';
import { valueMeasure, type ValueMeasure } from './given-value.js';
import { growthMeasure, type GrowthMeasure } from './growth.js';
import { latestMeasure, type LatestMeasure } from './latest.js';
import { limitMeasure, type LimitMeasure } from './limit-per-key.js';
import { ratioMeasure, type RatioMeasure } from './ratio.js';
import { rollingMeasure, type RollingMeasure } from './rolling.js';
import { weightedMeasure, type WeightedMeasure } from './weighted.js';

/** A measure that is made of other measures, of credits in another way than by adding up, or of other components. */
export type AnyDerivedMeasure =
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
