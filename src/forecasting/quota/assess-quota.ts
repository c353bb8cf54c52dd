import { checkFraction, checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';

/**
 * Where a period stands against its quota. All amounts in one currency.
 *
 * @category forecasting
 */
export interface QuotaStanding {
  /** The quota. */
  readonly quota: number;
  /** Won so far. */
  readonly won: number;
  /** Amount of the open pipeline of the period, unweighted. */
  readonly open: number;
  /** Expected from the open pipeline (weighted). Needed for `toCreate` only. */
  readonly weighted?: number;
  /** Share of an open amount, at this point of the period, that was won by its end in the past. Needed for `requiredPipeline`. */
  readonly conversion?: number;
  /** Share of an amount that is still to be created which will be won by the end: win rate × P(closes in time). Needed for `toCreate`. */
  readonly newConversion?: number;
}

/**
 * A figure, or why there is none.
 *
 * @category forecasting
 */
export interface QuotaFigure {
  /** The figure; `null` where it does not exist. */
  readonly value: number | null;
  /** Why not; `null` where it does. */
  readonly reason: 'quota-is-zero' | 'quota-is-reached' | 'conversion-not-given' | 'conversion-is-zero' | 'weighted-not-given' | null;
}

/**
 * Result of {@link assessQuota}.
 *
 * @category forecasting
 */
export interface QuotaAssessment {
  /** won / quota. */
  readonly attainment: QuotaFigure;
  /** max(0, quota − won). */
  readonly gap: number;
  /** open / quota. */
  readonly coverageTotal: QuotaFigure;
  /** open / (quota − won). */
  readonly coverageToGo: QuotaFigure;
  /** gap / conversion: the open pipeline that would be enough on average, at this point of the period. */
  readonly requiredPipeline: QuotaFigure;
  /** Required pipeline less the open one, at least 0. */
  readonly pipelineShortfall: QuotaFigure;
  /** max(0, gap − weighted) / newConversion: what is still to be created so that the quota is reached on average. */
  readonly toCreate: QuotaFigure;
}

const KEYS = ['quota', 'won', 'open', 'weighted', 'conversion', 'newConversion'] as const;

/**
 * The usual arithmetic of a quota: attainment, gap, coverage in total and to go, the pipeline required at this point of the period, and what is still to be created.
 * Coverage is not the inverse of a win rate: deals slip. For a *probability* of the quota in place of an average, see {@link solvePipelineToCreate}.
 *
 * @param standing - quota, won, open, and conversions as fractions of value at the same point of past periods
 * @returns the figures; those that do not exist are `null` with a reason
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `fraction_out_of_range` | `unknown_key`
 * @example
 * ```ts
 * import { assessQuota } from 'dealwright/forecasting';
 * const assessment = assessQuota({ quota: 500_000, won: 300_000, open: 600_000, weighted: 150_000, conversion: 0.25, newConversion: 0.1 });
 * [assessment.attainment.value, assessment.gap, assessment.coverageTotal.value, assessment.coverageToGo.value]; // => [0.6, 200000, 1.2, 3]
 * [assessment.requiredPipeline.value, assessment.pipelineShortfall.value, assessment.toCreate.value]; // => [800000, 200000, 500000]
 * ```
 * @category forecasting
 */
export function assessQuota(standing: QuotaStanding): QuotaAssessment {
  const issues: IssueSink = [];
  const record = checkRecord(standing, [], issues, '{ quota, won, open }') ?? {};
  checkKeys(record, KEYS, [], issues);
  const amount = (key: 'quota' | 'won' | 'open' | 'weighted', min: number): number => checkNumber(record[key], [key], issues, { min, max: 1e100 }) ?? 0;
  const quota = amount('quota', 0);
  const won = amount('won', -1e100);
  const open = amount('open', -1e100);
  const weighted = record.weighted === undefined ? null : amount('weighted', -1e100);
  const conversion = record.conversion === undefined ? null : (checkFraction(record.conversion, ['conversion'], issues) ?? null);
  const newConversion = record.newConversion === undefined ? null : (checkFraction(record.newConversion, ['newConversion'], issues) ?? null);
  throwIfIssues(issues);
  const gap = Math.max(0, quota - won);
  const of = (value: number): QuotaFigure => ({ value, reason: null });
  const none = (reason: NonNullable<QuotaFigure['reason']>): QuotaFigure => ({ value: null, reason });
  const over = (numerator: number, rate: number | null): QuotaFigure =>
    numerator === 0 ? of(0) : rate === null ? none('conversion-not-given') : rate === 0 ? none('conversion-is-zero') : of(numerator / rate);
  const required = over(gap, conversion);
  return {
    attainment: quota === 0 ? none('quota-is-zero') : of(won / quota),
    gap,
    coverageTotal: quota === 0 ? none('quota-is-zero') : of(open / quota),
    coverageToGo: gap === 0 ? none('quota-is-reached') : of(open / gap),
    requiredPipeline: required,
    pipelineShortfall: required.value === null ? required : of(Math.max(0, required.value - open)),
    toCreate: weighted === null ? none('weighted-not-given') : over(Math.max(0, gap - weighted), newConversion),
  };
}
