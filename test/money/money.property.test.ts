import { ROUNDING_MODES } from 'dealwright/decimal';
import { isDomainError } from 'dealwright/errors';
import * as moneyFunctions from 'dealwright/money';
import {
  absMoney,
  addMoney,
  allocateMoney,
  CURRENCY_EXPONENTS,
  type CurrencyCode,
  compareMoney,
  convertMoney,
  createRateFinder,
  currencyExponent,
  divideMoney,
  type ExchangeRate,
  findRate,
  formatMoney,
  fromMinorUnits,
  groupDigits,
  isMoney,
  type Money,
  money,
  multiplyMoney,
  negateMoney,
  readMoney,
  roundMoney,
  splitMoney,
  subtractMoney,
  sumMoney,
  sumMoneyIn,
  toMinorUnits,
} from 'dealwright/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigintQuotient, decimalOf, type Scaled } from '../support/bigint-decimal.js';

const options = { seed: 20260101, numRuns: 1_000 } as const;
const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF', 'ZZZ');
const scaled: fc.Arbitrary<Scaled> = fc.oneof(
  fc.record({ units: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }), scale: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ units: fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }), scale: fc.integer({ min: 0, max: 12 }) }),
);
const amountIn = (code: string): fc.Arbitrary<Money> => scaled.map((value) => Object.freeze(money(decimalOf(value), code)));
const usd = amountIn('USD') as fc.Arbitrary<Money<'USD'>>;

const unitsAt = (value: Money, scale: number): bigint => {
  const [integer = '', fraction = ''] = value.amount.split('.');
  return BigInt(integer + fraction.padEnd(scale, '0'));
};

function isCanonical(value: Money): boolean {
  const [integer = '', fraction = ''] = value.amount.replace('-', '').split('.');
  const minimum = currencyExponent(value.currency);
  const zero = /^0*$/.test(integer + fraction);
  return /^(0|[1-9]\d*)$/.test(integer) && fraction.length >= minimum && (fraction.length === minimum || !fraction.endsWith('0')) && !(zero && value.amount.startsWith('-'));
}

describe('arithmetic', () => {
  it('is canonical and obeys the laws of addition', () => {
    fc.assert(
      fc.property(usd, usd, usd, (a, b, c) => {
        expect(isCanonical(addMoney(a, b))).toBe(true);
        expect(addMoney(a, b)).toEqual(addMoney(b, a));
        expect(addMoney(addMoney(a, b), c)).toEqual(addMoney(a, addMoney(b, c)));
        expect(subtractMoney(addMoney(a, b), b)).toEqual(a);
        expect(addMoney(a, negateMoney(a)).amount).toBe('0.00');
        expect(compareMoney(a, b)).toBe(-compareMoney(b, a) + 0);
        expect(absMoney(negateMoney(a))).toEqual(absMoney(a));
        expect(readMoney(a)).toEqual(a);
      }),
      options,
    );
  });

  it('sums like the bigints, in any order, on the fast path and off it', () => {
    fc.assert(
      fc.property(fc.array(usd, { maxLength: 12 }), (amounts) => {
        const total = amounts.reduce((sum, amount) => sum + unitsAt(amount, 12), 0n);
        expect(sumMoney(Object.freeze(amounts), { currency: 'USD' })).toEqual(sumMoney([...amounts].reverse(), { currency: 'USD' }));
        expect(unitsAt(sumMoney(amounts, { currency: 'USD' }), 12)).toBe(total);
      }),
      options,
    );
  });

  it('multiplies exactly and divides and rounds once, in every mode', () => {
    fc.assert(
      fc.property(usd, scaled, fc.integer({ min: 0, max: 6 }), fc.constantFrom(...ROUNDING_MODES), (a, factor, scale, mode) => {
        const product = multiplyMoney(a, decimalOf(factor));
        expect(unitsAt(product, 24)).toBe(unitsAt(a, 12) * factor.units * 10n ** BigInt(12 - factor.scale));
        expect(unitsAt(roundMoney(product, { scale, mode }), 24)).toBe(bigintQuotient(unitsAt(product, 24), 10n ** BigInt(24 - scale), mode) * 10n ** BigInt(24 - scale));
        if (factor.units !== 0n) {
          const quotient = bigintQuotient(unitsAt(a, 12) * 10n ** BigInt(factor.scale + scale), factor.units * 10n ** 12n, mode);
          expect(unitsAt(divideMoney(a, decimalOf(factor), { scale, mode }), 6)).toBe(quotient * 10n ** BigInt(6 - scale));
        }
      }),
      options,
    );
  });

  it('goes to minor units and back', () => {
    fc.assert(
      fc.property(currency, fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }), (code, units) => {
        const value = fromMinorUnits(units, code);
        expect(isCanonical(value)).toBe(true);
        expect(toMinorUnits(value)).toBe(units.toString());
      }),
      options,
    );
  });
});

