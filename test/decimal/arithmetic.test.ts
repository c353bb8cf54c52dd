import { addDecimals, compareDecimals, divideDecimals, multiplyDecimals, ROUNDING_MODES, type RoundingMode, roundDecimal, subtractDecimals } from 'dealwright/decimal';
import { isDomainError } from 'dealwright/errors';
import { describe, expect, it } from 'vitest';

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isDomainError(error) ? error.code : error;
  }
  return undefined;
};

describe('arithmetic', () => {
  it('does not know binary fractions', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(subtractDecimals('1', '0.9')).toBe('0.1');
    expect(multiplyDecimals('950', '2.11')).toBe('2004.5');
    expect(addDecimals('99999999999999999999.999999999999', '0.000000000001')).toBe('100000000000000000000');
    expect(multiplyDecimals('99999999999999999999.999999999999', '99999999999999999999.999999999999')).toBe('9999999999999999999999999999999800000000.000000000000000000000001');
    expect(compareDecimals('1.0', '1')).toBe(0);
    expect(compareDecimals('-1', '1')).toBe(-1);
    expect(compareDecimals('10', '9')).toBe(1);
    expect(multiplyDecimals('-5', '0')).toBe('0');
  });

  // The table of java.math.RoundingMode, with 'half-up' away from zero as there.
  const table: readonly (readonly [string, Readonly<Record<RoundingMode, string>>])[] = [
    ['5.5', { up: '6', down: '5', ceiling: '6', floor: '5', 'half-up': '6', 'half-down': '5', 'half-even': '6' }],
    ['2.5', { up: '3', down: '2', ceiling: '3', floor: '2', 'half-up': '3', 'half-down': '2', 'half-even': '2' }],
    ['1.6', { up: '2', down: '1', ceiling: '2', floor: '1', 'half-up': '2', 'half-down': '2', 'half-even': '2' }],
    ['1.1', { up: '2', down: '1', ceiling: '2', floor: '1', 'half-up': '1', 'half-down': '1', 'half-even': '1' }],
    ['1', { up: '1', down: '1', ceiling: '1', floor: '1', 'half-up': '1', 'half-down': '1', 'half-even': '1' }],
    ['-1', { up: '-1', down: '-1', ceiling: '-1', floor: '-1', 'half-up': '-1', 'half-down': '-1', 'half-even': '-1' }],
    ['-1.1', { up: '-2', down: '-1', ceiling: '-1', floor: '-2', 'half-up': '-1', 'half-down': '-1', 'half-even': '-1' }],
    ['-1.6', { up: '-2', down: '-1', ceiling: '-1', floor: '-2', 'half-up': '-2', 'half-down': '-2', 'half-even': '-2' }],
    ['-2.5', { up: '-3', down: '-2', ceiling: '-2', floor: '-3', 'half-up': '-3', 'half-down': '-2', 'half-even': '-2' }],
    ['-5.5', { up: '-6', down: '-5', ceiling: '-5', floor: '-6', 'half-up': '-6', 'half-down': '-5', 'half-even': '-6' }],
    ['-0.4', { up: '-1', down: '0', ceiling: '0', floor: '-1', 'half-up': '0', 'half-down': '0', 'half-even': '0' }],
  ];

  it.each(table)('rounds %s in seven modes', (value, expected) => {
    for (const mode of ROUNDING_MODES) {
      expect(roundDecimal(value, { scale: 0, mode })).toBe(expected[mode]);
      expect(divideDecimals(value, '1', { scale: 0, mode })).toBe(expected[mode]);
    }
  });

  it('divides once, correctly rounded', () => {
    expect(divideDecimals('1', '3', { scale: 4 })).toBe('0.3333');
    expect(divideDecimals('-2', '3', { scale: 2 })).toBe('-0.67');
    expect(divideDecimals('1', '8', { scale: 40 })).toBe('0.125');
    expect(divideDecimals('0', '-3', { scale: 2, mode: 'up' })).toBe('0');
  });

  it('refuses what cannot be computed', () => {
    expect(codeOf(() => divideDecimals('1', '0', { scale: 2 }))).toBe('division_by_zero');
    expect(codeOf(() => divideDecimals('1', '-0', { scale: 2 }))).toBe('division_by_zero');
    expect(codeOf(() => roundDecimal('1', { scale: 41 }))).toBe('invalid_rounding');
    expect(codeOf(() => roundDecimal('1', { scale: 1.5 }))).toBe('invalid_rounding');
    expect(codeOf(() => roundDecimal('1', { scale: 2, mode: 'banker' as RoundingMode }))).toBe('invalid_rounding');
    for (const rounding of [null, undefined, 2, 'x', []]) expect(codeOf(() => roundDecimal('1', rounding as never))).toBe('invalid_rounding');
  });
});
