import { createDeal, type Deal, validateDeal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { money } from 'dealwright/money';
import {
  b2bPipeline,
  definePipeline,
  hubspotPipeline,
  listUnmetCriteria,
  type MoveDealOptions,
  type MoveDealResult,
  moveDeal,
  type Pipeline,
  reopenDeal,
  type StageGuard,
} from 'dealwright/pipelines';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { freezeDeep } from './support.js';

const deal = freezeDeep(createDeal({ id: 'd1', pipelineId: 'b2b', stageId: 'prospecting', ownerId: 'zoe', createdOn: '2026-01-05' }));
const plain = definePipeline({
  id: 'plain',
  stages: [
    { id: 'a', label: 'A' },
    { id: 'b', label: 'B' },
    { id: 'c', label: 'C' },
    { id: 'won', label: 'Won', kind: 'won' },
    { id: 'lost', label: 'Lost', kind: 'lost' },
  ],
});
const plainDeal = freezeDeep(createDeal({ id: 'd2', pipelineId: 'plain', stageId: 'a' }));

function unmetOf(result: MoveDealResult<never> | MoveDealResult): readonly string[] {
  return result.moved ? [] : result.unmet.map(({ stageId, source, id, severity }) => `${stageId} ${source} ${id} ${severity}`);
}

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return isDomainError(error) ? error.issues.map(({ code, path }) => `${code} ${path.join('.')}`).join(', ') : `not a DomainError: ${String(error)}`;
  }
  return 'nothing thrown';
}

