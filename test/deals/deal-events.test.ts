import {
  appendDealEvent,
  applyDealEvent,
  createDeal,
  type Deal,
  type DealEvent,
  dealAge,
  dealAsOf,
  dealCycleDays,
  lastOpenStage,
  stageHistory,
  validateDeal,
} from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { describe, expect, test } from 'vitest';
import { frozen } from './arbitrary-deal.js';

const usd = (amount: string) => ({ amount, currency: 'USD' });

const won: Deal = createDeal({
  id: 'd1',
  pipelineId: 'b2b',
  stageId: 'closed-won',
  status: 'won',
  createdOn: '2026-01-05',
  closedOn: '2026-03-10',
  expectedCloseOn: '2026-04-30',
  ownerId: 'bob',
  amount: usd('900'),
  history: [
    { type: 'created', at: '2026-01-05', stageId: 'discovery', amount: usd('1200'), expectedCloseOn: '2026-02-28', ownerId: 'ann' },
    { type: 'stage-changed', at: '2026-02-01', from: 'discovery', to: 'demo' },
    { type: 'close-date-changed', at: '2026-02-10', from: '2026-02-28', to: '2026-03-31' },
    { type: 'amount-changed', at: '2026-02-20', from: usd('1200'), to: usd('900') },
    { type: 'close-date-changed', at: '2026-02-25', from: '2026-03-31', to: '2026-04-30' },
    { type: 'owner-changed', at: '2026-03-01', from: 'ann', to: 'bob' },
    { type: 'won', at: '2026-03-10', from: 'demo', to: 'closed-won' },
  ],
});

const codesOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map(({ code }) => code);
    throw error;
  }
  return [];
};

