import { exactCompare, toExact } from '../decimal/exact.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkKeys, checkList, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { checkFactorText, checkFractionText } from './percent-hint.js';
import { checkTierSelector, QUOTA_REFERENCES, type QuotaReference, type TierSelector } from './tier-selector.js';
import { checkValueExpression, type ValueExpression } from './value-expression.js';

/**
 * One axis of a matrix.
 *
 * @category compensation
 */
export interface MatrixAxis {
  /** What stands along the axis. */
  readonly by: TierSelector;
  /** Which quota attainment refers to. Default `full`. */
  readonly reference?: QuotaReference;
  /** Where the rows or columns start, rising. */
  readonly at: readonly ValueExpression[];
  /** Which row or column owns a value exactly on a bound: the one that starts there (`lower-inclusive`, default), or the one before. */
  readonly boundary?: 'lower-inclusive' | 'upper-inclusive';
}

/**
 * A payout by two measures at once: the cell where row and column meet (`step`), or a value between the four cells around (`bilinear`).
 * Below the first row or column nothing is paid; behind the last the last one holds.
 *
 * @category compensation
 */
export interface RateMatrix {
  /** First measure. */
  readonly rows: MatrixAxis;
  /** Second measure. */
  readonly columns: MatrixAxis;
  /** `cells[row][column]`. */
  readonly cells: readonly (readonly ValueExpression[])[];
  /** What a cell is: a rate or a multiplier on everything measured to date, money, or a share of target. */
  readonly returns: 'rate' | 'multiplier' | 'amount' | 'share';
  /** Default `step`. */
  readonly lookup?: 'step' | 'bilinear';
  /** Base rate for multipliers, or target pay for shares. */
  readonly of?: ValueExpression;
}

/** Checks a matrix of unknown shape. */
export function checkRateMatrix(record: PlainRecord, path: IssuePath, issues: IssueSink, options: { readonly ratesAreFractions: boolean }): void {
  checkKeys(record, ['rows', 'columns', 'cells', 'returns', 'lookup', 'of'], path, issues);
  const rows = checkAxis(record['rows'], [...path, 'rows'], issues);
  const columns = checkAxis(record['columns'], [...path, 'columns'], issues);
  const returns = checkOneOf(record['returns'], ['rate', 'multiplier', 'amount', 'share'], [...path, 'returns'], issues);
  if (Object.hasOwn(record, 'lookup')) checkOneOf(record['lookup'], ['step', 'bilinear'], [...path, 'lookup'], issues);
  if (Object.hasOwn(record, 'of')) checkValueExpression(record['of'], [...path, 'of'], issues);
  else if (returns === 'multiplier' || returns === 'share') {
    issues.push(createIssue('missing_key', [...path, 'of'], { expected: returns === 'multiplier' ? 'the base rate that cells multiply' : 'the target pay that cells share' }));
  }
  const cells = checkList(record['cells'], [...path, 'cells'], issues, { min: 1, expected: 'a list of rows' });
  if (cells === undefined) return;
  if (rows !== undefined && cells.length !== rows)
    issues.push(createIssue('length_mismatch', [...path, 'cells'], { expected: `${rows} rows, one for each bound of the axis`, received: String(cells.length) }));
  cells.forEach((entry, row) => {
    const at = [...path, 'cells', row];
    const line = checkList(entry, at, issues, { min: 1 });
    if (line === undefined) return;
    if (columns !== undefined && line.length !== columns)
      issues.push(createIssue('length_mismatch', at, { expected: `${columns} cells, one for each bound of the axis`, received: String(line.length) }));
    line.forEach((cell, column) => {
      checkValueExpression(cell, [...at, column], issues);
      if (returns === 'rate' && options.ratesAreFractions) checkFractionText(cell, [...at, column], issues);
      if (returns === 'multiplier' || returns === 'share') checkFactorText(cell, [...at, column], issues);
    });
  });
}

/** Checks an axis and gives its length. */
function checkAxis(value: unknown, path: IssuePath, issues: IssueSink): number | undefined {
  const axis = checkRecord(value, path, issues, 'an axis { by, at }');
  if (axis === undefined) return undefined;
  checkKeys(axis, ['by', 'reference', 'at', 'boundary'], path, issues);
  checkTierSelector(axis['by'], [...path, 'by'], issues);
  if (Object.hasOwn(axis, 'reference')) checkOneOf(axis['reference'], QUOTA_REFERENCES, [...path, 'reference'], issues);
  if (Object.hasOwn(axis, 'boundary')) checkOneOf(axis['boundary'], ['lower-inclusive', 'upper-inclusive'], [...path, 'boundary'], issues);
  const bounds = checkList(axis['at'], [...path, 'at'], issues, { min: 1, expected: 'the bounds of the axis' });
  let previous: string | undefined;
  bounds?.forEach((bound, index) => {
    const at = [...path, 'at', index];
    checkValueExpression(bound, at, issues);
    if (axis['by'] === 'attainment') checkFactorText(bound, at, issues);
    const read = typeof bound === 'string' ? readDecimal(bound) : undefined;
    if (typeof read !== 'string') return;
    if (previous !== undefined && exactCompare(toExact(read), toExact(previous)) <= 0)
      issues.push(createIssue('tiers_not_ascending', at, { expected: `more than "${previous}" (bounds rise)`, received: read }));
    previous = read;
  });
  return bounds?.length;
}
