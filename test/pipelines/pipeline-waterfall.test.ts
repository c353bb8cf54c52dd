import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { money } from 'dealwright/money';
import { b2bPipeline, type PipelineWaterfall, pipelineWaterfall, snapshotPipeline, type WaterfallKind } from 'dealwright/pipelines';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { freezeDeep } from './support.js';

const usd = (amount: number) => money(amount, 'USD');
const q1 = { from: '2026-01-01', to: '2026-04-01', period: '2026-Q1', ownerIds: ['zoe'], pipeline: b2bPipeline, currency: 'USD' } as const;

/** A deal of 100 for zoe that is expected to close in February; created before the window unless said otherwise. */
function deal(id: string, events: readonly DealEvent[], created: Partial<DealEvent & { readonly type: 'created' }> = {}, part: Partial<Deal> = {}): Deal {
  const first = { type: 'created', at: '2025-12-01', stageId: 'demo', amount: usd(100), expectedCloseOn: '2026-02-15', ownerId: 'zoe', ...created } as const;
  let current: Partial<Deal> = {
    stageId: first.stageId,
    amount: first.amount,
    expectedCloseOn: first.expectedCloseOn ?? null,
    ...(first.ownerId ? { ownerId: first.ownerId } : {}),
  };
  // The fields that the events leave behind, as a CRM would store them.
  for (const event of events) {
    if (event.type === 'amount-changed') current = { ...current, amount: event.to };
    else if (event.type === 'close-date-changed') current = { ...current, expectedCloseOn: event.to };
    else if (event.type === 'owner-changed' && event.to !== null) current = { ...current, ownerId: event.to };
    else if (event.type === 'forecast-category-changed' && event.to !== null) current = { ...current, forecastCategory: event.to };
    else if (event.type === 'won' || event.type === 'lost') current = { ...current, status: event.type, stageId: event.to, closedOn: event.at };
    else if (event.type === 'reopened') current = { ...current, status: 'open', stageId: event.to, closedOn: null };
    else if (event.type === 'deleted') current = { ...current, status: 'deleted' };
  }
  return freezeDeep(createDeal<Record<string, unknown>>({ id, pipelineId: 'b2b', stageId: 'demo', createdOn: first.at, history: [first, ...events], ...current, ...part }));
}

const amount = (at: string, from: number, to: number | null): DealEvent => ({ type: 'amount-changed', at, from: usd(from), to: to === null ? null : usd(to) });
const move = (at: string, from: string | null, to: string | null): DealEvent => ({ type: 'close-date-changed', at, from, to });
const owner = (at: string, from: string, to: string): DealEvent => ({ type: 'owner-changed', at, from, to });
const category = (at: string, from: string | null, to: string): DealEvent => ({ type: 'forecast-category-changed', at, from, to });
const won = (at: string): DealEvent => ({ type: 'won', at, from: 'demo', to: 'closed-won' });
const lost = (at: string): DealEvent => ({ type: 'lost', at, from: 'demo', to: 'closed-lost' });
const reopened = (at: string): DealEvent => ({ type: 'reopened', at, from: 'closed-lost', to: 'demo' });

function summary(waterfall: PipelineWaterfall): readonly (readonly [string, string, number?])[] {
  const moved = waterfall.movements.filter(({ count }) => count > 0).map(({ kind, value, deals }) => [kind, value.amount, deals] as const);
  return [['start', waterfall.start.value.amount, waterfall.start.deals], ...moved, ['end', waterfall.end.value.amount, waterfall.end.deals]];
}

