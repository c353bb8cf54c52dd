import {
  type Assignment,
  type BuiltInConfig,
  type CompensationInput,
  type CompensationState,
  type Credit,
  commissionComponent,
  computeCompensation,
  creditDeals,
  definePlan,
  type ManagerOverrideConfig,
  type Plan,
  payoutSplitComponent,
  type TeamPoolConfig,
  teamPoolComponent,
  validatePlan,
} from 'dealwright/compensation';
import { replayTrace, verifyTrace } from 'dealwright/decimal';
import type { Hierarchy } from 'dealwright/organization';
import { checkComponent } from 'dealwright/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cents, freeze, usd } from './support.js';

const hierarchy: Hierarchy = freeze({
  reports: [
    { memberId: 'ann', managerId: 'max', from: '2026-01-01' },
    { memberId: 'bob', managerId: 'max', from: '2026-01-01', to: '2026-02-16' },
    { memberId: 'bob', managerId: 'zoe', from: '2026-02-16' },
    { memberId: 'cat', managerId: 'zoe', from: '2026-01-01' },
    { memberId: 'max', managerId: 'vic', from: '2026-01-01' },
    { memberId: 'zoe', managerId: 'vic', from: '2026-01-01' },
  ],
});

const credit = (id: string, payeeId: string, amount: string, more: Partial<Credit> = {}): Credit => ({ id, payeeId, dealId: id, on: '2026-02-10', amount: usd(amount), ...more });
const plan = (id: string, components: Plan<BuiltInConfig>['components'], more: Partial<Plan<BuiltInConfig>> = {}): Plan<BuiltInConfig> =>
  definePlan({ id, currency: 'USD', period: 'month', components, ...more });
const sellers = plan('seller', [{ kind: 'commission', id: 'commission', measure: { sum: 'amount' }, rate: '0.1' }]);
const on = (planId: string, ...payeeIds: readonly string[]): readonly Assignment[] => payeeIds.map((payeeId) => ({ payeeId, planId, from: '2026-01-01' }));

function run(input: { plans: readonly Plan<BuiltInConfig>[]; assignments: readonly Assignment[]; credits: readonly Credit[] } & Partial<CompensationInput<Plan<BuiltInConfig>>>) {
  const payees = [...new Set(input.assignments.map((assignment) => assignment.payeeId))].map((id) => ({ id }));
  return computeCompensation(freeze({ payees, periods: ['2026-02'], hierarchy, ...input }));
}
const totals = (result: ReturnType<typeof run>): Readonly<Record<string, string>> =>
  Object.fromEntries(result.statements.map((statement) => [`${statement.payeeId} ${statement.period.label.slice(-2)}`, statement.total.amount]));

function expectSound(result: ReturnType<typeof run>): void {
  for (const statement of result.statements) {
    expect(statement.lines.reduce((sum, line) => sum + cents(line.amount), 0n)).toBe(cents(statement.total));
    for (const line of statement.lines) {
      expect(verifyTrace(line.trace)).toEqual([]);
      expect(Number(replayTrace(line.trace))).toBe(Number(line.amount.amount));
    }
  }
}

