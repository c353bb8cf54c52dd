/*
 * The options that the forecast of a period and the win model share. Not a public entry.
 */

import { checkLayout } from '../../calendar/fiscal-layout.js';
import { PERIOD_UNITS } from '../../calendar/period.js';
import { spanOfDay } from '../../calendar/period-span.js';
import { epochDayOrIssue } from '../../calendar/plain-date.js';
import { checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import type { Cut } from '../../pipelines/cut.js';
import { dealFieldHint, EXPECTED_DEAL_FIELD, isDealField } from '../../pipelines/deal-field.js';
import { type Boundaries, boundariesOfRange, boundariesOfUnit } from '../win/cycle.js';

/** Far in the past: everything is observed. */
export const FROM_THE_START = -1_000_000;

/** The first whole day that is ahead of the cut; of an instant within a day, the day after. Every event before the cut lies on an earlier day. */
export function cutDayOf(cut: Cut): number {
  const day = cut.clock.dayAt(cut.time);
  return cut.time > cut.clock.startOfDay(day) ? day + 1 : day;
}

/** The option `observedFrom`: epoch day, or far in the past. */
export function readObservedFrom(value: unknown, issues: IssueSink): number {
  if (value === undefined) return FROM_THE_START;
  const day = epochDayOrIssue(value, ['observedFrom'], issues);
  return Number.isNaN(day) ? FROM_THE_START : day;
}

/** The option `segmentBy`: the name of a field, or null. */
export function readSegmentBy(value: unknown, issues: IssueSink): string | null {
  if (value === undefined) return null;
  const name = checkText(value, ['segmentBy'], issues, { expected: EXPECTED_DEAL_FIELD });
  if (name === undefined) return null;
  if (isDealField(name)) return name;
  const hint = dealFieldHint(name);
  issues.push(createIssue('invalid_value', ['segmentBy'], { expected: EXPECTED_DEAL_FIELD, received: name, ...(hint === undefined ? {} : { hint }) }));
  return null;
}

/** Periods like the one given: of the same unit of the calendar, or of the same length. */
export function boundariesAround(record: PlainRecord, start: number, end: number, first: number, last: number): Boundaries {
  const layout = checkLayout(record.calendar, ['calendar'], []);
  const unit =
    layout === undefined
      ? undefined
      : PERIOD_UNITS.find((candidate) => {
          const span = spanOfDay(layout, candidate, start);
          return span.start === start && span.end === end;
        });
  return layout === undefined || unit === undefined ? boundariesOfRange(start, end, first, last) : boundariesOfUnit(layout, unit, first, last);
}
