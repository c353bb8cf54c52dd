/*
 * What becomes of the bookings of one deal: how much of each is still booked, invoiced and paid after every transaction. Not a public entry.
 *
 * Invoices and payments fill the bookings they name (by id or line item), or those of the deal: the earlier day first, those of one day in proportion. Credit
 * notes and refunds take back in proportion. A cancellation takes from the bookings in proportion. One that comes before any booking waits for it.
 */

import { readDecimal } from '../../decimal/parse-decimal.js';
import {
  RATIO_ONE,
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioCompare,
  ratioDivide,
  ratioFromDecimal,
  ratioFromScaled,
  ratioMin,
  ratioMultiply,
  ratioNegate,
  ratioSign,
  ratioSubtract,
} from '../../decimal/ratio.js';
import { fractionDigitsOf, unitsOf } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';
import { byText } from '../../organization/validate-hierarchy.js';
import { divideUnits } from './divide-units.js';
import { TRANSACTION_TYPES } from './transaction.js';
import type { FilteredTransaction } from './transaction-filter.js';
import type { ReadSchedule } from './validate-crediting-rules.js';

/** A sound transaction with its place in the input, its day as a number, and its amount, which is known. */
export interface Row {
  readonly transaction: FilteredTransaction & { readonly amount: Money };
  readonly index: number;
  readonly day: number;
}

/** A booking, and what has become of it. */
export interface Lot {
  readonly row: Row;
  /** What it is: a booking, or the invoice or payment of a deal without one. */
  readonly origin: 'booking' | 'invoice' | 'payment';
  readonly scale: number;
  /** As booked, in whole units of the scale. */
  readonly booked: bigint;
  /** Still booked: less cancellations. */
  base: bigint;
  readonly received: { invoice: Ratio; payment: Ratio };
}

/** A booking after a transaction changed it. */
export interface LotEvent {
  readonly lot: Lot;
  /** The transaction that changed it. */
  readonly row: Row;
  readonly base: bigint;
  readonly invoiced: Ratio;
  readonly paid: Ratio;
}

/** Why a transaction cannot be followed. */
export type AsideReason = 'invalid' | 'currency-mismatch' | 'missing-booking' | 'exceeds-booking';

/** What is asked of {@link followDeal}. */
export interface FollowOptions {
  /** Which invoices and payments matter to anybody. */
  readonly used: ReadonlySet<string>;
  /** The kind of transaction that is credited by itself in a deal without bookings. */
  readonly standalone: 'invoice' | 'payment' | undefined;
  /** Called for a transaction that is set aside. */
  readonly setAside: (row: Row, reason: AsideReason) => void;
  /** Called for an invoice or payment that goes beyond what was booked, with the part that does. */
  readonly beyond: (row: Row) => void;
}

/** Follows the transactions of one deal. */
export function followDeal(rows: readonly Row[], options: FollowOptions): readonly LotEvent[] {
  const relevant = rows.filter(({ transaction: { type } }) => type === 'booking' || type === 'cancellation' || options.used.has(type));
  const sorted = [...relevant].sort(
    (a, b) => a.day - b.day || TRANSACTION_TYPES.indexOf(a.transaction.type) - TRANSACTION_TYPES.indexOf(b.transaction.type) || byText(a.transaction.id, b.transaction.id),
  );
  const hasBookings = sorted.some((row) => row.transaction.type === 'booking');
  const leading = sorted.find((row) => (hasBookings ? row.transaction.type === 'booking' : true));
  if (leading === undefined) return [];
  const { currency } = leading.transaction.amount;
  const sound = sorted.filter((row) => {
    if (row.transaction.amount.currency === currency) return true;
    options.setAside(row, 'currency-mismatch');
    return false;
  });
  // What comes later must not change how earlier credits were rounded: the first booking day decides the unit.
  const firsts = sound.filter((row) => row.day === leading.day && row.transaction.type === leading.transaction.type);
  const scale = firsts.reduce((digits, row) => Math.max(digits, digitsOf(row)), exponentOf(currency));
  const units = (row: Row): bigint => unitsOf(canonical(row.transaction.amount.amount), scale);
  const lots: Lot[] = [];
  const events: LotEvent[] = [];
  const early: Row[] = [];
  const emit = (lot: Lot, row: Row): void => {
    events.push({ lot, row, base: lot.base, invoiced: progressOf(lot, 'invoice'), paid: progressOf(lot, 'payment') });
  };
  const open = (row: Row, origin: Lot['origin']): Lot => {
    const booked = units(row);
    const lot: Lot = { row, origin, scale, booked, base: booked, received: { invoice: RATIO_ZERO, payment: RATIO_ZERO } };
    lots.push(lot);
    return lot;
  };
  const fillFrom = (row: Row, type: 'invoice' | 'payment'): readonly Lot[] => {
    const targets = targetsOf(row, lots);
    if (targets.length === 0) {
      options.setAside(row, 'missing-booking');
      return [];
    }
    const { touched, rest } = fill(targets, type, ratioFromDecimal(canonical(row.transaction.amount.amount)));
    if (ratioSign(rest) !== 0) options.beyond(row);
    return touched;
  };
  for (let at = 0; at < sound.length; ) {
    const row = sound[at];
    if (row === undefined) break;
    const { type } = row.transaction;
    const divides = type === 'booking' || type === 'cancellation' || !hasBookings;
    if (divides && digitsOf(row) > scale) {
      options.setAside(row, 'invalid');
      at += 1;
      continue;
    }
    if (type === 'booking') {
      // All bookings of a day exist before anything is divided among them.
      const opened: Lot[] = [];
      for (let next = sound[at]; next !== undefined && next.day === row.day && next.transaction.type === 'booking'; next = sound[at]) {
        if (digitsOf(next) > scale) options.setAside(next, 'invalid');
        else opened.push(open(next, 'booking'));
        at += 1;
      }
      for (const waiting of early.splice(0)) if (waiting.transaction.type === 'invoice' || waiting.transaction.type === 'payment') fillFrom(waiting, waiting.transaction.type);
      for (const lot of opened) emit(lot, lot.row);
      continue;
    }
    at += 1;
    if (type === 'cancellation') for (const lot of cancel(row, lots, units(row), options)) emit(lot, row);
    else if (lots.some((lot) => lot.origin === 'booking')) for (const lot of fillFrom(row, type)) emit(lot, row);
    else if (hasBookings) early.push(row);
    else if (type === options.standalone) emit(open(row, type), row);
    else options.setAside(row, 'missing-booking');
  }
  return events;
}