describe('moveDeal', () => {
  it('moves forward when the exit criteria are met, and appends to the history', () => {
    const result = moveDeal(deal, 'qualification', freezeDeep({ pipeline: b2bPipeline, at: '2026-02-14', by: 'zoe', confirmed: ['two-way-contact'] }));
    expect(result).toEqual({
      moved: true,
      warnings: [],
      overridden: [],
      deal: { ...deal, stageId: 'qualification', history: [{ type: 'stage-changed', at: '2026-02-14', by: 'zoe', from: 'prospecting', to: 'qualification' }] },
    });
  });

  it('says everything that is missing, and leaves the deal as it was', () => {
    const { ownerId: _, ...orphan } = deal;
    const result = moveDeal(orphan, 'qualification', { pipeline: b2bPipeline, at: '2026-02-14' });
    expect(result).toMatchObject({ moved: false, deal: orphan });
    expect(unmetOf(result)).toEqual(['prospecting exit-criterion two-way-contact block', 'qualification required-field ownerId block']);
  });

  it('checks the criteria and required fields of every stage that is skipped, unless skips are allowed or refused', () => {
    const options = { pipeline: b2bPipeline, at: '2026-02-14' } as const;
    expect(unmetOf(moveDeal(deal, 'demo', options))).toEqual([
      'prospecting exit-criterion two-way-contact block',
      'qualification exit-criterion problem-confirmed block',
      'qualification exit-criterion account-known block',
      'qualification exit-criterion next-step-agreed warn',
      'discovery exit-criterion impact-quantified block',
      'discovery exit-criterion stakeholders-named block',
      'discovery exit-criterion decision-criteria-agreed block',
      'demo required-field amount block',
      'demo required-field expectedCloseOn block',
    ]);
    expect(unmetOf(moveDeal(deal, 'demo', { ...options, skips: 'allowed' }))).toEqual([
      'prospecting exit-criterion two-way-contact block',
      'demo required-field amount block',
      'demo required-field expectedCloseOn block',
    ]);
    expect(unmetOf(moveDeal(deal, 'demo', { ...options, skips: 'refused' }))).toEqual(['demo transition skips block']);
    expect(moveDeal(plainDeal, 'b', { pipeline: plain, at: '2026-02-14', skips: 'refused' }).moved).toBe(true);
    expect(unmetOf(moveDeal(plainDeal, 'won', { pipeline: plain, at: '2026-02-14', skips: 'refused' }))).toEqual(['won transition skips block']);
  });

  it('counts activities that took place by then, and looks for fields, roles and confirmations', () => {
    const ready = createDeal({
      ...deal,
      stageId: 'demo',
      amount: money(1000, 'USD'),
      expectedCloseOn: '2026-04-01',
      stakeholders: [{ contactId: 'c1', role: 'economic-buyer' }],
      activities: [{ id: 'a1', type: 'demo', at: '2026-02-14T15:00:00Z' }],
    });
    const options = { pipeline: b2bPipeline, confirmed: ['fit-confirmed', 'mutual-action-plan'] } as const;
    // A date stands for the whole day; an instant does not.
    expect(moveDeal(ready, 'negotiation-and-closing', { ...options, at: '2026-02-14' }).moved).toBe(true);
    expect(moveDeal(ready, 'negotiation-and-closing', { ...options, at: '2026-02-14T15:00:00Z' }).moved).toBe(true);
    expect(unmetOf(moveDeal(ready, 'negotiation-and-closing', { ...options, at: '2026-02-14T14:59:59Z' }))).toEqual(['demo exit-criterion demo-held block']);
    // 15:00 UTC on the 14th is already the 15th in Auckland.
    expect(unmetOf(moveDeal(ready, 'negotiation-and-closing', { ...options, at: '2026-02-14', timeZone: 'Pacific/Auckland' }))).toEqual(['demo exit-criterion demo-held block']);
  });

  it('reports warnings and moves on', () => {
    const next = { ...deal, stageId: 'qualification', accountId: 'acme' };
    const result = moveDeal(next, 'discovery', { pipeline: b2bPipeline, at: '2026-02-14', confirmed: ['problem-confirmed'] });
    expect(result.moved && result.warnings.map(({ id }) => id)).toEqual(['next-step-agreed']);
  });

  it('records an override with reason, approver and what was not met', () => {
    const options = { pipeline: b2bPipeline, at: '2026-02-14', override: { reason: 'existing customer', approvedBy: 'max' } } as const;
    const result = moveDeal(deal, 'qualification', options);
    expect(result.moved && result.overridden.map(({ id }) => id)).toEqual(['two-way-contact']);
    expect(result.deal.history.at(-1)).toMatchObject({ override: { reason: 'existing customer', approvedBy: 'max', unmet: ['two-way-contact'] } });
    expect(validateDeal(result.deal)).toEqual([]);
    // Nothing to override, nothing recorded.
    expect(moveDeal(deal, 'qualification', { ...options, confirmed: ['two-way-contact'] }).deal.history.at(-1)).not.toHaveProperty('override');
    expect(codeOf(() => moveDeal(deal, 'qualification', { ...options, override: { reason: ' ', approvedBy: 'max' } }))).toBe('approval_required override.reason');
    expect(codeOf(() => moveDeal(deal, 'qualification', { ...options, override: {} as never }))).toBe('approval_required override.reason, approval_required override.approvedBy');
  });

  it('wins on the day that the calendar of the time zone shows', () => {
    const options = { pipeline: plain, at: '2026-01-01T03:00:00Z' } as const;
    const won = moveDeal(plainDeal, 'won', { ...options, timeZone: 'America/New_York' });
    expect([won.moved, won.deal.status, won.deal.stageId, won.deal.closedOn]).toEqual([true, 'won', 'won', '2025-12-31']);
    expect(moveDeal(plainDeal, 'won', { ...options, timeZone: 'UTC' }).deal.closedOn).toBe('2026-01-01');
    expect(codeOf(() => moveDeal(plainDeal, 'won', options))).toBe('missing_key timeZone');
  });

  it('loses from any stage without exit criteria, but with its required fields, which no override lifts', () => {
    const options = { pipeline: b2bPipeline, at: '2026-02-14' } as const;
    expect(unmetOf(moveDeal(deal, 'closed-lost', options))).toEqual(['closed-lost required-field lossReason block']);
    expect(moveDeal(deal, 'closed-lost', { ...options, override: { reason: 'x', approvedBy: 'y' } }).moved).toBe(false);
    const lost = moveDeal(deal, 'closed-lost', { ...options, lossReason: 'no budget' });
    expect(lost.deal).toMatchObject({ status: 'lost', closedOn: '2026-02-14', lossReason: 'no budget', stageId: 'closed-lost' });
    expect(codeOf(() => moveDeal(deal, 'qualification', { ...options, lossReason: 'no budget' }))).toBe('invalid_value lossReason');
  });

  it('goes back without criteria, unless the policy refuses it', () => {
    const demo = { ...deal, stageId: 'demo' };
    expect(moveDeal(demo, 'discovery', { pipeline: b2bPipeline, at: '2026-02-14' }).moved).toBe(true);
    expect(unmetOf(moveDeal(demo, 'discovery', { pipeline: b2bPipeline, at: '2026-02-14', backward: 'refused' }))).toEqual(['discovery transition backward block']);
  });

  it('does not move a closed or deleted deal, or a deal to where it is', () => {
    const options = { pipeline: plain, at: '2026-02-14', override: { reason: 'x', approvedBy: 'y' } } as const;
    expect(unmetOf(moveDeal(plainDeal, 'a', options))).toEqual(['a transition another-stage block']);
    expect(unmetOf(moveDeal({ ...plainDeal, status: 'deleted' }, 'b', options))).toEqual(['b transition deal-is-open block']);
    const won = moveDeal(plainDeal, 'won', { pipeline: plain, at: '2026-02-14' }).deal;
    expect(unmetOf(moveDeal(won, 'b', options))).toEqual(['b transition deal-is-open block']);
    expect(unmetOf(moveDeal(won, 'lost', options))).toEqual(['lost transition deal-is-open block']);
  });

  it('asks guards on every move but a lost one', () => {
    const seen: unknown[] = [];
    const guard: StageGuard = (subject, move) => {
      seen.push([subject.id, move]);
      return move.to === 'c' ? [{ id: 'score', stageId: 'c', source: 'guard', label: 'Score', severity: 'block', expected: '16', received: '9' }] : [];
    };
    const options = { pipeline: plain, at: '2026-02-14', guards: [guard] } as const;
    expect(unmetOf(moveDeal(plainDeal, 'c', options))).toEqual(['c guard score block']);
    expect(moveDeal(plainDeal, 'b', options).moved).toBe(true);
    expect(moveDeal(plainDeal, 'lost', options).moved).toBe(true);
    expect(seen).toEqual([
      ['d2', { pipelineId: 'plain', from: 'a', to: 'c', direction: 'forward', passed: ['a', 'b'], at: '2026-02-14', confirmed: [] }],
      ['d2', { pipelineId: 'plain', from: 'a', to: 'b', direction: 'forward', passed: ['a'], at: '2026-02-14', confirmed: [] }],
    ]);
  });

  it('finds the pipeline of the deal among several', () => {
    const both = [b2bPipeline as Pipeline, plain as Pipeline];
    expect(moveDeal(plainDeal, 'b', { pipeline: both, at: '2026-02-14' }).deal.stageId).toBe('b');
    expect(codeOf(() => moveDeal(plainDeal, 'b', { pipeline: [b2bPipeline as Pipeline], at: '2026-02-14' }))).toBe('unknown_pipeline deal.pipelineId');
    expect(codeOf(() => moveDeal(plainDeal, 'b', { pipeline: [plain, plain], at: '2026-02-14' }))).toBe('duplicate_id pipeline.1.id');
    expect(codeOf(() => moveDeal(plainDeal, 'bb' as never, { pipeline: plain, at: '2026-02-14' }))).toBe('unknown_stage toStageId');
    expect(codeOf(() => moveDeal({ ...plainDeal, stageId: 'x' }, 'b', { pipeline: plain, at: '2026-02-14' }))).toBe('unknown_stage deal.stageId');
  });

  it('refuses wrong calls with every problem', () => {
    expect(codeOf(() => moveDeal(plainDeal, 'b', { pipeline: plain, at: '2026-02-30', skip: 'allowed', guards: [1] } as never))).toBe(
      'unknown_key skip, invalid_instant at, invalid_type guards.0',
    );
    expect(codeOf(() => moveDeal(plainDeal, 'b', undefined as never))).toBe('missing_key pipeline, missing_key at');
    const moved = moveDeal(plainDeal, 'b', { pipeline: plain, at: '2026-02-14' }).deal;
    expect(codeOf(() => moveDeal(moved, 'c', { pipeline: plain, at: '2026-02-13' }))).toBe('inconsistent_history event.at');
  });

  it('is typed by the stages of the pipeline', () => {
    // @ts-expect-error a stage of another pipeline
    expect(() => moveDeal(plainDeal, 'contractsent', { pipeline: plain, at: '2026-02-14' })).toThrow('unknown_stage');
    expectTypeOf<MoveDealOptions<'a'>['pipeline']>().toEqualTypeOf<Pipeline<string, 'a'> | readonly Pipeline<string, 'a'>[]>();
    const typed = createDeal({ id: 'x', pipelineId: 'default', stageId: 'contractsent', custom: { region: 'West' } });
    const result = moveDeal(typed, 'closedwon', { pipeline: hubspotPipeline, at: '2026-02-14', guards: [({ custom }) => (custom.region === 'West' ? [] : [])] });
    expectTypeOf(result.deal).toEqualTypeOf<Deal<{ region: string }>>();
    expect(result.deal.custom.region).toBe('West');
  });
});

