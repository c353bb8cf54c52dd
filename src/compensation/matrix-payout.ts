/* A matrix of two measures applied to a window. */
import { ratioCompare } from '../decimal/ratio.js';
import { type ExactValue, ratioOf } from '../decimal/traced-arithmetic.js';
import { formatPath } from '../errors/issue.js';
import type { MatrixAxis, RateMatrix } from './rate-matrix.js';
import type { TierBand } from './tier-band.js';
import { curveAt } from './tier-modes/interpolated.js';
import type { TierProgress } from './tier-modes/tier-work.js';
import { payTiers, type TierFigures, type TierPlace } from './tier-payout.js';
import type { TierTable } from './tier-table.js';

/** Applies a matrix. Undefined when a figure is missing. `row` and `column` are in the unit of the bounds. */
export function payMatrix(
  matrix: RateMatrix,
  row: ExactValue,
  column: ExactValue,
  progress: TierProgress,
  place: TierPlace,
  figures: TierFigures,
): readonly TierBand[] | undefined {
  const { arithmetic, currency } = place;
  const rows = boundsOf(matrix.rows, figures);
  const columns = boundsOf(matrix.columns, figures);
  const base = matrix.of === undefined ? undefined : figures.resolve(matrix.of, matrix.returns === 'share' ? 'target' : 'base rate');
  if (rows === undefined || columns === undefined || (matrix.of !== undefined && base === undefined)) return undefined;
  const r = indexOn(matrix.rows, rows, row);
  const c = indexOn(matrix.columns, columns, column);
  const planPath = formatPath([...place.path, 'cells', Math.max(r, 0), Math.max(c, 0)]);
  const cell = cellAt(matrix, r, c, { rows, columns, row, column, planPath }, figures);
  if (cell === undefined) return undefined;
  const isRate = matrix.returns === 'rate' || matrix.returns === 'multiplier';
  let pays = base === undefined ? cell : arithmetic.multiply([cell, base], { label: isRate ? 'Rate × multiplier' : 'Share of target' });
  if (isRate && figures.rateCap !== undefined && arithmetic.compare(pays, figures.rateCap) > 0) pays = arithmetic.minimum([pays, figures.rateCap], { label: 'Rate, capped' });
  if (!isRate && figures.targetFactor !== undefined) pays = arithmetic.multiply([pays, figures.targetFactor], { label: 'Prorated', unit: currency });
  // A cell pays like a table of one tier: everything to date, less what was earned before.
  const table: TierTable = { mode: 'whole-amount', tiers: [{ from: '0', [isRate ? 'rate' : 'amount']: '0' }] };
  const bands = payTiers({ table, returns: isRate ? 'rate' : 'amount', tiers: [{ bound: arithmetic.exact('0'), pays }] }, { ...progress, selector: arithmetic.exact('0') }, place);
  return bands.map((band, index) => ({
    ...band,
    planPath,
    ...(index === 0 ? { label: `Matrix: row ${r + 1}, column ${c + 1}` } : {}),
    ...(isRate ? {} : { basis: progress.toDate }),
  }));
}

function boundsOf(axis: MatrixAxis, figures: TierFigures): readonly ExactValue[] | undefined {
  const bounds = axis.at.map((bound) => figures.resolve(bound, 'bound'));
  return bounds.every((bound): bound is ExactValue => bound !== undefined) ? bounds : undefined;
}

/** The last bound reached, −1 below the first. */
function indexOn(axis: MatrixAxis, bounds: readonly ExactValue[], value: ExactValue): number {
  let found = -1;
  bounds.forEach((bound, index) => {
    const order = ratioCompare(ratioOf(value), ratioOf(bound));
    if (order > 0 || (order === 0 && axis.boundary !== 'upper-inclusive')) found = index;
  });
  return found;
}

interface Where {
  readonly rows: readonly ExactValue[];
  readonly columns: readonly ExactValue[];
  readonly row: ExactValue;
  readonly column: ExactValue;
  readonly planPath: string;
}

function cellAt(matrix: RateMatrix, r: number, c: number, where: Where, figures: TierFigures): ExactValue | undefined {
  const { arithmetic, resolve } = figures;
  if (r < 0 || c < 0) return arithmetic.exact('0', { name: 'below the first row or column' });
  const read = (row: number, column: number): ExactValue | undefined => {
    const cell = matrix.cells[row]?.[column];
    return cell === undefined ? undefined : resolve(cell, matrix.returns);
  };
  if (matrix.lookup !== 'bilinear') return read(r, c);
  const lines: ExactValue[] = [];
  const at: ExactValue[] = [];
  for (const row of [r, r + 1]) {
    const bound = where.rows[row];
    if (bound === undefined) continue;
    const points: { readonly at: ExactValue; readonly pays: ExactValue }[] = [];
    for (const column of [c, c + 1]) {
      const start = where.columns[column];
      const pays = read(row, column);
      if (start === undefined) continue;
      if (pays === undefined) return undefined;
      points.push({ at: start, pays });
    }
    const line = curveAt(points, where.column, arithmetic, { label: `Between columns, row ${row + 1}` }).pays;
    if (line === undefined) return undefined;
    lines.push(line);
    at.push(bound);
  }
  const points = lines.flatMap((pays, index) => {
    const start = at[index];
    return start === undefined ? [] : [{ at: start, pays }];
  });
  return curveAt(points, where.row, arithmetic, { label: 'Between rows', planPath: where.planPath }).pays;
}
