import { throwIfIssues } from '../errors/domain-error.js';
import type { Hierarchy } from './hierarchy.js';
import { validateHierarchy } from './validate-hierarchy.js';

/**
 * Checks a hierarchy and returns it unchanged.
 *
 * @param hierarchy - the reporting lines, with dates
 * @returns the same object
 * @throws DomainError named `InvalidHierarchyError` with every issue: `reporting_cycle` | `overlapping_reports` | `empty_period` | `invalid_date` | `unknown_key` | …
 * @example
 * ```ts
 * import { defineHierarchy, managerOf } from 'dealwright/organization';
 * const sales = defineHierarchy({
 *   reports: [
 *     { memberId: 'ann', managerId: 'max', from: '2026-01-01', to: '2026-04-01' },
 *     { memberId: 'ann', managerId: 'zoe', from: '2026-04-01' },
 *   ],
 * });
 * managerOf(sales, 'ann', { on: '2026-03-31' }); // => 'max'
 * managerOf(sales, 'ann', { on: '2026-04-01' }); // => 'zoe'
 * ```
 * @category organization
 */
export function defineHierarchy(hierarchy: Hierarchy): Hierarchy {
  const issues = validateHierarchy(hierarchy);
  throwIfIssues(issues, { name: 'InvalidHierarchyError', summary: `${issues.length} problem${issues.length === 1 ? '' : 's'} in the hierarchy` });
  return hierarchy;
}
