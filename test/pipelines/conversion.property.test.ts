import { type Deal, dealAsOf, stageHistory } from 'dealwright/deals';
import {
  b2bPipeline,
  createAndClose,
  createAndCloseTally,
  dealLifetimes,
  dealLifetimesTally,
  type FunnelBuyer,
  funnelTally,
  type MergeableTally,
  pipelineSlippage,
  pipelineSlippageTally,
  type StageConversionOptions,
  semiMarkovModel,
  semiMarkovProbability,
  stageConversion,
  stageConversionTally,
  stageDurations,
  stageDurationsTally,
  stageTransitions,
  stageTransitionsTally,
  summarizeFunnel,
} from 'dealwright/pipelines';
import { kaplanMeier } from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealArbitrary, dealWithHistoryArbitrary, rateTable } from './arbitraries.js';
import { freezeDeep } from './support.js';

const settings = { seed: 20260101, numRuns: 150 };
const deals = fc.array(fc.oneof({ arbitrary: dealWithHistoryArbitrary, weight: 5 }, dealArbitrary), { maxLength: 20, size: 'max' }).map(freezeDeep);
const STAGES = ['prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing'];
const base = { pipeline: b2bPipeline, minimumDeals: 1 } as const;
const asOf = fc.constantFrom('2025-09-01', '2026-03-01', '2028-01-01', '2025-12-31T12:00:00Z');

/** The figures of a whole list, and those of its parts merged in some order, after a trip through JSON. */
function expectMerges<Item, Result>(tally: MergeableTally<Item, Result>, items: readonly Item[], cuts: readonly number[], whole: object): void {
  const places = [0, ...cuts.map((cut) => cut % (items.length + 1)).sort((a, b) => a - b), items.length];
  const parts = places.slice(1).map((end, at) => tally.addAll(tally.empty(), items.slice(places[at], end)));
  const stored = parts.map((part) => freezeDeep(JSON.parse(JSON.stringify(part)) as typeof part));
  const forward = stored.reduce((sum, part) => tally.merge(sum, part), tally.empty());
  const backward = stored.reduceRight((sum, part) => tally.merge(part, sum), tally.empty());
  const single = items.reduce((sum, item) => tally.add(sum, item), tally.empty());
  expect(backward).toEqual(forward);
  expect(single).toEqual(forward);
  expect(tally.finish(forward)).toEqual(whole);
}

/** What one pass gives, without what a tally cannot know. */
function without(result: object, ...keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(result).filter(([key]) => !['issues', ...keys].includes(key)));
}

const cuts = fc.array(fc.nat(), { maxLength: 4 });
const conversions: readonly Omit<StageConversionOptions, 'pipeline' | 'asOf'>[] = [
  { method: 'closed' },
  { method: 'closed', target: 'forward', entered: 'literal' },
  { method: 'cohort', horizonDays: 60 } as never,
  { method: 'cohort', horizonDays: 90, period: '2025' } as never,
  { method: 'incidence' },
  { method: 'incidence', horizonDays: 45, observedFrom: '2025-05-01', target: 'forward' } as never,
];

describe('any partition gives the same figures', () => {
  it('of conversion', () => {
    fc.assert(
      fc.property(deals, asOf, cuts, fc.constantFrom(...conversions), (list, at, places, options) => {
        const call = { ...base, ...options, asOf: at } as StageConversionOptions;
        expectMerges(stageConversionTally(call), list, places, without(stageConversion(list, call)));
      }),
      settings,
    );
  });

  it('of durations, transitions and lifetimes', () => {
    fc.assert(
      fc.property(deals, asOf, cuts, fc.constantFrom('each', 'first' as const), (list, at, places, visits) => {
        const call = { ...base, asOf: at };
        expectMerges(stageDurationsTally({ ...call, visits }), list, places, without(stageDurations(list, { ...call, visits })));
        expectMerges(stageTransitionsTally(call), list, places, without(stageTransitions(list, call)));
        expectMerges(dealLifetimesTally(call), list, places, without(dealLifetimes(list, call)));
        const entry = { ...call, from: 'stage-entry', stageId: 'demo', observedFrom: '2025-06-01' } as const;
        expectMerges(dealLifetimesTally(entry), list, places, without(dealLifetimes(list, entry)));
      }),
      { ...settings, numRuns: 80 },
    );
  });

  it('of slippage, create and close, and funnels', () => {
    const buyer: fc.Arbitrary<FunnelBuyer> = fc.record({
      id: fc.uuid(),
      steps: fc.array(fc.record({ step: fc.constantFrom('visit', 'trial', 'purchase'), at: fc.constantFrom('2026-01-01', '2026-01-09T10:00:00Z', '2026-02-01', '2026-05-01') }), {
        maxLength: 4,
      }),
    });
    fc.assert(
      fc.property(deals, fc.array(buyer, { maxLength: 12 }), cuts, fc.constantFrom('passed-through', 'literal' as const), (list, buyers, places, entered) => {
        const due = { pipeline: b2bPipeline, currency: 'USD', rates: rateTable, period: '2025-H2' } as const;
        expectMerges(pipelineSlippageTally(due), list, places, without(pipelineSlippage(list, due), 'deals'));
        const closed = { currency: 'USD', rates: rateTable, period: '2025' } as const;
        expectMerges(createAndCloseTally(closed), list, places, without(createAndClose(list, closed)));
        const steps = { steps: ['visit', 'trial', 'purchase'], asOf: '2026-03-01', entered };
        expectMerges(funnelTally(steps), buyers, places, without(summarizeFunnel(buyers, steps)));
      }),
      settings,
    );
  });
});