describe('allocation', () => {
  const weights = fc
    .array(fc.record({ units: fc.bigInt({ min: 0n, max: 1_000n }), scale: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 12 })
    .filter((list) => list.some((weight) => weight.units > 0n));

  it('sums to the whole, each part within one unit of its due, and equal weights within one unit of each other', () => {
    fc.assert(
      fc.property(
        currency.chain((code) => amountIn(code)),
        weights,
        (value, shares) => {
          const texts = Object.freeze(shares.map(decimalOf));
          const parts = allocateMoney(value, texts);
          const scale = Math.max(currencyExponent(value.currency), value.amount.split('.')[1]?.length ?? 0);
          expect(sumMoney(parts, { currency: value.currency })).toEqual(value);
          expect(parts.every(isCanonical)).toBe(true);
          const due = shares.map((share) => share.units * 10n ** BigInt(3 - share.scale));
          const all = due.reduce((sum, share) => sum + share, 0n);
          parts.forEach((part, index) => {
            const distance = unitsAt(part, scale) * all - unitsAt(value, scale) * (due[index] ?? 0n);
            expect(distance < all && distance > -all).toBe(true);
            if (due[index] === 0n) expect(/^0(\.0+)?$/.test(part.amount)).toBe(true);
          });
          expect(allocateMoney(negateMoney(value), texts)).toEqual(parts.map(negateMoney));
        },
      ),
      options,
    );
  });

  it('gives the left-over units to the largest remainders, against the obvious implementation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }), (cents, shares) => {
        const all = shares.reduce((sum, share) => sum + share, 0);
        fc.pre(all > 0);
        const parts = shares.map((share) => Math.floor((cents * share) / all));
        for (let left = cents - parts.reduce((sum, part) => sum + part, 0); left > 0; left -= 1) {
          let best = -1;
          shares.forEach((share, index) => {
            const owed = cents * share - (parts[index] ?? 0) * all;
            const bestOwed = best < 0 ? Number.NEGATIVE_INFINITY : cents * (shares[best] ?? 0) - (parts[best] ?? 0) * all;
            if (owed > bestOwed) best = index;
          });
          parts[best] = (parts[best] ?? 0) + 1;
        }
        expect(allocateMoney(fromMinorUnits(cents, 'USD'), shares).map(toMinorUnits)).toEqual(parts.map(String));
      }),
      options,
    );
  });

  it('splits as it allocates equal weights', () => {
    fc.assert(
      fc.property(usd, fc.integer({ min: 1, max: 30 }), (value, count) => {
        expect(splitMoney(value, count)).toEqual(allocateMoney(value, Array<number>(count).fill(1)));
      }),
      options,
    );
  });
});

