/* Spoilt plans, events and states: one DomainError, or a sound run with issues; never anything else. */
import { type BuiltInConfig, type CompensationInput, type CompensationRun, computeCompensation, type DealEventRecord, type Plan } from 'dealwright/compensation';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputOf, payRun, sale } from './pay-plan.js';

const weird: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    1e400,
    2 ** 53,
    '',
    '0x10',
    '1e400',
    '-1',
    '1/0',
    '٣',
    '9999-12-31',
    '0001-01-01',
    [],
    {},
    true,
  ),
  fc.constantFrom<unknown>(10n ** 40n, new Date(0), new Map(), Symbol.iterator, () => 1, JSON.parse('{"__proto__":{"polluted":1},"constructor":1}')),
  fc.string(),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);

const components: readonly BuiltInConfig[] = [
  { kind: 'cap', id: 'cap', limit: '500', floor: '10', per: 'year', disposition: 'carry', of: ['sales'] },
  { kind: 'holdback', id: 'hold', of: ['sales', 'cap'], share: '0.1', release: { afterMonths: 1, from: 'period-end' } },
  {
    kind: 'payment-schedule',
    id: 'pay',
    of: ['sales', 'hold'],
    stages: [
      { share: '0.5', on: 'booking' },
      { share: '0.5', on: 'payment' },
    ],
    advance: '0.6',
    onTermination: 'forfeit',
  },
  {
    kind: 'clawback',
    id: 'claw',
    of: ['sales', 'hold', 'pay'],
    triggers: ['return', 'unpaid'],
    unpaidAfterDays: 20,
    window: { months: 3 },
    recover: { steps: [{ fromMonths: 1, share: '0.5' }] },
    limit: { share: '0.5', amount: '40' },
  },
  {
    kind: 'draw',
    id: 'draw',
    amount: ['700', '300'],
    every: 'month',
    until: { monthsFromHire: 3 },
    recoverable: 'forgivable',
    recovery: { from: 'all', share: '0.5', limit: '100' },
    forgive: { date: '2026-04-01' },
    proration: 'whole-months',
    hiredByDay: 15,
  },
  { kind: 'carry', id: 'carry', recovery: { share: '0.5', limit: '10' }, onTermination: 'collect' },
];
const events: readonly DealEventRecord[] = [
  { id: 'p', dealId: 'a', type: 'payment', on: '2026-01-20', amount: { amount: '300', currency: 'USD' }, total: { amount: '900', currency: 'USD' } },
  { id: 'r', dealId: 'a', type: 'return', on: '2026-02-10', share: '0.25' },
];
const policies = {
  payCurrency: 'EUR',
  payRate: 'period-average',
  creditRate: 'plan',
  planRates: { rates: [{ from: 'EUR', to: 'USD', rate: '1.1' }] },
  reversals: { quota: 'keep' },
  lateCredits: { policy: 'current-period', closeDays: 3 },
} as const;
const input = { rates: { rates: [{ from: 'USD', to: 'EUR', rate: '0.9' }] } };
const credits = [sale('a', '2026-01-10', '9000'), sale('b', '2026-01-31', '-70', { refersTo: 'a@2026-01-10' })];
const first = payRun({ components, policies, payee: { hiredOn: '2026-01-05' }, credits, events: events.slice(0, 1), periods: ['2026-01'], input });
const complete: unknown = JSON.parse(
  JSON.stringify(
    inputOf({
      components,
      policies,
      payee: { hiredOn: '2026-01-05', terminatedOn: '2026-03-10' },
      credits: [sale('c', '2026-02-10', '500', { recordedAt: '2026-02-11' })],
      events: events.slice(1),
      periods: ['2026-02', '2026-03'],
      input: { ...input, state: first.state },
    }),
  ),
);

function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => placesOf(entry, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value)) return (value as readonly unknown[]).map((entry, index) => (String(index) === key ? replaced(entry, rest, by) : entry));
  return Object.fromEntries(Object.entries(value as object).map(([name, entry]) => [name, name === key ? replaced(entry, rest, by) : entry]));
}

const places = placesOf(complete).filter((path) => path.length > 0);

test('a complete call computes', () => {
  expect(computeCompensation(complete as CompensationInput<Plan<BuiltInConfig>>).issues.map((issue) => issue.code)).toEqual([]);
});

test('one or two spoilt values give a sound run or one DomainError', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), weird), { minLength: 1, maxLength: 2 }), (changes) => {
      const call = changes.reduce((value, [path, by]) => {
        try {
          return replaced(value, path, by);
        } catch {
          return value;
        }
      }, complete);
      let run: CompensationRun | undefined;
      try {
        run = computeCompensation(call as CompensationInput<Plan<BuiltInConfig>>);
      } catch (error) {
        if (!isDomainError(error)) throw error;
      }
      if (run === undefined) return;
      // What a component left for itself is handed on as it was given when the component cannot read it.
      const told = [run.statements, run.ledger, run.issues];
      expect(JSON.parse(JSON.stringify(told))).toEqual(told);
      expect(JSON.stringify([run.statements, run.ledger])).not.toMatch(/NaN|Infinity/);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    }),
    { seed: 20260101, numRuns: 4000 },
  );
});
