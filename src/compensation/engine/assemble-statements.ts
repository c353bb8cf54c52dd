/* Rounded lines of cells → statements: one for each payee, period and currency. */

import { formatUnits, RATIO_ZERO, type Ratio, ratioAdd, ratioToDecimal, roundedUnits } from '../../decimal/ratio.js';
import { ratioOf } from '../../decimal/traced-arithmetic.js';
import { padAmount } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';
import { type LedgerEntry, ledgerEntryOf } from '../ledger.js';
import type { ComponentTotal, LineCredit, Statement, StatementLine, StatementSection } from '../statement.js';
import type { CreditPart } from '../tier-payout.js';
import type { Cell } from './cells.js';
import { type CellResult, type RoundedLine, shown } from './evaluate-cell.js';
import type { CompensationDetail } from './run-input.js';

/** Money from an exact amount that needs no rounding any more. */
export function moneyOfRatio(amount: Ratio, currency: string): Money {
  const text = ratioToDecimal(amount) ?? formatUnits(roundedUnits(amount, 12, 'half-even'), 12);
  return { amount: padAmount(text, exponentOf(currency)), currency };
}

interface Draft {
  readonly cells: Cell[];
  readonly results: CellResult[];
}

/** Puts statements together. */
export function assembleStatements(
  cells: readonly Cell[],
  results: ReadonlyMap<Cell, CellResult>,
  detail: CompensationDetail,
): { readonly statements: readonly Statement[]; readonly ledger: readonly LedgerEntry[] } {
  const drafts = new Map<string, Draft>();
  for (const cell of cells) {
    const result = results.get(cell);
    if (result === undefined) continue;
    const id = `${cell.payee.payee.id}/${cell.period.label}/${cell.plan.currency}`;
    const draft = drafts.get(id) ?? { cells: [], results: [] };
    draft.cells.push(cell);
    draft.results.push(result);
    drafts.set(id, draft);
  }
  const statements: Statement[] = [];
  const ledger: LedgerEntry[] = [];
  for (const [id, draft] of drafts) {
    const statement = statementOf(id, draft, detail);
    if (statement === undefined) continue;
    statements.push(statement);
    const costCenter = draft.cells[0]?.payee.payee.costCenter;
    for (const line of statement.lines) ledger.push(ledgerEntryOf(line, statement, costCenter));
  }
  const order = (a: { readonly payeeId: string; readonly period: { readonly start: string; readonly endExclusive: string } }, b: typeof a): number =>
    byText(a.payeeId, b.payeeId) || byText(a.period.endExclusive, b.period.endExclusive) || byText(b.period.start, a.period.start);
  const sorted = statements.sort(order);
  const rank = new Map(sorted.map((statement, index) => [statement.id, index]));
  return { statements: sorted, ledger: ledger.sort((a, b) => (rank.get(a.statementId) ?? 0) - (rank.get(b.statementId) ?? 0)) };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function statementOf(id: string, draft: Draft, detail: CompensationDetail): Statement | undefined {
  const [first] = draft.cells;
  if (first === undefined) return undefined;
  const { payee } = first.payee;
  const { currency } = first.plan;
  const lines: StatementLine[] = [];
  const totals = new Map<string, { readonly planId: string; readonly componentId: string; readonly section: StatementSection; amount: Ratio }>();
  const counts = new Map<string, number>();
  let total = RATIO_ZERO;
  draft.cells.forEach((cell, place) => {
    for (const line of draft.results[place]?.lines ?? []) {
      total = ratioAdd(total, line.amount);
      const key = `${cell.plan.id}/${line.componentId}/${line.section}`;
      const sum = totals.get(key);
      if (sum === undefined) totals.set(key, { planId: cell.plan.id, componentId: line.componentId, section: line.section, amount: line.amount });
      else sum.amount = ratioAdd(sum.amount, line.amount);
      if (detail === 'statement') continue;
      const name = `${cell.plan.id}/${line.componentId}`;
      const number = (counts.get(name) ?? 0) + 1;
      counts.set(name, number);
      lines.push(lineOf(`${id}/${name}/${number}`, cell.plan.id, line, currency));
    }
  });
  const components: ComponentTotal[] = [...totals.values()].map((entry) => ({ ...entry, amount: moneyOfRatio(entry.amount, currency) }));
  return {
    formatVersion: 1,
    id,
    payeeId: payee.id,
    ...(payee.name === undefined ? {} : { payeeName: payee.name }),
    period: first.period,
    planIds: [...new Set(draft.cells.map((cell) => cell.plan.id))],
    lines,
    components,
    attainment: draft.results.flatMap((result) => result.attainment),
    total: moneyOfRatio(total, currency),
  };
}

function lineOf(id: string, planId: string, line: RoundedLine, currency: string): StatementLine {
  const amount = moneyOfRatio(line.amount, currency);
  const rate = line.rate === undefined ? null : ratioToDecimal(ratioOf(line.rate));
  return {
    id,
    planId,
    componentId: line.componentId,
    kind: line.kind,
    section: line.section,
    label: line.label,
    ...(line.basis === undefined ? {} : { basis: shown(ratioOf(line.basis)) }),
    ...(line.basisUnit === undefined ? {} : { basisUnit: line.basisUnit }),
    ...(rate === null ? {} : { rate }),
    amount,
    dealIds: [...new Set(line.parts.flatMap((part) => (part.dealId === undefined ? [] : [part.dealId])))],
    credits: line.parts.map(lineCredit),
    trace: line.trace ?? {
      op: 'input',
      label: line.label,
      inputs: [{ name: line.label, value: ratioToDecimal(line.amount) ?? '0', unit: currency }],
      output: ratioToDecimal(line.amount) ?? '0',
      unit: currency,
    },
  };
}

function lineCredit(part: CreditPart): LineCredit {
  return { creditId: part.creditId, ...(part.dealId === undefined ? {} : { dealId: part.dealId }), basis: shown(part.basis) };
}
