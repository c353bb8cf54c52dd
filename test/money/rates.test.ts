import { isDomainError } from 'dealwright/errors';
import {
  convertMoney,
  createRateFinder,
  defineRateTable,
  type FoundRate,
  findRate,
  type MissingRate,
  type Money,
  money,
  type RateTable,
  sumMoneyIn,
  validateRateTable,
} from 'dealwright/money';
import { describe, expect, expectTypeOf, it } from 'vitest';

const table: RateTable = defineRateTable({
  rates: [
    { from: 'EUR', to: 'USD', rate: '1.10', on: '2026-02-01' },
    { from: 'EUR', to: 'USD', rate: '1.08', on: '2026-01-01' },
    { from: 'EUR', to: 'JPY', rate: '160', on: '2026-01-15' },
    { from: 'EUR', to: 'GBP', rate: '0.85' },
    { from: 'GBP', to: 'EUR', rate: '1.2', on: '2026-03-01' },
  ],
});
const derived: RateTable = { ...table, allowInverse: true, pivot: 'EUR' };
const codesOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isDomainError(error) ? error.issues.map((issue) => `${issue.path.join('.')}:${issue.code}`) : error;
  }
  return [];
};

describe('findRate', () => {
  it('takes the latest rate whose date is not after the day', () => {
    expect(findRate(table, { from: 'EUR', to: 'USD', on: '2026-01-01' })).toEqual({ rate: '1.08', on: '2026-01-01', source: 'direct' });
    expect(findRate(table, { from: 'EUR', to: 'USD', on: '2026-01-31' })).toEqual({ rate: '1.08', on: '2026-01-01', source: 'direct' });
    expect(findRate(table, { from: 'EUR', to: 'USD', on: '2026-02-01' })).toEqual({ rate: '1.1', on: '2026-02-01', source: 'direct' });
    expect(findRate(table, { from: 'EUR', to: 'GBP', on: '0001-01-01' })).toEqual({ rate: '0.85', on: null, source: 'direct' });
  });

  it('says why there is none', () => {
    expect(findRate(table, { from: 'EUR', to: 'USD', on: '2025-12-31' })).toEqual({ rate: null, reason: 'no-rate-yet' });
    expect(findRate(table, { from: 'USD', to: 'EUR', on: '2026-01-31' })).toEqual({ rate: null, reason: 'no-rate-for-pair' });
    expect(findRate(derived, { from: 'USD', to: 'EUR', on: '2025-12-31' })).toEqual({ rate: null, reason: 'no-rate-yet' });
    expect(findRate(derived, { from: 'USD', to: 'CHF', on: '2026-01-31' })).toEqual({ rate: null, reason: 'no-rate-for-pair' });
    const tiny: RateTable = { rates: [{ from: 'XAU', to: 'VND', rate: '99999999' }], allowInverse: true, inverseScale: 4 };
    expect(findRate(tiny, { from: 'VND', to: 'XAU', on: '2026-01-01' })).toEqual({ rate: null, reason: 'inverse-rounds-to-zero' });
  });

  it('derives only what the table allows', () => {
    expect(findRate(derived, { from: 'USD', to: 'EUR', on: '2026-01-31' })).toEqual({ rate: '0.925925925926', on: '2026-01-01', source: 'inverse' });
    expect(findRate({ ...derived, inverseScale: 4 }, { from: 'USD', to: 'EUR', on: '2026-01-31' })).toEqual({ rate: '0.9259', on: '2026-01-01', source: 'inverse' });
    expect(findRate(derived, { from: 'USD', to: 'JPY', on: '2026-02-10' })).toEqual({ rate: '145.45454545456', on: '2026-01-15', source: 'cross' });
    expect(findRate({ ...derived, allowInverse: false }, { from: 'GBP', to: 'USD', on: '2026-03-10' })).toEqual({ rate: '1.32', on: '2026-02-01', source: 'cross' });
    expect(findRate({ ...derived, allowInverse: false }, { from: 'USD', to: 'JPY', on: '2026-02-10' })).toMatchObject({ rate: null });
    expect(findRate({ ...table, allowInverse: true }, { from: 'USD', to: 'JPY', on: '2026-02-10' })).toMatchObject({ rate: null });
  });

  it('prefers a given rate to a derived one, once there is one', () => {
    expect(findRate(derived, { from: 'GBP', to: 'EUR', on: '2026-02-28' })).toEqual({ rate: '1.176470588235', on: null, source: 'inverse' });
    expect(findRate(derived, { from: 'GBP', to: 'EUR', on: '2026-03-01' })).toEqual({ rate: '1.2', on: '2026-03-01', source: 'direct' });
  });

  it('is 1 within one currency', () => {
    expect(findRate({ rates: [] }, { from: 'CHF', to: 'CHF', on: '2026-01-01' })).toEqual({ rate: '1', on: null, source: 'identity' });
  });

  it('does not depend on the order of the table', () => {
    const reversed = { ...derived, rates: [...derived.rates].reverse() };
    for (const to of ['USD', 'JPY', 'GBP']) {
      for (const on of ['2026-01-10', '2026-02-01', '2026-05-01']) expect(findRate(reversed, { from: 'EUR', to, on })).toEqual(findRate(derived, { from: 'EUR', to, on }));
    }
  });

  it('refuses a query that is not one', () => {
    expect(codesOf(() => findRate(table, { from: 'eur', to: 'USD', on: '2026-02-30' }))).toEqual(['query.from:invalid_currency', 'query.on:invalid_date']);
    expect(codesOf(() => findRate(table, null as never))).toEqual(['query:invalid_type', 'query.from:invalid_type', 'query.to:invalid_type', 'query.on:invalid_type']);
    for (const on of ['2026-2-1', '2026-13-01', '2026-00-10', '2025-02-29', '1900-02-29', '0000-01-01', '2026-04-31', '2026-01-01T00:00', '']) {
      expect(codesOf(() => findRate(table, { from: 'EUR', to: 'USD', on }))).toEqual(['query.on:invalid_date']);
    }
    for (const on of ['2024-02-29', '2000-02-29', '2026-12-31']) expect(findRate(table, { from: 'EUR', to: 'GBP', on })).toMatchObject({ rate: '0.85' });
  });

  it('has exported types', () => {
    expectTypeOf(findRate).returns.toEqualTypeOf<FoundRate | MissingRate>();
    const found = findRate(table, { from: 'EUR', to: 'USD', on: '2026-01-31' });
    if (found.rate === null) expectTypeOf(found).toEqualTypeOf<MissingRate>();
    else expectTypeOf(found.source).toEqualTypeOf<'identity' | 'direct' | 'inverse' | 'cross'>();
  });

  it('looks up 100,000 rates in a table of 10 years without reading it again', () => {
    const rates = Array.from({ length: 3_600 }, (_, index) => {
      const year = 2016 + Math.floor(index / 360);
      const month = 1 + (Math.floor(index / 30) % 12);
      return { from: 'EUR', to: 'USD', rate: `1.${String(index).padStart(4, '0')}`, on: `${year}-${String(month).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}` };
    });
    const unique = [...new Map(rates.map((rate) => [rate.on, rate])).values()];
    const { find } = createRateFinder({ rates: unique });
    const start = performance.now();
    for (let index = 0; index < 100_000; index += 1) find({ from: 'EUR', to: 'USD', on: '2021-06-15' });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(find({ from: 'EUR', to: 'USD', on: '2021-06-15' })).toMatchObject({ on: '2021-06-15' });
  });
});

