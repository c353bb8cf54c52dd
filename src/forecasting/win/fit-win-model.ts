import { fromEpochDay } from '../../calendar/epoch-day.js';
import { checkLayout } from '../../calendar/fiscal-layout.js';
import { type CalendarOptions, PERIOD_UNITS, type PeriodUnit } from '../../calendar/period.js';
import type { PlainDate } from '../../calendar/plain-date.js';
import type { Deal } from '../../deals/deal.js';
import type { EventTime } from '../../deals/deal-event.js';
import { checkOneOf, type IssueSink } from '../../errors/checks.js';
import { createDomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { currencyIssue } from '../../money/currencies.js';
import { finderOf, type RateSupply } from '../../money/find-rate.js';
import { checkDeals, checkOptions } from '../../pipelines/call-options.js';
import { checkCut } from '../../pipelines/cut.js';
import { checkPipelines } from '../../pipelines/find-pipeline.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { type ReliabilityTable, reliabilityTable } from '../../stats/reliability-table.js';
import { brierScore, logLoss, rankingQuality } from '../../stats/score-probabilities.js';
import { cutDayOf, readObservedFrom, readSegmentBy } from '../period/period-settings.js';
import { boundariesOfUnit, periodIndex } from './cycle.js';
import { openStages, readTracks } from './deal-tracks.js';
import type { CauseFactors } from './intensity.js';
import { type LearnedWin, learnWin } from './learn-win.js';

/**
 * Options of {@link fitWinModel}.
 *
 * @category forecasting
 */
export interface FitWinModelOptions extends CalendarOptions {
  /** The pipeline; deals of others are not looked at. */
  readonly pipeline: Pipeline;
  /** The cut, exclusive: nothing at or after it has any influence. */
  readonly asOf: EventTime;
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** The currency in which amounts are compared. Without it amounts are not used. */
  readonly currency?: string;
  /** Exchange rates. */
  readonly rates?: RateSupply;
  /** A field by which deals differ and that does not change with time: `'market'`, `'custom.region'`. Default none. */
  readonly segmentBy?: string;
  /** The first day from which closings are recorded, where deals are older than that (delayed entry). Default: from the first deal on. */
  readonly observedFrom?: string;
  /** The rhythm of selling: chances are learned by place in this period. Default `quarter`. */
  readonly rhythm?: PeriodUnit;
}

/**
 * The chances per day of one way to leave a stage: base × one factor of each kind.
 *
 * @category forecasting
 */
export interface WinModelFactors {
  /** Chance per day before all factors. */
  readonly base: number;
  /** By open stage; the last is for a stage that is not known. */
  readonly stage: readonly number[];
  /** By band of days in the stage. */
  readonly dwell: readonly number[];
  /** By stage and band, stage after stage. */
  readonly stageDwell: readonly number[];
  /** By place in the period: the last 3 days, days 4–7, 8–14, 15–28, 29–56 from the end, and before. */
  readonly phase: readonly number[];
  /** By band of the amount; the first is for unknown amounts. */
  readonly amount: readonly number[];
  /** By segment; the first is for unknown ones. */
  readonly segment: readonly number[];
  /** By owner; the first is for unknown ones. */
  readonly owner: readonly number[];
}

/**
 * How well a win model told outcomes that it had not seen.
 *
 * @category forecasting
 */
export interface WinModelEvaluation {
  /** Past cuts, as dates: at each, the model was fitted to what was known then. */
  readonly cuts: readonly PlainDate[];
  /** Open deals × cuts. */
  readonly pairs: number;
  /** How many of them were won by the end of their period. */
  readonly won: number;
  /** Mean squared error of the probabilities before correction. */
  readonly brier: number;
  /** The same of the share of winners as the probability of all. */
  readonly brierOfBaseRate: number;
  /** Mean logarithmic loss. */
  readonly logLoss: number;
  /** Probability that a winner has the higher probability; `null` where all or none were won. */
  readonly auc: number | null;
  /** Forecast and observed shares by bin. */
  readonly reliability: ReliabilityTable;
}

/**
 * A fitted win model: plain data that can be stored. {@link predictWin} continues from it.
 *
 * @category forecasting
 */
export interface WinModel {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** Which kind of stored data this is. */
  readonly kind: 'win-model';
  /** The pipeline it was fitted to. */
  readonly pipelineId: string;
  /** The cut. */
  readonly asOf: EventTime;
  /** By whose calendar dates were read. */
  readonly timeZone: string;
  /** The currency of the amounts, or `null`: amounts are not used. */
  readonly currency: string | null;
  /** The field of the segments, or `null`. */
  readonly segmentBy: string | null;
  /** Open stages in order. */
  readonly stages: readonly string[];
  /** First day in the stage of each band. */
  readonly dwellEdges: readonly number[];
  /** Upper ends of the amount bands but the last. */
  readonly amountEdges: readonly number[];
  /** Owners in the order of their factors. */
  readonly owners: readonly string[];
  /** Segments in the order of their factors. */
  readonly segments: readonly string[];
  /** First days of the periods whose rhythm was learned, and of some to come. */
  readonly periodStarts: readonly PlainDate[];
  /** Chances per day of being won, lost, moved forward, moved back. */
  readonly causes: readonly WinModelFactors[];
  /** `forwardTo[s][k]`: share of the forward moves from stage s that lead to stage k. */
  readonly forwardTo: readonly (readonly number[])[];
  /** The same for moves back. */
  readonly backTo: readonly (readonly number[])[];
  /** Correction of the log-odds by past cuts: level, slope, closesInTime, overdue, pushes. */
  readonly correction: { readonly coefficients: readonly number[]; readonly rows: number; readonly cuts: number };
  /** Exits that were seen: won, lost, moved forward, moved back. */
  readonly events: readonly number[];
  /** Exits by stage, won and lost together: how much each stage's chances rest on. */
  readonly endedByStage: readonly number[];
  /** Days at risk. */
  readonly daysAtRisk: number;
  /** Whether history is long enough: at least 20 won and 20 lost. */
  readonly status: 'sufficient' | 'insufficient';
  /** How it did on past cuts, fitted to what was known then; `null` without any. */
  readonly evaluation: WinModelEvaluation | null;
  /** Deals that were left out, and why. */
  readonly issues: readonly Issue[];
}

const KEYS = ['pipeline', 'asOf', 'timeZone', 'currency', 'rates', 'segmentBy', 'observedFrom', 'rhythm', 'calendar'] as const;
const MAX_CUTS = 6;
const AHEAD_DAYS = 800;
const MIN_ENDED = 20;

/**
 * Learns what becomes of open deals from the histories of all deals before a cut: a discrete-time model of the chances per day of being won, lost, moved forward or
 * back, each base × stage × days in the stage × place in the period × amount × segment × owner. Factors are posterior means under gamma priors around 1 whose
 * strength is estimated, so small stages and new owners stand near the pooled figure. Open deals are censored, not left out; days before `observedFrom` are not at
 * risk (delayed entry). Snapshots at past cuts, with a model fitted to what was known then, give the correction and the out-of-time evaluation.
 *
 * @param deals - deals of any status with their histories, in any order
 * @param options - pipeline, cut, and what to learn by
 * @returns the model as plain data
 * @throws DomainError `invalid_type` | `missing_key` | `unknown_key` | `invalid_instant` | `invalid_time_zone` | `invalid_currency` | `invalid_value`, or what is wrong with the pipeline, calendar or rates
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { fitWinModel } from 'dealwright/forecasting';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const model = fitWinModel([createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo' })], { pipeline: b2bPipeline, asOf: '2026-08-15' });
 * [model.kind, model.status, model.evaluation]; // => ['win-model', 'insufficient', null]
 * ```
 * @category forecasting
 */
export function fitWinModel(deals: readonly Deal<object>[], options: FitWinModelOptions): WinModel {
  const issues: IssueSink = [];
  const record = checkOptions(options, KEYS, issues);
  const list = checkDeals(deals, issues);
  const pipelines = checkPipelines(record.pipeline, issues);
  if (pipelines.size > 1) issues.push(createIssue('invalid_type', ['pipeline'], { expected: 'one pipeline' }));
  const cut = checkCut(record.asOf, record.timeZone, undefined, ['asOf'], issues);
  const currency = record.currency === undefined ? null : record.currency;
  const wrong = currency === null ? undefined : currencyIssue(currency, ['currency']);
  if (wrong !== undefined) issues.push(wrong);
  const segment = readSegmentBy(record.segmentBy, issues);
  const observedFrom = readObservedFrom(record.observedFrom, issues);
  const rhythm = record.rhythm === undefined ? 'quarter' : (checkOneOf(record.rhythm, PERIOD_UNITS, ['rhythm'], issues) ?? 'quarter');
  const layout = checkLayout(record.calendar, ['calendar'], issues);
  throwIfIssues(issues);
  const [pipeline] = pipelines.values();
  if (cut === undefined || layout === undefined || pipeline === undefined) throw createDomainError('invalid_value', []);
  const found: IssueSink = [];
  const cutDay = cutDayOf(cut);
  const finder = options.rates === undefined ? undefined : finderOf(options.rates);
  const tracks = readTracks(list, { cut, cutDay, pipeline, currency: typeof currency === 'string' ? currency : null, finder, segment }, found);
  const stages = openStages(pipeline);
  const first = tracks[0]?.created ?? cutDay;
  const boundaries = boundariesOfUnit(layout, rhythm, Math.max(first, cutDay - 40_000) - 1, cutDay + AHEAD_DAYS);
  const by = boundaries[periodIndex(boundaries, cutDay) + 1] ?? cutDay + 1;
  const result = learnWin(tracks, { stages: stages.length, boundaries, cutDay, observedFrom, from: cutDay, by, maxCuts: MAX_CUTS });
  const { levels, intensity } = result.learned;
  const endedByStage = new Array<number>(stages.length + 1).fill(0);
  for (const track of tracks) {
    for (const visit of track.visits)
      if ((visit.end === 'won' || visit.end === 'lost') && visit.until >= observedFrom) endedByStage[visit.stage] = (endedByStage[visit.stage] ?? 0) + 1;
  }
  return {
    formatVersion: 1,
    kind: 'win-model',
    pipelineId: pipeline.id,
    asOf: cut.asOf,
    timeZone: cut.timeZone,
    currency: typeof currency === 'string' ? currency : null,
    segmentBy: segment,
    stages,
    dwellEdges: levels.dwellEdges,
    amountEdges: levels.amountEdges,
    owners: levels.owners,
    segments: levels.segments,
    periodStarts: boundaries.map((day) => fromEpochDay(day)),
    causes: intensity.causes satisfies readonly CauseFactors[],
    forwardTo: intensity.forwardTo,
    backTo: intensity.backTo,
    correction: { coefficients: result.correction.coefficients, rows: result.correction.rows, cuts: result.correction.cuts },
    events: intensity.events,
    endedByStage,
    daysAtRisk: intensity.days,
    status: (intensity.events[0] ?? 0) >= MIN_ENDED && (intensity.events[1] ?? 0) >= MIN_ENDED ? 'sufficient' : 'insufficient',
    evaluation: evaluate(result),
    issues: found,
  };
}

function evaluate({ past }: LearnedWin): WinModelEvaluation | null {
  const probability: number[] = [];
  const outcome: number[] = [];
  for (const { rows } of past) {
    for (const { raw, won } of rows) {
      probability.push(Math.min(1, Math.max(0, raw.won)));
      outcome.push(won ? 1 : 0);
    }
  }
  if (probability.length < 20) return null;
  const won = outcome.reduce((sum, y) => sum + y, 0);
  const data = { probability, outcome };
  const share = won / outcome.length;
  return {
    cuts: past.map(({ cutDay }) => fromEpochDay(cutDay)),
    pairs: outcome.length,
    won,
    brier: brierScore(data),
    brierOfBaseRate: share * (1 - share),
    logLoss: logLoss(data),
    auc: won === 0 || won === outcome.length ? null : rankingQuality(data).areaUnderCurve,
    reliability: reliabilityTable(data),
  };
}
