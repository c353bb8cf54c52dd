import type { Deal } from '../deals/deal.js';
import type { EventTime } from '../deals/deal-event.js';
import type { IssueSink } from '../errors/checks.js';
import type { Issue } from '../errors/issue.js';
import { type AbsorbingChain, absorbingChain } from '../stats/absorbing-chain.js';
import { checkDeals, raise } from './call-options.js';
import type { HistoryOptions } from './deal-path.js';
import { openStages } from './deal-path.js';
import { mergeCounts, sizeOf } from './duration-summary.js';
import { type MergeableState, type MergeableTally, mergeableTally, tallyOnce } from './mergeable-tally.js';
import { type DurationsCall, durationsSpec, readDurationsCall, stageTallies } from './stage-durations.js';

/**
 * Options of {@link stageTransitions}.
 *
 * @category pipelines
 */
export interface StageTransitionsOptions extends HistoryOptions {
  /** A chain is computed only if every stage that deals reach was left at least so often. Default 10. */
  readonly minimumDeals?: number;
}

/**
 * Moves between the stages of one pipeline.
 *
 * @category pipelines
 */
export interface StageTransitionTable {
  /** The pipeline. */
  readonly pipelineId: string;
  /** The states: open stages in their order, then won and lost. */
  readonly states: readonly string[];
  /** `counts[r][s]`: how many stays in r ended by a move to s. Rows only for open stages. */
  readonly counts: readonly (readonly number[])[];
  /** `probability[r][s]` = counts[r][s] / moves out of r; `null` for a stage that was never left. Stays that still go on are not in it. */
  readonly probability: readonly (readonly number[] | null)[];
  /** Stays still going on, by open stage. */
  readonly open: readonly number[];
  /** Days spent in each open stage, by all stays. */
  readonly exposureDays: readonly number[];
  /** `ratePerDay[r][s]` = counts[r][s] / exposure: censoring considered; `null` without exposure. */
  readonly ratePerDay: readonly (readonly number[] | null)[];
  /** Moves to a later stage that left out at least one. */
  readonly skippedForward: number;
  /** Moves to an earlier stage. */
  readonly movedBack: number;
  /** The Markov chain of the stages that are in use: expected visits, probability of being won or lost from each stage, expected steps; `null` with a reason. */
  readonly chain: AbsorbingChain | null;
  /** Why there is no chain; absent otherwise. `dead-end`: a stage that deals reach and never leave; `too-many-stages`: more than 60. */
  readonly reason?: 'no-moves' | 'insufficient-history' | 'dead-end' | 'too-many-stages';
}

/**
 * Moves between stages, by pipeline.
 *
 * @category pipelines
 */
export interface StageTransitions {
  /** The cut. */
  readonly asOf: EventTime;
  /** One table for each pipeline, in their order. */
  readonly pipelines: readonly StageTransitionTable[];
  /** Deals that were set aside. */
  readonly setAside: number;
  /** Why; paths begin with the index of the deal. */
  readonly issues: readonly Issue[];
}

function readCall(options: unknown, issues: IssueSink): DurationsCall | undefined {
  return readDurationsCall(options, [], issues);
}

function transitionsOf(state: MergeableState, call: DurationsCall): Omit<StageTransitions, 'issues'> {
  const tallies = stageTallies(state, call);
  const pipelines = [...call.pipelines.values()].map((pipeline): StageTransitionTable => {
    const stages = openStages(pipeline);
    const outcome = (name: string): string => (stages.includes(name) ? `outcome:${name}` : name);
    const states = [...stages, outcome('won'), outcome('lost')];
    const own = tallies.filter(({ pipelineId }) => pipelineId === pipeline.id);
    const placeOf = (kind: 'stage' | 'won' | 'lost', to: string): number => (kind === 'stage' ? stages.indexOf(to) : stages.length + (kind === 'won' ? 0 : 1));
    const counts = own.map(({ exits }) => {
      const row = states.map(() => 0);
      for (const { kind, to, counts: lengths } of exits) row[placeOf(kind, to)] = sizeOf(lengths);
      return row;
    });
    const exposureDays = own.map(({ censored, exits }) => {
      const { days, count } = mergeCounts([censored, ...exits.map((exit) => exit.counts)]);
      return days.reduce((sum, length, at) => sum + length * (count[at] ?? 0), 0);
    });
    const left = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
    const moves = (test: (from: number, to: number) => boolean): number =>
      counts.reduce((sum, row, from) => sum + row.reduce((part, count, to) => part + (to < stages.length && test(from, to) ? count : 0), 0), 0);
    return {
      pipelineId: pipeline.id,
      states,
      counts,
      probability: counts.map((row, at) => (left[at] === 0 ? null : row.map((count) => count / (left[at] ?? 1)))),
      open: own.map(({ censored }) => sizeOf(censored)),
      exposureDays,
      ratePerDay: counts.map((row, at) => ((exposureDays[at] ?? 0) > 0 ? row.map((count) => count / (exposureDays[at] ?? 1)) : null)),
      skippedForward: moves((from, to) => to > from + 1),
      movedBack: moves((from, to) => to < from),
      ...chainOf(states, counts, left, call.minimumDeals),
    };
  });
  return { asOf: call.cut.asOf, pipelines, setAside: state.setAside };
}

