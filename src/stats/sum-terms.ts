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
    if (isPlainRecord(term) && Object.hasOwn(term, 'outcomes')) readOutcomes(term, i, amount, probability, issues);
    else readOutcome(term, ['terms', i], amount, probability, issues);
    start[i + 1] = amount.length;
  }
  if (issues.length > before) return undefined;
  return { count: list.length, start, amount: Float64Array.from(amount), probability: Float64Array.from(probability) };
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
  return { count, start, amount: Float64Array.from(amounts), probability: Float64Array.from(probabilities) };
}

function readOutcome(value: unknown, path: readonly (string | number)[], amounts: number[], probabilities: number[], issues: IssueSink): void {
  if (!isPlainRecord(value)) {
    issues.push(createIssue('invalid_type', path, { expected: 'an object { amount, probability }', received: value }));
    return;
  }
  // The common case without a call per key: exactly the two keys, both good.
  const amount = Object.hasOwn(value, 'amount') ? value['amount'] : undefined;
  const probability = Object.hasOwn(value, 'probability') ? value['probability'] : undefined;
  checkKeys(value, ['amount', 'probability'], path, issues);
  if (typeof amount === 'number' && Math.abs(amount) <= MAX_AMOUNT && typeof probability === 'number' && probability >= 0 && probability <= 1) {
    amounts.push(amount);
    probabilities.push(probability);
    return;
  }
  readParameter(amount, { min: -MAX_AMOUNT, max: MAX_AMOUNT }, [...path, 'amount'], issues);
  readParameter(probability, PROBABILITY, [...path, 'probability'], issues);
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

/** Mean and variance of the sum in the unit of the amounts, with compensated sums over the terms in their fixed order. */
function moments(terms: Omit<NormalTerms, 'mean' | 'variance'>): { readonly mean: number; readonly variance: number } {
  const { count, start, value, probability, rest, lattice, shift } = terms;
  const means = new Float64Array(count + 1);
  const variances = new Float64Array(count);
  means[count] = shift;
  for (let i = 0; i < count; i += 1) {
    const from = start[i] as number; // within bounds, here and below
    const to = start[i + 1] as number;
    let mean = 0;
    for (let j = from; j < to; j += 1) mean += (value[j] as number) * (probability[j] as number);
    let variance = (rest[i] as number) * mean * mean;
    if (to - from === 1) variance = (rest[i] as number) * (probability[from] as number) * (value[from] as number) ** 2;
    else for (let j = from; j < to; j += 1) variance += (probability[j] as number) * ((value[j] as number) - mean) ** 2;
    means[i] = mean;
    variances[i] = variance;
  }
  const mean = compensatedSum(means);
  const variance = compensatedSum(variances);
  if (lattice === undefined) return { mean, variance };
  const unit = lattice.numerator / lattice.denominator;
  return { mean: (mean * lattice.numerator) / lattice.denominator, variance: variance * unit * unit };
}

/** The usual case, one outcome per term, without an object per term. */
function normalizeSingle(raw: RawTerms, lattice: Lattice | undefined): NormalTerms {
  const values = new Float64Array(raw.count);
  const probabilities = new Float64Array(raw.count);
  const rests = new Float64Array(raw.count);
  const shifts: number[] = [];
  let count = 0;
  for (let i = 0; i < raw.count; i += 1) {
    const amount = raw.amount[i] as number; // within bounds, here and below
    const p = raw.probability[i] as number;
    if (amount === 0 || p === 0) continue;
    const size = lattice === undefined ? amount : toUnits(amount, lattice);
    if (p === 1) {
      shifts.push(size);
      continue;
    }
    if (size < 0) shifts.push(size);
    values[count] = Math.abs(size);
    probabilities[count] = size < 0 ? 1 - p : p;
    rests[count] = size < 0 ? p : 1 - p;
    count += 1;
  }
  const order = orderTerms(values, probabilities, rests, count, lattice !== undefined);
  const start = new Int32Array(count + 1);
  const value = new Float64Array(count);
  const probability = new Float64Array(count);
  const rest = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const from = order[i] as number;
    start[i + 1] = i + 1;
    value[i] = values[from] as number;
    probability[i] = probabilities[from] as number;
    rest[i] = rests[from] as number;
  }
  const terms = { count, start, value, probability, rest, shift: compensatedSum(Float64Array.from(shifts).sort()), width: compensatedSum(value), lattice };
  return { ...terms, ...moments(terms) };
}

/**
 * Order by value, then probability. Whole values are sorted natively together with their index as one whole number (value × 2^k + index), which is
 * several times faster than sorting by a comparison function; only equal values are then compared.
 */
function orderTerms(values: Float64Array, probabilities: Float64Array, rests: Float64Array, count: number, isWhole: boolean): Uint32Array {
  const order = new Uint32Array(count);
  const compare = (i: number, j: number): number =>
    (values[i] as number) - (values[j] as number) || (probabilities[i] as number) - (probabilities[j] as number) || (rests[i] as number) - (rests[j] as number);
  const scale = 2 ** Math.ceil(Math.log2(Math.max(2, count)));
  let largest = 0;
  for (let i = 0; i < count; i += 1) {
    order[i] = i;
    if ((values[i] as number) > largest) largest = values[i] as number;
  }
  if (!isWhole || largest * scale > Number.MAX_SAFE_INTEGER / 2) return order.sort(compare);
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i += 1) keys[i] = (values[i] as number) * scale + i;
  keys.sort();
  for (let i = 0; i < count; i += 1) {
    const key = keys[i] as number;
    order[i] = key - Math.floor(key / scale) * scale;
  }
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && values[order[to] as number] === values[order[from] as number]) to += 1;
    if (to - from > 24) order.subarray(from, to).sort(compare);
    else {
      for (let i = from + 1; i < to; i += 1) {
        const moved = order[i] as number;
        let j = i;
        for (; j > from && compare(order[j - 1] as number, moved) > 0; j -= 1) order[j] = order[j - 1] as number;
        order[j] = moved;
      }
    }
    from = to;
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
    value: Float64Array.from(value),
    probability: Float64Array.from(probability),
    rest: Float64Array.from(drafts, (draft) => draft.rest),
    shift: compensatedSum(Float64Array.from(shifts).sort()),
    width,
    lattice,
  };
  return { ...terms, ...moments(terms) };
}
