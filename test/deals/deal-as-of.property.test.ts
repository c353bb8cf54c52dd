import { appendDealEvent, createDealReplay, type Deal, dealAsOf, lastOpenStage, stageHistory, validateDeal } from 'dealwright/deals';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateAfter, dealArbitrary, frozen, grownDealArbitrary, instantAfter, SEED, type Simulated, simulate } from './arbitrary-deal.js';

/** The slow, obvious way: take what happened before the cut and fold it. Dates are UTC here. */
function naiveStateAt(deal: Deal, cut: number): Simulated | undefined {
  let state: Simulated | undefined;
  for (const event of deal.history) if (Date.parse(event.at) < cut) state = simulate(state, event);
  return state;
}

describe('replay', () => {
  test('agrees with a naive fold at any instant', () => {
    fc.assert(
      fc.property(dealArbitrary, fc.integer({ min: -48, max: 24 * 200 }), (deal, hour) => {
        frozen(deal);
        const asOf = instantAfter(hour);
        const expected = naiveStateAt(deal, Date.parse(asOf));
        const { existed, state } = dealAsOf(deal, asOf);
        expect(existed).toBe(expected !== undefined);
        if (expected === undefined) expect(state).toBeNull();
        else expect(state).toMatchObject(expected);
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  test('a date is its first instant in the zone', () => {
    fc.assert(
      fc.property(dealArbitrary, fc.nat(200), fc.constantFrom('UTC', '+05:30', '-08:00'), (deal, days, timeZone) => {
        const offset = timeZone === 'UTC' ? 'Z' : timeZone;
        const byDate = dealAsOf(deal, dateAfter(days), { timeZone });
        const byInstant = dealAsOf(deal, `${dateAfter(days)}T00:00:00${offset}`, { timeZone });
        expect({ ...byDate, asOf: '' }).toEqual({ ...byInstant, asOf: '' });
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  test('nothing that is appended at or after the cut changes the answer', () => {
    fc.assert(
      fc.property(grownDealArbitrary, fc.boolean(), ({ deal, cutHour, grown }, byDate) => {
        const asOf = byDate ? dateAfter(cutHour / 24) : instantAfter(cutHour);
        const before = dealAsOf(deal, asOf);
        expect(dealAsOf(grown, asOf)).toEqual(before);
        // Nor does it for a deal whose early history is missing, of which only the list grows.
        const bare = { ...deal, history: [] };
        expect(dealAsOf({ ...bare, history: grown.history.slice(deal.history.length) }, asOf)).toEqual(reopenedFirst(grown, deal) ? expect.anything() : dealAsOf(bare, asOf));
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  test('appending one by one comes to what replaying all at once does', () => {
    fc.assert(
      fc.property(dealArbitrary, (deal) => {
        const [created] = deal.history;
        if (created?.type !== 'created') throw new Error('no creation');
        const start: Deal = {
          ...deal,
          stageId: created.stageId,
          status: 'open',
          amount: created.amount,
          closedOn: null,
          expectedCloseOn: created.expectedCloseOn ?? null,
          probability: null,
          splits: created.splits ?? [],
          history: [created],
          ownerId: 'owner-0',
        };
        const { forecastCategory: _category, lossReason: _reason, ...clean } = start;
        let grown: Deal = clean;
        for (const event of deal.history.slice(1)) grown = appendDealEvent(frozen(grown), event, { timeZone: 'UTC' });
        expect(grown).toEqual(deal);
        expect(validateDeal(grown)).toEqual([]);
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  test('visits follow each other without a gap, and end where the deal is', () => {
    fc.assert(
      fc.property(dealArbitrary, (deal) => {
        const { visits } = stageHistory(deal, { asOf: '2028-01-01' });
        expect(visits[0]?.enteredAt).toBe('2026-01-01');
        for (let index = 1; index < visits.length; index += 1) expect(visits[index]?.enteredAt).toBe(visits[index - 1]?.leftAt);
        expect(visits.at(-1)).toMatchObject({ stageId: deal.stageId, status: deal.status, leftAt: null });
        const total = visits.reduce((sum, { days }) => sum + (days ?? Number.NaN), 0);
        expect(total).toBeCloseTo(730, 6);
        expect(lastOpenStage(deal)).toBe(visits.filter(({ status }) => status === 'open').at(-1)?.stageId);
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  test('a replay made once gives the same for every deal', () => {
    fc.assert(
      fc.property(fc.array(dealArbitrary, { maxLength: 5 }), fc.nat(200), (deals, days) => {
        expect(deals.map(createDealReplay(dateAfter(days)))).toEqual(deals.map((deal) => dealAsOf(deal, dateAfter(days))));
      }),
      { ...SEED, numRuns: 50 },
    );
  });
});

/** Whether the first thing that is recorded after a closing that is not is a reopening: then the status at the cut is not known. */
function reopenedFirst(grown: Deal, deal: Deal): boolean {
  const next = grown.history.slice(deal.history.length).find(({ type }) => type === 'stage-changed' || type === 'won' || type === 'lost' || type === 'reopened');
  return next?.type === 'reopened' && deal.status === 'open';
}
