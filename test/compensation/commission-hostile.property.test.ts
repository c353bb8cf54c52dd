import * as compensation from 'dealwright/compensation';
import { ERROR_CODES, isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { anything, spoilt } from '../support/hostile-values.js';

const measure = { sum: 'amount' };
const second = { ratio: { of: { sum: 'margin' }, to: measure }, whenUndefined: '0' };
const attainmentTable = {
  mode: 'marginal',
  by: 'attainment',
  reference: 'to-date',
  of: { byCurrency: { USD: '0.1' } },
  tiers: [
    { from: '0', multiplier: '1' },
    { from: '1', multiplier: '1.5' },
  ],
};

/** Commissions that together use everything there is. */
const components = [
  {
    kind: 'commission',
    id: 'everything',
    measure,
    rate: attainmentTable,
    accumulate: 'quarter',
    segments: 'discrete',
    quota: { amount: '120000', per: 'year', weights: ['0.2', '0.2', '0.2', '0.4'], ramp: { since: 'hire', shares: ['0.5'], starts: 'month-after' }, overAssignment: '1.1' },
    proration: { convention: 'whole-months', scope: ['quota', 'caps'], monthRule: { hiredByDay: 15 }, leave: 'relief', startDay: 'included' },
    threshold: { attainment: '0.1', pays: 'excess-only', reference: 'full' },
    gates: [
      { by: second, least: '0.1', otherwise: 'hold', over: 'year' },
      { by: 'amount', least: '10', test: 'each-line', otherwise: 'base-rate' },
    ],
    modifiers: [
      { factor: '1.1' },
      {
        by: second,
        tiers: [
          { from: '0', factor: '0.5' },
          { from: '0.2', factor: '1' },
        ],
        lookup: 'interpolated',
        applies: 'to-date',
      },
    ],
    kickers: [{ tiers: [{ from: '0.5', share: '0.1' }], of: '1000', reach: 'sum' }],
    caps: [
      { on: 'payout', scope: 'year', most: '5000', disposition: 'carry' },
      { on: 'attainment', most: '3' },
      { on: 'rate', most: '0.2' },
      { on: 'credit', scope: 'deal', most: { byCurrency: { USD: '70000', EUR: '60000' } }, disposition: 'review' },
    ],
    floors: [
      { on: 'payout', scope: 'deal', least: '1' },
      { on: 'rate', least: '0.01' },
    ],
    windfall: { shareOfTarget: '0.9', of: '100000', treatment: 'base-rate', baseRate: '0.02' },
    trueUp: { over: 'year', direction: 'upward', at: 'every-period', quota: '120000', rate: '0.11' },
    negative: 'carry',
    pay: { every: 'quarter', arrears: 1 },
  },
  {
    kind: 'commission',
    id: 'deals',
    measure: { sum: 'amount' },
    basis: { weighted: 'margin', weights: [{ where: { kind: 'new' }, weight: '2' }], otherwise: '0.5' },
    accumulate: 'deal',
    rate: {
      mode: 'lookup',
      by: { latest: 'values.score', whenUndefined: '0' },
      tiers: [
        { from: '0', rate: '0.05' },
        { from: '0.5', rate: '0.1' },
      ],
    },
  },
  {
    kind: 'commission',
    id: 'matrix',
    measure,
    quota: '50000',
    rate: {
      returns: 'share',
      of: '1000',
      lookup: 'bilinear',
      rows: { by: 'attainment', at: ['0', '1'], boundary: 'upper-inclusive' },
      columns: { by: { distinct: 'accountId' }, at: ['0', '3'] },
      cells: [
        ['0.1', '0.2'],
        ['0.3', '0.5'],
      ],
    },
  },
  {
    kind: 'commission',
    id: 'derived',
    measure: {
      blend: [
        { weight: '0.5', of: { rolling: { growth: measure, over: { periodsBefore: 1 }, whenUndefined: '0' }, periods: 3, as: 'average' } },
        { weight: '0.5', of: { limit: { count: 'credits' }, per: 'accountId', most: '1' } },
      ],
    },
    rate: '1',
  },
  {
    kind: 'commission',
    id: 'others',
    measure: { payOf: { componentId: 'everything' }, payees: { sharing: 'team' }, combine: 'highest', whenUndefined: '0' },
    rate: '0.1',
    continues: { componentId: 'deals' },
  },
];
const input = {
  plans: [{ id: 'p', currency: 'USD', period: 'month', components }],
  payees: [{ id: 'a', hiredOn: '2025-12-10', attributes: { team: 'west' }, leaves: [{ from: '2026-02-03', to: '2026-02-20' }] }],
  assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }],
  credits: [
    {
      id: '1',
      payeeId: 'a',
      dealId: 'd',
      accountId: 'x',
      on: '2026-01-10',
      kind: 'new',
      amount: { amount: '80000', currency: 'USD' },
      margin: { amount: '900', currency: 'USD' },
      values: { score: '0.7' },
    },
    {
      id: '2',
      payeeId: 'a',
      dealId: 'd',
      accountId: 'y',
      on: '2026-02-10',
      kind: 'renewal',
      amount: { amount: '-20000', currency: 'USD' },
      margin: { amount: '-1', currency: 'USD' },
      values: { score: '0.2' },
    },
  ],
  periods: ['2026-01', '2026-02'],
};
const state = compensation.computeCompensation({
  ...input,
  credits: [],
  periods: ['2025-12'],
  assignments: [{ payeeId: 'a', planId: 'p', from: '2025-12-01' }],
} as unknown as compensation.CompensationInput<never>).state;

