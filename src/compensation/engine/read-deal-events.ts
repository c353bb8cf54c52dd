/* The events of deals, checked once and looked up by deal. */

import { readEpochDay } from '../../calendar/epoch-day.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { type DealEventRecord, validateDealEvent } from '../deal-event.js';

/** The events of a run. */
export interface DealEventBook {
  /** In the declared order: day, then id. */
  readonly all: readonly DealEventRecord[];
  readonly byDeal: ReadonlyMap<string, readonly DealEventRecord[]>;
}

/**
 * Reads the events given and those that the state kept. Unsound ones are reported and set aside; those on the day of the cut or later do not count yet.
 * An event that the state knows is not counted twice; the one given now replaces it.
 */
export function readDealEvents(given: readonly unknown[], superseded: ReadonlySet<number>, stored: readonly DealEventRecord[], cut: number, issues: Issue[]): DealEventBook {
  const byId = new Map<string, DealEventRecord>();
  for (const event of stored) byId.set(event.id, event);
  const seen = new Set<string>();
  given.forEach((value, index) => {
    if (superseded.has(index)) return;
    const problems = validateDealEvent(value, ['dealEvents', index]);
    issues.push(...problems);
    if (problems.length > 0) return;
    const event = value as DealEventRecord;
    if (seen.has(event.id)) {
      issues.push(createIssue('duplicate_id', ['dealEvents', index, 'id'], { received: event.id, hint: 'an event counts once; the first one counts' }));
      return;
    }
    seen.add(event.id);
    if (readEpochDay(event.on) < cut) byId.set(event.id, event);
  });
  const all = [...byId.values()].sort((a, b) => byText(a.on, b.on) || byText(a.id, b.id));
  const byDeal = new Map<string, DealEventRecord[]>();
  for (const event of all) {
    const list = byDeal.get(event.dealId);
    if (list === undefined) byDeal.set(event.dealId, [event]);
    else list.push(event);
  }
  return { all, byDeal };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
