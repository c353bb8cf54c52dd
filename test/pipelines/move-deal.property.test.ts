import { createDeal, dealAsOf, validateDeal } from 'dealwright/deals';
import { moveDeal, reopenDeal, stageOutcome } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pipelineArbitrary } from './arbitraries.js';
import { freezeDeep } from './support.js';

describe('any sequence of moves', () => {
  it('leaves a valid deal whose replayed history is what the deal says', () => {
    const step = fc.record({ target: fc.nat(), days: fc.nat({ max: 20 }), reopen: fc.boolean(), override: fc.boolean() });
    let moves = 0;
    fc.assert(
      fc.property(pipelineArbitrary, fc.array(step, { maxLength: 12 }), (pipeline, steps) => {
        const first = pipeline.stages[0]?.id ?? '';
        let current = createDeal({
          id: 'd',
          pipelineId: pipeline.id,
          stageId: first,
          createdOn: '2026-01-01',
          history: [{ type: 'created', at: '2026-01-01', stageId: first, amount: null }],
        });
        let day = Date.UTC(2026, 0, 1);
        for (const { target, days, reopen, override } of steps) {
          day += days * 86_400_000;
          const at = new Date(day).toISOString().slice(0, 10);
          const before = freezeDeep(current);
          if (current.status !== 'open' && reopen) current = reopenDeal(current, { pipeline, at });
          const to = pipeline.stages[target % pipeline.stages.length]?.id ?? '';
          const result = moveDeal(current, to, { pipeline, at, ...(override ? { override: { reason: 'r', approvedBy: 'a' } } : {}) });
          if (!result.moved) expect(result.unmet.length).toBeGreaterThan(0);
          else moves += 1;
          current = result.deal;
          expect(validateDeal(before)).toEqual([]);
        }
        expect(validateDeal(current)).toEqual([]);
        const { state } = dealAsOf(current, '2030-01-01');
        expect(state).toMatchObject({ status: current.status, stageId: current.stageId, closedOn: current.closedOn, lossReason: current.lossReason ?? null });
        const stage = pipeline.stages.find(({ id }) => id === current.stageId);
        expect(stage === undefined ? undefined : stageOutcome(stage)).toBe(current.status);
        expect(JSON.parse(JSON.stringify(current))).toEqual(current);
      }),
      { seed: 20260101, numRuns: 300 },
    );
    expect(moves).toBeGreaterThan(300);
  });
});
