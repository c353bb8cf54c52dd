import {
  type Activity,
  BUYING_ROLES,
  createDeal,
  type Deal,
  type DealEvent,
  type DealSplit,
  type LineItem,
  type RecurringValue,
  type Stakeholder,
  validateDeal,
} from 'dealwright/deals';
import { activitySchema, dealEventSchema, dealSchema, dealSchemaWith, dealSplitSchema, lineItemSchema, recurringValueSchema, stakeholderSchema } from 'dealwright/schemas';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import type {
  activityStructure,
  dealEventStructure,
  dealSplitStructure,
  dealStructure,
  lineItemStructure,
  recurringValueStructure,
  stakeholderStructure,
} from '../../src/deals/deal-structure.schema.js';
import { checkDealEvent } from '../../src/deals/validate-deal-event.js';
import { checkActivity, checkLineItem, checkRecurring, checkSplit, checkStakeholder } from '../../src/deals/validate-deal-parts.js';
import type { IssueSink } from '../../src/errors/checks.js';
import { dealArbitrary, frozen, hostileArbitrary, SEED } from './arbitrary-deal.js';

/** True only if each of two types can stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test('schemas and interfaces are the same types', () => {
  expectTypeOf<Same<z.output<typeof dealStructure>, Deal>>().toEqualTypeOf<true>();
  expectTypeOf<Same<z.output<typeof dealEventStructure>, DealEvent>>().toEqualTypeOf<true>();
  expectTypeOf<Same<z.output<typeof lineItemStructure>, LineItem>>().toEqualTypeOf<true>();
  expectTypeOf<Same<z.output<typeof dealSplitStructure>, DealSplit>>().toEqualTypeOf<true>();
  expectTypeOf<Same<z.output<typeof stakeholderStructure>, Stakeholder>>().toEqualTypeOf<true>();
  expectTypeOf<Same<z.output<typeof activityStructure>, Activity>>().toEqualTypeOf<true>();
  expectTypeOf<Same<z.output<typeof recurringValueStructure>, RecurringValue>>().toEqualTypeOf<true>();
  expectTypeOf<z.output<typeof dealSchema>>().toEqualTypeOf<Deal>();
});

const full = createDeal({
  id: 'd1',
  name: 'Rollout',
  ownerId: 'ann',
  pipelineId: 'b2b',
  stageId: 'demo',
  amount: { amount: '1200', currency: 'USD' },
  probability: 0.4,
  createdOn: '2026-01-05',
  kind: 'new',
  market: 'b2b',
  recurring: { mrr: { amount: '100', currency: 'USD' }, termMonths: 12 },
  lineItems: [{ id: 'l1', productId: 'p1', quantity: '2', unitPrice: { amount: '600', currency: 'USD' }, discount: '0.1' }],
  splits: [{ payeeId: 'ann', kind: 'revenue', share: '1' }],
  stakeholders: BUYING_ROLES.map((role) => ({ contactId: 'c1', role, title: 'CFO' })),
  activities: [{ id: 'x1', type: 'call', at: '2026-02-01', contactIds: ['c1'] }],
  custom: { region: 'West' },
});

/** Every place of a value, as a path. */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys: readonly (string | number)[] = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsOf((value as Record<string | number, unknown>)[key], [...path, key]))];
}

/** A copy with another value, or none, in one place. */
function changed(value: unknown, path: readonly (string | number)[], replacement: unknown, remove: boolean): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return value.map((entry, index) => (index === key ? changed(entry, rest, replacement, remove) : entry));
  const entries = Object.entries(value as object).flatMap(([name, entry]) => {
    if (name !== key) return [[name, entry]];
    return rest.length === 0 && remove ? [] : [[name, changed(entry, rest, replacement, remove)]];
  });
  return Object.fromEntries(entries);
}

const nearMisses: fc.Arbitrary<unknown> = fc.oneof(
  hostileArbitrary,
  fc.constantFrom<unknown>('2026-01-05', '2026-01-05T10:00:00Z', 'USD', '0.5', 0.5, 'open', 'won', 'x', null, [], {}, '1200', 12),
);

/** A valid value, as it is or with something else in one place. */
function aroundArbitrary<T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 1, arbitrary: values },
    { weight: 1, arbitrary: hostileArbitrary },
    {
      weight: 6,
      arbitrary: fc.tuple(values, fc.nat(), nearMisses, fc.boolean()).map(([value, place, replacement, remove]) => {
        const paths = pathsOf(value);
        return changed(value, paths[place % paths.length] ?? [], replacement, remove);
      }),
    },
    { weight: 1, arbitrary: fc.tuple(values, fc.string(), nearMisses).map(([value, key, extra]) => ({ ...value, [key]: extra })) },
  );
}

