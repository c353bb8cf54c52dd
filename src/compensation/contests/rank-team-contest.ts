import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioDivide, ratioFromDecimal, ratioFromScaled } from '../../decimal/ratio.js';
import { checkKeys, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { moneyOfRatio } from '../engine/money-of-ratio.js';
import type { ContestEntry, ContestStanding } from './contest-entry.js';
import { RANK_KEYS, type RankContestOptions, readRankOptions, standingsOf } from './rank-contest.js';
import { type ReadEntry, readEntries, scaleOf, shownScore } from './read-entries.js';
import { shareOut } from './share-out.js';

/**
 * A member of a team that takes part in a contest.
 *
 * @category compensation
 */
export interface TeamContestEntry extends ContestEntry {
  /** The team. */
  readonly team: string;
}

/**
 * How a team comes by its score.
 *
 * @category compensation
 */
export type TeamScore = 'sum' | 'average';

/**
 * How a team's prize goes to its members: in equal parts, in proportion to their scores (those below zero count as zero), or to each of them whole.
 *
 * @category compensation
 */
export type TeamPrizeShares = 'equal' | 'by-score' | 'each';

/**
 * The ways in which a team comes by its score.
 *
 * @category compensation
 */
export const TEAM_SCORES: readonly TeamScore[] = ['sum', 'average'];

/**
 * The ways in which members share.
 *
 * @category compensation
 */
export const TEAM_PRIZE_SHARES: readonly TeamPrizeShares[] = ['equal', 'by-score', 'each'];

/**
 * How a contest of teams is ranked and what it pays.
 *
 * @category compensation
 */
export interface RankTeamContestOptions extends RankContestOptions {
  /** Default `sum`; with metric `quota` and `average`, the mean of the members' fractions of quota. */
  readonly teamScore?: TeamScore;
  /** Default `equal`. */
  readonly shares?: TeamPrizeShares;
}

/**
 * The result of a contest of teams.
 *
 * @category compensation
 */
export interface TeamContestResult {
  /** The teams: by rank, then by id. */
  readonly teams: readonly ContestStanding[];
  /** The members with what each of them gets of the team's prize; rank and number of ties are those of the team. By rank, team and id. */
  readonly members: readonly (ContestStanding & { readonly team: string })[];
}

/**
 * Ranks teams by the scores of their members, and divides their prizes among the members. A member who is not eligible or whose score is not known counts for
 * nothing and gets nothing; a team of nobody else has no rank. The minimum is one for teams. Parts of a prize sum to it to the cent.
 *
 * @param entries - the members, in any order
 * @param options - prizes of the teams, how they score, how members share
 * @returns the teams and the members
 * @throws DomainError as `rankContest`
 * @example
 * ```ts
 * import { rankTeamContest } from 'dealwright/compensation';
 * const members = [{ id: 'ada', team: 'north', score: 60 }, { id: 'bob', team: 'north', score: 20 }, { id: 'cleo', team: 'south', score: 70 }];
 * const result = rankTeamContest(members, { prizes: [{ amount: '900', currency: 'EUR' }], shares: 'by-score' });
 * result.teams.map((team) => [team.rank, team.id, team.score]); // => [[1, 'north', '80'], [2, 'south', '70']]
 * result.members.map((member) => [member.id, member.prize.amount]); // => [['ada', '675.00'], ['bob', '225.00'], ['cleo', '0.00']]
 * ```
 * @category compensation
 */
export function rankTeamContest(entries: readonly TeamContestEntry[], options: RankTeamContestOptions): TeamContestResult {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, [...RANK_KEYS, 'teamScore', 'shares'], ['options'], issues);
  if (record['teamScore'] !== undefined) checkOneOf(record['teamScore'], TEAM_SCORES, ['options', 'teamScore'], issues);
  if (record['shares'] !== undefined) checkOneOf(record['shares'], TEAM_PRIZE_SHARES, ['options', 'shares'], issues);
  const { rules, prizes, metric, minimum } = readRankOptions(record, issues);
  const members = readEntries(entries, metric, undefined, issues, ['team']);
  throwIfIssues(issues);
  const currency = prizes[0]?.currency ?? '';
  const scale = scaleOf(prizes);
  const teams = teamsOf(members, options.teamScore ?? 'sum', minimum);
  const standings = standingsOf(
    teams.map((team) => team.entry),
    rules,
    prizes.map((prize) => ratioFromDecimal(prize.amount)),
    scale,
  );
  const byId = new Map(teams.map((team) => [team.entry.id, team]));
  return {
    teams: standings.map(({ entry, rank, tied, prize }) => ({
      id: entry.id,
      rank,
      score: shownScore(entry.value),
      tied,
      prize: moneyOfRatio(prize, currency),
      ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    })),
    members: standings.flatMap(({ entry, rank, tied, prize }) => {
      const team = byId.get(entry.id);
      const prizesOf = memberPrizes(team?.scoring ?? [], prize, options.shares ?? 'equal', scale);
      return [...(team?.all ?? [])].map((member) => ({
        id: member.id,
        team: entry.id,
        rank,
        score: shownScore(member.value),
        tied,
        prize: moneyOfRatio(prizesOf.get(member.id) ?? RATIO_ZERO, currency),
        ...(member.reason === undefined ? {} : { reason: member.reason }),
      }));
    }),
  };
}

/** A team with its members by id, and those of them who count. */
export interface ReadTeam {
  readonly entry: ReadEntry;
  readonly all: readonly ReadEntry[];
  readonly scoring: readonly ReadEntry[];
}

/** Puts members together into teams. Secondary keys are added up, where they are known for all. */
export function teamsOf(members: readonly ReadEntry[], score: TeamScore, minimum: Ratio | undefined): readonly ReadTeam[] {
  const groups = new Map<string, ReadEntry[]>();
  for (const member of [...members].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const id = member.team ?? '';
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [member]);
    else group.push(member);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, all]): ReadTeam => {
      const scoring = all.filter((member) => member.reason === undefined && member.value !== undefined);
      const sum = scoring.reduce((total, member) => ratioAdd(total, member.value ?? RATIO_ZERO), RATIO_ZERO);
      const value = scoring.length === 0 ? undefined : score === 'sum' ? sum : ratioDivide(sum, ratioFromScaled(scoring.length, 0));
      const reason = value === undefined ? 'no-score' : minimum !== undefined && ratioCompare(value, minimum) < 0 ? 'below-minimum' : undefined;
      return { entry: { id, value, keys: sumOfKeys(scoring), reason, team: undefined }, all, scoring };
    });
}

function sumOfKeys(members: readonly ReadEntry[]): readonly (Ratio | undefined)[] {
  const length = members.reduce((most, member) => Math.max(most, member.keys.length), 0);
  return Array.from({ length }, (_, place) => {
    const known = members.flatMap((member) => member.keys[place] ?? []);
    return known.length === members.length ? known.reduce(ratioAdd, RATIO_ZERO) : undefined;
  });
}

/** What each member who counts gets of the prize of the team. */
export function memberPrizes(members: readonly ReadEntry[], prize: Ratio, shares: TeamPrizeShares, scale: number): ReadonlyMap<string, Ratio> {
  if (shares === 'each') return new Map(members.map((member) => [member.id, prize]));
  const parts = shareOut(
    prize,
    members.map((member) => (shares === 'by-score' ? (member.value ?? RATIO_ZERO) : { n: 1n, d: 1n })),
    scale,
  );
  return new Map(members.map((member, index) => [member.id, ratioAdd(parts[index]?.base ?? RATIO_ZERO, parts[index]?.rest ?? RATIO_ZERO)]));
}
