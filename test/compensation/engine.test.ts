import {
  builtInComponents,
  type CompensationInput,
  type Credit,
  computeCompensation,
  createCompensationEngine,
  defineComponent,
  definePlan,
  parsePlan,
  validatePlan,
} from 'dealwright/compensation';
import { isDomainError } from 'dealwright/errors';
import { describe, expect, expectTypeOf, test } from 'vitest';

const credit = (id: string, on: string, amount: string, more: Partial<Credit> = {}): Credit => ({
  id,
  payeeId: 'a',
  dealId: `deal-${id}`,
  on,
  amount: { amount, currency: 'USD' },
  ...more,
});

const yearly = definePlan({
  id: 'p',
  currency: 'USD',
  period: 'month',
  components: [
    { kind: 'salary', id: 'base', amount: '100000' },
    {
      kind: 'commission',
      id: 'c',
      accumulate: 'year',
      measure: { sum: 'amount' },
      rate: {
        mode: 'whole-amount',
        tiers: [
          { from: '0', rate: '0.05' },
          { from: '10000', rate: '0.0777' },
        ],
      },
    },
  ],
});

const base = { plans: [yearly], payees: [{ id: 'a' }], assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }] } as const;
const credits = [credit('1', '2026-01-10', '3333.33'), credit('2', '2026-02-10', '7777.77'), credit('3', '2026-03-10', '-1500.01'), credit('4', '2026-03-11', '9999.99')];

