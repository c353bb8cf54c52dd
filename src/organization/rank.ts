/* Which of several definitions that claim the same thing goes first: priority, then specificity, then age. Not a public entry. */
import { byText } from './validate-hierarchy.js';

/** What a definition is ranked by. */
export interface Ranked {
  readonly id: string;
  /** Higher goes first. */
  readonly priority: number;
  /** Number of fields it says something about; more goes first. */
  readonly specificity: number;
  /** Older goes first; `null` if not known. */
  readonly createdOn: string | null;
}

/**
 * What decided between the first and the second of those that claim the same thing.
 *
 * @category organization
 */
export type RankedBy = 'only-match' | 'priority' | 'specificity' | 'age';

/** Negative if `a` goes first. Without a difference in rank the id decides the order, so that lists come out the same every time. */
export function compareRank(a: Ranked, b: Ranked): number {
  return b.priority - a.priority || b.specificity - a.specificity || byAge(a, b) || byText(a.id, b.id);
}

function byAge(a: Ranked, b: Ranked): number {
  if (a.createdOn === b.createdOn) return 0;
  if (a.createdOn === null) return 1;
  return b.createdOn === null ? -1 : byText(a.createdOn, b.createdOn);
}

/** Why the first of a ranked list goes before the second; `null` if nothing decides: equal in all, or of unknown age. */
export function rankedBy(first: Ranked, second: Ranked | undefined): RankedBy | null {
  if (second === undefined) return 'only-match';
  if (first.priority !== second.priority) return 'priority';
  if (first.specificity !== second.specificity) return 'specificity';
  return first.createdOn !== null && second.createdOn !== null && first.createdOn !== second.createdOn ? 'age' : null;
}
