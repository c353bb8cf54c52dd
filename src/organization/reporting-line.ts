import type { PlainDate } from '../calendar/plain-date.js';
import type { Hierarchy } from './hierarchy.js';
import { readQuestion } from './hierarchy-reader.js';

/**
 * The day that a question about the organization is asked for.
 *
 * @category organization
 */
export interface OnDateOptions {
  /** The day. */
  readonly on: PlainDate;
}

/**
 * Whom somebody reports to on a day. For many questions use {@link createHierarchyReader}, which reads the hierarchy once.
 *
 * @param hierarchy - the reporting lines
 * @param memberId - who
 * @param options - the day
 * @returns the manager, or `null` if there is none on that day
 * @throws DomainError `invalid_date` | `unknown_key`, or with every problem of the hierarchy
 * @example
 * ```ts
 * import { managerOf } from 'dealwright/organization';
 * const sales = { reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01', to: '2026-04-01' }] };
 * managerOf(sales, 'ann', { on: '2026-03-31' }); // => 'max'
 * managerOf(sales, 'ann', { on: '2026-04-01' }); // => null
 * ```
 * @category organization
 */
export function managerOf(hierarchy: Hierarchy, memberId: string, options: OnDateOptions): string | null {
  const { reader, id, on } = readQuestion(hierarchy, memberId, options, ['on']);
  return reader.managerOf(id, on);
}

/**
 * Everybody above somebody on a day, nearest first.
 *
 * @param hierarchy - the reporting lines
 * @param memberId - who
 * @param options - the day
 * @returns the chain of managers; empty at the top
 * @throws DomainError `invalid_date` | `unknown_key`, or with every problem of the hierarchy
 * @example
 * ```ts
 * import { managersOf } from 'dealwright/organization';
 * const sales = { reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01' }, { memberId: 'max', managerId: 'vic', from: '2026-01-01' }] };
 * managersOf(sales, 'ann', { on: '2026-02-01' }); // => ['max', 'vic']
 * ```
 * @category organization
 */
export function managersOf(hierarchy: Hierarchy, memberId: string, options: OnDateOptions): readonly string[] {
  const { reader, id, on } = readQuestion(hierarchy, memberId, options, ['on']);
  return reader.managersOf(id, on);
}