describe('manager-override', () => {
  const override = (config: Omit<ManagerOverrideConfig, 'measure'> & Partial<ManagerOverrideConfig>): Plan<BuiltInConfig> =>
    plan('manager', [{ kind: 'manager-override', id: 'override', measure: { sum: 'amount' }, ...config }]);
  const credits = [
    credit('c1', 'ann', '1000'),
    credit('c2', 'bob', '500', { on: '2026-02-15' }),
    credit('c3', 'bob', '300', { on: '2026-02-16' }),
    credit('c4', 'cat', '200'),
    credit('c5', 'max', '50'),
  ];
  const pay = (config: Parameters<typeof override>[0], more: Partial<Parameters<typeof run>[0]> = {}) =>
    run({ plans: [sellers, override(config)], assignments: [...on('seller', 'ann', 'bob', 'cat', 'max'), ...on('manager', 'max', 'zoe', 'vic')], credits, ...more });

  test('a rate on what the team was credited with while it was the team', () => {
    const result = pay({ rate: '0.02' });
    expect(totals(result)).toEqual({ 'ann 02': '100.00', 'bob 02': '80.00', 'cat 02': '20.00', 'max 02': '35.00', 'vic 02': '1.00', 'zoe 02': '10.00' });
    expect(result.issues).toEqual([]);
    expectSound(result);
    expect(result.statements.find((statement) => statement.payeeId === 'max')?.lines.find((line) => line.componentId === 'override')).toMatchObject({
      basis: '1500',
      rate: '0.02',
      dealIds: ['c1', 'c2'],
    });
  });

  test('everybody below, or a rate for each level', () => {
    expect(totals(pay({ rate: '0.02', depth: 'all' }))['vic 02']).toBe('41.00');
    const levels = pay({ rate: ['0.02', '0.01'] });
    // Level 1: max with 50 × 2 %; level 2: 2,000 × 1 %.
    expect(levels.statements.find((statement) => statement.payeeId === 'vic')?.lines.map((line) => [line.label, line.amount.amount])).toEqual([
      ['Override, level 1', '1.00'],
      ['Override, level 2', '20.00'],
    ]);
    expectSound(levels);
  });

  test('by difference: the manager’s rate less what the seller got, seller by seller', () => {
    const result = pay({ rate: '0.12', lessPaid: [{ planId: 'seller', componentId: 'commission' }] });
    // ann: 120 − 100, bob until the 15th: 60 − 50. vic: max's own 50: 6 − 5.
    expect(totals(result)).toMatchObject({ 'max 02': '35.00', 'zoe 02': '10.00', 'vic 02': '1.00' });
    expect(result.statements.find((statement) => statement.payeeId === 'max')?.lines.map((line) => [line.label, line.amount.amount])).toContainEqual(['Override, ann', '20.00']);
    expectSound(result);
    for (const detail of ['statement', 'line', 'credit'] as const)
      expect(totals(pay({ rate: '0.12', lessPaid: [{ planId: 'seller', componentId: 'commission' }] }, { detail }))).toEqual(totals(result));
  });

  test('a seller who got more than the rate comes to: nothing, or deducted', () => {
    const lessPaid = [{ planId: 'seller', componentId: 'commission' }] as const;
    expect(totals(pay({ rate: '0.08', lessPaid }))['zoe 02']).toBe('0.00');
    expect(totals(pay({ rate: '0.08', lessPaid, below: 'deduct' }))['zoe 02']).toBe('-10.00');
  });

  test('several levels by difference: 50 % to the agent, 60 % general agent, 65 % marketing organization', () => {
    const levels: Hierarchy = {
      reports: [
        { memberId: 'agent', managerId: 'general', from: '2026-01-01' },
        { memberId: 'general', managerId: 'organization', from: '2026-01-01' },
      ],
    };
    const agents = plan('agent', [{ kind: 'commission', id: 'commission', measure: { sum: 'amount' }, rate: '0.5' }]);
    const general = plan('general', [
      { kind: 'manager-override', id: 'override', measure: { sum: 'amount' }, rate: '0.6', lessPaid: [{ planId: 'agent', componentId: 'commission' }] },
    ]);
    const organization = plan('organization', [
      {
        kind: 'manager-override',
        id: 'override',
        measure: { sum: 'amount' },
        depth: 'all',
        rate: '0.65',
        lessPaid: [
          { planId: 'agent', componentId: 'commission' },
          { planId: 'general', componentId: 'override' },
        ],
      },
    ]);
    const result = run({
      plans: [organization, general, agents],
      assignments: [...on('agent', 'agent'), ...on('general', 'general'), ...on('organization', 'organization')],
      credits: [credit('p1', 'agent', '1200')],
      hierarchy: levels,
    });
    expect(totals(result)).toEqual({ 'agent 02': '600.00', 'general 02': '120.00', 'organization 02': '60.00' });
    expectSound(result);
  });

  test('a deal that two people share counts once among direct credits, and is counted once', () => {
    const shared = [
      credit('a', 'ann', '600', { dealId: 'd', share: '0.6' }),
      credit('b', 'bob', '400', { dealId: 'd', share: '0.4' }),
      credit('c', 'bob', '1000', { dealId: 'd', type: 'overlay' }),
    ];
    const of = (measure: ManagerOverrideConfig['measure'], rate: string): string | undefined => totals(pay({ measure, rate }, { credits: shared }))['max 02'];
    expect(of({ sum: 'amount' }, '0.01')).toBe('20.00');
    expect(of({ sum: 'amount', where: { type: 'direct' } }, '0.01')).toBe('10.00');
    expect(of({ count: 'deals' }, '25')).toBe('25.00');
  });

  test('without a hierarchy the team is empty, and that is reported', () => {
    const { hierarchy: _, ...rest } = {
      hierarchy,
      plans: [override({ rate: '0.02' })],
      assignments: on('manager', 'max'),
      payees: [{ id: 'max' }],
      credits: [],
      periods: ['2026-02'],
    };
    const result = computeCompensation(rest);
    expect(result.issues.map((issue) => issue.code)).toEqual(['missing_key']);
    expect(result.statements[0]?.total).toEqual(usd('0.00'));
    expect(() => computeCompensation({ ...rest, hierarchy: { reports: [{ memberId: 'a', managerId: 'a', from: '2026-01-01' }] } })).toThrow(/hierarchy/);
  });

  test('roll-up credit of crediting rules is the other way to the same figure', () => {
    const sales = creditDeals(
      [
        {
          id: 't',
          type: 'booking',
          dealId: 'd',
          on: '2026-02-10',
          amount: usd('1000.01'),
          splits: [
            { payeeId: 'ann', kind: 'revenue', share: '0.5' },
            { payeeId: 'bob', kind: 'revenue', share: '0.5' },
          ],
        },
      ],
      {
        rules: [
          { id: 's', recipients: 'splits' },
          { id: 'm', recipients: { rollUp: {} } },
        ],
        hierarchy,
      },
    ).credits;
    const rolled = plan('rolled', [{ kind: 'commission', id: 'rolled', measure: { sum: 'amount', where: { type: 'indirect' } }, rate: '0.02' }]);
    const direct = plan('override', [{ kind: 'manager-override', id: 'direct', measure: { sum: 'amount', where: { type: 'direct' } }, rate: '0.02' }]);
    const pay2 = (manager: Plan<BuiltInConfig>) =>
      totals(run({ plans: [sellers, manager], assignments: [...on('seller', 'ann', 'bob'), ...on(manager.id, 'max')], credits: sales }))['max 02'];
    expect(pay2(rolled)).toBe('20.00');
    expect(pay2(direct)).toBe('20.00');
  });

  test('wrong configs', () => {
    const codes = (config: object): readonly string[] =>
      validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'manager-override', id: 'o', measure: { sum: 'amount' }, ...config }] }).map(
        (issue) => issue.code,
      );
    expect(codes({ rate: '0.1' })).toEqual([]);
    expect(codes({})).toEqual(['invalid_type']);
    expect(codes({ rate: [] })).toEqual(['empty']);
    expect(codes({ rate: '0.1', depth: 'deep' })).toEqual(['invalid_value']);
    expect(codes({ rate: '0.1', lesPaid: [] })).toEqual(['unknown_key']);
    expect(codes({ rate: '0.1', lessPaid: [{}] })).toEqual(['invalid_type']);
  });
});

