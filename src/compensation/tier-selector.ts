import { checkOneOf, type IssueSink, isPlainRecord } from '../errors/checks.js';
import type { IssuePath } from '../errors/issue.js';
import { checkMeasure, type Measure } from './measure.js';

/**
 * What selects a tier: the measured amount itself, its ratio to quota, or a second measure (a margin, a discount, the attainment of another component).
 *
 * @category compensation
 */
export type TierSelector = 'amount' | 'attainment' | Measure;

/**
 * Which quota attainment refers to: that of the statement's period, that of the window up to the end of the period, or that of the full window.
 *
 * @category compensation
 */
export type QuotaReference = 'period' | 'to-date' | 'full';

/** Which quota attainment may refer to. */
export const QUOTA_REFERENCES: readonly QuotaReference[] = ['period', 'to-date', 'full'];

/** Checks what selects a tier. */
export function checkTierSelector(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (isPlainRecord(value)) checkMeasure(value, path, issues);
  else checkOneOf(value, ['amount', 'attainment'], path, issues);
}
