import { appendDealEvent, createDeal, createDealReplay, type Deal, type DealEvent, dealAsOf, parseDeals, stageHistory, sumDeals } from 'dealwright/deals';
import { describe, expect, expectTypeOf, test } from 'vitest';

interface Custom {
  readonly region: 'East' | 'West';
}

describe('types', () => {
  test('own fields are inferred and kept', () => {
    const deal = createDeal({ id: 'd', pipelineId: 'p', stageId: 's', custom: { region: 'West', seats: 4 } });
    expectTypeOf(deal.custom).toEqualTypeOf<{ region: string; seats: number }>();
    expectTypeOf(createDeal({ id: 'd', pipelineId: 'p', stageId: 's' })).toEqualTypeOf<Deal>();
    const typed = createDeal<Custom>({ id: 'd', pipelineId: 'p', stageId: 's', custom: { region: 'West' } });
    expectTypeOf(appendDealEvent(typed, { type: 'deleted', at: '2026-01-01' })).toEqualTypeOf<Deal<Custom>>();
    // @ts-expect-error not one of the regions
    createDeal<Custom>({ id: 'd', pipelineId: 'p', stageId: 's', custom: { region: 'North' } });
    // Deals with fields of an interface of one's own go everywhere.
    expect(sumDeals([typed], { currency: 'USD' }).counted).toBe(0);
    expect([dealAsOf(typed, '2026-01-01').existed, stageHistory(typed).reason, createDealReplay('2026-01-01')(typed).existed]).toEqual([null, 'no-history', null]);
  });

  test('a misspelt field, event or status does not compile', () => {
    // @ts-expect-error misspelt
    expect(() => createDeal({ id: 'd', pipelineId: 'p', stageId: 's', owner: 'x' })).toThrow();
    // @ts-expect-error needs a stage
    expect(() => createDeal({ id: 'd', pipelineId: 'p' })).toThrow();
    // @ts-expect-error no such status
    expect(() => createDeal({ id: 'd', pipelineId: 'p', stageId: 's', status: 'Won' })).toThrow();
    // @ts-expect-error a stage change says where from
    const event: DealEvent = { type: 'stage-changed', at: '2026-01-01', to: 'demo' };
    expect(event.type).toBe('stage-changed');
    // @ts-expect-error amounts are texts
    expect(() => createDeal({ id: 'd', pipelineId: 'p', stageId: 's', amount: { amount: 12, currency: 'USD' } })).toThrow();
  });

  test('the total has the currency that was asked for', () => {
    expectTypeOf(sumDeals([], { currency: 'USD' }).total.currency).toEqualTypeOf<'USD'>();
  });

  test('columns are those of the rows, and own fields have their types', () => {
    const rows = [{ id: 1, stage: 'demo', region: 'West', seats: 4 as number | null, value: '1' }];
    const parsed = parseDeals(rows, {
      map: { id: 'id', stageId: 'stage', custom: { region: 'region', seats: 'seats', double: (row) => (row.seats ?? 0) * 2, label: (row): string => `${row.id}` } },
    });
    const [deal] = parsed.deals;
    if (deal === undefined) throw new Error('no deal');
    expectTypeOf(deal.custom.region).toEqualTypeOf<string | null>();
    expectTypeOf(deal.custom.seats).toEqualTypeOf<number | null>();
    expectTypeOf(deal.custom.double).toEqualTypeOf<number | null>();
    expectTypeOf(deal.custom.label).toEqualTypeOf<string | null>();
    expect(deal.custom).toEqual({ region: 'West', seats: 4, double: 8, label: '1' });
    // @ts-expect-error no such column
    expect(parseDeals(rows, { map: { id: 'id', stageId: 'stge' } }).deals).toEqual([]);
    // @ts-expect-error no such field
    expect(() => parseDeals(rows, { map: { id: 'id', stageId: 'stage', owner: 'region' } })).toThrow();
    // @ts-expect-error no such own column
    expect(parseDeals(rows, { map: { id: 'id', stageId: 'stage', custom: { region: 'regoin' } } }).deals[0]?.custom).toEqual({ region: null });
    // @ts-expect-error the stage must come from somewhere
    expect(() => parseDeals(rows, { map: { id: 'id' } })).toThrow();
  });

  test('rows of which the columns are not known take any column', () => {
    const rows: readonly Record<string, string>[] = [{ id: '1', stage: 'demo', region: 'West' }];
    const [deal] = parseDeals(rows, { map: { id: 'id', stageId: 'stage', custom: { region: 'region' } } }).deals;
    expectTypeOf(deal?.custom.region).toEqualTypeOf<string | null | undefined>();
    const loose: readonly Record<string, unknown>[] = rows;
    expectTypeOf(parseDeals(loose, { map: { id: 'id', stageId: 'stage', custom: { region: 'region' } } }).deals[0]?.custom).toEqualTypeOf<
      { readonly region: unknown } | undefined
    >();
    expectTypeOf(parseDeals(loose, { map: { id: 'id', stageId: 'stage' } }).deals).toExtend<readonly Deal[]>();
  });
});
