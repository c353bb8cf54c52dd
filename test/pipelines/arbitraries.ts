import { appendDealEvent, createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { type Money, money, type RateTable } from 'dealwright/money';
import type { CriterionRequirement, ExitCriterion, Pipeline, Stage } from 'dealwright/pipelines';
import fc from 'fast-check';

const text = fc.stringMatching(/^[a-z][a-z -]{0,8}$/);
const roles = ['economic-buyer', 'user-buyer', 'technical-buyer', 'coach', 'champion', 'decision-maker', 'influencer', 'procurement', 'legal', 'blocker', 'other'] as const;
const field = fc.constantFrom('amount', 'expectedCloseOn', 'recurring.arr', 'custom.region', 'stakeholders', 'lossReason');

const requirement: fc.Arbitrary<CriterionRequirement> = fc.oneof(
  fc.record({ field }),
  fc.record({ activity: text, atLeast: fc.integer({ min: 1, max: 5 }) }, { requiredKeys: ['activity'] }),
  fc.record({ stakeholder: fc.constantFrom(...roles) }),
  fc.constant({ confirmed: true } as const),
);

const criteria: fc.Arbitrary<ExitCriterion[]> = fc.uniqueArray(
  fc.record({ id: text, label: text, require: requirement, severity: fc.constantFrom('block', 'warn') }, { requiredKeys: ['id', 'label', 'require'] }),
  { maxLength: 3, selector: (criterion) => criterion.id },
);

const stageBody = fc.record(
  {
    label: text,
    probability: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true })),
    forecastCategory: fc.constantFrom('pipeline', 'best-case', 'commit', 'omitted'),
    exitCriteria: criteria,
    requiredFields: fc.uniqueArray(field, { maxLength: 3 }),
    maximumDays: fc.integer({ min: 0, max: 400 }),
    rottenDays: fc.integer({ min: 0, max: 400 }),
  },
  { requiredKeys: ['label'] },
);

/** Valid pipelines: some open stages, then won and lost ones. */
export const pipelineArbitrary: fc.Arbitrary<Pipeline> = fc
  .record({
    id: text,
    ids: fc.uniqueArray(text, { minLength: 3, maxLength: 7 }),
    bodies: fc.array(stageBody, { minLength: 7, maxLength: 7 }),
    categories: fc.boolean(),
    closed: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ id, ids, bodies, categories, closed }) => {
    const stages = ids.map((stageId, index): Stage => {
      const { probability, ...body } = bodies[index] ?? { label: 'x' };
      const kind = index < ids.length - closed ? 'open' : index === ids.length - 1 ? 'won' : 'lost';
      if (kind !== 'open') return { ...body, id: stageId, kind };
      return probability === undefined ? { ...body, id: stageId } : { ...body, id: stageId, probability };
    });
    return { id, stages, ...(categories ? { forecastCategories: ['pipeline', 'best-case', 'commit'] } : {}) };
  });

const edits = fc.array(
  fc.record({
    at: fc.nat(),
    action: fc.constantFrom('replace', 'remove', 'add'),
    key: fc.oneof(
      fc.constantFrom('id', 'label', 'kind', '__proto__', 'constructor', 'atLeast', 'probability', 'forecastCategories', 'formatVersion', 'at', 'to', 'amount', 'history'),
      text,
    ),
    value: fc.oneof(
      fc.constantFrom<unknown>(
        null,
        '',
        0,
        1,
        -1,
        0.5,
        2,
        40,
        'won',
        'lost',
        'open',
        '__proto__',
        'amount',
        'amonut',
        'custom.',
        'custom.a',
        [],
        {},
        ['amount', 'amount'],
        ['omitted'],
        ['commit'],
        'x'.repeat(10_001),
        '2025-02-30',
        '2025-06-30',
        '2025-06-30T10:00:00Z',
        { amount: '1', currency: 'EUR' },
        1e308,
        true,
      ),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  }),
  { maxLength: 2 },
);

/** A value in which up to two things, at any depth, were replaced, removed or added at random: some stay valid. */
export function edited(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(arbitrary, edits).map(([original, changes]) => {
    const copy = JSON.parse(JSON.stringify(original)) as unknown;
    for (const { at, action, key, value: given } of changes) {
      const value = JSON.parse(JSON.stringify(given)) as unknown;
      const nodes = containers(copy);
      const node = nodes[at % nodes.length];
      if (node === undefined) continue;
      const keys = Object.keys(node);
      const existing = keys[(at >> 3) % Math.max(1, keys.length)];
      if (Array.isArray(node)) {
        if (action === 'remove') node.pop();
        else if (action === 'add') node.push(value);
        else if (existing !== undefined) node[Number(existing)] = value;
      } else if (action === 'add') Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
      else if (existing !== undefined && action === 'remove') delete node[existing];
      else if (existing !== undefined) node[existing] = value;
    }
    return copy;
  });
}

export const anyPipelineLike: fc.Arbitrary<unknown> = edited(pipelineArbitrary);

function containers(value: unknown): (Record<string, unknown> | unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const self = value as Record<string, unknown> | unknown[];
  return [self, ...Object.values(self).flatMap(containers)];
}

const day = fc.integer({ min: 0, max: 700 }).map((offset) => new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10));
const dayOrNull = fc.oneof({ arbitrary: day, weight: 6 }, { arbitrary: fc.constant(null), weight: 1 });
const amountOrNull = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 5_000_000 }), fc.constantFrom('USD', 'USD', 'EUR', 'JPY', 'GBP'))
      .map(([cents, currency]) => money(currency === 'JPY' ? `${cents}` : (cents / 100).toFixed(2), currency)),
    weight: 8,
  },
  { arbitrary: fc.constant(null), weight: 1 },
);

