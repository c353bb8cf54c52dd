import { isDomainError } from 'dealwright/errors';
import {
  absMoney,
  addMoney,
  CURRENCY_EXPONENTS,
  type CurrencyCode,
  compareMoney,
  currencyExponent,
  divideMoney,
  fromMinorUnits,
  groupDigits,
  isMoney,
  isNegativeMoney,
  isZeroMoney,
  type Money,
  maxMoney,
  minMoney,
  money,
  multiplyMoney,
  negateMoney,
  readMoney,
  roundMoney,
  subtractMoney,
  sumMoney,
  toMinorUnits,
  validateMoney,
} from 'dealwright/money';
import { describe, expect, expectTypeOf, it } from 'vitest';

const usd = (amount: string) => money(amount, 'USD');
const codesOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isDomainError(error) ? error.issues.map((issue) => `${issue.path.join('.')}:${issue.code}`) : error;
  }
  return [];
};

describe('money', () => {
  it('is canonical: at least the digits of the minor unit, no zeros beyond them', () => {
    expect(money('7970.6', 'USD')).toStrictEqual({ amount: '7970.60', currency: 'USD' });
    expect(money('0.03750', 'USD').amount).toBe('0.0375');
    expect(money('-0', 'USD').amount).toBe('0.00');
    expect(money('100.0', 'JPY').amount).toBe('100');
    expect(money('100.5', 'JPY').amount).toBe('100.5');
    expect(money(1, 'KWD').amount).toBe('1.000');
    expect(money(1n, 'CLF').amount).toBe('1.0000');
    expect(money('5', 'XYZ').amount).toBe('5.00');
  });

  it('carries its currency in its type', () => {
    expectTypeOf(money('1', 'USD')).toEqualTypeOf<Money<'USD'>>();
    expectTypeOf(addMoney(usd('1'), usd('2'))).toEqualTypeOf<Money<'USD'>>();
    const currency: string = 'EUR';
    expectTypeOf(money('1', currency)).toEqualTypeOf<Money>();
    expectTypeOf<Money<'USD'>>().toExtend<Money>();
  });

  it('reports both parts at once', () => {
    expect(codesOf(() => money('1_000', 'usd'))).toEqual(['amount:invalid_decimal', 'currency:invalid_currency']);
    expect(codesOf(() => money(0.1 + 0.2, 'USD'))).toEqual(['amount:imprecise_number']);
    expect(codesOf(() => money('1', null as never))).toEqual(['currency:invalid_type']);
  });

  it('refuses at compile time what it refuses at run time', () => {
    // @ts-expect-error -- EUR cannot be added to USD
    expect(codesOf(() => addMoney(usd('1'), money('1', 'EUR')))).toEqual(['b.currency:currency_mismatch']);
    // @ts-expect-error -- nor subtracted
    expect(codesOf(() => subtractMoney(usd('1'), money('1', 'EUR')))).toEqual(['b.currency:currency_mismatch']);
    // @ts-expect-error -- nor compared
    expect(codesOf(() => compareMoney(usd('1'), money('1', 'EUR')))).toEqual(['b.currency:currency_mismatch']);
    // @ts-expect-error -- nor chosen from
    expect(codesOf(() => minMoney(usd('1'), money('1', 'EUR')))).toEqual(['b.currency:currency_mismatch']);
    // @ts-expect-error -- nor summed
    expect(codesOf(() => sumMoney([usd('1'), money('1', 'EUR')], { currency: 'USD' }))).toEqual(['amounts.1.currency:currency_mismatch']);
    // @ts-expect-error -- an amount is text
    expect(codesOf(() => addMoney({ amount: 1, currency: 'USD' }, usd('1')))).toEqual(['a.amount:invalid_type']);
  });
});