function chainOf(
  states: readonly string[],
  counts: readonly (readonly number[])[],
  left: readonly number[],
  minimum: number,
): { readonly chain: AbsorbingChain | null; readonly reason?: NonNullable<StageTransitionTable['reason']> } {
  const open = counts.length;
  const used = left.map((moves, at) => moves > 0 || counts.some((row) => (row[at] ?? 0) > 0));
  const inUse = used.flatMap((isUsed, at) => (isUsed ? [at] : []));
  if (left.every((moves) => moves === 0)) return { chain: null, reason: 'no-moves' };
  if (inUse.some((at) => left[at] === 0)) return { chain: null, reason: 'dead-end' };
  if (inUse.some((at) => (left[at] ?? 0) < minimum)) return { chain: null, reason: 'insufficient-history' };
  if (inUse.length > 60) return { chain: null, reason: 'too-many-stages' };
  // From every stage an outcome must be within reach.
  const reaches = new Set(inUse.filter((at) => (counts[at]?.[open] ?? 0) + (counts[at]?.[open + 1] ?? 0) > 0));
  for (let size = -1; size !== reaches.size; ) {
    size = reaches.size;
    for (const at of inUse) if (inUse.some((to) => reaches.has(to) && (counts[at]?.[to] ?? 0) > 0)) reaches.add(at);
  }
  if (reaches.size < inUse.length) return { chain: null, reason: 'dead-end' };
  const kept = [...inUse, open, open + 1];
  const matrix = kept.map((from) => kept.map((to) => (from >= open ? (from === to ? 1 : 0) : (counts[from]?.[to] ?? 0) / (left[from] ?? 1))));
  const names = kept.map((at) => states[at] ?? '');
  return { chain: absorbingChain(matrix, { states: names, absorbing: names.slice(-2) }) };
}

/**
 * The transition matrix of a pipeline: from each stage to each other, to won and to lost, with skips and steps back as they happened; and what follows from it as a Markov chain: with which
 * probability a deal in a stage is won in the end, in how many steps, how often it visits each stage.
 *
 * A chain forgets how long a deal has been where it is. Where that matters, which is almost everywhere, use {@link semiMarkovModel}.
 *
 * @param deals - deals with their histories, in any order
 * @param options - pipeline, cut
 * @returns counts, probabilities, rates and chain, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_type` | `out_of_range` | `invalid_instant` | `invalid_time_zone`, or what is wrong with a pipeline
 * @example
 * ```ts
 * import { createDeal } from 'dealwright/deals';
 * import { b2bPipeline, stageTransitions } from 'dealwright/pipelines';
 * const deal = (id: string, end: 'won' | 'lost') => createDeal({
 *   id, pipelineId: 'b2b', stageId: `closed-${end}`, status: end, createdOn: '2026-01-01', closedOn: '2026-03-01',
 *   history: [
 *     { type: 'created', at: '2026-01-01', stageId: 'discovery', amount: null },
 *     { type: 'stage-changed', at: '2026-02-01', from: 'discovery', to: 'demo' },
 *     { type: end, at: '2026-03-01', from: 'demo', to: `closed-${end}` },
 *   ],
 * });
 * const [table] = stageTransitions([deal('a', 'won'), deal('b', 'lost'), deal('c', 'lost'), deal('d', 'lost')], { pipeline: b2bPipeline, asOf: '2026-04-01', minimumDeals: 1 }).pipelines;
 * table.chain?.transient; // => ['discovery', 'demo']
 * table.chain?.absorption; // => [[0.25, 0.75], [0.25, 0.75]]
 * ```
 * @category pipelines
 */
export function stageTransitions(deals: readonly Deal<object>[], options: StageTransitionsOptions): StageTransitions {
  const wrongCall: IssueSink = [];
  const list = checkDeals(deals, wrongCall);
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(
    durationsSpec(call, (state) => transitionsOf(state, call)),
    list,
  );
  return { ...result, issues };
}

/**
 * The same as {@link stageTransitions} over deals that come in parts.
 *
 * @param options - those of {@link stageTransitions}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link stageTransitions}
 * @example
 * ```ts
 * import { b2bPipeline, stageTransitionsTally } from 'dealwright/pipelines';
 * const tally = stageTransitionsTally({ pipeline: b2bPipeline, asOf: '2026-04-01' });
 * tally.finish(tally.empty()).pipelines[0].reason; // => 'no-moves'
 * ```
 * @category pipelines
 */
export function stageTransitionsTally(options: StageTransitionsOptions): MergeableTally<Deal<object>, Omit<StageTransitions, 'issues'>> {
  const wrongCall: IssueSink = [];
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(durationsSpec(call, (state) => transitionsOf(state, call)));
}
