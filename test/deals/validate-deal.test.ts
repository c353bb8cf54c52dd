import { BUYING_ROLES, createDeal, type Deal, isDeal, validateDeal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { describe, expect, test } from 'vitest';
import { frozen } from './arbitrary-deal.js';

const usd = (amount: string) => ({ amount, currency: 'USD' });

const deal: Deal = frozen(
  createDeal({
    id: 'd1',
    name: 'Rollout',
    accountId: 'a1',
    ownerId: 'ann',
    pipelineId: 'b2b',
    stageId: 'demo',
    amount: usd('1200'),
    probability: 0.4,
    createdOn: '2026-01-05',
    expectedCloseOn: '2026-03-31',
    forecastCategory: 'commit',
    kind: 'new',
    source: 'inbound',
    market: 'b2b',
    recurring: { mrr: usd('100'), termMonths: 12 },
    lineItems: [{ id: 'l1', productId: 'p1', quantity: '2', unitPrice: usd('600'), discount: '0.10', unitCost: usd('100'), termMonths: 12 }],
    splits: [
      { payeeId: 'ann', kind: 'revenue', share: '0.60' },
      { payeeId: 'bob', kind: 'revenue', share: '0.4' },
      { payeeId: 'eve', kind: 'overlay', share: '1.5' },
    ],
    stakeholders: BUYING_ROLES.map((role) => ({ contactId: 'c1', role })),
    activities: [{ id: 'x1', type: 'call', at: '2026-02-01T10:00:00+01:00', outcome: 'reached', contactIds: ['c1'] }],
    custom: { region: 'West', tags: ['a', 1, null, { deep: true }] },
  }),
);

/** Code and path of each issue. */
function found(value: unknown, customKeys?: readonly string[]): readonly string[] {
  return validateDeal(value, customKeys === undefined ? {} : { customKeys }).map(({ code, path }) => `${code} ${path.join('.')}`);
}

describe('validateDeal', () => {
  test('finds nothing wrong with a full deal', () => {
    expect(found(deal)).toEqual([]);
    expect(isDeal(deal)).toBe(true);
    expect(found(JSON.parse(JSON.stringify(deal)))).toEqual([]);
  });

  test('what is missing is a gap, not a fault', () => {
    expect(found({ ...deal, status: 'won', amount: null, probability: null, createdOn: null, expectedCloseOn: null, closedOn: null })).toEqual([]);
    expect(found({ ...deal, status: 'won', createdOn: '2026-03-14', closedOn: '2026-03-10' })).toEqual([]);
  });

  test('keys are strict and misspelt ones are pointed out', () => {
    const { stageId: _stage, ...rest } = deal;
    expect(found({ ...rest, stagedId: 'demo' })).toEqual(['unknown_key stagedId', 'missing_key stageId']);
    expect(validateDeal({ ...deal, ownerID: 'x' })[0]?.hint).toBe('did you mean "ownerId"?');
    expect(found(JSON.parse('{"__proto__": 1}'))).toContain('reserved_key __proto__');
    expect(found({ ...deal, name: undefined })).toEqual(['invalid_type name']);
  });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['an unreal date', { createdOn: '2026-02-30' }, ['invalid_date createdOn']],
    ['a Date', { createdOn: new Date(0) }, ['date_instance_not_allowed createdOn']],
    ['a percentage', { probability: 40 }, ['fraction_out_of_range probability']],
    ['NaN', { probability: Number.NaN }, ['not_finite probability']],
    ['an amount as number', { amount: { amount: 12, currency: 'USD' } }, ['invalid_type amount.amount']],
    ['an unreadable amount', { amount: usd('1_000') }, ['invalid_decimal amount.amount']],
    ['an open deal with a close date', { closedOn: '2026-03-01' }, ['inconsistent_status closedOn']],
    ['a status of its own', { status: 'Won' }, ['invalid_value status']],
    [
      'another currency in a line',
      { lineItems: [{ id: 'l1', productId: 'p', quantity: '1', unitPrice: { amount: '1', currency: 'EUR' } }] },
      ['currency_mismatch lineItems.0.unitPrice.currency'],
    ],
    ['another currency in recurring', { recurring: { arr: { amount: '1', currency: 'EUR' } } }, ['currency_mismatch recurring.arr.currency']],
    ['two lines of one id', { lineItems: [deal.lineItems[0], deal.lineItems[0]] }, ['duplicate_id lineItems.1.id']],
    ['a discount above one', { lineItems: [{ ...deal.lineItems[0], discount: '10' }] }, ['fraction_out_of_range lineItems.0.discount']],
    ['a negative quantity', { lineItems: [{ ...deal.lineItems[0], quantity: '-1' }] }, ['out_of_range lineItems.0.quantity']],
    ['shares that sum to less', { splits: [{ payeeId: 'ann', kind: 'revenue', share: '0.999999999999' }] }, ['invalid_splits splits']],
    [
      'shares that sum to more',
      {
        splits: [
          { payeeId: 'ann', kind: 'revenue', share: '0.7' },
          { payeeId: 'bob', kind: 'revenue', share: '0.4' },
        ],
      },
      ['invalid_splits splits'],
    ],
    ['a share in percent', { splits: [{ payeeId: 'ann', kind: 'revenue', share: '60' }] }, ['fraction_out_of_range splits.0.share']],
    ['a share as number', { splits: [{ payeeId: 'ann', kind: 'revenue', share: 1 }] }, ['invalid_type splits.0.share']],
    ['a payee twice', { splits: [0, 1].map(() => ({ payeeId: 'ann', kind: 'revenue', share: '0.5' })) }, ['duplicate_id splits.1.payeeId']],
    ['a role twice', { stakeholders: [0, 1].map(() => ({ contactId: 'c', role: 'coach' })) }, ['duplicate_id stakeholders.1.contactId']],
    ['an unknown role', { stakeholders: [{ contactId: 'c', role: 'couch' }] }, ['invalid_value stakeholders.0.role']],
    ['a time without offset', { activities: [{ id: 'x', type: 'call', at: '2026-02-01T10:00:00' }] }, ['invalid_instant activities.0.at']],
    ['a hole in a list', { activities: new Array(1) }, ['invalid_type activities.0']],
    [
      'custom that is no JSON',
      { custom: { when: new Date(0), f: () => 1, n: Number.NaN, u: undefined } },
      ['invalid_json_value custom.when', 'invalid_json_value custom.f', 'not_finite custom.n', 'invalid_json_value custom.u'],
    ],
    ['hostile custom keys', { custom: JSON.parse('{"a": {"__proto__": 1}, "constructor": 2}') }, ['reserved_key custom.a.__proto__', 'reserved_key custom.constructor']],
    ['a hostile id', { id: '__proto__' }, ['reserved_key id']],
    ['an empty name', { name: '' }, ['empty name']],
    ['a text of 10 MB', { name: 'x'.repeat(10_000_000) }, ['too_long name']],
  ])('%s', (_, change, expected) => {
    expect(found({ ...deal, ...change })).toEqual(expected);
  });

  test('cycles and depth do not hang it', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(found({ ...deal, custom: cycle })).toEqual(['invalid_json_value custom.self']);
    // Shared thirty times over: two to the power of thirty paths, but thirty objects.
    let shared: unknown = 1;
    for (let depth = 0; depth < 30; depth += 1) shared = { left: shared, right: shared };
    expect(found({ ...deal, custom: { shared } })).toEqual([]);
  });

  test('own fields may be closed', () => {
    expect(found(deal, ['region', 'tags'])).toEqual([]);
    expect(validateDeal(deal, { customKeys: ['regions', 'tags'] })).toMatchObject([{ code: 'unknown_key', path: ['custom', 'region'], hint: 'did you mean "regions"?' }]);
    // @ts-expect-error keys are texts
    expect(() => validateDeal(deal, { customKeys: [1] })).toThrow();
  });

  test('never throws for a value', () => {
    for (const value of [undefined, null, 1, 'x', [], new Map(), Symbol('s'), () => 1]) expect(found(value)).toEqual(['invalid_type ']);
  });
});

