import type { PlainDate } from '../calendar/plain-date.js';

/**
 * Who somebody reports to, from when to when.
 *
 * @category organization
 */
export interface ReportingLine {
  /** Who reports. */
  readonly memberId: string;
  /** To whom. */
  readonly managerId: string;
  /** First day. */
  readonly from: PlainDate;
  /** First day no longer; absent while it goes on. */
  readonly to?: PlainDate;
}

/**
 * Who reports to whom, with dates: the organization on every day at once. Somebody has at most one manager on a day, and nobody is their own manager,
 * directly or through others. Nothing is overwritten when a team changes: the old line ends, a new one begins.
 *
 * @category organization
 */
export interface Hierarchy {
  /** Version of the stored format; absent means 1. */
  readonly formatVersion?: 1;
  /** The reporting lines, in any order. */
  readonly reports: readonly ReportingLine[];
}

/**
 * How far down a team goes: those who report directly, or everybody below.
 *
 * @category organization
 */
export type TeamDepth = 'direct' | 'all';

/**
 * Every {@link TeamDepth}.
 *
 * @category organization
 */
export const TEAM_DEPTHS: readonly TeamDepth[] = ['direct', 'all'];
