import { type CommissionConfig, type Credit, computeCompensation, definePlan, type Measure, validatePlan } from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type payOf, runCommission, totalsOf } from '../support/commission-run.js';

const usd = (amount: string): NonNullable<Credit['amount']> => ({ amount, currency: 'USD' });
/** What a measure comes to: paid at one dollar for one of it. */
const measured = (measure: Measure, credits: Parameters<typeof payOf>[0]['credits'], more: Partial<Parameters<typeof payOf>[0]> = {}): readonly number[] =>
  totalsOf(runCommission({ config: { measure, rate: '1' }, ...(credits === undefined ? {} : { credits }), ...more }));
const codes = (measure: unknown): readonly (string | undefined)[] =>
  validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', measure, rate: '1' }] }).map((issue) => issue.code);

const SALES = [
  { amount: usd('100'), margin: usd('10'), accountId: 'x', productId: 'crm', kind: 'new', values: { score: '0.5' } },
  { amount: usd('300'), margin: usd('90'), accountId: 'x', productId: 'cpq', kind: 'renewal', values: { score: '0.75' } },
  { amount: usd('50'), margin: usd('20'), accountId: 'y', productId: 'crm', kind: 'new', values: { score: '1' } },
] as const;

describe('measures of credits', () => {
  test.each<readonly [string, Measure, number]>([
    ['ratio of sums', { ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } } }, 0.27],
    ['distinct values', { distinct: 'accountId' }, 2],
    ['distinct values that pass a filter', { distinct: 'productId', where: { kind: 'new' } }, 1],
    ['count, at most one per account', { limit: { count: 'credits' }, per: 'accountId', most: '1' }, 2],
    ['sum, at most 200 per account', { limit: { sum: 'amount' }, per: 'accountId', most: '200' }, 250],
    ['latest', { latest: 'values.score' }, 1],
    ['average per credit', { average: 'values.score' }, 0.75],
    [
      'weighted by the first filter that a credit passes',
      {
        weighted: 'amount',
        weights: [
          { where: { kind: 'renewal' }, weight: '0.5' },
          { where: { productId: 'crm' }, weight: '2' },
        ],
      },
      450,
    ],
    ['weighted, the others at nothing', { weighted: 'amount', weights: [{ where: { kind: 'renewal' }, weight: '0.5' }], otherwise: '0' }, 150],
    [
      'blend',
      {
        blend: [
          { weight: '0.25', of: { distinct: 'accountId' } },
          { weight: '0.75', of: { count: 'deals' } },
        ],
      },
      2.75,
    ],
    ['growth over a figure', { growth: { sum: 'amount' }, over: '400' }, 50],
    ['growth as a fraction', { growth: { sum: 'amount' }, over: '400', as: 'fraction' }, 0.13],
    ['a figure of the plan', { value: '7' }, 7],
    ['any numeric field of your own', { sum: 'values.score' }, 2.25],
  ])('%s', (_, measure, expected) => {
    // Two decimals: the pay is in cents.
    expect(measured(measure, SALES)).toEqual([expected]);
    expect(codes(measure)).toEqual([]);
  });

  test('a reversed credit makes no new account, and gives back what it took of a limit', () => {
    const reversed = [...SALES, { amount: usd('-50'), accountId: 'z', refersTo: 'c2' }];
    expect(measured({ distinct: 'accountId' }, reversed)).toEqual([2]);
    expect(
      measured({ limit: { sum: 'amount' }, per: 'accountId', most: '200' }, [
        { amount: usd('300'), accountId: 'x' },
        { amount: usd('-150'), accountId: 'x' },
      ]),
    ).toEqual([150]);
  });
});

describe('undefined is not zero', () => {
  test.each<readonly [string, Measure, string]>([
    ['a ratio to nothing', { ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } } }, 'a ratio to 0 is not defined.'],
    ['an average of nothing', { average: 'amount' }, 'an average of no credits is not defined.'],
    ['a latest credit that is not there', { latest: 'values.score' }, 'no credit has given values.score yet.'],
    ['growth as a fraction of 0', { growth: { sum: 'amount' }, over: '0', as: 'fraction' }, 'growth over a baseline of 0 is not defined as a fraction.'],
    ['an attainment that does not exist', { attainmentOf: { componentId: 'other', planId: 'elsewhere' } }, 'other has no attainment in this period.'],
  ])('%s is reported, and pays nothing', (_, measure, message) => {
    const run = runCommission({ config: { measure, rate: '1', gates: [{ by: 'amount', least: '0' }] } });
    expect(run.issues.map((issue) => [issue.code, issue.message])).toEqual([['undefined_measure', message]]);
    expect(totalsOf(run)).toEqual([0]);
  });

  test('the plan may state a value', () => {
    expect(measured({ ratio: { of: { sum: 'margin' }, to: { sum: 'amount' } }, whenUndefined: '0.3' }, [])).toEqual([0.3]);
    expect(measured({ average: 'amount', whenUndefined: '2' }, [])).toEqual([2]);
  });
});

