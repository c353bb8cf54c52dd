import { awardGoalContest, type ContestEntry, type ContestStanding, type RankContestOptions, rankContest, rankTeamContest, type TeamContestEntry } from 'dealwright/compensation';
import { isDomainError } from 'dealwright/errors';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { usd } from './pay-run.js';

const prizes = ['1000', '500', '200', '100'].map(usd);
const entries: readonly ContestEntry[] = [
  { id: 'dan', score: '50' },
  { id: 'cleo', score: '70', tieBreakers: ['3', '9'] },
  { id: 'ada', score: '90' },
  { id: 'bob', score: '70', tieBreakers: ['4', '1'] },
];
const shown = (standings: readonly ContestStanding[]): readonly unknown[] => standings.map((standing) => [standing.rank, standing.id, Number(standing.prize.amount)]);
const ranked = (options: Partial<RankContestOptions>, list = entries): readonly unknown[] => shown(rankContest(list, { prizes, ...options }));

describe('four ways to count ranks, three to treat ties', () => {
  test.each<readonly [RankContestOptions['ranking'], readonly number[], readonly number[], readonly number[]]>([
    // Ranks of ada, bob, cleo, dan; prizes shared; prizes duplicated.
    ['standard', [1, 2, 2, 4], [1000, 350, 350, 100], [1000, 500, 500, 100]],
    ['modified', [1, 3, 3, 4], [1000, 350, 350, 100], [1000, 200, 200, 100]],
    ['dense', [1, 2, 2, 3], [1000, 250, 250, 200], [1000, 500, 500, 200]],
    ['ordinal', [1, 2, 3, 4], [1000, 500, 200, 100], [1000, 500, 200, 100]],
  ])('%s', (ranking, ranks, share, duplicate) => {
    const ids = ['ada', 'bob', 'cleo', 'dan'];
    const expected = (paid: readonly number[]): readonly unknown[] => ids.map((id, index) => [ranks[index], id, paid[index]]);
    expect(ranked({ ...(ranking === undefined ? {} : { ranking }) })).toEqual(expected(share));
    expect(ranked({ ...(ranking === undefined ? {} : { ranking }), ties: 'duplicate' })).toEqual(expected(duplicate));
  });

  test('secondary keys break ties; who is equal in those too shares', () => {
    expect(ranked({ ties: 'break' })).toEqual([
      [1, 'ada', 1000],
      [2, 'bob', 500],
      [3, 'cleo', 200],
      [4, 'dan', 100],
    ]);
    const same = entries.map((entry) => ({ ...entry, tieBreakers: ['1', null] }));
    expect(ranked({ ties: 'break' }, same)).toEqual(ranked({}));
    // An unknown key loses against a known one.
    const unknown = [
      { id: 'x', score: 1, tieBreakers: [null] },
      { id: 'y', score: 1, tieBreakers: ['-5'] },
      { id: 'z', score: 1 },
    ];
    expect(ranked({ ties: 'break' }, unknown)).toEqual([
      [1, 'y', 1000],
      [2, 'x', 350],
      [2, 'z', 350],
    ]);
  });

  test('the lowest may win', () => {
    expect(ranked({ order: 'lowest-first' }).map((row) => (row as readonly unknown[])[1])).toEqual(['dan', 'bob', 'cleo', 'ada']);
  });
});

describe('prizes', () => {
  test('shares sum to the prizes to the cent; the first by id get the units left over', () => {
    const three = ['c', 'a', 'b'].map((id) => ({ id, score: 1 }));
    expect(rankContest(three, { prizes: [usd('100')] }).map((entry) => [entry.id, entry.prize.amount, entry.tied])).toEqual([
      ['a', '33.34', 3],
      ['b', '33.33', 3],
      ['c', '33.33', 3],
    ]);
    expect(rankContest(three, { prizes: [{ amount: '1000', currency: 'JPY' }] }).map((entry) => entry.prize.amount)).toEqual(['334', '333', '333']);
  });

  test('places without a prize are worth nothing', () => {
    expect(
      ranked(
        { prizes: [usd('90')] },
        entries.map((entry) => ({ ...entry, score: 1 })),
      ),
    ).toEqual([
      [1, 'ada', 22.5],
      [1, 'bob', 22.5],
      [1, 'cleo', 22.5],
      [1, 'dan', 22.5],
    ]);
    expect(ranked({ prizes: [usd('90')] }).slice(1)).toEqual([
      [2, 'bob', 0],
      [2, 'cleo', 0],
      [4, 'dan', 0],
    ]);
  });
});

