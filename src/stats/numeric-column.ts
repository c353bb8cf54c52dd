/*
 * Columns and matrices as callers pass them, read once and checked once.
 * Index reads are written `x[i] as number`: every index is within bounds by the limits of the loop that makes it.
 */
import type { IssueSink } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/**
 * A column of finite numbers, one per row: a plain array (JSON) or a typed array (fast for long columns).
 *
 * @category stats
 */
export type NumericColumn = readonly number[] | Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array | Uint8ClampedArray;

/**
 * A small dense matrix as a list of rows of equal length.
 *
 * @category stats
 */
export type Matrix = readonly NumericColumn[];

/**
 * The covariates of a regression: one list per row (`[[x11, x12], [x21, x22]]`), or, cheaper for many rows, one column per covariate.
 *
 * @category stats
 */
export type Covariates = Matrix | CovariateColumns;

/**
 * Covariates given column by column.
 *
 * @category stats
 */
export interface CovariateColumns {
  /** One column per covariate, all of the same length. */
  readonly columns: readonly NumericColumn[];
}

/** A dense matrix inside the kernel: row-major. */
export interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** What a column must hold beside finite numbers. */
export interface ColumnRules {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  /** Required length. */
  readonly length?: number;
  /** Least length. Default 0. */
  readonly atLeast?: number;
}

/** Most problems that are listed per column; the rest is counted. */
const MAX_ISSUES_PER_COLUMN = 10;

/** Largest order of a matrix that is factorised: beyond it a dense method takes minutes. */
export const MAX_MATRIX_ORDER = 2048;

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

/** A column of finite numbers within the rules, or undefined with issues. The column is returned as it is, not copied. */
export function readColumn(value: unknown, path: IssuePath, issues: IssueSink, rules: ColumnRules = {}): ArrayLike<number> | undefined {
  if (!isList(value)) {
    issues.push(createIssue('invalid_type', path, { expected: 'a list of numbers', received: value }));
    return undefined;
  }
  const length = value.length;
  if (rules.length !== undefined && length !== rules.length) {
    issues.push(createIssue('length_mismatch', path, { expected: `${rules.length} numbers`, received: value }));
    return undefined;
  }
  if (length < (rules.atLeast ?? 0)) {
    issues.push(createIssue(length === 0 ? 'empty' : 'insufficient_data', path, { expected: `at least ${rules.atLeast}`, received: value }));
    return undefined;
  }
  const min = rules.min ?? -Number.MAX_VALUE;
  const max = rules.max ?? Number.MAX_VALUE;
  const integer = rules.integer === true;
  let bad = 0;
  for (let i = 0; i < length; i += 1) {
    const item = value[i];
    if (typeof item === 'number' && item >= min && item <= max && (!integer || Math.floor(item) === item)) continue;
    bad += 1;
    if (bad <= MAX_ISSUES_PER_COLUMN) issues.push(columnIssue(item, [...path, i], rules));
  }
  if (bad > MAX_ISSUES_PER_COLUMN) {
    issues.push(createIssue('invalid_value', path, { message: `${bad - MAX_ISSUES_PER_COLUMN} more values of this list are wrong.` }));
  }
  // Every element was found to be a number.
  return bad === 0 ? (value as ArrayLike<number>) : undefined;
}

function columnIssue(item: unknown, path: IssuePath, rules: ColumnRules): ReturnType<typeof createIssue> {
  if (typeof item !== 'number') return createIssue('invalid_type', path, { expected: 'a number', received: item });
  if (!Number.isFinite(item)) return createIssue('not_finite', path, { expected: 'a finite number', received: item });
  const { min, max } = rules;
  if ((min !== undefined && item < min) || (max !== undefined && item > max)) {
    const expected = min !== undefined && max !== undefined ? `a number from ${min} to ${max}` : min !== undefined ? `a number of at least ${min}` : `a number of at most ${max}`;
    const isFraction = min === 0 && max === 1 && item > 1 && item <= 100 && rules.integer !== true;
    return createIssue(isFraction ? 'fraction_out_of_range' : 'out_of_range', path, {
      expected,
      received: item,
      ...(isFraction ? { hint: `a percentage? did you mean ${item / 100}?` } : {}),
    });
  }
  return createIssue('not_an_integer', path, { expected: 'a whole number', received: item });
}

/** A column of outcomes, each 0 or 1 (or false and true), as bytes; or undefined with issues. */
export function readBinaryColumn(value: unknown, path: IssuePath, issues: IssueSink, rules: ColumnRules = {}): Uint8Array | undefined {
  if (!isList(value)) {
    issues.push(createIssue('invalid_type', path, { expected: 'a list of 0 and 1', received: value }));
    return undefined;
  }
  if (rules.length !== undefined && value.length !== rules.length) {
    issues.push(createIssue('length_mismatch', path, { expected: `${rules.length} outcomes`, received: value }));
    return undefined;
  }
  if (value.length < (rules.atLeast ?? 0)) {
    issues.push(createIssue('empty', path, { expected: `at least ${rules.atLeast}`, received: value }));
    return undefined;
  }
  const column = new Uint8Array(value.length);
  let bad = 0;
  for (let i = 0; i < column.length; i += 1) {
    const item = value[i];
    if (item === 1 || item === true) column[i] = 1;
    else if (item !== 0 && item !== false) {
      bad += 1;
      if (bad <= MAX_ISSUES_PER_COLUMN) {
        issues.push(createIssue(typeof item === 'number' ? 'invalid_value' : 'invalid_type', [...path, i], { expected: '0 or 1', received: item }));
      }
    }
  }
  return bad === 0 ? column : undefined;
}

