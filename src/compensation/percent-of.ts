/* Not a public entry. */
import { groupDigits } from '../money/group-digits.js';

/** A fraction as a percentage, by moving the point two places: exact for any length. */
export function percentOf(fraction: string): string {
  const negative = fraction.startsWith('-');
  const [integer = '0', decimals = ''] = (negative ? fraction.slice(1) : fraction).split('.');
  const padded = decimals.padEnd(2, '0');
  const whole = `${integer}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = padded.slice(2).replace(/0+$/, '');
  return `${negative ? '-' : ''}${groupDigits(whole)}${rest === '' ? '' : `.${rest}`} %`;
}
