/* Whatever is passed: a DomainError for the call, issues for the deals. Never another exception, a hang, NaN, or a polluted prototype. */
import { createDeal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { cumulateCategories, forecastPipeline } from 'dealwright/forecasting';
import { money } from 'dealwright/money';
import { b2bPipeline } from 'dealwright/pipelines';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const run = { seed: 20260101, numRuns: 500 };
const call = { pipeline: b2bPipeline, period: '2026-Q3', asOf: '2026-08-15', currency: 'USD', quota: 10 } as const;
const good = createDeal({ id: 'good', pipelineId: 'b2b', stageId: 'demo', amount: money(100, 'USD'), expectedCloseOn: '2026-09-01', createdOn: '2026-01-01' });
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    -0,
    1e400,
    '0x10',
    '1_000',
    '2026-02-30',
    'x'.repeat(10_000_000),
    [],
    {},
    [null],
    new Date(0),
    10n,
    Symbol('s'),
    () => 1,
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant(JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"x": 1}}')),
);

function isFinitePlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isFinitePlain);
  return typeof value !== 'function' && typeof value !== 'bigint' && typeof value !== 'symbol' && value !== undefined;
}

function attempt(action: () => unknown): void {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    expect(isDomainError(error), String(error)).toBe(true);
    return;
  }
  expect(isFinitePlain(result)).toBe(true);
}

it('any value among the deals is an issue, and the good deal is still counted', () => {
  fc.assert(
    fc.property(fc.array(odd, { maxLength: 4 }), (strange) => {
      const deals = [...strange, good] as (typeof good)[];
      const forecast = forecastPipeline(deals, call);
      expect(isFinitePlain(forecast)).toBe(true);
      expect(forecast.unweighted).toBe(100);
      expect(forecast.counts.setAside).toBe(strange.length);
    }),
    run,
  );
});

it('any value in any field of a deal', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), odd, fc.constantFrom('as-recorded', 'set-aside'), (key, value, unrecorded) => {
      const bent = { ...good, id: 'bent', [key]: value } as typeof good;
      const model = { name: 'm', probabilityOf: () => 0.5 };
      attempt(() => forecastPipeline([bent, good], { ...call, unrecorded }));
      attempt(() => forecastPipeline([bent, good], { ...call, unrecorded, probabilities: { model, order: ['model'] } }));
    }),
    run,
  );
});

it('any value in the history', () => {
  const created = { type: 'created', at: '2026-01-01', stageId: 'demo', amount: money(100, 'USD'), expectedCloseOn: '2026-09-01' };
  fc.assert(
    fc.property(fc.constantFrom('type', 'at', 'stageId', 'amount', 'expectedCloseOn', 'from', 'to'), odd, fc.boolean(), (key, value, isWhole) => {
      const history = isWhole ? [created, value] : [{ ...created, [key]: value }];
      attempt(() => forecastPipeline([{ ...good, history }], call));
    }),
    run,
  );
});

it('any value in any option', () => {
  const keys = [
    'pipeline',
    'period',
    'calendar',
    'asOf',
    'timeZone',
    'currency',
    'rates',
    'quota',
    'probabilities',
    'includeOverdue',
    'unrecorded',
    'categories',
    'levels',
    '__proto__',
    'other',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...keys), odd, (key, value) => {
      // The point is to break the types.
      attempt(() => forecastPipeline([good], { ...call, [key]: value }));
      attempt(() => forecastPipeline([good], { ...call, probabilities: { byStage: value, model: value, order: value } }));
      attempt(() => forecastPipeline(value as (typeof good)[], call));
      attempt(() => forecastPipeline([good], value as typeof call));
      attempt(() => cumulateCategories(value as Record<string, number>, ['pipeline', 'closed']));
      attempt(() => cumulateCategories({ a: 1 }, value as string[]));
    }),
    run,
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('ten thousand deals with a dominating one, and contributions for all', () => {
  const deals = Array.from({ length: 10_000 }, (_, i) =>
    createDeal({
      id: `d${i}`,
      pipelineId: 'b2b',
      stageId: i % 2 === 0 ? 'demo' : 'discovery',
      amount: money(i === 0 ? 5_000_000 : 1000 + ((i * 7919) % 90_000), 'USD'),
      expectedCloseOn: '2026-09-01',
    }),
  );
  const forecast = forecastPipeline(deals, { ...call, quota: 235_000_000 });
  expect(forecast.method).toBe('characteristic-function');
  expect(forecast.contributions).toHaveLength(10_000);
  expect(forecast.contributions.every(({ toProbabilityOfQuota }) => toProbabilityOfQuota !== null && toProbabilityOfQuota >= 0)).toBe(true);
  expect(forecast.contributions[0]?.dealId).toBe('d0');
});
