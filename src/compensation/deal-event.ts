import { readEpochDay } from '../calendar/epoch-day.js';
import type { PlainDate } from '../calendar/plain-date.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkId, checkKeys, checkOneOf, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { validateMoney } from '../money/read-money.js';

/**
 * What happened to a deal after it was credited: it was invoiced, paid, delivered, accepted, renewed, returned or cancelled, or reached a milestone.
 * (The booking is the credit itself.)
 *
 * @category compensation
 */
export type DealEventType = 'invoice' | 'payment' | 'delivery' | 'acceptance' | 'milestone' | 'renewal' | 'return' | 'cancellation';

/**
 * The types of deal events.
 *
 * @category compensation
 */
export const DEAL_EVENT_TYPES: readonly DealEventType[] = ['invoice', 'payment', 'delivery', 'acceptance', 'milestone', 'renewal', 'return', 'cancellation'];

/**
 * Something that happened to a deal and that releases, cancels or takes back pay. Events belong to the deal: every payee with credit on it is concerned.
 *
 * How much of the deal an event is about: its `share`, or else its `amount` over the deal's `total`; a cancellation, delivery or the like without
 * either is about the whole deal. An invoice or a payment needs one of the two.
 *
 * @category compensation
 */
export interface DealEventRecord {
  /** Unique among the events of a run; an event that the state knows already is not counted again. */
  readonly id: string;
  /** The deal; for a credit without deal, the id of the credit. */
  readonly dealId: string;
  /** What happened. */
  readonly type: DealEventType;
  /** The day on which it happened. */
  readonly on: PlainDate;
  /** Money invoiced, paid or returned, in any currency, the same as `total`. Negative takes an earlier event back. */
  readonly amount?: Money;
  /** Fraction of the whole deal, exact decimal text; goes before `amount`. */
  readonly share?: string;
  /** What the whole deal comes to, in the currency of `amount`. Once is enough: the latest event that states it counts. */
  readonly total?: Money;
  /** When it became known, for answers as of an earlier state of knowledge. */
  readonly recordedAt?: string;
}

/** The keys of a deal event. */
export const DEAL_EVENT_KEYS = ['id', 'dealId', 'type', 'on', 'amount', 'share', 'total', 'recordedAt'] as const satisfies readonly (keyof DealEventRecord)[];

/**
 * Finds everything that is wrong with a deal event.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues; empty if it is a deal event
 * @example
 * ```ts
 * import { validateDealEvent } from 'dealwright/compensation';
 * validateDealEvent({ id: 'e1', dealId: 'd1', type: 'payment', on: '2026-02-14', share: '0.5' }); // => []
 * validateDealEvent({ id: 'e1', dealId: 'd1', type: 'payment', on: '2026-02-14' })[0]?.code; // => 'missing_key'
 * ```
 * @category compensation
 */
export function validateDealEvent(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  const record = checkRecord(value, path, issues, 'a deal event { id, dealId, type, on }');
  if (record === undefined) return issues;
  checkKeys(record, DEAL_EVENT_KEYS, path, issues);
  checkId(record['id'], [...path, 'id'], issues);
  checkId(record['dealId'], [...path, 'dealId'], issues);
  const type = checkOneOf(record['type'], DEAL_EVENT_TYPES, [...path, 'type'], issues);
  if (typeof record['on'] !== 'string' || Number.isNaN(readEpochDay(record['on']))) {
    issues.push(createIssue('invalid_date', [...path, 'on'], { expected: 'a date written YYYY-MM-DD', received: record['on'] }));
  }
  for (const field of ['amount', 'total']) if (Object.hasOwn(record, field)) issues.push(...validateMoney(record[field], [...path, field]));
  if (Object.hasOwn(record, 'share')) {
    const at = [...path, 'share'];
    const share =
      typeof record['share'] === 'string' ? readDecimal(record['share'], at) : createIssue('invalid_type', at, { expected: 'a decimal text', received: record['share'] });
    if (typeof share !== 'string') issues.push(share);
    else if (Math.abs(Number(share)) > 1) {
      issues.push(
        createIssue('fraction_out_of_range', at, {
          expected: 'a fraction of the deal, at most 1',
          received: share,
          ...(Math.abs(Number(share)) <= 100 ? { hint: `a percentage? did you mean "${Number((Number(share) / 100).toPrecision(15))}"?` } : {}),
        }),
      );
    }
  }
  if (Object.hasOwn(record, 'recordedAt')) checkText(record['recordedAt'], [...path, 'recordedAt'], issues);
  if (issues.length > 0) return issues;
  if ((type === 'payment' || type === 'invoice') && record['share'] === undefined && record['amount'] === undefined) {
    issues.push(createIssue('missing_key', path, { expected: 'amount or share: how much was invoiced or paid' }));
  }
  const event = value as DealEventRecord;
  if (event.amount !== undefined && event.total !== undefined && event.amount.currency !== event.total.currency) {
    issues.push(createIssue('currency_mismatch', [...path, 'total'], { expected: event.amount.currency, received: event.total.currency }));
  }
  if (event.total !== undefined && (/^0*(\.0*)?$/.test(event.total.amount) || event.total.amount.startsWith('-'))) {
    issues.push(createIssue('out_of_range', [...path, 'total'], { expected: 'a total above 0', received: event.total.amount }));
  }
  return issues;
}
