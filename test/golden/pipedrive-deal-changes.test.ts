/* A change log of 1,995 deals: entries, dwell times, moves and cycles against figures computed independently. */
import { parse } from 'csv-parse/sync';
import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { dealLifetimes, definePipeline, stageConversion, stageDurations, stageTransitions } from 'dealwright/pipelines';
import { beforeAll, expect, it } from 'vitest';
import { describeWithReference, readReferenceJson, readReferenceText } from '../support/reference-data.js';

type Row = Readonly<Record<'deal_id' | 'change_time' | 'changed_field_key' | 'new_value', string>>;

interface Reference {
  readonly stage_entries: Readonly<Record<string, number>>;
  readonly dwell_days: Readonly<Record<string, { readonly n: number; readonly mean: number; readonly median: number; readonly min: number; readonly max: number }>>;
  readonly transitions: Readonly<Record<string, number>>;
  readonly skipped_forward: number;
  readonly moved_back: number;
  readonly cycle_days: { readonly n: number; readonly mean: number; readonly median: number };
}

const STAGES = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const pipeline = definePipeline({
  id: 'log',
  stages: [...STAGES.map((id) => ({ id, label: id })), { id: 'lost', label: 'Lost', kind: 'lost' as const }, { id: 'won', label: 'Won', kind: 'won' as const }],
});

/** Ids under which two lives are logged: the reference follows the id, a deal has one life. */
function dealsOf(rows: readonly Row[]): { readonly deals: readonly Deal[]; readonly collided: ReadonlySet<string> } {
  const byId = new Map<string, Row[]>();
  for (const row of rows) {
    const list = byId.get(row.deal_id);
    if (list === undefined) byId.set(row.deal_id, [row]);
    else list.push(row);
  }
  const collided = new Set([...byId].filter(([, list]) => list.filter((row) => row.changed_field_key === 'add_time').length !== 1).map(([id]) => id));
  const deals = [...byId].flatMap(([id, list]) => {
    if (collided.has(id)) return [];
    const sorted = [...list].sort((a, b) => (a.change_time < b.change_time ? -1 : a.change_time > b.change_time ? 1 : 0));
    const history: DealEvent[] = [];
    let stage = '1';
    let createdOn = '';
    for (const row of sorted) {
      const at = `${row.change_time.replace(' ', 'T')}Z`;
      if (row.changed_field_key === 'add_time') createdOn = at.slice(0, 10);
      else if (row.changed_field_key === 'stage_id') {
        history.push(
          history.length === 0
            ? { type: 'created', at, stageId: row.new_value, amount: null, ownerId: null, expectedCloseOn: null }
            : { type: 'stage-changed', at, from: stage, to: row.new_value },
        );
        stage = row.new_value;
      } else if (row.changed_field_key === 'lost_reason') history.push({ type: 'lost', at, from: stage, to: 'lost', reason: row.new_value });
    }
    const closedOn = history[history.length - 1]?.at.slice(0, 10) ?? null;
    const lossReason = history.flatMap((event) => (event.type === 'lost' ? [event.reason ?? ''] : []))[0] ?? '';
    return [createDeal({ id, pipelineId: 'log', stageId: 'lost', status: 'lost', createdOn, closedOn, lossReason, history })];
  });
  return { deals, collided };
}

