import { type CompensationInput, type Credit, computeCompensation, definePlan, type Statement } from 'dealwright/compensation';
import { replayTrace } from 'dealwright/decimal';
import { describe, expect, test } from 'vitest';

const tiers = [
  { from: '0', rate: '0.05' },
  { from: '10000', rate: '0.1' },
] as const;
const plan = (mode: 'marginal' | 'whole-amount' = 'marginal', more: object = {}) =>
  definePlan({
    id: 'p',
    currency: 'USD',
    period: 'quarter',
    ...more,
    components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: { mode, tiers: [tiers[0], tiers[1]] } }],
  });
const credit = (id: string, on: string, amount: string, more: Partial<Credit> = {}): Credit => ({
  id,
  payeeId: 'a',
  dealId: `deal-${id}`,
  on,
  amount: { amount, currency: 'USD' },
  ...more,
});
const base = { plans: [plan()], payees: [{ id: 'a' }], assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }], periods: ['2026-Q1'] };
const credits = [credit('1', '2026-01-10', '8000'), credit('2', '2026-02-10', '7000')];
const sum = (statements: readonly Statement[]): number => statements.reduce((total, statement) => total + Math.round(Number(statement.total.amount) * 100), 0);

describe('restatement', () => {
  const closed = computeCompensation({ ...base, credits }).statements;

  test('nothing changed, nothing comes back', () => {
    const run = computeCompensation({ ...base, credits, closed });
    expect([run.statements, run.ledger]).toEqual([[], []]);
  });

  test('a refund after the close comes back as differences that refer to the closed lines, which stay as they are', () => {
    const before = JSON.stringify(closed);
    const refund = credit('3', '2026-02-20', '-7000', { dealId: 'deal-2', refersTo: '2' });
    const run = computeCompensation({ ...base, credits: [...credits, refund], closed });
    expect(JSON.stringify(closed)).toBe(before);
    const [delta] = run.statements;
    expect(delta?.restates).toBe(closed[0]?.id);
    expect(delta?.lines.map((line) => [line.label, line.amount.amount, line.adjusts])).toEqual([
      ['First tier', '-100.00', closed[0]?.lines[0]?.id],
      ['Tier from 10000', '-500.00', closed[0]?.lines[1]?.id],
    ]);
    for (const line of delta?.lines ?? []) expect(Number(replayTrace(line.trace))).toBe(Number(line.amount.amount));
    expect(run.ledger.map((entry) => entry.refersTo)).toEqual(closed[0]?.lines.map((line) => line.id));
    // Closed and correction together are what a run from scratch gives.
    expect(sum([...closed, ...run.statements])).toBe(sum(computeCompensation({ ...base, credits: [...credits, refund] }).statements));
  });

  test('a second correction builds on the first', () => {
    const first = computeCompensation({ ...base, credits: [...credits, credit('3', '2026-03-01', '1000.01')], closed });
    const all = [...credits, credit('3', '2026-03-01', '1000.01'), credit('4', '2026-03-02', '-2500.55')];
    const second = computeCompensation({ ...base, credits: all, closed: [...closed, ...first.statements] });
    expect(sum([...closed, ...first.statements, ...second.statements])).toBe(sum(computeCompensation({ ...base, credits: all }).statements));
    expect(computeCompensation({ ...base, credits: all, closed: [...closed, ...first.statements, ...second.statements] }).statements).toEqual([]);
  });

  test('a payee whose credits all went away is taken back', () => {
    const run = computeCompensation({ ...base, credits: [], closed });
    expect(sum([...closed, ...run.statements])).toBe(0);
  });

  test('a corrected plan, at every detail', () => {
    for (const detail of ['statement', 'line', 'credit'] as const) {
      const before = computeCompensation({ ...base, credits, detail }).statements;
      const run = computeCompensation({ ...base, plans: [plan('whole-amount')], credits, detail, closed: before });
      expect(sum([...before, ...run.statements])).toBe(150_000);
    }
  });

  test('the engine version never causes a difference', () => {
    const old = closed.map((statement) => ({ ...statement, engineVersion: '0', contentHash: '0'.repeat(64) }));
    expect(computeCompensation({ ...base, credits, closed: old }).statements).toEqual([]);
  });
});

describe('what was known when', () => {
  const recorded: CompensationInput['credits'] = [
    credit('1', '2026-01-10', '8000', { recordedAt: '2026-01-11' }),
    credit('1', '2026-01-10', '6000', { recordedAt: '2026-04-20' }),
    credit('2', '2026-02-10', '7000', { recordedAt: '2026-05-01T12:00:00Z' }),
  ];
  const total = (knownAsOf?: string): string | undefined =>
    computeCompensation({ ...base, credits: recorded, ...(knownAsOf === undefined ? {} : { knownAsOf }) }).statements[0]?.total.amount;

  test.each([
    ['2026-01-11', '0.00'],
    ['2026-04-01', '400.00'],
    ['2026-05-01T12:00:00Z', '300.00'],
    ['2026-05-01T12:00:01Z', '800.00'],
    [undefined, '800.00'],
  ])('as of %s', (knownAsOf, amount) => {
    expect(total(knownAsOf)).toBe(amount);
  });

  test('a corrected assignment and a corrected plan replace the earlier ones from then on', () => {
    const input = {
      ...base,
      credits,
      plans: [plan('marginal', { recordedAt: '2026-01-01' }), plan('whole-amount', { recordedAt: '2026-06-01' })],
    };
    const at = (knownAsOf: string): string | undefined => computeCompensation({ ...input, knownAsOf }).statements[0]?.total.amount;
    expect([at('2026-03-01'), at('2026-07-01')]).toEqual(['1000.00', '1500.00']);
  });
});

