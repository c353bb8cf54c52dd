import { type DecimalInput, type DecimalString, parseDecimal, readDecimal } from 'dealwright/decimal';
import { isDomainError } from 'dealwright/errors';
import { Decimal } from 'decimal.js';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { readComputedDecimal } from '../../src/decimal/parse-decimal.js';

const codeOf = (input: unknown): string | undefined => {
  const read = readDecimal(input);
  return typeof read === 'string' ? undefined : read.code;
};

describe('parseDecimal', () => {
  it.each<[DecimalInput, string]>([
    ['0', '0'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['007.50', '7.5'],
    ['-00.5', '-0.5'],
    ['7970.60', '7970.6'],
    ['99999999999999999999.999999999999', '99999999999999999999.999999999999'],
    ['1.000000000000000', '1'],
    [-0, '0'],
    [0.08, '0.08'],
    [1e-7, '0.0000001'],
    [1.5e-7, '0.00000015'],
    [-2.5e-10, '-0.00000000025'],
    [1e18, '1000000000000000000'],
    [Number.MAX_SAFE_INTEGER - 1 - 900_719_925_474_0990, '0'],
    [123_456_789_012_345, '123456789012345'],
    [10n ** 19n, '10000000000000000000'],
    [-5n, '-5'],
    [new Decimal('12.340'), '12.34'],
    [new Decimal('1e-10'), '0.0000000001'],
    [{ toFixed: () => '1.50' }, '1.5'],
  ])('reads %s as %s', (input, expected) => {
    expect(parseDecimal(input)).toBe(expected);
  });

  it.each<[unknown, string]>([
    ['', 'invalid_decimal'],
    [' 1', 'invalid_decimal'],
    ['1 ', 'invalid_decimal'],
    ['1\n', 'invalid_decimal'],
    ['+1', 'invalid_decimal'],
    ['--1', 'invalid_decimal'],
    ['.5', 'invalid_decimal'],
    ['5.', 'invalid_decimal'],
    ['1e3', 'invalid_decimal'],
    ['1e400', 'invalid_decimal'],
    ['0x10', 'invalid_decimal'],
    ['1_000', 'invalid_decimal'],
    ['1,000', 'invalid_decimal'],
    ['NaN', 'invalid_decimal'],
    ['Infinity', 'invalid_decimal'],
    ['١٢', 'invalid_decimal'],
    ['8%', 'invalid_decimal'],
    ['$5', 'invalid_decimal'],
    ['100000000000000000000', 'precision_exceeded'],
    ['0.0000000000001', 'precision_exceeded'],
    ['9'.repeat(10_000_000), 'precision_exceeded'],
    ['x'.repeat(10_000_000), 'precision_exceeded'],
    [Number.NaN, 'not_finite'],
    [Number.POSITIVE_INFINITY, 'not_finite'],
    [1e400, 'not_finite'],
    [0.1 + 0.2, 'imprecise_number'],
    [1 / 3, 'imprecise_number'],
    [Number.MAX_SAFE_INTEGER, 'imprecise_number'],
    [1e20, 'precision_exceeded'],
    [1e300, 'precision_exceeded'],
    [1e-13, 'precision_exceeded'],
    [5e-324, 'precision_exceeded'],
    [10n ** 20n, 'precision_exceeded'],
    [-(10n ** 20n), 'precision_exceeded'],
    [10n ** 100_000n, 'precision_exceeded'],
    [null, 'invalid_decimal'],
    [undefined, 'invalid_decimal'],
    [true, 'invalid_decimal'],
    [[], 'invalid_decimal'],
    [[1], 'invalid_decimal'],
    [{}, 'invalid_decimal'],
    [{ toFixed: 'x' }, 'invalid_decimal'],
    [{ toFixed: () => 5 }, 'invalid_decimal'],
    [
      {
        toFixed: () => {
          throw new Error('no');
        },
      },
      'invalid_decimal',
    ],
    [Object(1.5), 'invalid_decimal'],
    [new Decimal('NaN'), 'invalid_decimal'],
    [new Decimal('1e30'), 'precision_exceeded'],
    [Symbol('1'), 'invalid_decimal'],
  ])('refuses %s: %s', (input, code) => {
    expect(codeOf(input)).toBe(code);
    let caught: unknown;
    try {
      parseDecimal(input as DecimalInput, ['a', 0]);
    } catch (error) {
      caught = error;
    }
    expect(isDomainError(caught, code)).toBe(true);
    expect(isDomainError(caught) && caught.issues[0].path).toEqual(['a', 0]);
  });

  it('says what was probably meant', () => {
    const hintOf = (input: unknown) => {
      const read = readDecimal(input);
      return typeof read === 'string' ? undefined : read.hint;
    };
    expect(hintOf('1,000.00')).toBe('write it without thousands separators and with a point');
    expect(hintOf('8%')).toBe('write a percentage as a fraction: "0.08" for 8 %');
    expect(hintOf('1e3')).toBe('write it without an exponent');
    expect(hintOf('')).toBe('an absent number is null, not an empty text');
  });

  it('has exported types', () => {
    expectTypeOf(parseDecimal).returns.toEqualTypeOf<DecimalString>();
    // @ts-expect-error -- null is not a number
    expect(() => parseDecimal(null)).toThrow();
  });
});

describe('readComputedDecimal', () => {
  it('reads what a computation may have made, and no more', () => {
    expect(readComputedDecimal('1.0000000000000000000000001', [])).toBe('1.0000000000000000000000001');
    expect(readComputedDecimal('9'.repeat(400), [])).toBe('9'.repeat(400));
    expect(readComputedDecimal('9'.repeat(401), [])).toMatchObject({ code: 'precision_exceeded' });
    expect(readComputedDecimal('9'.repeat(10_000_000), [])).toMatchObject({ code: 'precision_exceeded' });
    expect(readComputedDecimal('0x10', [])).toMatchObject({ code: 'invalid_decimal' });
    expect(readComputedDecimal(1, [])).toMatchObject({ code: 'invalid_type' });
  });
});
