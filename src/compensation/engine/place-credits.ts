/* On which day a credit counts: its own, unless the plan says something else of refunds and of credits that come late. */

import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear } from '../../calendar/fiscal-calendar.js';
import { periodOf } from '../../calendar/period-of.js';
import type { Credit } from '../credit.js';
import { isReversal } from './measure-credits.js';
import type { AnyPlan, ReadInput } from './read-input.js';

/** Answers on which day a sound credit counts. */
export type DayReader = (credit: Credit, day: number) => number;

/** The reader for a run, or undefined if every credit counts on its own day. */
export function dayReaderOf(input: ReadInput): DayReader | undefined {
  const plans = input.plans.filter((plan) => plan.lateCredits?.policy === 'current-period' || plan.reversals?.period === 'original-date');
  if (plans.length === 0) return undefined;
  const concerned = new Set<AnyPlan>(plans);
  let originals: Map<string, number> | undefined;
  const originalDay = (creditId: string): number | undefined => {
    originals ??= daysById(input.credits);
    return originals.get(creditId);
  };
  return (credit, day) => {
    const plan = input.payees.get(credit.payeeId)?.assignments.find((assignment) => assignment.from <= day && day < assignment.to && concerned.has(assignment.plan))?.plan;
    if (plan === undefined) return day;
    if (plan.reversals?.period === 'original-date' && isReversal(credit) && credit.refersTo !== undefined) return originalDay(credit.refersTo) ?? day;
    return plan.lateCredits?.policy === 'current-period' ? lateDay(credit, day, plan) : day;
  };
}

/** The first day of the period that was open when the credit became known, if its own was closed by then. */
function lateDay(credit: Credit, day: number, plan: AnyPlan): number {
  const recorded = credit.recordedAt === undefined ? Number.NaN : readEpochDay(credit.recordedAt.slice(0, 10));
  if (Number.isNaN(recorded)) return day;
  const options = { unit: plan.period, calendar: plan.calendar ?? calendarYear };
  const known = recorded - (plan.lateCredits?.closeDays ?? 0);
  if (known < readEpochDay(periodOf(fromEpochDay(day), options).endExclusive)) return day;
  return readEpochDay(periodOf(fromEpochDay(known), options).start);
}

function daysById(credits: readonly unknown[]): Map<string, number> {
  const days = new Map<string, number>();
  for (const credit of credits) {
    if (typeof credit !== 'object' || credit === null) continue;
    const { id, on } = credit as { readonly id?: unknown; readonly on?: unknown };
    if (typeof id !== 'string' || typeof on !== 'string' || days.has(id)) continue;
    const day = readEpochDay(on);
    if (!Number.isNaN(day)) days.set(id, day);
  }
  return days;
}
