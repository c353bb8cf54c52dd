import { addDays } from 'dealwright/calendar';
import type { Deal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { type ForecastPeriodOptions, forecastPeriod, type PeriodForecast } from 'dealwright/forecasting';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { pipeline, smallCompany } from './small-company.js';

const deals = smallCompany();
const options: ForecastPeriodOptions<'USD'> = { pipeline, period: '2025-Q3', asOf: '2025-08-10', currency: 'USD', quota: 300_000 };
const forecast = forecastPeriod(deals, options);

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}

describe('forecastPeriod', () => {
  test('the lines add up, and the mean of the distribution is their sum', () => {
    expect(forecast.expected).toBeCloseTo(forecast.closedWon + forecast.existing.expected + forecast.newBusiness.expected, 6);
    expect(forecast.distribution.mean).toBeCloseTo(forecast.expected, 4);
    expect(forecast.contributions.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(forecast.existing.expected, 6);
    expect(forecast.history.status).toBe('sufficient');
    expect(forecast.newBusiness.expected).toBeGreaterThan(0);
    expect(forecast.distribution.p10).toBeLessThan(forecast.distribution.p50);
    expect(forecast.distribution.p50).toBeLessThan(forecast.distribution.p90);
    expect(forecast.correlation).toBeGreaterThanOrEqual(0);
  });

  test('closed won is what was won in the period before the cut', () => {
    const won = deals.filter(({ status, closedOn }) => status === 'won' && closedOn !== null && closedOn >= '2025-07-01' && closedOn < '2025-08-10');
    expect(forecast.closedWon).toBe(won.reduce((sum, { amount }) => sum + Number(amount?.amount), 0));
    expect(forecast.counts.closedWon).toBe(won.length);
  });

  test('nothing at or after the cut has any influence', () => {
    const known = deals.flatMap((deal): readonly Deal<object>[] => {
      const history = deal.history.filter(({ at }) => at < '2025-08-10');
      return history.length === 0 ? [] : [{ ...deal, history }];
    });
    const { contributions, issues, ...figures } = forecastPeriod(known, options);
    const { contributions: all, issues: none, ...expected } = forecast;
    expect(figures).toEqual(expected);
    expect(contributions.map(({ dealId, probability }) => [dealId, probability])).toEqual(all.map(({ dealId, probability }) => [dealId, probability]));
    expect([issues, none]).toEqual([[], []]);
  });

  test('the order of the deals does not matter, inputs stay as they are, and the result is JSON', () => {
    const shuffled = [...deals].reverse();
    const { contributions, ...figures } = forecastPeriod(deepFreeze(shuffled), options);
    const { contributions: expected, ...rest } = forecast;
    expect(figures).toEqual(rest);
    expect(contributions.map(({ index: _, ...contribution }) => contribution)).toEqual(expected.map(({ index: _, ...contribution }) => contribution));
    expect(JSON.parse(JSON.stringify(forecast))).toEqual(forecast);
  });

  test('a won deal more, and the quota is nearer; a further one to the quota has its effect', () => {
    const top = forecast.contributions[0];
    expect(top?.toProbabilityOfQuota).toBeGreaterThanOrEqual(0);
    expect(top?.toVariance).toBeGreaterThan(0);
    const variance = forecast.contributions.reduce((sum, { toVariance }) => sum + (toVariance ?? 0), 0);
    expect(variance).toBeGreaterThan(0);
    expect(variance).toBeLessThanOrEqual(1.0001);
  });

  test('without new business that line is empty and says so', () => {
    const alone = forecastPeriod(deals, { ...options, newBusiness: false });
    expect(alone.newBusiness).toEqual({ expected: 0, created: 0, wins: 0, ratio: 1, frequency: null, reason: 'left-out' });
    expect(alone.existing.expected).toBeCloseTo(forecast.existing.expected, 6);
  });

  test('a period that is over is what was won in it', () => {
    const over = forecastPeriod(deals, { ...options, asOf: '2025-11-01' });
    expect(over.expected).toBe(over.closedWon);
    expect(over.distribution.standardDeviation).toBe(0);
    expect(over.newBusiness.reason).toBe('period-is-over');
  });

  test('a period that is still to come counts only what closes in it', () => {
    const ahead = forecastPeriod(deals, { ...options, period: '2025-Q4' });
    expect(ahead.closedWon).toBe(0);
    const whole = forecastPeriod(deals, { ...options, period: { start: '2025-08-10', endExclusive: '2026-01-01' } });
    expect(ahead.existing.wins).toBeLessThan(whole.existing.wins);
    expect(ahead.existing.wins).toBeGreaterThan(0);
  });

  test('too little history is said, and the range is wide', () => {
    const young = forecastPeriod(deals, { ...options, asOf: '2024-03-01', period: '2024-Q1' });
    expect(young.history.status).toBe('insufficient');
    expect(young.history.reasons).toContain('too-few-won');
    expect(young.correlation).toBe(0.15);
  });

  test('an open deal without an amount is set aside, or stands for what others were won with', () => {
    const first = deals.find(({ history, closedOn }) => (history[0]?.at ?? '') < '2025-08-10' && (closedOn === null || closedOn >= '2025-08-10'));
    const changed = deals.map((deal) =>
      deal === first ? { ...deal, amount: null, history: deal.history.map((event) => (event.type === 'created' ? { ...event, amount: null } : event)) } : deal,
    );
    const without = forecastPeriod(changed, options);
    expect(without.counts.setAside).toBe(1);
    expect(without.issues.map(({ code, path }) => [code, path])).toEqual([['missing_amount', [deals.indexOf(first ?? deals[0] ?? (changed[0] as Deal<object>)), 'amount']]]);
    expect(forecastPeriod(changed, { ...options, unknownAmounts: 'past-wins' }).counts.setAside).toBe(0);
  });

  test('scale: amounts ten times as large give figures ten times as large', () => {
    const larger = deals.map((deal) => ({
      ...deal,
      amount: deal.amount === null ? null : { ...deal.amount, amount: `${Number(deal.amount.amount) * 10}.00` },
      history: deal.history.map((event) =>
        event.type === 'created' && event.amount !== null ? { ...event, amount: { ...event.amount, amount: `${Number(event.amount.amount) * 10}.00` } } : event,
      ),
    }));
    const scaled = forecastPeriod(larger, { ...options, quota: 3_000_000 });
    expect(scaled.expected).toBeCloseTo(forecast.expected * 10, 2);
    expect(scaled.distribution.probabilityOfQuota).toBeCloseTo(forecast.distribution.probabilityOfQuota ?? 0, 6);
  });

  test('every quarter end can be forecast from any day of it', () => {
    for (let day = '2025-07-01'; day < '2025-10-05'; day = addDays(day, 19)) {
      const { distribution } = forecastPeriod(deals, { ...options, asOf: day });
      expect(Number.isFinite(distribution.mean)).toBe(true);
      expect(distribution.probabilityOfQuota).toBeGreaterThanOrEqual(0);
      expect(distribution.probabilityOfQuota).toBeLessThanOrEqual(1);
    }
  });

  test('wrong calls are named', () => {
    const codes = (call: () => unknown): readonly string[] => {
      try {
        call();
        return [];
      } catch (error) {
        if (!isDomainError(error)) throw error;
        return error.issues.map(({ code }) => code);
      }
    };
    expect(codes(() => forecastPeriod(deals, { ...options, segmentBy: 'custom.__proto__' }))).toEqual(['invalid_value']);
    expect(codes(() => forecastPeriod(deals, { ...options, includeOverdue: 'all' } as never))).toEqual(['unknown_key']);
    expect(codes(() => forecastPeriod(deals, { ...options, observedFrom: 'soon' }))).toEqual(['invalid_date']);
    for (const value of [null, 1, 'x', [], { pipeline: [] }]) expect(codes(() => forecastPeriod(deals, value as never)).length).toBeGreaterThan(0);
    expect(forecastPeriod([null, 3, { id: 'x' }] as never, options).issues.length).toBeGreaterThan(0);
    expectTypeOf(forecast).toEqualTypeOf<PeriodForecast<'USD'>>();
  });
});