describe('over several periods', () => {
  const monthly = (values: readonly string[]): readonly Partial<Credit>[] =>
    values.map((amount, index) => ({ on: `2026-0${index + 1}-10`, accountId: `a${index % 2}`, amount: usd(amount), values: { score: String(index + 1) } }));
  const periods = ['2026-01', '2026-02', '2026-03', '2026-04'] as const;
  const follow = (measure: Measure, config: Partial<CommissionConfig> = {}): readonly number[] => {
    // Shown as attainment of a quota of 1, to date in the year.
    const credits = monthly(['100', '200', '400', '800']);
    const test = { config: { measure, rate: '0', quota: '1', accumulate: 'year', ...config } as CommissionConfig, periods, credits };
    const run = runCommission(test);
    let state: (typeof run)['state'] | undefined;
    const parts = periods.flatMap((period, index) => {
      const part = runCommission({ ...test, credits: [{ ...credits[index], id: `c${index}`, dealId: `d${index}` }], periods: [period], ...(state === undefined ? {} : { state }) });
      state = JSON.parse(JSON.stringify(part.state)) as typeof run.state;
      return part.statements;
    });
    expect(parts.map((statement) => statement.attainment)).toEqual(run.statements.map((statement) => statement.attainment));
    return run.statements.map((statement) => Number(statement.attainment[0]?.measured));
  };

  test.each<readonly [string, Measure, readonly number[]]>([
    ['a sum', { sum: 'amount' }, [100, 300, 700, 1500]],
    ['distinct values count once in the window', { distinct: 'accountId' }, [1, 2, 2, 2]],
    ['a limit holds for the window', { limit: { sum: 'amount' }, per: 'accountId', most: '300' }, [100, 300, 500, 600]],
    ['an average is that of all credits, not of averages', { average: 'amount' }, [100, 150, 233.333333333333, 375]],
    ['a ratio is that of the sums', { ratio: { of: { sum: 'amount' }, to: { sum: 'values.score' } } }, [100, 100, 116.666666666667, 150]],
    ['the latest is the latest', { latest: 'values.score' }, [1, 2, 3, 4]],
    ['the last two periods together', { rolling: { sum: 'amount' }, periods: 2 }, [100, 300, 600, 1200]],
    ['the mean of the last three, as far as they exist', { rolling: { sum: 'amount' }, periods: 3, as: 'average' }, [100, 150, 233.333333333333, 466.666666666667]],
    ['weighted', { weighted: 'amount', weights: [{ where: { accountId: 'a0' }, weight: '2' }] }, [200, 400, 1200, 2000]],
  ])('%s', (_, measure, expected) => {
    expect(follow(measure)).toEqual(expected);
  });

  test('growth over the period before has no baseline in the first', () => {
    expect(follow({ growth: { sum: 'amount' }, over: { periodsBefore: 1 }, whenUndefined: '0' })).toEqual([0, 100, 200, 400]);
    const run = runCommission({
      config: { measure: { growth: { sum: 'amount' }, over: { periodsBefore: 1 } }, rate: '1' },
      credits: monthly(['100', '250']),
      periods: ['2026-01', '2026-02'],
    });
    expect([totalsOf(run), run.issues.map((issue) => issue.code)]).toEqual([[0, 150], ['undefined_measure']]);
  });
});

