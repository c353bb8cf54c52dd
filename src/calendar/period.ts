import type { PlainDate } from './plain-date.js';

/**
 * A half-open range of days with a label: `start` belongs to it, `endExclusive` does not.
 *
 * @category calendar
 */
export interface Period {
  /** First day. */
  readonly start: PlainDate;
  /** The day after the last. */
  readonly endExclusive: PlainDate;
  /** For example `2026-Q1`, `2026-03`, `FY2026-P07`. */
  readonly label: string;
}
