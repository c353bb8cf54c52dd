/* Adjustments, holds and disputes: read once, then applied to each payee's period before draws, so that a draw sees what is really payable. */
import { MAX_EPOCH_DAY } from '../../calendar/epoch-day.js';
import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioFromDecimal, ratioMultiply, ratioNegate, ratioRound } from '../../decimal/ratio.js';
import { exactValueOfRatio, traceOf } from '../../decimal/traced-arithmetic.js';
import { checkId, checkKeys, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { validateMoney } from '../../money/read-money.js';
import type { Adjustment } from '../adjustment.js';
import type { StatementNote, StatementSection } from '../statement.js';
import type { Cell } from './cells.js';
import { type CellResult, liveState, type RoundedLine, type RunContext, roundingOf } from './evaluate-cell.js';
import { readDay } from './row-fields.js';

/** An adjustment with its days as numbers. */
export interface ReadAdjustment {
  readonly adjustment: Adjustment;
  readonly index: number;
  readonly from: number;
  readonly until: number;
}

const KEYS = ['id', 'payeeId', 'type', 'on', 'until', 'amount', 'componentId', 'lineId', 'reason', 'author', 'approver', 'recordedAt'];

/** Reads the list; a row that cannot be used is reported and set aside. */
export function readAdjustments(list: readonly unknown[], gone: ReadonlySet<number>, issues: Issue[]): ReadonlyMap<string, readonly ReadAdjustment[]> {
  const byPayee = new Map<string, ReadAdjustment[]>();
  const seen = new Set<string>();
  list.forEach((entry, index) => {
    if (gone.has(index)) return;
    const path = ['adjustments', index];
    const own: IssueSink = [];
    const record = checkRecord(entry, path, own, 'an adjustment { id, payeeId, type, on, reason, author }');
    if (record !== undefined) {
      checkKeys(record, KEYS, path, own);
      for (const key of ['id', 'payeeId']) checkId(record[key], [...path, key], own);
      for (const key of ['reason', 'author']) checkText(record[key], [...path, key], own);
      for (const key of ['componentId', 'lineId', 'approver']) if (record[key] !== undefined) checkText(record[key], [...path, key], own);
      const type = checkOneOf(record['type'], ['adjustment', 'hold', 'dispute'], [...path, 'type'], own);
      if (type === 'adjustment') own.push(...validateMoney(record['amount'], [...path, 'amount']));
      if (type !== undefined && type !== 'dispute' && record['approver'] === undefined)
        own.push(createIssue('approval_required', [...path, 'approver'], { expected: 'who allowed it' }));
    }
    const from = record === undefined ? Number.NaN : readDay(record['on'], [...path, 'on'], own);
    const until = record?.['until'] === undefined ? MAX_EPOCH_DAY : readDay(record['until'], [...path, 'until'], own);
    const adjustment = entry as Adjustment;
    if (own.length === 0 && seen.has(adjustment.id)) own.push(createIssue('duplicate_id', [...path, 'id'], { received: adjustment.id }));
    issues.push(...own);
    if (own.length > 0) return;
    seen.add(adjustment.id);
    const known = byPayee.get(adjustment.payeeId) ?? [];
    known.push({ adjustment, index, from, until });
    byPayee.set(
      adjustment.payeeId,
      known.sort((a, b) => a.from - b.from || (a.adjustment.id < b.adjustment.id ? -1 : 1)),
    );
  });
  return byPayee;
}

/** Applies a payee's adjustments to a cell. The first cell of a payee's period takes those that name no component. */
export function applyAdjustments(run: RunContext, cell: Cell, result: CellResult, list: readonly ReadAdjustment[], isFirst: boolean): void {
  for (const entry of list) {
    const { adjustment } = entry;
    const { componentId } = adjustment;
    const isMine = componentId === undefined ? isFirst || adjustment.type === 'hold' : cell.plan.components.some((component) => component.id === componentId);
    if (!isMine) continue;
    if (adjustment.type === 'hold') applyHold(run, cell, result, entry);
    else if (entry.from >= cell.start && entry.from < cell.end) {
      result.notes.push(noteOf(adjustment));
      if (adjustment.type === 'adjustment') applyAmount(run, cell, result, entry);
    }
  }
}

function noteOf(adjustment: Adjustment): StatementNote {
  const { id, type, reason, author, approver, componentId, lineId } = adjustment;
  return {
    id,
    type,
    reason,
    author,
    ...(approver === undefined ? {} : { approver }),
    ...(componentId === undefined ? {} : { componentId }),
    ...(lineId === undefined ? {} : { lineId }),
  };
}

function applyAmount(run: RunContext, cell: Cell, result: CellResult, { adjustment, index }: ReadAdjustment): void {
  const { amount } = adjustment;
  const read = readDecimal(amount?.amount);
  if (amount === undefined || typeof read !== 'string') return;
  const { currency } = cell.plan;
  const found = amount.currency === currency ? { rate: '1' } : run.book.rates?.find({ from: amount.currency, to: currency, on: adjustment.on });
  if (found === undefined || found.rate === null) {
    run.issues.push(
      createIssue('missing_rate', ['adjustments', index, 'amount'], { expected: `a rate from ${amount.currency} to ${currency} on ${adjustment.on}`, received: amount.currency }),
    );
    return;
  }
  const value = ratioRound(ratioMultiply(ratioFromDecimal(read), ratioFromDecimal(found.rate)), roundingOf(cell.plan));
  pushLine(run, cell, result, adjustment, 'adjustment', adjustment.reason, value);
}

/** While it holds, what the components post is kept back; in the first period without it, everything kept back is released. */
function applyHold(run: RunContext, cell: Cell, result: CellResult, { adjustment, from, until }: ReadAdjustment): void {
  const state = liveState(run, cell, HOLDS);
  const key = `hold ${adjustment.id}`;
  const held = state.totals.get(key)?.value ?? RATIO_ZERO;
  const holds = from < cell.end && until >= cell.end;
  if (holds) {
    const posted = result.lines
      .filter((line) => line.componentId !== HOLDS && (adjustment.componentId === undefined || line.componentId === adjustment.componentId))
      .reduce((sum, line) => ratioAdd(sum, line.amount), RATIO_ZERO);
    result.notes.push(noteOf(adjustment));
    if (posted.n === 0n) return;
    state.totals.set(key, { window: '0001-01-01', value: ratioAdd(held, posted) });
    pushLine(run, cell, result, adjustment, 'holdback', `On hold: ${adjustment.reason}`, ratioNegate(posted));
  } else if (until < cell.end && held.n !== 0n) {
    state.totals.delete(key);
    result.notes.push(noteOf(adjustment));
    pushLine(run, cell, result, adjustment, 'release', `Hold released: ${adjustment.reason}`, held);
  }
}

/** The component id under which lines that no component posts stand. */
export const HOLDS = '#adjustments';

function pushLine(run: RunContext, cell: Cell, result: CellResult, adjustment: Adjustment, section: StatementSection, label: string, amount: Ratio): void {
  const trace = run.detail === 'statement' ? undefined : traceOf(exactValueOfRatio(amount, { name: label, unit: cell.plan.currency, source: adjustment.id }), label);
  const line: RoundedLine = { componentId: HOLDS, kind: adjustment.type, section, label, amount, parts: [], ...(trace === undefined ? {} : { trace }) };
  result.lines.push(line);
}
