import * as z from 'zod';
import { readDecimal } from '../decimal/parse-decimal.js';
import type { Issue } from '../errors/issue.js';
import { currencyIssue } from './currencies.js';
import type { Money } from './money.js';
import { type RateTable, validateRateTable } from './rate-table.js';
import { readMoney } from './read-money.js';

/*
 * Each schema asks the reader of this folder, so that there is one rule and not two; the structure behind it is what JSON Schema is made from.
 */

/** Hands issues to zod, with everything beside message and path under `params`. */
function report(issues: readonly Issue[], context: z.RefinementCtx): void {
  for (const { message, path, ...params } of issues) context.addIssue({ code: 'custom', message, path: [...path], params });
}

/**
 * A decimal number as text, at most 20 digits before and 12 after the point. Parses to canonical form.
 *
 * @category money
 */
export const decimalStringSchema: z.ZodType<string, string> = /* @__PURE__ */ z.preprocess<unknown, z.ZodString, string>(
  (value, context) => {
    const read = readDecimal(value, []);
    if (typeof value === 'string' && typeof read === 'string') return read;
    report(typeof read === 'string' ? [] : [read], context);
    return value;
  },
  z.string().regex(/^-?\d+(\.\d+)?$/),
);

/**
 * A currency code: three capital letters.
 *
 * @category money
 */
export const currencySchema: z.ZodType<string, string> = /* @__PURE__ */ z.preprocess<unknown, z.ZodString, string>(
  (value, context) => {
    const issue = currencyIssue(value, []);
    if (issue !== undefined) report([issue], context);
    return value;
  },
  z.string().regex(/^[A-Z]{3}$/),
);

/**
 * An amount of money: exactly what `readMoney` accepts. Parses to canonical form.
 *
 * @category money
 */
export const moneySchema: z.ZodType<Money, Money> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<Money>, Money>(
  (value, context) => {
    const read = readMoney(value);
    if (!Array.isArray(read)) return read;
    report(read, context);
    return value;
  },
  /* @__PURE__ */ z.strictObject({ amount: /* @__PURE__ */ z.string().regex(/^-?\d+(\.\d+)?$/), currency: /* @__PURE__ */ z.string().regex(/^[A-Z]{3}$/) }),
);

/**
 * A table of exchange rates: exactly what `validateRateTable` finds no issue with.
 *
 * @category money
 */
export const rateTableSchema: z.ZodType<RateTable, RateTable> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<RateTable>, RateTable>(
  (value, context) => {
    report(validateRateTable(value), context);
    return value;
  },
  /* @__PURE__ */ z.strictObject({
    rates: /* @__PURE__ */ z.array(
      /* @__PURE__ */ z.strictObject({
        from: /* @__PURE__ */ z.string().regex(/^[A-Z]{3}$/),
        to: /* @__PURE__ */ z.string().regex(/^[A-Z]{3}$/),
        rate: /* @__PURE__ */ z.string(),
        on: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string()),
      }),
    ),
    allowInverse: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.boolean()),
    inverseScale: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number()),
    pivot: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string()),
  }),
);
