import { definePipeline } from '../define-pipeline.js';
import type { Pipeline } from '../pipeline.js';

/**
 * Stage ids of {@link hubspotPipeline}: the values of `dealstage` as HubSpot sends them.
 *
 * @category pipelines
 */
export type HubspotStageId = 'appointmentscheduled' | 'qualifiedtobuy' | 'presentationscheduled' | 'decisionmakerboughtin' | 'contractsent' | 'closedwon' | 'closedlost';

/**
 * The sales pipeline that a new HubSpot portal has, with its default probabilities. Pipeline and stage ids are those that HubSpot sends. A portal may
 * give these very ids other meanings (an open stage called `closedwon`): where pipelines were edited, read them from the portal.
 *
 * @example
 * ```ts
 * import { hubspotPipeline } from 'dealwright/pipelines';
 * hubspotPipeline.stages.map((stage) => stage.probability); // => [0.2, 0.4, 0.6, 0.8, 0.9, 1, 0]
 * ```
 * @category pipelines
 */
export const hubspotPipeline: Pipeline<'default', HubspotStageId> = /* @__PURE__ */ definePipeline({
  id: 'default',
  label: 'Sales Pipeline',
  formatVersion: 1,
  stages: [
    { id: 'appointmentscheduled', label: 'Appointment Scheduled', probability: 0.2 },
    { id: 'qualifiedtobuy', label: 'Qualified To Buy', probability: 0.4 },
    { id: 'presentationscheduled', label: 'Presentation Scheduled', probability: 0.6 },
    { id: 'decisionmakerboughtin', label: 'Decision Maker Bought-In', probability: 0.8 },
    { id: 'contractsent', label: 'Contract Sent', probability: 0.9 },
    { id: 'closedwon', label: 'Closed Won', kind: 'won', probability: 1 },
    { id: 'closedlost', label: 'Closed Lost', kind: 'lost', probability: 0 },
  ],
});
