/*
 * Deals with histories that hang together, made step by step by a plain simulation of its own: the obvious counterpart of the replay in src.
 */
import type { Deal, DealEvent, DealSplit, DealStatus } from 'dealwright/deals';
import fc from 'fast-check';

export const SEED = { seed: 20260101 } as const;

const STAGES = ['prospecting', 'qualification', 'discovery', 'demo', 'negotiation'] as const;

/** The state that the simulation keeps: everything that events can change. */
export interface Simulated {
  status: DealStatus;
  stageId: string;
  lastOpenStageId: string;
  amount: Deal['amount'];
  expectedCloseOn: string | null;
  closedOn: string | null;
  ownerId: string | null;
  forecastCategory: string | null;
  probability: number | null;
  splits: readonly DealSplit[];
  lossReason: string | null;
  pushCount: number;
}

const DAY = 86_400_000;

/** A date so many days after 2026-01-01. */
export function dateAfter(days: number): string {
  return new Date(Date.UTC(2026, 0, 1) + days * DAY).toISOString().slice(0, 10);
}

interface Step {
  readonly kind: number;
  readonly wait: number;
  readonly value: number;
  readonly dateOnly: boolean;
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({ kind: fc.nat(9), wait: fc.nat(20 * 24), value: fc.nat(1_000), dateOnly: fc.boolean() });

function moneyOf(value: number): Deal['amount'] {
  return value % 7 === 0 ? null : { amount: `${value}.50`, currency: 'USD' };
}

/** The next event that makes sense in this state, if the step makes any. */
function eventOf(state: Simulated, step: Step, at: string): DealEvent | undefined {
  const { value } = step;
  const closed = state.status !== 'open';
  switch (step.kind) {
    case 0:
    case 1: {
      const to = STAGES[value % STAGES.length] ?? 'demo';
      return closed || to === state.stageId ? undefined : { type: 'stage-changed', at, from: state.stageId, to };
    }
    case 2:
      return { type: 'amount-changed', at, from: state.amount, to: moneyOf(value) };
    case 3:
      return { type: 'close-date-changed', at, from: state.expectedCloseOn, to: value % 11 === 0 ? null : dateAfter(value) };
    case 4:
      return { type: 'owner-changed', at, from: state.ownerId, to: value % 5 === 0 ? null : `owner-${value % 4}` };
    case 5:
      return { type: 'forecast-category-changed', at, from: state.forecastCategory, to: value % 3 === 0 ? null : 'commit' };
    case 6:
      return { type: 'probability-changed', at, from: state.probability, to: value % 3 === 0 ? null : (value % 101) / 100 };
    case 7:
      return {
        type: 'splits-changed',
        at,
        from: state.splits,
        to:
          value % 4 === 0
            ? []
            : [
                { payeeId: 'ann', kind: 'revenue', share: '0.25' },
                { payeeId: `bob-${value}`, kind: 'revenue', share: '0.75' },
              ],
      };
    case 8:
      if (closed) return { type: 'reopened', at, from: state.stageId, to: state.lastOpenStageId };
      return value % 2 === 0
        ? { type: 'won', at, from: state.stageId, to: 'closed-won' }
        : { type: 'lost', at, from: state.stageId, to: 'closed-lost', ...(value % 3 === 0 ? { reason: 'price' } : {}) };
    default:
      return undefined;
  }
}

/** What an event does, written down once more and as plainly as can be. Days of instants are those of UTC. */
export function simulate(state: Simulated | undefined, event: DealEvent): Simulated {
  if (state === undefined) {
    if (event.type !== 'created') throw new Error('a history begins with its creation');
    return {
      status: 'open',
      stageId: event.stageId,
      lastOpenStageId: event.stageId,
      amount: event.amount,
      expectedCloseOn: event.expectedCloseOn ?? null,
      closedOn: null,
      ownerId: event.ownerId ?? null,
      forecastCategory: event.forecastCategory ?? null,
      probability: event.probability ?? null,
      splits: event.splits ?? [],
      lossReason: null,
      pushCount: 0,
    };
  }
  const next = { ...state };
  if (event.type === 'stage-changed' || event.type === 'reopened') {
    next.status = 'open';
    next.stageId = event.to;
    next.lastOpenStageId = event.to;
    next.closedOn = null;
    next.lossReason = null;
  }
  if (event.type === 'won' || event.type === 'lost') {
    next.status = event.type;
    next.lastOpenStageId = event.from;
    next.stageId = event.to;
    next.closedOn = new Date(event.at).toISOString().slice(0, 10);
    next.lossReason = event.type === 'lost' ? (event.reason ?? null) : null;
  }
  if (event.type === 'amount-changed') next.amount = event.to;
  if (event.type === 'close-date-changed') {
    if (event.from !== null && event.to !== null && event.to > event.from) next.pushCount += 1;
    next.expectedCloseOn = event.to;
  }
  if (event.type === 'owner-changed') next.ownerId = event.to;
  if (event.type === 'forecast-category-changed') next.forecastCategory = event.to;
  if (event.type === 'probability-changed') next.probability = event.to;
  if (event.type === 'splits-changed') next.splits = event.to;
  if (event.type === 'deleted') next.status = 'deleted';
  return next;
}

/** The deal that a history comes to. */
export function dealOf(history: readonly DealEvent[], createdOn: string | null): Deal {
  let state: Simulated | undefined;
  for (const event of history) state = simulate(state, event);
  if (state === undefined) throw new Error('no history');
  const { status, stageId, amount, probability, expectedCloseOn, closedOn, ownerId, forecastCategory, splits, lossReason } = state;
  return {
    id: 'd1',
    pipelineId: 'b2b',
    stageId,
    status,
    amount,
    probability,
    createdOn,
    expectedCloseOn,
    closedOn,
    ...(ownerId === null ? {} : { ownerId }),
    ...(forecastCategory === null ? {} : { forecastCategory }),
    ...(lossReason === null ? {} : { lossReason }),
    lineItems: [],
    splits,
    stakeholders: [],
    activities: [],
    history,
    custom: {},
  };
}

/** Events from a start in hours after 2026-01-01, each following from those before. */
function grow(history: readonly DealEvent[], steps: readonly Step[], startHour: number): readonly DealEvent[] {
  const events = [...history];
  let state: Simulated | undefined;
  for (const event of events) state = simulate(state, event);
  let hour = startHour;
  for (const step of steps) {
    if (state === undefined) break;
    hour += step.wait;
    // A date counts from 00:00, so that what follows it stands after it.
    if (step.dateOnly) hour = Math.ceil(hour / 24) * 24;
    const time = Date.UTC(2026, 0, 1) + hour * 3_600_000;
    const at = step.dateOnly ? new Date(time).toISOString().slice(0, 10) : new Date(time).toISOString();
    const event = eventOf(state, step, at);
    if (event === undefined) continue;
    events.push(event);
    state = simulate(state, event);
  }
  return events;
}

/** A deal with a complete history that begins on 2026-01-01. */
export const dealArbitrary: fc.Arbitrary<Deal> = fc.array(stepArbitrary, { maxLength: 12 }).chain((steps) =>
  fc.record({ amount: fc.nat(500), full: fc.boolean() }).map(({ amount, full }) => {
    const created: DealEvent = {
      type: 'created',
      at: '2026-01-01',
      stageId: 'prospecting',
      amount: moneyOf(amount),
      expectedCloseOn: '2026-06-30',
      ownerId: 'owner-0',
      forecastCategory: null,
      probability: null,
      splits: full ? [{ payeeId: 'ann', kind: 'revenue', share: '1' }] : [],
    };
    return dealOf(grow([created], steps, 0), '2026-01-01');
  }),
);

/** A deal, and a longer history that goes on from a cut. */
export const grownDealArbitrary: fc.Arbitrary<{ readonly deal: Deal; readonly cutHour: number; readonly grown: Deal }> = fc
  .record({ deal: dealArbitrary, more: fc.array(stepArbitrary, { minLength: 1, maxLength: 8 }), gap: fc.nat(100) })
  .map(({ deal, more, gap }) => {
    const last = deal.history[deal.history.length - 1];
    const lastHour = last === undefined ? 0 : (new Date(last.at).getTime() - Date.UTC(2026, 0, 1)) / 3_600_000;
    const cutHour = Math.ceil((lastHour + 1 + gap) / 24) * 24;
    return { deal, cutHour, grown: dealOf(grow(deal.history, more, cutHour), deal.createdOn) };
  });

/** The instant so many hours after 2026-01-01T00:00Z. */
export function instantAfter(hours: number): string {
  return new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString();
}

/** Freezes all the way down, so that a function that writes to its input throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

/** Any JSON value, hostile keys and texts among them, and what JSON cannot hold. */
export const hostileArbitrary: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withTypedArray: false }),
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e308,
    -0,
    '0x10',
    '1_000',
    '2026-02-30',
    '__proto__',
    'constructor',
    '',
    ' ',
    [],
    {},
    JSON.parse('{"__proto__": {"polluted": true}}'),
    JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
    'x'.repeat(100_000),
    new Date(0),
    () => 1,
    Symbol('s'),
    10n ** 40n,
  ),
);