/** The definition of the reference, literally. */
function dwellOf(rows: readonly Row[], isCounted: (id: string) => boolean): { readonly dwell: Map<string, number[]>; readonly moves: Map<string, number> } {
  const dwell = new Map<string, number[]>();
  const moves = new Map<string, number>();
  const last = new Map<string, Row>();
  const ordered = rows
    .map((row, place) => ({ row, place }))
    .sort((a, b) => (a.row.change_time < b.row.change_time ? -1 : a.row.change_time > b.row.change_time ? 1 : a.place - b.place));
  for (const { row } of ordered) {
    if (row.changed_field_key !== 'stage_id' || !isCounted(row.deal_id)) continue;
    const before = last.get(row.deal_id);
    last.set(row.deal_id, row);
    if (before === undefined) continue;
    const days = (Date.parse(`${row.change_time.replace(' ', 'T')}Z`) - Date.parse(`${before.change_time.replace(' ', 'T')}Z`)) / 86_400_000;
    dwell.set(before.new_value, [...(dwell.get(before.new_value) ?? []), days]);
    const key = `${before.new_value}->${row.new_value}`;
    moves.set(key, (moves.get(key) ?? 0) + 1);
  }
  return { dwell, moves };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describeWithReference('a change log in the shape of Pipedrive', () => {
  const reference = readReferenceJson<Reference>('data/pipedrive-deal-changes/reference.json');
  let rows: readonly Row[];
  let deals: readonly Deal[];
  let collided: ReadonlySet<string>;
  beforeAll(() => {
    rows = parse(readReferenceText('data/pipedrive-deal-changes/deal_changes.csv'), { columns: true, skip_empty_lines: true });
    ({ deals, collided } = dealsOf(rows));
  });

  it('is read as the reference reads it', () => {
    expect([deals.length, collided.size]).toEqual([1990, 5]);
    const { dwell, moves } = dwellOf(rows, () => true);
    for (const stage of STAGES) {
      expect(dwell.get(stage)?.length).toBe(reference.dwell_days[stage]?.n);
      expect(mean(dwell.get(stage) ?? [])).toBeCloseTo(reference.dwell_days[stage]?.mean ?? 0, 6);
    }
    expect(Object.fromEntries([...moves].sort())).toEqual(Object.fromEntries(Object.entries(reference.transitions).sort()));
  });

  it('gives the same dwell times and moves, deal by deal of one life', () => {
    const { dwell, moves } = dwellOf(rows, (id) => !collided.has(id));
    const durations = stageDurations(deals, { pipeline, asOf: '2025-04-01' });
    const { pipelines, issues } = stageTransitions(deals, { pipeline, asOf: '2025-04-01' });
    expect([durations.issues, issues]).toEqual([[], []]);
    for (const [place, stage] of durations.stages.entries()) {
      const slow = dwell.get(stage.stageId) ?? [];
      expect(stage.moved.n).toBe(slow.length);
      if (slow.length > 0) {
        expect(stage.moved.meanDays).toBeCloseTo(mean(slow), 9);
        expect([stage.moved.minimumDays, stage.moved.maximumDays]).toEqual([Math.min(...slow), Math.max(...slow)]);
      }
      for (const [to, target] of STAGES.entries()) expect(pipelines[0]?.counts[place]?.[to]).toBe(moves.get(`${stage.stageId}->${target}`) ?? 0);
    }
    // The five ids with two lives have all steps back, and 2,502 − 2,498 of the skips.
    expect(pipelines[0]?.movedBack).toBe([...moves].reduce((sum, [key, count]) => sum + (Number(key[3]) < Number(key[0]) ? count : 0), 0));
    expect(pipelines[0]?.skippedForward).toBe([...moves].reduce((sum, [key, count]) => sum + (Number(key[3]) > Number(key[0]) + 1 ? count : 0), 0));
    expect((pipelines[0]?.skippedForward ?? 0) / reference.skipped_forward).toBeGreaterThan(0.99);
  });

  it('enters stages as often, literally and passed through', () => {
    const literal = stageConversion(deals, { pipeline, asOf: '2025-04-01', method: 'closed', entered: 'literal', target: 'forward' });
    const passed = stageConversion(deals, { pipeline, asOf: '2025-04-01', method: 'closed', target: 'forward' });
    const counted = rows.filter((row) => row.changed_field_key === 'stage_id' && !collided.has(row.deal_id));
    for (const [place, stage] of literal.stages.entries()) {
      expect(stage.denominator).toBe(new Set(counted.filter((row) => row.new_value === stage.stageId).map((row) => row.deal_id)).size);
      expect(Math.abs(stage.denominator - (reference.stage_entries[stage.stageId] ?? 0))).toBeLessThanOrEqual(10);
      expect(passed.stages[place]?.denominator).toBeGreaterThanOrEqual(stage.denominator);
    }
    // Everybody is lost in the end.
    expect(stageConversion(deals, { pipeline, asOf: '2025-04-01', method: 'closed' }).stages.map(({ value }) => value)).toEqual(STAGES.map(() => 0));
  });

  it('takes about as long, and longer than it seemed half way', () => {
    const done = dealLifetimes(deals, { pipeline, asOf: '2025-04-01' });
    expect(done.closed.n).toBe(1990);
    expect(Math.abs((done.closed.meanDays ?? 0) - reference.cycle_days.mean)).toBeLessThan(0.6);
    expect(Math.abs((done.closed.medianDays ?? 0) - reference.cycle_days.median)).toBeLessThanOrEqual(1);
    expect(done.timeToResolution?.restrictedMean.mean).toBeCloseTo(done.closed.meanDays ?? 0, 9);
    const half = dealLifetimes(deals, { pipeline, asOf: '2024-07-01' });
    const truth = done.closed.medianDays ?? 0;
    expect(Math.abs((half.timeToResolution?.median.time ?? 0) - truth)).toBeLessThan(Math.abs((half.closed.medianDays ?? 0) - truth));
  });
});
