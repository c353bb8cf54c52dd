/*
 * What was known at a time: records that became known later do not count, and of two records about the same thing the one that became known last does.
 */
import { instantOf } from '../../calendar/instant-of.js';
import { type IssueSink, isPlainRecord, type PlainRecord } from '../../errors/checks.js';
import { isDomainError } from '../../errors/domain-error.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';

/** Reads when things became known. */
export interface Knowledge {
  /** Epoch milliseconds at which a record became known; −Infinity if it always was; NaN if its `recordedAt` cannot be read. */
  readonly recordedAt: (record: PlainRecord, path: IssuePath, issues: IssueSink) => number;
  /** Whether something of that time is known. */
  readonly isKnown: (recordedAt: number) => boolean;
}

/** Makes the reader from the call's `knownAsOf` and `timeZone`. */
export function readKnowledge(knownAsOf: unknown, timeZone: unknown, issues: IssueSink): Knowledge {
  const zone = timeZone === undefined ? 'UTC' : timeZone;
  const read = (value: unknown, path: IssuePath, sink: IssueSink): number => {
    if (typeof value !== 'string' || typeof zone !== 'string') {
      sink.push(createIssue('invalid_type', path, { expected: 'an instant with offset, or a date', received: value }));
      return Number.NaN;
    }
    try {
      return instantOf(value, { timeZone: zone });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      for (const issue of error.issues) sink.push(issue.code === 'invalid_time_zone' ? { ...issue, path: ['timeZone'] } : { ...issue, path });
      return Number.NaN;
    }
  };
  if (timeZone !== undefined) read('2000-01-01', ['timeZone'], issues);
  const cut = knownAsOf === undefined ? Number.POSITIVE_INFINITY : read(knownAsOf, ['knownAsOf'], issues);
  return {
    recordedAt: (record, path, sink) => (record['recordedAt'] === undefined ? Number.NEGATIVE_INFINITY : read(record['recordedAt'], [...path, 'recordedAt'], sink)),
    isKnown: (recordedAt) => recordedAt < cut,
  };
}

/**
 * Which of several records about the same thing stands: the one that became known last. Two that became known at the same time both stand, for the caller to
 * refuse. Gives the indexes of those that do not stand: unknown yet, or superseded.
 */
export function supersededRecords(
  list: readonly unknown[],
  keyOf: (record: PlainRecord) => string | undefined,
  knowledge: Knowledge,
  path: IssuePath,
  issues: IssueSink,
): ReadonlySet<number> {
  const gone = new Set<number>();
  const standing = new Map<string, { readonly index: number; readonly at: number }>();
  list.forEach((record, index) => {
    if (!isPlainRecord(record)) return;
    const at = knowledge.recordedAt(record, [...path, index], issues);
    if (Number.isNaN(at) || !knowledge.isKnown(at)) {
      gone.add(index);
      return;
    }
    const key = keyOf(record);
    if (key === undefined) return;
    const other = standing.get(key);
    if (other === undefined) standing.set(key, { index, at });
    else if (at > other.at) {
      gone.add(other.index);
      standing.set(key, { index, at });
    } else if (at < other.at) gone.add(index);
  });
  return gone;
}
