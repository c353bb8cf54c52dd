/* Lines of a statement into the currency in which pay is paid out: after everything else, rounded by cumulative difference. */

import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioDivide, ratioFromDecimal, ratioFromScaled, ratioRound, ratioSubtract, ratioToDecimal } from '../../decimal/ratio.js';
import type { RoundingMode } from '../../decimal/rounding.js';
import { type ExactArithmetic, type ExactValue, exactValueOfRatio, ratioOf, traceOf } from '../../decimal/traced-arithmetic.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { exponentOf } from '../../money/currencies.js';
import { createRateFinder, type RateFinder } from '../../money/find-rate.js';
import type { LinePay, PayConversion, StatementPay } from '../statement.js';
import type { Cell } from './cells.js';
import type { UsedRate } from './credit-rates.js';
import { partsOfLine, type RoundedLine } from './evaluate-cell.js';
import { moneyOfRatio } from './money-of-ratio.js';

/** What conversion needs of a run. */
export interface PayBook {
  readonly arithmetic: ExactArithmetic;
  readonly rates: RateFinder | undefined;
  readonly issues: Issue[];
  /** The day of a credit of the run. */
  readonly dayOfCredit: (creditId: string) => string | undefined;
}

/** What statements of one currency of pay have in common. */
export interface PaidLines {
  /** In the order of the lines; undefined where a rate is missing. */
  readonly lines: readonly (LinePay | undefined)[];
  readonly total: StatementPay;
}

/** Digits of a mean rate. */
const MEAN_SCALE = 12;

/** Converts the lines of a statement, or undefined if they are paid in the currency of their plan. */
export function convertPay(lines: readonly { readonly line: RoundedLine; readonly cell: Cell }[], cells: readonly Cell[], book: PayBook): PaidLines | undefined {
  const [first] = cells;
  const currency = first?.plan.payCurrency;
  if (first === undefined || currency === undefined || currency === first.plan.currency) return undefined;
  const policy = first.plan.payRate ?? 'period-end';
  const rounding = { scale: exponentOf(currency), mode: first.plan.rounding?.mode ?? ('half-up' satisfies RoundingMode) };
  const rateFor = rateReader(book, first, currency);
  let exact = RATIO_ZERO;
  let rounded = RATIO_ZERO;
  let missing: string | undefined;
  const paid = lines.map(({ line, cell }): LinePay | undefined => {
    const pieces = policy === 'credit-date' ? piecesByCredit(line, cell, book) : [{ amount: line.amount, on: undefined }];
    const converted = convertPieces(pieces, cell, rateFor, book);
    if (typeof converted === 'string') {
      missing ??= converted;
      return undefined;
    }
    const before = exact;
    const roundedBefore = rounded;
    exact = ratioAdd(exact, ratioOf(converted.value));
    rounded = ratioRound(exact, rounding);
    const amount = ratioSubtract(rounded, roundedBefore);
    const note = { label: 'Paid out', unit: currency };
    const value =
      before.n === 0n
        ? book.arithmetic.round(converted.value, rounding, note)
        : book.arithmetic.subtract(
            book.arithmetic.round(book.arithmetic.sum([exactValueOfRatio(before, { name: 'earlier lines, unrounded', unit: currency }), converted.value]), rounding, {
              label: 'Rounded together',
              unit: currency,
            }),
            exactValueOfRatio(roundedBefore, { name: 'earlier lines, rounded', unit: currency }),
            note,
          );
    const money = moneyOfRatio(amount, currency);
    return {
      amount: money,
      conversions: converted.conversions,
      trace: traceOf(value) ?? {
        op: 'input',
        label: 'Paid out',
        inputs: [{ name: 'Paid out', value: ratioToDecimal(amount) ?? '0', unit: currency }],
        output: ratioToDecimal(amount) ?? '0',
      },
    };
  });
  if (missing !== undefined) {
    book.issues.push(
      createIssue('missing_rate', ['rates'], { expected: missing, received: first.plan.currency, hint: `payee ${first.payee.payee.id}, ${first.period.label}: not converted` }),
    );
  }
  return {
    lines: paid,
    total:
      missing === undefined ? { currency, policy, total: moneyOfRatio(rounded, currency) } : { currency, policy, total: null, reason: `there is no rate: expected ${missing}` },
  };
}

interface Piece {
  readonly amount: Ratio;
  /** The day that decides the rate; the last day of the period where it is not known. */
  readonly on: string | undefined;
}

function piecesByCredit(line: RoundedLine, cell: Cell, book: PayBook): readonly Piece[] {
  const days = new Map(line.parts.map((part) => [part.creditId, part.on]));
  const byDay = new Map<string, Piece>();
  for (const part of partsOfLine(line, cell.plan)) {
    const on = part.creditId === undefined ? undefined : (days.get(part.creditId) ?? book.dayOfCredit(part.creditId));
    const known = byDay.get(on ?? '');
    const amount = ratioOf(part.amount);
    byDay.set(on ?? '', { on, amount: known === undefined ? amount : ratioAdd(known.amount, amount) });
  }
  return [...byDay.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, piece]) => piece);
}

function convertPieces(
  pieces: readonly Piece[],
  cell: Cell,
  rateFor: (on: string | undefined) => UsedRate | string,
  book: PayBook,
): { readonly value: ExactValue; readonly conversions: readonly PayConversion[] } | string {
  const values: ExactValue[] = [];
  const conversions: PayConversion[] = [];
  const { currency } = cell.plan;
  for (const piece of pieces) {
    const used = rateFor(piece.on);
    if (typeof used === 'string') return used;
    const rate = ratioFromDecimal(used.rate);
    values.push(
      book.arithmetic.multiply([exactValueOfRatio(piece.amount, { name: 'line', unit: currency }), exactValueOfRatio(rate, { name: 'rate', source: used.on ?? 'fixed or mean' })], {
        label: 'Converted',
      }),
    );
    conversions.push({ amount: moneyOfRatio(piece.amount, currency), rate: used.rate, on: used.on });
  }
  return { value: book.arithmetic.sum(values, { label: 'Converted' }), conversions };
}

/** The rate for a piece by the plan's policy, or what was expected where there is none. */
function rateReader(book: PayBook, cell: Cell, to: string): (on: string | undefined) => UsedRate | string {
  const { plan, period } = cell;
  const finder = plan.payRate === 'plan' && plan.planRates !== undefined ? createRateFinder(plan.planRates) : book.rates;
  const lastDay = fromEpochDay(readEpochDay(period.endExclusive) - 1);
  const at = (on: string): UsedRate | string => {
    const found = finder?.find({ from: plan.currency, to, on });
    return found === undefined || found.rate === null ? `a rate from ${plan.currency} to ${to} on ${on}` : { rate: found.rate, on: found.on };
  };
  if (plan.payRate !== 'period-average') return (on) => at(on ?? lastDay);
  const mean = meanRate(at, readEpochDay(period.start), readEpochDay(period.endExclusive));
  return () => mean;
}

/** Mean of the rates of all days; a rate holds until the next one. */
function meanRate(at: (on: string) => UsedRate | string, start: number, end: number): UsedRate | string {
  let sum = RATIO_ZERO;
  for (let day = start; day < end; day += 1) {
    const used = at(fromEpochDay(day));
    if (typeof used === 'string') return used;
    sum = ratioAdd(sum, ratioFromDecimal(used.rate));
  }
  const mean = ratioRound(ratioDivide(sum, ratioFromScaled(end - start, 0)), { scale: MEAN_SCALE, mode: 'half-even' });
  return { rate: ratioToDecimal(mean) ?? '0', on: null };
}
