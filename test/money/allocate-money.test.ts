import { isDomainError } from 'dealwright/errors';
import { allocateMoney, type Money, money, splitMoney } from 'dealwright/money';
import { describe, expect, expectTypeOf, it } from 'vitest';

const amounts = (parts: readonly Money[]) => parts.map((part) => part.amount);
const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isDomainError(error) ? error.code : error;
  }
  return undefined;
};

describe('allocateMoney', () => {
  it('gives what is left over to the largest remainders, at a tie to the first', () => {
    expect(amounts(allocateMoney(money('100', 'USD'), [1, 1, 1]))).toEqual(['33.34', '33.33', '33.33']);
    expect(amounts(allocateMoney(money('0.05', 'USD'), ['0.3', '0.7']))).toEqual(['0.02', '0.03']);
    // Quotas 1.5, 1.5 and 2: one unit is left over, at a tie.
    expect(amounts(allocateMoney(money('0.05', 'USD'), [3, 3, 4]))).toEqual(['0.02', '0.01', '0.02']);
    // Quotas 0.9, 0.9 and 0.2: two units are left over.
    expect(amounts(allocateMoney(money('0.02', 'USD'), ['0.45', '0.45', '0.1']))).toEqual(['0.01', '0.01', '0.00']);
  });

  it('divides a negative amount as its positive counterpart', () => {
    expect(amounts(allocateMoney(money('-100', 'USD'), [1, 1, 1]))).toEqual(['-33.34', '-33.33', '-33.33']);
  });

  it('gives nothing to a weight of zero, and nothing of nothing', () => {
    expect(amounts(allocateMoney(money('1', 'JPY'), [0, 1, 0]))).toEqual(['0', '1', '0']);
    expect(amounts(allocateMoney(money('0', 'USD'), [1, 2]))).toEqual(['0.00', '0.00']);
  });

  it('works on the scale of the currency, of the amount, or the one asked for', () => {
    expect(amounts(allocateMoney(money('100', 'JPY'), [1, 2]))).toEqual(['33', '67']);
    expect(amounts(allocateMoney(money('0.001', 'USD'), [1, 1]))).toEqual(['0.001', '0.00']);
    expect(amounts(allocateMoney(money('1', 'USD'), [1, 1, 1], { scale: 4 }))).toEqual(['0.3334', '0.3333', '0.3333']);
    expect(amounts(allocateMoney(money('3', 'USD'), [1, 1], { scale: 0 }))).toEqual(['2.00', '1.00']);
    expect(codeOf(() => allocateMoney(money('0.001', 'USD'), [1], { scale: 'currency' }))).toBe('out_of_range');
    expect(codeOf(() => allocateMoney(money('1', 'USD'), [1], { scale: 1.5 }))).toBe('invalid_rounding');
  });

  it('carries any amount', () => {
    expect(amounts(allocateMoney(money('99999999999999999999.99', 'USD'), ['99999999999999999999.999999999999', '0.000000000001']))).toEqual(['99999999999999999999.99', '0.00']);
  });

  it.each<[unknown, string]>([
    [[], 'empty'],
    [[0, 0], 'invalid_weights'],
    [[1, -1], 'invalid_weights'],
    [[1, Number.NaN], 'not_finite'],
    [[1, 1 / 3], 'imprecise_number'],
    [['x'], 'invalid_decimal'],
    [new Array(3), 'invalid_decimal'],
    ['111', 'invalid_type'],
    [null, 'invalid_type'],
  ])('refuses the weights %j', (weights, code) => {
    expect(codeOf(() => allocateMoney(money('1', 'USD'), weights as never))).toBe(code);
  });

  it('keeps the currency in the type and the inputs as they are', () => {
    const amount = Object.freeze(money('1', 'USD'));
    const weights = Object.freeze([1, 2]);
    const parts = allocateMoney(amount, weights);
    expectTypeOf(parts).toEqualTypeOf<Money<'USD'>[]>();
    expect(amount).toEqual({ amount: '1.00', currency: 'USD' });
  });
});

describe('splitMoney', () => {
  it('makes equal parts, the first ones larger', () => {
    expect(amounts(splitMoney(money('100', 'USD'), 3))).toEqual(['33.34', '33.33', '33.33']);
    expect(amounts(splitMoney(money('-0.05', 'USD'), 3))).toEqual(['-0.02', '-0.02', '-0.01']);
    expect(amounts(splitMoney(money('10', 'JPY'), 1))).toEqual(['10']);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9, '3', null])('refuses %s parts', (count) => {
    expect(codeOf(() => splitMoney(money('1', 'USD'), count as number))).toMatch(/out_of_range|not_an_integer|not_finite|invalid_type/);
  });
});
