/* At which rate a credit in another currency enters a plan: by the plan's policy. */

import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear } from '../../calendar/fiscal-calendar.js';
import { periodOf } from '../../calendar/period-of.js';
import { createRateFinder, type RateFinder } from '../../money/find-rate.js';
import type { Credit } from '../credit.js';
import type { AnyPlan } from './read-input.js';

/** A rate, and the day of the rate; null for one that is fixed. */
export interface UsedRate {
  readonly rate: string;
  readonly on: string | null;
}

/** Finds the rate for a credit. */
export interface CreditConversion {
  /** What tells plans apart that convert differently. */
  readonly key: string;
  readonly find: (from: string, credit: Credit) => UsedRate | undefined;
  /** For messages. */
  readonly dayOf: (credit: Credit) => string;
}

/** How a plan converts credits. */
export function creditConversionOf(plan: AnyPlan, rates: RateFinder | undefined): CreditConversion {
  const { currency, creditRate: policy = 'credit-date' } = plan;
  const finder = policy === 'plan' && plan.planRates !== undefined ? createRateFinder(plan.planRates) : rates;
  const calendar = plan.calendar ?? calendarYear;
  const dayOf = (credit: Credit): string =>
    policy === 'period-end' ? fromEpochDay(readEpochDay(periodOf(credit.on, { unit: plan.period, calendar }).endExclusive) - 1) : credit.on;
  const details = policy === 'credit-date' ? [] : policy === 'plan' ? [policy, plan.planRates] : [policy, plan.period, plan.calendar ?? null];
  return {
    key: JSON.stringify([currency, ...details]),
    dayOf,
    find: (from, credit) => {
      const found = finder?.find({ from, to: currency, on: dayOf(credit) });
      return found === undefined || found.rate === null ? undefined : { rate: found.rate, on: found.on };
    },
  };
}
