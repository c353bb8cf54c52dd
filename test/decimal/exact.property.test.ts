import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  parseDecimal,
  ROUNDING_MODES,
  type RoundingMode,
  readDecimal,
  roundDecimal,
  subtractDecimals,
} from 'dealwright/decimal';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactAdd, exactCompare, exactDivide, exactFromCanonical, exactFromScaled, exactMultiply, exactToString } from '../../src/decimal/exact.js';
import { addSafe, parseScaledInteger } from '../../src/decimal/scaled-integer.js';
import { bigintQuotient, decimalOf, type Scaled } from '../support/bigint-decimal.js';

const options = { seed: 20260101, numRuns: 2_000 } as const;

/** A decimal within the limits on inputs, as an integer and its scale. */
const scaled: fc.Arbitrary<Scaled> = fc.record({ units: fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }), scale: fc.integer({ min: 0, max: 12 }) });
const small: fc.Arbitrary<Scaled> = fc.record({ units: fc.bigInt({ min: -2_000n, max: 2_000n }), scale: fc.integer({ min: 0, max: 3 }) });
const decimal = fc.oneof(scaled, small);
const mode = fc.constantFrom(...ROUNDING_MODES);

const align = (a: Scaled, b: Scaled): readonly [bigint, bigint, number] => {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
};

describe('exact arithmetic against bigints', () => {
  it('adds, subtracts, multiplies, compares', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [left, right, scale] = align(a, b);
        expect(addDecimals(decimalOf(a), decimalOf(b))).toBe(decimalOf({ units: left + right, scale }));
        expect(subtractDecimals(decimalOf(a), decimalOf(b))).toBe(decimalOf({ units: left - right, scale }));
        expect(multiplyDecimals(decimalOf(a), decimalOf(b))).toBe(decimalOf({ units: a.units * b.units, scale: a.scale + b.scale }));
        expect(compareDecimals(decimalOf(a), decimalOf(b))).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
      options,
    );
  });

  it('divides and rounds in all seven modes', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.integer({ min: 0, max: 15 }), mode, (a, b, scale, rounding) => {
        fc.pre(b.units !== 0n);
        const quotient = bigintQuotient(a.units * 10n ** BigInt(scale + b.scale), b.units * 10n ** BigInt(a.scale), rounding);
        expect(divideDecimals(decimalOf(a), decimalOf(b), { scale, mode: rounding })).toBe(decimalOf({ units: quotient, scale }));
        const rounded = bigintQuotient(a.units * 10n ** BigInt(scale), 10n ** BigInt(a.scale), rounding);
        expect(roundDecimal(decimalOf(a), { scale, mode: rounding })).toBe(decimalOf({ units: rounded, scale }));
      }),
      options,
    );
  });

  it('decides ties exactly, however many digits away they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -1_000n, max: 1_000n }), fc.integer({ min: 0, max: 5 }), fc.constantFrom(-1n, 0n, 1n), mode, (whole, scale, nudge, rounding: RoundingMode) => {
        // (whole + 1/2) / 10^scale, a trillionth of a trillionth up or down.
        const units = (2n * whole + 1n) * 5n * 10n ** 24n + nudge;
        const value = exactFromCanonical(decimalOf({ units, scale: scale + 25 }));
        const expected = bigintQuotient(units, 10n ** 25n, rounding);
        expect(exactToString(exactDivide(value, exactFromCanonical('1'), { scale, mode: rounding }))).toBe(decimalOf({ units: expected, scale }));
      }),
      options,
    );
  });

  it('refuses a product that a later sum could not carry exactly', () => {
    let tiny = exactFromCanonical('0.000000000001');
    const multiply = (): void => {
      for (let index = 0; index < 100; index += 1) tiny = exactMultiply(tiny, exactFromCanonical('0.000000000001'));
    };
    expect(multiply).toThrow(/precision_exceeded/);
    const one = exactFromCanonical('1');
    expect(exactCompare(exactAdd(one, tiny), one)).toBe(1);
    const nines = exactFromCanonical('9'.repeat(300));
    expect(() => exactMultiply(nines, nines)).toThrow(/precision_exceeded/);
  });
});