const cases: readonly (readonly [WaterfallKind, Deal, readonly (readonly [string, string, number?])[]])[] = [
  [
    'created',
    deal('d', [], { at: '2026-01-10' }),
    [
      ['start', '0.00', 0],
      ['created', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'reopened',
    deal('d', [lost('2025-12-15'), reopened('2026-01-10')]),
    [
      ['start', '0.00', 0],
      ['reopened', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'transferred-in',
    deal('d', [owner('2026-01-10', 'max', 'zoe')], { ownerId: 'max' }),
    [
      ['start', '0.00', 0],
      ['transferred-in', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'included',
    deal('d', [category('2026-01-10', 'omitted', 'commit')], { forecastCategory: 'omitted' }),
    [
      ['start', '0.00', 0],
      ['included', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'pulled-in',
    deal('d', [move('2026-01-10', '2026-04-01', '2026-03-31')], { expectedCloseOn: '2026-04-01' }),
    [
      ['start', '0.00', 0],
      ['pulled-in', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'pulled-in',
    deal('d', [move('2026-01-10', null, '2026-03-31')], { expectedCloseOn: null }),
    [
      ['start', '0.00', 0],
      ['pulled-in', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'pushed-in',
    deal('d', [move('2026-01-10', '2025-12-31', '2026-01-20')], { expectedCloseOn: '2025-12-31' }),
    [
      ['start', '0.00', 0],
      ['pushed-in', '100.00', 1],
      ['end', '100.00', 1],
    ],
  ],
  [
    'increased',
    deal('d', [amount('2026-01-10', 100, 130)]),
    [
      ['start', '100.00', 1],
      ['increased', '30.00', 0],
      ['end', '130.00', 1],
    ],
  ],
  [
    'decreased',
    deal('d', [amount('2026-01-10', 100, 40)]),
    [
      ['start', '100.00', 1],
      ['decreased', '-60.00', 0],
      ['end', '40.00', 1],
    ],
  ],
  [
    'won',
    deal('d', [amount('2026-01-10', 100, 130), won('2026-01-11')]),
    [
      ['start', '100.00', 1],
      ['increased', '30.00', 0],
      ['won', '-130.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'lost',
    deal('d', [lost('2026-01-11')]),
    [
      ['start', '100.00', 1],
      ['lost', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'pushed-out',
    deal('d', [move('2026-01-10', '2026-02-15', '2026-04-01')]),
    [
      ['start', '100.00', 1],
      ['pushed-out', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'pushed-out',
    deal('d', [move('2026-01-10', '2026-02-15', null)]),
    [
      ['start', '100.00', 1],
      ['pushed-out', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'pulled-out',
    deal('d', [move('2026-01-10', '2026-02-15', '2025-12-31')]),
    [
      ['start', '100.00', 1],
      ['pulled-out', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'transferred-out',
    deal('d', [owner('2026-01-10', 'zoe', 'max')]),
    [
      ['start', '100.00', 1],
      ['transferred-out', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'omitted',
    deal('d', [category('2026-01-10', null, 'omitted')]),
    [
      ['start', '100.00', 1],
      ['omitted', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
  [
    'deleted',
    deal('d', [{ type: 'deleted', at: '2026-01-10' }]),
    [
      ['start', '100.00', 1],
      ['deleted', '-100.00', -1],
      ['end', '0.00', 0],
    ],
  ],
];

describe('pipelineWaterfall', () => {
  it.each(cases)('%s, in both modes', (_, subject, expected) => {
    for (const mode of ['endpoint', 'path'] as const) expect(summary(pipelineWaterfall([subject], { ...q1, mode }))).toEqual(expected);
  });

  it('names every kind once, in one order', () => {
    const { movements } = pipelineWaterfall([], q1);
    expect(movements.map(({ kind }) => kind)).toEqual([
      'created',
      'reopened',
      'transferred-in',
      'included',
      'pulled-in',
      'pushed-in',
      'increased',
      'decreased',
      'won',
      'lost',
      'pushed-out',
      'pulled-out',
      'transferred-out',
      'omitted',
      'deleted',
      'revalued',
    ]);
    expect(movements[0]).toEqual({ kind: 'created', value: usd(0), count: 0, deals: 0 });
  });

  it('shows what came and went, and round trips, in path mode only', () => {
    const quick = deal('quick', [won('2026-02-02')], { at: '2026-01-10' });
    const trip = deal('trip', [move('2026-01-10', '2026-02-15', '2026-05-01'), amount('2026-01-15', 100, 150), move('2026-01-20', '2026-05-01', '2026-03-01')]);
    expect(summary(pipelineWaterfall([quick, trip], q1))).toEqual([
      ['start', '100.00', 1],
      ['increased', '50.00', 0],
      ['end', '150.00', 1],
    ]);
    const path = pipelineWaterfall([trip, quick], { ...q1, mode: 'path' });
    expect(path.entries).toEqual([
      { dealId: 'quick', kind: 'created', value: usd(100), at: '2026-01-10' },
      { dealId: 'quick', kind: 'won', value: usd(-100), at: '2026-02-02' },
      { dealId: 'trip', kind: 'pushed-out', value: usd(-100), at: '2026-01-10' },
      { dealId: 'trip', kind: 'pulled-in', value: usd(150), at: '2026-01-20' },
    ]);
  });

  it('names the first cause that applies where several do', () => {
    const both = deal('d', [owner('2026-01-10', 'zoe', 'max'), move('2026-01-11', '2026-02-15', '2026-06-01'), won('2026-01-12')]);
    expect(summary(pipelineWaterfall([both], q1))).toEqual([
      ['start', '100.00', 1],
      ['won', '-100.00', -1],
      ['end', '0.00', 0],
    ]);
    expect(pipelineWaterfall([both], { ...q1, mode: 'path' }).entries.map(({ kind }) => kind)).toEqual(['transferred-out']);
  });

  it('leaves out what happened at or after a cut', () => {
    const onTheDay = deal('d', [won('2026-04-01')], { at: '2026-01-01' });
    expect(summary(pipelineWaterfall([onTheDay], q1))).toEqual([
      ['start', '0.00', 0],
      ['created', '100.00', 1],
      ['end', '100.00', 1],
    ]);
  });

  it('values movements at the rates of the start, and shows the rest as revalued', () => {
    const rates = {
      rates: [
        { from: 'EUR', to: 'USD', rate: '1.1', on: '2025-01-01' },
        { from: 'EUR', to: 'USD', rate: '1.255', on: '2026-03-31' },
        { from: 'EUR', to: 'USD', rate: '9', on: '2026-04-01' },
      ],
    };
    const euro = { amount: money('33.33', 'EUR') };
    const stays = deal('a', [], euro, euro);
    const leaves = deal('b', [lost('2026-02-01')], euro, euro);
    // 33.33 × 1.1 = 36.663 → 36.66; 33.33 × 1.255 = 41.829… → 41.83; the rate of 1 April is not known at the cut.
    expect(summary(pipelineWaterfall([stays, leaves], { ...q1, rates }))).toEqual([
      ['start', '73.32', 2],
      ['lost', '-36.66', -1],
      ['revalued', '5.17', 0],
      ['end', '41.83', 1],
    ]);
    expect(pipelineWaterfall([stays], q1)).toMatchObject({ start: { deals: 0 }, issues: [{ code: 'currency_mismatch', path: [0, 'amount', 'currency'] }] });
    // What stays outside needs no rate.
    expect(pipelineWaterfall([deal('c', [lost('2025-12-20')], euro, euro)], q1).issues).toEqual([]);
  });

  it('counts a deal without an amount, and says so', () => {
    const unpriced = deal('d', [], { amount: null }, { amount: null });
    const waterfall = pipelineWaterfall([unpriced, deal('e', [amount('2026-02-01', 100, null)])], q1);
    expect(summary(waterfall)).toEqual([
      ['start', '100.00', 2],
      ['decreased', '-100.00', 0],
      ['end', '0.00', 2],
    ]);
    expect(waterfall.issues.map(({ code, path }) => [code, path])).toEqual([
      ['missing_amount', [0, 'amount']],
      ['missing_amount', [1, 'amount']],
    ]);
  });

  it('sets aside what is not known', () => {
    const list = [
      createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo', createdOn: '2025-12-01' }),
      createDeal({ id: 'b', pipelineId: 'x', stageId: 'demo' }),
      deal('c', [], { expectedCloseOn: null }, { expectedCloseOn: null }),
      5 as never,
    ];
    const waterfall = pipelineWaterfall(list, q1);
    expect(waterfall.issues.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'missing_date 0.history',
      'unknown_pipeline 1.pipelineId',
      'unknown_close_date 2.expectedCloseOn',
      'invalid_type 3',
    ]);
    const assumed = pipelineWaterfall(
      [createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-02-01', ownerId: 'zoe', amount: usd(7), expectedCloseOn: '2026-03-01' })],
      {
        ...q1,
        assumeUnchanged: ['stageId', 'ownerId', 'amount', 'expectedCloseOn'],
      },
    );
    expect(assumed.entries).toEqual([{ dealId: 'a', kind: 'created', value: usd(7), at: null }]);
  });

  it('refuses wrong calls', () => {
    const codes = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        return isDomainError(error) ? error.issues.map(({ code, path }) => `${code} ${path.join('.')}`).join(', ') : String(error);
      }
      return '';
    };
    expect(codes(() => pipelineWaterfall([], { ...q1, to: '2025-01-01' }))).toBe('out_of_range to');
    expect(codes(() => pipelineWaterfall([], { ...q1, from: 'x', mode: 'both' as never, timeZone: 'Mars/Olympus' }))).toBe(
      'invalid_value mode, invalid_time_zone timeZone, invalid_instant from',
    );
    expect(codes(() => pipelineWaterfall([], { pipeline: b2bPipeline, currency: 'USD' } as never))).toBe('missing_key from, missing_key to');
    expect(codes(() => pipelineWaterfall([], { ...q1, ownerIds: ['', 5] as never }))).toBe('empty ownerIds.0, invalid_type ownerIds.1');
    expect(codes(() => snapshotPipeline([], '2026-02-30', { pipeline: b2bPipeline, currency: 'USD', assumeUnchanged: ['x'] as never }))).toBe('invalid_instant asOf');
    expect(codes(() => snapshotPipeline([], '2026-02-03', { pipeline: b2bPipeline, currency: 'USD', assumeUnchanged: ['x'] as never }))).toBe('invalid_value assumeUnchanged.0');
    expect(codes(() => snapshotPipeline([], '0001-01-01', { pipeline: b2bPipeline, currency: 'USD' }))).toBe('out_of_range asOf');
  });

  it('keeps the currency in the type', () => {
    expectTypeOf(pipelineWaterfall([], q1)).toEqualTypeOf<PipelineWaterfall<'USD'>>();
  });
});

describe('snapshotPipeline', () => {
  it('holds the open deals of the scope as they were', () => {
    const list = [deal('b', [amount('2026-01-10', 100, 130)]), deal('a', [owner('2026-01-10', 'max', 'zoe')], { ownerId: 'max' }), deal('c', [won('2026-01-01')])];
    const { asOf: _, ...snapshot } = snapshotPipeline(list, '2026-01-11', { pipeline: b2bPipeline, currency: 'USD', period: '2026-Q1', ownerIds: ['zoe'] });
    expect(snapshot).toEqual({
      formatVersion: 1,
      timeZone: 'UTC',
      currency: 'USD',
      period: { start: '2026-01-01', endExclusive: '2026-04-01' },
      ownerIds: ['zoe'],
      value: usd(230),
      issues: [],
      deals: [
        {
          dealId: 'a',
          pipelineId: 'b2b',
          stageId: 'demo',
          ownerId: 'zoe',
          forecastCategory: 'best-case',
          expectedCloseOn: '2026-02-15',
          probability: 0.6,
          amount: usd(100),
          value: usd(100),
        },
        {
          dealId: 'b',
          pipelineId: 'b2b',
          stageId: 'demo',
          ownerId: 'zoe',
          forecastCategory: 'best-case',
          expectedCloseOn: '2026-02-15',
          probability: 0.6,
          amount: usd(130),
          value: usd(130),
        },
      ],
    });
    expect(snapshotPipeline(list, '2025-12-15', { pipeline: b2bPipeline, currency: 'USD' }).deals.map(({ dealId, ownerId }) => [dealId, ownerId])).toEqual([
      ['a', 'max'],
      ['b', 'zoe'],
      ['c', 'zoe'],
    ]);
  });
});