afterEach(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    for (const issue of error.issues) expect(Object.hasOwn(ERROR_CODES, issue.code)).toBe(true);
    return undefined;
  }
}

test('the unspoilt input is computed without a failure', () => {
  const run = compensation.computeCompensation(input as unknown as compensation.CompensationInput<never>);
  expect(run.issues.map((issue) => issue.code).filter((code) => code !== 'review_required')).toEqual([]);
});

test('any plan is refused with issues, or computed without a component failing', () => {
  fc.assert(
    fc.property(spoilt({ ...input, state }), (value) => {
      const run = attempt(() => compensation.computeCompensation(value as compensation.CompensationInput<never>));
      if (run === undefined) return;
      expect(JSON.parse(JSON.stringify(run))).toEqual(run);
      expect(run.issues.filter((issue) => issue.code === 'component_failed')).toEqual([]);
    }),
    { seed: 20260101, numRuns: 2500 },
  );
});

test('functions beside the engine refuse with a DomainError, or answer', () => {
  const calls: readonly (readonly [object, (value: never) => unknown])[] = [
    [{ base: '70000', targetIncentive: '30000', quota: '600000', components: [{ id: 'a', weight: '1', quota: '5' }] }, compensation.payStructure],
    [{ start: '0.65', slopes: [{ from: '0.93', slope: '5' }], end: '1.1' }, compensation.curveFromSlopes],
    [
      [
        { at: '0', payout: '0' },
        { at: '1', payout: '1' },
      ],
      compensation.slopesFromCurve,
    ],
    [[{ from: '0', to: '1', amount: '5' }], compensation.curveFromIncrements],
    [
      [
        { from: '0', to: '20', rate: '0.1' },
        { from: '30', to: null, rate: '0.2' },
      ],
      compensation.tiersFromBands,
    ],
    [{ amount: '100', period: '2026' }, compensation.quotaSchedule],
  ];
  const options = {
    unit: 'quarter',
    weights: ['0.5', '0.5'],
    ramp: { since: '2026-01-01', shares: ['0.5'] },
    overAssignment: '1.1',
    active: { start: '2026-01-01', endExclusive: null },
    leaves: [{ from: '2026-01-03', to: '2026-02-03' }],
    proration: { convention: 'actual-days' },
    rounding: { scale: 2, mode: 'half-up' },
    residue: 'last',
  };
  for (const [value, call] of calls)
    fc.assert(
      fc.property(fc.oneof(spoilt(value), anything), (odd) => void attempt(() => call(odd as never))),
      { seed: 20260101, numRuns: 300 },
    );
  fc.assert(
    fc.property(fc.oneof(spoilt(options), anything), (odd) => void attempt(() => compensation.quotaSchedule({ amount: '100', period: '2026' }, odd as never))),
    { seed: 20260101, numRuns: 600 },
  );
  fc.assert(
    fc.property(anything, (odd) => void attempt(() => compensation.tiersFromBands([{ from: '0', to: null, rate: '1' }], odd as never))),
    { seed: 20260101, numRuns: 100 },
  );
});