describe('payout-split', () => {
  const tiers = {
    mode: 'marginal',
    tiers: [
      { from: '0', rate: '0.05' },
      { from: '1000', rate: '0.1' },
    ],
  } as const;
  const split = plan('split', [
    { kind: 'commission', id: 'commission', measure: { sum: 'amount' }, rate: tiers },
    { kind: 'payout-split', id: 'others', of: ['commission'] },
  ]);
  const sale = (kind: 'credit' | 'payout') =>
    creditDeals(
      [
        {
          id: 't',
          type: 'booking',
          dealId: 'd',
          on: '2026-02-10',
          amount: usd('2000'),
          splits: [
            { payeeId: 'ann', kind: 'revenue', share: '0.6' },
            { payeeId: 'bob', kind: 'revenue', share: '0.4' },
          ],
        },
      ],
      {
        rules: [{ id: 's', recipients: 'splits', split: kind }],
      },
    ).credits;

  test('a split of credit divides what tiers see; a split of pay divides what they come to', () => {
    const pay = (kind: 'credit' | 'payout') => run({ plans: [split], assignments: on('split', 'ann', 'bob'), credits: sale(kind) });
    // 1,200 and 800: 50 + 20, and 40.
    expect(totals(pay('credit'))).toEqual({ 'ann 02': '70.00', 'bob 02': '40.00' });
    // 150 on the whole, divided 60 : 40.
    const payout = pay('payout');
    expect(totals(payout)).toEqual({ 'ann 02': '90.00', 'bob 02': '60.00' });
    expect(payout.statements[0]?.lines.map((line) => line.amount.amount)).toEqual(['50.00', '100.00', '-60.00']);
    expectSound(payout);
    for (const detail of ['statement', 'credit'] as const)
      expect(totals(run({ plans: [split], assignments: on('split', 'ann', 'bob'), credits: sale('payout'), detail }))).toEqual(totals(payout));
  });

  test('other credits are left alone', () => {
    const result = run({ plans: [split], assignments: on('split', 'ann'), credits: [credit('c', 'ann', '100')] });
    expect(result.statements[0]?.lines).toHaveLength(1);
    expect(result.issues).toEqual([]);
  });
});

