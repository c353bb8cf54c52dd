import { type IssueSink, isPlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { canonicalDeal } from './canonical-deal.js';
import type { Deal } from './deal.js';
import { checkDeal } from './validate-deal.js';

/**
 * What is needed to make a deal: its id, pipeline and stage. The rest has a default: open, figures and dates `null`, lists and `custom` empty.
 *
 * @typeParam Custom - the shape of your own fields
 * @category deals
 */
export type DealInit<Custom extends object = Record<string, unknown>> = Pick<Deal<Custom>, 'id' | 'pipelineId' | 'stageId'> & Partial<Deal<Custom>>;

/**
 * Makes a deal: fills in what was left out, puts amounts in canonical form, and checks it as {@link validateDeal} does.
 *
 * @param init - id, pipeline, stage and whatever else is known
 * @returns the deal, complete
 * @throws DomainError with everything that {@link validateDeal} finds
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * const deal = createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', amount: { amount: '1200', currency: 'EUR' }, custom: { region: 'West' } });
 * deal.amount; // => { amount: '1200.00', currency: 'EUR' }
 * deal.status; // => 'open'
 * deal.custom.region; // => 'West'
 * ```
 * @category deals
 */
export function createDeal<Custom extends object = Record<string, unknown>>(init: DealInit<Custom>): Deal<Custom> {
  const issues: IssueSink = [];
  const complete: unknown = isPlainRecord(init)
    ? {
        status: 'open',
        amount: null,
        probability: null,
        createdOn: null,
        expectedCloseOn: null,
        closedOn: null,
        lineItems: [],
        splits: [],
        stakeholders: [],
        activities: [],
        history: [],
        custom: {},
        // A key that was given but holds undefined counts as left out.
        ...Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined)),
      }
    : init;
  checkDeal(complete, issues);
  throwIfIssues(issues, { name: 'InvalidDealError', summary: `${issues.length} ${issues.length === 1 ? 'problem' : 'problems'} in the deal` });
  // Checked just now, field by field.
  return canonicalDeal(complete as Deal<Custom>);
}