describe('validateRateTable', () => {
  it.each<[unknown, readonly string[]]>([
    [null, [':invalid_type']],
    [{}, ['rates:invalid_type']],
    [{ rates: [], base: 'EUR' }, ['base:unknown_key']],
    [{ rates: [], allowInverse: 1 }, ['allowInverse:invalid_type']],
    [{ rates: [], inverseScale: 0 }, ['inverseScale:out_of_range']],
    [{ rates: [], pivot: 'eur' }, ['pivot:invalid_currency']],
    [{ rates: [null] }, ['rates.0:invalid_type']],
    [{ rates: new Array(1) }, ['rates.0:invalid_type']],
    [{ rates: [{ from: 'EUR', to: 'USD', rate: 1.1 }] }, ['rates.0.rate:invalid_type']],
    [{ rates: [{ from: 'EUR', to: 'USD', rate: '0' }] }, ['rates.0.rate:out_of_range']],
    [{ rates: [{ from: 'EUR', to: 'USD', rate: '-1' }] }, ['rates.0.rate:out_of_range']],
    [{ rates: [{ from: 'EUR', to: 'EUR', rate: '1.1' }] }, ['rates.0.rate:invalid_value']],
    [{ rates: [{ from: 'EUR', to: 'EUR', rate: '1.0' }] }, []],
    [{ rates: [{ from: 'EUR', to: 'USD', rate: '1', on: '2026-02-30' }] }, ['rates.0.on:invalid_date']],
    [{ rates: [{ from: 'EUR', to: 'USD', rate: '1', on: undefined }] }, ['rates.0.on:invalid_type']],
    [{ rates: [{ from: 'EUR', to: 'USD', rate: '1', date: '2026-02-01' }] }, ['rates.0.date:unknown_key']],
    [
      {
        rates: [
          { from: 'EUR', to: 'USD', rate: '1' },
          { from: 'EUR', to: 'USD', rate: '1' },
        ],
      },
      ['rates.1:duplicate_rate'],
    ],
    [
      {
        rates: [
          { from: 'EUR', to: 'USD', rate: '1' },
          { from: 'EUR', to: 'USD', rate: '1', on: '2026-01-01' },
          { from: 'USD', to: 'EUR', rate: '1' },
        ],
      },
      [],
    ],
  ])('%j', (value, expected) => {
    expect(validateRateTable(value).map((issue) => `${issue.path.join('.')}:${issue.code}`)).toEqual(expected);
    expect(codesOf(() => defineRateTable(value as RateTable))).toEqual(expected);
  });
});

