import { EXACT_ONE, EXACT_ZERO, type Exact, exactAdd, exactDivide, exactMultiply, exactRound, exactSign, exactSubtract, exactToString, toExact } from '../decimal/exact.js';
import type { DecimalString } from '../decimal/parse-decimal.js';
import type { IssueSink } from '../errors/checks.js';
import { checkRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { moneyOf } from '../money/operand.js';
import { checkedMoneyRounding, type MoneyRounding } from '../money/round-money.js';
import { checkedOptions } from './checked-options.js';
import type { LineItem } from './deal.js';
import { checkLineItem, checkLineItems } from './validate-deal-parts.js';

/**
 * How line items are added up.
 *
 * @category deals
 */
export interface LineItemOptions {
  /** How each line is rounded, once; `none` keeps it exact. Default: half away from zero to the currency's minor unit, as an invoice shows it. */
  readonly rounding?: MoneyRounding | 'none';
}

/**
 * The sum of a deal's line items, or why there is none.
 *
 * @category deals
 */
export interface LineItemsAmount {
  /** Sum of the lines, each rounded before it is added. */
  readonly amount: Money | null;
  /** Why `amount` is `null`. */
  readonly reason: 'no-line-items' | null;
}

/**
 * What is earned on one or more line items.
 *
 * @category deals
 */
export interface LineItemMargin {
  /** Price: quantity × unit price × (1 − discount). */
  readonly total: Money | null;
  /** Cost: quantity × unit cost. */
  readonly cost: Money | null;
  /** Price minus cost. */
  readonly margin: Money | null;
  /** Margin divided by price, a fraction rounded half away from zero to six digits. */
  readonly marginFraction: DecimalString | null;
  /** Why a figure is `null`: a unit cost is missing, the total is zero (so there is no fraction), or there are no items. */
  readonly reason: 'unit-cost-missing' | 'total-is-zero' | 'no-line-items' | null;
}

/** Digits of a margin as a fraction. */
const FRACTION_SCALE = 6;

interface CheckedLine {
  readonly currency: string;
  readonly total: Exact;
  readonly cost: Exact | undefined;
}

function computeLine(item: LineItem, rounding: LineItemOptions['rounding']): CheckedLine {
  const { currency } = item.unitPrice;
  const round = rounding === 'none' ? (value: Exact) => value : (value: Exact) => exactRound(value, checkedMoneyRounding(rounding ?? {}, currency));
  const quantity = toExact(item.quantity);
  const kept = item.discount === undefined ? EXACT_ONE : exactSubtract(EXACT_ONE, toExact(item.discount));
  const total = round(exactMultiply(exactMultiply(quantity, toExact(item.unitPrice.amount)), kept));
  return { currency, total, cost: item.unitCost === undefined ? undefined : round(exactMultiply(quantity, toExact(item.unitCost.amount))) };
}

function readRounding(options: unknown): LineItemOptions['rounding'] {
  const { rounding } = checkedOptions(options, ['rounding']);
  // Checked where it is applied: checkedMoneyRounding refuses what is no rounding.
  return rounding as LineItemOptions['rounding'];
}

function checkedItem(item: LineItem): LineItem {
  const issues: IssueSink = [];
  checkLineItem(item, ['item'], issues);
  throwIfIssues(issues);
  return item;
}

function checkedItems(deal: unknown): readonly LineItem[] {
  const issues: IssueSink = [];
  const path: IssuePath = ['lineItems'];
  const items = checkRecord(deal, ['deal'], issues, 'a deal, or an object with lineItems')?.['lineItems'];
  if (issues.length === 0) checkLineItems(items, path, issues);
  throwIfIssues(issues);
  // Checked just now, entry by entry.
  return items as readonly LineItem[];
}

/**
 * Total of a line item: quantity × unit price × (1 − discount).
 *
 * @param item - the line item
 * @param options - rounding
 * @returns the total, by default rounded half away from zero to the currency's minor unit
 * @throws DomainError with what is wrong with the item | `invalid_rounding` | `unknown_key`
 * @example
 * ```ts
 * import { lineItemTotal } from 'dealwright/deals';
 * const item = { id: 'l1', productId: 'seat', quantity: '3', unitPrice: { amount: '9.99', currency: 'USD' }, discount: '0.075' };
 * lineItemTotal(item); // => { amount: '27.72', currency: 'USD' }
 * lineItemTotal(item, { rounding: 'none' }); // => { amount: '27.72225', currency: 'USD' }
 * ```
 * @category deals
 */
export function lineItemTotal(item: LineItem, options: LineItemOptions = {}): Money {
  const { total, currency } = computeLine(checkedItem(item), readRounding(options));
  return moneyOf(total, currency);
}

/**
 * The amount that a deal's line items come to: the sum of their totals. It need not equal the deal's own `amount`.
 *
 * @param deal - the deal, or anything with line items
 * @param options - rounding of each line
 * @returns the sum, or why there is none
 * @throws DomainError with what is wrong with the items (`currency_mismatch` if they differ in currency) | `invalid_rounding` | `unknown_key`
 * @example
 * ```ts
 * import { dealAmountFromLineItems } from 'dealwright/deals';
 * const unitPrice = { amount: '20000', currency: 'USD' };
 * dealAmountFromLineItems({ lineItems: [{ id: 'l1', productId: 'p1', quantity: '3', unitPrice }] }).amount; // => { amount: '60000.00', currency: 'USD' }
 * dealAmountFromLineItems({ lineItems: [] }); // => { amount: null, reason: 'no-line-items' }
 * ```
 * @category deals
 */
export function dealAmountFromLineItems(deal: { readonly lineItems: readonly LineItem[] }, options: LineItemOptions = {}): LineItemsAmount {
  const rounding = readRounding(options);
  const lines = checkedItems(deal).map((item) => computeLine(item, rounding));
  const [first] = lines;
  if (first === undefined) return { amount: null, reason: 'no-line-items' };
  return { amount: moneyOf(lines.map(({ total }) => total).reduce(exactAdd), first.currency), reason: null };
}

/**
 * Margin of a line item: its total minus quantity × unit cost, and that as a fraction of the total.
 *
 * @param item - the line item
 * @param options - rounding
 * @returns total, cost, margin and fraction, `null` with a reason where not known
 * @throws DomainError with what is wrong with the item | `invalid_rounding` | `unknown_key`
 * @example
 * ```ts
 * import { lineItemMargin } from 'dealwright/deals';
 * const item = { id: 'l1', productId: 'p1', quantity: '2', unitPrice: { amount: '100', currency: 'EUR' }, unitCost: { amount: '60', currency: 'EUR' } };
 * lineItemMargin(item).margin; // => { amount: '80.00', currency: 'EUR' }
 * lineItemMargin(item).marginFraction; // => '0.4'
 * ```
 * @category deals
 */
export function lineItemMargin(item: LineItem, options: LineItemOptions = {}): LineItemMargin {
  return marginOf([computeLine(checkedItem(item), readRounding(options))]);
}

/**
 * Margin of all line items of a deal together. If the cost of one is not known, neither is that of the deal.
 *
 * @param deal - the deal, or anything with line items
 * @param options - rounding of each line
 * @returns total, cost, margin and fraction, `null` with a reason where not known
 * @throws DomainError with what is wrong with the items | `invalid_rounding` | `unknown_key`
 * @example
 * ```ts
 * import { dealMargin } from 'dealwright/deals';
 * dealMargin({ lineItems: [{ id: 'l1', productId: 'p1', quantity: '2', unitPrice: { amount: '100', currency: 'EUR' } }] }).reason; // => 'unit-cost-missing'
 * ```
 * @category deals
 */
export function dealMargin(deal: { readonly lineItems: readonly LineItem[] }, options: LineItemOptions = {}): LineItemMargin {
  const rounding = readRounding(options);
  return marginOf(checkedItems(deal).map((item) => computeLine(item, rounding)));
}

function marginOf(lines: readonly CheckedLine[]): LineItemMargin {
  const [first] = lines;
  if (first === undefined) return { total: null, cost: null, margin: null, marginFraction: null, reason: 'no-line-items' };
  const { currency } = first;
  let total = EXACT_ZERO;
  let cost: Exact | undefined = EXACT_ZERO;
  for (const line of lines) {
    total = exactAdd(total, line.total);
    cost = cost === undefined || line.cost === undefined ? undefined : exactAdd(cost, line.cost);
  }
  if (cost === undefined) return { total: moneyOf(total, currency), cost: null, margin: null, marginFraction: null, reason: 'unit-cost-missing' };
  const margin = exactSubtract(total, cost);
  const known = { total: moneyOf(total, currency), cost: moneyOf(cost, currency), margin: moneyOf(margin, currency) };
  if (exactSign(total) === 0) return { ...known, marginFraction: null, reason: 'total-is-zero' };
  return { ...known, marginFraction: exactToString(exactDivide(margin, total, { scale: FRACTION_SCALE })), reason: null };
}
