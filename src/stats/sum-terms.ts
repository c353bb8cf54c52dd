import { checkKeys, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { findLattice, type Lattice, toUnits } from './amount-lattice.js';
import { compensatedSum } from './compensated-sum.js';
import { PROBABILITY, readParameter } from './distribution-parameters.js';
import { type NumericColumn, readColumn } from './numeric-column.js';

/**
 * An amount that is realised with a probability, else nothing: an open deal.
 *
 * @category stats
 */
export interface SumTerm {
  /** What is added if it happens; may be negative. */
  readonly amount: number;
  /** Probability that it happens, 0 to 1. */
  readonly probability: number;
}

/**
 * An uncertain amount with several possible values; what the probabilities leave to 1 is the probability of nothing.
 * For a deal whose amount is uncertain too: amount × each multiplier, with the probability of winning times that of the multiplier.
 *
 * @category stats
 */
export interface SumTermOutcomes {
  /** Possible amounts with their probabilities, which sum to at most 1. */
  readonly outcomes: readonly SumTerm[];
}

/**
 * Terms given column by column: cheaper for many.
 *
 * @category stats
 */
export interface SumTermColumns {
  /** One amount per term. */
  readonly amounts: NumericColumn;
  /** One probability per term. */
  readonly probabilities: NumericColumn;
}

/**
 * The terms of a sum of independent uncertain amounts.
 *
 * @category stats
 */
export type SumTerms = readonly (SumTerm | SumTermOutcomes)[] | SumTermColumns;

/** Most terms that are accepted. */
const MAX_TERMS = 2_000_000;
/** Most outcomes of one term. */
const MAX_OUTCOMES = 1_000;
/** Largest size of an amount. */
const MAX_AMOUNT = 1e100;
/** Most problems listed. */
const MAX_ISSUES = 20;

/** Terms as read: each has the outcomes `start[i]` up to `start[i + 1]`. */
export interface RawTerms {
  readonly count: number;
  readonly start: Int32Array;
  readonly amount: Float64Array;
  readonly probability: Float64Array;
}

/** Reads and checks the terms; issues are collected. */
export function readTerms(terms: unknown, issues: IssueSink): RawTerms | undefined {
  if (!Array.isArray(terms)) return readColumns(terms, issues);
  const list: readonly unknown[] = terms;
  if (list.length > MAX_TERMS) {
    issues.push(createIssue('too_long', ['terms'], { expected: `at most ${MAX_TERMS} terms`, received: list }));
    return undefined;
  }
  const before = issues.length;
  const start = new Int32Array(list.length + 1);
  const amount: number[] = [];
  const probability: number[] = [];
  for (let i = 0; i < list.length && issues.length - before < MAX_ISSUES; i += 1) {
    const term = list[i];
    if (!readGoodTerm(term, amount, probability)) {
      if (isPlainRecord(term) && Object.hasOwn(term, 'outcomes')) readOutcomes(term, i, amount, probability, issues);
      else readOutcome(term, ['terms', i], amount, probability, issues);
    }
    start[i + 1] = amount.length;
  }
  if (issues.length > before) return undefined;
  return { count: list.length, start, amount: new Float64Array(amount), probability: new Float64Array(probability) };
}

function readColumns(terms: unknown, issues: IssueSink): RawTerms | undefined {
  if (!isPlainRecord(terms)) {
    issues.push(createIssue('invalid_type', ['terms'], { expected: 'a list of { amount, probability }, or columns { amounts, probabilities }', received: terms }));
    return undefined;
  }
  checkKeys(terms, ['amounts', 'probabilities'], ['terms'], issues);
  const amounts = readColumn(terms['amounts'], ['terms', 'amounts'], issues, { min: -MAX_AMOUNT, max: MAX_AMOUNT });
  const probabilities = readColumn(terms['probabilities'], ['terms', 'probabilities'], issues, { min: 0, max: 1, ...(amounts === undefined ? {} : { length: amounts.length }) });
  if (amounts === undefined || probabilities === undefined) return undefined;
  if (amounts.length > MAX_TERMS) {
    issues.push(createIssue('too_long', ['terms'], { expected: `at most ${MAX_TERMS} terms`, received: terms['amounts'] }));
    return undefined;
  }
  return toRawTerms(amounts, probabilities);
}

/** Terms with one outcome each, from columns that were checked. */
export function toRawTerms(amounts: ArrayLike<number>, probabilities: ArrayLike<number>): RawTerms {
  const count = amounts.length;
  const start = new Int32Array(count + 1);
  for (let i = 0; i <= count; i += 1) start[i] = i;
  return { count, start, amount: new Float64Array(amounts), probability: new Float64Array(probabilities) };
}

/** The common case, without a call per key: exactly the two keys, both good. */
function readGoodTerm(value: unknown, amounts: number[], probabilities: number[]): boolean {
  if (!isPlainRecord(value)) return false;
  const { amount, probability } = value;
  if (typeof amount !== 'number' || typeof probability !== 'number') return false;
  if (!(Math.abs(amount) <= MAX_AMOUNT && probability >= 0 && probability <= 1) || Object.keys(value).length !== 2) return false;
  amounts.push(amount);
  probabilities.push(probability);
  return true;
}

function readOutcome(value: unknown, path: readonly (string | number)[], amounts: number[], probabilities: number[], issues: IssueSink): void {
  if (readGoodTerm(value, amounts, probabilities)) return;
  if (!isPlainRecord(value)) {
    issues.push(createIssue('invalid_type', path, { expected: 'an object { amount, probability }', received: value }));
    return;
  }
  checkKeys(value, ['amount', 'probability'], path, issues);
  const before = issues.length;
  const amount = readParameter(Object.hasOwn(value, 'amount') ? value['amount'] : undefined, { min: -MAX_AMOUNT, max: MAX_AMOUNT }, [...path, 'amount'], issues);
  const probability = readParameter(Object.hasOwn(value, 'probability') ? value['probability'] : undefined, PROBABILITY, [...path, 'probability'], issues);
  if (issues.length > before || amount === undefined || probability === undefined) return;
  amounts.push(amount);
  probabilities.push(probability);
}

function readOutcomes(term: Readonly<Record<string, unknown>>, index: number, amounts: number[], probabilities: number[], issues: IssueSink): void {
  const path = ['terms', index];
  checkKeys(term, ['outcomes'], path, issues);
  const outcomes = term['outcomes'];
  if (!Array.isArray(outcomes)) {
    issues.push(createIssue('invalid_type', [...path, 'outcomes'], { expected: 'a list of { amount, probability }', received: outcomes }));
    return;
  }
  if (outcomes.length > MAX_OUTCOMES) {
    issues.push(createIssue('too_long', [...path, 'outcomes'], { expected: `at most ${MAX_OUTCOMES} outcomes`, received: outcomes }));
    return;
  }
  const from = probabilities.length;
  for (let j = 0; j < outcomes.length; j += 1) readOutcome(outcomes[j], [...path, 'outcomes', j], amounts, probabilities, issues);
  let total = 0;
  for (let j = from; j < probabilities.length; j += 1) total += probabilities[j] as number; // within bounds
  if (total > 1 + 1e-9) issues.push(createIssue('invalid_probability', [...path, 'outcomes'], { expected: 'probabilities that sum to at most 1', received: total }));
}

/**
 * The sum in normal form: shift + Σ Yᵢ with independent Yᵢ ≥ 0 that take 0 with probability `rest` and the values `value[j]` > 0 otherwise.
 * Certain terms are in the shift, impossible ones are gone, negative amounts are turned round (a − a·B̄). Terms stand in a fixed order
 * (by largest value, then by all outcomes), so that no figure depends on the order of the input.
 * Values and shift are in whole lattice units where there is a lattice, else in the unit of the amounts.
 */
export interface NormalTerms {
  readonly count: number;
  readonly start: Int32Array;
  readonly value: Float64Array;
  readonly probability: Float64Array;
  readonly rest: Float64Array;
  readonly shift: number;
  /** Sum of the largest values: the width of the range of the sum. */
  readonly width: number;
  readonly lattice: Lattice | undefined;
  readonly mean: number;
  readonly variance: number;
}

interface Draft {
  readonly values: readonly number[];
  readonly probabilities: readonly number[];
  readonly rest: number;
}

function compareDrafts(a: Draft, b: Draft): number {
  const last = (a.values.at(-1) ?? 0) - (b.values.at(-1) ?? 0);
  if (last !== 0) return last;
  if (a.values.length !== b.values.length) return a.values.length - b.values.length;
  for (let i = 0; i < a.values.length; i += 1) {
    const difference = (a.values[i] ?? 0) - (b.values[i] ?? 0) || (a.probabilities[i] ?? 0) - (b.probabilities[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.rest - b.rest;
}

/** Brings terms into normal form. */
export function normalizeTerms(raw: RawTerms): NormalTerms {
  const lattice = findLattice(raw.amount);
  const isSingle = raw.amount.length === raw.count;
  return isSingle ? normalizeSingle(raw, lattice) : normalizeGeneral(raw, lattice);
}

/** Mean and variance in the unit of the values, with compensated sums over the terms in their fixed order. */
function sumGeneral(terms: Pick<NormalTerms, 'count' | 'start' | 'value' | 'probability' | 'rest' | 'shift' | 'width'>): Sums {
  const { count, start, value, probability, rest } = terms;
  const means = new Float64Array(count + 1);
  const variances = new Float64Array(count);
  means[0] = terms.shift;
  for (let i = 0; i < count; i += 1) {
    const from = start[i] as number; // within bounds, here and below
    const to = start[i + 1] as number;
    let mean = 0;
    for (let j = from; j < to; j += 1) mean += (value[j] as number) * (probability[j] as number);
    let variance = (rest[i] as number) * mean * mean;
    // One outcome gives the same as in the usual case, to the last bit.
    if (to - from === 1) variance = (rest[i] as number) * (value[from] as number) * mean;
    else for (let j = from; j < to; j += 1) variance += (probability[j] as number) * ((value[j] as number) - mean) ** 2;
    means[i + 1] = mean;
    variances[i] = variance;
  }
  return { mean: compensatedSum(means), variance: compensatedSum(variances), width: terms.width };
}

/** The usual case, one outcome per term, without an object per term. Few loops, each in a function of its own: the first call of a process spends most of its time on compiling them. */
function normalizeSingle(raw: RawTerms, lattice: Lattice | undefined): NormalTerms {
  const values = new Float64Array(raw.count);
  const probabilities = new Float64Array(raw.count);
  const shifts: number[] = [];
  const count = selectUncertain(raw, lattice, values, probabilities, shifts);
  const order = orderByValue(values, count, lattice !== undefined);
  const value = new Float64Array(count);
  const probability = new Float64Array(count);
  gather(order, values, probabilities, value, probability);
  const start = new Int32Array(count + 1);
  const rest = new Float64Array(count);
  const shift = compensatedSum(new Float64Array(shifts).sort());
  const sums = completeSingle(value, probability, start, rest, shift);
  return { count, start, value, probability, rest, shift, lattice, width: sums.width, ...inAmounts(sums, lattice) };
}

/** Uncertain terms as sizes with the probability that they count; certain ones, and what a negative amount moves, go to the shifts. */
function selectUncertain(raw: RawTerms, lattice: Lattice | undefined, values: Float64Array, probabilities: Float64Array, shifts: number[]): number {
  let count = 0;
  for (let i = 0; i < raw.count; i += 1) {
    const amount = raw.amount[i] as number; // within bounds, here and below
    const p = raw.probability[i] as number;
    if (amount === 0 || p === 0) continue;
    const size = lattice === undefined ? amount : toUnits(amount, lattice);
    if (size < 0 || p === 1) shifts.push(size);
    if (p === 1) continue;
    values[count] = Math.abs(size);
    probabilities[count] = size < 0 ? 1 - p : p;
    count += 1;
  }
  return count;
}

/** Longest stretch of equal values that is sorted by insertion. */
const FEW = 32;

/** Values in their order, equal ones by probability. */
function gather(order: Uint32Array, values: Float64Array, probabilities: Float64Array, value: Float64Array, probability: Float64Array): void {
  const count = order.length;
  let from = 0;
  for (let i = 0; i < count; i += 1) {
    const at = order[i] as number;
    const here = values[at] as number;
    const p = probabilities[at] as number;
    if (i > from && here !== value[from]) {
      if (i - from > FEW) probability.subarray(from, i).sort();
      from = i;
    }
    value[i] = here;
    let j = i;
    if (i - from < FEW) {
      for (; j > from && (probability[j - 1] as number) > p; j -= 1) probability[j] = probability[j - 1] as number;
    }
    probability[j] = p;
  }
  if (count - from > FEW) probability.subarray(from).sort();
}

interface Sums {
  readonly mean: number;
  readonly variance: number;
  readonly width: number;
}

/** Fills in what remains, and sums up in one pass with Neumaier's compensation. */
function completeSingle(value: Float64Array, probability: Float64Array, start: Int32Array, rest: Float64Array, shift: number): Sums {
  let mean = shift;
  let meanError = 0;
  let variance = 0;
  let varianceError = 0;
  let width = 0;
  let widthError = 0;
  for (let i = 0; i < value.length; i += 1) {
    const size = value[i] as number;
    const p = probability[i] as number;
    const q = 1 - p;
    start[i + 1] = i + 1;
    rest[i] = q;
    const first = size * p;
    const second = q * size * first;
    const nextMean = mean + first;
    meanError += Math.abs(mean) >= first ? mean - nextMean + first : first - nextMean + mean;
    mean = nextMean;
    const nextVariance = variance + second;
    varianceError += variance >= second ? variance - nextVariance + second : second - nextVariance + variance;
    variance = nextVariance;
    const nextWidth = width + size;
    widthError += width >= size ? width - nextWidth + size : size - nextWidth + width;
    width = nextWidth;
  }
  return { mean: mean + meanError, variance: variance + varianceError, width: width + widthError };
}

/** Moments in the unit of the amounts. */
function inAmounts({ mean, variance }: Sums, lattice: Lattice | undefined): { readonly mean: number; readonly variance: number } {
  if (lattice === undefined) return { mean, variance };
  const unit = lattice.numerator / lattice.denominator;
  return { mean: (mean * lattice.numerator) / lattice.denominator, variance: variance * unit * unit };
}

/**
 * Order by value. Whole values are sorted natively together with their index as one whole number (value × 2^k + index), which is several times faster than
 * sorting by a comparison function.
 */
function orderByValue(values: Float64Array, count: number, isWhole: boolean): Uint32Array {
  const order = new Uint32Array(count);
  const scale = 2 ** Math.ceil(Math.log2(Math.max(2, count)));
  let largest = 0;
  for (let i = 0; i < count; i += 1) {
    order[i] = i;
    if ((values[i] as number) > largest) largest = values[i] as number;
  }
  if (!isWhole || largest * scale > Number.MAX_SAFE_INTEGER / 2) return order.sort((i, j) => (values[i] as number) - (values[j] as number));
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i += 1) keys[i] = (values[i] as number) * scale + i;
  keys.sort();
  for (let i = 0; i < count; i += 1) {
    const key = keys[i] as number;
    order[i] = key - Math.floor(key / scale) * scale;
  }
  return order;
}

function normalizeGeneral(raw: RawTerms, lattice: Lattice | undefined): NormalTerms {
  const drafts: Draft[] = [];
  const shifts: number[] = [];
  for (let i = 0; i < raw.count; i += 1) {
    const mass = new Map<number, number>();
    let left = 1;
    for (let j = raw.start[i] as number; j < (raw.start[i + 1] as number); j += 1) {
      const amount = raw.amount[j] as number;
      const p = raw.probability[j] as number;
      if (p === 0) continue;
      left -= p;
      const units = lattice === undefined ? amount : toUnits(amount, lattice);
      mass.set(units === 0 ? 0 : units, (mass.get(units === 0 ? 0 : units) ?? 0) + p);
    }
    if (left > 1e-12) mass.set(0, (mass.get(0) ?? 0) + left);
    const points = [...mass.keys()].sort((a, b) => a - b);
    const base = points[0] ?? 0;
    if (base !== 0) shifts.push(base);
    if (points.length < 2) continue;
    // Probabilities that sum to 1 only nearly are brought to 1.
    const total = [...mass.values()].reduce((sum, p) => sum + p, 0);
    const values = points.slice(1).map((point) => point - base);
    drafts.push({ values, probabilities: points.slice(1).map((point) => (mass.get(point) ?? 0) / total), rest: (mass.get(base) ?? 0) / total });
  }
  drafts.sort(compareDrafts);
  const start = new Int32Array(drafts.length + 1);
  const value: number[] = [];
  const probability: number[] = [];
  let width = 0;
  for (const [i, draft] of drafts.entries()) {
    value.push(...draft.values);
    probability.push(...draft.probabilities);
    width += draft.values.at(-1) ?? 0;
    start[i + 1] = value.length;
  }
  const terms = {
    count: drafts.length,
    start,
    value: new Float64Array(value),
    probability: new Float64Array(probability),
    rest: Float64Array.from(drafts, (draft) => draft.rest),
    shift: compensatedSum(new Float64Array(shifts).sort()),
    width,
    lattice,
  };
  return { ...terms, ...inAmounts(sumGeneral(terms), lattice) };
}