describe('who takes part', () => {
  test('a fraction of quota, compared exactly', () => {
    const list = [
      { id: 'a', score: '1', quota: '3' },
      { id: 'b', score: '2', quota: '6' },
      { id: 'c', score: '0.333333333333', quota: '1' },
    ];
    expect(rankContest(list, { prizes, metric: 'quota' }).map((entry) => [entry.rank, entry.id, entry.score])).toEqual([
      [1, 'a', '0.333333333333'],
      [1, 'b', '0.333333333333'],
      [3, 'c', '0.333333333333'],
    ]);
  });

  test('those without a rank say why, take no place, and come last', () => {
    const list: readonly ContestEntry[] = [{ id: 'x', score: null }, { id: 'w', score: 99, eligible: false }, ...entries, { id: 'y', score: '10' }];
    expect(
      rankContest(list, { prizes, minimum: '50' })
        .slice(4)
        .map((entry) => [entry.rank, entry.id, entry.reason]),
    ).toEqual([
      [null, 'w', 'not-eligible'],
      [null, 'x', 'no-score'],
      [null, 'y', 'below-minimum'],
    ]);
    const quotas = ['0', '-1', null].map((quota, index) => ({ id: String(index), score: 1, quota }));
    expect(rankContest(quotas, { prizes, metric: 'quota' }).map((entry) => entry.reason)).toEqual(['no-quota', 'no-quota', 'no-quota']);
  });

  test('nobody', () => {
    expect(rankContest([], { prizes })).toEqual([]);
  });
});

describe('goals', () => {
  test('everybody over it wins the prize, or a share of the pool', () => {
    expect(shown(awardGoalContest(entries, { goal: '70', prize: usd('250') }))).toEqual([
      [1, 'ada', 250],
      [1, 'bob', 250],
      [1, 'cleo', 250],
      [null, 'dan', 0],
    ]);
    expect(shown(awardGoalContest(entries, { goal: '70', pool: usd('100') }))).toEqual([
      [1, 'ada', 33.34],
      [1, 'bob', 33.33],
      [1, 'cleo', 33.33],
      [null, 'dan', 0],
    ]);
    expect(awardGoalContest(entries, { goal: '100', pool: usd('100') }).every((entry) => entry.prize.amount === '0.00')).toBe(true);
  });
});

describe('teams', () => {
  const members: readonly TeamContestEntry[] = [
    { id: 'a1', team: 'a', score: '10' },
    { id: 'a2', team: 'a', score: '20' },
    { id: 'a3', team: 'a', score: null },
    { id: 'b1', team: 'b', score: '40' },
    { id: 'c1', team: 'c', score: null },
  ];

  test('by the sum of their members, or the mean', () => {
    expect(rankTeamContest([...members, { id: 'b2', team: 'b', score: '-15' }], { prizes }).teams.map((team) => [team.rank, team.id, team.score])).toEqual([
      [1, 'a', '30'],
      [2, 'b', '25'],
      [null, 'c', null],
    ]);
    expect(rankTeamContest(members, { prizes, teamScore: 'average' }).teams.map((team) => [team.rank, team.id, team.score])).toEqual([
      [1, 'b', '40'],
      [2, 'a', '15'],
      [null, 'c', null],
    ]);
  });

  test('members share equally, by score, or get it each; a member without a score gets nothing', () => {
    const paid = (shares: 'equal' | 'by-score' | 'each') =>
      rankTeamContest(members, { prizes: [usd('0.01'), usd('100.01')], shares })
        .members.filter((member) => member.team === 'a')
        .map((member) => member.prize.amount);
    expect([paid('equal'), paid('by-score'), paid('each')]).toEqual([
      ['50.01', '50.00', '0.00'],
      ['33.34', '66.67', '0.00'],
      ['100.01', '100.01', '0.00'],
    ]);
  });
});

describe('wrong calls', () => {
  const problems = (call: () => unknown): readonly string[] => {
    try {
      call();
      return [];
    } catch (error) {
      return isDomainError(error) ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`) : [String(error)];
    }
  };

  test('every problem at once', () => {
    expect(
      problems(() =>
        rankContest([{ id: 'a', score: '1e400' }, { id: 'a', scor: 1 } as never], { prizes: [usd('-1'), { amount: '1', currency: 'EUR' }, usd('1')], ties: 'split' as never }),
      ),
    ).toEqual([
      'options.prizes.0.amount: out_of_range',
      'options.prizes.2.currency: currency_mismatch',
      'options.ties: invalid_value',
      'entries.0.score: invalid_decimal',
      'entries.1.scor: unknown_key',
      'entries.1.id: duplicate_id',
      'entries.1.score: missing_key',
    ]);
    expect(problems(() => rankContest(entries, { prizes: [] }))).toEqual(['options.prizes: empty']);
    expect(problems(() => awardGoalContest(entries, { goal: '1', prize: usd('1'), pool: usd('1') }))).toEqual(['options: missing_key']);
    expect(problems(() => rankTeamContest(entries as never, { prizes }))).toHaveLength(entries.length);
  });

  test('types', () => {
    expectTypeOf(rankContest).returns.toEqualTypeOf<readonly ContestStanding[]>();
    // @ts-expect-error -- a misspelt option
    expect(() => rankContest(entries, { prizes, rankings: 'dense' })).toThrow();
  });
});
