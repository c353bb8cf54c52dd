import { type DealEventRecord, type DealEventType, validateDealEvent } from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { payRun, sale, totals } from './pay-plan.js';

const event = (more: object): object => ({ id: 'e', dealId: 'd', type: 'payment', on: '2026-01-05', share: '0.5', ...more });
const problems = (value: unknown): readonly string[] => validateDealEvent(value).map((issue) => `${issue.code} ${issue.path.join('.')}`);

describe('deal events', () => {
  test('are validated like credits', () => {
    expect(problems(event({}))).toEqual([]);
    expect(problems(event({ type: 'paid' }))).toEqual(['invalid_value type']);
    expect(problems(event({ type: 'booking' }))).toEqual(['invalid_value type']);
    expect(problems(event({ on: '2026-02-30' }))).toEqual(['invalid_date on']);
    expect(problems(event({ share: 0.5 }))).toEqual(['invalid_type share']);
    expect(validateDealEvent(event({ share: '50' }))[0]).toMatchObject({ code: 'fraction_out_of_range', hint: 'a percentage? did you mean "0.5"?' });
    expect(problems({ id: 'e', dealId: 'd', type: 'invoice', on: '2026-01-05' })).toEqual(['missing_key ']);
    expect(problems({ id: 'e', dealId: 'd', type: 'cancellation', on: '2026-01-05' })).toEqual([]);
    expect(problems(event({ amount: { amount: '1', currency: 'USD' }, total: { amount: '2', currency: 'EUR' } }))).toEqual(['currency_mismatch total']);
    expect(problems(event({ total: { amount: '0.00', currency: 'EUR' } }))).toEqual(['out_of_range total']);
    expect(problems(event({ dealid: 'd' }))).toEqual(['unknown_key dealid']);
    expect(problems(JSON.parse('{"id":"__proto__","dealId":"constructor","type":"payment","on":"2026-01-05","share":"1"}'))).toEqual(['reserved_key id', 'reserved_key dealId']);
  });

  test.each([null, 1, 'x', [], new Date(0), { id: {} }, Object.create({ id: 'e' })])('never throw for %j', (value) => {
    expect(validateDealEvent(value).length).toBeGreaterThan(0);
    const run = payRun({ components: [], credits: [sale('d', '2026-01-02', '10')], periods: ['2026-01'], input: { dealEvents: [value as DealEventRecord] } });
    expect(totals(run)).toEqual(['1.00']);
    expect(run.issues.length).toBeGreaterThan(0);
    expect(run.issues[0]?.path.slice(0, 2)).toEqual(['dealEvents', 0]);
  });

  test('twice the same id is an issue; the day of the cut and later do not count', () => {
    const components = [{ kind: 'payment-schedule', id: 'pay', of: ['sales'], stages: [{ share: '1', on: 'payment' }] }] as const;
    const given = (id: string, on: string): DealEventRecord => ({ id, dealId: 'd', type: 'payment', on, share: '0.5' });
    const credits = [sale('d', '2026-01-02', '100')];
    const twice = payRun({ components, credits, events: [given('a', '2026-01-05'), given('a', '2026-01-06')], periods: ['2026-01'] });
    expect(totals(twice)).toEqual(['5.00']);
    expect(twice.issues.map((issue) => issue.code)).toEqual(['duplicate_id']);
    const cut = payRun({ components, credits, events: [given('a', '2026-01-05'), given('b', '2026-01-20')], periods: ['2026-01'], input: { asOf: '2026-01-20' } });
    expect(totals(cut)).toEqual(['5.00']);
    expect(cut.state.dealEvents?.map((kept) => kept.id)).toEqual(['a']);
  });

  test('have a closed set of types', () => {
    expectTypeOf<DealEventRecord['type']>().toEqualTypeOf<DealEventType>();
    // @ts-expect-error a misspelt type does not compile
    const wrong: DealEventRecord = { id: 'e', dealId: 'd', type: 'payed', on: '2026-01-05' };
    expect(wrong.id).toBe('e');
  });
});
