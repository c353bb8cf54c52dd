import type { Deal } from '../deals/deal.js';
import { checkText, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { checkDeals, raise } from './call-options.js';
import { dealFieldHint, EXPECTED_DEAL_FIELD, isDealField, readDealField } from './deal-field.js';

/**
 * What deals are grouped by: a field (`ownerId`, `kind`, `custom.region`), or a function that gives each deal its key.
 *
 * @typeParam D - the type of the deals
 * @category pipelines
 */
export type SegmentKey<D extends Deal<object>> = string | ((deal: D) => string | null | undefined);

/**
 * Deals that share a key.
 *
 * @typeParam D - the type of the deals
 * @category pipelines
 */
export interface DealSegment<D extends Deal<object>> {
  /** The key, or `null` for deals that have none. */
  readonly key: string | null;
  /** The deals, in the order in which they came. */
  readonly deals: readonly D[];
}

/**
 * Splits deals into segments, so that any figure can be computed for each: `segmentDeals(deals, 'ownerId').map(({ key, deals }) => ({ key, ...winRate(deals) }))`.
 * Every deal is in exactly one segment; deals without the key form one of their own, the last.
 *
 * @param deals - any deals
 * @param by - a field name, or a function of the deal; numbers and booleans become text
 * @returns segments in the order of their keys (by code unit)
 * @throws DomainError `invalid_type` | `unknown_reference` (no such field)
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { segmentDeals, winRate } from 'dealwright/pipelines';
 * const deal = (id: string, ownerId: string, status: 'won' | 'lost') => createDeal({ id, ownerId, pipelineId: 'b2b', stageId: status, status });
 * const deals = [deal('a', 'zoe', 'won'), deal('b', 'adam', 'lost'), deal('c', 'adam', 'won')];
 * segmentDeals(deals, 'ownerId').map((segment) => [segment.key, winRate(segment.deals).value]); // => [['adam', 0.5], ['zoe', 1]]
 * ```
 * @category pipelines
 */
export function segmentDeals<D extends Deal<object>>(deals: readonly D[], by: SegmentKey<D>): readonly DealSegment<D>[] {
  const wrongCall: IssueSink = [];
  // Only the list itself is checked: what is in it is handed on as it is.
  const list = checkDeals(deals, wrongCall) as readonly D[];
  const keyOf = typeof by === 'function' ? by : fieldReader(by, wrongCall);
  if (wrongCall.length > 0) return raise(wrongCall);
  const segments = new Map<string | null, D[]>();
  for (const deal of list) {
    const key = keyText(keyOf(deal));
    const segment = segments.get(key);
    if (segment === undefined) segments.set(key, [deal]);
    else segment.push(deal);
  }
  return [...segments.entries()].sort(([a], [b]) => compareKeys(a, b)).map(([key, members]) => ({ key, deals: members }));
}

function fieldReader(by: unknown, issues: IssueSink): (deal: unknown) => unknown {
  const name = checkText(by, ['by'], issues, { expected: `${EXPECTED_DEAL_FIELD}, or a function` });
  if (name !== undefined && !isDealField(name)) {
    const hint = dealFieldHint(name);
    issues.push(createIssue('unknown_reference', ['by'], { expected: EXPECTED_DEAL_FIELD, received: name, ...(hint === undefined ? {} : { hint }) }));
  }
  return (deal) => readDealField(deal, name ?? '');
}

function keyText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : null;
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
