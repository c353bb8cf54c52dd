import { readEpochDay } from '../calendar/epoch-day.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { checkList, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { type TerritorySubject, validateAccount } from './account.js';
import { type AssignTerritoryOptions, decideTerritory, readTerritoryOptions } from './assign-territory.js';
import type { RankedBy } from './rank.js';

/**
 * An account that more than one territory claims.
 *
 * @category organization
 */
export interface TerritoryOverlap {
  /** The account. */
  readonly accountId: string;
  /** The territories, by rank. */
  readonly territoryIds: readonly string[];
  /** What decided between the first two; `null` if nothing did, so that the account belongs to neither. */
  readonly decidedBy: RankedBy | null;
}

/**
 * The accounts of a territory.
 *
 * @category organization
 */
export interface TerritoryAccounts {
  /** The territory. */
  readonly territoryId: string;
  /** Its accounts, in the order given. */
  readonly accountIds: readonly string[];
}

/**
 * How a set of territories covers a set of accounts.
 *
 * @category organization
 */
export interface TerritoryCoverage {
  /** The day asked for. */
  readonly on: PlainDate;
  /** Every territory in force, by id, with its accounts in the order given; one without accounts is a territory to be redrawn. */
  readonly territories: readonly TerritoryAccounts[];
  /** Accounts that no territory claims. */
  readonly gaps: readonly string[];
  /** Accounts that several claim. */
  readonly overlaps: readonly TerritoryOverlap[];
  /** Accounts that could not be read, and those claimed by two territories of equal rank. */
  readonly issues: readonly Issue[];
}

/**
 * Shows how territories cover accounts: who belongs where, which accounts nobody has, which ones several claim.
 *
 * @param accounts - the accounts; one that is wrong is reported and left out
 * @param options - territories and day
 * @returns accounts by territory, gaps, overlaps and issues; every account that can be read stands in a territory, among the gaps, or among the undecided overlaps
 * @throws DomainError with everything that is wrong with the territories or the day
 * @example
 * ```ts
 * import { territoryCoverage } from 'dealwright/organization';
 * const coverage = territoryCoverage([{ id: 'a1', country: 'GR' }, { id: 'a2', country: 'IT' }], {
 *   territories: [{ id: 'greece', kind: 'geographic', where: { country: 'GR' } }], on: '2026-02-14',
 * });
 * coverage.territories; // => [{ territoryId: 'greece', accountIds: ['a1'] }]
 * coverage.gaps; // => ['a2']
 * ```
 * @category organization
 */
export function territoryCoverage(accounts: readonly TerritorySubject[], options: AssignTerritoryOptions): TerritoryCoverage {
  const fatal: IssueSink = [];
  const list = checkList(accounts, ['accounts'], fatal, { expected: 'a list of accounts' }) ?? [];
  const { territories, on } = readTerritoryOptions(options, fatal);
  throwIfIssues(fatal);
  const issues: Issue[] = [];
  const day = readEpochDay(on);
  const byTerritory = new Map<string, string[]>(territories.filter((territory) => day >= territory.start && day < territory.end).map((territory) => [territory.id, []]));
  const gaps: string[] = [];
  const overlaps: TerritoryOverlap[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < list.length; index += 1) {
    const found = validateAccount(list[index], ['accounts', index]);
    for (const issue of found) issues.push(issue);
    if (found.length > 0) continue;
    // It has just been checked.
    const account = list[index] as TerritorySubject;
    if (seen.has(account.id)) {
      issues.push(createIssue('duplicate_id', ['accounts', index, 'id'], { received: account.id }));
      continue;
    }
    seen.add(account.id);
    const decision = decideTerritory(account, territories, on);
    for (const issue of decision.issues) issues.push({ ...issue, path: ['accounts', index, 'id'] });
    if (decision.reason === 'no-territory') gaps.push(account.id);
    if (decision.territoryId !== null) byTerritory.get(decision.territoryId)?.push(account.id);
    if (decision.candidates.length > 1)
      overlaps.push({ accountId: account.id, territoryIds: decision.candidates.map((candidate) => candidate.territoryId), decidedBy: decision.decidedBy });
  }
  return {
    on,
    territories: [...byTerritory.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([territoryId, accountIds]) => ({ territoryId, accountIds })),
    gaps,
    overlaps,
    issues,
  };
}
