import { readEventTime } from '../../calendar/instant.js';
import type { Deal } from '../../deals/deal.js';
import type { EventTime } from '../../deals/deal-event.js';
import { issuesOfDeal, looksLikeDeal } from '../../deals/deal-guard.js';
import { splitDealAmount } from '../../deals/split-deal-amount.js';
import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { isDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { checkPipelines } from '../../pipelines/find-pipeline.js';
import { stageForecastCategory } from '../../pipelines/find-stage.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { compensatedSum } from '../../stats/compensated-sum.js';

/**
 * An amount that somebody brings to a forecast.
 *
 * @category forecasting
 */
export interface ForecastEntry {
  /** Who; `null` where nobody owns it: it then counts in the company alone. */
  readonly ownerId: string | null;
  /** Its forecast category. */
  readonly category: string;
  /** The amount, in the one currency of the call. */
  readonly amount: number;
  /** `overlay` amounts are credited on top: they never enter a revenue total. Default `revenue`. */
  readonly kind?: 'revenue' | 'overlay';
}

/**
 * A person or team in the roll-up.
 *
 * @category forecasting
 */
export interface RollUpNode {
  /** Its id: owners of entries and authors of overrides are nodes. */
  readonly id: string;
  /** The node that it rolls up to; `null` at the top. */
  readonly parentId: string | null;
}

/**
 * A judgement in place of a computed value. By the node itself it is what the owner commits to; by the parent it is what the manager makes of it, and goes before the owner's.
 *
 * @category forecasting
 */
export interface ForecastOverride {
  /** The node whose value is replaced. */
  readonly nodeId: string;
  /** The category. */
  readonly category: string;
  /** The value in its place. */
  readonly value: number;
  /** The author: the node itself or its parent. */
  readonly by: string;
  /** When. */
  readonly at: EventTime;
  /** The value that was replaced, as it was then: if it has moved, the override is stale. */
  readonly base: number;
  /** Why. */
  readonly note?: string;
}

/**
 * An override that is in force.
 *
 * @category forecasting
 */
export interface AppliedOverride extends ForecastOverride {
  /** The value that it replaces now. */
  readonly currentBase: number;
  /** Whether that has moved since. */
  readonly isStale: boolean;
}

/**
 * A node's value in one category.
 *
 * @category forecasting
 */
export interface RollUpValue {
  /** The category. */
  readonly category: string;
  /** Its own entries. */
  readonly own: number;
  /** Own entries and those of everybody below, without any override. */
  readonly gross: number;
  /** Own entries and what the nodes below are taken to be, after the owner's override. */
  readonly submitted: number;
  /** What the parent rolls up: `submitted`, or the parent's override. */
  readonly adjusted: number;
  /** adjusted − gross. */
  readonly delta: number;
  /** The overrides in force. */
  readonly overrides: readonly AppliedOverride[];
  /** Overlay amounts of everybody below and itself; in no total. */
  readonly overlay: number;
}

/**
 * A node of the roll-up.
 *
 * @category forecasting
 */
export interface RolledUpNode {
  /** The node. */
  readonly id: string;
  /** Its parent. */
  readonly parentId: string | null;
  /** Its values, in the order of the categories. */
  readonly values: readonly RollUpValue[];
}

/**
 * Result of {@link rollUpForecast}.
 *
 * @category forecasting
 */
export interface ForecastRollUp {
  /** The nodes, by id. */
  readonly nodes: readonly RolledUpNode[];
  /** The company by category: gross is every revenue entry once; adjusted what the top nodes come to, with entries that nobody owns. */
  readonly company: readonly { readonly category: string; readonly gross: number; readonly adjusted: number; readonly overlay: number }[];
  /** Entries without an owner, by category. */
  readonly unassigned: readonly { readonly category: string; readonly amount: number }[];
}

/**
 * Options of {@link rollUpForecast}.
 *
 * @category forecasting
 */
export interface RollUpForecastOptions {
  /** The nodes. */
  readonly nodes: readonly RollUpNode[];
  /** Categories, in the order of the result. Entries of `omitted` count nowhere. */
  readonly categories: readonly string[];
  /** Overrides; of several by one author for one value, the latest counts. */
  readonly overrides?: readonly ForecastOverride[];
}

const MAX_NODES = 100_000;
/** Relative difference up to which a base has not moved. */
const SAME = 1e-9;

/**
 * Rolls a forecast up a hierarchy with the judgement of owners and managers kept apart from what is computed. For each node and category: gross = own + everybody below;
 * submitted = the owner's override, or own + Σ adjusted of the nodes below; adjusted = the parent's override, or submitted. An override replaces only what its
 * viewer rolls up; base, author and time stay with it, and it is stale once the value it replaced has moved. Revenue entries count once in the company, overlay apart.
 *
 * @param entries - amounts by owner and category, for example from {@link splitForecastEntries}
 * @param options - nodes, categories, overrides
 * @returns the values of every node, and of the company
 * @throws DomainError `invalid_type` | `unknown_reference` | `duplicate_id` | `reporting_cycle` | `not_finite` | `unknown_key` | `missing_key` | `invalid_value` | `too_long` | `invalid_instant`
 * @example
 * ```ts
 * import { rollUpForecast } from 'dealwright/forecasting';
 * const rollUp = rollUpForecast([{ ownerId: 'ann', category: 'commit', amount: 100 }, { ownerId: 'bob', category: 'commit', amount: 50 }], {
 *   nodes: [{ id: 'mia', parentId: null }, { id: 'ann', parentId: 'mia' }, { id: 'bob', parentId: 'mia' }],
 *   categories: ['commit'],
 *   overrides: [{ nodeId: 'ann', category: 'commit', value: 80, by: 'mia', at: '2026-08-01', base: 90 }],
 * });
 * rollUp.company[0]; // => { category: 'commit', gross: 150, adjusted: 130, overlay: 0 }
 * rollUp.nodes[0].values[0].overrides[0].isStale; // => true
 * ```
 * @category forecasting
 */
export function rollUpForecast(entries: readonly ForecastEntry[], options: RollUpForecastOptions): ForecastRollUp {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['nodes', 'categories', 'overrides'], [], issues);
  const categories: string[] = [];
  for (const [i, item] of (checkList(record.categories, ['categories'], issues, { min: 1 }) ?? []).entries()) {
    const id = checkId(item, ['categories', i], issues);
    if (id !== undefined && categories.includes(id)) issues.push(createIssue('duplicate_id', ['categories', i], { received: id }));
    else if (id !== undefined) categories.push(id);
  }
  const parents = readNodes(record.nodes, issues);
  const { revenue, overlay } = readEntries(entries, parents, categories, issues);
  const overrides = readOverrides(record.overrides, parents, categories, issues);
  const order = bottomUp(parents, issues);
  throwIfIssues(issues);

  const children = new Map<string, string[]>();
  for (const id of order) {
    const parent = parents.get(id);
    if (typeof parent === 'string') children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const values = new Map<string, RollUpValue[]>();
  for (const id of order) {
    const below = (children.get(id) ?? []).sort();
    const parent = parents.get(id) ?? null;
    values.set(
      id,
      categories.map((category, c) => {
        const parts = below.flatMap((child) => values.get(child)?.[c] ?? []);
        const own = sumOf(revenue.get(keyOf(id, category)));
        const computed = total([own, ...parts.map(({ adjusted }) => adjusted)]);
        const gross = total([own, ...parts.map((part) => part.gross)]);
        const applied: AppliedOverride[] = [];
        const apply = (by: string, base: number): number => {
          const override = overrides.get(keyOf(id, category, by));
          if (override === undefined) return base;
          applied.push({ ...override, currentBase: base, isStale: Math.abs(base - override.base) > SAME * Math.max(1, Math.abs(base), Math.abs(override.base)) });
          return override.value;
        };
        const submitted = apply(id, computed);
        const adjusted = parent === null ? submitted : apply(parent, submitted);
        return {
          category,
          own,
          gross,
          submitted,
          adjusted,
          delta: adjusted - gross,
          overrides: applied,
          overlay: total([sumOf(overlay.get(keyOf(id, category))), ...parts.map((part) => part.overlay)]),
        };
      }),
    );
  }
  const tops = order.filter((id) => (parents.get(id) ?? null) === null).sort();
  const unassigned = categories.map((category) => ({ category, amount: sumOf(revenue.get(keyOf(null, category))) }));
  return {
    nodes: [...order].sort().map((id) => ({ id, parentId: parents.get(id) ?? null, values: values.get(id) ?? [] })),
    company: categories.map((category, c) => {
      const parts = tops.flatMap((id) => values.get(id)?.[c] ?? []);
      const rest = unassigned[c]?.amount ?? 0;
      return {
        category,
        gross: total([rest, ...parts.map(({ gross }) => gross)]),
        adjusted: total([rest, ...parts.map(({ adjusted }) => adjusted)]),
        overlay: total([sumOf(overlay.get(keyOf(null, category))), ...parts.map((part) => part.overlay)]),
      };
    }),
    unassigned,
  };
}

function keyOf(id: string | null, category: string, by = ''): string {
  return JSON.stringify([id, category, by]);
}

function sumOf(amounts: readonly number[] | undefined): number {
  return amounts === undefined ? 0 : total(amounts);
}

/** A sum that does not depend on the order. */
function total(amounts: readonly number[]): number {
  return compensatedSum(Float64Array.from(amounts).sort());
}

function readNodes(value: unknown, issues: IssueSink): ReadonlyMap<string, string | null> {
  const parents = new Map<string, string | null>();
  const list = checkList(value, ['nodes'], issues) ?? [];
  if (list.length > MAX_NODES) {
    issues.push(createIssue('too_long', ['nodes'], { expected: `at most ${MAX_NODES} nodes`, received: list }));
    return parents;
  }
  for (const [i, item] of list.entries()) {
    const record = checkRecord(item, ['nodes', i], issues, '{ id, parentId }');
    if (record === undefined) continue;
    checkKeys(record, ['id', 'parentId'], ['nodes', i], issues);
    const id = checkId(record.id, ['nodes', i, 'id'], issues);
    const parent = record.parentId === null ? null : checkId(record.parentId, ['nodes', i, 'parentId'], issues);
    if (id === undefined || parent === undefined) continue;
    if (parents.has(id)) issues.push(createIssue('duplicate_id', ['nodes', i, 'id'], { received: id }));
    parents.set(id, parent);
  }
  for (const [id, parent] of parents)
    if (parent !== null && !parents.has(parent)) issues.push(createIssue('unknown_reference', ['nodes', id, 'parentId'], { expected: 'the id of a node', received: parent }));
  return parents;
}

/** Children before their parents. */
function bottomUp(parents: ReadonlyMap<string, string | null>, issues: IssueSink): readonly string[] {
  const waiting = new Map<string, number>();
  for (const parent of parents.values()) if (parent !== null) waiting.set(parent, (waiting.get(parent) ?? 0) + 1);
  const ready = [...parents.keys()].filter((id) => !waiting.has(id)).sort();
  const order: string[] = [];
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    order.push(id);
    const parent = parents.get(id);
    if (typeof parent !== 'string') continue;
    const left = (waiting.get(parent) ?? 0) - 1;
    waiting.set(parent, left);
    if (left === 0) ready.push(parent);
  }
  if (order.length < parents.size && issues.length === 0) {
    const [id] = [...parents.keys()].filter((node) => !order.includes(node)).sort();
    issues.push(createIssue('reporting_cycle', ['nodes', id ?? ''], { expected: 'no node above itself', received: id }));
  }
  return order;
}