describe('history', () => {
  const created = { type: 'created', at: '2026-01-05', stageId: 'discovery', amount: usd('1200.00') } as const;
  const base = { ...deal, ownerId: 'ann', history: [created, { type: 'stage-changed', at: '2026-02-01', from: 'discovery', to: 'demo' }] };

  test('must come to what the deal is', () => {
    expect(found(base)).toEqual([]);
    expect(found({ ...base, stageId: 'discovery' })).toEqual(['inconsistent_history stageId']);
    expect(found({ ...base, amount: usd('1') })).toEqual(['inconsistent_history amount']);
    expect(found({ ...base, amount: usd('1200') })).toEqual([]);
    expect(found({ ...base, status: 'lost' })).toEqual(['inconsistent_history status']);
    expect(found({ ...base, history: [{ ...created, ownerId: 'eve' }, base.history[1]] })).toEqual(['inconsistent_history ownerId']);
  });

  test('must be in order, as far as that can be told', () => {
    const withTimes = (...times: readonly string[]) => ({
      ...deal,
      stageId: 's',
      amount: null,
      recurring: {},
      lineItems: [],
      history: times.map((at) => ({ type: 'probability-changed', at, from: 0.4, to: 0.4 })),
    });
    expect(found(withTimes('2026-01-05', '2026-01-05', '2026-01-06'))).toEqual([]);
    expect(found(withTimes('2026-01-06', '2026-01-05'))).toEqual(['inconsistent_history history.1.at']);
    expect(found(withTimes('2026-01-06T00:00:00Z', '2026-01-05T23:59:59Z'))).toEqual(['inconsistent_history history.1.at']);
    // Whether the date comes before the instant depends on the zone, so both orders pass.
    expect(found(withTimes('2026-01-06T10:00:00Z', '2026-01-06'))).toEqual([]);
    expect(found(withTimes('2026-01-06', '2026-01-05T11:00:00Z'))).toEqual([]);
    expect(found(withTimes('2026-01-06', '2026-01-05T09:00:00Z'))).toEqual(['inconsistent_history history.1.at']);
    expect(found(withTimes('2026-01-08T10:00:00Z', '2026-01-06'))).toEqual(['inconsistent_history history.1.at']);
  });

  test('events must follow from each other', () => {
    const [, moved] = base.history;
    expect(found({ ...base, history: [moved, created] })).toEqual(['inconsistent_history history.1.at', 'inconsistent_history history.1.type']);
    expect(found({ ...base, history: [created, { ...moved, from: 'demo' }] })).toEqual(['inconsistent_history history.1.from']);
    const lost = { type: 'lost', at: '2026-02-10', from: 'demo', to: 'closed-lost' };
    const closed = { ...base, status: 'lost', stageId: 'closed-lost', closedOn: '2026-02-10' };
    expect(found({ ...closed, history: [...base.history, lost] })).toEqual([]);
    expect(found({ ...closed, closedOn: '2026-02-11', history: [...base.history, lost] })).toEqual(['inconsistent_history closedOn']);
    expect(found({ ...closed, closedOn: '2026-02-11', history: [...base.history, { ...lost, at: '2026-02-10T20:00:00Z' }] })).toEqual([]);
    expect(found({ ...closed, history: [...base.history, lost, { ...lost, at: '2026-02-12' }] })).toEqual(['inconsistent_history history.3.type']);
    expect(found({ ...base, history: [...base.history, { type: 'amount-changed', at: '2026-02-10', from: usd('1'), to: usd('1200') }] })).toEqual([
      'inconsistent_history history.2.from',
    ]);
    expect(found({ ...base, history: [...base.history, { type: 'closed', at: '2026-02-10' }] })).toEqual(['invalid_value history.2.type']);
    expect(found({ ...base, history: [...base.history, { type: 'won', at: '2026-02-10', from: 'demo', to: 'closed-won', reason: 'x' }] })).toEqual([
      'unknown_key history.2.reason',
    ]);
  });
});

describe('createDeal', () => {
  test('fills in what was left out, canonically', () => {
    expect(createDeal({ id: 'd', pipelineId: 'p', stageId: 's' })).toEqual({
      id: 'd',
      pipelineId: 'p',
      stageId: 's',
      status: 'open',
      amount: null,
      probability: null,
      createdOn: null,
      expectedCloseOn: null,
      closedOn: null,
      lineItems: [],
      splits: [],
      stakeholders: [],
      activities: [],
      history: [],
      custom: {},
    });
    expect(deal.lineItems[0]).toMatchObject({ discount: '0.1', unitPrice: usd('600.00') });
    expect(deal.splits[0]?.share).toBe('0.6');
    expect(deal.recurring?.mrr).toEqual(usd('100.00'));
  });

  test('throws everything at once', () => {
    try {
      createDeal({ id: '', pipelineId: 'p', stageId: 's', probability: 2 });
      expect.unreachable();
    } catch (error) {
      expect(isDomainError(error) && [error.name, error.issues.map(({ code }) => code)]).toEqual(['InvalidDealError', ['empty', 'fraction_out_of_range']]);
    }
  });
});
