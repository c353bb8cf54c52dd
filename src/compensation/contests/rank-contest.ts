import type { DecimalInput } from '../../decimal/parse-decimal.js';
import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioFromDecimal } from '../../decimal/ratio.js';
import { checkKeys, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import type { Money } from '../../money/money.js';
import { moneyOfRatio } from '../engine/money-of-ratio.js';
import { CONTEST_RANKINGS, CONTEST_TIES, type ContestEntry, type ContestMetric, type ContestRanking, type ContestStanding, type ContestTies } from './contest-entry.js';
import { type RankRules, rankScores } from './rank-scores.js';
import { type ReadEntry, readEntries, readMetric, readPrizes, scaleOf, shownScore, sumOfPrizes } from './read-entries.js';
import { type SharedPart, shareOut } from './share-out.js';

/**
 * How a contest is ranked and what it pays.
 *
 * @category compensation
 */
export interface RankContestOptions {
  /** Prizes, best place first, in one currency, none negative. With `modified` and `dense` ranks the prize of a rank is the one at its number. */
  readonly prizes: readonly Money[];
  /** How ranks are counted. Default `standard`: 1, 2, 2, 4. */
  readonly ranking?: ContestRanking;
  /** What prizes do at equal scores. Default `share`. */
  readonly ties?: ContestTies;
  /** What is compared. Default `raw`. */
  readonly metric?: ContestMetric;
  /** Entries below it are not ranked: in the unit of the score, or a fraction of quota. */
  readonly minimum?: DecimalInput;
  /** Whether the highest score wins (default) or the lowest. */
  readonly order?: 'highest-first' | 'lowest-first';
}

/** The options of rankings. */
export const RANK_KEYS = ['prizes', 'ranking', 'ties', 'metric', 'minimum', 'order'];

/**
 * Ranks the entries of a contest and shares out its prizes, exactly. Where `t` entries with equal scores fill the places `k … k+t−1`, each gets
 * `(prize k + … + prize k+t−1) / t`: what is paid never exceeds the prizes. A share that does not end at the currency's minor unit is rounded down, and the units
 * left over go one each to the first of the group by id, so that the shares sum to the prizes to the cent.
 *
 * Entries that are not eligible, whose score or quota is not known, or that are below the minimum have no rank, take no place, and say why.
 *
 * @param entries - who takes part, in any order
 * @param options - prizes, ranking, ties, metric
 * @returns one standing for every entry: by rank, then by id; those without a rank last
 * @throws DomainError `duplicate_id` | `missing_key` | `unknown_key` | `reserved_key` | `invalid_type` | `invalid_value` | `invalid_decimal` | `precision_exceeded` |
 *   `not_finite` | `empty` | `too_long` | `invalid_currency` | `currency_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { rankContest } from 'dealwright/compensation';
 * const prizes = [{ amount: '1000', currency: 'USD' }, { amount: '500', currency: 'USD' }, { amount: '200', currency: 'USD' }];
 * const standings = rankContest([{ id: 'ada', score: 90 }, { id: 'bob', score: 70 }, { id: 'cleo', score: 70 }, { id: 'dan', score: 50 }], { prizes });
 * standings.map((standing) => [standing.rank, standing.id, standing.prize.amount]); // => [[1, 'ada', '1000.00'], [2, 'bob', '350.00'], [2, 'cleo', '350.00'], [4, 'dan', '0.00']]
 * ```
 * @category compensation
 */
export function rankContest(entries: readonly ContestEntry[], options: RankContestOptions): readonly ContestStanding[] {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, RANK_KEYS, ['options'], issues);
  const { rules, prizes, metric, minimum } = readRankOptions(record, issues);
  const read = readEntries(entries, metric, minimum, issues);
  throwIfIssues(issues);
  const amounts = prizes.map((prize) => ratioFromDecimal(prize.amount));
  const currency = prizes[0]?.currency ?? '';
  return standingsOf(read, rules, amounts, scaleOf(prizes)).map(({ entry, rank, tied, prize }) => ({
    id: entry.id,
    rank,
    score: shownScore(entry.value),
    tied,
    prize: moneyOfRatio(prize, currency),
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
  }));
}

/** Reads what rankings of single entries and of teams have in common. */
export function readRankOptions(
  record: PlainRecord,
  issues: IssueSink,
): { readonly rules: RankRules; readonly prizes: readonly Money[]; readonly metric: ContestMetric; readonly minimum: Ratio | undefined } {
  const prizes = readPrizes(record['prizes'], ['options', 'prizes'], issues);
  const ranking = record['ranking'] === undefined ? 'standard' : (checkOneOf(record['ranking'], CONTEST_RANKINGS, ['options', 'ranking'], issues) ?? 'standard');
  const ties = record['ties'] === undefined ? 'share' : (checkOneOf(record['ties'], CONTEST_TIES, ['options', 'ties'], issues) ?? 'share');
  if (record['order'] !== undefined) checkOneOf(record['order'], ['highest-first', 'lowest-first'], ['options', 'order'], issues);
  return { rules: { ranking, ties, lowestFirst: record['order'] === 'lowest-first' }, prizes, ...readMetric(record, issues) };
}

/** An entry with its rank and exact prize. */
export interface ExactStanding {
  readonly entry: ReadEntry;
  readonly rank: number | null;
  readonly tied: number;
  readonly prize: Ratio;
}

/** Ranks what can be ranked; the rest comes last, by id. */
export function standingsOf(entries: readonly ReadEntry[], rules: RankRules, prizes: readonly Ratio[], scale: number): readonly ExactStanding[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const rankable = entries.flatMap((entry) => (entry.reason !== undefined || entry.value === undefined ? [] : [{ id: entry.id, score: entry.value, keys: entry.keys }]));
  const groups = new Map<readonly string[], readonly SharedPart[]>();
  const ranked = rankScores(rankable, rules).flatMap((place): readonly ExactStanding[] => {
    const entry = byId.get(place.id);
    if (entry === undefined) return [];
    const shares = groups.get(place.tied) ?? shareOut(sumOfPrizes(prizes, place.prizes), new Array<Ratio>(place.sharedBy).fill(RATIO_ONE), scale);
    groups.set(place.tied, shares);
    const part = shares[place.sharedBy === 1 ? 0 : place.position];
    return [{ entry, rank: place.rank, tied: place.tied.length, prize: part === undefined ? RATIO_ZERO : ratioAdd(part.base, part.rest) }];
  });
  const rest = entries.filter((entry) => entry.reason !== undefined || entry.value === undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
  return [...ranked, ...rest.map((entry) => ({ entry, rank: null, tied: 0, prize: RATIO_ZERO }))];
}
