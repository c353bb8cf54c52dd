import type { Deal } from 'dealwright/deals';
import { convertMoney, sumMoney } from 'dealwright/money';
import { averageDealSize, b2bPipeline, pipelineTotals, salesCycle, salesVelocity, segmentDeals, summarizeStages, winRate } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealArbitrary, rateTable } from './arbitraries.js';
import { freezeDeep } from './support.js';

const options = { seed: 20260101, numRuns: 200 };
const deals = fc.array(dealArbitrary, { maxLength: 25 }).map(freezeDeep);
const valued = { currency: 'USD', rates: rateTable } as const;

/** The slow, obvious way: each deal's value in USD, or null. */
function usdValueOf(deal: Deal): number | null {
  const on = deal.status === 'open' ? deal.expectedCloseOn : deal.closedOn;
  if (deal.amount === null) return null;
  if (deal.amount.currency === 'USD') return Number(deal.amount.amount);
  try {
    return on === null ? null : Number(convertMoney(deal.amount, { to: 'USD', rates: rateTable, on }).money.amount);
  } catch {
    return null;
  }
}

function cycleOf(deal: Deal): number | null {
  if (deal.createdOn === null || deal.closedOn === null) return null;
  const days = (Date.parse(deal.closedOn) - Date.parse(deal.createdOn)) / 86_400_000;
  return days < 0 ? null : days;
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

const known = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null);

