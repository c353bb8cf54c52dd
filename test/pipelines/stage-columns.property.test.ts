import { createDeal, type DealEvent } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { b2bPipeline, dealLifetimes, stageConversion, stageDurations, tallyStageColumns } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything, spoilt } from '../support/hostile-values.js';
import { freezeDeep } from './support.js';

const IDS = ['prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing'];
const probability = [0.1, 0.2, 0.35, 0.5, 0.75];
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const row = fc.record({
  value: fc.integer({ min: 0, max: 1_000_000 }),
  outcome: fc.constantFrom(0, 1, 2),
  start: fc.integer({ min: 20_000, max: 20_400 }),
  stays: fc.array(fc.record({ stage: fc.nat({ max: 4 }), days: fc.nat({ max: 2_500 }) }), { minLength: 1, maxLength: 5 }),
});
/** A stage follows another one. */
const rows = fc.array(
  row.map((deal) => ({ ...deal, stays: deal.stays.filter(({ stage }, at) => at === 0 || stage !== deal.stays[at - 1]?.stage) })),
  { maxLength: 20 },
);

function columnsOf(list: readonly { value: number; outcome: number; start: number; stays: readonly { stage: number; days: number }[] }[]) {
  const columns = { value: [] as number[], outcome: [] as number[], offset: [0], stage: [] as number[], enteredOn: [] as number[], closedOn: [] as number[] };
  for (const { value, outcome, start, stays } of list) {
    let day = start;
    for (const { stage, days } of stays) {
      columns.stage.push(stage);
      columns.enteredOn.push(day);
      day += days;
    }
    columns.value.push(value);
    columns.outcome.push(outcome);
    columns.closedOn.push(day);
    columns.offset.push(columns.stage.length);
  }
  return columns;
}

describe('columns', () => {
  it('give what the same deals give as objects', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const columns = freezeDeep(columnsOf(list));
        const tally = tallyStageColumns(columns, { probability });
        const deals = list.map(({ outcome, stays }, at) => {
          const [first, closed] = [columns.offset[at] ?? 0, columns.closedOn[at] ?? 0];
          const end = outcome === 1 ? ('won' as const) : ('lost' as const);
          const id = (place: number): string => IDS[stays[place]?.stage ?? 0] ?? '';
          const on = (place: number): string => dateOf(columns.enteredOn[first + place] ?? 0);
          const history: DealEvent[] = stays.map((_, place) =>
            place === 0 ? { type: 'created', at: on(0), stageId: id(0), amount: null } : { type: 'stage-changed', at: on(place), from: id(place - 1), to: id(place) },
          );
          const last = id(stays.length - 1);
          if (outcome !== 0) history.push({ type: end, at: dateOf(closed), from: last, to: `closed-${end}` });
          const state = outcome === 0 ? { stageId: last } : { stageId: `closed-${end}`, status: end, closedOn: dateOf(closed) };
          return createDeal({ id: `d${at}`, pipelineId: 'b2b', createdOn: on(0), ...state, history });
        });
        const call = { pipeline: b2bPipeline, asOf: '2100-01-01', minimumDeals: 1 } as const;
        const durations = stageDurations(deals, call).stages;
        const rates = stageConversion(deals, { ...call, method: 'closed', entered: 'literal' }).stages;
        for (const [at, stage] of tally.stages.entries()) {
          expect(stage.dwell).toEqual(durations[at]?.completed);
          expect([stage.won, stage.won + stage.lost, stage.closedRate]).toEqual([rates[at]?.numerator, rates[at]?.denominator, rates[at]?.value]);
        }
        expect(tally.wonCycle).toEqual(dealLifetimes(deals, call).won);
        const open = list.filter(({ outcome }) => outcome === 0);
        expect(tally.weightedValue).toBeCloseTo(
          open.reduce((sum, { value, stays }) => sum + value * (probability[stays[stays.length - 1]?.stage ?? 0] ?? 0), 0),
          6,
        );
        // Typed arrays are columns too.
        const typed = { ...columns, value: Float64Array.from(columns.value), stage: Uint8Array.from(columns.stage), enteredOn: Int32Array.from(columns.enteredOn) };
        expect(tallyStageColumns(typed, { probability })).toEqual(tally);
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });

  it('of anything else give a result or a DomainError', () => {
    const good = columnsOf([{ value: 5, outcome: 1, start: 20_000, stays: [{ stage: 0, days: 3 }, { stage: 2, days: 4 }] }, { value: 1, outcome: 0, start: 20_000, stays: [{ stage: 1, days: 3 }] }]); // biome-ignore format: a table
    fc.assert(
      fc.property(fc.oneof({ arbitrary: spoilt(good), weight: 6 }, anything), fc.oneof(fc.constant({ probability }), spoilt({ probability })), (columns, options) => {
        try {
          const tally = tallyStageColumns(columns as never, options as never);
          expect(JSON.parse(JSON.stringify(tally))).toStrictEqual(tally);
        } catch (error) {
          if (!isDomainError(error)) throw error;
        }
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });
});
