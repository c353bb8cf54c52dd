import { checkKeys, checkRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import type { Issue } from '../errors/issue.js';
import { type NumericColumn, readBinaryColumn, readColumn } from './numeric-column.js';

/**
 * Probabilities that were stated and what happened, as columns with one entry per case.
 *
 * @category stats
 */
export interface ProbabilityForecasts {
  /** Stated probability of the event, a fraction. */
  readonly probability: NumericColumn;
  /** 1 (true) if the event happened, 0 (false) if not. */
  readonly outcome: NumericColumn | readonly boolean[];
}

/** Columns after reading. */
export interface ReadForecasts {
  readonly probability: Float64Array;
  readonly outcome: Uint8Array;
  readonly count: number;
}

/** Reads the forecasts and the options of a score; throws with everything that is wrong. */
export function readForecasts(
  data: unknown,
  options: unknown,
  keys: readonly string[],
  check?: (settings: Readonly<Record<string, unknown>>, issues: Issue[]) => void,
): ReadForecasts {
  const issues: Issue[] = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, keys, ['options'], issues);
  check?.(settings, issues);
  const record = checkRecord(data, [], issues) ?? {};
  checkKeys(record, ['probability', 'outcome'], [], issues);
  const probability = readColumn(record['probability'], ['probability'], issues, { min: 0, max: 1, atLeast: 1 });
  const outcome = readBinaryColumn(record['outcome'], ['outcome'], issues, probability === undefined ? {} : { length: probability.length });
  throwIfIssues(issues);
  if (probability === undefined || outcome === undefined) throw createDomainError('empty', []);
  return { probability: Float64Array.from(probability), outcome, count: outcome.length };
}
