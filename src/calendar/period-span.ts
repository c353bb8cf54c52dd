/*
 * Periods of a calendar as numbers: which one a day is in, where it starts and ends, how it is called, and back from its label.
 * Not a public entry.
 */
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { formatYear, fromEpochDay, MAX_EPOCH_DAY, MIN_EPOCH_DAY, twoDigits } from './epoch-day.js';
import type { CalendarLayout, YearPart } from './fiscal-layout.js';
import type { Period, PeriodUnit } from './period.js';

/** One period of a calendar. */
export interface PeriodSpan extends YearPart {
  readonly unit: PeriodUnit;
  /** Epoch day of the first day. */
  readonly start: number;
  /** Epoch day after the last day. */
  readonly end: number;
}

const MONTHS_OF: Readonly<Record<Exclude<PeriodUnit, 'week'>, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

/** The period at a place in its year; the place is taken to exist. */
export function spanAt(layout: CalendarLayout, unit: PeriodUnit, year: number, index: number): PeriodSpan {
  if (unit === 'week') {
    const start = layout.weekStart(year, index);
    return { unit, year, index, start, end: start + 7 };
  }
  const months = MONTHS_OF[unit];
  return { unit, year, index, start: layout.monthStart(year, index * months), end: layout.monthStart(year, (index + 1) * months) };
}

/** The period that a day is in. */
export function spanOfDay(layout: CalendarLayout, unit: PeriodUnit, epochDay: number): PeriodSpan {
  if (unit === 'week') {
    const { year, index } = layout.weekOf(epochDay);
    return spanAt(layout, unit, year, index);
  }
  const { year, index } = layout.monthOf(epochDay);
  return spanAt(layout, unit, year, Math.floor(index / MONTHS_OF[unit]));
}

/** The period so many steps later. */
export function shiftSpan(layout: CalendarLayout, span: PeriodSpan, steps: number): PeriodSpan {
  if (span.unit === 'week') return spanOfDay(layout, 'week', span.start + steps * 7);
  const perYear = 12 / MONTHS_OF[span.unit];
  const place = span.year * perYear + span.index + steps;
  const year = Math.floor(place / perYear);
  return spanAt(layout, span.unit, year, place - year * perYear);
}

/** Whether all days, the exclusive end too, and the year can be written. */
export function isSpanWritable(span: PeriodSpan): boolean {
  return span.start >= MIN_EPOCH_DAY && span.end <= MAX_EPOCH_DAY && span.year >= 1 && span.year <= 9999;
}

/** Why a period cannot be written. */
export function unwritableSpan(path: IssuePath, received: unknown): Issue {
  return createIssue('invalid_period', path, { expected: 'a period within the years 0001 to 9999 (the end is the day after the last, so 9999-12-31 is in none)', received });
}

/** The name of a period. */
export function labelOf(layout: CalendarLayout, { unit, year, index }: YearPart & { readonly unit: PeriodUnit }): string {
  if (unit === 'week') return `${layout.weekPrefix}${formatYear(year)}-W${twoDigits(index + 1)}`;
  const name = `${layout.prefix}${formatYear(year)}`;
  if (unit === 'year') return name;
  if (unit === 'half') return `${name}-H${index + 1}`;
  if (unit === 'quarter') return `${name}-Q${index + 1}`;
  return layout.prefix === '' ? `${name}-${twoDigits(index + 1)}` : `${name}-P${twoDigits(index + 1)}`;
}

/** The period as plain data; the span must be writable. */
export function periodOfSpan(layout: CalendarLayout, span: PeriodSpan): Period {
  return { start: fromEpochDay(span.start), endExclusive: fromEpochDay(span.end), label: labelOf(layout, span) };
}

const LABEL = /^(FY)?(\d{4})(?:-(?:(H)([12])|(Q)([1-4])|(P)(\d{2})|(W)(\d{2})|(\d{2})))?$/;

/** The period that a label names in a calendar, or the issue. A calendar knows one spelling of each period. */
export function spanOfLabel(layout: CalendarLayout, label: string, path: IssuePath): PeriodSpan | Issue {
  const example = `"${labelOf(layout, { unit: 'quarter', year: 2026, index: 0 })}" or "${labelOf(layout, { unit: 'month', year: 2026, index: 2 })}"`;
  const problem = (hint?: string): Issue =>
    createIssue('invalid_period', path, { expected: `the label of a period, such as ${example}`, received: label, ...(hint === undefined ? {} : { hint }) });
  const match = label.length > 12 ? null : LABEL.exec(label);
  if (match === null) return problem(hintFor(label));
  const year = Number(match[2]);
  const place = placeOf(match);
  if (year === 0 || place.index < 0) return problem();
  const { unit, index } = place;
  const span = spanAt(layout, unit, year, index);
  // The label of what was found must be the text that was given: this rules out month 13, week 53 of a short year, and other calendars' spellings.
  const found = unit === 'month' && index > 11 ? undefined : unit === 'week' ? spanOfDay(layout, unit, span.start) : span;
  if (found === undefined || found.year !== year || found.index !== index) return problem(`${match[2]} has no ${unit} ${index + 1}`);
  const name = labelOf(layout, found);
  if (name !== label) return problem(hintForSpelling(layout, match[1] === 'FY', unit, name));
  return isSpanWritable(span) ? span : unwritableSpan(path, label);
}

function placeOf(match: RegExpExecArray): { readonly unit: PeriodUnit; readonly index: number } {
  if (match[4] !== undefined) return { unit: 'half', index: Number(match[4]) - 1 };
  if (match[6] !== undefined) return { unit: 'quarter', index: Number(match[6]) - 1 };
  if (match[10] !== undefined) return { unit: 'week', index: Number(match[10]) - 1 };
  const month = match[8] ?? match[11];
  return month === undefined ? { unit: 'year', index: 0 } : { unit: 'month', index: Number(month) - 1 };
}

function hintForSpelling(layout: CalendarLayout, fiscal: boolean, unit: PeriodUnit, name: string): string {
  if (unit === 'week' && layout.weekPrefix === '') return `weeks are ISO weeks: did you mean "${name}"?`;
  if (fiscal && layout.prefix === '') return 'pass the fiscal calendar it belongs to: { calendar }';
  if (!fiscal && layout.prefix === 'FY') return `in this fiscal calendar it is written "${name}"; periods of the calendar year are read without { calendar }`;
  return `did you mean "${name}"?`;
}

function hintFor(label: string): string | undefined {
  if (label.length > 40) return undefined;
  const upper = label.trim().toUpperCase();
  if (upper !== label && LABEL.test(upper)) return `did you mean "${upper}"?`;
  const quarterFirst = /^Q([1-4])[ -](\d{4})$/.exec(upper);
  if (quarterFirst !== null) return `did you mean "${quarterFirst[2]}-Q${quarterFirst[1]}"?`;
  const loose = /^(FY)?(\d{4})[- ]?([HQ]\d)$/.exec(upper);
  if (loose !== null) return `did you mean "${loose[1] ?? ''}${loose[2]}-${loose[3]}"?`;
  const short = /^(FY)?(\d{4})-([PW]?)(\d)$/.exec(upper);
  if (short !== null) return `did you mean "${short[1] ?? ''}${short[2]}-${short[3]}0${short[4]}"?`;
  return undefined;
}
