import { readDecimal } from '../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioDivide, ratioFromDecimal, ratioMultiply, ratioSubtract, ratioToDecimal } from '../decimal/ratio.js';
import { checkKeys, checkList, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/**
 * A point of a payout curve: at this attainment (or amount) this is paid.
 *
 * @category compensation
 */
export interface CurveKnot {
  /** Attainment as a fraction, or an amount; exact decimal text. */
  readonly at: string;
  /** Share of target as a fraction, or money; exact decimal text. */
  readonly payout: string;
}

/**
 * A piece of a payout curve.
 *
 * @category compensation
 */
export interface CurveSlope {
  /** Where it starts. */
  readonly from: string;
  /** Points of payout for each point of attainment: 5 means that one more per cent attained pays five per cent more. Exact decimal, or a fraction `n/d`. */
  readonly slope: string;
}

/**
 * A payout curve by its slopes: where it starts, what it pays there (the jump at the threshold, 0 for none), how steep it is, where it ends.
 * Below the start nothing is paid, behind the end no more than there.
 *
 * @category compensation
 */
export interface SlopedCurve {
  /** Payout at the start of the first slope. */
  readonly start: string;
  /** The pieces, rising. */
  readonly slopes: readonly CurveSlope[];
  /** Where the last piece ends. */
  readonly end: string;
}

/**
 * Turns slopes into the knots of a curve, without loss: `payout(next) = payout(from) + slope × (next − from)`.
 *
 * @param curve - start, slopes and end
 * @returns the knots, one more than there are slopes; use them as tiers of mode `interpolated`
 * @throws DomainError `invalid_type` | `invalid_decimal` | `precision_exceeded` | `unknown_key` | `reserved_key` | `empty` | `tiers_not_ascending` |
 *   `out_of_range` (a payout does not end within the digits of a decimal)
 * @example
 * ```ts
 * import { curveFromSlopes } from 'dealwright/compensation';
 * curveFromSlopes({ start: '0.65', slopes: [{ from: '0.93', slope: '5' }], end: '1.1' }); // => [{ at: '0.93', payout: '0.65' }, { at: '1.1', payout: '1.5' }]
 * ```
 * @category compensation
 */
export function curveFromSlopes(curve: SlopedCurve): readonly CurveKnot[] {
  const issues: IssueSink = [];
  const record = checkRecord(curve, [], issues, 'a curve { start, slopes, end }') ?? {};
  checkKeys(record, ['start', 'slopes', 'end'], [], issues);
  let payout = readNumber(record['start'], ['start'], issues);
  const end = readNumber(record['end'], ['end'], issues);
  const pieces = (checkList(record['slopes'], ['slopes'], issues, { min: 1, expected: 'at least one slope' }) ?? []).map((entry, index) => {
    const at = ['slopes', index];
    const piece = checkRecord(entry, at, issues, 'a piece { from, slope }') ?? {};
    checkKeys(piece, ['from', 'slope'], at, issues);
    return { from: readNumber(piece['from'], [...at, 'from'], issues), slope: readFraction(piece['slope'], [...at, 'slope'], issues) };
  });
  throwIfIssues(issues);
  const knots: CurveKnot[] = [];
  pieces.forEach((piece, index) => {
    const next = pieces[index + 1]?.from ?? end;
    const path = index + 1 < pieces.length ? ['slopes', index + 1, 'from'] : ['end'];
    if (ratioCompare(next, piece.from) <= 0) issues.push(createIssue('tiers_not_ascending', path, { expected: 'more than where the piece starts' }));
    knots.push({ at: textOf(piece.from, path, issues), payout: textOf(payout, path, issues) });
    payout = ratioAdd(payout, ratioMultiply(piece.slope, ratioSubtract(next, piece.from)));
  });
  knots.push({ at: textOf(end, ['end'], issues), payout: textOf(payout, ['end'], issues) });
  throwIfIssues(issues);
  return knots;
}

/**
 * Turns the knots of a curve into slopes, without loss: `slope = (payout(next) − payout(at)) ÷ (next − at)`. A slope that does not end as a decimal is given as
 * a fraction `n/d`, which {@link curveFromSlopes} reads back exactly.
 *
 * @param knots - at least two points, rising
 * @returns start, slopes and end
 * @throws DomainError `invalid_type` | `invalid_decimal` | `precision_exceeded` | `unknown_key` | `reserved_key` | `empty` | `tiers_not_ascending`
 * @example
 * ```ts
 * import { slopesFromCurve } from 'dealwright/compensation';
 * slopesFromCurve([{ at: '0.7', payout: '0' }, { at: '1', payout: '1' }, { at: '1.5', payout: '2' }]).slopes; // => [{ from: '0.7', slope: '10/3' }, { from: '1', slope: '2' }]
 * ```
 * @category compensation
 */
export function slopesFromCurve(knots: readonly CurveKnot[]): SlopedCurve {
  const issues: IssueSink = [];
  const points = (checkList(knots, [], issues, { min: 2, expected: 'at least two points' }) ?? []).map((entry, index) => {
    const knot = checkRecord(entry, [index], issues, 'a point { at, payout }') ?? {};
    checkKeys(knot, ['at', 'payout'], [index], issues);
    return { at: readNumber(knot['at'], [index, 'at'], issues), payout: readNumber(knot['payout'], [index, 'payout'], issues) };
  });
  throwIfIssues(issues);
  const slopes: CurveSlope[] = [];
  points.forEach((point, index) => {
    const next = points[index + 1];
    if (next === undefined) return;
    if (ratioCompare(next.at, point.at) <= 0) issues.push(createIssue('tiers_not_ascending', [index + 1, 'at'], { expected: 'more than the point before' }));
    else
      slopes.push({ from: textOf(point.at, [index, 'at'], issues), slope: fractionText(ratioDivide(ratioSubtract(next.payout, point.payout), ratioSubtract(next.at, point.at))) });
  });
  throwIfIssues(issues);
  const first = points[0];
  const last = points[points.length - 1];
  return { start: textOf(first?.payout ?? RATIO_ZERO, [0], issues), slopes, end: textOf(last?.at ?? RATIO_ZERO, [0], issues) };
}

/**
 * Turns a table of increments, in which a row says how much is earned by passing through it, into the knots of a curve that say how much has been earned at its
 * bounds. Some systems store proportional tables in one form, some in the other.
 *
 * @param rows - bands in order: from, to and the amount that the whole band brings
 * @returns the knots, starting at 0 payout
 * @throws DomainError `invalid_type` | `invalid_decimal` | `precision_exceeded` | `unknown_key` | `reserved_key` | `empty` | `tiers_not_ascending` | `tier_gap`
 * @example
 * ```ts
 * import { curveFromIncrements } from 'dealwright/compensation';
 * curveFromIncrements([{ from: '0', to: '1000', amount: '10' }, { from: '1000', to: '3000', amount: '40' }]); // => [{ at: '0', payout: '0' }, { at: '1000', payout: '10' }, { at: '3000', payout: '50' }]
 * ```
 * @category compensation
 */
export function curveFromIncrements(rows: readonly CurveIncrement[]): readonly CurveKnot[] {
  const issues: IssueSink = [];
  const bands = (checkList(rows, [], issues, { min: 1, expected: 'at least one row' }) ?? []).map((entry, index) => {
    const row = checkRecord(entry, [index], issues, 'a row { from, to, amount }') ?? {};
    checkKeys(row, ['from', 'to', 'amount'], [index], issues);
    return {
      from: readNumber(row['from'], [index, 'from'], issues),
      to: readNumber(row['to'], [index, 'to'], issues),
      amount: readNumber(row['amount'], [index, 'amount'], issues),
    };
  });
  throwIfIssues(issues);
  let payout = RATIO_ZERO;
  const knots: CurveKnot[] = [];
  bands.forEach((band, index) => {
    if (ratioCompare(band.to, band.from) <= 0) issues.push(createIssue('tiers_not_ascending', [index, 'to'], { expected: 'more than from' }));
    const earlier = bands[index - 1];
    if (earlier !== undefined && ratioCompare(earlier.to, band.from) !== 0)
      issues.push(createIssue('tier_gap', [index, 'from'], { expected: textOf(earlier.to, [index], issues), received: textOf(band.from, [index], issues) }));
    if (index === 0) knots.push({ at: textOf(band.from, [index], issues), payout: '0' });
    payout = ratioAdd(payout, band.amount);
    knots.push({ at: textOf(band.to, [index], issues), payout: textOf(payout, [index], issues) });
  });
  throwIfIssues(issues);
  return knots;
}

/**
 * A row of a table of increments.
 *
 * @category compensation
 */
export interface CurveIncrement {
  /** Where the band starts. */
  readonly from: string;
  /** Where it ends. */
  readonly to: string;
  /** What passing through the whole band brings. */
  readonly amount: string;
}

function readNumber(value: unknown, path: IssuePath, issues: IssueSink): Ratio {
  const read = typeof value === 'string' ? readDecimal(value, path) : createIssue('invalid_type', path, { expected: 'a decimal text', received: value });
  if (typeof read === 'string') return ratioFromDecimal(read);
  issues.push(read);
  return RATIO_ZERO;
}

/** A decimal, or two of them with a stroke between. */
function readFraction(value: unknown, path: IssuePath, issues: IssueSink): Ratio {
  const [numerator, denominator, ...rest] = typeof value === 'string' && value.length < 1_000 ? value.split('/') : [value];
  const n = readNumber(numerator, path, issues);
  if (denominator === undefined) return n;
  const d = readNumber(denominator, path, issues);
  if (rest.length === 0 && ratioCompare(d, RATIO_ZERO) > 0) return ratioDivide(n, d);
  issues.push(createIssue('invalid_decimal', path, { expected: 'a decimal or a fraction n/d', received: value }));
  return RATIO_ZERO;
}

/** Canonical text; a point that a decimal cannot hold exactly is an issue, not a rounded number. */
function textOf(value: Ratio, path: IssuePath, issues: IssueSink): string {
  const text = ratioToDecimal(value);
  const read = text === null ? undefined : readDecimal(text);
  if (typeof read === 'string') return read;
  issues.push(createIssue('out_of_range', path, { expected: 'a payout that is an exact decimal of at most 12 decimals', hint: 'choose the slope or the point so that it ends' }));
  return '0';
}

function fractionText(value: Ratio): string {
  const text = ratioToDecimal(value);
  if (text !== null && typeof readDecimal(text) === 'string') return text;
  let a = value.n < 0n ? -value.n : value.n;
  let b = value.d;
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = a === 0n ? 1n : a;
  return `${value.n / divisor}/${value.d / divisor}`;
}