describe('listUnmetCriteria', () => {
  it('reviews a deal where it sits', () => {
    const options = { pipeline: b2bPipeline, at: '2026-02-14' };
    expect(listUnmetCriteria({ ...deal, stageId: 'discovery' }, options).map(({ id }) => id)).toEqual(['impact-quantified', 'stakeholders-named', 'decision-criteria-agreed']);
    expect(listUnmetCriteria({ ...deal, stageId: 'discovery' }, { ...options, confirmed: ['impact-quantified'] })[0]).toEqual({
      id: 'stakeholders-named',
      stageId: 'discovery',
      source: 'exit-criterion',
      label: 'The buyer named who takes part in the decision',
      severity: 'block',
      expected: 'a value for "stakeholders"',
    });
    expect(listUnmetCriteria({ ...deal, stageId: 'closed-won', status: 'won' }, options)).toEqual([]);
    expect(codeOf(() => listUnmetCriteria(deal, { pipeline: plain, at: '2026-02-14' }))).toBe('unknown_pipeline deal.pipelineId');
  });

  it('tells how much activity there is', () => {
    const pipeline = definePipeline({ id: 'plain', stages: [{ id: 'a', label: 'A', exitCriteria: [{ id: 'calls', label: 'Calls', require: { activity: 'call', atLeast: 3 } }] }] });
    const called = createDeal({ ...plainDeal, activities: ['2026-02-01', '2026-02-14', '2026-02-15'].map((at, index) => ({ id: `${index}`, type: 'call', at })) });
    expect(listUnmetCriteria(called, { pipeline, at: '2026-02-14' })).toMatchObject([{ expected: 'at least 3 of "call" by 2026-02-14', received: '2' }]);
    expect(listUnmetCriteria(called, { pipeline, at: '2026-02-15' })).toEqual([]);
  });
});