describe('readMoney, validateMoney, isMoney', () => {
  it('reads stored amounts and makes them canonical', () => {
    expect(readMoney({ amount: '112255', currency: 'USD' })).toStrictEqual({ amount: '112255.00', currency: 'USD' });
    expect(isMoney({ amount: '112255', currency: 'USD' })).toBe(true);
    expect(validateMoney(Object.freeze({ amount: '1', currency: 'EUR' }))).toEqual([]);
  });

  it.each<[unknown, readonly string[]]>([
    [{ amount: 112255, currency: 'USD' }, ['x.amount:invalid_type']],
    [{ amount: '1e3', currency: 'USD' }, ['x.amount:invalid_decimal']],
    [{ amount: '0x10', currency: 'USD' }, ['x.amount:invalid_decimal']],
    [{ amount: '0.1234567890123', currency: 'USD' }, ['x.amount:precision_exceeded']],
    [{ amount: 'x'.repeat(10_000_000), currency: 'USD' }, ['x.amount:precision_exceeded']],
    [{ amount: '1', currency: 'usd' }, ['x.currency:invalid_currency']],
    [{ amount: '1', currency: 'USD\n' }, ['x.currency:invalid_currency']],
    [{ amount: '1', currency: '__proto__' }, ['x.currency:invalid_currency']],
    [{ amount: '1' }, ['x.currency:missing_key']],
    [{ amount: '1', currency: 'USD', note: '' }, ['x.note:unknown_key']],
    [JSON.parse('{"amount":"1","currency":"USD","__proto__":{}}'), ['x.__proto__:reserved_key']],
    [{}, ['x.amount:missing_key', 'x.currency:missing_key']],
    [Object.create({ amount: '1', currency: 'USD' }), ['x:invalid_type']],
    [null, ['x:invalid_type']],
    ['12.50 USD', ['x:invalid_type']],
    [[], ['x:invalid_type']],
    [new Map(), ['x:invalid_type']],
  ])('refuses %j', (value, expected) => {
    const issues = validateMoney(value, ['x']);
    expect(issues.map((issue) => `${issue.path.join('.')}:${issue.code}`)).toEqual(expected);
    expect(readMoney(value, ['x'])).toEqual(issues);
    expect(isMoney(value)).toBe(false);
  });

  it('says what was probably meant', () => {
    expect(validateMoney({ amount: 5, currency: 'USD' })[0]?.hint).toBe('read numbers with money(), or pass a text');
    expect(validateMoney({ amount: '5', currency: 'usd' })[0]?.hint).toBe('did you mean "USD"?');
    expect(validateMoney({ amount: '5', curency: 'USD' })[0]?.hint).toBe('did you mean "currency"?');
  });

  it('can be passed to map where the types let it', () => {
    expect([{ amount: '5', currency: 'USD' }, 7].map(validateMoney as (value: unknown) => unknown)).toMatchObject([[], [{ code: 'invalid_type', path: [] }]]);
  });

  it('narrows a type', () => {
    const value: unknown = { amount: '5', currency: 'USD' };
    if (isMoney(value)) expectTypeOf(value).toEqualTypeOf<Money>();
    expectTypeOf(readMoney).returns.toExtend<Money | readonly unknown[]>();
  });
});

