import { commissionComponent, defineComponent, salaryComponent } from 'dealwright/compensation';
import { checkComponent } from 'dealwright/testing';
import { describe, expect, test } from 'vitest';

describe('built-in components keep the laws', () => {
  test('commission in every mode and window', () => {
    const tiers = [
      { from: '0', rate: '0.05' },
      { from: '3333.33', rate: '0.0777' },
      { from: '8000', rate: '0.1111' },
    ] as const;
    const configs = (['marginal', 'whole-amount', 'lookup', 'retro-to-threshold'] as const).flatMap((mode) =>
      (['deal', 'month', 'quarter', 'year', 'plan'] as const).map((accumulate) => ({
        measure: { sum: 'amount' as const },
        accumulate,
        rate: { mode, tiers: [tiers[0], tiers[1], tiers[2]] as const },
      })),
    );
    expect(checkComponent(commissionComponent, { configs, runs: 6 })).toEqual([]);
  });

  test('salary', () => {
    expect(checkComponent(salaryComponent, { configs: [{ amount: '100000' }, { amount: '3333.33', every: 'month' }, { amount: '1000', every: 'week' }] })).toEqual([]);
  });
});

describe('laws that are broken are found', () => {
  test('one that remembers the order in which it is called', () => {
    let calls = 0;
    const counting = defineComponent<'counting', object>({
      kind: 'counting',
      evaluate: (_, { exact, post }) => {
        calls += 1;
        return [post(exact(String(calls)), { label: 'Calls' })];
      },
    });
    expect(checkComponent(counting, { configs: [{}] }).map((issue) => issue.path[2])).toContain('purity');
  });
});
