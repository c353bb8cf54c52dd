import { exactCompare, exactFromCanonical } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromDecimal, ratioNegate, ratioSubtract } from '../decimal/ratio.js';
import { checkKeys, checkList, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { exponentOf } from '../money/currencies.js';
import type { Money } from '../money/money.js';
import { checkedStatement } from './check-statement.js';
import { moneyOfRatio } from './engine/assemble-statements.js';
import type { Statement, StatementLine } from './statement.js';

/**
 * A row of another system's payout file.
 *
 * @category compensation
 */
export interface PayoutRow {
  /** The component it pays, or a name of the other system's own (then give `dealId`, or it is matched by amount). */
  readonly componentId?: string;
  /** The deal it pays, if the file goes that deep. */
  readonly dealId?: string;
  /** What it pays, in the statement's currency: decimal text. */
  readonly amount: string;
  /** Anything that helps to find it again. */
  readonly reference?: string;
}

/**
 * Why two systems differ on a component.
 *
 * - `equal`: they do not
 * - `rounding`: by no more than one minor unit for each line or row
 * - `missing-there`, `missing-here`: only one of the two pays it
 * - `sign`: the same amount with the other sign
 * - `paid-twice`: theirs is twice ours
 * - `deal`: by exactly what one deal earned here; it is named
 * - `line`: by exactly one of our lines (a tier, a true-up); it is named
 * - `unexplained`: by none of these
 *
 * @category compensation
 */
export type ReconciliationCause = 'equal' | 'rounding' | 'missing-there' | 'missing-here' | 'sign' | 'paid-twice' | 'deal' | 'line' | 'unexplained';

/**
 * One component compared.
 *
 * @category compensation
 */
export interface ReconciliationEntry {
  /** The component; null for rows of the other system that name none we know. */
  readonly componentId: string | null;
  /** What we pay. */
  readonly ours: Money;
  /** What they pay. */
  readonly theirs: Money;
  /** Theirs less ours. */
  readonly difference: Money;
  /** Why. */
  readonly cause: ReconciliationCause;
  /** The line, deal or reference that explains it. */
  readonly evidence: readonly string[];
}

/**
 * A statement compared with another system's payout.
 *
 * @category compensation
 */
export interface StatementReconciliation {
  /** Entries by component, in the order of the statement, then what only they pay. The differences sum to the total's. */
  readonly entries: readonly ReconciliationEntry[];
  /** What we pay in all. */
  readonly ours: Money;
  /** What they pay in all. */
  readonly theirs: Money;
  /** Theirs less ours. */
  readonly difference: Money;
}

interface ReadRow {
  readonly componentId: string | undefined;
  readonly dealId: string | undefined;
  readonly reference: string | undefined;
  readonly amount: Ratio;
}

/**
 * Compares a statement with another system's payout file, component by component, and says what explains each difference.
 *
 * @param statement - from a run with detail `line` or `credit`, so that deals and lines can be named
 * @param rows - the other system's payout for the same payee and period
 * @returns entries whose differences sum to the difference of the totals
 * @throws DomainError with every problem of a value that is no statement, or of a row
 * @example
 * ```ts
 * import { computeCompensation, definePlan, reconcileStatement } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'flat', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'sales', measure: { sum: 'amount' }, rate: '0.1' }] });
 * const { statements } = computeCompensation({
 *   plans: [plan], assignments: [{ payeeId: 'ada', planId: 'flat', from: '2026-01-01' }], payees: [{ id: 'ada' }], periods: ['2026-01'],
 *   credits: [
 *     { id: 'c1', payeeId: 'ada', dealId: 'd1', on: '2026-01-05', amount: { amount: '1000', currency: 'USD' } },
 *     { id: 'c2', payeeId: 'ada', dealId: 'd2', on: '2026-01-06', amount: { amount: '250', currency: 'USD' } },
 *   ],
 * });
 * const [entry] = statements.flatMap((statement) => reconcileStatement(statement, [{ componentId: 'sales', amount: '100' }]).entries);
 * [entry?.difference.amount, entry?.cause, entry?.evidence]; // => ['-25.00', 'deal', ['d2']]
 * ```
 * @category compensation
 */
export function reconcileStatement(statement: Statement, rows: readonly PayoutRow[]): StatementReconciliation {
  const own = checkedStatement(statement);
  const read = readRows(rows);
  const { currency } = own.total;
  const ids = [...new Set(own.components.map((total) => total.componentId))];
  const entries = ids.map((componentId) =>
    compare(
      componentId,
      own.lines.filter((line) => line.componentId === componentId),
      sumOf(own.components.filter((total) => total.componentId === componentId).map((total) => amountOf(total.amount))),
      read.filter((row) => row.componentId === componentId),
      currency,
    ),
  );
  const others = new Map<string | undefined, ReadRow[]>();
  for (const row of read) if (row.componentId === undefined || !ids.includes(row.componentId)) others.set(row.componentId, [...(others.get(row.componentId) ?? []), row]);
  for (const [componentId, list] of [...others.entries()].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)))
    entries.push(compare(componentId ?? null, [], RATIO_ZERO, list, currency));
  const ours = amountOf(own.total);
  const theirs = sumOf(read.map((row) => row.amount));
  return { entries, ours: moneyOfRatio(ours, currency), theirs: moneyOfRatio(theirs, currency), difference: moneyOfRatio(ratioSubtract(theirs, ours), currency) };
}