describe('results of other components', () => {
  const plan = definePlan({
    id: 'ae',
    currency: 'USD',
    period: 'month',
    components: [
      { kind: 'commission', id: 'override', measure: { payOf: { componentId: 'sales' }, payees: { managedBy: 'managerId' } }, rate: '0.1' },
      {
        kind: 'commission',
        id: 'team-bonus',
        measure: { attainmentOf: { componentId: 'sales' }, payees: { sharing: 'team' } },
        rate: {
          mode: 'whole-amount',
          tiers: [
            { from: '0', amount: '0' },
            { from: '1', amount: '250' },
          ],
        },
      },
      { kind: 'commission', id: 'best', measure: { attainmentOf: { componentId: 'sales' }, payees: 'all', combine: 'highest' }, rate: '1' },
      { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, quota: '1000', rate: '0.1' },
    ],
  });
  const run = computeCompensation({
    plans: [plan],
    payees: [
      { id: 'boss', attributes: { team: 'west' } },
      { id: 'ann', attributes: { managerId: 'boss', team: 'west' } },
      { id: 'bob', attributes: { managerId: 'boss', team: 'east' } },
    ],
    assignments: ['boss', 'ann', 'bob'].map((payeeId) => ({ payeeId, planId: 'ae', from: '2026-01-01' })),
    credits: [
      { id: 'c1', payeeId: 'ann', on: '2026-01-05', amount: usd('2500') },
      { id: 'c2', payeeId: 'bob', on: '2026-01-06', amount: usd('500') },
    ],
    periods: ['2026-01'],
  });
  const paid = (payeeId: string): Readonly<Record<string, string>> =>
    Object.fromEntries(run.statements.find((statement) => statement.payeeId === payeeId)?.components.map((entry) => [entry.componentId, entry.amount.amount]) ?? []);

  test('come first, wherever they stand in the plan', () => {
    expect(run.issues).toEqual([]);
    // A tenth of 250 + 50; west has 0 % and 250 % on average, east 50 %.
    expect(paid('boss')).toMatchObject({ override: '30.00', 'team-bonus': '250.00' });
    expect(paid('ann')).toMatchObject({ sales: '250.00', 'team-bonus': '250.00', best: '2.50' });
    expect(paid('bob')).toMatchObject({ sales: '50.00', 'team-bonus': '0.00' });
  });

  test('a circle is an error', () => {
    const circle = definePlan({
      id: 'p',
      currency: 'USD',
      period: 'month',
      components: [
        { kind: 'commission', id: 'a', measure: { payOf: { componentId: 'b' } }, rate: '1' },
        { kind: 'commission', id: 'b', measure: { sum: 'amount' }, rate: '1', gates: [{ by: { payOf: { componentId: 'a' } }, least: '0' }] },
      ],
    });
    expect(() => computeCompensation({ plans: [circle], payees: [], assignments: [], credits: [], periods: ['2026-01'] })).toThrow(/circular_reference|circle/);
  });
});

describe('validation', () => {
  test.each<readonly [string, unknown, readonly string[]]>([
    ['two keys', { sum: 'amount', count: 'credits' }, ['missing_key']],
    ['a misspelt key', { summ: 'amount' }, ['missing_key']],
    ['a misspelt field', { sum: 'amont' }, ['invalid_value']],
    ['an unknown key', { average: 'amount', pre: 'deal' }, ['unknown_key']],
    ['a ratio of something else', { ratio: { of: { sum: 'amount' }, to: '3' } }, ['invalid_type']],
    ['a limit on a derived measure', { limit: { distinct: 'dealId' }, per: 'accountId', most: '1' }, ['invalid_value']],
    [
      'weights that are percentages',
      {
        blend: [
          { weight: '50', of: { count: 'credits' } },
          { weight: '50', of: { count: 'deals' } },
        ],
      },
      ['invalid_weights'],
    ],
    ['a distinct field that does not exist', { distinct: 'acountId' }, ['invalid_value']],
    ['no periods', { rolling: { sum: 'amount' }, periods: 0 }, ['out_of_range']],
    ['payees that are nobody', { payOf: { componentId: 'x' }, payees: 'mine' }, ['invalid_value']],
    ['a reference to nothing', { payOf: {} }, ['invalid_type']],
  ])('%s', (_, measure, expected) => {
    expect(codes(measure)).toEqual(expected);
  });

  test('nesting without end is refused', () => {
    let measure: unknown = { sum: 'amount' };
    for (let depth = 0; depth < 3000; depth += 1) measure = { rolling: measure, periods: 2 };
    expect(codes(measure)).toEqual(['out_of_range']);
  });

  test('hints at what was meant', () => {
    expect(validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', measure: { averge: 'amount' }, rate: '1' }] })[0]?.hint).toBe(
      'did you mean "average"?',
    );
  });

  test('types', () => {
    expectTypeOf<{ readonly average: 'amount' }>().toExtend<Measure>();
    // @ts-expect-error a misspelt key
    const wrong: Measure = { average: 'amount', pre: 'deal' };
    expect(wrong).toBeDefined();
  });
});

test('attainment is compared exactly, also where the quota does not end as a decimal', () => {
  const plan = definePlan({
    id: 'p',
    currency: 'USD',
    period: 'month',
    components: [
      {
        kind: 'commission',
        id: 'bonus',
        measure: { attainmentOf: { componentId: 'sales' } },
        rate: {
          mode: 'whole-amount',
          tiers: [
            { from: '0', amount: '0' },
            { from: '3', amount: '100' },
          ],
        },
      },
      // 20,000 ÷ 12 is 1,666.666…; 5,000 is three times that, to the last digit.
      { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, quota: { amount: '20000' }, rate: '0' },
    ],
  });
  const run = computeCompensation({
    plans: [plan],
    payees: [{ id: 'a' }],
    assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }],
    credits: [{ id: 'c', payeeId: 'a', on: '2026-01-05', amount: usd('5000') }],
    periods: ['2026-01'],
  });
  expect(run.statements[0]?.total.amount).toBe('100.00');
});