type Amounts = Map<string, number[]>;

function readEntries(
  value: unknown,
  parents: ReadonlyMap<string, string | null>,
  categories: readonly string[],
  issues: IssueSink,
): { readonly revenue: Amounts; readonly overlay: Amounts } {
  const revenue: Amounts = new Map();
  const overlay: Amounts = new Map();
  const list = checkList(value, ['entries'], issues) ?? [];
  for (let i = 0; i < list.length && issues.length < 100; i += 1) {
    const record = checkRecord(list[i], ['entries', i], issues);
    if (record === undefined) continue;
    checkKeys(record, ['ownerId', 'category', 'amount', 'kind'], ['entries', i], issues);
    const owner = record.ownerId === null ? null : checkId(record.ownerId, ['entries', i, 'ownerId'], issues);
    const category = readCategory(record, ['entries', i], [...categories, 'omitted'], issues);
    const amount = checkNumber(record.amount, ['entries', i, 'amount'], issues, { min: -1e100, max: 1e100 });
    const kind = record.kind === undefined ? 'revenue' : checkOneOf(record.kind, ['revenue', 'overlay'], ['entries', i, 'kind'], issues);
    if (owner === undefined || category === undefined || amount === undefined || kind === undefined || category === 'omitted') continue;
    if (owner !== null && !parents.has(owner)) {
      issues.push(createIssue('unknown_reference', ['entries', i, 'ownerId'], { expected: 'the id of a node', received: owner }));
      continue;
    }
    const amounts = kind === 'overlay' ? overlay : revenue;
    const key = keyOf(owner, category);
    const found = amounts.get(key);
    if (found === undefined) amounts.set(key, [amount]);
    else found.push(amount);
  }
  return { revenue, overlay };
}