describe('rates', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-01-${String(number).padStart(2, '0')}`);
  const rate: fc.Arbitrary<ExchangeRate> = fc.record(
    {
      from: fc.constantFrom('EUR', 'USD', 'GBP'),
      to: fc.constantFrom('EUR', 'USD', 'GBP'),
      rate: fc.integer({ min: 1, max: 3_000 }).map((units) => decimalOf({ units: BigInt(units), scale: 3 })),
      on: day,
    },
    { requiredKeys: ['from', 'to', 'rate'] },
  );
  const rates = fc.uniqueArray(rate, { selector: ({ from, to, on }) => `${from}${to}${on ?? ''}`, maxLength: 25 }).map((list) => list.filter(({ from, to }) => from !== to));

  it('finds what a search through all of them finds', () => {
    fc.assert(
      fc.property(rates, fc.constantFrom('EUR', 'USD'), fc.constantFrom('GBP', 'USD', 'EUR'), day, (list, from, to, on) => {
        const matching = list.filter((one) => one.from === from && one.to === to && (one.on ?? '') <= on).sort((a, b) => ((a.on ?? '') < (b.on ?? '') ? 1 : -1));
        const expected = from === to ? '1' : (matching[0]?.rate ?? null);
        expect(findRate({ rates: list }, { from, to, on }).rate).toBe(expected);
        expect(findRate({ rates: [...list].reverse() }, { from, to, on })).toEqual(findRate({ rates: list }, { from, to, on }));
      }),
      options,
    );
  });

  it('sums what converts, in any order and in any batches', () => {
    const item = fc.record({ money: fc.oneof(amountIn('USD'), amountIn('EUR'), amountIn('GBP'), fc.constant(null)), on: fc.oneof(day, fc.constant(null)) });
    fc.assert(
      fc.property(rates, fc.array(item, { maxLength: 10 }), fc.nat(10), (list, items, cut) => {
        const finder = createRateFinder({ rates: list, allowInverse: true, pivot: 'USD' });
        const sum = sumMoneyIn(Object.freeze(items), { currency: 'EUR', rates: finder });
        const reversed = sumMoneyIn([...items].reverse(), { currency: 'EUR', rates: finder });
        expect([reversed.total, reversed.counted]).toEqual([sum.total, sum.counted]);
        const parts = [items.slice(0, cut), items.slice(cut)].map((part) => sumMoneyIn(part, { currency: 'EUR', rates: finder }));
        expect(
          sumMoney(
            parts.map((part) => part.total),
            { currency: 'EUR' },
          ),
        ).toEqual(sum.total);
        expect(sum.counted + new Set(sum.issues.map((issue) => issue.path[0])).size).toBe(items.length);
        const one = items.reduce(
          (total, { money: amount, on }) => {
            if (amount === null || (amount.currency !== 'EUR' && (on === null || finder.find({ from: amount.currency, to: 'EUR', on }).rate === null))) return total;
            return addMoney(total, amount.currency === 'EUR' ? (amount as Money<'EUR'>) : convertMoney(amount, { to: 'EUR', rates: finder, on: on ?? '' }).money);
          },
          money('0', 'EUR'),
        );
        expect(sum.total).toEqual(one);
      }),
      { ...options, numRuns: 300 },
    );
  });
});

describe('formatting', () => {
  it('shows exactly the digits of the amount', () => {
    fc.assert(
      fc.property(currency.chain(amountIn), fc.constantFrom('en-US', 'de-DE', 'el-GR', 'hi-IN', 'ja-JP', 'fr-FR'), (value, locale) => {
        const digits = value.amount.replace(/\D/g, '');
        expect(formatMoney(value, { locale, currencyDisplay: 'code' }).replace(/\D/g, '')).toBe(digits);
        expect(groupDigits(value.amount).replaceAll(',', '')).toBe(value.amount);
      }),
      { ...options, numRuns: 300 },
    );
  });
});

describe('any value at all', () => {
  const odd = fc.constantFrom<unknown>(
    '1e400',
    '0x10',
    '1_000',
    '2026-02-30',
    '',
    '__proto__',
    'constructor',
    'USD',
    'EUR',
    '1',
    '-0',
    'NaN',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    1e21,
    null,
    undefined,
    [],
    {},
  );
  const record = fc.dictionary(
    fc.constantFrom('amount', 'currency', 'rates', 'from', 'to', 'rate', 'on', 'money', 'mode', 'scale', 'locale', '__proto__', 'constructor', 'toString'),
    fc.oneof(odd, fc.jsonValue()),
    {
      maxKeys: 5,
    },
  );
  const half: fc.Arbitrary<unknown> = fc.record({ amount: fc.oneof(odd, fc.constantFrom('1', '2.5', '-3.14')), currency: fc.oneof(odd, fc.constantFrom('USD', 'EUR')) });
  const table = fc.record(
    { rates: fc.array(fc.oneof(half, record, fc.record({ from: fc.constant('EUR'), to: fc.constant('USD'), rate: odd, on: odd }))) },
    { requiredKeys: ['rates'] },
  );
  const any: fc.Arbitrary<unknown> = fc.oneof(
    odd,
    fc.jsonValue(),
    fc.anything(),
    record,
    half,
    table,
    fc.array(half),
    fc.record({ currency: fc.constant('USD'), rates: table }),
    fc.record({ to: fc.constant('USD'), on: fc.constant('2026-01-01'), rates: table }),
  );
  const functions = Object.entries(moneyFunctions).filter((entry): entry is [string, (typeof entry)[1] & ((...values: unknown[]) => unknown)] => typeof entry[1] === 'function');

  it('covers every public function', () => {
    expect(functions.length).toBeGreaterThanOrEqual(30);
  });

  it.each(functions)('%s gives a value or a DomainError', (name, call) => {
    const neverThrows = /^(read|validate|is)(?!Zero|Negative)/.test(name);
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const before = JSON.stringify([Object.getOwnPropertyNames(Object.prototype)]);
        let result: unknown;
        try {
          result = call(a, b, c);
        } catch (error) {
          if (!isDomainError(error)) throw error;
          if (neverThrows) expect(error).toBeUndefined();
        }
        expect(JSON.stringify([Object.getOwnPropertyNames(Object.prototype)])).toBe(before);
        if (!neverThrows) expect(JSON.stringify(result) ?? '').not.toMatch(/"amount":"[^"]*(NaN|Infinity|e)/);
      }),
      { ...options, numRuns: 500 },
    );
  });

  it('reads nothing as money that it could not compute with', () => {
    fc.assert(
      fc.property(any, (value) => {
        if (isMoney(value)) expect(isCanonical(addMoney(value, value))).toBe(true);
      }),
      options,
    );
  });
});

describe('the table of currencies', () => {
  it('says what is canonical for every currency', () => {
    for (const code of Object.keys(CURRENCY_EXPONENTS) as CurrencyCode[]) {
      expect(money('1', code).amount).toBe(CURRENCY_EXPONENTS[code] === 0 ? '1' : `1.${'0'.repeat(CURRENCY_EXPONENTS[code])}`);
    }
  });
});
