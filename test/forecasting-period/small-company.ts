/*
 * A small synthetic company: deals with known chances, from a linear congruential generator.
 */
import { addDays } from 'dealwright/calendar';
import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { money } from 'dealwright/money';
import { definePipeline } from 'dealwright/pipelines';

export const pipeline = definePipeline({
  id: 'p',
  stages: [
    { id: 'early', label: 'Early', probability: 0.2 },
    { id: 'late', label: 'Late', probability: 0.6, forecastCategory: 'commit' },
    { id: 'won', label: 'Won', kind: 'won' },
    { id: 'lost', label: 'Lost', kind: 'lost' },
  ],
});

/** Deals created from 2024-01-01 on, one every so many days; histories go on to 2026-06-30. */
export function smallCompany(count = 400, everyDays = 1.5): readonly Deal<object>[] {
  let seed = 42;
  const next = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const deals: Deal<object>[] = [];
  for (let i = 0; i < count; i += 1) {
    const created = addDays('2024-01-01', Math.floor(i * everyDays));
    const amount = money(Math.round(5_000 + next() * 20_000), 'USD');
    const ownerId = next() < 0.5 ? 'ann' : 'bob';
    const history: DealEvent[] = [{ type: 'created', at: created, stageId: 'early', amount, expectedCloseOn: addDays(created, 60), ownerId }];
    let stage = 'early';
    let day = created;
    while (stage === 'early' || stage === 'late') {
      day = addDays(day, 1 + Math.floor(next() * 45));
      if (day >= '2026-07-01') break;
      const roll = next();
      if (stage === 'early' && roll < 0.5) {
        history.push({ type: 'stage-changed', at: day, from: 'early', to: 'late' });
        stage = 'late';
      } else if (stage === 'late' && roll < 0.6) {
        history.push({ type: 'won', at: day, from: 'late', to: 'won' });
        stage = 'won';
      } else {
        history.push({ type: 'lost', at: day, from: stage, to: 'lost' });
        stage = 'lost';
      }
    }
    const isClosed = stage === 'won' || stage === 'lost';
    deals.push(
      createDeal({
        id: `d${i}`,
        pipelineId: 'p',
        stageId: stage,
        status: stage === 'won' ? 'won' : stage === 'lost' ? 'lost' : 'open',
        amount,
        createdOn: created,
        expectedCloseOn: addDays(created, 60),
        closedOn: isClosed ? day : null,
        ownerId,
        history,
      }),
    );
  }
  return deals;
}
