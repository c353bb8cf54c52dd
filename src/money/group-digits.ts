import { readComputedDecimal } from '../decimal/parse-decimal.js';
import { checkText, type IssueSink } from '../errors/checks.js';
import { DomainError, throwIfIssues } from '../errors/domain-error.js';
import { checkedOptions } from './operand.js';

/**
 * How digits are grouped.
 *
 * @category money
 */
export interface GroupDigitsOptions {
  /** Stands between groups of three digits; may be empty. Default `,`. */
  readonly group?: string;
  /** Stands before the fraction digits. Default `.`. */
  readonly decimal?: string;
}

/**
 * Writes a decimal with its integer digits in groups of three, changing no digit. Needs no `Intl`; for the customs of a locale use {@link formatMoney}.
 *
 * @param text - a plain decimal as text
 * @param options - the separators
 * @returns the text with separators
 * @throws DomainError `invalid_decimal` | `precision_exceeded` | `invalid_type` | `empty` | `too_long` | `unknown_key`
 * @example
 * ```ts
 * import { groupDigits } from 'dealwright/money';
 * groupDigits('112255.00'); // => '112,255.00'
 * groupDigits('-1234567.5', { group: ' ', decimal: ',' }); // => '-1 234 567,5'
 * ```
 * @category money
 */
export function groupDigits(text: string, options: GroupDigitsOptions = {}): string {
  const record = checkedOptions(options, ['group', 'decimal']);
  const issues: IssueSink = [];
  const group = checkText(record['group'] ?? ',', ['options', 'group'], issues, { allowEmpty: true }) ?? '';
  const decimal = checkText(record['decimal'] ?? '.', ['options', 'decimal'], issues) ?? '';
  throwIfIssues(issues);
  const read = readComputedDecimal(text, ['text']);
  if (typeof read !== 'string') throw new DomainError([read]);
  const negative = text.startsWith('-');
  const [integer = '', fraction] = (negative ? text.slice(1) : text).split('.');
  const first = integer.length % 3 || 3;
  const groups = [integer.slice(0, first)];
  for (let index = first; index < integer.length; index += 3) groups.push(integer.slice(index, index + 3));
  return `${negative ? '-' : ''}${groups.join(group)}${fraction === undefined ? '' : decimal + fraction}`;
}
