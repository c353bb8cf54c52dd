/* How an amount is written and counted: padded text, and integers on a scale. Not a public entry. */

/** A canonical decimal with at least the digits of the minor unit. */
export function padAmount(decimal: string, exponent: number): string {
  if (exponent === 0) return decimal;
  const point = decimal.indexOf('.');
  if (point < 0) return `${decimal}.${'0'.repeat(exponent)}`;
  const missing = exponent - (decimal.length - point - 1);
  return missing > 0 ? decimal + '0'.repeat(missing) : decimal;
}

/** A canonical decimal as an integer on a scale that is at least as fine as the decimal. */
export function unitsOf(decimal: string, scale: number): bigint {
  const point = decimal.indexOf('.');
  const fraction = point < 0 ? '' : decimal.slice(point + 1);
  return BigInt((point < 0 ? decimal : decimal.slice(0, point)) + fraction.padEnd(scale, '0'));
}

/** The number of fraction digits of a canonical decimal. */
export function fractionDigitsOf(decimal: string): number {
  const point = decimal.indexOf('.');
  return point < 0 ? 0 : decimal.length - point - 1;
}

/** An integer on a scale as a canonical decimal. */
export function decimalOfUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const integer = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const text = fraction === '' ? integer : `${integer}.${fraction}`;
  return units < 0n ? `-${text}` : text;
}
