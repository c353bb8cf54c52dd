import type { IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/** Most trials: the work grows with the square. */
const MAX_TRIALS = 20_000;

/**
 * Distribution of the number of successes among independent trials with different probabilities: element k is P(K = k).
 *
 * Method: dynamic programming, pmf_k ← pmf_k (1 − p) + pmf_(k−1) p, in ascending order of p so that the order of the trials does not matter.
 * All terms are positive, so every element keeps its relative accuracy (about 1e-13), however small. O(n²) time.
 *
 * @param probabilities - one probability from 0 to 1 per trial, at most 20,000
 * @returns n + 1 probabilities that sum to 1
 * @throws DomainError `invalid_type` | `not_finite` | `fraction_out_of_range` | `out_of_range` | `too_long`
 * @example
 * ```ts
 * import { poissonBinomial } from 'dealwright/stats';
 * poissonBinomial([0.5, 0.5]); // => [0.25, 0.5, 0.25]
 * ```
 * @category stats
 */
export function poissonBinomial(probabilities: NumericColumn): number[] {
  const issues: IssueSink = [];
  const column = readColumn(probabilities, ['probabilities'], issues, { min: 0, max: 1 });
  if (column !== undefined && column.length > MAX_TRIALS) {
    issues.push(
      createIssue('too_long', ['probabilities'], { expected: `at most ${MAX_TRIALS} trials`, received: probabilities, hint: 'use distributionOfSum with amounts of 1 for more' }),
    );
  }
  throwIfIssues(issues);
  const sorted = Float64Array.from(column ?? []).sort();
  const pmf = new Float64Array(sorted.length + 1);
  pmf[0] = 1;
  for (let i = 0; i < sorted.length; i += 1) {
    const p = sorted[i] as number; // within bounds
    const q = 1 - p;
    let before = 0;
    for (let k = 0; k <= i + 1; k += 1) {
      const here = pmf[k] as number;
      pmf[k] = here * q + before * p;
      before = here;
    }
  }
  return Array.from(pmf);
}