/** Amounts come as records hold them, `'500.00'` or `'0500'`. */
export function canonical(amount: string): string {
  const read = readDecimal(amount);
  return typeof read === 'string' ? read : '0';
}

function digitsOf(row: Row): number {
  return fractionDigitsOf(canonical(row.transaction.amount.amount));
}

/** Of what is booked, the fraction that is invoiced or paid: 0 to 1. Nothing booked is wholly invoiced and paid. */
function progressOf(lot: Lot, type: 'invoice' | 'payment'): Ratio {
  if (lot.base === 0n) return RATIO_ONE;
  const fraction = ratioDivide(lot.received[type], ratioFromScaled(lot.base, lot.scale));
  return ratioSign(fraction) < 0 ? RATIO_ZERO : ratioMin(fraction, RATIO_ONE);
}

/** The bookings that a transaction is about. */
function targetsOf(row: Row, lots: readonly Lot[]): readonly Lot[] {
  const { refersTo, lineItemId } = row.transaction;
  if (refersTo !== undefined) return lots.filter((lot) => lot.row.transaction.id === refersTo);
  return lineItemId === undefined ? lots : lots.filter((lot) => lot.row.transaction.lineItemId === lineItemId);
}

/** Adds to what is invoiced or paid; gives the bookings that it changed, and what went beyond them. */
function fill(lots: readonly Lot[], type: 'invoice' | 'payment', amount: Ratio): { readonly touched: readonly Lot[]; readonly rest: Ratio } {
  const sign = ratioSign(amount);
  const touched = new Set<Lot>();
  let rest = amount;
  const spread = (over: readonly { readonly lot: Lot; readonly room: Ratio }[]): void => {
    const total = over.reduce((sum, { room }) => ratioAdd(sum, room), RATIO_ZERO);
    if (ratioSign(total) === 0 || ratioSign(rest) === 0) return;
    const taken = ratioCompare(absolute(rest), absolute(total)) <= 0 ? rest : total;
    for (const { lot, room } of over) {
      lot.received[type] = ratioAdd(lot.received[type], ratioDivide(ratioMultiply(taken, room), total));
      touched.add(lot);
    }
    rest = ratioSubtract(rest, taken);
  };
  // Room of the same sign, the earlier day first.
  for (const day of [...new Set(lots.map((lot) => lot.row.day))].sort((a, b) => a - b)) {
    const group = lots.filter((lot) => lot.row.day === day).map((lot) => ({ lot, room: ratioSubtract(ratioFromScaled(lot.base, lot.scale), lot.received[type]) }));
    spread(group.filter(({ lot, room }) => ratioSign(room) === sign && Math.sign(Number(lot.base > 0n) - Number(lot.base < 0n)) === sign));
  }
  // What is left takes back what was received before.
  spread(lots.filter((lot) => ratioSign(lot.received[type]) === -sign).map((lot) => ({ lot, room: ratioNegate(lot.received[type]) })));
  return { touched: lots.filter((lot) => touched.has(lot)), rest };
}

function absolute(value: Ratio): Ratio {
  return value.n < 0n ? ratioNegate(value) : value;
}

/** Takes a cancellation from what is booked. */
function cancel(row: Row, lots: readonly Lot[], units: bigint, options: FollowOptions): readonly Lot[] {
  const targets = targetsOf(row, lots)
    .filter((lot) => lot.base > 0n)
    .sort((a, b) => byText(a.row.transaction.id, b.row.transaction.id));
  const total = targets.reduce((sum, lot) => sum + lot.base, 0n);
  if (targets.length === 0 || -units > total) {
    options.setAside(row, targetsOf(row, lots).length === 0 ? 'missing-booking' : 'exceeds-booking');
    return [];
  }
  const parts = divideUnits(
    -units,
    targets.map((lot) => ({ n: lot.base, d: total })),
  );
  targets.forEach((lot, index) => {
    lot.base -= parts[index] ?? 0n;
  });
  return targets;
}

/** How much of the credit has come, 0 to 1, by a schedule. */
export function creditedFraction(event: LotEvent, schedule: ReadSchedule): Ratio {
  const { lot, invoiced, paid } = event;
  if (lot.origin !== 'booking') return schedule.length === 1 && schedule[0]?.on === lot.origin ? RATIO_ONE : RATIO_ZERO;
  return schedule.reduce((sum, stage) => ratioAdd(sum, stage.on === 'booking' ? stage.share : ratioMultiply(stage.share, stage.on === 'invoice' ? invoiced : paid)), RATIO_ZERO);
}
