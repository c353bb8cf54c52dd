import { readEpochDay } from '../calendar/epoch-day.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { checkId, checkKeys, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import type { TerritoryAssignment } from './territory.js';
import { byText, readDay } from './validate-hierarchy.js';
import { OWNER_ROLE, type ReadTerritoryAssignment, readTerritoryAssignments } from './validate-territories.js';

/**
 * Options of {@link territoryMembers}.
 *
 * @category organization
 */
export interface TerritoryMembersOptions {
  /** The day. */
  readonly on: PlainDate;
  /** In which role. Default `owner`. */
  readonly role?: string;
}

/**
 * Who works a territory on a day, in a role.
 *
 * @param assignments - who works which territory, from when to when
 * @param territoryId - the territory
 * @param options - day and role
 * @returns member ids, sorted; at most one for the role `owner`
 * @throws DomainError with everything that is wrong with the assignments or the call: `overlapping_assignments` | `invalid_date` | …
 * @example
 * ```ts
 * import { territoryMembers } from 'dealwright/organization';
 * const assignments = [
 *   { territoryId: 'north', memberId: 'ann', from: '2026-01-01', to: '2026-04-01' },
 *   { territoryId: 'north', memberId: 'bob', from: '2026-04-01' },
 *   { territoryId: 'north', memberId: 'sue', from: '2026-01-01', role: 'se' },
 * ];
 * territoryMembers(assignments, 'north', { on: '2026-04-01' }); // => ['bob']
 * territoryMembers(assignments, 'north', { on: '2026-04-01', role: 'se' }); // => ['sue']
 * ```
 * @category organization
 */
export function territoryMembers(assignments: readonly TerritoryAssignment[], territoryId: string, options: TerritoryMembersOptions): readonly string[] {
  const issues: IssueSink = [];
  const read = readTerritoryAssignments(assignments, ['assignments'], issues);
  checkId(territoryId, ['territoryId'], issues);
  const record = checkRecord(options, ['options'], issues, 'options { on }') ?? {};
  checkKeys(record, ['on', 'role'], [], issues);
  readDay(record['on'], ['on'], issues);
  if (record['role'] !== undefined) checkText(record['role'], ['role'], issues);
  throwIfIssues(issues);
  return membersOn(read, territoryId, options.on, options.role);
}

/** The answer, from checked assignments. Not a public entry. */
export function membersOn(assignments: readonly ReadTerritoryAssignment[], territoryId: string, on: PlainDate, role: string = OWNER_ROLE): readonly string[] {
  const day = readEpochDay(on);
  const members = assignments.filter((entry) => entry.territoryId === territoryId && entry.role === role && day >= entry.start && day < entry.end);
  return [...new Set(members.map((entry) => entry.memberId))].sort(byText);
}
