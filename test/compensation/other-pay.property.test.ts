import {
  awardGoalContest,
  type BuiltInConfig,
  CONTEST_RANKINGS,
  CONTEST_TIES,
  type CompensationInput,
  type CompensationRun,
  type ContestEntry,
  computeCompensation,
  parsePlan,
  rankContest,
  rankTeamContest,
  validatePlan,
} from 'dealwright/compensation';
import { ERROR_CODES, isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anything, spoilt } from '../support/hostile-values.js';
import { type CreditFacts, cents, inputOf, sound, totals, usd } from './pay-run.js';

const SEED = 20260101;
const money = fc.integer({ min: 0, max: 100_000 }).map((units) => usd((units / 100).toFixed(2)));
const entryList: fc.Arbitrary<readonly ContestEntry[]> = fc
  .array(
    fc.record({
      score: fc.oneof(fc.integer({ min: -3, max: 6 }), fc.constant(null)),
      quota: fc.integer({ min: 0, max: 3 }),
      key: fc.integer({ min: 0, max: 2 }),
      eligible: fc.boolean(),
    }),
    { maxLength: 9 },
  )
  .map((rows) => rows.map(({ key, ...row }, index) => ({ ...row, id: `p${index}`, tieBreakers: [key] })));
const rules = fc.record({ ranking: fc.constantFrom(...CONTEST_RANKINGS), ties: fc.constantFrom(...CONTEST_TIES), metric: fc.constantFrom('raw' as const, 'quota' as const) });

/** Ranks by counting, entry by entry, in floating point: obvious, slow, and exact for small whole numbers. */
function slowRanks(entries: readonly ContestEntry[], ranking: string, ties: string, metric: string): ReadonlyMap<string, number> {
  const value = (entry: ContestEntry): number => Number(entry.score) / (metric === 'quota' ? Number(entry.quota) : 1);
  const taking = entries.filter((entry) => entry.eligible !== false && entry.score !== null && (metric === 'raw' || Number(entry.quota) > 0));
  const breaks = ties === 'break' || ranking === 'ordinal';
  const better = (a: ContestEntry, b: ContestEntry): boolean => {
    if (value(a) !== value(b)) return value(a) > value(b);
    const [left, right] = [Number(a.tieBreakers?.[0]), Number(b.tieBreakers?.[0])];
    if (breaks && left !== right) return left > right;
    return ranking === 'ordinal' && a.id < b.id;
  };
  const rank = (entry: ContestEntry): number => {
    const above = taking.filter((other) => better(other, entry));
    const same = taking.filter((other) => !better(other, entry) && !better(entry, other));
    if (ranking === 'modified') return above.length + same.length;
    if (ranking !== 'dense') return above.length + 1;
    // Everybody above, one of each group: the first by id.
    return above.filter((other) => !taking.some((twin) => twin.id < other.id && !better(twin, other) && !better(other, twin))).length + 1;
  };
  return new Map(taking.map((entry) => [entry.id, rank(entry)]));
}