describe('periods and state', () => {
  test('month by month from state alone equals the quarter at once', () => {
    const whole = computeCompensation({ ...base, credits, periods: ['2026-Q1'] });
    let state: CompensationInput['state'];
    const parts = ['2026-01', '2026-02', '2026-03'].map((period) => {
      const run = computeCompensation({ ...base, credits: credits.filter((entry) => entry.on.startsWith(period)), periods: [period], ...(state === undefined ? {} : { state }) });
      state = JSON.parse(JSON.stringify(run.state)) as NonNullable<CompensationInput['state']>;
      return run;
    });
    expect(parts.flatMap((part) => part.statements.map((statement) => statement.total))).toEqual(whole.statements.map((statement) => statement.total));
    expect(state).toEqual(whole.state);
  });

  test('the twelve months of a salary sum to the year to the cent', () => {
    const run = computeCompensation({ ...base, credits: [], periods: ['2026'] });
    const cents = run.statements.map((statement) => Math.round(Number(statement.total.amount) * 100));
    expect(cents.reduce((sum, value) => sum + value, 0)).toBe(10_000_000);
    expect(new Set(cents).size).toBe(2);
  });

  test('an annual whole-amount table telescopes to its value on the year', () => {
    const run = computeCompensation({ ...base, credits, periods: ['2026'] });
    const commission = run.statements.flatMap((statement) => statement.components).filter((entry) => entry.componentId === 'c');
    const cents = commission.reduce((sum, entry) => sum + Math.round(Number(entry.amount.amount) * 100), 0);
    // (3,333.33 + 7,777.77 − 1,500.01 + 9,999.99) × 7.77 % = 1,523.7054…
    expect(cents).toBe(Math.round(19_611.08 * 0.0777 * 100));
  });

  test('a state cannot be gone back behind', () => {
    const { state } = computeCompensation({ ...base, credits: [], periods: ['2026-02'] });
    expect(() => computeCompensation({ ...base, credits: [], periods: ['2026-01'], state })).toThrowError(/2026-03-01/);
  });

  test('an assignment that begins within a period is paid for its days', () => {
    const run = computeCompensation({ ...base, assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-16' }], credits: [], periods: ['2026-01'] });
    // 100,000 ÷ 12 × 16 ÷ 31
    expect(run.statements[0]?.total.amount).toBe('4301.08');
  });

  test('asOf is an exclusive cut', () => {
    const run = computeCompensation({ ...base, credits, periods: ['2026-Q1'], asOf: '2026-02-10' });
    expect(run.statements.map((statement) => statement.components.find((entry) => entry.componentId === 'c')?.amount.amount ?? '0.00')).toEqual(['166.67', '0.00', '0.00']);
  });
});

describe('rows that cannot be used', () => {
  const codes = (list: readonly Credit[], more: Partial<CompensationInput> = {}): readonly string[] =>
    computeCompensation({ ...base, credits: list, periods: ['2026-01'], ...(more as object) }).issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);

  test.each<readonly [string, readonly Credit[], readonly string[]]>([
    ['twice the same id', [credit('1', '2026-01-01', '1'), credit('1', '2026-01-02', '2')], ['credits.1.id: duplicate_id']],
    ['an unknown payee', [credit('1', '2026-01-01', '1', { payeeId: 'b' })], ['credits.0.payeeId: unassigned_payee']],
    ['a day outside', [credit('1', '2026-02-01', '1')], ['credits.0.on: credit_outside_periods']],
    ['a date that does not exist', [credit('1', '2026-02-30', '1')], ['credits.0.on: invalid_date']],
    ['an amount with separators', [credit('1', '2026-01-01', '1_000')], ['credits.0.amount.amount: invalid_decimal']],
    ['no amount', [{ id: '1', payeeId: 'a', on: '2026-01-01', amount: null }], ['credits.0.amount: missing_measure']],
    ['another currency without a rate', [{ ...credit('1', '2026-01-01', '1'), amount: { amount: '1', currency: 'EUR' } }], ['credits.0.amount: missing_rate']],
    ['a misspelt key', [{ ...credit('1', '2026-01-01', '1'), ammount: 1 } as Credit], ['credits.0.ammount: unknown_key']],
  ])('%s', (_, list, expected) => {
    expect(codes(list)).toEqual(expected);
  });

  test('a credit in another currency is converted at the rate of its day', () => {
    const run = computeCompensation({
      ...base,
      credits: [{ ...credit('1', '2026-01-10', '1'), amount: { amount: '100', currency: 'EUR' } }],
      periods: ['2026-01'],
      rates: {
        rates: [
          { from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' },
          { from: 'EUR', to: 'USD', rate: '9', on: '2026-01-11' },
        ],
      },
    });
    expect(run.statements[0]?.components.find((entry) => entry.componentId === 'c')?.amount.amount).toBe('5.50');
  });

  test('the rest is paid all the same', () => {
    const run = computeCompensation({ ...base, credits: [credit('1', '2026-02-30', '1'), credit('2', '2026-01-05', '1000')], periods: ['2026-01'] });
    expect(run.statements[0]?.components.find((entry) => entry.componentId === 'c')?.amount.amount).toBe('50.00');
  });
});

describe('plans', () => {
  test('every problem is found at once, with its place', () => {
    const issues = validatePlan({
      id: 'x',
      currency: 'usd',
      period: 'fortnight',
      components: [
        { kind: 'comission', id: 'a' },
        {
          kind: 'commission',
          id: 'b',
          measure: { sum: 'ammount' },
          rate: {
            mode: 'marginal',
            tiers: [
              { from: '0', rate: '0.05' },
              { from: '100', rate: '0.1' },
              { from: '50', rate: '12' },
            ],
          },
        },
      ],
    });
    expect(issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`)).toEqual([
      'currency: invalid_currency',
      'period: invalid_value',
      'components.0.kind: unknown_component_kind',
      'components.1.measure.sum: invalid_value',
      'components.1.rate.tiers.2.from: tiers_not_ascending',
    ]);
  });

  test('parsePlan types what came from JSON, and throws one error with every problem', () => {
    expect(parsePlan(JSON.parse(JSON.stringify(yearly)))).toEqual(yearly);
    try {
      parsePlan({ id: 'x' });
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && error.issues.length > 1 && error.name).toBe('InvalidPlanError');
    }
  });

  test('misspelt keys, unknown kinds and wrong configs do not compile', () => {
    // @ts-expect-error -- a kind that no component has
    expect(() => definePlan({ id: 'x', currency: 'USD', period: 'month', components: [{ kind: 'comission', id: 'c' }] })).toThrow();
    const commission = { kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: '0.1' } as const;
    // @ts-expect-error -- a misspelt optional key of a component
    expect(() => definePlan({ id: 'x', currency: 'USD', period: 'month', components: [{ ...commission, acumulate: 'year' }] })).toThrow();
    // @ts-expect-error -- a misspelt key of the plan
    expect(() => definePlan({ id: 'x', curency: 'USD', period: 'month', components: [] })).toThrow();
    expectTypeOf(definePlan({ id: 'x', currency: 'USD', period: 'month', components: [] }).id).toEqualTypeOf<'x'>();
  });

  test('a parameter must be declared, and a missing value is an issue', () => {
    const plan = { id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: { param: 'rate' } }] } as const;
    expect(validatePlan(plan).map((issue) => issue.code)).toEqual(['unknown_reference']);
    const declared = definePlan({ ...plan, components: [...plan.components], parameters: { rate: 'fraction' } });
    const input = { ...base, plans: [declared], credits: [credit('1', '2026-01-01', '100')], periods: ['2026-01'] };
    expect(computeCompensation(input).issues.map((issue) => issue.code)).toEqual(['missing_parameter']);
    expect(computeCompensation({ ...input, assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01', parameters: { rate: '0.25' } }] }).statements[0]?.total.amount).toBe(
      '25.00',
    );
  });
});

describe('custom components', () => {
  const perDeal = defineComponent<'per-deal', { amount: string }>({
    kind: 'per-deal',
    keys: ['amount'],
    evaluate: (config, { exact, measure, multiply, post }) => [post(multiply([exact(config.amount), measure({ count: 'deals' }).total]), { label: 'Per deal' })],
  });
  const fragile = defineComponent<'fragile', { on: string }>({
    kind: 'fragile',
    evaluate: (config, { payee }) => {
      if (payee.id === config.on) throw new TypeError('broken');
      return [];
    },
  });
  const engine = createCompensationEngine([...builtInComponents, perDeal, fragile]);

  test('stand beside the built-in ones', () => {
    const plan = engine.definePlan({
      id: 'p',
      currency: 'USD',
      period: 'month',
      components: [
        { kind: 'per-deal', id: 'd', amount: '12.5' },
        { kind: 'salary', id: 's', amount: '1200' },
      ],
    });
    const run = engine.compute({
      ...base,
      plans: [plan],
      credits: [credit('1', '2026-01-01', '1'), credit('2', '2026-01-02', '1'), credit('3', '2026-01-02', '1', { dealId: 'deal-2' })],
      periods: ['2026-01'],
    });
    expect(run.statements[0]?.lines.map((line) => [line.kind, line.amount.amount])).toEqual([
      ['per-deal', '25.00'],
      ['salary', '100.00'],
    ]);
  });

  test('one that fails for a payee takes nobody else down', () => {
    const plan = engine.definePlan({
      id: 'p',
      currency: 'USD',
      period: 'month',
      components: [
        { kind: 'fragile', id: 'f', on: 'a' },
        { kind: 'salary', id: 's', amount: '1200' },
      ],
    });
    const run = engine.compute({ ...base, plans: [plan], credits: [], periods: ['2026-01'] });
    expect(run.issues.map((issue) => issue.code)).toEqual(['component_failed']);
    expect(run.statements[0]?.total.amount).toBe('100.00');
  });

  test('a misspelt key of theirs is found in types and in validation', () => {
    // @ts-expect-error -- misspelt key
    expect(() => engine.definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'per-deal', id: 'd', amuont: '1' }] })).toThrow(/did you mean "amount"/);
  });

  test('two of one kind are an error', () => {
    expect(() => createCompensationEngine([perDeal, perDeal])).toThrow(/duplicate_id/);
  });
});

describe('detail statement', () => {
  test('is the same whether statements are put together the short way or the long one', () => {
    const input = { ...base, credits, periods: ['2026-Q1'], detail: 'statement' as const };
    const long = computeCompensation({ ...input, hashes: true }).statements.map(({ contentHash: _, ...rest }) => rest);
    expect(computeCompensation(input).statements).toEqual(long);
    expect(long.map((statement) => statement.total)).toEqual(computeCompensation({ ...input, detail: 'line' }).statements.map((statement) => statement.total));
  });
});
