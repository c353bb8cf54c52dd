/* The amounts of credits as scaled integers, read while the credits are checked: sums then run over a column and never touch the records again. */
import { parseScaledInteger } from '../../decimal/scaled-integer.js';

/** Four decimals: sub-cent prices still fit, and sums stay safe up to 900 billion. */
export const AMOUNT_SCALE = 4;

/** Amounts by place. A credit that needs a closer look has NaN, and every sum that meets it is taken exactly. */
export interface AmountColumn {
  readonly scaled: Float64Array;
  /** Place in `currencies` plus one; 0 where nothing was read. */
  readonly currency: Uint8Array;
  readonly currencies: string[];
}

/** An empty column. */
export function createAmountColumn(length: number): AmountColumn {
  return { scaled: new Float64Array(length).fill(Number.NaN), currency: new Uint8Array(length), currencies: [] };
}

/** Reads plain money into the column. False means: look closer. */
export function readPlainAmount(value: unknown, place: number, column: AmountColumn): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { amount, currency } = value as { readonly amount?: unknown; readonly currency?: unknown };
  if (typeof amount !== 'string' || typeof currency !== 'string') return false;
  for (const key in value) if (key !== 'amount' && key !== 'currency') return false;
  const scaled = parseScaledInteger(amount, AMOUNT_SCALE);
  if (Number.isNaN(scaled)) return false;
  let known = column.currencies.indexOf(currency);
  if (known < 0) {
    if (column.currencies.length >= 255 || !/^[A-Z]{3}$/.test(currency)) return false;
    known = column.currencies.push(currency) - 1;
  }
  column.scaled[place] = scaled;
  column.currency[place] = known + 1;
  return true;
}