describe('figures over deals', () => {
  it('agree with filtering and adding', () => {
    fc.assert(
      fc.property(deals, (list) => {
        const [won, lost, open] = (['won', 'lost', 'open'] as const).map((status) => list.filter((deal) => deal.status === status)) as [Deal[], Deal[], Deal[]];
        const rate = winRate(list);
        expect([rate.numerator, rate.denominator]).toEqual([won.length, won.length + lost.length]);
        expect(rate.value).toBe(rate.denominator === 0 ? null : won.length / rate.denominator);

        const values = known(won.map(usdValueOf));
        const average = averageDealSize(list, { ...valued, rounding: { scale: 12 } });
        expect(average.n).toBe(values.length);
        expect(Number(average.numerator.amount)).toBeCloseTo(sum(values), 4);
        if (average.value !== null) expect(Number(average.value.amount)).toBeCloseTo(sum(values) / values.length, 4);
        expect(average.issues.length).toBe(won.length - values.length);

        const cycles = known(won.map(cycleOf));
        const cycle = salesCycle(list);
        expect(cycle.n).toBe(cycles.length);
        expect(cycle.meanDays).toBe(cycles.length === 0 ? null : sum(cycles) / cycles.length);
        expect(cycle.n + cycle.excluded.negative + cycle.excluded.withoutDates).toBe(won.length);

        for (const reading of ['closed', 'open'] as const) {
          const velocity = salesVelocity(list, { ...valued, reading, rounding: { scale: 12 } });
          const n = reading === 'open' ? open.length : rate.denominator;
          const expected = (n * (won.length / rate.denominator) * (sum(values) / values.length)) / (sum(cycles) / cycles.length);
          if (velocity.value === null) expect(Number.isFinite(expected) && sum(cycles) > 0).toBe(false);
          else expect(Math.abs(Number(velocity.value.amount) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
        }
      }),
      options,
    );
  });

  it('put every deal into one row of the table or among the issues, and the columns add up', () => {
    fc.assert(
      fc.property(deals, (list) => {
        const table = summarizeStages(list, { pipeline: b2bPipeline, ...valued });
        const { open, won, lost } = table.totals;
        expect(open.count + won.count + lost.count).toBe(list.filter(({ status }) => status !== 'deleted').length);
        for (const stage of table.stages) expect(stage.valued + stage.withoutAmount + stage.withoutRate).toBe(stage.count);
        const rows = (outcome: string) => table.stages.filter((stage) => stage.outcome === outcome);
        for (const [outcome, total] of [
          ['open', open],
          ['won', won],
          ['lost', lost],
        ] as const) {
          expect(
            sumMoney(
              rows(outcome).map(({ value }) => value),
              { currency: 'USD' },
            ),
          ).toEqual(total.value);
          expect(
            sumMoney(
              rows(outcome).map(({ weighted }) => weighted),
              { currency: 'USD' },
            ),
          ).toEqual(total.weighted);
        }
        expect(table.issues.length).toBe(sum(table.stages.map(({ withoutAmount, withoutRate }) => withoutAmount + withoutRate)));
        if (open.count > 0) expect(sum(rows('open').map(({ shareOfCount }) => shareOfCount))).toBeCloseTo(1, 12);
        // Every weighted row lies within half a cent per deal of the float product.
        for (const stage of table.stages) {
          const members = list.filter((deal) => deal.stageId === stage.stageId && deal.status === stage.outcome);
          const float = sum(members.map((deal) => (usdValueOf(deal) ?? 0) * (stage.outcome === 'open' ? (deal.probability ?? stage.probability ?? 0) : (stage.probability ?? 0))));
          expect(Math.abs(Number(stage.weighted.amount) - float)).toBeLessThanOrEqual(0.0051 * Math.max(1, members.length));
        }
      }),
      options,
    );
  });

  it('do not depend on the order of the deals', () => {
    const shuffled = deals.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length })));
    const strip = <T extends { readonly issues: readonly unknown[] }>({ issues, ...rest }: T): unknown => ({ ...rest, issues: issues.length });
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const figures = (of: readonly Deal[]) => [
          strip(winRate(of)),
          strip(winRate(of, { by: 'value', ...valued })),
          strip(salesCycle(of, { outcome: 'closed' })),
          strip(averageDealSize(of, valued)),
          strip(salesVelocity(of, { reading: 'closed', ...valued })),
          strip(summarizeStages(of, { pipeline: b2bPipeline, ...valued })),
          segmentDeals(of, 'ownerId').map(({ key, deals: members }) => [key, members.length, winRate(members).value]),
        ];
        expect(figures(other)).toEqual(figures(list));
      }),
      options,
    );
  });

  it('come to the same when they are computed in parts and merged', () => {
    const add = { rates: rateTable };
    fc.assert(
      fc.property(deals, fc.array(fc.nat(), { maxLength: 4 }), fc.boolean(), (list, cuts, swap) => {
        const empty = pipelineTotals.empty({ currency: 'USD' });
        const whole = pipelineTotals.addAll(empty, list, add);
        const bounds = [0, ...cuts.map((cut) => cut % (list.length + 1)).sort((a, b) => a - b), list.length];
        const parts = bounds.slice(1).map((end, index) => pipelineTotals.addAll(empty, list.slice(bounds[index], end), add));
        const merged = parts.reduce((a, b) => (swap ? pipelineTotals.merge(b, a) : pipelineTotals.merge(a, b)), empty);
        expect(merged).toEqual(whole);
        expect(list.reduce((state, deal) => pipelineTotals.add(state, deal, add), empty)).toEqual(whole);
        // A state survives storage, and its figures are those of the single functions.
        const totals = pipelineTotals.finish(JSON.parse(JSON.stringify(whole)) as typeof whole);
        expect(totals.winRate.value).toBe(winRate(list).value);
        expect(totals.winRateByValue.value).toBe(winRate(list, { by: 'value', ...valued }).value);
        expect(totals.averageDealSize).toEqual(averageDealSize(list, valued).value);
        expect(totals.meanCycleDays.won).toBe(salesCycle(list).meanDays);
        for (const reading of ['closed', 'open'] as const) {
          const { issues: _, ...velocity } = salesVelocity(list, { reading, ...valued });
          expect(totals.velocity[reading]).toEqual(velocity);
        }
      }),
      options,
    );
  });

  it('are plain data without undefined, NaN or infinity', () => {
    fc.assert(
      fc.property(deals, (list) => {
        const results = [
          winRate(list),
          winRate(list, { by: 'value', ...valued }),
          salesCycle(list),
          averageDealSize(list, valued),
          salesVelocity(list, { reading: 'open', ...valued }),
        ];
        for (const result of [
          ...results,
          summarizeStages(list, { pipeline: b2bPipeline, ...valued, asOf: '2026-01-01' }),
          pipelineTotals.addAll(pipelineTotals.empty({ currency: 'USD' }), list),
        ]) {
          expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
        }
      }),
      options,
    );
  });
});
