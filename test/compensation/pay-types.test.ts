import { type BuiltInConfig, type ClawbackConfig, type DrawConfig, definePlan, type PaymentStage, type Statement, type StatementPay } from 'dealwright/compensation';
import { expect, expectTypeOf, test } from 'vitest';

test('configs are typed while they are written', () => {
  expectTypeOf<Extract<BuiltInConfig, { kind: 'draw' }>>().toMatchTypeOf<DrawConfig>();
  expectTypeOf<NonNullable<DrawConfig['recoverable']>>().toEqualTypeOf<boolean | 'forgivable'>();
  expectTypeOf<NonNullable<ClawbackConfig['reversal']>>().toEqualTypeOf<'original-rate' | 'restate-period'>();
  expectTypeOf<Statement['paid']>().toEqualTypeOf<StatementPay | undefined>();
  const plan = { id: 'p', currency: 'USD', period: 'month' } as const;
  // @ts-expect-error a misspelt key does not compile
  expect(() => definePlan({ ...plan, components: [{ kind: 'draw', id: 'd', amount: '1', recoverible: true }] })).toThrow(/unknown_key/);
  // @ts-expect-error a stage needs a trigger
  const stage: PaymentStage = { share: '1' };
  // @ts-expect-error an unknown trigger does not compile
  const other: PaymentStage = { share: '1', on: 'cash' };
  // @ts-expect-error a policy that does not exist
  expect(() => definePlan({ ...plan, payCurrency: 'EUR', payRate: 'spot', components: [] })).toThrow(/invalid_value/);
  expect([stage, other]).toHaveLength(2);
});

test('the draw of a ramp is written as one thinks of it', () => {
  const plan = definePlan({
    id: 'ae',
    currency: 'USD',
    period: 'quarter',
    parameters: { targetIncentive: 'money', quota: 'money' },
    components: [{ kind: 'draw', id: 'ramp-draw', amount: '3000', every: 'month', until: { monthsFromHire: 3 }, recoverable: true }],
  });
  expect(plan.components).toHaveLength(1);
});