function readCategory(record: PlainRecord, path: readonly (string | number)[], known: readonly string[], issues: IssueSink): string | undefined {
  const category = checkText(record.category, [...path, 'category'], issues);
  if (category === undefined || known.includes(category)) return category;
  issues.push(createIssue('unknown_reference', [...path, 'category'], { expected: `one of ${known.slice(0, 20).join(', ')}`, received: category }));
  return undefined;
}

function readOverrides(value: unknown, parents: ReadonlyMap<string, string | null>, categories: readonly string[], issues: IssueSink): ReadonlyMap<string, ForecastOverride> {
  const found = new Map<string, ForecastOverride>();
  if (value === undefined) return found;
  for (const [i, item] of (checkList(value, ['overrides'], issues) ?? []).entries()) {
    if (issues.length >= 100) break;
    const path = ['overrides', i];
    const record = checkRecord(item, path, issues);
    if (record === undefined) continue;
    checkKeys(record, ['nodeId', 'category', 'value', 'by', 'at', 'base', 'note'], path, issues);
    const nodeId = checkId(record.nodeId, [...path, 'nodeId'], issues);
    const by = checkId(record.by, [...path, 'by'], issues);
    const category = readCategory(record, path, categories, issues);
    const amount = checkNumber(record.value, [...path, 'value'], issues, { min: -1e100, max: 1e100 });
    const base = checkNumber(record.base, [...path, 'base'], issues, { min: -1e100, max: 1e100 });
    const at = readEventTime(record.at, [...path, 'at']);
    const note = record.note === undefined ? undefined : checkText(record.note, [...path, 'note'], issues, { allowEmpty: true });
    if (typeof at !== 'string') issues.push(at);
    if (nodeId === undefined || by === undefined || category === undefined || amount === undefined || base === undefined || typeof at !== 'string') continue;
    if (!parents.has(nodeId)) {
      issues.push(createIssue('unknown_reference', [...path, 'nodeId'], { expected: 'the id of a node', received: nodeId }));
      continue;
    }
    if (by !== nodeId && by !== parents.get(nodeId)) {
      issues.push(createIssue('invalid_value', [...path, 'by'], { expected: 'the node itself or its direct manager', received: by }));
      continue;
    }
    const key = keyOf(nodeId, category, by);
    const before = found.get(key);
    const next: ForecastOverride = { nodeId, category, value: amount, by, at, base, ...(note === undefined ? {} : { note }) };
    // Of two at the same time the larger one, so that the order of the list does not matter.
    if (before === undefined || at > before.at || (at === before.at && amount > before.value)) found.set(key, next);
  }
  return found;
}

