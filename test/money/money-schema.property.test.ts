import { readDecimal } from 'dealwright/decimal';
import { type ExchangeRate, isMoney, type Money, type RateTable, readMoney, validateMoney, validateRateTable } from 'dealwright/money';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { currencySchema, decimalStringSchema, moneySchema, rateTableSchema } from '../../src/money/money.schema.js';

const options = { seed: 20260101, numRuns: 3_000 } as const;
const hostile = fc.constantFrom<unknown>(
  '__proto__',
  'constructor',
  '1e400',
  '0x10',
  '1_000',
  '',
  ' 1',
  '1\n',
  'USD',
  'usd',
  'USDT',
  '2026-02-30',
  null,
  undefined,
  5,
  Number.NaN,
  [],
  {},
  new Map(),
  Object.create({ amount: '1', currency: 'USD' }),
);
const amount = fc.oneof(
  fc.constantFrom('1', '-0', '007.50', '99999999999999999999.999999999999', '0.0000000000001', '9'.repeat(100)),
  fc.stringMatching(/^-?\d{0,22}(\.\d{0,14})?$/),
  hostile,
);
const currency = fc.oneof(fc.constantFrom('USD', 'EUR', 'JPY', 'ZZZ'), fc.string({ minLength: 3, maxLength: 3 }), hostile);
const moneyLike = fc.oneof(
  fc.record({ amount, currency }, { requiredKeys: [] }),
  fc.record({ amount, currency, note: fc.string() }, { requiredKeys: ['amount'] }),
  fc.constant<unknown>(JSON.parse('{"amount":"1","currency":"USD","__proto__":{"x":1}}')),
  fc.anything(),
);
const rate = fc.record(
  {
    from: fc.constantFrom('EUR', 'USD', 'eur'),
    to: fc.constantFrom('EUR', 'USD', 'GBP'),
    rate: fc.oneof(fc.constantFrom('1', '1.10', '0', '-1'), amount),
    on: fc.constantFrom('2026-01-01', '2026-02-01', '2026-02-30', undefined, null, 5),
  },
  { requiredKeys: ['from', 'to', 'rate'] },
);
const tableLike = fc.oneof(
  fc.record(
    {
      rates: fc.oneof(fc.array(rate, { maxLength: 4 }), hostile),
      allowInverse: fc.constantFrom(true, false, 1, undefined),
      inverseScale: fc.constantFrom(1, 12, 41, 0.5, undefined),
      pivot: fc.constantFrom('EUR', 'eur', undefined),
    },
    { requiredKeys: ['rates'] },
  ),
  fc.record({ rates: fc.array(fc.record({ from: fc.constantFrom('EUR', 'USD'), to: fc.constant('GBP'), rate: fc.constant('1.5') }), { maxLength: 3 }) }),
  fc.anything(),
);

describe('money schemas', () => {
  it('accept exactly what the reader accepts, and parse to what it gives', () => {
    fc.assert(
      fc.property(moneyLike, (value) => {
        const parsed = moneySchema.safeParse(value);
        const read = readMoney(value);
        expect(parsed.success).toBe(!Array.isArray(read));
        expect(parsed.success).toBe(isMoney(value));
        if (parsed.success) expect(parsed.data).toStrictEqual(read);
        else expect(parsed.error.issues.map((issue) => issue.path)).toEqual(validateMoney(value).map((issue) => issue.path));
      }),
      options,
    );
  });

  it('accept exactly the decimals and currencies of the library', () => {
    fc.assert(
      fc.property(fc.oneof(amount, currency, fc.anything()), (value) => {
        const decimal = decimalStringSchema.safeParse(value);
        const read = typeof value === 'string' ? readDecimal(value) : undefined;
        expect(decimal.success).toBe(typeof read === 'string');
        if (decimal.success) expect(decimal.data).toBe(read);
        expect(currencySchema.safeParse(value).success).toBe(typeof value === 'string' && /^[A-Z]{3}$/.test(value));
      }),
      options,
    );
  });

  it('accept exactly the rate tables that can be used', () => {
    fc.assert(
      fc.property(tableLike, (value) => {
        const parsed = rateTableSchema.safeParse(value);
        expect(parsed.success).toBe(validateRateTable(value).length === 0);
        if (parsed.success) expect(parsed.data).toEqual(value);
      }),
      options,
    );
  });

  it('carry code, expectation and hint in their issues', () => {
    const [issue] = moneySchema.safeParse({ amount: '5', curency: 'USD' }).error?.issues ?? [];
    expect(issue).toMatchObject({ code: 'custom', path: ['curency'], params: { code: 'unknown_key', hint: 'did you mean "currency"?' } });
  });

  it('can be part of other schemas', () => {
    const line = z.strictObject({ price: moneySchema, rates: z.exactOptional(rateTableSchema) });
    expect(line.parse({ price: { amount: '5', currency: 'USD' } })).toEqual({ price: { amount: '5.00', currency: 'USD' } });
    expect(line.safeParse({}).success).toBe(false);
    expect(line.safeParse({ price: { amount: '5', currency: 'us' } }).error?.issues[0]?.path).toEqual(['price', 'currency']);
  });

  it('can be written as JSON Schema', () => {
    expect(z.toJSONSchema(moneySchema, { io: 'input' })).toMatchObject({ type: 'object', required: ['amount', 'currency'], additionalProperties: false });
    expect(z.toJSONSchema(rateTableSchema)).toMatchObject({ type: 'object', required: ['rates'] });
  });

  it('agree with the interfaces both ways', () => {
    expectTypeOf<z.infer<typeof moneySchema>>().toEqualTypeOf<Money>();
    expectTypeOf<z.input<typeof moneySchema>>().toEqualTypeOf<Money>();
    expectTypeOf<z.infer<typeof rateTableSchema>>().toEqualTypeOf<RateTable>();
    expectTypeOf<z.input<typeof rateTableSchema>>().toEqualTypeOf<RateTable>();
    expectTypeOf<z.infer<typeof rateTableSchema>['rates'][number]>().toEqualTypeOf<ExchangeRate>();
    expectTypeOf<z.infer<typeof currencySchema>>().toEqualTypeOf<string>();
  });
});