describe('dealAsOf', () => {
  test('tells what was known strictly before the cut', () => {
    expect(dealAsOf(won, '2026-01-05')).toEqual({ dealId: 'd1', asOf: '2026-01-05', timeZone: 'UTC', existed: false, state: null, unknown: [], assumed: [] });
    const before = dealAsOf(won, '2026-02-20');
    expect(before.state).toEqual({
      status: 'open',
      stageId: 'demo',
      stageEnteredAt: '2026-02-01',
      lastOpenStageId: 'demo',
      amount: usd('1200.00'),
      probability: null,
      expectedCloseOn: '2026-03-31',
      closedOn: null,
      ownerId: 'ann',
      forecastCategory: null,
      splits: null,
      lossReason: null,
      pushCount: 1,
      reopenCount: 0,
    });
    expect(before.unknown).toEqual([
      { field: 'probability', reason: 'not-in-history' },
      { field: 'forecastCategory', reason: 'not-in-history' },
      { field: 'splits', reason: 'not-in-history' },
    ]);
    expect(dealAsOf(won, '2026-02-21').state?.amount).toEqual(usd('900.00'));
    const after = dealAsOf(won, '2026-03-11').state;
    expect(after).toMatchObject({ status: 'won', stageId: 'closed-won', lastOpenStageId: 'demo', closedOn: '2026-03-10', ownerId: 'bob', pushCount: 2 });
  });

  test('a date means 00:00 in the time zone', () => {
    const history: readonly DealEvent[] = [
      { type: 'created', at: '2026-01-01T00:00:00Z', stageId: 'demo', amount: null },
      // Still 31 March in New York, already 1 April in Athens.
      { type: 'won', at: '2026-03-31T22:30:00Z', from: 'demo', to: 'closed-won' },
    ];
    const deal = createDeal({ id: 'd', pipelineId: 'b2b', stageId: 'closed-won', status: 'won', closedOn: '2026-03-31', history });
    expect(dealAsOf(deal, '2026-04-01', { timeZone: 'UTC' }).state?.status).toBe('won');
    expect(dealAsOf(deal, '2026-04-01', { timeZone: 'America/New_York' }).state?.closedOn).toBe('2026-03-31');
    expect(dealAsOf(deal, '2026-04-01', { timeZone: 'Europe/Athens' }).state?.status).toBe('open');
    expect(dealAsOf(deal, '2026-04-02', { timeZone: 'Europe/Athens' }).state?.closedOn).toBe('2026-04-01');
    expect(dealAsOf(deal, '2026-03-31T22:30:00Z').state?.status).toBe('open');
    expect(dealAsOf(deal, '2026-04-01T01:30:00.001+03:00').state?.status).toBe('won');
  });

  test('a deal without a history is known by its dates, and says so', () => {
    const bare: Deal = { ...won, history: [] };
    expect(dealAsOf(bare, '2026-01-05').existed).toBe(false);
    const open = dealAsOf(bare, '2026-02-20');
    expect(open.existed).toBe(true);
    expect(open.state).toMatchObject({ status: 'open', stageId: null, amount: null, ownerId: null, closedOn: null, pushCount: null });
    expect(open.unknown.map(({ field }) => field)).toEqual([
      'stageId',
      'stageEnteredAt',
      'lastOpenStageId',
      'amount',
      'probability',
      'expectedCloseOn',
      'ownerId',
      'forecastCategory',
      'splits',
      'pushCount',
      'reopenCount',
    ]);
    expect(new Set(open.unknown.map(({ reason }) => reason))).toEqual(new Set(['no-history']));
    // On the day of closing it was still open; from the next day on it is what it closed with.
    expect(dealAsOf(bare, '2026-03-10').state?.status).toBe('open');
    expect(dealAsOf(bare, '2026-03-11').state).toMatchObject({ status: 'won', stageId: 'closed-won', amount: usd('900.00'), closedOn: '2026-03-10', ownerId: null });
    expect(dealAsOf({ ...bare, createdOn: null }, '2026-02-20')).toMatchObject({ existed: null, state: null, unknown: [{ field: 'existence', reason: 'creation-not-recorded' }] });
    const undated = dealAsOf({ ...bare, closedOn: null }, '2026-06-01');
    expect(undated.state?.status).toBeNull();
    expect(undated.unknown).toContainEqual({ field: 'status', reason: 'closing-not-dated' });
  });

  test('what may be assumed unchanged is taken over and listed, unless an event says otherwise', () => {
    const bare: Deal = { ...won, history: [] };
    const assumed = dealAsOf(bare, '2026-02-20', { assumeUnchanged: ['ownerId', 'amount', 'stageId'] });
    expect(assumed.state).toMatchObject({ ownerId: 'bob', amount: usd('900.00'), stageId: null });
    expect(assumed.assumed).toEqual(['amount', 'ownerId']);
    expect(assumed.unknown).toContainEqual({ field: 'stageId', reason: 'changed-later' });
    const { history, ...rest } = won;
    const truncated: Deal = { ...rest, history: history.slice(3) };
    expect(dealAsOf(truncated, '2026-02-22', { assumeUnchanged: ['ownerId'] }).unknown).toContainEqual({ field: 'ownerId', reason: 'changed-later' });
  });

  test('a history that begins in the middle states what it states', () => {
    const { history, ...rest } = won;
    const truncated: Deal = { ...rest, history: history.slice(3) };
    const state = dealAsOf(truncated, '2026-03-01');
    expect(state.state).toMatchObject({ status: 'open', amount: usd('900.00'), stageId: null, expectedCloseOn: '2026-04-30', pushCount: 1 });
    expect(state.unknown).toContainEqual({ field: 'stageId', reason: 'not-in-history' });
    expect(dealAsOf({ ...truncated, createdOn: null }, '2026-02-20').existed).toBeNull();
    expect(dealAsOf({ ...truncated, createdOn: null }, '2026-02-21').existed).toBe(true);
  });

  test('an event that stands after a later one became known after it', () => {
    const backdated: Deal = {
      ...won,
      history: [...won.history, { type: 'amount-changed', at: '2026-02-22', from: usd('900.00'), to: usd('100') }],
    };
    expect(dealAsOf(backdated, '2026-03-01').state?.amount).toEqual(usd('900.00'));
    expect(dealAsOf(backdated, '2026-03-11').state?.amount).toEqual(usd('100.00'));
    expect(validateDeal(backdated).map(({ code, path }) => [code, ...path])).toContainEqual(['inconsistent_history', 'history', 7, 'at']);
  });

  test('a wrong call is one error with everything', () => {
    expect(codesOf(() => dealAsOf(won, '2026-02-30'))).toEqual(['invalid_instant']);
    expect(codesOf(() => dealAsOf(won, '2026-02-20', { timeZone: 'Mars/Base' }))).toEqual(['invalid_time_zone']);
    // @ts-expect-error a misspelt field
    expect(codesOf(() => dealAsOf(won, '2026-02-20', { assumeUnchanged: ['owner'] }))).toEqual(['invalid_value']);
    // @ts-expect-error a misspelt option
    expect(codesOf(() => dealAsOf(won, '2026-02-20', { timezone: 'UTC' }))).toEqual(['unknown_key']);
  });
});

