import { checkBoolean, checkOneOf, checkText, type IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { fractionDigitsOf, padAmount } from './canonical-amount.js';
import { exponentOf } from './currencies.js';
import type { Money } from './money.js';
import { checkedOptions, operandOf } from './operand.js';

/**
 * How an amount is shown.
 *
 * @category money
 */
export interface FormatMoneyOptions {
  /** BCP 47 tag: `en-US`, `el-GR`. There is no default: the host's locale is never consulted. */
  readonly locale: string;
  /** How the currency is named: `$`, the shortest symbol, `USD`, or `US dollars`. Default `symbol`. */
  readonly currencyDisplay?: 'symbol' | 'narrowSymbol' | 'code' | 'name';
  /** Negative amounts in parentheses where the locale's accountants do so. Default false. */
  readonly accounting?: boolean;
}

/** Engines before ES2023 accept no more fraction digits than this. */
const FRACTION_DIGITS_EVERYWHERE = 20;

/**
 * Writes an amount the way a locale does, through `Intl.NumberFormat`. Every digit of the amount is shown and none is rounded away, at least those of
 * the currency's ISO 4217 minor unit, however large the amount: round it first to show fewer.
 *
 * @param value - the amount
 * @param options - the locale, and how the currency is named
 * @returns the text; blanks in it may be no-break spaces, as the locale has it
 * @throws DomainError `invalid_locale` | `intl_unavailable` where the engine has no `Intl`, or what is wrong with the amount or the options
 * @example
 * ```ts
 * import { formatMoney, money } from 'dealwright/money';
 * formatMoney(money('112255', 'USD'), { locale: 'en-US' }); // => '$112,255.00'
 * formatMoney(money('12345678901234567890.123', 'USD'), { locale: 'en-US' }); // => '$12,345,678,901,234,567,890.123'
 * ```
 * @category money
 */
export function formatMoney(value: Money, options: FormatMoneyOptions): string {
  const { amount, currency } = operandOf(value, []);
  const { locale, currencyDisplay, accounting } = checkedFormat(options);
  const text = padAmount(amount, exponentOf(currency));
  const digits = fractionDigitsOf(text);
  const format = numberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay,
    currencySign: accounting ? 'accounting' : 'standard',
    minimumFractionDigits: Math.min(digits, FRACTION_DIGITS_EVERYWHERE),
    maximumFractionDigits: Math.min(digits, FRACTION_DIGITS_EVERYWHERE),
  });
  return digits <= FRACTION_DIGITS_EVERYWHERE && formatsTextExactly(locale) ? formatText(format, text) : formatByParts(format, text, locale);
}

function checkedFormat(options: FormatMoneyOptions): Required<FormatMoneyOptions> {
  const record = checkedOptions(options, ['locale', 'currencyDisplay', 'accounting']);
  const issues: IssueSink = [];
  const locale = checkText(record['locale'], ['options', 'locale'], issues, { expected: 'a locale such as "en-US"' }) ?? '';
  const currencyDisplay = checkOneOf(record['currencyDisplay'] ?? 'symbol', ['symbol', 'narrowSymbol', 'code', 'name'], ['options', 'currencyDisplay'], issues) ?? 'symbol';
  const accounting = checkBoolean(record['accounting'] ?? false, ['options', 'accounting'], issues) ?? false;
  throwIfIssues(issues);
  return { locale, currencyDisplay, accounting };
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  if (typeof Intl === 'undefined' || typeof Intl.NumberFormat !== 'function') {
    throw createDomainError('intl_unavailable', ['options', 'locale'], { expected: 'an engine with Intl.NumberFormat', hint: 'groupDigits needs no Intl' });
  }
  try {
    return new Intl.NumberFormat(locale, options);
  } catch {
    throw createDomainError('invalid_locale', ['options', 'locale'], { expected: 'a locale such as "en-US"', received: locale });
  }
}

/** ES2023 formats a decimal text digit by digit; engines before it go through a float64. The types know the older signature only. */
function formatText(format: Intl.NumberFormat, text: string): string {
  return format.format(text as unknown as number);
}

function formatsTextExactly(locale: string): boolean {
  const probe = numberFormat(locale, { useGrouping: false, numberingSystem: 'latn', maximumFractionDigits: 2 });
  return formatText(probe, '12345678901234567890.12').replace(/\D/g, '') === '1234567890123456789012';
}

/** The integer part as a bigint, which every engine with `Intl` formats exactly, and the fraction digits put in by hand. */
function formatByParts(format: Intl.NumberFormat, text: string, locale: string): string {
  const [integer = '0', fraction = ''] = text.split('.');
  // A bigint knows no −0: minus zero and a fraction takes its sign from the float.
  const whole = integer === '-0' ? -0 : BigInt(integer);
  const { numberingSystem } = format.resolvedOptions();
  const plain = numberFormat(locale, { numberingSystem, useGrouping: false });
  const digits = Array.from({ length: 10 }, (_, digit) => plain.format(digit));
  return format
    .formatToParts(whole)
    .map((part) => (part.type === 'fraction' ? [...fraction].map((digit) => digits[Number(digit)] ?? digit).join('') : part.value))
    .join('');
}
