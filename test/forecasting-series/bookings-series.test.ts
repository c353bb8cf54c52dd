import { createDeal, type Deal } from 'dealwright/deals';
import { bookingsSeries, forecastSeries } from 'dealwright/forecasting';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const USD = 'USD';

function won(id: string, closedOn: string, amount: string | null, currency = USD): Deal {
  return createDeal({ id, pipelineId: 'b2b', stageId: 'closed-won', status: 'won', createdOn: '2024-01-02', closedOn, amount: amount === null ? null : { amount, currency } });
}

describe('bookings by period', () => {
  const deals = [won('d1', '2025-11-03', '100.00'), won('d2', '2025-11-30', '50.50'), won('d3', '2026-02-01', '10.00'), won('d4', '2026-03-14', '7.00')];

  test('sums, empty periods are zero, the divided one is partial', () => {
    const { series, periods, amounts, counts, partial, issues } = bookingsSeries(deals, { unit: 'month', currency: USD, asOf: '2026-03-16' });
    expect(series).toEqual({ values: [150.5, 0, 0, 10, 7], period: 'month', start: '2025-11', lastIsPartial: true, currency: USD });
    expect(periods.map((period) => period.label)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02', '2026-03']);
    expect(amounts[0]).toEqual({ amount: '150.50', currency: USD });
    expect(counts).toEqual([2, 0, 0, 1, 1]);
    expect(partial).toEqual({ label: '2026-03', elapsed: 15 / 31 });
    expect(issues).toEqual([]);
  });

  test('a cut between two periods leaves no partial one; the day of the cut does not count', () => {
    const { series, partial } = bookingsSeries(deals, { unit: 'month', currency: USD, asOf: '2026-02-01' });
    expect(series.values).toEqual([150.5, 0, 0]);
    expect(series.lastIsPartial).toBeUndefined();
    expect(partial).toBeNull();
  });

  test('what happened at or after the cut is unknown: later amounts, reopenings, later wins', () => {
    const history = [
      { type: 'created', at: '2025-01-02', stageId: 'demo', amount: { amount: '80.00', currency: USD } },
      { type: 'won', at: '2025-02-10', from: 'demo', to: 'closed-won' },
      { type: 'amount-changed', at: '2025-06-01', from: { amount: '80.00', currency: USD }, to: { amount: '60.00', currency: USD } },
    ] as const;
    const deal = { ...won('d9', '2025-02-10', '60.00'), createdOn: '2025-01-02', history };
    const at = (asOf: string): readonly (number | null)[] => bookingsSeries([deal], { unit: 'month', currency: USD, asOf }).series.values.slice(0, 1);
    expect(at('2025-05-01')).toEqual([80]);
    expect(at('2025-07-01')).toEqual([60]);
    expect(at('2025-02-10')).toEqual([]);
  });

  test('fiscal calendars, weeks, from, incomplete records', () => {
    const fiscal = bookingsSeries(deals, { unit: 'quarter', currency: USD, asOf: '2026-04-01', calendar: { kind: 'months', startMonth: 2, yearName: 'start' } });
    expect(fiscal.series).toMatchObject({ start: 'FY2025-Q4', values: [150.5, 17] });
    expect(forecastSeries(fiscal.series, { horizon: 1 }).periods).toEqual(['FY2026-Q1']);
    expect(bookingsSeries(deals, { unit: 'month', currency: USD, asOf: '2026-03-01', from: '2025-09' }).series).toMatchObject({
      start: '2025-09',
      values: [0, 0, 150.5, 0, 0, 10],
    });
    expect(bookingsSeries(deals, { unit: 'month', currency: USD, asOf: '2026-03-01', from: '2025-12-24' }).series.values).toEqual([0, 0, 10]);
    const gapped = bookingsSeries(deals, { unit: 'month', currency: USD, asOf: '2026-03-01', incomplete: ['2025-12'] });
    expect(gapped.series.values).toEqual([150.5, null, 0, 10]);
    expect(gapped.amounts[1]).toBeNull();
  });

  test('currencies by the day of closing; what cannot be counted is an issue', () => {
    const mixed = [won('a', '2026-01-10', '100.00', 'EUR'), won('b', '2026-02-10', '100.00', 'EUR'), won('c', '2026-02-11', null), won('d', '2026-02-12', '5.00', 'GBP')];
    const rates = {
      rates: [
        { from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01' },
        { from: 'EUR', to: 'USD', rate: '1.2', on: '2026-02-01' },
      ],
    };
    const { series, issues } = bookingsSeries(mixed, { unit: 'month', currency: USD, rates, asOf: '2026-03-01' });
    expect(series.values).toEqual([110, 120]);
    expect(issues.map((issue) => [issue.code, issue.path[0]])).toEqual([
      ['missing_amount', 2],
      ['missing_rate', 3],
    ]);
    expect(bookingsSeries([{ id: 'x' } as never, won('a', '2026-01-10', '1.00')], { unit: 'month', currency: USD, asOf: '2026-02-01' }).issues[0]?.path[0]).toBe(0);
  });

  test('open and lost deals do not count; no won deal, no periods', () => {
    const open = createDeal({ id: 'o', pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-01-01', amount: { amount: '9.00', currency: USD } });
    const { series } = bookingsSeries([open], { unit: 'month', currency: USD, asOf: '2026-03-01' });
    expect(series.values).toEqual([]);
    expect(forecastSeries(series).mean).toEqual([]);
  });

  test('the order of deals does not matter', () => {
    const expected = bookingsSeries(deals, { unit: 'month', currency: USD, asOf: '2026-03-16' }).series;
    fc.assert(
      fc.property(fc.shuffledSubarray(deals, { minLength: deals.length }), (shuffled) => {
        expect(bookingsSeries(Object.freeze(shuffled), { unit: 'month', currency: USD, asOf: '2026-03-16' }).series).toEqual(expected);
      }),
      { seed: 20260101, numRuns: 20 },
    );
  });

  test('wrong calls', () => {
    expect(() => bookingsSeries(deals, { unit: 'month', currency: USD } as never)).toThrow(expect.objectContaining({ code: 'missing_key' }));
    expect(() => bookingsSeries(deals, { unit: 'fortnight', currency: USD, asOf: '2026-03-16' } as never)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
    expect(() => bookingsSeries(deals, { unit: 'month', currency: 'DOLLAR', asOf: '2026-03-16' })).toThrow(expect.objectContaining({ code: 'invalid_currency' }));
    expect(() => bookingsSeries('x' as never, { unit: 'month', currency: USD, asOf: '2026-03-16' })).toThrow(expect.objectContaining({ code: 'invalid_type' }));
  });
});
