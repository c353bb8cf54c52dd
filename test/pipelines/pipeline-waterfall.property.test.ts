import { type Deal, dealAsOf } from 'dealwright/deals';
import { addMoney, convertMoney, money, sumMoney } from 'dealwright/money';
import { b2bPipeline, pipelineWaterfall, snapshotPipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealWithHistoryArbitrary, rateTable } from './arbitraries.js';
import { freezeDeep } from './support.js';

const options = { seed: 20260101, numRuns: 300 };
const deals = fc.array(dealWithHistoryArbitrary, { maxLength: 12, size: 'max' }).map(freezeDeep);
const day = fc.integer({ min: 1, max: 900 }).map((offset) => new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10));
const scope = fc
  .record({
    a: day,
    b: day,
    period: fc.constantFrom(undefined, '2025', '2025-Q4', '2026-H1'),
    owners: fc.constantFrom(undefined, ['zoe'], ['adam', 'max']),
    mode: fc.constantFrom('endpoint', 'path' as const),
  })
  .map(({ a, b, period, owners, mode }) => ({
    from: a < b ? a : b,
    to: a < b ? b : a,
    mode,
    pipeline: b2bPipeline,
    currency: 'USD' as const,
    rates: rateTable,
    ...(period === undefined ? {} : { period }),
    ...(owners === undefined ? {} : { ownerIds: owners }),
  }));

/** The slow, obvious way: open, owned, dated and not omitted at the cut, in cents; null where the rate is missing. */
function centsAt(deal: Deal, asOf: string, ratesOf: string, { period, ownerIds }: { readonly period?: string; readonly ownerIds?: readonly string[] }): number | null | 'out' {
  const { state } = dealAsOf(deal, asOf);
  if (state === null || state.status !== 'open') return 'out';
  if (ownerIds !== undefined && !ownerIds.includes(state.ownerId ?? '')) return 'out';
  if (state.forecastCategory === 'omitted') return 'out';
  const bounds = period === '2025' ? ['2025-01-01', '2026-01-01'] : period === '2025-Q4' ? ['2025-10-01', '2026-01-01'] : ['2026-01-01', '2026-07-01'];
  const close = state.expectedCloseOn ?? '9999-12-31';
  if (period !== undefined && !(close >= (bounds[0] ?? '') && close < (bounds[1] ?? ''))) return 'out';
  if (state.amount === null) return 0;
  const on = new Date(Date.parse(ratesOf) - 86_400_000).toISOString().slice(0, 10);
  try {
    return Math.round(Number(convertMoney(state.amount, { to: 'USD', rates: rateTable, on, rounding: {} }).money.amount) * 100);
  } catch {
    return null;
  }
}

/** The table has no rate for pounds; it has one for euros on every day that a cut can use. */
const isConvertible = (deal: Deal): boolean => !JSON.stringify(deal).includes('GBP');

const cents = (amount: string): number => Math.round(Number(amount) * 100);

