/**
 * Somebody who is paid under a plan.
 *
 * @category compensation
 */
export interface Payee {
  /** Its id. */
  readonly id: string;
  /** Their name. */
  readonly name?: string;
  /** First day of employment, for ramps and guarantees. */
  readonly hiredOn?: string;
  /** First day no longer employed. */
  readonly terminatedOn?: string;
  /** Days of leave, for quota relief; `to` is the first day back. */
  readonly leaves?: readonly Leave[];
  /** Department or cost centre that ledger entries are booked to. */
  readonly costCenter?: string;
  /** Fields of your own, for custom components. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Days on which a payee is away.
 *
 * @category compensation
 */
export interface Leave {
  /** First day. */
  readonly from: string;
  /** First day back. */
  readonly to: string;
}

/**
 * Which plan a payee is on, from when to when, and with which values for the plan's parameters.
 *
 * @category compensation
 */
export interface Assignment {
  /** Who is paid. */
  readonly payeeId: string;
  /** The plan. */
  readonly planId: string;
  /** First day. */
  readonly from: string;
  /** First day no longer on the plan; absent while it goes on. */
  readonly to?: string;
  /** Values of the parameters that the plan declares, exact decimal texts. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** When it became known, for answers as of an earlier state of knowledge. */
  readonly recordedAt?: string;
}

/**
 * A target for a payee and period.
 *
 * @category compensation
 */
export interface Quota {
  /** Who is paid. */
  readonly payeeId: string;
  /** Only for this component; default: for every component that needs one. */
  readonly componentId?: string;
  /** Label (`2026-Q1`) or a period of your own. */
  readonly period: string | { readonly start: string; readonly endExclusive: string; readonly label: string };
  /** In the plan's currency, or in the unit of the measure; exact decimal text. */
  readonly amount: string;
  /** When it became known, for answers as of an earlier state of knowledge. */
  readonly recordedAt?: string;
}