describe('parseDecimal', () => {
  it('gives back what it wrote', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const text = decimalOf(value);
        const read = readDecimal(text);
        fc.pre(typeof read === 'string');
        expect(read).toBe(text);
        expect(parseDecimal(BigInt(value.units))).toBe(value.units.toString());
      }),
      options,
    );
  });

  it('reads numbers as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), fc.integer({ min: 0, max: 12 }), (units, scale) => {
        const text = decimalOf({ units: BigInt(units), scale });
        expect(parseDecimal(Number(text))).toBe(text);
      }),
      options,
    );
  });

  it('accepts a plain text exactly when the grammar and the limits do', () => {
    const odd = fc.stringMatching(/^[-+ ]?[0-9.,eE_x]{0,36}$/);
    fc.assert(
      fc.property(fc.oneof(odd, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const match = /^-?(\d+)(?:\.(\d+))?$/.exec(text);
        const integer = (match?.[1] ?? '').replace(/^0+(?=\d)/, '');
        const fraction = (match?.[2] ?? '').replace(/0+$/, '');
        const acceptable = match !== null && text.length <= 64 && integer.length <= 20 && fraction.length <= 12;
        expect(typeof readDecimal(text) === 'string').toBe(acceptable);
      }),
      { ...options, numRuns: 5_000 },
    );
  });

  it('gives a decimal or an issue for anything', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), (value) => {
        const read = readDecimal(value);
        if (typeof read === 'string') expect(read).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        else expect(read).toMatchObject({ code: expect.any(String) as string, path: [] });
      }),
      { ...options, numRuns: 5_000 },
    );
  });

  it('throws nothing but a DomainError from any function of two decimals', () => {
    const run = (call: () => unknown): void => {
      try {
        call();
      } catch (error) {
        expect(isDomainError(error)).toBe(true);
      }
    };
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (a, b, rounding) => {
        for (const compute of [addDecimals, subtractDecimals, multiplyDecimals, compareDecimals]) run(() => compute(a as never, b as never));
        run(() => divideDecimals(a as never, b as never, rounding as never));
        run(() => divideDecimals('1', '3', rounding as never));
        run(() => roundDecimal('1', rounding as never));
      }),
      options,
    );
  });
});

describe('the fast path of scaled integers', () => {
  const text = fc.oneof(
    fc.record({ units: fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), scale: fc.integer({ min: 0, max: 8 }) }).map(decimalOf),
    fc.record({ units: fc.bigInt({ min: 2n ** 53n - 20n, max: 2n ** 53n + 20n }), scale: fc.integer({ min: 0, max: 4 }) }).map(decimalOf),
    fc.stringMatching(/^-?[0-9]{0,18}(\.[0-9]{0,6})?$/),
    fc.string(),
  );

  it('reads the same value as the exact path, or none', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 8 }), (value, scale) => {
        const fast = parseScaledInteger(value, scale);
        const read = readDecimal(value);
        if (typeof read !== 'string') {
          expect(fast).toBeNaN();
          return;
        }
        const [integer = '', fraction = ''] = read.split('.');
        const units = fraction.length > scale ? undefined : BigInt(integer + fraction.padEnd(scale, '0'));
        const safe = units !== undefined && units <= 2n ** 53n - 1n && units >= -(2n ** 53n - 1n);
        if (safe && value.length <= 20) expect(BigInt(fast)).toBe(units);
        else expect(fast).toBeNaN();
        if (!Number.isNaN(fast)) {
          expect(exactToString(exactFromScaled(fast, scale))).toBe(read);
        }
      }),
      { ...options, numRuns: 10_000 },
    );
  });

  it('adds exactly, or says that it cannot', () => {
    const integer = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -100_000_000, max: 100_000_000 }));
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const fast = addSafe(a, b);
        const exact = BigInt(a) + BigInt(b);
        const fits = exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= -BigInt(Number.MAX_SAFE_INTEGER);
        if (fits) expect(BigInt(fast)).toBe(exact);
        else expect(fast).toBeNaN();
        expect(addSafe(a, Number.NaN)).toBeNaN();
      }),
      { ...options, numRuns: 10_000 },
    );
  });

  it('refuses scales it has no power for', () => {
    expect(parseScaledInteger('1', 16)).toBeNaN();
    expect(parseScaledInteger('x'.repeat(10_000_000), 2)).toBeNaN();
    expect(parseScaledInteger('', 2)).toBeNaN();
    expect(parseScaledInteger('-', 2)).toBeNaN();
  });
});
