import type { FiscalCalendar } from '../calendar/fiscal-calendar.js';
import type { DecimalRounding } from '../decimal/rounding.js';
import type { PlanComponent } from './component.js';
import type { PlanPolicies } from './plan-policies.js';

/**
 * The length of a plan's statement period.
 *
 * @category compensation
 */
export type PlanPeriodUnit = 'week' | 'month' | 'quarter' | 'half' | 'year';

/**
 * What a parameter of a plan is: money in the plan's currency, a fraction, or any number.
 *
 * @category compensation
 */
export type ParameterType = 'money' | 'fraction' | 'number';

/**
 * The days on which a version of a plan holds.
 *
 * @category compensation
 */
export interface PlanEffective {
  /** First day. */
  readonly from: string;
  /** First day on which it no longer holds; absent while it goes on. */
  readonly to?: string;
}

/**
 * What a component of a kind looks like in a plan: its kind, an id, and its own config.
 *
 * @category compensation
 */
export type ComponentConfigOf<Component> = Component extends PlanComponent<infer Kind, infer Config> ? { readonly kind: Kind; readonly id: string } & Config : never;

/**
 * A compensation plan as plain JSON. What its components mean is up to the engine that computes it.
 *
 * @typeParam Config - the configs of the components that the engine knows
 * @category compensation
 */
export interface Plan<
  Config extends { readonly kind: string; readonly id: string } = {
    readonly kind: string;
    readonly id: string;
  },
  Id extends string = string,
> extends PlanPolicies {
  /** Its id; assignments name it. */
  readonly id: Id;
  /** Its name for people. */
  readonly label?: string;
  /** Version of the stored format; absent means 1. */
  readonly formatVersion?: 1;
  /** From when to when this version holds; several plans may have one id if these do not overlap. Default: always. */
  readonly effective?: PlanEffective;
  /** When this version became known, for answers as of an earlier state of knowledge. Of two versions for the same days the later one stands. */
  readonly recordedAt?: string;
  /** Pay codes for payroll, by component id; they stand on ledger entries. */
  readonly payCodes?: Readonly<Record<string, string>>;
  /** The plan's currency: quotas, tiers and attainment are in it. */
  readonly currency: string;
  /** How long a statement period is. */
  readonly period: PlanPeriodUnit;
  /** The fiscal calendar of its periods; default: the calendar year. */
  readonly calendar?: FiscalCalendar;
  /** Parameters that assignments give values to. */
  readonly parameters?: Readonly<Record<string, ParameterType>>;
  /** How payable lines are rounded. Default: half away from zero to the currency's minor unit. */
  readonly rounding?: Partial<DecimalRounding>;
  /** What the plan pays, in the order of the statement. */
  readonly components: readonly Config[];
}