/** Deals of the default pipeline in every status, with gaps: no history. */
export const dealArbitrary: fc.Arbitrary<Deal> = fc
  .record({
    id: fc.uuid(),
    status: fc.constantFrom('open', 'open', 'won', 'won', 'lost', 'lost', 'deleted' as const),
    open: fc.constantFrom('prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing'),
    amount: amountOrNull,
    createdOn: dayOrNull,
    closedOn: dayOrNull,
    expectedCloseOn: dayOrNull,
    probability: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true })),
    ownerId: fc.constantFrom('adam', 'zoe', undefined),
  })
  .map(({ open, status, ownerId, closedOn, ...rest }) =>
    createDeal<Record<string, unknown>>({
      ...rest,
      status,
      pipelineId: 'b2b',
      stageId: status === 'won' ? 'closed-won' : status === 'lost' ? 'closed-lost' : open,
      closedOn: status === 'open' ? null : closedOn,
      ...(ownerId === undefined ? {} : { ownerId }),
    }),
  );

export const rateTable: RateTable = {
  rates: [
    { from: 'EUR', to: 'USD', rate: '1.1', on: '2025-01-01' },
    { from: 'EUR', to: 'USD', rate: '1.0375', on: '2026-01-15' },
    { from: 'JPY', to: 'USD', rate: '0.0067' },
  ],
};

interface EventChoice {
  readonly kind: 'amount' | 'date' | 'owner' | 'category' | 'stage' | 'won' | 'lost' | 'reopen' | 'delete';
  readonly days: number;
  readonly amount: Money | null;
  readonly date: string | null;
  readonly owner: string;
  readonly category: string | null;
  readonly stage: string;
}

const openStage = fc.constantFrom('prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing');
const choice: fc.Arbitrary<EventChoice> = fc.record({
  kind: fc.constantFrom('amount', 'date', 'date', 'date', 'owner', 'owner', 'category', 'category', 'stage', 'won', 'lost', 'reopen', 'delete'),
  days: fc.nat({ max: 90 }),
  amount: amountOrNull,
  date: dayOrNull,
  owner: fc.constantFrom('adam', 'zoe', 'max'),
  category: fc.constantFrom(null, 'omitted', 'omitted', 'commit'),
  stage: openStage,
});

function nextEvent(deal: Deal, pick: EventChoice, at: string): DealEvent | undefined {
  if (deal.status === 'deleted') return undefined;
  if (deal.status !== 'open') return pick.kind === 'reopen' ? { type: 'reopened', at, from: deal.stageId, to: pick.stage } : undefined;
  switch (pick.kind) {
    case 'amount':
      return { type: 'amount-changed', at, from: deal.amount, to: pick.amount };
    case 'date':
      return { type: 'close-date-changed', at, from: deal.expectedCloseOn, to: pick.date };
    case 'owner':
      return { type: 'owner-changed', at, from: deal.ownerId ?? null, to: pick.owner };
    case 'category':
      return { type: 'forecast-category-changed', at, from: deal.forecastCategory ?? null, to: pick.category };
    case 'stage':
      return pick.stage === deal.stageId ? undefined : { type: 'stage-changed', at, from: deal.stageId, to: pick.stage };
    case 'won':
    case 'lost':
      return { type: pick.kind, at, from: deal.stageId, to: `closed-${pick.kind}` };
    case 'delete':
      return { type: 'deleted', at };
    case 'reopen':
      return undefined;
  }
}

/** Deals with a whole history of up to eight events. */
export const dealWithHistoryArbitrary: fc.Arbitrary<Deal> = fc
  .record({
    id: fc.uuid(),
    start: fc.integer({ min: 0, max: 500 }),
    amount: amountOrNull,
    date: dayOrNull,
    owner: fc.constantFrom('adam', 'zoe', 'max'),
    stage: openStage,
    choices: fc.array(choice, { maxLength: 8, size: 'max' }),
  })
  .map(({ id, start, amount, date, owner, stage, choices }) => {
    let offset = start;
    const dayAt = (): string => new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10);
    let deal = createDeal<Record<string, unknown>>({
      id,
      pipelineId: 'b2b',
      stageId: stage,
      amount,
      expectedCloseOn: date,
      ownerId: owner,
      createdOn: dayAt(),
      history: [{ type: 'created', at: dayAt(), stageId: stage, amount, expectedCloseOn: date, ownerId: owner }],
    });
    for (const pick of choices) {
      offset += pick.days;
      const event = nextEvent(deal, pick, dayAt());
      if (event !== undefined) deal = appendDealEvent(deal, event);
    }
    return deal;
  });
