import { checkBoolean, checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { padAmount } from '../money/canonical-amount.js';
import { exponentOf } from '../money/currencies.js';
import { groupDigits } from '../money/group-digits.js';
import type { Money } from '../money/money.js';
import { checkedStatement } from './check-statement.js';
import { percentOf } from './percent-of.js';
import { type AttainmentEntry, STATEMENT_SECTIONS, type Statement, type StatementLine, type StatementPay, type StatementSection } from './statement.js';

/**
 * How a statement is rendered.
 *
 * @category compensation
 */
export interface RenderStatementOptions {
  /** `text` in columns, `markdown` tables, or `html` (a fragment; everything that comes from data is escaped). Default `text`. */
  readonly format?: 'text' | 'markdown' | 'html';
  /** Whether the deals of each line are listed. Default true. */
  readonly deals?: boolean;
  /** Most deals listed for a line; the rest are counted. Default 10. */
  readonly maxDeals?: number;
  /** Width in characters for format `text`. Default 100. */
  readonly width?: number;
}

const TITLES: Readonly<Record<StatementSection, string>> = {
  salary: 'Salary',
  commission: 'Commission',
  bonus: 'Bonus',
  spiff: 'SPIFF',
  cap: 'Caps',
  holdback: 'Holdback',
  release: 'Release',
  clawback: 'Clawback',
  draw: 'Draw',
  allowance: 'Allowances (not pay)',
  adjustment: 'Adjustments',
  carry: 'Carried',
};

/** What is shown, whatever the format. */
interface Row {
  readonly kind: 'section' | 'line' | 'deal' | 'total' | 'note';
  readonly text: string;
  readonly how: string;
  readonly amount: string;
}

/**
 * Renders a statement for the payee: sections, lines with basis × rate, the deals they consist of, attainment and the total.
 *
 * @param statement - from a run with detail `line` or `credit`; with detail `statement` only the component totals are shown
 * @param options - format, whether deals are listed, width
 * @returns the text; figures grouped as 1,234.50 in every format
 * @throws DomainError with every problem of a value that is no statement, or of the options
 * @example
 * ```ts
 * import { computeCompensation, definePlan, renderStatement } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'flat', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' }] });
 * const { statements } = computeCompensation({
 *   plans: [plan], assignments: [{ payeeId: 'ada', planId: 'flat', from: '2026-01-01' }], payees: [{ id: 'ada', name: 'Ada' }],
 *   credits: [{ id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-05', amount: { amount: '1250.50', currency: 'USD' } }], periods: ['2026-01'],
 * });
 * statements.map((statement) => renderStatement(statement, { format: 'text', width: 60 }).includes('1,250.50 × 10 %')); // => [true]
 * ```
 * @category compensation
 */
export function renderStatement(statement: Statement, options: RenderStatementOptions = {}): string {
  checkedStatement(statement);
  checkOptions(options);
  const rows = rowsOf(statement, options);
  const title = `${statement.payeeName === undefined ? statement.payeeId : `${statement.payeeName} (${statement.payeeId})`} — ${statement.period.label}`;
  switch (options.format ?? 'text') {
    case 'text':
      return renderText(title, rows, options.width ?? 100);
    case 'markdown':
      return renderMarkdown(title, rows);
    case 'html':
      return renderHtml(title, rows);
  }
}

function checkOptions(options: unknown): void {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['format', 'deals', 'maxDeals', 'width'], ['options'], issues);
  if (record['format'] !== undefined) checkOneOf(record['format'], ['text', 'markdown', 'html'], ['options', 'format'], issues);
  if (record['deals'] !== undefined) checkBoolean(record['deals'], ['options', 'deals'], issues);
  if (record['maxDeals'] !== undefined) checkNumber(record['maxDeals'], ['options', 'maxDeals'], issues, { min: 0, integer: true });
  if (record['width'] !== undefined) checkNumber(record['width'], ['options', 'width'], issues, { min: 40, max: 400, integer: true });
  throwIfIssues(issues);
}

function rowsOf(statement: Statement, options: RenderStatementOptions): readonly Row[] {
  const rows: Row[] = [];
  for (const section of STATEMENT_SECTIONS) {
    const lines = statement.lines.filter((line) => line.section === section);
    const totals = statement.components.filter((total) => total.section === section);
    if (totals.length === 0 && lines.length === 0) continue;
    rows.push({ kind: 'section', text: TITLES[section], how: '', amount: '' });
    if (lines.length === 0) for (const total of totals) rows.push({ kind: 'line', text: total.componentId, how: '', amount: groupDigits(total.amount.amount) });
    for (const line of lines) rows.push(...rowsOfLine(line, options));
  }
  rows.push({ kind: 'total', text: 'Total', how: '', amount: money(statement.total) });
  if (statement.allowances !== undefined) rows.push({ kind: 'note', text: `Allowances in this total, which are not pay: ${money(statement.allowances)}`, how: '', amount: '' });
  if (statement.paid !== undefined) rows.push({ kind: 'note', text: paidText(statement.paid), how: '', amount: '' });
  for (const balance of statement.balances ?? []) rows.push({ kind: 'note', text: `${balance.name} (${balance.componentId}): ${money(balance.amount)}`, how: '', amount: '' });
  for (const entry of statement.attainment) {
    const text = noteOf(entry);
    if (text !== undefined) rows.push({ kind: 'note', text, how: '', amount: '' });
  }
  return rows;
}