describe('appendDealEvent', () => {
  const deal = frozen(createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'demo', createdOn: '2026-01-05', ownerId: 'ann', custom: { region: 'West' } }));

  test('brings the deal up to date and leaves the old one alone', () => {
    const lost = appendDealEvent(deal, frozen({ type: 'lost', at: '2026-03-10', from: 'demo', to: 'closed-lost', reason: 'price' }));
    expect(lost).toMatchObject({ status: 'lost', stageId: 'closed-lost', closedOn: '2026-03-10', lossReason: 'price', custom: { region: 'West' } });
    const reopened = appendDealEvent(lost, { type: 'reopened', at: '2026-04-01', from: 'closed-lost', to: 'demo' });
    expect(reopened).toMatchObject({ status: 'open', stageId: 'demo', closedOn: null });
    expect(Object.hasOwn(reopened, 'lossReason')).toBe(false);
    expect(reopened.history).toHaveLength(2);
    expect(deal.history).toHaveLength(0);
    expect(validateDeal(reopened)).toEqual([]);
    const unowned = appendDealEvent(reopened, { type: 'owner-changed', at: '2026-04-02', from: 'ann', to: null });
    expect(Object.hasOwn(unowned, 'ownerId')).toBe(false);
    expect(appendDealEvent(unowned, { type: 'deleted', at: '2026-04-03' }).status).toBe('deleted');
  });

  test('an instant needs a time zone to close on a day', () => {
    const event: DealEvent = { type: 'won', at: '2026-04-01T02:30:00Z', from: 'demo', to: 'closed-won' };
    expect(codesOf(() => appendDealEvent(deal, event))).toEqual(['missing_key']);
    expect(appendDealEvent(deal, event, { timeZone: 'America/New_York' }).closedOn).toBe('2026-03-31');
    expect(appendDealEvent(deal, event, { timeZone: 'UTC' }).closedOn).toBe('2026-04-01');
    expect(appendDealEvent(deal, { type: 'stage-changed', at: '2026-04-01T02:30:00Z', from: 'demo', to: 'negotiation' }).stageId).toBe('negotiation');
  });

  test('refuses what does not follow', () => {
    const lost = appendDealEvent(deal, { type: 'lost', at: '2026-03-10', from: 'demo', to: 'closed-lost' });
    const refused = (from: Deal<object>, event: DealEvent) => codesOf(() => appendDealEvent(from, event));
    expect(refused(lost, { type: 'stage-changed', at: '2026-03-11', from: 'closed-lost', to: 'demo' })).toEqual(['inconsistent_history']);
    expect(refused(lost, { type: 'won', at: '2026-03-11', from: 'closed-lost', to: 'closed-won' })).toEqual(['inconsistent_history']);
    expect(refused(lost, { type: 'reopened', at: '2026-03-09', from: 'closed-lost', to: 'demo' })).toEqual(['inconsistent_history']);
    expect(refused(deal, { type: 'stage-changed', at: '2026-03-11', from: 'discovery', to: 'negotiation' })).toEqual(['inconsistent_history']);
    expect(refused(deal, { type: 'amount-changed', at: '2026-03-11', from: usd('1'), to: null })).toEqual(['inconsistent_history']);
    expect(refused(deal, { type: 'reopened', at: '2026-03-11', from: 'demo', to: 'demo' })).toEqual(['inconsistent_history']);
    expect(refused(lost, { type: 'created', at: '2026-03-11', stageId: 'demo', amount: null }).length).toBeGreaterThan(0);
    expect(refused(deal, { type: 'probability-changed', at: '2026-03-11', from: null, to: 40 })).toEqual(['fraction_out_of_range']);
    // @ts-expect-error no such event
    expect(refused(deal, { type: 'closed', at: '2026-03-11' })).toEqual(['invalid_value']);
  });

  test('creation may begin an empty history if it agrees with the deal', () => {
    const begun = appendDealEvent(deal, { type: 'created', at: '2026-01-05', stageId: 'demo', amount: null, ownerId: 'ann' });
    expect(begun.history).toHaveLength(1);
    expect(codesOf(() => appendDealEvent(deal, { type: 'created', at: '2026-01-05', stageId: 'discovery', amount: usd('1') }))).toEqual([
      'inconsistent_history',
      'inconsistent_history',
    ]);
  });
});

test('applyDealEvent is the same rule on a state', () => {
  const { state } = dealAsOf(won, '2026-03-02');
  if (state === null) throw new Error('no state');
  expect(applyDealEvent(frozen(state), { type: 'won', at: '2026-03-10', from: 'demo', to: 'closed-won' })).toEqual(dealAsOf(won, '2026-03-11').state);
  expect(codesOf(() => applyDealEvent({ ...state, pushCount: -1 }, { type: 'deleted', at: '2026-03-10' }))).toEqual(['out_of_range']);
});

