import { DAY_MILLISECONDS, fromEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import { instantReaderOf } from '../calendar/instant-of.js';
import { readZone, type ZoneClock } from '../calendar/time-zone.js';
import { defineWorkingCalendar, type WorkingCalendar } from '../calendar/working-calendar.js';
import { isWorkingDay } from '../calendar/working-days.js';
import { checkKeys, checkList, checkNumber, checkRecord, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { kaplanMeier, survivalQuantile } from '../stats/kaplan-meier.js';
import { readInput } from './figures.js';
import { defineMetric, type Metric, type MetricOutcome } from './metric.js';

/**
 * Hours in which leads can be answered.
 *
 * @category metrics
 */
export interface BusinessHours {
  /** Hour of the day at which they begin, 0 to 24. */
  readonly fromHour: number;
  /** Hour of the day at which they end, after `fromHour`, at most 24. */
  readonly toHour: number;
  /** Which days are worked. Default Monday to Friday. */
  readonly calendar?: WorkingCalendar;
}

/**
 * Input of {@link leadResponseTimeMetric}.
 *
 * @category metrics
 */
export interface LeadResponseTimeInput {
  /** Leads: when they came in, and when they were first answered; `null` for leads not answered yet. */
  readonly leads: readonly { readonly createdAt: string; readonly firstTouchAt: string | null }[];
  /** The cut, exclusive: answers at or after it do not count, and leads not answered by then have waited so long. */
  readonly asOf: string;
  /** Only business hours count. Default: all hours. */
  readonly businessHours?: BusinessHours;
  /** By whose clock. Default `'UTC'`. */
  readonly timeZone?: string;
}

const MAX_DAYS = 3_660;

/**
 * Lead response time: the Kaplan–Meier median of hours until the first touch. Leads that were not answered are censored, not dropped, so that ignoring leads does not make a team look fast.
 * The 90 % quantile and the share answered stand under `details`.
 *
 * @example
 * ```ts
 * import { computeMetric, leadResponseTimeMetric } from 'dealwright/metrics';
 * const lead = (createdAt: string, firstTouchAt: string | null) => ({ createdAt, firstTouchAt });
 * const leads = [lead('2026-03-02T09:00:00Z', '2026-03-02T10:00:00Z'), lead('2026-03-06T16:00:00Z', '2026-03-09T10:00:00Z'), lead('2026-03-02T09:00:00Z', null)];
 * computeMetric(leadResponseTimeMetric, { leads, asOf: '2026-03-20' }).value; // => 66
 * computeMetric(leadResponseTimeMetric, { leads, asOf: '2026-03-20', businessHours: { fromHour: 9, toHour: 17 } }).value; // => 2
 * ```
 * @category metrics
 */
export const leadResponseTimeMetric: Metric<'lead-response-time', LeadResponseTimeInput> = /* @__PURE__ */ defineMetric({
  id: 'lead-response-time',
  label: 'Lead response time',
  formula: 'median of hours from lead to first touch (Kaplan–Meier)',
  unit: 'hours',
  choices: [{ name: 'businessHours', default: 'all hours', meaning: 'only working hours of working days count' }],
  whenUndefined: 'null, "no-leads", or "not-reached" if less than half was answered',
  compute: (input: LeadResponseTimeInput): MetricOutcome => {
    const { record, issues } = readInput(input, ['leads', 'asOf', 'businessHours', 'timeZone']);
    const clock = readZone(record['timeZone'] ?? 'UTC', ['input', 'timeZone']);
    const asOf = readEventTime(record['asOf'], ['input', 'asOf']);
    if ('code' in clock) issues.push(clock);
    if (typeof asOf !== 'string') issues.push(asOf);
    const list = checkList(record['leads'], ['input', 'leads'], issues) ?? [];
    const hours = record['businessHours'] === undefined ? undefined : readHours(record['businessHours'], issues);
    throwIfIssues(issues);
    if ('code' in clock || typeof asOf !== 'string') return { value: null, numerator: null, denominator: null, n: 0, reason: 'no-leads' };
    const timeOf = instantReaderOf(clock);
    const cut = timeOf(asOf);
    const time: number[] = [];
    const event: number[] = [];
    for (let at = 0; at < list.length; at += 1) {
      const lead = readLead(list[at], at, timeOf, issues);
      if (lead === undefined || lead.start >= cut) continue;
      const isAnswered = lead.end !== null && lead.end < cut;
      const end = isAnswered ? (lead.end ?? cut) : cut;
      if (hours !== undefined && end - lead.start > MAX_DAYS * DAY_MILLISECONDS)
        issues.push(createIssue('out_of_range', ['input', 'leads', at], { expected: `a lead within ${MAX_DAYS} days of its answer, or of the cut` }));
      if (issues.length > 100) break;
      const milliseconds = hours === undefined ? end - lead.start : issues.length > 0 ? 0 : workedBetween(lead.start, end, hours, clock);
      time.push(milliseconds / 3_600_000);
      event.push(isAnswered ? 1 : 0);
    }
    throwIfIssues(issues);
    const answered = event.reduce((sum, one) => sum + one, 0);
    const parts = { numerator: null, denominator: null, n: time.length };
    if (time.length === 0) return { value: null, ...parts, reason: 'no-leads' };
    const curve = kaplanMeier({ time, event });
    const median = survivalQuantile(curve, 0.5);
    const details = { answered, answeredShare: answered / time.length, lower: median.lower, upper: median.upper, p90Hours: survivalQuantile(curve, 0.9).time };
    return median.time === null ? { value: null, ...parts, reason: 'not-reached', details } : { value: median.time, ...parts, details };
  },
});

function readLead(value: unknown, at: number, timeOf: (at: unknown) => number, issues: IssueSink): { readonly start: number; readonly end: number | null } | undefined {
  const path = ['input', 'leads', at];
  const lead = checkRecord(value, path, issues, '{ createdAt, firstTouchAt }');
  if (lead === undefined) return undefined;
  checkKeys(lead, ['createdAt', 'firstTouchAt'], path, issues);
  const start = readEventTime(lead['createdAt'], [...path, 'createdAt']);
  const end = lead['firstTouchAt'] === null ? null : readEventTime(lead['firstTouchAt'], [...path, 'firstTouchAt']);
  if (typeof start !== 'string') issues.push(start);
  if (end !== null && typeof end !== 'string') issues.push(end);
  if (typeof start !== 'string' || (end !== null && typeof end !== 'string')) return undefined;
  const times = { start: timeOf(start), end: end === null ? null : timeOf(end) };
  if (times.end === null || times.end >= times.start) return times;
  issues.push(createIssue('out_of_range', [...path, 'firstTouchAt'], { expected: `${start} or later`, received: end }));
  return undefined;
}

interface Hours {
  readonly from: number;
  readonly to: number;
  readonly calendar: WorkingCalendar;
}

function readHours(value: unknown, issues: IssueSink): Hours | undefined {
  const record: PlainRecord | undefined = checkRecord(value, ['input', 'businessHours'], issues, '{ fromHour, toHour, calendar? }');
  if (record === undefined) return undefined;
  checkKeys(record, ['fromHour', 'toHour', 'calendar'], ['input', 'businessHours'], issues);
  const from = checkNumber(record['fromHour'], ['input', 'businessHours', 'fromHour'], issues, { min: 0, max: 24 });
  const to = checkNumber(record['toHour'], ['input', 'businessHours', 'toHour'], issues, { min: 0, max: 24 });
  if (from !== undefined && to !== undefined && to <= from)
    issues.push(createIssue('out_of_range', ['input', 'businessHours', 'toHour'], { expected: `more than ${from}`, received: to }));
  // Checks the calendar itself.
  const calendar = defineWorkingCalendar(record['calendar'] ?? {});
  return from === undefined || to === undefined ? undefined : { from, to, calendar };
}

/** Milliseconds of business hours between two instants. */
function workedBetween(start: number, end: number, hours: Hours, clock: ZoneClock): number {
  let total = 0;
  const last = clock.dayAt(end);
  for (let day = clock.dayAt(start); day <= last; day += 1) {
    if (!isWorkingDay(fromEpochDay(day), hours.calendar)) continue;
    const midnight = clock.startOfDay(day);
    const from = Math.max(start, midnight + hours.from * 3_600_000);
    const to = Math.min(end, midnight + hours.to * 3_600_000);
    if (to > from) total += to - from;
  }
  return total;
}
