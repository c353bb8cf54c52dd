/* Rounded lines of cells → statements: one for each payee, period and currency. */

import { RATIO_ZERO, type Ratio, ratioAdd, ratioSign, ratioToDecimal } from '../../decimal/ratio.js';
import { ratioOf } from '../../decimal/traced-arithmetic.js';
import { type LedgerEntry, ledgerEntryOf } from '../ledger.js';
import type { ComponentTotal, LineCredit, Statement, StatementBalance, StatementLine, StatementSection } from '../statement.js';
import type { CreditPart } from '../tier-band.js';
import type { Cell } from './cells.js';
import { convertPay, type PaidLines, type PayBook } from './convert-pay.js';
import { type CellResult, type RoundedLine, shown } from './evaluate-cell.js';
import { moneyOfRatio } from './money-of-ratio.js';
import type { CompensationDetail } from './run-input.js';

export { moneyOfRatio } from './money-of-ratio.js';

/** The hash of everything that a statement's cells were computed from. */
export type StatementHasher = (cells: readonly Cell[]) => string;

/** Version of the arithmetic; raised when a figure may change. */
export const ENGINE_VERSION = '1';

interface Draft {
  readonly cells: Cell[];
  readonly results: CellResult[];
}

/** Puts statements together. */
export function assembleStatements(
  cells: readonly Cell[],
  results: ReadonlyMap<Cell, CellResult>,
  detail: CompensationDetail,
  hashOf: StatementHasher | undefined,
  book: PayBook,
): { readonly statements: readonly Statement[]; readonly ledger: readonly LedgerEntry[] } {
  const drafts = new Map<string, Draft>();
  for (const cell of cells) {
    const result = results.get(cell);
    if (result === undefined) continue;
    const id = `${cell.payee.payee.id}/${cell.period.label}/${currenciesOf(cell)}`;
    const draft = drafts.get(id) ?? { cells: [], results: [] };
    draft.cells.push(cell);
    draft.results.push(result);
    drafts.set(id, draft);
  }
  const statements: Statement[] = [];
  const ledger: LedgerEntry[] = [];
  for (const [id, draft] of drafts) {
    const statement = statementOf(id, draft, detail, hashOf, book);
    if (statement === undefined) continue;
    statements.push(statement);
    const costCenter = draft.cells[0]?.payee.payee.costCenter;
    for (const line of statement.lines) ledger.push(ledgerEntryOf(line, statement, costCenter));
  }
  const order = (a: { readonly payeeId: string; readonly period: { readonly start: string; readonly endExclusive: string } }, b: typeof a): number =>
    byText(a.payeeId, b.payeeId) || byText(a.period.endExclusive, b.period.endExclusive) || byText(b.period.start, a.period.start);
  const sorted = statements.sort(order);
  if (ledger.length === 0) return { statements: sorted, ledger };
  const rank = new Map(sorted.map((statement, index) => [statement.id, index]));
  return { statements: sorted, ledger: ledger.sort((a, b) => (rank.get(a.statementId) ?? 0) - (rank.get(b.statementId) ?? 0)) };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The plan's currency, and that of pay if it is another one: what is paid in two currencies is on two statements. */
function currenciesOf(cell: Cell): string {
  const { currency, payCurrency = currency } = cell.plan;
  return payCurrency === currency ? currency : `${currency}-${payCurrency}`;
}

/**
 * A statement of totals that has nothing out of the ordinary on it: the same as the long way gives, at a fraction of the cost, since of these there may be
 * hundreds of thousands. Undefined when there is more to it.
 */
function plainStatement(id: string, draft: Draft): Statement | undefined {
  const [cell] = draft.cells;
  const [result] = draft.results;
  if (draft.cells.length !== 1 || cell === undefined || result === undefined || result.notes.length > 0 || result.balances.size > 0) return undefined;
  const { plan, payee } = cell;
  if (plan.payCurrency !== undefined) return undefined;
  const { currency } = plan;
  const sums: { readonly componentId: string; readonly section: StatementSection; amount: Ratio }[] = [];
  let total = RATIO_ZERO;
  for (const line of result.lines) {
    if (line.section === 'allowance') return undefined;
    total = ratioAdd(total, line.amount);
    const sum = sums.find((candidate) => candidate.componentId === line.componentId && candidate.section === line.section);
    if (sum === undefined) sums.push({ componentId: line.componentId, section: line.section, amount: line.amount });
    else sum.amount = ratioAdd(sum.amount, line.amount);
  }
  return {
    formatVersion: 1,
    id,
    payeeId: payee.payee.id,
    ...(payee.payee.name === undefined ? {} : { payeeName: payee.payee.name }),
    period: cell.period,
    planIds: [plan.id],
    lines: [],
    components: sums.map(({ componentId, section, amount }) => ({ planId: plan.id, componentId, section, amount: moneyOfRatio(amount, currency) })),
    attainment: result.attainment,
    engineVersion: ENGINE_VERSION,
    total: moneyOfRatio(total, currency),
  };
}

function statementOf(id: string, draft: Draft, detail: CompensationDetail, hashOf: StatementHasher | undefined, book: PayBook): Statement | undefined {
  const [first] = draft.cells;
  if (first === undefined) return undefined;
  if (detail === 'statement' && hashOf === undefined) {
    const plain = plainStatement(id, draft);
    if (plain !== undefined) return plain;
  }
  const { payee } = first.payee;
  const { currency } = first.plan;
  const lines: StatementLine[] = [];
  const totals = new Map<string, { readonly planId: string; readonly componentId: string; readonly section: StatementSection; amount: Ratio }>();
  const counts = new Map<string, number>();
  let total = RATIO_ZERO;
  const rounded = draft.cells.flatMap((cell, place) => (draft.results[place]?.lines ?? []).map((line) => ({ line, cell })));
  const paid = convertPay(rounded, draft.cells, book);
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
      lines.push(lineOf(`${id}/${name}/${number}`, cell.plan.id, line, currency, paid?.lines[lines.length]));
    }
  });
  // A note about all components stands in every cell, and once on the statement.
  const notes = draft.results.flatMap((result) => result.notes).filter((note, index, all) => all.findIndex((other) => other.id === note.id) === index);
  const allowances = [...totals.values()].filter((entry) => entry.section === 'allowance');
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
    ...balancesOf(draft, currency),
    ...(notes.length === 0 ? {} : { notes }),
    engineVersion: ENGINE_VERSION,
    ...(hashOf === undefined ? {} : { contentHash: hashOf(draft.cells) }),
    ...(allowances.length === 0
      ? {}
      : {
          allowances: moneyOfRatio(
            allowances.reduce((sum, entry) => ratioAdd(sum, entry.amount), RATIO_ZERO),
            currency,
          ),
        }),
    total: moneyOfRatio(total, currency),
    ...(paid === undefined ? {} : { paid: paid.total }),
  };
}

