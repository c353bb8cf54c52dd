import type { DecimalInput } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, RATIO_ZERO, ratioAdd, ratioCompare, ratioFromDecimal } from '../../decimal/ratio.js';
import { checkKeys, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import type { Money } from '../../money/money.js';
import { moneyOfRatio } from '../engine/money-of-ratio.js';
import type { ContestEntry, ContestMetric, ContestStanding } from './contest-entry.js';
import { readEntries, readMetric, readPrize, readRatio, scaleOf, shownScore } from './read-entries.js';
import { shareOut } from './share-out.js';

/**
 * What everybody who reaches a goal wins.
 *
 * @category compensation
 */
export interface AwardGoalContestOptions {
  /** Who reaches it or more wins: in the unit of the score, or a fraction of quota. */
  readonly goal: DecimalInput;
  /** For each winner. One of `prize` and `pool`. */
  readonly prize?: Money;
  /** Divided equally among the winners, to the cent; the units left over go to the first by id. */
  readonly pool?: Money;
  /** What is compared with the goal. Default `raw`. */
  readonly metric?: ContestMetric;
}

/**
 * A contest against a goal instead of each other: everybody who reaches it wins. Winners have rank 1; `tied` says how many there are. Who has not reached it has
 * no rank (`below-minimum`).
 *
 * @param entries - who takes part, in any order
 * @param options - the goal, and the prize for each or a pool for all
 * @returns one standing for every entry: winners first, then by id
 * @throws DomainError as `rankContest`
 * @example
 * ```ts
 * import { awardGoalContest } from 'dealwright/compensation';
 * const entries = [{ id: 'ada', score: 12, quota: 10 }, { id: 'bob', score: 9, quota: 10 }, { id: 'cleo', score: 30, quota: 30 }];
 * const pool = { amount: '1000.01', currency: 'USD' };
 * awardGoalContest(entries, { goal: '1', metric: 'quota', pool }).map((entry) => [entry.id, entry.rank, entry.prize.amount]); // => [['ada', 1, '500.01'], ['cleo', 1, '500.00'], ['bob', null, '0.00']]
 * ```
 * @category compensation
 */
export function awardGoalContest(entries: readonly ContestEntry[], options: AwardGoalContestOptions): readonly ContestStanding[] {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['goal', 'prize', 'pool', 'metric'], ['options'], issues);
  const { metric } = readMetric(record, issues);
  const goal = readRatio(record['goal'], ['options', 'goal'], issues);
  const given = (['prize', 'pool'] as const).filter((key) => Object.hasOwn(record, key));
  const [key] = given;
  if (given.length !== 1 || key === undefined)
    issues.push(createIssue('missing_key', ['options'], { expected: 'exactly one of prize, pool', received: given.join(', ') || 'none' }));
  const money = key === undefined ? undefined : readPrize(record[key], ['options', key], issues);
  const read = readEntries(entries, metric, goal, issues);
  throwIfIssues(issues);
  if (money === undefined) return [];
  const sorted = [...read].sort((a, b) => (a.id < b.id ? -1 : 1));
  const winners = sorted.filter((entry) => entry.reason === undefined && entry.value !== undefined && (goal === undefined || ratioCompare(entry.value, goal) >= 0));
  const won = new Set(winners);
  const amount = ratioFromDecimal(money.amount);
  const parts =
    key === 'pool'
      ? shareOut(
          amount,
          winners.map(() => RATIO_ONE),
          scaleOf([money]),
        )
      : [];
  const zero = moneyOfRatio(RATIO_ZERO, money.currency);
  return [
    ...winners.map((entry, index) => {
      const part = parts[index];
      return {
        id: entry.id,
        rank: 1,
        score: shownScore(entry.value),
        tied: winners.length,
        prize: moneyOfRatio(part === undefined ? amount : ratioAdd(part.base, part.rest), money.currency),
      };
    }),
    ...sorted
      .filter((entry) => !won.has(entry))
      .map((entry) => ({ id: entry.id, rank: null, score: shownScore(entry.value), tied: 0, prize: zero, reason: entry.reason ?? ('below-minimum' as const) })),
  ];
}