describe('conversion, the slow and obvious way', () => {
  /** Won and lost at the cut among deals that ever reached a stage or a later one, from the replayed state. */
  it('closed: counts deals by what they were at the cut', () => {
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { maxLength: 15 }), asOf, (list, at) => {
        const table = stageConversion(list, { ...base, method: 'closed', asOf: at });
        expect(table.issues).toEqual([]);
        const reached = (deal: Deal, rank: number): boolean => {
          const status = dealAsOf(deal, at).state?.status;
          return status === 'won' || stageHistory(deal, { asOf: at }).visits.some((visit) => visit.status === 'open' && STAGES.indexOf(visit.stageId) >= rank);
        };
        for (const [rank, stage] of table.stages.entries()) {
          const status = list.filter((deal) => reached(deal, rank)).map((deal) => dealAsOf(deal, at).state?.status);
          expect(stage.numerator).toBe(status.filter((one) => one === 'won').length);
          expect(stage.denominator).toBe(status.filter((one) => one === 'won' || one === 'lost').length);
          expect(stage.pending).toBe(status.filter((one) => one === 'open').length);
          expect(stage.value).toBe(stage.denominator === 0 ? null : stage.numerator / stage.denominator);
        }
      }),
      settings,
    );
  });

  it('durations: Kaplan–Meier over the stays that the stage history tells of', () => {
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { maxLength: 15 }), asOf, (list, at) => {
        const { stages } = stageDurations(list, { ...base, asOf: at });
        const kept = list.filter((deal) => dealAsOf(deal, at).state?.status !== 'deleted');
        for (const stage of stages) {
          const stays = kept.flatMap((deal) => stageHistory(deal, { asOf: at }).visits).filter((visit) => visit.stageId === stage.stageId && visit.status === 'open');
          expect(stage.n).toBe(stays.length);
          if (stays.length === 0) continue;
          const curve = kaplanMeier({ time: stays.map(({ days }) => days ?? 0), event: stays.map(({ leftAt }) => (leftAt === null ? 0 : 1)) });
          expect(stage.curve).toEqual(curve);
        }
      }),
      settings,
    );
  });

  it('incidence with every deal resolved is the cohort rate is the closed rate', () => {
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { maxLength: 15 }), (list) => {
        const closed = list.filter(({ status }) => status === 'won' || status === 'lost');
        const call = { ...base, asOf: '2040-01-01' };
        const [a, b, c] = [
          stageConversion(closed, { ...call, method: 'closed' }),
          stageConversion(closed, { ...call, method: 'cohort', horizonDays: 4000 }),
          stageConversion(closed, { ...call, method: 'incidence', horizonDays: 4000 }),
        ];
        for (const [place, stage] of a.stages.entries()) {
          expect(b.stages[place]?.value).toBe(stage.value);
          if (stage.value === null) expect(c.stages[place]?.value).toBeNull();
          else expect(c.stages[place]?.value).toBeCloseTo(stage.value, 12);
        }
      }),
      settings,
    );
  });

  it('nothing at or after the cut has any influence', () => {
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { maxLength: 12 }), fc.constantFrom('2025-09-01', '2026-03-01'), (list, at) => {
        const truncated = list.flatMap((deal) => {
          const { state } = dealAsOf(deal, at);
          if (state === null || state.status === null) return [];
          return [{ ...deal, history: deal.history.filter((event) => event.at < at), status: state.status, stageId: state.stageId ?? deal.stageId, closedOn: state.closedOn }];
        });
        const call = { ...base, asOf: at };
        expect(without(stageConversion(list, { ...call, method: 'incidence' }))).toEqual(without(stageConversion(truncated, { ...call, method: 'incidence' })));
        expect(without(stageDurations(list, call))).toEqual(without(stageDurations(truncated, call)));
        expect(without(dealLifetimes(list, call))).toEqual(without(dealLifetimes(truncated, call)));
      }),
      settings,
    );
  });

  it('a semi-Markov model gives probabilities that add up, grow with time, and agree with the chain in the long run', () => {
    fc.assert(
      fc.property(fc.array(dealWithHistoryArbitrary, { minLength: 5, maxLength: 25 }), (list) => {
        // Every deal resolved, so that nothing stays open; no deal goes round on one day.
        const closed = list.filter(({ status }) => status === 'won' || status === 'lost');
        const call = { ...base, asOf: '2040-01-01' };
        let model: ReturnType<typeof semiMarkovModel>;
        try {
          model = semiMarkovModel(closed, { ...call, horizonDays: 3_000 });
        } catch (error) {
          expect((error as { code?: string }).code).toBe('singular_matrix');
          return;
        }
        const { chain, states } = stageTransitions(closed, call).pipelines[0] ?? { chain: null, states: [] };
        for (const stage of model.stages) {
          for (let day = 1; day <= 3_000; day += 97) {
            expect((stage.won[day] ?? 0) + (stage.lost[day] ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
            expect(stage.won[day]).toBeGreaterThanOrEqual((stage.won[day - 1] ?? 0) - 1e-12);
          }
          const at = chain === null ? -1 : chain.transient.indexOf(stage.stageId);
          const { won, open } = semiMarkovProbability(model, { stageId: stage.stageId, withinDays: 3_000 });
          // Where deals may go round, a little stays open for ever.
          if (at >= 0 && won !== null && (open ?? 0) < 1e-6) expect(won).toBeCloseTo(chain?.absorption[at]?.[0] ?? 0, 5);
          expect(states).toContain(stage.stageId);
        }
      }),
      { ...settings, numRuns: 60 },
    );
  });
});