const dealsArbitrary: fc.Arbitrary<Deal> = fc.oneof(dealArbitrary, fc.constant(full));

describe('dealSchema', () => {
  test('accepts exactly what validateDeal finds no issue with, and leaves it as it is', () => {
    let accepted = 0;
    fc.assert(
      fc.property(aroundArbitrary(dealsArbitrary), (value) => {
        const issues = validateDeal(value);
        const parsed = dealSchema.safeParse(value);
        expect(parsed.success).toBe(issues.length === 0);
        if (parsed.success) {
          accepted += 1;
          expect(parsed.data).toEqual(value);
        } else expect(parsed.error.issues.map(({ message, path }) => [message, path])).toEqual(issues.map(({ message, path }) => [message, path]));
      }),
      { ...SEED, numRuns: 1_500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test('carries code and hint along', () => {
    const parsed = dealSchema.safeParse({ ...full, probability: 40 });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['probability'], params: { code: 'fraction_out_of_range', hint: 'a percentage? did you mean 0.4?' } });
  });

  test('hostile keys are refused, not dropped', () => {
    expect(dealSchema.safeParse({ ...full, custom: JSON.parse('{"__proto__": 1}') }).success).toBe(false);
  });

  test('has a JSON Schema', () => {
    expect(z.toJSONSchema(dealSchema, { io: 'output' })).toMatchObject({ type: 'object', additionalProperties: false });
  });
});

describe('dealSchemaWith', () => {
  const schema = dealSchemaWith(z.strictObject({ region: z.enum(['East', 'West']), size: z.number().exactOptional() }));

  test('knows the own fields', () => {
    const parsed = schema.parse(frozen(full));
    expectTypeOf(parsed.custom.region).toEqualTypeOf<'East' | 'West'>();
    expectTypeOf(parsed).toExtend<Deal<{ region: 'East' | 'West'; size?: number }>>();
    expect(parsed).toEqual(full);
    expect(schema.safeParse({ ...full, custom: { region: 'North' } }).error?.issues[0]?.path).toEqual(['custom', 'region']);
    expect(schema.safeParse({ ...full, custom: { region: 'West', regoin: 1 } }).success).toBe(false);
    expect(schema.safeParse({ ...full, probability: 2 }).success).toBe(false);
  });

  test('may transform them', () => {
    const upper = dealSchemaWith(z.object({ region: z.string().transform((text) => text.length) }));
    const { custom } = upper.parse(full);
    expectTypeOf(custom.region).toEqualTypeOf<number>();
    expect(custom).toEqual({ region: 4 });
  });
});

describe.each<[string, z.ZodType, (value: unknown, path: readonly (string | number)[], issues: IssueSink) => unknown, readonly unknown[]]>([
  ['lineItemSchema', lineItemSchema, checkLineItem, full.lineItems],
  ['dealSplitSchema', dealSplitSchema, checkSplit, full.splits],
  ['stakeholderSchema', stakeholderSchema, checkStakeholder, full.stakeholders],
  ['activitySchema', activitySchema, checkActivity, full.activities],
  ['recurringValueSchema', recurringValueSchema, checkRecurring, [full.recurring]],
])('%s', (_, schema, check, values) => {
  test('accepts exactly what the check does', () => {
    fc.assert(
      fc.property(aroundArbitrary(fc.constantFrom(...values)), (value) => {
        const issues: IssueSink = [];
        check(value, [], issues);
        const parsed = schema.safeParse(value);
        expect(parsed.success).toBe(issues.length === 0);
        if (parsed.success) expect(parsed.data).toEqual(value);
      }),
      { ...SEED, numRuns: 400 },
    );
  });
});

describe('dealEventSchema', () => {
  test('accepts exactly what the check does, for every kind of event', () => {
    const seen = new Set<string>();
    const events = dealArbitrary.chain((deal) => fc.constantFrom<DealEvent>(...deal.history, { type: 'deleted', at: '2026-05-01', by: 'ann' }));
    fc.assert(
      fc.property(aroundArbitrary(events), (value) => {
        const issues: IssueSink = [];
        checkDealEvent(value, [], issues);
        const parsed = dealEventSchema.safeParse(value);
        expect(parsed.success).toBe(issues.length === 0);
        if (parsed.success) seen.add(parsed.data.type);
      }),
      { ...SEED, numRuns: 2_000 },
    );
    expect(seen.size).toBe(12);
  });
});
