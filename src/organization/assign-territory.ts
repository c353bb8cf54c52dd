import { readEpochDay } from '../calendar/epoch-day.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { checkKeys, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { type TerritorySubject, validateAccount } from './account.js';
import { compareRank, type RankedBy, rankedBy } from './rank.js';
import type { Territory } from './territory.js';
import { readDay } from './validate-hierarchy.js';
import { type ReadTerritory, readTerritories } from './validate-territories.js';

/**
 * A territory that claims an account, with what it is ranked by.
 *
 * @category organization
 */
export interface TerritoryCandidate {
  /** The territory. */
  readonly territoryId: string;
  /** Higher goes first. */
  readonly priority: number;
  /** Number of different fields it sets conditions on. */
  readonly specificity: number;
  /** `null` if not known. */
  readonly createdOn: PlainDate | null;
}

/**
 * Which territory an account belongs to on a day, and why.
 *
 * @category organization
 */
export interface TerritoryDecision {
  /** The account. */
  readonly accountId: string;
  /** The day asked for. */
  readonly on: PlainDate;
  /** `null` if there is none, or if two have equal rank. */
  readonly territoryId: string | null;
  /** Why there is no territory. */
  readonly reason: 'no-territory' | 'ambiguous' | null;
  /** What decided between the first candidate and the second. */
  readonly decidedBy: RankedBy | null;
  /** Every territory that claims the account on that day, by rank. */
  readonly candidates: readonly TerritoryCandidate[];
  /** `ambiguous_territory` where two have equal rank. */
  readonly issues: readonly Issue[];
}

/**
 * Options of {@link assignTerritory} and {@link territoryCoverage}.
 *
 * @category organization
 */
export interface AssignTerritoryOptions {
  /** The territories that there are. */
  readonly territories: readonly Territory[];
  /** The day: only territories in force on it count. */
  readonly on: PlainDate;
}

/**
 * Finds the territory of an account: of all whose conditions hold on that day, the one with the highest priority, then the most specific (conditions on more
 * fields), then the oldest. Two that nothing tells apart are an issue, and the account is given to neither.
 *
 * @param account - the account, or an account with what is sold to it
 * @param options - territories and day
 * @returns the territory, every candidate by rank, and what decided
 * @throws DomainError with everything that is wrong with the account, the territories or the day
 * @example
 * ```ts
 * import { assignTerritory, type Territory } from 'dealwright/organization';
 * const territories: Territory[] = [
 *   { id: 'germany', kind: 'geographic', where: { country: 'DE' } },
 *   { id: 'berlin', kind: 'geographic', where: { country: 'DE', postalCode: { prefix: ['10', '12', '13', '14'] } } },
 *   { id: 'key-accounts', kind: 'named-account', where: { id: { in: ['siemens'] } } },
 * ];
 * const decision = assignTerritory({ id: 'acme', country: 'DE', postalCode: '10115' }, { territories, on: '2026-02-14' });
 * decision.territoryId; // => 'berlin'
 * decision.decidedBy; // => 'specificity'
 * assignTerritory({ id: 'siemens', country: 'DE', postalCode: '10115' }, { territories, on: '2026-02-14' }).territoryId; // => 'key-accounts'
 * ```
 * @category organization
 */
export function assignTerritory(account: TerritorySubject, options: AssignTerritoryOptions): TerritoryDecision {
  const issues: IssueSink = [...validateAccount(account, ['account'])];
  const { territories, on } = readTerritoryOptions(options, issues);
  throwIfIssues(issues);
  return decideTerritory(account, territories, on);
}

/** The options of a question about territories. Not a public entry. */
export function readTerritoryOptions(options: unknown, issues: IssueSink): { readonly territories: readonly ReadTerritory[]; readonly on: PlainDate } {
  const record = checkRecord(options, ['options'], issues, 'options { territories, on }');
  if (record === undefined) return { territories: [], on: '' };
  checkKeys(record, ['territories', 'on'], [], issues);
  const territories = readTerritories(record['territories'], ['territories'], issues);
  readDay(record['on'], ['on'], issues);
  // A text that is no date has just become an issue.
  return { territories, on: record['on'] as PlainDate };
}

/** Ranks the territories that hold a checked account on a day. Not a public entry. */
export function decideTerritory(account: TerritorySubject, territories: readonly ReadTerritory[], on: PlainDate): TerritoryDecision {
  const day = readEpochDay(on);
  const matching = territories.filter((territory) => day >= territory.start && day < territory.end && territory.holds(account)).sort(compareRank);
  const [first, second] = matching;
  const decidedBy = first === undefined ? null : rankedBy(first, second);
  const ambiguous = first !== undefined && decidedBy === null;
  return {
    accountId: account.id,
    on,
    territoryId: first === undefined || ambiguous ? null : first.id,
    reason: first === undefined ? 'no-territory' : ambiguous ? 'ambiguous' : null,
    decidedBy,
    candidates: matching.map(({ id, priority, specificity, createdOn }) => ({ territoryId: id, priority, specificity, createdOn })),
    issues: ambiguous
      ? [
          createIssue('ambiguous_territory', ['account', 'id'], {
            expected: 'territories that differ in priority, specificity or age',
            received: account.id,
            hint: `claimed alike by ${first.id} and ${second?.id ?? ''}: give one of them a priority`,
          }),
        ]
      : [],
  };
}
