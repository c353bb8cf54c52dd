import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import { checkFraction, checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { invertMatrix } from '../stats/solve-linear-system.js';
import { checkDeals, checkOptions, raise } from './call-options.js';
import type { HistoryOptions } from './deal-path.js';
import { incidenceOf, sizeOf } from './duration-summary.js';
import { tallyOnce } from './mergeable-tally.js';
import { type DurationsCall, durationsSpec, readDurationsCall, type StageTally, stageTallies } from './stage-durations.js';

/**
 * Options of {@link semiMarkovModel}.
 *
 * @category pipelines
 */
export interface SemiMarkovOptions extends HistoryOptions {
  /** How far ahead probabilities are computed, in whole days, at most 3,660. */
  readonly horizonDays: number;
  /** Moves before this were not recorded (left truncation). Default: everything was recorded. */
  readonly observedFrom?: EventTime;
  /** Below so many stays a stage is marked as `insufficient-history`. Default 10. */
  readonly minimumDeals?: number;
}

/**
 * When and where deals go from a stage: the joint distribution of the next state and the time until then.
 *
 * @category pipelines
 */
export interface SemiMarkovMove {
  /** The next open stage, or `won` or `lost`. */
  readonly to: string;
  /** Whether it is an open stage or an outcome. */
  readonly kind: 'stage' | 'won' | 'lost';
  /** Days on which moves occur, ascending; a part of a day counts as a whole one. */
  readonly days: readonly number[];
  /** Probability of moving there on each of these days. */
  readonly probability: readonly number[];
}

/**
 * A stage of a {@link SemiMarkovModel}.
 *
 * @category pipelines
 */
export interface SemiMarkovStage {
  /** The stage. */
  readonly stageId: string;
  /** Stays the estimate rests on. */
  readonly n: number;
  /** Where deals go and when. */
  readonly moves: readonly SemiMarkovMove[];
  /** `won[t]`: probability that a deal that enters the stage today is won within t days, t from 0 to the horizon. */
  readonly won: readonly number[];
  /** `lost[t]`: the same for lost. */
  readonly lost: readonly number[];
  /** Set where there are too few stays to rely on. */
  readonly reason?: 'no-stays' | 'insufficient-history';
}

/**
 * A semi-Markov model of a pipeline: plain data, to be stored and read by {@link semiMarkovProbability}.
 *
 * @category pipelines
 */
export interface SemiMarkovModel {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** The pipeline. */
  readonly pipelineId: string;
  /** The cut. */
  readonly asOf: EventTime;
  /** How far ahead it reaches. */
  readonly horizonDays: number;
  /** Every open stage, in order. */
  readonly stages: readonly SemiMarkovStage[];
  /** Deals that were set aside, and why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

const MAX_HORIZON = 3_660;

/**
 * A semi-Markov model of a pipeline: where a deal goes from each stage depends on the stage, and when depends on how long it has been there. The joint distribution of next stage and
 * time is the Aalen–Johansen estimate of that stage (stays that still go on are censored), and the probability of being won within t days follows by discrete convolution:
 * W_r(t) = Σ_s Σ_u f_rs(u) W_s(t − u), with W_won = 1 and W_lost = 0.
 *
 * What was not observed (deals that stay longer than any stay that ended) remains open, so that won and lost together may stay below 1.
 *
 * @param deals - deals with their histories, in any order
 * @param options - one pipeline, cut, horizon
 * @returns the model, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_value` (several pipelines) | `invalid_type` | `out_of_range` | `not_an_integer` | `invalid_instant` | `invalid_time_zone` |
 * `singular_matrix` (deals that only ever go round between stages on one day), or what is wrong with a pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, semiMarkovModel, semiMarkovProbability } from 'dealwright/pipelines';
 * const deal = (id: string, end: 'won' | 'lost', on: string) => createDeal({
 *   id, pipelineId: 'b2b', stageId: `closed-${end}`, status: end, createdOn: '2026-01-01', closedOn: on,
 *   history: [{ type: 'created', at: '2026-01-01', stageId: 'demo', amount: null }, { type: end, at: on, from: 'demo', to: `closed-${end}` }],
 * });
 * const deals = [deal('a', 'lost', '2026-01-11'), deal('b', 'won', '2026-01-21'), deal('c', 'won', '2026-01-31'), deal('d', 'lost', '2026-01-31')];
 * const model = semiMarkovModel(deals, { pipeline: b2bPipeline, asOf: '2026-04-01', horizonDays: 60, minimumDeals: 1 });
 * semiMarkovProbability(model, { stageId: 'demo', withinDays: 20 }).won; // => 0.25
 * semiMarkovProbability(model, { stageId: 'demo', daysInStage: 20, withinDays: 10 }).won; // ~> 0.5
 * ```
 * @category pipelines
 */
export function semiMarkovModel(deals: readonly Deal<object>[], options: SemiMarkovOptions): SemiMarkovModel {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readDurationsCall(options, [], wrongCall);
  const record = checkOptions(options, ['pipeline', 'asOf', 'timeZone', 'horizonDays', 'observedFrom', 'minimumDeals'], []);
  if (record.horizonDays === undefined) wrongCall.push(createIssue('missing_key', ['horizonDays'], { expected: 'a number of days' }));
  const horizon = record.horizonDays === undefined ? undefined : checkNumber(record.horizonDays, ['horizonDays'], wrongCall, { min: 1, max: MAX_HORIZON, integer: true });
  if (call !== undefined && call.pipelines.size > 1) wrongCall.push(createIssue('invalid_value', ['pipeline'], { expected: 'one pipeline', received: record.pipeline }));
  if (wrongCall.length > 0 || call === undefined || horizon === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(
    durationsSpec(call, (state) => stageTallies(state, call)),
    list,
  );
  const stages = result.map((stage) => ({ stage, moves: movesOf(stage) }));
  const order = stages.map(({ stage }) => stage.stageId);
  const kernel = stages.map(({ moves }) => moves);
  const won = firstPassage(order, kernel, 'won', horizon);
  const lost = firstPassage(order, kernel, 'lost', horizon);
  return {
    formatVersion: 1,
    pipelineId: result[0]?.pipelineId ?? '',
    asOf: call.cut.asOf,
    horizonDays: horizon,
    stages: stages.map(({ stage, moves }, at) => ({ stageId: stage.stageId, n: sizeOfStage(stage), moves, won: won[at] ?? [], lost: lost[at] ?? [], ...reasonOf(stage, call) })),
    issues,
  };
}

function sizeOfStage({ censored, exits }: StageTally): number {
  return exits.reduce((sum, { counts }) => sum + sizeOf(counts), sizeOf(censored));
}

function reasonOf(stage: StageTally, call: DurationsCall): { readonly reason?: 'no-stays' | 'insufficient-history' } {
  const n = sizeOfStage(stage);
  return n === 0 ? { reason: 'no-stays' } : n < call.minimumDeals ? { reason: 'insufficient-history' } : {};
}

/** The increments of the incidences, by whole day. */
function movesOf({ censored, delays, exits }: StageTally): readonly SemiMarkovMove[] {
  const curves = incidenceOf(censored, exits, delays, {});
  if (curves === null) return [];
  return exits.map(({ to, kind }, cause) => {
    const byDay = new Map<number, number>();
    let before = 0;
    for (const [at, incidence] of (curves.causes[cause]?.incidence ?? []).entries()) {
      const step = incidence - before;
      before = incidence;
      if (step <= 0) continue;
      const day = Math.ceil((curves.time[at] ?? 0) - 1e-9);
      byDay.set(day, (byDay.get(day) ?? 0) + step);
    }
    return { to, kind, days: [...byDay.keys()], probability: [...byDay.values()] };
  });
}

/** The probability of having reached an outcome, by stage and day. Moves of the same day form a linear system. */
function firstPassage(order: readonly string[], kernel: readonly (readonly SemiMarkovMove[])[], outcome: 'won' | 'lost', horizon: number): readonly number[][] {
  const n = order.length;
  const reached = order.map(() => new Array<number>(horizon + 1).fill(0));
  const sameDay = order.map(() => new Array<number>(n).fill(0));
  const steps = kernel.map((moves, from) =>
    moves.flatMap(({ to, kind, days, probability }) =>
      days.flatMap((day, at) => {
        const mass = probability[at] ?? 0;
        const place = kind === 'stage' ? order.indexOf(to) : -1;
        const row = sameDay[from];
        if (place >= 0 && day === 0 && row !== undefined) {
          row[place] = (row[place] ?? 0) + mass;
          return [];
        }
        return day > horizon || (place < 0 && kind !== outcome) ? [] : [{ place, day, mass }];
      }),
    ),
  );
  const isInstant = sameDay.some((row) => row.some((mass) => mass > 0));
  const inverse = isInstant ? invertMatrix(sameDay.map((row, i) => row.map((mass, j) => (i === j ? 1 : 0) - mass))) : undefined;
  for (let day = 0; day <= horizon; day += 1) {
    const direct = steps.map((list) => {
      let sum = 0;
      for (const step of list) if (step.day <= day) sum += step.place < 0 ? step.mass : step.mass * (reached[step.place]?.[day - step.day] ?? 0);
      return sum;
    });
    for (let i = 0; i < n; i += 1) {
      const row = reached[i];
      if (row !== undefined) row[day] = Math.min(1, inverse === undefined ? (direct[i] ?? 0) : direct.reduce((sum, value, j) => sum + (inverse[i]?.[j] ?? 0) * value, 0));
    }
  }
  return reached;
}

/**
 * Which deal is asked about.
 *
 * @category pipelines
 */
export interface SemiMarkovQuery {
  /** The stage it is in. */
  readonly stageId: string;
  /** How long it has been there, in days. Default 0. */
  readonly daysInStage?: number;
  /** Within how many whole days, at most the horizon of the model. */
  readonly withinDays: number;
}

/**
 * What becomes of a deal within some days.
 *
 * @category pipelines
 */
export interface SemiMarkovProbability {
  /** Probability of being won; `null` with a reason. */
  readonly won: number | null;
  /** Probability of being lost; `null` with a reason. */
  readonly lost: number | null;
  /** Probability of being open still; `null` with a reason. */
  readonly open: number | null;
  /** Stays in the stage that the answer rests on. */
  readonly n: number;
  /** Why the probabilities are `null`, or (with `insufficient-history`) why not to rely on them; absent otherwise. `nobody-so-long`: no stay lasted so long. */
  readonly reason?: 'no-stays' | 'insufficient-history' | 'nobody-so-long';
}

/**
 * The probability that a deal that has been in a stage for some days is won, or lost, within the next ones:
 * Σ_s Σ_{a < u ≤ a + h} f_rs(u) W_s(a + h − u) / S_r(a).
 *
 * @param model - from {@link semiMarkovModel}
 * @param query - stage, days in it, days ahead
 * @returns three probabilities that add up to 1
 * @throws DomainError `unknown_stage` | `missing_key` | `unknown_key` | `invalid_type` | `out_of_range` | `not_an_integer` | `unsupported_format_version` | `fraction_out_of_range` | `length_mismatch` | `invalid_value`
 * @example
 * ```ts
 * import { semiMarkovProbability } from 'dealwright/pipelines';
 * const moves = [{ to: 'won', kind: 'won' as const, days: [1, 3], probability: [0.25, 0.5] }];
 * const stage = { stageId: 'demo', n: 40, moves, won: [0, 0.25, 0.25, 0.75], lost: [0, 0, 0, 0] };
 * const model = { formatVersion: 1 as const, pipelineId: 'b2b', asOf: '2026-01-01', horizonDays: 3, stages: [stage], issues: [] };
 * semiMarkovProbability(model, { stageId: 'demo', daysInStage: 1, withinDays: 2 }).won; // ~> 2 / 3
 * ```
 * @category pipelines
 */
export function semiMarkovProbability(model: SemiMarkovModel, query: SemiMarkovQuery): SemiMarkovProbability {
  const issues: IssueSink = [];
  const read = readModel(model, issues);
  const record = checkRecord(query, ['query'], issues, '{ stageId, daysInStage?, withinDays }') ?? {};
  checkKeys(record, ['stageId', 'daysInStage', 'withinDays'], ['query'], issues);
  const daysInStage = record.daysInStage === undefined ? 0 : checkNumber(record.daysInStage, ['query', 'daysInStage'], issues, { min: 0, max: 1e7 });
  const withinDays = checkNumber(record.withinDays, ['query', 'withinDays'], issues, { min: 0, max: read?.horizonDays ?? MAX_HORIZON, integer: true });
  const stage = read?.stages.find((candidate) => candidate.stageId === record.stageId);
  if (read !== undefined && stage === undefined)
    issues.push(createIssue('unknown_stage', ['query', 'stageId'], { expected: 'an open stage of the model', received: record.stageId }));
  throwIfIssues(issues);
  if (read === undefined || stage === undefined || daysInStage === undefined || withinDays === undefined) return raise(issues);
  const age = Math.ceil(daysInStage);
  const unknown = { won: null, lost: null, open: null, n: stage.n };
  if (stage.moves.length === 0) return { ...unknown, reason: stage.reason ?? 'no-stays' };
  const byId = new Map(read.stages.map((candidate) => [candidate.stageId, candidate]));
  let gone = 0;
  let won = 0;
  let lost = 0;
  for (const { to, kind, days, probability } of stage.moves) {
    const next = byId.get(to);
    for (const [at, day] of days.entries()) {
      const mass = probability[at] ?? 0;
      // A deal that enters today may still move today; one that has been there was seen not to.
      if (age > 0 ? day <= age : false) gone += mass;
      else if (day <= age + withinDays) {
        won += kind === 'won' ? mass : kind === 'stage' ? mass * (next?.won[age + withinDays - day] ?? 0) : 0;
        lost += kind === 'lost' ? mass : kind === 'stage' ? mass * (next?.lost[age + withinDays - day] ?? 0) : 0;
      }
    }
  }
  const staying = 1 - gone;
  if (staying <= 1e-9) return { ...unknown, reason: 'nobody-so-long' };
  const chances = { won: Math.min(1, won / staying), lost: Math.min(1, lost / staying) };
  return { ...chances, open: Math.max(0, 1 - chances.won - chances.lost), n: stage.n, ...(stage.reason === undefined ? {} : { reason: stage.reason }) };
}

function readModel(value: unknown, issues: IssueSink): SemiMarkovModel | undefined {
  const before = issues.length;
  const model = checkRecord(value, ['model'], issues, 'a semi-Markov model');
  if (model === undefined) return undefined;
  if (model.formatVersion !== 1) issues.push(createIssue('unsupported_format_version', ['model', 'formatVersion'], { expected: '1', received: model.formatVersion }));
  const horizon = checkNumber(model.horizonDays, ['model', 'horizonDays'], issues, { min: 1, max: MAX_HORIZON, integer: true });
  for (const [place, entry] of (checkList(model.stages, ['model', 'stages'], issues) ?? []).entries()) {
    const path = ['model', 'stages', place];
    const stage = checkRecord(entry, path, issues);
    if (stage === undefined || issues.length > before + 100) break;
    checkId(stage.stageId, [...path, 'stageId'], issues);
    checkNumber(stage.n, [...path, 'n'], issues, { min: 0, integer: true });
    if (stage.reason !== undefined) checkOneOf(stage.reason, ['no-stays', 'insufficient-history'], [...path, 'reason'], issues);
    for (const name of ['won', 'lost']) checkFractions(stage[name], [...path, name], issues, horizon === undefined ? undefined : horizon + 1);
    for (const [at, move] of (checkList(stage.moves, [...path, 'moves'], issues) ?? []).entries()) {
      const record = checkRecord(move, [...path, 'moves', at], issues);
      if (record === undefined) continue;
      checkId(record.to, [...path, 'moves', at, 'to'], issues);
      checkOneOf(record.kind, ['stage', 'won', 'lost'], [...path, 'moves', at, 'kind'], issues);
      const days = checkList(record.days, [...path, 'moves', at, 'days'], issues) ?? [];
      for (const [index, day] of days.entries()) if (checkNumber(day, [...path, 'moves', at, 'days', index], issues, { min: 0 }) === undefined) break;
      checkFractions(record.probability, [...path, 'moves', at, 'probability'], issues, days.length);
    }
  }
  // Checked just now.
  return issues.length > before ? undefined : (value as SemiMarkovModel);
}

function checkFractions(value: unknown, path: readonly (string | number)[], issues: IssueSink, length: number | undefined): void {
  const list = checkList(value, path, issues, { expected: 'a list of fractions' });
  if (list === undefined) return;
  if (length !== undefined && list.length !== length) issues.push(createIssue('length_mismatch', path, { expected: `${length} fractions`, received: list }));
  for (const [at, entry] of list.entries()) if (checkFraction(entry, [...path, at], issues) === undefined) return;
}