function readRows(rows: unknown): readonly ReadRow[] {
  const issues: IssueSink = [];
  const read: ReadRow[] = [];
  checkList(rows, ['rows'], issues)?.forEach((entry, index) => {
    const path = ['rows', index];
    const record = checkRecord(entry, path, issues, 'a payout row { componentId, amount }');
    if (record === undefined) return;
    checkKeys(record, ['componentId', 'dealId', 'amount', 'reference'], path, issues);
    const text = (key: string): string | undefined => (record[key] === undefined ? undefined : checkText(record[key], [...path, key], issues));
    const amount =
      typeof record['amount'] === 'string'
        ? readDecimal(record['amount'], [...path, 'amount'])
        : createIssue('invalid_type', [...path, 'amount'], { expected: 'a decimal text', received: record['amount'] });
    if (typeof amount === 'string') read.push({ componentId: text('componentId'), dealId: text('dealId'), reference: text('reference'), amount: ratioFromDecimal(amount) });
    else issues.push(amount);
  });
  throwIfIssues(issues);
  return read;
}

function amountOf(value: Money): Ratio {
  const read = readDecimal(value.amount);
  return typeof read === 'string' ? ratioFromDecimal(read) : RATIO_ZERO;
}

function sumOf(values: readonly Ratio[]): Ratio {
  return values.reduce(ratioAdd, RATIO_ZERO);
}

function compare(componentId: string | null, lines: readonly StatementLine[], ours: Ratio, rows: readonly ReadRow[], currency: string): ReconciliationEntry {
  const theirs = sumOf(rows.map((row) => row.amount));
  const difference = ratioSubtract(theirs, ours);
  const { cause, evidence } = causeOf(lines, ours, rows, theirs, difference, exponentOf(currency));
  return { componentId, ours: moneyOfRatio(ours, currency), theirs: moneyOfRatio(theirs, currency), difference: moneyOfRatio(difference, currency), cause, evidence };
}

function causeOf(
  lines: readonly StatementLine[],
  ours: Ratio,
  rows: readonly ReadRow[],
  theirs: Ratio,
  difference: Ratio,
  exponent: number,
): { readonly cause: ReconciliationCause; readonly evidence: readonly string[] } {
  if (difference.n === 0n) return { cause: 'equal', evidence: [] };
  const references = rows.flatMap((row) => (row.reference === undefined ? [] : [row.reference]));
  if (rows.length === 0) return { cause: 'missing-there', evidence: lines.map((line) => line.id) };
  if (ours.n === 0n && lines.length === 0) return { cause: 'missing-here', evidence: references };
  const slack: Ratio = { n: BigInt(Math.max(lines.length, rows.length, 1)), d: 10n ** BigInt(exponent) };
  const size = difference.n < 0n ? ratioNegate(difference) : difference;
  if (ratioCompare(size, slack) <= 0) return { cause: 'rounding', evidence: [] };
  if (ratioCompare(theirs, ratioNegate(ours)) === 0) return { cause: 'sign', evidence: references };
  if (ratioCompare(difference, ours) === 0) return { cause: 'paid-twice', evidence: references };
  const deal = dealsOf(lines).find(([, amount]) => ratioCompare(amount, size) === 0);
  if (deal !== undefined) return { cause: 'deal', evidence: [deal[0]] };
  const line = lines.find((candidate) => ratioCompare(absolute(amountOf(candidate.amount)), size) === 0);
  return line === undefined ? { cause: 'unexplained', evidence: references } : { cause: 'line', evidence: [line.id] };
}

function absolute(value: Ratio): Ratio {
  return value.n < 0n ? ratioNegate(value) : value;
}

/** What each deal earned over the lines that have a rate: Σ basis × rate. */
function dealsOf(lines: readonly StatementLine[]): readonly (readonly [string, Ratio])[] {
  const deals = new Map<string, Ratio>();
  for (const line of lines) {
    const rate = line.rate;
    if (rate === undefined || exactCompare(exactFromCanonical(rate), exactFromCanonical('0')) === 0) continue;
    for (const credit of line.credits) {
      const key = credit.dealId ?? credit.creditId;
      const basis = ratioFromDecimal(credit.basis);
      const share = ratioFromDecimal(rate);
      deals.set(key, ratioAdd(deals.get(key) ?? RATIO_ZERO, { n: basis.n * share.n, d: basis.d * share.d }));
    }
  }
  return [...deals.entries()].map(([key, amount]) => [key, absolute(amount)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}
