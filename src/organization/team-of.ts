import type { Hierarchy, TeamDepth } from './hierarchy.js';
import { readQuestion } from './hierarchy-reader.js';
import type { OnDateOptions } from './reporting-line.js';

/**
 * Options of {@link teamOf}.
 *
 * @category organization
 */
export interface TeamOptions extends OnDateOptions {
  /** Direct reports only, or everybody below. Default `direct`. */
  readonly depth?: TeamDepth;
}

/**
 * Who reports to a manager on a day.
 *
 * @param hierarchy - the reporting lines
 * @param managerId - the manager
 * @param options - the day, and how far down
 * @returns member ids, sorted; the manager is not among them
 * @throws DomainError `invalid_date` | `invalid_value` | `unknown_key`, or with every problem of the hierarchy
 * @example
 * ```ts
 * import { teamOf } from 'dealwright/organization';
 * const sales = { reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01' }, { memberId: 'max', managerId: 'vic', from: '2026-01-01' }] };
 * teamOf(sales, 'vic', { on: '2026-02-01' }); // => ['max']
 * teamOf(sales, 'vic', { on: '2026-02-01', depth: 'all' }); // => ['ann', 'max']
 * ```
 * @category organization
 */
export function teamOf(hierarchy: Hierarchy, managerId: string, options: TeamOptions): readonly string[] {
  const { reader, id, on, depth } = readQuestion(hierarchy, managerId, options, ['on', 'depth']);
  return reader.teamOf(id, on, depth);
}
