import { definePipeline } from '../define-pipeline.js';
import type { Pipeline } from '../pipeline.js';

/**
 * Stage ids of {@link b2bPipeline}.
 *
 * @category pipelines
 */
export type B2bStageId = 'prospecting' | 'qualification' | 'discovery' | 'demo' | 'negotiation-and-closing' | 'closed-won' | 'closed-lost';

/**
 * A business-to-business sales process in five open stages: prospecting, qualification, discovery, demo, negotiation and closing.
 *
 * Exit criteria are written as things the buyer has done, and all of a stage's criteria must hold. Probabilities are a starting point for a team without
 * history of its own, not a measurement: replace them by what your deals show.
 *
 * @example
 * ```ts
 * import { b2bPipeline } from 'dealwright/pipelines';
 * b2bPipeline.stages.map((stage) => stage.probability); // => [0.1, 0.2, 0.4, 0.6, 0.8, 1, 0]
 * ```
 * @category pipelines
 */
export const b2bPipeline: Pipeline<'b2b', B2bStageId> = /* @__PURE__ */ definePipeline({
  id: 'b2b',
  label: 'B2B sales',
  formatVersion: 1,
  stages: [
    {
      id: 'prospecting',
      label: 'Prospecting',
      probability: 0.1,
      exitCriteria: [{ id: 'two-way-contact', label: 'The buyer replied and agreed to talk', require: { confirmed: true } }],
      rottenDays: 30,
    },
    {
      id: 'qualification',
      label: 'Qualification',
      probability: 0.2,
      requiredFields: ['ownerId'],
      exitCriteria: [
        { id: 'problem-confirmed', label: 'The buyer confirmed a problem worth solving', require: { confirmed: true } },
        { id: 'account-known', label: 'The buying company is recorded', require: { field: 'accountId' } },
        { id: 'next-step-agreed', label: 'The buyer agreed a next step with a date', require: { confirmed: true }, severity: 'warn' },
      ],
      rottenDays: 21,
    },
    {
      id: 'discovery',
      label: 'Discovery',
      probability: 0.4,
      exitCriteria: [
        { id: 'impact-quantified', label: 'The buyer put a figure on the impact of the problem', require: { confirmed: true } },
        { id: 'stakeholders-named', label: 'The buyer named who takes part in the decision', require: { field: 'stakeholders' } },
        { id: 'decision-criteria-agreed', label: 'The buyer agreed how and by which criteria it will decide', require: { confirmed: true } },
      ],
      rottenDays: 30,
    },
    {
      id: 'demo',
      label: 'Demo',
      probability: 0.6,
      forecastCategory: 'best-case',
      requiredFields: ['amount', 'expectedCloseOn'],
      exitCriteria: [
        { id: 'demo-held', label: 'The buyer took part in a demo', require: { activity: 'demo' } },
        { id: 'fit-confirmed', label: 'The buyer confirmed that the solution fits', require: { confirmed: true } },
        { id: 'mutual-action-plan', label: 'The buyer owns a mutual action plan together with us', require: { confirmed: true } },
        { id: 'economic-buyer-met', label: 'The economic buyer is known', require: { stakeholder: 'economic-buyer' } },
      ],
      rottenDays: 30,
    },
    {
      id: 'negotiation-and-closing',
      label: 'Negotiation and closing',
      probability: 0.8,
      forecastCategory: 'commit',
      requiredFields: ['amount', 'expectedCloseOn'],
      exitCriteria: [
        { id: 'proposal-received', label: 'The buyer received a proposal', require: { activity: 'proposal' }, severity: 'warn' },
        { id: 'terms-agreed', label: 'The buyer agreed price and terms', require: { confirmed: true } },
        { id: 'paper-process-complete', label: 'Procurement, legal and signature are complete', require: { confirmed: true } },
      ],
      rottenDays: 21,
    },
    { id: 'closed-won', label: 'Closed won', kind: 'won', probability: 1, requiredFields: ['amount'] },
    { id: 'closed-lost', label: 'Closed lost', kind: 'lost', probability: 0, requiredFields: ['lossReason'] },
  ],
});