/** What is open at the end of the period; of a component with several segments the last one counts. */
function balancesOf(draft: Draft, currency: string): { readonly balances?: readonly StatementBalance[] } {
  const balances = new Map<string, StatementBalance>();
  draft.cells.forEach((cell, place) => {
    for (const [key, balance] of draft.results[place]?.balances ?? []) {
      const { componentId, name, amount } = balance;
      const known = `${cell.plan.id}/${key}`;
      if (ratioSign(amount) === 0) balances.delete(known);
      else balances.set(known, { planId: cell.plan.id, componentId, name, amount: moneyOfRatio(amount, currency) });
    }
  });
  return balances.size === 0 ? {} : { balances: [...balances.values()] };
}

function lineOf(id: string, planId: string, line: RoundedLine, currency: string, paid: PaidLines['lines'][number]): StatementLine {
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
    ...(paid === undefined ? {} : { paid }),
    ...(line.entryType === undefined ? {} : { entryType: line.entryType }),
    ...(line.memo === undefined ? {} : { memo: moneyOfRatio(ratioOf(line.memo), currency) }),
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
  return {
    creditId: part.creditId,
    ...(part.dealId === undefined ? {} : { dealId: part.dealId }),
    basis: shown(part.basis),
    ...(part.exchange === undefined ? {} : { exchange: part.exchange }),
  };
}
