import { builtInComponents, type Credit, createCompensationEngine, defineComponent } from 'dealwright/compensation';
import { describe, expect, test } from 'vitest';
import { sound, totals, usd } from './pay-run.js';

/* What a component of the user's own may share among payees. */

/** Everybody gets the part of a pot that their sales are of all sales; what the pot has paid before is gone. */
const pot = defineComponent<'pot', { pot: string }>({
  kind: 'pot',
  readsOthers: true,
  gather: (_config, { measure }) => measure({ sum: 'amount' }).total,
  evaluate: (config, context) => {
    const { exact, subtract, multiply, divide, sum, sign, post, payee, period, round, rounding, accumulate, runningTotals } = context;
    const all = context.gathered<ReturnType<typeof exact>>();
    const whole = sum(all.map((entry) => entry.value));
    const own = all.find((entry) => entry.payeeId === payee.id);
    const [year = period] = context.windows('year');
    const before = context.once(all, () => runningTotals('paid', year).map((entry) => entry.total));
    if (own === undefined || sign(whole) === 0) return [];
    const left = subtract(exact(config.pot), sum([exact('0', { name: 'nothing yet' }), ...before]));
    const part = round(divide(multiply([left, own.value]), whole), { ...rounding, mode: 'floor' });
    accumulate('paid', year, part);
    return [post(part, { label: 'Part of the pot' })];
  },
});
const engine = createCompensationEngine([...builtInComponents, pot]);
const plan = engine.definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'pot', id: 'pot', pot: '100' }] });
const credit = (id: string, payeeId: string, on: string, amount: string): Credit => ({ id, payeeId, on, amount: usd(amount) });
const input = {
  plans: [plan],
  payees: ['a', 'b', 'c'].map((id) => ({ id })),
  assignments: [
    { payeeId: 'a', planId: 'p', from: '2026-01-01', to: '2026-02-01' },
    { payeeId: 'b', planId: 'p', from: '2026-01-01' },
    { payeeId: 'c', planId: 'p', from: '2026-01-01' },
  ],
  credits: [credit('1', 'a', '2026-01-05', '10'), credit('2', 'b', '2026-01-06', '20'), credit('3', 'c', '2026-02-01', '1')],
};

describe('gather and gathered', () => {
  test('everybody has gathered before anybody is evaluated; totals of those who left count', () => {
    const run = sound(engine.compute({ ...input, periods: ['2026-01', '2026-02'] }));
    expect(totals(run)).toEqual([
      ['a', '2026-01', '33.33'],
      ['b', '2026-01', '66.66'],
      ['b', '2026-02', '0.00'],
      ['c', '2026-01', '0.00'],
      ['c', '2026-02', '0.01'],
    ]);
    expect(run.issues).toEqual([]);
  });

  test('the content hash covers what others bring', () => {
    const hash = (credits: readonly Credit[]) => engine.compute({ ...input, credits, periods: ['2026-01'] }).statements.find((statement) => statement.payeeId === 'b')?.contentHash;
    expect(hash(input.credits)).not.toBe(hash(input.credits.slice(1)));
    // A SPIFF reads others only if it has a pool.
    const spiff = (pool?: string) => {
      const own = engine.definePlan({
        id: 'p',
        currency: 'USD',
        period: 'month',
        components: [{ kind: 'spiff', id: 's', per: 'credit', reward: '1', ...(pool === undefined ? {} : { pool }) }],
      });
      return (credits: readonly Credit[]) =>
        engine.compute({ ...input, plans: [own], credits, periods: ['2026-01'] }).statements.find((statement) => statement.payeeId === 'b')?.contentHash;
    };
    expect(spiff()(input.credits)).toBe(spiff()(input.credits.slice(1)));
    expect(spiff('5')(input.credits)).not.toBe(spiff('5')(input.credits.slice(1)));
  });

  test('somebody whose gathering fails is reported, and the others go on', () => {
    const failing = createCompensationEngine([
      defineComponent<'f', object>({
        kind: 'f',
        gather: (_config, { payee }) => {
          if (payee.id === 'a') throw new Error('no');
          return payee.id;
        },
        evaluate: (_config, { exact, gathered, post }) => [post(exact(String(gathered().length)), { label: 'Number' })],
      }),
    ]);
    const run = failing.compute({
      ...input,
      credits: [],
      plans: [failing.definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'f', id: 'f' }] })],
      periods: ['2026-01'],
    });
    expect(run.issues.map((issue) => issue.code)).toEqual(['component_failed']);
    expect(totals(run).map(([, , total]) => total)).toEqual(['2.00', '2.00', '2.00']);
  });
});
