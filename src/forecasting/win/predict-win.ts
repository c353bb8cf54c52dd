import { readEpochDay } from '../../calendar/epoch-day.js';
import { epochDayOrIssue } from '../../calendar/plain-date.js';
import type { Deal } from '../../deals/deal.js';
import type { EventTime } from '../../deals/deal-event.js';
import { requireDeal } from '../../deals/deal-guard.js';
import { checkKeys, checkList, checkNumber, checkRecord, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createDomainError, DomainError, throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { finderOf, type RateSupply } from '../../money/find-rate.js';
import { checkOptions } from '../../pipelines/call-options.js';
import { checkCut } from '../../pipelines/cut.js';
import { cutDayOf } from '../period/period-settings.js';
import type { WinProbabilityModel } from '../pipeline/probability-options.js';
import { PHASE_EDGES } from './cycle.js';
import { readTracks } from './deal-tracks.js';
import type { WinModel } from './fit-win-model.js';
import { CORRECTION_TERMS, corrected, correctionTerms, type Learned, logOddsOf, type OpenAtCut, openAt, prepare, rawChance } from './learn-win.js';

/**
 * Options of {@link predictWin}.
 *
 * @category forecasting
 */
export interface PredictWinOptions {
  /** The cut, exclusive: the deal as it was then. */
  readonly asOf: EventTime;
  /** The day by which, exclusive: won on an earlier day. */
  readonly by: string;
  /** Exchange rates, for an amount in another currency than that of the model. */
  readonly rates?: RateSupply;
}

/**
 * One part of the log-odds of winning.
 *
 * @category forecasting
 */
export interface WinExplanation {
  /**
   * What it is: `stage` (a deal that has just entered this stage, with this horizon and place in the period), `daysInStage`, `amount`, `segment`, `owner`, and what
   * past cuts correct: `level`, `slope`, `closesInTime`, `overdue`, `pushes`.
   */
  readonly term: string;
  /** What it adds to ln(p / (1 − p)); all of them add up to that of `won`. */
  readonly logOdds: number;
}

/**
 * What becomes of a deal by a day.
 *
 * @category forecasting
 */
export interface WinPrediction {
  /** The deal. */
  readonly dealId: string;
  /** Probability that it is won before that day; `null` where it is not known. */
  readonly won: number | null;
  /** Probability that it is lost before that day. */
  readonly lost: number | null;
  /** Probability that it is still open. */
  readonly open: number | null;
  /** Why there are no figures; `null` otherwise. */
  readonly reason: 'not-open' | 'insufficient-history' | null;
  /** What the figures rest on: its own stage, or, where fewer than 10 deals of that stage have ended, mostly all stages together. */
  readonly source: 'stage' | 'pooled' | null;
  /** Won and lost deals of its stage behind the model. */
  readonly n: number;
  /** ln(won / (1 − won)) in parts. */
  readonly explanation: readonly WinExplanation[];
}

const MIN_STAGE = 10;
const MAX_DAYS = 5_000;

/**
 * Probability that an open deal is won, lost or still open by a day: from its stage, its days there, its place in the period, amount, segment and owner, carried
 * forward day by day with the chances of a fitted model, and corrected by what past cuts showed.
 *
 * @param model - result of {@link fitWinModel}
 * @param deal - the deal with its history
 * @param options - cut and horizon
 * @returns the three probabilities with an additive explanation
 * @throws DomainError `unsupported_format_version` | `invalid_type` | `length_mismatch` | `out_of_range` | `missing_key` | `invalid_instant` | `unknown_key`, or what is wrong with the deal
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { fitWinModel, predictWin } from 'dealwright/forecasting';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * const deal = createDeal({ id: 'a', pipelineId: 'b2b', stageId: 'demo', history: [{ type: 'created', at: '2026-06-01', stageId: 'demo', amount: null }] });
 * const model = fitWinModel([deal], { pipeline: b2bPipeline, asOf: '2026-08-15' });
 * predictWin(model, deal, { asOf: '2026-08-15', by: '2026-10-01' }).reason; // => 'insufficient-history'
 * ```
 * @category forecasting
 */
export function predictWin(model: WinModel, deal: Deal<object>, options: PredictWinOptions): WinPrediction {
  const issues: IssueSink = [];
  const record = checkOptions(options, ['asOf', 'by', 'rates'], issues);
  const read = readModel(model, issues);
  const cut = checkCut(record.asOf, read === undefined ? 'UTC' : model.timeZone, undefined, ['asOf'], issues);
  const by = epochDayOrIssue(record.by, ['by'], issues);
  throwIfIssues(issues);
  requireDeal(deal);
  if (read === undefined || cut === undefined) throw createDomainError('invalid_type', ['model']);
  const cutDay = cutDayOf(cut);
  if (by < cutDay || by - cutDay > MAX_DAYS) throw createDomainError('out_of_range', ['by'], { expected: `a day at most ${MAX_DAYS} days after the cut`, received: options.by });
  const pipeline = { id: model.pipelineId, stages: model.stages.map((id) => ({ id, label: id })) };
  const found: IssueSink = [];
  const finder = options.rates === undefined ? undefined : finderOf(options.rates);
  const [track] = readTracks([deal], { cut, cutDay, pipeline, currency: model.currency, finder, segment: model.segmentBy }, found);
  throwIfIssues(found);
  const open = track === undefined ? undefined : openAt(track, cutDay);
  const none = { dealId: deal.id, won: null, lost: null, open: null, source: null, n: 0, explanation: [] } as const;
  if (open === undefined) return { ...none, reason: 'not-open' };
  const n = model.endedByStage[open.stage] ?? 0;
  if (model.status === 'insufficient') return { ...none, n, reason: 'insufficient-history' };
  return { dealId: deal.id, ...chances(read, model, open, cutDay, by), reason: null, source: n < MIN_STAGE ? 'pooled' : 'stage', n };
}

function chances(learned: Learned, model: WinModel, deal: OpenAtCut, cutDay: number, by: number): Pick<WinPrediction, 'won' | 'lost' | 'open' | 'explanation'> {
  // One thing after the other is made what it is; what each changes is its part.
  const plain: OpenAtCut = { ...deal, dwell: 0, amount: null, owner: null, track: { ...deal.track, segment: null } };
  const steps: readonly (readonly [string, OpenAtCut])[] = [
    ['stage', plain],
    ['daysInStage', { ...plain, dwell: deal.dwell }],
    ['amount', { ...plain, dwell: deal.dwell, amount: deal.amount }],
    ['segment', { ...deal, owner: null }],
    ['owner', deal],
  ];
  const explanation: WinExplanation[] = [];
  let before = 0;
  let raw = { won: 0, lost: 0, wonBefore: 0 };
  for (const [term, state] of steps) {
    raw = rawChance(learned, state, cutDay, by);
    const logOdds = logOddsOf(raw.won);
    explanation.push({ term, logOdds: logOdds - before });
    before = logOdds;
  }
  const won = corrected(model.correction, deal, raw.won, cutDay, by);
  if (model.correction.rows > 0) {
    const values = correctionTerms(deal, before, cutDay, by);
    for (const [j, term] of CORRECTION_TERMS.entries()) explanation.push({ term, logOdds: (values[j] ?? 0) * (model.correction.coefficients[j] ?? 0) });
  }
  const left = raw.won < 1 ? (1 - won) / (1 - raw.won) : 0;
  const lost = Math.min(1 - won, raw.lost * left);
  return { won, lost, open: Math.max(0, 1 - won - lost), explanation };
}

/**
 * Makes a fitted win model usable by `forecastPipeline`: the probability that the deal is won between the cut and the end of the period.
 *
 * @param model - result of {@link fitWinModel}
 * @returns a model for the option `probabilities.model`
 * @throws DomainError `unsupported_format_version` | `invalid_type` | `length_mismatch` | `out_of_range`
 * @example
 * ```ts
 * import { fitWinModel, toWinProbabilityModel } from 'dealwright/forecasting';
 * import { b2bPipeline } from 'dealwright/pipelines';
 * toWinProbabilityModel(fitWinModel([], { pipeline: b2bPipeline, asOf: '2026-08-15' })).name; // => 'win-model'
 * ```
 * @category forecasting
 */
export function toWinProbabilityModel(model: WinModel): WinProbabilityModel {
  const issues: IssueSink = [];
  readModel(model, issues);
  throwIfIssues(issues);
  return {
    name: 'win-model',
    probabilityOf: (deal, { asOf, period }) => {
      const start = readEpochDay(period.start);
      try {
        const whole = predictWin(model, deal, { asOf, by: period.endExclusive }).won;
        if (whole === null) return null;
        const asOfDay = readEpochDay(asOf.slice(0, 10));
        const early = start > asOfDay ? (predictWin(model, deal, { asOf, by: period.start }).won ?? 0) : 0;
        return Math.max(0, whole - early);
      } catch (error) {
        // A deal or horizon that the model cannot read is one that it does not know.
        if (error instanceof DomainError) return null;
        throw error;
      }
    },
  };
}

/** Checks a stored model and prepares it; undefined with issues. */
function readModel(model: unknown, issues: IssueSink): Learned | undefined {
  const path = ['model'];
  const record = checkRecord(model, path, issues, 'a win model');
  if (record === undefined) return undefined;
  if (record.kind !== 'win-model') issues.push(createIssue('invalid_type', [...path, 'kind'], { expected: '"win-model"', received: record.kind }));
  if (record.formatVersion !== 1) issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: record.formatVersion }));
  if (issues.length > 0) return undefined;
  const texts = (key: string): readonly string[] => {
    const list = checkList(record[key], [...path, key], issues) ?? [];
    for (let i = 0; i < list.length; i += 1)
      if (typeof list[i] !== 'string') issues.push(createIssue('invalid_type', [...path, key, i], { expected: 'a text', received: list[i] }));
    return list.filter((item) => typeof item === 'string');
  };
  const numbers = (owner: PlainRecord, key: string, at: readonly (string | number)[], length?: number): readonly number[] => {
    const list = checkList(owner[key], [...at, key], issues) ?? [];
    if (length !== undefined && list.length !== length) issues.push(createIssue('length_mismatch', [...at, key], { expected: `${length} numbers`, received: owner[key] }));
    return list.map((item, i) => checkNumber(item, [...at, key, i], issues, { min: -1e15, max: 1e15 }) ?? 0);
  };
  const stages = texts('stages');
  const owners = texts('owners');
  const segments = texts('segments');
  const starts = texts('periodStarts').map(readEpochDay);
  if (starts.some(Number.isNaN)) issues.push(createIssue('invalid_date', [...path, 'periodStarts']));
  const dwellEdges = numbers(record, 'dwellEdges', path);
  const amountEdges = numbers(record, 'amountEdges', path);
  numbers(record, 'endedByStage', path, stages.length + 1);
  const places = stages.length + 1;
  const bands = dwellEdges.length;
  const causes = (checkList(record.causes, [...path, 'causes'], issues) ?? []).map((item, c) => {
    const at = [...path, 'causes', c];
    const cause = checkRecord(item, at, issues) ?? {};
    checkKeys(cause, ['base', 'stage', 'dwell', 'stageDwell', 'phase', 'amount', 'segment', 'owner'], at, issues);
    return {
      base: checkNumber(cause.base, [...at, 'base'], issues, { min: 0, max: 1e6 }) ?? 0,
      stage: numbers(cause, 'stage', at, places),
      dwell: numbers(cause, 'dwell', at, bands),
      stageDwell: numbers(cause, 'stageDwell', at, places * bands),
      phase: numbers(cause, 'phase', at, PHASE_EDGES.length),
      amount: numbers(cause, 'amount', at, amountEdges.length + 2),
      segment: numbers(cause, 'segment', at, segments.length + 1),
      owner: numbers(cause, 'owner', at, owners.length + 1),
    };
  });
  if (causes.length !== 4) issues.push(createIssue('length_mismatch', [...path, 'causes'], { expected: '4 causes', received: record.causes }));
  const table = (key: string): readonly (readonly number[])[] => {
    const rows = checkList(record[key], [...path, key], issues) ?? [];
    if (rows.length !== places) issues.push(createIssue('length_mismatch', [...path, key], { expected: `${places} rows`, received: record[key] }));
    return rows.map((row, s) => numbers({ row }, 'row', [...path, key, s], places));
  };
  const forwardTo = table('forwardTo');
  const backTo = table('backTo');
  const correction = checkRecord(record.correction, [...path, 'correction'], issues) ?? {};
  numbers(correction, 'coefficients', [...path, 'correction'], CORRECTION_TERMS.length);
  checkNumber(correction.rows, [...path, 'correction', 'rows'], issues, { min: 0 });
  if (dwellEdges.length === 0 || starts.length === 0) issues.push(createIssue('empty', [...path, 'periodStarts']));
  if (issues.length > 0) return undefined;
  const events = [0, 0, 0, 0];
  return prepare({ stages: stages.length, dwellEdges, amountEdges, owners, segments }, { causes, forwardTo, backTo, events, days: 0 }, starts);
}
