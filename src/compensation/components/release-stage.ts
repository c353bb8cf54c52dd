/* When a share of pay is released: at once, when something happens to the deal, or after a time. */

import { addMonthsToEpochDay } from '../../calendar/date-arithmetic.js';
import { readEpochDay } from '../../calendar/epoch-day.js';
import type { PlainDate } from '../../calendar/plain-date.js';
import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import type { DealEventType } from '../deal-event.js';

/**
 * Events of a deal that release pay. `booking` is the credit itself; an invoice or payment releases in proportion to how much of the deal is invoiced or paid.
 *
 * @category compensation
 */
export type ReleaseEvent = 'booking' | Exclude<DealEventType, 'return' | 'cancellation'>;

/** The events that release pay. */
export const RELEASE_EVENTS: readonly ReleaseEvent[] = ['booking', 'invoice', 'payment', 'delivery', 'acceptance', 'milestone', 'renewal'];

/**
 * When pay is released: by an event of the deal, some months or days after the credit (or after the end of the period in which it was credited), or on a day.
 *
 * @category compensation
 */
export type ReleaseTrigger =
  | { readonly on: ReleaseEvent }
  | { readonly afterMonths: number; readonly from?: 'credit' | 'period-end' }
  | { readonly afterDays: number; readonly from?: 'credit' | 'period-end' }
  | { readonly date: PlainDate };

/** The keys of a trigger. */
export const TRIGGER_KEYS: readonly string[] = ['on', 'afterMonths', 'afterDays', 'from', 'date'];

/** Checks a trigger, which stands in an object with other keys of its owner. */
export function checkTrigger(record: PlainRecord, path: IssuePath, issues: IssueSink): void {
  const given = ['on', 'afterMonths', 'afterDays', 'date'].filter((key) => Object.hasOwn(record, key));
  if (given.length !== 1) {
    issues.push(createIssue('missing_key', path, { expected: 'exactly one of on, afterMonths, afterDays, date', received: given.join(', ') }));
    return;
  }
  if (Object.hasOwn(record, 'on')) checkOneOf(record['on'], RELEASE_EVENTS, [...path, 'on'], issues);
  for (const key of ['afterMonths', 'afterDays']) if (Object.hasOwn(record, key)) checkNumber(record[key], [...path, key], issues, { min: 0, max: 36_600, integer: true });
  if (Object.hasOwn(record, 'date') && (typeof record['date'] !== 'string' || Number.isNaN(readEpochDay(record['date'])))) {
    issues.push(createIssue('invalid_date', [...path, 'date'], { expected: 'a date written YYYY-MM-DD', received: record['date'] }));
  }
  if (!Object.hasOwn(record, 'from')) return;
  checkOneOf(record['from'], ['credit', 'period-end'], [...path, 'from'], issues);
  if (!Object.hasOwn(record, 'afterMonths') && !Object.hasOwn(record, 'afterDays')) {
    issues.push(createIssue('invalid_value', [...path, 'from'], { expected: 'only with afterMonths or afterDays', received: record['from'] }));
  }
}

/** Checks a trigger that stands alone. */
export function checkTriggerRecord(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a trigger such as { on: "payment" } or { afterMonths: 6 }');
  if (record === undefined) return;
  checkKeys(record, TRIGGER_KEYS, path, issues);
  checkTrigger(record, path, issues);
}

/** The day on which a trigger by time is due, or undefined if it is one by event. */
export function dueDayOf(trigger: ReleaseTrigger, creditedOn: number, periodEnd: number): number | undefined {
  if ('on' in trigger) return trigger.on === 'booking' ? creditedOn : undefined;
  if ('date' in trigger) return readEpochDay(trigger.date);
  const start = trigger.from === 'period-end' ? periodEnd : creditedOn;
  return 'afterMonths' in trigger ? addMonthsToEpochDay(start, trigger.afterMonths) : start + trigger.afterDays;
}

/** Says when, for a person. */
export function describeTrigger(trigger: ReleaseTrigger): string {
  if ('on' in trigger) {
    if (trigger.on === 'booking') return 'at once';
    return trigger.on === 'payment' ? 'as the customer pays' : trigger.on === 'invoice' ? 'as the deal is invoiced' : `on ${trigger.on}`;
  }
  if ('date' in trigger) return `on ${trigger.date}`;
  const after = 'afterMonths' in trigger ? `${trigger.afterMonths} months` : `${trigger.afterDays} days`;
  return `${after} after ${trigger.from === 'period-end' ? 'the end of the period' : 'the sale'}`;
}