describe('team-pool', () => {
  const pool = (config: Partial<TeamPoolConfig>, more: Partial<Plan<BuiltInConfig>> = {}): Plan<BuiltInConfig> =>
    plan('se', [{ kind: 'team-pool', id: 'pool', fund: { amount: '100' }, basis: 'equal', ...config }], { parameters: { weight: 'number' }, ...more });
  const team = on('se', 'sue', 'tim', 'uma');
  const pay = (config: Partial<TeamPoolConfig>, more: Partial<Parameters<typeof run>[0]> = {}) => run({ plans: [pool(config)], assignments: team, credits: [], ...more });

  test('shared equally, to the cent', () => {
    const result = pay({});
    expect(totals(result)).toEqual({ 'sue 02': '33.34', 'tim 02': '33.33', 'uma 02': '33.33' });
    expectSound(result);
  });

  test('funded by a share of credits, by units, or from everybody', () => {
    const credits = [credit('c1', 'sue', '1000', { units: '4' }), credit('c2', 'tim', '500', { units: '3' }), credit('c3', 'ann', '9000', { units: '1' })];
    const more = { plans: [sellers], assignments: [...team, ...on('seller', 'ann')], credits };
    const of = (config: Partial<TeamPoolConfig>): readonly (string | undefined)[] => {
      const result = pay(config, { ...more, plans: [sellers, pool(config)] });
      expectSound(result);
      return ['sue', 'tim', 'uma'].map((id) => totals(result)[`${id} 02`]);
    };
    expect(of({ fund: { rate: '0.03', of: { sum: 'amount' } } })).toEqual(['15.00', '15.00', '15.00']);
    expect(of({ fund: { rate: '5', of: { sum: 'units' } } })).toEqual(['11.67', '11.67', '11.66']);
    expect(of({ fund: { rate: '0.01', of: { sum: 'amount' }, from: 'everybody' } })).toEqual(['35.00', '35.00', '35.00']);
  });

  test('in proportion to credits, or by weight', () => {
    const credits = [credit('c1', 'sue', '300'), credit('c2', 'tim', '100'), credit('c3', 'uma', '-50')];
    expect(totals(pay({ basis: { measure: { sum: 'amount' } } }, { credits }))).toEqual({ 'sue 02': '75.00', 'tim 02': '25.00', 'uma 02': '0.00' });
    const weights = team.map((assignment, index) => ({ ...assignment, parameters: { weight: String(index + 1) } }));
    expect(totals(pay({ basis: { weight: { param: 'weight' } } }, { assignments: weights }))).toEqual({ 'sue 02': '16.67', 'tim 02': '33.33', 'uma 02': '50.00' });
  });

  test('by days in the pool, or not', () => {
    const late = [...on('se', 'sue'), { payeeId: 'tim', planId: 'se', from: '2026-02-15' }];
    expect(totals(pay({}, { assignments: late }))).toEqual({ 'sue 02': '66.67', 'tim 02': '33.33' });
    expect(totals(pay({ proration: 'none' }, { assignments: late }))).toEqual({ 'sue 02': '50.00', 'tim 02': '50.00' });
    // Two segments with parameters of their own: one share, on the last of them.
    const twice = [...on('se', 'sue'), { payeeId: 'tim', planId: 'se', from: '2026-01-01', to: '2026-02-15' }, { payeeId: 'tim', planId: 'se', from: '2026-02-15' }];
    expect(totals(pay({}, { assignments: twice }))).toEqual({ 'sue 02': '50.00', 'tim 02': '50.00' });
  });

  test('a share that is not claimed: to the others, to the company, or to the next month', () => {
    const credits = [
      credit('c1', 'sue', '300'),
      credit('c2', 'tim', '300'),
      credit('c3', 'uma', '10'),
      credit('m1', 'sue', '300', { on: '2026-03-01' }),
      credit('m2', 'tim', '300', { on: '2026-03-01' }),
      credit('m3', 'uma', '200', { on: '2026-03-01' }),
    ];
    const claim = { measure: { sum: 'amount' }, atLeast: '200' } as const;
    const of = (unclaimed: TeamPoolConfig['unclaimed']) => pay({ claim, ...(unclaimed === undefined ? {} : { unclaimed }) }, { credits, periods: ['2026-02', '2026-03'] });
    expect(totals(of(undefined))).toEqual({ 'sue 02': '50.00', 'tim 02': '50.00', 'uma 02': '0.00', 'sue 03': '33.34', 'tim 03': '33.33', 'uma 03': '33.33' });
    expect(totals(of('forfeit'))).toEqual({ 'sue 02': '33.34', 'tim 02': '33.33', 'uma 02': '0.00', 'sue 03': '33.34', 'tim 03': '33.33', 'uma 03': '33.33' });
    const carried = of('carry');
    expect(totals(carried)).toEqual({ 'sue 02': '33.34', 'tim 02': '33.33', 'uma 02': '0.00', 'sue 03': '44.45', 'tim 03': '44.44', 'uma 03': '44.44' });
    expectSound(carried);
    // Month by month from the state, and with another first payee, who has no memory of the pool.
    let state: CompensationState | undefined;
    const months = ['2026-02', '2026-03'].map((period) => {
      const assignments = period === '2026-03' ? [...team, ...on('se', 'amy')] : team;
      const result = pay(
        { claim, unclaimed: 'carry' },
        { assignments, credits: credits.filter((entry) => entry.on.startsWith(period)), periods: [period], ...(state === undefined ? {} : { state }) },
      );
      state = JSON.parse(JSON.stringify(result.state)) as CompensationState;
      return totals(result);
    });
    // 133.33 among four, one of whom has no claim: 33.34 + 33.33 + 33.33, and 33.33 is left.
    expect(months).toEqual([
      { 'sue 02': '33.34', 'tim 02': '33.33', 'uma 02': '0.00' },
      { 'amy 03': '0.00', 'sue 03': '33.33', 'tim 03': '33.33', 'uma 03': '33.33' },
    ]);
  });

  test('peers: whoever has the same manager, day by day', () => {
    const config: Partial<TeamPoolConfig> = { members: 'peers', fund: { rate: '0.1', of: { sum: 'amount' } } };
    const credits = [credit('c1', 'ann', '1000'), credit('c2', 'bob', '500', { on: '2026-02-15' }), credit('c3', 'bob', '300', { on: '2026-02-16' }), credit('c4', 'cat', '200')];
    const result = pay(config, { assignments: on('se', 'ann', 'bob', 'cat', 'vic'), credits });
    // Pool of max: 150 for ann (28 days) and bob (15); pool of zoe: 50 for bob (13) and cat (28).
    expect(totals(result)).toEqual({ 'ann 02': '97.67', 'bob 02': '68.18', 'cat 02': '34.15', 'vic 02': '0.00' });
    expect(result.statements.find((statement) => statement.payeeId === 'bob')?.lines.map((line) => [line.label, line.amount.amount])).toEqual([
      ['Team pool of max', '52.33'],
      ['Team pool of zoe', '15.85'],
    ]);
    expectSound(result);
    const under = pay({ members: 'peers', fund: { rate: '0.1', of: { sum: 'amount' }, from: 'team' } }, { assignments: on('se', 'max', 'zoe', 'ann', 'bob', 'cat'), credits });
    // max and zoe share 10 % of everybody below vic.
    expect(totals(under)).toMatchObject({ 'max 02': '100.00', 'zoe 02': '100.00' });
  });

  test('an empty or negative pool pays nothing', () => {
    const fund = { rate: '0.1', of: { sum: 'amount' } } as const;
    expect(totals(pay({ fund }))).toEqual({ 'sue 02': '0.00', 'tim 02': '0.00', 'uma 02': '0.00' });
    const refund = [credit('c', 'sue', '-100'), credit('m', 'sue', '400', { on: '2026-03-01' })];
    expect(totals(pay({ fund }, { credits: refund, periods: ['2026-02', '2026-03'] }))).toMatchObject({ 'sue 02': '0.00', 'sue 03': '13.34' });
    expect(totals(pay({ fund, unclaimed: 'carry' }, { credits: refund, periods: ['2026-02', '2026-03'] }))).toMatchObject({ 'sue 02': '0.00', 'sue 03': '10.00' });
  });

  test('members who disagree about the pool are reported', () => {
    const weights = team.map((assignment, index) => ({ ...assignment, parameters: { weight: String(index + 1) } }));
    const result = pay({ fund: { amount: { param: 'weight' } } }, { assignments: weights });
    expect(result.issues.map((issue) => issue.code)).toEqual(['invalid_value']);
    expect(totals(result)).toEqual({ 'sue 02': '0.34', 'tim 02': '0.33', 'uma 02': '0.33' });
  });

  test('wrong configs', () => {
    const codes = (config: object): readonly string[] =>
      validatePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'team-pool', id: 'o', fund: { amount: '1' }, basis: 'equal', ...config }] }).map(
        (issue) => issue.code,
      );
    expect(codes({})).toEqual([]);
    expect(codes({ basis: 'equaly' })).toEqual(['invalid_value']);
    expect(codes({ basis: {} })).toEqual(['missing_key']);
    expect(codes({ basis: 3 })).toEqual(['invalid_type']);
    expect(codes({ fund: { amount: '1', rate: '1' } })).toEqual(['unknown_key']);
    expect(codes({ fund: { rate: '1', of: { sum: 'amount' }, from: 'team' } })).toEqual(['invalid_value']);
    expect(codes({ claim: { measure: { sum: 'amount' } } })).toEqual(['invalid_type']);
  });

  test('shares sum to the pool, whatever the weights, and order does not matter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 }), fc.boolean(), (units, weights, reversed) => {
        const assignments = weights.map((weight, index): Assignment => ({ payeeId: `p${index}`, planId: 'se', from: '2026-01-01', parameters: { weight: String(weight) } }));
        const amount = (units / 100).toFixed(2);
        const config: Partial<TeamPoolConfig> = { fund: { amount }, basis: { weight: { param: 'weight' } } };
        const result = pay(config, { assignments: reversed ? [...assignments].reverse() : assignments });
        const sum = result.statements.reduce((total, statement) => total + cents(statement.total), 0n);
        expect(sum).toBe(weights.some((weight) => weight > 0) ? BigInt(units) : 0n);
        const whole = weights.reduce((total, weight) => total + weight, 0);
        weights.forEach((weight, index) => {
          const own = Number(cents(result.statements.find((statement) => statement.payeeId === `p${index}`)?.total));
          if (whole > 0) expect(Math.abs(own - (units * weight) / whole)).toBeLessThan(1);
        });
      }),
      { seed: 20260101, numRuns: 60 },
    );
  });
});

test('the laws of every component', () => {
  const amount = { sum: 'amount' } as const;
  expect(
    checkComponent(teamPoolComponent, {
      configs: [
        { fund: { rate: '0.0333', of: amount }, basis: 'equal' },
        { fund: { amount: '100' }, basis: { measure: amount }, unclaimed: 'carry' },
        { fund: { rate: '7', of: { count: 'deals' } }, basis: 'equal', claim: { measure: amount, atLeast: '5000' }, unclaimed: 'carry' },
        { fund: { rate: '0.01', of: amount, from: 'everybody' }, basis: { measure: { count: 'deals' } }, claim: { measure: amount, atLeast: '1' }, unclaimed: 'forfeit' },
      ],
    }),
  ).toEqual([]);
  const before = [
    {
      component: commissionComponent,
      config: {
        id: 'pay',
        measure: amount,
        rate: {
          mode: 'marginal',
          tiers: [
            { from: '0', rate: '0.05' },
            { from: '1000', rate: '0.1' },
          ],
        },
      },
    },
  ];
  expect(checkComponent(payoutSplitComponent, { configs: [{ of: ['pay'] }], before })).toEqual([]);
});
