import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { rootOf } from '../money/read-money.js';
import { TERRITORY_FIELDS, type TerritorySubject } from './account.js';
import type { Ranked } from './rank.js';
import { checkRecordFilter, compileRecordFilter, readRecordField, specificityOf } from './record-filter.js';
import { TERRITORY_KINDS, type Territory, type TerritoryAssignment } from './territory.js';
import { byText, readDay, readDays } from './validate-hierarchy.js';

const FILTER_FIELDS = { names: TERRITORY_FIELDS, groups: ['attributes'] };

/** The priority of a territory that states none. */
const NAMED_ACCOUNT_PRIORITY = 100;

/** A territory made ready to be asked about many accounts. */
export interface ReadTerritory extends Ranked {
  readonly start: number;
  readonly end: number;
  readonly holds: (subject: TerritorySubject) => boolean;
}

/**
 * Finds everything that is wrong with a list of territories. Never throws.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues; empty if every territory can be used
 * @example
 * ```ts
 * import { validateTerritories } from 'dealwright/organization';
 * validateTerritories([{ id: 'north', kind: 'geographic', where: { region: 'north' } }]); // => []
 * validateTerritories([{ id: 'north', kind: 'geographic', where: { regon: 'north' } }])[0]?.hint; // => 'did you mean "region"?'
 * ```
 * @category organization
 */
export function validateTerritories(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  readTerritories(value, rootOf(path), issues);
  return issues;
}

/** Territories of unknown shape, ready for questions. Those that are wrong are left out, with issues. */
export function readTerritories(value: unknown, path: IssuePath, issues: IssueSink): readonly ReadTerritory[] {
  const list = checkList(value, path, issues, { expected: 'a list of territories' }) ?? [];
  const ids = new Set<string>();
  const territories: ReadTerritory[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const read = readTerritory(list[index], [...path, index], issues);
    if (read === undefined) continue;
    if (ids.has(read.id)) issues.push(createIssue('duplicate_id', [...path, index, 'id'], { received: read.id }));
    else territories.push(read);
    ids.add(read.id);
  }
  return territories;
}

function readTerritory(value: unknown, path: IssuePath, issues: IssueSink): ReadTerritory | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'a territory { id, kind, where }');
  if (record === undefined) return undefined;
  checkKeys(record, ['id', 'name', 'kind', 'where', 'priority', 'createdOn', 'from', 'to'], path, issues);
  checkId(record['id'], [...path, 'id'], issues);
  if (Object.hasOwn(record, 'name')) checkText(record['name'], [...path, 'name'], issues);
  const kind = checkOneOf(record['kind'], TERRITORY_KINDS, [...path, 'kind'], issues);
  checkRecordFilter(record['where'], [...path, 'where'], issues, FILTER_FIELDS);
  if (Object.hasOwn(record, 'priority')) checkNumber(record['priority'], [...path, 'priority'], issues);
  if (Object.hasOwn(record, 'createdOn')) readDay(record['createdOn'], [...path, 'createdOn'], issues);
  const { start, end } = readDays(record, path, issues, { openStart: true });
  if (issues.length > before) return undefined;
  // Every key has just been checked.
  const { id, where, priority, createdOn } = value as Territory;
  return {
    id,
    priority: priority ?? (kind === 'named-account' ? NAMED_ACCOUNT_PRIORITY : 0),
    specificity: specificityOf(where),
    createdOn: createdOn ?? null,
    start,
    end,
    holds: compileRecordFilter(where, readRecordField),
  };
}

/** An assignment with its days as numbers. */
export interface ReadTerritoryAssignment {
  readonly territoryId: string;
  readonly memberId: string;
  readonly role: string;
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

/** The role of an assignment that states none. */
export const OWNER_ROLE = 'owner';

/**
 * Finds everything that is wrong with a list of territory assignments: keys, dates, territories that do not exist (if they are given), two owners of one
 * territory on the same day. Never throws.
 *
 * @param value - any value
 * @param options - the territories that may be named, and where the list stands in a larger input
 * @returns the issues; empty if every assignment can be used
 * @example
 * ```ts
 * import { validateTerritoryAssignments } from 'dealwright/organization';
 * const issues = validateTerritoryAssignments([
 *   { territoryId: 'north', memberId: 'ann', from: '2026-01-01' },
 *   { territoryId: 'north', memberId: 'bob', from: '2026-04-01' },
 * ]);
 * issues[0]?.code; // => 'overlapping_assignments'
 * ```
 * @category organization
 */
export function validateTerritoryAssignments(value: unknown, options: ValidateTerritoryAssignmentsOptions = {}): readonly Issue[] {
  const issues: IssueSink = [];
  const { territories, path } = options ?? {};
  const known = Array.isArray(territories) ? new Set(territories.map((territory: Territory) => territory?.id)) : undefined;
  readTerritoryAssignments(value, rootOf(path), issues, known);
  return issues;
}

/**
 * Options of {@link validateTerritoryAssignments}.
 *
 * @category organization
 */
export interface ValidateTerritoryAssignmentsOptions {
  /** Only these may be named. Default: any. */
  readonly territories?: readonly Territory[];
  /** Where the list stands in a larger input, for the issues. */
  readonly path?: IssuePath;
}

/** Assignments of unknown shape. Those that are wrong are left out, with issues. */
export function readTerritoryAssignments(value: unknown, path: IssuePath, issues: IssueSink, known?: ReadonlySet<string>): readonly ReadTerritoryAssignment[] {
  const list = checkList(value, path, issues, { expected: 'a list of territory assignments' }) ?? [];
  const read: ReadTerritoryAssignment[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const entry = readTerritoryAssignment(list[index], index, [...path, index], issues, known);
    if (entry !== undefined) read.push(entry);
  }
  const owners = read.filter((entry) => entry.role === OWNER_ROLE).sort((a, b) => byText(a.territoryId, b.territoryId) || a.start - b.start || a.index - b.index);
  const refused = new Set<ReadTerritoryAssignment>();
  let latest: ReadTerritoryAssignment | undefined;
  for (const entry of owners) {
    if (latest !== undefined && latest.territoryId === entry.territoryId && entry.start < latest.end) {
      issues.push(
        createIssue('overlapping_assignments', [...path, entry.index], {
          message: 'A territory has two owners on the same day.',
          received: `[${latest.index}]`,
          hint: 'end the earlier one with "to", or give one of them another role',
        }),
      );
      refused.add(entry);
    } else latest = entry;
  }
  return read.filter((entry) => !refused.has(entry));
}

function readTerritoryAssignment(value: unknown, index: number, path: IssuePath, issues: IssueSink, known: ReadonlySet<string> | undefined): ReadTerritoryAssignment | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'an assignment { territoryId, memberId, from }');
  if (record === undefined) return undefined;
  checkKeys(record, ['territoryId', 'memberId', 'from', 'to', 'role'], path, issues);
  const territoryId = checkId(record['territoryId'], [...path, 'territoryId'], issues);
  if (territoryId !== undefined && known !== undefined && !known.has(territoryId))
    issues.push(createIssue('unknown_reference', [...path, 'territoryId'], { expected: 'the id of a territory', received: territoryId }));
  checkId(record['memberId'], [...path, 'memberId'], issues);
  if (Object.hasOwn(record, 'role')) checkText(record['role'], [...path, 'role'], issues);
  const { start, end } = readDays(record, path, issues);
  if (issues.length > before) return undefined;
  // Every key has just been checked.
  const { memberId, role, territoryId: id } = value as TerritoryAssignment;
  return { territoryId: id, memberId, role: role ?? OWNER_ROLE, start, end, index };
}
