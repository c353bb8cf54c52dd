/*
 * Amounts and shares as they are written canonically. Not a public entry.
 */
import { readDecimal } from '../decimal/parse-decimal.js';
import type { Money } from '../money/money.js';
import { readMoney } from '../money/read-money.js';
import type { Deal, DealSplit, LineItem, RecurringValue } from './deal.js';
import type { DealEvent } from './deal-event.js';

/** A checked deal with canonical amounts and shares. */
export function canonicalDeal<Custom extends object>(deal: Deal<Custom>): Deal<Custom> {
  return {
    ...deal,
    amount: canonicalOrNull(deal.amount),
    ...(deal.recurring === undefined ? {} : { recurring: canonicalRecurring(deal.recurring) }),
    lineItems: deal.lineItems.map(canonicalItem),
    splits: deal.splits.map(canonicalSplit),
    history: deal.history.map(canonicalEvent),
  };
}

/** A checked amount in canonical form. */
export function canonicalMoney(amount: Money): Money {
  const read = readMoney(amount);
  return Array.isArray(read) ? amount : read;
}

function canonicalDecimal(text: string): string {
  const read = readDecimal(text);
  return typeof read === 'string' ? read : text;
}

function canonicalItem(item: LineItem): LineItem {
  return {
    ...item,
    quantity: canonicalDecimal(item.quantity),
    unitPrice: canonicalMoney(item.unitPrice),
    ...(item.discount === undefined ? {} : { discount: canonicalDecimal(item.discount) }),
    ...(item.unitCost === undefined ? {} : { unitCost: canonicalMoney(item.unitCost) }),
  };
}

function canonicalSplit(split: DealSplit): DealSplit {
  return { ...split, share: canonicalDecimal(split.share) };
}

function canonicalRecurring(recurring: RecurringValue): RecurringValue {
  const { mrr, arr, acv, tcv, ...rest } = recurring;
  return {
    ...rest,
    ...(mrr === undefined ? {} : { mrr: canonicalMoney(mrr) }),
    ...(arr === undefined ? {} : { arr: canonicalMoney(arr) }),
    ...(acv === undefined ? {} : { acv: canonicalMoney(acv) }),
    ...(tcv === undefined ? {} : { tcv: canonicalMoney(tcv) }),
  };
}

/** A checked event with canonical amounts and shares. */
export function canonicalEvent(event: DealEvent): DealEvent {
  switch (event.type) {
    case 'created':
      return { ...event, amount: canonicalOrNull(event.amount), ...(event.splits === undefined ? {} : { splits: event.splits.map(canonicalSplit) }) };
    case 'amount-changed':
      return { ...event, from: canonicalOrNull(event.from), to: canonicalOrNull(event.to) };
    case 'splits-changed':
      return { ...event, from: event.from.map(canonicalSplit), to: event.to.map(canonicalSplit) };
    default:
      return event;
  }
}

function canonicalOrNull(amount: Money | null): Money | null {
  return amount === null ? null : canonicalMoney(amount);
}
