/*
 * Synthetic CRM histories (whole days from 0) as deals.
 */
import { addDays } from 'dealwright/calendar';
import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { definePipeline, type Pipeline } from 'dealwright/pipelines';

export interface SimulatedDeal {
  readonly id: number;
  readonly owner: string;
  readonly segment: string;
  readonly created: number;
  readonly stages: readonly (readonly [number, number])[];
  readonly amounts: readonly (readonly [number, number])[];
  readonly closeDates: readonly (readonly [number, number])[];
  readonly outcome: 'won' | 'lost' | null;
  readonly closed: number | null;
}

export interface SimulatedScores {
  readonly mae: number;
  readonly wape: number;
}

export interface Simulation {
  readonly scenario: string;
  readonly stages: readonly string[];
  readonly crmStageProbability: readonly number[];
  readonly deals: readonly SimulatedDeal[];
  readonly evaluation: readonly {
    readonly asOf: number;
    readonly periodStart: number;
    readonly periodEnd: number;
    readonly wonQtd: number;
    readonly actualFromOpen: number;
    readonly actualToGo: number;
  }[];
  readonly scores: Readonly<Record<string, SimulatedScores>>;
}

export const dateOf = (day: number): string => addDays('2001-01-01', day);

export function pipelineOf(simulation: Simulation): Pipeline {
  return definePipeline({
    id: 'simulated',
    stages: [
      ...simulation.stages.map((label, index) => ({ id: `s${index}`, label, probability: simulation.crmStageProbability[index] ?? 0 })),
      { id: 'won', label: 'Won', kind: 'won' as const },
      { id: 'lost', label: 'Lost', kind: 'lost' as const },
    ],
  });
}

const money = (value: number) => ({ amount: value.toFixed(2), currency: 'USD' });

/** The history as the CRM would have recorded it. */
export function toDeal(deal: SimulatedDeal): Deal<{ segment: string }> {
  const events: { readonly day: number; readonly rank: number; readonly event: DealEvent }[] = [];
  const firstStage = deal.stages[0]?.[1] ?? 0;
  events.push({
    day: deal.created,
    rank: 0,
    event: {
      type: 'created',
      at: dateOf(deal.created),
      stageId: `s${firstStage}`,
      amount: money(deal.amounts[0]?.[1] ?? 0),
      expectedCloseOn: dateOf(deal.closeDates[0]?.[1] ?? deal.created),
      ownerId: deal.owner,
    },
  });
  for (let i = 1; i < deal.stages.length; i += 1) {
    const [day, stage] = deal.stages[i] ?? [0, 0];
    events.push({ day, rank: 1, event: { type: 'stage-changed', at: dateOf(day), from: `s${deal.stages[i - 1]?.[1] ?? 0}`, to: `s${stage}` } });
  }
  for (let i = 1; i < deal.amounts.length; i += 1) {
    const [day, amount] = deal.amounts[i] ?? [0, 0];
    events.push({ day, rank: 2, event: { type: 'amount-changed', at: dateOf(day), from: money(deal.amounts[i - 1]?.[1] ?? 0), to: money(amount) } });
  }
  for (let i = 1; i < deal.closeDates.length; i += 1) {
    const [day, date] = deal.closeDates[i] ?? [0, 0];
    events.push({ day, rank: 3, event: { type: 'close-date-changed', at: dateOf(day), from: dateOf(deal.closeDates[i - 1]?.[1] ?? 0), to: dateOf(date) } });
  }
  if (deal.outcome !== null && deal.closed !== null) {
    const from = `s${deal.stages.at(-1)?.[1] ?? 0}`;
    events.push({ day: deal.closed, rank: 4, event: { type: deal.outcome, at: dateOf(deal.closed), from, to: deal.outcome } });
  }
  const history = events.sort((a, b) => a.day - b.day || a.rank - b.rank).map(({ event }) => event);
  return createDeal({
    id: String(deal.id),
    pipelineId: 'simulated',
    stageId: deal.outcome ?? `s${deal.stages.at(-1)?.[1] ?? 0}`,
    status: deal.outcome ?? 'open',
    amount: money(deal.amounts.at(-1)?.[1] ?? 0),
    createdOn: dateOf(deal.created),
    expectedCloseOn: dateOf(deal.closeDates.at(-1)?.[1] ?? deal.created),
    closedOn: deal.outcome !== null && deal.closed !== null ? dateOf(deal.closed) : null,
    ownerId: deal.owner,
    history,
    custom: { segment: deal.segment },
  });
}