/**
 * Options of {@link splitForecastEntries}.
 *
 * @category forecasting
 */
export interface SplitForecastEntriesOptions {
  /** The pipeline, for the category of a stage; deals of others are not looked at. */
  readonly pipeline: Pipeline;
  /** The currency; deals in another one become issues. */
  readonly currency: string;
}

/**
 * Entries of a roll-up, and what was left out.
 *
 * @category forecasting
 */
export interface SplitForecastEntries {
  /** One for each share of a deal. */
  readonly entries: readonly ForecastEntry[];
  /** Deals that were left out, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

/**
 * Divides deals, as they stand in the record, into entries of a roll-up: one for each revenue share, exact to the minor unit so that splits never inflate the total, and one
 * for each overlay share. Lost and deleted deals give none.
 *
 * @param deals - open and won deals of the period
 * @param options - pipeline and currency
 * @returns the entries
 * @throws DomainError `invalid_type` | `missing_key` | `unknown_key`, or what is wrong with the pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { splitForecastEntries } from 'dealwright/forecasting';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const deal = createDeal({
 *   id: 'a', pipelineId: 'b2b', stageId: 'demo', amount: money('100.01', 'USD'), forecastCategory: 'commit',
 *   splits: [{ payeeId: 'ann', kind: 'revenue', share: '0.5' }, { payeeId: 'bob', kind: 'revenue', share: '0.5' }, { payeeId: 'eve', kind: 'overlay', share: '0.2' }],
 * });
 * splitForecastEntries([deal], { pipeline: b2bPipeline, currency: 'USD' }).entries.map((entry) => entry.amount); // => [50.01, 50, 20]
 * ```
 * @category forecasting
 */
export function splitForecastEntries(deals: readonly Deal<object>[], options: SplitForecastEntriesOptions): SplitForecastEntries {
  const wrong: IssueSink = [];
  const record = checkRecord(options, ['options'], wrong) ?? {};
  checkKeys(record, ['pipeline', 'currency'], [], wrong);
  const pipelines = checkPipelines(record.pipeline, wrong);
  const currency = checkText(record.currency, ['currency'], wrong);
  const list = checkList(deals, ['deals'], wrong) ?? [];
  throwIfIssues(wrong);
  const issues: IssueSink = [];
  const entries: ForecastEntry[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const deal = list[index];
    if (!looksLikeDeal(deal)) {
      issues.push(...issuesOfDeal(deal, [index]));
      continue;
    }
    const pipeline = pipelines.get(deal.pipelineId);
    if (pipeline === undefined || deal.status === 'lost' || deal.status === 'deleted') continue;
    const stage = pipeline.stages.find(({ id }) => id === deal.stageId);
    if (stage === undefined) {
      issues.push(createIssue('unknown_stage', [index, 'stageId'], { expected: 'a stage of the pipeline', received: deal.stageId }));
      continue;
    }
    const category = deal.forecastCategory ?? stageForecastCategory(stage);
    try {
      const parts = splitDealAmount(deal);
      if (deal.amount === null) {
        issues.push(createIssue('missing_amount', [index, 'amount'], { expected: 'an amount' }));
        continue;
      }
      if (deal.amount.currency !== currency) {
        issues.push(createIssue('currency_mismatch', [index, 'amount', 'currency'], { expected: `"${currency}"`, received: deal.amount.currency }));
        continue;
      }
      if (parts.basis === 'none') entries.push({ ownerId: null, category, amount: Number(deal.amount.amount), kind: 'revenue' });
      for (const { payeeId, amount } of parts.revenue) entries.push({ ownerId: payeeId, category, amount: Number(amount?.amount ?? 0), kind: 'revenue' });
      for (const { payeeId, amount } of parts.overlay) entries.push({ ownerId: payeeId, category, amount: Number(amount?.amount ?? 0), kind: 'overlay' });
    } catch (error) {
      if (!isDomainError(error)) throw error;
      issues.push(...error.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    }
  }
  return { entries, issues };
}