describe('the waterfall', () => {
  it('reconciles to the cent and to the deal, in value and number, in both modes', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(deals, scope, (list, call) => {
        const waterfall = pipelineWaterfall(list, call);
        const moved = sumMoney(
          waterfall.movements.map(({ value }) => value),
          { currency: 'USD' },
        );
        expect(addMoney(waterfall.start.value, moved)).toEqual(waterfall.end.value);
        expect(waterfall.start.deals + waterfall.movements.reduce((sum, { deals: change }) => sum + change, 0)).toBe(waterfall.end.deals);
        for (const movement of waterfall.movements) {
          const entries = waterfall.entries.filter(({ kind }) => kind === movement.kind);
          expect(movement.count).toBe(entries.length);
          expect(
            sumMoney(
              entries.map(({ value }) => value),
              { currency: 'USD' },
            ),
          ).toEqual(movement.value);
          if (movement.count > 0) seen.add(`${call.mode} ${movement.kind}`);
        }
        expect(JSON.parse(JSON.stringify(waterfall))).toStrictEqual(waterfall);
      }),
      { ...options, numRuns: 3000 },
    );
    // Every kind must have occurred in both modes.
    const missing = pipelineWaterfall([], { from: '2026-01-01', to: '2026-01-01', pipeline: b2bPipeline, currency: 'USD' })
      .movements.flatMap(({ kind }) => ['endpoint', 'path'].map((mode) => `${mode} ${kind}`))
      .filter((name) => !seen.has(name));
    expect(missing).toEqual([]);
  });

  it('starts and ends where the deals really were', () => {
    fc.assert(
      fc.property(deals, scope, (list, call) => {
        const waterfall = pipelineWaterfall(list, call);
        const rateless = new Set(waterfall.issues.filter(({ code }) => code === 'missing_rate').map(({ path }) => path[0]));
        const known = list.filter((_, index) => !rateless.has(index));
        for (const [end, asOf] of [
          [waterfall.start, call.from],
          [waterfall.end, call.to],
        ] as const) {
          const values = known.map((deal) => centsAt(deal, asOf, asOf, call)).filter((value) => value !== 'out');
          expect(end.deals).toBe(values.length);
          expect(cents(end.value.amount)).toBe(values.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0));
        }
      }),
      options,
    );
  });

  it('has the snapshots as its ends', () => {
    fc.assert(
      fc.property(deals, scope, (all, { from, to, mode, ...view }) => {
        // Without a rate a deal is set aside by the waterfall, and unvalued in a snapshot.
        const list = all.filter(isConvertible);
        const waterfall = pipelineWaterfall(list, { from, to, mode, ...view });
        const [start, end] = [snapshotPipeline(list, from, view), snapshotPipeline(list, to, view)];
        expect([waterfall.start.deals, waterfall.start.value]).toEqual([start.deals.length, start.value]);
        expect([waterfall.end.deals, waterfall.end.value]).toEqual([end.deals.length, end.value]);
      }),
      options,
    );
  });

  it('nets the same for every deal in both modes', () => {
    fc.assert(
      fc.property(deals, scope, (all, call) => {
        const list = all.filter(isConvertible);
        const endpoint = pipelineWaterfall(list, { ...call, mode: 'endpoint' });
        const path = pipelineWaterfall(list, { ...call, mode: 'path' });
        expect([path.start, path.end]).toEqual([endpoint.start, endpoint.end]);
        for (const { id } of list) {
          const net = (of: typeof path) =>
            sumMoney(
              of.entries.filter(({ dealId }) => dealId === id).map(({ value }) => value),
              { currency: 'USD' },
            );
          expect(net(path)).toEqual(net(endpoint));
        }
      }),
      options,
    );
  });

  it('is the sum of two waterfalls that meet, in path mode and one currency', () => {
    fc.assert(
      fc.property(deals, scope, day, (all, call, middle) => {
        const list = all.filter((deal) => !/EUR|JPY|GBP/.test(JSON.stringify(deal)));
        const { from, to } = call;
        if (middle < from || middle > to) return;
        const path = { ...call, mode: 'path' } as const;
        const whole = pipelineWaterfall(list, path);
        const [first, second] = [pipelineWaterfall(list, { ...path, to: middle }), pipelineWaterfall(list, { ...path, from: middle })];
        expect(second.start.value).toEqual(first.end.value);
        whole.movements.forEach((movement, index) => {
          const [a, b] = [first.movements[index], second.movements[index]];
          expect(addMoney(a?.value ?? money(0, 'USD'), b?.value ?? money(0, 'USD'))).toEqual(movement.value);
          expect((a?.count ?? 0) + (b?.count ?? 0)).toBe(movement.count);
        });
      }),
      options,
    );
  });

  it('does not depend on the order of the deals', () => {
    fc.assert(
      fc.property(deals, scope, (list, call) => {
        const { issues: a, ...forward } = pipelineWaterfall(list, call);
        const { issues: b, ...backward } = pipelineWaterfall([...list].reverse(), call);
        expect(backward).toEqual(forward);
        expect(b.length).toBe(a.length);
        const { from, to: _, mode: __, ...view } = call;
        expect(snapshotPipeline([...list].reverse(), from, view).deals).toEqual(snapshotPipeline(list, from, view).deals);
      }),
      options,
    );
  });

  it('sees nothing that happened at or after its end', () => {
    fc.assert(
      fc.property(deals, scope, (list, call) => {
        const cutOff = list.filter((deal) => deal.createdOn !== null && deal.createdOn < call.to).map((deal) => ({ deal, history: deal.history.filter(({ at }) => at < call.to) }));
        // The same deals as they stood at the end: replayed, so that nothing later is left in any field.
        const known = cutOff.map(({ deal, history }) => {
          const { state } = dealAsOf(deal, call.to);
          const { ownerId: _, forecastCategory: __, lossReason: ___, ...rest } = deal;
          return {
            ...rest,
            history,
            status: state?.status ?? 'open',
            stageId: state?.stageId ?? '',
            amount: state?.amount ?? null,
            expectedCloseOn: state?.expectedCloseOn ?? null,
            closedOn: state?.closedOn ?? null,
            ...(typeof state?.ownerId === 'string' ? { ownerId: state.ownerId } : {}),
            ...(typeof state?.forecastCategory === 'string' ? { forecastCategory: state.forecastCategory } : {}),
          };
        });
        const { issues: _, ...later } = pipelineWaterfall(list, call);
        const { issues: __, ...then } = pipelineWaterfall(known, call);
        expect(then).toEqual(later);
      }),
      options,
    );
  });
});
