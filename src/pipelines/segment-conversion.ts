import type { Deal } from '../deals/deal.js';
import { checkId, checkOneOf, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';
import { shrinkProportions } from '../stats/shrink-proportions.js';
import { raise } from './call-options.js';
import { type SegmentKey, segmentDeals } from './segment-deals.js';
import { type ClosedConversionOptions, type CohortConversionOptions, type StageConversion, stageConversion } from './stage-conversion.js';

/**
 * Options of {@link segmentConversion}: those of {@link stageConversion} by `closed` or `cohort`, and what to compare.
 *
 * @typeParam D - the type of the deals
 * @category pipelines
 */
export type SegmentConversionOptions<D extends Deal<object>> = (ClosedConversionOptions | CohortConversionOptions) & {
  /** What deals are grouped by: a field name, or a function of the deal. */
  readonly by: SegmentKey<D>;
  /** From which stage. */
  readonly stageId: string;
};

/**
 * The conversion of one segment, as observed and shrunken.
 *
 * @category pipelines
 */
export interface SegmentConversion {
  /** The key, or `null` for deals that have none. */
  readonly key: string | null;
  /** What was observed. */
  readonly observed: StageConversion;
  /** Drawn towards the mean of all segments, the more the fewer deals there are: (successes + κ p₀) / (n + κ); `null` if no segment has any. */
  readonly estimate: number | null;
  /** Lower end of its interval; `null` without an estimate. */
  readonly lower: number | null;
  /** Upper end of its interval; `null` without an estimate. */
  readonly upper: number | null;
  /** Weight of the segment's own share, 0 to 1; `null` without an estimate. */
  readonly ownWeight: number | null;
}

/**
 * Conversion by segment.
 *
 * @category pipelines
 */
export interface SegmentConversionTable {
  /** The stage. */
  readonly stageId: string;
  /** Mean p₀ of the segments; `null` if no segment has any deal. */
  readonly mean: number | null;
  /** Strength κ of the prior in deals; `null` where the segments differ no more than by chance (all then stand at p₀), or without deals. */
  readonly strength: number | null;
  /** Segments in the order of their keys. */
  readonly segments: readonly SegmentConversion[];
}

/**
 * Compares conversion between segments (owners, sources, regions) without being fooled by small ones: each rate is shrunken towards the mean of all by empirical Bayes
 * (beta-binomial, see `shrinkProportions`), so that 1 of 1 is not the best seller.
 *
 * @param deals - deals with their histories, in any order
 * @param options - what to group by, stage, method, pipeline, cut
 * @returns one row per segment
 * @throws DomainError as {@link stageConversion} and {@link segmentDeals}, `unknown_stage`
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, segmentConversion } from 'dealwright/pipelines';
 * const deal = (id: string, ownerId: string, end: 'won' | 'lost') => createDeal({
 *   id, ownerId, pipelineId: 'b2b', stageId: `closed-${end}`, status: end, createdOn: '2026-01-01', closedOn: '2026-02-01',
 *   history: [{ type: 'created', at: '2026-01-01', stageId: 'demo', amount: null }, { type: end, at: '2026-02-01', from: 'demo', to: `closed-${end}` }],
 * });
 * const many = Array.from({ length: 40 }, (_, at) => deal(`a${at}`, 'adam', at % 4 === 0 ? 'won' : 'lost'));
 * const table = segmentConversion([...many, deal('z', 'zoe', 'won')], { by: 'ownerId', stageId: 'demo', method: 'closed', pipeline: b2bPipeline, asOf: '2026-03-01' });
 * table.segments.map(({ key, observed }) => [key, observed.value, observed.reason]); // => [['adam', 0.25, undefined], ['zoe', null, 'insufficient-history']]
 * (table.segments[1]?.estimate ?? 1) < 0.7; // => true
 * ```
 * @category pipelines
 */
export function segmentConversion<D extends Deal<object>>(deals: readonly D[], options: SegmentConversionOptions<D>): SegmentConversionTable {
  const wrongCall: IssueSink = [];
  if (!isPlainRecord(options)) return raise([createIssue('invalid_type', ['options'], { expected: 'an object of options', received: options })]);
  const { by, stageId: wanted, ...rest } = options;
  const stageId = checkId(wanted, ['stageId'], wrongCall);
  const method: unknown = rest.method;
  if (method !== undefined) checkOneOf(method, ['closed', 'cohort'], ['method'], wrongCall);
  if (wrongCall.length > 0 || stageId === undefined) return raise(wrongCall);
  const rows = segmentDeals(deals, by).map(({ key, deals: own }) => ({ key, table: stageConversion(own, rest) }));
  const none = stageConversion([], rest).stages.find((stage) => stage.stageId === stageId);
  if (none === undefined) return raise([createIssue('unknown_stage', ['stageId'], { expected: 'an open stage of the pipeline', received: stageId })]);
  const observed = rows.map(({ table }) => table.stages.find((stage) => stage.stageId === stageId) ?? none);
  const trials = observed.map(({ denominator }) => denominator);
  const shrunk =
    trials.some((n) => n > 0) && trials.every((n) => n <= 1e9)
      ? shrinkProportions({ successes: observed.map(({ numerator }) => numerator), trials }, rest.level === undefined ? {} : { level: rest.level })
      : undefined;
  return {
    stageId,
    mean: shrunk?.mean ?? null,
    strength: shrunk?.strength ?? null,
    segments: rows.map(({ key }, at) => ({
      key,
      observed: observed[at] ?? none,
      estimate: shrunk?.estimate[at] ?? null,
      lower: shrunk?.lower[at] ?? null,
      upper: shrunk?.upper[at] ?? null,
      ownWeight: shrunk?.ownWeight[at] ?? null,
    })),
  };
}