describe('convertMoney', () => {
  it('multiplies exactly, and tells the rate', () => {
    const result = convertMoney(money('100.10', 'EUR'), { to: 'USD', rates: table, on: '2026-01-20' });
    expect(result).toStrictEqual({ money: { amount: '108.108', currency: 'USD' }, rate: '1.08', rateOn: '2026-01-01', source: 'direct' });
    expectTypeOf(result.money).toEqualTypeOf<Money<'USD'>>();
  });

  it('rounds where asked to', () => {
    expect(convertMoney(money('100.10', 'EUR'), { to: 'USD', rates: table, on: '2026-01-20', rounding: {} }).money.amount).toBe('108.11');
    expect(convertMoney(money('0.99', 'EUR'), { to: 'JPY', rates: table, on: '2026-01-20', rounding: { mode: 'down' } }).money).toEqual({ amount: '158', currency: 'JPY' });
  });

  it('takes a finder as well as a table', () => {
    const finder = createRateFinder(derived);
    expect(convertMoney(money('1', 'USD'), { to: 'EUR', rates: finder, on: '2026-01-20' })).toMatchObject({ rate: '0.925925925926', source: 'inverse' });
    expect(convertMoney(money('1', 'USD'), { to: 'USD', rates: finder, on: '2026-01-20' })).toEqual({
      money: { amount: '1.00', currency: 'USD' },
      rate: '1',
      rateOn: null,
      source: 'identity',
    });
  });

  it('reports a bare list of rates, though a list has a method called find', () => {
    expect(codesOf(() => convertMoney(money('1', 'EUR'), { to: 'USD', rates: table.rates as never, on: '2026-01-20' }))).toEqual([':invalid_type']);
  });

  it('throws where there is no rate', () => {
    expect(codesOf(() => convertMoney(money('1', 'CHF'), { to: 'USD', rates: table, on: '2026-01-20' }))).toEqual(['currency:missing_rate']);
    expect(() => convertMoney(money('1', 'EUR'), { to: 'USD', rates: table, on: '2025-01-20' })).toThrow('a rate from EUR to USD on or before 2025-01-20');
    expect(codesOf(() => convertMoney(money('1', 'EUR'), null as never))).toEqual(['options:invalid_type']);
    expect(codesOf(() => convertMoney(money('1', 'EUR'), { to: 'USD', rates: null as never, on: '2026-01-20' }))).toEqual([':invalid_type']);
  });
});

describe('sumMoneyIn', () => {
  const items = [
    { money: money('100', 'EUR'), on: '2026-01-15', dealId: 'd1' },
    { money: money('5.005', 'USD'), on: null },
    { money: money('9', 'CHF'), on: '2026-01-15' },
    { money: null, on: '2026-01-15' },
    { money: money('1', 'EUR'), on: null },
    { money: money('1', 'EUR'), on: '2026-02-30' },
    { money: money('1', 'EUR'), on: '2025-02-28' },
    { money: money('100', 'EUR'), on: '2026-02-15' },
  ];

  it('converts each at its own day, and never adds what it cannot convert', () => {
    const sum = sumMoneyIn(items, { currency: 'USD', rates: table });
    expect(sum.total).toStrictEqual({ amount: '223.005', currency: 'USD' });
    expect(sum.counted).toBe(3);
    expect(sum.issues.map((issue) => [issue.path[0], issue.code])).toEqual([
      [2, 'missing_rate'],
      [3, 'missing_amount'],
      [4, 'missing_date'],
      [5, 'invalid_date'],
      [6, 'missing_rate'],
    ]);
    expectTypeOf(sum.total).toEqualTypeOf<Money<'USD'>>();
  });

  it('needs no rates within one currency', () => {
    expect(sumMoneyIn([{ money: money('1', 'USD'), on: null }], { currency: 'USD' })).toEqual({ total: { amount: '1.00', currency: 'USD' }, issues: [], counted: 1 });
    expect(sumMoneyIn([{ money: money('1', 'EUR'), on: '2026-01-15' }], { currency: 'USD' })).toMatchObject({
      total: { amount: '0.00' },
      counted: 0,
      issues: [{ code: 'currency_mismatch', path: [0, 'money', 'currency'] }],
    });
    expect(sumMoneyIn([], { currency: 'JPY' })).toEqual({ total: { amount: '0', currency: 'JPY' }, issues: [], counted: 0 });
  });

  it('throws for a wrong call only', () => {
    expect(codesOf(() => sumMoneyIn({} as never, { currency: 'USD' }))).toEqual(['items:invalid_type']);
    expect(codesOf(() => sumMoneyIn([], { currency: 'usd' }))).toEqual(['options.currency:invalid_currency']);
    expect(codesOf(() => sumMoneyIn([], { currency: 'USD', rates: { rates: [{}] } as never }))).toHaveLength(3);
    expect(
      sumMoneyIn([null, 5, { on: '2026-01-01' }, { money: { amount: '9'.repeat(400), currency: 'EUR' }, on: '2026-01-15' }] as never, { currency: 'USD', rates: table }),
    ).toMatchObject({
      counted: 0,
      issues: [{ code: 'invalid_type' }, { code: 'invalid_type' }, { code: 'missing_amount' }, { code: 'precision_exceeded' }],
    });
  });
});
