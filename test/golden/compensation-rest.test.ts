/* Worked cases that belong to no component: what a correction may reach back to. */
import { type Credit, computeCompensation, definePlan } from 'dealwright/compensation';
import { expect, test } from 'vitest';
import { deepFreeze, SALES } from '../compensation/pay-plan.js';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface RestatementCase {
  readonly id: string;
  readonly facts: { readonly current_month: number; readonly versions_kept: number };
  readonly expected: { readonly prior_periods_reprocessable: number; readonly earliest_month: string };
}

describeWithReference('worked cases: corrections', () => {
  test('restatement-xactly-ppp: every closed month that is kept can be restated, and none of them changes', () => {
    const found = readReferenceJson<readonly RestatementCase[]>('cases/compensation.json').find((entry) => entry.id === 'restatement-xactly-ppp');
    if (found === undefined) throw new Error('no such case');
    const { facts, expected } = found;
    /** The months that are kept, the current one last. */
    const months = Array.from({ length: facts.versions_kept }, (_, index) => {
      const count = 2026 * 12 + facts.current_month - facts.versions_kept + index;
      return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
    });
    const current = months.at(-1) ?? '';
    const prior = months.slice(0, -1);
    const sale = (month: string, amount: string, name: string): Credit => ({
      id: `${name} ${month}`,
      payeeId: 'ada',
      dealId: `${name} ${month}`,
      on: `${month}-10`,
      amount: { amount, currency: 'USD' },
    });
    const base = {
      plans: [definePlan({ id: 'p', currency: 'USD', period: 'month', components: [SALES] })],
      payees: [{ id: 'ada' }],
      assignments: [{ payeeId: 'ada', planId: 'p', from: `${months[0] ?? ''}-01` }],
    };
    const known = months.map((month) => sale(month, '1000', 'sale'));
    const closed = deepFreeze(computeCompensation({ ...base, credits: known.filter((credit) => !credit.on.startsWith(current)), periods: prior }).statements);

    // One sale for each closed month turns up in the current one.
    const late = prior.map((month) => sale(month, '500', 'late'));
    const run = computeCompensation({ ...base, credits: [...known, ...late], periods: months, closed });
    expect(run.issues).toEqual([]);
    const corrections = run.statements.filter((statement) => statement.restates !== undefined);
    expect(corrections).toHaveLength(expected.prior_periods_reprocessable);
    expect(corrections.map((statement) => statement.total.amount)).toEqual(prior.map(() => '50.00'));
    expect(corrections[0]?.period.label).toBe('2025-07');
    expect(expected.earliest_month).toBe('previous July');
    const open = run.statements.filter((statement) => statement.restates === undefined);
    expect(open.map((statement) => [statement.period.label, statement.total.amount])).toEqual([[current, '100.00']]);
    expect(closed.map((statement) => statement.total.amount)).toEqual(prior.map(() => '100.00'));
  });
});
