import { checkBoolean, checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { currencyExponent } from '../../money/currencies.js';
import { fromMinorUnits } from '../../money/minor-units.js';
import type { Money } from '../../money/money.js';
import { choleskyInPlace, choleskySolveInPlace } from '../../stats/dense-matrix.js';

/**
 * One node of a hierarchy: a leaf (rep, product), or a sum of other nodes (team, region, company). Groupings may cross: a rep's sales of a product can be part of
 * both the rep's and the product's total.
 *
 * @category forecasting
 */
export interface HierarchyNode {
  /** Id of the node. */
  readonly id: string;
  /** Ids of the nodes it is the sum of; absent or empty for a leaf. */
  readonly sumOf?: readonly string[];
}

/**
 * A forecast of one node that does not yet agree with the others. A node may have several, from different sources: the pipeline and the series, say.
 *
 * @category forecasting
 */
export interface BaseForecast {
  /** Id of the node. */
  readonly node: string;
  /** Where it comes from, if a node has more than one. */
  readonly source?: string;
  /** Point forecasts, one for each step. */
  readonly mean: readonly number[];
  /** One-step errors of the past, oldest first, the same periods for all: for `variance`, `mint-sample` and `mint-shrink`. */
  readonly residuals?: readonly number[];
  /** Variance of the error, in place of residuals for `variance`. */
  readonly variance?: number;
  /** Standard errors, one for each step; if all forecasts have them, the reconciled ones get standard errors too. */
  readonly standardErrors?: readonly number[];
}

/**
 * Settings of {@link reconcileForecasts}.
 *
 * @category forecasting
 */
export interface ReconcileForecastsOptions {
  /**
   * - `bottom-up`: leaves are right, sums are sums.
   * - `top-down`: the top is right and is divided by `proportions`.
   * - `ols`: least squares, all forecasts trusted alike.
   * - `structural`: a sum of k leaves has k times the variance of a leaf.
   * - `variance`: by the variance of the errors.
   * - `mint-sample`: minimum trace with the sample covariance of the errors (needs more periods than forecasts).
   * - `mint-shrink`: the same, shrunk towards its diagonal (Schäfer and Strimmer 2005). Default where residuals are given, else `structural`.
   */
  readonly method?: 'bottom-up' | 'top-down' | 'ols' | 'structural' | 'variance' | 'mint-sample' | 'mint-shrink';
  /**
   * How a top-down forecast is divided: `average` of past proportions, `of-averages`: proportions of past averages (both need `history`), or `forecast`:
   * proportions of the forecasts themselves, level by level (a tree only). Default `forecast`.
   */
  readonly proportions?: 'average' | 'of-averages' | 'forecast';
  /** Past values of the leaves, the same periods for all, for `top-down`. */
  readonly history?: readonly { readonly node: string; readonly values: readonly number[] }[];
  /** No leaf below 0, by non-negative least squares (bottom-up and top-down: negative leaves become 0). Default false. */
  readonly nonNegative?: boolean;
  /** Also give amounts in this currency: leaves rounded to its minor unit so that all sums agree to the cent. */
  readonly currency?: string;
}

/**
 * A node after reconciliation.
 *
 * @category forecasting
 */
export interface ReconciledNode {
  /** Id of the node. */
  readonly node: string;
  /** Coherent point forecasts. */
  readonly mean: readonly number[];
  /** Standard errors, if all base forecasts had them and the method is linear; else `null`. */
  readonly standardErrors: readonly number[] | null;
  /** Coherent amounts, if a currency was given. */
  readonly amounts: readonly Money[] | null;
}

/**
 * Forecasts that add up.
 *
 * @category forecasting
 */
export interface Reconciliation {
  /** The method. */
  readonly method: 'bottom-up' | 'top-down' | 'ols' | 'structural' | 'variance' | 'mint-sample' | 'mint-shrink';
  /** All nodes, in the order of the hierarchy. */
  readonly nodes: readonly ReconciledNode[];
  /** Ids of the leaves, in the order of the rows of `matrix`. */
  readonly leaves: readonly string[];
  /** How the base forecasts (columns, in their order) make the leaves (rows); `null` where the method is not linear. */
  readonly matrix: readonly (readonly number[])[] | null;
  /** Shrinkage towards the diagonal, 0 to 1; `null` except for `mint-shrink`. */
  readonly shrinkage: number | null;
  /** Largest distance between a node and the sum of its parts before reconciliation. */
  readonly largestIncoherence: number;
}

const METHODS = ['bottom-up', 'top-down', 'ols', 'structural', 'variance', 'mint-sample', 'mint-shrink'] as const;
const MAX_NODES = 1500;
const MAX_STEPS = 10_000;

interface Structure {
  readonly ids: readonly string[];
  readonly leaves: readonly string[];
  /** For each node, the leaves in it (indexes). */
  readonly members: ReadonlyMap<string, readonly number[]>;
  readonly nodes: ReadonlyMap<string, readonly string[]>;
}

function readHierarchy(hierarchy: unknown, issues: IssueSink): Structure {
  const list = checkList(hierarchy, ['hierarchy'], issues, { min: 1 }) ?? [];
  const nodes = new Map<string, readonly string[]>();
  if (list.length > MAX_NODES) issues.push(createIssue('too_long', ['hierarchy'], { expected: `at most ${MAX_NODES} nodes`, received: list }));
  list.forEach((entry, index) => {
    const record = checkRecord(entry, ['hierarchy', index], issues);
    if (record === undefined) return;
    checkKeys(record, ['id', 'sumOf'], ['hierarchy', index], issues);
    const id = checkId(record.id, ['hierarchy', index, 'id'], issues);
    if (id === undefined) return;
    if (nodes.has(id)) issues.push(createIssue('duplicate_id', ['hierarchy', index, 'id'], { received: id }));
    const parts: string[] = [];
    if (record.sumOf !== undefined) {
      for (const [k, part] of (checkList(record.sumOf, ['hierarchy', index, 'sumOf'], issues) ?? []).entries()) {
        const text = checkId(part, ['hierarchy', index, 'sumOf', k], issues);
        if (text !== undefined && parts.includes(text)) issues.push(createIssue('duplicate_id', ['hierarchy', index, 'sumOf', k], { received: text }));
        else if (text !== undefined) parts.push(text);
      }
    }
    nodes.set(id, parts);
  });
  throwIfIssues(issues, { name: 'InvalidHierarchyError' });
  const ids = [...nodes.keys()];
  const leaves = ids.filter((id) => (nodes.get(id) ?? []).length === 0);
  const leafIndex = new Map(leaves.map((id, index) => [id, index]));
  const members = new Map<string, readonly number[]>();
  const open = new Set<string>();
  const visit = (id: string, path: readonly (string | number)[]): readonly number[] => {
    const known = members.get(id);
    if (known !== undefined) return known;
    const parts = nodes.get(id);
    if (parts === undefined) {
      issues.push(createIssue('unknown_reference', path, { expected: 'the id of a node', received: id }));
      return [];
    }
    if (open.has(id)) {
      issues.push(createIssue('invalid_value', path, { expected: 'a hierarchy without circles', received: id }));
      return [];
    }
    open.add(id);
    let inside: number[] = [];
    const own = leafIndex.get(id);
    if (own !== undefined) inside = [own];
    else {
      const seen = new Set<number>();
      parts.forEach((part, k) => {
        for (const leaf of visit(part, ['hierarchy', ids.indexOf(id), 'sumOf', k])) {
          if (seen.has(leaf)) {
            issues.push(createIssue('invalid_value', ['hierarchy', ids.indexOf(id), 'sumOf', k], { expected: 'parts that do not overlap', received: leaves[leaf] }));
          }
          seen.add(leaf);
        }
      });
      inside = [...seen].sort((a, b) => a - b);
    }
    open.delete(id);
    members.set(id, inside);
    return inside;
  };
  ids.forEach((id, index) => visit(id, ['hierarchy', index, 'id']));
  throwIfIssues(issues, { name: 'InvalidHierarchyError' });
  return { ids, leaves, members, nodes };
}

/** A base forecast after reading. */
interface ReadBase {
  readonly node: string;
  readonly mean: readonly number[];
  readonly residuals: readonly number[] | null;
  readonly variance: number | null;
  readonly standardErrors: readonly number[] | null;
}

function readNumbers(value: unknown, path: readonly (string | number)[], issues: IssueSink): readonly number[] {
  const list = checkList(value, path, issues) ?? [];
  if (list.length > MAX_STEPS) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_STEPS} numbers`, received: list }));
    return [];
  }
  return list.map((entry, index) => checkNumber(entry, [...path, index], issues, { min: -1e100, max: 1e100 }) ?? 0);
}

function readBase(base: unknown, structure: Structure, issues: IssueSink): ReadBase[] {
  const list = checkList(base, ['base'], issues, { min: 1 }) ?? [];
  if (list.length > MAX_NODES) issues.push(createIssue('too_long', ['base'], { expected: `at most ${MAX_NODES} forecasts`, received: list }));
  const seen = new Set<string>();
  const read: ReadBase[] = [];
  list.forEach((entry, index) => {
    const path = ['base', index];
    const record = checkRecord(entry, path, issues);
    if (record === undefined) return;
    checkKeys(record, ['node', 'source', 'mean', 'residuals', 'variance', 'standardErrors'], path, issues);
    const node = checkId(record.node, [...path, 'node'], issues);
    if (node === undefined) return;
    if (!structure.members.has(node)) issues.push(createIssue('unknown_reference', [...path, 'node'], { expected: 'the id of a node of the hierarchy', received: node }));
    const source = typeof record.source === 'string' ? record.source : '';
    const key = JSON.stringify([node, source]);
    if (seen.has(key)) issues.push(createIssue('duplicate_id', [...path, 'source'], { expected: 'one forecast for each node and source', received: source }));
    seen.add(key);
    const mean = readNumbers(record.mean, [...path, 'mean'], issues);
    const first = read[0];
    if (mean.length === 0) issues.push(createIssue('empty', [...path, 'mean'], { expected: 'at least one step' }));
    if (first !== undefined && mean.length !== first.mean.length)
      issues.push(createIssue('length_mismatch', [...path, 'mean'], { expected: `${first.mean.length} steps`, received: mean.length }));
    const standardErrors = record.standardErrors === undefined ? null : readNumbers(record.standardErrors, [...path, 'standardErrors'], issues);
    if (standardErrors !== null && standardErrors.length !== mean.length) {
      issues.push(createIssue('length_mismatch', [...path, 'standardErrors'], { expected: `${mean.length} steps`, received: standardErrors.length }));
    }
    read.push({
      node,
      mean,
      residuals: record.residuals === undefined ? null : readNumbers(record.residuals, [...path, 'residuals'], issues),
      variance: record.variance === undefined ? null : (checkNumber(record.variance, [...path, 'variance'], issues, { min: 0, max: 1e100 }) ?? null),
      standardErrors,
    });
  });
  return read;
}

/** Covariance of the base errors as the method sees it: dense, or its diagonal alone. */
interface ErrorCovariance {
  readonly dense: Float64Array | null;
  readonly diagonal: Float64Array;
  readonly shrinkage: number | null;
}

function covarianceOf(method: (typeof METHODS)[number], base: readonly ReadBase[], structure: Structure): ErrorCovariance {
  const n = base.length;
  const diagonal = new Float64Array(n).fill(1);
  if (method === 'ols') return { dense: null, diagonal, shrinkage: null };
  if (method === 'structural') {
    base.forEach((entry, i) => {
      diagonal[i] = structure.members.get(entry.node)?.length ?? 1;
    });
    return { dense: null, diagonal, shrinkage: null };
  }
  const issues: IssueSink = [];
  let periods = -1;
  base.forEach(({ residuals, variance }, i) => {
    if (residuals === null) {
      if (method === 'variance' && variance !== null) return;
      issues.push(createIssue('missing_key', ['base', i, 'residuals'], { expected: `past one-step errors, which method "${method}" weighs by` }));
      return;
    }
    if (residuals.length < 2) issues.push(createIssue('insufficient_data', ['base', i, 'residuals'], { expected: 'at least two past errors', received: residuals.length }));
    if (periods >= 0 && residuals.length !== periods && method !== 'variance') {
      issues.push(createIssue('length_mismatch', ['base', i, 'residuals'], { expected: `${periods} errors, as the others`, received: residuals.length }));
    }
    periods = residuals.length;
  });
  throwIfIssues(issues);
  const meanSquare = (list: readonly number[]): number => list.reduce((sum, value) => sum + value * value, 0) / list.length;
  const variances = base.map(({ residuals, variance }) => (residuals === null ? (variance ?? 1) : meanSquare(residuals)));
  // A forecast that was never wrong would be infinitely trusted, and two of them contradict each other.
  const largest = Math.max(...variances);
  const floor = largest > 0 ? largest * 1e-9 : 1;
  variances.forEach((value, i) => {
    diagonal[i] = Math.max(value, floor);
  });
  if (method === 'variance') return { dense: null, diagonal, shrinkage: null };
  const dense = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    const a = base[i]?.residuals ?? [];
    for (let j = 0; j <= i; j += 1) {
      const b = base[j]?.residuals ?? [];
      let sum = 0;
      for (let t = 0; t < periods; t += 1) sum += (a[t] ?? 0) * (b[t] ?? 0);
      const value = i === j ? (diagonal[i] ?? 1) : sum / periods;
      dense[i * n + j] = value;
      dense[j * n + i] = value;
    }
  }
  if (method === 'mint-sample') return { dense, diagonal, shrinkage: null };
  let variance = 0;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    const a = base[i]?.residuals ?? [];
    const si = Math.sqrt(diagonal[i] ?? 1);
    for (let j = 0; j < i; j += 1) {
      const b = base[j]?.residuals ?? [];
      const scale = si * Math.sqrt(diagonal[j] ?? 1);
      let sum = 0;
      let sumSquares = 0;
      for (let t = 0; t < periods; t += 1) {
        const product = ((a[t] ?? 0) * (b[t] ?? 0)) / scale;
        sum += product;
        sumSquares += product * product;
      }
      variance += (sumSquares - (sum * sum) / periods) / (periods * (periods - 1));
      squares += ((dense[i * n + j] ?? 0) / scale) ** 2;
    }
  }
  const shrinkage = squares > 0 ? Math.min(1, Math.max(0, variance / squares)) : 1;
  for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) if (i !== j) dense[i * n + j] = (dense[i * n + j] ?? 0) * (1 - shrinkage);
  return { dense, diagonal, shrinkage };
}

function singular(method: string): never {
  throw createDomainError('singular_matrix', ['options', 'method'], {
    expected: 'errors that can be told apart',
    received: method,
    hint: 'there are too few past errors for so many forecasts, or leaves that no forecast says anything about: use "mint-shrink", "structural" or "ols" and forecast every leaf',
  });
}

/** X = W⁻¹ S (n × leaves) and N = Sᵀ W⁻¹ S. */
function weightedSums(
  base: readonly ReadBase[],
  structure: Structure,
  covariance: ErrorCovariance,
  method: string,
): { readonly weighted: Float64Array; readonly normal: Float64Array } {
  const n = base.length;
  const k = structure.leaves.length;
  const weighted = new Float64Array(n * k);
  if (covariance.dense === null) {
    base.forEach((entry, i) => {
      for (const leaf of structure.members.get(entry.node) ?? []) weighted[i * k + leaf] = 1 / (covariance.diagonal[i] ?? 1);
    });
  } else {
    const factor = covariance.dense.slice();
    if (choleskyInPlace(factor, n) >= 0) singular(method);
    const column = new Float64Array(n);
    const sums = new Uint8Array(n * k);
    base.forEach((entry, i) => {
      for (const leaf of structure.members.get(entry.node) ?? []) sums[i * k + leaf] = 1;
    });
    for (let leaf = 0; leaf < k; leaf += 1) {
      for (let i = 0; i < n; i += 1) column[i] = sums[i * k + leaf] ?? 0;
      choleskySolveInPlace(factor, n, column);
      for (let i = 0; i < n; i += 1) weighted[i * k + leaf] = column[i] ?? 0;
    }
  }
  const normal = new Float64Array(k * k);
  base.forEach((entry, i) => {
    for (const row of structure.members.get(entry.node) ?? []) for (let c = 0; c < k; c += 1) normal[row * k + c] = (normal[row * k + c] ?? 0) + (weighted[i * k + c] ?? 0);
  });
  for (let i = 0; i < k; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const value = 0.5 * ((normal[i * k + j] ?? 0) + (normal[j * k + i] ?? 0));
      normal[i * k + j] = value;
      normal[j * k + i] = value;
    }
  }
  return { weighted, normal };
}

/** Least squares over the leaves that are allowed to move; the others are 0. */
function solveLeaves(normal: Float64Array, right: Float64Array, k: number, free: readonly number[], method: string): Float64Array {
  const size = free.length;
  const leaves = new Float64Array(k);
  if (size === 0) return leaves;
  const system = new Float64Array(size * size);
  const b = new Float64Array(size);
  free.forEach((row, i) => {
    b[i] = right[row] ?? 0;
    free.forEach((column, j) => {
      system[i * size + j] = normal[row * k + column] ?? 0;
    });
  });
  if (choleskyInPlace(system, size) >= 0) singular(method);
  choleskySolveInPlace(system, size, b);
  free.forEach((row, i) => {
    leaves[row] = b[i] ?? 0;
  });
  return leaves;
}

/** min ‖·‖_W over leaves ≥ 0, by pivoting between free leaves and those held at 0. */
function solveNonNegative(normal: Float64Array, right: Float64Array, k: number, method: string): Float64Array {
  const held = new Uint8Array(k);
  let best = new Float64Array(k);
  let fewest = Infinity;
  let patience = 10;
  for (let round = 0; round < 100 + 3 * k; round += 1) {
    const free: number[] = [];
    for (let i = 0; i < k; i += 1) if (held[i] === 0) free.push(i);
    const leaves = solveLeaves(normal, right, k, free, method);
    const wrong: number[] = [];
    for (let i = 0; i < k; i += 1) {
      if (held[i] === 0) {
        if ((leaves[i] ?? 0) < -1e-12 * Math.abs(right[i] ?? 0)) wrong.push(i);
        continue;
      }
      let slope = -(right[i] ?? 0);
      for (let j = 0; j < k; j += 1) slope += (normal[i * k + j] ?? 0) * (leaves[j] ?? 0);
      if (slope < -1e-10 * Math.abs(right[i] ?? 0)) wrong.push(i);
    }
    best = leaves.map((value) => Math.max(0, value));
    if (wrong.length === 0) break;
    if (wrong.length < fewest) {
      fewest = wrong.length;
      patience = 10;
    } else patience -= 1;
    // Murty's rule ends every cycle: change the last one only.
    for (const i of patience > 0 ? wrong : wrong.slice(-1)) held[i] = held[i] === 0 ? 1 : 0;
  }
  return best;
}

/** Whole units with the same sum: floors, and the units left over to the largest remainders (ties to the first). */
function roundTogether(values: readonly number[], factor: number): number[] {
  const scaled = values.map((value) => value * factor);
  const size = scaled.reduce((sum, value) => sum + Math.abs(value), 0);
  if (size > Number.MAX_SAFE_INTEGER)
    throw createDomainError('out_of_range', ['base'], { expected: 'forecasts whose sum in minor units is at most 2^53', received: size / factor });
  const total = Math.round(scaled.reduce((sum, value) => sum + value, 0));
  const units = scaled.map((value) => Math.floor(value));
  let left = total - units.reduce((sum, value) => sum + value, 0);
  const order = scaled.map((value, index) => ({ rest: value - Math.floor(value), index })).sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (let k = 0; left > 0 && order.length > 0; k = (k + 1) % order.length) {
    const index = order[k]?.index ?? 0;
    units[index] = (units[index] ?? 0) + 1;
    left -= 1;
  }
  return units;
}

/**
 * Makes the forecasts of a hierarchy add up: ỹ = S (SᵀW⁻¹S)⁻¹ SᵀW⁻¹ ŷ (Wickramasuriya, Athanasopoulos and Hyndman 2019), or bottom-up, or top-down. A node may
 * have several forecasts (pipeline and series), or none, as long as every leaf is in some forecast.
 *
 * @param hierarchy - the nodes; sums name their parts
 * @param base - the forecasts to reconcile, all with the same steps
 * @param options - method, non-negativity, currency
 * @returns coherent forecasts of all nodes
 * @throws DomainError `unknown_reference` | `duplicate_id` | `invalid_value` | `length_mismatch` | `missing_key` | `insufficient_data` | `singular_matrix` | `invalid_type` | `unknown_key` | `reserved_key` | `empty` | `too_long` | `not_finite` | `out_of_range` | `invalid_currency`
 * @example
 * ```ts
 * import { reconcileForecasts } from 'dealwright/forecasting';
 * const team = [{ id: 'team', sumOf: ['ann', 'bob'] }, { id: 'ann' }, { id: 'bob' }];
 * const base = [{ node: 'team', mean: [100] }, { node: 'ann', mean: [60] }, { node: 'bob', mean: [31] }];
 * reconcileForecasts(team, base, { method: 'ols' }).nodes.map((node) => Math.round(node.mean[0] ?? 0)); // => [97, 63, 34]
 * ```
 * @category forecasting
 */
export function reconcileForecasts(hierarchy: readonly HierarchyNode[], base: readonly BaseForecast[], options: ReconcileForecastsOptions = {}): Reconciliation {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['method', 'proportions', 'history', 'nonNegative', 'currency'], ['options'], issues);
  const given = record.method === undefined ? undefined : checkOneOf(record.method, METHODS, ['options', 'method'], issues);
  const proportions =
    record.proportions === undefined ? 'forecast' : (checkOneOf(record.proportions, ['average', 'of-averages', 'forecast'], ['options', 'proportions'], issues) ?? 'forecast');
  const nonNegative = record.nonNegative === undefined ? false : (checkBoolean(record.nonNegative, ['options', 'nonNegative'], issues) ?? false);
  const structure = readHierarchy(hierarchy, issues);
  const read = readBase(base, structure, issues);
  throwIfIssues(issues);
  // Throws on a currency that does not exist, before anything is computed.
  const exponent = options.currency === undefined ? null : currencyExponent(options.currency);
  const method = given ?? (read.every((entry) => entry.residuals !== null && entry.residuals.length >= 4) ? 'mint-shrink' : 'structural');
  const steps = read[0]?.mean.length ?? 0;
  const k = structure.leaves.length;

  let leavesByStep: Float64Array[];
  let matrix: Float64Array | null = null;
  let shrinkage: number | null = null;
  let covariance: ErrorCovariance | null = null;
  if (method === 'bottom-up') {
    matrix = bottomUpMatrix(read, structure);
    leavesByStep = applyMatrix(matrix, read, k, steps, nonNegative);
  } else if (method === 'top-down') {
    leavesByStep = topDown(structure, read, options, proportions, steps);
    if (nonNegative) leavesByStep = leavesByStep.map((leaves) => leaves.map((value) => Math.max(0, value)));
  } else {
    covariance = covarianceOf(method, read, structure);
    shrinkage = covariance.shrinkage;
    const { weighted, normal } = weightedSums(read, structure, covariance, method);
    const n = read.length;
    const factor = normal.slice();
    if (choleskyInPlace(factor, k) >= 0) singular(method);
    matrix = new Float64Array(k * n);
    const column = new Float64Array(k);
    for (let i = 0; i < n; i += 1) {
      for (let leaf = 0; leaf < k; leaf += 1) column[leaf] = weighted[i * k + leaf] ?? 0;
      choleskySolveInPlace(factor, k, column);
      for (let leaf = 0; leaf < k; leaf += 1) matrix[leaf * n + i] = column[leaf] ?? 0;
    }
    leavesByStep = applyMatrix(matrix, read, k, steps, false);
    if (nonNegative) {
      leavesByStep = leavesByStep.map((leaves, h) => {
        if (leaves.every((value) => value >= 0)) return leaves;
        const right = new Float64Array(k);
        read.forEach((entry, i) => {
          for (let leaf = 0; leaf < k; leaf += 1) right[leaf] = (right[leaf] ?? 0) + (weighted[i * k + leaf] ?? 0) * (entry.mean[h] ?? 0);
        });
        return solveNonNegative(normal, right, k, method);
      });
    }
  }

  const errorsOf = matrix === null || nonNegative ? null : reconciledErrors(matrix, read, structure, covariance, steps);
  const units = exponent === null ? null : leavesByStep.map((leaves) => roundTogether(Array.from(leaves), 10 ** exponent));
  const sumOver = (id: string, values: ArrayLike<number>): number => (structure.members.get(id) ?? []).reduce((sum, leaf) => sum + (values[leaf] ?? 0), 0);
  const currency = options.currency ?? '';
  const nodes = structure.ids.map((id): ReconciledNode => {
    const mean = leavesByStep.map((leaves) => sumOver(id, leaves));
    return {
      node: id,
      mean,
      standardErrors: errorsOf === null ? null : errorsOf(id),
      amounts: units === null ? null : units.map((leaves) => fromMinorUnits(String(sumOver(id, leaves)), currency)),
    };
  });
  return {
    method,
    nodes,
    leaves: structure.leaves,
    matrix: matrix === null ? null : Array.from({ length: k }, (_, leaf) => Array.from(matrix.subarray(leaf * read.length, (leaf + 1) * read.length))),
    shrinkage,
    largestIncoherence: incoherence(structure, read, steps),
  };
}

function applyMatrix(matrix: Float64Array, read: readonly ReadBase[], k: number, steps: number, nonNegative: boolean): Float64Array[] {
  const n = read.length;
  return Array.from({ length: steps }, (_, h) => {
    const leaves = new Float64Array(k);
    for (let leaf = 0; leaf < k; leaf += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += (matrix[leaf * n + i] ?? 0) * (read[i]?.mean[h] ?? 0);
      leaves[leaf] = nonNegative ? Math.max(0, sum) : sum;
    }
    return leaves;
  });
}

/** Each leaf is the mean of its own forecasts. */
function bottomUpMatrix(read: readonly ReadBase[], structure: Structure): Float64Array {
  const n = read.length;
  const issues: IssueSink = [];
  const matrix = new Float64Array(structure.leaves.length * n);
  structure.leaves.forEach((id, leaf) => {
    const own: number[] = [];
    read.forEach((entry, i) => {
      if (entry.node === id) own.push(i);
    });
    if (own.length === 0) issues.push(createIssue('missing_key', ['base'], { expected: `a forecast of leaf "${id}", which bottom-up starts from` }));
    for (const i of own) matrix[leaf * n + i] = 1 / own.length;
  });
  throwIfIssues(issues);
  return matrix;
}

function meanOfNode(read: readonly ReadBase[], id: string, h: number): number | undefined {
  const own = read.filter((entry) => entry.node === id);
  return own.length === 0 ? undefined : own.reduce((sum, entry) => sum + (entry.mean[h] ?? 0), 0) / own.length;
}

function topDown(
  structure: Structure,
  read: readonly ReadBase[],
  options: ReconcileForecastsOptions,
  proportions: 'average' | 'of-averages' | 'forecast',
  steps: number,
): Float64Array[] {
  const { ids, nodes, members, leaves } = structure;
  const k = leaves.length;
  const top = ids.find((id) => members.get(id)?.length === k);
  if (top === undefined) throw createDomainError('invalid_value', ['hierarchy'], { expected: 'one node that is the sum of all leaves' });
  if (!read.some((entry) => entry.node === top)) throw createDomainError('missing_key', ['base'], { expected: `a forecast of "${top}", which top-down starts from` });
  if (proportions === 'forecast') {
    return Array.from({ length: steps }, (_, h) => {
      const result = new Float64Array(k);
      const divide = (id: string, amount: number, depth: number): void => {
        const parts = nodes.get(id) ?? [];
        if (parts.length === 0) {
          const leaf = leaves.indexOf(id);
          result[leaf] = (result[leaf] ?? 0) + amount;
          return;
        }
        if (depth > 100) return;
        const shares = parts.map((part) => {
          const mean = meanOfNode(read, part, h);
          if (mean === undefined) throw createDomainError('missing_key', ['base'], { expected: `a forecast of "${part}", whose share is wanted` });
          return mean;
        });
        const total = shares.reduce((sum, value) => sum + value, 0);
        parts.forEach((part, index) => divide(part, total === 0 ? amount / parts.length : (amount * (shares[index] ?? 0)) / total, depth + 1));
      };
      divide(top, meanOfNode(read, top, h) ?? 0, 0);
      return result;
    });
  }
  const issues: IssueSink = [];
  const entries = checkList(options.history, ['options', 'history'], issues, { expected: 'past values of every leaf' }) ?? [];
  const history = new Map<string, readonly number[]>();
  entries.forEach((entry, index) => {
    const recordEntry = checkRecord(entry, ['options', 'history', index], issues);
    if (recordEntry === undefined) return;
    checkKeys(recordEntry, ['node', 'values'], ['options', 'history', index], issues);
    const id = checkId(recordEntry.node, ['options', 'history', index, 'node'], issues);
    const values = readNumbers(recordEntry.values, ['options', 'history', index, 'values'], issues);
    if (id !== undefined) history.set(id, values);
  });
  const columns = leaves.map((id) => {
    const values = history.get(id);
    if (values === undefined) issues.push(createIssue('missing_key', ['options', 'history'], { expected: `past values of leaf "${id}"` }));
    return values ?? [];
  });
  const periods = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== periods || periods === 0))
    issues.push(createIssue('length_mismatch', ['options', 'history'], { expected: 'the same periods for all leaves, at least one' }));
  throwIfIssues(issues);
  const shares = new Float64Array(k);
  if (proportions === 'average') {
    let counted = 0;
    for (let t = 0; t < periods; t += 1) {
      const total = columns.reduce((sum, column) => sum + (column[t] ?? 0), 0);
      if (total === 0) continue;
      counted += 1;
      columns.forEach((column, leaf) => {
        shares[leaf] = (shares[leaf] ?? 0) + (column[t] ?? 0) / total;
      });
    }
    for (let leaf = 0; leaf < k; leaf += 1) shares[leaf] = counted === 0 ? 1 / k : (shares[leaf] ?? 0) / counted;
  } else {
    const sums = columns.map((column) => column.reduce((sum, value) => sum + value, 0));
    const total = sums.reduce((sum, value) => sum + value, 0);
    sums.forEach((value, leaf) => {
      shares[leaf] = total === 0 ? 1 / k : value / total;
    });
  }
  return Array.from({ length: steps }, (_, h) => shares.map((share) => share * (meanOfNode(read, top, h) ?? 0)));
}

/** Standard errors of S G ŷ. The errors of the base forecasts are correlated as the covariance of the method says, or not at all. */
function reconciledErrors(
  matrix: Float64Array,
  read: readonly ReadBase[],
  structure: Structure,
  covariance: ErrorCovariance | null,
  steps: number,
): ((id: string) => number[]) | null {
  if (!read.every((entry) => entry.standardErrors !== null)) return null;
  const n = read.length;
  const dense = covariance?.dense ?? null;
  return (id) => {
    const row = new Float64Array(n);
    for (const leaf of structure.members.get(id) ?? []) for (let i = 0; i < n; i += 1) row[i] = (row[i] ?? 0) + (matrix[leaf * n + i] ?? 0);
    return Array.from({ length: steps }, (_, h) => {
      let sum = 0;
      for (let i = 0; i < n; i += 1) {
        const a = (row[i] ?? 0) * (read[i]?.standardErrors?.[h] ?? 0);
        if (dense === null) {
          sum += a * a;
          continue;
        }
        for (let j = 0; j < n; j += 1) {
          const correlation = (dense[i * n + j] ?? 0) / Math.sqrt((dense[i * n + i] ?? 1) * (dense[j * n + j] ?? 1));
          sum += a * correlation * (row[j] ?? 0) * (read[j]?.standardErrors?.[h] ?? 0);
        }
      }
      return Math.sqrt(Math.max(0, sum));
    });
  };
}

function incoherence(structure: Structure, read: readonly ReadBase[], steps: number): number {
  let largest = 0;
  for (const id of structure.ids) {
    const parts = structure.nodes.get(id) ?? [];
    if (parts.length === 0) continue;
    for (let h = 0; h < steps; h += 1) {
      const own = meanOfNode(read, id, h);
      const sums = parts.map((part) => meanOfNode(read, part, h));
      if (own === undefined || sums.includes(undefined)) continue;
      largest = Math.max(largest, Math.abs(own - sums.reduce<number>((sum, value) => sum + (value ?? 0), 0)));
    }
  }
  return largest;
}