/** Smallest weight above 0: squares of anything smaller vanish. */
export const MIN_WEIGHT = 1e-100;

/** A column of weights, not negative and not all 0; or undefined with issues. */
export function readWeights(value: unknown, path: IssuePath, issues: IssueSink, length: number): ArrayLike<number> | undefined {
  const weight = readColumn(value, path, issues, { min: 0, max: 1e15, length });
  if (weight === undefined) return undefined;
  let total = 0;
  for (let i = 0; i < length; i += 1) {
    const w = weight[i] as number;
    if (w > 0 && w < MIN_WEIGHT) {
      issues.push(createIssue('out_of_range', [...path, i], { expected: `0, or a number of at least ${MIN_WEIGHT}`, received: w }));
      return undefined;
    }
    total += w;
  }
  if (total > 0) return weight;
  issues.push(createIssue('invalid_weights', path, { expected: 'at least one weight above 0' }));
  return undefined;
}

/** A matrix of finite numbers, copied into row-major storage; or undefined with issues. */
export function readMatrix(
  value: unknown,
  path: IssuePath,
  issues: IssueSink,
  rules: { readonly square?: boolean; readonly rows?: number; readonly columns?: number; readonly maxOrder?: number; readonly min?: number } = {},
): DenseMatrix | undefined {
  if (!Array.isArray(value)) {
    issues.push(createIssue('invalid_type', path, { expected: 'a list of rows', received: value }));
    return undefined;
  }
  const list: readonly unknown[] = value;
  const first: unknown = list[0];
  if (list.length === 0 || !isList(first)) {
    issues.push(createIssue(list.length === 0 ? 'empty' : 'invalid_type', list.length === 0 ? path : [...path, 0], { expected: 'a list of rows', received: first }));
    return undefined;
  }
  const rows = list.length;
  const columns = rules.columns ?? (rules.square === true ? rows : first.length);
  if (rules.rows !== undefined && rows !== rules.rows) {
    issues.push(createIssue('length_mismatch', path, { expected: `${rules.rows} rows`, received: list }));
    return undefined;
  }
  if (rules.maxOrder !== undefined && (rows > rules.maxOrder || columns > rules.maxOrder)) {
    issues.push(createIssue('too_long', path, { expected: `at most ${rules.maxOrder} rows and columns`, received: list }));
    return undefined;
  }
  if (columns === 0) {
    issues.push(createIssue('empty', [...path, 0], { expected: 'at least one column', received: first }));
    return undefined;
  }
  const before = issues.length;
  for (let i = 0; i < rows && issues.length - before < MAX_ISSUES_PER_COLUMN; i += 1) {
    readColumn(list[i], [...path, i], issues, { length: columns, ...(rules.min === undefined ? {} : { min: rules.min }) });
  }
  if (issues.length > before) return undefined;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    const row = list[i] as ArrayLike<number>; // readColumn found every row to be a list of numbers
    const offset = i * columns;
    for (let j = 0; j < columns; j += 1) data[offset + j] = row[j] as number;
  }
  return { rows, columns, data };
}

/** Covariates as rows or columns, copied into row-major storage with a leading column of ones if asked; or undefined with issues. */
export function readCovariates(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly intercept: boolean; readonly rows: number }): DenseMatrix | undefined {
  const { rows } = options;
  const shift = options.intercept ? 1 : 0;
  const isColumns = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'columns');
  if (!isColumns) {
    if (Array.isArray(value) && value.length !== rows) {
      issues.push(createIssue('length_mismatch', path, { expected: `${rows} rows`, received: value }));
      return undefined;
    }
    const width = Array.isArray(value) && isList(value[0]) ? value[0].length : undefined;
    if (width === 0 && options.intercept) {
      // Rows without covariates: a model of the intercept alone.
      const list = value as readonly unknown[];
      for (let i = 0; i < rows; i += 1) {
        if (readColumn(list[i], [...path, i], issues, { length: 0 }) === undefined) return undefined;
      }
      return { rows, columns: 1, data: new Float64Array(rows).fill(1) };
    }
    const matrix = readMatrix(value, path, issues);
    if (matrix === undefined || shift === 0) return matrix;
    const columns = matrix.columns + 1;
    const data = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i += 1) {
      data[i * columns] = 1;
      data.set(matrix.data.subarray(i * matrix.columns, (i + 1) * matrix.columns), i * columns + 1);
    }
    return { rows, columns, data };
  }
  const lists: unknown = (value as { readonly columns: unknown }).columns; // the key was found on the object
  if (!Array.isArray(lists)) {
    issues.push(createIssue('invalid_type', [...path, 'columns'], { expected: 'a list of columns', received: lists }));
    return undefined;
  }
  if (lists.length + shift === 0) {
    issues.push(createIssue('empty', [...path, 'columns'], { expected: 'at least one column', received: lists }));
    return undefined;
  }
  const columns = lists.length + shift;
  const read: ArrayLike<number>[] = [];
  for (let j = 0; j < lists.length; j += 1) {
    const column = readColumn(lists[j], [...path, 'columns', j], issues, { length: rows });
    if (column !== undefined) read.push(column);
  }
  if (read.length < lists.length) return undefined;
  const data = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j += 1) {
    const column = j < shift ? undefined : read[j - shift];
    for (let i = 0, at = j; i < rows; i += 1, at += columns) data[at] = column === undefined ? 1 : (column[i] as number);
  }
  return { rows, columns, data };
}

/** Row-major storage as a list of rows. */
export function toRows(data: Float64Array, rows: number, columns: number): number[][] {
  const result: number[][] = [];
  for (let i = 0; i < rows; i += 1) result.push(Array.from(data.subarray(i * columns, (i + 1) * columns)));
  return result;
}