describe('stageHistory', () => {
  test('gives visits with whole days between dates', () => {
    const history = stageHistory(won, { asOf: '2026-03-20' });
    expect(history).toEqual({
      dealId: 'd1',
      reason: null,
      visits: [
        { stageId: 'discovery', status: 'open', enteredAt: '2026-01-05', leftAt: '2026-02-01', days: 27 },
        { stageId: 'demo', status: 'open', enteredAt: '2026-02-01', leftAt: '2026-03-10', days: 37 },
        { stageId: 'closed-won', status: 'won', enteredAt: '2026-03-10', leftAt: null, days: 10 },
      ],
    });
    expect(stageHistory(won, { asOf: '2026-02-15' }).visits.map(({ days }) => days)).toEqual([27, 14]);
    expect(stageHistory(won).visits.at(-1)?.days).toBeNull();
    expect(stageHistory({ ...won, history: [] })).toEqual({ dealId: 'd1', visits: [], reason: 'no-history' });
  });

  test('counts elapsed time between instants, and calendar days across a clock change', () => {
    const history: readonly DealEvent[] = [
      { type: 'created', at: '2026-03-07T12:00:00-05:00', stageId: 'a', amount: null },
      { type: 'stage-changed', at: '2026-03-09T00:00:00-04:00', from: 'a', to: 'b' },
      { type: 'stage-changed', at: '2026-03-10', from: 'b', to: 'c' },
    ];
    const deal = createDeal({ id: 'd', pipelineId: 'p', stageId: 'c', history });
    const { visits } = stageHistory(deal, { asOf: '2026-03-11', timeZone: 'America/New_York' });
    expect(visits.map(({ days }) => days)).toEqual([35 / 24, 1, 1]);
    const dates = createDeal({ id: 'd', pipelineId: 'p', stageId: 'a', history: [{ type: 'created', at: '2026-03-08', stageId: 'a', amount: null }] });
    expect(stageHistory(dates, { asOf: '2026-03-09', timeZone: 'America/New_York' }).visits[0]?.days).toBe(1);
  });

  test('steps back, reopening, deletion and a truncated beginning', () => {
    const history: readonly DealEvent[] = [
      { type: 'stage-changed', at: '2026-01-10', from: 'a', to: 'b' },
      { type: 'stage-changed', at: '2026-01-12', from: 'b', to: 'b' },
      { type: 'stage-changed', at: '2026-01-20', from: 'b', to: 'a' },
      { type: 'lost', at: '2026-02-01', from: 'a', to: 'lost' },
      { type: 'reopened', at: '2026-02-11', from: 'lost', to: 'a' },
      { type: 'deleted', at: '2026-02-12' },
    ];
    const deal = createDeal({ id: 'd', pipelineId: 'p', stageId: 'a', status: 'deleted', history });
    expect(stageHistory(deal).visits.map(({ stageId, status, enteredAt, days }) => [stageId, status, enteredAt, days])).toEqual([
      ['a', 'open', null, null],
      ['b', 'open', '2026-01-10', 10],
      ['a', 'open', '2026-01-20', 12],
      ['lost', 'lost', '2026-02-01', 10],
      ['a', 'open', '2026-02-11', 1],
    ]);
    expect(lastOpenStage(deal)).toBe('a');
  });

  test('lastOpenStage of open, closed and unrecorded deals', () => {
    expect(lastOpenStage(won)).toBe('demo');
    expect(lastOpenStage({ ...won, history: [] })).toBeNull();
    expect(lastOpenStage(createDeal({ id: 'd', pipelineId: 'p', stageId: 's' }))).toBe('s');
  });
});

describe('days', () => {
  const open = createDeal({ id: 'd', pipelineId: 'p', stageId: 's', createdOn: '2026-01-05' });

  test('age to the cut, or to the close', () => {
    expect(dealAge(open, '2026-02-04')).toEqual({ days: 30, reason: null, negative: false });
    expect(dealAge(open, '2026-01-05')).toEqual({ days: null, reason: 'not-created-yet', negative: false });
    expect(dealAge(open, '2026-01-05T10:00:00Z').days).toBe(0);
    expect(dealAge(open, '2026-01-06T03:00:00Z', { timeZone: 'America/New_York' }).days).toBe(0);
    expect(dealAge(won, '2027-01-01').days).toBe(64);
    expect(dealAge(won, '2026-03-10').days).toBe(64);
    expect(dealAge(won, '2026-02-05').days).toBe(31);
    expect(dealAge({ ...won, closedOn: null }, '2026-06-01').reason).toBe('closed-on-missing');
  });

  test('cycle, with its gaps and negative ones', () => {
    expect(dealCycleDays(won)).toEqual({ days: 64, reason: null, negative: false });
    expect(dealCycleDays({ ...won, createdOn: '2026-03-14' })).toEqual({ days: -4, reason: null, negative: true });
    expect(dealCycleDays({ ...won, createdOn: null }).reason).toBe('created-on-missing');
    expect(dealCycleDays({ ...won, closedOn: null }).reason).toBe('closed-on-missing');
    expect(dealCycleDays(open).reason).toBe('not-closed');
    expect(codesOf(() => dealCycleDays({ ...won, createdOn: '2026-02-30' }))).toEqual(['invalid_date']);
  });
});
