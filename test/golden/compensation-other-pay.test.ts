import { rankContest } from 'dealwright/compensation';
import { divideDecimals, multiplyDecimals, subtractDecimals } from 'dealwright/decimal';
import { expect, test } from 'vitest';
import { type CreditFacts, cents, lines, pay, totals, usd } from '../compensation/pay-run.js';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface Case {
  readonly id: string;
  readonly facts: never;
  readonly expected: never;
}

/* Worked cases from public sources, each by its id. */
describeWithReference('other pay, worked cases', () => {
  const cases = readReferenceJson<readonly Case[]>('cases/compensation.json');
  const of = <Facts, Expected>(id: string): { readonly facts: Facts; readonly expected: Expected } => {
    const found = cases.find((entry) => entry.id === id);
    if (found === undefined) throw new Error(`no case ${id}`);
    return found;
  };
  const many = (count: number, more: Partial<CreditFacts> = {}): readonly CreditFacts[] =>
    Array.from({ length: count }, (_, index) => ({ id: `c${index}`, dealId: `d${index}`, on: '2026-01-05', ...more }));
  const total = (run: ReturnType<typeof pay>): number => cents(run.statements[0]?.total.amount ?? '') / 100;

  test('spiff-sparrow', () => {
    const { facts, expected } = of<{ sales: number; rate: number; plans: number; bonus: number }, { commission: number; spiff: number; total: number }>('spiff-sparrow');
    const run = pay({
      components: [
        { kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: String(facts.rate) },
        { kind: 'spiff', id: 'plans', per: 'unit', reward: String(facts.bonus) },
      ],
      credits: [{ id: 'c', on: '2026-01-05', amount: usd(String(facts.sales)), units: String(facts.plans) }],
    });
    expect(run.statements[0]?.components.map((entry) => [entry.section, Number(entry.amount.amount)])).toEqual([
      ['commission', expected.commission],
      ['spiff', expected.spiff],
    ]);
    expect(total(run)).toBe(expected.total);
  });

  test('spiff-bentega-fixed', () => {
    const { facts, expected } = of<{ reward: number; deals: number }, { paid: number }>('spiff-bentega-fixed');
    expect(total(pay({ components: [{ kind: 'spiff', id: 's', per: 'deal', reward: String(facts.reward) }], credits: many(facts.deals) }))).toBe(expected.paid);
  });

  test('spiff-bentega-revenue', () => {
    const { facts, expected } = of<{ revenue: number; rate: number }, { paid: number }>('spiff-bentega-revenue');
    const credits = [{ id: 'c', on: '2026-01-05', amount: usd(String(facts.revenue)) }];
    expect(total(pay({ components: [{ kind: 'spiff', id: 's', per: 'revenue', reward: String(facts.rate) }], credits }))).toBe(expected.paid);
  });

  test('spiff-ryan-roi', () => {
    const { facts, expected } = of<{ deals: number; spiff: number; avg_deal: number; margin: number }, { cost: number; revenue: number; gross_profit: number; roi_pct: number }>(
      'spiff-ryan-roi',
    );
    const margin = multiplyDecimals(String(facts.avg_deal), String(facts.margin));
    const run = pay({
      // What the SPIFF is worth to the seller's company, beside what it costs: two lines that pay nothing show the bases.
      components: [
        { kind: 'spiff', id: 's', per: 'deal', reward: String(facts.spiff) },
        { kind: 'spiff', id: 'revenue', per: 'revenue', reward: '0' },
        { kind: 'spiff', id: 'gross-profit', per: 'revenue', of: 'margin', reward: '0' },
      ],
      credits: many(facts.deals, { amount: usd(String(facts.avg_deal)), margin: usd(margin) }),
    });
    const [cost, revenue, profit] = run.statements[0]?.lines ?? [];
    expect([Number(cost?.amount.amount), Number(revenue?.basis), Number(profit?.basis)]).toEqual([expected.cost, expected.revenue, expected.gross_profit]);
    const gain = subtractDecimals(profit?.basis ?? '', cost?.amount.amount ?? '');
    expect(Number(multiplyDecimals(divideDecimals(gain, cost?.amount.amount ?? '', { scale: 4 }), '100'))).toBe(expected.roi_pct);
  });

  const contest = (prizes: readonly number[], scores: readonly number[]): { readonly pure: readonly number[]; readonly plan: readonly number[] } => {
    const ids = scores.map((_, index) => `p${index}`);
    const pure = rankContest(
      scores.map((score, index) => ({ id: ids[index] ?? '', score })),
      { prizes: prizes.map((prize) => usd(String(prize))) },
    );
    const [first = '0', ...rest] = prizes.map(String);
    const run = pay({
      components: [{ kind: 'contest', id: 'c', measure: { sum: 'amount' }, prizes: [first, ...rest] }],
      payees: ids.map((id) => ({ id })),
      credits: scores.map((score, index) => ({ id: `c${index}`, payeeId: ids[index] ?? '', on: '2026-01-05', amount: usd(String(score)) })),
    });
    const paid = (id: string): number => Number(run.statements.find((statement) => statement.payeeId === id)?.total.amount ?? 0);
    return { pure: ids.map((id) => Number(pure.find((entry) => entry.id === id)?.prize.amount)), plan: ids.map(paid) };
  };

  test('contest-tie-fanduel', () => {
    const { facts, expected } = of<{ prizes: { second: number; third: number } }, { each: number }>('contest-tie-fanduel');
    // Two for the second place; the first prize is an own choice.
    const { pure, plan } = contest([1000, facts.prizes.second, facts.prizes.third], [9, 7, 7]);
    expect(pure.slice(1)).toEqual([expected.each, expected.each]);
    expect(plan).toEqual(pure);
  });

  test('contest-tie-three-way', () => {
    const { facts, expected } = of<{ prizes: readonly number[]; tied: number }, { each: number }>('contest-tie-three-way');
    const { pure, plan } = contest(
      facts.prizes,
      Array.from({ length: facts.tied }, () => 5),
    );
    expect(pure).toEqual(Array.from({ length: facts.tied }, () => expected.each));
    expect(plan).toEqual(pure);
  });

  test('contest-tie-all', () => {
    const { facts, expected } = of<{ prizes: readonly number[]; scores: readonly number[] }, { paid: readonly number[] }>('contest-tie-all');
    const { pure, plan } = contest(facts.prizes, facts.scores);
    expect(pure).toEqual(expected.paid);
    expect(plan).toEqual(expected.paid);
  });

  test('mileage-inni', () => {
    const { facts, expected } = of<{ miles: number; rate: number }, { total: number }>('mileage-inni');
    const run = pay({
      components: [{ kind: 'mileage', id: 'm', tiers: [{ from: '0', rate: String(facts.rate) }] }],
      credits: [{ id: 'c', on: '2026-01-05', values: { distance: String(facts.miles) } }],
    });
    expect(total(run)).toBe(expected.total);
    expect(run.statements[0]?.allowances?.amount).toBe(`${expected.total}.00`);
  });

  test('mileage-relief', () => {
    const { facts, expected } = of<{ miles: number; employer_rate: number }, { employer_paid: number; approved: number; relief: number }>('mileage-relief');
    const approved = {
      tiers: [
        { from: '0', rate: '0.45' },
        { from: '10000', rate: '0.25' },
      ],
    } as const;
    const credits = [{ id: 'c', on: '2026-01-05', values: { distance: String(facts.miles) } }];
    const paid = pay({ components: [{ kind: 'mileage', id: 'm', yearStart: '04-06', tiers: [{ from: '0', rate: String(facts.employer_rate) }], approved }], credits });
    expect(total(paid)).toBe(expected.employer_paid);
    expect(paid.statements[0]?.lines.map((line) => Number(line.memo?.amount ?? 0))).toEqual([0, expected.relief]);
    expect(total(pay({ components: [{ kind: 'mileage', id: 'm', yearStart: '04-06', tiers: approved.tiers }], credits }))).toBe(expected.approved);
  });

  test('perdiem-concur', () => {
    type Facts = { breakfast: number; lunch: number; dinner: number; incidentals: number; partial_day: number; provided: readonly string[] };
    const { facts, expected } = of<Facts, { partial_day_total: number; paid: number; if_meals_removed_first: number }>('perdiem-concur');
    const meal = (id: 'breakfast' | 'lunch' | 'dinner') => ({ id, amount: String(facts[id]), provided: { [`attributes.${id}`]: true } });
    const day = (order: 'scale-then-deduct' | 'deduct-then-scale', provided: readonly string[]): number =>
      total(
        pay({
          components: [
            {
              kind: 'per-diem',
              id: 'd',
              where: { 'attributes.day': { in: ['full', 'partial'] } },
              rates: [{ parts: [meal('breakfast'), meal('lunch'), meal('dinner'), { id: 'incidentals', amount: String(facts.incidentals) }] }],
              partial: { where: { 'attributes.day': 'partial' }, share: String(facts.partial_day) },
              order,
            },
          ],
          credits: [{ id: 'c', on: '2026-01-05', attributes: { day: 'partial', ...Object.fromEntries(provided.map((id) => [id, true])) } }],
        }),
      );
    expect(day('scale-then-deduct', [])).toBe(expected.partial_day_total);
    expect(day('scale-then-deduct', facts.provided)).toBe(expected.paid);
    expect(day('deduct-then-scale', facts.provided)).toBe(expected.if_meals_removed_first);
  });

  test('perdiem-taxbuzz', () => {
    const { facts, expected } = of<{ mie: number; partial_days: number; full_days: number; partial: number }, { departure_day: number; full_day: number; total: number }>(
      'perdiem-taxbuzz',
    );
    const run = pay({
      components: [
        {
          kind: 'per-diem',
          id: 'd',
          where: { not: { 'attributes.trip': null } },
          rates: [{ parts: [{ id: 'meals', amount: String(facts.mie) }] }],
          partial: { where: { 'attributes.partial': true }, share: String(facts.partial) },
        },
      ],
      credits: [
        { id: 'out', on: '2026-01-05', attributes: { trip: 't', partial: true } },
        { id: 'stay', on: '2026-01-06', units: String(facts.full_days), attributes: { trip: 't' } },
        { id: 'back', on: '2026-01-07', units: String(facts.partial_days - 1), attributes: { trip: 't', partial: true } },
      ],
    });
    expect(lines(run).map(([, days, rate]) => [Number(days), Number(rate)])).toEqual([
      [facts.full_days, expected.full_day],
      [facts.partial_days, expected.departure_day],
    ]);
    expect(total(run)).toBe(expected.total);
  });

  test('stepped-calqoo', () => {
    const { facts, expected } = of<{ bands_pct: readonly (readonly [string, number])[]; target_bonus: number; realization: readonly number[] }, { paid: readonly number[] }>(
      'stepped-calqoo',
    );
    // The bands by the bound where each begins: 89.5 % is no gap any more.
    const [first, ...rest] = facts.bands_pct
      .slice(1)
      .map(([band, pays]) => ({ from: divideDecimals(/\d+/.exec(band)?.[0] ?? '', '100', { scale: 2 }), share: divideDecimals(String(pays), '100', { scale: 2 }) }));
    if (first === undefined) throw new Error('no bands');
    const paid = facts.realization.map((percent) => {
      const run = pay({
        components: [{ kind: 'bonus', id: 'b', measure: { sum: 'amount' }, by: 'attainment', quota: '1000', of: String(facts.target_bonus), levels: [first, ...rest] }],
        credits: [{ id: 'c', on: '2026-01-05', amount: usd(String(percent * 10)) }],
      });
      return Number(run.statements[0]?.total.amount);
    });
    expect(paid).toEqual(expected.paid);
    const between = pay({
      components: [{ kind: 'bonus', id: 'b', measure: { sum: 'amount' }, by: 'attainment', quota: '1000', of: String(facts.target_bonus), levels: [first, ...rest] }],
      credits: [{ id: 'c', on: '2026-01-05', amount: usd('895') }],
    });
    expect(totals(between)).toEqual([['a', '2026-01', '5000.00']]);
  });

  test('stack-pct-plus-flat', () => {
    const { facts, expected } = of<{ sale: number; rate: number; flat: number }, { total: number }>('stack-pct-plus-flat');
    const run = pay({
      components: [
        { kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: String(facts.rate) },
        { kind: 'spiff', id: 's', per: 'deal', reward: String(facts.flat) },
      ],
      credits: [{ id: 'c', dealId: 'd', on: '2026-01-05', amount: usd(String(facts.sale)) }],
    });
    expect(total(run)).toBe(expected.total);
  });
});
