/*
 * A cut in time, read once per call: what was known strictly before it. Not a public entry.
 */
import { fromEpochDay, isEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import { instantReaderOf } from '../calendar/instant-of.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { readZone, type ZoneClock } from '../calendar/time-zone.js';
import type { Deal } from '../deals/deal.js';
import { type AssumableDealField, createDealReplay, type DealAsOf, type DealReplay } from '../deals/deal-as-of.js';
import type { EventTime } from '../deals/deal-event.js';
import type { IssueSink } from '../errors/checks.js';
import { isDomainError } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/** See above. */
export interface Cut {
  /** As it was given. */
  readonly asOf: EventTime;
  readonly timeZone: string;
  readonly clock: ZoneClock;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The last day of which anything is known: the day before a date, the day of an instant. Its rates are the last that may be used. */
  readonly lastDay: PlainDate;
  readonly replay: DealReplay;
  readonly timeOf: (at: unknown) => number;
}

/** Reads a cut; undefined with issues. */
export function checkCut(asOf: unknown, timeZone: unknown, assumeUnchanged: unknown, path: IssuePath, issues: IssueSink): Cut | undefined {
  const zone = timeZone ?? 'UTC';
  const clock = readZone(zone, ['timeZone']);
  const at = asOf === undefined ? createIssue('missing_key', path, { expected: 'a cut: an instant with offset, or a date' }) : readEventTime(asOf, path);
  if ('code' in clock && !issues.some((issue) => issue.path[0] === 'timeZone')) issues.push(clock);
  if (typeof at !== 'string') issues.push(at);
  if ('code' in clock || typeof at !== 'string' || typeof zone !== 'string') return undefined;
  const timeOf = instantReaderOf(clock);
  const time = timeOf(at);
  // The last instant before the cut.
  const lastDay = clock.dayAt(time - 1);
  if (!isEpochDay(lastDay)) {
    issues.push(createIssue('out_of_range', path, { expected: 'a cut after 0001-01-01', received: at }));
    return undefined;
  }
  try {
    // The replay checks the fields itself.
    const assumed = assumeUnchanged === undefined ? {} : { assumeUnchanged: assumeUnchanged as readonly AssumableDealField[] };
    const replay = createDealReplay(at, { timeZone: zone, ...assumed });
    return { asOf: at, timeZone: zone, clock, time, lastDay: fromEpochDay(lastDay), replay, timeOf };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    if (!issues.some((issue) => issue.path[0] === 'assumeUnchanged')) issues.push(...error.issues);
    return undefined;
  }
}

/** What a deal was at the cut; undefined with issues where it cannot be replayed, so that one deal does not stop the others. */
export function replayAt(deal: Deal<object>, index: number, cut: Cut, issues: IssueSink): DealAsOf | undefined {
  try {
    return cut.replay(deal);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    issues.push(...error.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    return undefined;
  }
}

/** The issue of a deal of which the cut does not tell enough. */
export function notRecorded(past: DealAsOf, index: number): ReturnType<typeof createIssue> {
  const reason = past.unknown.find(({ field }) => field === 'existence' || field === 'status' || field === 'stageId')?.reason ?? 'not-in-history';
  return createIssue('missing_date', [index, 'history'], {
    message: 'The stage of the deal at the cut is not recorded.',
    expected: `a history before ${past.asOf}`,
    received: reason,
  });
}
