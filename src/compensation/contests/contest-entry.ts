import type { DecimalInput } from '../../decimal/parse-decimal.js';
import type { Money } from '../../money/money.js';

/**
 * How ranks are counted where scores are equal.
 *
 * - `standard`: 1, 2, 2, 4: equal scores get the better rank, and the ranks they fill are skipped
 * - `modified`: 1, 3, 3, 4: equal scores get the worse rank
 * - `dense`: 1, 2, 2, 3: no rank is skipped
 * - `ordinal`: 1, 2, 3, 4: every rank once; equal scores are told apart by secondary keys, and then by id
 *
 * @category compensation
 */
export type ContestRanking = 'standard' | 'modified' | 'dense' | 'ordinal';

/**
 * The ways of counting ranks.
 *
 * @category compensation
 */
export const CONTEST_RANKINGS: readonly ContestRanking[] = ['standard', 'modified', 'dense', 'ordinal'];

/**
 * What prizes do at equal scores.
 *
 * - `share`: the prizes of all places that the group fills are added up and divided equally (with dense ranks: the one prize of the rank), so that no more is
 *   paid than the prizes are worth
 * - `duplicate`: everybody in the group gets the prize of the rank, whole
 * - `break`: secondary keys decide; who is equal in those too shares
 *
 * @category compensation
 */
export type ContestTies = 'share' | 'duplicate' | 'break';

/**
 * The ways of treating ties.
 *
 * @category compensation
 */
export const CONTEST_TIES: readonly ContestTies[] = ['share', 'duplicate', 'break'];

/**
 * What is compared: the score itself, or the score as a fraction of the entry's quota.
 *
 * @category compensation
 */
export type ContestMetric = 'raw' | 'quota';

/**
 * The metrics of contests.
 *
 * @category compensation
 */
export const CONTEST_METRICS: readonly ContestMetric[] = ['raw', 'quota'];

/**
 * Somebody who takes part in a contest. What was returned or cancelled has to be taken off the score before.
 *
 * @category compensation
 */
export interface ContestEntry {
  /** Unique among the entries. */
  readonly id: string;
  /** What they have reached, in any unit; null if it is not known. */
  readonly score: DecimalInput | null;
  /** Their target, in the unit of the score; for metric `quota`. */
  readonly quota?: DecimalInput | null;
  /** Secondary keys, higher first, in their order: what decides at equal scores. */
  readonly tieBreakers?: readonly (DecimalInput | null)[];
  /** False for somebody who may not win: they are listed without a rank and take no place. Default true. */
  readonly eligible?: boolean;
}

/**
 * Why an entry has no rank.
 *
 * - `not-eligible`: it was marked so
 * - `no-score`: its score is not known
 * - `no-quota`: its quota is missing, zero or negative, so the fraction of quota is not defined
 * - `below-minimum`: it has not reached the minimum
 *
 * @category compensation
 */
export type ContestExclusion = 'not-eligible' | 'no-score' | 'no-quota' | 'below-minimum';

/**
 * Where an entry came to stand, and what it wins.
 *
 * @category compensation
 */
export interface ContestStanding {
  /** The entry. */
  readonly id: string;
  /** From 1; null without rank. */
  readonly rank: number | null;
  /** What was compared: the score, or its fraction of quota. Canonical decimal, rounded half-even to 12 decimals where it does not end; null if not known. */
  readonly score: string | null;
  /** How many stand on this rank, the entry included; 0 without rank. */
  readonly tied: number;
  /** What it wins; zero if nothing. */
  readonly prize: Money;
  /** Why it has no rank; absent where it has one. */
  readonly reason?: ContestExclusion;
}
