import { checkKeys, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { type BuiltInConfig, computeCompensation } from './compute-compensation.js';
import type { CompensationInput, CompensationRun } from './engine/run-input.js';
import type { Plan } from './plan.js';
import type { Statement, StatementLine } from './statement.js';

/**
 * A line down to its credits.
 *
 * @category compensation
 */
export interface LineExplanation {
  /** The statement it stands on. */
  readonly statementId: string;
  /** The line itself, as with detail `line`. */
  readonly line: StatementLine;
  /** The same money credit by credit, each with its trace; they sum to the line. One entry, the line itself, where it is not made of credits at a rate. */
  readonly credits: readonly StatementLine[];
}

/**
 * How a line is explained.
 *
 * @category compensation
 */
export interface ExplainLineOptions<P> {
  /** The engine that computed the run; default: that of the built-in components. */
  readonly compute?: (input: CompensationInput<P>) => CompensationRun;
}

/**
 * Recomputes one line of a run down to its credits, so that a run of millions can be kept at detail `line` or `statement` and still be explained to the cent.
 *
 * @param input - the input of the run
 * @param lineId - id of the line, as on the statement
 * @param options - the engine, if it is not the default one
 * @returns the line and what each credit contributes to it
 * @throws DomainError `unknown_reference` when the run has no such line; `invalid_type` | `unknown_key` | `empty` | `too_long` for the id and the options; and as `computeCompensation`
 * @example
 * ```ts
 * import { computeCompensation, definePlan, explainLine } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', measure: { sum: 'amount' }, rate: { mode: 'marginal', tiers: [{ from: '0', rate: '0.05' }, { from: '1000', rate: '0.1' }] } }] });
 * const input = {
 *   plans: [plan], payees: [{ id: 'a' }], assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }], periods: ['2026-01'],
 *   credits: [
 *     { id: 'c1', payeeId: 'a', dealId: 'd1', on: '2026-01-03', amount: { amount: '800', currency: 'USD' } },
 *     { id: 'c2', payeeId: 'a', dealId: 'd2', on: '2026-01-04', amount: { amount: '700', currency: 'USD' } },
 *   ],
 * };
 * const [line] = computeCompensation(input).statements.flatMap((statement) => statement.lines);
 * explainLine(input, line?.id ?? '').credits.map((part) => [part.dealIds[0], part.amount.amount]); // => [['d1', '40.00'], ['d2', '10.00']]
 * ```
 * @category compensation
 */
export function explainLine<P = Plan<BuiltInConfig>>(input: CompensationInput<P>, lineId: string, options: ExplainLineOptions<P> = {}): LineExplanation {
  checkCall(lineId, options);
  // The default engine understands the default plans, and refuses others with an issue.
  const compute = options.compute ?? (computeCompensation as unknown as (input: CompensationInput<P>) => CompensationRun);
  const found = findLine(compute({ ...input, detail: 'line' }).statements, lineId);
  if (found === undefined) throw createDomainError('unknown_reference', ['lineId'], { expected: 'the id of a line of this run', received: lineId });
  const { statement, line } = found;
  const fine = compute({ ...input, detail: 'credit' }).statements.find((candidate) => candidate.id === statement.id);
  const parts =
    fine?.lines.filter(
      (candidate) => candidate.planId === line.planId && candidate.componentId === line.componentId && candidate.section === line.section && candidate.label === line.label,
    ) ?? [];
  return { statementId: statement.id, line, credits: parts.length === 0 ? [line] : parts };
}

function checkCall(lineId: unknown, options: unknown): void {
  const issues: IssueSink = [];
  checkText(lineId, ['lineId'], issues, { expected: 'the id of a line' });
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['compute'], ['options'], issues);
  if (record['compute'] !== undefined && typeof record['compute'] !== 'function') {
    issues.push(createIssue('invalid_type', ['options', 'compute'], { expected: 'the compute function of an engine', received: record['compute'] }));
  }
  throwIfIssues(issues);
}

function findLine(statements: readonly Statement[], lineId: string): { readonly statement: Statement; readonly line: StatementLine } | undefined {
  for (const statement of statements) {
    const line = statement.lines.find((candidate) => candidate.id === lineId);
    if (line !== undefined) return { statement, line };
  }
  return undefined;
}
