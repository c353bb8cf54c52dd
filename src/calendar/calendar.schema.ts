/*
 * zod schemas of dates, periods and calendars. Each asks the reader of this folder, so that there is one rule and not two; the structure behind it is what
 * JSON Schema is made from.
 */
import * as z from 'zod';
import type { IssueSink } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import type { Weekday } from './compare-dates.js';
import { type FiscalCalendar, type MonthFiscalCalendar, type MonthNumber, validateFiscalCalendar, type WeekFiscalCalendar } from './fiscal-calendar.js';
import { readEventTime } from './instant.js';
import type { Period } from './period.js';
import { checkPeriodRecord } from './period-input.js';
import { type PlainDate, readPlainDate } from './plain-date.js';
import { validateWorkingCalendar, type WorkingCalendar } from './working-calendar.js';

/** Hands issues to zod, with everything beside message and path under `params`. */
function report(issues: readonly Issue[], context: z.RefinementCtx): void {
  for (const { message, path, ...params } of issues) context.addIssue({ code: 'custom', message, path: [...path], params });
}

/**
 * A date `YYYY-MM-DD` that exists: exactly what {@link readPlainDate} accepts.
 *
 * @category calendar
 */
export const plainDateSchema: z.ZodType<PlainDate, PlainDate> = /* @__PURE__ */ z.preprocess<unknown, z.ZodString, string>(
  (value, context) => {
    const read = readPlainDate(value);
    if (typeof read !== 'string') report([read], context);
    return value;
  },
  /* @__PURE__ */ z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
);

/**
 * When something happened: an ISO 8601 instant with an offset, or a date.
 *
 * @category calendar
 */
export const eventTimeSchema: z.ZodType<string, string> = /* @__PURE__ */ z.preprocess<unknown, z.ZodString, string>((value, context) => {
  const read = readEventTime(value);
  if (typeof read !== 'string') report([read], context);
  return value;
}, /* @__PURE__ */ z.string());

/**
 * A period as records hold it: `start` before `endExclusive`, and a label. Exactly the objects that `readPeriod` accepts.
 *
 * @category calendar
 */
export const periodSchema: z.ZodType<Period, Period> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<Period>, Period>(
  (value, context) => {
    const issues: IssueSink = [];
    checkPeriodRecord(value, [], issues);
    report(issues, context);
    return value;
  },
  /* @__PURE__ */ z.strictObject({
    start: /* @__PURE__ */ z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    endExclusive: /* @__PURE__ */ z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    label: /* @__PURE__ */ z.string(),
  }),
);

const monthNumber: z.ZodType<MonthNumber> = /* @__PURE__ */ z.literal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const weekday: z.ZodType<Weekday> = /* @__PURE__ */ z.literal([1, 2, 3, 4, 5, 6, 7]);
const yearName: z.ZodType<'start' | 'end'> = /* @__PURE__ */ z.enum(['start', 'end']);

/**
 * A fiscal calendar: exactly what `validateFiscalCalendar` finds no issue with.
 *
 * @category calendar
 */
export const fiscalCalendarSchema: z.ZodType<FiscalCalendar, FiscalCalendar> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<FiscalCalendar>, FiscalCalendar>(
  (value, context) => {
    report(validateFiscalCalendar(value), context);
    return value;
  },
  /* @__PURE__ */ z.union([
    /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('months'), startMonth: monthNumber, yearName }) satisfies z.ZodType<MonthFiscalCalendar>,
    /* @__PURE__ */ z.strictObject({
      kind: /* @__PURE__ */ z.enum(['4-4-5', '4-5-4', '5-4-4']),
      endMonth: monthNumber,
      endWeekday: weekday,
      rule: /* @__PURE__ */ z.enum(['last-weekday-of-month', 'nearest-to-month-end']),
      yearName,
      extraWeekIn: /* @__PURE__ */ z.exactOptional(monthNumber),
    }) satisfies z.ZodType<WeekFiscalCalendar>,
  ]),
);

/**
 * A calendar of working days: exactly what `validateWorkingCalendar` finds no issue with.
 *
 * @category calendar
 */
export const workingCalendarSchema: z.ZodType<WorkingCalendar, WorkingCalendar> = /* @__PURE__ */ z.preprocess<unknown, z.ZodType<WorkingCalendar>, WorkingCalendar>(
  (value, context) => {
    report(validateWorkingCalendar(value), context);
    return value;
  },
  /* @__PURE__ */ z.strictObject({
    weekend: /* @__PURE__ */ z.array(weekday),
    holidays: /* @__PURE__ */ z.array(/* @__PURE__ */ z.string().regex(/^\d{4}-\d{2}-\d{2}$/)),
  }),
);