describe('versions of a plan', () => {
  test('each holds on its own days, and what was accumulated goes on', () => {
    const year = (rate: string, from: string, to?: string) =>
      definePlan({
        id: 'p',
        currency: 'USD',
        period: 'month',
        effective: to === undefined ? { from } : { from, to },
        components: [
          {
            kind: 'commission',
            id: 'c',
            accumulate: 'year',
            measure: { sum: 'amount' },
            rate: {
              mode: 'marginal',
              tiers: [
                { from: '0', rate },
                { from: '10000', rate: '0.5' },
              ],
            },
          },
        ],
      });
    const run = computeCompensation({
      ...base,
      plans: [year('0.05', '2026-01-01', '2026-02-01'), year('0.1', '2026-02-01')],
      credits: [credit('1', '2026-01-31', '6000'), credit('2', '2026-02-01', '6000')],
      periods: ['2026-01', '2026-02'],
    });
    // 6,000 × 5 %; then 4,000 × 10 % and 2,000 × 50 % above what is now 12,000 for the year.
    expect(run.statements.map((statement) => statement.total.amount)).toEqual(['300.00', '1400.00']);
  });

  test('versions whose days overlap are refused', () => {
    expect(() => computeCompensation({ ...base, plans: [plan(), plan('whole-amount')], credits: [] })).toThrow(/duplicate_id/);
  });
});

describe('adjustments, holds and disputes', () => {
  const adjustments: NonNullable<CompensationInput['adjustments']> = [
    { id: 'x', payeeId: 'a', type: 'adjustment', on: '2026-02-01', amount: { amount: '-12.34', currency: 'USD' }, reason: 'Paid twice in Q4', author: 'mia', approver: 'zoe' },
    { id: 'y', payeeId: 'a', type: 'dispute', on: '2026-02-02', lineId: 'a/2026-Q1/USD/p/c/1', reason: 'Deal 2 was mine alone', author: 'a' },
    { id: 'z', payeeId: 'a', type: 'hold', on: '2026-01-01', until: '2026-04-05', componentId: 'c', reason: 'Customer disputes the invoice', author: 'mia', approver: 'zoe' },
  ];

  test('show on the statement, and a hold is released in full', () => {
    const run = computeCompensation({ ...base, credits, adjustments, periods: ['2026-Q1', '2026-Q2'] });
    expect(run.statements.map((statement) => statement.total.amount)).toEqual(['-12.34', '1000.00']);
    expect(run.statements[0]?.notes?.map((note) => [note.type, note.author, note.approver])).toEqual([
      ['hold', 'mia', 'zoe'],
      ['adjustment', 'mia', 'zoe'],
      ['dispute', 'a', undefined],
    ]);
    expect(run.ledger.map((entry) => entry.type)).toEqual(['earning', 'earning', 'holdback', 'adjustment', 'release']);
    expect(run.issues).toEqual([]);
  });

  test('from state alone as well', () => {
    const first = computeCompensation({ ...base, credits, adjustments });
    const second = computeCompensation({ ...base, credits: [], adjustments, periods: ['2026-Q2'], state: first.state });
    expect(second.statements.map((statement) => statement.total.amount)).toEqual(['1000.00']);
  });

  test('need a reason, an author and for money an approver', () => {
    const run = computeCompensation({ ...base, credits, adjustments: [{ ...adjustments[0], approver: undefined, reason: '' }] as never });
    expect(run.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`)).toEqual(['adjustments.0.reason: empty', 'adjustments.0.approver: approval_required']);
  });
});

describe('content hash', () => {
  const hash = (input: object): string | undefined => computeCompensation({ ...base, credits, ...input }).statements.at(-1)?.contentHash;

  test('depends on what figures depend on, and on nothing else', () => {
    const own = hash({});
    expect(own).toMatch(/^[0-9a-f]{64}$/);
    expect(hash({ credits: [...credits].reverse() })).toBe(own);
    expect(hash({ credits: credits.map((entry) => Object.fromEntries(Object.entries(entry).reverse())) })).toBe(own);
    expect(hash({ detail: 'credit' })).toBe(own);
    expect(hash({ detail: 'statement' })).toBeUndefined();
    expect(hash({ detail: 'statement', hashes: true })).toBe(own);
    expect(hash({ plans: [plan('whole-amount')] })).not.toBe(own);
    expect(hash({ credits: credits.slice(1) })).not.toBe(own);
    expect(hash({ quotas: [{ payeeId: 'a', period: '2026-Q1', amount: '1' }] })).not.toBe(own);
  });

  test('a statement depends on the credits of earlier periods of the run', () => {
    const last = (list: readonly Credit[]) => hash({ credits: list, periods: ['2026-Q1', '2026-Q2'] });
    expect(last(credits)).not.toBe(last(credits.slice(1)));
  });
});
