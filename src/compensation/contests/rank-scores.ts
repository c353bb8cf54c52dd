/* Ranks, ties and places on exact scores: what every contest shares. Not a public entry. */
import { type Ratio, ratioCompare } from '../../decimal/ratio.js';
import type { ContestRanking, ContestTies } from './contest-entry.js';

/** A score that takes part. */
export interface RankableScore {
  readonly id: string;
  readonly score: Ratio;
  /** Secondary keys; an unknown one counts as the lowest. */
  readonly keys: readonly (Ratio | undefined)[];
}

/** How scores are ranked. */
export interface RankRules {
  readonly ranking: ContestRanking;
  readonly ties: ContestTies;
  readonly lowestFirst: boolean;
}

/** Where a score came to stand. */
export interface RankedScore {
  readonly id: string;
  readonly rank: number;
  /** Everybody on this rank, by id; itself included. */
  readonly tied: readonly string[];
  /** Its place in that list. */
  readonly position: number;
  /** Indexes of the prizes that its group gets: from, and the first one that it does not get. */
  readonly prizes: readonly [number, number];
  /** Among how many these prizes are shared. */
  readonly sharedBy: number;
}

/** Ranks scores, best first; at equal scores by id, so that the order of the input does not show. */
export function rankScores(entries: readonly RankableScore[], rules: RankRules): readonly RankedScore[] {
  const { ranking, ties, lowestFirst } = rules;
  const breaks = ties === 'break' || ranking === 'ordinal';
  const compare = (a: RankableScore, b: RankableScore): number => {
    const order = ratioCompare(b.score, a.score) * (lowestFirst ? -1 : 1);
    return order !== 0 || !breaks ? order : compareKeys(a.keys, b.keys);
  };
  const sorted = [...entries].sort((a, b) => compare(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const groups: RankableScore[][] = [];
  for (const entry of sorted) {
    const group = groups[groups.length - 1];
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && ranking !== 'ordinal' && compare(first, entry) === 0) group.push(entry);
    else groups.push([entry]);
  }
  let before = 0;
  return groups.flatMap((group, index) => {
    const place = before + 1;
    before += group.length;
    const rank = ranking === 'modified' ? before : ranking === 'dense' ? index + 1 : place;
    const alone = ranking === 'dense' || ties === 'duplicate';
    const prizes = alone ? ([rank - 1, rank] as const) : ([place - 1, before] as const);
    const tied = group.map((entry) => entry.id);
    return group.map((entry, position) => ({ id: entry.id, rank, tied, position, prizes, sharedBy: ties === 'duplicate' ? 1 : group.length }));
  });
}

/** Higher keys first; an unknown key after every known one. */
function compareKeys(a: readonly (Ratio | undefined)[], b: readonly (Ratio | undefined)[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const left = a[index];
    const right = b[index];
    if (left === undefined && right === undefined) continue;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    const order = ratioCompare(right, left);
    if (order !== 0) return order;
  }
  return 0;
}