describe('arithmetic', () => {
  it('is exact and canonical', () => {
    expect(addMoney(usd('0.1'), usd('0.2'))).toStrictEqual({ amount: '0.30', currency: 'USD' });
    expect(subtractMoney(usd('1'), usd('1.25')).amount).toBe('-0.25');
    expect(negateMoney(usd('0')).amount).toBe('0.00');
    expect(absMoney(usd('-3')).amount).toBe('3.00');
    expect(multiplyMoney(usd('12255'), 0.12).amount).toBe('1470.60');
    expect(multiplyMoney(usd('0.99'), '0.085').amount).toBe('0.08415');
    expect(divideMoney(usd('100'), 3).amount).toBe('33.33');
    expect(divideMoney(usd('-100'), 3, { scale: 4, mode: 'floor' }).amount).toBe('-33.3334');
    expect(divideMoney(money('100', 'JPY'), 3).amount).toBe('33');
    expect(codesOf(() => divideMoney(usd('1'), 0))).toEqual([':division_by_zero']);
  });

  it('takes the canonical and the plain text of an amount alike', () => {
    expect(addMoney({ amount: '112255', currency: 'USD' }, { amount: '0.5', currency: 'USD' }).amount).toBe('112255.50');
    expect(minMoney({ amount: '5', currency: 'USD' }, usd('6')).amount).toBe('5.00');
  });

  it('computes on with unrounded results, which have more digits than an input may have', () => {
    const product = multiplyMoney(usd('1234.56'), '0.123456789012');
    expect(product.amount).toBe('152.41481344265472');
    expect(isMoney(product)).toBe(false);
    expect(roundMoney(product).amount).toBe('152.41');
    expect(addMoney(product, usd('1')).amount).toBe('153.41481344265472');
    let growing: Money<'USD'> = usd('0.000000000001');
    const grow = (): void => {
      for (let index = 0; index < 60; index += 1) growing = multiplyMoney(growing, '0.000000000001');
    };
    expect(codesOf(grow)).toEqual([':precision_exceeded']);
  });

  it('compares by value', () => {
    expect(compareMoney(usd('9'), usd('10'))).toBe(-1);
    expect(compareMoney({ amount: '1', currency: 'USD' }, usd('1.00'))).toBe(0);
    expect(maxMoney(usd('9'), usd('10')).amount).toBe('10.00');
    expect([usd('10'), usd('9'), usd('-1')].sort(compareMoney).map((entry) => entry.amount)).toEqual(['-1.00', '9.00', '10.00']);
    expect(isZeroMoney({ amount: '-0.00', currency: 'USD' })).toBe(true);
    expect(isNegativeMoney(usd('-0.01'))).toBe(true);
    expect(isNegativeMoney({ amount: '-0', currency: 'USD' })).toBe(false);
  });

  it('rounds by default half away from zero to the minor unit', () => {
    expect(roundMoney(usd('-2.345')).amount).toBe('-2.35');
    expect(roundMoney(usd('2.345'), { mode: 'half-even' }).amount).toBe('2.34');
    expect(roundMoney(usd('2345'), { scale: 0 }).amount).toBe('2345.00');
    expect(roundMoney(usd('2.3456'), { scale: 3 }).amount).toBe('2.346');
    expect(roundMoney(money('2.5', 'JPY')).amount).toBe('3');
    expect(roundMoney(usd('-0.001')).amount).toBe('0.00');
    expect(codesOf(() => roundMoney(usd('1'), { scale: -1 }))).toEqual(['scale:invalid_rounding']);
    expect(codesOf(() => roundMoney(usd('1'), { mode: 'banker' as never }))).toEqual(['mode:invalid_rounding']);
    expect(codesOf(() => roundMoney(usd('1'), { scael: 2 } as never))).toEqual(['options.scael:unknown_key']);
    expect(codesOf(() => roundMoney(usd('1'), null as never))).toEqual(['options:invalid_type']);
  });
});

