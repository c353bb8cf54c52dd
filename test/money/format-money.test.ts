import { isDomainError } from 'dealwright/errors';
import { type FormatMoneyOptions, formatMoney, money } from 'dealwright/money';
import { afterEach, describe, expect, it, vi } from 'vitest';

const NativeFormat = Intl.NumberFormat;

/** An engine before ES2023: decimal texts go through a float64, and 20 fraction digits are the most. */
class OlderNumberFormat {
  private readonly native: Intl.NumberFormat;
  constructor(locale: string, options: Intl.NumberFormatOptions = {}) {
    if ((options.maximumFractionDigits ?? 0) > 20) throw new RangeError('maximumFractionDigits value is out of range.');
    this.native = new NativeFormat(locale, options);
  }
  format(value: number | bigint): string {
    return this.native.format(typeof value === 'bigint' ? value : Number(value));
  }
  formatToParts(value: number | bigint): Intl.NumberFormatPart[] {
    return this.native.formatToParts(typeof value === 'bigint' ? value : Number(value));
  }
  resolvedOptions(): Intl.ResolvedNumberFormatOptions {
    return this.native.resolvedOptions();
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const cases: readonly (readonly [string, string, FormatMoneyOptions])[] = [
  ['112255', 'USD', { locale: 'en-US' }],
  ['-0.05', 'USD', { locale: 'en-US' }],
  ['-1.5', 'USD', { locale: 'en-US', accounting: true }],
  ['1234567.5', 'EUR', { locale: 'de-DE' }],
  ['1234567.5', 'EUR', { locale: 'el-GR' }],
  ['1234567.5', 'INR', { locale: 'hi-IN', currencyDisplay: 'code' }],
  ['1234567.5', 'EGP', { locale: 'ar-EG' }],
  ['-1234567.5', 'EGP', { locale: 'ar-EG-u-nu-arab' }],
  ['1234', 'JPY', { locale: 'ja-JP' }],
  ['0.0375', 'USD', { locale: 'en-US' }],
  ['12345678901234567890.123456789012', 'CHF', { locale: 'de-CH' }],
  ['1234.5', 'HUF', { locale: 'hu-HU', currencyDisplay: 'narrowSymbol' }],
];
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formatMoney', () => {
  it('writes every digit the way the locale does', () => {
    expect(formatMoney(money('112255', 'USD'), { locale: 'en-US' })).toBe('$112,255.00');
    expect(formatMoney(money('-0.05', 'USD'), { locale: 'en-US' })).toBe('-$0.05');
    expect(formatMoney(money('-1.5', 'USD'), { locale: 'en-US', accounting: true })).toBe('($1.50)');
    expect(plain(formatMoney(money('1234567.5', 'EUR'), { locale: 'de-DE' }))).toBe('1.234.567,50 €');
    expect(formatMoney(money('1', 'USD'), { locale: 'en-US', currencyDisplay: 'name' })).toBe('1.00 US dollars');
    expect(plain(formatMoney(money('1234.5', 'HUF'), { locale: 'en-US', currencyDisplay: 'code' }))).toBe('HUF 1,234.50');
    expect(formatMoney(money('0.0375', 'USD'), { locale: 'en-US' })).toBe('$0.0375');
  });

  it('does not lose the digits of large amounts', () => {
    expect(formatMoney(money('12345678901234567890.12', 'USD'), { locale: 'en-US' })).toBe('$12,345,678,901,234,567,890.12');
    expect(formatMoney({ amount: `0.${'1'.repeat(300)}`, currency: 'USD' }, { locale: 'en-US' })).toBe(`$0.${'1'.repeat(300)}`);
  });

  it.each(cases)('gives the same on an engine before ES2023: %s %s %j', (amount, currency, options) => {
    const expected = formatMoney(money(amount, currency), options);
    vi.stubGlobal('Intl', { NumberFormat: OlderNumberFormat });
    expect(formatMoney(money(amount, currency), options)).toBe(expected);
  });

  it('says clearly that an engine has no Intl, or a locale no meaning', () => {
    const codeOf = (options: unknown): unknown => {
      try {
        formatMoney(money('1', 'USD'), options as FormatMoneyOptions);
      } catch (error) {
        return isDomainError(error) ? error.code : error;
      }
      return undefined;
    };
    expect(codeOf({ locale: 'not a locale' })).toBe('invalid_locale');
    expect(codeOf({ locale: 5 })).toBe('invalid_type');
    expect(codeOf({})).toBe('invalid_type');
    expect(codeOf({ locale: 'en-US', currencyDisplay: 'sign' })).toBe('invalid_value');
    expect(codeOf({ locale: 'x'.repeat(10_000_000) })).toBe('too_long');
    vi.stubGlobal('Intl', undefined);
    expect(codeOf({ locale: 'en-US' })).toBe('intl_unavailable');
  });

  it('asks for a locale at compile time', () => {
    // @ts-expect-error -- there is no default locale
    expect(() => formatMoney(money('1', 'USD'), {})).toThrow();
  });
});
