import { ratioAdd, ratioFromText, ratioSign, ratioToText } from '../../decimal/ratio.js';
import { exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../../errors/checks.js';
import { formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import type { PlanPeriodUnit } from '../plan.js';
import { settlesInSegment } from '../window.js';
import { type EarnedBand, plainBand, sumOfBands } from './band-operations.js';

/**
 * When what is earned is paid, where that is not the statement of the period itself. With the last statement of a payee on the plan everything is paid.
 *
 * @category compensation
 */
export interface PaySchedule {
  /** Paid on the last statement of this unit: monthly statements, paid by the quarter. Default: every statement. */
  readonly every?: PlanPeriodUnit;
  /** How many statements later. Default 0; with 1, January's pay stands on the statement of February. */
  readonly arrears?: number;
}

/** Checks a pay schedule of unknown shape. */
export function checkPaySchedule(value: unknown, path: IssuePath, issues: IssueSink): void {
  const schedule = checkRecord(value, path, issues, 'a schedule { every, arrears }');
  if (schedule === undefined) return;
  checkKeys(schedule, ['every', 'arrears'], path, issues);
  if (Object.hasOwn(schedule, 'every')) checkOneOf(schedule['every'], ['week', 'month', 'quarter', 'half', 'year'], [...path, 'every'], issues);
  if (Object.hasOwn(schedule, 'arrears')) checkNumber(schedule['arrears'], [...path, 'arrears'], issues, { integer: true, min: 0, max: 60 });
}

/** Pay that waits: what it was earned in, how much, and how many statements it still waits; null while its pay period is not over. */
interface Waiting {
  readonly period: string;
  readonly amount: string;
  readonly wait: number | null;
}

/** The bands that are paid on this statement: earlier ones that are due, and those of now if they are. */
export function schedulePay(schedule: PaySchedule, bands: readonly EarnedBand[], context: EvaluationContext): readonly EarnedBand[] {
  const [forever] = context.windows('plan');
  if (forever === undefined) return bands;
  const { period, segment } = context;
  const kept = readWaiting(context.recall('waiting', forever));
  // A period in which the assignment changes has two segments, and still is one statement.
  const isNew = kept.at !== period.start;
  const waiting = kept.list.map((entry) => (entry.wait === null || !isNew ? entry : { ...entry, wait: entry.wait - 1 }));
  const sum = sumOfBands(bands);
  // Whoever leaves the plan gets what waits with the last statement.
  const leaving = settlesInSegment(forever, context);
  const arrears = leaving ? 0 : (schedule.arrears ?? 0);
  const closes = leaving || schedule.every === undefined || context.subdivide(segment, schedule.every).some((unit) => unit.endExclusive === segment.endExclusive);
  const payNow = closes && arrears === 0;
  const same = waiting.findIndex((entry) => entry.period === period.label && entry.wait === null);
  const listed = waiting[same];
  const earlier = listed === undefined ? undefined : ratioFromText(listed.amount);
  const own: readonly Waiting[] =
    payNow || ratioSign(sum) === 0 ? [] : [{ period: period.label, amount: ratioToText(earlier === undefined ? sum : ratioAdd(earlier, sum)), wait: null }];
  const all = [...waiting.filter((_, index) => index !== same || own.length === 0), ...own].map((entry) => (closes && entry.wait === null ? { ...entry, wait: arrears } : entry));
  const due = all.filter((entry) => entry.wait !== null && (leaving || entry.wait <= 0));
  const rest = all.filter((entry) => !due.includes(entry));
  context.remember('waiting', forever, rest.length === 0 ? undefined : { at: period.start, list: rest });
  const planPath = formatPath([...context.path, 'pay']);
  const released = due.map((entry, index) => {
    const label = `Earned in ${entry.period}`;
    const amount = exactValueOfRatio(ratioFromText(entry.amount) ?? { n: 0n, d: 1n }, { name: 'earned', unit: context.currency, source: entry.period });
    return plainBand(label, planPath, amount, { tier: index - due.length });
  });
  return payNow ? [...released, ...bands] : released;
}

function readWaiting(value: unknown): { readonly at: string; readonly list: readonly Waiting[] } {
  if (typeof value !== 'object' || value === null || !('list' in value) || !Array.isArray(value.list)) return { at: '', list: [] };
  const list = (value.list as readonly unknown[]).flatMap((entry): readonly Waiting[] => {
    if (typeof entry !== 'object' || entry === null || !('period' in entry) || !('amount' in entry) || !('wait' in entry)) return [];
    const { period, amount, wait } = entry;
    return typeof period === 'string' && typeof amount === 'string' && (wait === null || typeof wait === 'number') ? [{ period, amount, wait }] : [];
  });
  return { at: 'at' in value && typeof value.at === 'string' ? value.at : '', list };
}