function rowsOfLine(line: StatementLine, options: RenderStatementOptions): readonly Row[] {
  const rows: Row[] = [
    {
      kind: 'line',
      text: `${line.componentId}: ${line.label}${line.adjusts === undefined ? '' : ` (corrects ${line.adjusts})`}${memoText(line)}`,
      how: howOf(line),
      amount: groupDigits(line.amount.amount),
    },
  ];
  if (options.deals === false) return rows;
  const limit = options.maxDeals ?? 10;
  for (const credit of line.credits.slice(0, limit)) rows.push({ kind: 'deal', text: credit.dealId ?? credit.creditId, how: groupDigits(credit.basis), amount: '' });
  if (line.credits.length > limit) rows.push({ kind: 'deal', text: `and ${line.credits.length - limit} more`, how: '', amount: '' });
  return rows;
}

function paidText(paid: StatementPay): string {
  return paid.total === null
    ? `Not converted to ${paid.currency}: ${paid.reason ?? 'there is no rate'}`
    : `Paid out: ${money(paid.total)}, at the rate of ${RATE_NAMES[paid.policy]}`;
}

const RATE_NAMES: Readonly<Record<StatementPay['policy'], string>> = {
  'period-end': 'the end of the period',
  'period-average': 'the mean of the period',
  'credit-date': 'the day of each credit',
  plan: 'the plan',
};

/** What is recorded and not paid. */
function memoText(line: StatementLine): string {
  return line.memo === undefined ? '' : ` (${money(line.memo)})`;
}

/** Basis × rate; a rate on money is shown as a percentage. */
function howOf(line: StatementLine): string {
  if (line.basis === undefined) return '';
  const isMoney = line.basisUnit === line.amount.currency;
  const basis = groupDigits(isMoney && line.basis.includes('.') ? padAmount(line.basis, exponentOf(line.amount.currency)) : line.basis);
  const unit = line.basisUnit === undefined || isMoney ? '' : ` ${line.basisUnit}`;
  if (line.rate === undefined) return `on ${basis}${unit}`;
  return isMoney ? `${basis} × ${percentOf(line.rate)}` : `${basis}${unit} × ${groupDigits(line.rate)}`;
}

function noteOf(entry: AttainmentEntry): string | undefined {
  if (entry.attainment === null)
    return entry.quota === null ? undefined : `Attainment of ${entry.componentId} in ${entry.period.label}: not defined (${entry.reason ?? 'no quota'})`;
  return `Attainment of ${entry.componentId} in ${entry.period.label}: ${groupDigits(entry.measured)} of ${groupDigits(entry.quota ?? '0')} = ${percentOf(entry.attainment)}`;
}

function money(value: Money): string {
  return `${groupDigits(value.amount)} ${value.currency}`;
}

function renderText(title: string, rows: readonly Row[], width: number): string {
  const lines = [clean(title), '─'.repeat(width)];
  for (const row of rows) {
    if (row.kind === 'section') lines.push(row.text);
    else if (row.kind === 'note') lines.push(clean(row.text));
    else if (row.kind === 'total') lines.push('─'.repeat(width), spread(row.text, '', row.amount, width));
    else lines.push(spread(`${row.kind === 'deal' ? '      ' : '  '}${clean(row.text)}`, row.how, row.amount, width));
  }
  return lines.join('\n');
}

/** Three columns: left, right-aligned middle, right-aligned amount. */
function spread(left: string, middle: string, right: string, width: number): string {
  const amountWidth = Math.max(16, right.length + 2);
  const space = Math.max(1, width - amountWidth - middle.length);
  const text = left.length >= space ? `${left.slice(0, Math.max(0, space - 2))}…` : left;
  return `${text.padEnd(space)}${middle}${right.padStart(amountWidth)}`.trimEnd();
}

/** Text of the data must not break lines or move the cursor. */
function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}

function renderMarkdown(title: string, rows: readonly Row[]): string {
  const escape = (text: string): string => clean(text).replace(/[\\`*_[\]<>#|~]/g, (character) => `\\${character}`);
  const lines = [`## ${escape(title)}`, '', '| | | |', '|:--|--:|--:|'];
  const notes: string[] = [];
  for (const row of rows) {
    if (row.kind === 'section') lines.push(`| **${escape(row.text)}** | | |`);
    else if (row.kind === 'total') lines.push(`| **${row.text}** | | **${escape(row.amount)}** |`);
    else if (row.kind === 'note') notes.push(escape(row.text));
    else lines.push(`| ${row.kind === 'deal' ? '· ' : ''}${escape(row.text)} | ${escape(row.how)} | ${escape(row.amount)} |`);
  }
  return [...lines, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function renderHtml(title: string, rows: readonly Row[]): string {
  const escape = (text: string): string => clean(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  const body = rows.map((row) => {
    if (row.kind === 'section') return `<tr class="section"><th colspan="3">${escape(row.text)}</th></tr>`;
    if (row.kind === 'note') return `<tr class="note"><td colspan="3">${escape(row.text)}</td></tr>`;
    return `<tr class="${row.kind}"><td>${escape(row.text)}</td><td>${escape(row.how)}</td><td>${escape(row.amount)}</td></tr>`;
  });
  return `<table class="statement">\n<caption>${escape(title)}</caption>\n${body.join('\n')}\n</table>`;
}