describe('reopenDeal', () => {
  it('returns a deal to its last open stage and clears what closing set', () => {
    const lost = moveDeal({ ...plainDeal, stageId: 'b' }, 'lost', { pipeline: plain, at: '2026-02-14', lossReason: 'price' }).deal;
    const open = reopenDeal(freezeDeep(lost), { pipeline: plain, at: '2026-03-01', by: 'zoe' });
    expect(open).toMatchObject({ status: 'open', stageId: 'b', closedOn: null });
    expect(open).not.toHaveProperty('lossReason');
    expect(open.history.at(-1)).toEqual({ type: 'reopened', at: '2026-03-01', by: 'zoe', from: 'lost', to: 'b' });
    expect(reopenDeal(lost, { pipeline: plain, at: '2026-03-01', toStageId: 'c' }).stageId).toBe('c');
  });

  it('says why it cannot', () => {
    const closed = { ...plainDeal, status: 'won', stageId: 'won', closedOn: '2026-02-14' } as const;
    expect(codeOf(() => reopenDeal(plainDeal, { pipeline: plain, at: '2026-03-01' }))).toBe('transition_not_allowed deal.status');
    expect(codeOf(() => reopenDeal(closed, { pipeline: plain, at: '2026-03-01' }))).toBe('missing_key toStageId');
    expect(codeOf(() => reopenDeal(closed, { pipeline: plain, at: '2026-03-01', toStageId: 'lost' }))).toBe('transition_not_allowed toStageId');
    expect(codeOf(() => reopenDeal(closed, { pipeline: plain, at: '2026-03-01', toStageId: 'd' as never }))).toBe('unknown_stage toStageId');
    expect(codeOf(() => reopenDeal(closed, { pipeline: b2bPipeline, at: '2026-03-01' }))).toBe('unknown_pipeline deal.pipelineId');
  });
});
