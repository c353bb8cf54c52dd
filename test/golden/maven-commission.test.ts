import { parse } from 'csv-parse/sync';
import { type Credit, computeCompensation, definePlan } from 'dealwright/compensation';
import { expect, test } from 'vitest';
import { describeWithReference, readReferenceText } from '../support/reference-data.js';

/* Won value per agent and calendar quarter at 5 % / 8 % / 12 % from 0 / 50,000 / 100,000: 120 agent-quarters, rounded half up once each. */
describeWithReference('commission on the CRM sample', () => {
  const credits = (): readonly Credit[] =>
    parse<Record<string, string>>(readReferenceText('data/maven-crm/sales_pipeline.csv'), { columns: true })
      .filter((row) => row['deal_stage'] === 'Won')
      .map((row) => ({
        id: row['opportunity_id'] ?? '',
        payeeId: row['sales_agent'] ?? '',
        dealId: row['opportunity_id'] ?? '',
        on: row['close_date'] ?? '',
        amount: { amount: row['close_value'] ?? '', currency: 'USD' },
      }));

  const run = (mode: 'marginal' | 'whole-amount', order: (list: readonly Credit[]) => readonly Credit[] = (list) => list) => {
    const list = order(credits());
    const agents = [...new Set(list.map((credit) => credit.payeeId))];
    const plan = definePlan({
      id: 'p',
      currency: 'USD',
      period: 'quarter',
      components: [
        {
          kind: 'commission',
          id: 'won',
          measure: { sum: 'amount' },
          rate: {
            mode,
            tiers: [
              { from: '0', rate: '0.05' },
              { from: '50000', rate: '0.08' },
              { from: '100000', rate: '0.12' },
            ],
          },
        },
      ],
    });
    return computeCompensation({
      plans: [plan],
      assignments: agents.map((payeeId) => ({ payeeId, planId: 'p', from: '2017-01-01' })),
      payees: agents.map((id) => ({ id })),
      credits: list,
      periods: ['2017'],
    });
  };
  const cents = (amounts: readonly string[]): number => amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);

  test.each([
    ['marginal', 70_420_202, '7970.60'],
    ['whole-amount', 98_420_202, '13470.60'],
  ] as const)('%s', (mode, sum, darcel) => {
    const { statements, issues } = run(mode);
    expect(issues).toEqual([]);
    expect(statements).toHaveLength(120);
    expect(cents(statements.map((statement) => statement.total.amount))).toBe(sum);
    expect(statements.find((statement) => statement.payeeId === 'Darcel Schlecht' && statement.period.label === '2017-Q1')?.total).toEqual({ amount: darcel, currency: 'USD' });
  });

  test('the order of the rows does not matter', () => {
    expect(run('marginal', (list) => [...list].reverse())).toEqual(run('marginal'));
  });
});
