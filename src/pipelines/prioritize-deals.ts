import { readEpochDay } from '../calendar/epoch-day.js';
import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { checkKeys, checkNumber, checkRecord, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { median } from '../stats/quantile.js';
import { raise } from './call-options.js';
import { checkCut } from './cut.js';
import { dayOf } from './deal-path.js';
import { type HygieneRow, type HygieneRule, type PipelineHygieneOptions, pipelineHygiene } from './pipeline-hygiene.js';

/**
 * What speaks for spending time on a deal, each from 0 to 1.
 *
 * - `value`: v / (v + median value of the open deals): half for a deal of usual size
 * - `leverage`: 4 p (1 − p): most where the outcome is open, nothing where it is certain
 * - `urgency`: 1 on the expected close date and after it, falling in a straight line to 0 at `horizonDays` before it
 * - `risk`: 1 − 2^(−number of risks found): stalled, overdue, pushed, quiet, no next step, old
 *
 * @category pipelines
 */
export type PriorityFactor = 'value' | 'leverage' | 'urgency' | 'risk';

/**
 * Options of {@link prioritizeDeals}.
 *
 * @category pipelines
 */
export interface PrioritizeDealsOptions<C extends string = string> extends PipelineHygieneOptions<C> {
  /** Weights of the factors, not negative; what is left out keeps its default: value 0.35, leverage 0.25, urgency 0.25, risk 0.15. */
  readonly weights?: Partial<Readonly<Record<PriorityFactor, number>>>;
  /** From how many days before the expected close a deal becomes urgent. Default 90. */
  readonly horizonDays?: number;
}

/**
 * What one factor contributes to a score.
 *
 * @category pipelines
 */
export interface PriorityReason {
  /** Which factor. */
  readonly factor: PriorityFactor;
  /** Its strength, 0 to 1. */
  readonly strength: number;
  /** What it adds to the score, in points. The points of all reasons add up to the score. */
  readonly points: number;
  /** In words. */
  readonly because: string;
}

/**
 * A deal and how much it deserves attention.
 *
 * @category pipelines
 */
export interface PrioritizedDeal<C extends string = string> extends HygieneRow<C> {
  /** 1 for the deal to look at first. */
  readonly rank: number;
  /** 0 to 100. */
  readonly score: number;
  /** What the score is made of, the strongest first. */
  readonly reasons: readonly PriorityReason[];
  /** Factors that are not known for the deal; the others share their weight. */
  readonly unknown: readonly PriorityFactor[];
}

/**
 * Where to focus.
 *
 * @category pipelines
 */
export interface DealPriorities<C extends string = string> {
  /** The cut. */
  readonly asOf: EventTime;
  /** The weights that were used, adding up to 1. */
  readonly weights: Readonly<Record<PriorityFactor, number>>;
  /** Open deals, the one to look at first first; deals of equal score in the order of their ids. */
  readonly deals: readonly PrioritizedDeal<C>[];
  /** Deals that were set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

const FACTORS: readonly PriorityFactor[] = ['value', 'leverage', 'urgency', 'risk'];
const DEFAULTS: Readonly<Record<PriorityFactor, number>> = { value: 0.35, leverage: 0.25, urgency: 0.25, risk: 0.15 };
const RISKS: readonly HygieneRule[] = ['stalled', 'overdue', 'pushed', 'quiet', 'no-next-step', 'old', 'past-stage-limit'];

/**
 * Where to focus: open deals in the order in which time spent on them is likely to pay. The score is 100 × Σ weight × strength over the factors that are known for the
 * deal (see {@link PriorityFactor}), divided by the sum of their weights. It is a way to sort, not a probability, and every point of it is explained.
 *
 * @param deals - all deals with their histories; what is slow is learned from all of them
 * @param asOf - the cut, exclusive
 * @param options - those of {@link pipelineHygiene}, weights, horizon
 * @returns deals by score with reasons, and what was set aside
 * @throws DomainError as {@link pipelineHygiene}, `invalid_weights`
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { money } from 'dealwright/money';
 * import { b2bPipeline, prioritizeDeals } from 'dealwright/pipelines';
 * const deal = (id: string, amount: number, expectedCloseOn: string) => createDeal({
 *   id, pipelineId: 'b2b', stageId: 'demo', amount: money(amount, 'USD'), createdOn: '2026-01-05', expectedCloseOn, ownerId: 'zoe',
 *   history: [{ type: 'created', at: '2026-01-05', stageId: 'demo', amount: money(amount, 'USD'), expectedCloseOn, ownerId: 'zoe' }],
 * });
 * const { deals } = prioritizeDeals([deal('small', 100, '2026-09-01'), deal('large', 900, '2026-03-31')], '2026-03-01', { pipeline: b2bPipeline, currency: 'USD' });
 * deals.map(({ rank, dealId }) => [rank, dealId]); // => [[1, 'large'], [2, 'small']]
 * deals[0].reasons[0].factor; // => 'leverage'
 * ```
 * @category pipelines
 */
export function prioritizeDeals<const C extends string>(deals: readonly Deal<object>[], asOf: EventTime, options: PrioritizeDealsOptions<C>): DealPriorities<C> {
  const issues: IssueSink = [];
  if (!isPlainRecord(options)) return raise([createIssue('invalid_type', ['options'], { expected: 'an object of options', received: options })]);
  const { weights: givenWeights, horizonDays: givenHorizon, ...rest } = options;
  const weights = readWeights(givenWeights, issues);
  const horizon = givenHorizon === undefined ? 90 : (checkNumber(givenHorizon, ['horizonDays'], issues, { min: 1, max: 1e6 }) ?? 90);
  if (issues.length > 0) return raise(issues);
  // Checks everything else.
  const hygiene = pipelineHygiene(deals, asOf, rest);
  const cut = checkCut(asOf, rest.timeZone, undefined, ['asOf'], issues);
  if (cut === undefined) return raise(issues);
  const today = dayOf(cut.asOf, cut);
  const values = hygiene.deals.flatMap(({ value }) => (value === null ? [] : [Number(value.amount)])).filter((value) => value > 0 && Number.isFinite(value));
  const usual = values.length === 0 ? null : median(values);
  const scored = hygiene.deals.map((row): Omit<PrioritizedDeal<C>, 'rank'> => {
    const strengths = strengthsOf(row, { usual, horizon, today });
    const known = FACTORS.filter((factor) => strengths[factor] !== null && weights[factor] > 0);
    const total = known.reduce((sum, factor) => sum + weights[factor], 0);
    const reasons = known
      .map((factor): PriorityReason => {
        const { strength, because } = strengths[factor] ?? { strength: 0, because: '' };
        return { factor, strength, points: (100 * weights[factor] * strength) / total, because };
      })
      .sort((a, b) => b.points - a.points || FACTORS.indexOf(a.factor) - FACTORS.indexOf(b.factor));
    const score = Math.min(
      100,
      reasons.reduce((sum, { points }) => sum + points, 0),
    );
    return { ...row, score, reasons, unknown: FACTORS.filter((factor) => strengths[factor] === null) };
  });
  scored.sort((a, b) => b.score - a.score || (a.dealId < b.dealId ? -1 : a.dealId > b.dealId ? 1 : 0));
  return { asOf: hygiene.asOf, weights, deals: scored.map((deal, at) => ({ rank: at + 1, ...deal })), issues: hygiene.issues };
}

function readWeights(value: unknown, issues: IssueSink): Readonly<Record<PriorityFactor, number>> {
  const record = value === undefined ? {} : (checkRecord(value, ['weights'], issues) ?? {});
  checkKeys(record, FACTORS, ['weights'], issues);
  const read = (factor: PriorityFactor): number =>
    record[factor] === undefined ? DEFAULTS[factor] : (checkNumber(record[factor], ['weights', factor], issues, { min: 0, max: 1e6 }) ?? 0);
  const raw = { value: read('value'), leverage: read('leverage'), urgency: read('urgency'), risk: read('risk') };
  const total = raw.value + raw.leverage + raw.urgency + raw.risk;
  if (issues.length === 0 && !(total > 1e-9)) issues.push(createIssue('invalid_weights', ['weights'], { expected: 'at least one weight above zero' }));
  return total > 0 ? { value: raw.value / total, leverage: raw.leverage / total, urgency: raw.urgency / total, risk: raw.risk / total } : DEFAULTS;
}

type Strength = { readonly strength: number; readonly because: string } | null;

function strengthsOf(
  row: HygieneRow,
  { usual, horizon, today }: { readonly usual: number | null; readonly horizon: number; readonly today: number },
): Record<PriorityFactor, Strength> {
  const value = row.value === null ? null : Number(row.value.amount);
  const p = row.probability;
  const due = row.expectedCloseOn === null ? null : readEpochDay(row.expectedCloseOn) - today;
  const risks = row.findings.filter(({ rule }) => RISKS.includes(rule)).map(({ rule }) => rule);
  const share = value !== null && usual !== null && value > 0 ? 1 / (1 + usual / value) : 0;
  return {
    value: value === null || usual === null ? null : { strength: share, because: `worth ${row.value?.amount ?? ''} ${row.value?.currency ?? ''}` },
    leverage:
      p === null ? null : { strength: 4 * p * (1 - p), because: `probability ${p}: ${p > 0.2 && p < 0.8 ? 'still open either way' : p >= 0.8 ? 'nearly safe' : 'a long way off'}` },
    urgency:
      due === null ? null : { strength: due <= 0 ? 1 : Math.max(0, 1 - due / horizon), because: due < 0 ? `${-due} days overdue` : due === 0 ? 'due today' : `due in ${due} days` },
    risk: { strength: 1 - 2 ** -risks.length, because: risks.length === 0 ? 'nothing wrong found' : risks.join(', ') },
  };
}
