import { definePipeline } from '../define-pipeline.js';
import type { Pipeline } from '../pipeline.js';

/**
 * Stage ids of {@link salesforcePipeline}: the values of `StageName` as Salesforce sends them.
 *
 * @category pipelines
 */
export type SalesforceStageId =
  | 'Prospecting'
  | 'Qualification'
  | 'Needs Analysis'
  | 'Value Proposition'
  | 'Id. Decision Makers'
  | 'Perception Analysis'
  | 'Proposal/Price Quote'
  | 'Negotiation/Review'
  | 'Closed Won'
  | 'Closed Lost';

/**
 * The ten opportunity stages that a new Salesforce organization has, with the default probabilities and forecast categories. Stage ids are the values
 * of `StageName`, so that opportunities need no map. Every open stage is in the category `pipeline`, which is how Salesforce ships it.
 *
 * @example
 * ```ts
 * import { salesforcePipeline } from 'dealwright/pipelines';
 * salesforcePipeline.stages.map((stage) => stage.probability); // => [0.1, 0.1, 0.2, 0.5, 0.6, 0.7, 0.75, 0.9, 1, 0]
 * ```
 * @category pipelines
 */
export const salesforcePipeline: Pipeline<'salesforce', SalesforceStageId> = /* @__PURE__ */ definePipeline({
  id: 'salesforce',
  label: 'Salesforce default sales process',
  formatVersion: 1,
  stages: [
    { id: 'Prospecting', label: 'Prospecting', probability: 0.1, forecastCategory: 'pipeline' },
    { id: 'Qualification', label: 'Qualification', probability: 0.1, forecastCategory: 'pipeline' },
    { id: 'Needs Analysis', label: 'Needs Analysis', probability: 0.2, forecastCategory: 'pipeline' },
    { id: 'Value Proposition', label: 'Value Proposition', probability: 0.5, forecastCategory: 'pipeline' },
    { id: 'Id. Decision Makers', label: 'Id. Decision Makers', probability: 0.6, forecastCategory: 'pipeline' },
    { id: 'Perception Analysis', label: 'Perception Analysis', probability: 0.7, forecastCategory: 'pipeline' },
    { id: 'Proposal/Price Quote', label: 'Proposal/Price Quote', probability: 0.75, forecastCategory: 'pipeline' },
    { id: 'Negotiation/Review', label: 'Negotiation/Review', probability: 0.9, forecastCategory: 'pipeline' },
    { id: 'Closed Won', label: 'Closed Won', kind: 'won', probability: 1, forecastCategory: 'closed' },
    { id: 'Closed Lost', label: 'Closed Lost', kind: 'lost', probability: 0, forecastCategory: 'omitted' },
  ],
});
