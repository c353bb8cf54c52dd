/*
 * Two simulated CRM histories in which everything is known in the end: at a cut in the middle, the censoring-correct figures must come to what became of the
 * deals that were known by then. (The curves themselves are compared with R's survfit where they are made, in test/stats.)
 */
import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { dealLifetimes, definePipeline, semiMarkovModel, semiMarkovProbability, stageConversion } from 'dealwright/pipelines';
import { expect, it } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface Simulation {
  readonly stages: readonly string[];
  readonly horizonDays: number;
  readonly deals: readonly {
    readonly id: number;
    readonly created: number;
    readonly stages: readonly (readonly [number, number])[];
    readonly outcome: string;
    readonly closed: number | null;
  }[];
}

const dateOf = (day: number): string => new Date((18_000 + day) * 86_400_000).toISOString().slice(0, 10);

function read(name: string) {
  const simulation = readReferenceJson<Simulation>(`cases/oracle/crm_sim_${name}.json`);
  const pipeline = definePipeline({
    id: 'sim',
    stages: [...simulation.stages.map((id) => ({ id, label: id })), { id: 'won', label: 'Won', kind: 'won' as const }, { id: 'lost', label: 'Lost', kind: 'lost' as const }],
  });
  const deals = simulation.deals.map(({ id, created, stages, outcome, closed }): Deal => {
    const name = (place: number): string => simulation.stages[stages[place]?.[1] ?? 0] ?? '';
    const history: DealEvent[] = stages.map(([day], place) =>
      place === 0
        ? { type: 'created', at: dateOf(day), stageId: name(0), amount: null, ownerId: null, expectedCloseOn: null }
        : { type: 'stage-changed', at: dateOf(day), from: name(place - 1), to: name(place) },
    );
    const last = name(stages.length - 1);
    const end = outcome === 'won' ? ('won' as const) : outcome === 'lost' ? ('lost' as const) : undefined;
    if (end !== undefined && closed !== null) history.push({ type: end, at: dateOf(closed), from: last, to: end });
    const base = { id: `d${id}`, pipelineId: 'sim', createdOn: dateOf(created), history };
    return end === undefined || closed === null ? createDeal({ ...base, stageId: last }) : createDeal({ ...base, stageId: end, status: end, closedOn: dateOf(closed) });
  });
  return { pipeline, deals, horizon: simulation.horizonDays, stages: simulation.stages };
}

describeWithReference('simulated histories', () => {
  it.each(['enterprise', 'smb_midmarket'])('%s: the figures at a cut are what became of the deals known by then', (name) => {
    const { pipeline, deals, horizon } = read(name);
    const errors = { incidence: 0, closed: 0, figures: 0, covered: 0 };
    for (const share of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) {
      const cut = Math.round(horizon * share);
      // What is known only in the end: of the deals that entered before the cut, the share won within 365 days.
      const period = { start: dateOf(0), endExclusive: dateOf(cut) };
      const truth = stageConversion(deals, { pipeline, asOf: dateOf(horizon), method: 'cohort', horizonDays: 365, period });
      const incidence = stageConversion(deals, { pipeline, asOf: dateOf(cut), method: 'incidence', horizonDays: 365 });
      const closed = stageConversion(deals, { pipeline, asOf: dateOf(cut), method: 'closed' });
      expect([incidence.issues, closed.issues]).toEqual([[], []]);
      for (const [at, stage] of truth.stages.entries()) {
        const row = incidence.stages[at];
        const [wanted, censored, naive] = [stage.value, row?.value ?? null, closed.stages[at]?.value ?? null];
        if (wanted === null || censored === null || naive === null) continue;
        errors.figures += 1;
        errors.incidence += Math.abs(censored - wanted);
        errors.closed += Math.abs(naive - wanted);
        if ((row?.lower ?? 0) <= wanted && wanted <= (row?.upper ?? 1)) errors.covered += 1;
      }
    }
    expect(errors.figures).toBeGreaterThanOrEqual(24);
    expect(errors.incidence / errors.figures).toBeLessThan(0.01);
    // Where cycles are long beside the history, closed deals alone mislead; where nearly everything entered has closed, both are equally near.
    if (name === 'enterprise') expect(errors.incidence).toBeLessThan(0.85 * errors.closed);
    expect(errors.covered / errors.figures).toBeGreaterThan(0.9);
  });

  it('the share won by a horizon from the first stage agrees with a count by hand', () => {
    const { pipeline, deals, horizon } = read('enterprise');
    const asOf = dateOf(horizon);
    // Everybody who was created long enough ago.
    const cohort = stageConversion(deals, { pipeline, asOf, method: 'cohort', horizonDays: 200 }).stages[0];
    const old = deals.filter(({ createdOn }) => (createdOn ?? '') <= dateOf(horizon - 200));
    const won = old.filter((deal) => deal.status === 'won' && (Date.parse(deal.closedOn ?? '') - Date.parse(deal.createdOn ?? '')) / 86_400_000 <= 200);
    expect([cohort?.numerator, cohort?.denominator]).toEqual([won.length, old.length]);
    const curve = dealLifetimes(deals, { pipeline, asOf }).curves;
    expect(curve?.causes[0]?.incidence.every((value, at) => value >= (curve.causes[0]?.incidence[at - 1] ?? 0))).toBe(true);
  });

  it('a semi-Markov model agrees with the incidence from entry where the way is mostly forward', () => {
    const { pipeline, deals, horizon, stages } = read('smb_midmarket');
    const asOf = dateOf(horizon);
    const model = semiMarkovModel(deals, { pipeline, asOf, horizonDays: 200 });
    const direct = stageConversion(deals, { pipeline, asOf, method: 'incidence', horizonDays: 120, entered: 'literal' });
    for (const [at, stageId] of stages.entries()) {
      const { won, lost, open } = semiMarkovProbability(model, { stageId, withinDays: 120 });
      expect((won ?? 0) + (lost ?? 0) + (open ?? 0)).toBeCloseTo(1, 9);
      expect(Math.abs((won ?? 0) - (direct.stages[at]?.value ?? 0))).toBeLessThan(0.06);
    }
  });
});