describe('sumMoney', () => {
  it('sums, and knows the currency of nothing', () => {
    expect(sumMoney([usd('0.1'), usd('0.2')], { currency: 'USD' })).toStrictEqual({ amount: '0.30', currency: 'USD' });
    expect(sumMoney([], { currency: 'JPY' })).toStrictEqual({ amount: '0', currency: 'JPY' });
    expectTypeOf(sumMoney([], { currency: 'JPY' })).toEqualTypeOf<Money<'JPY'>>();
  });

  it('leaves the fast path without losing a cent', () => {
    const large = usd('90071992547409.91');
    expect(sumMoney([large, large, usd('0.001'), usd('99999999999999999999'), large], { currency: 'USD' }).amount).toBe('100000270215977642228.731');
  });

  it('reports every amount that cannot be added', () => {
    const amounts = [usd('1'), money('1', 'EUR'), { amount: 'x', currency: 'USD' }, null, { amount: '1', currency: 'USD', extra: 1 }];
    expect(codesOf(() => sumMoney(amounts as never, { currency: 'USD' }))).toEqual([
      'amounts.1.currency:currency_mismatch',
      'amounts.2.amount:invalid_decimal',
      'amounts.3:invalid_type',
      'amounts.4.extra:unknown_key',
    ]);
    expect(codesOf(() => sumMoney({} as never, { currency: 'USD' }))).toEqual(['amounts:invalid_type']);
    expect(codesOf(() => sumMoney([], {} as never))).toEqual(['options.currency:invalid_type']);
  });

  it('is quick about 200,000 amounts', () => {
    const amounts = Array.from({ length: 200_000 }, (_, index) => usd(`${index}.01`));
    const start = performance.now();
    expect(sumMoney(amounts, { currency: 'USD' }).amount).toBe('19999902000.00');
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('minor units', () => {
  it('go there and back', () => {
    expect(toMinorUnits(usd('7970.6'))).toBe('797060');
    expect(toMinorUnits(usd('-0.05'))).toBe('-5');
    expect(toMinorUnits(money('100', 'JPY'))).toBe('100');
    expect(toMinorUnits(money('1.5', 'BHD'))).toBe('1500');
    expect(toMinorUnits(usd('99999999999999999999.99'))).toBe('9999999999999999999999');
    expect(fromMinorUnits('797060', 'USD')).toStrictEqual({ amount: '7970.60', currency: 'USD' });
    expect(fromMinorUnits(-5, 'USD').amount).toBe('-0.05');
    expect(fromMinorUnits(0n, 'JPY').amount).toBe('0');
    expectTypeOf(fromMinorUnits(1, 'USD')).toEqualTypeOf<Money<'USD'>>();
  });

  it('refuse fractions of a unit', () => {
    expect(codesOf(() => toMinorUnits(usd('0.001')))).toEqual(['amount:not_an_integer']);
    expect(codesOf(() => toMinorUnits(money('0.5', 'JPY')))).toEqual(['amount:not_an_integer']);
    expect(codesOf(() => fromMinorUnits('1.5', 'USD'))).toEqual(['units:not_an_integer']);
    expect(codesOf(() => fromMinorUnits(1e21, 'us'))).toEqual(['units:precision_exceeded', 'currency:invalid_currency']);
  });
});

describe('currencies', () => {
  it('have the minor units of ISO 4217', () => {
    const withDigits = (digits: number) =>
      Object.entries(CURRENCY_EXPONENTS)
        .filter((entry) => entry[1] === digits)
        .map((entry) => entry[0]);
    expect(withDigits(3)).toEqual(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);
    expect(withDigits(4)).toEqual(['CLF', 'UYW']);
    expect(withDigits(0).filter((code) => !/^X(A[GU]|B[A-D]|DR|P[DT]|SU|TS|UA|XX)$/.test(code))).toEqual([
      'BIF',
      'CLP',
      'DJF',
      'GNF',
      'ISK',
      'JPY',
      'KMF',
      'KRW',
      'PYG',
      'RWF',
      'UGX',
      'UYI',
      'VND',
      'VUV',
      'XAF',
      'XOF',
      'XPF',
    ]);
    expect(Object.keys(CURRENCY_EXPONENTS)).toHaveLength(178);
    for (const code of Object.keys(CURRENCY_EXPONENTS)) expect(code).toMatch(/^[A-Z]{3}$/);
  });

  it('take two digits where the code is not known, and three capital letters always', () => {
    expect(currencyExponent('HRK')).toBe(2);
    expect(currencyExponent('ZZZ')).toBe(2);
    for (const code of ['usd', 'US', 'USDT', '', 'constructor', 5, null]) expect(codesOf(() => currencyExponent(code as string))).toHaveLength(1);
    expectTypeOf<'USD'>().toExtend<CurrencyCode>();
    expectTypeOf<'ZZZ'>().not.toExtend<CurrencyCode>();
  });
});

describe('groupDigits', () => {
  it.each([
    ['112255.00', '112,255.00'],
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-999', '-999'],
    ['-1234567.123456', '-1,234,567.123456'],
    ['12345678901234567890.5', '12,345,678,901,234,567,890.5'],
  ])('%s is %s', (text, expected) => {
    expect(groupDigits(text)).toBe(expected);
  });

  it('takes separators, and changes no digit', () => {
    expect(groupDigits('1234567.50', { group: '.', decimal: ',' })).toBe('1.234.567,50');
    expect(groupDigits('1234567', { group: '' })).toBe('1234567');
    expect(groupDigits('0012345')).toBe('0,012,345');
  });

  it('refuses what is not a decimal', () => {
    expect(codesOf(() => groupDigits('1e3'))).toEqual(['text:invalid_decimal']);
    expect(codesOf(() => groupDigits(12 as never))).toEqual(['text:invalid_type']);
    expect(codesOf(() => groupDigits('12', { decimal: '' }))).toEqual(['options.decimal:empty']);
  });
});