describe('rankContest', () => {
  test('ranks as counting does; shared prizes are those of the places filled, to the cent; order does not matter', () => {
    fc.assert(
      fc.property(entryList, fc.array(money, { minLength: 1, maxLength: 6 }), rules, (entries, prizes, options) => {
        const standings = rankContest(entries, { prizes, ...options });
        expect(rankContest([...entries].reverse(), { prizes, ...options })).toEqual(standings);
        const ranks = slowRanks(entries, options.ranking, options.ties, options.metric);
        expect(new Map(standings.flatMap((standing) => (standing.rank === null ? [] : [[standing.id, standing.rank]])))).toEqual(ranks);
        const paid = standings.reduce((sum, standing) => sum + cents(standing.prize.amount), 0);
        const places = options.ranking === 'dense' ? new Set(ranks.values()).size : ranks.size;
        const worth = prizes.slice(0, places).reduce((sum, prize) => sum + cents(prize.amount), 0);
        if (options.ties !== 'duplicate') expect(paid).toBe(worth);
        for (const standing of standings) {
          const same = standings.filter((other) => other.rank === standing.rank && standing.rank !== null).map((other) => cents(other.prize.amount));
          expect(Math.max(0, ...same) - Math.min(...same, Math.max(0, ...same))).toBeLessThanOrEqual(1);
        }
      }),
      { seed: SEED, numRuns: 600 },
    );
  });

  test('members get what their team gets; goals pay out their pool', () => {
    fc.assert(
      fc.property(entryList, fc.array(money, { minLength: 1, maxLength: 4 }), fc.constantFrom('equal' as const, 'by-score' as const), rules, (entries, prizes, shares, options) => {
        const members = entries.map((entry, index) => ({ ...entry, team: `t${index % 3}` }));
        const result = rankTeamContest(members, { prizes, shares, ...options });
        expect(rankTeamContest([...members].reverse(), { prizes, shares, ...options })).toEqual(result);
        for (const team of result.teams) {
          const own = result.members.filter((member) => member.team === team.id);
          expect(own.reduce((sum, member) => sum + cents(member.prize.amount), 0)).toBe(cents(team.prize.amount));
        }
        const [pool = usd('0')] = prizes;
        const goal = awardGoalContest(entries, { goal: '2', pool, metric: options.metric });
        const winners = goal.filter((entry) => entry.rank === 1);
        expect(goal.reduce((sum, entry) => sum + cents(entry.prize.amount), 0)).toBe(winners.length === 0 ? 0 : cents(pool.amount));
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test('whatever comes in, a result or one DomainError', () => {
    const options = { prizes: [usd('100'), usd('50')], ranking: 'standard', ties: 'break', metric: 'quota', minimum: '0.5', order: 'highest-first' };
    const entries = [
      { id: 'a', team: 'x', score: '1', quota: '2', tieBreakers: ['1', null], eligible: true },
      { id: 'b', team: 'y', score: null },
    ];
    fc.assert(
      fc.property(fc.oneof(spoilt({ entries, options }), anything), (value) => {
        const call = (typeof value === 'object' && value !== null ? value : {}) as { entries: never; options: never };
        for (const run of [rankContest, rankTeamContest, awardGoalContest]) {
          try {
            const result = run(call.entries, call.options);
            expect(JSON.parse(JSON.stringify(result))).toEqual(result);
          } catch (error) {
            if (!isDomainError(error)) throw error;
            for (const issue of error.issues) expect(Object.hasOwn(ERROR_CODES, issue.code)).toBe(true);
          }
        }
      }),
      { seed: SEED, numRuns: 800 },
    );
  });
});

const people = ['a', 'b', 'c'];
const sales = fc
  .array(
    fc.record({
      payee: fc.constantFrom(...people),
      deal: fc.integer({ min: 0, max: 6 }),
      day: fc.integer({ min: 1, max: 84 }),
      units: fc.integer({ min: 1, max: 400 }),
      returned: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((rows): readonly CreditFacts[] =>
    rows.map((row, index) => {
      const sign = row.returned && index > 0 ? '-' : '';
      const on = new Date(Date.UTC(2026, 0, row.day)).toISOString().slice(0, 10);
      const units = (row.units / 100).toFixed(2);
      return {
        id: `c${index}`,
        payeeId: row.payee,
        dealId: `d${row.deal}${row.payee}`,
        on,
        units: `${sign}${units}`,
        amount: usd(`${sign}${units}`),
        ...(sign === '' ? {} : { refersTo: 'c0' }),
      };
    }),
  );

/** The same credits month by month, from state alone. */
function monthly(components: readonly BuiltInConfig[], credits: readonly CreditFacts[], periods: readonly string[]): readonly CompensationRun[] {
  let state: CompensationInput['state'];
  return periods.map((period) => {
    const run = sound(
      computeCompensation(
        inputOf({
          components,
          payees: people.map((id) => ({ id })),
          credits: credits.filter((credit) => credit.on.startsWith(period)),
          periods: [period],
          more: state === undefined ? {} : { state },
        }),
      ),
    );
    state = JSON.parse(JSON.stringify(run.state)) as NonNullable<CompensationInput['state']>;
    return run;
  });
}

describe('SPIFFs', () => {
  const periods = ['2026-01', '2026-02', '2026-03'];
  const reward = fc.oneof(
    fc.constant('0.37'),
    fc.constantFrom('each-in-its-tier' as const, 'retroactive' as const).map((mode) => ({
      mode,
      tiers: [
        { from: '1', reward: '0.25' },
        { from: '3', reward: '0.333' },
      ] as const,
    })),
  );

  test('a pool is never exceeded, whatever comes back; order and batches do not matter', () => {
    fc.assert(
      fc.property(
        sales,
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom('deal' as const, 'credit' as const, 'unit' as const),
        reward,
        fc.constantFrom('partial' as const, 'none' as const),
        (credits, units, per, what, lastClaim) => {
          const components: readonly BuiltInConfig[] = [{ kind: 'spiff', id: 's', per, reward: what, pool: (units / 100).toFixed(2), lastClaim, accumulate: 'quarter' }];
          const run = (list: readonly CreditFacts[]): CompensationRun =>
            sound(computeCompensation(inputOf({ components, payees: people.map((id) => ({ id })), credits: list, periods })));
          const whole = run(credits);
          let spent = 0;
          for (const period of periods) {
            spent += totals(whole)
              .filter(([, label]) => label === period)
              .reduce((sum, [, , total]) => sum + cents(total), 0);
            expect(spent).toBeLessThanOrEqual(units);
            expect(spent).toBeGreaterThanOrEqual(0);
          }
          expect(run([...credits].reverse())).toEqual(whole);
          const parts = monthly(components, credits, periods).flatMap((part) => totals(part));
          expect([...parts].sort()).toEqual([...totals(whole)].sort());
        },
      ),
      { seed: SEED, numRuns: 250 },
    );
  });

  test('what is sold and taken back within the window leaves nothing', () => {
    fc.assert(
      fc.property(
        sales,
        fc.constantFrom('deal' as const, 'credit' as const, 'unit' as const),
        reward,
        fc.option(fc.constant('0.5'), { nil: undefined }),
        (credits, per, what, pool) => {
          const sold = credits.filter((credit) => credit.refersTo === undefined);
          const back = sold.map((credit) => ({
            ...credit,
            id: `r${credit.id}`,
            on: '2026-03-31',
            refersTo: credit.id,
            units: `-${credit.units}`,
            amount: usd(`-${credit.amount?.amount}`),
          }));
          const components: readonly BuiltInConfig[] = [{ kind: 'spiff', id: 's', per, reward: what, accumulate: 'quarter', ...(pool === undefined ? {} : { pool }) }];
          const run = sound(computeCompensation(inputOf({ components, payees: people.map((id) => ({ id })), credits: [...sold, ...back], periods })));
          // What a pool has cut is not taken back, and a return may come at another tier than the sale; more than was paid is never taken.
          const left = people.map((id) =>
            totals(run)
              .filter(([payeeId]) => payeeId === id)
              .reduce((sum, [, , total]) => sum + cents(total), 0),
          );
          if (pool === undefined) expect(left).toEqual([0, 0, 0]);
          else for (const amount of left) expect(amount).toBeGreaterThanOrEqual(0);
        },
      ),
      { seed: SEED, numRuns: 250 },
    );
  });
});

describe('contests in plans', () => {
  test('pay what rankContest says, by month or at once', () => {
    const periods = ['2026-01', '2026-02', '2026-03'];
    fc.assert(
      fc.property(
        sales,
        fc.array(money, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...CONTEST_RANKINGS),
        fc.constantFrom(...CONTEST_TIES),
        (credits, prizes, ranking, ties) => {
          const [first = '0', ...rest] = prizes.map((prize) => prize.amount);
          const components: readonly BuiltInConfig[] = [{ kind: 'contest', id: 'c', measure: { sum: 'amount' }, prizes: [first, ...rest], ranking, ties, accumulate: 'quarter' }];
          const run = sound(computeCompensation(inputOf({ components, payees: people.map((id) => ({ id })), credits, periods })));
          const scores = people.map((id) => ({
            id,
            score: credits.filter((credit) => credit.payeeId === id).reduce((sum, credit) => sum + cents(credit.amount?.amount ?? '0'), 0),
          }));
          const expected = new Map(rankContest(scores, { prizes, ranking, ties }).map((standing) => [standing.id, standing.prize.amount]));
          for (const [id, period, total] of totals(run)) expect(total).toBe(period === '2026-03' ? expected.get(id) : '0.00');
          expect(
            monthly(components, credits, periods)
              .flatMap((part) => totals(part))
              .sort(),
          ).toEqual([...totals(run)].sort());
        },
      ),
      { seed: SEED, numRuns: 250 },
    );
  });
});

describe('bonuses, objectives and allowances', () => {
  const configs: readonly BuiltInConfig[] = [
    {
      kind: 'bonus',
      id: 'x',
      measure: { sum: 'units' },
      levels: [
        { from: '2', amount: '10.005' },
        { from: '4', amount: '25' },
      ],
      accumulate: 'quarter',
      milestone: 'once',
      afterFall: 'recover',
      budget: { amount: '40', exceeded: 'scale' },
    },
    { kind: 'bonus', id: 'y', measure: { sum: 'units' }, every: { each: '0.7', amount: '3.333' }, accumulate: 'quarter' },
    { kind: 'client-entertainment', id: 'z', where: {}, perEvent: '2', share: '0.333', limit: '3', accumulate: 'quarter' },
    { kind: 'expense-account', id: 'e', documented: { sum: 'amount' }, advance: '2', unspent: 'carry', overspent: 'carry', accumulate: 'month' },
    {
      kind: 'mileage',
      id: 'm',
      measure: { sum: 'units' },
      tiers: [
        { from: '0', rate: '0.45' },
        { from: '2', rate: '0.25' },
      ],
      approved: { tiers: [{ from: '0', rate: '0.333' }] },
    },
    {
      kind: 'spiff',
      id: 's',
      per: 'unit',
      reward: {
        mode: 'retroactive',
        tiers: [
          { from: '1', reward: '0.333' },
          { from: '4', reward: '0.5' },
        ],
      },
      pool: '3',
      accumulate: 'quarter',
    },
    { kind: 'spiff', id: 't', per: 'revenue', reward: '0.0333' },
    { kind: 'contest', id: 'c', measure: { sum: 'amount' }, prizes: ['1', '0.5'], accumulate: 'quarter' },
    { kind: 'per-diem', id: 'p', where: { type: 'direct' }, rates: [{ parts: [{ id: 'meals', amount: '59' }] }], partial: { where: { units: { from: '2' } }, share: '0.75' } },
  ];
  const periods = ['2026-01', '2026-02', '2026-03'];

  test('order and batches do not matter, traces replay, lines sum, budgets hold', () => {
    fc.assert(
      fc.property(sales, (credits) => {
        const run = (list: readonly CreditFacts[]): CompensationRun =>
          sound(computeCompensation(inputOf({ components: configs, payees: people.map((id) => ({ id })), credits: list, periods })));
        const whole = run(credits);
        expect(run([...credits].reverse())).toEqual(whole);
        expect(
          monthly(configs, credits, periods)
            .flatMap((part) => totals(part))
            .sort(),
        ).toEqual([...totals(whole)].sort());
        const budget = whole.statements
          .flatMap((statement) => statement.components.filter((entry) => entry.componentId === 'x'))
          .reduce((sum, entry) => sum + cents(entry.amount.amount), 0);
        expect(budget).toBeLessThanOrEqual(4000);
        const details = ['statement', 'credit'] as const;
        for (const detail of details) {
          const other = computeCompensation(inputOf({ components: configs, payees: people.map((id) => ({ id })), credits, periods, more: { detail } }));
          expect(totals(other)).toEqual(totals(whole));
        }
      }),
      { seed: SEED, numRuns: 80 },
    );
  });

  const everything: readonly BuiltInConfig[] = [
    ...configs,
    {
      kind: 'bonus',
      id: 'club',
      label: 'Club',
      measure: { sum: 'amount' },
      by: 'attainment',
      quota: '5',
      of: { param: 'target' },
      levels: [{ from: '1', share: '0.5', label: 'level' }],
      reached: 'sum',
      payAt: 'window-end',
      accumulate: 'quarter',
      conditions: [{ measure: { count: 'deals' }, atLeast: '1', atMost: '5' }],
      eligibility: { tenureMonths: 3, employed: true, attributes: { role: { in: ['field', 'inside'] } } },
      budget: { amount: '100', exceeded: 'highest-first' },
    },
    {
      kind: 'spiff',
      id: 's',
      label: 'Spiff',
      where: { kind: 'new' },
      per: 'revenue',
      of: 'margin',
      reward: {
        mode: 'retroactive',
        tiers: [
          { from: '0', reward: '0.01' },
          { from: '2', reward: '0.02' },
        ],
      },
      minimum: '1',
      pool: '5',
      lastClaim: 'none',
      from: '2026-01-05',
      to: '2026-03-01',
    },
    {
      kind: 'objective',
      id: 'o',
      label: 'MBO',
      target: { param: 'target' },
      objectives: [
        { id: 'q', label: 'Q', weight: '0.5', score: '0.5' },
        { id: 'r', weight: '0.5', measure: { average: 'units', whenUndefined: '0' } },
      ],
      scoring: 'graded',
      maximum: '2',
      curve: [
        { at: '0', payout: '0' },
        { at: '1', payout: '1' },
      ],
      proration: 'actual-days',
      accumulate: 'quarter',
    },
    {
      kind: 'contest',
      id: 'c',
      label: 'Contest',
      measure: { sum: 'amount' },
      metric: 'quota',
      quota: '10',
      prizes: ['10', '5.005'],
      ranking: 'modified',
      ties: 'break',
      tieBreakers: [{ count: 'deals' }],
      order: 'lowest-first',
      minimum: '0.1',
      eligibility: { attributes: { role: 'field' } },
      teams: { by: 'team', score: 'average', shares: 'by-score' },
      from: '2026-01-01',
      to: '2026-02-15',
    },
    { kind: 'contest', id: 'g', measure: { sum: 'amount' }, goal: { at: '1', pool: '10' }, accumulate: 'month' },
  ];

  test('hostile configs never throw; what is valid computes', () => {
    const plan = { id: 'p', currency: 'USD', period: 'month', parameters: { target: 'money' } };
    const payees = people.map((id, index) => ({ id, hiredOn: '2025-01-01', attributes: { role: 'field', team: index === 0 ? 'x' : 'y' } }));
    const assignments = people.map((payeeId) => ({ payeeId, planId: 'p', from: '2025-01-01', parameters: { target: '100' } }));
    const credits = fc
      .sample(sales, { seed: SEED, numRuns: 5 })
      .flat()
      .map((credit, index) => ({ payeeId: 'a', ...credit, id: `c${index}`, margin: usd('1'), kind: 'new' }));
    fc.assert(
      fc.property(
        fc.constantFrom(...everything).chain((config) => spoilt(config)),
        (config) => {
          const issues = validatePlan({ ...plan, components: [config] });
          if (issues.length > 0) return;
          const parsed = parsePlan({ ...plan, components: [config] });
          try {
            const run = computeCompensation({ plans: [parsed], payees, assignments, credits: credits as never, periods });
            expect(run.issues.filter((issue) => issue.code === 'component_failed')).toEqual([]);
            sound(run);
          } catch (error) {
            // A reference to a component that is not there is found when the plans are ordered.
            if (!isDomainError(error)) throw error;
          }
        },
      ),
      { seed: SEED, numRuns: 1500 },
    );
  });
});
