/* The figures of a sale that are divided among those credited: the amount, and what goes with it. Not a public entry. */
import { formatUnits, type Ratio, ratioFromScaled, ratioMultiply } from '../../decimal/ratio.js';
import { fractionDigitsOf, padAmount, unitsOf } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';
import type { Credit } from '../credit.js';
import { shareOfUnits } from './divide-units.js';
import { canonical, type Lot } from './follow-deal.js';
import { DIVIDED_MONEY_FIELDS } from './transaction.js';

/** Digits to which units and numbers of one's own are divided. */
const NUMBER_SCALE = 12;

/** A figure of a sale. */
export interface Figure {
  /** Key of the credit, or a name under `values`. */
  readonly name: string;
  readonly kind: 'money' | 'number' | 'value';
  readonly scale: number;
  /** As booked, in whole units of the scale. */
  readonly booked: bigint;
}

/** Place of the amount among the figures. */
export const AMOUNT = 0;

/** The figures of a booking, the amount first, quota credit (if it is wanted) second. */
export function figuresOf(lot: Lot, withQuota: boolean): readonly Figure[] {
  const { transaction } = lot.row;
  const figures: Figure[] = [{ name: 'amount', kind: 'money', scale: lot.scale, booked: lot.booked }];
  if (withQuota) figures.push({ name: 'quotaCredit', kind: 'money', scale: lot.scale, booked: lot.booked });
  for (const name of DIVIDED_MONEY_FIELDS) {
    const money = transaction[name];
    if (money === undefined) continue;
    const amount = canonical(money.amount);
    const scale = Math.max(exponentOf(money.currency), fractionDigitsOf(amount));
    figures.push({ name, kind: 'money', scale, booked: unitsOf(amount, scale) });
  }
  if (transaction.units !== undefined) figures.push({ name: 'units', kind: 'number', scale: NUMBER_SCALE, booked: unitsOf(canonical(transaction.units), NUMBER_SCALE) });
  for (const name of Object.keys(transaction.values ?? {}).sort()) {
    figures.push({ name, kind: 'value', scale: NUMBER_SCALE, booked: unitsOf(canonical(transaction.values?.[name] ?? '0'), NUMBER_SCALE) });
  }
  return figures;
}

/** What a figure comes to while so much is still booked; weighted, if it is quota credit. */
export function figureAt(figure: Figure, lot: Lot, base: bigint, weight: Ratio): bigint {
  if (figure.name === 'quotaCredit' && figure.kind === 'money') return shareOfUnits(base, weight);
  if (base === lot.booked || lot.booked === 0n) return figure.booked;
  return shareOfUnits(figure.booked, ratioMultiply(ratioFromScaled(base, 0), { n: lot.booked < 0n ? -1n : 1n, d: lot.booked < 0n ? -lot.booked : lot.booked }));
}

/** The figures of a credit as its fields. */
export function creditFields(figures: readonly Figure[], units: readonly bigint[], currency: string): Pick<Credit, 'amount' | 'quotaCredit' | 'units' | 'values'> {
  const money: Record<string, Money> = {};
  const values: [string, string][] = [];
  let count: string | undefined;
  figures.forEach((figure, index) => {
    const text = formatUnits(units[index] ?? 0n, figure.scale);
    if (figure.kind === 'money') money[figure.name] = { amount: padAmount(text, exponentOf(currency)), currency };
    else if (figure.kind === 'number') count = text;
    else values.push([figure.name, text]);
  });
  // Money figures are named by the closed list of fields above; names of one's own were refused where they would reach a prototype.
  return { ...money, ...(count === undefined ? {} : { units: count }), ...(values.length === 0 ? {} : { values: Object.fromEntries(values) }) };
}
