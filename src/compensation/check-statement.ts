/* Whether something is a statement, as far as rendering and comparing need it: statements come back from databases. Not a public entry. */
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { validateMoney } from '../money/read-money.js';
import { PAY_RATE_POLICIES } from './plan-policies.js';
import { STATEMENT_SECTIONS, type Statement } from './statement.js';

/**
 * Refuses what is not a statement.
 *
 * @throws DomainError with every problem of its shape
 */
export function checkedStatement(value: unknown): Statement {
  const issues: IssueSink = [];
  checkStatement(value, [], issues);
  throwIfIssues(issues, { name: 'InvalidStatementError' });
  // The check has proven what is read of it.
  return value as Statement;
}

/** Checks the shape of a statement. */
export function checkStatement(value: unknown, path: IssuePath, issues: IssueSink): void {
  const statement = checkRecord(value, path, issues, 'a statement');
  if (statement === undefined) return;
  if (statement['formatVersion'] !== 1) issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: statement['formatVersion'] }));
  checkText(statement['id'], [...path, 'id'], issues);
  checkText(statement['payeeId'], [...path, 'payeeId'], issues);
  if (statement['payeeName'] !== undefined) checkText(statement['payeeName'], [...path, 'payeeName'], issues, { allowEmpty: true });
  checkPeriodLabel(statement['period'], [...path, 'period'], issues);
  issues.push(...validateMoney(statement['total'], [...path, 'total']));
  if (statement['allowances'] !== undefined) issues.push(...validateMoney(statement['allowances'], [...path, 'allowances']));
  checkOpen(statement, path, issues);
  for (const key of ['lines', 'components', 'attainment'] as const) {
    checkList(statement[key], [...path, key], issues)?.forEach((entry, index) => {
      const at = [...path, key, index];
      const record = checkRecord(entry, at, issues);
      if (record === undefined) return;
      checkText(record['componentId'], [...at, 'componentId'], issues);
      if (key === 'attainment') checkAttainment(record, at, issues);
      else {
        checkOneOf(record['section'], STATEMENT_SECTIONS, [...at, 'section'], issues);
        issues.push(...validateMoney(record['amount'], [...at, 'amount']));
        if (key === 'lines') checkLine(record, at, issues);
      }
    });
  }
}

/** What is written of pay in another currency and of open balances. */
function checkOpen(statement: PlainRecord, path: IssuePath, issues: IssueSink): void {
  if (statement['balances'] !== undefined) {
    checkList(statement['balances'], [...path, 'balances'], issues)?.forEach((entry, index) => {
      const at = [...path, 'balances', index];
      const balance = checkRecord(entry, at, issues);
      if (balance === undefined) return;
      for (const key of ['componentId', 'name']) checkText(balance[key], [...at, key], issues);
      issues.push(...validateMoney(balance['amount'], [...at, 'amount']));
    });
  }
  if (statement['paid'] === undefined) return;
  const at = [...path, 'paid'];
  const paid = checkRecord(statement['paid'], at, issues);
  if (paid === undefined) return;
  checkText(paid['currency'], [...at, 'currency'], issues);
  checkOneOf(paid['policy'], PAY_RATE_POLICIES, [...at, 'policy'], issues);
  if (paid['total'] !== null) issues.push(...validateMoney(paid['total'], [...at, 'total']));
  if (paid['reason'] !== undefined) checkText(paid['reason'], [...at, 'reason'], issues);
}

function checkPeriodLabel(value: unknown, path: IssuePath, issues: IssueSink): void {
  const period = checkRecord(value, path, issues, 'a period');
  if (period !== undefined) for (const key of ['start', 'endExclusive', 'label']) checkText(period[key], [...path, key], issues);
}

function checkLine(line: PlainRecord, path: IssuePath, issues: IssueSink): void {
  for (const key of ['id', 'planId', 'label']) checkText(line[key], [...path, key], issues);
  if (line['memo'] !== undefined) issues.push(...validateMoney(line['memo'], [...path, 'memo']));
  if (line['adjusts'] !== undefined) checkText(line['adjusts'], [...path, 'adjusts'], issues);
  if (line['basisUnit'] !== undefined) checkText(line['basisUnit'], [...path, 'basisUnit'], issues);
  for (const key of ['basis', 'rate']) if (line[key] !== undefined) checkDecimal(line[key], [...path, key], issues);
  checkList(line['credits'], [...path, 'credits'], issues)?.forEach((entry, index) => {
    const at = [...path, 'credits', index];
    const credit = checkRecord(entry, at, issues);
    if (credit === undefined) return;
    checkText(credit['creditId'], [...at, 'creditId'], issues);
    if (credit['dealId'] !== undefined) checkText(credit['dealId'], [...at, 'dealId'], issues);
    checkDecimal(credit['basis'], [...at, 'basis'], issues);
  });
}

function checkAttainment(entry: PlainRecord, path: IssuePath, issues: IssueSink): void {
  checkPeriodLabel(entry['period'], [...path, 'period'], issues);
  checkDecimal(entry['measured'], [...path, 'measured'], issues);
  for (const key of ['quota', 'attainment']) if (entry[key] !== null) checkDecimal(entry[key], [...path, key], issues);
  if (entry['reason'] !== undefined) checkText(entry['reason'], [...path, 'reason'], issues);
}

function checkDecimal(value: unknown, path: IssuePath, issues: IssueSink): void {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read !== 'string') issues.push(read);
}
